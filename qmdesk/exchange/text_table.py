"""Reading csv, tsv and txt: encoding, delimiter, and rows streamed with their numbers."""

from __future__ import annotations

import codecs
import csv
import hashlib
import io
import math
import re
from collections.abc import Callable, Collection, Iterator
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from qmdesk.exchange.refused import Refused
from qmdesk.exchange.table_layout import (
    COLUMNS,
    HEADER_WITHIN,
    ROWS,
    TOO_LONG,
    TOO_WIDE,
    Numbered,
    header_index,
    header_score,
    label,
)
from qmdesk.i18n import N_

PIECE = 1 << 20
LINE = 16 << 20  # bytes without a line break that no table has
CELL = 1_000_000  # characters in one cell: beyond it a quotation mark was left open
SAMPLE = 256 << 10  # characters looked at for the delimiter
SAMPLE_ROWS = 40
DELIMITERS = ";,\t|"

BINARY = N_(
    "{file} is not a table: it holds binary data. Choose the CSV or Excel file that the shop program exported."
)
LONG_LINE = N_("{file} is not a table: a line of it is longer than {megabytes} MB. Choose the file that was exported.")
BAD_ENCODING = N_(
    "{file} can't be read as {encoding}: some of its bytes mean nothing in it. Choose another encoding."
)
NO_ENCODING = N_("{encoding} is not an encoding this program knows. Choose one from the list.")
OPEN_QUOTE = N_(
    "A quotation mark opened in row {row} of {file} is never closed, so the rest of the file would be one cell. "
    "Correct that row in a text editor, or export the file again."
)

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16: it begins with the same two bytes
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# ą ś ź and their capitals are where the two Polish encodings differ; counted only beside a letter, because the
# same bytes are ± ¶ Ľ ˇ ¦ ¬ in the other one. Bytes 80-9F are quotes and dashes in cp1250, control codes in iso.
_CP1250 = re.compile(rb"(?<=[A-Za-z\xbf-\xff])[\xb9\x9c\x9f]|[\xa5\x8c\x8f\xb9\x9c\x9f](?=[A-Za-z\xbf-\xff])")
_LATIN2 = re.compile(rb"(?<=[A-Za-z\xbf-\xff])[\xb1\xb6\xbc]|[\xa1\xa6\xac\xb1\xb6\xbc](?=[A-Za-z\xbf-\xff])")
_CP1250_ONLY = re.compile(rb"[\x80-\x9f]")
_NOT_CP1250 = re.compile(rb"[\x81\x83\x88\x90\x98]")  # undefined there; ł and ś of DOS (cp852) are among them
_CONTROLS = bytes(set(range(32)) - set(b"\t\n\x0b\x0c\r\x1a\x1b"))
_SEP = re.compile(r'"?sep=(.)"?', re.IGNORECASE)


class TextTable(NamedTuple):
    """A text file whose encoding and delimiter are decided; ``rows`` streams it."""

    path: Path
    digest: str
    encoding: str
    delimiter: str
    size: int
    odd_quotes: bool
    codec: str  # the encoding's name for opening: with a BOM it differs from the one shown
    begins: bool  # with a sep= line
    sheet: None = None
    sheets: tuple[str, ...] = ()
    first_column: int = 0

    def rows(self, progress: Callable[[float], None]) -> Iterator[Numbered]:
        """Every row with its number; blank rows too. A record is a row, however many lines its cells span."""
        csv.field_size_limit(CELL)
        number = 0
        with self.path.open("rb") as raw, io.TextIOWrapper(raw, self.codec, newline="") as text:
            reader = csv.reader(_lines(text), delimiter=self.delimiter, skipinitialspace=True)
            begun = lines = 0
            try:
                for number, row in enumerate(reader, 1):
                    if number % 2000 == 0:
                        progress(raw.tell() / self.size)
                    lines, begun = reader.line_num - begun, reader.line_num
                    if number == 1 and self.begins:
                        continue
                    yield number, [*row]
                if number and lines > 1 and self.odd_quotes:
                    raise Refused(OPEN_QUOTE, row=number)
            except csv.Error:
                raise Refused(OPEN_QUOTE, row=number + 1) from None
            except UnicodeError:
                raise Refused(BAD_ENCODING, encoding=self.encoding) from None


def open_text(
    path: Path, encoding: str | None, delimiter: str | None, known: Collection[str], progress: Callable[[float], None]
) -> TextTable:
    """Look through a text file once (digest, encoding, limits) and decide how it is to be read."""
    survey = _survey(path, _codec(path, encoding), progress)
    sample = _sample(path, survey.codec)
    first = re.split(r"[\r\n]", sample, maxsplit=1)[0]
    declared = _SEP.fullmatch(first)
    if delimiter is None:
        delimiter = declared[1] if declared else _delimiter(path, sample, known)
    return TextTable(
        path, survey.digest, survey.codec.removesuffix("-sig"), delimiter, survey.size, survey.odd_quotes, survey.codec,
        declared is not None,
    )  # fmt: skip


def _lines(text: io.TextIOWrapper) -> Iterator[str]:
    for line in text:
        if "\0" in line:
            raise Refused(BINARY)
        yield line


