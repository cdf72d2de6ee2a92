"""Checklists before a person: found by typing, taken from the library, written with keys, dragged, tried out, imported and exported."""

from __future__ import annotations

import io
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from PIL import Image
from PySide6.QtCore import QMimeData, QPointF, Qt
from PySide6.QtGui import QDropEvent, QGuiApplication, QImage
from PySide6.QtWidgets import QListWidget

from qmdesk.operations import audits, checklist_library, checklists
from qmdesk.records.audit import Checklist, Question, QuestionType
from qmdesk.records.checklist import YES_FAILS, Draft
from qmdesk.schema.query import Query
from tests.shop_checklists import a_list, question
from tests.ui.front import Dialogs, Front, come, dialogs, front, look, press, shop, write  # noqa: F401 - fixtures
from ui.dialogs import checklist_editor
from ui.dialogs.checklist_editor import ChecklistEditor, edit_checklist
from ui.dialogs.checklist_library import ChecklistLibrary
from ui.forms.checklist_chooser import ChecklistChooser, own_offers
from ui.forms.checklist_preview import ChecklistPreview
from ui.forms.checklist_rows import HEADING, ID, SIGN
from ui.panels.checklists import Checklists

YES = QuestionType.YES_NO
CTRL, ALT, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ShiftModifier
KEY = Qt.Key


@pytest.fixture
def panel(front: Front) -> Iterator[Checklists]:  # noqa: F811
    """The tab of the lists, in a window of its own."""
    shown = Checklists(front.desk)
    shown.resize(1200, 700)
    shown.show()
    come(shown)
    yield shown
    shown.close()
    shown.deleteLater()


def keep(front: Front, draft: Draft) -> int:  # noqa: F811
    return front.desk.do(checklists.NEW, checklists.keep, draft)


def five() -> Draft:
    return a_list(
        question("Alpha?", id=-1, section="One", type=YES),
        question("Beta?", id=-2, section="One", type=YES),
        question("Gamma?", id=-3, section="Two", type=YES, shown_by=-2, shown_for="no"),
        question("Delta?", id=-4, section="Two"),
        question("Epsilon?", id=-5, section="Two"),
        name="Five",
    )


def editor_on(front: Front, id_: int) -> ChecklistEditor:  # noqa: F811
    dialog = ChecklistEditor(front.desk, checklists.draft(front.desk.register, id_), front.window)
    dialog.show()
    come(dialog)
    return dialog


@pytest.fixture
def editor(front: Front) -> Iterator[ChecklistEditor]:  # noqa: F811
    """The editor on a list of five questions."""
    dialog = editor_on(front, keep(front, five()))
    yield dialog
    dialog.hide()
    dialog.deleteLater()


def words(editor: ChecklistEditor) -> list[str]:
    """The rows as a person reads them: headings in brackets."""
    items = [editor.list.item(at) for at in range(editor.list.count())]
    return [f"[{item.text()}]" if item.data(HEADING) else item.text().removesuffix("?") for item in items[1:]]


def go_to(editor: ChecklistEditor, wording: str, *more: str) -> None:
    """Choose rows by their words."""
    found = {item.text(): item for at in range(editor.list.count()) if (item := editor.list.item(at))}
    editor.list.setCurrentItem(found[wording])
    editor.list.clearSelection()
    for one in (wording, *more):
        found[one].setSelected(True)
    editor.list.setFocus()


# -------------------------------------------------------------------------------------------- finding


def test_a_list_is_found_among_thirty_by_a_few_letters(front: Front) -> None:  # noqa: F811
    for n in range(30):
        keep(front, a_list(question("A?", type=YES), name=f"List {n}", purpose="Żółta szafa" if n == 17 else ""))
    chooser = ChecklistChooser()
    chooser.offer(own_offers(front.desk.register))
    opened: list[object] = []
    chooser.opened.connect(opened.append)
    chooser.show()
    come(chooser)
    chooser.setFocus()
    write("zolta")
    press(KEY.Key_Return)
    assert [chooser.list.item(at).text() for at in range(chooser.list.count())] == ["Something else", "List 17"]
    assert front.desk.register.get(Checklist, opened[0]).name == "List 17"  # type: ignore[arg-type]
    press(KEY.Key_Escape)
    assert chooser.list.count() == 31
    assert chooser.chosen == opened[0]  # what was current stays current
    write("no such list")
    chooser.search.flush()
    assert chooser.chosen is None
    assert "No checklist has all of these words" in chooser.nothing.text()
    chooser.close()


