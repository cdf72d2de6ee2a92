"""Days off and counting: the holidays of law.md 3.2, months clipped, ends that move, and years nobody knows."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qmdesk.errors import Known
from qmdesk.law import calendar
from qmdesk.law.words import rule_file

# law.md 3.2: Easter Sunday, Easter Monday, Pentecost, Corpus Christi as (day, month)
MOVABLE = {
    2025: ((20, 4), (21, 4), (8, 6), (19, 6)),
    2026: ((5, 4), (6, 4), (24, 5), (4, 6)),
    2027: ((28, 3), (29, 3), (16, 5), (27, 5)),
    2028: ((16, 4), (17, 4), (4, 6), (15, 6)),
    2029: ((1, 4), (2, 4), (20, 5), (31, 5)),
    2030: ((21, 4), (22, 4), (9, 6), (20, 6)),
    2031: ((13, 4), (14, 4), (1, 6), (12, 6)),
    2032: ((28, 3), (29, 3), (16, 5), (27, 5)),
}
FIXED = ((1, 1), (6, 1), (1, 5), (3, 5), (15, 8), (1, 11), (11, 11), (25, 12), (26, 12))
ANY_DAY = st.dates(date(1, 1, 1), date(9998, 12, 31))
COUNTRIES = ("PL", "CZ", "SK", "DE", "EU", "XX")


@pytest.mark.parametrize("year", MOVABLE)
def test_polish_days_off_are_those_of_the_law(year: int) -> None:
    expected = {date(year, month, day) for day, month in (*FIXED, *MOVABLE[year], (24, 12))}
    assert set(calendar.days_off("PL", year)) == expected


def test_christmas_eve_is_a_day_off_only_since_2025() -> None:
    easter = {date(2024, 3, 31), date(2024, 4, 1), date(2024, 5, 19), date(2024, 5, 30)}
    assert set(calendar.days_off("PL", 2024)) == easter | {date(2024, month, day) for day, month in FIXED}
    assert not calendar.is_day_off("PL", date(2024, 12, 24))
    assert calendar.holiday("PL", date(2025, 12, 24)).to("pl") == "Wigilia"
    assert calendar.holiday("PL", date(2025, 12, 24)).to("en") == "Christmas Eve"
    assert calendar.is_day_off("PL", date(2018, 11, 12))


@pytest.mark.parametrize("country", ["PL", "CZ", "SK", "DE"])
def test_every_holiday_has_its_name_in_both_languages(country: str) -> None:
    known = rule_file("holidays")["name"]
    for year in range(1993, 2101):
        for day, name in calendar._from_library(country, year).items():
            assert all(part in known for part in name.split("; ")), (day, name)


def test_sundays_are_off_and_saturdays_are_passed_over() -> None:
    saturday, sunday = date(2026, 11, 21), date(2026, 11, 22)
    assert not calendar.is_day_off("PL", saturday)
    assert calendar.is_day_off("PL", sunday)
    assert calendar.moved("PL", saturday) == calendar.moved("PL", sunday) == date(2026, 11, 23)
    assert calendar.moved("PL", date(2016, 6, 18)) == date(2016, 6, 18)  # a Saturday before 2017
    assert calendar.moved("DE", date(2016, 6, 18)) == date(2016, 6, 20)
    assert calendar.moved("XX", date(2026, 11, 21)) == date(2026, 11, 23)


def test_a_correction_mends_the_library(monkeypatch: pytest.MonkeyPatch) -> None:
    mended = {
        "name": rule_file("holidays")["name"],
        "correction": [
            {"country": "PL", "date": date(2031, 2, 3), "off": True, "name_en": "A new day", "name_pl": "Nowe święto"},
            {"country": "PL", "date": date(2031, 1, 6), "off": False},
        ],
    }
    monkeypatch.setattr(calendar, "rule_file", lambda _name: mended)
    calendar.days_off.cache_clear()
    try:
        assert calendar.holiday("PL", date(2031, 2, 3)).to("pl") == "Nowe święto"
        assert not calendar.is_day_off("PL", date(2031, 1, 6))
    finally:
        calendar.days_off.cache_clear()


@pytest.mark.parametrize(
    ("start", "amount", "unit", "end"),
    [
        ("2026-11-22", 14, "days", "2026-12-06"),
        ("2026-11-22", 0, "days", "2026-11-22"),
        ("2024-02-29", 24, "months", "2026-02-28"),
        ("2024-02-29", 48, "months", "2028-02-29"),
        ("2026-01-31", 1, "months", "2026-02-28"),
        ("2026-08-31", 1, "months", "2026-09-30"),
        ("2026-12-31", 12, "months", "2027-12-31"),
        ("2026-11-16", 12, "months", "2027-11-16"),
    ],
)
def test_counting(start: str, amount: int, unit: str, end: str) -> None:
    assert calendar.later(date.fromisoformat(start), amount, unit) == date.fromisoformat(end)


def test_past_the_calendar_is_a_sentence() -> None:
    for amount, unit in ((14, "days"), (24, "months")):
        with pytest.raises(Known, match="9999"):
            calendar.later(date.max, amount, unit)
    with pytest.raises(ValueError, match="weeks"):
        calendar.later(date(2026, 1, 1), 2, "weeks")


@pytest.mark.parametrize("country", COUNTRIES)
def test_years_nobody_knows_have_their_sundays(country: str) -> None:
    for year in (1, 1900, 1989, 2100, 2101, 2500, 9999):
        assert all(day.year == year for day in calendar.days_off(country, year))
        assert calendar.moved(country, date(year, 6, 1)) >= date(year, 6, 1)


@given(ANY_DAY, st.sampled_from(COUNTRIES))
def test_an_end_moves_forward_to_a_day_it_may_end_on(day: date, country: str) -> None:
    moved = calendar.moved(country, day)
    assert day <= moved <= day + timedelta(days=10)
    assert not calendar.passes_over(country, moved)
    assert not calendar.is_day_off(country, moved)
    assert all(calendar.passes_over(country, day + timedelta(days=n)) for n in range((moved - day).days))


@given(ANY_DAY, ANY_DAY, st.integers(0, 400), st.sampled_from(["days", "months"]))
def test_a_later_start_never_ends_earlier(one: date, other: date, amount: int, unit: str) -> None:
    early, late = sorted((one, other))
    try:
        assert calendar.later(early, amount, unit) <= calendar.later(late, amount, unit)
    except Known:
        assert late.year > 9900
