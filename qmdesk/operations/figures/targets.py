"""Targets and alert bounds: which indicator has left its bound, and which is worse than in the same weeks last year.

A crossing is a run: of months whose figure lies beyond the bound, or of Sundays whose four weeks before are worse than the same
four weeks last year by more than chance explains. It is told once, under the first of them; when the figure came back in between,
it is told anew. Months and weeks too few to judge neither begin a run nor end it. Only runs that still last are told: who sets a
bound today is not told of years ago.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from qmdesk.analysis.measured import Measured, Unit
from qmdesk.analysis.said import figure, interval
from qmdesk.i18n import N_, _, show_day, show_number
from qmdesk.operations.figures.facts import Facts
from qmdesk.operations.figures.indicators import DEFINITIONS, measure, split
from qmdesk.operations.figures.scope import By, Scope, month_key, span_of, week_key
from qmdesk.operations.figures.turns import turn
from qmdesk.records.alert import AlertKind
from qmdesk.records.measures import HIGHER_IS_BETTER, Indicator, IndicatorTarget
from qmdesk.register import Reading, Transaction
from qmdesk.schema.query import Order, Query
from qmdesk.values import dataclass

SET = N_("Set a target")
FOUR_WEEKS = timedelta(days=28)
WEEKS = 53
"""So many weeks a run is followed back: after a year it is compared with itself."""


@dataclass(frozen=True)
class Crossing:
    """An indicator that is where it should not be, since when, and what it is compared with."""

    key: str
    """Which run it is: the same as long as it lasts."""
    kind: AlertKind
    indicator: Indicator
    since: date
    """The first day of the run."""
    scope: Scope
    """The last month or four weeks of it: the figure's own."""
    now: Measured
    then: Measured | None
    """The same weeks last year; None where a bound was left."""
    bound: Decimal | None
    what: str
    """What happened, in a sentence."""
    facts: str
    """What the figure is made of, in sentences."""


# ------------------------------------------------------------------------------------- verbs


def targets(reading: Reading) -> list[IndicatorTarget]:
    """The targets that are set."""
    return reading.records(Query(IndicatorTarget).by(Order("id")))


def set_target(tx: Transaction, indicator: Indicator, target: Decimal | None, bound: Decimal | None, *, seasonal: bool = True, note: str = "") -> IndicatorTarget:
    """Set what an indicator should be, and from where on the shop is told; the one that is there is changed. Raises Problems."""
    tx.about(_(indicator.label))
    known = next((one for one in targets(tx) if one.indicator is indicator), None)
    values: dict[str, Any] = {"target": target, "bound": bound, "seasonal": seasonal, "note": note}
    if known is not None:
        return tx.change(known, **values)
    return tx.get(IndicatorTarget, tx.add(IndicatorTarget(indicator=indicator, **values)))


# ------------------------------------------------------------------------------------- noticing


def crossings(facts: Facts, wanted: Sequence[IndicatorTarget], on: date) -> list[Crossing]:
    """What has left its bound, or is worse than last year, and still is on a day."""
    found = [_left(facts, one, on) for one in wanted if one.bound is not None]
    found += [_worse(facts, one, on) for one in wanted if one.seasonal]
    return [one for one in found if one is not None]


def beyond(indicator: Indicator, value: float, bound: Decimal) -> bool:
    """Whether a value is worse than a bound."""
    return value < float(bound) if indicator in HIGHER_IS_BETTER else value > float(bound)


def _left(facts: Facts, target: IndicatorTarget, on: date) -> Crossing | None:
    bound, indicator = target.bound, target.indicator
    if bound is None or By.MONTH not in DEFINITIONS[indicator].splits:
        return None
    months = list(_months_back(facts, on))
    told = {one.group: one for one in split(facts, indicator, Scope(months[-1].since, on), By.MONTH)}
    run = _run(months, lambda scope: told.get(month_key(scope.since)), lambda one: one.value is not None and beyond(indicator, one.value, bound))
    if not run:
        return None
    first, (last, now) = run[-1][0], run[0]
    value, limit = _said(facts, now), figure(float(bound), now.unit, facts.shop.currency)
    words = N_("{indicator}: {value} in {month}, below the bound of {bound}.") if indicator in HIGHER_IS_BETTER else N_("{indicator}: {value} in {month}, above the bound of {bound}.")
    what = _(words).format(indicator=_(indicator.label), value=value, month=now.name, bound=limit)
    key = f"bound:{indicator.value}:{month_key(first.since)}"
    return Crossing(key, AlertKind.BOUND, indicator, first.since, last, now, None, bound, what, made_of(facts, now))


