"""Taking in 100,000 order rows from a workbook, against calamine reading the same file to Python lists."""

from __future__ import annotations

import random
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import openpyxl
import python_calamine

from qmdesk.exchange.mapping import known_headers, mapping_for
from qmdesk.exchange.reader import read_table
from qmdesk.operations import imports
from qmdesk.operations.registers import new_register

HEADERS = (
    "Name", "Email", "Financial Status", "Paid at", "Fulfillment Status", "Currency", "Subtotal", "Shipping", "Taxes", "Total", "Created at",
    "Lineitem quantity", "Lineitem name", "Lineitem price", "Lineitem sku", "Billing Name", "Billing Street", "Billing City", "Billing Zip", "Phone",
)  # fmt: skip


def orders_workbook(path: Path, rows: int, seed: int = 7) -> None:
    """A Shopify-like workbook: three lines an order on average, the later ones as continuation rows."""
    dice = random.Random(seed)
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.append(HEADERS)
    row, order = 1, 1000
    while row <= rows:
        order += 1
        person = dice.randrange(20_000)
        created = f"2026-{dice.randrange(1, 12):02}-{dice.randrange(1, 28):02} 10:{dice.randrange(60):02}:00 +0100"
        for line in range(min(dice.randrange(1, 6), rows - row + 1)):
            product, price = dice.randrange(2_000), dice.randrange(500, 20_000) / 100
            head = line == 0
            sheet.append(
                (
                    f"#{order}", f"k{person}@example.com", "paid" if head else "", created if head else "", "", "PLN" if head else "",
                    price if head else "", 9.99 if head else "", "", price if head else "", created, dice.randrange(1, 4),
                    f"Kubek numer {product}", price, f"SKU-{product}", f"Klient {person}" if head else "", f"ul. Polna {person}" if head else "",
                    "Kraków" if head else "", "'30-001" if head else "", f"600{person:06}" if head else "",
                ),
            )  # fmt: skip
            row += 1
    book.save(path)


def import_ratio(rows: int = 100_000, rounds: int = 3) -> tuple[float, float, float]:
    """Best seconds of calamine to lists and of the whole import, and their ratio."""
    calamine, ours = [], []
    with TemporaryDirectory() as folder:
        file = Path(folder) / "orders.xlsx"
        orders_workbook(file, rows)
        for attempt in range(rounds):
            began = time.perf_counter()
            listed = python_calamine.CalamineWorkbook.from_path(str(file)).get_sheet_by_index(0).to_python()
            calamine.append(time.perf_counter() - began)
            assert len(listed) == rows + 1
            with new_register(Path(folder) / f"shop{attempt}.qmd", program="benchmark", lang="en") as register:
                began = time.perf_counter()
                table = read_table(file, known_headers=known_headers())
                report = imports.run(register, table, mapping_for(table.headers, "orders")).result
                ours.append(time.perf_counter() - began)
                assert report.added > rows // 6
                assert not report.rejected
    return min(calamine), min(ours), min(ours) / min(calamine)
