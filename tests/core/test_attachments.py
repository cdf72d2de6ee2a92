"""Files of a case: photos small, upright and without their place; names that every system can save."""

from __future__ import annotations

import io

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from PIL import Image

from qmdesk.errors import Known
from qmdesk.operations.attachments import DEVICE_NAMES, LARGEST_FILE, LONGEST_SIDE, prepare_picture, safe_name
from qmdesk.records.paper import Attachment
from tests.shop import Shop, shop

__all__ = ["shop"]

ORIENTATION, GPS, MAKE = 0x0112, 0x8825, 0x010F


def photo(width: int = 300, height: int = 200, kind: str = "JPEG", mode: str = "RGB", **saved: object) -> bytes:
    written = io.BytesIO()
    Image.new(mode, (width, height)).save(written, kind, **saved)
    return written.getvalue()


def telling_photo() -> bytes:
    """A photo as a telephone takes it: on its side, with place, maker and comment."""
    exif = Image.Exif()
    exif[ORIENTATION] = 6
    exif[MAKE] = "Secretphone"
    exif.get_ifd(GPS)[1] = "N"
    exif.get_ifd(GPS)[2] = (51.0, 45.0, 33.0)
    return photo(exif=exif, comment=b"Secretphone", xmp=b"<x>Secretphone 51.759</x>")


def test_a_photo_stands_upright_and_tells_no_place() -> None:
    kept, media = prepare_picture(telling_photo())
    picture = Image.open(io.BytesIO(kept))
    assert (media, picture.size) == ("image/jpeg", (200, 300))
    assert dict(picture.getexif()) == {}
    assert b"Secretphone" not in kept


@pytest.mark.parametrize(("kind", "mode"), [("PNG", "RGBA"), ("PNG", "P"), ("PNG", "I;16"), ("GIF", "P"), ("WEBP", "RGBA"), ("TIFF", "CMYK"), ("JPEG", "CMYK"), ("JPEG", "L"), ("BMP", "1")])
def test_every_usual_kind_of_picture_is_kept(kind: str, mode: str) -> None:
    kept, media = prepare_picture(photo(kind=kind, mode=mode))
    assert Image.open(io.BytesIO(kept)).size == (300, 200)
    assert media in ("image/png", "image/jpeg")


def test_large_photos_become_small() -> None:
    kept, _media = prepare_picture(photo(4000, 1000))
    assert Image.open(io.BytesIO(kept)).size == (LONGEST_SIDE, LONGEST_SIDE // 4)


@pytest.mark.parametrize("content", [b"", b"no picture", photo()[:200], photo(kind="PNG")[:60], b"\xff\xd8\xff\xe0" + b"\x00" * 50])
def test_what_is_no_picture_says_so(content: bytes) -> None:
    with pytest.raises(Known, match="can't be opened"):
        prepare_picture(content)


@pytest.mark.parametrize("name", ["IMG_0001.HEIC", "IMG_0001.jpg"])
def test_a_photo_of_an_iphone_says_what_to_do(name: str, shop: Shop) -> None:
    case = shop.complains()
    heic = b"\x00\x00\x00\x24ftypheic" + bytes(4) + b"mif1MiHEmiafheictmap" + bytes(2000)
    with pytest.raises(Known, match="Save it as JPEG"):
        shop.attaches(case, (name, heic))
    assert shop.files(case) == []


def test_a_picture_of_too_many_points_is_not_opened() -> None:
    header = photo(kind="BMP", width=1, height=1)
    huge = header[:18] + (20_000).to_bytes(4, "little") + (8_000).to_bytes(4, "little") + header[26:]
    with pytest.raises((Known, Image.DecompressionBombWarning)):
        prepare_picture(huge)


def test_files_of_a_case(shop: Shop) -> None:
    case = shop.complains()
    shop.attaches(case, ("C:\\photos\\IMG 1.webp", photo(kind="WEBP")), ("receipt.pdf", b"%PDF-1"), ("../../etc/passwd", b"x"), ("IMG 1.JPG", photo()))
    kept = shop.files(case)
    assert [(file.name, file.media_type) for file in kept] == [
        ("IMG 1.jpg", "image/jpeg"), ("receipt.pdf", "application/pdf"), ("passwd", "application/octet-stream"), ("IMG 1.JPG", "image/jpeg"),
    ]  # fmt: skip
    assert [len(shop.register.content(file.content)) for file in kept] == [file.size for file in kept]


def test_the_same_bytes_are_kept_once(shop: Shop) -> None:
    case = shop.complains()
    shop.attaches(case, ("a.txt", b"same"), ("b.txt", b"same"))
    one, other = shop.files(case)
    assert one.content == other.content
    shop.removes(Attachment, one.id)
    assert shop.register.content(other.content) == b"same"


def test_empty_and_oversized_files_are_refused(shop: Shop) -> None:
    case = shop.complains()
    for name, content, said in (("a.txt", b"", "is empty"), ("b.bin", bytes(LARGEST_FILE + 1), "larger than 20 MB")):
        with pytest.raises(Known, match=said):
            shop.attaches(case, ("good.txt", b"x"), (name, content))
    assert shop.files(case) == []


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("photo.jpg", "photo.jpg"), ("a/b\\c.txt", "c.txt"), ("con.txt", "_con.txt"), ("CON", "_CON"), ("con.tar.gz", "_con.tar.gz"), ("lpt1", "_lpt1"), ("console.txt", "console.txt"),
        ("a<b>c:d\"e|f?g*.txt", "a_b_c_d_e_f_g_.txt"), ("...", "file"), ("", "file"), ("name. . ", "name"), ("Żółć.pdf", "Żółć.pdf"), ("a\nb.txt", "a_b.txt"), ("\u202egnp.exe", "gnp.exe"),
        ("bad\udcff.txt", "bad.txt"),
    ],
)  # fmt: skip
def test_names_are_safe_everywhere(name: str, kept: str) -> None:
    assert safe_name(name) == kept


@settings(derandomize=True, max_examples=150, deadline=None)
@given(st.text(max_size=300))
@example("ż" * 200 + ".pdf")
@example("." * 300)
@example("a." + "ż" * 300)
def test_any_name_becomes_a_safe_one(name: str) -> None:
    kept = safe_name(name)
    assert 0 < len(kept.encode()) <= 130
    assert not set(kept) & set('<>:"/\\|?*\n\r\t\0')
    assert kept.partition(".")[0].lower() not in DEVICE_NAMES
    assert kept.rstrip(". ") == kept.rstrip(". ") != ""
