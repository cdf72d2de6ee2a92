"""The claims of a week to one supplier, gathered into one list: sent in one letter, its reply and its credit tracked.

A claim waits for a list until it is sent, by a list or by a letter of its own. There is one unsent list for each supplier;
what is claimed later in the week joins it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal

from qmdesk.errors import Known, Problem, Problems
from qmdesk.i18n import N_, _
from qmdesk.operations import deadlines
from qmdesk.operations.registers import the_shop
from qmdesk.records.assessment import ClaimOutcome, SupplierClaim
from qmdesk.records.party import Supplier
from qmdesk.records.rating import ClaimList
from qmdesk.register import Reading, Transaction, clock
from qmdesk.schema import types
from qmdesk.schema.query import Condition, Order, Query
from qmdesk.schema.types import Labelled
from qmdesk.values import dataclass

GATHER = N_("Gather claims into a list")
TAKE_OUT = N_("Take a claim off a list")
SEND = N_("Send a list of claims")
REPLY = N_("Note the reply to a list of claims")
DISSOLVE = N_("Dissolve a list of claims")

DAYS_TO_REPLY = 14
"""Proposed for a reply; business law sets none, so it can be changed."""

_NOT_SENT = (
    Condition("claim_list", types.EMPTY), Condition("sent_on", types.EMPTY), Condition("document", types.EMPTY),
    Condition("outcome", types.ONE_OF, (ClaimOutcome.WAITING,)),
)  # fmt: skip


class ListState(Labelled):
    """Where a list stands."""

    OPEN = "open", N_("Not sent yet")
    WAITING = "waiting", N_("Waiting for the reply")
    OVERDUE = "overdue", N_("Reply overdue")
    ANSWERED = "answered", N_("Answered")


@dataclass(frozen=True)
class Standing:
    """What became of the claims of a list, or of any others: counts, and money in the shop's currency.

    ``claimed`` sums what was asked for, ``expected`` what was granted (all of an accepted claim, of one accepted in part
    what came), ``received`` what came.
    """

    claims: int
    answered: int
    accepted: int
    claimed: Decimal
    expected: Decimal
    received: Decimal


# ---------------------------------------------------------------------------------------------- looking


def waiting(reading: Reading) -> dict[int, list[SupplierClaim]]:
    """Supplier -> the claims that wait for a list, the oldest first."""
    found: dict[int, list[SupplierClaim]] = {}
    for claim in reading.records(Query(SupplierClaim, _NOT_SENT).by(Order("id"))):
        found.setdefault(claim.supplier, []).append(claim)
    return found


def claims_of(reading: Reading, list_id: int) -> list[SupplierClaim]:
    """The claims on a list."""
    return reading.records(Query(SupplierClaim, (Condition("claim_list", types.IS, (list_id,)),)).by(Order("id")))


def standing(claims: Sequence[SupplierClaim]) -> Standing:
    """What became of claims."""
    granted = [claim for claim in claims if claim.outcome in (ClaimOutcome.ACCEPTED, ClaimOutcome.PARTLY)]
    expected = [claim.amount if claim.outcome is ClaimOutcome.ACCEPTED else claim.recovered for claim in granted]
    return Standing(
        claims=len(claims),
        answered=sum(claim.outcome is not ClaimOutcome.WAITING for claim in claims),
        accepted=len(granted),
        claimed=_sum([claim.amount for claim in claims]),
        expected=_sum(expected),
        received=_sum([claim.recovered for claim in claims]),
    )


def _sum(amounts: Sequence[Decimal | None]) -> Decimal:
    return sum((amount for amount in amounts if amount is not None), Decimal())


def state_of(listed: ClaimList, on: date) -> ListState:
    """Where a list stands on a day."""
    if listed.sent_on is None:
        return ListState.OPEN
    if listed.replied_on is not None:
        return ListState.ANSWERED
    return ListState.OVERDUE if listed.reply_by is not None and listed.reply_by < on else ListState.WAITING


def overdue(on: date) -> Query:
    """The lists whose reply should have come before this day, the longest overdue first."""
    where = (Condition("sent_on", types.FILLED), Condition("replied_on", types.EMPTY), Condition("reply_by", types.BEFORE, (on,)))
    return Query(ClaimList, where).by(Order("reply_by"))


# -------------------------------------------------------------------------------------- making and sending


def gather(tx: Transaction, supplier_id: int, claim_ids: Sequence[int] | None = None) -> ClaimList:
    """Put the claims that wait (or only these of them) on the supplier's unsent list; one is begun where there is none.

    Raises Known when none of them waits.
    """
    wanted = [claim for claim in waiting(tx).get(supplier_id, []) if claim_ids is None or claim.id in claim_ids]
    if not wanted:
        raise Known(_("No claim to “{supplier}” waits for a list.").format(supplier=tx.title(Supplier, supplier_id)))
    unsent = tx.records(Query(ClaimList, (Condition("supplier", types.IS, (supplier_id,)), Condition("sent_on", types.EMPTY))).by(Order("id")), 1)
    if unsent:
        listed: ClaimList = unsent[0]
    else:
        today = clock().date()
        number = tx.number(the_shop(tx).claim_list_series or "L", today.year)
        listed = tx.get(ClaimList, tx.add(ClaimList(number=number, supplier=supplier_id, made_on=today, reply_by=today + timedelta(days=DAYS_TO_REPLY))))
    tx.about(f"{listed.number}, {tx.title(Supplier, supplier_id)}")
    for claim in wanted:
        tx.change(claim, claim_list=listed.id)
    return listed


def take_out(tx: Transaction, claim_id: int) -> None:
    """Take a claim off a list that was not sent; it waits for the next one. Raises Known."""
    claim = tx.get(SupplierClaim, claim_id)
    tx.about(claim.number)
    listed = tx.get(ClaimList, claim.claim_list) if claim.claim_list else None
    if listed is not None and listed.sent_on is not None:
        raise Known(_("List {number} was sent; what stands on it stays there.").format(number=listed.number))
    tx.change(claim, claim_list=None)


def dissolve(tx: Transaction, list_id: int) -> None:
    """Take a list apart that was not sent; its claims wait again. Raises Known."""
    listed = tx.get(ClaimList, list_id)
    tx.about(listed.number)
    if listed.sent_on is not None:
        raise Known(_("List {number} was sent; what stands on it stays there.").format(number=listed.number))
    for claim in claims_of(tx, list_id):
        tx.change(claim, claim_list=None)
    tx.remove(listed)


def keep_sent(tx: Transaction, list_id: int, sent_on: date, reply_by: date, letter: bytes) -> ClaimList:
    """Note that a list went to its supplier with this letter; the clock of every claim on it begins. Raises Known, Problems."""
    listed = tx.get(ClaimList, list_id)
    tx.about(listed.number)
    claims = claims_of(tx, list_id)
    if listed.sent_on is not None:
        raise Known(_("List {number} was sent; what stands on it stays there.").format(number=listed.number))
    if not claims:
        raise Known(_("List {number} is empty. Put a claim on it, or dissolve it.").format(number=listed.number))
    if reply_by < sent_on:
        raise Problems([Problem("reply_by", _("The reply can't be expected before the list is sent."))])
    sent = tx.change(listed, sent_on=sent_on, reply_by=reply_by, letter=tx.keep(letter))
    for claim in claims:
        tx.change(claim, sent_on=sent_on, reply_by=reply_by)
        deadlines.refresh(tx, claim.case)
    tx.seal(N_("A letter that was sent can't be made unsent. Send another one that corrects it."))
    return sent


# ---------------------------------------------------------------------------------------------- the reply

Answer = tuple[ClaimOutcome, Decimal | None]
"""What the supplier said about one claim, and what came of money."""


def note_reply(tx: Transaction, list_id: int, replied_on: date, words: str, answers: Mapping[int, Answer]) -> ClaimList:
    """Note what the supplier answered, claim by claim; the list is answered when every claim on it is. Raises Problems, Known."""
    listed = tx.get(ClaimList, list_id)
    tx.about(listed.number)
    if listed.sent_on is None:
        raise Known(_("List {number} has not been sent, so nobody can have answered it.").format(number=listed.number))
    if replied_on < listed.sent_on:
        raise Problems([Problem("replied_on", _("The supplier can't have replied before the list was sent."))])
    for claim in claims_of(tx, list_id):
        outcome, recovered = answers.get(claim.id, (claim.outcome, claim.recovered))
        answered = claim.replied_on if claim.outcome is outcome else None if outcome is ClaimOutcome.WAITING else replied_on
        if (outcome, recovered) != (claim.outcome, claim.recovered):
            try:
                tx.change(claim, outcome=outcome, recovered=recovered, replied_on=answered)
            except Problems as error:
                told = _("{number}: {sentence}")
                raise Problems([Problem(one.field, told.format(number=claim.number, sentence=one.sentence)) for one in error.problems]) from None
            deadlines.refresh(tx, claim.case)
    whole = all(claim.outcome is not ClaimOutcome.WAITING for claim in claims_of(tx, list_id))
    return tx.change(listed, replied_on=(listed.replied_on or replied_on) if whole else None, reply=words.strip())
