"""The accountant's page: gaps that lead to their place, totals, entries by hand, stornos, the pack, closing and opening again."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog

from qmdesk.operations import books, month
from qmdesk.records.books import (
    InvoiceCorrection,
    MistakeEntry,
    MonthLock,
    Payment,
    PaymentState,
    RefundEntry,
)
from qmdesk.records.case import SaleDocument
from qmdesk.schema.query import Query
from tests.clock import Clock, clock
from tests.core.test_books import item, money, pays, returned
from tests.shop import Shop
from tests.ui.front import Dialogs, Front, dialogs, front, look, press, shop
from ui.widgets.plain_label import PlainLabel

__all__ = ["Dialogs", "clock", "dialogs", "front", "look", "shop"]


def page_of(front: Front, name: str = "2026-10") -> Any:
    page = front.page("accountant")
    page.show_month(name)
    return page


def labels(widget: Any) -> str:
    return "\n".join(label.text() for label in widget.findChildren(PlainLabel))


def cells(table: Any, *keys: str) -> list[tuple[str, ...]]:
    model = table.table_model
    return [tuple((model.index(row, model.place(key)).data() or "").replace("\u00a0", " ") for key in keys) for row in range(model.total)]


def test_an_empty_page_says_what_to_do_first(front: Front) -> None:
    page = front.page("accountant")
    assert page.stack.currentWidget() is page.nothing
    assert "the refund comes into the register by itself" in labels(page.nothing)
    front.dialogs.will(lambda dialog: dialog.reject())
    page.nothing.button.click()
    assert front.dialogs.seen == ["RecordDialog"]


def test_a_month_shows_its_totals_its_entries_and_what_is_missing(front: Front) -> None:
    pays(front.shop, returned(front.shop, [item(), item("Book", "49.99", "5")], "249.98"))
    page = page_of(front)
    assert page.title.text() == "October 2026"
    assert [page.overview.totals.item(row, at).text() for row in range(2) for at in range(3)] == ["23\u00a0%", "199.99", "37.40", "5\u00a0%", "49.99", "2.38"]
    assert "K_19: -162.59; K_20: -37.40" in page.overview.jpk.text()
    assert any("the seller has not signed" in said for said in page.overview.findings.sentences())
    assert page.tabs.tabText(0) == "Month (1)"
    page.tabs.setCurrentWidget(page.returns)
    assert cells(page.returns.table, "number", "vat_rate", "gross") == [("E/2026/0001", "23 %", "PLN 199.99"), ("E/2026/0002", "5 %", "PLN 49.99")]


def test_the_page_begins_with_the_month_that_waits_to_be_closed(shop: Shop, dialogs: Dialogs, clock: Clock) -> None:
    clock.set("2026-10-12")
    pays(shop, returned(shop, [item()], "199.99"))

    def begins_with() -> str:
        front = Front(shop, dialogs)
        found = str(front.page("accountant").month)
        front.leave()
        return found

    assert begins_with() == "2026-10"
    clock.set("2026-11-03")
    assert begins_with() == "2026-10"
    shop.register.do(month.CLOSE, month.close, "2026-10", month.collect(shop.register, "2026-10").digest)
    assert begins_with() == "2026-11"


def test_months_are_turned_with_keys(front: Front) -> None:
    pays(front.shop, returned(front.shop, [item()], "199.99"))
    page = page_of(front)
    page.overview.findings.setFocus()
    press(Qt.Key.Key_Left, held=Qt.KeyboardModifier.AltModifier)
    assert (page.month, page.summary.text()) == ("2026-09", "Nothing happened in this month.")
    press(Qt.Key.Key_Right, held=Qt.KeyboardModifier.AltModifier)
    assert page.month == "2026-10"
    assert page.place() == ("2026-10", 0)


def test_a_gap_leads_to_its_place_and_is_gone_when_mended(front: Front) -> None:
    case = returned(front.shop, [item(rate="")], "199.99")
    pays(front.shop, case)
    page = page_of(front)
    assert "The VAT rate of “Buty trekkingowe 42” is missing." in page.overview.findings.sentences()[0]
    page.overview.findings.setFocus()
    press(Qt.Key.Key_Return)
    assert front.window.page_name() == "cases"
    assert front.page("cases").panel.case.id == case.id
    front.shop.changes(type(front.shop.items(case)[0]), front.shop.items(case)[0].id, vat_rate="23")
    page = page_of(front)
    assert "it is not booked" in page.overview.findings.sentences()[0]
    page.overview.findings.act()
    assert len(front.shop.register.records(Query(RefundEntry))) == 1

    def sign(dialog: Any) -> None:
        dialog.form.editors["seller_signed_on"].set_value(date(2026, 10, 12))
        dialog.form.editors["substitute_evidence"].set_value("E-mail of 8 October")
        dialog.accept()

    front.dialogs.will(sign)
    assert "has not signed" in page.overview.findings.sentences()[0]
    page.overview.findings.act()
    assert page.summary.text() == "Nothing is missing. The month can be closed."


def test_an_entry_without_a_refund_leads_to_its_case_or_to_the_day(front: Front) -> None:
    case = returned(front.shop, [item()], "199.99")
    values = {"sold_on": date(2026, 10, 1), "returned_on": date(2026, 10, 2), "item_name": "Mug", "vat_rate": "23", "sale_document": SaleDocument.RECEIPT, "sale_document_number": "P/1"}
    front.shop.do(books.ENTER, books.enter, RefundEntry(gross=money("199.99"), case=case.id, **values))
    front.shop.do(books.ENTER, books.enter, RefundEntry(gross=money("20.00"), **values))
    page = page_of(front)
    without = [row for row, said in enumerate(page.overview.findings.sentences()) if "money went back" in said]
    page.overview.findings.setCurrentRow(without[0])
    page.overview.findings.act()
    assert front.page("cases").panel.case.id == case.id

    def note(dialog: Any) -> None:
        dialog.form.editors["refunded_on"].set_value(date(2026, 11, 3))
        dialog.accept()
        assert "counts in November 2026" in dialog.form.rows["refunded_on"].problem
        dialog.form.editors["refunded_on"].set_value(date(2026, 10, 3))
        dialog.accept()

    front.dialogs.will(note)
    page = page_of(front)
    page.overview.findings.setCurrentRow(without[1])
    page.overview.findings.act()
    assert front.shop.get(RefundEntry, 2).refunded_on == date(2026, 10, 3)
    assert len([said for said in page.overview.findings.sentences() if "money went back" in said]) == 1


def test_the_rate_of_another_currency_is_typed_where_the_gap_leads(front: Front) -> None:
    pays(front.shop, returned(front.shop, [item("Mug", "10.00")], "10.00", currency="EUR"))
    page = page_of(front)

    def type_rate(dialog: Any) -> None:
        assert dialog.windowTitle() == "Exchange rate for Z/2026/0001"
        dialog.accept()
        assert dialog.result() != QDialog.DialogCode.Accepted, "nothing was typed"
        dialog.form.editors["exchange_rate"].set_value("4,2512")
        dialog.form.editors["rate_on"].set_value(date(2026, 10, 9))
        dialog.form.editors["rate_table"].set_value("197/A/NBP/2026")
        dialog.accept()

    front.dialogs.will(type_rate)
    page.overview.findings.act()
    (entry,) = front.shop.register.records(Query(RefundEntry))
    assert (entry.gross, entry.amount_paid, entry.currency) == (money("42.51"), money("10.00"), "EUR")


def test_entries_by_hand_and_a_storno_with_its_reason(front: Front) -> None:
    page = page_of(front)

    def enter(dialog: Any) -> None:
        for name, value in {"sold_on": date(2026, 10, 1), "returned_on": date(2026, 10, 2), "item_name": "Mug", "vat_rate": "23", "gross": Decimal("123.00")}.items():
            dialog.form.editors[name].set_value(value)
        dialog.accept()

    front.dialogs.will(enter)
    page.returns.add()
    page.tabs.setCurrentWidget(page.returns)
    front.dialogs.will(lambda dialog: (enter_mistake(dialog), dialog.accept()))
    page.mistakes.add()
    assert front.shop.register.records(Query(MistakeEntry))[0].vat == money("3.70")
    page.returns.table.go_to(1)
    front.asker.will("ask_text", "Wrong receipt")
    page.returns.take_off()
    assert cells(page.returns.table, "number", "gross", "storno_of") == [("E/2026/0001", "PLN 123.00", ""), ("E/2026/0002", "-PLN 123.00", "E/2026/0001")]
    front.asker.will("ask_text", "Again")
    page.returns.take_off()
    assert "was taken off by E/2026/0002 already" in front.asker.warning()


def enter_mistake(dialog: Any) -> None:
    for name, value in {"sold_on": date(2026, 10, 1), "found_on": date(2026, 10, 2), "receipt_number": "P/1", "vat_rate": "8", "gross": Decimal("49.99"), "cause": "Twice"}.items():
        dialog.form.editors[name].set_value(value)


def test_a_month_is_closed_with_its_pack_and_opened_again_with_a_reason(front: Front, tmp_path: Path) -> None:
    pays(front.shop, returned(front.shop, [item()], "199.99"))
    page = page_of(front)
    front.asker.will("confirm", True).will("choose_folder", tmp_path)
    page.close_button.click()
    assert "1 gap is not mended." in front.asker.asked[0].text
    assert sorted(path.suffix for path in (tmp_path / "2026-10").iterdir()) == [".csv", ".csv", ".pdf", ".pdf", ".xlsx"]
    assert page.state.word == "Month closed"
    assert "nothing in it can be changed" in page.summary.text()
    (lock,) = front.shop.register.records(Query(MonthLock))
    assert lock.digest == month.collect(front.shop.register, "2026-10").digest
    assert front.shop.register.content(lock.pack)[:2] == b"PK"
    page.tabs.setCurrentWidget(page.returns)
    assert [button.isEnabled() for button in page.returns.buttons] == [False, False, False, True]
    assert page.close_button.isHidden()
    front.asker.will("ask_text", "A receipt was found")
    page.reopen_button.click()
    assert page.state.word == "Month open"
    assert "opened again" in page.overview.past.text()
    assert "A receipt was found" in page.overview.past.text()
    front.asker.will("choose_folder", tmp_path)
    page.pack_button.click()
    assert (tmp_path / "2026-10-2").is_dir(), "an older pack is never written over"


def test_closing_that_is_not_confirmed_or_has_no_folder_does_nothing(front: Front, tmp_path: Path) -> None:
    pays(front.shop, returned(front.shop, [item()], "199.99"))
    page = page_of(front)
    front.asker.will("confirm", False)
    page.close_button.click()
    front.asker.will("confirm", True).will("choose_folder", None)
    page.close_button.click()
    front.asker.will("confirm", True).will("choose_folder", tmp_path / "gone" / "away")
    page.close_button.click()
    assert "is not there" in front.asker.warning()
    assert front.shop.register.count(Query(MonthLock)) == 0


def test_corrective_invoices_are_noted_when_they_are_issued(front: Front) -> None:
    pays(front.shop, returned(front.shop, [item()], "199.99", sale_document=SaleDocument.INVOICE, sale_document_number="FV/1"))
    page = page_of(front)

    def issue(dialog: Any) -> None:
        dialog.form.editors["correction_number"].set_value("FK/1")
        dialog.form.editors["issued_on"].set_value(date(2026, 10, 13))
        dialog.accept()

    front.dialogs.will(issue)
    page.overview.findings.act()
    assert front.shop.register.records(Query(InvoiceCorrection))[0].correction_number == "FK/1"
    assert page.overview.findings.sentences() == []


def test_payments_are_matched_by_one_key(front: Front) -> None:
    shop = front.shop
    case = returned(shop, [item("Mug", "89.00")], "89.00")
    pays(shop, case)
    paid = shop.add(Payment(booked_on=date(2026, 10, 13), amount=money("-89.00"), description="Zwrot Z20260001"))
    other = shop.add(Payment(booked_on=date(2026, 10, 13), amount=money("-5.00"), description="Zwrot za pomyłkę", counterparty="Jan"))
    page = page_of(front)
    page.tabs.setCurrentWidget(page.payments)
    said = page.payments.findings.sentences()
    assert "the refund of Z/2026/0001? The case number stands in the title, and the amount agrees." in said[0]
    assert "paid without a case" in said[1]
    page.payments.findings.setFocus()
    press(Qt.Key.Key_Return)
    assert shop.get(Payment, paid).case == case.id
    assert len(page.payments.findings.sentences()) == 1
    press(Qt.Key.Key_Return)
    assert page.payments.table.current_id == other
    front.asker.will("ask_text", "Z/2026/0009")
    page.payments.match()
    assert "no case with the number" in front.asker.warning()
    page.payments.table.selectRow(page.payments.table.currentIndex().row())
    page.payments.ignore()
    assert shop.get(Payment, other).state is PaymentState.IGNORED
    front.dialogs.will(lambda dialog: dialog.reject())
    page.payments.buttons[0].click()
    assert front.dialogs.seen[-1] == "ImportWizard"


@pytest.mark.parametrize("part", ["returns", "mistakes", "corrections", "payments"])
def test_a_button_without_a_chosen_row_says_so(front: Front, part: str) -> None:
    page = page_of(front)
    widget = getattr(page, part)
    page.tabs.setCurrentWidget(widget)
    assert widget.chosen() is None
    assert front.asker.asked[-1].text == "Choose a row in the table first."
