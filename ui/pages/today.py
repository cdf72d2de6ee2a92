"""Today: what waits for an answer, the oldest first, and what to do next."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QFrame, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from qmdesk.i18n import _, n_, show_day
from qmdesk.operations.registers import the_shop
from qmdesk.records.case import UNANSWERED_STATES, Case, CaseState
from qmdesk.records.party import Customer
from qmdesk.records.product import Order as ShopOrder
from qmdesk.register import clock
from qmdesk.schema import types
from qmdesk.schema.query import Condition, Order, Query
from qmdesk.schema.record import Record
from ui import theme
from ui.desk import Desk, Page
from ui.panels.words import OLD, age_words, case_columns, days_open
from ui.tables.model import TableModel
from ui.tables.view import TableView
from ui.widgets.button import Button
from ui.widgets.empty_state import EmptyState
from ui.widgets.plain_label import PlainLabel

Open = Callable[[type[Record], int], None]
COLUMNS = ("age", "number", "customer", "state", "next", "description")

UNANSWERED = Query(Case, (Condition("state", types.ONE_OF, UNANSWERED_STATES),), order=(Order("received_at"),))
TO_CLOSE = Query(Case, (Condition("state", types.ONE_OF, (CaseState.ANSWERED,)),), order=(Order("received_at"),))


class Tile(QFrame):
    """A number with its words."""

    def __init__(self, words: str) -> None:
        super().__init__()
        theme.mark(self, "card")
        rows = QVBoxLayout(self)
        edge = theme.em(0.9)
        rows.setContentsMargins(edge, edge, edge, edge)
        rows.setSpacing(theme.em(0.2))
        self.number = PlainLabel("", "title")
        self.words = PlainLabel(words, "muted", wrap=True)
        rows.addWidget(self.number)
        rows.addWidget(self.words)
        rows.addStretch()  # the numbers stand on one line, also where a neighbour's words take two
        self.setAccessibleName(words)


class TodayPage(Page):
    """What the owner sees first in the morning."""

    shows = (Case, Customer, ShopOrder)

    def __init__(self, desk: Desk, open_record: Open, new_case: Callable[[], None], import_file: Callable[[str], None]) -> None:
        super().__init__(desk)
        self._open = open_record
        rows = QVBoxLayout(self)
        edge = theme.em(1.4)
        rows.setContentsMargins(edge, edge, edge, edge)
        rows.setSpacing(theme.em(0.8))
        head = QHBoxLayout()
        self.title = PlainLabel("", "title")
        head.addWidget(self.title)
        head.addStretch()
        head.addWidget(Button(_("Import orders…"), "import", on_click=lambda: import_file("order")))
        self.new_button = Button(_("New complaint"), "add", "primary", lambda: new_case())
        head.addWidget(self.new_button)
        rows.addLayout(head)
        self.summary = PlainLabel("", "muted", wrap=True)
        rows.addWidget(self.summary)
        self.tile_row = QWidget()
        tiles = QHBoxLayout(self.tile_row)
        tiles.setContentsMargins(0, 0, 0, 0)
        self.tiles = {name: Tile(words) for name, words in self._tiles().items()}
        for tile in self.tiles.values():
            tiles.addWidget(tile, 1)
        rows.addWidget(self.tile_row)

        currency = the_shop(desk.register).currency
        self.unanswered = self._list(TableModel(desk.register, Case, case_columns(), currency=currency))
        self.unanswered.say_empty(_("No complaint waits for an answer."))
        self.to_close = self._list(TableModel(desk.register, Case, case_columns(), currency=currency))
        self.to_close_head = PlainLabel(_("Answered, to be carried out and closed"), "heading")
        lists = QWidget()
        inner = QVBoxLayout(lists)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.addWidget(PlainLabel(_("Waiting for your answer, the oldest first"), "heading"))
        inner.addWidget(self.unanswered, 3)
        inner.addWidget(self.to_close_head)
        inner.addWidget(self.to_close, 2)
        self.stack = QStackedWidget()
        self.stack.addWidget(lists)
        self.nothing = EmptyState("today", "", "", _("New complaint"))
        self._import, self._new = lambda: import_file("order"), lambda: new_case()
        self._first: Callable[[], None] = self._new
        self.nothing.chosen.connect(lambda: self._first())
        self.nothing.other_chosen.connect(self._new)
        self.stack.addWidget(self.nothing)
        rows.addWidget(self.stack, 1)

    @staticmethod
    def _tiles() -> dict[str, str]:
        return {
            "unanswered": _("wait for an answer"),
            "old": _("wait longer than a week"),
            "to_close": _("are answered, to be closed"),
            "new": _("came in the last 7 days"),
        }

    def _list(self, model: TableModel) -> TableView:
        view = TableView(model)
        view.arrange(COLUMNS)
        view.on_open = lambda id_: self._open(Case, id_)
        view.warn = self.desk.ask.warn
        return view

    def refresh(self) -> None:
        register, today = self.desk.register, clock().date()
        self.title.setText(_("Today, {day}").format(day=show_day(today)))
        self.unanswered.table_model.forget_all()
        self.to_close.table_model.forget_all()
        self.unanswered.ask(UNANSWERED)
        self.to_close.ask(TO_CLOSE)
        waiting, answered = register.count(UNANSWERED), register.count(TO_CLOSE)
        week_ago = today.fromordinal(today.toordinal() - OLD)
        old = register.count(UNANSWERED.also(Condition("received_at", types.UNTIL, (week_ago,))))
        new = register.count(Query(Case, (Condition("received_at", types.AFTER, (week_ago,)),)))
        for name, number in (("unanswered", waiting), ("old", old), ("to_close", answered), ("new", new)):
            self.tiles[name].number.setText(str(number))
        self.summary.setText(self._sentence(waiting))
        some = bool(register.count(Query(Case), 1))
        for part in (self.tile_row, self.summary):  # a row of noughts says nothing to a new user
            part.setVisible(some)
        self.to_close.setVisible(bool(answered))
        self.to_close_head.setVisible(bool(answered))
        if waiting or answered:
            self.stack.setCurrentIndex(0)
            return
        self.stack.setCurrentIndex(1)
        orders = bool(register.count(Query(ShopOrder), 1))
        self._first = self._new if some or orders else self._import
        if some:
            self.nothing.say(_("Nothing waits. Well done."), _("Every complaint has its answer."), _("New complaint"))
        elif orders:
            self.nothing.say(_("Your register is ready."), _("The orders are there: type a name, a phone number or an order into a new complaint."), _("New complaint"))
        else:
            self.nothing.say(
                _("Your register is ready."),
                _("Import your orders first, so that complaints find their customer and product by typing; or write down the first complaint."),
                _("Import orders…"),
                _("New complaint"),
            )

    def _sentence(self, waiting: int) -> str:
        if not waiting:
            return _("No complaint waits for an answer.")
        oldest = self.desk.register.records(UNANSWERED, 1)[0]
        said = n_("{n} complaint waits for an answer.", "{n} complaints wait for an answer.", waiting)
        return _("{summary} The oldest is {number}: {age}.").format(summary=said, number=oldest.number, age=age_words(days_open(oldest)))
