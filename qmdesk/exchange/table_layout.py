"""What the rows of a sheet mean: where the header is, what stands above and below the table, which row is blank or short."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from itertools import chain, islice
from typing import NamedTuple, TypeAlias

from qmdesk.exchange.refused import Note, Refused
from qmdesk.i18n import N_
from qmdesk.schema.folding import fold

Cell: TypeAlias = str | int | float | bool | date | datetime | time | timedelta | None
Numbered: TypeAlias = tuple[int, list[Cell]]  # 1-based row number in the file, its cells

HEADER_WITHIN = 15  # rows that hold something, from the top
FOOTER_WITHIN = 5  # rows at the end that may be a footer
COLUMNS = 2_000  # five times the widest export known
ROWS = 1_048_576  # what a worksheet holds; so many take 2 to 5 GB while they are taken in
CHUNK_CELLS = 20_000
WHOLE = 1e15  # below it every whole float is exact, above it nobody means a whole number

TOO_WIDE = N_("{file} has more than {limit} columns, which is no table. Keep only the columns that are needed.")
TOO_LONG = N_("{file} has more than {limit} rows. Split it into several files and import them one after another.")
NOTHING = N_("{file} holds no table: all its lines are blank. Check that the export was saved with its rows.")
HEADER_ONLY = N_("{file} has a header but no rows below it. Check the filter or the dates of the export.")
NO_SUCH_ROW = N_("Row {row} of {file} is blank or missing, so it can't be the header. Choose another header row.")
ABOVE = N_("Lines left out above the header: {count}.")
BELOW = N_("Lines left out below the table: {count}, the first of them “{text}”.")
LONGER = N_(
    "Rows with more cells than the header: {count}, the first of them row {row}. The cells beyond the header were left out."
)

_BLANK = " \t\r\n\x0b\x0c\x1a\xa0\ufeff"
_SUM = re.compile(
    r"(?:razem|suma|ogolem|lacznie|podsumowanie|(?:sub|grand )?totals?|sum|summe|gesamt(?:summe|betrag)?)"
    r"(?: (?:brutto|netto|koncowa|calkowita|do zaplaty|sztuk|szt|zl|pln|amount|sum))*[.:]?"
)
_SENTENCE = re.compile(r"[^\W\d]{2}.*[\s:]|[\s:].*[^\W\d]{2}")  # a word, and more than a word


class Header(NamedTuple):
    """The header of a table: its labels, one per column, never blank."""

    labels: list[str]
    row: int


class Layout:
    """The table in a stream of rows. ``header`` is known at once, ``notes`` are complete after the last chunk."""

    def __init__(self, header: Header, rows: Iterator[Numbered]) -> None:
        self.header, self.rows = header, rows
        self.notes: list[Note] = []

    def chunks(self, at_most: int | None, *, footer: bool = True) -> Iterator[tuple[list[int], list[list[Cell]]]]:
        """Row numbers and rows, each row as wide as the header, without blank rows and the footer."""
        width = len(self.header.labels)
        size = max(50, CHUNK_CELLS // width)
        wanted = None if at_most is None else at_most + FOOTER_WITHIN  # a short file's footer is no row of the preview
        numbers: list[int] = []
        kept: list[list[Cell]] = []
        alone: set[int] = set()  # rows that end after their first cell
        total = longer = first_longer = 0
        for number, cells in self.rows:
            if _blank(cells):
                continue
            if len(cells) > width:
                if not _blank(cells[width:]):
                    longer += 1
                    first_longer = first_longer or number
                del cells[width:]
                if not any(cells) and _blank(cells):
                    continue
            elif len(cells) < width:
                if len(cells) == 1:
                    alone.add(number)
                cells.extend([""] * (width - len(cells)))
            numbers.append(number)
            kept.append(cells)
            total += 1
            if wanted is not None and total >= wanted:
                break
            if len(kept) >= size + FOOTER_WITHIN:  # the last rows wait: they may turn out to be the footer
                if total > ROWS:
                    raise Refused(TOO_LONG, limit=ROWS)
                if at_most is None:
                    yield numbers[:size], kept[:size]
                    del numbers[:size], kept[:size]
        if footer:
            self._drop_footer(numbers, kept, alone)
        if longer:
            self.notes.append((LONGER, {"count": longer, "row": first_longer}))
        if total > ROWS and at_most is None:
            raise Refused(TOO_LONG, limit=ROWS)
        if not kept and total <= FOOTER_WITHIN:
            raise Refused(HEADER_ONLY)
        yield numbers[:at_most], kept[:at_most]

    def _drop_footer(self, numbers: list[int], kept: list[list[Cell]], alone: set[int]) -> None:
        first, count = "", 0
        while kept and count < FOOTER_WITHIN and (_is_footer(kept[-1], numbers[-1] in alone) or _is_sum(kept[-1])):
            first, count = next(label(cell) for cell in kept.pop() if not _blank([cell])), count + 1
            numbers.pop()
        if count:
            self.notes.append((BELOW, {"count": count, "text": first[:60]}))


def lay_out(
    rows: Iterable[Numbered], known: Collection[str], header_row: int | None, first_column: int = 0
) -> Layout:
    """Find the header in a stream of rows: row ``header_row``, or the most header-like of the first rows.

    ``first_column`` is the sheet's column (A is 0) of the first cell, for the names of columns without a label.
    """
    stream = iter(rows)
    if header_row is not None:
        at = next((row for row in stream if row[0] >= header_row), None)
        if at is None or at[0] != header_row or _blank(at[1]):
            raise Refused(NO_SUCH_ROW, row=header_row)
        return Layout(_header(at, first_column), stream)
    top = list(islice((row for row in stream if not _blank(row[1])), HEADER_WITHIN))
    if not top:
        raise Refused(NOTHING)
    index = header_index([cells for _number, cells in top], known)
    layout = Layout(_header(top[index], first_column), chain(top[index + 1 :], stream))
    if index:
        layout.notes.append((ABOVE, {"count": index}))
    return layout


def header_index(rows: Sequence[Sequence[Cell]], known: Collection[str]) -> int:
    """Which of the rows is the header: the first whose score comes near the best one."""
    scores = [header_score(cells, known) for cells in rows]
    best = max(scores)
    if best <= 0:
        return 0
    return next(index for index, score in enumerate(scores) if score >= 0.7 * best)


def header_score(cells: Sequence[Cell], known: Collection[str]) -> float:
    """How much a row looks like a header: distinct labels count one, known ones two more; numbers and dates count against it."""
    labels: set[str] = set()
    others = 0
    for cell in cells:
        if isinstance(cell, str):
            text = label(cell)
            if not text:
                continue
            if len(text) <= 80 and "@" not in text and not _mostly_digits(text):
                labels.add(fold(text))
            else:
                others += 1
        elif cell is not None:
            others += 1
    return len(labels) + 2 * len(labels.intersection(known)) - 0.5 * others


def label(cell: Cell) -> str:
    """A header cell as one line of text."""
    return " ".join(str(cell).replace("\ufeff", " ").split()) if cell is not None else ""


def whole(cell: Cell) -> Cell:
    """The cell, a whole number as int: a workbook knows none, and 1001.0 would be a poor order number."""
    return int(cell) if cell.__class__ is float and cell.is_integer() and -WHOLE < cell < WHOLE else cell


def _header(row: Numbered, first_column: int) -> Header:
    labels = [label(whole(cell)) for cell in row[1]]
    while not labels[-1]:
        labels.pop()
    if len(labels) > COLUMNS:
        raise Refused(TOO_WIDE, limit=COLUMNS)
    return Header([text or f"[{_letters(at)}]" for at, text in enumerate(labels, first_column)], row[0])


def _letters(index: int) -> str:
    """The column's letters in a spreadsheet: 0 is A, 26 is AA."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _blank(cells: Sequence[Cell]) -> bool:
    if cells and cells[0]:
        first = cells[0]
        if not isinstance(first, str) or first[0] not in _BLANK:
            return False  # nearly every row ends here
    return all(cell is None or (isinstance(cell, str) and not cell.strip(_BLANK)) for cell in cells)


