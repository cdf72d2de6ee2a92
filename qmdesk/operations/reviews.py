"""Reviews from their first point to their end: a quarter of an hour a week, and the management's (ISO 9001 9.3)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from qmdesk.errors import Known, Problem, Problems
from qmdesk.i18n import N_, _, n_
from qmdesk.operations import actions
from qmdesk.operations.closed_reviews import standing_sentence
from qmdesk.operations.figures.scope import Period
from qmdesk.operations.registers import the_shop
from qmdesk.operations.review_agenda import agenda
from qmdesk.operations.review_inputs import gather, inputs
from qmdesk.operations.review_reading import points_of, undecided, unfinished
from qmdesk.records.improvement import (
    MANAGEMENT_TOPICS,
    Action,
    ActionKind,
    ActionSource,
    Review,
    ReviewKind,
    ReviewPoint,
    Topic,
)
from qmdesk.register import Transaction, clock
from qmdesk.schema.record import check_all, replace

BEGIN_WEEKLY = N_("Begin quarter-hour quality")
BEGIN_MANAGEMENT = N_("Begin a management review")
NOTE = N_("Write what a review saw")
GATHER = N_("Gather an input of a review again")
ADD_DECISION = N_("Add a decision")
REMOVE_DECISION = N_("Remove a decision")
DECIDE = N_("Decide a point of a review")
RAISE = N_("Make a decision an action")
FINISH = N_("Finish a review")
REOPEN = N_("Open a review again")
EDIT = N_("Change the facts of a review")


def begin_weekly(tx: Transaction) -> Review:
    """Begin quarter-hour quality: it gets its number and what it looks at as the register stands now. Raises Known when one goes on."""
    if (begun := unfinished(tx, ReviewKind.WEEKLY)) is not None:
        raise Known(_("Quarter-hour quality {number} is not finished yet; go on with it.").format(number=begun.number))
    on = clock().date()
    return _begun(tx, Review(kind=ReviewKind.WEEKLY, held_on=on), agenda(tx, on))


def begin_management(tx: Transaction, since: date | None, until: date | None, participants: str = "") -> Review:
    """Begin the management's review of a period: it begins with what the register says. Raises Known when one goes on, Problems."""
    if (begun := unfinished(tx, ReviewKind.MANAGEMENT)) is not None:
        raise Known(_("Review {number} is not finished yet; finish it first.").format(number=begun.number))
    if since is None or until is None:
        raise Problems([Problem("since" if since is None else "until", _("Choose the first and the last day the review looks at."))])
    draft = Review(kind=ReviewKind.MANAGEMENT, held_on=clock().date(), since=since, until=until, participants=participants.strip())
    if wrong := check_all(draft):
        raise Problems(wrong)
    return _begun(tx, draft, inputs(tx, Period(since, until)))


def _begun(tx: Transaction, draft: Review, points: Sequence[ReviewPoint]) -> Review:
    number = tx.number(the_shop(tx).review_series or "K", draft.held_on.year)
    tx.about(number)
    id_ = tx.add(replace(draft, number=number))
    for place, one in enumerate(points, 1):
        tx.add(replace(one, review=id_, position=place))
    return tx.get(Review, id_)


def decide(tx: Transaction, point_id: int, decision: str) -> ReviewPoint:
    """Write what was decided about a point; "" takes it back. Raises Known when the review is over."""
    point = _point(tx, point_id)
    said = decision.strip()
    return tx.change(point, decision=said, decided_at=clock() if said else None) if said != point.decision else point


def note(tx: Transaction, point_id: int, facts: str) -> ReviewPoint:
    """Write what was seen of a topic, instead of what was gathered. Raises Known when the review is over."""
    return tx.change(_point(tx, point_id), facts=facts.strip())


def gather_again(tx: Transaction, point_id: int) -> ReviewPoint:
    """Put what the register says now in the place of what stands in a topic. Raises Known when the review is over."""
    point = _point(tx, point_id)
    review = tx.get(Review, point.review)
    if review.since is None or review.until is None or point.topic not in MANAGEMENT_TOPICS:
        raise Known(_("Only the topics of a management review are gathered from the register."))
    return tx.change(point, facts=gather(tx, point.topic, Period(review.since, review.until)))


