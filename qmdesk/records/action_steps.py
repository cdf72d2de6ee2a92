"""The way of an action: which step can be taken when, which facts it asks for, and why another step is not open (quality.md)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from qmdesk.i18n import N_, _, n_, show_day
from qmdesk.records.improvement import ENDED_STATES, Action, ActionKind, ActionState
from qmdesk.schema.types import Labelled
from qmdesk.values import dataclass


class ActionStep(Labelled):
    """What can be done with an action next."""

    CONTAIN = "contain", N_("Contain it at once")
    CORRECT = "correct", N_("Mend this one case")
    ANALYSE = "analyse", N_("Name the root cause")
    PLAN = "plan", N_("Plan what will be done")
    CARRY_OUT = "carry_out", N_("It was carried out")
    EFFECTIVE = "effective", N_("It helped")
    INEFFECTIVE = "ineffective", N_("It did not help")
    CLOSE = "close", N_("Finish and keep")
    REOPEN = "reopen", N_("It came back")
    DROP = "drop", N_("Drop")


@dataclass(frozen=True)
class Way:
    """What a step does: the state it leads to (None: the state stays), the facts it asks for, and those it can't do without."""

    leads_to: ActionState | None
    asks: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    days: tuple[str, ...] = ()
    """Those of them that tell when it was done: today until another day is given, never in the future."""


_VERDICT = ("verified_on", "verified_by", "verdict_reasons")

WAYS: Mapping[ActionStep, Way] = {
    ActionStep.CONTAIN: Way(None, ("containment", "contained_on"), ("containment", "contained_on"), ("contained_on",)),
    ActionStep.CORRECT: Way(None, ("correction", "corrected_on"), ("correction", "corrected_on"), ("corrected_on",)),
    ActionStep.ANALYSE: Way(ActionState.ANALYSED, ("cause_text", "cause", "cause_method", "extent"), ("cause_text",)),
    ActionStep.PLAN: Way(ActionState.PLANNED, ("plan", "owner", "due_on", "indicator", "criterion", "waiting_days"), ("plan", "owner", "due_on", "criterion")),
    ActionStep.CARRY_OUT: Way(ActionState.DONE, ("done_on", "cost"), ("done_on",), ("done_on",)),
    ActionStep.EFFECTIVE: Way(ActionState.EFFECTIVE, _VERDICT, _VERDICT, ("verified_on",)),
    ActionStep.INEFFECTIVE: Way(ActionState.INEFFECTIVE, _VERDICT, _VERDICT, ("verified_on",)),
    ActionStep.CLOSE: Way(ActionState.CLOSED, ("standardised", "risks_updated", "recognition", "gain"), ("standardised",)),
    ActionStep.REOPEN: Way(None),
    ActionStep.DROP: Way(ActionState.DROPPED, ("dropped_because",), ("dropped_because",)),
}

BEFORE_DONE = (ActionState.OPEN, ActionState.ANALYSED, ActionState.PLANNED)
CONTAINED_FIRST = (ActionKind.CORRECTIVE,)
"""Something is going wrong now: it is stopped before its cause is looked for."""
CAUSE_FIRST = (ActionKind.CORRECTIVE, ActionKind.PREVENTIVE)
"""The plan is made against a cause; a containment or a correction mends what is there, an improvement has a goal."""
MENDING = (ActionKind.CONTAINMENT, ActionKind.CORRECTION)
"""Whether it worked is seen as soon as it is done: without a wish it is checked without waiting."""


def steps(action: Action, open_tasks: int, today: date) -> dict[ActionStep, str]:
    """Every step with the sentence that forbids it now; "" means allowed. ``open_tasks`` counts those not done."""
    if action.state in ENDED_STATES:
        return _after_its_end(action)
    found = dict.fromkeys(ActionStep, "")
    if action.state in BEFORE_DONE:
        found.update(_before_done(action, open_tasks))
    else:
        done = _("It was carried out already.")
        found.update(dict.fromkeys((ActionStep.CONTAIN, ActionStep.CORRECT, ActionStep.ANALYSE, ActionStep.PLAN, ActionStep.CARRY_OUT, ActionStep.DROP), done))
    found.update(_verdicts(action, open_tasks, today))
    if action.state is not ActionState.EFFECTIVE:
        found[ActionStep.CLOSE] = _("First somebody has to check whether it helped.")
        found[ActionStep.REOPEN] = _("It has no verdict yet.")
    elif open_tasks:
        found[ActionStep.CLOSE] = tasks_sentence(open_tasks)
    return found


def tasks_sentence(open_tasks: int) -> str:
    """Why an action with tasks that are not done goes no further."""
    return n_("{n} task is not done yet.", "{n} tasks are not done yet.", open_tasks)


def _after_its_end(action: Action) -> dict[ActionStep, str]:
    """An action that ended is only taken up again, by another one that is linked to it."""
    over = _("Action {number} is over.").format(number=action.number)
    found = dict.fromkeys(ActionStep, over)
    found[ActionStep.REOPEN] = "" if action.state is not ActionState.INEFFECTIVE else _("It was opened again when it did not help.")
    return found


def _before_done(action: Action, open_tasks: int) -> dict[ActionStep, str]:
    found: dict[ActionStep, str] = {}
    if action.kind in CONTAINED_FIRST and not action.containment.strip():
        found[ActionStep.ANALYSE] = _("First write what was done at once, so that it does no more harm.")
    if action.kind in CAUSE_FIRST and not action.cause_text.strip():
        found[ActionStep.PLAN] = _("First find the cause: what is planned must be against it.")
    if action.state is not ActionState.PLANNED:
        found[ActionStep.CARRY_OUT] = _("First plan it: what, who, until when, and when it counts as effective.")
    elif open_tasks:
        found[ActionStep.CARRY_OUT] = tasks_sentence(open_tasks)
    return found


def _verdicts(action: Action, open_tasks: int, today: date) -> dict[ActionStep, str]:
    if action.state in BEFORE_DONE:
        return dict.fromkeys((ActionStep.EFFECTIVE, ActionStep.INEFFECTIVE), _("First it has to be carried out."))
    if action.state is ActionState.EFFECTIVE:
        return dict.fromkeys((ActionStep.EFFECTIVE, ActionStep.INEFFECTIVE), _("It was found effective already."))
    if open_tasks:
        return dict.fromkeys((ActionStep.EFFECTIVE, ActionStep.INEFFECTIVE), tasks_sentence(open_tasks))
    if action.verify_on and today < action.verify_on:  # that it does not help may be plain before its time
        return {ActionStep.EFFECTIVE: _("It is too early to say that it helped: wait until {day}.").format(day=show_day(action.verify_on))}
    return {}


def next_step(action: Action, open_tasks: int, today: date) -> ActionStep | None:
    """The step that comes next; None where there is nothing to do but to wait or to finish the tasks."""
    allowed = {step for step, refusal in steps(action, open_tasks, today).items() if not refusal}
    if action.state in ENDED_STATES:
        return None
    wanted = [ActionStep.CLOSE, ActionStep.EFFECTIVE, ActionStep.CARRY_OUT]
    if action.state is not ActionState.PLANNED:
        wanted.append(ActionStep.PLAN)
    if action.kind in CAUSE_FIRST and not action.cause_text.strip():
        wanted.append(ActionStep.ANALYSE)
    if action.kind in CONTAINED_FIRST and not action.containment.strip():
        wanted.append(ActionStep.CONTAIN)
    return next((step for step in wanted if step in allowed), None)
