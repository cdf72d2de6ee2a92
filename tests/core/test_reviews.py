"""Quarter-hour quality and the management review: what they gather, what is decided, and what comes of it."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from qmdesk.errors import Known, Problems
from qmdesk.operations import review_reading, troubles
from qmdesk.records.audit import Rhythm
from qmdesk.records.case import Case
from qmdesk.records.improvement import Action, ActionSource, ActionState, Review, ReviewKind, Topic
from qmdesk.records.lists import Cause
from qmdesk.records.party import Person
from qmdesk.register import clock as now
from tests.clock import WARSAW, Clock, clock
from tests.shop import Shop, day, shop

__all__ = ["clock", "shop"]


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"{text} 09:00").replace(tzinfo=WARSAW)


def furnished(shop: Shop) -> dict[str, int]:
    """A shop where everything waits that a weekly review looks at."""
    anna = shop.add_customer()
    cases = [shop.complains(f"Complaint {n}", received_at=at(f"2026-11-{n:02}"), customer=anna) for n in (25, 3, 12, 18)]
    action = shop.add(
        Action(number="N/2025/0009", name="Double wall boxes", opened_on=day("2026-09-01"), state=ActionState.DONE, plan="Boxes", owner=shop.add(Person(name="Anna")), criterion="No broken mug in 60 days", done_on=day("2026-10-01"), verify_on=day("2026-11-30"))
    )
    plan = shop.plans(shop.checklist(questions=({"wording": "So?"},)), rhythm=Rhythm.WEEKLY, first_on=day("2026-11-12"), place="Storeroom")
    return {"oldest": cases[1].id, "action": action, "plan": plan.id}


def test_a_weekly_review_gathers_what_waits(shop: Shop, clock: Clock) -> None:
    known = furnished(shop)
    review = shop.begins_weekly()
    assert (review.number, review.kind, review.held_on) == ("K/2026/0001", ReviewKind.WEEKLY, day("2026-12-10"))
    points = shop.points(review)
    assert [one.topic for one in points] == [Topic.CASE, Topic.CASE, Topic.CASE, Topic.ALERT, Topic.VERIFICATION, Topic.CHECKLIST]
    assert [one.what for one in points][:3] == [f"R/2026/000{n} · Łucja Żak · Complaint {day_}" for n, day_ in ((2, 3), (3, 12), (4, 18))]
    assert points[0].case == known["oldest"]
    assert points[0].facts.splitlines()[0] == "Received on 3 Nov 2026, 37 days ago. State: New."
    assert "Answer to the complaint: 17 Nov 2026, 23 days overdue" in points[0].facts
    assert points[3].what == "4 cases have an overdue deadline"
    assert "R/2026/0002" in points[3].facts
    assert (points[4].what, points[4].action) == ("N/2025/0009 · Double wall boxes", known["action"])
    assert "It is effective when: No broken mug in 60 days" in points[4].facts
    assert (points[5].what, points[5].plan) == ("Packing · Storeroom", known["plan"])
    assert points[5].facts == "Due on 10 Dec 2026, today.\n0 of 4 done · 4 not done"


def test_a_review_is_put_off_gone_on_with_and_finished(shop: Shop, clock: Clock) -> None:
    furnished(shop)
    review = shop.begins_weekly()
    first, *rest = shop.points(review)
    shop.decides_point(first, "  Answer it today.  ")
    shop.reopens()
    with pytest.raises(Known, match="K/2026/0001 is not finished yet"):
        shop.begins_weekly()
    begun = review_reading.unfinished(shop.register, ReviewKind.WEEKLY)
    assert begun is not None
    assert [one.decision for one in shop.points(begun)][:2] == ["Answer it today.", ""]
    offer = review_reading.weekly_offer(shop.register)
    assert offer is not None
    assert (offer.begun, offer.decided, offer.points) == (begun, 1, 6)
    with pytest.raises(Problems) as wrong:
        shop.finishes_review(begun)
    assert wrong.value.sentence == "5 points have no decision yet; write one for each, if only that nothing is to be done."
    for one in rest:
        shop.decides_point(one, "Nothing to be done.")
    done = shop.finishes_review(begun, "A quiet week.")
    assert (done.finished_at, done.conclusion) == (now(), "A quiet week.")
    with pytest.raises(Known, match="is finished"):
        shop.decides_point(first, "Something else")
    with pytest.raises(Known, match="is finished"):
        shop.finishes_review(done)
    again = shop.reopens_review(done)
    shop.decides_point(first, "Answer it tomorrow.")
    assert shop.finishes_review(again).conclusion == "A quiet week."


def test_a_weekly_review_is_offered_a_week_after_the_last(shop: Shop, clock: Clock) -> None:
    assert review_reading.weekly_offer(shop.register) is None, "there is nothing to look at yet"
    shop.complains()
    offer = review_reading.weekly_offer(shop.register)
    assert offer is not None
    assert (offer.begun, offer.last_on) == (None, None)
    review = shop.begins_weekly()
    for one in shop.points(review):
        shop.decides_point(one, "Nothing.")
    shop.finishes_review(review)
    for days, offered in ((0, False), (6, False), (7, True), (30, True)):
        clock.set((day("2026-12-10") + timedelta(days=days)).isoformat())
        assert (review_reading.weekly_offer(shop.register) is not None) is offered


def test_a_week_in_which_nothing_waits_can_be_reviewed_too(shop: Shop, clock: Clock) -> None:
    review = shop.begins_weekly()
    assert shop.points(review) == []
    assert shop.finishes_review(review).finished_at is not None


def test_a_decision_becomes_an_action_that_knows_its_review(shop: Shop, clock: Clock) -> None:
    known = furnished(shop)
    review = shop.begins_weekly()
    first = shop.points(review)[0]
    with pytest.raises(Problems, match="decided first"):
        shop.raises_action(first)
    shop.decides_point(first, "Order\nstronger glue")
    action = shop.raises_action(first)
    assert (action.name, action.source, action.review, action.case) == ("Order stronger glue", ActionSource.REVIEW, review.id, known["oldest"])
    assert action.number == "N/2026/0001"
    assert "Complaint 3" in action.description
    assert shop.points(review)[0].raised == action.id
    with pytest.raises(Known, match="is action N/2026/0001 already"):
        shop.raises_action(first)


def test_a_cause_and_a_product_that_repeat_are_alerts(shop: Shop, clock: Clock) -> None:
    cause = shop.register.by_value(Cause, "name", ["Wrong size or variant"])["Wrong size or variant"]
    order = shop.add_order(products=[shop.add_product()], ordered_at=at("2026-11-01"))
    for n in range(3):
        shop.complains("Too small", order, received_at=at(f"2026-12-0{n + 1}"), cause=cause)
    shop.complains("Too small", received_at=at("2026-11-05"), cause=cause)
    found = {one.what: one.facts for one in troubles.troubles(shop.register, day("2026-12-10"))}
    assert found["“Wrong size or variant”: 3 cases in 30 days"] == "In the 30 days before there were 1.\nR/2026/0001, R/2026/0002, R/2026/0003"
    assert found["Buty trekkingowe 42: 3 cases in 90 days"] == "R/2026/0001, R/2026/0002, R/2026/0003"
    assert next(iter(found)) == "1 case has an overdue deadline", "the gravest comes first"
    shop.complains("Too large", received_at=at("2026-10-20"), cause=cause)
    for n in range(3):
        shop.complains("Too small", received_at=at(f"2026-10-2{n}"), cause=cause)
    later = [one.what for one in troubles.troubles(shop.register, day("2026-11-20"))]
    assert not any("Wrong size" in what for what in later), "it does not grow"


def test_overdue_actions_and_missed_checklists_are_alerts(shop: Shop, clock: Clock) -> None:
    shop.add(Action(number="N/2026/0001", name="Better boxes", opened_on=day("2026-11-01"), due_on=day("2026-12-08")))
    shop.add(Action(number="N/2026/0002", name="Later", opened_on=day("2026-11-01"), due_on=day("2026-12-10")))
    shop.plans(shop.checklist(questions=({"wording": "So?"},)), rhythm=Rhythm.DAILY, first_on=day("2026-12-01"), name="Opening")
    found = {one.what: one.facts for one in troubles.troubles(shop.register, day("2026-12-10"))}
    assert found == {
        "1 action is overdue": "N/2026/0001: Better boxes, overdue since Wednesday",
        "“Opening” is missed more often than not": "0 of 9 done, 0\u00a0% · 9 not done",
    }


def test_a_long_story_is_cut_and_nothing_breaks(shop: Shop, clock: Clock) -> None:
    case = shop.complains("A story " * 500, received_at=at("2026-11-20"))
    review = shop.begins_weekly()
    (point, *_rest) = shop.points(review)
    assert shop.register.get(Case, point.case or 0).id == case.id
    assert len(point.what) <= 300
    assert point.facts.endswith(" …")
    assert isinstance(shop.register.get(Review, review.id), Review)


def test_a_finished_review_stands_whoever_asks_undo_included(shop: Shop, clock: Clock) -> None:
    shop.complains(received_at=at("2026-11-20"))
    review = shop.begins_weekly()
    points = shop.points(review)
    steps = []
    for one in points:
        shop.decides_point(one, "Answer it today.")
        steps.append(shop.register.steps(1)[0][0].id)
    with pytest.raises(Known, match="gets its number"):
        shop.add(Review(held_on=day("2026-12-10")))
    shop.finishes_review(review)
    with pytest.raises(Known, match="Open it again"):
        shop.register.undo(steps[0])
    with pytest.raises(Known, match="Open it again"):
        shop.changes(Review, review.id, participants="Anna")
    with pytest.raises(Known, match="Open it again"):
        shop.removes(type(points[0]), points[0].id)
    action = shop.raises_action(points[0])
    assert shop.points(review)[0].raised == action.id, "a decision may become an action later"
    shop.reopens_review(review)
    assert shop.changes(Review, review.id, participants="Anna").participants == "Anna"
