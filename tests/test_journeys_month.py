"""The law's side of a shop from October to the end of December 2026, played headless and through the window.

A buyer at a distance gives back one of three pairs, October is handed to the accountant and stays as it was, and a
complaint that nobody answers turns accepted. What October comes to is reckoned here from the papers of its sales, by
the plain rule of the law and with nothing that the program computes.
"""

from __future__ import annotations

import csv
import json
from collections import defaultdict
from collections.abc import Callable, Mapping
from decimal import ROUND_HALF_UP, Decimal
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import openpyxl
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog
from pytestqt.qtbot import QtBot

from qmdesk.errors import Known
from qmdesk.operations import books, cases, deadlines, keeping, month, month_pack, return_terms, steps
from qmdesk.operations.books import ExchangeRate
from qmdesk.operations.due import due
from qmdesk.records.books import InvoiceCorrection, MistakeEntry, MonthLock, RefundEntry, SignatureForm
from qmdesk.records.case import (
    Case,
    CaseItem,
    CaseState,
    Demand,
    RefundMethod,
    SaleDocument,
    SecondTier,
)
from qmdesk.records.deadline import DeadlineState
from qmdesk.records.month import Opened
from qmdesk.records.paper import DocumentKind
from qmdesk.records.product import Product
from qmdesk.records.returns import Condition
from qmdesk.records.shop import THE_SHOP, PartialDelivery
from qmdesk.records.shop import Shop as ShopRecord
from qmdesk.records.steps import Step
from qmdesk.schema.query import Order, Query
from tests.clock import Clock, clock
from tests.core.test_cli import run
from tests.shop import Shop, day, dump, shop
from tests.ui.front import Front, asker, dialogs, front, look, press, running, write
from tests.ui.test_pages import labels, words
from ui.dialogs import print_pdf
from ui.dialogs.document import DocumentDialog
from ui.dialogs.history import History
from ui.dialogs.new_case import NewCase
from ui.dialogs.step import StepDialog
from ui.forms.dialog import RecordDialog
from ui.program import Program

__all__ = ["asker", "clock", "dialogs", "front", "look", "running", "shop"]

D = Decimal
CTRL = Qt.KeyboardModifier.ControlModifier
OCTOBER = "2026-10"

# ----------------------------------------------------------------- October as its papers tell it

WENT_BACK: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("PAR 9", "5", ("30.00",)),  # a book whose price was reduced
    ("PAR 17", "23", ("299.90", "3.33")),  # one of three pairs, and a third of the cheapest delivery, 9.99
    ("PAR 18", "8", ("108.00",)),  # two bags of bird food, whose rate nobody had noted
    ("PAR 30", "23", ("39.90",)),  # a mug taken back at the counter, entered by hand
    ("#2002", "23", ("42.51",)),  # 10.00 EUR at 4.2512
)
MISTAKEN: tuple[tuple[str, str, tuple[str, ...]], ...] = (("P/300", "23", ("299.90",)),)  # rung up twice
JPK = {"23": ("K_19", "K_20"), "8": ("K_17", "K_18"), "5": ("K_15", "K_16")}


def reckoned(papers: tuple[tuple[str, str, tuple[str, ...]], ...]) -> dict[str, tuple[Decimal, Decimal]]:
    """Rate -> gross and VAT: VAT out of the gross sum of each document, rounded half up once (law.md 4.4)."""
    found: dict[str, tuple[Decimal, Decimal]] = defaultdict(lambda: (D(), D()))
    for _document, rate, amounts in papers:
        gross = sum(map(D, amounts), D())
        tax = (gross * int(rate) / (100 + int(rate))).quantize(D("0.01"), ROUND_HALF_UP)
        found[rate] = found[rate][0] + gross, found[rate][1] + tax
    return dict(found)


def jpk() -> dict[str, Decimal]:
    """The fields of JPK_V7 that October lowers, with a minus sign."""
    found = {}
    for rate, (gross, tax) in reckoned((*WENT_BACK, *MISTAKEN)).items():
        net_field, tax_field = JPK[rate]
        found |= {net_field: -(gross - tax), tax_field: -tax}
    return found


# ------------------------------------------------------------------------------------- headless


def takes_money_back(shop: Shop, clock: Clock, case: Case, condition: Condition = Condition.AS_NEW, on: str = "") -> Case:
    """A return whose goods came is looked at, its refund set and paid on the clock's day."""
    now = clock.set(on) if on else clock()
    shop.steps(case, Step.GOODS_RECEIVED, goods_received_on=now.date())
    shop.steps(case, Step.INSPECT, inspected_on=now.date(), condition=condition)
    shop.steps(case, Step.APPROVE)
    return shop.steps(case, Step.REFUND, refunded_on=now.date())


