"""What poor quality costs the shop: line by line, what is booked apart from what is estimated; when a fix has earned its cost back;
and when a refund without the goods is cheaper than having them back (quality.md, Indicators).
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from qmdesk.i18n import _, show_money, show_number
from qmdesk.operations.facts import Facts
from qmdesk.operations.indicators import complaints, exposures, failures, taken
from qmdesk.operations.registers import the_shop
from qmdesk.operations.scope import Scope
from qmdesk.operations.spending import LINES, Line, group_of
from qmdesk.records.case import Case, CaseItem, given_back
from qmdesk.records.measures import CostGroup
from qmdesk.records.product import Product
from qmdesk.records.shop import Shop
from qmdesk.register import Reading
from qmdesk.schema.query import parts_of
from qmdesk.values import dataclass

GROSZ = Decimal("0.01")
DAYS_OF_MONTH = Decimal("30.4375")


@dataclass(frozen=True)
class CostLine:
    """One line of the costs of a period, in the shop's currency."""

    line: Line
    group: CostGroup
    booked: Decimal
    estimated: Decimal
    entries: int

    @property
    def all(self) -> Decimal:
        """Booked and estimated."""
        return self.booked + self.estimated


@dataclass(frozen=True)
class Costs:
    """The costs of quality of a period."""

    lines: tuple[CostLine, ...]
    sales: Decimal
    """What was sold in the period."""

    def of(self, group: CostGroup) -> CostLine:
        """A group added up: to fail, to look, to prevent are never mixed."""
        own = [one for one in self.lines if one.group is group]
        booked, estimated = (sum((getattr(one, name) for one in own), Decimal()) for name in ("booked", "estimated"))
        line = own[0].line if own else next(line for line in LINES if group_of(line) is group)
        return CostLine(line, group, booked, estimated, sum(one.entries for one in own))


def costs(facts: Facts, scope: Scope) -> Costs:
    """What quality cost in a scope, line by line, in the order of LINES; lines of nothing are left out."""
    found = taken(facts, facts.costs, scope)
    lines = []
    for at, line in enumerate(LINES):
        mine = found.only(found["line"] == at)
        sums = mine.shared(None, {"all": mine["amount"], "estimated": mine["amount"] * mine["estimated"]})[None]
        if mine.mask.any():
            estimated = _money(sums["estimated"])
            lines.append(CostLine(line, group_of(line), _money(sums["all"]) - estimated, estimated, int(mine.mask.sum())))
    return Costs(tuple(lines), _money(exposures(facts, scope, None, "sales")[None]))


def _money(grosze: float) -> Decimal:
    return (Decimal(str(grosze)) / 100).quantize(GROSZ, ROUND_HALF_UP)


# ------------------------------------------------------------------------------- when a fix pays


@dataclass(frozen=True)
class BreakEven:
    """When a fix has earned its cost back: after how many pieces sold, and how many months at the pace of the period."""

    cost: Decimal
    saved_a_month: Decimal
    pieces: Decimal | None
    """None: it never does, or nobody knows how many are sold."""
    months: Decimal | None
    complaints: int
    """How many complaints of the period the saving is worked out from."""
    each: Decimal
    """What one of them cost on average."""

    def sentence(self, currency: str) -> str:
        """The break-even in words."""
        cost = show_money(self.cost, currency)
        if self.months is None:
            return _("In the period nothing failed at a cost that is known, so nobody can tell when {cost} would be earned back.").format(cost=cost)
        saved, each = show_money(self.saved_a_month, currency), show_money(self.each, currency)
        words = _("{cost} are earned back after {months} months: it saves {saved} a month ({n} complaints in the period, {each} each).")
        told = words.format(cost=cost, months=show_number(self.months), saved=saved, n=show_number(self.complaints), each=each)
        return " ".join((told, _("That is {pieces} pieces sold.").format(pieces=show_number(self.pieces)))) if self.pieces is not None else told


def break_even(facts: Facts, scope: Scope, cost: Decimal, share: Decimal = Decimal(1)) -> BreakEven:
    """When a fix that costs ``cost`` and ends ``share`` (0..1) of the failures of a scope has earned itself back."""
    found = failures(facts, scope)
    failing = _money(found.shared(None, {"amount": found["amount"]})[None]["amount"])
    cases = int(complaints(facts, scope).mask.sum())
    months = Decimal(scope.days) / DAYS_OF_MONTH
    saved = failing * share / months
    each = (failing / cases).quantize(GROSZ) if cases else Decimal()
    if saved <= 0:
        return BreakEven(cost, Decimal(), None, None, cases, each)
    needed = cost / saved
    pieces = Decimal(str(exposures(facts, scope, None, "pieces").get(None, 0.0)))
    sold = (needed * pieces / months).quantize(Decimal(1), ROUND_HALF_UP) if pieces else None
    return BreakEven(cost, saved.quantize(GROSZ), sold, needed.quantize(Decimal("0.1"), ROUND_HALF_UP), cases, each)


# ------------------------------------------------------------------------- refund without the goods


@dataclass(frozen=True)
class Keeping:
    """Whether the customer may as well keep the goods: what having them back costs, against what they are still worth."""

    bound: Decimal
    """What having them back costs: the parcel, new packaging, the minutes of looking at them."""
    worth: Decimal | None
    """What they are worth to the shop at most; None where neither their cost nor their price is known."""
    pieces: int

    @property
    def keep(self) -> bool:
        """Whether the refund without the goods is cheaper."""
        return self.worth is not None and self.bound > 0 and self.worth < self.bound

    def sentence(self, currency: str) -> str:
        """The advice in words, "" where it can't be given or the goods are worth having back."""
        if not self.keep or self.worth is None:
            return ""
        words = _("Having the goods back costs about {bound} and they are worth {worth} at most: refund the money and let the customer keep them, unless the supplier wants to see them.")
        return words.format(bound=show_money(self.bound, currency), worth=show_money(self.worth, currency))


def bound(shop: Shop) -> Decimal:
    """What it costs the shop to have a parcel back: postage, packaging to sell the goods again, the usual minutes of a case."""
    work = (shop.hourly_rate or Decimal()) * (shop.usual_minutes or 0) / 60
    return ((shop.usual_postage or Decimal()) + (shop.usual_packaging or Decimal()) + work).quantize(GROSZ, ROUND_HALF_UP)


def keeping(reading: Reading, case: Case) -> Keeping:
    """The advice for a case. Goods are worth at most what they cost the shop: sold again, or got back from the supplier.

    Where nobody wrote that down, they are taken for worth what was paid for them, which is more.
    """
    items = given_back(reading.records(parts_of(case, CaseItem)))
    worth: Decimal | None = Decimal()
    for one in items:
        product = reading.find(Product, one.product) if one.product else None
        each = product.cost if product and product.cost is not None else one.each
        worth = None if worth is None or each is None else worth + each * one.quantity
    return Keeping(bound(the_shop(reading)), worth if items else None, sum(one.quantity for one in items))
