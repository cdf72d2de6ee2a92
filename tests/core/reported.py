"""An invented shop that sells for thirteen months, gets one bad batch of cups in October, and answers for it: what reports tell of."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from qmdesk.operations.figures.scope import Scope
from qmdesk.records.alert import Alert, AlertKind
from qmdesk.records.assessment import SupplierClaim
from qmdesk.records.case import Case, CaseItem, CaseKind, CaseState, Demand
from qmdesk.records.improvement import Action
from qmdesk.records.lists import Cause
from qmdesk.records.measures import CostKind, Indicator, IndicatorTarget, QualityCost
from qmdesk.records.party import Person, Supplier
from qmdesk.records.product import Batch, Order, OrderLine, Product
from qmdesk.records.rating import SupplierRating
from qmdesk.records.satisfaction import Opinion
from qmdesk.register import Transaction
from qmdesk.schema.query import Query
from tests.shop import Shop

OCTOBER = Scope(date(2026, 10, 1), date(2026, 10, 31))
NAMES = ("Kubek błękitny", "Talerz", "Dzban", "Misa")
SUPPLIERS = ("Glinka", "Huta")


def furnish(shop: Shop, names: tuple[str, ...] = NAMES, suppliers: tuple[str, ...] = SUPPLIERS, cause: str = "Pęka od wrzątku") -> None:
    """Furnish it; of ``cause`` the bad batch is complained."""
    shop.fills_in_letterhead()
    shop.register.do("Furnish", _furnish, names, suppliers, cause)


def _furnish(tx: Transaction, names: tuple[str, ...], suppliers: tuple[str, ...], cause: str) -> None:
    causes = [tx.add(Cause(name=name)) for name in (cause, "Obity w transporcie", "Inny kolor")]
    firms = [tx.add(Supplier(name=name, contact="Dorota Gliniana", city="Bolesławiec")) for name in suppliers]
    products = [tx.add(Product(sku=f"P-{at}", name=name, supplier=firms[at % 2], price=Decimal("40"))) for at, name in enumerate(names)]
    bad = tx.add(Batch(product=products[0], code="P-0927", received_on=date(2026, 9, 1), quantity=60, supplier=firms[0]))
    number, cases = 0, 0
    day = date(2025, 10, 1)
    while day <= date(2026, 11, 20):
        for turn in range(2 if day.weekday() < 5 else 1):
            number += 1
            order = tx.add(Order(number=f"{number:05}", ordered_at=datetime(day.year, day.month, day.day, 9, turn, tzinfo=UTC), currency="PLN", courier="DPD" if number % 3 else "InPost"))
            product = products[number % len(products)]
            tx.add(OrderLine(order=order, product=product, name=names[number % len(names)], quantity=1, unit_price=Decimal("40")))
            october = day.month == 10 and day.year == 2026
            if number % 31 == 0 or (october and number % 4 == 0):
                cases += 1
                batch = bad if october and number % 4 == 0 else None
                _case(tx, cases, order, day, products[0] if batch else product, batch, causes[0] if batch else causes[1 + cases % 2])
        day += timedelta(days=1)
    _rest(tx, firms[0], products[0], bad, causes[0])


def _case(tx: Transaction, number: int, order: int, day: date, product: int, batch: int | None, cause: int) -> None:
    received = datetime(day.year, day.month, day.day, 11, tzinfo=UTC)
    closed = day + timedelta(days=3 + number % 9)
    over = closed <= date(2026, 11, 15)
    id_ = tx.add(
        Case(
            number=f"R/{day.year}/{number:04}", kind=CaseKind.COMPLAINT, received_at=received, channel=1, order=order, description="Pękł.", demand=Demand.REPAIR, cause=cause,
            state=CaseState.CLOSED if over else CaseState.ASSESSING, closed_on=closed if over else None,
        )
    )  # fmt: skip
    tx.add(CaseItem(case=id_, name="Kubek", product=product, batch=batch, quantity=1, unit_price=Decimal("40")))
    if number % 4 == 0:
        tx.add(QualityCost(on=day, kind=CostKind.GOODS_LOST, amount=Decimal("18.50"), case=id_))


def _rest(tx: Transaction, firm: int, product: int, batch: int, cause: int) -> None:
    person = tx.add(Person(name="Anna Wróbel"))
    tx.add(IndicatorTarget(indicator=Indicator.COMPLAINT_RATE, target=Decimal("5"), bound=Decimal("9")))
    tx.add(Action(number="N/2026/0001", name="Podwójne kartony", opened_on=date(2026, 9, 1), due_on=date(2026, 10, 20), owner=person, cause=cause))
    tx.add(Alert(crossing="batch-1", noticed_on=date(2026, 10, 18), kind=AlertKind.BATCH, what="Partia P-0927: 6 z 15 reklamowanych, oczekiwano 0,5", product=product, batch=batch))
    for on, points in ((date(2026, 5, 4), 4), (date(2026, 10, 5), 2)):
        tx.add(SupplierRating(supplier=firm, on=on, service=points))
    first = tx.records(Query(Case))[0]
    tx.add(SupplierClaim(case=first.id, number="S/2026/0001", supplier=firm, sent_on=date(2026, 10, 2), reply_by=date(2026, 10, 16), demand=Demand.REPAIR, amount=Decimal("120")))
    for stars, answered in ((5, None), (1, date(2026, 10, 9))):
        tx.add(Opinion(place="Allegro", written_on=date(2026, 10, 8), stars=stars, said="…", answered_on=answered))
