"""The law on the command line: exact JSON, both languages, and one sentence for bad input."""

from __future__ import annotations

import json

import pytest

from qmdesk.law.rules import load
from tests.core.test_cli import run


def test_a_deadline_with_its_reasoning() -> None:
    told = run("deadline", "--rule", "PL-CMP-ANSWER", "--start", "2026-12-10", "--json").json
    assert list(told) == ["rule", "version", "start", "nominal", "legal", "reasoning"]
    assert told["rule"] == "PL-CMP-ANSWER"
    assert told["version"] == 1
    assert (told["start"], told["nominal"], told["legal"]) == ("2026-12-10", "2026-12-24", "2026-12-28")
    assert "Christmas Eve" in told["reasoning"]
    polish = run("deadline", "--rule", "pl-cmp-answer", "--start", "22.11.2026", "--country", "pl", "--lang", "pl", "--json").json
    assert polish["legal"] == "2026-12-07"
    assert polish["reasoning"].startswith("Reklamację otrzymano w niedzielę 22 listopada 2026.")
    assert run("--lang", "pl", "deadline", "--rule", "PL-CMP-ANSWER", "--start", "2026-11-22").out.strip() == polish["reasoning"]
    assert run("deadline", "--rule", "CZ-CMP-SETTLE", "--start", "2026-10-18", "--country", "CZ", "--json").json["legal"] == "2026-11-18"


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("--rule", "PL-NOPE", "--start", "2026-11-22"), "There is no rule “PL-NOPE” for PL"),
        (("--rule", "PL-CMP-ANSWER", "--start", "2026-02-30"), "“2026-02-30” is no date"),
        (("--rule", "PL-CMP-ANSWER", "--start", ""), "is no date"),
        (("--rule", "PL-CMP-ANSWER", "--start", "tomorrow"), "is no date"),
        (("--rule", "PL-CMP-ANSWER", "--start", "2022-12-31"), "only since 1 Jan 2023"),
        (("--rule", "PL-LIABILITY", "--start", "9999-12-31"), "after the year 9999"),
        (("--rule", "DE-CMP-ANSWER", "--start", "2026-11-22", "--country", "DE"), "no number of days"),
        (("--rule", "PL-CMP-ANSWER", "--start", "2026-11-22", "--country", "Poland"), "is no country"),
        (("--rule", "PL-CMP-ANSWER", "--start", "2026-11-22", "--country", ""), "is no country"),
    ],
)
def test_bad_input_is_one_sentence(args: tuple[str, ...], said: str) -> None:
    assert said in run("deadline", *args, "--json").refusal


def test_a_wrong_call_is_usage() -> None:
    assert run("deadline", "--rule", "PL-CMP-ANSWER").usage
    assert run("deadline", "--start", "2026-11-22").usage
    assert run("rules", "--lang", "de").usage


@pytest.mark.parametrize("country", ["PL", "CZ", "SK", "DE", "EU"])
def test_every_rule_is_listed_with_its_validity_doubt_and_source(country: str) -> None:
    told = run("rules", "--country", country, "--json").json
    assert [one["rule"] for one in told] == [rule.id for rule in load(country).rules]
    for one in told:
        assert one["source"]
        assert one["as_of"] == "2026-11-22"
        assert {"valid_from", "valid_to", "enabled", "switchable", "doubt", "confidence", "basis", "version"} <= set(one)
    by_id = {one["rule"]: one for one in told}
    if country == "PL":
        assert by_id["PL-CMP-ANSWER"]["valid_from"] == "2023-01-01"
        assert by_id["PL-CMP-ANSWER"]["source"][0]["address"] == "https://api.sejm.gov.pl/eli/acts/DU/2024/1796"
        assert (by_id["PL-REPAIR-EXT"]["enabled"], by_id["PL-REPAIR-EXT"]["switchable"]) == (False, True)
        assert "2 September 2026" in by_id["PL-REPAIR-EXT"]["doubt"]
        assert "2 września 2026" in {one["rule"]: one for one in run("rules", "--lang", "pl", "--json").json}["PL-REPAIR-EXT"]["doubt"]


def test_rules_for_people() -> None:
    lines = run("--lang", "pl", "rules").out.splitlines()
    assert len(lines) == len(load("PL").rules)
    assert lines[0] == "PL-CMP-ANSWER\tOdpowiedź na reklamację\t14 dni\tart. 7a UPK\t"


def test_a_country_without_rules_is_told_on_the_side() -> None:
    answer = run("deadline", "--rule", "EU-WD-14", "--start", "2026-06-30", "--country", "FR", "--json")
    assert (answer.code, json.loads(answer.out)["legal"]) == (0, "2026-07-15")
    assert answer.err.startswith("There are no rules for the country FR.")
    assert run("rules", "--country", "FR").err == answer.err
