"""The library of checklists: dated lists of ours in resources/checklists, each in both languages, as drafts to keep."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from qmdesk import i18n, places
from qmdesk.errors import Known
from qmdesk.i18n import _
from qmdesk.records.audit import Checklist, ChecklistKind, Question, QuestionType
from qmdesk.records.checklist import SCORED, SEPARATOR, YES_FAILS, Draft, Option, options
from qmdesk.records.shop import Language
from qmdesk.schema.record import replace
from qmdesk.schema.types import Labelled
from qmdesk.values import dataclass

L = TypeVar("L", bound=Labelled)

_LANGUAGES = {"pl": Language.POLISH, "en": Language.ENGLISH}


@dataclass(frozen=True)
class Entry:
    """A list of the library as it is offered; ``as_of``: the day up to which its law and standards were looked at."""

    key: str
    kind: ChecklistKind
    name: str
    purpose: str
    criteria: str
    as_of: date


def all_keys() -> tuple[str, ...]:
    """The keys of all lists, in the order in which they are offered."""
    return tuple(sorted((path.stem for path in _folder().glob("*.toml")), key=lambda key: (_head(key)["order"], key)))


def entries(lang: str | None = None) -> tuple[Entry, ...]:
    """Every list of the library in ``lang`` (the interface's language by default)."""
    lang = lang or i18n.language()
    found = []
    for key in all_keys():
        head = _head(key)
        kind = _word(ChecklistKind, head["kind"])
        found.append(Entry(key, kind, _said(head, "name", lang), _said(head, "purpose", lang), _said(head, "criteria", lang), head["as_of"]))
    return tuple(found)


def draft(key: str, lang: str | None = None) -> Draft:
    """A list of the library with its questions in ``lang`` (the interface's language by default). Raises Known."""
    if key not in all_keys():
        raise Known(_("The library has no checklist “{key}”; it has: {listed}.").format(key=key[:60], listed=", ".join(all_keys())))
    return _draft(key, lang or i18n.language())


@cache
def _draft(key: str, lang: str) -> Draft:
    told = tomllib.loads(_text(key))
    language = _LANGUAGES.get(lang, Language.ENGLISH)
    checklist = Checklist(
        key=key,
        kind=_word(ChecklistKind, told["kind"]),
        language=language,
        name=_said(told, "name", lang),
        purpose=_said(told, "purpose", lang),
        criteria=_said(told, "criteria", lang),
        pass_mark=Decimal(told["pass_mark"]) if "pass_mark" in told else None,
    )
    questions: dict[str, Question] = {}
    for section in told["section"]:
        for asked in section["question"]:
            question = _question(asked, lang, section[lang], questions)
            questions[asked.get("id", f"#{len(questions)}")] = question
    return Draft(checklist).inserted(tuple(questions.values()))


_PLAIN = ("critical", "note_when_failed", "photo_when_failed")


def _question(told: Mapping[str, Any], lang: str, section: str, before: Mapping[str, Question]) -> Question:
    type_ = _word(QuestionType, told.get("type", QuestionType.VERDICT.value))
    question = Question(
        id=-1 - len(before),
        checklist=1,  # its list has no id yet
        section=section,
        wording=told[lang],
        type=type_,
        guidance=told[f"how_{lang}"],
        options=YES_FAILS if told.get("bad_answer") == "yes" else "\n".join(told.get(f"options_{lang}", ())),
        least=_number(told, "least"),
        most=_number(told, "most"),
        unit=_said(told, "unit", lang),
        weight=told.get("weight", 1 if type_ in SCORED else 0),
        clause=_said(told, "clause", lang),
        **{name: told[name] for name in _PLAIN if name in told},
    )
    if "shown_by" not in told:
        return question
    other = before[told["shown_by"]]
    return replace(question, shown_by=other.id, shown_for=f"{SEPARATOR} ".join(_answer(options(other), answer) for answer in told["shown_for"]))


def _answer(choices: tuple[Option, ...], told: str | int) -> str:
    """The answer a question waits for; of a choice it is told by its number, because its words differ by language."""
    return choices[told - 1].text if isinstance(told, int) else told


def _word(words: type[L], told: str) -> L:
    return next(word for word in words if word.value == told)


def _number(told: Mapping[str, Any], key: str) -> Decimal | None:
    return Decimal(str(told[key])) if key in told else None


def _said(told: Mapping[str, Any], key: str, lang: str) -> str:
    """A text that stands there as key_en and key_pl, or as key alone when both languages say the same."""
    return str(told.get(f"{key}_{lang}", told.get(key, "")))


@cache
def _head(key: str) -> Mapping[str, Any]:
    """What a list is called and for; its questions, which are long, are read when one looks at them."""
    return tomllib.loads(_text(key).partition("\n[[section]]")[0])


def _text(key: str) -> str:
    return (_folder() / f"{key}.toml").read_text("utf-8")


def _folder() -> Path:
    return places.resources() / "checklists"
