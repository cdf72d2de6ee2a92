"""Numbers, days and moments out of what people type and programs export."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from functools import partial
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qmdesk.schema.parsing import (
    local_to_utc,
    moment_on,
    parse_day,
    parse_moment,
    parse_number,
    typed_day,
    zone_named,
)

WARSAW = ZoneInfo("Europe/Warsaw")
SATURDAY = date(2026, 11, 21)
NO_ZONE = datetime.fromisoformat("2026-07-01T12:00")


def refuses(read: Callable[[], object]) -> bool:
    """Whether reading raises ValueError, which the callers turn into a sentence."""
    try:
        read()
    except ValueError:
        return True
    return False


modest = settings(derandomize=True, max_examples=150, deadline=None)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0", "0"), ("12", "12"), (" 12 ", "12"), ("+12", "12"), ("-11,29", "-11.29"), ("−11,29", "-11.29"), ("(12.00)", "-12.00"),
        ("1 234,50 zł", "1234.50"), ("1\u00a0234,50\u00a0zł", "1234.50"), ("1\u202f234,50 PLN", "1234.50"), ("PLN 1,234.50", "1234.50"),
        ("PLN1,234.50", "1234.50"), ("-PLN1,234.50", "-1234.50"), ("$1,433.66", "1433.66"), ("€ 5", "5"), ("5€", "5"), ("£-5.5", "-5.5"),
        ("1.234,56", "1234.56"), ("1,234.56", "1234.56"), ("1.234.567", "1234567"), ("1,234,567", "1234567"), ("1'234'567.8", "1234567.8"),
        ("12,5 %", "12.5"), ("0,5", "0.5"), (",5", "0.5"), ("5,", "5"), ("1e3", "1E+3"), ("1.5E-2", "0.015"), ("12 szt.", "12"), ("1,500", "1.500"), ("12,-", "12"), ("1 200,– zł", "1200"), ("12,50 Kč", "12.5"),
    ],
)  # fmt: skip
def test_numbers_as_people_write_them(text: str, value: str) -> None:
    assert parse_number(text) == Decimal(value)


@pytest.mark.parametrize(
    "text",
    ["", " ", "-", "()", ".", ",", "abc", "12a34", "1.2.3", "22.11.2026", "12/13", "1,23,45", "1.23,45,6", "1,2.3,4", "²", "--", "1e999", "NaN", "inf", "0x10", "12:30"],
)
def test_what_is_no_number(text: str) -> None:
    assert refuses(lambda: parse_number(text))


def test_a_file_that_names_its_decimal_sign_is_believed() -> None:
    assert parse_number("1,500", ".") == 1500
    assert parse_number("1,500", ",") == Decimal("1.5")
    assert parse_number("1.234,5", ",") == Decimal("1234.5")
    for text, sign in (("12.34", ","), ("12,34", "."), ("1.500,5", ".")):
        assert refuses(partial(parse_number, text, sign))


def test_the_readers_language_settles_what_can_be_read_both_ways() -> None:
    assert parse_number("1,500", usual=".") == 1500
    assert parse_number("1,500", usual=",") == Decimal("1.5")
    assert parse_number("1.500", usual=",") == 1500
    assert parse_number("0.500", usual=",") == Decimal("0.5")
    assert parse_number("12.50", usual=",") == Decimal("12.5")
    assert parse_number("1500.250", usual=",") == Decimal("1500.25")


@modest
@given(st.text(max_size=30))
def test_any_text_is_a_number_or_a_value_error(text: str) -> None:
    for decimal in (None, ",", "."):
        with suppress(ValueError):
            assert parse_number(text, decimal).is_finite()


@pytest.mark.parametrize(
    ("text", "order"),
    [
        ("2026-11-22", "dmy"), ("2026/11/22", "dmy"), ("20261122", "dmy"), ("22.11.2026", "dmy"), ("22-11-2026", "dmy"), ("22/11/26", "dmy"),
        ("11/22/2026", "dmy"), ("11/22/2026", "mdy"), ("Nov-22-26", "dmy"), ("22-Nov-2026", "dmy"), ("22 Nov 2026", "dmy"), ("Nov 22, 2026", "mdy"),
        ("22 listopada 2026", "dmy"), ("22 lis 2026", "dmy"), ("November 22 2026", "mdy"), ("2026-11-22T10:00:00Z", "dmy"), ("22.11.2026 10:00", "dmy"),
        ("2026-11-22 10:00:00 +0100", "dmy"), ("11/22/2026 1:05 PM", "mdy"), ("26-11-22", "ymd"), ("26.11.22", "ymd"), (" 22.11.2026 ", "dmy"),
        ("22.11.2026 r.", "dmy"), ("22 listopada 2026 r.", "dmy"), ("niedziela, 22 listopada 2026", "dmy"), ("nd., 22.11.2026r.", "dmy"), ("22.11.2026, godz. 10:00", "dmy"),
        ("Sun, 22 Nov 2026 10:00:00 +0100", "dmy"), ("November 22, 2026 at 2:03 PM", "mdy"),
    ],
)  # fmt: skip
def test_days_as_people_and_programs_write_them(text: str, order: str) -> None:
    assert parse_day(text, order) == date(2026, 11, 22)


def test_the_order_of_day_and_month_is_the_files() -> None:
    assert parse_day("03/04/2026", "dmy") == date(2026, 4, 3)
    assert parse_day("03/04/2026", "mdy") == date(2026, 3, 4)


@pytest.mark.parametrize("text", ["", "x", "29.02.2026", "31.04.2026", "13/13/2026", "00.01.2026", "2026-13-01", "22 foo 2026", "99999999", "22.11", "22.11-2026", "12345"])
def test_what_is_no_day(text: str) -> None:
    assert refuses(lambda: parse_day(text))


def test_the_29th_of_february() -> None:
    assert parse_day("29.02.2028") == date(2028, 2, 29)
    assert typed_day("29", date(2028, 2, 1)) == date(2028, 2, 29)
    assert typed_day("29.2", date(2028, 5, 1)) == date(2028, 2, 29)
    for text in ("29", "30", "29.2"):
        assert refuses(partial(typed_day, text, date(2026, 2, 1)))


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("t", SATURDAY), ("D", SATURDAY), ("dziś", SATURDAY), ("today", SATURDAY), ("+3", date(2026, 11, 24)), ("-1", date(2026, 11, 20)),
        ("-21", date(2026, 10, 31)), ("5", date(2026, 11, 5)), ("05", date(2026, 11, 5)), ("5.3", date(2026, 3, 5)), ("5.3.", date(2026, 3, 5)),
        ("5/3", date(2026, 3, 5)), ("5.3.25", date(2025, 3, 5)), ("2025-03-05", date(2025, 3, 5)), ("5 mar 2025", date(2025, 3, 5)),
    ],
)  # fmt: skip
def test_days_as_typed_into_a_field(typed: str, expected: date) -> None:
    assert typed_day(typed, SATURDAY) == expected


@pytest.mark.parametrize("typed", ["31", "0", "00", "32", "99", "+", "5.13", "0.0", "", "tt", "+99999"])
def test_what_is_no_day_in_november(typed: str) -> None:
    assert refuses(lambda: typed_day(typed, SATURDAY))


@modest
@given(st.text(max_size=25) | st.from_regex(r"\A[0-9./ T:+-]{1,25}\Z"), st.sampled_from(["dmy", "mdy", "ymd"]))
def test_any_text_is_a_day_and_a_moment_or_a_value_error(text: str, order: str) -> None:
    for read in (lambda: parse_day(text, order), lambda: typed_day(text, SATURDAY, order), lambda: parse_moment(text, order)):
        with suppress(ValueError):
            read()


@modest
@given(st.dates(date(1990, 1, 1), date(2089, 12, 31)))
def test_every_day_is_read_in_every_spelling(day: date) -> None:
    assert parse_day(day.isoformat()) == day
    assert parse_day(f"{day:%d.%m.%Y}") == day
    assert parse_day(f"{day:%m/%d/%Y}", "mdy") == day
    assert typed_day(f"{day:%d.%m.%Y}", SATURDAY) == day


def test_moments_keep_their_zone() -> None:
    assert parse_moment("2026-07-25T14:30:00Z") == datetime(2026, 7, 25, 14, 30, tzinfo=UTC)
    assert parse_moment("2026-07-25T14:30:00.123Z") == datetime(2026, 7, 25, 14, 30, tzinfo=UTC)
    assert parse_moment("2026-07-25 14:30:00 +0200") == datetime(2026, 7, 25, 12, 30, tzinfo=UTC)
    assert parse_moment("2026-07-25T14:30:00-05:30") == datetime(2026, 7, 25, 14, 30, tzinfo=timezone(-timedelta(hours=5, minutes=30)))
    assert parse_moment("25.07.2026 14:30", zone=WARSAW) == datetime(2026, 7, 25, 12, 30, tzinfo=UTC)
    assert parse_moment("25.01.2026 14:30", zone=WARSAW) == datetime(2026, 1, 25, 13, 30, tzinfo=UTC)
    assert parse_moment("07/25/2026 12:05 AM", "mdy", WARSAW) == datetime(2026, 7, 24, 22, 5, tzinfo=UTC)
    assert parse_moment("07/25/2026 12:05 PM", "mdy", WARSAW) == datetime(2026, 7, 25, 10, 5, tzinfo=UTC)


def test_a_day_without_time_is_its_noon_and_the_same_day_all_over_europe() -> None:
    moment = parse_moment("2026-03-29", zone=WARSAW)
    assert moment == moment_on(date(2026, 3, 29), WARSAW)
    for zone in ("Atlantic/Azores", "Europe/Lisbon", "Europe/Warsaw", "Europe/Helsinki", "Europe/Istanbul"):
        assert moment.astimezone(ZoneInfo(zone)).date() == date(2026, 3, 29)


def test_the_hour_that_does_not_exist_and_the_one_that_comes_twice() -> None:
    assert parse_moment("29.03.2026 02:30", zone=WARSAW) in (datetime(2026, 3, 29, 1, 30, tzinfo=UTC), datetime(2026, 3, 29, 0, 30, tzinfo=UTC))
    assert parse_moment("25.10.2026 02:30", zone=WARSAW) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


@pytest.mark.parametrize("text", ["2026-07-25T24:00:00", "2026-07-25 12:60", "2026-07-25T10:00:00+99:00", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "25:00"])
def test_what_is_no_moment(text: str) -> None:
    assert refuses(lambda: parse_moment(text))


def test_the_ends_of_the_calendar_are_a_value_error_on_every_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    if not hasattr(time, "tzset"):
        pytest.skip("this system's clock can't be set for one program")
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    time.tzset()
    try:
        assert refuses(lambda: parse_moment("0001-01-01 00:00"))
    finally:
        monkeypatch.undo()
        time.tzset()


def test_zones_by_name() -> None:
    assert zone_named("") is None
    assert zone_named("Europe/Warsaw") == WARSAW
    for wrong in ("Nowhere/Land", "../../etc/passwd", "Europe"):
        assert refuses(partial(zone_named, wrong))
    assert local_to_utc(NO_ZONE, WARSAW) == datetime(2026, 7, 1, 10, tzinfo=UTC)
