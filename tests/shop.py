"""A headless user of a shop: verbs on a real register, each taken back and done again to see that nothing is lost."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeVar

import pytest

from qmdesk.operations import attachments, cases, customers, deadlines, letters, return_terms, returns, steps
from qmdesk.operations.registers import new_register, open_register
from qmdesk.records.case import (
    AdrStatement,
    Case,
    CaseItem,
    CaseKind,
    Decision,
    Demand,
    Direction,
    Message,
    Outcome,
)
from qmdesk.records.catalog import RECORDS
from qmdesk.records.deadline import Deadline
from qmdesk.records.lists import Channel
from qmdesk.records.paper import Attachment, DocumentKind, IssuedDocument
from qmdesk.records.party import Customer
from qmdesk.records.product import Order, OrderLine, Product
from qmdesk.records.returns import ReturnDetails
from qmdesk.records.shop import THE_SHOP
from qmdesk.records.shop import Shop as ShopRecord
from qmdesk.records.steps import Step
from qmdesk.register import Done, Register, Transaction
from qmdesk.schema import types
from qmdesk.schema.query import Condition, Query
from qmdesk.schema.record import Record
from tests.clock import DAY, Clock, standing
from tests.shop_actions import Acting
from tests.shop_alerts import Noticing
from tests.shop_audits import Auditing
from tests.shop_improving import Improving
from tests.shop_processes import Processing, Supplying
from tests.shop_reports import Reporting
from tests.shop_reviews import Reviewing
from tests.shop_satisfaction import Listening

R = TypeVar("R", bound=Record)
T = TypeVar("T")
Dump = dict[str, list[tuple[Any, ...]]]

PROGRAM = "tests"
NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


def dump(register: Register) -> Dump:
    """Every record of a register: table -> rows as stored, sort keys too. Number series and the journal are left out."""
    with register._asking() as connection:
        filled = {row[0] for row in connection.execute("SELECT kind FROM tally WHERE n > 0")}  # most tables are empty, and this is asked ten thousand times
        return {kind.spec.table: connection.execute(f'SELECT * FROM "{kind.spec.table}" ORDER BY "id"').fetchall() for kind in RECORDS if kind.spec.table in filled}


def add(tx: Transaction, *items: Record) -> int:
    """Keep records; returns the id of the last."""
    return [tx.add(item) for item in items][-1]


def change(tx: Transaction, kind: type[R], id_: int, values: Mapping[str, Any]) -> R:
    """Change fields of a record."""
    return tx.change(tx.get(kind, id_), **values)


def remove(tx: Transaction, kind: type[Record], id_: int) -> None:
    """Take a record away."""
    tx.remove(tx.get(kind, id_))


def add_lines(tx: Transaction, order: Order, lines: Sequence[Mapping[str, Any]]) -> int:
    """Keep an order with its lines."""
    id_ = tx.add(order)
    for at, values in enumerate(lines, 1):
        tx.add(OrderLine(order=id_, line=at, **values))
    return id_


def hurried(register: Register) -> Register:
    """The register without waiting for the disk: test_file.py pulls the plug, the other tests need not pay for it."""
    if not register.read_only:
        register._file.writer.execute("PRAGMA synchronous=OFF")
    return register


@cache
def _new_shop(lang: str) -> bytes:
    """The file of a new register, made once: the tests of a day begin with it a thousand times."""
    with standing(), TemporaryDirectory() as folder:
        path = Path(folder) / "shop.qmd"
        new_register(path, program=PROGRAM, lang=lang, shop_name="Karmnik").close()
        return path.read_bytes()


class Shop(Acting, Auditing, Improving, Listening, Noticing, Processing, Reporting, Reviewing, Supplying):
    """Somebody who works in a shop: each verb is one step, checked by undoing and redoing it."""

    def __init__(self, path: Path, lang: str = "en", begun: bytes = b"") -> None:
        self.path = path
        path.write_bytes(begun or _new_shop(lang))
        self.register = hurried(open_register(path, program=PROGRAM))
        self._left: tuple[Register, int, Dump] | None = None  # by the verb before, at which revision

    # -- how every verb is done

    def do(self, label: str, operation: Callable[..., T], *args: Any, **kwargs: Any) -> T:
        """Do, undo, equal, redo, equal; sealed steps stay as they are and nothing may change by trying."""
        left = self._left
        before = left[2] if left and left[:2] == (self.register, self.register.revision) else dump(self.register)
        done: Done[T] = self.register.do(label, operation, *args, **kwargs)
        after = dump(self.register)
        step = self.register.steps(1)[0][0]
        if done.change.step and not step.sealed:
            self.register.undo()
            assert dump(self.register) == before, f"undoing “{label}” left something behind"
            self.register.redo()
            assert dump(self.register) == after, f"redoing “{label}” did not bring all of it back"
        self._left = self.register, self.register.revision, after
        return done.result

    def reopens(self) -> None:
        """Close the register and open it again."""
        self.register.close()
        self.register = hurried(open_register(self.path, program=PROGRAM))

    # -- the shop's own things

    def fills_in_letterhead(self) -> None:
        values = {
            "legal_name": "Karmnik Anna Wróbel", "nip": "5260250274", "street": "ul. Ptasia 7", "postcode": "90-001", "city": "Łódź",
            "email": "sklep@karmnik.example", "phone": "42 600 10 20", "adr_entity": "Inspekcja Handlowa, www.uokik.gov.pl",
        }  # fmt: skip
        self.do("Letterhead", change, ShopRecord, THE_SHOP, values)

    def channel(self, name: str = "E-mail") -> int:
        return self.register.by_value(Channel, "name", [name])[name]

    def add_customer(self, name: str = "Łucja Żak", **values: Any) -> int:
        return self.do("Add a customer", add, Customer(name=name, **values))

    def add_product(self, sku: str = "BUT-42", name: str = "Buty trekkingowe 42", **values: Any) -> int:
        return self.do("Add a product", add, Product(sku=sku, name=name, price=Decimal("299.90"), vat_rate="23", **values))

    def add_order(self, number: str = "1001", customer: int | None = None, products: Sequence[int] = (), quantity: int = 1, **values: Any) -> int:
        order = Order(**{"number": number, "customer": customer, "ordered_at": datetime(2026, 11, 2, 9, 30, tzinfo=UTC), "currency": "PLN", **values})
        bought = [self.register.get(Product, id_) for id_ in products]
        lines = [
            {"product": one.id, "sku": one.sku, "name": one.name, "quantity": quantity, "unit_price": one.price, "currency": "PLN", "vat_rate": one.vat_rate}
            for one in bought
        ]
        return self.do("Add an order", add_lines, order, lines)

    def add(self, *items: Record) -> int:
        return self.do("Add", add, *items)

    def changes(self, kind: type[R], id_: int, **values: Any) -> R:
        return self.do("Change", change, kind, id_, values)

    def removes(self, kind: type[Record], id_: int) -> None:
        self.do("Remove", remove, kind, id_)

    # -- what happens to a case

    def complains(self, description: str = "The sole came off.", order: int | None = None, **values: Any) -> Case:
        """A customer complains, about every line of the order where one is named."""
        draft = Case(**{"received_at": NOON, "description": description, "order": order, "demand": Demand.REPAIR, "channel": self.channel(), **values})
        lines = self.lines(order) if order else []
        return self.do(cases.TAKE_IN, cases.take_in, draft, [cases.item_from_line(line) for line in lines])

    def edits(self, case: Case, **values: Any) -> Case:
        return self.do(cases.EDIT, cases.edit, case.id, values)

    def says(self, case: Case, text: str, direction: Direction = Direction.INCOMING) -> int:
        return self.do(cases.SAY, cases.say, Message(case=case.id, at=NOON, text=text, direction=direction))

    def attaches(self, case: Case, *files: attachments.Staged) -> list[int]:
        return self.do(cases.ATTACH, cases.add_files, case.id, files)

    def splits(self, item: CaseItem, quantity: int, outcome: Outcome) -> int:
        return self.do(cases.SPLIT, cases.split_item, item.id, quantity, outcome)

    def steps(self, case: Case, step: Step, **values: Any) -> Case:
        return self.do("Step", steps.take_step, case.id, step, values)

    def decides(self, case: Case, decision: Decision = Decision.ACCEPTED, **values: Any) -> Case:
        reasons = "" if decision is Decision.ACCEPTED else "The sole is worn through, which is use and not a flaw."
        adr = AdrStatement.REFUSAL if decision in (Decision.REJECTED, Decision.PARTIAL) else None
        given = {"decision": decision, "decision_reasons": reasons, "adr": adr, "remedy": "We repair the shoes within 14 days.", **values}
        return self.do(steps.DECIDE, steps.decide, case.id, given)

    def confirms(self, case: Case, lang: str = "pl") -> IssuedDocument:
        return self._issues(case, DocumentKind.RECEIPT_CONFIRMATION, lang)

    def answers(self, case: Case, lang: str = "pl") -> IssuedDocument:
        decided = self.register.get(Case, case.id).decision
        accepted = decided in (Decision.ACCEPTED, Decision.OTHER_REMEDY)
        return self._issues(case, DocumentKind.ANSWER_ACCEPTED if accepted else DocumentKind.ANSWER_REJECTED, lang)

    def _issues(self, case: Case, kind: DocumentKind, lang: str) -> IssuedDocument:
        return self.do(letters.ISSUE, letters.issue, case.id, kind, lang, self.channel(), NOON)

    # -- what happens to a return

    def returns(self, order: int | None = None, pieces: Mapping[str, int] | None = None, terms: Mapping[str, Any] | None = None, **values: Any) -> Case:
        """A customer returns ``pieces`` (name -> how many) of an order's lines; all of them where nothing is said."""
        lines = self.lines(order) if order else []
        wanted = {line.name: line.quantity for line in lines} if pieces is None else pieces
        items = [cases.item_from_line(line, wanted[line.name]) for line in lines if line.name in wanted]
        return self.takes_back(items, terms, order=order, **values)

    def takes_back(self, items: Sequence[CaseItem] = (), terms: Mapping[str, Any] | None = None, **values: Any) -> Case:
        """A return of these pieces, whatever orders they come from."""
        draft = Case(**{"kind": CaseKind.RETURN, "received_at": NOON, "description": "I withdraw from the contract.", "channel": self.channel(), **values})
        return self.do(returns.TAKE_IN, returns.take_in, draft, items, terms)

    def terms(self, case: Case, **values: Any) -> ReturnDetails:
        """The terms of a return, after changing these."""
        if values:
            self.do(returns.CHANGE, returns.change_details, case.id, values)
        return return_terms.details(self.register, self.case(case))

    def calculates(self, case: Case) -> returns.Calculation:
        return returns.calculate(self.register, self.case(case))

    def sends(self, case: Case, kind: DocumentKind, channel: str, at: datetime) -> IssuedDocument:
        """Issue a letter by a channel at a moment."""
        return self.do(letters.ISSUE, letters.issue, case.id, kind, "pl", self.channel(channel), at)

    def hears_of_delivery(self, document: IssuedDocument, at: datetime) -> IssuedDocument:
        return self.do(letters.DELIVERED, letters.delivered, document.id, at)

    # -- its clock

    def deadline(self, case: Case, rule: str) -> Deadline:
        """The deadline a case has by a rule, dropped ones too."""
        (found,) = (one for one in self._parts(Deadline, "case", case.id) if one.rule == rule)
        return found

    def rules(self, case: Case) -> list[str]:
        """The rules whose deadlines mean something in a case, periods of liability last."""
        return [one.rule for one in deadlines.of_case(self.register, self.case(case))]

    def turns_day(self) -> list[Case]:
        return self.do(deadlines.TURN_DAY, deadlines.turn_day)

    def puts_off(self, deadline: Deadline, until: date, reason: str) -> Deadline:
        return self.do(deadlines.SNOOZE, deadlines.snooze, deadline.id, until, reason)

    def merges(self, kept: int, other: int) -> Customer:
        return self.do(customers.MERGE, customers.merge, kept, other)

    # -- looking

    def get(self, kind: type[R], id_: int) -> R:
        return self.register.get(kind, id_)

    def case(self, case: Case) -> Case:
        return self.register.get(Case, case.id)

    def lines(self, order: int) -> list[OrderLine]:
        return self._parts(OrderLine, "order", order)

    def items(self, case: Case) -> list[CaseItem]:
        return self._parts(CaseItem, "case", case.id)

    def files(self, case: Case) -> list[Attachment]:
        return self._parts(Attachment, "case", case.id)

    def documents(self, case: Case) -> list[IssuedDocument]:
        return self._parts(IssuedDocument, "case", case.id)

    def conversation(self, case: Case) -> list[Message]:
        return self._parts(Message, "case", case.id)

    def _parts(self, kind: type[R], field: str, owner: int) -> list[R]:
        found: list[R] = self.register.records(Query(kind, (Condition(field, types.IS, (owner,)),)))
        return sorted(found, key=lambda part: part.id)

    def finds(self, words: str, kind: type[Record] = Case, *conditions: Condition) -> list[int]:
        """The ids a search finds, newest first."""
        return self.register.ids(Query(kind, conditions, search=words))


