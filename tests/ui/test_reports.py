"""Reports in the window: made for a period, looked at beside their figures, each with its records, saved, removed, made by themselves."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from qmdesk.operations import monthly_reports, reports
from qmdesk.operations.figures.scope import Scope
from qmdesk.records.alert import Report, ReportKind
from qmdesk.records.case import Case
from qmdesk.records.party import Supplier
from qmdesk.records.shop import THE_SHOP
from qmdesk.records.shop import Shop as ShopRecord
from qmdesk.schema.query import Query
from tests.clock import Clock, clock
from tests.core.reported import OCTOBER, furnish
from tests.ui.front import Dialogs, Front, dialogs, front, look, press, shop
from ui.forms.dialog import RecordDialog
from ui.panels import reports as panel

__all__ = ["Dialogs", "clock", "dialogs", "front", "look", "shop"]
Key = Qt.Key


@pytest.fixture
def telling(front: Front, clock: Clock) -> Front:
    clock.set("2026-11-20")
    furnish(front.shop)
    return front


def view(front: Front) -> Any:
    return front.page("analysis").turn_to("reports")


def of_october(dialog: RecordDialog) -> None:
    """Fill in the period and make it."""
    dialog.form.editors["since"].set_value(OCTOBER.since)
    dialog.form.editors["until"].set_value(OCTOBER.until)
    dialog.accept()


def kept(front: Front) -> list[Report]:
    return sorted(front.shop.register.records(Query(Report)), key=lambda one: one.id)


def test_a_report_is_made_for_a_period_and_shown_with_its_pages(telling: Front) -> None:
    shown = view(telling)
    assert shown.beside.currentWidget() is shown.nothing
    assert not shown.figures.isVisible(), "of no report there are no figures"
    telling.dialogs.will(of_october)
    shown.new_actions[ReportKind.MANAGEMENT].trigger()
    (report,) = kept(telling)
    assert (report.name, report.since, report.until) == ("Management report, October 2026", date(2026, 10, 1), date(2026, 10, 31))
    assert shown.name.text() == report.name
    assert shown.figures.hasFocus(), "the next key leads to records"
    assert len([sheet for sheet in shown.sheets.findChildren(QLabel) if sheet.pixmap() and not sheet.pixmap().isNull()]) == 3
    assert telling.said == "Make a report: Management report, October 2026"
    telling.window.undo()
    assert kept(telling) == []
    assert shown.beside.currentWidget() is shown.nothing


def test_the_period_of_the_page_is_proposed_but_not_days_to_come(telling: Front) -> None:
    proposed: list[Any] = []

    def look_at(dialog: RecordDialog) -> None:
        proposed.extend(dialog.form.editors[name].value() for name in ("since", "until"))

    telling.dialogs.will(look_at)
    shown = view(telling)
    shown.make(ReportKind.MANAGEMENT)
    assert proposed == [shown.looked.scope.since, date(2026, 11, 20)]
    assert kept(telling) == [], "the question was left"


def test_a_report_to_a_supplier_needs_one(telling: Front) -> None:
    supplier = telling.shop.register.by_value(Supplier, "name", ["Glinka"])["Glinka"]

    def fill_in(dialog: RecordDialog) -> None:
        dialog.form.editors["since"].set_value(OCTOBER.until)
        dialog.form.editors["until"].set_value(OCTOBER.since)
        dialog.accept()
        assert dialog.isVisible()
        told = " ".join(label.text() for label in dialog.findChildren(QLabel) if label.isVisible())
        assert "The period ends before it begins." in told
        assert "Choose the supplier the report is about." in told
        dialog.form.editors["supplier"].set_value(supplier)
        of_october(dialog)

    telling.dialogs.will(fill_in)
    shown = view(telling)
    shown.make(ReportKind.SUPPLIER)
    (report,) = kept(telling)
    assert (report.kind, report.supplier) == (ReportKind.SUPPLIER, supplier)
    assert "Glinka" in shown.about.text()


def test_each_figure_leads_to_its_records_by_a_key(telling: Front) -> None:
    telling.shop.makes_report(ReportKind.MANAGEMENT, OCTOBER)
    shown = view(telling)
    assert shown.counted[0].name == "Complaint rate"
    shown.table.setFocus()
    press(Key.Key_Return)
    assert shown.figures.hasFocus(), "Enter on a report leads on to its figures"
    header = shown.figures.horizontalHeader()
    assert header.length() <= shown.figures.viewport().width(), "all three columns are seen"
    shown.figures.selectRow(0)
    press(Key.Key_Return)
    model = telling.page("cases").listing.table.table_model
    assert sorted(model.ids_between(0, model.rowCount() - 1)) == sorted(shown.counted[0].ids)
    assert len(shown.counted[0].ids) == 14


def test_the_figures_follow_what_is_changed_and_the_pages_do_not(telling: Front) -> None:
    report = telling.shop.makes_report(ReportKind.MANAGEMENT, OCTOBER)
    shown = view(telling)
    before = shown.counted[0].value
    content = telling.shop.register.content(report.content)
    october = next(one for one in telling.shop.register.records(Query(Case)) if one.received_at.month == 10 and one.received_at.year == 2026)
    telling.shop.changes(Case, october.id, received_at=october.received_at.replace(month=9))
    assert shown.counted[0].value != before
    assert telling.shop.register.content(report.content) == content


def test_a_report_is_saved_and_opened_and_removed(telling: Front, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    report = telling.shop.makes_report(ReportKind.WORKBOOK, OCTOBER)
    shown = view(telling)
    assert not shown.print_button.isVisible()
    assert any("spreadsheet program" in label.text() for label in shown.sheets.findChildren(QLabel))
    out = tmp_path / "out.xlsx"
    telling.asker.will("choose_file_to_save", out)
    shown.save_button.click()
    assert out.read_bytes() == telling.shop.register.content(report.content)
    opened: list[Path] = []
    monkeypatch.setattr("ui.panels.case_parts.opened", lambda path: opened.append(path) or True)
    shown.open_button.click()
    assert [path.name for path in opened] == ["Indicators, October 2026.xlsx"]
    shown.remove_button.click()
    assert kept(telling) == []


def test_a_damaged_report_says_so(telling: Front) -> None:
    telling.shop.do(reports.KEEP, reports.keep, ReportKind.MANAGEMENT, OCTOBER, None, "Broken", b"no pdf")
    shown = view(telling)
    assert any("damaged" in label.text() for label in shown.sheets.findChildren(QLabel))


def test_the_language_of_new_reports_is_chosen(telling: Front) -> None:
    shown = view(telling)
    assert shown.lang.chosen == "en"
    shown.lang.choose("pl")
    telling.dialogs.will(of_october)
    shown.make(ReportKind.WORKBOOK)
    assert kept(telling)[0].name == "Wskaźniki, październik 2026"


def test_the_reports_of_a_month_make_themselves_and_the_bar_leads_to_them(telling: Front, clock: Clock) -> None:
    telling.window.daybreak.make_reports()
    assert kept(telling) == [], "nobody asked for them"
    telling.shop.changes(ShopRecord, THE_SHOP, monthly_reports=True)
    telling.window.daybreak.make_reports()
    assert [one.kind for one in kept(telling)] == list(monthly_reports.KINDS)
    assert telling.said == "2 reports of the last month were made: Management report, October 2026"
    telling.window.toast.button.click()
    shown = view(telling)
    assert shown.report is not None
    assert shown.report.kind is ReportKind.MANAGEMENT
    assert "Made by itself" in shown.about.text()
    telling.window.daybreak.make_reports()
    assert len(kept(telling)) == 2


def test_the_page_remembers_which_report_was_open(telling: Front) -> None:
    first = telling.shop.makes_report(ReportKind.MANAGEMENT, OCTOBER)
    telling.shop.makes_report(ReportKind.WORKBOOK, Scope(date(2026, 9, 1), date(2026, 9, 30)))
    page = telling.page("analysis")
    page.open(Report, first.id)
    assert page.name == "reports"
    assert view(telling).report.id == first.id
    assert view(telling).table.current_id == first.id


def test_a_register_without_cases_can_have_its_honest_report(front: Front, clock: Clock) -> None:
    front.dialogs.will(of_october)
    shown = view(front)
    shown.make(ReportKind.MANAGEMENT)
    assert len(kept(front)) == 1
    assert shown.counted == []


def test_the_view_draws_each_report_once(telling: Front, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[int] = []
    monkeypatch.setattr(panel.reports, "pages", lambda _reading, report, _dots: drawn.append(report.id) or [])
    report = telling.shop.makes_report(ReportKind.MANAGEMENT, OCTOBER)
    shown = view(telling)
    telling.shop.changes(ShopRecord, THE_SHOP, city="Kraków")
    assert shown.report.id == report.id
    assert drawn == [report.id]
