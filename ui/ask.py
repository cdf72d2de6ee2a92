"""The one seam through which the program asks the user something: a window asks for real, a script answers in tests."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QLabel,
    QLineEdit,
    QMessageBox,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from qmdesk import places
from qmdesk.i18n import _
from qmdesk.values import dataclass
from ui import theme
from ui.widgets.dialog import Dialog

Filters = Sequence[tuple[str, str]]
"""Kinds of files: the words shown and the patterns, ("Workbooks", "*.xlsx *.ods"); the first is offered."""


class Asker(Protocol):
    """Asks one plain question and waits for its answer. ``parent`` is the window asked in, by default the active one."""

    def tell(self, text: str, *, parent: QWidget | None = None) -> None:
        """Show a sentence that needs no decision."""

    def warn(self, text: str, *, parent: QWidget | None = None) -> None:
        """Show the sentence of a Known error."""

    def confirm(
        self, question: str, yes: str, no: str | None = None, *, danger: bool = False, parent: QWidget | None = None
    ) -> bool:
        """Ask to decide between two buttons named by what they do; with ``danger`` Enter does not say yes."""
        ...

    def choose_file_to_open(
        self, title: str, filters: Filters = (), *, parent: QWidget | None = None
    ) -> Path | None:
        """A file that exists, or None."""
        ...

    def choose_files_to_open(
        self, title: str, filters: Filters = (), *, parent: QWidget | None = None
    ) -> list[Path]:
        """Files that exist, or none: photos and attachments."""
        ...

    def choose_file_to_save(
        self, title: str, suggested: str | Path, filters: Filters = (), *, parent: QWidget | None = None
    ) -> Path | None:
        """Where to write; replacing an existing file has been agreed to. The suffix of ``suggested`` is added if left out."""
        ...

    def ask_text(self, title: str, label: str, default: str = "", *, parent: QWidget | None = None) -> str | None:
        """One line of text without blanks around it, or None."""
        ...

    def choose_folder(self, title: str, *, parent: QWidget | None = None) -> Path | None:
        """A folder that exists, or None."""
        ...


class QtAsker:
    """Asks in dialogs. All texts are plain: rich text would load the pictures a customer's letter names."""

    def __init__(self) -> None:
        self._folder: Path | None = None  # where the last file was chosen

    def tell(self, text: str, *, parent: QWidget | None = None) -> None:
        _show(QMessageBox.Icon.Information, text, parent)

    def warn(self, text: str, *, parent: QWidget | None = None) -> None:
        _show(QMessageBox.Icon.Warning, text, parent)

    def confirm(
        self, question: str, yes: str, no: str | None = None, *, danger: bool = False, parent: QWidget | None = None
    ) -> bool:
        box, agree = question_box(question, yes, no, danger=danger, parent=parent)
        box.exec()
        box.deleteLater()  # each dialog here: its children refer to it, and Python would never let go of it
        return box.clickedButton() is agree

    def choose_file_to_open(
        self, title: str, filters: Filters = (), *, parent: QWidget | None = None
    ) -> Path | None:
        names = _chosen_files(_file_dialog(title, self._start(), filters, QFileDialog.FileMode.ExistingFile, parent))
        return self._remember(names[0]) if names else None

    def choose_files_to_open(
        self, title: str, filters: Filters = (), *, parent: QWidget | None = None
    ) -> list[Path]:
        names = _chosen_files(_file_dialog(title, self._start(), filters, QFileDialog.FileMode.ExistingFiles, parent))
        return [self._remember(name) for name in names]

    def choose_file_to_save(
        self, title: str, suggested: str | Path, filters: Filters = (), *, parent: QWidget | None = None
    ) -> Path | None:
        offered = Path(suggested)
        dialog = _file_dialog(title, self._start() / offered, filters, QFileDialog.FileMode.AnyFile, parent)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix(offered.suffix.removeprefix("."))  # before the question about replacing is asked
        names = _chosen_files(dialog)
        return self._remember(names[0]) if names else None

    def ask_text(self, title: str, label: str, default: str = "", *, parent: QWidget | None = None) -> str | None:
        dialog, line = text_dialog(title, label, default, parent)
        agreed = dialog.exec() == QDialog.DialogCode.Accepted
        dialog.deleteLater()
        return line.text().strip() if agreed else None

    def choose_folder(self, title: str, *, parent: QWidget | None = None) -> Path | None:
        dialog = _file_dialog(title, self._start(), (), QFileDialog.FileMode.Directory, parent)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        names = _chosen_files(dialog)
        if not names:
            return None
        self._folder = Path(names[0])
        return self._folder

    def _start(self) -> Path:
        return self._folder or places.documents()

    def _remember(self, name: str) -> Path:
        path = Path(name)
        self._folder = path.parent
        return path


