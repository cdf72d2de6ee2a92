"""The terms of a return: what the shop's habits and its orders say, whether the customer may withdraw, and what can't be true."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from qmdesk.errors import Problem, Problems
from qmdesk.i18n import N_, _, n_, show_day, show_on_day, translator
from qmdesk.law import calendar, withdrawal
from qmdesk.law.buyer import regime
from qmdesk.law.exclusions import Verdict
from qmdesk.law.rules import Switch, Term
from qmdesk.law.withdrawal import RefundDue, Window
from qmdesk.law.words import NO_WORDS, Words
from qmdesk.operations import evidence
from qmdesk.operations.registers import the_shop
from qmdesk.operations.situation import basis
from qmdesk.records.case import (
    NO_MONEY,
    Case,
    CaseItem,
    CaseKind,
    CaseState,
    ContractType,
    Decision,
    LegalBasis,
    Outcome,
)
from qmdesk.records.deadline import RuleSwitch
from qmdesk.records.party import BuyerType
from qmdesk.records.product import Order, OrderLine
from qmdesk.records.returns import DeliveryKind, Informed, ReturnDetails
from qmdesk.records.shop import Shop
from qmdesk.register import Reading, Transaction
from qmdesk.schema import types
from qmdesk.schema.query import Condition, Query, parts_of
from qmdesk.schema.record import replace
from qmdesk.schema.types import Labelled

_DELIVERIES = {
    DeliveryKind.ONE: withdrawal.Delivery.GOODS,
    DeliveryKind.PARTS: withdrawal.Delivery.PARTS,
    DeliveryKind.REGULAR: withdrawal.Delivery.REGULAR,
    DeliveryKind.CONTRACT: withdrawal.Delivery.OTHER,
}
_WHO = {
    BuyerType.CONSUMER: {"who": "private"},
    BuyerType.SOLE_TRADER: {"who": "sole_trader", "professional": "no"},
    BuyerType.BUSINESS: {"who": "firm"},
}
OFF_PREMISES = (ContractType.OFF_PREMISES, ContractType.VISIT, ContractType.EXCURSION)


# ------------------------------------------------------------------------------------- what is written down


def details(reading: Reading, case: Case) -> ReturnDetails:
    """The terms of a return as they are kept; where none are written down yet, as the shop's habits have them."""
    kept = reading.records(parts_of(case, ReturnDetails))
    return kept[0] if kept else begun(reading, case, reading.records(parts_of(case, CaseItem)))


def begun(reading: Reading, case: Case, items: Sequence[CaseItem] = (), terms: Mapping[str, Any] | None = None) -> ReturnDetails:
    """Terms not kept yet: what was said, and for the rest the shop's habits and the delivery of the orders."""
    shipping = [order.shipping for order in orders_of(reading, case, items) if order.shipping is not None]
    known: dict[str, Any] = {
        "statement": case.description,
        "informed": Informed.YES if the_shop(reading).informs_of_withdrawal else Informed.NO,
        "delivery_paid": sum(shipping, Decimal()) if shipping else None,
    }
    said = {**known, **(terms or {})}
    said.setdefault("delivery_cheapest", said["delivery_paid"])
    return ReturnDetails(**{**said, "case": case.id})


def orders_of(reading: Reading, case: Case, items: Sequence[CaseItem]) -> list[Order]:
    """The orders a return is about, that of the case first."""
    lines = [line for line, _titles in reading.rows(OrderLine, [item.order_line for item in items if item.order_line])]
    wanted = dict.fromkeys([*([case.order] if case.order else []), *(line.order for line in lines)])
    return [order for order, _titles in reading.rows(Order, list(wanted))]


def keep(tx: Transaction, terms: ReturnDetails, values: Mapping[str, Any]) -> ReturnDetails:
    """Keep changed terms, or the first ones. Raises Problems."""
    if terms.id:
        return tx.change(terms, **values)
    made = replace(terms, **values)
    return replace(made, id=tx.add(made))


def grounded(reading: Reading, case: Case) -> Case:
    """The return with what it rests on: withdrawal, or the shop's own terms where the law gives no right to withdraw."""
    if case.legal_basis is not None:
        return case
    found = regime({**_WHO[case.buyer_type], "wants": "changed_mind"}, str(case.contract_type.value), case.contract_on)
    why = case.basis_reasons or found.reasons[-1].to(str(the_shop(reading).language.value))
    return replace(case, legal_basis=next(known for known in LegalBasis if known.value == found.basis), basis_reasons=why)


