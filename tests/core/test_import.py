"""Taking files in: nothing twice, nothing over what somebody edited, everything back with one undo, and reasons for the rest."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qmdesk.errors import Cancelled, Conflict, Known, NotFound
from qmdesk.exchange import mapping as mappings
from qmdesk.exchange.columns import sniff_day_order, sniff_decimal
from qmdesk.exchange.frame import preview
from qmdesk.exchange.mapping import Mapping
from qmdesk.exchange.reader import Cell, Table, read_table
from qmdesk.operations import imports
from qmdesk.records.case import Case, CaseItem, CaseKind, CaseState, Demand, Outcome
from qmdesk.records.catalog import RECORDS
from qmdesk.records.imports import ImportBatch, Imported
from qmdesk.records.party import BuyerType, Customer, Supplier
from qmdesk.records.product import Batch, Order, OrderLine, Product
from qmdesk.register import Reading, Register, Transaction
from qmdesk.schema import types
from qmdesk.schema.query import Query
from qmdesk.schema.record import Record
from tests.core import import_files as files
from tests.shop import empty_register


@pytest.fixture
def register(tmp_path: Path) -> Iterator[Register]:
    with empty_register(tmp_path / "shop.qmd") as made:
        yield made


def table_of(headers: list[str], *rows: list[Cell], digest: str = "0" * 64) -> Table:
    full = [[*row, *[""] * (len(headers) - len(row))] for row in rows]
    return Table(Path("list.csv"), None, (), "utf-8", ",", tuple(headers), 1, list(range(2, len(rows) + 2)), full, digest, ())


def bring(register: Register, table: Table, target: str, source: str | None = None) -> imports.Report:
    return imports.run(register, table, mappings.mapping_for(table.headers, target, source)).result


def bring_file(register: Register, path: Path, target: str = "orders") -> imports.Report:
    return bring(register, read_table(path, known_headers=mappings.known_headers()), target)


def every(register: Reading, kind: type[Any]) -> list[Any]:
    return sorted(register.records(Query(kind)), key=lambda item: item.id)


def counts(register: Register) -> dict[str, int]:
    return {kind.spec.table: register.count(Query(kind)) for kind in RECORDS}


def contents(register: Register) -> dict[str, list[Any]]:
    return {kind.spec.table: every(register, kind) for kind in RECORDS}


ORDERS = ["Order number", "Date", "Customer", "E-mail", "SKU", "Product", "Quantity", "Price"]


def orders_table(*rows: list[Cell]) -> Table:
    return table_of(ORDERS, *rows)


# ---------------------------------------------------------------------------------- again and again


def test_the_same_file_twice_adds_nothing(register: Register, tmp_path: Path) -> None:
    path = files.shopify(tmp_path / "orders.csv")
    assert bring_file(register, path).added == 2
    before = contents(register)
    report = bring_file(register, path)
    assert (report.added, report.changed, report.same, report.rejected) == (0, 0, 2, ())
    after = contents(register)
    assert len(after.pop("import_batch")) == len(before.pop("import_batch")) + 1
    assert after == before


def test_what_nobody_edited_is_updated(register: Register, tmp_path: Path) -> None:
    bring_file(register, files.shopify(tmp_path / "orders.csv"))
    report = bring_file(register, files.shopify(tmp_path / "orders.csv", quantity="5", status="refunded"))
    assert (report.added, report.changed, report.same) == (0, 1, 1)
    assert every(register, Order)[0].status == "refunded"
    assert [line.quantity for line in every(register, OrderLine)] == [5, 1, 2]


def test_edited_fields_are_left_alone(register: Register, tmp_path: Path) -> None:
    bring_file(register, files.shopify(tmp_path / "orders.csv"))
    order, line = every(register, Order)[0], every(register, OrderLine)[0]

    def edit(tx: Transaction) -> None:
        tx.change(order, status="called the customer")
        tx.change(line, quantity=9)

    register.do("Edit", edit)
    report = bring_file(register, files.shopify(tmp_path / "orders.csv", quantity="5", status="refunded"))
    assert (report.changed, report.same) == (0, 2)
    assert every(register, Order)[0].status == "called the customer"
    assert every(register, OrderLine)[0].quantity == 9
    # and what was left blank may still be filled
    table = orders_table(["A-1", "2026-01-01", "Ewa", "", "", "", "", ""])
    bring(register, table, "orders")
    headers = [*ORDERS, "Note"]
    assert bring(register, table_of(headers, ["A-1", "2026-01-01", "Ewa", "", "", "", "", "", "by hand"]), "orders").changed == 1
    assert every(register, Order)[-1].note == "by hand"


def test_a_mended_line_comes_in_beside_its_siblings(register: Register) -> None:
    rows: list[list[Cell]] = [["A-1", "2026-01-01", "Ewa", "", "S1", "Mug", "1", "1"], ["A-1", "", "", "", "S2", "Cup", "many", "1"], ["A-1", "", "", "", "S3", "Pot", "3", "1"]]
    report = bring(register, orders_table(*rows), "orders")
    assert report.added == 1
    assert [(one.row, one.column, one.value) for one in report.rejected] == [(3, "Quantity", "many")]
    assert "many" in report.rejected[0].reason
    rows[1][6] = "2"
    assert bring(register, orders_table(rows[1]), "orders").changed == 1
    assert [(line.sku, line.quantity, line.line) for line in sorted(every(register, OrderLine), key=lambda line: line.sku)] == [("S1", 1, 1), ("S2", 2, 3), ("S3", 3, 2)]
    assert bring(register, orders_table(*rows), "orders").same == 1
    assert len(every(register, OrderLine)) == 3


def test_an_order_that_was_taken_away_comes_back(register: Register) -> None:
    table = orders_table(["A-1", "2026-01-01", "Ewa", "", "S1", "Mug", "1", "1"])
    bring(register, table, "orders")

    def remove(tx: Transaction) -> None:
        for kind in (OrderLine, Order):
            for item in tx.records(Query(kind)):
                tx.remove(item)

    register.do("Remove", remove)
    assert bring(register, table, "orders").added == 1
    assert bring(register, table, "orders").same == 1


# ------------------------------------------------------------------------------ undo, redo, withdraw


def test_an_import_is_one_step_that_can_be_undone_and_done_again(register: Register, tmp_path: Path) -> None:
    before = contents(register)
    bring_file(register, files.shopify(tmp_path / "orders.csv"))
    after = contents(register)
    register.undo()
    assert contents(register) == before
    assert [register.count(Query(Order, search="kowalski"))] == [0]
    register.redo()
    assert contents(register) == after
    assert register.count(Query(Order, search="kowalski")) == 1
    assert register.verify() == []


def test_an_update_can_be_undone_too(register: Register, tmp_path: Path) -> None:
    bring_file(register, files.shopify(tmp_path / "orders.csv", second=False))
    before = contents(register)
    bring_file(register, files.shopify(tmp_path / "orders.csv", quantity="7", status="refunded"))
    register.undo()
    assert contents(register) == before


def test_withdrawing_next_week(register: Register, tmp_path: Path) -> None:
    empty = counts(register)
    first = bring_file(register, files.shopify(tmp_path / "orders.csv"))
    bring(register, table_of(["Name"], ["Acme"]), "suppliers")
    assert first.batch is not None
    imports.withdraw(register, first.batch)
    assert counts(register) == {**empty, "supplier": 1, "import_batch": 1, "imported": 1}
    with pytest.raises(NotFound, match="withdrawn already"):
        imports.withdraw(register, first.batch)
    assert bring_file(register, tmp_path / "orders.csv").added == 2


def test_withdrawing_names_what_was_changed_since(register: Register, tmp_path: Path) -> None:
    report = bring_file(register, files.shopify(tmp_path / "orders.csv"))
    order = every(register, Order)[1]
    register.do("Edit", lambda tx: tx.change(order, note="mine"))
    before = contents(register)
    assert report.batch is not None
    with pytest.raises(Conflict, match="#1002"):
        imports.withdraw(register, report.batch)
    assert contents(register) == before


def test_a_dry_run_leaves_nothing(register: Register, tmp_path: Path) -> None:
    table = read_table(files.shopify(tmp_path / "orders.csv"))
    mapping = mappings.mapping_for(table.headers, "orders")
    before, steps = contents(register), register.steps()
    report = imports.dry_run(register, table, mapping)
    assert (report.added, report.batch) == (2, None)
    assert contents(register) == before
    assert register.steps() == steps
    assert imports.run(register, table, mapping).result == replace(report, batch=1)


def test_cancelling_rolls_back(register: Register) -> None:
    table = orders_table(*([f"A-{n}", "2026-01-01", f"Ewa {n}", "", "S1", "Mug", "1", "1"] for n in range(50)))
    told: list[tuple[int, int]] = []

    def progress(done: int, total: int) -> None:
        told.append((done, total))
        if len(told) == 12:
            raise Cancelled

    before = contents(register)
    with pytest.raises(Cancelled):
        imports.run(register, table, mappings.mapping_for(table.headers, "orders"), progress)
    assert contents(register) == before
    assert told == sorted(told)
    assert all(done <= total for done, total in told)


# --------------------------------------------------------------------------------- what is rejected


def test_the_report_has_exactly_the_promised_keys(register: Register) -> None:
    report = bring(register, table_of(["Name", "E-mail"], ["Ewa", "no address"], ["Jan", "jan@example.com"]), "customers").as_json()
    assert list(report) == ["source", "rows_read", "added", "changed", "same", "rejected", "batch"]
    assert report["rejected"] == [{"row": 2, "column": "E-mail", "value": "no address", "reason": report["rejected"][0]["reason"]}]
    assert (report["rows_read"], report["added"], report["source"]) == (2, 1, "own")
    batch = register.get(ImportBatch, report["batch"])
    assert (batch.file, batch.added, batch.rejected, batch.rows_read) == ("list.csv", 1, 1, 2)


def test_bad_rows_stay_out_and_the_rest_comes_in(register: Register) -> None:
    table = orders_table(
        ["A-1", "2026-01-01", "x" * 10_000, "", "S1", "Mug", "1", "1"],
        ["A-2", "31.02.2026", "Ewa", "", "S1", "Mug", "1", "1"],
        ["A-2", "", "", "", "S2", "Cup", "1", "1"],
        ["", "2026-01-01", "Ewa", "", "S1", "Mug", "1", "1"],
        ["A-3", "2026-01-01", "Ewa 🦔", "", "S1", "Mug", "1", "0"],
        ["A-4", "2026-01-01", "", "", "", "", "2", "5"],
        ["A-5", "", "Ewa", "", "S1", "Mug", "1", "1"],
        [1001.0, datetime(2026, 1, 2, 3, 4), "Jan", "", "S1", "Mug", 2, 19.99],  # noqa: DTZ001 - as a workbook has it
    )
    report = bring(register, table, "orders")
    assert [(one.row, one.column) for one in report.rejected] == [
        (2, "Customer"), (3, "Date"), (4, ""), (5, "Order number"), (7, "SKU"), (8, "Date"),
    ]  # fmt: skip
    assert "300" not in report.rejected[0].value
    assert "3" in report.rejected[2].reason
    assert [order.number for order in every(register, Order)] == ["A-3", "1001"]
    assert [customer.name for customer in every(register, Customer)] == ["Ewa 🦔", "Jan"]
    assert register.verify() == []


def test_an_order_delivered_before_it_was_made_stays_out(register: Register) -> None:
    rows: list[list[Cell]] = [["1", "2026-11-02", "2026-11-01"], ["2", "2026-11-02", "2026-11-02"], ["3", "2026-11-02", ""]]
    report = bring(register, table_of(["Order number", "Date", "Delivered on"], *rows), "orders")
    assert [(one.row, one.column, "before they were ordered" in one.reason) for one in report.rejected] == [(2, "Delivered on", True)]
    assert [order.number for order in every(register, Order)] == ["2", "3"]


def test_rejected_rows_are_saved_mended_and_imported_again(register: Register, tmp_path: Path) -> None:
    table = table_of(["Name", "E-mail", "Note"], ["Ewa", "no address", "=1+1"], ["Jan", "jan@example.com", ""])
    report = bring(register, table, "customers")
    path = tmp_path / "mend.xlsx"
    imports.rejected_workbook(report, table, path)
    mend = read_table(path)
    assert mend.headers == ("Name", "E-mail", "Note", "Row", "Why it was rejected")
    assert [list(row[:4]) for row in mend.rows] == [["Ewa", "no address", "=1+1", 2]]
    assert mend.rows[0][4] == report.rejected[0].reason
    mended = replace(mend, rows=[["Ewa", "ewa@example.com", "=1+1", 2, ""]])
    assert bring(register, mended, "customers").added == 1
    with pytest.raises(Known, match="was not written"):
        imports.rejected_workbook(report, table, tmp_path / "missing" / "mend.xlsx")


def test_what_names_the_records_must_be_mapped(register: Register) -> None:
    table = table_of(["Colour", "Weight"], ["red", "1"])
    with pytest.raises(Known, match="column"):
        bring(register, table, "orders")
    with pytest.raises(Known, match="no column “Nope”"):
        imports.run(register, table, Mapping("own", "orders", {"order.number": ("Nope",), "order.ordered_at": ("Colour",)}))
    with pytest.raises(Known, match=r"no field “order\.nope”"):
        imports.run(register, table, Mapping("own", "orders", {"order.nope": ("Colour",)}))
    with pytest.raises(Known, match="no source"):
        mappings.mapping_for(table.headers, "orders", "nobody")


def test_two_rows_about_one_product_must_agree(register: Register) -> None:
    report = bring(register, table_of(["SKU", "Name"], ["S1", "Mug"], ["S1", "Mug"], ["S1", "Cup"]), "products")
    assert report.added == 1
    assert [(one.row, one.column, one.value) for one in report.rejected] == [(4, "Name", "Cup")]
    assert "Row 2" in report.rejected[0].reason


# ------------------------------------------------------------------------------ who and what is meant


def test_customers_are_found_by_mail_and_by_phone_with_name(register: Register) -> None:
    bring(register, table_of(["Name", "E-mail", "Phone"], ["Ewa Lis", "ewa@example.com", "600 100 200"], ["Jan Lis", "", "+48 600-100-201"]), "customers")
    table = table_of(
        ["Order number", "Date", "Customer", "E-mail", "Phone"],
        ["1", "2026-01-01", "E. Lis", "EWA@example.com", ""],
        ["2", "2026-01-01", "Jan Lis", "jan@example.com", "600100201"],
        ["3", "2026-01-01", "Jan Lis", "", "600 100 999"],
        ["4", "2026-01-01", "", "anna@example.com", ""],
    )
    assert bring(register, table, "orders").added == 4
    assert [order.customer for order in every(register, Order)] == [1, 2, 3, 4]
    assert every(register, Customer)[3].name == "anna@example.com"


def test_what_is_told_later_completes_a_customer_known_by_name_alone(register: Register) -> None:
    headers = ["Order number", "Date", "Customer", "E-mail", "City"]
    bring(register, table_of(headers, ["1", "2026-01-01", "Ewa Lis", "", ""], ["2", "2026-01-01", "Jan Kot", "", ""], ["3", "2026-01-01", "Jan Kot", "jan@example.com", "Łódź"]), "orders")
    more = table_of(headers, ["4", "2026-02-01", "Ewa Lis", "ewa@example.com", "Kraków"], ["5", "2026-02-01", "Ewa Lis", "lis@example.com", ""], ["6", "2026-02-01", "Ewa Lis", "ewa@example.com", "Gdynia"])
    assert bring(register, more, "orders").added == 3
    told = [(item.name, item.email, item.city) for item in every(register, Customer)]
    assert told == [("Ewa Lis", "ewa@example.com", "Kraków"), ("Jan Kot", "jan@example.com", "Łódź"), ("Ewa Lis", "lis@example.com", "")]
    assert [order.customer for order in every(register, Order)] == [1, 2, 2, 1, 3, 1]
    register.undo()
    assert [item.email for item in every(register, Customer)] == ["", "jan@example.com"]


def test_products_are_found_by_sku_then_ean_then_name(register: Register) -> None:
    bring(register, table_of(["SKU", "Name", "EAN"], ["S1", "Mug", "5901234123457"], ["", "Plate", ""]), "products")
    table = table_of(
        ["Order number", "Date", "SKU", "EAN", "Product name", "Quantity"],
        ["1", "2026-01-01", "S1", "", "A mug", "1"],
        ["2", "2026-01-01", "", "5901234123457", "Cup", "1"],
        ["3", "2026-01-01", "", "", "Plate", "1"],
        ["4", "2026-01-01", "S9", "", "", "1"],
    )
    assert bring(register, table, "orders").added == 4
    assert [line.product for line in every(register, OrderLine)] == [1, 1, 2, 3]
    assert every(register, Product)[2].name == "S9"


def test_a_case_finds_its_customer_order_line_and_number(register: Register) -> None:
    bring(register, orders_table(["A-1", "2026-01-01", "Ewa", "ewa@example.com", "S1", "Mug", "2", "10"]), "orders")
    table = table_of(
        ["Nr reklamacji", "Data zgłoszenia", "Klient", "E-mail", "Zamówienie", "SKU", "Produkt", "Ilość", "Opis wady", "Żądanie", "Status"],
        ["17/2026", "05.02.2026", "Ewa", "ewa@example.com", "A-1", "S1", "Mug", "1", "cracked", "refund", "new"],
        ["18/2026", "04.02.2026", "Jan", "jan@example.com", "B-7", "S2", "Cup", "1", "chipped", "", "assessing"],
        ["", "", "", "", "", "S3", "Pot", "2", "", "", ""],
        ["19/2026", "06.02.2026", "Jan", "jan@example.com", "", "S2", "Cup", "0", "", "", ""],
        ["20/2026", "06.02.2026", "Jan", "jan@example.com", "", "S2", "Cup", "1", "", "", "nonsense"],
    )  # fmt: skip
    report = bring(register, table, "cases")
    assert report.added == 2
    assert [(one.row, one.column) for one in report.rejected] == [(5, "Ilość"), (6, "Status")]
    first, second = every(register, Case)
    assert (first.number, first.external_id, first.customer, first.order, first.demand) == ("R/2026/0002", "17/2026", 1, 1, Demand.REFUND)
    assert (second.number, second.state) == ("R/2026/0001", CaseState.ASSESSING)
    assert register.get(Order, second.order).number == "B-7"
    assert [(item.case, item.sku, item.quantity, item.order_line) for item in every(register, CaseItem)] == [(1, "S1", 1, 1), (2, "S2", 1, None), (2, "S3", 2, None)]
    assert bring(register, table, "cases").same == 2
    # the order that the case made is completed by the orders' own file
    assert bring(register, orders_table(["B-7", "2026-01-09", "Jan", "jan@example.com", "S2", "Cup", "1", "7"]), "orders").changed == 1
    assert every(register, Order)[1].ordered_at.astimezone().date() == date(2026, 1, 9)


def test_numbers_of_our_series_are_kept_and_the_series_goes_on(register: Register) -> None:
    table = table_of(["Number", "Kind", "Received at", "What happened"], ["R/2026/0007", "complaint", "2026-01-05", "a"], ["", "return", "2026-01-06", "b"])
    bring(register, table, "cases")
    assert [case.number for case in every(register, Case)] == ["R/2026/0007", "Z/2026/0001"]
    bring(register, table_of(["Number", "Received at", "What happened"], ["R-9", "2026-01-05", "c"]), "cases")
    last = every(register, Case)[2]
    assert (last.number, last.external_id) == ("R/2026/0008", "R-9")
    assert bring(register, table, "cases").same == 2


def test_suppliers_products_and_batches(register: Register) -> None:
    assert bring(register, table_of(["Dostawca", "NIP"], ["Acme", "5260250274"], ["Bolt", "1234567890"]), "suppliers").added == 1
    bring(register, table_of(["SKU", "Nazwa", "Cena", "Stawka VAT", "Dostawca"], ["S1", "Kubek", "12,50", "23%", "acme"], ["S2", "Talerz", "1 234,50 zł", "zw", "Nowy"]), "products")
    first, second = every(register, Product)
    assert (first.price, first.vat_rate, second.price, second.vat_rate, second.currency) == (Decimal("12.50"), "23", Decimal("1234.50"), "zw", "PLN")
    assert [supplier.name for supplier in every(register, Supplier)] == ["Acme", "Nowy"]
    assert (first.supplier, second.supplier) == (1, 2)
    table = table_of(["Produkt", "Nr partii", "Ilość"], ["S1", "L-1", "10"], ["Talerz", "L-1", "20"], ["S1", "L-1", "10"])
    assert bring(register, table, "batches").added == 2
    assert [(batch.product, batch.code) for batch in every(register, Batch)] == [(1, "L-1"), (2, "L-1")]
    assert bring(register, table, "batches").same == 2


# --------------------------------------------------------------------------- mapping and its preview


def test_guessing_by_synonyms_and_near_misses() -> None:
    mapping = mappings.guess(["Numer zamowienia", "Data zamówieniaa", "Imię i nazwisko", "Adres e-mail", "Ilosc", "Cena", "Kolor"], mappings.target_named("orders"))
    assert mapping.columns == {
        "order.number": ("Numer zamowienia",), "customer.name": ("Imię i nazwisko",), "customer.email": ("Adres e-mail",), "order_line.quantity": ("Ilosc",),
        "order_line.unit_price": ("Cena",), "order.ordered_at": ("Data zamówieniaa",),
    }  # fmt: skip
    assert mapping.guessed == ("order.ordered_at",)
    assert mapping.feeding("order.ordered_at", "Kolor").guessed == ()


@pytest.mark.parametrize(
    ("target", "word", "path"),
    [
        ("orders", "customer.email", "customer.email"), ("orders", "email", "customer.email"), ("orders", "number", "order.number"), ("cases", "customer", "customer.name"),
        ("cases", "order", "order.number"), ("orders", "Order line: SKU", None), ("orders", "sku", "order_line.sku"), ("customers", "E-mail", "customer.email"),
        ("cases", "case.state", "case.state"), ("orders", "nope", None),
    ],
)  # fmt: skip
def test_fields_by_the_words_of_the_command_line(target: str, word: str, path: str | None) -> None:
    wanted = mappings.target_named(target)
    if path:
        assert mappings.path_named(wanted, word) == path
        assert path in mappings.places_of(wanted)
    else:
        with pytest.raises(Known, match="no field"):
            mappings.path_named(wanted, word)


def test_a_shops_own_sales_sheet_comes_in_as_it_is(register: Register) -> None:
    """A name in two columns, units in brackets, an order's further rows without its number, months in words, words beside numbers."""
    table = table_of(
        ["Nr zamówienia", "Data sprzedaży", "Imię", "Nazwisko", "Nr tel.", "Kod towaru", "Nazwa towaru", "Ilość (szt.)", "Cena brutto [zł]", "Stawka VAT", "Wartość brutto"],
        [1001, "1 czerwca 2026 r.", "Anna", "Żółć", "tel. 600-100-200", "K1", "Kubek", "2 szt.", "12,50 zł", 0.23, 25],
        ["", "", "", "", "", "T1", "Talerz", 1, "1.234,-", "8%", 1234],
        ["1002", "02.06.2026 r.", "Jan", "Żółć", "", "B1", "Bon", 1, "50,00", "zw.", 50],
        ["1003", "0000-00-00", "Ola", "", "", "K1", "Kubek", 1, "12,50", "23", 12.5],
    )  # fmt: skip
    mapping = mappings.mapping_for(table.headers, "orders")
    assert mapping.columns["customer.name"] == ("Imię", "Nazwisko")
    assert preview(mapping, table).samples["customer.name"] == ("Anna Żółć", "Jan Żółć", "Ola")
    assert mappings.recognise(table.headers)[0].why.startswith("10 of 11")
    assert Mapping.from_json(mapping.to_json()) == mapping
    report = imports.run(register, table, mapping).result
    assert (report.added, [one.reason for one in report.rejected]) == (2, ["Ordered at is missing."])
    assert [(item.name, item.phone) for item in every(register, Customer)] == [("Anna Żółć", "600-100-200"), ("Jan Żółć", "")]
    lines = [(line.sku, line.quantity, line.unit_price, line.vat_rate) for line in every(register, OrderLine)]
    assert lines == [("K1", 2, Decimal("12.50"), "23"), ("T1", 1, Decimal("1234.00"), "8"), ("B1", 1, Decimal("50.00"), "zw")]


