"""Cells that pack several values into one: the named ways to take them apart, and rows that are goods coming back."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal

from qmdesk.exchange.reader import Cell
from qmdesk.exchange.sources import Returns, Split, plain
from qmdesk.schema.parsing import parse_number

Row = Sequence[Cell]
RETURNED = "returned"  # the column of the pieces that came back

_PAIR = re.compile(r"(?:^|, )([^\W\d_][^:,]*): ")
_TIMES = re.compile(r"(?:^|,\s*)(\d+)\s*[×x]\s+")


def packed_pairs(cell: str, gives: Sequence[str]) -> list[list[Cell]]:
    """ "Key: value, Other key: value", where a value may hold commas itself: one row."""
    pieces = _PAIR.split(cell)
    told = dict(zip(pieces[1::2], pieces[2::2], strict=True))
    return [[told.get(name, "") for name in gives]]


def quantity_times_name(cell: str, gives: Sequence[str]) -> list[list[Cell]]:
    """ "2× Mug, 1× Plate": a row for each."""
    pieces = _TIMES.split(cell)
    return [[int(count), name.strip()] for count, name in zip(pieces[1::2], pieces[2::2], strict=True)] or [["", cell]]


SPLITTERS: Mapping[str, Callable[[str, Sequence[str]], list[list[Cell]]]] = {
    "packed_pairs": packed_pairs,
    "quantity_times_name": quantity_times_name,
}


def apart(split: Split, headers: Sequence[str], rows: Sequence[Row], numbers: Sequence[int]) -> tuple[list[Row], list[int]]:
    """The rows with the values of the packed column behind their own; a row that packs several things becomes several."""
    splitter, wanted = SPLITTERS[split.how], {plain(spelling) for spelling in split.column}
    at = next((place for place, header in enumerate(headers) if plain(header) in wanted), None)
    made: list[Row] = []
    kept: list[int] = []
    for number, row in zip(numbers, rows, strict=True):
        packed = "" if at is None else row[at]
        for values in splitter("" if packed is None else str(packed), split.gives):
            made.append([*row, *values])
            kept.append(number)
    return made, kept


def taken_back(rule: Returns, headers: Sequence[str], rows: Sequence[Row]) -> tuple[list[bool], list[bool], list[Cell]]:
    """For each row: whether it is a sale, whether it is a return, and how many pieces came back."""
    place = {plain(header): at for at, header in enumerate(headers)}

    def column(name: str) -> list[Cell]:
        at = place.get(plain(name))
        return [""] * len(rows) if at is None else [row[at] for row in rows]

    if rule.when == "prefix":
        back = [str(cell).strip().startswith(rule.prefix) for cell in column(rule.column)]
        return [not one for one in back], back, [""] * len(rows)
    pieces: list[Cell] = []
    for sold, kept, refunded in zip(column(rule.sold), column(rule.kept), column(rule.refunded), strict=True):
        told, left = _number(sold), _number(kept)
        gone = told - left if told is not None and left is not None else Decimal(0)
        if gone <= 0 and told and (_number(refunded) or 0) != 0:
            gone = told  # only money went back: it concerns every piece of the line
        pieces.append(int(gone) if gone > 0 else "")
    return [True] * len(rows), [piece != "" for piece in pieces], pieces


def _number(cell: Cell) -> Decimal | None:
    try:
        return parse_number(str(cell)) if cell not in ("", None) else None
    except ValueError:
        return None
