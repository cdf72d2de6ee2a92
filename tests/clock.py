"""A clock that stands still and is set by hand, in every module of the program that reads one."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from qmdesk import register
from qmdesk.operations import cases, deadlines, due, letters, registers, steps  # noqa: F401 - loaded before their clock is replaced

WARSAW = ZoneInfo("Europe/Warsaw")


class Clock:
    """Stands where it was set: ``clock.set("2026-12-10")`` is ten o'clock of that day in Warsaw."""

    def __init__(self, now: str) -> None:
        self.set(now)

    def set(self, now: str) -> datetime:
        """Set it to a day, or to a moment written as "2026-12-10 23:50"."""
        self.now = datetime.fromisoformat(now if ":" in now else f"{now} 10:00").replace(tzinfo=WARSAW)
        return self.now

    def __call__(self) -> datetime:
        return self.now


def replaced(monkeypatch: pytest.MonkeyPatch, clock: Clock) -> None:
    """Put the clock into every module loaded so far that has the real one."""
    real = register.clock
    for name, module in list(sys.modules.items()):
        if name.split(".")[0] in ("qmdesk", "ui") and getattr(module, "clock", None) is real:
            monkeypatch.setattr(module, "clock", clock)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Iterator[Clock]:
    """The clock of a shop in Poland, on Thursday 10 December 2026."""
    if hasattr(time, "tzset"):
        monkeypatch.setenv("TZ", "Europe/Warsaw")
        time.tzset()
    clock = Clock("2026-12-10")
    replaced(monkeypatch, clock)
    yield clock
    monkeypatch.undo()
    if hasattr(time, "tzset"):
        time.tzset()
