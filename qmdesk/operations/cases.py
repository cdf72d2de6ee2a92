"""A case as it is written down: taken in, edited, talked about, its items and files; and which cases resemble a new one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from qmdesk.errors import Known, Problem, Problems
from qmdesk.i18n import N_, _
from qmdesk.law import vat
from qmdesk.operations import deadlines, decisions, return_terms
from qmdesk.operations.attachments import Staged, attach
from qmdesk.operations.registers import the_shop
from qmdesk.records.case import Case, CaseItem, CaseKind, CaseState, Demand, Message, Outcome
from qmdesk.records.paper import Attachment
from qmdesk.records.party import Customer
from qmdesk.records.product import Order, OrderLine
from qmdesk.records.shop import Shop
from qmdesk.records.steps import WAYS, Step
from qmdesk.register import Reading, Transaction
from qmdesk.schema import types
from qmdesk.schema.query import Condition, Query, parts_of
from qmdesk.schema.record import replace

TAKE_IN = N_("Take in a case")
EDIT = N_("Change a case")
SAY = N_("Note in the conversation")
ATTACH = N_("Add files")
SPLIT = N_("Settle pieces of an item")
ADD_ITEM = N_("Add an item")
CHANGE_ITEM = N_("Change an item")
REMOVE_ITEM = N_("Remove an item")
DETACH = N_("Remove a file")

RESEMBLES_WITHIN = timedelta(days=365)
ALIKE = 70  # of 100, rapidfuzz's token set ratio: the same story in other words


def series(shop: Shop, kind: CaseKind) -> str:
    """The letters a case's number begins with."""
    return {CaseKind.COMPLAINT: shop.complaint_series, CaseKind.RETURN: shop.return_series, CaseKind.GUARANTEE: shop.guarantee_series}[kind]


def from_order(draft: Case, order: Order) -> Case:
    """The draft with what its order already tells, where the draft is silent."""
    known: dict[str, Any] = {}
    if draft.customer is None:
        known["customer"] = order.customer
    if draft.sold_on is None:
        known["sold_on"] = order.ordered_at.astimezone().date()
    if draft.contract_on is None:
        known["contract_on"] = order.ordered_at.astimezone().date()
    if draft.delivered_on is None:
        known["delivered_on"] = order.delivered_on
    if not draft.currency:
        known["currency"] = order.currency
    return replace(draft, **known)


def item_from_line(line: OrderLine, quantity: int | None = None) -> CaseItem:
    """An item of a case about pieces of an order's line; its case is filled in when the case is taken in."""
    return CaseItem(
        case=0,
        product=line.product,
        order_line=line.id,
        name=line.name,
        sku=line.sku,
        quantity=quantity or max(1, line.quantity),
        unit_price=line.unit_price,
        currency=line.currency,
        vat_rate=line.vat_rate,
        discount=(line.discount / max(1, line.quantity)).quantize(Decimal("0.01"), ROUND_HALF_UP) if line.discount else None,
    )


def take_in(
    tx: Transaction, draft: Case, items: Sequence[CaseItem] = (), files: Sequence[Staged] = (), *, terms: Mapping[str, Any] | None = None
) -> Case:
    """Register a new case: it gets its number and what its order tells; a return its ``terms`` too. Raises Problems."""
    shop = the_shop(tx)
    if draft.order is not None:
        draft = from_order(draft, tx.get(Order, draft.order))
    if draft.customer is not None:
        buyer = tx.get(Customer, draft.customer).buyer_type
        said = draft.buyer_reasons or draft.buyer_type is not Case.buyer_type
        draft = draft if said else replace(draft, buyer_type=buyer)
    if draft.kind is CaseKind.RETURN:
        draft = return_terms.grounded(tx, replace(draft, demand=draft.demand or Demand.REFUND))
    year = draft.received_at.astimezone().year
    case = replace(draft, number=tx.number(series(shop, draft.kind), year), currency=draft.currency or shop.currency, state=CaseState.NEW)
    tx.about(case.number)
    case = replace(case, id=tx.add(case))
    for item in items:
        tx.add(replace(item, case=case.id, currency=item.currency or case.currency))
    attach(tx, case.id, files)
    kept = None
    if case.kind is CaseKind.RETURN:
        kept = return_terms.keep(tx, return_terms.begun(tx, case, items, terms), {})
        return_terms.refuse_new(tx, (), case, kept)
    return deadlines.begin(tx, case, shop, kept)


