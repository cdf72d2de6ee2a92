"""The indicators of quality.md: what each counts in a scope, as a whole or split, with what it is made of and its interval.

A case, an order or a piece belongs to the day it was received or sold. Complaints are those under the law and under
guarantee; returns are none. Rates are events on an exposure, not shares: what is complained of in a month was mostly sold
before it, so their interval is that of a Poisson rate (as on a u-chart). A rate by product, category or supplier counts order
lines, any other orders. Cause, kind and (of typed sales) nothing else divide the sales: such a rate is told against all of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from qmdesk.analysis.comparison import FEWEST, Counts, rate_interval
from qmdesk.analysis.duration import lasting
from qmdesk.analysis.measured import Measured, Unit
from qmdesk.errors import Known
from qmdesk.i18n import _, n_
from qmdesk.operations.facts import Facts, Floats, Mask, Numbers, Rows, as_number
from qmdesk.operations.scope import ITEM_WISE, TIMES, By, Scope
from qmdesk.records.case import CLOSED_STATES, CaseKind, CaseState, Outcome
from qmdesk.records.measures import Indicator
from qmdesk.register import MISSING
from qmdesk.schema.record import Record
from qmdesk.schema.types import Labelled
from qmdesk.values import dataclass

Code: TypeAlias = int | None
"""The code of a group; None: the whole."""
COMPLAINTS = (CaseKind.COMPLAINT, CaseKind.GUARANTEE)
FEWEST_TIMES = 10
"""Of so many cases a median is told without a warning."""


@dataclass(frozen=True, eq=False, repr=False)
class Taken:
    """The records a figure counts: rows, the window of its period, and which of them."""

    rows: Rows
    window: slice
    mask: Mask

    def __getitem__(self, name: str) -> npt.NDArray[Any]:
        return self.rows[name][self.window]

    def only(self, mask: Mask) -> Taken:
        """Those of them that are so too."""
        return replace(self, mask=self.mask & mask)

    def sums(self, by: By | None, weights: Mapping[str, Floats]) -> dict[Code, dict[str, float]]:
        """Group -> name -> sum of the weights."""
        if by is None:
            return {None: {name: float(values[self.mask].sum()) for name, values in weights.items()}}
        return dict(self.rows.counted(self.window, self.mask, by, weights).items())

    def parts(self, by: By | None) -> Iterator[tuple[Code, Numbers]]:
        """Group -> its rows, counted from the first of the window."""
        if by is None:
            yield None, np.flatnonzero(self.mask)
            return
        row, code = self.rows.pairs(self.window, self.mask, by)
        order = np.argsort(code, kind="stable")
        codes, first = np.unique(code[order], return_index=True)
        yield from zip(codes.tolist(), np.split(row[order], first[1:]), strict=True)


Take: TypeAlias = Callable[[Facts, Scope], Taken]
Tell: TypeAlias = Callable[[Facts, Scope, By | None], dict[Code, Measured]]


@dataclass(frozen=True)
class Definition:
    """How an indicator is told: its unit, by what it can be split and narrowed, the records behind it, and its figures."""

    unit: Unit
    splits: tuple[By, ...]
    take: Take
    tell: Tell


# -------------------------------------------------------------------------------------- asking


def measure(facts: Facts, indicator: Indicator, scope: Scope) -> Measured:
    """An indicator in a scope."""
    if no := _can_not_be_told(indicator, scope):
        return Measured(None, "", None, 0, 0, 0, None, None, DEFINITIONS[indicator].unit, no, False)
    return DEFINITIONS[indicator].tell(facts, scope, None)[None]


def split(facts: Facts, indicator: Indicator, scope: Scope, by: By) -> list[Measured]:
    """An indicator in a scope for each group that has anything to count, by name, months and weeks in their order; what is
    not known comes last. Raises Known for what it can't be split by."""
    if no := _can_not_be_told(indicator, scope, by):
        raise Known(no)
    told = DEFINITIONS[indicator].tell(facts, scope, by)
    named = [replace(one, group=facts.words.key(by, code), name=facts.words.name(by, code)) for code, one in told.items() if code is not None]
    if by in TIMES:
        return sorted(named, key=lambda one: str(one.group))
    return sorted(named, key=lambda one: (not one.group, one.name.casefold(), str(one.group)))


