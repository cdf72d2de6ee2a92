"""The decision of a case: position, reasons, what follows; the customer's demand stands above it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from qmdesk.errors import Known, Problems
from qmdesk.i18n import _, show_money
from qmdesk.operations.steps import DECIDE, decide
from qmdesk.records.case import Case
from qmdesk.records.steps import Step, steps
from ui import theme
from ui.desk import Desk
from ui.forms.dialog import adding, shortcuts_to_save
from ui.forms.form import RecordForm
from ui.widgets.button import Button
from ui.widgets.plain_label import PlainLabel
from ui.widgets.within_screen import resize_within

FIELDS = ("decision", "decision_reasons", "decided_on", "decided_by", "remedy", "value_loss", "refund", "refund_method", "adr")


class Decide(QDialog):
    """Fills in a decision; ``first`` is the field to begin with."""

    def __init__(self, desk: Desk, case: Case, parent: QWidget | None = None, first: str = "decision") -> None:
        super().__init__(parent)
        self.desk, self.case = desk, case
        self.setWindowTitle(_("Decision on {number}").format(number=case.number))
        rows = QVBoxLayout(self)
        edge = theme.em(1.2)
        rows.setContentsMargins(edge, edge, edge, edge)
        rows.addWidget(PlainLabel(_("Decision on {number}").format(number=case.number), "title"))
        rows.addWidget(PlainLabel(self._demand(), "muted", wrap=True))
        self.form = RecordForm(desk, Case, fields=FIELDS, add_new=adding(desk))
        self.form.load(case)
        inner = QWidget()
        theme.mark(inner, "page")
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, theme.em(0.6), theme.em(0.8), theme.em(0.6))
        column.addWidget(self.form)
        scroll = QScrollArea()
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the fields scroll it; Tab need not stop twice
        scroll.setWidgetResizable(True)
        scroll.setWidget(inner)
        rows.addWidget(scroll, 1)
        self.note = PlainLabel(steps(case)[Step.DECIDE], "problem", wrap=True)
        rows.addWidget(self.note)
        line = QHBoxLayout()
        line.addStretch()
        line.addWidget(Button(_("Cancel"), on_click=self.reject))
        self.save_button = Button(_("Save the decision"), "save", "primary", self.save)
        self.save_button.setDefault(True)
        self.save_button.setEnabled(not self.note.text() and not desk.register.read_only)
        line.addWidget(self.save_button)
        rows.addLayout(line)
        shortcuts_to_save(self, self.save)
        resize_within(self, theme.em(52), theme.em(55))
        self.form.editors[first].input.setFocus()

    def _demand(self) -> str:
        case = self.case
        said = [_(case.demand.label) if case.demand else _("no particular demand")]
        if case.claimed is not None:
            said.append(show_money(case.claimed, case.currency or "PLN"))
        if case.description:
            said.append(_("“{words}”").format(words=" ".join(case.description.split())[:300]))
        return _("The customer asks for: {demand}").format(demand=", ".join(said))

    def reject(self) -> None:
        question = _("What you typed has not been saved. Close without saving it?")
        if not self.form.dirty or self.desk.ask.confirm(question, _("Close without saving"), _("Go on editing"), danger=True, parent=self):
            super().reject()

    def save(self) -> None:
        """Save the decision; problems stand beside their fields."""
        draft = self.form.check()
        if draft is None or not self.save_button.isEnabled():
            return
        try:
            self.desk.do(DECIDE, decide, self.case.id, {name: getattr(draft, name) for name in FIELDS})
        except Problems as error:
            self.form.show_problems(error.problems)
        except Known as error:
            self.note.setText(error.sentence)
        else:
            self.accept()
