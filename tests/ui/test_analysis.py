"""The Analysis page: one bar that everything follows, tiles that open their chart, marks that open exactly their records."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest
from PySide6.QtCore import QDate, QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from qmdesk.analysis.measured import Measured
from qmdesk.operations import cases, keeping
from qmdesk.operations.figures import indicators
from qmdesk.operations.figures.facts import Facts
from qmdesk.operations.figures.indicators import behind
from qmdesk.operations.figures.scope import By, Period, Scope
from qmdesk.records.case import Case, CaseItem
from qmdesk.records.lists import Cause
from qmdesk.records.measures import CostKind, Event, Indicator, IndicatorTarget, QualityCost, SalesCount
from qmdesk.records.product import Order, OrderLine, Product
from qmdesk.register import Change, Transaction
from qmdesk.schema.query import Query
from tests.shop import Shop, begun, open_shop
from tests.ui.front import Dialogs, Front, dialogs, front, look, press
from ui import theme
from ui.forms.dialog import RecordDialog
from ui.pages.analysis import VIEWS, AnalysisPage

__all__ = ["Dialogs", "dialogs", "front", "look"]


def sell(tx: Transaction) -> None:
    """Forty orders in each month from September to November, half of them mugs; six mugs of October and two bowls came back broken."""
    mug, bowl = tx.add(Product(name="Mug", category="Cups")), tx.add(Product(name="Bowl", category="Bowls"))
    for month in (9, 10, 11):
        for number in range(40):
            order = tx.add(Order(number=f"{month}-{number}", ordered_at=datetime(2026, month, 1 + number % 20, 12, tzinfo=UTC), courier="Van" if number % 4 else "Bike"))
            tx.add(OrderLine(order=order, product=bowl if number % 2 else mug, name="x", quantity=1, unit_price=Decimal(20)))
    cause = tx.records(Query(Cause))[0].id
    for month, product, many in ((10, mug, 6), (10, bowl, 2), (11, mug, 1)):
        for number in range(many):
            draft = Case(received_at=datetime(2026, month, 2 + number, 9, tzinfo=UTC), description="Broken on arrival", cause=cause, sold_on=date(2026, month, 1))
            cases.take_in(tx, draft, (CaseItem(case=1, product=product, name="x", quantity=1),))


@cache
def autumn() -> bytes:
    return begun(lambda shop, _clock: shop.register.do("Sell", sell))[0]


@pytest.fixture
def shop(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Shop]:
    """A shop with an empty register, or with what it sold where a test wants that."""
    with open_shop(tmp_path / "shop.qmd", begun=autumn() if "selling" in request.fixturenames else b"") as opened:
        yield opened


@pytest.fixture
def selling(shop: Shop) -> Shop:
    return shop


@pytest.fixture
def page(selling: Shop, front: Front) -> AnalysisPage:
    return front.page("analysis")


def october(page: AnalysisPage) -> None:
    """Last month."""
    page.bar.choice.setCurrentIndex(1)
    page.bar.choice.activated.emit(1)


def shown_cases(front: Front) -> set[int]:
    """What the list of cases shows."""
    listing = front.page("cases").listing
    return set(front.desk.register.ids(listing.query))


def of_month(front: Front, month: int) -> set[int]:
    return {one.id for one in front.desk.register.records(Query(Case)) if one.received_at.month == month}


def test_empty_register_says_what_to_do_first(front: Front, dialogs: Dialogs) -> None:
    page = front.page("analysis")
    assert page.stack.currentWidget() is page.nothing
    assert page.nothing.button.text() == "Import…"

    def type_in(dialog: RecordDialog) -> None:
        dialog.form.editors["orders"].set_value(120)
        dialog.accept()

    page.nothing.other.click()
    assert page.name == "sources"
    dialogs.will(type_in)
    page.made["sources"].buttons[SalesCount].click()
    (typed,) = front.desk.register.records(Query(SalesCount))
    assert (typed.month, typed.orders) == (date(2026, 11, 1), 120)
    page.turn_to("overview")
    assert page.stack.currentWidget() is page.view("overview"), "there is something to count against now"
    assert page.view("overview").tiles[Indicator.COMPLAINT_RATE].face.value == "0\u00a0%"


def test_complaints_without_sales_say_why_there_is_no_rate(front: Front, shop: Shop) -> None:
    shop.complains()
    page = front.page("analysis")
    assert "No sales are known" in page.note.text()
    assert page.view("overview").tiles[Indicator.COMPLAINT_RATE].face.value == "not known"
    page.note_button.click()
    assert page.name == "sources"


def test_tiles_follow_the_period_by_keys_and_the_slider(front: Front, page: AnalysisPage) -> None:
    tiles = page.view("overview").tiles
    assert tiles[Indicator.COMPLAINT_RATE].face.value == "7.5\u00a0%", "9 of 120 in twelve months"
    october(page)
    assert tiles[Indicator.COMPLAINT_RATE].face.value == "20\u00a0%"
    assert "n = 40" in " ".join(tiles[Indicator.COMPLAINT_RATE].face.lines)
    assert tiles[Indicator.COMPLAINT_RATE].face.turn.startswith("↑ Higher than in the period before (0\u00a0%): worse.")
    assert page.bar.name.text() == "October 2026"
    page.bar.choice.setFocus()
    press(Qt.Key.Key_Right)
    assert page.bar.name.text() == "November 2026"
    assert page.bar.choice.currentText() == "This month"
    assert tiles[Indicator.COMPLAINT_RATE].face.value == "2.5\u00a0%"
    press(Qt.Key.Key_Left, Qt.Key.Key_Left)
    assert page.bar.name.text() == "September 2026"
    page.listed.setFocus()
    press(Qt.Key.Key_Right, held=Qt.KeyboardModifier.AltModifier)
    assert page.bar.name.text() == "October 2026"
    page.bar.slider.setValue(0)
    assert page.bar.name.text() == "November 2026"
    assert "October 2026" not in page.bar.against.text() or page.bar.against.text().startswith("against")


def test_own_period_is_typed(page: AnalysisPage) -> None:
    page.bar.choice.setCurrentIndex(5)
    page.bar.choice.activated.emit(5)
    assert page.bar.since.isVisible()
    page.bar.since.setDate(date(2026, 10, 3))  # type: ignore[arg-type]
    page.bar.until.setDate(date(2026, 10, 4))  # type: ignore[arg-type]
    assert page.bar.scope == Scope(date(2026, 10, 3), date(2026, 10, 4))
    page.bar.step(-1)
    assert page.bar.scope == Scope(date(2026, 10, 1), date(2026, 10, 2))


def test_click_on_a_tile_leads_to_its_chart_and_on_to_exactly_its_records(front: Front, page: AnalysisPage) -> None:
    october(page)
    page.view("overview").tiles[Indicator.COMPLAINT_RATE].click()
    assert page.name == "indicator"
    view = page.view("indicator")
    assert view.indicator.chosen is Indicator.COMPLAINT_RATE
    canvas = view.view.canvas
    assert canvas.hasFocus()
    press(Qt.Key.Key_End, Qt.Key.Key_Enter)
    assert front.window.page_name() == "cases"
    assert shown_cases(front) == of_month(front, 10)
    assert front.page("cases").listing.chips.sentences == ["Complaint rate: October 2026"]
    front.page("cases").listing.remove_filter(0)
    assert len(shown_cases(front)) == 9, "the filter can be taken off"


def test_records_behind_the_whole_figure_are_the_numerator(front: Front, page: AnalysisPage) -> None:
    october(page)
    view = page.turn_to("indicator")
    view.records_button.click()
    assert page.facts is not None
    assert shown_cases(front) == set(behind(page.facts, Indicator.COMPLAINT_RATE, page.bar.scope)[1]) == of_month(front, 10)


def test_mouse_finds_the_bar_it_is_on(front: Front, page: AnalysisPage) -> None:
    october(page)
    view = page.turn_to("indicator")
    view.choose(Indicator.COMPLAINT_RATE, By.PRODUCT)
    canvas = view.view.canvas
    assert [row[0] for row in view.table.figures.table.rows] == ["Mug", "Bowl"]
    QTest.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=canvas.place_of(1).center().toPoint())
    assert len(shown_cases(front)) == 2, "the two bowls"
    front.page("analysis")
    QTest.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=QPoint(2, 2))
    assert front.window.page_name() == "analysis", "beside all marks nothing happens"


def test_table_opens_the_same_records(front: Front, page: AnalysisPage) -> None:
    october(page)
    view = page.turn_to("indicator")
    view.choose(Indicator.COMPLAINT_RATE, By.PRODUCT)
    view.table.setFocus()
    view.table.setCurrentIndex(view.table.figures.index(0, 0))
    press(Qt.Key.Key_Return)
    assert len(shown_cases(front)) == 6


def test_chart_is_spoken_and_stepped_through(page: AnalysisPage) -> None:
    october(page)
    view = page.turn_to("indicator")
    view.choose(Indicator.COMPLAINT_RATE, By.PRODUCT)
    canvas = view.view.canvas
    canvas.setFocus()
    assert "Worst: Mug, 30\u00a0%" in canvas.accessibleName()
    press(Qt.Key.Key_Right)
    assert canvas.accessibleDescription().startswith("Mug: 30\u00a0%")
    press(Qt.Key.Key_Right, Qt.Key.Key_Right)
    assert canvas.accessibleDescription().startswith("Bowl: 10\u00a0%"), "it stays on the last"
    press(Qt.Key.Key_Home)
    assert canvas.current == 0


def test_bar_narrows_to_a_group_and_widens_again(front: Front, page: AnalysisPage) -> None:
    october(page)
    chooser = page.bar.choose_group(By.PRODUCT)
    assert chooser is not None
    chooser.search.setText("mu")
    chooser.search.flush()
    assert chooser.listed.count() == 1
    QTest.keyClick(chooser.search, Qt.Key.Key_Return)
    assert page.bar.chips.sentences == ["Product: Mug"]
    assert page.view("overview").tiles[Indicator.COMPLAINT_RATE].face.value == "30\u00a0%"
    assert "can't be told by" in page.view("overview").tiles[Indicator.CONFORMITY].face.lines[0]
    page.bar.chips.removed.emit(0)
    assert page.view("overview").tiles[Indicator.COMPLAINT_RATE].face.value == "20\u00a0%"


def test_what_is_saved_elsewhere_is_counted_when_the_page_is_seen(front: Front, page: AnalysisPage, selling: Shop) -> None:
    october(page)
    page.turn_to("overview")
    front.page("today")
    selling.do(cases.TAKE_IN, cases.take_in, Case(received_at=datetime(2026, 10, 30, 9, tzinfo=UTC), description="One more"), ())
    front.page("analysis")
    assert page.view("overview").tiles[Indicator.COMPLAINT_RATE].face.value == "22.5\u00a0%"
    front.desk.undo()
    assert page.view("overview").tiles[Indicator.COMPLAINT_RATE].face.value == "20\u00a0%"


def test_target_is_set_from_the_tile_and_judged(front: Front, page: AnalysisPage, dialogs: Dialogs) -> None:
    def type_in(dialog: RecordDialog) -> None:
        dialog.form.editors["target"].set_value(Decimal(5))
        dialog.accept()

    dialogs.will(type_in)
    tiles = page.view("overview")
    tiles.setFocus()
    press(Qt.Key.Key_T)
    (target,) = front.desk.register.records(Query(IndicatorTarget))
    assert (target.indicator, target.target) == (Indicator.COMPLAINT_RATE, 5)
    face = tiles.tiles[Indicator.COMPLAINT_RATE].face
    assert face.icon == "warn"
    assert "target 5\u00a0%" in " ".join(face.lines)
    assert face.spark is not None
    assert face.spark.target == 5.0


def test_arrows_lead_from_tile_to_tile(page: AnalysisPage) -> None:
    tiles = page.view("overview")
    tiles.setFocus()
    press(Qt.Key.Key_Right)
    assert tiles.tiles[Indicator.RETURN_RATE].hasFocus()
    press(Qt.Key.Key_Left, Qt.Key.Key_Left)
    assert tiles.tiles[Indicator.COMPLAINT_RATE].hasFocus()
    press(Qt.Key.Key_Down)
    assert list(tiles.tiles.values())[tiles.columns].hasFocus()
    press(Qt.Key.Key_Enter)
    assert page.name == "indicator"


def test_what_may_be_asked_next_is_counted_while_nothing_is_asked(page: AnalysisPage, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Scope] = []
    over = indicators.over

    def ask(facts: Facts, indicator: Indicator, scope: Scope, periods: Sequence[Period]) -> list[Measured]:
        asked.append(scope)
        return over(facts, indicator, scope, periods)

    monkeypatch.setattr(indicators, "over", ask)

    def looks() -> None:
        qtbot.waitUntil(lambda: not page.ahead.busy)
        asked.clear()

    looks()
    page.bar.step(-1)
    page.bar.step(1)
    october(page)
    assert asked == [], "a step and a period by its name are told out of what is kept"
    assert page.view("overview").tiles[Indicator.COMPLAINT_RATE].face.value == "20\u00a0%"
    looks()
    chooser = page.bar.choose_group(By.COURIER)
    assert chooser is not None
    press(Qt.Key.Key_Down)
    looks()
    press(Qt.Key.Key_Return)
    assert page.bar.scope.only == ((By.COURIER, "Van"),)
    assert asked == [], "and a group the keyboard stood on"
    looks()
    page.bar.chips.removed.emit(0)
    assert asked == [], "and all groups again"
    page.bar.step(-9)
    assert {scope.since for scope in asked} == {page.bar.scope.since}, "what lies far is counted when it is asked for"
    page.turn_to("pareto")
    assert not page.ahead.busy, "charts are drawn beside the window: there the counting is not what one waits for"


def test_the_calendar_has_an_end(page: AnalysisPage) -> None:
    page.bar.choice.setCurrentIndex(5)
    page.bar.choice.activated.emit(5)
    page.bar.until.setDate(QDate(9999, 12, 31))
    for keys in (Qt.Key.Key_Right, Qt.Key.Key_Left):
        page.setFocus()
        press(keys, held=Qt.KeyboardModifier.AltModifier)
    assert page.bar.scope.until == date(2199, 12, 31)


def test_event_is_pinned_and_taken_off(front: Front, page: AnalysisPage, selling: Shop) -> None:
    selling.do(keeping.NEW, keeping.add, Event(on=date(2026, 10, 15), what="New supplier"))
    view = page.turn_to("indicator")
    assert [pin.name for pin in view.view.chart.pins] == ["New supplier"]
    (event,) = front.desk.register.ids(Query(Event))
    page.turn_to("sources").remove(Event, event)
    view = page.turn_to("indicator")
    assert not view.view.chart.pins
    front.desk.undo()
    assert view.view.chart.pins


@pytest.mark.parametrize("name", [name for name, _words, _icon in VIEWS])
def test_every_view_follows_the_bar(page: AnalysisPage, name: str) -> None:
    page.turn_to(name)
    october(page)
    page.bar.narrow(By.COURIER, "Van")
    assert page.stack.currentWidget() is page.view(name)
    page.bar.step(-6)
    page.bar.widen()


def test_bad_batch_is_seen_and_opened(front: Front, page: AnalysisPage) -> None:
    view = page.turn_to("warning")
    rows = view.table.figures.table.rows
    assert rows[0][:3] == ("Mug, sold in October 2026", 6, 20)
    view.table.setFocus()
    view.table.setCurrentIndex(view.table.figures.index(0, 0))
    press(Qt.Key.Key_Return)
    assert len(shown_cases(front)) == 6


def test_words_that_grow_are_read_for_the_period_and_opened(front: Front, page: AnalysisPage, selling: Shop) -> None:
    register = selling.register
    for number in range(12):
        register.do("x", cases.take_in, Case(received_at=datetime(2026, 3, 1 + number, 9, tzinfo=UTC), description="Arrived late"), ())
    for number in range(10):
        register.do("x", cases.take_in, Case(received_at=datetime(2026, 11, 2 + number, 9, tzinfo=UTC), description="The glaze is scratched"), ())
    front.page("today")
    front.desk.tell(Change(register.revision, register.steps(1)[0][0].id, "x", dict.fromkeys([Case])))
    front.page("analysis")
    page.bar.choice.setCurrentIndex(0)
    page.bar.choice.activated.emit(0)
    view = page.turn_to("words")
    words = [row[0] for row in view.table.figures.table.rows]
    assert "scratched" in words
    view.open_mark(words.index("scratched"))
    assert len(shown_cases(front)) == 10


def test_fix_says_when_it_pays(page: AnalysisPage, selling: Shop) -> None:
    view = page.turn_to("cost")
    assert "Type what a fix costs" in view.pays.text()
    view.fix_cost.setValue(100)
    assert "PLN" in view.pays.text()
    selling.do(keeping.NEW, keeping.add, QualityCost(on=date(2026, 10, 5), kind=CostKind.GOODS_LOST, amount=Decimal(600)))
    assert "are earned back after 2 months" in view.pays.text()


def test_pareto_and_control_chart_open_their_records(front: Front, page: AnalysisPage) -> None:
    october(page)
    page.turn_to("pareto").open_mark(0)
    assert shown_cases(front) == of_month(front, 10)
    front.page("analysis")
    control = page.turn_to("control")
    control.kind.choose(next(kind for kind in control.kind._offered if kind is not None))
    control.redraw()
    assert control.shown is not None
    rows = [row[0] for row in control.shown.chart.table().rows]
    control.open_mark(rows.index("October 2026"))
    assert shown_cases(front) == of_month(front, 10)


def test_other_records_than_cases_are_shown_as_a_list(front: Front, page: AnalysisPage, dialogs: Dialogs) -> None:
    seen: list[int] = []
    dialogs.will(lambda dialog: seen.append(dialog.table.table_model.total))
    orders = front.desk.register.ids(Query(Order), 3)
    front.window.show_these(Order, orders, "Three orders")
    assert seen == [3]
    dialogs.will(lambda dialog: dialog.table.on_open(orders[1]))
    front.window.show_these(Order, orders, "Three orders")
    assert front.window.page_name() == "orders"


def test_chart_is_copied_and_saved(front: Front, page: AnalysisPage, tmp_path: Path) -> None:
    view = page.turn_to("indicator")
    QGuiApplication.clipboard().clear()
    view.view.copy_button.click()
    assert not QGuiApplication.clipboard().image().isNull()
    for name, save in (("chart.png", view.view.save), ("chart.svg", lambda: view.view.save("svg")), ("numbers.xlsx", view.view.save_numbers)):
        front.asker.will("choose_file_to_save", tmp_path / name)
        save()
        assert (tmp_path / name).stat().st_size > 1000
        assert name in front.said
    front.asker.will("choose_file_to_save", tmp_path / "chart.bmp")
    view.view.save()
    assert "give chart.bmp one of these endings" in front.asker.warning()
    assert not (tmp_path / "chart.bmp").exists()
    assert [act.text() for act in view.view.menu().actions()] == ["Copy as a picture", "Save as PNG…", "Save as SVG…", "Save the numbers…"]


def test_dark_and_light_are_followed(page: AnalysisPage, look: QApplication) -> None:
    view = page.turn_to("indicator")
    canvas = view.view.canvas
    light = canvas.drawn.figure.get_facecolor()
    theme.apply(look, "dark")
    QTest.qWait(0)
    canvas.redraw()
    assert canvas.drawn.figure.get_facecolor() != light


def test_another_window_shows_the_same_place(front: Front, page: AnalysisPage) -> None:
    october(page)
    page.bar.narrow(By.COURIER, "Van")
    page.open_indicator(Indicator.SETTLE)
    place = page.place()
    page.bar.widen()
    page.turn_to("overview")
    page.return_to(place)
    assert page.name == "indicator"
    assert page.view("indicator").indicator.chosen is Indicator.SETTLE
    assert page.bar.scope.only == ((By.COURIER, "Van"),)
