"""The clock of a case: every rule from a real case, what stops it and what does not, silence, and days that pass."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from qmdesk import i18n
from qmdesk.errors import Known, Problems
from qmdesk.law import packs, rules
from qmdesk.law.words import rule_file
from qmdesk.operations import deadlines, due, keeping
from qmdesk.operations.history import sentences
from qmdesk.operations.registers import the_shop
from qmdesk.operations.situation import CONCEALED
from qmdesk.records.assessment import Answered, CheckAnswer, ClaimOutcome, SupplierClaim
from qmdesk.records.case import (
    AdrStatement,
    Case,
    CaseKind,
    CaseState,
    ContractType,
    Decision,
    Demand,
    GoodsKind,
    LegalBasis,
    Outcome,
    RefundMethod,
    SecondTier,
)
from qmdesk.records.deadline import Deadline, DeadlineState, RuleSwitch, Whose
from qmdesk.records.paper import DocumentKind
from qmdesk.records.party import BuyerType, Supplier
from qmdesk.records.returns import DeliveryKind, Exclusion, Informed, ReturnDetails
from qmdesk.records.shop import THE_SHOP
from qmdesk.records.shop import Shop as ShopRecord
from qmdesk.records.steps import Step
from qmdesk.register import Transaction
from qmdesk.schema.query import Query
from tests.clock import Clock, clock
from tests.shop import Shop, day, shop

__all__ = ["clock", "shop"]

ACCEPTED, REJECTED = DocumentKind.ANSWER_ACCEPTED, DocumentKind.ANSWER_REJECTED
RUNNING, HELD, OVERDUE, MET, MISSED, ENDED, DROPPED = DeadlineState


@pytest.fixture
def ready(clock: Clock, shop: Shop) -> Shop:
    """A shop that can write letters, on 10 December 2026."""
    shop.fills_in_letterhead()
    return shop


def complaint(shop: Shop, clock: Clock, **values: Any) -> Case:
    """A consumer complains now, about boots bought and delivered in November."""
    buyer = shop.add_customer(street="ul. Polna 1", postcode="00-001", city="Warszawa", buyer_type=values.get("buyer_type", BuyerType.CONSUMER))
    order = shop.add_order(f"{1000 + buyer}", buyer, [shop.add_product(sku=f"BUT-{buyer}")], delivered_on=day("2026-11-05"))
    return shop.complains(order=order, **{"received_at": clock(), "demand": Demand.REFUND, **values})


def accept(shop: Shop, case: Case) -> Case:
    """Decide that the customer gets the money back."""
    return shop.decides(case, refund=Decimal("299.90"), refund_method=RefundMethod.SAME)


def returned(shop: Shop, clock: Clock, terms: dict[str, Any] | None = None, **values: Any) -> Case:
    """A customer withdraws from a purchase delivered on 5 December 2026."""
    case = shop.complains(kind=CaseKind.RETURN, received_at=clock(), demand=None, delivered_on=day("2026-12-05"), contract_on=day("2026-12-01"), **values)
    if terms is not None:
        keep_terms(shop, case, **terms)
    return case


def keep_terms(shop: Shop, case: Case, **values: Any) -> None:
    """Write the terms of a return down, as the operations of returns do: together with a refresh."""

    def keep(tx: Transaction) -> None:
        found = next((one for one in tx.records(Query(ReturnDetails)) if one.case == case.id), None)
        if found:
            tx.change(found, **values)
        else:
            tx.add(ReturnDetails(case=case.id, **values))
        deadlines.refresh(tx, case.id)

    shop.do("Terms", keep)


def days(one: Deadline) -> tuple[date, date, date, DeadlineState]:
    return one.start, one.nominal, one.legal, one.state


# ------------------------------------------------------------------------------------ silence (UPK art. 7a)


def test_a_complaint_over_christmas_left_alone_is_accepted_the_day_after(ready: Shop, clock: Clock) -> None:
    case = complaint(ready, clock)
    answer = ready.deadline(case, "PL-CMP-ANSWER")
    assert days(answer) == (day("2026-12-10"), day("2026-12-24"), day("2026-12-28"), RUNNING)
    for lang, words in (("en", ("Thursday 10 December 2026", "24 December", "Monday 28 December 2026", "KC art. 115", "UPK art. 7a")), ("pl", ("w czwartek 10 grudnia", "24 grudnia", "w poniedziałek 28 grudnia", "art. 115 KC", "art. 7a UPK"))):
        said = answer.reasoning_pl if lang == "pl" else answer.reasoning_en
        assert all(word in said for word in words), said

    clock.set("2026-12-28 23:59")
    assert ready.turns_day() == []
    assert ready.case(case).deemed_accepted_on is None
    clock.set("2026-12-29 00:01")
    assert [one.number for one in ready.turns_day()] == [case.number]
    assert ready.case(case).deemed_accepted_on == day("2026-12-29")
    assert ready.deadline(case, "PL-CMP-ANSWER").state is OVERDUE
    assert ready.turns_day() == [], "the day is turned once"
    with pytest.raises(Known, match="can't be taken back"):
        ready.register.undo()


def test_silence_is_only_possible_for_a_sole_trader_and_nothing_among_businesses(ready: Shop, clock: Clock) -> None:
    sole = complaint(ready, clock, buyer_type=BuyerType.SOLE_TRADER)
    firm = complaint(ready, clock, buyer_type=BuyerType.BUSINESS)
    answer = ready.deadline(sole, "PL-CMP-ANSWER")
    assert (answer.soft, answer.legal) == (True, day("2026-12-28"))
    assert "not certain" in answer.reasoning_en
    assert "PL-CMP-ANSWER" not in ready.rules(firm)
    clock.set("2027-01-20")
    assert ready.turns_day() == []
    assert [ready.case(one).deemed_accepted_on for one in (sole, firm)] == [None, None]
    assert ready.deadline(sole, "PL-CMP-ANSWER").state is OVERDUE


def test_a_late_answer_does_not_undo_what_silence_did(ready: Shop, clock: Clock) -> None:
    case = complaint(ready, clock)
    clock.set("2027-01-04")
    ready.turns_day()
    answered(ready, clock, case)
    late = ready.deadline(case, "PL-CMP-ANSWER")
    assert (late.state, late.satisfied_at) == (MISSED, clock())
    assert ready.case(case).deemed_accepted_on == day("2026-12-29")
    ready.steps(case, Step.REFUND, refunded_on=day("2027-01-04"))
    ready.steps(case, Step.CLOSE)
    assert ready.case(case).deemed_accepted_on == day("2026-12-29")
    ready.steps(case, Step.REOPEN)
    assert ready.case(case).deemed_accepted_on == day("2026-12-29")


def test_what_was_only_noted_late_was_not_silence(ready: Shop, clock: Clock) -> None:
    """A letter arrived in time, but the shop wrote it down weeks later."""
    case = complaint(ready, clock)
    accept(ready, case)
    letter = ready.sends(case, ACCEPTED, "Post", clock())
    clock.set("2027-01-10")
    ready.turns_day()
    assert ready.case(case).deemed_accepted_on == day("2026-12-29")
    ready.hears_of_delivery(letter, clock.set("2026-12-15"))
    clock.set("2027-01-10")
    assert ready.case(case).deemed_accepted_on is None
    assert ready.deadline(case, "PL-CMP-ANSWER").state is MET


def test_a_customer_who_took_the_complaint_back_ends_the_clock(ready: Shop, clock: Clock) -> None:
    early, late = complaint(ready, clock), complaint(ready, clock)
    ready.steps(early, Step.WITHDRAW)
    assert ready.deadline(early, "PL-CMP-ANSWER").state is DROPPED
    clock.set("2027-01-04")
    ready.turns_day()
    ready.steps(late, Step.WITHDRAW)
    assert ready.case(early).deemed_accepted_on is None
    assert ready.case(late).deemed_accepted_on == day("2026-12-29"), "it had been accepted before"
    assert ready.deadline(late, "PL-CMP-ANSWER").state is MISSED
    assert [one.case.number for one in due.due(ready.register)] == []


# ------------------------------------------------------------------------------- what stops the clock


def test_an_email_stops_it_at_once_and_a_phone_call_never(ready: Shop, clock: Clock) -> None:
    case = complaint(ready, clock)
    accept(ready, case)
    ready.says(case, "I told her on the phone that we accept it.")
    assert ready.deadline(case, "PL-CMP-ANSWER").satisfied_at is None
    with pytest.raises(Known, match="phone call stops nothing"):
        ready.sends(case, ACCEPTED, "Phone", clock())
    assert ready.deadline(case, "PL-CMP-ANSWER").state is RUNNING
    sent = clock.set("2026-12-28 23:50")
    ready.sends(case, ACCEPTED, "E-mail", sent)
    answer = ready.deadline(case, "PL-CMP-ANSWER")
    assert (answer.satisfied_at, answer.state) == (sent, MET)


def test_a_letter_stops_it_only_when_it_is_there_and_warns_earlier(ready: Shop, clock: Clock) -> None:
    case = complaint(ready, clock, channel=ready.channel("Post"))
    (one,) = (found for found in due.due(ready.register) if found.deadline.rule == "PL-CMP-ANSWER")
    assert (one.deadline.legal, one.warn_on) == (day("2026-12-28"), day("2026-12-23"))
    accept(ready, case)
    letter = ready.sends(case, ACCEPTED, "Post", clock.set("2026-12-23"))
    assert ready.deadline(case, "PL-CMP-ANSWER").satisfied_at is None
    assert ready.case(case).state is CaseState.ANSWERED
    arrived = clock.set("2026-12-28 12:00")
    ready.hears_of_delivery(letter, arrived)
    assert (ready.deadline(case, "PL-CMP-ANSWER").satisfied_at, ready.deadline(case, "PL-CMP-ANSWER").state) == (arrived, MET)
    clock.set("2027-01-10")
    assert ready.turns_day() == []


def test_a_confirmation_of_receipt_is_no_answer(ready: Shop, clock: Clock) -> None:
    case = complaint(ready, clock)
    ready.sends(case, DocumentKind.RECEIPT_CONFIRMATION, "E-mail", clock())
    ready.steps(case, Step.ASK)
    ready.steps(case, Step.AWAIT_GOODS)
    assert days(ready.deadline(case, "PL-CMP-ANSWER"))[2:] == (day("2026-12-28"), RUNNING)


def test_a_case_that_came_answered_from_elsewhere_is_answered(ready: Shop, clock: Clock) -> None:
    case = complaint(ready, clock, received_at=clock() - timedelta(days=30), decision=Decision.ACCEPTED, decided_on=day("2026-11-20"))
    ready.changes(Case, case.id, state=CaseState.ANSWERED)
    ready.do("Refresh", deadlines.refresh, case.id)
    assert ready.deadline(case, "PL-CMP-ANSWER").state is MET
    assert ready.case(case).deemed_accepted_on is None


# ------------------------------------------------------------------- every rule of the pack, from a case


def answered(shop: Shop, clock: Clock, case: Case, decision: Decision = Decision.ACCEPTED, **values: Any) -> None:
    if decision is Decision.ACCEPTED and not values:
        accept(shop, case)
    else:
        shop.decides(case, decision, **values)
    shop.sends(case, ACCEPTED if decision is not Decision.REJECTED else REJECTED, "E-mail", clock())


def second_tier(shop: Shop, clock: Clock, demand: Demand, **values: Any) -> Case:
    case = complaint(shop, clock, demand=Demand.REPAIR, **values)
    answered(shop, clock, case, remedy_kind=Demand.REPAIR)
    clock.set("2026-12-21")
    return shop.steps(case, Step.SECOND_TIER, second_tier=SecondTier.NOT_DONE, demand=demand)


def _repair(shop: Shop, clock: Clock) -> Case:
    return complaint(shop, clock, demand=Demand.REPAIR)


def _reduction(shop: Shop, clock: Clock) -> Case:
    return second_tier(shop, clock, Demand.REDUCTION)


def _refund(shop: Shop, clock: Clock) -> Case:
    case = second_tier(shop, clock, Demand.REFUND)
    assert "PL-CMP-REFUND" not in shop.rules(case), "the goods are still with the customer"
    clock.set("2026-12-23")
    return shop.steps(case, Step.GOODS_RECEIVED)


def _digital(shop: Shop, clock: Clock) -> Case:
    return second_tier(shop, clock, Demand.REFUND, goods_kind=GoodsKind.DIGITAL)


def _repaired(shop: Shop, clock: Clock) -> Case:
    shop.do(deadlines.SWITCH, deadlines.switch, "PL-REPAIR-EXT", True, day("2026-11-01"), "Dz.U. of my lawyer's letter")
    case = complaint(shop, clock, demand=Demand.REPAIR)
    answered(shop, clock, case, remedy_kind=Demand.REPAIR)
    shop.steps(case, Step.START_REMEDY, remedy_kind=Demand.REPAIR)
    return shop.steps(case, Step.FINISH_REMEDY)


def _guarantee(shop: Shop, clock: Clock, **values: Any) -> Case:
    case = complaint(shop, clock, kind=CaseKind.GUARANTEE, **values)
    clock.set("2026-12-11")
    return shop.steps(case, Step.GOODS_RECEIVED)


def _visit(shop: Shop, clock: Clock) -> Case:
    return returned(shop, clock, contract_type=ContractType.VISIT)


def _uninformed(shop: Shop, clock: Clock) -> Case:
    return returned(shop, clock, {"informed": Informed.NO})


def _informed_late(shop: Shop, clock: Clock) -> Case:
    return returned(shop, clock, {"informed": Informed.LATER, "informed_on": day("2026-12-09")})


def _online(shop: Shop, clock: Clock) -> Case:
    return returned(shop, clock, channel=shop.channel("Website form"))


def _firm(shop: Shop, clock: Clock) -> Case:
    return complaint(shop, clock, buyer_type=BuyerType.BUSINESS, noticed_on=day("2026-12-01"))


RULES = {
    "PL-CMP-ANSWER": (complaint, "2026-12-10", "2026-12-28"),
    "PL-CMP-REPAIR": (_repair, "2026-12-10", "2026-12-24"),
    "PL-CMP-REDUCT": (_reduction, "2026-12-21", "2027-01-04"),
    "PL-CMP-REFUND": (_refund, "2026-12-23", "2027-01-07"),
    "PL-CMP-DIGITAL-REFUND": (_digital, "2026-12-21", "2027-01-04"),
    "PL-LIABILITY": (complaint, "2026-11-05", "2028-11-05"),
    "PL-PRESUMPTION": (complaint, "2026-11-05", "2028-11-05"),
    "PL-PRESUMPTION-DIGITAL": (lambda shop, clock: complaint(shop, clock, goods_kind=GoodsKind.DIGITAL), "2026-11-05", "2027-11-05"),
    "PL-REPAIR-EXT": (_repaired, "2028-11-05", "2029-11-05"),
    "PL-WD-14": (returned, "2026-12-05", "2026-12-21"),
    "PL-WD-30": (_visit, "2026-12-05", "2027-01-04"),
    "PL-WD-NOINFO": (_uninformed, "2026-12-21", "2027-12-21"),
    "PL-WD-LATEINFO": (_informed_late, "2026-12-09", "2026-12-23"),
    "PL-WD-ACK": (_online, "2026-12-10", "2026-12-10"),
    "PL-WD-REFUND": (returned, "2026-12-10", "2026-12-28"),
    "PL-WD-SENDBACK": (returned, "2026-12-10", "2026-12-28"),
    "PL-GUAR-DEFAULT": (_guarantee, "2026-12-11", "2026-12-28"),
    "PL-B2B-WARRANTY": (_firm, "2026-11-05", "2028-11-05"),
    "PL-B2B-CLAIM": (_firm, "2026-12-01", "2027-12-01"),
}
NOT_OF_A_CASE = {"PL-GDPR-ACCESS", "PL-WD-FUNCTION"}  # a request about data is no case yet; a duty without days


def test_the_list_of_rules_is_whole() -> None:
    assert set(RULES) | NOT_OF_A_CASE == {rule["id"] for rule in rule_file("pl")["rule"]}


@pytest.mark.parametrize("rule", RULES)
def test_every_rule_comes_out_of_a_case(ready: Shop, clock: Clock, rule: str) -> None:
    made, start, legal = RULES[rule]
    case = made(ready, clock)
    (found,) = (one for one in deadlines.of_case(ready.register, ready.case(case)) if one.rule == rule)
    assert (found.start, found.legal) == (day(start), day(legal))
    assert len(found.reasoning_pl) > 40
    assert len(found.reasoning_en) > 40
    assert due.rule_title(deadlines.rulebook(ready.register), rule) != rule


def test_periods_are_no_records_and_nothing_is_due_by_them(ready: Shop, clock: Clock) -> None:
    case = complaint(ready, clock)
    assert {one.rule for one in ready.register.records(Query(Deadline))} == {"PL-CMP-ANSWER"}
    periods = [one for one in deadlines.of_case(ready.register, ready.case(case)) if not one.id]
    assert [(one.rule, one.state) for one in periods] == [("PL-LIABILITY", RUNNING), ("PL-PRESUMPTION", RUNNING)]
    clock.set("2028-11-06")
    assert {one.state for one in deadlines.of_case(ready.register, ready.case(case)) if not one.id} == {ENDED}


def test_a_concealed_defect_has_no_end_of_liability(ready: Shop, clock: Clock) -> None:
    case = complaint(ready, clock)
    assert CONCEALED in {question["id"] for question in rule_file("conformity")["question"]}
    ready.add(CheckAnswer(case=case.id, question=CONCEALED, answer=Answered.YES))
    assert "PL-LIABILITY" not in ready.rules(case)


def test_a_guarantee_with_its_own_time_is_kept_by_it(ready: Shop, clock: Clock) -> None:
    case = _guarantee(ready, clock, guarantee_days=21)
    assert "PL-GUAR-DEFAULT" not in ready.rules(case)
    promise = ready.deadline(case, deadlines.GUARANTEE)
    assert days(promise) == (day("2026-12-11"), day("2027-01-01"), day("2027-01-01"), RUNNING)
    assert "21 dni" in promise.reasoning_pl
    ready.edits(case, remedy_done_on=day("2026-12-30"))
    assert ready.deadline(case, deadlines.GUARANTEE).state is MET


def test_a_czech_complaint_is_settled_only_with_its_remedy(ready: Shop, clock: Clock) -> None:
    ready.do(deadlines.CHANGE_SHOP, deadlines.change_shop, THE_SHOP, {"country": "CZ"})
    case = complaint(ready, clock, demand=Demand.REPAIR)
    answered(ready, clock, case, remedy_kind=Demand.REPAIR)
    assert ready.deadline(case, "CZ-CMP-SETTLE").satisfied_at is None, "an answer alone settles nothing there"
    ready.steps(case, Step.START_REMEDY, remedy_kind=Demand.REPAIR)
    ready.steps(case, Step.FINISH_REMEDY)
    assert ready.deadline(case, "CZ-CMP-SETTLE").state is MET


def test_a_rejection_ends_what_was_waited_for(ready: Shop, clock: Clock) -> None:
    repair = complaint(ready, clock, demand=Demand.REPAIR)
    answered(ready, clock, repair, Decision.REJECTED)
    assert "PL-CMP-REPAIR" not in ready.rules(repair)
    clock.set("2027-01-20")
    refund = returned(ready, clock, {"statement_sent_on": day("2027-01-19")})
    ready.steps(refund, Step.DECIDE, decision=Decision.REJECTED, decision_reasons="Too late.", adr=AdrStatement.REFUSAL)
    assert "PL-WD-REFUND" not in ready.rules(refund)
    assert "PL-WD-14" in ready.rules(refund)


# ------------------------------------------------------------------------------------------- returns


def test_withheld_money_waits_for_the_goods_and_is_due_at_once_when_they_come_late(ready: Shop, clock: Clock) -> None:
    case = returned(ready, clock, {})
    assert days(ready.deadline(case, "PL-WD-REFUND"))[2:] == (day("2026-12-28"), HELD)
    clock.set("2027-01-08")
    ready.turns_day()
    held = ready.deadline(case, "PL-WD-REFUND")
    assert held.state is HELD, "the shop may wait"
    assert "withhold" in held.reasoning_en
    ready.steps(case, Step.GOODS_RECEIVED)
    came = ready.deadline(case, "PL-WD-REFUND")
    assert days(came)[2:] == (day("2027-01-08"), RUNNING)
    assert "came only on Friday 8 January 2027" in came.reasoning_en


def test_whoever_offers_collection_may_not_wait(ready: Shop, clock: Clock) -> None:
    case = returned(ready, clock, {"collection_offered": True})
    assert ready.deadline(case, "PL-WD-REFUND").state is RUNNING
    assert "PL-WD-SENDBACK" not in ready.rules(case)


def test_paying_before_the_goods_come_is_never_late(ready: Shop, clock: Clock) -> None:
    case = returned(ready, clock, {})
    clock.set("2027-01-15")
    ready.edits(case, refunded_on=day("2027-01-15"))
    assert ready.deadline(case, "PL-WD-REFUND").state is MET


def test_the_customer_s_own_days_end_and_are_not_the_shop_s(ready: Shop, clock: Clock) -> None:
    case = returned(ready, clock, {"statement_sent_on": day("2026-12-10")})
    assert ready.deadline(case, "PL-WD-14").state is MET
    clock.set("2027-01-08")
    ready.turns_day()
    assert ready.deadline(case, "PL-WD-SENDBACK").state is ENDED
    assert [one.deadline.rule for one in due.due(ready.register)] == ["PL-WD-REFUND"]


def test_a_statement_sent_too_late_shows(ready: Shop, clock: Clock) -> None:
    clock.set("2027-01-20")
    case = returned(ready, clock, {"statement_sent_on": day("2027-01-19")})
    assert ready.deadline(case, "PL-WD-14").state is MISSED
    case = returned(ready, clock, {"exclusion": Exclusion.E03, "exclusion_evidence": "made_to_order: the order form"})
    assert not {"PL-WD-14", "PL-WD-REFUND"} & set(ready.rules(case))


def test_a_service_counts_from_the_contract(ready: Shop, clock: Clock) -> None:
    case = returned(ready, clock, {"delivery_kind": DeliveryKind.CONTRACT})
    assert ready.deadline(case, "PL-WD-14").start == day("2026-12-01")


def test_a_shop_that_does_not_inform_waits_twelve_months_longer(ready: Shop, clock: Clock) -> None:
    told = returned(ready, clock)
    ready.do(deadlines.CHANGE_SHOP, deadlines.change_shop, THE_SHOP, {"informs_of_withdrawal": False})
    assert "PL-WD-14" in ready.rules(told), "who was told once was told"
    case = returned(ready, clock)
    assert "PL-WD-NOINFO" in ready.rules(case)
    assert "PL-WD-14" not in ready.rules(case)


def test_an_electronic_withdrawal_is_confirmed_at_once(ready: Shop, clock: Clock) -> None:
    case = _online(ready, clock)
    assert ready.deadline(case, "PL-WD-ACK").state is RUNNING
    clock.set("2026-12-11")
    ready.turns_day()
    assert ready.deadline(case, "PL-WD-ACK").state is OVERDUE


# ------------------------------------------------------------------------------------- changed facts


def test_an_edited_date_moves_what_is_open_and_the_history_says_so(ready: Shop, clock: Clock) -> None:
    case = complaint(ready, clock)
    ready.edits(case, received_at=clock() - timedelta(days=3))
    answer = ready.deadline(case, "PL-CMP-ANSWER")
    assert (answer.start, answer.legal) == (day("2026-12-07"), day("2026-12-21"))
    assert "Monday 7 December 2026" in answer.reasoning_en
    step = ready.register.steps(1)[0][0]
    entry = next(entry for entry in ready.register.entries(step.id) if entry.kind == "deadline")
    assert entry.before is not None
    assert entry.after is not None
    assert (entry.before["legal"], entry.after["legal"]) == ("2026-12-28", "2026-12-21")
    said = [sentence for _step, change in ready.register.history(ready.case(case)) for sentence in sentences(ready.register, change, case)]
    assert "Deadline “Answer to the complaint” changed" in said
    assert "Last day in law: 28 Dec 2026 → 21 Dec 2026" in said
    assert not any("Reasoning" in sentence for sentence in said)


def test_a_wrong_date_that_is_mended_takes_the_acceptance_back(ready: Shop, clock: Clock) -> None:
    case = complaint(ready, clock, received_at=clock() - timedelta(days=20), noticed_on=None)
    assert ready.case(case).deemed_accepted_on == day("2026-12-05")
    ready.edits(case, received_at=clock() - timedelta(days=2))
    assert ready.case(case).deemed_accepted_on is None
    assert ready.deadline(case, "PL-CMP-ANSWER").state is RUNNING


def test_another_buyer_is_another_law(ready: Shop, clock: Clock) -> None:
    case = complaint(ready, clock)
    ready.edits(case, buyer_type=BuyerType.BUSINESS)
    assert ready.deadline(case, "PL-CMP-ANSWER").state is DROPPED
    ready.edits(case, buyer_type=BuyerType.CONSUMER)
    assert ready.deadline(case, "PL-CMP-ANSWER").state is RUNNING


def test_a_refresh_that_finds_nothing_new_writes_nothing(ready: Shop, clock: Clock) -> None:
    case = complaint(ready, clock, marketplace_due=day("2026-12-12"), goods_received_on=day("2026-12-10"))
    before = ready.register.steps(1)[0][0].id
    ready.do("Refresh", deadlines.refresh, case.id)
    ready.edits(case)
    assert ready.register.steps(1)[0][0].id == before


# ---------------------------------------------------------------------------------- newer rules


@pytest.fixture
def newer(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Make Polish rules of another version known: ``newer("PL-CMP-ANSWER", amount=7)``; without a change the rule is gone."""

    def make(rule_id: str, **changed: Any) -> None:
        old = packs.load("PL")
        kept = [replace(rule, version=2, **changed) if rule.id == rule_id else rule for rule in old.rules if changed or rule.id != rule_id]
        monkeypatch.setattr(rules, "load", lambda _country: replace(old, rules=tuple(kept)))

    return make


