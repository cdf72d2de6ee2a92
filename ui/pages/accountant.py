"""The accountant's month: gaps to mend, totals per rate, both registers, payments; the pack, and closing the month."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStackedWidget,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from qmdesk.i18n import _, n_, show_amount, show_moment, show_month
from qmdesk.law import vat
from qmdesk.operations import books, month_pack, refund_split
from qmdesk.operations import month as months
from qmdesk.operations.closed_books import closing
from qmdesk.operations.registers import the_shop
from qmdesk.records.books import InvoiceCorrection, MistakeEntry, MonthLock, Payment, RefundEntry
from qmdesk.records.case import Case, CaseItem
from qmdesk.records.deadline import Deadline
from qmdesk.records.month import Month, Opened, OpenItem, totals
from qmdesk.records.paper import IssuedDocument
from qmdesk.records.shop import Shop
from qmdesk.register import Change
from qmdesk.schema import types
from qmdesk.schema.record import Record
from ui import theme
from ui.ask import ran
from ui.desk import Desk, Page
from ui.forms.dialog import RecordDialog
from ui.jobs import Progress
from ui.panels.books_parts import Corrections, Payments, Register, ask_rate
from ui.widgets.button import Button, IconButton
from ui.widgets.empty_state import EmptyState
from ui.widgets.findings import Finding, Findings
from ui.widgets.flow import FlowLayout
from ui.widgets.pill import Pill
from ui.widgets.plain_label import PlainLabel
from ui.widgets.tabs import Tabs

Open = Callable[[type[Record], int], None]


class AccountantPage(Page):
    """One month at a time, until it is closed."""

    shows = (RefundEntry, MistakeEntry, InvoiceCorrection, MonthLock, Payment, Case, CaseItem, IssuedDocument, Deadline, Shop)

    def __init__(self, desk: Desk, open_record: Open, import_file: Callable[[str], None]) -> None:
        super().__init__(desk)
        self._open = open_record
        self._told: Month | None = None
        self.month = months.at_hand(desk.register)
        rows = QVBoxLayout(self)
        edge = theme.em(1)
        rows.setContentsMargins(edge, edge, edge, 0)
        rows.setSpacing(theme.em(0.6))
        rows.addLayout(self._head())
        self.summary = PlainLabel("", "muted", wrap=True)
        rows.addWidget(self.summary)
        self.stack, self.tabs = QStackedWidget(), Tabs()
        rows.addWidget(self.stack, 1)
        self.stack.addWidget(self.tabs)
        self.overview = _Overview(self._mend)
        self.returns = Register(desk, RefundEntry, open_record)
        self.mistakes = Register(desk, MistakeEntry, open_record)
        self.corrections = Corrections(desk)
        self.payments = Payments(desk, open_record, import_file)
        for part, words in (
            (self.overview, _("Month")),
            (self.returns, _("Returns")),
            (self.mistakes, _("Mistakes")),
            (self.corrections, _("Corrective invoices")),
            (self.payments, _("Payments")),
        ):
            self.tabs.addTab(part, words)
        self.tabs.currentChanged.connect(lambda _at: self._show_part())
        self.nothing = EmptyState("accountant", "")
        self.nothing.chosen.connect(self._begin)
        self.nothing.button.setEnabled(not desk.register.read_only)
        self.stack.addWidget(self.nothing)
        self._begun = False  # whether the user went on from the empty page

    def _head(self) -> FlowLayout:
        line = FlowLayout(gap=theme.em(0.5))
        self.earlier = IconButton("left", _("Earlier month (Alt+Left)"), lambda: self.turn(-1))
        self.later = IconButton("right", _("Later month (Alt+Right)"), lambda: self.turn(1))
        self.title = PlainLabel("", "title")
        self.state = Pill()
        self.pack_button = Button(_("Pack for the accountant…"), "export", on_click=self.write_pack)
        self.reopen_button = Button(_("Open again…"), "unlock", on_click=self.reopen)
        self.close_button = Button(_("Close the month…"), "lock", "primary", self.close_month)
        for part in (self.earlier, self.title, self.later, self.state, self.pack_button, self.reopen_button, self.close_button):
            line.addWidget(part)
        line.push(self.pack_button)
        for keys, step in (("Alt+Left", -1), ("Alt+Right", 1)):
            QShortcut(QKeySequence(keys), self, lambda step=step: self.turn(step))
        return line

    # -- showing

    def turn(self, step: int) -> None:
        """Show an earlier or a later month."""
        self.show_month(months.next_to(self.month, step))

    def show_month(self, month: str) -> None:
        """Show another month."""
        self.month = month
        self.refresh()

    def stops(self) -> Sequence[QWidget]:
        tables = (part.table for part in (self.returns, self.mistakes, self.corrections, self.payments))
        return self.overview.findings, self.payments.findings, *tables, self.nothing.button, self.tabs

    def place(self) -> Any:
        return self.month, self.tabs.currentIndex()

    def return_to(self, place: Any) -> None:
        self.tabs.setCurrentIndex(place[1])
        self.show_month(place[0])

    def open(self, kind: type[Record], id_: int) -> None:
        """Show an entry of a register, or a payment."""
        if kind is Payment:
            self.tabs.setCurrentWidget(self.payments)
            self.payments.table.go_to(id_)
            return
        part = self.returns if kind is RefundEntry else self.mistakes
        self.show_month(self.desk.register.get(part.kind, id_).month)
        self.tabs.setCurrentWidget(part)
        part.table.go_to(id_)

    def refresh(self) -> None:
        register = self.desk.register
        self._told = told = months.collect(register, self.month)
        lock = closing(register, self.month)
        name = show_month(self.month)
        self.title.setText(name[:1].upper() + name[1:])  # a title begins with a capital, in Polish too
        self.state.show_state(_("Month closed") if lock else _("Month open"), "good" if lock else "neutral", "lock" if lock else "unlock")
        self.summary.setText(self._sentence(told, lock))
        writable = not register.read_only
        self.close_button.setVisible(lock is None)
        self.reopen_button.setVisible(lock is not None)
        self.close_button.setEnabled(writable and self.month <= months.current())
        self.reopen_button.setEnabled(writable)
        self.overview.say(told, months.history(register, self.month))
        gaps = len(told.gaps)
        self.tabs.setTabText(0, _("Month ({count})").format(count=gaps) if gaps else _("Month"))
        self._show_part()
        begun = self._begun or months.begun(register)
        self.stack.setCurrentWidget(self.tabs if begun else self.nothing)
        if not begun:
            self._say_what_to_do_first()

    def _say_what_to_do_first(self) -> None:
        if the_shop(self.desk.register).country.upper() != vat.COUNTRY:
            advice = _("These are the registers of Polish cash-register law; refunds of a shop in another country are not entered by themselves.")
            self.nothing.say(_("No refunds yet."), advice, _("Enter one by hand"))
            return
        advice = _("When a case says that the money went back, the refund comes into the register by itself. Fill in the VAT rates of your products first, and import your bank statement to compare.")
        self.nothing.say(_("No refunds yet."), advice, _("Enter one by hand"))

    def _begin(self) -> None:
        self._begun = True
        self.stack.setCurrentWidget(self.tabs)
        self.tabs.setCurrentWidget(self.returns)
        self.returns.add()

    def _show_part(self) -> None:
        part, register = self.tabs.currentWidget(), self.desk.register
        writable = not register.read_only
        if part in (self.returns, self.mistakes):
            part.show_month(self.month, writable=writable and closing(register, self.month) is None)
        elif part in (self.corrections, self.payments):
            part.show_all(writable=writable)

    def _sentence(self, told: Month, lock: MonthLock | None) -> str:
        if lock is not None:
            return _("Closed on {moment}; nothing in it can be changed. Checksum {digest}…").format(moment=show_moment(lock.locked_at), digest=lock.digest[:12])
        if told.empty and not told.gaps:
            return _("Nothing happened in this month.")
        if not told.gaps:
            return _("Nothing is missing. The month can be closed.")
        return n_("{n} gap to mend before the month is closed.", "{n} gaps to mend before the month is closed.", len(told.gaps))

    # -- mending

    def _mend(self, item: OpenItem) -> None:
        """Lead to what a gap asks for."""
        register = self.desk.register
        if item.what is Opened.NO_RATE:
            ask_rate(self.desk, register.get(Case, item.id), self)
        elif item.what is Opened.NO_ENTRY and books.why_not_booked(register, register.get(Case, item.id)) is None:
            self.desk.attempt(books.BOOK, books.book_case, item.id)
        elif item.kind is Case:
            self._open(Case, item.id)
        elif item.kind is InvoiceCorrection:
            ran(RecordDialog(self.desk, InvoiceCorrection, register.get(InvoiceCorrection, item.id), parent=self))
        elif item.what is Opened.NO_REFUND and (case := register.get(RefundEntry, item.id).case):
            self._open(Case, case)
        elif item.what in (Opened.UNSIGNED, Opened.NO_REFUND, Opened.NO_DOCUMENT, Opened.NO_RIGHT_RECEIPT):
            (self.returns if item.kind is RefundEntry else self.mistakes).note(item.id)
        else:
            self.open(item.kind, item.id)

    # -- the pack, closing, opening again

    def write_pack(self) -> None:
        """Write the pack of the month into a folder; the month stays as it is."""
        if folder := self._folder():
            self._write(folder, lock=False)

    def close_month(self) -> None:
        """Write the pack and close the month by its digest."""
        assert self._told is not None
        name, gaps = show_month(self.month), len(self._told.gaps)
        question = _("Close {month}? The pack for the accountant is written, and nothing in the month can be changed afterwards.").format(month=name)
        if gaps:
            said = n_("{n} gap is not mended.", "{n} gaps are not mended.", gaps)
            question = _("{gaps} After closing they can be mended only by opening {month} again, with a reason. Close it all the same?").format(gaps=said, month=name)
        elif self.month == months.current():
            question = _("{month} is not over yet. After closing no refund of its last days can be entered. Close it all the same?").format(month=name)
        danger = bool(gaps) or self.month == months.current()
        if self.desk.ask.confirm(question, _("Close the month"), danger=danger, parent=self) and (folder := self._folder()):
            self._write(folder, lock=True)

    def _folder(self) -> Path | None:
        """A new folder for the pack in the one the user chose."""
        chosen = self.desk.ask.choose_folder(_("Where shall the pack of {month} go?").format(month=show_month(self.month)), parent=self)
        if chosen is None:
            return None
        names = (self.month, *(f"{self.month}-{number}" for number in range(2, 100)))
        return next((chosen / name for name in names if not (chosen / name).exists()), chosen)

    def _write(self, folder: Path, *, lock: bool) -> None:
        register, month = self.desk.register, self.month

        def work(progress: Progress) -> tuple[Path, Change | None]:
            pack = month_pack.compose(register, month, progress=progress)
            with month_pack.written(pack, folder):
                done = register.do(months.CLOSE, months.close, month, pack.month.digest, pack.archive) if lock else None
            return folder, done.change if done else None

        def done(result: tuple[Path, Change | None]) -> None:
            where, change = result
            if change is not None:
                self.desk.tell(change)
            self.desk.on_saved(_("The pack lies in {folder}.").format(folder=where), where)

        self.desk.jobs.run(_("Writing the pack of {month}").format(month=show_month(month)), work, done, parent=self)

    def reopen(self) -> None:
        """Open the month again, with the reason."""
        asked = _("Why is {month} opened again? The reason stays on record.").format(month=show_month(self.month))
        reason = self.desk.ask.ask_text(_("Open again"), asked, parent=self)
        if reason is not None:
            self.desk.attempt(months.REOPEN, months.reopen, self.month, reason)


class _Overview(QWidget):
    """What is open in the month, the totals per rate, and when it was closed."""

    def __init__(self, mend: Callable[[OpenItem], None]) -> None:
        super().__init__()
        self._mend = mend
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, theme.em(0.6), 0, theme.em(0.6))
        rows.setSpacing(theme.em(0.5))
        self.head = PlainLabel("", "heading")
        self.findings = Findings(_("Open items of the month"))
        self.hint = PlainLabel(_("Enter or a double click leads to the place where it is mended."), "small", wrap=True)
        self.totals_head = PlainLabel(_("Totals per VAT rate"), "heading")
        self.totals = QTableWidget()
        self.totals.setAccessibleName(_("Totals per VAT rate"))
        self.totals.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.totals.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.totals.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.totals.verticalHeader().hide()
        self.totals.setShowGrid(False)
        self.jpk = PlainLabel("", "small", wrap=True, selectable=True)
        self.past = PlainLabel("", "small", wrap=True, selectable=True)
        for part in (self.totals_head, self.totals, self.jpk, self.head, self.findings, self.hint, self.past):
            rows.addWidget(part, 1 if part is self.findings else 0)
        rows.addStretch()

    def say(self, told: Month, past: list[MonthLock]) -> None:
        """Show another month."""
        self.findings.say([self._finding(item) for item in told.open_items])
        self.head.setText(_("To be mended, and to be known"))
        for part in (self.head, self.findings, self.hint):
            part.setVisible(bool(told.open_items))
        self._show_totals(told)
        fields = [_("{field}: {amount}").format(field=name, amount=show_amount(amount)) for name, amount in told.jpk.items()]
        self.jpk.setText(_("To be taken off in JPK_V7 (documents RO): {fields}.").format(fields="; ".join(fields)) if fields else "")
        for of_totals in (self.totals_head, self.totals, self.jpk):
            of_totals.setVisible(bool(fields))
        self.past.setText("\n".join(_told_of(lock) for lock in past))
        self.past.setVisible(bool(past))

    def _finding(self, item: OpenItem) -> Finding:
        return Finding(item.sentence, "warn" if item.is_gap else "info", "warn" if item.is_gap else "info", lambda: self._mend(item))

    def _show_totals(self, told: Month) -> None:
        parts = [totals(told.refunds), totals(told.mistakes), totals((*told.refunds, *told.mistakes)), totals(told.earlier)]
        heads = [
            _("VAT rate"), _("Returns, gross"), _("Returns, VAT"), _("Mistakes, gross"), _("Mistakes, VAT"), _("Together, gross"), _("Together, VAT"), _("Sold in another month, gross"),
        ]  # fmt: skip
        table = self.totals
        table.setColumnCount(len(heads))
        table.setHorizontalHeaderLabels(heads)
        table.setRowCount(len(parts[2]))
        for row, both in enumerate(parts[2]):
            of_rate = [next((one for one in part if one.rate == both.rate), None) for part in parts]
            cells = [types.VatRate().show(both.rate)]
            for part in of_rate[:3]:
                cells += [_amount(part.gross if part else 0), _amount(part.vat if part else (None if both.vat is None else 0))]
            cells.append(_amount(of_rate[3].gross if of_rate[3] else 0))
            for at, words in enumerate(cells):
                item = QTableWidgetItem(words)
                item.setTextAlignment((Qt.AlignmentFlag.AlignRight if at else Qt.AlignmentFlag.AlignLeft) | Qt.AlignmentFlag.AlignVCenter)
                table.setItem(row, at, item)
        for at in range(len(heads)):
            table.horizontalHeaderItem(at).setTextAlignment((Qt.AlignmentFlag.AlignRight if at else Qt.AlignmentFlag.AlignLeft) | Qt.AlignmentFlag.AlignVCenter)
        table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        table.horizontalHeader().setStretchLastSection(True)
        table.resizeRowsToContents()
        high = table.horizontalHeader().sizeHint().height() + sum(table.rowHeight(row) for row in range(table.rowCount()))
        table.setFixedHeight(high + theme.em(1.2))


def _amount(grosze: int | None) -> str:
    return "–" if grosze is None else show_amount(refund_split.zloty(grosze))


def _told_of(lock: MonthLock) -> str:
    if lock.reopened_at is None:
        return _("Closed {moment}, SHA-256 {digest}").format(moment=show_moment(lock.locked_at), digest=lock.digest)
    return _("Closed {moment}, opened again {later}: {why}").format(moment=show_moment(lock.locked_at), later=show_moment(lock.reopened_at), why=lock.reopened_why)
