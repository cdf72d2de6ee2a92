"""Control charts out of facts: which counts on which sizes an indicator has period by period, or between its rare events."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import numpy as np

from qmdesk.analysis import control, control_words
from qmdesk.analysis.control import ChartKind, ControlChart, Rule
from qmdesk.errors import Known
from qmdesk.i18n import _, show_day
from qmdesk.operations.figures import indicators
from qmdesk.operations.figures.columns import as_day
from qmdesk.operations.figures.facts import Facts
from qmdesk.operations.figures.indicators import DEFINITIONS
from qmdesk.operations.figures.scope import By, Scope, keys_within, word
from qmdesk.operations.figures.turns import RATES, SHARES
from qmdesk.records.measures import HIGHER_IS_BETTER, Indicator
from qmdesk.values import dataclass

CHARTED = (*RATES, *SHARES)
"""The indicators that are counts of something; of times, points and money there is no chart here."""
GAPS_SHOWN = 60
NOT_OF_SALES = (By.CAUSE, By.KIND)


@dataclass(frozen=True, eq=False)
class Charted:
    """A control chart with its periods (or, of a g-chart, the days of its events), and what it shows in a sentence."""

    chart: ControlChart
    keys: tuple[str, ...]
    """Months "2026-10", weeks "2026-W41", or days "2026-10-05" of the events that end a gap."""
    names: tuple[str, ...]
    counts: tuple[float, ...]
    sizes: tuple[float, ...]
    unit: str
    """"percent", and of a g-chart "orders" or "days"."""
    sentence: str
    ids: tuple[int, ...] = ()
    """Of a g-chart the records that end each gap."""
    begins: date | None = None
    """Of a g-chart the day of the event before the first gap."""


def charted(facts: Facts, indicator: Indicator, scope: Scope, by: By = By.MONTH, kind: ChartKind | None = None, rules: Sequence[Rule] = control.USUAL_RULES) -> Charted:
    """The control chart of an indicator; without ``kind`` the one that suits (quality.md). Raises Known where there is none."""
    if indicator not in CHARTED:
        listed = ", ".join(_(one.label) for one in CHARTED)
        raise Known(_("“{indicator}” is no count of something, so it has no control chart; these have one: {listed}.").format(indicator=_(indicator.label), listed=listed))
    found = {str(one.group): one for one in indicators.split(facts, indicator, scope, by)}
    keys = tuple(key for key in keys_within(by, scope) if key in found and found[key].denominator > 0)
    counts, sizes = tuple(found[key].numerator for key in keys), tuple(found[key].denominator for key in keys)
    kind = kind or control.chart_for(counts, sizes, share=indicator in SHARES)
    if kind is ChartKind.G:
        return _gaps(facts, indicator, scope, rules)
    draw = control.p_chart if kind in (ChartKind.P, ChartKind.LANEY_P) else control.u_chart
    if draw is control.p_chart and any(count > size for count, size in zip(counts, sizes, strict=True)):
        raise Known(_("There are more of them than what they are counted on, so they are no shares; take a u-chart."))
    chart = draw(counts, sizes, laney=kind in (ChartKind.LANEY_U, ChartKind.LANEY_P), rules=rules)
    names = tuple(word(by, key) for key in keys)
    return Charted(replace(chart, kind=kind), keys, names, counts, sizes, "percent", control_words.told(chart, names, higher_is_better=indicator in HIGHER_IS_BETTER))


def _gaps(facts: Facts, indicator: Indicator, scope: Scope, rules: Sequence[Rule]) -> Charted:
    """Orders sold between one event and the next; days, where no orders are known. The newest gaps are shown."""
    events = DEFINITIONS[indicator].take(facts, scope)
    day, ids = (column[events.window][events.mask][-GAPS_SHOWN - 1 :] for column in (events.rows.day, events.rows.id))
    sales = facts.sales.orders
    sold = sales.taken(replace(scope, only=()), [pair for pair in facts.codes(scope) if pair[0] in sales.groups and pair[0] not in NOT_OF_SALES])
    sold_on = sold.rows.day[sold.window][sold.mask]
    of_orders = bool(len(sold_on))
    reached = np.searchsorted(sold_on, day, side="right") if of_orders else day
    gaps = tuple(np.diff(reached).astype(np.float64).tolist())
    chart = control.g_chart(gaps, rules=rules)
    ends = [as_day(int(one)) for one in day[1:]]
    names = tuple(show_day(one) for one in ends)
    return Charted(replace(chart, kind=ChartKind.G), tuple(one.isoformat() for one in ends), names, (1.0,) * len(gaps), gaps, "orders" if of_orders else "days", control_words.told(chart, names, higher_is_better=True), tuple(ids[1:].tolist()), as_day(int(day[0])) if len(day) else None)
