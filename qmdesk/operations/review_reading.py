"""What the register holds of reviews: their points, how far they are, and whether the weekly one is due."""

from __future__ import annotations

from datetime import date, timedelta

from qmdesk.law.calendar import later
from qmdesk.records.audit import PlannedAudit
from qmdesk.records.case import Case
from qmdesk.records.improvement import Review, ReviewKind, ReviewPoint
from qmdesk.register import Reading, clock
from qmdesk.schema import types
from qmdesk.schema.query import Condition, Order, Query, parts_of
from qmdesk.values import dataclass

WEEK = timedelta(days=7)


def points_of(reading: Reading, review: Review) -> list[ReviewPoint]:
    """The points of a review in their order."""
    return sorted(reading.records(parts_of(review, ReviewPoint)), key=lambda one: (one.position, one.id))


def undecided(reading: Reading, review: Review) -> list[ReviewPoint]:
    """The points of a review that have no decision yet."""
    return [one for one in points_of(reading, review) if not one.decision]


def unfinished(reading: Reading, kind: ReviewKind) -> Review | None:
    """The review of a kind that was begun and goes on; the newest where there are several."""
    asked = (Condition("kind", types.ONE_OF, (kind,)), Condition("finished_at", types.EMPTY))
    return next(iter(reading.records(Query(Review, asked).by(Order("held_on", True)), 1)), None)


def newest(reading: Reading, kind: ReviewKind) -> Review | None:
    """The newest review of a kind, finished or not."""
    asked = Condition("kind", types.ONE_OF, (kind,))
    return next(iter(reading.records(Query(Review, (asked,)).by(Order("id", True)), 1)), None)


def last(reading: Reading, kind: ReviewKind) -> Review | None:
    """The newest finished review of a kind."""
    asked = (Condition("kind", types.ONE_OF, (kind,)), Condition("finished_at", types.FILLED))
    return next(iter(reading.records(Query(Review, asked).by(Order("held_on", True)), 1)), None)


def next_period(reading: Reading, on: date | None = None) -> tuple[date, date]:
    """The days the next management review looks at: since the last one's end, a year where there was none, until today."""
    on = on or clock().date()
    before = last(reading, ReviewKind.MANAGEMENT)
    since = before.until + timedelta(days=1) if before and before.until else later(on, -12, "months") + timedelta(days=1)
    return min(since, on), on


@dataclass(frozen=True)
class Offer:
    """A weekly review that is due: one to go on with, or none was held for a week; ``last_on``: when it was held last."""

    begun: Review | None
    decided: int
    points: int
    last_on: date | None


def weekly_offer(reading: Reading, on: date | None = None) -> Offer | None:
    """What Today offers: to go on with the weekly review, or to hold one when the last is a week old; None before there is anything to look at."""
    on = on or clock().date()
    before = last(reading, ReviewKind.WEEKLY)
    last_on = before.held_on if before else None
    if (begun := unfinished(reading, ReviewKind.WEEKLY)) is not None:
        points = points_of(reading, begun)
        return Offer(begun, sum(bool(one.decision) for one in points), len(points), last_on)
    if last_on is not None:
        return Offer(None, 0, 0, last_on) if on - last_on >= WEEK else None
    some = any(reading.count(Query(kind), 1) for kind in (Case, PlannedAudit))
    return Offer(None, 0, 0, None) if some else None
