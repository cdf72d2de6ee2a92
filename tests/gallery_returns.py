"""Pictures of returns: the tab of a case, a return being written down, the steps with their facts, the exclusions."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from decimal import Decimal

from PySide6.QtWidgets import QDialog, QWidget

from qmdesk.i18n import language
from qmdesk.operations import cases, returns, steps
from qmdesk.records.case import Case, CaseKind, CaseState, ContractType
from qmdesk.records.lists import Channel
from qmdesk.records.party import BuyerType
from qmdesk.records.product import Order, OrderLine, Product
from qmdesk.records.returns import Condition as Seen
from qmdesk.records.returns import Exclusion
from qmdesk.records.steps import Step
from qmdesk.register import Register, Transaction, clock
from qmdesk.schema import types
from qmdesk.schema.query import Condition, Query
from ui.desk import Desk
from ui.dialogs.document import DocumentDialog
from ui.dialogs.exclusion import ExclusionDialog
from ui.dialogs.new_case import NewCase
from ui.dialogs.step import StepDialog
from ui.main_window import MainWindow
from ui.pages.cases import CasesPage

_MADE: dict[Register, tuple[Case, Case]] = {}


def _made(desk: Desk) -> tuple[Case, Case]:
    """A return with lost value, and one bought in the shop; taken in once for a register."""
    if desk.register not in _MADE:
        _MADE[desk.register] = desk.do(returns.TAKE_IN, _take_in)
    return _MADE[desk.register]


WORDS = {
    "pl": ("Odstępuję od umowy, za duże.", "Ślady kawy.", "Ślady kawy i zarysowane dno: używane więcej, niż trzeba do sprawdzenia.", "Nie pasuje."),
    "en": ("I withdraw from the contract, too large.", "Stains of coffee.", "Stains of coffee and a scratched base: used more than to try it.", "It does not fit."),
}


def _take_in(tx: Transaction) -> tuple[Case, Case]:
    withdrawn, stains, why, misfit = WORDS[language()]
    ago = [clock() - timedelta(days=days) for days in range(20)]
    product = tx.get(Product, tx.ids(Query(Product), 1)[0])
    order = tx.add(Order(number="20999", ordered_at=ago[15], delivered_on=ago[12].date(), customer=1, shipping=Decimal("24.99"), currency="PLN"))
    line = tx.add(OrderLine(order=order, product=product.id, name=product.name, sku=product.sku, quantity=3, unit_price=product.price, currency="PLN", vat_rate="23"))
    other = tx.add(Order(number="20950", ordered_at=ago[19], delivered_on=ago[17].date(), customer=1, shipping=Decimal("9.99"), currency="PLN"))
    tx.add(OrderLine(order=other, product=product.id, name=product.name, sku=product.sku, quantity=2, unit_price=product.price, currency="PLN", vat_rate="23"))
    channel = tx.ids(Query(Channel), 1)[0]
    draft = Case(kind=CaseKind.RETURN, received_at=ago[9], buyer_type=BuyerType.SOLE_TRADER, order=order, channel=channel, description=withdrawn)
    first = returns.take_in(tx, draft, [cases.item_from_line(tx.get(OrderLine, line), 1)], {"delivery_cheapest": Decimal("9.99")})
    steps.take_step(tx, first.id, Step.GOODS_RECEIVED, {"goods_received_on": ago[2].date()})
    found = {"condition": Seen.USED, "condition_notes": stains, "diminished": Decimal("5.00"), "diminished_reasons": why}
    first = steps.take_step(tx, first.id, Step.INSPECT, found)
    shop = Case(kind=CaseKind.RETURN, received_at=clock(), sold_on=ago[4].date(), contract_type=ContractType.SHOP, description=misfit, channel=channel)
    return first, returns.take_in(tx, shop)


def on_the_page(window: MainWindow) -> Iterator[tuple[str, QWidget]]:
    """The tab of a return."""
    page = window.go("cases")
    assert isinstance(page, CasesPage)
    made = _made(window.desk)
    window.toast.hide()
    for name, case in zip(("law", "shop"), made, strict=True):
        page.open(Case, case.id)
        page.panel.tabs.setCurrentWidget(page.panel.of_return)
        yield f"return-{name}", window
    page.open(Case, _made(window.desk)[0].id)
    scroll = page.panel.of_return.facts.area.verticalScrollBar()
    scroll.setValue(scroll.maximum())
    yield "return-form", window


def dialogs(desk: Desk) -> list[tuple[str, Callable[[], QDialog]]]:
    """What is asked about a return."""
    case, shop = _made(desk)
    owed = desk.register.records(Query(Case, (Condition("state", types.IS, (CaseState.REFUND_DUE,)),)), 1)[0]

    def excluded() -> QDialog:
        dialog = ExclusionDialog(desk, case)
        dialog.list.setCurrentRow(list(Exclusion).index(Exclusion.E05) + 1)
        dialog.boxes["sealed"].setChecked(True)
        return dialog

    def refused() -> QDialog:
        dialog = StepDialog(desk, case, Step.APPROVE)
        dialog.editors["refund"].set_value(Decimal("1.00"))
        dialog.save()
        return dialog

    return [
        ("new-return", lambda: NewCase(desk, {"kind": CaseKind.RETURN, "order": case.order})),
        ("new-return-empty", lambda: NewCase(desk, {"kind": CaseKind.RETURN})),
        ("step-inspect", lambda: StepDialog(desk, case, Step.INSPECT)),
        ("step-refund", lambda: StepDialog(desk, case, Step.APPROVE)),
        ("step-refund-problem", refused),
        ("step-goods", lambda: StepDialog(desk, shop, Step.GOODS_RECEIVED)),
        ("step-money", lambda: StepDialog(desk, owed, Step.REFUND)),
        ("letter-return", lambda: DocumentDialog(desk, case.id)),
        ("exclusion", excluded),
    ]
