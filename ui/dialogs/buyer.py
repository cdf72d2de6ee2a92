"""Who the buyer of a case is in law: three questions, what follows from them, and the day CEIDG was looked up."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from qmdesk.errors import Known
from qmdesk.i18n import _
from qmdesk.operations import buyers
from qmdesk.operations.registers import the_shop
from qmdesk.records.case import Case
from ui import theme
from ui.desk import Desk
from ui.forms.buyer_questions import BuyerQuestions
from ui.forms.dialog import shortcuts_to_save
from ui.forms.form import RecordForm
from ui.widgets.button import Button
from ui.widgets.dialog import Dialog
from ui.widgets.plain_label import PlainLabel
from ui.widgets.within_screen import fit_within


class WhoIsTheBuyer(Dialog):
    """Asks the questions about one case and keeps what follows."""

    def __init__(self, desk: Desk, case: Case, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.desk, self.case = desk, case
        title = _("Who is the buyer of {number}?").format(number=case.number)
        self.setWindowTitle(title)
        rows = QVBoxLayout(self)
        edge = theme.em(1.2)
        rows.setContentsMargins(edge, edge, edge, edge)
        rows.setSpacing(theme.em(0.6))
        rows.addWidget(PlainLabel(title, "title", wrap=True))
        self.questions = BuyerQuestions()
        self.questions.give(buyers.known(case))
        self.questions.changed.connect(self._tell)
        rows.addWidget(self.questions)
        self.checked = RecordForm(desk, Case, sections=[("", ["ceidg_checked_on"])])
        self.checked.load(case)
        rows.addWidget(self.checked)
        rows.addStretch()
        self.note = PlainLabel("", "problem", wrap=True)
        rows.addWidget(self.note)
        line = QHBoxLayout()
        line.addStretch()
        line.addWidget(Button(_("Cancel"), on_click=self.reject))
        self.save_button = Button(_("Save"), "save", "primary", self.save)
        self.save_button.setDefault(True)
        self.save_button.setEnabled(not desk.register.read_only)
        line.addWidget(self.save_button)
        rows.addLayout(line)
        shortcuts_to_save(self, self.save)
        self._tell()
        self.questions.boxes["who"].setFocus()

    def _tell(self) -> None:
        answers = self.questions.answers()
        self.questions.tell(buyers.judged(answers, self.case), the_shop(self.desk.register).country.upper())
        self.checked.setVisible(answers.get("who") == "sole_trader")
        self.note.setText("")
        inner = self.questions.layout()
        assert inner is not None
        inner.activate()  # which questions are seen has changed since it was laid out
        fit_within(self, theme.em(46))

    def save(self) -> None:
        """Keep it; the deadlines of the case follow."""
        answers = self.questions.answers()
        if "who" not in answers:
            self.note.setText(_("Say who bought it."))
            return
        draft = self.checked.check()
        if draft is None or not self.save_button.isEnabled():
            return
        try:
            self.desk.do(buyers.JUDGE, buyers.judge, self.case.id, answers, draft.ceidg_checked_on)
        except Known as error:
            self.note.setText(error.sentence)
        else:
            self.accept()
