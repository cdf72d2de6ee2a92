"""Decisions the shop can stand by: no way around the answer, silence that came first, consent, second demands, sole traders."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from qmdesk.errors import Known, Problems
from qmdesk.law.remedy import Needs, cell, owes_adr
from qmdesk.operations import letters
from qmdesk.records.books import RefundEntry, ReturnReason
from qmdesk.records.case import (
    AdrStatement,
    Case,
    CaseKind,
    CaseState,
    Decision,
    Demand,
    RefundMethod,
    SecondTier,
)
from qmdesk.records.deadline import DeadlineState
from qmdesk.records.paper import DocumentKind
from qmdesk.records.party import BuyerType
from qmdesk.records.steps import Step, steps
from qmdesk.schema.query import Query
from tests.clock import Clock, clock
from tests.shop import Shop, day, shop

__all__ = ["clock", "shop"]

ACCEPTED, REJECTED = DocumentKind.ANSWER_ACCEPTED, DocumentKind.ANSWER_REJECTED
SOLE = BuyerType.SOLE_TRADER


@pytest.fixture
def ready(clock: Clock, shop: Shop) -> Shop:
    """A shop that can write letters, on 10 December 2026."""
    shop.fills_in_letterhead()
    return shop


def complaint(shop: Shop, clock: Clock, **values: Any) -> Case:
    """A complaint about boots bought at 299.90 and delivered in November."""
    buyer = shop.add_customer(street="ul. Polna 1", postcode="00-001", city="Warszawa")
    order = shop.add_order(f"{1000 + buyer}", buyer, [shop.add_product(sku=f"BUT-{buyer}")], delivered_on=day("2026-11-05"))
    return shop.complains(order=order, **{"received_at": clock(), "demand": Demand.REPAIR, **values})


def fields(refused: pytest.ExceptionInfo[Problems]) -> set[str]:
    return {problem.field for problem in refused.value.problems}


# --------------------------------------------------------------------------- only an answer is an answer


@pytest.mark.parametrize("aside", [Step.ASK, Step.AWAIT_GOODS, Step.ASSESS])
def test_a_decision_nobody_was_told_of_opens_no_way_around_the_answer(ready: Shop, clock: Clock, aside: Step) -> None:
    case = complaint(ready, clock)
    ready.decides(case, refund=Decimal("10.00"), refund_method=RefundMethod.SAME)
    ready.steps(case, aside)
    for step in (Step.START_REMEDY, Step.REFUND, Step.DISPUTE, Step.CLOSE):
        with pytest.raises(Known, match="Send the answer first"):
            ready.steps(case, step)
    assert ready.deadline(case, "PL-CMP-ANSWER").state is DeadlineState.RUNNING
    ready.sends(case, ACCEPTED, "E-mail", clock())
    assert not steps(ready.case(case))[Step.START_REMEDY]


def test_a_case_that_came_closed_from_elsewhere_stays_answered_when_it_is_opened_again(ready: Shop, clock: Clock) -> None:
    case = complaint(ready, clock, received_at=clock() - timedelta(days=30), sold_on=day("2026-11-02"), decision=Decision.ACCEPTED, decided_on=day("2026-11-20"))
    ready.changes(Case, case.id, state=CaseState.CLOSED, closed_on=day("2026-11-21"))
    opened = ready.steps(case, Step.REOPEN)
    assert opened.state is CaseState.ANSWERED
    assert ready.case(case).deemed_accepted_on is None
    assert ready.deadline(case, "PL-CMP-ANSWER").state is DeadlineState.MET


# ------------------------------------------------------------------------------------ silence came first


def test_what_silence_accepted_is_turned_down_no_more(ready: Shop, clock: Clock) -> None:
    case = complaint(ready, clock)
    clock.set("2026-12-29")  # nobody has let the day pass yet
    for decision in (Decision.REJECTED, Decision.PARTIAL):
        with pytest.raises(Problems) as refused:
            ready.decides(case, decision)
        assert fields(refused) == {"decision"}
        assert "accepted since 29 Dec 2026" in refused.value.sentence
        assert "It was sent elsewhere" in refused.value.sentence
    assert ready.case(case).decision is None
    ready.decides(case, Decision.ACCEPTED)
    ready.sends(case, ACCEPTED, "E-mail", clock())
    assert ready.case(case).state is CaseState.ANSWERED


def test_a_rejection_that_left_in_time_is_noted_later(ready: Shop, clock: Clock) -> None:
    case = complaint(ready, clock)
    clock.set("2027-01-10")
    ready.turns_day()
    assert ready.case(case).deemed_accepted_on == day("2026-12-29")
    ready.decides(case, Decision.REJECTED, decided_on=day("2026-12-15"))
    with pytest.raises(Known, match="a rejection sent now changes nothing"):
        ready.sends(case, REJECTED, "E-mail", clock())
    sent = clock() - timedelta(days=20)
    ready.do(letters.SENT_ELSEWHERE, letters.sent_elsewhere, case.id, REJECTED, b"Nie uznajemy.", "mail.txt", ready.channel("E-mail"), sent)
    assert ready.case(case).deemed_accepted_on is None
    assert ready.deadline(case, "PL-CMP-ANSWER").state is DeadlineState.MET


def test_silence_binds_neither_where_it_is_only_possible_nor_after_a_late_answer(ready: Shop, clock: Clock) -> None:
    sole, late = complaint(ready, clock, buyer_type=SOLE), complaint(ready, clock)
    clock.set("2027-01-10")
    ready.turns_day()
    ready.decides(sole, Decision.REJECTED)
    ready.sends(sole, REJECTED, "E-mail", clock())
    ready.decides(late)
    ready.sends(late, ACCEPTED, "E-mail", clock())
    ready.steps(late, Step.SECOND_TIER, second_tier=SecondTier.NOT_DONE, demand=Demand.REFUND)
    assert ready.case(late).deemed_accepted_on == day("2026-12-29")
    assert ready.decides(late, Decision.REJECTED, decision_reasons="The defect is immaterial.").state is CaseState.DECIDED


# ---------------------------------------------------------------------------------------- the second demand


def test_a_second_demand_is_decided_afresh(ready: Shop, clock: Clock) -> None:
    case = complaint(ready, clock)
    ready.decides(case, remedy_kind=Demand.REPAIR, decision_reasons="The seam was open.")
    ready.sends(case, ACCEPTED, "E-mail", clock())
    ready.steps(case, Step.START_REMEDY, remedy_kind=Demand.REPAIR)
    ready.steps(case, Step.FINISH_REMEDY)
    again = ready.steps(case, Step.SECOND_TIER, second_tier=SecondTier.STILL_DEFECTIVE, demand=Demand.REDUCTION, claimed=Decimal("60.00"))
    assert (again.remedy_kind, again.remedy, again.decision_reasons, again.refund) == (None, "", "", None)
    with pytest.raises(Problems) as refused:
        ready.steps(case, Step.DECIDE, decision=Decision.ACCEPTED)
    assert fields(refused) == {"refund", "refund_method"}
    ready.steps(case, Step.DECIDE, decision=Decision.ACCEPTED, refund=Decimal("60.00"), refund_method=RefundMethod.SAME)
    ready.changes(Case, case.id, remedy="60 zł less")
    ready.sends(case, ACCEPTED, "E-mail", clock())
    ready.steps(case, Step.REFUND)
    (entry,) = ready.register.records(Query(RefundEntry))
    assert entry.reason is ReturnReason.REDUCTION


# --------------------------------------------------------------------------------------------- the money


def test_money_of_a_complaint_goes_another_way_only_with_consent(ready: Shop, clock: Clock) -> None:
    def paid(buyer: BuyerType) -> Case:
        case = complaint(ready, clock, demand=Demand.REFUND, buyer_type=buyer)
        ready.decides(case, refund=Decimal("299.90"), refund_method=RefundMethod.SAME)
        ready.sends(case, ACCEPTED, "E-mail", clock())
        return ready.steps(case, Step.REFUND, refund_method=RefundMethod.TRANSFER)

    for buyer in (BuyerType.CONSUMER, SOLE):
        with pytest.raises(Problems) as refused:
            paid(buyer)
        assert fields(refused) == {"refund_consent_on"}
    assert paid(BuyerType.BUSINESS).state is CaseState.REFUNDED


def test_an_edit_is_no_way_around_the_decision(ready: Shop, clock: Clock) -> None:
    case = complaint(ready, clock, demand=Demand.REFUND)
    for values, wrong in (({"refund": Decimal("299.91")}, {"refund"}), ({"decision": Decision.REJECTED}, {"decision_reasons", "adr"})):
        with pytest.raises(Problems) as refused:
            ready.edits(case, **values)
        assert fields(refused) == wrong
    with pytest.raises(Problems) as refused:
        ready.steps(case, Step.ASSESS, decision=Decision.REJECTED)
    assert fields(refused) == {"decision_reasons", "adr"}
    assert ready.case(case).decision is None
    ready.decides(case, Decision.REJECTED)
    for values, wrong in (({"decision": None}, {"decision"}), ({"decision_reasons": " "}, {"decision_reasons"})):
        with pytest.raises(Problems) as refused:
            ready.edits(case, **values)
        assert fields(refused) == wrong
    assert ready.edits(case, note="He called.", decision_reasons="Worn through.").decision is Decision.REJECTED


# -------------------------------------------------------------------------- out-of-court settlement (ADR act art. 32)


def test_the_statement_on_settlement_is_owed_to_consumers_only() -> None:
    assert [owes_adr(str(buyer.value)) for buyer in BuyerType] == [True, False, False]
    for demand in Demand:
        for decision in ("partial", "rejected"):
            assert [Needs.ADR in cell(str(demand.value), decision, buyer=str(buyer.value)).needs for buyer in BuyerType] == [True, False, False]
    assert "owed to consumers" in cell("repair", "rejected", buyer=str(SOLE.value)).sentence("en")


@pytest.mark.parametrize("kind", [CaseKind.COMPLAINT, CaseKind.GUARANTEE])
def test_a_sole_trader_is_told_of_settlement_only_when_the_shop_says_so(ready: Shop, clock: Clock, kind: CaseKind) -> None:
    case = complaint(ready, clock, kind=kind, buyer_type=SOLE)
    ready.decides(case, Decision.REJECTED, adr=None)
    assert DocumentKind.ADR_STATEMENT not in letters.offered(ready.register, ready.case(case))
    silent = letters.preview(ready.register, case.id, REJECTED, "en")
    assert [gap.field for gap in silent.gaps] == []
    assert "out-of-court" not in str(silent.content.facts)
    assert "ombudsman" not in str(silent.content.facts)
    assert ("It does not affect your rights against the seller" in str(silent.content.facts)) is (kind is CaseKind.GUARANTEE)
    ready.edits(case, adr=AdrStatement.REFUSAL)
    assert "out-of-court" in str(letters.preview(ready.register, case.id, REJECTED, "en").content.facts)
    consumer = complaint(ready, clock, kind=kind)
    ready.decides(consumer, Decision.REJECTED)
    assert DocumentKind.ADR_STATEMENT in letters.offered(ready.register, ready.case(consumer))
    assert "ombudsman" in str(letters.preview(ready.register, consumer.id, REJECTED, "en").content.facts)
