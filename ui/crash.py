"""Where every uncaught fault ends: the log and a dialog with a report, both without names, letters or money; then on.

What is written about an error: its type, and file, line and function of each call, with paths cut to the program's own
folders (a home folder is a name). Never the source's values or the error's message, because messages quote what was being
worked on (KeyError: 'Kowalska'); excepted are types whose messages only ever name code (_ABOUT_CODE) and the system's own
words for an OSError, without its file's name. What Qt says is kept without its quoted parts and paths.
"""

from __future__ import annotations

import faulthandler
import logging
import os
import re
import sys
import threading
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import (
    QMessageLogContext,
    QObject,
    Qt,
    QThread,
    QtMsgType,
    Signal,
    qInstallMessageHandler,
)
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from qmdesk import places
from qmdesk.errors import Cancelled, Known
from qmdesk.i18n import _
from qmdesk.register import clock
from ui import theme
from ui.ask import Asker
from ui.widgets.button import Button
from ui.widgets.dialog import Dialog
from ui.widgets.within_screen import resize_within

LOG_BYTES, LOG_FILES = 1_000_000, 5
QUIET_SECONDS = 2.0  # the same fault again so soon is not shown: a fault in a paint event comes with every repaint
_ABOUT_CODE = (AttributeError, NameError, ImportError, RecursionError, MemoryError)

_log = logging.getLogger("qmdesk")
_qt_log = logging.getLogger("qt")


# -- what may be written -----------------------------------------------------------------------------------------


def describe(error: BaseException) -> str:
    """The error and its causes as lines that hold no data of the shop: see the head of this module."""
    lines: list[str] = []
    _describe(error, lines, set())
    return "\n".join(lines)


def _describe(error: BaseException, lines: list[str], seen: set[int]) -> None:
    seen.add(id(error))
    before = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if before is not None and id(before) not in seen:
        _describe(before, lines, seen)
        lines.append("and then:")
    for frame in traceback.extract_tb(error.__traceback__, limit=-60):  # the end of a deep recursion says enough
        lines.append(f"  {_short(frame.filename)}:{frame.lineno} {frame.name}")
    lines.append(f"{type(error).__module__}.{type(error).__qualname__}{_saying(error)}")
    for inner in getattr(error, "exceptions", ()):  # of an ExceptionGroup
        _describe(inner, lines, seen)


def _saying(error: BaseException) -> str:
    if isinstance(error, OSError):
        return f": [{error.errno}] {os.strerror(error.errno)}" if error.errno else ""
    return f": {error}" if isinstance(error, _ABOUT_CODE) else ""


def _short(file: str) -> str:
    parts = Path(file).parts
    for root in ("site-packages", "dist-packages"):
        if root in parts:
            return "/".join(parts[parts.index(root) + 1 :])
    for root in ("qmdesk", "ui", "tests"):
        if root in parts:
            return "/".join(parts[len(parts) - 1 - parts[::-1].index(root) :])
    return Path(file).name


def _where(error: BaseException) -> tuple[str, str]:
    """What makes two faults the same one: the type and the innermost place."""
    frames = traceback.extract_tb(error.__traceback__, limit=-1)
    return type(error).__qualname__, f"{frames[0].filename}:{frames[0].lineno}" if frames else ""


_QUOTED = re.compile(r'"[^"]*"|\'[^\']*\'|(?:\b[A-Za-z]:)?(?:[\\/][^\\/\s:]+){2,}[\\/]?')


def without_data(text: str) -> str:
    """What Qt says, without its quoted parts and paths."""
    return _QUOTED.sub("…", text)


class _Formatter(logging.Formatter):
    """Writes errors as ``describe`` does, whoever logs them."""

    def format(self, record: logging.LogRecord) -> str:
        kept, record.exc_text = record.exc_text, None  # another handler may have left its own wording of the error here
        try:
            return super().format(record)
        finally:
            record.exc_text = kept

    def formatException(self, ei: object) -> str:
        error = ei[1] if isinstance(ei, tuple) else None
        return describe(error) if isinstance(error, BaseException) else ""


def report(error: BaseException) -> str:
    """What a person may send to whoever mends the program."""
    import platform  # 5 ms that only a fault needs
    from importlib import metadata

    from PySide6 import __version__ as qt

    try:
        version = metadata.version("qmdesk")
    except metadata.PackageNotFoundError:  # a frozen program without its metadata
        version = "?"
    return "\n".join(
        (
            f"{places.APP} {version}, Python {platform.python_version()}, Qt {qt}, {platform.platform()}",
            f"{clock():%Y-%m-%d %H:%M:%S %z}",
            "",
            describe(error),
            "",
        )
    )


