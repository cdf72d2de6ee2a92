"""Kaplan and Meier's estimate: a published table, and scipy's."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
import scipy.stats
from hypothesis import given, settings
from hypothesis import strategies as st

from qmdesk.analysis.survival import survival, typical

LONGER = [6, 6, 6, 6, 7, 9, 10, 10, 11, 13, 16, 17, 19, 20, 22, 23, 25, 32, 32, 34, 35]
LONGER_OPEN = [at in (3, 5, 7, 8, 11, 12, 13, 16, 17, 18, 19, 20) for at in range(21)]
"""Weeks in remission with 6-mercaptopurine: E. J. Freireich and others, Blood 21 (1963), the example of most textbooks of survival."""
SHORTER = [1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23]
"""The same with placebo: nobody was left."""


def test_the_published_remission_times() -> None:
    found = survival(LONGER, LONGER_OPEN)
    assert found.times == (6, 7, 10, 13, 16, 22, 23)
    assert [round(share, 3) for share in found.open_shares] == [0.857, 0.807, 0.753, 0.690, 0.627, 0.538, 0.448]
    assert (found.quantile(0.5), found.quantile(0.9)) == (23, None)
    assert (found.finished, found.still_open) == (9, 12)


def test_without_open_ones_it_is_the_plain_distribution() -> None:
    found = survival(SHORTER, [False] * 21)
    assert (found.quantile(0.5), found.quantile(0.9), found.after(0), found.after(23)) == (8, 17, 1.0, 0.0)
    assert found.interval(0.5) == (4, 11)  # as R's survfit tells it with conf.type "log-log"


def test_nothing_finished_has_no_median() -> None:
    assert survival([], []).quantile(0.5) is None
    assert survival([3, 4], [True, True]).quantile(0.5) is None


@settings(derandomize=True, max_examples=120, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 60), st.booleans()), min_size=1, max_size=80).filter(lambda rows: not all(still for _took, still in rows)))
def test_the_curve_and_its_interval_are_scipys(rows: list[tuple[int, bool]]) -> None:
    took, still = np.array([one for one, _still in rows], float), np.array([flag for _one, flag in rows])
    found = survival(took, still)
    theirs = scipy.stats.ecdf(scipy.stats.CensoredData.right_censored(took, still)).sf
    assert [found.after(at) for at in theirs.quantiles] == pytest.approx(list(theirs.probabilities))
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # scipy says that an interval can't be told at the ends
        bounds = theirs.confidence_interval(method="log-log")
    for at, time in enumerate(found.times):
        place = int(np.searchsorted(theirs.quantiles, time))
        if 0 < found.open_shares[at] < 1 and np.isfinite(bounds.low.probabilities[place]):
            assert (found.low[at], found.high[at]) == (pytest.approx(bounds.low.probabilities[place]), pytest.approx(bounds.high.probabilities[place]))


@settings(derandomize=True, max_examples=120, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 60), st.booleans()), max_size=80))
def test_what_is_told_in_short_is_what_the_curve_tells(rows: list[tuple[int, bool]]) -> None:
    took, still = [float(one) for one, _still in rows], [flag for _one, flag in rows]
    found, short = survival(took, still), typical(took, still)
    assert (short.median, short.most, short.low, short.high) == (found.quantile(0.5), found.quantile(0.9), *found.interval(0.5))
    assert (short.finished, short.still_open) == (found.finished, found.still_open)
    if rows and not any(still):
        assert short.median == float(np.median(took))
