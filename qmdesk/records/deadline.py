"""The clock of a case: its deadlines with the rule they come from, and which rules the shop switched."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from qmdesk.errors import Problem
from qmdesk.i18n import N_, _
from qmdesk.records.case import Case
from qmdesk.schema.record import Record, choice, day, flag, long_text, moment, record, ref, text
from qmdesk.schema.types import Labelled


class DeadlineKind(Labelled):
    """What kind of day it is."""

    DEADLINE = "deadline", N_("Deadline in law")
    TARGET = "internal_target", N_("The shop's own target")
    PERIOD = "period", N_("Period of liability")
    IMMEDIATELY = "immediately", N_("At once")
    PROMISE = "promise", N_("Promised or asked for by others")


class Whose(Labelled):
    """Who must act."""

    SHOP = "shop", N_("The shop")
    CUSTOMER = "customer", N_("The customer")
    SUPPLIER = "supplier", N_("The supplier")


class DeadlineState(Labelled):
    """What became of a deadline."""

    RUNNING = "running", N_("Running")
    HELD = "held", N_("Held back")
    OVERDUE = "overdue", N_("Overdue")  # passed, and still to be done
    MET = "met", N_("Met")
    MISSED = "missed", N_("Missed")  # done too late, or never: nothing more is to be done
    ENDED = "ended", N_("Ended")
    DROPPED = "dropped", N_("No longer applies")


@record("deadline", N_("Deadline"), N_("Deadlines"), together=(("case", "rule"),))
class Deadline(Record):
    """One day a case must keep, as it was computed from one version of one rule; the reasoning stays as it was."""

    case: int = ref(Case, N_("Case"), owner=True, listed=True, automatic=True)
    rule: str = text(N_("Rule"), most=60, title=True, listed=True, automatic=True)
    version: str = text(N_("Version of the rule"), default="", most=40, automatic=True)
    kind: DeadlineKind = choice(DeadlineKind, N_("Kind"), default=DeadlineKind.DEADLINE, listed=True, automatic=True)
    whose: Whose = choice(Whose, N_("Who must act"), default=Whose.SHOP, listed=True, automatic=True)
    legal: date = day(N_("Last day in law"), listed=True, automatic=True)
    nominal: date = day(N_("Last day as counted"), listed=True, automatic=True)
    start: date = day(N_("Counted from"), listed=True, automatic=True)
    state: DeadlineState = choice(DeadlineState, N_("State"), default=DeadlineState.RUNNING, listed=True, automatic=True)
    soft: bool = flag(N_("Not certain for this buyer"), default=False, automatic=True)
    satisfied_at: datetime | None = moment(N_("Met at"), default=None, listed=True, automatic=True)
    reasoning_pl: str = long_text(N_("Reasoning in Polish"), default="", automatic=True)
    reasoning_en: str = long_text(N_("Reasoning in English"), default="", automatic=True)
    snoozed_until: date | None = day(N_("Put off until"), default=None)
    snooze_reason: str = text(N_("Why it is put off"), default="")

    def check(self) -> Iterable[Problem]:
        """What can't be true together."""
        if self.snoozed_until and self.snoozed_until > self.legal:
            yield Problem("snoozed_until", _("It can't be put off past the last day in law."))
        if self.snoozed_until and not self.snooze_reason.strip():
            yield Problem("snooze_reason", _("Write why it is put off."))


STANDING = (DeadlineState.RUNNING, DeadlineState.HELD, DeadlineState.OVERDUE)
"""What still waits for somebody."""


IN_HISTORY = ("start", "legal", "state", "soft", "satisfied_at", "snoozed_until", "snooze_reason")
"""What the history tells of a deadline: the rest follows from it, and the reasoning stands on the deadline itself."""


@record("rule_switch", N_("Switched rule"), N_("Switched rules"))
class RuleSwitch(Record):
    """A rule the shop switched on or off where the law is in doubt, and why."""

    rule: str = text(N_("Rule"), most=60, title=True, unique=True, listed=True)
    enabled: bool = flag(N_("Switched on"), default=True, listed=True)
    valid_from: date | None = day(N_("For contracts since"), default=None, listed=True)
    why: str = long_text(N_("Who says so"), default="", listed=True, help=N_("The source: an act, your lawyer, your accountant."))
