"""The checklist of conformity: questions beside a complaint whose answers become reasons in the letter (UPK art. 43b, 43c)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from qmdesk.law.words import Words, rule_file, words


class Answer(StrEnum):
    """What can be answered."""

    YES = "yes"
    NO = "no"
    UNCLEAR = "unclear"


class Speaks(StrEnum):
    """Which way an answer speaks."""

    LIABLE = "liable"
    NOT_LIABLE = "not_liable"
    OPEN = "open"  # decides nothing by itself


@dataclass(frozen=True)
class Reason:
    """What an answer means: a sentence for the letter, which way it speaks and on what it rests."""

    question: str
    speaks: Speaks
    text: Words
    basis: Words


@dataclass(frozen=True)
class Question:
    """One question with its help, its basis and the reason each answer gives."""

    id: str
    name: Words
    help: Words
    basis: Words
    reasons: Mapping[Answer, Reason]


@cache
def questions() -> tuple[Question, ...]:
    """The checklist in order."""
    return tuple(
        Question(
            told["id"],
            words(told, "name"),
            words(told, "help"),
            words(told, "basis"),
            {
                answer: Reason(told["id"], Speaks(told[answer.value]["speaks"]), Words(told[answer.value]["en"], told[answer.value]["pl"]), words(told, "basis"))
                for answer in Answer
            },
        )
        for told in rule_file("conformity")["question"]
    )


def reasons(answers: Mapping[str, str]) -> tuple[Reason, ...]:
    """The reasons that the answers (question id -> yes, no or unclear) give, in the order of the checklist.

    Questions without an answer give none. Raises ValueError for another answer.
    """
    return tuple(question.reasons[Answer(answers[question.id])] for question in questions() if answers.get(question.id))


def leaning(found: tuple[Reason, ...]) -> Speaks:
    """Where the reasons point together; a hint for the person who decides, never a decision.

    Concealment beats the lapse of time, an accepted deviation or proof that the defect came later beats the rest. A
    defect that agrees with the contract in all respects asked points nowhere.
    """
    against = {reason.question for reason in found if reason.speaks is Speaks.NOT_LIABLE}
    towards = {reason.question for reason in found if reason.speaks is Speaks.LIABLE}
    if "concealed" in towards:
        against.discard("revealed_in_time")
    if against:
        return Speaks.NOT_LIABLE
    return Speaks.LIABLE if towards - {"arose_later", "concealed"} else Speaks.OPEN