def take_in_newcomer(tx: Transaction, customer: Customer, draft: Case, items: Sequence[CaseItem] = (), files: Sequence[Staged] = ()) -> Case:
    """Register a new case of somebody who is not in the register yet, and keep them too. Raises Problems."""
    return take_in(tx, replace(draft, customer=tx.add(replace(customer, id=0))), items, files)


def edit(tx: Transaction, case_id: int, values: Mapping[str, Any]) -> Case:
    """Change fields of a case. Raises Problems, also for a decision the shop can't stand by and for more money than was paid."""
    case = tx.get(Case, case_id)
    tx.about(case.number)
    wrong = _wrong(tx, case)
    changed = tx.change(case, **values)
    _refuse_new(tx, wrong, changed)
    _stand_by(tx, case, changed)
    return deadlines.refresh(tx, case_id)


def _stand_by(tx: Transaction, before: Case, case: Case) -> None:
    """Raise Problems for what a change has made wrong with the decision; its own step is the usual way, and this no way around it."""
    if all(getattr(case, name) == getattr(before, name) for name in WAYS[Step.DECIDE].asks):
        return
    found, known = ([*decisions.refund_problems(tx, one), *(decisions.problems(tx, one) if before.decision or case.decision else ())] for one in (case, before))
    if new := [problem for problem in found if problem not in known]:
        raise Problems(new)


def _wrong(tx: Transaction, case: Case) -> list[Problem]:
    """What is wrong with a return already."""
    return return_terms.problems(tx, case, return_terms.details(tx, case)) if case.kind is CaseKind.RETURN else []


def _refuse_new(tx: Transaction, wrong: Sequence[Problem], case: Case) -> None:
    """Raise Problems for what a change has made wrong with a return."""
    if case.kind is CaseKind.RETURN:
        return_terms.refuse_new(tx, wrong, case, return_terms.details(tx, case))


def say(tx: Transaction, message: Message) -> int:
    """Note something said in a case."""
    tx.about(tx.get(Case, message.case).number)
    return tx.add(message)


def add_files(tx: Transaction, case_id: int, files: Sequence[Staged]) -> list[int]:
    """Keep files with a case."""
    tx.about(tx.get(Case, case_id).number)
    return attach(tx, case_id, files)


def split_item(tx: Transaction, item_id: int, quantity: int, outcome: Outcome) -> int:
    """Give ``quantity`` pieces of an item their own outcome; returns the id of the row that holds them. Raises Known."""
    item = tx.get(CaseItem, item_id)
    tx.about(tx.get(Case, item.case).number)
    if not 1 <= quantity <= item.quantity:
        raise Known(_("{name}: the pieces must lie between 1 and {most}.").format(name=item.name, most=item.quantity))
    if quantity == item.quantity:
        tx.change(item, outcome=outcome)
        return item.id
    tx.change(item, quantity=item.quantity - quantity)
    return tx.add(replace(item, id=0, quantity=quantity, outcome=outcome))


def add_item(tx: Transaction, item: CaseItem) -> CaseItem:
    """Add what a case is about too. Raises Problems; a return takes back no more pieces than were sold, and a VAT rate must be one."""
    case = tx.get(Case, item.case)
    tx.about(f"{case.number}, {item.name}")
    _known_rate(tx, item.vat_rate)
    wrong = _wrong(tx, case)
    added = replace(item, id=tx.add(item))
    _refuse_new(tx, wrong, case)
    return added


