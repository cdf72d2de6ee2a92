"""What figures rest on besides cases and orders, typed by hand: sales of months, events, targets, costs of quality."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtWidgets import QHBoxLayout, QMenu, QVBoxLayout, QWidget

from qmdesk.i18n import N_, _
from qmdesk.operations import keeping
from qmdesk.records.measures import Event, IndicatorTarget, QualityCost, SalesCount
from qmdesk.register import clock
from qmdesk.schema.record import Record
from ui import theme
from ui.ask import ran
from ui.desk import Desk
from ui.forms.dialog import RecordDialog
from ui.widgets.button import Button
from ui.widgets.plain_label import PlainLabel
from ui.widgets.tabs import Tabs

KINDS: tuple[tuple[type[Record], str, str, str, str], ...] = (
    (SalesCount, "-month", N_("New month…"), N_("No sales typed in."), N_("Where orders are imported, they count. For other months type in how many orders there were: rates need them.")),
    (Event, "-on", N_("New event…"), N_("No events yet."), N_("A new supplier, another courier, a changed description: pinned on the time axis of every chart, it tells why a line moved.")),
    (IndicatorTarget, "indicator", N_("New target…"), N_("No targets yet."), N_("What an indicator should be, and from where on you want to be told.")),
    (QualityCost, "-on", N_("New cost…"), N_("No costs written down."), N_("What was spent because something failed, was looked at, or was prevented. Refunds are counted by themselves.")),
)
"""The kinds, their order, what their button says, and what stands where there are none."""
MakeListing = Callable[..., Any]


class FigureSources(QWidget):
    """A tab for each kind: its list, a button for a new one, change and remove. Lists are made by the page, which may have them."""

    def __init__(self, desk: Desk, make_listing: MakeListing, make_empty: Callable[..., Any]) -> None:
        super().__init__()
        self.desk = desk
        self.tabs = Tabs()
        self.listings: dict[type[Record], Any] = {}
        self.buttons: dict[type[Record], Button] = {}
        for kind, order, new, empty, advice in KINDS:
            listing = make_listing(kind, order=order, empty=make_empty(empty, advice, new, lambda kind=kind: self.add(kind), "analysis"))
            listing.on_open = lambda id_, kind=kind: self.change(kind, id_)
            listing.on_menu = lambda menu, ids, kind=kind: self._menu(menu, kind, ids)
            button = Button(_(new), "add", "primary", lambda _on=False, kind=kind: self.add(kind))
            button.setEnabled(not desk.register.read_only)
            self.listings[kind], self.buttons[kind] = listing, button
            tab = QWidget()
            rows = QVBoxLayout(tab)
            rows.setContentsMargins(0, theme.em(0.6), 0, 0)
            head = QHBoxLayout()
            head.addWidget(PlainLabel(_(advice), "muted", wrap=True), 1)
            head.addWidget(button)
            rows.addLayout(head)
            rows.addWidget(listing, 1)
            self.tabs.addTab(tab, _(kind.spec.plural))
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.addWidget(self.tabs)
        self.setFocusProxy(self.tabs)

    def add(self, kind: type[Record]) -> None:
        """Ask for a new one, begun with today."""
        today = clock().date()
        day: dict[type[Record], dict[str, Any]] = {SalesCount: {"month": today.replace(day=1)}, Event: {"on": today}, QualityCost: {"on": today}}
        ran(RecordDialog(self.desk, kind, preset=day.get(kind, {}), parent=self.window()))

    def change(self, kind: type[Record], id_: int) -> None:
        """Ask for changes of one."""
        found = self.desk.register.find(kind, id_)
        if found is not None and not self.desk.register.read_only:
            ran(RecordDialog(self.desk, kind, found, parent=self.window()))

    def remove(self, kind: type[Record], id_: int) -> None:
        """Take one away; it can be undone."""
        self.desk.attempt(keeping.REMOVE, keeping.remove, kind, id_)

    def _menu(self, menu: QMenu, kind: type[Record], ids: list[int]) -> None:
        if len(ids) == 1 and not self.desk.register.read_only:
            menu.addAction(theme.icon("edit"), _("Change…")).triggered.connect(lambda _on: self.change(kind, ids[0]))
            menu.addAction(theme.icon("remove"), _("Remove")).triggered.connect(lambda _on: self.remove(kind, ids[0]))
