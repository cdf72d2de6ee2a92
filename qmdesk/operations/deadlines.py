"""The clock of a case: its deadlines kept as records, moved when a date changes, met by proof, missed by silence."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from qmdesk.errors import Problem, Problems
from qmdesk.i18n import N_, _, n_, show_on_day, translator
from qmdesk.law import rules
from qmdesk.law.rules import Kind, Pack, Rule, Switch, Term
from qmdesk.operations.registers import the_shop
from qmdesk.operations.situation import (
    ANSWERS,
    Facts,
    answered_at,
    at_noon,
    basis,
    facts_of,
    facts_of_new,
    first,
    parts_by_case,
    situation,
)
from qmdesk.records.assessment import ClaimOutcome
from qmdesk.records.case import CLOSED_STATES, OPEN_STATES, Case, CaseKind, Decision, LegalBasis
from qmdesk.records.deadline import STANDING, Deadline, DeadlineKind, DeadlineState, RuleSwitch, Whose
from qmdesk.records.paper import DocumentKind
from qmdesk.records.returns import ReturnDetails
from qmdesk.records.shop import Shop
from qmdesk.register import Change, Reading, Register, Transaction, clock
from qmdesk.schema import types
from qmdesk.schema.query import Condition, Order, Query, parts_of
from qmdesk.schema.record import replace, stored
from qmdesk.values import dataclass

__all__ = [
    "ANSWERS", "CHANGE_SHOP", "GUARANTEE", "MARKETPLACE", "RECKON", "SNOOZE", "SUPPLIER", "SWITCH", "TURN_DAY", "WAKE", "CaughtUp", "accepted_since", "basis", "begin",
    "catch_up", "change_shop", "deemed_accepted_on", "of_case", "overtaken", "reckon", "refresh", "rule_of", "rulebook", "snooze", "switch", "switches", "turn_day", "wake", "without",
]  # fmt: skip

SNOOZE = N_("Put off a deadline")
WAKE = N_("Take a deadline up again")
TURN_DAY = N_("A new day: deadlines passed")
RECKON = N_("Work out the deadlines")
SWITCH = N_("Switch a rule")
CHANGE_SHOP = N_("Change the shop")

MARKETPLACE, GUARANTEE, SUPPLIER = "MARKETPLACE", "GUARANTEE-TERM", "SUPPLIER-CLAIM-"  # days that others set, not the law

CHUNK = 500  # cases a step, so that a wish to cancel is heard and nobody waits for the register
PROVED = 2000  # open cases that are proved at each opening; of more only those without any deadline

Progress = Callable[[int, int], None]
Saying = Callable[[str], str]  # language -> the reasoning

_KINDS = {str(kind.value): kind for kind in DeadlineKind} | {str(Kind.EXTENSION): DeadlineKind.PERIOD}
_WHOSE = {str(whose.value): whose for whose in Whose}
_PERIODS = (Kind.PERIOD, Kind.EXTENSION)
_COUNTED = ("version", "kind", "whose", "start", "nominal", "legal", "state", "soft", "satisfied_at")
_REASONED = ("start", "nominal", "legal", "soft")  # what the reasoning tells: while it stays, so do its words


# --------------------------------------------------------------------------------------------- rules


def rulebook(reading: Reading, shop: Shop | None = None) -> Pack:
    """The rules of the shop's country as the shop switched them."""
    shop = shop or the_shop(reading)
    return rules.load(shop.country.upper()).switched(switches(reading))


def switches(reading: Reading) -> tuple[Switch, ...]:
    """The rules the shop switched on or off itself."""
    told = reading.records(Query(RuleSwitch)) if reading.count(Query(RuleSwitch)) else ()
    return tuple(Switch(one.rule, one.enabled, one.valid_from) for one in told)


def rule_of(book: Pack, rule_id: str) -> Rule | None:
    """The rule a deadline came from; None for a promise, and for a rule these rules have no more."""
    return next((rule for rule in reversed(book.rules) if rule.id == rule_id), None)


# -------------------------------------------------------------------------- what the law gives a case


def _drafts(facts: Facts, book: Pack, today: date) -> Iterator[tuple[Deadline, Term | None, Saying]]:
    """Every deadline a case should have as it stands, with its term (None: a promise) and how its reasoning is told.

    Periods of liability are not among them: nobody acts by their end, nothing meets them, and they follow from the
    case at any time (``of_case``). Kept as records they would have every case of two years ago rewritten each day.
    """
    told, moments = situation(facts)
    for term in rules.terms(book, told):
        if term.rule.kind not in _PERIODS and not _moot(facts.case, term.rule):
            yield _drafted(term, facts.case, moments), term, term.reasoning
    for draft, saying in _promises(facts, today):
        yield draft, None, saying


