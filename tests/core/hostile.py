"""Makers of hostile and broken files: each writes one file of a kind that has harmed some program that reads tables."""

from __future__ import annotations

import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


def xlsx(path: Path, sheet: str, *, shared: str = "", before: str = "", after: str = "") -> Path:
    """A workbook of one sheet: ``sheet`` are its rows, ``before`` and ``after`` what stands around <sheetData>."""
    parts = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        + "".join(
            f'<Override PartName="/xl/{name}.xml" ContentType="application/vnd.openxmlformats-officedocument.'
            f'spreadsheetml.{kind}+xml"/>'
            for name, kind in (
                ("workbook", "sheet.main"), ("worksheets/sheet1", "worksheet"),
                ("styles", "styles"), ("sharedStrings", "sharedStrings"),
            )
        )
        + "</Types>",
        "_rels/.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="r1" Type="{RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook {MAIN} xmlns:r="{RELATIONS}">'
        '<sheets><sheet name="Orders" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="r1" Type="{RELATIONS}/worksheet" Target="worksheets/sheet1.xml"/>'
        f'<Relationship Id="r2" Type="{RELATIONS}/styles" Target="styles.xml"/>'
        f'<Relationship Id="r3" Type="{RELATIONS}/sharedStrings" Target="sharedStrings.xml"/></Relationships>',
        "xl/styles.xml": f'<styleSheet {MAIN}><fonts count="1"><font/></fonts><fills count="1"><fill><patternFill/></fill></fills>'
        '<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>'
        '<cellXfs count="2"><xf/><xf/></cellXfs></styleSheet>',
        "xl/sharedStrings.xml": f"<sst {MAIN}>{shared}</sst>",
        "xl/worksheets/sheet1.xml": f"<worksheet {MAIN}>{before}<sheetData>{sheet}</sheetData>{after}</worksheet>",
    }  # fmt: skip
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, XML + text)
    return path


def text(reference: str, value: str) -> str:
    """A cell that holds a text."""
    return f'<c r="{reference}" t="inlineStr"><is><t>{value}</t></is></c>'


TABLE = (
    f'<row r="1">{text("A1", "Order")}{text("B1", "Product")}{text("C1", "Quantity")}</row>'
    f'<row r="2">{text("A2", "Z-1")}{text("B2", "Mug")}<c r="C2"><v>2</v></c></row>'
)


def with_part(path: Path, name: str, content: str | bytes) -> Path:
    """Add a part to a zip."""
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return path


def ods(path: Path, rows: str) -> Path:
    """An OpenDocument spreadsheet of one sheet."""
    office = "urn:oasis:names:tc:opendocument:xmlns"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr(
            "META-INF/manifest.xml",
            f'{XML}<manifest:manifest xmlns:manifest="{office}:manifest:1.0"><manifest:file-entry manifest:full-path="/" '
            'manifest:media-type="application/vnd.oasis.opendocument.spreadsheet"/></manifest:manifest>',
        )
        archive.writestr(
            "content.xml",
            f'{XML}<office:document-content xmlns:office="{office}:office:1.0" xmlns:table="{office}:table:1.0" '
            f'xmlns:text="{office}:text:1.0" office:version="1.2"><office:body><office:spreadsheet>'
            f'<table:table table:name="Orders">{rows}</table:table></office:spreadsheet></office:body>'
            "</office:document-content>",
        )
    return path


def ods_row(*values: str, repeated: int = 1) -> str:
    """A row of texts, ``repeated`` times."""
    cells = "".join(
        f'<table:table-cell office:value-type="string"><text:p>{value}</text:p></table:table-cell>' for value in values
    )
    return f'<table:table-row table:number-rows-repeated="{repeated}">{cells}</table:table-row>'


# --- workbooks that no program wrote


def far_value(path: Path) -> Path:
    return xlsx(path, f'{TABLE}<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')


def far_value_in_single_quotes(path: Path) -> Path:
    return xlsx(path, f"{TABLE}<row r='1048576'><c r='XFD1048576'><v>1</v></c></row>")


def far_value_first(path: Path) -> Path:
    return xlsx(path, f'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>{TABLE}')


def shared_text_bomb(path: Path) -> Path:
    """400,000 cells that all show one text of 32,000 letters: 13 GB in 50 kB."""
    rows = "".join(f'<row r="{n}">{"".join(_SHARED[0] for _ in range(40))}</row>' for n in range(2, 10_002))
    return xlsx(path, TABLE + rows, shared=f"<si><t>{'x' * 32_000}</t></si>")


_SHARED = ('<c t="s"><v>0</v></c>',)


def billion_laughs(path: Path) -> Path:
    entities = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    xlsx(path, TABLE)
    body = f'{XML}<!DOCTYPE lolz [<!ENTITY l0 "lol">{entities}]><sst {MAIN}><si><t>&l9;</t></si></sst>'
    return _replace(path, "xl/sharedStrings.xml", body.encode())


