"""The accountant's month in files: a shaped workbook whose totals are formulas, and csv tables; text stays text in both."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from qmdesk.exchange.export_columns import UNWRITABLE, guarded
from qmdesk.exchange.shaped_sheet import ShapedSheet, for_paper, with_values
from qmdesk.i18n import N_, show_month, translator
from qmdesk.law import vat
from qmdesk.law.vat import Amounts
from qmdesk.records.month import (
    CORRECTION_COLUMNS,
    MISTAKES_COLUMNS,
    RETURNS_COLUMNS,
    Column,
    Month,
    Told,
    labels,
    rate_shown,
    rows,
    totals,
)

if TYPE_CHECKING:  # slow to import, and only a pack needs it
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

_WIDTHS = {
    "no": 4, "number": 12, "sold_on": 10, "returned_on": 10, "refunded_on": 10, "found_on": 10, "issued_on": 10, "invoice_on": 10, "item": 24, "reason": 14,
    "document": 13, "document_number": 12, "cash_register": 14, "rate": 6, "method": 11, "protocol": 12, "seller_signed": 11, "buyer_signed": 9, "case": 11,
    "remarks": 28, "cause": 40, "buyer": 26, "nip": 12, "invoice": 15, "correction": 15, "ksef": 20, "correction_ksef": 20, "currency": 7, "quantity": 6,
    "receipt": 14, "attached": 9, "correct": 14, "who": 16,
}  # fmt: skip
SUMMED, OTHER = 10, 14  # characters wide


def table(month: Month, which: str, lang: str) -> tuple[Sequence[Column[Any]], list[list[Told]]]:
    """The columns and rows of "returns", "mistakes" or "corrections"."""
    columns: Mapping[str, tuple[Sequence[Column[Any]], Sequence[Any]]] = {
        "returns": (RETURNS_COLUMNS, month.refunds),
        "mistakes": (MISTAKES_COLUMNS, month.mistakes),
        "corrections": (CORRECTION_COLUMNS, month.corrections),
    }
    shown, entries = columns[which]
    return shown, rows(month, shown, entries, lang)


def as_csv(month: Month, which: str, lang: str) -> bytes:
    """A register as a csv file: UTF-8 with BOM, semicolons, decimal comma, ISO days, no thousands separator."""
    columns, told = table(month, which, lang)
    text = io.StringIO()
    out = csv.writer(text, delimiter=";", lineterminator="\r\n")
    out.writerow(labels(columns, lang))
    out.writerows([_plain(value) for value in row] for row in told)
    return text.getvalue().encode("utf-8-sig")


def _plain(value: Told) -> str:
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return f"{value:.2f}".replace(".", ",")
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, int) else guarded(UNWRITABLE.sub("", value))


# ------------------------------------------------------------------------------------ the workbook


def workbook(month: Month, lang: str, *, made: str) -> bytes:
    """The workbook of a month: summary, both registers, corrective invoices, open items; ``made`` says when and by what.

    Every total is a formula over the rows of the registers, kept together with the value computed here.
    """
    import openpyxl  # slow to import

    tr = translator(lang)
    book = openpyxl.Workbook()
    book.properties.creator = "QMDesk"
    book.properties.title = tr(N_("Returns and mistakes, {month}")).format(month=show_month(month.month, lang))
    book.properties.description = made
    summary = book.active
    assert summary is not None  # a new workbook has a sheet
    names = {"returns": tr(N_("Returns")), "mistakes": tr(N_("Mistakes")), "corrections": tr(N_("Corrective invoices")), "open": tr(N_("Open items"))}
    filled = {which: _register(book, names[which], month, which, lang) for which in ("returns", "mistakes", "corrections")}
    summary.title = tr(N_("Summary"))
    sheets = {summary.title: _summary(summary, month, lang, made, names, filled), **{names[which]: sheet for which, sheet in filled.items()}}
    sheets[names["open"]] = _open_items(book, names["open"], month, lang)
    for sheet in sheets.values():
        for_paper(sheet.sheet, f"{month.shop.name} {month.month}", lang, FIRST)
    raw = io.BytesIO()
    book.save(raw)
    return with_values(raw.getvalue(), [sheets[name].values for name in book.sheetnames])


NO_TAX = ("vat", "vat_full", "vat_part", "vat_before", "vat_after", "vat_difference")  # columns that say nothing for a rate without VAT
FIRST = 4  # the row of the headings in a register's sheet


def _register(book: Workbook, name: str, month: Month, which: str, lang: str) -> ShapedSheet:
    """A sheet with the rows of a register, and below them the totals per rate and of all."""
    from openpyxl.utils import get_column_letter  # slow to import

    tr = translator(lang)
    columns, told = table(month, which, lang)
    sheet = ShapedSheet(book.create_sheet(name), lang)
    sheet.put(1, 1, tr(_TITLES[which]), style="title")
    sheet.put(2, 1, f"{month.shop.legal_name or month.shop.name}, {show_month(month.month, lang)}", style="quiet")
    for at, heading in enumerate(labels(columns, lang), 1):
        sheet.put(FIRST, at, heading, style="head")
        sheet.dress(FIRST, at, "head", right=columns[at - 1].summed)
        key = columns[at - 1].key
        sheet.sheet.column_dimensions[get_column_letter(at)].width = SUMMED if columns[at - 1].summed else _WIDTHS.get(key, OTHER)
        sheet.heighten(FIRST, at, heading)
    for row, values in enumerate(told, FIRST + 1):
        for at, value in enumerate(values, 1):
            sheet.put(row, at, value)
            sheet.heighten(row, at, value)
    last = FIRST + len(told)
    sheet.row = last
    if not told:
        sheet.put(FIRST + 1, 1, tr(N_("No entries in this month.")), style="quiet")
        return sheet
    place = {column.key: at for at, column in enumerate(columns)}
    if which == "corrections" and len({one.currency or month.shop.currency for one in month.corrections}) > 1:
        return sheet  # złoty and euro have no sum
    rate_letter = get_column_letter(place["rate"] + 1)
    own = sorted({str(row[place["rate"]]) for row in told}, key=[str(row[place["rate"]]) for row in told].index)
    for below, rate in enumerate([*own, None], last + 1):
        label = tr(N_("Together")) if rate is None else tr(N_("Together at {rate}")).format(rate=rate)
        sheet.put(below, 2, label, style="strong")
        if rate is not None:
            sheet.put(below, place["rate"] + 1, rate, style="strong")
        for at, column in enumerate(columns):
            if not column.summed:
                continue
            letter = get_column_letter(at + 1)
            cells = f"{letter}{FIRST + 1}:{letter}{last}"
            listed = [row[at] for row in told if rate is None or row[place["rate"]] == rate]
            if rate is not None and vat.rate(rate.removesuffix("%")).percent is None and column.key in NO_TAX:
                sheet.put(below, at + 1, "–", style="total")  # exempt is not 0 %
                continue
            value = sum((one for one in listed if isinstance(one, Decimal)), Decimal("0.00"))
            formula = f"=SUM({cells})" if rate is None else f"=SUMPRODUCT(({rate_letter}{FIRST + 1}:{rate_letter}{last}={rate_letter}{below})*{cells})"
            sheet.total(below, at + 1, formula, value)
    sheet.sheet.freeze_panes = sheet.sheet.cell(FIRST + 1, 3)
    sheet.sheet.auto_filter.ref = f"A{FIRST}:{get_column_letter(len(columns))}{last}"
    return sheet


_TITLES = {
    "returns": N_("Register of returns and accepted complaints"),
    "mistakes": N_("Register of obvious mistakes"),
    "corrections": N_("Sales corrected by an invoice"),
}


def _summary(worksheet: Worksheet, month: Month, lang: str, made: str, names: Mapping[str, str], filled: Mapping[str, ShapedSheet]) -> ShapedSheet:
    """The first sheet: whose month it is, and the totals per rate, taken from the registers' sheets by formulas."""
    tr = translator(lang)
    sheet = ShapedSheet(worksheet, lang)
    for letter, width in zip("ABCDEFGHIJKLM", (26, *[13] * 12), strict=True):
        worksheet.column_dimensions[letter].width = width
    shop = month.shop
    sheet.put(1, 1, tr(N_("Returns and mistakes, {month}")).format(month=show_month(month.month, lang)), style="title")
    lines = [
        (tr(N_("Shop")), ", ".join(filter(None, (shop.legal_name or shop.name, shop.street, f"{shop.postcode} {shop.city}".strip())))),
        (tr(N_("NIP")), shop.nip),
        (tr(N_("A return lowers the VAT of")), tr(shop.vat_period.label)),
        (tr(N_("Made")), made),
        (tr(N_("Digest (SHA-256)")), month.digest),
    ]
    for row, (label, value) in enumerate(lines, 2):
        sheet.put(row, 1, label, style="quiet")
        sheet.put(row, 2, value, style="plain")
    top = len(lines) + 3
    groups = ((N_("Returns"), "returns"), (N_("Mistakes"), "mistakes"), (N_("Together"), ""), (N_("Of the returns: sold in another month"), "earlier"))
    sheet.put(top, 1, tr(N_("VAT rate")), style="head")
    sheet.put(top + 1, 1, "", style="head")
    for at, (label, _which) in enumerate(groups):
        for step, kind in enumerate((N_("Gross"), N_("Net"), N_("VAT"))):
            sheet.put(top, 2 + 3 * at + step, tr(label) if step == 0 else "", style="head")
            sheet.put(top + 1, 2 + 3 * at + step, tr(kind), style="head")
            sheet.dress(top + 1, 2 + 3 * at + step, "head", right=True)
        worksheet.merge_cells(start_row=top, start_column=2 + 3 * at, end_row=top, end_column=4 + 3 * at)
    found = {"returns": _by_rate(totals(month.refunds)), "mistakes": _by_rate(totals(month.mistakes)), "earlier": _by_rate(totals(month.earlier))}
    both = _by_rate(totals((*month.refunds, *month.mistakes)))
    first = row = top + 2
    for rate in both:
        sheet.put(row, 1, rate_shown(rate), style="strong")
        for at, (_label, which) in enumerate(groups):
            for step in range(3):
                column = 2 + 3 * at + step
                amount = (found[which] if which else both).get(rate, (Decimal("0.00"),) * 3)[step]
                if step == 2 and vat.rate(rate).percent is None:
                    sheet.put(row, column, "–", style="number")  # exempt is not 0 %
                else:
                    sheet.total(row, column, _formula(month, which, step, row, names, filled), amount, style="number")
        row += 1
    sheet.put(row, 1, tr(N_("Together")), style="strong")
    for column in range(2, 14):
        letter = "ABCDEFGHIJKLM"[column - 1]
        whole = sum((sheet.values.get(f"{letter}{at}", Decimal()) for at in range(first, row)), Decimal("0.00"))
        sheet.total(row, column, f"=SUM({letter}{first}:{letter}{row - 1})" if row > first else "=0", whole)
    _jpk(sheet, month, row + 2, both, first, tr)
    return sheet


