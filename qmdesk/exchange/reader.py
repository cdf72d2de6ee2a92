"""Reading other people's tables: any csv, tsv, xlsx, xls or ods becomes plain rows, or one sentence why it can't."""

from __future__ import annotations

import marshal
import pickle
import struct
from array import array
from bisect import bisect_right
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, overload

from qmdesk.errors import Known
from qmdesk.exchange import child_process
from qmdesk.exchange.child import EMPTY, LOCKED, MEMORY, STEPS
from qmdesk.exchange.refused import Facts
from qmdesk.exchange.table_layout import Cell
from qmdesk.i18n import N_, _, show_number

__all__ = ["Cell", "Table", "read_table"]

LARGEST_FILE = 1 << 30  # bytes
CHILD_MEMORY = 1536 << 20  # bytes the child may hold
RECEIVED = 1 << 30  # bytes of rows taken from it
BASE_SECONDS = 25.0
SECONDS_PER_MB = 2.0  # a slow laptop reads 1 MB of xlsx (8,000 rows of 20 columns) in under one

MISSING = N_("{file} isn't there. Check its name, and whether it was moved or renamed.")
FOLDER = N_("{file} is a folder. Choose a file in it.")
LARGE = N_("{file} is larger than {megabytes} MB. Split it into several files and import them one after another.")
TIME = N_(
    "{file} took longer than {seconds} seconds to read, so it was given up. Save only the sheet with the table, as CSV, "
    "and choose that."
)
CRASH = N_(
    "{file} made the reading stop: it is damaged, or it was made to fill the memory. Open it in a spreadsheet program, "
    "save the sheet with the table as CSV and choose that."
)


@dataclass(frozen=True)
class Table:
    """A table as it stands in the user's file.

    ``rows`` and ``numbers`` are parallel; a number is the 1-based row as a spreadsheet counts it (in a text file: the
    record, blank ones and a ``sep=`` line counted). Every row has as many cells as there are headers. A blank cell is
    "" and never None; a text file's cells are all str; of a workbook whole numbers are int, dates and times typed.
    A header is one line of text; a column without one is called by its letters, [C]. Headers may repeat.
    """

    path: Path
    sheet: str | None
    sheets: tuple[str, ...]
    encoding: str | None
    delimiter: str | None
    headers: tuple[str, ...]
    header_row: int
    numbers: Sequence[int]
    rows: Sequence[Sequence[Cell]]
    digest: str
    notes: tuple[str, ...]


class PackedRows(Sequence[Sequence[Cell]]):
    """Rows kept as the child sent them, an eighth of their size as lists, and unpacked a chunk at a time."""

    def __init__(self, chunks: list[bytes], starts: list[int], length: int) -> None:
        self._chunks = chunks
        self._starts = starts  # index of each chunk's first row
        self._length = length
        self._open: tuple[int, list[tuple[Cell, ...]]] = (-1, [])

    def __len__(self) -> int:
        return self._length

    @overload
    def __getitem__(self, index: int) -> Sequence[Cell]: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Sequence[Cell]]: ...
    def __getitem__(self, index: int | slice) -> Sequence[Cell] | Sequence[Sequence[Cell]]:
        if isinstance(index, slice):
            return [self[place] for place in range(*index.indices(self._length))]
        place = index + self._length if index < 0 else index
        if not 0 <= place < self._length:
            raise IndexError(index)
        chunk = bisect_right(self._starts, place) - 1
        if self._open[0] != chunk:
            self._open = chunk, list(zip(*_columns(self._chunks[chunk]), strict=True))
        return self._open[1][place - self._starts[chunk]]

    def __iter__(self) -> Iterator[Sequence[Cell]]:
        for chunk in self._chunks:
            yield from zip(*_columns(chunk), strict=True)

    def columns(self) -> list[list[Cell]]:
        """The cells of each column, from the first row to the last; [] where there is no row."""
        found: list[list[Cell]] = []
        for chunk in self._chunks:
            columns = _columns(chunk)
            found = found or [[] for _column in columns]
            for whole, cells in zip(found, columns, strict=True):
                whole.extend(cells)
        return found


