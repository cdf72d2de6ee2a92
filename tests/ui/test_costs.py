"""Costs in the window: what a case cost is written down, goods that need not come back, sales typed by month."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from qmdesk.operations.figures.facts import gather
from qmdesk.operations.figures.indicators import measure
from qmdesk.operations.figures.scope import Scope
from qmdesk.records.case import Case
from qmdesk.records.measures import CostKind, Indicator, QualityCost, SalesCount
from qmdesk.records.product import Product
from qmdesk.records.shop import THE_SHOP
from qmdesk.records.shop import Shop as ShopRecord
from qmdesk.schema.query import Query
from tests.ui.front import Dialogs, Front, dialogs, front, look, shop, write
from ui.widgets.button import Button

__all__ = ["Dialogs", "dialogs", "front", "look", "shop"]

NOVEMBER = Scope(date(2026, 11, 1), date(2026, 11, 30))


def click(part: Any, words: str) -> None:
    """Click the button of these words."""
    next(button for button in part.findChildren(Button) if button.text() == words).click()


def test_what_a_case_cost_is_written_down_changed_and_taken_away(front: Front) -> None:
    case = front.shop.complains()
    page = front.page("cases")
    page.open(Case, case.id)
    part = page.panel.spent.costs
    page.panel.tabs.setCurrentWidget(page.panel.spent)

    def fill_in(dialog: Any) -> None:
        assert dialog.form.editors["on"].value() == date(2026, 11, 22)
        dialog.form.editors["kind"].set_value(CostKind.POSTAGE_FROM_CUSTOMER)
        dialog.form.editors["amount"].input.setFocus()
        write("14,90")
        dialog.accept()

    front.dialogs.will(fill_in)
    click(part, "Add a cost…")
    (cost,) = front.shop.register.records(Query(QualityCost))
    assert (cost.case, cost.kind, cost.amount) == (case.id, CostKind.POSTAGE_FROM_CUSTOMER, Decimal("14.90"))
    assert measure(gather(front.shop.register), Indicator.QUALITY_COST, NOVEMBER).value == 14.9
    part.table.go_to(cost.id)

    def change(dialog: Any) -> None:
        dialog.form.editors["amount"].set_value(Decimal(20))
        dialog.accept()

    front.dialogs.will(change)
    click(part, "Change…")
    assert front.shop.get(QualityCost, cost.id).amount == 20
    part.table.go_to(cost.id)
    click(part, "Remove")
    assert front.shop.register.records(Query(QualityCost)) == []
    click(part, "Remove")
    assert front.asker.asked[-1].text == "Choose a cost in the table first."


def test_goods_that_cost_more_to_have_back_may_stay_with_the_customer(front: Front) -> None:
    shop = front.shop
    shop.changes(ShopRecord, THE_SHOP, usual_postage=Decimal("14.00"), usual_packaging=Decimal("2.50"))
    product = shop.add_product("KUB", "Kubek", cost=Decimal("12.00"))
    case = shop.returns(order=shop.add_order(products=[product]))
    page = front.page("cases")
    page.open(Case, case.id)
    part = page.panel.spent.costs
    page.panel.tabs.setCurrentWidget(page.panel.spent)
    assert part.advice.text().startswith("Having the goods back costs about PLN\u00a016.50 and they are worth PLN\u00a012.00 at most")
    shop.changes(Product, product, cost=Decimal("80.00"))
    part.refresh()
    assert not part.advice.isVisible()


def test_sales_of_a_month_are_typed_in_the_settings(front: Front) -> None:
    front.shop.complains()
    page = front.page("settings")
    part = page.sales
    page.tabs.setCurrentWidget(part)

    def fill_in(dialog: Any) -> None:
        dialog.form.editors["month"].set_value(date(2026, 11, 1))
        dialog.form.editors["orders"].set_value(50)
        dialog.accept()

    front.dialogs.will(fill_in)
    click(part, "New…")
    assert [one.orders for one in front.shop.register.records(Query(SalesCount))] == [50]
    assert measure(gather(front.shop.register), Indicator.COMPLAINT_RATE, NOVEMBER).value == 2
