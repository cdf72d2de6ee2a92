"""The tabs of the accountant's page: both registers, corrective invoices, payments and what fits together among them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtWidgets import QVBoxLayout, QWidget

from qmdesk.errors import Known, Problem, Problems
from qmdesk.i18n import _, show_day, show_money
from qmdesk.operations import books, keeping, payments, refund_split
from qmdesk.operations.closed_books import FILLED_LATER, FILLED_ONCE, see_that_open
from qmdesk.records.books import InvoiceCorrection, MistakeEntry, Payment, RefundEntry
from qmdesk.records.case import Case
from qmdesk.records.paper import DocumentKind
from qmdesk.schema import types
from qmdesk.schema.query import Condition, Order, Query
from qmdesk.schema.record import Record
from ui import theme
from ui.ask import ran
from ui.desk import Desk
from ui.forms.dialog import RecordDialog
from ui.forms.form import RecordForm
from ui.tables.model import TableModel
from ui.tables.view import TableView
from ui.widgets.button import Button
from ui.widgets.findings import Finding, Findings
from ui.widgets.flow import FlowLayout
from ui.widgets.plain_label import PlainLabel

Open = Callable[[type[Record], int], None]

RETURNS = ("number", "case", "sold_on", "refunded_on", "item_name", "vat_rate", "gross", "vat", "sale_document_number", "storno_of")
MISTAKES = ("number", "sold_on", "receipt_number", "vat_rate", "gross", "vat", "cause", "correct_receipt", "storno_of")
CORRECTIONS = ("case", "invoice_number", "buyer", "vat_rate", "gross_before", "gross_after", "correction_number", "issued_on")
PAYMENTS = ("booked_on", "amount", "counterparty", "description", "reference", "state", "case")


def _save_entry(desk: Desk, _form: RecordForm, draft: Record) -> int:
    if isinstance(draft, MistakeEntry):
        return desk.do(books.ENTER_MISTAKE, books.enter_mistake, draft).id
    assert isinstance(draft, RefundEntry)
    return desk.do(books.ENTER, books.enter, draft).id


def _save_note(desk: Desk, form: RecordForm, _draft: Record) -> int:
    assert isinstance(form.record, RefundEntry | MistakeEntry)
    kind: Any = type(form.record)
    return desk.do(books.FILL_IN, books.fill_in, kind, form.record.id, form.changes()).id


class Part(QWidget):
    """A tab: buttons over a table of one kind."""

    def __init__(self, desk: Desk, kind: type[Record], columns: tuple[str, ...], currency: str, empty: str, *buttons: Button) -> None:
        super().__init__()
        self.desk, self.kind = desk, kind
        self.rows = QVBoxLayout(self)
        self.rows.setContentsMargins(0, theme.em(0.6), 0, theme.em(0.4))
        line = FlowLayout(gap=theme.em(0.5))
        for button in buttons:
            button.setEnabled(not desk.register.read_only or button.property("reads") is True)
            line.addWidget(button)
        self.buttons = buttons
        self.rows.addLayout(line)
        self.table = TableView(TableModel(desk.register, kind, currency=currency))
        self.table.arrange(columns)
        self.table.warn = desk.ask.warn
        self.table.say_empty(empty)
        self.rows.addWidget(self.table, 1)

    def show_query(self, query: Query, *, writable: bool) -> None:
        """Show what a query finds; without ``writable`` nothing can be done but look."""
        self.table.table_model.forget_all()
        self.table.ask(query)
        for button in self.buttons:
            button.setEnabled(writable or button.property("reads") is True)

    def chosen(self) -> Any:
        """The record the table is on; where there is none, the user is told to choose."""
        if self.table.current_id is None:
            self.desk.ask.tell(_("Choose a row in the table first."), parent=self)
            return None
        return self.desk.register.get(self.kind, self.table.current_id)


class Register(Part):
    """One of the two registers of a month: entries by hand, notes, stornos; nothing else can be done to an entry."""

    kind: type[RefundEntry] | type[MistakeEntry]

    def __init__(self, desk: Desk, kind: type[RefundEntry] | type[MistakeEntry], open_record: Open) -> None:
        self._open = open_record
        returns = kind is RefundEntry
        open_case = Button(_("Open the case"), "open", on_click=self._open_case)
        open_case.setProperty("reads", True)
        super().__init__(
            desk,
            kind,
            RETURNS if returns else MISTAKES,
            books.HOME,
            _("No entries in this month. A refund is entered by itself when its case says that the money went back.") if returns else _("No mistakes in this month."),
            Button(_("New entry…") if returns else _("New mistake…"), "add", on_click=self.add),
            Button(_("Signatures and notes…"), "edit", on_click=lambda: self.note()),
            Button(_("Storno…"), "undo", on_click=self.take_off),
            *([open_case] if returns else []),
        )
        self.table.on_open = lambda id_: self.note(id_)

    def show_month(self, month: str, *, writable: bool) -> None:
        """Show the entries of a month."""
        self.show_query(Query(self.kind, (Condition("month", types.IS, (month,)),)).by(Order("id")), writable=writable)

    def add(self) -> None:
        """Ask for an entry by hand."""
        if self.kind is RefundEntry:
            fields = RefundEntry.spec.asked("protocol", "protocol_number", "seller_signed_on", "buyer_signed_on", "signature_form", "substitute_evidence")
        else:
            fields = MistakeEntry.spec.asked()
        ran(RecordDialog(self.desk, self.kind, fields=fields, save=_save_entry, parent=self))

    def note(self, id_: int | None = None) -> None:
        """Ask for signatures, evidence and remarks on an entry."""
        entry = self.desk.register.get(self.kind, id_) if id_ is not None else self.chosen()
        if entry is None:
            return
        try:
            see_that_open(self.desk.register, entry.month)
        except Known as error:  # said before anything is typed
            self.desk.ask.warn(error.sentence, parent=self)
            return
        fields = [*FILLED_LATER[self.kind], *(name for name in FILLED_ONCE[self.kind] if not getattr(entry, name))]
        dialog = RecordDialog(self.desk, self.kind, entry, fields=fields, save=_save_note, parent=self)
        if isinstance(entry, RefundEntry) and entry.case:
            case = entry.case
            dialog.form.narrow("protocol", lambda: (Condition("case", types.IS, (case,)), Condition("kind", types.IS, (DocumentKind.PROTOCOL,))))
            dialog.form.propose(**books.known_since(self.desk.register, entry))
        ran(dialog)

    def take_off(self) -> None:
        """Take an entry off, with the reason."""
        entry = self.chosen()
        if entry is None:
            return
        asked = _("Why is entry {number} taken off? A storno with the opposite sign is added; both stay in the register.").format(number=entry.number)
        reason = self.desk.ask.ask_text(_("Storno"), asked, parent=self)
        if reason is not None:
            kind: Any = self.kind
            self.desk.attempt(books.STORNO, books.storno, kind, entry.id, reason)

    def _open_case(self) -> None:
        entry = self.chosen()
        if entry is not None and entry.case:
            self._open(Case, entry.case)


class Corrections(Part):
    """Invoices that must be corrected because of a case, and the corrections once they are issued elsewhere."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(
            desk,
            InvoiceCorrection,
            CORRECTIONS,
            books.HOME,
            _("No invoice to be corrected. A sale with an invoice comes here instead of the register."),
            Button(_("New corrective invoice…"), "add", on_click=self.add),
            Button(_("Number and day…"), "edit", on_click=lambda: self.change()),
            Button(_("Remove"), "remove", on_click=self.remove),
        )
        self.table.on_open = lambda id_: self.change(id_)

    def show_all(self, *, writable: bool) -> None:
        """Show all of them, the newest first."""
        self.show_query(Query(InvoiceCorrection).by(Order("id", True)), writable=writable)

    def add(self) -> None:
        ran(RecordDialog(self.desk, InvoiceCorrection, parent=self))

    def change(self, id_: int | None = None) -> None:
        """Ask for the number, the KSeF number and the day of a correction."""
        one = self.desk.register.get(InvoiceCorrection, id_) if id_ is not None else self.chosen()
        if one is not None:
            ran(RecordDialog(self.desk, InvoiceCorrection, one, parent=self))

    def remove(self) -> None:
        one = self.chosen()
        if one is not None:
            self.desk.attempt(keeping.REMOVE, keeping.remove, InvoiceCorrection, one.id)


