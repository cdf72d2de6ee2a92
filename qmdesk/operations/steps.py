"""The steps of a case: each is checked, done with the facts it asks for, and moves the case's deadlines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from qmdesk.errors import Known, Problem, Problems
from qmdesk.i18n import N_, _
from qmdesk.operations import books, deadlines, decisions, letters, return_terms, returns
from qmdesk.operations.attachments import Staged, attach
from qmdesk.operations.return_terms import details
from qmdesk.records.case import CLOSED_STATES, Case, CaseItem, CaseKind, CaseState, Outcome
from qmdesk.records.paper import IssuedDocument
from qmdesk.records.returns import ReturnDetails
from qmdesk.records.steps import WAYS, Step, steps
from qmdesk.register import Reading, Transaction, clock
from qmdesk.schema.query import parts_of
from qmdesk.schema.record import check_all, empty, replace

DECIDE = N_("Decide a case")


def take_step(
    tx: Transaction, case_id: int, step: Step, values: Mapping[str, Any] | None = None, on: date | None = None, files: Sequence[Staged] = ()
) -> Case:
    """Do a step with ``values``, the facts it asks for, on a day (today by default); ``files`` are kept with the case.

    A step that is done by a letter (confirm a withdrawal, answer) issues it; its values are those of LETTER_FIELDS.
    Raises Known with the reason when it is not allowed now, Problems when a fact is missing or can't be right.
    """
    case = tx.get(Case, case_id)
    tx.about(case.number)
    _allowed(case, step)
    way = WAYS[step]
    if way.by_letter:
        return letters.by_step(tx, case_id, step, values or {})
    on = on or clock().date()
    given = {**_filled_in(case, step, on), **(values or {})}
    of_return = {name: given.pop(name) for name in way.asks_return if name in given}
    terms = details(tx, case) if case.kind is CaseKind.RETURN else None
    told = terms and replace(terms, **{**_days_of_return(way.needs, terms, on), **of_return})
    if step is Step.APPROVE and told is not None:
        given = {**returns.proposed(tx, replace(case, **given), told), **given}
    if wrong := _wrong(tx, step, case, replace(case, **given), terms, told):
        raise Problems(wrong)
    if terms is not None and told is not None and told != terms:
        return_terms.keep(tx, terms, {name: getattr(told, name) for name in way.asks_return})
    attach(tx, case_id, files)
    if step is Step.REFUND and terms is not None:
        _settled(tx, case)
    if step is Step.SECOND_TIER:
        given |= _afresh(case)
    state = _leads_to(tx, case, step)
    if case.state in CLOSED_STATES and state not in CLOSED_STATES:
        given["reopened_on"] = on
    done = tx.change(case, **{**given, "state": state, "closed_on": on if state in CLOSED_STATES else None})
    if step is Step.REFUND:
        done = books.book_returned(tx, done)
    deadlines.refresh(tx, case_id)
    return done


def _wrong(tx: Transaction, step: Step, before: Case, case: Case, terms: ReturnDetails | None, told: ReturnDetails | None) -> list[Problem]:
    """What is wrong with a case, and with the terms of a return, as a step would leave them; ``told`` are the new terms."""
    found = check_all(case) or [*_missing(WAYS[step].needs, case, told), *_impossible(tx, case, step, before, told)]
    if terms is not None and told is not None and not found:
        known = return_terms.problems(tx, before, terms)
        found += [problem for problem in return_terms.problems(tx, case, told) if problem not in known]
        found += returns.step_problems(tx, step, before, case, told)
    if not found and (step is Step.DECIDE or case.decision is not before.decision):
        found = decisions.problems(tx, case)
    return found


def _leads_to(reading: Reading, case: Case, step: Step) -> CaseState:
    """The state a step leads to."""
    if step is Step.REOPEN:
        return _reopened(reading, case)
    if step is Step.GOODS_RECEIVED and case.kind is not CaseKind.RETURN:
        return CaseState.ASSESSING if case.state in (CaseState.AWAITING_GOODS, CaseState.NEW) else case.state
    if step is Step.GOODS_RECEIVED and case.state is CaseState.REFUNDED:
        return case.state  # the money went back on proof of sending
    return WAYS[step].leads_to or case.state


def _allowed(case: Case, step: Step) -> None:
    refusals = steps(case)
    if step not in refusals:
        raise Known(_("“{step}” is not a step of this kind of case.").format(step=_(step.label)))
    if refusals[step]:
        raise Known(refusals[step])


def _filled_in(case: Case, step: Step, on: date) -> dict[str, Any]:
    """The day a step needs is the day it is done, until another is given."""
    return {name: on for name in WAYS[step].needs if name.endswith("_on") and hasattr(case, name) and getattr(case, name) is None} | (
        {"decided_on": on} if step is Step.DECIDE and case.decided_on is None else {}
    )


def _days_of_return(needs: tuple[str, ...], terms: ReturnDetails, on: date) -> dict[str, Any]:
    return {name: on for name in needs if name.endswith("_on") and name in terms.spec.fields and getattr(terms, name) is None}


def _settled(tx: Transaction, case: Case) -> None:
    """The pieces of a return whose money went back are settled."""
    for item in tx.records(parts_of(case, CaseItem)):
        if item.outcome is Outcome.PENDING:
            tx.change(item, outcome=Outcome.REFUNDED)


def _missing(needs: tuple[str, ...], case: Case, terms: ReturnDetails | None) -> list[Problem]:
    found = []
    for name in needs:
        record = case if name in case.spec.fields else terms
        if record is not None and empty(getattr(record, name)):
            found.append(Problem(name, _("{field} is missing.").format(field=record.spec.fields[name].labelled())))
    return found


def _impossible(tx: Transaction, case: Case, step: Step, before: Case, terms: ReturnDetails | None = None) -> list[Problem]:
    """What the facts of a step can't be, with regard to the rest of the case."""
    received = case.received_at.astimezone().date()
    tomorrow = clock().date() + timedelta(days=1)  # a day ahead of the clock is the clock's error at most
    found = []
    for name in WAYS[step].asks:
        value = getattr(case, name)
        if isinstance(value, date) and value > tomorrow:
            found.append(Problem(name, _("{field} can't lie in the future.").format(field=case.spec.fields[name].labelled())))
    if step in (Step.REFUND, Step.FINISH_REMEDY, Step.SECOND_TIER, Step.START_REMEDY):
        for name in ("refunded_on", "remedy_started_on", "remedy_done_on", "second_tier_on"):
            value = getattr(case, name)
            if name in WAYS[step].asks and value is not None and value < received:
                found.append(Problem(name, _("{field} can't be before the case was received.").format(field=case.spec.fields[name].labelled())))
    if case.remedy_done_on and case.remedy_started_on and case.remedy_done_on < case.remedy_started_on:
        found.append(Problem("remedy_done_on", _("It can't be done before it was begun.")))
    if case.refund != before.refund or step in (Step.REFUND, Step.APPROVE):
        found += decisions.refund_problems(tx, case, terms)
    if step in (Step.REFUND, Step.APPROVE):
        found += decisions.without_consent(case)
    return found


