"""A person before the window: the real shop's register, real pages and dialogs, a scripted asker, keys instead of calls."""

from __future__ import annotations

import sys
from collections import deque
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QMenu, QWidget
from pytestqt.qtbot import QtBot

from qmdesk.operations import demo  # noqa: F401 - every module is loaded before ``ran`` is replaced in it
from qmdesk.records.catalog import RECORDS
from qmdesk.register import Change
from tests.shop import Shop, open_shop
from tests.ui.windows import delete_windows
from ui import program, theme
from ui.ask import ScriptedAsker
from ui.desk import Desk
from ui.dialogs import (  # noqa: F401
    about,
    action_step,
    audit_finish,
    audit_run,
    buyer,
    claim_reply,
    decide,
    document,
    exclusion,
    go_to,
    history,
    import_wizard,
    merge,
    new_action,
    new_audit,
    new_case,
    paper,
    print_pdf,
    put_off,
    question_bank,
    responses_import,
    sampling,
    settle_alert,
    split,
    step,
    training_held,
    type_response,
    verify,
    welcome,
)
from ui.jobs import Jobs
from ui.main_window import MainWindow
from ui.pages import (  # noqa: F401
    accountant,
    analysis,
    audits,
    beside,
    cases,
    catalogue,
    customers,
    improvement,
    listing,
    orders,
    processes,
    satisfaction,
    settings,
    today,
)
from ui.panels import (  # noqa: F401
    alerts_card,
    audit,
    audit_parts,
    books_parts,
    card,
    case,
    case_parts,
    claim_lists,
    deadlines_part,
    experiments,
    facts,
    return_part,
    supplier,
    survey,
    survey_questions,
    trainings,
)
from ui.preferences import Preferences

D = TypeVar("D", bound=QDialog)
Drive = Callable[[Any], object]


def come(window: QWidget) -> None:
    """Give a window the keyboard."""
    window.activateWindow()
    for _round in range(100):
        if QApplication.activeWindow() is window:
            return
        QApplication.processEvents()
    raise AssertionError(f"{window} never became active")


class Dialogs:
    """Stands for ``ran``: each dialog the program runs is handed to the next driver instead of waiting for a person."""

    def __init__(self) -> None:
        self._drivers: deque[Drive] = deque()
        self.seen: list[str] = []

    def will(self, *drivers: Drive) -> None:
        """Drive the next dialogs with these, in order; what a driver does not close is closed as not accepted."""
        self._drivers.extend(drivers)

    def run(self, dialog: QDialog) -> bool:
        """What ``ran`` does."""
        assert self._drivers, f"unexpected dialog: {type(dialog).__name__}"
        self.seen.append(type(dialog).__name__)
        dialog.setModal(True)
        dialog.show()
        come(dialog)
        try:
            self._drivers.popleft()(dialog)
        finally:
            accepted = dialog.result() == QDialog.DialogCode.Accepted
            above = dialog.parentWidget()
            dialog.hide()
            dialog.deleteLater()
            if above is not None:
                come(above.window())
        return accepted

    def finish(self) -> None:
        """Every driver was needed."""
        assert not self._drivers, "a dialog was expected and never came"


class Opener:
    """The program around the window: keeps what it was asked for."""

    def __init__(self) -> None:
        self.asked: list[tuple[Any, ...]] = []

    def make(self, path: Path, shop_name: str) -> bool:
        self.asked.append(("make", path, shop_name))
        return False

    def open(self, path: Path) -> bool:
        self.asked.append(("open", path))
        return False

    def open_demo(self) -> bool:
        self.asked.append(("demo",))
        return False

    def dress(self, preferred: Preferences) -> None:
        self.asked.append(("dress", preferred))


