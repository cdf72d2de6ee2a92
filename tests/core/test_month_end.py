"""The accountant's pack: totals against a computation of its own, the workbook's formulas worked out, golden csv and paper.

The golden files lie in tests/golden/month; after a wanted change run this file with QMDESK_GOLDEN=write and look at them.
"""

from __future__ import annotations

import csv
import io
import json
import random
import re
import zipfile
from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from qmdesk.documents import month as paper
from qmdesk.documents import render
from qmdesk.errors import Known
from qmdesk.exchange import month_end
from qmdesk.operations import books, month, month_pack, refund_split
from qmdesk.records.books import MistakeEntry, MonthLock, RefundEntry
from qmdesk.records.case import Decision, RefundMethod, SaleDocument
from qmdesk.records.month import Opened
from qmdesk.records.paper import DocumentKind, IssuedDocument
from qmdesk.records.party import Person
from qmdesk.records.shop import THE_SHOP
from qmdesk.records.shop import Shop as ShopRecord
from qmdesk.register import Transaction, clock
from qmdesk.schema.query import Order, Query
from tests.clock import Clock
from tests.core.golden import is_as_before, looks_as_before
from tests.core.test_books import item, money, pays, returned
from tests.core.test_cli import run
from tests.shop import Shop, begun, open_shop, shop

__all__ = ["shop"]

OCTOBER = "2026-10"
AT = datetime(2026, 11, 3, 9, 30).astimezone()


@pytest.fixture(autouse=True)
def _version(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paper, "__version__", "1.2.3")


@pytest.fixture
def polish(tmp_path: Path) -> Iterator[Shop]:
    """A Polish shop with an October in which everything happened."""
    with open_shop(tmp_path / "sklep.qmd", begun=october()) as opened:
        yield opened


@cache
def october() -> bytes:
    return begun(furnish, "pl")[0]


def furnish(shop: Shop, _clock: Clock) -> None:
    shop.fills_in_letterhead()
    shop.changes(ShopRecord, THE_SHOP, cash_register_number="ZBC2201123456")
    goods = [item("Buty trekkingowe „Wierch” 42", "199.99"), item("Książka", "49.99", "5", sku="KS-1"), item("Karma dla ptaków 5 kg", "108.00", "8", quantity=2)]
    case = returned(shop, goods, "480.97", delivery="14.99")
    pays(shop, case)
    shop.attaches(case, ("Paragon P101.pdf", b"%PDF-1.4 paragon"), ("zdjęcie.txt", b"nic"))
    hand = RefundEntry(
        sold_on=date(2026, 10, 2), returned_on=date(2026, 10, 9), refunded_on=date(2026, 10, 9), item_name="=HYPERLINK(\"http://x\")", vat_rate="zw", gross=money("123.00"),
        sale_document=SaleDocument.RECEIPT, sale_document_number="+48 1", refund_method=RefundMethod.CASH, remarks="-5 @ sklep",
    )  # fmt: skip
    shop.do(books.ENTER, books.enter, hand)
    wrong = shop.do(books.ENTER, books.enter, RefundEntry(**{**vars(hand), "item_name": "Kubek", "vat_rate": "23", "gross": money("20.00"), "remarks": ""}))
    shop.do(books.STORNO, books.storno, RefundEntry, wrong.id, "Zły paragon")
    euro = returned(shop, [item("Mug", "10.00")], "10.00", currency="EUR")
    pays(shop, euro)
    shop.do(books.BOOK, books.book_case, euro.id, books.ExchangeRate("4,2512", date(2026, 10, 9), "197/A/NBP/2026"))
    firm = shop.add_customer("Jan Nowak", company="Bud-Rem sp. z o.o.", nip="5260250274")
    pays(shop, returned(shop, [item("Wiertarka", "500.00")], "500.00", sale_document=SaleDocument.INVOICE, sale_document_number="FV/12/2026", customer=firm))
    clerk = shop.add(Person(name="Ewa Kos"))
    told = {"sold_on": date(2026, 10, 2), "found_on": date(2026, 10, 3), "who": clerk}
    shop.do(books.ENTER_MISTAKE, books.enter_mistake, MistakeEntry(receipt_number="P/300", vat_rate="23", gross=money("299.90"), cause="Nabito dwa razy", correct_receipt="P/299", **told))
    late = {"original_attached": False, "why_not_attached": "klient zabrał paragon"}
    shop.do(books.ENTER_MISTAKE, books.enter_mistake, MistakeEntry(receipt_number="P/301", vat_rate="8", gross=money("49.99"), cause="Zła stawka", **late, **told))


