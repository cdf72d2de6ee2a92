"""The bank of survey questions and the surveys that are ready, in both languages: resources/surveys as records not kept yet."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from qmdesk import i18n, places
from qmdesk.errors import Known
from qmdesk.i18n import _
from qmdesk.records.satisfaction import Occasion, Pillar, QuestionKind, Survey, SurveyQuestion
from qmdesk.records.shop import Language
from qmdesk.register import clock
from qmdesk.schema.types import Labelled
from qmdesk.values import dataclass

L = TypeVar("L", bound=Labelled)

BANK = "bank"
LANGUAGES = {"pl": Language.POLISH, "en": Language.ENGLISH}


@dataclass(frozen=True)
class Entry:
    """A ready survey as it is offered, or a question of the bank (its kind's word as the purpose)."""

    key: str
    name: str
    purpose: str


@dataclass(frozen=True)
class Ready:
    """A survey that is not kept yet, with its questions in order."""

    survey: Survey
    questions: tuple[SurveyQuestion, ...]


def entries(lang: str | None = None) -> tuple[Entry, ...]:
    """The ready surveys in ``lang`` (the interface's language by default), in the order in which they are offered."""
    lang = lang or i18n.language()
    told = {path.stem: _told(path.stem) for path in _folder().glob("*.toml") if path.stem != BANK}
    return tuple(Entry(key, _said(told[key], "name", lang), _said(told[key], "purpose", lang)) for key in sorted(told, key=lambda key: told[key]["order"]))


def ready(key: str, lang: str | None = None) -> Ready:
    """A ready survey in ``lang``, without a day and a key of its own. Raises Known."""
    lang = lang or i18n.language()
    if key not in (known := [entry.key for entry in entries(lang)]):
        raise Known(_("There is no ready survey “{key}”; there are: {listed}.").format(key=key[:60], listed=", ".join(known)))
    told = _told(key)
    survey = Survey(
        name=_said(told, "name", lang),
        occasion=_word(Occasion, told["occasion"]),
        language=LANGUAGES.get(lang, Language.ENGLISH),
        made_on=clock().date(),
        introduction=_said(told, "introduction", lang),
        thanks=_said(told, "thanks", lang),
    )
    return Ready(survey, tuple(question(name, lang) for name in told["questions"]))


def bank(lang: str | None = None) -> tuple[Entry, ...]:
    """The questions of the bank in ``lang``, with how each is answered."""
    lang = lang or i18n.language()
    return tuple(Entry(key, _said(told, "", lang), _(_word(QuestionKind, told["kind"]).label)) for key, told in _bank().items())


def question(key: str, lang: str | None = None) -> SurveyQuestion:
    """A question of the bank; its survey is filled in when it is kept. Raises Known."""
    lang = lang or i18n.language()
    if key not in _bank():
        raise Known(_("The bank has no question “{key}”; it has: {listed}.").format(key=key[:60], listed=", ".join(_bank())))
    told = _bank()[key]
    return SurveyQuestion(
        survey=0,
        kind=_word(QuestionKind, told["kind"]),
        wording=_said(told, "", lang),
        options="\n".join(told.get(f"options_{lang}", ())),
        required=told.get("required", False),
        pillar=_word(Pillar, told["pillar"]) if "pillar" in told else None,
    )


def ends(kind: QuestionKind, lang: str) -> tuple[str, str]:
    """What the least and the most points of a scale mean, in words; "" where the points need none."""
    told = _told(BANK)["scale"].get(str(kind.value), {})
    return _said(told, "low", lang), _said(told, "high", lang)


def _word(words: type[L], told: str) -> L:
    return next(word for word in words if word.value == told)


def _said(told: Mapping[str, Any], name: str, lang: str) -> str:
    return str(told.get(f"{name}_{lang}" if name else lang, ""))


@cache
def _bank() -> Mapping[str, Mapping[str, Any]]:
    return {one["key"]: one for one in _told(BANK)["question"]}


@cache
def _told(name: str) -> Mapping[str, Any]:
    return tomllib.loads((_folder() / f"{name}.toml").read_text("utf-8"))


def _folder() -> Path:
    return places.resources() / "surveys"
