"""The filters of a list: conditions, some over a period that moves with the calendar, and how a view of them is kept."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from qmdesk.errors import Known
from qmdesk.i18n import N_, _
from qmdesk.schema import types
from qmdesk.schema.query import Condition, These, Titles, condition, these
from qmdesk.schema.record import Field, Record

Span = tuple[date, date]


def _month(day: date) -> Span:
    first = day.replace(day=1)
    return first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def _week(day: date) -> Span:
    first = day - timedelta(days=day.weekday())
    return first, first + timedelta(days=6)


@dataclass(frozen=True)
class Period:
    """A stretch of days seen from today; ``sentence`` asks a field about it."""

    label: str
    sentence: str
    span: Callable[[date], Span]


PERIODS: Mapping[str, Period] = {
    "today": Period(N_("Today"), N_("{field} is today"), lambda today: (today, today)),
    "this_week": Period(N_("This week"), N_("{field} is in this week"), _week),
    "last_week": Period(N_("Last week"), N_("{field} is in last week"), lambda today: _week(today - timedelta(days=7))),
    "this_month": Period(N_("This month"), N_("{field} is in this month"), _month),
    "last_month": Period(N_("Last month"), N_("{field} is in last month"), lambda today: _month(today.replace(day=1) - timedelta(days=1))),
    "this_year": Period(N_("This year"), N_("{field} is in this year"), lambda today: (date(today.year, 1, 1), date(today.year, 12, 31))),
    "last_year": Period(N_("Last year"), N_("{field} is in last year"), lambda today: (date(today.year - 1, 1, 1), date(today.year - 1, 12, 31))),
}


@dataclass(frozen=True)
class Filter:
    """A condition; with a ``period`` its days are worked out whenever it is asked, so that a kept view moves along."""

    condition: Condition
    period: str = ""

    def at(self, today: date) -> Condition:
        """The condition to ask on this day."""
        if not self.period:
            return self.condition
        return Condition(self.condition.field, types.BETWEEN, PERIODS[self.period].span(today))

    def sentence(self, kind: type[Record], title: Titles | None = None) -> str:
        """What is asked, in words."""
        if not self.period:
            return self.condition.sentence(kind, title=title)
        return _(PERIODS[self.period].sentence).format(field=kind.spec.fields[self.condition.field].labelled())


def over(name: str, period: str) -> Filter:
    """A filter of a day or moment by a period."""
    return Filter(Condition(name, types.BETWEEN, ()), period)


def filterable(kind: type[Record]) -> list[Field]:
    """The fields a list can be filtered by."""
    return [field for field in kind.spec.fields.values() if field.type.operators]


# ---------------------------------------------------------------------------------------------- kept views


@dataclass(frozen=True)
class View:
    """What a list shows under a name: filters, search words, order ("-received_at") and columns; empty: as it is usual."""

    filters: tuple[Filter, ...] = ()
    search: str = ""
    order: str = ""
    columns: tuple[str, ...] = ()

    def saved(self, kind: type[Record]) -> dict[str, Any]:
        """The view for the preferences' file."""
        return {
            "filters": [_saved(one, kind) for one in self.filters],
            "search": self.search,
            "order": self.order,
            "columns": list(self.columns),
        }


def read_view(kind: type[Record], kept: Mapping[str, Any]) -> View:
    """A kept view. Raises Known when it asks for what there is no more (it would show too much without a word)."""
    try:
        return View(
            filters=tuple(_read(one, kind) for one in kept.get("filters", ())),
            search=str(kept.get("search", "")),
            order=str(kept.get("order", "")),
            columns=tuple(str(key) for key in kept.get("columns", ())),
        )
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise Known(_("This view can't be read any more; remove it and save it anew.")) from error


def _saved(one: Filter, kind: type[Record]) -> dict[str, Any]:
    asked = one.condition
    if one.period:
        return {"field": asked.field, "period": one.period}
    if isinstance(asked, These):
        return {"these": list(asked.values), "words": asked.words}
    type_ = kind.spec.fields[asked.field].type
    values = [value.isoformat() if isinstance(value, date) else type_.json(value) for value in asked.values]
    return {"field": asked.field, "operator": asked.operator.key, "values": values}


def _read(kept: Mapping[str, Any], kind: type[Record]) -> Filter:
    if "these" in kept:
        return Filter(these(map(int, kept["these"]), str(kept["words"])))
    name = kept["field"]
    if "period" in kept:
        if name not in kind.spec.fields or kept["period"] not in PERIODS:
            raise KeyError(name)
        return over(name, kept["period"])
    bare = condition(kind, name, kept["operator"])
    type_ = kind.spec.fields[name].type
    if isinstance(type_, types.Moment) and all(len(value) == 10 for value in kept["values"]):
        type_ = types.Day()  # a moment is asked about by whole days
    values = tuple(type_.from_cell(value) for value in kept["values"])
    if len(values) != bare.operator.values and not (bare.operator.values < 0 and values):
        raise ValueError(kept)
    return Filter(replace(bare, values=values))


def conditions(filters: Sequence[Filter], today: date) -> tuple[Condition, ...]:
    """What the filters ask today."""
    return tuple(one.at(today) for one in filters)
