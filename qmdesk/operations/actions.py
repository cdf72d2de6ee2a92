"""Actions: what the shop does about a cause, from the first note to the verdict whether it helped (ISO 9001 10.2)."""

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
    """Begin an action: it gets its number and keeps the way back to what it comes from. Raises Problems."""
    on = clock().date()
    number = tx.number(the_shop(tx).action_series or "N", on.year)
    tx.about(number)
    made = Action(
        number=number, name=name, opened_on=on, source=source, kind=kind, finding=finding, case=case, review=review, idea=idea,
        process_step=process_step, description=description, requirement=requirement,
    )  # fmt: skip
    return tx.get(Action, tx.add(made))