def test_people_of_one_first_name_are_not_one(register: Register) -> None:
    assert bring(register, table_of(["First name", "Last name"], ["Jan", "Kot"], ["Jan", "Lis"]), "customers").added == 2
    assert bring(register, table_of(["Imię", "Nazwisko", "Funkcja"], ["Ola", "Kot", "boss"]), "persons").added == 1
    assert [item.name for item in every(register, Customer)] == ["Jan Kot", "Jan Lis"]


@pytest.mark.parametrize(
    ("target", "headings", "unknown"),
    [
        ("cases", "Data przyjęcia;Imię i nazwisko klienta;Telefon klienta;Opis usterki;Żądanie klienta;Kwota roszczenia;Status reklamacji;Prowadzący;Nr faktury/paragonu;Data zakończenia", ""),
        ("orders", "Numer;Data zakupu;Kupujący;Tel.;Produkt;Liczba sztuk;Cena jedn. brutto;Metoda płatności;Koszt wysyłki;Nr listu przewozowego", ""),
        ("products", "Kod;Nazwa produktu;Grupa towarowa;Kod EAN;Cena sprzedaży;Stawka VAT (%);Marka", "Marka"),
        ("suppliers", "Firma;Nr NIP;Osoba kontaktowa;Telefon komórkowy", ""),
    ],
)
def test_headings_as_polish_shops_write_them(target: str, headings: str, unknown: str) -> None:
    mapping = mappings.mapping_for(headings.split(";"), target)
    fed = {column for columns in mapping.columns.values() for column in columns}
    assert set(headings.split(";")) - fed == set(filter(None, [unknown]))