# --- encoding


class _Survey(NamedTuple):
    digest: str
    codec: str
    size: int
    odd_quotes: bool


def _codec(path: Path, encoding: str | None) -> str | None:
    """The codec that the caller, a BOM or the pattern of zero bytes decides; None when the letters must."""
    with path.open("rb") as raw:
        start = raw.read(64 << 10)
    marked = next((codec for bom, codec in _BOMS if start.startswith(bom)), None)
    if encoding is not None:
        try:
            wanted = codecs.lookup(encoding).name
        except LookupError:
            raise Refused(NO_ENCODING, encoding=encoding) from None
        return marked if marked and marked.removesuffix("-sig") == wanted else wanted
    if marked:
        return marked
    if start.count(0):
        # UTF-16 without a BOM: in European text every second byte is nearly always zero
        half = max(1, len(start) // 2)
        zeros = start[0::2].count(0) / half, start[1::2].count(0) / half
        if max(zeros) > 0.5 and min(zeros) < 0.05:
            return "utf-16-le" if zeros[1] > zeros[0] else "utf-16-be"
        raise Refused(BINARY)
    if sum(map(start.count, (bytes([code]) for code in _CONTROLS))) > max(8, len(start) // 200):
        raise Refused(BINARY)
    return None


def _survey(path: Path, codec: str | None, progress: Callable[[float], None]) -> _Survey:
    """One pass over the bytes: their digest, the encoding where it is open, and what is too much."""
    digest = hashlib.sha256()
    utf8 = codecs.getincrementaldecoder("utf-8")() if codec is None else None
    lines = quotes = run = done = 0
    size = path.stat().st_size
    with path.open("rb") as raw:
        while piece := raw.read(PIECE):
            digest.update(piece)
            done += len(piece)
            run = 0 if b"\n" in piece or b"\r" in piece else run + len(piece)
            if run > LINE:
                raise Refused(LONG_LINE, megabytes=LINE >> 20)
            lines += max(piece.count(b"\n"), piece.count(b"\r"))
            quotes += piece.count(b'"')
            if lines > ROWS and not quotes:
                raise Refused(TOO_LONG, limit=ROWS)
            if codec is None and b"\0" in piece:
                raise Refused(BINARY)
            if utf8 is not None and not _decodes(utf8, piece, done >= size):
                utf8 = None
            progress(done / (size or 1))
    if codec is None:
        codec = "utf-8" if utf8 is not None else _eight_bit(path)
    return _Survey(digest.hexdigest(), codec, size, quotes % 2 == 1)


def _eight_bit(path: Path) -> str:
    """Which of the Polish single-byte encodings it is, by which one gives letters where letters stand."""
    cp1250 = latin2 = cp1250_only = not_cp1250 = 0
    with path.open("rb") as raw:
        while piece := raw.read(PIECE):
            cp1250 += len(_CP1250.findall(piece))
            latin2 += len(_LATIN2.findall(piece))
            cp1250_only += len(_CP1250_ONLY.findall(piece))
            not_cp1250 += len(_NOT_CP1250.findall(piece))
    if not_cp1250:
        return "cp852"
    return "iso-8859-2" if latin2 > cp1250 and not cp1250_only else "cp1250"


def _decodes(decoder: codecs.IncrementalDecoder, piece: bytes, final: bool) -> bool:
    try:
        decoder.decode(piece, final)
    except UnicodeDecodeError:
        return False
    return True


# --- delimiter


def _sample(path: Path, codec: str) -> str:
    try:
        with path.open(encoding=codec, newline="") as text:
            return text.read(SAMPLE)
    except UnicodeError:
        raise Refused(BAD_ENCODING, encoding=codec.removesuffix("-sig")) from None


def _delimiter(path: Path, sample: str, known: Collection[str]) -> str:
    """The delimiter that fits the top of the file best, provided it fits better than none at all."""
    csv.field_size_limit(CELL)
    fits = {delimiter: _fit(sample, delimiter, known) for delimiter in DELIMITERS if delimiter in sample}
    best = max(fits, key=fits.__getitem__, default=None)
    if best is None or fits[best] < _fit(sample, "\x1f", known):  # the unit separator: nobody's delimiter
        return "\t" if path.suffix.lower() in (".tsv", ".tab") else ","
    return best


def _fit(sample: str, delimiter: str, known: Collection[str]) -> float:
    """How good a header the sample has under a delimiter, and how many rows below are about as wide."""
    try:
        reader = csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter, skipinitialspace=True)
        rows = [row for row in islice(reader, SAMPLE_ROWS) if any(map(label, row))]
    except csv.Error:
        return 0.0
    if not rows:
        return math.inf  # nothing but delimiters
    top = rows[:HEADER_WITHIN]
    if max(map(len, top)) > COLUMNS:
        raise Refused(TOO_WIDE, limit=COLUMNS)
    index = header_index(top, known)
    header, below = rows[index], rows[index + 1 :]
    room = len(header) // 4
    alike = sum(abs(len(row) - len(header)) <= room for row in below) / len(below) if below else 0.5
    return (max(0.0, header_score(header, known)) + 0.1 * len(header)) * (0.5 + 0.5 * alike)
