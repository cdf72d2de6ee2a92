"""Work that takes longer than a moment: one worker thread, progress that appears late, cancel, the result back here."""

from __future__ import annotations

import queue
import sys
import threading
import time
from collections import deque
from collections.abc import Callable
from typing import Generic, TypeVar

import shiboken6
from PySide6.QtCore import QEventLoop, QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QGridLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from qmdesk.errors import Cancelled, Known
from qmdesk.i18n import _, show_number
from ui import theme, threads
from ui.ask import Asker
from ui.pictures import Pictures
from ui.widgets.dialog import Dialog

T = TypeVar("T")

APPEARS_AFTER_MS = 300
TICK_MS = 100
CLOSE_PATIENCE_S = 10.0  # a worker that does not look up for so long is left behind


class Progress:
    """Handed to the work, which calls it now and then: it tells how far the work is, and raises Cancelled when it must end.

    To the core it is a plain ``progress(done, total)``; ``total`` is 0 when it is not known.
    """

    def __init__(self) -> None:
        self.done = 0
        self.total = 0
        self._cancelled = threading.Event()

    def __call__(self, done: int = 0, total: int = 0) -> None:
        if self._cancelled.is_set():
            raise Cancelled
        self.done, self.total = done, total

    def cancel(self) -> None:
        """Let the next call raise Cancelled, in the thread that works."""
        self._cancelled.set()

    @property
    def is_cancelled(self) -> bool:
        return self._cancelled.is_set()


class Job(Generic[T]):
    """One piece of work, from its order to its end."""

    def __init__(
        self,
        title: str,
        work: Callable[[Progress], T],
        done: Callable[[T], None],
        failed: Callable[[Exception], None] | None,
        owner: QObject | None,
        modal: bool,
    ) -> None:
        self.title, self.work, self.done, self.failed, self.owner, self.modal = title, work, done, failed, owner, modal
        self.progress = Progress()
        self.began = 0.0  # time.monotonic()
        self._result: tuple[T] | None = None
        self._error: BaseException | None = None

    def cancel(self) -> None:
        """Ask it to end; it does so at its next progress call, or never begins."""
        self.progress.cancel()

    def perform(self) -> None:
        """Do the work here and now, in whatever thread, and keep how it ended."""
        try:
            self.progress()
            self._result = (self.work(self.progress),)
        except BaseException as error:  # a panic of a compiled reader is no Exception; delivered below, never lost
            self._error = error

    def deliver(self) -> None:
        """Hand over the result or the error, on the main thread, and let go of both.

        An error holds the frames it went through and so everything in them; kept in a cycle, they would be destroyed
        who knows when and by which thread.
        """
        result, error = self._result, self._error
        self._result = self._error = None
        try:
            wanted = self.owner is None or shiboken6.isValid(self.owner)  # else the page is gone, and nobody waits
            if result is not None and wanted:
                self.done(result[0])
            failed = self.failed if wanted else None
            if failed is not None and isinstance(error, Exception):
                failed(error)
            tellable = isinstance(error, Known)
            if error is not None and not isinstance(error, Cancelled) and not (tellable and (failed or not wanted)):
                raise error
        finally:
            del error