def test_preview_shows_samples_and_problems() -> None:
    table = orders_table(*([f"A-{n}", "2026-01-01" if n else "tomorrow", "Ewa", "", "S1", "Mug", "1", "1"] for n in range(9)))
    shown = preview(mappings.mapping_for(table.headers, "orders"), table)
    assert shown.samples["order.number"] == ("A-0", "A-1", "A-2", "A-3", "A-4")
    assert shown.samples["customer.name"] == ("Ewa",)
    assert shown.samples["customer.email"] == ()
    assert [(one.row, one.column, one.value) for one in shown.problems] == [(2, "Date", "tomorrow")]
    without = preview(mappings.mapping_for(table.headers, "orders").feeding("order.ordered_at"), table)
    assert [one.row for one in without.problems] == [None]


def test_repeated_headers_are_columns_of_their_own(register: Register) -> None:
    table = table_of(["Name", "Note", "Note"], ["Ewa", "one", "two"])
    mapping = mappings.mapping_for(table.headers, "customers").feeding("customer.note", "Note (2)")
    imports.run(register, table, mapping)
    assert every(register, Customer)[0].note == "two"


@pytest.mark.parametrize(
    ("column", "order"),
    [
        (["01.02.2026", "13.02.2026"], "dmy"), (["01/02/2026", "02/13/2026"], "mdy"), (["2026-02-13"], None), (["01/02/2026"], None),
        (["26-02-13", "99-01-02"], "ymd"), ([datetime(2026, 1, 1), ""], None),  # noqa: DTZ001 - as a workbook has it
    ],
)  # fmt: skip
def test_the_order_of_day_and_month_is_what_the_values_force(column: list[Cell], order: str | None) -> None:
    assert sniff_day_order(column) == order


