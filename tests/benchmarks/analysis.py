"""The page of figures over 100,000 cases and 1,000,000 order lines, against one count of the lines by product; and a change of its filter."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path

from qmdesk.operations.figures import indicators
from qmdesk.operations.figures.facts import Facts, gather
from qmdesk.operations.figures.pareto import pareto
from qmdesk.operations.figures.scope import By, Scope
from qmdesk.operations.registers import open_register
from qmdesk.register import Register

SHOWN = Scope(date(2025, 11, 1), date(2026, 10, 31))


def page(facts: Facts, scope: Scope) -> None:
    """What the page shows: of each indicator the value, that of the period before and its months; the Pareto of the causes."""
    for indicator, definition in indicators.DEFINITIONS.items():
        if {by for by, _key in scope.only} <= set(definition.splits):
            indicators.measure(facts, indicator, scope)
            indicators.measure(facts, indicator, scope.before)
            indicators.split(facts, indicator, scope, By.MONTH)
    pareto(facts, scope, By.CAUSE)


def page_ratio(path: Path, rounds: int = 5) -> tuple[float, float, float]:
    """Median seconds of one count by product and of the whole page from the file on, which take turns; and their ratio."""
    counted, shown = [], []
    for _round in range(rounds):  # opened anew: nothing is kept from the page before
        with open_register(path, program="benchmark", read_only=True) as register:
            counted.append(_seconds(partial(_count, register)))
            shown.append(_seconds(partial(_whole, register)))
    base, ours = statistics.median(counted), statistics.median(shown)
    return base, ours, ours / base


def filter_seconds(path: Path, rounds: int = 15) -> dict[str, float]:
    """Median seconds in which figures of facts that are there are told again: the tiles as they change with the filter bar."""
    with open_register(path, program="benchmark", read_only=True) as register:
        facts = gather(register)
    scopes = {
        "another period": lambda at: Scope(date(2025, 1 + at % 12, 1), date(2026, 1 + at % 10, 28)),
        "a category": lambda at: SHOWN.narrowed(By.CATEGORY, f"Kategoria {at % 12}"),
        "a courier": lambda at: SHOWN.narrowed(By.COURIER, ("InPost", "DPD", "Poczta Polska")[at % 3]),
    }
    page(facts, SHOWN)
    return {name: statistics.median(_seconds(partial(page, facts, scope_at(at))) for at in range(rounds)) for name, scope_at in scopes.items()}


def _whole(register: Register) -> None:
    page(gather(register), SHOWN)


def _count(register: Register) -> None:
    with register._asking() as connection:
        connection.execute("SELECT product, count(*) FROM order_line GROUP BY product").fetchall()


def _seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began
