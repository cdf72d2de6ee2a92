"""Reading other people's tables: encodings, delimiters, headers, footers, workbooks, hostile files, cancelling."""

from __future__ import annotations

import base64
import csv
import hashlib
import io
import os
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.styles import Font

from qmdesk.errors import Cancelled, Known
from qmdesk.exchange import child, child_process, reader, table_layout, text_table
from qmdesk.exchange.reader import Table, read_table
from tests.core import hostile

# an .xls as LibreOffice writes it: Numer, Data, Kwota; 1001, 1 March 2026, 12.5; 1002, 2 March, 7; Żółć, blank, blank
OLD_WORKBOOK = (
    'c-rk(OH5p46h8l*%W!9)aC!NliX*jCTEMh+Ax0|{sM=_Sw6!({qZhb?z`!)qA=;>MO52q-(RAUaiD`l+KH?)Lx=<tRTxe`enp9WR'
    'U89SskC-Nf@jK`K7e+FZ%s|sb<=mYAasJ0S|2>cY{O7-~nLqbQ<0V=F_fvotvmpxR&=k<}J2sJ_X^Yux)+cAz;a>#{x@H}k&|evl'
    'bzZLZ8q)PT{5N4gCGe#vLVIWub&`%zDR2`kCU?JL)+`n|uUJ^;zk2>0zd4QvfGho<V?FzS7+3+U1a1IU0js?$fNFrXz&c<(ut98s'
    '=w{$8z*~Whz>UD$fVTsiv<wklGj2lrF5Qo=$DA7mAq!dzmeCg*zGan*?k~Y2J~rpXE`A0M&=Izc9w$B&xlzz9GB}E5n1zw<LQBzE'
    'P^;)8p?)dlF0np97ezX>MISc0ME28CHcMGWy#8}p^OI0^P?Wx5?|J2Q?F1F7ms}bnhYrycBH{tGCg~_<Hs;P`FHyS@DMv9LU(;xl'
    'SxGbOYY)4VZqkW2nKkq_``IzTK>NhRK>P6Uyg1ej{V5LP!)%1<yr<CrD2{HFNT>fDeFpz7-+ylP=4V#Yw-%tc6`*e`Ko8}m6U;&6'
    'F_-CQ40O_z<=RdMq^?N^rLIkzQrD%+rLIqxWuFzJKLrkRrsp8B*RY?$H>WHh(ZSP-exav0s%Q2Kn_z~cH?#G#{9N2g6&d!suW?6M'
    'bX?(<ux3>k$}VcUVte<51v|EI4_JTUs<?)Oo6C31<5LrE6760m<)HiM^NExLkzQ24Q@1KtS=>1mrA+V68L}FH%PMKmwZRvY7r^X)'
    '1h7g7J&eP!%h$*OY;1S!-77!r8|?3VM(F9~rwna2ydQHMBXj09S<x!xw9Ku?m4yo|+7oT=b;q1TQ;`F1ax~V~ok)x~M|a#4-Q7T&'
    'SW5+G^gAPNB-(#MHa#h26awrNxZJrVr`>|~iS~=r?H4nhTXWjy5XnL~mXdFp+EknJ*Z8%fC$P6gFUx;Jj0{#w&3#_wgqQmUzNd4>'
    'kpZX%Jx)dyY4z*ez%p#V?Zq)wEi{#fX5^s-Jj+?4El5`3<q@QN3O%*dGem(zUm=fBGV`5k)_wRqkGxvPGkDC9vG-)GO2(RGHSZFT'
    'F)n|le%>$hh-VBLOItD@5i>H|Wu}>F5qc<N=gFH43d=fP!+Fw!MlF37^e!Kw2cR3049DZ>GXRXh4Mwcojg+6Oh1Zz-DP&54u$Kec'
    'mf?j6Z|EV;x%Q0?B@;&zu~cNw3qx)^a^Jn}2c1DT9(To4x<_NNj<xY8V=e0!v%H6qZ(o`}_114!`<}Dkf5W2IEua3#I(kXFIFEPe'
    '{IpB|$H#P@dRXVG!#ZC*qI2BK3#4s>XuDqLLow}A<Y$U;;kyfG@7`#ic@y%tUH!0^W8VtefX<Ws$ZF@vT8Mr<;d;LRM9vj9m~Rbx'
    '$85-JKMC$h8mB>#W4vVfYbB0(kt$olyXs`QZ)ZK=I{_Q%gA8M<;vdL)gB7#p4&dG;JMTjt=&o9SVel{Y{dcE+t4TJBEO!d$pFlp!'
    'y59>ch>1>^l0u%E0HrXrX#Qm-{QqX)2TS~W!C^>baK!>klc!@9=idxWt-t>T{sw!aC>j'
)

