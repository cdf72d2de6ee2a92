"""What a shop notices: sales and complaints in numbers, alerts with what becomes of them; each verb is undone and redone as all are."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from qmdesk.operations import alerts
from qmdesk.operations.figures.early_warning import Suspect, suspects, told_of
from qmdesk.operations.figures.facts import gather
from qmdesk.records.alert import Alert
from qmdesk.records.case import Case, CaseItem, CaseKind, CaseState
from qmdesk.records.improvement import Action
from qmdesk.records.product import Order, OrderLine, Product
from qmdesk.register import Register, Transaction, clock
from qmdesk.schema.query import Query
from qmdesk.schema.record import Record
from tests.clock import WARSAW


def moment(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=WARSAW)


def sell(tx: Transaction, product: int, days: Sequence[date], customers: Sequence[int | None]) -> list[int]:
    """An order with one piece of a product on each of these days; returns the order lines."""
    lines = []
    before = tx.count(Query(Order))
    for at, day in enumerate(days):
        order = tx.add(Order(number=f"Z{before + at + 1}", ordered_at=moment(day), customer=customers[at % len(customers)] if customers else None, currency="PLN"))
        lines.append(tx.add(OrderLine(order=order, line=1, product=product, name=tx.title(Product, product), unit_price=Decimal("39.90"))))
    return lines


def complain(tx: Transaction, lines: Sequence[int], after: int, **values: Any) -> list[int]:
    """A closed complaint about each of these order lines, so many days after it was ordered; returns the cases."""
    told = {name: values.pop(name) for name in ("batch", "serial") if name in values}
    found = []
    for id_ in lines:
        line = tx.get(OrderLine, id_)
        order = tx.get(Order, line.order)
        received = order.ordered_at + timedelta(days=after)
        draft = {"kind": CaseKind.COMPLAINT, "state": CaseState.CLOSED, "description": "The handle came off.", "customer": order.customer, **values}
        case = tx.add(Case(number=f"R/{order.number}", received_at=received, order=order.id, closed_on=received.date(), **draft))
        tx.add(CaseItem(case=case, product=line.product, order_line=line.id, name=line.name, **told))
        found.append(case)
    return found


def every(days: int, since: date, many: int) -> list[date]:
    """So many days, each so many after the one before."""
    return [since + timedelta(days=days * at) for at in range(many)]


class Noticing:
    """The verbs of sales in numbers and of alerts, for ``tests.shop.Shop``."""

    register: Register
    do: Callable[..., Any]

    def sells(self, product: int, days: Sequence[date], customers: Sequence[int | None] = ()) -> list[int]:
        return self.register.do("Sales", sell, product, days, customers).result  # too much to be undone and compared each time

    def is_complained_to(self, lines: Sequence[int], after: int = 10, **values: Any) -> list[int]:
        return self.register.do("Complaints", complain, lines, after, **values).result

    def suspects(self, on: date | None = None) -> list[Suspect]:
        return suspects(self.register, gather(self.register), on or clock().date())

    def suspected(self, on: date | None = None) -> list[Suspect]:
        return told_of(self.suspects(on))

    def notices(self) -> list[Alert]:
        """What is noticed anew today, undone and redone."""
        found = alerts.drafts(self.register, gather(self.register), clock().date())
        return self.do(alerts.NOTICE, alerts.keep, found)

    def settles(self, alert: Alert, because: str = "It was one customer who ordered for others.") -> Alert:
        return self.do(alerts.SETTLE, alerts.settle, alert.id, because)

    def acts_on_alert(self, alert: Alert, **values: Any) -> Action:
        return self.do(alerts.MAKE_ACTION, alerts.make_action, alert.id, values)

    def stops_sale(self, alert: Alert) -> Record:
        return self.do(alerts.STOP_SALE, alerts.stop_sale, alert.id)

    def waiting_alerts(self) -> list[Alert]:
        return self.register.records(alerts.waiting())
