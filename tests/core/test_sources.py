"""Every known export is recognised by its headers and comes in with the right orders, cases, customers and products."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from qmdesk.exchange import mapping as mappings
from qmdesk.exchange import sources, splitters
from qmdesk.exchange.reader import read_table
from qmdesk.operations import imports
from qmdesk.records.case import Case, CaseItem, CaseKind, CaseState, LegalBasis
from qmdesk.records.lists import Cause, Channel
from qmdesk.records.party import Customer, Person
from qmdesk.records.product import Order, OrderLine, Product
from qmdesk.register import Register
from qmdesk.schema.query import Query
from tests.core import import_files as files
from tests.shop import empty_register


@pytest.fixture
def register(tmp_path: Path) -> Iterator[Register]:
    with empty_register(tmp_path / "shop.qmd") as made:
        yield made


def bring(register: Register, path: Path, target: str) -> imports.Report:
    table = read_table(path, known_headers=mappings.known_headers())
    return imports.run(register, table, mappings.mapping_for(table.headers, target)).result


def every(register: Register, kind: type[Any]) -> list[Any]:
    return sorted(register.records(Query(kind)), key=lambda item: item.id)


def test_every_recipe_feeds_fields_that_exist() -> None:
    for item in sources.recipes().values():
        target = mappings.target_named(item.target)
        known = mappings.places_of(target)
        for path in (*item.columns, *item.defaults, *item.values, *item.join, *item.choose, *item.skip_without, *item.need):
            assert path in known, (item.name, path)
        for path, value in item.defaults.items():
            assert known[path].field.type.from_cell(value) is not None
        if item.returns:
            cases = mappings.places_of(mappings.target_named("cases"))
            assert {*item.returns.columns, *item.returns.defaults} <= set(cases)
        for path, told in item.values.items():
            for meant in told.values():
                if known[path].field.type.operators and not known[path].kind.spec.refs.get(known[path].field.name):
                    known[path].field.type.from_cell(meant)


@pytest.mark.parametrize(
    ("headers", "source"),
    [
        (files.SHOPIFY, "shopify"),
        (files.SHOPIFY[:30], "shopify"),
        (files.EBAY, "ebay"),
        (files.EBAY_UK, "ebay"),
        (files.WOO_EXPORT, "woocommerce_export"),
        ([{"Item Name": "Name"}.get(header, header) for header in files.WOO_EXPORT], "woocommerce_export"),
        (files.WOO_ANALYTICS, "woocommerce_analytics"),
        (files.WOO_ANALYTICS_FR, "woocommerce_analytics"),
        (files.PRESTASHOP, "prestashop"),
        (files.PRESTASHOP_PL, "prestashop"),
        (files.PRESTASHOP_DE, "prestashop"),
        (files.PRESTASHOP_FR, "prestashop"),
        (files.FBA, "amazon_fba_returns"),
        (files.AMAZON, "amazon_returns"),
        (files.ZENDESK, "zendesk"),
        (files.ALLEGRO, "allegro_billing"),
        ([header.upper() for header in files.ALLEGRO], "allegro_billing"),
        (files.RETAIL, "online_retail"),
        (["Numer zamówienia", "Data", "Klient", "E-mail", "Towar", "Ilość", "Cena"], "own"),
        (["Invoice", "Colour", "Weight"], "own"),
    ],
)
def test_a_file_is_recognised_by_its_headers(headers: list[str], source: str) -> None:
    first = mappings.recognise(headers)[0]
    assert first.source == source
    assert first.why


def test_our_own_export_is_recognised_as_our_own() -> None:
    for target in ("orders", "cases", "customers", "products", "suppliers"):
        labels = [field.labelled("en") for field in mappings.target_named(target).main.spec.fields.values()]
        assert mappings.recognise(labels, target)[0].source == "own"


def test_shopify(register: Register, tmp_path: Path) -> None:
    report = bring(register, files.shopify(tmp_path / "orders.csv"), "orders")
    assert (report.source, report.rows_read, report.added, report.rejected) == ("shopify", 3, 2, ())
    first, second = every(register, Order)
    assert (first.number, first.source, first.total, first.currency, first.shipping) == ("#1001", "Shopify", Decimal("1433.66"), "AUD", Decimal("9.95"))
    assert first.ordered_at == datetime(2026, 6, 8, 13, 2, 14, tzinfo=UTC)
    buyer = register.get(Customer, first.customer)
    assert (buyer.name, buyer.email, buyer.postcode, buyer.phone) == ("Jan Kowalski", "jan.kowalski@example.com", "2759", "+61 400 000 000")
    assert register.get(Customer, second.customer).name == "Zażółć Gęślą"
    lines = every(register, OrderLine)
    assert [(line.order, line.line, line.sku, line.name, line.quantity, line.unit_price, line.currency) for line in lines] == [
        (first.id, 1, "MUG-B", "Mug, blue", 2, Decimal("19.90"), "AUD"),
        (first.id, 2, "", "Plate 🍽", 1, Decimal("0.00"), "AUD"),
        (second.id, 1, "MUG-B", "Mug, blue", 2, Decimal("19.90"), "PLN"),
    ]
    assert [(product.sku, product.name) for product in every(register, Product)] == [("MUG-B", "Mug, blue"), ("", "Plate 🍽")]
    assert lines[0].product == lines[2].product


@pytest.mark.parametrize("headers", [files.EBAY, files.EBAY_UK])
def test_ebay_in_both_spellings(register: Register, tmp_path: Path, headers: list[str]) -> None:
    told = [
        {"sales record number": "83", "order number": "12-3456", "buyer username": "bob_77", "buyer name": "Bob", "item number": "", "quantity": "2", "total price": "$1,453.66", "sale date": "Jul-25-26"},
        {"sales record number": "83", "order number": "12-3456", "buyer username": "bob_77", "item number": "99", "item title": "Lamp", "custom label": "L1", "quantity": "1", "sold for": "$1,433.66"},
        {"sales record number": "83", "order number": "12-3456", "buyer username": "bob_77", "item number": "98", "item title": "Bulb", "custom label": "B1", "quantity": "1", "sold for": "$20.00"},
        {"sales record number": "84", "order number": "", "buyer username": "bob_77", "buyer name": "Bob", "item number": "99", "item title": "Lamp", "custom label": "L1", "quantity": "1", "sold for": "$10.00", "total price": "$10.00", "sale date": "Jul-26-26"},
    ]  # fmt: skip
    rows = [[row.get(header.lower(), "") for header in headers] for row in told]
    report = bring(register, files.write_csv(tmp_path / "ebay.csv", headers, rows), "orders")
    assert (report.source, report.added, report.rejected) == ("ebay", 2, ())
    first, second = every(register, Order)
    assert (first.number, first.total, first.currency, second.number) == ("12-3456", Decimal("1453.66"), "USD", "84")
    assert first.ordered_at.astimezone().date() == date(2026, 7, 25)
    assert [customer.login for customer in every(register, Customer)] == ["bob_77"]
    assert first.customer == second.customer
    assert [(line.order, line.sku, line.unit_price) for line in every(register, OrderLine)] == [
        (first.id, "L1", Decimal("1433.66")), (first.id, "B1", Decimal("20.00")), (second.id, "L1", Decimal("10.00")),
    ]  # fmt: skip


def test_woocommerce_export_with_a_refund(register: Register, tmp_path: Path) -> None:
    order = {
        "Order Number": "501", "Order Status": "Refunded", "Order Date": "2026-03-01 10:00", "First Name (Billing)": "Ewa", "Last Name (Billing)": "Lis",
        "Email (Billing)": "ewa@example.com", "Order Total Amount": "60.00",
    }  # fmt: skip
    rows = files.rows_of(
        files.WOO_EXPORT,
        {**order, "Item #": "1", "SKU": "A", "Item Name": "Vase", "Quantity": "3", "Quantity (- Refund)": "1", "Item Cost": "12.605042", "Order Line Total Refunded": "25.21"},
        {**order, "Item #": "2", "SKU": "B", "Item Name": "Bowl", "Quantity": "1", "Quantity (- Refund)": "1", "Item Cost": "22.19", "Order Line Total Refunded": "0"},
    )  # fmt: skip
    report = bring(register, files.write_csv(tmp_path / "woo.csv", files.WOO_EXPORT, rows), "orders")
    assert (report.source, report.added, report.returns, report.rejected) == ("woocommerce_export", 1, 1, ())
    (order_,), (case,), (item,) = every(register, Order), every(register, Case), every(register, CaseItem)
    assert register.get(Customer, order_.customer).name == "Ewa Lis"
    lines = every(register, OrderLine)
    assert [(line.quantity, line.unit_price) for line in lines] == [(3, Decimal("12.61")), (1, Decimal("22.19"))]
    assert (case.kind, case.order, case.customer) == (CaseKind.RETURN, order_.id, order_.customer)
    assert (item.quantity, item.sku, item.order_line) == (2, "A", lines[0].id)


@pytest.mark.parametrize("headers", [files.WOO_ANALYTICS, files.WOO_ANALYTICS_FR])
def test_woocommerce_analytics_takes_the_packed_items_apart(register: Register, tmp_path: Path, headers: list[str]) -> None:
    row = {"Date": "2026-02-03 12:00:00"}
    row |= dict(zip(("Order #", "Status", "Customer", "Product(s)", "Net Sales"), ("77", "completed", "Ewa Lis", "2× Mug, 1× Plate, big", "45.00"), strict=True))
    french = dict(zip(files.WOO_ANALYTICS[:2] + files.WOO_ANALYTICS[3:], files.WOO_ANALYTICS_FR, strict=True))
    named = {french.get(name, name) if headers is files.WOO_ANALYTICS_FR else name: value for name, value in row.items()}
    report = bring(register, files.write_csv(tmp_path / "woo.csv", headers, files.rows_of(headers, named)), "orders")
    assert (report.rows_read, report.added, report.rejected) == (1, 1, ())
    assert [(line.name, line.quantity) for line in every(register, OrderLine)] == [("Mug", 2), ("Plate, big", 1)]


@pytest.mark.parametrize("headers", [files.PRESTASHOP, files.PRESTASHOP_PL, files.PRESTASHOP_DE, files.PRESTASHOP_FR])
def test_prestashop_in_four_languages(register: Register, tmp_path: Path, headers: list[str]) -> None:
    rows = [["12", "XKBKNABJK", "1", "Polska", "J. Nowak", "1 234,50 zł", "Przelew", "Płatność przyjęta", "2026-05-06 10:11:12"]]
    report = bring(register, files.write_csv(tmp_path / "presta.csv", headers, rows, ";"), "orders")
    assert (report.source, report.added, report.rejected) == ("prestashop", 1, ())
    (order,) = every(register, Order)
    assert (order.number, order.total, order.currency, order.status) == ("XKBKNABJK", Decimal("1234.50"), "PLN", "Płatność przyjęta")
    assert register.get(Customer, order.customer).country == "Polska"


def test_amazon_fba_returns(register: Register, tmp_path: Path) -> None:
    row = {
        "return-date": "2025-06-05T15:31:40+00:00", "order-id": "111-2223334-5556667", "sku": "SKU-9", "asin": "B00X", "product-name": "Kettle", "quantity": "1",
        "detailed-disposition": "CUSTOMER_DAMAGED", "reason": "DEFECTIVE", "license-plate-number": "LPN1", "customer-comments": "it leaks",
    }  # fmt: skip
    path = files.write_csv(tmp_path / "fba.txt", files.FBA, files.rows_of(files.FBA, row, {**row, "license-plate-number": "LPN2", "reason": "SOMETHING_NEW"}), "\t")
    report = bring(register, path, "cases")
    assert (report.source, report.added, report.rejected) == ("amazon_fba_returns", 2, ())
    first, second = every(register, Case)
    assert (first.kind, first.external_id, first.description) == (CaseKind.RETURN, "LPN1", "it leaks")
    assert first.number.startswith("Z/2025/")
    assert register.get(Cause, first.cause).code == "DAMAGED"
    assert register.get(Cause, second.cause).name == "SOMETHING_NEW"
    assert first.order == second.order
    assert register.get(Order, first.order).number == "111-2223334-5556667"
    assert bring(register, path, "cases").same == 2


def test_amazon_seller_fulfilled_returns_with_short_rows(register: Register, tmp_path: Path) -> None:
    row = {
        "Order ID": "222-1", "Order date": "01-Jul-2025", "Return request date": "10-Jul-2025", "Return request status": "Approved", "Amazon RMA ID": "Drma",
        "Currency code": "EUR", "Merchant SKU": "S1", "Item Name": "Shoes", "Return quantity": "1", "Return Reason": "AMZ-PG-WJ-TOO-SMALL",
    }  # fmt: skip
    path = tmp_path / "returns.txt"
    files.write_csv(path, files.AMAZON, [files.rows_of(files.AMAZON, row)[0][:20], files.rows_of(files.AMAZON, {**row, "Merchant SKU": "S2"})[0]], "\t")
    report = bring(register, path, "cases")
    assert (report.source, report.rows_read, report.added, report.rejected) == ("amazon_returns", 2, 1, ())
    (case,) = every(register, Case)
    assert (case.state, case.external_id, case.sold_on) == (CaseState.AWAITING_GOODS, "Drma", date(2025, 7, 1))
    assert case.received_at.astimezone().date() == date(2025, 7, 10)
    assert [item.sku for item in every(register, CaseItem)] == ["S1", "S2"]
    assert register.get(Order, case.order).ordered_at.astimezone().date() == date(2025, 7, 1)


def test_zendesk_tickets(register: Register, tmp_path: Path) -> None:
    row = {
        "Id": "4711", "Requester": "Ewa Lis", "Requester id": "99", "Requester external id": "-", "Requester email": "ewa@example.com", "Assignee": "Tom",
        "Subject": "Broken mug", "Status": "Pending", "Via": "Mail", "Created at": "2026-04-05 09:00", "Solved at": "-",
    }  # fmt: skip
    path = files.write_csv(tmp_path / "t.csv", files.ZENDESK, files.rows_of(files.ZENDESK, row, {**row, "Id": "4712", "Status": "Deleted"}))
    report = bring(register, path, "cases")
    assert (report.source, report.added, report.rejected) == ("zendesk", 1, ())
    (case,) = every(register, Case)
    assert (case.external_id, case.description, case.state, case.closed_on) == ("4711", "Broken mug", CaseState.NEEDS_INFO, None)
    assert register.get(Channel, case.channel).name == "E-mail"
    assert register.get(Person, case.responsible).name == "Tom"
    assert register.get(Customer, case.customer).external_id == "99"
    files.write_csv(path, files.ZENDESK, files.rows_of(files.ZENDESK, {**row, "Status": "Solved", "Solved at": "2026-04-07"}))
    assert bring(register, path, "cases").changed == 1
    assert every(register, Case)[0].state is CaseState.CLOSED


def test_allegro_billing_tells_of_orders(register: Register, tmp_path: Path) -> None:
    order = "29738e61-7f6a-11e8-ac45-09db60ede9d6"
    packed = f"Opłata Smart!: Tak, Identyfikator zamówienia: {order}, Wartość zamówienia: 660,00, Waluta zamówienia: PLN, Usługa: InPost, Paczkomat, Numer nadania: 6200"
    rows = [
        ["30.06.2026 23:59", "Kubek", "123", "Prowizja", "", "-11,29", "100,00", packed],
        ["29.06.2026 08:00", "Kubek", "123", "Dostawa", "", "-9,99", "111,29", f"Identyfikator zamówienia: {order}"],
        ["28.06.2026 08:00", "", "", "Abonament", "", "-49,00", "121,28", ""],
    ]
    report = bring(register, files.write_csv(tmp_path / "allegro.csv", files.ALLEGRO, rows, ";"), "orders")
    assert (report.source, report.rows_read, report.added, report.rejected) == ("allegro_billing", 3, 1, ())
    (found,) = every(register, Order)
    assert (found.number, found.total, found.currency, found.courier, found.tracking_number) == (order, Decimal("660.00"), "PLN", "InPost, Paczkomat", "6200")
    assert found.ordered_at.astimezone().date() == date(2026, 6, 29)


def test_online_retail_with_its_dirt(register: Register, tmp_path: Path) -> None:
    rows = [
        ["569203", "79321", "CHILLI LIGHTS", "48", "2011-10-02 10:32:00", "4.95", "16353.0", "United Kingdom"],
        ["569203", "POST", "POSTAGE", "1", "2011-10-02 10:32:00", "0.0", "16353.0", "United Kingdom"],
        ["569204", "79321", "", "2", "2011-10-03 10:32:00", "4.95", "16353.0", "United Kingdom"],
        ["569205", "XX1", "", "2", "2011-10-03 11:32:00", "4.95", "", "United Kingdom"],
        ["569256", "20774", "damaged", "-14", "2011-10-03 11:15:00", "0.0", "", "United Kingdom"],
        ["C569300", "79321", "CHILLI LIGHTS", "-3", "2011-10-02 20:00:00", "4.95", "16353.0", "United Kingdom"],
        ["C569300", "POST", "POSTAGE", "-1", "2011-10-02 20:00:00", "0.0", "16353.0", "United Kingdom"],
        ["C569301", "M", "Manual", "-1", "2011-10-05 20:00:00", "1.50", "", "United Kingdom"],
    ]
    path = files.write_csv(tmp_path / "retail.csv", files.RETAIL, rows)
    report = bring(register, path, "orders")
    assert (report.source, report.rows_read, report.added, report.returns) == ("online_retail", 8, 3, 2)
    assert [(one.row, one.column, one.value) for one in report.rejected] == [(6, "Quantity", "-14")]
    orders, cases = every(register, Order), every(register, Case)
    assert [order.customer is None for order in orders] == [False, False, True]
    assert register.get(Customer, orders[0].customer).external_id == "16353"
    assert {product.sku: product.name for product in every(register, Product)} == {"79321": "CHILLI LIGHTS", "POST": "POSTAGE", "XX1": "XX1", "M": "Manual"}
    assert [line.name for line in every(register, OrderLine)] == ["CHILLI LIGHTS", "POSTAGE", "CHILLI LIGHTS", "XX1"]
    assert [(case.external_id, case.kind, case.legal_basis, case.order) for case in cases] == [
        ("C569300", CaseKind.RETURN, LegalBasis.WITHDRAWAL, orders[0].id), ("C569301", CaseKind.RETURN, LegalBasis.WITHDRAWAL, None),
    ]  # fmt: skip
    assert [case.number for case in cases] == ["Z/2011/0001", "Z/2011/0002"]
    assert [(item.quantity, item.order_line is not None) for item in every(register, CaseItem)] == [(3, True), (1, True), (1, False)]
    again = bring(register, path, "orders")
    assert (again.added, again.changed, again.same, again.returns) == (0, 0, 3, 0)


@pytest.mark.parametrize(
    ("cell", "expected"),
    [("2× Mug, 1× Plate", [[2, "Mug"], [1, "Plate"]]), ("1× Cup, saucer, 3× Tea", [[1, "Cup, saucer"], [3, "Tea"]]), ("Mug", [["", "Mug"]]), ("", [["", ""]])],
)
def test_packed_items(cell: str, expected: list[list[Any]]) -> None:
    assert splitters.quantity_times_name(cell, ("item quantity", "item name")) == expected
