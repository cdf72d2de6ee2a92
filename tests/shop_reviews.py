"""What the owner does to look back: checklists that come round, the weekly and the management review; each verb is undone and redone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from qmdesk.operations import review_reading, reviews
from qmdesk.records.improvement import Action, Review, ReviewPoint, Topic
from qmdesk.register import Register


class Reviewing:
    """The verbs of reviews, for ``tests.shop.Shop``."""

    register: Register
    do: Callable[..., Any]

    def begins_weekly(self) -> Review:
        return self.do(reviews.BEGIN_WEEKLY, reviews.begin_weekly)

    def begins_management_review(self, since: date, until: date, participants: str = "") -> Review:
        return self.do(reviews.BEGIN_MANAGEMENT, reviews.begin_management, since, until, participants)

    def notes_point(self, point: ReviewPoint, facts: str) -> ReviewPoint:
        return self.do(reviews.NOTE, reviews.note, point.id, facts)

    def gathers_again(self, point: ReviewPoint) -> ReviewPoint:
        return self.do(reviews.GATHER, reviews.gather_again, point.id)

    def adds_decision(self, review: Review, topic: Topic, decision: str) -> ReviewPoint:
        return self.do(reviews.ADD_DECISION, reviews.add_decision, review.id, topic, decision)

    def removes_decision(self, point: ReviewPoint) -> None:
        self.do(reviews.REMOVE_DECISION, reviews.remove_decision, point.id)

    def decides_point(self, point: ReviewPoint, decision: str) -> ReviewPoint:
        return self.do(reviews.DECIDE, reviews.decide, point.id, decision)

    def raises_action(self, point: ReviewPoint, **values: Any) -> Action:
        return self.do(reviews.RAISE, reviews.raise_action, point.id, **values)

    def finishes_review(self, review: Review, conclusion: str | None = None) -> Review:
        return self.do(reviews.FINISH, reviews.finish, review.id, conclusion)

    def reopens_review(self, review: Review) -> Review:
        return self.do(reviews.REOPEN, reviews.reopen, review.id)

    # -- looking

    def topic(self, review: Review, topic: Topic) -> ReviewPoint:
        """The first point of a topic."""
        return next(one for one in self.points(review) if one.topic is topic)

    def points(self, review: Review) -> list[ReviewPoint]:
        return review_reading.points_of(self.register, self.register.get(Review, review.id))
