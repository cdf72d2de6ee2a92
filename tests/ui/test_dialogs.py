"""The dialogs, driven as a person drives them, and what all of them owe to somebody who does not see or use a mouse."""

from __future__ import annotations

import zipfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QMenu,
    QScrollBar,
    QTabBar,
    QWidget,
)

from qmdesk import i18n
from qmdesk.errors import Known
from qmdesk.operations import imports, letters
from qmdesk.records.case import AdrStatement, Case, CaseState, Decision, Message
from qmdesk.records.imports import ImportProfile
from qmdesk.records.lists import Cause, Channel
from qmdesk.records.paper import DocumentKind, IssuedDocument, TextBlock
from qmdesk.records.party import Customer, Person, Supplier
from qmdesk.records.product import Batch, Order, Product
from qmdesk.schema.query import Query
from tests.gallery_import import ROWS
from tests.shop import Shop
from tests.ui.front import Dialogs, Front, asker, come, dialogs, front, look, press, shop, write
from ui.ask import ScriptedAsker
from ui.dialogs.about import KEYS, About, Keys
from ui.dialogs.decide import Decide
from ui.dialogs.document import DocumentDialog
from ui.dialogs.go_to import GoTo
from ui.dialogs.history import History
from ui.dialogs.import_wizard import ImportWizard
from ui.dialogs.merge import Merge
from ui.dialogs.new_case import NewCase
from ui.dialogs.sent_elsewhere import SentElsewhere
from ui.dialogs.split import Split
from ui.dialogs.welcome import Welcome
from ui.forms.dialog import RecordDialog
from ui.preferences import Preferences
from ui.widgets.plain_label import PlainLabel

__all__ = ["Dialogs", "asker", "dialogs", "front", "look", "shop"]
CTRL = Qt.KeyboardModifier.ControlModifier


def shown(dialog: Any) -> Any:
    """A dialog with the keyboard."""
    dialog.setModal(True)
    dialog.show()
    come(dialog)
    return dialog


# -- a new complaint


def test_a_complaint_half_told_is_neither_registered_nor_lost_by_a_key(front: Front) -> None:
    dialog = shown(NewCase(front.desk, {}, front.window))
    dialog.form.editors["sale_document_number"].input.setFocus()
    write("FV 12")
    press(Qt.Key.Key_Return)
    assert dialog.isVisible()
    assert front.shop.register.count(Query(Case)) == 0
    front.asker.will("confirm", False)
    press(Qt.Key.Key_Escape)
    assert dialog.isVisible()
    front.asker.will("confirm", True)
    dialog.close()
    assert not dialog.isVisible()


def test_problems_stand_beside_their_fields_and_nothing_typed_is_lost(front: Front) -> None:
    dialog = shown(NewCase(front.desk, {}, front.window))
    dialog.form.editors["noticed_on"].input.setFocus()
    write("99.99.2026")
    press(Qt.Key.Key_Return, held=CTRL)
    assert dialog.form.rows["noticed_on"].problem
    assert dialog.form.editors["noticed_on"].input.text() == "99.99.2026"
    dialog.form.editors["noticed_on"].set_value(None)
    dialog.save()
    assert "Write what happened" in dialog.form.rows["description"].problem
    dialog.form.editors["description"].input.setFocus()
    write("It broke")
    press(Qt.Key.Key_Return, held=CTRL)
    assert dialog.case_id


def test_a_case_that_looks_the_same_is_offered_before_saving(front: Front) -> None:
    shop = front.shop
    order = shop.add_order("1001", shop.add_customer(), [shop.add_product()])
    known = shop.complains("The sole came off after a week", order=order)
    opened: list[tuple[Any, int]] = []
    dialog = shown(NewCase(front.desk, {"order": order}, front.window))
    dialog.on_open_other = lambda kind, id_: opened.append((kind, id_))
    write("After a week the sole came off")
    dialog.look_for_others()
    assert dialog.alike_box.isVisible()
    assert known.number in dialog.alike.item(0).text()
    front.asker.will("confirm", False).will("confirm", True)
    dialog.alike.setCurrentRow(0)
    dialog.alike.setFocus()
    press(Qt.Key.Key_Return)
    assert dialog.isVisible()
    assert shop.register.count(Query(Case)) == 1
    dialog.alike.setFocus()
    press(Qt.Key.Key_Return)
    assert opened == [(Case, known.id)]
    assert not dialog.isVisible()


