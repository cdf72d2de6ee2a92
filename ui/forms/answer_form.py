"""The questions of a survey as they are asked, to try them out or to type in what somebody answered: keys 0 to 9 answer and lead on."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import (
    QFrame,
    QPlainTextEdit,
    QRadioButton,
    QScrollArea,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from qmdesk.i18n import _
from qmdesk.operations import survey_library
from qmdesk.records.satisfaction import SCALES, QuestionKind, SurveyQuestion
from ui import theme
from ui.widgets.flow import FlowLayout
from ui.widgets.plain_label import PlainLabel

TEN = 10
LINES = 3  # of an answer in own words


class _Points(QFrame):
    """The points of a scale as buttons in a row; it is one stop for the keyboard, and digits choose, of yes and no their first letters too.

    Of a scale up to 10 a 1 waits: a 0 after it makes 10, any other digit belongs to the next question.
    """

    changed = Signal()

    def __init__(self, least: int, most: int, words: dict[int, str], lead_on: Callable[[str], None]) -> None:
        super().__init__()
        self._least, self._most, self._lead_on = least, most, lead_on
        self.value: int | None = None
        self._waits = False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        theme.mark(self, "points")
        self.buttons: dict[int, QToolButton] = {}
        line = FlowLayout(gap=theme.em(0.25))
        for points in range(least, most + 1):
            button = QToolButton()
            button.setText(words.get(points, str(points)))
            button.setCheckable(True)
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            button.clicked.connect(lambda checked, points=points: self.choose(points if checked else None))
            self.buttons[points] = button
            line.addWidget(button)
        self.setLayout(line)

    def choose(self, points: int | None) -> None:
        """Choose points, or none."""
        self.value = points
        for value, button in self.buttons.items():
            button.setChecked(value == points)
        self.changed.emit()

    def press(self, digit: int) -> None:
        """A digit was typed."""
        if self._waits and digit == 0:
            self._waits = False
            self.choose(TEN)
            self._lead_on("")
        elif self._waits:
            self._waits = False
            self._lead_on(str(digit))
        elif self._least <= digit <= self._most:
            self.choose(digit)
            self._waits = digit == 1 and self._most >= TEN
            if not self._waits:
                self._lead_on("")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if Qt.Key.Key_0 <= key <= Qt.Key.Key_9:
            self.press(key - Qt.Key.Key_0)
        elif (words := event.text().casefold()).isalpha() and (said := [points for points, button in self.buttons.items() if button.text().casefold().startswith(words)]):
            self.choose(said[0])
            self._lead_on("")
        elif key in (Qt.Key.Key_Backspace, Qt.Key.Key_Delete):
            self._waits = False
            self.choose(None)
        elif key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            step = 1 if key == Qt.Key.Key_Right else -1
            now = self.value
            self.choose(self._least if now is None else max(self._least, min(self._most, now + step)))
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Down) and not event.modifiers():
            self._lead_on("")
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._waits = False


class _Choices(QFrame):
    """The choices of a question one under the other; a digit chooses the first, second and so on."""

    changed = Signal()

    def __init__(self, choices: Sequence[str], lead_on: Callable[[str], None]) -> None:
        super().__init__()
        self._lead_on = lead_on
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        theme.mark(self, "choices")
        rows = QVBoxLayout(self)
        self.buttons: list[QRadioButton] = []
        for choice in choices:
            button = QRadioButton(choice.replace("&", "&&"))
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            button.clicked.connect(lambda _on=False: self.changed.emit())
            self.buttons.append(button)
            rows.addWidget(button)

    @property
    def value(self) -> int | None:
        """Which choice is made, from 0; None for none."""
        return next((place for place, button in enumerate(self.buttons) if button.isChecked()), None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        digit = event.key() - Qt.Key.Key_1
        if 0 <= digit < len(self.buttons):
            self.buttons[digit].setChecked(True)
            self.changed.emit()
            self._lead_on("")
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Down) and not event.modifiers():
            self._lead_on("")
        else:
            super().keyPressEvent(event)


class AnswerForm(QScrollArea):
    """Asks the questions; ``answers`` says what was answered. ``on_end`` is called when the last question leads on."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.on_end: Callable[[], object] = lambda: None
        self._inputs: list[tuple[SurveyQuestion, QWidget]] = []
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def ask(self, questions: Sequence[SurveyQuestion], lang: str, introduction: str = "") -> None:
        """Ask these, with the words of the scales in ``lang``; what was answered before is gone."""
        self._inputs = []
        inner = QWidget()
        theme.mark(inner, "page")
        rows = QVBoxLayout(inner)
        rows.setContentsMargins(0, theme.em(0.4), theme.em(0.6), theme.em(0.4))
        rows.setSpacing(theme.em(0.9))
        if introduction:
            rows.addWidget(PlainLabel(introduction, "muted", wrap=True))
        for place, question in enumerate(questions):
            rows.addWidget(self._card(place, question, lang))
        rows.addStretch(1)
        self.setWidget(inner)

    def _card(self, place: int, question: SurveyQuestion, lang: str) -> QWidget:
        card = QWidget()
        rows = QVBoxLayout(card)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(theme.em(0.3))
        wording = _("{place}. {question}").format(place=place + 1, question=question.wording)
        label = PlainLabel(_("{label} *").format(label=wording) if question.required else wording, "strong", wrap=True)
        rows.addWidget(label)
        asked = self._input(place, question)
        asked.setAccessibleName(wording)
        rows.addWidget(asked)
        low, high = survey_library.ends(question.kind, lang)
        if low and high:
            least, most = SCALES[question.kind]
            rows.addWidget(PlainLabel(_("{least} = {low}, {most} = {high}").format(least=least, low=low, most=most, high=high), "small", wrap=True))
        self._inputs.append((question, asked))
        return card

    def _input(self, place: int, question: SurveyQuestion) -> QWidget:
        def lead_on(typed: str) -> None:
            self._lead_on(place, typed)

        if question.kind in SCALES:
            words = {0: _("No"), 1: _("Yes")} if question.kind is QuestionKind.YES_NO else {}
            points = _Points(*SCALES[question.kind], words, lead_on)
            points.changed.connect(self.changed)
            return points
        if question.kind is QuestionKind.CHOICE:
            choices = _Choices(question.choices, lead_on)
            choices.changed.connect(self.changed)
            return choices
        box = QPlainTextEdit()
        box.setTabChangesFocus(True)
        box.setFixedHeight(box.fontMetrics().lineSpacing() * LINES + theme.em(1))
        box.textChanged.connect(self.changed)
        return box

    def _lead_on(self, place: int, typed: str) -> None:
        """Go to the next question; a digit that was typed for it answers it."""
        if place + 1 >= len(self._inputs):
            self.on_end()
            return
        following = self._inputs[place + 1][1]
        following.setFocus(Qt.FocusReason.TabFocusReason)
        self.ensureWidgetVisible(following)
        if typed and isinstance(following, _Points):
            following.press(int(typed))

    def begin(self) -> None:
        """Give the keyboard to the first question."""
        if self._inputs:
            self._inputs[0][1].setFocus(Qt.FocusReason.OtherFocusReason)

    @property
    def answers(self) -> dict[int, int | str]:
        """What was answered, by question; what was left out is not there."""
        found: dict[int, int | str] = {}
        for question, asked in self._inputs:
            if isinstance(asked, _Points) and asked.value is not None:
                found[question.id] = asked.value
            elif isinstance(asked, _Choices) and asked.value is not None:
                found[question.id] = question.choices[asked.value]
            elif isinstance(asked, QPlainTextEdit) and (words := asked.toPlainText().strip()):
                found[question.id] = words
        return found
