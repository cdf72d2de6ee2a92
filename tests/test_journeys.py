"""The journeys of a shop, played from beginning to end as its owner plays them."""

from __future__ import annotations

import hashlib
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from qmdesk.errors import Known
from qmdesk.operations import cases, return_terms
from qmdesk.operations.finding import by_number
from qmdesk.operations.registers import open_register, the_shop
from qmdesk.records.books import RefundEntry
from qmdesk.records.case import (
    OPEN_STATES,
    UNANSWERED_STATES,
    Case,
    CaseItem,
    CaseState,
    Decision,
    Demand,
    Direction,
    Outcome,
    RefundMethod,
)
from qmdesk.records.paper import DocumentKind, IssuedDocument
from qmdesk.records.party import Customer
from qmdesk.records.product import Order
from qmdesk.records.returns import Condition as GoodsCondition
from qmdesk.records.shop import THE_SHOP, PartialDelivery
from qmdesk.records.shop import Shop as ShopRecord
from qmdesk.records.steps import Step
from qmdesk.register import clock
from qmdesk.schema import types
from qmdesk.schema.query import Condition, Query
from qmdesk.schema.query import Order as By
from tests.shop import NOON, Shop, shop
from tests.ui.front import Dialogs, Front, asker, come, dialogs, front, look, press, running, write
from ui.ask import ScriptedAsker
from ui.dialogs.decide import Decide
from ui.dialogs.go_to import GoTo
from ui.dialogs.import_wizard import ImportWizard
from ui.dialogs.new_case import NewCase
from ui.pages.cases import CasesPage
from ui.pages.settings import SettingsPage
from ui.pages.today import TodayPage
from ui.program import Program

__all__ = ["asker", "dialogs", "front", "look", "running", "shop"]

UNANSWERED = Condition("state", types.ONE_OF, UNANSWERED_STATES)
OPEN = Condition("state", types.ONE_OF, OPEN_STATES)


def test_a_complaint_from_the_order_to_the_answer(shop: Shop) -> None:
    """An order comes in, its customer complains about a line, gets a confirmation, a decision and the letter."""
    shop.fills_in_letterhead()
    buyer = shop.add_customer("Łucja Żak", phone="600 100 200", email="lucja@example.com", street="ul. Polna 1", postcode="00-001", city="Warszawa")
    boots, scarf = shop.add_product(ean="5901234123457"), shop.add_product(sku="SZAL", name="Szal wełniany")
    order = shop.add_order("1001", buyer, [boots, scarf], quantity=2)

    # the owner types what the customer says on the telephone, and it is found
    assert shop.finds("+48 600100200", Customer) == shop.finds("zak", Customer) == [buyer]
    assert shop.finds("buty", Order) == [order]
    assert by_number(shop.register, "1001") == (Order, order)
    line = shop.lines(order)[0]
    item = cases.item_from_line(line, quantity=2)
    draft = Case(received_at=NOON, order=order, description="Odkleiła się podeszwa w obu parach", channel=shop.channel("Phone"))
    assert cases.resembling(shop.register, draft, [item]) == []
    case = shop.do(cases.TAKE_IN, cases.take_in, draft, [item])
    assert (case.number, case.customer, case.state) == ("R/2026/0001", buyer, CaseState.NEW)
    assert [found.case.id for found in cases.resembling(shop.register, draft, [item])] == [case.id]

    # it is confirmed, talked about, looked at
    confirmation = shop.confirms(case)
    shop.says(case, "Wysłałam zdjęcie", Direction.INCOMING)
    shop.attaches(case, ("opis.txt", b"Podeszwa odstaje"))
    shop.steps(case, Step.ASSESS)
    shop.splits(shop.items(case)[0], 1, Outcome.REPAIRED)

    # it is decided and answered; the letter is kept with its proof
    shop.decides(case, Decision.ACCEPTED, refund=Decimal("299.90"), refund_method=RefundMethod.SAME)
    assert shop.finds("podeszwa", Case, UNANSWERED) == [case.id]
    answer = shop.answers(case)
    shop.reopens()
    for document, kind in ((confirmation, DocumentKind.RECEIPT_CONFIRMATION), (answer, DocumentKind.ANSWER_ACCEPTED)):
        kept = shop.get(IssuedDocument, document.id)
        pdf = shop.register.content(kept.content)
        assert kept == document
        assert kept.kind is kind
        assert pdf.startswith(b"%PDF")
        assert hashlib.sha256(pdf).hexdigest() == kept.content
    assert [said.direction for said in shop.conversation(case)].count(Direction.OUTGOING) == 2

    # nothing waits any more; the case is closed and still found by everything it ever said
    assert shop.register.count(Query(Case, (UNANSWERED,))) == 0
    shop.steps(case, Step.REFUND)
    closed = shop.steps(case, Step.CLOSE)
    assert closed.closed_on is not None
    assert shop.register.ids(Query(Case, (OPEN,))) == []
    for words in ("R/2026/0001", "1001", "600 100 200", "zak podeszwa", "wyslalam", "opis", answer.number, "BUT-42"):
        assert shop.finds(words) == [case.id], words
    ((row, titles),) = shop.register.rows(Case, shop.register.ids(Query(Case).by(By("received_at", True))))
    assert (row.number, titles["customer"], titles["order"]) == ("R/2026/0001", "Łucja Żak", "1001")
    told = [step.label for step, _entry in shop.register.history(closed)]
    assert told[0] == cases.TAKE_IN
    assert "Issue a letter" in told


