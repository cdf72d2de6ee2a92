"""Files of a case: photos made small, upright and without their position, other files as they are."""

from __future__ import annotations

import io
import mimetypes
from collections.abc import Sequence
from typing import TYPE_CHECKING

from qmdesk.errors import Known
from qmdesk.i18n import _
from qmdesk.records.paper import Attachment
from qmdesk.register import Transaction, clock
from qmdesk.schema.types import clean

if TYPE_CHECKING:
    from PIL import Image

LONGEST_SIDE = 2000  # pixels: enough to see a scratch, a tenth of a phone's megabytes
LARGEST_FILE = 20_000_000  # bytes
MOST_PIXELS = 120_000_000
DEVICE_NAMES = {"con", "prn", "aux", "nul", *(f"{word}{n}" for word in ("com", "lpt") for n in range(1, 10))}

HEIC_BRANDS = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1")  # ISO/IEC 23008-12, annex B

Staged = tuple[str, bytes]


def safe_name(name: str) -> str:
    """The name a file may be shown and saved under on any system: no folders, no device names, not too long."""
    bare = clean(name.replace("\\", "/").rpartition("/")[2])
    bare = "".join("_" if letter in '<>:"|?*\n\r\t' else letter for letter in bare).rstrip(". ")
    if bare.partition(".")[0].strip().lower() in DEVICE_NAMES:  # Windows means the device whatever follows the first dot
        bare = f"_{bare}"
    while len(bare.encode("utf-8")) > 120:
        stem, dot, ending = bare.rpartition(".")
        bare = f"{stem[:-1]}{dot}{ending}" if stem and len(ending) < 10 else bare[:-1]
    return bare or "file"


def _tells_more(picture: Image.Image) -> bool:
    """Whether a picture carries more than its points and colours: position, comments, what lies after its end."""
    return bool(picture.getexif()) or any(name not in ("jfif", "jfif_version", "jfif_unit", "jfif_density", "dpi", "icc_profile", "gamma", "srgb", "progressive", "progression", "adobe", "adobe_transform") for name in picture.info)


def prepare_picture(content: bytes) -> tuple[bytes, str]:
    """A picture as it is kept: upright, at most 2000 pixels long, without position data; and its media type.

    Raises Known for what is no picture, too large to open, or an iPhone's HEIC.
    """
    from PIL import Image, ImageOps  # slow to import, and only pictures need it

    # pillow-heif brings x265 (GPL) along, pi-heif libheif and libde265 (LGPL)
    if content[4:8] == b"ftyp" and content[8:12] in HEIC_BRANDS:
        raise Known(_("This photo is an iPhone's HEIC, which can't be opened here. Save it as JPEG and add that; in the camera's settings the telephone can be told to take photos as JPEG."))
    try:
        with Image.open(io.BytesIO(content)) as opened:
            if opened.width * opened.height > MOST_PIXELS:
                raise Known(_("This picture has {million} million pixels; make it smaller first.").format(million=opened.width * opened.height // 1_000_000))
            kind = opened.format
            if kind in ("JPEG", "PNG") and max(opened.size) <= LONGEST_SIDE and not _tells_more(opened):
                opened.load()  # a damaged picture is refused here too
                return content, f"image/{kind.lower()}"
            picture = ImageOps.exif_transpose(opened)
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise Known(_("This picture can't be opened; it is damaged or of an unknown kind.")) from error
    picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    picture.info.clear()  # comments and whatever else tells where and by whom
    written = io.BytesIO()
    keep_png = kind in ("PNG", "GIF") or picture.mode in ("RGBA", "LA", "P")
    if keep_png:
        picture.save(written, "PNG", optimize=False)
        return written.getvalue(), "image/png"
    picture.convert("RGB").save(written, "JPEG", quality=85, exif=b"")
    return written.getvalue(), "image/jpeg"


def _with_ending(name: str, media_type: str) -> str:
    """The name with the ending of what the picture became: a .webp is kept as JPEG."""
    if mimetypes.guess_type(name)[0] == media_type:
        return name
    return (name.rpartition(".")[0] or name) + {"image/png": ".png", "image/jpeg": ".jpg"}[media_type]


def prepare_photo(name: str, content: bytes) -> Staged:
    """A photo as it is kept, with its name: made small and upright as ``prepare_picture`` does. Raises Known, naming the file."""
    _refuse_size(name, content)
    try:
        prepared, media = prepare_picture(content)
    except Known as error:
        raise Known(_("{file}: {why}").format(file=name, why=error.sentence)) from error
    return safe_name(_with_ending(name, media)), prepared


def _refuse_size(name: str, content: bytes) -> None:
    if len(content) > LARGEST_FILE:
        raise Known(_("{file} is larger than {megabytes} MB. Make it smaller or keep it outside.").format(file=name, megabytes=LARGEST_FILE // 1_000_000))
    if not content:
        raise Known(_("{file} is empty.").format(file=name))


def attach(tx: Transaction, case_id: int, files: Sequence[Staged]) -> list[int]:
    """Keep files with a case; pictures are prepared. Returns the attachments' ids. Raises Known."""
    added = []
    for name, content in files:
        kept, prepared, media = prepare_file(name, content)
        added.append(tx.add(Attachment(case=case_id, name=kept, content=tx.keep(prepared), media_type=media, size=len(prepared), added_at=clock())))
    return added


def prepare_file(name: str, content: bytes) -> tuple[str, bytes, str]:
    """A file as it is kept: its name, its bytes (a picture prepared), its media type. Raises Known."""
    _refuse_size(name, content)
    media = mimetypes.guess_type(name)[0] or "application/octet-stream"
    if media.startswith("image/") and media != "image/svg+xml":
        content, media = prepare_picture(content)
        name = _with_ending(name, media)
    return safe_name(name), content, media
