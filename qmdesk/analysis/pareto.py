"""The order of Pareto: what comes most often first, its cumulative share, and the vital few (quality.md, Pareto).

The vital few are the shortest prefix that reaches 80 %. Ties go by name. What gathers the rest ("other", not known) stays last
and is never one of the vital few: where so much lies in it that the named ones don't reach 80 %, nothing is vital yet.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

VITAL = 0.8
_SAME = 1e-9


@dataclass(frozen=True)
class Heap:
    """One thing that is counted: its key, its name, how much of it there is and was in the period before."""

    key: int | str
    name: str
    value: float
    before: float = 0.0
    last: bool = False
    """Whether it gathers the rest."""


@dataclass(frozen=True)
class Bar:
    """One bar: ``keys`` has several where small ones were put together."""

    keys: tuple[int | str, ...]
    name: str
    value: float
    before: float
    share: float
    """Of all, 0..1."""
    cumulative: float
    """Of this bar and those before it, 0..1."""
    vital: bool
    last: bool


@dataclass(frozen=True)
class Pareto:
    """The bars in their order."""

    bars: tuple[Bar, ...]
    total: float
    before: float

    @property
    def vital(self) -> tuple[Bar, ...]:
        """The vital few; none where too much is not named."""
        return tuple(bar for bar in self.bars if bar.vital)


def pareto(heaps: Sequence[Heap], most: int | None = None, rest: str = "") -> Pareto:
    """Put heaps into order; of more than ``most`` those that are left are put together under the name ``rest``.

    Heaps of nothing or less are left out: there is no share of them.
    """
    found = sorted((one for one in heaps if one.value > 0), key=lambda one: (one.last, -one.value, one.name.casefold(), str(one.key)))
    total, before = sum(one.value for one in found), sum(max(0.0, one.before) for one in heaps)
    named = [one for one in found if not one.last]
    kept = named if most is None or len(named) <= most else named[:most]
    few = _vital(kept, total)
    groups: list[tuple[tuple[int | str, ...], str, float, float, bool]] = [((one.key,), one.name, one.value, one.before, one.last) for one in kept]
    if left := named[len(kept) :]:
        groups.append((tuple(one.key for one in left), rest, sum(one.value for one in left), sum(one.before for one in left), True))
    groups += [((one.key,), one.name, one.value, one.before, True) for one in found if one.last]
    bars, so_far = [], 0.0
    for at, (keys, name, value, earlier, last) in enumerate(groups):
        so_far += value
        bars.append(Bar(keys, name, value, earlier, value / total, min(1.0, so_far / total), at < few, last))
    return Pareto(tuple(bars), total, before)


def _vital(named: Sequence[Heap], total: float) -> int:
    """How many of the first reach 80 %; 0 where they do not."""
    so_far = 0.0
    for many, one in enumerate(named, 1):
        so_far += one.value
        if so_far >= total * (VITAL - _SAME):
            return many
    return 0
