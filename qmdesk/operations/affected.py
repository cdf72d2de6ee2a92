"""Whom a bad batch concerns: the cases behind an alert, the buyers who have not complained, and the letter to them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from qmdesk.documents import buyers_letter
from qmdesk.documents.buyers_letter import BuyersMatter, Recipient
from qmdesk.errors import Known
from qmdesk.i18n import _
from qmdesk.operations.attachments import safe_name
from qmdesk.operations.audit_papers import Paper
from qmdesk.operations.figures.scope import By as Split
from qmdesk.operations.figures.scope import Period, month_key, span_of
from qmdesk.operations.registers import the_shop
from qmdesk.records.alert import Alert
from qmdesk.records.case import Case, CaseItem, CaseKind, CaseState
from qmdesk.records.party import Customer
from qmdesk.records.product import Batch, Order, OrderLine, Product
from qmdesk.register import Reading, clock
from qmdesk.schema import types
from qmdesk.schema.query import Condition, Query
from qmdesk.schema.query import Order as By
from qmdesk.values import dataclass

CHUNK = 500
"""So many orders are asked about at once: SQLite takes only so many."""


@dataclass(frozen=True)
class Purchase:
    """An order with pieces of the product in the time of the alert."""

    order: Order
    pieces: int

    @property
    def day(self) -> date:
        return self.order.ordered_at.astimezone().date()


@dataclass(frozen=True)
class Buyer:
    """A customer who bought and has not complained, with what was bought, the oldest first."""

    customer: Customer
    purchases: tuple[Purchase, ...]

    @property
    def pieces(self) -> int:
        """How many pieces were bought."""
        return sum(one.pieces for one in self.purchases)


@dataclass(frozen=True)
class Affected:
    """Whom an alert concerns."""

    period: Period
    """When it was sold."""
    cases: tuple[int, ...]
    """The cases behind it, the newest first."""
    buyers: tuple[Buyer, ...]
    """Who bought and has not complained, by name."""
    unnamed: int
    """Orders of which no customer is known."""
    dangerous: bool
    """Whether a case behind it says that somebody could be hurt."""


def affected(reading: Reading, alert: Alert) -> Affected:
    """Whom an alert about a product concerns: who bought in its time. Raises Known where it is about no product."""
    if alert.product is None or alert.since is None or alert.until is None:
        raise Known(_("This alert is about no product that somebody bought."))
    period = _period(reading, alert, alert.since, alert.until)
    purchases = list(_purchases(reading, alert.product, period))
    bought = {purchase.order.id for purchase, _lines in purchases}
    lines = {line for _purchase, lines in purchases for line in lines}
    cases, complained = _cases(reading, alert, period, bought, lines)
    by_customer: dict[int, list[Purchase]] = {}
    unnamed = 0
    for purchase, own in purchases:
        if purchase.order.id in complained or complained & {-line for line in own}:
            continue
        if purchase.order.customer is None:
            unnamed += 1
        else:
            by_customer.setdefault(purchase.order.customer, []).append(purchase)
    buyers = [Buyer(customer, tuple(by_customer[customer.id])) for customer, _titles in reading.rows(Customer, list(by_customer))]
    return Affected(
        period, tuple(case.id for case in sorted(cases, key=lambda case: (case.received_at, case.id), reverse=True)),
        tuple(sorted(buyers, key=lambda buyer: (buyer.customer.name.casefold(), buyer.customer.id))), unnamed, any(case.safety for case in cases),
    )  # fmt: skip


def _period(reading: Reading, alert: Alert, since: date, until: date) -> Period:
    """The time of an alert; what was still on sale when it was noticed may have been sold since: until the next batch came, or the month was over."""
    if until < alert.noticed_on:
        return Period(since, until)
    today = clock().date()
    if alert.batch:
        came = [batch.received_on for batch in reading.records(Query(Batch, (Condition("product", types.IS, (alert.product,)),))) if batch.received_on and batch.received_on > since]
        return Period(since, min([today, *(day - timedelta(days=1) for day in came)]))
    return Period(since, min(today, span_of(Split.MONTH, month_key(until)).until))


def _purchases(reading: Reading, product: int, period: Period) -> Iterator[tuple[Purchase, list[int]]]:
    """The orders of a time with pieces of a product, the oldest first, each with its lines."""
    orders = reading.ids(Query(Order, period.moments("ordered_at")).by(By("ordered_at"), By("id")))
    for at in range(0, len(orders), CHUNK):
        chunk = tuple(orders[at : at + CHUNK])
        found: dict[int, list[OrderLine]] = {}
        for line in reading.records(Query(OrderLine, (Condition("order", types.ONE_OF, chunk), Condition("product", types.IS, (product,))))):
            if line.quantity > 0:
                found.setdefault(line.order, []).append(line)
        for order, _titles in reading.rows(Order, [id_ for id_ in chunk if id_ in found]):
            yield Purchase(order, sum(line.quantity for line in found[order.id])), [line.id for line in found[order.id]]


def _cases(reading: Reading, alert: Alert, period: Period, bought: set[int], lines: set[int]) -> tuple[list[Case], set[int]]:
    """The cases behind an alert, and what was complained of: orders, and order lines as negative numbers."""
    items: dict[int, list[CaseItem]] = {}
    for item in reading.records(Query(CaseItem, (Condition("product", types.IS, (alert.product,)),))):
        items.setdefault(item.case, []).append(item)
    found, complained = [], set[int]()
    for case, _titles in reading.rows(Case, list(items)):
        if case.kind is CaseKind.RETURN or case.state is CaseState.WITHDRAWN:
            continue
        own = items[case.id]
        complained |= {-item.order_line for item in own if item.order_line} or ({case.order} if case.order else set())
        if any(_concerns(alert, period, case, item, bought, lines) for item in own):
            found.append(case)
    return found, complained


def _concerns(alert: Alert, period: Period, case: Case, item: CaseItem, bought: set[int], lines: set[int]) -> bool:
    """Whether a complaint belongs to the group of an alert: by its batch where it names one, else by when the piece was sold."""
    if alert.batch and item.batch:
        return item.batch == alert.batch
    day = item.sold_on or case.sold_on
    return item.order_line in lines or (item.order_line is None and case.order in bought) or (day is not None and period.since <= day <= period.until)


# ------------------------------------------------------------------------------------------------- the letter


def letter(reading: Reading, alert_id: int, lang: str = "") -> Paper:
    """The letters to the buyers who have not complained, one after the other in one file. Raises Known where there is none to write to."""
    alert = reading.get(Alert, alert_id)
    found = affected(reading, alert)
    if not found.buyers:
        raise Known(_("Everybody who bought it and is known has complained already: there is nobody to write to."))
    assert alert.product is not None
    shop, batch = the_shop(reading), reading.find(Batch, alert.batch) if alert.batch else None
    matter = BuyersMatter(
        shop=shop,
        product=reading.get(Product, alert.product),
        batch=batch.code if batch else "",
        dangerous=found.dangerous,
        recipients=tuple(_recipient(buyer) for buyer in found.buyers),
        logo=reading.content(shop.logo) if shop.logo else None,
    )
    return Paper(buyers_letter.letters(reading, matter, lang or str(shop.language.value), clock().date()), {})


def _recipient(buyer: Buyer) -> Recipient:
    return Recipient(buyer.customer, tuple((one.order.number, one.day, one.pieces) for one in buyer.purchases))


def letter_name(alert: Alert, batch: str) -> str:
    """What the file of the letters is called until somebody says otherwise."""
    return safe_name(_("Letter to buyers {batch}").format(batch=batch or alert.noticed_on.isoformat()) + ".pdf")


def addresses(buyers: Sequence[Buyer]) -> str:
    """The e-mail addresses of buyers, to be put into the field for hidden copies: nobody is to see who else bought."""
    return "; ".join(dict.fromkeys(buyer.customer.email for buyer in buyers if buyer.customer.email))
