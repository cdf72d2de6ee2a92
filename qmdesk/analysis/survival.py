"""How long things take when some are not finished yet: Kaplan and Meier's estimate, its quantiles and intervals.

E. L. Kaplan and P. Meier, Nonparametric estimation from incomplete observations, Journal of the American Statistical
Association 53 (1958), 457-481; the variance is Greenwood's, its interval by the log of the log; a quantile's interval is
where that of the curve crosses it (R. Brookmeyer and J. Crowley, Biometrics 38 (1982), 29-41). Cases still open are
censored (quality.md, time to settle). numpy is loaded with this module: only what measures a register imports it.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from itertools import pairwise
from operator import neg
from typing import Any

import numpy as np
import numpy.typing as npt

from qmdesk.analysis.comparison import Z95
from qmdesk.values import dataclass

_SAME = 1e-12
Floats = npt.NDArray[np.floating[Any]]
Numbers = Sequence[float] | npt.NDArray[np.float64]
Flags = Sequence[bool] | npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Survival:
    """The share still open after each time at which something was finished, with its 95 % interval; and how many never were."""

    times: tuple[float, ...]
    open_shares: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]
    finished: int
    still_open: int

    def after(self, time: float) -> float:
        """The share still open after a time."""
        before = [share for at, share in zip(self.times, self.open_shares, strict=True) if at <= time]
        return before[-1] if before else 1.0

    def quantile(self, share: float) -> float | None:
        """When this share (0.5: the median, 0.9) was finished; None while more than the rest are open.

        Where exactly the rest is open for a while, the middle of that while, so that with none open it is the usual median.
        """
        first, later = (bisect_left(self.open_shares, -rest, key=neg) for rest in (1 - share + _SAME, 1 - share - _SAME))
        if first == len(self.times):
            return None
        return (self.times[first] + self.times[min(later, len(self.times) - 1)]) / 2

    def interval(self, share: float) -> tuple[float | None, float | None]:
        """The 95 % interval of a quantile; an end that can't be told yet is None."""
        return _crossing(self.times, self.low, 1 - share), _crossing(self.times, self.high, 1 - share)


def _crossing(times: Sequence[float], shares: Sequence[float], rest: float) -> float | None:
    return next((time for time, share in zip(times, shares, strict=True) if share <= rest + _SAME), None)


@dataclass(frozen=True)
class Typical:
    """What is told of how long things take: the median with its 95 % interval, and the 90th percentile; None where too much is open."""

    median: float | None
    most: float | None
    low: float | None
    high: float | None
    finished: int
    still_open: int


def typical(took: Numbers, still_open: Flags) -> Typical:
    """The quantiles that ``survival`` tells, without its curve."""
    return typicals([(took, still_open)])[0]


def typicals(groups: Sequence[tuple[Numbers, Flags]]) -> list[Typical]:
    """What ``typical`` tells of each of several groups, worked out at once."""
    curves = _curves(groups)
    first, times = curves.first, curves.times
    there = np.flatnonzero(first[:-1] < first[1:])
    places, after = np.arange(len(times)), np.concatenate((times, (np.nan,)))

    def crossing(curve: Floats, rest: float) -> Floats:
        """Of each group the first time at which its curve is as low; the curve's end where it never is."""
        found = np.full(len(groups), np.nan)
        if len(there):
            at = np.minimum.reduceat(np.where(curve <= rest, places, len(curve)), first[there])
            found[there] = after[at]
        return found

    def quantile(share: float) -> Floats:
        early, later = crossing(curves.shares, 1 - share + _SAME), crossing(curves.shares, 1 - share - _SAME)
        later[there] = np.where(np.isnan(later[there]), times[first[there + 1] - 1], later[there])
        return (early + later) / 2

    half = float(np.log(0.5 + _SAME))
    columns = (quantile(0.5), quantile(0.9), crossing(curves.low, half), crossing(curves.high, half))
    told = zip(*([None if np.isnan(one) else one for one in column.tolist()] for column in columns), curves.finished, curves.still_open, strict=True)
    return [Typical(*one) for one in told]


def survival(took: Numbers, still_open: Flags) -> Survival:
    """The estimate from how long each took, or has been open so far where ``still_open``; ties finish before they are censored."""
    found = _curves([(took, still_open)])
    return Survival(_told(found.times), _told(found.shares), _told(np.exp(found.low)), _told(np.exp(found.high)), found.finished[0], found.still_open[0])


@dataclass(frozen=True, eq=False, repr=False)
class _Curves:
    """The curves of several groups behind each other; that of group i lies from ``first[i]`` to ``first[i + 1]``.

    ``low`` and ``high`` are the logarithms of the interval's ends: to find a crossing they need not be raised.
    """

    first: npt.NDArray[np.int64]
    times: Floats
    shares: Floats
    low: Floats
    high: Floats
    finished: list[int]
    still_open: list[int]


def _curves(groups: Sequence[tuple[Numbers, Flags]]) -> _Curves:
    found = [_steps(np.asarray(took, np.float64), np.asarray(still_open, np.bool_)) for took, still_open in groups]
    first = np.cumsum([0, *(len(times) for times, _finished, _at_risk, _waiting in found)])
    times, finished, at_risk = (np.concatenate([one[column] for one in found] or [np.zeros(0)]) for column in range(3))
    with np.errstate(divide="ignore", invalid="ignore"):  # where nobody is left, the curve ends at 0 and has no interval
        shares, variance = 1 - finished / at_risk, finished / (at_risk * (at_risk - finished))
        for start, end in pairwise(first.tolist()):
            np.cumprod(shares[start:end], out=shares[start:end])
            np.cumsum(variance[start:end], out=variance[start:end])
        logs = np.log(shares)
        power = np.exp(Z95 * np.sqrt(variance) / logs)
        low, high = logs / power, logs * power
    low, high = (np.where(np.isnan(bound), logs, bound) for bound in (low, high))
    waiting = [one[3] for one in found]
    return _Curves(first, times, shares, low, high, [len(took) - open_ for (took, _still), open_ in zip(groups, waiting, strict=True)], waiting)


def _steps(lengths: Floats, censored: npt.NDArray[np.bool_]) -> tuple[Floats, Floats, Floats, int]:
    """At which times something was finished, how many, how many were under watch until then; and how many never were."""
    waiting = int(np.count_nonzero(censored))
    ended = lengths[~censored]
    if not len(ended):
        return ended, ended, ended, waiting
    ended.sort()
    another = np.ones(len(ended), np.bool_)
    np.not_equal(ended[1:], ended[:-1], out=another[1:])
    begins = another.nonzero()[0]
    times, at_risk, finished = ended[begins], len(lengths) - begins.astype(np.float64), np.empty(len(begins))
    finished[:-1], finished[-1] = begins[1:] - begins[:-1], len(ended) - begins[-1]
    if waiting:
        still = lengths[censored]
        still.sort()
        at_risk -= still.searchsorted(times, "left")
    return times, finished, at_risk, waiting


def _told(column: Floats) -> tuple[float, ...]:
    return tuple(column.tolist())
