"""The rows of a file grouped into the records they tell of, read into stored values, and refused where they can't come in."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from qmdesk.exchange.columns import Bad, as_read, currency_in, read_column
from qmdesk.exchange.frame import Frame, cells_for, shown
from qmdesk.exchange.mapping import Mapping as ColumnMapping
from qmdesk.exchange.mapping import Place, places_of, target_named
from qmdesk.exchange.reader import Cell
from qmdesk.exchange.sources import Recipe, plain
from qmdesk.i18n import N_, _
from qmdesk.records.books import Payment
from qmdesk.records.case import Case, Message
from qmdesk.records.lists import Cause, Channel
from qmdesk.records.party import Customer, Person
from qmdesk.records.product import Batch, Order, Product
from qmdesk.records.satisfaction import Opinion
from qmdesk.schema import types
from qmdesk.schema.record import Record
from qmdesk.schema.types import SqlValue

MISSING = N_("{field} is missing.")
NO_SALE = N_("A number of pieces below zero is a correction of the stock or a return, not a sale.")
TOLD_OTHERWISE = N_("Row {row} tells of the same {record} with other values. Keep one of the two rows.")
REFUSED_WITH = N_("This row belongs with row {row}, which was refused. Import both again when row {row} is mended.")

LONGEST_KEY = 300  # what an Imported record holds

# The fields that name a record in its source, the first filled group of them.
NAMED_BY: Mapping[type[Record], tuple[tuple[str, ...], ...]] = {
    Order: (("number",),),
    Case: (("number",), ("external_id",)),
    Customer: (("external_id",),),
    Product: (("sku",),),
    Person: (("name",),),
    Batch: (("product", "code"),),
    Channel: (("name",),),
    Cause: (("name",),),
    Opinion: (("place", "external_id"),),
}
REPEATED: tuple[type[Record], ...] = (Payment, Message)  # a file may hold two that say the same


@dataclass(frozen=True)
class Rejected:
    """A row that did not come in: its number in the file, the column and the value at fault, and why."""

    row: int
    column: str
    value: str
    reason: str


class Rows:
    """One file's rows on their way in. A *group* is what becomes one record of the target: an order with its lines."""

    def __init__(self, frame: Frame, mapping: ColumnMapping, recipe: Recipe | None, advance: Callable[[], None], *, returned: bool = False) -> None:
        self.frame = frame
        self.mapping = mapping
        self.recipe = recipe
        self.target = target_named(mapping.target)
        self.rejected: dict[int, Rejected] = {}  # row index -> why
        self.values: dict[str, list[Any]] = {}  # path -> a stored value for each group, None for nothing
        self.part_values: dict[str, list[Any]] = {}  # path -> a stored value for each row of ``parts``
        self.parts: list[int] = []  # rows that hold a part
        self.of_row: list[int] = []  # row -> group, -1 for none
        self.keys: list[str] = []  # what names each group in its source
        self.members: list[list[int]] = []  # group -> its rows
        self.dead: set[int] = set()  # refused groups
        self._advance = advance
        self._returned = returned
        self._places = places_of(self.target)
        self._by_row: dict[str, list[Any]] = {}
        self._group()
        self._read_groups()
        self._read_parts()

    # -- what others ask

    def place(self, path: str) -> Place:
        return self._places[path]

    def fed(self, path: str) -> bool:
        """Whether the file itself has a column for this field."""
        return path in self.mapping.columns

    def main(self, name: str) -> str:
        """The path of a field of the counted record."""
        return f"{self.target.main.spec.table}.{name}"

    def part(self, name: str) -> str:
        """The path of a field of its parts."""
        assert self.target.part is not None
        return f"{self.target.part.spec.table}.{name}"

    def refuse(self, row: int, path: str, value: Any, reason: str) -> None:
        """A row can't come in; its first reason counts."""
        column = self.mapping.columns.get(path, ("",))[0]
        self.rejected.setdefault(row, Rejected(self.frame.numbers[row], column, shown(value), reason))

    def refuse_group(self, group: int, path: str, value: Any, reason: str, row: int | None = None) -> None:
        """A record can't come in, and so none of its rows."""
        first = self.members[group][0] if row is None else row
        self.dead.add(group)
        self.refuse(first, path, value, reason)

    def refuse_members(self) -> None:
        """Say of every other row of a refused record with which row it belongs."""
        for group in self.dead:
            at_fault = next((row for row in self.members[group] if row in self.rejected), self.members[group][0])
            sentence = _(REFUSED_WITH).format(row=self.frame.numbers[at_fault])
            for row in self.members[group]:
                self.refuse(row, "", "", sentence)

    def rejected_by_number(self) -> dict[int, Rejected]:
        """What was refused, by the row's number in the file; a row that packs several things is refused once."""
        found: dict[int, Rejected] = {}
        for row in sorted(self.rejected):
            found.setdefault(self.frame.numbers[row], self.rejected[row])
        return found

    # -- which rows belong together

    def _group(self) -> None:
        keys, continued = self._row_keys(), self._continuation()
        index: dict[str, int] = {}
        last = -1
        for row, key in enumerate(keys):
            if key is None:
                at = last if row not in self.rejected and continued(row) else -1
                if at < 0:
                    self._refuse_nameless(row)
                    self.of_row.append(-1)
                    continue
            else:
                at = index.setdefault(key, len(index))
                if at == len(self.members):
                    self.members.append([])
                    self.keys.append(key.rpartition("\x1f")[2])
            last = at
            self.members[at].append(row)
            self.of_row.append(at)
        self._refuse_contradictions()

    def _row_keys(self) -> list[str | None]:
        """What names the record of each row in its source; None where nothing does."""
        if self.recipe and self.recipe.key and not self._returned:
            there = {plain(header): header for header in reversed(self.frame.headers)}
            told = [self.frame.column(there[plain(header)]) for header in self.recipe.key if plain(header) in there]
            return [_short("|".join(map(str, cells))) for cells in zip(*told, strict=True)]
        main = self.target.main
        found: list[str | None] = [None] * len(self.frame)
        for group in NAMED_BY.get(main, ()):
            paths = [self.main(name) for name in group]
            if not all(map(self.fed, paths)):
                continue
            values = [self._row_values(path) for path in paths]
            named = values[0] if len(values) == 1 else [None if None in cells else "|".join(map(str, cells)) for cells in zip(*values, strict=True)]
            found = [old if old is not None else new for old, new in zip(found, named, strict=True)]
        if main is Order and self.fed(self.main("source")):
            sources = self._row_values(self.main("source"))
            if len(set(sources)) > 1:  # two shops may count alike
                found = [key if key is None else f"{source or ''}\x1f{key}" for source, key in zip(sources, found, strict=True)]
        if main is not Order and None in found:
            columns = [self.frame.fed(self.mapping, path) for path in self.mapping.columns]
            blank = ("",) * len(columns)
            continued = self._continuation()
            for row, cells in enumerate(zip(*columns, strict=True)):
                if found[row] is None and row not in self.rejected and cells != blank and not (row and continued(row)):
                    found[row] = "=" + hashlib.sha256(repr(cells).encode("utf-8", "surrogatepass")).hexdigest()[:24]
        return _counted(found) if main in REPEATED else found

    def _row_values(self, path: str) -> list[Any]:
        """A field's stored value on every row; rows whose cell can't be read are refused."""
        if path not in self._by_row:
            self._by_row[path] = self._read(path, self.frame.fed(self.mapping, path), range(len(self.frame)), whole=False)
        return self._by_row[path]

    def _continuation(self) -> Callable[[int], bool]:
        """Tells of a row whether it only goes on with the record above: it has a part, and says nothing of its own."""
        own = [self.frame.fed(self.mapping, path) for path in self.mapping.columns if not self._is_part(path)]
        parts = [self.frame.fed(self.mapping, path) for path in self.mapping.columns if self._is_part(path)]

        def continued(row: int) -> bool:
            return any(column[row] not in ("", None) for column in parts) and all(column[row] in ("", None) for column in own)

        return continued

    def _is_part(self, path: str) -> bool:
        kind = self._places[path].kind
        return kind is self.target.part or (kind is Product and kind is not self.target.main)

    def _refuse_nameless(self, row: int) -> None:
        names = NAMED_BY.get(self.target.main, (("",),))[0]
        path = self.main(names[-1])
        if path in self._places:
            self.refuse(row, path, "", _(MISSING).format(field=self._places[path].field.labelled()))

    def _refuse_contradictions(self) -> None:
        """Where a record has no parts, a second row about it must say the same."""
        if any(map(self._is_part, self.mapping.columns)) or (self.recipe and self.recipe.choose):
            return
        columns = [self.frame.fed(self.mapping, path) for path in self.mapping.columns]
        for rows in self.members:
            for row in rows[1:]:
                if any(column[row] != column[rows[0]] for column in columns):
                    sentence = _(TOLD_OTHERWISE).format(row=self.frame.numbers[rows[0]], record=_(self.target.main.spec.label))
                    path = next(path for path, column in zip(self.mapping.columns, columns, strict=True) if column[row] != column[rows[0]])
                    self.refuse(row, path, self.frame.fed(self.mapping, path)[row], sentence)

    # -- what they say

    def _read(self, path: str, cells: Sequence[Cell], rows: Sequence[int], *, whole: bool) -> list[Any]:
        """The stored values of cells that stand on these rows; ``whole`` says that a bad one refuses the whole record."""
        reader = cells_for(self.mapping, self.target, self.recipe, path, cells)
        found = read_column(reader, cells)
        if reader.bad:
            for at, value in enumerate(found):
                if value.__class__ is Bad:
                    found[at] = None
                    if whole:
                        self.refuse_group(self.of_row[rows[at]], path, value.cell, value.reason, rows[at])
                    else:
                        self.refuse(rows[at], path, value.cell, self._reason(path, value))
        if path in self.mapping.defaults:
            default = self._default(path)
            found = [default if value is None else value for value in found]
        self._advance()
        return found

    def _reason(self, path: str, bad: Bad) -> str:
        counted = self.target.main is Order and isinstance(self._places[path].field.type, types.Count)
        return _(NO_SALE) if counted and str(bad.cell).lstrip().startswith("-") else bad.reason

    def _default(self, path: str) -> SqlValue:
        item = self._places[path].field
        kind = as_read(item)
        return kind.store(kind.from_cell(self.mapping.defaults[path]))

    def _read_groups(self) -> None:
        first = [rows[0] for rows in self.members]
        for path in (*self.mapping.columns, *(path for path in self.mapping.defaults if path not in self.mapping.columns)):
            if self._is_part(path):
                continue
            if not self.fed(path):
                self.values[path] = [self._default(path)] * len(first)
                continue
            cells = self.frame.fed(self.mapping, path)
            if self.recipe and self.recipe.choose.get(path) == "earliest" and not self._returned:
                self.values[path] = self._earliest(path, cells)
                continue
            where = list(first)
            told = [cells[row] for row in first]
            if "" in told or None in told:
                for group, cell in enumerate(told):
                    if cell in ("", None) and len(self.members[group]) > 1:
                        where[group] = next((row for row in self.members[group] if cells[row] not in ("", None)), first[group])
                        told[group] = cells[where[group]]
            self.values[path] = self._read(path, told, where, whole=True)
        self._read_currency(first)

    def _earliest(self, path: str, cells: Sequence[Cell]) -> list[Any]:
        found = self._read(path, cells, range(len(cells)), whole=False)
        return [min((found[row] for row in rows if found[row] is not None), default=None) for rows in self.members]

    def _read_currency(self, first: Sequence[int]) -> None:
        """Amounts written with their sign tell the currency where no column does."""
        path = self.main("currency")
        if path not in self._places or self.fed(path) or path in self.mapping.defaults:
            return
        amounts = [fed for fed in self.mapping.columns if isinstance(self._places[fed].field.type, types.Money)]
        found = [""] * len(first)
        for fed in amounts:
            cells = self.frame.fed(self.mapping, fed)
            signs = {cell: currency_in(cell) for cell in set(cells)}
            if any(signs.values()):
                found = [old or next(filter(None, (signs[cells[row]] for row in rows)), "") for old, rows in zip(found, self.members, strict=True)]
        if any(found):
            self.values[path] = [sign or None for sign in found]

    def _read_parts(self) -> None:
        kind = self.target.part
        paths = [path for path in self.mapping.columns if self._is_part(path)]
        if kind is None or not paths:
            return
        columns = {path: self._read_part(path) for path in paths}
        told = [path for path in (self.recipe.need if self.recipe else ()) if path in columns] or [
            path for path in paths if path not in (self.part("line"), self.part("currency"))
        ]
        nothing = (None,) * len(told)
        filled = [cells != nothing for cells in zip(*(columns[path] for path in told), strict=True)]
        named = [columns[path] for path in (self.part("name"), self.part("sku"), "product.name") if path in columns]
        speaks = [any(names) for names in zip(*named, strict=True)] if named else [False] * len(filled)
        for row, group in enumerate(self.of_row):
            if group < 0 or row in self.rejected:
                continue
            if filled[row] and not speaks[row]:
                path = next((path for path in (self.part("name"), self.part("sku"), "product.name") if path in columns), self.part("name"))
                self.refuse(row, path, "", _(MISSING).format(field=self._places[self.part("name")].field.labelled()))
            elif filled[row]:
                self.parts.append(row)
        self.part_values = {path: [column[row] for row in self.parts] for path, column in columns.items()}
        for path in self.mapping.defaults:
            if self._is_part(path) and path not in columns:
                self.part_values[path] = [self._default(path)] * len(self.parts)

    def _read_part(self, path: str) -> list[Any]:
        cells = self.frame.fed(self.mapping, path)
        if self._returned and isinstance(self._places[path].field.type, types.Count):
            cells = [cell.strip().removeprefix("-") if isinstance(cell, str) else abs(cell) if isinstance(cell, int | float) else cell for cell in cells]
        return self._read(path, cells, range(len(self.frame)), whole=False)

    # -- groups of which nothing is left

    def bury_empty(self, known: Sequence[Any]) -> None:
        """A new record whose every row was refused does not come in; ``known`` holds the record of the register per group."""
        alive = {self.of_row[row] for row in self.parts}
        for group, rows in enumerate(self.members):
            if not known[group] and group not in alive and all(row in self.rejected for row in rows):
                self.dead.add(group)


def _counted(keys: Sequence[str | None]) -> list[str | None]:
    """The keys, a repeated one with how often it came before: two payments that say the same are two payments."""
    seen: dict[str | None, int] = {}
    found = []
    for key in keys:
        seen[key] = seen.get(key, 0) + 1
        found.append(key if key is None or seen[key] == 1 else f"{key}#{seen[key]}")
    return found


def _short(key: str) -> str:
    return key if len(key) <= LONGEST_KEY else "=" + hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()
