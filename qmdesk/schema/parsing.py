"""Numbers, days and moments out of what people type and programs export; Qt's and Python's own parsers refuse too much."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from decimal import Decimal, InvalidOperation
from functools import cache

DAY_ORDERS = ("dmy", "mdy", "ymd")

_SPACES = re.compile(r"[\s\u00a0\u2007\u2009\u202f']+")
_CURRENCY = re.compile(r"^(?:[A-Z]{3}|zł|zl|kč|[$€£])\s*|\s*(?:[A-Z]{3}|zł|zl|kč|[$€£]|%)\.?$", re.IGNORECASE)
_NO_GROSZE = re.compile(r"[.,][-–—]+$")  # 12,-
_MONTH_WORDS = {
    "jan": 1, "feb": 2, "mar": 3, "apr": 4, "may": 5, "jun": 6, "jul": 7, "aug": 8, "sep": 9, "oct": 10, "nov": 11, "dec": 12,
    "sty": 1, "lut": 2, "kwi": 4, "maj": 5, "cze": 6, "lip": 7, "sie": 8, "wrz": 9, "paź": 10, "paz": 10, "lis": 11, "gru": 12,
}  # fmt: skip
_WORD_DAY = re.compile(r"^(\d{1,2})[\s.-]+([^\W\d_]{3,})\.?[\s,.-]+(\d{2,4})$|^([^\W\d_]{3,})\.?[\s.-]+(\d{1,2})[\s,.-]+(\d{2,4})$")
_WEEKDAY = re.compile(r"^[^\W\d_]{2,}\.?,\s*")  # "poniedziałek, 8 czerwca 2026"
_OF_THE_YEAR = re.compile(r"(?<=\d)\s*r\.?$", re.IGNORECASE)  # "8 czerwca 2026 r."
_NUMBER_DAY = re.compile(r"^(\d{1,4})([./-])(\d{1,2})\2(\d{1,4})$")
_THOUSANDS = re.compile(r"[1-9]\d{0,2}(?:[.,]\d{3})+")
_TIME = re.compile(
    r"[T\s,]+(?:(?:at|o|godz\.?)\s+)?(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d+)?)?\s*(AM|PM)?\s*(Z|UTC|[+-]\d{2}:?\d{2})?$", re.IGNORECASE
)


def parse_number(text: str, decimal: str | None = None, usual: str = "") -> Decimal:
    """The exact number in ``text``: "1 234,50 zł", "$1,433.66", "1.234,56", "(12.00)", "-11,29", "12,-".

    ``decimal`` names the decimal sign where the file's is known ("," or "."); without it the last of the two signs
    is the decimal one, and a sign that appears more than once groups thousands. ``usual`` is the decimal sign of the
    reader's language: it settles "1,500", which can be read both ways; without it that is one and a half. Thousands
    stand in threes, so that 22.11.2026 is no number. Raises ValueError.
    """
    bare = _SPACES.sub("", text.strip().replace("−", "-"))
    negative = bare.startswith("(") and bare.endswith(")")
    bare = _CURRENCY.sub("", bare.strip("()"))
    sign = "-" if negative or bare.startswith("-") else ""
    bare = _NO_GROSZE.sub("", _CURRENCY.sub("", bare.lstrip("+-")))
    if decimal is None:
        comma, point = bare.rfind(","), bare.rfind(".")
        if comma >= 0 and point >= 0:
            decimal = "," if comma > point else "."
        else:
            mark, other = (",", ".") if comma >= 0 else (".", ",")
            groups = bare.count(mark) > 1 or (usual == other and _THOUSANDS.fullmatch(bare))
            decimal = other if groups else mark
    grouping = "." if decimal == "," else ","
    whole = bare.replace(grouping, "")
    if whole.count(decimal) > 1 or not re.fullmatch(r"\d*(?:[.,]\d*)?(?:[eE][+-]?\d{1,2})?", whole) or not any(map(str.isdigit, whole)):
        raise ValueError(text)
    before, _decimal, after = bare.partition(decimal)
    if grouping in after or (grouping in before and not _THOUSANDS.fullmatch(before)):
        raise ValueError(text)
    try:
        return Decimal(sign + whole.replace(",", "."))
    except InvalidOperation:
        raise ValueError(text) from None


def _year(digits: str) -> int:
    return int(digits) + 2000 if len(digits) <= 2 else int(digits)


@cache
def _days(text: str, order: str) -> date:
    bare = _OF_THE_YEAR.sub("", _WEEKDAY.sub("", text.strip()))
    found = _NUMBER_DAY.match(bare)
    if found:
        first, mark, second, third = found.groups()
        if len(first) == 4:
            return date(int(first), int(second), int(third))
        if order == "mdy" or (order == "dmy" and mark == "/" and int(second) > 12 >= int(first)):
            return date(_year(third), int(first), int(second))
        if order == "ymd" and len(third) <= 2:
            return date(_year(first), int(second), int(third))
        return date(_year(third), int(second), int(first))
    found = _WORD_DAY.match(bare)
    if found:
        groups = found.groups()
        day, word, year = groups[:3] if groups[0] else (groups[4], groups[3], groups[5])
        if (month := _MONTH_WORDS.get(word.lower()[:3])) is None:
            raise ValueError(text)
        return date(_year(year), month, int(day))
    if re.fullmatch(r"\d{8}", bare):
        return date(int(bare[:4]), int(bare[4:6]), int(bare[6:]))
    raise ValueError(text)


def parse_day(text: str, order: str = "dmy") -> date:
    """The day in ``text``, with or without a time after it; ``order`` settles 03/04/2026 ("dmy", "mdy", "ymd").

    Understands ISO, 22.11.2026 r., 22/11/26, 11/22/2026, Jul-25-26, 10-Jul-2025, niedziela, 22 listopada 2026. Raises ValueError.
    """
    found = _TIME.search(text)
    return _days(text[: found.start()] if found else text, order)


def typed_day(text: str, today: date, order: str = "dmy") -> date:
    """A day as typed into a field: also "t" or "d" today, "+3", "-1" from today, "5" the fifth of this month, "5.3".

    Raises ValueError.
    """
    bare = text.strip().lower()
    if bare in ("t", "d", "today", "dziś", "dzis"):
        return today
    if re.fullmatch(r"[+-]\d{1,4}", bare):
        return today + timedelta(days=int(bare))
    if re.fullmatch(r"\d{1,2}", bare):
        return today.replace(day=int(bare))
    if short := re.fullmatch(r"(\d{1,2})[./-](\d{1,2})\.?", bare):
        day, month = int(short[1]), int(short[2])
        return date(today.year, day, month) if order == "mdy" else date(today.year, month, day)
    return parse_day(bare, order)


def parse_moment(text: str, order: str = "dmy", zone: tzinfo | None = None) -> datetime:
    """The moment in ``text`` as UTC; a time without an offset is on ``zone``'s clock (the machine's by default), a day
    alone is its noon there, so that it stays the same day in every zone of Europe. Raises ValueError.
    """
    found = _TIME.search(text)
    day = _days(text[: found.start()] if found else text, order)
    if not found:
        return moment_on(day, zone)
    hour, minute, second = int(found[1]), int(found[2]), int(found[3] or 0)
    if found[4]:
        hour = hour % 12 + (12 if found[4].upper() == "PM" else 0)
    naive = datetime(day.year, day.month, day.day, hour, minute, second)  # noqa: DTZ001 - the zone follows
    offset = (found[5] or "").upper().replace(":", "")
    if offset in ("Z", "UTC"):
        return naive.replace(tzinfo=UTC)
    if offset:
        east = timedelta(hours=int(offset[1:3]), minutes=int(offset[3:]))
        return local_to_utc(naive, timezone(-east if offset[0] == "-" else east))
    return local_to_utc(naive, zone)


def local_to_utc(naive: datetime, zone: tzinfo | None = None) -> datetime:
    """A clock reading of the shop as a moment; with no zone named, the machine's clock. Raises ValueError."""
    try:
        return (naive.replace(tzinfo=zone) if zone else naive.astimezone()).astimezone(UTC)
    except (OverflowError, OSError):  # at the ends of the calendar
        raise ValueError(naive) from None


def moment_on(day: date, zone: tzinfo | None = None) -> datetime:
    """Noon of a day whose time nobody told."""
    return local_to_utc(datetime(day.year, day.month, day.day, 12), zone)  # noqa: DTZ001 - the zone follows


def zone_named(name: str) -> tzinfo | None:
    """A time zone by its name ("Europe/Warsaw"); None for an empty name. Raises ValueError for an unknown one."""
    if not name:
        return None
    from zoneinfo import ZoneInfo  # 10 ms that only a named zone needs

    try:
        return ZoneInfo(name)
    except (KeyError, OSError):
        raise ValueError(name) from None