def test_a_month_of_work_with_second_thoughts(shop: Shop) -> None:
    """Wrong clicks, a second card of one customer, a rejected claim, a withdrawn one; everything stays in order."""
    shop.fills_in_letterhead()
    one, other = shop.add_customer("Jan Kot", email="jan@example.com"), shop.add_customer("J. Kot", phone="501 502 503")
    order = shop.add_order("77", other, [shop.add_product()])
    first = shop.complains(order=order)
    second = shop.complains("Nie ten rozmiar", customer=one, received_at=NOON + timedelta(hours=1))
    shop.merges(one, other)
    assert {case.customer for case in shop.register.records(Query(Case))} == {one}

    shop.decides(first, Decision.ACCEPTED)
    shop.register.undo()  # the wrong case
    assert shop.case(first).decision is None
    shop.decides(second, Decision.REJECTED)
    letter = shop.answers(second)
    assert letter.kind is DocumentKind.ANSWER_REJECTED
    shop.steps(first, Step.WITHDRAW)
    shop.steps(first, Step.REOPEN)
    shop.decides(first, Decision.PARTIAL)
    shop.answers(first, "en")
    with pytest.raises(Known, match="unsent"):
        shop.register.undo()
    assert [case.state for case in shop.register.records(Query(Case))] == [CaseState.ANSWERED] * 2
    assert [document.number for document in shop.register.records(Query(IssuedDocument).by(By("number")))] == ["D/2026/0001", "D/2026/0002"]


# -- through the window

SHOPIFY = """Name,Email,Financial Status,Created at,Currency,Total,Shipping,Lineitem quantity,Lineitem name,Lineitem price,Lineitem sku,Billing Name,Billing City,Billing Zip,Billing Street,Phone
#2001,anna@example.com,paid,{day} 10:02:14 +0100,PLN,129.98,10.00,2,Kubek w kropki,59.99,KUB-01,Anna Żak,Łódź,'90-001,ul. Lipowa 3,+48 600 000 701
#2002,jan@example.com,paid,{day} 12:40:00 +0100,PLN,74.70,0.00,1,Miska dębowa,45.00,MIS-07,Jan Lis,Gdańsk,'80-001,ul. Długa 1,+48 600 000 702
#2002,jan@example.com,,{day} 12:40:00 +0100,,,,3,Ściereczka,9.90,SCI-02,,,,,
"""
LETTERHEAD = {
    "legal_name": "Karmnik Anna Wróbel", "nip": "5260250274", "street": "ul. Ptasia 7", "postcode": "90-001", "city": "Łódź",
    "email": "sklep@karmnik.example", "phone": "42 600 10 20", "adr_entity": "Inspekcja Handlowa, www.uokik.gov.pl",
}  # fmt: skip


