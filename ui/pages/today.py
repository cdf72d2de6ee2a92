"""Today: everything due by the last day in law, what silence costs, and what else waits."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu, QStackedWidget, QTabBar, QVBoxLayout, QWidget

from qmdesk.i18n import _, n_, show_by_day, show_day, show_money
from qmdesk.operations import action_reading, deadlines
from qmdesk.operations.due import (
    Silence,
    accepted_by_silence,
    of_shop,
    of_suppliers,
    price_of_silence,
    put_off,
    reasoning,
    refunds,
    rule_title,
    withheld,
)
from qmdesk.operations.registers import the_shop
from qmdesk.records.alert import Alert
from qmdesk.records.audit import Audit, PlannedAudit
from qmdesk.records.case import UNANSWERED_STATES, Case, CaseState
from qmdesk.records.deadline import Deadline, RuleSwitch
from qmdesk.records.improvement import (
    Action,
    Experiment,
    Review,
    ReviewPoint,
    Task,
    Training,
    TrainingSession,
)
from qmdesk.records.lists import Channel
from qmdesk.records.party import Customer, Person
from qmdesk.records.product import Batch, Product
from qmdesk.records.product import Order as ShopOrder
from qmdesk.records.rating import ClaimList
from qmdesk.records.shop import Shop
from qmdesk.schema import types
from qmdesk.schema.query import Condition, Order, Query
from qmdesk.schema.record import Record
from qmdesk.values import dataclass
from ui import theme
from ui.ask import ran
from ui.desk import Desk, Page
from ui.panels.due_words import DueRows, by_post, why_not_put_off
from ui.panels.routine import Routine
from ui.panels.words import case_columns
from ui.tables.model import TableModel
from ui.tables.view import TableView
from ui.widgets.button import Button
from ui.widgets.empty_state import EmptyState
from ui.widgets.flow import FlowLayout
from ui.widgets.plain_label import PlainLabel
from ui.widgets.tabs import one_stop

if TYPE_CHECKING:  # loaded when the page is there
    from ui.panels.alerts_card import AlertsCard
    from ui.panels.routine_card import RoutineCard

Open = Callable[[type[Record], int], None]
DUE_COLUMNS = ("left", "case", "customer", "what", "legal", "stake", "next")
PUT_OFF_COLUMNS = ("snoozed_until", "snooze_reason", "case", "customer", "what", "legal")
ACTION_COLUMNS = ("standing", "number", "name", "owner", "next")
CASE_COLUMNS = ("age", "number", "customer", "state", "next", "description")

LOW = 45  # ems of a window's height
AFTER_PAINTING = 50  # milliseconds: the day's list is there first
COUNTED = 1000  # of each list; beyond, "1000+" says enough and costs no more time
TO_CLOSE = (CaseState.ANSWERED, CaseState.REMEDY_RUNNING, CaseState.REMEDY_DONE, CaseState.REFUNDED)
DUE, REFUNDS, WITHHELD, UNANSWERED, CLOSING, SUPPLIERS, ACTIONS, CHECKS, PUT_OFF = range(9)


def _cases(*states: CaseState) -> Query:
    return Query(Case, (Condition("state", types.ONE_OF, states),)).by(Order("received_at"))


@dataclass(frozen=True)
class Section:
    """One of the lists of the page: its tab and what it asks."""

    words: str
    query: Query


class TodayPage(Page):
    """What the owner sees first in the morning."""

    shows = (
        Case, Deadline, Customer, ShopOrder, Channel, Shop, RuleSwitch, Audit, PlannedAudit, Review, ReviewPoint, Training, TrainingSession, Person, Experiment, Action, Task, ClaimList,
        Alert, Batch, Product,
    )  # fmt: skip

    def __init__(
        self,
        desk: Desk,
        open_record: Open,
        new_case: Callable[[], None],
        import_file: Callable[[str], None],
        do_next: Callable[[int], None],
        save_calendar: Callable[[], object],
        routine: Routine,
        show_these: Callable[[type[Record], Sequence[int], str], None],
    ) -> None:
        """``do_next`` does the next step of a case; ``save_calendar`` writes the deadlines to a calendar file."""
        super().__init__(desk)
        self._routine, self._show_these = routine, show_these
        self._open, self._do_next = open_record, do_next
        self.told = DueRows(desk.register)
        rows = QVBoxLayout(self)
        edge = theme.em(1)
        rows.setContentsMargins(edge, edge, edge, edge)
        rows.setSpacing(theme.em(0.8))
        rows.addLayout(self._head(new_case, import_file, save_calendar))
        rows.addWidget(self._warnings())
        self._rows = rows
        rows.addLayout(self._tabs())
        self.stack = QStackedWidget(self)  # from the outside in: a widget that moves into another is dressed anew, with all in it
        body = QWidget(self.stack)
        inner = QVBoxLayout(body)
        self.lists = QStackedWidget(body)
        self.due = self._deadlines()
        self._views = [self.due]
        self.lists.addWidget(self.due)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(theme.em(0.6))
        inner.addWidget(self.lists, 1)
        inner.addWidget(self._beneath())
        self.stack.addWidget(body)
        self.nothing = EmptyState("today", "", "", _("New complaint"))
        self._import, self._new = lambda: import_file("order"), lambda: new_case()
        self._first: Callable[[], None] = self._new
        self.nothing.chosen.connect(lambda: self._first())
        self.nothing.other_chosen.connect(self._new)
        for button in (self.nothing.button, self.nothing.other):
            button.setEnabled(not desk.register.read_only)
        self.stack.addWidget(self.nothing)
        rows.addWidget(self.stack, 1)

    # -- what it is made of

    def _head(self, new_case: Callable[[], None], import_file: Callable[[str], None], save_calendar: Callable[[], object]) -> FlowLayout:
        head = FlowLayout(gap=theme.em(0.5))
        self.title = PlainLabel("", "title")
        head.addWidget(self.title)
        self.calendar_button = Button(_("Save for your calendar…"), "calendar", on_click=lambda: save_calendar())
        self.calendar_button.setToolTip(_("Writes the deadlines to an .ics file, which every calendar program opens."))
        import_button = Button(_("Import orders…"), "import", on_click=lambda: import_file("order"))
        self.new_button = Button(_("New complaint"), "add", "primary", lambda: new_case())
        for button in (self.calendar_button, import_button, self.new_button):
            button.setEnabled(button is self.calendar_button or not self.desk.register.read_only)
            head.addWidget(button)
        head.push(self.calendar_button)
        return head

    def _warnings(self) -> QFrame:
        """What silence costs, loudly."""
        self.silence_card = QFrame()
        theme.mark(self.silence_card, "warn")
        inner = QVBoxLayout(self.silence_card)
        edge = theme.em(0.8)
        inner.setContentsMargins(edge, theme.em(0.5), edge, theme.em(0.5))
        inner.setSpacing(theme.em(0.2))
        self.silence = PlainLabel("", "strong", wrap=True)
        self.accepted = PlainLabel("", "problem", wrap=True)
        inner.addWidget(self.silence)
        inner.addWidget(self.accepted)
        return self.silence_card

    def _tabs(self) -> QHBoxLayout:
        self.tabs = QTabBar()
        self.tabs.setExpanding(False)
        self.tabs.setDrawBase(False)
        one_stop(self.tabs)
        self.tabs.setAccessibleName(_("What waits"))
        for section in self.sections().values():
            self.tabs.addTab(section.words)
        self.tabs.setTabVisible(PUT_OFF, False)
        self.tabs.currentChanged.connect(lambda _at: self._show_section())
        self._some_put_off = False
        self.put_off_link = Button("", "clock", "link", lambda: self.show_section(PUT_OFF))
        line = QHBoxLayout()
        line.setSpacing(theme.em(0.5))
        line.addWidget(self.tabs, 1)
        line.addWidget(self.put_off_link)
        return line

    def _deadlines(self) -> TableView:
        model = TableModel(self.desk.register, Deadline, self.told.columns(), currency=the_shop(self.desk.register).currency)
        model.on_read = self.told.read
        view = TableView(model)
        view.arrange(DUE_COLUMNS)
        view.setAccessibleName(_("Deadlines"))
        view.on_open = lambda id_: self._open(Case, self._deadline(id_).case)
        view.on_current = self._explain
        view.on_menu = self._menu
        view.warn = self.desk.ask.warn
        for key, do in (("S", self.put_off), ("D", self.do_next), ("W", self.tell_why)):
            QShortcut(QKeySequence(key), view, do, context=Qt.ShortcutContext.WidgetShortcut)
        return view

    @cached_property
    def cases(self) -> TableView:
        """The list of cases, made when a section of cases is first chosen: the page opens with deadlines."""
        view = TableView(TableModel(self.desk.register, Case, case_columns(), currency=the_shop(self.desk.register).currency))
        view.arrange(CASE_COLUMNS)
        view.on_open = lambda id_: self._open(Case, id_)
        view.warn = self.desk.ask.warn
        QShortcut(QKeySequence("D"), view, self.do_next, context=Qt.ShortcutContext.WidgetShortcut)
        self._views.append(view)
        self.lists.addWidget(view)
        return view

    @cached_property
    def routine(self) -> RoutineCard:
        """What comes round; it comes as soon as the day itself is painted."""
        from ui.panels.routine_card import RoutineCard  # loaded when the page is there

        card = RoutineCard(self.desk, self._routine)
        self._rows.insertWidget(3 if "alerts" in self.__dict__ else 2, card)  # above the tabs
        card.refresh()
        return card

    @cached_property
    def alerts(self) -> AlertsCard:
        """What was noticed; it comes when there is something, as soon as the day itself is painted."""
        from ui.panels.alerts_card import AlertsCard  # loaded when the page is there

        card = AlertsCard(self.desk, self._open, self._show_these, LOW)
        self._rows.insertWidget(2, card)  # below what silence costs
        card.refresh()
        self.__dict__["alerts"] = card
        self._explain(self.due.current_id)
        return card

    def _bring_alerts(self) -> None:
        if "alerts" in self.__dict__:
            self.alerts.refresh()
        elif self.desk.register.count(Query(Alert, (Condition("settled_on", types.EMPTY),)), 1):
            QTimer.singleShot(AFTER_PAINTING, self, lambda: self.desk.register.closed or self.alerts)

    def _bring_routine(self) -> None:
        if "routine" in self.__dict__:
            self.routine.refresh()
        else:
            QTimer.singleShot(AFTER_PAINTING, self, lambda: self.desk.register.closed or self.routine)  # the window may be gone by then

    @cached_property
    def action_list(self) -> TableView:
        """The list of actions, made when a section of actions is first chosen."""
        from ui.panels.action_words import columns  # loaded when first asked for

        view = TableView(TableModel(self.desk.register, Action, columns(self.desk.register)))
        view.arrange(ACTION_COLUMNS)
        view.setAccessibleName(_(Action.spec.plural))
        view.on_open = lambda id_: self._open(Action, id_)
        view.warn = self.desk.ask.warn
        self._views.append(view)
        self.lists.addWidget(view)
        return view

    def _beneath(self) -> QFrame:
        """Why the chosen day is the last one, and what can be done about it."""
        self.why = QFrame()
        theme.mark(self.why, "card")
        rows = QVBoxLayout(self.why)
        edge = theme.em(0.9)
        rows.setContentsMargins(edge, theme.em(0.6), edge, theme.em(0.6))
        rows.setSpacing(theme.em(0.3))
        line = FlowLayout(gap=theme.em(0.5))
        self.why_title = PlainLabel("", "strong")
        line.addWidget(self.why_title)
        self.why_button = Button(_("Why this day? (W)"), "help", on_click=self.tell_why)
        self.next_button = Button(_("Next step (D)"), "play", on_click=self.do_next)
        self.put_off_button = Button(_("Put off… (S)"), "clock", on_click=self.put_off)
        for button in (self.put_off_button, self.next_button):
            button.setEnabled(not self.desk.register.read_only)
        for button in (self.why_button, self.put_off_button, self.next_button):
            line.addWidget(button)
        line.push(self.why_button)
        rows.addLayout(line)
        self.reasoning = PlainLabel("", wrap=True, selectable=True)
        self.doubt = PlainLabel("", "small", wrap=True)
        rows.addWidget(self.reasoning)
        rows.addWidget(self.doubt)
        self.why.hide()
        return self.why

    # -- what it shows

    def sections(self) -> dict[int, Section]:
        """The lists and what each asks today."""
        today = self.told.today
        return {
            DUE: Section(_("Due"), of_shop(today)),
            REFUNDS: Section(_("Money to return"), refunds(self.told.book, today)),
            WITHHELD: Section(_("Withheld"), withheld()),
            UNANSWERED: Section(_("Unanswered"), _cases(*UNANSWERED_STATES)),
            CLOSING: Section(_("To carry out and close"), _cases(*TO_CLOSE)),
            SUPPLIERS: Section(_("Suppliers"), of_suppliers()),
            ACTIONS: Section(_("Overdue actions"), action_reading.overdue(today)),
            CHECKS: Section(_("Did it help?"), action_reading.to_verify(today)),
            PUT_OFF: Section(_("Put off"), put_off(today)),
        }

    def refresh(self) -> None:
        register = self.desk.register
        self.told.forget()
        for view in self._views:
            view.table_model.forget_all()
        self.title.setText(_("Today, {day}").format(day=show_day(self.told.today)))
        some = bool(register.count(Query(Case), 1))
        waiting = 0
        for at, section in self.sections().items():
            count = register.count(section.query, COUNTED)
            waiting += count
            self._name_tab(at, section.words, count)
        self._say_what_silence_costs()
        self._bring_routine()
        self._bring_alerts()
        for part in (self.tabs, self.calendar_button):
            part.setVisible(bool(waiting))
        if waiting:
            self.stack.setCurrentIndex(0)
            self._show_section()
        else:
            self._show_nothing(some)

    def _name_tab(self, at: int, words: str, count: int) -> None:
        if at == PUT_OFF:
            self.put_off_link.setText(n_("{n} put off", "{n} put off", count))
            self._some_put_off = bool(count)
            self.put_off_link.setVisible(self._some_put_off and self.tabs.currentIndex() != PUT_OFF)
            if not count and self.tabs.currentIndex() == PUT_OFF:
                self.tabs.setCurrentIndex(DUE)
            self.tabs.setTabVisible(PUT_OFF, self.tabs.currentIndex() == PUT_OFF)
            self.tabs.setTabText(at, words)
            return
        more = "+" if count >= COUNTED else ""
        self.tabs.setTabText(at, _("{words} ({count})").format(words=words, count=f"{count}{more}"))
        self.tabs.setTabVisible(at, bool(count) or at in (DUE, self.tabs.currentIndex()))

    def show_section(self, at: int) -> None:
        """Show one of the lists."""
        self.tabs.setTabVisible(at, True)
        self.tabs.setCurrentIndex(at)

    def _show_section(self) -> None:
        at = self.tabs.currentIndex()
        self.tabs.setTabVisible(PUT_OFF, at == PUT_OFF)
        self.put_off_link.setVisible(at != PUT_OFF and self._some_put_off)
        query = self.sections()[at].query
        view = self.due if query.kind is Deadline else self.action_list if query.kind is Action else self.cases
        if view is self.due:
            view.arrange(PUT_OFF_COLUMNS if at == PUT_OFF else DUE_COLUMNS)
            view.say_empty(_("Nothing is due."))
            self.put_off_button.setText(_("Take up again (S)") if at == PUT_OFF else _("Put off… (S)"))
        if query == view.table_model.query:
            view.refresh()  # what was done with a row leaves the list at its place
        else:
            view.ask(query)
        if view is self.due and view.current_id is None and view.table_model.total:
            view.stand_on(max(0, view.currentIndex().row()))  # its reasoning is seen at once
        self.lists.setCurrentWidget(view)
        self._explain(self.due.current_id if view is self.due else None)

    def _show_nothing(self, some: bool) -> None:
        self.stack.setCurrentIndex(1)
        orders = bool(self.desk.register.count(Query(ShopOrder), 1))
        self._first = self._new if some or orders else self._import
        if some:
            self.nothing.say(_("Nothing waits. Well done."), _("Every complaint has its answer, and nothing is due."), _("New complaint"))
        elif orders:
            self.nothing.say(_("Your register is ready."), _("The orders are there: type a name, a phone number or an order into a new complaint."), _("New complaint"))
        else:
            self.nothing.say(
                _("Your register is ready."),
                _("Import your orders first, so that complaints find their customer and product by typing; or write down the first complaint."),
                _("Import orders…"),
                _("New complaint"),
            )

    def _say_what_silence_costs(self) -> None:
        register, today, book = self.desk.register, self.told.today, self.told.book
        cost = price_of_silence(register, today, book)
        self.silence.setText(_cost_of(cost) if cost else "")
        late = register.count(accepted_by_silence(book, today), COUNTED)
        said = n_("{n} unanswered complaint counts as accepted by silence.", "{n} unanswered complaints count as accepted by silence.", late)
        self.accepted.setText(said if late else "")
        self.silence.setVisible(cost is not None)
        self.accepted.setVisible(bool(late))
        self.silence_card.setVisible(cost is not None or bool(late))

    # -- the chosen deadline

    def _deadline(self, id_: int) -> Deadline:
        return self.desk.register.get(Deadline, id_)

    def _explain(self, id_: int | None) -> None:
        """Tell why the chosen day is the last one."""
        deadline = self.desk.register.find(Deadline, id_) if id_ else None
        self.why.setVisible(deadline is not None)
        if deadline is None:
            return
        rule = deadlines.rule_of(self.told.book, deadline.rule)
        number = self.told.case(deadline)[0].number
        self.why_title.setText(_("{number}: {what}").format(number=number, what=rule_title(self.told.book, deadline.rule)))
        advice = by_post(deadline, self.told.earlier(deadline))
        self.reasoning.setText("\n".join(part for part in (reasoning(deadline), advice) if part))
        doubt = rule.doubt.to() if rule else ""
        self.doubt.setText(_("Doubtful: {doubt}").format(doubt=doubt) if doubt else "")
        self._make_room()

    def _make_room(self) -> None:
        """Show the reasoning where there is room, else the way to it."""
        room = self._has_room
        self.reasoning.setVisible(room)
        self.doubt.setVisible(bool(self.doubt.text()) and room)
        self.why_button.setVisible(not room)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._make_room()

    def tell_why(self) -> None:
        """Tell why the chosen day is the last one, where the window leaves no room for it."""
        if not self._has_room and not self.why.isHidden():
            said = "\n\n".join(part for part in (self.reasoning.text(), self.doubt.text()) if part)
            self.desk.ask.tell(said, parent=self)

    @property
    def _has_room(self) -> bool:
        """Whether alerts leave room for the reasoning in a low window or with large letters; else W tells it."""
        return self.window().height() >= theme.em(LOW) or not ("alerts" in self.__dict__ and self.alerts.isVisibleTo(self))

    def _menu(self, menu: QMenu, ids: list[int]) -> None:
        if len(ids) == 1 and not self.desk.register.read_only:
            menu.addAction(theme.icon("play"), _("Next step (D)")).triggered.connect(lambda _on: self.do_next())
            words = _("Take up again (S)") if self.tabs.currentIndex() == PUT_OFF else _("Put off… (S)")
            menu.addAction(theme.icon("clock"), words).triggered.connect(lambda _on: self.put_off())

    def do_next(self) -> None:
        """Do the next step of the chosen case."""
        view = self.lists.currentWidget()
        assert isinstance(view, TableView)
        if view.current_id is not None and view.table_model.query.kind is Action:
            self._open(Action, view.current_id)
        elif view.current_id is not None and not self.desk.register.read_only:
            self._do_next(self._deadline(view.current_id).case if view is self.due else view.current_id)

    def put_off(self) -> None:
        """Put the chosen deadline off, or take it up again."""
        from ui.dialogs.put_off import PutOff  # loaded when first asked for

        id_ = self.due.current_id
        if id_ is None or self.desk.register.read_only:
            return
        deadline = self._deadline(id_)
        if self.tabs.currentIndex() == PUT_OFF:
            self.desk.attempt(deadlines.WAKE, deadlines.wake, id_)
        elif why_not := why_not_put_off(deadline):
            self.desk.ask.warn(why_not, parent=self)
        else:
            ran(PutOff(self.desk, deadline, self))

    def stops(self) -> Sequence[QWidget]:
        routine = (self.routine.weekly_button, self.routine.begin_buttons[0]) if "routine" in self.__dict__ else ()
        noticed = (self.alerts.list, self.alerts.show_button) if "alerts" in self.__dict__ else ()
        return *noticed, *self._views, self.nothing.button, self.tabs, *routine

    def place(self) -> int:
        return self.tabs.currentIndex()

    def return_to(self, place: int) -> None:
        self.show_section(place)


def _cost_of(cost: Silence) -> str:
    """What keeping silent until the nearest day costs, in a sentence."""
    by_day = show_by_day(cost.day)
    if not cost.cases:
        return n_(
            "If you do nothing {by_day}, {n} complaint counts as accepted.",
            "If you do nothing {by_day}, {n} complaints count as accepted.",
            cost.others,
            by_day=by_day,
        )
    amount = " + ".join(show_money(amount, currency or "PLN") for currency, amount in cost.sums.items())
    return n_(
        "If you do nothing {by_day}, you owe {amount} in {n} case.",
        "If you do nothing {by_day}, you owe {amount} in {n} cases.",
        cost.cases,
        by_day=by_day,
        amount=amount,
    )
