"""Where the keyboard is: it begins where the work is, F6 leads on, and it stays where it was when the window is dressed anew."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QTabBar, QWidget

from qmdesk.records.case import Case
from tests.shop import open_shop
from tests.ui.front import Front, asker, come, dialogs, front, look, press, running, shop
from ui.pages.cases import CasesPage
from ui.program import Program
from ui.widgets.rail import Rail

__all__ = ["asker", "dialogs", "front", "look", "running", "shop"]

Key, Held = Qt.Key, Qt.KeyboardModifier


def has_keyboard() -> QWidget | None:
    return QApplication.focusWidget()


def two_cases(front: Front) -> list[Case]:
    order = front.shop.add_order("1001", front.shop.add_customer(), [front.shop.add_product()])
    return [front.shop.complains(order=order), front.shop.complains(order=order)]


def test_the_keyboard_begins_where_the_work_is(front: Front) -> None:
    two_cases(front)
    for key, name in ((Key.Key_1, "today"), (Key.Key_2, "cases"), (Key.Key_3, "customers"), (Key.Key_4, "orders"), (Key.Key_5, "catalogue")):
        press(key, held=Held.ControlModifier)
        page = front.window.stack.currentWidget()
        assert front.window.page_name() == name
        assert has_keyboard() is page.stops()[0], name
    front.choose("Settings")
    assert has_keyboard() is front.page("settings").tabs.tabBar()


def test_an_empty_list_gives_the_keyboard_to_what_to_do_first(front: Front) -> None:
    assert has_keyboard() is front.page("today").nothing.button
    press(Key.Key_2, held=Held.ControlModifier)
    assert has_keyboard() is front.page("cases").listing.empty_state.button


def test_what_is_opened_from_elsewhere_has_the_keyboard_in_its_list(front: Front) -> None:
    case = two_cases(front)[0]
    front.window.open_record(Case, case.id)
    listing = front.page("cases").listing
    assert has_keyboard() is listing.table
    assert listing.current_id == case.id


def test_f6_leads_from_the_list_to_the_open_record_to_the_pages_and_back(front: Front) -> None:
    case = two_cases(front)[0]
    front.window.open_record(Case, case.id)
    page: CasesPage = front.page("cases")
    assert front.window.toast.isVisible()  # it tells of the last case, and is one of the stops
    press(Key.Key_F6, Key.Key_F6)
    assert has_keyboard() is front.window.toast.button
    press(Key.Key_Escape)
    assert not front.window.toast.isVisible()
    assert has_keyboard() is page.panel.tabs.tabBar()
    page.listing.table.setFocus()
    press(Key.Key_F6)
    assert has_keyboard() is page.panel.tabs.tabBar()
    page.panel.facts.form.editors["description"].input.setFocus()
    press(Key.Key_F6)
    assert has_keyboard() is front.window.rail
    press(Key.Key_F6)
    assert has_keyboard() is page.listing.table
    press(Key.Key_F6, held=Held.ShiftModifier)
    assert has_keyboard() is front.window.rail


def test_choosing_a_page_in_the_rail_leaves_the_keyboard_there(front: Front) -> None:
    two_cases(front)
    front.window.rail.setFocus()
    press(Key.Key_Down, Key.Key_Down)
    assert front.window.page_name() == "customers"
    assert has_keyboard() is front.window.rail


def dressed(running: Program) -> None:
    """Let the window be built anew in other clothes."""
    assert running.window is not None
    running.dress(replace(running.preferences, theme="dark" if running.preferences.theme != "dark" else "light"))
    QApplication.processEvents()
    come(running.window)


def test_the_keyboard_stays_where_it_was_when_the_window_is_dressed_anew(running: Program, tmp_path: Path) -> None:
    with open_shop(tmp_path / "karmnik.qmd") as shop:
        case = shop.complains(order=shop.add_order("1001", shop.add_customer(), [shop.add_product()]))
    running.open(tmp_path / "karmnik.qmd")
    assert running.window is not None
    come(running.window)
    running.window.open_record(Case, case.id)
    dressed(running)
    page = running.window.stack.currentWidget()
    assert isinstance(page, CasesPage)
    assert has_keyboard() is page.listing.table
    page.panel.facts.form.editors["demand"].input.setFocus()
    dressed(running)
    page = running.window.stack.currentWidget()
    assert isinstance(page, CasesPage)
    assert has_keyboard() is page.panel.facts.form.editors["demand"].input
    running.window.rail.setFocus()
    dressed(running)
    assert isinstance(has_keyboard(), Rail)


def test_tab_passes_over_the_arrows_of_a_tab_bar(front: Front) -> None:
    case = two_cases(front)[0]
    front.window.open_record(Case, case.id)
    panel = front.page("cases").panel
    panel.tabs.setFocus()
    press(Key.Key_Tab)
    here = has_keyboard()
    assert here is not None
    assert not isinstance(here.parentWidget(), QTabBar)
