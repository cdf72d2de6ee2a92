"""The stretches of time a person looks at: a month, a quarter, a year, twelve months; a step leads to the one before or after."""

from __future__ import annotations

from datetime import date, timedelta

from qmdesk.i18n import N_, _, show_day, show_month
from qmdesk.operations.figures.scope import Period
from qmdesk.schema.types import Labelled


class Stretch(Labelled):
    """How long a period is, and where it begins."""

    MONTH = "month", N_("Month")
    QUARTER = "quarter", N_("Quarter")
    YEAR = "year", N_("Year")
    TWELVE = "twelve", N_("12 months")
    OWN = "own", N_("Own period")


MONTHS = {Stretch.MONTH: 1, Stretch.QUARTER: 3, Stretch.YEAR: 12, Stretch.TWELVE: 12}


def moved(first: date, months: int) -> date:
    """The first day of the month so many months on, or back."""
    at = first.year * 12 + first.month - 1 + months
    return date(at // 12, at % 12 + 1, 1)


def around(stretch: Stretch, day: date) -> Period:
    """The stretch in which a day lies, whole; of twelve months the one that ends with its month."""
    many = MONTHS[stretch]
    first = day.replace(day=1)
    if stretch is Stretch.TWELVE:
        first = moved(first, 1 - many)
    else:
        first = moved(first, -((first.month - 1) % many))
    return Period(first, moved(first, many) - timedelta(days=1))


FIRST, LAST = date(1900, 1, 1), date(2199, 12, 31)
"""No period leaves these: nobody counts further, and the calendar has an end."""


def stepped(stretch: Stretch, period: Period, steps: int) -> Period:
    """The period so many stretches on, or back; twelve months move by a month, an own period by its length. At the ends of time it stays."""
    if stretch is Stretch.OWN:
        far = timedelta(days=period.days * steps)
        if not (FIRST - period.since <= far <= LAST - period.until):
            return period
        return Period(period.since + far, period.until + far)
    by = 1 if stretch is Stretch.TWELVE else MONTHS[stretch]
    first = moved(period.since, by * steps)
    found = Period(first, moved(first, MONTHS[stretch]) - timedelta(days=1))
    return found if found.since >= FIRST and found.until <= LAST else period


def period_words(period: Period) -> str:
    """A period as a person names it: October 2026, 2026, or from day to day."""
    if period.since.day == 1 and period.until + timedelta(days=1) == moved(period.since, 1):
        return show_month(f"{period.since:%Y-%m}")
    if period == around(Stretch.YEAR, period.since):
        return str(period.since.year)
    return _("{since} to {until}").format(since=show_day(period.since), until=show_day(period.until))
