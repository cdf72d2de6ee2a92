"""The officer's page and the run of an audit, by keys as a person in a storeroom uses them."""

from __future__ import annotations

import shutil
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtTest import QTest

from qmdesk import i18n
from qmdesk.operations import audit_reading, audits
from qmdesk.operations.registers import open_register
from qmdesk.records.audit import (
    AnswerPhoto,
    Audit,
    AuditAnswer,
    AuditState,
    Checklist,
    Finding,
    Grade,
    QuestionType,
)
from qmdesk.records.improvement import Action
from qmdesk.records.party import Person
from qmdesk.schema.query import Order, Query
from tests.shop import Shop
from tests.shop_audits import PACKING, photo
from tests.ui.front import Dialogs, Front, come, dialogs, front, look, press, shop, write
from ui.dialogs.audit_finish import FinishAudit
from ui.dialogs.audit_run import AuditRun
from ui.dialogs.checklist_library import ChecklistLibrary
from ui.dialogs.new_audit import NewAudit
from ui.pages.improvement import ImprovementPage
from ui.widgets.plain_label import PlainLabel

__all__ = ["Dialogs", "dialogs", "front", "look", "shop"]
CTRL = Qt.KeyboardModifier.ControlModifier
Key = Qt.Key

EVERY_TYPE: tuple[dict[str, Any], ...] = (
    {"wording": "Does it conform?", "section": "Desk"},
    {"wording": "Is it clear?", "type": QuestionType.YES_NO, "section": "Desk"},
    {"wording": "How tidy?", "type": QuestionType.SCALE, "section": "Desk", "note_when_failed": False},
    {"wording": "How warm?", "type": QuestionType.NUMBER, "most": Decimal("8.5"), "unit": "°C", "section": "Cold"},
    {"wording": "What closes it?", "type": QuestionType.CHOICE, "options": "tape\nglue\n!string", "section": "Cold"},
    {"wording": "Whose shift?", "type": QuestionType.TEXT, "section": "Cold"},
    {"wording": "Last cleaned on", "type": QuestionType.DAY, "section": "Cold"},
    {"wording": "The front", "type": QuestionType.PHOTO, "section": "Cold"},
    {"wording": "Signed by", "type": QuestionType.SIGNATURE, "section": "Cold"},
)


def run_of(front: Front, audit: Audit) -> AuditRun:
    """The run of an audit, open over the page."""
    run = AuditRun(front.desk, audit.id, front.window)
    run.show()
    come(run)
    return run


def values(shop: Shop, audit: Audit) -> list[str]:
    return [one.value for one in audit_reading.answers_of(shop.register, audit)]


def texts(widget: Any) -> str:
    return "\n".join(label.text() for label in widget.findChildren(PlainLabel) if label.isVisibleTo(widget))


