"""The window: its rail, menus, the bar after each step, and that nothing typed is lost on any way out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QDesktopServices
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QStyle, QStyleOptionViewItem, QTabWidget, QWidget

from qmdesk import i18n
from qmdesk.operations.registers import open_register
from qmdesk.records.case import Case, CaseState
from qmdesk.records.party import Customer
from qmdesk.records.product import Order, Product
from qmdesk.schema.query import Query
from tests.shop import Shop
from tests.ui.front import Dialogs, Front, Opener, dialogs, front, look, press, shop, write
from ui import theme
from ui.ask import ScriptedAsker
from ui.desk import Desk
from ui.jobs import Jobs
from ui.main_window import MainWindow
from ui.preferences import Preferences
from ui.widgets.button import Button
from ui.widgets.tabs import Tabs

__all__ = ["dialogs", "front", "look", "shop"]
CTRL = Qt.KeyboardModifier.ControlModifier


def opened(front: Front, case: Case) -> Any:
    """The page of complaints with this case open."""
    front.window.open_record(Case, case.id)
    return front.window.stack.currentWidget()


def typed(front: Front, case: Case, text: str = "Typed, not saved") -> Any:
    """The page of complaints with something typed into this case."""
    page = opened(front, case)
    page.panel.facts.form.editors["note"].input.setFocus()
    write(text)
    assert page.panel.facts.bar.isVisible()
    return page


def test_the_window_begins_within_the_screen_under_its_title_bar(shop: Shop, dialogs: Dialogs) -> None:
    asker = ScriptedAsker()
    window = MainWindow(Desk(shop.register, asker, Jobs(asker, synchronous=True)), Opener())
    room = window.screen().availableSize()
    assert room.height() < 768 + 30 or room.width() < 1366, "the offscreen screen is small"
    assert window.width() <= room.width()
    assert window.height() <= room.height() - 30
    window.close()


def test_a_click_on_the_rail_shows_a_page_with_its_first_tab(front: Front) -> None:
    rail = front.window.rail
    with_tabs = set()
    for row in range(rail.count()):
        QTest.mouseClick(rail.viewport(), Qt.MouseButton.LeftButton, pos=rail.visualItemRect(rail.item(row)).center())
        assert rail.currentRow() == row
        shown = [tabs for tabs in front.window.findChildren(Tabs) if tabs.isVisible()]
        with_tabs |= {rail.item(row).text() for tabs in shown}
        for tabs in shown:
            page = QTabWidget.currentWidget(tabs)  # as Qt knows it: to ask ours would make it
            assert type(page) is not QWidget, f"{rail.item(row).text()}: nothing stands behind the tab “{tabs.tabText(tabs.currentIndex())}”"
            assert page.isVisible()
    assert {"Settings", "Audits", "Improvement", "Opinions and surveys", "Products and suppliers"} <= with_tabs


def test_pages_are_reached_by_rail_menu_and_keys(front: Front) -> None:
    for place, name in enumerate(front.window.page_names(), 1):
        held = CTRL if place <= 10 else CTRL | Qt.KeyboardModifier.ShiftModifier
        press(Qt.Key(Qt.Key.Key_0 + place % 10), held=held)  # the tenth page is 0, those after it take Shift too
        assert front.window.page_name() == name
        assert front.window.stack.currentWidget().isVisible()
    front.choose("Today")
    assert front.window.page_name() == "today"


def test_undo_and_redo_say_what_they_do(front: Front) -> None:
    assert front.menu("Undo") == ["Undo: New register"] or front.menu("Undo")[0].startswith("Undo")
    case = front.shop.complains()
    front.window._name_undo()
    front.desk.do("Change a case", lambda tx: tx.change(tx.get(Case, case.id), note="one"))
    assert front.menu("Undo") == ["Undo: Change a case"]
    assert not front.window.redo_action.isEnabled()
    front.choose("Undo")
    assert front.said == "Taken back: Change a case"
    assert front.shop.case(case).note == ""
    assert front.window.toast.button.text() == "Redo"
    front.window.toast.button.click()
    assert front.shop.case(case).note == "one"
    assert front.said == "Change a case"
    front.window.toast.button.click()
    assert front.shop.case(case).note == ""
    front.choose("Redo: Change a case")
    assert front.shop.case(case).note == "one"


def test_what_is_typed_is_kept_when_something_else_changes(front: Front) -> None:
    case = front.shop.complains()
    page = typed(front, case)
    front.desk.do("Change a case", lambda tx: tx.change(tx.get(Case, case.id), goods_condition="Worn"))
    assert page.panel.facts.form.editors["note"].value() == "Typed, not saved"
    press(Qt.Key.Key_S, held=CTRL)
    kept = front.shop.case(case)
    assert (kept.note, kept.goods_condition) == ("Typed, not saved", "Worn")
    assert page.panel.facts.form.editors["goods_condition"].value() == "Worn"


Leave = Callable[[Front, Any], object]


def _another_row(front: Front, page: Any) -> None:
    other = next(id_ for id_ in front.shop.finds("") if id_ != page.panel.case.id)
    assert page.listing.table.go_to(other)


WAYS_OUT: dict[str, Leave] = {
    "another row": _another_row,
    "another page": lambda front, _page: front.window.rail.setCurrentRow(0),
    "a key": lambda _front, _page: press(Qt.Key.Key_3, held=CTRL),
    "another record": lambda front, _page: front.window.open_record(Customer, front.shop.register.ids(Query(Customer))[0]),
    "closing": lambda front, _page: front.window.close(),
    "history": lambda front, _page: front.window.show_history(),
    "a letter": lambda _front, page: page.panel.letter_button.click(),
    "a step": lambda _front, page: page.panel.main_button.click(),
}


@pytest.mark.parametrize("way", WAYS_OUT)
def test_leaving_asks_what_becomes_of_what_was_typed(front: Front, way: str) -> None:
    front.shop.add_customer()
    case, _other = front.shop.complains(), front.shop.complains("Another story")
    if way in ("history", "a letter", "a step"):
        front.dialogs.will(lambda _dialog: None)
    typed(front, case)
    page = front.window.stack.currentWidget()
    front.asker.will("confirm", False)  # save
    WAYS_OUT[way](front, page)
    assert "R/2026/0001" in front.asker.asked[-1].text
    assert front.shop.case(case).note == "Typed, not saved"


def test_throwing_away_leaves_everything_as_it_was(front: Front) -> None:
    case, other = front.shop.complains(), front.shop.complains("Another story")
    page = typed(front, case)
    front.asker.will("confirm", True)
    page.listing.table.go_to(other.id)
    assert page.panel.case.id == other.id
    assert front.shop.case(case).note == ""


@pytest.mark.parametrize("way", ["another row", "another page", "closing"])
def test_what_cannot_be_saved_keeps_the_user_there(front: Front, way: str) -> None:
    case, _other = front.shop.complains(), front.shop.complains("Another story")
    page = opened(front, case)
    editor = page.panel.facts.form.editors["received_at"]
    editor.input.setFocus()
    editor.input.selectAll()
    write("99.99.2026")
    front.asker.will("confirm", False)
    WAYS_OUT[way](front, page)
    assert front.window.isVisible()
    assert front.window.page_name() == "cases"
    assert front.window.stack.currentWidget() is page
    assert page.panel.case.id == page.listing.current_id == case.id
    assert page.panel.facts.form.rows["received_at"].problem
    assert editor.input.text() == "99.99.2026"
    page.panel.facts.discard()


def test_undo_while_typing_asks_first(front: Front) -> None:
    case = front.shop.complains()
    front.desk.do("Change a case", lambda tx: tx.change(tx.get(Case, case.id), goods_condition="Worn"))
    typed(front, case)
    front.asker.will("confirm", False)
    front.choose("Undo: Change a case")
    kept = front.shop.case(case)
    assert (kept.note, kept.goods_condition) == ("Typed, not saved", "Worn")  # it was saved, and stays: Undo again takes it back
    front.choose("Undo: Change a case")
    assert front.shop.case(case).note == ""
    page = typed(front, case)
    front.asker.will("confirm", True)
    front.choose("Undo: Change a case")
    assert front.shop.case(case).goods_condition == ""
    assert not page.panel.facts.form.dirty


def test_a_case_taken_back_while_it_is_open_is_gone(front: Front) -> None:
    case = front.desk.do("Take in a case", lambda tx: _taken_in(tx))
    page = opened(front, case)
    front.window.undo()
    assert page.beside.currentWidget() is page.nothing
    front.window.redo()
    assert page.listing.model.total == 1


def _taken_in(tx: Any) -> Case:
    from qmdesk.operations import cases
    from tests.shop import NOON

    return cases.take_in(tx, Case(received_at=NOON, description="It broke"))


def test_a_note_begun_for_one_case_never_lands_in_another(front: Front) -> None:
    case, other = front.shop.complains(), front.shop.complains("Another story")
    page = opened(front, case)
    page.panel.tabs.setCurrentWidget(page.panel.conversation)
    page.panel.conversation.text.setFocus()
    write("She called again")
    front.asker.will("confirm", False)
    page.listing.table.go_to(other.id)
    assert [said.text for said in front.shop.conversation(case)] == ["She called again"]
    assert front.shop.conversation(other) == []
    assert page.panel.conversation.text.toPlainText() == ""


def test_where_text_is_large_the_icons_stand_over_their_words(front: Front) -> None:
    rail = front.window.rail
    assert not rail.narrow
    words = rail.width()
    front.window.resize(theme.em(80), 700)
    assert rail.narrow
    assert rail.width() < words
    assert [rail.item(at).text() for at in range(rail.count())][:2] == ["Today", "Complaints and returns"]
    rail.setFocus()
    press(Qt.Key.Key_Down)
    assert front.window.page_name() == "cases"
    front.window.resize(theme.em(100), 700)
    assert rail.width() == words


@pytest.mark.parametrize("lang", ["en", "pl"])
def test_no_word_of_the_rail_is_cut_where_text_is_large(lang: str, shop: Shop, dialogs: Dialogs, look: QApplication) -> None:
    i18n.use(lang)
    theme.apply(look, "light", 1.5)
    front = Front(shop, dialogs)
    rail = front.window.rail
    assert rail.narrow
    option = QStyleOptionViewItem()
    rail.initViewItemOption(option)
    for at in range(rail.count()):
        place = rail.visualItemRect(rail.item(at))
        assert 0 <= place.left() <= place.right() <= rail.viewport().width()
        option.rect, option.text = place, rail.item(at).text()
        option.features |= QStyleOptionViewItem.ViewItemFeature.HasDisplay | QStyleOptionViewItem.ViewItemFeature.WrapText
        room = rail.style().subElementRect(QStyle.SubElement.SE_ItemViewItemText, option, rail).width() - 2 * (rail.style().pixelMetric(QStyle.PixelMetric.PM_FocusFrameHMargin, None, rail) + 1)
        assert max(map(rail.fontMetrics().horizontalAdvance, option.text.split())) <= room, option.text
    front.leave()


# -- the scanner


def test_a_scanned_code_opens_what_it_stands_for(front: Front) -> None:
    shop = front.shop
    product = shop.add_product(ean="5901234123457")
    order = shop.add_order("1001", None, [product])
    case = shop.complains(order=order)
    for code, page, shown in (
        ("R/2026/0001", "cases", lambda: front.page("cases").panel.case.id == case.id),
        ("1001", "orders", lambda: front.page("orders").pair.card.record == shop.get(Order, order)),
        ("5901234123457", "catalogue", lambda: front.page("catalogue").products.card.record == shop.get(Product, product)),
    ):
        front.window._scanned(code)
        assert front.window.page_name() == page
        assert shown()
    front.window._scanned("NOBODY-KNOWS-IT")
    assert front.said == "Nothing has the number NOBODY-KNOWS-IT."
    assert front.window.page_name() == "catalogue"


def test_a_code_scanned_into_a_new_complaint_fills_it(front: Front) -> None:
    shop = front.shop
    one, two = shop.add_product(ean="5901234123457"), shop.add_product(sku="SZAL", name="Szal")
    shop.add_order("1001", shop.add_customer(), [one, two])

    def scan(dialog: Any) -> None:
        dialog.form.editors["description"].input.setFocus()
        for code in ("NOBODY-KNOWS-IT", "1001", "5901234123457"):
            front.window.scanner._scanned(code)
        assert [item.name for item in dialog.items()] == ["Buty trekkingowe 42"]
        front.asker.will("confirm", True)
        dialog.reject()

    front.dialogs.will(scan)
    front.window.new_case()
    assert front.window.page_name() == "today"


# -- a register somebody else holds


def test_a_register_held_by_another_program_can_only_be_read(shop: Shop, dialogs: Dialogs, look: QApplication) -> None:
    shop.add_customer()
    case = shop.complains()
    shop.attaches(case, ("a.txt", b"text"))
    with open_register(shop.path, program="second") as register:
        assert register.read_only
        asker = ScriptedAsker()
        window = MainWindow(Desk(register, asker, Jobs(asker, synchronous=True)), Opener())
        window.show()
        before = register.steps()
        for try_it in (window.new_case, window.import_file):
            try_it()
            assert asker.warning() == register.why_read_only
        assert not window.undo_action.isEnabled()
        window.open_record(Case, case.id)
        page: Any = window.stack.currentWidget()
        panel = page.panel
        writing = {"Note it", "Decide…", "Steps", "Add an item…", "Outcome…", "Change…", "Remove", "New letter…", "Delivered…", "New…", "New customer", "New order", "New batch…", "Merge with…", "Complaint about it…", "New complaint", "New return", "New product", "Import…", "Import orders…"}
        for name in window.page_names():
            window.go(name)
            for button in window.stack.currentWidget().findChildren(Button):
                assert button.text() not in writing or not button.isEnabled(), (name, button.text())
        assert not panel.facts.form.editors["description"].input.isEnabled() or panel.facts.form.editors["description"].input.isReadOnly()
        combo = panel.facts.form.editors["demand"].combo
        assert not combo.isEnabled()
        assert combo.property("shown") is True
        assert not panel.files.strip.isEnabled()
        assert panel.files.open.isEnabled()
        assert register.steps() == before
        window.leave()
        asker.finish()


def test_preferences_are_kept_by_the_program(front: Front) -> None:
    front.choose("Larger text")
    front.choose("Light or dark")
    assert [(kind, preferred.text_scale, preferred.theme) for kind, preferred in front.opener.asked] == [("dress", 1.1, "system"), ("dress", 1.0, "dark")]


def test_menus_lead_to_their_dialogs(front: Front, tmp_path: Any) -> None:
    for words, dialog in (("Import…", "ImportWizard"), ("History…", "History"), ("New complaint…", "NewCase"), ("Go to…", "GoTo"), ("Keys", "Keys"), ("About", "About")):
        front.dialogs.will(lambda dialog: dialog.reject())
        front.choose(words)
        assert front.dialogs.seen[-1] == dialog
    front.choose("Check the register")
    assert front.asker.asked[-1].text.startswith("The register is whole")
    copy = tmp_path / "copy.qmd"
    front.asker.will("choose_file_to_save", copy)
    front.choose("Copy the register to…")
    assert front.said == "The copy copy.qmd is whole."
    assert copy.exists()
    front.asker.will("choose_file_to_save", tmp_path / "new.qmd").will("choose_file_to_open", tmp_path / "old.qmd")
    front.choose("New register…")
    front.choose("Open a register…")
    front.choose("Demo shop")
    assert [asked[0] for asked in front.opener.asked] == ["make", "open", "demo"]


def test_closing_keeps_the_windows_place(front: Front) -> None:
    front.window.resize(790, 640)
    front.window.close()
    assert front.desk.preferences.geometry
    again = MainWindow(Desk(front.shop.register, front.asker, Jobs(front.asker, synchronous=True), replace(Preferences(), geometry=front.desk.preferences.geometry)), front.opener)
    assert (again.width(), again.height()) == (790, 640)
    again.leave()


def test_a_case_moves_through_its_steps_from_the_panel(front: Front) -> None:
    case = front.shop.complains()
    panel = opened(front, case).panel
    from qmdesk.records.steps import Step

    panel.do(Step.ASSESS)
    assert panel.state.word == "Being assessed"
    assert front.said == "Assess: R/2026/0001"
    panel.do(Step.CLOSE)
    assert front.asker.warning() == "Decide first, or note that the customer withdrew it."
    panel.do(Step.WITHDRAW)
    assert front.shop.case(case).state is CaseState.WITHDRAWN
    assert panel.main_button.text() == "Open again"
    press(Qt.Key.Key_D, held=CTRL)
    assert front.shop.case(case).state is CaseState.ASSESSING


def test_a_step_that_stays_says_why_and_what_to_do(front: Front) -> None:
    shop = front.shop
    shop.fills_in_letterhead()
    case = shop.complains(customer=shop.add_customer(email="lucja@example.com"))
    shop.confirms(case)
    press(Qt.Key.Key_Z, held=CTRL)
    said = front.asker.warning()
    assert said == "A letter that was sent can't be made unsent. Send another one that corrects it. What was done before it can be undone from the history (Ctrl+H)."
    assert len(shop.documents(case)) == 1


def test_what_is_written_is_opened_from_the_bar(front: Front, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[Path] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(Path(url.toLocalFile())) or True)
    front.shop.complains()
    listing = front.page("cases").listing
    out = tmp_path / "list.csv"
    for button in ("button", "other"):
        front.asker.will("choose_file_to_save", out)
        listing.export_button.click()
        assert front.said == "The list was saved as list.csv; rows: 1."
        getattr(front.window.toast, button).click()
    assert opened == [out, tmp_path]
    front.asker.will("choose_file_to_save", out)
    listing.export_button.click()
    out.unlink()
    front.window.toast.button.click()
    assert front.asker.warning() == "list.csv is not there any more."
