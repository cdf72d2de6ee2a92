"""Cases: numbers, what an order tells, allowed steps, decisions, items split by outcome, and cases that resemble another."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from qmdesk.errors import Known, NotFound, Problems
from qmdesk.operations import cases
from qmdesk.records.case import (
    AdrStatement,
    Case,
    CaseItem,
    CaseKind,
    CaseState,
    Decision,
    Demand,
    Outcome,
)
from qmdesk.records.party import BuyerType
from qmdesk.records.product import Order, Product
from qmdesk.records.shop import THE_SHOP
from qmdesk.records.shop import Shop as ShopRecord
from qmdesk.records.steps import Step, steps
from qmdesk.schema.query import Query
from qmdesk.schema.record import check_all, replace
from tests.shop import NOON, Shop, day, shop

__all__ = ["shop"]


@pytest.fixture
def warsaw(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The clock of a shop in Poland."""
    if not hasattr(time, "tzset"):
        pytest.skip("this system's clock can't be set for one program")
    monkeypatch.setenv("TZ", "Europe/Warsaw")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


def named(refused: pytest.ExceptionInfo[Problems]) -> set[str]:
    return {problem.field for problem in refused.value.problems}


def test_numbers_count_per_kind_and_year(shop: Shop) -> None:
    made = [
        shop.complains(),
        shop.complains(),
        shop.complains(kind=CaseKind.RETURN),
        shop.complains(kind=CaseKind.GUARANTEE),
        shop.complains(received_at=NOON - timedelta(days=365)),
    ]
    assert [case.number for case in made] == ["R/2026/0001", "R/2026/0002", "Z/2026/0001", "G/2026/0001", "R/2025/0001"]


@pytest.mark.usefixtures("warsaw")
def test_the_first_complaint_of_new_years_night_counts_in_the_new_year(shop: Shop) -> None:
    after_midnight = datetime(2026, 12, 31, 23, 30, tzinfo=UTC)  # half past midnight in Warsaw
    assert shop.complains(received_at=after_midnight).number == "R/2027/0001"


@pytest.mark.usefixtures("warsaw")
def test_a_defect_noticed_on_the_night_it_was_reported_is_possible() -> None:
    case = Case(received_at=datetime(2026, 11, 20, 23, 30, tzinfo=UTC), description="It broke.", noticed_on=day("2026-11-21"))
    assert check_all(case) == []
    assert [problem.field for problem in check_all(replace(case, noticed_on=day("2026-11-22")))] == ["noticed_on"]


@pytest.mark.parametrize("field", ["noticed_on", "goods_received_on", "goods_sent_on", "refunded_on", "delivered_on"])
def test_a_day_before_the_purchase_is_refused_beside_its_field(shop: Shop, field: str) -> None:
    case = shop.complains(sold_on=day("2026-11-02"))
    with pytest.raises(Problems) as refused:
        shop.edits(case, **{field: day("2026-11-01")})
    assert named(refused) == {field}
    assert getattr(shop.edits(case, **{field: day("2026-11-02")}), field) == day("2026-11-02")


def test_a_contract_is_made_before_the_complaint_about_it(shop: Shop) -> None:
    with pytest.raises(Problems) as refused:
        shop.complains(contract_on=day("2026-11-21"))
    assert named(refused) == {"contract_on"}
    assert shop.register.count(Query(Case)) == 0


def test_an_order_is_not_delivered_before_it_is_made(shop: Shop) -> None:
    order = shop.add_order(delivered_on=day("2026-11-02"))
    with pytest.raises(Problems) as refused:
        shop.changes(Order, order, delivered_on=day("2026-11-01"))
    assert named(refused) == {"delivered_on"}
    with pytest.raises(Problems):
        shop.add_order("1002", delivered_on=day("2026-11-01"))


def test_an_order_tells_what_the_draft_does_not(shop: Shop) -> None:
    buyer = shop.add_customer(buyer_type=BuyerType.BUSINESS)
    order = shop.add_order(customer=buyer, products=[shop.add_product()], delivered_on=day("2026-11-05"), currency="EUR")
    case = shop.case(shop.complains(order=order))
    assert (case.customer, case.buyer_type, case.sold_on, case.delivered_on, case.currency) == (
        buyer, BuyerType.BUSINESS, date(2026, 11, 2), date(2026, 11, 5), "EUR",
    )  # fmt: skip
    told = shop.case(shop.complains(order=order, delivered_on=day("2026-11-06")))
    assert told.delivered_on == date(2026, 11, 6)


