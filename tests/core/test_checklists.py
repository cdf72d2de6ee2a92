"""Writing checklists: each edit is a step that can be undone, what can't be asked is refused in a sentence, versions grow once."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from qmdesk.errors import Known, NotFound, Problems
from qmdesk.operations import checklists
from qmdesk.records.audit import Checklist, ChecklistKind, PlannedAudit, Question, QuestionType
from qmdesk.records.checklist import YES_FAILS, Draft, answers, fitting, flaws, options
from qmdesk.records.shop import Language
from qmdesk.schema.query import Query
from tests.shop import day
from tests.shop_checklists import ListShop, a_list, question


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[ListShop]:
    """A shop with an empty register."""
    made = ListShop(tmp_path / "shop.qmd")
    yield made
    assert made.register.verify() == []
    made.register.close()


def refused(shop: ListShop, draft: Draft) -> list[str]:
    """The sentences for which a list is not kept; nothing of it is."""
    before = shop.register.count(Query(Checklist)), shop.register.count(Query(Question))
    with pytest.raises(Problems) as error:
        shop.register.do(checklists.NEW, checklists.keep, draft)
    assert (shop.register.count(Query(Checklist)), shop.register.count(Query(Question))) == before
    return [problem.sentence for problem in error.value.problems]


YES = QuestionType.YES_NO


# -------------------------------------------------------------------------------------------- making


def test_a_list_is_written_read_and_removed(shop: ListShop) -> None:
    id_ = shop.writes(
        question("Is the box taped?", section="Packing", type=YES, weight=2, critical=True),
        question("Temperature", section="Store", type=QuestionType.NUMBER, least=Decimal("2"), most=Decimal("8.5"), unit="°C"),
        kind=ChecklistKind.WAREHOUSE,
        language=Language.ENGLISH,
        pass_mark=Decimal("80"),
    )
    found = shop.list(id_)
    assert found.checklist.version == 1
    assert [(one.position, one.section, one.wording) for one in found.questions] == [(1, "Packing", "Is the box taped?"), (2, "Store", "Temperature")]
    shop.do(checklists.REMOVE, checklists.remove, id_)
    assert shop.register.count(Query(Question)) == 0


def test_several_lists_of_ones_own_stand_side_by_side(shop: ListShop) -> None:
    shop.writes(question("A?"), name="Opening")
    shop.writes(question("A?"), name="Closing")
    assert shop.register.count(Query(Checklist)) == 2
    assert "taken already" in " ".join(refused(shop, a_list(question("A?"), name="Closing")))


def test_a_list_comes_from_the_library_in_a_language_once(shop: ListShop) -> None:
    english = shop.takes_from_library("packing_dispatch", "en")
    polish = shop.takes_from_library("packing_dispatch", "pl")
    assert shop.get(Checklist, english).name == "Packing and dispatch"
    assert shop.get(Checklist, polish).name == "Pakowanie i wysyłka"
    assert len(shop.list(english).questions) == len(shop.list(polish).questions) >= 15
    with pytest.raises(Known, match="“Packing and dispatch” is among your checklists already"):
        shop.takes_from_library("packing_dispatch", "en")
    with pytest.raises(Known, match="no checklist “nonsense”"):
        shop.takes_from_library("nonsense", "en")


def test_a_copy_has_its_own_questions_which_wait_for_its_own(shop: ListShop) -> None:
    first = shop.takes_from_library("packing_dispatch")
    second = shop.copies(first)
    assert shop.get(Checklist, second).name == "Packing and dispatch (2)"
    assert shop.get(Checklist, second).key == ""
    assert shop.wordings(second) == shop.wordings(first)
    own = {one.id for one in shop.list(second).questions}
    waiting = [one for one in shop.list(second).questions if one.shown_by]
    assert waiting
    assert all(one.shown_by in own for one in waiting)
    shop.edits_list(second, lambda draft: draft.changed(draft.questions[0].id, wording="Other?"))
    assert shop.wordings(first)[0] != "Other?"


# ------------------------------------------------------------------------------------------ editing


@pytest.fixture
def abc(shop: ListShop) -> int:
    """A list of five questions in two sections; C waits for B."""
    return shop.writes(
        question("A?", section="First", type=YES),
        question("B?", id=-2, section="First", type=YES),
        question("C?", section="Second", type=YES, shown_by=-2, shown_for="no"),
        question("D?", section="Second"),
        question("E?", section="Second"),
    )


def wordings(draft: Draft) -> list[str]:
    return [f"{one.section[:1]}{one.wording[:1]}" for one in draft.questions]


def test_each_edit_is_one_step_that_can_be_undone(shop: ListShop, abc: int) -> None:
    a, b, c, d, e = (one.id for one in shop.list(abc).questions)
    for label, edit, expected in (
        (checklists.ADD_QUESTION, lambda draft: draft.inserted([question("New?", section="First")], 1), ["FA", "FN", "FB", "SC", "SD", "SE"]),
        (checklists.MOVE_QUESTIONS, lambda draft: draft.moved({d, e}, True), ["FA", "FN", "FB", "SD", "SE", "SC"]),
        (checklists.MOVE_QUESTIONS, lambda draft: draft.placed({a}, 0, "Second"), ["FN", "FB", "SD", "SE", "SC", "SA"]),
        (checklists.DUPLICATE_QUESTIONS, lambda draft: draft.duplicated({b}), ["FN", "FB", "FB", "SD", "SE", "SC", "SA"]),
        (checklists.CHANGE_QUESTION, lambda draft: draft.changed(d, wording="Z?", weight=5), ["FN", "FB", "FB", "SZ", "SE", "SC", "SA"]),
        (checklists.CHANGE_SECTION, lambda draft: draft.renamed(d, "Third"), ["FN", "FB", "FB", "TZ", "TE", "TC", "TA"]),
        (checklists.CHANGE_SECTION, lambda draft: draft.parted(c, "Last"), ["FN", "FB", "FB", "TZ", "TE", "LC", "LA"]),
        (checklists.CHANGE_SECTION, lambda draft: draft.moved_section(c, True), ["FN", "FB", "FB", "LC", "LA", "TZ", "TE"]),
        (checklists.REMOVE_QUESTIONS, lambda draft: draft.without({b, e}), ["FN", "FB", "LC", "LA", "TZ"]),
    ):  # fmt: skip
        shop.edits_list(abc, edit, label)
        assert wordings(shop.list(abc)) == expected
        assert shop.register.undoable().label == label  # type: ignore[union-attr]
        assert [one.position for one in shop.list(abc).questions] == list(range(1, len(expected) + 1))
    assert shop.list(abc).find(c).shown_by is None  # type: ignore[union-attr] - what it waited for is gone


def test_moving_goes_over_the_edge_of_a_section_before_it_passes_a_question() -> None:
    draft = a_list(question("A", section="1"), question("B", section="2"), question("C", section="2"))
    a, b, c = (one.id for one in draft.questions)
    assert [one.section for one in draft.moved({b}, True).questions] == ["1", "1", "2"]
    assert draft.moved({a}, True) == draft
    assert draft.moved({a, b}, True) == draft  # what follows the first can't pass it
    assert [one.wording for one in draft.moved({b}, False).questions] == ["A", "C", "B"]
    assert draft.moved({c}, False) == draft
    assert [one.wording for one in draft.moved_section(a, False).questions] == ["B", "C", "A"]
    assert draft.moved_section(a, True) == draft


def test_duplicates_wait_for_the_duplicate() -> None:
    draft = a_list(question("A", id=-1, type=YES), question("B", id=-2, shown_by=-1, shown_for="yes"))
    a, b = (one.id for one in draft.questions)
    twice = draft.duplicated({a, b})
    assert twice.questions[3].shown_by == twice.questions[2].id
    assert draft.duplicated({b}).questions[2].shown_by == a


def test_a_change_that_is_none_is_no_step(shop: ListShop, abc: int) -> None:
    newest = shop.register.steps(1)[0][0].id
    shop.register.do(checklists.CHANGE, checklists.keep, shop.list(abc))
    assert shop.register.steps(1)[0][0].id == newest


def test_a_list_that_is_gone_is_not_written(shop: ListShop, abc: int) -> None:
    draft = shop.list(abc)
    shop.do(checklists.REMOVE, checklists.remove, abc)
    with pytest.raises(NotFound):
        shop.saves_list(draft)
    again = shop.writes(question("A?", type=YES))
    with pytest.raises(NotFound):  # a question of another list's past
        shop.saves_list(Draft(shop.get(Checklist, again), draft.questions[:1]))


# ------------------------------------------------------------------------------------------ versions


def test_the_version_grows_once_after_it_was_asked(shop: ListShop, abc: int) -> None:
    def reword(words: str) -> Checklist:
        return shop.edits_list(abc, lambda draft: draft.changed(draft.questions[0].id, wording=words))

    assert reword("Not asked yet?").version == 1
    shop.asks_by(abc)
    assert reword("Asked once?").version == 2
    assert reword("And again?").version == 2
    assert shop.edits_list(abc, lambda draft: draft.headed(name="Renamed", purpose="For us")).version == 2
    shop.asks_by(abc)
    assert shop.edits_list(abc, lambda draft: draft.headed(name="Once more")).version == 2  # what is asked is the same
    assert shop.edits_list(abc, lambda draft: draft.headed(pass_mark=Decimal(90))).version == 3
    told = checklists.versions(shop.register, abc)
    assert [(version.number, version.audits) for version in told] == [(3, 0), (2, 1), (1, 1)]


def test_a_version_taken_back_is_no_version(shop: ListShop, abc: int) -> None:
    shop.asks_by(abc)
    shop.edits_list(abc, lambda draft: draft.without({draft.questions[0].id}))
    shop.register.undo()
    assert [version.number for version in checklists.versions(shop.register, abc)] == [1]


def test_what_was_asked_can_only_be_taken_out_of_use(shop: ListShop, abc: int) -> None:
    shop.asks_by(abc)
    with pytest.raises(Known, match="was asked in an audit"):
        shop.do(checklists.REMOVE, checklists.remove, abc)
    assert not shop.do(checklists.RETIRE, checklists.set_active, abc, False).active
    assert shop.do(checklists.REVIVE, checklists.set_active, abc, True).active
    other = shop.writes(question("A?"), name="Planned")
    shop.add(PlannedAudit(checklist=other, first_on=day("2026-12-01")))
    with pytest.raises(Known, match="stands in the programme"):
        shop.do(checklists.REMOVE, checklists.remove, other)


# ----------------------------------------------------------------------------------- what is refused


def test_what_cant_be_asked_is_said_question_by_question(shop: ListShop) -> None:
    draft = a_list(
        question("   ", type=YES),
        question("Which?", type=QuestionType.CHOICE, critical=True),
        question("How many?", type=QuestionType.NUMBER, least=Decimal(3), most=Decimal(2)),
        question("Measured?", type=QuestionType.NUMBER, critical=True),
        question("Good one?", type=YES),
        name="",
    )
    said = refused(shop, draft)
    assert said == [
        "Name is missing.",
        "Question 1: What is asked is missing.",
        "Question 2: Write at least two answers to choose from, one in a line.",
        "Question 2: It is critical, but none of its answers fails. Put an exclamation mark before those that do.",
        "Question 3: The upper bound lies below the lower one.",
        "Question 4: It is critical, but no number is bad without bounds. Give a lower or an upper one.",
    ]


def test_circles_of_waiting_are_found_through_several_steps(shop: ListShop) -> None:
    draft = a_list(
        question("A?", id=-1, type=YES, shown_by=-3, shown_for="yes"),
        question("B?", id=-2, type=YES, shown_by=-1, shown_for="yes"),
        question("C?", id=-3, type=YES, shown_by=-2, shown_for="no"),
        question("D?", id=-4, type=YES, shown_by=-4, shown_for="no"),
        question("E?", id=-5, type=YES, shown_by=-4, shown_for="no"),
    )
    said = refused(shop, draft)
    circle = "The questions 1, 2, 3 wait for one another in a circle"
    assert [sentence[: len("Question 1: ") + len(circle)] for sentence in said[:3]] == [f"Question {n}: {circle}" for n in (1, 2, 3)]
    assert said[3:] == ["Question 4: It waits for itself, so that it would never be asked."]


def test_a_question_waits_only_for_an_earlier_one_with_that_answer(shop: ListShop) -> None:
    draft = a_list(
        question("A?", id=-1, type=YES, shown_by=-2, shown_for="yes"),
        question("B?", id=-2, type=YES),
        question("C?", id=-3, type=QuestionType.TEXT),
        question("D?", id=-4, shown_by=-3, shown_for="x"),
        question("E?", id=-5, shown_by=-2, shown_for="no; maybe"),
        question("F?", id=-6, shown_by=77, shown_for="no"),
        question("G?", id=-7, shown_by=-2),
    )
    said = refused(shop, draft)
    for place, words in ((1, "waits for question 2, which is asked later"), (4, "waits for question 3, which has no fixed answers"), (5, "the answer “maybe”, which question 2 does not have"), (6, "not in this list"), (7, "Say which question and which answers")):
        assert any(sentence.startswith(f"Question {place}: ") and words in sentence for sentence in said), (place, said)
    assert len(said) == 5


def test_weights_that_sum_to_nothing_are_refused(shop: ListShop) -> None:
    none = a_list(question("A?", type=YES, weight=0), question("Remarks", type=QuestionType.TEXT, weight=9), question("Noted down", type=QuestionType.NUMBER, weight=3))
    assert refused(shop, none)[0].startswith("No question counts for the score.")
    assert flaws(a_list()) == []  # a list is begun before it has questions


def test_answers_to_choose_from(shop: ListShop) -> None:
    choice = question("Where?", type=QuestionType.CHOICE, options="On the shelf\n\n!On the floor\n ! Nowhere ", weight=2)
    assert [(option.text, option.fails) for option in options(choice)] == [("On the shelf", False), ("On the floor", True), ("Nowhere", True)]
    assert [value for value, _words in answers(choice)] == ["On the shelf", "On the floor", "Nowhere"]
    assert [words for _value, words in answers(question("V", type=QuestionType.VERDICT), "pl")][:1] == ["Zgodne"]
    twice = question("Where?", type=QuestionType.CHOICE, options="A; B\n!A; B")
    assert any("stands there twice" in sentence for sentence in refused(shop, a_list(twice)))
    assert any("semicolon" in sentence for sentence in refused(shop, a_list(twice)))


def test_too_many_questions_are_no_list(shop: ListShop) -> None:
    assert any("at most 500" in sentence for sentence in refused(shop, a_list(*[question(f"{n}?", type=YES) for n in range(501)])))


def test_what_a_type_does_not_ask_for_is_not_kept(shop: ListShop) -> None:
    number = question("N?", type=QuestionType.NUMBER, least=Decimal(1), unit="kg", critical=True, weight=3)
    assert fitting(number) == number
    id_ = shop.writes(number, question("Sound?", type=YES))
    shop.edits_list(id_, lambda draft: draft.changed(draft.questions[0].id, type=QuestionType.PHOTO))
    photo = shop.list(id_).questions[0]
    assert (photo.least, photo.unit, photo.critical, photo.weight) == (None, "", False, 0)


def test_of_yes_and_no_the_yes_may_be_the_bad_answer(shop: ListShop) -> None:
    id_ = shop.writes(question("Is anything out of date?", type=YES, options=" !YES "), question("Which?", type=YES, options="one\n!two"))
    assert [one.options for one in shop.list(id_).questions] == [YES_FAILS, ""]


# ------------------------------------------------------------------------------- back from a workbook


def test_questions_that_come_back_stay_the_same_ones(shop: ListShop) -> None:
    picture = shop.register.do("Keep", lambda tx: tx.keep(b"picture")).result
    id_ = shop.writes(question("A?", type=YES, picture=picture), question("B?", type=YES))
    a, b = shop.list(id_).questions
    back = a_list(question("B?", id=-1, type=YES, weight=3), question("New?", id=-2, type=YES, shown_by=-1, shown_for="no"), question(" A? ", id=-3, type=YES))
    shop.edits_list(id_, lambda draft: draft.taking(back.questions))
    found = shop.list(id_).questions
    assert [one.id for one in found][::2] == [b.id, a.id]
    assert found[1].shown_by == b.id
    assert found[0].weight == 3
    assert found[2].picture == picture
