"""Every kind of value: what is stored is loaded, what is shown is read back, what leaves as JSON or a cell returns."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qmdesk import i18n
from qmdesk.records.case import Case, CaseState, Decision, Demand
from qmdesk.records.catalog import RECORDS
from qmdesk.records.paper import Attachment
from qmdesk.records.party import Customer
from qmdesk.records.product import Product
from qmdesk.schema import types
from qmdesk.schema.record import check_all, draft
from qmdesk.schema.types import Type

modest = settings(derandomize=True, max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def grosze(low: int = 0, high: int = 9_999_999_999_999) -> st.SearchStrategy[Decimal]:
    return st.integers(low, high).map(lambda whole: Decimal(whole).scaleb(-2))


lines = st.text(st.characters(exclude_categories=["C"]), max_size=60).map(types.Text().parse)
moments = st.datetimes(datetime.fromisoformat("1991-01-01"), datetime.fromisoformat("2089-12-31"), timezones=st.just(UTC)).map(
    lambda moment: moment.replace(second=0, microsecond=0)
)


@dataclass(frozen=True)
class Sample:
    """A type, values it can hold, and whether a person can type what it shows."""

    type: Type[Any]
    values: st.SearchStrategy[Any]
    typed: bool = True


SAMPLES = {
    "text": Sample(types.Text(), lines),
    "long text": Sample(types.LongText(), st.text(max_size=80).map(types.LongText().parse)),
    "e-mail": Sample(types.Email(), st.sampled_from(["jan@example.com", "ł.ż@żółć.pl", "a+b@c.d.e"])),
    "phone": Sample(types.Phone(), st.sampled_from(["600 100 200", "+48 42 600-10-20", "(22) 600.10.20 wewn. 7"])),
    "nip": Sample(types.Nip(), st.sampled_from(["5260250274", "7740001454", "DE136695976"])),
    "ean": Sample(types.Ean(), st.sampled_from(["5901234123457", "96385074", "036000291452"])),
    "vat": Sample(types.VatRate(), st.sampled_from(["23", "8", "5", "0", "5.5", "zw", "np"])),
    "day": Sample(types.Day(), st.dates(date(1990, 1, 1), date(2100, 12, 31))),
    "moment": Sample(types.Moment(), moments),
    "money": Sample(types.Money(), grosze()),
    "signed money": Sample(types.Money(signed=True), grosze(-9_999_999_999_999)),
    "percent": Sample(types.Percent(), grosze(0, 10_000)),
    "number": Sample(types.Number(), grosze(-9_999_999_999_999)),
    "count": Sample(types.Count(), st.integers(0, 1_000_000_000)),
    "flag": Sample(types.Flag(), st.booleans()),
    "choice": Sample(types.Choice(CaseState), st.sampled_from(list(CaseState))),
    "other choice": Sample(types.Choice(Demand), st.sampled_from(list(Demand))),
    "ref": Sample(types.Ref(Customer), st.integers(1, 999_999_999)),
    "file": Sample(types.File(), st.binary(min_size=32, max_size=32).map(bytes.hex)),
}
each_type = pytest.mark.parametrize("sample", SAMPLES.values(), ids=SAMPLES)
each_language = pytest.mark.parametrize("lang", ["pl", "en"])


def refuses(read: Callable[[], object]) -> bool:
    """Whether reading raises what the callers turn into a sentence."""
    try:
        read()
    except (ValueError, OverflowError):
        return True
    return False


@pytest.fixture
def warsaw(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The clock of a shop in Poland."""
    if not hasattr(time, "tzset"):
        pytest.skip("this system's clock can't be set for one program")
    monkeypatch.setenv("TZ", "Europe/Warsaw")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


# -- round trips


@each_type
@modest
@given(data=st.data())
def test_what_is_stored_is_loaded_and_is_no_problem(sample: Sample, data: st.DataObject) -> None:
    value = data.draw(sample.values)
    stored = sample.type.store(value)
    assert isinstance(stored, str | int)
    assert not isinstance(stored, bool)
    assert (sample.type.sql == "INTEGER") == isinstance(stored, int)
    assert sample.type.load(stored) == value
    assert value == "" or sample.type.problem(value, "It") == ""


@each_type
@each_language
@modest
@given(data=st.data())
def test_what_is_shown_is_read_back(sample: Sample, lang: str, data: st.DataObject) -> None:
    value = data.draw(sample.values)
    i18n.use(lang)
    shown = sample.type.show(value, lang, "PLN")
    assert shown == "" or sample.type.parse(shown) == value
    assert shown == sample.type.show(value, None, "PLN")