def _moot(case: Case, rule: Rule) -> bool:
    """Whether the shop refused what the rule is about: after a rejection no money is waited for."""
    return case.decision is Decision.REJECTED and "money_returned" in rule.satisfied_by


def _drafted(term: Term, case: Case, moments: Mapping[str, datetime]) -> Deadline:
    rule, satisfied = term.rule, term.satisfied_on
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
    )


def _moment_of(day: date, events: Iterable[str], moments: Mapping[str, datetime]) -> datetime | None:
    """The moment of the event that satisfied a deadline on this day."""
    return next((moments[name] for name in events if name in moments and moments[name].astimezone().date() == day), at_noon(day))


_MARKETPLACE_SAID = N_("The marketplace wants an answer {on_day}.")
_GUARANTEE_SAID = N_("The guarantor got the goods {on_start} and has {of_length}, as the guarantee says: the last day falls {on_day}.")
_SUPPLIER_SAID = N_("The claim went to the supplier {on_start}; the reply is expected {on_day} at the latest.")


def _promises(facts: Facts, today: date) -> Iterator[tuple[Deadline, Saying]]:
    """Days that others set: a marketplace that wants an answer, a guarantee with its own time, a supplier who was asked."""
    case = facts.case
    if case.marketplace_due is not None:
        start = min(case.received_at.astimezone().date(), case.marketplace_due)
        yield _promise(case, MARKETPLACE, start, case.marketplace_due, Whose.SHOP, _reacted_at(facts), _MARKETPLACE_SAID)
    got = case.goods_received_on
    if basis(case) is LegalBasis.GUARANTEE and case.guarantee_days is not None and got is not None:
        last = got + timedelta(days=case.guarantee_days)
        yield _promise(case, GUARANTEE, got, last, Whose.SHOP, at_noon(case.remedy_done_on), _GUARANTEE_SAID, case.guarantee_days)
    for claim in facts.claims:
        if claim.sent_on is not None and claim.reply_by is not None:
            replied = claim.replied_on or (None if claim.outcome is ClaimOutcome.WAITING else min(today, claim.reply_by))
            yield _promise(case, f"{SUPPLIER}{claim.id}", claim.sent_on, claim.reply_by, Whose.SUPPLIER, at_noon(replied), _SUPPLIER_SAID)


def _reacted_at(facts: Facts) -> datetime | None:
    """When the marketplace saw the shop react: to a complaint by its answer, to a return by whatever came first."""
    if facts.case.kind is not CaseKind.RETURN:
        return answered_at(facts)
    proofs = (*ANSWERS, DocumentKind.WITHDRAWAL_CONFIRMATION)
    return first([at_noon(facts.case.refunded_on), *(letter.sent_at for letter in facts.letters if letter.kind in proofs)])


def _promise(
    case: Case, rule: str, start: date, last: date, whose: Whose, satisfied: datetime | None, sentence: str, days: int | None = None
) -> tuple[Deadline, Saying]:
    def say(lang: str) -> str:
        length = "" if days is None else n_("{n} day", "{n} days", days, lang)
        return translator(lang)(sentence).format(on_start=show_on_day(start, lang), on_day=show_on_day(last, lang), of_length=length)

    draft = Deadline(
        case=case.id, rule=rule, kind=DeadlineKind.PROMISE, whose=whose, start=start, nominal=last, legal=last, satisfied_at=satisfied
    )
    return draft, say


# --------------------------------------------------------------------------------------- keeping them


def begin(tx: Transaction, case: Case, shop: Shop | None = None, terms: ReturnDetails | None = None) -> Case:
    """Give a case that was just written down its first deadlines."""
    shop = shop or the_shop(tx)
    facts = dataclasses.replace(facts_of_new(tx, shop, case), terms=terms)
    new: list[Deadline] = []
    now = _bring(tx, facts, rulebook(tx, shop), {}, clock().date(), new)
    _add(tx, new)
    return now


def _add(tx: Transaction, new: Sequence[Deadline]) -> None:
    """Keep new deadlines: those of one case one by one, those of an import as one batch."""
    if len({one.case for one in new}) > 1:
        tx.add_many(Deadline, list(Deadline.spec.fields), [list(stored(one).values()) for one in new])
    else:
        for one in new:
            tx.add(one)


