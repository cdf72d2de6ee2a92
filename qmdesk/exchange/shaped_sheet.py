"""Worksheets a person looks at and prints: their cells dressed, their formulas kept with their values, their pages set up."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from textwrap import wrap
from typing import TYPE_CHECKING

from qmdesk.exchange.export_columns import TRIGGERS, UNWRITABLE
from qmdesk.i18n import N_, translator

if TYPE_CHECKING:  # slow to import, and only a workbook needs it
    from openpyxl.worksheet.worksheet import Worksheet

Value = str | Decimal | float | int | date | None
MONEY = "#,##0.00"
FONT = "Calibri"
_DAYS = {"pl": "dd.mm.yyyy"}
_DAY = "yyyy-mm-dd"
_LONGEST = 32_000  # letters in a cell


@dataclass
class ShapedSheet:
    """A worksheet being filled, with the value of each formula: readers that calculate nothing show it too."""

    sheet: Worksheet
    lang: str
    values: dict[str, Decimal | float] = field(default_factory=dict)
    row: int = 0

    def put(self, row: int, column: int, value: Value, *, style: str = "", number_format: str = "") -> None:
        """Write one value; text is text whatever it looks like."""
        cell = self.sheet.cell(row, column)
        if isinstance(value, str):
            cell.value = UNWRITABLE.sub("", value)[:_LONGEST]
            cell.data_type = "s"
            if value.startswith(TRIGGERS):
                cell.quotePrefix = True
        elif value is not None:
            cell.value = value
        if isinstance(value, Decimal):
            cell.number_format = MONEY
        elif isinstance(value, date):
            cell.number_format = _DAYS.get(self.lang, _DAY)
        if number_format:
            cell.number_format = number_format
        self.dress(row, column, style or ("number" if isinstance(value, Decimal | int | float) else "text"))

    def heighten(self, row: int, column: int, value: Value) -> None:
        """Make a row as high as a text that is broken into lines needs: not every program does so by itself."""
        from openpyxl.utils import get_column_letter  # slow to import

        if isinstance(value, str):
            width = self.sheet.column_dimensions[get_column_letter(column)].width
            lines = sum(len(wrap(line, max(1, int(width * 1.05)))) or 1 for line in value[:_LONGEST].split("\n"))
            height = min(400.0, 4 + 12.5 * lines)
            self.sheet.row_dimensions[row].height = max(self.sheet.row_dimensions[row].height or 0, height)

    def total(self, row: int, column: int, formula: str, value: Decimal | float, style: str = "total", *, number_format: str = MONEY) -> None:
        """Write a formula with the value it has."""
        cell = self.sheet.cell(row, column)
        cell.value = formula
        cell.number_format = number_format
        self.values[cell.coordinate] = value
        self.dress(row, column, style)

    def dress(self, row: int, column: int, style: str, *, right: bool = False) -> None:
        """Give a cell its look."""
        from openpyxl.styles import (  # slow to import, as all of openpyxl
            Alignment,
            Border,
            Font,
            PatternFill,
            Side,
        )

        cell = self.sheet.cell(row, column)
        hair = Side(style="thin", color="D0D4D8")
        numeric = style in ("number", "total")
        # text keeps off the numbers at its left
        cell.alignment = Alignment(vertical="top", wrap_text=style in ("text", "head"), horizontal="right" if numeric else "left", indent=1 if style == "text" and column > 1 else 0)
        if style in ("text", "number", "total", "head"):
            cell.border = Border(bottom=hair)
        if style == "head":
            cell.font, cell.fill = Font(name=FONT, size=9, bold=True), PatternFill("solid", fgColor="E8ECF0")
            cell.alignment = Alignment(vertical="bottom", wrap_text=True, horizontal="right" if right else "left", indent=0 if right or column == 1 else 1)
        elif style in ("total", "strong"):
            cell.font = Font(name=FONT, size=9, bold=True)
        elif style == "title":
            cell.font = Font(name=FONT, bold=True, size=14)
            self.sheet.row_dimensions[row].height = 22.0
        elif style == "quiet":
            cell.font = Font(name=FONT, size=9, color="5F6B76")
        else:
            cell.font = Font(name=FONT, size=9)


def for_paper(worksheet: Worksheet, name: str, lang: str, heads: int) -> None:
    """A4 across, as wide as the paper, the headings of row ``heads`` on every page, ``name`` and page numbers below."""
    worksheet.page_setup.orientation = "landscape"
    worksheet.page_setup.paperSize = 9  # A4
    worksheet.page_setup.fitToWidth, worksheet.page_setup.fitToHeight = 1, 0
    worksheet.sheet_properties.pageSetUpPr.fitToPage = True
    worksheet.page_margins.left = worksheet.page_margins.right = 0.4
    worksheet.page_margins.top, worksheet.page_margins.bottom = 0.5, 0.6
    worksheet.oddFooter.left.text = name.replace("&", "&&")
    worksheet.oddFooter.right.text = translator(lang)(N_("Page {page} of {pages}")).format(page="&P", pages="&N")
    if worksheet.freeze_panes:
        worksheet.print_title_rows = f"{heads}:{heads}"


def with_values(raw: bytes, values: Sequence[Mapping[str, Decimal | float]]) -> bytes:
    """The workbook with the value of every formula beside it: openpyxl writes formulas alone, and a preview would show nothing."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(raw)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            content = old.read(part)
            if match := re.fullmatch(r"xl/worksheets/sheet(\d+)\.xml", part.filename):
                content = _filled(content.decode("utf-8"), values[int(match[1]) - 1]).encode()
            new.writestr(part.filename, content)
    return made.getvalue()


def _filled(xml: str, values: Mapping[str, Decimal | float]) -> str:
    def fill(found: re.Match[str]) -> str:
        return f"{found[1]}<v>{values[found[2]]}</v>" if found[2] in values else found[0]

    return re.sub(r'(<c r="([A-Z]+\d+)"[^>]*><f>[^<]*</f>)<v ?(?:/>|></v>)', fill, xml)
