"""Forms: how a person is asked for values, what is said when they can't be read, and what is kept."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QAccessible, QDropEvent, QGuiApplication, QImage, QKeyEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QLineEdit,
    QPlainTextEdit,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)
from pytestqt.qtbot import QtBot

from qmdesk import i18n
from qmdesk.errors import Known
from qmdesk.operations.registers import the_shop
from qmdesk.records.case import Case, CaseKind, Demand
from qmdesk.records.catalog import RECORDS
from qmdesk.records.lists import Channel
from qmdesk.records.party import BuyerType, Customer, Supplier
from qmdesk.records.product import Batch, Order, OrderLine, Product
from qmdesk.records.shop import Shop
from qmdesk.register import Register, Transaction
from qmdesk.schema import types
from qmdesk.schema.query import Condition, Query, offered
from qmdesk.schema.record import Field, Record
from tests.shop import empty_register
from ui import preferences, theme
from ui.ask import ScriptedAsker
from ui.desk import Desk
from ui.forms import dates, editors
from ui.forms.dialog import RecordDialog, adding, begun_with
from ui.forms.editors import (
    Editor,
    FlagEditor,
    LineEditor,
    LongTextEditor,
    MoneyEditor,
    PictureEditor,
    RefEditor,
    editor_for,
)
from ui.forms.form import RecordForm
from ui.forms.lookup import Lookup, search
from ui.forms.photos import PhotoStrip
from ui.forms.scanner import Scanner
from ui.jobs import Jobs
from ui.widgets.plain_label import PlainLabel

NOW = datetime(2026, 11, 22, 14, 30, 45).astimezone()
TODAY = date(2026, 11, 22)
FORGED = '<img src="/etc/hostname"> <b>Kowalska</b>'


@pytest.fixture
def look(qapp: QApplication) -> Iterator[QApplication]:
    theme.apply(qapp, "light")
    yield qapp
    theme.apply(qapp, "light")


@pytest.fixture
def today(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (dates, editors):
        monkeypatch.setattr(module, "clock", lambda: NOW)


@pytest.fixture
def asker() -> Iterator[ScriptedAsker]:
    scripted = ScriptedAsker()
    yield scripted
    scripted.finish()


@pytest.fixture
def register(tmp_path: Path) -> Iterator[Register]:
    with empty_register(tmp_path / "shop.qmd") as opened:
        yield opened


@pytest.fixture
def desk(register: Register, asker: ScriptedAsker, look: QApplication, today: None) -> Desk:
    return Desk(register, asker, Jobs(asker, synchronous=True))


def keep(desk: Desk, *items: Record) -> list[int]:
    def add(tx: Transaction) -> list[int]:
        return [tx.add(item) for item in items]

    return desk.do("Add", add)


@pytest.fixture
def people(desk: Desk) -> list[int]:
    return keep(
        desk,
        Customer(name="Anna Kowalska", email="anna@example.com", phone="+48 600 700 800", city="Łódź"),
        Customer(name="Adam Kowal", phone="501 222 333", city="Kraków"),
        Customer(name="Żaneta Wójcik", email="zaneta@example.com"),
    )


Ask = Callable[..., Any]


@pytest.fixture
def windows() -> Iterator[list[QWidget]]:
    """Windows that nobody else holds: Python would let go of them when the function that made them ends."""
    held: list[QWidget] = []
    yield held
    held.clear()


@pytest.fixture
def ask(desk: Desk, windows: list[QWidget], qtbot: QtBot) -> Ask:
    """An editor for a field of a record, seen and with the keyboard."""

    def make(kind: type[Record], name: str) -> Editor:
        default = kind.blank[name]
        editor = editor_for(kind.spec.fields[name], desk, None if kind.spec.fields[name].required else default)
        frame = QWidget()
        rows = QVBoxLayout(frame)
        rows.addWidget(editor)
        rows.addWidget(QLineEdit())  # somewhere to go
        qtbot.addWidget(frame)
        windows.append(frame)
        frame.resize(500, 400)
        frame.show()
        frame.activateWindow()
        editor.input.setFocus()
        qtbot.waitUntil(editor.input.hasFocus)
        return editor

    return make


def write(widget: QWidget, text: str) -> None:
    """Type letters of any language; QTest knows only those of ASCII."""
    for letter in text:
        QApplication.sendEvent(widget, QKeyEvent(QEvent.Type.KeyPress, 0, Qt.KeyboardModifier.NoModifier, letter))


def tell(qtbot: QtBot, editor: Editor, text: str) -> None:
    """Type over what stands there, and go on with Tab."""
    assert isinstance(editor.input, QLineEdit)
    editor.input.selectAll()
    write(editor.input, text)
    qtbot.keyClick(editor.input, Qt.Key.Key_Tab)


# -- editors -----------------------------------------------------------------------------------------------------


def test_every_field_of_every_record_has_an_editor_that_gives_back_what_it_was_given(desk: Desk, qtbot: QtBot) -> None:
    samples: dict[type, Any] = {
        types.Day: date(2024, 2, 29), types.Moment: datetime(2026, 3, 29, 1, 30, 7, tzinfo=UTC), types.Money: Decimal("1234.50"),
        types.Percent: Decimal("12.25"), types.Number: Decimal("-1234.5"), types.Count: 1234567, types.Flag: True, types.VatRate: "5.5", types.Email: "a@b.pl",
        types.Phone: "+48 600 700 800", types.Nip: "5260001246", types.Ean: "5901234123457", types.LongText: "one\ntwo", types.Text: "xy",
    }  # fmt: skip
    for lang in ("en", "pl"):
        i18n.use(lang)
        for kind in RECORDS:
            for field in kind.spec.fields.values():
                editor = editor_for(field, desk)
                qtbot.addWidget(editor)
                value = samples.get(type(field.type))
                if isinstance(field.type, types.Choice):
                    value = list(field.type.words)[-1]
                if value is not None:
                    editor.set_value(value)
                    assert editor.value() == value, (lang, kind, field.name)
                    if isinstance(editor, LineEditor):  # and read again out of what it shows
                        shown = editor.line.text()
                        editor.set_value(None)
                        editor.line.setText(shown)
                        again = editor.value()
                        assert again == (value if not isinstance(value, datetime) else value.replace(second=0)), (lang, shown)
                    assert editor.problem() == ""
                editor.set_value(None)
                assert editor.value() in (None, "", False)
                assert editor.problem() == ""


@given(cents=st.integers(-(10**12), 10**12), lang=st.sampled_from(["pl", "en"]))
def test_money_reads_what_it_shows(cents: int, lang: str) -> None:
    i18n.use(lang)
    value = Decimal(cents).scaleb(-2)
    text = MoneyEditor._write(None, value)  # type: ignore[arg-type]
    assert types.Money().parse(text) == value
    i18n.use("en")


def test_text_with_an_unknown_subtype_is_asked_for_as_text(desk: Desk, qtbot: QtBot) -> None:
    class Colour(types.Text):
        pass

    editor = editor_for(Field("colour", "Colour", Colour(), required=False), desk)
    qtbot.addWidget(editor)
    assert isinstance(editor, editors.TextEditor)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("t", TODAY),
        ("d", TODAY),
        ("5", date(2026, 11, 5)),
        ("5.3", date(2026, 3, 5)),
        ("2026-01-31", date(2026, 1, 31)),
        ("31.12.2025", date(2025, 12, 31)),
        ("-3", TODAY - timedelta(days=3)),
        ("3 Feb 2026", date(2026, 2, 3)),
    ],
)
def test_a_day_as_people_type_it(ask: Ask, qtbot: QtBot, typed: str, meant: date) -> None:
    editor = ask(Case, "noticed_on")
    tell(qtbot, editor, typed)
    assert editor.value() == meant
    assert editor.line.text() == i18n.show_day(meant)
    assert editor.problem() == ""


def test_a_day_steps_by_plus_minus_and_pages_by_months(ask: Ask, qtbot: QtBot) -> None:
    editor = ask(Case, "noticed_on")
    editor.set_value(date(2026, 1, 31))
    editor.line.selectAll()
    heard: list[object] = []
    editor.changed.connect(lambda: heard.append(editor.value()))
    qtbot.keyClicks(editor.line, "++-")
    assert editor.value() == date(2026, 2, 1)
    qtbot.keyClick(editor.line, Qt.Key.Key_Down)
    qtbot.keyClick(editor.line, Qt.Key.Key_PageDown)
    assert editor.value() == date(2026, 2, 28)
    qtbot.keyClick(editor.line, Qt.Key.Key_PageUp)
    assert editor.value() == date(2026, 1, 28)
    assert len(heard) == 6


def test_a_day_that_cant_be_says_so_and_keeps_what_was_typed(ask: Ask, qtbot: QtBot) -> None:
    editor = ask(Case, "noticed_on")
    tell(qtbot, editor, "31.11")
    assert editor.value() is None
    assert editor.line.text() == "31.11"
    assert "“31.11” can't be read" in editor.problem()


def test_the_calendar_picks_a_day_and_keeps_the_time(ask: Ask, qtbot: QtBot) -> None:
    editor = ask(Case, "received_at")
    editor.set_value(datetime(2026, 3, 1, 9, 15).astimezone())
    qtbot.keyClick(editor.line, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    popup = editor.line._popup
    popup.month.clicked.emit(dates._qdate(date(2026, 4, 2)))
    local = editor.value().astimezone()
    assert (local.date(), local.hour, local.minute) == (date(2026, 4, 2), 9, 15)


@pytest.mark.parametrize(
    ("typed", "day", "clock"),
    [("t", TODAY, (14, 30)), ("5.3", date(2026, 3, 5), (12, 0)), ("5.3 8:05", date(2026, 3, 5), (8, 5)), ("9:40", TODAY, (9, 40)), ("2026-02-01T10:20:30", date(2026, 2, 1), (10, 20))],
)
def test_a_moment_as_people_type_it(ask: Ask, qtbot: QtBot, typed: str, day: date, clock: tuple[int, int]) -> None:
    editor = ask(Case, "received_at")
    tell(qtbot, editor, typed)
    local = editor.value().astimezone()
    assert (local.date(), (local.hour, local.minute)) == (day, clock)


def test_a_moment_that_must_be_told_begins_now_and_keeps_its_seconds(ask: Ask) -> None:
    editor = ask(Case, "received_at")
    editor.set_value(editor.start_value())
    assert editor.value() == NOW
    assert ask(Case, "noticed_on").start_value() is None


@pytest.mark.parametrize("typed", ["1 234,50", "1234.50", "1\u00a0234,5 zł", "1.234,50"])
def test_money_as_people_type_it(ask: Ask, qtbot: QtBot, typed: str) -> None:
    i18n.use("pl")
    editor = ask(Case, "claimed")
    tell(qtbot, editor, typed)
    assert editor.value() == Decimal("1234.50")
    assert editor.line.text() == "1\u00a0234,50"
    assert editor.line.alignment() & Qt.AlignmentFlag.AlignRight


def test_too_many_decimals_are_told_and_not_rounded(ask: Ask, qtbot: QtBot) -> None:
    editor = ask(Case, "claimed")
    tell(qtbot, editor, "12.505")
    assert editor.line.text() == "12.505"
    assert "two decimal places" in editor.problem()


def test_check_digits_are_looked_at_when_the_user_leaves(ask: Ask, qtbot: QtBot) -> None:
    editor = ask(Customer, "nip")
    tell(qtbot, editor, "526-000-12-47")
    assert "check digit" in editor.problem()
    tell(qtbot, editor, "526-000-12-46")
    assert (editor.value(), editor.problem()) == ("5260001246", "")


def test_a_choice_can_be_taken_back_where_nothing_may_be_said(ask: Ask, qtbot: QtBot) -> None:
    demand, kind = ask(Case, "demand"), ask(Case, "kind")
    demand.set_value(Demand.REPAIR)
    qtbot.keyClick(demand.combo, Qt.Key.Key_Delete)
    assert demand.value() is None
    kind.set_value(CaseKind.RETURN)
    qtbot.keyClick(kind.combo, Qt.Key.Key_Delete)
    assert kind.value() is CaseKind.RETURN
    assert kind.combo.count() == len(CaseKind)


def test_turning_the_wheel_over_a_form_changes_nothing(ask: Ask) -> None:
    editor = ask(Case, "kind")
    editor.set_value(CaseKind.RETURN)
    none = Qt.MouseButton.NoButton
    wheel = QWheelEvent(QPointF(5, 5), QPointF(5, 5), QPoint(0, -120), QPoint(0, -120), none, Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False)
    QApplication.sendEvent(editor.combo, wheel)
    assert editor.value() is CaseKind.RETURN
    assert not wheel.isAccepted()


def test_a_vat_rate_is_chosen_or_typed(ask: Ask, qtbot: QtBot) -> None:
    editor = ask(Product, "vat_rate")
    for typed, kept in (("23", "23"), ("5,5 %", "5.5"), ("zw", "zw"), ("0", "0")):
        editor.combo.lineEdit().selectAll()
        qtbot.keyClicks(editor.combo.lineEdit(), typed)
        editor.combo.lineEdit().editingFinished.emit()
        assert (editor.value(), editor.problem()) == (kept, "")
    editor.combo.setCurrentText("abc")
    assert "can't be read" in editor.problem()


def test_long_text_grows_while_one_writes_and_tab_moves_on(ask: Ask, qtbot: QtBot) -> None:
    editor = ask(Case, "description")
    assert isinstance(editor, LongTextEditor)
    low = editor.text.height()
    for _line in range(6):
        qtbot.keyClick(editor.text, Qt.Key.Key_Return)
    higher = editor.text.height()
    for _line in range(20):
        qtbot.keyClick(editor.text, Qt.Key.Key_Return)
    assert low < higher < editor.text.height() < 3 * low
    qtbot.keyClick(editor.text, Qt.Key.Key_Tab)
    assert not editor.text.hasFocus()
    assert "\t" not in editor.text.toPlainText()


def test_what_a_customer_wrote_is_shown_as_it_stands(desk: Desk, qtbot: QtBot) -> None:
    form = RecordForm(desk, Case)
    qtbot.addWidget(form)
    form.load(Case(received_at=NOW, description=FORGED))
    editor = form.editors["description"]
    assert isinstance(editor, LongTextEditor)
    assert isinstance(editor.text, QPlainTextEdit)
    assert editor.value() == FORGED


# -- looking up --------------------------------------------------------------------------------------------------


@pytest.fixture
def lookup(desk: Desk, people: list[int], windows: list[QWidget], qtbot: QtBot) -> Lookup:
    window = QWidget()
    rows = QVBoxLayout(window)
    made = Lookup(desk, Customer, "Customer")
    rows.addWidget(made)
    rows.addWidget(QLineEdit())
    rows.addStretch(1)
    qtbot.addWidget(window)
    windows.append(window)
    window.resize(600, 500)
    window.show()
    window.activateWindow()
    made.line.setFocus()
    qtbot.waitUntil(made.line.hasFocus)
    return made


def shown(lookup: Lookup) -> list[str]:
    """What the open list offers."""
    if lookup._list is None or not lookup._list.isVisible():
        return []
    return [lookup._list.item(row).text() for row in range(lookup._list.count())]


def test_hits_come_while_typing_with_what_tells_namesakes_apart(lookup: Lookup, desk: Desk, people: list[int], qtbot: QtBot) -> None:
    qtbot.keyClicks(lookup.line, "kowal")
    qtbot.waitUntil(lambda: bool(shown(lookup)))
    assert shown(lookup) == ["Adam Kowal", "Anna Kowalska"]
    assert [hit.second for hit in search(desk, Customer, "anna")] == ["anna@example.com · +48 600 700 800 · Łódź"]
    qtbot.keyClick(lookup.line, Qt.Key.Key_Down)
    qtbot.keyClick(lookup.line, Qt.Key.Key_Return)
    assert lookup.chosen() == people[0]
    assert lookup.line.text() == "Anna Kowalska"
    assert shown(lookup) == []
    assert lookup.problem() == ""


def test_enter_typed_faster_than_the_list_takes_an_exact_match(lookup: Lookup, people: list[int], qtbot: QtBot) -> None:
    qtbot.keyClicks(lookup.line, "zaneta  wojcik")
    qtbot.keyClick(lookup.line, Qt.Key.Key_Return)
    assert lookup.chosen() == people[2]


def test_enter_without_an_exact_match_shows_the_list_and_does_not_close_the_dialog(lookup: Lookup, qtbot: QtBot) -> None:
    qtbot.keyClicks(lookup.line, "kow")
    qtbot.keyClick(lookup.line, Qt.Key.Key_Return)
    assert lookup.chosen() is None
    assert shown(lookup) == ["Adam Kowal", "Anna Kowalska"]


def test_tab_takes_the_current_hit_escape_closes_the_list(lookup: Lookup, people: list[int], qtbot: QtBot) -> None:
    write(lookup.line, "wójc")
    lookup.open_list()
    qtbot.keyClick(lookup.line, Qt.Key.Key_Escape)
    assert shown(lookup) == []
    lookup.open_list()
    qtbot.keyClick(lookup.line, Qt.Key.Key_Tab)
    assert lookup.chosen() == people[2]
    assert not lookup.line.hasFocus()


def test_a_text_that_stands_for_nobody_is_a_problem_and_editing_a_choice_ends_it(lookup: Lookup, people: list[int], qtbot: QtBot) -> None:
    lookup.choose(people[1])
    qtbot.keyClick(lookup.line, Qt.Key.Key_End)
    qtbot.keyClicks(lookup.line, "skix")
    assert lookup.chosen() is None
    qtbot.keyClick(lookup.line, Qt.Key.Key_Tab)
    assert "“Adam Kowalskix” is not known" in lookup.problem()


def test_what_is_missing_can_be_added_with_what_was_typed(lookup: Lookup, desk: Desk, qtbot: QtBot) -> None:
    added: list[str] = []

    def add(kind: type[Record], typed: str, parent: QWidget) -> int:
        added.append(typed)
        return keep(desk, Customer(name=typed))[0]

    lookup.add_new = add
    qtbot.keyClicks(lookup.line, "Nowy Klient")
    lookup.open_list()
    assert shown(lookup) == ["Add new “Nowy Klient”…"]
    qtbot.keyClick(lookup.line, Qt.Key.Key_Down)
    qtbot.keyClick(lookup.line, Qt.Key.Key_Return)
    assert added == ["Nowy Klient"]
    assert lookup.line.text() == "Nowy Klient"
    assert lookup.chosen()


def test_what_was_typed_begins_the_field_it_looks_like() -> None:
    assert begun_with(Customer, "Jan Nowak") == {"name": "Jan Nowak"}
    assert begun_with(Customer, "Jan@Example.com") == {"email": "jan@example.com"}
    assert begun_with(Customer, "600 700 800") == {"phone": "600 700 800"}
    assert begun_with(Product, "5901234123457") == {"ean": "5901234123457"}
    assert begun_with(Order, "1001") == {"number": "1001"}


def test_only_what_is_narrowed_down_to_is_offered(desk: Desk, people: list[int], qtbot: QtBot) -> None:
    keep(desk, *(Order(number=f"{n}", ordered_at=NOW, customer=people[n % 2]) for n in range(1000, 1006)))
    where = (Condition("customer", types.IS, (people[0],)),)
    assert [hit.title for hit in search(desk, Order, "100", where)] == ["1000", "1002", "1004"]
    assert [hit.title for hit in search(desk, Order, "", where)] == ["1004", "1002", "1000"]


def test_an_exact_number_comes_first_among_many_that_begin_alike(desk: Desk) -> None:
    keep(desk, *(Order(number=number, ordered_at=NOW) for number in ("100", *(f"100{n}" for n in range(30)))))
    assert search(desk, Order, "100")[0].title == "100"


def test_lists_of_words_are_offered_whole_and_found_without_polish_letters(desk: Desk) -> None:
    keep(desk, Channel(name="Wiadomość z Łodzi"))
    assert [hit.title for hit in search(desk, Channel, "lodzi wiad")] == ["Wiadomość z Łodzi"]
    assert len(search(desk, Channel, "")) == desk.register.count(Query(Channel))


def test_a_renamed_record_is_shown_by_its_new_name_and_an_undone_one_is_gone(lookup: Lookup, desk: Desk, people: list[int]) -> None:
    lookup.choose(people[0])
    desk.do("Rename", lambda tx: tx.change(tx.get(Customer, people[0]), name="Anna Nowak"))
    assert lookup.line.text() == "Anna Nowak"
    desk.undo()
    assert lookup.line.text() == "Anna Kowalska"
    desk.do("Away", lambda tx: tx.remove(tx.get(Customer, people[0])))
    assert (lookup.chosen(), lookup.line.text()) == (None, "")


def test_the_list_fits_into_its_window_and_follows_the_line(lookup: Lookup, qtbot: QtBot) -> None:
    lookup.open_list()
    popup, window = lookup._list, lookup.window()
    assert popup is not None
    assert window.rect().contains(popup.geometry())
    assert popup.y() >= lookup.line.mapTo(window, QPoint(0, lookup.line.height())).y()
    window.resize(400, 300)
    qtbot.waitUntil(lambda: window.rect().contains(popup.geometry()))
    window.hide()
    assert not popup.isVisible()


# -- the form ----------------------------------------------------------------------------------------------------


@pytest.fixture
def case_form(desk: Desk, windows: list[QWidget], qtbot: QtBot) -> RecordForm:
    form = RecordForm(desk, Case)
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setWidget(form)
    qtbot.addWidget(area)
    windows.append(area)
    area.resize(1366, 700)
    area.show()
    area.activateWindow()
    return form


def test_a_form_asks_for_what_a_person_fills_in_the_records_own_order(case_form: RecordForm) -> None:
    assert list(case_form.editors) == [name for name, field in Case.spec.fields.items() if not field.automatic]


def test_a_new_record_keeps_its_defaults_and_presets(case_form: RecordForm) -> None:
    case_form.begin(description="broken", number="R/2026/0001")
    draft, problems = case_form.values()
    assert problems == []
    assert draft == Case(received_at=NOW, description="broken", number="R/2026/0001")
    assert not case_form.dirty


def test_every_record_kind_survives_its_form(desk: Desk, qtbot: QtBot, people: list[int]) -> None:
    order = Order(number="7", ordered_at=datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC), customer=people[0], total=Decimal("-5.5"), currency="EUR")
    [id_] = keep(desk, order)
    product = Product(name="Case", ean="5901234123457", price=Decimal("12345.67"), vat_rate="zw", active=False)
    for record in (order, product, desk.register.get(Shop, 1), OrderLine(order=id_, name="x", quantity=-2), desk.register.get(Customer, people[2])):
        form = RecordForm(desk, type(record))
        qtbot.addWidget(form)
        form.load(record)
        assert not form.dirty
        assert form.changes() == {}
        draft, problems = form.values()
        if not isinstance(record, OrderLine):  # less than nothing comes from imports, and is told of
            assert (draft, problems) == (record, [])


def test_all_problems_stand_beside_their_fields_and_the_keyboard_goes_to_the_first(case_form: RecordForm, qtbot: QtBot) -> None:
    case_form.begin(description="x", sold_on=date(2026, 2, 1), delivered_on=date(2026, 1, 1))
    case_form.editors["claimed"].input.setText("abc")
    assert case_form.check() is None
    assert "can't be read" in case_form.rows["claimed"].problem
    assert case_form.editors["claimed"].input.property("wrong") is True
    assert "can't be read" in case_form.editors["claimed"].input.accessibleDescription()
    qtbot.waitUntil(case_form.editors["claimed"].input.hasFocus)
    case_form.editors["claimed"].input.selectAll()
    qtbot.keyClicks(case_form.editors["claimed"].input, "12")
    assert case_form.rows["claimed"].problem == ""
    assert case_form.check() is None
    assert case_form.rows["delivered_on"].problem == "The goods can't have been delivered before they were sold."
    assert case_form.dirty


def test_a_wrong_number_is_told_when_the_user_leaves_it(desk: Desk, qtbot: QtBot) -> None:
    form = RecordForm(desk, Customer)
    qtbot.addWidget(form)
    form.show()
    form.activateWindow()
    nip = form.editors["nip"]
    nip.input.setFocus()
    qtbot.waitUntil(nip.input.hasFocus)
    qtbot.keyClicks(nip.input, "123")
    assert form.rows["nip"].problem == ""
    qtbot.keyClick(nip.input, Qt.Key.Key_Tab)
    assert "not valid" in form.rows["nip"].problem
    assert form.rows["name"].problem == ""  # nobody is told off for what they have not come to yet


def test_problems_of_no_field_stand_in_the_notice(case_form: RecordForm) -> None:
    case_form.say("The disk is full; make room and save again.")
    assert case_form.notice.isVisible()
    assert case_form.notice.text == "The disk is full; make room and save again."
    case_form.clear_problems()
    assert not case_form.notice.isVisible()


def test_amounts_are_in_the_currency_the_record_names_else_in_the_shops(case_form: RecordForm, desk: Desk, qtbot: QtBot) -> None:
    claimed = case_form.editors["claimed"]
    assert isinstance(claimed, MoneyEditor)
    assert claimed.unit.text() == the_shop(desk.register).currency
    qtbot.keyClicks(case_form.editors["currency"].input, "EUR")
    assert claimed.unit.text() == "€"


def test_an_emptied_count_goes_back_to_its_default(desk: Desk, qtbot: QtBot) -> None:
    form = RecordForm(desk, OrderLine, fields=("quantity",))
    qtbot.addWidget(form)
    form.begin(order=1, name="x")
    form.editors["quantity"].input.clear()
    draft, problems = form.values()
    assert problems == []
    assert draft.quantity == 1


def test_what_is_not_asked_for_keeps_its_value(desk: Desk, people: list[int], qtbot: QtBot) -> None:
    form = RecordForm(desk, Customer, fields=("phone", "email"))
    qtbot.addWidget(form)
    form.load(desk.register.get(Customer, people[0]))
    form.editors["phone"].input.setText("22 123 45 67")
    assert form.changes() == {"phone": "22 123 45 67"}
    draft, _problems = form.values()
    assert (draft.id, draft.name, draft.phone) == (people[0], "Anna Kowalska", "22 123 45 67")
    assert list(form.editors) == ["phone", "email"]


def is_cut(widget: QWidget) -> bool:
    """Whether a widget is lower than what it shows."""
    return widget.height() < (widget.heightForWidth(widget.width()) if widget.hasHeightForWidth() else widget.minimumSizeHint().height())


def test_one_column_or_two_as_there_is_room_and_nothing_is_cut(case_form: RecordForm, look: QApplication, qtbot: QtBot) -> None:
    area = case_form.parentWidget().parentWidget()
    assert isinstance(area, QScrollArea)

    def columns() -> int:
        return len({section.mapTo(case_form, QPoint(0, 0)).x() for section in case_form._sections})

    def settled() -> bool:
        whole = not any(is_cut(row) or is_cut(row.label) for row in case_form.rows.values())
        return whole and case_form.width() == area.viewport().width()

    for scale in (1.0, 1.5):
        theme.apply(look, "light", scale)
        for width, wanted in ((500, 1), (1366, 2), (620, 1), (1900, 2)):
            area.resize(width, 700)
            qtbot.waitUntil(lambda wanted=wanted: columns() == wanted and settled())
            for row in case_form.rows.values():
                assert row.mapTo(case_form, QPoint(row.width(), 0)).x() <= case_form.width()


def test_room_is_made_for_problems_after_the_columns_changed(case_form: RecordForm, qtbot: QtBot) -> None:
    area = case_form.parentWidget().parentWidget()
    area.resize(500, 700)
    qtbot.waitUntil(lambda: case_form.columns(case_form.width()) == 1)
    area.resize(1366, 700)
    qtbot.waitUntil(lambda: case_form.columns(case_form.width()) == 2)
    case_form.editors["claimed"].input.setText("abc")
    case_form.check()
    text = case_form.editors["description"]
    qtbot.waitUntil(lambda: not any(map(is_cut, case_form._sections)))
    assert text.height() >= text.input.height()


def test_every_input_has_a_name_for_those_who_dont_see_it(desk: Desk, qtbot: QtBot) -> None:
    for kind in (Case, Customer, Shop, Product):
        form = RecordForm(desk, kind)
        qtbot.addWidget(form)
        for widget in form.findChildren(QWidget):
            if widget.focusPolicy() & Qt.FocusPolicy.TabFocus and not widget.focusProxy():
                face = QAccessible.queryAccessibleInterface(widget)
                assert face.text(QAccessible.Text.Name), (kind, widget)
        for row in form.rows.values():
            assert row.field.labelled() in row.editor.input.accessibleName()
            if row.field.required:
                assert "required" in row.editor.input.accessibleDescription()


# -- the dialog --------------------------------------------------------------------------------------------------


def opened(dialog: QDialog, qtbot: QtBot) -> None:
    qtbot.addWidget(dialog)
    dialog.show()
    dialog.activateWindow()
    qtbot.waitUntil(dialog.isActiveWindow)


def test_a_new_customer_is_one_step_that_says_whom_it_is_about(desk: Desk, qtbot: QtBot) -> None:
    dialog = RecordDialog(desk, Customer, preset={"name": "Jan Nowak"})
    opened(dialog, qtbot)
    qtbot.keyClicks(dialog.form.editors["phone"].input, "600 700 800")
    qtbot.keyClick(dialog.form.editors["phone"].input, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert dialog.result() == QDialog.DialogCode.Accepted
    made = desk.register.get(Customer, dialog.saved_id)
    assert (made.name, made.phone, made.buyer_type) == ("Jan Nowak", "600 700 800", BuyerType.CONSUMER)
    step, _stands = desk.register.steps(1)[0]
    assert (step.label, step.subject) == ("New record", "Jan Nowak")


def test_a_change_writes_only_what_was_changed(desk: Desk, people: list[int], qtbot: QtBot) -> None:
    dialog = RecordDialog(desk, Customer, desk.register.get(Customer, people[0]))
    opened(dialog, qtbot)
    dialog.form.editors["city"].input.setText("Toruń")
    desk.do("Elsewhere", lambda tx: tx.change(tx.get(Customer, people[0]), phone="1112223"))
    qtbot.keyClick(dialog, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    now = desk.register.get(Customer, people[0])
    assert (now.city, now.phone) == ("Toruń", "1112223")
    assert desk.register.steps(1)[0][0].label == "Change record"


def test_enter_saves_and_what_cant_be_saved_stays_with_its_reason(desk: Desk, qtbot: QtBot) -> None:
    dialog = RecordDialog(desk, Customer)
    opened(dialog, qtbot)
    qtbot.waitUntil(dialog.form.editors["name"].input.hasFocus)
    qtbot.keyClick(dialog.form.editors["name"].input, Qt.Key.Key_Return)
    assert dialog.isVisible()
    assert dialog.form.rows["name"].problem == "Customer name is missing."
    qtbot.keyClicks(dialog.form.editors["name"].input, "Ewa")
    qtbot.keyClick(dialog.form.editors["name"].input, Qt.Key.Key_Return)
    assert not dialog.isVisible()
    assert desk.register.get(Customer, dialog.saved_id).name == "Ewa"


def test_a_number_taken_already_is_told_beside_its_field(desk: Desk, qtbot: QtBot) -> None:
    keep(desk, Product(name="One", sku="A-1"))
    dialog = RecordDialog(desk, Product, preset={"name": "Two", "sku": "A-1"})
    opened(dialog, qtbot)
    dialog.save_button.click()
    assert "is taken already" in dialog.form.rows["sku"].problem
    assert dialog.isVisible()


def test_a_disk_that_refuses_is_told_in_the_dialog_and_nothing_typed_is_lost(desk: Desk, asker: ScriptedAsker, qtbot: QtBot) -> None:
    def refuse(_desk: Desk, _form: RecordForm, _draft: Record) -> int:
        raise Known("The disk is full; make room and save again.")

    dialog = RecordDialog(desk, Customer, save=refuse)
    opened(dialog, qtbot)
    dialog.form.editors["name"].input.setText("Ewa")
    dialog.save_button.click()
    assert dialog.notice.isVisible()
    assert dialog.notice.text == "The disk is full; make room and save again."
    assert dialog.form.editors["name"].value() == "Ewa"
    asker.will("confirm", True)
    dialog.reject()


def test_closing_with_something_typed_asks_first(desk: Desk, asker: ScriptedAsker, qtbot: QtBot) -> None:
    dialog = RecordDialog(desk, Customer)
    opened(dialog, qtbot)
    dialog.form.editors["name"].input.setText("Ewa")
    asker.will("confirm", False)
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert dialog.isVisible()
    asker.will("confirm", True)
    dialog.cancel_button.click()
    assert not dialog.isVisible()
    other = RecordDialog(desk, Customer, preset={"name": "Ewa"})
    opened(other, qtbot)
    other.reject()  # nothing was typed: nothing is asked
    assert not other.isVisible()


def test_a_customer_missing_from_a_form_is_added_from_it(desk: Desk, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    form = RecordForm(desk, Case, add_new=adding(desk))
    qtbot.addWidget(form)
    form.show()
    editor = form.editors["customer"]
    assert isinstance(editor, RefEditor)

    def play(dialog: RecordDialog) -> int:
        assert dialog.form.editors["name"].value() == "Nowy Klient"
        dialog.accept()
        return dialog.result()

    monkeypatch.setattr(RecordDialog, "exec", play)
    qtbot.keyClicks(editor.input, "Nowy Klient")
    editor.lookup.open_list()
    qtbot.keyClick(editor.input, Qt.Key.Key_Down)
    qtbot.keyClick(editor.input, Qt.Key.Key_Return)
    assert desk.register.get(Customer, editor.value()).name == "Nowy Klient"


def test_a_logo_is_kept_with_the_shop_and_taken_away_again(desk: Desk, asker: ScriptedAsker, tmp_path: Path, qtbot: QtBot) -> None:
    logo = tmp_path / "logo.png"
    logo.write_bytes(png(30, 20))
    asker.will("choose_file_to_open", logo)
    dialog = RecordDialog(desk, Shop, desk.register.get(Shop, 1))
    opened(dialog, qtbot)
    editor = dialog.form.editors["logo"]
    assert isinstance(editor, PictureEditor)
    editor._choose.click()
    dialog.save_button.click()
    assert not dialog.isVisible()
    kept = desk.register.content(desk.register.get(Shop, 1).logo)
    assert Image.open(io.BytesIO(kept)).size == (30, 20)
    again = RecordDialog(desk, Shop, desk.register.get(Shop, 1))
    opened(again, qtbot)
    editor = again.form.editors["logo"]
    assert isinstance(editor, PictureEditor)
    assert not again.form.dirty
    editor.put(b"no picture at all")
    assert "can't be opened" in again.form.rows["logo"].problem
    editor._remove.click()
    again.save_button.click()
    assert desk.register.get(Shop, 1).logo == ""


# -- photos ------------------------------------------------------------------------------------------------------


def png(wide: int, high: int) -> bytes:
    written = io.BytesIO()
    Image.new("RGB", (wide, high), "red").save(written, "PNG")
    return written.getvalue()


def photo(wide: int, high: int) -> bytes:
    """A JPEG as a phone makes it: lying on its side, with the place where it was taken."""
    exif = Image.Exif()
    exif[0x0112] = 6
    exif.get_ifd(0x8825).update({1: "N", 2: (52.0, 13.0, 0.0)})
    written = io.BytesIO()
    Image.new("RGB", (wide, high), "blue").save(written, "JPEG", exif=exif)
    return written.getvalue()


@pytest.fixture
def strip(desk: Desk, qtbot: QtBot) -> PhotoStrip:
    made = PhotoStrip(desk)
    qtbot.addWidget(made)
    made.resize(600, 250)
    made.show()
    return made


def test_photos_are_made_small_upright_and_lose_their_position(strip: PhotoStrip, asker: ScriptedAsker, tmp_path: Path, qtbot: QtBot) -> None:
    (tmp_path / "IMG_1.jpg").write_bytes(photo(3000, 1500))
    (tmp_path / "invoice.pdf").write_bytes(b"%PDF-1.7")
    asker.will("choose_files_to_open", [tmp_path / "IMG_1.jpg", tmp_path / "invoice.pdf"])
    with qtbot.waitSignal(strip.changed):
        qtbot.keyClick(strip, Qt.Key.Key_P)
    (name, picture), other = strip.staged()
    assert (name, other) == ("IMG_1.jpg", ("invoice.pdf", b"%PDF-1.7"))
    with Image.open(io.BytesIO(picture)) as kept:
        assert kept.size == (1000, 2000)
        assert not kept.getexif()
    assert [strip.list.item(row).text() for row in range(strip.list.count())] == ["IMG_1.jpg", "invoice.pdf"]


def test_files_are_dropped_and_pictures_pasted(strip: PhotoStrip, tmp_path: Path, qtbot: QtBot) -> None:
    (tmp_path / "a.txt").write_bytes(b"text")
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(tmp_path / "a.txt")), QUrl("https://example.com/b.png")])
    strip.dropEvent(QDropEvent(QPointF(5, 5), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier))
    image = QImage(40, 30, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.green)
    QGuiApplication.clipboard().setImage(image)
    qtbot.keyClick(strip, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert [name for name, _content in strip.staged()] == ["a.txt", "Pasted picture 1.png"]
    QGuiApplication.clipboard().setText("only words")
    assert not strip.paste()


def test_what_cant_be_kept_is_refused_in_a_sentence_and_the_rest_is_taken(strip: PhotoStrip, tmp_path: Path) -> None:
    with (tmp_path / "film.mp4").open("wb") as film:
        film.truncate(20_000_001)
    (tmp_path / "broken.png").write_bytes(b"no picture")
    (tmp_path / "empty.txt").write_bytes(b"")
    (tmp_path / "good.txt").write_bytes(b"good")
    strip.add_files([tmp_path / name for name in ("film.mp4", "broken.png", "empty.txt", "good.txt", "gone.txt", "")])
    assert [name for name, _content in strip.staged()] == ["good.txt"]
    for said in ("film.mp4 is larger than 20 MB.", "broken.png: This picture can't be opened", "empty.txt is empty.", "gone.txt can't be read.", "is a folder"):
        assert said in strip.problem


def test_a_file_is_taken_away_again_and_the_same_one_is_taken_once(strip: PhotoStrip, qtbot: QtBot) -> None:
    strip.add([("a.txt", b"a"), ("b.txt", b"b")])
    strip.add([("copy of a.txt", b"a")])
    strip.list.setCurrentRow(0)
    qtbot.keyClick(strip.list, Qt.Key.Key_Delete)
    assert strip.staged() == [("b.txt", b"b")]
    strip.clear()
    assert strip.staged() == []
    assert not strip.list.isVisible()


def test_a_photo_saved_before_it_is_ready_is_not_lost(register: Register, asker: ScriptedAsker, look: QApplication, qtbot: QtBot) -> None:
    jobs = Jobs(asker)
    strip = PhotoStrip(Desk(register, asker, jobs))
    qtbot.addWidget(strip)
    original = photo(2400, 1200)
    strip.add([("a.jpg", original)])
    assert strip.staged() == [("a.jpg", original)]
    with qtbot.waitSignal(strip.changed):
        pass
    assert len(strip.staged()) == 1
    assert strip.staged()[0][1] != original
    jobs.stop()


# -- the scanner -------------------------------------------------------------------------------------------------


@pytest.fixture
def scans() -> list[str]:
    return []


@pytest.fixture
def scanner(look: QApplication, scans: list[str]) -> Iterator[Scanner]:
    # twice the usual patience: a busy machine must not look like a person
    made = Scanner(preferences.Scanner(min_chars=6, max_ms_per_char=70), scans.append)
    yield made
    made.stop()


def window_with(qtbot: QtBot, *widgets: QWidget) -> QWidget:
    window = QWidget()
    rows = QVBoxLayout(window)
    for widget in widgets:
        rows.addWidget(widget)
    qtbot.addWidget(window)
    window.show()
    window.activateWindow()
    widgets[0].setFocus()
    qtbot.waitUntil((widgets[0].focusProxy() or widgets[0]).hasFocus)
    return window


def press(window: QWidget, text: str, end: Qt.Key | None = None) -> None:
    """Keys as the system sends them to the window, as fast as they go."""
    handle = window.windowHandle()
    for letter in text:
        QTest.sendKeyEvent(QTest.KeyAction.Click, handle, Qt.Key(ord(letter.upper())), letter, Qt.KeyboardModifier.NoModifier)
    if end is not None:
        QTest.keyClick(handle, end)


@pytest.mark.parametrize("end", [Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Tab])
def test_a_scan_is_heard_from_within_a_field_and_leaves_no_trace(scanner: Scanner, scans: list[str], qtbot: QtBot, end: Qt.Key) -> None:
    line, other = QLineEdit("before "), QLineEdit()
    entered: list[int] = []
    line.returnPressed.connect(lambda: entered.append(1))
    window = window_with(qtbot, line, other)
    code = "59012341234575901234123457590123412345ab"
    press(window, code, end)
    qtbot.waitUntil(lambda: scans == [code])
    assert line.text() == "before "
    assert line.hasFocus()
    assert not entered


def test_a_persons_typing_arrives_whole_and_in_order(scanner: Scanner, scans: list[str], qtbot: QtBot) -> None:
    line = QLineEdit()
    entered: list[str] = []
    line.returnPressed.connect(lambda: entered.append(line.text()))
    window = window_with(qtbot, line)
    for place, letter in enumerate("abcdefgh", 1):
        press(window, letter)
        qtbot.waitUntil(lambda place=place: len(line.text()) == place)
    press(window, "ij", Qt.Key.Key_Backspace)  # two keys rolled over each other, and one too many
    press(window, "", Qt.Key.Key_Return)
    assert entered == ["abcdefghi"]
    press(window, "12345", Qt.Key.Key_Return)  # too short for a code
    assert entered == ["abcdefghi", "abcdefghi12345"]
    assert scans == []


def test_letters_held_back_go_to_where_they_were_typed(scanner: Scanner, scans: list[str], qtbot: QtBot) -> None:
    line, other = QLineEdit(), QLineEdit()
    window = window_with(qtbot, line, other)
    press(window, "ab")
    QTest.mouseClick(window.windowHandle(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, other.mapTo(window, QPoint(5, 5)))
    qtbot.waitUntil(other.hasFocus)
    press(window, "cd", Qt.Key.Key_Home)
    assert (line.text(), other.text()) == ("ab", "cd")


def test_a_scan_chooses_the_order_where_one_is_asked_for(scanner: Scanner, scans: list[str], desk: Desk, qtbot: QtBot) -> None:
    first, second = keep(desk, Order(number="ZAM-1001", ordered_at=NOW), Order(number="ZAM-1002", ordered_at=NOW))
    lookup = Lookup(desk, Order, "Order")
    window = window_with(qtbot, lookup)
    press(window, "zam-1002", Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: lookup.chosen() == second)
    press(window, "zam-1001", Qt.Key.Key_Return)  # it is filled: the scan looks for the order as everywhere
    qtbot.waitUntil(lambda: scans == ["zam-1001"])
    assert lookup.chosen() == second
    assert first != second


def test_a_scan_fills_an_empty_bar_code(scanner: Scanner, scans: list[str], ask: Ask, qtbot: QtBot) -> None:
    editor = ask(Product, "ean")
    press(editor.window(), "5901234123457", Qt.Key.Key_Tab)
    qtbot.waitUntil(lambda: editor.value() == "5901234123457")
    assert scans == []


def test_a_stopped_scanner_is_deaf(scanner: Scanner, scans: list[str], qtbot: QtBot) -> None:
    line = QLineEdit()
    window = window_with(qtbot, line)
    scanner.stop()
    press(window, "5901234123457", Qt.Key.Key_Return)
    assert line.text() == "5901234123457"
    assert scans == []


def test_fields_of_parts_and_suppliers_can_be_asked_for_too(desk: Desk, qtbot: QtBot) -> None:
    for kind in (Batch, Supplier):
        dialog = RecordDialog(desk, kind)
        qtbot.addWidget(dialog)
        assert dialog.form.values()[0] is None


def test_what_is_not_in_use_any_more_is_not_offered_but_stays_where_it_is(desk: Desk) -> None:
    kept = desk.do("Add", lambda tx: tx.add(Channel(name="Fax", active=False)))
    assert "Fax" not in [hit.title for hit in search(desk, Channel, "fax", offered(Channel))]
    lookup = Lookup(desk, Channel, "Channel")
    assert lookup._exact("Fax") == []
    lookup.choose(kept)
    assert lookup.text() == "Fax"


def test_a_click_on_the_words_ticks_the_box_and_long_words_break(desk: Desk, qtbot: QtBot) -> None:
    form = RecordForm(desk, Shop, fields=("informs_of_withdrawal",))
    qtbot.addWidget(form)
    editor = form.editors["informs_of_withdrawal"]
    assert isinstance(editor, FlagEditor)
    words = editor.findChild(PlainLabel)
    assert isinstance(words, PlainLabel)
    assert words.text() == Shop.spec.fields["informs_of_withdrawal"].labelled()
    assert words.wordWrap()
    before = editor.value()
    form.show()
    qtbot.mouseClick(words, Qt.MouseButton.LeftButton)
    assert editor.value() is not before
    assert form.dirty
    form.set_read_only(True)
    qtbot.mouseClick(words, Qt.MouseButton.LeftButton)
    assert editor.value() is not before, "what is only read is not changed"
