"""Returns: taken in with their terms, changed, and what money goes back with every component and its legal basis."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from qmdesk.errors import Problem
from qmdesk.i18n import N_, _, show_money, translator
from qmdesk.law.packs import load
from qmdesk.law.refund import GROSZ, NOTHING, Component, Diminished, PartialDelivery, refund
from qmdesk.law.words import Words
from qmdesk.operations import cases, deadlines, return_terms
from qmdesk.operations.attachments import Staged
from qmdesk.operations.registers import the_shop
from qmdesk.operations.return_terms import BY_RIGHT, Standing, details, earlier, orders_of
from qmdesk.operations.situation import basis
from qmdesk.records.case import (
    NO_MONEY,
    Case,
    CaseItem,
    CaseKind,
    Decision,
    LegalBasis,
    RefundMethod,
    paid_for,
)
from qmdesk.records.product import Order, OrderLine
from qmdesk.records.returns import Informed, ReturnDetails
from qmdesk.records.shop import Shop
from qmdesk.records.steps import Step
from qmdesk.register import Reading, Transaction
from qmdesk.schema import types
from qmdesk.schema.query import Condition, Query, parts_of
from qmdesk.schema.record import replace

TAKE_IN = N_("Take in a return")
CHANGE = N_("Change the terms of a return")


def take_in(tx: Transaction, draft: Case, items: Sequence[CaseItem] = (), terms: Mapping[str, Any] | None = None, files: Sequence[Staged] = ()) -> Case:
    """Register a return with its pieces and its terms in one step; what ``terms`` does not say the shop's habits do.

    The pieces may come from several orders, or from none. Raises Problems.
    """
    lines = {item.order_line: tx.get(OrderLine, item.order_line) for item in items if item.order_line}
    order = draft.order or next((line.order for line in lines.values()), None)
    told = []
    for item in items:
        line = lines.get(item.order_line or 0)
        if line is not None and line.order != order and item.sold_on is None:
            other = tx.get(Order, line.order)
            item = replace(item, sold_on=other.ordered_at.astimezone().date(), sale_document_number=item.sale_document_number or other.number)
        told.append(item)
    return cases.take_in(tx, replace(draft, kind=CaseKind.RETURN, order=order), told, files, terms=terms)


def change_details(tx: Transaction, case_id: int, values: Mapping[str, Any]) -> ReturnDetails:
    """Change the terms of a return; its deadlines follow. Raises Problems."""
    case = tx.get(Case, case_id)
    tx.about(case.number)
    terms = details(tx, case)
    before = return_terms.problems(tx, case, terms)
    changed = return_terms.keep(tx, terms, values)
    return_terms.refuse_new(tx, before, case, changed)
    calculate(tx, case, changed)
    deadlines.refresh(tx, case_id)
    return changed


# ---------------------------------------------------------------------------------- the refund calculator

PIECES = N_("{pieces} × {name}")
OWN_TERMS = Words("The shop's own terms", "Własne zasady sklepu")
PAID = N_("{price} was paid for each; all of it goes back.")
PAID_ONE = N_("{price} was paid for it; all of it goes back.")
REST_OF_DELIVERY = N_("With these the whole order has come back: of the delivery cost {owed}, {before} went back before, the rest goes back now.")
NO_DELIVERY = N_("The shop takes the goods back by its own terms; of the delivery cost {delivery} nothing goes back.")
SERVICES = N_("{due} is due for services already performed at the customer's express request.")
SERVICES_NOT = N_("Nothing is due for services already performed ({due}), because the customer was not told of the right to withdraw.")
DELIVERY_OF = N_("Delivery of order {number}")
LABELS = {
    "delivery": N_("Delivery"),
    "diminished": N_("Diminished value"),
    "services": N_("Services already performed"),
}

TOLD_LATER = N_("The customer was told of the right to withdraw only later; whether lost value may be taken off then is doubtful.")
SHOP_PAYS = N_("The shop bears the cost of sending back: what the customer laid out for it goes back besides this sum.")
NOT_TOLD_PAYS = N_("A customer who was not told of the cost of sending back does not bear it (UPK art. 34(2)).")
EXCHANGED = N_("An exchange is a return and a new sale: this sum is booked as returned, and the other goods are sold anew.")
NOT_BY_RIGHT = N_("The law does not oblige the shop to take these goods back; look at the time and the exclusion above.")
STILL_TO_SHOW = N_("The exclusion does not stand yet, so the money is owed.")
COLLECT_HOME = N_("Off-premises goods that were brought home and can't be posted are collected by the shop at its own cost (UPK art. 34(3)).")


@dataclass(frozen=True)
class Part:
    """One line of the calculation: its ``label``, and the law's component with amount, basis and sentence."""

    component: Component
    name: str = ""
    pieces: int = 0
    order: str = ""
    """Whose delivery it is, where pieces of several orders come back."""

    @property
    def amount(self) -> Decimal:
        """Two places, below zero when it is taken off."""
        return self.component.amount

    def label(self, lang: str | None = None) -> str:
        """What the amount is for."""
        tr = translator(lang) if lang else _
        if self.name:
            return tr(PIECES).format(pieces=self.pieces, name=self.name)
        if self.order:
            return tr(DELIVERY_OF).format(number=self.order)
        return tr(LABELS[self.component.code])

    def basis(self, lang: str | None = None) -> str:
        """The article it rests on."""
        return self.component.basis.to(lang)

    def sentence(self, lang: str | None = None) -> str:
        """How the amount came about."""
        return self.component.sentence(lang)


