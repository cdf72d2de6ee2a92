"""Assessing a complaint: the checklist of conformity beside the case, what its answers say, and the price reduced."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from qmdesk.errors import Known, Problem, Problems
from qmdesk.i18n import N_, _
from qmdesk.law import conformity, remedy
from qmdesk.law.rules import Term
from qmdesk.operations import deadlines
from qmdesk.operations.registers import the_shop
from qmdesk.records.assessment import Answered, CheckAnswer
from qmdesk.records.case import Case, CaseItem, Demand, given_back, paid_for
from qmdesk.register import Reading, Transaction
from qmdesk.schema.query import parts_of

ANSWER_QUESTION = N_("Answer a question of the checklist")
IN_TIME = "revealed_in_time"  # the one question the dates of a case answer by themselves


@dataclass(frozen=True)
class Asked:
    """One question of the checklist in a case, with the answer given (None: not yet) and what the dates say of it."""

    question: conformity.Question
    given: CheckAnswer | None
    suggested: Answered | None = None

    @property
    def reason(self) -> conformity.Reason | None:
        """What the answer means; None while there is none."""
        return self.question.reasons[conformity.Answer(str(self.given.answer.value))] if self.given else None


def checklist(reading: Reading, case: Case) -> list[Asked]:
    """The questions of law.md 1.3 and 1.4 with the answers a case has so far."""
    given = {one.question: one for one in reading.records(parts_of(case, CheckAnswer))}
    in_time = revealed_in_time(reading, case)
    told = None if in_time is None else Answered.YES if in_time else Answered.NO
    return [Asked(question, given.get(question.id), told if question.id == IN_TIME else None) for question in conformity.questions()]


def answer(tx: Transaction, case_id: int, question: str, given: Answered | None, note: str = "") -> None:
    """Answer a question of the checklist, or take the answer away with None. Raises Known for a question there is not."""
    case = tx.get(Case, case_id)
    tx.about(case.number)
    if question not in {one.id for one in conformity.questions()}:
        raise Known(_("There is no question “{question}” in the checklist.").format(question=question[:40]))
    old = next((one for one in tx.records(parts_of(case, CheckAnswer)) if one.question == question), None)
    if given is None:
        if old is not None:
            tx.remove(old)
    elif old is None:
        tx.add(CheckAnswer(case=case_id, question=question, answer=given, note=note.strip()))
    else:
        tx.change(old, answer=given, note=note.strip())


def leaning(asked: list[Asked]) -> conformity.Speaks:
    """Where the answers point together; a hint for the person who decides, never a decision."""
    return conformity.leaning(tuple(one.reason for one in asked if one.reason is not None))


def reasons(asked: list[Asked], lang: str, *, accepting: bool) -> str:
    """The answers as the reasons of a letter in ``lang``, a paragraph each, with what they rest on and the shop's own notes.

    A letter that accepts names what speaks for the customer, any other what does not; what is not known is no reason.
    """
    found = []
    for one in asked:
        if one.given is None or one.reason is None or one.given.answer is Answered.UNCLEAR:
            continue
        if (one.reason.speaks is conformity.Speaks.LIABLE) is not accepting:
            continue
        basis = one.reason.basis.to(lang)
        said = f"{one.reason.text.to(lang)} ({basis})." if basis else one.reason.text.to(lang)
        found.append(f"{said}\n{one.given.note}" if one.given.note else said)
    return "\n\n".join(found)


# ------------------------------------------------------------------------------------ liability


def liability(reading: Reading, case: Case) -> Term | None:
    """Until when a defect must have shown for the shop to answer for it; None when delivery is not known or no limit helps."""
    if case.delivered_on is None:
        return None
    shop = the_shop(reading)
    return remedy.liability_end(
        case.delivered_on,
        contract_on=case.contract_on or case.sold_on,
        repaired=case.remedy_kind is Demand.REPAIR and case.remedy_done_on is not None,
        buyer=str(case.buyer_type.value),
        country=shop.country.upper(),
        switches=deadlines.switches(reading),
    )


def revealed_in_time(reading: Reading, case: Case) -> bool | None:
    """Whether the defect showed while the shop answers for it; what counts is that day, not the day of the complaint. None: not known."""
    shown: date | None = case.noticed_on or case.received_at.astimezone().date()
    end = liability(reading, case)
    return None if end is None or shown is None else remedy.revealed_in_time(shown, end)


# ----------------------------------------------------------------------------------- price reduction


def priced(reading: Reading, case: Case) -> Decimal | None:
    """What was paid for the items of a case money goes back for, after discounts; None where a price is not known."""
    return paid_for(given_back(reading.records(parts_of(case, CaseItem))))


def reduced(reading: Reading, case: Case, *, loss: Decimal | None = None, agreed: Decimal | None = None) -> remedy.Reduction:
    """The price of a case's items reduced by the loss of value in percent, or by an amount both agreed to (UPK art. 43e(2)).

    Raises Problems when the price is not known or the loss can't be right.
    """
    price = priced(reading, case)
    if price is None:
        raise Problems([Problem("unit_price", _("The price of an item is not known; write it under Items first."))])
    currency = case.currency or the_shop(reading).currency
    country = the_shop(reading).country.upper()
    if agreed is not None:
        return remedy.agreed_reduction(price, agreed, currency=currency, country=country)
    if loss is None:
        raise Problems([Problem("value_loss", _("Write the loss of value, or the amount agreed."))])
    return remedy.reduction_by_percent(price, loss, currency=currency, country=country)


def verdicts(case: Case) -> Mapping[str, remedy.Cell]:
    """Each decision on what the customer demands: whether it is allowed, what its answer must say, and what to mind (law.md 5)."""
    demand = str(case.demand.value) if case.demand else "other"
    words = ("accepted", "other_remedy", "partial", "rejected")
    return {word: remedy.cell(demand, word, has_ground=case.second_tier is not None, buyer=str(case.buyer_type.value)) for word in words}
