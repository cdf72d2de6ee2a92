"""Looking back: the reviews that were held, the open one beside them, and the two ways to begin another."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtWidgets import QSplitter, QStackedWidget, QVBoxLayout, QWidget

from qmdesk.i18n import N_, _, show_day
from qmdesk.operations import review_reading, reviews
from qmdesk.records.improvement import Action, Review, ReviewKind, ReviewPoint
from qmdesk.schema.query import Order, Query
from qmdesk.schema.record import Record
from ui import theme
from ui.ask import ran
from ui.desk import Desk, Page
from ui.dialogs.review_paper import show_paper
from ui.dialogs.weekly_review import hold_weekly
from ui.forms.dialog import RecordDialog
from ui.forms.form import RecordForm
from ui.panels.review_parts import ManagementPart, WeeklyPart
from ui.tables.model import TableModel, Titles, told
from ui.tables.paint import Cell
from ui.tables.view import TableView
from ui.widgets.button import Button
from ui.widgets.empty_state import EmptyState
from ui.widgets.flow import FlowLayout
from ui.widgets.pill import Pill
from ui.widgets.plain_label import PlainLabel

COLUMNS = ("stands", "held_on", "number")
PERIOD = ("since", "until", "participants")


class ReviewsPanel(Page):
    """The tab of reviews: a list, and the open review beside it."""

    shows = (Review, ReviewPoint, Action)

    def __init__(self, desk: Desk, open_record: Callable[[type[Record], int], object]) -> None:
        super().__init__(desk)
        self._open_record = open_record
        self.review: Review | None = None
        split = QSplitter()
        split.addWidget(self._list())
        self.beside = QStackedWidget()
        self.nothing = EmptyState(
            "calendar",
            _("Look back once a week."),
            _("A quarter of an hour: the three oldest cases, one alert, one check, one checklist. Once a year the management looks at everything."),
            _("Quarter-hour quality"),
        )
        self.nothing.chosen.connect(self.hold_weekly)
        self.nothing.button.setEnabled(not desk.register.read_only)
        self.beside.addWidget(self.nothing)
        self.beside.addWidget(self._card())
        split.addWidget(self.beside)
        split.setChildrenCollapsible(False)
        split.setStretchFactor(0, 2)
        split.setStretchFactor(1, 3)
        split.setSizes([theme.em(34), theme.em(58)])
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.addWidget(split)

    def _list(self) -> QWidget:
        left = QWidget()
        rows = QVBoxLayout(left)
        edge = theme.em(1)
        rows.setContentsMargins(edge, edge, edge, edge)
        head = FlowLayout(gap=theme.em(0.5))
        self.weekly_button = Button("", "play", "primary", self.hold_weekly)
        self.management_button = Button(_("Management review…"), "add", on_click=self.begin_management)
        for part in (PlainLabel(_("Reviews"), "title"), self.weekly_button, self.management_button):
            head.addWidget(part)
        head.push(self.weekly_button)
        rows.addLayout(head)
        self.table = TableView(TableModel(self.desk.register, Review, (told("stands", N_("Review"), self._stands, 20, whole=True),)))
        self.table.arrange(COLUMNS)
        self.table.setAccessibleName(_("Reviews"))
        self.table.warn = self.desk.ask.warn
        self.table.say_empty(_("No review was held yet."))
        self.table.on_current = self._show
        self.table.on_open = self._show
        self.table.on_order = lambda order: self.table.ask(Query(Review).by(order))
        rows.addWidget(self.table, 1)
        return left

    def _stands(self, review: Review, _titles: Titles) -> Cell:
        """Which review it is, with a sign that it is finished or goes on."""
        kind = _(review.kind.label)
        if review.finished_at is not None:
            return Cell(kind, "good", "done", _("{kind}: {state}").format(kind=kind, state=_("Finished")))
        return Cell(kind, "accent", "play", _("{kind}: {state}").format(kind=kind, state=_("In progress")))

    def _card(self) -> QWidget:
        card = QWidget()
        rows = QVBoxLayout(card)
        edge = theme.em(1)
        rows.setContentsMargins(edge, edge, edge, edge)
        rows.setSpacing(theme.em(0.5))
        head = FlowLayout(gap=theme.em(0.5))
        self.number, self.state = PlainLabel("", "title", selectable=True), Pill()
        self.main_button = Button(_("Go on"), "play", "primary", self.hold_weekly)
        self.paper_button = Button(_("Paper…"), "pdf", on_click=self.show_paper)
        self.reopen_button = Button(_("Open again"), "unlock", on_click=self.reopen)
        for part in (self.number, self.state, self.main_button, self.paper_button, self.reopen_button):
            head.addWidget(part)
        head.push(self.main_button)
        rows.addLayout(head)
        self.about = PlainLabel("", "muted", wrap=True)
        rows.addWidget(self.about)
        self.weekly = WeeklyPart(self.desk, self._open_record)
        self.management = ManagementPart(self.desk, self._open_record, self.finish)
        self.parts = QStackedWidget()
        self.parts.addWidget(self.weekly)
        self.parts.addWidget(self.management)
        rows.addWidget(self.parts, 1)
        return card

    # -- what it shows

    def refresh(self) -> None:
        register = self.desk.register
        model = self.table.table_model
        model.forget_all()
        if model.query.order:
            self.table.refresh()
        else:
            self.table.ask(Query(Review).by(Order("held_on", True)))
        begun = review_reading.unfinished(register, ReviewKind.WEEKLY)
        self.weekly_button.setText(_("Go on with quarter-hour quality") if begun else _("Quarter-hour quality"))
        for button in (self.weekly_button, self.management_button):
            button.setEnabled(not register.read_only)
        self.review = register.find(Review, self.review.id) if self.review else None
        if self.review is None and (first := self.table.current_id or next(iter(register.ids(self.table.table_model.query, 1)), None)):
            self.review = register.get(Review, first)
        self._bring_up()

    def _show(self, id_: int | None) -> None:
        if id_ is None or (self.review is not None and id_ == self.review.id):
            return
        if not self.may_leave():
            assert self.review is not None
            self.table.go_to(self.review.id)
            return
        self.review = self.desk.register.get(Review, id_)
        self._bring_up()

    def _bring_up(self) -> None:
        review = self.review
        self.beside.setCurrentIndex(0 if review is None else 1)
        if review is None:
            self.management.review = None
            return
        weekly, finished, writable = review.kind is ReviewKind.WEEKLY, review.finished_at is not None, not self.desk.register.read_only
        self.number.setText(review.number)
        self.state.show_state(*((_("Finished"), "good", "done") if finished else (_("In progress"), "accent", "play")))
        self.main_button.setVisible(weekly and not finished)
        self.main_button.setEnabled(writable)
        self.reopen_button.setVisible(finished and writable)
        period = _("{begun} – {end}").format(begun=show_day(review.since), end=show_day(review.until)) if review.since and review.until else ""
        self.about.setText(" · ".join(part for part in (_(review.kind.label), show_day(review.held_on), period, review.participants) if part))
        self.parts.setCurrentIndex(0 if weekly else 1)
        (self.weekly if weekly else self.management).show_review(review)

    def open(self, _kind: type[Record], id_: int) -> None:
        """Show a review, in the list too."""
        self.table.go_to(id_)
        self._show(id_)

    def stops(self) -> Sequence[QWidget]:
        return self.table, self.nothing.button, self.management.topics, self.weekly

    def may_leave(self) -> bool:
        """What is typed is kept; where it can't be, the user stays."""
        return self.review is None or self.management.settle()

    def place(self) -> Any:
        return self.review.id if self.review else 0, self.management.topics.currentRow()

    def return_to(self, place: Any) -> None:
        id_, row = place
        if id_:
            self.open(Review, id_)
            self.management.topics.setCurrentRow(row)

    # -- what it does

    def hold_weekly(self) -> None:
        """Begin quarter-hour quality, or go on with it."""
        if not self.may_leave():
            return
        hold_weekly(self.desk, self._open_record, self)
        if (newest := review_reading.newest(self.desk.register, ReviewKind.WEEKLY)) is not None and self.isVisible():
            self.open(Review, newest.id)

    def begin_management(self) -> None:
        """Ask for the period and begin the management's review, or go to the one that goes on."""
        if not self.may_leave():
            return
        if (begun := review_reading.unfinished(self.desk.register, ReviewKind.MANAGEMENT)) is not None:
            self.open(Review, begun.id)
            return
        since, until = review_reading.next_period(self.desk.register)
        dialog = RecordDialog(self.desk, Review, preset={"since": since, "until": until, "held_on": until}, fields=PERIOD, save=_begin, parent=self)
        dialog.setWindowTitle(_("Management review"))
        if ran(dialog) and dialog.saved_id:
            self.open(Review, dialog.saved_id)
            self.management.topics.setFocus()

    def finish(self) -> None:
        """Finish the management's review; it is shown on paper."""
        if self.review is None or not self.may_leave():
            return
        if self.desk.attempt(reviews.FINISH, reviews.finish, self.review.id) is not None:
            self.show_paper()

    def reopen(self) -> None:
        """Go on with a review that was finished."""
        if self.review is not None:
            self.desk.attempt(reviews.REOPEN, reviews.reopen, self.review.id)

    def show_paper(self) -> None:
        """Look at the paper of the review, to save or print it."""
        if self.review is not None and self.may_leave():
            show_paper(self.desk, self.review.id, self)


def _begin(desk: Desk, _form: RecordForm, draft: Record) -> int:
    assert isinstance(draft, Review)
    return desk.do(reviews.BEGIN_MANAGEMENT, reviews.begin_management, draft.since, draft.until, draft.participants).id
