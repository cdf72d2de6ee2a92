"""Writing lists out: to a workbook, a csv file or the clipboard; what a customer wrote stays text in all of them."""

from __future__ import annotations

import csv
import errno
import html
import io
import secrets
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from qmdesk.errors import Known
from qmdesk.exchange.export_columns import UNWRITABLE, Column, Remembered, columns, guarded, plain_maker
from qmdesk.exchange.workbook_writer import SHEET_ROWS, write_workbook
from qmdesk.i18n import _, language, translator
from qmdesk.register import Reading
from qmdesk.schema import types
from qmdesk.schema.query import Query
from qmdesk.schema.record import Record
from qmdesk.schema.types import CellValue

Progress = Callable[[int, int], None]

PAGE = 2_000  # rows between two looks at the register


def export(
    register: Reading,
    query: Query,
    path: Path,
    *,
    fields: Sequence[str] | None = None,
    lang: str | None = None,
    bom: bool | None = None,
    progress: Progress | None = None,
) -> int:
    """Write what a query finds, in its order, to an .xlsx or .csv file; returns how many rows.

    ``fields`` are the columns (all fields of the record by default), ``lang`` the language of headers, words and number
    formats (the interface's by default), ``bom`` whether a csv file begins with a byte order mark (in Polish by default).
    The file appears whole or not at all.

    :raises Known: another kind of file, a field that is not there, too many rows, a file that can't be written.
    """
    kind_of(path)
    lang = lang or language()
    shown = columns(query.kind, fields, lang)
    ids = register.ids(query)
    return write_table(
        path,
        list(shown.values()),
        _pages(register, query.kind, list(shown), ids),
        name=translator(lang)(query.kind.spec.plural),
        about=query.sentence(lang, register.title),
        lang=lang,
        bom=bom,
        total=len(ids),
        progress=progress,
    )


def _pages(register: Reading, kind: type[Record], names: Sequence[str], ids: Sequence[int]) -> Iterator[Sequence[Any]]:
    """The stored values row by row, read in pages, so that neither memory nor a lock on the register grows with the list."""
    for start in range(0, len(ids), PAGE):
        yield from register.values(kind, names, ids[start : start + PAGE])


def write_rows(
    path: Path,
    headers: Sequence[str],
    rows: Iterable[Sequence[Any]],
    *,
    name: str = "",
    about: str = "",
    lang: str | None = None,
    bom: bool | None = None,
    progress: Progress | None = None,
) -> int:
    """Write any table of plain values (text, numbers, days, moments, yes/no, None) to .xlsx or .csv; returns how many rows.

    ``name`` names the worksheet, ``about`` is kept in the workbook's comment.

    :raises Known: as ``export`` does.
    """
    total = len(rows) if isinstance(rows, Sequence) else 0
    lang = lang or language()
    words = {True: types.Flag().show(True, lang), False: types.Flag().show(False, lang)}
    spoken = ([words[value] if value.__class__ is bool else value for value in row] for row in rows)
    return write_table(
        path, [Column(header) for header in headers], spoken, name=name, about=about, lang=lang, bom=bom, total=total, progress=progress
    )


def write_table(
    path: Path,
    shown: Sequence[Column],
    rows: Iterable[Sequence[Any]],
    *,
    name: str,
    about: str,
    lang: str | None,
    bom: bool | None,
    total: int,
    progress: Progress | None,
) -> int:
    """Write rows of values as the columns take them; ``total`` is how many come, 0 when nobody knows. Raises Known."""
    lang = lang or language()
    watched = _watched(rows, total, progress) if progress else rows
    if kind_of(path) == "csv":
        with whole_file(path) as raw:
            return _write_csv(raw, shown, watched, lang, lang == "pl" if bom is None else bom)
    if total >= SHEET_ROWS:
        raise _too_long(path)
    with whole_file(path) as raw:
        written = write_workbook(raw, shown, watched, name, about, lang, total)
        if written is None:
            raise _too_long(path)
        return written


def kind_of(path: Path) -> str:
    """The kind of file that a name asks for. Raises Known for one that can't be written."""
    kind = path.suffix.lower().removeprefix(".")
    if kind not in ("xlsx", "csv"):
        raise Known(_("A list can be written as .xlsx or .csv; give {file} one of these endings.").format(file=path.name))
    return kind


def _too_long(path: Path) -> Known:
    sentence = _("The list has more rows than a worksheet holds ({most}), so {file} was not written. Narrow it with a filter, or save it as .csv.")
    return Known(sentence.format(most=SHEET_ROWS - 1, file=path.name))


