"""Languages: the interface's texts, a translator for a document in another language, plural forms, money and days by locale."""

from __future__ import annotations

import gettext
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from decimal import Decimal
from functools import cache, lru_cache

from qmdesk import places

LANGUAGES = {"pl": "Polski", "en": "English"}
SOURCE_LANGUAGE = "en"
DOMAIN = "qmdesk"


def N_(text: str) -> str:  # noqa: N802 - gettext's own name
    """Mark a text for translation where it is declared; it is translated where it is shown."""
    return text


@cache
def _catalogue(lang: str) -> gettext.NullTranslations:
    if lang == SOURCE_LANGUAGE:
        return gettext.NullTranslations()
    return gettext.translation(DOMAIN, places.resources() / "locale", languages=[lang], fallback=True)


class _Interface:
    """The one piece of state of this module: the language the interface speaks now."""

    lang = SOURCE_LANGUAGE


def use(lang: str) -> None:
    """Let the interface speak ``lang`` ("pl" or "en") from now on; another language falls back to English."""
    _Interface.lang = lang if lang in LANGUAGES else SOURCE_LANGUAGE


_ASIDE: ContextVar[str] = ContextVar("_ASIDE", default="")
"""The language of a paper that is being written; of this thread alone, so that the window goes on in its own."""


@contextmanager
def speaking(lang: str) -> Iterator[None]:
    """Say everything in ``lang`` meanwhile, in this thread: a report is full of sentences that the window says too."""
    before = _ASIDE.set(lang if lang in LANGUAGES else SOURCE_LANGUAGE)
    try:
        yield
    finally:
        _ASIDE.reset(before)


def language() -> str:
    """The language spoken now: the interface's, or that of the paper being written."""
    return _ASIDE.get() or _Interface.lang


def translator(lang: str) -> Callable[[str], str]:
    """The texts in ``lang``, whatever the interface speaks: letters to Polish consumers are Polish."""
    catalogue = _catalogue(lang)
    return lambda text: catalogue.gettext(text) if text else ""


def _(text: str) -> str:
    """The text in the interface's language."""
    return _catalogue(language()).gettext(text) if text else ""


def n_(one: str, many: str, n: int, lang: str | None = None, **also: str) -> str:
    """The text for ``n`` things in ``lang`` (or the interface's language), with the plural form it asks for, {n} and ``also`` filled in."""
    return _catalogue(lang or language()).ngettext(one, many, n).format(n=n, **also)


_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def show_day(day: date, lang: str | None = None) -> str:
    """A day as a person writes it: 22 Nov 2026, 22.11.2026."""
    if (lang or language()) == "pl":
        return f"{day.day:02}.{day.month:02}.{day.year:04}"
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


_ON_WEEKDAY = (
    N_("on Monday {day}"),
    N_("on Tuesday {day}"),
    N_("on Wednesday {day}"),
    N_("on Thursday {day}"),
    N_("on Friday {day}"),
    N_("on Saturday {day}"),
    N_("on Sunday {day}"),
)


_BY_WEEKDAY = (
    N_("by Monday {day}"),
    N_("by Tuesday {day}"),
    N_("by Wednesday {day}"),
    N_("by Thursday {day}"),
    N_("by Friday {day}"),
    N_("by Saturday {day}"),
    N_("by Sunday {day}"),
)


def show_long_day(day: date, lang: str | None = None) -> str:
    """A day with its weekday and month in words: Sunday 22 November 2026, niedziela 22 listopada 2026."""
    from babel.dates import format_date  # 40 ms that only days in words need

    return format_date(day, "EEEE d MMMM y", locale=lang or language())


def show_on_day(day: date, lang: str | None = None) -> str:
    """When something happens, as it stands within a sentence: on Sunday 22 November 2026, w niedzielę 22 listopada 2026."""
    lang = lang or language()
    return translator(lang)(_ON_WEEKDAY[day.weekday()]).format(day=_with_month(day, lang))


def show_by_day(day: date, lang: str | None = None) -> str:
    """Until when something is to be done, as it stands within a sentence: by Thursday 26 Nov 2026, do czwartku 26.11.2026."""
    return translator(lang or language())(_BY_WEEKDAY[day.weekday()]).format(day=show_day(day, lang))


@lru_cache(2000)
def _with_month(day: date, lang: str) -> str:
    """A day with its month in words; the deadlines of a register speak of the same few hundred days again and again."""
    from babel.dates import format_date  # 40 ms that only days in words need

    return format_date(day, "d MMMM y", locale=lang)


def show_month(month: str, lang: str | None = None) -> str:
    """A month given as 2026-10: October 2026, październik 2026; what is no month stays as it is."""
    return _month_in_words(month, lang or language())


@lru_cache(2000)
def _month_in_words(month: str, lang: str) -> str:
    """A month in words; figures speak of the same few again and again."""
    from babel.dates import format_date  # 40 ms that only months in words need

    try:
        first = date.fromisoformat(f"{month}-01")
    except ValueError:
        return month
    return format_date(first, "LLLL y", locale=lang)


def show_moment(moment: datetime, lang: str | None = None) -> str:
    """A moment on the user's clock, to the minute."""
    local = moment.astimezone()
    return f"{show_day(local.date(), lang)}, {local:%H:%M}"


def show_money(amount: Decimal, currency: str, lang: str | None = None) -> str:
    """Money by the locale's rules: 1 234,50 zł or PLN 1,234.50 (a no-break space before and inside)."""
    from babel.numbers import format_currency  # 40 ms that only money needs

    lang = lang or language()
    return format_currency(amount, currency, None if lang == "pl" else "¤\u00a0#,##0.00", locale=lang)


def show_amount(amount: Decimal, lang: str | None = None) -> str:
    """An amount in a table whose heading names the currency: 1 234,50 or 1,234.50."""
    from babel.numbers import format_decimal  # 40 ms that only numbers need

    return format_decimal(amount, "#,##0.00", locale=lang or language())


def decimal_sign() -> str:
    """The decimal sign of the interface's language."""
    return "," if language() == "pl" else "."


def show_number(value: Decimal | int, lang: str | None = None) -> str:
    """A number with the locale's decimal sign and digit groups."""
    return _shown_number(str(value), lang or language())


@lru_cache(4096)
def _shown_number(value: str, lang: str) -> str:
    """Kept, because Babel takes 0.1 ms to lay out a number, and a page of figures has fifty."""
    from babel.numbers import format_decimal  # 40 ms that only numbers need

    return format_decimal(value, locale=lang, decimal_quantization=False)