@each_type
@modest
@given(data=st.data())
def test_json_and_cells_come_back(sample: Sample, data: st.DataObject) -> None:
    value = data.draw(sample.values)
    for lang in ("pl", "en"):
        cell = sample.type.cell(value, lang)
        assert cell == "" or sample.type.from_cell(cell) == value
    told = sample.type.json(value)
    assert told is None or isinstance(told, str | int | bool)
    assert told == "" or sample.type.from_cell(told) == value


@each_type
@modest
@given(told=st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=40) | st.lists(st.integers(), max_size=2))
def test_any_json_is_taken_or_refused_in_a_sentence(sample: Sample, told: Any) -> None:
    needed = {"name": "x", "received_at": "2026-11-20", "description": "It broke."}
    for kind in (Case, Customer, Product, Attachment):
        for name, field in kind.spec.fields.items():
            if type(field.type) is type(sample.type):
                given = {key: value for key, value in needed.items() if key in kind.spec.fields} | {name: told}
                made, problems = draft(kind, given)
                assert (made is None) == bool(problems)
                assert made is None or isinstance(field.type.store(getattr(made, name)), str | int | None)
                break


# -- text


def test_text_is_kept_clean() -> None:
    text, long = types.Text(), types.LongText()
    assert text.parse("  Łucja\t\n Żak ") == "Łucja Żak"
    assert text.parse("Z\u0307ak") == "Żak"
    assert text.parse("a\x00b\u202ec\ud800d") == "abcd"
    assert long.parse("one\r\ntwo\rthree\n") == "one\ntwo\nthree"


def test_a_workbook_keeps_numbers_where_text_is_meant() -> None:
    assert types.Text().from_cell(1001.0) == "1001"
    assert types.Text().from_cell(12.5) == "12.5"
    assert types.Text().from_cell(float("inf")) == "inf"


def test_too_long_text_says_how_long() -> None:
    said = types.Text(5).problem("abcdef", "Name")
    assert "6" in said
    assert "5" in said


@pytest.mark.parametrize("address", ["x", "@example.com", "jan@", "jan@example", "a@b@c.pl", "jan kot@example.com", "jan@example.com\nBcc:kot@example.com"])
def test_wrong_addresses(address: str) -> None:
    assert types.Email().problem(types.Email().parse(address), "E-mail")


@pytest.mark.parametrize("written", ["jan@example.com", " JAN@Example.com ", "Jan Kot <jan@example.com>", "<jan@example.com>", "mailto:jan@example.com"])
def test_an_address_as_it_is_copied_from_a_letter(written: str) -> None:
    assert types.Email().parse(written) == "jan@example.com"


def test_a_telephone_number_without_the_words_around_it() -> None:
    phone = types.Phone()
    for written in ("tel. 600 100 200", "Telefon: 600 100 200", "kom.600 100 200", "'600 100 200"):
        assert phone.parse(written) == "600 100 200"
    assert phone.parse("600100200.0") == "600100200"  # a list of numbers that a program wrote as such
    assert phone.problem(phone.parse("call tel. me"), "Phone")


@pytest.mark.parametrize("number", ["1234", "600 100 200 300 400 500", "call me", "600-100-200;drop"])
def test_wrong_telephone_numbers(number: str) -> None:
    assert types.Phone().problem(number, "Phone")


def test_tax_numbers_and_bar_codes_prove_their_check_digit() -> None:
    nip, ean = types.Nip(), types.Ean()
    assert nip.parse("PL 526-025-02-74") == "5260250274"
    for right in ("526-025-02-74", "pl5260250274", "DE136695976"):
        assert nip.problem(nip.parse(right), "NIP") == ""
    for wrong in ("526-025-02-75", "123", "DE136695977", "XX123456789", "526025027"):
        assert "NIP" in nip.problem(nip.parse(wrong), "NIP")
    assert ean.problem(ean.parse("590 1234 12345 7"), "EAN") == ""
    for wrong in ("5901234123458", "12345", "abc"):
        assert ean.problem(ean.parse(wrong), "EAN")


# -- numbers


