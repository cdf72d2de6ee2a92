"""What the owner sees and does on the page of opinions and surveys, with keys, files, mails and the clipboard."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QStyleOptionViewItem

from qmdesk.exchange import form_text
from qmdesk.operations import opinions, responses, surveys
from qmdesk.operations.registers import the_shop
from qmdesk.records.case import Case
from qmdesk.records.party import Customer
from qmdesk.records.satisfaction import (
    Opinion,
    QuestionKind,
    Seal,
    Survey,
    SurveyQuestion,
    SurveyResponse,
    SurveyState,
)
from qmdesk.schema.query import Order, Query
from tests.shop_satisfaction import sent_back
from tests.ui.front import Front, dialogs, front, look, press, shop, write
from ui import theme
from ui.pages.satisfaction import SatisfactionPage

__all__ = ["dialogs", "front", "look", "shop"]


def _page(front: Front) -> SatisfactionPage:
    page = front.page("satisfaction")
    assert isinstance(page, SatisfactionPage)
    return page


def _drop(front: Front, *paths: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    entering = QDragEnterEvent(front.window.rect().center(), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    front.window.dragEnterEvent(entering)
    assert entering.isAccepted()
    front.window.dropEvent(QDropEvent(QPointF(5, 5), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier))


def _kept(front: Front) -> list[SurveyResponse]:
    return front.shop.register.records(Query(SurveyResponse).by(Order("id")))


# --------------------------------------------------------------------------------------------- surveys


def test_a_ready_survey_is_looked_over_changed_asked_and_saved_for_customers(front: Front, tmp_path: Path) -> None:
    page = _page(front)
    front.dialogs.will(lambda dialog: dialog.take())
    page.take_ready()
    card: Any = page.surveys.pair.card
    assert (card.record.name, card.state.word) == ("After a purchase", "In preparation")
    assert card.questions.list.count() == 6
    assert card.file_button.isHidden()
    card.questions.list.setCurrentRow(2)
    press_on(card.questions.list, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    assert "match its description" in card.questions.list.item(1).text()
    press_on(card.questions.list, Qt.Key.Key_Delete)
    assert card.questions.list.count() == 5
    front.dialogs.will(lambda dialog: (dialog.list.setCurrentRow(9), dialog.take()))
    card.questions.bank_button.click()
    assert "How did you find our shop?" in [card.questions.list.item(row).text() for row in range(6)]
    card.ask_button.click()
    assert card.record.state is SurveyState.OPEN
    assert not card.questions.add_button.isEnabled()
    out = tmp_path / "survey.html"
    front.asker.will("choose_file_to_save", out)
    card.file_button.click()
    assert card.record.name in out.read_text("utf-8")
    assert "survey.html was saved" in front.said


def press_on(widget: Any, key: Qt.Key, held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    QTest.keyClick(widget, key, held)


def test_a_survey_of_ones_own_leads_to_its_questions_by_keys_alone(front: Front) -> None:
    page = _page(front)

    def name(dialog: Any) -> None:
        dialog.form.editors["name"].set_value("After delivery")
        dialog.accept()

    before = front.shop.prepares_survey(SurveyQuestion(survey=0, wording="First"))
    page.open(Survey, before.id)
    card: Any = page.surveys.pair.card
    card.tabs.setCurrentIndex(2)
    front.dialogs.will(name, lambda dialog: dialog.take())
    page.new_survey()
    assert card.questions.isVisible(), "wherever the survey before was looked at"
    press(Qt.Key.Key_Return)
    assert card.record.name == "After delivery"
    assert card.questions.list.count() == 1


def test_a_question_of_ones_own_is_written_and_changed_in_its_dialog(front: Front) -> None:
    survey = front.shop.prepares_survey(SurveyQuestion(survey=0, wording="First"))
    page = _page(front)
    page.open(Survey, survey.id)
    part: Any = page.surveys.pair.card.questions

    def ask(dialog: Any) -> None:
        dialog.form.editors["wording"].set_value("Which bird?")
        dialog.form.editors["kind"].set_value(QuestionKind.CHOICE)
        dialog.accept()
        assert any(row.problem for row in dialog.form.rows.values()), "a choice needs choices"
        dialog.form.editors["options"].set_value("Owl\nWren")
        dialog.accept()

    front.dialogs.will(ask, lambda dialog: (dialog.form.editors["wording"].set_value("What bird?"), dialog.accept()))
    part.add_button.click()
    assert part.list.currentItem().text() == "Which bird?"
    press_on(part.list, Qt.Key.Key_F2)
    assert front.shop.wordings_of(survey) == ["First", "What bird?"]
    assert front.said.startswith("Change a question of a survey")


def test_responses_are_typed_by_keys_alone(front: Front) -> None:
    survey = front.shop.takes_survey()
    page = _page(front)
    page.open(Survey, survey.id)

    def type_two(dialog: Any) -> None:
        for key in (Qt.Key.Key_1, Qt.Key.Key_0, Qt.Key.Key_5, Qt.Key.Key_4, Qt.Key.Key_7, Qt.Key.Key_Y):
            press(key)
        write("Ślicznie")
        press(Qt.Key.Key_Return, held=Qt.KeyboardModifier.ControlModifier)
        for key in (Qt.Key.Key_1, Qt.Key.Key_5):  # a 1 that stays a 1, because the next digit is the next question's
            press(key)
        dialog.save()
        assert dialog.said.text() == "2 responses kept."
        dialog.save()
        assert "needs at least one answer" in dialog.note.text()
        dialog.reject()

    front.dialogs.will(type_two)
    page.surveys.pair.card.type_button.click()  # type: ignore[attr-defined]
    first, second = _kept(front)
    assert list(responses.answers_of(front.shop.register, first).values()) == [10, 5, 4, 7, 1, "Ślicznie"]
    assert list(responses.answers_of(front.shop.register, second).values()) == [1, 5]


def test_what_is_typed_is_not_thrown_away_unasked(front: Front) -> None:
    survey = front.shop.takes_survey()
    page = _page(front)
    page.open(Survey, survey.id)

    def leave(dialog: Any) -> None:
        press(Qt.Key.Key_9)
        front.asker.will("confirm", False)
        dialog.reject()
        assert dialog.isVisible()
        front.asker.will("confirm", True)
        dialog.reject()

    front.dialogs.will(leave)
    page.surveys.pair.card.type_button.click()  # type: ignore[attr-defined]
    assert not _kept(front)


def test_rows_of_a_spreadsheet_are_pasted_and_the_refused_ones_told(front: Front) -> None:
    survey = front.shop.takes_survey()
    page = _page(front)
    page.open(Survey, survey.id)
    QGuiApplication.clipboard().setText("9\t5\n12\t5\n")

    def look_and_take(dialog: Any) -> None:
        assert dialog.said.text().startswith("New responses: 1, there already: 0, refused rows: 1.")
        dialog.take()

    front.dialogs.will(look_and_take)
    page.surveys.pair.card.paste_button.click()  # type: ignore[attr-defined]
    assert len(_kept(front)) == 1
    QGuiApplication.clipboard().setText("")
    page.surveys.pair.card.paste_button.click()  # type: ignore[attr-defined]
    assert "Nothing that can be pasted" in front.asker.warning()


def test_a_file_of_another_program_is_matched_by_hand_where_its_headings_say_nothing(front: Front, tmp_path: Path) -> None:
    survey = front.shop.takes_survey()
    path = tmp_path / "export.csv"
    path.write_text("Timestamp,Q1,Q2\n2026-11-20 10:00,9,5\n2026-11-20 11:00,8,4\n", encoding="utf-8")
    page = _page(front)
    page.open(Survey, survey.id)

    def match(dialog: Any) -> None:
        assert not dialog.take_button.isEnabled()
        dialog.columns[dialog.asked[0].id].setCurrentIndex(2)
        dialog.columns[dialog.asked[1].id].setCurrentIndex(3)
        assert dialog.moment.currentIndex() == 1
        dialog.take()

    front.asker.will("choose_file_to_open", path)
    front.dialogs.will(match)
    page.surveys.pair.card.import_button.click()  # type: ignore[attr-defined]
    assert [one.answered_at.date() for one in _kept(front)] == [date(2026, 11, 20)] * 2


# ------------------------------------------------------------------------------- what customers send back


def test_files_that_customers_sent_back_are_dropped_on_the_window(front: Front, tmp_path: Path) -> None:
    survey = front.shop.takes_survey()
    first = front.shop.survey_questions(survey)[0].id
    for token in range(2):
        (tmp_path / f"{token}.qmform").write_text(sent_back(survey, {f"q{first}": 9}, token=f"{token:032x}"), encoding="utf-8")
    _drop(front, tmp_path / "0.qmform", tmp_path / "1.qmform")
    assert len(_kept(front)) == 2
    _drop(front, tmp_path / "0.qmform")
    assert len(_kept(front)) == 2
    assert front.asker.asked[-1].text == "0 new responses were taken in. 1 was there already."
    (tmp_path / "bad.qmform").write_text("Hello", encoding="utf-8")
    _drop(front, tmp_path / "bad.qmform")
    assert "no answer of a form" in front.asker.warning()


def test_a_copied_mail_is_pasted_and_a_broken_seal_told(front: Front) -> None:
    survey = front.shop.takes_survey()
    first = front.shop.survey_questions(survey)[0].id
    text = sent_back(survey, {f"q{first}": 9})
    at = text.rindex("\nQMDESK")
    QGuiApplication.clipboard().setText("> " + text[: at - 1] + ("A" if text[at - 1] != "A" else "B") + text[at:])
    front.choose("Paste the answer of a form")
    assert "The seal of 1 is broken" in front.asker.asked[-1].text
    (response,) = _kept(front)
    assert response.seal is Seal.BROKEN
    page = _page(front)
    page.open(SurveyResponse, response.id)
    card: Any = page.responses.pair.card
    assert card.seal.word == "Seal broken: the text was changed"
    assert "Nobody can know" in card.caution.text()
    assert "9 of 10" in card.said.toPlainText()


def test_a_complaint_form_fills_the_dialog_and_nothing_is_kept_until_it_is_saved(front: Front, tmp_path: Path) -> None:
    page = tmp_path / "complaint.html"
    front.asker.will("choose_file_to_save", page)
    front.choose("Save the complaint form")
    assert 'name="description"' in page.read_text("utf-8")
    key = the_shop(front.shop.register).form_key
    said = {"v": 1, "kind": "complaint", "form": surveys.fingerprint(key), "token": "c" * 32, "at": "2026-11-20T10:00:00Z"}
    said["answers"] = {"name": "Ewa Gil", "email": "ewa@example.com", "description": "The roof leaks.", "product": "Bird house", "demand": "repair"}  # type: ignore[assignment]
    path = tmp_path / "complaint.qmform"
    path.write_text(form_text.packed(key, said), encoding="utf-8")
    front.dialogs.will(lambda dialog: dialog.reject())
    _drop(front, path)
    assert not front.shop.register.count(Query(Case))

    def save(dialog: Any) -> None:
        assert dialog.newcomer_box.isChecked()
        assert "ewa@example.com" in dialog.newcomer_box.text()
        dialog.save()

    front.dialogs.will(save)
    _drop(front, path)
    (case,) = front.shop.register.records(Query(Case))
    assert front.shop.register.get(Customer, case.customer).email == "ewa@example.com"
    assert case.description == "The roof leaks.\nProduct: Bird house"
    _drop(front, path)
    assert "registered already, as R/2026/0001" in front.asker.asked[-1].text
    assert front.shop.register.count(Query(Case)) == 1




# --------------------------------------------------------------------------------------------- opinions


def test_a_bad_opinion_is_told_on_today_and_answered_with_two_keys(front: Front) -> None:
    opinion = front.shop.hears(1, said="The bird came without a beak.")
    today = front.page("today")
    card = today.routine
    card.refresh()
    assert card.opinions_link.text() == "1 bad opinion waits for an answer"
    card.opinions_link.click()
    page = _page(front)
    shown: Any = page.opinions.pair.card
    assert shown.record.id == opinion.id
    assert shown.stars.word == "★☆☆☆☆"
    table = page.opinions.pair.listing.table
    table.setFocus()
    press_on(table, Qt.Key.Key_P)
    assert "We are sorry" in shown.answer.toPlainText()
    shown.keep_button.click()
    assert front.shop.opinion(opinion).answer.startswith("We are sorry")
    assert "Answered after" in shown.waited.text()
    assert not front.shop.register.ids(opinions.bad_unanswered())


def test_a_typed_answer_is_asked_about_before_it_is_lost(front: Front) -> None:
    first, second = front.shop.hears(1), front.shop.hears(2)
    page = _page(front)
    page.open(Opinion, first.id)
    shown: Any = page.opinions.pair.card
    shown.answer.setFocus()
    write("So sorry")
    front.asker.will("confirm", False)
    page.opinions.pair.show_record(second.id)
    assert shown.record.id == first.id
    assert shown.answer.toPlainText() == "So sorry"
    front.asker.will("confirm", True)
    page.opinions.pair.show_record(second.id)
    assert shown.record.id == second.id
    assert not shown.answer.toPlainText()


def test_an_opinion_is_made_a_complaint_and_both_lead_to_each_other(front: Front) -> None:
    customer = front.shop.add_customer("Łucja Żak")
    opinion = front.shop.hears(1, author="Łucja Żak")
    page = _page(front)
    page.open(Opinion, opinion.id)
    front.dialogs.will(lambda dialog: dialog.save())
    page.opinions.pair.card.case_button.click()  # type: ignore[attr-defined]
    (case,) = front.shop.register.records(Query(Case))
    assert (case.customer, case.description) == (customer, "Opinion on Ceneo: The bird came without a beak.")
    assert front.shop.opinion(opinion).case == case.id
    assert front.window.page_name() == "cases"
    page = _page(front)
    page.open(Opinion, opinion.id)
    page.opinions.pair.card.case_link.click()  # type: ignore[attr-defined]
    assert front.window.page_name() == "cases"
    front.window.undo()
    assert front.shop.register.records(Query(Case)) == [], "one step takes both back"
    assert front.shop.opinion(opinion).case is None


def test_an_opinion_is_written_down_and_a_customer_noted_as_won_back(front: Front) -> None:
    page = _page(front)

    def fill(dialog: Any) -> None:
        for name, value in {"place": "Google", "stars": 2, "said": "Late."}.items():
            dialog.form.editors[name].set_value(value)
        dialog.accept()

    front.dialogs.will(fill)
    page.new_opinion()
    shown: Any = page.opinions.pair.card
    assert shown.record.place == "Google"
    shown.back_button.click()
    assert shown.record.won_back_on == shown.record.written_on
    assert shown.back_button.isHidden()


def test_the_card_of_a_customer_tells_opinions_and_responses(front: Front) -> None:
    customer = front.shop.add_customer("Łucja Żak")
    front.shop.hears(1, author="Łucja Żak")
    front.shop.types_response(front.shop.takes_survey(), 9, customer=customer)
    page = front.page("customers")
    page.open(Customer, customer)
    tabs = page.pair.card.tabs
    assert {"Opinions (1)", "Responses (1)"} <= {tabs.tabText(at) for at in range(tabs.count())}


# ---------------------------------------------------------------------------------------------- results


def test_results_tell_the_figure_and_open_who_is_behind_a_bar(front: Front) -> None:
    survey = front.shop.takes_survey()
    for points in (9, 10, 9, 8, 7, 3, 10, 9, 9, 0):
        front.shop.types_response(survey, points, 5, None, None, None, "More cherries.")
    page = _page(front)
    page.open(Survey, survey.id)
    page.surveys.pair.card.results_link.click()  # type: ignore[attr-defined]
    shown = page.results
    assert shown.list.currentItem().text().startswith("How likely")
    assert shown.figure.text().startswith("NPS 40 (10 answers)")
    assert [bar.words for bar in shown.bars.bars] == [str(n) for n in range(10, -1, -1)]
    seen: list[int] = []
    front.dialogs.will(lambda dialog: seen.append(dialog.table.table_model.total))
    shown.bars.current = 1
    press_on(shown.bars, Qt.Key.Key_Return)
    assert seen == [4], "four gave a nine"
    front.dialogs.will(lambda dialog: seen.append(dialog.table.table_model.total))
    shown.chart.canvas.on_open(0)
    assert seen == [4, 10]
    shown.list.setCurrentRow(5)
    assert shown.said.count() == 10
    shown.said.itemActivated.emit(shown.said.item(0))
    assert page.tabs.currentIndex() == 1


def test_a_page_without_anything_says_what_to_do_first(front: Front) -> None:
    page = _page(front)
    assert page.surveys.pair.listing.isVisible()
    page.tabs.setCurrentIndex(3)
    assert page.results.stack.currentWidget() is page.results.nothing
    place = page.place()
    page.return_to(place)
    assert page.tabs.currentIndex() == 3


def test_rows_of_questions_never_overlap_when_the_list_becomes_narrow(front: Front) -> None:
    survey = front.shop.takes_survey()
    page = _page(front)
    page.open(Survey, survey.id)
    rows: Any = page.surveys.pair.card.questions.list  # type: ignore[attr-defined]
    rows.setFixedHeight(theme.em(8))  # less than all of them, so that the bar at the side takes from their width
    for width in (60, 24, 23, 22, 21, 20, 19, 18, 14):
        rows.setFixedWidth(theme.em(width))
        QApplication.processEvents()
        for place in range(rows.count()):
            needed = rows.itemDelegate().sizeHint(rows_option(rows), rows.indexFromItem(rows.item(place))).height()
            assert rows.visualItemRect(rows.item(place)).height() >= needed


def rows_option(rows: Any) -> QStyleOptionViewItem:
    option = QStyleOptionViewItem()
    option.initFrom(rows)
    return option
