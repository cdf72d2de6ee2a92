"""Letters drawn: the content of a letter goes through a Typst template to a PDF/A-2b file or to page images."""

from __future__ import annotations

import json
import re
import shutil
import struct
import threading
import tomllib
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from functools import cache, lru_cache
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from qmdesk import i18n, places
from qmdesk.errors import Known
from qmdesk.i18n import _
from qmdesk.records.paper import DocumentKind
from qmdesk.register import clock

if TYPE_CHECKING:
    import typst

EVIDENCE = "evidence"  # the template of the evidence pack, which is no letter
WITH_PICTURES = (EVIDENCE, "audit_report", "action_report", "process_map", "management_report")
KEPT = "kept.typ"
KINDS = tuple(str(kind.value) for kind in DocumentKind)


@dataclass(frozen=True)
class Content:
    """What a letter says, complete and already in the letter's language.

    ``facts`` is a tree of str, int, bool, list and dict; nothing in it is ever evaluated. Every part may be left out.
    A string that is not known yet is a gap, ``{"gap": "what is missing", "field": "record.field"}``, drawn as an
    amber mark; a sentence with a gap inside is made by ``fill``.

    - ``date``: the letter's day in ISO form; it dates the PDF, so that the same letter is the same file. Without it: today
    - ``draft``: bool, draws the watermark
    - ``shop``: name, address_lines[], nip, phone, email, website
    - ``place_and_date``, ``document_number``, ``case_number``, ``subject``, ``salutation``
    - ``recipient``: name, address_lines[]
    - ``paragraphs[]``, ``closing[]``: strings; a list of strings among them is drawn as bullets
    - ``highlight``: label, value, note: the one thing to see at a glance (the position taken, the last day to answer)
    - ``particulars[]``: label, value: a table of two columns
    - ``items``, ``further``: columns[], rows[][], align[] of "left" | "right" | "center", foot[][] (rows in bold), title
    - ``blanks[]``: label, value, lines: lines to fill in by hand, some with what is known already
    - ``sections[]``: title, paragraphs[], framed (bool: drawn in a frame, kept on one page)
    - ``tables[]``: more tables, as ``items``; ``pictures``: title, files[] of file and name (the evidence pack's)
    - ``enclosures[]``: strings
    - ``signature``: sign_off, name, role, place_for_customer (bool)
    - ``footer_note``: small print at the end
    - ``labels``: fixed words of the layout that replace those of ``texts`` ("layout.page": ...)
    """

    kind: str
    lang: str
    facts: Mapping[str, object] = field(repr=False)
    logo: bytes | None = field(default=None, repr=False)
    also: Content | None = None
    """The letter that follows in the same file: the same in a second language, or one to somebody else."""


def to_pdf(content: Content) -> bytes:
    """The letter as a PDF/A-2b file; the same content gives the same bytes. A logo that can't be drawn is Known."""
    day = content.facts.get("date")
    # at noon, so that no time zone shows another day
    moment = datetime.combine(date.fromisoformat(str(day)) if day else clock().date(), time(12), tzinfo=UTC)
    (pdf,) = _compile(content, format="pdf", pdf_standards=["a-2b"], timestamp=moment)
    return pdf


def to_pdf_with_pictures(content: Content, pictures: Mapping[str, bytes]) -> bytes:
    """A paper with photos as a PDF/A-2b file; ``pictures`` are its JPEG and PNG files by the names that its facts give them."""
    day = datetime.combine(date.fromisoformat(str(content.facts["date"])), time(12), tzinfo=UTC)
    (pdf,) = _compile_beside(content, pictures, format="pdf", pdf_standards=["a-2b"], timestamp=day)
    return pdf


def to_pages_with_pictures(content: Content, pictures: Mapping[str, bytes], *, dots_per_inch: int = 110) -> list[bytes]:
    """The pages of a paper with photos as PNG pictures."""
    return _compile_beside(content, pictures, format="png", ppi=float(dots_per_inch))