# ------------------------------------------------------------------- a computation of its own


def half_up(amount: Decimal) -> Decimal:
    return amount.quantize(Decimal("0.01"), ROUND_HALF_UP)


def by_rate(entries: list[Any]) -> dict[str, tuple[Decimal, Decimal]]:
    """Gross and VAT per rate, by the plain rule of the law, from what was sold and nothing the program computed."""
    sums: dict[str, list[Decimal]] = defaultdict(lambda: [Decimal(), Decimal()])
    for rate, gross in entries:
        sums[rate][0] += gross
        if rate.isdigit():
            sums[rate][1] += half_up(gross * int(rate) / (100 + int(rate)))
    return {rate: (gross, tax) for rate, (gross, tax) in sums.items()}


def random_month(shop: Shop, seed: int, size: int) -> tuple[list[Any], list[Any]]:
    """Entries of a month at every rate, some of them taken off again; what stands of returns and of mistakes."""
    chance = random.Random(seed)
    found: tuple[list[Any], list[Any]] = ([], [])

    def fill(tx: Transaction) -> None:
        for _entry in range(size):
            rate, gross = chance.choice(["23", "23", "8", "5", "0", "zw", "np"]), Decimal(chance.randint(1, 300_000)).scaleb(-2)
            sold = date(2026, 10, 1) - timedelta(days=chance.randint(-20, 40))
            back = date(2026, 10, chance.randint(21, 31))
            off = chance.random() < 0.2
            if chance.random() < 0.7:
                draft = RefundEntry(sold_on=sold, returned_on=back, refunded_on=back, item_name="x", vat_rate=rate, gross=gross)
                entry: Any = books.enter(tx, draft)
                found[0].extend([] if off else [(rate, gross)])
            else:
                mistake = MistakeEntry(sold_on=date(2026, 10, 5), found_on=back, receipt_number="P", vat_rate=rate, gross=gross, cause="x")
                entry = books.enter_mistake(tx, mistake)
                found[1].extend([] if off else [(rate, gross)])
            if off:
                books.storno(tx, type(entry), entry.id, "wrong")

    shop.register.do("A month", fill)
    return found


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_totals_agree_with_a_computation_of_their_own(shop: Shop, seed: int) -> None:
    returns, mistakes = random_month(shop, seed, 60)
    told = month.collect(shop.register, OCTOBER)
    for entries, expected in ((told.refunds, by_rate(returns)), (told.mistakes, by_rate(mistakes)), ((*told.refunds, *told.mistakes), by_rate([*returns, *mistakes]))):
        found = {one.rate: (refund_split.zloty(one.gross), refund_split.zloty(one.vat or 0)) for one in month_totals(entries) if one.gross or one.rate in expected}
        assert found == expected
        assert all(one.net + (one.vat or 0) == one.gross for one in month_totals(entries))
    both = by_rate([*returns, *mistakes])
    fields = {"23": ("K_19", "K_20"), "8": ("K_17", "K_18"), "5": ("K_15", "K_16"), "0": ("K_13",), "zw": ("K_10",), "np": ("K_11",)}
    expected_jpk = {}
    for rate, (gross, tax) in both.items():
        expected_jpk |= dict(zip(fields[rate], (-(gross - tax), -tax), strict=False))
    assert told.jpk == dict(expected_jpk.items())
    cells = workbook_values(month_end.workbook(told, "en", made="now"))
    rows = {row[0]: row for row in cells["Summary"] if row and row[0] in ("23%", "8%", "5%", "0%", "zw", "np")}
    for rate, (gross, tax) in both.items():
        shown = rows[f"{rate}%" if rate.isdigit() else rate]
        assert (Decimal(str(shown[7])), shown[9] if not rate.isdigit() else Decimal(str(shown[9]))) == (gross, tax if rate.isdigit() else "–")