def test_an_order_fills_in_what_it_knows(front: Front) -> None:
    shop = front.shop
    buyer = shop.add_customer()
    one = shop.add_order("1001", buyer, [shop.add_product()])
    shop.add_order("1002", shop.add_customer("Jan Lis"), [])
    dialog = shown(NewCase(front.desk, {}, front.window))
    assert not dialog.lines.isVisible()
    dialog.form.editors["order"].input.setFocus()
    write("1001")
    press(Qt.Key.Key_Tab)
    assert dialog.form.editors["customer"].value() == buyer
    assert dialog.form.editors["sold_on"].value() == shop.get(Order, one).ordered_at.astimezone().date()
    assert [item.name for item in dialog.items()] == ["Buty trekkingowe 42"]  # the only line is meant
    dialog.form.editors["order"].input.setFocus()
    dialog.form.editors["order"].set_value(None)
    dialog._typed()
    assert dialog.items() == []
    front.asker.will("confirm", True)
    dialog.reject()


# -- decision and letters


def test_a_decision_says_what_it_lacks_and_is_not_lost_by_escape(front: Front) -> None:
    case = front.shop.complains()
    dialog = shown(Decide(front.desk, case, front.window))
    dialog.save()
    assert dialog.form.rows["decision"].problem == "Choose the decision."
    dialog.form.editors["decision"].set_value(Decision.REJECTED)
    dialog.save()
    assert "Write the reasons" in dialog.form.rows["decision_reasons"].problem
    assert "out-of-court" in dialog.form.rows["adr"].problem
    dialog.form.editors["decision_reasons"].input.setFocus()
    write("Worn through")
    front.asker.will("confirm", False)
    press(Qt.Key.Key_Escape)
    assert dialog.isVisible()
    dialog.form.editors["adr"].set_value(AdrStatement.REFUSAL)
    press(Qt.Key.Key_Return, held=CTRL)
    assert front.shop.case(case).state is CaseState.DECIDED


def test_gaps_of_a_letter_are_marked_and_lead_to_their_fields(front: Front) -> None:
    case = front.shop.complains(customer=front.shop.add_customer())
    dialog = shown(DocumentDialog(front.desk, case.id, parent=front.window))
    assert dialog.note.text().startswith("Still missing")
    assert not dialog.issue_button.isEnabled()
    asked: list[str] = []
    dialog.on_gap = asked.append
    gap = dialog._gaps[0]
    dialog._clicked(gap.page, gap.x + gap.width / 2, gap.y + gap.height / 2)
    assert asked == [gap.field]
    press(Qt.Key.Key_Return, held=CTRL)
    assert front.shop.register.count(Query(IssuedDocument)) == 0
    front.shop.fills_in_letterhead()
    front.shop.changes(Customer, case.customer, email="lucja@example.com", street="ul. Polna 1", postcode="00-001", city="Warszawa")
    dialog.refresh()
    assert dialog.note.text() == ""
    press(Qt.Key.Key_Return)
    dialog.issue_button.setFocus()
    press(Qt.Key.Key_Return)
    assert dialog.isVisible(), "a plain Enter must not issue what can't be taken back"
    dialog.lang.setCurrentIndex(1 - dialog.lang.currentIndex())
    press(Qt.Key.Key_Return, held=CTRL)
    assert dialog.issued is not None
    assert dialog.issued.kind is DocumentKind.RECEIPT_CONFIRMATION