def test_items_come_from_the_order_line(shop: Shop) -> None:
    order = shop.add_order(products=[shop.add_product()], quantity=3)
    (item,) = shop.items(shop.complains(order=order))
    assert (item.name, item.sku, item.quantity, item.unit_price, item.vat_rate) == ("Buty trekkingowe 42", "BUT-42", 3, Decimal("299.90"), "23")


def test_a_case_without_any_hint_is_refused(shop: Shop) -> None:
    with pytest.raises(Problems) as refused:
        shop.complains(description="")
    assert named(refused) == {"description"}
    assert shop.register.verify() == []


def test_what_a_case_refers_to_must_be_there(shop: Shop) -> None:
    with pytest.raises(Problems) as refused:
        shop.complains(channel=999)
    assert named(refused) == {"channel"}
    assert "999" in refused.value.sentence
    with pytest.raises(NotFound):
        shop.complains(customer=999)


def test_a_field_that_must_hold_something_cannot_be_emptied(shop: Shop) -> None:
    case = shop.complains()
    for field in ("kind", "safety", "received_at", "buyer_type", "description"):
        with pytest.raises(Problems) as refused:
            shop.edits(case, **{field: None})
        assert named(refused) == {field}
    assert shop.edits(case, demand=None).demand is None


def test_quantities_split_by_outcome(shop: Shop) -> None:
    order = shop.add_order(products=[shop.add_product()], quantity=5)
    case = shop.complains(order=order)
    (item,) = shop.items(case)
    shop.splits(item, 2, Outcome.REPAIRED)
    assert [(part.quantity, part.outcome) for part in shop.items(case)] == [(3, Outcome.PENDING), (2, Outcome.REPAIRED)]
    shop.splits(shop.items(case)[0], 3, Outcome.REFUNDED)
    assert [(part.quantity, part.outcome) for part in shop.items(case)] == [(3, Outcome.REFUNDED), (2, Outcome.REPAIRED)]
    for wrong in (0, -1, 4):
        with pytest.raises(Known):
            shop.splits(shop.items(case)[0], wrong, Outcome.REJECTED)


def test_a_rate_there_is_not_is_refused_beside_its_field(shop: Shop) -> None:
    case = shop.complains(order=shop.add_order(products=[shop.add_product()]))
    (item,) = shop.items(case)
    for try_it in (lambda: shop.do(cases.CHANGE_ITEM, cases.change_item, item.id, {"vat_rate": "7"}), lambda: shop.do(cases.ADD_ITEM, cases.add_item, replace(item, id=0, vat_rate="22"))):
        with pytest.raises(Problems, match="There is no VAT rate") as refused:
            try_it()
        assert named(refused) == {"vat_rate"}
    assert shop.do(cases.CHANGE_ITEM, cases.change_item, item.id, {"vat_rate": "zw"}).vat_rate == "zw"
    shop.changes(ShopRecord, THE_SHOP, country="CZ")
    assert shop.do(cases.CHANGE_ITEM, cases.change_item, item.id, {"vat_rate": "21"}).vat_rate == "21"


def test_the_way_of_a_case(shop: Shop) -> None:
    case = shop.complains()
    for step, state in ((Step.ASK, CaseState.NEEDS_INFO), (Step.AWAIT_GOODS, CaseState.AWAITING_GOODS), (Step.ASSESS, CaseState.ASSESSING)):
        assert shop.steps(case, step).state is state
    with pytest.raises(Known, match="Decide first"):
        shop.steps(case, Step.CLOSE)
    assert shop.decides(case).state is CaseState.DECIDED
    with pytest.raises(Known, match="Send the answer first"):
        shop.steps(case, Step.CLOSE)
    withdrawn = shop.steps(case, Step.WITHDRAW)
    assert withdrawn.state is CaseState.WITHDRAWN
    assert withdrawn.closed_on is not None
    with pytest.raises(Known, match="closed"):
        shop.decides(case)
    again = shop.steps(case, Step.REOPEN)
    assert (again.state, again.closed_on) == (CaseState.ASSESSING, None)