@pytest.mark.parametrize(
    ("column", "sign"),
    [(["1 234,50 zł", "1"], ","), (["$1,433.66"], "."), (["1,234", "2,500"], "."), (["1.234", "5,5"], ","), (["-11,29"], ","), (["12", 12.5], None), (["1.234.567"], ",")],
)
def test_the_decimal_sign_is_what_the_values_force(column: list[Cell], sign: str | None) -> None:
    assert sniff_decimal(column) == sign


def test_american_dates_and_amounts_in_one_column(register: Register) -> None:
    table = table_of(["Order number", "Date", "Total"], ["1", "01/02/2026", "1,234"], ["2", "12/25/2026", "2,500"])
    bring(register, table, "orders")
    first = every(register, Order)[0]
    assert (first.ordered_at.astimezone().date(), first.total) == (date(2026, 1, 2), Decimal("1234.00"))


def test_profiles_keep_a_mapping(register: Register) -> None:
    mapping = Mapping(
        "own", "orders", {"order.number": ("Nr", "Id"), "order.ordered_at": ("Kiedy",)}, defaults={"order.source": "Targ"}, values={"order.status": {"ok": "paid"}},
        day_order="mdy", decimal=",", zone="Europe/Warsaw", guessed=("order.number",),
    )  # fmt: skip
    register.do("Profile", imports.keep_profile, "Fair", mapping)
    assert imports.profile(register, "Fair") == mapping
    register.do("Profile", imports.keep_profile, "Fair", mapping.feeding("order.total", "Kwota"))
    assert imports.profile(register, "Fair").columns["order.total"] == ("Kwota",)
    with pytest.raises(NotFound, match="Fair"):
        imports.profile(register, "Other")
    for bad in ("", "[]", "{}", '{"columns": {}, "target": "orders", "source": "own", "strange": 1}', '{"columns": {"order.nope": ["A"]}, "target": "orders", "source": "own"}'):
        with pytest.raises(Known):
            Mapping.from_json(bad)


