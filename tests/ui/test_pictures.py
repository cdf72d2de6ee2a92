"""Charts are drawn beside the window: the last state only, nothing too late, and what is seen is what is opened."""

from __future__ import annotations

import gc
import sys
import threading
from collections.abc import Callable, Iterator

import pytest
import shiboken6
from PySide6.QtCore import QObject, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from qmdesk.analysis.drawing import Chart, Look, Painted, painted
from tests.shop import Shop
from tests.ui.front import Dialogs, Front, dialogs, front, look, press, shop
from tests.ui.test_analysis import of_month, sell, shown_cases
from ui.pages.analysis import AnalysisPage
from ui.pictures import Pictures
from ui.widgets import chart_canvas

__all__ = ["Dialogs", "dialogs", "front", "look", "shop"]


class Painter:
    """Stands for ``painted``: keeps what was drawn, and waits before the brush is lifted where it is told to."""

    def __init__(self) -> None:
        self.charts: list[Chart] = []
        self.pictures: list[Painted] = []
        self.threads: set[threading.Thread] = set()
        self.begun, self.go_on = threading.Event(), threading.Event()
        self.go_on.set()

    def __call__(self, chart: Chart, look: Look, sharp: float) -> Painted:
        self.charts.append(chart)
        self.threads.add(threading.current_thread())
        self.begun.set()
        assert self.go_on.wait(20)
        self.pictures.append(painted(chart, look, sharp))
        return self.pictures[-1]

    def hold(self) -> None:
        """Wait while drawing, until ``go_on`` is set."""
        self.begun.clear()
        self.go_on.clear()


@pytest.fixture
def painter(monkeypatch: pytest.MonkeyPatch) -> Painter:
    made = Painter()
    monkeypatch.setattr(chart_canvas, "painted", made)
    return made


@pytest.fixture
def pictures(front: Front) -> Iterator[Pictures]:
    """Pictures that are really drawn in a worker."""
    made = front.desk.jobs.pictures = Pictures(front.desk.jobs)
    yield made
    made.stop()
    assert gc.isenabled()


@pytest.fixture
def page(shop: Shop, front: Front, pictures: Pictures, painter: Painter, qtbot: QtBot) -> AnalysisPage:
    """The Pareto of this month, drawn."""
    shop.register.do("Sell", sell)
    page: AnalysisPage = front.page("analysis")
    page.bar.choice.setCurrentIndex(0)
    page.bar.choice.activated.emit(0)
    page.turn_to("pareto")
    qtbot.waitUntil(lambda: not pictures.busy, timeout=20_000)
    assert page.view("pareto").view.canvas.drawn is painter.pictures[-1].drawn
    return page


def test_dragged_slider_draws_its_last_state_only(page: AnalysisPage, pictures: Pictures, painter: Painter, qtbot: QtBot) -> None:
    view = page.view("pareto")
    painter.charts.clear()
    for month in (-1, -2, -1, 0, -1):
        page.bar.slider.setValue(month)
    assert page.bar.name.text() == "October 2026"
    assert [row[1] for row in view.table.figures.table.rows] == [8], "the numbers follow at once"
    qtbot.waitUntil(lambda: not pictures.busy, timeout=20_000)
    assert painter.charts == [view.view.chart]
    assert threading.main_thread() not in painter.threads
    assert view.view.canvas.drawn is painter.pictures[-1].drawn


def test_picture_that_comes_too_late_is_not_shown(page: AnalysisPage, pictures: Pictures, painter: Painter, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    canvas = page.view("pareto").view.canvas
    spoken: list[str] = []
    monkeypatch.setattr(canvas, "setAccessibleName", spoken.append)
    painter.hold()
    page.bar.step(-1)
    qtbot.waitUntil(painter.begun.is_set, timeout=20_000)
    page.bar.step(-1)
    page.bar.step(2)
    painter.go_on.set()
    qtbot.waitUntil(lambda: not pictures.busy, timeout=20_000)
    assert len(painter.charts) == 3, "this month, October that was not waited for, this month again"
    assert len(spoken) == 1
    assert "Nov" in spoken[0]
    assert canvas.drawn is painter.pictures[-1].drawn


def test_what_is_seen_is_what_is_opened(front: Front, page: AnalysisPage, pictures: Pictures, painter: Painter, qtbot: QtBot) -> None:
    canvas = page.view("pareto").view.canvas
    painter.hold()
    page.bar.step(-1)
    qtbot.waitUntil(painter.begun.is_set, timeout=20_000)
    QTest.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=canvas.place_of(0).center().toPoint())
    assert shown_cases(front) == of_month(front, 11), "November is still to be seen"
    front.page("analysis")
    painter.go_on.set()
    qtbot.waitUntil(lambda: not pictures.busy, timeout=20_000)
    canvas.setFocus()
    press(Qt.Key.Key_Home, Qt.Key.Key_Enter)
    assert shown_cases(front) == of_month(front, 10)


def test_chart_is_drawn_once_for_the_size_it_is_shown_in(page: AnalysisPage, pictures: Pictures, painter: Painter, qtbot: QtBot) -> None:
    painter.charts.clear()
    page.turn_to("indicator")
    page.turn_to("overview")
    page.turn_to("indicator")
    qtbot.waitUntil(lambda: not pictures.busy, timeout=20_000)
    assert len(painter.charts) == 1
    canvas = page.view("indicator").view.canvas
    picture = painter.pictures[-1]
    assert (picture.width, picture.height) == (canvas.width(), canvas.height())
    page.turn_to("overview")
    page.turn_to("sources")
    page.bar.step(-1)
    qtbot.waitUntil(lambda: not pictures.busy, timeout=20_000)
    assert len(painter.charts) == 1, "what nobody sees is not drawn"


@pytest.mark.parametrize("end", ["window", "canvas"])
def test_closing_while_a_chart_is_drawn_is_harmless(front: Front, page: AnalysisPage, pictures: Pictures, painter: Painter, qtbot: QtBot, end: str, monkeypatch: pytest.MonkeyPatch) -> None:
    failed: list[BaseException] = []
    monkeypatch.setattr(sys, "excepthook", lambda _kind, error, _trace: failed.append(error))
    canvas = page.view("pareto").view.canvas
    painter.hold()
    page.bar.step(-1)
    qtbot.waitUntil(painter.begun.is_set, timeout=20_000)
    page.bar.step(-1)
    painter.go_on.set()
    if end == "window":
        front.window.close()
        assert not pictures.busy
    else:
        shiboken6.delete(canvas)
        qtbot.waitUntil(lambda: not pictures.busy, timeout=20_000)
    QApplication.processEvents()
    assert not failed
    assert gc.isenabled()


def test_bug_in_a_picture_reaches_the_crash_hook_and_the_next_is_drawn(look: QApplication, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    failed: list[type[BaseException]] = []
    monkeypatch.setattr(sys, "excepthook", lambda kind, _error, _trace: failed.append(kind))
    pictures, wall, door = Pictures(), QObject(), QObject()
    shown: list[int] = []
    broken: Callable[[], int] = lambda: 1 // 0  # noqa: E731 - what is ordered is a function
    pictures.order(wall, broken, shown.append)
    pictures.order(door, lambda: 2, shown.append)
    qtbot.waitUntil(lambda: not pictures.busy)
    assert (failed, shown) == ([ZeroDivisionError], [2])
    pictures.stop()
    pictures.order(wall, lambda: 3, shown.append)
    qtbot.waitUntil(lambda: not pictures.busy)
    assert shown == [2, 3], "after a stop it begins anew"
    pictures.stop()
