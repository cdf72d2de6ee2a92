"""The indicators of a period beside the period before, the same weeks of last year, and their targets: what reports tell."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from qmdesk.analysis.measured import Measured
from qmdesk.operations.figures.facts import Facts
from qmdesk.operations.figures.indicators import DEFINITIONS, behind, measure
from qmdesk.operations.figures.scope import Scope
from qmdesk.operations.figures.targets import targets
from qmdesk.operations.figures.turns import Turn, met, turn
from qmdesk.records.measures import Indicator, IndicatorTarget
from qmdesk.register import Reading
from qmdesk.schema.record import Record
from qmdesk.values import dataclass


@dataclass(frozen=True)
class Figure:
    """An indicator of a scope, with what it is held against."""

    indicator: Indicator
    scope: Scope
    now: Measured
    before: Measured
    year_ago: Measured
    target: IndicatorTarget | None

    @property
    def told(self) -> bool:
        """Whether it has a value that anything is behind."""
        return self.now.value is not None and self.now.n > 0

    def turned(self, currency: str) -> Turn:
        """How it changed since the period before."""
        return turn(self.indicator, self.now, self.before, currency)

    def season(self, currency: str) -> Turn:
        """How it stands against the same weeks of last year."""
        return turn(self.indicator, self.now, self.year_ago, currency)

    @property
    def reached(self) -> bool | None:
        """Whether the target is reached; None without a target, or without a value that can be judged."""
        return self._meets(self.target.target if self.target else None)

    @property
    def within(self) -> bool | None:
        """Whether it is within its alert bound; None without a bound, or without a value that can be judged."""
        return self._meets(self.target.bound if self.target else None)

    def _meets(self, line: Decimal | None) -> bool | None:
        if line is None or self.now.value is None or not self.now.judged:
            return None
        return met(self.indicator, self.now.value, float(line))

    def records(self, facts: Facts) -> tuple[type[Record], list[int]]:
        """What is behind it."""
        return behind(facts, self.indicator, self.scope)


def figures(reading: Reading, facts: Facts, scope: Scope) -> Iterator[Figure]:
    """Every indicator of a scope, in the order of quality.md."""
    wanted = {one.indicator: one for one in targets(reading)}
    for one in Indicator:
        if one in DEFINITIONS:
            now, before, year_ago = (measure(facts, one, asked) for asked in (scope, scope.before, scope.year_ago))
            yield Figure(one, scope, now, before, year_ago, wanted.get(one))
