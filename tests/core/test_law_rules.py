"""Deadlines: the vectors of law.md 3.4, every row of its rule table, what may and may not follow, and the reasoning in both languages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qmdesk import i18n
from qmdesk.errors import Known
from qmdesk.law import calendar
from qmdesk.law.rules import (
    Kind,
    Pack,
    Rule,
    Shift,
    Situation,
    Switch,
    Term,
    circumstance_name,
    consequence,
    countries,
    deadline,
    event_name,
    load,
    terms,
)
from qmdesk.law.words import rule_file
from qmdesk.records.case import LegalBasis
from qmdesk.records.party import BuyerType

BASES = {str(basis.value) for basis in LegalBasis}
BUYERS = {str(buyer.value) for buyer in BuyerType}
CONTRACTS = {"shop", "distance", "off_premises", "off_premises_visit", "excursion"}
EVENTS, CIRCUMSTANCES, EXPIRY = (rule_file("events")[kind] for kind in ("event", "circumstance", "expiry"))
SOLE = "sole_trader_consumer_rights"


def day(text: str) -> date:
    return date.fromisoformat(text)


def rules() -> Iterator[tuple[Pack, Rule]]:
    for country in countries():
        pack = load(country)
        yield from ((pack, rule) for rule in pack.rules)


def found(situation: Situation, *switches: Switch, country: str = "PL") -> dict[str, Term]:
    return {term.rule.id: term for term in terms(load(country), situation, switches)}


def complaint(**events: str) -> Situation:
    return Situation(basis="non_conformity", events={name: day(on) for name, on in events.items()})


def withdrawal(*circumstances: str, contract: str = "distance", **events: str) -> Situation:
    return Situation(basis="withdrawal", contract=contract, events={name: day(on) for name, on in events.items()}, circumstances=frozenset(circumstances))


# ------------------------------------------------------------------------------- vectors of law.md 3.4


@pytest.mark.parametrize(
    ("rule", "start", "nominal", "legal"),
    [
        ("PL-CMP-ANSWER", "2026-11-22", "2026-12-06", "2026-12-07"),
        ("PL-CMP-ANSWER", "2026-12-10", "2026-12-24", "2026-12-28"),
        ("PL-CMP-ANSWER", "2026-12-11", "2026-12-25", "2026-12-28"),
        ("PL-CMP-ANSWER", "2024-12-10", "2024-12-24", "2024-12-24"),
        ("PL-CMP-ANSWER", "2025-12-10", "2025-12-24", "2025-12-29"),
        ("PL-CMP-ANSWER", "2026-04-17", "2026-05-01", "2026-05-04"),
        ("PL-CMP-ANSWER", "2026-03-20", "2026-04-03", "2026-04-03"),
        ("PL-CMP-ANSWER", "2026-03-23", "2026-04-06", "2026-04-07"),
        ("PL-CMP-ANSWER", "2026-05-21", "2026-06-04", "2026-06-05"),
        ("PL-CMP-ANSWER", "2026-10-28", "2026-11-11", "2026-11-12"),
        ("PL-CMP-ANSWER", "2026-10-18", "2026-11-01", "2026-11-02"),
        ("PL-WD-30", "2026-11-06", "2026-12-06", "2026-12-07"),
        ("PL-WD-NOINFO", "2026-11-16", "2027-11-16", "2027-11-16"),
        ("PL-WD-NOINFO", "2026-11-02", "2027-11-02", "2027-11-02"),
        ("PL-LIABILITY", "2024-02-29", "2026-02-28", "2026-02-28"),
        ("PL-LIABILITY", "2026-11-22", "2028-11-22", "2028-11-22"),
    ],
)
def test_the_vectors(rule: str, start: str, nominal: str, legal: str) -> None:
    term = deadline(rule, day(start))
    assert (term.nominal, term.legal) == (day(nominal), day(legal))


def test_not_informed_counts_from_the_moved_end() -> None:
    for start, end in (("2026-11-02", "2027-11-16"), ("2026-10-18", "2027-11-02")):
        told = found(withdrawal("not_informed", withdrawal_start=start))
        assert {rule: term.legal for rule, term in told.items()} == {"PL-WD-NOINFO": day(end)}


def test_a_repair_makes_liability_longer_where_it_is_switched_on() -> None:
    situation = Situation(basis="non_conformity", contract_on=day("2026-11-20"), events={"goods_delivered": day("2026-11-22")}, circumstances=frozenset({"first_repair_done"}))
    assert found(situation)["PL-LIABILITY"].legal == day("2028-11-22")
    assert "PL-REPAIR-EXT" not in found(situation)
    told = found(situation, Switch("PL-REPAIR-EXT", True, day("2026-11-01")))
    assert told["PL-REPAIR-EXT"].legal == day("2029-11-22")
    assert "PL-LIABILITY" not in told
    assert "PL-REPAIR-EXT" not in found(situation, Switch("PL-REPAIR-EXT", True, day("2026-12-01")))
    assert "PL-CMP-ANSWER" in found(complaint(complaint_received="2026-11-22"), Switch("PL-CMP-ANSWER", False))  # not for a shop to switch


# ------------------------------------------------------------------- a test for every row of the rule table

# rule: the situation that runs it, the nominal and the legal day
ROWS: dict[str, tuple[Situation, str, str]] = {
    "PL-CMP-ANSWER": (complaint(complaint_received="2026-11-22"), "2026-12-06", "2026-12-07"),
    "PL-CMP-REPAIR": (Situation(events={"complaint_received": day("2026-11-22")}, circumstances=frozenset({"repair_or_replacement_due"})), "2026-12-06", "2026-12-06"),
    "PL-CMP-REDUCT": (complaint(reduction_statement_received="2026-11-22"), "2026-12-06", "2026-12-07"),
    "PL-CMP-REFUND": (complaint(defect_withdrawal_received="2026-11-02", goods_received="2026-11-12", proof_of_sending="2026-11-08"), "2026-11-22", "2026-11-23"),
    "PL-CMP-DIGITAL-REFUND": (complaint(digital_statement_received="2026-11-22"), "2026-12-06", "2026-12-07"),
    "PL-LIABILITY": (complaint(goods_delivered="2026-12-25"), "2028-12-25", "2028-12-25"),
    "PL-PRESUMPTION": (complaint(goods_delivered="2026-12-25"), "2028-12-25", "2028-12-25"),
    "PL-PRESUMPTION-DIGITAL": (complaint(digital_delivered="2026-12-25"), "2027-12-25", "2027-12-25"),
    "PL-WD-14": (withdrawal(withdrawal_start="2026-11-22"), "2026-12-06", "2026-12-07"),
    "PL-WD-30": (withdrawal(withdrawal_start="2026-11-06", contract="excursion"), "2026-12-06", "2026-12-07"),
    "PL-WD-NOINFO": (withdrawal("not_informed", withdrawal_start="2026-10-18"), "2027-11-02", "2027-11-02"),
    "PL-WD-LATEINFO": (withdrawal("not_informed", withdrawal_start="2026-10-18", info_given="2027-03-14"), "2027-03-28", "2027-03-30"),
    "PL-WD-ACK": (withdrawal(electronic_statement_received="2026-11-22"), "2026-11-22", "2026-11-22"),
    "PL-WD-REFUND": (withdrawal("collect_offered", withdrawal_statement_received="2026-11-22"), "2026-12-06", "2026-12-07"),
    "PL-WD-SENDBACK": (withdrawal(withdrawal_statement_sent="2026-11-22"), "2026-12-06", "2026-12-07"),
    "PL-GUAR-DEFAULT": (Situation(basis="guarantee", events={"guarantor_got_goods": day("2026-11-22")}, circumstances=frozenset({"no_guarantee_term"})), "2026-12-06", "2026-12-07"),
    "PL-B2B-WARRANTY": (Situation(buyer="business", events={"goods_handed_over": day("2026-12-25")}), "2028-12-25", "2028-12-25"),
    "PL-B2B-CLAIM": (Situation(buyer="business", events={"defect_noticed": day("2025-12-25")}), "2026-12-25", "2026-12-28"),
    "PL-GDPR-ACCESS": (Situation(events={"gdpr_request_received": day("2026-01-31")}), "2026-02-28", "2026-03-02"),
    "CZ-CMP-SETTLE": (complaint(complaint_received="2026-10-18"), "2026-11-17", "2026-11-18"),
    "CZ-LIABILITY": (complaint(goods_delivered="2026-12-25"), "2028-12-25", "2028-12-25"),
    "CZ-PRESUMPTION": (complaint(goods_delivered="2026-12-25"), "2027-12-25", "2027-12-25"),
    "SK-LIABILITY": (complaint(goods_delivered="2026-12-25"), "2028-12-25", "2028-12-25"),
    "SK-PRESUMPTION": (complaint(goods_delivered="2026-12-25"), "2028-12-25", "2028-12-25"),
    "SK-REPAIR-EXT": (
        Situation(basis="non_conformity", contract_on=day("2026-07-31"), events={"goods_delivered": day("2026-08-03")}, circumstances=frozenset({"first_repair_done"})),
        "2029-08-03", "2029-08-03",
    ),
    "DE-LIABILITY": (complaint(goods_delivered="2026-12-25"), "2028-12-25", "2028-12-25"),
    "DE-PRESUMPTION": (complaint(goods_delivered="2026-12-25"), "2027-12-25", "2027-12-25"),
    "DE-WD-14": (withdrawal(withdrawal_start="2026-09-19"), "2026-10-03", "2026-10-05"),
    "DE-WD-REFUND": (withdrawal(withdrawal_statement_received="2026-09-19"), "2026-10-03", "2026-10-05"),
    "EU-LIABILITY": (complaint(goods_delivered="2026-12-25"), "2028-12-25", "2028-12-25"),
    "EU-PRESUMPTION": (complaint(goods_delivered="2026-12-25"), "2027-12-25", "2027-12-25"),
    "EU-WD-14": (withdrawal(withdrawal_start="2026-11-22"), "2026-12-06", "2026-12-07"),
    "EU-WD-NOINFO": (withdrawal("not_informed", withdrawal_start="2026-11-22"), "2027-12-07", "2027-12-07"),
    "EU-WD-REFUND": (withdrawal(withdrawal_statement_received="2026-11-22"), "2026-12-06", "2026-12-07"),
    "EU-GDPR-ACCESS": (Situation(events={"gdpr_request_received": day("2026-01-31")}), "2026-02-28", "2026-03-02"),
}  # fmt: skip
OFF = {"PL-REPAIR-EXT", "PL-WD-FUNCTION"}
WITHOUT_DAYS = {"DE-CMP-ANSWER", "PL-WD-FUNCTION"}
OF_THE_TABLE = {  # law.md 9.1
    "PL-CMP-ANSWER", "PL-CMP-REPAIR", "PL-CMP-REDUCT", "PL-CMP-REFUND", "PL-CMP-DIGITAL-REFUND", "PL-LIABILITY", "PL-PRESUMPTION", "PL-PRESUMPTION-DIGITAL", "PL-REPAIR-EXT", "PL-WD-14",
    "PL-WD-30", "PL-WD-NOINFO", "PL-WD-LATEINFO", "PL-WD-ACK", "PL-WD-REFUND", "PL-WD-SENDBACK", "PL-GUAR-DEFAULT", "PL-B2B-WARRANTY", "PL-B2B-CLAIM", "PL-GDPR-ACCESS", "CZ-CMP-SETTLE",
    "DE-CMP-ANSWER", "EU-WD-14", "EU-LIABILITY", "EU-PRESUMPTION", "SK-REPAIR-EXT",
}  # fmt: skip


def test_every_row_is_there_and_tested() -> None:
    there = {rule.id for _pack, rule in rules()}
    assert there >= OF_THE_TABLE
    assert there - OFF - WITHOUT_DAYS == set(ROWS)
    assert {rule.id for _pack, rule in rules() if not rule.enabled} == OFF
    assert {rule.id for _pack, rule in rules() if rule.kind is Kind.NONE} == WITHOUT_DAYS


@pytest.mark.parametrize("rule", ROWS)
def test_a_row(rule: str) -> None:
    situation, nominal, legal = ROWS[rule]
    told = found(situation, country=rule[:2])
    assert (told[rule].nominal, told[rule].legal) == (day(nominal), day(legal))
    assert told[rule].rule is load(rule[:2]).rule(rule)
    for lang in i18n.LANGUAGES:
        said = told[rule].reasoning(lang)
        assert told[rule].rule.basis.to(lang) in said
        assert "{" not in said
        assert consequence(told[rule].rule, soft=told[rule].soft, lang=lang).endswith(".")


@pytest.mark.parametrize(("pack", "rule"), list(rules()), ids=lambda one: getattr(one, "id", one.country if isinstance(one, Pack) else ""))
def test_a_rule_speaks_of_what_is_known(pack: Pack, rule: Rule) -> None:
    assert {*rule.trigger, *rule.satisfied_by, *rule.hold_until} <= set(EVENTS)
    assert {rule.after, rule.gives, rule.not_after, rule.not_before} - {""} <= set(EVENTS)
    assert {*rule.condition, *rule.unless, *rule.hold_unless} <= set(CIRCUMSTANCES)
    assert {*rule.applies, *rule.soft_applies} <= BUYERS
    assert {*rule.basis_kinds, *rule.soft_basis_kinds} <= BASES
    assert {*rule.contract, *dict(rule.amount_for)} <= CONTRACTS
    assert rule.on_expiry in EXPIRY or rule.kind is Kind.NONE
    assert rule.who in ("shop", "customer")
    assert rule.selected_by in ("contract", "event")
    assert rule.confidence in ("V", "S", "K", "I")
    assert rule.title.en
    assert rule.title.pl != rule.title.en
    assert rule.sources
    assert rule.version >= 1
    assert bool(rule.doubt) or rule.confidence == "V" or bool(pack.note)
    assert rule.enabled or (rule.switchable and rule.doubt)
    assert hash(rule)


def test_every_event_is_told_in_both_languages() -> None:
    for name, told in EVENTS.items():
        assert event_name(name).pl
        assert all("{on_day}" in told[f"said_{lang}"] and told[f"said_{lang}"].endswith(".") for lang in i18n.LANGUAGES)
    used = {name for _pack, rule in rules() for name in (*rule.trigger, *rule.satisfied_by, *rule.hold_until, rule.after, rule.gives, rule.not_after, rule.not_before)}
    assert used - {""} == set(EVENTS)
    named = {name for _pack, rule in rules() for name in (*rule.condition, *rule.unless, *rule.hold_unless)}
    assert named == set(CIRCUMSTANCES)
    assert all(circumstance_name(name).pl for name in named)


# ------------------------------------------------------------------------------------- packs


def test_a_country_without_rules_gets_the_generic_ones_and_is_told() -> None:
    pack = load("fr")
    assert (pack.country, pack.generic) == ("FR", True)
    assert "There are no rules for the country FR." in pack.note.en
    assert "FR" in pack.note.to("pl")
    assert {rule.id for rule in pack.rules} == {rule.id for rule in load("EU").rules}
    assert deadline("EU-WD-14", day("2026-06-30"), "FR").legal == day("2026-07-15")  # 14 July is a holiday there
    for wrong in ("", "Polska", "P1", "PL\n!", "x" * 500):
        with pytest.raises(Known):
            load(wrong)
    with pytest.raises(Known, match="“PL-NOPE” for PL"):
        load("PL").rule("PL-NOPE")


def test_what_a_country_lacks_comes_from_the_directives() -> None:
    assert [rule.id for rule in load("DE").rules if rule.id.startswith("EU-")] == ["EU-WD-NOINFO", "EU-GDPR-ACCESS"]
    told = found(withdrawal("not_informed", withdrawal_start="2026-11-02"), country="DE")
    assert set(told) == {"EU-WD-NOINFO"}
    assert not [rule for rule in load("PL").rules if rule.id.startswith("EU-")]


def test_rules_are_chosen_by_their_dates() -> None:
    pack = load("PL")
    assert "PL-LIABILITY" not in {rule.id for rule in pack.on(contract_on=day("2022-12-31"))}
    assert "PL-LIABILITY" in {rule.id for rule in pack.on(contract_on=day("2023-01-01"))}
    assert "PL-CMP-ANSWER" in {rule.id for rule in pack.on(day("2022-12-31"), day("2023-01-01"))}
    assert "PL-CMP-ANSWER" not in {rule.id for rule in pack.on(event_on=day("2022-12-31"))}
    assert "PL-REPAIR-EXT" in {rule.id for rule in pack.on(switches=[Switch("PL-REPAIR-EXT", True)])}
    old = Situation(basis="non_conformity", contract_on=day("2022-12-31"), events={"goods_delivered": day("2023-01-05"), "complaint_received": day("2024-05-06")})
    assert set(found(old)) == {"PL-CMP-ANSWER"}
    assert "PL-LIABILITY" not in found(complaint(goods_delivered="2022-12-31", complaint_received="2024-05-06"))  # no contract is later than its delivery
    with pytest.raises(Known, match="1 Jan 2023"):
        deadline("PL-CMP-ANSWER", day("2022-12-31"))
    with pytest.raises(Known, match="no number of days"):
        deadline("DE-CMP-ANSWER", day("2026-11-22"), "DE")


# -------------------------------------------------------------------------------------- situations


def test_whom_silence_concerns() -> None:
    events = {"complaint_received": day("2026-11-22")}
    certain = found(Situation(events=events))["PL-CMP-ANSWER"]
    possible = found(Situation(buyer=SOLE, events=events))["PL-CMP-ANSWER"]
    assert (certain.soft, possible.soft) == (False, True)
    assert found(Situation(buyer="business", events=events)) == {}
    assert found(Situation(buyer="business", basis="non_conformity", events=events)) == {}
    assert "counts as accepted" in consequence(certain.rule, lang="en")
    assert "not certain" in consequence(possible.rule, soft=True, lang="en")
    assert "nie jest to pewne" in consequence(possible.rule, soft=True, lang="pl")
    assert found(Situation(basis="guarantee", events=events))["PL-CMP-ANSWER"].soft
    assert not found(Situation(basis="other", events=events))["PL-CMP-ANSWER"].soft
    for basis in ("withdrawal", "voluntary"):
        assert "PL-CMP-ANSWER" not in found(Situation(basis=basis, events=events))


def test_an_answer_stops_the_clock_on_its_day() -> None:
    for answered in ("2026-12-07", "2026-12-08"):
        term = found(complaint(complaint_received="2026-11-22", answer_delivered=answered))["PL-CMP-ANSWER"]
        assert (term.legal, term.satisfied_on) == (day("2026-12-07"), day(answered))


def test_money_back_for_a_defect_waits_for_the_statement_and_the_goods() -> None:
    assert "PL-CMP-REFUND" not in found(complaint(goods_received="2026-11-02"))  # goods to look at, nobody withdrew
    assert "PL-CMP-REFUND" not in found(complaint(defect_withdrawal_received="2026-11-02"))
    there_already = found(complaint(goods_received="2026-10-05", defect_withdrawal_received="2026-11-02"))["PL-CMP-REFUND"]
    assert (there_already.start, there_already.legal) == (day("2026-11-02"), day("2026-11-16"))


def test_the_right_to_withdraw() -> None:
    start = {"withdrawal_start": "2026-11-02"}
    assert found(withdrawal(**start))["PL-WD-14"].legal == day("2026-11-16")
    assert found(withdrawal(contract="off_premises_visit", **start))["PL-WD-30"].legal == day("2026-12-02")
    assert found(withdrawal(contract="shop", **start)) == {}
    assert found(withdrawal("withdrawal_excluded", "not_informed", **start)) == {}
    assert found(Situation(buyer="business", basis="withdrawal", events={"withdrawal_start": day("2026-11-02")})) == {}
    assert found(Situation(buyer=SOLE, basis="withdrawal", events={"withdrawal_start": day("2026-11-02")}))["PL-WD-14"].soft is False


@pytest.mark.parametrize(
    ("contract", "informed", "rule", "end"),
    [
        ("distance", "2027-03-01", "PL-WD-LATEINFO", "2027-03-15"),
        ("excursion", "2027-03-01", "PL-WD-LATEINFO", "2027-03-31"),
        ("distance", "2026-10-20", "PL-WD-LATEINFO", "2026-11-16"),  # never before the ordinary end
        ("distance", "2027-11-16", "PL-WD-LATEINFO", "2027-11-16"),  # never after the longest one
        ("distance", "2027-11-17", "PL-WD-NOINFO", "2027-11-16"),  # too late to shorten anything
    ],
)
def test_information_that_came_later(contract: str, informed: str, rule: str, end: str) -> None:
    told = found(withdrawal("not_informed", contract=contract, withdrawal_start="2026-11-02", info_given=informed))
    assert {name: term.legal for name, term in told.items()} == {rule: day(end)}


def test_money_may_be_withheld_until_the_goods_come() -> None:
    statement = {"withdrawal_statement_received": "2026-11-02"}
    waiting = found(withdrawal(**statement))["PL-WD-REFUND"]
    assert (waiting.legal, waiting.held) == (day("2026-11-16"), True)
    assert "withhold" in waiting.reasoning("en")
    early = found(withdrawal(goods_received="2026-11-10", **statement))["PL-WD-REFUND"]
    assert (early.legal, early.held) == (day("2026-11-16"), False)
    late = found(withdrawal(goods_received="2026-12-01", proof_of_sending="2026-11-21", **statement))["PL-WD-REFUND"]
    assert (late.nominal, late.legal, late.released) == (day("2026-11-16"), day("2026-11-23"), day("2026-11-21"))
    assert "due at once" in late.reasoning("en")
    collected = found(withdrawal("collect_offered", **statement))
    assert collected["PL-WD-REFUND"].held is False
    assert "PL-WD-SENDBACK" not in found(withdrawal("collect_offered", withdrawal_statement_sent="2026-11-02"))


# -------------------------------------------------------------------------------------- reasoning


def test_the_reasoning_of_a_sunday() -> None:
    term = deadline("PL-CMP-ANSWER", day("2026-11-22"))
    assert term.reasoning("en") == (
        "The complaint was received on Sunday 22 November 2026. The term of 14 days would end on Sunday 6 December 2026, but a Sunday is a day off, "
        "so it moves and ends on Monday 7 December 2026 (KC art. 115). Basis: UPK art. 7a."
    )
    assert term.reasoning("pl") == (
        "Reklamację otrzymano w niedzielę 22 listopada 2026. Termin 14 dni upływałby w niedzielę 6 grudnia 2026, ale niedziela jest dniem wolnym, "
        "więc przesuwa się i upływa w poniedziałek 7 grudnia 2026 (art. 115 KC). Podstawa: art. 7a UPK."
    )
    i18n.use("pl")
    assert term.reasoning() == term.reasoning("pl")


def test_the_reasoning_names_holidays() -> None:
    term = deadline("PL-CMP-ANSWER", day("2026-12-10"))
    assert "(Christmas Eve), so it moves and ends on Monday 28 December 2026" in term.reasoning("en")
    assert "are passed over too: Christmas Day, the second day of Christmas." in term.reasoning("en")
    assert "ale to dzień wolny (Wigilia), więc przesuwa się i upływa w poniedziałek 28 grudnia 2026 (art. 115 KC)" in term.reasoning("pl")
    assert "Boże Ciało" in deadline("PL-CMP-ANSWER", day("2026-05-21")).reasoning("pl")
    assert "§ 193 BGB" in deadline("DE-WD-14", day("2026-09-19"), "DE").reasoning("pl")


@pytest.mark.parametrize(("start", "said"), [(day("2026-11-23") + timedelta(days=n), word) for n, word in enumerate(
    ("w poniedziałek 23", "we wtorek 24", "w środę 25", "w czwartek 26", "w piątek 27", "w sobotę 28", "w niedzielę 29"))])  # fmt: skip
def test_polish_weekdays_are_inflected(start: date, said: str) -> None:
    assert deadline("PL-CMP-ANSWER", start).reasoning("pl").startswith(f"Reklamację otrzymano {said} listopada 2026.")


def test_polish_numbers_are_inflected() -> None:
    assert "Termin 1 miesiąca upływa" in deadline("PL-GDPR-ACCESS", day("2026-11-23")).reasoning("pl")
    assert "Okres 24 miesięcy" in deadline("PL-LIABILITY", day("2026-11-22")).reasoning("pl")
    assert "of 1 month ends" in deadline("PL-GDPR-ACCESS", day("2026-11-23")).reasoning("en")


def test_bounds_and_targets_are_told() -> None:
    told = found(withdrawal("not_informed", withdrawal_start="2026-11-02", info_given="2026-10-20"))["PL-WD-LATEINFO"]
    assert "does not end before the ordinary term" in told.reasoning("en")
    told = found(withdrawal("not_informed", withdrawal_start="2026-11-02", info_given="2027-11-16"))["PL-WD-LATEINFO"]
    assert "no later than the right itself" in told.reasoning("en")
    assert "not a term of the law" in deadline("PL-CMP-REPAIR", day("2026-11-22")).reasoning("en")
    assert "does not move when it ends on a day off" in deadline("PL-LIABILITY", day("2026-12-25")).reasoning("en")
    assert "at once" in deadline("PL-WD-ACK", day("2026-11-22")).reasoning("en")


# -------------------------------------------------------------------------------------- properties

RULES_WITH_DAYS = [(pack.country, rule.id, rule.shift) for pack, rule in rules() if rule.kind is not Kind.NONE]
DAYS = st.dates(day("2023-01-01"), day("2150-12-31"))


@given(st.sampled_from(RULES_WITH_DAYS), DAYS, DAYS)
def test_a_legal_day_is_never_early_never_off_and_never_falls_back(chosen: tuple[str, str, Shift], one: date, other: date) -> None:
    country, rule, shift = chosen
    early, late = (deadline(rule, start, country) for start in sorted((one, other)))
    for term in (early, late):
        assert term.start <= term.nominal <= term.legal
        if shift is Shift.NONE:
            assert term.legal == term.nominal
        else:
            assert not calendar.is_day_off(country, term.legal)
            assert term.legal.weekday() < 5
    assert early.nominal <= late.nominal
    assert early.legal <= late.legal


@given(st.sampled_from(RULES_WITH_DAYS), DAYS)
def test_reasoning_is_whole_sentences_in_both_languages(chosen: tuple[str, str, Shift], start: date) -> None:
    term = deadline(chosen[1], start, chosen[0])
    english, polish = term.reasoning("en"), term.reasoning("pl")
    assert not re.search(r"[{}]|\(\)|  ", english + polish)
    assert str(term.legal.year) in english
    assert str(term.legal.year) in polish
    assert not re.search(r"\b(the|term|day|ends)\b", polish)


@given(st.dictionaries(st.sampled_from(sorted(EVENTS)), st.dates(), max_size=8), st.sets(st.sampled_from(sorted(CIRCUMSTANCES))), st.sampled_from(sorted(BUYERS)),
       st.sampled_from(sorted(CONTRACTS)), st.sampled_from(["", *sorted(BASES)]), st.sampled_from(["PL", "CZ", "SK", "DE", "EU", "FR"]))  # fmt: skip
def test_no_situation_breaks_it(events: dict[str, date], circumstances: set[str], buyer: str, contract: str, basis: str, country: str) -> None:
    try:
        told = terms(load(country), Situation(buyer, contract, basis, None, events, frozenset(circumstances), country))
    except Known:
        assert max(events.values()).year > 9990
        return
    for term in told:
        assert term.reasoning("pl")
        assert term.nominal <= term.legal or term.bound