def shopify_file(folder: Path) -> Path:
    path = folder / "orders_export.csv"
    path.write_text(SHOPIFY.format(day=clock().date() - timedelta(days=5)), encoding="utf-8")
    return path


def in_sight(widget: Any) -> Any:
    assert widget.isVisible()
    assert widget.isEnabled()
    return widget


def test_the_first_day_of_a_shop_through_the_window(running: Program, dialogs: Dialogs, asker: ScriptedAsker, tmp_path: Path) -> None:
    """A new register, an imported order, a complaint about a line of it, confirmed, decided, answered, exported."""
    assert running.make(tmp_path / "karmnik", "Karmnik")
    window = running.window
    assert window is not None
    come(window)
    register = window.desk.register
    today = window.go("today")
    assert isinstance(today, TodayPage)
    assert today.stack.currentWidget() is today.nothing

    # the letterhead
    settings = window.go("settings")
    assert isinstance(settings, SettingsPage)
    for name, text in LETTERHEAD.items():
        settings.shop.form.editors[name].input.setFocus()
        write(text)
    settings.shop.form.editors["legal_name"].input.setFocus()
    press(Qt.Key.Key_S, held=Qt.KeyboardModifier.ControlModifier)
    assert the_shop(register).legal_name == "Karmnik Anna Wróbel"

    # the orders
    def take_in(wizard: ImportWizard) -> None:
        asker.will("choose_file_to_open", shopify_file(tmp_path))
        wizard.choose.button.click()
        assert wizard.source.currentText() == "Shopify: orders"
        in_sight(wizard.next).click()
        assert wizard.refused.rowCount() == 0
        in_sight(wizard.next).click()

    dialogs.will(take_in)
    window.import_file("order")
    assert register.count(Query(Order)) == 2
    assert "orders_export.csv" in window.toast.message

    # the complaint
    def tell(dialog: NewCase) -> None:
        dialog.form.editors["order"].input.setFocus()
        write("2002")
        press(Qt.Key.Key_Tab)
        assert dialog.form.editors["customer"].value()
        assert QApplication.focusWidget() is dialog.lines
        dialog.lines.setCurrentRow(1)
        press(Qt.Key.Key_Space)
        dialog.form.editors["description"].input.setFocus()
        write("Ściereczki farbują przy pierwszym praniu")
        dialog.form.editors["demand"].set_value(Demand.REFUND)
        in_sight(dialog.save_button).click()

    dialogs.will(tell)
    today.new_button.click()
    page = window.stack.currentWidget()
    assert isinstance(page, CasesPage)
    panel = page.panel
    assert panel.case is not None
    number = f"R/{clock().year}/0001"
    assert (panel.case.number, panel.number.text(), panel.state.word) == (number, number, "New")
    assert number in window.toast.message
    ((item, _titles),) = register.rows(CaseItem, register.ids(Query(CaseItem)))
    assert (item.name, item.quantity) == ("Ściereczka", 3)

    # it is confirmed, decided and answered
    dialogs.will(lambda letter: in_sight(letter.issue_button).click())
    in_sight(panel.letter_button).click()
    assert panel.tabs.currentWidget() is panel.letters

    def accept(dialog: Decide) -> None:
        dialog.form.editors["decision"].set_value(Decision.ACCEPTED)
        dialog.form.editors["remedy"].input.setFocus()
        write("Zwrot na konto w ciągu 3 dni")
        dialog.form.editors["refund"].input.setFocus()
        write("29,70")
        dialog.form.editors["refund_method"].set_value(RefundMethod.SAME)
        in_sight(dialog.save_button).click()

    dialogs.will(accept)
    assert panel.main_button.text() == "Decide…"
    in_sight(panel.main_button).click()
    assert panel.state.word == "Decided"
    dialogs.will(lambda letter: in_sight(letter.issue_button).click())
    assert panel.main_button.text() == "Answer…"
    in_sight(panel.main_button).click()
    assert panel.state.word == "Answered"
    answer = register.records(Query(IssuedDocument).by(By("id", True)), 1)[0]
    assert answer.kind is DocumentKind.ANSWER_ACCEPTED
    assert hashlib.sha256(register.content(answer.content)).hexdigest() == answer.content
    assert panel.letters.table.go_to(answer.id)
    assert answer.content in panel.letters.proof.text()
    window.undo_action.trigger()  # what is sent is sent
    assert asker.warning().startswith("A letter that was sent can't be made unsent. Send another one that corrects it.")

    # the list goes to the accountant
    out = tmp_path / "complaints.xlsx"
    asker.will("choose_file_to_save", out)
    in_sight(page.listing.export_button).click()
    assert "complaints.xlsx" in window.toast.message
    assert [window.toast.button.text(), window.toast.other.text()] == ["Open", "Show folder"]
    rows = list(openpyxl.load_workbook(out).active.iter_rows(values_only=True))
    assert len(rows) == 2
    assert number in rows[1]
    assert "Jan Lis" in rows[1]

    assert window.close()
    running.close()
    with open_register(tmp_path / "karmnik.qmd", program="tests") as again:
        assert again.verify() == []
        assert again.records(Query(Case))[0].state is CaseState.ANSWERED


