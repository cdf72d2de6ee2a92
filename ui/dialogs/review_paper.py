"""The paper of a review, looked at before it is saved or printed."""

from __future__ import annotations

from functools import partial

from PySide6.QtWidgets import QWidget

from qmdesk.i18n import _, language
from qmdesk.operations import review_papers
from qmdesk.records.improvement import Review
from ui.ask import ran
from ui.desk import Desk
from ui.dialogs.paper import PaperDialog


def show_paper(desk: Desk, review_id: int, parent: QWidget) -> None:
    """Show the paper of a review."""
    review = desk.register.get(Review, review_id)
    title = _("{kind} {number}").format(kind=_(review.kind.label), number=review.number)
    ran(PaperDialog(desk, title, review_papers.report_name(review), partial(review_papers.report, desk.register, review_id), language(), parent))
