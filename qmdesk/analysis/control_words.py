"""What a control chart shows, in sentences for its foot (quality.md: "a sentence under every chart says what it shows")."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from qmdesk.analysis.control import BASELINE, ChartKind, ControlChart, Hit, Rule
from qmdesk.i18n import _, decimal_sign, n_


def told(chart: ControlChart, names: Sequence[str], *, higher_is_better: bool = False) -> str:
    """What a chart shows. ``names`` are its points in words; on a g-chart, where long gaps are good, higher is better."""
    return " ".join(_sentences(chart, names, higher_is_better or chart.kind is ChartKind.G))


def _sentences(chart: ControlChart, names: Sequence[str], higher_is_better: bool) -> Iterator[str]:
    if all(value is None for value in chart.values):
        yield _("There is nothing to show yet.")
        return
    worse = -1 if higher_is_better else 1
    for side in (worse, -worse):
        found = [hit for hit in chart.hits if hit.side == side]
        yield from _of_side(found, names, worse=side == worse)
    for hit in chart.hits:
        if hit.side == 0:
            yield _("Up and down in turn ({first} – {last}): two different things may be mixed in one chart.").format(first=names[hit.first], last=names[hit.last])
    if not chart.hits:
        yield _("Every point lies within the limits and no run stands out: the ups and downs are chance.")
    if chart.kind in (ChartKind.LANEY_U, ChartKind.LANEY_P) and chart.sigma_z > 1.05:
        factor = f"{chart.sigma_z:.1f}".replace(".", decimal_sign())
        yield _("The limits are {factor} times as wide as chance alone would make them, because the periods differ that much (Laney).").format(factor=factor)
    if chart.provisional:
        counted = sum(value is not None for value in chart.values[: chart.baseline])
        yield n_("Provisional: the limits come from {n} point; reliable ones take {least}.", "Provisional: the limits come from {n} points; reliable ones take {least}.", counted, least=str(BASELINE))


def _of_side(hits: Sequence[Hit], names: Sequence[str], *, worse: bool) -> Iterator[str]:
    """What the rules found on one side; points beyond a limit in one sentence."""
    if beyond := [names[hit.first] for hit in hits if hit.rule is Rule.BEYOND]:
        sentence = (
            _("Clearly worse than usual: {points}. Chance hardly explains it; look for what changed then.")
            if worse
            else _("Clearly better than usual: {points}. Chance hardly explains it; find out why and keep it.")
        )
        yield sentence.format(points=", ".join(beyond))
    for hit in hits:
        first, last, many = names[hit.first], names[hit.last], hit.last - hit.first + 1
        if hit.rule is Rule.RUN and worse:
            yield n_(
                "{n} point in a row on the worse side ({first} – {last}): something changed around the first of them.",
                "{n} points in a row on the worse side ({first} – {last}): something changed around the first of them.",
                many,
                first=first,
                last=last,
            )
        elif hit.rule is Rule.RUN:
            yield n_(
                "{n} point in a row on the better side ({first} – {last}): something changed for the better around the first of them.",
                "{n} points in a row on the better side ({first} – {last}): something changed for the better around the first of them.",
                many,
                first=first,
                last=last,
            )
        elif hit.rule is Rule.TREND:
            sentence = _("Worse from point to point ({first} – {last}).") if worse else _("Better from point to point ({first} – {last}).")
            yield sentence.format(first=first, last=last)
        elif hit.rule is not Rule.BEYOND:
            sentence = _("Several points far on the worse side ({first} – {last}).") if worse else _("Several points far on the better side ({first} – {last}).")
            yield sentence.format(first=first, last=last)