def test_a_complaint_with_the_keyboard_alone(front: Front) -> None:
    """From the list to the registered case, its step and back, without a click."""
    shop, window = front.shop, front.window
    buyer = shop.add_customer("Łucja Żak", phone="600 100 200")
    shop.add_order("1001", buyer, [shop.add_product(), shop.add_product(sku="SZAL", name="Szal wełniany")])
    ctrl = Qt.KeyboardModifier.ControlModifier

    def tell(dialog: NewCase) -> None:
        assert QApplication.focusWidget() is dialog.form.editors["customer"].input  # who calls is said first
        write("żak")
        press(Qt.Key.Key_Tab)
        assert dialog.form.editors["customer"].value() == buyer
        write("1001")
        press(Qt.Key.Key_Return)  # takes the hit
        press(Qt.Key.Key_Return)  # goes on
        assert QApplication.focusWidget() is dialog.lines
        press(Qt.Key.Key_Down, Qt.Key.Key_Space)
        while QApplication.focusWidget() is not dialog.form.editors["description"].input:
            press(Qt.Key.Key_Tab)
        write("Kolor schodzi")
        press(Qt.Key.Key_Return)
        write("i farbuje")
        press(Qt.Key.Key_Return, held=ctrl)

    front.dialogs.will(tell)
    press(Qt.Key.Key_N, held=ctrl)
    case = shop.register.records(Query(Case))[0]
    assert case.description == "Kolor schodzi\ni farbuje"
    assert [item.name for item in shop.items(case)] == ["Szal wełniany"]
    assert window.page_name() == "cases"
    press(Qt.Key.Key_Z, held=ctrl)
    assert shop.register.count(Query(Case)) == 0
    press(Qt.Key.Key_Y, held=ctrl)
    assert shop.register.count(Query(Case)) == 1

    def there(dialog: GoTo) -> None:
        write("szal")
        press(Qt.Key.Key_Return)

    press(Qt.Key.Key_1, held=ctrl)
    assert window.page_name() == "today"
    front.dialogs.will(there)
    press(Qt.Key.Key_K, held=ctrl)
    assert window.page_name() != "today"