def test_values_defaults_and_the_zone_of_a_mapping(register: Register) -> None:
    table = table_of(["Nr", "Kiedy", "Stan"], ["1", "2026-07-01 12:00", "OK"], ["2", "2026-01-01 12:00", ""])
    mapping = Mapping(
        "own", "orders", {"order.number": ("Nr",), "order.ordered_at": ("Kiedy",), "order.status": ("Stan",)},
        defaults={"order.source": "Fair", "order.status": "unknown"}, values={"order.status": {"ok": "paid"}}, zone="Europe/Warsaw",
    )  # fmt: skip
    imports.run(register, table, mapping)
    first, second = every(register, Order)
    assert (first.status, second.status, first.source) == ("paid", "unknown", "Fair")
    assert (first.ordered_at.hour, second.ordered_at.hour) == (10, 11)


# ------------------------------------------------------------------------------- our own workbooks


def exported(register: Reading, kind: type[Record], lang: str | None = None) -> Table:
    """The table of an export of every field as a list shows it: references by their titles."""
    fields = [field for field in kind.spec.fields.values() if not isinstance(field.type, types.File)]
    rows = []
    for item, titles in register.rows(kind, sorted(register.ids(Query(kind)))):
        cells = [titles[field.name] if field.name in titles else field.type.cell(getattr(item, field.name), lang) for field in fields]
        rows.append(["" if cell is None else float(cell) if isinstance(cell, Decimal) else cell for cell in cells])
    return table_of([field.labelled(lang) for field in fields], *rows)


