"""The accountant's page with an invented month, for the gallery."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QWidget

from qmdesk.operations import books, cases, month, steps
from qmdesk.operations.closed_books import FILLED_LATER
from qmdesk.operations.registers import new_register
from qmdesk.records.books import MistakeEntry, Payment, PaymentSource, RefundEntry
from qmdesk.records.case import Case, CaseItem, CaseKind, LegalBasis, RefundMethod, SaleDocument
from qmdesk.records.party import Customer
from qmdesk.records.product import Order
from qmdesk.records.steps import Step
from qmdesk.register import Register, clock
from qmdesk.schema.query import Query
from ui.ask import ScriptedAsker
from ui.desk import Desk
from ui.forms.dialog import RecordDialog
from ui.jobs import Jobs
from ui.main_window import MainWindow
from ui.pages.accountant import AccountantPage
from ui.preferences import Preferences

SIZE = QSize(1366, 768)
SOLD = {"pl": ("Buty trekkingowe „Wierch” 42", "Atlas ptaków Polski", "Karma zimowa 5 kg"), "en": ("Hiking boots “Ridge” 42", "Atlas of Polish birds", "Winter feed 5 kg")}


def _refund(register: Register, name: str, price: str, rate: str, on: date, **values: Any) -> Case:
    told = {"kind": CaseKind.RETURN, "received_at": clock().replace(year=on.year, month=on.month, day=2), "sold_on": on.replace(day=1), "legal_basis": LegalBasis.WITHDRAWAL, "currency": "PLN", **values}
    case = register.do("x", cases.take_in, Case(description=name, **told), [CaseItem(case=0, name=name, unit_price=Decimal(price), vat_rate=rate)]).result
    register.do("x", cases.edit, case.id, {"refund": Decimal(price), "refund_method": RefundMethod.SAME})
    return register.do("x", steps.take_step, case.id, Step.REFUND, {"refunded_on": on}).result


def accountant(folder: Path, lang: str, program: Any) -> Iterator[tuple[str, QWidget]]:
    """The page empty, with gaps, each of its tabs, closed; and its dialogs."""
    register = new_register(folder / f"books-{lang}-{len(list(folder.iterdir()))}.qmd", program="gallery", lang=lang)
    asker = ScriptedAsker()
    desk = Desk(register, asker, Jobs(asker, synchronous=True), Preferences())
    window = MainWindow(desk, program)
    window.resize(SIZE)
    page = window.go("accountant")
    assert isinstance(page, AccountantPage)
    yield "accountant-empty", window
    name = month.next_to(month.current(), -1)
    day = date.fromisoformat(f"{name}-12")
    receipt = {"sale_document": SaleDocument.RECEIPT, "sale_document_number": "P/2281"}
    buyer = register.do("x", lambda tx: tx.add(Customer(name="Łucja Żak"))).result
    order = register.do("x", lambda tx: tx.add(Order(number="7f3a-11", ordered_at=clock() - timedelta(days=70)))).result
    _refund(register, SOLD[lang][0], "299.90", "23", day, customer=buyer, order=order, **receipt)
    _refund(register, SOLD[lang][1], "89.00", "5", day.replace(day=20), **receipt)
    _refund(register, SOLD[lang][2], "54.00", "", day)
    _refund(register, SOLD[lang][0], "75.00", "23", day, currency="EUR")
    _refund(register, SOLD[lang][0], "499.00", "23", day, sale_document=SaleDocument.INVOICE, sale_document_number="FV/12")
    mistake = MistakeEntry(sold_on=day, found_on=day, receipt_number="P/2290", vat_rate="8", gross=Decimal("49.99"), cause=SOLD[lang][2])
    register.do("x", books.enter_mistake, mistake)
    for amount, title in (("-299.90", "Zwrot Z20260001"), ("-12.00", "Zwrot"), ("-900.00", "Czynsz")):
        register.do("x", lambda tx, amount=amount, title=title: tx.add(Payment(booked_on=day, amount=Decimal(amount), description=title, counterparty="Łucja Żak")))
    register.do("x", lambda tx: tx.add(Payment(booked_on=day, amount=Decimal("-31.20"), operation="Prowizja", reference="7f3a-11", source=PaymentSource.ALLEGRO)))
    page.show_month(name)
    for place in range(page.tabs.count()):
        page.tabs.setCurrentIndex(place)
        yield f"accountant-tab{place + 1}", window
    entry = register.records(Query(RefundEntry), 1)[0]
    register.do("x", books.storno, RefundEntry, entry.id, "Zły paragon")
    register.do("x", month.close, name, month.collect(register, name).digest)
    page.tabs.setCurrentIndex(1)
    page.show_month(name)
    yield "accountant-closed", window
    page.tabs.setCurrentIndex(0)
    for words, dialog in (
        ("entry", RecordDialog(desk, RefundEntry, fields=RefundEntry.spec.asked("protocol", "protocol_number", "seller_signed_on", "buyer_signed_on", "signature_form", "substitute_evidence"))),
        ("signatures", RecordDialog(desk, RefundEntry, entry, fields=FILLED_LATER[RefundEntry])),
        ("mistake", RecordDialog(desk, MistakeEntry, fields=MistakeEntry.spec.asked())),
    ):
        yield f"accountant-dialog-{words}", dialog
        dialog.deleteLater()
    window.leave()
    window.hide()
    register.close()