PANGRAM = "Zażółć gęślą jaźń; ŚWIĄTECZNY ŹREBAK"


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """Write a file from text or bytes."""

    def make(content: str | bytes, name: str = "orders.csv", encoding: str = "utf-8") -> Path:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
        return path

    return make


def rows(table: Table) -> list[list[Any]]:
    return [list(row) for row in table.rows]


def refusal(path: Path, **given: Any) -> str:
    """The sentence with which a file is refused; it names the file."""
    with pytest.raises(Known) as caught:
        read_table(path, **given)
    sentence = str(caught.value)
    assert path.name in sentence
    assert "{" not in sentence
    return sentence


# --- encodings


@pytest.mark.parametrize(
    ("encoding", "found"),
    [
        ("utf-8", "utf-8"), ("utf-8-sig", "utf-8"), ("utf-16", "utf-16"), ("utf-16-le", "utf-16-le"),
        ("utf-16-be", "utf-16-be"), ("cp1250", "cp1250"), ("iso-8859-2", "iso-8859-2"), ("cp852", "cp852"),
    ],
)  # fmt: skip
def test_polish_letters_survive_every_encoding(write: Callable[..., Path], encoding: str, found: str) -> None:
    table = read_table(write(f"Numer\tOpis\n1\t{PANGRAM}\n", encoding=encoding))
    assert table.encoding == found
    assert table.headers == ("Numer", "Opis")
    assert rows(table) == [["1", PANGRAM]]


def test_typographic_signs_make_it_cp1250_and_plus_minus_does_not_make_it_latin2(write: Callable[..., Path]) -> None:
    assert read_table(write("Opis;Ile\n„kubek” – biały;1\n", encoding="cp1250")).encoding == "cp1250"
    assert read_table(write("Opis;Ile\nżółw ±5 %;1\nczapka są;2\n", encoding="cp1250")).encoding == "cp1250"


def test_the_given_encoding_is_obeyed_and_a_wrong_one_told(write: Callable[..., Path]) -> None:
    path = write("Opis;Ile\nłóżko;1\n", encoding="cp1250")
    assert rows(read_table(path, encoding="iso-8859-2")) == [["łóżko", "1"]]
    assert "can't be read as utf-8" in refusal(path, encoding="utf-8")
    with pytest.raises(Known, match="klingon is not an encoding"):
        read_table(path, encoding="klingon")
    marked = write("Opis;Ile\nłóżko;1\n", encoding="utf-8-sig")
    assert read_table(marked, encoding="utf-8").headers == ("Opis", "Ile")


def test_a_bad_byte_far_down_is_told_with_the_encoding(write: Callable[..., Path]) -> None:
    path = write(b"Opis;Ile\n" + b"kubek;1\n" * 60_000 + b"\xb3y\xbfka;2\n")
    assert "can't be read as utf-8" in refusal(path, encoding="utf-8")
    assert read_table(path).encoding == "cp1250"


# --- delimiters and cells


@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
def test_the_delimiter_is_found_though_others_stand_in_the_cells(write: Callable[..., Path], delimiter: str) -> None:
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter)
    writer.writerow(["Order", "Product, size", "Price"])
    writer.writerows([[str(n), "Mug; blue, large|small", f"{n},50"] for n in range(20)])
    table = read_table(write(text.getvalue(), "orders.txt"))
    assert table.delimiter == delimiter
    assert table.headers == ("Order", "Product, size", "Price")
    assert rows(table)[3] == ["3", "Mug; blue, large|small", "3,50"]