# -- the hooks ---------------------------------------------------------------------------------------------------


class Crashes(QObject):
    """The installed hooks. An error from any thread is logged where it happens and shown on the main thread."""

    _arrived = Signal(object)

    def __init__(self, asker: Asker, show: Callable[[str], bool] | None = None) -> None:
        """``show`` shows a report and returns whether the same fault is to be shown again (a dialog by default)."""
        super().__init__()
        self.restart_wanted = False
        """The user chose to restart: main() calls ``start_again`` once the register is closed and unlocked."""
        self._asker = asker
        self._show = show or self._dialog
        self._showing = False
        self._hidden: set[tuple[str, str]] = set()
        self._last: tuple[tuple[str, str], float] = (("", ""), -QUIET_SECONDS)
        self._arrived.connect(self._tell)

    def caught(
        self, kind: type[BaseException], error: BaseException | None, trace: TracebackType | None = None
    ) -> None:
        """The hook itself (sys.excepthook), of use to whoever catches an error that is nobody's."""
        if error is None or issubclass(kind, Cancelled):
            return
        if issubclass(kind, KeyboardInterrupt | SystemExit):
            QApplication.quit()
            return
        if not isinstance(error, Known):
            _log.error("fault", exc_info=(kind, error, trace))
            if sys.stderr is not None:  # a terminal or the session's log, which must not hold data either
                if os.environ.get("QMDESK_DEBUG"):
                    sys.__excepthook__(kind, error, trace)
                else:
                    print(describe(error), file=sys.stderr)  # noqa: T201 - the last resort
        if QApplication.instance() is None:
            return
        if QThread.currentThread() is self.thread() and QThread.currentThread().loopLevel() == 0:
            self._tell(error)  # before the loop runs nobody would deliver it
        else:
            self._arrived.emit(error)

    def _tell(self, error: BaseException) -> None:
        if isinstance(error, Known):
            self._asker.warn(error.sentence)
            return
        place = _where(error)
        last, when = self._last
        if self._showing or place in self._hidden or (place == last and time.monotonic() - when < QUIET_SECONDS):
            return
        self._showing = True
        try:
            if not self._show(report(error)):
                self._hidden.add(place)
        finally:
            self._showing = False
            self._last = (place, time.monotonic())

    def _dialog(self, text: str) -> bool:
        dialog = CrashDialog(text, self._asker, QApplication.activeWindow())
        dialog.exec()
        dialog.deleteLater()
        if dialog.restart:
            QApplication.quit()  # it closes the windows now, and one with something unsaved may stay
            self.restart_wanted = not any(window.isVisible() for window in QApplication.topLevelWidgets())
        return not dialog.hide_same.isChecked()

    def from_qt(self, kind: QtMsgType, context: QMessageLogContext, message: str) -> None:
        """The hook of Qt's own messages."""
        level = {
            QtMsgType.QtDebugMsg: logging.DEBUG,
            QtMsgType.QtInfoMsg: logging.INFO,
            QtMsgType.QtWarningMsg: logging.WARNING,
            QtMsgType.QtCriticalMsg: logging.ERROR,
            QtMsgType.QtFatalMsg: logging.CRITICAL,
        }[kind]
        _qt_log.log(level, "%s: %s", context.category or "default", without_data(message))

    def _from_thread(self, args: threading.ExceptHookArgs) -> None:
        self.caught(args.exc_type, args.exc_value, args.exc_traceback)


class _Log(logging.Handler):
    """Opens the log with its first line: most starts write none, and the rotating handler takes 8 ms to load."""

    def __init__(self, file: Path) -> None:
        super().__init__()
        self._file = file
        self._handler: logging.Handler | None = None

    def emit(self, record: logging.LogRecord) -> None:
        if self._handler is None:
            from logging.handlers import RotatingFileHandler  # loads much; not at a start

            self._handler = RotatingFileHandler(self._file, maxBytes=LOG_BYTES, backupCount=LOG_FILES - 1, encoding="utf-8", delay=True)
            self._handler.setFormatter(self.formatter)
        self._handler.emit(record)

    def close(self) -> None:
        if self._handler is not None:
            self._handler.close()
        super().close()


class _Installed:
    """What ``uninstall`` undoes."""

    handler: _Log | None = None
    fault_file: object | None = None  # kept open: faulthandler writes to its descriptor