def test_only_letters_that_make_sense_are_offered_the_fitting_one_first(front: Front) -> None:
    case = front.shop.complains(customer=front.shop.add_customer())
    dialog = DocumentDialog(front.desk, case.id, parent=front.window)
    offered = [dialog.kind.itemText(at) for at in range(dialog.kind.count())]
    assert offered == ["Confirmation of receipt", "Request for information"]
    front.shop.decides(case, Decision.REJECTED)
    dialog = DocumentDialog(front.desk, case.id, parent=front.window)
    assert dialog.chosen_kind() is DocumentKind.ANSWER_REJECTED
    assert "Statement on out-of-court settlement" in [dialog.kind.itemText(at) for at in range(dialog.kind.count())]


def test_a_letter_in_two_languages_with_own_words(front: Front) -> None:
    front.shop.fills_in_letterhead()
    case = front.shop.complains(customer=front.shop.add_customer())
    dialog = shown(DocumentDialog(front.desk, case.id, parent=front.window))
    dialog.words.setPlainText("Pozdrawiamy z Łodzi.")
    dialog.lang.setCurrentIndex(dialog.lang.count() - 1)
    assert dialog.sheets.rows.count() > 1
    dialog.issue_button.click()
    kept = letters.as_issued(front.shop.register, dialog.issued)
    assert kept.also is not None
    assert "Pozdrawiamy z Łodzi." in str(kept.facts)


def test_a_letter_by_post_says_by_when_it_must_leave(front: Front) -> None:
    case = front.shop.complains(customer=front.shop.add_customer())
    front.shop.decides(case)
    dialog = shown(DocumentDialog(front.desk, case.id, parent=front.window))
    assert not dialog.post.isVisible()
    dialog.channel.setCurrentIndex(dialog.channel.findText("Post"))
    assert dialog.post.isVisible()
    assert "takes 5 days" in dialog.post.text()
    assert "29 Nov 2026" in dialog.post.text()


def test_an_answer_sent_elsewhere_is_kept_with_its_file(front: Front, tmp_path: Path) -> None:
    case = front.shop.complains(customer=front.shop.add_customer())
    front.shop.decides(case)
    dialog = shown(DocumentDialog(front.desk, case.id, parent=front.window))
    proof = tmp_path / "allegro.txt"
    proof.write_text("Uznajemy reklamację.", encoding="utf-8")

    def note(asked: SentElsewhere) -> None:
        asked.keep()
        assert "Choose the file" in asked.note.text()
        front.asker.will("choose_file_to_open", proof)
        asked.choose()
        asked.sent.setText("yesterday")
        asked.keep()
        assert "is no day" in asked.note.text()
        asked.sent.setText("20.11.2026 15:00")
        asked.keep()

    front.dialogs.will(note)
    dialog.elsewhere_button.click()
    assert dialog.issued is not None
    assert front.shop.case(case).state is CaseState.ANSWERED
    assert [file.name for file in front.shop.files(case)] == ["allegro.txt"]


def test_gaps_of_parts_lead_to_their_records(front: Front) -> None:
    case = front.shop.complains(order=front.shop.add_order("1001", None, [front.shop.add_product()]))
    front.window.open_record(Case, case.id)
    panel = front.page("cases").panel
    item = front.shop.items(case)[0]
    seen: list[tuple[str, ...]] = []
    for field in (f"case_item.vat_rate#{item.id}", "return_details.statement", "supplier_claim.reply_by"):
        front.dialogs.will(lambda dialog: (seen.append(tuple(dialog.form.editors)), dialog.reject()))
        panel._fill_gap(field)
    assert seen[0] == ("vat_rate",)
    assert "statement" in seen[1]
    assert {"supplier", "reply_by"} <= set(seen[2])


def test_the_evidence_of_a_case_is_saved_from_its_letters(front: Front, tmp_path: Path) -> None:
    case = front.shop.complains(customer=front.shop.add_customer())
    front.window.open_record(Case, case.id)
    panel = front.page("cases").panel
    panel.tabs.setCurrentWidget(panel.letters)
    out = tmp_path / "evidence.zip"
    front.asker.will("choose_file_to_save", out)
    panel.letters.save_evidence(".zip")
    assert zipfile.is_zipfile(out)
    front.asker.will("choose_file_to_save", tmp_path / "none" / "evidence.pdf")
    panel.letters.save_evidence(".pdf")
    assert "folder" in front.asker.warning()


