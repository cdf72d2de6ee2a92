"""Alerts on Today: noticed when the register opens, looked into, made an action, settled; the buyers and the letter to them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication

from qmdesk.operations.figures.scope import By
from qmdesk.operations.registers import open_register
from qmdesk.records.alert import Alert
from qmdesk.records.case import Case
from qmdesk.records.improvement import Action, ActionSource
from qmdesk.records.measures import Indicator
from qmdesk.records.product import Batch
from qmdesk.schema.query import Query
from tests.clock import Clock, clock
from tests.core.test_alerts import bad_batch, busy, fixed
from tests.core.test_alerts import shop as mugs_and_plates
from tests.shop import PROGRAM, Shop
from tests.ui.front import Dialogs, Front, Opener, dialogs, look, press
from tests.ui.test_actions import tab
from tests.ui.test_today import complaint
from ui import theme
from ui.ask import ScriptedAsker
from ui.desk import Desk
from ui.dialogs.buyers import Buyers
from ui.dialogs.paper import PaperDialog
from ui.dialogs.settle_alert import SettleAlert
from ui.forms.dialog import RecordDialog
from ui.jobs import Jobs
from ui.main_window import MainWindow
from ui.pages.today import LOW
from ui.panels.alerts_card import AlertsCard
from ui.preferences import Preferences

__all__ = ["clock", "dialogs", "look", "mugs_and_plates"]


@pytest.fixture
def shop(mugs_and_plates: Shop) -> Shop:
    return mugs_and_plates


@pytest.fixture
def at_desk(shop: Shop, dialogs: Dialogs) -> Iterator[Front]:
    """A window on 10 December 2026 around a shop with a bad batch, which is noticed as soon as the register is open."""
    shop.fills_in_letterhead()
    bad_batch(shop)
    made = Front(shop, dialogs)
    made.window.daybreak.catch_up()
    yield made
    made.leave()


def card(front: Front) -> AlertsCard:
    page = front.page("today")
    found = page.alerts
    assert isinstance(found, AlertsCard)
    return found


def test_a_bad_batch_stands_on_today_when_the_register_is_opened(at_desk: Front) -> None:
    assert at_desk.said == "1 thing was noticed; it stands on Today."
    shown = card(at_desk)
    assert shown.isVisibleTo(at_desk.window)
    assert shown.list.sentences() == ["Batch L-0412 (Mug): 5 of 38 complained of, 0.8 expected"]
    assert shown.facts.text().startswith("Sold from 1 Oct 2026 to ")
    before = at_desk.shop.register.revision
    at_desk.window.daybreak.catch_up()
    assert at_desk.shop.register.revision == before, "it is told once"


def test_undo_passes_over_what_the_program_did_by_itself(at_desk: Front) -> None:
    assert at_desk.shop.register.steps(1)[0][0].label == "Notice what goes wrong"
    mine = at_desk.shop.register.undoable()
    assert mine is not None
    assert mine.label != "Notice what goes wrong"
    assert at_desk.menu("Undo") == [f"Undo: {mine.label}"]
    assert at_desk.window.toast.button.text() == "Show", "no Undo that would take back something else"


def test_where_alerts_leave_no_room_the_reasoning_is_one_key_away(at_desk: Front, clock: Clock) -> None:
    complaint(at_desk.shop, clock)
    page = at_desk.page("today")
    shown = card(at_desk)
    at_desk.window.resize(1366, 768)
    page.due.setFocus()
    press(Qt.Key.Key_W)
    assert page.reasoning.isVisible()
    assert at_desk.asker.asked == [], "it stands there"
    assert not page.why_button.isVisible()
    at_desk.window.resize(1366, int(theme.em(LOW)) - 40)
    assert shown.isVisible()
    assert not page.reasoning.isVisible()
    assert page.why_button.isVisible()
    press(Qt.Key.Key_W)
    (told,) = at_desk.asker.asked
    assert told.text.startswith(page.reasoning.text())
    assert "UPK art. 7a" in told.text
    assert page.doubt.text() in told.text


def test_enter_shows_exactly_the_cases_behind_it(at_desk: Front) -> None:
    other = at_desk.shop.complains("Of something else")
    at_desk.window.open_record(Case, other.id)
    at_desk.page("cases").listing._put_words("else")
    at_desk.page("today")
    shown = card(at_desk)
    shown.list.setFocus()
    press(Qt.Key.Key_Return)
    assert at_desk.window.page_name() == "cases"
    listed = at_desk.window.go("cases").listing.table.table_model
    ids = listed.ids_between(0, listed.total - 1)
    assert {at_desk.shop.get(Case, id_).number for id_ in ids} == {f"R/Z{n}" for n in range(301, 306)}, "whatever was searched for before"
    assert at_desk.page("cases").panel.case.id == ids[0], "the first of them is open, and not one of before"


def test_it_becomes_an_action_and_is_gone(at_desk: Front) -> None:
    shown = card(at_desk)

    def drive(dialog: RecordDialog) -> None:
        assert dialog.form.editors["name"].value() == "Batch L-0412 (Mug): 5 of 38 complained of, 0.8 expected"
        dialog.accept()

    at_desk.dialogs.will(drive)
    shown.action_button.click()
    (action,) = at_desk.shop.register.records(Query(Action))
    assert (action.source, action.watched) == (ActionSource.ALERT, Indicator.COMPLAINT_RATE)
    assert at_desk.window.page_name() == "improvement"
    assert not card(at_desk).isVisibleTo(at_desk.window)
    at_desk.desk.undo()
    assert card(at_desk).isVisibleTo(at_desk.window)


def test_an_action_leads_to_the_control_chart_of_what_watches_it(at_desk: Front) -> None:
    at_desk.dialogs.will(lambda dialog: dialog.accept())
    card(at_desk).action_button.click()
    link = tab(at_desk).panel.watched
    assert link.text() == "Complaint rate"
    link.click()
    assert at_desk.window.page_name() == "analysis"
    page = at_desk.page("analysis")
    assert page.name == "control"
    assert page.view("control").indicator.chosen is Indicator.COMPLAINT_RATE
    mug = at_desk.shop.get(Batch, 2).product
    assert page.bar.only == ((By.PRODUCT, mug),)


def test_settling_asks_for_a_reason(at_desk: Front) -> None:
    shown = card(at_desk)

    def drive(dialog: SettleAlert) -> None:
        dialog.save()
        assert dialog.isVisible(), "without a reason it stays"
        dialog.form.editors["settled_because"].set_value("A school bought them all.")
        dialog.save()

    at_desk.dialogs.will(drive)
    shown.settle_button.click()
    (alert,) = at_desk.shop.register.records(Query(Alert))
    assert alert.settled_because == "A school bought them all."
    assert not card(at_desk).isVisibleTo(at_desk.window)


def test_the_buyers_their_letters_their_addresses_and_the_end_of_the_sale(at_desk: Front) -> None:
    shown = card(at_desk)

    def look_at(paper: PaperDialog) -> None:
        assert paper.count.text() == "4 pages"

    def drive(dialog: Buyers) -> None:
        assert dialog.said.text() == "4 customers bought it from 1 Oct 2026 to 10 Dec 2026 and have not complained. Of 6 more orders no customer is known."
        assert dialog.table.table_model.total == 4
        at_desk.dialogs.will(look_at)
        dialog.letter_button.click()
        dialog.copy_button.click()
        dialog.stop_button.click()
        assert dialog.stopped.text() == "The sale of batch L-0412 was stopped on 10 Dec 2026."
        assert not dialog.stop_button.isVisible()

    at_desk.dialogs.will(drive)
    shown.buyers_button.click()
    assert QGuiApplication.clipboard().text() == "b0@example.com; b1@example.com; b2@example.com; b3@example.com"
    assert at_desk.shop.get(Batch, 2).stopped_on is not None
    assert not card(at_desk).stop_button.isVisible(), "it is stopped already"


def test_an_action_that_did_not_help_is_opened(shop: Shop, dialogs: Dialogs, clock: Clock) -> None:
    busy(shop, 12, 12)
    action = fixed(shop, clock)
    clock.set("2026-12-05")
    front = Front(shop, dialogs)
    front.window.daybreak.catch_up()
    shown = card(front)
    row = next(at for at, one in enumerate(shown.alerts) if one.watched)
    shown.list.setCurrentRow(row)
    assert shown.show_button.text() == "Open the action"
    assert not shown.buyers_button.isVisible()
    shown.show_button.click()
    assert front.window.page_name() == "improvement"
    assert tab(front).panel.number.text() == action.number
    front.leave()


def test_a_register_that_is_only_read_shows_them_and_changes_nothing(at_desk: Front, tmp_path: Path) -> None:
    with open_register(at_desk.shop.path, program=PROGRAM) as second:
        asker = ScriptedAsker()
        window = MainWindow(Desk(second, asker, Jobs(asker, synchronous=True), Preferences()), Opener())
        page = window.go("today")
        page.refresh()
        assert page.alerts.list.count() == 1
        assert not page.alerts.action_button.isEnabled()
        assert not page.alerts.settle_button.isEnabled()
        assert page.alerts.buyers_button.isEnabled()
        window.leave()
        window.deleteLater()
