"""What a figure is about: from which day to which, and of which product, supplier, channel and so on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from qmdesk.i18n import N_, _, show_day, show_month
from qmdesk.records.case import CaseKind
from qmdesk.records.lists import Cause, Channel
from qmdesk.records.party import BuyerType, Supplier
from qmdesk.records.product import Product
from qmdesk.register import Reading
from qmdesk.schema import types
from qmdesk.schema.query import Condition
from qmdesk.schema.record import Record
from qmdesk.schema.types import Labelled

Key = int | str
"""What names a group: a record's id, a choice's value, "2026-10", "2026-W41", a text; 0 or "" where it is not known."""
SAME_WEEKS = timedelta(days=364)
"""Back to the same weeks of last year, so that each day of the week is there as often."""


class By(Labelled):
    """What figures are split and narrowed by."""

    PRODUCT = "product", N_("Product")
    CATEGORY = "category", N_("Category")
    SUPPLIER = "supplier", N_("Supplier")
    CHANNEL = "channel", N_("Channel")
    COURIER = "courier", N_("Courier")
    CAUSE = "cause", N_("Cause")
    BUYER_TYPE = "buyer_type", N_("Buyer type")
    KIND = "kind", N_("Kind of case")
    MONTH = "month", N_("Month")
    WEEK = "week", N_("Week")


RECORDS_BY: dict[By, type[Record]] = {By.PRODUCT: Product, By.SUPPLIER: Supplier, By.CHANNEL: Channel, By.CAUSE: Cause}
"""What the groups are records of."""
CHOICES_BY: dict[By, type[Labelled]] = {By.BUYER_TYPE: BuyerType, By.KIND: CaseKind}
TIMES = (By.MONTH, By.WEEK)
ITEM_WISE = (By.PRODUCT, By.CATEGORY, By.SUPPLIER)
"""What belongs to a piece, not to a whole order or case: an order of two products is in two groups."""


@dataclass(frozen=True)
class Period:
    """From one day to another, both included."""

    since: date
    until: date

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.until - self.since).days + 1

    @property
    def before(self) -> Period:
        """As many days, ending the day before this one begins."""
        last = self.since - timedelta(days=1)
        return Period(last - (self.until - self.since), last)

    def within(self, field: str) -> tuple[Condition, Condition]:
        """That a day lies in the period."""
        return Condition(field, types.SINCE, (self.since,)), Condition(field, types.UNTIL, (self.until,))

    def moments(self, field: str) -> tuple[Condition, Condition]:
        """That a moment lies in the period, on the shop's clock."""
        first, after = (datetime.combine(day, time()).astimezone() for day in (self.since, self.until + timedelta(days=1)))
        return Condition(field, types.SINCE, (first,)), Condition(field, types.BEFORE, (after,))


@dataclass(frozen=True)
class Scope(Period):
    """A period, and of which groups only."""

    only: tuple[tuple[By, Key], ...] = ()

    def narrowed(self, by: By, key: Key) -> Scope:
        """Of one group only; a month or a week narrows the period."""
        if by in TIMES:
            span = span_of(by, str(key))
            return replace(self, since=max(self.since, span.since), until=min(self.until, span.until))
        return replace(self, only=(*(pair for pair in self.only if pair != (by, key)), (by, key)))

    def widened(self, by: By) -> Scope:
        """Without what it was narrowed to by one thing."""
        return replace(self, only=tuple(pair for pair in self.only if pair[0] is not by))

    @property
    def before(self) -> Scope:
        """As many days, ending the day before this one begins."""
        return Scope(super().before.since, super().before.until, self.only)

    @property
    def year_ago(self) -> Scope:
        """The same weeks of last year: 364 days back."""
        return replace(self, since=self.since - SAME_WEEKS, until=self.until - SAME_WEEKS)

    def sentence(self, reading: Reading) -> str:
        """What it is about, in words: 1 Oct 2026 to 31 Oct 2026, Channel: Allegro."""
        told = [_("{since} to {until}").format(since=show_day(self.since), until=show_day(self.until))]
        told += [_("{what}: {which}").format(what=_(by.label), which=key_name(reading, by, key)) for by, key in self.only]
        return ", ".join(told)


def key_name(reading: Reading, by: By, key: Key) -> str:
    """A group in words."""
    if not key:
        return _("not known")
    if by in RECORDS_BY:
        return reading.title(RECORDS_BY[by], int(key)) or _("not known")
    return word(by, key)


def word(by: By, key: Key) -> str:
    """A group that is no record, in words."""
    if not key:
        return _("not known")
    if by in CHOICES_BY:
        return next((_(one.label) for one in CHOICES_BY[by] if one.value == key), str(key))
    if by is By.MONTH:
        return show_month(str(key))
    if by is By.WEEK:
        span = span_of(by, str(key))
        return _("week {week} ({since} to {until})").format(week=str(key).partition("-W")[2].lstrip("0"), since=show_day(span.since), until=show_day(span.until))
    return str(key)


def span_of(by: By, key: str) -> Period:
    """The days of a month "2026-10" or of a week "2026-W41" (ISO 8601: from Monday)."""
    if by is By.WEEK:
        year, _w, week = key.partition("-W")
        monday = date.fromisocalendar(int(year), int(week), 1)
        return Period(monday, monday + timedelta(days=6))
    first = date.fromisoformat(f"{key}-01")
    return Period(first, _next_month(first) - timedelta(days=1))


def _next_month(first: date) -> date:
    return (first.replace(day=28) + timedelta(days=4)).replace(day=1)


def month_key(day: date) -> str:
    """The month of a day."""
    return f"{day:%Y-%m}"


def week_key(day: date) -> str:
    """The ISO week of a day."""
    year, week, _day = day.isocalendar()
    return f"{year}-W{week:02}"


def keys_within(by: By, period: Period) -> Iterator[str]:
    """The months or weeks a period touches, in order."""
    day, key = period.since, week_key if by is By.WEEK else month_key
    while day <= period.until:
        told = key(day)
        yield told
        day = span_of(by, told).until + timedelta(days=1)
