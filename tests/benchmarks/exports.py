"""How much faster a list is exported to a workbook than openpyxl's write-only mode writes the same rows."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import openpyxl

from qmdesk.exchange.export_columns import columns
from qmdesk.exchange.writer import export
from qmdesk.operations.registers import new_register
from qmdesk.records.case import Case, CaseKind, CaseState, Decision, Demand
from qmdesk.records.party import Customer
from qmdesk.register import Register, Transaction
from qmdesk.schema.query import Query
from qmdesk.schema.record import stored

FIELDS = (
    "number", "kind", "received_at", "channel", "customer", "buyer_type", "description", "noticed_on", "demand", "claimed", "currency", "cause",
    "contract_type", "sold_on", "delivered_on", "sale_document_number", "goods_received_on", "external_id", "state", "safety", "note", "decision",
    "decided_on", "value_loss", "refund",
)  # fmt: skip
WORDS = ("paczka", "przyszła", "uszkodzona,", "pudełko", "było", "zgniecione", "i", "ładowarka", "nie", "działa", "po", "żółty", "zwrot")


def export_ratio(rows: int = 100_000, *, pieces: int = 10) -> dict[str, float]:
    """Seconds of openpyxl (given the rows in memory) and of the whole export (reading included), and their ratio.

    The two take turns in ``pieces`` parts, so that a machine whose speed wanders does not favour one of them.
    """
    with TemporaryDirectory() as folder, _register(Path(folder) / "shop.qmd", rows // pieces) as register:
        query = Query(Case)
        shown = columns(Case, FIELDS, "en")
        ids = register.ids(query)
        table = [
            [None if value is None else column.cell(value) for column, value in zip(shown.values(), row, strict=True)]
            for row in register.values(Case, FIELDS, ids)
        ]
        theirs = ours = 0.0
        for _piece in range(pieces):
            theirs += _seconds(lambda: _with_openpyxl(Path(folder) / "theirs.xlsx", [column.label for column in shown.values()], table))
            ours += _seconds(lambda: export(register, query, Path(folder) / "ours.xlsx", fields=FIELDS, lang="en"))
    return {"rows": float(rows), "openpyxl": theirs, "export": ours, "ratio": theirs / ours}


def csv_seconds(rows: int = 100_000) -> float:
    """Seconds of the same export to csv."""
    with TemporaryDirectory() as folder, _register(Path(folder) / "shop.qmd", rows) as register:
        return _seconds(lambda: export(register, Query(Case), Path(folder) / "ours.csv", fields=FIELDS, lang="pl"))


def _seconds(work: Any) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def _with_openpyxl(path: Path, headers: list[str], table: list[list[Any]]) -> None:
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("Complaints")
    sheet.append(headers)
    for row in table:
        sheet.append(row)
    book.save(path)


def _register(path: Path, rows: int) -> Register:
    register = new_register(path, program="benchmark", lang="en")
    register.do("Fill", _fill, rows)
    return register


def _fill(tx: Transaction, rows: int) -> None:
    customers = [tx.add(Customer(name=f"Zażółć Gęślą {n}")) for n in range(500)]
    names = list(Case.spec.fields)
    tx.add_many(Case, names, [list(stored(case).values()) for case in _cases(rows, customers)])


def _cases(rows: int, customers: list[int]) -> Iterator[Case]:
    chance = random.Random(7)

    def words(most: int) -> str:
        return " ".join(chance.choices(WORDS, k=most))

    for n in range(rows):
        received = datetime(2024, 1, 1, 8, tzinfo=UTC) + timedelta(minutes=7 * n)
        day = date(2023, 6, 1) + timedelta(days=n % 200)
        yield Case(
            number=f"R/2026/{n:06}", kind=chance.choice(list(CaseKind)), received_at=received, channel=1 + n % 9, customer=chance.choice(customers),
            description=words(15), noticed_on=day, demand=chance.choice(list(Demand)), claimed=chance.randrange(100, 99_999) / 100, currency="PLN",
            cause=1 + n % 11, sold_on=day, delivered_on=day, sale_document_number=f"PAR/{n}", external_id=f"+48 600 {n:06}", state=chance.choice(list(CaseState)),
            note=words(5), decision=chance.choice(list(Decision)), decided_on=day, refund=chance.randrange(100, 99_999) / 100,
        )  # fmt: skip