# ----------------------------------------------------------------------------------- may the customer withdraw?


class Standing(Labelled):
    """Whether the customer may give the goods back."""

    IN_TIME = "in_time", N_("Withdrawn in time")
    NOT_BEGUN = "not_begun", N_("The time to withdraw has not begun")
    LATE = "late", N_("Withdrawn too late")
    EXCLUDED = "excluded", N_("No right to withdraw from this contract")
    PROMISED = "promised", N_("Within the shop's own promise")
    PROMISE_OVER = "promise_over", N_("After the shop's own promise")
    GOODWILL = "goodwill", N_("Only if the shop wants to")


BY_RIGHT = (Standing.IN_TIME, Standing.NOT_BEGUN)

SENT = N_("The statement was sent {on_day}, in time: it is enough to send it on the last day.")
SENT_LATE = N_("The statement was sent {on_day}, after the last day. The shop may refuse the return; if it takes the goods back all the same, it does so by its own terms.")
SENT_EARLY = N_("The goods are not noted as delivered; a customer may withdraw before they come, too.")
NO_PROMISE = N_("The shop promised no voluntary returns in its settings, so it may refuse.")
PROMISE = N_("The shop promised to take goods back until {last_day}, counted from {day}.")
PROMISE_KEPT = N_("The customer came {on_day}, within that promise.")
PROMISE_LATE = N_("The customer came {on_day}, after it.")
INSTEAD = N_("The law gives this customer a right to withdraw; the shop's own terms can't take its place.")


@dataclass(frozen=True)
class Right:
    """Whether the customer may give the goods back (``standing``), until when, and why.

    ``window``: the time to withdraw, where there is one. ``exclusion``: the one the return names and whether it stands.
    """

    standing: Standing
    stated_on: date
    last_day: date | None
    window: Window | None = None
    exclusion: Verdict | None = None
    ground: Words = NO_WORDS
    promise: tuple[int, date] | None = None

    def reasoning(self, lang: str | None = None) -> list[str]:
        """How it came about, as sentences."""
        return list(self._sentences(lang))

    def _sentences(self, lang: str | None) -> Iterator[str]:
        tr = translator(lang) if lang else _
        on_day = show_on_day(self.stated_on, lang)
        if self.exclusion is not None:
            yield self.exclusion.exclusion.name.to(lang) + "."
            yield self.exclusion.sentence(lang)
        if self.ground and self.standing not in BY_RIGHT:
            yield self.ground.to(lang)
        if self.window is not None:
            yield self.window.reasoning(lang)
        if self.standing is Standing.IN_TIME:
            yield tr(SENT).format(on_day=on_day)
        elif self.standing is Standing.LATE:
            yield tr(SENT_LATE).format(on_day=on_day)
        elif self.standing is Standing.NOT_BEGUN:
            yield tr(SENT_EARLY)
        elif self.standing is Standing.GOODWILL:
            yield tr(NO_PROMISE)
        elif self.promise is not None and self.last_day is not None:
            days, since = self.promise
            yield n_("By its own terms the shop takes goods back within {n} day.", "By its own terms the shop takes goods back within {n} days.", days, lang)
            yield tr(PROMISE).format(last_day=show_day(self.last_day, lang), day=show_day(since, lang))
            yield tr(PROMISE_KEPT if self.standing is Standing.PROMISED else PROMISE_LATE).format(on_day=on_day)


def stated_on(case: Case, terms: ReturnDetails) -> date:
    """The day that decides whether a statement is in time: sending counts, not arrival (UPK art. 30(2))."""
    return terms.statement_sent_on or case.received_at.astimezone().date()


