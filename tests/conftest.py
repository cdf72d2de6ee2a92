"""What every test stands on: no screen, a clock that stands, a home folder of its own, English, and Qt's warnings as errors."""

from __future__ import annotations

import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")  # before Qt is loaded

import gc
import shutil
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from importlib import import_module
from pathlib import Path

import pytest
from hypothesis import settings

from qmdesk import i18n
from tests.clock import standing
from tests.furnished import demo_shop, of_all_workers

__all__ = ["demo_shop"]

if hasattr(time, "tzset"):  # the days are those of a shop in Poland, wherever the tests run
    os.environ["TZ"] = "Europe/Warsaw"
    time.tzset()

# where there is room in memory the registers of the tests lie there: two fifths of their time is waiting for the disk
MEMORY = Path("/dev/shm")
if MEMORY.is_dir() and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > 4 << 30:
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY))

settings.register_profile("any machine", deadline=None)  # a busy one is no fault of the program
settings.load_profile("any machine")

# said by the offscreen screen about what it can't do, never by a real one
_OFFSCREEN = r"This plugin does not support (propagateSizeHints|raise|grabbing the keyboard)\(?\)?"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.get_closest_marker("qt_log_level_fail") is None:
            item.add_marker(pytest.mark.qt_log_level_fail("WARNING"))
        if item.get_closest_marker("qt_log_ignore") is None:
            item.add_marker(pytest.mark.qt_log_ignore(_OFFSCREEN, extend=True))


def pytest_sessionstart() -> None:
    """On a fresh checkout every process would compile all tests: every second one begins with the last, and finds done what others did."""
    if os.environ.get("PYTEST_XDIST_WORKER", "")[-1:] in set("13579"):
        for file in sorted(Path(__file__).parent.rglob("test_*.py"), reverse=True):
            with suppress(Exception):  # pytest will come to it, and say what is wrong
                import_module(".".join(file.relative_to(Path(__file__).parents[1]).with_suffix("").parts))


def pytest_collection_finish() -> None:
    """What is loaded by now stays to the end: 280,000 objects that no collection of garbage need look at again."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session", autouse=True)
def _day() -> Iterator[None]:
    """The same day for all, before any other fixture asks for one; a test that needs another sets ``clock``."""
    with standing():
        yield


@pytest.fixture(scope="session", autouse=True)
def _compiled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Where Python is told to keep no compiled modules, every command line and every reader of the tests would compile the program anew."""
    with pytest.MonkeyPatch.context() as patch:
        if sys.dont_write_bytecode and sys.pycache_prefix is None:
            patch.setenv("PYTHONPYCACHEPREFIX", str(of_all_workers(tmp_path_factory) / "compiled"))
            patch.delenv("PYTHONDONTWRITEBYTECODE", raising=False)
        yield


@pytest.fixture(autouse=True)
def home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The folder in which the program keeps its preferences, log and data during this test."""
    folder = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("QMDESK_HOME", str(folder))
    i18n.use("en")
    yield folder
    i18n.use("en")


@pytest.fixture(autouse=True)
def _no_window_left() -> Iterator[None]:
    """Delete what a test left open: a window that outlives its test would be found by the next one."""
    yield
    widgets = sys.modules.get("PySide6.QtWidgets")
    if widgets is None or widgets.QApplication.instance() is None:
        return
    from PySide6.QtCore import QCoreApplication, QEvent

    from tests.ui.windows import delete_windows

    delete_windows()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.fixture
def swept() -> None:
    """Cycles through closures hold the widgets of the window before: they go now, not during the test; what stays, later sweeps leave alone."""
    gc.collect()
    gc.freeze()