def one_of_three_pairs(shop: Shop, clock: Clock, buyer: int) -> Case:
    """Three pairs bought with a dear courier; one comes back on the last Sunday before All Saints' term ends on a Sunday."""
    clock.set("2026-10-02 12:00")
    bought = {"ordered_at": clock(), "delivered_on": day("2026-10-05"), "shipping": D("24.99")}
    order = shop.add_order("1001", buyer, [shop.add_product()], 3, **bought)
    clock.set("2026-10-18 21:15")
    said = {"statement_sent_on": day("2026-10-18"), "delivery_cheapest": D("9.99")}
    proof = {"sale_document": SaleDocument.RECEIPT, "sale_document_number": "PAR 17"}
    case = shop.returns(order, {"Buty trekkingowe 42": 1}, said, received_at=clock(), **proof)

    # in hands on the 5th: until the 19th; the money within 14 days: 1 November is a Sunday and All Saints', so the 2nd
    right = return_terms.right(shop.register, case)
    assert (right.standing, right.last_day) == (return_terms.Standing.IN_TIME, day("2026-10-19"))
    money = shop.deadline(case, "PL-WD-REFUND")
    assert (money.nominal, money.legal, money.state) == (day("2026-11-01"), day("2026-11-02"), DeadlineState.HELD)
    assert "art. 115" in money.reasoning_pl

    # one pair at its price; of the delivery nothing, unless the shop promises the customer's share of the cheapest way
    assert shop.calculates(case).total == D("299.90")
    shop.changes(ShopRecord, THE_SHOP, partial_delivery=PartialDelivery.PROPORTIONAL)
    assert [part.amount for part in shop.calculates(case).parts] == [D("299.90"), D("3.33")]

    confirmation = shop.sends(case, DocumentKind.WITHDRAWAL_CONFIRMATION, "E-mail", clock())
    assert shop.register.content(confirmation.content).startswith(b"%PDF")
    takes_money_back(shop, clock, case, Condition.TRIED, "2026-10-22")
    assert shop.deadline(case, "PL-WD-REFUND").state is DeadlineState.MET
    protocol = shop.sends(case, DocumentKind.PROTOCOL, "E-mail", clock())
    assert shop.register.content(protocol.content).startswith(b"%PDF")
    entries = [entry for entry in shop.register.records(Query(RefundEntry)) if entry.case == case.id]
    assert sorted(entry.gross for entry in entries) == [D("3.33"), D("299.90")]
    assert {(entry.sold_on, entry.returned_on, entry.refunded_on) for entry in entries} == {(day("2026-10-02"), day("2026-10-22"), day("2026-10-22"))}
    return shop.steps(case, Step.CLOSE)


def the_rest_of_october(shop: Shop, clock: Clock, buyer: int) -> dict[str, Case]:
    """What else happened, each with something that is still missing."""
    found = {}
    # a price reduction at the counter, of a book sold in September
    clock.set("2026-10-06 11:00")
    book = {"sold_on": day("2026-09-28"), "delivered_on": day("2026-09-28"), "sale_document": SaleDocument.RECEIPT, "sale_document_number": "PAR 9"}
    found["book"] = case = shop.complains("Kartki wypadają", customer=buyer, received_at=clock(), demand=Demand.REDUCTION, second_tier=SecondTier.SERIOUS, second_tier_on=clock().date(), **book)
    shop.do(cases.ADD_ITEM, cases.add_item, CaseItem(case=case.id, name="Ptaki Polski", quantity=2, unit_price=D("49.99"), vat_rate="5"))
    shop.decides(case, remedy_kind=Demand.REDUCTION, refund=D("30.00"), refund_method=RefundMethod.SAME)
    shop.sends(case, DocumentKind.ANSWER_ACCEPTED, "E-mail", clock())
    shop.sends(case, DocumentKind.PROTOCOL, "E-mail", clock())
    shop.steps(case, Step.REFUND, refunded_on=clock().date())
    # a return of goods whose VAT rate nobody noted
    clock.set("2026-10-12")
    seed = shop.add(Product(sku="K5", name="Karma dla ptaków 5 kg", price=D("54.00")))
    order = shop.add_order("1002", buyer, [seed], 2, ordered_at=clock(), delivered_on=day("2026-10-13"))
    clock.set("2026-10-15")
    found["seed"] = shop.returns(order, received_at=clock(), sale_document=SaleDocument.RECEIPT, sale_document_number="PAR 18")
    takes_money_back(shop, clock, found["seed"])
    # one that was paid in euro
    clock.set("2026-10-19")
    mug = shop.add(Product(sku="MUG", name="Mug", price=D("10.00"), currency="EUR", vat_rate="23"))
    order = shop.add_order("#2002", buyer, [mug], ordered_at=clock(), delivered_on=day("2026-10-21"), currency="EUR")
    clock.set("2026-10-26")
    found["euro"] = shop.returns(order, received_at=clock(), sale_document=SaleDocument.ORDER, sale_document_number="#2002")
    takes_money_back(shop, clock, found["euro"])
    # one that was sold with an invoice
    clock.set("2026-10-27")
    invoice = {"sale_document": SaleDocument.INVOICE, "sale_document_number": "FV/12/2026", "sold_on": day("2026-10-20"), "delivered_on": day("2026-10-22")}
    found["invoice"] = shop.takes_back([CaseItem(case=0, name="Wiertarka", unit_price=D("500.00"), vat_rate="23")], customer=buyer, received_at=clock(), **invoice)
    takes_money_back(shop, clock, found["invoice"])
    return found


def by_hand(shop: Shop, clock: Clock) -> None:
    """A mug taken back at the counter, its receipt and the day of the money not noted; one entered wrongly; a mistake."""
    clock.set("2026-10-30")
    hand = RefundEntry(sold_on=day("2026-10-24"), returned_on=day("2026-10-29"), item_name="Kubek", vat_rate="23", gross=D("39.90"), refund_method=RefundMethod.CASH)
    shop.do(books.ENTER, books.enter, hand)
    wrong = shop.do(books.ENTER, books.enter, RefundEntry(sold_on=day("2026-10-24"), returned_on=day("2026-10-29"), item_name="Kubek", vat_rate="8", gross=D("39.90")))
    shop.do(books.STORNO, books.storno, RefundEntry, wrong.id, "Zła stawka")
    twice = {"receipt_number": "P/300", "vat_rate": "23", "gross": D("299.90"), "cause": "Nabito dwa razy"}
    shop.do(books.ENTER_MISTAKE, books.enter_mistake, MistakeEntry(sold_on=day("2026-10-30"), found_on=day("2026-10-30"), **twice))


