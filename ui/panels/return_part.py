"""The tab of a return: whether the customer may withdraw and until when, the money that goes back, and the terms as a form."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from qmdesk.errors import Problems
from qmdesk.i18n import _, show_day
from qmdesk.law.withdrawal import RefundState
from qmdesk.operations import return_terms, returns
from qmdesk.operations.return_terms import Right, Standing
from qmdesk.records.case import Case
from qmdesk.records.returns import ReturnDetails
from qmdesk.register import Transaction, clock
from qmdesk.schema.record import Record
from ui import theme
from ui.ask import ran
from ui.desk import Desk
from ui.dialogs.exclusion import ExclusionDialog
from ui.forms.refund_table import RefundTable
from ui.panels.facts import Facts
from ui.theme import Role
from ui.widgets.button import Button
from ui.widgets.flow import FlowLayout
from ui.widgets.pill import Pill
from ui.widgets.plain_label import PlainLabel

# how a standing looks: its colour and its icon
LOOKS: Mapping[Standing, tuple[Role, str]] = {
    Standing.IN_TIME: ("good", "good"),
    Standing.NOT_BEGUN: ("good", "clock"),
    Standing.LATE: ("bad", "overdue"),
    Standing.EXCLUDED: ("bad", "law"),
    Standing.PROMISED: ("info", "shop"),
    Standing.PROMISE_OVER: ("warn", "overdue"),
    Standing.GOODWILL: ("neutral", "shop"),
}
MONEY: Mapping[RefundState, tuple[Role, str]] = {
    RefundState.RUNNING: ("info", "clock"),
    RefundState.WITHHELD: ("warn", "hourglass"),
    RefundState.AT_ONCE: ("warn", "money"),
    RefundState.OVERDUE: ("bad", "overdue"),
    RefundState.PAID: ("good", "done"),
}


class _Box(QFrame):
    """Pills in a row, and sentences below them."""

    def __init__(self, heading: str) -> None:
        super().__init__()
        theme.mark(self, "card")
        self.rows = QVBoxLayout(self)
        edge = theme.em(0.9)
        self.rows.setContentsMargins(edge, edge, edge, edge)
        self.rows.setSpacing(theme.em(0.5))
        self.rows.addWidget(PlainLabel(heading, "heading"))
        self.pills = FlowLayout(gap=theme.em(0.5))
        self.rows.addLayout(self.pills)
        self.words = PlainLabel("", wrap=True, selectable=True)
        self.rows.addWidget(self.words)


class ReturnPart(QWidget):
    """Shows the return of one case; ``do`` is what its buttons ask for: a step of the case."""

    def __init__(self, desk: Desk, set_refund: Callable[[], None]) -> None:
        super().__init__()
        self.desk = desk
        self.case: Case | None = None
        self.right = _Box(_("May the customer give it back?"))
        self.standing, self.until = Pill(), PlainLabel("", "strong")
        self.right.pills.addWidget(self.standing)
        self.right.pills.addWidget(self.until)
        self.exclusion = Button(_("No right to withdraw…"), "law", on_click=self._exclude)
        buttons = QHBoxLayout()
        buttons.addWidget(self.exclusion)
        buttons.addStretch()
        self.right.rows.addLayout(buttons)
        self.money = _Box(_("What goes back"))
        self.due = Pill()
        self.money.pills.addWidget(self.due)
        self.table = RefundTable()
        self.money.rows.addWidget(self.table)
        self.refund_button = Button(_("Set the refund…"), "calculator", on_click=set_refund)
        money_buttons = QHBoxLayout()
        money_buttons.addWidget(self.refund_button)
        money_buttons.addStretch()
        self.money.rows.addLayout(money_buttons)
        above = QWidget()
        column = QVBoxLayout(above)
        column.setContentsMargins(0, 0, 0, theme.em(1.2))
        column.setSpacing(theme.em(0.8))
        column.addWidget(self.right)
        column.addWidget(self.money)
        self.facts = Facts(desk, ReturnDetails, ReturnDetails.spec.asked("case"), returns.CHANGE, self._change, above=above, named=self._name)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.addWidget(self.facts)

    def show_case(self, case: Case) -> None:
        """Show the return of this case."""
        if self.case is not None and self.case.id != case.id:
            self.facts.forget()
        self.case = case
        register = self.desk.register
        terms = return_terms.details(register, case)
        found = return_terms.right(register, case, terms)
        role, icon = LOOKS[found.standing]
        self.standing.show_state(_(found.standing.label), role, icon)
        self.until.setText(_("until {day}").format(day=show_day(found.last_day)) if found.last_day else "")
        self.right.words.setText("\n\n".join(self._why(case, terms, found)))
        self.exclusion.setVisible(found.standing in (Standing.IN_TIME, Standing.NOT_BEGUN, Standing.LATE, Standing.EXCLUDED))
        self._show_money(case, terms)
        self.facts.show_case(terms)
        writable = not register.read_only
        self.exclusion.setEnabled(writable)
        self.refund_button.setEnabled(writable and case.refunded_on is None)

    def may_leave(self) -> bool:
        """Whether another case may be shown now."""
        return self.case is None or self.facts.may_leave()

    def forget(self) -> None:
        """The case is gone."""
        self.case = None
        self.facts.forget()

    def _why(self, case: Case, terms: ReturnDetails, found: Right) -> list[str]:
        """The reasoning, and by when the goods must come."""
        received = case.received_at.astimezone()
        said = [_("The statement was received on {day} at {time:%H:%M:%S}.").format(day=show_day(received.date()), time=received)]
        said.append(" ".join(found.reasoning()))
        back = return_terms.send_back_by(self.desk.register, case, terms)
        if back is not None:
            said.append(_("The customer sends the goods back by {day}. {reasoning}").format(day=show_day(back.legal), reasoning=back.reasoning()))
        return said

    def _show_money(self, case: Case, terms: ReturnDetails) -> None:
        register, today = self.desk.register, clock().date()
        due = return_terms.refund_due(register, case, terms)
        self.due.setVisible(due is not None)
        words = ""
        if due is not None:
            state = due.state(today)
            role, icon = MONEY[state]
            self.due.show_state(_money_words(state, due.due, case.refunded_on), role, icon)
            words = f"{due.term.reasoning()} {due.withholding()}" if case.refunded_on is None else due.term.reasoning()
        self.money.words.setText(words)
        self.money.words.setVisible(bool(words))
        try:
            self.table.show_calculation(returns.calculate(register, case, terms))
        except Problems as error:
            self.table.show_problems([problem.sentence for problem in error.problems])

    def _name(self, _record: Record) -> str:
        return self.case.number if self.case is not None else ""

    def _change(self, tx: Transaction, _id: int, values: Mapping[str, Any]) -> ReturnDetails:
        assert self.case is not None
        return returns.change_details(tx, self.case.id, values)

    def _exclude(self) -> None:
        if self.case is not None and self.facts.may_leave():
            ran(ExclusionDialog(self.desk, self.case, self))


def _money_words(state: RefundState, due: date, paid_on: date | None) -> str:
    """What a pill says of the money."""
    if state is RefundState.PAID and paid_on is not None:
        return _("Returned on {day}").format(day=show_day(paid_on))
    if state is RefundState.WITHHELD:
        return _("May be withheld until the goods come")
    if state is RefundState.AT_ONCE:
        return _("Due at once")
    if state is RefundState.OVERDUE:
        return _("Overdue since {day}").format(day=show_day(due))
    return _("Due by {day}").format(day=show_day(due))
