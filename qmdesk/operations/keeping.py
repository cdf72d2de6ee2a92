"""Records without a story of their own: a customer, a product, a word of a list; kept, changed, taken away."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from qmdesk.i18n import N_
from qmdesk.register import Transaction
from qmdesk.schema.record import Record

R = TypeVar("R", bound=Record)

NEW = N_("New record")
CHANGE = N_("Change record")
REMOVE = N_("Remove a record")


def add(tx: Transaction, draft: Record, contents: Sequence[bytes] = ()) -> int:
    """Keep a new record, with the bytes of its pictures; returns its id. Raises Problems."""
    for content in contents:
        tx.keep(content)
    tx.about(draft.title)
    return tx.add(draft)


def change(tx: Transaction, kind: type[R], id_: int, values: Mapping[str, Any], contents: Sequence[bytes] = ()) -> R:
    """Change only these fields, so that what was changed meanwhile in others stays. Raises Problems, NotFound."""
    for content in contents:
        tx.keep(content)
    changed = tx.change(tx.get(kind, id_), **values)
    tx.about(changed.title)
    return changed


def remove(tx: Transaction, kind: type[Record], id_: int) -> None:
    """Take a record away; the history keeps it. Raises NotFound, and Conflict when something refers to it."""
    item = tx.get(kind, id_)
    tx.about(item.title)
    tx.remove(item)
