"""One figure, which always tells what it is made of: numerator, denominator, how many are behind it, its interval (quality.md)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Unit(StrEnum):
    """What a figure is counted in."""

    PERCENT = "percent"
    HOURS = "hours"
    DAYS = "days"
    POINTS = "points"
    MONEY = "money"


@dataclass(frozen=True)
class Measured:
    """One figure of one group.

    A share or a rate is ``numerator / denominator``; of a time the value is the median, and numerator / denominator the mean of
    those that are over. ``n`` is how many observations it rests on: orders or pieces sold of a rate, cases of a share or a time,
    answers of a survey, entries of a cost.
    """

    group: int | str | None
    """The key of the group: a record's id, a choice's value, "2026-10", "2026-W41", a text; 0 or "": not known; None: the whole."""
    name: str
    """The group in words; "" for the whole."""
    value: float | None
    """In its unit (per cent 0..100); None where it can't be told."""
    numerator: float
    denominator: float
    n: int
    low: float | None
    high: float | None
    """The 95 % interval, wherever there is one."""
    unit: Unit
    why: str = ""
    """A sentence: why there is no value, what was left out, or that it is too few to judge."""
    judged: bool = True
    """Whether it is enough to judge by; where it is not, ``why`` says so and the value is shown with its interval only."""
    most: float | None = None
    """Of a time: the 90th percentile."""
    still_open: int = 0
    """Of a time: how many are not over yet; they are counted as lasting at least until now."""
    working: float | None = None
    """Of the first answer: the median within the shop's hours."""
    working_most: float | None = None
    """Of the first answer: the 90th percentile within the shop's hours."""

    def of(self, group: int | str | None, name: str) -> Measured:
        """The same figure, as that of a group: what ``dataclasses.replace`` makes, which takes ten times as long for thousands."""
        made = object.__new__(Measured)
        vars(made).update(vars(self), group=group, name=name)
        return made
