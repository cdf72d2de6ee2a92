"""The actions of a shop: as a list, as a board or on a line of time, with the open one beside the list."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QSplitter, QStackedWidget, QTabBar, QVBoxLayout, QWidget

from qmdesk.i18n import N_, _
from qmdesk.operations.action_reading import UNDER_WAY
from qmdesk.records.improvement import RUNNING_STATES, Action, ActionState, Evidence, Task, Why
from qmdesk.records.party import Person
from qmdesk.schema import types
from qmdesk.schema.query import Condition, Query
from qmdesk.schema.record import Record
from ui import theme
from ui.ask import ran
from ui.desk import Desk, Page
from ui.dialogs.new_action import new_action_dialog
from ui.panels.action import ActionPanel
from ui.panels.action_board import Board
from ui.panels.action_timeline import Timeline
from ui.tables.filters import Filter, View
from ui.widgets.button import Button
from ui.widgets.empty_state import EmptyState
from ui.widgets.flow import FlowLayout
from ui.widgets.plain_label import PlainLabel
from ui.widgets.tabs import one_stop

if TYPE_CHECKING:
    from ui.pages.listing import Listing

COLUMNS = ("number", "name", "standing")
LIST, BOARD, TIMELINE = range(3)
PRESETS = (
    (N_("Under way"), View((Filter(Condition("state", types.ONE_OF, RUNNING_STATES)),), order="due_on")),
    (N_("To carry out"), View((Filter(Condition("state", types.ONE_OF, UNDER_WAY)),), order="due_on")),
    (N_("Waiting for the check"), View((Filter(Condition("state", types.ONE_OF, (ActionState.DONE,))),), order="verify_on")),
    (N_("Not effective"), View((Filter(Condition("state", types.ONE_OF, (ActionState.INEFFECTIVE,))),), order="-opened_on")),
)


class ActionsPanel(Page):
    """The tab of actions; ``listing`` is their list, which a page makes."""

    shows = (Action, Task, Evidence, Why, Person)

    def __init__(self, desk: Desk, listing: Listing, open_record: Callable[[type[Record], int], None], show_watched: Callable[[Action], object]) -> None:
        super().__init__(desk)
        self.listing = listing
        self.panel = ActionPanel(desk, open_record, show_watched)
        self.nothing = EmptyState("improvement", _("Choose an action in the list."))
        self.beside = QStackedWidget()
        left = QWidget()
        around = QVBoxLayout(left)
        edge = theme.em(1)
        around.setContentsMargins(edge, 0, edge, edge)
        split = QSplitter()
        split.addWidget(left)
        split.addWidget(self.beside)
        around.addWidget(listing)
        self.beside.addWidget(self.nothing)
        self.beside.addWidget(self.panel)
        split.setChildrenCollapsible(False)
        split.setStretchFactor(0, 2)
        split.setStretchFactor(1, 3)
        split.setSizes([theme.em(44), theme.em(48)])
        self.panel.on_large = lambda large: left.setVisible(not large)
        self.board, self.timeline = Board(desk), Timeline(desk)
        self.views = QStackedWidget()
        for view in (split, self.board, self.timeline):
            self.views.addWidget(view)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(theme.em(0.3))
        rows.addWidget(self._head())
        rows.addWidget(self.views, 1)
        listing.on_current = listing.on_open = self._show
        self.board.on_open = self.timeline.on_open = lambda id_: self.open(Action, id_)

    def _head(self) -> QWidget:
        whole, head = QWidget(), FlowLayout(gap=theme.em(0.8))
        around = QVBoxLayout(whole)
        around.setContentsMargins(theme.em(1), theme.em(0.3), theme.em(1), 0)
        around.addLayout(head)
        head.addWidget(PlainLabel(_(Action.spec.plural), "title"))
        self.ways = QTabBar()
        self.ways.setDrawBase(False)
        self.ways.setAccessibleName(_("How they are shown"))
        one_stop(self.ways)
        for icon, words in (("menu", _("List")), ("columns", _("Board")), ("clock", _("Timeline"))):
            self.ways.addTab(theme.icon(icon), words)
        self.ways.currentChanged.connect(self._turn)
        head.addWidget(self.ways)
        self.new_button = Button(_("New action"), "add", "primary", lambda: self.new_action())
        self.new_button.setEnabled(not self.desk.register.read_only)
        head.addWidget(self.new_button)
        head.push(self.new_button)
        QShortcut(QKeySequence("Ctrl+Shift+A"), self, self.new_button.click)
        self.new_button.setToolTip("Ctrl+Shift+A")
        return whole

    def _turn(self, at: int) -> None:
        """Show them another way; what is typed and not saved is asked about before."""
        if at != LIST and not self.may_leave():
            self.ways.setCurrentIndex(LIST)
            return
        self.views.setCurrentIndex(at)
        self._refresh_views()

    # -- what it shows

    def refresh(self) -> None:
        self.beside.setVisible(bool(self.desk.register.count(Query(Action), 1)))  # else the list itself says what to do first
        self.panel.refresh()
        self._bring_up()
        self._refresh_views()

    def _refresh_views(self) -> None:
        view = self.views.currentWidget()
        if view in (self.board, self.timeline):
            view.refresh()

    def open(self, _kind: type[Record], id_: int) -> None:
        """Show an action beside the list."""
        self.ways.setCurrentIndex(LIST)
        self.listing.go_to(id_)
        self._show(id_)

    def _show(self, action_id: int | None) -> None:
        if action_id is None:
            return
        self.panel.show_action(action_id)
        self._bring_up()
        if self.panel.action is not None and self.panel.action.id != action_id:  # the user stays with what is not saved
            self.listing.table.go_to(self.panel.action.id)

    def _bring_up(self) -> None:
        self.beside.setCurrentWidget(self.panel if self.panel.action else self.nothing)

    def stops(self) -> Sequence[QWidget]:
        shown = (self.board.stops(), self.timeline.stops(), (*self.listing.stops(), *self.panel.stops()))[self.ways.currentIndex() - 1]
        return *shown, self.ways

    def place(self) -> tuple[View, int, int, int]:
        return self.listing.view, self.panel.action.id if self.panel.action else 0, self.panel.tabs.currentIndex(), self.ways.currentIndex()

    def return_to(self, place: Any) -> None:
        view, action_id, tab, way = place
        self.listing.show_view(view)
        if action_id:
            self.open(Action, action_id)
            self.panel.tabs.setCurrentIndex(tab)
        self.ways.setCurrentIndex(way)

    def may_leave(self) -> bool:
        return self.panel.may_leave()

    # -- what it does

    def new_action(self) -> None:
        """Ask for a new action and show it."""
        if not self.may_leave():
            return
        dialog = new_action_dialog(self.desk, parent=self)
        if ran(dialog) and dialog.saved_id:
            self.open(Action, dialog.saved_id)
