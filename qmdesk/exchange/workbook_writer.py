"""Writing a workbook of one sheet: openpyxl makes its frame (styles, widths, filter, properties), the rows are streamed in.

Rows as XML straight from the values are many times faster than any library that first makes a cell of each value;
tests/benchmarks/exports.py measures it.
"""

from __future__ import annotations

import html
import io
import math
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import chain, islice
from typing import IO, Any

from qmdesk.exchange.export_columns import TRIGGERS, UNWRITABLE, Column, Remembered

SHEET_ROWS = 1_048_576  # of a worksheet, its header included
CELL_UNITS = 32_767  # UTF-16 units that fit into a cell
SAMPLE = 200  # rows looked at for the widths of the columns
WIDEST = 60  # characters
ZIP64_CELLS = 5_000_000  # from here on the sheet's XML may outgrow 2 GiB, and the zip must be told beforehand
MILLISECOND = 1 / 86_400_000  # of a day: without it, readers take a moment at midnight for a day without a time
EXACT = 10**15  # from here on a spreadsheet program rounds whole numbers

_LOOKS_ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")  # a workbook reads _x0041_ as the letter A
_DAY_FORMATS = {"pl": "dd.mm.yyyy"}
_DAY_FORMAT = "yyyy-mm-dd"


@dataclass(frozen=True)
class _Frame:
    """A workbook without its rows: the sheet's XML before and after them, the other parts, the numbers of the styles."""

    head: bytes
    tail: bytes
    parts: Mapping[str, bytes]
    styles: Mapping[str, int]

    SHEET, BOOK = "xl/worksheets/sheet1.xml", "xl/workbook.xml"


_HEADER, _TEXT, _DAY, _MOMENT = "header", "text", "day", "moment"  # names of styles beside the number formats


def _frame(shown: Sequence[Column], widths: Sequence[float], rows: int, name: str, about: str, lang: str) -> _Frame:
    """A workbook with one sheet for so many rows, made by openpyxl from one cell of each style."""
    import openpyxl  # slow to import
    from openpyxl.styles import Border, Font, Side
    from openpyxl.utils import get_column_letter

    book = openpyxl.Workbook()
    book.properties.creator = "QMDesk"
    book.properties.title = UNWRITABLE.sub("", name)
    book.properties.description = UNWRITABLE.sub("", about)
    sheet = book.active
    sheet.title = sheet_name(name)
    day = _DAY_FORMATS.get(lang, _DAY_FORMAT)
    formats = {_DAY: day, _MOMENT: f"{day} hh:mm", **{column.number_format: column.number_format for column in shown}}
    styles = {}
    for at, (style, number_format) in enumerate(formats.items(), 1):
        cell = sheet.cell(1, at, 1)
        cell.number_format = number_format
        styles[style] = cell.style_id
    header, text = sheet.cell(1, len(formats) + 1, 1), sheet.cell(1, len(formats) + 2, 1)
    header.font, header.border = Font(bold=True), Border(bottom=Side(style="thin"))
    text.quotePrefix = True
    styles |= {_HEADER: header.style_id, _TEXT: text.style_id}
    for at, width in enumerate(widths, 1):
        sheet.column_dimensions[get_column_letter(at)].width = width
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = f"A1:{get_column_letter(max(1, len(shown)))}{rows + 1}"
    sheet.print_title_rows = "1:1"
    made = io.BytesIO()
    book.save(made)
    with zipfile.ZipFile(made) as archive:
        parts = {part: archive.read(part) for part in archive.namelist()}
    head, mark, rest = parts.pop(_Frame.SHEET).partition(b"<sheetData>")
    _model, end, tail = rest.partition(b"</sheetData>")
    if not mark or not end:
        raise AssertionError("openpyxl writes sheets in another shape")
    head = re.sub(rb"<dimension [^>]*/>", b"", head)  # it would be known only at the end, and nobody needs it
    return _Frame(head + mark, end + tail, parts, styles)


def sheet_name(name: str) -> str:
    """A name a worksheet may have: at most 31 characters, none of []:*?/\\, no apostrophe at its ends."""
    return re.sub(r"[\[\]:*?/\\\x00-\x1f]", " ", UNWRITABLE.sub("", name))[:31].strip(" '") or "QMDesk"