def test_autumn_headless(shop: Shop, clock: Clock, tmp_path: Path) -> None:
    clock.set("2026-10-01")
    shop.fills_in_letterhead()
    shop.changes(ShopRecord, THE_SHOP, cash_register_number="ZBC2201123456")
    buyer = shop.add_customer("Łucja Żak", email="lucja@example.com", street="ul. Polna 1", postcode="00-001", city="Warszawa")
    pairs = one_of_three_pairs(shop, clock, buyer)
    told = the_rest_of_october(shop, clock, buyer)
    by_hand(shop, clock)
    clock.set("2026-11-03")
    mends(shop, told)
    locks(shop, tmp_path)
    stays_as_it_was(shop, clock, told, pairs)
    opens_again(shop, clock, tmp_path)
    nobody_answers(shop, clock)


def gaps(shop: Shop) -> list[tuple[Opened, str]]:
    """What October still misses."""
    return [(gap.what, gap.number) for gap in month.collect(shop.register, OCTOBER).gaps]


def mends(shop: Shop, told: dict[str, Case]) -> None:
    """Every gap that the month shows is mended by what the program offers for it."""
    assert gaps(shop) == [
        (Opened.NO_ENTRY, told["seed"].number),
        (Opened.NO_RATE, told["euro"].number),
        (Opened.UNSIGNED, "E/2026/0001, E/2026/0002"),
        (Opened.UNSIGNED, "E/2026/0003"),
        (Opened.UNSIGNED, "E/2026/0004"),
        (Opened.NO_REFUND, "E/2026/0004"),
        (Opened.NO_DOCUMENT, "E/2026/0004"),
        (Opened.NO_RIGHT_RECEIPT, "P/2026/0001"),
        (Opened.NO_CORRECTION, "FV/12/2026"),
    ]
    (item,) = shop.items(told["seed"])
    shop.do(cases.CHANGE_ITEM, cases.change_item, item.id, {"vat_rate": "8"})
    shop.do(books.BOOK, books.book_case, told["seed"].id)
    shop.do(books.BOOK, books.book_case, told["euro"].id, ExchangeRate("4,2512", day("2026-10-23"), "207/A/NBP/2026"))
    signed = {"seller_signed_on": day("2026-10-30"), "buyer_signed_on": day("2026-10-30"), "signature_form": SignatureForm.PAPER}
    by_mail = {"seller_signed_on": day("2026-10-30"), "substitute_evidence": "Oświadczenie z 18 października, dowód nadania"}
    of_sale = {"refunded_on": day("2026-10-29"), "sale_document": SaleDocument.RECEIPT, "sale_document_number": "PAR 30"}
    by_number = {entry.number: entry for entry in shop.register.records(Query(RefundEntry))}
    for number, values in (("0001", by_mail), ("0003", signed), ("0004", {**signed, **of_sale}), ("0007", by_mail), ("0008", by_mail)):
        shop.do(books.FILL_IN, books.fill_in, RefundEntry, by_number[f"E/2026/{number}"].id, values)
    (mistake,) = shop.register.records(Query(MistakeEntry))
    shop.do(books.FILL_IN, books.fill_in, MistakeEntry, mistake.id, {"correct_receipt": "P/301"})
    (invoice,) = shop.register.records(Query(InvoiceCorrection))
    shop.changes(InvoiceCorrection, invoice.id, correction_number="FK/1/10/2026", issued_on=day("2026-10-30"))
    assert gaps(shop) == []


def locks(shop: Shop, folder: Path) -> None:
    """The pack is written by the command line and the month is closed; every sum agrees with the papers."""
    shop.register.close()
    out = folder / "pack"
    told = run("month", shop.path, OCTOBER, out, "--lock", "--json").json
    shop.reopens()
    agrees(told, out)
    (lock,) = shop.register.records(Query(MonthLock))
    assert (lock.month, lock.digest, lock.reopened_at) == (OCTOBER, told["digest"], None)
    with ZipFile(BytesIO(shop.register.content(lock.pack))) as kept:
        assert kept.testzip() is None
        assert all(kept.read(name) == (out / name).read_bytes() for name in kept.namelist())


