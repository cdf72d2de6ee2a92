"""From facts to charts: what each chart of the program shows, and the records behind each of its marks."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache
from statistics import NormalDist
from typing import Any

import numpy as np

from qmdesk.analysis import charts, grid_charts, time_charts, waiting_charts
from qmdesk.analysis.comparison import FEWEST, Counts, rate_interval, share_interval
from qmdesk.analysis.control import RULE_WORDS, USUAL_RULES, ChartKind, ControlChart, Rule
from qmdesk.analysis.drawing import About, Chart, Pin, Table, length
from qmdesk.analysis.measured import Measured, Unit
from qmdesk.analysis.said import figure
from qmdesk.analysis.survival import survival
from qmdesk.errors import Known
from qmdesk.i18n import N_, _, language, n_, show_day, show_number
from qmdesk.operations.figures import early_warning, indicators, pareto, quality_cost
from qmdesk.operations.figures.columns import DAY, Numbers, Taken, are, as_number
from qmdesk.operations.figures.control import Charted, charted
from qmdesk.operations.figures.early_warning import Suspect
from qmdesk.operations.figures.facts import Facts
from qmdesk.operations.figures.growing_words import Words
from qmdesk.operations.figures.indicators import DEFINITIONS, complaints, received
from qmdesk.operations.figures.periods import moved, period_words
from qmdesk.operations.figures.scope import TIMES, By, Key, Period, Scope, keys_within, span_of, word
from qmdesk.operations.figures.spending import LINES, group_of
from qmdesk.operations.figures.turns import RATES, SHARES
from qmdesk.operations.registers import the_shop
from qmdesk.records.case import CLOSED_STATES, Case, CaseKind, CaseState
from qmdesk.records.lists import Cause
from qmdesk.records.measures import HIGHER_IS_BETTER, CostGroup, Event, Indicator, IndicatorTarget
from qmdesk.register import MISSING, Reading
from qmdesk.schema.query import Order, Query
from qmdesk.schema.record import Record
from qmdesk.values import dataclass

MONTHS_SHOWN, WEEKS_SHOWN = 12, 26
"""A trend shows at least so many."""
CONTROL_MONTHS, CONTROL_WEEKS = 24, 52
AGES: tuple[tuple[int, str], ...] = ((3, N_("0–3 days")), (7, N_("4–7 days")), (14, N_("8–14 days")), (30, N_("15–30 days")), (10**6, N_("over 30 days")))
"""The last day of each age, and the age in words."""
WEEKDAYS = (N_("Monday"), N_("Tuesday"), N_("Wednesday"), N_("Thursday"), N_("Friday"), N_("Saturday"), N_("Sunday"))


@dataclass(frozen=True, eq=False, repr=False)
class Behind:
    """The records behind a mark: their kind, their ids, and what they are in words."""

    kind: type[Record]
    ids: list[int]
    words: str


@dataclass(frozen=True, eq=False, repr=False)
class Shown:
    """A chart with what is behind each of its marks."""

    chart: Chart
    behind: Callable[[int], Behind]


@dataclass(frozen=True, eq=False, repr=False)
class Told:
    """What charts are told with besides facts: the scope in words, the shop's currency, its pinned events, the targets."""

    scope: str = ""
    currency: str = "PLN"
    events: Sequence[Event] = ()
    targets: Sequence[IndicatorTarget] = ()
    causes: Sequence[Cause] = ()

    def said(self, unit: Unit) -> Callable[[float], str]:
        """The values of a unit in words."""
        return lambda value: figure(value, unit, self.currency)

    def target(self, indicator: Indicator) -> IndicatorTarget | None:
        """The target of an indicator."""
        return next((one for one in self.targets if one.indicator is indicator), None)


@dataclass(frozen=True, eq=False, repr=False)
class Looked:
    """What is looked at: the facts, the scope, and what else charts are told with."""

    facts: Facts
    scope: Scope
    told: Told


def told_of(reading: Reading, scope: Scope) -> Told:
    """What charts of a scope are told with, out of the register."""
    events, targets = reading.records(Query(Event).by(Order("on"))), reading.records(Query(IndicatorTarget))
    return Told(scope.sentence(reading), the_shop(reading).currency, events, targets, reading.records(Query(Cause)))


GLANCES = 2000
"""So many figures of tiles are kept: those of some hundred and forty scopes."""
ROWS_APART = 60
"""So many rows of a crossing are told one by one."""
WORTH_SAYING = 3
"""Fewer complaints than so many where two things meet are not worth a sentence."""
TRANSPORT = "TRANSPORT"
"""The code of the cause of damage on the way."""