def behind(facts: Facts, indicator: Indicator, scope: Scope) -> tuple[type[Record], list[int]]:
    """The records behind a figure, the newest first: what a click shows."""
    taken = DEFINITIONS[indicator].take(facts, scope)
    return taken.rows.kind, taken.rows.id[taken.window][taken.mask][::-1].tolist()


def _can_not_be_told(indicator: Indicator, scope: Scope, *by: By) -> str:
    for one in (*by, *(pair[0] for pair in scope.only)):
        if one not in DEFINITIONS[indicator].splits:
            return _("“{indicator}” can't be told by “{by}”.").format(indicator=_(indicator.label), by=_(one.label))
    return ""


# ------------------------------------------------------------------------------------- counting


def taken(facts: Facts, rows: Rows, scope: Scope) -> Taken:
    """The rows of a scope."""
    window = rows.window(scope)
    return Taken(rows, window, rows.mask(window, facts.codes(scope)))


def one_of(kind: type[Labelled], codes: Numbers, *wanted: Labelled) -> Mask:
    """Where a column of choices is one of these."""
    places = list(kind)
    found: Mask = np.isin(codes, [places.index(one) for one in wanted])
    return found


def _ones(some: Taken) -> Floats:
    return np.ones(some.window.stop - some.window.start)


# -------------------------------------------------------------------------------- against sales


def _rate(take: Take, weight: str, sold: str) -> Tell:
    """Events on what was sold; ``weight`` names the column that is added up, "" for one each."""

    def tell(facts: Facts, scope: Scope, by: By | None) -> dict[Code, Measured]:
        hits = take(facts, scope)
        counted = np.asarray(hits[weight], dtype=np.float64) if weight else _ones(hits)
        known = np.isin(hits.rows.months[hits.window], list(_months_with_sales(facts, scope, by, sold)))
        inside = hits.sums(by, {"known": counted * known, "unknown": counted * ~known})
        exposed = exposures(facts, scope, None if by in _NOT_OF_SALES else by, sold)
        left_out = np.unique(hits.rows.months[hits.window][hits.mask & ~known]).tolist()
        codes: list[Code] = [None] if by is None else list(inside if by in _NOT_OF_SALES else dict.fromkeys((*exposed, *inside)))
        return {
            code: _as_rate(inside.get(code, _NOTHING), exposed.get(None if by in _NOT_OF_SALES else code, 0.0), [facts.words.name(By.MONTH, month) for month in left_out])
            for code in codes
        }

    return tell


_NOT_OF_SALES = (By.CAUSE, By.KIND)
"""What divides cases, and no sales."""
_NOTHING = {"known": 0.0, "unknown": 0.0}


def _as_rate(hits: Mapping[str, float], exposed: float, left_out: list[str]) -> Measured:
    of = round(exposed)
    if not of:
        why = _("No sales of this are known, so there is no rate: import the orders, or type in how much was sold.")
        return Measured(None, "", None, hits["known"] + hits["unknown"], 0, 0, None, None, Unit.PERCENT, why, False)
    likely = rate_interval(Counts(round(hits["known"]), of))
    judged = of >= FEWEST
    why = "" if judged else too_few(of, FEWEST)
    if hits["unknown"]:
        why = " ".join(filter(None, (why, _("Without {months}: no sales of that time are known.").format(months=_listed(left_out)))))
    return Measured(None, "", 100 * hits["known"] / exposed, hits["known"], exposed, of, 100 * likely.low, 100 * likely.high, Unit.PERCENT, why, judged)


def too_few(n: int, fewest: int) -> str:
    """That so many are too few to judge by."""
    return _("Too few to judge: {n}, it takes at least {fewest}.").format(n=n, fewest=fewest)


def _listed(names: list[str]) -> str:
    return ", ".join((*names[:3], *([n_("and {n} more", "and {n} more", len(names) - 3)] if len(names) > 3 else ())))


