"""The owner's journey of looking back: a list every morning, a quarter of an hour a week, the management's review of the year."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path

from qmdesk.operations import programme, review_papers, review_reading, rounds
from qmdesk.operations.audit_papers import write
from qmdesk.records.audit import OpenDays, QuestionType, Rhythm
from qmdesk.records.improvement import Review, ReviewKind, Topic
from tests.clock import WARSAW, Clock, clock
from tests.core.golden import words
from tests.shop import Shop, day, shop

__all__ = ["clock", "shop"]


def opened(shop: Shop, clock: Clock, on: date) -> None:
    """The list of the morning, if it waits."""
    clock.set(on.isoformat())
    for one in programme.waiting(shop.register):
        audit = shop.begins_audit(one.plan.checklist, plan=one.plan.id, planned_for=one.day)
        shop.answers_question(audit, 1, "yes")
        shop.finishes_audit(audit)


def test_a_quarter_of_looking_back(shop: Shop, clock: Clock, tmp_path: Path) -> None:
    checklist = shop.checklist("Opening", ({"wording": "Is the till counted?", "type": QuestionType.YES_NO},))
    clock.set("2026-09-01")
    shop.plans(checklist, rhythm=Rhythm.DAILY, on_days=OpenDays.NOT_SUNDAYS, first_on=day("2026-09-01"), name="Opening")
    for at in range(28):
        on = day("2026-09-01") + timedelta(days=at)
        if on.day != 15:  # a morning when nobody had the time
            opened(shop, clock, on)
    (morning,) = rounds.rounds(shop.register)
    assert morning.sentence() == "23 of 24 done, 96\u00a0% · 1 not done", "Sundays are no misses"

    mug = shop.complains("The handle came off.", received_at=datetime(2026, 9, 10, 9, 0, tzinfo=WARSAW))
    weekly = shop.begins_weekly()
    case, alert = shop.points(weekly)
    assert (case.case, case.topic, alert.what) == (mug.id, Topic.CASE, "1 case has an overdue deadline")
    shop.decides_point(case, "Order double wall boxes")
    shop.reopens()  # the program was closed in the middle
    weekly = review_reading.unfinished(shop.register, ReviewKind.WEEKLY) or weekly
    assert [one.decision for one in shop.points(weekly)] == ["Order double wall boxes", ""]
    shop.decides_point(alert, "It is answered today.")
    action = shop.raises_action(case)
    shop.finishes_review(weekly)
    assert (action.review, action.case) == (weekly.id, mug.id)

    clock.set("2026-10-01")
    review = shop.begins_management_review(day("2026-09-01"), day("2026-09-30"), "Anna")
    told = {one.topic: one.facts.replace("\u00a0", " ") for one in shop.points(review)}
    assert "Complaints and guarantee claims: 1 (the period before: 0)" in told[Topic.COMPLAINTS]
    assert "Actions begun: 1 (the period before: 0)" in told[Topic.ACTIONS]
    assert "Opening: done 23 of 26 (88.5 %), late: 0, missed: 3" in told[Topic.AUDITS], "two more mornings have passed since"
    second = shop.raises_action(shop.adds_decision(review, Topic.AUDITS, "Somebody else opens on Mondays"))
    shop.finishes_review(review, "A good month.")
    out = tmp_path / review_papers.report_name(review)
    paper = review_papers.report(shop.register, review.id)
    write(paper, out)
    assert out.read_bytes().startswith(b"%PDF")
    assert f"Action: {second.number}" in words(paper.content.facts)

    clock.set("2026-12-31")
    later = shop.begins_management_review(*review_reading.next_period(shop.register))
    assert later.since == day("2026-10-01")
    assert f"Somebody else opens on Mondays ({second.number}, " in shop.topic(later, Topic.EARLIER).facts
    assert shop.get(Review, review.id).conclusion == "A good month."
