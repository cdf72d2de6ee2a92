"""What the indicator workbook is filled with: every indicator by month and by group, and the Paretos. In the language spoken now."""

from __future__ import annotations

from datetime import date

from qmdesk import __version__
from qmdesk.analysis.measured import Measured, Unit
from qmdesk.exchange.indicator_workbook import Bars, Content, Line, Table
from qmdesk.exchange.shaped_sheet import MONEY
from qmdesk.i18n import _, show_moment
from qmdesk.operations.figures.chart_series import window
from qmdesk.operations.figures.facts import Facts
from qmdesk.operations.figures.indicators import DEFINITIONS, split
from qmdesk.operations.figures.pareto import pareto
from qmdesk.operations.figures.periods import period_words
from qmdesk.operations.figures.scope import By, Scope
from qmdesk.operations.figures.targets import targets
from qmdesk.operations.registers import the_shop
from qmdesk.records.measures import Indicator
from qmdesk.register import Reading, clock

SPLITS = (By.CAUSE, By.PRODUCT, By.SUPPLIER, By.COURIER, By.CHANNEL)
FORMATS = {Unit.PERCENT: "0.0%", Unit.HOURS: "0.0", Unit.DAYS: "0.0", Unit.POINTS: "0.0", Unit.MONEY: MONEY}
NO_QUOTIENT = (Indicator.NPS, Indicator.CES, Indicator.FIRST_ANSWER, Indicator.SETTLE, Indicator.QUALITY_COST)
"""What is no numerator over a denominator: scores, medians, sums."""


def content(reading: Reading, facts: Facts, scope: Scope) -> Content:
    """The figures of a period, by month those of a year at least."""
    shop, wanted = the_shop(reading), {one.indicator: one for one in targets(reading)}
    longer = window(scope, By.MONTH)

    def table(indicator: Indicator, asked: Scope, by: By) -> Table:
        unit, target = DEFINITIONS[indicator].unit, wanted.get(indicator)
        line = None if target is None or target.target is None else float(target.target) / _factor(unit)
        return Table(_named(indicator, shop.currency), FORMATS[unit], [_line(one, indicator, by) for one in split(facts, indicator, asked, by)], line)

    return Content(
        title=_("Indicators, {period}").format(period=period_words(scope)),
        shop=shop.name,
        scope=scope.sentence(reading),
        made=_("Made on {moment} by QMDesk {version}").format(moment=show_moment(clock()), version=__version__),
        by_month=[table(one, longer, By.MONTH) for one in DEFINITIONS],
        by_group=[(_(by.label), [table(one, scope, by) for one, definition in DEFINITIONS.items() if by in definition.splits]) for by in SPLITS],
        bars=[_bars(facts, scope, by) for by in (By.CAUSE, By.PRODUCT)],
    )


def _factor(unit: Unit) -> float:
    return 100.0 if unit is Unit.PERCENT else 1.0


def _named(indicator: Indicator, currency: str) -> str:
    """An indicator with its unit, where the format of a cell can't show it."""
    words = {Unit.HOURS: _("{name}, hours"), Unit.DAYS: _("{name}, days"), Unit.MONEY: f"{{name}}, {currency}"}
    return words.get(DEFINITIONS[indicator].unit, "{name}").format(name=_(indicator.label))


def _line(one: Measured, indicator: Indicator, by: By) -> Line:
    factor = _factor(one.unit)
    value, low, high = (None if number is None else number / factor for number in (one.value, one.low, one.high))
    group = date.fromisoformat(f"{one.group}-01") if by is By.MONTH else one.name
    return Line(group, one.numerator, one.denominator, value, low, high, one.n, one.why, indicator not in NO_QUOTIENT)


def _bars(facts: Facts, scope: Scope, by: By) -> Bars:
    cost = {bar.keys: bar.value for bar in pareto(facts, scope, by, cost=True, most=None).bars}
    bars = pareto(facts, scope, by).bars
    return Bars(_("Pareto: {by}").format(by=_(by.label)), [(bar.name, bar.value, bar.before, sum(cost.get((key,), 0.0) for key in bar.keys)) for bar in bars])
