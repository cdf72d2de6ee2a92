"""What the owner does to look back: checklists that come round, the weekly and the management review; each verb is undone and redone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from qmdesk.operations import review_reading, reviews
from qmdesk.records.improvement import Action, Review, ReviewPoint
from qmdesk.register import Register


class Reviewing:
    """The verbs of reviews, for ``tests.shop.Shop``."""

    register: Register
    do: Callable[..., Any]

    def begins_weekly(self) -> Review:
        return self.do(reviews.BEGIN_WEEKLY, reviews.begin_weekly)

    def decides_point(self, point: ReviewPoint, decision: str) -> ReviewPoint:
        return self.do(reviews.DECIDE, reviews.decide, point.id, decision)

    def raises_action(self, point: ReviewPoint, **values: Any) -> Action:
        return self.do(reviews.RAISE, reviews.raise_action, point.id, **values)

    def finishes_review(self, review: Review, conclusion: str | None = None) -> Review:
        return self.do(reviews.FINISH, reviews.finish, review.id, conclusion)

    def reopens_review(self, review: Review) -> Review:
        return self.do(reviews.REOPEN, reviews.reopen, review.id)

    # -- looking

    def points(self, review: Review) -> list[ReviewPoint]:
        return review_reading.points_of(self.register, self.register.get(Review, review.id))
