"""A month as the accountant gets it: the entries of both registers with their columns, totals per rate, what is still open."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, Generic, TypeVar

from qmdesk.i18n import N_, show_day, show_money, translator
from qmdesk.law import vat
from qmdesk.law.vat import Amounts
from qmdesk.records.books import Extent, InvoiceCorrection, MistakeEntry, RefundEntry
from qmdesk.records.shop import Shop
from qmdesk.schema import types
from qmdesk.schema.record import Record, stored
from qmdesk.schema.types import Labelled

E = TypeVar("E", RefundEntry, MistakeEntry, InvoiceCorrection)
Told = str | int | date | Decimal | None


class Opened(Labelled):
    """What may be missing, differ or still be expected in a month."""

    NO_ENTRY = "refund_without_entry", N_("Refunded without an entry")
    NO_RATE = "missing_currency_rate", N_("Exchange rate is missing")
    NO_REFUND = "entry_without_refund", N_("Entry without a refund")
    DIFFERENT = "differs_from_case", N_("Entry and case differ")
    UNSIGNED = "unsigned_protocol", N_("Protocol not signed")
    NO_DOCUMENT = "no_sale_document", N_("No sale document")
    NO_RIGHT_RECEIPT = "no_right_receipt", N_("Right receipt not noted")
    NO_CORRECTION = "missing_correction_number", N_("Corrective invoice not issued yet")
    MONTHS = "months_differ", N_("Dates in different months")
    NOT_PAID = "refund_not_paid", N_("Refund due, not paid yet")
    WITHHELD = "refund_withheld", N_("Refund withheld")
    SUPPLIER = "supplier_claim", N_("Expected from a supplier")


NOTICES = (Opened.MONTHS, Opened.NOT_PAID, Opened.WITHHELD, Opened.SUPPLIER)
"""What the accountant should know and nobody can mend before the month is closed."""


@dataclass(frozen=True)
class OpenItem:
    """One thing that is open: its sentence in the language it was asked in, and the record to look at."""

    what: Opened
    number: str
    sentence: str
    kind: type[Record]
    id: int

    @property
    def is_gap(self) -> bool:
        """Whether it can and should be mended before the month is closed."""
        return self.what not in NOTICES


@dataclass(frozen=True)
class Month:
    """Everything of one month, in the order of the entries' numbers; amounts in PLN.

    ``cases``, ``protocols`` (by case) and ``people`` name what entries refer to, ``left_out`` the numbers that were given
    and taken back with undo while the month was open.
    """

    month: str
    shop: Shop
    refunds: tuple[RefundEntry, ...] = ()
    mistakes: tuple[MistakeEntry, ...] = ()
    corrections: tuple[InvoiceCorrection, ...] = ()
    open_items: tuple[OpenItem, ...] = ()
    cases: Mapping[int, str] = field(default_factory=dict)
    protocols: Mapping[int, str] = field(default_factory=dict)
    people: Mapping[int, str] = field(default_factory=dict)
    left_out: tuple[str, ...] = ()

    @property
    def empty(self) -> bool:
        """Whether nothing at all happened in it."""
        return not (self.refunds or self.mistakes or self.corrections)

    @property
    def gaps(self) -> tuple[OpenItem, ...]:
        """What should be mended before the month is closed."""
        return tuple(item for item in self.open_items if item.is_gap)

    @property
    def earlier(self) -> tuple[RefundEntry, ...]:
        """The entries about sales of another month."""
        return tuple(entry for entry in self.refunds if entry.sold_on.isoformat()[:7] != self.month)

    @property
    def digest(self) -> str:
        """SHA-256 over the canonical entries: every field as it is stored, in the order of the numbers; ids are left out.

        A corrective invoice belongs to it once it is issued in the month.
        """
        issued = [one for one in self.corrections if one.issued_on and one.issued_on.isoformat()[:7] == self.month]
        told = [[kind, [stored(entry) for entry in entries]] for kind, entries in (("refunds", self.refunds), ("mistakes", self.mistakes), ("corrections", issued))]
        return hashlib.sha256(json.dumps([self.month, told], ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()).hexdigest()

    @property
    def jpk(self) -> Mapping[str, Decimal]:
        """The fields of JPK_V7 with what both registers take off, with a minus sign, in PLN."""
        return {name: -Decimal(amount).scaleb(-2) for name, amount in vat.jpk(totals((*self.refunds, *self.mistakes))).items()}


def totals(entries: Iterable[RefundEntry | MistakeEntry]) -> tuple[Amounts, ...]:
    """Gross, net and VAT per rate in grosze, the highest rate first: sums of what the entries say, rounded nowhere again."""
    listed = list(entries)
    order = [rate.id for rate in vat.rates()]
    found = []
    for rate in sorted({entry.vat_rate for entry in listed}, key=order.index):
        of_rate = [entry for entry in listed if entry.vat_rate == rate]
        gross = sum(whole(entry.gross) for entry in of_rate)
        tax = None if vat.rate(rate).percent is None else sum(whole(entry.vat or Decimal()) for entry in of_rate)
        found.append(Amounts(rate, gross, gross - (tax or 0), tax))
    return tuple(found)


def whole(amount: Decimal) -> int:
    """An amount of two places in whole grosze."""
    return int(amount.scaleb(2))


def net_of(entry: RefundEntry | MistakeEntry) -> Decimal:
    """Gross less VAT."""
    return entry.gross - (entry.vat or Decimal())


# ------------------------------------------------------------------------------------------- columns


@dataclass(frozen=True)
class Column(Generic[E]):
    """A column of a register in files: its heading (English source) and what it tells of an entry; without ``tell`` its place."""

    key: str
    label: str
    tell: Callable[[Month, E, str], Told] | None = None
    summed: bool = False


def shown(record: Record, name: str, lang: str) -> str:
    """A field for a reader; money never, that stays a number."""
    return record.spec.fields[name].show(record, lang)


def sign(signed_on: date | None, lang: str) -> str:
    return types.Flag().show(signed_on is not None, lang)


def rate_shown(rate: str) -> str:
    """A rate as registers write it: 23%, zw."""
    return f"{rate}%" if rate[:1].isdigit() else rate


def remarks(entry: RefundEntry, lang: str) -> str:
    """What else is to be said of an entry: of a storno, of another currency, of a missing signature."""
    tr = translator(lang)
    said = []
    if entry.storno_of:
        said.append(tr(N_("Takes off entry {number}: {why}.")).format(number=entry.storno_of, why=entry.storno_reason.rstrip(".")))
    if entry.currency and entry.amount_paid is not None:
        sentence = tr(N_("{paid} at the rate {rate} of {day}, NBP table {table}."))
        day = show_day(entry.rate_on, lang) if entry.rate_on else "–"
        said.append(sentence.format(paid=show_money(entry.amount_paid, entry.currency, lang), rate=entry.exchange_rate, day=day, table=entry.rate_table))
    if entry.substitute_evidence and not entry.buyer_signed_on:
        said.append(tr(N_("Instead of the buyer's signature: {evidence}.")).format(evidence=entry.substitute_evidence.rstrip(".")))
    if entry.remarks:
        said.append(entry.remarks)
    return " ".join(said)


def _of(extent: Extent, entry: RefundEntry, amount: Decimal | None) -> Decimal | None:
    """The amount where the entry is of this extent: the register has its own columns for the whole price and for a part."""
    return amount if entry.extent is extent else None


RETURNS_COLUMNS: Sequence[Column[RefundEntry]] = (
    Column("no", N_("No.")),
    Column("number", N_("Entry"), lambda month, entry, lang: entry.number),
    Column("sold_on", N_("Sold on"), lambda month, entry, lang: entry.sold_on),
    Column("returned_on", N_("Returned on"), lambda month, entry, lang: entry.returned_on),
    Column("refunded_on", N_("Money returned on"), lambda month, entry, lang: entry.refunded_on),
    Column("item", N_("Goods or service"), lambda month, entry, lang: f"{entry.item_name} ({entry.item_description})" if entry.item_description else entry.item_name),
    Column("reason", N_("Reason"), lambda month, entry, lang: shown(entry, "reason", lang)),
    Column("document", N_("Sale document"), lambda month, entry, lang: shown(entry, "sale_document", lang)),
    Column("document_number", N_("Number of the sale document"), lambda month, entry, lang: entry.sale_document_number),
    Column("cash_register", N_("Unique number of the cash register"), lambda month, entry, lang: entry.cash_register_number),
    Column("rate", N_("VAT rate"), lambda month, entry, lang: rate_shown(entry.vat_rate)),
    Column("gross_full", N_("Gross, whole price"), lambda month, entry, lang: _of(Extent.FULL, entry, entry.gross), True),
    Column("vat_full", N_("VAT, whole price"), lambda month, entry, lang: _of(Extent.FULL, entry, entry.vat), True),
    Column("gross_part", N_("Gross, part of the price"), lambda month, entry, lang: _of(Extent.PART, entry, entry.gross), True),
    Column("vat_part", N_("VAT, part of the price"), lambda month, entry, lang: _of(Extent.PART, entry, entry.vat), True),
    Column("net", N_("Net"), lambda month, entry, lang: net_of(entry), True),
    Column("method", N_("Refund method"), lambda month, entry, lang: shown(entry, "refund_method", lang)),
    Column("protocol", N_("Number of the protocol"), lambda month, entry, lang: entry.protocol_number or month.protocols.get(entry.case or 0, "")),
    Column("seller_signed", N_("Seller's signature"), lambda month, entry, lang: sign(entry.seller_signed_on, lang)),
    Column("buyer_signed", N_("Buyer's signature"), lambda month, entry, lang: sign(entry.buyer_signed_on, lang)),
    Column("case", N_("Case"), lambda month, entry, lang: month.cases.get(entry.case or 0, "")),
    Column("remarks", N_("Remarks"), lambda month, entry, lang: remarks(entry, lang)),
)
"""The columns of law.md 4.1 and 4.6."""


def mistake_remarks(entry: MistakeEntry, lang: str) -> str:
    """Why there is no original receipt, and what a storno takes off."""
    tr = translator(lang)
    said = []
    if entry.storno_of:
        said.append(tr(N_("Takes off entry {number}: {why}.")).format(number=entry.storno_of, why=entry.storno_reason.rstrip(".")))
    if not entry.original_attached:
        said.append(tr(N_("The original receipt is missing: {why}.")).format(why=entry.why_not_attached.rstrip(".")))
    return " ".join(said)


MISTAKES_COLUMNS: Sequence[Column[MistakeEntry]] = (
    Column("no", N_("No.")),
    Column("number", N_("Entry"), lambda month, entry, lang: entry.number),
    Column("sold_on", N_("Sold on"), lambda month, entry, lang: entry.sold_on),
    Column("found_on", N_("Found on"), lambda month, entry, lang: entry.found_on),
    Column("receipt", N_("Receipt number"), lambda month, entry, lang: entry.receipt_number),
    Column("cash_register", N_("Unique number of the cash register"), lambda month, entry, lang: entry.cash_register_number),
    Column("quantity", N_("Pieces"), lambda month, entry, lang: entry.quantity),
    Column("rate", N_("VAT rate"), lambda month, entry, lang: rate_shown(entry.vat_rate)),
    Column("gross", N_("Wrong gross amount"), lambda month, entry, lang: entry.gross, True),
    Column("vat", N_("Wrong VAT"), lambda month, entry, lang: entry.vat, True),
    Column("cause", N_("Cause and circumstances"), lambda month, entry, lang: entry.cause),
    Column("attached", N_("Original receipt attached"), lambda month, entry, lang: shown(entry, "original_attached", lang)),
    Column("correct", N_("Number of the right receipt"), lambda month, entry, lang: entry.correct_receipt),
    Column("who", N_("Who"), lambda month, entry, lang: month.people.get(entry.who or 0, "")),
    Column("remarks", N_("Remarks"), lambda month, entry, lang: mistake_remarks(entry, lang)),
)
"""The columns of law.md 4.2."""

def taxed(one: InvoiceCorrection) -> Mapping[str, Decimal | None]:
    """Net and VAT of a corrected invoice before, after and as they differ, by the names of their columns; no VAT where the rate has none."""
    found: dict[str, Decimal | None] = {}
    for when, gross in (("before", one.gross_before), ("after", one.gross_after)):
        net, tax = vat.split(whole(gross), one.vat_rate, one.invoice_on)
        found |= {f"net_{when}": Decimal(net).scaleb(-2), f"vat_{when}": None if tax is None else Decimal(tax).scaleb(-2)}
    for kind in ("net", "vat"):
        before, after = found[f"{kind}_before"], found[f"{kind}_after"]
        found[f"{kind}_difference"] = None if before is None or after is None else after - before
    return found


CORRECTION_COLUMNS: Sequence[Column[InvoiceCorrection]] = (
    Column("case", N_("Case"), lambda month, one, lang: month.cases.get(one.case or 0, "")),
    Column("invoice", N_("Invoice number"), lambda month, one, lang: one.invoice_number),
    Column("ksef", N_("KSeF number"), lambda month, one, lang: one.ksef_number),
    Column("invoice_on", N_("Invoice of"), lambda month, one, lang: one.invoice_on),
    Column("buyer", N_("Buyer"), lambda month, one, lang: one.buyer),
    Column("nip", N_("NIP of the buyer"), lambda month, one, lang: one.buyer_nip),
    Column("reason", N_("Reason"), lambda month, one, lang: one.reason),
    Column("rate", N_("VAT rate"), lambda month, one, lang: rate_shown(one.vat_rate)),
    Column("before", N_("Gross before"), lambda month, one, lang: one.gross_before, True),
    Column("net_before", N_("Net before"), lambda month, one, lang: taxed(one)["net_before"], True),
    Column("vat_before", N_("VAT before"), lambda month, one, lang: taxed(one)["vat_before"], True),
    Column("after", N_("Gross after"), lambda month, one, lang: one.gross_after, True),
    Column("net_after", N_("Net after"), lambda month, one, lang: taxed(one)["net_after"], True),
    Column("vat_after", N_("VAT after"), lambda month, one, lang: taxed(one)["vat_after"], True),
    Column("difference", N_("Difference, gross"), lambda month, one, lang: one.gross_after - one.gross_before, True),
    Column("net_difference", N_("Difference, net"), lambda month, one, lang: taxed(one)["net_difference"], True),
    Column("vat_difference", N_("Difference, VAT"), lambda month, one, lang: taxed(one)["vat_difference"], True),
    Column("currency", N_("Currency"), lambda month, one, lang: one.currency),
    Column("correction", N_("Number of the correction"), lambda month, one, lang: one.correction_number),
    Column("correction_ksef", N_("KSeF number of the correction"), lambda month, one, lang: one.correction_ksef_number),
    Column("issued_on", N_("Correction issued on"), lambda month, one, lang: one.issued_on),
)
"""The columns of law.md 4.5."""


def rows(month: Month, columns: Sequence[Column[E]], entries: Sequence[E], lang: str) -> list[list[Told]]:
    """The entries as rows of values under these columns; text in ``lang``."""
    return [[column.tell(month, entry, lang) if column.tell else at for column in columns] for at, entry in enumerate(entries, 1)]


def labels(columns: Sequence[Column[Any]], lang: str) -> list[str]:
    """The headings of columns in ``lang``."""
    return [translator(lang)(column.label) for column in columns]
