"""A training held, written down once for everybody who was there: which, when, and what came of it for each."""

from __future__ import annotations

from collections.abc import Collection

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from qmdesk.i18n import _
from qmdesk.operations import trainings
from qmdesk.operations.trainings import LACKING, Attendance, Standing
from qmdesk.records.improvement import Training, TrainingSession
from qmdesk.records.party import Person
from qmdesk.register import clock
from ui import theme
from ui.desk import Desk
from ui.forms.dialog import shortcuts_to_save
from ui.forms.form import Notice, RecordForm
from ui.widgets.button import Button
from ui.widgets.dialog import Dialog
from ui.widgets.plain_label import PlainLabel
from ui.widgets.within_screen import resize_within


class _Line:
    """A person: were they there, did they pass, with which result. Who was not there has nothing more to fill in."""

    def __init__(self, grid: QGridLayout, row: int, person: Person, standing: Standing, there: bool) -> None:
        self.person = person
        self.there, self.passed, self.result = QCheckBox(person.name.replace("&", "&&")), QCheckBox(_("Has passed")), QLineEdit()
        self.passed.setAccessibleName(_("{who}: passed").format(who=person.name))
        self.result.setAccessibleName(_("{who}: result").format(who=person.name))
        self.result.setPlaceholderText(_("Result: a mark, what can be done now"))
        self.passed.setChecked(True)
        self.there.setChecked(there)
        self.there.toggled.connect(lambda _on: self._settle())
        for column, part in enumerate((self.there, PlainLabel(_(standing.label), "muted"), self.passed, self.result)):
            grid.addWidget(part, row, column)
        self._settle()

    def _settle(self) -> None:
        for part in (self.passed, self.result):
            part.setEnabled(self.there.isChecked())

    def attendance(self) -> Attendance | None:
        """What came of it, or None for who was not there."""
        return Attendance(self.person.id, self.passed.isChecked(), self.result.text()) if self.there.isChecked() else None


class TrainingHeld(Dialog):
    """Accepted when it was written down. ``people`` are ticked at first: those who need it, where nobody is named."""

    def __init__(self, desk: Desk, training: Training, people: Collection[int] = (), parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.desk, self.training = desk, training
        title = _("Training held: {topic}").format(topic=training.topic)
        self.setWindowTitle(title)
        self.notice = Notice()
        self.form = RecordForm(desk, TrainingSession, sections=[("", ("held_on", "note"))], notice=self.notice)
        self.form.begin(training=training.id, held_on=clock().date())
        self.lines = self._people(people)
        self._lay_out(title)
        shortcuts_to_save(self, self.save)
        (self.lines[0].there if self.lines else self.form.editors["held_on"].input).setFocus(Qt.FocusReason.TabFocusReason)

    def _people(self, ticked: Collection[int]) -> list[_Line]:
        found = trainings.table(self.desk.register)
        self.inner = QWidget()
        theme.mark(self.inner, "page")
        grid = QGridLayout(self.inner)
        grid.setContentsMargins(0, 0, theme.em(0.6), 0)
        grid.setHorizontalSpacing(theme.em(1))
        grid.setColumnStretch(3, 1)
        standings = {one.id: found.cells[one.id, self.training.id].standing for one in found.people if (one.id, self.training.id) in found.cells}
        first = sorted(found.people, key=lambda one: standings.get(one.id) is Standing.NOT_MEANT)  # who it is for stands above
        lines = []
        for row, person in enumerate(first):
            standing = standings.get(person.id, Standing.NEVER)
            there = person.id in ticked if ticked else standing in (*LACKING, Standing.SOON)
            lines.append(_Line(grid, row, person, standing, there))
        grid.setRowStretch(len(lines), 1)
        return lines

    def _lay_out(self, title: str) -> None:
        rows = QVBoxLayout(self)
        edge = theme.em(1.2)
        rows.setContentsMargins(edge, edge, edge, edge)
        rows.setSpacing(theme.em(0.7))
        rows.addWidget(PlainLabel(title, "title", wrap=True))
        rows.addWidget(self.form)
        line = QHBoxLayout()
        line.addWidget(PlainLabel(_("Who was there"), "strong"), 1)
        line.addWidget(Button(_("Everybody"), part="link", on_click=lambda: self.tick(True)))
        line.addWidget(Button(_("Nobody"), part="link", on_click=lambda: self.tick(False)))
        rows.addLayout(line)
        if not self.lines:
            rows.addWidget(PlainLabel(_("Nobody is written down as working here yet; add the people in the settings first."), "muted", wrap=True))
        area = QScrollArea()
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the fields scroll it; Tab need not stop twice
        area.setWidgetResizable(True)
        area.setWidget(self.inner)
        rows.addWidget(area, 1)
        rows.addWidget(self.notice)
        foot = QHBoxLayout()
        foot.addStretch()
        foot.addWidget(Button(_("Cancel"), on_click=self.reject))
        self.save_button = Button(_("Write it down"), "save", "primary", self.save)
        self.save_button.setToolTip(_("Save (Ctrl+S or Ctrl+Enter)"))
        foot.addWidget(self.save_button)
        rows.addLayout(foot)
        for button in self.findChildren(QPushButton):
            button.setAutoDefault(button is self.save_button)
        self.save_button.setDefault(True)
        resize_within(self, theme.em(56), theme.em(26) + theme.em(2.4) * len(self.lines))

    def tick(self, there: bool) -> None:
        """Tick everybody, or nobody."""
        for line in self.lines:
            line.there.setChecked(there)

    def save(self) -> None:
        """Write it down; what can't be is said where it is."""
        draft = self.form.check()
        if draft is None:
            return
        attended = [one for line in self.lines if (one := line.attendance()) is not None]
        with self.form.telling():
            self.desk.do(trainings.HOLD, trainings.hold, self.training.id, draft.held_on, attended, draft.note)
            self.accept()