def change_item(tx: Transaction, item_id: int, values: Mapping[str, Any]) -> CaseItem:
    """Change an item of a case. Raises Problems; a return takes back no more pieces than were sold, and a VAT rate must be one."""
    item = tx.get(CaseItem, item_id)
    case = tx.get(Case, item.case)
    tx.about(f"{case.number}, {item.name}")
    wrong = _wrong(tx, case)
    changed = tx.change(item, **values)
    if changed.vat_rate != item.vat_rate:
        _known_rate(tx, changed.vat_rate)
    _refuse_new(tx, wrong, case)
    return changed


def _known_rate(reading: Reading, rate: str) -> None:
    """Raise Problems for a VAT rate that Polish books don't know; what an import brought is only refused when it is booked."""
    if rate and the_shop(reading).country.upper() == vat.COUNTRY:
        try:
            vat.rate(rate)
        except Known as error:
            raise Problems([Problem("vat_rate", error.sentence)]) from None


def remove_item(tx: Transaction, item_id: int) -> None:
    """Take an item out of its case; the history keeps it."""
    item = tx.get(CaseItem, item_id)
    tx.about(f"{tx.get(Case, item.case).number}, {item.name}")
    tx.remove(item)


def remove_file(tx: Transaction, attachment_id: int) -> None:
    """Take a file out of its case; the history can bring it back."""
    file = tx.get(Attachment, attachment_id)
    tx.about(f"{tx.get(Case, file.case).number}, {file.name}")
    tx.remove(file)


# ------------------------------------------------------------------------------------ resemblance


@dataclass(frozen=True)
class Resemblance:
    """A case that may be the same as a new one, and why."""

    case: Case
    why: str


def resembling(reading: Reading, draft: Case, items: Sequence[CaseItem] = (), phone: str = "", email: str = "") -> list[Resemblance]:
    """The cases a new one resembles, closest reason first: the same order and product, or the same person and a similar text.

    ``phone`` and ``email`` are those of a customer who is not in the register yet.
    """
    from rapidfuzz import fuzz  # not needed until something is typed

    found: dict[int, Resemblance] = {}
    products = {item.product or item.name for item in items}
    for case in _candidates(reading, draft, phone, email):
        if case.id == draft.id or draft.received_at - case.received_at > RESEMBLES_WITHIN:
            continue
        theirs = {item.product or item.name for item in reading.records(parts_of(case, CaseItem))}
        if draft.order is not None and case.order == draft.order and (not products or products & theirs):
            found[case.id] = Resemblance(case, _("the same order") if not products else _("the same order and product"))
        elif draft.description and fuzz.token_set_ratio(draft.description.lower(), case.description.lower()) >= ALIKE:
            found[case.id] = Resemblance(case, _("the same customer and a similar text"))
        elif products & theirs:
            found[case.id] = Resemblance(case, _("the same customer and product"))
    return list(found.values())


def _candidates(reading: Reading, draft: Case, phone: str, email: str) -> list[Case]:
    """The newest cases of the draft's order and of everybody who shares its customer's phone or e-mail."""
    people: set[int] = set()
    if draft.customer is not None:
        customer = reading.find(Customer, draft.customer)
        people.add(draft.customer)
        phone, email = phone or (customer.phone if customer else ""), email or (customer.email if customer else "")
    for words in (phone, email):
        if len(words) >= 5:
            found = reading.records(Query(Customer, search=words), 20)
            people.update(one.id for one in found if _same_number(one.phone, phone) or (email and one.email.lower() == email.strip().lower()))
    cases: dict[int, Case] = {}
    if draft.order is not None:
        cases.update((case.id, case) for case in reading.records(Query(Case, (Condition("order", types.IS, (draft.order,)),)), 20))
    if people:
        cases.update((case.id, case) for case in reading.records(Query(Case, (Condition("customer", types.ONE_OF, tuple(people)),)), 50))
    return list(cases.values())


def _same_number(one: str, other: str) -> bool:
    """Whether two telephone numbers are the same, with or without the country in front."""
    digits = ["".join(filter(str.isdecimal, number))[-9:] for number in (one, other)]
    return digits[0] == digits[1] and len(digits[0]) >= 5
