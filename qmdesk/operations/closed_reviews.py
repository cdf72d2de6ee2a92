"""What a finished review refuses, whoever asks, undo and redo included: what was seen and decided stands until it is opened again."""

from __future__ import annotations

from qmdesk.errors import Known
from qmdesk.i18n import _
from qmdesk.records.improvement import Review, ReviewPoint
from qmdesk.register import Guards, Image, Transaction

FILLED_LATER = {"raised"}
"""A decision may become an action after the review was finished."""


def standing_sentence(review: Review) -> str:
    """Why nothing in a finished review can be changed."""
    return _("Review {number} is finished. Open it again to change it.").format(number=review.number)


def _guard_review(tx: Transaction, id_: int, before: Image, after: Image) -> None:
    if before is None:
        if not (after or {})["number"]:
            raise Known(_("A review gets its number and what it looks at when it is begun: begin it on the page Improvement."))
        return
    now = tx.get(Review, id_)
    opened = after is not None and "finished_at" in after
    if now.finished_at is not None and not opened:
        raise Known(standing_sentence(now))


def _guard_point(tx: Transaction, id_: int, before: Image, after: Image) -> None:
    review_id = (after or {})["review"] if before is None else tx.get(ReviewPoint, id_).review
    review = tx.get(Review, review_id)
    only_later = before is not None and after is not None and set(after) <= FILLED_LATER
    if review.finished_at is not None and not only_later:
        raise Known(standing_sentence(review))


GUARDS: Guards = {Review: _guard_review, ReviewPoint: _guard_point}
