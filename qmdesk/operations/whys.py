"""Causes looked for: the tree of five whys and the twigs of an Ishikawa diagram, written, moved, marked as the root (quality.md)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from qmdesk.errors import Known
from qmdesk.i18n import N_, _
from qmdesk.operations.action_reading import whys_of
from qmdesk.records.improvement import Action, Branch, Why
from qmdesk.register import Transaction

ADD = N_("Add a cause")
CHANGE = N_("Change a cause")
REMOVE = N_("Remove a cause with what led to it")
MOVE = N_("Move a cause")

WRITTEN = ("because", "root", "cause")
"""What is written about a cause; where it stands is settled by adding and moving."""
DEEPEST = 12
"""A cause of a cause of a cause: beyond this no drawing is read, and no shop has asked."""


def add(tx: Transaction, action_id: int, because: str, *, parent: int | None = None, branch: Branch | None = None, after: int | None = None) -> Why:
    """Answer "why": of the problem itself, of ``parent``, or on a branch; behind the sibling ``after``, else last. Raises Known, Problems."""
    action = _about(tx, action_id)
    known = {one.id: one for one in whys_of(tx, action)}
    above = known.get(parent or 0)
    if parent and above is None:
        raise Known(_("The cause this one should explain is not there any more."))
    if above is not None and depth(known, above) >= DEEPEST:
        raise Known(_("That is {n} whys deep; a cause this far away nobody can mend. Begin another chain.").format(n=DEEPEST))
    draft = Why(action=action_id, branch=above.branch if above else branch, parent=parent, because=because.strip())
    siblings = [one for one in known.values() if (one.parent, one.branch) == (draft.parent, draft.branch)]
    place = next((at for at, one in enumerate(siblings, 1) if one.id == after), len(siblings))
    added = tx.get(Why, tx.add(draft))
    _number(tx, [*siblings[:place], added, *siblings[place:]])
    return tx.get(Why, added.id)


def depth(known: Mapping[int, Why], one: Why) -> int:
    """How many whys lead to this one, itself included."""
    found = 1
    while (above := known.get(one.parent or 0)) is not None:
        one, found = above, found + 1
    return found


def change(tx: Transaction, why_id: int, values: Mapping[str, Any]) -> Why:
    """Change a cause: its words, whether it is the root, its category. Raises Known, Problems."""
    one = tx.get(Why, why_id)
    _about(tx, one.action)
    given = {name: values[name] for name in WRITTEN if name in values}
    if "because" in given:
        given["because"] = given["because"].strip()
    return tx.change(one, **given)


def remove(tx: Transaction, why_id: int) -> int:
    """Take a cause away with all that was found behind it; returns how many. Raises Known."""
    one = tx.get(Why, why_id)
    known = whys_of(tx, _about(tx, one.action))
    gone, at = [one], 0
    while at < len(gone):
        gone += [other for other in known if other.parent == gone[at].id]
        at += 1
    for other in reversed(gone):
        tx.remove(other)
    return len(gone)


def move(tx: Transaction, why_id: int, step: int) -> Why:
    """Move a cause among its siblings, by -1 or 1; at the end it stays. Raises Known."""
    one = tx.get(Why, why_id)
    siblings = [other for other in whys_of(tx, _about(tx, one.action)) if (other.parent, other.branch) == (one.parent, one.branch)]
    at = [other.id for other in siblings].index(one.id)
    if 0 <= at + step < len(siblings):
        siblings.insert(at + step, siblings.pop(at))
        _number(tx, siblings)
    return tx.get(Why, why_id)


def _number(tx: Transaction, siblings: list[Why]) -> None:
    for place, one in enumerate(siblings, 1):
        if one.position != place:
            tx.change(one, position=place)


def _about(tx: Transaction, action_id: int) -> Action:
    action = tx.get(Action, action_id)
    tx.about(action.number)
    return action