def test_vat_rates() -> None:
    rate = types.VatRate()
    for written, kept in (("23%", "23"), ("8,0 %", "8"), ("ZW", "zw"), ("np", "np"), ("zw.", "zw"), ("n.p.", "np"), ("0", "0"), ("-0", "0"), ("5.50", "5.5"), ("0.23", "23"), ("0,08", "8"), ("0.5 %", "0.5")):
        assert rate.parse(written) == kept
    for cell, kept in ((0.23, "23"), (0.07, "7"), (0.055, "5.5"), (23, "23"), (23.0, "23"), (0, "0"), (0.0, "0"), ("23 %", "23")):
        assert rate.from_cell(cell) == kept
    for wrong in ("100", "-5", "x", "", float("nan"), float("inf")):
        assert refuses(lambda wrong=wrong: rate.from_cell(wrong))
    assert rate.from_cell(5.5, types.Reading(decimal=",")) == "5.5"  # a number beside texts written with a comma
    assert (rate.show("5.5", "pl"), rate.show("23", "en"), rate.show("zw"), rate.show("")) == ("5,5\u00a0%", "23\u00a0%", "zw", "")


def test_an_amount_typed_in_english_groups_thousands_with_a_comma() -> None:
    i18n.use("en")
    assert types.Money().parse("1,500") == 1500
    assert types.Count().parse("1,500") == 1500
    i18n.use("pl")
    assert types.Money().parse("1,500") == Decimal("1.5")
    assert types.Money().parse("1.500") == 1500
    assert types.Count().parse("1.500") == 1500


@pytest.mark.parametrize("kind", [types.Money(), types.Percent(), types.Number(), types.Count(), types.VatRate()], ids=["money", "percent", "number", "count", "vat"])
@pytest.mark.parametrize("cell", [float("nan"), float("inf"), float("-inf"), 1e300, True, "1e99", "", "x", 10**40])
def test_numbers_out_of_this_world_are_refused(kind: Type[Any], cell: Any) -> None:
    try:
        value = kind.from_cell(cell)
    except (ValueError, OverflowError):
        return
    assert kind.problem(value, "It")


def test_money_is_exact_and_bounded() -> None:
    money = types.Money()
    assert money.from_cell(0.1 + 0.2) == Decimal("0.30")
    assert money.store(Decimal("0.29")) == 29
    assert money.problem(Decimal("0.001"), "Price")
    assert money.problem(Decimal("-0.01"), "Price")
    assert types.Money(signed=True).problem(Decimal("-0.01"), "Price") == ""
    assert money.problem(Decimal("100000000000"), "Price")
    assert types.Percent().problem(Decimal("100.01"), "Share")


def test_counts_are_whole() -> None:
    assert refuses(lambda: types.Count().parse("1,5"))
    assert types.Count().parse("2.0") == 2
    assert types.Count(least=1).problem(0, "Pieces")
    assert types.Count().problem(True, "Pieces")


def test_yes_and_no() -> None:
    flag = types.Flag()
    assert [flag.parse(word) for word in ("tak", "Yes", "1", "x", "prawda")] == [True] * 5
    assert [flag.parse(word) for word in ("nie", "No", "0", "fałsz")] == [False] * 4
    assert refuses(lambda: flag.parse("maybe"))


def test_choices_are_read_by_value_and_by_label_in_both_languages() -> None:
    choice = types.Choice(Decision)
    for decision in Decision:
        for lang in ("pl", "en"):
            assert choice.parse(f" {choice.show(decision, lang).upper()} ") is decision
        assert choice.parse(decision.value) is decision
    assert refuses(lambda: choice.parse("perhaps"))
    assert "Accepted in part" in choice.problem("perhaps", "Decision")


def test_choices_are_read_as_people_say_them() -> None:
    state, decision = types.Choice(CaseState), types.Choice(Decision)
    for word, meant in (("nowe", CaseState.NEW), ("NOWY", CaseState.NEW), ("zamknięte", CaseState.CLOSED), ("Zamkniety", CaseState.CLOSED), ("w toku", CaseState.ASSESSING), ("Open", CaseState.NEW)):
        assert state.parse(word) is meant
    assert decision.parse("odrzucona") is Decision.REJECTED
    assert decision.parse("uznana częściowo") is Decision.PARTIAL
    i18n.use("pl")
    assert "W trakcie oceny" in state.problem("?", "Stan")


def test_every_way_to_say_a_choice_means_one_word() -> None:
    for kind in RECORDS:
        for field in kind.spec.fields.values():
            if isinstance(field.type, types.Choice):
                for word in field.type.words:
                    for said in (str(word.value), field.type.show(word, "pl"), field.type.show(word, "en"), *word.aka):
                        assert field.type.parse(said) is word, f"{kind.spec.table}.{field.name}: {said}"


def test_refs_are_ids() -> None:
    ref = types.Ref(Customer)
    assert ref.parse("#12") == 12
    for wrong in ("", "x", "-1", "1.5", "1_000", "9" * 30):
        assert refuses(lambda wrong=wrong: ref.parse(wrong))
    for wrong in (0, -1, 2**63, "1"):
        assert ref.problem(wrong, "Customer")


