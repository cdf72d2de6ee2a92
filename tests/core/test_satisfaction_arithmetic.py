"""NPS, CSAT and CES: by hand, by the definition of a variance, and by scipy."""

from __future__ import annotations

from math import isclose, sqrt

import pytest
import scipy.stats
from hypothesis import given, settings
from hypothesis import strategies as st

from qmdesk.analysis.satisfaction import NOBODY, ces, ces_of, csat, csat_of, nps, nps_of, student

modest = settings(derandomize=True, max_examples=150, deadline=None)


def test_nps_is_promoters_less_detractors_with_the_interval_of_its_variance() -> None:
    found = nps(50, 30, 20)  # p = 0.5, d = 0.2: variance 0.7 - 0.09 = 0.61
    assert found.value == pytest.approx(30)
    half = 1.959963984540054 * sqrt(0.61 / 100) * 100
    assert (found.low, found.high) == (pytest.approx(30 - half), pytest.approx(30 + half))
    assert (found.numerator, found.denominator, found.too_few) == (30, 100, False)


@modest
@given(st.lists(st.integers(0, 10), min_size=2, max_size=80))
def test_the_variance_of_nps_is_that_of_its_scores(points: list[int]) -> None:
    scores = [1 if one >= 9 else -1 if one <= 6 else 0 for one in points]
    found = nps_of(points)
    mean, n = sum(scores) / len(scores), len(scores)
    variance = sum((score - mean) ** 2 for score in scores) / n
    assert found.value is not None
    assert found.high is not None
    assert isclose(found.value, mean * 100, abs_tol=1e-9)
    assert isclose(found.high, min(100.0, mean * 100 + scipy.stats.norm.ppf(0.975) * sqrt(variance / n) * 100), abs_tol=1e-6)


def test_csat_is_the_share_of_four_and_five_with_wilsons_interval() -> None:
    found = csat_of([5, 4, 4, 3, 1, 5, 2, 4, 5, 5])
    wilson = scipy.stats.binomtest(7, 10).proportion_ci(method="wilson")
    assert (found.value, found.low, found.high) == (0.7, pytest.approx(wilson.low), pytest.approx(wilson.high))


@modest
@given(st.lists(st.integers(1, 7), min_size=6, max_size=60).filter(lambda points: len(set(points)) > 1))
def test_ces_is_a_mean_with_students_interval(points: list[int]) -> None:
    found = ces_of(points)
    n, mean = len(points), sum(points) / len(points)
    low, high = scipy.stats.t.interval(0.95, n - 1, loc=mean, scale=scipy.stats.sem(points))
    assert found.value == pytest.approx(mean)
    assert (found.low, found.high) == (pytest.approx(max(1, low), abs=5e-3), pytest.approx(min(7, high), abs=5e-3))
    assert ces([points.count(one) for one in range(1, 8)]) == found


@pytest.mark.parametrize("freedom", [5, 9, 20, 100, 1000])
def test_students_point_is_scipys(freedom: int) -> None:
    assert student(freedom) == pytest.approx(scipy.stats.t.ppf(0.975, freedom), abs=2e-3)


def test_nobody_answered_is_no_value_and_nine_are_too_few() -> None:
    assert nps(0, 0, 0) == csat(0, 0) == ces([0] * 7) == NOBODY
    assert NOBODY.value is None
    assert csat(9, 9).too_few
    assert not csat(9, 10).too_few
