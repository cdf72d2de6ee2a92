"""The columns of an exported table: how a field's stored value becomes a cell, and how values are written as text."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from qmdesk.errors import Known
from qmdesk.schema import types
from qmdesk.schema.record import Field, Record, unknown_field
from qmdesk.schema.types import CellValue

UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")  # XML has no way to say these
TRIGGERS = ("=", "+", "-", "@", "\t", "\r")  # what makes a spreadsheet program take a text for a formula (CWE-1236)
_MARKED = re.compile(r"'*[=+\-@\t\r]|'+\d")
_MARK = re.compile(r"'(?='*[=+\-@\t\r\d])")


def _itself(value: Any) -> CellValue:
    return value  # type: ignore[no-any-return]


@dataclass(frozen=True)
class Column:
    """A column of a table: its header, how a stored value becomes a cell's value, and how its numbers look.

    ``places`` is how many decimal places a csv file writes; None leaves numbers as they are.
    """

    label: str
    cell: Callable[[Any], CellValue] = _itself
    number_format: str = "General"
    places: int | None = None


def column(field: Field, lang: str | None = None, *, label: str = "") -> Column:
    """How a field of a record is exported; of a reference, the title is."""
    kind = field.type
    label = label or field.labelled(lang)
    if isinstance(kind, types.Ref | types.Text):
        return Column(label)
    if isinstance(kind, types.Moment):
        return Column(label, lambda raw: _on_the_clock(kind, raw, lang))
    number_format, places = "General", None
    if isinstance(kind, types.Money):
        number_format, places = "#,##0.00", 2
    elif isinstance(kind, types.Percent):
        number_format, places = '0.00" %"', 2
    elif isinstance(kind, types.Number):
        number_format, places = "0.##", 2
    elif isinstance(kind, types.Count):
        number_format = "0"
    return Column(label, lambda raw: kind.cell(kind.load(raw), lang), number_format, places)


def _on_the_clock(kind: types.Moment, raw: Any, lang: str | None) -> CellValue:
    """The moment on the user's clock; in the hour that comes twice in autumn as text with its offset, so that it stays that moment."""
    moment = kind.load(raw)
    local = kind.cell(moment, lang)
    if isinstance(local, datetime) and local.hour < 4 and local.astimezone() != moment:  # clocks are put back at night
        return moment.astimezone().isoformat(" ")
    return local


def columns(kind: type[Record], fields: Sequence[str] | None = None, lang: str | None = None) -> dict[str, Column]:
    """Field name -> its column, of all fields by default. No header stands twice: the second is the field's own name.

    :raises Known: there is no such field.
    """
    found: dict[str, Column] = {}
    taken: set[str] = set()
    for name in kind.spec.fields if fields is None else fields:
        field = kind.spec.fields.get(name)
        if field is None:
            raise Known(unknown_field(kind, name))
        label = field.labelled(lang)
        found[name] = column(field, lang, label=name if label.casefold() in taken else label)
        taken.add(label.casefold())
    return found


class Remembered(dict[Any, str]):
    """What a column's values look like, made once per value while there are few: states, days, channels repeat."""

    MOST, LONGEST = 4096, 300

    def __init__(self, make: Callable[[Any], str]) -> None:
        super().__init__()
        self._make = make

    def __missing__(self, value: Any) -> str:
        made = self._make(value)
        if len(self) < self.MOST and len(made) < self.LONGEST:
            self[value] = made
        return made


def guarded(text: str) -> str:
    """Text as a csv file holds it: an apostrophe before what a spreadsheet program would take for a formula.

    Text that already begins so gets one more, so that ``unguarded`` gives the same text back.
    """
    return f"'{text}" if _MARKED.match(text) else text


def unguarded(text: str) -> str:
    """The text that ``guarded`` was given; also takes off the apostrophe that others write before numbers kept as text."""
    return text[1:] if _MARK.match(text) else text


def plain_maker(shown: Column, decimal: str) -> Callable[[Any], str]:
    """How a column's values are written in csv and on the clipboard: ISO days, numbers without groups, guarded text."""

    def plain(raw: Any) -> str:
        value = shown.cell(raw)
        if isinstance(value, int | float | Decimal):
            digits = f"{value:.{shown.places}f}" if shown.places is not None else f"{value:f}" if isinstance(value, Decimal) else str(value)
            return digits.replace(".", decimal)
        if isinstance(value, datetime):
            return value.isoformat(" ", "seconds")
        if isinstance(value, date):
            return value.isoformat()
        return guarded(UNWRITABLE.sub("", str(value)))

    return plain
