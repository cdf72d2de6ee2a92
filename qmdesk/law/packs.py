"""Rule packs: the dated rules of a country out of resources/rules, switched and chosen by contract date or event date."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from enum import StrEnum
from functools import cache
from typing import Any

from qmdesk.errors import Known
from qmdesk.i18n import N_, _, translator
from qmdesk.law.words import NO_WORDS, Words, rule_file, rule_files, words
from qmdesk.values import dataclass

GENERIC = "EU"  # for a country without rules of its own
NO_RULES = N_("There are no rules for the country {country}. Those every state of the European Union has at least are used; check the law of that country.")


class Kind(StrEnum):
    """What a rule's last day is."""

    DEADLINE = "deadline"
    INTERNAL_TARGET = "internal_target"  # the shop's own, not of the law
    PERIOD = "period"  # during which somebody answers for something; nobody has to act
    EXTENSION = "extension"
    IMMEDIATELY = "immediately"
    NONE = "none"  # a duty without a number of days


class Shift(StrEnum):
    """What becomes of a last day on a day off."""

    KC115 = "kc115"
    NEXT_WORKDAY = "next_workday"
    NONE = "none"


@dataclass(frozen=True)
class Source:
    """A text that was read, and how sure it makes (V statute, S secondary, K knowledge, I inference)."""

    id: str
    title: str
    address: str
    confidence: str


@dataclass(frozen=True)
class Rule:
    """One term of the law as data; events and circumstances are those of resources/rules/events.toml.

    ``trigger``: the first of these events starts it, but not before ``after``, without which it does not run at all.
    ``condition``/``unless``: circumstances that must / must not be given. ``applies``, ``contract``, ``basis_kinds``:
    buyers, contracts and legal bases it is for, empty for all; for ``soft_applies`` and ``soft_basis_kinds`` what
    follows is possible, not certain. ``gives``: the event its end is for other rules. ``supersedes``: the rules whose
    terms it replaces when it runs. ``not_after``/``not_before``: events that bound its end. ``hold_until``: the first
    of these events must have come before the shop has to act, unless one of ``hold_unless`` is given.
    ``selected_by``: "contract" or "event", the date that decides whether it was valid.
    """

    id: str
    version: int
    title: Words
    kind: Kind
    who: str
    basis: Words
    confidence: str
    trigger: tuple[str, ...] = ()
    after: str = ""
    amount: int = 0
    amount_for: tuple[tuple[str, int], ...] = ()
    unit: str = "days"
    shift: Shift = Shift.NONE
    applies: tuple[str, ...] = ()
    soft_applies: tuple[str, ...] = ()
    contract: tuple[str, ...] = ()
    basis_kinds: tuple[str, ...] = ()
    soft_basis_kinds: tuple[str, ...] = ()
    condition: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    satisfied_by: tuple[str, ...] = ()
    hold_until: tuple[str, ...] = ()
    hold_unless: tuple[str, ...] = ()
    gives: str = ""
    supersedes: tuple[str, ...] = ()
    instead_of: str = ""
    not_after: str = ""
    not_before: str = ""
    on_expiry: str = ""
    valid_from: date | None = None
    valid_to: date | None = None
    selected_by: str = "event"
    enabled: bool = True
    switchable: bool = False
    doubt: Words = NO_WORDS
    sources: tuple[Source, ...] = ()

    def valid_on(self, contract_on: date | None, event_on: date | None) -> bool:
        """Whether the rule was in force: by the contract's date for rights, by the event's for deadlines of procedure.

        An unknown date is no obstacle.
        """
        day = contract_on if self.selected_by == "contract" else event_on
        return day is None or ((not self.valid_from or self.valid_from <= day) and (not self.valid_to or day <= self.valid_to))

    def days_for(self, contract: str) -> int:
        """The amount for a contract made in this way, in ``unit``."""
        return dict(self.amount_for).get(contract, self.amount)

    def for_whom(self, buyer: str, contract: str, basis: str) -> bool:
        """Whether the rule is for this buyer, contract and legal basis at all."""
        buyers = (*self.applies, *self.soft_applies)
        return (not buyers or buyer in buyers) and (not self.contract or contract in self.contract) and (not self.basis_kinds or basis in self.basis_kinds)

    def softly(self, buyer: str, basis: str) -> bool:
        """Whether what follows is only possible for this buyer and legal basis."""
        return buyer in self.soft_applies or basis in self.soft_basis_kinds


@dataclass(frozen=True)
class Switch:
    """What a shop set otherwise for a rule: on or off, and from which contract or event date."""

    rule: str
    enabled: bool
    valid_from: date | None = None


