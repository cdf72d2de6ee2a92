"""Putting a deadline off: until which day, and why; never past the last day in law."""

from __future__ import annotations

from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from qmdesk.errors import Known, Problem, Problems
from qmdesk.i18n import _, show_by_day
from qmdesk.operations import deadlines
from qmdesk.operations.due import rule_title
from qmdesk.records.case import Case
from qmdesk.records.deadline import Deadline
from ui import theme
from ui.desk import Desk
from ui.forms.dialog import shortcuts_to_save
from ui.forms.form import RecordForm
from ui.widgets.button import Button
from ui.widgets.plain_label import PlainLabel
from ui.widgets.within_screen import fit_within

FIELDS = ("snoozed_until", "snooze_reason")


class PutOff(QDialog):
    """Asks for the day and the reason."""

    def __init__(self, desk: Desk, deadline: Deadline, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.desk, self.deadline = desk, deadline
        title = _("Put off: {what}").format(what=rule_title(deadlines.rulebook(desk.register), deadline.rule))
        self.setWindowTitle(title)
        rows = QVBoxLayout(self)
        edge = theme.em(1.2)
        rows.setContentsMargins(edge, edge, edge, edge)
        rows.setSpacing(theme.em(0.7))
        rows.addWidget(PlainLabel(title, "title", wrap=True))
        number = desk.register.title(Case, deadline.case)
        said = _("{number}: it must be done {by_day}. Until the day you choose it is out of sight; past that day it can't be.")
        rows.addWidget(PlainLabel(said.format(number=number, by_day=show_by_day(deadline.legal)), "muted", wrap=True))
        self.form = RecordForm(desk, Deadline, sections=[("", FIELDS)])
        self.form.load(deadline)
        rows.addWidget(self.form)
        self.note = PlainLabel("", "problem", wrap=True)
        rows.addWidget(self.note)
        line = QHBoxLayout()
        line.addStretch()
        line.addWidget(Button(_("Cancel"), on_click=self.reject))
        self.save_button = Button(_("Put it off"), "clock", "primary", self.save)
        self.save_button.setDefault(True)
        line.addWidget(self.save_button)
        rows.addLayout(line)
        shortcuts_to_save(self, self.save)
        self._fit()
        self.form.focus_first()

    def _fit(self) -> None:
        """Room for what is said now."""
        fit_within(self, theme.em(40))

    def save(self) -> None:
        """Put it off; problems stand beside their fields."""
        draft = self.form.check()
        if draft is None:
            self._fit()
            return
        if draft.snoozed_until is None:
            self.form.show_problems([Problem("snoozed_until", _("Choose the day on which it shall come back."))])
            self._fit()
            return
        try:
            self.desk.do(deadlines.SNOOZE, deadlines.snooze, self.deadline.id, draft.snoozed_until, draft.snooze_reason)
        except Problems as error:
            self.form.show_problems(error.problems)
            self._fit()
        except Known as error:
            self.note.setText(error.sentence)
        else:
            self.accept()
