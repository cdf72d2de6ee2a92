"""What a shop makes better: ideas, experiments, trainings; each verb is undone and redone as all are."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from qmdesk.operations import experiments, ideas, trainings
from qmdesk.records.improvement import Action, Experiment, Idea, Training, TrainingSession
from qmdesk.register import Register, Transaction


def keep_experiment(tx: Transaction, values: dict[str, Any]) -> int:
    """An experiment as the dialog keeps it."""
    return tx.add(Experiment(**values))


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

    # -- experiments

    def begins_experiment(self, name: str = "Thicker boxes", **values: Any) -> Experiment:
        id_ = self.do("Experiment", keep_experiment, {"name": name, "hypothesis": "Fewer broken mugs", **values})
        return self.register.get(Experiment, id_)

    def counts(self, experiment: Experiment) -> Experiment:
        return self.do(experiments.COUNT, experiments.count, experiment.id)

    def keeps_change(self, experiment: Experiment, learned: str) -> Experiment:
        return self.do(experiments.KEEP, experiments.keep, experiment.id, learned)

    def gives_change_up(self, experiment: Experiment, learned: str) -> Experiment:
        return self.do(experiments.DROP, experiments.drop, experiment.id, learned)

    def leaves_open(self, experiment: Experiment, learned: str = "") -> Experiment:
        return self.do(experiments.LEAVE_OPEN, experiments.leave_open, experiment.id, learned)

    def goes_on(self, experiment: Experiment) -> Experiment:
        return self.do(experiments.GO_ON, experiments.go_on, experiment.id)

    def makes_it_an_action(self, experiment: Experiment) -> Action:
        return self.do(experiments.AS_ACTION, experiments.make_action, experiment.id)

    # -- trainings

    def plans_training(self, topic: str = "Personal data", **values: Any) -> Training:
        return self.do(trainings.ADD, trainings.add, Training(topic=topic, **values))

    def edits_training(self, training: Training, **values: Any) -> Training:
        return self.do(trainings.EDIT, trainings.edit, training.id, values)

    def trains(self, training: Training, held_on: date, *people: int, failed: tuple[int, ...] = (), results: Mapping[int, str] | None = None, note: str = "") -> Training:
        attended = [trainings.Attendance(one, one not in failed, (results or {}).get(one, "")) for one in (*people, *failed)]
        return self.do(trainings.HOLD, trainings.hold, training.id, held_on, attended, note)

    def corrects_training(self, session: TrainingSession, **values: Any) -> TrainingSession:
        return self.do(trainings.CORRECT, trainings.correct, session.id, values)

    def takes_training_back(self, session: TrainingSession) -> None:
        self.do(trainings.REMOVE, trainings.take_back, session.id)
