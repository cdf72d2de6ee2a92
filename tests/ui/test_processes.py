"""The page of processes by keys and mouse: drawn, typed, walked, exported, and clicked through to what was counted."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from qmdesk.operations import processes
from qmdesk.operations.process_pain import Window
from qmdesk.records.audit import Finding
from qmdesk.records.flow import Flow
from qmdesk.records.improvement import Action
from qmdesk.records.party import Person
from qmdesk.records.process import Process, ProcessStep, Risk
from qmdesk.schema.query import Query
from tests.ui.front import Dialogs, Front, dialogs, front, look, press, shop, write
from ui.forms.dialog import RecordDialog
from ui.pages.processes import ProcessesPage

__all__ = ["Dialogs", "dialogs", "front", "look", "shop"]
CTRL = Qt.KeyboardModifier.ControlModifier
Key = Qt.Key


def shown(front: Front) -> tuple[ProcessesPage, Flow]:
    """The page with the ready map of orders on it."""
    front.shop.takes_ready_map()
    page = front.page("processes")
    return page, page.edit.flow


def names(page: ProcessesPage) -> list[str]:
    return [step.name for step in page.edit.flow.steps]


def ways(page: ProcessesPage) -> list[tuple[str, str, str]]:
    flow = page.edit.flow
    return [(flow.step(one.start).name, flow.step(one.end).name, one.label) for one in flow.arrows]


def enter() -> None:
    """Press Enter in a cell; Qt keeps what was typed a moment later."""
    press(Key.Key_Return)
    QApplication.processEvents()


def test_an_empty_page_begins_with_a_ready_map_in_one_move(front: Front) -> None:
    page = front.page("processes")
    assert page.stack.currentWidget() is page.nothing
    assert page.nothing.button.text() == "Begin with “From order to delivery”"
    assert page.nothing.button.hasFocus()
    press(Key.Key_Return)
    assert page.title.text() == "From order to delivery"
    assert len(page.drawing.drawing.nodes) == 11
    assert page.drawing.hasFocus()
    offered = [action.text() for action in page.new_menu().actions()]
    assert offered == ["From order to delivery (11 steps)", "The way of a return (12 steps)", "The way of a complaint (10 steps)", "", "Empty map…"]


def test_a_map_is_drawn_from_nothing_by_keys_alone(front: Front) -> None:
    page = front.page("processes")
    front.asker.will("ask_text", "Packing")
    page.new()
    assert (names(page), page.title.text()) == (["Beginning"], "Packing")
    for word in ("Pick", "Pack"):
        press(Key.Key_Insert)
        write(word)
        press(Key.Key_Return)
    assert names(page) == ["Beginning", "Pick", "Pack"]
    assert page.drawing.current == page.edit.flow.steps[2].id
    press(Key.Key_Up, Key.Key_Return)
    write("Pick from the shelf")
    press(Key.Key_Return)
    assert names(page)[1] == "Pick from the shelf"
    press(Key.Key_Insert)
    write("Nobody wants this")
    press(Key.Key_Escape)
    assert len(names(page)) == 3
    press(Key.Key_Down, Key.Key_A, Key.Key_Up, Key.Key_Return)
    assert ways(page) == [("Beginning", "Pick from the shelf", ""), ("Pick from the shelf", "Pack", ""), ("Pack", "Pick from the shelf", "")]
    press(Key.Key_Down)
    press(Key.Key_Up, held=CTRL)
    assert names(page) == ["Beginning", "Pack", "Pick from the shelf"]
    press(Key.Key_Delete)
    assert names(page) == ["Beginning", "Pick from the shelf"]
    front.window.undo()
    assert len(names(page)) == 3


def test_arrow_keys_walk_the_map_and_ctrl_hands_a_step_to_the_next_lane(front: Front) -> None:
    page, flow = shown(front)
    page.drawing.setFocus()
    assert page.drawing.current == flow.steps[0].id
    press(Key.Key_Down, Key.Key_Down)
    assert page.step_name.text() == "Is all of it in stock?"
    press(Key.Key_Left)
    assert page.step_name.text() in ("Check and accept the order", "Ask the customer: wait, change or cancel")
    chosen = page.drawing.current
    press(Key.Key_Right, held=CTRL)
    assert front.shop.get(ProcessStep, chosen).lane == "Warehouse"
    assert page.drawing.current == chosen == page.steps.current
    before = page.drawing.transform().m11()
    press(Key.Key_Plus)
    assert page.drawing.transform().m11() > before
    press(Key.Key_0)
    assert page.drawing.transform().m11() == before


def test_the_table_is_typed_into_and_the_drawing_follows(front: Front) -> None:
    anna = front.shop.add(Person(name="Anna Wróbel"))
    page, flow = shown(front)
    page.steps.setFocus()
    press(Key.Key_Down)
    assert page.step_name.text() == "Check and accept the order"
    press(Key.Key_Return)
    write("Accept it")
    enter()
    assert page.edit.flow.steps[1].name == "Accept it"
    node = page.drawing.drawing.node(flow.steps[1].id)
    assert node is not None
    assert node.lines == ("Accept it",)
    columns = {page.steps.steps.headerData(at, Qt.Orientation.Horizontal): at for at in range(page.steps.steps.columnCount())}

    def to(column: str) -> None:
        page.steps.setCurrentIndex(page.steps.steps.index(1, columns[column]))

    to("Weaknesses")
    press(Key.Key_Return)
    write("Late")
    press(Key.Key_Return, held=Qt.KeyboardModifier.ShiftModifier)
    write("Twice")
    enter()
    assert page.edit.flow.steps[1].weaknesses == "Late\nTwice"
    assert page.weak.text() == "Weaknesses: Late\nTwice"
    for column, value, field, kept in (("Risk", Risk.HIGH, "risk", Risk.HIGH), ("Owner", anna, "owner", anna)):
        to(column)
        assert page.steps.model().setData(page.steps.currentIndex(), value)
        assert getattr(page.edit.flow.steps[1], field) == kept
    assert page.steps.model().data(page.steps.currentIndex()) == "Anna Wróbel"
    to("Counted")
    press(Key.Key_Return)
    assert page.steps.state() == page.steps.State.NoState, "what was counted can't be typed"
    press(Key.Key_Insert)
    write("Call the customer")
    enter()
    assert names(page)[1:4] == ["Accept it", "Call the customer", "Is all of it in stock?"]
    to("Step")
    page.steps.model().setData(page.steps.model().index(1, 0), " ")
    assert names(page)[1] == "Accept it", "a step needs a name"
    assert front.asker.warning() == "Step is missing."


def test_arrows_are_named_and_taken_away_in_their_table(front: Front) -> None:
    page, _flow = shown(front)
    page.tabs.setCurrentIndex(1)
    page.arrows.setFocus()
    page.arrows.setCurrentIndex(page.arrows.ways.index(2, 0))
    press(Key.Key_Return)
    write("all of it")
    enter()
    assert ("Is all of it in stock?", "Pick the goods", "all of it") in ways(page)
    page.arrows.setCurrentIndex(page.arrows.ways.index(2, 0))
    press(Key.Key_Delete)
    assert ("Is all of it in stock?", "Pick the goods", "all of it") not in ways(page)
    page.drawing.setFocus()
    page.drawing.name_line(page.drawing.drawing.lines[0])
    write("by e-mail")
    press(Key.Key_Return)
    assert ways(page)[0] == ("Orders", "Check and accept the order", "by e-mail")


def test_a_step_dragged_onto_another_draws_an_arrow_and_a_double_click_renames(front: Front) -> None:
    page, flow = shown(front)
    view = page.drawing

    def at(step: ProcessStep) -> QPointF:
        node = view.drawing.node(step.id)
        assert node is not None
        return QPointF(node.x + node.width / 2, node.y + node.height / 2)

    start, end = flow.steps[0], flow.steps[2]
    QTest.mousePress(view.viewport(), Qt.MouseButton.LeftButton, pos=view.mapFromScene(at(start)))
    QTest.mouseMove(view.viewport(), view.mapFromScene(at(end)))
    QTest.mouseRelease(view.viewport(), Qt.MouseButton.LeftButton, pos=view.mapFromScene(at(end)))
    assert (start.name, end.name, "") in ways(page)
    QTest.mouseDClick(view.viewport(), Qt.MouseButton.LeftButton, pos=view.mapFromScene(at(start)))
    write("Buys")
    press(Key.Key_Return)
    assert names(page)[0] == "Buys"


def test_the_map_shows_where_it_hurts_and_a_click_leads_to_the_cases(front: Front) -> None:
    shop = front.shop
    page, flow = shown(front)
    pack = flow.steps[6]
    for _case in range(4):
        shop.complains(process_step=pack.id)
    audit = shop.begins_audit(shop.checklist())
    shop.add(Finding(audit=audit.id, statement="Tape comes off", process_step=pack.id))
    front.page("today")
    page = front.page("processes")
    assert page.said.text() == "5 counted on this map, most at “Pack”: 4 cases, 1 finding."
    page.open(ProcessStep, pack.id)
    assert (page.pain.word, page.cases_button.text(), page.findings_button.text()) == ("hurts most", "4 cases", "1 finding")
    node = page.drawing.drawing.node(pack.id)
    assert node is not None
    assert (node.tone, [note.words for note in node.notes][:2]) == ("bad", ["hurts most", "4 cases, 1 finding"])
    page.findings_button.click()
    assert front.window.page_name() == "audits"
    front.page("processes").cases_button.click()
    assert front.window.page_name() == "cases"
    listing = front.page("cases").listing
    assert listing.model.total == 4
    assert listing.filters[0].sentence(listing.kind, shop.register.title) == "Process step is Pack"
    front.page("processes").since.setCurrentIndex(list(Window).index(Window.ALWAYS))
    assert page.window_of_time is Window.ALWAYS


def test_a_weakness_becomes_an_action_and_is_asked_for_where_none_is_written(front: Front) -> None:
    page, flow = shown(front)
    page.open(ProcessStep, flow.steps[6].id)
    page.drawing.setFocus()
    front.asker.will("ask_text", "Boxes too large")
    press(Key.Key_M)
    assert front.window.page_name() == "improvement"
    (action,) = front.shop.register.records(Query(Action))
    assert (action.name, action.process_step) == ("Boxes too large", flow.steps[6].id)
    page = front.page("processes")
    assert page.actions_button.text() == "1 action runs"


def test_all_of_a_step_is_asked_in_one_dialog(front: Front) -> None:
    page, flow = shown(front)
    page.open(ProcessStep, flow.steps[6].id)

    def fill(dialog: RecordDialog) -> None:
        assert "process" not in dialog.form.editors
        dialog.form.editors["weaknesses"].set_value("Tape")
        dialog.accept()

    front.dialogs.will(fill)
    page.drawing.setFocus()
    press(Key.Key_Return, held=CTRL)
    assert page.edit.flow.steps[6].weaknesses == "Tape"


def test_a_map_is_saved_copied_and_taken_out_of_use(front: Front, tmp_path: Path) -> None:
    page, flow = shown(front)
    front.asker.will("choose_file_to_save", tmp_path / "map.svg")
    press(Key.Key_E, held=CTRL)
    assert (tmp_path / "map.svg").read_bytes().startswith(b"<svg")
    assert front.said == "The map was saved as map.svg."
    front.asker.will("ask_text", "Another")
    page.copy(flow.process.id)
    assert page.title.text() == "Another"
    page.remove(page.process_id)
    assert [one.name for one in front.shop.register.records(Query(Process))] == ["From order to delivery"]
    assert page.title.text() == "From order to delivery"
    front.desk.attempt(processes.CHANGE, processes.change, flow.process.id, {"active": False})
    page.list.table_model.forget_all()
    assert page._counted_of(front.shop.get(Process, flow.process.id), {}).text == "not in use"


def test_another_window_shows_the_same_place(front: Front) -> None:
    page, flow = shown(front)
    page.open(ProcessStep, flow.steps[4].id)
    page.tabs.setCurrentIndex(1)
    other = ProcessesPage(front.desk, lambda _kind, _id: None, lambda _where: None)
    other.return_to(page.place())
    assert (other.process_id, other.drawing.current, other.tabs.currentIndex()) == (flow.process.id, flow.steps[4].id, 1)
    other.deleteLater()


def test_what_is_being_typed_does_not_stay_over_another_map(front: Front) -> None:
    page, flow = shown(front)
    other = front.shop.takes_ready_map("way_of_return")
    page.drawing.setFocus()
    press(Key.Key_Insert)
    write("Half a na")
    page.open(Process, other.process.id)
    assert page.drawing.line is None
    assert page.title.text() == "The way of a return"
    assert [len(front.shop.flow(one.process.id).steps) for one in (flow, other)] == [11, 12]
