"""One question of an audit, large: what is asked, how to check it, its answers, note and photos, and how it was the last time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtGui import QFocusEvent, QFont, QIcon, QKeyEvent, QPixmap
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QListView,
    QListWidget,
    QListWidgetItem,
    QPlainTextEdit,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from qmdesk.i18n import _
from qmdesk.records.audit import AnswerPhoto, AuditAnswer, QuestionType
from qmdesk.records.audit_result import Lacking, lacking
from ui import theme
from ui.dialogs.audit_inputs import ANSWERED_BY, LEAVE_OUT, PAUSE_MS, AnswerButton, Input, input_for
from ui.forms.photos import thumbnail
from ui.widgets.button import Button
from ui.widgets.flow import FlowLayout
from ui.widgets.pill import Pill
from ui.widgets.plain_label import PlainLabel, harmless_tooltip
from ui.widgets.reference_picture import ReferencePicture


class Answering(Protocol):
    """What the card asks of the run around it."""

    def answer(self, value: str) -> bool: ...
    def keep_note(self, note: str) -> bool: ...
    def sign(self, drawing: bytes, name: str) -> bool: ...
    def add_photos(self) -> None: ...
    def paste_photo(self) -> None: ...
    def take_from_folder(self) -> None: ...
    def choose_folder(self) -> None: ...
    def remove_photo(self, photo_id: int) -> None: ...
    def content(self, sha256: str) -> bytes: ...


class _Note(QPlainTextEdit):
    """The note: Escape leaves it, Tab too; ``left`` is called when the keyboard goes elsewhere."""

    def __init__(self, left: Callable[[], object], leave: Callable[[], object]) -> None:
        super().__init__()
        self._left, self._leave = left, leave
        self.setTabChangesFocus(True)
        self.setFixedHeight(theme.em(5))
        self.setPlaceholderText(_("What was seen, where, how many of how many"))
        self.setAccessibleName(_("Note"))

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._left()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self._leave()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            event.ignore()  # the next question
        else:
            super().keyPressEvent(event)


class _Thumbs(QListWidget):
    """The photos of one answer; Delete takes the current one away, other keys are the run's."""

    def __init__(self, remove: Callable[[int], object]) -> None:
        super().__init__()
        self._remove = remove
        self.setAccessibleName(_("Photos"))
        self.setViewMode(QListView.ViewMode.IconMode)
        self.setMovement(QListView.Movement.Static)
        self.setWrapping(False)
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setDragDropMode(QListView.DragDropMode.NoDragDrop)

    def show_photos(self, photos: Sequence[tuple[AnswerPhoto, bytes]]) -> None:
        wide, high = theme.em(9), theme.em(6.5)
        self.setIconSize(QSize(wide, high))
        self.setGridSize(QSize(wide + theme.em(1), high + self.fontMetrics().height() + theme.em(1)))
        self.setFixedHeight(self.gridSize().height() + theme.em(1.2))
        self.clear()
        for photo, content in photos:
            picture = QPixmap.fromImage(thumbnail(content))
            icon = QIcon(picture)
            icon.addPixmap(picture, QIcon.Mode.Selected)  # or Qt would tint the one that is current
            item = QListWidgetItem(icon, photo.name)
            item.setData(Qt.ItemDataRole.UserRole, photo.id)
            item.setToolTip(harmless_tooltip(photo.name))
            item.setSizeHint(self.gridSize())
            self.addItem(item)
        self.setVisible(bool(photos))

    def remove_current(self) -> None:
        if (item := self.currentItem()) is not None:
            self._remove(item.data(Qt.ItemDataRole.UserRole))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Delete:
            self.remove_current()
        elif event.text():
            event.ignore()
        else:
            super().keyPressEvent(event)


