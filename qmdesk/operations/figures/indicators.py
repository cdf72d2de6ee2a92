"""The indicators of quality.md: what each counts in a scope, as a whole or split, with what it is made of and its interval.

A case, an order or a piece belongs to the day it was received or sold. Complaints are those under the law and under
guarantee; returns are none. Rates are events on an exposure, not shares: what is complained of in a month was mostly sold
before it, so their interval is that of a Poisson rate (as on a u-chart). A rate by product, category or supplier counts order
lines, any other orders. Cause, kind and (of typed sales) nothing else divide the sales: such a rate is told against all of them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import TypeAlias

import numpy as np

from qmdesk.analysis.comparison import FEWEST, Counts, rate_interval, share_interval
from qmdesk.analysis.measured import Measured, Unit
from qmdesk.analysis.satisfaction import DETRACTS, PROMOTES, SATISFIED, Score, ces, csat, nps
from qmdesk.analysis.satisfaction import FEWEST as FEWEST_ANSWERS
from qmdesk.analysis.survival import Typical, typicals
from qmdesk.errors import Known
from qmdesk.i18n import N_, _, n_
from qmdesk.operations.figures.columns import Floats, Mask, Rows, Split, Taken, are, as_number
from qmdesk.operations.figures.facts import Facts
from qmdesk.operations.figures.scope import ITEM_WISE, TIMES, By, Period, Scope
from qmdesk.records.case import CLOSED_STATES, CaseKind, CaseState, Outcome
from qmdesk.records.measures import Indicator
from qmdesk.records.satisfaction import SCALES, QuestionKind
from qmdesk.register import MISSING
from qmdesk.schema import types
from qmdesk.schema.record import Record
from qmdesk.values import dataclass

Code: TypeAlias = int | None
"""The code of a group, or the place of a period; None: the whole."""
COMPLAINTS = (CaseKind.COMPLAINT, CaseKind.GUARANTEE)
FEWEST_TIMES = 10
"""Of so many cases a median is told without a warning."""


Take: TypeAlias = Callable[[Facts, Scope], Taken]
Tell: TypeAlias = Callable[[Facts, Scope, Split], dict[Code, Measured]]


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
    return over(facts, indicator, scope, (scope,))[0]


def over(facts: Facts, indicator: Indicator, scope: Scope, periods: Sequence[Period]) -> list[Measured]:
    """An indicator in each of several periods, of the groups of the scope: read together, for a tile shows fourteen of them."""
    definition = DEFINITIONS[indicator]
    if no := _can_not_be_told(indicator, scope):
        return [Measured(None, "", None, 0, 0, 0, None, None, definition.unit, no, False)] * len(periods)
    all_ = replace(scope, since=min(one.since for one in periods), until=max(one.until for one in periods))
    told = definition.tell(facts, all_, tuple(periods))
    return [told[place] for place in range(len(periods))]


def split(facts: Facts, indicator: Indicator, scope: Scope, by: By) -> list[Measured]:
    """An indicator in a scope for each group that has anything to count, by name, months and weeks in their order; what is
    not known comes last. Raises Known for what it can't be split by."""
    if no := _can_not_be_told(indicator, scope, by):
        raise Known(no)
    told = DEFINITIONS[indicator].tell(facts, scope, by)
    named = [one.of(facts.words.key(by, code), facts.words.name(by, code)) for code, one in told.items() if code is not None]
    if by in TIMES:
        return sorted(named, key=lambda one: str(one.group))
    return sorted(named, key=lambda one: (not one.group, one.name.casefold(), str(one.group)))


def behind(facts: Facts, indicator: Indicator, scope: Scope) -> tuple[type[Record], list[int]]:
    """The records behind a figure, the newest first: what a click shows."""
    found = DEFINITIONS[indicator].take(facts, scope)
    return found.rows.kind, found.ids


def _can_not_be_told(indicator: Indicator, scope: Scope, *by: By) -> str:
    for one in (*by, *(pair[0] for pair in scope.only)):
        if one not in DEFINITIONS[indicator].splits:
            return _("“{indicator}” can't be told by “{by}”.").format(indicator=_(indicator.label), by=_(one.label))
    return ""


# ------------------------------------------------------------------------------------- counting


def taken(facts: Facts, rows: Rows, scope: Scope) -> Taken:
    """The rows of a scope."""
    return rows.taken(scope, facts.codes(scope))


# -------------------------------------------------------------------------------- against sales