def right(reading: Reading, case: Case, terms: ReturnDetails | None = None) -> Right:
    """Whether the customer may give the goods back, by law or by the shop's own promise."""
    terms = terms or details(reading, case)
    shop, on = the_shop(reading), stated_on(case, terms)
    found = window(reading, case, terms)
    by_law = basis(case) is LegalBasis.WITHDRAWAL and case.contract_type is not ContractType.SHOP and case.buyer_type is not BuyerType.BUSINESS
    if not by_law:
        return _promised(shop, case, on)
    named = evidence.of_return(case, terms)
    if named is not None and named.stands:
        return Right(Standing.EXCLUDED, on, None, None, named)
    if found is None:
        return Right(Standing.NOT_BEGUN, on, None, None, named)
    standing = Standing.IN_TIME if withdrawal.in_time(on, found) else Standing.LATE
    return Right(standing, on, found.last_day, found, named)


def window(reading: Reading, case: Case, terms: ReturnDetails) -> Window | None:
    """The time the law gives to withdraw; None without such a right, or while the goods are not with the customer."""
    return withdrawal.window(
        str(case.contract_type.value),
        _DELIVERIES[terms.delivery_kind],
        contract_on=case.contract_on or case.sold_on,
        possession=[case.delivered_on] if case.delivered_on else [],
        informed=terms.informed is Informed.YES,
        info_given_on=terms.informed_on if terms.informed is Informed.LATER else None,
        buyer=str(case.buyer_type.value),
        country=the_shop(reading).country.upper(),
        switches=[Switch(one.rule, one.enabled, one.valid_from) for one in reading.records(Query(RuleSwitch))],
    )


def _promised(shop: Shop, case: Case, on: date) -> Right:
    ground = regime({**_WHO[case.buyer_type], "wants": "changed_mind"}, str(case.contract_type.value), case.contract_on)
    why = ground.reasons[-1] if ground.basis == "voluntary" else NO_WORDS
    since = case.delivered_on or case.sold_on
    if not shop.voluntary_days or since is None:
        return Right(Standing.GOODWILL, on, None, ground=why)
    last = calendar.moved(shop.country.upper(), calendar.later(since, shop.voluntary_days, "days"))
    return Right(Standing.PROMISED if on <= last else Standing.PROMISE_OVER, on, last, ground=why, promise=(shop.voluntary_days, since))


def refund_due(reading: Reading, case: Case, terms: ReturnDetails | None = None) -> RefundDue | None:
    """When the money of a withdrawal goes back, and whether it may be withheld; None where only the shop's own terms rule."""
    terms = terms or details(reading, case)
    if case.state is CaseState.WITHDRAWN or case.decision is Decision.REJECTED or right(reading, case, terms).standing not in BY_RIGHT:
        return None
    return withdrawal.refund_due(
        case.received_at.astimezone().date(),
        goods_received_on=case.goods_received_on,
        proof_of_sending_on=case.goods_sent_on,
        collect_offered=terms.collection_offered,
        paid_on=case.refunded_on,
        contract=str(case.contract_type.value),
        buyer=str(case.buyer_type.value),
        country=the_shop(reading).country.upper(),
    )


def send_back_by(reading: Reading, case: Case, terms: ReturnDetails | None = None) -> Term | None:
    """By when the customer sends the goods back (UPK art. 34(1)); None when the shop collects them or they are here."""
    terms = terms or details(reading, case)
    if case.goods_received_on is not None or right(reading, case, terms).standing not in BY_RIGHT:
        return None
    return withdrawal.send_back_by(
        stated_on(case, terms),
        collect_offered=terms.collection_offered,
        contract=str(case.contract_type.value),
        buyer=str(case.buyer_type.value),
        country=the_shop(reading).country.upper(),
    )


# ---------------------------------------------------------------------------------------- what can't be true


def problems(reading: Reading, case: Case, terms: ReturnDetails, items: Sequence[CaseItem] | None = None) -> list[Problem]:
    """Everything about a return that can't be true together: days, legal basis, exclusion, pieces."""
    if case.kind is not CaseKind.RETURN:
        return []
    items = reading.records(parts_of(case, CaseItem)) if items is None else items
    return [*_days(reading, case, terms, items), *_basis(reading, case, terms), *_exclusion(case, terms), *_pieces(reading, case, items)]


def refuse_new(reading: Reading, before: Sequence[Problem], case: Case, terms: ReturnDetails, items: Sequence[CaseItem] | None = None) -> None:
    """Raise Problems for what was not wrong already: an old mistake must not keep anybody from changing something else."""
    found = [problem for problem in problems(reading, case, terms, items) if problem not in before]
    if found:
        raise Problems(found)


