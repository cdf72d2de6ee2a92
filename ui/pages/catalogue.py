"""Products and suppliers, each with what belongs to it."""

from __future__ import annotations

from collections.abc import Callable

from qmdesk.i18n import N_, _
from qmdesk.records.assessment import SupplierClaim
from qmdesk.records.case import CaseItem
from qmdesk.records.party import Supplier
from qmdesk.records.product import Batch, OrderLine, Product
from qmdesk.records.rating import ClaimList, SupplierRating
from qmdesk.records.shop import Shop
from qmdesk.schema.record import Record
from ui.ask import ran
from ui.desk import Desk
from ui.dialogs.sampling import Sampling, verdict_words
from ui.forms.dialog import RecordDialog
from ui.pages.beside import ListAndCard
from ui.pages.listing import Empty, Listing
from ui.pages.tabbed import TabbedPage
from ui.panels.card import Belongings, Card
from ui.panels.claim_lists import ClaimListsPanel
from ui.panels.supplier import SupplierCard, rating_column
from ui.tables.model import Titles, told
from ui.tables.paint import Cell
from ui.widgets.button import Button
from ui.widgets.tabs import Part


def _inspection(batch: Batch, _titles: Titles) -> Cell:
    words, role, icon = verdict_words(batch)
    return Cell(words, role, icon)


INSPECTION = told("inspection", N_("Inspection"), _inspection, 12)


class CataloguePage(TabbedPage):
    """What the shop sells, and from whom it comes."""

    shows = (Product, Supplier, Batch, CaseItem, OrderLine, SupplierRating, SupplierClaim, Shop)

    products = Part(N_("Products"), lambda page: page._products(), "products")
    suppliers = Part(N_("Suppliers"), lambda page: page._suppliers(), "suppliers")
    claims = Part(N_("Claims to suppliers"), lambda page: ClaimListsPanel(page.desk, page._open), "letter")

    def __init__(self, desk: Desk, open_record: Callable[[type[Record], int], None]) -> None:
        super().__init__(desk)
        self._open = open_record

    def _products(self) -> ListAndCard:
        empty = Empty(N_("No products yet."), N_("They come with imported orders, or add them here."), N_("New product"), lambda: self._add(Product), "products")
        listing = Listing(self.desk, Product, columns=("sku", "name", "category", "price"), order="name", empty=empty)
        batch = Button(_("New batch…"), "add", on_click=self._add_batch)
        sample = Button(_("Incoming inspection…"), "checklist", on_click=self._inspect)
        sample.setToolTip(_("How many pieces of a batch to look at, which ones, and what was found"))
        card = Card(
            self.desk,
            Product,
            (
                Belongings(N_("Batches"), Batch, "product", ("code", "received_on", "quantity", "supplier", "inspection"), told=(INSPECTION,)),
                Belongings(N_("Complained of"), CaseItem, "product", ("case", "quantity", "defect", "outcome")),
                Belongings(N_("Sold"), OrderLine, "product", ("order", "quantity", "unit_price")),
            ),
            self._open_part,
            batch,
            sample,
        )
        return self._pair(_("Products"), Product, listing, card, "products", N_("Choose a product in the list."), batch, sample)

    def _suppliers(self) -> ListAndCard:
        empty = Empty(N_("No suppliers yet."), N_("Add them here, or import them from a workbook."), N_("New supplier"), lambda: self._add(Supplier), "suppliers")
        listing = Listing(self.desk, Supplier, columns=("name", "rating", "contact", "phone"), order="name", told=(told("rating", N_("Rating"), rating_column(self.desk), 11, whole=True),), empty=empty)
        card = SupplierCard(
            self.desk,
            (
                Belongings(N_("Products"), Product, "supplier", ("sku", "name", "category", "price")),
                Belongings(N_("Batches"), Batch, "supplier", ("product", "code", "received_on", "quantity")),
                Belongings(N_("Claims"), SupplierClaim, "supplier", ("number", "case", "sent_on", "amount", "outcome", "recovered")),
            ),
            self._open_part,
        )
        return self._pair(_("Suppliers"), Supplier, listing, card, "suppliers", N_("Choose a supplier in the list."))

    def _pair(self, title: str, kind: type[Record], listing: Listing, card: Card, icon: str, hint: str, *others: Button) -> ListAndCard:
        words = _("New product") if kind is Product else _("New supplier")
        new = Button(words, "add", on_click=lambda: self._add(kind))
        for button in (new, *others):
            button.setEnabled(not self.desk.register.read_only)
        made = ListAndCard(title, listing, card, icon, hint, (new,))
        made.refresh()
        return made

    def refresh(self) -> None:
        if self.tabs.made("products"):
            self.products.refresh()
        if self.tabs.made("suppliers"):
            self.suppliers.refresh()
            self.suppliers.listing.model.forget_all()  # the points in the list may be others
            self.suppliers.listing.table.refresh()

    def open(self, kind: type[Record], id_: int) -> None:
        """Show a product, a supplier or a list of claims."""
        if kind is ClaimList:
            self.tabs.setCurrentWidget(self.claims)
            self.claims.open(kind, id_)
            return
        pair = self.products if kind is Product else self.suppliers
        self.tabs.setCurrentWidget(pair)
        pair.open(id_)

    def show_overdue_claims(self) -> None:
        """Show the list of claims whose reply is overdue longest."""
        self.tabs.setCurrentWidget(self.claims)
        self.claims.open_overdue()

    def _add(self, kind: type[Record]) -> None:
        dialog = RecordDialog(self.desk, kind, parent=self)
        if ran(dialog) and dialog.saved_id:
            self.open(kind, dialog.saved_id)

    def _add_batch(self) -> None:
        product = self.products.card.record
        if isinstance(product, Product):
            ran(RecordDialog(self.desk, Batch, preset={"product": product.id, "supplier": product.supplier}, fields=Batch.spec.asked("product"), parent=self))

    def _inspect(self) -> None:
        """Ask about the sample of the chosen batch."""
        batch = self.products.card.chosen(Batch)
        if batch is None:
            self.desk.ask.tell(_("Choose a batch in the list of batches first, or add one."), parent=self)
            return
        ran(Sampling(self.desk, batch, self))

    def _open_part(self, kind: type[Record], id_: int) -> None:
        """A part without a page of its own opens as a dialog, or leads to what it is a part of."""
        register = self.desk.register
        if kind is Batch:
            ran(RecordDialog(self.desk, Batch, register.get(Batch, id_), parent=self))
        elif kind.spec.owner is not None:
            self._open(kind.spec.refs[kind.spec.owner.name], getattr(register.get(kind, id_), kind.spec.owner.name))
        else:
            self._open(kind, id_)