class Front:
    """One window around one shop."""

    def __init__(self, shop: Shop, dialogs: Dialogs, preferred: Preferences | None = None) -> None:
        self.shop, self.dialogs = shop, dialogs
        self.asker = ScriptedAsker()
        self.desk = Desk(shop.register, self.asker, Jobs(self.asker, synchronous=True), preferred or Preferences())
        self._do, shop.do = shop.do, self._tell  # type: ignore[method-assign]
        self.opener = Opener()
        self.window = MainWindow(self.desk, self.opener)
        self.window.resize(1366, 768)
        self.window.show()
        come(self.window)

    def _tell(self, label: str, operation: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """What the shop does without the window is news for the window too."""
        result = self._do(label, operation, *args, **kwargs)
        newest = self.shop.register.steps(1)[0][0].id
        self.desk.tell(Change(self.shop.register.revision, newest, label, dict.fromkeys(RECORDS)))
        return result

    def page(self, name: str) -> Any:
        """Go to a page."""
        page = self.window.go(name)
        assert page is not None, "the window stayed where it was"
        return page

    @property
    def said(self) -> str:
        """What the bar after a step says."""
        assert self.window.toast.isVisible()
        return self.window.toast.message

    def menu(self, *words: str) -> list[str]:
        """What the menus offer whose text begins with one of these words."""
        actions = [act for menu in self.window.menuBar().findChildren(QMenu) for act in menu.actions()]
        return [act.text() for act in actions if act.text().startswith(words)]

    def choose(self, beginning: str) -> None:
        """Choose from the menus what begins so."""
        actions = [act for menu in self.window.menuBar().findChildren(QMenu) for act in menu.actions()]
        (action,) = (act for act in actions if act.text().startswith(beginning))
        assert action.isEnabled(), f"{action.text()} can't be chosen now"
        action.trigger()

    def leave(self) -> None:
        self.dialogs.finish()
        self.asker.finish()
        self.window.leave()


def write(text: str, to: QWidget | None = None) -> None:
    """Type letters of any language where the keyboard is; QTest knows only those of ASCII."""
    for letter in text:
        widget = to or QApplication.focusWidget()
        assert widget is not None, "nothing has the keyboard"
        QApplication.sendEvent(widget, QKeyEvent(QEvent.Type.KeyPress, 0, Qt.KeyboardModifier.NoModifier, letter))


def press(*keys: Qt.Key, held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    """Press keys where the keyboard is."""
    for key in keys:
        widget = QApplication.focusWidget() or QApplication.activeWindow()
        assert widget is not None, "nothing has the keyboard"
        QTest.keyClick(widget, key, held)


@pytest.fixture
def look(qapp: QApplication) -> Iterator[QApplication]:
    """The program's clothes."""
    theme.apply(qapp, "light")
    yield qapp
    delete_windows()  # or each would be dressed again
    theme.apply(qapp, "light")


@pytest.fixture
def dialogs(look: QApplication, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> Dialogs:
    """Takes the place of running dialogs, everywhere."""
    made = Dialogs()
    for name, module in list(sys.modules.items()):
        if name.startswith("ui.") and hasattr(module, "ran"):
            monkeypatch.setattr(module, "ran", made.run)
    return made


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    """A shop with an empty register."""
    with open_shop(tmp_path / "shop.qmd") as opened:
        yield opened


@pytest.fixture
def front(swept: None, shop: Shop, dialogs: Dialogs) -> Iterator[Front]:
    """A window around an empty register."""
    made = Front(shop, dialogs)
    yield made
    made.leave()


@pytest.fixture
def asker() -> Iterator[ScriptedAsker]:
    """Answers the program's questions."""
    scripted = ScriptedAsker()
    yield scripted
    scripted.finish()


class _NoCrashes:
    restart_wanted = False


@pytest.fixture
def running(swept: None, look: QApplication, dialogs: Dialogs, asker: ScriptedAsker, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[program.Program]:
    """The running program with nothing open; its jobs are done at once, its faults are the test's."""
    monkeypatch.setattr(program, "Jobs", lambda asker: Jobs(asker, synchronous=True))
    monkeypatch.setattr(program.crash, "install", lambda _asker: _NoCrashes())
    monkeypatch.setattr(program.crash, "uninstall", lambda: None)
    monkeypatch.setattr(look, "quit", lambda: None)
    made = program.Program(look, asker)
    yield made
    dialogs.finish()
    made._safeguard.stop()
    made.close()
