"""Customers: two cards of one person become one, undoably."""

from __future__ import annotations

from typing import Any

from qmdesk.errors import Known
from qmdesk.i18n import N_, _
from qmdesk.records.imports import Imported
from qmdesk.records.party import Customer
from qmdesk.register import Transaction
from qmdesk.schema import types
from qmdesk.schema.query import Condition, Query
from qmdesk.schema.record import empty

MERGE = N_("Merge customers")


def merge(tx: Transaction, kept_id: int, other_id: int) -> Customer:
    """Make two customers one: what the kept one lacks comes from the other, what differs is noted, and all that refers to
    the other is moved. Raises Known when they are the same.
    """
    if kept_id == other_id:
        raise Known(_("Choose two different customers to merge."))
    kept, other = tx.get(Customer, kept_id), tx.get(Customer, other_id)
    tx.about(f"{kept.name}, {other.name}" if kept.name != other.name else kept.name)
    taken: dict[str, Any] = {
        name: getattr(other, name) for name in Customer.spec.fields if empty(getattr(kept, name)) and not empty(getattr(other, name))
    }
    differing = [field for name, field in Customer.spec.fields.items() if name not in taken and getattr(kept, name) != getattr(other, name) and not empty(getattr(other, name))]
    if differing:  # a second telephone number still finds the customer
        said = [_("{field}: {value}").format(field=field.labelled(), value=field.show(other)) for field in differing if not isinstance(field.type, types.LongText)]
        taken["note"] = "\n".join(dict.fromkeys(filter(None, [kept.note, other.note, *said])))
    for kind in tx.kinds:
        for name, target in kind.spec.refs.items():
            if target is Customer:
                for item in tx.records(Query(kind, (Condition(name, types.IS, (other_id,)),))):
                    tx.change(item, **{name: kept_id})
    told = (Condition("target", types.IS, (Customer.spec.table,)), Condition("row", types.IS, (other_id,)))
    for imported in tx.records(Query(Imported, told)):
        tx.change(imported, row=kept_id)  # the next import of the same file finds the merged customer
    tx.remove(other)
    return tx.change(kept, **taken)
