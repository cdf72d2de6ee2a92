"""The costs of a case with the advice about its goods, and the sales typed by month, for the gallery."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QWidget

from qmdesk.operations import cases
from qmdesk.operations.registers import new_register, the_shop
from qmdesk.records.case import Case, CaseItem, CaseKind
from qmdesk.records.measures import CostKind, QualityCost, SalesCount
from qmdesk.records.product import Product
from qmdesk.register import Transaction, clock
from ui.ask import ScriptedAsker
from ui.desk import Desk
from ui.jobs import Jobs
from ui.main_window import MainWindow
from ui.preferences import Preferences

SIZE = QSize(1366, 768)


def _fill(tx: Transaction) -> int:
    tx.change(the_shop(tx), hourly_rate=Decimal("45.00"), usual_minutes=15, usual_postage=Decimal("14.99"), usual_packaging=Decimal("2.50"))
    cup = tx.add(Product(sku="KUB-01", name="Kubek w kropki", price=Decimal("39.00"), cost=Decimal("16.40")))
    item = CaseItem(case=0, product=cup, name="Kubek w kropki", unit_price=Decimal("39.00"))
    case = cases.take_in(tx, Case(received_at=clock(), kind=CaseKind.RETURN, description="Za mały."), [item])
    for kind, amount, minutes, note in ((CostKind.WORK, None, 25, "Telefon i zdjęcia"), (CostKind.DISCOUNT, "10.00", None, "Kod na następne zakupy")):
        tx.add(QualityCost(on=clock().date(), kind=kind, amount=Decimal(amount) if amount else None, minutes=minutes, case=case.id, note=note))
    for month, orders in ((8, 212), (9, 240), (10, 265)):
        tx.add(SalesCount(month=date(2026, month, 1), orders=orders, pieces=orders * 2, sales=Decimal(orders * 89)))
    return case.id


def costs(folder: Path, lang: str, program: Any) -> Iterator[tuple[str, QWidget]]:
    """The tab of a case's costs, and the settings' tab of sales."""
    register = new_register(folder / f"costs-{lang}-{len(list(folder.iterdir()))}.qmd", program="gallery", lang=lang)
    asker = ScriptedAsker()
    desk = Desk(register, asker, Jobs(asker, synchronous=True), Preferences())
    window = MainWindow(desk, program)
    window.resize(SIZE)
    case = register.do("x", _fill).result
    page: Any = window.go("cases")
    page.open(Case, case)
    page.panel.tabs.setCurrentWidget(page.panel.spent)
    yield "costs-of-case", window
    page = window.go("settings")
    page.tabs.setCurrentIndex(4)
    yield "costs-sales", window
