"""Whether a refund without the goods is cheaper than having them back: what having them back costs, and what they are worth."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from qmdesk.i18n import _, show_money
from qmdesk.operations.registers import the_shop
from qmdesk.records.case import Case, CaseItem, given_back
from qmdesk.records.product import Product
from qmdesk.records.shop import Shop
from qmdesk.register import Reading
from qmdesk.schema.query import parts_of
from qmdesk.values import dataclass

GROSZ = Decimal("0.01")


@dataclass(frozen=True)
class RefundOnly:
    """What the goods of a case are worth against what it costs to have them back, in the shop's currency."""

    bound: Decimal
    """What having them back costs: the parcel, new packaging, the minutes of looking at them."""
    worth: Decimal | None
    """What they are worth to the shop at most; None where neither their cost nor their price is known."""

    @property
    def pays(self) -> bool:
        """Whether the refund without the goods is cheaper."""
        return self.worth is not None and self.worth < self.bound

    def sentence(self, currency: str) -> str:
        """The advice in words, "" where it can't be given or the goods are worth having back."""
        if self.worth is None or not self.pays:
            return ""
        words = _("Having the goods back costs about {bound} and they are worth {worth} at most: refund the money and let the customer keep them, unless the supplier wants to see them.")
        return words.format(bound=show_money(self.bound, currency), worth=show_money(self.worth, currency))


def bound(shop: Shop) -> Decimal:
    """What it costs the shop to have a parcel back: postage, packaging to sell the goods again, the usual minutes of a case."""
    work = (shop.hourly_rate or Decimal()) * (shop.usual_minutes or 0) / 60
    return ((shop.usual_postage or Decimal()) + (shop.usual_packaging or Decimal()) + work).quantize(GROSZ, ROUND_HALF_UP)


def refund_only(reading: Reading, case: Case) -> RefundOnly:
    """The advice for a case. Goods are worth at most what they cost the shop: sold again, or got back from the supplier.

    Where nobody wrote that down, they are taken for worth what was paid for them, which is more.
    """
    items = given_back(reading.records(parts_of(case, CaseItem)))
    worth: Decimal | None = Decimal()
    for one in items:
        product = reading.find(Product, one.product) if one.product else None
        each = product.cost if product and product.cost is not None else one.each
        worth = None if worth is None or each is None else worth + each * one.quantity
    return RefundOnly(bound(the_shop(reading)), worth if items else None)