def _rate(take: Take, weight: str, sold: str) -> Tell:
    """Events on what was sold; ``weight`` names the column that is added up, "" for one each."""

    def tell(facts: Facts, scope: Scope, by: Split) -> dict[Code, Measured]:
        hits = take(facts, scope)
        counted = np.asarray(hits[weight], dtype=np.float64) if weight else hits.ones
        known = _months_with_sales(facts, scope, by, sold)[hits.codes(By.MONTH)]
        inside = hits.sums(by, {"known": counted * known, "unknown": counted * ~known})
        exposed = exposures(facts, scope, None if by in _NOT_OF_SALES else by, sold)
        left_out = _left_out(facts, hits, known, by)
        return {
            code: _as_rate(inside.get(code, _NOTHING), exposed.get(None if by in _NOT_OF_SALES else code, 0.0), left_out(code))
            for code in (inside if by in _NOT_OF_SALES else dict.fromkeys((*exposed, *inside)))
        }

    return tell


def _left_out(facts: Facts, found: Taken, known: Mask, by: Split) -> Callable[[Code], list[str]]:
    """Of a group the months of which it is not known how much was sold."""
    unknown, months = found.mask & ~known, found.codes(By.MONTH)

    def names(first: int, after: int | None) -> list[str]:
        return [facts.words.name(By.MONTH, month) for month in np.unique(months[first:after][unknown[first:after]]).tolist()]

    if not unknown.any():
        return lambda _code: []
    if isinstance(by, tuple):
        of_each = [names(*reached) for reached in found.reached(by).tolist()]
        return lambda place: of_each[place or 0]
    every = names(0, None)
    return lambda _code: every


_NOT_OF_SALES = (By.CAUSE, By.KIND)
"""What divides cases, and no sales."""
_NOTHING = {"known": 0.0, "unknown": 0.0}


def _as_rate(hits: Mapping[str, float], exposed: float, left_out: list[str]) -> Measured:
    of = round(exposed)
    if not of:
        return Measured(None, "", None, hits["known"] + hits["unknown"], 0, 0, None, None, Unit.PERCENT, _(_NO_SALES), False)
    likely = rate_interval(Counts(round(hits["known"]), of))
    judged = of >= FEWEST
    why = "" if judged else too_few(of, FEWEST)
    if hits["unknown"]:
        why = " ".join(filter(None, (why, _without(left_out))))
    return Measured(None, "", 100 * hits["known"] / exposed, hits["known"], exposed, of, 100 * likely.low, 100 * likely.high, Unit.PERCENT, why, judged)


_NO_SALES = N_("No sales of this are known, so there is no rate: import the orders, or type in how much was sold.")


def _without(months: list[str]) -> str:
    listed = ", ".join((*months[:3], *([n_("and {n} more", "and {n} more", len(months) - 3)] if len(months) > 3 else ())))
    return _("Without {months}: no sales of that time are known.").format(months=listed)


def too_few(n: int, fewest: int) -> str:
    """That so many are too few to judge by."""
    return _("Too few to judge: {n}, it takes at least {fewest}.").format(n=n, fewest=fewest)


def exposures(facts: Facts, scope: Scope, by: Split, what: str) -> dict[Code, float]:
    """How much was sold: ``what`` is "orders", "pieces" or "sales" (in grosze). Orders by what a piece belongs to are order lines."""
    rows = facts.sales.lines if what != "orders" or _item_wise(scope, by) else facts.sales.orders
    of_sales = [pair for pair in facts.codes(scope) if pair[0] not in _NOT_OF_SALES]
    column = {"pieces": "quantity", "sales": "value"}.get(what, "")
    if not of_sales and not isinstance(by, By):
        found: dict[Code, float] = dict(zip((None,) if by is None else range(len(by)), rows.totals(column, by or (scope,)), strict=True))
    else:
        sold = rows.taken(scope, of_sales)
        found = {code: sums["sold"] for code, sums in sold.sums(by, {"sold": np.asarray(sold[column], dtype=np.float64) if column else sold.ones}).items()}
    if not of_sales and _is_time(by):  # what was typed in is of the whole shop
        typed = facts.sales.typed.taken(scope)
        for code, sums in typed.sums(by, {"sold": typed[what]}).items():
            found[code] = round(found.get(code, 0.0) + sums["sold"], 6)  # parts of a month that are a whole again
    return found


def _is_time(by: Split) -> bool:
    """Whether sales need not be divided to be told so."""
    return by in TIMES or not isinstance(by, By)


def _item_wise(scope: Scope, by: Split) -> bool:
    return by in ITEM_WISE or any(one in ITEM_WISE for one, _key in scope.only)


