"""The page of figures over 100,000 cases and 1,000,000 order lines, against one count of the lines by product; and its filter.

A change of the filter is timed as it is counted, and as it is seen in the real page after a look at the state before: until it
is painted, and the longest the window stood still meanwhile.
"""

from __future__ import annotations

import statistics
import threading
import time
from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path
from typing import TypeAlias

from PySide6.QtCore import Qt, qInstallMessageHandler
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from qmdesk.operations.figures.chart_series import at_a_glance
from qmdesk.operations.figures.columns import Rows
from qmdesk.operations.figures.facts import Facts, gather
from qmdesk.operations.figures.pareto import pareto
from qmdesk.operations.figures.periods import Stretch
from qmdesk.operations.figures.scope import By, Scope
from qmdesk.operations.registers import open_register
from qmdesk.records.measures import Indicator
from qmdesk.register import Register
from ui import theme
from ui.ask import ScriptedAsker
from ui.desk import Desk
from ui.jobs import Jobs
from ui.pages.analysis import AnalysisPage

SHOWN = Scope(date(2025, 11, 1), date(2026, 10, 31))


FRAME = 1 / 60


def page(facts: Facts, scope: Scope) -> None:
    """What the page shows: of each indicator the value, that of the period before and its months; the Pareto of the causes."""
    for indicator in Indicator:
        at_a_glance(facts, indicator, scope)
    pareto(facts, scope, By.CAUSE)


def another_period(at: int) -> Scope:
    """A year, each time another."""
    return Scope(date(2022 + at // 12, 1 + at % 12, 1), date(2023 + at // 12, 1 + at % 12, 1))


SCOPES: dict[str, Callable[[int], Scope]] = {
    "another period": another_period,
    "a category": lambda at: SHOWN.narrowed(By.CATEGORY, f"Kategoria {at % 12}"),
    "a courier": lambda at: another_period(at).narrowed(By.COURIER, ("InPost", "DPD", "Poczta Polska")[at % 3]),
}
"""What the filter is changed to; never twice to the same, so that nothing is told out of what was kept."""


Move: TypeAlias = Callable[[], object]


def _step(app: QApplication, shown: AnalysisPage, _at: int) -> Move:
    """To the next month, after a look at this one."""
    _look(app, shown)
    return partial(shown.bar.step, 1)


def _group(by: By) -> Callable[[QApplication, AnalysisPage, int], Move]:
    """To another group, chosen with the keys after a look at what is offered."""

    def move_at(app: QApplication, shown: AnalysisPage, at: int) -> Move:
        chooser = shown.bar.choose_group(by, instead=0 if shown.bar.only else None)
        assert chooser is not None
        chooser.listed.setCurrentRow(at % chooser.listed.count())
        _look(app, shown)
        return partial(QTest.keyClick, chooser.search, Qt.Key.Key_Return)

    return move_at


MOVES = {"the next period": _step, "a category": _group(By.CATEGORY), "a courier": _group(By.COURIER)}
"""How a person changes the filter."""


def _look(app: QApplication, shown: AnalysisPage) -> None:
    """Some tenths of a second in which nothing is asked: what may be asked next is counted in them."""
    while shown.ahead.busy or shown.desk.jobs.pictures.busy:
        app.processEvents()
        threading.Event().wait(0.001)


def page_ratio(path: Path, rounds: int = 5) -> tuple[float, float, float]:
    """Median seconds of one count by product and of the whole page from the file on, which take turns; and their ratio."""
    counted, shown = [], []
    for _round in range(rounds):  # opened anew: nothing is kept from the page before
        with open_register(path, program="benchmark", read_only=True) as register:
            counted.append(_seconds(partial(_count, register)))
            shown.append(_seconds(partial(_whole, register)))
    base, ours = statistics.median(counted), statistics.median(shown)
    return base, ours, ours / base


def filter_seconds(path: Path, rounds: int = 12) -> dict[str, float]:
    """Median seconds of a change of the filter: counted, then seen in the page, with the tiles and with the Pareto."""
    found: dict[str, float] = {}
    app = QApplication.instance() or QApplication([])
    qInstallMessageHandler(lambda *_said: None)  # the offscreen screen tells with each popover what it can't do
    theme.apply(app, "light")  # type: ignore[arg-type]
    asker = ScriptedAsker()
    with open_register(path, program="benchmark", read_only=True) as register:
        jobs = Jobs(asker)
        shown = AnalysisPage(Desk(register, asker, jobs), lambda *_told: None, lambda: None, lambda: None)
        shown.resize(1366, 768)
        shown.show()
        shown.refresh()
        assert jobs.wait(120)
        facts = shown.facts
        assert facts is not None
        page(facts, SHOWN)
        for name, scope_at in SCOPES.items():
            found[f"{name}, counted"] = statistics.median(_seconds(partial(page, facts, scope_at(at))) for at in range(rounds))
        for view in ("overview", "pareto"):
            shown.turn_to(view)
            for name, move_at in MOVES.items():
                shown.bar.show_scope(Stretch.TWELVE, another_period(0))
                forgotten(facts)
                seen = [_seen(app, shown, move_at(app, shown, at)) for at in range(rounds)]
                found[f"{name}, {view} painted"] = statistics.median(painted for painted, _held in seen)
                found[f"{name}, {view} longest hold"] = statistics.median(held for _painted, held in seen)
            if view == "overview":
                forgotten(facts)
                far = [_seen(app, shown, partial(shown.bar.show_scope, Stretch.TWELVE, another_period(at))) for at in range(0, 4 * rounds, 4)]
                found["a period from afar, overview painted"] = statistics.median(painted for painted, _held in far)
        jobs.stop()
        shown.hide()
    return found


def forgotten(facts: Facts) -> None:
    """Nothing is kept of what was counted before."""
    for rows in (*vars(facts).values(), *vars(facts.sales).values()):
        if isinstance(rows, Rows):
            rows._taken.clear()
    facts.glanced.clear()


def _seen(app: QApplication, shown: AnalysisPage, move: Move) -> tuple[float, float]:
    """Seconds from a move until everything is painted, the chart too; and the longest the events waited meanwhile."""
    pictures, held = shown.desk.jobs.pictures, 0.0
    began = now = time.perf_counter()
    move()
    while True:
        app.processEvents()
        held = max(held, time.perf_counter() - now)
        if not pictures.busy:
            break
        threading.Event().wait(0.0005)  # as Qt waits for the next event
        now = time.perf_counter()
    app.processEvents()  # the picture came last
    return time.perf_counter() - began, held


def _whole(register: Register) -> None:
    page(gather(register), SHOWN)


def _count(register: Register) -> None:
    with register._asking() as connection:
        connection.execute("SELECT product, count(*) FROM order_line GROUP BY product").fetchall()


def _seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began
