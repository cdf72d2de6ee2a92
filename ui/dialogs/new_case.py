"""A new complaint or return as it is told on the phone: who, about which order and pieces, what happened, what they want."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Concatenate, ParamSpec

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QFrame,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from qmdesk.errors import Known, Problems
from qmdesk.i18n import N_, _, show_day
from qmdesk.operations import buyers, cases, return_terms, returns
from qmdesk.operations.finding import by_number
from qmdesk.operations.registers import the_shop
from qmdesk.records.case import Case, CaseItem, CaseKind
from qmdesk.records.party import Customer
from qmdesk.records.product import Order, OrderLine, Product
from qmdesk.records.returns import ReturnDetails
from qmdesk.register import Transaction, clock
from qmdesk.schema import types
from qmdesk.schema.query import Condition, Query
from qmdesk.schema.query import Order as By
from qmdesk.schema.record import Record, replace
from ui import theme
from ui.desk import Desk
from ui.forms.buyer_questions import BuyerQuestions
from ui.forms.dialog import adding, shortcuts_to_save
from ui.forms.form import RecordForm, show_beside
from ui.forms.photos import PhotoStrip
from ui.forms.pieces import Offer, Pieces
from ui.widgets.button import Button
from ui.widgets.dialog import Dialog
from ui.widgets.plain_label import PlainLabel, harmless_tooltip
from ui.widgets.within_screen import resize_within

P = ParamSpec("P")

# in the order a customer tells it; the rest is asked for later, on the case
FIELDS = (
    "kind",
    "customer",
    "order",
    "received_at",
    "channel",
    "description",
    "noticed_on",
    "demand",
    "claimed",
    "cause",
    "contract_type",
    "sale_document",
    "sale_document_number",
    "sold_on",
    "delivered_on",
    "goods_received_on",
    "responsible",
    "safety",
)
NOT_OF_RETURNS = ("noticed_on", "demand", "claimed", "safety")
ONLY_OF_RETURNS = ("contract_type", "delivered_on")
TERMS = ("statement_sent_on", "informed", "informed_on", "delivery_paid", "delivery_cheapest", "shop_pays_return", "exchanged_for")
TITLES = {CaseKind.COMPLAINT: N_("New complaint"), CaseKind.RETURN: N_("New return"), CaseKind.GUARANTEE: N_("New guarantee claim")}
Also = Callable[[Transaction, int], object]
"""What else is done in the step that registers a case; it is told its id."""
OTHER_ORDERS = 5  # of the same customer, the newest: a parcel often brings back pieces of several
LOOK_AFTER_MS = 350


class NewCase(Dialog):
    """``case_id`` is the id of the case once it is registered."""

    def __init__(
        self,
        desk: Desk,
        preset: Mapping[str, Any],
        parent: QWidget | None = None,
        *,
        newcomer: Customer | None = None,
        notes: Sequence[str] = (),
        also: Also | None = None,
    ) -> None:
        """``newcomer`` is kept with the case unless a customer is chosen; ``notes`` say what is to be minded of what the form begins with.

        ``also`` is done in the step that registers the case, and is told its id: undo takes both back.
        """
        super().__init__(parent)
        self.desk = desk
        self.newcomer, self._notes, self._also = newcomer, notes, also
        self.case_id: int | None = None
        self.on_open_other: Callable[[type[Record], int], None] = lambda _kind, _id: None
        self._order: tuple[Any, ...] | None = None  # none was looked at yet
        self.form = RecordForm(desk, Case, fields=FIELDS, add_new=adding(desk))
        self.form.narrow("order", self._orders_of_customer)
        self.form.begin(**{"received_at": clock(), **preset})
        self.terms = RecordForm(desk, ReturnDetails, fields=TERMS, notice=self.form.notice)
        self.terms.begin(case=1)  # its case has no id yet
        self.buyer = BuyerQuestions()
        self.buyer.changed.connect(self._buyer_told)
        self._known_buyer: int | None = None
        self.photos = PhotoStrip(desk)
        self.pieces = Pieces()
        self.pieces.changed.connect(self._propose_terms)
        self.lines = self.pieces.list
        self.lines_hint = PlainLabel(_("Choose the order, and its lines can be ticked here. Without one, add the items on the case."), "muted", wrap=True)
        self.alike = QListWidget()
        self.alike.setAccessibleName(_("Cases that look the same"))
        self.alike.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.alike.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.alike.itemActivated.connect(self._open_other)
        self.alike_box = self._beside()
        self._lay_out()
        self._look = QTimer(self, singleShot=True, interval=LOOK_AFTER_MS)
        self._look.timeout.connect(self.look_for_others)
        self.form.changed.connect(self._typed)
        shortcuts_to_save(self, self.save)
        self._typed()
        self.look_for_others()
        first = "description" if set(preset) - {"kind"} else "customer"
        self.form.editors[first].input.setFocus()

    def _lay_out(self) -> None:
        inner = QWidget()
        theme.mark(inner, "page")
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, theme.em(0.6), theme.em(0.8), theme.em(0.6))
        column.addWidget(self.form)
        column.addStretch()
        scroll = QScrollArea()
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the fields scroll it; Tab need not stop twice
        scroll.setWidgetResizable(True)
        scroll.setWidget(inner)
        besides = QWidget()
        theme.mark(besides, "page")
        side = QVBoxLayout(besides)
        side.setContentsMargins(0, theme.em(0.6), theme.em(0.8), theme.em(0.6))
        side.setSpacing(theme.em(0.5))
        side.addWidget(PlainLabel(_("Which pieces?"), "heading"))
        side.addWidget(self.lines_hint)
        side.addWidget(self.pieces)
        side.addSpacing(theme.em(0.8))
        side.addWidget(self.terms)
        side.addWidget(self.alike_box)
        side.addWidget(PlainLabel(_("Who is the buyer in law?"), "heading"))
        side.addWidget(self.buyer)
        side.addSpacing(theme.em(0.8))
        side.addWidget(PlainLabel(_("Photos and files"), "heading"))
        side.addWidget(self.photos)
        side.addStretch(1)
        panel = QScrollArea()  # with large text it is higher than a small screen
        panel.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        panel.setWidgetResizable(True)
        panel.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        panel.setWidget(besides)
        panel.setFixedWidth(theme.em(33))
        self.note = PlainLabel("", "problem", wrap=True)
        self.save_button = Button(_("Register it"), "save", "primary", self.save)
        self.save_button.setEnabled(not self.desk.register.read_only)
        line = QHBoxLayout()
        line.addWidget(PlainLabel(_("Ctrl+Enter registers it from anywhere."), "small"))
        line.addStretch()
        line.addWidget(Button(_("Cancel"), on_click=self.reject))
        line.addWidget(self.save_button)
        middle = QHBoxLayout()
        middle.setSpacing(theme.em(1.2))
        middle.addWidget(scroll, 1)
        middle.addWidget(panel)
        rows = QVBoxLayout(self)
        edge = theme.em(1.2)
        rows.setContentsMargins(edge, edge, edge, edge)
        self.title = PlainLabel("", "title")
        rows.addWidget(self.title)
        self.newcomer_box = QCheckBox()
        if self.newcomer is not None:
            contact = ", ".join(filter(None, (self.newcomer.name, self.newcomer.email, self.newcomer.phone)))
            self.newcomer_box.setText(_("Keep as a new customer: {customer}").format(customer=contact.replace("&", "&&")))
        self.newcomer_box.setChecked(self.newcomer is not None)
        self.newcomer_box.setVisible(self.newcomer is not None)
        for note in self._notes:
            rows.addWidget(PlainLabel(note, "small", wrap=True))
        rows.addWidget(self.newcomer_box)
        rows.addLayout(middle, 1)
        rows.addWidget(self.note)
        rows.addLayout(line)
        QWidget.setTabOrder(self.form.editors["order"].input, self.lines)  # the pieces are ticked as soon as the order is known
        for button in self.findChildren(QPushButton):
            button.setAutoDefault(button is self.save_button)
        resize_within(self, theme.em(90), theme.em(62))

    def _beside(self) -> QFrame:
        box = QFrame()
        theme.mark(box, "warn")
        rows = QVBoxLayout(box)
        edge = theme.em(0.8)
        rows.setContentsMargins(edge, edge, edge, edge)
        rows.setSpacing(theme.em(0.4))
        theme.mark(self.alike, "plain")
        rows.addWidget(PlainLabel(_("Is it one of these?"), "strong"))
        rows.addWidget(PlainLabel(_("These cases look the same. Enter or a double click opens one, to go on with it instead."), "small", wrap=True))
        rows.addWidget(self.alike, 1)
        box.hide()
        return box

    # -- while typing

    def _orders_of_customer(self) -> tuple[Condition, ...]:
        customer = self.form.editors["customer"].value()
        return (Condition("customer", types.IS, (customer,)),) if customer else ()

    @property
    def kind(self) -> CaseKind:
        """What is being written down."""
        kind: CaseKind = self.form.editors["kind"].value()
        return kind

    def _typed(self) -> None:
        returned, order = self.kind is CaseKind.RETURN, self.form.editors["order"].value()
        now = (self.kind, order, self.form.editors["customer"].value() if returned else None)
        self.newcomer_box.setEnabled(not self.form.editors["customer"].value())
        if now != self._order:
            before, self._order = self._order, now
            if before is None or before[0] is not self.kind:
                self._ask_for_kind()
            self._take_order(order)
        self._take_buyer()
        self._look.start()

    def _ask_for_kind(self) -> None:
        """Ask for what belongs to a complaint, a return or a guarantee claim."""
        if buyers.kind_of(self.buyer.answers().get(buyers.WANTS, "other")) is not self.kind or not self.buyer.answers():
            self.buyer.give({buyers.WANTS: buyers.comes_with(self.kind)})
        returned = self.kind is CaseKind.RETURN
        self.form.ask_only([name for name in FIELDS if name not in (NOT_OF_RETURNS if returned else ONLY_OF_RETURNS)])
        self.terms.setVisible(returned)
        self.setWindowTitle(_(TITLES[self.kind]))
        self.title.setText(_(TITLES[self.kind]))

    def _take_buyer(self) -> None:
        """What the register knows of the customer as a buyer; the questions are there to say it better."""
        customer = self.form.editors["customer"].value()
        if customer == self._known_buyer:
            return
        self._known_buyer = customer
        found = self.desk.register.find(Customer, customer) if customer else None
        if found is not None:
            self.buyer.give({"who": "", "professional": "", **buyers.answers_of(found.buyer_type)})
        self._tell_buyer()

    def _buyer_told(self) -> None:
        """What the customer comes with is the kind of the case too."""
        wants = self.buyer.answers().get(buyers.WANTS)
        if wants and buyers.kind_of(wants) is not self.kind:
            self.form.editors["kind"].set_value(buyers.kind_of(wants))
            self._typed()
        self._tell_buyer()

    def _tell_buyer(self) -> None:
        contract = self.form.editors["contract_type"].value() or Case.blank["contract_type"]
        draft = Case(received_at=clock(), kind=self.kind, contract_type=contract, sold_on=self.form.editors["sold_on"].value())
        self.buyer.tell(buyers.judged(self.buyer.answers(), draft), the_shop(self.desk.register).country.upper())

    def _take_order(self, order_id: int | None) -> None:
        """What an order tells: its customer, its days, and the lines to tick; to a return also those of the customer's other orders."""
        order = self.desk.register.find(Order, order_id) if order_id else None
        if order is not None:
            editors = self.form.editors
            if not editors["customer"].value() and order.customer:
                editors["customer"].set_value(order.customer)
                self._order = self._order and (*self._order[:2], order.customer if self.kind is CaseKind.RETURN else None)
            if not editors["sold_on"].value():
                editors["sold_on"].set_value(order.ordered_at.astimezone().date())
            if not editors["delivered_on"].value() and order.delivered_on:
                editors["delivered_on"].set_value(order.delivered_on)
        self.pieces.offer([self._offer(line, number) for line, number in self._lines(order)])
        self.lines_hint.setVisible(not self.lines.count())

    def _lines(self, order: Order | None) -> list[tuple[OrderLine, str]]:
        """The lines that can be ticked, each with the number of its order where that is another one."""
        found = [(line, "") for line in self._lines_of(order.id)] if order is not None else []
        customer = self.form.editors["customer"].value()
        if self.kind is CaseKind.RETURN and customer:
            others = Query(Order, (Condition("customer", types.IS, (customer,)),)).by(By("ordered_at", True))
            for other in self.desk.register.records(others, OTHER_ORDERS):
                if order is None or other.id != order.id:
                    found += [(line, other.number) for line in self._lines_of(other.id)]
        return found

    def _offer(self, line: OrderLine, number: str) -> Offer:
        if self.kind is not CaseKind.RETURN:
            return Offer(line, max(1, line.quantity), number)
        left = line.quantity - return_terms.came_back(self.desk.register, line)
        return Offer(line, max(0, left), number, "" if left > 0 else _("came back already"))

    def _lines_of(self, order_id: int) -> list[OrderLine]:
        return self.desk.register.records(Query(OrderLine, (Condition("order", types.IS, (order_id,)),)).by(By("line"), By("id")))

    def _propose_terms(self) -> None:
        """The shop's habits and what the ticked orders tell of delivery, until something else is typed."""
        if self.kind is not CaseKind.RETURN:
            return
        draft = Case(received_at=clock(), order=self.form.editors["order"].value() if not self.items() else None)
        known = return_terms.begun(self.desk.register, draft, self.items())
        untouched = {name for name in TERMS if name not in self.terms.touched()}
        self.terms.propose(**{name: getattr(known, name) for name in untouched})

    def items(self) -> list[CaseItem]:
        """The ticked pieces as items."""
        return self.pieces.items()

    def look_for_others(self) -> None:
        """Show cases that look like this one beside the form."""
        customer, order = self.form.editors["customer"].value(), self.form.editors["order"].value()
        self.alike.clear()
        if customer or order:
            draft = Case(
                received_at=self.form.editors["received_at"].value() or clock(),
                customer=customer,
                order=order,
                description=self.form.editors["description"].value() or "",
            )
            for other in cases.resembling(self.desk.register, draft, self.items()):
                case = other.case
                words = _("{number}, {day}, {state}").format(number=case.number, day=show_day(case.received_at.astimezone().date()), state=_(case.state.label))
                item = QListWidgetItem(f"{words}\n{other.why}\n{' '.join(case.description.split())[:120]}")
                item.setToolTip(harmless_tooltip(case.description))
                item.setData(Qt.ItemDataRole.UserRole, case.id)
                self.alike.addItem(item)
        self.alike.setFixedHeight(sum(self.alike.sizeHintForRow(at) for at in range(min(3, self.alike.count()))) + theme.em(0.6))
        self.alike_box.setVisible(self.alike.count() > 0)

    def _open_other(self, item: QListWidgetItem) -> None:
        if self._may_go():
            case_id = item.data(Qt.ItemDataRole.UserRole)
            super().reject()
            self.on_open_other(Case, case_id)

    # -- saving

    def save(self) -> None:
        """Register the case; problems stand beside their fields and nothing typed is lost."""
        draft, problems = self.form.values()
        terms, wrong = self.terms.values() if self.kind is CaseKind.RETURN else (None, [])
        show_beside([self.form, self.terms], [*problems, *wrong])
        if problems or wrong or not self.save_button.isEnabled():
            return
        try:
            case = self._take_in(draft, terms)
        except Problems as error:
            show_beside([self.form, self.terms], error.problems)
        except Known as error:
            self.note.setText(error.sentence)
        else:
            self.case_id = case.id
            self.accept()

    def _take_in(self, draft: Case, terms: ReturnDetails | None) -> Case:
        answers = self.buyer.answers()
        if "who" in answers:
            draft = replace(draft, **buyers.values(answers, draft, the_shop(self.desk.register)))
        if terms is None and self.newcomer is not None and draft.customer is None and self.newcomer_box.isChecked():
            return self._do(cases.TAKE_IN, cases.take_in_newcomer, self.newcomer, draft, self.items(), self.photos.staged())
        if terms is None:
            return self._do(cases.TAKE_IN, cases.take_in, draft, self.items(), self.photos.staged())
        bare = replace(draft, **{name: Case.blank[name] for name in NOT_OF_RETURNS})
        told = {name: getattr(terms, name) for name in TERMS}
        return self._do(returns.TAKE_IN, returns.take_in, bare, self.items(), told, self.photos.staged())

    def _do(self, label: str, take_in: Callable[Concatenate[Transaction, P], Case], *args: P.args, **kwargs: P.kwargs) -> Case:
        """Take the case in, and do what belongs to it in the same step."""

        def whole(tx: Transaction) -> Case:
            case = take_in(tx, *args, **kwargs)
            if self._also is not None:
                self._also(tx, case.id)
            return case

        return self.desk.do(label, whole)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter goes on to the next field, so that a complaint half told is never registered by it."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            at = self.focusWidget()
            if isinstance(at, QPushButton):
                at.click()
            else:
                self.focusNextChild()
        else:
            super().keyPressEvent(event)

    def take_scan(self, code: str) -> bool:
        """A scanned order is the one complained about; a scanned product ticks its line."""
        found = by_number(self.desk.register, code)
        if found is None:
            self.note.setText(_("Nothing has the number {number}.").format(number=code[:60]))
        elif found[0] is Order:
            self.form.editors["order"].set_value(found[1])
            self._typed()
        elif found[0] is Product:
            self.pieces.tick(found[1])
        return True

    def _may_go(self) -> bool:
        if not self.form.dirty and not self.terms.dirty and not self.photos.staged():
            return True
        return self.desk.ask.confirm(_("What you have typed is not registered yet. Throw it away?"), _("Throw away"), _("Go on writing"), danger=True, parent=self)

    def reject(self) -> None:
        if self._may_go():
            super().reject()
