"""Assessing a complaint: the checklist and its reasons, the reduced price, what may be decided on which demand."""

from __future__ import annotations

from decimal import Decimal

import pytest

from qmdesk.errors import Known, Problems
from qmdesk.law.conformity import Speaks, questions
from qmdesk.operations import assessment, deadlines, supplier_claims
from qmdesk.records.assessment import Answered, CheckAnswer, ClaimOutcome, SupplierClaim
from qmdesk.records.case import Case, CaseState, Decision, Demand, Outcome, RefundMethod, SecondTier
from qmdesk.records.deadline import DeadlineState
from qmdesk.records.party import Supplier
from qmdesk.records.product import Product
from qmdesk.records.steps import Step
from qmdesk.schema.query import Query
from tests.shop import NOON, Shop, day, shop

__all__ = ["shop"]


def named(refused: pytest.ExceptionInfo[Problems]) -> set[str]:
    return {problem.field for problem in refused.value.problems}


def says(shop: Shop, case: Case, **answers: Answered | None) -> None:
    for question, answer in answers.items():
        shop.do(assessment.ANSWER_QUESTION, assessment.answer, case.id, question, answer)


def bought(shop: Shop, **values: object) -> Case:
    sku = f"BUT-{shop.register.count(Query(Product))}"
    return shop.complains(order=shop.add_order(sku, products=[shop.add_product(sku)]), **values)


# -- the checklist


def test_answers_are_kept_changed_and_taken_back(shop: Shop) -> None:
    case = bought(shop)
    says(shop, case, as_agreed=Answered.NO)
    shop.do("Answer", assessment.answer, case.id, "as_agreed", Answered.YES, " the offer names this sole ")
    (kept,) = shop.register.records(Query(CheckAnswer))
    assert (kept.question, kept.answer, kept.note) == ("as_agreed", Answered.YES, "the offer names this sole")
    says(shop, case, as_agreed=None)
    assert shop.register.count(Query(CheckAnswer)) == 0
    with pytest.raises(Known, match="no question “colour”"):
        says(shop, case, colour=Answered.YES)


def test_answers_lean_and_become_the_reasons_of_the_letter(shop: Shop) -> None:
    case = bought(shop)
    assert assessment.leaning(assessment.checklist(shop.register, case)) is Speaks.OPEN
    says(shop, case, as_agreed=Answered.YES, usual_purpose=Answered.NO, special_purpose=Answered.UNCLEAR)
    asked = assessment.checklist(shop.register, case)
    assert len(asked) == len(questions())
    assert assessment.leaning(asked) is Speaks.LIABLE
    for_customer = assessment.reasons(asked, "pl", accepting=True)
    against = assessment.reasons(asked, "en", accepting=False)
    assert "nie nadaje się do celu, do którego zwykle używa się takich towarów. (art. 43b UPK)" in for_customer
    assert "agree with the contract" in against
    assert "could not be settled" not in for_customer + against
    assert assessment.reasons(assessment.checklist(shop.register, bought(shop)), "pl", accepting=True) == ""


def test_the_dates_say_whether_the_defect_showed_in_time(shop: Shop) -> None:
    def told(**values: object) -> Answered | None:
        asked = assessment.checklist(shop.register, bought(shop, **values))
        return next(one.suggested for one in asked if one.question.id == assessment.IN_TIME)

    assert told() is None
    assert told(delivered_on=day("2024-11-20"), sold_on=day("2024-11-18"), noticed_on=day("2026-11-20")) is Answered.YES
    # filed in month 26, shown in month 23: what counts is when it showed (UPK art. 43c)
    assert told(delivered_on=day("2024-09-20"), sold_on=day("2024-09-18"), noticed_on=day("2026-08-20")) is Answered.YES
    assert told(delivered_on=day("2024-09-20"), sold_on=day("2024-09-18"), noticed_on=day("2026-09-21")) is Answered.NO


# -- the price reduced


def test_a_price_is_reduced_in_proportion_and_the_arithmetic_is_shown(shop: Shop) -> None:
    case = shop.complains(order=shop.add_order(products=[shop.add_product()]))
    (item,) = shop.items(case)
    shop.changes(type(item), item.id, unit_price=Decimal("199.99"))
    found = assessment.reduced(shop.register, case, loss=Decimal(30))
    assert (found.reduced, found.refund) == (Decimal("139.99"), Decimal("60.00"))
    assert "199.99" in found.sentence("en")
    assert "60.00" in found.sentence("en")
    assert assessment.reduced(shop.register, case, agreed=Decimal(50)).refund == Decimal("50.00")
    with pytest.raises(Problems) as refused:
        assessment.reduced(shop.register, case, loss=Decimal(101))
    assert named(refused) == {"percent"}
    with pytest.raises(Problems) as refused:
        assessment.reduced(shop.register, case)
    assert named(refused) == {"value_loss"}
    shop.changes(type(item), item.id, unit_price=None)
    with pytest.raises(Problems, match="Items"):
        assessment.reduced(shop.register, case, loss=Decimal(30))