def test_a_text_of_letters_is_changed_and_restored(front: Front) -> None:
    texts = front.page("settings").texts
    texts.choose("receipt_confirmation.closing")
    own = texts.texts["en"].toPlainText()
    texts.choose("receipt_confirmation.subject")
    assert texts.asks.text() == "The program fills in: {case_number} – the number of the case."
    texts.choose("receipt_confirmation.closing")
    assert not texts.save_button.isEnabled()
    texts.texts["en"].setPlainText("Bye {name}")
    texts.save_button.click()
    assert "{name}" in texts.note.text()
    texts.texts["en"].setPlainText("See you soon!")
    texts.save_button.click()
    assert texts.note.text() == ""
    assert front.shop.register.count(Query(TextBlock)) == 1
    assert texts.restores["en"].isEnabled()
    assert not texts.restores["pl"].isEnabled()
    texts.restores["en"].click()
    assert texts.texts["en"].toPlainText() == own
    assert front.shop.register.count(Query(TextBlock)) == 0
    texts.texts["pl"].setPlainText("Do zobaczenia!")
    front.asker.will("confirm", False)  # not thrown away: saved
    texts.choose("answer.sign_off")
    assert front.shop.register.count(Query(TextBlock)) == 1
    assert texts.key == "answer.sign_off"
def test_gaps_of_a_letter_are_filled_in_without_a_mouse(front: Front) -> None:
    case = front.shop.complains(customer=front.shop.add_customer())
    front.window.open_record(Case, case.id)

    def fill(dialog: Any) -> None:
        while dialog.missing.count():
            first = QApplication.focusWidget()
            assert first is dialog.missing.itemAt(0).widget()
            assert first.text().startswith(("Shop: ", "Customer: "))
            front.dialogs.will(fill_in)
            press(Qt.Key.Key_Return)
        assert dialog.issue_button.isEnabled()
        assert QApplication.focusWidget() is dialog.kind
        assert not dialog.note.isVisible()

    def fill_in(dialog: Any) -> None:
        values = {"legal_name": "Karmnik Ola Kos", "street": "ul. Polna 1", "postcode": "00-001", "city": "Warszawa", "email": "ola@example.com", "phone": "+48 600 000 001"}
        editors = dialog.form.editors
        at = next(name for name, editor in editors.items() if editor.input.hasFocus())
        assert not editors[at].value(), "the keyboard is in what is missing"
        write(values[at])
        press(Qt.Key.Key_Return, held=CTRL)
        assert not dialog.isVisible()

    front.dialogs.will(fill)
    press(Qt.Key.Key_L, held=CTRL)


def test_the_withdrawal_form_is_saved_for_the_website(front: Front, tmp_path: Path) -> None:
    texts = front.page("settings").texts
    texts.save_form(DocumentKind.WITHDRAWAL_FORM)
    assert "can't be issued yet" in front.asker.warning()
    front.shop.fills_in_letterhead()
    out = tmp_path / "form.pdf"
    front.asker.will("choose_file_to_save", out)
    texts.save_form(DocumentKind.WITHDRAWAL_FORM)
    assert out.read_bytes().startswith(b"%PDF")
    assert "compare the words" in front.asker.asked[-1].text


def test_a_gap_leads_from_the_case_to_where_it_is_filled_in(front: Front) -> None:
    case = front.shop.complains(customer=front.shop.add_customer())
    front.window.open_record(Case, case.id)
    panel = front.page("cases").panel
    for field, dialog in (("case.decision_reasons", "Decide"), ("case.description", "RecordDialog"), ("customer.street", "RecordDialog"), ("shop.street", "RecordDialog")):
        front.dialogs.will(lambda dialog: dialog.reject())
        panel._fill_gap(field)
        assert front.dialogs.seen[-1] == dialog


