"""The way of a case: which step can be taken when, which facts it asks for, and why another step is not open (law.md 9.2)."""

from __future__ import annotations

from collections.abc import Mapping

from qmdesk.i18n import N_, _
from qmdesk.records.case import (
    CLOSED_STATES,
    Case,
    CaseKind,
    CaseState,
    Decision,
    Demand,
    GoodsKind,
    LegalBasis,
)
from qmdesk.schema.types import Labelled
from qmdesk.values import dataclass


class Step(Labelled):
    """What can be done with a case next."""

    ACKNOWLEDGE = "acknowledge", N_("Confirm the withdrawal")
    ASK = "ask", N_("Ask for information")
    AWAIT_GOODS = "await_goods", N_("Wait for the goods")
    GOODS_RECEIVED = "goods_received", N_("The goods came")
    ASSESS = "assess", N_("Assess")
    INSPECT = "inspect", N_("Look at the goods")
    DECIDE = "decide", N_("Decide")
    ANSWER = "answer", N_("Answer")
    START_REMEDY = "start_remedy", N_("Begin the repair or replacement")
    FINISH_REMEDY = "finish_remedy", N_("The repair or replacement is done")
    SECOND_TIER = "second_tier", N_("The customer wants a reduction or withdraws")
    APPROVE = "approve", N_("Set the refund")
    REFUND = "refund", N_("The money was returned")
    DISPUTE = "dispute", N_("The customer disputes it")
    CLOSE = "close", N_("Close")
    WITHDRAW = "withdraw", N_("Withdrawn by the customer")
    REOPEN = "reopen", N_("Open again")


@dataclass(frozen=True)
class Way:
    """What a step does: the state it leads to (None: the state stays) and the facts it asks for, of the case and of its return."""

    leads_to: CaseState | None
    asks: tuple[str, ...] = ()
    asks_return: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    """Those of them that must be filled in."""
    by_letter: bool = False
    """It is done by issuing a letter, which is its proof."""


WAYS: Mapping[Step, Way] = {
    Step.ACKNOWLEDGE: Way(CaseState.ACKNOWLEDGED, by_letter=True),
    Step.ASK: Way(CaseState.NEEDS_INFO),
    Step.AWAIT_GOODS: Way(CaseState.AWAITING_GOODS),
    Step.GOODS_RECEIVED: Way(CaseState.GOODS_RECEIVED, ("goods_received_on", "goods_condition", "goods_sent_on"), needs=("goods_received_on",)),
    Step.ASSESS: Way(CaseState.ASSESSING),
    Step.INSPECT: Way(
        CaseState.INSPECTED,
        asks_return=("inspected_on", "inspected_by", "condition", "condition_notes", "diminished", "diminished_reasons"),
        needs=("inspected_on", "condition"),
    ),
    Step.DECIDE: Way(
        CaseState.DECIDED,
        (
            "decision", "decision_reasons", "decided_on", "decided_by", "remedy_kind", "remedy", "value_loss", "reduction_method",
            "refund", "refund_reason", "refund_method", "refund_consent_on", "adr",
        ),
    ),
    Step.ANSWER: Way(CaseState.ANSWERED, by_letter=True),
    Step.START_REMEDY: Way(CaseState.REMEDY_RUNNING, ("remedy_kind", "remedy_started_on"), needs=("remedy_kind", "remedy_started_on")),
    Step.FINISH_REMEDY: Way(CaseState.REMEDY_DONE, ("remedy_done_on", "remedy_cost"), needs=("remedy_done_on",)),
    Step.SECOND_TIER: Way(
        CaseState.ASSESSING, ("second_tier", "second_tier_on", "demand", "claimed"), needs=("second_tier", "second_tier_on", "demand")
    ),
    Step.APPROVE: Way(
        CaseState.REFUND_DUE,
        ("refund", "refund_reason", "refund_method", "refund_consent_on", "corrected_by"),
        ("delivery_paid", "delivery_cheapest", "services_due", "diminished", "diminished_reasons"),
        needs=("refund", "refund_method"),
    ),
    Step.REFUND: Way(CaseState.REFUNDED, ("refunded_on", "refund_method", "refund_consent_on", "corrected_by"), needs=("refunded_on", "refund_method")),
    Step.DISPUTE: Way(None, ("disputed_on", "dispute_outcome"), needs=("disputed_on",)),
    Step.CLOSE: Way(CaseState.CLOSED),
    Step.WITHDRAW: Way(CaseState.WITHDRAWN),
    Step.REOPEN: Way(CaseState.ASSESSING),
}

BEFORE_ANSWER = (CaseState.NEW, CaseState.NEEDS_INFO, CaseState.AWAITING_GOODS, CaseState.GOODS_RECEIVED, CaseState.ASSESSING, CaseState.DECIDED)
_OF_RETURNS = (Step.ACKNOWLEDGE, Step.INSPECT, Step.APPROVE)
_OF_COMPLAINTS = (Step.ASSESS, Step.START_REMEDY, Step.FINISH_REMEDY, Step.SECOND_TIER)
_MENDING = (Demand.REPAIR, Demand.REPLACEMENT)


