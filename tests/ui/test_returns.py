"""Returns in the window: written down with its pieces, the tab with time and money, the steps with their facts, all by keys."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from qmdesk.operations import cases, returns
from qmdesk.records.case import Case, CaseItem, CaseKind, CaseState, ContractType, LegalBasis, Outcome
from qmdesk.records.paper import Attachment, DocumentKind, IssuedDocument
from qmdesk.records.product import Order, OrderLine
from qmdesk.records.returns import Condition, Exclusion, Informed, ReturnDetails
from qmdesk.records.steps import Step
from qmdesk.register import clock
from qmdesk.schema.query import Query, parts_of
from tests.shop import Shop
from tests.ui.front import Dialogs, Front, come, dialogs, front, look, press, shop, write
from ui.dialogs.document import DocumentDialog
from ui.dialogs.exclusion import ExclusionDialog
from ui.dialogs.new_case import NewCase
from ui.dialogs.step import StepDialog
from ui.panels.case import CasePanel

__all__ = ["Dialogs", "dialogs", "front", "look", "shop"]

D = Decimal
CTRL = Qt.KeyboardModifier.ControlModifier


def ago(days: int) -> datetime:
    return clock() - timedelta(days=days)


def sold(shop: Shop, number: str = "1001", customer: int | None = None, quantity: int = 3) -> int:
    """Three pairs of boots, ordered ten days ago with a dear courier, delivered a week ago."""
    buyer = customer or shop.add_customer(email="lucja@example.com", street="ul. Polna 1", postcode="00-001", city="Warszawa")
    order = shop.add(Order(number=number, customer=buyer, ordered_at=ago(10), delivered_on=ago(7).date(), shipping=D("24.99"), currency="PLN"))
    shop.add(OrderLine(order=order, name=f"Boots {number}", sku="B", quantity=quantity, unit_price=D("199.99"), currency="PLN", vat_rate="23"))
    return order


def came(shop: Shop, pieces: int = 1, **values: Any) -> Case:
    order = sold(shop)
    draft = Case(**{"kind": CaseKind.RETURN, "received_at": ago(2), "order": order, "description": "I withdraw.", "channel": shop.channel(), **values})
    items = [cases.item_from_line(line, pieces) for line in shop.lines(order)]
    return shop.do(returns.TAKE_IN, returns.take_in, draft, items, {"delivery_cheapest": D("9.99")})


def opened(front: Front, case: Case) -> CasePanel:
    front.window.open_record(Case, case.id)
    panel: CasePanel = front.page("cases").panel
    return panel


def shown(dialog: Any) -> Any:
    dialog.setModal(True)
    dialog.show()
    come(dialog)
    return dialog


# -- written down


def test_a_return_is_written_down_by_keys_with_one_of_three_pairs(front: Front) -> None:
    shop = front.shop
    sold(shop)

    def tell(dialog: NewCase) -> None:
        assert dialog.windowTitle() == "New return"
        dialog.form.editors["order"].input.setFocus()
        write("1001")
        press(Qt.Key.Key_Tab)
        assert QApplication.focusWidget() is dialog.lines, "the pieces are asked for as soon as the order is known"
        assert "199.99" in dialog.lines.item(0).text()
        press(Qt.Key.Key_1)
        assert dialog.lines.item(0).text().startswith("1 of 3 × Boots")
        press(Qt.Key.Key_Plus, Qt.Key.Key_Minus)
        assert dialog.terms.editors["delivery_paid"].value() == D("24.99")
        dialog.form.editors["description"].input.setFocus()
        write("Too small, I withdraw")
        dialog.terms.editors["delivery_cheapest"].set_value(D("9.99"))
        press(Qt.Key.Key_Return, held=CTRL)

    front.dialogs.will(tell)
    press(Qt.Key.Key_N, held=CTRL | Qt.KeyboardModifier.ShiftModifier)
    (case,) = shop.register.records(Query(Case))
    assert (case.kind, case.legal_basis, case.description) == (CaseKind.RETURN, LegalBasis.WITHDRAWAL, "Too small, I withdraw")
    assert [(item.quantity, item.unit_price) for item in shop.items(case)] == [(1, D("199.99"))]
    assert shop.terms(case).delivery_cheapest == D("9.99")
    assert shop.calculates(case).total == D("199.99")


def test_the_kind_switches_what_is_asked(front: Front) -> None:
    dialog = shown(NewCase(front.desk, {}, front.window))
    assert dialog.form.rows["noticed_on"].isVisible()
    assert not dialog.terms.isVisible()
    dialog.form.editors["kind"].set_value(CaseKind.RETURN)
    dialog._typed()
    assert dialog.windowTitle() == "New return"
    assert not dialog.form.rows["noticed_on"].isVisible()
    assert dialog.terms.editors["statement_sent_on"].isVisible()
    assert dialog.form.rows["contract_type"].isVisible()
    dialog.form.editors["kind"].set_value(CaseKind.COMPLAINT)
    dialog._typed()
    assert dialog.form.rows["noticed_on"].isVisible()
    dialog.reject()


def test_pieces_of_the_customers_other_orders_and_what_came_back_already(front: Front) -> None:
    shop = front.shop
    buyer = shop.add_customer()
    first, second = sold(shop, "1001", buyer, 1), sold(shop, "1002", buyer)
    shop.do(returns.TAKE_IN, returns.take_in, Case(kind=CaseKind.RETURN, received_at=ago(1), description="x"), [cases.item_from_line(shop.lines(first)[0])])
    dialog = shown(NewCase(front.desk, {"kind": CaseKind.RETURN, "order": second}, front.window))
    rows = [dialog.lines.item(at).text() for at in range(dialog.lines.count())]
    assert rows[0].startswith("3 × Boots 1002")
    assert "order 1001" in rows[1]
    assert "came back already" in rows[1]
    dialog.lines.setCurrentRow(1)
    dialog.lines.setFocus()
    press(Qt.Key.Key_1)
    assert [item.name for item in dialog.items()] == ["Boots 1002"]
    front.asker.will("confirm", True)
    dialog.reject()


def test_problems_of_a_return_stand_beside_their_fields(front: Front) -> None:
    order = sold(front.shop)
    dialog = shown(NewCase(front.desk, {"kind": CaseKind.RETURN, "order": order, "description": "back"}, front.window))
    dialog.terms.editors["statement_sent_on"].set_value(ago(20).date())
    dialog.save()
    assert "nobody can have withdrawn" in dialog.terms.rows["statement_sent_on"].problem
    dialog.terms.editors["statement_sent_on"].set_value(None)
    dialog.form.editors["delivered_on"].set_value(ago(11).date())
    dialog.save()
    assert dialog.form.rows["delivered_on"].problem
    assert front.shop.register.count(Query(Case)) == 0
    dialog.form.editors["delivered_on"].set_value(ago(7).date())
    dialog.save()
    assert dialog.case_id


# -- the tab


def test_the_tab_says_until_when_and_what_goes_back(front: Front) -> None:
    panel = opened(front, came(front.shop))
    tab = panel.of_return
    assert panel.tabs.isTabVisible(panel.tabs.indexOf(tab))
    panel.tabs.setCurrentWidget(tab)
    assert tab.standing.word == "Withdrawn in time"
    assert tab.until.text().startswith("until ")
    assert "The time to withdraw" in tab.right.words.text()
    assert "sends the goods back by" in tab.right.words.text()
    assert [words for words, _amount in tab.table.lines][-1] == "Goes back in all"
    assert tab.table.lines[-1][1] == "PLN\u00a0199.99"
    assert tab.due.word.startswith("Due by")
    complaint = opened(front, front.shop.complains())
    assert not complaint.tabs.isTabVisible(complaint.tabs.indexOf(complaint.of_return))


def test_a_purchase_in_the_shop_is_told_apart(front: Front) -> None:
    case = came(front.shop, contract_type=ContractType.SHOP)
    panel = opened(front, case)
    panel.tabs.setCurrentWidget(panel.of_return)
    assert panel.of_return.standing.word == "Only if the shop wants to"
    assert "can't be withdrawn from" in panel.of_return.right.words.text()
    assert not panel.of_return.exclusion.isVisible()
    assert not panel.of_return.due.isVisible()


def test_terms_are_changed_on_the_tab_and_asked_about_when_left(front: Front) -> None:
    case = came(front.shop)
    panel = opened(front, case)
    panel.tabs.setCurrentWidget(panel.of_return)
    tab = panel.of_return
    tab.facts.form.editors["informed"].set_value(Informed.NO)
    tab.facts._show_bar()
    assert tab.facts.save()
    assert front.shop.terms(case).informed is Informed.NO
    assert "12 months" in tab.right.words.text()
    tab.facts.form.editors["condition_notes"].set_value("Mud")
    front.asker.will("confirm", False)  # not thrown away: saved
    front.window.go("today")
    assert front.shop.terms(case).condition_notes == "Mud"
    assert case.number in front.asker.asked[-1].text


def test_an_exclusion_is_chosen_with_its_evidence(front: Front) -> None:
    case = came(front.shop)
    panel = opened(front, case)
    panel.tabs.setCurrentWidget(panel.of_return)

    def without_consent(dialog: ExclusionDialog) -> None:
        dialog.list.setCurrentRow(list(Exclusion).index(Exclusion.E13) + 1)
        assert "can't be used without" in dialog.saying.text()
        dialog.boxes["supply_started"].setChecked(True)
        dialog.save()
        assert "can't be used without" in dialog.notice.text
        dialog.reject()

    def sealed(dialog: ExclusionDialog) -> None:
        dialog.list.setCurrentRow(list(Exclusion).index(Exclusion.E05) + 1)
        for name in ("sealed", "hygiene", "opened"):
            dialog.boxes[name].setChecked(True)
        dialog.notes["opened"].setText("photo 2")
        assert "all the evidence it needs is there" in dialog.saying.text()
        press(Qt.Key.Key_Return, held=CTRL)

    front.dialogs.will(without_consent, sealed)
    panel.of_return.exclusion.click()
    panel.of_return.exclusion.click()
    assert panel.of_return.standing.word == "No right to withdraw from this contract"
    terms = front.shop.terms(case)
    assert terms.exclusion is Exclusion.E05
    assert "photo 2" in terms.exclusion_evidence
    assert panel.main_button.text().startswith("Confirm"), "a statement through the shop is confirmed whatever comes of it"


# -- the steps


def test_the_whole_way_by_the_main_button(front: Front) -> None:
    shop = front.shop
    shop.fills_in_letterhead()
    case = came(shop, 3)
    panel = opened(front, case)

    def confirm(dialog: DocumentDialog) -> None:
        press(Qt.Key.Key_Return, held=CTRL)
        assert dialog.issued is not None

    def goods(dialog: StepDialog) -> None:
        assert dialog.editors["goods_received_on"].value() == clock().date()
        press(Qt.Key.Key_Return, held=CTRL)

    def look_at(dialog: StepDialog) -> None:
        press(Qt.Key.Key_Return, held=CTRL)
        assert dialog.problem("condition")
        dialog.editors["condition"].set_value(Condition.USED)
        dialog.editors["diminished"].set_value(D("50.00"))
        press(Qt.Key.Key_Return, held=CTRL)
        assert dialog.problem("diminished_reasons")
        dialog.editors["diminished_reasons"].set_value("Worn outdoors")
        photo = (_photo().name, _photo().read_bytes())
        dialog.photos.add([photo])
        press(Qt.Key.Key_Return, held=CTRL)

    def refund(dialog: StepDialog) -> None:
        assert dialog.editors["refund"].value() == D("559.96")
        assert QApplication.focusWidget() is dialog.editors["refund"].input
        dialog.editors["refund"].set_value(D("500.00"))
        press(Qt.Key.Key_Return, held=CTRL)
        assert "Write why" in dialog.problem("refund_reason")
        dialog.editors["refund"].set_value(D("559.96"))
        press(Qt.Key.Key_Return, held=CTRL)

    def paid(dialog: StepDialog) -> None:
        press(Qt.Key.Key_Return, held=CTRL)

    front.dialogs.will(confirm, goods, look_at, refund, paid)
    for words in ("Confirm the withdrawal…", "The goods came…", "Look at the goods…", "Set the refund…", "The money was returned…", "Close the case"):
        assert panel.main_button.text() == words
        press(Qt.Key.Key_D, held=CTRL)
    done = shop.case(case)
    assert (done.state, done.refund, done.refunded_on) == (CaseState.CLOSED, D("559.96"), clock().date())
    assert next(letter.kind for letter in shop.register.records(parts_of(case, IssuedDocument))) is DocumentKind.WITHDRAWAL_CONFIRMATION
    assert [item.outcome for item in shop.register.records(parts_of(case, CaseItem))] == [Outcome.REFUNDED]
    assert shop.register.count(parts_of(case, Attachment)) == 1


def _photo() -> Any:
    from qmdesk import places  # only this test looks there

    return next((places.resources() / "demo" / "photos").glob("*.jpg"))


def test_the_sum_follows_the_facts_until_it_is_typed(front: Front) -> None:
    dialog = shown(StepDialog(front.desk, came(front.shop, 3), Step.APPROVE, front.window))
    refund = dialog.editors["refund"]
    assert refund.value() == D("609.96")
    dialog.editors["delivery_cheapest"].input.setFocus()
    dialog.editors["delivery_cheapest"].input.selectAll()
    write("5,00")
    assert refund.value() == D("604.97")
    assert dialog.table.lines[-1][1].endswith("604.97")
    refund.input.setFocus()
    refund.input.selectAll()
    write("600")
    dialog.editors["delivery_cheapest"].input.setFocus()
    dialog.editors["delivery_cheapest"].input.selectAll()
    write("4,00")
    assert refund.value() == D("600"), "what was typed stays"
    front.asker.will("confirm", True)
    dialog.reject()


def test_too_much_lost_value_is_said_in_the_calculation(front: Front) -> None:
    dialog = shown(StepDialog(front.desk, came(front.shop), Step.APPROVE, front.window))
    dialog.editors["diminished"].input.setFocus()
    write("500")
    dialog.editors["diminished_reasons"].input.setFocus()
    write("worn")
    assert any("can't have lost more value" in words for words, _amount in dialog.table.lines)
    front.asker.will("confirm", True)
    dialog.reject()


@pytest.mark.parametrize("step", [Step.GOODS_RECEIVED, Step.REFUND, Step.DISPUTE])
def test_escape_from_a_step_loses_nothing_that_was_not_typed(front: Front, step: Step) -> None:
    dialog = shown(StepDialog(front.desk, came(front.shop), step, front.window))
    press(Qt.Key.Key_Escape)
    assert not dialog.isVisible(), "what the program proposes is no reason to ask"


def test_no_more_pieces_than_were_sold_on_the_items_tab(front: Front) -> None:
    case = came(front.shop, 3)
    panel = opened(front, case)
    panel.tabs.setCurrentWidget(panel.items)
    panel.items.table.go_to(front.shop.items(case)[0].id)

    def more(dialog: Any) -> None:
        dialog.form.editors["quantity"].set_value(4)
        dialog.accept()
        assert "only 3 were sold" in dialog.form.rows["quantity"].problem
        dialog.reject()

    front.dialogs.will(more)
    front.asker.will("confirm", True)
    panel.items._change()
    assert front.shop.items(case)[0].quantity == 3
    assert front.shop.register.count(Query(ReturnDetails)) == 1


def test_a_return_is_not_asked_what_only_complaints_know(front: Front) -> None:
    case = came(front.shop)
    page = front.page("cases")
    page.open(Case, case.id)
    form = page.panel.facts.form
    page.panel.tabs.setCurrentWidget(page.panel.facts)
    assert form.rows["description"].isVisible()
    assert not any(form.rows[name].isVisible() for name in ("noticed_on", "claimed", "remedy_cost"))
    other = front.shop.complains()
    page.open(Case, other.id)
    assert form.rows["noticed_on"].isVisible()
    front.shop.edits(case, claimed=D("10.00"))
    page.open(Case, case.id)
    assert form.rows["claimed"].isVisible(), "what stands in it all the same is shown"
    assert not form.rows["noticed_on"].isVisible()
