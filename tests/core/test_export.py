"""Lists written out: real days and numbers, text that stays text, whole files or none, and nothing lost on the way."""

from __future__ import annotations

import csv
import errno
import html
import re
import zipfile
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import IO, Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from qmdesk.errors import Cancelled, Known
from qmdesk.exchange import workbook_writer, writer
from qmdesk.exchange.export_columns import columns, guarded, unguarded
from qmdesk.exchange.writer import as_clipboard, export, write_rows
from qmdesk.records.case import Case, CaseKind, Decision
from qmdesk.records.catalog import RECORDS
from qmdesk.records.party import Customer
from qmdesk.records.product import Order, OrderLine, Product
from qmdesk.register import Register, Transaction
from qmdesk.schema.query import Order as Sorted
from qmdesk.schema.query import Query, condition
from qmdesk.schema.record import stored
from tests.shop import empty_register

FORMULAS = ("=HYPERLINK(\"http://evil\")", "==1", "+48 600 700 800", "-5", "@SUM(A1)", "=1+1")
INERT = ("#N/A", "http://example.com", "007", "1e5", "TRUE", "_x0041_ & <b>", "zażółć gęślą jaźń ŻÓŁĆ", "😀 👩‍👩‍👧", "'quoted'", "'007", "'=x", "''=x", "a\"b;c,d", "％")
RECEIVED = datetime(2026, 11, 22, 13, 30, 5, tzinfo=UTC)


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Register]:
    with empty_register(tmp_path / "shop.qmd", "pl") as register:
        yield register


def fill(tx: Transaction) -> None:
    jan = tx.add(Customer(name="Jan Żółć", phone="+48 600 700 800", email="jan@example.com"))
    tx.add(Customer(name="Łucja", note="=1+1", company="@firma", login="'=x"))
    order = tx.add(Order(number="00017", ordered_at=RECEIVED, customer=jan, total=Decimal("-1234.50"), currency="PLN"))
    tx.add(OrderLine(order=order, name="Kubek", quantity=1200, unit_price=Decimal("12.30"), vat_rate="23"))
    tx.add(
        Case(
            number="R/2026/0001", received_at=RECEIVED, customer=jan, order=order, description="Pękł.\nDrugi raz.", noticed_on=date(2026, 11, 20),
            claimed=Decimal("1234.50"), value_loss=Decimal("12.50"), safety=True, decision=Decision.REJECTED, kind=CaseKind.RETURN,
        )
    )  # fmt: skip
    tx.add(Case(number="R/2026/0002", received_at=datetime(2026, 11, 23, tzinfo=UTC), description="x"))


def filled(register: Register) -> Register:
    register.do("Fill", fill)
    return register


def sheet_of(path: Path) -> Any:
    return openpyxl.load_workbook(path).active


def by_header(sheet: Any, row: int = 2) -> dict[str, Any]:
    return dict(zip([cell.value for cell in sheet[1]], sheet[row], strict=True))


def csv_rows(path: Path, delimiter: str, encoding: str = "utf-8") -> list[list[str]]:
    with path.open(encoding=encoding, newline="") as text:
        return list(csv.reader(text, delimiter=delimiter))


def files(folder: Path) -> list[str]:
    return sorted(found.name for found in folder.iterdir() if found.is_file())


# ------------------------------------------------------------------------------------- workbooks


def test_workbook_holds_real_days_moments_and_numbers(shop: Register, tmp_path: Path) -> None:
    path = tmp_path / "cases.xlsx"
    written = export(filled(shop), Query(Case, order=(Sorted("number"),)), path, lang="en")
    cells = by_header(sheet_of(path))
    assert written == 2
    assert cells["Number"].value == "R/2026/0001"
    assert cells["Received at"].value == RECEIVED.astimezone().replace(tzinfo=None)
    assert cells["Received at"].number_format == "yyyy-mm-dd hh:mm"
    assert cells["Defect noticed on"].value == datetime(2026, 11, 20)  # noqa: DTZ001
    assert cells["Defect noticed on"].number_format == "yyyy-mm-dd"
    assert (cells["Amount demanded"].value, cells["Amount demanded"].number_format) == (1234.5, "#,##0.00")
    assert (cells["Loss of value"].value, cells["Loss of value"].number_format) == (12.5, '0.00" %"')
    assert (cells["Somebody could be hurt"].value, cells["Decision"].value, cells["Kind"].value) == ("yes", "Rejected", "Return")
    assert (cells["Customer"].value, cells["Order"].value) == ("Jan Żółć", "00017")
    assert cells["What happened"].value == "Pękł.\nDrugi raz."
    assert cells["Sold on"].value is None


