"""The run of an audit in a window of its own: one question large, all of them in a list; each answer is kept at once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QCloseEvent, QGuiApplication, QKeyEvent, QKeySequence, QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QProgressBar,
    QPushButton,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from qmdesk.errors import Known, Problems
from qmdesk.i18n import _, n_, show_day
from qmdesk.operations import audit_reading, audits
from qmdesk.operations.attachments import Staged, prepare_photo
from qmdesk.records import answers as judging
from qmdesk.records.audit import (
    LEFT_OUT,
    AnswerPhoto,
    Audit,
    AuditAnswer,
    AuditState,
    Checklist,
    QuestionType,
)
from qmdesk.records.audit_result import Lacking, Result, lacking
from qmdesk.register import Change, clock
from ui import theme
from ui.ask import ran
from ui.desk import Desk
from ui.dialogs.audit_finish import FinishAudit
from ui.dialogs.audit_inputs import Line, Signature
from ui.dialogs.audit_overview import Overview
from ui.dialogs.audit_question import QuestionCard
from ui.forms.editors import PICTURES, picture_of
from ui.forms.photo_folder import PhotoFolder
from ui.widgets.button import Button
from ui.widgets.dialog import Dialog
from ui.widgets.plain_label import PlainLabel

NARROW = 66
"""A window with less than so many ems shows the list of questions only when asked for."""
NOT_APPLICABLE, NOT_CHECKED = LEFT_OUT
AT_ONCE = (QuestionType.VERDICT, QuestionType.YES_NO, QuestionType.SCALE, QuestionType.CHOICE)
"""Answered by one key, after which the next question comes."""


class AuditRun(Dialog):
    """Asks one question after the other; ``finished`` says whether the audit was finished here."""

    def __init__(self, desk: Desk, audit_id: int, parent: QWidget | None = None) -> None:
        super().__init__(parent, Qt.WindowType.Window | Qt.WindowType.WindowMaximizeButtonHint | Qt.WindowType.WindowCloseButtonHint)
        self.desk = desk
        self.audit: Audit = desk.register.get(Audit, audit_id)
        self.done_with = False
        self.photos: dict[int, list[AnswerPhoto]] = {}
        self.outcome: Result = audit_reading.result_of(desk.register, self.audit)
        self._answers: list[AuditAnswer] = []
        newest = desk.register.steps(1)
        self._before = newest[0][0].id if newest else 0  # what was done before this sitting is not undone here
        self._taking_back = False
        self._pasted = 0
        self._last_time = self._read_last_time()
        self.setWindowTitle(_("Audit {number}").format(number=self.audit.number))
        self.folder = PhotoFolder(desk.preferences.photo_folder, self)
        self._lay_out()
        self.folder.on_news = self._offer_photo
        desk.changed.connect(self._hear)
        self._minute = QTimer(self, interval=30_000)
        self._minute.timeout.connect(self._show_progress)
        self._minute.start()
        self.resize(theme.em(90), theme.em(52))
        self.setWindowState(Qt.WindowState.WindowMaximized)
        self.refresh()
        self.go_to((self.outcome.open or self.outcome.asked)[0].id)
        self._offer_photo()

    # -- what it is made of

    def _lay_out(self) -> None:
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(0)
        rows.addWidget(self._head())
        self.critical = QFrame()
        theme.mark(self.critical, "bad")
        inner = QHBoxLayout(self.critical)
        inner.setContentsMargins(theme.em(1.2), theme.em(0.5), theme.em(1.2), theme.em(0.5))
        self.critical_words = PlainLabel("", "strong", wrap=True)
        inner.addWidget(self.critical_words)
        rows.addWidget(self.critical)
        self.overview = Overview(self.go_to)
        self.card = QuestionCard(self)
        self.split = QSplitter()
        self.split.addWidget(self.overview)
        self.split.addWidget(self.card)
        self.split.setChildrenCollapsible(False)
        self.split.setStretchFactor(1, 1)
        self.split.setSizes([theme.em(24), theme.em(60)])
        rows.addWidget(self.split, 1)
        rows.addWidget(self._foot())
        for button in self.findChildren(QPushButton):
            button.setAutoDefault(False)

    def _head(self) -> QWidget:
        head = QWidget()
        line = QHBoxLayout(head)
        line.setContentsMargins(theme.em(1.2), theme.em(0.6), theme.em(1.2), theme.em(0.6))
        line.setSpacing(theme.em(1))
        name = self.desk.register.title(Checklist, self.audit.checklist)
        said = " · ".join(part for part in (self.audit.number, name, self.audit.place) if part)
        title = PlainLabel(said, "heading", elide=Qt.TextElideMode.ElideRight)
        self.progress = PlainLabel("", "muted")
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setFixedWidth(theme.em(12))
        self.bar.setAccessibleName(_("Progress"))
        self.list_button = Button(_("All questions (O)"), "checklist", on_click=self.toggle_overview)
        line.addWidget(title, 1)
        for part in (self.progress, self.bar, self.list_button):
            line.addWidget(part)
        return head

    def _foot(self) -> QWidget:
        foot = QWidget()
        line = QHBoxLayout(foot)
        line.setContentsMargins(theme.em(1.2), theme.em(0.6), theme.em(1.2), theme.em(0.8))
        line.setSpacing(theme.em(0.6))
        self.back_button = Button(_("Back"), "left", "large", self.go_back)
        self.next_button = Button(_("Next"), "right", "large", self.go_next)
        self.undo_button = Button(_("Undo (Ctrl+Z)"), "undo", "large", self.undo)
        self.hint = PlainLabel("", "muted", wrap=True)
        later = Button(_("Go on later (Esc)"), on_click=self.reject)
        theme.mark(later, "large")
        self.finish_button = Button(_("Finish… (F10)"), "done", "primary", self.finish)
        for part in (self.back_button, self.next_button, self.undo_button):
            line.addWidget(part)
        line.addWidget(self.hint, 1)
        line.addWidget(later)
        line.addWidget(self.finish_button)
        return foot

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        narrow, was = event.size().width() < theme.em(NARROW), event.oldSize().width() < theme.em(NARROW)
        if narrow != was or event.oldSize().width() < 0:
            self.overview.setVisible(not narrow)

    def toggle_overview(self) -> None:
        """Show or hide the list of all questions."""
        self.overview.setVisible(self.overview.isHidden())

    # -- what it shows

    def _read_last_time(self) -> dict[str, tuple[str, AuditAnswer, bytes]]:
        """Wording of a question -> when it was asked here before, its answer, its first photo."""
        register = self.desk.register
        before = audit_reading.previous(register, self.audit)
        if before is None:
            return {}
        when = _("Last time, {day}").format(day=show_day(before.started_at.astimezone().date()))
        photos = audit_reading.photos_of(register, before)
        asked = audit_reading.result_of(register, before, photos).asked
        return {one.wording: (when, one, register.content(photos[one.id][0].content) if one.id in photos else b"") for one in asked}

    def _hear(self, change: Change) -> None:
        if not (change.touches(Audit) or change.touches(AuditAnswer) or change.touches(AnswerPhoto)):
            return
        found = self.desk.register.find(Audit, self.audit.id)
        if found is None or found.state is not AuditState.RUNNING:
            return  # finished just now, or taken back: the window closes
        self.refresh()
        touched = change.ids.get(AuditAnswer) or frozenset()
        if self._taking_back and len(touched) == 1:
            self.go_to(next(iter(touched)))

    def refresh(self) -> None:
        """Ask the register how the run stands."""
        register = self.desk.register
        self.audit = register.get(Audit, self.audit.id)
        self._answers = audit_reading.answers_of(register, self.audit)
        self.photos = audit_reading.photos_of(register, self.audit)
        self.outcome = audit_reading.result_of(register, self.audit, self.photos)
        failed = self.outcome.critical
        self.critical_words.setText(_critical(failed) if failed else "")
        self.critical.setVisible(bool(failed))
        self.undo_button.setEnabled(self._undoable())
        self._show_progress()
        if self.card.answer is not None:
            asked = {one.id: one for one in self.outcome.asked}
            current = asked.get(self.card.answer.id) or min(self.outcome.asked, key=lambda one: abs(one.position - self.card.answer.position))
            self._show(current)

    def _show_progress(self) -> None:
        spent = audit_reading.time_spent(self.audit, self._answers, clock())
        answered, asked = self.outcome.answered, len(self.outcome.asked)
        minutes = n_("{n} minute", "{n} minutes", round(spent.total_seconds() / 60))
        self.progress.setText(_("{answered} of {all} answered · {minutes}").format(answered=answered, all=asked, minutes=minutes))
        self.bar.setRange(0, max(1, asked))
        self.bar.setValue(answered)

    def go_to(self, answer_id: int) -> None:
        """Ask this question; what is typed in the present one is kept first."""
        if self.card.answer is not None and self.card.answer.id != answer_id and not self.card.settle():
            return
        found = next((one for one in self.outcome.asked if one.id == answer_id), None)
        if found is not None:
            self.hint.setText("")
            self._show(found)
            self.card.come()

    def _show(self, one: AuditAnswer) -> None:
        fresh = self.card.answer is None or self.card.answer.id != one.id
        photos = [(photo, self.content(photo.content)) for photo in self.photos.get(one.id, ())]
        self.card.show_question(one, photos, _("Question {place}").format(place=one.position))
        if fresh:
            when, before, picture = self._last_time.get(one.wording, ("", None, b""))
            self.card.show_before(when, judging.told(before) if before else "", before.note if before else "", picture)
        self.overview.show_questions(self.outcome.asked, self.photos, one.id)
        self.back_button.setEnabled(one.id != self.outcome.asked[0].id)

    @property
    def current(self) -> AuditAnswer:
        """The question that is asked now."""
        assert self.card.answer is not None
        return self.card.answer

    @property
    def note_has_keyboard(self) -> bool:
        """Whether the note is being written."""
        return self.card.note.hasFocus()

    def _neighbour(self, step: int) -> AuditAnswer | None:
        asked = self.outcome.asked
        at = next(place for place, one in enumerate(asked) if one.id == self.current.id) + step
        return asked[at] if 0 <= at < len(asked) else None

    def go_back(self) -> None:
        """To the question before."""
        if (found := self._neighbour(-1)) is not None:
            self.go_to(found.id)

    def go_next(self) -> None:
        """To the next question; after the last one to the first that is open, or to the end."""
        if not self.card.settle():
            return
        found = self._neighbour(1) or next(iter(self.outcome.open), None)
        if found is not None and found.id != self.current.id:
            self.go_to(found.id)
        elif not self.outcome.missing:
            self.hint.setText(_("Every question is answered. Finish the audit (F10), or look through it again."))
            self.finish_button.setFocus()
        else:
            self.hint.setText(_("This is the last question; something is still missing. F10 says what."))

    # -- answering: what the card asks for

    def _try(self, label: str, operation: Callable[..., object], *args: object) -> bool:
        try:
            self.desk.do(label, operation, *args)
        except Problems as error:
            self.card.say(error.sentence)
            return False
        except Known as error:
            self.desk.ask.warn(error.sentence, parent=self)
            return False
        return True

    def answer(self, value: str) -> bool:
        """Keep an answer and, where one key gave it and nothing else is needed, go on."""
        one = self.current
        if not self._try(audits.ANSWER, audits.answer, one.id, value):
            return False
        if not value or (one.type not in AT_ONCE and value not in LEFT_OUT) or self.current.id != one.id:
            return True
        lacks = lacking(self.current, photo=one.id in self.photos)
        if Lacking.NOTE in lacks:
            self.card.write_note()
        elif not lacks:
            self.go_next()
        return True

    def keep_note(self, note: str) -> bool:
        """Keep the note of the present question."""
        return self._try(audits.ANSWER, audits.answer, self.current.id, None, note)

    def sign(self, drawing: bytes, name: str) -> bool:
        """Keep a signature."""
        if not drawing:
            self.card.say(_("Sign in the field first, and write the name."))
            return False
        return self._try(audits.ANSWER, audits.sign, self.current.id, drawing, name)

    def content(self, sha256: str) -> bytes:
        """The bytes of a picture; b"" where they are lost."""
        try:
            return self.desk.register.content(sha256)
        except Known:
            return b""

    # -- photos

    def add_photos(self) -> None:
        """Let the user choose photos for the present question."""
        chosen = self.desk.ask.choose_files_to_open(_("Add photos"), [(_("Pictures"), PICTURES)], parent=self)
        self._take(chosen)

    def _take(self, paths: list[Path]) -> None:
        files: list[Staged] = []
        for path in paths:
            try:
                files.append((path.name, path.read_bytes()))
            except OSError:
                self.desk.ask.warn(_("{file} can't be read.").format(file=path.name), parent=self)
        self._keep_photos(files)

    def _keep_photos(self, files: list[Staged]) -> None:
        """Make photos small in the worker, then keep them with the question they were taken for."""
        if not files:
            return
        answer_id = self.current.id
        title = n_("Preparing a picture", "Preparing {n} pictures", len(files))

        def keep(prepared: list[Staged]) -> None:
            if self._try(audits.PHOTO, audits.add_photos, answer_id, prepared):
                self._forget_taken([name for name, _content in files])

        self.desk.jobs.run(title, lambda _progress: [prepare_photo(name, content) for name, content in files], keep, parent=self, modal=False)

    def paste_photo(self) -> None:
        """Take the picture, or the files, on the clipboard."""
        data = QGuiApplication.clipboard().mimeData()
        if paths := [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]:
            self._take(paths)
        elif picture := picture_of(data):
            self._pasted += 1
            self._keep_photos([(_("Pasted picture {n}.png").format(n=self._pasted), picture)])
        else:
            self.hint.setText(_("There is no picture on the clipboard."))

    def remove_photo(self, photo_id: int) -> None:
        """Take a photo away."""
        self._try(audits.REMOVE_PHOTO, audits.remove_photo, photo_id)

    def choose_folder(self) -> None:
        """Let the user say into which folder the phone drops its photos."""
        folder = self.desk.ask.choose_folder(_("Into which folder do your phone's photos come?"), parent=self)
        if folder is not None:
            self.desk.prefer(self.desk.preferences.with_photo_folder(folder))
            self.folder.watch(folder)

    def take_from_folder(self) -> None:
        """Take the newest photo of the watched folder."""
        if (found := self.folder.newest()) is not None:
            self._take([found])

    def _forget_taken(self, names: list[str]) -> None:
        found = self.folder.newest()
        if found is not None and found.name in names:
            self.folder.forget(found)

    def _offer_photo(self) -> None:
        found = self.folder.newest()
        self.card.offer_photo(found.name if found else "")
        self.card.folder_button.setToolTip(str(self.folder.folder or _("No folder is watched yet.")))

    # -- undo, keys, the end

    def _undoable(self) -> bool:
        step = self.desk.register.undoable()
        return step is not None and step.id > self._before

    def undo(self) -> None:
        """Take back what was done last in this sitting, and go to its question."""
        if self.card.settle() and self._undoable():
            self._take_back(self.desk.undo)
        else:
            self.hint.setText(_("Nothing has been answered since you came; there is nothing to undo here."))

    def redo(self) -> None:
        """Do again what was taken back last in this sitting."""
        step = self.desk.register.redoable()
        if step is not None and step.id > self._before and self.card.settle():
            self._take_back(self.desk.redo)

    def _take_back(self, work: Callable[[], None]) -> None:
        self._taking_back = True
        try:
            work()
        finally:
            self._taking_back = False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Undo):
            self.undo()
        elif event.matches(QKeySequence.StandardKey.Redo):
            self.redo()
        elif event.matches(QKeySequence.StandardKey.Paste):
            self.paste_photo()
        elif not self._move(event) and not self._command(event):
            event.ignore()

    def _move(self, event: QKeyEvent) -> bool:
        key, typing = event.key(), isinstance(self.card.input, Line) and self.card.input.box.hasFocus()
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._enter(held=bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier))
        elif key in (Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_PageDown):
            self.go_next()
        elif key in (Qt.Key.Key_Left, Qt.Key.Key_Up, Qt.Key.Key_PageUp):
            self.go_back()
        elif key == Qt.Key.Key_Escape and typing:
            self.card.setFocus()
        elif key == Qt.Key.Key_Escape:
            self.reject()
        elif key == Qt.Key.Key_Home:
            self.go_to(self.outcome.asked[0].id)
        elif key == Qt.Key.Key_End:
            self.go_to(self.outcome.asked[-1].id)
        else:
            return False
        return True

    def _enter(self, *, held: bool) -> None:
        """What is typed is kept; a failure then wants its note, anything else the next question. A signature is kept by its own button."""
        if isinstance(self.card.input, Signature) and not held:
            return
        typed = isinstance(self.card.input, Line) and not self.note_has_keyboard
        if typed and self.card.settle() and Lacking.NOTE in lacking(self.current, photo=self.current.id in self.photos):
            self.card.write_note()
        else:
            self.go_next()

    def _command(self, event: QKeyEvent) -> bool:
        key, word = event.key(), event.text().lower()
        if event.modifiers() & ~(Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier):
            return False
        if self.card.input is not None and word and self.card.input.take_key(word):
            return True
        commands: dict[str, Callable[[], object]] = {"n": self.card.write_note, "p": self.add_photos, "f": self.take_from_folder, "o": self.toggle_overview, "x": lambda: self.answer(NOT_APPLICABLE), "s": lambda: self.answer(NOT_CHECKED)}
        named: dict[Qt.Key, Callable[[], object]] = {Qt.Key.Key_F2: self.card.write_note, Qt.Key.Key_F10: self.finish, Qt.Key.Key_Delete: self._clear, Qt.Key.Key_Backspace: self._clear}
        do = named.get(Qt.Key(key)) or commands.get(word)
        if do is None:
            return False
        do()
        return True

    def _clear(self) -> None:
        self.answer("")

    def finish(self) -> None:
        """Say what is missing, or finish the audit."""
        if not self.card.settle():
            return
        dialog = FinishAudit(self.desk, self.audit, self)
        if ran(dialog):
            self.done_with = True
            self.accept()
        elif dialog.question:
            self.refresh()
            self.go_to(next(one.id for one in self.outcome.asked if one.position == dialog.question))
        else:
            self.card.come()

    def reject(self) -> None:
        question = _("What is typed can't be kept as an answer. Close without it? Everything before is kept.")
        if self.card.settle() or self.desk.ask.confirm(question, _("Close without it"), _("Go on"), danger=True, parent=self):
            super().reject()

    def closeEvent(self, event: QCloseEvent) -> None:
        event.ignore()
        self.reject()


def _critical(failed: tuple[AuditAnswer, ...]) -> str:
    """That the audit can't be passed any more, and why."""
    if len(failed) == 1:
        return _("A critical question failed: “{question}”. The audit can't be passed, whatever its score.").format(question=" ".join(failed[0].wording.split()))
    return n_("{n} critical question failed. The audit can't be passed, whatever its score.", "{n} critical questions failed. The audit can't be passed, whatever its score.", len(failed))