@dataclass(frozen=True)
class Pack:
    """The rules of a country as of a day, and what the parts of its calculations rest on (``bases``).

    ``note``: what to know about all of them; ``generic``: they are not the country's own.
    """

    country: str
    name: Words
    as_of: date
    version: str
    language: str
    shift_basis: Words
    note: Words
    generic: bool
    sources: tuple[Source, ...]
    rules: tuple[Rule, ...]
    bases: Mapping[str, Words]

    def rule(self, rule_id: str) -> Rule:
        """The rule with this id; of several versions the newest. Raises Known for one that is not there."""
        for rule in reversed(self.rules):
            if rule.id == rule_id.strip().upper():
                return rule
        sentence = _("There is no rule “{rule}” for {country}; the rules are: {listed}.")
        raise Known(sentence.format(rule=rule_id[:40], country=self.country, listed=", ".join(rule.id for rule in self.rules)))

    def on(self, contract_on: date | None = None, event_on: date | None = None, switches: Iterable[Switch] = ()) -> tuple[Rule, ...]:
        """The rules that are switched on and in force for a contract and an event of these days."""
        return tuple(rule for rule in self.switched(switches).rules if rule.enabled and rule.valid_on(contract_on, event_on))

    def switched(self, switches: Iterable[Switch]) -> Pack:
        """The pack as the shop set it; a switch of a rule that is not there or can't be switched changes nothing."""
        told = {switch.rule: switch for switch in switches}
        return replace(self, rules=tuple(_set(rule, told[rule.id]) if rule.switchable and rule.id in told else rule for rule in self.rules)) if told else self


def _set(rule: Rule, switch: Switch) -> Rule:
    return replace(rule, enabled=switch.enabled, valid_from=switch.valid_from or rule.valid_from)


def countries() -> tuple[str, ...]:
    """The countries that have rules of their own, the generic ones of the European Union last."""
    found = [name.upper() for name in rule_files() if len(name) == 2]
    return (*(name for name in found if name != GENERIC), GENERIC)


@cache
def load(country: str) -> Pack:
    """The rules of a country by its two letters; what it lacks, or all of it, are the generic ones. Raises Known."""
    code = country.strip().upper()
    if not re.fullmatch(r"[A-Z]{2}", code):
        raise Known(_("“{country}” is no country: write its two letters, such as PL.").format(country=country[:40]))
    own = rule_file(code.lower()) if code in countries() else None
    if own is not None and code in (GENERIC, "PL"):  # Poland is complete
        return _pack(own, words(own, "doubt"), generic=False)
    generic = rule_file(GENERIC.lower())
    if own is None:
        note = Words(*(translator(lang)(NO_RULES).format(country=code) for lang in ("en", "pl")))
        return _pack({**generic, "country": code, "name": code}, note, generic=True)
    replaced = {rule.get("instead_of") for rule in own["rule"]}
    shared = [rule for rule in generic["rule"] if rule["id"] not in replaced]
    both = {**own, "rule": [*own["rule"], *shared], "source": [*own["source"], *generic["source"]], "bases": generic["bases"]}
    return _pack(both, words(own, "doubt"), generic=False)


def _pack(told: Mapping[str, Any], note: Words, *, generic: bool) -> Pack:
    sources = {source["id"]: Source(**source) for source in told["source"]}
    return Pack(
        country=told["country"],
        name=words(told, "name") if not generic else Words(told["name"], told["name"]),
        as_of=told["as_of"],
        version=told["version"],
        language=told["language"],
        shift_basis=words(told, "shift_basis"),
        note=note,
        generic=generic,
        sources=tuple(sources.values()),
        rules=tuple(_rule(rule, sources) for rule in told["rule"]),
        bases={name: words(basis, "basis") for name, basis in told["bases"].items()},
    )


_WORDS = ("title", "basis", "doubt")
_MANY = (
    "trigger", "applies", "soft_applies", "contract", "basis_kinds", "soft_basis_kinds", "condition", "unless", "satisfied_by",
    "hold_until", "hold_unless", "supersedes",
)  # fmt: skip


def _rule(told: Mapping[str, Any], sources: Mapping[str, Source]) -> Rule:
    plain = {key: value for key, value in told.items() if not key.endswith(("_en", "_pl")) and key not in _MANY}
    return Rule(
        **{
            **plain,
            **{key: words(told, key) for key in _WORDS},
            **{key: _many(told[key]) for key in _MANY if key in told},
            "amount_for": tuple(told.get("amount_for", {}).items()),
            "kind": Kind(told["kind"]),
            "shift": Shift(told["shift"]),
            "sources": tuple(sources[name] for name in told["sources"]),
        }
    )


def _many(value: str | Iterable[str]) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value)