def steps(case: Case) -> dict[Step, str]:
    """Every step of the case's kind with the sentence that forbids it now; "" means allowed."""
    returned = case.kind is CaseKind.RETURN
    found = {step: "" for step in Step if step not in (_OF_COMPLAINTS if returned else _OF_RETURNS)}
    if case.state in CLOSED_STATES:
        found.update(dict.fromkeys(found, _("The case is closed; open it again first.")))
        found[Step.REOPEN] = ""
        return found
    found[Step.REOPEN] = _("The case is open.")
    if case.goods_received_on is not None:
        found[Step.GOODS_RECEIVED] = found[Step.AWAIT_GOODS] = _("The goods are here already.")
    found.update(_return_refusals(case) if returned else _complaint_refusals(case))
    if case.decision is None:
        found[Step.ANSWER] = _("Decide first: an answer must take a position.")
        found[Step.DISPUTE] = _("Decide first: there is no answer yet to dispute.")
    elif case.state in BEFORE_ANSWER:
        found[Step.DISPUTE] = _("Send the answer first.")
    if refusal := _why_not_closed(case):
        found[Step.CLOSE] = refusal
    return found


def next_step(case: Case) -> Step | None:
    """The step most cases take next; None where the shop can only wait, or should look for itself."""
    allowed = {step for step, refusal in steps(case).items() if not refusal}
    wanted = _NEXT_OF_RETURN if case.kind is CaseKind.RETURN else _NEXT_OF_COMPLAINT
    return next((step for step in wanted if step in allowed and not _too_soon(case, step)), None)


_NEXT_OF_COMPLAINT = (Step.CLOSE, Step.ANSWER, Step.DECIDE, Step.REOPEN)
_NEXT_OF_RETURN = (
    Step.REOPEN, Step.CLOSE, Step.ANSWER, Step.REFUND, Step.ACKNOWLEDGE, Step.APPROVE, Step.INSPECT, Step.GOODS_RECEIVED, Step.DECIDE,
)  # fmt: skip


def _too_soon(case: Case, step: Step) -> bool:
    """Whether a step of a return is allowed, but another one usually comes before it."""
    if case.kind is not CaseKind.RETURN:
        return False
    if step is Step.ANSWER:
        return case.state is not CaseState.DECIDED
    if step is Step.REFUND:
        return case.state is not CaseState.REFUND_DUE
    if step is Step.APPROVE:
        return case.state is not CaseState.INSPECTED and case.goods_kind in (GoodsKind.GOODS, GoodsKind.DIGITAL_ELEMENTS)
    if step is Step.INSPECT:
        return case.state is CaseState.INSPECTED
    return step is Step.ACKNOWLEDGE and case.legal_basis is LegalBasis.VOLUNTARY


def _complaint_refusals(case: Case) -> dict[Step, str]:
    found: dict[Step, str] = {}
    if case.state not in BEFORE_ANSWER:
        sent = _("The answer was already sent.")
        found.update(dict.fromkeys((Step.ASK, Step.AWAIT_GOODS, Step.ASSESS, Step.DECIDE), sent))
    if case.decision is None or case.decision is Decision.REJECTED:
        nothing = _("Nothing was promised yet; decide first.") if case.decision is None else _("The complaint was rejected: nothing is to be carried out.")
        found.update(dict.fromkeys((Step.START_REMEDY, Step.FINISH_REMEDY, Step.REFUND), nothing))
    elif case.state in BEFORE_ANSWER:  # a decision that was taken and never told is no answer, whatever was asked since
        found.update(dict.fromkeys((Step.START_REMEDY, Step.FINISH_REMEDY, Step.REFUND), _("Send the answer first.")))
    else:
        if case.remedy_started_on is not None:
            found[Step.START_REMEDY] = _("It was begun already.")
        if case.remedy_done_on is not None:
            found[Step.START_REMEDY] = found[Step.FINISH_REMEDY] = _("It is done already.")
        elif case.remedy_started_on is None:
            found[Step.FINISH_REMEDY] = _("Note first when it was begun.")
        found.update(_refund_refusal(case))
    if case.second_tier is not None and case.state in BEFORE_ANSWER:
        found[Step.SECOND_TIER] = _("The second demand is already being dealt with.")
    return found


def _return_refusals(case: Case) -> dict[Step, str]:
    found: dict[Step, str] = {}
    if case.state not in (CaseState.NEW, CaseState.NEEDS_INFO):
        found[Step.ACKNOWLEDGE] = _("The withdrawal was confirmed already.")
    if case.goods_received_on is None:
        found[Step.INSPECT] = _("The goods are not here yet.")
    if case.refunded_on is not None:
        done = _("The money was already returned.")
        found.update(dict.fromkeys((Step.ASK, Step.AWAIT_GOODS, Step.INSPECT, Step.DECIDE, Step.APPROVE), done))
    elif case.decision is Decision.REJECTED:
        found[Step.APPROVE] = _("The return was refused: no money goes back.")
    if case.state is CaseState.ANSWERED:
        found.update(dict.fromkeys((Step.ASK, Step.DECIDE), _("The answer was already sent.")))
    found.update(_refund_refusal(case))
    return found


def _refund_refusal(case: Case) -> dict[Step, str]:
    if case.refunded_on is not None:
        return {Step.REFUND: _("The money was already returned.")}
    if case.refund is None:
        unknown = _("Set the refund first.") if case.kind is CaseKind.RETURN else _("No refund was decided.")
        return {Step.REFUND: unknown}
    return {}


def _why_not_closed(case: Case) -> str:
    """Why the case may not be closed yet."""
    if case.kind is CaseKind.RETURN and case.decision is None:
        return "" if case.refunded_on is not None else _("Return the money first, or refuse the return.")
    if case.decision is None:
        return _("Decide first, or note that the customer withdrew it.")
    if case.state in BEFORE_ANSWER:
        return _("Send the answer first: a decision nobody told the customer counts as silence.")
    if case.decision is Decision.REJECTED:
        return ""
    if case.refund and case.refunded_on is None:
        return _("The refund that was promised is not returned yet.")
    if case.remedy_kind in _MENDING and case.remedy_done_on is None:
        return _("The repair or replacement that was promised is not done yet.")
    return ""
