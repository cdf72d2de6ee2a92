"""A number finds what it stands on: a case, a letter, an order, a parcel, a product; and it is found without reading through all."""

from __future__ import annotations

import pytest

from qmdesk.operations.finding import by_number
from qmdesk.records.case import Case
from qmdesk.records.product import Order, Product
from qmdesk.register import Transaction
from tests.shop import NOON, Shop, shop

__all__ = ["shop"]

ODD = ("--", "RR 123 456 789 PL", "rr123", "ŻÓŁĆ/7", "Łódź-1", "a\ue000b", "½-2", "e\u0301-1", "ｱｲｳ-3", "1", "x" * 80, "00_17", '"quoted" OR x*')


def test_each_number_finds_its_record(shop: Shop) -> None:
    shop.fills_in_letterhead()
    product = shop.add_product(ean="5901234123457")
    buyer = shop.add_customer("Łucja Żak", email="lucja@example.com", street="ul. Polna 1", postcode="00-001", city="Warszawa")
    order = shop.add_order("#1001", buyer, tracking_number="RR123456785PL")
    case = shop.complains(order=order, external_id="ZW-1234567")
    register = shop.register
    for typed in ("#1001", "1001", " RR123456785PL ", "rr123456785pl"):
        assert by_number(register, typed) == (Order, order)
    assert by_number(register, "5901234123457") == by_number(register, "but-42") == (Product, product)
    assert by_number(register, "ZW-1234567") == by_number(register, case.number.lower()) == (Case, case.id)
    letter = shop.confirms(case)
    assert by_number(register, letter.number) == (type(letter), letter.id)
    for typed in ("", "  ", "100", "ZW", "1234567", "5901234", "RR123456785PL ZW-1234567"):
        assert by_number(register, typed) is None, "a part of a number is not the number"


def test_a_number_moves_with_its_record(shop: Shop) -> None:
    first, second = shop.add_order("1", tracking_number="PL7"), shop.add_order("2", tracking_number="PL7")
    assert by_number(shop.register, "PL7") == (Order, second), "the newest of them"
    shop.changes(Order, second, tracking_number="PL8")
    assert by_number(shop.register, "PL7") == (Order, first)
    shop.removes(Order, first)
    assert by_number(shop.register, "PL7") is None


@pytest.mark.parametrize("number", ODD)
def test_a_number_is_found_as_it_is_written_whatever_it_is_made_of(number: str, shop: Shop) -> None:
    shop.add(*(Order(number=str(at), ordered_at=NOON, tracking_number=one) for at, one in enumerate(ODD)))
    kept = shop.get(Order, ODD.index(number) + 1)
    assert shop.register.holding(Order, "tracking_number", kept.tracking_number) == kept.id


def test_what_nobody_has_is_known_without_reading_through_all(shop: Shop) -> None:
    """A person typing into "Go to…" asks at each letter; with 300,000 orders each took a second."""

    def fill(tx: Transaction) -> None:
        many = range(3_000)
        tx.add_many(Order, ["number", "ordered_at", "tracking_number"], [[f"A{n}", "2026-01-01T10:00:00Z", f"6800{n:08}"] for n in many])
        tx.add_many(Product, ["sku", "name", "ean"], [[f"SKU-{n}", f"Product {n}", f"590{n:010}"] for n in many])
        tx.add_many(Case, ["number", "received_at", "description", "external_id"], [[f"R/2026/{n:04}", "2026-01-01T10:00:00Z", "x", f"RMA-{n}"] for n in many])

    shop.register.do("Fill", fill)
    looked = 0

    def look() -> None:
        nonlocal looked
        looked += 1

    reader = shop.register._file.reader()
    reader.set_progress_handler(look, 100)  # instructions of SQLite
    try:
        for typed in ("6800", "680000000017x", "5901", "RMA-", "rma-17-b", "nobody has it"):
            assert by_number(shop.register, typed) is None
    finally:
        reader.set_progress_handler(None, 0)
    assert looked < 1000, "reading through the orders, products and cases takes ten times as long"
