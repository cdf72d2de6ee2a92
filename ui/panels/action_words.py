"""What lists, the board and cards tell about an action besides its fields: what comes next, and how its days stand."""

from __future__ import annotations

from datetime import date

from qmdesk.i18n import N_, _, show_day
from qmdesk.operations.action_reading import UNDER_WAY, open_tasks
from qmdesk.operations.due import days_words
from qmdesk.records.action_steps import ActionStep, next_step, steps, tasks_sentence
from qmdesk.records.improvement import ENDED_STATES, Action, ActionState
from qmdesk.register import Reading, clock
from ui.tables import paint
from ui.tables.model import Column, told
from ui.tables.paint import BLANK, Cell
from ui.theme import Role

SOON = 7  # days left from which a day is amber

NEXT = {
    ActionStep.CONTAIN: N_("Contain it…"),
    ActionStep.ANALYSE: N_("Name the cause…"),
    ActionStep.PLAN: N_("Plan it…"),
    ActionStep.CARRY_OUT: N_("It was carried out…"),
    ActionStep.EFFECTIVE: N_("Check whether it helped…"),
    ActionStep.CLOSE: N_("Make it the rule…"),
}
"""What the button says for the step that comes next; … stands for a dialog."""


def days(action: Action, _titles: object = None) -> Cell:
    """How long there is to carry an action out, or until it can be checked."""
    return days_cell(action, clock().date())


def days_cell(action: Action, today: date) -> Cell:
    """As ``days``, on a day."""
    if action.state in UNDER_WAY:
        if action.due_on is None:
            return BLANK
        left = (action.due_on - today).days
        role: Role = "bad" if left < 0 else "warn" if left <= SOON else "good"
        return Cell(days_words(action.due_on, today), role, "overdue" if left < 0 else "clock")
    if action.state is ActionState.DONE and action.verify_on is not None:
        if action.verify_on <= today:
            return Cell(_("check now"), "warn", "bell")
        return Cell(_("check on {day}").format(day=show_day(action.verify_on)), "neutral", "waiting")
    return BLANK


def standing(action: Action, _titles: object = None) -> Cell:
    """How an action stands, in one cell of a list: its days while it has some, else its state."""
    role, icon = paint.state(action.state)
    left = days(action)
    return left if left.text else Cell(_(action.state.label), role, icon)


def what_next(reading: Reading, action: Action) -> str:
    """What to do with an action now, or what it waits for; "" when it is over."""
    if action.state in ENDED_STATES:
        return ""
    today, left = clock().date(), open_tasks(reading, action)
    step = next_step(action, left, today)
    if step is not None:
        return _(NEXT[step]).rstrip("…")
    if left:
        return tasks_sentence(left)
    return steps(action, left, today)[ActionStep.EFFECTIVE]


def columns(reading: Reading) -> tuple[Column, ...]:
    """Columns that tell this in a list of actions."""
    return (
        told("standing", N_("How it stands"), standing, 17, whole=True),
        told("next", N_("What to do next"), lambda action, _titles: Cell(what_next(reading, action)), 24),
    )