def _compile_beside(content: Content, pictures: Mapping[str, bytes], **output: Any) -> list[bytes]:
    """Draw a paper with photos: Typst reads pictures only from the templates' own folder, so these are laid beside them for a moment."""
    import typst  # slow, and only letters need it

    if content.kind not in WITH_PICTURES:
        raise ValueError(f"no template for a paper with photos of kind {content.kind!r}")
    with TemporaryDirectory(prefix="qmdesk-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        for template in ("letter.typ", f"{content.kind}.typ"):
            shutil.copyfile(_folder() / template, folder / template)
        for file, picture in pictures.items():
            (folder / file).write_bytes(picture)
        drawn = typst.compile(
            str(folder / f"{content.kind}.typ"), root=name, font_paths=_fonts(), ignore_system_fonts=True, sys_inputs=_inputs(content), **output
        )
    assert drawn is not None, "without an output file Typst returns what it drew"
    return drawn if isinstance(drawn, list) else [drawn]


def pages_of(pdf: bytes, *, dots_per_inch: int = 110) -> list[bytes]:
    """The pages of a kept PDF of A4 as PNG pictures, as they were printed then. One that can't be drawn is Known."""
    import typst  # slow, and only papers need it

    with TemporaryDirectory(prefix="qmdesk-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        shutil.copyfile(_folder() / KEPT, folder / KEPT)
        (folder / "kept.pdf").write_bytes(pdf)
        found: list[bytes] = []
        while True:
            try:
                drawn = typst.compile(str(folder / KEPT), root=name, font_paths=_fonts(), ignore_system_fonts=True, sys_inputs={"page": str(len(found) + 1)}, format="png", ppi=float(dots_per_inch))
            except typst.TypstError as error:  # it does not tell how many pages there are, but that there is none any more
                if found:
                    return found
                raise Known(_("The kept file can't be shown: it is damaged. The last copy of the register may have it whole.")) from error
            assert isinstance(drawn, bytes), "one page is drawn at a time"
            found.append(drawn)


def to_pages(content: Content, *, dots_per_inch: int = 110) -> list[bytes]:
    """The letter's pages as PNG pictures, for the preview and the printer. A logo that can't be drawn is Known."""
    return _compile(content, format="png", ppi=float(dots_per_inch))


@dataclass(frozen=True)
class Gap:
    """Where a gap is drawn: the page's place in ``to_pages`` and a rectangle in parts (0 to 1) of its width and height."""

    field: str
    page: int
    x: float
    y: float
    width: float
    height: float


def gaps(content: Content) -> list[Gap]:
    """The gaps of the letter as they stand on its pages, for a preview in which they can be clicked."""
    import typst  # slow, and only letters need it

    inputs = _inputs(content)
    with _WARM:
        found = typst.query(
            str(_template(content)),
            "<gap>",
            field="value",
            root=str(_folder()),
            font_paths=_fonts(),
            ignore_system_fonts=True,
            sys_inputs=inputs,
        )
    return [
        Gap(
            mark["field"],
            mark["page"] - 1,
            mark["x"] / _A4[0],
            mark["y"] / _A4[1],
            mark["width"] / _A4[0],
            mark["height"] / _A4[1],
        )
        for mark in json.loads(found)
    ]


_A4 = (210 / 25.4 * 72, 297 / 25.4 * 72)  # points


@cache
def texts(lang: str) -> Mapping[str, str]:
    """The text blocks of the letters in "pl" or "en", by dotted key: ``texts("pl")["answer.adr_consent"]``."""
    name = lang if lang in i18n.LANGUAGES else i18n.SOURCE_LANGUAGE
    blocks = tomllib.loads((_folder() / f"texts_{name}.toml").read_text(encoding="utf-8"))
    return MappingProxyType(
        {f"{table}.{key}": text for table, entries in blocks.items() for key, text in entries.items()}
    )


def fill(text: str, /, **values: object) -> str | dict[str, object]:
    """The text block with its {placeholders} filled in.

    Values are strings or gaps. Without a gap the result is a string, with one it is ``{"parts": [...]}``, which may
    stand in the facts wherever a string may. A placeholder that has no value is Known: the owner edits these texts.
    """
    parts: list[object] = []
    for index, piece in enumerate(_PLACEHOLDER.split(text)):
        if index % 2 == 0:
            parts.append(piece)
        elif piece in values:
            parts.append(values[piece])
        else:
            raise Known(
                _(
                    "The text block “{text}” asks for {{{name}}}, which this letter does not have. Take it out in Settings."
                ).format(text=text[:60], name=piece)
            )
    parts = [part for part in parts if part != ""]
    if any(isinstance(part, Mapping) for part in parts):
        return {"parts": parts}
    return "".join(str(part) for part in parts)


_PLACEHOLDER = re.compile(r"\{(\w+)\}")


# --- Typst ----------------------------------------------------------------------------------------------------------

_WARM = threading.Lock()  # the compiler keeps fonts and files between letters and serves one thread at a time


def _folder() -> Path:
    return places.resources() / "documents"


@cache
def _fonts() -> typst.Fonts:
    import typst  # slow, and only letters need it

    # Typst brings Libertinus; DejaVu has the symbols and other alphabets, Last Resort a frame for whatever is left, so
    # no character of a customer can break PDF/A. System fonts would make a letter differ from computer to computer.
    return typst.Fonts(include_system_fonts=False, font_paths=[str(_dejavu())])


def font_file(name: str) -> Path:
    """A font that letters and drawings are written in, such as DejaVuSans.ttf."""
    return _dejavu() / name


def _dejavu() -> Path:
    found = find_spec("matplotlib")  # asked where it lies, not imported: that takes half a second
    if found is None or found.origin is None:
        raise RuntimeError("matplotlib, which brings the fonts of the letters, is not installed")
    return Path(found.origin).parent / "mpl-data" / "fonts" / "ttf"


@cache
def _compiler() -> typst.Compiler:
    import typst  # slow, and only letters need it

    return typst.Compiler(root=str(_folder()), font_paths=_fonts(), ignore_system_fonts=True)


def _compile(content: Content, **output: Any) -> list[bytes]:
    inputs = _inputs(content)
    with _WARM:
        drawn = _compiler().compile(str(_template(content)), sys_inputs=inputs, **output)
    assert drawn is not None, "without an output file Typst returns what it drew"
    return drawn if isinstance(drawn, list) else [drawn]


REGISTERS = ("register", "audit_form", "claim_list", "review", "buyers_letter")  # no letters of a case: their facts are described in documents/month.py, audit_report.py, claim_list.py, review_report.py, buyers_letter.py


def _template(content: Content) -> Path:
    if content.kind not in (*KINDS, *REGISTERS):
        raise ValueError(f"no template for a letter of kind {content.kind!r}")
    return _folder() / f"{content.kind}.typ"


def _inputs(content: Content) -> dict[str, str]:
    inputs = {"letter": _letter(content)}
    if content.logo is not None:
        inputs["logo"] = _logo(content.logo)
    return inputs


def _letter(content: Content) -> str:
    sheets = []
    one: Content | None = content
    while one is not None:
        sheets.append(_printable(_sheet(one), one.lang))
        one = one.also
    return json.dumps({"letters": sheets}, ensure_ascii=False)


def _sheet(content: Content) -> dict[str, object]:
    blocks = {key: text for key, text in texts(content.lang).items() if key.startswith("layout.")}
    given = content.facts.get("labels")
    if isinstance(given, Mapping):
        blocks |= given
    return {"lang": content.lang, "labels": blocks, "facts": dict(content.facts)}


# --- what may be printed ----------------------------------------------------------------------------------------------

_NEW_LINE = re.compile("\r\n|[\r\v\f\x85\u2028\u2029]")
# control characters, and the marks that let a text run backwards over its neighbours
_UNPRINTABLE = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]")
_HALF = re.compile("[\ud800-\udfff]")  # half a character, as a badly cut text leaves it
# Polish typography: what may not part at the end of a line: a preposition of one letter, art. 7a, 2026 r.
_HELD = re.compile(
    r"(?<=[\s(„])(?:[AIOUWZaiouwz]|(?:art|ust|lit|pkt|poz|nr|Nr)\.?) (?=\S)|(?<=\d) (?=r\.|zł)"
)

_HELD_ENGLISH = re.compile(r"(?<=[\s(])art\. (?=\d)")


def _printable(value: object, lang: str) -> object:
    if isinstance(value, str):
        text = _NEW_LINE.sub("\n", value).replace("\t", " ")
        text = _HALF.sub("\ufffd", _UNPRINTABLE.sub("", text))
        return (_HELD if lang == "pl" else _HELD_ENGLISH).sub(lambda held: held[0][:-1] + "\u00a0", text)
    if isinstance(value, Mapping):
        return {str(key): _printable(part, lang) for key, part in value.items() if part is not None}
    if isinstance(value, list | tuple):
        return [_printable(part, lang) for part in value]
    return value


_LOGO_BOX = (900, 400)  # pixels: 60 mm at 380 dots per inch, more than an office printer shows
_LOGO_MOST_PIXELS = 60_000_000


@lru_cache(maxsize=4)
def _logo(picture: bytes) -> str:
    """The logo as a JSON list of the bytes of a small PNG: Typst makes an image of bytes, but JSON has no bytes."""
    from PIL import Image, ImageOps  # 30 ms that only a letterhead with a logo needs

    try:
        with Image.open(BytesIO(picture), formats=("PNG", "JPEG")) as opened:
            if opened.width * opened.height > _LOGO_MOST_PIXELS:
                raise Known(
                    _("The logo can't be drawn: the picture is too large. Choose a smaller one in Settings.")
                )
            image = ImageOps.exif_transpose(opened)
            image = image.convert("RGBA" if image.has_transparency_data else "RGB")
    except (
        OSError,
        SyntaxError,
        ValueError,
        EOFError,
        struct.error,
        zlib.error,
        Image.DecompressionBombError,
    ) as error:
        raise Known(
            _(
                "The logo can't be drawn: the file is damaged or is not a PNG or JPEG picture. Choose another one in Settings."
            )
        ) from error
    image.thumbnail(_LOGO_BOX)
    png = BytesIO()
    image.save(png, "PNG")
    return json.dumps(list(png.getvalue()))
