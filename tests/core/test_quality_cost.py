"""What poor quality costs, line by line; when a fix pays; when goods need not come back."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from qmdesk.operations.figures.facts import gather
from qmdesk.operations.figures.quality_cost import break_even, costs
from qmdesk.operations.figures.refund_only import bound, refund_only
from qmdesk.operations.figures.scope import Scope
from qmdesk.operations.figures.spending import Known
from qmdesk.records.case import Case, CaseItem, CaseKind, CaseState, Demand, Outcome
from qmdesk.records.improvement import Action, ActionState
from qmdesk.records.measures import CostGroup, CostKind, QualityCost
from qmdesk.records.party import Person
from qmdesk.records.shop import THE_SHOP
from qmdesk.records.shop import Shop as ShopRecord
from tests.shop import Shop, shop

__all__ = ["shop"]

OCTOBER = Scope(date(2026, 10, 1), date(2026, 10, 31))
USUAL = {"hourly_rate": Decimal("45.00"), "usual_minutes": 20, "usual_postage": Decimal("14.00"), "usual_packaging": Decimal("2.50")}


def a_case(number: int, **values: object) -> Case:
    return Case(**{"number": f"R/{number}", "received_at": datetime(2026, 10, 5, 10, tzinfo=UTC), "description": "Pękło.", **values})


def test_the_three_groups_and_what_is_estimated_are_kept_apart(shop: Shop) -> None:
    shop.changes(ShopRecord, THE_SHOP, **USUAL)
    cup = shop.add_product("KUB", "Kubek", cost=Decimal("12.00"))
    mended = shop.add(a_case(1, remedy_kind=Demand.REPLACEMENT, remedy_started_on=date(2026, 10, 8), remedy_done_on=date(2026, 10, 9), goods_received_on=date(2026, 10, 7)))
    shop.add(CaseItem(case=mended, product=cup, name="Kubek", quantity=2, outcome=Outcome.REPLACED))
    repaired = shop.add(a_case(2, remedy_kind=Demand.REPAIR, remedy_started_on=date(2026, 10, 8), remedy_done_on=date(2026, 10, 9), remedy_cost=Decimal("30.00")))
    shop.add(QualityCost(on=date(2026, 10, 9), kind=CostKind.POSTAGE_TO_CUSTOMER, amount=Decimal("17.00"), case=repaired))
    shop.add(QualityCost(on=date(2026, 10, 9), kind=CostKind.WORK, minutes=60, case=repaired))
    shop.add(QualityCost(on=date(2026, 10, 20), kind=CostKind.INSPECTION, minutes=40), QualityCost(on=date(2026, 11, 1), kind=CostKind.AUDIT, minutes=40))
    who = shop.add(Person(name="Ola"))
    shop.add(Action(number="D/1", name="Karton", state=ActionState.DONE, opened_on=date(2026, 10, 1), owner=who, plan="p", criterion="c", done_on=date(2026, 10, 25), cost=Decimal("200.00")))
    found = costs(gather(shop.register), OCTOBER)
    assert {one.line: (one.booked, one.estimated) for one in found.lines} == {
        CostKind.GOODS_LOST: (0, Decimal("24.00")),
        CostKind.POSTAGE_TO_CUSTOMER: (Decimal("17.00"), Decimal("14.00")),
        CostKind.POSTAGE_FROM_CUSTOMER: (0, Decimal("14.00")),
        CostKind.PACKAGING: (0, Decimal("5.00")),
        CostKind.REPAIR: (Decimal("30.00"), 0),
        CostKind.WORK: (Decimal("45.00"), Decimal("15.00")),
        CostKind.INSPECTION: (Decimal("30.00"), 0),
        Known.ACTION: (Decimal("200.00"), 0),
    }
    groups = {group: (found.of(group).booked, found.of(group).estimated) for group in CostGroup}
    assert groups == {CostGroup.FAILURE: (Decimal("92.00"), Decimal("72.00")), CostGroup.APPRAISAL: (Decimal("30.00"), 0), CostGroup.PREVENTION: (Decimal("200.00"), 0)}


def test_what_is_written_down_is_not_estimated_too(shop: Shop) -> None:
    shop.changes(ShopRecord, THE_SHOP, **USUAL)
    case = shop.add(a_case(1))
    assert costs(gather(shop.register), OCTOBER).of(CostGroup.FAILURE).estimated == 15
    shop.add(QualityCost(on=date(2026, 10, 6), kind=CostKind.WORK, minutes=4, case=case))
    found = costs(gather(shop.register), OCTOBER).of(CostGroup.FAILURE)
    assert (found.booked, found.estimated, found.entries) == (3, 0, 1)


def test_when_a_fix_has_earned_its_cost_back(shop: Shop) -> None:
    shop.add_order(products=[shop.add_product()], quantity=310, ordered_at=datetime(2026, 10, 2, 10, tzinfo=UTC))
    for number in range(5):
        case = shop.add(a_case(number))
        shop.add(QualityCost(on=date(2026, 10, 6), kind=CostKind.GOODS_LOST, amount=Decimal("62.00"), case=case))
    facts = gather(shop.register)
    found = break_even(facts, OCTOBER, Decimal("913.13"))
    # 310 zł in 31 days are 304.38 a month of 30.4375 days; 913.13 of it are three months, in which 913 pieces are sold
    assert (found.saved_a_month, found.months, found.pieces, found.complaints, found.each) == (Decimal("304.38"), Decimal("3.0"), 913, 5, 62)
    assert found.sentence("PLN").startswith("PLN\u00a0913.13 are earned back after 3 months: it saves PLN\u00a0304.38 a month (5 complaints in the period, PLN\u00a062.00 each).")
    assert break_even(facts, OCTOBER, Decimal("913.13"), Decimal("0.5")).months == 6
    nothing = break_even(facts, OCTOBER.before, Decimal(100))
    assert (nothing.months, nothing.sentence("PLN")[:43]) == (None, "In the period nothing failed at a cost that")


@settings(derandomize=True, max_examples=60, deadline=None)
@given(st.decimals(0, 500, places=2), st.decimals(0, 50, places=2), st.integers(0, 120), st.decimals(0, 200, places=2))
def test_the_bound_of_having_goods_back(postage: Decimal, packaging: Decimal, minutes: int, rate: Decimal) -> None:
    found = bound(ShopRecord(name="Karmnik", usual_postage=postage, usual_packaging=packaging, usual_minutes=minutes, hourly_rate=rate))
    assert abs(found - (postage + packaging + rate * minutes / 60)) <= Decimal("0.005")


def test_goods_worth_less_than_having_them_back_may_stay_with_the_customer(shop: Shop) -> None:
    cup = shop.add_product("KUB", "Kubek", cost=Decimal("12.00"))
    case = shop.register.get(Case, shop.add(a_case(1, kind=CaseKind.RETURN, state=CaseState.NEW)))
    item = shop.add(CaseItem(case=case.id, product=cup, name="Kubek", unit_price=Decimal("49.00")))
    assert refund_only(shop.register, case).sentence("PLN") == ""  # nobody told what a parcel costs
    shop.changes(ShopRecord, THE_SHOP, **USUAL)
    found = refund_only(shop.register, case)
    assert (found.bound, found.worth, found.pays) == (Decimal("31.50"), Decimal("12.00"), True)
    assert found.sentence("PLN").startswith("Having the goods back costs about PLN\u00a031.50 and they are worth PLN\u00a012.00 at most: refund the money")
    shop.changes(CaseItem, item, quantity=3)
    assert not refund_only(shop.register, case).pays
    shop.changes(CaseItem, item, quantity=1, product=None)  # what it cost the shop is not known: no more than was paid
    assert refund_only(shop.register, case).worth == 49
    shop.changes(CaseItem, item, unit_price=None)
    assert (refund_only(shop.register, case).worth, refund_only(shop.register, case).pays) == (None, False)
