"""The programme of audits on its tab: the calendar, the list, starting what is due, and the count on Today."""

from __future__ import annotations

from datetime import date
from typing import Any

from PySide6.QtCore import Qt

from qmdesk.records.audit import Audit, PlannedAudit, Rhythm
from qmdesk.schema.query import Query
from tests.clock import Clock, clock
from tests.ui.front import Dialogs, Front, dialogs, front, look, press, shop, write
from ui.forms.dialog import RecordDialog

__all__ = ["Dialogs", "clock", "dialogs", "front", "look", "shop"]
Key = Qt.Key


def planned(front: Front, **values: Any) -> PlannedAudit:
    checklist = front.shop.checklist(questions=({"wording": "So?"},))
    return front.shop.plans(checklist, **{"place": "Storeroom", "rhythm": Rhythm.MONTHLY, "first_on": date(2026, 9, 15), **values})


def cells(panel: Any) -> list[list[str]]:
    """What the list says."""
    return [[panel.days.index(row, column).data() for column in range(panel.days.columnCount())] for row in range(panel.days.rowCount())]


def test_an_audit_is_planned_and_stands_in_the_calendar_and_the_list(clock: Clock, front: Front) -> None:
    front.shop.checklist()
    page = front.page("audits")
    page.tabs.setCurrentWidget(page.programme)
    panel = page.programme
    assert panel.stack.currentWidget() is panel.nothing

    def plan(dialog: RecordDialog) -> None:
        dialog.form.editors["checklist"].set_value(1)
        dialog.form.editors["rhythm"].set_value(Rhythm.QUARTERLY)
        dialog.form.editors["place"].input.setFocus()
        write("Shop floor")
        press(Key.Key_Return, held=Qt.KeyboardModifier.ControlModifier)

    front.dialogs.will(plan)
    panel.nothing.button.click()
    assert cells(panel) == [["10 Dec 2026", "Packing", "Shop floor", "", "Due today", ""]]
    assert panel.years.index(0, 0).data() == "Packing · Shop floor"
    assert panel.years.index(0, 12).data() == "10 Dec 2026 · Packing · Shop floor · Due today"
    panel.show_year(2027)
    assert [row[0] for row in cells(panel)] == ["10 Mar 2027", "10 Jun 2027", "10 Sep 2027", "10 Dec 2027"]
    assert panel.title.text() == "Programme 2027"


def test_what_is_overdue_is_counted_on_today_and_begun_from_the_programme(clock: Clock, front: Front) -> None:
    made = planned(front)
    today = front.page("today")
    assert today.routine.all_link.text() == "1 planned audit waits"
    today.routine.all_link.click()
    page = front.window.go("audits")
    panel = page.programme
    assert page.tabs.currentWidget() is panel
    assert [row[4] for row in cells(panel)] == ["Was missed", "Was missed", "Overdue", "Coming up"]
    assert panel.summary.text() == "0 of 4 done · 2 missed · 1 waits now"
    assert panel.chosen.day == date(2026, 11, 15)

    def run(window: Any) -> None:
        press(Key.Key_1)
        front.dialogs.will(lambda finish: finish.finish_button.click())
        press(Key.Key_F10)

    front.dialogs.will(lambda dialog: press(Key.Key_Return, held=Qt.KeyboardModifier.ControlModifier), run)
    press(Key.Key_S)
    (audit,) = front.shop.register.records(Query(Audit))
    assert (audit.plan, audit.planned_for, audit.place, audit.passed) == (made.id, date(2026, 11, 15), "Storeroom", True)
    page.show_programme()
    assert [row[4:] for row in cells(panel)] == [["Was missed", ""], ["Was missed", ""], ["Done", "100\u00a0%, passed"], ["Coming up", ""]]
    assert panel.chosen.day == date(2026, 12, 15), "nothing waits any more: the next one is chosen"
    front.page("today")
    assert not today.routine.all_link.isVisible()


def test_a_day_that_was_run_opens_its_audit(clock: Clock, front: Front) -> None:
    made = planned(front)
    audit = front.shop.begins_audit(made.checklist, plan=made.id, planned_for=date(2026, 10, 15))
    page = front.page("audits")
    page.show_programme()
    panel = page.programme
    panel.calendar.setFocus()
    panel.calendar.setCurrentIndex(panel.years.index(0, 10))
    assert (panel.chosen.day, panel.start_button.text()) == (date(2026, 10, 15), "Open the audit (S)")
    press(Key.Key_Return)
    assert page.tabs.currentIndex() == 0
    assert page.panel.audit.id == audit.id


def test_a_plan_is_changed_and_removed_or_only_ended_when_it_was_run(clock: Clock, front: Front) -> None:
    made = planned(front)
    panel = front.page("audits").programme
    front.page("audits").show_programme()

    def change(dialog: RecordDialog) -> None:
        dialog.form.editors["rhythm"].set_value(Rhythm.YEARLY)
        dialog.save_button.click()

    front.dialogs.will(change)
    panel.change_button.click()
    assert [row[0] for row in cells(panel)] == ["15 Sep 2026"]
    audit = front.shop.begins_audit(made.checklist, plan=made.id, planned_for=date(2026, 9, 15))
    front.asker.will("confirm", True)
    panel.remove_button.click()
    assert not front.shop.get(PlannedAudit, made.id).active
    assert [row[4] for row in cells(panel)] == ["In progress"]
    front.shop.changes(PlannedAudit, made.id, active=True)
    front.shop.abandons_audit(audit, "Locked")
    other = front.shop.plans(made.checklist, first_on=date(2026, 12, 24), rhythm=Rhythm.ONCE, name="Before Christmas")
    panel.list.setCurrentIndex(panel.days.index(1, 0))
    assert panel.chosen.plan.id == other.id
    panel.remove_button.click()
    assert front.shop.register.find(PlannedAudit, other.id) is None