def measured_in(indicator: Indicator, told: Told) -> str:
    """An indicator with what it is counted in, as it stands over numbers without a unit."""
    unit = DEFINITIONS[indicator].unit
    words = {Unit.PERCENT: _("{indicator}, %"), Unit.HOURS: _("{indicator}, hours"), Unit.DAYS: _("{indicator}, days"), Unit.MONEY: _("{indicator}, {currency}")}
    return words.get(unit, "{indicator}").format(indicator=_(indicator.label), currency=told.currency)


def _number(value: Any) -> float | None:
    return None if value is None else length(value)


# ---------------------------------------------------------------------------------------- over time


def window(scope: Scope, by: By, months: int = MONTHS_SHOWN, weeks: int = WEEKS_SHOWN) -> Scope:
    """The whole months or weeks a chart over time shows: the scope, and what is before it as far as that is short."""
    if by is By.WEEK:
        first = scope.until - timedelta(days=scope.until.weekday() + 7 * (weeks - 1))
        since = scope.since - timedelta(days=scope.since.weekday())
    else:
        first = moved(scope.until.replace(day=1), 1 - months)
        since = scope.since.replace(day=1)
    return Scope(min(first, since), scope.until, scope.only)


def _over_time(facts: Facts, shown: Scope, scope: Scope, told: Told) -> str:
    """What a chart over time shows, in words: of a short scope it shows what was before it too."""
    if shown == scope:
        return told.scope
    return ", ".join(filter(None, (_("{since} to {until}").format(since=show_day(shown.since), until=show_day(shown.until)), _groups(facts, shown))))


def _groups(facts: Facts, scope: Scope) -> str:
    """The groups a scope is narrowed to, in words."""
    return ", ".join(_("{what}: {which}").format(what=_(by.label), which=facts.words.name(by, facts.words.code(by, key))) for by, key in scope.only)


def tick(by: By, key: str) -> str:
    """A month or a week as it stands on an axis: Oct 26, 5.10."""
    from babel.dates import format_date  # 40 ms that only months in words need

    first = span_of(by, key).since
    if by is By.WEEK:
        return f"{first.day}.{first.month:02}" if language() == "pl" else format_date(first, "d MMM", locale="en")
    return format_date(first, "LLL yy", locale=language())


def pins(events: Iterable[Event], spans: Sequence[Period]) -> tuple[Pin, ...]:
    """Where events lie on an axis of periods; those outside are left out."""
    found = []
    for event in sorted(events, key=lambda one: one.on):
        for place, span in enumerate(spans):
            if span.since <= event.on <= span.until:
                found.append(Pin(place - 0.5 + ((event.on - span.since).days + 0.5) / span.days, event.what))
    return tuple(found)


def series(facts: Facts, indicator: Indicator, scope: Scope, by: By) -> dict[str, Measured]:
    """The figures of each month or week, by its key; those with nothing to count are missing."""
    return {str(one.group): one for one in indicators.split(facts, indicator, scope, by)}


def at_a_glance(facts: Facts, indicator: Indicator, scope: Scope) -> tuple[Measured, Measured, tuple[float | None, ...]]:
    """What a tile tells of an indicator: its figure, that of the period before, and the value of each month of a trend.

    It is kept: who goes back to a period or a filter sees it in one frame.
    """
    asked = indicator, scope, language()
    if asked not in facts.glanced:
        if len(facts.glanced) >= GLANCES:
            del facts.glanced[next(iter(facts.glanced))]  # the oldest
        now, before, *months = indicators.over(facts, indicator, scope, _glanced(Period(scope.since, scope.until)))
        facts.glanced[asked] = now, before, tuple(one.value if one.n or one.judged else None for one in months)
    return facts.glanced[asked]


@lru_cache(4)
def _glanced(period: Period) -> tuple[Period, ...]:
    """A period, the one before it, and the months of its trend; all tiles ask for the same."""
    months = window(Scope(period.since, period.until), By.MONTH)
    spans = [span_of(By.MONTH, key) for key in keys_within(By.MONTH, months)]
    return period, period.before, *spans[:-1], Period(spans[-1].since, months.until)


