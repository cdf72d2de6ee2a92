"""A case in the words of the law: what happened when, who bought how, and which circumstances hold."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, time
from typing import Any, TypeVar

from qmdesk.law.rules import Situation
from qmdesk.operations import evidence
from qmdesk.records.assessment import Answered, CheckAnswer, SupplierClaim
from qmdesk.records.case import (
    Case,
    CaseItem,
    CaseKind,
    CaseState,
    Decision,
    Demand,
    GoodsKind,
    LegalBasis,
    Outcome,
)
from qmdesk.records.lists import Channel
from qmdesk.records.paper import DocumentKind, IssuedDocument
from qmdesk.records.party import BuyerType
from qmdesk.records.returns import DeliveryKind, Informed, ReturnDetails
from qmdesk.records.shop import Shop
from qmdesk.records.steps import BEFORE_ANSWER
from qmdesk.register import Reading
from qmdesk.schema import types
from qmdesk.schema.query import Condition, Order, Query
from qmdesk.schema.record import Record
from qmdesk.values import dataclass

R = TypeVar("R", bound=Record)

ANSWERS = (DocumentKind.ANSWER_ACCEPTED, DocumentKind.ANSWER_REJECTED)
CONCEALED = "concealed"  # the question of resources/rules/conformity.toml
_MENDING = (Demand.REPAIR, Demand.REPLACEMENT)


@dataclass(frozen=True)
class Facts:
    """All that the law looks at in a case, read once."""

    case: Case
    shop: Shop
    letters: Sequence[IssuedDocument] = ()
    terms: ReturnDetails | None = None
    claims: Sequence[SupplierClaim] = ()
    at_once: frozenset[int] = frozenset()
    """Channels on which what is sent is there in the same moment and stays with the customer."""
    own_forms: frozenset[int] = frozenset()
    """Channels that are the shop's own electronic form."""
    repaired: bool = False
    """A piece was already repaired, whatever was decided since."""
    concealed: bool = False


def facts_of_new(reading: Reading, shop: Shop, case: Case) -> Facts:
    """What the law looks at in a case that was just written down: nothing was sent or passed on yet."""
    channel = reading.find(Channel, case.channel) if case.channel and case.kind is CaseKind.RETURN else None
    return Facts(case, shop, own_forms=frozenset({channel.id}) if channel and channel.own_form else frozenset())


def facts_of(reading: Reading, shop: Shop, cases: Sequence[Case]) -> Iterator[Facts]:
    """What the law looks at in these cases; a handful of questions, however many cases."""
    ids = [case.id for case in cases]
    channels = reading.records(Query(Channel)) if ids else []
    at_once = frozenset(one.id for one in channels if one.durable and not one.delivery_days)
    own_forms = frozenset(one.id for one in channels if one.own_form)
    letters = parts_by_case(reading, IssuedDocument, ids)
    claims = parts_by_case(reading, SupplierClaim, ids)
    repaired = parts_by_case(reading, CaseItem, ids, Condition("outcome", types.ONE_OF, (Outcome.REPAIRED,)))
    concealed = parts_by_case(
        reading, CheckAnswer, ids, Condition("question", types.IS, (CONCEALED,)), Condition("answer", types.ONE_OF, (Answered.YES,))
    )
    terms = parts_by_case(reading, ReturnDetails, [case.id for case in cases if case.kind is CaseKind.RETURN])
    for case in cases:
        yield Facts(
            case, shop, letters[case.id], next(iter(terms[case.id]), None), claims[case.id], at_once, own_forms, bool(repaired[case.id]), bool(concealed[case.id])
        )  # fmt: skip


def parts_by_case(reading: Reading, kind: type[R], ids: Sequence[int], *also: Condition) -> Mapping[int, list[R]]:
    """The parts of one kind that these cases have, by the case, oldest first."""
    found: defaultdict[int, list[R]] = defaultdict(list)
    if ids:
        for part in reading.records(Query(kind, (Condition("case", types.ONE_OF, tuple(ids)), *also)).by(Order("id"))):
            found[part.case].append(part)
    return found


def basis(case: Case) -> LegalBasis:
    """What a case rests on in law; where nobody said, or said what can't be for such a case, what the law presumes (law.md 1.8).

    A return rests on withdrawal or on the shop's own terms, a complaint never does: no slip of the hand stops its clock.
    """
    if case.kind is CaseKind.RETURN:
        return LegalBasis.VOLUNTARY if case.legal_basis is LegalBasis.VOLUNTARY else LegalBasis.WITHDRAWAL
    if case.legal_basis not in (None, LegalBasis.WITHDRAWAL, LegalBasis.VOLUNTARY):
        return case.legal_basis
    if case.kind is CaseKind.GUARANTEE:
        return LegalBasis.GUARANTEE
    return LegalBasis.WARRANTY if case.buyer_type is BuyerType.BUSINESS else LegalBasis.NON_CONFORMITY


def situation(facts: Facts) -> tuple[Situation, Mapping[str, datetime]]:
    """A case in the words of the law, and the moments of its events (noon where only the day is known)."""
    case = facts.case
    told = {**_events(facts), **(_events_of_return(facts) if case.kind is CaseKind.RETURN else {})}
    known = {name: moment for name, moment in told.items() if moment is not None}
    return (
        Situation(
            country=facts.shop.country.upper(),
            buyer=str(case.buyer_type.value),
            contract=str(case.contract_type.value),
            basis=str(basis(case).value),
            contract_on=case.contract_on or case.sold_on,
            events={name: moment.astimezone().date() for name, moment in known.items()},
            circumstances=_circumstances(facts),
        ),
        known,
    )


