"""The indicators of quality.md, on small shops counted by hand."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from qmdesk.operations.facts import gather
from qmdesk.operations.indicators import measure, split
from qmdesk.operations.scope import By, Scope
from qmdesk.records.measures import Indicator
from qmdesk.records.party import Supplier
from tests.shop import Shop, shop

__all__ = ["shop"]

NOVEMBER = Scope(date(2026, 11, 1), date(2026, 11, 30))


def sell(shop: Shop, number: str, product: int, pieces: int = 1, day: int = 2, month: int = 11, **values: object) -> int:
    return shop.add_order(number, products=[product], quantity=pieces, ordered_at=datetime(2026, month, day, 9, 30, tzinfo=UTC), **values)


@pytest.fixture
def sold(shop: Shop) -> Shop:
    """A shop that sold 30 pieces of shoes in 15 orders and 10 of socks in 10; of the shoes three were complained about, two pieces came back."""
    maker = shop.add(Supplier(name="Szewc"))
    shoes = shop.add_product(category="Buty", supplier=maker)
    socks = shop.add_product("SKA-1", "Skarpety", category="Skarpety")
    orders = [sell(shop, f"A{n}", shoes, 2, courier="InPost") for n in range(15)]
    for n in range(10):
        sell(shop, f"B{n}", socks, courier="DPD")
    for order in orders[:3]:
        shop.complains(order=order)
    shop.returns(order=orders[4])
    return shop


def test_the_complaint_rate_is_complaints_for_orders(sold: Shop) -> None:
    told = measure(gather(sold.register), Indicator.COMPLAINT_RATE, NOVEMBER)
    assert (told.numerator, told.denominator, told.n, told.value) == (3, 25, 25, 12.0)
    assert (round(told.low or 0, 2), round(told.high or 0, 2)) == (4.08, 35.28)


def test_by_product_it_is_for_order_lines(sold: Shop) -> None:
    found = split(gather(sold.register), Indicator.COMPLAINT_RATE, NOVEMBER, By.PRODUCT)
    assert [(one.name, one.numerator, one.denominator) for one in found] == [("Buty trekkingowe 42", 3, 15), ("Skarpety", 0, 10)]


@pytest.mark.parametrize(("by", "groups"), [(By.CATEGORY, ["Buty", "Skarpety"]), (By.SUPPLIER, ["Szewc", "not known"]), (By.COURIER, ["DPD", "InPost"]), (By.MONTH, ["November 2026"]), (By.BUYER_TYPE, ["Consumer", "not known"])])
def test_the_groups_have_names(sold: Shop, by: By, groups: list[str]) -> None:
    assert [one.name for one in split(gather(sold.register), Indicator.RETURN_RATE, NOVEMBER, by)] == groups
