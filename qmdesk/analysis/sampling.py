"""How many pieces of a delivery to look at: the hypergeometric distribution, and the same random pieces from the same seed.

The rule, in full (quality.md, "Incoming goods"): a lot of N pieces is bad when more than the acceptable share of it is
defective, so the mildest bad lot has floor(N·AQL) + 1 defective pieces. The sample is the smallest one with which such a
lot is accepted with at most the stated risk: P(X ≤ c | N, D, n) ≤ risk, where X is hypergeometric and c, the acceptance
number, is how many defective pieces in the sample still let the lot pass (none by default, which needs the fewest pieces).
Every probability is a ratio of whole numbers, compared exactly.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterator
from fractions import Fraction

from qmdesk.errors import Known
from qmdesk.i18n import _
from qmdesk.values import dataclass

LARGEST_LOT = 1_000_000
MOST_ACCEPTED = 20


@dataclass(frozen=True)
class Plan:
    """A sample: ``size`` pieces of ``lot``, passed with up to ``accepts`` defective ones."""

    lot: int
    aql: Fraction
    risk: Fraction
    size: int
    accepts: int
    bad_from: int
    """Defective pieces from which the lot is bad."""
    missed: Fraction
    """How likely the mildest bad lot passes: no more than the risk."""
    refused: Fraction
    """How likely a lot just as good as is acceptable is refused: what a strict sample costs the supplier."""


def accepted(lot: int, defective: int, size: int, accepts: int) -> Fraction:
    """P(X ≤ accepts) for X defective pieces in a sample of ``size`` out of a lot with ``defective`` ones, exactly."""
    size, defective = min(size, defective), max(size, defective)  # the same either way round; small numbers are quick
    hits = sum(math.comb(defective, found) * math.comb(lot - defective, size - found) for found in range(min(accepts, size) + 1))
    return Fraction(hits, math.comb(lot, size))


def plan(lot: int, aql: Fraction, risk: Fraction, accepts: int = 0) -> Plan:
    """The smallest sample for a lot; ``aql`` and ``risk`` are shares (1/100 is one percent). Raises Known with what can't be."""
    if not 1 <= lot <= LARGEST_LOT:
        raise Known(_("A lot has from 1 to {most} pieces.").format(most=LARGEST_LOT))
    if not 0 <= aql < 1:
        raise Known(_("The acceptable share of defective pieces lies from 0 % to below 100 %."))
    if not 0 < risk < 1:
        raise Known(_("The risk lies between 0 % and 100 %."))
    if not 0 <= accepts <= MOST_ACCEPTED:
        raise Known(_("A sample may pass with at most {most} defective pieces.").format(most=MOST_ACCEPTED))
    acceptable = math.floor(lot * aql)
    bad_from = acceptable + 1
    if accepts >= bad_from:
        sentence = _("Even with all {lot} pieces looked at, {accepts} defective ones would be no more than is acceptable. Accept fewer.")
        raise Known(sentence.format(lot=lot, accepts=accepts))
    size = _smallest(lot, bad_from, risk, accepts)
    return Plan(lot, aql, risk, size, accepts, bad_from, accepted(lot, bad_from, size, accepts), 1 - accepted(lot, acceptable, size, accepts))


def _smallest(lot: int, defective: int, risk: Fraction, accepts: int) -> int:
    """The least size with which a lot this bad passes with at most the risk; the larger the sample, the less likely it does."""
    high = accepts + 1
    while high < lot and accepted(lot, defective, high, accepts) > risk:
        high *= 2
    low, high = max(accepts, high // 2), min(high, lot)  # all of the lot finds every defective piece
    while low + 1 < high:
        middle = (low + high) // 2
        if accepted(lot, defective, middle, accepts) > risk:
            low = middle
        else:
            high = middle
    return high


def picks(lot: int, size: int, seed: str) -> tuple[int, ...]:
    """Which pieces to look at, by their numbers from 1, in order: the same seed always gives the same ones.

    A Fisher-Yates shuffle whose numbers are SHA-256 of "seed:0", "seed:1"... so that it can be checked on any computer.
    """
    moved: dict[int, int] = {}
    drawn = _numbers(seed)
    found = []
    for at in range(size):
        other = at + _below(lot - at, drawn)
        found.append(moved.get(other, other) + 1)
        moved[other] = moved.get(at, at)
    return tuple(sorted(found))


def _numbers(seed: str) -> Iterator[int]:
    at = 0
    while True:
        yield int.from_bytes(hashlib.sha256(f"{seed}:{at}".encode()).digest()[:8], "big")
        at += 1


def _below(limit: int, drawn: Iterator[int]) -> int:
    """A number below the limit, each as likely as any other."""
    fair = (1 << 64) - (1 << 64) % limit
    return next(number for number in drawn if number < fair) % limit
