"""How a question of an audit is answered on the screen: large buttons with their keys, a line to write on, a place to sign."""

from __future__ import annotations

from collections.abc import Callable
from textwrap import wrap

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget

from qmdesk.i18n import N_, _, decimal_sign
from qmdesk.records import answers as judging
from qmdesk.records.audit import LARGEST_ON_SCALE, AuditAnswer, QuestionType, Verdict
from qmdesk.schema import types
from qmdesk.schema.record import replace
from ui import theme
from ui.forms.dates import DateLine
from ui.widgets.button import Button
from ui.widgets.flow import FlowLayout
from ui.widgets.plain_label import PlainLabel
from ui.widgets.signature_pad import SignaturePad

PAUSE_MS = 1500
"""What is typed is kept when the typing pauses for so long, at the latest."""
VERDICTS = (Verdict.CONFORM, Verdict.OPPORTUNITY, Verdict.OBSERVATION, Verdict.MINOR, Verdict.MAJOR)  # keys 1 to 5
LEAVE_OUT = ((Verdict.NOT_APPLICABLE, "X"), (Verdict.NOT_CHECKED, "S"))
LONGEST_LINE = 46
"""Letters of a line on a button; more are broken, so that a long answer can be read at any text size."""
YES_KEYS, NO_KEYS = "yt", "n"  # yes, tak; no, nie

Give = Callable[[str], object]
"""Keeps an answer, "" to take it back."""


class AnswerButton(Button):
    """One answer. Arrows are not for going from button to button but from question to question."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down):
            event.ignore()
        else:
            super().keyPressEvent(event)


class Input(QWidget):
    """What all inputs have in common; ``keep`` is called with a new answer."""

    def __init__(self, keep: Give) -> None:
        super().__init__()
        self.keep = keep

    def show_answer(self, answer: AuditAnswer) -> None:
        """Show what is answered now."""

    def take_key(self, text: str) -> bool:
        """Answer by a key; False when it means nothing here."""
        return False

    def come(self) -> bool:
        """Take the keyboard; False where the question has nothing to write in."""
        return False

    def settle(self) -> bool:
        """Keep what is typed; False when it can't be kept, with the reason said."""
        return True


