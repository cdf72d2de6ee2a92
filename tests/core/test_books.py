"""The registers: a refund booked line by line, VAT once per rate and document, stornos, and nothing changed afterwards."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qmdesk.errors import Conflict, Known, Problems
from qmdesk.law import vat
from qmdesk.operations import books, cases, keeping, month, refund_split, steps
from qmdesk.operations.books import ExchangeRate
from qmdesk.operations.refund_split import shares
from qmdesk.records.books import (
    Extent,
    InvoiceCorrection,
    MistakeEntry,
    MonthLock,
    RefundEntry,
    ReturnReason,
)
from qmdesk.records.case import (
    Case,
    CaseItem,
    CaseKind,
    CorrectedBy,
    Demand,
    LegalBasis,
    Outcome,
    RefundMethod,
    SaleDocument,
)
from qmdesk.records.month import Opened, taxed
from qmdesk.records.party import BuyerType
from qmdesk.records.returns import ReturnDetails
from qmdesk.records.shop import THE_SHOP, VatPeriod
from qmdesk.records.shop import Shop as ShopRecord
from qmdesk.records.steps import Step
from qmdesk.schema.query import Order, Query, parts_of
from tests.shop import Shop, shop

__all__ = ["shop"]

RECEIVED = datetime(2026, 10, 5, 9, 0, tzinfo=UTC)
SOLD, BACK = date(2026, 9, 21), date(2026, 10, 12)


def money(text: str) -> Decimal:
    return Decimal(text)


def item(name: str = "Buty trekkingowe 42", price: str | None = "199.99", rate: str = "23", **values: Any) -> CaseItem:
    return CaseItem(case=0, name=name, unit_price=None if price is None else money(price), vat_rate=rate, **values)


def returned(shop: Shop, items: Sequence[CaseItem], refund: str, delivery: str = "", **values: Any) -> Case:
    """A return whose refund is set and waits for the transfer."""
    told = {
        "kind": CaseKind.RETURN, "received_at": RECEIVED, "sold_on": SOLD, "sale_document": SaleDocument.RECEIPT, "sale_document_number": "P/101",
        "goods_received_on": date(2026, 10, 8), "legal_basis": LegalBasis.WITHDRAWAL, "currency": "PLN", **values,
    }  # fmt: skip
    case = shop.do(cases.TAKE_IN, cases.take_in, Case(description="Too small", **told), items)
    if delivery:
        (terms,) = shop.register.records(parts_of(case, ReturnDetails))
        shop.changes(ReturnDetails, terms.id, delivery_paid=money(delivery))
    told_why = {"refund_method": RefundMethod.TRANSFER, "refund_consent_on": RECEIVED.date(), "refund_reason": "Agreed on the phone"}
    return shop.edits(case, refund=money(refund), **told_why)


def pays(shop: Shop, case: Case, on: date = BACK) -> Case:
    """The money goes back."""
    return shop.steps(case, Step.REFUND, refunded_on=on)


def entries(shop: Shop) -> list[RefundEntry]:
    return shop.register.records(Query(RefundEntry).by(Order("id")))


def lines(shop: Shop) -> list[tuple[Any, ...]]:
    return [(one.number, one.vat_rate, one.gross, one.vat, one.extent) for one in entries(shop)]


def refused(shop: Shop, operation: Callable[..., Any], *args: Any, error: type[Known] = Known) -> str:
    """The sentence with which an operation is refused; nothing is changed by it."""
    before = shop.register.revision
    with pytest.raises(error) as found:
        shop.register.do("Try", operation, *args)
    assert shop.register.revision == before
    return found.value.sentence


# ------------------------------------------------------------------------------- booking by itself


def test_the_money_going_back_is_booked_in_the_same_step_and_taken_back_with_it(shop: Shop) -> None:
    case = returned(shop, [item()], "199.99")
    pays(shop, case)  # shop.do undoes and redoes it, and everything must be as before
    (entry,) = entries(shop)
    assert (entry.number, entry.month, entry.case) == ("E/2026/0001", "2026-10", case.id)
    assert (entry.sold_on, entry.returned_on, entry.refunded_on) == (SOLD, date(2026, 10, 8), BACK)
    assert (entry.gross, entry.vat, entry.vat_rate, entry.extent) == (money("199.99"), money("37.40"), "23", Extent.FULL)
    assert (entry.reason, entry.sale_document, entry.sale_document_number) == (ReturnReason.WITHDRAWAL, SaleDocument.RECEIPT, "P/101")
    assert (entry.item_name, entry.refund_method) == ("Buty trekkingowe 42", RefundMethod.TRANSFER)
    assert shop.case(case).corrected_by is CorrectedBy.REGISTER
    shop.register.undo()
    assert entries(shop) == []
    assert shop.case(case).refunded_on is None


def test_one_line_per_document_and_rate_and_delivery_on_a_line_of_its_own(shop: Shop) -> None:
    bought = [
        item("Mug", "40.00", "23"),
        item("Book", "60.00", "5"),
        item("Plate", "100.00", "23", sale_document_number="P/99", sold_on=date(2026, 9, 1)),
    ]
    pays(shop, returned(shop, bought, "220.00", delivery="20.00"))
    assert [(one.sale_document_number, one.vat_rate, one.item_name, one.gross) for one in entries(shop)] == [
        ("P/101", "23", "Mug", money("40.00")),
        ("P/101", "23", "Delivery cost", money("4.00")),
        ("P/101", "5", "Book", money("60.00")),
        ("P/101", "5", "Delivery cost", money("6.00")),
        ("P/99", "23", "Plate", money("100.00")),
        ("P/99", "23", "Delivery cost", money("10.00")),
    ]
    assert [one.number for one in entries(shop)] == [f"E/2026/{n:04}" for n in range(1, 7)]


def test_vat_is_rounded_once_per_rate_and_document(shop: Shop) -> None:
    three = [item(name, "9.99") for name in ("A", "B", "C")]
    pays(shop, returned(shop, three, "29.97"))
    assert [(one.gross, one.vat) for one in entries(shop)] == [(money("29.97"), money("5.60"))]  # line by line it were 5.61
    delivered = returned(shop, [item("Cup", "9.99")], "19.98", delivery="9.99")
    pays(shop, delivered)
    of_case = [one for one in entries(shop) if one.case == delivered.id]
    assert [one.gross for one in of_case] == [money("9.99"), money("9.99")]
    assert sum((one.vat or money("0") for one in of_case), money("0")) == money("3.74")  # of 19.98, not twice 1.87 by luck
    assert of_case[0].vat == money("1.87")


def test_a_part_is_a_part_and_pieces_that_were_mended_are_left_out(shop: Shop) -> None:
    pays(shop, returned(shop, [item("Shoes", "200.00", quantity=3)], "150.00"))
    assert lines(shop) == [("E/2026/0001", "23", money("150.00"), money("28.05"), Extent.PART)]
    two = [item("Lamp", "50.00", outcome=Outcome.REFUNDED), item("Clock", "70.00", "8", outcome=Outcome.REPAIRED)]
    pays(shop, returned(shop, two, "50.00"))
    assert lines(shop)[1:] == [("E/2026/0002", "23", money("50.00"), money("9.35"), Extent.FULL)]


def test_a_price_reduction_is_booked_and_a_repair_is_not(shop: Shop) -> None:
    shop.fills_in_letterhead()
    buyer = shop.add_customer(email="lucja@example.com", street="ul. Polna 1", postcode="00-001", city="Warszawa")
    case = shop.complains(customer=buyer, received_at=RECEIVED, sold_on=SOLD, sale_document=SaleDocument.RECEIPT, sale_document_number="P/7")
    shop.add(CaseItem(case=case.id, name="Buty", unit_price=money("199.99"), vat_rate="23"))
    shop.decides(case, remedy_kind=Demand.REDUCTION, refund=money("60.00"), refund_method=RefundMethod.SAME)
    shop.answers(case)
    shop.steps(case, Step.REFUND)
    (entry,) = entries(shop)
    assert (entry.gross, entry.vat, entry.reason, entry.extent) == (money("60.00"), money("11.22"), ReturnReason.REDUCTION, Extent.PART)

    mended = shop.complains("Hums", customer=buyer, received_at=RECEIVED)
    shop.decides(mended, remedy_kind=Demand.REPAIR)
    shop.answers(mended)
    shop.steps(mended, Step.START_REMEDY, remedy_kind=Demand.REPAIR)
    shop.steps(mended, Step.FINISH_REMEDY)
    assert len(entries(shop)) == 1
    assert "no money went back" in refused(shop, books.book_case, mended.id)


@pytest.mark.parametrize(("rate", "expected"), [("zw", None), ("np", None), ("0", money("0.00"))])
def test_exempt_and_not_subject_have_no_vat_and_are_not_zero_percent(shop: Shop, rate: str, expected: Decimal | None) -> None:
    pays(shop, returned(shop, [item(rate=rate)], "199.99"))
    assert entries(shop)[0].vat == expected


def test_an_exempt_shop_books_everything_exempt(shop: Shop) -> None:
    shop.changes(ShopRecord, THE_SHOP, vat_exempt=True)
    pays(shop, returned(shop, [item(rate="23"), item("Book", rate="")], "399.98"))
    assert lines(shop) == [("E/2026/0001", "zw", money("399.98"), None, Extent.FULL)]
    assert "exempt" in refused(shop, books.enter, by_hand(), error=Problems)


def test_the_month_of_effect_is_the_shops_choice_and_all_three_dates_are_kept(shop: Shop) -> None:
    shop.changes(ShopRecord, THE_SHOP, vat_period=VatPeriod.SALE_MONTH)
    pays(shop, returned(shop, [item()], "199.99"))
    (entry,) = entries(shop)
    assert (entry.month, entry.sold_on, entry.refunded_on) == ("2026-09", SOLD, BACK)


def test_numbers_run_per_year_of_the_month_they_belong_to(shop: Shop) -> None:
    pays(shop, returned(shop, [item()], "199.99"))
    late = returned(shop, [item()], "199.99", received_at=datetime(2025, 12, 20, 9, tzinfo=UTC), sold_on=date(2025, 12, 1), goods_received_on=date(2025, 12, 27))
    pays(shop, late, date(2025, 12, 30))
    assert [one.number for one in entries(shop)] == ["E/2026/0001", "E/2025/0001"]


# ------------------------------------------------------------------------------------ what is missing


def test_a_missing_rate_keeps_no_refund_from_being_noted_and_is_a_gap(shop: Shop) -> None:
    case = returned(shop, [item(rate="")], "199.99")
    pays(shop, case)
    assert entries(shop) == []
    (gap,) = month.collect(shop.register, "2026-10").gaps
    assert (gap.what.value, gap.kind, gap.id) == ("refund_without_entry", Case, case.id)
    assert "The VAT rate of “Buty trekkingowe 42” is missing." in gap.sentence
    assert "VAT rate" in refused(shop, books.book_case, case.id, error=Problems)
    shop.changes(CaseItem, shop.items(case)[0].id, vat_rate="23")
    shop.do(books.BOOK, books.book_case, case.id)
    assert lines(shop) == [("E/2026/0001", "23", money("199.99"), money("37.40"), Extent.FULL)]
    assert "booked already" in refused(shop, books.book_case, case.id)


@pytest.mark.parametrize(
    ("items", "sentence"),
    [
        ([item(rate="7")], "There is no VAT rate “7”"),
        ([item("Mug", None), item("Book", "20.00", "5")], "The price of “Mug” is missing"),
        ([], "no item"),
    ],
)
def test_what_can_not_be_booked_says_why(shop: Shop, items: list[CaseItem], sentence: str) -> None:
    case = returned(shop, items, "20.00")
    pays(shop, case)
    assert sentence in refused(shop, books.book_case, case.id, error=Problems)
    assert sentence in month.collect(shop.register, "2026-10").gaps[0].sentence


def test_another_currency_is_booked_in_pln_with_rate_day_and_table(shop: Shop) -> None:
    case = returned(shop, [item("Mug", "10.00"), item("Book", "5.01", "5")], "16.01", delivery="1.00", currency="EUR")
    pays(shop, case)
    assert entries(shop) == []
    assert month.collect(shop.register, "2026-10").gaps[0].what.value == "missing_currency_rate"
    assert "The sale was in EUR." in refused(shop, books.book_case, case.id, error=Problems)
    assert "no exchange rate" in refused(shop, books.book_case, case.id, ExchangeRate("abc", BACK, "197/A/NBP/2026"), error=Problems)
    assert "table is missing" in refused(shop, books.book_case, case.id, ExchangeRate("4,2512", BACK, " "), error=Problems)
    shop.do(books.BOOK, books.book_case, case.id, ExchangeRate("4,2512", date(2026, 10, 9), "197/A/NBP/2026"))
    booked = entries(shop)
    assert sum(one.gross for one in booked) == (money("16.01") * money("4.2512")).quantize(money("0.01"), ROUND_HALF_UP) == money("68.06")
    assert sum(one.amount_paid or 0 for one in booked) == money("16.01")
    assert {(one.currency, one.exchange_rate, one.rate_on, one.rate_table) for one in booked} == {("EUR", "4,2512", date(2026, 10, 9), "197/A/NBP/2026")}
    assert [gap.what.value for gap in month.collect(shop.register, "2026-10").gaps if "case" in gap.what.value] == []


# --------------------------------------------------------------------------- register or invoice


def test_an_invoice_is_corrected_by_an_invoice_and_never_by_both(shop: Shop) -> None:
    firm = shop.add_customer("Bud-Rem", company="Bud-Rem sp. z o.o.", nip="5260250274")
    case = returned(
        shop, [item("Drill", "500.00"), item("Book", "50.00", "5")], "525.00",
        customer=firm, buyer_type=BuyerType.BUSINESS, legal_basis=LegalBasis.VOLUNTARY, sale_document=SaleDocument.INVOICE, sale_document_number="FV/12/2026",
    )  # fmt: skip
    pays(shop, case)
    assert entries(shop) == []
    found = shop.register.records(Query(InvoiceCorrection).by(Order("id")))
    assert [(one.invoice_number, one.vat_rate, one.gross_before, one.gross_after, one.buyer_nip) for one in found] == [
        ("FV/12/2026", "23", money("500.00"), money("22.73"), "5260250274"),
        ("FV/12/2026", "5", money("50.00"), money("2.27"), "5260250274"),
    ]
    assert shop.case(case).corrected_by is CorrectedBy.INVOICE
    assert "corrected by a corrective invoice already" in refused(shop, books.enter, by_hand(case=case.id))
    assert "booked already" in refused(shop, books.book_case, case.id)

    booked = returned(shop, [item()], "199.99")
    pays(shop, booked)
    correction = InvoiceCorrection(case=booked.id, invoice_number="FV/1", vat_rate="23", gross_before=money("10"), gross_after=money("0"))
    assert "corrected in the register of returns already" in refused(shop, keeping.add, correction)


def test_a_correction_tells_net_and_vat_before_and_after_at_its_rate(shop: Shop) -> None:
    told = {"gross_before": money("123.00"), "gross_after": money("60.00"), "invoice_number": "FV/1"}
    assert taxed(InvoiceCorrection(vat_rate="23", **told)) == {
        "net_before": money("100.00"), "vat_before": money("23.00"), "net_after": money("48.78"), "vat_after": money("11.22"),
        "net_difference": money("-51.22"), "vat_difference": money("-11.78"),
    }  # fmt: skip
    exempt = taxed(InvoiceCorrection(vat_rate="zw", **told))
    assert (exempt["net_difference"], exempt["vat_before"], exempt["vat_difference"]) == (money("-63.00"), None, None)
    assert "There is no VAT rate “7”" in refused(shop, keeping.add, InvoiceCorrection(vat_rate="7", **told), error=Problems)
    one = shop.add(InvoiceCorrection(vat_rate="23", **told))
    assert "There is no VAT rate “7”" in refused(shop, keeping.change, InvoiceCorrection, one, {"vat_rate": "7"}, error=Problems)


def test_what_was_booked_in_the_wrong_place_is_taken_off_and_booked_in_the_other(shop: Shop) -> None:
    case = returned(shop, [item()], "199.99")
    pays(shop, case)
    shop.do(books.STORNO, books.storno, RefundEntry, entries(shop)[0].id, "There was an invoice.")
    shop.edits(case, corrected_by=CorrectedBy.INVOICE, sale_document=SaleDocument.INVOICE, sale_document_number="FV/1")
    shop.do(books.BOOK, books.book_case, case.id)
    assert [one.invoice_number for one in shop.register.records(Query(InvoiceCorrection))] == ["FV/1"]
    assert sum(one.gross for one in entries(shop)) == 0


# -------------------------------------------------------------------------------- append-only


def by_hand(**values: Any) -> RefundEntry:
    return RefundEntry(
        **{
            "sold_on": SOLD, "returned_on": date(2026, 10, 8), "refunded_on": BACK, "item_name": "Mug", "vat_rate": "23", "gross": money("123.00"),
            "sale_document": SaleDocument.RECEIPT, "sale_document_number": "P/5", **values,
        }
    )  # fmt: skip


def test_an_entry_by_hand_needs_no_case(shop: Shop) -> None:
    entry = shop.do(books.ENTER, books.enter, by_hand())
    assert (entry.number, entry.month, entry.vat) == ("E/2026/0001", "2026-10", money("23.00"))
    other = shop.do(books.ENTER, books.enter, by_hand(gross=money("199.99"), vat=money("37.39"), remarks="So printed on the receipt"))
    assert other.vat == money("37.39")


@pytest.mark.parametrize(
    ("values", "field", "sentence"),
    [
        ({"gross": money("0")}, "gross", "above zero"),
        ({"gross": money("-5")}, "gross", "above zero"),
        ({"vat_rate": "7"}, "vat_rate", "There is no VAT rate “7”"),
        ({"vat": money("22.99")}, "vat", "write why"),
        ({"vat": money("20.00")}, "vat", "more than 0.01"),
        ({"vat_rate": "zw", "vat": money("1.00")}, "vat", "does not agree"),
        ({"returned_on": date(2026, 9, 1)}, "returned_on", "before they were sold"),
        ({"currency": "EUR"}, "amount_paid", "missing"),
        ({"currency": "EUR", "amount_paid": money("30"), "exchange_rate": "4", "rate_on": BACK, "rate_table": "1/A"}, "gross", "says something else"),
    ],
)
def test_an_entry_that_can_not_be_is_refused_at_its_field(shop: Shop, values: dict[str, Any], field: str, sentence: str) -> None:
    with pytest.raises(Problems) as found:
        shop.register.do("Enter", books.enter, by_hand(**values))
    assert found.value.problems[0].field == field
    assert sentence in found.value.sentence
    assert entries(shop) == []


def test_a_storno_has_the_opposite_sign_and_its_reason(shop: Shop) -> None:
    pays(shop, returned(shop, [item()], "199.99"))
    (entry,) = entries(shop)
    assert "Write why" in refused(shop, books.storno, RefundEntry, entry.id, "  ", error=Problems)
    storno = shop.do(books.STORNO, books.storno, RefundEntry, entry.id, "Wrong receipt")
    assert (storno.number, storno.gross, storno.vat, storno.storno_of, storno.month) == ("E/2026/0002", money("-199.99"), money("-37.40"), "E/2026/0001", "2026-10")
    assert shop.get(RefundEntry, entry.id) == entry
    assert "already" in refused(shop, books.storno, RefundEntry, entry.id, "Again")
    assert "storno itself" in refused(shop, books.storno, RefundEntry, storno.id, "Back")
    assert sum(one.gross for one in entries(shop)) == 0


def test_a_booking_is_not_undone_under_its_storno(shop: Shop) -> None:
    pays(shop, returned(shop, [item()], "199.99"))
    booking = shop.register.steps(1)[0][0].id
    shop.do(books.STORNO, books.storno, RefundEntry, entries(shop)[0].id, "Wrong receipt")
    with pytest.raises(Conflict, match="Undo the storno first"):
        shop.register.undo(booking)
    assert len(entries(shop)) == 2


def test_an_entry_is_neither_changed_nor_taken_away(shop: Shop) -> None:
    entry = shop.do(books.ENTER, books.enter, by_hand())
    for values in ({"gross": money("1.00")}, {"vat_rate": "8"}, {"month": "2026-09"}, {"number": "E/2026/0009"}, {"sold_on": SOLD.replace(day=1)}, {"sale_document_number": "P/6"}):
        assert "can't be changed any more" in refused(shop, keeping.change, RefundEntry, entry.id, values)
        assert "can't be changed any more" in refused(shop, books.fill_in, RefundEntry, entry.id, values)
    assert "Take it off with a storno" in refused(shop, keeping.remove, RefundEntry, entry.id)
    assert "gets its number when it is booked" in refused(shop, keeping.add, by_hand())
    assert entries(shop) == [entry]


def test_signatures_evidence_and_remarks_are_noted_later(shop: Shop) -> None:
    entry = shop.do(books.ENTER, books.enter, by_hand(sale_document=None, sale_document_number=""))
    noted = {"seller_signed_on": BACK, "buyer_signed_on": BACK, "remarks": "By post", "sale_document": SaleDocument.RECEIPT, "sale_document_number": "P/5"}
    shop.do(books.FILL_IN, books.fill_in, RefundEntry, entry.id, noted)
    assert shop.get(RefundEntry, entry.id).remarks == "By post"
    assert month.collect(shop.register, "2026-10").gaps == ()


def test_the_day_of_the_money_is_noted_later_once_and_within_its_month(shop: Shop) -> None:
    entry = shop.do(books.ENTER, books.enter, by_hand(refunded_on=None))
    assert [gap.what for gap in month.collect(shop.register, "2026-10").gaps] == [Opened.UNSIGNED, Opened.NO_REFUND]
    elsewhere = {"refunded_on": date(2026, 11, 2)}
    for change in (books.fill_in, keeping.change):
        sentence = refused(shop, change, RefundEntry, entry.id, elsewhere, error=Problems)
        assert "counts in November 2026, and it is booked in October 2026" in sentence
    shop.do(books.FILL_IN, books.fill_in, RefundEntry, entry.id, {"refunded_on": BACK})
    assert [gap.what for gap in month.collect(shop.register, "2026-10").gaps] == [Opened.UNSIGNED]
    assert "can't be changed any more" in refused(shop, books.fill_in, RefundEntry, entry.id, {"refunded_on": BACK.replace(day=13)})


def test_a_refund_entered_by_hand_before_its_case_said_so_is_not_booked_twice(shop: Shop) -> None:
    case = returned(shop, [item()], "199.99")
    entry = shop.do(books.ENTER, books.enter, by_hand(case=case.id, gross=money("199.99")))
    assert Opened.NO_REFUND in [gap.what for gap in month.collect(shop.register, "2026-10").gaps]
    pays(shop, case)
    assert entries(shop) == [entry]
    assert [gap.what for gap in month.collect(shop.register, "2026-10").gaps] == [Opened.UNSIGNED]


def test_obvious_mistakes_have_a_register_of_their_own(shop: Shop) -> None:
    draft = MistakeEntry(sold_on=SOLD, found_on=date(2026, 10, 1), receipt_number="P/44", vat_rate="8", gross=money("49.99"), cause="Rung up twice")
    mistake = shop.do(books.ENTER_MISTAKE, books.enter_mistake, draft)
    assert (mistake.number, mistake.month, mistake.vat) == ("P/2026/0001", "2026-09", money("3.70"))  # the month of the sale
    assert "can't be changed" in refused(shop, keeping.change, MistakeEntry, mistake.id, {"cause": "Other"})
    storno = shop.do(books.STORNO, books.storno, MistakeEntry, mistake.id, "It was right")
    assert (storno.gross, storno.vat, storno.storno_of) == (money("-49.99"), money("-3.70"), "P/2026/0001")
    late = MistakeEntry(sold_on=SOLD, found_on=date(2026, 9, 1), receipt_number="P/44", vat_rate="8", gross=money("1"), cause="x")
    assert "before it was made" in refused(shop, books.enter_mistake, late, error=Problems)
    unattached = MistakeEntry(sold_on=SOLD, found_on=SOLD, receipt_number="P/44", vat_rate="8", gross=money("1"), cause="x", original_attached=False)
    assert "why the original receipt" in refused(shop, books.enter_mistake, unattached, error=Problems)


# ------------------------------------------------------------------------------------ closed months


def closed(shop: Shop, name: str = "2026-10") -> None:
    shop.do(month.CLOSE, month.close, name, month.collect(shop.register, name).digest)


def test_a_closed_month_takes_nothing_and_gives_nothing_back(shop: Shop) -> None:
    booked = returned(shop, [item()], "199.99")
    pays(shop, booked)
    refund_step = shop.register.steps(1)[0][0].id
    waiting = returned(shop, [item("Mug", "20.00")], "20.00")
    entry = entries(shop)[0]
    other = shop.do(books.ENTER, books.enter, by_hand())
    noted = shop.register.do(books.FILL_IN, books.fill_in, RefundEntry, other.id, {"remarks": "x"}).change.step
    closed(shop)
    before = month.collect(shop.register, "2026-10").digest
    sentence = "The month October 2026 is closed."
    assert sentence in refused(shop, steps.take_step, waiting.id, Step.REFUND, {"refunded_on": BACK})
    assert sentence in refused(shop, books.enter, by_hand())
    assert sentence in refused(shop, books.storno, RefundEntry, entry.id, "Wrong")
    assert sentence in refused(shop, books.fill_in, RefundEntry, entry.id, {"buyer_signed_on": BACK})
    assert sentence in refused(shop, keeping.change, RefundEntry, entry.id, {"remarks": "y"})
    for step in (refund_step, noted):
        with pytest.raises(Known, match=sentence):
            shop.register.undo(step)
    with pytest.raises(Known, match="not opened by undo"):
        shop.register.undo()
    assert shop.case(booked).refunded_on == BACK, "an undo that is refused takes nothing back"
    assert month.collect(shop.register, "2026-10").digest == before
    pays(shop, waiting, date(2026, 11, 2))  # another month is open
    assert entries(shop)[-1].month == "2026-11"


def test_a_month_tells_nothing_of_later_cases(shop: Shop) -> None:
    returned(shop, [item()], "199.99")  # received on 5 October, still to be paid

    def expected(name: str) -> list[Opened]:
        return [one.what for one in month.collect(shop.register, name).open_items]

    assert expected("2026-09") == []
    assert expected("2026-10") == expected("2026-11") == [Opened.NOT_PAID]


def test_nothing_is_redone_into_a_closed_month(shop: Shop) -> None:
    pays(shop, returned(shop, [item()], "199.99"))
    shop.register.undo()
    undone = shop.register.steps(1)[0][0].id
    closed(shop)
    with pytest.raises(Known, match="October 2026 is closed"):
        shop.register.undo(undone)
    assert entries(shop) == []


def test_a_month_is_opened_again_only_with_a_reason_and_both_stay_on_record(shop: Shop) -> None:
    pays(shop, returned(shop, [item()], "199.99"))
    closed(shop)
    assert "is closed" in refused(shop, month.close, "2026-10", month.collect(shop.register, "2026-10").digest)
    assert "Write why" in refused(shop, month.reopen, "2026-10", " ", error=Problems)
    assert "is open" in refused(shop, month.reopen, "2026-09", "Why not")
    lock = shop.do(month.REOPEN, month.reopen, "2026-10", "A receipt was found")
    assert lock.reopened_why == "A receipt was found"
    shop.do(books.ENTER, books.enter, by_hand())
    closed(shop)
    assert [one.reopened_why for one in month.history(shop.register, "2026-10")] == ["A receipt was found", ""]
    assert "stays on record" in refused(shop, keeping.remove, MonthLock, lock.id)
    assert "stays on record" in refused(shop, keeping.change, MonthLock, lock.id, {"reopened_why": "Other"})
    assert [step.label for step, _stands in shop.register.steps(20) if step.label in (month.CLOSE, month.REOPEN)] == [month.CLOSE, month.REOPEN, month.CLOSE]


def test_a_month_that_changed_since_its_pack_is_not_closed(shop: Shop) -> None:
    old = month.collect(shop.register, "2026-10").digest
    shop.do(books.ENTER, books.enter, by_hand())
    assert "has changed since the pack was made" in refused(shop, month.close, "2026-10", old)
    assert "has not begun" in refused(shop, month.close, "2199-01", month.collect(shop.register, "2199-01").digest)
    for wrong in ("2026-13", "2026", "october", "2026-1"):
        assert "is no month" in refused(shop, month.close, wrong, "")


def test_a_correction_issued_in_a_closed_month_stays_as_it_is(shop: Shop) -> None:
    one = shop.add(InvoiceCorrection(invoice_number="FV/1", vat_rate="23", gross_before=money("10"), gross_after=money("0")))
    shop.changes(InvoiceCorrection, one, correction_number="FK/1", issued_on=BACK)
    closed(shop)
    assert "is closed" in refused(shop, keeping.change, InvoiceCorrection, one, {"correction_number": "FK/2"})
    assert "is closed" in refused(shop, keeping.change, InvoiceCorrection, one, {"issued_on": date(2026, 11, 1)})
    assert "is closed" in refused(shop, keeping.remove, InvoiceCorrection, one)


# --------------------------------------------------------------------------------------- arithmetic

AMOUNTS = st.integers(0, 10_000_000)


@given(AMOUNTS, st.lists(st.integers(0, 10_000_000), min_size=1, max_size=9))
def test_shares_add_up_and_are_in_proportion(total: int, weights: list[int]) -> None:
    found = shares(total, weights)
    assert sum(found) == total
    whole = sum(weights)
    if whole:
        assert all(abs(share - total * weight / whole) <= 1 for share, weight in zip(found, weights, strict=True))
        assert all(share == 0 for share, weight in zip(found, weights, strict=True) if not weight)


PRICED = st.tuples(st.integers(1, 100_000), st.sampled_from(("23", "8", "5", "0", "zw", "np")), st.sampled_from(("P/1", "P/2")), st.integers(1, 3))


class _Reading:
    """A register of one shop, one case and its items, as far as splitting asks."""

    def __init__(self, items: list[CaseItem], terms: list[ReturnDetails], currency: str = "PLN") -> None:
        self.items, self.terms, self.shop = items, terms, ShopRecord(id=1, name="Karmnik", currency=currency)

    def get(self, _kind: Any, _id: int) -> ShopRecord:
        return self.shop

    def find(self, _kind: Any, _id: int) -> None:
        return None

    def records(self, query: Query, _limit: int | None = None) -> list[Any]:
        return self.items if query.kind is CaseItem else self.terms


@given(st.lists(PRICED, min_size=1, max_size=6), st.floats(0, 1), st.integers(0, 5000))
def test_the_lines_of_a_refund_are_the_refund(bought: list[tuple[int, str, str, int]], share: float, delivery: int) -> None:
    items = [CaseItem(case=1, name="x", unit_price=Decimal(price).scaleb(-2), vat_rate=rate, sale_document_number=document, quantity=many) for price, rate, document, many in bought]
    paid = sum(price * many for price, _rate, _document, many in bought)
    refund = round((paid + delivery) * share)
    terms = [ReturnDetails(case=1, delivery_paid=Decimal(delivery).scaleb(-2))] if delivery else []
    case = Case(id=1, received_at=RECEIVED, sold_on=SOLD, refund=Decimal(refund).scaleb(-2), kind=CaseKind.RETURN)
    groups = refund_split.split_refund(_Reading(items, terms), case)  # type: ignore[arg-type]
    assert sum(group.goods + group.delivery for group in groups) == refund
    assert sum(group.delivery for group in groups) == max(0, refund - paid)
    assert len({(group.document, group.rate) for group in groups}) == len(groups)
    assert all(0 <= group.goods <= (group.price or 0) for group in groups)
    for group in groups:
        net, tax = vat.split(group.goods, group.rate)
        assert net + (tax or 0) == group.goods


@given(st.integers(1, 10_000_000), st.sampled_from(("23", "8", "5", "0", "zw", "np")))
def test_net_and_vat_are_gross_and_a_storno_leaves_nothing(gross: int, rate: str) -> None:
    net, tax = vat.split(gross, rate)
    assert net + (tax or 0) == gross
    back_net, back_tax = vat.split(-gross, rate)
    assert (net + back_net, (tax or 0) + (back_tax or 0)) == (0, 0)