@dataclass(frozen=True)
class Calculation:
    """What goes back for a return: its parts, the items whose price nobody knows, and what to look at once more."""

    parts: tuple[Part, ...]
    currency: str
    unpriced: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()

    @property
    def total(self) -> Decimal | None:
        """The sum of all parts; None while a price is not known, or nothing is returned yet."""
        if self.unpriced or not self.parts:
            return None
        return sum((part.amount for part in self.parts), NOTHING)

    def missing(self, lang: str | None = None) -> str:
        """Why there is no total, as a sentence; "" when there is one."""
        tr = translator(lang) if lang else _
        if self.unpriced:
            return tr(N_("The price of {names} is not known. Write it on the Items tab.")).format(names=", ".join(self.unpriced))
        return "" if self.parts else tr(N_("Nothing is returned yet. Add the pieces on the Items tab."))

    def cautions(self, lang: str | None = None) -> list[str]:
        """What somebody should look at once more, as sentences."""
        tr = translator(lang) if lang else _
        return [tr(doubt) for doubt in self.doubts]


def calculate(reading: Reading, case: Case, terms: ReturnDetails | None = None) -> Calculation:
    """What goes back for a return as it stands, or as it would with other ``terms`` (UPK art. 31-36, law.md 2.5, 2.6).

    For each item what was paid; the delivery, never more than the cheapest ordinary way, for each order by itself and
    only once; less diminished value and services performed. Raises Problems for amounts that can't be.
    """
    terms = terms or details(reading, case)
    return _Calculator(reading, case, terms).calculation()


