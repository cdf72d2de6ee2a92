"""What a shop does about what goes wrong: actions with their tasks, causes and verdicts; each verb is undone and redone as all are."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from qmdesk.operations import action_reading, actions, whys
from qmdesk.operations.attachments import Staged
from qmdesk.records.action_steps import ActionStep
from qmdesk.records.improvement import Action, ActionKind, ActionSource, Task, Why
from qmdesk.records.party import Person
from qmdesk.register import Register

PLAN = {"plan": "Weigh each parcel before it is closed.", "criterion": "No parcel goes back for its weight in 60 days."}


class Acting:
    """The verbs of actions, for ``tests.shop.Shop``."""

    register: Register
    do: Callable[..., Any]

    def begins_action(self, name: str = "Parcels come back", source: ActionSource = ActionSource.OWN, **values: Any) -> Action:
        return self.do(actions.BEGIN, actions.begin, name, source, **values)

    def acts(self, action: Action, step: ActionStep, **values: Any) -> Action:
        return self.do("Step", actions.take_step, action.id, step, values)

    def person(self, name: str, role: str = "", **values: Any) -> int:
        known = self.register.by_value(Person, "name", [name]).get(name)
        return known or self.do("Person", lambda tx: tx.add(Person(name=name, role=role, **values)))

    def plans_action(self, action: Action, **values: Any) -> Action:
        """Containment, cause and plan, as a corrective action needs them."""
        if action.kind is ActionKind.CORRECTIVE:
            self.acts(action, ActionStep.CONTAIN, containment="All parcels of today are weighed again.")
        if action.kind in (ActionKind.CORRECTIVE, ActionKind.PREVENTIVE):
            self.acts(action, ActionStep.ANALYSE, cause_text="Nobody knows the limit of the courier.")
        due_on = values.pop("due_on", action.opened_on)
        return self.acts(action, ActionStep.PLAN, **{**PLAN, "owner": self.person("Jan Kos"), "due_on": due_on, **values})

    def carries_out(self, action: Action, **values: Any) -> Action:
        return self.acts(action, ActionStep.CARRY_OUT, **values)

    def judges(self, action: Action, step: ActionStep = ActionStep.EFFECTIVE, by: str = "Anna Wróbel", why: str = "None of 212 parcels came back.") -> Action:
        return self.acts(action, step, verified_by=self.person(by), verdict_reasons=why)

    def adds_task(self, action: Action, what: str, **values: Any) -> Task:
        return self.do(actions.ADD_TASK, actions.add_task, action.id, {"what": what, **values})

    def ticks_off(self, task: Task, **values: Any) -> Task:
        return self.do(actions.FINISH_TASK, actions.finish_task, task.id, **values)

    def shows(self, action: Action, *files: Staged) -> list[int]:
        return self.do(actions.ADD_EVIDENCE, actions.add_evidence, action.id, files)

    def asks_why(self, action: Action, because: str, **values: Any) -> Why:
        return self.do(whys.ADD, whys.add, action.id, because, **values)

    # -- looking

    def action(self, action: Action) -> Action:
        return self.register.get(Action, action.id)

    def tasks(self, action: Action) -> Sequence[Task]:
        return action_reading.tasks_of(self.register, action)
