"""What is measured and what it is measured against: indicators, their targets, sales typed by hand, events, costs (quality.md)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from qmdesk.errors import Problem
from qmdesk.i18n import N_, _
from qmdesk.records.case import Case
from qmdesk.records.party import Supplier
from qmdesk.records.product import Product
from qmdesk.schema.record import Record, choice, count, day, flag, long_text, money, number, record, ref, text
from qmdesk.schema.types import Labelled


class Indicator(Labelled):
    """The indicators of quality.md, in its order."""

    COMPLAINT_RATE = "complaint_rate", N_("Complaint rate")
    RETURN_RATE = "return_rate", N_("Return rate")
    FIRST_ANSWER = "first_answer", N_("Time to first answer")
    SETTLE = "settle", N_("Time to settle")
    IN_TIME = "in_time", N_("Answered in the statutory time")
    FIRST_CONTACT = "first_contact", N_("First-contact resolution")
    REOPENED = "reopened", N_("Re-opened")
    CSAT = "csat", N_("CSAT")
    NPS = "nps", N_("NPS")
    CES = "ces", N_("CES")
    QUALITY_COST = "quality_cost", N_("Cost of poor quality")
    QUALITY_COST_SHARE = "quality_cost_share", N_("Cost of poor quality, of sales")
    EFFECTIVENESS = "effectiveness", N_("Action effectiveness")
    CONFORMITY = "conformity", N_("Audit conformity")


HIGHER_IS_BETTER = (
    Indicator.IN_TIME, Indicator.FIRST_CONTACT, Indicator.CSAT, Indicator.NPS, Indicator.CES, Indicator.EFFECTIVENESS, Indicator.CONFORMITY,
)  # fmt: skip
"""Of the others less is better. CES asks how easy it was: 7 is "very easy"."""


@record("indicator_target", N_("Target"), N_("Targets"))
class IndicatorTarget(Record):
    """What an indicator should be, and from where on the shop wants to be told, in the indicator's own unit."""

    indicator: Indicator = choice(Indicator, N_("Indicator"), unique=True, listed=True)
    target: Decimal | None = number(N_("Target"), default=None, listed=True)
    bound: Decimal | None = number(N_("Alert bound"), default=None, listed=True, help=N_("You are told once when a month leaves it."))
    seasonal: bool = flag(N_("Compare with the same weeks last year"), default=True, listed=True, help=N_("You are told when it is worse than then by more than chance explains."))
    note: str = text(N_("Note"), default="", title=True)

    def check(self) -> Iterable[Problem]:
        """What can't be true together."""
        if self.target is not None and self.bound is not None:
            better = self.target >= self.bound if self.indicator in HIGHER_IS_BETTER else self.target <= self.bound
            if not better:
                yield Problem("bound", _("The alert bound must be worse than the target."))


@record("sales_count", N_("Sales of a month"), N_("Sales of months"), together=(("month",),))
class SalesCount(Record):
    """How much was sold in a month, typed by hand where no orders are imported; an imported order of the month goes before it."""

    month: date = day(N_("Month"), listed=True, help=N_("Its first day, such as 2026-10-01."))
    orders: int = count(N_("Orders"), listed=True)
    pieces: int | None = count(N_("Pieces"), default=None, listed=True)
    sales: Decimal | None = money(N_("Sales"), default=None, listed=True)
    note: str = text(N_("Note"), default="", title=True)

    def check(self) -> Iterable[Problem]:
        """What can't be true together."""
        if self.month.day != 1:
            yield Problem("month", _("Sales are counted by month: write its first day."))


class EventKind(Labelled):
    """What changed around the shop."""

    SUPPLIER = "supplier", N_("Supplier")
    COURIER = "courier", N_("Courier")
    LISTING = "listing", N_("Listing or description")
    PACKAGING = "packaging", N_("Packaging")
    PRICE = "price", N_("Price")
    PROCESS = "process", N_("Way of working")
    OTHER = "other", N_("Something else")


@record("event", N_("Event"), N_("Events"))
class Event(Record):
    """Something that changed on a day, pinned on the time axis of every chart (quality.md, Control charts)."""

    on: date = day(N_("On"), listed=True)
    what: str = text(N_("What changed"), most=120, title=True, listed=True)
    kind: EventKind = choice(EventKind, N_("Kind"), default=EventKind.OTHER, listed=True)
    product: int | None = ref(Product, N_("Product"), default=None)
    supplier: int | None = ref(Supplier, N_("Supplier"), default=None)


class CostKind(Labelled):
    """What poor quality costs (quality.md, Indicators); refunds are in their own register."""

    GOODS_LOST = "goods_lost", N_("Goods lost")
    POSTAGE_TO_CUSTOMER = "postage_to", N_("Postage to the customer")
    POSTAGE_FROM_CUSTOMER = "postage_from", N_("Postage from the customer")
    PACKAGING = "packaging", N_("Packaging")
    REPAIR = "repair", N_("Repair")
    WORK = "work", N_("Work on cases")
    COMMISSION = "commission", N_("Marketplace commission lost")
    DISCOUNT = "discount", N_("Discount or gift")
    OTHER_FAILURE = "other_failure", N_("Another cost of failure")
    INSPECTION = "inspection", N_("Inspection of goods")
    AUDIT = "audit", N_("Audits and checks")
    TRAINING = "training", N_("Training")
    PREVENTION = "prevention", N_("Prevention")


class CostGroup(Labelled):
    """The three parts of the cost of quality, kept apart: to fail, to look, to prevent."""

    FAILURE = "failure", N_("Cost of failure")
    APPRAISAL = "appraisal", N_("Cost of appraisal")
    PREVENTION = "prevention", N_("Cost of prevention")


def cost_group(kind: CostKind) -> CostGroup:
    """The part a cost belongs to."""
    if kind in (CostKind.INSPECTION, CostKind.AUDIT):
        return CostGroup.APPRAISAL
    return CostGroup.PREVENTION if kind in (CostKind.TRAINING, CostKind.PREVENTION) else CostGroup.FAILURE


@record("quality_cost", N_("Cost of quality"), N_("Costs of quality"))
class QualityCost(Record):
    """Money or minutes spent because something failed, was looked at, or was prevented; of a case, or of none."""

    on: date = day(N_("Spent on"), listed=True)
    kind: CostKind = choice(CostKind, N_("Kind"), listed=True)
    amount: Decimal | None = money(N_("Amount"), default=None, listed=True)
    minutes: int | None = count(N_("Minutes of work"), default=None, listed=True, help=N_("Counted at the shop's hourly rate."))
    case: int | None = ref(Case, N_("Case"), default=None, listed=True)
    note: str = long_text(N_("Note"), default="", title=True, listed=True)

    checks = ("amount", "minutes")

    def check(self) -> Iterable[Problem]:
        """What can't be true together."""
        if self.amount is None and self.minutes is None:
            yield Problem("amount", _("Write what it cost: an amount, or minutes of work."))
