"""The decision of a case: position, reasons, what follows; the customer's demand stands above it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from qmdesk.errors import Problems
from qmdesk.i18n import _, show_day, show_money
from qmdesk.operations import assessment, letters
from qmdesk.operations.steps import DECIDE, decide
from qmdesk.records.case import Case, CaseKind, Decision, ReductionMethod
from qmdesk.records.steps import WAYS, Step, steps
from ui import theme
from ui.desk import Desk
from ui.forms.dialog import adding, shortcuts_to_save
from ui.forms.form import RecordForm
from ui.widgets.button import Button
from ui.widgets.dialog import Dialog
from ui.widgets.plain_label import PlainLabel
from ui.widgets.within_screen import resize_within

FIELDS = WAYS[Step.DECIDE].asks


class Decide(Dialog):
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
        self.silence = PlainLabel(self._accepted_by_silence(), "problem", wrap=True)
        rows.addWidget(self.silence)
        self.meant = PlainLabel("", "strong", wrap=True)
        rows.addWidget(self.meant)
        self.form = RecordForm(desk, Case, fields=FIELDS, add_new=adding(desk))
        self.form.load(case)
        inner = QWidget()
        theme.mark(inner, "page")
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, theme.em(0.6), theme.em(0.8), theme.em(0.6))
        column.addWidget(self.form)
        self.arithmetic = PlainLabel("", "small", wrap=True, selectable=True)
        column.addWidget(self.arithmetic)
        scroll = QScrollArea()
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the fields scroll it; Tab need not stop twice
        scroll.setWidgetResizable(True)
        scroll.setWidget(inner)
        rows.addWidget(scroll, 1)
        self.note = PlainLabel(steps(case)[Step.DECIDE], "problem", wrap=True)
        rows.addWidget(self.note)
        line = QHBoxLayout()
        self.reckon = Button(_("Reckon the reduction"), "refresh", on_click=self._reckon)
        self.reckon.setToolTip(_("Puts the refund in proportion to the loss of value (UPK art. 43e(2))"))
        self.take_reasons = Button(_("Reasons from the checklist"), "checklist", on_click=self.use_reasons)
        for button in (self.reckon, self.take_reasons):
            button.setAutoDefault(False)
            button.setVisible(case.kind is CaseKind.COMPLAINT)
            line.addWidget(button)
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
        self.form.changed.connect(self._show_meaning)
        self._show_meaning()

    def _demand(self) -> str:
        case = self.case
        said = [_(case.demand.label) if case.demand else _("no particular demand")]
        if case.claimed is not None:
            said.append(show_money(case.claimed, case.currency or "PLN"))
        if case.description:
            said.append(_("“{words}”").format(words=" ".join(case.description.split())[:300]))
        return _("The customer asks for: {demand}").format(demand=", ".join(said))

    def _accepted_by_silence(self) -> str:
        since = self.case.deemed_accepted_on
        if since is None:
            return ""
        sentence = _("Nobody answered in time, so the complaint counts as accepted since {day} (UPK art. 7a(2)); a rejection comes too late.")
        return sentence.format(day=show_day(since))

    def _show_meaning(self) -> None:
        """What the chosen decision means for this demand, and the arithmetic of a reduction."""
        decision = self.form.editors["decision"].value()
        about_goods = self.case.kind is CaseKind.COMPLAINT and self.case.demand is not None
        self.meant.setText(assessment.verdicts(self.case)[str(decision.value)].sentence() if decision and about_goods else "")
        loss = self.form.editors["value_loss"].value()
        self.reckon.setEnabled(loss is not None)
        try:
            told = assessment.reduced(self.desk.register, self.case, loss=loss).sentence() if loss is not None else ""
        except Problems as error:
            told = " ".join(problem.sentence for problem in error.problems)
        self.arithmetic.setText(told)

    def _reckon(self) -> None:
        """Put what goes back by the loss of value into the form."""
        with self.form.telling():
            found = assessment.reduced(self.desk.register, self.case, loss=self.form.editors["value_loss"].value())
            self.form.editors["refund"].set_value(found.refund)
            self.form.editors["reduction_method"].set_value(ReductionMethod.PROPORTIONAL)
            self._show_meaning()

    def use_reasons(self) -> None:
        """Put the answers of the checklist into the reasons, in the language of the letter; what stands there stays above."""
        register = self.desk.register
        accepting = self.form.editors["decision"].value() in (Decision.ACCEPTED, Decision.OTHER_REMEDY)
        found = assessment.reasons(assessment.checklist(register, self.case), letters.language_for(register, self.case), accepting=accepting)
        editor = self.form.editors["decision_reasons"]
        there = str(editor.value() or "")
        if not found:
            self.note.setText(_("The checklist has no answer that gives a reason for this decision."))
        elif found not in there:
            editor.set_value(f"{there}\n\n{found}".strip())

    def reject(self) -> None:
        question = _("What you typed has not been saved. Close without saving it?")
        if not self.form.dirty or self.desk.ask.confirm(question, _("Close without saving"), _("Go on editing"), danger=True, parent=self):
            super().reject()

    def save(self) -> None:
        """Save the decision; problems stand beside their fields."""
        draft = self.form.check()
        if draft is None or not self.save_button.isEnabled():
            return
        with self.form.telling():
            self.desk.do(DECIDE, decide, self.case.id, {name: getattr(draft, name) for name in FIELDS})
            self.accept()