def trend(facts: Facts, indicator: Indicator, scope: Scope, told: Told, by: By = By.MONTH) -> Shown:
    """An indicator month by month or week by week, with the same periods a year before, its target, its bound."""
    shown = window(scope, by)
    keys = list(keys_within(by, shown))
    now = series(facts, indicator, shown, by)
    ago = series(facts, indicator, _year_before(shown, by), by)
    unit = DEFINITIONS[indicator].unit
    points = []
    for key in keys:
        one, before = now.get(key), ago.get(_key_a_year_before(by, key))
        points.append(
            time_charts.TimePoint(
                word(by, key), tick(by, key), one.value if one else None, one.n if one else 0, one.low if one else None, one.high if one else None,
                before.value if before else None, bool(one and one.judged),
            )
        )  # fmt: skip
    target = told.target(indicator)
    chart = time_charts.TrendChart(
        About(_(indicator.label), _over_time(facts, shown, scope, told), _trend_sentence(points, told.said(unit))),
        tuple(points),
        told.said(unit),
        measured_in(indicator, told),
        _number(target.target) if target else None,
        _number(target.bound) if target else None,
        pins(told.events, [span_of(by, key) for key in keys]),
        from_zero=unit is not Unit.POINTS,
    )
    return Shown(chart, lambda mark: behind(facts, indicator, shown.narrowed(by, keys[mark]), points[mark].name))


def _year_before(shown: Scope, by: By) -> Scope:
    if by is By.WEEK:
        return shown.year_ago
    return Scope(moved(shown.since, -12), moved(moved(shown.until.replace(day=1), -12), 1) - timedelta(days=1), shown.only)


def _key_a_year_before(by: By, key: str) -> str:
    span = span_of(by, key)
    if by is By.WEEK:
        return next(keys_within(by, Scope(span.since, span.until).year_ago))
    return next(keys_within(by, Period(moved(span.since, -12), moved(span.since, -12))))


def _trend_sentence(points: Sequence[time_charts.TimePoint], said: Callable[[float], str]) -> str:
    known = [point for point in points if point.value is not None]
    if not known:
        return ""
    last, high, low = known[-1], max(known, key=lambda one: one.value or 0), min(known, key=lambda one: one.value or 0)
    if len(known) == 1:
        return _("{name}: {value}.").format(name=last.name, value=said(last.value or 0))
    sentence = _("{name}: {value}. Highest {high} ({high_name}), lowest {low} ({low_name}).")
    return sentence.format(name=last.name, value=said(last.value or 0), high=said(high.value or 0), high_name=high.name, low=said(low.value or 0), low_name=low.name)


def behind(facts: Facts, indicator: Indicator, scope: Scope, words: str) -> Behind:
    """The records behind a figure."""
    kind, ids = indicators.behind(facts, indicator, scope)
    return Behind(kind, ids, _("{indicator}: {words}").format(indicator=_(indicator.label), words=words))


# ---------------------------------------------------------------------------------------- by group


def by_group(facts: Facts, indicator: Indicator, scope: Scope, by: By, told: Told) -> Shown:
    """An indicator by group, the worst first; groups of too few follow."""
    now = in_order(indicator, indicators.split(facts, indicator, scope, by))
    before = {one.group: one.value for one in indicators.split(facts, indicator, scope.before, by)}
    unit, whole = DEFINITIONS[indicator].unit, indicators.measure(facts, indicator, scope)
    said, target = told.said(unit), told.target(indicator)
    bars = tuple(charts.Bar(one.name, one.value, one.n, one.low, one.high, before.get(one.group), one.judged) for one in now)
    chart = charts.BarChart(
        About(_("{indicator} · {by}").format(indicator=_(indicator.label), by=_(by.label)), told.scope, _group_sentence(indicator, now, whole, said)),
        bars,
        said,
        measured_in(indicator, told),
        _number(target.target) if target else None,
        whole.value,
    )
    return Shown(chart, lambda mark: behind(facts, indicator, narrowed(scope, by, now[mark].group), now[mark].name))


def narrowed(scope: Scope, by: By, group: Key | None) -> Scope:
    """A scope of one group only; None: the whole."""
    return scope if group is None else scope.narrowed(by, group)


def in_order(indicator: Indicator, found: Sequence[Measured]) -> list[Measured]:
    """The worst first, then those of too few, then those not known."""
    sign = 1 if indicator in HIGHER_IS_BETTER else -1
    return sorted(found, key=lambda one: (one.value is None, not one.judged, sign * (one.value or 0), -one.n))


def _group_sentence(indicator: Indicator, found: Sequence[Measured], whole: Measured, said: Callable[[float], str]) -> str:
    firm = [one for one in found if one.judged and one.value is not None]
    if len(firm) < 2 or whole.value is None:
        return _("There are too few in each group to compare them.") if found else ""
    worst = firm[0]
    sure = _beyond_chance(indicator, worst, whole, len(firm))
    sentence = _("Worst: {name}, {value}; all together {whole}. That is more than chance.") if sure else _("Worst: {name}, {value}; all together {whole}. That may be chance: of several groups one is always the worst.")
    return sentence.format(name=worst.name, value=said(worst.value or 0), whole=said(whole.value))