def test_pieces_are_asked_for_within_what_there_is(front: Front) -> None:
    case = front.shop.complains(order=front.shop.add_order("1001", None, [front.shop.add_product()], quantity=3))
    dialog = shown(Split(front.shop.items(case)[0], front.window))
    dialog._quantity.setValue(99)
    assert dialog.quantity() == 3


# -- history, going to, verdict


def test_a_step_is_undone_from_the_history(front: Front) -> None:
    case = front.shop.complains()
    front.desk.do("Change a case", lambda tx: tx.change(tx.get(Case, case.id), note="one"))
    front.desk.do("Change a case", lambda tx: tx.change(tx.get(Case, case.id), goods_condition="two"))
    dialog = shown(History(front.desk, front.window))
    assert "Change a case" in dialog.steps.item(0).text()
    assert "two" in dialog.changes.toPlainText()
    dialog.steps.setFocus()
    press(Qt.Key.Key_Down)
    assert "one" in dialog.changes.toPlainText()
    press(Qt.Key.Key_Return)
    assert front.shop.case(case).note == "one", "Enter in the list must not undo"
    dialog.undo.click()
    kept = front.shop.case(case)
    assert (kept.note, kept.goods_condition) == ("", "two")
    assert "undo or redo of step" in dialog.steps.item(0).text()
    taken = next(dialog.steps.item(at) for at in range(dialog.steps.count()) if "undone" in dialog.steps.item(at).text())
    dialog.steps.setCurrentItem(taken)
    assert not dialog.undo.isEnabled()


def test_anything_is_gone_to_by_typing(front: Front) -> None:
    shop = front.shop
    buyer = shop.add_customer("Łucja Żak")
    shop.add_customer("Żaneta Łuk")
    case = shop.complains(customer=buyer)
    dialog = shown(GoTo(front.desk, front.window))
    assert dialog.hits.count() == 1  # the newest cases
    write("lucja")
    dialog.words.flush()
    assert dialog.hits.count() == 2
    press(Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Return)
    assert dialog.chosen == (Customer, buyer)
    dialog = shown(GoTo(front.desk, front.window))
    write(case.number)
    press(Qt.Key.Key_Return)  # faster than the list
    assert dialog.chosen == (Case, case.id)
    dialog = shown(GoTo(front.desk, front.window))
    write("nobody")
    dialog.words.flush()
    assert dialog.note.text() == "Nothing found. Try the beginning of a word or a number."
    press(Qt.Key.Key_Return)
    assert dialog.chosen is None


def test_keys_and_about_say_what_there_is(look: QApplication) -> None:
    keys, about = Keys(), About()
    said = [label.text() for label in keys.findChildren(PlainLabel)]
    assert all(key in said for key, _words in KEYS)
    assert any("sends nothing anywhere" in label.text() for label in about.findChildren(PlainLabel))


# -- welcome


def test_the_welcome_offers_new_open_demo_and_recent(look: QApplication, asker: ScriptedAsker, tmp_path: Path) -> None:
    there, gone = tmp_path / "there.qmd", tmp_path / "gone.qmd"
    there.touch()
    dialog = shown(Welcome(Preferences(recent=(there, gone)), asker))
    asked: list[Any] = []
    dialog.on_new = lambda path, name: bool(asked.append((path, name)))
    dialog.on_open = lambda path: bool(asked.append(path))
    dialog.on_demo = lambda: bool(asked.append("demo"))
    write("Karmnik")
    asker.will("choose_file_to_save", tmp_path / "k.qmd")
    press(Qt.Key.Key_Return)
    asker.will("choose_file_to_open", there)
    dialog.open_button.click()
    dialog.demo_button.click()
    dialog.recent.itemActivated.emit(dialog.recent.item(0))
    assert asked == [(tmp_path / "k.qmd", "Karmnik"), there, "demo", there]
    assert "not found" in dialog.recent.item(1).text()
    assert not dialog.recent.item(1).flags() & Qt.ItemFlag.ItemIsEnabled
    assert dialog.isVisible(), "it stays while nothing is open"
    said: list[str] = []
    dialog.on_language = said.append
    (other,) = (one for one in dialog.findChildren(QAbstractButton) if one.text() in i18n.LANGUAGES.values() and one.isEnabled())
    other.click()
    assert (said, dialog.again, dialog.isVisible()) == (["pl"], True, False)


