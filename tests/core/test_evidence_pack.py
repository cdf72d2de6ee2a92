"""The evidence pack: everything that proves what was done in a case, in one PDF and in one ZIP, whole and safe to unpack."""

from __future__ import annotations

import errno
import hashlib
import io
import zipfile
from pathlib import Path, PureWindowsPath

import pytest
from PIL import Image

from qmdesk import i18n
from qmdesk.documents import render
from qmdesk.errors import Known
from qmdesk.operations import evidence_pack
from qmdesk.records.case import Case
from tests.core.test_render import inflated
from tests.shop import Shop, shop

__all__ = ["shop"]


def photo(colour: str = "red") -> bytes:
    data = io.BytesIO()
    Image.new("RGB", (60, 40), colour).save(data, "PNG")
    return data.getvalue()


@pytest.fixture
def case(shop: Shop) -> Case:
    """A complaint with a letter, a conversation and awkwardly named files."""
    shop.fills_in_letterhead()
    buyer = shop.add_customer(street="ul. Polna 1", postcode="00-001", city="Warszawa")
    made = shop.complains("Podeszwa odpadła.", order=shop.add_order(customer=buyer, products=[shop.add_product()]))
    shop.confirms(made)
    shop.says(made, "Dzwoniła klientka.")
    shop.attaches(made, ("zdjęcie.png", photo()), ("ZDJĘCIE.png", photo("blue")), ("con.txt", b"opis"))
    return made


def test_the_pdf_tells_the_whole_case(shop: Shop, case: Case, tmp_path: Path) -> None:
    out = tmp_path / "pack.pdf"
    assert evidence_pack.write(shop.register, case.id, out) == ["pack.pdf"]
    pdf = out.read_bytes()
    assert b"pdfaid:part" in inflated(pdf)
    assert pdf.count(b"/Subtype /Image") + inflated(pdf).count(b"/Subtype/Image") >= 2, "both photos are in it"


def test_its_tables_hold_the_chronology_the_reasoning_and_the_digests(shop: Shop, case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[render.Content] = []
    monkeypatch.setattr(render, "to_pdf_with_pictures", lambda content, _pictures: drawn.append(content) or b"%PDF")
    i18n.use("en")
    evidence_pack.pdf(shop.register, shop.case(case))
    told = str(drawn[0].facts)
    for sentence in ("Dzwoniła klientka.", "Take in a case", "The complaint was received on Friday", "D/2026/0001", "reached the customer", hashlib.sha256(photo()).hexdigest()):
        assert sentence in told
    (chronology,) = [one for one in drawn[0].facts["tables"] if one["title"] == "What happened, in order"]  # type: ignore[attr-defined]
    assert len(chronology["rows"]) > 5


def test_the_zip_can_be_checked_and_unpacked_on_windows(shop: Shop, case: Case, tmp_path: Path) -> None:
    out = tmp_path / "pack.zip"
    names = evidence_pack.write(shop.register, case.id, out)
    with zipfile.ZipFile(out) as pack:
        assert pack.testzip() is None
        assert sorted(pack.namelist()) == sorted(names)
        sums = dict(reversed(line.split("  ", 1)) for line in pack.read(evidence_pack.CHECKSUMS).decode().splitlines())
        assert set(sums) == set(names) - {evidence_pack.CHECKSUMS}
        for name, digest in sums.items():
            assert hashlib.sha256(pack.read(name)).hexdigest() == digest
        assert "letters/D-2026-0001.pdf" in names
        assert pack.read("letters/D-2026-0001.pdf").startswith(b"%PDF")
    assert len({name.casefold() for name in names}) == len(names)
    for name in names:
        path = PureWindowsPath(name)
        assert not path.is_absolute()
        assert ".." not in path.parts
        assert not path.is_reserved()


def test_a_file_that_is_there_stays(shop: Shop, case: Case, tmp_path: Path) -> None:
    out = tmp_path / "pack.pdf"
    out.write_text("mine")
    with pytest.raises(Known, match="exists already"):
        evidence_pack.write(shop.register, case.id, out)
    assert out.read_text() == "mine"
    evidence_pack.write(shop.register, case.id, out, replace=True)  # somebody agreed to it
    assert out.read_bytes().startswith(b"%PDF")
    with pytest.raises(Known, match=r"\.pdf or \.zip"):
        evidence_pack.write(shop.register, case.id, tmp_path / "pack.docx")


def test_a_full_disk_leaves_nothing_behind(shop: Shop, case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(self: Path, target: Path) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(Known, match="disk is full"):
        evidence_pack.write(shop.register, case.id, tmp_path / "pack.zip")
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith("pack")] == []
