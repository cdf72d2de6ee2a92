"""How a shop gets better on its own: an idea is tried out, measured, kept, and what people must know for it is taught."""

from __future__ import annotations

from datetime import date

from qmdesk.operations import experiments, ideas, trainings
from qmdesk.records.improvement import Action, ActionSource, Idea, IdeaState, Training, Verdict
from tests.clock import Clock, clock
from tests.core.test_experiments import BEFORE, MUG, SINCE, furnish, sell
from tests.shop import Shop, shop

__all__ = ["clock", "shop"]


def test_an_idea_becomes_a_rule_because_the_numbers_say_so(clock: Clock, shop: Shop) -> None:
    shop.register.do("Furnish", furnish)
    shop.register.do("Sold in thin boxes", sell, BEFORE, 120, 12)
    clock.set("2026-08-30")
    idea = shop.has_an_idea("Thicker boxes for mugs", by="Anna")
    anna, olaf = shop.person("Anna", "Packing"), shop.person("Olaf", "Packing")
    tried = shop.tries_out(idea, product=MUG, before_since=BEFORE, since=SINCE, until=date(2026, 11, 30), change="Boxes of 5 mm")
    shop.register.do("Sold in thick boxes", sell, SINCE, 100, 1)
    clock.set("2027-01-04")
    assert [one.id for one in experiments.waiting(shop.register, date(2027, 1, 4))] == [tried.id], "its time is over; it waits for a verdict"
    found = shop.counts(tried)
    assert experiments.is_better(found) is True
    shop.keeps_change(tried, "One of 100 instead of one of ten")
    action = shop.makes_it_an_action(tried)
    assert (action.source, action.idea) == (ActionSource.IDEA, idea.id)
    glass = shop.plans_training("Packing glass", who="packing")
    assert [one.id for one in trainings.waiting(shop.register)] == [glass.id]
    shop.trains(glass, date(2027, 1, 4), anna, olaf, results={anna: "can do it alone"})
    assert trainings.waiting(shop.register) == []

    shop.reopens()
    assert shop.get(Idea, idea.id).state is IdeaState.TAKEN_UP
    assert [one.verdict for one in ideas.came_of(shop.register, idea.id).experiments] == [Verdict.KEPT]
    assert shop.get(Action, action.id).description.startswith("Boxes of 5 mm")
    assert shop.get(Training, glass.id).next_on == date(2028, 1, 4)