def _beyond_chance(indicator: Indicator, worst: Measured, whole: Measured, groups: int) -> bool:
    """Whether the worst of so many groups differs from the whole, at 5 % for all of them together (Bonferroni)."""
    if whole.value is None or indicator not in (*RATES, *SHARES):
        return False
    counts, z = Counts(round(worst.numerator), max(1, round(worst.denominator))), NormalDist().inv_cdf(1 - 0.025 / groups)
    return not (share_interval if indicator in SHARES else rate_interval)(counts, z).holds(whole.value / 100)


def pareto_chart(facts: Facts, scope: Scope, by: By, told: Told, *, cost: bool = False) -> Shown:
    """What goes wrong most: cases by cause, product, supplier, courier, or what their failing cost."""
    found = pareto.pareto(facts, scope, by, cost=cost)
    bars = tuple(charts.ParetoBar(bar.name, bar.value, 100 * bar.cumulative, bar.vital, bar.last, bar.before) for bar in found.bars)
    title = _("Cost of failure · {by}") if cost else _("Cases · {by}")
    said = told.said(Unit.MONEY) if cost else lambda value: show_number(round(value))
    chart = charts.ParetoChart(About(title.format(by=_(by.label)), told.scope, pareto.sentence(found)), bars, said, _("Cost, {currency}").format(currency=told.currency) if cost else _("Cases"))

    def opened(mark: int) -> Behind:
        kind, ids = pareto.behind_bar(facts, scope, by, found.bars[mark], cost=cost)
        return Behind(kind, ids, _("{what}: {which}").format(what=_(by.label), which=found.bars[mark].name))

    return Shown(chart, opened)


# ------------------------------------------------------------------------------------ control charts


def control_chart(
    facts: Facts, indicator: Indicator, scope: Scope, told: Told, by: By = By.MONTH, kind: ChartKind | None = None, rules: Sequence[Rule] = USUAL_RULES
) -> Shown:
    """An indicator on a control chart; without ``kind`` on the one that suits (quality.md: g where it is rare, Laney's where much is sold)."""
    shown = window(scope, by, CONTROL_MONTHS, CONTROL_WEEKS)
    found = charted(facts, indicator, shown, by, kind, rules)
    told = replace(told, scope=_over_time(facts, shown, scope, told))
    return _gaps_chart(facts, indicator, found, told) if found.chart.kind is ChartKind.G else _periods_chart(facts, indicator, found, shown, told, by, rules)


def _periods_chart(facts: Facts, indicator: Indicator, found: Charted, shown: Scope, told: Told, by: By, rules: Sequence[Rule]) -> Shown:
    drawn, keys, names = found.chart, found.keys, found.names
    points = tuple(
        time_charts.ControlPoint(names[at], tick(by, keys[at]), 100 * (drawn.values[at] or 0), found.sizes[at], 100 * drawn.centre, 100 * drawn.lower[at], 100 * drawn.upper[at], _rules_at(drawn, at))
        for at in range(len(keys))
    )
    chart = time_charts.ControlChart(
        About(_("{indicator} · control chart").format(indicator=_(indicator.label)), told.scope, found.sentence),
        points,
        told.said(Unit.PERCENT),
        measured_in(indicator, told),
        drawn.provisional,
        Rule.TWO_OF_THREE in rules or Rule.FOUR_OF_FIVE in rules,
        pins(told.events, [span_of(by, key) for key in keys]),
    )
    return Shown(chart, lambda mark: behind(facts, indicator, shown.narrowed(by, keys[mark]), names[mark]))


def _rules_at(chart: ControlChart, at: int) -> tuple[str, ...]:
    return tuple(_(RULE_WORDS[hit.rule]) for hit in chart.hits if hit.first <= at <= hit.last)


def _gaps_chart(facts: Facts, indicator: Indicator, found: Charted, told: Told) -> Shown:
    drawn, names = found.chart, found.names
    points = tuple(
        time_charts.ControlPoint(names[at], names[at], drawn.values[at] or 0, 1, drawn.centre, drawn.lower[at], drawn.upper[at], _rules_at(drawn, at)) for at in range(len(names))
    )
    measure = _("Orders since the one before") if found.unit == "orders" else _("Days since the one before")
    title = _("{indicator} · control chart of gaps").format(indicator=_(indicator.label))
    days = [date.fromisoformat(key) for key in found.keys]
    pinned = tuple(Pin(bisect_left(days, event.on) - 0.5, event.what) for event in told.events if days and found.begins and found.begins < event.on <= days[-1])
    chart = time_charts.ControlChart(About(title, told.scope, found.sentence), points, lambda value: show_number(round(value)), measure, drawn.provisional, pins=pinned)
    kind = DEFINITIONS[indicator].take(facts, Scope(facts.on, facts.on)).rows.kind
    return Shown(chart, lambda mark: Behind(kind, [found.ids[mark]], names[mark]))