def test_from_the_page_to_the_findings_by_keys(front: Front) -> None:
    shop, page = front.shop, front.page("audits")
    assert "No audits yet." in texts(page.listing.empty_state)
    shop.checklist(), shop.checklist("Alone", ({"wording": "So?"},))
    anna = shop.add(Person(name="Anna Wróbel"))

    def begin(dialog: NewAudit) -> None:
        write("pack")  # a few letters find it among many
        dialog.lists.search.flush()
        assert "6 questions" in dialog.about.text()
        press(Key.Key_Return)
        offered: Any = dialog.form.editors["place"].input
        assert offered.completer().popup().styleSheet() == front.window.styleSheet() != "", "what is offered wears the window's clothes"
        write("Storeroom")
        press(Key.Key_Tab)
        write("Wró")
        dialog.form.editors["auditor"].set_value(anna)
        press(Key.Key_Return, held=CTRL)

    def answer(run: AuditRun) -> None:
        assert run.windowState() & Qt.WindowState.WindowMaximized
        assert (run.current.position, run.progress.text()) == (1, "0 of 5 answered · 0 minutes")
        press(Key.Key_N)  # no
        assert run.note_has_keyboard
        write("Boxes")
        press(Key.Key_Return, held=CTRL)
        assert run.current.position == 2, "the question that waited for the no has come"
        write("Boxes and tape")
        press(Key.Key_Return, held=CTRL)
        press(Key.Key_4)
        assert run.critical.isHidden()
        press(Key.Key_5)  # a major nonconformity of a critical question
        assert run.critical_words.text() == "A critical question failed: “Is a list of contents in each parcel?”. The audit can't be passed, whatever its score."
        write("3 of 10")
        press(Key.Key_Escape)
        press(Key.Key_Right)
        write("12,5")
        press(Key.Key_Return)
        press(Key.Key_1)
        assert values(shop, run.audit) == ["no", "Boxes and tape", "4", "major", "12.5", "tape"]
        assert run.hint.text() == "This is the last question; something is still missing. F10 says what."
        front.dialogs.will(look_what_is_missing, finish)
        press(Key.Key_F10)
        assert run.current.position == 4
        front.asker.will("choose_files_to_open", [picture(front, "parcel.jpg")])
        press(Key.Key_P)
        assert [one.name for one in shop.register.records(Query(AnswerPhoto))] == ["parcel.jpg"]
        press(Key.Key_F10)

    def look_what_is_missing(dialog: FinishAudit) -> None:
        assert dialog.missing.sentences() == ["Question 4, “Is a list of contents in each parcel?”: a failure needs a photo."]
        assert not dialog.finish_button.isEnabled()
        press(Key.Key_Return)

    def finish(dialog: FinishAudit) -> None:
        assert dialog.verdict.text() == "Not passed: a critical question failed. Score 45\u00a0%."
        write("To be repeated in a month.")
        press(Key.Key_Return, held=CTRL)

    front.dialogs.will(begin, answer)
    page.new_button.click()
    (audit,) = shop.register.records(Query(Audit))
    assert (audit.state, audit.place, audit.auditor, audit.passed, audit.conclusion) == (AuditState.FINISHED, "Storeroom", anna, False, "To be repeated in a month.")
    assert page.panel.audit == audit
    assert page.panel.score.word == "Not passed, 45\u00a0%"
    assert [bar.words for bar in page.panel.outcome.bars.bars] == ["In all", "Desk", "Parcels"]
    assert [one.grade for one in audit_reading.findings_of(shop.register, audit)] == [Grade.MAJOR, Grade.MINOR]
    assert not page.panel.main_button.isVisible()


def picture(front: Front, name: str, content: bytes | None = None) -> Path:
    path = front.shop.path.parent / name
    path.write_bytes(photo() if content is None else content)
    return path


def test_every_type_of_question_has_its_keys(front: Front) -> None:
    shop = front.shop
    audit = shop.begins_audit(shop.checklist(questions=EVERY_TYPE))
    run = run_of(front, audit)
    press(Key.Key_1, Key.Key_Y, Key.Key_5)
    write("8,5")
    press(Key.Key_Return, Key.Key_2)
    write("Anna's")
    press(Key.Key_Return, held=CTRL)
    press(Key.Key_T, Key.Key_Return)
    assert run.current.position == 8
    front.asker.will("choose_files_to_open", [picture(front, "front.png")])
    press(Key.Key_P, Key.Key_Right)
    write("Jan Kos")
    pad = run.card.input.pad
    QTest.mousePress(pad, Qt.MouseButton.LeftButton, pos=QPoint(10, 10))
    QTest.mouseMove(pad, QPoint(40, 60))
    QTest.mouseRelease(pad, Qt.MouseButton.LeftButton, pos=QPoint(90, 20))
    run.card.input.sign_button.click()
    given = values(shop, audit)
    assert given[:6] == ["conform", "yes", "5", "8.5", "glue", "Anna's"]
    assert pad.width() == pytest.approx(3 * pad.height(), abs=3), "what is drawn keeps its shape in the picture that is kept, three times as wide as high"
    signed = shop.question(audit, 9)
    assert (signed.note, shop.register.content(signed.value)[:4]) == ("Jan Kos", b"\x89PNG")
    assert run.outcome.missing == ()
    assert run.overview.standings()[:3] == ["1. Does it conform?: Fulfilled", "2. Is it clear?: Fulfilled", "3. How tidy?: Fulfilled"]
    run.card.input.clear_button.click()
    assert values(shop, audit)[8] == ""
    run.card.input.name.setText("Jan Kos")
    run.card.input.type_button.click()
    assert shop.question(audit, 9).value not in ("", signed.value), "a name that is typed is a picture too"


