"""A checklist as a file of ours (.qmcheck): JSON text with its reference photos inside, for another register."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from qmdesk import __version__
from qmdesk.errors import Known, Problem, Problems
from qmdesk.exchange.writer import whole_file
from qmdesk.i18n import _
from qmdesk.records.audit import Checklist, Question
from qmdesk.records.checklist import MOST_QUESTIONS, Draft
from qmdesk.schema import types
from qmdesk.schema.record import Field, empty, not_understood, replace

SUFFIX = ".qmcheck"
FORMAT = 1
LARGEST = 64_000_000  # bytes
OWN = (*Checklist.spec.asked("active"), "key")
_WAITS, _PICTURE = "shown_by", "picture"
_TOLD = Question.spec.asked("checklist", _WAITS, _PICTURE)


def write(path: Path, draft: Draft, content: Callable[[str], bytes]) -> None:
    """Write a list with its photos, whose bytes ``content`` gives; the file appears whole or not at all. Raises Known."""
    questions = [_told(draft, question, content) for question in draft.questions]
    whole = {"qmcheck": FORMAT, "program": f"QMDesk {__version__}", "checklist": _fields(draft.checklist, OWN), "questions": questions}
    written = json.dumps(whole, ensure_ascii=False, indent=1).encode()
    if len(written) > LARGEST:
        raise Known(_("With its photos {file} would be larger than {megabytes} MB. Take some photos out of the list first.").format(file=path.name, megabytes=LARGEST // 1_000_000))
    with whole_file(path) as raw:
        raw.write(written)


def _told(draft: Draft, question: Question, content: Callable[[str], bytes]) -> dict[str, Any]:
    told = _fields(question, _TOLD)
    if question.shown_by is not None:
        told[_WAITS] = draft.place(question.shown_by)
    if question.picture:
        told[_PICTURE] = base64.b64encode(content(question.picture)).decode("ascii")
    return told


def _fields(item: Checklist | Question, names: tuple[str, ...]) -> dict[str, Any]:
    """What differs from a new record; what a field is by itself need not be said."""
    blank = type(item).blank
    values = {name: getattr(item, name) for name in names}
    return {name: item.spec.fields[name].type.json(value) for name, value in values.items() if value is not None and value != blank.get(name)}


# ----------------------------------------------------------------------------------------- reading


def read(path: Path) -> tuple[dict[str, Any], tuple[Question, ...], dict[int, bytes]]:
    """What a file says of the list itself, its questions, and the pictures by the ids of their questions.

    Raises Known for a file that is none of ours, damaged or too large, Problems for what is wrong in it.
    """
    whole = _json(path)
    version = whole.get("qmcheck")
    if not isinstance(version, int) or isinstance(version, bool):
        raise Known(_("{file} is no checklist of this program.").format(file=path.name))
    if version > FORMAT:
        raise Known(_("{file} was written by a newer version of the program. Update this one, then import it again.").format(file=path.name))
    about, asked = whole.get("checklist"), whole.get("questions")
    if not isinstance(about, dict) or not isinstance(asked, list) or not all(isinstance(one, dict) for one in asked):
        raise Known(_("{file} is no checklist of this program.").format(file=path.name))
    if len(asked) > MOST_QUESTIONS:
        raise Known(_("{file} holds more than {most} questions. Divide it into several lists.").format(file=path.name, most=MOST_QUESTIONS))
    problems: list[Problem] = []
    own = dict(_read(Checklist.spec.fields, OWN, about, str, problems))
    questions = tuple(_question(place, one, len(asked), problems) for place, one in enumerate(asked, 1))
    pictures = {question.id: _picture(place, one[_PICTURE]) for place, (question, one) in enumerate(zip(questions, asked, strict=True), 1) if one.get(_PICTURE)}
    if problems:
        raise Problems(problems)
    return own, questions, pictures


def _json(path: Path) -> dict[str, Any]:
    try:
        with path.open("rb") as raw:
            content = raw.read(LARGEST + 1)
    except OSError:
        raise Known(_("{file} can't be read. Check that it is there and that you may read it.").format(file=path.name)) from None
    if len(content) > LARGEST:
        raise Known(_("{file} is larger than {megabytes} MB, which no checklist is.").format(file=path.name, megabytes=LARGEST // 1_000_000))
    try:
        whole = json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError):  # no JSON, not UTF-8, numbers of thousands of digits, lists of lists of lists
        raise Known(_("{file} is damaged, or no checklist of this program. Get a fresh copy of it.").format(file=path.name)) from None
    if not isinstance(whole, dict):
        raise Known(_("{file} is no checklist of this program.").format(file=path.name))
    return whole


def _read(fields: Mapping[str, Field], names: tuple[str, ...], told: Mapping[str, Any], said: Callable[[str], str], problems: list[Problem]) -> Iterator[tuple[str, Any]]:
    for name in names:
        value = told.get(name)
        if empty(value):
            continue
        field = fields[name]
        try:
            if isinstance(value, list | dict) or isinstance(value, bool) is not isinstance(field.type, types.Flag):
                raise ValueError(value)
            yield name, field.type.from_cell(Decimal(value) if isinstance(value, int) and not isinstance(value, bool) and field.type.numeric else value)
        except (ValueError, OverflowError, ArithmeticError):
            problems.append(Problem(name, said(not_understood(field, value))))


def _question(place: int, told: Mapping[str, Any], many: int, problems: list[Problem]) -> Question:
    def said(problem: str) -> str:
        return _("Question {place}: {problem}").format(place=place, problem=problem)

    values = dict(_read(Question.spec.fields, _TOLD, told, said, problems))
    question = Question(id=-place, checklist=1, **{"wording": "", **values})
    waits = told.get(_WAITS)
    if waits is None:
        return question
    if not isinstance(waits, int) or isinstance(waits, bool) or not 1 <= waits <= many:
        problems.append(Problem(_WAITS, said(_("There is no question {number} for it to wait for.").format(number=str(waits)[:20]))))
        return question
    return replace(question, shown_by=-waits)


def _picture(place: int, told: Any) -> bytes:
    try:
        return base64.b64decode(told, validate=True)
    except (TypeError, ValueError, binascii.Error):
        raise Known(_("Question {place}: its reference photo is damaged.").format(place=place)) from None
