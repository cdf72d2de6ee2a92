"""Where the card of what comes round leads; the card itself is loaded after the window is there."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from qmdesk.values import dataclass

if TYPE_CHECKING:  # the programme loads what the start does not need
    from qmdesk.operations.programme import Occurrence


@dataclass(frozen=True)
class Routine:
    """What the card leads to: ``hold_weekly`` holds quarter-hour quality, ``begin`` begins a checklist, the others show all that wait."""

    hold_weekly: Callable[[], object]
    begin: Callable[[Occurrence], object]
    programme: Callable[[], object]
    trainings: Callable[[], object]
    experiments: Callable[[], object]
    claims: Callable[[], object]
    opinions: Callable[[], object]
