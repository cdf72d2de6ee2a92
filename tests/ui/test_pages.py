"""The pages: what each shows, in which order, in which words, and what a person does there."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QMenu

from qmdesk.operations import cases as case_verbs
from qmdesk.operations.registers import the_shop
from qmdesk.records.assessment import Answered
from qmdesk.records.case import Case, CaseItem, CaseState, Decision, Direction, Outcome
from qmdesk.records.imports import ImportBatch
from qmdesk.records.lists import Cause, Channel
from qmdesk.records.paper import Attachment, DocumentKind, IssuedDocument
from qmdesk.records.party import Customer, Supplier
from qmdesk.records.product import Batch, Order, OrderLine, Product
from qmdesk.records.steps import Step
from qmdesk.register import clock
from qmdesk.schema.query import Query
from tests.gallery_import import ROWS
from tests.shop import NOON
from tests.ui.front import Dialogs, Front, dialogs, front, look, press, shop, write
from ui.dialogs import print_pdf
from ui.pages import settings as settings_page
from ui.panels import case_parts
from ui.widgets.button import Button
from ui.widgets.plain_label import PlainLabel

__all__ = ["Dialogs", "dialogs", "front", "look", "shop"]
CTRL = Qt.KeyboardModifier.ControlModifier


def days_ago(days: int) -> Any:
    return clock() - timedelta(days=days)


def words(table: Any, *keys: str) -> list[tuple[str, ...]]:
    """What a list shows, row by row."""
    model = table.table_model
    places = [model.place(key) for key in keys]
    return [tuple(model.index(row, place).data() or "" for place in places) for row in range(model.total)]


def labels(widget: Any) -> str:
    return "\n".join(label.text() for label in widget.findChildren(PlainLabel))


# -- complaints


def test_complaints_are_filtered_by_views_and_searched(front: Front) -> None:
    shop, page = front.shop, front.page("cases")
    assert "No complaints and no returns yet." in labels(page.listing.empty_state)
    one = shop.complains("Żółty kolor schodzi", customer=shop.add_customer("Łucja Żak"))
    two = shop.complains("It hums")
    shop.steps(two, Step.WITHDRAW)
    assert page.listing.model.total == 2

    menu = page.listing.views_menu()
    assert [act.text() for act in menu.actions()][:3] == ["All of them", "Waiting for an answer", "All open cases"]
    menu.actions()[1].trigger()
    assert words(page.listing.table, "number") == [(one.number,)]
    assert len(page.listing.chips.sentences) == 1
    page.listing.chips.chip_buttons(0)[1].click()
    assert page.listing.model.total == 2

    press(Qt.Key.Key_F, held=CTRL)
    write("zolty")
    page.listing.search.flush()
    assert words(page.listing.table, "customer") == [("Łucja Żak",)]
    press(Qt.Key.Key_Down)
    assert page.panel.case.id == one.id
    page.listing.search.setText("nobody says this")
    page.listing.search.flush()
    assert "Nothing fits." in labels(page.listing.empty_state)
    assert page.panel.case.id == one.id, "the open case stays beside a list that does not hold it"
    page.listing.empty_state.button.click()
    assert page.listing.model.total == 2


def test_a_step_that_moves_a_case_out_of_the_view_leaves_it_open(front: Front) -> None:
    one = front.shop.complains()
    page = front.page("cases")
    page.listing.views_menu().actions()[1].trigger()  # waiting for an answer
    page.listing.table.go_to(one.id)
    page.panel.do(Step.WITHDRAW)
    assert page.listing.model.total == 0
    assert page.beside.currentWidget() is page.panel
    assert page.panel.state.word == "Withdrawn by the customer"


def test_the_steps_say_why_they_are_refused(front: Front) -> None:
    case = front.shop.complains()
    front.window.open_record(Case, case.id)
    panel = front.page("cases").panel
    menu = panel.steps_menu()
    offered = {act.text(): act.isEnabled() for act in menu.actions()}
    assert offered["Assess"] is True
    assert offered["Close – Decide first, or note that the customer withdrew it."] is False
    assert not any(text.startswith("Open again") for text in offered)
    next(act for act in menu.actions() if act.text() == "Assess").trigger()
    assert front.shop.case(case).state is CaseState.ASSESSING


def test_what_a_customer_wrote_is_shown_as_it_stands(front: Front) -> None:
    evil = "<img src='file:///etc/passwd'>A & B <b>Co</b>"
    buyer = front.shop.add_customer(evil)
    case = front.shop.complains(evil, customer=buyer)
    front.shop.says(case, evil)
    front.window.open_record(Case, case.id)
    panel = front.page("cases").panel
    assert panel.customer_link.text() == "<img src='file:///etc/p…"
    panel.tabs.setCurrentWidget(panel.conversation)
    said = [label for label in panel.conversation.said.findChildren(PlainLabel) if label.text() == evil]
    assert [label.textFormat() for label in said] == [Qt.TextFormat.PlainText]


# -- the tabs of a case


@pytest.fixture
def panel(front: Front) -> Any:
    """The open case of a customer about two pairs of boots, in a shop whose letterhead is filled in."""
    shop = front.shop
    shop.fills_in_letterhead()
    buyer = shop.add_customer("Łucja Żak", email="lucja@example.com", street="ul. Polna 1", postcode="00-001", city="Warszawa")
    case = shop.complains(order=shop.add_order("1001", buyer, [shop.add_product()], quantity=2))
    front.window.open_record(Case, case.id)
    return front.page("cases").panel


def show(panel: Any, part: Any) -> Any:
    panel.tabs.setCurrentWidget(part)
    return part


def button(widget: Any, text: str) -> Any:
    from ui.widgets.button import Button

    found = next(one for one in widget.findChildren(Button) if one.text() == text and one.isVisible())
    assert found.isEnabled(), f"{text} can't be pressed"
    return found


def test_pieces_get_their_own_outcome(front: Front, panel: Any) -> None:
    items = show(panel, panel.items)
    button(items, "Outcome…").click()
    assert front.asker.asked[-1].text == "Choose an item in the table first."
    items.table.go_to(front.shop.items(panel.case)[0].id)

    def settle(dialog: Any) -> None:
        dialog._quantity.setValue(1)
        dialog._outcome.setCurrentIndex(list(Outcome).index(Outcome.REPAIRED))
        dialog.accept()

    front.dialogs.will(settle)
    button(items, "Outcome…").click()
    assert sorted(words(items.table, "quantity", "outcome")) == [("1", "Not settled yet"), ("1", "Repaired")]

    def add(dialog: Any) -> None:
        dialog.form.editors["name"].set_value("Sznurowadła")
        dialog.accept()

    front.dialogs.will(add)
    button(items, "Add an item…").click()
    assert items.table.table_model.total == 3
    items.table.go_to(front.shop.items(panel.case)[-1].id)
    front.dialogs.will(lambda dialog: (dialog.form.editors["defect"].set_value("Torn"), dialog.accept()))
    items.table.setFocus()
    press(Qt.Key.Key_Return)
    assert front.shop.items(panel.case)[-1].defect == "Torn"
    button(items, "Remove").click()
    assert items.table.table_model.total == 2
    front.window.undo()
    assert items.table.table_model.total == 3


def test_what_is_said_is_noted_with_its_channel(front: Front, panel: Any) -> None:
    talk = show(panel, panel.conversation)
    assert "Nothing was said yet" in labels(talk)
    talk.text.setFocus()
    press(Qt.Key.Key_Return, held=CTRL)
    assert front.shop.conversation(panel.case) == []
    write("Dzwoniła, poczeka")
    talk.direction.setCurrentIndex(list(Direction).index(Direction.INTERNAL))
    talk.channel.setCurrentIndex(talk.channel.findText("Phone"))
    press(Qt.Key.Key_Return, held=CTRL)
    (said,) = front.shop.conversation(panel.case)
    assert (said.text, said.direction, said.channel) == ("Dzwoniła, poczeka", Direction.INTERNAL, front.shop.channel("Phone"))
    assert "Dzwoniła, poczeka" in labels(talk.said)
    assert talk.text.toPlainText() == ""


def png(colour: str = "red") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), colour).save(out, "PNG")
    return out.getvalue()


def test_files_are_kept_opened_saved_and_removed(front: Front, panel: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, content in (("wada.png", png()), ("umowa.pdf", b"%PDF-1.7"), ("szkic.html", b"<script>")):
        (tmp_path / name).write_bytes(content)
    files = show(panel, panel.files)
    front.asker.will("choose_files_to_open", [tmp_path / name for name in ("wada.png", "umowa.pdf", "szkic.html")])
    files.strip.add_button.click()
    assert files.strip.staged() == []
    kept = {file.name: file for file in front.shop.files(panel.case)}
    assert set(kept) == {"wada.png", "umowa.pdf", "szkic.html"}

    opened: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(Path(url.toLocalFile()).name) or True)
    button(files, "Open").click()
    assert front.asker.asked[-1].text == "Choose a file in the table first."
    files.table.go_to(kept["umowa.pdf"].id)
    files.open.click()
    files.table.go_to(kept["szkic.html"].id)
    files.table.setFocus()
    press(Qt.Key.Key_Return)
    assert opened == ["umowa.pdf"]
    assert "szkic.html is of a kind that could run" in front.asker.warning()
    out = tmp_path / "out.html"
    front.asker.will("choose_file_to_save", out)
    files.save.click()
    assert out.read_bytes() == b"<script>"
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda _url: False)
    files.table.go_to(kept["wada.png"].id)
    files.open.click()
    assert "No program on this computer opens wada.png" in front.asker.warning()
    files.remove.click()
    assert len(front.shop.files(panel.case)) == 2
    front.window.undo()
    assert len(front.shop.files(panel.case)) == 3


def test_files_the_register_refuses_stay_in_the_strip(front: Front, panel: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from qmdesk.errors import Known

    def refuse(*_about: Any) -> None:
        raise Known("The disk is full.")

    files = show(panel, panel.files)
    monkeypatch.setattr(files, "_keeping", replace(files._keeping, add=(case_verbs.ATTACH, refuse)))
    files.strip.add([("a.txt", b"text")])
    assert front.asker.warning() == "The disk is full."
    assert files.strip.staged() == [("a.txt", b"text")]
    files.strip.clear()


def test_a_letter_is_issued_proved_opened_saved_printed_and_delivered(front: Front, panel: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    letters = show(panel, panel.letters)
    front.dialogs.will(lambda dialog: dialog.issue_button.click())
    button(letters, "New letter…").click()
    (document,) = front.shop.register.records(Query(IssuedDocument))
    assert letters.table.current_id == document.id
    assert document.content in letters.proof.text()

    opened: list[bytes] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(Path(url.toLocalFile()).read_bytes()) or True)
    button(letters, "Open").click()
    assert opened == [front.shop.register.content(document.content)]
    out = tmp_path / "letter.pdf"
    front.asker.will("choose_file_to_save", out)
    button(letters, "Save as…").click()
    assert out.read_bytes().startswith(b"%PDF")
    printed: list[str] = []
    monkeypatch.setattr(case_parts, "print_pdf", lambda _desk, letter, _parent: printed.append(letter.number))
    button(letters, "Print…").click()
    assert printed == [document.number]

    def deliver(dialog: Any) -> None:
        write("next week")  # what is proposed is selected
        press(Qt.Key.Key_Return)
        assert "next week" in dialog.form.rows["delivered_at"].problem
        write("-1")
        press(Qt.Key.Key_Return)
        assert "can't have arrived before it was sent" in dialog.form.rows["delivered_at"].problem
        write("t")
        press(Qt.Key.Key_Return)

    front.dialogs.will(deliver)
    button(letters, "Delivered…").click()
    assert front.shop.get(IssuedDocument, document.id).delivered_at is not None
    front.asker.will("choose_file_to_save", tmp_path / "no" / "such" / "folder.pdf")
    button(letters, "Save as…").click()
    assert "can't be written" in front.asker.warning()


def test_a_letter_goes_to_the_printer_as_it_was_issued(front: Front, panel: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    document = front.shop.confirms(panel.case)
    out = tmp_path / "printed.pdf"

    class AgreeAtOnce:
        def __init__(self, printer: Any, _parent: Any) -> None:
            printer.setOutputFileName(str(out))

        def exec(self) -> bool:
            return True

    monkeypatch.setattr(print_pdf, "QPrintDialog", AgreeAtOnce)
    print_pdf.print_pdf(front.desk, document, panel)
    assert out.read_bytes().startswith(b"%PDF")
    assert out.stat().st_size > 10_000


def test_the_history_of_a_case_tells_everything(front: Front, panel: Any) -> None:
    front.shop.says(panel.case, "She called")
    front.shop.steps(panel.case, Step.ASSESS)
    past = show(panel, panel.past)
    told = past.text.toPlainText()
    for words_ in ("Take in a case", "She called", "undo or redo of step", "Being assessed"):
        assert words_ in told
    assert past.text.isReadOnly()


# -- customers, orders, products


def test_two_cards_of_one_customer_are_merged_and_parted_again(front: Front) -> None:
    shop, page = front.shop, front.page("customers")
    kept, other = shop.add_customer("Jan Kot", email="jan@example.com"), shop.add_customer("J. Kot", phone="501 502 503")
    case = shop.complains(customer=other)
    page.open(Customer, kept)
    assert page.pair.card.name.text() == "Jan Kot"

    def agree(dialog: Any) -> None:
        dialog._agree()
        assert dialog._problem.text() == "Choose two different customers to merge."
        dialog._other.set_value(other)
        dialog._agree()

    front.dialogs.will(agree)
    button(page, "Merge with…").click()
    assert shop.case(case).customer == kept
    assert page.pair.listing.model.total == 1
    assert page.pair.card.tabs.tabText(1) == "Cases (1)"
    front.window.undo()
    assert shop.case(case).customer == other
    assert page.pair.listing.model.total == 2
    menu = QMenu()
    page.pair.listing.on_menu(menu, [other, kept])
    front.dialogs.will(lambda dialog: (dialog._exchange(), dialog._agree()))
    menu.actions()[0].trigger()
    assert shop.register.ids(Query(Customer)) == [kept]


def test_a_customer_leads_to_its_cases_and_is_changed_in_place(front: Front) -> None:
    shop = front.shop
    buyer = shop.add_customer()
    case = shop.complains(customer=buyer)
    page = front.page("customers")
    page.pair.listing.table.go_to(buyer)
    card = page.pair.card
    card.facts.form.editors["city"].input.setFocus()
    write("Łódź")
    press(Qt.Key.Key_S, held=CTRL)
    assert shop.get(Customer, buyer).city == "Łódź"
    assert front.said.endswith("Łucja Żak")
    card.tabs.setCurrentIndex(1)
    cases_of = card.tabs.currentWidget()
    cases_of.go_to(case.id)
    cases_of.setFocus()
    press(Qt.Key.Key_Return)
    assert front.page("cases").panel.case.id == case.id
    front.page("cases").panel.customer_link.click()
    assert front.window.page_name() == "customers"


def test_a_new_customer_is_shown_when_it_is_kept(front: Front) -> None:
    page = front.page("customers")
    front.dialogs.will(lambda dialog: (dialog.form.editors["name"].set_value("Ola Maj"), dialog.accept()))
    button(page, "New customer").click()
    assert page.pair.card.name.text() == "Ola Maj"
    assert words(page.pair.listing.table, "name") == [("Ola Maj",)]


def test_a_complaint_begins_from_an_order(front: Front) -> None:
    shop = front.shop
    order = shop.add_order("1001", shop.add_customer(), [shop.add_product(), shop.add_product(sku="SZAL", name="Szal")])
    page = front.page("orders")
    page.pair.listing.table.go_to(order)

    def tell(dialog: Any) -> None:
        assert dialog.form.editors["order"].value() == order
        assert [dialog.lines.item(at).checkState() for at in range(2)] == [Qt.CheckState.Unchecked] * 2
        dialog.lines.item(1).setCheckState(Qt.CheckState.Checked)
        assert dialog.form.editors["description"].input.hasFocus()
        write("Farbuje")
        press(Qt.Key.Key_Return, held=CTRL)

    front.dialogs.will(tell)
    button(page, "Complaint about it…").click()
    (case,) = shop.register.records(Query(Case))
    assert case.order == order
    assert [item.name for item in shop.items(case)] == ["Szal"]
    page = front.page("orders")
    page.pair.card.tabs.setCurrentIndex(1)
    lines = page.pair.card.tabs.currentWidget()
    lines.go_to(shop.lines(order)[0].id)
    lines.setFocus()
    front.dialogs.will(lambda dialog: (dialog.form.editors["quantity"].set_value(3), dialog.accept()))
    press(Qt.Key.Key_Return)
    assert front.shop.get(OrderLine, shop.lines(order)[0].id).quantity == 3


def test_products_batches_and_suppliers_lead_to_each_other(front: Front) -> None:
    shop, page = front.shop, front.page("catalogue")
    supplier = shop.add(Supplier(name="Garncarnia"))
    product = shop.add_product(supplier=supplier)
    case = shop.complains(order=shop.add_order("1001", None, [product]))
    page.open(Product, product)
    front.dialogs.will(lambda dialog: (dialog.form.editors["code"].set_value("L-7"), dialog.accept()))
    button(page.products, "New batch…").click()
    (batch,) = shop.register.records(Query(Batch))
    assert (batch.product, batch.supplier, batch.code) == (product, supplier, "L-7")
    page._open_part(CaseItem, shop.items(case)[0].id)
    assert front.window.page_name() == "cases"
    front.window.open_record(Supplier, supplier)
    assert page.tabs.currentWidget() is page.suppliers
    front.dialogs.will(lambda dialog: dialog.reject())
    page._open_part(Batch, batch.id)
    assert front.dialogs.seen[-1] == "RecordDialog"


# -- settings


def test_the_letterhead_is_saved_with_its_logo(front: Front) -> None:
    page = front.page("settings")
    page.shop.form.editors["legal_name"].input.setFocus()
    write("Karmnik Anna Wróbel")
    page.shop.form.editors["logo"].put(png())
    assert page.shop.save()
    kept = the_shop(front.shop.register)
    assert kept.legal_name.endswith("Karmnik Anna Wróbel")
    assert front.shop.register.content(kept.logo)
    page.shop.form.editors["nip"].input.setFocus()
    write("1234567890")
    assert not page.shop.save()
    assert page.shop.form.rows["nip"].problem
    page.shop.discard()
    front.window.undo()
    assert the_shop(front.shop.register).logo == ""


def test_the_shops_own_lists(front: Front) -> None:
    page = front.page("settings")
    place = next(at for at in range(page.tabs.count()) if page.tabs.tabText(at) == "Causes")
    page.tabs.setCurrentIndex(place)
    causes = page.tabs.currentWidget()
    before = causes.listing.model.total
    front.dialogs.will(lambda dialog: (dialog.form.editors["name"].set_value("Mole"), dialog.accept()))
    button(causes, "New…").click()
    made = front.shop.register.by_value(Cause, "name", ["Mole"])["Mole"]
    assert causes.listing.model.total == before + 1
    causes.listing.table.go_to(made)
    front.dialogs.will(lambda dialog: (dialog.form.editors["name"].set_value("Mole i motyle"), dialog.accept()))
    button(causes, "Change…").click()
    assert front.shop.get(Cause, made).name == "Mole i motyle"
    button(causes, "Remove").click()
    assert causes.listing.model.total == before
    front.window.undo()
    front.shop.complains(cause=made)
    causes.listing.table.go_to(made)
    button(causes, "Remove").click()
    assert "refers to it" in front.asker.warning()
    assert front.shop.get(Cause, made)


def test_an_import_is_withdrawn_from_the_settings(front: Front, tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    path.write_text(ROWS, encoding="utf-8")
    front.dialogs.will(lambda wizard: (wizard.read_file(path), wizard.go_on(), wizard.go_on()))
    front.window.import_file("order")
    assert front.shop.register.count(Query(Order)) == 2
    page = front.page("settings")
    place = next(at for at in range(page.tabs.count()) if page.tabs.tabText(at) == "Imports")
    page.tabs.setCurrentIndex(place)
    imports = page.tabs.currentWidget()
    (batch,) = front.shop.register.records(Query(ImportBatch))
    assert words(imports.listing.table, "file", "written_by", "came_in") == [("orders.csv", "Shopify: orders", "Orders")], "words, not the names of recipes"
    imports.listing.table.go_to(batch.id)
    button(imports, "Withdraw the import").click()
    assert front.shop.register.count(Query(Order)) == 0
    assert "Taken back" in front.said


def test_how_this_computer_shows_things_is_handed_to_the_program(front: Front) -> None:
    page = front.page("settings")
    computer = page.computer
    page.tabs.setCurrentWidget(computer)
    computer.language.setCurrentIndex(computer.language.findData("pl"))
    computer.theme.setCurrentIndex(computer.theme.findData("dark"))
    computer.scale.setCurrentIndex(computer.scale.findData(150))
    computer.letters.setValue(8)
    button(computer, "Apply").click()
    ((_dress, wanted),) = front.opener.asked
    assert (wanted.language, wanted.theme, wanted.text_scale, wanted.scanner) == ("pl", "dark", 1.5, settings_page.Scanner(8, 35))


def test_a_new_channel_can_be_chosen_at_once(front: Front, panel: Any) -> None:
    talk = show(panel, panel.conversation)
    before = talk.channel.count()
    front.shop.add(Channel(name="Pigeon post"))
    panel.tabs.setCurrentIndex(0)
    show(panel, panel.conversation)
    assert talk.channel.count() == before + 1


def test_everything_a_case_goes_through_shows_in_the_list(front: Front, panel: Any) -> None:
    listing = front.page("cases").listing
    front.shop.decides(panel.case, Decision.ACCEPTED)
    assert words(listing.table, "state") == [("Decided",)]
    front.shop.answers(panel.case)
    assert front.shop.case(panel.case).state is CaseState.ANSWERED
    assert words(listing.table, "state") == [("Answered",)]
    assert front.shop.files(panel.case) == front.shop.register.records(Query(Attachment))


def test_what_is_done_to_one_entry_waits_until_one_is_chosen(front: Front) -> None:
    settings = front.page("settings")
    channels = settings.channels
    settings.tabs.setCurrentWidget(channels)
    buttons = {button.text(): button for button in channels.findChildren(Button)}
    assert buttons["New…"].isEnabled()
    assert not buttons["Change…"].isEnabled()
    assert not buttons["Remove"].isEnabled()
    channels.listing.table.setFocus(Qt.FocusReason.TabFocusReason)
    assert buttons["Change…"].isEnabled()
    assert buttons["Remove"].isEnabled()


def test_an_answer_on_its_way_is_not_closed_but_noted_as_delivered(front: Front, panel: Any) -> None:
    shop, case = front.shop, panel.case
    shop.decides(case, Decision.REJECTED)
    shop.sends(case, DocumentKind.ANSWER_REJECTED, "Post", NOON)
    assert panel.main_button.text() == "The letter arrived…"

    def deliver(dialog: Any) -> None:
        assert dialog.windowTitle() == "When did the letter reach the customer?"
        dialog.form.editors["delivered_at"].set_value(NOON + timedelta(hours=20))
        press(Qt.Key.Key_Return)

    front.dialogs.will(deliver)
    panel.main_button.click()
    assert shop.case(case).state is CaseState.ANSWERED
    assert shop.documents(case)[-1].delivered_at == NOON + timedelta(hours=20)
    assert panel.main_button.text() == "Close the case"


def test_the_arrows_go_from_question_to_question(front: Front, panel: Any) -> None:
    checklist = show(panel, panel.checklist)
    checklist.cards[0].come()
    press(Qt.Key.Key_N, Qt.Key.Key_Down, Qt.Key.Key_Y, Qt.Key.Key_Down, Qt.Key.Key_Up)
    assert [card.asked.given.answer for card in checklist.cards[:2]] == [Answered.NO, Answered.YES]
    assert checklist.cards[1].buttons[Answered.YES].hasFocus()
    checklist.cards[0].come()
    press(Qt.Key.Key_Up)
    assert checklist.cards[0].buttons[Answered.NO].hasFocus()