def exposures(facts: Facts, scope: Scope, by: By | None, what: str) -> dict[Code, float]:
    """How much was sold: ``what`` is "orders", "pieces" or "sales" (in grosze). Orders by what a piece belongs to are order lines."""
    rows = facts.lines if what != "orders" or _item_wise(scope, by) else facts.orders
    of_sales = [pair for pair in facts.codes(scope) if pair[0] not in _NOT_OF_SALES]
    window = rows.window(scope)
    sold = Taken(rows, window, rows.mask(window, of_sales))
    column = {"pieces": "quantity", "sales": "value"}.get(what, "")
    found = {code: sums["sold"] for code, sums in sold.sums(by, {"sold": np.asarray(sold[column], dtype=np.float64) if column else _ones(sold)}).items()}
    if not of_sales and by in (None, *TIMES):  # what was typed in is of the whole shop
        window = facts.typed.window(scope)
        typed = Taken(facts.typed, window, np.ones(window.stop - window.start, dtype=np.bool_))
        for code, sums in typed.sums(by, {"sold": typed[what]}).items():
            found[code] = found.get(code, 0.0) + sums["sold"]
    return found


def _item_wise(scope: Scope, by: By | None) -> bool:
    return by in ITEM_WISE or any(one in ITEM_WISE for one, _key in scope.only)


def _months_with_sales(facts: Facts, scope: Scope, by: By | None, sold: str) -> frozenset[int]:
    """The months of which it is known how much was sold; what is typed in counts where sales need not be divided."""
    divided = by not in (None, *TIMES, *_NOT_OF_SALES) or any(one not in _NOT_OF_SALES for one, _key in scope.only)
    return facts.months_imported if divided else facts.months_imported | frozenset(np.unique(facts.typed.months[facts.typed[sold] > 0]).tolist())


def complaints(facts: Facts, scope: Scope) -> Taken:
    """The complaints received."""
    found = taken(facts, facts.sold_cases, scope)
    return found.only(one_of(CaseKind, found.rows.groups[By.KIND][found.window], *COMPLAINTS))


def returned_pieces(facts: Facts, scope: Scope) -> Taken:
    """The items of returns that were taken back: not those the customer withdrew, nor those refused or sent back."""
    found = taken(facts, facts.sold_items, scope)
    came = one_of(CaseKind, found.rows.groups[By.KIND][found.window], CaseKind.RETURN) & ~one_of(CaseState, found["state"], CaseState.WITHDRAWN)
    return found.only(came & ~one_of(Outcome, found["outcome"], Outcome.REJECTED, Outcome.SENT_BACK))


# ---------------------------------------------------------------------------------------- times


def received(facts: Facts, scope: Scope) -> Taken:
    """All cases received."""
    return taken(facts, facts.cases, scope)


def _settle(facts: Facts, scope: Scope, by: By | None) -> dict[Code, Measured]:
    cases = received(facts, scope)
    closed = cases["closed_on"]
    still_open = ~one_of(CaseState, cases["state"], *CLOSED_STATES)
    today = as_number(facts.on)
    day = cases.rows.day[cases.window]
    times = np.where(still_open, np.maximum(today, day), closed) - day
    told = cases.only(still_open | (closed != MISSING))
    return {code: _as_time(times[part].astype(np.float64), still_open[part], Unit.DAYS) for code, part in told.parts(by)}


def _as_time(times: Floats, still_open: Mask, unit: Unit) -> Measured:
    if not len(times):
        return Measured(None, "", None, 0, 0, 0, None, None, unit, _("Nothing of this was received in the period."), False)
    found = lasting(times, still_open)
    judged = len(times) >= FEWEST_TIMES and found.median is not None
    why = "" if len(times) >= FEWEST_TIMES else too_few(len(times), FEWEST_TIMES)
    if found.median is None:
        why = _("Half of them or more are still open, so it can't be told yet how long it takes.")
    return Measured(None, "", found.median, found.total, found.over, len(times), found.low, found.high, unit, why, judged, found.most, found.still_open)


ALL = tuple(By)
DEFINITIONS: Mapping[Indicator, Definition] = {
    Indicator.COMPLAINT_RATE: Definition(Unit.PERCENT, ALL, complaints, _rate(complaints, "", "orders")),
    Indicator.RETURN_RATE: Definition(Unit.PERCENT, ALL, returned_pieces, _rate(returned_pieces, "quantity", "pieces")),
    Indicator.SETTLE: Definition(Unit.DAYS, ALL, received, _settle),
}
"""How each indicator is told."""
