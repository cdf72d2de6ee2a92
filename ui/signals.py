"""What the system tells a program without touching its window: SIGTERM, Ctrl+C in its terminal, the terminal closed."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable

from PySide6.QtCore import QObject, QSocketNotifier


class Signals(QObject):
    """Calls ``told_to_end`` on the main thread when the system tells the program to end. Windows has no such signals.

    Python's own handlers run when Python does, and a window that waits runs none: so a signal wakes Qt through a pipe.
    """

    def __init__(self, told_to_end: Callable[[], None], parent: QObject) -> None:
        super().__init__(parent)
        if sys.platform == "win32":
            return
        self._told_to_end = told_to_end
        self._reading, writing = os.pipe()  # for as long as the process lives
        os.set_blocking(writing, False)
        QSocketNotifier(self._reading, QSocketNotifier.Type.Read, self).activated.connect(self._woken)
        signal.set_wakeup_fd(writing, warn_on_full_buffer=False)
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            if signal.getsignal(number) is not signal.SIG_IGN:  # as nohup has it
                signal.signal(number, lambda _number, _frame: None)  # without a handler nothing is written to the pipe

    def _woken(self) -> None:
        os.read(self._reading, 64)
        self._told_to_end()