def _months_with_sales(facts: Facts, scope: Scope, by: Split, sold: str) -> Mask:
    """Of each month whether it is known how much was sold; what is typed in counts where sales need not be divided."""
    divided = not (_is_time(by) or by in _NOT_OF_SALES) or any(one not in _NOT_OF_SALES for one, _key in scope.only)
    found = facts.sales.months.copy()
    if not divided:
        found[facts.sales.typed.months[facts.sales.typed[sold] > 0]] = True
    return found


def complaints(facts: Facts, scope: Scope) -> Taken:
    """The complaints received."""
    found = taken(facts, facts.sold_cases, scope)
    return found.only(are(CaseKind, found.codes(By.KIND), *COMPLAINTS))


def returned_pieces(facts: Facts, scope: Scope) -> Taken:
    """The items of returns that were taken back: not those the customer withdrew, nor those refused or sent back."""
    found = taken(facts, facts.sold_items, scope)
    came = are(CaseKind, found.codes(By.KIND), CaseKind.RETURN) & ~are(CaseState, found["state"], CaseState.WITHDRAWN)
    return found.only(came & ~are(Outcome, found["outcome"], Outcome.REJECTED, Outcome.SENT_BACK))


# ---------------------------------------------------------------------------------------- times


def received(facts: Facts, scope: Scope) -> Taken:
    """All cases received."""
    return taken(facts, facts.cases, scope)


def _settle(facts: Facts, scope: Scope, by: Split) -> dict[Code, Measured]:
    cases = received(facts, scope)
    closed = cases["closed_on"]
    still_open = ~are(CaseState, cases["state"], *CLOSED_STATES)
    today = as_number(facts.on)
    day = cases.rows.day[cases.window]
    times = np.where(still_open, np.maximum(today, day), closed) - day
    told = cases.only(still_open | (closed != MISSING))
    groups = {code: (times[part].astype(np.float64), still_open[part]) for code, part in told.split(by)}
    return {code: _as_time(*group, found, Unit.DAYS) for (code, group), found in zip(groups.items(), typicals([*groups.values()]), strict=True)}


def _as_time(times: Floats, still_open: Mask, found: Typical, unit: Unit) -> Measured:
    if not len(times):
        return Measured(None, "", None, 0, 0, 0, None, None, unit, _("Nothing of this was received in the period."), False)
    judged = len(times) >= FEWEST_TIMES and found.median is not None
    why = "" if len(times) >= FEWEST_TIMES else too_few(len(times), FEWEST_TIMES)
    if found.median is None:
        why = _("Half of them or more are still open, so it can't be told yet how long it takes.")
    total = float(times[~still_open].sum())
    return Measured(None, "", found.median, total, found.finished, len(times), found.low, found.high, unit, why, judged, found.most, found.still_open)


def _first_answer(facts: Facts, scope: Scope, by: Split) -> dict[Code, Measured]:
    cases = taken(facts, facts.first_answers, scope)
    waits, hours, working = cases["waits"], cases["hours"], cases["working"]
    parts = dict(cases.only(cases["known"]).split(by))
    groups = [(hours[part], waits[part]) for part in parts.values()]
    found = typicals([*groups, *((working[part], waits[part]) for part in parts.values())])
    return {
        code: replace(_as_time(*group, one, Unit.HOURS), working=within.median, working_most=within.most)
        for code, group, one, within in zip(parts, groups, found[: len(parts)], found[len(parts) :], strict=True)
    }


# ---------------------------------------------------------------------------------------- shares


def _share(take: Take, hit: str, nothing: str) -> Tell:
    """How many of what was taken are so, too; ``hit`` names the column, ``nothing`` says why there may be none."""

    def tell(facts: Facts, scope: Scope, by: Split) -> dict[Code, Measured]:
        found = take(facts, scope)
        sums = found.sums(by, {"hits": np.asarray(found[hit], dtype=np.float64), "of": found.ones})
        return {code: _as_share(round(one["hits"]), round(one["of"]), _(nothing)) for code, one in sums.items()}

    return tell


def _as_share(hits: int, of: int, nothing: str) -> Measured:
    if not of:
        return Measured(None, "", None, 0, 0, 0, None, None, Unit.PERCENT, nothing, False)
    likely = share_interval(Counts(hits, of))
    judged = of >= FEWEST
    why = "" if judged else too_few(of, FEWEST)
    return Measured(None, "", 100 * hits / of, hits, of, of, 100 * likely.low, 100 * likely.high, Unit.PERCENT, why, judged)


def due_to_be_answered(facts: Facts, scope: Scope) -> Taken:
    """The days by which complaints had to be answered, of which it is known whether they were: silence is a failure.

    A day that has not passed yet is not counted, even where it is met already: those that will be missed are not known yet.
    """
    found = taken(facts, facts.deadlines, scope)
    return found.only(found["decided"] & (found.rows.day[found.window] < as_number(facts.on)))