class _Calculator:
    """The calculation of one return while it is put together."""

    def __init__(self, reading: Reading, case: Case, terms: ReturnDetails) -> None:
        self.reading, self.case, self.terms = reading, case, terms
        self.shop: Shop = the_shop(reading)
        self.currency = case.currency or self.shop.currency
        self.country = self.shop.country.upper()
        self.items = [item for item in reading.records(parts_of(case, CaseItem)) if item.outcome not in NO_MONEY]
        self.by_law = basis(case) is not LegalBasis.VOLUNTARY
        self.bases = load(self.country).bases

    def calculation(self) -> Calculation:
        unpriced = tuple(dict.fromkeys(item.name for item in self.items if item.unit_price is None))
        if unpriced or not self.items:
            return Calculation((), self.currency, unpriced)
        goods = paid_for(self.items) or NOTHING
        found = refund(goods, diminished=self._diminished(), informed=self._may_take_off(), currency=self.currency, country=self.country)
        parts = [*self._goods(), *self.delivery(), *(Part(part) for part in found.components if part.code == "diminished")]
        parts += self._services(sum((part.amount for part in parts), NOTHING))
        if not self.by_law:
            parts = [dataclasses.replace(part, component=dataclasses.replace(part.component, basis=OWN_TERMS)) for part in parts]
        return Calculation(tuple(parts), self.currency, (), tuple(self._doubts(found.cautions("en"))))

    def _goods(self) -> Iterator[Part]:
        for item in self.items:
            amount = item.paid or NOTHING
            sentence = PAID if item.quantity > 1 else PAID_ONE
            component = Component("goods", amount, self.bases["refund_goods"], sentence, {"price": amount / item.quantity}, self.currency)
            yield Part(component, item.name, item.quantity)

    def _diminished(self) -> Diminished | None:
        return Diminished(self.terms.diminished, self.terms.diminished_reasons) if self.terms.diminished else None

    def _may_take_off(self) -> bool:
        return not self.by_law or self.terms.informed is not Informed.NO

    def _services(self, left: Decimal) -> Iterator[Part]:
        due = self.terms.services_due
        if due:
            told = self._may_take_off()
            amount = -min(due, left) if told else NOTHING
            yield Part(Component("services", amount, self.bases["services"], SERVICES if told else SERVICES_NOT, {"due": due}, self.currency))

    def _doubts(self, cautions: Sequence[str]) -> Iterator[str]:
        yield from cautions  # as they are marked for translation
        standing = return_terms.right(self.reading, self.case, self.terms)
        if standing.standing not in BY_RIGHT and self.by_law:
            yield NOT_BY_RIGHT
        elif standing.exclusion is not None and not standing.exclusion.stands:
            yield STILL_TO_SHOW
        if self.terms.diminished and self.terms.informed is Informed.LATER and self.by_law:
            yield TOLD_LATER
        if self.terms.shop_pays_return:
            yield SHOP_PAYS
        elif self.by_law and self.terms.informed is Informed.NO:
            yield NOT_TOLD_PAYS
        if self.case.contract_type in return_terms.OFF_PREMISES and not self.terms.collection_offered:
            yield COLLECT_HOME
        if self.terms.exchanged_for.strip():
            yield EXCHANGED

    # -- delivery: each order by itself, because each contract is withdrawn from by itself

    def delivery(self) -> Iterator[Part]:
        paid = self.terms.delivery_paid
        if not paid:
            return
        if not self.by_law:
            yield Part(Component("delivery", NOTHING, OWN_TERMS, NO_DELIVERY, {"delivery": paid}, self.currency))
            return
        orders = orders_of(self.reading, self.case, self.items)
        weights = [order.shipping or NOTHING for order in orders]
        shares = _shared(paid, weights)
        ceiling = None if self.terms.delivery_cheapest is None else _shared(self.terms.delivery_cheapest, weights)
        for place, share in enumerate(shares):
            cheapest = None if ceiling is None else ceiling[place]
            component = self._of_order(orders[place] if orders else None, share, cheapest)
            if component is not None:
                yield Part(component, order=orders[place].number if len(orders) > 1 else "")

    def _of_order(self, order: Order | None, paid: Decimal, cheapest: Decimal | None) -> Component | None:
        """The delivery of one order (or of a sale without one) that goes back."""
        sold = self._sold(order)
        mine = [item for item in self.items if item.order_line in sold] if sold else self.items
        goods = paid_for(mine) or NOTHING
        back = {line_id: sum(item.quantity for item in mine if item.order_line == line_id) for line_id in sold}
        before = {line_id: sum(item.quantity for _case, item in self._before(line)) for line_id, line in sold.items()}
        kept = any(line.quantity > back[line_id] + before[line_id] for line_id, line in sold.items())
        rest = sum(((cases.item_from_line(line).each or NOTHING) * max(0, line.quantity - back[line_id]) for line_id, line in sold.items()), NOTHING)
        whole = goods + rest if kept else None
        found = refund(
            goods, all_goods=whole, delivery_paid=paid, cheapest_ordinary=cheapest,
            policy=PartialDelivery(str(self.shop.partial_delivery.value)), currency=self.currency, country=self.country,
        )  # fmt: skip
        component = next((part for part in found.components if part.code == "delivery"), None)
        returned = self._delivery_before(sold)
        if component is None or not returned:
            return component
        left = max(NOTHING, min(component.amount, (paid if cheapest is None else min(paid, cheapest)) - returned))
        if left == component.amount:
            return component
        return dataclasses.replace(component, amount=left, template=REST_OF_DELIVERY, money={"owed": component.amount, "before": returned})

    def _sold(self, order: Order | None) -> dict[int, OrderLine]:
        """The lines of an order that have a price."""
        if order is None:
            return {}
        lines = self.reading.records(Query(OrderLine, (Condition("order", types.IS, (order.id,)),)))
        return {line.id: line for line in lines if line.unit_price is not None}

    def _before(self, line: OrderLine) -> list[tuple[Case, CaseItem]]:
        """What came back of a line by cases older than this one."""
        return [(case, item) for case, item in earlier(self.reading, line, self.case.id) if not self.case.id or case.id < self.case.id]

    def _delivery_before(self, sold: Mapping[int, OrderLine]) -> Decimal:
        """What went back of an order's delivery with older returns."""
        older = {case.id: case for line in sold.values() for case, _item in self._before(line) if case.kind is CaseKind.RETURN}
        orders = {line.order for line in sold.values()}
        total = NOTHING
        for case in older.values():
            other = _Calculator(self.reading, case, details(self.reading, case))
            theirs = orders_of(self.reading, case, other.items)
            for order, part in zip(theirs, other.delivery(), strict=False):
                total += part.amount if order.id in orders else NOTHING
        return total