def test_what_is_not_in_use_is_not_offered_for_audits(front: Front) -> None:  # noqa: F811
    id_ = keep(front, five())
    front.desk.do(checklists.RETIRE, checklists.set_active, id_, False)
    assert own_offers(front.desk.register, in_use=True) == []
    assert "not in use" in own_offers(front.desk.register)[0].second


# ------------------------------------------------------------------------------------------ the panel


def test_an_empty_register_offers_the_library_and_a_list_is_taken(front: Front, panel: Checklists, dialogs: Dialogs) -> None:  # noqa: F811
    def take(dialog: ChecklistLibrary) -> None:
        assert dialog.lang == "en"  # the shop's
        write("packing disp")
        dialog.chooser.search.flush()
        assert dialog.name.text() == "Packing and dispatch"
        assert len(dialog.preview.cards) >= 15
        press(KEY.Key_Return)
        assert "is among your checklists now" in dialog.said.text()
        assert not dialog.take_button.isEnabled()
        dialog.language.setCurrentIndex(dialog.language.findData("pl"))
        assert dialog.name.text() == "Pakowanie i wysyłka"
        dialog.take_button.click()
        dialog.reject()

    dialogs.will(take)
    assert panel.stack.currentWidget() is panel.empty
    panel.empty.button.click()
    assert [one.name for one in front.desk.register.records(checklists.checklists_query())] == ["Packing and dispatch", "Pakowanie i wysyłka"]
    assert panel.name.text() == "Pakowanie i wysyłka"
    assert front.desk.register.undoable().label == checklists.FROM_LIBRARY  # type: ignore[union-attr]
    assert not panel.start_button.isVisible()


def test_a_list_is_copied_taken_out_of_use_and_removed(front: Front, panel: Checklists) -> None:  # noqa: F811
    panel.open(keep(front, five()))
    front.asker.will("ask_text", "Six")
    panel.copy_button.click()
    assert panel.name.text() == "Six"
    panel.retire_button.click()
    assert panel.state.word == "not in use"
    panel.retire_button.click()
    assert panel.state.word == "in use"
    panel.remove_button.click()
    assert panel.name.text() == "Five"
    front.desk.undo()
    assert front.desk.register.count(Query(Checklist)) == 2
    five_id = panel.current
    front.desk.do(audits.START, audits.start, five_id)
    assert not panel.remove_button.isEnabled()
    assert "asked in 1 audit" in panel.facts.text()


def test_an_audit_begins_from_the_list(front: Front) -> None:  # noqa: F811
    begun: list[int] = []
    shown = Checklists(front.desk, begun.append)
    shown.show()
    id_ = keep(front, five())
    shown.open(id_)
    shown.start_button.click()
    assert begun == [id_]
    front.desk.do(checklists.RETIRE, checklists.set_active, id_, False)
    assert not shown.start_button.isEnabled()
    shown.close()


def test_out_to_a_workbook_and_back_in(front: Front, panel: Checklists, tmp_path: Path) -> None:  # noqa: F811
    id_ = keep(front, five())
    panel.open(id_)
    path = tmp_path / "five.xlsx"
    front.asker.will("choose_file_to_save", path)
    panel.export_button.click()
    assert front.asker.asked[-1].text == "The checklist was saved as five.xlsx."
    book = openpyxl.load_workbook(path)
    book.worksheets[0]["C2"] = "Alpha, changed?"
    book.worksheets[0]["Q1"] = "Remarks"
    book.worksheets[0]["Q2"] = "x"
    book.save(path)
    front.asker.will("choose_file_to_open", path).will("confirm", True)
    panel.import_button.click()
    assert front.asker.asked[-1].text == "These columns mean nothing in a checklist and were left out: Remarks"
    assert checklists.draft(front.desk.register, id_).questions[0].wording == "Alpha, changed?"
    front.asker.will("choose_file_to_open", path).will("confirm", False)
    panel.import_button.click()
    assert panel.name.text() == "Five (2)"


