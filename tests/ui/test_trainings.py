"""Trainings in the window: the table of who has had what, one written down for several, and what waits on Today."""

from __future__ import annotations

from datetime import date
from typing import Any

from PySide6.QtCore import Qt

from qmdesk.operations import trainings
from qmdesk.records.audit import Rhythm
from qmdesk.records.improvement import Training, TrainingSession
from qmdesk.schema.query import Query
from tests.clock import Clock, clock
from tests.ui.front import Dialogs, Front, dialogs, front, look, press, shop, write
from ui.dialogs.training_held import TrainingHeld
from ui.forms.dialog import RecordDialog

__all__ = ["Dialogs", "clock", "dialogs", "front", "look", "shop"]
Key, Ctrl = Qt.Key, Qt.KeyboardModifier.ControlModifier


def staffed(front: Front) -> tuple[int, int, Training]:
    """Two people and a training one of them had two years ago."""
    anna, ewa = front.shop.person("Anna Wróbel", "Office"), front.shop.person("Ewa Żak", "Packing")
    made = front.shop.plans_training("Personal data", rhythm=Rhythm.YEARLY)
    return anna, ewa, front.shop.trains(made, date(2024, 12, 1), anna)


def tab(front: Front) -> Any:
    return front.page("improvement").turn_to(Training)


def cells(panel: Any) -> list[list[str]]:
    model = panel.model
    return [[model.index(row, column).data() for column in range(model.columnCount())] for row in range(model.rowCount())]


def test_the_first_training_is_written_down_and_due_at_once(clock: Clock, front: Front) -> None:
    front.shop.person("Anna Wróbel")
    panel = tab(front)
    assert panel.nothing.isVisible()

    def fill(dialog: RecordDialog) -> None:
        write("Personal data")
        press(Key.Key_Return, held=Ctrl)

    front.dialogs.will(fill)
    panel.nothing.button.click()
    assert not panel.nothing.isVisible()
    assert cells(panel) == [["Not yet"]]
    assert panel.summary.text() == "1 person is without something · 1 training waits"


def test_today_leads_to_who_is_without_and_one_key_writes_it_down_for_all(clock: Clock, front: Front) -> None:
    anna, _ewa, made = staffed(front)
    today = front.page("today")
    assert today.routine.trainings_link.text() == "1 training waits"
    today.routine.trainings_link.click()
    panel = front.page("improvement").current()
    assert cells(panel) == [["since 1 Dec 2025"], ["Not yet"]]
    assert panel.chosen[1].id == anna

    def fill(dialog: TrainingHeld) -> None:
        assert [line.there.isChecked() for line in dialog.lines] == [True, True], "those who need it are ticked"
        assert dialog.lines[0].there.hasFocus()
        dialog.lines[0].result.setText("18 of 20")
        dialog.lines[1].passed.setChecked(False)
        press(Key.Key_Return, held=Ctrl)

    front.dialogs.will(fill)
    press(Key.Key_H)
    assert cells(panel) == [["until 10 Dec 2027"], ["Has not passed"]]
    assert panel.model.data(panel.model.index(0, 0), Qt.ItemDataRole.AccessibleTextRole) == "Has had it · until 10 Dec 2027 · last held 10 Dec 2026 · 18 of 20"
    assert front.said == "Write down a training held: Personal data"
    assert front.shop.get(Training, made.id).next_on == date(2027, 12, 10)
    assert panel.summary.text() == "1 person is without something · 1 training waits", "who failed is still without it"
    front.dialogs.will(lambda dialog: press(Key.Key_Return, held=Ctrl))
    panel.who.setFocus()
    press(Key.Key_Return)
    assert cells(panel)[1] == ["until 10 Dec 2027"]
    assert panel.summary.text() == "Everybody has had what they need"
    assert not front.page("today").routine.trainings_link.isVisible()
    assert len(trainings.held_of(front.shop.register, made.id)) == 4


def test_nobody_ticked_or_a_day_to_come_is_said_in_the_dialog(clock: Clock, front: Front) -> None:
    staffed(front)
    panel = tab(front)

    def fill(dialog: TrainingHeld) -> None:
        dialog.tick(False)
        assert not dialog.lines[0].result.isEnabled(), "who was not there has no result"
        dialog.save()
        assert dialog.notice.text == "Tick at least one person who was there."
        dialog.tick(True)
        dialog.form.editors["held_on"].set_value(date(2026, 12, 11))
        dialog.save()
        assert "still to come" in dialog.form.rows["held_on"].problem

    front.dialogs.will(fill)
    panel.hold_button.click()
    assert front.shop.register.count(Query(TrainingSession)) == 1


def test_a_topic_says_who_is_without_it_and_a_slip_is_mended_there(clock: Clock, front: Front) -> None:
    anna, ewa, made = staffed(front)
    page = front.page("improvement")
    page.open(Training, made.id)
    panel = page.current()
    card = panel.topics.pair.card
    assert panel.tabs.currentWidget() is panel.topics
    assert card.without.text() == "Still without it: Anna Wróbel, Ewa Żak"
    card.facts.form.editors["who"].set_value("Packing, storeroom")
    card.facts.save()
    assert card.without.text() == "Still without it: Ewa Żak"
    assert card.strange.text() == "Nobody who works here has this role or name: storeroom"
    card.facts.form.editors["rhythm"].set_value(Rhythm.MONTHLY)
    card.facts.save()
    assert front.shop.get(Training, made.id).next_on == date(2025, 1, 1)

    def mend(dialog: RecordDialog) -> None:
        dialog.form.editors["held_on"].set_value(date(2026, 12, 1))
        press(Key.Key_Return, held=Ctrl)

    front.dialogs.will(mend)
    card.tabs.setCurrentIndex(1)
    card.held.setFocus()
    card.held.stand_on(0)
    press(Key.Key_Return)
    assert front.shop.get(Training, made.id).next_on == date(2027, 1, 1)
    card.held.setFocus()
    press(Key.Key_Delete)
    assert front.shop.register.count(Query(TrainingSession)) == 0
    front.dialogs.will(lambda dialog: press(Key.Key_Return, held=Ctrl))
    panel.topics.pair.listing.table.setFocus()
    press(Key.Key_H)
    (held,) = front.shop.register.records(Query(TrainingSession))
    assert (held.person, anna) == (ewa, 1)


def test_an_experiment_whose_time_is_over_waits_on_today(clock: Clock, front: Front) -> None:
    tried = front.shop.begins_experiment(since=date(2026, 10, 1), until=date(2026, 11, 1))
    today = front.page("today")
    assert today.routine.experiments_link.text() == "1 experiment can be decided"
    today.routine.experiments_link.click()
    page = front.page("improvement").current()
    assert page.card.record.id == tried.id
    press(Key.Key_U)
    assert not front.page("today").routine.experiments_link.isVisible()
