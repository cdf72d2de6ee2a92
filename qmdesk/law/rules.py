"""Deadlines: every term a situation of a buyer triggers, with its nominal and legal day and the reasoning in sentences."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import field, replace
from datetime import date, timedelta

from qmdesk.errors import Known
from qmdesk.i18n import N_, _, n_, show_day, show_on_day, translator
from qmdesk.law import calendar
from qmdesk.law.packs import Kind, Pack, Rule, Shift, Source, Switch, countries, load
from qmdesk.law.words import NO_WORDS, Words, rule_file, words
from qmdesk.values import dataclass

__all__ = [
    "Kind", "Pack", "Rule", "Shift", "Situation", "Source", "Switch", "Term", "circumstance_name", "consequence", "countries", "deadline", "event_name", "load", "terms",
]  # fmt: skip

CONSUMER, SOLE_TRADER, BUSINESS = "consumer", "sole_trader_consumer_rights", "business"


@dataclass(frozen=True)
class Situation:
    """What the law is asked about: who bought how and when, what happened since, and which circumstances hold.

    ``buyer``: consumer, sole_trader_consumer_rights or business. ``contract``: shop, distance, off_premises,
    off_premises_visit (unsolicited) or excursion. ``basis``: non_conformity, guarantee, statutory_warranty,
    withdrawal, voluntary, other; "" when nobody chose. Events and circumstances: resources/rules/events.toml.
    """

    buyer: str = CONSUMER
    contract: str = "distance"
    basis: str = ""
    contract_on: date | None = None
    events: Mapping[str, date] = field(default_factory=dict)
    circumstances: frozenset[str] = frozenset()
    country: str = "PL"

    @property
    def ruling_basis(self) -> str:
        """The basis chosen, or the one the law gives this buyer: non-conformity, for a business the warranty (law.md 1.8)."""
        return self.basis or ("statutory_warranty" if self.buyer == BUSINESS else "non_conformity")

    @property
    def made_on(self) -> date | None:
        """The contract's date; an unknown one can't be later than the first thing that happened."""
        return self.contract_on or min(self.events.values(), default=None)


@dataclass(frozen=True)
class Term:
    """One deadline: from ``start`` to ``nominal`` (what the shop should meet) and ``legal`` (what the law allows).

    ``soft``: what follows is possible, not certain. ``held``: after ``legal`` the shop may still wait for the goods.
    ``released``: they came only on this day, after the term, so ``legal`` follows from it. ``bound``: another term
    that made this one end earlier or later. ``satisfied_on``: when what stops it happened.
    """

    rule: Rule
    country: str
    event: str
    start: date
    nominal: date
    legal: date
    amount: int = 0
    shift_basis: Words = NO_WORDS
    soft: bool = False
    satisfied_on: date | None = None
    held: bool = False
    released: date | None = None
    bound: str = ""

    def reasoning(self, lang: str | None = None) -> str:
        """How the days came about and on what they rest, in whole sentences."""
        return " ".join(_sentences(self, lang))


def consequence(rule: Rule, *, soft: bool = False, lang: str | None = None) -> str:
    """What follows when a rule's term runs out, as a sentence; ``soft`` where that is only possible."""
    told = rule_file("events")["expiry"].get(rule.on_expiry, {})
    return ((words(told, "soft") if soft else NO_WORDS) or words(told, "then")).to(lang)


# ------------------------------------------------------------------------------------- which terms run


def terms(pack: Pack, situation: Situation, switches: Iterable[Switch] = ()) -> tuple[Term, ...]:
    """Every term the situation triggers, in the order of the pack. Raises Known for a date past the calendar.

    Rights are chosen by the contract's date, deadlines of procedure by their event's. A term that another replaces
    (12 months for a customer who was not informed) is left out.
    """
    happened = dict(situation.events)
    waiting = [rule for rule in pack.switched(switches).rules if _concerns(rule, situation)]
    found: dict[str, Term] = {}
    while ready := [rule for rule in waiting if _can_run(rule, happened)]:
        run = set(map(id, ready))  # the very rules: comparing them by value takes longer than running them
        waiting = [rule for rule in waiting if id(rule) not in run]
        for rule in ready:
            term = _run(pack, rule, situation, happened)
            if term is not None:
                found[rule.id] = term
                if rule.gives:
                    happened[rule.gives] = term.legal
    replaced = {name for term in found.values() for name in term.rule.supersedes}
    order = [rule.id for rule in pack.rules]
    kept = [term for term in found.values() if not {term.rule.id, term.rule.instead_of} & replaced]
    return tuple(sorted(kept, key=lambda term: order.index(term.rule.id)))


