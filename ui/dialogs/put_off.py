"""Putting a deadline off: until which day, and why; never past the last day in law."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from qmdesk.errors import Problem, Problems
from qmdesk.i18n import _, show_by_day
from qmdesk.operations import deadlines
from qmdesk.operations.due import rule_title
from qmdesk.records.case import Case
from qmdesk.records.deadline import Deadline
from ui.desk import Desk
from ui.forms.small_form import SmallForm
from ui.widgets.button import Button
from ui.widgets.plain_label import PlainLabel

FIELDS = ("snoozed_until", "snooze_reason")


class PutOff(SmallForm):
    """Asks for the day and the reason."""

    def __init__(self, desk: Desk, deadline: Deadline, parent: QWidget | None = None) -> None:
        self.deadline = deadline
        title = _("Put off: {what}").format(what=rule_title(deadlines.rulebook(desk.register), deadline.rule))
        said = _("{number}: it must be done {by_day}. Until the day you choose it is out of sight; past that day it can't be.")
        super().__init__(
            desk, deadline, FIELDS, title=title, heading=PlainLabel(title, "title", wrap=True),
            said=said.format(number=desk.register.title(Case, deadline.case), by_day=show_by_day(deadline.legal)),
            button=Button(_("Put it off"), "clock", "primary"), parent=parent,
        )  # fmt: skip

    def keep(self, draft: Deadline) -> None:
        if draft.snoozed_until is None:
            raise Problems([Problem("snoozed_until", _("Choose the day on which it shall come back."))])
        self.desk.do(deadlines.SNOOZE, deadlines.snooze, self.deadline.id, draft.snoozed_until, draft.snooze_reason)
