"""Actions: begun from what showed that something should be better."""

from __future__ import annotations

from qmdesk.operations.registers import the_shop
from qmdesk.records.improvement import Action, ActionKind, ActionSource
from qmdesk.register import Transaction, clock


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
    """Begin an action, with the next number of its series; ``source`` and the references say what it comes from."""
    today = clock().date()
    draft = Action(
        number=tx.number(the_shop(tx).action_series or "N", today.year), name=name, kind=kind, opened_on=today, source=source, finding=finding, case=case,
        review=review, idea=idea, process_step=process_step, description=description, requirement=requirement,
    )  # fmt: skip
    return tx.get(Action, tx.add(draft))