def test_decimal_commas_do_not_make_commas_the_delimiter(write: Callable[..., Path]) -> None:
    table = read_table(write("Nazwa;Cena\nKubek;12,50\nMiska;8,00\n"))
    assert table.delimiter == ";"
    assert rows(table) == [["Kubek", "12,50"], ["Miska", "8,00"]]


def test_a_sep_line_is_honoured(write: Callable[..., Path]) -> None:
    table = read_table(write("sep=;\r\nName, of it;Price\r\nMug, blue;1\r\n", encoding="utf-8-sig"))
    assert (table.delimiter, table.headers, table.header_row) == (";", ("Name, of it", "Price"), 2)
    assert (rows(table), list(table.numbers), table.notes) == ([["Mug, blue", "1"]], [3], ())


def test_a_given_delimiter_wins(write: Callable[..., Path]) -> None:
    assert read_table(write("a,b;c,d\n1,2;3,4\n"), delimiter=";").headers == ("a,b", "c,d")


def test_one_column_is_a_table(write: Callable[..., Path]) -> None:
    table = read_table(write("E-mail\nanna@example.com\njan@example.com\n"))
    assert table.headers == ("E-mail",)
    assert rows(table) == [["anna@example.com"], ["jan@example.com"]]


def test_line_breaks_inside_quotes_stay_in_the_cell(write: Callable[..., Path]) -> None:
    table = read_table(write('Order,Note,Zip\r\n1,"left, at\r\nthe ""red"" door","00-950"\r\n\r\n2,,\r\n'))
    assert rows(table) == [["1", 'left, at\r\nthe "red" door', "00-950"], ["2", "", ""]]
    assert list(table.numbers) == [2, 4]


def test_old_mac_lines_and_a_last_line_without_end(write: Callable[..., Path]) -> None:
    assert rows(read_table(write("Order;Product\r1;Mug\r2;Bowl"))) == [["1", "Mug"], ["2", "Bowl"]]


def test_one_apostrophe_before_digits_or_formulas_comes_off(write: Callable[..., Path]) -> None:
    path = write("Name,Zip,Text\nAnna,'2759,'=1+1\nO'Neil,''2759,'n' roll\n'-5,'+48 600,'@home\n")
    assert rows(read_table(path)) == [
        ["Anna", "2759", "=1+1"],
        ["O'Neil", "'2759", "'n' roll"],
        ["-5", "+48 600", "@home"],
    ]


def test_short_rows_are_padded_and_long_ones_cut_with_a_note(write: Callable[..., Path]) -> None:
    table = read_table(write("A,B,C\n1\n1,2,3,,\n1,2,3,4\n5,6,7,8,9\n"))
    assert rows(table) == [["1", "", ""], ["1", "2", "3"], ["1", "2", "3"], ["5", "6", "7"]]
    assert len(table.notes) == 1
    assert "more cells than the header: 2, the first of them row 4" in table.notes[0]


@given(
    body=st.lists(
        st.tuples(*[st.text(alphabet="aZ ,;|\t\"\r\n'ąćęłńóśźżŚŻ019.-", max_size=12)] * 2), min_size=1, max_size=12
    ),
    delimiter=st.sampled_from(";,\t|"),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1250", "iso-8859-2"]),
)
@settings(max_examples=80, deadline=None)
def test_whatever_is_written_is_read(
    tmp_path_factory: pytest.TempPathFactory, body: list[tuple[str, str]], delimiter: str, encoding: str
) -> None:
    header = ["Zamówienie", "Ilość", "Treść"]
    expected = [[f"Z{index}", *cells] for index, cells in enumerate(body)]
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter, quoting=csv.QUOTE_ALL).writerows([header, *expected])
    path = tmp_path_factory.getbasetemp() / "round.csv"
    path.write_bytes(text.getvalue().encode(encoding))
    found = text_table.open_text(path, None, None, frozenset({"zamowienie", "ilosc"}), lambda share: None)
    layout = table_layout.lay_out(found.rows(lambda share: None), frozenset(), None)
    assert found.delimiter == delimiter
    assert layout.header.labels == header
    assert [row for _numbers, chunk in layout.chunks(None) for row in chunk] == expected


# --- where the table stands