def test_newer_rules_move_what_runs_and_nothing_that_passed_or_was_met(ready: Shop, clock: Clock, newer: Any) -> None:
    passed, met, running = complaint(ready, clock), complaint(ready, clock), complaint(ready, clock)
    answered(ready, clock, met)
    clock.set("2026-12-29")
    running = complaint(ready, clock)
    ready.turns_day()
    before = {case.id: ready.deadline(case, "PL-CMP-ANSWER") for case in (passed, met)}
    newer("PL-CMP-ANSWER", amount=30)
    for case in (passed, met, running):
        ready.edits(case, note="The law has changed.")
    for case in (passed, met):
        assert ready.deadline(case, "PL-CMP-ANSWER") == before[case.id]
    assert ready.case(passed).deemed_accepted_on == day("2026-12-29")
    moved = ready.deadline(running, "PL-CMP-ANSWER")
    assert (moved.version, moved.legal) == ("2", day("2027-01-28"))
    assert "30 days" in moved.reasoning_en


def test_rules_that_are_gone_leave_what_was_and_drop_what_runs(ready: Shop, clock: Clock, newer: Any) -> None:
    passed, met = complaint(ready, clock), complaint(ready, clock)
    answered(ready, clock, met)
    clock.set("2026-12-29")
    ready.turns_day()
    running = complaint(ready, clock)
    newer("PL-CMP-ANSWER")
    for case in (passed, met, running):
        ready.edits(case, note="There is no such rule any more.")
    assert [ready.deadline(case, "PL-CMP-ANSWER").state for case in (passed, met, running)] == [MISSED, MET, DROPPED]
    assert ready.case(passed).deemed_accepted_on == day("2026-12-29")
    ready.edits(passed, note="And again.")
    assert ready.case(passed).deemed_accepted_on == day("2026-12-29")


