"""Who the buyer is in law, what a case rests on, and whether silence counts as acceptance: three questions and their reasons."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache

from qmdesk.law.packs import load
from qmdesk.law.rules import BUSINESS, CONSUMER, SOLE_TRADER
from qmdesk.law.words import Words, rule_file, words


@dataclass(frozen=True)
class BuyerQuestion:
    """One question with its answers by name, each with its label and the reason it gives; asked only ``when`` others say so."""

    id: str
    name: Words
    help: Words
    answers: Mapping[str, Words]
    reasons: Mapping[str, Words]
    when: tuple[tuple[str, str], ...]

    def asked(self, answers: Mapping[str, str]) -> bool:
        """Whether the answers so far make this question one to ask."""
        return all(answers.get(question) == answer for question, answer in self.when)


@dataclass(frozen=True)
class Regime:
    """Who the ``buyer`` is, which ``basis`` the case has, why, and which questions are still ``unanswered``."""

    buyer: str
    basis: str
    reasons: tuple[Words, ...]
    unanswered: tuple[str, ...]


class Silence(StrEnum):
    """What it means when the shop does not answer in time."""

    CERTAIN = "certain"  # the complaint is deemed accepted
    POSSIBLE = "possible"
    NONE = "none"


@cache
def buyer_questions() -> tuple[BuyerQuestion, ...]:
    """The questions in the order they are asked."""
    return tuple(
        BuyerQuestion(
            told["id"],
            words(told, "name"),
            words(told, "help"),
            {name: words(answer, "name") for name, answer in told["answer"].items()},
            {name: words(answer, "said") for name, answer in told["answer"].items()},
            tuple(told.get("asked_when", {}).items()),
        )
        for told in rule_file("buyer")["question"]
    )


def regime(answers: Mapping[str, str], contract: str = "distance", contract_on: date | None = None) -> Regime:
    """Who the buyer is and what the case rests on by the answers to ``buyer_questions()`` (law.md 1.1, 1.8, 2.1).

    An unanswered question counts as the answer that gives the buyer more: a private person, a purchase that is not
    professional, a defect. Raises ValueError for an answer nobody offers.
    """
    asked = [question for question in buyer_questions() if question.asked(answers)]
    for question in asked:
        if answers.get(question.id, "") not in ("", *question.answers):
            raise ValueError(f"{question.id}: {answers[question.id]}")
    given = {question.id: answers.get(question.id, "") for question in asked}
    buyer = _buyer(given.get("who", ""), given.get("professional", ""))
    basis, why = _basis(buyer, given.get("wants", ""), contract, contract_on)
    reasons = [question.reasons[given[question.id]] for question in asked if given[question.id]]
    return Regime(buyer, basis, (*reasons, words(rule_file("buyer")["basis"][why], "said")), tuple(name for name, answer in given.items() if not answer))


def _buyer(who: str, professional: str) -> str:
    if who == "firm" or (who == "sole_trader" and professional == "yes"):
        return BUSINESS
    return SOLE_TRADER if who == "sole_trader" else CONSUMER


def _basis(buyer: str, wants: str, contract: str, contract_on: date | None) -> tuple[str, str]:
    """The legal basis, and which reason of buyer.toml it has."""
    if wants == "changed_mind":
        if buyer == BUSINESS:
            return "voluntary", "voluntary_business"
        return ("voluntary", "voluntary_shop") if contract == "shop" else ("withdrawal", "withdrawal")
    if wants in ("guarantee", "other"):
        return wants, wants
    if buyer == BUSINESS:
        return "statutory_warranty", "statutory_warranty"
    if contract_on and contract_on < rule_file("buyer")["basis"]["non_conformity"]["since"]:
        return "statutory_warranty", "old_warranty"
    return "non_conformity", "non_conformity"


def silence(buyer: str, basis: str = "", country: str = "PL") -> Silence:
    """Whether silence counts as acceptance: certainly for consumers, possibly for sole traders, never in B2B (UPK art. 7a, 7aa)."""
    chosen = basis or ("statutory_warranty" if buyer == BUSINESS else "non_conformity")
    for rule in load(country).on():
        if rule.on_expiry == "deemed_accepted" and rule.for_whom(buyer, "", chosen):
            return Silence.POSSIBLE if rule.softly(buyer, chosen) else Silence.CERTAIN
    return Silence.NONE