class JobStrip(QFrame):
    """Title, bar, count, time and Cancel of the running job: the whole of the dialog, or a strip in the window."""

    cancelled = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title, self.count = QLabel(), QLabel()
        for label in (self.title, self.count):
            label.setTextFormat(Qt.TextFormat.PlainText)
        theme.mark(self.title, "strong")
        theme.mark(self.count, "muted")
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(_("Progress"))
        self.cancel = QPushButton(_("Cancel"))
        self.cancel.clicked.connect(self.cancelled)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(theme.em())
        grid.addWidget(self.title, 0, 0)
        grid.addWidget(self.bar, 1, 0)
        grid.addWidget(self.count, 2, 0)
        grid.addWidget(self.cancel, 0, 1, 3, 1, Qt.AlignmentFlag.AlignVCenter)
        grid.setColumnStretch(0, 1)

    def show_job(self, job: Job[object], seconds: float) -> None:
        """Draw how far ``job`` is, ``seconds`` after it began."""
        done, total = job.progress.done, job.progress.total
        self.title.setText(job.title)
        self.bar.setRange(0, 1000 if total else 0)
        if total:
            self.bar.setValue(min(1000, 1000 * done // total))
        self.count.setText(_how_far(done, total, seconds, job.progress.is_cancelled))
        self.cancel.setEnabled(not job.progress.is_cancelled)


def _how_far(done: int, total: int, seconds: float, cancelling: bool) -> str:
    if cancelling:
        return _("Cancelling: nothing will be changed…")
    if not total:
        return _("{seconds} s so far").format(seconds=int(seconds))
    count = {"done": show_number(done), "total": show_number(total), "seconds": int(seconds)}
    if seconds < 3 or not done:  # an earlier guess would jump about
        return _("{done} of {total}, {seconds} s so far").format(**count)
    count["left"] = max(1, round(seconds * (total - done) / done))
    return _("{done} of {total}, {seconds} s so far, about {left} s left").format(**count)


class _JobDialog(Dialog):
    """The strip in a dialog over the window; Escape and the close box mean Cancel."""

    def __init__(self, parent: QWidget | None) -> None:
        super().__init__(parent)
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self.setWindowTitle(_("One moment"))
        self.setMinimumWidth(theme.em(36))
        self.strip = JobStrip()
        rows = QVBoxLayout(self)
        rows.setContentsMargins(*[theme.em(1.4)] * 4)
        rows.addWidget(self.strip)

    def reject(self) -> None:
        self.strip.cancelled.emit()


class Jobs(QObject):
    """The queue of jobs and their one worker thread. One object per window; used from the main thread only."""

    _ended = Signal(object)  # from the worker

    def __init__(self, asker: Asker, window: QWidget | None = None, *, synchronous: bool = False) -> None:
        """``synchronous`` does each job at once in ``run``: for tests and for commands without a window."""
        super().__init__(window)
        self.strip = JobStrip()
        """Shows jobs that run beside the user's work (``modal=False``); the window puts it where it likes."""
        self.strip.hide()
        self.pictures = Pictures(self, synchronous=synchronous)
        """Draws beside the window; it stops with the jobs."""
        self._asker, self._window, self._synchronous = asker, window, synchronous
        self._waiting: deque[Job[object]] = deque()
        self._running: Job[object] | None = None
        self._ended_last: Job[object] | None = None  # kept until the worker has surely let go of it: see threads.sweep
        self._thread: threading.Thread | None = None
        self._orders: queue.SimpleQueue[Job[object] | None] = queue.SimpleQueue()
        self._dialog: _JobDialog | None = None
        self._appear = QTimer(self, singleShot=True, interval=APPEARS_AFTER_MS)
        self._appear.timeout.connect(self._show)
        self._tick = QTimer(self, interval=TICK_MS)
        self._tick.timeout.connect(self._draw)
        self._broom = QTimer(self, interval=threads.SWEEP_MS)
        self._broom.timeout.connect(threads.sweep)
        self._ended.connect(self._end)
        self.strip.cancelled.connect(self.cancel)

    @property
    def busy(self) -> bool:
        """Whether a job runs or waits."""
        return self._running is not None or bool(self._waiting)

    def run(
        self,
        title: str,
        work: Callable[[Progress], T],
        done: Callable[[T], None],
        failed: Callable[[Exception], None] | None = None,
        parent: QObject | None = None,
        *,
        modal: bool = True,
    ) -> Job[T]:
        """Do ``work`` in the worker, after the jobs ordered before, and call ``done`` with its result on the main thread.

        ``work`` must touch no widget. If it ends without a result, ``failed`` is called with the error, Cancelled included;
        without ``failed`` a Known error is shown as its sentence. A bug reaches the crash hook in either case. When
        ``parent`` has been deleted meanwhile nothing is called. ``modal`` keeps the user from the window while the
        progress is shown: right for whatever writes, too much for a chart.
        """
        job = Job(title, work, done, failed, parent, modal)
        if self._synchronous:
            job.perform()
            self._deliver(job)
        else:
            self._waiting.append(job)  # type: ignore[arg-type]  # the queue does not care what is handed to whom
            self._next()
        return job

    def cancel(self) -> None:
        """Cancel the running job."""
        if self._running is not None:
            self._running.cancel()
            self._draw()

    def may_close(self) -> bool:
        """Whether the window may close now: asks if a job runs, and if the user agrees cancels it and waits for its end."""
        if not self.busy:
            return True
        title = (self._running or self._waiting[0]).title
        question = _('"{job}" is not finished. Cancel it and close?').format(job=title)
        if not self._asker.confirm(question, _("Cancel it and close"), _("Wait for it"), parent=self._window):
            return not self.busy  # it may have ended while the question stood
        return self.stop()

    def stop(self) -> bool:
        """Cancel everything and wait until the worker is idle; False if it does not look up within 10 s."""
        self.pictures.stop()
        for job in self._waiting:
            job.cancel()
        self.cancel()
        idle = self.wait(CLOSE_PATIENCE_S)
        if idle and self._thread is not None:
            self._orders.put(None)
            self._thread.join(CLOSE_PATIENCE_S)
            self._thread = self._ended_last = None
        return idle

    def wait(self, seconds: float = CLOSE_PATIENCE_S) -> bool:
        """Let events pass until no job runs or waits; False if that takes longer than ``seconds``."""
        until = time.monotonic() + seconds
        loop = QEventLoop()
        wake = QTimer(interval=20)
        wake.timeout.connect(loop.quit)
        wake.start()
        while self.busy and time.monotonic() < until:
            loop.exec()
        wake.stop()
        return not self.busy

    # -- from order to end

    def _next(self) -> None:
        if self._running is not None or not self._waiting:
            return
        if self._thread is None:
            # a daemon: a compiled call that never returns must not keep the program from ending
            self._thread = threading.Thread(target=self._work, name="worker", daemon=True)
            self._thread.start()
        self._running = self._waiting.popleft()
        self._running.began = time.monotonic()
        threads.begin_work()
        self._broom.start()
        self._orders.put(self._running)
        self._appear.start()

    def _work(self) -> None:
        while (job := self._orders.get()) is not None:
            job.perform()
            self._ended.emit(job)
            del job  # its result must not live until the next one comes

    def _end(self, job: Job[object]) -> None:
        self._appear.stop()
        self._tick.stop()
        self._broom.stop()
        threads.end_work()
        self.strip.hide()
        if self._dialog is not None:
            self._dialog.hide()
            self._dialog.deleteLater()
            self._dialog = None
        self._running, self._ended_last = None, job
        try:
            self._deliver(job)
        finally:
            self._next()

    def _deliver(self, job: Job[T]) -> None:
        try:
            job.deliver()
        except Known as error:
            self._asker.warn(error.sentence, parent=self._window)
        except BaseException as error:
            if self._synchronous:
                raise
            sys.excepthook(type(error), error, error.__traceback__)  # a slot's error would come without its cause

    def _show(self) -> None:
        if self._running is None:
            return
        if self._running.modal:
            over = QApplication.activeModalWidget() or self._window or self.parent()  # what must wait
            self._dialog = _JobDialog(over if isinstance(over, QWidget) else None)
            self._dialog.strip.cancelled.connect(self.cancel)
        else:
            self.strip.show()
        self._draw()
        self._tick.start()
        if self._dialog is not None:
            self._dialog.show()

    def _draw(self) -> None:
        job = self._running
        if job is None:
            return
        strip = self._dialog.strip if self._dialog is not None else self.strip
        strip.show_job(job, time.monotonic() - job.began)
