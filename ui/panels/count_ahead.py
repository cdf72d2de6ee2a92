"""Counts what the tiles may be asked for next while nobody waits: then a change of the filter is told out of what is kept."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Iterable

from PySide6.QtCore import QObject, QTimer

from qmdesk.operations.figures.chart_series import at_a_glance
from qmdesk.operations.figures.facts import Facts
from qmdesk.operations.figures.scope import Scope
from qmdesk.records.measures import Indicator

PAUSE_MS = 100
"""So long nothing is asked before it begins: who drags the slider has the processor to himself."""
SLICE_S = 0.004
"""After so long the window may do what waits; one figure of a large register takes a little longer."""


class CountAhead(QObject):
    """Used from the main thread only, which alone keeps figures: a figure at a time, and between two of them the window goes on."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._waiting: deque[tuple[Facts, Indicator, Scope]] = deque()
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self._count)

    @property
    def busy(self) -> bool:
        """Whether there is anything left to count."""
        return bool(self._waiting)

    def begin(self, facts: Facts, scopes: Iterable[Scope]) -> None:
        """Count these scopes, the first first; what was to be counted before is not wanted any more."""
        self._waiting = deque((facts, indicator, scope) for scope in scopes for indicator in Indicator)
        self._timer.start(PAUSE_MS)

    def _count(self) -> None:
        until = time.perf_counter() + SLICE_S
        while self._waiting and time.perf_counter() < until:
            at_a_glance(*self._waiting.popleft())
        if self._waiting:
            self._timer.start(0)