def _shared(amount: Decimal, weights: Sequence[Decimal]) -> list[Decimal]:
    """An amount in shares of two places by weight, together the amount; all of it goes first where nothing weighs."""
    whole = sum(weights, NOTHING)
    if not whole:
        return [amount, *[NOTHING] * (len(weights) - 1)]
    shares, given, weighed = [], NOTHING, NOTHING
    for weight in weights:
        weighed += weight
        until = (amount * weighed / whole).quantize(GROSZ, ROUND_HALF_UP)
        shares.append(until - given)
        given = until
    return shares


# ------------------------------------------------------------------------------------ what steps ask of it


def proposed(reading: Reading, case: Case, terms: ReturnDetails) -> dict[str, Any]:
    """What "Set the refund" says unless somebody says otherwise: the sum of the calculation, back the way it was paid."""
    total = calculate(reading, case, terms).total
    method = {} if case.refund_method is not None else {"refund_method": RefundMethod.SAME}
    return method if total is None else {"refund": total, **method}


def step_problems(reading: Reading, step: Step, before: Case, case: Case, terms: ReturnDetails) -> list[Problem]:
    """What is wrong with a step of a return: a sum without its reason, a refusal against the law."""
    found = []
    if step is Step.DECIDE and case.decision is Decision.REJECTED:
        found += _refused(reading, case, terms)
    calculation = calculate(reading, case, terms)
    if step is Step.APPROVE or (case.refund is not None and case.refund != before.refund):
        total = calculation.total
        if total is not None and case.refund is not None and case.refund != total and not case.refund_reason.strip():
            sentence = _("The calculation gives {total}. Write why {refund} goes back instead.")
            shown = {"total": show_money(total, calculation.currency), "refund": show_money(case.refund, calculation.currency)}
            found.append(Problem("refund_reason", sentence.format(**shown)))
    elif step is Step.REFUND and case.refund != calculation.total and calculation.total is not None and not case.refund_reason.strip():
        sentence = _("The calculation gives {total} by now. Set the refund again before you return {refund}.")
        shown = {"total": show_money(calculation.total, calculation.currency), "refund": show_money(case.refund or NOTHING, calculation.currency)}
        found.append(Problem("refund", sentence.format(**shown)))
    return found


def _refused(reading: Reading, case: Case, terms: ReturnDetails) -> list[Problem]:
    found = return_terms.right(reading, case, terms)
    if found.standing is not Standing.IN_TIME:
        return []
    if found.exclusion is not None:
        return [Problem("decision", found.exclusion.sentence())]
    return [Problem("decision", _("The customer withdrew in time, so the return can't be refused. Take off diminished value instead, or mend the facts of the return."))]