def month_totals(entries: Any) -> Any:
    from qmdesk.records.month import totals  # the name is short, and this file has other totals

    return totals(entries)


def test_refunds_that_are_due_or_withheld_are_told_before_their_sum_is_set(shop: Shop) -> None:
    """A customer withdrew: until the goods come the money may be withheld, then it is due, though nobody has set the sum yet."""
    today = clock().date()
    values = {"received_at": clock(), "delivered_on": today - timedelta(days=3), "contract_on": today - timedelta(days=5)}
    waiting = shop.takes_back([item()], **values)
    unpriced = shop.takes_back([item(price=None)], **values)
    came = shop.takes_back([item()], goods_received_on=today, **values)
    refused = shop.takes_back([item()], **{**values, "delivered_on": today - timedelta(days=30), "contract_on": today - timedelta(days=40)})
    shop.decides(refused, Decision.REJECTED, decision_reasons="Too late.")
    told = {one.number: (one.what, one.sentence.replace("\u00a0", " ")) for one in month.collect(shop.register, today.isoformat()[:7]).open_items}
    assert told == {
        waiting.number: (Opened.WITHHELD, f"{waiting.number}: PLN 199.99 is withheld until the goods or proof of sending come."),
        unpriced.number: (Opened.WITHHELD, f"{unpriced.number}: the refund may be withheld until the goods or proof of sending come; its sum is not set yet."),
        came.number: (Opened.NOT_PAID, f"{came.number}: PLN 199.99 is to be returned."),
    }


# --------------------------------------------------------------------------------- the workbook


def workbook_values(raw: bytes, *, formulas: bool = False) -> dict[str, list[list[Any]]]:
    book = openpyxl.load_workbook(BytesIO(raw), data_only=not formulas)
    return {sheet.title: [[cell.value for cell in row] for row in sheet.iter_rows()] for sheet in book}


class Cells(list[Any]):
    """A range of a worksheet in a formula; a blank counts as nothing."""

    def _each(self, other: Any, do: Any) -> Cells:
        others = other if isinstance(other, Cells) else [other] * len(self)
        return Cells(do(one, two) for one, two in zip(self, others, strict=True))

    def __eq__(self, other: object) -> Any:
        return self._each(other, lambda one, two: one == two)

    __hash__ = None  # type: ignore[assignment]

    def __ge__(self, other: Any) -> Any:
        return self._each(other, lambda one, two: one >= two)

    def __lt__(self, other: Any) -> Any:
        return self._each(other, lambda one, two: one < two)

    def __add__(self, other: Any) -> Any:
        return self._each(other, lambda one, two: (one or 0) + (two or 0))

    def __sub__(self, other: Any) -> Any:
        return self._each(other, lambda one, two: (one or 0) - (two or 0))

    def __rsub__(self, other: Any) -> Any:
        return Cells(other - (one or 0) for one in self)

    def __mul__(self, other: Any) -> Any:
        return self._each(other, lambda one, two: (one or 0) * (two or 0))


class Calculator:
    """Works a workbook's formulas out, as far as a pack has any."""

    REF = re.compile(r"(?:'((?:[^']|'')+)'!)?\$?([A-Z]+)\$?(\d+)(?::\$?([A-Z]+)\$?(\d+))?")

    def __init__(self, raw: bytes) -> None:
        self.book = openpyxl.load_workbook(BytesIO(raw))

    def value(self, sheet: str, cell: str) -> Any:
        found = self.book[sheet][cell].value
        if isinstance(found, str) and self.book[sheet][cell].data_type == "f":
            return self.work_out(sheet, found)
        if isinstance(found, datetime):
            return found.date()
        return Decimal(str(found)) if isinstance(found, int | float) else found

    def work_out(self, sheet: str, formula: str) -> Any:
        names: dict[str, Any] = {}

        def name(found: re.Match[str]) -> str:
            where = (found[1] or sheet).replace("''", "'")
            key = f"r{len(names)}"
            if found[4]:
                names[key] = Cells(self.value(where, f"{found[2]}{row}") for row in range(int(found[3]), int(found[5]) + 1))
            else:
                names[key] = self.value(where, f"{found[2]}{found[3]}")
            return key

        python = re.sub(r"(?<![<>=])=(?!=)", "==", self.REF.sub(name, formula.removeprefix("=")))
        total = {"SUM": lambda cells: sum((one for one in cells if isinstance(one, Decimal)), Decimal()), "SUMPRODUCT": lambda cells: sum(cells, Decimal()), "DATE": date}
        return eval(python, {"__builtins__": {}}, {**total, **names})


