"""What lists and cards tell about a case besides its fields: how long it has waited, what to do next."""

from __future__ import annotations

from datetime import date

from qmdesk.i18n import N_, _, n_
from qmdesk.records.case import OPEN_STATES, UNANSWERED_STATES, Case, CaseKind, CaseState
from qmdesk.register import clock
from ui.tables.model import Column, told
from ui.tables.paint import BLANK, Cell
from ui.theme import Role

OLD, TOO_OLD = 7, 12  # days of waiting after which a case is amber, then red; the deadlines of the law come with its rules

NEXT = {
    CaseState.NEW: N_("Assess and decide"),
    CaseState.NEEDS_INFO: N_("Wait for the customer's information"),
    CaseState.AWAITING_GOODS: N_("Wait for the goods"),
    CaseState.ASSESSING: N_("Decide"),
    CaseState.DECIDED: N_("Send the answer"),
    CaseState.ANSWERED: N_("Carry it out, then close"),
    CaseState.REMEDY_RUNNING: N_("Finish the repair or replacement"),
    CaseState.REMEDY_DONE: N_("Close the case"),
    CaseState.ACKNOWLEDGED: N_("Wait for the goods"),
    CaseState.GOODS_RECEIVED: N_("Look at the goods"),
    CaseState.INSPECTED: N_("Set the refund"),
    CaseState.REFUND_DUE: N_("Return the money"),
    CaseState.REFUNDED: N_("Close the case"),
}


def days_open(case: Case, today: date | None = None) -> int:
    """How many days a case has waited, by the calendar."""
    return max(0, ((today or clock().date()) - case.received_at.astimezone().date()).days)


def age_words(days: int) -> str:
    if days == 0:
        return _("today")
    if days == 1:
        return _("yesterday")
    return n_("{n} day", "{n} days", days)


def age(case: Case, _titles: object = None) -> Cell:
    """How long an open case has waited, in words, a colour and an icon."""
    if case.state not in OPEN_STATES:
        return BLANK
    days = days_open(case)
    if case.state not in UNANSWERED_STATES:
        return Cell(age_words(days), "neutral", "done")
    role: Role = "bad" if days >= TOO_OLD else "warn" if days >= OLD else "good"
    icon = {"bad": "overdue", "warn": "hourglass", "good": "clock"}[role]
    return Cell(age_words(days), role, icon)


def next_step(case: Case, _titles: object = None) -> Cell:
    """What to do with a case now."""
    if case.kind is CaseKind.RETURN and case.state is CaseState.NEW:
        return Cell(_("Confirm it, then wait for the goods"))
    return Cell(_(NEXT[case.state])) if case.state in NEXT else BLANK


def case_columns() -> tuple[Column, ...]:
    return (told("age", N_("Waiting"), age, 9), told("next", N_("What to do next"), next_step, 27))
