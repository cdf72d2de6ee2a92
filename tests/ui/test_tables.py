"""Lists: what they ask of the register, how they look, and what a person does with them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QModelIndex, QPoint, Qt
from PySide6.QtGui import QContextMenuEvent, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from qmdesk.errors import Known
from qmdesk.i18n import N_
from qmdesk.records.case import Case, CaseState
from qmdesk.records.lists import Channel
from qmdesk.records.party import Customer
from qmdesk.records.product import Product
from qmdesk.register import Register, Transaction, clock
from qmdesk.schema import types
from qmdesk.schema.query import Condition, Order, Query, condition
from tests.clock import Clock
from tests.shop import Shop, begun, open_shop
from ui import theme
from ui.ask import ScriptedAsker
from ui.desk import Desk
from ui.jobs import Jobs
from ui.pages.listing import Empty, Listing
from ui.tables import model as table_model
from ui.tables.filter_editor import FilterEditor
from ui.tables.filters import PERIODS, Filter, View, over, read_view
from ui.tables.model import TableModel, told
from ui.tables.paint import Cell

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
MANY = 1000
EVIL = "<img src='file:///etc/passwd'>Broken\nand more of it"
COLUMNS = ("number", "received_at", "customer", "state", "claimed", "description")


def add(tx: Transaction, *items: Any) -> list[int]:
    return [tx.add(item) for item in items]


def many_cases(tx: Transaction, many: int) -> None:
    names = ["number", "received_at", "customer", "state", "claimed", "description"]
    moments = [types.Moment().store(NOON - timedelta(minutes=many - n)) for n in range(many)]
    states = [state.value for state in CaseState]
    tx.add_many(Case, names, [[f"R/2026/{n:04}", moments[n], 1 + n % 3, states[n % 8], 100 * n, "It hums"] for n in range(many)])


@cache
def furnished(many: int) -> bytes:
    def furnish(shop: Shop, _clock: Clock) -> None:
        people = (Customer(name="Żaneta Łuk"), Customer(name="Jan Nowak", email="jan@example.com"), Customer(name="Ola Mała"))
        shop.register.do(N_("Customers"), add, *people)
        if many:
            shop.register.do(N_("Cases"), many_cases, many)

    return begun(furnish)[0]


@pytest.fixture
def register(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Register]:
    with open_shop(tmp_path / "shop.qmd", begun=furnished(MANY if "filled" in request.fixturenames else 0)) as shop:
        yield shop.register


@pytest.fixture
def asker() -> Iterator[ScriptedAsker]:
    made = ScriptedAsker()
    yield made
    made.finish()


@pytest.fixture
def desk(register: Register, asker: ScriptedAsker, qapp: QApplication) -> Desk:
    theme.apply(qapp, "light")
    return Desk(register, asker, Jobs(asker, synchronous=True))


@pytest.fixture
def show(desk: Desk, qtbot: QtBot) -> Callable[..., Listing]:
    def make(kind: Any = Case, **options: Any) -> Listing:
        if kind is Case:
            options = {"columns": COLUMNS, "order": "-received_at"} | options
        listing = Listing(desk, kind, **options)
        theme.dress(listing)
        qtbot.addWidget(listing)
        listing.resize(1200, 700)
        with qtbot.waitExposed(listing):
            listing.show()
        listing.grab()
        return listing

    return make


@pytest.fixture
def filled(show: Callable[..., Listing]) -> Listing:
    """A list of many cases."""
    return show()


class Asked:
    """Counts the questions a list puts to its register."""

    def __init__(self, register: Register, monkeypatch: pytest.MonkeyPatch) -> None:
        self.ids: list[dict[str, Any]] = []
        self.rows: list[list[int]] = []
        self.counts = 0
        ids, rows, count = register.ids, register.rows, register.count

        def ask_ids(query: Query, limit: int | None = None, offset: int = 0, *, backwards: bool = False) -> list[int]:
            self.ids.append({"limit": limit, "offset": offset, "backwards": backwards})
            return ids(query, limit, offset, backwards=backwards)

        def ask_rows(kind: Any, wanted: Sequence[int]) -> Any:
            self.rows.append(list(wanted))
            return rows(kind, wanted)

        def ask_count(query: Query, at_most: int | None = None) -> int:
            self.counts += 1
            return count(query, at_most)

        monkeypatch.setattr(register, "ids", ask_ids)
        monkeypatch.setattr(register, "rows", ask_rows)
        monkeypatch.setattr(register, "count", ask_count)


@pytest.fixture
def asked(register: Register, monkeypatch: pytest.MonkeyPatch) -> Asked:
    return Asked(register, monkeypatch)


def texts(listing: Listing, key: str, rows: int = 3) -> list[str]:
    place = listing.model.place(key)
    assert place is not None
    return [listing.model.cell(row, place).text for row in range(min(rows, listing.model.total))]


def cell(listing: Listing, row: int, key: str) -> Cell:
    place = listing.model.place(key)
    assert place is not None
    return listing.model.cell(row, place)


def press(qtbot: QtBot, listing: Listing, key: Qt.Key) -> None:
    qtbot.keyClick(listing.table, key)


# ----------------------------------------------------------------------------- ids first, rows when painted


def test_a_first_page_costs_one_count_one_page_of_ids_and_one_query_for_rows(
    desk: Desk, show: Callable[..., Listing], register: Register, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.do(N_("Cases"), many_cases, MANY)
    asked = Asked(register, monkeypatch)
    listing = show()
    assert listing.model.total == MANY
    assert (asked.counts, len(asked.ids), len(asked.rows)) == (1, 1, 1)
    assert len(asked.rows[0]) < 100, "only what is seen, and a little more, is read"
    listing.grab()
    assert len(asked.rows) == 1, "a second painting reads nothing"


def test_the_end_is_read_from_the_end(filled: Listing, asked: Asked, qtbot: QtBot) -> None:
    press(qtbot, filled, Qt.Key.Key_End)
    filled.grab()
    assert filled.table.currentIndex().row() == MANY - 1
    assert texts(filled, "number")[0] == f"R/2026/{MANY - 1:04}"
    assert cell(filled, MANY - 1, "number").text == "R/2026/0000"
    assert [question["backwards"] for question in asked.ids] == [True]
    assert len(asked.rows) == 1
    press(qtbot, filled, Qt.Key.Key_Home)
    assert filled.table.currentIndex().row() == 0


def test_from_either_end_the_same_rows_are_found(filled: Listing, register: Register) -> None:
    everything = register.ids(filled.query)
    assert filled.model.ids_between(0, MANY) == everything
    filled.refresh()
    assert filled.model.ids_between(MANY - 300, MANY - 1) == everything[-300:]
    assert [filled.model.id_at(row) for row in range(390, 410)] == everything[390:410]


def test_counting_what_a_filter_finds_stops_and_goes_on_when_somebody_scrolls_there(
    desk: Desk, show: Callable[..., Listing], monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    monkeypatch.setattr(table_model, "COUNTED", 300)
    desk.do(N_("Cases"), many_cases, MANY)
    listing = show()
    listing.filter_by(Filter(condition(Case, "description", "contains", ["hums"])))
    assert listing.model.total == 300
    assert listing.count.text() == "more than 300 found"
    assert listing.model.canFetchMore()
    listing.model.fetchMore()
    assert listing.count.text() == "more than 600 found"
    press(qtbot, listing, Qt.Key.Key_End)
    assert listing.count.text() == "1,000 found"
    assert listing.table.currentIndex().row() == MANY - 1


def test_few_hits_are_not_searched_a_second_time_to_be_counted(filled: Listing, asked: Asked) -> None:
    filled.filter_by(Filter(condition(Case, "number", "contains", ["/099"])))
    assert filled.count.text() == "10 found"
    assert (asked.counts, len(asked.ids)) == (0, 1)


# ----------------------------------------------------------------------------- news


def test_a_change_reads_only_the_rows_it_touched(filled: Listing, desk: Desk, asked: Asked, register: Register) -> None:
    case = register.get(Case, filled.model.id_at(2) or 0)
    asked.rows.clear()
    desk.do(N_("Change"), lambda tx: tx.change(case, description="It smokes"))
    filled.grab()
    assert asked.rows == [[case.id]]
    assert cell(filled, 2, "description").text == "It smokes"


def test_a_renamed_customer_is_renamed_in_every_row(filled: Listing, desk: Desk, register: Register) -> None:
    jan = register.get(Customer, 2)
    assert "Jan Nowak" in texts(filled, "customer")
    desk.do(N_("Rename"), lambda tx: tx.change(jan, name="Jan Kowal"))
    assert "Jan Kowal" in texts(filled, "customer")
    assert "Jan Nowak" not in texts(filled, "customer")


def test_the_selection_stays_with_its_records_when_rows_move(filled: Listing, desk: Desk) -> None:
    told_about: list[int | None] = []
    filled.on_current = told_about.append
    filled.table.selectRow(4)
    chosen = filled.current_id
    desk.do(N_("Add"), add, Case(received_at=NOON, description="New one"), Case(received_at=NOON, description="Another"))
    assert filled.table.currentIndex().row() == 6
    assert filled.table.selected_ids() == [chosen]
    assert told_about == [chosen], "nobody is told of a move that is none"
    desk.undo()
    assert filled.table.currentIndex().row() == 4
    assert filled.current_id == chosen


def test_a_record_that_leaves_the_list_is_no_more_the_current_one(filled: Listing, desk: Desk, register: Register) -> None:
    filled.filter_by(Filter(condition(Case, "state", "in", [CaseState.NEW])))
    told_about: list[int | None] = []
    filled.on_current = told_about.append
    filled.table.selectRow(1)
    case = register.get(Case, filled.current_id or 0)
    desk.do(N_("Decide"), lambda tx: tx.change(case, state=CaseState.CLOSED))
    assert told_about == [case.id, None]
    assert filled.table.selected_ids() == []
    filled.table.selectRow(1)  # the keyboard's place stayed here; it counts as a choice again
    assert told_about[-1] == filled.model.id_at(1)


def test_a_hidden_list_asks_when_it_is_shown_again(filled: Listing, desk: Desk, asked: Asked, qtbot: QtBot) -> None:
    filled.hide()
    desk.do(N_("Add"), add, Case(received_at=NOON, description="New one"))
    filled.filter_by(Filter(condition(Case, "description", "contains", ["new"])))
    assert not asked.ids
    with qtbot.waitExposed(filled):
        filled.show()
    assert filled.count.text() == "1 found"


def test_another_currency_of_the_shop_shows_in_every_amount(filled: Listing, desk: Desk, register: Register) -> None:
    from qmdesk.operations.registers import the_shop

    assert "PLN" in texts(filled, "claimed", 1)[0]
    desk.do(N_("Currency"), lambda tx: tx.change(the_shop(tx), currency="CZK"))
    assert "CZK" in texts(filled, "claimed", 1)[0]


# ----------------------------------------------------------------------------- what a cell shows


def test_cells_show_titles_amounts_states_and_first_lines(desk: Desk, show: Callable[..., Listing]) -> None:
    case = Case(received_at=NOON, customer=1, claimed=Decimal("1234.5"), currency="EUR", state=CaseState.ANSWERED, description=EVIL)
    desk.do(N_("Add"), add, case)
    listing = show()
    assert cell(listing, 0, "customer").text == "Żaneta Łuk"
    assert cell(listing, 0, "claimed").text == "€\u00a01,234.50"
    assert (cell(listing, 0, "state").text, cell(listing, 0, "state").role) == ("Answered", "good")
    assert cell(listing, 0, "description").text == "<img src='file:///etc/passwd'>Broken"
    assert cell(listing, 0, "demand") == Cell()
    right = listing.model.headerData(listing.model.place("claimed") or 0, Qt.Orientation.Horizontal, Qt.ItemDataRole.TextAlignmentRole)
    assert right & Qt.AlignmentFlag.AlignRight


def test_a_tooltip_shows_what_is_cut_as_it_was_written(desk: Desk, show: Callable[..., Listing]) -> None:
    desk.do(N_("Add"), add, Case(received_at=NOON, customer=1, description=EVIL))
    listing = show()
    place = listing.model.place("description") or 0
    assert listing.table.painter.tooltip(listing.model.index(0, place)) == EVIL
    name = listing.model.index(0, listing.model.place("customer") or 0)
    assert listing.table.painter.tooltip(name) == ""
    listing.table.setColumnWidth(name.column(), 30)
    assert listing.table.painter.tooltip(name) == "Żaneta Łuk"


def test_a_computed_column_is_told_of_the_record(desk: Desk, show: Callable[..., Listing]) -> None:
    def whose(case: Case, titles: Any) -> Cell:
        return Cell(f"of {titles['customer']}", "warn", "clock")

    desk.do(N_("Add"), add, Case(received_at=NOON, customer=2, description="x"))
    listing = show(columns=("number", "whose"), told=[told("whose", N_("Whose"), whose)])
    assert cell(listing, 0, "whose") == Cell("of Jan Nowak", "warn", "clock")
    assert [column.heading for column in listing.table.shown] == ["Number", "Whose"]
    assert not listing.model.sortable(listing.model.place("whose") or 0)


def test_rows_grow_with_the_text_and_follow_light_and_dark(filled: Listing, qapp: QApplication) -> None:
    low, light = filled.table.rowHeight(0), filled.table.viewport().grab().toImage()
    theme.apply(qapp, "dark", 1.5)
    try:
        assert filled.table.rowHeight(0) >= 1.4 * low
        dark = filled.table.viewport().grab().toImage()
        corner = QPoint(filled.table.viewport().width() - 3, 3)
        assert light.pixelColor(corner).lightness() > 200 > 100 > dark.pixelColor(corner).lightness()
    finally:
        theme.apply(qapp, "light")


# ----------------------------------------------------------------------------- keys and mouse


def test_enter_and_a_double_click_open(filled: Listing, qtbot: QtBot) -> None:
    opened: list[int] = []
    filled.on_open = opened.append
    filled.table.selectRow(2)
    press(qtbot, filled, Qt.Key.Key_Return)
    assert opened == [filled.model.id_at(2)]
    at = filled.table.visualRect(filled.model.index(1, 0)).center()
    qtbot.mouseClick(filled.table.viewport(), Qt.MouseButton.LeftButton, pos=at)
    qtbot.mouseDClick(filled.table.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert opened[1:] == [filled.model.id_at(1)]


def test_letters_typed_into_the_list_are_searched(filled: Listing, desk: Desk, qtbot: QtBot) -> None:
    desk.do(N_("Add"), add, Case(received_at=NOON, description="Zgubiony kluczyk"))
    filled.table.setFocus()
    qtbot.keyClick(filled.table, "k")
    assert filled.search.text() == "k"
    assert filled.search.hasFocus()
    qtbot.keyClicks(filled.search, "lucz")
    qtbot.waitUntil(lambda: filled.count.text() == "1 found")
    qtbot.keyClick(filled.search, Qt.Key.Key_Return)
    assert filled.table.hasFocus()
    assert filled.current_id == filled.model.id_at(0)
    qtbot.keyClick(filled.search, Qt.Key.Key_Escape)
    assert filled.count.text() == "1,001 in all"


def test_the_list_is_ordered_by_a_click_on_a_heading_and_keeps_it(filled: Listing, desk: Desk, show: Callable[..., Listing], qtbot: QtBot) -> None:
    header = filled.table.horizontalHeader()

    def click(key: str) -> None:
        at = header.sectionViewportPosition(filled.model.place(key) or 0) + 20
        qtbot.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(at, 8))

    click("received_at")
    assert texts(filled, "number", 2) == ["R/2026/0000", "R/2026/0001"]
    click("claimed")
    assert texts(filled, "number", 1) == [f"R/2026/{MANY - 1:04}"], "large amounts first"
    assert header.sortIndicatorOrder() == Qt.SortOrder.DescendingOrder
    filled.hide()
    assert desk.preferences.table("case").order == "-claimed"
    assert show().query.order == (Order("claimed", True),)


def test_what_can_not_be_ordered_says_why(filled: Listing, asker: ScriptedAsker, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot) -> None:
    header = filled.table.horizontalHeader()

    def click(key: str) -> None:
        at = header.sectionViewportPosition(filled.model.place(key) or 0) + 20
        qtbot.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(at, 8))

    click("customer")
    assert "can't be ordered by “Customer”" in asker.warning()
    monkeypatch.setattr(table_model, "SORTED", MANY - 1)
    click("claimed")
    assert "too long" in asker.warning()
    filled.search.setText("hums")
    filled.search.flush()
    click("received_at")
    assert "newest first" in asker.warning()
    assert not header.isSortIndicatorShown()


def menu_texts(listing: Listing) -> list[str]:
    return [action.text() for menu in listing.table.findChildren(QMenu) for action in menu.actions() if action.text()]


def test_the_menu_of_a_row_opens_copies_and_takes_what_the_page_adds(filled: Listing) -> None:
    opened: list[int] = []
    filled.on_open = opened.append
    filled.on_menu = lambda menu, ids: menu.addAction(f"Answer {len(ids)}")
    filled.table.selectRow(1)
    place = QPoint(20, 20)
    QApplication.sendEvent(filled.table, QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, place, filled.table.mapToGlobal(place)))
    assert menu_texts(filled) == ["Open", "Copy as a table", "Answer 1"]
    menu = filled.table.findChildren(QMenu)[0]
    menu.actions()[0].trigger()
    assert opened == [filled.model.id_at(1)]
    menu.close()


def test_the_menu_of_a_heading_orders_and_hides(filled: Listing) -> None:
    header = filled.table.horizontalHeader()
    at = QPoint(header.sectionViewportPosition(filled.model.place("state") or 0) + 5, 5)
    header.customContextMenuRequested.emit(at)
    assert menu_texts(filled) == ["Order upwards", "Order downwards", "Hide this column", "Choose columns…"]
    menu = filled.table.findChildren(QMenu)[0]
    menu.actions()[0].trigger()
    assert filled.query.order == (Order("state"),)
    menu.actions()[2].trigger()
    assert "state" not in [column.key for column in filled.table.shown]
    menu.close()


def test_another_question_is_read_from_its_beginning(filled: Listing, qtbot: QtBot) -> None:
    press(qtbot, filled, Qt.Key.Key_End)
    filled.filter_by(Filter(condition(Case, "description", "contains", ["hums"])))
    assert filled.table.rowAt(0) == 0
    filled.table.selectRow(3)
    chosen = filled.current_id
    filled.filter_by()
    assert (filled.current_id, filled.table.currentIndex().row()) == (chosen, 3)


def test_selected_rows_are_copied_as_a_table(filled: Listing, asker: ScriptedAsker, monkeypatch: pytest.MonkeyPatch) -> None:
    filled.table.arrange(("number", "customer", "claimed"))
    filled.table.selectRow(0)
    chosen = filled.table.selectionModel()
    chosen.select(filled.model.index(2, 0), chosen.SelectionFlag.Select | chosen.SelectionFlag.Rows)
    filled.table.copy_action.trigger()
    data = QGuiApplication.clipboard().mimeData()
    lines = data.text().splitlines()
    assert lines[0].split("\t") == ["Number", "Customer", "Amount demanded"]
    assert [line.split("\t")[0] for line in lines[1:]] == ["R/2026/0999", "R/2026/0997"]
    assert "<table" in data.html()
    monkeypatch.setattr("ui.tables.view.COPIED", 1)
    filled.table.copy()
    assert "export the list" in asker.warning()


def test_everything_selected_is_everything(filled: Listing, register: Register) -> None:
    filled.table.selectAll()
    assert filled.table.selected_ids() == register.ids(filled.query)


# ----------------------------------------------------------------------------- columns


def test_columns_are_chosen_moved_and_sized_and_stay_so(
    filled: Listing, desk: Desk, show: Callable[..., Listing], qtbot: QtBot
) -> None:
    chooser = filled._choose_columns()
    box = chooser.listed
    assert chooser.ticked == list(COLUMNS)
    box.item(4).setCheckState(Qt.CheckState.Unchecked)
    assert "claimed" not in [column.key for column in filled.table.shown]
    box.setCurrentRow(3)
    qtbot.keyClick(box, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    box.model().moveRow(QModelIndex(), 0, QModelIndex(), 2)  # as dragging does
    assert [column.key for column in filled.table.shown][:2] == ["received_at", "number"]
    box.model().moveRow(QModelIndex(), 0, QModelIndex(), 2)
    filled.table.setColumnWidth(filled.model.place("number") or 0, 222)
    chooser.close()
    filled.hide()
    again = show()
    assert [column.key for column in again.table.shown] == ["number", "received_at", "state", "customer", "description"]
    assert again.table.columnWidth(again.model.place("number") or 0) == 222
    assert desk.preferences.table("case").widths == {"number": 222}


def test_a_column_dragged_by_its_heading_is_kept(filled: Listing, desk: Desk) -> None:
    header = filled.table.horizontalHeader()
    header.moveSection(header.visualIndex(filled.model.place("state") or 0), 0)
    filled.hide()
    assert desk.preferences.table("case").columns[0] == "state"


def test_columns_of_a_later_version_are_passed_over(desk: Desk, show: Callable[..., Listing]) -> None:
    from ui.preferences import TableSettings

    desk.prefer(desk.preferences.with_table("case", TableSettings(("mood", "state"), {"mood": 90}, "-mood")))
    listing = show()
    assert [column.key for column in listing.table.shown] == ["state"]
    assert listing.query.order == (Order("received_at", True),)


def test_texts_take_the_room_that_is_left_and_headings_give_way_to_values(filled: Listing) -> None:
    table = filled.table
    filled.resize(1300, 500)
    table.arrange(("number", "customer", "claimed"))
    QApplication.processEvents()
    customer, claimed = (filled.model.place(key) or 0 for key in ("customer", "claimed"))
    assert table.columnWidth(customer) > table._usual[customer]
    filled.resize(10, 500)
    table.resize(sum(table._usual.values()) - 20, 400)
    QApplication.processEvents()
    assert table._least[customer] <= table.columnWidth(customer) < table._usual[customer]
    assert table.columnWidth(claimed) >= table.painter.width_of(Cell("PLN 88,888.88"), "number")
    assert filled.model.headerData(claimed, Qt.Orientation.Horizontal, Qt.ItemDataRole.ToolTipRole).startswith("Amount demanded")


# ----------------------------------------------------------------------------- filters


def choose(editor: FilterEditor, field: str, operator: str = "") -> None:
    editor.field.setCurrentIndex([one.name for one in editor._fields].index(field))
    if operator:
        operators = editor._asked.type.operators
        editor.operator.setCurrentIndex(next(at for at, known in enumerate(operators) if known.key == operator))


def test_states_are_ticked_in_a_filter(filled: Listing, qtbot: QtBot) -> None:
    editor = filled.edit_filter(None)
    choose(editor, "state")
    box: Any = editor.input
    box.item(1).setCheckState(Qt.CheckState.Checked)
    box.setCurrentRow(0)
    qtbot.keyClick(box, Qt.Key.Key_Space)
    qtbot.keyClick(box, Qt.Key.Key_Return)
    assert filled.chips.sentences == ["State is one of: New, Waiting for information"]
    assert filled.count.text() == "250 found"
    filled.remove_filter(0)
    assert filled.count.text() == "1,000 in all"


@pytest.mark.parametrize("field", ["state", "customer", "received_at", "claimed", "safety"])
def test_tab_goes_through_a_filter_from_top_to_bottom(filled: Listing, field: str) -> None:
    editor = filled.edit_filter(None)
    choose(editor, field)
    editor.field.setFocus()
    seen = []
    for _stop in range(30):
        at = editor.focusWidget()
        seen.append(at.mapTo(editor, QPoint()).y())
        if at is editor.apply_button:
            break
        editor.focusNextChild()
    assert at is editor.apply_button
    assert len(seen) >= 2
    assert seen == sorted(seen)


def test_a_filter_is_changed_by_a_click_on_its_chip(filled: Listing) -> None:
    filled.filter_by(Filter(condition(Case, "claimed", ">=", [Decimal("900.00")])))
    assert filled.count.text() == "100 found"
    filled.chips.chip_buttons(0)[0].click()
    editor = filled.findChild(FilterEditor)
    assert isinstance(editor, FilterEditor)
    line: Any = editor.input.lines[0]
    assert line.text() == "900.00"
    line.setText("much")
    editor.apply()
    assert "can't be read" in editor.problem.text()
    line.setText("950,50")
    editor.apply()
    assert len(filled.filters) == 1
    assert filled.model.total == 49


def test_days_are_asked_by_period_by_two_days_and_by_a_letter(filled: Listing, desk: Desk) -> None:
    desk.do(N_("Add"), add, Case(received_at=clock(), description="Now"))
    editor = filled.edit_filter(None)
    choose(editor, "received_at")
    assert not editor.periods.isHidden()
    editor.input.lines[0].setText("t")  # type: ignore[union-attr]
    editor.apply()
    assert "is missing" in editor.problem.text()
    editor.input.lines[1].setText("+1")  # type: ignore[union-attr]
    editor.apply()
    assert filled.count.text() == "1 found"
    filled.filter_by(over("received_at", "today"))
    assert filled.chips.sentences == ["Received at is today"]
    assert filled.count.text() == "1 found"


def test_a_customer_is_found_by_typing_in_a_filter(filled: Listing, qtbot: QtBot) -> None:
    editor = filled.edit_filter(None)
    choose(editor, "customer")
    box: Any = editor.input
    box.line.setText("zan luk")
    qtbot.keyClick(box.line, Qt.Key.Key_Return)
    assert filled.chips.sentences == ["Customer is Żaneta Łuk"]
    assert filled.count.text() == "334 found"
    again = filled.edit_filter(0)
    again.apply()
    assert filled.chips.sentences == ["Customer is Żaneta Łuk"]


def test_flags_words_and_emptiness_are_asked(filled: Listing) -> None:
    for field, operator, sentence in (
        ("safety", "=", "Somebody could be hurt is yes"),
        ("demand", "empty", "Demand is empty"),
        ("kind", "!=", "Kind is not Complaint"),
        ("channel", "=", "Channel is E-mail"),
    ):
        filled.filter_by()
        editor = filled.edit_filter(None)
        choose(editor, field, operator)
        if field == "channel":
            editor.input.line.setText("mail")  # type: ignore[union-attr]
            editor.input.line.flush()  # type: ignore[union-attr]
        editor.apply()
        assert filled.chips.sentences == [sentence]


def test_every_field_of_every_list_can_be_asked(desk: Desk, show: Callable[..., Listing]) -> None:
    for kind in (Case, Customer, Product, Channel):
        listing = show(kind) if kind is Case else show(kind, columns=None)
        editor = listing.edit_filter(None)
        for at, field in enumerate(editor._fields):
            editor.field.setCurrentIndex(at)
            for operator in range(len(field.type.operators)):
                editor.operator.setCurrentIndex(operator)
                assert (editor.input is None) == (field.type.operators[operator].values == 0)
        editor.close()


@pytest.mark.parametrize(
    ("period", "first", "last"),
    [
        ("today", date(2026, 3, 1), date(2026, 3, 1)),
        ("this_week", date(2026, 2, 23), date(2026, 3, 1)),
        ("last_week", date(2026, 2, 16), date(2026, 2, 22)),
        ("this_month", date(2026, 3, 1), date(2026, 3, 31)),
        ("last_month", date(2026, 2, 1), date(2026, 2, 28)),
        ("this_year", date(2026, 1, 1), date(2026, 12, 31)),
        ("last_year", date(2025, 1, 1), date(2025, 12, 31)),
    ],
)
def test_periods_are_seen_from_today(period: str, first: date, last: date) -> None:
    assert PERIODS[period].span(date(2026, 3, 1)) == (first, last)


# ----------------------------------------------------------------------------- views


FILTERS = (
    Filter(condition(Case, "state", "in", [CaseState.NEW, CaseState.DECIDED])),
    Filter(condition(Case, "received_at", "between", [date(2026, 1, 1), date(2026, 12, 31)])),
    Filter(condition(Case, "received_at", ">=", [NOON - timedelta(days=900)])),
    Filter(condition(Case, "claimed", ">=", [Decimal("0.50")])),
    Filter(condition(Case, "customer", "=", [2])),
    Filter(condition(Case, "safety", "=", [False])),
    Filter(condition(Case, "demand", "empty")),
    over("received_at", "last_year"),
)


def test_a_view_is_kept_and_read_back_as_it_was() -> None:
    import json

    view = View(FILTERS, "hum", "-claimed", ("number", "state"))
    assert read_view(Case, json.loads(json.dumps(view.saved(Case)))) == view


@pytest.mark.parametrize(
    "broken",
    [
        {"filters": [{"field": "mood", "operator": "=", "values": ["good"]}]},
        {"filters": [{"field": "state", "operator": "in", "values": ["dreaming"]}]},
        {"filters": [{"field": "state", "operator": "in", "values": []}]},
        {"filters": [{"field": "received_at", "period": "next_life"}]},
        {"filters": ["state"]},
        {"filters": 7},
    ],
)
def test_a_view_that_asks_for_what_is_no_more_is_refused(broken: dict[str, Any]) -> None:
    with pytest.raises(Known):
        read_view(Case, broken)


def test_views_are_saved_chosen_replaced_and_removed(filled: Listing, desk: Desk, asker: ScriptedAsker) -> None:
    filled.filter_by(FILTERS[0])
    filled.order_by(Order("claimed"))
    asker.will("ask_text", "Mine & yours")
    filled.save_view()
    filled.show_view(View())
    assert filled.count.text() == "1,000 in all"
    actions = {action.text(): action for action in filled.views_menu().actions()}
    actions["Mine && yours"].trigger()
    assert filled.filters == FILTERS[:1]
    assert filled.query.order == (Order("claimed"),)
    filled.filter_by(FILTERS[4])
    asker.will("ask_text", "Mine & yours").will("confirm", True)
    filled.save_view()
    assert desk.preferences.table("case").views["Mine & yours"]["filters"][0]["field"] == "customer"
    filled.remove_view("Mine & yours")
    assert not desk.preferences.table("case").views


def test_a_page_offers_views_of_its_own(desk: Desk, show: Callable[..., Listing]) -> None:
    desk.do(N_("Cases"), many_cases, 16)
    listing = show(presets=[(N_("New ones"), View(FILTERS[:1]))])
    next(action for action in listing.views_menu().actions() if action.text() == "New ones").trigger()
    assert listing.model.total == 4


# ----------------------------------------------------------------------------- the list in its page


def test_an_empty_list_says_what_to_do_first(desk: Desk, show: Callable[..., Listing], qtbot: QtBot) -> None:
    begun: list[bool] = []
    empty = Empty(N_("No complaints yet."), N_("Take the first one in."), N_("New complaint"), lambda: begun.append(True), "complaints")
    listing = show(empty=empty)
    assert listing.empty_state.isVisible()
    assert not listing.export_button.isEnabled()
    listing.empty_state.button.click()
    assert begun
    desk.do(N_("Cases"), many_cases, 3)
    assert listing.table.isVisible()
    listing.search.setText("nothing of the kind")
    listing.search.flush()
    assert listing.empty_state.button.text() == "Show all"
    listing.empty_state.button.click()
    assert listing.count.text() == "3 in all"
    assert listing.search.text() == ""


def test_fixed_conditions_can_not_be_taken_off(desk: Desk, show: Callable[..., Listing]) -> None:
    desk.do(N_("Cases"), many_cases, 9)
    listing = show(where=[Condition("customer", types.IS, (1,))])
    assert (listing.count.text(), listing.chips.sentences) == ("3 in all", [])
    listing.narrow([Condition("customer", types.IS, (2,))])
    assert texts(listing, "customer", 9) == ["Jan Nowak"] * 3


def test_a_record_is_gone_to_even_when_a_filter_hides_it(filled: Listing) -> None:
    last = filled.model.id_at(0) or 0
    filled.filter_by(FILTERS[6], Filter(condition(Case, "number", "contains", ["0001"])))
    assert filled.go_to(last)
    assert filled.current_id == last
    assert not filled.filters


def test_the_list_is_exported_as_it_is_filtered_and_shown(filled: Listing, asker: ScriptedAsker, tmp_path: Path) -> None:
    said: list[str] = []
    filled.desk.on_saved = lambda sentence, path: said.append(f"{sentence} {path.parent == tmp_path}")
    filled.table.arrange(("number", "state"))
    filled.filter_by(Filter(condition(Case, "number", "contains", ["/099"])))
    asker.will("choose_file_to_save", tmp_path / "list.csv")
    filled.export_button.click()
    lines = (tmp_path / "list.csv").read_text(encoding="utf-8-sig").splitlines()
    assert len(lines) == 11
    assert "R/2026/0999" in lines[1]
    assert said == ["The list was saved as list.csv; rows: 10. True"]
    asker.will("choose_file_to_save", tmp_path / "list.txt")
    filled.export()
    assert "list.txt" in asker.warning()


def test_every_kind_of_record_has_a_list(desk: Desk, qtbot: QtBot) -> None:
    from qmdesk.records.catalog import RECORDS

    for kind in RECORDS:
        listing = Listing(desk, kind)
        qtbot.addWidget(listing)
        listing.show()
        listing.grab()
        assert listing.model.total == desk.register.count(Query(kind))
        for row in range(listing.model.total):
            assert any(cell(listing, row, column.key).text for column in listing.table.shown)


def test_the_model_stands_on_its_own(register: Register, qapp: QApplication) -> None:
    model = TableModel(register, Customer)
    model.ask(Query(Customer).by(Order("name")))
    assert model.rowCount() == 3
    assert model.rowCount(model.index(0, 0)) == 0
    names = [model.data(model.index(row, model.place("name") or 0)) for row in range(3)]
    assert names == ["Jan Nowak", "Ola Mała", "Żaneta Łuk"]
    assert model.id_at(3) is None


def test_going_to_a_record_selects_it_alone_while_ctrl_is_held(filled: Listing) -> None:
    """Ctrl+Enter registers a case, and its list goes there with Ctrl still down."""
    first, third = filled.model.id_at(0) or 0, filled.model.id_at(2) or 0
    filled.go_to(first)
    window = filled.window().windowHandle()
    QTest.keyPress(window, Qt.Key.Key_Control, Qt.KeyboardModifier.ControlModifier)
    try:
        assert QGuiApplication.keyboardModifiers() & Qt.KeyboardModifier.ControlModifier
        filled.go_to(third)
    finally:
        QTest.keyRelease(window, Qt.Key.Key_Control)
    assert filled.table.selected_ids() == [third]
