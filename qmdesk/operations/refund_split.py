"""The refund of a case split over its sale documents and VAT rates, in whole grosze that always add up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from qmdesk.errors import Known, Problem, Problems
from qmdesk.i18n import _
from qmdesk.law import vat
from qmdesk.operations.registers import the_shop
from qmdesk.records.case import Case, CaseItem, CorrectedBy, SaleDocument, given_back
from qmdesk.records.product import Order, Product
from qmdesk.records.returns import ReturnDetails
from qmdesk.register import Reading
from qmdesk.schema.query import parts_of


def grosze(amount: Decimal) -> int:
    """An amount in whole grosze."""
    return int((amount * 100).to_integral_value(ROUND_HALF_UP))


def zloty(amount: int) -> Decimal:
    """Whole grosze as an amount."""
    return Decimal(amount).scaleb(-2)


def shares(total: int, weights: Sequence[int]) -> list[int]:
    """``total`` grosze split in proportion to the weights; the shares always add up to it (largest remainder first)."""
    whole = sum(weights)
    if not whole:
        weights, whole = [1] * len(weights), len(weights)
    found = [total * weight // whole for weight in weights]
    by_remainder = sorted(range(len(weights)), key=lambda at: (-(total * weights[at] % whole), at))
    for at in by_remainder[: total - sum(found)]:
        found[at] += 1
    return found


# ------------------------------------------------------------------------- splitting


@dataclass(frozen=True)
class Group:
    """What of a refund falls on one sale document and one VAT rate, in grosze of the currency it was paid in.

    ``price`` is what was paid for the goods, None where nobody knows; ``goods`` and ``delivery`` are what goes back.
    """

    document: str
    sold_on: date
    rate: str
    items: tuple[CaseItem, ...]
    price: int | None
    goods: int
    delivery: int


@dataclass(frozen=True)
class _Priced:
    """An item with where and at which rate it was sold."""

    item: CaseItem
    document: str
    sold_on: date
    rate: str

    @property
    def price(self) -> int | None:
        return None if self.item.paid is None else max(0, grosze(self.item.paid))


def is_due(case: Case) -> bool:
    """Whether the money of a case went back and belongs into books: a repair or a like-for-like replacement does not."""
    return bool(case.refund) and case.refunded_on is not None


def correction_way(case: Case) -> CorrectedBy:
    """Where the sale is corrected: as somebody chose, else an invoice by an invoice and everything else in the register."""
    if case.corrected_by is not None:
        return case.corrected_by
    return CorrectedBy.INVOICE if case.sale_document is SaleDocument.INVOICE else CorrectedBy.REGISTER


def split_refund(reading: Reading, case: Case) -> list[Group]:
    """The refund of a case by sale document and VAT rate. Raises Problems with what is missing for it."""
    assert case.refund is not None  # asked of cases whose money went back
    priced = _priced(reading, case)
    keys = list(dict.fromkeys((one.document, one.sold_on, one.rate) for one in priced))
    members = [[one for one in priced if (one.document, one.sold_on, one.rate) == key] for key in keys]
    prices = [None if any(one.price is None for one in group) else sum(one.price or 0 for one in group) for group in members]
    if len(keys) > 1:
        unknown = [one for one in priced if one.price is None]
        if unknown:
            sentence = _("The price of “{item}” is missing: without it the refund can't be split over the sale documents and VAT rates.")
            raise Problems([Problem("unit_price", sentence.format(item=one.item.name)) for one in unknown])
    refund, weights = grosze(case.refund), [price or 0 for price in prices]
    delivery = 0 if None in prices else _delivery(reading, case, refund, sum(weights))
    goods = shares(refund - delivery, weights)
    return [
        Group(document, sold_on, rate, tuple(one.item for one in group), price, of_goods, of_delivery)
        for (document, sold_on, rate), group, price, of_goods, of_delivery in zip(keys, members, prices, goods, shares(delivery, weights), strict=True)
    ]


def is_split(reading: Reading, case: Case) -> bool:
    """Whether everything is known that splitting the refund of a case takes."""
    try:
        split_refund(reading, case)
    except Problems:
        return False
    return True


def _priced(reading: Reading, case: Case) -> list[_Priced]:
    """The items money went back for, each with its document, day and rate. Raises Problems."""
    shop = the_shop(reading)
    items = given_back(reading.records(parts_of(case, CaseItem)))
    if not items:
        raise Problems([Problem("", _("The case has no item the money went back for. Add what was sold, with its price and VAT rate."))])
    problems, found = [], []
    ordered = reading.find(Order, case.order) if case.order else None
    for item in items:
        sold_on = item.sold_on or case.sold_on or (ordered.ordered_at.astimezone().date() if ordered else None)
        rate = "zw" if shop.vat_exempt else item.vat_rate or _rate_of_product(reading, item)
        if sold_on is None:
            problems.append(Problem("sold_on", _("The day of sale of “{item}” is missing.").format(item=item.name)))
        if not rate:
            problems.append(Problem("vat_rate", _("The VAT rate of “{item}” is missing.").format(item=item.name)))
        else:
            try:
                vat.rate(rate, sold_on)
            except Known as error:
                problems.append(Problem("vat_rate", _("“{item}”: {sentence}").format(item=item.name, sentence=error.sentence)))
        if sold_on and rate:
            found.append(_Priced(item, item.sale_document_number or case.sale_document_number, sold_on, rate))
    if problems:
        raise Problems(problems)
    return found


def _rate_of_product(reading: Reading, item: CaseItem) -> str:
    product = reading.find(Product, item.product) if item.product else None
    return product.vat_rate if product else ""


def _delivery(reading: Reading, case: Case, refund: int, goods: int) -> int:
    """What of a refund is delivery cost: what it holds beyond the goods less their lost value, never more than was paid."""
    terms = next(iter(reading.records(parts_of(case, ReturnDetails))), None)
    if terms is None or not terms.delivery_paid:
        return 0
    taken_off = (terms.diminished or Decimal()) + (terms.services_due or Decimal())
    return min(max(0, refund - max(0, goods - grosze(taken_off))), grosze(terms.delivery_paid), refund)


def currency_of(reading: Reading, case: Case) -> str:
    """The currency a case was paid in."""
    return case.currency.upper() or the_shop(reading).currency.upper()