def same(one: list[Any], other: list[Any], kind: type[Record]) -> bool:
    plain = [name for name in kind.spec.fields if name not in kind.spec.refs]
    return [[getattr(item, name) for name in plain] for item in one] == [[getattr(item, name) for name in plain] for item in other]


def test_an_export_imported_into_an_empty_register_gives_the_same(register: Register, tmp_path: Path) -> None:
    bring_file(register, files.shopify(tmp_path / "orders.csv"))

    def furnish(tx: Transaction) -> None:
        tx.add(Supplier(name="Acme", nip="5260250274", note="two\nlines"))
        tx.add(Product(sku="S9", name="Łódka", price=Decimal("12.50"), vat_rate="23", supplier=1, active=False))
        tx.add(Customer(name="Jan Kowalski", buyer_type=BuyerType.BUSINESS, city="Łódź"))
        tx.add(
            Case(
                number="G/2026/0003", kind=CaseKind.GUARANTEE, received_at=datetime(2026, 6, 20, 10, 0, tzinfo=UTC), customer=2, order=2, channel=1, cause=2,
                description="It = broke\nagain", demand=Demand.REPAIR, claimed=Decimal("10.10"), state=CaseState.ASSESSING, safety=True, sold_on=date(2026, 6, 9),
                value_loss=Decimal("12.5"), external_id="X-1",
            )
        )  # fmt: skip

    register.do("Furnish", furnish)
    with empty_register(tmp_path / "empty.qmd") as empty:
        for target in ("suppliers", "products", "customers", "orders", "cases"):
            kind = mappings.target_named(target).main
            report = bring(empty, exported(register, kind), target)
            assert report.rejected == ()
            assert same(every(empty, kind), every(register, kind), kind), target
            assert bring(empty, exported(register, kind), target).added == 0
        (case,) = every(empty, Case)
        assert empty.get(Customer, case.customer).name == "Zażółć Gęślą"
        assert empty.get(Order, case.order).number == "#1002"
        assert bring(empty, exported(register, OrderLine), "orders").rejected == ()
        assert [line.name for line in every(empty, OrderLine)] == [line.name for line in every(register, OrderLine)]


