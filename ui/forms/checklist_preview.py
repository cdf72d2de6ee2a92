"""A checklist as it will be asked: each question with its guidance and its answers; tried out, questions appear and go as in a run."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QButtonGroup, QFrame, QHBoxLayout, QLineEdit, QScrollArea, QVBoxLayout, QWidget

from qmdesk.errors import Known
from qmdesk.i18n import _, n_, show_number
from qmdesk.records.audit import Question, QuestionType
from qmdesk.records.checklist import AWAITED, SEPARATOR, Draft, answers, awaited, counts_for, fitting, options
from ui import theme
from ui.widgets.button import Button
from ui.widgets.flow import FlowLayout
from ui.widgets.pill import Pill
from ui.widgets.plain_label import PlainLabel

Content = Callable[[str], bytes]


def waits_for(draft: Draft, question: Question) -> str:
    """The sentence that says after what a question is asked; "" for one that is always asked."""
    other = draft.find(question.shown_by) if question.shown_by is not None else None
    if other is None:
        return ""
    words = dict(answers(other))
    said = f"{SEPARATOR} ".join(words.get(value, value) for value in awaited(question))
    return _("Asked only when question {place} is answered: {answers}").format(place=draft.place(other.id), answers=said)


def bounds(question: Question) -> str:
    """What a number must lie between, with its unit; its unit alone where it has no bounds."""
    least, most = question.least, question.most
    if least is None and most is None:
        return question.unit
    if least is None or most is None:
        sentence = _("at most {bound} {unit}") if least is None else _("at least {bound} {unit}")
        bound = most if least is None else least
        assert bound is not None
        return sentence.format(bound=show_number(bound.normalize()), unit=question.unit).rstrip()
    if least == most:
        return _("exactly {bound} {unit}").format(bound=show_number(least.normalize()), unit=question.unit).rstrip()
    return _("from {least} to {most} {unit}").format(least=show_number(least.normalize()), most=show_number(most.normalize()), unit=question.unit).rstrip()


class _Card(QFrame):
    """One question; what it is answered with can be tried, and is kept nowhere."""

    def __init__(self, draft: Draft, question: Question, content: Content, answered: Callable[[int, str], None]) -> None:
        super().__init__()
        theme.mark(self, "card")
        self.question = question
        self._answered = answered
        rows = QVBoxLayout(self)
        edge = theme.em(0.9)
        rows.setContentsMargins(edge, edge, edge, edge)
        rows.setSpacing(theme.em(0.4))
        rows.addWidget(PlainLabel(_("{place}. {question}").format(place=draft.place(question.id), question=question.wording or "…"), "strong", wrap=True))
        if found := self._facts():
            facts = FlowLayout(gap=theme.em(0.5))
            for part in found:
                facts.addWidget(part)
            rows.addLayout(facts)
        if said := waits_for(draft, question):
            rows.addWidget(PlainLabel(said, "small", wrap=True))
        self._picture(rows, content)
        self._answers(rows)
        if question.guidance:
            rows.addWidget(PlainLabel(question.guidance, "muted", wrap=True))

    def _facts(self) -> list[QWidget]:
        question = self.question
        found: list[QWidget] = []
        if question.critical:
            found.append(Pill(_("Critical"), "bad", "bad"))
        if points := counts_for(question):
            found.append(PlainLabel(n_("{n} point", "{n} points", points), "small"))
        if question.clause:
            found.append(PlainLabel(question.clause, "small"))
        return found

    def _picture(self, rows: QVBoxLayout, content: Content) -> None:
        if not self.question.picture:
            return
        picture = QPixmap()
        try:
            picture.loadFromData(content(self.question.picture))
        except Known:  # a register that lost it says so when it is checked
            return
        label = PlainLabel()
        high = theme.em(9)
        label.setPixmap(picture.scaledToHeight(min(high, picture.height()), Qt.TransformationMode.SmoothTransformation))
        label.setAccessibleName(_("Reference photo"))
        rows.addWidget(label)

    def _answers(self, rows: QVBoxLayout) -> None:
        """What the question is answered with: buttons where there are a few answers, else a line for what is written."""
        question = self.question
        if question.type in AWAITED:
            flow = FlowLayout(gap=theme.em(0.4))
            self.group = QButtonGroup(self)
            self.buttons: dict[str, Button] = {}
            failing = {option.text for option in options(question) if option.fails}  # of yes and no: the yes, where it is the bad one
            for value, words in answers(question):
                button = Button(words, "bad" if value in failing else "", on_click=self._teller(value))
                button.setAutoDefault(False)
                button.setCheckable(True)
                self.group.addButton(button)
                self.buttons[value] = button
                flow.addWidget(button)
            rows.addLayout(flow)
            return
        line = QHBoxLayout()
        if question.type in (QuestionType.PHOTO, QuestionType.SIGNATURE):
            icon, words = ("photo", _("Photo")) if question.type is QuestionType.PHOTO else ("edit", _("Signature"))
            there = Button(words, icon)
            there.setEnabled(False)
            line.addWidget(there)
        else:
            written = QLineEdit()
            written.setAccessibleName(question.wording)
            written.setMaximumWidth(theme.em(12 if question.type is not QuestionType.TEXT else 60))
            line.addWidget(written, 1)
            if question.type is QuestionType.NUMBER:
                line.addWidget(PlainLabel(bounds(question), "muted"))
        line.addStretch(1)
        rows.addLayout(line)

    def _teller(self, value: str) -> Callable[[], None]:
        return lambda: self._answered(self.question.id, value)


class ChecklistPreview(QScrollArea):
    """The questions of a draft under their headings. ``trying``: those that wait are hidden until their answer is given."""

    def __init__(self, *, trying: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.trying = trying
        self.cards: list[_Card] = []
        self._headings: list[tuple[PlainLabel, Sequence[_Card]]] = []
        self._given: dict[int, str] = {}
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def show_draft(self, draft: Draft, content: Content) -> None:
        """Show a list; ``content`` gives the bytes of its reference photos."""
        sound = Draft(draft.checklist, tuple(map(fitting, draft.questions)))
        self._given = {}
        self.cards, self._headings = [], []
        inner = QWidget()
        theme.mark(inner, "page")
        rows = QVBoxLayout(inner)
        rows.setContentsMargins(0, theme.em(0.4), theme.em(0.8), theme.em(0.8))
        rows.setSpacing(theme.em(0.6))
        for name, questions in sound.sections():
            heading = PlainLabel(name, "heading", wrap=True)
            heading.setVisible(bool(name))
            rows.addWidget(heading)
            cards = [_Card(sound, question, content, self.answer) for question in questions]
            for card in cards:
                rows.addWidget(card)
            self.cards += cards
            self._headings.append((heading, cards))
        if not draft.questions:
            rows.addWidget(PlainLabel(_("No questions yet."), "muted"))
        rows.addStretch(1)
        self.setWidget(inner)
        self._reveal()

    @property
    def asked(self) -> list[str]:
        """The questions that are seen now."""
        return [card.question.wording for card in self.cards if not card.isHidden()]

    def answer(self, id_: int, value: str) -> None:
        """Try an answer: what waits for it appears, what waited for another one goes."""
        self._given[id_] = value
        self._reveal()

    def _reveal(self) -> None:
        if not self.trying:
            return
        seen: set[int] = set()
        for card in self.cards:
            question = card.question
            shown = question.shown_by is None or (question.shown_by in seen and self._given.get(question.shown_by) in awaited(question))
            if shown:
                seen.add(question.id)
            card.setVisible(shown)
        for heading, cards in self._headings:
            heading.setVisible(bool(heading.text()) and any(not card.isHidden() for card in cards))
