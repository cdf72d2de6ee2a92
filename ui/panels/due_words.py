"""A deadline in words: how many days are left, in which colour, what must be done, and what is at stake."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal

from qmdesk.i18n import N_, _, n_, show_by_day, show_day, show_money
from qmdesk.operations.deadlines import rulebook
from qmdesk.operations.due import days_by_post, days_words, demanded, rule_title
from qmdesk.records.case import Case, CaseState
from qmdesk.records.deadline import STANDING, Deadline, DeadlineState
from qmdesk.records.lists import Channel
from qmdesk.register import Reading, clock
from qmdesk.schema.query import Query
from ui.panels.words import next_step
from ui.tables.model import Column, told
from ui.tables.paint import BLANK, Cell
from ui.theme import Role

SOON, NEAR = 7, 3  # days left from which a deadline is blue, then amber (law.md 9.1: warnings at 7, 3 and 1 days)

WAITING = (CaseState.NEEDS_INFO, CaseState.AWAITING_GOODS)

def days_cell(deadline: Deadline, today: date, earlier: int = 0) -> Cell:
    """How far a deadline is, with the colour and the icon it has then; ``earlier``: days before it a letter must leave."""
    if deadline.state is DeadlineState.HELD:
        return Cell(_("may wait for the goods"), "neutral", "waiting")
    if deadline.state not in STANDING:
        return BLANK
    words = days_words(deadline.legal, today)
    left = (deadline.legal - today).days
    if left <= 0:
        return Cell(words, "bad", "overdue" if left < 0 else "bell")
    urgent = left - earlier
    role: Role = "warn" if urgent <= NEAR else "info" if urgent <= SOON else "good"
    if earlier and 0 < urgent <= SOON:
        words = n_("{n} day left to post it", "{n} days left to post it", urgent)
    elif earlier and urgent == 0:
        words = _("post it today")
    return Cell(words, role, "letter" if earlier and urgent <= SOON else "hourglass" if role == "warn" else "clock")


class DueRows:
    """What rows of deadlines tell besides their own fields; the cases behind them are read together, a page at once."""

    def __init__(self, register: Reading) -> None:
        self._register = register
        self.forget()

    def forget(self) -> None:
        """Ask the register anew from now on."""
        self.today = clock().date()
        self.book = rulebook(self._register)
        self._channels = {one.id: one for one in self._register.records(Query(Channel))}
        self._cases: dict[int, tuple[Case, Mapping[str, str]]] = {}
        self._owed: dict[int, Decimal] = {}

    def read(self, deadlines: Sequence[Deadline]) -> None:
        """Read the cases of these deadlines."""
        wanted = list({one.case for one in deadlines if one.case not in self._cases})
        found = self._register.rows(Case, wanted)
        self._cases.update((case.id, (case, titles)) for case, titles in found)
        self._owed.update(demanded(self._register, [case for case, _titles in found]))

    def case(self, deadline: Deadline) -> tuple[Case, Mapping[str, str]]:
        """The case of a deadline with the titles of what it refers to."""
        if deadline.case not in self._cases:
            self.read([deadline])
        return self._cases[deadline.case]

    def earlier(self, deadline: Deadline) -> int:
        """How many days before its legal day a letter must leave, where the customer writes by post."""
        case, _titles = self.case(deadline)
        return days_by_post(self.book, deadline, self._channels.get(case.channel or 0))

    def left(self, deadline: Deadline, _titles: object = None) -> Cell:
        """How many days are left."""
        return days_cell(deadline, self.today, self.earlier(deadline))

    def customer(self, deadline: Deadline, _titles: object = None) -> Cell:
        """Whose case it is."""
        return Cell(self.case(deadline)[1]["customer"])

    def what(self, deadline: Deadline, _titles: object = None) -> Cell:
        """What must be done."""
        return Cell(rule_title(self.book, deadline.rule))

    def next(self, deadline: Deadline, _titles: object = None) -> Cell:
        """What to do with its case now."""
        case, _titles = self.case(deadline)
        if self._answers(deadline) and deadline.state in STANDING:
            if case.state is CaseState.ANSWERED:
                return Cell(_("Note when the letter arrived"))
            if case.state in WAITING and (deadline.legal - self.today).days <= NEAR:
                return Cell(_("Answer: waiting stops no clock"))
        return next_step(case)

    def _answers(self, deadline: Deadline) -> bool:
        return any("answer_delivered" in rule.satisfied_by for rule in self.book.rules if rule.id == deadline.rule)

    def at_stake(self, deadline: Deadline, _titles: object = None) -> Cell:
        """The money that must go back, or what the shop owes when it keeps silent; nothing where silence means nothing."""
        case, _titles = self.case(deadline)
        if any(rule.id == deadline.rule and "money_returned" in rule.satisfied_by for rule in self.book.rules):
            return BLANK if case.refund is None else Cell(show_money(case.refund, case.currency or "PLN"))
        silent = any(rule.id == deadline.rule and rule.on_expiry == "deemed_accepted" for rule in self.book.rules)
        amount = self._owed.get(case.id)
        return BLANK if deadline.soft or not silent or amount is None else Cell(show_money(amount, case.currency or "PLN"))

    def columns(self) -> tuple[Column, ...]:
        """Columns that tell all this in a list of deadlines."""
        return (
            told("left", N_("Left"), self.left, 23, whole=True),
            told("customer", N_("Customer"), self.customer, 18),
            told("what", N_("To be done"), self.what, 30),
            told("next", N_("What to do next"), self.next, 22),
            Column("stake", N_("Amount"), "number", tell=self.at_stake),
        )


def by_post(deadline: Deadline, earlier: int) -> str:
    """The advice to a customer who writes by post; "" where no letter has to go."""
    if not earlier or deadline.state not in STANDING:
        return ""
    post_by = show_by_day(deadline.legal - timedelta(days=earlier))
    return _("The customer wrote by post: send the letter {by_day}, for it counts when it arrives; an e-mail counts at once.").format(by_day=post_by)


def why_not_put_off(deadline: Deadline) -> str:
    """Why a deadline can't be put off; "" where it can. There is no later day to put it off to on its last one."""
    left = (deadline.legal - clock().date()).days
    if left > 0:
        return ""
    if left == 0:
        return _("Today is the last day; it can't be put off any more.")
    return _("The last day, {day}, has passed; it can't be put off any more. The next step is what helps.").format(day=show_day(deadline.legal))