EBAY = (
    '\n"Orders report of Mugs & Co"\n\n'
    "Sales Record Number,Order Number,Buyer Username,Buyer Zip,Item Title,Quantity,Sold For\n"
    "\n"
    "101,27-1,anna,'0950,Mug,1,\"$1,433.66\"\n"
    "102,,jan,00-001,Bowl,2,$5.00\n"
    "\n"
    "83 record(s) downloaded\n"
    "Seller ID : mugs_co\n"
)


def test_preamble_blank_lines_and_footer_are_left_out_with_notes(write: Callable[..., Path]) -> None:
    table = read_table(write(EBAY))
    assert table.header_row == 4
    assert table.headers[0] == "Sales Record Number"
    assert rows(table) == [
        ["101", "27-1", "anna", "0950", "Mug", "1", "$1,433.66"],
        ["102", "", "jan", "00-001", "Bowl", "2", "$5.00"],
    ]
    assert list(table.numbers) == [6, 7]
    assert table.notes == (
        "Lines left out above the header: 1.",
        "Lines left out below the table: 2, the first of them “83 record(s) downloaded”.",
    )


def test_the_header_is_found_in_the_fifteenth_line_but_a_given_row_wins(write: Callable[..., Path]) -> None:
    preamble = "".join(f"Shop;line {n}\n" for n in range(14))
    path = write(preamble + "Order;Product;Quantity;Price\n1;Mug;2;5,00\n")
    assert read_table(path).header_row == 15
    assert read_table(path, header_row=3).headers == ("Shop", "line 2")
    assert "Row 400" in refusal(path, header_row=400)


def test_known_headers_decide_between_equal_rows(write: Callable[..., Path]) -> None:
    path = write("Mugs & Co;Warsaw\nNumer zamówienia;Opis\nZ-1;stłuczony\n")
    assert read_table(path).header_row == 1
    assert read_table(path, known_headers={"numer zamowienia", "opis"}).header_row == 2


def test_texts_below_a_header_are_not_taken_for_it(write: Callable[..., Path]) -> None:
    path = write("Name;;City;Country\nAnna;Nowak;Łódź;Poland\nJan;Kot;Radom;Poland\n")
    table = read_table(path)
    assert table.headers == ("Name", "[B]", "City", "Country")
    assert len(table.rows) == 2


def test_numbers_only_still_give_a_table(write: Callable[..., Path]) -> None:
    assert read_table(write("1;2;3\n4;5;6\n")).headers == ("1", "2", "3")


def test_a_last_row_with_a_name_alone_is_no_footer(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for row in [("Product", "SKU", "Price", "VAT"), ("Mug", "M1", 5, 23), ("White bowl", None, None, None)]:
        book.active.append(row)
    book.save(tmp_path / "products.xlsx")
    table = read_table(tmp_path / "products.xlsx")
    assert rows(table) == [["Mug", "M1", 5, 23], ["White bowl", "", "", ""]]


@pytest.mark.parametrize("last", [("Razem", None, 6, 1331.9), (None, "Razem:", "6", "1 331,90 zł"), (None, None, "SUMA", 1331.9), ("Grand total", None, None, "$1,331.90")])
def test_a_row_of_sums_is_no_row_of_the_table(tmp_path: Path, last: tuple[Any, ...]) -> None:
    book = openpyxl.Workbook()
    for row in [("Order", "Product", "Quantity", "Price"), ("Z-1", "Mug", 5, 23), (None, "Total bowl", 1, 2), (), last]:
        book.active.append(row)
    book.save(tmp_path / "orders.xlsx")
    table = read_table(tmp_path / "orders.xlsx")
    assert [row[1] for row in rows(table)] == ["Mug", "Total bowl"]
    assert "below the table: 1" in table.notes[0]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("", "is empty"),
        ("\n \n;;\n\r\n", "all its lines are blank"),
        ("Order;Product\n", "no rows below"),
        ("Order;Product;Price;Date\n\n0 record(s) downloaded\n", "no rows below"),
    ],
)
def test_a_file_without_rows_is_told(write: Callable[..., Path], content: str, words: str) -> None:
    assert words in refusal(write(content))


