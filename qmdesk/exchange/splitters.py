"""Cells that pack several values into one: the named ways to take them apart, and rows that are goods coming back."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal

from qmdesk.exchange.reader import Cell
from qmdesk.exchange.sources import Returns, Split
from qmdesk.schema.parsing import parse_number

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


def apart(split: Split, packed: Sequence[Cell]) -> tuple[list[int], list[list[Cell]]]:
    """A packed column taken apart: for every piece the row it came from, and a column for each of what the split gives."""
    splitter, rows, pieces = SPLITTERS[split.how], list[int](), list[list[Cell]]()
    for row, cell in enumerate(packed):
        for values in splitter("" if cell is None else str(cell), split.gives):
            rows.append(row)
            pieces.append(values)
    return rows, [[values[at] for values in pieces] for at in range(len(split.gives))]


def taken_back(
    rule: Returns, named: Sequence[Cell], sold: Sequence[Cell], kept: Sequence[Cell], refunded: Sequence[Cell]
) -> tuple[list[bool], list[bool], list[Cell]]:
    """For each row: whether it is a sale, whether it is a return, and how many pieces came back ("" where the row tells)."""
    if rule.when == "prefix":
        back = [str(cell).strip().startswith(rule.prefix) for cell in named]
        return [not one for one in back], back, [""] * len(back)
    pieces: list[Cell] = []
    for bought, left, money in zip(sold, kept, refunded, strict=True):
        told, remaining = _number(bought), _number(left)
        gone = told - remaining if told is not None and remaining is not None else Decimal(0)
        if gone <= 0 and told and _number(money):
            gone = told  # only money went back: it concerns every piece of the line
        pieces.append(int(gone) if gone > 0 else "")
    return [True] * len(pieces), [piece != "" for piece in pieces], pieces


def _number(cell: Cell) -> Decimal | None:
    try:
        return parse_number(str(cell)) if cell not in ("", None) else None
    except ValueError:
        return None
