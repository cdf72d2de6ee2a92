"""Returns: who may withdraw until when, exclusions and their evidence, pieces, days, and the sum that goes back to the grosz."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qmdesk import i18n
from qmdesk.errors import Known, Problems
from qmdesk.law.withdrawal import RefundState
from qmdesk.operations import cases, evidence, letters, return_terms, returns
from qmdesk.operations.returns import TAKE_IN, calculate
from qmdesk.records.case import (
    Case,
    CaseItem,
    CaseKind,
    CaseState,
    ContractType,
    Decision,
    Demand,
    LegalBasis,
    Outcome,
    RefundMethod,
)
from qmdesk.records.deadline import Deadline, DeadlineState
from qmdesk.records.paper import DocumentKind
from qmdesk.records.party import BuyerType
from qmdesk.records.product import Order, OrderLine
from qmdesk.records.returns import Condition, DeliveryKind, Exclusion, Informed, ReturnDetails
from qmdesk.records.shop import THE_SHOP, PartialDelivery
from qmdesk.records.shop import Shop as ShopRecord
from qmdesk.records.steps import Step
from qmdesk.schema.query import Query, parts_of
from qmdesk.schema.record import replace
from tests.shop import Shop, day, open_shop, shop

__all__ = ["shop"]

D = Decimal
BOUGHT = datetime(2026, 2, 27, 9, 0, tzinfo=UTC)
RECEIVED = datetime(2026, 3, 10, 9, 30, 12, tzinfo=UTC)


def named(refused: pytest.ExceptionInfo[Problems]) -> set[str]:
    return {problem.field for problem in refused.value.problems}


def sold(shop: Shop, number: str = "1001", *, quantity: int = 3, price: str = "199.99", shipping: str | None = "24.99", delivered: str | None = "2026-03-02", **line: Any) -> int:
    """An order of one line: boots, three pairs by default."""
    order = Order(number=number, ordered_at=BOUGHT, currency="PLN", shipping=None if shipping is None else D(shipping), delivered_on=day(delivered) if delivered else None)
    id_ = shop.add(order)
    shop.add(OrderLine(order=id_, name=f"Boots {number}", quantity=quantity, unit_price=D(price), currency="PLN", vat_rate="23", **line))
    return id_


def came(shop: Shop, order: int | None = None, pieces: int | None = None, terms: dict[str, Any] | None = None, **values: Any) -> Case:
    """The return of so many pieces of an order, received on 10 March 2026."""
    lines = shop.lines(order) if order else []
    wanted = None if pieces is None else {line.name: pieces for line in lines}
    return shop.returns(order, wanted, terms, **{"received_at": RECEIVED, **values})


def deadline(shop: Shop, case: Case, rule: str) -> Deadline | None:
    return next((one for one in shop.register.records(parts_of(case, Deadline)) if one.rule == rule), None)


# --------------------------------------------------------------------------------- taken in with its terms


def test_a_return_is_one_step_that_knows_order_price_shipping_and_habits(shop: Shop) -> None:
    order = sold(shop)
    case = came(shop, order, 1, {"statement_sent_on": day("2026-03-09")})
    assert (case.kind, case.number, case.demand, case.legal_basis) == (CaseKind.RETURN, "Z/2026/0001", Demand.REFUND, LegalBasis.WITHDRAWAL)
    assert (case.order, case.sold_on, case.delivered_on) == (order, date(2026, 2, 27), date(2026, 3, 2))
    assert "art. 27" in case.basis_reasons
    terms = shop.terms(case)
    assert (terms.informed, terms.statement_sent_on, terms.statement) == (Informed.YES, date(2026, 3, 9), "I withdraw from the contract.")
    assert (terms.delivery_paid, terms.delivery_cheapest) == (D("24.99"), D("24.99"))
    assert [(item.name, item.quantity, item.unit_price) for item in shop.items(case)] == [("Boots 1001", 1, D("199.99"))]
    assert case.received_at.second == 12
    newest = shop.register.steps(1)[0][0]
    assert (newest.label, newest.subject) == (TAKE_IN, case.number)
    assert {entry.kind for entry in shop.register.entries(newest.id)} == {"case", "case_item", "return_details", "deadline"}


def test_a_shop_that_does_not_inform_gives_twelve_months_more(shop: Shop) -> None:
    shop.changes(ShopRecord, THE_SHOP, informs_of_withdrawal=False)
    case = came(shop, sold(shop), 1)
    assert shop.terms(case).informed is Informed.NO
    found = return_terms.right(shop.register, case)
    assert found.last_day == date(2027, 3, 16)
    assert deadline(shop, case, "PL-WD-NOINFO") is not None


def test_pieces_of_several_orders_and_of_none(shop: Shop) -> None:
    one, two = sold(shop, "1001"), sold(shop, "1002", price="50.00")
    items = [cases.item_from_line(shop.lines(one)[0], 1), cases.item_from_line(shop.lines(two)[0], 2)]
    case = shop.takes_back(items, received_at=RECEIVED)
    assert case.order == one
    assert [(item.sold_on, item.sale_document_number) for item in shop.items(case)] == [(None, ""), (date(2026, 2, 27), "1002")]
    assert shop.terms(case).delivery_paid == D("49.98")
    loose = shop.takes_back([CaseItem(case=0, name="Scarf", unit_price=D("30.00"))], received_at=RECEIVED)
    assert (loose.order, shop.calculates(loose).total) == (None, D("30.00"))


# ------------------------------------------------------------------------------- until when it can be withdrawn

WINDOWS = [
    ("one delivery", {}, {}, "2026-03-16"),
    ("the last of several parts", {"delivered_on": day("2026-03-06")}, {"delivery_kind": DeliveryKind.PARTS}, "2026-03-20"),
    ("the first of regular deliveries", {"delivered_on": day("2026-03-03")}, {"delivery_kind": DeliveryKind.REGULAR}, "2026-03-17"),
    ("a service: the contract", {"contract_on": day("2026-02-26")}, {"delivery_kind": DeliveryKind.CONTRACT}, "2026-03-12"),
    ("an unsolicited visit", {"contract_type": ContractType.VISIT}, {}, "2026-04-01"),
    ("an excursion", {"contract_type": ContractType.EXCURSION}, {}, "2026-04-01"),
    ("off-premises", {"contract_type": ContractType.OFF_PREMISES}, {}, "2026-03-16"),
    ("never told", {}, {"informed": Informed.NO}, "2027-03-16"),
    ("told later", {}, {"informed": Informed.LATER, "informed_on": day("2026-04-10")}, "2026-04-24"),
    ("told later within the time", {}, {"informed": Informed.LATER, "informed_on": day("2026-03-02")}, "2026-03-16"),
    ("told later after a visit", {"contract_type": ContractType.VISIT}, {"informed": Informed.LATER, "informed_on": day("2026-04-10")}, "2026-05-11"),
    ("told when it was over", {}, {"informed": Informed.LATER, "informed_on": day("2027-05-10")}, "2027-03-16"),
    ("a sole trader", {"buyer_type": BuyerType.SOLE_TRADER}, {}, "2026-03-16"),
]


@pytest.mark.parametrize(("values", "terms", "last"), [row[1:] for row in WINDOWS], ids=[row[0] for row in WINDOWS])
def test_the_end_of_the_time_to_withdraw(shop: Shop, values: dict[str, Any], terms: dict[str, Any], last: str) -> None:
    case = came(shop, sold(shop), 1, terms, **values)
    found = return_terms.right(shop.register, case)
    assert found.last_day == day(last)
    assert found.standing is return_terms.Standing.IN_TIME
    kept = [one.legal for one in shop.register.records(parts_of(case, Deadline)) if one.rule in ("PL-WD-14", "PL-WD-30", "PL-WD-NOINFO", "PL-WD-LATEINFO")]
    assert kept == [day(last)], "the deadline that is kept says the same"
    for lang in ("pl", "en"):
        assert all(sentence and "{" not in sentence for sentence in found.reasoning(lang))


@pytest.mark.parametrize(("sent", "standing"), [("2026-03-16", "in_time"), ("2026-03-17", "late")])
def test_sending_in_time_is_enough(shop: Shop, sent: str, standing: str) -> None:
    case = came(shop, sold(shop), 1, {"statement_sent_on": day(sent)}, received_at=datetime(2026, 3, 20, 8, tzinfo=UTC))
    found = return_terms.right(shop.register, case)
    assert found.standing.value == standing
    assert found.stated_on == day(sent)
    said = " ".join(found.reasoning("en"))
    assert ("in time" in said) is (standing == "in_time")
    if standing == "late":
        refused = shop.decides(case, Decision.REJECTED, decision_reasons="Too late.")
        assert refused.decision is Decision.REJECTED
        assert deadline(shop, case, "PL-WD-REFUND").state is DeadlineState.DROPPED


def test_nobody_refuses_what_the_law_grants(shop: Shop) -> None:
    case = came(shop, sold(shop), 1)
    with pytest.raises(Problems, match="can't be refused") as refused:
        shop.decides(case, Decision.REJECTED, decision_reasons="We don't want to.")
    assert named(refused) == {"decision"}


def test_goods_not_delivered_yet_can_be_withdrawn_from(shop: Shop) -> None:
    case = came(shop, sold(shop, delivered=None), 1)
    assert return_terms.right(shop.register, case).standing is return_terms.Standing.NOT_BEGUN


def test_a_change_of_terms_moves_the_deadlines(shop: Shop) -> None:
    case = came(shop, sold(shop), 1)
    shop.terms(case, informed=Informed.LATER, informed_on=day("2026-04-10"))
    assert deadline(shop, case, "PL-WD-LATEINFO").legal == date(2026, 4, 24)
    assert deadline(shop, case, "PL-WD-14").state is DeadlineState.DROPPED


# -------------------------------------------------------------------------------- no right, the shop's own terms


def test_what_was_bought_in_the_shop_is_taken_back_by_its_own_terms_only(shop: Shop) -> None:
    case = came(shop, sold(shop, shipping=None), 1, contract_type=ContractType.SHOP)
    assert case.legal_basis is LegalBasis.VOLUNTARY
    assert "can't be withdrawn from" in case.basis_reasons
    assert return_terms.right(shop.register, case).standing is return_terms.Standing.GOODWILL
    assert return_terms.refund_due(shop.register, case) is None
    with pytest.raises(Problems, match="can't be withdrawn from") as refused:
        came(shop, sold(shop, "1002"), 1, contract_type=ContractType.SHOP, legal_basis=LegalBasis.WITHDRAWAL)
    assert named(refused) == {"legal_basis"}


@pytest.mark.parametrize(("days", "standing"), [(None, "goodwill"), (7, "promise_over"), (30, "promised")])
def test_the_shop_s_own_promise(shop: Shop, days: int | None, standing: str) -> None:
    shop.changes(ShopRecord, THE_SHOP, voluntary_days=days)
    case = came(shop, sold(shop), 1, contract_type=ContractType.SHOP)
    found = return_terms.right(shop.register, case)
    assert found.standing.value == standing
    if days:
        assert str(days) in " ".join(found.reasoning("pl"))
    shop.steps(case, Step.GOODS_RECEIVED, goods_received_on=day("2026-03-10"))
    assert shop.steps(case, Step.APPROVE, refund_method=RefundMethod.TRANSFER).refund == D("199.99"), "own terms: no consent, no delivery"


def test_a_business_has_no_right_and_a_right_is_not_replaced_by_own_terms(shop: Shop) -> None:
    business = came(shop, sold(shop), 1, buyer_type=BuyerType.BUSINESS)
    assert business.legal_basis is LegalBasis.VOLUNTARY
    with pytest.raises(Problems, match="can't take its place"):
        came(shop, sold(shop, "1002"), 1, legal_basis=LegalBasis.VOLUNTARY)
    late = came(shop, sold(shop, "1003"), 1, legal_basis=LegalBasis.VOLUNTARY, received_at=datetime(2026, 4, 20, 8, tzinfo=UTC))
    assert late.legal_basis is LegalBasis.VOLUNTARY


# ------------------------------------------------------------------------------------------------ exclusions


@pytest.mark.parametrize("code", list(Exclusion))
def test_an_exclusion_stands_only_on_all_its_evidence(shop: Shop, code: Exclusion) -> None:
    needed = next(found for found in evidence.all_exclusions() if found.code == code.value)
    order = sold(shop)
    whole = came(shop, order, 1, {"exclusion": code, "exclusion_evidence": evidence.written(dict.fromkeys(needed.evidence, "photo 2"), "pl")})
    assert return_terms.right(shop.register, whole).standing is return_terms.Standing.EXCLUDED
    assert deadline(shop, whole, "PL-WD-REFUND") is None
    shop.decides(whole, Decision.REJECTED, decision_reasons="It is excluded.")
    said = {"exclusion": code, "exclusion_evidence": "The owner remembers it so"}
    if needed.consent:
        with pytest.raises(Problems, match="can't be used without") as refused:
            came(shop, order, 1, said)
        assert named(refused) == {"exclusion"}
    else:
        case = came(shop, order, 1, said)
        assert return_terms.right(shop.register, case).standing is return_terms.Standing.IN_TIME
        with pytest.raises(Problems, match="must still be able to show"):
            shop.decides(case, Decision.REJECTED, decision_reasons="It is excluded.")


def test_an_exclusion_does_not_hold_for_a_visit_at_home(shop: Shop) -> None:
    proved = {"exclusion": Exclusion.E03, "exclusion_evidence": "made_to_order: the order names Zosia"}
    with pytest.raises(Problems, match="38\\(2\\)"):
        came(shop, sold(shop), 1, proved, contract_type=ContractType.VISIT)
    assert return_terms.right(shop.register, came(shop, sold(shop, "1002"), 1, proved)).standing is return_terms.Standing.EXCLUDED


def test_evidence_is_read_in_both_languages_and_written_back() -> None:
    notes = {"sealed": "photo 1", "opened": ""}
    for lang in ("pl", "en"):
        assert evidence.shown(evidence.written(notes, lang)) == notes
    assert evidence.shown("Klient  otworzył opakowanie.\nopened nothing\nsealed: photo 1") == {"opened": "", "sealed": "photo 1"}


# ------------------------------------------------------------------------------------------- what can't be true


def test_no_more_pieces_come_back_than_were_sold(shop: Shop) -> None:
    order = sold(shop)
    with pytest.raises(Problems, match="only 3 were sold") as refused:
        came(shop, order, 4)
    assert named(refused) == {"quantity"}
    first = came(shop, order, 2)
    with pytest.raises(Problems, match="2 came back before"):
        came(shop, order, 2)
    second = came(shop, order, 1)
    (item,) = shop.items(second)
    with pytest.raises(Problems, match="can't come back"):
        shop.do(cases.CHANGE_ITEM, cases.change_item, item.id, {"quantity": 2})
    with pytest.raises(Problems, match="can't come back"):
        shop.do(cases.ADD_ITEM, cases.add_item, replace(item, id=0))
    shop.steps(first, Step.WITHDRAW)
    assert shop.do(cases.CHANGE_ITEM, cases.change_item, item.id, {"quantity": 3}).quantity == 3


def test_pieces_refunded_after_a_complaint_do_not_come_back_again(shop: Shop) -> None:
    order = sold(shop)
    complaint = shop.complains(order=order, received_at=RECEIVED)
    shop.splits(shop.items(complaint)[0], 1, Outcome.REFUNDED)
    with pytest.raises(Problems, match="1 came back before"):
        came(shop, order, 3)
    assert came(shop, order, 2).number


@pytest.mark.parametrize(
    ("values", "terms", "field"),
    [
        ({"received_at": datetime(2026, 2, 20, 8, tzinfo=UTC), "sold_on": day("2026-02-20"), "contract_on": day("2026-02-20")}, {}, "received_at"),
        ({"delivered_on": day("2026-02-20"), "sold_on": day("2026-02-20")}, {}, "delivered_on"),
        ({}, {"statement_sent_on": day("2026-02-20")}, "statement_sent_on"),
        ({}, {"statement_sent_on": day("2026-03-11")}, "statement_sent_on"),
        ({"goods_received_on": day("2026-03-01")}, {}, "goods_received_on"),
        ({}, {"informed": Informed.LATER}, "informed_on"),
        ({}, {"exclusion": Exclusion.E04}, "exclusion_evidence"),
        ({}, {"delivery_paid": D("10.00"), "delivery_cheapest": D("12.00")}, "delivery_cheapest"),
        ({}, {"diminished": D("10.00")}, "diminished_reasons"),
        ({}, {"diminished": D("10.00"), "diminished_reasons": "worn", "informed": Informed.NO}, "diminished"),
    ],
)
def test_what_cannot_be_true_is_refused_whole(shop: Shop, values: dict[str, Any], terms: dict[str, Any], field: str) -> None:
    order = sold(shop)
    with pytest.raises(Problems) as refused:
        came(shop, order, 1, terms, **values)
    assert field in named(refused)
    assert shop.register.count(Query(Case)) == shop.register.count(Query(CaseItem)) == shop.register.count(Query(ReturnDetails)) == 0


def test_an_old_mistake_keeps_nobody_from_changing_something_else(shop: Shop) -> None:
    case = came(shop, sold(shop), 1)
    shop.changes(Case, case.id, delivered_on=day("2026-02-27"))
    shop.changes(Order, case.order, ordered_at=datetime(2026, 3, 1, 9, tzinfo=UTC))  # an import mended it meanwhile
    assert shop.edits(case, note="called").note == "called"
    with pytest.raises(Problems):
        shop.edits(case, goods_received_on=day("2026-02-26"))


# --------------------------------------------------------------------------------------------- the calculator


def lines(shop: Shop, case: Case) -> list[tuple[str, Decimal]]:
    return [(part.component.code, part.amount) for part in shop.calculates(case).parts]


def test_one_of_three_pairs_with_dearer_delivery(shop: Shop) -> None:
    order = sold(shop)
    for policy, delivery in ((PartialDelivery.NONE, "0.00"), (PartialDelivery.PROPORTIONAL, "3.33"), (PartialDelivery.FULL, "9.99")):
        shop.changes(ShopRecord, THE_SHOP, partial_delivery=policy)
        case = came(shop, order, 1, {"delivery_cheapest": D("9.99")})
        assert lines(shop, case) == [("goods", D("199.99")), ("delivery", D(delivery))]
        calculation = shop.calculates(case)
        assert calculation.total == D("199.99") + D(delivery)
        assert [part.basis("pl") for part in calculation.parts] == ["art. 32 UPK", "art. 32 i 33 UPK"]
        assert calculation.parts[0].label("pl") == "1 × Boots 1001"
        shop.steps(case, Step.WITHDRAW)


def test_the_whole_order_with_dearer_delivery_gets_the_cheapest_one_back(shop: Shop) -> None:
    case = came(shop, sold(shop), 3, {"delivery_cheapest": D("9.99")})
    assert lines(shop, case) == [("goods", D("599.97")), ("delivery", D("9.99"))]
    i18n.use("pl")
    assert "najtańszy" in shop.calculates(case).parts[1].sentence()


@pytest.mark.parametrize(("policy", "first", "second"), [("none", "0.00", "24.99"), ("proportional", "8.33", "16.66"), ("full", "24.99", "0.00")])
def test_delivery_goes_back_once_however_many_parcels_come(shop: Shop, policy: str, first: str, second: str) -> None:
    shop.changes(ShopRecord, THE_SHOP, partial_delivery=PartialDelivery(policy))
    order = sold(shop)
    one, two = came(shop, order, 1), came(shop, order, 2)
    assert lines(shop, one)[1] == ("delivery", D(first))
    assert lines(shop, two)[1] == ("delivery", D(second))


def test_each_order_gives_back_its_own_delivery(shop: Shop) -> None:
    whole, part = sold(shop, "1001", quantity=1), sold(shop, "1002", shipping="10.00")
    items = [cases.item_from_line(shop.lines(whole)[0], 1), cases.item_from_line(shop.lines(part)[0], 1)]
    case = shop.takes_back(items, received_at=RECEIVED)
    assert lines(shop, case) == [("goods", D("199.99")), ("goods", D("199.99")), ("delivery", D("24.99")), ("delivery", D("0.00"))]


def test_letters_tell_the_same_sum(shop: Shop) -> None:
    """There is one calculator: several orders, one of them whole, and the refund note lacks no reason for its sum."""
    shop.fills_in_letterhead()
    buyer = shop.add_customer(email="lucja@example.com", street="ul. Polna 1", postcode="00-001", city="Warszawa")
    whole, part = sold(shop, "1001", quantity=1), sold(shop, "1002", shipping="10.00")
    items = [cases.item_from_line(shop.lines(whole)[0], 1), cases.item_from_line(shop.lines(part)[0], 1)]
    case = shop.takes_back(items, {"services_due": D("5.00")}, received_at=RECEIVED, customer=buyer)
    assert {part.label("en") for part in shop.calculates(case).parts} >= {"Delivery of order 1001", "Delivery of order 1002"}
    shop.steps(case, Step.APPROVE)
    letter = letters.preview(shop.register, case.id, DocumentKind.REFUND_NOTE, "en")
    assert "case.refund_reason" not in {gap.field for gap in letter.gaps}
    facts = str(letter.content.facts)
    for amount in ("199.99", "24.99", "5.00", "419.97"):
        assert amount in facts


def test_a_discount_is_not_given_back(shop: Shop) -> None:
    case = came(shop, sold(shop, shipping=None, discount=D("30.00")), 1)
    assert shop.items(case)[0].discount == D("10.00")
    assert shop.calculates(case).total == D("189.99")


def test_lost_value_and_services_are_taken_off_with_their_reasons(shop: Shop) -> None:
    case = came(shop, sold(shop, shipping=None), 1)
    shop.terms(case, diminished=D("40.00"), diminished_reasons="Worn outdoors, the soles are muddy.", services_due=D("9.99"))
    assert lines(shop, case) == [("goods", D("199.99")), ("diminished", D("-40.00")), ("services", D("-9.99"))]
    calculation = shop.calculates(case)
    assert calculation.total == D("150.00")
    assert "muddy" in calculation.parts[1].sentence("en")
    assert calculation.parts[2].basis("pl") == "art. 35 i 36 UPK"
    with pytest.raises(Problems):
        shop.terms(case, diminished=D("200.00"))


def test_who_was_not_told_owes_nothing_for_use_or_services(shop: Shop) -> None:
    case = came(shop, sold(shop, shipping=None), 1, {"informed": Informed.NO, "services_due": D("9.99")})
    assert lines(shop, case) == [("goods", D("199.99")), ("services", D("0.00"))]
    later = came(shop, sold(shop, "1002", shipping=None), 1, {"informed": Informed.LATER, "informed_on": day("2026-03-05"), "diminished": D("1.00"), "diminished_reasons": "worn"})
    assert any("doubtful" in caution for caution in shop.calculates(later).cautions("en"))


def test_without_a_price_there_is_no_sum_but_a_sentence(shop: Shop) -> None:
    case = shop.takes_back([CaseItem(case=0, name="Scarf")], received_at=RECEIVED)
    calculation = shop.calculates(case)
    assert calculation.total is None
    assert "Scarf" in calculation.missing()
    with pytest.raises(Problems) as refused:
        shop.steps(case, Step.APPROVE)
    assert named(refused) == {"refund"}
    assert "Nothing is returned yet" in shop.calculates(shop.takes_back(received_at=RECEIVED)).missing("en")


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
@given(
    orders=st.lists(
        st.tuples(st.integers(1, 4), st.integers(0, 20_000), st.integers(0, 3_000), st.integers(0, 4)), min_size=1, max_size=3
    ),
    policy=st.sampled_from(list(PartialDelivery)),
    cheapest=st.one_of(st.none(), st.integers(0, 100)),
    lost=st.integers(0, 100),
    services=st.integers(0, 50_000),
    informed=st.sampled_from([Informed.YES, Informed.NO]),
)
def test_the_total_is_the_sum_of_its_parts_and_never_more_than_was_paid(
    register_once: Shop, orders: list[tuple[int, int, int, int]], policy: PartialDelivery, cheapest: int | None, lost: int, services: int, informed: Informed
) -> None:
    shop = register_once

    def judged(tx: Any) -> None:
        tx.change(tx.get(ShopRecord, THE_SHOP), partial_delivery=policy)
        items = []
        for at, (quantity, price, shipping, back) in enumerate(orders):
            order = tx.add(Order(number=f"H{at}", ordered_at=BOUGHT, currency="PLN", shipping=D(shipping) / 100))
            line = tx.get(OrderLine, tx.add(OrderLine(order=order, name="Thing", quantity=quantity, unit_price=D(price) / 100)))
            if back:
                items.append(cases.item_from_line(line, min(back, quantity)))
        paid = sum((D(shipping) / 100 for _q, _p, shipping, _b in orders), D(0))
        goods = sum((item.unit_price * item.quantity for item in items), D(0))
        taken_off = (goods * lost / 100).quantize(D("0.01")) if informed is Informed.YES else None
        case = returns.take_in(
            tx, Case(received_at=RECEIVED, description="back", kind=CaseKind.RETURN), items,
            {"informed": informed, "delivery_paid": paid, "delivery_cheapest": None if cheapest is None else (paid * cheapest / 100).quantize(D("0.01")),
             "diminished": taken_off or None, "diminished_reasons": "worn", "services_due": D(services) / 100},
        )  # fmt: skip
        found = calculate(tx, case)
        if not items:
            assert found.total is None
            return
        assert found.total == sum((part.amount for part in found.parts), D(0))
        assert 0 <= found.total <= goods + paid
        assert all(part.amount == part.amount.quantize(D("0.01")) for part in found.parts)

    shop.register.try_out(judged)


@pytest.fixture(scope="module")
def register_once(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """One empty register for many tries, each taken back."""
    folder: Path = tmp_path_factory.mktemp("returns")
    with open_shop(folder / "shop.qmd") as opened:
        yield opened


# ----------------------------------------------------------------------------- the way of a return, and its money


def test_the_sum_is_proposed_and_another_needs_its_reason(shop: Shop) -> None:
    case = came(shop, sold(shop), 1)
    approved = shop.steps(case, Step.APPROVE)
    assert (approved.state, approved.refund, approved.refund_method) == (CaseState.REFUND_DUE, D("199.99"), RefundMethod.SAME)
    with pytest.raises(Problems, match="Write why") as refused:
        shop.steps(case, Step.APPROVE, refund=D("150.00"))
    assert named(refused) == {"refund_reason"}
    assert shop.steps(case, Step.APPROVE, refund=D("150.00"), refund_reason="Agreed on the phone.").refund == D("150.00")
    with pytest.raises(Problems, match="No more than") as refused:
        shop.steps(case, Step.APPROVE, refund=D("300.00"), refund_reason="As a present.")
    assert named(refused) == {"refund"}


def test_facts_found_while_the_refund_is_set_count_at_once(shop: Shop) -> None:
    case = came(shop, sold(shop), 3)
    approved = shop.steps(case, Step.APPROVE, delivery_cheapest=D("9.99"), diminished=D("100.00"), diminished_reasons="Worn.")
    assert approved.refund == D("509.96")
    assert shop.terms(case).delivery_cheapest == D("9.99")


def test_another_way_of_payment_needs_consent(shop: Shop) -> None:
    case = came(shop, sold(shop), 1)
    with pytest.raises(Problems, match="expressly agreed to another") as refused:
        shop.steps(case, Step.APPROVE, refund_method=RefundMethod.CASH)
    assert named(refused) == {"refund_consent_on"}
    shop.steps(case, Step.APPROVE, refund_method=RefundMethod.CASH, refund_consent_on=day("2026-03-10"))


def test_a_sum_set_before_the_facts_changed_is_set_again(shop: Shop) -> None:
    case = came(shop, sold(shop, shipping=None), 1)
    shop.steps(case, Step.APPROVE)
    shop.terms(case, diminished=D("50.00"), diminished_reasons="Worn.")
    with pytest.raises(Problems, match="Set the refund again"):
        shop.steps(case, Step.REFUND, refunded_on=day("2026-03-12"))
    shop.steps(case, Step.APPROVE)
    done = shop.steps(case, Step.REFUND, refunded_on=day("2026-03-12"))
    assert (done.state, done.refund) == (CaseState.REFUNDED, D("149.99"))
    assert [item.outcome for item in shop.items(case)] == [Outcome.REFUNDED]
    assert shop.steps(case, Step.CLOSE).state is CaseState.CLOSED
    assert shop.case(case).decision is None


def test_money_is_withheld_until_the_goods_or_their_proof_come(shop: Shop) -> None:
    case = came(shop, sold(shop), 1)
    found = return_terms.refund_due(shop.register, shop.case(case))
    assert (found.due, found.state(day("2026-03-24")), found.state(day("2026-03-25"))) == (date(2026, 3, 24), RefundState.RUNNING, RefundState.WITHHELD)
    assert "may withhold" in found.withholding("en")
    assert deadline(shop, case, "PL-WD-REFUND").state is DeadlineState.HELD
    shop.steps(case, Step.GOODS_RECEIVED, goods_received_on=day("2026-04-02"))
    found = return_terms.refund_due(shop.register, shop.case(case))
    assert (found.due, found.state(day("2026-04-02"))) == (date(2026, 4, 2), RefundState.AT_ONCE)
    assert "may not withhold" in found.withholding("en")


def test_who_offers_to_collect_may_not_withhold_and_sets_no_day_to_send_back(shop: Shop) -> None:
    case = came(shop, sold(shop), 1, {"statement_sent_on": day("2026-03-09")})
    assert return_terms.send_back_by(shop.register, case).legal == date(2026, 3, 23)
    shop.terms(case, collection_offered=True)
    case = shop.case(case)
    assert return_terms.send_back_by(shop.register, case) is None
    assert "may not withhold" in return_terms.refund_due(shop.register, case).withholding("en")
    assert deadline(shop, case, "PL-WD-REFUND").state is not DeadlineState.HELD


def test_cautions_name_what_the_law_leaves_to_a_person(shop: Shop) -> None:
    visit = came(shop, sold(shop), 1, {"exchanged_for": "Boots 43", "shop_pays_return": True}, contract_type=ContractType.VISIT)
    said = " ".join(shop.calculates(visit).cautions("en"))
    for words in ("34(3)", "a return and a new sale", "bears the cost of sending back"):
        assert words in said
    untold = came(shop, sold(shop, "1002"), 1, {"informed": Informed.NO})
    assert "34(2)" in " ".join(shop.calculates(untold).cautions("en"))


def test_goods_are_looked_at_after_they_came(shop: Shop) -> None:
    case = came(shop, sold(shop), 1)
    with pytest.raises(Known, match="not here yet"):
        shop.steps(case, Step.INSPECT)
    shop.steps(case, Step.GOODS_RECEIVED, goods_received_on=day("2026-03-14"))
    with pytest.raises(Problems, match="before they were here"):
        shop.steps(case, Step.INSPECT, inspected_on=day("2026-03-12"), condition=Condition.USED)
    with pytest.raises(Problems) as refused:
        shop.steps(case, Step.INSPECT)
    assert named(refused) == {"condition"}
    seen = shop.steps(case, Step.INSPECT, condition=Condition.USED, condition_notes="Mud.", diminished=D("20.00"), diminished_reasons="Worn outdoors.")
    assert seen.state is CaseState.INSPECTED
    assert shop.terms(case).inspected_on is not None
    assert isinstance(shop.terms(case), ReturnDetails)
