"""The running program: which register is open, how it starts, dresses, fails and ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from PySide6.QtCore import QProcess, Qt, QTimer
from PySide6.QtWidgets import QApplication
from pytestqt.exceptions import capture_exceptions
from pytestqt.qtbot import QtBot

from qmdesk import i18n
from qmdesk.errors import Cancelled, Known
from qmdesk.operations import demo
from qmdesk.operations.registers import new_register, open_register, the_shop
from qmdesk.records.case import Case
from qmdesk.records.party import Customer
from qmdesk.schema.query import Query
from tests.furnished import DemoShop
from tests.shop import NOON
from tests.ui.front import Dialogs, asker, come, dialogs, look, press, running, write
from ui import app, crash, preferences, theme
from ui.ask import ScriptedAsker
from ui.program import Program

__all__ = ["asker", "dialogs", "look", "running"]

ROOT = Path(__file__).resolve().parents[2]


def test_the_first_start_welcomes_and_makes_a_register(running: Program, dialogs: Dialogs, asker: ScriptedAsker, tmp_path: Path) -> None:
    def make(welcome: Any) -> None:
        write("Karmnik")
        asker.will("choose_file_to_save", tmp_path / "karmnik")
        welcome.make.click()
        assert not welcome.isVisible()

    dialogs.will(make)
    running.start(None)
    assert running.window is not None
    register = running.window.desk.register
    assert register.path == tmp_path / "karmnik.qmd"
    assert the_shop(register).name == "Karmnik"
    assert preferences.load()[0].last == tmp_path / "karmnik.qmd"


def test_enter_in_the_welcome_presses_what_has_the_keyboard(running: Program, dialogs: Dialogs, demo_shop: DemoShop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(demo, "new_demo", lambda path, *, program, lang, progress: open_register(demo_shop(path, lang), program=program))

    def look_at_the_demo(welcome: Any) -> None:
        welcome.demo_button.setFocus()
        press(Qt.Key.Key_Return)
        assert not welcome.isVisible()

    dialogs.will(look_at_the_demo)
    running.start(None)
    assert running.window is not None
    assert running.window.desk.register.count(Query(Case)) > 50


def test_the_next_start_opens_the_last_register(running: Program, tmp_path: Path, dialogs: Dialogs) -> None:
    running.make(tmp_path / "one.qmd", "One")
    window = running.window
    assert window is not None
    running._put_away(window)
    running.window = None
    running._preferences = preferences.load()[0]
    running.start(None)
    assert running.window is not None
    assert running.window.windowTitle() == "one – QMDesk"
    assert dialogs.seen == []


def test_a_register_that_is_gone_is_said_and_forgotten(running: Program, asker: ScriptedAsker, tmp_path: Path) -> None:
    running.make(tmp_path / "one.qmd", "One")
    gone = tmp_path / "gone.qmd"
    running.prefer(replace(running.preferences, recent=(tmp_path / "one.qmd", gone)))
    assert not running.open(gone)
    assert "gone.qmd" in asker.warning()
    assert running.preferences.recent == (tmp_path / "one.qmd",)
    assert running.window is not None
    assert running.window.isVisible(), "the one that was open stays"
    assert not running.make(tmp_path / "one.qmd", "Two")
    assert "one.qmd" in asker.warning()
    (tmp_path / "notes.txt").write_text("no register")
    assert not running.open(tmp_path / "notes.txt")
    assert "notes.txt" in asker.warning()


def test_another_register_takes_the_place_of_the_first(running: Program, asker: ScriptedAsker, tmp_path: Path) -> None:
    running.make(tmp_path / "one.qmd", "One")
    old = running.window
    assert old is not None
    settings: Any = old.go("settings")
    settings.shop.form.editors["city"].set_value("Łódź")
    settings.shop._show_bar()
    asker.will("confirm", False)  # what was typed is saved first
    running.make(tmp_path / "two.qmd", "Two")
    assert running.window is not old
    assert not old.isVisible()
    with open_register(tmp_path / "one.qmd", program="tests") as register:
        assert not register.read_only, "it was let go"
        assert the_shop(register).city == "Łódź"


def test_a_register_open_elsewhere_is_shown_with_who_holds_it(running: Program, tmp_path: Path) -> None:
    running.make(tmp_path / "one.qmd", "One")
    running.make(tmp_path / "two.qmd", "Two")
    with open_register(tmp_path / "one.qmd", program="the other"):
        assert running.open(tmp_path / "one.qmd")
        assert running.window is not None
        register = running.window.desk.register
        assert register.read_only
        assert "the other" in register.why_read_only
        running.make(tmp_path / "three.qmd", "Three")


def test_new_clothes_keep_the_place_and_what_is_open(running: Program, asker: ScriptedAsker, tmp_path: Path) -> None:
    from qmdesk.operations import cases

    running.make(tmp_path / "one.qmd", "One")
    window = running.window
    assert window is not None
    case = window.desk.do("Take in a case", cases.take_in, Case(received_at=NOON, description="It broke"))
    window.open_record(Case, case.id)
    page: Any = window.stack.currentWidget()
    page.panel.tabs.setCurrentWidget(page.panel.past)
    window.resize(780, 640)
    running.dress(replace(running.preferences, language="pl", theme="dark", text_scale=1.25))
    QApplication.processEvents()
    again = running.window
    assert again is not None
    assert again is not window
    assert (again.width(), again.height()) == (780, 640)
    assert again.rail.item(0).text() == "Dzisiaj"
    assert theme.is_dark()
    new: Any = again.stack.currentWidget()
    assert new.panel.case.id == case.id
    assert new.panel.tabs.currentWidget() is new.panel.past
    assert preferences.load()[0].theme == "dark"

    new.panel.tabs.setCurrentIndex(0)
    come(again)
    new.panel.facts.form.editors["note"].input.setFocus()
    write("begun")
    asker.will("confirm", False)
    running.dress(replace(running.preferences, language="en", theme="light", text_scale=1.0))
    QApplication.processEvents()
    assert running.window is not None
    assert running.window.desk.register.get(Case, case.id).note == "begun"
    assert i18n.language() == "en"


def test_a_language_asked_for_at_the_start_stays_when_the_text_grows(running: Program, tmp_path: Path) -> None:
    running.speak("pl")
    running.make(tmp_path / "one.qmd", "One")
    assert running.preferences.language == "system"
    running.dress(replace(running.preferences, text_scale=1.1))
    QApplication.processEvents()
    assert running.window is not None
    assert running.window.rail.item(0).text() == "Dzisiaj"


def test_settings_stay_on_their_tab_when_the_text_grows(running: Program, tmp_path: Path) -> None:
    running.make(tmp_path / "one.qmd", "One")
    assert running.window is not None
    page: Any = running.window.go("settings")
    page.tabs.setCurrentWidget(page.computer)
    page.computer.scale.setCurrentIndex(page.computer.scale.findData(110))
    page.computer.apply()
    QApplication.processEvents()
    new: Any = running.window.stack.currentWidget()
    assert new is not page
    assert new.tabs.currentWidget() is new.computer
    assert running.preferences.text_scale == 1.1


def test_the_demo_shop_is_a_shop_at_work(running: Program) -> None:
    assert running.open_demo()
    assert running.window is not None
    register = running.window.desk.register
    assert register.count(Query(Case)) > 50
    assert register.count(Query(Customer)) > 20
    assert running.preferences.last is None, "a demo is not what the next start opens"
    running.show_everything()


def test_a_demo_that_is_cancelled_opens_nothing(running: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    def cancelled(*_args: Any, progress: Any, **_values: Any) -> None:
        progress(1, 2)
        raise Cancelled

    monkeypatch.setattr(demo, "new_demo", cancelled)
    assert not running.open_demo()
    assert running.window is None


def test_the_welcome_comes_again_in_the_other_language(running: Program, dialogs: Dialogs, qtbot: QtBot) -> None:
    titles: list[str] = []

    def speak(welcome: Any) -> None:
        titles.append(welcome.make.text())
        welcome._speak("en" if i18n.language() == "pl" else "pl")

    def look_and_go(welcome: Any) -> None:
        titles.append(welcome.make.text())
        welcome.reject()

    dialogs.will(speak, speak, look_and_go)
    running.start(None)
    qtbot.waitUntil(lambda: len(titles) == 3)
    assert titles[0] == titles[2] != titles[1]
    assert running.preferences.language == "en"


def test_a_fault_in_a_slot_is_shown_once_and_the_program_goes_on(running: Program, dialogs: Dialogs, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    running.make(tmp_path / "one.qmd", "One")
    assert running.window is not None
    shown: list[str] = []
    warned = ScriptedAsker()
    crashes = crash.Crashes(warned, lambda report: not shown.append(report))
    monkeypatch.setattr(sys, "excepthook", crashes.caught)
    monkeypatch.setattr(crash._log, "error", lambda *_about, **_more: None)

    def fail(_dialog: Any) -> None:
        raise KeyError("Kowalska")

    window: Any = running.window
    dialogs.will(fail, fail)
    page: Any = window.go("today")
    with capture_exceptions():
        monkeypatch.setattr(sys, "excepthook", crashes.caught)
        page.new_button.click()
        page.new_button.click()
        QTimer.singleShot(0, lambda: (_ for _ in ()).throw(Known("The disk is full.")))
        for _round in range(5):
            QApplication.processEvents()
    assert len(shown) == 1
    assert "KeyError" in shown[0]
    assert "Kowalska" not in shown[0]
    assert warned.warning() == "The disk is full."
    assert window.go("cases") is not None


def test_a_restart_after_a_crash_comes_when_the_register_is_let_go(running: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    running.make(tmp_path / "one.qmd", "One")
    started: list[bool] = []

    def start_again() -> None:
        with open_register(tmp_path / "one.qmd", program="tests") as register:
            started.append(register.read_only)

    monkeypatch.setattr(crash, "start_again", start_again)
    monkeypatch.setattr(running, "_crashes", SimpleNamespace(restart_wanted=True))
    running.close()
    assert started == [False]
    running._crashes.restart_wanted = False
    running.close()
    assert started == [False]


@pytest.mark.parametrize(("frozen", "arguments"), [(False, ["-m", "ui.app", "one.qmd"]), (True, ["one.qmd"])])
def test_a_restart_is_the_start_once_more(frozen: bool, arguments: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[tuple[str, list[str]]] = []
    monkeypatch.setattr(QProcess, "startDetached", lambda *command: started.append(command))
    monkeypatch.setattr(sys, "frozen", frozen, raising=False)
    monkeypatch.setattr(sys, "orig_argv", ["python", "-m", "ui.app", "one.qmd"])
    monkeypatch.setattr(sys, "argv", ["qmdesk", "one.qmd"])
    crash.start_again()
    assert started == [(sys.executable, arguments)]


# -- before Qt is there


def test_missing_system_libraries_are_named_in_one_sentence(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(app, "_loads", lambda library: library not in ("libEGL.so.1", "libxcb-cursor.so.0"))
    x11, offscreen, wayland = {"DISPLAY": ":0"}, {"QT_QPA_PLATFORM": "offscreen"}, {"DISPLAY": ":0", "WAYLAND_DISPLAY": "wayland-0"}
    assert app.missing_packages(x11, "linux") == ["libegl1", "libxcb-cursor0"]
    assert app.missing_packages(x11 | {"QT_QPA_PLATFORM": "xcb"}, "linux") == ["libegl1", "libxcb-cursor0"]
    assert app.missing_packages(offscreen, "linux") == app.missing_packages(wayland, "linux") == ["libegl1"]
    assert app.missing_packages(x11, "win32") == app.missing_packages({}, "darwin") == []
    sentence = app.why_not(x11, "linux")
    assert sentence == "QMDesk needs system libraries that are not installed. Install them with: sudo apt-get install libegl1 libxcb-cursor0"
    monkeypatch.setattr(sys, "argv", ["qmdesk"])
    monkeypatch.setattr(app, "why_not", lambda _environment: sentence)
    assert app.main() == 1
    said = capsys.readouterr()
    assert (said.out, said.err) == ("", sentence + "\n")


def test_a_start_without_a_screen_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app, "_loads", lambda _library: True)
    assert "no screen" in app.why_not({}, "linux")
    for environment in ({"DISPLAY": ":0"}, {"WAYLAND_DISPLAY": "wayland-0"}, {"QT_QPA_PLATFORM": "offscreen"}):
        assert app.why_not(environment, "linux") == ""
    assert app.why_not({}, "win32") == ""


def test_a_library_is_there_or_not() -> None:
    assert not app._loads("libof-nobody.so.9")
    if sys.platform.startswith("linux"):
        assert app._loads("libc.so.6")


def test_the_end_lets_the_register_go(running: Program, tmp_path: Path) -> None:
    running.make(tmp_path / "one.qmd", "One")
    assert running.window is not None
    assert running.window.close()
    running.close()
    assert running.window is None
    with open_register(tmp_path / "one.qmd", program="tests") as register:
        assert not register.read_only


# -- told to end by the system


@pytest.mark.skipif(sys.platform == "win32", reason="it has no signals")
@pytest.mark.parametrize("name", ["SIGTERM", "SIGINT", "SIGHUP"])
def test_the_program_ends_by_a_signal_as_by_its_window(name: str, tmp_path: Path, qtbot: QtBot) -> None:
    """Ctrl+C in the terminal, the terminal closed, the computer shut down: no lock stays behind."""
    path, lock = tmp_path / "one.qmd", tmp_path / "one.qmd.lock"
    new_register(path, program="tests", lang="en").close()
    started = subprocess.Popen([sys.executable, "-m", "ui.app", str(path)], cwd=ROOT, stderr=subprocess.PIPE, text=True, env=os.environ | {"QT_QPA_PLATFORM": "offscreen"})
    try:
        qtbot.waitUntil(lock.exists, timeout=60_000)
        started.send_signal(getattr(signal, name))
        _out, err = started.communicate(timeout=60)
    finally:
        started.kill()
    assert (started.returncode, err) == (0, "")
    assert not lock.exists()


def test_told_to_end_it_asks_about_what_is_typed(running: Program, asker: ScriptedAsker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    running.make(tmp_path / "one.qmd", "One")
    assert running.window is not None
    page: Any = running.window.go("settings")
    come(running.window)
    page.shop.form.editors["nip"].input.setFocus()
    write("1234567890")
    asker.will("confirm", False)  # save it
    running.end()
    assert running.window.isVisible(), "a wrong tax number can't be saved: it is still there to be mended"
    forced: list[bool] = []
    monkeypatch.setattr(running.app, "exit", lambda: forced.append(True))

    def told_again(*_about: Any, **_more: Any) -> bool:
        running.end()
        return False

    monkeypatch.setattr(asker, "confirm", told_again)
    running.end()
    assert forced == [True], "told again while it asks, it ends without an answer"
    page.shop.discard()


def test_sources_are_not_read_when_a_module_is_loaded(monkeypatch: pytest.MonkeyPatch) -> None:
    features = sys.modules["shibokensupport.feature"]
    monkeypatch.setattr(features, "_mod_uses_pyside", features._mod_uses_pyside)  # as this version of PySide has it
    assert features._mod_uses_pyside(app) is True, "the name is there and means what it did: else a start is slow again"
    app._spare_the_sources()
    assert features._mod_uses_pyside(app) is False
    for file in (ROOT / "ui").rglob("*.py"):
        assert "from __feature__" not in file.read_text("utf-8").replace("``from __feature__", ""), f"{file}: asks PySide for its features"
