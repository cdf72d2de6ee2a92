"""Assessing a complaint before the window: the checklist by keys, its reasons in the decision, the reduction, the supplier."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from PySide6.QtCore import Qt

from qmdesk.records.assessment import Answered, CheckAnswer, SupplierClaim
from qmdesk.records.case import Case, CaseItem, Decision, Demand
from qmdesk.records.measures import CostKind, QualityCost
from qmdesk.records.party import Supplier
from qmdesk.schema.query import Query
from tests.ui.front import Front, dialogs, front, look, press, shop, write

__all__ = ["dialogs", "front", "look", "shop"]


@pytest.fixture
def panel(front: Front) -> Any:
    """The open case of a customer who wants the price reduced."""
    shop = front.shop
    shop.fills_in_letterhead()
    supplier = shop.add(Supplier(name="Hurtownia Obuwia"))
    order = shop.add_order(products=[shop.add_product(supplier=supplier)])
    case = shop.complains("Odkleiła się podeszwa", order=order, demand=Demand.REDUCTION)
    page = front.page("cases")
    page.open(Case, case.id)
    return page.panel


def test_questions_are_answered_by_keys_and_become_reasons(front: Front, panel: Any) -> None:
    panel.tabs.setCurrentWidget(panel.checklist)
    checklist = panel.checklist
    first, second = checklist.cards[:2]
    first.buttons[Answered.YES].setFocus()
    press(Qt.Key.Key_N)
    assert first.buttons[Answered.NO].isChecked()
    assert first.said.text() == "The goods are not what was agreed."
    assert checklist.leaning.word == "The answers speak for the customer"
    second.buttons[Answered.UNCLEAR].click()
    assert checklist.progress.text().startswith("2 of ")
    first.note.setFocus()
    write("Zdjęcie pokazuje inną podeszwę")
    press(Qt.Key.Key_Return)
    kept = {one.question: (one.answer, one.note) for one in front.shop.register.records(Query(CheckAnswer))}
    assert kept == {"as_agreed": (Answered.NO, "Zdjęcie pokazuje inną podeszwę"), "special_purpose": (Answered.UNCLEAR, "")}
    second.buttons[Answered.UNCLEAR].click()  # the same once more takes it back
    assert front.shop.register.count(Query(CheckAnswer)) == 1

    def decide(dialog: Any) -> None:
        editors = dialog.form.editors
        editors["decision"].set_value(Decision.ACCEPTED)
        dialog.take_reasons.click()
        said = editors["decision_reasons"].value()
        assert "Towar nie odpowiada temu, co uzgodniono w umowie. (art. 43b UPK)." in said
        assert "Zdjęcie pokazuje inną podeszwę" in said
        dialog.take_reasons.click()
        assert editors["decision_reasons"].value() == said
        editors["decision"].set_value(None)
        editors["decision_reasons"].set_value("")
        dialog.reject()

    front.dialogs.will(decide)
    checklist.use.click()


def test_a_reduction_is_reckoned_with_its_arithmetic(front: Front, panel: Any) -> None:
    (item,) = front.shop.items(panel.case)
    front.shop.changes(CaseItem, item.id, unit_price=Decimal("199.99"))

    def decide(dialog: Any) -> None:
        editors = dialog.form.editors
        editors["decision"].set_value(Decision.OTHER_REMEDY)
        dialog.form.changed.emit()
        assert "repair or replacement may be offered first" in dialog.meant.text()
        editors["decision"].set_value(Decision.ACCEPTED)
        editors["value_loss"].input.setFocus()
        write("30")
        assert "60.00" in dialog.arithmetic.text()
        dialog.reckon.click()
        assert editors["refund"].value() == Decimal("60.00")
        dialog.save()
        assert dialog.form.rows["refund_method"].problem
        editors["refund_method"].set_value(next(iter(editors["refund_method"].field.type.words)))
        dialog.save()

    front.dialogs.will(decide)
    panel.main_button.click()
    decided = front.shop.case(panel.case)
    assert (decided.decision, decided.refund, decided.value_loss) == (Decision.ACCEPTED, Decimal("60.00"), Decimal(30))


def test_a_claim_to_the_supplier_begins_with_what_the_case_knows(front: Front, panel: Any) -> None:
    panel.tabs.setCurrentWidget(panel.spent)

    def fill_in(dialog: Any) -> None:
        assert dialog.form.editors["basis"].value() == "Odkleiła się podeszwa"
        dialog.form.editors["amount"].input.setFocus()
        write("120")
        dialog.accept()

    front.dialogs.will(fill_in)
    panel.spent.claims.findChildren(type(panel.main_button))[0].click()
    (claim,) = front.shop.register.records(Query(SupplierClaim))
    assert (claim.number, claim.amount, front.shop.get(Supplier, claim.supplier).name) == ("S/2026/0001", Decimal(120), "Hurtownia Obuwia")
    panel.spent.claims.table.go_to(claim.id)

    def change(dialog: Any) -> None:
        dialog.form.editors["reply"].set_value("Uznajemy")
        dialog.accept()

    front.dialogs.will(change)
    panel.spent.claims.findChildren(type(panel.main_button))[1].click()
    assert front.shop.get(SupplierClaim, claim.id).reply == "Uznajemy"


def test_what_a_case_cost_is_written_down_changed_and_taken_away(front: Front, panel: Any) -> None:
    panel.tabs.setCurrentWidget(panel.spent)
    costs, button = panel.spent.costs, type(panel.main_button)
    shown = costs.findChildren(button)

    def nothing(dialog: Any) -> None:
        dialog.form.editors["kind"].set_value(CostKind.POSTAGE_FROM_CUSTOMER)
        dialog.accept()
        assert dialog.form.rows["amount"].problem  # neither an amount nor minutes
        dialog.form.editors["amount"].input.setFocus()
        write("14,50")
        dialog.accept()

    front.dialogs.will(nothing)
    shown[0].click()
    (cost,) = front.shop.register.records(Query(QualityCost))
    assert (cost.amount, cost.case, cost.kind) == (Decimal("14.50"), panel.case.id, CostKind.POSTAGE_FROM_CUSTOMER)
    assert costs.table.table_model.rowCount() == 1
    costs.table.go_to(cost.id)
    shown[2].click()
    assert not front.shop.register.count(Query(QualityCost))
    front.shop.register.undo()
    assert front.shop.register.count(Query(QualityCost)) == 1