def add_decision(tx: Transaction, review_id: int, topic: Topic, decision: str) -> ReviewPoint:
    """Write a decision under a topic: the first one stands with what was seen, each further one is a point of its own. Raises Known, Problems."""
    review = _running(tx, review_id)
    if not decision.strip():
        raise Problems([Problem("decision", _("Write what was decided."))])
    points = points_of(tx, review)
    free = next((one for one in points if one.topic is topic and not one.decision), None)
    if free is not None:
        return decide(tx, free.id, decision)
    place = 1 + max((one.position for one in points), default=0)
    made = ReviewPoint(review=review.id, position=place, topic=topic, what=_(topic.label), decision=decision.strip(), decided_at=clock())
    return tx.get(ReviewPoint, tx.add(made))


def remove_decision(tx: Transaction, point_id: int) -> None:
    """Take a decision back; what was seen stays. Raises Known when an action came of it or the review is over."""
    point = _point(tx, point_id)
    if point.raised is not None:
        raise Known(_("Action {number} came of this decision; it stays.").format(number=tx.get(Action, point.raised).number))
    if point.facts or not any(one.topic is point.topic for one in points_of(tx, tx.get(Review, point.review)) if one.id != point.id):
        tx.change(point, decision="", decided_at=None)
    else:
        tx.remove(point)


def raise_action(tx: Transaction, point_id: int, kind: ActionKind = ActionKind.IMPROVEMENT) -> Action:
    """Make the decision of a point an action, which keeps the way back to its review. Raises Known where there is one, Problems without a decision."""
    point = tx.get(ReviewPoint, point_id)
    review = tx.get(Review, point.review)
    tx.about(review.number)
    if point.raised is not None:
        raise Known(_("This decision is action {number} already.").format(number=tx.get(Action, point.raised).number))
    if not point.decision:
        raise Problems([Problem("decision", _("Write what was decided first; it becomes the action's name."))])
    name = " ".join(point.decision.split())
    about = "\n".join(part for part in (point.decision if len(name) > LONGEST_NAME else "", point.what, point.facts) if part)
    made = actions.begin(tx, name[:LONGEST_NAME], ActionSource.REVIEW, case=point.case, review=review.id, kind=kind, description=about)
    tx.change(point, raised=made.id)
    return made


LONGEST_NAME = 200  # of an action


def edit(tx: Transaction, review_id: int, values: Mapping[str, Any]) -> Review:
    """Change the facts of a review that goes on: who took part, the conclusion. Raises Known, Problems."""
    return tx.change(_running(tx, review_id), **values)


def finish(tx: Transaction, review_id: int, conclusion: str | None = None) -> Review:
    """Finish a review. Raises Known when it is over, Problems while a weekly one has points without a decision."""
    review = _running(tx, review_id)
    left = undecided(tx, review) if review.kind is ReviewKind.WEEKLY else []
    if left:
        sentence = n_("{n} point has no decision yet; write one, if only that nothing is to be done.", "{n} points have no decision yet; write one for each, if only that nothing is to be done.", len(left))
        raise Problems([Problem("decision", sentence)])
    said = review.conclusion if conclusion is None else conclusion.strip()
    return tx.change(review, finished_at=clock(), conclusion=said)


def reopen(tx: Transaction, review_id: int) -> Review:
    """Go on with a finished review. Raises Known when it is not finished, or another of its kind goes on."""
    review = tx.get(Review, review_id)
    tx.about(review.number)
    if review.finished_at is None:
        raise Known(_("Review {number} is not finished; go on with it.").format(number=review.number))
    if (other := unfinished(tx, review.kind)) is not None:
        raise Known(_("Review {number} is not finished yet; finish it first.").format(number=other.number))
    return tx.change(review, finished_at=None)


def _running(tx: Transaction, review_id: int) -> Review:
    review = tx.get(Review, review_id)
    tx.about(review.number)
    if review.finished_at is not None:
        raise Known(standing_sentence(review))
    return review


def _point(tx: Transaction, point_id: int) -> ReviewPoint:
    point = tx.get(ReviewPoint, point_id)
    _running(tx, point.review)
    return point