def test_a_distance_buyer_returns_one_of_three_pairs(shop: Shop) -> None:
    """Three pairs bought with a dear courier, one comes back: the right day, the right sum, confirmed, protocolled and closed."""
    shop.fills_in_letterhead()
    buyer = shop.add_customer("Łucja Żak", email="lucja@example.com", street="ul. Polna 1", postcode="00-001", city="Warszawa")
    bought = {"ordered_at": datetime(2026, 11, 2, 9, 30, tzinfo=UTC), "delivered_on": date(2026, 11, 5), "shipping": Decimal("24.99")}
    order = shop.add_order("1001", buyer, [shop.add_product()], 3, **bought)
    said = {"statement_sent_on": date(2026, 11, 18), "delivery_cheapest": Decimal("9.99")}
    received = datetime(2026, 11, 19, 7, 15, 42, tzinfo=UTC)
    case = shop.returns(order, {"Buty trekkingowe 42": 1}, said, received_at=received, sale_document_number="PAR 17")

    # bought on 2 November, in hands on the 5th: until the 19th; the money within 14 days, by 3 December
    right = return_terms.right(shop.register, case)
    assert (right.standing, right.last_day) == (return_terms.Standing.IN_TIME, date(2026, 11, 19))
    assert "art. 27" in " ".join(right.reasoning("pl"))
    due = return_terms.refund_due(shop.register, case)
    assert due is not None
    assert due.due == shop.deadline(case, "PL-WD-REFUND").legal == date(2026, 12, 3)
    back = return_terms.send_back_by(shop.register, case)
    assert back is not None
    assert back.legal == date(2026, 12, 2)

    # confirmed on a durable medium at once
    confirmation = shop.sends(case, DocumentKind.WITHDRAWAL_CONFIRMATION, "E-mail", received + timedelta(minutes=5))
    assert shop.case(case).state is CaseState.ACKNOWLEDGED
    assert shop.register.content(confirmation.content).startswith(b"%PDF")

    # one pair goes back at its price; the other two had to be delivered anyway
    calculation = shop.calculates(case)
    assert [(part.component.code, part.amount) for part in calculation.parts] == [("goods", Decimal("299.90")), ("delivery", Decimal("0.00"))]
    shop.changes(ShopRecord, THE_SHOP, partial_delivery=PartialDelivery.PROPORTIONAL)
    assert shop.calculates(case).total == Decimal("303.23"), "a third of the cheapest way, had the shop promised it"
    shop.changes(ShopRecord, THE_SHOP, partial_delivery=PartialDelivery.NONE)

    shop.steps(case, Step.GOODS_RECEIVED, goods_received_on=date(2026, 11, 21))
    shop.steps(case, Step.INSPECT, inspected_on=date(2026, 11, 21), condition=GoodsCondition.TRIED)
    approved = shop.steps(case, Step.APPROVE)
    assert (approved.refund, approved.refund_method) == (Decimal("299.90"), RefundMethod.SAME)
    shop.sends(case, DocumentKind.PROTOCOL, "E-mail", datetime(2026, 11, 21, 12, tzinfo=UTC))
    shop.steps(case, Step.REFUND, refunded_on=date(2026, 11, 21))
    assert shop.deadline(case, "PL-WD-REFUND").satisfied_at is not None
    (entry,) = shop.register.records(Query(RefundEntry))
    assert (entry.sold_on, entry.returned_on, entry.refunded_on) == (date(2026, 11, 2), date(2026, 11, 21), date(2026, 11, 21))
    assert (entry.gross, entry.vat_rate, entry.sale_document_number) == (Decimal("299.90"), "23", "PAR 17")
    closed = shop.steps(case, Step.CLOSE)
    assert (closed.state, closed.decision) == (CaseState.CLOSED, None)

    # the other two may still come back, not three
    with pytest.raises(Known, match="1 came back before"):
        shop.returns(order, {"Buty trekkingowe 42": 3}, received_at=received)