def test_every_formula_gives_the_value_beside_it(polish: Shop) -> None:
    random_month(polish, 5, 25)
    raw = month_end.workbook(month.collect(polish.register, OCTOBER, "pl"), "pl", made="dziś")
    calculator, told = Calculator(raw), openpyxl.load_workbook(BytesIO(raw), data_only=True)
    looked_at = 0
    for sheet in calculator.book:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type == "f":
                    looked_at += 1
                    assert calculator.work_out(sheet.title, cell.value) == Decimal(str(told[sheet.title][cell.coordinate].value)), (sheet.title, cell.coordinate, cell.value)
    assert looked_at > 60


def test_the_workbook_holds_real_days_and_numbers_and_text_stays_text(polish: Shop) -> None:
    raw = month_end.workbook(month.collect(polish.register, OCTOBER, "pl"), "pl", made="dziś")
    book = openpyxl.load_workbook(BytesIO(raw))
    assert book.sheetnames == ["Podsumowanie", "Zwroty", "Pomyłki", "Faktury korygujące", "Sprawy otwarte"]
    sheet = book["Zwroty"]
    head = [cell.value for cell in sheet[month_end.FIRST]]
    assert head[:5] == ["Lp.", "Nr wpisu", "Data sprzedaży", "Data zwrotu lub reklamacji", "Data zwrotu pieniędzy"]
    first = list(sheet[month_end.FIRST + 1])
    assert (first[2].value, first[2].number_format) == (datetime(2026, 9, 21), "dd.mm.yyyy")  # noqa: DTZ001
    assert (first[11].value, first[11].number_format) == (199.99, "#,##0.00")
    evil = next(row for row in sheet.iter_rows() if str(row[5].value).startswith("=HYPERLINK"))
    assert (evil[5].data_type, evil[8].data_type, evil[21].data_type) == ("s", "s", "s")
    assert (evil[8].value, evil[21].value) == ("+48 1", "-5 @ sklep")
    for one in book:
        assert (one.page_setup.orientation, one.page_setup.paperSize, one.page_setup.fitToWidth, one.page_setup.fitToHeight) == ("landscape", "9", 1, 0) or one.page_setup.paperSize == 9
        assert one.sheet_properties.pageSetUpPr.fitToPage
    assert book["Zwroty"].print_title_rows.replace("$", "") == "4:4"
    assert "&P" in book["Zwroty"].oddFooter.right.text


def test_an_empty_month_is_a_pack_too(shop: Shop) -> None:
    pack = month_pack.compose(shop.register, OCTOBER, AT)
    assert pack.papers is None
    cells = workbook_values(pack.files["2026-10-summary.xlsx"])
    assert [row[0] for row in cells["Returns"]][-1:] == ["No entries in this month."]
    assert pack.month.digest == month.collect(shop.register, OCTOBER).digest


# --------------------------------------------------------------------------------- csv and paper


