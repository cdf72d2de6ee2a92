"""The indicators as a workbook to go on counting with: real numbers, rates as formulas of what they are made of, Excel's own charts."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from qmdesk.exchange.export_columns import UNWRITABLE
from qmdesk.exchange.shaped_sheet import MONEY, ShapedSheet, Value, for_paper, with_values
from qmdesk.exchange.workbook_writer import sheet_name
from qmdesk.i18n import _
from qmdesk.values import dataclass

if TYPE_CHECKING:  # slow to import, and only a workbook needs it
    from openpyxl import Workbook
    from openpyxl.chart.series import Series

FIRST = 4
"""The row of the headings in a sheet."""
MONTH = "mmm yyyy"
WIDTH, HEIGHT = 24.0, 7.6  # centimetres of a chart: two on a page across
ACCENT, OTHER, SIGNAL = "3B559E", "A9B4C8", "C2571A"
VITAL = 0.8


@dataclass(frozen=True)
class Line:
    """A figure of a group or a month. A ``rate`` is its numerator over its denominator and is written as a formula; else ``value`` is.

    Shares are fractions: 0.172 is 17.2 %.
    """

    group: str | date
    numerator: float
    denominator: float
    value: float | None
    low: float | None
    high: float | None
    n: int
    why: str = ""
    rate: bool = True


@dataclass(frozen=True)
class Table:
    """An indicator with its lines, the format its values are shown in, and its target."""

    name: str
    number_format: str
    lines: Sequence[Line]
    target: float | None = None


@dataclass(frozen=True)
class Bars:
    """A Pareto: name, count, count in the period before, cost of each bar in falling order."""

    title: str
    rows: Sequence[tuple[str, float, float, float]]


@dataclass(frozen=True)
class Content:
    """What goes into the workbook; every word is in its language."""

    title: str
    shop: str
    scope: str
    made: str
    by_month: Sequence[Table]
    by_group: Sequence[tuple[str, Sequence[Table]]]
    """A sheet each: its name, and the indicators split by it."""
    bars: Sequence[Bars]


def workbook(told: Content, lang: str) -> bytes:
    """The workbook as an .xlsx file."""
    import openpyxl  # slow to import

    book = openpyxl.Workbook()
    book.properties.creator = "QMDesk"
    book.properties.title = UNWRITABLE.sub("", told.title)
    book.properties.description = told.made
    first = book.active
    assert first is not None  # a new workbook has a sheet
    first.title = sheet_name(_("By month"))
    months = _begun(ShapedSheet(first, lang), told, _("Indicators by month"))
    spans = _tables(months, told.by_month, _("Month"), _("Indicator"))
    sheets = {first.title: months}
    trends = _begun(ShapedSheet(book.create_sheet(sheet_name(_("Trends"))), lang), told, _("Trends"))
    _trends(trends, months, told.by_month, spans)
    sheets[trends.sheet.title] = trends
    for name, tables in told.by_group:
        sheet = _begun(ShapedSheet(book.create_sheet(_free(book, name)), lang), told, name)
        _tables(sheet, tables, name, _("Indicator"))
        sheets[sheet.sheet.title] = sheet
    for bars in told.bars:
        sheet = _begun(ShapedSheet(book.create_sheet(_free(book, bars.title)), lang), told, bars.title)
        _pareto(sheet, bars)
        sheets[sheet.sheet.title] = sheet
    for sheet in sheets.values():
        for_paper(sheet.sheet, told.shop, lang, FIRST)
    raw = io.BytesIO()
    book.save(raw)
    return with_values(raw.getvalue(), [sheets[name].values for name in book.sheetnames])


def _free(book: Workbook, name: str) -> str:
    """A name for a sheet that no other has."""
    told, turn = sheet_name(" ".join(name.replace(":", " ").split())), 2
    while told in book.sheetnames:
        told, turn = sheet_name(f"{name[:26]} {turn}"), turn + 1
    return told


def _begun(sheet: ShapedSheet, told: Content, title: str) -> ShapedSheet:
    sheet.put(1, 1, title, style="title")
    sheet.put(2, 1, f"{told.shop}, {told.scope}", style="quiet")
    sheet.put(3, 1, told.made, style="quiet")
    return sheet


# ------------------------------------------------------------------------------------------- figures

_WIDTHS = (30, 24, 12, 13, 12, 12, 12, 9, 12, 60)


def _tables(sheet: ShapedSheet, tables: Sequence[Table], group: str, indicator: str) -> list[tuple[int, int]]:
    """A row a figure, the figures of an indicator below each other; returns the first and last row of each."""
    heads = (indicator, group, _("Numerator"), _("Denominator"), _("Value"), _("Low, 95 %"), _("High, 95 %"), "n", _("Target"), _("Remark"))
    for at, (head, width) in enumerate(zip(heads, _WIDTHS, strict=True), 1):
        sheet.put(FIRST, at, head, style="head")
        sheet.dress(FIRST, at, "head", right=2 < at < 10)
        sheet.sheet.column_dimensions[chr(64 + at)].width = width
    row, spans = FIRST, []
    for table in tables:
        first = row + 1
        for line in table.lines:
            row += 1
            _figure(sheet, row, table, line)
        spans.append((first, row))
    sheet.sheet.print_area = f"A1:J{max(row, FIRST + 1)}"
    sheet.sheet.freeze_panes = sheet.sheet.cell(FIRST + 1, 3)
    if row > FIRST:
        sheet.sheet.auto_filter.ref = f"A{FIRST}:J{row}"
    else:
        sheet.put(FIRST + 1, 1, _("There is nothing to count in the period."), style="quiet")
    return spans


def _figure(sheet: ShapedSheet, row: int, table: Table, line: Line) -> None:
    sheet.put(row, 1, table.name)
    sheet.put(row, 2, line.group, style="text", number_format=MONTH if isinstance(line.group, date) else "")
    for at, number in ((3, line.numerator), (4, line.denominator)):
        sheet.put(row, at, _plain(number), number_format="#,##0.##" if number != int(number) else "#,##0")
    if line.rate:
        sheet.total(row, 5, f'=IF(D{row}>0,C{row}/D{row},"")', line.value or 0.0, "number", number_format=table.number_format)
        if line.value is None:
            del sheet.values[f"E{row}"]
    else:
        sheet.put(row, 5, line.value, style="number", number_format=table.number_format)
    for at, bound in ((6, line.low), (7, line.high), (9, table.target)):
        sheet.put(row, at, bound, style="number", number_format=table.number_format)
    sheet.put(row, 8, line.n, number_format="#,##0")
    sheet.put(row, 10, line.why)
    sheet.heighten(row, 10, line.why)


def _plain(number: float) -> Value:
    return int(number) if number == int(number) else number


# -------------------------------------------------------------------------------------------- charts

_ROWS = 15
"""How many rows of a sheet a chart covers."""
_PARETO = 12.0
_PARETO_ROWS = 24


def _trends(sheet: ShapedSheet, months: ShapedSheet, tables: Sequence[Table], spans: Sequence[tuple[int, int]]) -> None:
    """A line for each indicator that has more than one month, with its target."""
    from openpyxl.chart import LineChart, Reference  # slow to import
    from openpyxl.worksheet.pagebreak import Break

    place = FIRST
    for table, (first, last) in zip(tables, spans, strict=True):
        if sum(line.value is not None for line in table.lines) < 2:
            continue
        chart = LineChart()
        chart.title, chart.width, chart.height = table.name, WIDTH, HEIGHT
        for column in (5, 9) if table.target is not None else (5,):
            chart.add_data(Reference(months.sheet, min_col=column, min_row=first, max_row=last))
        chart.set_categories(Reference(months.sheet, min_col=2, min_row=first, max_row=last))
        _named(chart.series[0], table.name, ACCENT)
        chart.series[0].marker.symbol, chart.series[0].marker.size = "circle", 6
        if table.target is not None:
            _named(chart.series[1], _("Target"), SIGNAL)
            chart.series[1].graphicalProperties.line.dashStyle = "dash"
        chart.y_axis.number_format = table.number_format
        chart.y_axis.scaling.min = 0 if all((line.value or 0) >= 0 for line in table.lines) else None
        if "%" in table.number_format and 0.8 < max(line.value or 0 for line in table.lines) <= 1:
            chart.y_axis.scaling.max = 1
        chart.x_axis.number_format = MONTH
        _shown(chart)
        chart.legend.position = "b"
        sheet.sheet.add_chart(chart, f"A{place}")
        place += _ROWS
        if (place - FIRST) // _ROWS % 2 == 0:
            sheet.sheet.row_breaks.append(Break(id=place - 1))
    sheet.sheet.print_area = f"A1:N{max(place, FIRST + 1)}"
    if place == FIRST:
        sheet.put(FIRST, 1, _("A trend takes two months at least."), style="quiet")


def _named(series: Series, name: str, colour: str) -> None:
    from openpyxl.chart.series import SeriesLabel  # slow to import

    series.tx = SeriesLabel(v=name)
    series.smooth = False
    series.graphicalProperties.line.solidFill = colour
    series.graphicalProperties.line.width = 22000


def _shown(chart: Any) -> None:
    """Axes are shown: some programs take what openpyxl leaves open for "deleted"."""
    chart.x_axis.delete = chart.y_axis.delete = False


def _pareto(sheet: ShapedSheet, bars: Bars) -> None:
    """The bars with their shares as formulas, and a chart of bars with the cumulative share on the second axis."""
    from openpyxl.chart import BarChart, LineChart, Reference  # slow to import

    heads = (_("Group"), _("Cases"), _("Share"), _("Together"), "80 %", _("Period before"), _("Cost of failure"))
    for at, (head, width) in enumerate(zip(heads, (36, 10, 10, 10, 8, 14, 16), strict=True), 1):
        sheet.put(FIRST, at, head, style="head")
        sheet.dress(FIRST, at, "head", right=at > 1)
        sheet.sheet.column_dimensions[chr(64 + at)].width = width
    first, last = FIRST + 1, FIRST + len(bars.rows)
    total, so_far = sum(count for _name, count, _before, _cost in bars.rows), 0.0
    for row, (name, count, before, cost) in enumerate(bars.rows, first):
        so_far += count
        sheet.put(row, 1, name)
        sheet.put(row, 2, _plain(count), number_format="#,##0")
        sheet.total(row, 3, f"=B{row}/SUM(B${first}:B${last})", count / total, "number", number_format="0%")
        sheet.total(row, 4, f"=SUM(B${first}:B{row})/SUM(B${first}:B${last})", so_far / total, "number", number_format="0%")
        sheet.put(row, 5, VITAL, number_format="0%")
        sheet.put(row, 6, _plain(before), number_format="#,##0")
        sheet.put(row, 7, cost, number_format=MONEY)
    sheet.sheet.freeze_panes = sheet.sheet.cell(FIRST + 1, 2)
    if not bars.rows:
        sheet.put(first, 1, _("There is nothing to count in the period."), style="quiet")
        return
    columns, shares = BarChart(), LineChart()
    columns.type, columns.gapWidth = "col", 40
    columns.title, columns.width, columns.height = bars.title, WIDTH, _PARETO
    columns.add_data(Reference(sheet.sheet, min_col=2, min_row=FIRST, max_row=last), titles_from_data=True)
    columns.set_categories(Reference(sheet.sheet, min_col=1, min_row=first, max_row=last))
    columns.series[0].graphicalProperties.solidFill = ACCENT
    columns.y_axis.scaling.min = 0
    columns.y_axis.number_format = "#,##0"
    for column, colour in ((4, SIGNAL), (5, OTHER)):
        shares.add_data(Reference(sheet.sheet, min_col=column, min_row=FIRST, max_row=last), titles_from_data=True)
        shares.series[-1].graphicalProperties.line.solidFill = colour
        shares.series[-1].smooth = False
    shares.series[1].graphicalProperties.line.dashStyle = "dash"
    shares.series[0].marker.symbol = "circle"
    shares.y_axis.axId = 200
    shares.y_axis.scaling.min, shares.y_axis.scaling.max = 0, 1
    shares.y_axis.number_format, shares.y_axis.crosses, shares.y_axis.majorGridlines = "0%", "max", None
    _shown(columns)
    shares.y_axis.delete = False
    columns += shares
    columns.legend.position = "b"
    sheet.sheet.add_chart(columns, f"A{last + 2}")
    sheet.sheet.print_area = f"A1:K{last + 2 + _PARETO_ROWS}"
