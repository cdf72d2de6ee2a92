"""The programme of audits: on which days each planned one comes round, which were run, which are due, which were missed.

The rule, in full. A rhythm other than "by risk" comes round on its own grid from the first day on: every day, week, month,
quarter, half-year or year; a month without that day takes its last one. By risk, the next day is counted from the day of
the last run (from the planned day where it was missed): three months for high risk, six for medium, twelve for low, and
half of that, in whole months, after a run that was not passed. A run belongs to the day it was begun for, whenever it was
held. What was not run by the day on which it comes round again is missed and stays in sight; until then it is overdue.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from itertools import takewhile

from qmdesk.i18n import N_
from qmdesk.law.calendar import SATURDAY, SUNDAY, is_day_off, later
from qmdesk.operations.registers import the_shop
from qmdesk.records.audit import Audit, AuditState, Checklist, OpenDays, PlannedAudit, Rhythm
from qmdesk.records.process import Risk
from qmdesk.register import Reading, clock
from qmdesk.schema import types
from qmdesk.schema.query import Condition, Order, Query
from qmdesk.schema.types import Labelled
from qmdesk.values import dataclass

MONTHS: Mapping[Rhythm, int] = {Rhythm.MONTHLY: 1, Rhythm.QUARTERLY: 3, Rhythm.HALF_YEARLY: 6, Rhythm.YEARLY: 12}
DAYS: Mapping[Rhythm, int] = {Rhythm.DAILY: 1, Rhythm.WEEKLY: 7}
BY_RISK: Mapping[Risk, int] = {Risk.HIGH: 3, Risk.MEDIUM: 6, Risk.LOW: 12}
"""Months from one run to the next where the rhythm is by risk."""
LONGEST_CLOSED = timedelta(days=30)  # no shop is closed so long by Sundays and public holidays
LAST_DAY = date(2100, 12, 31)  # of what a register can hold


class Coming(Labelled):
    """How a day of the programme stands."""

    DONE = "done", N_("Done")
    RUNNING = "running", N_("In progress")
    MISSED = "missed", N_("Was missed")
    OVERDUE = "overdue", N_("Overdue")
    DUE = "due", N_("Due today")
    UPCOMING = "upcoming", N_("Coming up")


WAITING = (Coming.OVERDUE, Coming.DUE)


@dataclass(frozen=True)
class Occurrence:
    """One day of the programme: what is planned, for when, how it stands, and the run that belongs to it."""

    plan: PlannedAudit
    name: str
    day: date
    state: Coming
    audit: Audit | None = None


def occurrences(reading: Reading, since: date, until: date, on: date | None = None, plans: Sequence[PlannedAudit] | None = None) -> list[Occurrence]:
    """Every day of the programme from ``since`` to ``until``, by day, seen from ``on`` (today by default).

    Of a plan that is not in force any more only what was run is told.
    """
    on = on or clock().date()
    wanted: Sequence[PlannedAudit] = reading.records(Query(PlannedAudit).by(Order("id"))) if plans is None else plans
    runs, names = _runs(reading, wanted, since), reading.titles(Checklist, {plan.checklist for plan in wanted})
    found, country = [], the_shop(reading).country.upper()
    for plan in wanted:
        known = runs.get(plan.id, {})
        for day, again in _with_next(plan, known, since, until, country):
            audit = known.get(day)
            if since <= day <= until and (audit is not None or plan.active):
                found.append(Occurrence(plan, plan.name or names.get(plan.checklist, ""), day, _state(day, again, audit, on), audit))
    return sorted(found, key=lambda one: (one.day, one.plan.id))


def waiting(reading: Reading, on: date | None = None) -> list[Occurrence]:
    """What of the programme is due or overdue now, the oldest first: at most one day of each plan."""
    on = on or clock().date()
    plans: list[PlannedAudit] = reading.records(Query(PlannedAudit, (Condition("active", types.IS, (True,)), Condition("first_on", types.UNTIL, (on,)))))
    country, groups = the_shop(reading).country.upper(), dict[date, list[PlannedAudit]]()
    for plan in plans:  # of a grid only its last day can wait, whatever was before: years of runs need not be read
        groups.setdefault(plan.first_on if plan.rhythm is Rhythm.BY_RISK else _last_day(plan, on, country), []).append(plan)
    found = [one for since, group in groups.items() for one in occurrences(reading, since, on, on, group) if one.state in WAITING]
    return sorted(found, key=lambda one: (one.day, one.plan.id))


def _last_day(plan: PlannedAudit, on: date, country: str) -> date:
    """The last day until ``on`` on which a plan with a grid of its own comes round, its first one where there is none."""
    end = min(on, plan.last_on or on)
    near = end - LONGEST_CLOSED if plan.rhythm in DAYS else plan.first_on
    return max(takewhile(lambda day: day <= end, _open_days(plan, country, near)), default=plan.first_on)


def title(reading: Reading, plan: PlannedAudit) -> str:
    """What a planned audit is called: by its own name, else by its checklist's."""
    return plan.name or reading.title(Checklist, plan.checklist)


