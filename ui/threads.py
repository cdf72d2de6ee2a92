"""What holds for the whole program while a thread works beside the window."""

from __future__ import annotations

import gc
import sys

SWEEP_MS = 500
"""How often ``sweep`` is to be called meanwhile."""
TURN_S = 0.0005
"""How long a thread that works may keep the window from its turn. Python's own 5 ms come again with each call of Qt."""

_WORKING: list[bool] = []
"""One for each thread at work."""


def begin_work() -> None:
    """A thread begins to work: nothing is collected but by ``sweep``, and the window gets its turn sooner."""
    _WORKING.append(True)
    gc.disable()
    sys.setswitchinterval(TURN_S)


def end_work() -> None:
    """It has ended: where no other works Python collects by itself again."""
    _WORKING.pop()
    if not _WORKING:
        gc.enable()


def sweep() -> None:
    """Collect garbage as Python would have done by now, on the main thread.

    Python collects cycles in whichever thread happens to allocate. Widgets in a cycle would then be destroyed in the
    worker, and Qt goes on sending their timers to them: a crash. So while a thread works the collector is off, and this
    takes its place. For the same reason a worker is never the last to hold what knows a page.
    """
    counts, limits = gc.get_count(), gc.get_threshold()
    for generation in (2, 1, 0):
        if counts[generation] > limits[generation]:
            gc.collect(generation)
            return