def _by_rate(found: Sequence[Amounts]) -> dict[str, tuple[Decimal, Decimal, Decimal]]:
    """Rate -> gross, net, VAT."""
    return {one.rate: (Decimal(one.gross).scaleb(-2), Decimal(one.net).scaleb(-2), Decimal(one.vat or 0).scaleb(-2)) for one in found}


def _formula(month: Month, which: str, step: int, row: int, names: Mapping[str, str], filled: Mapping[str, ShapedSheet]) -> str:
    """Gross, net or VAT (step 0 to 2) of the rate in column A, summed over the rows of a register's sheet."""
    if not which:
        return f"={'BCD'[step]}{row}+{'EFG'[step]}{row}"
    sheet = filled["mistakes" if which == "mistakes" else "returns"]
    if sheet.row == FIRST:
        return "=0"
    name, last = names["mistakes" if which == "mistakes" else "returns"].replace("'", "''"), sheet.row
    columns: Sequence[Column[Any]] = MISTAKES_COLUMNS if which == "mistakes" else RETURNS_COLUMNS
    letters = {column.key: chr(65 + at) for at, column in enumerate(columns)}

    def cells(key: str) -> str:
        return f"'{name}'!${letters[key]}${FIRST + 1}:${letters[key]}${last}"

    gross, tax = (cells("gross"), cells("vat")) if which == "mistakes" else (f"({cells('gross_full')}+{cells('gross_part')})", f"({cells('vat_full')}+{cells('vat_part')})")
    what = (gross, f"({gross}-{tax})", tax)[step]
    condition = f"({cells('rate')}=$A{row})"
    if which == "earlier":
        year, number = int(month.month[:4]), int(month.month[5:])
        following = (year + number // 12, number % 12 + 1)
        inside = f"({cells('sold_on')}>=DATE({year},{number},1))*({cells('sold_on')}<DATE({following[0]},{following[1]},1))"
        condition += f"*(1-{inside})"
    return f"=SUMPRODUCT({condition}*{what})"


def _jpk(sheet: ShapedSheet, month: Month, row: int, both: Mapping[str, Any], first: int, tr: Any) -> None:
    """The fields of JPK_V7 with a minus sign, taken from the totals above."""
    sheet.put(row, 1, tr(N_("To be taken off in JPK_V7 (documents RO)")), style="strong")
    by_field: dict[str, list[str]] = {}
    for at, rate in enumerate(both, first):
        known = vat.rate(rate)
        by_field.setdefault(known.jpk_net, []).append(f"I{at}")
        if known.jpk_vat:
            by_field.setdefault(known.jpk_vat, []).append(f"J{at}")
    for below, (name, value) in enumerate(month.jpk.items(), row + 1):
        sheet.put(below, 1, name, style="plain")
        sheet.total(below, 2, "=" + "".join(f"-{cell}" for cell in by_field[name]), value, style="number")


def _open_items(book: Workbook, name: str, month: Month, lang: str) -> ShapedSheet:
    tr = translator(lang)
    sheet = ShapedSheet(book.create_sheet(name), lang)
    sheet.put(1, 1, name, style="title")
    for letter, width in zip("ABC", (30, 18, 100), strict=True):
        sheet.sheet.column_dimensions[letter].width = width
    for at, heading in enumerate((N_("What"), N_("Number"), N_("What is open")), 1):
        sheet.put(FIRST, at, tr(heading), style="head")
    items = [(tr(item.what.label), item.number, item.sentence) for item in month.open_items]
    items += [(tr(N_("Number not used")), number, tr(N_("It was given and taken back while the month was open."))) for number in month.left_out]
    for row, told in enumerate(items, FIRST + 1):
        for at, value in enumerate(told, 1):
            sheet.put(row, at, value)
            sheet.heighten(row, at, value)
    if not items:
        sheet.put(FIRST + 1, 1, tr(N_("Nothing is open.")), style="quiet")
    return sheet
