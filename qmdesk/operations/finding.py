"""What a number means: scanned from a label, typed on the command line or into the search field."""

from __future__ import annotations

from qmdesk.errors import NotFound
from qmdesk.i18n import _
from qmdesk.records.case import Case
from qmdesk.records.improvement import Action
from qmdesk.records.paper import IssuedDocument
from qmdesk.records.product import Order, Product
from qmdesk.register import Reading
from qmdesk.schema.record import Record

# the first that knows the number wins; our own numbers cannot be mistaken for anything else
_NUMBERS: tuple[tuple[type[Record], str], ...] = (
    (Case, "number"),
    (IssuedDocument, "number"),
    (Action, "number"),
    (Order, "number"),
    (Order, "tracking_number"),
    (Product, "ean"),
    (Product, "sku"),
    (Case, "external_id"),
)


def by_number(reading: Reading, number: str) -> tuple[type[Record], int] | None:
    """The kind and id of the record that has this number: a case, letter, action, order, parcel or product; None if nothing has."""
    bare = number.strip()
    for spelling in dict.fromkeys((bare, bare.upper(), bare.removeprefix("#"), f"#{bare}")):
        for kind, field in _NUMBERS:
            if spelling and (found := reading.holding(kind, field, spelling)):
                return kind, found
    return None


def must_find(reading: Reading, number: str) -> tuple[type[Record], int]:
    """As ``by_number``. Raises NotFound."""
    found = by_number(reading, number)
    if found is None:
        raise NotFound(_("Nothing in this register has the number {number}.").format(number=number[:80]))
    return found
