"""Control charts: the published answers of textbooks, Nelson's rules, and what the sentence under a chart says."""

from __future__ import annotations

from math import sqrt

import numpy as np
import pytest
import scipy.stats
from hypothesis import given, settings
from hypothesis import strategies as st

from qmdesk.analysis.control import (
    NOTHING,
    ChartKind,
    ControlChart,
    Rule,
    chart_for,
    g_chart,
    p_chart,
    u_chart,
)
from qmdesk.analysis.control_words import told

modest = settings(derandomize=True, max_examples=100, deadline=None)

WAFERS = [16, 14, 28, 16, 12, 20, 10, 12, 10, 17, 19, 17, 14, 16, 15, 13, 14, 16, 11, 20, 11, 19, 16, 31, 13]
"""Defects on 25 wafers: NIST/SEMATECH e-Handbook of Statistical Methods 6.3.3.1, counts control charts."""
CANS = [12, 15, 8, 10, 4, 7, 16, 9, 14, 10, 5, 6, 17, 12, 22, 8, 10, 5, 13, 11, 20, 18, 24, 15, 9, 12, 7, 13, 9, 6]
"""Of 50 each: orange juice cans of D. C. Montgomery, Introduction to Statistical Quality Control, table 7.1 (6th ed.), the same shares as
the misregistered chips of the e-Handbook, 6.3.3.2."""
COMPUTERS = [10, 12, 8, 14, 10, 16, 11, 7, 10, 15, 9, 5, 7, 11, 12, 6, 8, 10, 7, 5]
"""Nonconformities in samples of 5 computers: the u-chart of Montgomery, ch. 7."""
CLOTH = [14, 12, 20, 11, 7, 10, 21, 16, 19, 23]
CLOTH_UNITS = [10, 8, 13, 10, 9.5, 10, 12, 10.5, 12, 12.5]
"""Nonconformities in rolls of dyed cloth of so many inspection units of 50 m²: the u-chart with changing sizes of Montgomery, ch. 7."""


def beyond(chart: ControlChart) -> list[int]:
    """The points beyond a limit, counted from 1 as the books do."""
    return [hit.first + 1 for hit in chart.hits if hit.rule is Rule.BEYOND]


def test_the_counts_chart_of_nist() -> None:
    chart = u_chart(WAFERS, [1] * 25, baseline=None)
    assert (chart.centre, chart.upper[0], chart.lower[0]) == (16, 28, 4)
    assert beyond(chart) == [24]  # 28 on the third lies on the limit, not beyond it


def test_the_proportions_chart_of_nist_and_montgomery() -> None:
    chart = p_chart(CANS, [50] * 30, baseline=None)
    assert (round(chart.centre, 4), round(chart.upper[0], 4), round(chart.lower[0], 4)) == (0.2313, 0.4102, 0.0524)
    assert beyond(chart) == [15, 23]
    kept = [cans for at, cans in enumerate(CANS, 1) if at not in (15, 23)]
    revised = p_chart(kept, [50] * 28, baseline=None)
    assert (round(revised.centre, 4), round(revised.upper[0], 4), round(revised.lower[0], 4)) == (0.2150, 0.3893, 0.0407)
    assert beyond(revised) == [20]  # the 21st of the samples before two were taken out


def test_the_u_chart_of_montgomerys_computers() -> None:
    chart = u_chart(COMPUTERS, [5] * 20, baseline=None)
    assert (round(chart.centre, 2), round(chart.upper[0], 2), round(chart.lower[0], 2)) == (1.93, 3.79, 0.07)
    assert beyond(chart) == []


def test_the_u_chart_of_montgomerys_cloth_has_limits_for_each_size() -> None:
    chart = u_chart(CLOTH, CLOTH_UNITS, baseline=None)
    assert round(chart.centre, 2) == 1.42
    # the book rounds the centre to 1.42 before it goes on
    assert chart.upper == pytest.approx([2.55, 2.68, 2.41, 2.55, 2.58, 2.55, 2.45, 2.52, 2.45, 2.43], abs=0.012)
    assert chart.lower == pytest.approx([0.29, 0.16, 0.43, 0.29, 0.26, 0.29, 0.39, 0.32, 0.39, 0.41], abs=0.012)
    assert beyond(chart) == []


# No published example of Laney's and of the g-chart is known to us with all its numbers: both are worked out again, differently.


