"""An action from what it comes from to its end: begun, led through its gates, judged, opened again; and its tasks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from qmdesk.errors import Known, Problem, Problems
from qmdesk.i18n import N_, _, show_day
from qmdesk.operations.action_reading import cause_found, open_tasks, tasks_of
from qmdesk.operations.attachments import Staged, prepare_file
from qmdesk.operations.registers import the_shop
from qmdesk.records.action_steps import MENDING, WAYS, ActionStep, steps
from qmdesk.records.audit import Finding
from qmdesk.records.case import Case
from qmdesk.records.improvement import Action, ActionKind, ActionSource, ActionState, Evidence, Idea, Task
from qmdesk.records.party import Person
from qmdesk.records.process import ProcessStep
from qmdesk.register import Reading, Transaction, clock
from qmdesk.schema import types
from qmdesk.schema.query import Condition, Query
from qmdesk.schema.record import empty, replace

BEGIN = N_("Begin an action")
EDIT = N_("Change the facts of an action")
ADD_TASK = N_("Add a task")
CHANGE_TASK = N_("Change a task")
FINISH_TASK = N_("Tick off a task")
REMOVE_TASK = N_("Remove a task")
ADD_EVIDENCE = N_("Add evidence to an action")
REMOVE_EVIDENCE = N_("Remove evidence from an action")

LONGEST_NAME = 120
"""Letters of a name that is made from a longer text."""


# ------------------------------------------------------------------------------------------ begin and change


def begin(
    tx: Transaction,
    name: str,
    source: ActionSource,
    *,
    finding: int | None = None,
    case: int | None = None,
    review: int | None = None,
    idea: int | None = None,
    process_step: int | None = None,
    kind: ActionKind = ActionKind.CORRECTIVE,
    description: str = "",
    requirement: str = "",
) -> Action:
    """Begin an action, with its number; what it comes from fills in what is not said. Raises Problems, NotFound.

    An empty ``name`` is taken from what it comes from. A containment or correction is checked without waiting, all others after 60 days.
    """
    told = {"name": name.strip(), "description": description.strip(), "requirement": requirement.strip(), "process_step": process_step}
    known = known_from(tx, finding=finding, case=case, idea=idea, process_step=process_step)
    values = {**known, **{field: value for field, value in told.items() if value}}
    if kind in MENDING:
        values["waiting_days"] = 0
    draft = Action(**{"name": "", **values, "source": source, "kind": kind, "opened_on": clock().date(), "finding": finding, "case": case, "review": review, "idea": idea})
    return _begun(tx, draft)


def begin_with(tx: Transaction, source: ActionSource, values: Mapping[str, Any]) -> Action:
    """Begin an action and say at once what else is known of it: its owner, its day. Raises Problems, NotFound."""
    of_begin = ("name", "finding", "case", "review", "idea", "process_step", "kind", "description", "requirement")
    given = {name: values[name] for name in of_begin if name in values}
    begun = begin(tx, given.pop("name", ""), source, **given)
    return _changed(tx, begun, {name: value for name, value in values.items() if name not in of_begin})


def known_from(reading: Reading, *, finding: int | None = None, case: int | None = None, idea: int | None = None, process_step: int | None = None) -> dict[str, Any]:
    """What the thing an action comes from says about it: fields of the action with their values. Raises NotFound."""
    if finding:
        found = reading.get(Finding, finding)
        told = {"name": _short(found.statement), "description": _lines(found.statement, found.evidence), "requirement": _short(found.requirement, 250)}
        return {**told, "process_step": found.process_step, "owner": found.owner, "due_on": found.due_on}
    if case:
        complaint = reading.get(Case, case)
        return {"name": _short(complaint.description), "description": complaint.description, "process_step": complaint.process_step}
    if idea:
        proposed = reading.get(Idea, idea)
        return {"name": _short(proposed.what), "description": _lines(proposed.what, proposed.gain)}
    if process_step:
        step = reading.get(ProcessStep, process_step)
        return {"name": _short(step.weaknesses or step.name), "description": step.weaknesses, "owner": step.owner}
    return {}


def _short(text: str, most: int = LONGEST_NAME) -> str:
    """The first line of a text, cut between words."""
    line = text.strip().partition("\n")[0].strip()
    return line if len(line) <= most else f"{line[: most - 1].rpartition(' ')[0] or line[: most - 1]}…"


def _lines(*parts: str) -> str:
    return "\n".join(part.strip() for part in parts if part.strip())


def _begun(tx: Transaction, draft: Action) -> Action:
    number = tx.number(the_shop(tx).action_series or "N", draft.opened_on.year)
    tx.about(number)
    return tx.get(Action, tx.add(replace(draft, number=number)))


def edit(tx: Transaction, action_id: int, values: Mapping[str, Any]) -> Action:
    """Change the facts of an action. Raises Known for what stands already, Problems."""
    return _changed(tx, _in_step(tx, action_id), values)


def _changed(tx: Transaction, action: Action, values: Mapping[str, Any]) -> Action:
    """Change an action; a criterion that is written anew is dated today."""
    given = dict(values)
    if "criterion" in given and given["criterion"].strip() != action.criterion:
        given["criterion_on"] = clock().date() if given["criterion"].strip() else None
    return tx.change(action, **given) if given else action


def _in_step(tx: Transaction, action_id: int) -> Action:
    """The action this step is about."""
    action = tx.get(Action, action_id)
    tx.about(action.number)
    return action


# ------------------------------------------------------------------------------------------------- its way


def take_step(tx: Transaction, action_id: int, step: ActionStep, values: Mapping[str, Any] | None = None) -> Action:
    """Do a step with ``values``, the facts it asks for; a day that is not given is today.

    A verdict "not effective", and an action that came back, begin another one linked to it: that one is returned.
    Raises Known with the reason when the step is not allowed now, Problems when a fact is missing or can't be right.
    """
    action = _in_step(tx, action_id)
    today = clock().date()
    if refusal := steps(action, open_tasks(tx, action), today)[step]:
        raise Known(refusal)
    way = WAYS[step]
    given = {**{name: today for name in way.days if getattr(action, name) is None}, **(values or {})}
    if step is ActionStep.ANALYSE:
        known = {name: value for name, value in cause_found(tx, action).items() if empty(getattr(action, name))}
        given = {**known, **{name: value for name, value in given.items() if not (empty(value) and name in known)}}
    draft = replace(action, **given)
    problems = _missing(draft, way.needs) or [*_in_the_future(draft, way.days, today), *_judge_problems(tx, draft, step)]
    if problems:
        raise Problems(problems)
    if step is ActionStep.REOPEN:
        return _opened_again(tx, action)
    done = _changed(tx, action, {**given, **_follows(draft, step, today), "state": way.leads_to or action.state})
    return _opened_again(tx, done) if step is ActionStep.INEFFECTIVE else done


def _follows(draft: Action, step: ActionStep, today: date) -> dict[str, Any]:
    """What a step settles by itself."""
    if step is ActionStep.CARRY_OUT and draft.done_on:
        return {"verify_on": draft.done_on + timedelta(days=draft.waiting_days)}
    if step in (ActionStep.CLOSE, ActionStep.DROP, ActionStep.INEFFECTIVE):
        return {"closed_on": today}
    return {}


def _missing(draft: Action, needs: Sequence[str]) -> list[Problem]:
    blank = [name for name in needs if empty(getattr(draft, name))]
    own = {problem.field: problem for problem in replace(draft, state=ActionState.CLOSED).check()}  # a sentence of its own where there is one
    return [own.get(name) or Problem(name, _("{field} is missing.").format(field=draft.spec.fields[name].labelled())) for name in blank]


def _in_the_future(draft: Action, days: Sequence[str], today: date) -> list[Problem]:
    sentence = _("{field} can't lie in the future.")
    return [Problem(name, sentence.format(field=draft.spec.fields[name].labelled())) for name in days if getattr(draft, name) > today]


def _judge_problems(reading: Reading, draft: Action, step: ActionStep) -> list[Problem]:
    """A verdict is given by somebody who did not do it, where there is somebody else, and not before its day."""
    if step not in (ActionStep.EFFECTIVE, ActionStep.INEFFECTIVE):
        return []
    if step is ActionStep.EFFECTIVE and draft.verified_on and draft.verify_on and draft.verified_on < draft.verify_on:
        return [Problem("verified_on", _("It is too early to say that it helped: wait until {day}.").format(day=show_day(draft.verify_on)))]
    doers = doers_of(reading, draft)
    others = [id_ for id_ in reading.ids(Query(Person, (Condition("active", types.IS, (True,)),))) if id_ not in doers]
    if draft.verified_by in doers and others:
        return [Problem("verified_by", _("Who carried it out does not judge it where there is somebody else: {names}.").format(names=", ".join(reading.titles(Person, others[:5]).values())))]
    return []


def doers_of(reading: Reading, action: Action) -> set[int]:
    """The people who answer for an action or did its tasks."""
    return {id_ for id_ in (action.owner, *(task.owner for task in tasks_of(reading, action))) if id_}


AGAIN = ("name", "kind", "source", "finding", "case", "review", "idea", "process_step", "owner", "description", "requirement", "extent", "team", "indicator", "watched", "product", "supplier", "waiting_days")


def _opened_again(tx: Transaction, action: Action) -> Action:
    """Another action about the same, linked to the one that did not hold; its containment, cause and plan are found anew."""
    return _begun(tx, Action(opened_on=clock().date(), reopens=action.id, **{name: getattr(action, name) for name in AGAIN}))


# ----------------------------------------------------------------------------------------------- its tasks


def add_task(tx: Transaction, action_id: int, values: Mapping[str, Any]) -> Task:
    """Add a task at the end of an action's plan. Raises Known, Problems."""
    action = _in_step(tx, action_id)
    position = max((task.position for task in tasks_of(tx, action)), default=0) + 1
    return tx.get(Task, tx.add(Task(**{**values, "what": values.get("what", "").strip(), "action": action.id, "position": position})))


