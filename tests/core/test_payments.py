"""Payments come in from statements and billings and find their refunds; what fits nowhere is listed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from qmdesk.errors import Known
from qmdesk.exchange import mapping as mappings
from qmdesk.exchange.reader import read_table
from qmdesk.operations import imports, payments
from qmdesk.records.books import Payment, PaymentSource, PaymentState
from qmdesk.records.case import Case, RefundMethod
from qmdesk.schema.query import Order as By
from qmdesk.schema.query import Query
from tests.core import import_files as files
from tests.core.test_books import item, pays, returned
from tests.shop import Shop, shop

__all__ = ["shop"]

BANK = ["Data operacji", "Kwota operacji", "Waluta", "Nadawca/Odbiorca", "Tytuł", "Nr transakcji"]


def statement(path: Path, *rows: Sequence[Any]) -> Path:
    return files.write_csv(path, BANK, rows, delimiter=";")


def bring(shop: Shop, path: Path) -> imports.Report:
    table = read_table(path, known_headers=mappings.known_headers())
    return imports.run(shop.register, table, mappings.mapping_for(table.headers, "payments")).result


def every(shop: Shop) -> list[Payment]:
    return shop.register.records(Query(Payment).by(By("id")))


def refund(shop: Shop, amount: str, name: str = "Łucja Żak", order: str = "", on: date = date(2026, 10, 12), **values: Any) -> Case:
    buyer = shop.add_customer(name)
    bought = shop.add_order(order, buyer, ordered_at=datetime(2026, 9, 20, 12, tzinfo=UTC)) if order else None
    case = returned(shop, [item("Mug", amount)], amount, customer=buyer, order=bought, **values)
    return pays(shop, case, on)


def test_a_bank_statement_comes_in_and_can_be_withdrawn_as_one(shop: Shop, tmp_path: Path) -> None:
    path = statement(
        tmp_path / "wyciag.csv",
        ("2026-10-13", "-199,99", "PLN", "ŁUCJA ŻAK", "ZWROT Z20260001", "T1"),
        ("2026-10-14", "1 250,00", "PLN", "Sklep", "Wpłata", "T2"),
        ("2026-10-15", "-15,00", "PLN", "Bank", "Opłata", ""),
        ("2026-10-15", "-15,00", "PLN", "Bank", "Opłata", ""),
    )
    report = bring(shop, path)
    assert (report.source, report.added, report.rejected) == ("own", 4, ())
    first = every(shop)[0]
    assert (first.booked_on, first.amount, first.counterparty, first.reference, first.source) == (date(2026, 10, 13), Decimal("-199.99"), "ŁUCJA ŻAK", "T1", PaymentSource.BANK)
    assert bring(shop, path).added == 0, "the same statement again brings nothing new, and the two equal lines are two"
    assert report.batch is not None
    shop.register.undo()
    imports.withdraw(shop.register, report.batch)
    assert every(shop) == []


def test_a_statement_that_tells_kind_and_title_apart_keeps_the_title(shop: Shop, tmp_path: Path) -> None:
    headers = ["#Data operacji", "#Data księgowania", "#Opis operacji", "#Tytuł", "#Nadawca/Odbiorca", "#Kwota"]
    row = ("2026-10-13", "2026-10-13", "PRZELEW WYCHODZĄCY", "ZWROT Z/2026/0001", "ŁUCJA ŻAK", "-199,99")
    bring(shop, files.write_csv(tmp_path / "mbank.csv", headers, [row], delimiter=";"))
    (one,) = every(shop)
    assert (one.description, one.operation, one.counterparty) == ("ZWROT Z/2026/0001", "PRZELEW WYCHODZĄCY", "ŁUCJA ŻAK")
    headers = ["Data transakcji", "Dane kontrahenta", "Tytuł", "Kwota transakcji (waluta rachunku)", "Waluta"]
    bring(shop, files.write_csv(tmp_path / "ing.csv", headers, [("2026-10-14", "JAN LIS", "Zwrot", "-5,00", "PLN")], delimiter=";"))
    assert [(one.amount, one.counterparty) for one in every(shop)][1:] == [(Decimal("-5.00"), "JAN LIS")]


def test_allegro_billing_comes_in_as_payments_with_the_order(shop: Shop, tmp_path: Path) -> None:
    rows = files.rows_of(
        files.ALLEGRO,
        {"Data": "01.10.2026 10:00", "Nazwa oferty": "Kubek", "Typ operacji": "Prowizja od sprzedaży", "Obciążenia": "-11,29", "Saldo": "0,00", "Szczegóły operacji": "Identyfikator zamówienia: abc-1, Wartość zamówienia: 100,00"},
        {"Data": "02.10.2026 10:00", "Nazwa oferty": "Kubek", "Typ operacji": "Zwrot prowizji", "Uznania": "11,29", "Obciążenia": "0,00", "Szczegóły operacji": "Identyfikator zamówienia: abc-1"},
    )  # fmt: skip
    path = files.write_csv(tmp_path / "allegro.csv", files.ALLEGRO, rows, delimiter=";")
    assert bring(shop, path).source == "allegro_payments"
    assert [(one.amount, one.reference, one.operation, one.source) for one in every(shop)] == [
        (Decimal("-11.29"), "abc-1", "Prowizja od sprzedaży", PaymentSource.ALLEGRO),
        (Decimal("11.29"), "abc-1", "Zwrot prowizji", PaymentSource.ALLEGRO),
    ]
    assert mappings.recognise(files.ALLEGRO)[0].source == "allegro_billing", "without being asked for, it is a file of orders"


def pay(shop: Shop, amount: str, title: str = "", name: str = "", on: date = date(2026, 10, 13), **values: Any) -> int:
    return shop.add(Payment(booked_on=on, amount=Decimal(amount), description=title, counterparty=name, **values))


@pytest.mark.parametrize(
    ("title", "name", "amount", "why"),
    [
        ("Zwrot za Z 2026 0001 dziekujemy", "", "-89.00", payments.BY_CASE),
        ("ZWROT Z20260001", "", "-50.00", payments.BY_CASE_ONLY),
        ("zamowienie 10017", "", "-89.00", payments.BY_ORDER),
        ("zamowienie 10017", "", "-5.00", payments.BY_ORDER_ONLY),
        ("Przelew", "ZAK LUCJA UL. POLNA 1", "-89.00", payments.BY_NAME),
        ("Zwrot za towar", "Obcy Ktos", "-89.00", payments.BY_AMOUNT),
        ("Czynsz", "Obcy Ktos", "-89.00", None),
        ("Zwrot", "Obcy Ktos", "-88.00", None),
        ("ZWROT Z202600011", "", "-50.00", None),
        ("zamowienie 110017", "", "-5.00", None),
        ("ZWROT Z20260001", "", "89.00", None),
    ],
)
def test_a_payment_finds_its_refund_and_says_why(shop: Shop, title: str, name: str, amount: str, why: str | None) -> None:
    case = refund(shop, "89.00", order="10017")
    payment = pay(shop, amount, title, name)
    found = payments.suggest(shop.register)
    assert [(one.payment.id, one.case.id, one.why) for one in found] == ([(payment, case.id, why)] if why else [])


def test_a_payment_of_another_month_is_not_suggested(shop: Shop) -> None:
    refund(shop, "89.00")
    pay(shop, "-89.00", "Zwrot Z/2026/0001", on=date(2026, 11, 12))
    assert payments.suggest(shop.register) == []
    pay(shop, "-89.00", "Zwrot Z/2026/0001", on=date(2026, 11, 11))
    assert len(payments.suggest(shop.register)) == 1


def test_the_surest_match_wins_and_none_is_suggested_twice(shop: Shop) -> None:
    one, two = refund(shop, "89.00", "Jan Nowak"), refund(shop, "89.00", "Anna Nowak")
    pay(shop, "-89.00", "Zwrot", "Anna Nowak")
    by_number = pay(shop, "-89.00", f"Zwrot {one.number}", "Anna Nowak")
    assert {(found.case.id, found.why) for found in payments.suggest(shop.register)} == {(one.id, payments.BY_CASE), (two.id, payments.BY_NAME)}
    shop.do(payments.MATCH, payments.match, by_number, one.id)
    assert [found.case.id for found in payments.suggest(shop.register)] == [two.id]
    with pytest.raises(Known, match="belongs to case"):
        shop.register.do(payments.MATCH, payments.match, by_number, two.id)
    shop.do(payments.RELEASE, payments.release, by_number)
    assert shop.get(Payment, by_number).state is PaymentState.OPEN
    assert len(payments.suggest(shop.register)) == 2


def test_what_fits_nowhere_is_listed(shop: Shop) -> None:
    paid = refund(shop, "89.00")
    cash = refund(shop, "20.00")
    shop.edits(cash, refund_method=RefundMethod.CASH)
    late = refund(shop, "30.00", on=date(2026, 10, 30))
    assert payments.without_payment(shop.register) == [], "without a statement nothing is known"
    pay(shop, "-12.00", "Zwrot za pomylke", on=date(2026, 10, 1))
    rent = pay(shop, "-900.00", "Czynsz", on=date(2026, 10, 31))
    assert [one.description for one in payments.without_case(shop.register)] == ["Zwrot za pomylke"]
    assert [case.id for case in payments.without_payment(shop.register)] == [paid.id]
    assert late.id not in {case.id for case in payments.without_payment(shop.register)}, "it may stand in the next statement"
    shop.do(payments.IGNORE, payments.ignore, [one.id for one in every(shop)])
    assert payments.without_case(shop.register) == []
    assert shop.get(Payment, rent).state is PaymentState.IGNORED


def test_commissions_of_sales_taken_back_are_claimed(shop: Shop) -> None:
    case = refund(shop, "100.00", order="abc-1")
    refund(shop, "50.00", order="abc-2")
    fee = {"source": PaymentSource.ALLEGRO, "operation": "Prowizja od sprzedaży"}
    pay(shop, "-11.29", reference="abc-1", **fee)
    pay(shop, "-2.00", reference="abc-1", source=PaymentSource.ALLEGRO, operation="Opłata za dostawę")
    pay(shop, "-5.00", reference="abc-2", **fee)
    pay(shop, "5.00", reference="abc-2", source=PaymentSource.ALLEGRO, operation="Zwrot prowizji")
    pay(shop, "-7.00", reference="abc-3", **fee)
    assert [(one.case.id, one.order, one.amount) for one in payments.unclaimed(shop.register)] == [(case.id, "abc-1", Decimal("11.29"))]