def test_a_mended_calendar_moves_no_past_day(ready: Shop, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    case = complaint(ready, clock)
    clock.set("2026-12-29")
    ready.turns_day()
    from qmdesk.law import calendar

    monkeypatch.setattr(calendar, "passes_over", lambda _country, on: on < day("2026-12-31"))
    ready.edits(case, note="Somebody found another day off.")
    assert ready.deadline(case, "PL-CMP-ANSWER").legal == day("2026-12-28")


# -------------------------------------------------------------------------- days that others set


def test_a_marketplace_wants_its_answer(ready: Shop, clock: Clock) -> None:
    case = complaint(ready, clock, marketplace_due=day("2026-12-13"))
    wanted = ready.deadline(case, deadlines.MARKETPLACE)
    assert (wanted.legal, wanted.whose, wanted.state) == (day("2026-12-13"), Whose.SHOP, RUNNING)
    assert "13 December 2026" in wanted.reasoning_en
    answered(ready, clock, case)
    assert ready.deadline(case, deadlines.MARKETPLACE).state is MET
    ready.edits(case, marketplace_due=None)
    assert ready.deadline(case, deadlines.MARKETPLACE).state is DROPPED


def test_a_supplier_is_waited_for_apart(ready: Shop, clock: Clock) -> None:
    case = complaint(ready, clock)
    supplier = ready.add(Supplier(name="Buty S.A."))

    def claim(tx: Transaction, **values: Any) -> None:
        found = next(iter(tx.records(Query(SupplierClaim))), None)
        if found:
            tx.change(found, **values)
        else:
            tx.add(SupplierClaim(case=case.id, supplier=supplier, sent_on=day("2026-12-10"), reply_by=day("2026-12-17")))
        deadlines.refresh(tx, case.id)

    ready.do("Claim", claim)
    rule = ready.rules(case)[0]
    assert rule.startswith(deadlines.SUPPLIER)
    assert ready.deadline(case, rule).whose is Whose.SUPPLIER
    clock.set("2026-12-18")
    ready.turns_day()
    assert ready.deadline(case, rule).state is OVERDUE
    assert ready.register.count(due.of_suppliers()) == 1
    assert rule not in {one.rule for one in ready.register.records(due.of_shop(clock().date()))}
    ready.do("Claim", claim, outcome=ClaimOutcome.ACCEPTED)
    ready.do("Refresh", deadlines.refresh, case.id)
    assert ready.deadline(case, rule).state is MET


# ------------------------------------------------------------------------------------- putting off


def test_a_deadline_is_put_off_with_a_reason_and_never_past_the_law(ready: Shop, clock: Clock) -> None:
    case = complaint(ready, clock)
    answer = ready.deadline(case, "PL-CMP-ANSWER")
    for until, reason, field in (
        ("2026-12-29", "I wait for the expert.", "snoozed_until"),
        ("2026-12-10", "I wait for the expert.", "snoozed_until"),
        ("2026-12-14", "  ", "snooze_reason"),
    ):
        with pytest.raises(Problems) as refused:
            ready.puts_off(answer, day(until), reason)
        assert [problem.field for problem in refused.value.problems] == [field]
    ready.puts_off(answer, day("2026-12-14"), "I wait for the expert.")
    today = clock().date()
    assert ready.register.count(due.of_shop(today)) == 0
    assert ready.register.count(due.put_off(today)) == 1
    assert due.due(ready.register) == []
    assert [one.deadline.snooze_reason for one in due.due(ready.register, snoozed=True)] == ["I wait for the expert."]
    clock.set("2026-12-14")
    assert ready.register.count(due.of_shop(clock().date())) == 1, "its day has come"
    assert len(due.due(ready.register)) == 1


def test_what_was_put_off_comes_back_when_its_day_moves_or_it_is_met(ready: Shop, clock: Clock) -> None:
    case = complaint(ready, clock)
    ready.puts_off(ready.deadline(case, "PL-CMP-ANSWER"), day("2026-12-27"), "Holidays.")
    ready.edits(case, received_at=clock() - timedelta(days=2))
    assert ready.deadline(case, "PL-CMP-ANSWER").snoozed_until is None
    ready.puts_off(ready.deadline(case, "PL-CMP-ANSWER"), day("2026-12-20"), "Holidays.")
    ready.do(deadlines.WAKE, deadlines.wake, ready.deadline(case, "PL-CMP-ANSWER").id)
    assert ready.deadline(case, "PL-CMP-ANSWER").snoozed_until is None
    ready.puts_off(ready.deadline(case, "PL-CMP-ANSWER"), day("2026-12-20"), "Holidays.")
    answered(ready, clock, case)
    assert ready.deadline(case, "PL-CMP-ANSWER").snoozed_until is None


# ------------------------------------------------------------------------------------------- switches


def test_the_repair_extension_is_switched_on_for_new_contracts_only(ready: Shop, clock: Clock) -> None:
    old = _repaired(ready, clock)
    assert ready.rules(old)[-1] == "PL-REPAIR-EXT"
    assert "PL-LIABILITY" not in ready.rules(old)
    ready.do(deadlines.SWITCH, deadlines.switch, "PL-REPAIR-EXT", True, day("2027-01-01"), "It begins later.")
    assert "PL-REPAIR-EXT" not in ready.rules(old), "the contract is older"
    ready.do(deadlines.SWITCH, deadlines.switch, "PL-REPAIR-EXT", False, None, "It was withdrawn.")
    assert "PL-LIABILITY" in ready.rules(old)
    assert ready.register.count(Query(RuleSwitch)) == 1


def test_the_shop_s_own_target_is_switched_off_and_on(ready: Shop, clock: Clock) -> None:
    case = complaint(ready, clock, demand=Demand.REPAIR)
    ready.do(deadlines.SWITCH, deadlines.switch, "PL-CMP-REPAIR", False, None, "We mend as fast as we can.")
    assert ready.deadline(case, "PL-CMP-REPAIR").state is DROPPED
    ready.do(deadlines.SWITCH, deadlines.switch, "PL-CMP-REPAIR", True, None, "We promised it again.")
    assert ready.deadline(case, "PL-CMP-REPAIR").state is RUNNING


def test_what_the_law_says_plainly_is_not_switched(ready: Shop, clock: Clock) -> None:
    for rule, why, field in (("PL-CMP-ANSWER", "I want to", "rule"), ("NONSENSE", "I want to", "rule"), ("PL-REPAIR-EXT", " ", "why")):
        with pytest.raises(Problems) as refused:
            ready.do(deadlines.SWITCH, deadlines.switch, rule, True, None, why)
        assert [problem.field for problem in refused.value.problems] == [field]
    assert ready.register.count(Query(RuleSwitch)) == 0


def test_another_country_gives_open_cases_its_own_days(ready: Shop, clock: Clock) -> None:
    passed, met = complaint(ready, clock), complaint(ready, clock)
    answered(ready, clock, met)
    clock.set("2026-12-29")
    ready.turns_day()
    running = complaint(ready, clock)
    ready.do(deadlines.CHANGE_SHOP, deadlines.change_shop, THE_SHOP, {"country": "cz"})
    assert ready.deadline(running, "PL-CMP-ANSWER").state is DROPPED
    assert ready.deadline(running, "CZ-CMP-SETTLE").state is RUNNING
    assert [ready.deadline(case, "PL-CMP-ANSWER").state for case in (passed, met)] == [MISSED, MET]
    assert ready.case(passed).deemed_accepted_on == day("2026-12-29")
    assert the_shop(ready.register).country == "cz"
    with pytest.raises(Problems):
        ready.do(keeping.CHANGE, deadlines.change_shop, THE_SHOP, {"country": "Poland"})
    assert ready.get(ShopRecord, THE_SHOP).country == "cz"


# ---------------------------------------------------------------------------------------- what is due


def test_what_is_due_stands_in_the_order_of_the_law(ready: Shop, clock: Clock) -> None:
    late = complaint(ready, clock, received_at=clock() - timedelta(days=30))
    back = returned(ready, clock, {"collection_offered": True})
    soon = complaint(ready, clock, marketplace_due=day("2026-12-11"))
    ready.turns_day()
    found = due.due(ready.register)
    assert [(one.case.number, one.deadline.rule, one.days_left) for one in found] == [
        (late.number, "PL-CMP-ANSWER", -16),
        (soon.number, deadlines.MARKETPLACE, 1),
        (back.number, "PL-WD-REFUND", 18),
        (soon.number, "PL-CMP-ANSWER", 18),
    ]
    today = clock().date()
    assert ready.register.count(due.of_shop(today)) == 4
    book = deadlines.rulebook(ready.register)
    assert [one.case for one in ready.register.records(due.refunds(book, today))] == [back.id]


def test_the_price_of_silence_is_told_by_the_nearest_day(ready: Shop, clock: Clock) -> None:
    assert due.price_of_silence(ready.register, clock().date()) is None
    for claimed in ("500.00", "440.00", None):
        complaint(ready, clock, claimed=Decimal(claimed) if claimed else None)
    complaint(ready, clock, claimed=None, demand=Demand.REPAIR)
    complaint(ready, clock, claimed=Decimal("9999.00"), buyer_type=BuyerType.SOLE_TRADER)
    complaint(ready, clock, claimed=Decimal("9999.00"), buyer_type=BuyerType.BUSINESS)
    done = complaint(ready, clock, claimed=Decimal("9999.00"))
    answered(ready, clock, done)
    clock.set("2026-12-17")
    complaint(ready, clock, claimed=Decimal("7777.00"))
    cost = due.price_of_silence(ready.register, clock().date())
    assert cost == due.Silence(day("2026-12-28"), {"PLN": Decimal("1239.90")}, 3, 1)
    book = deadlines.rulebook(ready.register)
    assert ready.register.count(due.accepted_by_silence(book, clock().date())) == 0
    clock.set("2026-12-29")
    ready.turns_day()
    assert ready.register.count(due.accepted_by_silence(book, clock().date())) == 4
    cost = due.price_of_silence(ready.register, clock().date())
    assert cost is not None
    assert (cost.day, cost.sums) == (day("2026-12-31"), {"PLN": Decimal("7777.00")})


def test_sums_of_several_currencies_stay_apart(ready: Shop, clock: Clock) -> None:
    complaint(ready, clock, claimed=Decimal("10"))
    complaint(ready, clock, claimed=Decimal("5"), currency="EUR")
    cost = due.price_of_silence(ready.register, clock().date())
    assert cost is not None
    assert cost.sums == {"PLN": Decimal("10.00"), "EUR": Decimal("5.00")}


def test_the_reasoning_speaks_the_language_of_the_window(ready: Shop, clock: Clock) -> None:
    complaint(ready, clock)
    (one,) = due.due(ready.register)
    assert "Thursday 10 December" in one.reasoning
    i18n.use("pl")
    assert "10 grudnia" in one.reasoning


# ----------------------------------------------------------------------------------------- catching up


def bare(tx: Transaction, *cases: Case) -> list[int]:
    """Write cases down without their deadlines, as an older version of the program did."""
    return [tx.add(case) for case in cases]


def test_an_older_register_gets_its_deadlines_in_steps(ready: Shop, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deadlines, "CHUNK", 2)
    noon = clock() - timedelta(days=3)
    drafts = [Case(number=f"R/2026/9{n}", received_at=noon, description="It broke.", state=CaseState.NEW) for n in range(5)]
    closed = Case(number="R/2026/99", received_at=noon, description="It broke.", state=CaseState.CLOSED)
    ids = ready.register.do("Older", bare, *drafts, closed).result
    told: list[tuple[int, int]] = []
    done = deadlines.catch_up(ready.register, lambda at, total: told.append((at, total)))
    assert done.change is not None
    assert done.change.touches(Deadline)
    assert [at for at, total in told if total] == [0, 2, 4]
    assert {one.case for one in ready.register.records(Query(Deadline))} == set(ids[:5]), "a closed case needs none"
    assert ready.register.steps(1)[0][0].label == deadlines.RECKON
    newest = ready.register.steps(1)[0][0].id
    assert deadlines.catch_up(ready.register) == deadlines.CaughtUp()
    assert ready.register.steps(1)[0][0].id == newest, "what is right is not written again"


def test_a_cancelled_catch_up_goes_on_the_next_time(ready: Shop, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deadlines, "CHUNK", 1)
    ready.register.do("Older", bare, *(Case(number=f"R/2026/9{n}", received_at=clock(), description="It broke.") for n in range(3)))

    def cancel(at: int, _total: int) -> None:
        if at == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        deadlines.catch_up(ready.register, cancel)
    assert ready.register.count(Query(Deadline)) == 2
    deadlines.catch_up(ready.register)
    assert ready.register.count(Query(Deadline)) == 3


def test_of_very_many_open_cases_only_those_without_deadlines_are_looked_at(ready: Shop, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deadlines, "PROVED", 1)
    complaint(ready, clock)
    (bare_one,) = ready.register.do("Older", bare, Case(number="R/2026/91", received_at=clock(), description="It broke.")).result
    looked: list[int] = []
    reckon = deadlines.reckon
    monkeypatch.setattr(deadlines, "reckon", lambda tx, ids, on=None: looked.extend(ids) or reckon(tx, ids, on))
    deadlines.catch_up(ready.register)
    assert looked == [bare_one]


def test_a_register_that_was_closed_for_weeks_catches_up_with_the_days(ready: Shop, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deadlines, "CHUNK", 2)
    cases = [complaint(ready, clock) for _n in range(5)]
    clock.set("2027-01-20")
    done = deadlines.catch_up(ready.register)
    assert sorted(case.number for case in done.accepted) == sorted(case.number for case in cases)
    assert {ready.case(case).deemed_accepted_on for case in cases} == {day("2026-12-29")}


def test_a_moment_near_midnight_counts_on_the_shop_s_day(ready: Shop, clock: Clock) -> None:
    case = complaint(ready, clock, received_at=datetime.fromisoformat("2026-12-09T23:50+00:00"))
    assert ready.deadline(case, "PL-CMP-ANSWER").start == day("2026-12-10"), "ten to one at night in Warsaw"


def test_pieces_that_were_repaired_count_after_a_second_demand(ready: Shop, clock: Clock) -> None:
    case = _repaired(ready, clock)
    ready.splits(ready.items(case)[0], 1, Outcome.REPAIRED)
    ready.steps(case, Step.SECOND_TIER, second_tier=SecondTier.STILL_DEFECTIVE, demand=Demand.REFUND)
    assert "PL-REPAIR-EXT" in ready.rules(case)


def test_a_refund_stops_its_clock(ready: Shop, clock: Clock) -> None:
    case = _reduction(ready, clock)
    ready.steps(case, Step.DECIDE, decision=Decision.ACCEPTED, remedy_kind=Demand.REDUCTION, refund=Decimal("60.00"), refund_method=RefundMethod.SAME, remedy="60 zł")
    assert ready.deadline(case, "PL-CMP-REDUCT").state is RUNNING
    ready.sends(case, ACCEPTED, "E-mail", clock())
    ready.steps(case, Step.REFUND)
    assert ready.deadline(case, "PL-CMP-REDUCT").state is MET


@pytest.mark.parametrize("basis", [LegalBasis.WITHDRAWAL, LegalBasis.VOLUNTARY])
def test_a_basis_that_can_t_be_stops_no_clock(ready: Shop, clock: Clock, basis: LegalBasis) -> None:
    assert ready.deadline(complaint(ready, clock, legal_basis=basis), "PL-CMP-ANSWER").state is RUNNING
    assert "PL-WD-REFUND" in ready.rules(returned(ready, clock, legal_basis=LegalBasis.NON_CONFORMITY))


def test_a_claim_by_guarantee_may_be_accepted_by_silence_but_need_not(ready: Shop, clock: Clock) -> None:
    case = complaint(ready, clock, legal_basis=LegalBasis.GUARANTEE)
    assert ready.deadline(case, "PL-CMP-ANSWER").soft


def test_the_history_tells_fields_in_the_order_of_the_form(ready: Shop, clock: Clock) -> None:
    case = complaint(ready, clock)
    added = next(entry for step, entry in ready.register.history(ready.case(case)) if entry.kind == "case" and entry.before is None)
    told = [sentence.partition(":")[0] for sentence in sentences(ready.register, added)[1:]]
    order = [field.labelled() for field in Case.spec.fields.values()]
    assert told == sorted(told, key=order.index)
    assert told[:2] == ["Kind", "Received at"]  # the number stands in the heading
