"""What leaves its bound, and what is worse than in the same weeks last year: told once for each crossing."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from qmdesk.errors import Problems
from qmdesk.operations.figures import targets
from qmdesk.operations.figures.facts import gather
from qmdesk.records.alert import AlertKind
from qmdesk.records.case import Case
from qmdesk.records.measures import Indicator, IndicatorTarget
from qmdesk.records.product import Order
from qmdesk.register import Transaction
from qmdesk.schema.query import Query
from tests.clock import clock
from tests.shop import Shop, shop

__all__ = ["clock", "shop"]


def trade(shop: Shop, months: Mapping[str, tuple[int, int]]) -> None:
    """So many orders and complaints in these months, spread over them."""

    def add(tx: Transaction) -> None:
        known = len(tx.ids(Query(Order)))
        for month, (sold, complained) in months.items():
            first = datetime.fromisoformat(f"{month}-01T12:00+00:00").astimezone(UTC)
            for at in range(sold):
                tx.add(Order(number=f"{month}-{known}-{at}", ordered_at=first + timedelta(days=at * 27 // sold)))
            for at in range(complained):
                tx.add(Case(number=f"R-{month}-{known}-{at}", received_at=first + timedelta(days=at * 27 // complained), description="Pękło."))

    shop.register.do("Trade", add)


def crossings(shop: Shop, on: str) -> list[Any]:
    return targets.crossings(gather(shop.register), targets.targets(shop.register), date.fromisoformat(on))


def sets(shop: Shop, bound: str | None, *, seasonal: bool = False, indicator: Indicator = Indicator.COMPLAINT_RATE) -> IndicatorTarget:
    return shop.do(targets.SET, targets.set_target, indicator, None, bound and Decimal(bound), seasonal=seasonal)


def test_a_run_of_months_out_of_the_bound_is_one_crossing(shop: Shop, clock: Any) -> None:
    clock.set("2026-10-31")
    trade(shop, {"2026-06": (100, 9), "2026-07": (100, 2), "2026-08": (100, 6), "2026-09": (100, 7), "2026-10": (100, 8)})
    sets(shop, "5")
    (june,) = crossings(shop, "2026-06-30")
    assert (june.key, crossings(shop, "2026-07-31")) == ("bound:complaint_rate:2026-06", [])
    (august,), (october,) = crossings(shop, "2026-08-31"), crossings(shop, "2026-10-31")
    assert (august.key, october.key) == ("bound:complaint_rate:2026-08", "bound:complaint_rate:2026-08")
    assert (october.kind, october.since, october.scope.since) == (AlertKind.BOUND, date(2026, 8, 1), date(2026, 10, 1))
    assert october.what == "Complaint rate: 8\u00a0% in October 2026, above the bound of 5\u00a0%."
    assert october.facts == "8\u00a0%: 8 of 100 (95 %: 4.1\u00a0% to 15.8\u00a0%)."


def test_months_too_few_to_judge_neither_begin_a_run_nor_end_it(shop: Shop, clock: Any) -> None:
    clock.set("2026-10-31")
    trade(shop, {"2026-07": (5, 4), "2026-08": (100, 6), "2026-09": (5, 0), "2026-10": (100, 8)})
    sets(shop, "5")
    assert [one.key for one in crossings(shop, "2026-10-31")] == ["bound:complaint_rate:2026-08"]
    assert [one.key for one in crossings(shop, "2026-07-31")] == []


def test_where_more_is_better_the_bound_lies_below(shop: Shop, clock: Any) -> None:
    assert targets.beyond(Indicator.CSAT, 70, Decimal(80))
    assert not targets.beyond(Indicator.CSAT, 80, Decimal(80))
    assert targets.beyond(Indicator.RETURN_RATE, 81, Decimal(80))


def test_the_season_is_told_when_chance_does_not_explain_it(shop: Shop, clock: Any) -> None:
    clock.set("2026-11-09")
    trade(shop, {"2025-10": (300, 6), "2026-10": (300, 30)})
    sets(shop, None, seasonal=True)
    (found,) = crossings(shop, "2026-11-02")
    assert (found.kind, found.scope.since, found.scope.until) == (AlertKind.SEASON, date(2026, 10, 5), date(2026, 11, 1))
    assert found.then.numerator < found.now.numerator
    assert found.what.startswith("Complaint rate: ")
    assert "in the same weeks last year by more than chance" in found.what
    assert found.facts.splitlines()[1].startswith("Last year: ")
    assert found.key.startswith("season:complaint_rate:2026-W")
    assert crossings(shop, "2026-11-04")[0].key == found.key  # the same run as long as it lasts
    assert crossings(shop, "2026-11-09")[0].key == found.key


def test_a_busy_season_as_last_year_is_no_crossing(shop: Shop, clock: Any) -> None:
    clock.set("2026-11-09")
    trade(shop, {"2025-10": (300, 25), "2026-10": (300, 30)})
    sets(shop, None, seasonal=True)
    assert crossings(shop, "2026-11-02") == []


def test_a_target_is_set_once_for_each_indicator(shop: Shop) -> None:
    first = sets(shop, "5")
    again = shop.do(targets.SET, targets.set_target, Indicator.COMPLAINT_RATE, Decimal(2), Decimal(4))
    assert (again.id, targets.targets(shop.register)) == (first.id, [again])
    with pytest.raises(Problems, match="must be worse than the target"):
        shop.do(targets.SET, targets.set_target, Indicator.CSAT, Decimal(80), Decimal(90))