def laughs_in_utf16(path: Path) -> Path:
    body = f'<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE a [<!ENTITY b "c">]><sst {MAIN}><si><t>&b;</t></si></sst>'
    return _replace(xlsx(path, TABLE), "xl/sharedStrings.xml", body.encode("utf-16"))


def reads_local_file(path: Path) -> Path:
    body = f'{XML}<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/hostname">]><sst {MAIN}><si><t>&b;</t></si></sst>'
    return _replace(xlsx(path, TABLE), "xl/sharedStrings.xml", body.encode())


def points_outside(path: Path) -> Path:
    return with_part(xlsx(path, TABLE), "../../../../outside.xml", "<a/>")


def many_parts(path: Path) -> Path:
    xlsx(path, TABLE)
    with zipfile.ZipFile(path, "a") as archive:
        for number in range(10_001):
            archive.writestr(f"xl/x{number}.xml", "")
    return path


def claims_a_gigabyte(path: Path) -> Path:
    """The directory says that a part unpacks to 1 GB."""
    xlsx(path, TABLE)
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/more.xml", " ")
        archive.filelist[-1].file_size = 1 << 30
    return path


def unpacks_to_more_than_claimed(path: Path) -> Path:
    xlsx(path, TABLE)
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/more.xml", " " * 100_000)
        archive.filelist[-1].file_size = 10
    return path


def too_many_cells(path: Path) -> Path:
    """Ten and a half million cells in half a megabyte."""
    xlsx(path, TABLE)
    row = b"<row>" + b"<c><v>1</v></c>" * 1000 + b"</row>"
    return _replace(path, "xl/worksheets/sheet1.xml", f"{XML}<worksheet {MAIN}><sheetData>".encode(), row * 10_500)


def endless_ods_row(path: Path) -> Path:
    cell = '<table:table-cell table:number-columns-repeated="16384" office:value-type="float" office:value="1"/>'
    return ods(path, f'<table:table-row table:number-rows-repeated="1048576">{cell}</table:table-row>')


def text_index_too_high(path: Path) -> Path:
    return xlsx(path, f'{TABLE}<row r="3"><c r="A3" t="s"><v>99</v></c></row>')


def nested_elements(path: Path) -> Path:
    return xlsx(path, TABLE, before="<x>" * 100_000 + "</x>" * 100_000)


def encrypted_zip(path: Path) -> Path:
    """A zip whose parts say that they are encrypted."""
    data = bytearray(xlsx(path, TABLE).read_bytes())
    for signature, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = data.find(signature)
        while at >= 0:
            data[at + flags] |= 1
            at = data.find(signature, at + 4)
    path.write_bytes(data)
    return path


def encrypted_ods(path: Path) -> Path:
    ods(path, ods_row("a", "b"))
    return _replace(path, "META-INF/manifest.xml", b"<manifest:manifest><manifest:encryption-data/></manifest:manifest>")


def password_protected(path: Path) -> Path:
    """The outside of what Excel writes with a password: an OLE container with a stream EncryptedPackage."""
    path.write_bytes(_ole("EncryptionInfo", "EncryptedPackage"))
    return path


