"""Days off by country, and counting: when a term of days or months ends, and where its end moves (KC art. 111, 112, 115)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from functools import cache
from types import MappingProxyType

from qmdesk.errors import Known
from qmdesk.i18n import N_, _
from qmdesk.law.words import NO_WORDS, Words, rule_file, words

SATURDAY, SUNDAY = 5, 6
TOO_FAR = N_("The term would end after the year 9999. Check the date.")


@cache
def days_off(country: str, year: int) -> Mapping[date, Words]:
    """The public holidays of a country ("PL") in a year with their names; Sundays are days off too and stand not here.

    They come from the ``holidays`` library, mended by resources/rules/holidays.toml. A country or a year the library
    does not know has none. Only days off in the whole country count, not those of a Land or a region.
    """
    found = {day: _named(name) for day, name in _from_library(country, year).items()}
    for told in rule_file("holidays").get("correction", ()):
        day = told["date"]
        if told["country"] == country and day.year == year:
            found.pop(day, None)
            if told["off"]:
                found[day] = words(told, "name")
    return MappingProxyType(found)


def _from_library(country: str, year: int) -> Mapping[date, str]:
    import holidays  # 0.3 s that only deadlines need

    try:
        plain = holidays.country_holidays(country, years=year)
    except NotImplementedError:
        return {}
    if "en_US" in plain.supported_languages:
        plain = holidays.country_holidays(country, years=year, language="en_US")
    return dict(plain.items())


def _named(name: str) -> Words:
    """A holiday's name as people know it; several that fall on one day stand beside each other."""
    known = rule_file("holidays")["name"]
    parts = [words(known[part], "name") if part in known else Words(part, part) for part in name.split("; ")]
    return Words("; ".join(part.en for part in parts), "; ".join(part.pl for part in parts))


def holiday(country: str, day: date) -> Words:
    """The name of the public holiday on this day; no words on every other day."""
    return days_off(country, day.year).get(day, NO_WORDS)


def is_day_off(country: str, day: date) -> bool:
    """Whether this is a Sunday or a public holiday; a Saturday is none, though the end of a term passes over it."""
    return day.weekday() == SUNDAY or bool(holiday(country, day))


def passes_over(country: str, day: date) -> bool:
    """Whether a term to do something can't end on this day: a day off or a Saturday (in Poland since 1 January 2017)."""
    saturday_since = rule_file("holidays").get("saturday_since", {}).get(country, date.min)
    return is_day_off(country, day) or (day.weekday() == SATURDAY and day >= saturday_since)


def moved(country: str, day: date) -> date:
    """This day, or the next one that is neither a Saturday nor a day off (KC art. 115). Raises Known past the year 9999."""
    while passes_over(country, day):
        if day == date.max:
            raise Known(_(TOO_FAR))
        day += timedelta(days=1)
    return day


def later(start: date, amount: int, unit: str) -> date:
    """The nominal last day of a term of so many "days" or "months" from an event. Raises Known past the year 9999.

    The day of the event is not counted (KC art. 111 § 2); months end on the day of the same number, or on the last
    day of a month that has none (KC art. 112): 29 February 2024 and 24 months give 28 February 2026.
    """
    try:
        if unit == "days":
            return start + timedelta(days=amount)
        if unit != "months":
            raise ValueError(unit)
        years, month = divmod(start.year * 12 + start.month - 1 + amount, 12)
        if years > date.max.year:
            raise OverflowError
        from calendar import monthrange  # with the system's names of days; only months are counted with it

        return date(years, month + 1, min(start.day, monthrange(years, month + 1)[1]))
    except OverflowError:
        raise Known(_(TOO_FAR)) from None