# ------------------------------------------------------------------------------------------- crossings


def crossing(facts: Facts, scope: Scope, down: By, across: By, told: Told) -> Shown:
    """Complaints where two groupings meet; where both divide the sales, per order line: damage by courier and category.

    Rows with the most complaints have a row of their own, the others one together.
    """
    found = complaints(facts, scope)
    row, code, other = _meeting(found, down, across)
    downs, acrosses = (_by_number(facts, by, codes) for by, codes in ((down, code), (across, other)))
    own, rest = downs[:ROWS_APART], downs[ROWS_APART:]
    names = [facts.words.name(down, one) for one in own] + ([_("all the others")] if rest else [])
    columns = [facts.words.name(across, one) for one in acrosses]
    place = _places_of(code, own), _places_of(other, acrosses)
    counts = np.zeros((len(own) + 1, len(acrosses)), dtype=np.int64)
    np.add.at(counts, place, 1)
    sold = _lines_of(facts, scope, (down, own), (across, acrosses))
    cells = tuple(
        tuple(_crossed(names[at], columns[to], int(counts[at, to]), None if sold is None else int(sold[at, to]), told) for to in range(len(columns))) for at in range(len(names))
    )
    ids = found.rows.id[found.window]
    chart = grid_charts.HeatChart(
        About(_("{down} × {across}").format(down=_(down.label), across=_(across.label)), told.scope, _crossing_sentence(cells, lambda cell: round((cell.value or 0) * cell.n / 100) if sold is not None else cell.n)),
        tuple(names),
        tuple(columns),
        cells,
        told.said(Unit.PERCENT) if sold is not None else lambda value: show_number(round(value)),
        _(down.label),
        _(across.label),
        _("Complaints per order line, %") if sold is not None else _("Complaints"),
    )

    def opened(mark: int) -> Behind:
        at, to = divmod(mark, len(columns))
        hit = np.unique(row[(place[0] == at) & (place[1] == to)])
        return Behind(Case, ids[hit][::-1].tolist(), _("{down}, {across}").format(down=names[at], across=columns[to]))

    return Shown(chart, opened)


def _by_number(facts: Facts, by: By, codes: Numbers) -> list[int]:
    """Groups by how often they are there, those not known last; months and weeks in their order."""
    there, many = np.unique(codes, return_counts=True)
    order = dict(zip(there.tolist(), many.tolist(), strict=True))
    if by in TIMES:
        return sorted(order)
    return sorted(order, key=lambda one: (not facts.words.key(by, one), -order[one], facts.words.name(by, one)))


def _places_of(codes: Numbers, listed: Sequence[int]) -> Numbers:
    """The place of each code in a list; of those that are not in it the one after its last."""
    in_order = np.argsort(listed, kind="stable") if len(listed) else np.zeros(0, dtype=np.int64)
    known = np.array(listed, dtype=np.int64)[in_order]
    at = np.minimum(np.searchsorted(known, codes), max(0, len(known) - 1))
    if not len(known):
        return np.zeros(len(codes), dtype=np.int64)
    return np.where(known[at] == codes, in_order[at], len(listed))


def _meeting(found: Taken, down: By, across: By) -> tuple[Numbers, Numbers, Numbers]:
    """Each record with its groups, the row counted from the first of the window; one of two groups is there for each."""
    (row, code), (other_row, other) = _paired(found, down), _paired(found, across)
    first, after = np.searchsorted(other_row, row), np.searchsorted(other_row, row, side="right")
    many = after - first
    which = np.repeat(np.arange(len(row)), many)
    at = np.repeat(first - (np.cumsum(many) - many), many) + np.arange(int(many.sum()))
    return row[which], code[which], other[at]


def _paired(found: Taken, by: By) -> tuple[Numbers, Numbers]:
    """The records in their order, each with the codes of its groups."""
    parts = list(found.split(by))
    if not parts:
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
    row = np.concatenate([rows for _code, rows in parts])
    code = np.concatenate([np.full(len(rows), one) for one, rows in parts])
    order = np.argsort(row, kind="stable")
    return row[order], code[order]


OF_SALES = (By.PRODUCT, By.CATEGORY, By.SUPPLIER, By.CHANNEL, By.COURIER, By.BUYER_TYPE)
"""What divides order lines too."""


