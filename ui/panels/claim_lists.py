"""The claims to suppliers week by week: what waits for a list, the lists with their state, the open one with its claims."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from PySide6.QtWidgets import QFrame, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from qmdesk.i18n import N_, _, n_, show_day, show_money
from qmdesk.operations import claim_list_papers, claim_lists
from qmdesk.operations.claim_lists import ListState
from qmdesk.operations.due import days_words
from qmdesk.operations.registers import the_shop
from qmdesk.records.assessment import SupplierClaim
from qmdesk.records.case import Case
from qmdesk.records.party import Supplier
from qmdesk.records.rating import ClaimList
from qmdesk.records.shop import Shop
from qmdesk.register import clock
from qmdesk.schema import types
from qmdesk.schema.query import Condition, Order, Query
from qmdesk.schema.record import Record
from ui import theme
from ui.ask import ran
from ui.desk import Desk, Page
from ui.dialogs.claim_reply import ClaimReply
from ui.dialogs.paper import PaperDialog
from ui.forms.dialog import RecordDialog
from ui.forms.form import RecordForm
from ui.tables.model import TableModel, Titles, told
from ui.tables.paint import Cell
from ui.tables.view import TableView
from ui.theme import Role
from ui.widgets.button import Button
from ui.widgets.empty_state import EmptyState
from ui.widgets.flow import FlowLayout
from ui.widgets.pill import Pill
from ui.widgets.plain_label import PlainLabel

Open = Callable[[type[Record], int], None]
LOOKS: dict[ListState, tuple[Role, str]] = {
    ListState.OPEN: ("accent", "edit"),
    ListState.WAITING: ("info", "hourglass"),
    ListState.OVERDUE: ("bad", "clock"),
    ListState.ANSWERED: ("good", "good"),
}
SHOWN_WAITING = 6
"""Suppliers offered at once; a small shop claims from fewer in a week."""


class ClaimListsPanel(Page):
    """What waits and the lists on the left, the open list on the right."""

    shows = (SupplierClaim, ClaimList, Supplier, Case, Shop)

    def __init__(self, desk: Desk, open_record: Open) -> None:
        super().__init__(desk)
        self._open_record = open_record
        self.listed: ClaimList | None = None
        self.split = QSplitter()
        self.split.addWidget(self._left())
        self.beside = QStackedWidget()
        self.choose_one = EmptyState("letter", _("Choose a list."))
        self.beside.addWidget(self.choose_one)
        self.beside.addWidget(self._card())
        self.split.addWidget(self.beside)
        self.split.setChildrenCollapsible(False)
        self.split.setSizes([theme.em(44), theme.em(48)])
        self.nothing = EmptyState(
            "letter", _("No claims to suppliers yet."), _("Note a claim on the tab “Supplier” of a case; here the claims of a week go out in one letter to each supplier.")
        )
        self.stack = QStackedWidget()
        self.stack.addWidget(self.split)
        self.stack.addWidget(self.nothing)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.addWidget(self.stack)

    # -- what it is made of

    def _left(self) -> QWidget:
        left = QWidget()
        rows = QVBoxLayout(left)
        edge = theme.em(1)
        rows.setContentsMargins(edge, edge, edge, edge)
        rows.setSpacing(theme.em(0.6))
        rows.addWidget(PlainLabel(_("Claims to suppliers"), "title"))
        self.waiting = QFrame()
        theme.mark(self.waiting, "card")
        self._waiting_rows = QVBoxLayout(self.waiting)
        inner = theme.em(0.8)
        self._waiting_rows.setContentsMargins(inner, theme.em(0.5), inner, theme.em(0.5))
        rows.addWidget(self.waiting)
        columns = (told("state", N_("Reply"), self._state, 20, whole=True), told("credit", N_("Credit"), self._credit, 16))
        self.table = TableView(TableModel(self.desk.register, ClaimList, columns))
        self.table.arrange(("number", "supplier", "state", "credit"))
        self.table.on_current = self._show
        self.table.on_open = self._show
        self.table.warn = self.desk.ask.warn
        self.table.say_empty(_("No list has been made yet."))
        rows.addWidget(self.table, 1)
        return left

    def _card(self) -> QWidget:
        card = QWidget()
        rows = QVBoxLayout(card)
        edge = theme.em(1)
        rows.setContentsMargins(edge, edge, edge, edge)
        rows.setSpacing(theme.em(0.5))
        head = FlowLayout(gap=theme.em(0.5))
        self.name = PlainLabel("", "title", selectable=True)
        self.state = Pill()
        head.addWidget(self.name)
        head.addWidget(self.state)
        rows.addLayout(head)
        self.facts = PlainLabel("", "muted", wrap=True, selectable=True)
        rows.addWidget(self.facts)
        self.send_button = Button(_("It was sent…"), "letter", "primary", self.send)
        self.reply_button = Button(_("Note the reply…"), "message", "primary", self.reply)
        self.letter_button = Button(_("Letter…"), "document", on_click=self.letter)
        self.zip_button = Button(_("Save with photos (ZIP)…"), "save", on_click=self.save_zip)
        self.off_button = Button(_("Take off"), "close", on_click=self.take_out)
        self.off_button.setToolTip(_("Take the chosen claim off this list; it waits for the next one."))
        self.dissolve_button = Button(_("Dissolve"), "remove", on_click=self.dissolve)
        line = FlowLayout(gap=theme.em(0.4))
        for button in (self.send_button, self.reply_button, self.letter_button, self.zip_button, self.off_button, self.dissolve_button):
            line.addWidget(button)
        for changing in (self.send_button, self.reply_button, self.off_button, self.dissolve_button):
            changing.setEnabled(not self.desk.register.read_only)
        rows.addLayout(line)
        self.claims = TableView(TableModel(self.desk.register, SupplierClaim, currency=the_shop(self.desk.register).currency))
        self.claims.arrange(("number", "demand", "amount", "outcome", "recovered"))
        self.claims.on_open = lambda id_: self._open_record(Case, self.desk.register.get(SupplierClaim, id_).case)
        self.claims.warn = self.desk.ask.warn
        rows.addWidget(self.claims, 1)
        self.reply_words = PlainLabel("", wrap=True, selectable=True)
        rows.addWidget(self.reply_words)
        return card

    # -- what it shows

    def refresh(self) -> None:
        register = self.desk.register
        found = claim_lists.waiting(register)
        some = bool(found) or bool(register.count(Query(ClaimList), 1))
        self.stack.setCurrentWidget(self.split if some else self.nothing)
        self._show_waiting(found)
        self.table.table_model.forget_all()
        query = Query(ClaimList).by(Order("id", True))
        self.table.ask(query) if self.table.table_model.query != query else self.table.refresh()
        self._show(self.listed.id if self.listed else None)

    def _show_waiting(self, found: dict[int, list[SupplierClaim]]) -> None:
        """A line for each supplier with claims that wait, with its button."""
        while item := self._waiting_rows.takeAt(0):
            if widget := item.widget():
                widget.deleteLater()
        self.waiting.setVisible(bool(found))
        names = self.desk.register.titles(Supplier, found)
        currency = the_shop(self.desk.register).currency
        self.gather_buttons: list[Button] = []
        for supplier, claims in sorted(found.items(), key=lambda one: (-len(one[1]), names[one[0]].casefold()))[:SHOWN_WAITING]:
            standing = claim_lists.standing(claims)
            words = n_("{supplier}: {n} claim waits, {amount}", "{supplier}: {n} claims wait, {amount}", len(claims), supplier=names[supplier], amount=show_money(standing.claimed, currency))
            row = QWidget()
            line = FlowLayout(row, gap=theme.em(0.5))
            line.addWidget(PlainLabel(words))
            button = Button(_("Put on a list"), "add", on_click=partial(self.gather, supplier))
            button.setAccessibleName(_("Put the claims to {supplier} on a list").format(supplier=names[supplier]))
            button.setEnabled(not self.desk.register.read_only)
            line.addWidget(button)
            line.push(button)
            self.gather_buttons.append(button)
            self._waiting_rows.addWidget(row)

    def _state(self, listed: ClaimList, _titles: Titles) -> Cell:
        words, role, icon = self._standing(listed)
        if icon in ("hourglass", "clock") and listed.reply_by is not None:
            words = days_words(listed.reply_by, clock().date())
        return Cell(words, role, icon)

    def _standing(self, listed: ClaimList) -> tuple[str, Role, str]:
        today = clock().date()
        state = claim_lists.state_of(listed, today)
        words = _(state.label)
        if state in (ListState.WAITING, ListState.OVERDUE) and listed.reply_by is not None:
            words = _("Reply: {days}").format(days=days_words(listed.reply_by, today))
        return words, *LOOKS[state]

    def _credit(self, listed: ClaimList, _titles: Titles) -> Cell:
        standing = claim_lists.standing(claim_lists.claims_of(self.desk.register, listed.id))
        if not standing.answered:
            return Cell("")
        currency = the_shop(self.desk.register).currency
        words = _("{received} of {expected}").format(received=show_money(standing.received, currency), expected=show_money(standing.expected, currency))
        return Cell(words, "good" if standing.received >= standing.expected else "warn", "money")

    def _show(self, list_id: int | None) -> None:
        """Show a list, or that one is to be chosen."""
        register = self.desk.register
        self.listed = register.find(ClaimList, list_id) if list_id else None
        self.beside.setCurrentIndex(1 if self.listed else 0)
        if self.listed is None:
            return
        listed, currency = self.listed, the_shop(register).currency
        self.name.setText(_("{number}, {supplier}").format(number=listed.number, supplier=register.title(Supplier, listed.supplier)))
        self.state.show_state(*self._standing(listed))
        claims = claim_lists.claims_of(register, listed.id)
        standing = claim_lists.standing(claims)
        said = [n_("{n} claim, {amount} asked for", "{n} claims, {amount} asked for", standing.claims, amount=show_money(standing.claimed, currency))]
        if listed.sent_on:
            said.append(_("sent on {day}").format(day=show_day(listed.sent_on)))
            said.append(_("{answered} of {claims} answered").format(answered=standing.answered, claims=standing.claims))
        if standing.answered:
            said.append(_("credit granted {expected}, received {received}").format(expected=show_money(standing.expected, currency), received=show_money(standing.received, currency)))
        self.facts.setText(" · ".join(said))
        self.reply_words.setText(listed.reply)
        self.reply_words.setVisible(bool(listed.reply))
        self.claims.table_model.currency = currency
        self.claims.table_model.forget_all()
        self.claims.ask(Query(SupplierClaim, (Condition("claim_list", types.IS, (listed.id,)),)).by(Order("id")))
        sent, writable = listed.sent_on is not None, not register.read_only
        for button, there in ((self.send_button, not sent), (self.off_button, not sent), (self.dissolve_button, not sent), (self.reply_button, sent)):
            button.setVisible(there)
            button.setEnabled(writable)

    # -- what is done

    def gather(self, supplier_id: int) -> None:
        """Put the claims that wait for a supplier on a list."""
        listed = self.desk.attempt(claim_lists.GATHER, claim_lists.gather, supplier_id)
        if listed is not None:
            self.open(ClaimList, listed.id)

    def letter(self) -> None:
        """Look at the letter, save or print it."""
        if (listed := self.listed) is not None:
            register = self.desk.register
            lang = claim_list_papers.language_of(register, listed)
            ran(PaperDialog(self.desk, listed.number, claim_list_papers.name_of(listed, ".pdf"), partial(claim_list_papers.letter, register, listed.id), lang, self))

    def save_zip(self) -> None:
        """Write the letter, the table and the photos to a ZIP the user names."""
        listed = self.listed
        if listed is None:
            return
        path = self.desk.ask.choose_file_to_save(_("Save with photos"), claim_list_papers.name_of(listed, ".zip"), ((_("ZIP archive"), "*.zip"),), parent=self)
        if path is None:
            return
        register = self.desk.register

        def done(names: list[str]) -> None:
            self.desk.on_saved(n_("{file} was written with {n} file in it.", "{file} was written with {n} files in it.", len(names), file=path.name), path)

        self.desk.jobs.run(_("Writing {file}").format(file=path.name), lambda _progress: claim_list_papers.write_zip(register, listed.id, path, replace=True), done, parent=self)

    def send(self) -> None:
        """Note that the list was sent: its letter is kept, and the clock of each claim begins."""
        if self.listed is None:
            return
        dialog = RecordDialog(self.desk, ClaimList, self.listed, fields=("sent_on", "reply_by"), save=_send, parent=self)
        dialog.form.editors["sent_on"].set_value(clock().date())
        ran(dialog)

    def reply(self) -> None:
        """Note what the supplier replied."""
        if self.listed is not None:
            ran(ClaimReply(self.desk, self.listed.id, self))

    def take_out(self) -> None:
        """Take the chosen claim off the list."""
        if self.claims.current_id is None:
            self.desk.ask.tell(_("Choose a claim in the table first."), parent=self)
            return
        self.desk.attempt(claim_lists.TAKE_OUT, claim_lists.take_out, self.claims.current_id)

    def dissolve(self) -> None:
        """Take the list apart."""
        if self.listed is not None:
            self.desk.attempt(claim_lists.DISSOLVE, claim_lists.dissolve, self.listed.id)

    # -- as a page

    def open(self, _kind: type[Record], id_: int) -> None:
        """Show a list."""
        if self._stale:
            self._refresh_now()
        self.table.go_to(id_)
        self._show(id_)

    def open_overdue(self) -> None:
        """Show the list whose reply is overdue longest."""
        if found := self.desk.register.ids(claim_lists.overdue(clock().date()), 1):
            self.open(ClaimList, found[0])

    def stops(self) -> Sequence[QWidget]:
        return self.table, self.claims

    def place(self) -> Any:
        return self.listed.id if self.listed else 0

    def return_to(self, place: Any) -> None:
        if place:
            self.open(ClaimList, place)


def _send(desk: Desk, form: RecordForm, draft: Record) -> int:
    assert isinstance(draft, ClaimList)
    assert form.record is not None
    today = clock().date()
    return desk.do(claim_lists.SEND, claim_list_papers.send, form.record.id, draft.sent_on or today, draft.reply_by or today).id