# -- the import wizard


@pytest.fixture
def orders(tmp_path: Path) -> Path:
    path = tmp_path / "orders_export.csv"
    path.write_text(ROWS, encoding="utf-8")
    return path


def feed(wizard: ImportWizard, label: str) -> QComboBox:
    """The box that chooses the column of a field."""
    row = next(at for at in range(wizard.fields.rowCount()) if wizard.fields.item(at, 0).text().rstrip(" *") == label)
    box = wizard.fields.cellWidget(row, 1)
    assert isinstance(box, QComboBox)
    return box


def choose(box: QComboBox, data: Any) -> None:
    """What a person does with a box."""
    box.setCurrentIndex(box.findData(data))
    box.activated.emit(box.currentIndex())


def test_the_wizard_goes_from_the_file_to_the_register(front: Front, orders: Path, tmp_path: Path) -> None:
    wizard = shown(ImportWizard(front.desk, "order", front.window))
    front.asker.will("choose_file_to_open", None).will("choose_file_to_open", orders)
    wizard.choose.button.click()
    assert wizard.pages.currentIndex() == 0
    wizard.choose.button.click()
    assert wizard.title.text() == "What is what in orders_export.csv"
    assert (wizard.target.currentData(), wizard.source.currentText()) == ("orders", "Shopify: orders")
    assert "the day before" in wizard.troubles.text()
    wizard.next.click()
    assert wizard.pages.currentIndex() == 2
    assert wizard.refused.rowCount() == 1
    assert front.shop.register.count(Query(Order)) == 0
    wizard.back.click()
    assert wizard.pages.currentIndex() == 1
    wizard.next.click()
    out = tmp_path / "rejected.xlsx"
    front.asker.will("choose_file_to_save", out)
    wizard.rejected_button.click()
    assert out.exists()
    wizard.next.click()
    assert not wizard.isVisible()
    assert front.shop.register.count(Query(Order)) == 2
    assert front.said.startswith("Import")
    again = shown(ImportWizard(front.desk, "order", front.window))
    again.read_file(orders)
    again.go_on()
    assert again.report is not None
    assert again.report.added == 0
    again.cancel.click()
    assert front.shop.register.count(Query(Order)) == 2


def test_a_name_in_two_columns_is_shown_and_taken_as_one(front: Front, tmp_path: Path) -> None:
    path = tmp_path / "customers.csv"
    path.write_text("Imię;Nazwisko;Uwagi\nJan;Kot;x\nOla;Kot;\n", encoding="utf-8")
    wizard = shown(ImportWizard(front.desk, "customer", front.window))
    wizard.read_file(path)
    name = feed(wizard, "Customer name")
    assert name.currentText() == "Imię + Nazwisko"
    assert wizard.fields.item(0, 2).text() == "Jan Kot   Ola Kot"
    choose(name, "Nazwisko")
    assert wizard.fields.item(0, 2).text() == "Kot"
    choose(name, "Imię\nNazwisko")
    wizard.next.click()
    wizard.next.click()
    assert {"Jan Kot", "Ola Kot"} <= {customer.name for customer in front.shop.register.records(Query(Customer))}


def test_the_wizard_takes_the_shops_lists_and_what_was_said(front: Front, tmp_path: Path) -> None:
    case = front.shop.complains()
    for heads, row, label, kind in (
        ("Name;Durable medium;In use;Days until it arrives", "Fair;yes;yes;2", "Channels", Channel),
        ("Name;Marketplace code;In use", "Moths;MOTHS;yes", "Causes", Cause),
        ("Case;When;Direction;Who;Text", f"{case.number};2026-11-20 10:00;From the customer;Łucja;Hello", "Conversation", Message),
    ):
        path = tmp_path / f"{label}.csv"
        path.write_text(f"{heads}\n{row}\n", encoding="utf-8")
        before = front.shop.register.count(Query(kind))
        wizard = shown(ImportWizard(front.desk, "", front.window))
        wizard.read_file(path)
        assert wizard.target.currentText() == label
        wizard.next.click()
        wizard.next.click()
        assert front.shop.register.count(Query(kind)) == before + 1