@modest
@given(st.lists(st.tuples(st.integers(0, 60), st.integers(61, 5000)), min_size=3, max_size=40).filter(lambda rows: sum(count for count, _size in rows) > 0))
def test_laneys_limits_are_those_of_numpy(rows: list[tuple[int, int]]) -> None:
    counts, sizes = np.array(rows, float).T
    chart = p_chart(list(counts), list(sizes), laney=True, baseline=None)
    mean = counts.sum() / sizes.sum()
    sigma = np.sqrt(mean * (1 - mean) / sizes)
    factor = np.abs(np.diff((counts / sizes - mean) / sigma)).mean() / (2 / sqrt(np.pi)) or 1.0  # d2 of two is 2/√π, 1.128
    assert chart.sigma_z == pytest.approx(factor, rel=1e-3)
    assert chart.upper == pytest.approx(np.clip(mean + 3 * sigma * factor, 0, 1), rel=2e-3)
    assert chart.lower == pytest.approx(np.clip(mean - 3 * sigma * factor, 0, 1), rel=1e-2, abs=1e-3)


def test_laney_widens_what_chance_alone_does_not_explain() -> None:
    seeded = np.random.default_rng(7)
    rates = 0.05 + seeded.normal(0, 0.01, 60)
    counts = [float(count) for count in seeded.binomial(20_000, rates)]
    plain, laney = p_chart(counts, [20_000] * 60, baseline=None), p_chart(counts, [20_000] * 60, laney=True, baseline=None)
    assert len(beyond(plain)) > 20
    assert beyond(laney) == []
    assert laney.sigma_z > 4
    pure = [float(count) for count in seeded.binomial(20_000, 0.05, 400)]
    assert p_chart(pure, [20_000] * 400, laney=True, baseline=None).sigma_z == pytest.approx(1, abs=0.15)


@modest
@given(st.lists(st.integers(0, 400), min_size=2, max_size=60).filter(lambda gaps: sum(gaps) > 0))
def test_the_lines_of_a_g_chart_are_points_of_the_geometric_distribution(gaps: list[int]) -> None:
    chart = g_chart(gaps, baseline=None)
    geometric = scipy.stats.geom(1 / (np.mean(gaps) + 1), loc=-1)
    for sigmas in (-3, -2, -1, 0, 1, 2, 3):
        line, share = chart.line(sigmas)[0], scipy.stats.norm.cdf(sigmas)
        assert geometric.cdf(line) >= share - 1e-7
        assert line == 0 or geometric.cdf(line - 1) <= share + 1e-7
    assert chart.centre == chart.line(0)[0]


def test_a_g_chart_calls_few_gaps_extraordinary() -> None:
    seeded = np.random.default_rng(3)
    gaps = [float(gap - 1) for gap in seeded.geometric(0.02, 20_000)]
    assert len(beyond(g_chart(gaps, baseline=None))) / 20_000 < 0.003  # with 3 σ it would be 0.018
    runs = [hit for hit in g_chart(gaps, baseline=None).hits if hit.rule is Rule.RUN]
    assert sum(hit.last - hit.first - 7 for hit in runs) / 20_000 < 0.006  # 2 · 0.5^9, as about any median


def of_scores(scores: list[float], *rules: Rule) -> list[tuple[int, int, int]]:
    """What the rules find in points so many sigma from a centre that 12 quiet points make."""
    quiet = [100.0, 110.0, 90.0, 100.0] * 3  # Laney's factor is not asked for: the sigma of a count of 100 is 10
    chart = u_chart([*quiet, *(100 + 10 * score for score in scores)], [1] * (12 + len(scores)), rules=rules)
    return [(hit.first - 11, hit.last - 11, hit.side) for hit in chart.hits if hit.last > 11]


def test_beyond_a_limit() -> None:
    assert of_scores([3.1, 3.0, -3.1, 0], Rule.BEYOND) == [(1, 1, 1), (3, 3, -1)]


def test_nine_on_one_side_are_one_find_and_eight_are_none() -> None:
    assert of_scores([-1] + [0.5] * 8 + [-1], Rule.RUN) == []
    assert of_scores([-1] + [0.5] * 11 + [-1], Rule.RUN) == [(2, 12, 1)]
    assert of_scores([1] + [-0.5] * 9, Rule.RUN) == [(2, 10, -1)]
    assert of_scores([-1, 0.5, 0.5, 0.5, 0.5, 0, 0.5, 0.5, 0.5, 0.5, 0.5], Rule.RUN) == []  # on the line is on no side