def test_polish_workbook_writes_days_as_in_poland(shop: Register, tmp_path: Path) -> None:
    path = tmp_path / "cases.xlsx"
    export(filled(shop), Query(Case), path, fields=["noticed_on", "received_at"], lang="pl")
    assert [cell.number_format for cell in sheet_of(path)[3]] == ["dd.mm.yyyy", "dd.mm.yyyy hh:mm"]


def test_workbook_is_ready_to_work_with(shop: Register, tmp_path: Path) -> None:
    path = tmp_path / "cases.xlsx"
    register = filled(shop)
    query = Query(Case, (condition(Case, "customer", "=", [1]),))
    export(register, query, path, lang="en")
    book = openpyxl.load_workbook(path)
    sheet = book.active
    assert sheet.title == "Complaints"
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == f"A1:{sheet.cell(1, sheet.max_column).column_letter}2"
    assert all(cell.font.bold for cell in sheet[1])
    assert book.properties.description == "Customer is Jan Żółć"
    assert 12 <= sheet.column_dimensions["A"].width <= 60


def test_fields_and_order_are_those_of_the_list(shop: Register, tmp_path: Path) -> None:
    path = tmp_path / "c.xlsx"
    export(filled(shop), Query(Customer, order=(Sorted("name", descending=True),)), path, fields=["phone", "name"], lang="en")
    assert list(sheet_of(path).values) == [("Phone", "Customer name"), (None, "Łucja"), ("+48 600 700 800", "Jan Żółć")]


def test_lines_of_orders_name_their_order(shop: Register, tmp_path: Path) -> None:
    path = tmp_path / "lines.xlsx"
    export(filled(shop), Query(OrderLine), path, lang="en")
    cells = by_header(sheet_of(path))
    assert (cells["Order"].value, cells["Pieces"].value, cells["Unit price"].value, cells["VAT rate"].value) == ("00017", 1200, 12.3, "23")


@pytest.mark.parametrize("text", FORMULAS + INERT)
def test_text_stays_text_in_a_workbook(text: str, tmp_path: Path) -> None:
    path = tmp_path / "t.xlsx"
    write_rows(path, ["=cmd()", "b"], [[text, 1]])
    sheet = sheet_of(path)
    cell = sheet["A2"]
    assert (cell.value.replace("_x005F_", "_"), cell.data_type) == (text, "s")  # openpyxl leaves this escape, programs do not
    assert cell.quotePrefix == (text[0] in "=+-@")
    assert (sheet["A1"].value, sheet["A1"].data_type) == ("=cmd()", "s")
    assert CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()[1] == [text, 1.0]
    with zipfile.ZipFile(path) as archive:
        assert b"<f" not in archive.read("xl/worksheets/sheet1.xml").replace(b"<formula", b"")
        assert not any("hyperlink" in archive.read(part).decode("utf-8", "ignore").lower().replace(html.escape(text).lower(), "") for part in archive.namelist() if part.endswith(".rels"))


