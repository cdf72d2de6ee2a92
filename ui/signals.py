"""What the system tells a program without touching its window: SIGTERM, Ctrl+C in its terminal, the terminal closed."""

from __future__ import annotations

import signal
import socket
import sys
from collections.abc import Callable
from contextlib import suppress

from PySide6.QtCore import QObject, QSocketNotifier


class Signals(QObject):
    """Calls ``told_to_end`` on the main thread when the system tells the program to end. Windows has no such signals.

    Python's own handlers run when Python does, and a window that waits runs none: so a signal wakes Qt through a socket.
    """

    def __init__(self, told_to_end: Callable[[], None], parent: QObject) -> None:
        super().__init__(parent)
        if sys.platform == "win32":
            return
        self._told_to_end = told_to_end
        self._reading, self._writing = socket.socketpair()
        self._reading.setblocking(False)
        self._writing.setblocking(False)
        QSocketNotifier(self._reading.fileno(), QSocketNotifier.Type.Read, self).activated.connect(self._woken)
        signal.set_wakeup_fd(self._writing.fileno(), warn_on_full_buffer=False)
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            if signal.getsignal(number) is not signal.SIG_IGN:  # as nohup has it
                signal.signal(number, lambda _number, _frame: None)  # without a handler nothing is written to the socket

    def _woken(self) -> None:
        with suppress(BlockingIOError):
            self._reading.recv(64)
        self._told_to_end()
