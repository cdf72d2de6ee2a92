"""Languages: what is shown by the locale's rules, whichever language the interface speaks."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from qmdesk import i18n


def test_days_and_money_by_language() -> None:
    assert i18n.show_day(date(2026, 11, 2), "pl") == "02.11.2026"
    assert i18n.show_day(date(2026, 11, 2), "en") == "2 Nov 2026"
    assert i18n.show_money(Decimal("1234.5"), "PLN", "pl") == "1\u00a0234,50\u00a0zł"
    assert i18n.show_money(Decimal("-1234.5"), "EUR", "en") == "-€\u00a01,234.50"
    assert i18n.show_number(Decimal("1234.567"), "pl") == "1\u00a0234,567"
    assert i18n.show_number(Decimal("1E+2"), "en") == "100"


def test_the_interfaces_language_is_the_default() -> None:
    i18n.use("pl")
    assert i18n.language() == "pl"
    assert i18n.show_day(date(2026, 11, 2)) == "02.11.2026"
    assert i18n.decimal_sign() == ","
    i18n.use("en")
    assert i18n.show_day(date(2026, 11, 2)) == "2 Nov 2026"
    assert i18n.decimal_sign() == "."


def test_an_unknown_language_is_english() -> None:
    i18n.use("tlh")
    assert i18n.language() == "en"


def test_nothing_is_translated_to_nothing() -> None:
    """gettext would answer an empty text with the catalogue's header."""
    for lang in i18n.LANGUAGES:
        assert i18n.translator(lang)("") == ""
        i18n.use(lang)
        assert i18n._("") == ""
        assert i18n._("a text nobody ever translates") == "a text nobody ever translates"


def test_plural_forms_carry_the_number() -> None:
    assert i18n.n_("{n} brick", "{n} bricks", 1) == "1 brick"
    assert i18n.n_("{n} brick", "{n} bricks", 5) == "5 bricks"


def test_moments_are_shown_on_the_users_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    if not hasattr(time, "tzset"):
        pytest.skip("this system's clock can't be set for one program")
    moment = datetime(2026, 7, 31, 22, 30, tzinfo=UTC)
    for zone, shown in (("Europe/Warsaw", "01.08.2026, 00:30"), ("UTC", "31.07.2026, 22:30")):
        monkeypatch.setenv("TZ", zone)
        time.tzset()
        assert i18n.show_moment(moment, "pl") == shown
    monkeypatch.undo()
    time.tzset()