def deadline(rule_id: str, start: date, country: str = "PL", contract: str = "") -> Term:
    """The term one rule gives from a day, whoever the buyer is. Raises Known: no such rule, not in force yet, or without days."""
    pack = load(country)
    rule = pack.rule(rule_id)
    if rule.kind is Kind.NONE or not rule.trigger:
        raise Known(_("The rule {rule} sets no number of days: {title}.").format(rule=rule.id, title=rule.title.to()))
    if rule.selected_by == "event" and rule.valid_from and start < rule.valid_from:
        raise Known(_("The rule {rule} is in force only since {day}.").format(rule=rule.id, day=show_day(rule.valid_from)))
    return _term(pack, rule, rule.trigger[0], start, contract)


def _concerns(rule: Rule, situation: Situation) -> bool:
    return (
        rule.enabled
        and rule.kind is not Kind.NONE
        and rule.for_whom(situation.buyer, situation.contract, situation.ruling_basis)
        and situation.circumstances.issuperset(rule.condition)
        and situation.circumstances.isdisjoint(rule.unless)
    )


def _can_run(rule: Rule, happened: Mapping[str, date]) -> bool:
    needed = [name for name in (rule.after, rule.not_after, rule.not_before) if name]
    return any(name in happened for name in rule.trigger) and all(name in happened for name in needed)


def _run(pack: Pack, rule: Rule, situation: Situation, happened: Mapping[str, date]) -> Term | None:
    """The term of a rule whose events happened; None when the rule was not in force or came too late."""
    event = min((name for name in rule.trigger if name in happened), key=lambda name: happened[name])
    if rule.after and happened[rule.after] > happened[event]:
        event = rule.after
    start = happened[event]
    if not rule.valid_on(situation.made_on, start) or (rule.not_after and start > happened[rule.not_after]):
        return None
    term = _term(pack, rule, event, start, situation.contract)
    satisfied = min((happened[name] for name in rule.satisfied_by if name in happened), default=None)
    term = replace(term, soft=rule.softly(situation.buyer, situation.ruling_basis), satisfied_on=satisfied)
    for bound, wrong in ((rule.not_after, date.__gt__), (rule.not_before, date.__lt__)):
        if bound and wrong(term.legal, happened[bound]):
            term = replace(term, legal=happened[bound], bound=bound)
    if rule.hold_until and situation.circumstances.isdisjoint(rule.hold_unless):
        term = _waiting_for_goods(term, min((happened[name] for name in rule.hold_until if name in happened), default=None))
    return term


def _term(pack: Pack, rule: Rule, event: str, start: date, contract: str) -> Term:
    amount = rule.days_for(contract)
    nominal = calendar.later(start, amount, rule.unit)
    legal = nominal if rule.shift is Shift.NONE else calendar.moved(pack.country, nominal)
    return Term(rule, pack.country, event, start, nominal, legal, amount, pack.shift_basis)


def _waiting_for_goods(term: Term, came: date | None) -> Term:
    """The money may be withheld until the goods or proof of sending came; then it is due at once (UPK art. 32, law.md 2.5)."""
    if came is None:
        return replace(term, held=True)
    if came <= term.legal:
        return term
    return replace(term, released=came, legal=calendar.moved(term.country, came))


# --------------------------------------------------------------------------------------- in sentences

