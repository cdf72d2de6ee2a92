"""Where a process hurts: the cases and findings of a window of time, counted at the step where they arose."""

from __future__ import annotations

from datetime import date, timedelta

from qmdesk.i18n import N_
from qmdesk.records.audit import Audit, Finding
from qmdesk.records.case import Case
from qmdesk.records.flow import Flow, Pain, Pains
from qmdesk.records.improvement import RUNNING_STATES, Action
from qmdesk.register import Reading
from qmdesk.schema import types
from qmdesk.schema.query import Condition, Query
from qmdesk.schema.types import Labelled


class Window(Labelled):
    """How far back is counted."""

    MONTH = "30", N_("Last 30 days")
    QUARTER = "90", N_("Last 90 days")
    YEAR = "365", N_("Last 12 months")
    ALWAYS = "always", N_("Since the beginning")

    def since(self, today: date) -> date | None:
        """The first day that counts; None for all."""
        return None if self is Window.ALWAYS else today - timedelta(days=int(self.value) - 1)


def of_cases(step_id: int, since: date | None) -> tuple[Condition, ...]:
    """The conditions of the cases that arose at a step since a day: what is counted, and what a click shows."""
    at = Condition("process_step", types.IS, (step_id,))
    return (at,) if since is None else (at, Condition("received_at", types.SINCE, (since,)))


def findings_at(reading: Reading, step_id: int, since: date | None) -> list[Finding]:
    """The findings at a step out of audits begun since a day, the newest first."""
    found: list[Finding] = reading.records(Query(Finding, (Condition("process_step", types.IS, (step_id,)),)))
    begun = {one.id: one.started_at.astimezone().date() for one, _titles in reading.rows(Audit, sorted({finding.audit for finding in found}))}
    return sorted((one for one in found if since is None or begun[one.audit] >= since), key=lambda one: (begun[one.audit], one.id), reverse=True)


def pains(reading: Reading, flow: Flow, since: date | None = None) -> Pains:
    """What is counted at each step of a process since a day, by the steps' ids; actions are those that run now."""
    return {step.id: _pain(reading, step.id, since) for step in flow.steps}


def _pain(reading: Reading, step_id: int, since: date | None) -> Pain:
    at = Condition("process_step", types.IS, (step_id,))
    running = Query(Action, (at, Condition("state", types.ONE_OF, RUNNING_STATES)))
    return Pain(reading.count(Query(Case, of_cases(step_id, since))), len(findings_at(reading, step_id, since)), reading.count(running))
