"""The checklist beside a complaint: questions the law asks, answered with one key each, and what the answers say together."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QButtonGroup, QFrame, QLineEdit, QScrollArea, QVBoxLayout, QWidget

from qmdesk.i18n import _
from qmdesk.law.conformity import Speaks
from qmdesk.operations import assessment
from qmdesk.operations.assessment import Asked
from qmdesk.records.assessment import Answered
from ui import theme
from ui.desk import Desk
from ui.panels.case_parts import Part
from ui.theme import Role
from ui.widgets.button import Button
from ui.widgets.flow import FlowLayout
from ui.widgets.pill import Pill
from ui.widgets.plain_label import PlainLabel

KEYS = {Qt.Key.Key_Y: Answered.YES, Qt.Key.Key_T: Answered.YES, Qt.Key.Key_N: Answered.NO, Qt.Key.Key_U: Answered.UNCLEAR, Qt.Key.Key_W: Answered.UNCLEAR}
"""Yes, no, unknown; and tak, nie, (nie) wiem."""


class _Card(QFrame):
    """One question with its three answers and a note; a second click takes the answer back."""

    def __init__(self, say: Callable[[str, Answered | None, str], None], go_on: Callable[[_Card, int], None]) -> None:
        """``go_on`` takes the keyboard from this card so many questions on."""
        super().__init__()
        theme.mark(self, "card")
        self._say, self._go_on = say, go_on
        self.asked: Asked | None = None
        rows = QVBoxLayout(self)
        edge = theme.em(0.9)
        rows.setContentsMargins(edge, edge, edge, edge)
        rows.setSpacing(theme.em(0.4))
        self.question = PlainLabel("", "strong", wrap=True)
        self.help = PlainLabel("", "muted", wrap=True)
        line = FlowLayout(gap=theme.em(0.4))
        self.group = QButtonGroup(self)
        self.group.setExclusive(False)
        self.buttons: dict[Answered, Button] = {}
        for answer in Answered:
            button = Button(_(answer.label), on_click=self._chooser(answer))
            button.setCheckable(True)
            button.installEventFilter(self)
            self.buttons[answer] = button
            self.group.addButton(button)
            line.addWidget(button)
        self.basis = PlainLabel("", "small")
        line.addWidget(self.basis)
        self.suggestion = PlainLabel("", "small", wrap=True)
        self.said = PlainLabel("", "", wrap=True)
        self.note = QLineEdit()
        self.note.setPlaceholderText(_("Your own finding: what was seen, tested, compared"))
        self.note.editingFinished.connect(self._note)
        for asked in (self.question, self.help):
            rows.addWidget(asked)
        rows.addLayout(line)
        for told in (self.suggestion, self.said, self.note):
            rows.addWidget(told)

    def come(self) -> None:
        """Take the keyboard: on the answer given, else on the first."""
        given = self.asked.given.answer if self.asked is not None and self.asked.given is not None else Answered.YES
        self.buttons[given].setFocus(Qt.FocusReason.TabFocusReason)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The arrows up and down lead to other questions: a button would keep them for its neighbours."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.keyPressEvent(event)
            return True
        return False

    def show_asked(self, asked: Asked, *, writable: bool) -> None:
        """Show a question as it stands."""
        self.asked = asked
        question, given = asked.question, asked.given
        self.question.setText(question.name.to())
        self.help.setText(question.help.to())
        self.basis.setText(question.basis.to())
        for answer, button in self.buttons.items():
            button.setChecked(given is not None and given.answer is answer)
            button.setEnabled(writable)
            button.setAccessibleName(f"{question.name.to()}: {_(answer.label)}")
        told = {Answered.YES: _("By the dates of the case: yes."), Answered.NO: _("By the dates of the case: no.")}
        self.suggestion.setText(told.get(asked.suggested, "") if asked.suggested else "")
        self.said.setText(asked.reason.text.to() if asked.reason else "")
        self.said.setVisible(asked.reason is not None)
        self.suggestion.setVisible(bool(self.suggestion.text()))
        if not self.note.hasFocus():
            self.note.setText(given.note if given else "")
        self.note.setVisible(given is not None)
        self.note.setEnabled(writable)
        self.note.setAccessibleName(_("Note: {question}").format(question=question.name.to()))

    def _chooser(self, answer: Answered) -> Callable[[], None]:
        return lambda: self._choose(answer)

    def _choose(self, answer: Answered) -> None:
        assert self.asked is not None
        given = self.asked.given
        again = given is not None and given.answer is answer
        self._say(self.asked.question.id, None if again else answer, self.note.text())

    def _note(self) -> None:
        if self.asked is not None and self.asked.given is not None and self.note.text().strip() != self.asked.given.note:
            self._say(self.asked.question.id, self.asked.given.answer, self.note.text())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        answer = KEYS.get(Qt.Key(event.key()))
        step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()))
        if answer is not None and not event.modifiers() and self.buttons[answer].isEnabled():
            self._choose(answer)
        elif step is not None and not event.modifiers():
            self._go_on(self, step)
        else:
            super().keyPressEvent(event)


class Checklist(Part):
    """The questions of conformity, each saved at once; the answers become the reasons of the letter."""

    def __init__(self, desk: Desk, use_reasons: Callable[[], None]) -> None:
        super().__init__(desk)
        head = FlowLayout(gap=theme.em(0.5))
        self.leaning = Pill()
        self.progress = PlainLabel("", "muted")
        self.use = Button(_("Use as reasons…"), "letter", on_click=use_reasons)
        self.use.setToolTip(_("Opens the decision with these answers as its reasons"))
        for part in (self.leaning, self.progress, self.use):
            head.addWidget(part)
        head.push(self.use)
        self.rows.addLayout(head)
        self.rows.addWidget(PlainLabel(_("What you answer here helps to judge the complaint and becomes the reasons in your letter. Keys: Y, N, U; the arrows up and down go from question to question."), "muted", wrap=True))
        inner = QWidget()
        theme.mark(inner, "page")
        self._column = QVBoxLayout(inner)
        self._column.setContentsMargins(0, theme.em(0.4), theme.em(0.6), theme.em(0.4))
        self._column.setSpacing(theme.em(0.7))
        self._column.addStretch()
        self.cards: list[_Card] = []
        scroll = QScrollArea()
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the questions scroll it; Tab need not stop twice
        scroll.setWidgetResizable(True)
        scroll.setWidget(inner)
        self._scroll = scroll
        self.rows.addWidget(scroll, 1)

    def refresh(self) -> None:
        assert self.case is not None
        asked = assessment.checklist(self.desk.register, self.case)
        while len(self.cards) < len(asked):
            card = _Card(self._answer, self._go_on)
            self.cards.append(card)
            self._column.insertWidget(len(self.cards) - 1, card)
        for card, one in zip(self.cards, asked, strict=True):
            card.show_asked(one, writable=not self.desk.register.read_only)
        answered = sum(one.given is not None for one in asked)
        self.progress.setText(_("{answered} of {all} answered").format(answered=answered, all=len(asked)))
        words: dict[Speaks, tuple[str, Role, str]] = {
            Speaks.LIABLE: (_("The answers speak for the customer"), "warn", "info"),
            Speaks.NOT_LIABLE: (_("The answers speak for the shop"), "info", "info"),
            Speaks.OPEN: (_("Nothing decided yet"), "neutral", "waiting"),
        }
        self.leaning.show_state(*words[assessment.leaning(asked)])
        self.use.setEnabled(bool(answered) and not self.desk.register.read_only)

    def _go_on(self, card: _Card, step: int) -> None:
        to = self.cards.index(card) + step
        if 0 <= to < len(self.cards):
            self.cards[to].come()
            self._scroll.ensureWidgetVisible(self.cards[to])

    def _answer(self, question: str, given: Answered | None, note: str) -> None:
        assert self.case is not None
        self.desk.attempt(assessment.ANSWER_QUESTION, assessment.answer, self.case.id, question, given, note)