def test_items_of_cases_come_back_to_the_cases_that_are_there(register: Register, tmp_path: Path) -> None:
    def furnish(tx: Transaction) -> None:
        for number in ("R/2026/0001", "R/2026/0002"):
            case = tx.add(Case(number=number, received_at=datetime(2026, 6, 20, 10, 0, tzinfo=UTC), description="Broke"))
            for at, outcome in enumerate((Outcome.REPAIRED, Outcome.PENDING)):
                tx.add(CaseItem(case=case, name=f"Mug {at}", sku=f"M{at}", quantity=at + 1, unit_price=Decimal("12.50"), defect="cracked", outcome=outcome))

    register.do("Furnish", furnish)
    with empty_register(tmp_path / "empty.qmd") as empty:
        assert bring(empty, exported(register, Case), "cases").added == 2
        assert bring(empty, exported(register, CaseItem), "cases").rejected == ()
        assert same(every(empty, CaseItem), every(register, CaseItem), CaseItem)
        assert bring(empty, exported(register, CaseItem), "cases").same == 2


def test_items_told_later_find_the_lines_they_were_sold_with(register: Register) -> None:
    bring(register, orders_table(["A-1", "2026-01-01", "Ewa", "", "S1", "Mug", "2", "10"], ["A-1", "", "", "", "S2", "Plate", "1", "5"]), "orders")
    bring(register, table_of(["Number", "Received at", "Order number"], ["R/2026/0001", "2026-02-01", "A-1"]), "cases")
    assert bring(register, table_of(["Case", "Product name", "SKU", "Pieces"], ["R/2026/0001", "Plate", "S2", "1"]), "cases").rejected == ()
    assert [item.order_line for item in every(register, CaseItem)] == [2]