@contextmanager
def open_shop(path: Path, lang: str = "en", begun: bytes = b"") -> Iterator[Shop]:
    """A shop with an empty register, or with one ``begun`` before; it is proved whole when the work is over."""
    shop = Shop(path, lang, begun)
    try:
        yield shop
        assert shop.register.verify() == []
    finally:
        shop.register._changed_here = False  # nobody will want a copy of it
        shop.register.close()


def begun(furnish: Callable[[Shop, Clock], T], lang: str = "en", now: str = DAY) -> tuple[bytes, T]:
    """The file of a shop furnished so, from that day on, and what it gave: kept by a fixture, it is what all tests of a module begin with."""
    with standing(now) as clock, TemporaryDirectory() as folder:
        path = Path(folder) / "shop.qmd"
        with open_shop(path, lang) as shop:
            given = furnish(shop, clock)
        return path.read_bytes(), given


@contextmanager
def empty_register(path: Path, lang: str = "en") -> Iterator[Register]:
    """The empty register of a new shop, without a user."""
    shop = Shop(path, lang)
    try:
        yield shop.register
    finally:
        shop.register._changed_here = False
        shop.register.close()


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    """A shop with an empty register; import this fixture into a test module to use it."""
    with open_shop(tmp_path / "shop.qmd") as opened:
        yield opened


def day(text: str) -> date:
    """A day written as ISO text."""
    return date.fromisoformat(text)
