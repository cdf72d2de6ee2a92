"""One saved case with its number, journal and index, against the same row in bare sqlite3 with synchronous=FULL."""

from __future__ import annotations

import sqlite3
import statistics
import time
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

from qmdesk.operations import cases
from qmdesk.operations.registers import new_register
from qmdesk.records.case import Case, Demand
from qmdesk.records.party import Customer
from qmdesk.register import clock
from qmdesk.schema.record import stored


def save_ratio(rounds: int = 200) -> tuple[float, float, float]:
    """Median seconds of the bare row and of the saved case, taking turns, and their ratio."""
    bare, ours = [], []
    with TemporaryDirectory() as folder, new_register(Path(folder) / "shop.qmd", program="benchmark", lang="en") as register:
        customer = register.do("Add", lambda tx: tx.add(Customer(name="Anna Brzozowska", email="anna@example.com"))).result
        draft = Case(received_at=clock(), customer=customer, description="Kubek przyszedł z odpryskiem na rancie.", demand=Demand.REPLACEMENT)
        row = stored(draft)
        with closing(sqlite3.connect(Path(folder) / "bare.db", isolation_level=None)) as connection:
            connection.execute("PRAGMA journal_mode=DELETE")
            connection.execute("PRAGMA synchronous=FULL")
            listed = ", ".join(f'"{name}"' for name in row)
            connection.execute(f'CREATE TABLE "case" (id INTEGER PRIMARY KEY, {listed})')
            statement = f'INSERT INTO "case"({listed}) VALUES ({", ".join("?" * len(row))})'
            for _round in range(rounds):
                began = time.perf_counter()
                connection.execute("BEGIN IMMEDIATE")
                connection.execute(statement, list(row.values()))
                connection.execute("COMMIT")
                bare.append(time.perf_counter() - began)
                began = time.perf_counter()
                register.do(cases.TAKE_IN, cases.take_in, draft)
                ours.append(time.perf_counter() - began)
    return statistics.median(bare), statistics.median(ours), statistics.median(ours) / statistics.median(bare)
