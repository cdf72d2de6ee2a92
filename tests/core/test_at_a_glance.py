"""Several periods counted at once are what each of them is counted alone: the definition of a figure stays one."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qmdesk.analysis.measured import Measured
from qmdesk.analysis.survival import typical, typicals
from qmdesk.operations.figures.chart_series import at_a_glance, window
from qmdesk.operations.figures.columns import Rows
from qmdesk.operations.figures.facts import Facts, gather
from qmdesk.operations.figures.indicators import DEFINITIONS, measure, over, split
from qmdesk.operations.figures.scope import By, Key, Period, Scope, keys_within
from qmdesk.operations.registers import open_register
from qmdesk.records.case import CaseKind
from qmdesk.records.measures import Indicator
from tests.clock import DAY
from tests.core.test_indicators import tables
from tests.furnished import DemoShop

TODAY = date.fromisoformat(DAY)
FIRST = TODAY - timedelta(days=700)


@pytest.fixture(scope="module")
def facts(tmp_path_factory: pytest.TempPathFactory, demo_shop: DemoShop) -> Facts:
    """The demo shop, with everything there is to count."""
    with open_register(demo_shop(tmp_path_factory.mktemp("glance") / "demo.qmd", "en"), program="tests", read_only=True) as register:
        return gather(register)


def periods() -> st.SearchStrategy[Period]:
    return st.tuples(st.integers(0, 720), st.integers(0, 400)).map(lambda told: Period(FIRST + timedelta(days=told[0]), FIRST + timedelta(days=sum(told))))


def same(one: Measured, other: Measured) -> None:
    """The same figure, but for the rounding of floating point."""
    for name, value in vars(one).items():
        theirs = getattr(other, name)
        assert value == (pytest.approx(theirs) if isinstance(theirs, float) else theirs), name


@settings(derandomize=True, max_examples=60, deadline=None)
@given(st.data())
def test_periods_counted_at_once_are_each_counted_alone(facts: Facts, data: st.DataObject) -> None:
    indicator = data.draw(st.sampled_from(Indicator))
    only: dict[By, Key] = {By.PRODUCT: 1, By.SUPPLIER: 1, By.CAUSE: 1, By.CHANNEL: 1, By.KIND: CaseKind.COMPLAINT.value, By.CATEGORY: facts.words.texts[By.CATEGORY][1]}
    narrowed = data.draw(st.lists(st.sampled_from([pair for pair in only.items() if pair[0] in DEFINITIONS[indicator].splits]), max_size=2, unique=True))
    asked = data.draw(st.lists(periods(), min_size=1, max_size=5))
    scope = Scope(asked[0].since, asked[0].until, tuple(narrowed))
    for period, found in zip(asked, over(facts, indicator, scope, asked), strict=True):
        same(found, measure(facts, indicator, Scope(period.since, period.until, scope.only)))


@pytest.mark.parametrize("indicator", Indicator)
def test_tile_tells_its_months_as_the_chart_does(facts: Facts, indicator: Indicator) -> None:
    scope = Scope(date(TODAY.year, 1, 1), TODAY)
    now, before, months = at_a_glance(facts, indicator, scope)
    same(now, measure(facts, indicator, scope))
    same(before, measure(facts, indicator, scope.before))
    shown = window(scope, By.MONTH)
    charted = {one.group: one.value for one in split(facts, indicator, shown, By.MONTH)}
    assert list(months) == [pytest.approx(charted.get(key)) for key in keys_within(By.MONTH, shown)]


def test_what_can_not_be_told_so_says_why_of_each(facts: Facts) -> None:
    found = over(facts, Indicator.CONFORMITY, Scope(FIRST, TODAY, ((By.CAUSE, 1),)), (Period(FIRST, TODAY), Period(TODAY, TODAY)))
    assert ["can't be told by" in one.why for one in found] == [True, True]


@settings(derandomize=True, max_examples=150, deadline=None)
@given(tables(), st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), min_size=1, max_size=5))
def test_rows_of_several_periods_add_up_as_those_of_each(made: tuple[Rows, Any], told: list[tuple[int, int]]) -> None:
    rows, only = made
    spans = tuple(Period(date(1970, 1, 1) + timedelta(days=first), date(1970, 1, 1) + timedelta(days=first + more)) for first, more in told)
    taken = rows.taken(Period(min(one.since for one in spans), max(one.until for one in spans)), only)
    sums, shares, parts = taken.sums(spans, {"w": taken["weight"]}), taken.shared(spans, {"w": taken["weight"]}), dict(taken.split(spans))
    for place, span in enumerate(spans):
        alone = rows.taken(span, only)
        assert sums[place]["w"] == pytest.approx(alone.sums(None, {"w": alone["weight"]})[None]["w"])
        assert shares[place]["w"] == pytest.approx(alone.shared(None, {"w": alone["weight"]})[None]["w"])
        ((_whole, part),) = alone.split(None)
        assert (parts[place] + taken.window.start).tolist() == (part + alone.window.start).tolist()
    counted = Rows(rows.kind, rows.id, rows.day, rows.groups, None, {"pieces": rows.id * 3})
    for name, each in (("", 1), ("pieces", 3)):
        whole = [int((rows.id if each == 3 else np.ones_like(rows.id))[rows.window(span)].sum()) * each for span in spans]
        assert counted.totals(name, spans) == whole


@settings(derandomize=True, max_examples=150, deadline=None)
@given(st.lists(st.lists(st.tuples(st.integers(0, 60), st.booleans()), max_size=40), max_size=5))
def test_medians_of_several_groups_are_those_of_each(groups: list[list[tuple[int, bool]]]) -> None:
    told = [(np.array([took for took, _still in rows], float), np.array([still for _took, still in rows], bool)) for rows in groups]
    assert typicals(told) == [typical(*one) for one in told]
