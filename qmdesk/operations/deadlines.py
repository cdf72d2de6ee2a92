"""The clock of a case: its deadlines kept as records, moved when a date changes, met by proof, missed by silence."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from qmdesk.i18n import N_, _, language, show_day, translator
from qmdesk.law import rules
from qmdesk.law.rules import Pack, Rule, Situation, Switch, Term
from qmdesk.operations import evidence
from qmdesk.operations.registers import the_shop
from qmdesk.records.assessment import ClaimOutcome, SupplierClaim
from qmdesk.records.case import (
    CLOSED_STATES,
    Case,
    CaseItem,
    CaseKind,
    Decision,
    Demand,
    GoodsKind,
    LegalBasis,
)
from qmdesk.records.deadline import Deadline, DeadlineKind, DeadlineState, RuleSwitch, Whose
from qmdesk.records.lists import Channel
from qmdesk.records.paper import DocumentKind, IssuedDocument
from qmdesk.records.party import BuyerType
from qmdesk.records.returns import DeliveryKind, Informed, ReturnDetails
from qmdesk.records.shop import Shop
from qmdesk.register import Reading, Transaction, clock
from qmdesk.schema import types
from qmdesk.schema.query import Condition, Order, Query, parts_of

SNOOZE = N_("Put off a deadline")
TURN_DAY = N_("A new day: deadlines passed")
RECKON = N_("Work out the deadlines")

MARKETPLACE, SUPPLIER = "MARKETPLACE", "SUPPLIER-CLAIM-"  # promises: deadlines that others set, not the law

ANSWERS = (DocumentKind.ANSWER_ACCEPTED, DocumentKind.ANSWER_REJECTED)
UNSETTLED = (DeadlineState.RUNNING, DeadlineState.HELD, DeadlineState.MISSED)
_KINDS = {str(kind.value): kind for kind in DeadlineKind} | {"extension": DeadlineKind.PERIOD}
_WHOSE = {str(whose.value): whose for whose in Whose}
_STAYING = (DeadlineKind.PERIOD,)


# --------------------------------------------------------------------------------- what is known of a case


def pack(shop: Shop) -> Pack:
    """The rules of the shop's country."""
    return rules.load(shop.country.upper())


def _rule(shop: Shop, rule_id: str) -> Rule | None:
    """The rule a deadline came from; None for promises, and for a rule that today's pack has no more."""
    return next((rule for rule in pack(shop).rules if rule.id == rule_id), None)


def switches(reading: Reading) -> tuple[Switch, ...]:
    """The rules the shop switched on or off itself."""
    return tuple(Switch(one.rule, one.enabled, one.valid_from) for one in reading.records(Query(RuleSwitch)))


def basis(case: Case) -> LegalBasis:
    """What a case rests on in law; where nobody said, what the law presumes (law.md 1.8)."""
    if case.legal_basis is not None:
        return case.legal_basis
    if case.kind is CaseKind.RETURN:
        return LegalBasis.WITHDRAWAL
    if case.kind is CaseKind.GUARANTEE:
        return LegalBasis.GUARANTEE
    return LegalBasis.WARRANTY if case.buyer_type is BuyerType.BUSINESS else LegalBasis.NON_CONFORMITY


def situation(reading: Reading, case: Case) -> tuple[Situation, dict[str, datetime]]:
    """A case in the words of the law, and the moments of its events."""
    shop = the_shop(reading)
    terms = next(iter(reading.records(parts_of(case, ReturnDetails))), None)
    moments = {**_events(reading, case), **(_events_of_return(reading, case, terms) if case.kind is CaseKind.RETURN else {})}
    known = {name: moment for name, moment in moments.items() if moment is not None}
    events = {name: moment.astimezone().date() for name, moment in known.items()}
    told = Situation(
        country=shop.country.upper(),
        buyer=str(case.buyer_type.value),
        contract=str(case.contract_type.value),
        basis=str(basis(case).value),
        contract_on=case.contract_on or case.sold_on,
        events=events,
        circumstances=_circumstances(reading, case, terms, shop),
    )
    return told, known


def _at_noon(day: date | None) -> datetime | None:
    return None if day is None else datetime.combine(day, time(12)).astimezone()


