"""Control charts for counts: u, p, Laney's u′ and p′, and g for rare events; their limits, Nelson's rules, and what they show.

Sources (quality.md, Control charts): NIST/SEMATECH e-Handbook of Statistical Methods 6.3.3.1 (counts) and 6.3.3.2
(proportions); D. C. Montgomery, Introduction to Statistical Quality Control, ch. 7; D. B. Laney, Improved control charts
for attributes, Quality Engineering 14 (2002), 531-537; L. S. Nelson, The Shewhart control chart: tests for special causes,
Journal of Quality Technology 16 (1984), 237-239; J. C. Benneyan, Number-between g-type statistical quality control charts,
Health Care Management Science 4 (2001), 305-318.

Two things are decided here. The lines of a g-chart are points of the geometric distribution with as much probability beyond
them as the normal one has beyond 1, 2 and 3 σ, and its centre is the median: 3 σ of so skew a distribution would call one gap
in 60 extraordinary, and 9 gaps in a row below the mean are nothing rare. And rules are asked of scores (how many σ from the
centre), so that they hold where the limits follow changing sizes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from enum import Enum
from itertools import pairwise
from math import ceil, log1p, sqrt
from statistics import NormalDist, fmean

from qmdesk.i18n import N_
from qmdesk.values import dataclass

BASELINE = 12
"""So many periods make a baseline; with fewer the chart is provisional (quality.md)."""
RARE = 2.0
"""Fewer expected in a period than so many: a g-chart (quality.md)."""
LARGE = 1000
"""So many in a period on average are many: Laney's limits. A convention of this program; quality.md says "large n"."""
MOVING_RANGE = 1.128
"""d₂ of two: how many σ the mean difference of neighbours is."""
LINES = (-3, -2, -1, 0, 1, 2, 3)


class ChartKind(Enum):
    """How a chart finds its limits."""

    U = "u"
    P = "p"
    LANEY_U = "u-laney"
    LANEY_P = "p-laney"
    G = "g"


class Rule(Enum):
    """Nelson's tests that quality.md names, in its order."""

    BEYOND = "beyond"
    RUN = "run"
    TREND = "trend"
    ALTERNATING = "alternating"
    TWO_OF_THREE = "two_of_three"
    FOUR_OF_FIVE = "four_of_five"


RULE_WORDS = {
    Rule.BEYOND: N_("A point beyond a limit"),
    Rule.RUN: N_("9 in a row on one side"),
    Rule.TREND: N_("6 rising or falling in a row"),
    Rule.ALTERNATING: N_("14 up and down in turn"),
    Rule.TWO_OF_THREE: N_("2 of 3 beyond 2 sigma"),
    Rule.FOUR_OF_FIVE: N_("4 of 5 beyond 1 sigma"),
}
USUAL_RULES = (Rule.BEYOND, Rule.RUN)
"""The others find more and cry wolf more often."""


@dataclass(frozen=True)
class Hit:
    """A rule met by the points from ``first`` to ``last`` (places, from 0); ``side`` is 1 above or rising, -1 below or falling, 0 both."""

    rule: Rule
    first: int
    last: int
    side: int


@dataclass(frozen=True)
class ControlChart:
    """Points with their centre and limits. Where a period has no size it has no value and is passed over."""

    kind: ChartKind
    values: tuple[float | None, ...]
    """Shares (p), events per unit (u), or units between two events (g)."""
    sizes: tuple[float, ...]
    """What each value was counted on; of a g-chart 1 everywhere."""
    centre: float
    lines: tuple[tuple[float, ...], ...]
    """For each of LINES, from -3 to 3 sigma, where it runs at each point."""
    scores: tuple[float | None, ...]
    """How many sigma each point lies from the centre."""
    sigma_z: float
    """Laney's factor; 1 without it."""
    baseline: int
    """How many points, from the first, the centre and the limits come from."""
    provisional: bool
    hits: tuple[Hit, ...]

    @property
    def lower(self) -> tuple[float, ...]:
        """The lower control limit at each point."""
        return self.lines[0]

    @property
    def upper(self) -> tuple[float, ...]:
        """The upper control limit at each point."""
        return self.lines[-1]

    def line(self, sigmas: int) -> tuple[float, ...]:
        """Where the line of so many sigma (-3..3) runs."""
        return self.lines[LINES.index(sigmas)]