ENDS = N_("The term {of_length} ends {on_nominal}.")
ENDS_AT_ONCE = N_("It must be done at once, still {on_nominal}.")
PERIOD_ENDS = N_("The period {of_length} ends {on_nominal}.")
PERIOD_STAYS = N_("The period {of_length} ends {on_nominal}; a period like this does not move when it ends on a day off.")
TARGET_ENDS = N_("The shop set itself a term {of_length}; it ends {on_nominal} and is not a term of the law.")
OVER_SATURDAY = N_("The term {of_length} would end {on_nominal}, but a Saturday is passed over like a day off, so it moves and ends {on_legal} ({shift_basis}).")
OVER_SUNDAY = N_("The term {of_length} would end {on_nominal}, but a Sunday is a day off, so it moves and ends {on_legal} ({shift_basis}).")
OVER_HOLIDAY = N_("The term {of_length} would end {on_nominal}, but that is a day off ({holiday}), so it moves and ends {on_legal} ({shift_basis}).")
FOLLOWED = N_("The days off that follow are passed over too: {holidays}.")
NOT_LATER = N_("It ends no later than the right itself, {on_legal}.")
NOT_EARLIER = N_("It does not end before the ordinary term, which ends {on_legal}.")
MAY_HOLD = N_("Until the goods or proof of sending have come, the shop may withhold the money.")
CAME_LATE = N_("The goods or proof of sending came only {on_released}, so the money is due at once, {on_legal} at the latest.")
SOFTLY = N_("In this case it is not certain that the rule applies.")
BASIS = N_("Basis: {basis}.")


def event_name(name: str) -> Words:
    """What an event is called."""
    return words(rule_file("events")["event"][name], "name")


def circumstance_name(name: str) -> Words:
    """What a circumstance is called."""
    return words(rule_file("events")["circumstance"][name], "name")


def _sentences(term: Term, lang: str | None) -> list[str]:
    tr = translator(lang) if lang else _
    ordinary = term.nominal if term.rule.shift is Shift.NONE else calendar.moved(term.country, term.nominal)
    filled = {
        "of_length": _of_length(term, lang),
        "on_nominal": show_on_day(term.nominal, lang),
        "on_legal": show_on_day(ordinary, lang),
        "holiday": calendar.holiday(term.country, term.nominal).to(lang),
        "shift_basis": term.shift_basis.to(lang),
    }
    said = words(rule_file("events")["event"][term.event], "said").to(lang)
    told = [said.format(on_day=show_on_day(term.start, lang)), tr(_how_it_ends(term, ordinary)).format(**filled)]
    if following := _holidays_between(term, ordinary, lang):
        told.append(tr(FOLLOWED).format(holidays=", ".join(following)))
    if term.bound:
        told.append(tr(NOT_LATER if term.bound == term.rule.not_after else NOT_EARLIER).format(on_legal=show_on_day(term.legal, lang)))
    if term.held:
        told.append(tr(MAY_HOLD))
    if term.released:
        told.append(tr(CAME_LATE).format(on_released=show_on_day(term.released, lang), on_legal=show_on_day(term.legal, lang)))
    if term.soft:
        told.append(tr(SOFTLY))
    return [*told, tr(BASIS).format(basis=term.rule.basis.to(lang))]


def _how_it_ends(term: Term, ordinary: date) -> str:
    """The sentence that tells the last day, before another term bounds it."""
    kind = term.rule.kind
    if kind is Kind.IMMEDIATELY:
        return ENDS_AT_ONCE
    if kind is Kind.INTERNAL_TARGET:
        return TARGET_ENDS
    if term.rule.shift is Shift.NONE:
        return PERIOD_STAYS if calendar.passes_over(term.country, term.nominal) else PERIOD_ENDS
    if ordinary == term.nominal:
        return ENDS
    if calendar.holiday(term.country, term.nominal):
        return OVER_HOLIDAY
    return OVER_SUNDAY if term.nominal.weekday() == calendar.SUNDAY else OVER_SATURDAY


def _holidays_between(term: Term, ordinary: date, lang: str | None) -> list[str]:
    """The names of the holidays that a moved end passes after its first day."""
    days = (term.nominal + timedelta(days=ahead) for ahead in range(1, (ordinary - term.nominal).days))
    return [name.to(lang) for day in days if (name := calendar.holiday(term.country, day))]


def _of_length(term: Term, lang: str | None) -> str:
    """So many days or months, as it stands after "the term"."""
    if term.rule.unit == "months":
        return n_("of {n} month", "of {n} months", term.amount, lang)
    return n_("of {n} day", "of {n} days", term.amount, lang)
