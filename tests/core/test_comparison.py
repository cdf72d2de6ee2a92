"""Before and after as counts: intervals against published values, and what must hold of them whatever the counts."""

from __future__ import annotations

from math import isclose, sqrt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qmdesk.analysis.comparison import (
    FEWEST,
    Z95,
    Counts,
    Judgement,
    compare,
    difference,
    rate_interval,
    share_interval,
)

modest = settings(derandomize=True, max_examples=200, deadline=None)


@st.composite
def shares(draw: st.DrawFn, most: int = 5000) -> Counts:
    of = draw(st.integers(1, most))
    return Counts(draw(st.integers(0, of)), of)


rates = st.builds(Counts, st.integers(0, 5000), st.integers(1, 5000))


@pytest.mark.parametrize(
    ("hits", "of", "low", "high"),
    # Newcombe 1998, Statistics in Medicine 17, 857-872, table I, method 3
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_a_share_has_the_published_interval_of_wilson(hits: int, of: int, low: float, high: float) -> None:
    found = share_interval(Counts(hits, of))
    assert (round(found.low, 4), round(found.high, 4)) == (low, high)


@pytest.mark.parametrize(
    ("one", "other", "low", "high"),
    # Newcombe 1998, Statistics in Medicine 17, 873-890, table II, method 10: the first minus the second
    [
        ((56, 70), (48, 80), 0.0524, 0.3339),
        ((9, 10), (3, 10), 0.1705, 0.8090),
        ((6, 7), (2, 7), 0.0582, 0.8062),
        ((5, 56), (0, 29), -0.0381, 0.1926),
        ((0, 10), (0, 20), -0.1611, 0.2775),
        ((0, 10), (0, 10), -0.2775, 0.2775),
        ((10, 10), (0, 20), 0.6791, 1.0),
        ((10, 10), (0, 10), 0.6075, 1.0),
    ],
)
def test_a_difference_of_shares_has_the_published_interval_of_newcombe(one: tuple[int, int], other: tuple[int, int], low: float, high: float) -> None:
    found = difference(Counts(*other), Counts(*one), shares=True)
    assert (round(found.low, 4), round(found.high, 4)) == (low, high)


@modest
@given(rates)
def test_the_ends_of_the_interval_of_a_rate_are_z_of_their_own_root_away(counts: Counts) -> None:
    found = rate_interval(counts)
    for end in (found.low, found.high):
        expected = end * counts.of
        if expected > 0:
            assert isclose(abs(counts.hits - expected) / sqrt(expected), Z95, rel_tol=1e-6)
    assert found.holds(counts.value)


@modest
@given(shares())
def test_an_interval_of_a_share_holds_it_and_mirrors_its_opposite(counts: Counts) -> None:
    found, other = share_interval(counts), share_interval(Counts(counts.of - counts.hits, counts.of))
    assert 0 <= found.low <= counts.value <= found.high <= 1
    assert found.low < found.high
    assert isclose(found.low, 1 - other.high, abs_tol=1e-12)


@modest
@given(st.integers(1, 200))
def test_of_very_many_a_share_is_a_rate(hits: int) -> None:
    counts = Counts(hits, 10_000_000)
    share, rate = share_interval(counts), rate_interval(counts)
    assert isclose(share.low, rate.low, rel_tol=1e-3)
    assert isclose(share.high, rate.high, rel_tol=1e-3)


@modest
@given(shares(), shares(), st.booleans())
def test_a_difference_holds_what_was_seen_and_turns_round_with_its_sides(before: Counts, after: Counts, of_shares: bool) -> None:
    found, back = difference(before, after, shares=of_shares), difference(after, before, shares=of_shares)
    assert found.holds(after.value - before.value)
    assert isclose(found.low, -back.high, abs_tol=1e-12)
    if of_shares:
        assert found.low >= -1 - 1e-12
        assert found.high <= 1 + 1e-12


@modest
@given(shares(), st.booleans())
def test_no_change_is_never_more_than_chance(counts: Counts, of_shares: bool) -> None:
    assert compare(counts, counts, shares=of_shares).judgement in (Judgement.CHANCE, Judgement.TOO_FEW)


@modest
@given(shares(), shares(), st.integers(2, 20))
def test_more_of_the_same_narrows_the_interval(before: Counts, after: Counts, times: int) -> None:
    few = difference(before, after, shares=False)
    many = difference(Counts(before.hits * times, before.of * times), Counts(after.hits * times, after.of * times), shares=False)
    assert many.high - many.low < few.high - few.low


@pytest.mark.parametrize(
    ("before", "after", "judgement"),
    [
        ((12, 120), (1, 130), Judgement.LOWER),
        ((1, 130), (12, 120), Judgement.HIGHER),
        ((12, 120), (9, 130), Judgement.CHANCE),
        ((5, FEWEST - 1), (0, 200), Judgement.TOO_FEW),
        ((3, 100), (1, 100), Judgement.TOO_FEW),
        ((99, 100), (98, 100), Judgement.TOO_FEW),
    ],
)
def test_what_a_comparison_shows(before: tuple[int, int], after: tuple[int, int], judgement: Judgement) -> None:
    assert compare(Counts(*before), Counts(*after), shares=True).judgement is judgement