def test_a_preview_reads_only_the_first_rows(write: Callable[..., Path]) -> None:
    path = write("Order;Product;Price;Date\n" + "".join(f"{n};Mug;1;2\n" for n in range(50_000)))
    table = read_table(path, at_most=5)
    assert [row[0] for row in table.rows] == ["0", "1", "2", "3", "4"]
    short = write(EBAY, "short.csv")
    assert len(read_table(short, at_most=50).rows) == 2


def test_rows_can_be_counted_picked_sliced_and_read_again(write: Callable[..., Path]) -> None:
    path = write("Order;Product\n" + "".join(f"{n};Mug\n" for n in range(30_000)))
    table = read_table(path)
    assert len(table.rows) == len(table.numbers) == 30_000
    assert (table.rows[0][0], table.rows[29_999][0], table.rows[-1][0]) == ("0", "29999", "29999")
    assert [row[0] for row in table.rows[9_999:10_002]] == ["9999", "10000", "10001"]
    assert [row[0] for row in table.rows] == [row[0] for row in table.rows]
    assert table.numbers[12_345] == 12_347
    assert table.digest == hashlib.sha256(path.read_bytes()).hexdigest()
    with pytest.raises(IndexError):
        table.rows[30_000]


# --- workbooks


def test_a_whole_number_is_written_as_one_in_a_header_too(tmp_path: Path) -> None:
    path = tmp_path / "sales.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["Product", "Category", 2025, 2026.5])
        sheet.write_row(1, 0, ["Mug", "Kitchen", 12, 1e15])
    table = read_table(path, header_row=1)
    assert table.headers == ("Product", "Category", "2025", "2026.5")
    assert [type(cell) for cell in table.rows[0]] == [str, str, int, float]


def test_a_workbook_keeps_its_types_and_row_numbers(tmp_path: Path) -> None:
    path = tmp_path / "orders.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet, day = book.add_worksheet("Orders"), book.add_format({"num_format": "yyyy-mm-dd"})
        moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        sheet.write(0, 0, "Mugs & Co")
        sheet.write_row(3, 1, ["Order", "Day", "Moment", "Price", "Paid", "Zip"])
        sheet.write_number(5, 1, 1001)
        sheet.write_datetime(5, 2, datetime(2026, 3, 1), day)  # noqa: DTZ001 - a sheet knows no zones
        sheet.write_datetime(5, 3, datetime(2026, 3, 1, 12, 30), moment)  # noqa: DTZ001
        sheet.write_number(5, 4, 12.5)
        sheet.write_boolean(5, 5, True)
        sheet.write_string(5, 6, "'0950")
    table = read_table(path)
    assert (table.sheet, table.sheets, table.encoding, table.delimiter) == ("Orders", ("Orders",), None, None)
    assert table.headers == ("[A]", "Order", "Day", "Moment", "Price", "Paid", "Zip")
    assert (table.header_row, list(table.numbers)) == (4, [6])
    [row] = rows(table)
    assert row[0] == ""
    assert (row[1], type(row[1])) == (1001, int)
    assert str(row[2]).startswith("2026-03-01")
    assert row[3:] == [datetime(2026, 3, 1, 12, 30), 12.5, True, "0950"]  # noqa: DTZ001


def test_the_first_visible_sheet_with_a_table_is_taken_and_another_can_be_chosen(tmp_path: Path) -> None:
    path = tmp_path / "orders.xlsx"
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet("Blank").activate()
        book.add_worksheet("Title").write(0, 0, "Report")
        secret = book.add_worksheet("Secret")
        secret.write_column(0, 0, ["Hidden", "x"])
        secret.hide()
        book.add_worksheet("Orders").write_column(0, 0, ["Order", "Z-1"])
        chart = book.add_chart({"type": "pie"})
        chart.add_series({"values": "=Orders!$A$1:$A$2"})
        book.add_chartsheet("Chart").set_chart(chart)
    table = read_table(path)
    assert (table.sheet, table.sheets) == ("Orders", ("Blank", "Title", "Secret", "Orders"))
    assert read_table(path, sheet="Secret").headers == ("Hidden",)
    assert "no sheet named “Nope”. Its sheets: Blank, Title" in refusal(path, sheet="Nope")
    assert "“Blank” of orders.xlsx is blank" in refusal(path, sheet="Blank")
    assert "no rows below" in refusal(path, sheet="Title")