def refresh(tx: Transaction, case_id: int, on: date | None = None) -> Case:
    """Bring a case's deadlines to what its facts say now (``on``: as it is on that day).

    To be called by every operation after it changed a case, its letters, its return terms, its checklist or its claims
    to suppliers. A day that has passed or was kept is moved by facts only, never by newer rules or a mended calendar.
    """
    case = tx.get(Case, case_id)
    reckon(tx, [case_id], on)
    return case if case == (now := tx.get(Case, case_id)) else now


def reckon(tx: Transaction, case_ids: Sequence[int], on: date | None = None) -> list[Case]:
    """``refresh`` for many cases at once; returns those that silence has made accepted by now and had not before."""
    today, shop = on or clock().date(), the_shop(tx)
    book = rulebook(tx, shop)
    accepted = []
    for start in range(0, len(case_ids), CHUNK):
        cases = [case for case, _titles in tx.rows(Case, case_ids[start : start + CHUNK])]
        kept = parts_by_case(tx, Deadline, [case.id for case in cases])
        new: list[Deadline] = []
        for facts in facts_of(tx, shop, cases):
            now = _bring(tx, facts, book, {one.rule: one for one in kept[facts.case.id]}, today, new)
            if now.deemed_accepted_on is not None and facts.case.deemed_accepted_on is None:
                accepted.append(now)
        _add(tx, new)
    return accepted


def _bring(tx: Transaction, facts: Facts, book: Pack, kept: dict[str, Deadline], today: date, new: list[Deadline]) -> Case:
    """Write what differs between the deadlines a case has and those it should have; those still to be added go to ``new``."""
    case = facts.case
    standing: list[Deadline] = []
    for draft, term, say in _drafts(facts, book, today):
        old = kept.pop(draft.rule, None)
        if old is not None and _is_settled(old, draft, term, today):
            draft = replace(draft, version=old.version, nominal=old.nominal, legal=old.legal)
        draft = replace(draft, state=_state(draft, case, today))
        if old is None:
            if draft.state is not DeadlineState.DROPPED:
                draft = replace(draft, reasoning_pl=say("pl"), reasoning_en=say("en"))
                new.append(draft)
                standing.append(draft)
            continue
        standing.append(_changed(tx, old, draft, say))
    for old in kept.values():
        standing.append(_let_go(tx, old, book, today))
    since = deemed_accepted_on(case, standing, book, today)
    return case if since == case.deemed_accepted_on else tx.change(case, deemed_accepted_on=since)


def _is_settled(old: Deadline, draft: Deadline, term: Term | None, today: date) -> bool:
    """Whether a deadline that passed or was met stays as it was counted: nothing in the case itself moves it."""
    if term is None or old.start != draft.start or not (old.legal < today or old.satisfied_at):
        return False
    return old.version != draft.version or not (term.released or term.bound or term.rule.amount_for)


def _changed(tx: Transaction, old: Deadline, draft: Deadline, say: Saying) -> Deadline:
    """The deadline with what differs written; a new day takes it out of where it was put off to."""
    values: dict[str, Any] = {name: getattr(draft, name) for name in _COUNTED if getattr(draft, name) != getattr(old, name)}
    if not values:
        return old
    held = {DeadlineState.HELD}
    if any(name in values for name in _REASONED) or ("state" in values and held & {old.state, draft.state}):
        values |= {"reasoning_pl": say("pl"), "reasoning_en": say("en")}
    if old.snoozed_until is not None and ("legal" in values or draft.state not in STANDING):
        values |= {"snoozed_until": None, "snooze_reason": ""}
    return tx.change(old, **values)


def _let_go(tx: Transaction, old: Deadline, book: Pack, today: date) -> Deadline:
    """What becomes of a deadline the case no longer has: dropped, unless it is only the rules that know it no more."""
    rule = rule_of(book, old.rule)
    unknown = (rule is None and old.kind is not DeadlineKind.PROMISE) or (rule is not None and not rule.enabled)
    state = DeadlineState.DROPPED
    if unknown and old.state is not DeadlineState.HELD and (old.legal < today or old.satisfied_at):
        if old.state not in STANDING:
            return old
        state = DeadlineState.MISSED if old.whose is Whose.SHOP else DeadlineState.ENDED
    return old if old.state is state else tx.change(old, state=state, snoozed_until=None, snooze_reason="")


