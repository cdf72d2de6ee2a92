"""Pareto: the order, the vital few, the rest at the end, the period before; and the commands that tell figures."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qmdesk.analysis.pareto import Heap, Pareto
from qmdesk.analysis.pareto import pareto as in_order
from qmdesk.operations.figures.facts import gather
from qmdesk.operations.figures.pareto import behind_bar, pareto, sentence
from qmdesk.operations.figures.scope import By, Scope
from qmdesk.records.case import Case, CaseItem
from qmdesk.records.lists import Cause
from qmdesk.records.measures import CostKind, QualityCost
from tests.core.test_cli import run
from tests.shop import Shop, shop

__all__ = ["shop"]

OCTOBER = Scope(date(2026, 10, 1), date(2026, 10, 31))


def bars(found: Pareto) -> list[tuple[str, float, bool]]:
    return [(bar.name, bar.value, bar.vital) for bar in found.bars]


def test_the_vital_few_are_the_shortest_prefix_that_reaches_80_per_cent() -> None:
    # Juran's order with the figures of the usual textbook example: 60, 20, 10, 6, 4 of 100
    found = in_order([Heap(5, "e", 4), Heap(1, "a", 60), Heap(3, "c", 10), Heap(2, "b", 20), Heap(4, "d", 6)])
    assert bars(found) == [("a", 60, True), ("b", 20, True), ("c", 10, False), ("d", 6, False), ("e", 4, False)]
    assert [round(bar.cumulative, 2) for bar in found.bars] == [0.6, 0.8, 0.9, 0.96, 1]


def test_ties_go_by_name_and_the_rest_stays_last() -> None:
    found = in_order([Heap(1, "Żuk", 5), Heap(2, "Ala", 5), Heap(9, "Other", 50, last=True), Heap(3, "Mysz", 7)])
    assert [bar.name for bar in found.bars] == ["Mysz", "Ala", "Żuk", "Other"]
    assert found.vital == ()  # three quarters have no name
    folded = in_order([Heap(at, f"n{at}", 10 - at, 1) for at in range(6)], 2, "all the others")
    assert [(bar.name, bar.value, bar.keys) for bar in folded.bars] == [("n0", 10, (0,)), ("n1", 9, (1,)), ("all the others", 26, (2, 3, 4, 5))]
    assert (folded.total, folded.before) == (45, 6)


@settings(derandomize=True, max_examples=200, deadline=None)
@given(st.lists(st.tuples(st.floats(0, 1e6), st.booleans()), max_size=30), st.one_of(st.none(), st.integers(1, 10)))
def test_the_bars_fall_and_add_up(values: list[tuple[float, bool]], most: int | None) -> None:
    found = in_order([Heap(at, f"n{at}", value, last=last) for at, (value, last) in enumerate(values)], most, "rest")
    named = [bar for bar in found.bars if not bar.last]
    assert all(one.value >= other.value for one, other in pairwise(named))
    assert all(one.cumulative <= other.cumulative for one, other in pairwise(found.bars))
    assert sum(bar.value for bar in found.bars) == pytest.approx(sum(value for value, _last in values))
    if found.vital:
        few = len(found.vital)
        assert list(found.bars[:few]) == list(found.vital)
        assert found.vital[-1].cumulative >= 0.8 - 1e-6
        assert few == 1 or found.vital[-2].cumulative < 0.8


@pytest.fixture
def failing(shop: Shop) -> Shop:
    """In October six cases by three causes and one without, and one in September; the rarest was the dearest."""
    causes = {name: shop.register.by_value(Cause, "code", [code])[code] for name, code in (("transport", "TRANSPORT"), ("size", "MISTAKE"), ("other", "OTHER_FLAW"))}
    cup, plate = shop.add_product("KUB", "Kubek"), shop.add_product("TAL", "Talerz")
    told = [(9, "transport"), *[(10, "transport")] * 3, (10, "size"), *[(10, "other")] * 2, (10, None)]
    for at, (month, cause) in enumerate(told):
        case = shop.add(Case(number=f"R/{at}", received_at=datetime(2026, month, 10, 10, tzinfo=UTC), description="Pękło.", cause=causes[cause] if cause else None))
        shop.add(CaseItem(case=case, product=cup, name="Kubek"), *([CaseItem(case=case, product=plate, name="Talerz")] if cause == "size" else []))
        shop.add(QualityCost(on=date(2026, month, 11), kind=CostKind.GOODS_LOST, amount=Decimal(100 if cause == "size" else 10), case=case))
    return shop


def test_causes_by_count(failing: Shop) -> None:
    facts = gather(failing.register)
    found = pareto(facts, OCTOBER, By.CAUSE)
    assert [(bar.name, bar.value, bar.before, bar.last) for bar in found.bars] == [
        ("Damaged in transport", 3, 1, False), ("Wrong size or variant", 1, 0, False), ("Other", 2, 0, True), ("not known", 1, 0, True),
    ]  # fmt: skip
    assert sentence(found) == "Too much of it has no name of its own to tell the vital few from the rest."
    kind, ids = behind_bar(facts, OCTOBER, By.CAUSE, found.bars[0])
    assert (kind, len(ids)) == (Case, 3)
    assert len(behind_bar(facts, OCTOBER, By.CAUSE, found.bars[3])[1]) == 1


def test_causes_by_cost(failing: Shop) -> None:
    found = pareto(gather(failing.register), OCTOBER, By.CAUSE, cost=True)
    assert [(bar.name, bar.value) for bar in found.bars] == [("Wrong size or variant", 100), ("Damaged in transport", 30), ("Other", 20), ("not known", 10)]
    assert sentence(found) == "Wrong size or variant, Damaged in transport: these 2 of 4 make 81 % of all."


def test_a_case_of_two_products_counts_for_both_and_its_cost_is_shared(failing: Shop) -> None:
    facts = gather(failing.register)
    assert [(bar.name, bar.value) for bar in pareto(facts, OCTOBER, By.PRODUCT).bars] == [("Kubek", 7), ("Talerz", 1)]
    assert [(bar.name, bar.value) for bar in pareto(facts, OCTOBER, By.PRODUCT, cost=True).bars] == [("Kubek", 110), ("Talerz", 50)]


# ------------------------------------------------------------------------------- the command line


def told(shop: Shop, *args: str) -> Any:
    return json.loads(run(args[0], str(shop.path), *args[1:], "--from", "2026-10-01", "--to", "2026-10-31", "--json").out)


def test_the_command_pareto(failing: Shop) -> None:
    found = told(failing, "pareto", "--by", "cause")
    assert found[0] == {"cause": "Damaged in transport", "value": 3, "share": 0.428571, "cumulative": 0.428571, "vital": False, "before": 1}
    assert told(failing, "pareto", "--by", "cause", "--cost")[0]["value"] == 100
    assert run("pareto", str(failing.path), "--from", "2026-10-01", "--to", "2026-10-31").out.splitlines()[0] == "Damaged in transport\t3\t42.9 %\t42.9 %"


def test_the_command_indicators(failing: Shop) -> None:
    whole = told(failing, "indicators")
    assert [set(one) for one in whole] == [{"indicator", "group", "value", "numerator", "denominator", "n", "low", "high", "unit"}] * 14
    assert whole[0] == {"indicator": "complaint_rate", "group": None, "value": None, "numerator": 7, "denominator": 0, "n": 0, "low": None, "high": None, "unit": "percent"}
    months = [one for one in told(failing, "indicators", "--by", "month") if one["indicator"] == "quality_cost"]
    assert [(one["group"], one["value"]) for one in months] == [("2026-10", 160)]
    causes = {one["group"]: one["value"] for one in told(failing, "indicators", "--by", "cause") if one["indicator"] == "quality_cost"}
    assert causes == {"Damaged in transport": 30, "Other": 20, "Wrong size or variant": 100, "": 10}
    table = run("indicators", str(failing.path), "--from", "2026-10-01", "--to", "2026-10-31").out.splitlines()
    assert table[0].startswith("Complaint rate\t–\t\tn = 0\tNo sales of this are known")
    assert table[10] == "Cost of poor quality\tPLN\u00a0160\t\tn = 7"


@pytest.mark.parametrize(("since", "until", "said"), [("2026-10-31", "2026-10-01", "The period ends before it begins."), ("wczoraj", "2026-10-01", "“wczoraj” is no date: write it like 2026-11-22.")])
def test_a_period_that_is_none(shop: Shop, since: str, until: str, said: str) -> None:
    done = run("indicators", str(Path(shop.path)), "--from", since, "--to", until)
    assert (done.code, done.err.strip()) == (1, said)
