"""Complaints and returns: the list with its filters, and the open case beside it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QSplitter, QStackedWidget, QVBoxLayout, QWidget

from qmdesk.i18n import N_, _
from qmdesk.records.assessment import CheckAnswer, SupplierClaim
from qmdesk.records.case import OPEN_STATES, UNANSWERED_STATES, Case, CaseItem, CaseKind, Message
from qmdesk.records.deadline import Deadline
from qmdesk.records.lists import Cause, Channel
from qmdesk.records.measures import QualityCost
from qmdesk.records.paper import Attachment, IssuedDocument
from qmdesk.records.party import Customer, Person
from qmdesk.records.product import Order
from qmdesk.records.returns import ReturnDetails
from qmdesk.schema import types
from qmdesk.schema.query import Condition, Query
from qmdesk.schema.record import Record
from qmdesk.schema.types import Labelled
from ui import theme
from ui.desk import Desk, Page
from ui.pages.listing import Empty, Listing
from ui.panels.words import case_columns
from ui.tables.filters import Filter, View
from ui.widgets.button import Button
from ui.widgets.empty_state import EmptyState
from ui.widgets.flow import FlowLayout
from ui.widgets.plain_label import PlainLabel

Open = Callable[[type[Record], int], None]
COLUMNS = ("age", "number", "customer", "state")  # what there is room for beside an open case


def _view(order: str, field: str, *words: Labelled) -> View:
    return View((Filter(Condition(field, types.ONE_OF, words)),), order=order)


PRESETS = (
    (N_("Waiting for an answer"), _view("received_at", "state", *UNANSWERED_STATES)),
    (N_("All open cases"), _view("received_at", "state", *OPEN_STATES)),
    (N_("Complaints"), _view("-received_at", "kind", CaseKind.COMPLAINT)),
    (N_("Returns"), _view("-received_at", "kind", CaseKind.RETURN)),
    (N_("Guarantee claims"), _view("-received_at", "kind", CaseKind.GUARANTEE)),
    (N_("Accepted by silence"), View((Filter(Condition("deemed_accepted_on", types.FILLED)),), order="-received_at")),
)


if TYPE_CHECKING:
    from ui.panels.case import CasePanel


class CasesPage(Page):
    """The list on the left, the case on the right."""

    shows = (
        Case, CaseItem, Message, Attachment, IssuedDocument, ReturnDetails, Deadline, CheckAnswer, SupplierClaim, QualityCost, Customer, Order, Person, Channel, Cause,
    )  # fmt: skip

    def __init__(self, desk: Desk, open_record: Open, new_case: Callable[..., None]) -> None:
        super().__init__(desk)
        self.listing = Listing(
            desk,
            Case,
            columns=COLUMNS,
            order="-received_at",
            told=case_columns(),
            presets=PRESETS,
            empty=Empty(
                N_("No complaints and no returns yet."),
                N_("Write down the first one, or import the list you keep now."),
                N_("New complaint"),
                lambda: new_case(),
                "complaints",
            ),
        )
        self._open_record = open_record
        self.nothing = EmptyState("complaints", _("Choose a case in the list."))
        self.beside = QStackedWidget()
        self.beside.addWidget(self.nothing)
        left = QWidget()
        rows = QVBoxLayout(left)
        edge = theme.em(1)
        rows.setContentsMargins(edge, edge, edge, edge)
        head = FlowLayout(gap=theme.em(0.5))
        head.addWidget(PlainLabel(_("Complaints and returns"), "title"))
        back = Button(_("New return"), "return", on_click=lambda: new_case({"kind": CaseKind.RETURN}))
        new = Button(_("New complaint"), "add", "primary", lambda: new_case())
        for button in (back, new):
            button.setEnabled(not desk.register.read_only)
            head.addWidget(button)
        head.push(back)
        rows.addLayout(head)
        rows.addWidget(self.listing, 1)
        self.split = QSplitter()
        self.split.addWidget(left)
        self.split.addWidget(self.beside)
        self.split.setChildrenCollapsible(False)
        self.split.setStretchFactor(0, 2)
        self.split.setStretchFactor(1, 3)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self.split)
        self.split.setSizes([theme.em(48), theme.em(49)])
        self.listing.on_current = self._show
        self.listing.on_open = self._show_and_go
        self.beside.setCurrentWidget(self.nothing)

    @cached_property
    def panel(self) -> CasePanel:
        """The open case; it is made when the first one is opened, the list is there at once."""
        from ui.panels.case import (
            CasePanel,  # forms, letters and dialogs: loaded when the first case is opened
        )

        panel = CasePanel(self.desk, self._open_record)
        self.beside.addWidget(panel)
        return panel

    def refresh(self) -> None:
        self.beside.setVisible(bool(self.desk.register.count(Query(Case), 1)))  # else the list itself says what to do first
        if "panel" in self.__dict__:
            self.panel.refresh()
            self._bring_up()

    def stops(self) -> Sequence[QWidget]:
        record = (self.panel.tabs,) if "panel" in self.__dict__ else ()
        return *self.listing.stops(), *record

    def place(self) -> tuple[View, int, int]:
        panel = self.__dict__.get("panel")
        return self.listing.view, panel.case.id if panel and panel.case else 0, panel.tabs.currentIndex() if panel else 0

    def return_to(self, place: tuple[View, int, int]) -> None:
        view, case_id, tab = place
        self.listing.show_view(view)
        if case_id:
            self.open(Case, case_id)
            self.panel.tabs.setCurrentIndex(tab)

    def may_leave(self) -> bool:
        return "panel" not in self.__dict__ or self.panel.may_leave()

    def open(self, _kind: type[Record], case_id: int) -> None:
        """Show a case, in the list too where it is there."""
        self.listing.go_to(case_id)
        self._show(case_id)

    def _show(self, case_id: int | None) -> None:
        if case_id is None:  # a filter hides the open case, or a step moved it out of the list: it stays open beside it
            return
        self.panel.show_case(case_id)
        self._bring_up()
        if self.panel.case is not None and self.panel.case.id != case_id:  # the user stays with what is not saved
            self.listing.table.go_to(self.panel.case.id)

    def _bring_up(self) -> None:
        self.beside.setCurrentWidget(self.panel if self.panel.case else self.nothing)

    def _show_and_go(self, case_id: int) -> None:
        self._show(case_id)
        self.panel.tabs.setFocus()