def test_polish_keys_answer_yes_and_no(front: Front) -> None:
    i18n.use("pl")
    audit = front.shop.begins_audit(front.shop.checklist(questions=({"wording": "Czysto?", "type": QuestionType.YES_NO, "note_when_failed": False},) * 2))
    run = run_of(front, audit)
    assert [button.text() for button in run.card.input.buttons.values()] == ["T   Tak", "N   Nie"]
    press(Key.Key_T, Key.Key_N)
    assert values(front.shop, audit) == ["yes", "no"]
    run.reject()


def test_arrows_lead_from_question_to_question_and_undo_takes_back_only_this_sitting(front: Front) -> None:
    shop = front.shop
    audit = shop.begins_audit(shop.checklist(questions=EVERY_TYPE))
    shop.answers_question(audit, 1, "conform")
    run = run_of(front, audit)
    assert run.current.position == 2, "it goes on at the first open question"
    press(Key.Key_Z, held=CTRL)
    assert run.hint.text() == "Nothing has been answered since you came; there is nothing to undo here."
    press(Key.Key_Left)
    assert run.current.position == 1
    press(Key.Key_Left)
    assert run.current.position == 1
    press(Key.Key_2)
    assert (run.current.position, values(shop, audit)[0]) == (2, "opportunity")
    press(Key.Key_Y)
    assert run.current.position == 3
    press(Key.Key_Z, held=CTRL)
    assert (run.current.position, values(shop, audit)[:2]) == (2, ["opportunity", ""])
    press(Key.Key_Z, held=CTRL)
    assert (run.current.position, values(shop, audit)[:2]) == (1, ["conform", ""])
    press(Key.Key_Z, held=CTRL)
    assert values(shop, audit)[0] == "conform", "what was answered before this sitting stays"
    press(Key.Key_Y, held=CTRL)
    assert (run.current.position, values(shop, audit)[0]) == (1, "opportunity")
    press(Key.Key_Delete)
    assert values(shop, audit)[0] == ""
    press(Key.Key_X)
    assert (run.current.position, values(shop, audit)[0]) == (2, "not_applicable")
    press(Key.Key_S)
    assert values(shop, audit)[1] == "not_checked"
    press(Key.Key_End)
    assert run.current.position == 9
    press(Key.Key_Escape)
    assert not run.isVisible()


def test_a_wrong_answer_is_said_beside_the_question_and_what_is_typed_stays(front: Front) -> None:
    shop = front.shop
    audit = shop.begins_audit(shop.checklist(questions=EVERY_TYPE))
    run = run_of(front, audit)
    run.go_to(run.outcome.asked[3].id)
    assert "Wanted: at most 8.5\u00a0°C" in texts(run.card)
    write("warm")
    press(Key.Key_Return)
    assert run.card.problem.text() == "“warm” is no number."
    assert (run.current.position, run.card.input.typed) == (4, "warm")
    front.asker.will("confirm", False)
    press(Key.Key_Escape)  # out of the line
    press(Key.Key_Escape)
    assert run.isVisible()
    press(Key.Key_Delete)
    run.card.input.box.setText("9")
    press(Key.Key_Return)
    assert values(shop, audit)[3] == "9"
    assert run.current.position == 4
    assert "A failure needs a note: write what was seen." in texts(run.card)


