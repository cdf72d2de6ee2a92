"""Typing responses in, one after the other, from paper or the telephone: keys 0 to 9 answer, Ctrl+Enter keeps it and begins the next."""

from __future__ import annotations

from datetime import date

from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from qmdesk.errors import Known
from qmdesk.i18n import _, n_
from qmdesk.operations import responses, surveys
from qmdesk.records.satisfaction import Survey, SurveyResponse
from qmdesk.register import clock
from qmdesk.schema.parsing import moment_on
from ui import theme
from ui.desk import Desk
from ui.forms.answer_form import AnswerForm
from ui.forms.dialog import adding, shortcuts_to_save
from ui.forms.form import RecordForm, show_beside
from ui.widgets.button import Button
from ui.widgets.dialog import Dialog
from ui.widgets.plain_label import PlainLabel
from ui.widgets.within_screen import resize_within

WHOSE = ("customer", "order", "case", "note")
ABOUT = ("answered_at", *WHOSE)


class TypeResponse(Dialog):
    """``kept`` are the ids of the responses that were kept here."""

    def __init__(self, desk: Desk, survey: Survey, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.desk, self.survey = desk, survey
        self.kept: list[int] = []
        self._written = False
        self.setWindowTitle(_("Response: {survey}").format(survey=survey.name))
        self.answers = AnswerForm()
        self.answers.on_end = lambda: self.save_button.setFocus()
        self.answers.changed.connect(self._typed)
        self.about = RecordForm(desk, SurveyResponse, fields=ABOUT, add_new=adding(desk))
        self.said = PlainLabel("", "muted", wrap=True)
        self.note = PlainLabel("", "problem", wrap=True)
        self.save_button = Button(_("Keep, and the next one"), "save", "primary", self.save)
        self.save_button.setAutoDefault(False)
        self._lay_out()
        self._begin(clock().date())
        shortcuts_to_save(self, self.save)
        resize_within(self, theme.em(84), theme.em(50))
        self.answers.begin()

    def _lay_out(self) -> None:
        right = QVBoxLayout()
        right.addWidget(PlainLabel(_("Whose it is"), "heading"))
        right.addWidget(self.about)
        right.addWidget(PlainLabel(_("Keys 0 to 9 answer and lead on, Y and N too; 10 is 1 and 0. Backspace takes an answer away. Ctrl+Enter keeps the response."), "small", wrap=True))
        right.addStretch(1)
        middle = QHBoxLayout()
        middle.setSpacing(theme.em(1.2))
        middle.addWidget(self.answers, 3)
        middle.addLayout(right, 2)
        line = QHBoxLayout()
        line.addWidget(self.said, 1)
        close = Button(_("Close"), on_click=self.reject)
        close.setAutoDefault(False)
        line.addWidget(close)
        line.addWidget(self.save_button)
        rows = QVBoxLayout(self)
        edge = theme.em(1)
        rows.setContentsMargins(edge, edge, edge, edge)
        rows.addLayout(middle, 1)
        rows.addWidget(self.note)
        rows.addLayout(line)

    def _begin(self, on: date) -> None:
        """An empty response; the next one was most likely answered on the same day."""
        self.answers.ask(surveys.questions(self.desk.register, self.survey), str(self.survey.language.value))
        now = clock()
        self.about.begin(survey=self.survey.id, token="-", answered_at=now if on == now.date() else moment_on(on))
        self._written = False

    def _typed(self) -> None:
        self._written = True
        self.note.setText("")

    def save(self) -> None:
        """Keep the response and begin the next."""
        draft, problems = self.about.values()
        show_beside([self.about], problems)
        if problems:
            return
        about = {name: getattr(draft, name) for name in WHOSE}
        at = draft.answered_at
        try:
            id_ = self.desk.do(responses.TYPE_IN, responses.type_in, self.survey.id, self.answers.answers, at, about)
        except Known as error:
            self.note.setText(error.sentence)
            return
        self.kept.append(id_)
        self.said.setText(n_("{n} response kept.", "{n} responses kept.", len(self.kept)))
        self._begin(at.astimezone().date())
        self.answers.begin()

    def reject(self) -> None:
        unsaved = self._written and bool(self.answers.answers)
        if unsaved and not self.desk.ask.confirm(_("This response is not kept yet. Throw it away?"), _("Throw away"), _("Go on writing"), danger=True, parent=self):
            return
        self.done(QDialog.DialogCode.Accepted if self.kept else QDialog.DialogCode.Rejected)