def _columns(chunk: bytes) -> list[Sequence[Cell]]:
    """The columns of a chunk as the child packed them."""
    return [pickle.loads(column) for column in pickle.loads(chunk)]


def read_table(
    path: Path,
    *,
    encoding: str | None = None,
    delimiter: str | None = None,
    sheet: str | None = None,
    header_row: int | None = None,
    known_headers: Collection[str] = (),
    at_most: int | None = None,
    footer: bool = True,
    progress: Callable[[int, int], None] | None = None,
) -> Table:
    """The table in ``path``; what isn't given (encoding, delimiter, sheet, header row) is found out.

    ``known_headers``, in lower case without diacritics, help to find the header. ``at_most`` rows are enough for a
    preview; without ``footer`` a sentence below the table is a row like any other. ``progress(done, total)`` is called at
    least every tenth of a second; when it raises (Cancelled), the reading ends at once. Known: the file is missing,
    locked, too large, blank, damaged, hostile or no table.
    """
    seconds = BASE_SECONDS + SECONDS_PER_MB * _size(path) / 1e6
    request = {
        "path": str(path.resolve()),
        "encoding": encoding,
        "delimiter": delimiter,
        "sheet": sheet,
        "header_row": header_row,
        "known": tuple(known_headers),
        "at_most": at_most,
        "footer": footer,
    }
    chunks: list[bytes] = []
    starts: list[int] = []
    numbers = array("q")
    head: tuple[Any, ...] = ()
    if progress is not None:
        progress(0, STEPS)
    try:
        with closing(child_process.frames(request, seconds, CHILD_MEMORY, RECEIVED, progress)) as frames:
            for kind, payload in frames:
                if kind == b"H":
                    head = marshal.loads(payload)
                elif kind == b"R":
                    (count,) = struct.unpack_from(">I", payload)
                    starts.append(len(numbers))
                    numbers.frombytes(payload[4 : 4 + 8 * count])
                    chunks.append(payload[4 + 8 * count :])
                elif kind == b"E":
                    raise _known(path, *marshal.loads(payload))
                elif kind == b"X":
                    raise RuntimeError(payload.decode())
                elif kind == b"N":
                    notes = tuple(_sentence(path, *note) for note in marshal.loads(payload))
                    break
    except child_process.Died as died:
        if died.why == "time":
            raise _known(path, TIME, {"seconds": round(seconds)}) from None
        raise _known(path, MEMORY if died.why == "memory" else CRASH, {}) from None
    if progress is not None:
        progress(STEPS, STEPS)
    found_sheet, sheets, found_encoding, found_delimiter, headers, row, digest = head
    return Table(
        path, found_sheet, sheets, found_encoding, found_delimiter, headers, row, numbers,
        PackedRows(chunks, starts, len(numbers)), digest, notes,
    )  # fmt: skip


def _size(path: Path) -> int:
    """The file's size in bytes, once it is sure that it can be opened and isn't too large."""
    try:
        if path.is_dir():
            raise _known(path, FOLDER, {})
        if path.exists() and not path.is_file():
            raise _known(path, LOCKED, {})  # a pipe or a device: opening it could wait for ever
        with path.open("rb"):
            size = path.stat().st_size
    except FileNotFoundError:
        raise _known(path, MISSING, {}) from None
    except OSError:
        raise _known(path, LOCKED, {}) from None
    if not size:
        raise _known(path, EMPTY, {})
    if size > LARGEST_FILE:
        raise _known(path, LARGE, {"megabytes": LARGEST_FILE >> 20})
    return size


def _known(path: Path, text: str, facts: Facts) -> Known:
    return Known(_sentence(path, text, facts))


def _sentence(path: Path, text: str, facts: Facts) -> str:
    shown = {name: show_number(fact) if isinstance(fact, int) else fact for name, fact in facts.items()}
    return _(text).format(file=path.name or path.resolve().name or path, **shown)
