"""After which answers to which earlier question another one is asked: chosen, never typed."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QCheckBox, QComboBox, QVBoxLayout, QWidget

from qmdesk.i18n import _
from qmdesk.records.audit import Checklist, Question
from qmdesk.records.checklist import SEPARATOR, Draft, answers, awaited
from ui import theme
from ui.widgets.flow import FlowLayout
from ui.widgets.plain_label import PlainLabel

LONGEST = 90  # letters of a question in the list of those before it


class _Combo(QComboBox):
    """Turning the wheel over the form must not change what it says."""

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()


class Waiting(QWidget):
    """After which answers to which earlier question this one is asked."""

    def __init__(self, changed: Callable[[int | None, str], None]) -> None:
        super().__init__()
        self._changed = changed
        self._draft = Draft(Checklist(name=""))
        self._places: list[int | None] = []
        self.question = _Combo()
        self.question.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.question.setAccessibleName(_("Asked only when"))
        self.question.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.question.setMinimumContentsLength(20)
        self.question.activated.connect(self._choose)
        self.boxes: dict[str, QCheckBox] = {}
        self._flow = FlowLayout(gap=theme.em(0.8))
        self.problem = PlainLabel("", "problem", wrap=True)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, theme.em(0.6), 0, 0)
        rows.setSpacing(theme.em(0.4))
        rows.addWidget(PlainLabel(_("When it is asked"), "heading"))
        rows.addWidget(self.question)
        rows.addLayout(self._flow)
        rows.addWidget(self.problem)

    def show_question(self, draft: Draft, question: Question, read_only: bool) -> None:
        """Offer the earlier questions and the answers of the one it waits for."""
        self._draft = draft
        offered = list(draft.before(question.id))
        other = draft.find(question.shown_by) if question.shown_by is not None else None
        if other is not None and other not in offered:
            offered.append(other)  # what can't be waited for is shown with its problem, not hidden
        self.question.clear()
        self.question.addItem(_("Always"))
        self._places = [None, *(one.id for one in offered)]
        for one in offered:
            words = " ".join(one.wording.split())
            self.question.addItem(_("only when {place}. {question}").format(place=draft.place(one.id), question=words if len(words) < LONGEST else f"{words[: LONGEST - 1]}…"))
        self.question.setCurrentIndex(self._places.index(question.shown_by) if question.shown_by in self._places else 0)
        self.question.setEnabled(not read_only and (len(self._places) > 1))
        self._show_answers(question, other, read_only)

    def _show_answers(self, question: Question, other: Question | None, read_only: bool) -> None:
        for box in self.boxes.values():
            self._flow.removeWidget(box)
            box.hide()
            box.deleteLater()
        self.boxes = {}
        known = dict(answers(other)) if other is not None else {}
        known |= {value: value for value in awaited(question) if value not in known and other is not None}
        for value, words in known.items():
            box = QCheckBox(words.replace("&", "&&"))
            box.setChecked(value in awaited(question))
            box.setEnabled(not read_only)
            box.clicked.connect(self._tell)
            self.boxes[value] = box
            self._flow.addWidget(box)

    def _choose(self, at: int) -> None:
        self._changed(self._places[at], "")

    def _tell(self) -> None:
        self._changed(self._places[self.question.currentIndex()], f"{SEPARATOR} ".join(value for value, box in self.boxes.items() if box.isChecked()))
