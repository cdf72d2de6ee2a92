"""Columns of a file as stored values: each distinct cell is read once by its field's type, after the file's habits are sniffed."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from unicodedata import is_normalized

from qmdesk.exchange.reader import Cell
from qmdesk.schema import types
from qmdesk.schema.folding import fold
from qmdesk.schema.record import Field, not_understood

NOTHING = frozenset(("-", "--", "—", "–", "n/a", "n.a.", "none", "null", "nan", "brak", "nd.", "n.d.", "0000-00-00", "0000-00-00 00:00:00"))  # where a text can't be meant; MySQL's day of nothing
LOOKED_AT = 5000  # distinct cells of a column are enough to know how it writes days and numbers

_DAY = re.compile(r"^\s*(\d{1,4})[./-](\d{1,2})[./-](\d{1,4})(?!\d)")
_SIGNED = re.compile(r"([.,])(\d*)")
_CURRENCIES = {"zł": "PLN", "zl": "PLN", "$": "USD", "€": "EUR", "£": "GBP", "kč": "CZK"}
_CURRENCY = re.compile(r"zł|zl|kč|[$€£]|\b[A-Z]{3}\b", re.IGNORECASE)


@dataclass(frozen=True)
class Bad:
    """A cell that can't be what its field needs, and the sentence that says why."""

    cell: Cell
    reason: str


class Cells(dict[Cell, Any]):
    """Cell -> what the column stores: a value, None for nothing, or a Bad one."""

    def __init__(self, field: Field, reading: types.Reading, values: Mapping[str, str], *, whole: bool = False) -> None:
        super().__init__()
        self._field = field
        self._reading = reading
        self._values = {fold(said.strip()): meant for said, meant in values.items()}
        self._whole = whole
        self._type = as_read(field)
        self._label = field.labelled()
        self._hundredths = isinstance(field.type, types.Money)
        self._empty = NOTHING if type(self._type) not in (types.Text, types.LongText) else frozenset()
        self._plain_text = self._type.most if type(self._type) is types.Text and not self._values and not whole else 0
        self._longest = max(map(len, self._empty), default=0)
        self.bad = False

    def __missing__(self, cell: Cell) -> Any:
        if cell.__class__ is str and self._longest < len(cell) <= self._plain_text and cell.isprintable() and is_normalized("NFC", cell):
            found = " ".join(cell.split()) or None
        else:
            found = self._read(cell)
        self[cell] = found
        return found

    def _read(self, cell: Cell) -> Any:
        if cell is None:
            return None
        meant: Any = cell
        if isinstance(cell, str):
            bare = cell.strip()
            if not bare:
                return None
            if self._values or len(bare) <= self._longest:
                folded = fold(bare)
                if folded in self._empty:
                    return None
                meant = self._values.get(folded, cell)
            if self._whole:
                meant = bare.removesuffix(".0")
        elif self._values:
            meant = self._values.get(fold(str(cell)), cell)
        try:
            value = self._type.from_cell(meant, self._reading)
        except (ValueError, OverflowError, ArithmeticError):
            return self._refuse(cell, not_understood(self._field, cell))
        if value == "":
            return None
        if self._hundredths and isinstance(value, Decimal) and value.is_finite() and abs(value) <= types.Money.most:
            value = value.quantize(Decimal("0.01"), ROUND_HALF_UP)  # net prices come with six places
        if sentence := self._type.problem(value, self._label):
            return self._refuse(cell, sentence)
        return self._type.store(value)

    def _refuse(self, cell: Cell, reason: str) -> Bad:
        self.bad = True
        return Bad(cell, reason)


def as_read(field: Field) -> types.Type[Any]:
    """The type that reads a field's cells: a reference is named by its record's title."""
    return field.type.target.spec.title.type if isinstance(field.type, types.Ref) else field.type


def read_column(cells: Cells, column: Iterable[Cell]) -> list[Any]:
    """The stored values of a column, Bad where a cell can't be read."""
    return list(map(cells.__getitem__, column))


def reading_for(field: Field, column: Collection[Cell], day_order: str, decimal: str, zone: str) -> types.Reading:
    """How a column writes its days or numbers: as its values force it, else as the mapping says."""
    if isinstance(field.type, types.Day | types.Moment):
        return types.Reading(day_order=sniff_day_order(column) or day_order or "dmy", zone=zone)
    if field.type.numeric:
        money = isinstance(field.type, types.Money)
        return types.Reading(decimal=sniff_decimal(column, money) or decimal or None, zone=zone)
    return types.Reading(day_order=day_order or "dmy", decimal=decimal or None, zone=zone)


def sniff_day_order(column: Iterable[Cell]) -> str | None:
    """The order of day, month and year that the values force, or None when none does: 13/04/2026 forces dmy."""
    votes = {"dmy": 0, "mdy": 0, "ymd": 0}
    for cell in _texts(column):
        if found := _DAY.match(cell):
            first, second, third = int(found[1]), int(found[2]), int(found[3])
            if len(found[1]) > 2:
                continue  # ISO tells itself
            if first > 31:
                votes["ymd"] += 1
            elif first > 12 >= second:
                votes["dmy" if len(found[3]) > 2 or third <= 12 or third > 31 else "ymd" if first > third else "dmy"] += 1
            elif second > 12 >= first:
                votes["mdy"] += 1
    best = max(votes, key=lambda order: votes[order])
    return best if votes[best] else None


def sniff_decimal(column: Iterable[Cell], money: bool = True) -> str | None:
    """The decimal sign that the values force, or None. Amounts never have three decimal places, so "1,234" groups."""
    votes = {",": 0, ".": 0}
    weak = {",": 0, ".": 0}
    for cell in _texts(column):
        signs = _SIGNED.findall(cell)
        if not signs:
            continue
        last, digits = signs[-1]
        if len({sign for sign, _digits in signs}) == 2:
            votes[last] += 1
        elif len(signs) > 1:
            votes["." if last == "," else ","] += 1  # 1.234.567
        elif len(digits) != 3:
            votes[last] += 1
        elif money:
            weak["." if last == "," else ","] += 1
    for told in (votes, weak):
        best = max(told, key=lambda sign: told[sign])
        if told[best]:
            return best
    return None


def _texts(column: Iterable[Cell]) -> Iterable[str]:
    looked_at = 0
    for cell in column:
        if isinstance(cell, str) and cell:
            yield cell
            looked_at += 1
            if looked_at == LOOKED_AT:
                return


def currency_in(cell: Cell) -> str:
    """The currency an amount is written with: "$1,433.66" is USD, "123,45 zł" PLN; "" when it names none."""
    if not isinstance(cell, str) or (found := _CURRENCY.search(cell)) is None:
        return ""
    return _CURRENCIES.get(found[0].lower(), found[0].upper())