def of_sales(scope: Scope) -> Scope:
    """A scope as far as it divides the sales."""
    return Scope(scope.since, scope.until, tuple(pair for pair in scope.only if pair[0] in OF_SALES))


def _lines_of(facts: Facts, scope: Scope, down: tuple[By, Sequence[int]], across: tuple[By, Sequence[int]]) -> Numbers | None:
    """Order lines where two groupings meet, those of all other rows last; None where they don't divide the sales."""
    if down[0] not in OF_SALES or across[0] not in OF_SALES:
        return None
    sold = indicators.taken(facts, facts.sales.lines, of_sales(scope))
    if not sold.mask.any():
        return None
    one, two = (_places_of(sold.codes(by)[sold.mask], listed) for by, listed in (down, across))
    counts = np.zeros((len(down[1]) + 1, len(across[1]) + 1), dtype=np.int64)
    np.add.at(counts, (one, two), 1)
    return counts


def _crossed(down: str, across: str, many: int, of: int | None, told: Told) -> grid_charts.Cell:
    names = {"down": down, "across": across}
    if of is None:
        return grid_charts.Cell(length(many), many, n_("{down}, {across}: {n} complaint", "{down}, {across}: {n} complaints", many, **names))
    if not of:
        words = n_("{down}, {across}: {n} complaint, no sales known", "{down}, {across}: {n} complaints, no sales known", many, **names)
        return grid_charts.Cell(None, many, words, firm=False)
    rate = 100 * many / of
    words = n_("{down}, {across}: {rate}, {n} complaint on {of} order lines", "{down}, {across}: {rate}, {n} complaints on {of} order lines", many, rate=told.said(Unit.PERCENT)(rate), of=show_number(of), **names)
    return grid_charts.Cell(rate, of, words, firm=of >= FEWEST)


def _crossing_sentence(cells: tuple[tuple[grid_charts.Cell, ...], ...], many: Callable[[grid_charts.Cell], int]) -> str:
    firm = [cell for row in cells for cell in row if cell.firm and cell.value and many(cell) >= WORTH_SAYING]
    if not firm:
        return _("Nowhere are there enough of them to say more than chance would.")
    return _("Most where these meet: {words}.").format(words=max(firm, key=lambda cell: cell.value or 0).words)


def damage(facts: Facts, scope: Scope, told: Told) -> Shown:
    """Damage on the way: complaints of that cause per order line, by category (what is packed) and courier."""
    causes = [cause.id for cause in told.causes if cause.code == TRANSPORT]
    if not causes:
        raise Known(_("No cause has the code {code}, so damage on the way can't be told apart. Give it to one among the causes.").format(code=TRANSPORT))
    for cause in causes:
        scope = scope.narrowed(By.CAUSE, cause)
    return crossing(facts, scope, By.CATEGORY, By.COURIER, told)


