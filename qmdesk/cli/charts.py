"""Charts on the command line, as pictures or as the numbers behind them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from qmdesk.cli import arguments
from qmdesk.cli.analysis import FIELDS
from qmdesk.cli.files import must_be_new
from qmdesk.cli.naming import a_day
from qmdesk.cli.opening import Opened
from qmdesk.cli.speaking import say
from qmdesk.errors import Known
from qmdesk.i18n import _
from qmdesk.records.measures import Indicator
from qmdesk.register import Reading, clock

if TYPE_CHECKING:  # numpy and matplotlib, which nothing else of the command line needs
    from qmdesk.operations.figures.chart_series import Shown
    from qmdesk.operations.figures.scope import By, Scope

OTHERS = ("pareto", "pareto-cost", "control", "cause-product", "damage", "clock", "ages", "settling", "costs", "cost-lines", "warning", "words")
NAMES = (*(one.value for one in Indicator), *OTHERS)


@click.command()
@arguments.register
@click.argument("name", type=click.Choice(NAMES), metavar="NAME")
@click.argument("out", type=arguments.FILE)
@click.option("--from", "since", default="", metavar="DATE", help="The first day; a year before the last without it.")
@click.option("--to", "until", default="", metavar="DATE", help="The last day; today without it.")
@click.option("--by", "by", type=click.Choice(FIELDS), default=None, help="Split an indicator or a Pareto by this; an indicator is told month by month without it.")
@click.option("--indicator", type=click.Choice([one.value for one in Indicator]), default=Indicator.COMPLAINT_RATE.value, show_default=True, help="Of the control chart.")
@arguments.as_json
def chart(register: Path, name: str, out: Path, since: str, until: str, by: str | None, indicator: str, as_json: bool) -> None:
    """Draw a chart, or write its numbers.

    OUT is a .png or .svg file; .xlsx or .csv take the numbers. NAME is an indicator, such as complaint_rate, or one of: pareto, pareto-cost, control, cause-product, damage (category by courier),
    clock (weekday by hour), ages (of open cases), settling, costs (month by month), cost-lines, warning, words.
    """
    from qmdesk.operations.figures import chart_files  # only this command needs it

    must_be_new(out)
    with Opened(register) as opened:
        shown = _shown(opened, name, _scope(since, until), by, _indicator(indicator))
        if out.suffix.lower() in (".xlsx", ".csv"):
            chart_files.save_numbers(shown.chart, out)
        else:
            chart_files.save_picture(shown.chart, out)
    about = shown.chart.about
    say({"chart": name, "file": str(out), "title": about.title, "scope": about.scope, "sentence": about.sentence}, as_json, about.sentence or about.title)


def _scope(since: str, until: str) -> Scope:
    from qmdesk.operations.figures.periods import moved  # only this command needs it
    from qmdesk.operations.figures.scope import Scope

    last = a_day(until) if until else clock().date()
    first = a_day(since) if since else moved(last, -11)
    if last < first:
        raise Known(_("The period ends before it begins."))
    return Scope(first, last)


def _indicator(value: str) -> Indicator:
    return next(one for one in Indicator if one.value == value)


def _shown(reading: Reading, wish: str, scope: Scope, by: str | None, indicator: Indicator) -> Shown:
    from qmdesk.operations.figures import chart_series as series  # only this command needs it
    from qmdesk.operations.figures import early_warning, facts, growing_words
    from qmdesk.operations.figures.scope import TIMES, By, Period

    split: By | None = next((one for one in By if one.value == by), None)
    found, told = facts.gather(reading), series.told_of(reading, scope)
    if wish not in OTHERS:
        which = _indicator(wish)
        if split is None or split in TIMES:
            return series.trend(found, which, scope, told, split or By.MONTH)
        return series.by_group(found, which, scope, split, told)
    if wish in ("pareto", "pareto-cost"):
        return series.pareto_chart(found, scope, split or By.CAUSE, told, cost=wish == "pareto-cost")
    if wish == "control":
        return series.control_chart(found, indicator, scope, told, split if split in TIMES else By.MONTH)
    if wish == "cause-product":
        return series.crossing(found, scope, By.CAUSE, By.PRODUCT, told)
    if wish == "warning":
        return series.warnings(early_warning.suspects(reading, found, scope.until), told)
    if wish == "words":
        return series.growing(growing_words.words(reading, Period(scope.since, scope.until)), told)
    plain = {
        "damage": series.damage, "clock": series.clock_chart, "ages": series.ages, "settling": series.settling,
        "costs": series.cost_by_month, "cost-lines": series.cost_by_line,
    }  # fmt: skip
    return plain[wish](found, scope, told)
