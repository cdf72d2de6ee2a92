"""Whether the shop can stand by a decision and the money it promises: demand × decision, reasons, silence, what was paid."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from qmdesk.errors import Problem
from qmdesk.i18n import N_, _, show_day, show_money
from qmdesk.law import remedy
from qmdesk.operations import assessment, deadlines
from qmdesk.operations.return_terms import details
from qmdesk.operations.situation import ANSWERS, basis
from qmdesk.records.case import (
    NO_MONEY,
    Case,
    CaseItem,
    CaseKind,
    Decision,
    LegalBasis,
    RefundMethod,
    paid_for,
)
from qmdesk.records.paper import IssuedDocument
from qmdesk.records.party import BuyerType
from qmdesk.records.returns import ReturnDetails
from qmdesk.register import Reading
from qmdesk.schema.query import parts_of
from qmdesk.schema.record import empty

NEEDED = {
    remedy.Needs.HOW_AND_WHEN: ("remedy", N_("Write what the shop will do: how, by when, and how the goods are collected, at the shop's cost.")),
    remedy.Needs.WHY_OTHER: ("decision_reasons", N_("Write why the remedy the customer chose is impossible or costs too much (UPK art. 43d(2)).")),
    remedy.Needs.REASONS: ("decision_reasons", N_("Write the reasons: the customer and, in a dispute, the court will ask for them.")),
    remedy.Needs.AMOUNT: ("refund", N_("Write how much goes back.")),
    remedy.Needs.REFUND_METHOD: ("refund_method", N_("Choose how the money goes back.")),
    remedy.Needs.ADR: ("adr", N_("Say whether the shop agrees to out-of-court settlement; a rejection must state it.")),
}
TURNED_DOWN = (Decision.REJECTED, Decision.PARTIAL)


def problems(reading: Reading, case: Case) -> list[Problem]:
    """What keeps the shop from standing by the decision of a case (law.md 1.2, 5)."""
    if case.decision is None:
        return [Problem("decision", _("Choose the decision."))]
    if since := silence_before(reading, case, case.decided_on):
        sentence = _(
            "Nobody answered in time, so the complaint counts as accepted since {day} (UPK art. 7a(2)) and can't be turned down any more, not even in part. "
            "If the answer did leave in time, write the day it was decided on and keep the letter with “It was sent elsewhere”."
        )
        return [Problem("decision", sentence.format(day=show_day(since)))]
    found = []
    if case.kind is CaseKind.COMPLAINT and case.demand is not None:
        told = assessment.verdicts(case)[str(case.decision.value)]
        if not told.allowed:
            found.append(Problem("decision", told.sentence()))
        needs = told.needs
    else:
        needs = () if case.decision is Decision.ACCEPTED else (remedy.Needs.REASONS,)
        needs += (remedy.Needs.ADR,) if case.decision in TURNED_DOWN and remedy.owes_adr(str(case.buyer_type.value)) else ()
    for need in needs:
        if need in NEEDED and empty(_plain(getattr(case, NEEDED[need][0]))):
            name, sentence = NEEDED[need]
            found.append(Problem(name, _(sentence)))
    return found + without_consent(case)


def _plain(value: Any) -> Any:
    return value.strip() if isinstance(value, str) else value


def silence_before(reading: Reading, case: Case, on: date | None) -> date | None:
    """Since when silence has accepted a complaint that its decision turns down, where that was no later than a day (None: now).

    An answer that was sent, however late, leaves the rest to the customer and the court.
    """
    if case.decision not in TURNED_DOWN:
        return None
    since = deadlines.accepted_since(reading, case)
    if since is None or (on is not None and on < since):
        return None
    answered = any(letter.kind in ANSWERS for letter in reading.records(parts_of(case, IssuedDocument)))
    return None if answered else since


# ------------------------------------------------------------------------------------------ the money


def without_consent(case: Case) -> list[Problem]:
    """Money that goes back another way than it came needs the customer's consent (UPK art. 32(2), 43e(7))."""
    by_law = case.buyer_type is not BuyerType.BUSINESS and basis(case) is not LegalBasis.VOLUNTARY
    if not by_law or not case.refund or case.refund_method in (None, RefundMethod.SAME) or case.refund_consent_on is not None:
        return []
    sentence = _("Money goes back the way it was paid, unless the customer expressly agreed to another: write when, or choose the same way.")
    return [Problem("refund_consent_on", sentence)]


def refund_problems(reading: Reading, case: Case, terms: ReturnDetails | None = None) -> list[Problem]:
    """What is wrong with the refund of a case: more than was paid."""
    paid = most_to_return(reading, case, terms)
    if case.refund is None or paid is None or case.refund <= paid:
        return []
    sentence = _("No more than {paid} was paid for what the case is about.")
    return [Problem("refund", sentence.format(paid=show_money(paid, case.currency or "PLN")))]


def most_to_return(reading: Reading, case: Case, terms: ReturnDetails | None = None) -> Decimal | None:
    """What was paid for the pieces of a case that were not refused, mended or replaced, delivery included; None where no price is known."""
    total = paid_for([item for item in reading.records(parts_of(case, CaseItem)) if item.outcome not in NO_MONEY])
    if total is not None and case.kind is CaseKind.RETURN:
        total += (terms or details(reading, case)).delivery_paid or 0
    return total