def test_a_blank_workbook_is_told(tmp_path: Path) -> None:
    openpyxl.Workbook().save(tmp_path / "blank.xlsx")
    assert "all its sheets are blank" in refusal(tmp_path / "blank.xlsx")


def test_old_excel_is_read(write: Callable[..., Path]) -> None:
    path = write(zlib.decompress(base64.b85decode(OLD_WORKBOOK)), "stare.xls")
    table = read_table(path)
    assert table.headers == ("Numer", "Data", "Kwota")
    assert rows(table) == [[1001, date(2026, 3, 1), 12.5], [1002, date(2026, 3, 2), 7], ["Żółć", "", ""]]


def test_open_document_is_read(tmp_path: Path) -> None:
    path = hostile.ods(tmp_path / "orders.ods", hostile.ods_row("Order", "Product") + hostile.ods_row("Z-1", "Miska"))
    assert rows(read_table(path)) == [["Z-1", "Miska"]]


def test_the_content_decides_and_not_the_name(tmp_path: Path, write: Callable[..., Path]) -> None:
    assert rows(read_table(hostile.xlsx(tmp_path / "orders.csv", hostile.TABLE))) == [["Z-1", "Mug", 2]]
    assert rows(read_table(hostile.xlsx(tmp_path / "orders.xls", hostile.TABLE))) == [["Z-1", "Mug", 2]]
    document = hostile.ods(tmp_path / "table.xlsx", hostile.ods_row("Order", "Product") + hostile.ods_row("Z-1", "Mug"))
    assert rows(read_table(document)) == [["Z-1", "Mug"]]
    assert rows(read_table(write("Order\tProduct\nZ-1\tMug\n", "amazon.xls"))) == [["Z-1", "Mug"]]


def test_styled_empty_cells_far_away_are_harmless(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["Order", "Product"])
    book.active.append(["Z-1", "Mug"])
    for row in (5, 60_000, 1_048_576):
        book.active.cell(row, 16_384).font = Font(bold=True)
    book.save(tmp_path / "styled.xlsx")
    assert rows(read_table(tmp_path / "styled.xlsx")) == [["Z-1", "Mug"]]


HARMLESS = {
    "merged": {"after": '<mergeCells count="1"><mergeCell ref="A1:XFD1048576"/></mergeCells>'},
    "dimension": {"before": '<dimension ref="A1:XFD1048576"/>'},
    "nested": {"before": "<x>" * 100_000 + "</x>" * 100_000},
}


@pytest.mark.parametrize("kind", HARMLESS)
def test_a_workbook_that_only_claims_to_be_huge_is_read(tmp_path: Path, kind: str) -> None:
    path = hostile.xlsx(tmp_path / f"{kind}.xlsx", hostile.TABLE, **HARMLESS[kind])
    assert rows(read_table(path)) == [["Z-1", "Mug", 2]]


def test_openpyxl_reads_where_calamine_gives_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from qmdesk.exchange import workbook_table

    def panic(*_given: object) -> None:
        raise BaseException("a panic, as it comes out of Rust")

    monkeypatch.setattr(workbook_table, "_with_calamine", panic)
    path = hostile.xlsx(tmp_path / "orders.xlsx", f'{hostile.TABLE}<row r="9">{hostile.text("B9", "Bowl")}</row>')
    found = workbook_table.open_workbook(path, None, True, lambda share: None)
    kept = [(number, cells) for number, cells in found.rows if any(cells)]
    assert (found.sheet, found.sheets) == ("Orders", ("Orders",))
    assert kept[1] == (2, ["Z-1", "Mug", 2])
    assert kept[2][0] == 9


# --- hostile, broken and other files


@pytest.mark.parametrize(("name", "make", "words"), hostile.HOSTILE, ids=[case[0] for case in hostile.HOSTILE])
def test_a_hostile_file_ends_in_a_sentence(
    tmp_path: Path, name: str, make: Callable[[Path], Path], words: str
) -> None:
    assert words in refusal(make(tmp_path / name))
    assert not (tmp_path.parent / "outside.xml").exists()


def test_a_missing_file_and_a_folder_are_told(tmp_path: Path) -> None:
    assert "isn't there. Check its name" in refusal(tmp_path / "gone.csv")
    assert "is a folder" in refusal(tmp_path)
    assert refusal(Path()).startswith(f"{Path().resolve().name} is a folder")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes in folders are a thing of Unix")