def _days(reading: Reading, case: Case, terms: ReturnDetails, items: Sequence[CaseItem]) -> Iterable[Problem]:
    received = case.received_at.astimezone().date()
    for order in orders_of(reading, case, items):
        made = order.ordered_at.astimezone().date()
        told = {"number": order.number, "day": show_day(made)}
        if received < made:
            yield Problem("received_at", _("Order {number} was made on {day}; its return can't have come before that.").format(**told))
        if case.delivered_on and case.delivered_on < made:
            yield Problem("delivered_on", _("Order {number} was made on {day}; it can't have been delivered before that.").format(**told))
        if terms.statement_sent_on and terms.statement_sent_on < made <= received:
            yield Problem("statement_sent_on", _("Order {number} was made on {day}; nobody can have withdrawn from it before that.").format(**told))
    bought = case.sold_on or case.contract_on
    if terms.statement_sent_on and bought and terms.statement_sent_on < bought and not case.order:
        yield Problem("statement_sent_on", _("The goods were sold on {day}; nobody can have withdrawn before that.").format(day=show_day(bought)))
    if terms.statement_sent_on and terms.statement_sent_on > received:
        yield Problem("statement_sent_on", _("The statement can't have been sent after it was received."))
    if case.goods_received_on and case.delivered_on and case.goods_received_on < case.delivered_on:
        yield Problem("goods_received_on", _("The goods can't have come back before they were delivered to the customer."))
    if terms.inspected_on and case.goods_received_on and terms.inspected_on < case.goods_received_on:
        yield Problem("inspected_on", _("The goods can't have been looked at before they were here."))


def _basis(reading: Reading, case: Case, terms: ReturnDetails) -> Iterable[Problem]:
    if case.legal_basis is LegalBasis.WITHDRAWAL and (case.contract_type is ContractType.SHOP or case.buyer_type is BuyerType.BUSINESS):
        why = regime({**_WHO[case.buyer_type], "wants": "changed_mind"}, str(case.contract_type.value)).reasons[-1].to()
        yield Problem("legal_basis", _("{why} Choose “{voluntary}” as the legal basis.").format(why=why, voluntary=_(LegalBasis.VOLUNTARY.label)))
    if case.legal_basis is LegalBasis.VOLUNTARY and right(reading, replace(case, legal_basis=None), terms).standing is Standing.IN_TIME:
        yield Problem("legal_basis", _(INSTEAD))


def _exclusion(case: Case, terms: ReturnDetails) -> Iterable[Problem]:
    named = evidence.of_return(case, terms)
    if named is not None and not named.may_be_offered:
        yield Problem("exclusion", named.sentence())


def _pieces(reading: Reading, case: Case, items: Sequence[CaseItem]) -> Iterable[Problem]:
    wanted: dict[int, int] = {}
    for item in items:
        if item.order_line and item.outcome not in NO_MONEY:
            wanted[item.order_line] = wanted.get(item.order_line, 0) + item.quantity
    for line_id, many in wanted.items():
        line = reading.find(OrderLine, line_id)
        if line is None:
            continue
        before = came_back(reading, line, but=case.id)
        if many > line.quantity - before:
            sentence = _("{name}: {many} can't come back, because {sold} were sold and {before} came back before.")
            if not before:
                sentence = _("{name}: {many} can't come back, because only {sold} were sold.")
            yield Problem("quantity", sentence.format(name=line.name, many=many, sold=line.quantity, before=before))


def came_back(reading: Reading, line: OrderLine, but: int = 0) -> int:
    """How many pieces of an order's line came back already, apart from what the case ``but`` is about."""
    return sum(item.quantity for _case, item in earlier(reading, line, but))


def earlier(reading: Reading, line: OrderLine, but: int = 0) -> list[tuple[Case, CaseItem]]:
    """The pieces of an order's line that came back or are to come back: by a return, or refunded after a complaint."""
    found = []
    for item in reading.records(Query(CaseItem, (Condition("order_line", types.IS, (line.id,)),))):
        case = reading.get(Case, item.case)
        if case.id == but or item.outcome in NO_MONEY or case.state is CaseState.WITHDRAWN or case.decision is Decision.REJECTED:
            continue
        if case.kind is CaseKind.RETURN or item.outcome is Outcome.REFUNDED:
            found.append((case, item))
    return found
