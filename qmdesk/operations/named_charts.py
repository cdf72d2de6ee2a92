"""The charts by their names, for the command line and for paper: drawn as outlines, which need no font."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from functools import partial

from qmdesk.analysis.drawing import Chart, Look
from qmdesk.errors import Known
from qmdesk.i18n import _
from qmdesk.operations import chart_series
from qmdesk.operations.chart_series import Told
from qmdesk.operations.control import CHARTED
from qmdesk.operations.facts import Facts
from qmdesk.operations.indicators import DEFINITIONS
from qmdesk.operations.scope import By, Scope
from qmdesk.records.measures import Indicator

PARETO_BY = (By.CAUSE, By.PRODUCT, By.CATEGORY, By.SUPPLIER, By.COURIER, By.CHANNEL)
Make = Callable[[Facts, Scope, Told], Chart]


def names() -> list[str]:
    """The names of all charts."""
    return list(_makers())


def chart(facts: Facts, name: str, scope: Scope, told: Told) -> Chart:
    """The chart of a name. Raises Known for a name that is none."""
    see_that_named(name)
    return _makers()[name](facts, scope, told)


def see_that_named(name: str) -> None:
    """Raises Known for a name that is none, with those there are."""
    if name not in names():
        raise Known(_("There is no chart “{name}”. The charts: {listed}.").format(name=name, listed=", ".join(names())))


def _makers() -> Mapping[str, Make]:
    told = [one for one in Indicator if one in DEFINITIONS]
    return {
        **{f"trend-{_hyphened(one)}": partial(_of, chart_series.trend, one) for one in told},
        **{f"control-{_hyphened(one)}": partial(_of, chart_series.control_chart, one) for one in told if one in CHARTED},
        **{f"pareto-{_word(by)}": partial(_pareto, by, cost=False) for by in PARETO_BY},
        **{f"pareto-cost-{_word(by)}": partial(_pareto, by, cost=True) for by in PARETO_BY},
        "ageing": lambda facts, scope, told: chart_series.ages(facts, scope, told).chart,
        "settle": lambda facts, scope, told: chart_series.settling(facts, scope, told).chart,
        "heat-cause-product": lambda facts, scope, told: chart_series.crossing(facts, scope, By.PRODUCT, By.CAUSE, told).chart,
        "heat-damage-courier": lambda facts, scope, told: chart_series.damage(facts, scope, told).chart,
        "heat-weekday-hour": lambda facts, scope, told: chart_series.clock_chart(facts, scope, told).chart,
        "cost-month": lambda facts, scope, told: chart_series.cost_by_month(facts, scope, told).chart,
        "cost-line": lambda facts, scope, told: chart_series.cost_by_line(facts, scope, told).chart,
    }


def _word(by: By) -> str:
    return str(by.value).replace("_", "-")


def _pareto(by: By, facts: Facts, scope: Scope, told: Told, *, cost: bool) -> Chart:
    return chart_series.pareto_chart(facts, scope, by, told, cost=cost).chart


def _hyphened(one: Indicator) -> str:
    return str(one.value).replace("_", "-")


def _of(make: Callable[[Facts, Indicator, Scope, Told], chart_series.Shown], indicator: Indicator, facts: Facts, scope: Scope, told: Told) -> Chart:
    return make(facts, indicator, scope, told).chart


def outlines(chart: Chart, look: Look) -> bytes:
    """The chart as an SVG whose words are outlines; the same chart is the same file."""
    import matplotlib as mpl  # half a second that only a chart needs

    drawn, out = chart.draw(look), io.BytesIO()
    with mpl.rc_context({"svg.fonttype": "path", "svg.hashsalt": "qmdesk"}):
        drawn.figure.savefig(out, format="svg", metadata={"Date": None})
    return out.getvalue()
