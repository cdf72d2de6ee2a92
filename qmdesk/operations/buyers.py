"""Who the buyer of a case is in law and what the case rests on: the answers to three plain questions, kept with their reasons."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from qmdesk.i18n import N_
from qmdesk.law.buyer import Regime, buyer_questions, regime
from qmdesk.operations import deadlines
from qmdesk.operations.registers import the_shop
from qmdesk.records.case import Case, CaseKind, LegalBasis
from qmdesk.records.party import BuyerType
from qmdesk.records.shop import Shop
from qmdesk.register import Transaction

JUDGE = N_("Say who the buyer is in law")

WANTS = "wants"  # the question whose answer is what the case rests on; the others say who the buyer is
_COMES_WITH = {CaseKind.COMPLAINT: "defect", CaseKind.RETURN: "changed_mind", CaseKind.GUARANTEE: "guarantee"}
_KIND_OF = {"defect": CaseKind.COMPLAINT, "other": CaseKind.COMPLAINT, "changed_mind": CaseKind.RETURN, "guarantee": CaseKind.GUARANTEE}
_IS = {BuyerType.SOLE_TRADER: {"who": "sole_trader", "professional": "no"}, BuyerType.BUSINESS: {"who": "firm"}}
_RESTS_ON = {LegalBasis.GUARANTEE: "guarantee", LegalBasis.OTHER: "other", LegalBasis.WITHDRAWAL: "changed_mind", LegalBasis.VOLUNTARY: "changed_mind"}


def comes_with(kind: CaseKind) -> str:
    """What a customer comes with whose case is of this kind, as the answer to the third question."""
    return _COMES_WITH[kind]


def kind_of(wants: str) -> CaseKind:
    """The kind of case an answer to the third question makes."""
    return _KIND_OF[wants]


def answers_of(buyer: BuyerType) -> dict[str, str]:
    """What is known of a buyer of this kind; nothing of a consumer, which is what the law presumes until somebody asked."""
    return dict(_IS.get(buyer, {}))


def known(case: Case) -> dict[str, str]:
    """The answers that lead to what a case says now; nobody's answer where nothing was said."""
    told = answers_of(case.buyer_type) or ({"who": "private"} if case.buyer_reasons else {})
    return {**told, WANTS: _RESTS_ON.get(case.legal_basis, comes_with(case.kind)) if case.legal_basis else comes_with(case.kind)}


def judged(answers: Mapping[str, str], case: Case) -> Regime:
    """Who the buyer of a case is and what it rests on, by these answers."""
    return regime(answers, str(case.contract_type.value), case.contract_on or case.sold_on)


def values(answers: Mapping[str, str], case: Case, shop: Shop, ceidg_checked_on: date | None = None) -> dict[str, Any]:
    """The fields of a case that follow from the answers, with their reasons in the language of the shop's letters."""
    found, lang = judged(answers, case), str(shop.language.value)
    asked = [question for question in buyer_questions() if question.asked(answers) and answers.get(question.id)]
    of_buyer = [question.reasons[answers[question.id]] for question in asked if question.id != WANTS]
    of_basis = [reason for reason in found.reasons if reason not in of_buyer]
    buyer = next(word for word in BuyerType if word.value == found.buyer)
    return {
        "buyer_type": buyer,
        "legal_basis": next(word for word in LegalBasis if word.value == found.basis),
        "buyer_reasons": " ".join(reason.to(lang) for reason in of_buyer),
        "basis_reasons": " ".join(reason.to(lang) for reason in of_basis),
        "ceidg_checked_on": ceidg_checked_on if answers.get("who") == "sole_trader" else None,
    }


def judge(tx: Transaction, case_id: int, answers: Mapping[str, str], ceidg_checked_on: date | None = None) -> Case:
    """Keep who the buyer is and what the case rests on; its deadlines follow. Raises Problems."""
    case = tx.get(Case, case_id)
    tx.about(case.number)
    tx.change(case, **values(answers, case, the_shop(tx), ceidg_checked_on))
    return deadlines.refresh(tx, case_id)
