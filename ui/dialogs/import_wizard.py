"""Taking in a file in four moves: choose it, see what it is, map its columns, look at the dry run, take it in."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import (
    QComboBox,
    QFormLayout,
    QHBoxLayout,
    QHeaderView,
    QScrollArea,
    QStackedWidget,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from qmdesk.errors import Known
from qmdesk.exchange import frame, mapping, sources
from qmdesk.exchange.mapping import Mapping
from qmdesk.exchange.reader import Table, read_table
from qmdesk.i18n import N_, _, n_, show_number
from qmdesk.operations import imports
from qmdesk.operations.imports import Report
from qmdesk.register import Change, Done
from ui import theme
from ui.desk import Desk
from ui.widgets.button import Button
from ui.widgets.dialog import Dialog
from ui.widgets.empty_state import EmptyState
from ui.widgets.plain_label import PlainLabel
from ui.widgets.within_screen import resize_within

FILES = "*.csv *.tsv *.txt *.xlsx *.xlsm *.xls *.ods"
ENCODINGS = ("", "utf-8", "cp1250", "iso-8859-2", "utf-16")
DELIMITERS = (("", N_("Recognised")), (";", ";"), (",", ","), ("\t", N_("Tab")), ("|", "|"))
DAY_ORDERS = (("", N_("Recognised")), ("dmy", N_("Day, month, year")), ("mdy", N_("Month, day, year")), ("ymd", N_("Year, month, day")))
DECIMALS = (("", N_("Recognised")), (",", N_("Comma: 1234,50")), (".", N_("Point: 1234.50")))
HEADER_ROWS = 30  # offered where the header was taken for another row
MOST_TROUBLES = 200


@dataclass(frozen=True)
class _Read:
    """A file as it was read: with which settings, and what came out."""

    path: Path
    table: Table


class ImportWizard(Dialog):
    """One window, four pages; going back loses nothing."""

    def __init__(self, desk: Desk, target: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.desk = desk
        self.read: _Read | None = None
        self.mapping: Mapping | None = None
        self.report: Report | None = None
        self._wanted = next((name for name, one in mapping.TARGETS.items() if one.main.spec.table == target), "")
        self.setWindowTitle(_("Import"))
        self.title = PlainLabel("", "title")
        self.pages = QStackedWidget()
        self.pages.addWidget(self._choose_page())
        self.pages.addWidget(self._map_page())
        self.pages.addWidget(self._report_page())
        self.back = Button(_("Back"), "left", on_click=lambda: self._turn(self.pages.currentIndex() - 1))
        self.next = Button("", part="primary", on_click=self.go_on)
        self.cancel = Button(_("Cancel"), on_click=self.reject)
        for button in (self.back, self.cancel):
            button.setAutoDefault(False)
        self.note = PlainLabel("", "problem", wrap=True)
        line = QHBoxLayout()
        line.addWidget(self.cancel)
        line.addStretch()
        line.addWidget(self.back)
        line.addWidget(self.next)
        rows = QVBoxLayout(self)
        edge = theme.em(1.2)
        rows.setContentsMargins(edge, edge, edge, edge)
        rows.addWidget(self.title)
        rows.addWidget(self.pages, 1)
        rows.addWidget(self.note)
        rows.addLayout(line)
        resize_within(self, theme.em(90), theme.em(50))
        self.setAcceptDrops(True)
        self._turn(0)

    # -- the pages

    def _choose_page(self) -> QWidget:
        self.choose = EmptyState(
            "import",
            _("Choose the file, or drop it here."),
            _("An export of your shop (Shopify, WooCommerce, PrestaShop, eBay, Amazon, Allegro, Zendesk) or a workbook of your own: csv, xlsx, xls, ods."),
            _("Choose a file…"),
        )
        self.choose.chosen.connect(self._choose)
        return self.choose

    def _map_page(self) -> QWidget:
        page = QWidget()
        columns = QHBoxLayout(page)
        columns.setContentsMargins(0, 0, 0, 0)
        self.fields = QTableWidget(0, 3)
        self.fields.setAccessibleName(_("Which column feeds which field"))
        self.fields.setHorizontalHeaderLabels([_("Our field"), _("Column of the file"), _("Examples")])
        self.fields.verticalHeader().hide()
        self.fields.horizontalHeader().setSectionResizeMode(2, QHeaderView.ResizeMode.Stretch)
        self.fields.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
        self.fields.setSelectionMode(QTableWidget.SelectionMode.NoSelection)
        self.fields.setShowGrid(False)
        self.fields.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        columns.addWidget(self.fields, 3)
        side = QVBoxLayout()
        form = QFormLayout()
        form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapAllRows)
        form.setVerticalSpacing(theme.em(0.3))
        self.target, self.source, self.profile = QComboBox(), QComboBox(), QComboBox()
        self.encoding, self.delimiter, self.day_order, self.decimal, self.sheet, self.header = (QComboBox() for _box in range(6))
        for name, target in mapping.TARGETS.items():
            self.target.addItem(_(target.main.spec.plural), name)
        self.encoding.addItem(_("Recognised"), "")
        for encoding in ENCODINGS[1:]:
            self.encoding.addItem(encoding.upper(), encoding)
        for box, choices in ((self.delimiter, DELIMITERS), (self.day_order, DAY_ORDERS), (self.decimal, DECIMALS)):
            for value, words in choices:
                box.addItem(_(words), value)
        self.header.addItem("", 0)
        for row in range(1, HEADER_ROWS + 1):
            self.header.addItem(str(row), row)
        self._read_boxes = ((_("Encoding"), self.encoding), (_("Columns are parted by"), self.delimiter), (_("Sheet"), self.sheet), (_("Headings in row"), self.header))
        boxes = (
            (_("Comes in as"), self.target),
            (_("Written by"), self.source),
            (_("Kept mapping"), self.profile),
            (_("Days are written as"), self.day_order),
            (_("Decimal sign"), self.decimal),
            *self._read_boxes,
        )
        for words, box in boxes:
            box.setAccessibleName(words)
            form.addRow(PlainLabel(words, "muted"), box)
        self._settings = form
        side.addLayout(form)
        self.why = PlainLabel("", "small", wrap=True)
        side.addWidget(self.why)
        self.troubles = PlainLabel("", "problem", wrap=True)
        side.addWidget(self.troubles)
        side.addStretch()
        side.addWidget(Button(_("Keep this mapping…"), "save", on_click=self._keep_profile))
        inner = QWidget()
        theme.mark(inner, "page")
        inner.setLayout(side)
        panel = QScrollArea()  # with large text it is higher than a small screen
        panel.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        panel.setWidgetResizable(True)
        panel.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        panel.setWidget(inner)
        panel.setFixedWidth(theme.em(22))
        columns.addWidget(panel)
        self.target.activated.connect(lambda _at: self._guess(""))
        self.source.activated.connect(lambda _at: self._guess(self.source.currentData()))
        self.profile.activated.connect(lambda _at: self._use_profile())
        self.day_order.activated.connect(lambda _at: self._option(day_order=self.day_order.currentData()))
        self.decimal.activated.connect(lambda _at: self._option(decimal=self.decimal.currentData()))
        for _words, box in self._read_boxes:
            box.activated.connect(lambda _at: self._read_again())
        return page

    def _report_page(self) -> QWidget:
        page = QWidget()
        rows = QVBoxLayout(page)
        rows.setContentsMargins(0, 0, 0, 0)
        self.counts = PlainLabel("", "heading", wrap=True)
        self.counts_more = PlainLabel("", "muted", wrap=True)
        self.refused = QTableWidget(0, 4)
        self.refused.setAccessibleName(_("Rejected rows"))
        self.refused.setHorizontalHeaderLabels([_("Row"), _("Column"), _("Value"), _("Why it was rejected")])
        self.refused.verticalHeader().hide()
        self.refused.horizontalHeader().setSectionResizeMode(3, QHeaderView.ResizeMode.Stretch)
        self.refused.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        self.refused.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
        self.refused.setShowGrid(False)
        self.refused.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        for place, wide in enumerate((5, 13, 15)):
            self.refused.setColumnWidth(place, theme.em(wide))
        self.rejected_button = Button(_("Save the rejected rows as a workbook…"), "workbook", on_click=self._save_rejected)
        rows.addWidget(self.counts)
        rows.addWidget(self.counts_more)
        rows.addSpacing(theme.em(0.5))
        rows.addWidget(self.refused, 1)
        rows.addWidget(self.rejected_button, 0, Qt.AlignmentFlag.AlignLeft)
        rows.addStretch()
        return page

    def _turn(self, place: int) -> None:
        self.note.setText("")
        self.pages.setCurrentIndex(place)
        name = self.read.path.name if self.read else ""
        titles = (_("Import a file"), _("What is what in {file}").format(file=name), _("What would happen"))
        words = (_("Choose a file…"), _("Dry run"), _("Import it"))
        self.title.setText(titles[place])
        self.next.setText(words[place])
        self.back.setVisible(place > 0)
        self.next.setVisible(place > 0)
        self.next.setEnabled(place != 2 or not self.desk.register.read_only)
        self.next.setDefault(place > 0)

    def go_on(self) -> None:
        """Do what the page's main button says; a second click while it is done is none."""
        if self.desk.jobs.busy:
            return
        (self._choose, self.dry_run, self.take_in)[self.pages.currentIndex()]()

    # -- choosing and reading

    def _choose(self) -> None:
        path = self.desk.ask.choose_file_to_open(_("Choose the file to import"), [(_("Tables"), FILES), (_("All files"), "*")], parent=self)
        if path is not None:
            self.read_file(path)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        files = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
        if files:
            self.read_file(files[0])

    def read_file(self, path: Path, *, encoding: str | None = None, delimiter: str | None = None, sheet: str | None = None, header_row: int | None = None) -> None:
        """Read a file in the worker and go to the mapping; what isn't given is found out."""
        known = mapping.known_headers()
        fresh = not (encoding or delimiter or sheet or header_row)
        self.desk.jobs.run(
            _("Reading {file}").format(file=path.name),
            lambda progress: read_table(path, encoding=encoding, delimiter=delimiter, sheet=sheet, header_row=header_row, known_headers=known, progress=progress),
            lambda table: self._opened(path, table, fresh=fresh),
            self._failed,
            self,
        )

    def _opened(self, path: Path, table: Table, *, fresh: bool) -> None:
        self.read = _Read(path, table)
        self._show_settings(fresh)
        self._guess("")
        self._turn(1)

    def _failed(self, error: Exception) -> None:
        if isinstance(error, Known):
            self.desk.ask.warn(error.sentence, parent=self)

    def _read_again(self) -> None:
        assert self.read is not None
        sheet = self.sheet.currentData() if self.sheet.count() else None
        self.read_file(
            self.read.path,
            encoding=self.encoding.currentData() or None,
            delimiter=self.delimiter.currentData() or None,
            sheet=sheet,
            header_row=self.header.currentData() or None,
        )

    def _show_settings(self, fresh: bool) -> None:
        assert self.read is not None
        table = self.read.table
        text = table.encoding is not None
        self.encoding.setEnabled(text)
        self.delimiter.setEnabled(text)
        if fresh:
            self.encoding.setCurrentIndex(0)
            self.delimiter.setCurrentIndex(0)
            self.header.setCurrentIndex(0)
        if not self.header.currentData():
            self.header.setItemText(0, _("Recognised: {what}").format(what=table.header_row))
        self.encoding.setItemText(0, _("Recognised: {what}").format(what=(table.encoding or "").upper()) if text else _("Recognised"))
        self.sheet.clear()
        for name in table.sheets:
            self.sheet.addItem(name, name)
        self.sheet.setEnabled(len(table.sheets) > 1)
        if table.sheet:
            self.sheet.setCurrentIndex(self.sheet.findData(table.sheet))
        self.profile.clear()
        self.profile.addItem(_("(none)"), "")
        for kept in self.desk.register.records(imports.profiles_query()):
            self.profile.addItem(kept.name, kept.name)
        self.profile.setEnabled(self.profile.count() > 1)
        for box in (self.encoding, self.delimiter, self.sheet, self.profile):
            self._settings.setRowVisible(box, box.isEnabled())  # only what there is to choose
        guesses = mapping.recognise(table.headers, self._wanted or None)
        if fresh and guesses:
            self.target.setCurrentIndex(self.target.findData(guesses[0].target))

    # -- mapping

    def _guess(self, source: str) -> None:
        """Map the columns as the source says; without one as the likeliest of the target."""
        assert self.read is not None
        headers, target = self.read.table.headers, self.target.currentData()
        guesses = mapping.recognise(headers, target)
        self.source.clear()
        for guess in guesses:
            self.source.addItem(sources.source_label(guess.source), guess.source)
        chosen = source or (guesses[0].source if guesses else sources.OWN)
        self.source.setCurrentIndex(max(0, self.source.findData(chosen)))
        self.why.setText(next((guess.why for guess in guesses if guess.source == chosen), ""))
        try:
            self._take_mapping(mapping.mapping_for(headers, target, chosen))
        except Known as error:
            self.note.setText(error.sentence)

    def _use_profile(self) -> None:
        name = self.profile.currentData()
        if not name:
            return
        try:
            kept = imports.profile(self.desk.register, name)
        except Known as error:
            self.note.setText(error.sentence)
            return
        self.target.setCurrentIndex(self.target.findData(kept.target))
        self._take_mapping(kept)

    def _take_mapping(self, taken: Mapping) -> None:
        self.mapping = taken
        self.day_order.setCurrentIndex(max(0, self.day_order.findData(taken.day_order)))
        self.decimal.setCurrentIndex(max(0, self.decimal.findData(taken.decimal)))
        self._fill_fields()
        self._check()

    def _option(self, **changed: Any) -> None:
        assert self.mapping is not None
        self.mapping = replace(self.mapping, **changed)
        self._check()

    def _fill_fields(self) -> None:
        assert self.mapping is not None
        assert self.read is not None
        target = mapping.target_named(self.mapping.target)
        listed = list(mapping.places_of(target).items())
        together = {path: fed for path, fed in self.mapping.columns.items() if len(fed) > 1}
        choices = QStandardItemModel(self.fields)  # one for all the boxes: a file may have hundreds of columns
        for words, data in (
            ("–", ""),
            *(((" + " if path in self.mapping.joined else " / ").join(fed), "\n".join(fed)) for path, fed in together.items()),  # a header is one line
            *((header, header) for header in sources.unique_headers(self.read.table.headers)),
        ):
            item = QStandardItem(words)
            item.setData(data, Qt.ItemDataRole.UserRole)
            choices.appendRow(item)
        self.fields.setRowCount(len(listed))
        for row, (path, place) in enumerate(listed):
            words = place.label(target) + (" *" if place.field.required and place.kind is target.main else "")
            self.fields.setItem(row, 0, QTableWidgetItem(words))
            box = QComboBox()
            box.setAccessibleName(words)
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)  # the column is as wide as it is
            box.setModel(choices)
            box.setCurrentIndex(max(0, box.findData("\n".join(self.mapping.columns.get(path, ())))))
            if path in self.mapping.guessed:
                box.setToolTip(_("Guessed: the names are only similar. Look at the examples."))
            box.activated.connect(lambda _at, path=path, box=box: self._feed(path, box.currentData()))
            self.fields.setCellWidget(row, 1, box)
            self.fields.setItem(row, 2, QTableWidgetItem(""))
        self.fields.setColumnWidth(0, theme.em(18))
        self.fields.setColumnWidth(1, theme.em(17))
        self.fields.resizeRowsToContents()

    def _feed(self, path: str, headers: str) -> None:
        assert self.mapping is not None
        self.mapping = self.mapping.feeding(path, *headers.splitlines())
        self._check()

    def _check(self) -> None:
        """Show samples beside the fields and the problems of the first rows."""
        assert self.mapping is not None
        assert self.read is not None
        self.note.setText("")
        try:
            looked = frame.preview(self.mapping, self.read.table, sources.recipe(self.mapping.source))
        except Known as error:
            self.troubles.setText(error.sentence)
            self.next.setEnabled(False)
            return
        for row, path in enumerate(mapping.places_of(mapping.target_named(self.mapping.target))):
            fed = self.mapping.columns.get(path, ())
            said = "   ".join(looked.samples.get(path, ()))
            item = self.fields.item(row, 2)
            item.setText(said)
            bad = [trouble for trouble in looked.problems if fed and trouble.column == fed[0]]
            item.setForeground(theme.colour("bad" if bad else "muted"))
            item.setToolTip("\n".join(trouble.reason for trouble in bad[:5]))
        told = [trouble.reason if trouble.row is None else _("Row {row}: {reason}").format(row=trouble.row, reason=trouble.reason) for trouble in looked.problems[:4]]
        more = len(looked.problems) - len(told)
        if more > 0:
            told.append(n_("… and {n} more problem", "… and {n} more problems", more))
        self.troubles.setText("\n".join(told))
        self.next.setEnabled(not any(trouble.row is None for trouble in looked.problems))

    def _keep_profile(self) -> None:
        if self.mapping is None:
            return
        name = self.desk.ask.ask_text(_("Keep this mapping"), _("Under which name?"), self.source.currentText(), parent=self)
        if name:
            self.desk.attempt(N_("Keep an import profile"), imports.keep_profile, name, self.mapping)

    # -- taking in

    def dry_run(self) -> None:
        """See what would happen, in the worker, and go to the report."""
        assert self.read is not None
        assert self.mapping is not None
        table, mapped, register = self.read.table, self.mapping, self.desk.register
        if register.read_only:
            self.note.setText(register.why_read_only)
            return
        self.desk.jobs.run(_("Looking at every row"), lambda progress: imports.dry_run(register, table, mapped, progress), self._show_report, self._failed, self)

    def _show_report(self, report: Report) -> None:
        self.report = report
        self.counts.setText(report.sentence())
        notes = [_("{rows} rows were read.").format(rows=show_number(report.rows_read))]
        assert self.read is not None
        notes += self.read.table.notes
        self.counts_more.setText(" ".join(notes))
        shown = report.rejected[:MOST_TROUBLES]
        self.refused.setRowCount(len(shown))
        for row, one in enumerate(shown):
            for place, text in enumerate((str(one.row), one.column, one.value, one.reason)):
                self.refused.setItem(row, place, QTableWidgetItem(text))
        self.refused.setVisible(bool(shown))
        self.rejected_button.setVisible(bool(shown))
        self._turn(2)

    def take_in(self) -> None:
        """Take the file in, in the worker, as one step that can be undone."""
        assert self.read is not None
        assert self.mapping is not None
        table, mapped, register = self.read.table, self.mapping, self.desk.register
        self.desk.jobs.run(_("Importing {file}").format(file=self.read.path.name), lambda progress: imports.run(register, table, mapped, progress), self._done, self._failed, self)

    def _done(self, done: Done[Report]) -> None:
        self.report = done.result
        change: Change = done.change
        self.accept()
        self.desk.tell(change)

    def _save_rejected(self) -> None:
        assert self.read is not None
        assert self.report is not None
        suggested = self.read.path.with_name(_("{file} rejected").format(file=self.read.path.stem) + ".xlsx")
        path = self.desk.ask.choose_file_to_save(_("Save the rejected rows"), suggested, [(_("Workbooks"), "*.xlsx")], parent=self)
        if path is None:
            return
        try:
            imports.rejected_workbook(self.report, self.read.table, path)
        except Known as error:
            self.desk.ask.warn(error.sentence, parent=self)
        else:
            self.desk.on_saved(_("{file} was written.").format(file=path.name), path)