def test_a_header_taken_for_another_row_is_chosen_by_hand(front: Front, tmp_path: Path) -> None:
    path = tmp_path / "customers.csv"
    path.write_text("Klienci;Telefony;Adresy;Sklep\nK;T;A;U\nJan Kot;600 100 200;Polna 1;stały\n", encoding="utf-8")
    wizard = shown(ImportWizard(front.desk, "customer", front.window))
    wizard.read_file(path)
    assert wizard.header.itemText(0) == "Recognised: 1"
    choose(wizard.header, 2)
    assert wizard.read is not None
    assert wizard.read.table.headers == ("K", "T", "A", "U")
    choose(wizard.header, 20)
    assert "Row 20 of customers.csv is blank or missing" in front.asker.warning()
    wizard.reject()


def test_a_mapping_is_changed_and_kept_for_the_next_file(front: Front, orders: Path) -> None:
    wizard = shown(ImportWizard(front.desk, "order", front.window))
    wizard.read_file(orders)
    assert wizard.mapping is not None
    box = next(wizard.fields.cellWidget(at, 1) for at in range(wizard.fields.rowCount()) if wizard.fields.item(at, 0).text().endswith(" *"))
    chosen = box.currentData()
    choose(box, "")
    assert not wizard.next.isEnabled()
    assert wizard.troubles.text()
    choose(box, chosen)
    assert wizard.next.isEnabled()
    choose(wizard.decimal, ".")
    choose(wizard.day_order, "ymd")
    front.asker.will("ask_text", None).will("ask_text", "My shop")
    wizard._keep_profile()
    wizard._keep_profile()
    assert front.shop.register.by_value(ImportProfile, "name", ["My shop"])
    kept = imports.profile(front.shop.register, "My shop")
    assert (kept.decimal, kept.day_order) == (".", "ymd")
    again = shown(ImportWizard(front.desk, "order", front.window))
    again.read_file(orders)
    choose(again.profile, "My shop")
    assert again.mapping == kept
    assert again.decimal.currentData() == "."
    choose(again.delimiter, ";")
    assert again.read is not None
    assert len(again.read.table.headers) < 5  # it was read anew, as was asked
    again.reject()


@pytest.mark.parametrize(
    ("name", "content"), [("empty.csv", b""), ("picture.xlsx", b"\x89PNG\r\n\x1a\n" + b"0" * 200), ("gone.csv", None)]
)
def test_a_wrong_file_ends_in_a_sentence(front: Front, tmp_path: Path, name: str, content: bytes | None) -> None:
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    wizard = shown(ImportWizard(front.desk, "order", front.window))
    wizard.read_file(path)
    assert name in front.asker.warning()
    assert wizard.pages.currentIndex() == 0
    wizard.reject()


def test_what_the_register_refuses_while_importing_is_said(front: Front, orders: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_about: Any) -> None:
        raise Known("The disk is full.")

    wizard = shown(ImportWizard(front.desk, "order", front.window))
    wizard.read_file(orders)
    wizard.go_on()
    monkeypatch.setattr(imports, "run", refuse)
    wizard.next.click()
    assert front.asker.warning() == "The disk is full."
    assert wizard.isVisible()
    wizard.reject()


# -- what every page and dialog owes


