"""The ground floor of the window: look, questions, preferences, crashes, jobs and the small widgets."""

from __future__ import annotations

import gc
import json
import logging
import os
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import shiboken6
from PySide6.QtCore import QEvent, QObject, QPoint, Qt, QTimer, QtMsgType
from PySide6.QtGui import QAccessible, QColor, QImage, QKeySequence, QPainter
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QMenu,
    QMessageBox,
    QPushButton,
    QToolTip,
    QVBoxLayout,
    QWidget,
)
from pytestqt.qtbot import QtBot

from qmdesk import places
from qmdesk.errors import Cancelled, Known
from qmdesk.i18n import N_
from qmdesk.operations.registers import new_register
from qmdesk.records.party import Customer
from qmdesk.register import Transaction
from ui import ask, crash, preferences, theme
from ui.ask import QtAsker, ScriptedAsker
from ui.desk import Desk
from ui.jobs import Jobs, JobStrip, Progress, _JobDialog
from ui.preferences import Preferences, TableSettings
from ui.widgets.button import Button, IconButton
from ui.widgets.chips import Chips
from ui.widgets.dialog import Dialog
from ui.widgets.empty_state import EmptyState
from ui.widgets.flow import FlowLayout
from ui.widgets.pill import Pill, paint_pill, pill_size
from ui.widgets.plain_label import PlainLabel, harmless_tooltip
from ui.widgets.search_field import SearchField
from ui.widgets.tabs import Part, Tabs
from ui.widgets.toast_bar import ToastBar

FORGED = '<img src="/etc/hostname"> <b>Kowalska</b>'


@pytest.fixture
def look(qapp: QApplication) -> Iterator[QApplication]:
    theme.apply(qapp, "light")
    yield qapp
    theme.apply(qapp, "light")


@pytest.fixture
def asker() -> Iterator[ScriptedAsker]:
    scripted = ScriptedAsker()
    yield scripted
    scripted.finish()


# -- the look ----------------------------------------------------------------------------------------------------