def _worse(facts: Facts, target: IndicatorTarget, on: date) -> Crossing | None:
    indicator = target.indicator

    def compared(scope: Scope) -> tuple[Measured, Measured]:
        return measure(facts, indicator, scope), measure(facts, indicator, scope.year_ago)

    weeks = list(_weeks_back(on))
    run: list[tuple[Scope, tuple[Measured, Measured]]] = []
    for scope in weeks:  # one after another: most often the first is fine, and nothing more is counted
        now, then = compared(scope)
        if not (now.judged and then.judged):
            continue
        turned = turn(indicator, now, then)
        if turned.better is not False or not turned.sure:
            break
        run.append((scope, (now, then)))
    if not run:
        return None
    first, (last, (now, then)) = run[-1][0], run[0]
    what = _("{indicator}: {value} from {since} to {until}, worse than {then} in the same weeks last year by more than chance.").format(
        indicator=_(indicator.label), value=_said(facts, now), since=show_day(last.since), until=show_day(last.until), then=_said(facts, then)
    )
    key = f"season:{indicator.value}:{week_key(first.until)}"
    told = "\n".join((made_of(facts, now), _("Last year: {facts}").format(facts=made_of(facts, then))))
    return Crossing(key, AlertKind.SEASON, indicator, first.since, last, now, then, None, what, told)


def _run(scopes: Sequence[Scope], at: Callable[[Scope], Measured | None], is_bad: Callable[[Measured], bool]) -> list[tuple[Scope, Measured]]:
    """The scopes of a run that still lasts, the newest first; what can't be judged is passed over."""
    found: list[tuple[Scope, Measured]] = []
    for scope in scopes:
        one = at(scope)
        if one is None or not one.judged:
            continue
        if not is_bad(one):
            break
        found.append((scope, one))
    return found


def _months_back(facts: Facts, on: date) -> Iterator[Scope]:
    """This month as far as it is gone, and those before it, back to the first that anything is known of."""
    day, first = on, facts.first_day
    while day >= first or day == on:
        span = span_of(By.MONTH, month_key(day))
        yield Scope(span.since, min(span.until, on))
        day = span.since - timedelta(days=1)


def _weeks_back(on: date) -> Iterator[Scope]:
    """The four weeks up to the last Sunday before a day, and those up to each Sunday before it."""
    sunday = on - timedelta(days=on.isoweekday())
    for back in range(WEEKS):
        last = sunday - timedelta(days=7 * back)
        yield Scope(last - FOUR_WEEKS + timedelta(days=1), last)


# ---------------------------------------------------------------------------------------- words


def _said(facts: Facts, one: Measured) -> str:
    return "–" if one.value is None else figure(one.value, one.unit, facts.shop.currency)


def made_of(facts: Facts, one: Measured) -> str:
    """What a figure is made of, in a sentence: how many of how many, and what chance explains."""
    numerator, denominator = (show_number(_short(value)) for value in (one.numerator, one.denominator))
    if one.unit is Unit.PERCENT and one.denominator:
        told = _("{value}: {numerator} of {denominator}").format(value=_said(facts, one), numerator=numerator, denominator=denominator)
    else:
        told = _("{value}, n = {n}").format(value=_said(facts, one), n=show_number(one.n))
    likely = interval(one, facts.shop.currency)
    return " ".join(part for part in (_("{told} (95 %: {interval}).").format(told=told, interval=likely) if likely else f"{told}.", one.why) if part)


def _short(value: float) -> Decimal:
    return Decimal(round(value)) if value == round(value) else Decimal(str(round(value, 1)))
