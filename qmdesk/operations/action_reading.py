"""What the register holds of actions: their tasks, files and causes, what is overdue and what waits for its verdict."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Any

from qmdesk.records.improvement import Action, ActionState, CauseMethod, Evidence, Task, Why
from qmdesk.register import Reading
from qmdesk.schema import types
from qmdesk.schema.query import Condition, Order, Query, parts_of

UNDER_WAY = (ActionState.OPEN, ActionState.ANALYSED, ActionState.PLANNED)


def tasks_of(reading: Reading, action: Action) -> list[Task]:
    """The tasks of an action in their order."""
    return sorted(reading.records(parts_of(action, Task)), key=lambda one: (one.position, one.id))


def open_tasks(reading: Reading, action: Action) -> int:
    """How many tasks of an action are not done."""
    return sum(task.done_on is None for task in tasks_of(reading, action))


def evidence_of(reading: Reading, action: Action) -> list[Evidence]:
    """The files of an action, oldest first."""
    found: list[Evidence] = reading.records(parts_of(action, Evidence))
    return sorted(found, key=lambda one: one.id)


def whys_of(reading: Reading, action: Action) -> list[Why]:
    """Everything that was answered to "why", of the tree and of the Ishikawa diagram, in its order."""
    return sorted(reading.records(parts_of(action, Why)), key=lambda one: (one.position, one.id))


def cause_found(reading: Reading, action: Action) -> dict[str, Any]:
    """What the causes marked as the root say of an action: their words, their category, by which method they were found."""
    roots = [one for one in whys_of(reading, action) if one.root]
    if not roots:
        return {}
    method = CauseMethod.ISHIKAWA if all(one.branch for one in roots) else CauseMethod.FIVE_WHYS
    return {"cause_text": "\n".join(one.because for one in roots), "cause": next((one.cause for one in roots if one.cause), None), "cause_method": method}


def roots_by_cause(reading: Reading) -> dict[int, int]:
    """Category -> how many root causes of it were found, for a Pareto of what lies behind complaints."""
    where = (Condition("root", types.IS, (True,)), Condition("cause", types.FILLED))
    return dict(Counter(one.cause for one in reading.records(Query(Why, where))).most_common())


def overdue(on: date) -> Query:
    """Actions whose day has passed and which were not carried out, the oldest day first."""
    where = (Condition("state", types.ONE_OF, UNDER_WAY), Condition("due_on", types.BEFORE, (on,)))
    return Query(Action, where).by(Order("due_on"))


def to_verify(on: date) -> Query:
    """Actions whose waiting is over: somebody has to say whether they helped."""
    where = (Condition("state", types.ONE_OF, (ActionState.DONE,)), Condition("verify_on", types.UNTIL, (on,)))
    return Query(Action, where).by(Order("verify_on"))


def overdue_tasks(on: date) -> Query:
    """Tasks whose day has passed and which are not done."""
    return Query(Task, (Condition("done_on", types.EMPTY), Condition("due_on", types.BEFORE, (on,)))).by(Order("due_on"))


def opened_again_by(reading: Reading, action: Action) -> Action | None:
    """The action that went on with this one when it did not hold."""
    found: list[Action] = reading.records(Query(Action, (Condition("reopens", types.IS, (action.id,)),)), 1)
    return found[0] if found else None
