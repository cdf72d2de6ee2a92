"""Pictures that take longer to draw than the window may stand still: a worker of their own, which draws the last state only."""

from __future__ import annotations

import queue
import sys
import threading
from collections.abc import Callable
from typing import Any, TypeVar

import shiboken6
from PySide6.QtCore import QObject, QTimer, Signal

from ui import threads

T = TypeVar("T")
PAUSE_MS = 40
"""Nothing is drawn before so long nothing was ordered: while a slider is dragged the window has the processor to itself."""
PATIENCE_S = 10.0


class Pictures(QObject):
    """Draws one picture after another; used from the main thread only. Nobody is asked about it when the window closes.

    What is handed to the worker must know no widget: a worker that were the last to hold one would destroy it.
    """

    _ended = Signal(int, object, object)  # from the worker: which, what was drawn, what went wrong

    def __init__(self, parent: QObject | None = None, *, synchronous: bool = False) -> None:
        """``synchronous`` draws at once in ``order``: for tests, and for pictures of the window."""
        super().__init__(parent)
        self._synchronous = synchronous
        self._waiting: dict[QObject, tuple[Callable[[], Any], Callable[[Any], object]]] = {}
        self._running: tuple[int, QObject, Callable[[Any], object]] | None = None
        self._number = 0
        self._thread: threading.Thread | None = None
        self._orders: queue.SimpleQueue[tuple[int, Callable[[], Any]] | None] = queue.SimpleQueue()
        self._pause = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._pause.timeout.connect(self._next)
        self._broom = QTimer(self, interval=threads.SWEEP_MS)
        self._broom.timeout.connect(threads.sweep)
        self._ended.connect(self._end)

    @property
    def busy(self) -> bool:
        """Whether a picture is drawn or waits to be."""
        return self._running is not None or bool(self._waiting)

    def order(self, place: QObject, draw: Callable[[], T], show: Callable[[T], object]) -> None:
        """Draw in the worker and hand the picture to ``show`` on the main thread.

        Of each place only its last order is drawn, and one that comes too late, after another order, is not shown; nor
        is one for a place that is gone.
        """
        if self._synchronous:
            show(draw())
            return
        self._waiting[place] = (draw, show)
        self._pause.start()

    def stop(self) -> None:
        """Draw nothing more; what is being drawn is not shown. Another order begins anew."""
        self._pause.stop()
        self._waiting.clear()
        if self._running is not None:
            self._rest()
        if self._thread is not None:
            self._orders.put(None)
            self._thread.join(PATIENCE_S)
            self._thread = None

    # -- from order to end

    def _next(self) -> None:
        if self._running is not None or not self._waiting:
            return
        if self._thread is None:
            self._thread = threading.Thread(target=self._work, args=(self._orders,), name="pictures", daemon=True)
            self._thread.start()
        place = next(iter(self._waiting))
        draw, show = self._waiting.pop(place)
        self._number += 1
        self._running = (self._number, place, show)
        threads.begin_work()
        self._broom.start()
        self._orders.put((self._number, draw))

    def _work(self, orders: queue.SimpleQueue[tuple[int, Callable[[], Any]] | None]) -> None:
        while (order := orders.get()) is not None:
            number, draw = order
            picture = error = None
            try:
                picture = draw()
            except BaseException as bug:  # told on the main thread, never lost
                error = bug
            self._ended.emit(number, picture, error)
            del order, draw, picture, error

    def _rest(self) -> None:
        self._running = None
        self._broom.stop()
        threads.end_work()

    def _end(self, number: int, picture: object, error: BaseException | None) -> None:
        if self._running is None or self._running[0] != number:
            return  # stopped meanwhile
        _number, place, show = self._running
        self._rest()
        try:
            if error is not None:
                sys.excepthook(type(error), error, error.__traceback__)
            elif place not in self._waiting and shiboken6.isValid(place):
                show(picture)
        finally:
            if not self._pause.isActive():
                self._next()