def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "orders.csv")
    assert "can't be opened" in refusal(tmp_path / "orders.csv")


def _python(code: str) -> list[str]:
    return [sys.executable, "-c", code]


def test_a_crash_of_the_child_is_a_sentence(write: Callable[..., Path], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(child_process, "command", lambda: _python("import os; os.abort()"))
    assert "made the reading stop" in refusal(write("Order;Product\n1;Mug\n"))


def test_a_child_that_never_ends_is_ended(write: Callable[..., Path], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(child_process, "command", lambda: _python("import sys; sys.stdin.read()\nwhile True: pass"))
    monkeypatch.setattr(reader, "BASE_SECONDS", 0.3)
    assert "took longer than" in refusal(write("Order;Product\n1;Mug\n"))


def test_rows_beyond_what_may_be_received_end_the_reading(
    write: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reader, "RECEIVED", 100_000)
    assert "needs more memory" in refusal(write("Order;Product\n" + "1;Mug\n" * 50_000))


def test_a_mistake_of_ours_is_no_sentence_and_tells_no_data(
    write: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    code = (
        "from qmdesk.exchange import child, text_table\n"
        "def wrong(*given): raise ZeroDivisionError('Anna Nowak')\n"
        "child.text_table.open_text = wrong\n"
        "child.main([])"
    )
    monkeypatch.setattr(child_process, "command", lambda: _python(code))
    with pytest.raises(RuntimeError, match="ZeroDivisionError in the reading process") as caught:
        read_table(write("Order;Product\n1;Mug\n"))
    assert "Anna" not in str(caught.value)


def test_cancelling_ends_the_child(write: Callable[..., Path], monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[subprocess.Popen[bytes]] = []
    popen = subprocess.Popen

    def record(*given: Any, **named: Any) -> subprocess.Popen[bytes]:
        started.append(popen(*given, **named))
        return started[-1]

    monkeypatch.setattr(child_process.subprocess, "Popen", record)
    calls: list[int] = []

    def progress(done: int, total: int) -> None:
        calls.append(done)
        if len(calls) > 1:
            raise Cancelled

    path = write("Order;Product\n" + '"1";"Mug"\n' * 900_000)
    with pytest.raises(Cancelled):
        read_table(path, progress=progress)
    assert started[0].returncode is not None


def test_progress_grows_to_the_whole(write: Callable[..., Path]) -> None:
    seen: list[tuple[int, int]] = []
    read_table(write("Order;Product\n" + "1;Mug\n" * 200_000), progress=lambda *step: seen.append(step))
    assert seen == sorted(seen)
    assert seen[0] == (0, 1000)
    assert seen[-1] == (1000, 1000)


def test_the_frozen_program_is_its_own_reader(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "executable", "/opt/qmdesk/qmdesk")
    assert child_process.command() == ["/opt/qmdesk/qmdesk", child.ARGUMENT]


def test_a_module_beside_the_file_is_not_run(write: Callable[..., Path], monkeypatch: pytest.MonkeyPatch) -> None:
    path = write("Order;Product\n1;Mug\n")
    write("raise SystemExit(3)", "csv.py")
    monkeypatch.chdir(path.parent)
    assert len(read_table(Path("orders.csv")).rows) == 1


def test_a_hundred_thousand_rows_of_a_workbook_pass(tmp_path: Path) -> None:
    """By hand-made parts: writing them with a library would take ten times as long as reading them."""
    numbers = range(2, 100_002)
    body = "".join(f'<row r="{n}"><c r="A{n}"><v>{n}</v></c>' + "<c><v>1</v></c>" * 4 + "</row>" for n in numbers)
    head = "".join(hostile.text(f"{letter}1", f"Column {letter}") for letter in "ABCDE")
    path = hostile.xlsx(tmp_path / "large.xlsx", f'<row r="1">{head}</row>{body}')
    assert zipfile.is_zipfile(path)
    table = read_table(path)
    assert (len(table.rows), table.rows[99_999][0], table.numbers[99_999]) == (100_000, 100_001, 100_001)
