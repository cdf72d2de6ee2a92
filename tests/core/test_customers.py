"""Two cards of one customer become one; nothing of either is lost, and it can be taken back."""

from __future__ import annotations

import pytest

from qmdesk.errors import Known, NotFound
from qmdesk.records.case import Case
from qmdesk.records.imports import Imported
from qmdesk.records.party import BuyerType, Customer
from qmdesk.records.product import Order
from tests.shop import NOON, Shop, shop

__all__ = ["shop"]


def test_merging_moves_everything_and_fills_gaps(shop: Shop) -> None:
    kept = shop.add_customer("Łucja Żak", phone="600 100 200", note="first")
    other = shop.add_customer("L. Zak", phone="600 100 300", email="lucja@example.com", note="second", buyer_type=BuyerType.BUSINESS)
    order = shop.add_order(customer=other)
    case = shop.complains(order=order)
    shop.add(Imported(target="customer", row=other, source="shopify", key="77", said="{}", batch=1))
    merged = shop.merges(kept, other)
    assert (merged.name, merged.phone, merged.email) == ("Łucja Żak", "600 100 200", "lucja@example.com")
    assert merged.note.splitlines() == ["first", "second", "Customer name: L. Zak", "Buyer type: Business", "Phone: 600 100 300"]
    assert merged == shop.get(Customer, kept)
    assert shop.register.find(Customer, other) is None
    assert shop.get(Order, order).customer == shop.get(Case, case.id).customer == kept
    assert shop.get(Imported, 1).row == kept
    assert shop.finds("lucja@example.com") == shop.finds("zak") == [case.id]
    assert shop.finds("600100300") == shop.finds("600100200") == [case.id]


def test_a_merge_taken_back_later_finds_both_again(shop: Shop) -> None:
    kept, other = shop.add_customer("Łucja Żak"), shop.add_customer("Jan Kot")
    case = shop.complains(customer=other)
    shop.merges(kept, other)
    shop.reopens()
    shop.register.undo()
    assert shop.finds("kot", Customer) == [other]
    assert shop.finds("kot") == [case.id]
    assert shop.finds("zak") == []
    assert shop.get(Case, case.id).customer == other


def test_wrong_merges_are_refused(shop: Shop) -> None:
    customer = shop.add_customer()
    with pytest.raises(Known, match="two different"):
        shop.merges(customer, customer)
    with pytest.raises(NotFound):
        shop.merges(customer, 99)
    assert shop.get(Customer, customer).name == "Łucja Żak"


def test_a_merge_into_a_case_with_both_keeps_the_case(shop: Shop) -> None:
    kept, other = shop.add_customer("A"), shop.add_customer("B")
    order = shop.add_order(customer=kept)
    case = shop.complains(order=order, customer=other, received_at=NOON)
    shop.merges(kept, other)
    assert shop.case(case).customer == kept
