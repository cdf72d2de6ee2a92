"""What a shop makes better: ideas, experiments, trainings; each verb is undone and redone as all are."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from qmdesk.operations import ideas
from qmdesk.records.improvement import Action, Experiment, Idea
from qmdesk.register import Register


class Improving:
    """The verbs of ideas, experiments and trainings, for ``tests.shop.Shop``."""

    register: Register
    do: Callable[..., Any]

    def has_an_idea(self, what: str, by: str = "", gain: str = "") -> Idea:
        return self.do(ideas.WRITE_DOWN, ideas.write_down, what, by, gain)

    def puts_off_idea(self, idea: Idea, answer: str = "") -> Idea:
        return self.do(ideas.LATER, ideas.put_off, idea.id, answer)

    def declines_idea(self, idea: Idea, reason: str) -> Idea:
        return self.do(ideas.DECLINE, ideas.decline, idea.id, reason)

    def reconsiders(self, idea: Idea) -> Idea:
        return self.do(ideas.RECONSIDER, ideas.reconsider, idea.id)

    def takes_up(self, idea: Idea, answer: str = "") -> Action:
        return self.do(ideas.AS_ACTION, ideas.take_up, idea.id, answer)

    def tries_out(self, idea: Idea, **values: Any) -> Experiment:
        return self.do(ideas.AS_EXPERIMENT, ideas.try_out, idea.id, values)