@given(st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\r"), min_size=1, max_size=30))
def test_any_text_comes_back_from_a_workbook(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    path = tmp_path_factory.getbasetemp() / "any.xlsx"
    write_rows(path, ["a", "b"], [[text, "x"]])
    kept = re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]", "", text)
    found = CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()
    assert found[1:] == [[kept, "x"]]


def test_long_texts_are_kept_and_longer_ones_cut_to_what_a_cell_holds(tmp_path: Path) -> None:
    path = tmp_path / "long.xlsx"
    write_rows(path, ["a"], [["ż" * 10_000], ["😀" * 16_383], ["😀" * 20_000], ["x" * 40_000]])
    values = [row[0] for row in list(sheet_of(path).values)[1:]]
    assert values[:2] == ["ż" * 10_000, "😀" * 16_383]
    assert [len(value.encode("utf-16-le")) // 2 <= 32_767 and value[-1] == "…" for value in values[2:]] == [True, True]


def test_plain_rows_of_every_kind(tmp_path: Path) -> None:
    path = tmp_path / "rejected.xlsx"
    rows = [[True, 1, 1.5, Decimal("2.25"), date(2026, 1, 2), 5901234123457, 10**18, float("nan"), date(1890, 1, 1), None], [1, True]]
    assert write_rows(path, list("abcdefghij"), rows, name="Rejected: [1/2]", lang="en") == 2
    sheet = sheet_of(path)
    assert sheet.title == "Rejected   1 2"
    assert [cell.value for cell in sheet[2]] == ["yes", 1, 1.5, 2.25, datetime(2026, 1, 2), 5901234123457, str(10**18), "nan", "1890-01-01", None]  # noqa: DTZ001
    assert [cell.value for cell in sheet[3]][:2] == [1, "yes"]


def test_rows_nobody_counted_beforehand_are_all_filtered(tmp_path: Path) -> None:
    path = tmp_path / "many.xlsx"
    assert write_rows(path, ["n"], ([n] for n in range(1000))) == 1000
    sheet = sheet_of(path)
    assert (sheet.max_row, sheet["A1001"].value, sheet.auto_filter.ref) == (1001, 999, "A1:A1001")


def test_a_list_of_nothing_is_a_header(shop: Register, tmp_path: Path) -> None:
    assert export(shop, Query(Product), tmp_path / "none.xlsx", lang="en") == 0
    assert next(iter(sheet_of(tmp_path / "none.xlsx").values))[0] == "SKU"


def test_more_rows_than_a_sheet_holds_are_refused_with_what_to_do(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(writer, "SHEET_ROWS", 4)
    monkeypatch.setattr(workbook_writer, "SHEET_ROWS", 4)
    write_rows(tmp_path / "fits.xlsx", ["n"], [[1], [2], [3]])
    for rows in ([[1]] * 4, ([n] for n in range(4))):
        with pytest.raises(Known, match=r"more rows than a worksheet holds \(3\).*big\.xlsx.*\.csv"):
            write_rows(tmp_path / "big.xlsx", ["n"], rows)
    assert files(tmp_path) == ["fits.xlsx"]


# ------------------------------------------------------------------------------------------- csv


def test_polish_csv(shop: Register, tmp_path: Path) -> None:
    path = tmp_path / "cases.csv"
    export(filled(shop), Query(Case, order=(Sorted("number"),)), path, lang="pl")
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    headers, first, _second = csv_rows(path, ";", "utf-8-sig")
    cells = dict(zip([*columns(Case)], first, strict=True))
    assert len(headers) == len(Case.spec.fields)
    assert (cells["claimed"], cells["noticed_on"], cells["number"]) == ("1234,50", "2026-11-20", "R/2026/0001")
    assert cells["received_at"] == f"{RECEIVED.astimezone():%Y-%m-%d %H:%M:%S}"
    assert cells["description"] == "Pękł.\nDrugi raz."


def test_english_csv(shop: Register, tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    export(filled(shop), Query(Order), path, lang="en", fields=["number", "total", "customer"])
    assert path.read_bytes().decode() == "Order number,Total,Customer\r\n00017,-1234.50,Jan Żółć\r\n"


def test_byte_order_mark_can_be_chosen(tmp_path: Path) -> None:
    write_rows(tmp_path / "a.csv", ["a"], [["ż"]], lang="pl", bom=False)
    write_rows(tmp_path / "b.csv", ["a"], [["ż"]], lang="en", bom=True)
    assert (tmp_path / "a.csv").read_bytes()[:1] == b"a"
    assert (tmp_path / "b.csv").read_bytes()[:4] == b"\xef\xbb\xbfa"


def test_csv_marks_formulas_but_no_numbers(shop: Register, tmp_path: Path) -> None:
    path = tmp_path / "c.csv"
    export(filled(shop), Query(Customer, order=(Sorted("id"),)), path, fields=["phone", "note", "company", "login"], lang="en")
    assert csv_rows(path, ",")[1:] == [["'+48 600 700 800", "", "", ""], ["", "'=1+1", "'@firma", "''=x"]]
    export(shop, Query(Order), path, fields=["total"], lang="pl")
    assert csv_rows(path, ";", "utf-8-sig")[1] == ["-1234,50"]


@pytest.mark.parametrize("text", [*FORMULAS, *INERT, "'", "''", "'5", "''5", "'a", "\t=", "\rx"])
def test_the_mark_comes_off_again(text: str) -> None:
    assert unguarded(guarded(text)) == text
    assert guarded(text)[:1] not in tuple("=+-@\t\r")


@given(st.text("'=+-@\t\r5a", max_size=6))
def test_the_mark_comes_off_any_text(text: str) -> None:
    assert unguarded(guarded(text)) == text


def test_apostrophe_of_others_before_a_number_goes() -> None:
    assert unguarded("'00-950") == "00-950"


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_the_hour_that_comes_twice_stays_the_same_moment(ending: str, shop: Register, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import time

    if not hasattr(time, "tzset"):
        pytest.skip("this system's zone can't be set for one program")
    monkeypatch.setenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3")
    time.tzset()
    try:
        moments = [datetime(2026, 10, 25, 0, 30, tzinfo=UTC), datetime(2026, 10, 25, 1, 30, tzinfo=UTC)]  # both are 02:30
        for moment in moments:
            shop.do("Take in", lambda tx, moment=moment: tx.add(Case(received_at=moment, description="x", number=f"{moment:%H}")))
        path = tmp_path / f"c.{ending}"
        export(shop, Query(Case, order=(Sorted("number"),)), path, fields=["received_at"], lang="en")
        cells = csv_rows(path, ",")[1:] if ending == "csv" else list(sheet_of(path).values)[1:]
        kind = Case.spec.fields["received_at"].type
        assert [kind.from_cell(row[0]) for row in cells] == moments
    finally:
        monkeypatch.undo()
        time.tzset()


# --------------------------------------------------------------------------------- nothing is lost


def test_every_header_stands_once_and_names_its_field() -> None:
    for kind in RECORDS:
        for lang in ("pl", "en"):
            labels = [column.label.casefold() for column in columns(kind, None, lang).values()]
            assert len(set(labels)) == len(labels)


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
@pytest.mark.parametrize("lang", ["pl", "en"])
def test_cells_read_back_by_their_types_give_the_same_values(ending: str, lang: str, shop: Register, tmp_path: Path) -> None:
    register = filled(shop)
    for kind in (Case, Customer, Order, OrderLine):
        path = tmp_path / f"{kind.spec.table}.{ending}"
        query = Query(kind, order=(Sorted("id"),))
        export(register, query, path, lang=lang)
        if ending == "csv":
            rows: list[Any] = [[unguarded(cell) for cell in row] for row in csv_rows(path, ";" if lang == "pl" else ",", "utf-8-sig")[1:]]
        else:
            rows = CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()[1:]
        wanted = [stored(record) for record in register.records(query)]
        for row, record in zip(rows, wanted, strict=True):
            for (name, field), cell in zip(kind.spec.fields.items(), row, strict=True):
                if name not in kind.spec.refs and cell != "":
                    assert field.type.store(field.type.from_cell(cell)) == record[name], name
                elif cell == "":
                    assert record[name] in ("", None), name


def test_many_rows_come_in_the_order_asked_for(shop: Register, tmp_path: Path) -> None:
    names = list(Product.spec.fields)
    products = [Product(sku=f"S{n:05}", name=f"p{n}") for n in range(4500)]
    shop.do("Fill", lambda tx: tx.add_many(Product, names, [list(stored(product).values()) for product in products]))
    seen: list[tuple[int, int]] = []
    export(shop, Query(Product, order=(Sorted("sku", descending=True),)), tmp_path / "p.csv", fields=["sku"], lang="en", progress=lambda done, total: seen.append((done, total)))
    assert [row[0] for row in csv_rows(tmp_path / "p.csv", ",")[1:]] == [f"S{n:05}" for n in reversed(range(4500))]
    assert seen == [(2000, 4500), (4000, 4500), (4500, 4500)]


# --------------------------------------------------------------------------------------- failures


def test_another_ending_is_refused(shop: Register, tmp_path: Path) -> None:
    with pytest.raises(Known, match=r"\.xlsx or \.csv.*cases\.pdf"):
        export(shop, Query(Case), tmp_path / "cases.pdf")
    assert not (tmp_path / "cases.pdf").exists()


def test_a_field_that_is_not_there_is_named(shop: Register, tmp_path: Path) -> None:
    with pytest.raises(Known, match="colour"):
        export(shop, Query(Case), tmp_path / "cases.xlsx", fields=["colour"])


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(Known, match=r"folder .*nowhere is not there"):
        write_rows(tmp_path / "nowhere" / "a.xlsx", ["a"], [["x"]])


class FullDisk:
    """A file that takes some bytes and no more."""

    def __init__(self, raw: IO[bytes], room: int) -> None:
        self.raw, self.room = raw, room

    def __getattr__(self, name: str) -> Any:
        return getattr(self.raw, name)

    def __enter__(self) -> FullDisk:
        return self

    def __exit__(self, *_error: object) -> None:
        self.raw.close()

    def write(self, data: Any) -> int:
        self.room -= len(data)
        if self.room < 0:
            raise OSError(errno.ENOSPC, "No space left on device")
        return self.raw.write(data)


@pytest.mark.parametrize("room", [0, 100, 20_000])
@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_a_full_disk_leaves_the_old_file_and_no_half_one(ending: str, room: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / f"list.{ending}"
    path.write_bytes(b"old")
    real = Path.open
    monkeypatch.setattr(Path, "open", lambda self, mode="r", **more: FullDisk(real(self, mode, **more), room) if mode == "xb" else real(self, mode, **more))
    with pytest.raises(Known, match=rf"disk is full: list\.{ending}"):
        write_rows(path, ["a"], ([f"{n * 7919}"] for n in range(30_000)))
    assert path.read_bytes() == b"old"
    assert files(tmp_path) == [path.name]


def test_a_file_open_in_another_program_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "list.xlsx"
    path.write_bytes(b"old")

    def locked(self: Path, target: Path) -> Path:
        raise PermissionError(errno.EACCES, "used by another process", str(target))

    monkeypatch.setattr(Path, "replace", locked)
    with pytest.raises(Known, match=r"list\.xlsx was not written: it is open in another program"):
        write_rows(path, ["a"], [["x"]])
    assert (files(tmp_path), path.read_bytes()) == (["list.xlsx"], b"old")


def test_two_who_write_the_same_list_at_once_write_each_a_whole_one(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"

    def meanwhile() -> Iterator[list[str]]:
        yield ["x" * 5]
        write_rows(path, ["b"], [["y" * 5000]])
        assert path.read_text("utf-8-sig").split() == ["b", "y" * 5000]
        yield ["x" * 5]

    write_rows(path, ["a"], meanwhile())
    assert path.read_text("utf-8-sig").split() == ["a", "xxxxx", "xxxxx"]
    assert files(tmp_path) == ["list.csv"]


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_a_cancelled_export_leaves_nothing(ending: str, tmp_path: Path) -> None:
    def cancel(done: int, total: int) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        write_rows(tmp_path / f"a.{ending}", ["a"], [["x"]] * 5000, progress=cancel)
    assert files(tmp_path) == []


# -------------------------------------------------------------------------------------- clipboard


def test_clipboard_text_and_table(shop: Register) -> None:
    register = filled(shop)
    ids = register.ids(Query(Customer, order=(Sorted("id"),)))
    text, table = as_clipboard(register, Query(Customer), ids[::-1], fields=["name", "note", "phone"], lang="en")
    assert text.splitlines() == ["Customer name\tNote\tPhone", "Łucja\t'=1+1\t", "Jan Żółć\t\t'+48 600 700 800"]
    assert table.count("<tr>") == 3
    assert ">=1+1</td>" in table
    assert "mso-number-format" in table
    text, _table = as_clipboard(register, Query(Order), fields=["total", "number"], lang="pl")
    assert text.splitlines()[1] == "-1234,50\t00017"


def test_clipboard_escapes_what_a_customer_wrote(shop: Register) -> None:
    shop.do("Add", lambda tx: tx.add(Customer(name="<img src=x onerror=1>", note="a\tb\nc")))
    text, table = as_clipboard(shop, Query(Customer), fields=["name", "note"], lang="en")
    assert "<img" not in table
    assert "&lt;img" in table
    assert list(csv.reader(text.splitlines(keepends=True), delimiter="\t"))[1] == ["<img src=x onerror=1>", "a\tb\nc"]
