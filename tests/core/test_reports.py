"""Reports: what they say and look like, in both languages, of a shop without data and of one with very long names; kept, made by themselves."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from typing import Any

import openpyxl
import pytest

from qmdesk import i18n
from qmdesk.errors import Known, Problems
from qmdesk.operations import monthly_reports, reports
from qmdesk.operations.audit_papers import Paper
from qmdesk.operations.figures import facts
from qmdesk.operations.figures.management_report import report as management
from qmdesk.operations.figures.scope import Period, Scope
from qmdesk.operations.figures.supplier_report import report as to_supplier
from qmdesk.records.alert import Report, ReportKind
from qmdesk.records.case import Case
from qmdesk.records.shop import THE_SHOP
from qmdesk.records.shop import Shop as ShopRecord
from qmdesk.register import Reading, clock
from qmdesk.schema.query import Query
from qmdesk.store import driver
from tests.clock import Clock, standing
from tests.core.golden import is_paper_as_before, words
from tests.core.reported import OCTOBER, furnish
from tests.core.test_render import inflated
from tests.shop import Shop, day, open_shop

QUIET = 40  # dots per inch


@pytest.fixture(scope="module")
def telling(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """The invented shop on 20 November 2026."""
    with standing("2026-11-20"), open_shop(tmp_path_factory.mktemp("reports") / "shop.qmd", "pl") as shop:
        furnish(shop)
        yield shop


@pytest.fixture
def shop(tmp_path: Any) -> Iterator[Shop]:
    with standing("2026-11-20"), open_shop(tmp_path / "shop.qmd") as opened:
        yield opened


def paper(reading: Reading, kind: ReportKind, lang: str, scope: Scope = OCTOBER, supplier: int = 1) -> Paper:
    with i18n.speaking(lang):
        counted = facts.gather(reading)
        return (management(reading, counted, scope) if kind is ReportKind.MANAGEMENT else to_supplier(reading, counted, scope, supplier)).paper


def told(made: Paper) -> str:
    return words(made.content.facts).replace("\u00a0", " ")


@pytest.mark.parametrize("lang", ["pl", "en"])
def test_the_management_report_says_and_looks_as_it_did(telling: Shop, lang: str) -> None:
    is_paper_as_before(f"reports/management_{lang}", paper(telling.register, ReportKind.MANAGEMENT, lang))


@pytest.mark.parametrize("lang", ["pl", "en"])
def test_the_supplier_report_says_and_looks_as_it_did(telling: Shop, lang: str) -> None:
    is_paper_as_before(f"reports/supplier_{lang}", paper(telling.register, ReportKind.SUPPLIER, lang))


def test_the_management_report_tells_what_rose_what_to_do_and_what_is_late(telling: Shop) -> None:
    said = told(paper(telling.register, ReportKind.MANAGEMENT, "en"))
    for part in (
        "Clearly worse than in the period before: Complaint rate.", "Target at most 5 %: missed", "In the same weeks of last year it was 1.9 %: clearly worse now.", "Batch P-0927 (Kubek błękitny): 14 of 26 complained of, 0.8 expected.", "1 alert was raised in the period.", "“Pęka od wrzątku”: 13 cases, 93 % of all.",
        "Most often of Kubek błękitny (13 cases).", "An action runs on it: N/2026/0001 “Podwójne kartony” until 20 Oct 2026.", "Overdue actions", "Allegro", "Goods lost",
    ):  # fmt: skip
        assert part in said


def test_the_same_facts_are_the_same_file_an_archive_pdf(telling: Shop) -> None:
    first, second = (paper(telling.register, ReportKind.MANAGEMENT, "pl").pdf() for _turn in range(2))
    assert first == second
    assert b"pdfaid:part" in inflated(first)


def test_every_figure_has_its_records(telling: Shop) -> None:
    counted = facts.gather(telling.register)
    made = reports.made(telling.register, counted, ReportKind.MANAGEMENT, OCTOBER, "en")
    by_name = {one.name: one for one in made.counted}
    rate = by_name["Complaint rate"]
    assert (rate.kind, len(rate.ids)) == (Case, 14)
    october = [one.id for one in telling.register.records(Query(Case)) if one.received_at.date().isoformat().startswith("2026-10")]
    assert sorted(rate.ids) == sorted(october)
    assert {"Overdue actions", "Alerts", "Public opinions"} <= set(by_name)
    assert by_name["Overdue actions"].ids
    cost = by_name["Cost of quality: Goods lost"]
    assert cost.value == "PLN\u00a055.50"
    assert len(cost.ids) == 3


def test_a_shop_without_any_data_gets_a_short_honest_report(shop: Shop) -> None:
    for lang in ("pl", "en"):
        made = paper(shop.register, ReportKind.MANAGEMENT, lang)
        assert len(made.pages(QUIET)) == 1
        assert not made.pictures
    said = told(made)
    assert "Nothing was counted in this period." in said
    assert "No sales of this are known" in said
    assert "No action was begun yet." in said


@pytest.mark.parametrize("kind", [ReportKind.MANAGEMENT, ReportKind.SUPPLIER])
def test_names_that_are_very_long_or_look_like_markup_are_drawn(shop: Shop, kind: ReportKind) -> None:
    wild = "#panic() $x$ *bold* [link] <b>&amp; \\ " + "Bardzodługanazwabezspacji" * 4
    furnish(shop, (wild, "Zestaw upominkowy dla całej rodziny na każdą porę roku, w pudełku z kokardą i dedykacją", "Dzban", "Misa"), ("Wytwórnia Ceramiki Artystycznej i Użytkowej " * 3, "Huta"), "Uszkodzenie, o którym klient dowiedział się dopiero po tygodniu")
    for lang in ("pl", "en"):
        assert paper(shop.register, kind, lang).pdf().startswith(b"%PDF")


def test_the_supplier_report_names_no_customer_and_says_what_is_asked(telling: Shop) -> None:
    said = told(paper(telling.register, ReportKind.SUPPLIER, "en"))
    for part in ("Please answer 1 claim by 4 Dec 2026.", "1 of them is overdue.", "S/2026/0001", "P-0927", "clearly more often, more than chance explains", "4th quarter 2026", "Glinka"):
        assert part in said


def test_a_supplier_without_sales_is_told_so(shop: Shop) -> None:
    furnish(shop)
    said = told(paper(shop.register, ReportKind.SUPPLIER, "en", Scope(date(2020, 1, 1), date(2020, 1, 31)), 2))
    assert "No sale of your goods is known in this time." in said
    assert "Nothing is open between us. Thank you." in said


# -------------------------------------------------------------------------------------------- workbook


@pytest.fixture(scope="module")
def book(telling: Shop) -> openpyxl.Workbook:
    made = reports.made(telling.register, facts.gather(telling.register), ReportKind.WORKBOOK, OCTOBER, "en")
    return openpyxl.load_workbook(io.BytesIO(made.content()))


def rows(book: openpyxl.Workbook, sheet: str) -> list[tuple[Any, ...]]:
    return [row for row in book[sheet].iter_rows(min_row=5, values_only=True) if row[0]]


def test_the_workbook_has_real_numbers_and_rates_as_formulas(book: openpyxl.Workbook) -> None:
    assert book.sheetnames == ["By month", "Trends", "Cause", "Product", "Supplier", "Courier", "Channel", "Pareto Cause", "Pareto Product"]
    row, found = next((at, one) for at, one in enumerate(rows(book, "By month"), 5) if one[0] == "Complaint rate" and one[1].strftime("%Y-%m") == "2026-10")
    assert found[2:5] == (14, 53, f'=IF(D{row}>0,C{row}/D{row},"")')
    assert 0 < found[5] < 14 / 53 < found[6] < 1
    assert (found[7], found[8]) == (53, 0.05)
    sheet = book["By month"]
    assert (sheet.cell(row, 5).number_format, sheet.cell(row, 2).number_format) == ("0.0%", "mmm yyyy")
    settle = next(one for one in rows(book, "By month") if one[0] == "Time to settle, days")
    assert isinstance(settle[4], int | float), "a median is no quotient"
    assert "Glinka" in {one[1] for one in rows(book, "Supplier")}


def test_the_values_of_formulas_are_there_for_programs_that_calculate_nothing(telling: Shop) -> None:
    made = reports.made(telling.register, facts.gather(telling.register), ReportKind.WORKBOOK, OCTOBER, "pl")
    read = openpyxl.load_workbook(io.BytesIO(made.content()), data_only=True)
    assert read.sheetnames[0] == "Miesiące"
    found = next(one for one in rows(read, "Miesiące") if one[0] == "Odsetek reklamacji" and one[1].strftime("%Y-%m") == "2026-10")
    assert found[4] == pytest.approx(14 / 53)


def test_the_workbook_has_native_charts_and_is_ready_to_print(book: openpyxl.Workbook) -> None:
    charts = [len(sheet._charts) for sheet in book.worksheets]
    assert charts[1] >= 3, "a line for each indicator that has a trend"
    assert charts[-2:] == [1, 1], "a Pareto each"
    assert all(sheet.print_area for sheet in book.worksheets)
    assert all(sheet.freeze_panes for sheet in book.worksheets if sheet.title != "Trends")
    bars = rows(book, "Pareto Cause")
    assert bars[0][2].startswith("=B5/SUM(")
    assert [one[1] for one in bars] == sorted((one[1] for one in bars), reverse=True)


def test_a_name_that_looks_like_a_formula_is_text(shop: Shop) -> None:
    furnish(shop, ("=HYPERLINK(1)", "Talerz", "Dzban", "Misa"))
    made = reports.made(shop.register, facts.gather(shop.register), ReportKind.WORKBOOK, OCTOBER, "en")
    read = openpyxl.load_workbook(io.BytesIO(made.content()))
    named = [cell for row in read["Product"].iter_rows(min_row=5) for cell in row if cell.value == "=HYPERLINK(1)"]
    assert named
    assert {cell.data_type for cell in named} == {"s"}


# --------------------------------------------------------------------------------------------- keeping


def test_a_report_is_kept_as_it_was_made_and_removed(shop: Shop) -> None:
    furnish(shop)
    kept = shop.makes_report(ReportKind.MANAGEMENT, OCTOBER)
    assert (kept.name, reports.file_name(kept)) == ("Management report, October 2026", "Management report, October 2026.pdf")
    content = shop.register.content(kept.content)
    shop.changes(Case, 1, description="Pękł drugi raz.")
    assert shop.register.content(kept.content) == content, "what comes later changes no kept report"
    assert len(reports.pages(shop.register, kept, QUIET)) >= 3
    book = shop.makes_report(ReportKind.WORKBOOK, OCTOBER, "pl")
    assert book.name == "Wskaźniki, październik 2026"
    assert reports.pages(shop.register, book, QUIET) == []
    assert next(one.name for one in reports.counted(shop.register, facts.gather(shop.register), kept)) == "Complaint rate"
    shop.takes_report_away(kept)
    assert [one.id for one in shop.register.records(Query(Report))] == [book.id]


def test_what_a_report_needs_is_said(shop: Shop) -> None:
    with pytest.raises(Known, match="Choose the supplier"):
        reports.made(shop.register, facts.gather(shop.register), ReportKind.SUPPLIER, OCTOBER, "en")
    draft = Report(name="x", kind=ReportKind.SUPPLIER, since=day("2026-10-31"), until=day("2026-10-01"), made_at=shop.register.steps(1)[0][0].at, content="")
    with pytest.raises(Problems) as caught:
        reports.see_that_told(draft)
    assert [one.field for one in caught.value.problems] == ["until", "supplier"]


def test_a_damaged_pdf_says_so(shop: Shop) -> None:
    kept = shop.do(reports.KEEP, reports.keep, ReportKind.MANAGEMENT, OCTOBER, None, "x", b"no pdf")
    with pytest.raises(Known, match="damaged"):
        reports.pages(shop.register, kept, QUIET)


def test_the_reports_of_a_month_make_themselves_once(tmp_path: Any) -> None:
    with standing("2026-11-02") as clock, open_shop(tmp_path / "shop.qmd") as shop:
        furnish(shop)
        assert monthly_reports.make_due(shop.register, _quiet).reports == (), "the shop does not want them yet"
        shop.changes(ShopRecord, THE_SHOP, monthly_reports=True)
        assert monthly_reports.due(shop.register, clock().date()) == [ReportKind.MANAGEMENT, ReportKind.WORKBOOK]
        made = monthly_reports.make_due(shop.register, _quiet)
        assert [(one.kind, one.since, one.until, one.by_itself) for one in made.reports] == [
            (kind, day("2026-10-01"), day("2026-10-31"), True) for kind in (ReportKind.MANAGEMENT, ReportKind.WORKBOOK)
        ]  # fmt: skip
        assert monthly_reports.make_due(shop.register, _quiet).reports == ()
        shop.register.undo(shop.register.steps(1)[0][0].id)
        assert shop.register.records(Query(Report)) == [], "one step takes both back"
        assert monthly_reports.due(shop.register, clock().date()) == [], "what was taken back is not made again"
        _month_later(shop, clock)


def test_a_report_that_made_itself_and_was_removed_stays_removed(tmp_path: Any) -> None:
    with standing("2026-11-02") as clock, open_shop(tmp_path / "shop.qmd") as shop:
        furnish(shop)
        shop.changes(ShopRecord, THE_SHOP, monthly_reports=True)
        by_hand = shop.makes_report(ReportKind.MANAGEMENT, Scope(day("2026-10-01"), day("2026-10-31")))
        shop.do(reports.REMOVE, reports.remove, by_hand.id)
        assert len(monthly_reports.make_due(shop.register, _quiet).reports) == 2, "one made by hand and thrown away is none"
        for one in shop.register.records(Query(Report)):
            shop.do(reports.REMOVE, reports.remove, one.id)
        shop.reopens()
        assert monthly_reports.due(shop.register, clock().date()) == []
        assert monthly_reports.make_due(shop.register, _quiet).reports == ()


def test_a_spoilt_journal_does_not_keep_the_register_from_opening(tmp_path: Any) -> None:
    with standing("2026-11-02"), open_shop(tmp_path / "shop.qmd") as shop:
        furnish(shop)
        shop.changes(ShopRecord, THE_SHOP, monthly_reports=True)
        assert len(monthly_reports.make_due(shop.register, _quiet).reports) == 2
        for one in shop.register.records(Query(Report)):
            shop.do(reports.REMOVE, reports.remove, one.id)
        with closing(driver.connect(shop.path, read_only=False, busy_ms=1000)) as connection:
            kept = connection.execute("SELECT after, id FROM change WHERE kind = 'report' AND before IS NULL").fetchall()
            for spoilt in ("{", "", "[1]", "nothing"):
                connection.executemany("UPDATE change SET after = ? WHERE id = ?", [(spoilt, id_) for _after, id_ in kept])
                assert monthly_reports.due(shop.register, clock().date()) == list(monthly_reports.KINDS), "what can't be read is passed over"
            connection.executemany("UPDATE change SET after = ? WHERE id = ?", kept)
            assert monthly_reports.due(shop.register, clock().date()) == []


def _month_later(shop: Shop, clock: Clock) -> None:
    clock.set("2026-12-15")
    shop.makes_report(ReportKind.MANAGEMENT, Scope(day("2026-11-01"), day("2026-11-30")))
    assert monthly_reports.due(shop.register, clock().date()) == [ReportKind.WORKBOOK], "one made by hand is one"
    clock.set("2027-03-01")
    assert monthly_reports.last_month(clock().date()) == Period(day("2027-02-01"), day("2027-02-28"))
    assert monthly_reports.make_due(shop.register, _quiet).reports == (), "of a month without anything nothing is made"


def _quiet(_done: int = 0, _total: int = 0) -> None:
    """Nobody watches the progress."""


def test_a_paper_in_another_language_leaves_the_windows_alone(telling: Shop) -> None:
    i18n.use("en")
    assert "Raport dla kierownictwa" in told(paper(telling.register, ReportKind.MANAGEMENT, "pl"))
    assert i18n.language() == "en"
