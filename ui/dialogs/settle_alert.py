"""Settling an alert: why nothing more is to be done about it."""

from __future__ import annotations

from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from qmdesk.errors import Known, Problems
from qmdesk.i18n import _
from qmdesk.operations import alerts
from qmdesk.records.alert import Alert
from ui import theme
from ui.desk import Desk
from ui.forms.dialog import shortcuts_to_save
from ui.forms.form import RecordForm
from ui.widgets.button import Button
from ui.widgets.plain_label import PlainLabel
from ui.widgets.within_screen import fit_within


class SettleAlert(QDialog):
    """Asks for the reason."""

    def __init__(self, desk: Desk, alert: Alert, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.desk, self.alert = desk, alert
        self.setWindowTitle(_("Settle an alert"))
        rows = QVBoxLayout(self)
        edge = theme.em(1.2)
        rows.setContentsMargins(edge, edge, edge, edge)
        rows.setSpacing(theme.em(0.7))
        rows.addWidget(PlainLabel(alert.what, "heading", wrap=True))
        rows.addWidget(PlainLabel(_("It will not be told again. Write why, for whoever asks later."), "muted", wrap=True))
        self.form = RecordForm(desk, Alert, sections=[("", ("settled_because",))])
        self.form.load(alert)
        rows.addWidget(self.form)
        self.note = PlainLabel("", "problem", wrap=True)
        rows.addWidget(self.note)
        line = QHBoxLayout()
        line.addStretch()
        line.addWidget(Button(_("Cancel"), on_click=self.reject))
        self.save_button = Button(_("Settle it"), "done", "primary", self.save)
        self.save_button.setDefault(True)
        line.addWidget(self.save_button)
        rows.addLayout(line)
        shortcuts_to_save(self, self.save)
        fit_within(self, theme.em(40))
        self.form.focus_first()

    def save(self) -> None:
        """Settle it; problems stand beside the field."""
        draft = self.form.check()
        if draft is None:
            return
        try:
            self.desk.do(alerts.SETTLE, alerts.settle, self.alert.id, draft.settled_because)
        except Problems as error:
            self.form.show_problems(error.problems)
            fit_within(self, theme.em(40))
        except Known as error:
            self.note.setText(error.sentence)
        else:
            self.accept()
