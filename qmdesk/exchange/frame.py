"""A table ready to be mapped: its columns by name, after its source's splitting, skipping and telling sales from returns."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import compress, islice
from typing import Any

from qmdesk.errors import Known
from qmdesk.exchange import splitters
from qmdesk.exchange.columns import Bad, Cells, read_column, reading_for
from qmdesk.exchange.mapping import Mapping, Target, places_of, target_named
from qmdesk.exchange.reader import Cell, PackedRows, Table
from qmdesk.exchange.sources import Recipe, Split, plain, unique_headers
from qmdesk.i18n import N_, _
from qmdesk.schema.record import empty

SAMPLES = 5
UNMAPPED = N_("No column is chosen for {field}; it is needed.")


@dataclass
class Frame:
    """The columns of a table, in the order of their headers, with the number of each row in the file."""

    headers: tuple[str, ...]
    columns: list[list[Cell]]
    numbers: Sequence[int]

    def __len__(self) -> int:
        return len(self.numbers)

    def column(self, header: str) -> list[Cell]:
        """The cells under a header. Raises Known when there is no such column."""
        if header not in self.headers:
            raise Known(_("The file has no column “{column}”. Map its field to another column.").format(column=header))
        return self.columns[self.headers.index(header)]

    def only(self, wanted: Sequence[bool]) -> Frame:
        """The rows that are wanted."""
        return Frame(self.headers, [list(compress(column, wanted)) for column in self.columns], list(compress(self.numbers, wanted)))

    def beside(self, headers: Sequence[str], columns: Sequence[list[Cell]]) -> Frame:
        """The same rows with more columns."""
        return Frame((*self.headers, *headers), [*self.columns, *columns], self.numbers)

    def fed(self, mapping: Mapping, path: str) -> list[Cell]:
        """The cells that feed a field: of several columns the first filled one, or all of them joined."""
        columns = [self.column(header) for header in mapping.columns[path]]
        if len(columns) == 1:
            return columns[0]
        if joined_by := mapping.joined.get(path):
            return [joined_by.join(str(cell) for cell in cells if cell not in ("", None)) for cells in zip(*columns, strict=True)]
        return [next((cell for cell in cells if cell not in ("", None)), "") for cells in zip(*columns, strict=True)]


def framed(table: Table, recipe: Recipe | None, mapping: Mapping, at_most: int | None = None) -> Frame:
    """The rows of a table that are to be mapped, at most so many of them."""
    frame = Frame(unique_headers(table.headers), _columns(table, at_most), table.numbers[:at_most])
    if recipe is None:
        return frame
    if recipe.empty:
        frame.columns = [["" if cell in recipe.empty else cell for cell in column] for column in frame.columns]
    if recipe.split:
        frame = _apart(recipe.split, frame)
    keep = [True] * len(frame)
    for path in recipe.skip_without:
        if path in mapping.columns:
            keep = [one and cell not in ("", None) for one, cell in zip(keep, frame.fed(mapping, path), strict=True)]
    for header, words in recipe.skip_values.items():
        unwanted = {plain(word) for word in words}
        actual = next((name for name in frame.headers if plain(name) == plain(header)), None)
        if actual:
            keep = [one and plain(str(cell)) not in unwanted for one, cell in zip(keep, frame.column(actual), strict=True)]
    return frame if all(keep) else frame.only(keep)


def _columns(table: Table, at_most: int | None) -> list[list[Cell]]:
    """The table turned round."""
    rows = table.rows if at_most is None else table.rows[:at_most]
    columns: list[list[Cell]] = rows.columns() if isinstance(rows, PackedRows) else [list(cells) for cells in zip(*rows, strict=True)]
    columns = columns or [[] for _header in table.headers]
    for at, column in enumerate(columns):
        if bool in set(map(type, column)):  # True is 1 to a dictionary, and no number to a person
            columns[at] = [str(cell).lower() if isinstance(cell, bool) else cell for cell in column]
    return columns


def _apart(split: Split, frame: Frame) -> Frame:
    """The values of the packed column in columns of their own; a row that packs several things becomes several."""
    wanted = {plain(spelling) for spelling in split.column}
    header = next((name for name in frame.headers if plain(name) in wanted), None)
    packed = frame.column(header) if header else [""] * len(frame)
    rows, values = splitters.apart(split, packed)
    columns = [[column[row] for row in rows] for column in frame.columns]
    numbers = [frame.numbers[row] for row in rows]
    return Frame(frame.headers, columns, numbers).beside(split.gives, values)


def sales_and_returns(frame: Frame, recipe: Recipe | None) -> tuple[Frame, Frame | None]:
    """The rows that are sales, and those that are goods coming back where the source knows them."""
    if recipe is None or recipe.returns is None:
        return frame, None
    rule = recipe.returns
    names = {plain(header): header for header in reversed(frame.headers)}
    told = [frame.column(names[plain(name)]) if plain(name) in names else [""] * len(frame) for name in (rule.column, rule.sold, rule.kept, rule.refunded)]
    sold, back, pieces = splitters.taken_back(rule, *told)
    sales = frame if all(sold) else frame.only(sold)
    return sales, frame.beside([splitters.RETURNED], [pieces]).only(back) if any(back) else None


def cells_for(mapping: Mapping, target: Target, recipe: Recipe | None, path: str, column: Iterable[Cell]) -> Cells:
    """The reader of a field's cells, with the habits of this column."""
    item = places_of(target)[path].field
    distinct = dict.fromkeys(column)
    reading = reading_for(item, distinct, mapping.day_order, mapping.decimal, mapping.zone)
    return Cells(item, reading, mapping.values.get(path, {}), whole=recipe is not None and path in recipe.whole_numbers)


