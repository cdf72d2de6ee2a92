"""Remedies for a defect: the reduced price with its arithmetic, grounds, the matrix of demand and decision, who the buyer is."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qmdesk import i18n
from qmdesk.errors import Known, Problems
from qmdesk.law.buyer import Silence, buyer_questions, regime, silence
from qmdesk.law.conformity import Answer, Speaks, leaning, questions, reasons
from qmdesk.law.remedy import (
    Cell,
    Needs,
    agreed_reduction,
    cell,
    ground,
    grounds,
    liability_end,
    reduction_by_percent,
    revealed_in_time,
)
from qmdesk.law.rules import Switch
from qmdesk.law.words import rule_file
from qmdesk.records.case import Decision, Demand
from qmdesk.records.party import BuyerType

D = Decimal
SOLE = "sole_trader_consumer_rights"


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


# ------------------------------------------------------------------------------------- price reduction


def test_the_example_of_the_law() -> None:
    found = reduction_by_percent(D("199.99"), D(30))
    assert (found.reduced, found.refund) == (D("139.99"), D("60.00"))
    assert plain(found.sentence("pl")) == "Wada odbiera 30 % wartości: cena 199,99 zł × 70 % = 139,99 zł. 199,99 zł − 139,99 zł = 60,00 zł do zwrotu. Podstawa: art. 43e ust. 2 UPK."
    assert "Basis: UPK art. 43e(2)." in found.sentence("en")


def test_a_reduction_both_agreed_to() -> None:
    found = agreed_reduction(D("199.99"), D(50))
    assert (found.loss, found.reduced, found.refund) == (None, D("149.99"), D("50.00"))
    assert "agreed" in found.sentence("en")


@pytest.mark.parametrize(
    ("call", "field"),
    [
        (lambda: reduction_by_percent(D(-1), D(1)), "price"),
        (lambda: reduction_by_percent(D(10), D(101)), "percent"),
        (lambda: agreed_reduction(D(10), D(11)), "agreed"),
    ],
)
def test_what_can_not_be_is_refused(call: object, field: str) -> None:
    with pytest.raises(Problems) as refused:
        call()  # type: ignore[operator]
    assert field in {problem.field for problem in refused.value.problems}


MONEY = st.integers(0, 10_000_000).map(lambda grosze: D(grosze) / 100)


@given(MONEY, MONEY, st.integers(0, 100))
def test_a_reduction_never_exceeds_the_price(one: Decimal, other: Decimal, percent: int) -> None:
    by, price = sorted((one, other))
    for found in (agreed_reduction(price, by), reduction_by_percent(price, D(percent))):
        assert 0 <= found.refund <= price
        assert found.reduced + found.refund == price
        assert all("{" not in found.sentence(lang) for lang in i18n.LANGUAGES)


# ------------------------------------------------------------------------------- grounds and decisions


def test_the_five_grounds() -> None:
    assert [one.code for one in grounds()] == ["REFUSED", "NOT_DONE", "STILL_DEFECTIVE", "SERIOUS", "WONT_DO"]
    assert all(one.name.pl and one.said.pl and one.name.en != one.name.pl for one in grounds())
    assert ground("serious").code == "SERIOUS"
    with pytest.raises(Known, match="STILL_DEFECTIVE"):
        ground("BORED")


def matrix(*, has_ground: bool = False, buyer: str = "consumer") -> list[Cell]:
    """Every demand with every decision of a case."""
    return [cell(str(demand.value), str(decision.value), has_ground=has_ground, buyer=buyer) for demand in Demand for decision in Decision]


def test_the_matrix_knows_the_demands_and_decisions_of_a_case_and_no_others() -> None:
    assert all(one.needs or not one.allowed for one in matrix())
    for wrong in (("repair", "maybe"), ("money", "accepted")):
        with pytest.raises(ValueError, match=wrong[0] if wrong[0] == "money" else wrong[1]):
            cell(*wrong)


def test_what_may_be_decided() -> None:
    assert cell("repair", "other_remedy").needs == (Needs.HOW_AND_WHEN, Needs.WHY_OTHER)
    assert cell("refund", "other_remedy").allowed
    assert not cell("refund", "other_remedy", has_ground=True).allowed
    assert "can't be sent back" in cell("reduction", "other_remedy", has_ground=True).sentence("en")
    assert not cell("other", "other_remedy").allowed
    assert cell("refund", "accepted", has_ground=True).needs == (Needs.AMOUNT, Needs.REFUND_METHOD, Needs.GROUND)
    assert "No ground is named" in cell("refund", "accepted").sentence("en")
    assert "immaterial" in cell("refund", "rejected", has_ground=True).sentence("en")
    for demand in Demand:
        assert {Needs.REASONS, Needs.ADR} <= set(cell(str(demand.value), "rejected").needs)
        assert Needs.ADR not in cell(str(demand.value), "rejected", buyer="business").needs
    for has_ground in (True, False):
        for one in matrix(has_ground=has_ground):
            assert one.allowed or one.sentence("en")
            assert one.sentence("pl") != one.sentence("en") or not one.template


def test_among_businesses_the_matrix_speaks_of_the_civil_code() -> None:
    for has_ground in (True, False):
        said = [one.sentence("en") for one in matrix(has_ground=has_ground, buyer="business")]
        assert not [sentence for sentence in said if "UPK" in sentence or "ADR" in sentence]
    assert "KC art. 561" in cell("repair", "other_remedy", buyer="business").sentence("en")
    assert "only the first time (KC art. 560 § 1)" in cell("refund", "other_remedy", buyer="business").sentence("en")
    assert "KC art. 560 § 4" in cell("refund", "rejected", has_ground=True, buyer="business").sentence("en")


# ----------------------------------------------------------------------------------------- liability


def test_until_when_a_defect_must_show() -> None:
    end = liability_end(date(2024, 2, 29))
    assert end is not None
    assert end.legal == date(2026, 2, 28)
    assert revealed_in_time(date(2026, 2, 28), end)
    assert not revealed_in_time(date(2026, 3, 1), end)
    assert liability_end(date(2024, 2, 29), concealed=True) is None
    assert revealed_in_time(date(2040, 1, 1), None)
    repaired = liability_end(date(2026, 11, 22), repaired=True)
    assert repaired is not None
    assert repaired.legal == date(2028, 11, 22)
    switched = liability_end(date(2026, 11, 22), contract_on=date(2026, 11, 20), repaired=True, switches=[Switch("PL-REPAIR-EXT", True, date(2026, 11, 1))])
    assert switched is not None
    assert switched.legal == date(2029, 11, 22)
    firm = liability_end(date(2026, 11, 22), buyer="business")
    assert firm is not None
    assert firm.rule.id == "PL-B2B-WARRANTY"
    slovak = liability_end(date(2026, 8, 3), contract_on=date(2026, 8, 1), repaired=True, country="SK")
    assert slovak is not None
    assert slovak.legal == date(2029, 8, 3)


# ------------------------------------------------------------------------------------ who the buyer is


@pytest.mark.parametrize(
    ("answers", "contract", "buyer", "basis"),
    [
        ({"who": "private", "wants": "defect"}, "distance", "consumer", "non_conformity"),
        ({"who": "private", "wants": "guarantee"}, "shop", "consumer", "guarantee"),
        ({"who": "private", "wants": "changed_mind"}, "distance", "consumer", "withdrawal"),
        ({"who": "private", "wants": "changed_mind"}, "shop", "consumer", "voluntary"),
        ({"who": "private", "wants": "other"}, "shop", "consumer", "other"),
        ({"who": "sole_trader", "professional": "no", "wants": "defect"}, "distance", SOLE, "non_conformity"),
        ({"who": "sole_trader", "professional": "unclear", "wants": "changed_mind"}, "off_premises", SOLE, "withdrawal"),
        ({"who": "sole_trader", "professional": "yes", "wants": "defect"}, "distance", "business", "statutory_warranty"),
        ({"who": "firm", "wants": "defect"}, "distance", "business", "statutory_warranty"),
        ({"who": "firm", "wants": "changed_mind"}, "distance", "business", "voluntary"),
        ({"who": "firm", "professional": "no", "wants": "guarantee"}, "shop", "business", "guarantee"),
        ({}, "distance", "consumer", "non_conformity"),
    ],
)
def test_three_questions_decide(answers: dict[str, str], contract: str, buyer: str, basis: str) -> None:
    found = regime(answers, contract)
    assert (found.buyer, found.basis) == (buyer, basis)
    assert found.reasons
    assert all(reason.en and reason.pl for reason in found.reasons)


def test_what_is_not_answered_is_named_and_what_nobody_offers_refused() -> None:
    assert regime({}).unanswered == ("who", "wants")
    assert regime({"who": "sole_trader", "wants": "defect"}).unanswered == ("professional",)
    assert regime({"who": "sole_trader", "wants": "defect"}).buyer == SOLE
    assert regime({"who": "private", "wants": "defect"}).unanswered == ()
    with pytest.raises(ValueError, match="who: alien"):
        regime({"who": "alien"})
    assert regime({"who": "private", "wants": "defect"}, "shop", date(2022, 12, 31)).basis == "statutory_warranty"
    assert {question.id for question in buyer_questions()} == {"who", "professional", "wants"}
    assert all(question.name.pl and question.help.pl for question in buyer_questions())


@pytest.mark.parametrize(
    ("buyer", "basis", "meaning"),
    [
        ("consumer", "", Silence.CERTAIN), ("consumer", "non_conformity", Silence.CERTAIN), ("consumer", "other", Silence.CERTAIN), ("consumer", "guarantee", Silence.POSSIBLE),
        ("consumer", "withdrawal", Silence.NONE), ("consumer", "voluntary", Silence.NONE), (SOLE, "", Silence.POSSIBLE), (SOLE, "non_conformity", Silence.POSSIBLE),
        ("business", "", Silence.NONE), ("business", "non_conformity", Silence.NONE),
    ],
)  # fmt: skip
def test_what_silence_means(buyer: str, basis: str, meaning: Silence) -> None:
    assert silence(buyer, basis) is meaning
    assert silence(buyer, basis, "DE") is Silence.NONE
    assert buyer in {str(kind.value) for kind in BuyerType}


# ---------------------------------------------------------------------------------------- conformity


def test_the_checklist_is_whole() -> None:
    found = questions()
    assert len({question.id for question in found}) == len(found) == len(rule_file("conformity")["question"])
    for question in found:
        assert set(question.reasons) == set(Answer)
        assert question.name.pl.endswith("?")
        assert question.name.en.endswith("?")
        assert question.help.pl
        assert question.basis.to("pl").startswith("art. 43")
        for reason in question.reasons.values():
            assert reason.text.en.endswith(".")
            assert reason.text.pl.endswith(".")
            assert reason.text.en != reason.text.pl
    for speaks in Speaks:
        assert any(reason.speaks is speaks for question in found for reason in question.reasons.values())


@pytest.mark.parametrize(
    ("answers", "points"),
    [
        ({}, Speaks.OPEN),
        ({"as_agreed": "yes", "arose_later": "no"}, Speaks.OPEN),
        ({"usual_purpose": "no"}, Speaks.LIABLE),
        ({"usual_purpose": "no", "arose_later": "unclear"}, Speaks.LIABLE),
        ({"usual_purpose": "no", "arose_later": "yes"}, Speaks.NOT_LIABLE),
        ({"usual_purpose": "no", "revealed_in_time": "no"}, Speaks.NOT_LIABLE),
        ({"usual_purpose": "no", "revealed_in_time": "no", "concealed": "yes"}, Speaks.LIABLE),
        ({"as_agreed": "no", "accepted_deviation": "yes"}, Speaks.NOT_LIABLE),
    ],
)
def test_where_the_answers_point(answers: dict[str, str], points: Speaks) -> None:
    found = reasons(answers)
    assert [reason.question for reason in found] == [question.id for question in questions() if question.id in answers]
    assert leaning(found) is points


def test_another_answer_is_refused() -> None:
    with pytest.raises(ValueError, match="perhaps"):
        reasons({"as_agreed": "perhaps"})
