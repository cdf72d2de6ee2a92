"""The turn of the day: what passed while the register was closed, at midnight, and after the computer slept."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtGui import QGuiApplication

from qmdesk.errors import Known
from qmdesk.i18n import _, n_, show_day
from qmdesk.operations.deadlines import CaughtUp, catch_up
from qmdesk.records.alert import Report
from qmdesk.register import clock
from ui.desk import Desk
from ui.jobs import Progress

if TYPE_CHECKING:  # loaded after the window is there
    from qmdesk.operations.alerts import Noticed
    from qmdesk.operations.monthly_reports import MadeByItself

T = TypeVar("T")
AFTER_START_MS = 400
"""The window is there before the register is looked through."""
LONGEST_MS = 15 * 60 * 1000
"""A computer that sleeps stops its timers: at least so often it is asked what day it is."""


class Daybreak(QObject):
    """Lets passed days pass in an open register; ``on_day`` is called when another day has begun, ``say`` with what
    happened, ``on_reports`` with the reports of the last month that were made by themselves.

    A register that is only read is left as it is: what it shows follows from the day anyway.
    """

    def __init__(
        self, desk: Desk, on_day: Callable[[], object], say: Callable[[str], object], on_reports: Callable[[Sequence[Report]], object], parent: QObject
    ) -> None:
        super().__init__(parent)
        self._desk, self._on_day, self._say, self._on_reports = desk, on_day, say, on_reports
        self.day: date = clock().date()
        self._first = QTimer(self, singleShot=True, interval=AFTER_START_MS)
        self._first.timeout.connect(self.catch_up)
        self._next = QTimer(self, singleShot=True)
        self._next.timeout.connect(self.look)
        app = QGuiApplication.instance()
        if isinstance(app, QGuiApplication):
            app.applicationStateChanged.connect(self._woken)

    def begin(self) -> None:
        """Catch up once the window is there, and look out for midnight from now on."""
        self._first.start()
        self._wait()

    def stop(self) -> None:
        """Look out no more."""
        self._first.stop()
        self._next.stop()

    def look(self) -> None:
        """See whether another day has begun."""
        if clock().date() != self.day:
            self.day = clock().date()
            self._on_day()
            self.catch_up()
        self._wait()

    def catch_up(self) -> None:
        """Let what has passed pass, beside the user's work."""
        register = self._desk.register
        if register.read_only:
            return

        self._beside(_("Working out the deadlines"), lambda progress: catch_up(register, progress), self._done)

    def _done(self, done: CaughtUp) -> None:
        if done.change is not None:
            self._desk.tell(done.change)
        if done.accepted:
            self._say(_accepted(done))
        self.notice()

    def notice(self) -> None:
        """See what goes wrong, beside the user's work; each thing is told once."""
        register = self._desk.register

        def work(progress: Progress) -> Noticed:
            from qmdesk.operations.alerts import notice  # loaded after the window is there

            return notice(register, progress, by_itself=True)

        self._beside(_("Looking for what goes wrong"), work, self._noticed)

    def _noticed(self, done: Noticed) -> None:
        if done.change is not None:
            self._desk.tell(done.change)
            self._say(n_("{n} thing was noticed; it stands on Today.", "{n} things were noticed; they stand on Today.", len(done.alerts)))
        self.make_reports()

    def make_reports(self) -> None:
        """Make the reports of the last month where the shop wants them and they are not there, beside the user's work."""
        from qmdesk.operations.monthly_reports import due, make_due  # loaded after the window is there

        register = self._desk.register
        if register.read_only or not due(register, clock().date()):
            return

        self._beside(_("Making the reports of the month"), lambda progress: make_due(register, progress), self._reported)

    def _reported(self, made: MadeByItself) -> None:
        if made.change is not None:
            self._desk.tell(made.change)
        if made.reports:
            self._on_reports(made.reports)

    def _beside(self, words: str, work: Callable[[Progress], T], done: Callable[[T], None]) -> None:
        """Do one of the day's works beside the user's."""
        self._desk.jobs.run(words, work, done, self._failed, self, modal=False)

    def _failed(self, error: Exception) -> None:
        self._on_day()  # what was done until then is done
        if isinstance(error, Known):
            self._desk.ask.warn(error.sentence)

    def _woken(self, state: Qt.ApplicationState) -> None:
        if state is Qt.ApplicationState.ApplicationActive:
            self.look()

    def _wait(self) -> None:
        now = clock()
        midnight = datetime.combine(now.date() + timedelta(days=1), time(0, 0, 1)).astimezone()
        self._next.start(min(LONGEST_MS, max(1000, int((midnight - now).total_seconds() * 1000))))


def _accepted(done: CaughtUp) -> str:
    """What silence has done, in a sentence."""
    days = {case.deemed_accepted_on for case in done.accepted if case.deemed_accepted_on}
    many = len(done.accepted)
    if len(days) > 1:
        return n_("{n} complaint counts as accepted by silence.", "{n} complaints count as accepted by silence.", many)
    return n_(
        "{n} complaint counts as accepted by silence since {day}.",
        "{n} complaints count as accepted by silence since {day}.",
        many,
        day=show_day(days.pop()),
    )