# -------------------------------------------------------------------------------------------- reckoning


def days(plan: PlannedAudit, runs: Mapping[date, Audit], country: str = "PL", since: date = date.min) -> Iterator[date]:
    """Every day on which a plan comes round, runs included, in order and without an end of its own but the plan's last day.

    ``country`` says which days are public holidays; days before ``since`` may be left out.
    """
    last = plan.last_on or LAST_DAY
    known = sorted(runs)
    coming = takewhile(lambda day: day <= last, _by_risk(plan, runs) if plan.rhythm is Rhythm.BY_RISK else _open_days(plan, country, since))
    for day in coming:
        while known and known[0] < day:  # of a rhythm or a first day the plan had before
            yield known.pop(0)
        if known and known[0] == day:
            known.pop(0)
        yield day
    yield from known


def _open_days(plan: PlannedAudit, country: str, since: date = date.min) -> Iterator[date]:
    """The days of a plan's grid; of a daily one only those on which the shop is open."""
    if plan.rhythm is not Rhythm.DAILY or plan.on_days is OpenDays.EVERY:
        return _grid(plan, since)
    closed = (SATURDAY, SUNDAY) if plan.on_days is OpenDays.WORKDAYS else (SUNDAY,)
    return (day for day in _grid(plan, since) if day.weekday() not in closed and not is_day_off(country, day))


def _grid(plan: PlannedAudit, since: date) -> Iterator[date]:
    if plan.rhythm is Rhythm.ONCE:
        yield plan.first_on
        return
    step, at = DAYS.get(plan.rhythm, 0), 0
    day = plan.first_on + timedelta(days=max(0, (since - plan.first_on).days) // step * step) if step else plan.first_on
    while day < LAST_DAY:
        yield day
        at += 1
        day = day + timedelta(days=step) if step else later(plan.first_on, at * MONTHS[plan.rhythm], "months")


def _by_risk(plan: PlannedAudit, runs: Mapping[date, Audit]) -> Iterator[date]:
    day, known = plan.first_on, sorted(runs)
    while day < LAST_DAY:
        if known and known[0] <= day:
            day = known.pop(0)
        yield day
        run = runs.get(day)
        held = run.finished_at.astimezone().date() if run and run.finished_at else day
        day = later(max(day, held), interval(plan.risk, run), "months")


def interval(risk: Risk, run: Audit | None) -> int:
    """Months until what is looked at by risk comes round again, after this run of it (None: none was held)."""
    failed = run is not None and run.state is AuditState.FINISHED and not run.passed
    return max(1, BY_RISK[risk] // 2) if failed else BY_RISK[risk]


def _with_next(plan: PlannedAudit, runs: Mapping[date, Audit], since: date, until: date, country: str) -> Iterator[tuple[date, date | None]]:
    """Each day up to ``until`` with the one on which it comes round again."""
    before: date | None = None
    for day in days(plan, runs, country, since):
        if before is not None:
            yield before, day
        before = day
        if day > until:
            return
    if before is not None:
        yield before, None


def _state(day: date, again: date | None, audit: Audit | None, on: date) -> Coming:
    if audit is not None:
        return Coming.RUNNING if audit.state is AuditState.RUNNING else Coming.DONE
    if day > on:
        return Coming.UPCOMING
    if again is not None and again <= on:
        return Coming.MISSED
    return Coming.DUE if day == on else Coming.OVERDUE


def _runs(reading: Reading, plans: Sequence[PlannedAudit], since: date) -> dict[int, dict[date, Audit]]:
    """Plan -> day it was planned for -> the last run begun for it that was not abandoned.

    By risk every day follows from the run before it; of a grid only the runs planned for ``since`` or later are read.
    """
    risky, others = (tuple(plan.id for plan in plans if (plan.rhythm is Rhythm.BY_RISK) is given) for given in (True, False))
    found: dict[int, dict[date, Audit]] = {}
    for ids, also in ((risky, ()), (others, (Condition("planned_for", types.SINCE, (since,)),))):
        asked = Query(Audit, (Condition("plan", types.ONE_OF, ids), *also)).by(Order("started_at"))
        for audit in reading.records(asked) if ids else ():
            if audit.planned_for is not None and audit.state is not AuditState.ABANDONED:
                found.setdefault(audit.plan, {})[audit.planned_for] = audit
    return found