def _reopened(reading: Reading, case: Case) -> CaseState:
    """Where a case that is opened again goes on; one that came closed from elsewhere was answered there."""
    if case.kind is CaseKind.RETURN:
        return CaseState.REFUNDED if case.refunded_on else CaseState.GOODS_RECEIVED if case.goods_received_on else CaseState.NEW
    elsewhere = case.state is CaseState.CLOSED and case.decision is not None and not reading.ids(parts_of(case, IssuedDocument), 1)
    return CaseState.ANSWERED if elsewhere else CaseState.ASSESSING


_OF_FIRST = ("decision", "decision_reasons", "decided_on", "decided_by", "remedy_kind", "remedy", "remedy_started_on", "remedy_done_on")
_MONEY_OF_FIRST = ("value_loss", "reduction_method", "refund", "refund_reason", "refund_method", "refund_consent_on")


def _afresh(case: Case) -> dict[str, Any]:
    """What was decided on the first demand, emptied for the second: letters and history keep it, the next answer must not repeat it."""
    names = (*_OF_FIRST, *(() if case.refunded_on else _MONEY_OF_FIRST))
    return {name: Case.blank[name] for name in names}



def decide(tx: Transaction, case_id: int, values: Mapping[str, Any]) -> Case:
    """Take a position: the decision with its reasons and what follows. Raises Problems, Known."""
    return take_step(tx, case_id, Step.DECIDE, values)
