"""Whether an indicator really changed: before and after as counts, each with its interval, and the interval of the difference.

Shares (k of n) take Wilson's score interval, as quality.md asks, and their difference Newcombe's hybrid of the two (method 10
of R. G. Newcombe, Interval estimation for the difference between independent proportions, Statistics in Medicine 17, 1998,
873-890; the single share: method 3 of the same author, same volume, 857-872). Rates (events on an exposure, as on a
u-chart) take the score interval of a Poisson count, and their difference the same hybrid (G. Y. Zou and A. Donner,
Statistics in Medicine 27, 2008, 1693-1702: the method of variance estimates recovery). All are closed formulas.

When it is too few to judge is a convention of this program, no theorem: quality.md demands a minimum and leaves it open.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from math import sqrt

Z95 = 1.959963984540054
"""The 97.5 % point of the normal distribution: two-sided 95 %."""
FEWEST = 20
"""Of how many each side must be."""
FEWEST_EVENTS = 5
"""How many events both sides together must have; of a share also how many that are none."""


@dataclass(frozen=True)
class Interval:
    """From where to where, both ends included."""

    low: float
    high: float

    def holds(self, value: float) -> bool:
        """Whether a value lies in it."""
        return self.low <= value <= self.high


@dataclass(frozen=True)
class Counts:
    """``hits`` of ``of`` (at least 1): k of n, or events on an exposure."""

    hits: int
    of: int

    @property
    def value(self) -> float:
        """The share or the rate."""
        return self.hits / self.of


def share_interval(counts: Counts, z: float = Z95) -> Interval:
    """Wilson's score interval of a share: never below 0 or above 1, and not of width 0 where all or none were hit."""
    n, p = counts.of, counts.value
    middle, half = (p + z * z / (2 * n)), z * sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    scale = 1 + z * z / n
    low = 0.0 if counts.hits == 0 else (middle - half) / scale
    high = 1.0 if counts.hits == n else (middle + half) / scale
    return Interval(max(0.0, low), min(1.0, high))


def rate_interval(counts: Counts, z: float = Z95) -> Interval:
    """The score interval of a Poisson rate: the rates whose expected count is within z of its own root from what was seen."""
    x = counts.hits
    middle, half = x + z * z / 2, z * sqrt(x + z * z / 4)
    return Interval(max(0.0, middle - half) / counts.of if x else 0.0, (middle + half) / counts.of)


def difference(before: Counts, after: Counts, *, shares: bool, z: float = Z95) -> Interval:
    """The interval of after minus before, from the intervals of both."""
    single = share_interval if shares else rate_interval
    was, is_ = single(before, z), single(after, z)
    change = after.value - before.value
    down = sqrt((after.value - is_.low) ** 2 + (was.high - before.value) ** 2)
    up = sqrt((is_.high - after.value) ** 2 + (before.value - was.low) ** 2)
    return Interval(change - down, change + up)


class Judgement(Enum):
    """What a comparison shows."""

    TOO_FEW = "too_few"
    CHANCE = "chance"
    LOWER = "lower"
    HIGHER = "higher"


@dataclass(frozen=True)
class Comparison:
    """Two counts, the interval of each, and the interval of after minus before."""

    before: Counts
    after: Counts
    before_interval: Interval
    after_interval: Interval
    difference: Interval
    judgement: Judgement

    @property
    def change(self) -> float:
        """After minus before."""
        return self.after.value - self.before.value


def compare(before: Counts, after: Counts, *, shares: bool, z: float = Z95) -> Comparison:
    """Compare before and after. Of shares neither side may hit more than all."""
    single = share_interval if shares else rate_interval
    apart = difference(before, after, shares=shares, z=z)
    return Comparison(before, after, single(before, z), single(after, z), apart, _judge(before, after, apart, shares))


def _judge(before: Counts, after: Counts, apart: Interval, shares: bool) -> Judgement:
    events = before.hits + after.hits
    misses = before.of + after.of - events
    if min(before.of, after.of) < FEWEST or events < FEWEST_EVENTS or (shares and misses < FEWEST_EVENTS):
        return Judgement.TOO_FEW
    if apart.high < 0:
        return Judgement.LOWER
    return Judgement.HIGHER if apart.low > 0 else Judgement.CHANCE
