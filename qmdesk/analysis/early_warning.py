"""Whether a group of sales is complained of more than chance explains: exact binomial tails, corrected for many groups (quality.md).

With x complaints on n sold and the rate r of the rest of the product's history, p = P(X ≥ x | Binomial(n, r)); the groups are
taken together by Y. Benjamini and Y. Hochberg, Controlling the false discovery rate, Journal of the Royal Statistical Society
B 57 (1995), 289-300, whose adjusted p-values are the q told. Before a group is told of it has at least three complaints.

A rate that rests on a handful of complaints is a guess, and 0 of 5 would make any complaint impossible: a product whose history
has fewer than ENOUGH complaints is lent one, on as many sales as the whole shop makes one on. That is a convention of this
program; a product with a history of its own is measured by that alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import exp, lgamma, log, log1p

from qmdesk.values import dataclass

Q = 0.05
FEWEST = 3
"""Complaints a group must have to be told of."""
ENOUGH = 5
"""Complaints outside a group from which on a product's own rate stands alone."""


@dataclass(frozen=True)
class Group:
    """``complaints`` on ``sold`` of one group, and on how many sales how many complaints there were of the same product outside it."""

    complaints: int
    sold: int
    other_complaints: int
    other_sold: int


@dataclass(frozen=True)
class Suspicion:
    """How a group stands: what was to be expected, how likely chance does it (p), and that with all groups taken together (q)."""

    expected: float
    p: float
    q: float
    bad: bool


def tail(x: int, n: int, r: float) -> float:
    """P(X ≥ x) for X of Binomial(n, r), by its terms: exact but for rounding."""
    if x <= 0 or r >= 1:
        return 1.0
    if x > n or r <= 0:
        return 0.0
    if x <= n * r:
        return max(0.0, 1.0 - _ended(x - 1, n, r, -1))
    return min(1.0, _ended(x, n, r, 1))


def _ended(x: int, n: int, r: float, step: int) -> float:
    """The terms of a binomial distribution from x on outwards (1: up, -1: down), which shrink from there."""
    term = exp(lgamma(n + 1) - lgamma(x + 1) - lgamma(n - x + 1) + x * log(r) + (n - x) * log1p(-r))
    total, odds = 0.0, r / (1 - r)
    while 0 <= x <= n and term > total * 1e-17:
        total += term
        term *= (n - x) / (x + 1) * odds if step > 0 else x / (n - x + 1) / odds
        x += step
    return total


def adjusted(ps: Sequence[float]) -> list[float]:
    """The q-value of each p: the least rate of false discoveries at which it is still one (Benjamini and Hochberg, step up)."""
    order = sorted(range(len(ps)), key=lambda at: ps[at], reverse=True)
    found, least = [1.0] * len(ps), 1.0
    for place, at in enumerate(order):
        least = min(least, ps[at] * len(ps) / (len(ps) - place))
        found[at] = least
    return found


def expected_rate(group: Group, shop_rate: float) -> float:
    """The rate of the product outside a group."""
    if group.other_complaints >= ENOUGH or shop_rate <= 0:
        return min(1.0, group.other_complaints / group.other_sold) if group.other_sold else 0.0
    return min(1.0, (group.other_complaints + 1) / (group.other_sold + 1 / shop_rate))


def judge(groups: Sequence[Group], shop_rate: float, q: float = Q) -> list[Suspicion]:
    """How each group stands among all of them; ``shop_rate`` is complaints per sale of the whole shop."""
    rates = [expected_rate(group, shop_rate) for group in groups]
    ps = [tail(group.complaints, group.sold, rate) for group, rate in zip(groups, rates, strict=True)]
    return [
        Suspicion(group.sold * rate, p, told, told <= q and group.complaints >= FEWEST)
        for group, rate, p, told in zip(groups, rates, ps, adjusted(ps), strict=True)
    ]
