"""The questions of a survey as a list that is edited while it is in preparation: each edit is one step of the register."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QListView, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from qmdesk.i18n import _
from qmdesk.operations import survey_library, surveys
from qmdesk.records.satisfaction import Survey, SurveyQuestion, SurveyState
from qmdesk.schema.record import Record, replace
from ui import theme
from ui.ask import ran
from ui.desk import Desk
from ui.dialogs.question_bank import QuestionBank
from ui.forms.checklist_rows import ID, NUMBER, SECOND, Rows
from ui.forms.dialog import RecordDialog
from ui.forms.form import RecordForm
from ui.widgets.button import Button, IconButton
from ui.widgets.flow import FlowLayout
from ui.widgets.plain_label import PlainLabel

FIELDS = ("wording", "kind", "options", "required", "pillar")


class _List(QListWidget):
    """Its keys are edits: Insert, Delete, F2 and Enter, Alt+Up and Alt+Down."""

    def __init__(self, part: QuestionsPart) -> None:
        super().__init__()
        self._part = part
        self.setAccessibleName(_("Questions"))
        self.setItemDelegate(Rows(self, lines=2, numbered=True))
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.itemActivated.connect(lambda _item: part.edit())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        alt = event.modifiers() == Qt.KeyboardModifier.AltModifier
        if alt and event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self._part.shift(-1 if event.key() == Qt.Key.Key_Up else 1)
        elif event.key() == Qt.Key.Key_Insert:
            self._part.add()
        elif event.key() == Qt.Key.Key_Delete:
            self._part.remove()
        elif event.key() == Qt.Key.Key_F2:
            self._part.edit()
        else:
            super().keyPressEvent(event)


class QuestionsPart(QWidget):
    """The list with its buttons; once the survey is asked, only what was asked is shown."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.survey: Survey | None = None
        self.list = _List(self)
        self.list.currentRowChanged.connect(lambda _row: self._look())
        self.bank_button = Button(_("From the bank…"), "checklist", "primary", self.add_from_bank)
        self.add_button = Button(_("Question of your own…"), "add", on_click=self.add)
        self.of_row = [
            IconButton("edit", _("Change (F2)"), self.edit),
            IconButton("up", _("Up (Alt+Up)"), lambda: self.shift(-1)),
            IconButton("down", _("Down (Alt+Down)"), lambda: self.shift(1)),
            IconButton("copy", _("Duplicate"), self.duplicate),
            IconButton("remove", _("Remove (Delete)"), self.remove),
        ]
        self.hint = PlainLabel("", "small", wrap=True)
        line = FlowLayout(gap=theme.em(0.4))
        for button in (self.bank_button, self.add_button, *self.of_row):
            line.addWidget(button)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, theme.em(0.8), 0, 0)
        rows.setSpacing(theme.em(0.5))
        rows.addLayout(line)
        rows.addWidget(self.list, 1)
        rows.addWidget(self.hint)

    def show_survey(self, survey: Survey) -> None:
        """Show the questions of a survey; the same one stays chosen."""
        other = self.survey is None or self.survey.id != survey.id
        chosen = 0 if other else self.current
        self.survey = survey
        asked = surveys.questions(self.desk.register, survey)
        self.list.clear()
        for place, question in enumerate(asked, 1):
            item = QListWidgetItem(question.wording)
            item.setData(ID, question.id)
            item.setData(NUMBER, f"{place}.")
            item.setData(SECOND, _about(question))
            self.list.addItem(item)
            if question.id == chosen:
                self.list.setCurrentItem(item)
        if self.list.currentRow() < 0:
            self.list.setCurrentRow(0)
        draft = survey.state is SurveyState.DRAFT
        self.hint.setText(_("Enter changes a question, Alt+Up and Alt+Down move it.") if draft else _("Customers are being asked, so the questions stay as they are. Copy the survey to ask something else."))
        self._look()

    @property
    def writable(self) -> bool:
        """Whether the questions may change."""
        return self.survey is not None and self.survey.state is SurveyState.DRAFT and not self.desk.register.read_only

    @property
    def current(self) -> int:
        """The id of the chosen question, 0 for none."""
        item = self.list.currentItem()
        return 0 if item is None else int(item.data(ID))

    def _look(self) -> None:
        for button in (self.bank_button, self.add_button):
            button.setEnabled(self.writable)
            button.setVisible(self.writable)
        for small in self.of_row:
            small.setEnabled(self.writable and bool(self.current))
            small.setVisible(self.writable)

    # -- edits

    def add_from_bank(self) -> None:
        """Take questions out of the bank, below the chosen one."""
        if not self.writable or self.survey is None:
            return
        lang = str(self.survey.language.value)
        dialog = QuestionBank(lang, self)
        if ran(dialog):
            for key in dialog.chosen:
                self._added(replace(survey_library.question(key, lang), survey=self.survey.id))

    def add(self) -> None:
        """Write a question of one's own, below the chosen one."""
        if self.writable and self.survey is not None:
            preset = {"survey": self.survey.id}
            ran(RecordDialog(self.desk, SurveyQuestion, preset=preset, fields=FIELDS, save=self._save_new, parent=self))

    def _save_new(self, desk: Desk, _form: RecordForm, draft: Record) -> int:
        assert isinstance(draft, SurveyQuestion)
        id_ = desk.do(surveys.ADD_QUESTION, surveys.add_question, draft, self.current or None)
        self._go_to(id_)
        return id_

    def _added(self, draft: SurveyQuestion) -> None:
        id_ = self.desk.attempt(surveys.ADD_QUESTION, surveys.add_question, draft, self.current or None)
        if id_ is not None:
            self._go_to(id_)

    def edit(self) -> None:
        """Change the chosen question."""
        if self.writable and self.current:
            question = self.desk.register.get(SurveyQuestion, self.current)
            ran(RecordDialog(self.desk, SurveyQuestion, question, fields=FIELDS, save=_save_changed, parent=self))

    def shift(self, places: int) -> None:
        """Move the chosen question."""
        self._do(surveys.MOVE_QUESTION, surveys.move_question, places)

    def duplicate(self) -> None:
        """The chosen question once more."""
        self._do(surveys.DUPLICATE_QUESTION, surveys.duplicate_question)

    def remove(self) -> None:
        """Take the chosen question out; the next one is chosen."""
        row = self.list.currentRow()
        self._do(surveys.REMOVE_QUESTION, surveys.remove_question)
        self.list.setCurrentRow(min(row, self.list.count() - 1))

    def _do(self, label: str, operation: Callable[..., Any], *more: Any) -> None:
        if self.writable and self.current:
            self.desk.attempt(label, operation, self.current, *more)

    def _go_to(self, id_: int) -> None:
        for row in range(self.list.count()):
            if self.list.item(row).data(ID) == id_:
                self.list.setCurrentRow(row)


def _save_changed(desk: Desk, form: RecordForm, draft: Record) -> int:
    return desk.do(surveys.CHANGE_QUESTION, surveys.change_question, draft.id, form.changes()).id


def _about(question: SurveyQuestion) -> str:
    """How a question is answered, in a line."""
    told = [_(question.kind.label)]
    if question.required:
        told.append(_("must be answered"))
    if question.pillar is not None:
        told.append(_(question.pillar.label))
    if question.choices:
        told.append(", ".join(question.choices))
    return " · ".join(told)
