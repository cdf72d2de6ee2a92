"""Orders with their lines and cases; a complaint starts from a line."""

from __future__ import annotations

from collections.abc import Callable

from qmdesk.i18n import N_, _
from qmdesk.records.case import Case
from qmdesk.records.product import Order, OrderLine
from qmdesk.schema.query import Order as By
from qmdesk.schema.record import Record
from ui.ask import ran
from ui.desk import Desk
from ui.forms.dialog import RecordDialog
from ui.pages.beside import BesidePage, ListAndCard
from ui.pages.listing import Empty, Listing
from ui.panels.card import Belongings, Card
from ui.panels.words import case_columns
from ui.widgets.button import Button


class OrdersPage(BesidePage):
    """What was sold: the denominator of every rate, and where a complaint begins."""

    def __init__(
        self,
        desk: Desk,
        open_record: Callable[[type[Record], int], None],
        new_case: Callable[[dict[str, object]], None],
        import_file: Callable[[str], None],
    ) -> None:
        self._new_case = new_case
        empty = Empty(
            N_("No orders yet."),
            N_("Import them from your shop's export file: then complaints find their customer and product by typing."),
            N_("Import orders"),
            lambda: import_file("order"),
            "orders",
        )
        listing = Listing(desk, Order, columns=("number", "ordered_at", "customer", "total"), order="-ordered_at", empty=empty)
        complain = Button(_("Complaint about it…"), "complaints", "primary", self._complain)
        lines = Belongings(N_("Lines"), OrderLine, "order", ("sku", "name", "quantity", "unit_price"), By("line"))
        told = Belongings(N_("Cases"), Case, "order", ("number", "age", "state", "description"), By("received_at", True), case_columns())
        card = Card(desk, Order, (lines, told), self._open_part(open_record), complain, called=N_("Order {title}"))
        new = Button(_("New order"), "add", on_click=self._add)
        take_in = Button(_("Import…"), "import", on_click=lambda: import_file("order"))
        for button in (complain, take_in, new):
            button.setEnabled(not desk.register.read_only)
        buttons = (take_in, new)
        super().__init__(ListAndCard(_("Orders"), listing, card, "orders", N_("Choose an order in the list."), buttons), (Order, OrderLine, Case))

    def _open_part(self, open_record: Callable[[type[Record], int], None]) -> Callable[[type[Record], int], None]:
        def go(kind: type[Record], id_: int) -> None:
            if kind is OrderLine:
                ran(RecordDialog(self.desk, OrderLine, self.desk.register.get(OrderLine, id_), fields=OrderLine.spec.asked("order"), parent=self))
            else:
                open_record(kind, id_)

        return go

    def _add(self) -> None:
        dialog = RecordDialog(self.desk, Order, parent=self)
        if ran(dialog) and dialog.saved_id:
            self.pair.open(dialog.saved_id)

    def _complain(self) -> None:
        if self.pair.card.record is not None:
            self._new_case({"order": self.pair.card.record.id})
