"""How well suppliers and fulfilment partners do: points by weight with their history, beside what was measured (quality.md)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from statistics import median
from typing import TypeVar

from qmdesk.i18n import N_, _
from qmdesk.operations import claim_lists, keeping
from qmdesk.operations.claim_lists import Standing
from qmdesk.records.assessment import ClaimOutcome, SupplierClaim
from qmdesk.records.case import Case, CaseItem
from qmdesk.records.party import Supplier
from qmdesk.records.product import Batch, Order, OrderLine, Product
from qmdesk.records.rating import CRITERIA, MOST_POINTS, WEIGHTS, SupplierRating
from qmdesk.records.shop import Shop
from qmdesk.register import Reading, Transaction
from qmdesk.schema import types
from qmdesk.schema.query import Condition, Query
from qmdesk.schema.query import Order as By
from qmdesk.schema.record import Record
from qmdesk.values import dataclass

RATE = N_("Rate a supplier")
CHANGE = N_("Change a rating")
REMOVE = N_("Take a rating away")

GOOD, POOR = Decimal(4), Decimal("2.5")
"""Points from which a supplier is good, and below which one is poor."""
MEASURED_DAYS = 365
CHUNK = 900

R = TypeVar("R", bound=Record)


@dataclass(frozen=True)
class Measured:
    """Facts of a window of time: pieces complained of and sold of this supplier's goods, and what became of the claims made.

    ``days_to_credit`` is the median from sending a claim to the reply that brought money; None while none did.
    """

    complained: int
    sold: int
    claims: Standing
    outstanding: int
    days_to_credit: Decimal | None

    @property
    def per_hundred(self) -> Decimal | None:
        """Pieces complained of per 100 sold; None where no sale is known."""
        return _two(Decimal(100 * self.complained) / self.sold) if self.sold else None

    @property
    def acknowledged(self) -> Decimal | None:
        """Share of the answered claims that were accepted, wholly or in part, in percent; None while none is answered."""
        return _two(Decimal(100 * self.claims.accepted) / self.claims.answered) if self.claims.answered else None


def _two(value: Decimal) -> Decimal:
    return value.quantize(Decimal("0.01"), ROUND_HALF_UP)


# -------------------------------------------------------------------------------------------- by points


def score(rating: SupplierRating, shop: Shop) -> Decimal | None:
    """The weighted mean of the criteria that were judged, from 0 to 5; None where none of them counts in this shop."""
    judged = [(getattr(shop, WEIGHTS[name]), points) for name in CRITERIA if (points := getattr(rating, name)) is not None]
    weight = sum(weight for weight, _points in judged)
    return _two(Decimal(sum(weight * points for weight, points in judged)) / weight) if weight else None


def history(reading: Reading, supplier_id: int) -> list[SupplierRating]:
    """The ratings of a supplier, the newest first."""
    return reading.records(Query(SupplierRating, (Condition("supplier", types.IS, (supplier_id,)),)).by(By("on", True), By("id", True)))


def newest(reading: Reading, suppliers: Sequence[int]) -> dict[int, SupplierRating]:
    """Supplier -> the newest rating, of those that have one."""
    found: dict[int, SupplierRating] = {}
    for rating in reading.records(Query(SupplierRating, (Condition("supplier", types.ONE_OF, tuple(suppliers)),)).by(By("on"), By("id"))):
        found[rating.supplier] = rating
    return found


def trend(ratings: Sequence[SupplierRating], shop: Shop) -> Decimal | None:
    """How many points the newest rating (they come newest first) is above the one before; None without two to compare."""
    known = [points for rating in ratings if (points := score(rating, shop)) is not None]
    return known[0] - known[1] if len(known) > 1 else None


def quarter(day: date) -> str:
    """The quarter of a day, in the interface's language: 4th quarter 2026."""
    words = (_("1st quarter {year}"), _("2nd quarter {year}"), _("3rd quarter {year}"), _("4th quarter {year}"))
    return words[(day.month - 1) // 3].format(year=day.year)


def rate(tx: Transaction, made: SupplierRating) -> SupplierRating:
    """Keep a rating; a second one on the same day is a change of the first. Raises Problems."""
    tx.about(tx.title(Supplier, made.supplier))
    same = [one for one in history(tx, made.supplier) if one.on == made.on]
    if same:
        return tx.change(same[0], **{name: getattr(made, name) for name in made.spec.fields})
    return tx.get(SupplierRating, tx.add(made))


def change(tx: Transaction, rating_id: int, values: dict[str, object]) -> SupplierRating:
    """Change a rating. Raises Problems."""
    rating = tx.get(SupplierRating, rating_id)
    tx.about(tx.title(Supplier, rating.supplier))
    return tx.change(rating, **values)


def remove(tx: Transaction, rating_id: int) -> None:
    """Take a rating away."""
    keeping.remove(tx, SupplierRating, rating_id)


def worth(points: Decimal | None) -> str:
    """What points mean, as a colour: "good", "warn", "bad"; "neutral" without any."""
    if points is None:
        return "neutral"
    return "good" if points >= GOOD else "bad" if points < POOR else "warn"


def out_of_five(points: Decimal, lang: str | None = None) -> str:
    """Points as they are shown: 4.25 of 5."""
    return _("{points} of {most}").format(points=types.Number().show(points, lang), most=MOST_POINTS)


# ---------------------------------------------------------------------------------------------- by facts


def measured(reading: Reading, supplier_id: int, on: date, days: int = MEASURED_DAYS) -> Measured:
    """The facts of the ``days`` up to a day; outstanding claims count whenever they were made."""
    since = on - timedelta(days=days - 1)
    products = reading.ids(Query(Product, (Condition("supplier", types.IS, (supplier_id,)),)))
    claims = reading.records(Query(SupplierClaim, (Condition("supplier", types.IS, (supplier_id,)),)))
    recent = [claim for claim in claims if claim.sent_on is not None and since <= claim.sent_on <= on]
    paid = [(claim.replied_on - claim.sent_on).days for claim in recent if claim.recovered and claim.replied_on and claim.sent_on]
    return Measured(
        complained=_complained(reading, supplier_id, products, since, on),
        sold=_sold(reading, products, since, on),
        claims=claim_lists.standing(recent),
        outstanding=sum(claim.sent_on is not None and claim.outcome is ClaimOutcome.WAITING for claim in claims),
        days_to_credit=_two(Decimal(str(median(paid)))).normalize() if paid else None,
    )


def _complained(reading: Reading, supplier_id: int, products: Sequence[int], since: date, on: date) -> int:
    """Pieces in cases received in the time: of the supplier's batches, and of their products out of no other firm's batch."""
    batches = reading.ids(Query(Batch, (Condition("supplier", types.IS, (supplier_id,)),)))
    items: dict[int, CaseItem] = {item.id: item for item in _among(reading, CaseItem, "batch", batches)}
    by_product = list(_among(reading, CaseItem, "product", products))
    others = {batch.id for batch, _titles in reading.rows(Batch, sorted({item.batch for item in by_product if item.batch})) if batch.supplier not in (None, supplier_id)}
    items |= {item.id: item for item in by_product if item.batch not in others}
    received = {case.id: case.received_at.astimezone().date() for case, _titles in reading.rows(Case, sorted({item.case for item in items.values()}))}
    return sum(item.quantity for item in items.values() if since <= received[item.case] <= on)


def _sold(reading: Reading, products: Sequence[int], since: date, on: date) -> int:
    """Pieces of these products in orders of the time."""
    lines = list(_among(reading, OrderLine, "product", products))
    orders = sorted({line.order for line in lines})
    within: set[int] = set()
    for at in range(0, len(orders), CHUNK):
        within |= {order.id for order, _titles in reading.rows(Order, orders[at : at + CHUNK]) if since <= order.ordered_at.astimezone().date() <= on}
    return sum(line.quantity for line in lines if line.order in within)


def _among(reading: Reading, kind: type[R], field: str, ids: Sequence[int]) -> Iterator[R]:
    """The records whose field is one of these ids, asked in pieces: SQLite takes only so many at once."""
    for at in range(0, len(ids), CHUNK):
        yield from reading.records(Query(kind, (Condition(field, types.ONE_OF, tuple(ids[at : at + CHUNK])),)))