NOTHING = ControlChart(ChartKind.U, (), (), 0.0, tuple(() for _line in LINES), (), 1.0, 0, True, ())
"""The chart of no points at all."""


def chart_for(counts: Sequence[float], sizes: Sequence[float], *, share: bool = False) -> ChartKind:
    """The chart that suits: g where fewer than two are expected in a period, Laney's where sizes are large, else u or p (``share``)."""
    periods = sum(size > 0 for size in sizes)
    if periods == 0 or sum(counts) / periods < RARE:
        return ChartKind.G
    if sum(sizes) / periods >= LARGE:
        return ChartKind.LANEY_P if share else ChartKind.LANEY_U
    return ChartKind.P if share else ChartKind.U


def u_chart(counts: Sequence[float], sizes: Sequence[float], *, laney: bool = False, baseline: int | None = BASELINE, rules: Sequence[Rule] = USUAL_RULES) -> ControlChart:
    """Events per unit: centre Σc/Σn, limits ū ± 3·√(ū/nᵢ), never below 0. ``baseline`` None: all points make the limits."""
    return _attributes(ChartKind.LANEY_U if laney else ChartKind.U, counts, sizes, lambda mean, size: sqrt(mean / size), None, baseline, rules)


def p_chart(counts: Sequence[float], sizes: Sequence[float], *, laney: bool = False, baseline: int | None = BASELINE, rules: Sequence[Rule] = USUAL_RULES) -> ControlChart:
    """Shares: centre Σx/Σn, limits p̄ ± 3·√(p̄(1-p̄)/nᵢ), never below 0 or above 1."""
    return _attributes(ChartKind.LANEY_P if laney else ChartKind.P, counts, sizes, lambda mean, size: sqrt(mean * (1 - mean) / size), 1.0, baseline, rules)


def _attributes(
    kind: ChartKind,
    counts: Sequence[float],
    sizes: Sequence[float],
    spread: Callable[[float, float], float],
    most: float | None,
    baseline: int | None,
    rules: Sequence[Rule],
) -> ControlChart:
    values = tuple(count / size if size > 0 else None for count, size in zip(counts, sizes, strict=True))
    taken = _taken(values, baseline)
    of = sum(sizes[at] for at in taken)
    if not of:
        return NOTHING
    mean = sum(counts[at] for at in taken) / of
    sigmas = [spread(mean, size) if size > 0 else 0.0 for size in sizes]
    factor = 1.0
    if kind in (ChartKind.LANEY_U, ChartKind.LANEY_P):
        factor = _laney([(value - mean) / sigmas[at] if sigmas[at] else 0.0 for at in taken if (value := values[at]) is not None])
    widths = [sigma * factor for sigma in sigmas]
    lines = tuple(tuple(_within(mean + many * width, most) for width in widths) for many in LINES)
    scores = tuple(None if value is None else ((value - mean) / width if width else 0.0) for value, width in zip(values, widths, strict=True))
    return _charted(kind, values, tuple(map(float, sizes)), mean, lines, scores, factor, taken, rules)


def _within(value: float, most: float | None) -> float:
    return max(0.0, value if most is None else min(most, value))


def _laney(scores: Sequence[float]) -> float:
    """Laney's σz: the mean moving range of the scores over 1.128; 1 where it can't be told."""
    ranges = [abs(after - before) for before, after in pairwise(scores)]
    return (fmean(ranges) / MOVING_RANGE if ranges else 0.0) or 1.0


def g_chart(gaps: Sequence[float], *, baseline: int | None = BASELINE, rules: Sequence[Rule] = USUAL_RULES) -> ControlChart:
    """Units (orders, or days) between one event and the next, none where they follow each other: p = 1/(ḡ + 1)."""
    values = tuple(map(float, gaps))
    taken = _taken(values, baseline)
    if not taken:
        return NOTHING
    chance = 1 / (fmean(values[at] for at in taken) + 1)
    lines = tuple(tuple([_quantile(NormalDist().cdf(many), chance)] * len(values)) for many in LINES)
    scores = tuple(_geometric_score(value, chance) for value in values)
    return _charted(ChartKind.G, values, (1.0,) * len(values), lines[3][0], lines, scores, 1.0, taken, rules)


def _quantile(share: float, chance: float) -> float:
    """The least whole gap that at least this share of gaps does not pass: P(X ≤ k) = 1 - (1 - chance)^(k + 1)."""
    if chance >= 1:
        return 0.0
    return float(max(0, ceil(log1p(-share) / log1p(-chance) - 1 - 1e-9)))


