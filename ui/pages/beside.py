"""A list with the card of the chosen record beside it: the shape of customers, orders, products and suppliers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QSplitter, QStackedWidget, QVBoxLayout, QWidget

from qmdesk.i18n import _
from qmdesk.schema.query import Query
from qmdesk.schema.record import Record
from ui import theme
from ui.desk import Page
from ui.pages.listing import Listing
from ui.panels.card import Card
from ui.tables.filters import View
from ui.widgets.empty_state import EmptyState
from ui.widgets.flow import FlowLayout
from ui.widgets.plain_label import PlainLabel


class ListAndCard(QWidget):
    """Puts a list and a card side by side and lets the list choose what the card shows."""

    def __init__(self, title: str, listing: Listing, card: Card, icon: str, hint: str, buttons: Sequence[QWidget] = (), above: QWidget | None = None) -> None:
        """``above`` stands over the list, and chooses what it shows."""
        super().__init__()
        self.listing, self.card = listing, card
        split, left = QSplitter(), QWidget()
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(split)
        split.addWidget(left)
        rows = QVBoxLayout(left)
        edge = theme.em(1)
        rows.setContentsMargins(edge, edge, edge, edge)
        head = FlowLayout(gap=theme.em(0.5))
        rows.addLayout(head)
        head.addWidget(PlainLabel(title, "title"))
        for button in buttons:
            head.addWidget(button)
        if buttons:
            head.push(buttons[0])
        if above is not None:
            rows.addWidget(above)
        rows.addWidget(listing, 1)
        self._beside = QStackedWidget()
        split.addWidget(self._beside)
        self._nothing = EmptyState(icon, _(hint))
        self._beside.addWidget(self._nothing)
        self._beside.addWidget(card)
        split.setChildrenCollapsible(False)
        split.setStretchFactor(0, 2)
        split.setStretchFactor(1, 3)
        split.setSizes([theme.em(44), theme.em(48)])
        listing.on_current = self.show_record
        listing.on_open = self.show_record

    def show_record(self, id_: int | None) -> None:
        """Show a record on the card; one that a filter hides stays open beside the list."""
        if id_ is None:
            return
        self.card.show_record(id_)
        self._bring_up()
        if self.card.record is not None and self.card.record.id != id_:  # the user stays with what is not saved
            self.listing.table.go_to(self.card.record.id)

    def _bring_up(self) -> None:
        self._beside.setCurrentWidget(self.card if self.card.record else self._nothing)

    def open(self, id_: int) -> None:
        """Show a record, in the list too where it is there."""
        self.listing.go_to(id_)
        self.show_record(id_)

    def stops(self) -> Sequence[QWidget]:
        """Where F6 leads the keyboard: the list, the open record."""
        return *self.listing.stops(), self.card.tabs

    def place(self) -> tuple[View, int, int]:
        """What is shown, for ``return_to``."""
        return self.listing.view, self.card.record.id if self.card.record else 0, self.card.tabs.currentIndex()

    def return_to(self, place: tuple[View, int, int]) -> None:
        """Show what another one showed."""
        view, id_, tab = place
        self.listing.show_view(view)
        if id_:
            self.open(id_)
            self.card.tabs.setCurrentIndex(tab)

    def may_leave(self) -> bool:
        """Whether the open record may be left now."""
        return self.card.may_leave()

    def refresh(self) -> None:
        """Ask the register again for the record that is shown."""
        some = self.listing.desk.register.count(Query(self.listing.kind), 1)
        self._beside.setVisible(bool(some))  # else the list itself says what to do first
        self.card.refresh()
        self._bring_up()


class BesidePage(Page):
    """A page, or a tab of one, that is such a pair; ``keys`` are pressed in the list and do something with its record."""

    def __init__(self, pair: ListAndCard, shows: tuple[type[Record], ...], keys: Sequence[tuple[str, Callable[[], object]]] = ()) -> None:
        super().__init__(pair.listing.desk)
        self.pair, self.shows = pair, shows
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.addWidget(pair)
        for key, do in keys:
            QShortcut(QKeySequence(key), pair.listing.table, do, context=Qt.ShortcutContext.WidgetShortcut)

    def open(self, _kind: type[Record], id_: int) -> None:
        """Show a record, in the list too where it is there."""
        self.pair.open(id_)

    def refresh(self) -> None:
        self.pair.refresh()

    def stops(self) -> Sequence[QWidget]:
        return self.pair.stops()

    def place(self) -> Any:
        return self.pair.place()

    def return_to(self, place: Any) -> None:
        self.pair.return_to(place)

    def may_leave(self) -> bool:
        return self.pair.may_leave()
