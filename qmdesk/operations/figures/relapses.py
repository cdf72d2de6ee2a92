"""Repeat after fix: actions whose watched indicator did not improve after they were carried out (quality.md, Cause analysis and actions).

As long before as after, counted from the day the action was carried out, of the product, supplier and cause it names. A rate or
share did not improve when it is not lower (where less is better) beyond chance, and either it is no lower at all or the data rule
out that half of it is gone. What is too few to judge is not judged: the watch goes on.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from qmdesk.analysis.comparison import Counts, Judgement, compare
from qmdesk.analysis.measured import Measured, Unit
from qmdesk.analysis.said import figure
from qmdesk.i18n import _, show_day
from qmdesk.operations.figures.facts import Facts
from qmdesk.operations.figures.indicators import DEFINITIONS, measure
from qmdesk.operations.figures.scope import By, Key, Scope
from qmdesk.records.improvement import Action, ActionState
from qmdesk.records.measures import HIGHER_IS_BETTER
from qmdesk.register import Reading
from qmdesk.schema import types
from qmdesk.schema.query import Condition, Query
from qmdesk.values import dataclass

WATCHED_STATES = (ActionState.DONE, ActionState.EFFECTIVE, ActionState.CLOSED)
LEAST_DAYS = 30
"""Sooner nothing is said, however short the waiting was to be."""
MOST_DAYS = 365
"""So long after it was carried out an action is watched."""


@dataclass(frozen=True)
class Relapse:
    """An action that did not help, by its indicator before and after."""

    action: Action
    scope: Scope
    """Of the time after."""
    before: Measured
    after: Measured
    currency: str

    @property
    def crossing(self) -> str:
        """Told once while it waits for its check, and once more when it was found effective all the same."""
        return f"relapse:{self.action.id}:{self.action.verified_on or ''}"

    @property
    def judged(self) -> bool:
        """Whether somebody found it effective."""
        return self.action.state is not ActionState.DONE

    @property
    def sentence(self) -> str:
        """Action N/2026/0003 did not help. Complaint rate: 4.1 % before, 4.3 % since."""
        assert self.action.watched is not None
        before, after = (figure(one.value or 0.0, one.unit, self.currency) for one in (self.before, self.after))
        sentence = _("Action {number} did not help. {indicator}: {before} before, {after} since")
        return sentence.format(number=self.action.number, indicator=_(self.action.watched.label), before=before, after=after)

    @property
    def facts(self) -> str:
        """What was compared, in sentences."""
        assert self.action.done_on is not None
        told = [
            _("{name}. Carried out on {day}; compared are the {days} days before and after.").format(name=self.action.name, day=show_day(self.action.done_on), days=self.scope.days),
            _("It has a verdict: it was opened again as another action.") if self.judged else _("It still waits for its check: judge it by these figures."),
        ]
        return "\n".join(told)


def watched_groups(action: Action) -> tuple[tuple[By, Key], ...]:
    """The groups an action is about, of those its indicator can be split by."""
    assert action.watched is not None
    about = ((By.PRODUCT, action.product), (By.SUPPLIER, action.supplier), (By.CAUSE, action.cause))
    return tuple((by, key) for by, key in about if key and by in DEFINITIONS[action.watched].splits)


def relapses(reading: Reading, facts: Facts, on: date) -> Iterator[Relapse]:
    """The watched actions that show no improvement by now."""
    where = (Condition("watched", types.FILLED), Condition("done_on", types.FILLED), Condition("state", types.ONE_OF, WATCHED_STATES))
    for action in reading.records(Query(Action, where)):
        if found := _relapse(facts, action, on):
            yield found


def _relapse(facts: Facts, action: Action, on: date) -> Relapse | None:
    assert action.done_on is not None
    assert action.watched is not None
    days = (on - action.done_on).days
    if not max(LEAST_DAYS, action.waiting_days) <= days <= MOST_DAYS:
        return None
    only = watched_groups(action)
    after = Scope(action.done_on + timedelta(days=1), on, only)
    was, is_ = (measure(facts, action.watched, scope) for scope in (Scope(action.done_on - timedelta(days=days), action.done_on - timedelta(days=1), only), after))
    return Relapse(action, after, was, is_, facts.shop.currency) if not_better(was, is_, higher=action.watched in HIGHER_IS_BETTER) else None


def not_better(before: Measured, after: Measured, *, higher: bool) -> bool:
    """Whether an indicator, of which more is better when ``higher``, clearly did not improve."""
    if before.value is None or after.value is None or not (before.judged and after.judged):
        return False
    if before.unit is not Unit.PERCENT or min(before.denominator, after.denominator) < 1:
        return after.value <= before.value if higher else after.value >= before.value
    was, is_ = (Counts(round(one.numerator), round(one.denominator)) for one in (before, after))
    found = compare(was, is_, shares=is_.hits <= is_.of and was.hits <= was.of)
    if found.judgement is Judgement.TOO_FEW or found.judgement is (Judgement.HIGHER if higher else Judgement.LOWER):
        return False
    if higher:
        return found.change <= 0 or found.difference.high < (1 - was.value) / 2
    return found.change >= 0 or found.difference.low > -was.value / 2
