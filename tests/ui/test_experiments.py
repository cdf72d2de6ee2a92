"""Experiments in the window: begun in a dialog, counted by one key, shown as a picture and a sentence, ended by a verdict."""

from __future__ import annotations

from datetime import date
from typing import Any

from PySide6.QtCore import Qt

from qmdesk.records.improvement import Action, Experiment, Measure, Verdict, Wanted
from qmdesk.schema.query import Query
from tests.clock import Clock, clock
from tests.core.test_experiments import BEFORE, MUG, SINCE, furnish, sell
from tests.ui.front import Dialogs, Front, dialogs, front, look, press, shop, write
from ui.forms.dialog import RecordDialog
from ui.widgets.interval_picture import ticks

__all__ = ["Dialogs", "clock", "dialogs", "front", "look", "shop"]
Key = Qt.Key
BY_HAND = {"measure": Measure.SHARE, "wanted": Wanted.MORE, "indicator": "Answered within a day", "before_since": BEFORE, "since": SINCE}


def tab(front: Front, experiment: Experiment | None = None) -> Any:
    page = front.page("improvement").turn_to(Experiment)
    if experiment is not None:
        page.open(Experiment, experiment.id)
        page.listing.table.setFocus()
    return page


def offered(page: Any) -> list[str]:
    return [button.text() for button in page.card.buttons if button.isVisible()]


def test_an_experiment_is_begun_and_counted_from_the_register(clock: Clock, front: Front) -> None:
    front.shop.register.do("Furnish", furnish)
    front.shop.register.do("Before", sell, BEFORE, 120, 12)
    front.shop.register.do("After", sell, SINCE, 100, 1)
    page = tab(front)

    def fill(dialog: RecordDialog) -> None:
        assert dialog.form.editors["before_since"].value() == date(2026, 9, 11), "90 days before today"
        assert "before_hits" not in dialog.form.editors, "what the register counts is not asked for"
        write("Thicker boxes")
        dialog.form.editors["hypothesis"].set_value("Fewer broken mugs")
        dialog.form.editors["before_since"].set_value(BEFORE)
        dialog.form.editors["since"].set_value(SINCE)
        dialog.form.editors["product"].set_value(MUG)
        press(Key.Key_Return, held=Qt.KeyboardModifier.ControlModifier)

    front.dialogs.will(fill)
    page.new_button.click()
    assert page.card.shown.text() == "Nothing to compare yet: before and after are not both counted."
    assert not page.card.picture.isVisible()
    page.listing.table.setFocus()
    press(Key.Key_C)
    assert page.card.shown.text().startswith("12 of 120 (10\xa0%) before, 1 of 100 (1\xa0%) after: lower by 9 percentage points")
    assert page.card.picture.isVisible()
    assert page.card.picture.accessibleName() == "Before: 12 of 120 (10\xa0%); After: 1 of 100 (1\xa0%)"
    assert [stretch.role for stretch in page.card.picture.stretches] == ["neutral", "good"]
    assert page.card.measured.text() == "Measured by: Complaints about what was sold in the time (Mug)"
    model = page.listing.model
    assert model.cell(0, model.place("shows")).text == "better"


def test_what_is_counted_by_hand_is_typed_into_the_facts_and_judged(clock: Clock, front: Front) -> None:
    page = tab(front, front.shop.begins_experiment("Faster answers", **BY_HAND))
    assert offered(page) == ["Keep it… (K)", "Give it up… (G)", "End without a verdict (U)"], "the register can't count this"
    for field, value in (("before_hits", 40), ("before_of", 80), ("after_hits", 44), ("after_of", 85)):
        page.card.facts.form.editors[field].set_value(value)
    page.card.facts.save()
    assert "that may be chance" in page.card.shown.text()
    assert page.card.picture.stretches[1].role == "accent"
    page.card.facts.form.editors["after_hits"].set_value(99)
    assert not page.card.facts.save(), "more than all of them"
    page.card.facts.discard()


def test_it_ends_with_what_was_learned_and_becomes_an_action(clock: Clock, front: Front) -> None:
    idea = front.shop.has_an_idea("Thicker boxes")
    tried = front.shop.tries_out(idea)
    page = tab(front, tried)
    front.asker.will("ask_text", "")
    press(Key.Key_K)
    assert front.asker.warning() == "Say what was learned."
    front.asker.will("ask_text", "They hold")
    press(Key.Key_K)
    assert front.shop.get(Experiment, tried.id).verdict is Verdict.KEPT
    assert page.card.learned.text() == "Learned: They hold"
    assert offered(page) == ["Go on with it (O)", "Make it an action (A)"]
    press(Key.Key_A)
    (action,) = front.shop.register.records(Query(Action))
    assert action.idea == idea.id
    page = tab(front, tried)
    assert page.card.action_link.text() == f"Action {action.number}"
    assert offered(page) == ["Go on with it (O)"]
    page.card.idea_link.click()
    assert front.page("improvement").current().card.record.id == idea.id
    page = tab(front, tried)
    press(Key.Key_O)
    press(Key.Key_U)
    assert front.shop.get(Experiment, tried.id).verdict is Verdict.UNDECIDED
    front.window.undo()
    assert page.card.state.word == "In progress"
    front.asker.will("ask_text", "Too dear")
    press(Key.Key_G)
    assert page.card.state.word == "Not kept"


def test_what_is_too_early_is_said(clock: Clock, front: Front) -> None:
    tab(front, front.shop.begins_experiment(before_since=BEFORE, since=date(2026, 12, 1)))
    press(Key.Key_C)
    assert front.asker.warning() == "It is too early to count: what was sold since 1 Dec 2026 can be judged from 31 Dec 2026 on."


def test_a_scale_has_round_steps_and_reaches_its_highest_value() -> None:
    assert ticks(0.108, 6) == (0.02, 0.12)
    assert ticks(1.0, 5) == (0.2, 1.0)
    for highest in (0.0003, 0.011, 0.5, 3.7, 812.0):
        step, most = ticks(highest, 5)
        assert most >= highest * 0.999
        assert most - step < highest
    assert ticks(0, 5) == (1.0, 1.0)
