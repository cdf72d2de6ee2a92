"""Checklists that come round: how each was kept over the last weeks, day by day, and which share of its times it was done.

They are lines of the programme (``operations.programme``) with a rhythm of their own; only what is told of them is here.
A time is done in time when its run was finished by the day it came round, late when it was finished after that day, and
missed when the next time came before any run was begun.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from qmdesk.i18n import N_, _, n_
from qmdesk.law.calendar import later
from qmdesk.operations import programme
from qmdesk.operations.programme import Coming, Occurrence
from qmdesk.records.audit import PlannedAudit, Rhythm
from qmdesk.register import Reading, clock
from qmdesk.schema import types
from qmdesk.schema.query import Condition, Order, Query
from qmdesk.schema.types import Labelled
from qmdesk.values import dataclass


class Kept(Labelled):
    """How one time of a checklist was kept."""

    IN_TIME = "in_time", N_("Done in time")
    LATE = "late", N_("Done late")
    MISSED = "missed", N_("Not done")
    RUNNING = "running", N_("In progress")
    WAITING = "waiting", N_("Waits")


@dataclass(frozen=True)
class Span:
    """How far back a rhythm is shown: the words for it, so many days or months, so many times at most."""

    words: str
    times: int
    days: int = 0
    months: int = 0

    def since(self, on: date) -> date:
        """The first day that is shown, seen from ``on``."""
        return on - timedelta(days=self.days - 1) if self.days else later(on, -self.months, "months") + timedelta(days=1)


SPANS: Mapping[Rhythm, Span] = {
    Rhythm.DAILY: Span(N_("last 4 weeks"), 28, days=28),
    Rhythm.WEEKLY: Span(N_("last 26 weeks"), 26, days=26 * 7),
    Rhythm.MONTHLY: Span(N_("last 12 months"), 12, months=12),
    Rhythm.QUARTERLY: Span(N_("last 3 years"), 12, months=36),
    Rhythm.HALF_YEARLY: Span(N_("last 5 years"), 10, months=60),
    Rhythm.YEARLY: Span(N_("last 5 years"), 5, months=60),
}
"""The rhythms that come round, each with what is shown of it."""
FEWEST = 5
"""Of fewer times no share is told: it would say too little."""


@dataclass(frozen=True)
class Time:
    """One day on which a checklist came round, and how it was kept."""

    occurrence: Occurrence
    kept: Kept


@dataclass(frozen=True)
class Round:
    """A checklist that comes round, with its times of the last weeks, oldest first."""

    plan: PlannedAudit
    name: str
    times: tuple[Time, ...]

    def many(self, *kept: Kept) -> int:
        """How many times were kept so."""
        return sum(time.kept in kept for time in self.times)

    @property
    def settled(self) -> int:
        """How many times were done or missed: the n behind the share."""
        return self.many(Kept.IN_TIME, Kept.LATE, Kept.MISSED)

    @property
    def share(self) -> Decimal | None:
        """The share done, in percent, late ones too; None where the times are too few to tell one."""
        done = self.many(Kept.IN_TIME, Kept.LATE)
        return (Decimal(done) * 100 / self.settled).quantize(Decimal(1), ROUND_HALF_UP) if self.settled >= FEWEST else None

    @property
    def waits(self) -> Occurrence | None:
        """The day that waits to be begun now."""
        found = [time.occurrence for time in self.times if time.kept is Kept.WAITING]
        return found[-1] if found else None

    def sentence(self) -> str:
        """How it was kept, in words: the share with its n, what was late, what was missed."""
        if not self.settled:
            return _("not due yet")
        done = self.many(Kept.IN_TIME, Kept.LATE)
        if self.share is None:
            said = [_("{done} of {n} done").format(done=done, n=self.settled)]
        else:
            said = [_("{done} of {n} done, {share}").format(done=done, n=self.settled, share=types.Percent().show(self.share))]
        if late := self.many(Kept.LATE):
            said.append(n_("{n} of them late", "{n} of them late", late))
        if missed := self.many(Kept.MISSED):
            said.append(n_("{n} not done", "{n} not done", missed))
        return " · ".join(said)


def rounds(reading: Reading, on: date | None = None) -> list[Round]:
    """Every checklist of the programme that comes round and is in force, with its last weeks seen from ``on`` (today by default)."""
    on = on or clock().date()
    asked = Query(PlannedAudit, (Condition("active", types.IS, (True,)), Condition("rhythm", types.ONE_OF, tuple(SPANS)))).by(Order("id"))
    plans: list[PlannedAudit] = reading.records(asked)
    if not plans:
        return []
    found: dict[int, list[Time]] = {plan.id: [] for plan in plans}
    for rhythm, span in SPANS.items():  # each with its own span, so that years of runs need not be read for the daily ones
        alike = [plan for plan in plans if plan.rhythm is rhythm]
        for one in programme.occurrences(reading, span.since(on), on, on, alike) if alike else ():
            found[one.plan.id].append(Time(one, kept(one)))
    order = list(SPANS)
    made = [Round(plan, programme.title(reading, plan), tuple(found[plan.id][-SPANS[plan.rhythm].times :])) for plan in plans]
    return sorted(made, key=lambda one: (order.index(one.plan.rhythm), one.name, one.plan.id))


def kept(one: Occurrence) -> Kept:
    """How a day of the programme that has come was kept."""
    if one.state is Coming.DONE:
        finished = one.audit.finished_at if one.audit else None
        return Kept.LATE if finished is not None and finished.astimezone().date() > one.day else Kept.IN_TIME
    if one.state is Coming.MISSED:
        return Kept.MISSED
    return Kept.RUNNING if one.state is Coming.RUNNING else Kept.WAITING
