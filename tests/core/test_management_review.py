"""The management review: its inputs gathered from the register, edited, decided upon, made actions, and kept."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

import pytest

from qmdesk.errors import Known, Problems
from qmdesk.operations import review_reading, steps
from qmdesk.operations.figures.scope import Period
from qmdesk.records.assessment import ClaimOutcome, SupplierClaim
from qmdesk.records.audit import Grade, Rhythm
from qmdesk.records.case import Case, CaseKind, CaseState
from qmdesk.records.improvement import (
    MANAGEMENT_TOPICS,
    Action,
    ActionState,
    Idea,
    IdeaState,
    Review,
    Topic,
    Training,
    TrainingSession,
)
from qmdesk.records.lists import Cause
from qmdesk.records.party import Person, Supplier
from qmdesk.records.process import Process, ProcessStep, Risk
from qmdesk.records.product import Order
from tests.clock import WARSAW, Clock, clock
from tests.shop import Shop, day, shop

__all__ = ["clock", "shop"]

AUTUMN = (day("2026-09-01"), day("2026-11-30"))


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"{text} 09:00").replace(tzinfo=WARSAW)


def facts(shop: Shop, topic: Topic, review: Review | None = None) -> list[str]:
    """What a review of the autumn is told of a topic, line by line."""
    held = review or shop.begins_management_review(*AUTUMN)
    return shop.topic(held, topic).facts.replace("\u00a0", " ").splitlines()


def test_the_period_before_has_as_many_days() -> None:
    before = Period(*AUTUMN).before
    assert (before.since, before.until) == (day("2026-06-02"), day("2026-08-31"))


def test_a_review_has_every_topic_in_its_order(shop: Shop, clock: Clock) -> None:
    review = shop.begins_management_review(*AUTUMN, "Anna, Jan")
    assert (review.number, review.held_on, review.since, review.until, review.participants) == ("K/2026/0001", day("2026-12-10"), *AUTUMN, "Anna, Jan")
    assert tuple(one.topic for one in shop.points(review)) == MANAGEMENT_TOPICS
    assert {one.topic for one in shop.points(review) if not one.facts} == {Topic.CHANGES, Topic.GOALS}, "what the register knows nothing of"


def test_complaints_are_counted_against_the_period_before(shop: Shop, clock: Clock) -> None:
    cause = shop.register.by_value(Cause, "name", ["Damaged in transport"])["Damaged in transport"]
    for on in ("2026-07-01", "2026-09-02", "2026-10-05", "2026-11-30"):
        for n in range(10):
            shop.add(Order(number=f"{on}-{n}", ordered_at=at(on)))
    order = shop.add_order("77", products=[shop.add_product()], ordered_at=at("2026-08-30"))
    shop.complains(received_at=at("2026-08-31"))
    first = shop.complains(order=order, received_at=at("2026-09-01"), cause=cause)
    shop.complains(received_at=at("2026-11-30"), cause=cause)
    shop.complains(received_at=at("2026-12-01"))
    shop.returns(order, received_at=at("2026-10-10"))
    shop.changes(Case, first.id, closed_on=day("2026-09-11"), state=CaseState.CLOSED)
    assert facts(shop, Topic.COMPLAINTS) == [
        "Complaints and guarantee claims: 2 (the period before: 1)",
        "Returns: 1 (the period before: 0)",
        "Orders: 30 (the period before: 11)",
        "Complaint rate, received against orders: 2 of 30 (6.7 %, by chance 1.8 % to 24.3 %) (the period before: 1 of 11 (9.1 %, by chance 1.6 % to 51.5 %))",
        "Return rate, pieces taken back against pieces sold: none (the period before: 0 of 1)",
        "Answered in the time the law gives: 0 of 2 (the period before: none)",
        "Days until a case received in the period was closed, half of them sooner: not known yet (2 still open) (the period before: not known yet (1 still open))",
        "Open now: 4",
        "Most frequent causes: Damaged in transport: 2",
        "Without a cause: 1 of 3",
        "Most frequent products: Buty trekkingowe 42: 2",
    ]


def test_without_orders_no_rate_is_told(shop: Shop, clock: Clock) -> None:
    shop.complains(received_at=at("2026-10-10"))
    told = facts(shop, Topic.COMPLAINTS)
    assert "No order of the period is in the register, so no rate can be told." in told
    assert not any("against orders" in line for line in told)


def test_silence_counts_as_an_answer_too_late(shop: Shop, clock: Clock) -> None:
    shop.complains(received_at=at("2026-10-01"))
    clock.set("2026-10-05")
    answered = shop.complains(received_at=at("2026-10-02"), customer=shop.add_customer(street="ul. Leśna 3", postcode="00-001", city="Warszawa"))
    shop.fills_in_letterhead()
    shop.decides(answered)
    shop.do(steps.DECIDE, steps.take_step, answered.id, steps.Step.ANSWER, {"channel": shop.channel(), "sent_at": at("2026-10-05")})
    clock.set("2026-12-10")
    shop.turns_day()
    assert any(line.startswith("Answered in the time the law gives: 1 of 2") for line in facts(shop, Topic.COMPLAINTS))


def test_actions_audits_and_findings_are_told(shop: Shop, clock: Clock) -> None:
    shop.add(Action(number="N/1", name="Late", opened_on=day("2026-09-10"), due_on=day("2026-11-01")))
    anna = shop.add(Person(name="Anna"))
    judged = {
        "opened_on": day("2026-07-10"), "plan": "Boxes", "owner": anna, "criterion": "No broken mug", "done_on": day("2026-08-01"), "verified_on": day("2026-10-01"), "verified_by": anna,
        "verdict_reasons": "Counted.", "closed_on": day("2026-10-02"),
    }  # fmt: skip
    shop.add(Action(number="N/2", name="Helped", state=ActionState.CLOSED, risks_updated=True, **judged))
    shop.add(Action(number="N/3", name="Did not", state=ActionState.INEFFECTIVE, **judged))
    checklist = shop.checklist("Packing", ({"wording": "So?", "critical": True},))
    clock.set("2026-08-03")
    before = shop.begins_audit(checklist, place="Storeroom")
    shop.answers_question(before, 1, "conform")
    shop.finishes_audit(before)
    clock.set("2026-10-03")
    audit = shop.begins_audit(checklist, place="Storeroom")
    shop.answers_question(audit, 1, "major", "All of it")
    shop.finishes_audit(audit)
    shop.plans(shop.checklist("Opening", ({"wording": "Is the till counted?"},)), rhythm=Rhythm.WEEKLY, first_on=day("2026-11-02"), name="Opening")
    clock.set("2026-12-10")
    review = shop.begins_management_review(*AUTUMN)
    assert facts(shop, Topic.ACTIONS, review) == [
        "Actions begun: 1 (the period before: 2)",
        "Actions finished: 2 (the period before: 0)",
        "Checked whether they helped; they did: 1 of 2",
        "Running now: 1, of them overdue: 1",
        "– N/1: Late, until 1 Nov 2026",
        "Nonconformities found in audits: 1, of them without an action: 1",
    ]
    assert facts(shop, Topic.AUDITS, review) == [
        "Audits passed: 0 of 1",
        "– A/2026/0002 · Packing · Storeroom: 0 %, not passed (the time before: 100 %)",
        f"Findings: {Grade.MAJOR.label}: 1",
        "Opening: done 0 of 5 (0 %), late: 0, missed: 5",
    ]
    assert "Actions after which the risks were looked at again: 1 of 2" in facts(shop, Topic.RISKS, review)


def test_suppliers_people_steps_and_ideas_are_told(shop: Shop, clock: Clock) -> None:
    anna, jan = shop.add(Person(name="Anna")), shop.add(Person(name="Jan"))
    packing = shop.add(ProcessStep(process=shop.add(Process(name="Order to delivery")), name="Packing", risk=Risk.HIGH))
    case = shop.complains(received_at=at("2026-10-10"), responsible=anna, process_step=packing, safety=True)
    supplier = shop.add(Supplier(name="Ceramika Bolesław"))
    for number, outcome, got in (("S/1", ClaimOutcome.ACCEPTED, Decimal(80)), ("S/2", ClaimOutcome.WAITING, None)):
        shop.add(SupplierClaim(case=case.id, number=number, supplier=supplier, sent_on=day("2026-10-12"), amount=Decimal(100), outcome=outcome, recovered=got))
    topic = shop.add(Training(topic="Glass", next_on=day("2026-12-01")))
    for person in (anna, jan):
        shop.add(TrainingSession(training=topic, held_on=day("2026-10-20"), person=person))
    shop.add(Idea(what="Ask before sending", on=day("2026-10-01"), state=IdeaState.TAKEN_UP), Idea(what="Bigger boxes", on=day("2026-10-02")))
    review = shop.begins_management_review(*AUTUMN)
    assert facts(shop, Topic.SUPPLIERS, review) == ["Ceramika Bolesław: claims accepted 1 of 2, waiting: 1; claimed PLN 200.00, got back PLN 80.00"]
    assert facts(shop, Topic.RESOURCES, review) == [
        "People who work here: 2", "Open cases by who is responsible: Anna: 1", "Trainings held: 1 (people in them: 2)", "Trainings that are due: Glass",
    ]  # fmt: skip
    assert facts(shop, Topic.PROCESSES, review) == ["Cases by the step where they arose: Packing: 1"]
    assert facts(shop, Topic.RISKS, review)[:2] == ["Steps of high risk: Packing", "Cases in which somebody could be hurt: 1 (the period before: 0)"]
    assert facts(shop, Topic.IDEAS, review) == ["Ideas taken up: 1 of 2", "– Bigger boxes"]


def test_what_was_gathered_is_edited_gathered_again_and_undone(shop: Shop, clock: Clock) -> None:
    review = shop.begins_management_review(*AUTUMN)
    point = shop.topic(review, Topic.COMPLAINTS)
    shop.notes_point(point, "  A quiet autumn.  ")
    assert facts(shop, Topic.COMPLAINTS, review) == ["A quiet autumn."]
    shop.complains(received_at=at("2026-10-10"))
    shop.gathers_again(point)
    assert facts(shop, Topic.COMPLAINTS, review)[0] == "Complaints and guarantee claims: 1 (the period before: 0)"


def test_decisions_under_a_topic_become_actions_and_the_next_review_tells_what_became_of_them(shop: Shop, clock: Clock) -> None:
    review = shop.begins_management_review(*AUTUMN)
    first = shop.adds_decision(review, Topic.SUPPLIERS, "Find a second potter")
    second = shop.adds_decision(review, Topic.SUPPLIERS, "Weekly claim lists")
    assert [(one.topic, one.decision, bool(one.facts)) for one in shop.points(review) if one.decision] == [(Topic.SUPPLIERS, "Find a second potter", True), (Topic.SUPPLIERS, "Weekly claim lists", False)]
    with pytest.raises(Problems, match="Write what was decided"):
        shop.adds_decision(review, Topic.RISKS, "  ")
    action = shop.raises_action(first)
    assert (action.name, action.review) == ("Find a second potter", review.id)
    with pytest.raises(Known, match="came of this decision; it stays"):
        shop.removes_decision(first)
    shop.removes_decision(second)
    third = shop.adds_decision(review, Topic.CHANGES, "Look at the new law")
    shop.removes_decision(third)
    assert [one.decision for one in shop.points(review) if one.topic is Topic.CHANGES] == [""], "the topic itself stays"
    shop.adds_decision(review, Topic.RISKS, "Insure the storeroom")
    shop.finishes_review(review, "The shop is in good shape.")
    with pytest.raises(Known, match="is finished"):
        shop.adds_decision(review, Topic.RISKS, "More")
    shop.changes(Action, action.id, state=ActionState.PLANNED, due_on=day("2027-01-15"), plan="Ask in Bolesławiec", owner=shop.add(Person(name="Anna")), criterion="Two offers")
    clock.set("2027-06-10")
    assert review_reading.next_period(shop.register) == (day("2026-12-01"), day("2027-06-10"))
    later = shop.begins_management_review(day("2026-12-01"), day("2027-06-10"))
    assert facts(shop, Topic.EARLIER, later) == [
        "Decided at K/2026/0001 on 10 Dec 2026:",
        f"– Find a second potter ({action.number}, Planned, until 15 Jan 2027)",
        "– Insure the storeroom (no action was made of it)",
    ]


def test_a_period_that_ends_before_it_begins_and_a_second_review_are_refused(shop: Shop, clock: Clock) -> None:
    with pytest.raises(Problems, match="ends before it begins"):
        shop.begins_management_review(day("2026-12-01"), day("2026-11-01"))
    review = shop.begins_management_review(*AUTUMN)
    with pytest.raises(Known, match=f"{review.number} is not finished yet"):
        shop.begins_management_review(*AUTUMN)
    weekly = shop.begins_weekly()
    assert weekly.number == "K/2026/0002", "the weekly one goes on beside it"
    assert facts(shop, Topic.EARLIER, review) == ["There was no management review before this one."]
    assert review_reading.next_period(shop.register) == (day("2025-12-11"), day("2026-12-10"))


def test_a_return_is_no_complaint(shop: Shop, clock: Clock) -> None:
    shop.complains(received_at=at("2026-10-10"), kind=CaseKind.GUARANTEE)
    assert facts(shop, Topic.COMPLAINTS)[:2] == ["Complaints and guarantee claims: 1 (the period before: 0)", "Returns: 0 (the period before: 0)"]
