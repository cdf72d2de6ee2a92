"""A complaint passed on to whom the shop bought from: written, sent, answered, and what was got back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from qmdesk.i18n import N_
from qmdesk.operations import deadlines
from qmdesk.operations.registers import the_shop
from qmdesk.records.assessment import SupplierClaim
from qmdesk.records.case import Case, CaseItem
from qmdesk.records.product import Batch, Product
from qmdesk.register import Reading, Transaction, clock
from qmdesk.schema.query import parts_of
from qmdesk.schema.record import replace

CLAIM = N_("Claim from the supplier")
CHANGE = N_("Change a claim to the supplier")
REMOVE = N_("Take a claim to the supplier away")


def draft(reading: Reading, case: Case) -> dict[str, Any]:
    """What a case already tells of a claim to its supplier: who delivered, since when the shop knows, what was said."""
    known: dict[str, Any] = {"case": case.id, "noticed_on": case.received_at.astimezone().date(), "basis": case.description}
    if case.demand is not None:
        known["demand"] = case.demand
    for item in reading.records(parts_of(case, CaseItem)):
        batch = reading.find(Batch, item.batch) if item.batch else None
        product = reading.find(Product, item.product) if item.product else None
        supplier = (batch.supplier if batch else None) or (product.supplier if product else None)
        if supplier is not None:
            return {**known, "supplier": supplier}
    return known


def claim(tx: Transaction, made: SupplierClaim) -> SupplierClaim:
    """Pass a complaint on to a supplier; it gets its number, and a reply date starts the clock. Raises Problems."""
    case = tx.get(Case, made.case)
    year = (made.sent_on or clock().date()).year
    numbered = replace(made, number=tx.number(the_shop(tx).supplier_series or "S", year))
    tx.about(f"{case.number}, {numbered.number}")
    id_ = tx.add(numbered)
    deadlines.refresh(tx, case.id)
    return tx.get(SupplierClaim, id_)


def change(tx: Transaction, claim_id: int, values: Mapping[str, Any]) -> SupplierClaim:
    """Change a claim: sent, answered, money got back. Raises Problems."""
    made = tx.get(SupplierClaim, claim_id)
    tx.about(made.number)
    changed = tx.change(made, **values)
    deadlines.refresh(tx, made.case)
    return changed


def remove(tx: Transaction, claim_id: int) -> None:
    """Take a claim away; its number is not given again."""
    made = tx.get(SupplierClaim, claim_id)
    tx.about(made.number)
    tx.remove(made)
    deadlines.refresh(tx, made.case)
