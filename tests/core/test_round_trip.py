"""A shop that moves to another register by exports: its lists, its records and their parts come back as they were."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from qmdesk.exchange import mapping as mappings
from qmdesk.operations import cases
from qmdesk.operations.registers import open_register
from qmdesk.records.case import Case, CaseItem, Direction, Message, Outcome
from qmdesk.records.lists import Cause, Channel
from qmdesk.records.party import Customer, Person, Supplier
from qmdesk.records.product import Batch, Order, OrderLine, Product
from qmdesk.register import Register, Transaction
from qmdesk.schema.query import Query
from tests.core.test_cli import listed, run
from tests.core.test_import import bring, every, exported, table_of
from tests.shop import NOON, empty_register

# kind of record -> what its export is taken in as, in the order in which one refers to another
MOVES = {
    "channel": "channels", "cause": "causes", "person": "persons", "supplier": "suppliers", "customer": "customers", "product": "products",
    "batch": "batches", "order": "orders", "order_line": "orders", "case": "cases", "case_item": "cases", "message": "messages",
}  # fmt: skip


def furnish(tx: Transaction) -> None:
    channels, causes = tx.by_value(Channel, "name", ["Post", "Chat"]), tx.by_value(Cause, "name", ["Other"])
    tx.change(tx.get(Channel, channels["Post"]), delivery_days=3)
    tx.change(tx.get(Channel, channels["Chat"]), active=False)
    fair = tx.add(Channel(name="=Fair; stand 7", durable=True, own_form=True))
    tx.change(tx.get(Cause, causes["Other"]), code="X-9", active=False)
    tx.add(Cause(name="Moths", code="MOTHS"))
    clerk = tx.add(Person(name="Ola Kos", role="shop"))
    supplier = tx.add(Supplier(name="Acme", nip="5260250274", note="two\nlines"))
    buyer = tx.add(Customer(name="Łucja Żak", email="l@example.com"))
    mug, coat = tx.add(Product(sku="M1", name="Mug", price=Decimal("12.50"), supplier=supplier)), tx.add(Product(sku="C1", name="Coat"))
    lot = tx.add(Batch(product=coat, code="L-7", received_on=date(2026, 1, 2)))
    order = tx.add(Order(number="#1001", ordered_at=NOON, customer=buyer, channel=fair, currency="PLN"))
    lines = [tx.add(OrderLine(order=order, line=at, product=one, sku=sku, name=name, quantity=at, unit_price=Decimal("9.99"), currency="PLN", vat_rate="23")) for at, (one, sku, name) in enumerate(((mug, "M1", "Mug"), (coat, "C1", "Coat")), 1)]
    for day in (20, 21):
        claim = Case(received_at=datetime(2026, 11, day, 12, tzinfo=UTC), customer=buyer, order=order, channel=fair, cause=causes["Other"], responsible=clerk, description="Holes", currency="PLN")
        items = [
            CaseItem(case=1, product=coat, order_line=lines[1], batch=lot, name="Coat", sku="C1", serial="S/7", quantity=1, unit_price=Decimal("9.99"), currency="PLN", defect="moth-eaten"),
            CaseItem(case=1, product=coat, order_line=lines[1], name="Coat", sku="C1", quantity=1, unit_price=Decimal("9.99"), discount=Decimal("1.00"), currency="PLN", outcome=Outcome.REJECTED),
        ]
        case = cases.take_in(tx, claim, items)
        for direction in (*Direction, Direction.INTERNAL):  # the last says the same twice
            tx.add(Message(case=case.id, at=NOON, direction=direction, channel=fair, author="-Ola", text="=1+1\n\nŻółte plamy; „dziury”"))


def plain(one: dict[str, Any]) -> str:
    """A record without its ids: what it refers to by its title."""
    return json.dumps({name: value for name, value in one.items() if name != "id" and f"{name}_title" not in one}, sort_keys=True)


@pytest.fixture(scope="module")
def moving(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small shop with a record of every kind that comes in from files."""
    path = tmp_path_factory.mktemp("moving") / "old.qmd"
    with empty_register(path) as register:
        register.do("Furnish", furnish)
    return path


@pytest.mark.parametrize(("lang", "ending"), [("pl", "xlsx"), ("en", "csv"), ("pl", "csv")])
def test_everything_that_comes_in_from_files_comes_back_from_its_export(lang: str, ending: str, moving: Path, tmp_path: Path) -> None:
    new = tmp_path / "new.qmd"
    run("new", new, "--lang", "en")
    for kind, target in MOVES.items():
        out = tmp_path / f"{kind}.{ending}"
        assert run("export", moving, out, "--of", kind, "--lang", lang).code == 0
        told = run("import", new, out, "--as", target, "--json").json
        assert told["rejected"] == [], kind
        assert Counter(map(plain, listed(new, kind))) == Counter(map(plain, listed(moving, kind))), kind
        again = run("import", new, out, "--as", target, "--json").json
        assert (again["added"], again["changed"], again["rejected"]) == (0, 0, []), kind
    assert run("verify", new, "--json").json["ok"]


@pytest.fixture
def old(moving: Path) -> Iterator[Register]:
    """The shop that moves, to be looked at."""
    with open_register(moving, program="test", read_only=True) as register:
        yield register


@pytest.mark.parametrize("kind", [Channel, Cause, Message])
def test_an_export_of_ours_is_recognised_as_what_it_is(kind: type[Any], old: Register) -> None:
    for lang in ("en", "pl"):
        guess = mappings.recognise(exported(old, kind, lang).headers)[0]
        assert (guess.source, guess.target, guess.share) == ("own", {Channel: "channels", Cause: "causes", Message: "messages"}[kind], 1.0)


def test_a_list_somebody_edited_is_left_alone(old: Register, tmp_path: Path) -> None:
    with empty_register(tmp_path / "new.qmd") as register:
        post = register.by_value(Channel, "name", ["Post"])["Post"]
        register.do("Edit", lambda tx: tx.change(tx.get(Channel, post), delivery_days=7))
        report = bring(register, exported(old, Channel), "channels")
        assert (report.added, report.changed) == (1, 1), "the fair is new, the chat is not in use any more"
        assert register.get(Channel, post).delivery_days == 7


def test_a_message_needs_a_case_that_is_there(tmp_path: Path) -> None:
    headers = ["Case", "When", "Direction", "Text"]
    with empty_register(tmp_path / "new.qmd") as register:
        case = register.do("Take in", cases.take_in, Case(received_at=NOON, description="x", external_id="4711")).result
        table = table_of(
            headers, [case.number, "2026-11-20 10:00", "From the customer", "Hello"], ["4711", "2026-11-20 11:00", "To the customer", "Good day"],
            ["R/1999/0001", "2026-11-20 12:00", "", "Lost"], ["", "2026-11-20 13:00", "", "Nobody's"], [case.number, "", "", "Undated"], [case.number, "2026-11-20 14:00", "", ""],
        )  # fmt: skip
        report = bring(register, table, "messages")
        assert [(one.row, one.column, one.reason) for one in report.rejected] == [
            (4, "Case", "Case: there is no Case “R/1999/0001” in the register. Add it first, or correct the name."),
            (5, "Case", "Case is missing."), (6, "When", "When is missing."), (7, "Text", "Text is missing."),
        ]  # fmt: skip
        assert [(one.case, one.direction, one.text) for one in every(register, Message)] == [(case.id, Direction.INCOMING, "Hello"), (case.id, Direction.OUTGOING, "Good day")]
        assert register.ids(Query(Case, search="good day")) == [case.id], "the case is found by what was said in it"