def test_a_killed_program_loses_no_answer(front: Front, tmp_path: Path) -> None:
    shop, page = front.shop, front.page("audits")
    audit = shop.begins_audit(shop.checklist(questions=EVERY_TYPE * 5))
    run = run_of(front, audit)
    press(Key.Key_1, Key.Key_Y, Key.Key_4)
    copy = tmp_path / "after-the-crash.qmd"
    shutil.copyfile(shop.path, copy)  # as it lies on the disk in this moment, with the run still open
    with open_register(copy, program="test") as found:
        assert found.verify() == []
        assert [one.value for one in found.records(Query(AuditAnswer).by(Order("id")))][:4] == ["conform", "yes", "4", ""]
    run.hide()
    run.deleteLater()

    page.open(Audit, audit.id)
    seen: list[int] = []
    front.dialogs.will(lambda again: seen.append(again.current.position))
    page.panel.main_button.click()
    assert seen == [4]


def test_a_note_is_kept_without_leaving_it(front: Front) -> None:
    shop = front.shop
    audit = shop.begins_audit(shop.checklist())
    run = run_of(front, audit)
    press(Key.Key_F2)
    write("Half a")
    run.card._pause.timeout.emit()  # the typing has paused
    assert shop.question(audit, 1).note == "Half a"
    assert run.note_has_keyboard
    write(" sentence")
    run.overview.setCurrentRow(2)
    run.go_to(run.outcome.asked[1].id)
    assert shop.question(audit, 1).note == "Half a sentence"


def test_photos_come_from_files_the_clipboard_and_the_phones_folder(front: Front, tmp_path: Path) -> None:
    shop = front.shop
    audit = shop.begins_audit(shop.checklist(questions=PACKING[2:]))
    phone = tmp_path / "phone"
    phone.mkdir()
    (phone / "old.jpg").write_bytes(photo("blue"))
    run = run_of(front, audit)
    front.asker.will("choose_folder", phone)
    run.card.folder_button.click()
    assert front.desk.preferences.photo_folder == phone
    assert not run.card.offer_button.isVisible(), "what lay there before is no news"
    (phone / "new.jpg").write_bytes(photo("green"))
    run.folder.on_news()
    assert run.card.offer_button.text() == "F   Take new.jpg"
    press(Key.Key_F)
    assert not run.card.offer_button.isVisible()

    image = QImage(30, 20, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.red)
    QGuiApplication.clipboard().setImage(image)
    press(Key.Key_V, held=CTRL)
    assert [one.name for one in run.photos[run.current.id]] == ["new.jpg", "Pasted picture 1.png"]
    QGuiApplication.clipboard().setText("no picture")
    press(Key.Key_V, held=CTRL)
    assert run.hint.text() == "There is no picture on the clipboard."

    (phone / "half.jpg").write_bytes(photo("green")[:100])
    run.folder.on_news()
    press(Key.Key_F)
    assert front.asker.warning() == "half.jpg: This picture can't be opened; it is damaged or of an unknown kind."
    assert run.card.offer_button.text() == "F   Take half.jpg", "the phone was still sending it"
    run.card.photos.setCurrentRow(0)
    run.card.remove_button.click()
    assert [one.name for one in run.photos[run.current.id]] == ["Pasted picture 1.png"]


def test_what_was_answered_the_last_time_stands_beside(front: Front) -> None:
    shop = front.shop
    checklist = shop.checklist(questions=({"wording": "Is the desk clear?", "type": QuestionType.YES_NO, "guidance": "Look under it too."},))
    before = shop.begins_audit(checklist, place="Storeroom")
    shop.answers_question(before, 1, "no", "Boxes everywhere", [("desk.jpg", photo())])
    shop.finishes_audit(before)
    run = run_of(front, shop.begins_audit(checklist, place="Storeroom"))
    assert (run.card.before_answer.text(), run.card.before_note.text()) == ("no", "Boxes everywhere")
    assert not run.card.before_photo.picture.isNull()
    assert "Look under it too." in texts(run.card)
    run.reject()
    elsewhere = run_of(front, shop.begins_audit(checklist, place="Shop floor"))
    assert elsewhere.card.before_answer.text() == ""


