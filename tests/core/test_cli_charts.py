"""The command that draws charts: pictures, numbers, and one sentence for what goes wrong."""

from __future__ import annotations

import io
import json
from contextlib import redirect_stderr, redirect_stdout
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import openpyxl
import pytest

from qmdesk import cli
from qmdesk.cli.charts import NAMES
from qmdesk.operations import cases
from qmdesk.records.case import Case, CaseItem
from qmdesk.records.product import Order, OrderLine, Product
from qmdesk.register import Transaction
from tests.shop import begun


def sell(tx: Transaction) -> None:
    """Forty orders in October; two complaints."""
    mug = tx.add(Product(name="Mug", category="Cups"))
    for number in range(40):
        order = tx.add(Order(number=str(number), ordered_at=datetime(2026, 10, 1 + number % 20, 12, tzinfo=UTC), courier="Van"))
        tx.add(OrderLine(order=order, product=mug, name="Mug", quantity=1))
    for day in (5, 9):
        draft = Case(received_at=datetime(2026, 10, day, 9, tzinfo=UTC), description="Broken")
        cases.take_in(tx, draft, (CaseItem(case=1, product=mug, name="Mug", quantity=1),))


@cache
def sold() -> bytes:
    return begun(lambda shop, _clock: shop.register.do("Sell", sell))[0]


@pytest.fixture
def register(tmp_path: Path) -> Path:
    (tmp_path / "shop.qmd").write_bytes(sold())
    return tmp_path / "shop.qmd"


def run(monkeypatch: pytest.MonkeyPatch, *words: str) -> tuple[int, str, str]:
    out, err = io.StringIO(), io.StringIO()
    monkeypatch.setattr("sys.argv", ["qmdesk-cli", *words])
    with redirect_stdout(out), redirect_stderr(err), pytest.raises(SystemExit) as ended:
        cli.main()
    return int(ended.value.code or 0), out.getvalue(), err.getvalue()


@pytest.mark.parametrize("name", NAMES)
def test_every_chart_is_drawn(register: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    code, out, err = run(monkeypatch, "chart", str(register), name, str(tmp_path / "a.svg"), "--from", "2026-01-01", "--to", "2026-11-22", "--json")
    assert (code, err) == (0, "")
    told = json.loads(out)
    assert told["chart"] == name
    assert told["title"] in (tmp_path / "a.svg").read_text(encoding="utf-8")


def test_numbers_of_a_chart_are_written(register: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    code, _out, _err = run(monkeypatch, "chart", str(register), "complaint_rate", str(tmp_path / "a.xlsx"), "--by", "product", "--from", "2026-10-01", "--to", "2026-10-31")
    assert code == 0
    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx").active
    assert sheet is not None
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert rows[0][:2] == ["Group", "Complaint rate, %"]
    assert rows[1][:2] == ["Mug", 5]


def test_wrong_wishes_get_a_sentence(register: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    code, _out, err = run(monkeypatch, "chart", str(register), "pareto", str(tmp_path / "a.bmp"))
    assert code == 1
    assert "give a.bmp one of these endings" in err
    code, _out, err = run(monkeypatch, "chart", str(register), "pareto", str(tmp_path / "a.png"), "--from", "2026-11-01", "--to", "2026-10-01")
    assert (code, err.strip()) == (1, "The period ends before it begins.")
    code, _out, err = run(monkeypatch, "chart", str(register), "control", str(tmp_path / "a.png"), "--indicator", "nps")
    assert code == 1
    assert "has no control chart" in err
    assert not list(tmp_path.glob("a.*"))