def _over(parent: QWidget | None) -> QWidget | None:
    return parent or QApplication.activeWindow()


def _box(picture: QMessageBox.Icon, text: str, parent: QWidget | None) -> QMessageBox:
    """A message box that shows ``text`` as it stands: the default would take "<img src=…>" for a picture to load."""
    box = QMessageBox(_over(parent))
    theme.dress(box)
    box.setTextFormat(Qt.TextFormat.PlainText)
    name, role = {
        QMessageBox.Icon.Information: ("info", "info"),
        QMessageBox.Icon.Question: ("help", "accent"),
        QMessageBox.Icon.Warning: ("warn", "warn"),
    }[picture]
    box.setIconPixmap(theme.icon(name, role).pixmap(theme.em(3), theme.em(3)))
    box.setText(text)
    box.setWindowTitle(places.APP)
    return box


def question_box(
    question: str, yes: str, no: str | None = None, *, danger: bool = False, parent: QWidget | None = None
) -> tuple[QMessageBox, QPushButton]:
    """A question with its two buttons, and the one that agrees."""
    box = _box(QMessageBox.Icon.Warning if danger else QMessageBox.Icon.Question, question, parent)
    agree = box.addButton(yes, QMessageBox.ButtonRole.AcceptRole)
    refuse = box.addButton(no or _("Cancel"), QMessageBox.ButtonRole.RejectRole)
    theme.mark(agree, "danger" if danger else "primary")
    box.setDefaultButton(refuse if danger else agree)
    box.setEscapeButton(refuse)
    return box, agree


def told_box(picture: QMessageBox.Icon, text: str, parent: QWidget | None = None) -> QMessageBox:
    """A sentence that needs no decision."""
    box = _box(picture, text, parent)
    theme.mark(box.addButton(_("OK"), QMessageBox.ButtonRole.AcceptRole), "primary")
    return box


def text_dialog(title: str, label: str, default: str = "", parent: QWidget | None = None) -> tuple[QDialog, QLineEdit]:
    """A question for one line of text, and the line."""
    dialog = Dialog(_over(parent))
    dialog.setWindowTitle(title)
    words, line = QLabel(label), QLineEdit(default)
    words.setTextFormat(Qt.TextFormat.PlainText)
    words.setWordWrap(True)
    words.setBuddy(line)
    line.setAccessibleName(label)
    line.setMinimumWidth(theme.letters(40))
    line.selectAll()
    buttons = QDialogButtonBox()
    theme.mark(buttons.addButton(_("OK"), QDialogButtonBox.ButtonRole.AcceptRole), "primary")
    buttons.addButton(_("Cancel"), QDialogButtonBox.ButtonRole.RejectRole)
    buttons.accepted.connect(dialog.accept)
    buttons.rejected.connect(dialog.reject)
    rows = QVBoxLayout(dialog)
    rows.setContentsMargins(*[theme.em(1.2)] * 4)
    rows.setSpacing(theme.em(0.6))
    for part in (words, line, buttons):
        rows.addWidget(part)
    return dialog, line


def _show(picture: QMessageBox.Icon, text: str, parent: QWidget | None) -> None:
    box = told_box(picture, text, parent)
    box.exec()
    box.deleteLater()