def closed(facts: Facts, scope: Scope) -> Taken:
    """The cases closed."""
    return taken(facts, facts.closed, scope)


def closings(facts: Facts, scope: Scope) -> Taken:
    """Each time a case was closed; one that was opened again had been closed, and counts on the day it was opened again."""
    return taken(facts, facts.closings, scope)


def reopened(facts: Facts, scope: Scope) -> Taken:
    """The cases opened again."""
    found = closings(facts, scope)
    return found.only(found["reopened"])


def verified(facts: Facts, scope: Scope) -> Taken:
    """The actions whose effect was judged."""
    return taken(facts, facts.actions, scope)


# ------------------------------------------------------------------------------------- satisfaction


def _answers(kind: QuestionKind) -> Take:
    """The answers to questions of a kind; the stars of public opinions are none of them."""

    def take(facts: Facts, scope: Scope) -> Taken:
        found = taken(facts, facts.answers, scope)
        return found.only(are(QuestionKind, found["question"], kind))

    return take


def _scored(kind: QuestionKind, score: Callable[[list[int]], Score], unit: Unit) -> Tell:
    take = _answers(kind)
    least, most = SCALES[kind]

    def tell(facts: Facts, scope: Scope, by: Split) -> dict[Code, Measured]:
        found = take(facts, scope)
        points = np.clip(found["points"], least, most)
        return {code: _as_score(score(np.bincount(points[part], minlength=most + 1).tolist()), unit) for code, part in found.split(by)}

    return tell


def _as_score(found: Score, unit: Unit) -> Measured:
    factor = 100 if unit is Unit.PERCENT else 1
    if found.value is None:
        return Measured(None, "", None, 0, 0, 0, None, None, unit, _("Nobody answered such a question in the period."), False)
    low, high = (None if one is None else factor * one for one in (found.low, found.high))
    why = too_few(found.n, FEWEST_ANSWERS) if found.too_few else ""
    return Measured(None, "", factor * found.value, found.numerator, found.denominator, found.n, low, high, unit, why, not found.too_few)


def _csat(counts: list[int]) -> Score:
    return csat(sum(counts[SATISFIED:]), sum(counts))


def _nps(counts: list[int]) -> Score:
    return nps(sum(counts[PROMOTES:]), sum(counts[DETRACTS + 1 : PROMOTES]), sum(counts[: DETRACTS + 1]))


def _ces(counts: list[int]) -> Score:
    return ces(counts[1:])


# ----------------------------------------------------------------------------------- audits and costs


def audits(facts: Facts, scope: Scope) -> Taken:
    """The audits finished."""
    return taken(facts, facts.audits, scope)


def _conformity(facts: Facts, scope: Scope, by: Split) -> dict[Code, Measured]:
    found = audits(facts, scope)
    weights = {"reached": found["reached"], "reachable": found["reachable"], "failed": (~found["passed"]).astype(np.float64), "n": found.ones}
    return {code: _as_conformity(one) for code, one in found.sums(by, weights).items()}


def _as_conformity(sums: Mapping[str, float]) -> Measured:
    n, failed = round(sums["n"]), round(sums["failed"])
    if not sums["reachable"]:
        why = _("No audit was finished in the period.") if not n else _("No question of these audits could be given points.")
        return Measured(None, "", None, sums["reached"], 0, n, None, None, Unit.PERCENT, why, False)
    why = n_("{n} of them was not passed, whatever its points.", "{n} of them were not passed, whatever their points.", failed) if failed else ""
    return Measured(None, "", 100 * sums["reached"] / sums["reachable"], sums["reached"], sums["reachable"], n, None, None, Unit.PERCENT, why)


def failures(facts: Facts, scope: Scope) -> Taken:
    """What was spent because something failed: not what was spent to look, or to prevent."""
    found = taken(facts, facts.costs, scope)
    return found.only(found["failure"])


def _cost(facts: Facts, scope: Scope, by: Split) -> dict[Code, Measured]:
    found = failures(facts, scope)
    return {code: _as_cost(one) for code, one in found.shared(by, _amounts(found)).items()}


def _amounts(found: Taken) -> dict[str, Floats]:
    return {"amount": found["amount"], "estimated": found["amount"] * found["estimated"], "n": found.ones}


