"""What an action refuses, whoever asks: its criterion stands once it was carried out, and when it is over so does all but its lessons."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from qmdesk.errors import Known
from qmdesk.i18n import _
from qmdesk.records.improvement import DONE_STATES, ENDED_STATES, Action, ActionState, Evidence, Task, Why
from qmdesk.register import Guards, Image, Transaction

LESSONS = ("standardised", "risks_updated", "recognition", "cost", "gain")
"""What may be written about an action after its end."""
MEASURE = ("indicator", "watched", "product", "supplier", "criterion", "criterion_on", "waiting_days")
"""By what an action is judged: it must stand before it is done, so that the verdict is not made to fit."""


def _guard_action(tx: Transaction, id_: int, before: Image, after: Image) -> None:
    if before is None:
        if not (after or {})["number"]:
            raise Known(_("An action gets its number when it is begun: begin it on the page Improvement."))
        return
    now = tx.get(Action, id_)
    if tx.taking_back and (after is None or "state" in after):  # the step that led there is taken back
        return
    if after is None:
        raise Known(_("Action {number} can't be taken away. Drop it, with a reason, and it stays on record.").format(number=now.number))
    _see_that_may_change(now, after)


def _see_that_may_change(now: Action, after: Mapping[str, Any]) -> None:
    if now.state in ENDED_STATES and not set(after) <= set(LESSONS):
        raise Known(over_sentence(now))
    if now.state in DONE_STATES and set(after) & set(MEASURE):
        raise Known(_("Action {number} was carried out: by what it is judged was written before and stays. If it was wrong, undo the step or judge it not effective and begin again.").format(number=now.number))


def over_sentence(action: Action) -> str:
    """Why nothing in an action that is over can be changed."""
    if action.state is ActionState.DROPPED:
        return _("Action {number} was dropped. If it is needed after all, choose “It came back”: another action goes on with it.").format(number=action.number)
    if action.state is ActionState.INEFFECTIVE:
        return _("Action {number} did not help and was opened again as another one; write there.").format(number=action.number)
    return _("Action {number} is finished. If it comes back, choose “It came back”: another action goes on with it.").format(number=action.number)


def _guard_part(tx: Transaction, kind: type[Task] | type[Evidence] | type[Why], id_: int, before: Image, after: Image) -> None:
    """Tasks, files and causes of an action that is over stay as they are."""
    action = tx.get(Action, (after or {})["action"] if before is None else tx.get(kind, id_).action)
    if action.state in ENDED_STATES:
        raise Known(over_sentence(action))


def _guard_task(tx: Transaction, id_: int, before: Image, after: Image) -> None:
    _guard_part(tx, Task, id_, before, after)


def _guard_evidence(tx: Transaction, id_: int, before: Image, after: Image) -> None:
    _guard_part(tx, Evidence, id_, before, after)


def _guard_why(tx: Transaction, id_: int, before: Image, after: Image) -> None:
    _guard_part(tx, Why, id_, before, after)


GUARDS: Guards = {Action: _guard_action, Task: _guard_task, Evidence: _guard_evidence, Why: _guard_why}
