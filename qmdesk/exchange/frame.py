"""A table ready to be mapped: its columns by name, after its source's splitting, skipping and telling sales from returns."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from qmdesk.errors import Known
from qmdesk.exchange import splitters
from qmdesk.exchange.columns import Bad, Cells, read_column, reading_for
from qmdesk.exchange.mapping import Mapping, Target, places_of, target_named
from qmdesk.exchange.reader import Cell, Table
from qmdesk.exchange.sources import Recipe, plain, unique_headers
from qmdesk.i18n import N_, _
from qmdesk.schema.record import empty

SAMPLES = 5
UNMAPPED = N_("No column is chosen for {field}; it is needed.")


@dataclass
class Frame:
    """Rows with their numbers in the file and their columns by header; cells of a column are fetched once."""

    headers: tuple[str, ...]
    rows: Sequence[Sequence[Cell]]
    numbers: Sequence[int]
    _fetched: dict[str, list[Cell]] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.rows)

    def column(self, header: str) -> list[Cell]:
        """The cells under a header. Raises Known when there is no such column."""
        if header not in self._fetched:
            if header not in self.headers:
                raise Known(_("The file has no column “{column}”. Map its field to another column.").format(column=header))
            at = self.headers.index(header)
            cells = [row[at] for row in self.rows]
            if bool in set(map(type, cells)):  # True is 1 to a dictionary, and no number to a person
                cells = [str(cell).lower() if isinstance(cell, bool) else cell for cell in cells]
            self._fetched[header] = cells
        return self._fetched[header]

    def only(self, wanted: Sequence[bool]) -> Frame:
        """The rows that are wanted."""
        rows = [row for row, one in zip(self.rows, wanted, strict=True) if one]
        return Frame(self.headers, rows, [number for number, one in zip(self.numbers, wanted, strict=True) if one])

    def fed(self, mapping: Mapping, path: str, joined_by: str = "") -> list[Cell]:
        """The cells that feed a field: of several columns the first filled one, or all of them joined."""
        columns = [self.column(header) for header in mapping.columns[path]]
        if len(columns) == 1:
            return columns[0]
        if joined_by:
            return [joined_by.join(str(cell) for cell in cells if cell not in ("", None)) for cells in zip(*columns, strict=True)]
        return [next((cell for cell in cells if cell not in ("", None)), "") for cells in zip(*columns, strict=True)]


def framed(table: Table, recipe: Recipe | None, mapping: Mapping, at_most: int | None = None) -> Frame:
    """The rows of a table that are to be mapped, at most so many of them."""
    headers = unique_headers(table.headers)
    rows: Sequence[Sequence[Cell]] = list(table.rows if at_most is None else islice(table.rows, at_most))
    numbers: Sequence[int] = table.numbers[: len(rows)]
    if recipe is None:
        return Frame(headers, rows, numbers)
    if recipe.split:
        rows, numbers = splitters.apart(recipe.split, headers, rows, numbers)
        headers = (*headers, *recipe.split.gives)
    frame = Frame(headers, rows, numbers)
    keep = [True] * len(frame)
    for path in recipe.skip_without:
        if path in mapping.columns:
            keep = [one and cell not in ("", None) for one, cell in zip(keep, frame.fed(mapping, path), strict=True)]
    for header, words in recipe.skip_values.items():
        unwanted = {plain(word) for word in words}
        actual = next((name for name in headers if plain(name) == plain(header)), None)
        if actual:
            keep = [one and plain(str(cell)) not in unwanted for one, cell in zip(keep, frame.column(actual), strict=True)]
    return frame if all(keep) else frame.only(keep)


def sales_and_returns(frame: Frame, recipe: Recipe | None) -> tuple[Frame, Frame | None]:
    """The rows that are sales, and those that are goods coming back where the source knows them."""
    if recipe is None or recipe.returns is None:
        return frame, None
    sold, back, pieces = splitters.taken_back(recipe.returns, frame.headers, frame.rows)
    sales = frame if all(sold) else frame.only(sold)
    if not any(back):
        return sales, None
    with_pieces = [[*row, piece] for row, piece in zip(frame.rows, pieces, strict=True)]
    return sales, Frame((*frame.headers, splitters.RETURNED), with_pieces, frame.numbers).only(back)


def cells_for(mapping: Mapping, target: Target, recipe: Recipe | None, path: str, column: Iterable[Cell]) -> Cells:
    """The reader of a field's cells, with the habits of this column."""
    item = places_of(target)[path].field
    distinct = dict.fromkeys(column)
    reading = reading_for(item, distinct, mapping.day_order, mapping.decimal, mapping.zone)
    blanks, whole = (recipe.empty, path in recipe.whole_numbers) if recipe else ((), False)
    return Cells(item, reading, mapping.values.get(path, {}), blanks, whole)


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
    """What the mapping screen shows: five samples of each column, and what is wrong so far."""

    samples: dict[str, tuple[str, ...]]
    problems: tuple[Trouble, ...]


def preview(mapping: Mapping, table: Table, recipe: Recipe | None = None, limit: int = 200) -> Preview:
    """Five distinct samples of every column and the problems of the first rows. Raises Known for a missing column."""
    target = target_named(mapping.target)
    frame = framed(table, recipe, mapping, limit)
    samples = {header: _samples(frame.column(header)) for header in frame.headers}
    problems = [Trouble(None, "", "", sentence) for sentence in unmapped(mapping)]
    for path in mapping.columns:
        column = frame.fed(mapping, path, recipe.join.get(path, "") if recipe else "")
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


Progress = Callable[[int, int], None]