@pytest.mark.parametrize("state", list(CaseState))
@pytest.mark.parametrize("decision", [None, Decision.ACCEPTED, Decision.REJECTED])
@pytest.mark.parametrize("kind", list(CaseKind))
def test_every_state_answers_for_every_step_and_leaves_a_way_on(kind: CaseKind, state: CaseState, decision: Decision | None) -> None:
    refusals = steps(Case(received_at=NOON, kind=kind, state=state, decision=decision))
    of_returns = {Step.ACKNOWLEDGE, Step.INSPECT, Step.APPROVE}
    assert (set(refusals) & of_returns == of_returns) == (kind is CaseKind.RETURN)
    assert any(not refusal for refusal in refusals.values())


def test_a_decision_needs_its_reasons_and_a_rejection_the_statement(shop: Shop) -> None:
    case = shop.complains()
    with pytest.raises(Problems) as refused:
        shop.decides(case, decision=None)
    assert named(refused) == {"decision"}
    with pytest.raises(Problems) as refused:
        shop.decides(case, Decision.REJECTED, decision_reasons=" ", adr=None)
    assert named(refused) == {"decision_reasons", "adr"}
    assert shop.decides(case, Decision.REJECTED).adr is AdrStatement.REFUSAL


def test_a_business_buyer_needs_no_statement_on_settlement(shop: Shop) -> None:
    case = shop.complains(buyer_type=BuyerType.BUSINESS)
    assert shop.decides(case, Decision.REJECTED, adr=None).state is CaseState.DECIDED


def test_the_same_order_and_product_resemble(shop: Shop) -> None:
    boots, scarf = shop.add_product(), shop.add_product(sku="SZAL", name="Szal")
    order = shop.add_order(products=[boots, scarf])
    first = shop.complains(order=order)
    draft = Case(received_at=NOON, order=order)
    line = shop.lines(order)[0]
    (found,) = cases.resembling(shop.register, draft, [cases.item_from_line(line)])
    assert found.case.number == first.number
    assert "order" in found.why
    other = CaseItem(case=0, name="Rękawice")
    assert cases.resembling(shop.register, draft, [other]) == []


def test_the_same_person_with_a_similar_story_resembles(shop: Shop) -> None:
    buyer = shop.add_customer(phone="600 100 200", email="lucja@example.com")
    shop.complains("The sole of the left boot came off after a week", customer=buyer)
    shop.complains("The parcel came a month too late")
    draft = Case(received_at=NOON, description="After one week the sole came off the left boot")
    for phone, email in (("+48600100200", ""), ("", "Lucja@example.com"), ("600-100-200", "")):
        assert len(cases.resembling(shop.register, draft, phone=phone, email=email)) == 1
    for phone, email in (("600 100 20", ""), ("", "lucja@example.co"), ("", "")):
        assert cases.resembling(shop.register, draft, phone=phone, email=email) == []
    late = replace(draft, received_at=NOON + timedelta(days=400))
    assert cases.resembling(shop.register, late, phone="600100200") == []


def test_taking_in_is_one_step_with_its_number(shop: Shop) -> None:
    case = shop.complains(order=shop.add_order(products=[shop.add_product()]))
    newest = shop.register.steps(1)[0][0]
    assert newest.subject == case.number
    assert {entry.kind for entry in shop.register.entries(newest.id)} == {"case", "case_item", "deadline"}


def test_a_number_of_a_case_taken_back_is_not_given_again(shop: Shop) -> None:
    first = shop.complains()
    shop.register.undo()
    second = shop.complains()
    assert first.number != second.number
    assert shop.register.count(Query(Case)) == 1


def test_editing_keeps_the_rest(shop: Shop) -> None:
    case = shop.complains(demand=Demand.REFUND, claimed=Decimal("12.50"))
    edited = shop.edits(case, note="called twice")
    assert (edited.note, edited.demand, edited.claimed) == ("called twice", Demand.REFUND, Decimal("12.50"))
    assert shop.case(case) == edited


def test_a_product_of_a_case_cannot_be_taken_away(shop: Shop) -> None:
    product = shop.add_product()
    shop.complains(order=shop.add_order(products=[product]))
    with pytest.raises(Known, match="refers to it"):
        shop.removes(Product, product)
    assert shop.get(Product, product).sku == "BUT-42"