def write_workbook(
    raw: IO[bytes], shown: Sequence[Column], rows: Iterable[Sequence[Any]], name: str, about: str, lang: str, total: int
) -> int | None:
    """Stream the rows into a workbook; None when they do not fit on a sheet."""
    coming = iter(rows)
    first = list(islice(coming, SAMPLE))
    widths = _widths(shown, first)
    frame = _frame(shown, widths, total, name, about, lang)
    written = 0
    # level 5: at 6 the file is a tenth smaller and takes a fifth longer
    with zipfile.ZipFile(raw, "w", zipfile.ZIP_DEFLATED, compresslevel=5) as archive:
        for part, content in frame.parts.items():  # what tells other programs the kind of file comes first
            if part != _Frame.BOOK:
                archive.writestr(part, content)
        with archive.open(_Frame.SHEET, "w", force_zip64=total * len(shown) > ZIP64_CELLS) as sheet:
            sheet.write(frame.head)
            for piece, written in _sheet_rows(shown, chain(first, coming), frame.styles):
                if written >= SHEET_ROWS:
                    return None
                sheet.write(piece.encode())
            if written != total:  # the filter's range stands behind the rows, and among the workbook's names
                frame = _frame(shown, widths, written, name, about, lang)
            sheet.write(frame.tail)
        archive.writestr(_Frame.BOOK, frame.parts[_Frame.BOOK])
    return written


def _sheet_rows(
    shown: Sequence[Column], rows: Iterable[Sequence[Any]], styles: Mapping[str, int]
) -> Iterator[tuple[str, int]]:
    """Pieces of the sheet's XML, each with the number of rows up to its end; the header comes first."""
    letters = [_letters(at) for at in range(len(shown))]
    headers = "".join(f'<c r="{letter}1" s="{styles[_HEADER]}"{_string(column.label)}' for letter, column in zip(letters, shown, strict=True))
    pieces = [f'<row r="1">{headers}</row>']
    makers = [Remembered(_cell_maker(column, styles)).__getitem__ for column in shown]
    cells = list(zip(letters, makers, strict=True))
    written = 0
    for written, row in enumerate(rows, 1):
        number = written + 1
        filled = [
            f'<c r="{letter}{number}{make(value)}'
            for (letter, make), value in zip(cells, row, strict=False)
            if value is not None and value != ""
        ]
        pieces.append(f'<row r="{number}">{"".join(filled)}</row>')
        if len(pieces) == SAMPLE:
            yield "".join(pieces), written
            pieces.clear()
    yield "".join(pieces), written


def _cell_maker(shown: Column, styles: Mapping[str, int]) -> Callable[[Any], str]:
    """How a column's values are written after the cell's reference: its closing quotation mark, style, type and value."""
    number = f'" s="{styles[shown.number_format]}"><v>'
    day, moment, quoted = (f'" s="{styles[style]}"' for style in (_DAY, _MOMENT, _TEXT))
    start = datetime(1899, 12, 30)  # noqa: DTZ001 - day 0 of the workbook's calendar from March 1900 on
    one_day = timedelta(days=1)

    def make(raw: Any) -> str:
        value: Any = shown.cell(raw)
        if value.__class__ is str:
            pass
        elif isinstance(value, int | float | Decimal) and math.isfinite(value) and -EXACT < value < EXACT:
            return f"{number}{value}</v></c>"
        elif isinstance(value, datetime) and value.year > 1900 and value.tzinfo is None:
            days = (value - start) / one_day
            return f"{moment}><v>{days + MILLISECOND if days.is_integer() else days}</v></c>"
        elif isinstance(value, date) and value.year > 1900 and not isinstance(value, datetime):
            return f"{day}><v>{value.toordinal() - start.toordinal()}</v></c>"
        text = str(value)
        return (quoted if text.startswith(TRIGGERS) else '"') + _string(text)

    return make


def _string(text: str) -> str:
    """The rest of a cell that holds text, whatever the text looks like: type, value, end."""
    if text.isprintable() and "&" not in text and "<" not in text and ">" not in text and "_x" not in text and len(text) < CELL_UNITS // 2:
        if text[:1] != " " and text[-1:] != " ":
            return f' t="inlineStr"><is><t>{text}</t></is></c>'
    else:
        text = _fitting(UNWRITABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n")))
        text = _LOOKS_ESCAPED.sub("_x005F_", html.escape(text, quote=False))
    return f' t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'


def _fitting(text: str) -> str:
    """Text cut to what a cell holds, with … at its end."""
    if len(text) < CELL_UNITS // 2:
        return text
    units = text.encode("utf-16-le")
    if len(units) <= 2 * CELL_UNITS:
        return text
    return units[: 2 * CELL_UNITS - 2].decode("utf-16-le", "ignore") + "…"


def _letters(at: int) -> str:
    """The letters of a worksheet's column: 0 is A, 26 is AA."""
    letters, at = "", at + 1
    while at:
        at, rest = divmod(at - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _widths(shown: Sequence[Column], rows: Sequence[Sequence[Any]]) -> list[float]:
    """Widths in characters that show the headers with their filter button and most of the first rows."""
    widths = []
    for at, column in enumerate(shown):
        longest = len(column.label) + 3
        for row in rows:
            if at < len(row) and row[at] is not None:
                value = column.cell(row[at])
                lines = str(value).split("\n")
                longest = max(longest, 17 if isinstance(value, datetime) else len(lines[0]) + 2)
        widths.append(float(min(longest, WIDEST)))
    return widths