def truncated(path: Path) -> Path:
    data = xlsx(path, TABLE).read_bytes()
    path.write_bytes(data[: len(data) * 2 // 3])
    return path


def bad_checksum(path: Path) -> Path:
    data = bytearray(xlsx(path, TABLE).read_bytes())
    with zipfile.ZipFile(path) as archive:
        at = archive.getinfo("xl/worksheets/sheet1.xml").header_offset
    data[at + 30 + 40 : at + 30 + 60] = bytes(20)
    path.write_bytes(data)
    return path


# --- files that are something else


def picture(path: Path) -> Path:
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + struct.pack(">I4sIIBBBBB", 13, b"IHDR", 1, 1, 8, 2, 0, 0, 0) + bytes(50))
    return path


def web_page(path: Path) -> Path:
    path.write_text("\ufeff\n<html><body><table><tr><td>Order</td></tr></table></body></html>", encoding="utf-8")
    return path


def xml_spreadsheet(path: Path) -> Path:
    path.write_text('<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>', "utf-8")
    return path


def old_word_document(path: Path) -> Path:
    path.write_bytes(_ole("WordDocument"))
    return path


def word_document(path: Path) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", "<document/>")
    return path


def archive_of_tables(path: Path) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("orders.csv", "a;b\n1;2\n")
    return path


def pdf(path: Path) -> Path:
    path.write_bytes(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
    return path


def register(path: Path) -> Path:
    path.write_bytes(b"SQLite format 3\0" + bytes(100))
    return path


def json_lines(path: Path) -> Path:
    path.write_text('{"id": 1, "subject": "late"}\n{"id": 2, "subject": "broken"}\n')
    return path


def zero_bytes(path: Path) -> Path:
    path.write_bytes(b"Order;Product\n1;Mug\n" * 5000 + b"2;\0\0\0Plate\n")
    return path


def noise(path: Path) -> Path:
    path.write_bytes(bytes((n * 7919 + n // 13) % 255 + 1 for n in range(20_000)))
    return path


# --- text files that are too much


def two_gigabytes(path: Path) -> Path:
    """A csv of 2 GB; the disk holds only its first line, the rest is a hole."""
    with path.open("wb") as file:
        file.write(b"Order;Product\n")
        file.truncate(2 << 30)
    return path


def many_rows(path: Path) -> Path:
    path.write_bytes(b"Order;Product\n" + b"1;2\n" * 1_048_577)
    return path


def endless_line(path: Path) -> Path:
    path.write_bytes(b"Order;Product\n" + b"x" * (20 << 20))
    return path


def many_columns(path: Path) -> Path:
    path.write_text(";".join(f"c{n}" for n in range(1_000_000)) + "\n1;2\n")
    return path


def open_quotation_mark(path: Path) -> Path:
    path.write_text('Order;Product\n1;Mug\n2;"Plate\n' + "3;Bowl\n" * 500)
    return path


def huge_cell(path: Path) -> Path:
    path.write_text('Order;Product\n1;"' + "line\n" * 300_000 + '"\n')
    return path


def _replace(path: Path, name: str, *content: bytes) -> Path:
    """Write the zip anew with another content of one part."""
    with zipfile.ZipFile(path) as archive:
        parts = {part: archive.read(part) for part in archive.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for part, old in parts.items():
            archive.writestr(part, b"".join(content) if part == name else old)
    return path


def _ole(*streams: str) -> bytes:
    """The first sector and a directory sector of an OLE container; enough to say what it is, too little to be read."""
    directory = b"".join(stream.encode("utf-16-le").ljust(128, b"\0") for stream in ("Root Entry", *streams))
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".ljust(512, b"\0") + directory.ljust(512, b"\0")


# file name, maker, words of the sentence
HOSTILE: tuple[tuple[str, Callable[[Path], Path], str], ...] = (
    ("far.xlsx", far_value, "in cell XFD1048576"),
    ("quotes.xlsx", far_value_in_single_quotes, "in cell XFD1048576"),
    ("first.xlsx", far_value_first, "in cell XFD1048576"),
    ("shared.xlsx", shared_text_bomb, "damaged, or it was made to fill the memory"),
    ("laughs.xlsx", billion_laughs, "XML declarations"),
    ("utf16.xlsx", laughs_in_utf16, "XML declarations"),
    ("local.xlsx", reads_local_file, "XML declarations"),
    ("outside.xlsx", points_outside, "points outside"),
    ("parts.xlsx", many_parts, "parts, far more than"),
    ("claims.xlsx", claims_a_gigabyte, "would unpack to more than 512 MB"),
    ("lies.xlsx", unpacks_to_more_than_claimed, "damaged"),
    ("cells.xlsx", too_many_cells, "more than 10,000,000 filled cells"),
    ("endless.ods", endless_ods_row, "more rows and columns than any table"),
    ("index.xlsx", text_index_too_high, "no spreadsheet program wrote it"),
    ("zip-password.xlsx", encrypted_zip, "protected by a password"),
    ("password.ods", encrypted_ods, "protected by a password"),
    ("password.xlsx", password_protected, "protected by a password"),
    ("truncated.xlsx", truncated, "its end is missing"),
    ("checksum.xlsx", bad_checksum, "is damaged"),
    ("picture.xlsx", picture, "is a picture"),
    ("picture.csv", picture, "is a picture"),
    ("page.xls", web_page, "is a web page"),
    ("xml.xls", xml_spreadsheet, "is an XML file"),
    ("letter.xls", old_word_document, "another kind of document"),
    ("letter.xlsx", word_document, "another kind of document"),
    ("orders.zip", archive_of_tables, "is a packed archive"),
    ("letter.csv", pdf, "is a PDF document"),
    ("shop.csv", register, "a database or a register"),
    ("tickets.csv", json_lines, "is a JSON file"),
    ("zeros.csv", zero_bytes, "binary data"),
    ("noise.csv", noise, "binary data"),
    ("two-gigabytes.csv", two_gigabytes, "is larger than 1,024 MB"),
    ("rows.csv", many_rows, "more than 1,048,576 rows"),
    ("line.csv", endless_line, "longer than 16 MB"),
    ("columns.csv", many_columns, "more than 2,000 columns"),
    ("open.csv", open_quotation_mark, "quotation mark opened in row 3"),
    ("cell.csv", huge_cell, "quotation mark opened in row 2"),
)