def _state(draft: Deadline, case: Case, today: date) -> DeadlineState:
    """What became of a deadline by a day."""
    if draft.satisfied_at is not None:
        in_time = draft.satisfied_at.astimezone().date() <= draft.legal or draft.state is DeadlineState.HELD
        return DeadlineState.MET if in_time else DeadlineState.MISSED
    if case.state in CLOSED_STATES:
        passed = case.closed_on is not None and draft.legal < case.closed_on and draft.state is not DeadlineState.HELD
        return DeadlineState.MISSED if passed and draft.whose is Whose.SHOP else DeadlineState.DROPPED
    if draft.state is DeadlineState.HELD or draft.legal >= today:
        return draft.state
    return DeadlineState.ENDED if draft.whose is Whose.CUSTOMER else DeadlineState.OVERDUE


def deemed_accepted_on(case: Case, deadlines: Iterable[Deadline], book: Pack, today: date) -> date | None:
    """The day since which the shop counts as having accepted a complaint by its silence (UPK art. 7a(2)); None while it does not.

    An answer that came late does not undo it, nor do rules that no longer know the deadline.
    """
    for deadline in deadlines:
        rule = rule_of(book, deadline.rule)
        since = deadline.legal + timedelta(days=1)
        if deadline.state is DeadlineState.DROPPED:
            continue
        if rule is None and case.deemed_accepted_on == since:
            return since
        if rule is not None and rule.on_expiry == "deemed_accepted" and not deadline.soft:
            ended = deadline.satisfied_at.astimezone().date() if deadline.satisfied_at else case.closed_on or today
            if ended > deadline.legal:
                return since
    return None


def accepted_since(reading: Reading, case: Case) -> date | None:
    """Since when a case counts as accepted by silence as of now, whether or not somebody has let the day pass yet."""
    return deemed_accepted_on(case, reading.records(parts_of(case, Deadline)), rulebook(reading), clock().date())


def of_case(reading: Reading, case: Case) -> list[Deadline]:
    """The deadlines of a case that mean something, the nearest first, and behind them its periods of liability.

    Periods are worked out here and have no id.
    """
    shop = the_shop(reading)
    told, _moments = situation(next(facts_of(reading, shop, [case])))
    periods = [term for term in rules.terms(rulebook(reading, shop), told) if term.rule.kind in _PERIODS]
    today = clock().date()
    found = [one for one in reading.records(parts_of(case, Deadline)) if one.state is not DeadlineState.DROPPED]
    found.sort(key=lambda one: (one.state not in STANDING, one.legal))
    ended = {True: DeadlineState.ENDED, False: DeadlineState.RUNNING}
    return found + [
        replace(_drafted(term, case, {}), state=ended[term.legal < today], reasoning_pl=term.reasoning("pl"), reasoning_en=term.reasoning("en"))
        for term in periods
    ]


# -------------------------------------------------------------------------------------- as time passes


def overtaken(on: date) -> Query:
    """The deadlines whose day has passed and that nobody has noted as passed yet."""
    where = (Condition("state", types.ONE_OF, (DeadlineState.RUNNING,)), Condition("legal", types.BEFORE, (on,)))
    return Query(Deadline, where).by(Order("legal"))


def turn_day(tx: Transaction, on: date | None = None, limit: int | None = None) -> list[Case]:
    """Let the days that have passed pass; returns the complaints that count as accepted by silence from now on.

    ``limit``: of so many deadlines at most, the oldest first.
    """
    on = on or clock().date()
    passed = tx.records(overtaken(on), limit)
    if not passed:
        return []
    accepted = reckon(tx, list(dict.fromkeys(one.case for one in passed)), on)
    tx.about(", ".join(case.number for case in accepted[:5]))
    tx.seal(N_("Time that has passed can't be taken back."))
    return accepted


@dataclass(frozen=True)
class CaughtUp:
    """What ``catch_up`` did: the complaints accepted by silence meanwhile, and what the register says has changed."""

    accepted: tuple[Case, ...] = ()
    change: Change | None = None