def change_task(tx: Transaction, task_id: int, values: Mapping[str, Any]) -> Task:
    """Change a task. Raises Known, Problems."""
    task = _task(tx, task_id)
    return tx.change(task, **values)


def finish_task(tx: Transaction, task_id: int, *, done: bool = True) -> Task:
    """Tick a task off as done today, or open it again. Raises Known."""
    task = _task(tx, task_id)
    return tx.change(task, done_on=(task.done_on or clock().date()) if done else None)


def remove_task(tx: Transaction, task_id: int) -> None:
    """Take a task away; the history keeps it. Raises Known."""
    tx.remove(_task(tx, task_id))


def _task(tx: Transaction, task_id: int) -> Task:
    task = tx.get(Task, task_id)
    _in_step(tx, task.action)
    return task


# -------------------------------------------------------------------------------------------- its evidence


def add_evidence(tx: Transaction, action_id: int, files: Sequence[Staged]) -> list[int]:
    """Keep photos or other files that show what an action found or did; returns their ids. Raises Known."""
    action = _in_step(tx, action_id)
    added = []
    for name, content in files:
        kept, prepared, media = prepare_file(name, content)
        added.append(tx.add(Evidence(action=action.id, name=kept, content=tx.keep(prepared), media_type=media, size=len(prepared), added_at=clock())))
    return added


def remove_evidence(tx: Transaction, evidence_id: int) -> None:
    """Take a file out of its action; the history keeps it. Raises Known."""
    one = tx.get(Evidence, evidence_id)
    _in_step(tx, one.action)
    tx.remove(one)
