"""Who bought of a bad batch and has not complained: their list, the letter to them, their addresses, and the end of its sale."""

from __future__ import annotations

from functools import partial

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QVBoxLayout, QWidget

from qmdesk.i18n import N_, _, language, n_, show_day, show_number
from qmdesk.operations import affected, alerts
from qmdesk.operations.affected import Buyer
from qmdesk.records.alert import Alert
from qmdesk.records.party import Customer
from qmdesk.records.product import Batch
from qmdesk.schema.query import Order, Query, these
from ui import theme
from ui.ask import ran
from ui.desk import Desk
from ui.dialogs.paper import PaperDialog
from ui.tables.model import TableModel, Titles, field_columns, told
from ui.tables.paint import Cell
from ui.tables.view import TableView
from ui.widgets.button import Button
from ui.widgets.dialog import Dialog
from ui.widgets.flow import FlowLayout
from ui.widgets.plain_label import PlainLabel
from ui.widgets.within_screen import resize_within

COLUMNS = ("name", "bought", "pieces", "email", "phone")


class Buyers(Dialog):
    """Shows the buyers an alert concerns; ``chosen`` is the customer to open when it closes, 0 for none."""

    def __init__(self, desk: Desk, alert_id: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.desk, self.chosen = desk, 0
        self.alert = desk.register.get(Alert, alert_id)
        self.found = affected.affected(desk.register, self.alert)
        self._of = {buyer.customer.id: buyer for buyer in self.found.buyers}
        self.setWindowTitle(_("Buyers who have not complained"))
        rows = QVBoxLayout(self)
        edge = theme.em(1.2)
        rows.setContentsMargins(edge, edge, edge, edge)
        rows.setSpacing(theme.em(0.6))
        rows.addWidget(PlainLabel(self.alert.what, "heading", wrap=True))
        self.said = PlainLabel(self._sentence(), "muted", wrap=True)
        rows.addWidget(self.said)
        self.danger = PlainLabel(_("A case says that somebody could be hurt. The letter asks not to use it; a recall under the product safety regulation (GPSR) is a step of its own."), "problem", wrap=True)
        self.danger.setVisible(self.found.dangerous)
        rows.addWidget(self.danger)
        self.table = self._table()
        rows.addWidget(self.table, 1)
        self.stopped = PlainLabel("", "small", wrap=True)
        rows.addWidget(self.stopped)
        rows.addLayout(self._buttons())
        resize_within(self, theme.em(72), theme.em(36))
        self.refresh()
        self.table.setFocus()

    def _sentence(self) -> str:
        many, days = len(self.found.buyers), {"since": show_day(self.found.period.since), "until": show_day(self.found.period.until)}
        told = n_("{n} customer bought it from {since} to {until} and has not complained.", "{n} customers bought it from {since} to {until} and have not complained.", many, **days)
        unnamed = n_("Of {n} more order no customer is known.", "Of {n} more orders no customer is known.", self.found.unnamed) if self.found.unnamed else ""
        return " ".join(part for part in (told, unnamed) if part)

    def _table(self) -> TableView:
        columns = [
            *field_columns(Customer),
            told("bought", N_("Bought"), lambda customer, _titles: Cell(", ".join(_("{number}, {day}").format(number=one.order.number, day=show_day(one.day)) for one in self._buyer(customer).purchases)), 24, whole=True),
            told("pieces", N_("Pieces"), self._pieces, 6),
        ]
        view = TableView(TableModel(self.desk.register, Customer, columns))
        view.arrange(COLUMNS)
        view.setAccessibleName(self.windowTitle())
        view.on_open = self._take
        view.warn = self.desk.ask.warn
        view.say_empty(_("Everybody who bought it and is known has complained already."))
        view.ask(Query(Customer, (these(list(self._of), self.windowTitle()),)).by(Order("name")))
        return view

    def _buyer(self, customer: Customer) -> Buyer:
        return self._of[customer.id]

    def _pieces(self, customer: Customer, _titles: Titles) -> Cell:
        return Cell(show_number(self._buyer(customer).pieces))

    def _buttons(self) -> FlowLayout:
        line = FlowLayout(gap=theme.em(0.5))
        self.letter_button = Button(_("Letters to them…"), "letter", "primary", self.show_letter)
        self.copy_button = Button(_("Copy e-mail addresses"), "copy", on_click=self.copy_addresses)
        self.stop_button = Button(_("Stop the sale"), "stop", on_click=self.stop_sale)
        self.letter_button.setEnabled(bool(self.found.buyers))
        self.copy_button.setEnabled(bool(affected.addresses(self.found.buyers)))
        self.copy_button.setToolTip(_("For the field of hidden copies: nobody is to see who else bought."))
        for button in (self.letter_button, self.copy_button, self.stop_button, Button(_("Close"), on_click=self.reject)):
            button.setAutoDefault(False)
            line.addWidget(button)
        return line

    def refresh(self) -> None:
        """Say whether the sale goes on."""
        words = alerts.stopped(self.desk.register, self.alert)
        self.stopped.setText(words or _("It is still on sale."))
        self.stop_button.setVisible(not words)
        self.stop_button.setEnabled(not self.desk.register.read_only)

    def show_letter(self) -> None:
        """Show the letters, to be saved or printed."""
        batch = self.desk.register.title(Batch, self.alert.batch) if self.alert.batch else ""
        name = affected.letter_name(self.alert, batch)
        ran(PaperDialog(self.desk, _("Letters to buyers"), name, partial(affected.letter, self.desk.register, self.alert.id), language(), self))

    def copy_addresses(self) -> None:
        """Put the addresses on the clipboard."""
        QGuiApplication.clipboard().setText(affected.addresses(self.found.buyers))
        many = sum(bool(buyer.customer.email) for buyer in self.found.buyers)
        self.desk.ask.tell(n_("{n} address is on the clipboard. Put it into the field for hidden copies.", "{n} addresses are on the clipboard. Put them into the field for hidden copies.", many), parent=self)

    def stop_sale(self) -> None:
        """Stop the sale of what is left."""
        self.desk.attempt(alerts.STOP_SALE, alerts.stop_sale, self.alert.id)
        self.refresh()

    def _take(self, id_: int) -> None:
        self.chosen = id_
        self.accept()
