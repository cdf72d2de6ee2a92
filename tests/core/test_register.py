"""The register: what changed is told in one value, dry runs leave nothing, and every refusal is a sentence."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from qmdesk.errors import Known, NotFound, Problems
from qmdesk.operations import cases
from qmdesk.operations.registers import CAUSES, CHANNELS, new_register, open_register, the_shop
from qmdesk.records.case import Case, CaseItem
from qmdesk.records.deadline import Deadline
from qmdesk.records.lists import Cause, Channel
from qmdesk.records.party import Customer
from qmdesk.records.shop import THE_SHOP, Language
from qmdesk.register import Transaction
from qmdesk.schema.query import Query
from qmdesk.store.migrations import VERSION
from tests.shop import NOON, PROGRAM, Shop, add, dump, shop

__all__ = ["shop"]


def test_a_new_register_has_its_shop_and_lists(tmp_path: Path) -> None:
    with new_register(tmp_path / "Kram.qmd", program=PROGRAM, lang="pl") as register:
        assert (the_shop(register).name, the_shop(register).language, the_shop(register).id) == ("Kram", Language.POLISH, THE_SHOP)
        assert (register.count(Query(Channel)), register.count(Query(Cause))) == (len(CHANNELS), len(CAUSES))
        assert register.undoable().sealed
        assert register.verify() == []


def test_a_file_that_is_there_stays(tmp_path: Path) -> None:
    path = tmp_path / "a.qmd"
    path.write_text("a letter to grandmother")
    with pytest.raises(Known, match="exists already"):
        new_register(path, program=PROGRAM)
    assert path.read_text() == "a letter to grandmother"


def test_what_changed_is_told(shop: Shop) -> None:
    done = shop.register.do("Take in", cases.take_in, Case(received_at=NOON, description="x"), [CaseItem(case=0, name="But")])
    change = done.change
    assert (change.label, change.step, change.revision) == ("Take in", shop.register.steps(1)[0][0].id, shop.register.revision)
    assert change.ids == {Case: {done.result.id}, CaseItem: {1}, Deadline: change.ids[Deadline]}
    assert change.touches(Case)
    assert not change.touches(Customer)
    undone = shop.register.undo()
    assert undone.ids == change.ids
    assert undone.revision == change.revision + 1


def test_a_batch_touches_the_whole_kind(shop: Shop) -> None:
    done = shop.register.do("Import", Transaction.add_many, Customer, ["name"], [["Adam"], ["Ewa"]])
    assert done.change.ids == {Customer: None}
    assert done.change.touches(Customer)


def test_a_dry_run_leaves_nothing(shop: Shop) -> None:
    before, steps = dump(shop.register), shop.register.steps()
    assert shop.register.try_out(add, Customer(name="Adam"), Customer(name="Ewa")) == 2
    with pytest.raises(Problems):
        shop.register.try_out(add, Customer(name=""))
    assert (dump(shop.register), shop.register.steps()) == (before, steps)
    assert shop.finds("adam", Customer) == []


def test_what_is_not_there_is_not_found(shop: Shop) -> None:
    assert shop.register.find(Case, 7) is None
    with pytest.raises(NotFound, match=r"Case no\. 7"):
        shop.get(Case, 7)
    with pytest.raises(NotFound, match="missing from the register"):
        shop.register.content("0" * 64)
    with pytest.raises(NotFound):
        shop.register.do("Change", lambda tx: tx.change(Customer(id=7, name="x"), name="y"))


def test_work_with_a_bug_leaves_the_register_usable(shop: Shop) -> None:
    def nested(tx: Transaction) -> None:
        tx.add(Customer(name="Adam"))
        shop.register.do("Inner", add, Customer(name="Ewa"))

    with pytest.raises(Exception, match="transaction"):
        shop.register.do("Outer", nested)
    assert shop.register.count(Query(Customer)) == 0
    shop.add_customer()


def test_a_backup_is_a_register(shop: Shop, tmp_path: Path) -> None:
    shop.add_customer()
    shop.register.backup(tmp_path / "copy.qmd")
    with open_register(tmp_path / "copy.qmd", program=PROGRAM) as copy:
        assert dump(copy) == dump(shop.register)
        assert copy.verify() == []
        copy.undo()
        assert copy.count(Query(Customer)) == 0
    assert shop.register.count(Query(Customer)) == 1


def test_closing_twice_does_no_harm_and_asking_afterwards_is_a_bug(tmp_path: Path) -> None:
    register = new_register(tmp_path / "a.qmd", program=PROGRAM)
    register.close()
    assert register.close() == ""
    with pytest.raises(RuntimeError, match="closed"):
        register.count(Query(Customer))


def test_history_says_who_when_and_with_what(shop: Shop) -> None:
    case = shop.complains()
    step = shop.register.steps(1)[0][0]
    assert (step.subject, step.who, step.schema) == (case.number, shop.register.who, VERSION)
    assert step.program.startswith(f"{PROGRAM} ")
    assert step.at.tzinfo is not None
    stands = [standing for _step, standing in shop.register.steps(3)]
    assert stands == [True, False, True]  # the redo, the undo it took back, and the doing, which stands again
    assert [step.id for step, _standing in shop.register.steps(2, before=step.id)] == [step.id - 1, step.id - 2]


def test_kept_content_is_known_by_its_digest(shop: Shop) -> None:
    kept = shop.register.do("Keep", Transaction.keep, b"bytes").result
    assert kept == hashlib.sha256(b"bytes").hexdigest()
    assert shop.register.content(kept) == b"bytes"