def test_what_is_wrong_in_a_file_is_said_and_nothing_kept(front: Front, panel: Checklists, tmp_path: Path) -> None:  # noqa: F811
    book = openpyxl.Workbook()
    for row in (["Question", "Type"], ["A?", "sometimes"], ["B?", "never"]):
        book.active.append(row)  # type: ignore[union-attr]
    book.save(tmp_path / "l.xlsx")
    front.asker.will("choose_file_to_open", tmp_path / "l.xlsx")
    panel.import_button.click()
    first, second = front.asker.warning().split("\n")
    assert first.startswith("Row 2, column “Type”: “sometimes” is no way to answer")
    assert second.startswith("Row 3, column “Type”: “never”")
    assert front.desk.register.count(Query(Checklist)) == 0


# ----------------------------------------------------------------------------------------- the editor


def test_a_new_list_is_written_with_keys_alone(front: Front, dialogs: Dialogs) -> None:  # noqa: F811
    def write_it(dialog: ChecklistEditor) -> None:
        write("Opening")
        dialog.list.setFocus()
        press(KEY.Key_Insert)
        write("Is the door open?")
        dialog.list.setFocus()
        press(KEY.Key_Insert)
        write("Is it warm?")
        dialog.list.setFocus()
        press(KEY.Key_Up, held=ALT)
        press(KEY.Key_S, held=CTRL)

    dialogs.will(write_it)
    id_ = edit_checklist(front.desk, 0, front.window)
    found = checklists.draft(front.desk.register, id_)
    assert found.checklist.name == "Opening"
    assert [one.wording for one in found.questions] == ["Is it warm?", "Is the door open?"]
    assert front.desk.register.undoable().label == checklists.NEW  # type: ignore[union-attr]


def test_the_rows_stand_under_their_headings(editor: ChecklistEditor) -> None:
    assert words(editor) == ["[One]", "Alpha", "Beta", "[Two]", "Gamma", "Delta", "Epsilon"]
    assert editor.count.text() == "5 questions · 5 points to reach"


def test_keys_move_duplicate_and_remove_and_each_can_be_undone(editor: ChecklistEditor) -> None:
    begun = words(editor)
    go_to(editor, "Delta?", "Epsilon?")
    press(KEY.Key_Up, held=ALT)
    assert words(editor) == ["[One]", "Alpha", "Beta", "[Two]", "Delta", "Epsilon", "Gamma"]
    press(KEY.Key_Up, held=ALT)
    assert words(editor) == ["[One]", "Alpha", "Beta", "Delta", "Epsilon", "[Two]", "Gamma"]
    press(KEY.Key_D, held=CTRL)
    assert words(editor) == ["[One]", "Alpha", "Beta", "Delta", "Epsilon", "Delta", "Epsilon", "[Two]", "Gamma"]
    press(KEY.Key_Delete)
    assert words(editor) == ["[One]", "Alpha", "Beta", "Delta", "Epsilon", "[Two]", "Gamma"]
    for _step in range(4):
        press(KEY.Key_Z, held=CTRL)
    assert words(editor) == begun
    assert not editor._undo.isEnabled()
    press(KEY.Key_Y, held=CTRL)
    assert words(editor) == ["[One]", "Alpha", "Beta", "[Two]", "Delta", "Epsilon", "Gamma"]


