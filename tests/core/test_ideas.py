"""The ideas box: written down in a line, and each gets an answer."""

from __future__ import annotations

from datetime import date

import pytest

from qmdesk.errors import Known, Problems
from qmdesk.operations import ideas
from qmdesk.records.improvement import Action, ActionKind, ActionSource, Experiment, Idea, IdeaState
from tests.clock import Clock, clock
from tests.shop import Shop, shop

__all__ = ["clock", "shop"]


def test_an_idea_is_a_line_brought_in_today(clock: Clock, shop: Shop) -> None:
    idea = shop.has_an_idea("  Labels by the door  ", by="Anna", gain="Nobody walks to the office")
    assert (idea.what, idea.by, idea.on, idea.state) == ("Labels by the door", "Anna", date(2026, 12, 10), IdeaState.NEW)
    assert shop.register.steps(1)[0][0].subject == "Labels by the door"
    with pytest.raises(Problems) as error:
        shop.register.do(ideas.WRITE_DOWN, ideas.write_down, "  ")
    assert error.value.problems[0].field == "what"


def test_an_idea_is_declined_with_a_reason_only_and_may_be_thought_about_again(clock: Clock, shop: Shop) -> None:
    idea = shop.has_an_idea("Music in the storeroom")
    with pytest.raises(Problems) as error:
        shop.declines_idea(idea, " ")
    assert [problem.field for problem in error.value.problems] == ["answer"]
    assert shop.declines_idea(idea, "The landlord forbids it").state is IdeaState.DECLINED
    again = shop.reconsiders(idea)
    assert (again.state, again.answer) == (IdeaState.NEW, "The landlord forbids it")
    later = shop.puts_off_idea(idea)
    assert (later.state, later.answer) == (IdeaState.LATER, "The landlord forbids it"), "an answer is not lost by saying nothing"


def test_an_idea_becomes_an_action_and_an_experiment_that_say_where_they_come_from(clock: Clock, shop: Shop) -> None:
    idea = shop.has_an_idea("Thicker boxes for mugs\nThe thin ones give way at the corners.")
    action = shop.takes_up(idea, "We do it before Christmas")
    assert (action.number, action.name, action.source, action.kind) == ("N/2026/0001", "Thicker boxes for mugs", ActionSource.IDEA, ActionKind.IMPROVEMENT)
    assert action.description == idea.what
    tried = shop.tries_out(idea, name="Thick boxes in November")
    assert (tried.idea, tried.name, tried.since) == (idea.id, "Thick boxes in November", date(2026, 12, 10))
    assert shop.get(Idea, idea.id).state is IdeaState.TAKEN_UP
    found = ideas.came_of(shop.register, idea.id)
    assert ([one.id for one in found.actions], [one.id for one in found.experiments]) == ([action.id], [tried.id])
    with pytest.raises(Known, match="N/2026/0001, Thick boxes in November"):
        shop.declines_idea(idea, "Too dear")


def test_an_idea_as_long_as_a_letter_gives_its_first_line_as_a_name(clock: Clock, shop: Shop) -> None:
    idea = shop.has_an_idea("x" * 500)
    assert len(shop.takes_up(idea).name) == 200
    assert len(shop.tries_out(idea).name) == 120
    assert shop.register.count(ideas.in_state(IdeaState.TAKEN_UP)) == 1
    assert {Action, Experiment} <= set(shop.register.kinds)
