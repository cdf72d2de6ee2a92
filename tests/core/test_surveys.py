"""Surveys: from the bank of questions to what the answers show, and nothing changes under customers who are being asked."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from qmdesk.errors import Known, Problems
from qmdesk.i18n import LANGUAGES
from qmdesk.operations import responses, survey_library, surveys
from qmdesk.operations.figures import survey_results
from qmdesk.records.satisfaction import (
    QuestionKind,
    ResponseWay,
    Survey,
    SurveyQuestion,
    SurveyResponse,
    SurveyState,
)
from qmdesk.records.shop import Language
from qmdesk.schema.query import Query
from qmdesk.schema.record import check_all, replace
from tests.shop import Shop, shop

__all__ = ["shop"]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_ready_survey_and_every_question_of_the_bank_can_be_kept(lang: str) -> None:
    asked = [question for entry in survey_library.entries(lang) for question in survey_library.ready(entry.key, lang).questions]
    asked += [survey_library.question(entry.key, lang) for entry in survey_library.bank(lang)]
    assert {question.kind for question in asked} == set(QuestionKind)
    for question in asked:
        assert question.wording
        assert not check_all(replace(question, survey=1))


def test_the_bank_says_the_same_in_both_languages() -> None:
    for entry in survey_library.bank("en"):
        english, polish = (survey_library.question(entry.key, lang) for lang in ("en", "pl"))
        assert english.wording != polish.wording
        assert len(english.choices) == len(polish.choices)
    assert survey_library.ends(QuestionKind.NPS, "pl") == ("na pewno nie", "na pewno tak")


def test_a_ready_survey_is_taken_in_the_language_of_the_customers(shop: Shop) -> None:
    survey = shop.takes_survey("after_service", "pl")
    assert (survey.name, survey.language, survey.state) == ("Po reklamacji lub zwrocie", Language.POLISH, SurveyState.OPEN)
    assert shop.wordings_of(survey)[0] == "Jak łatwo było załatwić Twoją sprawę?"
    with pytest.raises(Known, match="six_pillars"):
        shop.register.do(surveys.FROM_LIBRARY, surveys.add_from_library, "nonsense")


def test_questions_are_added_moved_duplicated_and_taken_out_while_a_survey_is_in_preparation(shop: Shop) -> None:
    survey = shop.prepares_survey(SurveyQuestion(survey=0, wording="One"), SurveyQuestion(survey=0, wording="Two"))
    one, two = (question.id for question in shop.survey_questions(survey))
    between = shop.adds_survey_question(survey, "Between", after=one)
    shop.adds_survey_question(survey, "First", QuestionKind.TEXT, after=0)
    assert shop.wordings_of(survey) == ["First", "One", "Between", "Two"]
    shop.do(surveys.MOVE_QUESTION, surveys.move_question, two, -2)
    assert shop.wordings_of(survey) == ["First", "Two", "One", "Between"]
    shop.do(surveys.MOVE_QUESTION, surveys.move_question, two, 99)
    shop.do(surveys.DUPLICATE_QUESTION, surveys.duplicate_question, one)
    shop.do(surveys.REMOVE_QUESTION, surveys.remove_question, between)
    shop.do(surveys.CHANGE_QUESTION, surveys.change_question, one, {"wording": "Uno"})
    assert shop.wordings_of(survey) == ["First", "Uno", "One", "Two"]
    assert [question.position for question in shop.survey_questions(survey)] == [1, 2, 3, 4]


def test_what_is_being_asked_stays_as_asked_and_a_copy_is_changed_instead(shop: Shop) -> None:
    survey = shop.takes_survey()
    question = shop.survey_questions(survey)[0]
    for operation, given in (
        (surveys.add_question, SurveyQuestion(survey=survey.id, wording="Late")),
        (surveys.remove_question, question.id),
        (surveys.duplicate_question, question.id),
    ):
        with pytest.raises(Known, match="Copy it and change the copy"):
            shop.register.do("x", operation, given)
    with pytest.raises(Known, match="Copy it"):
        shop.register.do("x", surveys.change_question, question.id, {"wording": "Other"})
    with pytest.raises(Known, match="Copy it"):
        shop.changes_survey(survey, language=Language.POLISH)
    copied = shop.survey(shop.do(surveys.COPY, surveys.copy, survey.id))
    assert copied.state is SurveyState.DRAFT
    assert copied.key != survey.key, "its files are told apart from those of the first"
    assert shop.wordings_of(copied) == shop.wordings_of(survey)


def test_an_empty_survey_is_not_asked_and_one_that_was_answered_is_not_removed(shop: Shop) -> None:
    empty = shop.prepares_survey()
    with pytest.raises(Known, match="asks nothing yet"):
        shop.asks(empty)
    shop.do(surveys.REMOVE, surveys.remove, empty.id)
    survey = shop.takes_survey()
    shop.types_response(survey, 9)
    with pytest.raises(Known, match="has 1 response, so it can't be removed"):
        shop.register.do(surveys.REMOVE, surveys.remove, survey.id)


def test_a_response_is_typed_in_and_refused_where_it_can_not_be(shop: Shop) -> None:
    survey = shop.takes_survey()
    customer = shop.add_customer()
    id_ = shop.types_response(survey, 9, 5, None, "6", "tak", "  More cherries.  ", customer=customer)
    response = shop.get(SurveyResponse, id_)
    assert (response.way, response.customer) == (ResponseWay.TYPED, customer)
    assert list(responses.answers_of(shop.register, response).values()) == [9, 5, 6, 1, "More cherries."]
    for said, sentence in (((11,), "“11” is not a number from 0 to 10"), ((None, 0), "“0” is not a number from 1 to 5"), ((), "needs at least one answer"), ((" ",), "needs at least one answer")):
        with pytest.raises(Known, match=sentence):
            shop.types_response(survey, *said)
    assert shop.register.count(Query(SurveyResponse)) == 1
    shop.closes_survey(survey)
    with pytest.raises(Known, match="is closed"):
        shop.types_response(survey, 9)
    shop.asks(survey)
    shop.do(responses.REMOVE, responses.remove, id_)
    assert not shop.register.count(Query(SurveyResponse))


def test_only_whose_response_it_is_can_be_changed(shop: Shop) -> None:
    survey = shop.takes_survey()
    id_ = shop.types_response(survey, 9)
    case = shop.complains()
    linked = shop.do(responses.CHANGE, responses.link, id_, {"case": case.id, "note": "Told on the phone."})
    assert (linked.case, linked.note) == (case.id, "Told on the phone.")
    with pytest.raises(Problems, match="is not changed"):
        shop.register.do(responses.CHANGE, responses.link, id_, {"token": "x"})


@pytest.mark.parametrize(
    ("kind", "cell", "said"),
    [
        (QuestionKind.NPS, 9.0, 9), (QuestionKind.NPS, "9 – extremely likely", 9), (QuestionKind.NPS, "10.0", 10), (QuestionKind.NPS, "0", 0),
        (QuestionKind.YES_NO, "TAK", 1), (QuestionKind.YES_NO, "No", 0), (QuestionKind.CSAT, "", None), (QuestionKind.CSAT, None, None), (QuestionKind.TEXT, 5.0, "5"),
    ],
)  # fmt: skip
def test_cells_are_read_as_programs_write_them(kind: QuestionKind, cell: object, said: object) -> None:
    assert responses.read_answer(SurveyQuestion(survey=1, wording="?", kind=kind), cell) == said


@pytest.mark.parametrize("cell", ["9.5", "100", "-3", "good", "٣٣٣"])
def test_what_is_no_point_of_a_scale_is_refused(cell: str) -> None:
    with pytest.raises(Known, match="is not a number from 0 to 10"):
        responses.read_answer(SurveyQuestion(survey=1, wording="?", kind=QuestionKind.NPS), cell)


def test_a_choice_is_found_whatever_its_letters(shop: Shop) -> None:
    question = SurveyQuestion(survey=1, wording="?", kind=QuestionKind.CHOICE, options="Łódź\nKraków")
    assert responses.read_answer(question, "łódź ") == "Łódź"
    with pytest.raises(Known, match="none of its choices: Łódź, Kraków"):
        responses.read_answer(question, "Gdynia")


# ------------------------------------------------------------------------------------------- results


def _answered(shop: Shop, survey: Survey, *points: int, month: int = 11) -> list[int]:
    return [shop.types_response(survey, one, at=datetime(2026, month, 10, 12, tzinfo=UTC)) for one in points]


def test_ten_answers_make_a_figure_with_its_interval_and_fewer_are_too_few_to_judge(shop: Shop) -> None:
    survey = shop.takes_survey()
    ids = _answered(shop, survey, 9, 10, 9, 8, 7, 3, 10, 9, 9)
    few = survey_results.results(shop.register, survey.id).questions[0]
    assert few.score is not None
    assert few.score.too_few
    assert survey_results.figure(QuestionKind.NPS, few.score) == "NPS 56 (9 answers): too few to judge (below 10)."
    ids += _answered(shop, survey, 0)
    shown = survey_results.results(shop.register, survey.id)
    assert shown.responses == tuple(ids)
    nps = shown.questions[0]
    assert nps.score is not None
    assert not nps.score.too_few
    assert (nps.score.numerator, nps.score.denominator, nps.score.value) == (4, 10, 40.0)
    assert survey_results.figure(QuestionKind.NPS, nps.score).startswith("NPS 40 (10 answers); with 95 % certainty between ")
    assert [(part.points, len(part.responses)) for part in nps.spread if part.responses] == [(0, 1), (3, 1), (7, 1), (8, 1), (9, 4), (10, 2)]
    assert next(part for part in nps.spread if part.points == 3).responses == (ids[5],), "a bar opens who is behind it"
    assert survey_results.figure(QuestionKind.CSAT, shown.questions[1].score) == "Nobody answered it yet."


def test_a_response_rate_is_told_only_when_it_is_known_how_many_were_asked(shop: Shop) -> None:
    survey = shop.takes_survey()
    _answered(shop, survey, 9, 8)
    assert "is not written down, so no response rate can be told" in survey_results.results(shop.register, survey.id).sentence()
    shop.changes_survey(survey, invited=1)
    assert "correct that number" in survey_results.results(shop.register, survey.id).sentence()
    shop.changes_survey(survey, invited=8)
    assert survey_results.results(shop.register, survey.id).sentence() == "2 responses of 8 customers asked: 25 % answered."


def test_months_and_periods_are_those_in_which_customers_answered(shop: Shop) -> None:
    survey = shop.takes_survey()
    _answered(shop, survey, 10, month=9)
    _answered(shop, survey, 0, 10, month=10)
    shown = survey_results.results(shop.register, survey.id)
    assert [(month.key, month.score.value) for month in shown.questions[0].months] == [("2026-09", 100.0), ("2026-10", 0.0)]
    october = survey_results.results(shop.register, survey.id, date(2026, 10, 1), date(2026, 10, 31))
    assert len(october.responses) == 2
    assert "in this period" in october.sentence()


def test_the_six_pillars_are_shares_of_satisfied_answers(shop: Shop) -> None:
    survey = shop.takes_survey("six_pillars")
    shop.types_response(survey, 5, 4, 3, None, 1, 5, 9, "You listened.")
    shown = survey_results.results(shop.register, survey.id)
    assert [(str(one.pillar.value), one.score.value) for one in shown.pillars] == [
        ("personalisation", 1.0), ("integrity", 1.0), ("expectations", 0.0), ("resolution", None), ("time_and_effort", 0.0), ("empathy", 1.0),
    ]  # fmt: skip
    assert [said.words for said in shown.questions[7].said] == ["You listened."]


def test_words_said_most_are_told_whatever_their_endings(shop: Shop) -> None:
    survey = shop.takes_survey("after_purchase", "pl")
    for words in ("Kubek był pęknięty.", "Pęknięty kubek, szkoda.", "Więcej kubków, proszę.", "Szybciej!"):
        shop.types_response(survey, None, None, None, None, None, words)
    asked = survey_results.results(shop.register, survey.id).questions[5]
    found = survey_results.frequent(asked.said)
    assert {part.words: len(part.responses) for part in found}["kubek"] >= 2
    assert "szybciej" not in [part.words for part in found], "one answer is no pattern"
