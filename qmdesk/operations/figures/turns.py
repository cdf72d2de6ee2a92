"""Whether a figure rose or fell since the period before, in words: what that means, and whether it may be chance."""

from __future__ import annotations

from qmdesk.analysis.comparison import Counts, Judgement, compare
from qmdesk.analysis.measured import Measured
from qmdesk.analysis.said import figure
from qmdesk.i18n import N_, _
from qmdesk.records.measures import HIGHER_IS_BETTER, Indicator
from qmdesk.values import dataclass

RATES = (Indicator.COMPLAINT_RATE, Indicator.RETURN_RATE)
"""Events on an exposure."""
SHARES = (Indicator.IN_TIME, Indicator.FIRST_CONTACT, Indicator.REOPENED, Indicator.CSAT, Indicator.EFFECTIVENESS)
"""So many of so many."""

_WORDS = {  # higher, better, sure
    (True, True, True): N_("↑ Higher than in the period before ({before}): better."),
    (True, True, False): N_("↑ Higher than in the period before ({before}): better, or chance."),
    (True, False, True): N_("↑ Higher than in the period before ({before}): worse."),
    (True, False, False): N_("↑ Higher than in the period before ({before}): worse, or chance."),
    (False, True, True): N_("↓ Lower than in the period before ({before}): better."),
    (False, True, False): N_("↓ Lower than in the period before ({before}): better, or chance."),
    (False, False, True): N_("↓ Lower than in the period before ({before}): worse."),
    (False, False, False): N_("↓ Lower than in the period before ({before}): worse, or chance."),
}


@dataclass(frozen=True)
class Turn:
    """A change in words; ``better`` is None where it is none or nobody knows, ``sure`` whether chance hardly explains it."""

    words: str
    better: bool | None = None
    sure: bool = False


def turn(indicator: Indicator, now: Measured, before: Measured, currency: str = "PLN") -> Turn:
    """How a figure stands to that of the period before."""
    if now.value is None:
        return Turn("")
    if before.value is None:
        return Turn(_("Nothing is known of the period before."))
    was = figure(before.value, before.unit, currency)
    if figure(now.value, now.unit, currency) == was:
        return Turn(_("→ As in the period before ({before}).").format(before=was))
    higher = now.value > before.value
    better = higher == (indicator in HIGHER_IS_BETTER)
    sure = now.judged and before.judged and _apart(indicator, now, before)
    return Turn(_(_WORDS[higher, better, sure]).format(before=was), better, sure)


def _apart(indicator: Indicator, now: Measured, before: Measured) -> bool:
    """Whether chance hardly explains the difference: counts are compared as such, else their intervals must not touch."""
    if indicator in RATES or indicator in SHARES:
        was, is_ = (Counts(round(one.numerator), round(one.denominator)) for one in (before, now))
        return compare(was, is_, shares=indicator in SHARES).judgement in (Judgement.LOWER, Judgement.HIGHER)
    if now.low is None or before.low is None:
        return False
    return (before.high is not None and now.low > before.high) or (now.high is not None and before.low > now.high)


def met(indicator: Indicator, value: float, target: float) -> bool:
    """Whether a value reaches its target."""
    return value >= target if indicator in HIGHER_IS_BETTER else value <= target