def _luminance(value: str) -> float:
    colour = QColor(value)
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in (colour.redF(), colour.greenF(), colour.blueF())]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """The contrast ratio of WCAG 2.2, 1 to 21."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


GROUNDS = ("background", "sunken", "surface", "raised", "alternate", "hover")
PILLS: tuple[theme.Role, ...] = ("good", "warn", "bad", "info", "neutral", "accent")
WORDS = [
    *(("text", ground) for ground in (*GROUNDS, "accent_soft", "good_soft", "warn_soft", "bad_soft")),
    *(("muted", ground) for ground in GROUNDS),
    *((role, ground) for role in PILLS for ground in ("background", "surface", "raised", "alternate", f"{role}_soft")),
    ("accent", "sunken"), ("accent", "hover"), ("accent", "selection"),
    ("selection_text", "selection"), ("selection_text", "selection_idle"),
    ("muted", "selection"), ("muted", "selection_idle"),
    ("accent_text", "accent"), ("accent_text", "accent_hover"), ("accent_text", "accent_pressed"),
    ("bad_text", "bad"), ("bad_text", "bad_hover"), ("toast_text", "toast"), ("toast_action", "toast"),
]  # fmt: skip
SHAPES = [(edge, ground) for edge in ("border_strong", "accent", "bad") for ground in ("background", "surface", "raised")]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("ink", "ground"), WORDS)
def test_words_can_be_read_on_their_ground(scheme: str, ink: str, ground: str) -> None:
    tokens = theme.read_tokens(scheme)
    assert contrast(getattr(tokens, ink), getattr(tokens, ground)) >= 4.5


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_edges_of_inputs_focus_and_charts_can_be_seen(scheme: str) -> None:
    tokens = theme.read_tokens(scheme)
    for edge, ground in SHAPES:
        assert contrast(getattr(tokens, edge), getattr(tokens, ground)) >= 3, (edge, ground)
    for colour in tokens.series:
        assert contrast(colour, tokens.surface) >= 3, colour
    assert len(set(tokens.series)) == 8


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_style_sheets_pictures_have_the_schemes_colours(scheme: str) -> None:
    tokens = theme.read_tokens(scheme)
    for name, role in (("down", "muted"), ("up", "muted"), ("right", "muted"), ("done", "accent_text"), ("some", "accent_text"), ("dot", "accent_text")):
        assert getattr(tokens, role) in (places.resources() / "icons" / scheme / f"{name}.svg").read_text()


def test_palette_and_sheet_change_together(look: QApplication, window: QWidget) -> None:
    theme.apply(look, "dark")
    assert theme.is_dark()
    assert look.palette().window().color() == QColor(theme.read_tokens("dark").background)
    assert theme.read_tokens("dark").accent in window.styleSheet()
    assert "$" not in window.styleSheet()
    theme.apply(look, "light")
    assert not theme.is_dark()
    assert look.palette().window().color() == QColor(theme.read_tokens("light").background)
    assert theme.read_tokens("light").accent in window.styleSheet()


def test_whatever_opens_over_a_window_wears_its_clothes(look: QApplication, qtbot: QtBot) -> None:
    """Lists of words, menus and tips are windows of their own; a dialog may have no window under it."""
    dialog = Dialog()
    qtbot.addWidget(dialog)
    words, button, menu = QComboBox(), QPushButton(), QMenu(dialog)
    words.addItems(["one", "two"])
    menu.addAction("one")
    rows = QVBoxLayout()
    rows.addWidget(words)
    rows.addWidget(button)
    inner = QWidget()
    inner.setLayout(rows)
    QVBoxLayout(dialog).addWidget(inner)
    dialog.show()
    for scheme in ("light", "dark"):
        theme.apply(look, scheme)
        now = theme.read_tokens(scheme)
        words.showPopup()
        menu.ensurePolished()
        assert _ground(words.view().window()) == now.raised
        assert _ground(menu) == now.raised
        QToolTip.showText(QPoint(5, 5), "A tip", button)
        (tip,) = (label for label in button.findChildren(QLabel) if label.text() == "A tip")
        assert _ground(tip) == now.toast
        words.hidePopup()
        QToolTip.hideText()


@pytest.mark.parametrize("scale", [1.0, 1.5])
def test_a_short_list_of_words_opens_whole(scale: float, look: QApplication, qtbot: QtBot) -> None:
    """It had room for two and a half of three words when the box had the keyboard."""
    theme.apply(look, "light", scale)
    dialog = Dialog()
    qtbot.addWidget(dialog)
    words = QComboBox()
    words.addItems(["Complaint", "Return", "Guarantee claim"])
    QVBoxLayout(dialog).addWidget(words)
    dialog.show()
    dialog.activateWindow()
    qtbot.waitUntil(dialog.isActiveWindow)
    words.setFocus()
    assert words.hasFocus()
    words.showPopup()
    QApplication.processEvents()
    listed = words.view()
    assert listed.visualRect(listed.model().index(2, 0)).bottom() < listed.viewport().height()
    assert listed.verticalScrollBar().maximum() == 0
    words.hidePopup()


def _ground(widget: QWidget) -> str:
    """The colour of most of a widget."""
    picture = widget.grab().toImage()
    colours = Counter(picture.pixelColor(x, y).name() for x in range(picture.width()) for y in range(picture.height()))
    return colours.most_common(1)[0][0]


def test_the_system_scheme_is_followed_only_when_wished(look: QApplication, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(theme, "_system", lambda app: "dark")
    look.styleHints().colorSchemeChanged.emit(Qt.ColorScheme.Dark)
    assert not theme.is_dark()
    theme.apply(look, "system")
    assert theme.is_dark()
    monkeypatch.setattr(theme, "_system", lambda app: "light")
    look.styleHints().colorSchemeChanged.emit(Qt.ColorScheme.Light)
    assert not theme.is_dark()


def test_text_scale_does_not_add_up(look: QApplication) -> None:
    plain = theme.em()
    theme.apply(look, "light", 1.5)
    assert theme.em() == round(plain * 1.5)
    theme.apply(look, "light", 1.5)
    assert theme.em(2) == 2 * theme.em()
    assert theme.font("title").pointSizeF() > theme.font("heading").pointSizeF() > theme.font().pointSizeF()
    theme.apply(look, "light")
    assert theme.em() == plain


def _ink_of(icon_name: str, role: str = "text") -> QImage:
    return theme.icon(icon_name, role).pixmap(32, 32).toImage()


def test_an_icon_made_before_follows_the_scheme(look: QApplication) -> None:
    icon = theme.icon("today")
    before = icon.pixmap(32, 32).toImage()
    theme.apply(look, "dark")
    assert icon.pixmap(32, 32).toImage() != before
    assert icon.pixmap(32, 32).toImage() == _ink_of("today")


def test_every_icon_is_drawn_within_its_box(look: QApplication) -> None:
    words = theme._glyphs().words
    assert len(words) > 60
    for word in words:
        box = theme._outline(word).boundingRect()
        assert not box.isEmpty(), word
        assert box.left() >= -1, word
        assert box.top() >= -1, word
        assert box.right() <= 101, word
        assert box.bottom() <= 101, word
        theme.icon(f"{word}-fill")


def test_an_unknown_icon_is_a_bug_at_once(look: QApplication) -> None:
    with pytest.raises(KeyError):
        theme.icon("no such thing")


def test_starting_loads_nothing_heavy() -> None:
    code = (
        "import sys; from ui import theme, ask, preferences, crash, jobs\n"
        "from ui.widgets import pill, chips, toast_bar, empty_state, search_field, plain_label, button\n"
        "heavy = {'matplotlib', 'typst', 'openpyxl', 'holidays', 'babel', 'qtawesome', 'qtpy', 'numpy', 'PIL', 'concurrent.futures'}\n"
        "sys.exit(' '.join(sorted(heavy & set(sys.modules))) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.stderr.strip() == ""
    assert done.returncode == 0


# -- questions ---------------------------------------------------------------------------------------------------


def _when_box_shows(act: object) -> None:
    """Do something to the dialog that the next call opens."""

    def go() -> None:
        box = QApplication.activeModalWidget()
        assert box is not None
        act(box)  # type: ignore[operator]

    QTimer.singleShot(0, go)


def test_a_message_never_reads_markup(look: QApplication) -> None:
    seen: list[QMessageBox] = []

    def act(box: QMessageBox) -> None:
        seen.append(box)
        assert box.textFormat() == Qt.TextFormat.PlainText
        assert box.text() == FORGED
        box.buttons()[0].click()

    _when_box_shows(act)
    QtAsker().warn(FORGED)
    assert seen


@pytest.mark.parametrize(("word", "expected"), [("Delete it", True), ("Keep it", False)])
def test_a_decision_is_named_by_its_buttons(look: QApplication, word: str, expected: bool) -> None:
    def act(box: QMessageBox) -> None:
        assert box.defaultButton().text() == "Keep it"  # Enter does no harm
        next(button for button in box.buttons() if button.text() == word).click()

    _when_box_shows(act)
    assert QtAsker().confirm("Delete the complaint?", "Delete it", "Keep it", danger=True) is expected


def test_escape_means_no(look: QApplication, qtbot: QtBot) -> None:
    _when_box_shows(lambda box: qtbot.keyClick(box, Qt.Key.Key_Escape))
    assert QtAsker().confirm("Go on?", "Go on") is False


def test_one_line_is_asked_for(look: QApplication, qtbot: QtBot) -> None:
    def act(dialog: QWidget) -> None:
        line = dialog.findChild(QLineEdit)
        assert line.text() == "Old"
        line.setText("  Overdue ones ")
        qtbot.keyClick(line, Qt.Key.Key_Return)

    _when_box_shows(act)
    assert QtAsker().ask_text("View", "Name of the view", "Old") == "Overdue ones"


def test_an_unexpected_question_fails_the_test() -> None:
    scripted = ScriptedAsker().will("confirm", True)
    with pytest.raises(AssertionError, match="got ask_text"):
        scripted.ask_text("Title", "Name")
    with pytest.raises(AssertionError, match="unexpected question"):
        scripted.confirm("Sure?", "Yes")
    scripted.warn("Disk full.")
    with pytest.raises(AssertionError, match="Disk full"):
        scripted.finish()
    assert scripted.warning() == "Disk full."
    scripted.finish()
    assert [one.kind for one in scripted.asked] == ["ask_text", "confirm", "warn"]


# -- preferences -------------------------------------------------------------------------------------------------


def test_preferences_come_back_as_they_were_saved(tmp_path: Path) -> None:
    kept = replace(
        Preferences(language="pl", theme="dark", text_scale=1.5, geometry="01ff", rail_width=180).opened(tmp_path / "Łódź.qmd"),
        scanner=preferences.Scanner(8, 20),
    ).with_table("cases", TableSettings(("number", "state"), {"number": 90}, "-received_on", {"Mine": {"state": ["new"]}}))
    preferences.save(kept)
    assert preferences.load() == (kept, None)
    assert [file.name for file in preferences.path().parent.iterdir()] == ["preferences.json"]


def test_the_first_start_has_defaults() -> None:
    assert preferences.load() == (Preferences(), None)


@pytest.mark.parametrize("content", [b"", b"{\"language\": \"p", b"[1, 2]", b"\xff\xfe\x00nonsense", b"null"])
def test_a_damaged_file_is_set_aside(content: bytes) -> None:
    preferences.path().write_bytes(content)
    loaded, note = preferences.load()
    assert loaded == Preferences()
    assert note is not None
    assert "preferences.damaged.json" in note
    assert preferences.path().with_suffix(".damaged.json").read_bytes() == content
    assert preferences.load() == (Preferences(), None)


def test_values_of_the_wrong_kind_fall_back_one_by_one(tmp_path: Path) -> None:
    odd = {
        "language": "xx", "theme": 7, "text_scale": 99, "rail_width": "wide", "recent": [str(tmp_path / "a.qmd"), 3, None],
        "tables": {"cases": {"columns": ["number", 5], "widths": {"number": -1, "state": 80}, "views": []}, "x": 1},
        "scanner": {"min_chars": True, "max_ms_per_char": 50, "unknown": 1}, "from_the_future": {"a": 1},
    }  # fmt: skip
    preferences.path().write_text(json.dumps(odd))
    loaded, note = preferences.load()
    assert note is None
    assert loaded == Preferences(
        text_scale=2.5, recent=(tmp_path / "a.qmd",), scanner=preferences.Scanner(6, 50),
        tables={"cases": TableSettings(("number",), {"state": 80})},
    )  # fmt: skip
    preferences.save(loaded)
    assert "future" not in preferences.path().read_text()


def test_recent_registers_are_ten_without_doubles(tmp_path: Path) -> None:
    kept = Preferences()
    for n in (*range(12), 5):
        kept = kept.opened(tmp_path / f"{n}.qmd")
    assert [path.stem for path in kept.recent] == ["5", "11", "10", "9", "8", "7", "6", "4", "3", "2"]
    assert kept.last == tmp_path / "5.qmd"
    gone = kept.forgotten(tmp_path / "5.qmd")
    assert gone.last is None
    assert len(gone.recent) == 9


def test_a_full_disk_leaves_the_old_preferences(monkeypatch: pytest.MonkeyPatch) -> None:
    preferences.save(Preferences(theme="dark"))

    def full(_fd: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(preferences.os, "fsync", full)
    with pytest.raises(Known, match="could not be saved"):
        preferences.save(Preferences(theme="light"))
    assert preferences.load() == (Preferences(theme="dark"), None)
    assert [file.name for file in preferences.path().parent.iterdir()] == ["preferences.json"]


def test_the_language_spoken() -> None:
    assert Preferences(language="pl").spoken() == "pl"
    assert Preferences().spoken() in ("pl", "en")


# -- crashes -----------------------------------------------------------------------------------------------------


@pytest.fixture
def crashes(qapp: QApplication, asker: ScriptedAsker) -> Iterator[tuple[crash.Crashes, list[str]]]:
    before = sys.excepthook, threading.excepthook
    shown: list[str] = []
    hooks = crash.install(asker, lambda text: not shown.append(text))
    yield hooks, shown
    crash.uninstall()
    sys.excepthook, threading.excepthook = before


def _fail(error: BaseException) -> BaseException:
    try:
        raise error
    except BaseException as caught:
        return caught


def _log_text() -> str:
    for handler in logging.getLogger().handlers:
        handler.flush()
    file = places.log() / "qmdesk.log"
    return file.read_text(encoding="utf-8") if file.exists() else ""


def test_a_fault_is_logged_and_shown_without_data(
    crashes: tuple[crash.Crashes, list[str]], qtbot: QtBot, capsys: pytest.CaptureFixture[str]
) -> None:
    hooks, shown = crashes
    try:
        try:
            raise KeyError("Anna Kowalska")
        except KeyError as cause:
            raise ValueError("refund of 1234,50 zł for Kowalska") from cause
    except ValueError as error:
        hooks.caught(type(error), error, error.__traceback__)
    qtbot.waitUntil(lambda: bool(shown))
    for text in (shown[0], _log_text(), capsys.readouterr().err):
        assert "builtins.KeyError" in text
        assert "builtins.ValueError" in text
        assert "test_foundations.py" in text
        assert "Kowalska" not in text
        assert "1234" not in text
        assert str(Path.home()) + "/" not in text


def test_what_may_be_said_of_an_error() -> None:
    assert "'NoneType' object has no attribute 'state'" in crash.describe(_fail(AttributeError("'NoneType' object has no attribute 'state'")))
    missing = crash.describe(_fail(FileNotFoundError(2, "No such file or directory", "/home/anna/Kowalska.pdf")))
    assert "[2]" in missing
    assert "Kowalska" not in missing
    group = crash.describe(_fail(ExceptionGroup("Kowalska", [ValueError("Nowak"), TypeError("x")])))
    assert "ValueError" in group
    assert "TypeError" in group
    assert "Kowalska" not in group
    assert "Nowak" not in group


def test_errors_logged_by_anyone_are_cleaned(crashes: tuple[crash.Crashes, list[str]]) -> None:
    try:
        raise KeyError("Kowalska")
    except KeyError:
        logging.getLogger("qmdesk.exchange").exception("import failed")
    assert "import failed" in _log_text()
    assert "Kowalska" not in _log_text()


def test_qt_is_logged_without_quoted_parts_and_paths(crashes: tuple[crash.Crashes, list[str]]) -> None:
    class Context:
        category = "qt.gui"

    crashes[0].from_qt(QtMsgType.QtWarningMsg, Context(), 'cannot open "Kowalska.pdf" in /home/anna/letters, nor C:\\Users\\Anna\\x')  # type: ignore[arg-type]
    text = _log_text()
    assert "WARNING qt: qt.gui: cannot open" in text
    assert "nna" not in text
    assert "Kowalska" not in text


def test_an_error_of_the_users_world_is_a_sentence(crashes: tuple[crash.Crashes, list[str]], asker: ScriptedAsker, qtbot: QtBot) -> None:
    hooks, shown = crashes
    error = _fail(Known("The register is locked."))
    hooks.caught(type(error), error)
    qtbot.waitUntil(lambda: bool(asker.asked))
    assert asker.warning() == "The register is locked."
    hooks.caught(Cancelled, _fail(Cancelled()))
    qtbot.wait(0)
    assert shown == []
    assert _log_text() == ""


def test_a_fault_in_another_thread_is_shown_here(crashes: tuple[crash.Crashes, list[str]], qtbot: QtBot) -> None:
    def work() -> None:
        raise RuntimeError("Kowalska")

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    qtbot.waitUntil(lambda: bool(crashes[1]))
    assert "RuntimeError" in crashes[1][0]


def test_a_fault_of_every_repaint_is_shown_once(crashes: tuple[crash.Crashes, list[str]], qtbot: QtBot) -> None:
    hooks, shown = crashes
    for _n in range(20):
        error = _fail(RuntimeError())
        hooks.caught(type(error), error)
    qtbot.waitUntil(lambda: bool(shown))
    QApplication.processEvents()
    assert len(shown) == 1
    assert _log_text().count("builtins.RuntimeError") == 20


def test_the_program_goes_on_after_an_error_in_a_slot(crashes: tuple[crash.Crashes, list[str]], qtbot: QtBot) -> None:
    button = QPushButton()
    qtbot.addWidget(button)
    button.clicked.connect(lambda: 1 / 0)
    button.click()
    qtbot.waitUntil(lambda: bool(crashes[1]))
    assert "ZeroDivisionError" in crashes[1][0]
    assert button.isEnabled()


def test_the_crash_dialog_copies_and_saves(look: QApplication, qtbot: QtBot, tmp_path: Path, asker: ScriptedAsker) -> None:
    dialog = crash.CrashDialog("the report", asker)
    qtbot.addWidget(dialog)
    dialog.copy_report()
    assert look.clipboard().text() == "the report"
    asker.will("choose_file_to_save", tmp_path / "report.txt").will("choose_file_to_save", tmp_path / "no" / "report.txt")
    dialog.save_report()
    assert (tmp_path / "report.txt").read_text() == "the report"
    dialog.save_report()
    assert "could not be written" in asker.warning()
    assert not dialog.restart


RESTARTING = """
import sys
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QWidget
from ui import crash
from ui.ask import ScriptedAsker

