"""The clock of the tests: it stands until a test sets it, so that nothing they show depends on the day they run on.

The program asks what time it is in one place, ``qmdesk.register.clock``; this stands where that one asks the computer.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from qmdesk import register

WARSAW = ZoneInfo("Europe/Warsaw")
DAY = os.environ.get("QMDESK_TESTS_ON", "2026-11-22")
"""The day of every test that sets no other. Any day must do: QMDESK_TESTS_ON=2028-02-29 pytest runs them all on that one."""


class Clock:
    """Stands where it was set: ``clock.set("2026-12-10")`` is ten o'clock of that day in Warsaw."""

    def __init__(self, now: str) -> None:
        self.set(now)

    def set(self, now: str) -> datetime:
        """Set it to a day, or to a moment written as "2026-12-10 23:50"."""
        self._now = datetime.fromisoformat(now if ":" in now else f"{now} 10:00").replace(tzinfo=WARSAW)
        return self._now

    def now(self) -> datetime:
        """What the program is told."""
        return self._now

    __call__ = now


@contextmanager
def standing(now: str = DAY) -> Iterator[Clock]:
    """Let the program ask a clock of its own."""
    with pytest.MonkeyPatch.context() as patch:
        clock = Clock(now)
        patch.setattr(register, "datetime", clock)
        yield clock


@pytest.fixture
def clock() -> Iterator[Clock]:
    """The clock of a shop in Poland, on Thursday 10 December 2026, to be moved."""
    with standing("2026-12-10") as clock:
        yield clock
