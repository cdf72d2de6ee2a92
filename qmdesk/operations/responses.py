"""What customers answered to a survey: kept one by one however it came, checked against the questions, never twice."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from qmdesk.errors import Known, Problem, Problems
from qmdesk.i18n import N_, _
from qmdesk.operations import surveys
from qmdesk.records.satisfaction import (
    SCALES,
    QuestionKind,
    ResponseWay,
    Seal,
    Survey,
    SurveyAnswer,
    SurveyQuestion,
    SurveyResponse,
    SurveyState,
)
from qmdesk.register import Reading, Transaction
from qmdesk.schema import types
from qmdesk.schema.folding import fold
from qmdesk.schema.query import Condition, Query, parts_of
from qmdesk.schema.types import clean

TYPE_IN = N_("Type in a response")
TAKE_IN = N_("Take in responses")
CHANGE = N_("Change a response")
REMOVE = N_("Remove a response")

Answers = Mapping[int, str | int]
"""Question's id -> points of a scale, 1 or 0 of yes or no, else words."""

_POINTS = re.compile(r"\s*(\d{1,2})(?:[.,]0+)?(?!\d)(?!\s*[.,]\s*\d)")
_YES = ("yes", "y", "tak", "t", "true", "prawda")
_NO = ("no", "n", "nie", "false", "falsz", "fałsz")


def read_answer(question: SurveyQuestion, cell: object) -> int | str | None:
    """What a cell of a sheet or a form says to a question; None for nothing. Raises Known with what would be right."""
    said = clean(str(int(cell) if isinstance(cell, float) and cell.is_integer() else cell)) if cell is not None else ""
    if not said:
        return None
    if question.kind is QuestionKind.YES_NO and said.lower() in (*_YES, *_NO):
        return int(said.lower() in _YES)
    if question.kind in SCALES:
        least, most = SCALES[question.kind]
        found = _POINTS.match(said)  # also "9 – extremely likely", as some programs write the ends of a scale
        if found is None or not least <= int(found[1]) <= most:
            raise Known(_("“{question}”: “{said}” is not a number from {least} to {most}.").format(question=question.wording, said=said[:60], least=least, most=most))
        return int(found[1])
    if question.kind is QuestionKind.CHOICE:
        chosen = next((choice for choice in question.choices if fold(choice) == fold(said)), None)
        if chosen is None:
            raise Known(_("“{question}”: “{said}” is none of its choices: {listed}.").format(question=question.wording, said=said[:60], listed=", ".join(question.choices)))
        return chosen
    return said


def keep(
    tx: Transaction, survey: Survey, answers: Answers, at: datetime, way: ResponseWay, *, token: str = "", seal: Seal = Seal.NONE, **also: Any
) -> int:
    """Keep one response, ``also`` with customer, order, case or note; returns its id.

    A question that must be answered is asked so by the form; what came in otherwise may leave it out. Raises Known when
    the survey takes no responses or nothing is answered, Problems when the token is there already or a value can't be.
    """
    _must_be_open(survey)
    asked = {question.id: question for question in surveys.questions(tx, survey)}
    told = {id_: said for id_, question in asked.items() if id_ in answers and (said := read_answer(question, answers[id_])) is not None}
    if not told:
        raise Known(_("Nothing is answered: a response needs at least one answer."))
    response = SurveyResponse(survey=survey.id, token=token or secrets.token_hex(8), answered_at=at, way=way, seal=seal, **also)
    id_ = tx.add(response)
    for question, said in told.items():
        tx.add(_answer(id_, question, said))
    return id_


def _answer(response: int, question: int, said: int | str) -> SurveyAnswer:
    return SurveyAnswer(response=response, question=question, points=said) if isinstance(said, int) else SurveyAnswer(response=response, question=question, words=said)


def _must_be_open(survey: Survey) -> None:
    if survey.state is SurveyState.DRAFT:
        raise Known(_("“{name}” is still in preparation. Begin to ask it first, then its responses come in.").format(name=survey.name))
    if survey.state is SurveyState.CLOSED:
        raise Known(_("“{name}” is closed. Open it again to take in more responses.").format(name=survey.name))


def type_in(tx: Transaction, survey_id: int, answers: Answers, at: datetime, about: Mapping[str, Any] | None = None) -> int:
    """A response somebody told or wrote on paper, ``about`` as in ``link``; returns its id. Raises Known, Problems."""
    survey = tx.get(Survey, survey_id)
    tx.about(survey.name)
    return keep(tx, survey, answers, at, ResponseWay.TYPED, **(about or {}))


def link(tx: Transaction, id_: int, values: Mapping[str, Any]) -> SurveyResponse:
    """Say whose response it is, about which order or case, or note something. Raises Problems; what was answered stays."""
    response = tx.get(SurveyResponse, id_)
    tx.about(response.token)
    if strange := sorted(set(values) - {"customer", "order", "case", "note", "answered_at"}):
        raise Problems([Problem(strange[0], _("What a customer answered is not changed; remove the response and type it in again."))])
    return tx.change(response, **values)


def remove(tx: Transaction, id_: int) -> None:
    """Take a response away with its answers. Raises NotFound."""
    response = tx.get(SurveyResponse, id_)
    tx.about(response.token)
    for part in (*tx.records(parts_of(response, SurveyAnswer)), response):
        tx.remove(part)


def of_token(reading: Reading, survey: Survey, token: str) -> SurveyResponse | None:
    """The response of a survey that has this number of its own."""
    asked = (Condition("survey", types.IS, (survey.id,)), Condition("token", types.IS, (token,)))
    return next(iter(reading.records(Query(SurveyResponse, asked), 1)), None)


def answers_of(reading: Reading, response: SurveyResponse) -> dict[int, int | str]:
    """What a response says, by question."""
    told = reading.records(parts_of(response, SurveyAnswer))
    return {one.question: one.words if one.points is None else one.points for one in told}