def _file_dialog(title: str, start: Path, filters: Filters, mode: QFileDialog.FileMode, parent: QWidget | None) -> QFileDialog:
    """The system's file dialog, or Qt's where there is none; Qt's Polish lacks two of its words."""
    dialog = QFileDialog(_over(parent), title, str(start), _patterns(filters))
    theme.dress(dialog)
    dialog.setFileMode(mode)
    dialog.setLabelText(QFileDialog.DialogLabel.LookIn, _("Look in:"))
    dialog.setLabelText(QFileDialog.DialogLabel.FileType, _("Kind of file:"))
    return dialog


def _chosen_files(dialog: QFileDialog) -> list[str]:
    agreed = dialog.exec() == QDialog.DialogCode.Accepted
    dialog.deleteLater()
    return dialog.selectedFiles() if agreed else []


def _patterns(filters: Filters) -> str:
    return ";;".join(f"{words} ({patterns})" for words, patterns in filters)


@dataclass(frozen=True)
class Asked:
    """One thing a ScriptedAsker was asked: the method's name and the text the user would have read."""

    kind: str
    text: str


class ScriptedAsker:
    """Answers from a queue, in order, and keeps what was asked. A question without an answer fails the test.

    Answers are queued with their kind, ``will("confirm", True)``, so that a question of another kind fails as well.
    """

    def __init__(self) -> None:
        self.asked: list[Asked] = []
        self._answers: deque[tuple[str, object]] = deque()
        self._unread_warnings: list[str] = []

    def will(self, kind: str, answer: object) -> ScriptedAsker:
        """Queue the answer to the next question of this kind (the name of a method of Asker)."""
        self._answers.append((kind, answer))
        return self

    def warning(self) -> str:
        """The next warning the user would have read; a test reads each, or ``finish`` fails."""
        assert self._unread_warnings, "the user was not warned of anything"
        return self._unread_warnings.pop(0)

    def finish(self) -> None:
        """All answers were needed and all warnings expected."""
        assert not self._answers, f"never asked: {list(self._answers)}"
        assert not self._unread_warnings, f"unexpected warnings: {self._unread_warnings}"

    def _answer(self, kind: str, text: str) -> object:
        self.asked.append(Asked(kind, text))
        assert self._answers, f"unexpected question: {kind}: {text}"
        expected, answer = self._answers.popleft()
        assert expected == kind, f"expected a question of kind {expected}, got {kind}: {text}"
        return answer

    def tell(self, text: str, *, parent: QWidget | None = None) -> None:
        self.asked.append(Asked("tell", text))

    def warn(self, text: str, *, parent: QWidget | None = None) -> None:
        self.asked.append(Asked("warn", text))
        self._unread_warnings.append(text)

    def confirm(
        self, question: str, yes: str, no: str | None = None, *, danger: bool = False, parent: QWidget | None = None
    ) -> bool:
        return bool(self._answer("confirm", question))

    def choose_file_to_open(
        self, title: str, filters: Filters = (), *, parent: QWidget | None = None
    ) -> Path | None:
        return self._path("choose_file_to_open", title)

    def choose_files_to_open(
        self, title: str, filters: Filters = (), *, parent: QWidget | None = None
    ) -> list[Path]:
        answer = self._answer("choose_files_to_open", title)
        assert isinstance(answer, list)
        return answer

    def choose_file_to_save(
        self, title: str, suggested: str | Path, filters: Filters = (), *, parent: QWidget | None = None
    ) -> Path | None:
        return self._path("choose_file_to_save", title)

    def ask_text(self, title: str, label: str, default: str = "", *, parent: QWidget | None = None) -> str | None:
        answer = self._answer("ask_text", label)
        assert answer is None or isinstance(answer, str)
        return answer

    def choose_folder(self, title: str, *, parent: QWidget | None = None) -> Path | None:
        return self._path("choose_folder", title)

    def _path(self, kind: str, title: str) -> Path | None:
        answer = self._answer(kind, title)
        assert answer is None or isinstance(answer, Path)
        return answer


def ran(dialog: QDialog) -> bool:
    """Run a dialog and let it go: whether it was accepted. Its attributes can be read until the next event."""
    accepted = dialog.exec() == QDialog.DialogCode.Accepted
    dialog.deleteLater()  # a child dialog would live as long as its window, with all it holds
    return accepted