class QuestionCard(QScrollArea):
    """Shows one question; what is done with it goes to the run. It has the keyboard whenever nothing is typed."""

    def __init__(self, run: Answering) -> None:
        super().__init__()
        self._run = run
        self.answer: AuditAnswer | None = None
        self.input: Input | None = None
        self._kept_note = ""
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        inner = QWidget()
        theme.mark(inner, "page")
        self.setWidget(inner)
        columns = QHBoxLayout(inner)
        columns.setContentsMargins(theme.em(1.6), theme.em(1), theme.em(1.6), theme.em(1))
        columns.setSpacing(theme.em(1.6))
        self._column = QVBoxLayout()
        self._column.setSpacing(theme.em(0.7))
        columns.addLayout(self._column, 3)
        self._asked()
        self._answered()
        self._evidence()
        self._column.addStretch(1)
        columns.addWidget(self._beside(), 1)
        self._pause = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._pause.timeout.connect(self.settle_note)
        self.note.textChanged.connect(self._pause.start)

    # -- what it is made of

    def _asked(self) -> None:
        line = FlowLayout(gap=theme.em(0.6))
        self.section = PlainLabel("", "muted")
        self.critical = Pill(_("Critical"), "bad", "warn")
        self.clause = PlainLabel("", "small", selectable=True)
        for part in (self.section, self.critical, self.clause):
            line.addWidget(part)
        self.wording = PlainLabel("", "", wrap=True, selectable=True)
        self.wording.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.guidance = PlainLabel("", "muted", wrap=True)
        self._column.addLayout(line)
        self._column.addWidget(self.wording)
        self._column.addWidget(self.guidance)

    def _answered(self) -> None:
        self._place = QVBoxLayout()
        self._column.addLayout(self._place)
        line = FlowLayout(gap=theme.em(0.5))
        self.leave_out: dict[str, AnswerButton] = {}
        for verdict, key in LEAVE_OUT:
            button = AnswerButton(f"{key}   {_(verdict.label)}", part="large", on_click=self._leaver(str(verdict.value)))
            button.setCheckable(True)
            button.setAccessibleName(_(verdict.label))
            self.leave_out[str(verdict.value)] = button
            line.addWidget(button)
        self.take_back = Button(_("Take the answer back (Del)"), "undo", "link", lambda: self._run.answer(""))
        self.keys = PlainLabel("", "small")
        for part in (self.take_back, self.keys):
            line.addWidget(part)
        self.problem = PlainLabel("", "problem", wrap=True)
        self._column.addLayout(line)
        self._column.addWidget(self.problem)

    def _leaver(self, value: str) -> Callable[[], object]:
        return lambda: self._run.answer(value)

    def _evidence(self) -> None:
        self.needs = PlainLabel("", "problem", wrap=True)
        self._column.addWidget(self.needs)
        self.note_label = PlainLabel("", "muted")
        self.note = _Note(self.settle_note, self.come)
        self._column.addWidget(self.note_label)
        self._column.addWidget(self.note)
        line = FlowLayout(gap=theme.em(0.5))
        self.photo_button = AnswerButton(_("P   Photo…"), "photo", "large", self._run.add_photos)
        self.paste_button = AnswerButton(_("Paste (Ctrl+V)"), "copy", "large", self._run.paste_photo)
        self.folder_button = AnswerButton(_("Photo folder…"), "folder", "large", self._run.choose_folder)
        self.offer_button = AnswerButton("", "import", "large", self._run.take_from_folder)
        self.remove_button = Button(_("Remove the photo"), "remove", "link", lambda: self.photos.remove_current())
        for button in (self.photo_button, self.paste_button, self.folder_button, self.offer_button, self.remove_button):
            line.addWidget(button)
        self.photos = _Thumbs(self._run.remove_photo)
        self._column.addLayout(line)
        self._column.addWidget(self.photos)

    def _beside(self) -> QWidget:
        """What to compare with: the reference photo, and the answer of the last time."""
        self.beside = QFrame()
        rows = QVBoxLayout(self.beside)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(theme.em(0.5))
        self.reference_label = PlainLabel(_("How it should look"), "muted")
        self.reference = ReferencePicture(_("How it should look"))
        self.before_label = PlainLabel("", "muted", wrap=True)
        self.before_answer = PlainLabel("", "strong", wrap=True)
        self.before_note = PlainLabel("", "", wrap=True)
        self.before_photo = ReferencePicture(_("Photo of the last time"))
        for part in (self.reference_label, self.reference, self.before_label, self.before_answer, self.before_note, self.before_photo):
            rows.addWidget(part)
        rows.addStretch(1)
        return self.beside

    # -- what it shows

    def show_question(self, answer: AuditAnswer, photos: Sequence[tuple[AnswerPhoto, bytes]], place: str) -> None:
        """Show a question as it stands; ``place`` says which of how many it is."""
        fresh = self.answer is None or self.answer.id != answer.id
        self.answer = answer
        if fresh:
            self._ask(answer, place)
        assert self.input is not None
        self.input.show_answer(answer)
        for value, button in self.leave_out.items():
            button.setChecked(answer.value == value)
        self.take_back.setVisible(bool(answer.value))
        if fresh or not self.note.hasFocus():
            self._put_note(answer.note)
        signature = answer.type is QuestionType.SIGNATURE  # its note is the name of who signs
        for part in (self.note, self.note_label):
            part.setVisible(not signature)
        self.photo_button.setVisible(answer.type is not QuestionType.PHOTO)  # there it stands where the answers do
        self.photos.show_photos(photos)
        self.remove_button.setVisible(bool(photos))
        self.needs.setText("\n".join(_NEEDED[what]() for what in lacking(answer, photo=bool(photos)) if what in _NEEDED))
        self.needs.setVisible(bool(self.needs.text()))
        self.say("")

    def _ask(self, answer: AuditAnswer, place: str) -> None:
        font = QFont(theme.font("title"))
        self.wording.setFont(font)
        self.wording.setText(answer.wording)
        self.section.setText(f"{place} · {answer.section}" if answer.section else place)
        self.critical.setVisible(answer.critical)
        self.clause.setText(answer.clause)
        self.guidance.setText(answer.guidance)
        self.guidance.setVisible(bool(answer.guidance))
        self.note_label.setText(_("Note (F2)") if answer.type is QuestionType.YES_NO else _("Note (N)"))
        self.keys.setText(_(ANSWERED_BY[answer.type]))
        self.setAccessibleName(answer.wording)
        self.setAccessibleDescription(answer.guidance)
        if self.input is not None:
            self._place.removeWidget(self.input)
            self.input.hide()
            self.input.deleteLater()  # it may have been clicked just now
        self.input = input_for(answer, self._run.answer, self._run.sign, self._run.add_photos, self._run.content)
        self._place.addWidget(self.input)
        self.input.show()  # at once, or it could not take the keyboard yet
        self.reference.show_picture(self._run.content(answer.picture) if answer.picture else b"")
        self.reference_label.setVisible(bool(answer.picture))
        self.verticalScrollBar().setValue(0)

    def show_before(self, when: str, answer: str, note: str, photo: bytes) -> None:
        """Show how it was the last time; nothing where there was none."""
        self.before_label.setText(when)
        self.before_answer.setText(answer)
        self.before_note.setText(note)
        self.before_photo.show_picture(photo)
        for part in (self.before_label, self.before_answer, self.before_note):
            part.setVisible(bool(part.text()))
        self.beside.setVisible(bool(when) or not self.reference.isHidden())

    def offer_photo(self, name: str) -> None:
        """Offer the photo that has come into the watched folder; "" offers none."""
        self.offer_button.setText(_("F   Take {name}").format(name=name).replace("&", "&&"))
        self.offer_button.setVisible(bool(name))

    def say(self, problem: str) -> None:
        """Say what is wrong with an answer."""
        self.problem.setText(problem)
        self.problem.setVisible(bool(problem))

    def set_read_only(self, read_only: bool) -> None:
        """Only show."""
        self.widget().setEnabled(not read_only)

    # -- the keyboard

    def come(self) -> None:
        """Take the keyboard: what is typed on lines goes there, every other key is a command."""
        if self.input is None or not self.input.come():
            self.setFocus(Qt.FocusReason.OtherFocusReason)

    def write_note(self) -> None:
        """Put the keyboard into the note."""
        self.note.setFocus(Qt.FocusReason.OtherFocusReason)
        self.ensureWidgetVisible(self.note)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        event.ignore()  # arrows are the run's: to the next question, not down the page

    # -- the note

    def _put_note(self, note: str) -> None:
        if self.note.toPlainText() != note:
            self.note.setPlainText(note)
        self._kept_note = note
        self._pause.stop()

    def settle_note(self) -> bool:
        """Keep the note, if it was changed."""
        self._pause.stop()
        note = self.note.toPlainText().strip()
        if self.note.isHidden() or note == self._kept_note.strip():
            return True
        kept = self._run.keep_note(note)
        if kept:
            self._kept_note = note
        return kept

    def settle(self) -> bool:
        """Keep all that is typed; False when it can't be kept."""
        return self.settle_note() and (self.input is None or self.input.settle())


_NEEDED: dict[Lacking, Callable[[], str]] = {
    Lacking.NOTE: lambda: _("A failure needs a note: write what was seen."),
    Lacking.PHOTO: lambda: _("A failure needs a photo (P)."),
}
