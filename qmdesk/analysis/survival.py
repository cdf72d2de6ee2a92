"""How long things take when some are not finished yet: Kaplan and Meier's estimate, its quantiles and intervals.

E. L. Kaplan and P. Meier, Nonparametric estimation from incomplete observations, Journal of the American Statistical
Association 53 (1958), 457-481; the variance is Greenwood's, its interval by the log of the log; a quantile's interval is
where that of the curve crosses it (R. Brookmeyer and J. Crowley, Biometrics 38 (1982), 29-41). Cases still open are
censored (quality.md, time to settle). numpy is loaded with this module: only what measures a register imports it.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from operator import neg
from typing import Any

import numpy as np
import numpy.typing as npt

from qmdesk.analysis.comparison import Z95
from qmdesk.values import dataclass

_SAME = 1e-12
Floats = npt.NDArray[np.floating[Any]]
Numbers = Sequence[float] | npt.NDArray[np.float64]


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


def typical(took: Numbers, still_open: Sequence[bool] | npt.NDArray[np.bool_]) -> Typical:
    """The quantiles that ``survival`` tells, without its curve: for figures of many groups at once."""
    times, shares, low, high, finished, waiting = _curve(took, still_open)

    def crossing(curve: Floats, rest: float) -> float | None:
        below = curve <= rest
        at = int(below.argmax()) if len(below) else 0
        return float(times[at]) if len(below) and below[at] else None

    def quantile(share: float) -> float | None:
        first, later = crossing(shares, 1 - share + _SAME), crossing(shares, 1 - share - _SAME)
        return first if first is None else (first + (float(times[-1]) if later is None else later)) / 2

    return Typical(quantile(0.5), quantile(0.9), crossing(low, 0.5 + _SAME), crossing(high, 0.5 + _SAME), finished, waiting)


def survival(took: Numbers, still_open: Sequence[bool] | npt.NDArray[np.bool_]) -> Survival:
    """The estimate from how long each took, or has been open so far where ``still_open``; ties finish before they are censored."""
    times, shares, low, high, finished, waiting = _curve(took, still_open)
    return Survival(_told(times), _told(shares), _told(low), _told(high), finished, waiting)


def _curve(took: Numbers, still_open: Sequence[bool] | npt.NDArray[np.bool_]) -> tuple[Floats, Floats, Floats, Floats, int, int]:
    lengths = np.asarray(took, np.float64)
    censored = np.asarray(still_open, np.bool_)
    times, finished = np.unique(lengths[~censored], return_counts=True)
    waiting = int(censored.sum())
    longer = np.searchsorted(np.sort(lengths[censored]), times, "left") if waiting else 0
    at_risk = len(lengths) - (np.cumsum(finished) - finished) - longer
    with np.errstate(divide="ignore", invalid="ignore"):  # where nobody is left, the curve ends at 0 and has no interval
        shares = np.cumprod(1 - finished / at_risk)
        variance = np.cumsum(finished / (at_risk * (at_risk - finished)))
        width = Z95 * np.sqrt(variance) / np.log(shares)
        low, high = shares ** np.exp(-width), shares ** np.exp(width)
    low, high = (np.where(np.isfinite(bound), bound, shares) for bound in (low, high))
    return times, shares, low, high, len(lengths) - waiting, waiting


def _told(column: Floats) -> tuple[float, ...]:
    return tuple(column.tolist())