def test_the_rest_is_left_unchecked_on_purpose(front: Front) -> None:
    shop = front.shop
    audit = shop.begins_audit(shop.checklist())
    run = run_of(front, audit)

    def leave(dialog: FinishAudit) -> None:
        assert dialog.leave_button.text() == "Mark 5 open questions as not checked"
        dialog.leave_button.click()
        assert dialog.left.text() == "5 questions were not checked; the report says so."
        assert dialog.verdict.text() == "Nothing was asked that counts, so there is no score."
        dialog.finish_button.click()

    front.dialogs.will(leave)
    run.finish_button.click()
    assert run.done_with
    assert shop.get(Audit, audit.id).score is None


def test_an_audit_is_abandoned_opened_again_and_copied_from_its_menu(front: Front) -> None:
    shop, page = front.shop, front.page("audits")
    audit = shop.begins_audit(shop.checklist())
    page.open(Audit, audit.id)

    def choose(words: str) -> None:
        (action,) = (act for act in page.panel.more_menu().actions() if act.text() == words)
        action.trigger()

    front.asker.will("ask_text", "The storeroom was locked")
    choose("Abandon…")
    assert page.panel.state.word == "Abandoned"
    assert "Abandoned: The storeroom was locked" in texts(page.panel.outcome)
    front.asker.will("ask_text", "")
    choose("Open again…")
    assert front.asker.warning() == "Say why the audit is opened again; the report says it too."
    front.asker.will("ask_text", "It is open")
    choose("Open again…")
    assert page.panel.state.word == "In progress"
    front.dialogs.will(lambda run: None)
    choose("Copy without the answers")
    assert page.panel.audit.number == "A/2026/0002"


def test_of_a_finished_audit_only_the_conclusion_can_be_written(front: Front) -> None:
    shop, page = front.shop, front.page("audits")
    audit = shop.begins_audit(shop.checklist(questions=({"wording": "So?"},)))
    shop.answers_question(audit, 1, "minor", "Seen", [("desk.jpg", photo())])
    shop.finishes_audit(audit)
    page.open(Audit, audit.id)
    panel = page.panel
    panel.tabs.setCurrentWidget(panel.facts)
    editors = panel.facts.form.editors
    assert {name for name, editor in editors.items() if editor.input.isEnabled() and not getattr(editor.input, "isReadOnly", lambda: False)()} == {"conclusion", "distribution"}
    editors["conclusion"].input.setFocus()
    write("Good.")
    press(Key.Key_S, held=CTRL)
    assert shop.get(Audit, audit.id).conclusion == "Good."
    panel.tabs.setCurrentWidget(panel.questions)
    panel.questions.table.setCurrentIndex(panel.questions.table.table_model.index(0, 0))
    assert panel.questions.answer.text() == "Minor nonconformity – Not met"
    assert panel.questions.pictures.count() == 1

    panel.tabs.setCurrentWidget(panel.found)
    (finding,) = shop.register.records(Query(Finding))
    front.window.open_record(Finding, finding.id)
    assert panel.found.table.current_id == finding.id


