"""The owner's journeys with processes and suppliers, from beginning to end: a map that shows where it hurts, a week of claims."""

from __future__ import annotations

import zipfile
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from xml.etree import ElementTree

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from qmdesk.operations import (
    claim_list_papers,
    claim_lists,
    process_pain,
    process_papers,
    processes,
    ratings,
    sampling,
)
from qmdesk.operations.process_pain import Window
from qmdesk.records.assessment import ClaimOutcome, SupplierClaim
from qmdesk.records.case import Case, CaseItem, Demand
from qmdesk.records.flow import Pain
from qmdesk.records.improvement import Action, ActionSource
from qmdesk.records.party import Supplier
from qmdesk.records.process import ProcessStep, StepKind
from qmdesk.records.product import Batch
from qmdesk.records.shop import THE_SHOP
from qmdesk.records.shop import Shop as ShopRecord
from qmdesk.register import clock as now
from qmdesk.schema.query import Query
from tests.clock import Clock, clock
from tests.shop import Shop, day, shop
from tests.shop_audits import photo
from tests.ui.front import Dialogs, Front, dialogs, front, look, press, write

__all__ = ["Dialogs", "clock", "dialogs", "front", "look", "shop"]
CTRL = Qt.KeyboardModifier.ControlModifier
Key = Qt.Key


def test_the_owner_draws_from_order_to_delivery_marks_a_weakness_and_sees_cases_counted(front: Front, tmp_path: Path) -> None:
    shop = front.shop
    front.choose("Processes")
    page = front.page("processes")
    assert page.nothing.button.text() == "Begin with “From order to delivery”"
    press(Key.Key_Return)
    assert len(page.edit.flow.steps) == 11

    # the shop's own way: gifts are wrapped before they are packed, and only some
    page.open(ProcessStep, page.edit.flow.steps[5].id)
    page.drawing.setFocus()
    press(Key.Key_Insert)
    write("A gift?")
    press(Key.Key_Return, Key.Key_Insert)
    write("Wrap it")
    press(Key.Key_Return)
    gift, wrap, pack = page.edit.flow.steps[6:9]
    assert (gift.name, wrap.name, pack.name) == ("A gift?", "Wrap it", "Pack")
    page.steps.steps.setData(page.steps.steps.index(6, page.steps.steps.fields.index(ProcessStep.spec.fields["kind"])), StepKind.DECISION)
    page._choose(gift.id)
    page.drawing.setFocus()
    press(Key.Key_A, Key.Key_Down, Key.Key_Down, Key.Key_Return)
    page.edit.label(gift.id, wrap.id, "yes")
    page.edit.label(gift.id, pack.id, "no")
    assert [(way.end, way.label) for way in page.edit.flow.ways_from(gift)] == [(wrap.id, "yes"), (pack.id, "no")]

    # the weakness is typed in the table and becomes an action with one key
    page._choose(pack.id)
    page.steps.setFocus()
    page.steps.setCurrentIndex(page.steps.steps.index(8, page.steps.steps.fields.index(ProcessStep.spec.fields["weaknesses"])))
    press(Key.Key_Return)
    write("Boxes too large for mugs")
    press(Key.Key_Return)
    QApplication.processEvents()
    assert page.weak.text() == "Weaknesses: Boxes too large for mugs"
    page.drawing.setFocus()
    press(Key.Key_M)
    (action,) = shop.register.records(Query(Action))
    assert (action.name, action.source, action.process_step) == ("Boxes too large for mugs", ActionSource.PROCESS, pack.id)

    # complaints come in; the owner says in the case's own form where each arose
    ids = [shop.complains("Broken mug", received_at=now() - timedelta(days=at)).id for at in range(4)]
    cases = front.page("cases")
    for id_ in ids[:3]:
        cases.open(Case, id_)
        form = cases.panel.facts.form
        form.editors["process_step"].set_value(pack.id)
        form.changed.emit()
        assert cases.panel.facts.save()
        assert shop.get(Case, id_).process_step == pack.id

    front.page("processes")
    assert page.said.text() == "3 counted on this map, most at “Pack”: 3 cases."
    node = page.drawing.drawing.node(pack.id)
    assert node is not None
    assert (node.tone, [note.words for note in node.notes]) == ("bad", ["hurts most", "3 cases", "high risk", "weakness noted", "1 action runs"])
    page._choose(pack.id)
    page.drawing.setFocus()
    press(Key.Key_C)
    assert front.window.page_name() == "cases"
    assert sorted(front.page("cases").listing.model.ids_between(0, 10)) == sorted(ids[:3])

    front.page("processes")
    front.asker.will("choose_file_to_save", tmp_path / "map.svg")
    press(Key.Key_E, held=CTRL)
    drawn = ElementTree.parse(tmp_path / "map.svg")
    texts = {element.text for element in drawn.iter("{http://www.w3.org/2000/svg}text")}
    assert {"Wrap it", "hurts most", "3 cases", "Warehouse", "1 action runs"} <= texts