def _events(reading: Reading, case: Case) -> dict[str, datetime | None]:
    """What happened in a complaint or a guarantee claim, and in every case."""
    complaint = case.kind is not CaseKind.RETURN
    defect = complaint and case.second_tier_on is not None
    digital = case.goods_kind is GoodsKind.DIGITAL
    letters = reading.records(parts_of(case, IssuedDocument))
    found = {
        "complaint_received": case.received_at if complaint else None,
        "answer_delivered": _first(letter.delivered_at for letter in letters if letter.kind in ANSWERS),
        "remedy_done": _at_noon(case.remedy_done_on),
        "guarantee_performed": _at_noon(case.remedy_done_on),
        "money_returned": _at_noon(case.refunded_on),
        "goods_received": _at_noon(case.goods_received_on),
        "proof_of_sending": _at_noon(case.goods_sent_on),
        "goods_sent": _at_noon(case.goods_sent_on),
        "defect_noticed": _at_noon(case.noticed_on),
        "guarantor_got_goods": _at_noon(case.goods_received_on) if case.kind is CaseKind.GUARANTEE else None,
        "digital_delivered" if digital else "goods_delivered": _at_noon(case.delivered_on),
        "goods_handed_over": _at_noon(case.delivered_on),
    }
    if defect and digital:
        found["digital_statement_received"] = _at_noon(case.second_tier_on)
    elif defect:
        reduced = case.demand is Demand.REDUCTION
        found["reduction_statement_received" if reduced else "defect_withdrawal_received"] = _at_noon(case.second_tier_on)
    return found


def _events_of_return(reading: Reading, case: Case, terms: ReturnDetails | None) -> dict[str, datetime | None]:
    channel = reading.find(Channel, case.channel) if case.channel else None
    confirmations = [letter for letter in reading.records(parts_of(case, IssuedDocument)) if letter.kind is DocumentKind.WITHDRAWAL_CONFIRMATION]
    services = terms is not None and terms.delivery_kind is DeliveryKind.CONTRACT
    sent = _at_noon(terms.statement_sent_on) if terms else None
    received = None if case.decision is Decision.REJECTED else case.received_at  # a refused return owes no money
    return {
        "withdrawal_start": _at_noon(case.contract_on or case.sold_on if services else case.delivered_on),
        "withdrawal_statement_received": received,
        "withdrawal_statement_sent": sent or case.received_at,
        "electronic_statement_received": case.received_at if channel and channel.own_form else None,
        "ack_sent": _first(letter.sent_at for letter in confirmations),
        "info_given": _at_noon(terms.informed_on) if terms and terms.informed is Informed.LATER else None,
    }


def _first(moments: Any) -> datetime | None:
    return min((moment for moment in moments if moment is not None), default=None)


def _circumstances(reading: Reading, case: Case, terms: ReturnDetails | None, shop: Shop) -> frozenset[str]:
    mending = (Demand.REPAIR, Demand.REPLACEMENT)
    excluded = evidence.of_return(case, terms)
    informed = terms.informed if terms else (Informed.YES if shop.informs_of_withdrawal else Informed.NO)
    found = {
        "repair_or_replacement_due": (case.remedy_kind or case.demand) in mending and case.second_tier is None,
        "first_repair_done": case.remedy_kind is Demand.REPAIR and case.remedy_done_on is not None,
        "no_guarantee_term": case.guarantee_days is None,
        "warranty_excluded": case.warranty_excluded,
        "not_informed": case.kind is CaseKind.RETURN and informed is not Informed.YES,
        "collect_offered": bool(terms and terms.collection_offered),
        "withdrawal_excluded": excluded is not None and excluded.stands,
    }
    return frozenset(name for name, holds in found.items() if holds)


def terms(reading: Reading, case: Case) -> tuple[Term, ...]:
    """Every deadline the law gives for a case as it stands."""
    told, _moments = situation(reading, case)
    return rules.terms(pack(the_shop(reading)), told, switches(reading))


# --------------------------------------------------------------------------------------- keeping them


def refresh(tx: Transaction, case_id: int) -> Case:
    """Bring a case's deadlines to what its facts say now; a day that has passed moves only when its start was wrong."""
    case = tx.get(Case, case_id)
    today = clock().date()
    told, moments = situation(tx, case)
    wanted = [_drafted(term, case, moments) for term in rules.terms(pack(the_shop(tx)), told, switches(tx))]
    wanted += _promises(tx, case)
    kept = {one.rule: one for one in tx.records(parts_of(case, Deadline))}
    for draft in wanted:
        old = kept.pop(draft.rule, None)
        if old is not None and old.start == draft.start and old.version != draft.version and (old.legal < today or old.satisfied_at):
            draft = replace(draft, version=old.version, nominal=old.nominal, legal=old.legal, reasoning_pl=old.reasoning_pl, reasoning_en=old.reasoning_en)
        draft = replace(draft, state=_state(draft, case, today))
        if old is None:
            if draft.state is not DeadlineState.DROPPED:
                tx.add(draft)
            continue
        snoozed = {} if draft.satisfied_at or draft.legal != old.legal else {"snoozed_until": old.snoozed_until, "snooze_reason": old.snooze_reason}
        moved = replace(draft, id=old.id, **snoozed)
        if moved != old:
            tx.change(moved)
    for old in kept.values():
        if old.state is not DeadlineState.DROPPED:
            tx.change(old, state=DeadlineState.DROPPED, snoozed_until=None, snooze_reason="")
    return _deem(tx, case, today)