def test_six_rising_or_falling() -> None:
    assert of_scores([0, -1, -0.5, 0, 0.5, 1], Rule.TREND) == []
    assert of_scores([0, -1, -0.5, 0, 0.5, 1, 1.5, 1.4], Rule.TREND) == [(2, 7, 1)]
    assert of_scores([0, 1, 0.8, 0.6, 0.4, 0.2, 0.1, -0.5, 0], Rule.TREND) == [(2, 8, -1)]


def test_fourteen_in_turn() -> None:
    assert of_scores([0, 0, *([1, -1] * 7), -1], Rule.ALTERNATING) == [(2, 16, 0)]
    assert of_scores([0, 0, *([1, -1] * 6), -1], Rule.ALTERNATING) == []


def test_two_of_three_and_four_of_five() -> None:
    assert of_scores([0, 2.1, 0, 2.1, 0], Rule.TWO_OF_THREE) == [(2, 4, 1)]
    assert of_scores([0, 2.1, 0, -2.1, 0], Rule.TWO_OF_THREE) == []
    assert of_scores([0, -2.1, -2.5, -2.2, 0], Rule.TWO_OF_THREE) == [(2, 4, -1)]
    assert of_scores([0, 1.1, 1.1, 0, 1.1, 1.1, 0], Rule.FOUR_OF_FIVE) == [(2, 6, 1)]
    assert of_scores([0, 1.1, 1.1, 0, 1.1, 0.9, 0], Rule.FOUR_OF_FIVE) == []


def test_limits_come_from_the_first_twelve_and_before_them_are_provisional() -> None:
    chart = u_chart([5] * 12 + [50], [100] * 13)
    assert (chart.centre, chart.baseline, chart.provisional) == (0.05, 12, False)
    assert [hit.first for hit in chart.hits] == [12]
    early = u_chart([5] * 11, [100] * 11)
    assert early.provisional


def test_a_period_without_sales_has_no_value_and_breaks_nothing() -> None:
    chart = u_chart([5, 0, 5, 5], [100, 0, 100, 100])
    assert chart.values == (0.05, None, 0.05, 0.05)
    assert chart.centre == 0.05
    assert u_chart([0, 0], [0, 0]) == NOTHING == g_chart([])


def test_no_event_at_all_has_no_width_and_no_alarm() -> None:
    chart = p_chart([0] * 15, [40] * 15)
    assert (chart.centre, chart.upper[0], chart.hits) == (0, 0, ())


def test_which_chart_suits() -> None:
    assert chart_for([1, 2, 0, 3], [50] * 4) is ChartKind.G
    assert chart_for([5, 7, 6], [200] * 3) is ChartKind.U
    assert chart_for([5, 7, 6], [200] * 3, share=True) is ChartKind.P
    assert chart_for([500, 700, 600], [20_000] * 3) is ChartKind.LANEY_U
    assert chart_for([500, 700, 600], [20_000] * 3, share=True) is ChartKind.LANEY_P
    assert chart_for([], []) is ChartKind.G


def test_the_sentence_says_what_the_chart_shows() -> None:
    names = [f"month {at}" for at in range(1, 31)]
    quiet = [9.0, 11.0] * 6
    assert told(u_chart(quiet, [100] * 12), names) == "Every point lies within the limits and no run stands out: the ups and downs are chance."
    assert told(u_chart([*quiet, 40], [100] * 13), names) == "Clearly worse than usual: month 13. Chance hardly explains it; look for what changed then."
    assert told(u_chart([*quiet, 40], [100] * 13), names, higher_is_better=True).startswith("Clearly better than usual: month 13.")
    fallen = told(u_chart([9.0, 11.0] * 6 + [6.0] * 9, [100] * 21), names)
    assert fallen == "9 points in a row on the better side (month 13 – month 21): something changed for the better around the first of them."
    assert "Provisional: the limits come from 3 points; reliable ones take 12." in told(u_chart([5, 5, 5], [100] * 3), names)
    assert told(NOTHING, []) == "There is nothing to show yet."
    gaps = g_chart([30.0, 20.0, 45.0, 25.0, 10.0, 80.0, 33.0, 22.0, 51.0, 18.0, 40.0, 27.0, 900.0])
    assert told(gaps, names).startswith("Clearly better than usual: month 13.")
