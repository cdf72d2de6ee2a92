"""What the shop finds out about a complaint: the answers to the checklist, and the claim it passes on to its supplier."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from qmdesk.errors import Problem
from qmdesk.i18n import N_, _
from qmdesk.records.case import Case, Demand
from qmdesk.records.paper import IssuedDocument
from qmdesk.records.party import Supplier
from qmdesk.records.rating import ClaimList
from qmdesk.schema.record import Record, choice, day, long_text, money, record, ref, text
from qmdesk.schema.types import Labelled


class Answered(Labelled):
    """What a question of the checklist was answered with."""

    YES = "yes", N_("Yes")
    NO = "no", N_("No")
    UNCLEAR = "unclear", N_("Not known")


@record("check_answer", N_("Answer to the checklist"), N_("Checklist"), together=(("case", "question"),))
class CheckAnswer(Record):
    """One answer of the checklist of conformity (law.md 1.3, 1.4)."""

    case: int = ref(Case, N_("Case"), owner=True)
    question: str = text(N_("Question"), most=60, title=True, listed=True)
    answer: Answered = choice(Answered, N_("Answer"), default=Answered.UNCLEAR, listed=True)
    note: str = long_text(N_("Note"), default="", listed=True)


class ClaimOutcome(Labelled):
    """What the supplier said."""

    WAITING = "waiting", N_("Waiting for the supplier")
    ACCEPTED = "accepted", N_("Accepted")
    PARTLY = "partly", N_("Accepted in part")
    REJECTED = "rejected", N_("Rejected")


@record("supplier_claim", N_("Claim to the supplier"), N_("Claims to suppliers"))
class SupplierClaim(Record):
    """A complaint passed on to whom the shop bought from; between businesses notice must be given at once (KC art. 563)."""

    case: int = ref(Case, N_("Case"), owner=True, listed=True)
    number: str = text(N_("Number"), default="", most=40, title=True, unique=True, listed=True, automatic=True)
    supplier: int = ref(Supplier, N_("Supplier"), listed=True)
    noticed_on: date | None = day(N_("Defect known to the shop since"), default=None)
    sent_on: date | None = day(N_("Sent on"), default=None, listed=True)
    basis: str = long_text(N_("Basis and description"), default="")
    demand: Demand | None = choice(Demand, N_("Demand"), default=None, listed=True)
    amount: Decimal | None = money(N_("Amount claimed"), default=None, listed=True)
    document: int | None = ref(IssuedDocument, N_("Letter"), default=None, automatic=True)
    reply_by: date | None = day(N_("Reply expected by"), default=None, listed=True)
    replied_on: date | None = day(N_("Replied on"), default=None)
    reply: str = long_text(N_("What the supplier replied"), default="")
    outcome: ClaimOutcome = choice(ClaimOutcome, N_("Outcome"), default=ClaimOutcome.WAITING, listed=True)
    claim_list: int | None = ref(ClaimList, N_("List of claims"), default=None, automatic=True)
    recovered: Decimal | None = money(N_("Got back"), default=None, listed=True)

    def check(self) -> Iterable[Problem]:
        """What can't be true together."""
        if self.replied_on and self.sent_on and self.replied_on < self.sent_on:
            yield Problem("replied_on", _("The supplier can't have replied before the claim was sent."))
        if self.recovered is not None and self.amount is not None and self.recovered > self.amount:
            yield Problem("recovered", _("More can't be got back than was claimed."))