def catch_up(register: Register, progress: Progress | None = None) -> CaughtUp:
    """Let passed days pass, and give every open case the deadlines it should have; in steps of a few hundred cases.

    For a register that was closed for a while, made by an older version, or written under older rules. What was done
    when it is cancelled stays and the rest is done the next time. Raises Cancelled from ``progress``.
    """
    tell = progress or (lambda _done, _total: None)
    accepted: list[Case] = []
    steps: list[Change] = []

    def note(change: Change) -> bool:
        if change.step:
            steps.append(change)
        return bool(change.step)

    tell(0, 0)
    while register.count(overtaken(clock().date()), 1):
        done = register.do_by_itself(TURN_DAY, turn_day, None, CHUNK)
        accepted += done.result
        tell(0, 0)
        if not note(done.change):
            break
    waiting = _to_be_proved(register)
    for start in range(0, len(waiting), CHUNK):
        tell(start, len(waiting))
        done = register.do_by_itself(RECKON, _prove, waiting[start : start + CHUNK])
        accepted += done.result
        note(done.change)
    if not steps:
        return CaughtUp()
    return CaughtUp(tuple(accepted), dataclasses.replace(steps[-1], ids={Case: None, Deadline: None}))


def without(reading: Reading) -> list[int]:
    """The open cases that have no deadline at all: those of an older register, and the few the law gives none."""
    found = _open(reading)
    known = reading.by_value(Deadline, "case", found)
    return [id_ for id_ in found if id_ not in known]


def _to_be_proved(reading: Reading) -> list[int]:
    """The open cases whose deadlines are worked out anew at an opening, those received first before others."""
    found = _open(reading)
    return found if len(found) <= PROVED else without(reading)


def _open(reading: Reading) -> list[int]:
    return reading.ids(Query(Case, (Condition("state", types.ONE_OF, OPEN_STATES),)).by(Order("received_at")))


def _prove(tx: Transaction, case_ids: Sequence[int]) -> list[Case]:
    accepted = reckon(tx, case_ids)
    if tx.notes.entries:
        tx.seal(N_("The deadlines follow from the facts of the cases; change those instead."))
    return accepted


# ------------------------------------------------------------------------------------ what a shop sets


def snooze(tx: Transaction, deadline_id: int, until: date, reason: str) -> Deadline:
    """Put a deadline out of sight until a day, with a reason. Raises Problems: past the last day in law, not later than today, no reason."""
    deadline = tx.get(Deadline, deadline_id)
    tx.about(tx.get(Case, deadline.case).number)
    if until <= clock().date():
        raise Problems([Problem("snoozed_until", _("Choose a later day than today."))])
    return tx.change(deadline, snoozed_until=until, snooze_reason=reason.strip())


def wake(tx: Transaction, deadline_id: int) -> Deadline:
    """Show a deadline again that was put off."""
    deadline = tx.get(Deadline, deadline_id)
    tx.about(tx.get(Case, deadline.case).number)
    return tx.change(deadline, snoozed_until=None, snooze_reason="")


def switch(tx: Transaction, rule_id: str, enabled: bool, valid_from: date | None, why: str) -> list[int]:
    """Switch a rule on or off where the law is in doubt, and work out the deadlines of open cases anew; returns those cases.

    What the rules say themselves needs no switch. Raises Problems: no reason given, or a rule that can't be switched.
    """
    shop = the_shop(tx)
    plain = rule_of(rules.load(shop.country.upper()), rule_id)
    if plain is None or not plain.switchable:
        raise Problems([Problem("rule", _("This rule can't be switched: the law leaves no doubt about it."))])
    if not why.strip():
        raise Problems([Problem("why", _("Write who says so: an act, your lawyer, your accountant."))])
    tx.about(rule_id)
    old = tx.by_value(RuleSwitch, "rule", [rule_id]).get(rule_id)
    if old:
        tx.change(tx.get(RuleSwitch, old), enabled=enabled, valid_from=valid_from, why=why.strip())
    else:
        tx.add(RuleSwitch(rule=rule_id, enabled=enabled, valid_from=valid_from, why=why.strip()))
    return [] if plain.kind in (*_PERIODS, Kind.NONE) else _reckon_open(tx)


def change_shop(tx: Transaction, shop_id: int, values: Mapping[str, Any]) -> Shop:
    """Change the shop; where another country or another habit of informing customers follows, open cases get new deadlines."""
    before = tx.get(Shop, shop_id)
    changed = tx.change(before, **values)
    tx.about(changed.name)
    if (changed.country.upper(), changed.informs_of_withdrawal) != (before.country.upper(), before.informs_of_withdrawal):
        _reckon_open(tx)
    return changed


def _reckon_open(tx: Transaction) -> list[int]:
    found = _open(tx)
    reckon(tx, found)
    return found