# ------------------------------------------------------------------------------------------ preview


@dataclass(frozen=True)
class Trouble:
    """One cell that can't come in as it is mapped; ``row`` is None when a needed field has no column at all."""

    row: int | None
    column: str
    value: str
    reason: str


@dataclass(frozen=True)
class Preview:
    """What the mapping screen shows: five samples of each field that is fed, and what is wrong so far."""

    samples: dict[str, tuple[str, ...]]
    problems: tuple[Trouble, ...]


def preview(mapping: Mapping, table: Table, recipe: Recipe | None = None, limit: int = 200) -> Preview:
    """Five distinct samples of every fed field, and the problems of the first rows. Raises Known for a missing column."""
    target = target_named(mapping.target)
    frame = framed(table, recipe, mapping, limit)
    samples = {path: _samples(frame.fed(mapping, path)) for path in mapping.columns}
    problems = [Trouble(None, "", "", sentence) for sentence in unmapped(mapping)]
    for path in mapping.columns:
        column = frame.fed(mapping, path)
        cells = cells_for(mapping, target, recipe, path, column)
        for number, found in zip(frame.numbers, read_column(cells, column), strict=True):
            if isinstance(found, Bad):
                problems.append(Trouble(number, mapping.columns[path][0], shown(found.cell), found.reason))
    return Preview(samples, tuple(sorted(problems, key=lambda problem: problem.row or 0)))


def unmapped(mapping: Mapping) -> list[str]:
    """A sentence for every needed field that no column and no default feeds."""
    target = target_named(mapping.target)
    return [
        _(UNMAPPED).format(field=place.field.labelled())
        for path, place in places_of(target).items()
        if place.kind is target.main and place.field.required and not mapping.feeds(path)
    ]


def _samples(column: Iterable[Cell]) -> tuple[str, ...]:
    return tuple(islice(dict.fromkeys(shown(cell) for cell in column if not empty(cell) and str(cell).strip()), SAMPLES))


def shown(cell: Any) -> str:
    """A cell as a person reads it in a report, cut where it is endless."""
    return str(cell)[:200] if cell is not None else ""