def _geometric_score(gap: float, chance: float) -> float:
    """How many sigma of the normal distribution a gap stands for: the middle of P(X < gap) and P(X ≤ gap)."""
    if chance >= 1:
        return 0.0
    beyond = ((1 - chance) ** gap + (1 - chance) ** (gap + 1)) / 2
    return -NormalDist().inv_cdf(min(max(beyond, 1e-300), 1 - 1e-16))


def _taken(values: Sequence[float | None], baseline: int | None) -> list[int]:
    """The places of the points that make centre and limits."""
    return [at for at, value in enumerate(values) if value is not None][:baseline]


def _charted(
    kind: ChartKind,
    values: tuple[float | None, ...],
    sizes: tuple[float, ...],
    centre: float,
    lines: tuple[tuple[float, ...], ...],
    scores: tuple[float | None, ...],
    sigma_z: float,
    taken: Sequence[int],
    rules: Sequence[Rule],
) -> ControlChart:
    provisional = len(taken) < BASELINE
    there = [at for at, value in enumerate(values) if value is not None]
    found = tuple(hit for rule in Rule if rule in rules for hit in _found(rule, there, values, lines, scores))
    return ControlChart(kind, values, sizes, centre, lines, scores, sigma_z, taken[-1] + 1, provisional, found)


# ------------------------------------------------------------------------------------------------ Nelson's rules


def _found(rule: Rule, there: Sequence[int], values: Sequence[float | None], lines: Sequence[Sequence[float]], scores: Sequence[float | None]) -> Iterator[Hit]:
    """What a rule finds among the points that have a value; of patterns that run on, the whole."""
    shown = [value for at in there if (value := values[at]) is not None]
    standing = [score for at in there if (score := scores[at]) is not None]
    if rule is Rule.BEYOND:
        for at, value in zip(there, shown, strict=True):
            if not lines[0][at] <= value <= lines[-1][at]:
                yield Hit(rule, at, at, 1 if value > lines[-1][at] else -1)
    elif rule is Rule.RUN:
        yield from _streaks(rule, there, [_sign(score) for score in standing], 9)
    elif rule is Rule.TREND:
        steps = [_sign(after - before) for before, after in pairwise(shown)]
        yield from _streaks(rule, there, steps, 5, steps_between=True)
    elif rule is Rule.ALTERNATING:
        steps = [_sign(after - before) for before, after in pairwise(shown)]
        turned = [step * (-1) ** place for place, step in enumerate(steps)]
        yield from (Hit(rule, hit.first, hit.last, 0) for hit in _streaks(rule, there, turned, 13, steps_between=True))
    elif rule is Rule.TWO_OF_THREE:
        yield from _most_of(rule, there, standing, 2, 3, 2.0)
    else:
        yield from _most_of(rule, there, standing, 4, 5, 1.0)


def _sign(value: float) -> int:
    """Which side of 0; what lies on it within a hair lies on neither."""
    return 0 if abs(value) < 1e-9 else 1 if value > 0 else -1


def _streaks(rule: Rule, there: Sequence[int], signs: Sequence[int], least: int, *, steps_between: bool = False) -> Iterator[Hit]:
    """Runs of at least so many equal signs, each as one hit; steps lie between two points."""
    begin = 0
    for place in range(1, len(signs) + 1):
        if place == len(signs) or signs[place] != signs[begin]:
            if signs[begin] and place - begin >= least:
                yield Hit(rule, there[begin], there[place - 1 + steps_between], signs[begin])
            begin = place


def _most_of(rule: Rule, there: Sequence[int], scores: Sequence[float], many: int, of: int, beyond: float) -> Iterator[Hit]:
    """So many of so many neighbours beyond a line on the same side, neighbouring finds joined to one hit."""
    for side in (1, -1):
        first = last = -1
        for place in range(len(scores)):
            outside = [at for at in range(max(0, place - of + 1), place + 1) if scores[at] * side > beyond]
            if len(outside) < many or outside[-1] != place:
                continue
            if last >= 0 and outside[0] <= last:
                last = place
                continue
            if last >= 0:
                yield Hit(rule, there[first], there[last], side)
            first, last = outside[0], place
        if last >= 0:
            yield Hit(rule, there[first], there[last], side)