class Payments(Part):
    """Payments read from files: which refund each seems to be, what fits nowhere, and all of them."""

    def __init__(self, desk: Desk, open_record: Open, import_file: Callable[[str], None]) -> None:
        self._open = open_record
        super().__init__(
            desk,
            Payment,
            PAYMENTS,
            books.HOME,
            _("No payments yet. Import a bank statement or Allegro's billing."),
            Button(_("Import payments…"), "import", on_click=lambda: import_file("payment")),
            Button(_("Belongs to case…"), "link", on_click=self.match),
            Button(_("Not about a case"), "close", on_click=self.ignore),
            Button(_("Take the choice back"), "undo", on_click=self.release),
        )
        self.heading = PlainLabel("", "heading", wrap=True)
        self.findings = Findings(_("What belongs together, and what fits nowhere"))
        self.hint = PlainLabel(_("Enter or a double click accepts a suggestion, or opens the case."), "small", wrap=True)
        self.rows.insertWidget(0, self.heading)  # the buttons stand over the table they are about
        self.rows.insertWidget(1, self.findings, 1)
        self.rows.insertWidget(2, self.hint)
        self.table.on_open = lambda _id: self.match()

    def show_all(self, *, writable: bool) -> None:
        """Look at all payments anew."""
        self.show_query(Query(Payment).by(Order("booked_on", True)), writable=writable)
        suggested = payments.suggest(self.desk.register)
        found = [*self._suggested(suggested, writable), *self._unmatched({one.payment.id for one in suggested})]
        self.findings.say(found)
        for part in (self.findings, self.hint, self.heading):
            part.setVisible(bool(found))
        self.heading.setText(_("What belongs together, and what fits nowhere"))

    def _suggested(self, suggested: list[payments.Suggestion], writable: bool) -> list[Finding]:
        found = []
        for one in suggested:
            sentence = _("{payment} of {day}, “{title}”: the refund of {case}? {why}").format(
                payment=show_money(one.payment.amount, one.payment.currency or books.HOME),
                day=show_day(one.payment.booked_on),
                title=(one.payment.description or one.payment.counterparty)[:80],
                case=one.case.number,
                why=_(one.why),
            )
            found.append(Finding(sentence, "link", "good", lambda one=one: self._match(one) if writable else None))
        return found

    def _match(self, one: payments.Suggestion) -> None:
        self.desk.attempt(payments.MATCH, payments.match, one.payment.id, one.case.id)

    def _unmatched(self, suggested: set[int]) -> list[Finding]:
        register = self.desk.register
        found = []
        for payment in payments.without_case(register):
            if payment.id not in suggested:
                sentence = _("{payment} of {day} to {name}, “{title}”: paid without a case.").format(
                    payment=show_money(payment.amount, payment.currency or books.HOME), day=show_day(payment.booked_on), name=payment.counterparty or "–", title=payment.description[:80]
                )
                found.append(Finding(sentence, "warn", "warn", lambda id_=payment.id: self._go_to(id_)))
        for case in payments.without_payment(register):
            assert case.refund is not None
            assert case.refunded_on is not None
            sentence = _("{case}: {paid} went back on {day}, but no payment of it was found.").format(
                case=case.number, paid=show_money(case.refund, refund_split.currency_of(register, case)), day=show_day(case.refunded_on)
            )
            found.append(Finding(sentence, "warn", "warn", lambda id_=case.id: self._open(Case, id_)))
        for one in payments.unclaimed(register):
            sentence = _("{case}, order {order}: Allegro kept a commission of {amount}. Claim it back.").format(case=one.case.number, order=one.order, amount=show_money(one.amount, one.currency))
            found.append(Finding(sentence, "money", "info", lambda id_=one.case.id: self._open(Case, id_)))
        return found

    def _go_to(self, id_: int) -> None:
        self.table.go_to(id_)
        self.table.setFocus()

    def match(self) -> None:
        """Ask for the case a payment belongs to."""
        payment = self.chosen()
        if payment is None:
            return
        number = self.desk.ask.ask_text(_("Belongs to case"), _("Number of the case:"), parent=self)
        if not number:
            return
        found = self.desk.register.by_value(Case, "number", [number.strip().upper()])
        if not found:
            self.desk.ask.warn(_("There is no case with the number {number}.").format(number=number[:60]), parent=self)
            return
        self.desk.attempt(payments.MATCH, payments.match, payment.id, next(iter(found.values())))

    def ignore(self) -> None:
        """Set the selected payments aside."""
        if self.table.selected_ids():
            self.desk.attempt(payments.IGNORE, payments.ignore, self.table.selected_ids())

    def release(self) -> None:
        payment = self.chosen()
        if payment is not None:
            self.desk.attempt(payments.RELEASE, payments.release, payment.id)


def ask_rate(desk: Desk, case: Case, parent: QWidget) -> bool:
    """Ask for the exchange rate of a refund and book it; whether it was booked."""
    preset = {"sold_on": case.sold_on or case.refunded_on, "returned_on": case.refunded_on, "item_name": case.number, "vat_rate": "zw", "gross": case.refund}

    def save(desk: Desk, _form: RecordForm, draft: Record) -> int:
        assert isinstance(draft, RefundEntry)
        if draft.rate_on is None:
            raise Problems([Problem("rate_on", _("{field} is missing.").format(field=RefundEntry.spec.fields["rate_on"].labelled()))])
        rate = books.ExchangeRate(draft.exchange_rate, draft.rate_on, draft.rate_table)
        return desk.do(books.BOOK, books.book_case, case.id, rate)[0].id

    dialog = RecordDialog(desk, RefundEntry, preset=preset, fields=("exchange_rate", "rate_on", "rate_table"), save=save, parent=parent)
    dialog.setWindowTitle(_("Exchange rate for {case}").format(case=case.number))
    return ran(dialog)

