"""Products and suppliers in the window: a delivery sampled, a supplier rated, the week's claims sent and answered."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication

from qmdesk.operations import sampling
from qmdesk.records.product import Batch, Product
from tests.ui.front import Dialogs, Front, dialogs, front, look, press, shop, write
from ui.dialogs.sampling import Sampling

__all__ = ["Dialogs", "dialogs", "front", "look", "shop"]
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
