"""Early warning and control charts on the command line, and what the register notices by itself."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from qmdesk.cli import arguments
from qmdesk.cli.naming import a_day
from qmdesk.cli.opening import Opened
from qmdesk.cli.speaking import say
from qmdesk.errors import Known
from qmdesk.i18n import _
from qmdesk.records.measures import Indicator
from qmdesk.register import clock

if TYPE_CHECKING:  # numpy, which nothing else of the command line needs
    from qmdesk.operations.figures.control import Charted
    from qmdesk.operations.figures.early_warning import Suspect

DIGITS = 6
MONTHS = 24
"""So many months a control chart shows unless a period is named."""
KINDS = ("u", "p", "g", "u-laney", "p-laney")


@click.command()
@arguments.register
@click.option("--on", "on", default="", metavar="DATE", help="As it was known on this day; today without it.")
@click.option("--all", "every", is_flag=True, help="Every group that was complained of, not only those that are too bad for chance.")
@arguments.as_json
def warn(register: Path, on: str, every: bool, as_json: bool) -> None:
    """Tell which batches are complained of too often.

    Or serial numbers, or months of sale where a product has no batches. By the exact binomial test against the product's own history, corrected for the number of groups (Benjamini-Hochberg, q = 0.05).
    """
    from qmdesk.operations.figures import early_warning, facts  # only these commands need them

    day = a_day(on) if on else clock().date()
    with Opened(register) as opened:
        found = early_warning.suspects(opened, facts.gather(opened), day)
        told = found if every else early_warning.told_of(found)
    say([_suspect(one) for one in told], as_json, "\n".join(_lines(told)) or _("No batch and no product is complained of more than chance explains."))


def _suspect(one: Suspect) -> dict[str, Any]:
    kind = {"month": one.month} if one.month else {"serials": one.serials} if one.serials else {}
    return {
        "product": one.product_name, "batch": one.batch_code or None, "complaints": one.complaints, "sold": one.sold, "expected": round(one.expected, DIGITS), "p": one.p, "q": one.q,
        "bad": one.bad, "since": one.since.isoformat(), "until": one.until.isoformat(), **kind,
    }  # fmt: skip


def _lines(told: list[Suspect]) -> Iterator[str]:
    for one in told:
        yield f"{one.sentence}\tp = {one.p:.2g}\tq = {one.q:.2g}"


@click.command()
@arguments.register
@click.argument("indicator", type=click.Choice([str(one.value) for one in Indicator]))
@click.option("--chart", "kind", type=click.Choice(KINDS), default=None, help="How the limits are found; the chart that suits without it.")
@click.option("--from", "since", default="", metavar="DATE", help="The first day; the first of the month two years ago without it.")
@click.option("--to", "until", default="", metavar="DATE", help="The last day; today without it.")
@click.option("--by", type=click.Choice(["month", "week"]), default="month", show_default=True, help="How long a period is.")
@click.option("--rules", type=click.Choice(["usual", "all"]), default="usual", show_default=True, help="Which of Nelson's rules are asked: the first two, or all six.")
@arguments.as_json
def control(register: Path, indicator: str, kind: str | None, since: str, until: str, by: str, rules: str, as_json: bool) -> None:
    """Tell the control chart of an INDICATOR.

    Its centre, its limits, its points and the rules they meet.
    """
    from qmdesk.analysis.control import USUAL_RULES, ChartKind, Rule  # only these commands need them
    from qmdesk.operations.figures import facts
    from qmdesk.operations.figures.control import charted
    from qmdesk.operations.figures.scope import By, Scope

    last = a_day(until) if until else clock().date()
    first = a_day(since) if since else last.replace(year=last.year - MONTHS // 12, day=1)
    if last < first:
        raise Known(_("The period ends before it begins."))
    with Opened(register) as opened:
        wanted = next(one for one in Indicator if one.value == indicator)
        over = next(one for one in By if one.value == by)
        found = charted(facts.gather(opened), wanted, Scope(first, last), over, ChartKind(kind) if kind else None, tuple(Rule) if rules == "all" else USUAL_RULES)
    say(_chart(indicator, found), as_json, "\n".join(_table(found)))


def _chart(indicator: str, found: Charted) -> dict[str, Any]:
    chart, scale = found.chart, _scale(found)
    points = [
        {"period": key, "value": _round(value, scale), "count": count, "size": size, "lower": _round(low, scale), "upper": _round(high, scale)}
        for key, value, count, size, low, high in zip(found.keys, chart.values, found.counts, found.sizes, chart.lower, chart.upper, strict=True)
    ]
    hits = [{"rule": hit.rule.value, "from": found.keys[hit.first], "to": found.keys[hit.last], "side": ("both", "above", "below")[hit.side]} for hit in chart.hits]
    limits = {"lower": [point["lower"] for point in points], "upper": [point["upper"] for point in points]}
    return {
        "indicator": indicator, "chart": chart.kind.value, "unit": found.unit, "centre": _round(chart.centre, scale), "limits": limits, "points": points, "hits": hits,
        "sigma_z": round(chart.sigma_z, DIGITS), "provisional": chart.provisional, "sentence": found.sentence,
    }  # fmt: skip


def _scale(found: Charted) -> int:
    return 100 if found.unit == "percent" else 1


def _round(value: float | None, scale: int) -> float | None:
    return None if value is None else round(value * scale, DIGITS)


def _table(found: Charted) -> Iterator[str]:
    chart, scale = found.chart, _scale(found)
    for at, (name, value) in enumerate(zip(found.names, chart.values, strict=True)):
        marks = ", ".join(hit.rule.value for hit in chart.hits if hit.first <= at <= hit.last)
        shown = "–" if value is None else f"{value * scale:.2f}"
        yield "\t".join((name, shown, f"[{chart.lower[at] * scale:.2f}, {chart.upper[at] * scale:.2f}]", marks)).rstrip()
    yield found.sentence


@click.command()
@arguments.register
@arguments.as_json
def notice(register: Path, as_json: bool) -> None:
    """Look for what goes wrong and keep it as alerts.

    Each thing once. The window does the same when it opens a register, and every morning.
    """
    from qmdesk.operations import alerts  # only these commands need it

    with Opened(register, write=True) as opened:
        found = alerts.notice(opened).alerts
    told = [{"id": one.id, "kind": one.kind.value, "what": one.what, "noticed_on": one.noticed_on.isoformat()} for one in found]
    say(told, as_json, "\n".join(one.what for one in found) or _("Nothing new was noticed."))