def test_the_same_map_without_a_window(shop: Shop, tmp_path: Path) -> None:
    flow = shop.takes_ready_map()
    check = flow.steps[5]
    gift = shop.adds_step(flow, "A gift?", check.id, kind=StepKind.DECISION)
    wrap = shop.adds_step(flow, "Wrap it", gift.id)
    flow = shop.flow(flow.process.id)
    pack = next(step for step in flow.steps if step.name == "Pack")
    assert [way.end for way in flow.ways_from(gift)] == [pack.id, wrap.id]
    (onward,) = (link for link in flow.drawn_from(gift.id) if link.end == wrap.id)
    shop.do(processes.RELABEL, processes.relabel, onward.id, "yes")
    shop.changes_step(pack, weaknesses="Boxes too large")
    for _case in range(3):
        shop.complains(process_step=pack.id)
    found = process_pain.pains(shop.register, shop.flow(flow.process.id), Window.MONTH.since(now().date()))
    assert found[pack.id] == Pain(3)
    for ending in process_papers.ENDINGS:
        process_papers.write(shop.register, flow.process.id, tmp_path / f"map{ending}")
        assert (tmp_path / f"map{ending}").stat().st_size > 3000


def test_a_bad_delivery_is_found_claimed_in_the_list_of_the_week_and_paid_for(shop: Shop, clock: Clock, tmp_path: Path) -> None:
    shop.fills_in_letterhead()
    supplier = shop.add(Supplier(name="Hurt-But", email="biuro@hurtbut.example"))
    boots = shop.add_product(supplier=supplier)

    # the delivery is sampled, and one bad piece is too many
    batch = shop.add(Batch(product=boots, code="L-0412", quantity=200, supplier=supplier))
    sample = sampling.draw(200, sampling.share("2.5", "AQL"), sampling.share("10", "R"), "7")
    shop.do(sampling.INSPECT, sampling.inspect, batch, sample)
    kept = shop.do(sampling.INSPECT, sampling.inspect, batch, None, day("2026-12-10"), 1)
    assert sampling.verdict(kept) is sampling.Verdict.REFUSED

    # customers complain of it all the same; on Friday the week's claims go out in one letter
    claims: list[SupplierClaim] = []
    for amount in ("299.90", "299.90", "150"):
        case = shop.complains(received_at=now())
        shop.add(CaseItem(case=case.id, product=boots, batch=batch, name="Buty trekkingowe 42", quantity=1))
        shop.attaches(case, ("sole.jpg", photo()))
        claims.append(shop.claims_from(supplier, case, amount=Decimal(amount), demand=Demand.REFUND, basis="The sole came off."))
    listed = shop.gathers(supplier)
    names = claim_list_papers.write_zip(shop.register, listed.id, tmp_path / "week.zip")
    assert len(names) == 5
    with zipfile.ZipFile(tmp_path / "week.zip") as archive:
        assert archive.read(names[0]).startswith(b"%PDF")
    sent = shop.sends_list(listed, day("2026-12-11"), day("2026-12-25"))

    # nothing comes by the day, then a part
    clock.set("2026-12-28")
    shop.turns_day()
    assert shop.register.ids(claim_lists.overdue(now().date())) == [sent.id]
    shop.hears_from_supplier(sent, day("2026-12-29"), {claims[0].id: (ClaimOutcome.ACCEPTED, Decimal("299.90")), claims[1].id: (ClaimOutcome.PARTLY, Decimal("100")), claims[2].id: (ClaimOutcome.REJECTED, None)})
    standing = claim_lists.standing(shop.claims_on(sent))
    assert (standing.claimed, standing.expected, standing.received) == (Decimal("749.80"), Decimal("399.90"), Decimal("399.90"))
    assert shop.register.ids(claim_lists.overdue(day("2027-01-31"))) == []

    # and the rating of the quarter says so
    shop.rates(supplier, day("2026-09-30"), lead_time=4, returns=4)
    shop.rates(supplier, day("2026-12-31"), lead_time=4, returns=1)
    history = ratings.history(shop.register, supplier)
    assert ratings.trend(history, shop.get(ShopRecord, THE_SHOP)) == Decimal("-1.5")
    found = ratings.measured(shop.register, supplier, day("2026-12-31"))
    assert (found.complained, found.acknowledged, found.days_to_credit) == (3, Decimal("66.67"), Decimal(18))
