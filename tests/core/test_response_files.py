"""Responses out of sheets: Google Forms, Ankietka, copied rows; columns by wording, the same rows once, refused ones told."""

from __future__ import annotations

import csv
from datetime import UTC, datetime
from pathlib import Path

import pytest
from openpyxl import Workbook

from qmdesk.errors import Known
from qmdesk.operations import response_files, responses
from qmdesk.operations.response_files import Report, Sheet
from qmdesk.records.satisfaction import ResponseWay, Survey, SurveyResponse
from qmdesk.schema.query import Order, Query
from tests.shop import Shop, shop

__all__ = ["shop"]

GOOGLE = (
    "Sygnatura czasowa,Adres e-mail,Na ile prawdopodobne jest że polecisz nasz sklep znajomym?,1. Jak oceniasz zakupy u nas jako całość?,Czy przesyłka dotarła w obiecanym terminie?,Co powinniśmy poprawić?\n"
    '2026/11/18 10:02:33 AM GMT+1,lucja@example.com,9,5,Tak,"Więcej, niż myślicie"\n'
    "2026/11/18 10:02:33 PM GMT+1,,3,2,Nie,\n"
    "2026/11/19 9:00:00 AM GMT+1,,11,2,Nie,\n"
    "2026/11/19 9:00:01 AM GMT+1,,,,,\n"
)


def _csv(tmp_path: Path, text: str, name: str = "odpowiedzi.csv") -> Path:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


def _takes(shop: Shop, survey: Survey, sheet: Sheet) -> Report:
    found = response_files.match(shop.survey_questions(survey), sheet.headers)
    return shop.do(response_files.IMPORT, response_files.take_in, survey.id, sheet, found)


def _kept(shop: Shop) -> list[SurveyResponse]:
    return shop.register.records(Query(SurveyResponse).by(Order("id")))


def test_an_export_of_google_forms_comes_in_by_its_headings(tmp_path: Path, shop: Shop) -> None:
    survey = shop.takes_survey("after_purchase", "pl")
    customer = shop.add_customer(email="lucja@example.com")
    report = _takes(shop, survey, response_files.read(_csv(tmp_path, GOOGLE)))
    assert (len(report.added), report.known) == (2, 0)
    assert [one.row for one in report.refused] == [4, 5]
    assert "“11”" in report.refused[0].why
    first, second = _kept(shop)
    assert (first.customer, first.way) == (customer, ResponseWay.IMPORTED)
    assert first.answered_at == datetime(2026, 11, 18, 9, 2, 33, tzinfo=UTC)
    assert second.answered_at == datetime(2026, 11, 18, 21, 2, 33, tzinfo=UTC)
    assert list(responses.answers_of(shop.register, first).values()) == [9, 5, 1, "Więcej, niż myślicie"]


def test_the_same_file_twice_and_a_longer_one_add_only_what_is_new(tmp_path: Path, shop: Shop) -> None:
    survey = shop.takes_survey("after_purchase", "pl")
    sheet = response_files.read(_csv(tmp_path, GOOGLE))
    _takes(shop, survey, sheet)
    again = _takes(shop, survey, sheet)
    assert (again.added, again.known) == ((), 2)
    longer = response_files.read(_csv(tmp_path, GOOGLE + "2026/11/20 8:00:00 AM GMT+1,,7,4,Tak,\n"))
    assert len(_takes(shop, survey, longer).added) == 1
    assert len(_kept(shop)) == 3


def test_a_workbook_with_typed_cells_says_the_same_as_the_text_file(tmp_path: Path, shop: Shop) -> None:
    survey = shop.takes_survey("after_purchase", "pl")
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["Timestamp", "Na ile prawdopodobne jest, że polecisz nasz sklep znajomym?", "Co powinniśmy poprawić?", "Inna kolumna"])
    sheet.append([datetime(2026, 11, 18, 10, 0), 9, "=1+1 nic", 4])  # noqa: DTZ001 - a cell has no zone
    sheet["C2"].data_type = "s"
    book.save(tmp_path / "ankieta.xlsx")
    report = _takes(shop, survey, response_files.read(tmp_path / "ankieta.xlsx"))
    assert len(report.added) == 1
    assert list(responses.answers_of(shop.register, _kept(shop)[0]).values()) == [9, "=1+1 nic"]


def test_rows_are_pasted_under_their_headings_or_in_the_order_of_the_questions(shop: Shop) -> None:
    survey = shop.takes_survey("after_purchase", "en")
    asked = shop.survey_questions(survey)
    plain = response_files.pasted("9\t5\n10\t4\t5\n", asked)
    assert plain.numbers == (1, 2)
    assert len(_takes(shop, survey, plain).added) == 2
    headed = response_files.pasted("What should we do better?\tHow likely are you to recommend our shop to a friend?\r\nMore cherries\t8\r\n", asked)
    assert headed.numbers == (2,)
    _takes(shop, survey, headed)
    assert responses.answers_of(shop.register, _kept(shop)[-1]) == {asked[0].id: 8, asked[5].id: "More cherries"}
    assert {one.way for one in _kept(shop)} == {ResponseWay.PASTED}


def test_two_customers_who_say_the_same_are_two(shop: Shop) -> None:
    survey = shop.takes_survey()
    sheet = response_files.pasted("9\t5\n9\t5\n", shop.survey_questions(survey))
    assert len(_takes(shop, survey, sheet).added) == 2
    assert _takes(shop, survey, sheet).known == 2


@pytest.mark.parametrize(("text", "sentence"), [("", "Nothing that can be pasted"), (" \t \n", "Nothing that can be pasted"), ("1\t" * 9, "A row has 10 cells"), ("x" * 2_000_001, "More was copied"), ('"' + "x" * 200_000, "can't be read as a table")])
@pytest.mark.parametrize("limit", [131_072, 10_000_000])
def test_what_can_not_be_pasted_is_told(shop: Shop, limit: int, text: str, sentence: str) -> None:
    csv.field_size_limit(limit)  # whatever reading a file before has set
    survey = shop.takes_survey()
    with pytest.raises(Known, match=sentence):
        response_files.pasted(text, shop.survey_questions(survey))


def test_a_sheet_without_a_question_and_a_closed_survey_are_refused_whole(shop: Shop) -> None:
    survey = shop.takes_survey()
    sheet = response_files.pasted("9\t5\n", shop.survey_questions(survey))
    with pytest.raises(Known, match="No column is chosen"):
        shop.register.do("x", response_files.take_in, survey.id, sheet, response_files.Matching({}))
    shop.closes_survey(survey)
    with pytest.raises(Known, match="is closed"):
        _takes(shop, survey, sheet)


def test_a_report_says_every_refused_row_up_to_twenty(shop: Shop) -> None:
    survey = shop.takes_survey()
    sheet = response_files.pasted("11\n" * 23, shop.survey_questions(survey))
    told = _takes(shop, survey, sheet).sentences()
    assert told[0] == "New responses: 0, there already: 0, refused rows: 23."
    assert told[1].startswith("Row 1: ")
    assert told[-1] == "And 3 more rows."
    assert len(told) == 22
