"""The library of checklists: every list loads, says the same in both languages, and asks nothing that can't be asked."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from datetime import date

import pytest

from qmdesk import places
from qmdesk.operations import checklist_library
from qmdesk.records.audit import ChecklistKind, Question, QuestionType
from qmdesk.records.checklist import SCORED, Draft, awaited, fitting, flaws, options
from qmdesk.records.shop import Language

KEYS = checklist_library.all_keys()
ROUTINES = {"opening_shop", "closing_shop", "orders_morning", "dispatch_evening"}
WANTED = {
    "service_quality", "mystery_mail", "mystery_phone", "mystery_chat", "product_page", "packing_dispatch", "incoming_goods", "returns_desk",
    "complaints_law", "six_pillars", "privacy_rodo", "floor_5s", "supplier_visit", "iso9001_internal", "iso10002_gap",
}  # fmt: skip
OF_LIST = {"order", "kind", "as_of", "name", "purpose", "criteria", "pass_mark", "section"}
OF_QUESTION = {
    "id", "en", "pl", "how", "type", "options", "bad_answer", "least", "most", "unit", "weight", "critical", "clause", "shown_by", "shown_for",
    "note_when_failed", "photo_when_failed",
}  # fmt: skip
# what law.md names: nothing else may be cited
CITED = re.compile(
    r"""(?:
        UPK\ art\.\ (?:4a|7a|12(?:\(1\)\((?:9|12)\)|\ ust\.\ 1\ pkt\ (?:9|12))?|2[789]|3[0-9]|43[a-g])(?:\((?:2|4)\)|\ ust\.\ (?:2|4))?
            (?:,\ (?:art\.\ )?(?:28|29|33|34|38|43e))*
      | KC\ (?:\(civil\ code\)\ )?art\.\ (?:563|577)
      | RODO\ (?:\(GDPR\)\ )?art\.\ (?:5|6|12|13|15|16|17|18|20|28|32|33)(?:\(\d\)|\ ust\.\ \d)?(?:\([a-f]\)|\ lit\.\ [a-f])?
            (?:,\ (?:art\.\ )?12(?:\(3\)|\ ust\.\ 3))?(?:;\ UPK\ art\.\ 4a\ .*)?
      | (?:ADR\ act|ustawa\ ADR)\ art\.\ 32
      | Regulation\ on\ cash\ registers | Rozporządzenie\ w\ sprawie\ kas\ rejestrujących
      | (?:Directive|Dyrektywa)\ \((?:EU|UE)\)\ 2024/825\ \(.*\)
      | ISO\ 9001:2015\ (?:[4-9]|10)\.\d(?:\.\d)?
      | ISO\ 10001:2018
      | ISO\ 10002:2018(?:,\ [^\d]+)?
    )""",
    re.VERBOSE,
)


def told(key: str) -> dict[str, object]:
    return tomllib.loads((places.resources() / "checklists" / f"{key}.toml").read_text("utf-8"))


def bare(name: str) -> str:
    return name.removesuffix("_en").removesuffix("_pl")


def shape(draft: Draft) -> list[tuple[object, ...]]:
    """What must be the same in both languages."""
    places_of = {question.id: at for at, question in enumerate(draft.questions)}
    sections = [name for name, _questions in draft.sections()]
    return [
        (
            sections.index(one.section), one.type, one.least, one.most, one.weight, one.critical, one.note_when_failed, one.photo_when_failed,
            bool(one.clause), bool(one.unit), [option.fails for option in options(one)], places_of.get(one.shown_by or 0), len(awaited(one)),
        )
        for one in draft.questions
    ]  # fmt: skip


def test_the_library_has_the_lists_a_shop_needs() -> None:
    assert set(KEYS) == WANTED | ROUTINES
    names = [entry.name for lang in ("pl", "en") for entry in checklist_library.entries(lang)]
    assert len(set(names)) == 2 * len(KEYS)
    types = Counter(one.type for key in KEYS for one in checklist_library.draft(key, "pl").questions)
    assert set(types) == set(QuestionType)


@pytest.mark.parametrize("key", KEYS)
def test_a_list_can_be_asked_in_both_languages(key: str) -> None:
    english, polish = (checklist_library.draft(key, lang) for lang in ("en", "pl"))
    assert (english.checklist.language, polish.checklist.language) == (Language.ENGLISH, Language.POLISH)
    for draft in (english, polish):
        assert flaws(draft) == []
        assert len(draft.questions) >= (5 if key in ROUTINES else 15)
        assert draft.checklist.purpose
        assert draft.checklist.criteria
        assert any(one.critical for one in draft.questions)
        assert all(one.guidance for one in draft.questions)
        assert all(fitting(one) == one for one in draft.questions), "something is said that the type does not ask for"
        asked = [" ".join(one.wording.lower().split()) for one in draft.questions]
        assert [wording for wording, times in Counter(asked).items() if times > 1] == []
    assert shape(english) == shape(polish)
    assert [name for name, _questions in english.sections()] != [name for name, _questions in polish.sections()]
    for one, other in zip(english.questions, polish.questions, strict=True):
        assert one.wording != other.wording
        assert one.guidance != other.guidance
        assert one.wording.endswith("?") == other.wording.endswith("?") or one.type not in SCORED
    assert (polish.checklist.kind is ChecklistKind.ROUTINE) == (key in ROUTINES)


@pytest.mark.parametrize("key", KEYS)
def test_a_list_says_nothing_that_is_not_understood(key: str) -> None:
    whole = told(key)
    assert {bare(name) for name in whole} <= OF_LIST
    assert isinstance(whole["as_of"], date)
    for section in whole["section"]:  # type: ignore[attr-defined]
        assert set(section) == {"en", "pl", "question"}
        for question in section["question"]:
            assert {bare(name) for name in question} <= OF_QUESTION
            assert len(question.get("options_en", ())) == len(question.get("options_pl", ()))
            if "least" in question and "most" in question:
                assert question["least"] <= question["most"]


def test_what_is_answered_by_a_number_is_not_asked_as_yes_or_no() -> None:
    yes_or_no = re.compile(r"(Is|Are|Do|Does|Did|Was|Were|Has|Have|Can|Could|Would|Czy)\b")
    for key in KEYS:
        for lang in ("pl", "en"):
            for one in checklist_library.draft(key, lang).questions:
                if one.type in (QuestionType.NUMBER, QuestionType.DAY, QuestionType.PHOTO, QuestionType.TEXT, QuestionType.SIGNATURE):
                    assert not yes_or_no.match(one.wording), f"{key}: {one.wording}"


def clauses() -> list[tuple[str, Question]]:
    return [(key, one) for key in KEYS for lang in ("pl", "en") for one in checklist_library.draft(key, lang).questions if one.clause]


def test_only_what_is_known_is_cited() -> None:
    strange = sorted({f"{key}: {one.clause}" for key, one in clauses() if not CITED.fullmatch(one.clause)})
    assert strange == []
    for key in KEYS:
        for lang in ("pl", "en"):
            for one in checklist_library.draft(key, lang).questions:
                assert not re.search(r"\b(art\.|§)\s*\d", f"{one.wording} {one.guidance}"), f"{key}: a citation belongs into the clause: {one.wording}"


def test_the_topics_of_the_law_are_all_asked() -> None:
    """law.md 8.5: what an audit of complaints must look at."""
    asked = " ".join(f"{one.wording} {one.guidance}" for one in checklist_library.draft("complaints_law", "en").questions).lower()
    for topic in ("legal day", "adr", "paid within 14 days", "held back", "protocol", "obvious mistakes", "odr", "informed of the right to withdraw", "erased", "price reduction", "corrective actions", "safety"):
        assert topic in asked, topic