def agrees(told: dict[str, Any], out: Path) -> None:
    """What the command says, the workbook shows and the csv holds is what the papers come to."""
    assert told["locked"]
    assert [gap["what"] for gap in told["gaps"]] == ["months_differ"]
    said = {rate: (D(one["gross"]), D(one["vat"])) for rate, one in told["totals"].items()}
    assert said == reckoned(WENT_BACK)
    assert {rate: (D(one["gross"]), D(one["vat"])) for rate, one in told["mistakes"].items()} == reckoned(MISTAKEN)
    assert {name: D(amount) for name, amount in told["jpk"].items()} == jpk()
    assert all(D(amount) < 0 for amount in told["jpk"].values())
    assert sorted(map(str, out.iterdir())) == sorted(told["files"])
    workbook_agrees(out / f"{OCTOBER}-summary.xlsx")
    with (out / f"{OCTOBER}-register-of-returns.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    gross = sum((D(row[name].replace(",", ".")) for row in rows for name in ("Gross, whole price", "Gross, part of the price") if row[name]), D())
    assert gross == sum((one for one, _tax in reckoned(WENT_BACK).values()), D())
    for which in ("returns", "mistakes"):
        assert (out / f"{OCTOBER}-register-of-{which}.pdf").read_bytes().startswith(b"%PDF")
    with ZipFile(out / f"{OCTOBER}-documents.zip") as papers:
        assert papers.testzip() is None
        assert {name.partition(".")[0][:11] for name in papers.namelist()} == {"E-2026-0001", "E-2026-0002", "E-2026-0003"}


def workbook_agrees(path: Path) -> None:
    """The summary's sums, as readers show them without working anything out, and the fields of JPK_V7 below them."""
    rows = [[cell.value for cell in row] for row in openpyxl.load_workbook(path, data_only=True)["Summary"].iter_rows()]
    both = {row[0]: (money_in(row[7]), money_in(row[9])) for row in rows if str(row[0]).rstrip("%") in JPK}
    assert both == {f"{rate}%": sums for rate, sums in reckoned((*WENT_BACK, *MISTAKEN)).items()}
    fields = {row[0]: money_in(row[1]) for row in rows if str(row[0]).startswith("K_")}
    assert fields == jpk()
    formulas = openpyxl.load_workbook(path)
    assert all(cell.data_type == "f" for row in formulas["Summary"].iter_rows(min_col=8, max_col=8) for cell in row if rows[cell.row - 1][0] in both)


def money_in(cell: object) -> Decimal:
    return D(str(cell)).quantize(D("0.01"))


def refused(shop: Shop, work: Callable[..., Any], *args: Any, because: str = "is closed", **values: Any) -> None:
    """Somebody tries to change October: a sentence says why it can't be, and nothing is written."""
    before, step, digest = dump(shop.register), shop.register.steps(1)[0][0].id, month.collect(shop.register, OCTOBER).digest
    with pytest.raises(Known, match=because) as told:
        work(*args, **values)
    assert told.value.sentence.endswith(".")
    assert (dump(shop.register), shop.register.steps(1)[0][0].id) == (before, step)
    assert month.collect(shop.register, OCTOBER).digest == digest


def stays_as_it_was(shop: Shop, clock: Clock, told: dict[str, Case], pairs: Case) -> None:
    """Every way to change the closed month is refused."""
    do = shop.register.do
    entry, *_others = shop.register.records(Query(RefundEntry).by(Order("id")))
    (mistake,) = shop.register.records(Query(MistakeEntry))
    (invoice,) = shop.register.records(Query(InvoiceCorrection))
    (lock,) = shop.register.records(Query(MonthLock))
    for kind, one in ((RefundEntry, entry), (MistakeEntry, mistake)):
        refused(shop, do, "Note", books.fill_in, kind, one.id, {"remarks" if kind is RefundEntry else "why_not_attached": "Dopisane później"})
        refused(shop, do, "Storno", books.storno, kind, one.id, "Za późno")
        refused(shop, do, "Change", keeping.change, kind, one.id, {"gross": D("1.00")})
        refused(shop, do, "Remove", keeping.remove, kind, one.id)
    refused(shop, do, "Enter", books.enter, RefundEntry(sold_on=day("2026-10-01"), returned_on=day("2026-10-31"), item_name="Kubek", vat_rate="23", gross=D("1.00")))
    refused(shop, do, "Enter", books.enter_mistake, MistakeEntry(sold_on=day("2026-10-31"), found_on=day("2026-11-02"), receipt_number="P/9", vat_rate="23", gross=D("1.00"), cause="x"))
    for values in ({"correction_number": "FK/2"}, {"issued_on": day("2026-11-02")}):
        refused(shop, do, "Change", keeping.change, InvoiceCorrection, invoice.id, values)
    refused(shop, do, "Remove", keeping.remove, InvoiceCorrection, invoice.id)
    refused(shop, do, "Add", keeping.add, InvoiceCorrection(invoice_number="FV/13", vat_rate="23", gross_before=D("2.00"), gross_after=D("1.00"), issued_on=day("2026-10-31")))
    refused(shop, do, "Change", keeping.change, MonthLock, lock.id, {"digest": "0" * 64}, because="stays on record")
    refused(shop, do, "Remove", keeping.remove, MonthLock, lock.id, because="stays on record")
    refused(shop, do, "Close", month.close, OCTOBER, lock.digest)
    refused(shop, shop.register.undo, because="not opened by undo")
    booked = [step for step, stands in shop.register.steps() if stands and not step.sealed and any(one.kind in ("refund_entry", "mistake_entry", "invoice_correction") for one in shop.register.entries(step.id))]
    assert len(booked) >= 12
    for step in booked:
        refused(shop, shop.register.undo, step.id, because="is closed|has been changed since")

    # money that turns out to have gone back in October can't be noted there any more, only when it is known
    late = shop.complains("Kubek pękł", received_at=clock.set("2026-10-30"), customer=pairs.customer, sold_on=day("2026-10-25"), sale_document=SaleDocument.RECEIPT, sale_document_number="PAR 40")
    shop.do(cases.ADD_ITEM, cases.add_item, CaseItem(case=late.id, name="Kubek", unit_price=D("39.90"), vat_rate="23"))
    shop.decides(late, remedy_kind=Demand.REFUND, refund=D("39.90"), refund_method=RefundMethod.SAME)
    clock.set("2026-11-03")
    shop.sends(late, DocumentKind.ANSWER_ACCEPTED, "E-mail", clock())
    refused(shop, do, "Refund", steps.take_step, late.id, Step.REFUND, {"refunded_on": day("2026-10-31")})
    shop.steps(late, Step.REFUND, refunded_on=day("2026-11-03"))
    assert [one.month for one in shop.register.records(Query(RefundEntry).by(Order("id", True)), 1)] == ["2026-11"]

    # nor by the command line
    before, digest = dump(shop.register), month.collect(shop.register, OCTOBER).digest
    shop.register.close()
    new = {"sold_on": "2026-10-01", "returned_on": "2026-10-02", "item_name": "Kubek", "vat_rate": "23", "gross": "1.00"}
    for command in (
        ("set", shop.path, "refund_entry", entry.number, "remarks=Dopisane"),
        ("set", shop.path, "mistake_entry", mistake.number, "correct_receipt=P/999"),
        ("set", shop.path, "invoice_correction", invoice.invoice_number, "correction_number=FK/9"),
        ("add", shop.path, "refund_entry", "-"),
        ("undo", shop.path, "--step", booked[0].id),
        ("month", shop.path, OCTOBER, shop.path.parent / "again", "--lock"),
    ):
        assert "is closed" in run(*command, stdin=new).refusal, command
    shop.reopens()
    assert (dump(shop.register), month.collect(shop.register, OCTOBER).digest) == (before, digest)
    assert not (shop.path.parent / "again").exists()


def opens_again(shop: Shop, clock: Clock, folder: Path) -> None:
    """With a reason it is opened, mended and closed again; the journal keeps both with the reason."""
    clock.set("2026-11-04")
    shop.register.close()
    assert "Write why" in run("month", shop.path, OCTOBER, folder / "second", "--reopen", " ").problems["reopened_why"]
    told = run("month", shop.path, OCTOBER, folder / "second", "--reopen", "Znalazł się paragon", "--json").json
    assert not told["locked"]
    history = run("history", shop.path, "--json").json
    shop.reopens()
    (closed,) = (step for step in history if step["label"] == month.CLOSE)
    (opened,) = (step for step in history if step["label"] == month.REOPEN)
    assert (closed["subject"], opened["subject"]) == (OCTOBER, OCTOBER)
    assert (closed["at"][:10], opened["at"][:10]) == ("2026-11-03", "2026-11-04")
    assert "Znalazł się paragon" in json.dumps(opened, ensure_ascii=False)
    entry = shop.register.records(Query(RefundEntry).by(Order("id")), 1)[0]
    shop.do(books.FILL_IN, books.fill_in, RefundEntry, entry.id, {"remarks": "Paragon w segregatorze"})
    pack = month_pack.compose(shop.register, OCTOBER)
    shop.do(month.CLOSE, month.close, OCTOBER, pack.month.digest, pack.archive)
    assert [(lock.reopened_why, lock.digest) for lock in month.history(shop.register, OCTOBER)] == [("Znalazł się paragon", told["digest"]), ("", pack.month.digest)]


def nobody_answers(shop: Shop, clock: Clock) -> None:
    """A complaint of 10 December is due on the 28th, and counts as accepted on the 29th."""
    clock.set("2026-12-10")
    case = shop.complains("Podeszwa odpadła", customer=shop.add_customer("Jan Kot"), received_at=clock(), demand=Demand.REFUND, claimed=D("299.90"))
    mine = next(one for one in due(shop.register) if one.case.id == case.id)
    assert (mine.deadline.nominal, mine.deadline.legal, mine.days_left, mine.at_risk) == (day("2026-12-24"), day("2026-12-28"), 18, D("299.90"))
    assert "so it moves and ends on Monday 28 December 2026 (KC art. 115)" in mine.reasoning
    shop.register.close()
    (told,) = (one for one in run("due", shop.path, "--json").json if one["number"] == case.number)
    assert (told["nominal"], told["legal"], told["days_left"], told["money_at_risk"]) == ("2026-12-24", "2026-12-28", 18, "299.90")

    # the register is opened on the last day, and on the day after
    clock.set("2026-12-28 23:59")
    shop.reopens()
    deadlines.catch_up(shop.register)
    assert shop.case(case).deemed_accepted_on is None
    clock.set("2026-12-29 00:00")
    shop.reopens()
    assert [one.id for one in deadlines.catch_up(shop.register).accepted] == [case.id]
    assert (shop.case(case).deemed_accepted_on, shop.case(case).state) == (day("2026-12-29"), CaseState.NEW)
    assert shop.deadline(case, "PL-CMP-ANSWER").state is DeadlineState.OVERDUE
    (told,) = (one for one in run("due", shop.path, "--json").json if one["number"] == case.number)
    assert (told["state"], told["days_left"]) == ("overdue", -1)
    assert any("deadlines passed" in step.label for step, _entry in shop.register.history(shop.case(case)))


# ----------------------------------------------------------------------------- through the window


def test_autumn_through_the_window(front: Front, clock: Clock, running: Program, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shop = front.shop
    clock.set("2026-10-01")
    front.window.daybreak.look()
    shop.fills_in_letterhead()
    shop.changes(ShopRecord, THE_SHOP, cash_register_number="ZBC2201123456")
    buyer = shop.add_customer("Łucja Żak", email="lucja@example.com", street="ul. Polna 1", postcode="00-001", city="Warszawa")
    gives_one_pair_back(front, clock, buyer, tmp_path, monkeypatch)
    told = the_rest_of_october(shop, clock, buyer)
    enters_by_hand(front, clock)
    clock.set("2026-11-03")
    front.window.daybreak.look()
    page = mends_by_keys(front, told)
    closes(front, page, tmp_path)
    tries_to_change(front, page)
    opens_again_with_a_reason(front, page, clock)
    silent_over_midnight(front, clock)
    shut_over_new_year(front, clock, running, qtbot)


def gives_one_pair_back(front: Front, clock: Clock, buyer: int, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Three pairs bought with a dear courier, one given back: written down, confirmed, looked at, paid, printed."""
    shop = front.shop
    clock.set("2026-10-02 12:00")
    shop.add_order("1001", buyer, [shop.add_product()], 3, ordered_at=clock(), delivered_on=day("2026-10-05"), shipping=D("24.99"))
    settings = front.page("settings")
    settings.shop.form.editors["partial_delivery"].set_value(PartialDelivery.PROPORTIONAL)
    settings.shop.form.editors["partial_delivery"].input.setFocus()
    press(Qt.Key.Key_S, held=CTRL)
    clock.set("2026-10-18 21:15")
    front.window.daybreak.look()

    def tell(dialog: NewCase) -> None:
        dialog.form.editors["order"].input.setFocus()
        write("1001")
        press(Qt.Key.Key_Tab, Qt.Key.Key_1)
        assert dialog.lines.item(0).text().startswith("1 of 3 × Buty")
        dialog.form.editors["description"].input.setFocus()
        write("Odstępuję od umowy: za małe")
        dialog.form.editors["sale_document"].set_value(SaleDocument.RECEIPT)
        dialog.form.editors["sale_document_number"].set_value("PAR 17")
        dialog.terms.editors["delivery_cheapest"].set_value(D("9.99"))
        press(Qt.Key.Key_Return, held=CTRL)

    front.dialogs.will(tell)
    press(Qt.Key.Key_N, held=CTRL | Qt.KeyboardModifier.ShiftModifier)
    panel = front.page("cases").panel
    panel.tabs.setCurrentWidget(panel.of_return)
    tab = panel.of_return
    assert (tab.standing.word, tab.until.text()) == ("Withdrawn in time", "until 19 Oct 2026")
    assert "received on 18 Oct 2026 at 21:15:00" in tab.right.words.text()
    assert "Monday 2 November 2026 (KC art. 115)" in tab.money.words.text()
    assert [amount for _words, amount in tab.table.lines] == ["PLN\u00a0299.90", "PLN\u00a03.33", "PLN\u00a0303.23"]
    assert panel.waiting.word == "may wait for the goods"

    front.dialogs.will(lambda letter: letter.issue_button.click())
    press(Qt.Key.Key_D, held=CTRL)
    clock.set("2026-10-22")
    front.window.daybreak.look()

    def look_at(dialog: StepDialog) -> None:
        dialog.editors["condition"].set_value(Condition.TRIED)
        dialog.save_button.click()

    def agree(dialog: StepDialog) -> None:
        assert dialog.editors["refund"].value() == D("303.23")
        dialog.save_button.click()

    front.dialogs.will(lambda dialog: dialog.save_button.click(), look_at, agree, lambda dialog: dialog.save_button.click())
    for step in ("The goods came…", "Look at the goods…", "Set the refund…", "The money was returned…"):
        assert panel.main_button.text() == step
        press(Qt.Key.Key_D, held=CTRL)
    panel.tabs.setCurrentWidget(tab)
    assert tab.due.word == "Returned on 22 Oct 2026"

    def protocol(letter: DocumentDialog) -> None:
        letter.choose_kind(DocumentKind.PROTOCOL)
        letter.issue_button.click()

    front.dialogs.will(protocol)
    panel.letter_button.click()
    assert panel.main_button.text() == "Close the case"
    panel.main_button.click()

    class Printer:
        """A printer that makes a file, agreed to at once."""

        def __init__(self, printer: Any, _parent: Any) -> None:
            printer.setOutputFileName(str(folder / f"{printer.docName().replace('/', '-')}.pdf"))

        def exec(self) -> bool:
            return True

    monkeypatch.setattr(print_pdf, "QPrintDialog", Printer)
    panel.tabs.setCurrentWidget(panel.letters)
    letters = shop.documents(panel.case)
    assert [letter.kind for letter in letters] == [DocumentKind.WITHDRAWAL_CONFIRMATION, DocumentKind.PROTOCOL]
    for letter in letters:
        panel.letters.table.go_to(letter.id)
        panel.letters._print()
        assert (folder / f"{letter.number.replace('/', '-')}.pdf").read_bytes().startswith(b"%PDF")


def enters_by_hand(front: Front, clock: Clock) -> None:
    """What was taken back at the counter, and what the cash register had wrong, typed on the page."""
    clock.set("2026-10-30")
    front.window.daybreak.look()
    page = front.page("accountant")
    assert page.month == OCTOBER
    mug = {"sold_on": day("2026-10-24"), "returned_on": day("2026-10-29"), "item_name": "Kubek", "vat_rate": "23", "gross": D("39.90"), "refund_method": RefundMethod.CASH}
    twice = {"sold_on": day("2026-10-30"), "found_on": day("2026-10-30"), "receipt_number": "P/300", "vat_rate": "23", "gross": D("299.90"), "cause": "Nabito dwa razy"}
    page.tabs.setCurrentWidget(page.returns)
    front.dialogs.will(filled(mug), filled({**mug, "vat_rate": "8"}))
    page.returns.buttons[0].click()
    page.returns.buttons[0].click()
    page.returns.table.go_to(shop_entry(front.shop, "E/2026/0005").id)
    front.asker.will("ask_text", "Zła stawka")
    page.returns.buttons[2].click()
    assert shop_entry(front.shop, "E/2026/0006").gross == D("-39.90")
    page.tabs.setCurrentWidget(page.mistakes)
    front.dialogs.will(filled(twice))
    page.mistakes.buttons[0].click()
    page.tabs.setCurrentWidget(page.overview)


def filled(values: Mapping[str, Any]) -> Callable[[RecordDialog], None]:
    """Fills in a dialog and saves it."""

    def drive(dialog: RecordDialog) -> None:
        for name, value in values.items():
            dialog.form.editors[name].set_value(value)
        dialog.accept()
        assert dialog.result() == QDialog.DialogCode.Accepted, [row.problem for row in dialog.form.rows.values()]

    return drive


def shop_entry(shop: Shop, number: str) -> RefundEntry:
    (found,) = (entry for entry in shop.register.records(Query(RefundEntry)) if entry.number == number)
    return found


def mends_by_keys(front: Front, told: dict[str, Case]) -> Any:
    """Enter on each gap leads to where it is mended, until nothing is missing."""
    page = front.page("accountant")
    assert (page.month, page.title.text()) == (OCTOBER, "October 2026"), "it stays where it was left"
    assert page.summary.text() == "9 gaps to mend before the month is closed."
    page.overview.findings.setFocus()

    # the rate is typed on the case the gap leads to, and then the refund is booked with Enter
    page.overview.findings.setCurrentRow(0)
    press(Qt.Key.Key_Return)
    panel = front.page("cases").panel
    assert panel.case.id == told["seed"].id
    panel.tabs.setCurrentWidget(panel.items)
    panel.items.table.go_to(front.shop.items(told["seed"])[0].id)
    front.dialogs.will(filled({"vat_rate": "8"}))
    panel.items._change()
    page = front.page("accountant")
    assert "it is not booked" in page.overview.findings.sentences()[0]
    page.overview.findings.setFocus()
    page.overview.findings.setCurrentRow(0)
    press(Qt.Key.Key_Return)

    rate = {"exchange_rate": "4,2512", "rate_on": day("2026-10-23"), "rate_table": "207/A/NBP/2026"}
    signed = {"seller_signed_on": day("2026-10-30"), "buyer_signed_on": day("2026-10-30"), "signature_form": SignatureForm.PAPER}
    by_mail = {"seller_signed_on": day("2026-10-30"), "substitute_evidence": "Oświadczenie, dowód nadania"}
    answers = {
        "exchange rate": rate,
        "E/2026/0001, E/2026/0002: the seller": by_mail,
        "E/2026/0003: the seller": signed,
        "E/2026/0004: the seller": signed,
        "E/2026/0007: the seller": by_mail,
        "E/2026/0008: the seller": by_mail,
        "E/2026/0004: the day the money": {"refunded_on": day("2026-10-29")},
        "E/2026/0004: the document": {"sale_document": SaleDocument.RECEIPT, "sale_document_number": "PAR 30"},
        "P/2026/0001: note the receipt": {"correct_receipt": "P/301"},
        "FV/12/2026": {"correction_number": "FK/1/10/2026", "issued_on": day("2026-10-30")},
    }
    while page.overview.findings.found[0].role == "warn":
        page.overview.findings.setCurrentRow(0)
        sentence = page.overview.findings.sentences()[0]
        (words,) = (words for words in answers if words in sentence)
        front.dialogs.will(filled(answers.pop(words)))
        press(Qt.Key.Key_Return)
    assert not answers
    assert page.summary.text() == "Nothing is missing. The month can be closed."
    return page


def closes(front: Front, page: Any, folder: Path) -> None:
    """The month is closed with its pack."""
    assert sorted(page.overview.jpk.text().partition("RO): ")[2].rstrip(".").split("; ")) == sorted(f"{name}: {amount}" for name, amount in jpk().items())
    front.asker.will("confirm", True).will("choose_folder", folder)
    page.close_button.click()
    assert (page.state.word, page.close_button.isVisible()) == ("Month closed", False)
    out = folder / OCTOBER
    assert {path.suffix for path in out.iterdir()} == {".xlsx", ".csv", ".pdf", ".zip"}
    workbook_agrees(out / f"{OCTOBER}-summary.xlsx")


def tries_to_change(front: Front, page: Any) -> None:
    """Nothing on the page changes a closed month, and what is tried from elsewhere is refused with a sentence."""
    shop, window = front.shop, front.window
    before, digest = dump(shop.register), month.collect(shop.register, OCTOBER).digest
    for part in (page.returns, page.mistakes):
        page.tabs.setCurrentWidget(part)
        assert not any(button.isEnabled() for button in part.buttons[:3])
    window.undo_action.trigger()
    assert "month" in front.asker.warning()

    page.tabs.setCurrentWidget(page.returns)
    page.returns.table.go_to(1)
    page.returns.table.setFocus()
    press(Qt.Key.Key_Return)
    assert "October 2026 is closed" in front.asker.warning()  # before anything is typed

    def late_entry(dialog: RecordDialog) -> None:
        for name, value in {"sold_on": day("2026-10-01"), "returned_on": day("2026-10-31"), "item_name": "Kubek", "vat_rate": "23", "gross": D("1.00")}.items():
            dialog.form.editors[name].set_value(value)
        dialog.accept()
        assert "October 2026 is closed" in dialog.notice.text
        dialog.reject()

    page.turn(1)
    front.dialogs.will(late_entry)
    front.asker.will("confirm", True)
    page.returns.buttons[0].click()

    page.tabs.setCurrentWidget(page.corrections)
    page.corrections.table.go_to(1)
    page.corrections.remove()
    assert "October 2026 is closed" in front.asker.warning()

    def old_step(dialog: History) -> None:
        row = next(row for row in range(dialog.steps.count()) if dialog.steps.item(row).text().startswith("Note on an entry"))
        dialog.steps.setCurrentRow(row)
        dialog.undo.click()
        assert "October 2026 is closed" in front.asker.warning()
        dialog.reject()

    front.dialogs.will(old_step)
    press(Qt.Key.Key_H, held=CTRL)
    assert (dump(shop.register), month.collect(shop.register, OCTOBER).digest) == (before, digest)


def opens_again_with_a_reason(front: Front, page: Any, clock: Clock) -> None:
    """The page asks for the reason, and the history tells when it was closed and opened and why."""
    clock.set("2026-11-04")
    page.tabs.setCurrentWidget(page.overview)
    page.turn(-1)
    front.asker.will("ask_text", " ")
    page.reopen_button.click()
    assert "Write why" in front.asker.warning()
    front.asker.will("ask_text", "Znalazł się paragon")
    page.reopen_button.click()
    assert page.state.word == "Month open"
    assert "Znalazł się paragon" in page.overview.past.text()

    def look(dialog: History) -> None:
        heads = [dialog.steps.item(row).text() for row in range(2)]
        assert [head.partition(":")[0] for head in heads] == ["Open a closed month again", "Close a month"]
        assert ["4 Nov 2026" in heads[0], "3 Nov 2026" in heads[1]] == [True, True]
        dialog.steps.setCurrentRow(0)
        assert "Znalazł się paragon" in dialog.changes.toPlainText()
        assert not dialog.undo.isEnabled()
        dialog.reject()

    front.dialogs.will(look)
    press(Qt.Key.Key_H, held=CTRL)


def silent_over_midnight(front: Front, clock: Clock) -> None:
    """A complaint of 10 December is told with its reasoning on Today and on the case, and accepted as the 29th begins."""
    shop, window = front.shop, front.window
    clock.set("2026-12-10")
    window.daybreak.look()
    shop.add_customer("Jan Kot")

    def tell(dialog: NewCase) -> None:
        write("Jan Kot")
        press(Qt.Key.Key_Tab)
        dialog.form.editors["description"].input.setFocus()
        write("Podeszwa odpadła")
        dialog.form.editors["demand"].set_value(Demand.REFUND)
        dialog.form.editors["claimed"].set_value(D("299.90"))
        press(Qt.Key.Key_Return, held=CTRL)

    front.dialogs.will(tell)
    press(Qt.Key.Key_N, held=CTRL)
    panel = front.page("cases").panel
    case = panel.case
    assert panel.waiting.word == "18 days left"
    panel.tabs.setCurrentWidget(panel.deadlines)
    said = labels(panel.deadlines)
    assert "by the count until 24 Dec 2026, in law until 28 Dec 2026" in said
    assert "so it moves and ends on Monday 28 December 2026 (KC art. 115)" in said
    today = front.page("today")
    assert words(today.due, "left", "case", "legal", "stake") == [("18 days left", case.number, "28 Dec 2026", "PLN\u00a0299.90")]
    assert "so it moves and ends on Monday 28 December 2026 (KC art. 115)" in today.reasoning.text()
    assert today.silence.text() == "If you do nothing by Monday 28 Dec 2026, you owe PLN\u00a0299.90 in 1 case."

    clock.set("2026-12-28 23:59")
    window.daybreak.look()
    assert words(today.due, "left") == [("today",)]
    clock.set("2026-12-29 00:00")
    window.daybreak.look()
    assert front.said == "1 complaint counts as accepted by silence since 29 Dec 2026."
    assert words(today.due, "left") == [("overdue since today",)]
    window.open_record(Case, case.id)
    assert "Accepted by silence since 29 Dec 2026" in panel.silence.text()
    assert shop.case(case).deemed_accepted_on == day("2026-12-29")


def shut_over_new_year(front: Front, clock: Clock, running: Program, qtbot: QtBot) -> None:
    """A complaint whose last day passes while the program is shut has turned when the register is opened."""
    shop = front.shop
    case = shop.complains("Klej puścił", customer=1, received_at=clock.set("2026-12-17"), claimed=D("50.00"))
    assert shop.deadline(case, "PL-CMP-ANSWER").legal == day("2026-12-31")
    clock.set("2026-12-30")
    front.window.leave()
    shop.register.close()
    clock.set("2027-01-01 09:00")
    assert running.open(shop.path)
    window = running.window
    assert window is not None
    qtbot.waitUntil(lambda: window.toast.isVisible())
    assert window.toast.message == "1 complaint counts as accepted by silence since 1 Jan 2027."
    assert window.desk.register.get(Case, case.id).deemed_accepted_on == day("2027-01-01")
    running.close()
    shop.reopens()
