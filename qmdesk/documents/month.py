"""The registers of a month on paper: A4 across, to be signed; what stands in them is put into the words of a language here.

Facts of ``register.typ``: title, period, owner, shop_lines[], columns[] (label, share of the width, align), rows[][],
foot[][], nothing (said where there is no row), tables[] (title, columns[], rows[][], foot[][], note), notes[],
signatures[], made, footer, date.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal

from qmdesk import __version__
from qmdesk.documents.render import Content
from qmdesk.i18n import N_, show_amount, show_day, show_moment, show_month, translator
from qmdesk.law.vat import Amounts
from qmdesk.records.books import InvoiceCorrection, MistakeEntry, RefundEntry
from qmdesk.records.month import (
    Month,
    mistake_remarks,
    net_of,
    rate_shown,
    remarks,
    shown,
    sign,
    taxed,
    totals,
)

Row = list[str]


def made_line(at: datetime, lang: str) -> str:
    """When and with what a pack was made."""
    return translator(lang)(N_("{moment}, QMDesk {version}")).format(moment=show_moment(at, lang), version=__version__)


def returns(month: Month, lang: str, at: datetime) -> Content:
    """The register of returns with the totals per rate, the JPK fields, corrective invoices and what is open."""
    words = _Words(lang)
    rows = [words.refund(month, place, entry) for place, entry in enumerate(month.refunds, 1)]
    columns = words.columns(
        (N_("No."), 0.5, True), (N_("Entry"), 1.7, False), (N_("Sold on"), 1.25, False), (N_("Returned on"), 1.25, False), (N_("Money returned on"), 1.25, False),
        (N_("Goods or service"), 2.9, False), (N_("Reason, whole or part"), 2.5, False), (N_("Sale document, register"), 2.0, False), (N_("VAT rate"), 1.0, False),
        (N_("Gross"), 1.35, True), (N_("VAT"), 1.15, True), (N_("Net"), 1.35, True), (N_("Refund method"), 1.7, False), (N_("Number of the protocol"), 1.6, False),
        (N_("Buyer's signature"), 1.15, False), (N_("Remarks"), 2.1, False),
    )  # fmt: skip
    foot = words.foot(totals(month.refunds), 16, rate_at=8)
    tables = [words.totals_table(month), *words.corrections(month), *words.open_items(month)]
    return _content(month, words, at, N_("Register of returns and accepted complaints"), columns, rows, foot, tables)


def mistakes(month: Month, lang: str, at: datetime) -> Content:
    """The register of obvious mistakes, apart from the returns."""
    words = _Words(lang)
    rows = [words.mistake(month, place, entry) for place, entry in enumerate(month.mistakes, 1)]
    columns = words.columns(
        (N_("No."), 0.5, True), (N_("Entry"), 1.6, False), (N_("Sold on"), 1.2, False), (N_("Found on"), 1.2, False), (N_("Receipt, register"), 2.2, False),
        (N_("Pieces"), 0.8, True), (N_("VAT rate"), 1.0, False), (N_("Wrong gross amount"), 1.4, True), (N_("Wrong VAT"), 1.2, True), (N_("Cause and circumstances"), 4.6, False),
        (N_("Original receipt attached"), 1.4, False), (N_("Number of the right receipt"), 2.0, False), (N_("Who"), 1.6, False), (N_("Remarks"), 2.6, False),
    )  # fmt: skip
    foot = [[*([""] * 6), rate, gross, tax, *([""] * 5)] for rate, gross, tax, _net in words.sums(totals(month.mistakes))]
    return _content(month, words, at, N_("Register of obvious mistakes"), columns, rows, foot, [])


def _content(
    month: Month, words: _Words, at: datetime, title: str, columns: list[dict[str, object]], rows: list[Row], foot: list[Row], tables: list[dict[str, object]]
) -> Content:
    shop, tr = month.shop, words.tr
    address = ", ".join(filter(None, (shop.street, f"{shop.postcode} {shop.city}".strip())))
    lines = [shop.legal_name or shop.name, address, tr(N_("NIP: {nip}")).format(nip=shop.nip) if shop.nip else ""]
    notes = [tr(N_("Numbers given and taken back while the month was open: {numbers}.")).format(numbers=", ".join(month.left_out))] if month.left_out else []
    notes.append(tr(N_("All amounts are in PLN.")))
    notes.append(tr(N_("Digest of the month (SHA-256): {digest}")).format(digest=month.digest))
    facts: dict[str, object] = {
        "date": at.date().isoformat(),
        "title": tr(title),
        "period": show_month(month.month, words.lang),
        "owner": shop.name,
        "shop_lines": [line for line in lines if line],
        "columns": columns,
        "rows": rows,
        "foot": foot,
        "nothing": tr(N_("No entries in this month.")),
        "tables": tables,
        "notes": notes,
        "signatures": [tr(N_("Made by (date, signature)")), tr(N_("Received by (date, signature)"))],
        "made": made_line(at, words.lang),
        "footer": tr(N_("{title}, {month}")).format(title=tr(title), month=month.month),
    }
    return Content("register", words.lang, facts)


class _Words:
    """Entries and totals in the words of one language."""

    def __init__(self, lang: str) -> None:
        self.lang = lang
        self.tr: Callable[[str], str] = translator(lang)

    def columns(self, *told: tuple[str, float, bool]) -> list[dict[str, object]]:
        return [{"label": self.tr(label), "share": share, "align": "right" if right else "left"} for label, share, right in told]

    def money(self, amount: Decimal | int | None) -> str:
        """An amount with two places, without its currency; nothing for no amount at all."""
        if amount is None:
            return "–"
        value = Decimal(amount).scaleb(-2) if isinstance(amount, int) else amount
        return show_amount(value, self.lang)

    def day(self, day: date | None) -> str:
        return show_day(day, self.lang) if day else ""

    def refund(self, month: Month, place: int, entry: RefundEntry) -> Row:
        document = " ".join(filter(None, (shown(entry, "sale_document", self.lang), entry.sale_document_number)))
        return [
            str(place),
            entry.number,
            self.day(entry.sold_on),
            self.day(entry.returned_on),
            self.day(entry.refunded_on),
            entry.item_name,
            "\n".join((shown(entry, "reason", self.lang), shown(entry, "extent", self.lang))),
            "\n".join(filter(None, (document, entry.cash_register_number))),
            rate_shown(entry.vat_rate),
            self.money(entry.gross),
            self.money(entry.vat),
            self.money(net_of(entry)),
            shown(entry, "refund_method", self.lang),
            entry.protocol_number or month.protocols.get(entry.case or 0, ""),
            sign(entry.buyer_signed_on, self.lang),
            " ".join(filter(None, (month.cases.get(entry.case or 0, ""), remarks(entry, self.lang)))),
        ]

    def mistake(self, month: Month, place: int, entry: MistakeEntry) -> Row:
        return [
            str(place),
            entry.number,
            self.day(entry.sold_on),
            self.day(entry.found_on),
            "\n".join(filter(None, (entry.receipt_number, entry.cash_register_number))),
            "" if entry.quantity is None else str(entry.quantity),
            rate_shown(entry.vat_rate),
            self.money(entry.gross),
            self.money(entry.vat),
            entry.cause,
            shown(entry, "original_attached", self.lang),
            entry.correct_receipt,
            month.people.get(entry.who or 0, ""),
            mistake_remarks(entry, self.lang),
        ]

    def sums(self, found: Sequence[Amounts]) -> list[tuple[str, str, str, str]]:
        """Rate, gross, VAT and net of each rate, and of all of them together where there are several."""
        rows = [(rate_shown(one.rate), self.money(one.gross), self.money(one.vat), self.money(one.net)) for one in found]
        if len(found) > 1:
            rows.append((self.tr(N_("Together")), self.money(sum(one.gross for one in found)), self.money(sum(one.vat or 0 for one in found)), self.money(sum(one.net for one in found))))
        return rows

    def foot(self, found: Sequence[Amounts], width: int, rate_at: int) -> list[Row]:
        return [[*([""] * rate_at), rate, gross, tax, net, *([""] * (width - rate_at - 4))] for rate, gross, tax, net in self.sums(found)]

    def totals_table(self, month: Month) -> dict[str, object]:
        """Per rate: returns, mistakes, both, and what of the returns was sold in another month; the JPK fields below it."""
        parts = [totals(month.refunds), totals(month.mistakes), totals((*month.refunds, *month.mistakes)), totals(month.earlier)]
        rows = []
        for both in parts[2]:
            row = [rate_shown(both.rate)]
            for part in parts:
                one = next((one for one in part if one.rate == both.rate), None)
                none = None if both.vat is None else 0
                row += [self.money(one.gross if one else 0), self.money(one.vat if one else none)]
            rows.append(row)
        jpk = [self.tr(N_("{field}: {amount}")).format(field=name, amount=self.money(amount)) for name, amount in month.jpk.items()]
        note = self.tr(N_("To be taken off in JPK_V7 (documents RO): {fields}.")).format(fields="; ".join(jpk)) if jpk else ""
        heads = (
            (N_("VAT rate"), 0, False), (N_("Returns, gross"), 0, True), (N_("Returns, VAT"), 0, True), (N_("Mistakes, gross"), 0, True), (N_("Mistakes, VAT"), 0, True),
            (N_("Together, gross"), 0, True), (N_("Together, VAT"), 0, True), (N_("Sold in another month, gross"), 0, True), (N_("Sold in another month, VAT"), 0, True),
        )  # fmt: skip
        return {"title": self.tr(N_("Totals per VAT rate")), "columns": self.columns(*heads), "rows": rows, "note": note}

    def corrections(self, month: Month) -> Iterable[dict[str, object]]:
        if not month.corrections:
            return
        heads = (
            (N_("Case"), 1.5, False), (N_("Invoice number"), 2, False), (N_("KSeF number"), 2.6, False), (N_("Buyer"), 2.6, False), (N_("NIP of the buyer"), 1.5, False),
            (N_("VAT rate"), 0.9, False), (N_("Gross before"), 1.3, True), (N_("Gross after"), 1.3, True), (N_("Difference, gross"), 1.3, True), (N_("Difference, net"), 1.3, True),
            (N_("Difference, VAT"), 1.2, True), (N_("Currency"), 0.8, False), (N_("Number of the correction"), 1.9, False), (N_("KSeF number of the correction"), 2.6, False),
            (N_("Correction issued on"), 1.3, False),
        )  # fmt: skip
        rows = [self._correction(month, one) for one in month.corrections]
        yield {"title": self.tr(N_("Sales corrected by an invoice")), "columns": self.columns(*heads), "rows": rows}

    def _correction(self, month: Month, one: InvoiceCorrection) -> Row:
        differs = taxed(one)
        return [
            month.cases.get(one.case or 0, ""), one.invoice_number, one.ksef_number, one.buyer, one.buyer_nip, rate_shown(one.vat_rate), self.money(one.gross_before),
            self.money(one.gross_after), self.money(one.gross_after - one.gross_before), self.money(differs["net_difference"]), self.money(differs["vat_difference"]),
            one.currency, one.correction_number, one.correction_ksef_number, self.day(one.issued_on),
        ]  # fmt: skip

    def open_items(self, month: Month) -> Iterable[dict[str, object]]:
        if month.open_items:
            heads = ((N_("What"), 3, False), (N_("What is open"), 12, False))
            rows = [[self.tr(item.what.label), item.sentence] for item in month.open_items]
            yield {"title": self.tr(N_("Open items")), "columns": self.columns(*heads), "rows": rows}
