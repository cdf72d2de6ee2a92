"""How long something takes, when some of it is not over yet: the median and the 90th percentile by Kaplan and Meier.

What is still open is counted as lasting at least until now (E. L. Kaplan and P. Meier, Nonparametric estimation from incomplete
observations, JASA 53, 1958, 457-481). Where the curve stands still at the share asked for, the middle of that stretch is told,
so that without anything open it is the usual median. The interval of the median is that of R. Brookmeyer and J. Crowley
(Biometrics 38, 1982, 29-41) on the log(-log) scale with Greenwood's variance.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from qmdesk.analysis.comparison import Z95
from qmdesk.values import dataclass

Floats = npt.NDArray[np.float64]
MEDIAN, MOST = 0.5, 0.9
_SAME = 1e-12


@dataclass(frozen=True)
class Lasting:
    """How long something takes, in the unit of what was given; None where so much of it is still open that it can't be told."""

    median: float | None
    most: float | None
    """The 90th percentile."""
    low: float | None
    high: float | None
    """The 95 % interval of the median; the upper end is None where it is not known yet."""
    over: int
    still_open: int
    total: float
    """All that is over, added up."""


def lasting(times: Floats, still_open: npt.NDArray[np.bool_]) -> Lasting:
    """How long it takes: ``times`` until it was over, or until now where it is still open."""
    over = times[~still_open]
    moments, ended = np.unique(over, return_counts=True)
    if not len(moments):
        return Lasting(None, None, None, None, 0, len(times), 0.0)
    in_order = np.sort(times)
    at_risk = len(times) - np.searchsorted(in_order, moments)  # what is open as long as this still counts
    staying = np.cumprod(1 - ended / at_risk, dtype=np.float64)
    low, high = _interval(moments, ended, at_risk, staying)
    return Lasting(_quantile(moments, staying, MEDIAN), _quantile(moments, staying, MOST), low, high, len(over), int(still_open.sum()), float(over.sum()))


def _quantile(moments: Floats, staying: Floats, share: float) -> float | None:
    below = np.flatnonzero(staying <= 1 - share + _SAME)
    if not len(below):
        return None
    at = int(below[0])
    if abs(staying[at] - (1 - share)) <= _SAME and at + 1 < len(moments):
        return float(moments[at] + moments[at + 1]) / 2
    return float(moments[at])


def _interval(moments: Floats, ended: npt.NDArray[np.int64], at_risk: npt.NDArray[np.int64], staying: Floats) -> tuple[float | None, float | None]:
    inner = (staying > _SAME) & (staying < 1 - _SAME)  # the scale has no ends
    if not inner.any():
        return None, None
    greenwood = np.cumsum(ended[inner] / (at_risk[inner] * (at_risk[inner] - ended[inner])))
    logs = np.log(staying[inner])
    far = (np.log(-logs) - np.log(-np.log(1 - MEDIAN))) / (np.sqrt(greenwood) / -logs)
    near = np.flatnonzero(np.abs(far) <= Z95)
    if not len(near):
        return None, None
    first, last = int(np.flatnonzero(inner)[near[0]]), int(np.flatnonzero(inner)[near[-1]])
    return float(moments[first]), float(moments[last + 1]) if last + 1 < len(moments) else None