def _as_cost(sums: Mapping[str, float]) -> Measured:
    amount, n = round(sums["amount"]) / 100, round(sums["n"])
    why = _estimated(sums) if n else _("No cost is known in the period: write costs down, or tell in the settings what an hour, a parcel and packaging usually cost.")
    return Measured(None, "", amount, amount, 1, n, None, None, Unit.MONEY, why, n > 0)


def _estimated(sums: Mapping[str, float]) -> str:
    part = sums["estimated"] / sums["amount"] if sums["amount"] > 0 else 0.0
    return _("{share} of it is estimated.").format(share=types.Percent().show(Decimal(round(100 * part)))) if part > 0 else ""


def _cost_share(facts: Facts, scope: Scope, by: Split) -> dict[Code, Measured]:
    """Failure cost, in per cent of what was sold; months of which no sales are known are left out."""
    spent = failures(facts, scope)
    known = _months_with_sales(facts, scope, by, "sales")[spent.codes(By.MONTH)]
    sums = spent.shared(by, {**_amounts(spent), "inside": spent["amount"] * known, "outside": np.abs(spent["amount"]) * ~known})
    sold = exposures(facts, scope, None if by in _NOT_OF_SALES else by, "sales")
    left_out = _left_out(facts, spent, known, by)
    codes = sums if by in _NOT_OF_SALES else dict.fromkeys((*sold, *sums))
    return {code: _as_cost_share(sums.get(code, _NO_COST), sold.get(None if by in _NOT_OF_SALES else code, 0.0), left_out(code)) for code in codes}


_NO_COST = {"amount": 0.0, "estimated": 0.0, "n": 0.0, "inside": 0.0, "outside": 0.0}


def _as_cost_share(sums: Mapping[str, float], sold: float, left_out: list[str]) -> Measured:
    n = round(sums["n"])
    if sold <= 0:
        return Measured(None, "", None, round(sums["amount"]) / 100, 0, n, None, None, Unit.PERCENT, _(_NO_SALES), False)
    why = _estimated(sums)
    if sums["outside"]:
        why = " ".join(filter(None, (why, _without(left_out))))
    return Measured(None, "", 100 * sums["inside"] / sold, round(sums["inside"]) / 100, round(sold) / 100, n, None, None, Unit.PERCENT, why)


ALL = tuple(By)
_NO_DEADLINE = N_("No complaint had to be answered in the period.")
_NO_CLOSED = N_("No case was closed in the period.")
_NO_VERDICT = N_("No action was judged in the period.")
_OF_ACTIONS = (By.PRODUCT, By.CATEGORY, By.SUPPLIER, By.CAUSE, *TIMES)
DEFINITIONS: Mapping[Indicator, Definition] = {
    Indicator.COMPLAINT_RATE: Definition(Unit.PERCENT, ALL, complaints, _rate(complaints, "", "orders")),
    Indicator.RETURN_RATE: Definition(Unit.PERCENT, ALL, returned_pieces, _rate(returned_pieces, "quantity", "pieces")),
    Indicator.FIRST_ANSWER: Definition(Unit.HOURS, ALL, received, _first_answer),
    Indicator.SETTLE: Definition(Unit.DAYS, ALL, received, _settle),
    Indicator.IN_TIME: Definition(Unit.PERCENT, ALL, due_to_be_answered, _share(due_to_be_answered, "met", _NO_DEADLINE)),
    Indicator.FIRST_CONTACT: Definition(Unit.PERCENT, ALL, closed, _share(closed, "at_once", _NO_CLOSED)),
    Indicator.REOPENED: Definition(Unit.PERCENT, ALL, reopened, _share(closings, "reopened", _NO_CLOSED)),
    Indicator.CSAT: Definition(Unit.PERCENT, ALL, _answers(QuestionKind.CSAT), _scored(QuestionKind.CSAT, _csat, Unit.PERCENT)),
    Indicator.NPS: Definition(Unit.POINTS, ALL, _answers(QuestionKind.NPS), _scored(QuestionKind.NPS, _nps, Unit.POINTS)),
    Indicator.CES: Definition(Unit.POINTS, ALL, _answers(QuestionKind.CES), _scored(QuestionKind.CES, _ces, Unit.POINTS)),
    Indicator.QUALITY_COST: Definition(Unit.MONEY, ALL, failures, _cost),
    Indicator.QUALITY_COST_SHARE: Definition(Unit.PERCENT, ALL, failures, _cost_share),
    Indicator.EFFECTIVENESS: Definition(Unit.PERCENT, _OF_ACTIONS, verified, _share(verified, "effective", _NO_VERDICT)),
    Indicator.CONFORMITY: Definition(Unit.PERCENT, (By.SUPPLIER, *TIMES), audits, _conformity),
}
"""How each indicator is told."""