def _watched(rows: Iterable[Sequence[Any]], total: int, progress: Progress) -> Iterator[Sequence[Any]]:
    done = 0
    for done, row in enumerate(rows, 1):
        yield row
        if done % PAGE == 0:
            progress(done, max(done, total))
    progress(done, done)


@contextmanager
def whole_file(path: Path) -> Iterator[IO[bytes]]:
    """A file to write that takes its name only when it is complete; whatever goes wrong, an older file of that name stays.

    :raises Known: it can't be written.
    """
    part = path.with_name(f"{path.name}.{secrets.token_hex(3)}.part")  # nobody else's, whoever writes the same list now
    made = False
    try:
        with part.open("xb") as raw:
            made = True
            yield raw
        part.replace(path)
        made = False
    except OSError as error:
        raise Known(_unwritten(path, error)) from error
    finally:
        if made:
            part.unlink(missing_ok=True)


def _unwritten(path: Path, error: OSError) -> str:
    if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        sentence = _("The disk is full: {file} was not written. Free some space, or choose another disk, and try again.")
    elif isinstance(error, FileNotFoundError | NotADirectoryError):
        sentence = _("{file} was not written: the folder {folder} is not there. Choose another folder.")
    elif isinstance(error, PermissionError):
        sentence = _(
            "{file} was not written: it is open in another program, or you may not write in the folder {folder}. "
            "Close it there, or choose another name or folder."
        )
    elif isinstance(error, IsADirectoryError):
        sentence = _("{file} was not written: a folder has this name. Choose another name.")
    else:
        sentence = _("{file} could not be written in the folder {folder}. Check that its disk, stick or network drive is connected, or choose another folder.")
    return sentence.format(file=path.name, folder=path.parent)


def _write_csv(raw: IO[bytes], shown: Sequence[Column], rows: Iterable[Sequence[Any]], lang: str, bom: bool) -> int:
    decimal, delimiter = (",", ";") if lang == "pl" else (".", ",")
    makers = [Remembered(plain_maker(column, decimal)).__getitem__ for column in shown]
    written = 0
    with io.TextIOWrapper(raw, "utf-8-sig" if bom else "utf-8", newline="", write_through=False) as text:
        out = csv.writer(text, delimiter=delimiter)
        out.writerow([guarded(UNWRITABLE.sub("", column.label)) for column in shown])
        for row in rows:
            written += 1
            out.writerow(["" if value is None else make(value) for make, value in zip(makers, row, strict=False)])
    return written


def as_clipboard(
    register: Reading, query: Query, ids: Sequence[int] | None = None, *, fields: Sequence[str] | None = None, lang: str | None = None
) -> tuple[str, str]:
    """The records with these ids (all the query finds by default) as tab-separated text and as an HTML table.

    Text that looks like a formula carries an apostrophe in the text and is declared text in the HTML, so that
    pasting it into a spreadsheet calculates nothing. Raises Known for a field that is not there.
    """
    lang = lang or language()
    shown = columns(query.kind, fields, lang)
    found = list(_pages(register, query.kind, list(shown), register.ids(query) if ids is None else ids))
    makers = [Remembered(plain_maker(column, "," if lang == "pl" else ".")).__getitem__ for column in shown.values()]
    plain = io.StringIO()
    out = csv.writer(plain, delimiter="\t")
    out.writerow([column.label for column in shown.values()])
    heads = "".join(f"<th>{html.escape(column.label)}</th>" for column in shown.values())
    lines = [f"<tr>{heads}</tr>"]
    for row in found:
        texts = ["" if value is None else make(value) for make, value in zip(makers, row, strict=True)]
        out.writerow(texts)
        lines.append("".join(["<tr>", *(_html_cell(column.cell(value), text) for column, value, text in zip(shown.values(), row, texts, strict=True)), "</tr>"]))
    return plain.getvalue(), f'<meta charset="utf-8"><table>{"".join(lines)}</table>'


def _html_cell(value: CellValue, text: str) -> str:
    """One cell: numbers and days as they are, text declared as text in the words of Excel and of LibreOffice."""
    if not isinstance(value, str):
        return f"<td>{html.escape(text)}</td>"
    escaped = html.escape(UNWRITABLE.sub("", value)).replace("\n", "<br>")
    return f"<td style=\"mso-number-format:'\\@'\" sdnum=\"0;0;@\">{escaped}</td>"
