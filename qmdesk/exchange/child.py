"""The child process that reads one table: its limits, what the file really is, and the frames it answers with.

It starts quickly, so it imports little. A frame is one byte of kind, four of length, and the payload:
P progress (two u4) · H what the table is (marshal) · R rows (u4 count, their numbers as i8, pickled columns) ·
N notes and the end (marshal) · E a refusal (marshal) · X a mistake of ours (its traceback).
"""

from __future__ import annotations

import marshal
import os
import pickle
import re
import struct
import sys
import traceback
from array import array
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from qmdesk.exchange import text_table
from qmdesk.exchange.refused import PASSWORD, UNREADABLE, Refused
from qmdesk.exchange.table_layout import Cell, lay_out, whole
from qmdesk.i18n import N_

ARGUMENT = "--read-table"  # the frozen program is its own interpreter: this first argument makes it the child
STEPS = 1000  # the whole of a progress

LOCKED = N_("{file} can't be opened. Close it in the program that holds it open, or check that you may read it.")
EMPTY = N_("{file} is empty. Export it again, or choose another file.")
MEMORY = N_(
    "{file} needs more memory than a table of its size should. Save only the sheet with the table, as CSV, or split it."
)
PICTURE = N_("{file} is a picture, whatever its name says. Choose the CSV or Excel file that was exported.")
PDF = N_("{file} is a PDF document. A table can't be read from it; export it as CSV or Excel.")
PACKED = N_("{file} is a packed archive. Unpack it and choose the table that is inside.")
NO_WORKBOOK = N_("{file} is not a workbook but another kind of document. Choose the CSV or Excel file that was exported.")
WEB_PAGE = N_(
    "{file} is a web page, whatever its name says. Open it in a spreadsheet program, save it as .xlsx or .csv and "
    "choose that file."
)
XML = N_(
    "{file} is an XML file. Open it in a spreadsheet program, save it as .xlsx or .csv and choose that file."
)
JSON = N_("{file} is a JSON file. Export the table as CSV or Excel and choose that file.")
DATABASE = N_("{file} is a database or a register, not a table. Choose the CSV or Excel file that was exported.")

_SIGNATURES = (
    (b"%PDF", PDF),
    (b"\x89PNG", PICTURE),
    (b"\xff\xd8\xff", PICTURE),
    (b"GIF8", PICTURE),
    (b"RIFF", PICTURE),
    (b"II*\0", PICTURE),
    (b"MM\0*", PICTURE),
    (b"BM", PICTURE),
    (b"\0\0\0", PICTURE),  # heic and its kin: ....ftyp
    (b"\x1f\x8b", PACKED),
    (b"7z\xbc\xaf\x27\x1c", PACKED),
    (b"Rar!", PACKED),
    (b"BZh", PACKED),
    (b"\xfd7zXZ", PACKED),
    (b"SQLite format 3\0", DATABASE),
)
_SHORT = {b"BM": b"\0", b"RIFF": b"WEBP", b"\0\0\0": b"ftyp", b"BZh": b"1AY&SY"}  # also ordinary text: ask for more
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_WEB = re.compile(rb"\s*(?:<!--.*?-->\s*)?<(?:!doctype\s+html|html|head|body|meta|table|style|div)\b", re.I | re.S)
_JSON = re.compile(rb"\s*(?:\{\s*[\"}]|\[\s*[\[{])")

# our own csv export puts an apostrophe before a formula's beginning, other programs before digits ('2759)
_APOSTROPHE = re.compile(r"'+[0-9=+\-@\t\r]")


def main(argv: list[str]) -> int:
    """Read the table that the request on stdin asks for and answer in frames on stdout. 0, whatever the verdict."""
    answer = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints must not get between the frames
    request = marshal.loads(_everything(0))
    _limit(request["memory"], request["seconds"])

    import gc  # only what follows needs it

    gc.disable()  # rows are plain lists without cycles; collecting among millions of cells costs half the time

    def send(kind: bytes, payload: bytes) -> None:
        answer.write(struct.pack(">cI", kind, len(payload)))
        answer.write(payload)
        answer.flush()

    try:
        read(request, send)
    except Refused as refused:
        send(b"E", marshal.dumps((refused.text, refused.facts)))
    except MemoryError:
        send(b"E", marshal.dumps((MEMORY, {})))
    except BrokenPipeError:
        return 1  # the parent has gone or has lost its interest
    except OSError:  # the file went or was locked since the parent looked
        send(b"E", marshal.dumps((LOCKED, {})))
    except Exception as error:  # a mistake of ours; the message may hold the user's data, the places don't
        places = "".join(traceback.format_tb(error.__traceback__))
        send(b"X", f"{type(error).__name__} in the reading process\n{places}".encode())
    return 0


