"""NPS, CSAT and CES from counted answers, each with its 95 % interval (quality.md, Indicators).

NPS is the mean of a score in {1, 0, -1} times 100: with shares p of promoters and d of detractors its variance is
p + d - (p - d)², as quality.md gives it. CSAT is a share and takes Wilson's interval. CES is a mean of points and takes
Student's; its 97.5 % point is the expansion of Abramowitz and Stegun, Handbook of Mathematical Functions, 26.7.5.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import sqrt

from qmdesk.analysis.comparison import Z95, Counts, share_interval

FEWEST = 10
"""Below so many answers it is too few to judge (quality.md; a convention of this program)."""
PROMOTES, DETRACTS = 9, 6
"""From how many of 0 to 10 points on a customer promotes, and up to how many one detracts."""
SATISFIED = 4
"""From how many of 1 to 5 points on a customer is satisfied."""
MOST_EASE = 7


@dataclass(frozen=True)
class Score:
    """A figure of satisfaction: points -100..100 (NPS), a share 0..1 (CSAT) or points 1..7 (CES); value = numerator / denominator,
    of NPS times 100. No answer: no value; ``low`` and ``high`` are None where no interval can be told."""

    value: float | None
    numerator: int
    denominator: int
    low: float | None
    high: float | None

    @property
    def n(self) -> int:
        """How many answered."""
        return self.denominator

    @property
    def too_few(self) -> bool:
        """Whether it is too few to judge."""
        return self.denominator < FEWEST


NOBODY = Score(None, 0, 0, None, None)


def nps(promoters: int, passives: int, detractors: int) -> Score:
    """Per cent of promoters minus per cent of detractors, in points -100..100."""
    n = promoters + passives + detractors
    if n == 0:
        return NOBODY
    p, d = promoters / n, detractors / n
    half = Z95 * sqrt((p + d - (p - d) ** 2) / n) * 100
    value = (p - d) * 100
    return Score(value, promoters - detractors, n, max(-100.0, value - half), min(100.0, value + half))


def nps_of(points: Iterable[int]) -> Score:
    """NPS of answers of 0 to 10 points."""
    given = list(points)
    promoters, detractors = sum(one >= PROMOTES for one in given), sum(one <= DETRACTS for one in given)
    return nps(promoters, len(given) - promoters - detractors, detractors)


def csat(satisfied: int, of: int) -> Score:
    """The share of customers who are satisfied, 0..1."""
    if of == 0:
        return NOBODY
    counts = Counts(satisfied, of)
    interval = share_interval(counts)
    return Score(counts.value, satisfied, of, interval.low, interval.high)


def csat_of(points: Iterable[int]) -> Score:
    """CSAT of answers of 1 to 5 points."""
    given = list(points)
    return csat(sum(one >= SATISFIED for one in given), len(given))


def ces(counts: Sequence[int]) -> Score:
    """The mean of a scale of 1 to 7, ``counts[0]`` answers of 1 point and so on; an interval from two answers on."""
    n, total = sum(counts), sum(points * many for points, many in enumerate(counts, 1))
    if n == 0:
        return NOBODY
    mean = total / n
    if n == 1:
        return Score(mean, total, n, None, None)
    deviation = sqrt(sum(many * (points - mean) ** 2 for points, many in enumerate(counts, 1)) / (n - 1))
    half = student(n - 1) * deviation / sqrt(n)
    return Score(mean, total, n, max(1.0, mean - half), min(float(MOST_EASE), mean + half))


def ces_of(points: Iterable[int]) -> Score:
    """CES of answers of 1 to 7 points."""
    given = list(points)
    return ces([given.count(one) for one in range(1, MOST_EASE + 1)])


def student(freedom: int, z: float = Z95) -> float:
    """The point of Student's distribution with so many degrees of freedom that the normal one has at ``z``.

    To three digits from five degrees on; of fewer it is too small, which nobody is told: that is too few to judge.
    """
    terms = (
        z,
        (z**3 + z) / 4,
        (5 * z**5 + 16 * z**3 + 3 * z) / 96,
        (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384,
        (79 * z**9 + 776 * z**7 + 1482 * z**5 - 1920 * z**3 - 945 * z) / 92160,
    )
    return sum(term / float(freedom) ** power for power, term in enumerate(terms))