# -- days and moments


@pytest.mark.usefixtures("warsaw")
@pytest.mark.parametrize(("on", "hours"), [("2026-03-29", 23), ("2026-10-25", 25), ("2026-11-22", 24)])
def test_a_question_about_a_day_asks_about_all_of_it(on: str, hours: int) -> None:
    moment, asked = types.Moment(), date.fromisoformat(on)
    sql, (start, end) = moment.clause(types.IS, "at", [asked])
    assert sql == "at >= ? AND at < ?"
    length = moment.load(end) - moment.load(start)
    assert length == timedelta(hours=hours)
    assert moment.load(start).astimezone().strftime("%Y-%m-%d %H:%M") == f"{on} 00:00"
    assert moment.clause(types.SINCE, "at", [asked]) == ("at >= ?", [start])
    assert moment.clause(types.AFTER, "at", [asked]) == ("at >= ?", [end])
    assert moment.clause(types.UNTIL, "at", [asked]) == ("at < ?", [end])
    assert moment.clause(types.BEFORE, "at", [asked]) == ("at < ?", [start])
    assert moment.clause(types.BETWEEN, "at", [asked, asked]) == (sql, [start, end])


@pytest.mark.parametrize("day", [date.min, date.max])
def test_a_question_about_the_ends_of_the_calendar_is_no_crash(day: date) -> None:
    for operator in types.Moment.operators[:6]:
        sql, parameters = types.Moment().clause(operator, "at", [day] * operator.values)
        assert sql.count("?") == len(parameters)


def test_a_question_about_a_moment_is_exact() -> None:
    moment = datetime(2026, 11, 22, 10, 30, tzinfo=UTC)
    assert types.Moment().clause(types.IS, "at", [moment]) == ("at IS ?", ["2026-11-22T10:30:00Z"])


def test_impossible_years_are_a_problem() -> None:
    assert types.Day().problem(date(1926, 1, 1), "Sold on")
    assert types.Day().problem(datetime(2026, 1, 1, tzinfo=UTC), "Sold on")
    assert types.Moment().problem(datetime(2226, 1, 1, tzinfo=UTC), "At")
    assert types.Moment().problem(datetime.fromisoformat("2026-01-01"), "At")


def test_workbook_moments_are_the_shops_clock() -> None:
    reading = types.Reading(zone="Europe/Warsaw")
    assert types.Moment().from_cell(datetime.fromisoformat("2026-07-01T12:00"), reading) == datetime(2026, 7, 1, 10, tzinfo=UTC)
    assert types.Moment().from_cell(date(2026, 7, 1), reading) == datetime(2026, 7, 1, 10, tzinfo=UTC)
    assert types.Day().from_cell(datetime.fromisoformat("2026-07-01T23:30")) == date(2026, 7, 1)


# -- questions about text


@pytest.mark.parametrize(
    ("kept", "asked", "found"),
    [
        ("Łódź", "łódź", True), ("łódź", "ŁÓD", True), ("50% off", "50%", True), ("500 off", "50%", False), ("a_b", "a_b", True), ("axb", "a_b", False),
        ("what?", "at?", True), ("whatx", "at?", False), ("[x]", "[x]", True), ("x", "[x]", False), ("a*b", "*", True), ("ab", "*", False),
        ("Straße", "straß", True), ("abc", "", True), ("x" * 3000, "x" * 60_000, True), ("back\\slash", "K\\S", True), ("a]b", "]", True), ("a^b", "^", True),
    ],
)  # fmt: skip
def test_contains_knows_small_and_capital_letters_and_no_wildcards(kept: str, asked: str, found: bool) -> None:
    from qmdesk.store.driver import _sqlite  # the same SQLite the register uses

    sql, parameters = types.Text().clause(types.CONTAINS, "kept", [asked])
    connection = _sqlite.connect(":memory:")
    assert connection.execute(f"SELECT {sql} FROM (SELECT ? AS kept)", [*parameters, kept]).fetchone()[0] == found
    connection.close()


def test_a_draft_that_lacks_a_moment_is_told_all_that_is_missing() -> None:
    made, problems = draft(Case, {"demand": "perhaps", "claimed": "x", "colour": "red", "note": ["a"]})
    assert made is None
    assert {problem.field for problem in problems} == {"received_at", "demand", "claimed", "colour", "note"}
    assert check_all(Customer(name="")) != []