def read(request: dict[str, Any], send: Callable[[bytes, bytes], None]) -> None:
    """Read as the request says and send the head, the rows in chunks and the end."""
    path = Path(request["path"])

    def progress(share: float) -> None:
        send(b"P", struct.pack(">II", int(share * STEPS), STEPS))

    known = frozenset(request["known"])
    source: Any
    ours = False
    kind = content_kind(path)
    if kind == "text":
        source = text_table.open_text(
            path, request["encoding"], request["delimiter"], known, lambda share: progress(0.2 * share)
        )
        rows = source.rows(lambda share: progress(0.2 + 0.8 * min(1.0, share)))
    else:
        from qmdesk.exchange.workbook_guard import (  # a fifth of this process's start, which a text does without
            scan,
            written_by_us,
        )
        from qmdesk.exchange.workbook_table import open_workbook  # as above

        if kind == "zip":
            _check_parts(scan(path, lambda share: progress(0.2 * share)))
            ours = written_by_us(path)
        source = open_workbook(path, request["sheet"], kind == "zip", progress)
        rows = source.rows
    layout = lay_out(rows, known, request["header_row"], source.first_column)
    header = layout.header
    head = source.sheet, source.sheets, source.encoding, source.delimiter, tuple(header.labels), header.row, source.digest
    send(b"H", marshal.dumps(head))
    for numbers, chunk in layout.chunks(request["at_most"], footer=request["footer"]):
        send(b"R", struct.pack(">I", len(numbers)) + array("q", numbers).tobytes() + packed(chunk, ours))
    send(b"N", marshal.dumps(layout.notes))


def packed(chunk: list[list[Cell]], ours: bool) -> bytes:
    """The rows as columns, each pickled by itself: what is to be put right is found by one look at a column."""
    return pickle.dumps([_pickled(column, ours) for column in zip(*chunk, strict=True)], 5)


def _pickled(column: Sequence[Cell], ours: bool) -> bytes:
    """Whole numbers as int, and no apostrophes that only keep a spreadsheet from counting with a text."""
    if float in set(map(type, column)):
        column = list(map(whole, column))
    data = pickle.dumps(column, 5)
    if ours or b"'" not in data:  # spares the look at every cell
        return data
    return pickle.dumps([cell[1:] if cell.__class__ is str and _APOSTROPHE.match(cell) else cell for cell in column], 5)


def content_kind(path: Path) -> str:
    """ "zip", "ole" (old Excel) or "text", by the content and not by the name; everything else is refused."""
    with path.open("rb") as raw:
        start = raw.read(4096)
        if not start:
            raise Refused(EMPTY)
        if start.startswith((b"PK\x03\x04", b"PK\x05\x06")):
            return "zip"
        if start.startswith(_OLE):
            raw.seek(0)
            _check_ole(raw.read(64 << 20))
            return "ole"
    for signature, verdict in _SIGNATURES:
        if start.startswith(signature) and _SHORT.get(signature, b"") in start[:16]:
            raise Refused(verdict)
    plain = start.replace(b"\0", b"").removeprefix(b"\xef\xbb\xbf").removeprefix(b"\xff\xfe").removeprefix(b"\xfe\xff")
    if _WEB.match(plain):
        raise Refused(WEB_PAGE)
    if plain.lstrip().startswith(b"<?xml"):
        raise Refused(XML)
    if _JSON.match(plain):
        raise Refused(JSON)
    return "text"


def _check_ole(data: bytes) -> None:
    """Old containers: an encrypted xlsx hides in one, and Word and Outlook use them too."""
    if "EncryptedPackage".encode("utf-16-le") in data:
        raise Refused(PASSWORD)
    if not any(name.encode("utf-16-le") in data for name in ("Workbook", "Book", "BOOK", "WORKBOOK")):
        raise Refused(NO_WORKBOOK)


def _check_parts(names: list[str]) -> None:
    """A zip without a workbook in it is a document of another program or an archive."""
    lower = {name.lower().replace("\\", "/") for name in names}
    if any(name.endswith(("workbook.xml", "workbook.bin")) for name in lower):
        return
    if "content.xml" in lower:
        return  # OpenDocument: whether it is a spreadsheet, calamine tells
    if "[content_types].xml" in lower:
        raise Refused(NO_WORKBOOK if any(name.startswith(("word/", "ppt/")) for name in lower) else UNREADABLE)
    raise Refused(PACKED)


def _everything(descriptor: int) -> bytes:
    with os.fdopen(descriptor, "rb", closefd=False) as stream:
        return stream.read()


def _limit(memory: int, seconds: int) -> None:
    """Bound this process where the system can do it; elsewhere the parent watches."""
    if sys.platform != "win32":
        import resource

        for limit, value in ((resource.RLIMIT_AS, memory), (resource.RLIMIT_CPU, seconds), (resource.RLIMIT_CORE, 0)):
            try:
                resource.setrlimit(limit, (value, value))
            except (ValueError, OSError):
                continue  # macOS has no RLIMIT_AS worth the name, containers may forbid it


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