def clock_chart(facts: Facts, scope: Scope, told: Told) -> Shown:
    """When cases come: day of the week and hour, on the shop's clock."""
    found = received(facts, scope)
    at, ids = found["received"][found.mask], found.rows.id[found.window][found.mask]
    weekday, hour = (at // DAY + 3) % 7, at % DAY // 3600
    counted = np.zeros((7, 24), dtype=np.int64)
    np.add.at(counted, (weekday, hour), 1)
    first, last = (int(hour.min()), int(hour.max())) if len(hour) else (8, 17)
    hours = range(min(first, 8), max(last, 17) + 1)

    def cell(day: int, of: int) -> grid_charts.Cell:
        many = int(counted[day, of])
        return grid_charts.Cell(length(many), many, n_("{day}, from {hour}: {n} case", "{day}, from {hour}: {n} cases", many, day=_(WEEKDAYS[day]), hour=f"{of}:00"))

    cells = tuple(tuple(cell(day, of) for of in hours) for day in range(7))
    chart = grid_charts.HeatChart(
        About(_("Day of the week × hour"), told.scope, _crossing_sentence(cells, lambda cell: cell.n)),
        tuple(_(day) for day in WEEKDAYS),
        tuple(str(of) for of in hours),
        cells,
        lambda value: show_number(round(value)),
        _("Day of the week"),
        _("Hour"),
        _("Cases by the hour they came"),
    )

    def opened(mark: int) -> Behind:
        day, of = mark // len(hours), hours[mark % len(hours)]
        return Behind(Case, ids[(weekday == day) & (hour == of)][::-1].tolist(), cells[day][mark % len(hours)].words)

    return Shown(chart, opened)


# --------------------------------------------------------------------------------------------- waiting


def ages(facts: Facts, scope: Scope, told: Told) -> Shown:
    """How long the cases that are open now have been open, whenever they came."""
    always = Scope(date(1970, 1, 1), facts.on, scope.only)
    found = indicators.taken(facts, facts.cases, always)
    found = found.only(~are(CaseState, found["state"], *CLOSED_STATES))
    age = as_number(facts.on) - found.rows.day[found.window][found.mask]
    ids, kind = found.rows.id[found.window][found.mask], found.codes(By.KIND)[found.mask]
    place = np.searchsorted([last for last, _words in AGES], age)
    parts = tuple(charts.Part(_(one.label), tuple(length(((place == at) & (kind == code)).sum()) for at in range(len(AGES)))) for code, one in enumerate(CaseKind))
    names = tuple(_(words) for _last, words in AGES)
    late = int((age > AGES[2][0]).sum())
    sentence = n_("{n} case is open", "{n} cases are open", len(age)) if not len(age) else n_("{n} open case is older than 14 days.", "{n} open cases are older than 14 days.", late)
    only = _groups(facts, scope)
    of = _("on {day}, whenever they came").format(day=show_day(facts.on))
    chart = charts.ColumnChart(About(_("How old the open cases are"), f"{of}; {only}" if only else of, sentence), names, tuple(part for part in parts if any(part.values)) or parts[:1], lambda value: show_number(round(value)), _("Open cases"))
    return Shown(chart, lambda mark: Behind(Case, ids[place == mark][::-1].tolist(), _("Open: {age}").format(age=names[mark])))


def settling(facts: Facts, scope: Scope, told: Told) -> Shown:
    """How long cases take from receipt to their end; the open ones count as lasting at least until now."""
    found = received(facts, scope)
    day, closed, ids = found.rows.day[found.window], found["closed_on"], found.rows.id[found.window]
    still_open = ~are(CaseState, found["state"], *CLOSED_STATES)
    counted = found.mask & (still_open | (closed != MISSING))
    took = np.where(still_open, np.maximum(as_number(facts.on), day), closed)[counted] - day[counted]
    still, ids = still_open[counted], ids[counted]
    curve = survival(took.astype(np.float64), still)
    in_order = np.sort(took)
    steps = tuple(
        waiting_charts.Step(time, 100 * share, int(((took == time) & ~still).sum()), int(len(took) - np.searchsorted(in_order, time)), 100 * low, 100 * high)
        for time, share, low, high in zip(curve.times, curve.open_shares, curve.low, curve.high, strict=True)
    )
    days = told.said(Unit.DAYS)
    figures = indicators.measure(facts, Indicator.SETTLE, scope)
    sentence = figures.why
    if figures.value is not None:
        sentence = n_("Half are settled within {days}; {n} is still open and counted so far.", "Half are settled within {days}; {n} are still open and counted so far.", figures.still_open, days=days(figures.value))
    chart = waiting_charts.SettleChart(About(_("How long cases take"), told.scope, sentence), steps, tuple(sorted(map(float, took[still]))), days, figures.value, figures.most)

    def opened(mark: int) -> Behind:
        time = curve.times[mark]
        return Behind(Case, ids[(took == time) & ~still][::-1].tolist(), _("Settled after {days}").format(days=days(time)))

    return Shown(chart, opened)


# ------------------------------------------------------------------------------------------------ costs


def cost_by_month(facts: Facts, scope: Scope, told: Told) -> Shown:
    """What quality cost month by month: to fail, to look, to prevent, kept apart."""
    shown = window(scope, By.MONTH)
    found = indicators.taken(facts, facts.costs, shown)
    keys = list(keys_within(By.MONTH, shown))
    codes = [facts.words.code(By.MONTH, key) for key in keys]
    group_at = np.array([list(CostGroup).index(group_of(line)) for line in LINES])[found["line"]]
    sums = [found.only(group_at == at).shared(By.MONTH, {"amount": found["amount"]}) for at in range(len(CostGroup))]
    values = [[sum_of.get(code, {"amount": 0.0})["amount"] / 100 for code in codes] for sum_of in sums]
    parts = tuple(charts.Part(_(one.label), tuple(max(0.0, value) for value in row)) for one, row in zip(CostGroup, values, strict=True))
    said, whole = told.said(Unit.MONEY), [sum(row) for row in values]
    sentence = _("{failure} because something failed, {appraisal} to look, {prevention} to prevent.").format(failure=said(whole[0]), appraisal=said(whole[1]), prevention=said(whole[2]))
    chart = charts.ColumnChart(About(_("Cost of quality"), _over_time(facts, shown, scope, told), sentence if any(whole) else ""), tuple(tick(By.MONTH, key) for key in keys), parts, said, told.currency)
    return Shown(chart, lambda mark: _spent(found.only(found.codes(By.MONTH) == codes[mark]), word(By.MONTH, keys[mark])))


def cost_by_line(facts: Facts, scope: Scope, told: Told) -> Shown:
    """What quality cost by what it was spent on, the dearest first, what is booked apart from what is estimated."""
    costs = quality_cost.costs(facts, scope)
    lines = sorted(costs.lines, key=lambda line: -line.all)
    was = {line.line: length(line.all) for line in quality_cost.costs(facts, scope.before).lines}
    found, said, failed = indicators.taken(facts, facts.costs, scope), told.said(Unit.MONEY), costs.of(CostGroup.FAILURE)
    bars = tuple(charts.Bar(_(line.line.label), length(line.all), line.entries, before=was.get(line.line)) for line in lines)
    sentence = _("Failing cost {sum}, of it {estimated} estimated.").format(sum=said(length(failed.all)), estimated=said(length(failed.estimated))) if lines else ""
    chart = charts.BarChart(About(_("Cost of quality by what it was spent on"), told.scope, sentence), bars, said, told.currency)
    headings = (_("Group"), _("Booked"), _("Estimated"), _("Together"), _("Part"), _("Entries"), _("Period before"))
    rows = tuple((_(line.line.label), length(line.booked), length(line.estimated), length(line.all), _(line.group.label), line.entries, was.get(line.line)) for line in lines)
    return Shown(charts.Retold(chart, Table(headings, rows)), lambda mark: _spent(found.only(found["line"] == LINES.index(lines[mark].line)), bars[mark].name))


def _spent(found: Taken, words: str) -> Behind:
    return Behind(found.rows.kind, found.ids, _("Cost of quality: {words}").format(words=words))


# -------------------------------------------------------------------------------------- early warning


def warnings(found: Sequence[Suspect], told: Told) -> Shown:
    """Groups of sales that are complained of, the gravest first: their rate with its interval, what was expected as a mark."""
    found = sorted(found, key=lambda one: one.complaints < WORTH_SAYING and not one.bad)  # those worth a bar first
    bars = tuple(_suspected(one) for one in found if one.bad or one.complaints >= WORTH_SAYING)
    headings = (_("Group"), _("Complaints"), _("Sold"), _("Expected"), "p", _("q, after Benjamini and Hochberg"), _("More than chance"))
    rows = tuple((one.group, one.complaints, one.sold, round(one.expected, 2), _chance(one.p), _chance(one.q), one.bad) for one in found)
    bad = early_warning.told_of(found)
    sentence = "; ".join(one.sentence for one in bad[:3]) if bad else _("No batch and no product is complained of more than chance explains.") if found else ""
    chart = charts.BarChart(About(_("Batches and products complained of"), _("Sold lately, against the rest of each product"), sentence), bars, told.said(Unit.PERCENT), _("Complained of, %"), note=N_("│ expected"), nothing=N_("No batch and no product has three complaints."))
    return Shown(charts.Retold(chart, Table(headings, rows)), lambda mark: Behind(Case, list(found[mark].cases), found[mark].group))


def _chance(value: float) -> str:
    return show_number(Decimal(f"{value:.1g}")) if value >= 1e-6 else _("under one in a million")


def _suspected(one: Suspect) -> charts.Bar:
    likely = share_interval(Counts(min(one.complaints, one.sold), max(1, one.sold)))  # a share, as in the test: no piece is complained of twice
    expected = 100 * one.expected / one.sold if one.sold else None
    return charts.Bar(one.group, 100 * one.complaints / max(1, one.sold), one.sold, 100 * likely.low, 100 * likely.high, expected, one.bad)


def growing(found: Words, told: Told) -> Shown:
    """The words that complaints say more than a year before, the surest first; how many of a hundred cases say them."""
    bars = tuple(
        charts.Bar(one.word, 100 * one.now / max(1, found.texts), one.now, before=100 * one.before / max(1, found.texts_before)) for one in found.words
    )
    rows = tuple((one.word, one.now, one.before, round(one.z, 1)) for one in found.words)
    sentence = "; ".join(one.sentence for one in found.words[:3]) or found.why
    about = About(_("Words that grow"), _("{period}, against the year before it").format(period=period_words(found.period)), sentence)
    chart = charts.BarChart(about, bars, told.said(Unit.PERCENT), _("Said in so many cases, %"), note=N_("│ the year before"), nothing=N_("No word grows."))
    table = Table((_("Word"), _("Cases now"), _("Cases before"), "z"), rows)
    return Shown(charts.Retold(chart, table), lambda mark: Behind(Case, list(found.words[mark].cases), _("“{word}”").format(word=found.words[mark].word)))