def test_the_csv_is_as_accountants_want_it(polish: Shop) -> None:
    told = month.collect(polish.register, OCTOBER, "pl")
    for which in ("returns", "mistakes"):
        raw = month_end.as_csv(told, which, "pl")
        is_as_before(f"month/{which}.csv", raw)
    raw = month_end.as_csv(told, "returns", "pl")
    assert raw.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(raw.decode("utf-8-sig")), delimiter=";"))
    assert (rows[0]["Data sprzedaży"], rows[0]["Brutto, całość"], rows[0]["VAT, całość"]) == ("2026-09-21", "199,99", "37,40")
    evil = next(row for row in rows if "HYPERLINK" in row["Towar lub usługa"])
    assert evil["Towar lub usługa"].startswith("'=")
    assert evil["VAT, całość"] == ""
    assert next(row["Brutto, całość"] for row in rows if row["Uwagi"].startswith("Stornuje wpis")) == "-20,00"


@pytest.mark.parametrize("which", ["returns", "mistakes"])
def test_the_registers_on_paper(polish: Shop, which: str) -> None:
    told = month.collect(polish.register, OCTOBER, "pl")
    content = {"returns": paper.returns, "mistakes": paper.mistakes}[which](told, "pl", AT)
    pages = looks_as_before(f"month/{which}", render.to_pages(content, dots_per_inch=50))
    assert pages[0].width > pages[0].height, "A4 across"
    facts = json.dumps(content.facts, ensure_ascii=False)
    assert "Karmnik Anna Wróbel" in facts
    assert "NIP: 5260250274" in facts
    assert "październik 2026" in facts
    assert "03.11.2026, 09:30, QMDesk 1.2.3" in facts
    assert told.digest in facts
    assert render.to_pdf(content) == render.to_pdf(content)
    assert "2019" not in facts, "the repealed regulation is cited nowhere"


def test_hostile_texts_do_not_break_the_page(shop: Shop) -> None:
    for at, words in enumerate(("#import \"x\"", "$ x $ *a* _b_ \\u{1}", "x" * 480, "\u202egnp.exe", "😀 Ω 中")):
        shop.do(books.ENTER, books.enter, RefundEntry(sold_on=date(2026, 10, 1), returned_on=date(2026, 10, 2 + at), item_name=words, vat_rate="23", gross=money("1.00"), remarks=words))
    pack = month_pack.compose(shop.register, OCTOBER, AT)
    assert all(content[:4] == b"%PDF" for name, content in pack.files.items() if name.endswith(".pdf"))


# ------------------------------------------------------------------------------------- the folder


def test_papers_are_named_by_their_entries(polish: Shop, tmp_path: Path) -> None:
    case = polish.register.records(Query(RefundEntry).by(Order("id")), 1)[0].case
    pdf = polish.register.do("Keep", lambda tx: tx.keep(b"%PDF-1.7 protokol")).result
    polish.add(IssuedDocument(number="D/2026/0001", case=case, kind=DocumentKind.PROTOCOL, content=pdf, issued_at=AT))
    with month_pack.written(month_pack.compose(polish.register, OCTOBER, AT), tmp_path / "pack") as files:
        names = [file.name for file in files]
    assert names == [
        "2026-10-zestawienie.xlsx", "2026-10-ewidencja-zwrotow.csv", "2026-10-ewidencja-pomylek.csv", "2026-10-ewidencja-zwrotow.pdf", "2026-10-ewidencja-pomylek.pdf", "2026-10-dokumenty.zip",
    ]  # fmt: skip
    with zipfile.ZipFile(tmp_path / "pack" / "2026-10-dokumenty.zip") as archive:
        listed = archive.namelist()
        assert {"E-2026-0001.pdf", "E-2026-0001-2.pdf"} <= set(listed)
        assert archive.read("E-2026-0001.pdf") == b"%PDF-1.7 protokol"
        assert archive.read("E-2026-0001-2.pdf") == b"%PDF-1.4 paragon"
        assert not any(name.endswith(".txt") for name in listed), "photos are no papers of the sale"


