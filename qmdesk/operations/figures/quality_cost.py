"""What poor quality costs the shop: line by line, what is booked apart from what is estimated; and when a fix has earned its cost
back (quality.md, Indicators).
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from qmdesk.i18n import _, show_money, show_number
from qmdesk.operations.figures.facts import Facts
from qmdesk.operations.figures.indicators import complaints, exposures, failures, taken
from qmdesk.operations.figures.scope import Scope
from qmdesk.operations.figures.spending import LINES, Line, group_of
from qmdesk.records.measures import CostGroup
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
