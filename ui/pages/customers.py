"""Customers with all their cases and orders; two cards of one person can be merged."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QMenu

from qmdesk.i18n import N_, _
from qmdesk.operations import customers
from qmdesk.records.case import Case
from qmdesk.records.party import Customer
from qmdesk.records.product import Order
from qmdesk.records.satisfaction import Opinion, SurveyResponse
from qmdesk.schema.query import Order as By
from qmdesk.schema.record import Record
from ui.ask import ran
from ui.desk import Desk
from ui.dialogs.merge import Merge
from ui.forms.dialog import RecordDialog
from ui.pages.beside import BesidePage, ListAndCard
from ui.pages.listing import Empty, Listing
from ui.panels.card import Belongings, Card
from ui.panels.words import case_columns
from ui.widgets.button import Button


class CustomersPage(BesidePage):
    """The people who bought."""

    def __init__(self, desk: Desk, open_record: Callable[[type[Record], int], None]) -> None:
        empty = Empty(
            N_("No customers yet."), N_("They come with imported orders, or when you write down a complaint."), N_("New customer"), self._add, "customers"
        )
        listing = Listing(desk, Customer, columns=("name", "email", "phone", "city"), order="name", empty=empty)
        listing.on_menu = self._offer_merge
        merge = Button(_("Merge with…"), "merge", on_click=self._merge)
        card = Card(
            desk,
            Customer,
            (
                Belongings(N_("Cases"), Case, "customer", ("number", "age", "state", "description"), By("received_at", True), case_columns()),
                Belongings(N_("Orders"), Order, "customer", ("number", "ordered_at", "total", "status"), By("ordered_at", True)),
                Belongings(N_("Opinions"), Opinion, "customer", ("written_on", "place", "stars", "said"), By("written_on", True)),
                Belongings(N_("Responses"), SurveyResponse, "customer", ("answered_at", "survey", "way"), By("answered_at", True)),
            ),
            open_record,
            merge,
        )
        new = Button(_("New customer"), "add", on_click=self._add)
        for button in (merge, new):
            button.setEnabled(not desk.register.read_only)
        super().__init__(ListAndCard(_("Customers"), listing, card, "customers", N_("Choose a customer in the list."), (new,)), (Customer, Case, Order, Opinion, SurveyResponse))

    def _add(self) -> None:
        dialog = RecordDialog(self.desk, Customer, parent=self)
        if ran(dialog) and dialog.saved_id:
            self.pair.open(dialog.saved_id)

    def _offer_merge(self, menu: QMenu, ids: list[int]) -> None:
        if len(ids) == 2 and not self.desk.register.read_only:
            menu.addAction(_("Merge these two…")).triggered.connect(lambda: self._merge_two(ids[0], ids[1]))

    def _merge(self) -> None:
        if self.pair.card.record is not None:
            self._merge_two(self.pair.card.record.id, None)

    def _merge_two(self, kept: int, other: int | None) -> None:
        dialog = Merge(self.desk, kept, other, self)
        if ran(dialog) and dialog.other is not None:
            self.desk.attempt(customers.MERGE, customers.merge, dialog.kept, dialog.other)
            self.pair.open(dialog.kept)
