"""Figures on the command line: the indicators, and what goes wrong most."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from qmdesk.cli import arguments
from qmdesk.cli.naming import a_day
from qmdesk.cli.opening import Opened
from qmdesk.cli.speaking import say
from qmdesk.errors import Known
from qmdesk.i18n import _
from qmdesk.records.measures import Indicator

if TYPE_CHECKING:  # numpy, which nothing else of the command line needs
    from qmdesk.analysis.measured import Measured
    from qmdesk.operations.figures.scope import By, Scope

F = TypeVar("F", bound=Callable[..., None])
FIELDS = ("product", "category", "supplier", "channel", "courier", "cause", "buyer_type", "kind", "month", "week")
DIGITS = 6


def period_options(command: F) -> F:
    """The first and the last day of a period."""
    first = click.option("--from", "since", required=True, metavar="DATE", help="The first day of the period.")
    last = click.option("--to", "until", required=True, metavar="DATE", help="The last day of the period.")
    return first(last(command))


@click.command()
@arguments.register
@period_options
@click.option("--by", "by", type=click.Choice(FIELDS), default=None, help="Split by this; what can't be split by it is left out.")
@arguments.as_json
def indicators(register: Path, since: str, until: str, by: str | None, as_json: bool) -> None:
    """Tell the indicators of a period.

    Each with its numerator, its denominator, how many records it rests on, and its 95 % interval.
    """
    from qmdesk.operations.figures import facts  # only these commands need them
    from qmdesk.operations.figures.indicators import DEFINITIONS, measure, split

    asked = scope_of(since, until)
    with Opened(register) as opened:
        found = facts.gather(opened)
        told: list[tuple[Indicator, Measured]] = []
        for indicator, definition in DEFINITIONS.items():
            if by is None:
                told.append((indicator, measure(found, indicator, asked)))
            elif _by(by) in definition.splits:
                told += [(indicator, one) for one in split(found, indicator, asked, _by(by))]
        say([_plain(*one) for one in told], as_json, "\n".join(_table(told, found.shop.currency)))


def scope_of(since: str, until: str) -> Scope:
    """From one day to another. Raises Known."""
    from qmdesk.operations.figures.scope import Scope  # only these commands need it

    first, last = a_day(since), a_day(until)
    if last < first:
        raise Known(_("The period ends before it begins."))
    return Scope(first, last)


def _by(field: str) -> By:
    from qmdesk.operations.figures.scope import By  # only these commands need it

    return next(one for one in By if one.value == field)


def _group(one: Measured) -> str | None:
    """How a group is named in a file: a record by its name, a choice, a month or a week by its key."""
    if one.group is None:
        return None
    return one.name if isinstance(one.group, int) and one.group else str(one.group or "")


def _number(value: float | None) -> float | int | None:
    if value is None:
        return None
    return int(value) if value == int(value) else round(value, DIGITS)


def _plain(indicator: Indicator, one: Measured) -> dict[str, Any]:
    numbers = {name: _number(getattr(one, name)) for name in ("value", "numerator", "denominator")}
    return {"indicator": indicator.value, "group": _group(one), **numbers, "n": one.n, "low": _number(one.low), "high": _number(one.high), "unit": one.unit.value}


def _table(told: list[tuple[Indicator, Measured]], currency: str) -> Iterator[str]:
    from qmdesk.analysis.said import figure, interval  # only this command needs it

    for indicator, one in told:
        name = " · ".join(part for part in (_(indicator.label), one.name) if part)
        value = "–" if one.value is None else figure(one.value, one.unit, currency)
        yield "\t".join((name, value, interval(one, currency), f"n = {one.n}", one.why)).rstrip()


@click.command()
@arguments.register
@click.option("--by", "by", type=click.Choice(FIELDS[:-2]), default="cause", show_default=True, help="What is counted.")
@period_options
@click.option("--cost", is_flag=True, help="By what failing cost, not by the count of cases.")
@arguments.as_json
def pareto(register: Path, by: str, since: str, until: str, cost: bool, as_json: bool) -> None:
    """Tell what goes wrong most in a period.

    The vital few are the first that make 80 % of all; each with the period before, of as many days.
    """
    from qmdesk.operations.figures import facts  # only these commands need them
    from qmdesk.operations.figures import pareto as ordering

    asked = scope_of(since, until)
    with Opened(register) as opened:
        found = ordering.pareto(facts.gather(opened), asked, _by(by), cost=cost, most=None)
    bars = [
        {by: bar.name, "value": _number(bar.value), "share": _number(bar.share), "cumulative": _number(bar.cumulative), "vital": bar.vital, "before": _number(bar.before)}
        for bar in found.bars
    ]
    lines = [f"{bar.name}\t{bar.value:g}\t{100 * bar.share:.1f} %\t{100 * bar.cumulative:.1f} %" for bar in found.bars]
    say(bars, as_json, "\n".join((*lines, ordering.sentence(found))))
