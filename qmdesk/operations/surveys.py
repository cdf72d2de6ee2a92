"""Surveys: taken from the ready ones or written, their questions added, changed, moved; opened, closed, copied; each is one step."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping, Sequence
from typing import Any

from qmdesk.errors import Known
from qmdesk.i18n import N_, _, n_
from qmdesk.operations import survey_library
from qmdesk.records.satisfaction import Survey, SurveyQuestion, SurveyResponse, SurveyState
from qmdesk.register import Reading, Transaction, clock
from qmdesk.schema.query import Order, Query, parts_of
from qmdesk.schema.record import replace

NEW = N_("New survey")
FROM_LIBRARY = N_("Survey from the ready ones")
CHANGE = N_("Change a survey")
ADD_QUESTION = N_("Add a question to a survey")
CHANGE_QUESTION = N_("Change a question of a survey")
REMOVE_QUESTION = N_("Remove a question of a survey")
MOVE_QUESTION = N_("Move a question of a survey")
DUPLICATE_QUESTION = N_("Duplicate a question of a survey")
OPEN = N_("Begin to ask")
CLOSE = N_("Close a survey")
COPY = N_("Copy a survey")
REMOVE = N_("Remove a survey")

MOST_QUESTIONS = 60  # a survey nobody finishes tells nothing


def surveys_query() -> Query:
    """Every survey, the newest first."""
    return Query(Survey).by(Order("made_on", True), Order("id", True))


def questions(reading: Reading, survey: Survey) -> list[SurveyQuestion]:
    """The questions of a survey in order."""
    return reading.records(parts_of(survey, SurveyQuestion).by(Order("position"), Order("id")))


def responses_in(reading: Reading, survey: Survey) -> int:
    """How many responses a survey has."""
    return reading.count(parts_of(survey, SurveyResponse))


def fingerprint(key: str) -> str:
    """By what the files of a form are known in every copy of the register: the beginning of the SHA-256 of its key."""
    return hashlib.sha256(key.encode("ascii")).hexdigest()[:16]


def new_key() -> str:
    """A key no other form has; it lies readable in every file of the form, so its seal shows careless change only."""
    return secrets.token_hex(32)


# ------------------------------------------------------------------------------------------- making


def add(tx: Transaction, draft: Survey, asked: Sequence[SurveyQuestion] = ()) -> int:
    """A new survey, made today, with these questions; returns its id. Raises Problems."""
    tx.about(draft.name)
    id_ = tx.add(replace(draft, id=0, state=SurveyState.DRAFT, made_on=clock().date(), key=new_key()))
    for position, question in enumerate(asked, 1):
        tx.add(replace(question, id=0, survey=id_, position=position))
    return id_


def add_from_library(tx: Transaction, key: str, lang: str | None = None) -> int:
    """A ready survey in a language; returns its id. Raises Known for a key nobody knows."""
    made = survey_library.ready(key, lang)
    return add(tx, made.survey, made.questions)


def copy(tx: Transaction, id_: int) -> int:
    """A survey in preparation with the same questions: how one changes what is being asked already. Returns its id."""
    survey = tx.get(Survey, id_)
    return add(tx, replace(survey, invited=0), questions(tx, survey))


def change(tx: Transaction, id_: int, values: Mapping[str, Any]) -> Survey:
    """Change what is said around the questions, and how many customers were asked. Raises Problems."""
    survey = tx.get(Survey, id_)
    tx.about(survey.name)
    if survey.state is not SurveyState.DRAFT and "language" in values and values["language"] is not survey.language:
        raise Known(_(AS_ASKED).format(name=survey.name))
    return tx.change(survey, **values)


def remove(tx: Transaction, id_: int) -> None:
    """Take a survey away. Raises Known when customers answered it."""
    survey = tx.get(Survey, id_)
    tx.about(survey.name)
    if answered := responses_in(tx, survey):
        raise Known(n_("“{name}” has {n} response, so it can't be removed. Close it instead.", "“{name}” has {n} responses, so it can't be removed. Close it instead.", answered, name=survey.name))
    for part in (*questions(tx, survey), survey):
        tx.remove(part)


# --------------------------------------------------------------------------------------- questions

AS_ASKED = N_("“{name}” is being asked already, so its questions stay as they are. Copy it and change the copy.")


def add_question(tx: Transaction, draft: SurveyQuestion, after: int | None = None) -> int:
    """One more question, after another (its id; 0: first of all) or at the end; returns its id. Raises Known, Problems."""
    survey = _in_preparation(tx, draft.survey)
    asked = questions(tx, survey)
    if len(asked) >= MOST_QUESTIONS:
        raise Known(_("A survey has at most {most} questions; customers finish short ones.").format(most=MOST_QUESTIONS))
    id_ = tx.add(replace(draft, id=0, position=len(asked) + 1))
    if after is not None:
        at = next((place for place, one in enumerate(asked, 1) if one.id == after), 0)
        _renumber(tx, [*asked[:at], tx.get(SurveyQuestion, id_), *asked[at:]])
    return id_


def change_question(tx: Transaction, id_: int, values: Mapping[str, Any]) -> SurveyQuestion:
    """Change a question of a survey in preparation. Raises Known, Problems."""
    question = tx.get(SurveyQuestion, id_)
    _in_preparation(tx, question.survey)
    return tx.change(question, **values)


def remove_question(tx: Transaction, id_: int) -> None:
    """Take a question out of a survey in preparation. Raises Known."""
    question = tx.get(SurveyQuestion, id_)
    survey = _in_preparation(tx, question.survey)
    tx.remove(question)
    _renumber(tx, questions(tx, survey))


def move_question(tx: Transaction, id_: int, places: int) -> None:
    """Move a question down by so many places (up when below zero), to the end at most. Raises Known."""
    question = tx.get(SurveyQuestion, id_)
    asked = questions(tx, _in_preparation(tx, question.survey))
    at = next(place for place, one in enumerate(asked) if one.id == id_)
    moved = asked.pop(at)
    asked.insert(max(0, min(len(asked), at + places)), moved)
    _renumber(tx, asked)


def duplicate_question(tx: Transaction, id_: int) -> int:
    """The same question once more below itself; returns its id. Raises Known."""
    return add_question(tx, tx.get(SurveyQuestion, id_), after=id_)


def _in_preparation(tx: Transaction, id_: int) -> Survey:
    survey = tx.get(Survey, id_)
    tx.about(survey.name)
    if survey.state is not SurveyState.DRAFT:
        raise Known(_(AS_ASKED).format(name=survey.name))
    return survey


def _renumber(tx: Transaction, asked: Sequence[SurveyQuestion]) -> None:
    for position, question in enumerate(asked, 1):
        tx.change(question, position=position)


# ------------------------------------------------------------------------------------------ asking


def open_(tx: Transaction, id_: int) -> Survey:
    """Begin to ask, or ask again after closing: from now on the questions stay as they are. Raises Known without a question."""
    survey = tx.get(Survey, id_)
    tx.about(survey.name)
    if not tx.count(parts_of(survey, SurveyQuestion), 1):
        raise Known(_("“{name}” asks nothing yet. Add a question first.").format(name=survey.name))
    return tx.change(survey, state=SurveyState.OPEN)


def close(tx: Transaction, id_: int) -> Survey:
    """Take no more responses; what was answered stays. Raises Known when it was never asked."""
    survey = tx.get(Survey, id_)
    tx.about(survey.name)
    if survey.state is SurveyState.DRAFT:
        raise Known(_("“{name}” is still in preparation: there is nothing to close.").format(name=survey.name))
    return tx.change(survey, state=SurveyState.CLOSED)