def test_nothing_is_written_by_halves(polish: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pack = month_pack.compose(polish.register, OCTOBER, AT)
    out = tmp_path / "out"
    out.mkdir()
    (out / "2026-10-ewidencja-pomylek.pdf").write_bytes(b"mine")
    with pytest.raises(Known, match="exists already"), month_pack.written(pack, out):
        pass
    assert [path.name for path in out.iterdir()] == ["2026-10-ewidencja-pomylek.pdf"]
    fresh = tmp_path / "fresh"
    with pytest.raises(Known, match="changed since"), month_pack.written(pack, fresh):
        polish.register.do("Close", month.close, OCTOBER, "another digest")
    assert not fresh.exists()


def test_papers_of_a_case_without_protocol_count_the_right_files() -> None:
    assert month.proves_sale("Paragon_12.jpg", "")
    assert month.proves_sale("scan FV-12-2026.pdf", "FV/12/2026")
    assert not month.proves_sale("zdjecie wady.jpg", "P/1")


# ------------------------------------------------------------------------------------ command line


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A register with an October, closed as a file."""
    (tmp_path / "sklep.qmd").write_bytes(october())
    return tmp_path / "sklep.qmd"


def test_the_month_on_the_command_line(path: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    told = run("month", path, OCTOBER, out, "--json").json
    assert told["totals"]["23"] == {"gross": "248.93", "net": "202.38", "vat": "46.55"}
    assert told["mistakes"]["8"] == {"gross": "49.99", "net": "46.29", "vat": "3.70"}
    assert told["jpk"]["K_10"] == "-123.00"
    assert told["totals"]["zw"]["vat"] is None
    assert {gap["what"] for gap in told["gaps"] if gap["must_mend"]} == {"unsigned_protocol", "missing_correction_number", "no_right_receipt"}
    assert {gap["what"] for gap in told["gaps"] if not gap["must_mend"]} == {"months_differ"}
    assert (told["locked"], sorted(map(str, out.iterdir()))) == (False, sorted(told["files"]))

    assert "exists already" in run("month", path, OCTOBER, out).refusal
    for wrong in ("2026-13", "2026-1", "10-2026", "x"):
        assert "is no month" in run("month", path, wrong, tmp_path / "new").refusal
    assert "is not there" in run("month", path, OCTOBER, tmp_path / "no" / "folder").refusal
    assert "is no folder" in run("month", path, OCTOBER, path).refusal
    assert "has not begun" in run("month", path, "2199-01", tmp_path / "new", "--lock").refusal
    assert "is open" in run("month", path, OCTOBER, tmp_path / "new", "--reopen", "x").refusal
    assert not (tmp_path / "new").exists()

    locked = run("month", path, OCTOBER, tmp_path / "locked", "--lock", "--json").json
    assert (locked["locked"], locked["digest"]) == (True, told["digest"])
    assert "is closed" in run("month", path, OCTOBER, tmp_path / "again", "--lock").refusal
    assert not (tmp_path / "again").exists()
    assert "not opened by undo" in run("undo", path).refusal
    entry = '{"sold_on": "2026-10-01", "returned_on": "2026-10-02", "item_name": "Mug", "vat_rate": "23", "gross": "1.00"}'
    (tmp_path / "entry.json").write_text(entry, "utf-8")
    assert "is closed" in run("add", path, "refund_entry", tmp_path / "entry.json").refusal
    reopened = run("month", path, OCTOBER, tmp_path / "again", "--reopen", "Znaleziono paragon", "--json").json
    assert reopened["locked"] is False
    assert run("add", path, "refund_entry", tmp_path / "entry.json").json["number"] == "E/2026/0011"
    labels = [step["label"] for step in run("history", path, "--json").json]
    assert labels[-3:-1] == ["Close a month", "Open a closed month again"]


def test_what_is_kept_with_a_closing_opens_again(path: Path, tmp_path: Path) -> None:
    run("month", path, OCTOBER, tmp_path / "out", "--lock")
    with open_shop_again(path) as register:
        (lock,) = register.records(Query(MonthLock))
        with zipfile.ZipFile(BytesIO(register.content(lock.pack))) as archive:
            assert archive.testzip() is None
            assert archive.read("2026-10-ewidencja-zwrotow.csv") == (tmp_path / "out" / "2026-10-ewidencja-zwrotow.csv").read_bytes()


def open_shop_again(path: Path) -> Any:
    from qmdesk.operations.registers import open_register  # beside its only use

    return open_register(path, program="tests")