def _drafted(term: Term, case: Case, moments: dict[str, datetime]) -> Deadline:
    rule = term.rule
    satisfied = term.satisfied_on
    return Deadline(
        case=case.id,
        rule=rule.id,
        version=str(rule.version),
        kind=_KINDS[rule.kind],
        whose=_WHOSE[rule.who],
        start=term.start,
        nominal=term.nominal,
        legal=term.legal,
        state=DeadlineState.HELD if term.held else DeadlineState.RUNNING,
        soft=term.soft,
        satisfied_at=None if satisfied is None else _moment_of(satisfied, rule.satisfied_by, moments),
        reasoning_pl=term.reasoning("pl"),
        reasoning_en=term.reasoning("en"),
    )


def _moment_of(day: date, events: tuple[str, ...], moments: dict[str, datetime]) -> datetime | None:
    """The moment of the event that satisfied a deadline on this day."""
    return next((moments[name] for name in events if name in moments and moments[name].astimezone().date() == day), _at_noon(day))


def _promises(tx: Transaction, case: Case) -> list[Deadline]:
    """Days that others set: a marketplace that wants an answer, a supplier who was given time."""
    found = []
    answered = _events(tx, case)["answer_delivered"]
    if case.marketplace_due is not None:
        sentence = N_("The marketplace wants an answer by {day}.")
        start = min(case.received_at.astimezone().date(), case.marketplace_due)
        found.append(_promise(case, MARKETPLACE, start, case.marketplace_due, Whose.SHOP, sentence, answered))
    for claim in tx.records(parts_of(case, SupplierClaim)):
        if claim.sent_on is not None and claim.reply_by is not None:
            replied = claim.replied_on if claim.replied_on or claim.outcome is ClaimOutcome.WAITING else clock().date()
            sentence = N_("The supplier was asked to reply by {day}.")
            found.append(_promise(case, f"{SUPPLIER}{claim.id}", claim.sent_on, claim.reply_by, Whose.CUSTOMER, sentence, _at_noon(replied)))
    return found


def _promise(case: Case, rule: str, start: date, last: date, whose: Whose, sentence: str, satisfied: datetime | None) -> Deadline:
    said = {lang: translator(lang)(sentence).format(day=show_day(last, lang)) for lang in ("pl", "en")}
    return Deadline(
        case=case.id, rule=rule, kind=DeadlineKind.PROMISE, whose=whose, start=start, nominal=last, legal=last,
        satisfied_at=satisfied, reasoning_pl=said["pl"], reasoning_en=said["en"],
    )  # fmt: skip


def _state(draft: Deadline, case: Case, today: date) -> DeadlineState:
    if draft.satisfied_at is not None:
        return DeadlineState.MET if draft.satisfied_at.astimezone().date() <= draft.legal else DeadlineState.MISSED
    if draft.kind in _STAYING:
        return DeadlineState.ENDED if draft.legal < today else DeadlineState.RUNNING
    if case.state in CLOSED_STATES:
        return DeadlineState.DROPPED
    if draft.state is DeadlineState.HELD:
        return DeadlineState.HELD
    if draft.legal >= today:
        return DeadlineState.RUNNING
    return DeadlineState.MISSED if draft.whose is Whose.SHOP else DeadlineState.ENDED


def _deem(tx: Transaction, case: Case, today: date) -> Case:
    """Note on the case that silence made the shop accept it, or that it did not after all."""
    since = deemed_accepted_on(tx, case, today)
    return case if since == case.deemed_accepted_on else tx.change(case, deemed_accepted_on=since)


def deemed_accepted_on(reading: Reading, case: Case, today: date) -> date | None:
    """The day since which the shop counts as having accepted a complaint by its silence (UPK art. 7a(2)); None while it does not."""
    shop = the_shop(reading)
    for deadline in reading.records(parts_of(case, Deadline)):
        rule = _rule(shop, deadline.rule)
        if rule is None or rule.on_expiry != "deemed_accepted" or deadline.soft or deadline.state is DeadlineState.DROPPED:
            continue
        answered = deadline.satisfied_at.astimezone().date() if deadline.satisfied_at else today
        if answered > deadline.legal:
            accepted: date = deadline.legal + timedelta(days=1)
            return accepted
    return None


