"""The list of a million cases against one of ten thousand: first page, jump to the end, search as you type, asked and painted."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QApplication

from qmdesk.operations.registers import open_register
from qmdesk.records.case import Case
from qmdesk.schema.query import Order, Query
from ui.tables.model import TableModel
from ui.tables.view import TableView

BY_DAY = Query(Case).by(Order("received_at", True))
SEARCHES = ("p", "po", "pęk", "anna", "anna brzoz", "R/2020/001")


def _painted(app: QApplication, view: TableView, work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    app.processEvents()
    view.viewport().grab()
    return time.perf_counter() - began


def _times(app: QApplication, path: Path, rounds: int) -> dict[str, list[float]]:
    found: dict[str, list[float]] = {"first page": [], "jump to the end": [], "search as you type": []}
    with open_register(path, program="benchmark", read_only=True) as register:
        view = TableView(TableModel(register, Case))
        view.arrange(("number", "received_at", "customer", "state", "description"))
        view.resize(1000, 700)
        view.show()
        for _round in range(rounds):
            found["first page"].append(_painted(app, view, lambda: view.ask(BY_DAY)))
            found["jump to the end"].append(_painted(app, view, view.scrollToBottom))
            total = 0.0
            for words in SEARCHES:
                asked = Query(Case, search=words)
                total += _painted(app, view, lambda asked=asked: view.ask(asked))
            found["search as you type"].append(total / len(SEARCHES))
        view.hide()
    return found


def list_ratios(small: Path, large: Path, rounds: int = 15) -> dict[str, tuple[float, float, float]]:
    """For each move the median seconds with the small and the large register, and their ratio."""
    app = QApplication.instance() or QApplication([])
    assert isinstance(app, QApplication)
    _times(app, small, 2)  # fonts and caches
    found = {}
    for move in (few := _times(app, small, rounds)):
        found[move] = [statistics.median(few[move])]
    for move, seconds in _times(app, large, rounds).items():
        found[move].append(statistics.median(seconds))
    return {move: (few_, many, many / few_) for move, (few_, many) in found.items()}