class Window(QWidget):
    def closeEvent(self, event):
        event.setAccepted(sys.argv[1] == "closes")

app = QApplication([])
crashes = crash.install(ScriptedAsker())
window = Window()
window.show()
def fail():
    QTimer.singleShot(0, lambda: app.activeModalWidget()._choose_restart())
    crashes._dialog("the report")
    if sys.argv[1] == "stays":
        app.exit()
QTimer.singleShot(0, fail)
app.exec()
print(crashes.restart_wanted)
"""


@pytest.mark.parametrize(("window", "wanted"), [("closes", "True"), ("stays", "False")])
def test_a_restart_is_wanted_only_when_the_window_could_close(window: str, wanted: str, tmp_path: Path) -> None:
    environment = os.environ | {"QMDESK_HOME": str(tmp_path), "QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run([sys.executable, "-c", RESTARTING, window], capture_output=True, text=True, env=environment, timeout=60, check=True)
    assert done.stdout.split() == [wanted]


# -- jobs --------------------------------------------------------------------------------------------------------


@pytest.fixture
def jobs(look: QApplication, asker: ScriptedAsker, qtbot: QtBot) -> Iterator[Jobs]:
    window = QWidget()
    qtbot.addWidget(window)
    made = Jobs(asker, window)
    yield made
    assert made.stop()


def test_a_result_comes_back_on_the_main_thread(jobs: Jobs) -> None:
    got: list[tuple[int, bool, bool]] = []
    main = threading.current_thread()

    def work(progress: Progress) -> tuple[int, bool]:
        progress(1, 2)
        return 42, threading.current_thread() is main

    jobs.run("Counting", work, lambda result: got.append((*result, threading.current_thread() is main)))
    assert jobs.busy
    assert jobs.wait()
    assert got == [(42, False, True)]


def test_jobs_wait_for_each_other(jobs: Jobs) -> None:
    order: list[str] = []
    for name in "abc":
        jobs.run(name, lambda _p, name=name: order.append(f"work {name}"), lambda _r, name=name: order.append(f"done {name}"))
    assert jobs.wait()
    assert order == ["work a", "done a", "work b", "done b", "work c", "done c"]


def _until_cancelled(progress: Progress) -> None:
    while True:
        progress(3, 10)
        threading.Event().wait(0.001)


def test_a_long_job_shows_itself_and_can_be_cancelled(jobs: Jobs, qtbot: QtBot) -> None:
    ended: list[Exception] = []
    job = jobs.run("Importing orders", _until_cancelled, lambda _r: pytest.fail("not done"), ended.append)
    assert jobs._dialog is None  # not at once
    qtbot.waitUntil(lambda: job.progress.done == 3)
    jobs._appear.timeout.emit()  # the 0.3 s have passed
    dialog = jobs._dialog
    assert isinstance(dialog, _JobDialog)
    assert dialog.isVisible()
    assert dialog.strip.title.text() == "Importing orders"
    assert "3 of 10" in dialog.strip.count.text()
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert jobs.wait()
    assert isinstance(ended[0], Cancelled)
    assert jobs._dialog is None


def test_a_job_beside_the_work_uses_the_strip(jobs: Jobs, qtbot: QtBot) -> None:
    qtbot.addWidget(jobs.strip)
    jobs.run("Drawing", _until_cancelled, lambda _r: None, modal=False)
    jobs._appear.timeout.emit()
    assert jobs.strip.isVisible()
    assert jobs._dialog is None
    jobs.strip.cancel.click()
    assert jobs.wait()
    assert not jobs.strip.isVisible()


def test_a_known_error_is_a_warning_or_the_pages_own(jobs: Jobs, asker: ScriptedAsker) -> None:
    def work(_progress: Progress) -> None:
        raise Known("The file is empty.")

    ended: list[Exception] = []
    jobs.run("A", work, lambda _r: None)
    jobs.run("B", work, lambda _r: None, ended.append)
    assert jobs.wait()
    assert asker.warning() == "The file is empty."
    assert [str(error) for error in ended] == ["The file is empty."]


def test_a_bug_reaches_the_crash_hook_and_the_queue_goes_on(jobs: Jobs, monkeypatch: pytest.MonkeyPatch) -> None:
    caught: list[type[BaseException]] = []
    monkeypatch.setattr(sys, "excepthook", lambda kind, _error, _trace: caught.append(kind))
    got: list[int] = []

    class Panic(BaseException):
        """As a compiled reader raises it."""

    def panic(_progress: Progress) -> None:
        raise Panic

    jobs.run("A", lambda _p: 1 // 0, lambda _r: None)
    jobs.run("B", panic, lambda _r: None)
    jobs.run("C", lambda _p: 3, lambda result: [][result])  # type: ignore[misc]
    jobs.run("D", lambda _p: 4, got.append)
    assert jobs.wait()
    assert caught == [ZeroDivisionError, Panic, IndexError]
    assert got == [4]


def test_nothing_is_called_for_a_page_that_is_gone(jobs: Jobs) -> None:
    page = QObject()
    jobs.run("A", lambda _p: 1, lambda _r: pytest.fail("the page is gone"), parent=page)
    shiboken6.delete(page)
    assert jobs.wait()


def test_closing_asks_when_a_job_runs(jobs: Jobs, asker: ScriptedAsker) -> None:
    assert jobs.may_close()
    jobs.run("Importing", _until_cancelled, lambda _r: None)
    jobs.run("Exporting", lambda _p: pytest.fail("cancelled before it began"), lambda _r: None)
    asker.will("confirm", False).will("confirm", True)
    assert not jobs.may_close()
    assert jobs.busy
    assert jobs.may_close()
    assert not jobs.busy
    assert "Importing" in asker.asked[0].text


def test_taking_back_runs_beside_the_window(jobs: Jobs, asker: ScriptedAsker, tmp_path: Path) -> None:
    with new_register(tmp_path / "shop.qmd", program="tests", lang="en") as register:
        desk = Desk(register, asker, jobs)
        heard: list[tuple[int, bool]] = []
        desk.changed.connect(lambda change: heard.append((change.step, threading.current_thread() is threading.main_thread())))
        worked: list[threading.Thread] = []

        def add(tx: Transaction) -> None:
            worked.append(threading.current_thread())
            tx.add(Customer(name="Jan Kot"))

        desk.do(N_("New record"), add)
        guarded = register.undo
        register.undo = lambda *args: (worked.append(threading.current_thread()), guarded(*args))[1]  # type: ignore[method-assign]
        desk.undo()
        assert jobs.wait()
        desk.redo()
        assert jobs.wait()
        assert worked[0] is threading.main_thread() is not worked[1]
        assert heard == [(2, True), (3, True), (4, True)]
        desk.redo()
        assert jobs.wait()
        assert asker.warning() == "There is nothing to redo."


def test_the_worker_never_destroys_widgets(jobs: Jobs) -> None:
    buried: list[bool] = []
    main = threading.current_thread()

    class Grave:
        def __init__(self) -> None:
            self.me = self  # a cycle: only the collector ends it

        def __del__(self) -> None:
            buried.append(threading.current_thread() is main)

    def work(progress: Progress) -> int:
        for _n in range(20):
            Grave()
        return len([[n] for n in range(50_000)])  # enough for Python to collect, if it were let

    jobs.run("A", work, lambda _r: None)
    assert jobs.wait()
    gc.collect()
    assert buried == [True] * 20
    assert gc.isenabled()


def test_synchronous_jobs_are_done_when_run_returns(look: QApplication, asker: ScriptedAsker) -> None:
    jobs = Jobs(asker, synchronous=True)
    got: list[int] = []
    jobs.run("A", lambda _p: 7, got.append)
    assert got == [7]
    with pytest.raises(ZeroDivisionError):
        jobs.run("B", lambda _p: 1 // 0, lambda _r: None)
    jobs.strip.deleteLater()


def test_the_strip_tells_the_time_left(look: QApplication, qtbot: QtBot) -> None:
    from ui.jobs import Job

    strip = JobStrip()
    qtbot.addWidget(strip)
    job = Job("Import", lambda _p: None, lambda _r: None, None, None, True)
    strip.show_job(job, 2.5)
    assert strip.count.text() == "2 s so far"
    job.progress(15_000, 60_000)
    strip.show_job(job, 10)
    assert strip.count.text() == "15,000 of 60,000, 10 s so far, about 30 s left"
    job.cancel()
    strip.show_job(job, 11)
    assert not strip.cancel.isEnabled()


# -- widgets -----------------------------------------------------------------------------------------------------


def test_a_label_shows_markup_as_it_stands(look: QApplication, qtbot: QtBot) -> None:
    label = PlainLabel(FORGED, elide=Qt.TextElideMode.ElideRight)
    qtbot.addWidget(label)
    assert label.textFormat() == Qt.TextFormat.PlainText
    label.resize(theme.em(5), label.sizeHint().height())
    label.show()
    assert label.is_cut()
    assert "<img" not in harmless_tooltip(FORGED)
    assert harmless_tooltip("a & b") == "a & b"
    label.resize(label.sizeHint())
    assert not label.is_cut()


def test_a_pill_is_drawn_in_its_colours_and_cut_when_narrow(look: QApplication, qtbot: QtBot) -> None:
    pill = Pill("Overdue", "bad", "overdue")
    qtbot.addWidget(pill)
    assert QAccessible.queryAccessibleInterface(pill).text(QAccessible.Text.Name) == "Overdue"
    assert pill.sizeHint() == pill_size("Overdue", theme.font("small"), "overdue")
    image = QImage(200, 40, QImage.Format.Format_ARGB32)
    image.fill(QColor("white"))
    painter = QPainter(image)
    paint_pill(painter, image.rect().adjusted(0, 0, -140, 0), "A very long state indeed", "bad", theme.font("small"), "overdue")
    painter.end()
    assert image.pixelColor(30, 40 // 2 - pill_size("x", theme.font("small")).height() // 2 + 2) == theme.colour("bad_soft")
    assert image.pixelColor(80, 20) == QColor("white")
    pill.show_state("Closed", "neutral")
    assert pill.word == "Closed"


def test_an_empty_page_says_what_to_do(look: QApplication, qtbot: QtBot) -> None:
    page = EmptyState("complaints", "No complaints yet", "Take one in when a customer calls or writes to you about a product.", "New complaint")
    qtbot.addWidget(page)
    page.resize(theme.em(40), theme.em(40))
    page.show()
    for label in page.findChildren(PlainLabel):
        assert label.height() >= label.heightForWidth(label.width())
    with qtbot.waitSignal(page.chosen):
        page.button.click()
    page.say("Nothing fits the filter")
    assert not page.button.isVisible()


@pytest.fixture
def window(look: QApplication, qtbot: QtBot) -> QWidget:
    made = QWidget()
    theme.dress(made)
    qtbot.addWidget(made)
    made.resize(600, 400)
    made.show()
    made.activateWindow()
    qtbot.waitActive(made)
    return made


def test_the_bar_after_a_save_undoes_once(window: QWidget, qtbot: QtBot) -> None:
    other = QPushButton("x", window)
    other.show()
    other.setFocus()
    bar = ToastBar(window)
    undone: list[int] = []
    bar.say("Complaint R/2026/0001 was saved.", ("Undo", lambda: undone.append(1)))
    assert bar.isVisible()
    assert window.rect().contains(bar.geometry())
    window.resize(300, 300)
    QApplication.processEvents()
    assert window.rect().contains(bar.geometry())
    assert other.hasFocus()  # it comes without taking the keyboard
    bar.button.click()
    assert undone == [1]
    assert not bar.isVisible()


def test_the_bar_goes_by_itself_unless_it_is_used(window: QWidget, qtbot: QtBot) -> None:
    other, bar = QPushButton("x", window), ToastBar(window)
    other.show()
    bar.say("Saved.", ("Undo", lambda: None))
    bar.button.setFocus()
    bar._timer.timeout.emit()
    assert bar.isVisible()
    qtbot.keyClick(bar.button, Qt.Key.Key_Escape)
    assert not bar.isVisible()
    other.setFocus()
    bar.say("Saved.")
    assert not bar.button.isVisible()
    bar._timer.timeout.emit()
    assert not bar.isVisible()


def test_the_bar_gives_the_keyboard_back_and_offers_two_things(window: QWidget, qtbot: QtBot) -> None:
    first, other = QPushButton("x", window), QPushButton("y", window)
    for button in (first, other):
        button.show()
    bar = ToastBar(window)
    done: list[str] = []
    bar.say("List.xlsx was written.", ("Open", lambda: done.append("open")), ("Show folder", lambda: done.append("folder")))
    other.setFocus()
    bar.other.setFocus()
    bar.other.click()
    assert done == ["folder"]
    assert other.hasFocus()
    bar.say("List.xlsx was written.", ("Open", lambda: done.append("open")))
    assert not bar.other.isVisible()
    qtbot.mouseClick(bar.button, Qt.MouseButton.LeftButton)
    assert done == ["folder", "open"]
    assert other.hasFocus()


def test_chips_are_edited_removed_and_added(window: QWidget, qtbot: QtBot) -> None:
    chips = Chips(window)
    chips.resize(300, 200)
    filters = ["State is open", "Customer is Żółć & Synowie", "Received after 1 Nov 2026"]
    events: list[object] = []
    chips.clicked.connect(lambda place: events.append(("edit", place)))
    chips.added.connect(lambda: events.append("add"))

    def remove(place: int) -> None:
        del filters[place]
        chips.show_filters(filters)

    chips.removed.connect(remove)
    chips.show_filters(filters)
    chips.show()
    assert chips.sentences == filters
    chips.chip_buttons(1)[0].click()
    chips.add_button.click()
    chips.chip_buttons(0)[1].click()
    assert events == [("edit", 1), "add"]
    assert chips.sentences == ["Customer is Żółć & Synowie", "Received after 1 Nov 2026"]
    chips.chip_buttons(1)[0].setFocus()
    qtbot.keyClick(chips.chip_buttons(1)[0], Qt.Key.Key_Delete)
    assert chips.sentences == ["Customer is Żółć & Synowie"]
    assert chips.chip_buttons(0)[0].hasFocus()


def test_chips_break_into_lines(window: QWidget) -> None:
    chips = Chips(window)
    chips.show_filters([f"Filter number {n}" for n in range(6)])
    assert chips.heightForWidth(250) > 2 * chips.heightForWidth(5000)


def test_a_chip_longer_than_its_row_is_cut_and_keeps_its_cross(window: QWidget, qtbot: QtBot) -> None:
    chips = Chips(window)
    sentence = "State is one of: New, Waiting for information, Waiting for the goods & Being assessed"
    edited: list[int] = []
    chips.clicked.connect(edited.append)
    chips.show_filters([sentence])
    chips.resize(240, 100)
    chips.show()
    QApplication.processEvents()
    words, cross = chips.chip_buttons(0)
    assert chips.rect().contains(cross.geometry().translated(cross.parentWidget().pos()))
    assert words.text().endswith("…")
    assert words.toolTip() == sentence
    chips.resize(1200, 100)
    QApplication.processEvents()
    assert words.text() == sentence.replace("&", "&&")
    assert not words.toolTip()
    qtbot.keyClick(words, Qt.Key.Key_Return)
    assert edited == [0]


def test_enter_presses_the_button_that_has_the_keyboard(window: QWidget, qtbot: QtBot) -> None:
    pressed: list[str] = []
    for name, button in (("words", Button("Words", on_click=lambda: pressed.append("words"), parent=window)), ("icon", IconButton("add", "Icon", lambda: pressed.append("icon"), parent=window))):
        for key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            qtbot.keyClick(button, key)
        qtbot.keyClick(button, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
        assert pressed == [name] * 3
        pressed.clear()


def test_search_waits_for_a_pause(window: QWidget, qtbot: QtBot) -> None:
    field = SearchField("Search complaints", window, find_in=window)
    field.show()
    told: list[str] = []
    field.searched.connect(told.append)
    qtbot.keyClicks(field, "lodz")
    assert told == []
    field.flush()
    field.flush()
    assert told == ["lodz"]
    qtbot.keyClicks(field, "x")
    qtbot.waitUntil(lambda: told == ["lodz", "lodzx"])
    qtbot.keyClick(field, Qt.Key.Key_Escape)
    assert told == ["lodz", "lodzx", ""]


def test_ctrl_f_comes_to_the_search(window: QWidget, qtbot: QtBot) -> None:
    rows = QVBoxLayout(window)
    other, field = QLineEdit(), SearchField(find_in=window)
    rows.addWidget(other)
    rows.addWidget(field)
    QApplication.processEvents()
    other.setFocus()
    qtbot.keySequence(other, QKeySequence(QKeySequence.StandardKey.Find))
    assert field.hasFocus()


def test_what_takes_the_keyboard_has_a_name(window: QWidget) -> None:
    rows = QVBoxLayout(window)
    chips, bar = Chips(), ToastBar(window)
    chips.show_filters(["State is open"])
    empty = EmptyState("empty", "Nothing here", "", "Add")
    for widget in (SearchField(), chips, empty, JobStrip(), Button("Save", "save", "primary"), IconButton("print", "Print")):
        rows.addWidget(widget)
    bar.say("Saved.", ("Undo", lambda: None))
    for widget in window.findChildren(QWidget):
        if widget.focusPolicy() != Qt.FocusPolicy.NoFocus and widget.isVisible():
            assert QAccessible.queryAccessibleInterface(widget).text(QAccessible.Text.Name), widget


def test_sizes_follow_the_text(window: QWidget, look: QApplication) -> None:
    rows = QVBoxLayout(window)
    button, field, pill = Button("Save", "save"), SearchField(), Pill("Open", "info")
    for widget in (button, field, pill):
        rows.addWidget(widget)
    before = [widget.sizeHint().height() for widget in (button, field, pill)]
    theme.apply(look, "light", 1.5)
    QApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest)
    after = [widget.sizeHint().height() for widget in (button, field, pill)]
    assert all(new >= 1.35 * old for old, new in zip(before, after, strict=True))


def test_a_click_on_an_icon_button_needs_no_argument(window: QWidget, qtbot: QtBot) -> None:
    pressed: list[str] = []

    def press() -> None:
        pressed.append("x")

    button = IconButton("print", "Print", press, parent=window)
    button.show()
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton, pos=QPoint(5, 5))
    assert pressed == ["x"]
    assert ask.Asked("tell", "x").kind == "tell"


def test_what_is_pushed_to_the_right_stays_there_when_its_first_button_is_hidden(look: QApplication, qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    flow = FlowLayout(window, gap=6)
    title, first, second = PlainLabel("Today"), Button("Save for your calendar…"), Button("New complaint")
    for part in (title, first, second):
        flow.addWidget(part)
    flow.push(first)
    window.resize(900, 60)
    window.show()
    assert second.geometry().right() == 899
    first.hide()
    flow.activate()
    assert second.geometry().right() == 899


class _Panel(QWidget):
    """A panel of three parts that tells which were made."""

    first = Part(N_("Case"), lambda panel: panel.make("first"))
    second = Part(N_("Items"), lambda panel: panel.make("second"))
    third = Part(N_("Files"), lambda panel: panel.make("third"))

    def __init__(self) -> None:
        super().__init__()
        self.order: list[str] = []
        self.tabs = Tabs(self)
        QVBoxLayout(self).addWidget(self.tabs)

    def make(self, name: str) -> PlainLabel:
        self.order.append(name)
        return PlainLabel(name)


def test_the_page_behind_a_tab_is_made_when_it_is_first_shown_or_asked_for(look: QApplication, qtbot: QtBot) -> None:
    panel = _Panel()
    qtbot.addWidget(panel)
    assert panel.order == []
    panel.show()
    assert panel.order == ["first"]
    assert panel.first.isVisible()
    assert [panel.tabs.tabText(at) for at in range(panel.tabs.count())] == ["Case", "Items", "Files"]
    panel.tabs.setTabVisible(panel.tabs.place("third"), False)

    panel.tabs.setCurrentIndex(1)
    assert panel.order == ["first", "second"]
    shown = panel.tabs.currentWidget()
    assert shown is panel.second
    assert shown.isVisible()

    assert panel.third.text() == "third"  # asked for, without being shown; it stays hidden, and the tab of now stays
    assert not panel.tabs.isTabVisible(2)
    assert panel.tabs.indexOf(panel.third) == 2
    assert panel.tabs.currentWidget() is shown

    panel.tabs.setCurrentWidget(panel.first)
    assert panel.order == ["first", "second", "third"]  # each once
    assert list(panel.tabs.pages().values()) == [panel.first, panel.second, panel.third]
    assert panel.tabs.currentIndex() == 0
    assert panel.tabs.count() == 3