def _mostly_digits(text: str) -> bool:
    """Amounts, dates and numbers (Jul-25-26, 12.50 PLN, 1001), but not “Address 1” or “Tax 2 Name”."""
    digits = sum(map(str.isdigit, text))
    return digits >= sum(map(str.isalpha, text))


def _is_footer(cells: Sequence[Cell], alone: bool) -> bool:
    """A sentence in the first cell of an otherwise empty, wide row: “83 record(s) downloaded”, “Seller ID : shop”.

    Where blank cells follow it (a workbook), it must hold a digit or a colon: a product's name alone is data.
    """
    text = cells[0]
    if len(cells) < 4 or not isinstance(text, str) or not _SENTENCE.search(text) or not _blank(cells[1:]):
        return False
    return alone or ":" in text or any(map(str.isdigit, text))


def _is_sum(cells: Sequence[Cell]) -> bool:
    """A wide row that begins with the word for a sum and holds only numbers beside it: “Razem”, 12, 345.60."""
    filled = [cell for cell in cells if not _blank([cell])]
    if len(cells) < 4 or not filled or not isinstance(filled[0], str) or not _SUM.fullmatch(fold(label(filled[0]))):
        return False
    return all(isinstance(cell, int | float) or (isinstance(cell, str) and _mostly_digits(cell)) for cell in filled[1:])