def turn_day(tx: Transaction, on: date | None = None) -> int:
    """Let the days that have passed pass: deadlines missed, complaints accepted by silence. Returns how many cases it touched."""
    on = on or clock().date()
    passed = Query(Deadline, (Condition("state", types.ONE_OF, (DeadlineState.RUNNING,)), Condition("legal", types.BEFORE, (on,))))
    touched = {deadline.case for deadline in tx.records(passed)}
    for case_id in sorted(touched):
        refresh(tx, case_id)
    if touched:
        tx.seal(N_("Time that has passed can't be taken back."))
    return len(touched)


def day_turned(reading: Reading, on: date) -> bool:
    """Whether ``turn_day`` has something to do."""
    passed = Query(Deadline, (Condition("state", types.ONE_OF, (DeadlineState.RUNNING,)), Condition("legal", types.BEFORE, (on,))))
    return bool(reading.count(passed, 1))


def snooze(tx: Transaction, deadline_id: int, until: date, reason: str) -> Deadline:
    """Put a deadline out of sight until a day, with a reason. Raises Problems past the last day in law."""
    deadline = tx.get(Deadline, deadline_id)
    tx.about(tx.get(Case, deadline.case).number)
    return tx.change(deadline, snoozed_until=until, snooze_reason=reason.strip())


# ------------------------------------------------------------------------------------------- asking


@dataclass(frozen=True)
class Due:
    """A day the shop must keep: whose case, how many days are left (negative: overdue), and the money silence would cost."""

    deadline: Deadline
    case: Case
    title: str
    days_left: int
    at_risk: Decimal | None
    warn_on: date
    """The day from which it is urgent: an answer that goes by post must leave some days earlier."""

    @property
    def reasoning(self) -> str:
        return self.deadline.reasoning_pl if language() == "pl" else self.deadline.reasoning_en


def rule_title(shop: Shop, rule: str) -> str:
    """What a deadline is called on the screen."""
    if rule == MARKETPLACE:
        return _("Answer to the marketplace")
    if rule.startswith(SUPPLIER):
        return _("Reply of the supplier")
    known = _rule(shop, rule)
    return known.title.to() if known else rule


def due(reading: Reading, on: date | None = None, *, snoozed: bool = False, limit: int | None = None) -> list[Due]:
    """What the shop must do, by the last day in law; what is put off is left out unless ``snoozed``."""
    on = on or clock().date()
    shop = the_shop(reading)
    query = Query(
        Deadline,
        (
            Condition("state", types.ONE_OF, UNSETTLED),
            Condition("satisfied_at", types.EMPTY),
            Condition("kind", types.ONE_OF, tuple(kind for kind in DeadlineKind if kind is not DeadlineKind.PERIOD)),
        ),
    ).by(Order("legal"))
    found = []
    for deadline in reading.records(query, limit):
        if deadline.whose is Whose.CUSTOMER and not deadline.rule.startswith(SUPPLIER):
            continue
        if not snoozed and deadline.snoozed_until is not None and deadline.snoozed_until > on:
            continue
        found.append(_due(reading, shop, deadline, on))
    return found


def _due(reading: Reading, shop: Shop, deadline: Deadline, on: date) -> Due:
    case = reading.get(Case, deadline.case)
    rule = _rule(shop, deadline.rule)
    channel = reading.find(Channel, case.channel) if case.channel else None
    earlier = (channel.delivery_days if channel else 0) if rule is not None and "answer_delivered" in rule.satisfied_by else 0
    return Due(
        deadline,
        case,
        rule_title(shop, deadline.rule),
        (deadline.legal - on).days,
        demanded(reading, case) if rule is not None and rule.on_expiry == "deemed_accepted" and not deadline.soft else None,
        deadline.legal - timedelta(days=earlier),
    )


def demanded(reading: Reading, case: Case) -> Decimal | None:
    """The money the shop would owe if it kept silent: the amount demanded, else the price where the customer wants it back."""
    if case.claimed is not None:
        return case.claimed
    prices = [(item.unit_price, item.quantity) for item in reading.records(parts_of(case, CaseItem))]
    if case.demand is not Demand.REFUND or not prices or any(price is None for price, _many in prices):
        return None
    return sum((price * many for price, many in prices if price is not None), Decimal())


def of_case(reading: Reading, case: Case) -> list[Deadline]:
    """The deadlines of a case that still mean something, the nearest first."""
    found = [one for one in reading.records(parts_of(case, Deadline)) if one.state is not DeadlineState.DROPPED]
    return sorted(found, key=lambda one: (one.satisfied_at is not None, one.kind is DeadlineKind.PERIOD, one.legal))