def at_noon(day: date | None) -> datetime | None:
    """A day as a moment."""
    return None if day is None else datetime.combine(day, time(12)).astimezone()


def answered_at(facts: Facts) -> datetime | None:
    """When the answer reached the customer on a durable medium; a phone call is no answer.

    A case that came from elsewhere already answered has no letter here: there the day of its decision counts.
    """
    sent = [letter for letter in facts.letters if letter.kind in ANSWERS]
    if not sent and facts.case.state not in (*BEFORE_ANSWER, CaseState.WITHDRAWN) and facts.case.decision is not None:
        return at_noon(facts.case.decided_on or facts.case.received_at.astimezone().date())
    return first(_delivered_at(facts, letter) for letter in sent)


def _delivered_at(facts: Facts, letter: IssuedDocument) -> datetime | None:
    """When a letter arrived; an e-mail did at once, also one sent before the program kept that moment."""
    return letter.delivered_at or (letter.sent_at if letter.channel in facts.at_once else None)


def first(moments: Iterable[datetime | None]) -> datetime | None:
    """The earliest of the moments that are known."""
    return min((moment for moment in moments if moment is not None), default=None)


def _events(facts: Facts) -> dict[str, datetime | None]:
    """What happened in a case of any kind."""
    case = facts.case
    complaint = case.kind is not CaseKind.RETURN
    goods = case.goods_kind in (GoodsKind.GOODS, GoodsKind.DIGITAL_ELEMENTS)
    digital = case.goods_kind is GoodsKind.DIGITAL
    delivered = at_noon(case.delivered_on)
    found = {
        "complaint_received": case.received_at if complaint else None,
        "answer_delivered": answered_at(facts) if complaint else None,
        "settled_and_informed": _settled_at(facts) if complaint else None,
        "remedy_done": at_noon(case.remedy_done_on),
        "guarantee_performed": at_noon(case.remedy_done_on),
        "money_returned": at_noon(case.refunded_on),
        "goods_received": at_noon(case.goods_received_on),
        "proof_of_sending": at_noon(case.goods_sent_on),
        "goods_sent": at_noon(case.goods_sent_on),
        "defect_noticed": at_noon(case.noticed_on),
        "guarantor_got_goods": at_noon(case.goods_received_on) if basis(case) is LegalBasis.GUARANTEE else None,
        "goods_delivered": delivered if goods else None,
        "digital_delivered": delivered if digital else None,
        "goods_handed_over": delivered if goods else None,
    }
    if complaint and case.second_tier_on is not None:
        found[_statement(case)] = at_noon(case.second_tier_on)
    return found


def _statement(case: Case) -> str:
    """Which event the customer's second demand is."""
    if case.goods_kind is GoodsKind.DIGITAL:
        return "digital_statement_received"
    return "reduction_statement_received" if case.demand is Demand.REDUCTION else "defect_withdrawal_received"


def _settled_at(facts: Facts) -> datetime | None:
    """When what was promised was done and the customer told of it (zák. 634/1992 § 19(3))."""
    case, answered = facts.case, answered_at(facts)
    done = [answered]
    if case.decision is not Decision.REJECTED and (case.remedy_kind or case.demand) in _MENDING:
        done.append(at_noon(case.remedy_done_on))
    if case.decision is not Decision.REJECTED and case.refund:
        done.append(at_noon(case.refunded_on))
    return None if None in done else max(moment for moment in done if moment is not None)


def _events_of_return(facts: Facts) -> dict[str, datetime | None]:
    case, terms = facts.case, facts.terms
    services = terms is not None and terms.delivery_kind is DeliveryKind.CONTRACT
    confirmed = (letter.sent_at for letter in facts.letters if letter.kind is DocumentKind.WITHDRAWAL_CONFIRMATION)
    return {
        "withdrawal_start": at_noon(case.contract_on or case.sold_on if services else case.delivered_on),
        "withdrawal_statement_received": case.received_at,
        "withdrawal_statement_sent": (at_noon(terms.statement_sent_on) if terms else None) or case.received_at,
        "electronic_statement_received": case.received_at if case.channel in facts.own_forms else None,
        "ack_sent": first(confirmed),
        "info_given": at_noon(terms.informed_on) if terms and terms.informed is Informed.LATER else None,
    }


def _circumstances(facts: Facts) -> frozenset[str]:
    case, terms = facts.case, facts.terms
    informed = terms.informed if terms else (Informed.YES if facts.shop.informs_of_withdrawal else Informed.NO)
    excluded = evidence.of_return(case, terms)
    mending = (case.remedy_kind or case.demand) in _MENDING and case.decision is not Decision.REJECTED
    found: dict[str, Any] = {
        "repair_or_replacement_due": mending and case.second_tier is None,
        "first_repair_done": facts.repaired or (case.remedy_kind is Demand.REPAIR and case.remedy_done_on is not None),
        "defect_concealed": facts.concealed,
        "no_guarantee_term": case.guarantee_days is None,
        "warranty_excluded": case.warranty_excluded,
        "not_informed": case.kind is CaseKind.RETURN and informed is not Informed.YES,
        "collect_offered": bool(terms and terms.collection_offered),
        "withdrawal_excluded": excluded is not None and excluded.stands,
    }
    return frozenset(name for name, holds in found.items() if holds)
