"""Records: described once; a draft is told all its problems at once; what is kept comes back as it was."""

from __future__ import annotations

import dataclasses
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qmdesk import i18n
from qmdesk.errors import Problems
from qmdesk.records.case import Case, CaseItem, CaseKind, Message
from qmdesk.records.catalog import RECORDS
from qmdesk.records.lists import Cause
from qmdesk.records.party import BuyerType, Customer
from qmdesk.records.product import Batch, Order, Product
from qmdesk.schema import types
from qmdesk.schema.record import Record, check_all, draft, loaded, not_understood, replace, stored
from tests.core.test_types import grosze, lines
from tests.shop import NOON, Shop, shop

__all__ = ["shop"]

modest = settings(derandomize=True, max_examples=40, deadline=None)


def test_a_record_is_frozen_and_its_fields_are_plain_attributes() -> None:
    customer = Customer(name="Łucja Żak")
    assert (customer.id, customer.buyer_type, customer.title) == (0, BuyerType.CONSUMER, "Łucja Żak")
    with pytest.raises(dataclasses.FrozenInstanceError):
        customer.name = "x"  # type: ignore[misc]
    with pytest.raises(TypeError):
        Customer()  # type: ignore[call-arg]


def test_all_wrong_fields_are_told_at_once() -> None:
    problems = check_all(Customer(name="", email="x", nip="123", phone="call me"))
    assert [problem.field for problem in problems] == ["name", "nip", "email", "phone"]
    assert problems[0].sentence == "Customer name is missing."


def test_what_cannot_be_true_together() -> None:
    wrong = Case(received_at=NOON, noticed_on=date(2026, 11, 25), sold_on=date(2026, 11, 24), delivered_on=date(2026, 11, 23))
    assert {problem.field for problem in check_all(wrong)} == {"noticed_on", "delivered_on", "sold_on", "description"}


def test_only_what_may_be_empty_may_be_empty() -> None:
    assert [problem.field for problem in check_all(Customer(name="x", buyer_type=None))] == ["buyer_type"]  # type: ignore[arg-type]
    assert [problem.field for problem in check_all(Customer(name="x", note=None))] == ["note"]  # type: ignore[arg-type]
    assert [problem.field for problem in check_all(CaseItem(case=1, name="x", quantity=None))] == ["quantity"]  # type: ignore[arg-type]
    assert check_all(Product(name="x", price=None)) == []


def test_a_draft_from_json() -> None:
    made, problems = draft(
        Case,
        {"kind": "Return", "received_at": "2026-11-20T12:00:00Z", "description": " x ", "claimed": "12.50", "safety": True, "demand": None, "sold_on": "1.11.2026", "note": ""},
    )
    assert problems == []
    assert made == Case(kind=CaseKind.RETURN, received_at=NOON, description="x", claimed=Decimal("12.50"), safety=True, sold_on=date(2026, 11, 1))


def test_a_draft_says_what_could_not_be_read() -> None:
    made, problems = draft(Case, {"received_at": "yesterday", "kind": "gift", "claimed": {"a": 1}, "id": 5})
    assert made is None
    said = {problem.field: problem.sentence for problem in problems}
    assert set(said) == {"received_at", "kind", "claimed", "id"}
    assert "“yesterday”" in said["received_at"]
    assert "Complaint, Return, Guarantee claim" in said["kind"]
    assert "no field “id”" in said["id"]


def test_sentences_speak_the_interfaces_language_and_stay_short() -> None:
    field = Case.spec.fields["claimed"]
    i18n.use("en")
    assert len(not_understood(field, "x" * 5000)) < 200


def test_money_is_shown_in_the_records_own_currency() -> None:
    price = Product.spec.fields["price"]
    assert price.show(Product(name="x", price=Decimal(5), currency="EUR"), "en", "PLN") == i18n.show_money(Decimal(5), "EUR", "en")
    assert price.show(Product(name="x", price=Decimal(5)), "pl", "PLN") == i18n.show_money(Decimal(5), "PLN", "pl")
    assert price.show(Product(name="x"), "pl", "PLN") == ""


def test_problems_are_one_readable_error() -> None:
    error = Problems(check_all(Customer(name="", nip="123")))
    assert str(error).startswith("Customer name is missing. NIP: ")
    assert error.sentence == str(error)


orders = st.builds(
    Order,
    number=lines.filter(bool),
    ordered_at=st.datetimes(datetime.fromisoformat("1991-01-01"), datetime.fromisoformat("2039-12-31"), timezones=st.just(UTC)).map(lambda at: at.replace(microsecond=0)),
    total=st.none() | grosze(-9_999_999_999_999),
    shipping=st.none() | grosze(),
    delivered_on=st.none() | st.dates(date(2040, 1, 2), date(2100, 12, 31)),
    note=st.text(max_size=40).map(types.LongText().parse),
)


@modest
@given(orders)
def test_a_record_comes_out_of_its_row_as_it_went_in(order: Order) -> None:
    assert check_all(order) == []
    assert loaded(Order, {"id": 0, **stored(order)}) == order
    told = {name: field.type.json(getattr(order, name)) for name, field in Order.spec.fields.items()}
    assert draft(Order, told) == (order, [])


def test_a_record_comes_out_of_the_register_as_it_went_in(shop: Shop) -> None:
    order = Order(number="Ż/1", ordered_at=NOON, total=Decimal("-0.01"), currency="EUR", delivered_on=date(2028, 2, 29), note="a\nb")
    assert shop.get(Order, shop.add(order)) == replace(order, id=1)


def test_what_must_be_unique_is(shop: Shop) -> None:
    shop.add(Cause(name="Rust"))
    with pytest.raises(Problems) as refused:
        shop.add(Cause(name="Rust"))
    assert refused.value.problems[0].field == "name"
    first = shop.add_product(sku="")
    assert shop.add_product(sku="") != first  # nothing is not unique
    shop.add(Order(number="1", source="a", ordered_at=NOON), Order(number="1", source="b", ordered_at=NOON))
    with pytest.raises(Problems, match="is there already"):
        shop.add(Order(number="1", source="a", ordered_at=NOON))
    shop.add(Batch(product=first, code="L1"))
    with pytest.raises(Problems, match="L1"):
        shop.add(Batch(product=first, code="L1"))


def test_a_record_may_keep_its_own_unique_value(shop: Shop) -> None:
    cause = shop.add(Cause(name="Rust"))
    assert shop.changes(Cause, cause, name="Rust", code="R").code == "R"


def test_a_reference_to_nothing_is_a_problem_of_its_field(shop: Shop) -> None:
    case = shop.complains()
    for item, field in ((CaseItem(case=99, name="x"), "case"), (Message(case=case.id, at=NOON, text="x", channel=99), "channel"), (Message(case=0, at=NOON, text="x"), "case")):
        with pytest.raises(Problems) as refused:
            shop.add(item)
        assert [problem.field for problem in refused.value.problems] == [field]


@pytest.mark.parametrize("kind", RECORDS, ids=lambda kind: kind.spec.table)
def test_every_field_speaks_for_itself(kind: type[Record]) -> None:
    for field in kind.spec.fields.values():
        assert field.type.operators, field.name
        assert field.type.show(None, "pl") == field.type.show(None, "en") or isinstance(field.type, types.Flag)
        assert "“?”" in not_understood(field, "?")
        for lang in ("pl", "en"):
            assert field.labelled(lang)