def test_a_drag_puts_the_chosen_where_they_are_dropped(editor: ChecklistEditor) -> None:
    go_to(editor, "Alpha?", "Beta?")
    editor.drop(editor.list.count(), above=False)  # below the last row
    assert words(editor) == ["[Two]", "Gamma", "Delta", "Epsilon", "Alpha", "Beta"]
    go_to(editor, "Epsilon?")
    editor.drop(2, above=True)
    assert words(editor) == ["[Two]", "Epsilon", "Gamma", "Delta", "Alpha", "Beta"]
    go_to(editor, "Gamma?")
    editor.drop(4, above=False)
    assert words(editor) == ["[Two]", "Epsilon", "Delta", "Gamma", "Alpha", "Beta"]
    editor.undo()
    editor.undo()
    editor.undo()
    go_to(editor, "Epsilon?")
    editor.drop(4, above=True)  # above a heading: the end of the section before it
    assert words(editor) == ["[One]", "Alpha", "Beta", "Epsilon", "[Two]", "Gamma", "Delta"]
    go_to(editor, "Alpha?")
    editor.drop(5, above=False)  # below a heading: the beginning of its section
    assert words(editor) == ["[One]", "Beta", "Epsilon", "[Two]", "Alpha", "Gamma", "Delta"]
    place = QPointF(editor.list.visualItemRect(editor.list.item(editor.list.count() - 1)).center())
    go_to(editor, "Beta?")
    editor.list.dropEvent(QDropEvent(place, Qt.DropAction.MoveAction, QMimeData(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier))
    assert words(editor)[-1] == "Beta"


def test_sections_begin_are_renamed_and_move(editor: ChecklistEditor) -> None:
    go_to(editor, "Epsilon?")
    press(KEY.Key_Insert, held=CTRL)
    assert editor.stack.currentWidget() is editor._of_heading
    press(KEY.Key_A, held=CTRL)
    write("Three")
    assert words(editor)[-2:] == ["[Three]", "Epsilon"]
    editor.list.setFocus()
    press(KEY.Key_Up, held=ALT)
    assert words(editor)[3:5] == ["[Three]", "Epsilon"]
    editor.save()
    assert [one.section for one in checklists.draft(editor.desk.register, editor.saved_id).questions] == ["One", "One", "Three", "Two", "Two"]


def test_the_form_asks_only_for_what_a_type_needs(editor: ChecklistEditor) -> None:
    go_to(editor, "Delta?")

    def asked() -> set[str]:
        return {name for name, row in editor.form.rows.items() if not row.isHidden()}

    always, counted = {"wording", "type", "guidance", "clause", "picture"}, {"weight", "critical", "note_when_failed", "photo_when_failed"}
    combo = editor.form.editors["type"]
    for type_, expected in (
        (QuestionType.VERDICT, always | counted),
        (QuestionType.YES_NO, always | counted),
        (QuestionType.NUMBER, always | counted | {"least", "most", "unit"}),
        (QuestionType.CHOICE, always | counted | {"options"}),
        (QuestionType.TEXT, always),
        (QuestionType.PHOTO, always),
        (QuestionType.SIGNATURE, always),
    ):
        combo.set_value(type_)
        combo.changed.emit()
        assert asked() == expected, type_
        assert editor.bad_yes.isVisible() == (type_ is QuestionType.YES_NO)
    combo.set_value(QuestionType.NUMBER)
    combo.changed.emit()
    assert "gives no points" in editor.points.text()
    editor.form.editors["least"].input.setFocus()
    write("2,5")
    assert not editor.points.isVisible()
    assert editor.save()
    kept = checklists.draft(editor.desk.register, editor.saved_id).questions[3]
    assert (kept.type, kept.least) == (QuestionType.NUMBER, Decimal("2.5"))
    assert editor.desk.register.undoable().label == checklists.CHANGE_QUESTION  # type: ignore[union-attr]


def test_yes_may_be_the_bad_answer(editor: ChecklistEditor) -> None:
    go_to(editor, "Alpha?")
    editor.bad_yes.click()
    go_to(editor, "Beta?")
    assert not editor.bad_yes.isChecked()
    go_to(editor, "Alpha?")
    assert editor.bad_yes.isChecked()
    editor.save()
    assert [one.options for one in checklists.draft(editor.desk.register, editor.saved_id).questions][:2] == [YES_FAILS, ""]


def test_a_question_waits_for_an_earlier_one_and_its_answers(editor: ChecklistEditor) -> None:
    go_to(editor, "Epsilon?")
    offered = [editor.waiting.question.itemText(at) for at in range(editor.waiting.question.count())]
    assert offered == ["Always", "only when 1. Alpha?", "only when 2. Beta?", "only when 3. Gamma?", "only when 4. Delta?"]
    editor.waiting.question.setCurrentIndex(4)
    editor.waiting.question.activated.emit(4)
    assert "Say which question and which answers" in editor.waiting.problem.text()
    for value in ("minor", "major"):
        editor.waiting.boxes[value].click()
    assert editor.waiting.problem.text() == ""
    go_to(editor, "Alpha?")
    assert not editor.waiting.question.isEnabled()  # nothing is asked before it
    editor.save()
    kept = checklists.draft(editor.desk.register, editor.saved_id).questions
    assert (kept[4].shown_by, kept[4].shown_for) == (kept[3].id, "minor; major")


def test_what_is_wrong_is_said_at_its_place_and_nothing_is_saved(editor: ChecklistEditor) -> None:
    before = editor.desk.register.steps(1)[0][0].id
    go_to(editor, "Gamma?")
    press(KEY.Key_Up, held=ALT)
    press(KEY.Key_Up, held=ALT)  # above the question it waits for
    signs = {editor.list.item(at).text(): editor.list.item(at).data(SIGN) for at in range(editor.list.count()) if not editor.list.item(at).data(HEADING)}
    assert [name for name, sign in signs.items() if sign] == ["Gamma?"]
    assert "which is asked later" in editor.waiting.problem.text()
    editor.list.setFocus()
    press(KEY.Key_Insert)
    assert editor.form.rows["wording"].problem == ""  # it is only being written
    assert not editor.save()
    assert editor.isVisible()
    assert editor.notice.text == "2 places must be mended before the list can be saved; they are marked."
    assert editor.desk.register.steps(1)[0][0].id == before


def test_what_cant_be_read_is_not_left_behind(editor: ChecklistEditor) -> None:
    go_to(editor, "Alpha?")
    editor.form.editors["weight"].input.setFocus()
    press(KEY.Key_A, held=CTRL)
    write("many")
    go_to(editor, "Delta?")
    assert editor.list.currentItem().text() == "Alpha?"
    assert "“many” can't be read" in editor.form.rows["weight"].problem
    assert not editor.save()
    editor.form.editors["weight"].input.setFocus()
    press(KEY.Key_A, held=CTRL)
    write("7")
    go_to(editor, "Delta?")
    assert editor.list.currentItem().text() == "Delta?"
    assert editor.draft.questions[0].weight == 7


def test_a_field_changed_back_is_no_change(editor: ChecklistEditor) -> None:
    go_to(editor, "Alpha?")
    editor.go_to_form()
    press(KEY.Key_End, held=CTRL)
    write("x")
    assert editor.draft.questions[0].wording == "Alpha?x"
    press(KEY.Key_Backspace)
    assert editor.draft == editor._begun
    editor.reject()  # asks nothing
    assert not editor.isVisible()


def test_closing_asks_before_it_throws_away(front: Front, editor: ChecklistEditor) -> None:  # noqa: F811
    go_to(editor, "Alpha?")
    press(KEY.Key_Delete)
    front.asker.will("confirm", False)
    editor.reject()
    assert editor.isVisible()
    front.asker.will("confirm", True)
    editor.reject()
    assert not editor.isVisible()
    assert front.desk.register.count(Query(Question)) == 5


def test_removing_says_what_is_always_asked_now(editor: ChecklistEditor) -> None:
    go_to(editor, "Beta?")
    press(KEY.Key_Delete)
    assert editor.notice.text.startswith("1 question waited for an answer to what was removed")
    go_to(editor, "Two")
    press(KEY.Key_Delete)  # on a heading: its questions
    assert words(editor) == ["[One]", "Alpha"]


def test_rows_of_a_spreadsheet_are_pasted_below_the_chosen_one(editor: ChecklistEditor) -> None:
    go_to(editor, "Alpha?")
    QGuiApplication.clipboard().setText("Is it dry?\tyes/no\t2\nIs it clean?\t0-5\t1\n")
    press(KEY.Key_V, held=CTRL)
    assert words(editor)[:4] == ["[One]", "Alpha", "Is it dry", "Is it clean"]
    assert {item.text() for item in editor.list.selectedItems()} == {"Is it dry?", "Is it clean?"}
    QGuiApplication.clipboard().setText("A\tIs it?\tsometimes\nB\tIs it?\tyes/no")
    press(KEY.Key_V, held=CTRL)
    assert "Row 1, column “Answered by”: “sometimes”" in editor.notice.text
    editor.save()
    assert editor.desk.register.undoable().label == checklists.PASTE_QUESTIONS  # type: ignore[union-attr]


def test_a_reference_photo_is_pasted_kept_and_stays_through_other_rows(editor: ChecklistEditor) -> None:
    go_to(editor, "Alpha?")
    picture = QImage(60, 40, QImage.Format.Format_RGB32)
    picture.fill(Qt.GlobalColor.red)
    QGuiApplication.clipboard().setImage(picture)
    press(KEY.Key_V, held=CTRL)
    go_to(editor, "Beta?")
    assert editor.form.editors["picture"].value() == ""
    go_to(editor, "Alpha?")  # the photo is not in the register yet
    sha = editor.form.editors["picture"].value()
    assert sha
    editor.right.setCurrentWidget(editor.trying)
    editor.save()
    kept = checklists.draft(editor.desk.register, editor.saved_id).questions[0]
    assert kept.picture == sha
    with Image.open(io.BytesIO(editor.desk.register.content(sha))) as opened:
        assert opened.size == (60, 40)


def test_trying_a_list_out_shows_questions_as_a_run_does(editor: ChecklistEditor) -> None:
    editor.right.setCurrentWidget(editor.trying)
    assert editor.preview.asked == ["Alpha?", "Beta?", "Delta?", "Epsilon?"]
    editor.preview.cards[1].buttons["no"].click()
    assert editor.preview.asked == ["Alpha?", "Beta?", "Gamma?", "Delta?", "Epsilon?"]
    editor.preview.cards[1].buttons["yes"].click()
    assert "Gamma?" not in editor.preview.asked
    go_to(editor, "Delta?")
    press(KEY.Key_Delete)
    assert "Delta?" not in editor.preview.asked  # what is tried is the list as it stands


def test_every_list_of_the_library_can_be_looked_at(front: Front) -> None:  # noqa: F811
    for key in checklist_library.all_keys():
        for lang in ("pl", "en"):
            preview = ChecklistPreview(trying=True)
            preview.show_draft(checklist_library.draft(key, lang), front.desk.register.content)
            assert preview.asked
            preview.deleteLater()


def test_versions_are_told(front: Front) -> None:  # noqa: F811
    id_ = keep(front, five())
    front.desk.do(audits.START, audits.start, id_)
    front.desk.do(checklists.CHANGE, checklists.rewrite, id_, lambda draft: draft.without({draft.questions[0].id}))
    dialog = editor_on(front, id_)
    told = [label.text() for label in dialog.right.widget(2).findChildren(checklist_editor.PlainLabel)]
    assert told[1].startswith("Version 2, since ")
    assert told[1].endswith(": not asked yet")
    assert told[2].endswith(": asked in 1 audit")
    dialog.hide()


def test_a_name_that_is_taken_is_said_beside_it(front: Front, editor: ChecklistEditor) -> None:  # noqa: F811
    keep(front, a_list(question("A?", type=YES), name="Taken"))
    editor.list.setCurrentRow(0)
    editor.go_to_form()
    press(KEY.Key_A, held=CTRL)
    write("Taken")
    assert not editor.save()
    assert "taken already" in editor.about.rows["name"].problem


def test_a_register_that_is_only_read_shows_its_lists(front: Front, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: F811
    id_ = keep(front, five())
    monkeypatch.setattr(type(front.desk.register), "read_only", property(lambda _self: True))
    shown = Checklists(front.desk)
    shown.show()
    shown.open(id_)
    enabled = {button.text() for button in (shown.edit_button, shown.copy_button, shown.export_button, shown.retire_button, shown.remove_button, shown.new_button, shown.library_button, shown.import_button) if button.isEnabled()}
    assert enabled == {"Export…"}
    dialog = editor_on(front, id_)
    go_to(dialog, "Alpha?")
    press(KEY.Key_Delete)
    press(KEY.Key_Down, held=ALT)
    assert dialog.draft == dialog._begun
    assert not dialog.save_button.isVisible()
    assert isinstance(dialog.list, QListWidget)
    assert dialog.list.item(0).data(ID) == 0
    dialog.hide()
    shown.close()