def everything(front: Front, orders: Path) -> Iterator[tuple[str, QWidget]]:
    """Every page with something open on it, every tab, and every dialog."""
    shop, window, desk = front.shop, front.window, front.desk
    product = shop.add_product(supplier=shop.add(Supplier(name="Garncarnia")))
    buyer, order = shop.add_customer(), shop.add_order("1001", None, [product], quantity=2)
    case = shop.complains(order=order, customer=buyer)
    shop.attaches(case, ("a.txt", b"text"))
    shop.says(case, "She called")
    for name in window.page_names():
        window.go(name)
        yield name, window
    for kind, id_ in ((Customer, buyer), (Order, order), (Product, product), (Supplier, 1), (Case, case.id)):
        window.open_record(kind, id_)
        yield kind.__name__, window
    for tabs in (front.page("cases").panel.tabs, front.page("settings").tabs):
        window.go("cases" if tabs.parentWidget() is front.page("cases").panel else "settings")
        for at in range(tabs.count()):
            tabs.setCurrentIndex(at)
            yield f"tab {tabs.tabText(at)}", window
    listing = front.page("cases").listing
    yield "filter", listing.edit_filter(None)
    yield "columns", listing._choose_columns()
    wizard = ImportWizard(desk, "order", window)
    yield "import", wizard
    wizard.read_file(orders)
    yield "import: mapping", wizard
    wizard.go_on()
    yield "import: report", wizard
    yield "new complaint", NewCase(desk, {"order": order}, window)
    yield "decide", Decide(desk, case, window)
    yield "letter", DocumentDialog(desk, case.id, parent=window)
    yield "sent elsewhere", SentElsewhere(desk, case.id, DocumentKind.ANSWER_ACCEPTED, None, window)
    yield "split", Split(shop.items(case)[0], window)
    yield "merge", Merge(desk, buyer, None, window)
    yield "history", History(desk, window)
    yield "go to", GoTo(desk, window)
    yield "welcome", Welcome(Preferences(recent=(shop.path,)), front.asker)
    yield "keys", Keys(window)
    yield "about", About(window)
    for record in (Customer, Product, Order, Person, Channel, Cause, Batch):
        yield f"new {record.__name__}", RecordDialog(desk, record, parent=window)


@pytest.mark.parametrize("lang", ["en", "pl"])
def test_everything_can_be_reached_named_and_seen_whole(lang: str, shop: Shop, dialogs: Dialogs, orders: Path, look: QApplication) -> None:
    i18n.use(lang)
    front = Front(shop, dialogs)
    faults: set[str] = set()
    for name, widget in everything(front, orders):
        widget.show()
        look.processEvents()
        for child in (widget, *widget.findChildren(QWidget)):
            if not child.isVisible():
                continue
            where = f"{name}: {type(child).__name__} in {type(child.parentWidget()).__name__}"
            if _takes_keyboard(child) and not _name(child):
                faults.add(f"{where} has no name")
            if isinstance(child, QLabel) and child.textFormat() != Qt.TextFormat.PlainText and child.text() and child.buddy() is None:
                faults.add(f"{where} would show rich text: {child.text()[:40]}")
        faults |= {f"{name}: Alt+{key} is taken twice" for key, many in _mnemonics(widget).items() if many > 1}
        least = widget.minimumSizeHint()
        if widget.isWindow() and (least.height() > 700 or least.width() > 1366):
            faults.add(f"{name} needs {least.width()}x{least.height()}")
        if widget is not front.window:
            widget.hide()
    front.leave()
    assert not faults, "\n".join(sorted(faults))


def _takes_keyboard(widget: QWidget) -> bool:
    """Whether Tab stops here; the line inside a spin box or a combo box speaks through it."""
    inner = isinstance(widget, QLineEdit | QScrollBar) and widget.objectName().startswith("qt_")
    policy = widget.focusPolicy() & Qt.FocusPolicy.TabFocus
    return bool(policy) and widget.isEnabled() and not inner and not isinstance(widget, QTabBar | QMenu) and widget.focusProxy() is None


def _name(widget: QWidget) -> str:
    interface = QAccessible.queryAccessibleInterface(widget)
    return interface.text(QAccessible.Text.Name) if interface else ""


def _mnemonics(widget: QWidget) -> Counter[str]:
    from PySide6.QtGui import QKeySequence

    buttons = [one for one in widget.findChildren(QAbstractButton) if one.isVisible()]
    keys = [QKeySequence.mnemonic(one.text()).toString() for one in buttons]
    return Counter(key for key in keys if key)