class Choices(Input):
    """The answers side by side, in two columns, or one under the other where they are long; each with its key."""

    def __init__(self, keep: Give, answer: AuditAnswer) -> None:
        super().__init__(keep)
        self.buttons: dict[str, AnswerButton] = {}
        self._keys: dict[str, str] = {}
        offered = _offered(answer)
        longest = max(len(words) for _value, words, _keys in offered)
        columns = len(offered) if longest <= 14 else 2 if longest <= 24 else 1
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(theme.em(0.5))
        for at, (value, words, keys) in enumerate(offered):
            shown = "   ".join(part for part in (keys[:1].upper(), "\n".join(wrap(words, LONGEST_LINE))) if part)
            button = AnswerButton(shown.replace("&", "&&"), on_click=self._giver(value))
            theme.mark(button, "answer-bad" if judging.failed(replace(answer, value=value)) else "answer")
            button.setCheckable(True)
            button.setAccessibleName(words or value)
            self.buttons[value] = button
            self._keys |= dict.fromkeys(keys, value)
            grid.addWidget(button, at // columns, at % columns)

    def _giver(self, value: str) -> Callable[[], object]:
        return lambda: self.keep(value)

    def show_answer(self, answer: AuditAnswer) -> None:
        for value, button in self.buttons.items():
            button.setChecked(answer.value == value)

    def take_key(self, text: str) -> bool:
        value = self._keys.get(text.lower())
        if value is None:
            return False
        self.keep(value)
        return True


def _offered(answer: AuditAnswer) -> list[tuple[str, str, str]]:
    """Each answer with its words and its keys."""
    if answer.type is QuestionType.VERDICT:
        return [(str(verdict.value), _(verdict.label), str(place)) for place, verdict in enumerate(VERDICTS, 1)]
    if answer.type is QuestionType.YES_NO:
        yes, no = types.Flag().show(True), types.Flag().show(False)
        return [("yes", yes.capitalize(), f"{yes[0]}{YES_KEYS}1"), ("no", no.capitalize(), f"{NO_KEYS}2")]
    if answer.type is QuestionType.SCALE:
        return [(str(points), "", str(points)) for points in range(LARGEST_ON_SCALE + 1)]
    return [(line, line, str(place) if place < 10 else "") for place, line in enumerate(answer.offered, 1)]


class Line(Input):
    """A number, a day or a text: kept at Enter, when the question is left, and when the typing pauses."""

    def __init__(self, keep: Give, answer: AuditAnswer) -> None:
        super().__init__(keep)
        self._kept = ""
        self.box: QLineEdit | QPlainTextEdit
        if answer.type is QuestionType.TEXT:
            self.box = QPlainTextEdit()
            self.box.setTabChangesFocus(True)
            self.box.setFixedHeight(theme.em(8))
        else:
            self.box = DateLine(timed=False) if answer.type is QuestionType.DAY else QLineEdit()
            self.box.setFont(theme.font("title"))
            self.box.setMaximumWidth(theme.em(20))
        self.box.setAccessibleName(answer.wording)
        self.unit = PlainLabel(answer.unit, "heading")
        self.bounds = PlainLabel(_wanted(answer), "muted")
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(theme.em(0.6))
        line.addWidget(self.box, 1)
        for part in (self.unit, self.bounds):
            line.addWidget(part)
        if answer.type is not QuestionType.TEXT:
            line.addStretch(1)
        self._pause = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._pause.timeout.connect(self.settle)
        self.box.textChanged.connect(self._pause.start)

    @property
    def typed(self) -> str:
        return self.box.toPlainText().strip() if isinstance(self.box, QPlainTextEdit) else self.box.text().strip()

    def show_answer(self, answer: AuditAnswer) -> None:
        shown = answer.value.replace(".", decimal_sign()) if answer.type is QuestionType.NUMBER else judging.told(answer)
        if answer.value in (Verdict.NOT_APPLICABLE, Verdict.NOT_CHECKED):
            shown = ""
        if judging.read(answer, self.typed) != answer.value or not self.box.hasFocus():
            if isinstance(self.box, QPlainTextEdit):
                self.box.setPlainText(shown)
            else:
                self.box.setText(shown)
        self._kept = self.typed
        self._pause.stop()

    def come(self) -> bool:
        self.box.setFocus(Qt.FocusReason.OtherFocusReason)
        return True

    def settle(self) -> bool:
        self._pause.stop()
        return self.typed == self._kept or bool(self.keep(self.typed))


def _wanted(answer: AuditAnswer) -> str:
    found = judging.bounds(answer)
    return _("Wanted: {bounds}").format(bounds=found) if found else ""


class Signature(Input):
    """A drawing and the name of who signs; both together are the answer."""

    def __init__(self, keep: Give, sign: Callable[[bytes, str], object], picture: Callable[[str], bytes]) -> None:
        super().__init__(keep)
        self._sign, self._picture = sign, picture
        self.pad = SignaturePad()
        self.pad.setAccessibleName(_("Signature"))
        self.name = QLineEdit()
        self.name.setPlaceholderText(_("Full name of who signs"))
        self.name.setAccessibleName(_("Full name of who signs"))
        self.name.setFixedWidth(theme.em(18))
        self.sign_button = Button(_("Keep the signature"), "done", "primary", self._keep)
        self.type_button = Button(_("Sign by the typed name"), "edit", on_click=self._type)
        self.clear_button = Button(_("Sign anew"), "undo", "link", self._clear)
        self.hint = PlainLabel(_("Sign here with the mouse, a pen or a finger"), "small")
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.addWidget(self.hint)
        rows.addWidget(self.pad)
        line = FlowLayout(gap=theme.em(0.5))
        for part in (self.name, self.sign_button, self.type_button, self.clear_button):
            line.addWidget(part)
        rows.addLayout(line)
        self.name.returnPressed.connect(self._keep)
        self._signed = False

    def show_answer(self, answer: AuditAnswer) -> None:
        self._signed = bool(answer.value) and answer.value not in (Verdict.NOT_APPLICABLE, Verdict.NOT_CHECKED)
        if not self.name.hasFocus():
            self.name.setText(answer.note)
        self.pad.show_picture(self._picture(answer.value) if self._signed else b"")
        for part in (self.sign_button, self.type_button):
            part.setVisible(not self._signed)
        self.clear_button.setVisible(self._signed or not self.pad.is_empty)

    def come(self) -> bool:
        if not self._signed:
            self.name.setFocus(Qt.FocusReason.OtherFocusReason)
        return not self._signed

    def _keep(self) -> None:
        if self.pad.is_empty and self.name.text().strip():
            self.pad.setFocus()
            self.hint.setText(_("The name is there; now sign in the field, or sign by the typed name."))
            return
        self._sign(self.pad.picture(), self.name.text())

    def _type(self) -> None:
        self.pad.write(self.name.text())
        self._sign(self.pad.picture(), self.name.text())

    def _clear(self) -> None:
        self.pad.clear()
        if self._signed:
            self.keep("")


class PhotoOnly(Input):
    """A question that is answered by its photo: what is asked for stands where the answers of others do."""

    def __init__(self, keep: Give, take: Callable[[], object]) -> None:
        super().__init__(keep)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        button = AnswerButton(_("P   Add a photo"), "photo", "answer", take)
        line.addWidget(button)
        line.addStretch(1)


def input_for(answer: AuditAnswer, keep: Give, sign: Callable[[bytes, str], object], photo: Callable[[], object], picture: Callable[[str], bytes]) -> Input:
    """The input a question is answered with."""
    if answer.type in (QuestionType.NUMBER, QuestionType.TEXT, QuestionType.DAY):
        return Line(keep, answer)
    if answer.type is QuestionType.SIGNATURE:
        return Signature(keep, sign, picture)
    if answer.type is QuestionType.PHOTO:
        return PhotoOnly(keep, photo)
    return Choices(keep, answer)


ANSWERED_BY = {
    QuestionType.VERDICT: N_("Keys 1 to 5"),
    QuestionType.YES_NO: N_("Keys Y and N"),
    QuestionType.SCALE: N_("Keys 0 to 5"),
    QuestionType.CHOICE: N_("Keys 1 to 9"),
    QuestionType.NUMBER: N_("Type the number, then Enter"),
    QuestionType.TEXT: N_("Write, then Ctrl+Enter"),
    QuestionType.DAY: N_("Type the day, then Enter; T is today"),
    QuestionType.PHOTO: N_("P adds a photo"),
    QuestionType.SIGNATURE: N_("Sign, and write the name"),
}