@pytest.mark.parametrize("headers", [["Number", "Note"], ["Note", "Address"], ["Note", "Order number"], ["Note", "Order number", "Product name"]])
def test_cases_without_a_day_are_refused_row_by_row(headers: list[str], register: Register) -> None:
    report = bring(register, table_of(headers, [f"some {name}" for name in headers]), "cases")
    assert (report.added, [one.reason for one in report.rejected]) == (0, ["Received at is missing."])


@pytest.mark.parametrize("amount", [10**400, 2**63 * 10**9, "9" * 30, 1e308])
def test_an_amount_beyond_all_measure_refuses_its_row(amount: Cell, register: Register) -> None:
    report = bring(register, table_of(["Order number", "Ordered at", "Total"], ["A1", "2026-01-01", amount], ["A2", "2026-01-01", 5]), "orders")
    assert (report.added, [one.row for one in report.rejected]) == (1, [2])


_words = st.text(st.characters(categories=["L", "N", "P", "Zs"], exclude_characters="'\u00a0"), min_size=1, max_size=30).map(types.Text().parse).filter(bool)
_customers = st.fixed_dictionaries(
    {
        "name": _words,
        "company": st.just("") | _words,
        "email": st.just("") | st.from_regex(r"[a-z]{1,8}@[a-z]{1,8}\.pl", fullmatch=True),
        "phone": st.just("") | st.from_regex(r"\+48 [0-9]{9}", fullmatch=True),
        "city": st.just("") | _words,
        "buyer_type": st.sampled_from(list(BuyerType)),
        "note": st.just("") | _words,
    }
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(told=st.lists(_customers, max_size=12, unique_by=lambda told: tuple(sorted(told.items()))), lang=st.sampled_from(["en", "pl"]))
def test_any_list_of_customers_comes_back_the_same(register: Register, told: list[dict[str, Any]], lang: str) -> None:
    def there_and_back(tx: Transaction) -> None:
        kept = [tx.get(Customer, tx.add(Customer(**values))) for values in told]
        table = exported(tx, Customer, lang)
        mapping = mappings.mapping_for(table.headers, "customers")
        if told:
            assert imports.take_in(tx, table, mapping).added == 0
        for kind in (Imported, Customer):
            for item in tx.records(Query(kind)):
                tx.remove(item)
        report = imports.take_in(tx, table, mapping)
        assert report.rejected == ()
        assert same(every(tx, Customer), kept, Customer)
        assert imports.take_in(tx, table, mapping).added == 0

    register.try_out(there_and_back)


_lines = st.fixed_dictionaries(
    {
        "sku": st.from_regex(r"[A-Z]{1,3}-[0-9]{1,3}", fullmatch=True),
        "quantity": st.integers(0, 1000),
        "price": st.decimals(0, 100_000, places=2),
    }
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    orders=st.lists(st.lists(_lines, min_size=1, max_size=4, unique_by=lambda line: line["sku"]), max_size=8),
    typed=st.booleans(),
    comma=st.booleans(),
    start=st.dates(date(2015, 1, 1), date(2030, 1, 1)),
)
def test_any_table_of_orders_comes_in_as_it_is(register: Register, orders: list[list[dict[str, Any]]], typed: bool, comma: bool, start: date) -> None:
    rows: list[list[Cell]] = []
    for number, lines in enumerate(orders):
        day = start + timedelta(days=number)
        for line in lines:
            price = f"{line['price']:.2f}".replace(".", "," if comma else ".")
            rows.append(
                [number + 1, day, "", "", line["sku"], f"Name {line['sku']}", line["quantity"], float(line["price"])]
                if typed
                else [str(number + 1), day.isoformat(), "", "", line["sku"], f"Name {line['sku']}", str(line["quantity"]), price]
            )
    table = orders_table(*rows)
    mapping = mappings.mapping_for(table.headers, "orders")

    def twice(tx: Transaction) -> None:
        report = imports.take_in(tx, table, mapping)
        assert (report.added, report.rejected) == (len(orders), ())
        numbers = tx.titles(Order, tx.ids(Query(Order)))
        expected = [(str(number + 1), line["sku"], line["quantity"], line["price"]) for number, lines in enumerate(orders) for line in lines]
        assert [(numbers[item.order], item.sku, item.quantity, item.unit_price) for item in every(tx, OrderLine)] == expected
        assert [item.ordered_at.astimezone().date() for item in every(tx, Order)] == [start + timedelta(days=at) for at in range(len(orders))]
        assert imports.take_in(tx, table, mapping).same == len(orders)

    register.try_out(twice)
