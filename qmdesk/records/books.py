"""The accountant's books: the register of returns, the register of obvious mistakes, corrected invoices, closed months, payments."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal

from qmdesk.errors import Problem
from qmdesk.i18n import N_, _
from qmdesk.records.case import Case, RefundMethod, SaleDocument
from qmdesk.records.paper import IssuedDocument
from qmdesk.records.party import Person
from qmdesk.schema.record import (
    Record,
    choice,
    count,
    day,
    file,
    flag,
    long_text,
    moment,
    money,
    nip,
    record,
    ref,
    text,
    vat_rate,
)
from qmdesk.schema.types import Labelled


class ReturnReason(Labelled):
    """Why money went back (law.md 4.1)."""

    RETURN = "return", N_("Return of goods")
    WITHDRAWAL = "withdrawal", N_("Withdrawal from the contract")
    REDUCTION = "reduction", N_("Accepted complaint: price reduction")
    COMPLAINT = "complaint", N_("Accepted complaint: refund")
    VOLUNTARY = "voluntary", N_("Voluntary return")


class Extent(Labelled):
    """Whether the whole price of what was returned went back."""

    FULL = "full", N_("The whole price")
    PART = "part", N_("A part of the price")


class SignatureForm(Labelled):
    """How the buyer's signature stands on the protocol."""

    PAPER = "paper", N_("On paper")
    ELECTRONIC = "electronic", N_("Electronic")
    STATEMENT = "statement", N_("Signed statement of the customer")
    NONE = "none", N_("None")


@record("refund_entry", N_("Entry of the register of returns"), N_("Register of returns"))
class RefundEntry(Record):
    """One line of the register of returns and accepted complaints: one sale document and one VAT rate.

    Append-only: a wrong entry is taken off by a storno, an entry with the opposite sign and the reason.
    Amounts are in PLN; what was paid in another currency stands beside it with its rate.
    """

    number: str = text(N_("Number"), default="", most=40, title=True, unique=True, listed=True, automatic=True)
    month: str = text(N_("Month"), default="", most=7, listed=True, automatic=True)
    case: int | None = ref(Case, N_("Case"), default=None, listed=True)
    sold_on: date = day(N_("Sold on"), listed=True)
    returned_on: date = day(N_("Returned on"), listed=True)
    refunded_on: date | None = day(N_("Money returned on"), default=None, listed=True)
    item_name: str = text(N_("Goods or service"), most=500, listed=True)
    item_description: str = text(N_("Description"), default="", most=500)
    reason: ReturnReason = choice(ReturnReason, N_("Reason"), default=ReturnReason.RETURN, listed=True)
    extent: Extent = choice(Extent, N_("Whole or part"), default=Extent.FULL, listed=True)
    vat_rate: str = vat_rate(N_("VAT rate"), listed=True)
    gross: Decimal = money(N_("Gross"), signed=True, listed=True)
    vat: Decimal | None = money(N_("VAT"), default=None, signed=True, listed=True)
    sale_document: SaleDocument | None = choice(SaleDocument, N_("Sale document"), default=None, listed=True)
    sale_document_number: str = text(N_("Number of the sale document"), default="", most=80, listed=True)
    cash_register_number: str = text(N_("Unique number of the cash register"), default="", most=40)
    refund_method: RefundMethod | None = choice(RefundMethod, N_("Refund method"), default=None, listed=True)
    protocol: int | None = ref(IssuedDocument, N_("Protocol"), default=None, listed=True)
    protocol_number: str = text(N_("Number of the protocol"), default="", most=40)
    seller_signed_on: date | None = day(N_("Seller signed on"), default=None)
    buyer_signed_on: date | None = day(N_("Buyer signed on"), default=None, listed=True)
    signature_form: SignatureForm = choice(SignatureForm, N_("Buyer's signature"), default=SignatureForm.NONE)
    substitute_evidence: str = text(N_("What stands for a missing signature"), default="", most=500, help=N_("Courier's proof, the customer's e-mail, the bank transfer."))
    currency: str = text(N_("Currency of the sale"), default="", most=3)
    amount_paid: Decimal | None = money(N_("Amount in that currency"), default=None, currency="currency", signed=True)
    exchange_rate: str = text(N_("Exchange rate"), default="", most=20)
    rate_on: date | None = day(N_("Day of the rate"), default=None)
    rate_table: str = text(N_("Number of the NBP table"), default="", most=40)
    storno_of: str = text(N_("Takes off the entry"), default="", most=40, listed=True, automatic=True)
    storno_reason: str = text(N_("Why it is taken off"), default="", most=500, automatic=True)
    remarks: str = text(N_("Remarks"), default="", most=500)

    def check(self) -> Iterable[Problem]:
        """What can't be true together."""
        if self.returned_on < self.sold_on:
            yield Problem("returned_on", _("The goods can't have come back before they were sold."))
        if self.refunded_on and self.refunded_on < self.sold_on:
            yield Problem("refunded_on", _("The money can't have gone back before the sale."))


