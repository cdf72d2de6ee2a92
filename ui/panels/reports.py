"""The reports that were made: a list, the pages of the chosen one, and its figures with the records behind each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHeaderView, QMenu, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from qmdesk.analysis.drawing import Table
from qmdesk.errors import Known
from qmdesk.i18n import LANGUAGES, N_, _, show_moment
from qmdesk.operations import reports
from qmdesk.operations.figures.chart_series import Behind, Looked
from qmdesk.operations.figures.report_parts import Counted
from qmdesk.operations.figures.scope import Period, Scope
from qmdesk.records.alert import Report, ReportKind
from qmdesk.records.party import Supplier
from qmdesk.register import Reading, clock
from qmdesk.schema.query import Order, Query
from qmdesk.schema.record import Record
from ui import theme
from ui.ask import ran
from ui.desk import Desk
from ui.dialogs.print_pdf import DOTS as PRINTED
from ui.dialogs.print_pdf import print_pages
from ui.forms.dialog import RecordDialog
from ui.forms.form import RecordForm
from ui.panels.case_parts import open_content, save_content
from ui.panels.chart_panel import Choice
from ui.panels.figure_table import FigureTable
from ui.tables.model import TableModel, Titles, told
from ui.tables.paint import Cell
from ui.tables.view import TableView
from ui.widgets.button import Button
from ui.widgets.empty_state import EmptyState
from ui.widgets.flow import FlowLayout
from ui.widgets.plain_label import PlainLabel
from ui.widgets.sheets import Sheets

DOTS = 66
NOT_MADE = "0" * 64
"""Stands for the content while the period is asked for."""
NEW = {ReportKind.MANAGEMENT: N_("Management report…"), ReportKind.SUPPLIER: N_("Supplier report…"), ReportKind.WORKBOOK: N_("Indicator workbook…")}
ICONS = {ReportKind.MANAGEMENT: "pdf", ReportKind.SUPPLIER: "pdf", ReportKind.WORKBOOK: "workbook"}


class ReportsView(QWidget):
    """A view of the Analysis page. Figures are counted as the register stands now; the pages are those that were kept."""

    def __init__(self, desk: Desk, show_behind: Callable[[Behind], object]) -> None:
        super().__init__()
        self.desk, self._show_behind = desk, show_behind
        self.looked: Looked | None = None
        self.report: Report | None = None
        self.counted: Sequence[Counted] = ()
        self._drawn = 0
        split = QSplitter()
        left = QSplitter(Qt.Orientation.Vertical)
        left.addWidget(self._list())
        self._below = self._figures()
        left.addWidget(self._below)
        left.setChildrenCollapsible(False)
        left.setSizes([theme.em(12), theme.em(24)])
        split.addWidget(left)
        self.beside = QStackedWidget()
        self.nothing = EmptyState("pdf", _("Make the first report."), _("For the month, the quarter, or any time: figures, what stands out, what to do first. In Settings they can make themselves after each month."))
        self.beside.addWidget(self.nothing)
        self.beside.addWidget(self._card())
        split.addWidget(self.beside)
        split.setChildrenCollapsible(False)
        split.setStretchFactor(0, 2)
        split.setStretchFactor(1, 3)
        split.setSizes([theme.em(30), theme.em(45)])
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.addWidget(split)
        self.setFocusProxy(self.table)

    def _list(self) -> QWidget:
        left = QWidget()
        rows = QVBoxLayout(left)
        rows.setContentsMargins(0, 0, 0, 0)
        head = FlowLayout(gap=theme.em(0.5))
        self.new_button = Button(_("New report"), "add", "primary")
        self.new_button.setMenu(self._menu())
        self.new_button.setEnabled(not self.desk.register.read_only)
        own = reports.letters_language(self.desk.register)
        self.lang = Choice(_("Language of new reports"), [(own, LANGUAGES[own]), *((key, words) for key, words in LANGUAGES.items() if key != own)], lambda: None)
        head.addWidget(self.new_button)
        head.addWidget(self.lang)
        head.push(self.new_button)
        rows.addLayout(head)
        self.table = TableView(TableModel(self.desk.register, Report, (told("which", N_("Report"), _which, 26, whole=True),)))
        self.table.arrange(("which",))
        self.table.setAccessibleName(_("Reports"))
        self.table.warn = self.desk.ask.warn
        self.table.say_empty(_("No report was made yet."))
        self.table.on_current = self._show
        self.table.on_open = self._show_and_go
        self.table.on_order = lambda order: self.table.ask(Query(Report).by(order))
        rows.addWidget(self.table, 1)
        return left

    def _menu(self) -> QMenu:
        menu = QMenu(self)
        self.new_actions = {kind: menu.addAction(theme.icon(ICONS[kind]), _(words)) for kind, words in NEW.items()}
        for kind, action in self.new_actions.items():
            action.triggered.connect(lambda _on, kind=kind: self.make(kind))
        return menu

    def _card(self) -> QWidget:
        card = QWidget()
        rows = QVBoxLayout(card)
        rows.setContentsMargins(theme.em(0.8), 0, 0, 0)
        rows.setSpacing(theme.em(0.5))
        self.name = PlainLabel("", "heading", wrap=True, selectable=True)
        self.about = PlainLabel("", "muted", wrap=True)
        self.open_button = Button(_("Open"), "show", on_click=self.open_file)
        self.save_button = Button(_("Save…"), "save", on_click=self.save_file)
        self.print_button = Button(_("Print…"), "print", on_click=self.print_out)
        self.remove_button = Button(_("Remove"), "remove", on_click=self.remove)
        self.remove_button.setEnabled(not self.desk.register.read_only)
        head = FlowLayout(gap=theme.em(0.5))
        for button in (self.open_button, self.save_button, self.print_button, self.remove_button):
            head.addWidget(button)
        rows.addWidget(self.name)
        rows.addWidget(self.about)
        rows.addLayout(head)
        self.sheets = Sheets(_("Pages"))
        rows.addWidget(self.sheets, 1)
        return card

    def _figures(self) -> QWidget:
        below = QWidget()
        rows = QVBoxLayout(below)
        rows.setContentsMargins(0, theme.em(0.4), 0, 0)
        rows.setSpacing(theme.em(0.3))
        self.figures_hint = PlainLabel(_("Its figures, as the register stands now. Enter shows the records."), "muted", wrap=True)
        self.figures = FigureTable()
        self.figures.setAccessibleName(_("Figures of the report; Enter shows the records behind one."))
        self.figures.on_open = self.open_figure
        rows.addWidget(self.figures_hint)
        rows.addWidget(self.figures, 1)
        return below

    # -- what it shows

    def show_looked(self, looked: Looked) -> None:
        """Show the reports, their figures counted by these facts."""
        self.looked = looked
        self.table.table_model.forget_all()
        if self.table.table_model.query.order:
            self.table.refresh()
        else:
            self.table.ask(Query(Report).by(Order("made_at", True)))
        register = self.desk.register
        self.report = register.find(Report, self.report.id) if self.report else None
        if self.report is None and (first := self.table.current_id or next(iter(register.ids(self.table.table_model.query, 1)), None)):
            self.report = register.get(Report, first)
        self._bring_up()

    def _show(self, id_: int | None) -> None:
        if id_ is not None and (self.report is None or id_ != self.report.id):
            self.report = self.desk.register.get(Report, id_)
            self._bring_up()

    def _show_and_go(self, id_: int) -> None:
        self._show(id_)
        self.figures.setFocus()

    def open(self, id_: int) -> None:
        """Show a report, in the list too."""
        self.table.go_to(id_)
        self._show(id_)

    def _bring_up(self) -> None:
        report = self.report
        self.beside.setCurrentIndex(0 if report is None else 1)
        self._below.setVisible(report is not None)
        if report is None:
            return
        self.name.setText(report.name)
        self.about.setText(about(self.desk.register, report))
        self.print_button.setVisible(report.kind is not ReportKind.WORKBOOK)
        self.counted = reports.counted(self.desk.register, self.looked.facts, report) if self.looked is not None else ()
        self.figures.show_table(Table((_("Figure"), _("Value"), _("Records")), tuple((one.name, one.value, len(one.ids)) for one in self.counted)))
        self.figures.horizontalHeader().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)  # how many records is seen too
        if self._drawn != report.id:
            self._drawn = report.id
            self.sheets.clear()
            register = self.desk.register
            self.desk.jobs.run(_("Drawing the report"), lambda _progress: (report.id, reports.pages(register, report, DOTS)), self._take, self._not_drawn, self, modal=False)

    def _take(self, drawn: tuple[int, list[bytes]]) -> None:
        id_, pages = drawn
        if self.report is None or id_ != self.report.id:
            return  # another one was chosen meanwhile
        self.sheets.show_pages(pages)
        if not pages:
            self.sheets.add(PlainLabel(_("A workbook is looked at in a spreadsheet program: open it."), "muted", wrap=True))

    def _not_drawn(self, error: Exception) -> None:
        if isinstance(error, Known):
            self.sheets.add(PlainLabel(error.sentence, "problem", wrap=True))

    # -- what is done here

    def make(self, kind: ReportKind) -> None:
        """Ask for the period (and the supplier), make the report beside the user's work, and keep it."""
        scope = self.looked.scope if self.looked is not None else None
        preset: dict[str, Any] = {"kind": kind, "name": _(kind.label), "made_at": clock(), "content": NOT_MADE}
        if scope is not None:
            preset |= {"since": scope.since, "until": max(scope.since, min(scope.until, clock().date()))}
        fields = ("since", "until", "supplier") if kind is ReportKind.SUPPLIER else ("since", "until")
        drafts: list[Report] = []

        def take(_desk: Desk, _form: RecordForm, draft: Record) -> int:
            assert isinstance(draft, Report)
            reports.see_that_told(draft)
            drafts.append(draft)
            return 0

        dialog = RecordDialog(self.desk, Report, preset=preset, fields=fields, save=take, parent=self)
        dialog.setWindowTitle(_(kind.label))
        dialog.save_button.setText(_("Make"))
        if ran(dialog) and drafts:
            self._make(kind, Period(drafts[0].since, drafts[0].until), drafts[0].supplier)

    def _make(self, kind: ReportKind, period: Period, supplier: int | None) -> None:
        assert self.looked is not None
        register, facts, lang = self.desk.register, self.looked.facts, self.lang.chosen

        def work(_progress: object) -> tuple[str, bytes]:
            made = reports.made(register, facts, kind, Scope(period.since, period.until), lang, supplier)
            return made.name, made.content()

        def done(made: tuple[str, bytes]) -> None:
            kept = self.desk.attempt(reports.KEEP, reports.keep, kind, period, supplier, *made)
            if kept is not None:
                self.open(kept.id)
                self.figures.setFocus()

        self.desk.jobs.run(_("Making the report"), work, done, parent=self, modal=False)

    def open_figure(self, row: int) -> None:
        """Show the records behind a figure."""
        one = self.counted[row]
        self._show_behind(Behind(one.kind, list(one.ids), _("{name}: {value}").format(name=one.name, value=one.value)))

    def open_file(self) -> None:
        """Open the file in the program of the system."""
        if self.report is not None:
            open_content(self.desk, self.report.content, reports.file_name(self.report), own=True)

    def save_file(self) -> None:
        """Save the file where the user says."""
        if self.report is not None:
            save_content(self.desk, self.report.content, reports.file_name(self.report), self)

    def print_out(self) -> None:
        """Print the pages as they were kept."""
        if (report := self.report) is not None:
            print_pages(self.desk, report.name, lambda: reports.pages(self.desk.register, report, PRINTED), self)

    def remove(self) -> None:
        """Take the report away; undo brings it back."""
        if self.report is not None:
            self.desk.attempt(reports.REMOVE, reports.remove, self.report.id)


def _which(report: Report, _titles: Titles) -> Cell:
    """Which report it is, with a sign of its kind."""
    return Cell(report.name, None, ICONS[report.kind])


def about(reading: Reading, report: Report) -> str:
    """When a report was made, by whom, and about which supplier."""
    words = N_("Made by itself on {moment}") if report.by_itself else N_("Made on {moment}")
    supplier = reading.title(Supplier, report.supplier) if report.supplier else ""
    return " · ".join(part for part in (_(report.kind.label), supplier, _(words).format(moment=show_moment(report.made_at))) if part)
