"""The ideas box in the window: one line from anywhere, the list by state, and an answer for each."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import Qt

from qmdesk.records.improvement import Action, Experiment, Idea, IdeaState, Training
from qmdesk.schema.query import Query
from tests.clock import Clock, clock
from tests.ui.front import Dialogs, Front, dialogs, front, look, press, shop
from ui.pages.improvement import ImprovementPage

__all__ = ["Dialogs", "clock", "dialogs", "front", "look", "shop"]
Key = Qt.Key
Ctrl, Shift = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


def tab(front: Front) -> Any:
    return front.page("improvement").turn_to(Idea)


def shown(page: Any) -> list[str]:
    model = page.listing.model
    return [model.cell(row, model.place("what")).text for row in range(model.total)]


def test_an_idea_is_written_down_from_any_page_and_undone_from_the_bar(clock: Clock, front: Front) -> None:
    front.page("customers")
    front.asker.will("ask_text", "Labels by the door")
    press(Key.Key_I, held=Ctrl | Shift)
    assert front.said == "Write down an idea: Labels by the door"
    assert front.window.page_name() == "customers", "one goes on with what one did"
    assert shown(tab(front)) == ["Labels by the door"]
    front.window.undo()
    assert shown(tab(front)) == []


def test_nothing_is_written_down_where_nothing_was_said(front: Front) -> None:
    front.asker.will("ask_text", None)
    front.window.new_idea()
    front.asker.will("ask_text", "")
    front.window.new_idea()
    assert front.asker.warning() == "Write the idea in a line: what could be better, and how."
    assert not front.shop.register.count(Query(Idea))


def test_the_list_is_chosen_by_state_and_an_idea_is_answered_by_one_key(clock: Clock, front: Front) -> None:
    first, second = front.shop.has_an_idea("Thicker boxes"), front.shop.has_an_idea("Music in the storeroom")
    page = tab(front)
    bar = page.states
    assert [bar.tabText(at) for at in range(bar.count())] == ["Not answered yet (2)", "Later", "Taken up", "Declined", "All"]
    page.open(Idea, second.id)
    page.listing.table.setFocus()
    front.asker.will("ask_text", "The landlord forbids it")
    press(Key.Key_D)
    assert front.shop.get(Idea, second.id).state is IdeaState.DECLINED
    assert page.card.state.word == "Declined"
    assert page.card.answer.text() == "Answer: The landlord forbids it"
    assert [button.isVisible() for button in page.card.buttons] == [False, False, False, False, True]
    bar.setCurrentIndex(0)
    assert shown(page) == ["Thicker boxes"]
    page.open(Idea, second.id)
    assert bar.state is None, "what hides the idea is taken off"
    page.listing.table.setFocus()
    press(Key.Key_N)
    assert front.shop.get(Idea, second.id).state is IdeaState.NEW
    page.open(Idea, first.id)
    page.listing.table.setFocus()
    front.asker.will("ask_text", "")
    press(Key.Key_L)
    assert front.shop.get(Idea, first.id).state is IdeaState.LATER


def test_a_declined_idea_needs_its_reason(front: Front) -> None:
    idea = front.shop.has_an_idea("Music")
    page = tab(front)
    page.open(Idea, idea.id)
    front.asker.will("ask_text", " ")
    page.card.decline_button.click()
    assert front.asker.warning() == "Say why, so that the next idea comes too."
    assert front.shop.get(Idea, idea.id).state is IdeaState.NEW


def test_an_idea_taken_up_leads_to_what_came_of_it_and_back(clock: Clock, front: Front) -> None:
    idea = front.shop.has_an_idea("Thicker boxes", by="Anna")
    page = tab(front)
    page.open(Idea, idea.id)
    assert page.card.whose.text() == "Anna, 10 Dec 2026"
    page.listing.table.setFocus()
    press(Key.Key_A)
    improvement = front.page("improvement")
    (action,) = front.shop.register.records(Query(Action))
    assert (action.name, action.idea) == ("Thicker boxes", idea.id)
    assert improvement.tabs.currentIndex() == 0, "the action is shown, to be filled in"
    page = tab(front)
    assert [link.text() for link in page.card.links] == ["N/2026/0001: Just begun"]
    page.card.try_button.click()
    (tried,) = front.shop.register.records(Query(Experiment))
    page = tab(front)
    assert [link.text() for link in page.card.links] == ["N/2026/0001: Just begun", "Thicker boxes: In progress"]
    page.card.links[1].click()
    assert improvement.current().pair.card.record.id == tried.id


def test_what_was_shown_is_shown_again_in_another_language(clock: Clock, front: Front) -> None:
    idea = front.shop.has_an_idea("Labels")
    made = front.shop.plans_training("Personal data")
    tried = front.shop.tries_out(idea)
    page = front.page("improvement")
    for kind, id_ in ((Idea, idea.id), (Experiment, tried.id), (Training, made.id)):
        page.open(kind, id_)
    other = ImprovementPage(front.desk, front.window.open_record, front.window.show_watched)
    other.return_to(page.place())
    assert other.current().tabs.currentWidget() is other.current().topics
    assert other.current().topics.pair.card.record.id == made.id
    assert other.turn_to(Idea).card.record.id == idea.id
    assert other.turn_to(Experiment).card.record.id == tried.id
    other.deleteLater()


def test_what_is_only_read_can_not_be_answered(clock: Clock, front: Front, monkeypatch: pytest.MonkeyPatch) -> None:
    idea, made = front.shop.has_an_idea("Labels"), front.shop.plans_training("Personal data")
    front.shop.person("Anna")
    monkeypatch.setattr(type(front.shop.register), "read_only", True)
    page = tab(front)
    page.open(Idea, idea.id)
    page.listing.table.setFocus()
    before = front.shop.register.revision
    for key in (Key.Key_A, Key.Key_T, Key.Key_L, Key.Key_D, Key.Key_N):
        press(key)
    panel = front.page("improvement").turn_to(Training)
    panel.who.setFocus()
    press(Key.Key_H)
    panel.open(Training, made.id)
    panel.topics.pair.listing.table.setFocus()
    press(Key.Key_H)
    assert front.shop.register.revision == before
    assert not any(button.isEnabled() for button in page.card.buttons)
    assert not panel.hold_button.isEnabled()
