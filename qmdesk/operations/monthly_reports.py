"""The reports of a month that make themselves when the program is opened after its end, once for each month and kind.

What they are made of is loaded only when there is one to make: this is asked at every start of the program.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from qmdesk.operations.figures.scope import Period, Scope
from qmdesk.operations.registers import the_shop
from qmdesk.records.alert import Report, ReportKind
from qmdesk.register import Change, Reading, Register, Transaction, clock
from qmdesk.schema import types
from qmdesk.schema.query import Condition, Query
from qmdesk.values import dataclass

KINDS = (ReportKind.MANAGEMENT, ReportKind.WORKBOOK)
Progress = Callable[[int, int], None]


@dataclass(frozen=True, eq=False, repr=False)
class MadeByItself:
    """What was made: the reports and the change that tells the window."""

    reports: tuple[Report, ...] = ()
    change: Change | None = None


def last_month(on: date) -> Period:
    """The last month that is over on a day."""
    last = on.replace(day=1) - timedelta(days=1)
    return Period(last.replace(day=1), last)


def due(reading: Reading, on: date) -> list[ReportKind]:
    """The kinds of which the last month has no report yet; none where the shop does not want them.

    One that made itself and was removed stays removed.
    """
    if not the_shop(reading).monthly_reports:
        return []
    month = last_month(on)
    asked = (Condition("since", types.IS, (month.since,)), Condition("until", types.IS, (month.until,)))
    there = {one.kind for one in reading.records(Query(Report, asked))}
    made = reading.once_added(Report, since=month.since.isoformat(), until=month.until.isoformat(), by_itself=1)
    once = {one["kind"] for one in made}
    return [kind for kind in KINDS if kind not in there and kind.value not in once]


def make_due(register: Register, progress: Progress) -> MadeByItself:
    """Make the reports that are due, as one step; none of a month in which nothing can be counted. Takes seconds: for a worker."""
    on = clock().date()
    wanted = due(register, on)
    if not wanted:
        return MadeByItself()
    from qmdesk.operations import reports  # numpy, matplotlib and openpyxl, only when there is one to make
    from qmdesk.operations.figures import facts

    month, lang = last_month(on), reports.letters_language(register)
    found = facts.gather(register, progress)
    if not reports.anything(register, found, Scope(month.since, month.until)):
        return MadeByItself()
    made = []
    for at, kind in enumerate(wanted):
        progress(at, len(wanted))
        one = reports.made(register, found, kind, Scope(month.since, month.until), lang)
        made.append((kind, one.name, one.content()))
    done = register.do_by_itself(reports.KEEP, _keep_all, on, made)
    return MadeByItself(tuple(done.result), done.change)


def _keep_all(tx: Transaction, on: date, made: list[tuple[ReportKind, str, bytes]]) -> list[Report]:
    """Keep those that are still due: another window may have been quicker."""
    from qmdesk.operations import reports  # loaded by now

    still = due(tx, on)
    return [reports.keep(tx, kind, last_month(on), None, name, content, by_itself=True) for kind, name, content in made if kind in still]