def test_only_the_price_of_the_pieces_it_is_about_is_reduced_and_returned(shop: Shop) -> None:
    case = shop.complains(order=shop.add_order(products=[shop.add_product()], quantity=3), demand=Demand.REFUND)
    assert assessment.reduced(shop.register, case, loss=Decimal(10)).refund == Decimal("89.97")
    shop.splits(shop.items(case)[0], 2, Outcome.REPAIRED)
    assert assessment.reduced(shop.register, case, loss=Decimal(10)).refund == Decimal("29.99")
    with pytest.raises(Problems, match=r"299\.90") as refused:
        shop.decides(case, Decision.ACCEPTED, refund=Decimal("299.91"), refund_method=RefundMethod.SAME)
    assert named(refused) == {"refund"}


# -- demand × decision


def test_a_decision_says_what_its_answer_needs(shop: Shop) -> None:
    repair = bought(shop, demand=Demand.REPAIR)
    with pytest.raises(Problems) as refused:
        shop.decides(repair, Decision.ACCEPTED, remedy=" ")
    assert named(refused) == {"remedy"}
    with pytest.raises(Problems) as refused:
        shop.decides(repair, Decision.OTHER_REMEDY, decision_reasons="")
    assert named(refused) == {"decision_reasons"}
    money = bought(shop, demand=Demand.REFUND)
    with pytest.raises(Problems) as refused:
        shop.decides(money, Decision.ACCEPTED)
    assert named(refused) == {"refund", "refund_method"}
    with pytest.raises(Problems) as refused:
        shop.decides(money, Decision.ACCEPTED, refund=Decimal("300.00"), refund_method=RefundMethod.SAME)
    assert named(refused) == {"refund"}, "more than was paid"
    with pytest.raises(Problems) as refused:
        shop.decides(money, Decision.ACCEPTED, refund=Decimal("299.90"), refund_method=RefundMethod.OTHER)
    assert named(refused) == {"refund_consent_on"}
    done = shop.decides(money, Decision.ACCEPTED, refund=Decimal("299.90"), refund_method=RefundMethod.OTHER, refund_consent_on=day("2026-11-20"))
    assert done.state is CaseState.DECIDED


def test_a_customer_with_a_ground_cannot_be_sent_back_to_repair(shop: Shop) -> None:
    shop.fills_in_letterhead()
    buyer = shop.add_customer(street="ul. Polna 1", city="Warszawa")
    case = bought(shop, demand=Demand.REPAIR, customer=buyer)
    shop.decides(case, Decision.ACCEPTED)
    shop.answers(case)
    shop.steps(case, Step.START_REMEDY, remedy_kind=Demand.REPAIR)
    shop.steps(case, Step.FINISH_REMEDY)
    again = shop.steps(case, Step.SECOND_TIER, second_tier=SecondTier.STILL_DEFECTIVE, demand=Demand.REFUND, second_tier_on=day("2026-11-21"))
    assert (again.state, again.decision, again.demand) == (CaseState.ASSESSING, None, Demand.REFUND)
    with pytest.raises(Problems) as refused:
        shop.decides(again, Decision.OTHER_REMEDY, decision_reasons="We repair it once more.")
    assert named(refused) == {"decision"}
    assert "43e(1)" in refused.value.problems[0].sentence


# -- claims to suppliers


def test_a_claim_to_the_supplier_knows_its_case_and_runs_on_the_clock(shop: Shop) -> None:
    supplier = shop.add(Supplier(name="Hurtownia Obuwia"))
    order = shop.add_order(products=[shop.add_product(supplier=supplier)])
    case = shop.complains(order=order, demand=Demand.REPLACEMENT)
    preset = supplier_claims.draft(shop.register, case)
    assert (preset["supplier"], preset["demand"], preset["basis"]) == (supplier, Demand.REPLACEMENT, case.description)
    made = shop.do(supplier_claims.CLAIM, supplier_claims.claim, SupplierClaim(**preset, sent_on=day("2026-11-20"), reply_by=day("2099-12-04"), amount=Decimal(100)))
    assert made.number == "S/2026/0001"
    (clock,) = [one for one in deadlines.of_case(shop.register, case) if one.rule.startswith(deadlines.SUPPLIER)]
    assert (clock.legal, clock.state) == (day("2099-12-04"), DeadlineState.RUNNING)
    values = {"replied_on": NOON.date(), "outcome": ClaimOutcome.ACCEPTED, "recovered": Decimal(80)}
    shop.do(supplier_claims.CHANGE, supplier_claims.change, made.id, values)
    assert shop.get(type(clock), clock.id).state is DeadlineState.MET
    with pytest.raises(Problems) as refused:
        shop.do(supplier_claims.CHANGE, supplier_claims.change, made.id, {"recovered": Decimal(101)})
    assert named(refused) == {"recovered"}
    shop.do(supplier_claims.REMOVE, supplier_claims.remove, made.id)
    assert shop.get(type(clock), clock.id).state is DeadlineState.DROPPED
