"""Products and suppliers in the window: a delivery sampled, a supplier rated, the week's claims sent and answered."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication

from qmdesk.operations import ratings, sampling
from qmdesk.records.assessment import ClaimOutcome, SupplierClaim
from qmdesk.records.case import Case, Demand
from qmdesk.records.party import Supplier
from qmdesk.records.product import Batch, Product
from qmdesk.records.rating import ClaimList, SupplierRating
from qmdesk.schema.query import Query
from tests.clock import Clock, clock
from tests.shop import day
from tests.shop_audits import photo
from tests.ui.front import Dialogs, Front, dialogs, front, look, press, shop, write
from ui.dialogs.claim_reply import ClaimReply
from ui.dialogs.paper import PaperDialog
from ui.dialogs.sampling import Sampling
from ui.forms.dialog import RecordDialog
from ui.widgets.plain_label import PlainLabel

__all__ = ["Dialogs", "clock", "dialogs", "front", "look", "shop"]
CTRL = Qt.KeyboardModifier.ControlModifier
Key = Qt.Key


def test_a_delivery_is_sampled_and_judged_in_one_dialog(front: Front) -> None:
    shop = front.shop
    product = shop.add_product()
    page = front.page("catalogue")
    page.open(Product, product)
    page._inspect()
    assert front.asker.asked[-1].text == "Choose a batch in the list of batches first, or add one."
    batch = shop.add(Batch(product=product, code="L-0412", quantity=200))

    def draw(dialog: Sampling) -> None:
        assert dialog.lot.value() == 200
        dialog.seed.setText("7")
        dialog.reckon()
        assert dialog.sentence.text() == "Look at 63 of 200 pieces. Accept the delivery if none of them is defective."
        dialog.copy()
        assert QGuiApplication.clipboard().text().startswith("4, 18, 21")
        dialog.aql.setEditText("a lot")
        assert dialog.problem.text() == "AQL: “a lot” is no share; write it in percent, like 2.5."
        dialog.accept()
        assert not dialog.result()
        dialog.aql.setEditText("2.5")
        press(Key.Key_S, held=CTRL)
        assert dialog.result()

    front.dialogs.will(draw)
    page._inspect()
    assert shop.get(Batch, batch).sample_size == 63

    def judge(dialog: Sampling) -> None:
        assert dialog.kept.text() == "200 pieces, AQL 2.5 %, risk 10 %, seed 7"
        assert not dialog.asked.isVisible()
        dialog.defects.input.setFocus()
        write("2")
        press(Key.Key_Tab)
        assert dialog.verdict.word.startswith("Refuse the delivery")
        dialog.accept()

    front.dialogs.will(judge)
    page._inspect()
    kept = shop.get(Batch, batch)
    assert (sampling.verdict(kept), kept.sample_size) == (sampling.Verdict.REFUSED, 63)
    assert kept.inspected_on is not None
    _part, view = page.products.card._lists[0]
    assert view.table_model.columns[view.table_model.place("inspection")].tell(kept, {}).text == "refused"


def supplied(front: Front) -> tuple[int, int]:
    """A supplier with a product."""
    supplier = front.shop.add(Supplier(name="Hurt-But", city="Poznań"))
    return supplier, front.shop.add_product(supplier=supplier)


def claimed(front: Front, supplier: int, amount: str = "100") -> SupplierClaim:
    case = front.shop.complains()
    return front.shop.claims_from(supplier, case, amount=Decimal(amount), demand=Demand.REFUND, basis="The sole came off.")


def test_a_supplier_is_rated_and_the_list_and_the_card_say_how_well_they_do(front: Front) -> None:
    supplier, _product = supplied(front)
    page = front.page("catalogue")
    page.open(Supplier, supplier)
    card = page.suppliers.card
    card.tabs.setCurrentWidget(card.rating)
    assert card.rating.pill.word == "Not rated yet."
    assert "no sale of these goods is known" in card.rating.facts.text()

    def rate(points: int, on: str) -> Callable[[RecordDialog], None]:
        def fill(dialog: RecordDialog) -> None:
            dialog.form.editors["lead_time"].set_value(points)
            dialog.form.editors["on"].set_value(day(on))
            dialog.accept()

        return fill

    front.dialogs.will(rate(2, "2026-07-01"), rate(4, "2026-10-01"))
    card.rating.rate()
    card.rating.rate()
    assert (card.rating.pill.word, card.rating.trend.word) == ("4 of 5", "+2 since the last time")
    assert [(bar.words, bar.said, bar.before) for bar in card.rating.bars.bars] == [("Lead time", "4 of 5", Decimal(40))]
    model = page.suppliers.listing.model
    assert model.columns[model.place("rating")].tell(front.shop.get(Supplier, supplier), {}).text == "4 of 5"
    front.dialogs.will(rate(6, "2026-11-01"))
    card.rating.rate()
    assert len(front.shop.register.records(Query(SupplierRating))) == 2, "six points of five are refused"
    card.rating.table.go_to(ratings.history(front.shop.register, supplier)[0].id)
    card.rating.remove()
    assert (card.rating.pill.word, card.rating.trend.isVisible()) == ("2 of 5", False)


def test_the_weeks_claims_go_out_in_one_list_and_the_reply_comes_back(front: Front, clock: Clock, tmp_path: Path) -> None:
    shop = front.shop
    supplier, _product = supplied(front)
    page = front.page("catalogue")
    page.tabs.setCurrentWidget(page.claims)
    panel = page.claims
    assert panel.stack.currentWidget() is panel.nothing
    one, two = claimed(front, supplier), claimed(front, supplier, "50")
    shop.attaches(shop.get(Case, one.case), ("sole.jpg", photo()))
    assert [label.text() for label in panel.waiting.findChildren(PlainLabel)][-1].replace("\xa0", " ") == "Hurt-But: 2 claims wait, PLN 150.00"
    panel.gather_buttons[0].click()
    assert (panel.name.text(), panel.state.word) == ("L/2026/0001, Hurt-But", "Not sent yet")
    assert not panel.waiting.isVisible()
    panel.take_out()
    assert front.asker.asked[-1].text == "Choose a claim in the table first."
    panel.claims.go_to(two.id)
    panel.off_button.click()
    assert panel.claims.table_model.total == 1
    panel.gather_buttons[0].click()
    assert panel.claims.table_model.total == 2

    front.asker.will("choose_file_to_save", tmp_path / "claims.zip")
    panel.zip_button.click()
    assert (tmp_path / "claims.zip").is_file()
    assert front.said == "claims.zip was written with 3 files in it."

    def look(dialog: PaperDialog) -> None:
        assert dialog.paper is not None

    def send(dialog: RecordDialog) -> None:
        assert dialog.form.editors["sent_on"].value() == day("2026-12-10")
        dialog.accept()

    front.dialogs.will(look, send)
    panel.letter_button.click()
    panel.send_button.click()
    assert panel.state.word == "Reply: 14 days left"
    assert not panel.send_button.isVisible()

    clock.set("2026-12-28")
    front.window._turn_day()
    today = front.page("today")
    assert today.routine.claims_link.text() == "1 reply to a list of claims is overdue"
    today.routine.claims_link.click()
    assert front.window.page_name() == "catalogue"
    assert (panel.listed.number, panel.state.word) == ("L/2026/0001", "Reply: overdue since Friday")

    def reply(dialog: ClaimReply) -> None:
        outcome, recovered = dialog.answers[one.id]
        outcome.set_value(ClaimOutcome.ACCEPTED)
        recovered.set_value(Decimal(101))
        dialog.accept()
        assert dialog.problem.text() == f"{one.number}: More can't be got back than was claimed."
        recovered.set_value(Decimal(60))
        dialog.answers[two.id][0].set_value(ClaimOutcome.REJECTED)
        dialog.words.set_value("Credit note follows.")
        dialog.accept()

    front.dialogs.will(reply)
    panel.reply_button.click()
    assert panel.state.word == "Answered"
    assert "credit granted PLN 100.00, received PLN 60.00" in panel.facts.text().replace("\xa0", " ")
    assert panel.reply_words.text() == "Credit note follows."
    assert not front.page("today").routine.claims_link.isVisible()
    other = type(panel)(front.desk, lambda _kind, _id: None)
    other.return_to(panel.place())
    assert other.listed == panel.listed
    other.deleteLater()


def test_an_unsent_list_is_dissolved(front: Front) -> None:
    supplier, _product = supplied(front)
    claimed(front, supplier)
    page = front.page("catalogue")
    page.tabs.setCurrentWidget(page.claims)
    page.claims.gather_buttons[0].click()
    page.claims.dissolve_button.click()
    assert front.shop.register.records(Query(ClaimList)) == []
    assert len(page.claims.gather_buttons) == 1
    assert page.claims.beside.currentWidget() is page.claims.choose_one