def test_a_finding_is_made_an_action_with_one_key_and_leads_there_ever_after(front: Front) -> None:
    shop, page = front.shop, front.page("audits")
    audit = shop.begins_audit(shop.checklist(questions=({"wording": "So?", "clause": "4.2"}, {"wording": "And so?"})))
    shop.answers_question(audit, 1, "minor", "Boxes everywhere", [("desk.jpg", photo())])
    shop.answers_question(audit, 2, "observation", "Dusty")
    shop.finishes_audit(audit)
    page.open(Audit, audit.id)
    found = page.panel.found
    page.panel.tabs.setCurrentWidget(found)
    assert found.statement.text() == "Niespełnione: So?", "the gravest is shown at once"
    assert (found.requirement.text(), found.pictures.count()) == ("Requirement: So? (4.2)", 1)
    assert found.waiting.text() == "1 nonconformity still needs an action, or a word why none is needed."
    assert found.action_button.text() == "Make it an action (A)"
    found.table.setFocus()
    press(Key.Key_A)
    (action,) = shop.register.records(Query(Action))
    assert action.name == "Niespełnione: So?"
    assert isinstance(front.window.stack.currentWidget(), ImprovementPage), "one lands on the action to go on with it"

    front.page("audits")
    assert found.action_button.text() == f"Open action {action.number} (A)"
    assert found.waiting.text() == ""
    found.table.setFocus()
    press(Key.Key_A)
    assert shop.register.count(Query(Action)) == 1
    front.page("audits")
    found.table.setFocus()
    press(Key.Key_Delete)
    assert front.asker.warning() == f"This can't be taken away: Action {action.number} refers to it (Finding)."
    press(Key.Key_Down)
    assert found.statement.text() == "Dusty"
    press(Key.Key_Delete)
    assert [one.statement for one in shop.findings(audit)] == ["Niespełnione: So?"]


def test_the_lists_stand_beside_the_audits_and_begin_one(front: Front) -> None:
    page = front.page("audits")
    page.tabs.setCurrentWidget(page.checklists)

    def take(dialog: ChecklistLibrary) -> None:
        dialog.chooser.choose("packing_dispatch")
        dialog.take()
        dialog.reject()

    front.dialogs.will(take)
    page.checklists.empty.button.click()
    assert page.checklists.name.text() == "Packing and dispatch"
    papers: list[str] = []
    front.dialogs.will(lambda paper: papers.append(paper.windowTitle()))
    page.checklists.form_button.click()
    assert papers == ["Packing and dispatch"]
    front.dialogs.will(lambda dialog: press(Key.Key_Return, held=CTRL), lambda run: None)
    page.checklists.start_button.click()
    (audit,) = front.shop.register.records(Query(Audit))
    assert page.panel.audit == audit
    front.window.open_record(Checklist, audit.checklist)
    assert page.tabs.currentWidget() is page.checklists


def test_the_first_audit_takes_its_list_from_the_library_on_the_way(front: Front) -> None:
    page = front.page("audits")

    def take(dialog: ChecklistLibrary) -> None:
        dialog.chooser.choose("floor_5s")
        dialog.take()
        dialog.reject()

    def begin(dialog: NewAudit) -> None:
        assert not dialog.begin_button.isEnabled()
        assert dialog.about.text() == "There is no checklist yet. Take one from the library, or write your own on the tab Checklists."
        front.dialogs.will(take)
        dialog.library_button.click()
        assert dialog.begin_button.isEnabled()

    front.dialogs.will(begin)
    page.new_button.click()
    assert front.dialogs.seen == ["NewAudit", "ChecklistLibrary"]


@pytest.mark.parametrize("wide", [700, 1366])
def test_a_narrow_window_hides_the_list_until_it_is_asked_for(front: Front, wide: int) -> None:
    audit = front.shop.begins_audit(front.shop.checklist())
    run = run_of(front, audit)
    run.setWindowState(Qt.WindowState.WindowNoState)
    run.resize(wide, 600)
    assert run.overview.isVisible() == (wide > 1000)
    press(Key.Key_O)
    assert run.overview.isVisible() == (wide < 1000)


def test_the_operations_have_names_for_the_history(front: Front) -> None:
    shop = front.shop
    audit = shop.begins_audit(shop.checklist())
    run = run_of(front, audit)
    press(Key.Key_Y)
    step = shop.register.steps(1)[0][0]
    assert (step.label, step.subject) == (audits.ANSWER, f"{audit.number}, question 1")
    assert run.undo_button.isEnabled()