@record("mistake_entry", N_("Entry of the register of mistakes"), N_("Register of mistakes"))
class MistakeEntry(Record):
    """One line of the register of obvious mistakes of the cash register: one receipt and one VAT rate; append-only."""

    number: str = text(N_("Number"), default="", most=40, title=True, unique=True, listed=True, automatic=True)
    month: str = text(N_("Month"), default="", most=7, listed=True, automatic=True)
    sold_on: date = day(N_("Sold on"), listed=True)
    found_on: date = day(N_("Found on"), listed=True)
    receipt_number: str = text(N_("Receipt number"), most=80, listed=True)
    cash_register_number: str = text(N_("Unique number of the cash register"), default="", most=40)
    quantity: int | None = count(N_("Pieces"), default=None)
    vat_rate: str = vat_rate(N_("VAT rate"), listed=True)
    gross: Decimal = money(N_("Wrong gross amount"), signed=True, listed=True)
    vat: Decimal | None = money(N_("Wrong VAT"), default=None, signed=True, listed=True)
    cause: str = long_text(N_("Cause and circumstances"), listed=True)
    original_attached: bool = flag(N_("The original receipt is attached"), default=True, listed=True)
    why_not_attached: str = text(N_("Why it is not attached"), default="", most=500)
    correct_receipt: str = text(N_("Number of the right receipt"), default="", most=80, listed=True)
    who: int | None = ref(Person, N_("Who"), default=None, listed=True)
    storno_of: str = text(N_("Takes off the entry"), default="", most=40, listed=True, automatic=True)
    storno_reason: str = text(N_("Why it is taken off"), default="", most=500, automatic=True)

    def check(self) -> Iterable[Problem]:
        """What can't be true together."""
        if self.found_on < self.sold_on:
            yield Problem("found_on", _("A mistake can't be found before it was made."))
        if not self.original_attached and not self.why_not_attached.strip():
            yield Problem("why_not_attached", _("Write why the original receipt is not attached."))


@record("invoice_correction", N_("Corrective invoice"), N_("Corrective invoices"))
class InvoiceCorrection(Record):
    """An invoice that must be corrected because of a case, per VAT rate; QMDesk keeps track of it and issues none."""

    case: int | None = ref(Case, N_("Case"), default=None, listed=True)
    invoice_number: str = text(N_("Invoice number"), most=80, title=True, listed=True)
    ksef_number: str = text(N_("KSeF number"), default="", most=40, listed=True)
    invoice_on: date | None = day(N_("Invoice of"), default=None, listed=True)
    buyer: str = text(N_("Buyer"), default="", most=200, listed=True)
    buyer_nip: str = nip(N_("NIP of the buyer"), default="", listed=True)
    reason: str = text(N_("Reason"), default="", most=300, listed=True)
    vat_rate: str = vat_rate(N_("VAT rate"), listed=True)
    gross_before: Decimal = money(N_("Gross before"), currency="currency", listed=True)
    gross_after: Decimal = money(N_("Gross after"), currency="currency", listed=True)
    currency: str = text(N_("Currency"), default="", most=3)
    correction_number: str = text(N_("Number of the correction"), default="", most=80, listed=True)
    correction_ksef_number: str = text(N_("KSeF number of the correction"), default="", most=40)
    issued_on: date | None = day(N_("Correction issued on"), default=None, listed=True)

    def check(self) -> Iterable[Problem]:
        """What can't be true together."""
        if self.gross_after > self.gross_before:
            yield Problem("gross_after", _("After the correction the amount can't be larger than before."))
        if self.issued_on and self.invoice_on and self.issued_on < self.invoice_on:
            yield Problem("issued_on", _("The correction can't be older than its invoice."))


@record("month_lock", N_("Closed month"), N_("Closed months"))
class MonthLock(Record):
    """A month handed to the accountant: locked by the digest of its entries until it is opened again with a reason."""

    month: str = text(N_("Month"), most=7, title=True, listed=True, automatic=True)
    locked_at: datetime = moment(N_("Closed at"), listed=True, automatic=True)
    digest: str = text(N_("Digest"), most=64, automatic=True)
    pack: str = file(N_("Pack for the accountant"), default="", automatic=True)
    reopened_at: datetime | None = moment(N_("Opened again at"), default=None, listed=True, automatic=True)
    reopened_why: str = text(N_("Why it was opened again"), default="", most=500, listed=True, automatic=True)


class PaymentSource(Labelled):
    """Where a payment was read."""

    BANK = "bank", N_("Bank statement")
    ALLEGRO = "allegro", N_("Allegro billing")


class PaymentState(Labelled):
    """Whether a payment belongs to a case."""

    OPEN = "open", N_("Not matched yet")
    MATCHED = "matched", N_("Belongs to a case")
    IGNORED = "ignored", N_("Not about a case")


@record("payment", N_("Payment"), N_("Payments"))
class Payment(Record):
    """A line of a bank statement or of a marketplace's billing, to be matched with refunds."""

    booked_on: date = day(N_("Booked on"), listed=True, section=N_("Payment"), aka=("data", "data operacji", "data księgowania", "data transakcji", "date", "booking date"))
    amount: Decimal = money(N_("Amount"), currency="currency", signed=True, listed=True, aka=("kwota", "kwota operacji", "kwota transakcji", "kwota transakcji (waluta rachunku)", "amount", "wartość"))
    currency: str = text(N_("Currency"), default="", most=3, aka=("waluta",))
    counterparty: str = text(N_("Other side"), default="", most=300, listed=True, aka=("kontrahent", "nadawca/odbiorca", "odbiorca", "dane kontrahenta", "nazwa odbiorcy", "name"))
    description: str = text(N_("Title"), default="", most=500, title=True, searched=True, listed=True, aka=("tytuł", "tytułem", "opis", "opis transakcji", "tytuł operacji", "description"))
    reference: str = text(N_("Number in the source"), default="", most=120, searched=True, listed=True, aka=("numer zamówienia", "identyfikator zamówienia", "nr transakcji", "id operacji", "numer referencyjny"))
    operation: str = text(N_("Kind of operation"), default="", most=120, listed=True, aka=("typ operacji", "rodzaj operacji", "opis operacji", "typ transakcji", "operacja"))
    source: PaymentSource = choice(PaymentSource, N_("Source"), default=PaymentSource.BANK, listed=True)
    case: int | None = ref(Case, N_("Case"), default=None, listed=True)
    state: PaymentState = choice(PaymentState, N_("State"), default=PaymentState.OPEN, listed=True, automatic=True)
