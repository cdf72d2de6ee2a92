"""Early warning: exact tails, Benjamini and Hochberg's own table, and two hundred shops with and without a bad batch."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.stats
from hypothesis import given, settings
from hypothesis import strategies as st

from qmdesk.analysis.early_warning import Group, adjusted, judge, tail

modest = settings(derandomize=True, max_examples=200, deadline=None)

THROMBOLYSIS = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.000]
"""The 15 hypotheses of Benjamini and Hochberg 1995, section 4: at q = 0.05 the first four are discoveries."""


def test_benjamini_and_hochbergs_own_example() -> None:
    assert [q <= 0.05 for q in adjusted(THROMBOLYSIS)] == [True] * 4 + [False] * 11
    assert adjusted(list(reversed(THROMBOLYSIS))) == list(reversed(adjusted(THROMBOLYSIS)))


@modest
@given(st.lists(st.floats(0, 1), min_size=1, max_size=40))
def test_q_values_are_scipys(ps: list[float]) -> None:
    assert adjusted(ps) == pytest.approx(list(scipy.stats.false_discovery_control(ps)))


@modest
@given(st.integers(0, 5000), st.floats(1e-6, 0.999), st.data())
def test_the_tail_is_scipys(n: int, r: float, data: st.DataObject) -> None:
    x = data.draw(st.integers(0, n + 1))
    assert tail(x, n, r) == pytest.approx(scipy.stats.binom.sf(x - 1, n, r), rel=1e-8, abs=1e-290)


def test_the_ends_of_the_tail() -> None:
    assert (tail(0, 0, 0.1), tail(1, 0, 0.1), tail(3, 10, 0.0), tail(10, 10, 1.0), tail(-1, 5, 0.5)) == (1, 0, 0, 1, 1)
    assert tail(40, 1_000_000, 1e-6) == pytest.approx(scipy.stats.binom.sf(39, 1_000_000, 1e-6), rel=1e-9)


def test_the_batch_of_quality_md() -> None:
    """5 of 38 complained of where 0.9 were to be expected."""
    (found,) = judge([Group(5, 38, 23, 962)], 0.03)
    assert round(found.expected, 1) == 0.9
    assert found.p == found.q == pytest.approx(scipy.stats.binom.sf(4, 38, 23 / 962))
    assert found.bad


def test_two_complaints_are_never_told_and_a_thin_history_leans_on_the_shops() -> None:
    two, three = judge([Group(2, 2, 0, 10_000), Group(3, 3, 0, 10_000)], 0.01)
    assert (two.bad, three.bad) == (False, True)
    (new,) = judge([Group(3, 100, 0, 0)], 0.03)
    assert new.expected == pytest.approx(3)
    assert not new.bad
    (first,) = judge([Group(3, 40, 0, 0)], 0.0)
    assert (first.expected, first.p) == (0, 0)  # nothing else was ever complained of in this shop


class ASmallShop:
    """15 products for two years, each with a new batch every second month; the first year is history."""

    products, batches, months_each = 15, 12, 2
    live = 3
    """Batches sold in the last months are looked at."""

    def __init__(self, seeded: np.random.Generator) -> None:
        months = self.batches * self.months_each
        self.rates = seeded.uniform(0.005, 0.05, self.products)
        self.sold = seeded.integers(10, 80, (self.products, months))
        self.complained = seeded.binomial(self.sold, self.rates[:, None])

    def told(self, month: int) -> set[tuple[int, int]]:
        """The batches (product, number) told of at a month's end."""
        past = np.arange(self.sold.shape[1]) <= month
        first = np.arange(0, self.sold.shape[1], self.months_each)
        sold, complained = (np.add.reduceat(column * past, first, 1) for column in (self.sold, self.complained))
        live = [(product, batch) for product in range(self.products) for batch in range(max(0, month // self.months_each - self.live + 1), month // self.months_each + 1)]
        groups = [Group(int(complained[at]), int(sold[at]), int(complained[at[0]].sum() - complained[at]), int(sold[at[0]].sum() - sold[at])) for at in live]
        return {at for at, one in zip(live, judge(groups, complained.sum() / sold.sum()), strict=True) if one.bad}


def test_shops_without_any_change_are_alarmed_in_few_months() -> None:
    """An alarm is a month in which a batch is told of that was not told of before."""
    seeded = np.random.default_rng(20261122)
    shares = []
    for _shop in range(200):
        shop, known, alarmed = ASmallShop(seeded), set[tuple[int, int]](), 0
        for month in range(12, 24):
            told = shop.told(month)
            alarmed += bool(told - known)
            known |= told
        shares.append(alarmed / 12)
    assert np.mean(shares) <= 0.05


def test_a_batch_ten_times_worse_is_found_after_five_complaints() -> None:
    """Its sales come one by one until the fifth of them is complained of."""
    seeded = np.random.default_rng(412)
    found = 0
    for _shop in range(200):
        shop, product = ASmallShop(seeded), int(seeded.integers(ASmallShop.products))
        failed = np.flatnonzero(seeded.random(5000) < 10 * shop.rates[product])
        shop.sold[product, -2:] = (0, failed[4] + 1)
        shop.complained[product, -2:] = (0, 5)
        found += (product, shop.batches - 1) in shop.told(23)
    assert found >= 180
