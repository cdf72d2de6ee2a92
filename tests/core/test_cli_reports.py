"""Reports on the command line: files whole or not at all, and one sentence for what goes wrong."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from tests.clock import standing
from tests.core.reported import furnish
from tests.core.test_cli import run
from tests.shop import open_shop

OCTOBER = ("--from", "2026-10-01", "--to", "2026-10-31")


@pytest.fixture(scope="module")
def register(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("cli") / "shop.qmd"
    with standing("2026-11-20"), open_shop(path) as shop:
        furnish(shop)
    return path


def test_reports_are_written(register: Path, tmp_path: Path) -> None:
    out = tmp_path / "october.pdf"
    told = run("report", register, "management", *OCTOBER, out, "--lang", "pl", "--json").json
    assert told == {"file": str(out), "report": "management", "from": "2026-10-01", "to": "2026-10-31"}
    assert out.read_bytes().startswith(b"%PDF-")
    assert run("report", register, "supplier", *OCTOBER, "--supplier", "Glinka", tmp_path / "glinka.pdf").out == f"{tmp_path / 'glinka.pdf'} was written.\n"
    book = tmp_path / "october.xlsx"
    assert run("report", register, "workbook", *OCTOBER, book, "--lang", "en").code == 0
    assert openpyxl.load_workbook(book).sheetnames[:2] == ["By month", "Trends"]


def test_what_goes_wrong_is_one_sentence_and_leaves_no_file(register: Path, tmp_path: Path) -> None:
    out = tmp_path / "x.pdf"
    for args, said in (
        (("management", *OCTOBER, tmp_path / "x.docx"), "x.docx must have another ending: .pdf."),
        (("supplier", *OCTOBER, out), "Name the supplier with --supplier; a supplier report is about one."),
        (("supplier", *OCTOBER, out, "--supplier", "Nikt"), "There is no Supplier “Nikt”."),
        (("management", *OCTOBER, out, "--supplier", "Glinka"), "Only a supplier report is about one supplier; leave --supplier out."),
        (("management", "--from", "2026-10-31", "--to", "2026-10-01", out), "The period ends before it begins."),
        (("management", "--from", "soon", "--to", "2026-10-01", out), "“soon” is no date: write it like 2026-11-22."),
    ):
        assert run("report", register, *args).refusal == said
    assert list(tmp_path.iterdir()) == []
    out.write_bytes(b"mine")
    assert run("report", register, "management", *OCTOBER, out).refusal == f"{out} exists already. Choose another name."
    assert out.read_bytes() == b"mine"
