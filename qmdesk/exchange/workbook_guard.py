"""The look into a workbook's zip before any library parses it: sizes, names, declarations, cells far away."""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

from qmdesk.exchange.refused import PASSWORD, Refused
from qmdesk.i18n import N_

PARTS = 10_000
UNPACKED = 512 << 20  # bytes of all parts; 100,000 rows of 20 columns unpack to 85 MB
CELLS = 10_000_000  # cells that hold a value, in one sheet
BOX = 30_000_000  # rows times columns of the smallest rectangle around the values, for which calamine takes 32 bytes each
LAST_ROW = 1_048_576  # Excel's; so a sheet that ends before column AA always fits the box
PIECE = 1 << 20
OVERLAP = 256  # bytes seen again with the next piece, so that nothing hides on the seam

INCOMPLETE = N_(
    "{file} is incomplete or damaged: its end is missing. Download it again, or open it in a spreadsheet program "
    "and save it anew."
)
DAMAGED = N_(
    "{file} is damaged: its contents don't match their checksums. Get a fresh copy, or open it in a spreadsheet "
    "program and save it anew."
)
HUGE = N_(
    "{file} would unpack to more than {megabytes} MB, which no table of a shop needs. Save only the sheet with the "
    "table, as CSV, and choose that."
)
DECLARATIONS = N_(
    "{file} contains XML declarations that no spreadsheet program writes, so it isn't opened. Open it in a "
    "spreadsheet program and save it anew if you trust where it came from."
)
FAR = N_(
    "{file} has a value far from its table, in cell {cell}, so that it would be read as {rows} rows of {columns} "
    "columns. Delete that value in a spreadsheet program and save the file."
)
MANY_CELLS = N_(
    "{file} has more than {cells} filled cells in one sheet. Split it into smaller files, or save the sheet as CSV."
)

_DECLARATIONS = [word.encode(form) for word in ("<!DOCTYPE", "<!ENTITY") for form in ("ascii", "utf-16-le", "utf-16-be")]
_VALUES = (b"</v>", b"</is>", b":v>", b"</text:p>")
# tried at every cell: the literal beginning makes them ten times as fast
_WIDE = re.compile(rb' r="([A-Z]{2,3})[0-9]')  # a cell beyond column Z
_ROW = re.compile(rb' r="([0-9]{1,9})"')
_FILLED = re.compile(
    rb"""<(?:\w+:)?c\s[^>]*?\br=["']([A-Z]{1,3})([0-9]{1,9})["'][^>]*?(?<!/)>\s*<(?:\w+:)?(?:v|is|f)\b"""
)
_NO_TABLE = ("/media/", "pictures/", "thumbnails/")  # pictures may be SVG with a DOCTYPE; nobody parses them here


def scan(path: Path, progress: Callable[[float], None]) -> list[str]:
    """Refuse a zip that no honest program writes or that would fill the memory; else the names of its parts.

    Streams every part once, in pieces; the checksums are verified on the way. ``progress`` gets a share 0..1.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
            _check_directory(parts)
            whole = sum(part.compress_size for part in parts) or 1
            done = 0
            for part in parts:
                begun, weight = done / whole, part.compress_size / whole

                def part_progress(share: float, begun: float = begun, weight: float = weight) -> None:
                    progress(begun + weight * share)

                _scan_part(archive, part, part_progress)
                done += part.compress_size
            return [part.filename for part in parts]
    except zipfile.BadZipFile as error:
        raise Refused(DAMAGED if "CRC" in str(error) else INCOMPLETE) from None
    except (EOFError, zlib.error, NotImplementedError, ValueError, OverflowError):
        raise Refused(DAMAGED) from None


def _check_directory(parts: list[zipfile.ZipInfo]) -> None:
    if len(parts) > PARTS:
        raise Refused(
            N_("{file} consists of {parts} parts, far more than a workbook has. It isn't opened."), parts=len(parts)
        )
    if sum(part.file_size for part in parts) > UNPACKED:  # a part that holds more than it says fails its checksum
        raise Refused(HUGE, megabytes=UNPACKED >> 20)
    for part in parts:
        name = part.filename.replace("\\", "/")
        if ".." in name.split("/") or name.startswith("/") or name[1:2] == ":":
            raise Refused(
                N_("{file} contains a part that points outside of it ({part}), so it isn't opened."), part=name[:80]
            )
        if part.flag_bits & 1:
            raise Refused(PASSWORD)
        if part.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise Refused(DAMAGED)


def _scan_part(archive: zipfile.ZipFile, part: zipfile.ZipInfo, progress: Callable[[float], None]) -> None:
    """Refuse declarations, too many values and values far away; ``progress`` gets the share of the part."""
    parsed = not any(folder in f"/{part.filename.lower()}" for folder in _NO_TABLE)
    countable = part.file_size > CELLS * 15  # <c><v>1</v></c> is 15 bytes
    values = rows = done = 0  # rows are counted once a wide row is seen, which is the first one in an honest table
    first = True
    wide: set[bytes] = set()
    for piece in _pieces(archive, part):
        done += PIECE
        progress(min(1.0, done / (part.file_size or 1)))
        if not parsed:
            continue
        if b"!" in piece and any(word in piece for word in _DECLARATIONS):  # one quick look spares six
            raise Refused(DECLARATIONS)
        if part.filename == "META-INF/manifest.xml" and b"encryption-data" in piece:
            raise Refused(PASSWORD)
        if countable:
            values += sum(map(piece.count, _VALUES))
            if values > CELLS:
                raise Refused(MANY_CELLS, cells=CELLS)
        if b" r='" in piece:
            piece = piece.replace(b"'", b'"')
        if rows or _WIDE.search(piece):
            rows = max(rows, 1 if first else LAST_ROW, *map(int, _ROW.findall(piece)))
            wide.update(_WIDE.findall(piece))
        first = False
    # these bounds count styled empty cells too; only when they are too large is every cell looked at
    if rows * max(map(_column, wide), default=0) > BOX:
        _look_at_cells(archive, part)


def _look_at_cells(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    """Refuse when the cells that hold something span too large a rectangle; styled empty cells don't count."""
    rows = columns = 0
    for piece in _pieces(archive, part):
        for letters, digits in _FILLED.findall(piece):
            rows = max(rows, int(digits))
            columns = max(columns, _column(letters))
            if rows * columns > BOX:
                raise Refused(FAR, cell=f"{letters.decode()}{digits.decode()}", rows=rows, columns=columns)


def _pieces(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> Iterator[bytes]:
    seam = b""
    with archive.open(part) as stream:
        while piece := stream.read(PIECE):
            yield seam + piece
            seam = piece[-OVERLAP:]


def _column(letters: bytes) -> int:
    """The number of a column: A is 1, XFD is 16384."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def written_by_us(path: Path) -> bool:
    """Whether a workbook is our own export: no apostrophe was put into it, so one that is there was meant."""
    try:
        with zipfile.ZipFile(path) as archive, archive.open("docProps/core.xml") as part:
            return b"<dc:creator>QMDesk</dc:creator>" in part.read(4096)
    except (KeyError, zipfile.BadZipFile, zlib.error, OSError, EOFError, RuntimeError, NotImplementedError):
        return False