def install(asker: Asker, show: Callable[[str], bool] | None = None) -> Crashes:
    """Send every uncaught error, Qt's messages and hard crashes to the log; show errors of our own in a dialog."""
    folder = places.log()
    handler = _Log(folder / "qmdesk.log")
    handler.setFormatter(_Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    root = logging.getLogger()
    root.addHandler(handler)
    root.setLevel(logging.WARNING)
    _log.setLevel(logging.INFO)
    fault_file = (folder / "hard-crash.txt").open("a", encoding="utf-8")
    faulthandler.enable(fault_file)
    _Installed.handler, _Installed.fault_file = handler, fault_file
    crashes = Crashes(asker, show)
    sys.excepthook = crashes.caught
    threading.excepthook = crashes._from_thread
    qInstallMessageHandler(crashes.from_qt)
    return crashes


def uninstall() -> None:
    """Put everything back as Python and Qt had it: at the end of the program, and of a test."""
    qInstallMessageHandler(None)
    sys.excepthook = sys.__excepthook__
    threading.excepthook = threading.__excepthook__
    if _Installed.fault_file is not None:
        faulthandler.disable()
    if _Installed.handler is not None:
        logging.getLogger().removeHandler(_Installed.handler)
        _Installed.handler.close()
    if _Installed.fault_file is not None:
        _Installed.fault_file.close()  # type: ignore[attr-defined]
    _Installed.handler = _Installed.fault_file = None


def start_again() -> None:
    """Start the program once more as it was started; called when the register is closed, or it would find it locked."""
    from PySide6.QtCore import QProcess  # this and the font below: 2 ms that only a fault needs

    frozen = getattr(sys, "frozen", False)
    QProcess.startDetached(sys.executable, sys.argv[1:] if frozen else sys.orig_argv[1:])


# -- the dialog --------------------------------------------------------------------------------------------------


class CrashDialog(Dialog):
    """Says that the program failed, shows the report, and offers to go on or to start again."""

    def __init__(self, text: str, asker: Asker, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.restart = False
        self._text, self._asker = text, asker
        self.setWindowTitle(_("Something went wrong"))
        self.setModal(True)

        picture = QLabel()
        picture.setAlignment(Qt.AlignmentFlag.AlignTop)
        picture.setPixmap(theme.icon("bug", "bad").pixmap(theme.em(3), theme.em(3)))
        heading = QLabel(_("Something went wrong in the program"))
        theme.mark(heading, "heading")
        advice = QLabel(
            _(
                "What you saved is safe in the register; only the last step may not have been done. "
                "You can go on. If it happens again, restart the program and send the report below to whoever looks after it: "
                "it says where in the program it happened and holds no names, letters or amounts."
            )
        )
        advice.setWordWrap(True)
        words = QVBoxLayout()
        words.addWidget(heading)
        words.addWidget(advice)
        head = QHBoxLayout()
        head.setSpacing(theme.em())
        head.addWidget(picture)
        head.addLayout(words, 1)

        from PySide6.QtGui import QFontDatabase  # only a crash needs it

        details = QPlainTextEdit(text)
        details.setReadOnly(True)
        fixed = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
        fixed.setPointSizeF(theme.font("small").pointSizeF())
        details.setFont(fixed)
        details.setAccessibleName(_("Report"))
        details.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        details.setMinimumSize(theme.em(30), theme.em(6))
        self.hide_same = QCheckBox(_("Do not show this fault again until the next start"))

        self.go_on = Button(_("Continue"), part="primary", on_click=self.accept)
        self.go_on.setDefault(True)
        copy = Button(_("Copy report"), "copy", on_click=self.copy_report)
        save = Button(_("Save report…"), "save", on_click=self.save_report)
        again = Button(_("Restart"), on_click=self._choose_restart)
        buttons = QHBoxLayout()
        for button in (copy, save):
            buttons.addWidget(button)
        buttons.addStretch(1)
        for button in (again, self.go_on):
            buttons.addWidget(button)

        rows = QVBoxLayout(self)
        rows.setSpacing(theme.em(0.75))
        rows.setContentsMargins(*[theme.em(1.4)] * 4)
        rows.addLayout(head)
        rows.addWidget(details, 1)
        rows.addWidget(self.hide_same)
        rows.addLayout(buttons)
        resize_within(self, theme.em(56), theme.em(36))
        self.go_on.setFocus()

    def copy_report(self) -> None:
        """Put the report on the clipboard."""
        QGuiApplication.clipboard().setText(self._text)

    def save_report(self) -> None:
        """Write the report where the user says."""
        path = self._asker.choose_file_to_save(
            _("Save report"), "qmdesk-report.txt", [(_("Text files"), "*.txt")], parent=self
        )
        if path is None:
            return
        try:
            path.write_text(self._text, encoding="utf-8")
        except OSError:
            self._asker.warn(
                _("The report could not be written to {file}; choose another folder.").format(file=path), parent=self
            )

    def _choose_restart(self) -> None:
        self.restart = True
        self.accept()
