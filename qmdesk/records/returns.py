"""What a return adds to its case: the statement, the contract's terms, the goods as they came back (law.md 2)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from qmdesk.errors import Problem
from qmdesk.i18n import N_, _
from qmdesk.records.case import Case
from qmdesk.records.party import Person
from qmdesk.schema.record import Record, choice, day, flag, long_text, money, record, ref, text
from qmdesk.schema.types import Labelled


class DeliveryKind(Labelled):
    """What the customer must have in hands before the time to withdraw begins (UPK art. 28)."""

    ONE = "one", N_("One delivery")
    PARTS = "parts", N_("Several deliveries: the last one counts")
    REGULAR = "regular", N_("Regular deliveries: the first one counts")
    CONTRACT = "contract", N_("No goods: the day of the contract counts")


class Informed(Labelled):
    """Whether the customer was told of the right to withdraw; the shop must prove it (UPK art. 24, 29)."""

    YES = "yes", N_("Told before the purchase")
    LATER = "later", N_("Told later")
    NO = "no", N_("Not told")


class Exclusion(Labelled):
    """Contracts without a right to withdraw (UPK art. 38(1))."""

    E01 = "E01", N_("Service fully performed")
    E02 = "E02", N_("Price depends on financial markets")
    E03 = "E03", N_("Made to order")
    E04 = "E04", N_("Perishable goods")
    E05 = "E05", N_("Hygienic seal opened")
    E06 = "E06", N_("Inseparably mixed with other goods")
    E07 = "E07", N_("Alcohol delivered later")
    E08 = "E08", N_("Urgent repair on request")
    E09 = "E09", N_("Sealed recording or software opened")
    E10 = "E10", N_("Newspaper or periodical")
    E11 = "E11", N_("Public auction")
    E12 = "E12", N_("Accommodation, transport or event on a fixed date")
    E13 = "E13", N_("Digital content already begun")
    E14 = "E14", N_("Home repair fully performed")


class Condition(Labelled):
    """How goods came back."""

    AS_NEW = "as_new", N_("As new")
    TRIED = "tried", N_("Tried as in a shop")
    USED = "used", N_("Used more than to try it")
    DAMAGED = "damaged", N_("Damaged")
    INCOMPLETE = "incomplete", N_("Incomplete")


@record("return_details", N_("Return"), N_("Return terms"), together=(("case",),))
class ReturnDetails(Record):
    """The terms of one return; its case holds who, what and when it was received."""

    case: int = ref(Case, N_("Case"), owner=True)
    statement: str = long_text(N_("Words of the statement"), default="", title=True, section=N_("Statement"))
    statement_sent_on: date | None = day(N_("Statement sent on"), default=None, help=N_("Sending it in time is enough (UPK art. 30)."))
    delivery_kind: DeliveryKind = choice(DeliveryKind, N_("How it was delivered"), default=DeliveryKind.ONE, section=N_("Time to withdraw"))
    informed: Informed = choice(Informed, N_("Told of the right to withdraw"), default=Informed.YES)
    informed_on: date | None = day(N_("Told on"), default=None)
    informed_how: str = text(N_("How it can be proved"), default="")
    exclusion: Exclusion | None = choice(Exclusion, N_("No right to withdraw because"), default=None)
    exclusion_evidence: str = long_text(N_("Evidence for it"), default="")
    collection_offered: bool = flag(N_("The shop offered to collect the goods"), default=False, section=N_("Sending back"), help=N_("Then the refund may not wait for the goods."))
    shop_pays_return: bool = flag(N_("The shop pays for sending back"), default=False)
    exchanged_for: str = text(N_("Exchanged for"), default="", help=N_("An exchange is a return and a new sale."))
    inspected_on: date | None = day(N_("Looked at on"), default=None, section=N_("Goods as they came back"))
    inspected_by: int | None = ref(Person, N_("Looked at by"), default=None)
    condition: Condition | None = choice(Condition, N_("Condition"), default=None)
    condition_notes: str = long_text(N_("What was seen"), default="")
    diminished: Decimal | None = money(N_("Taken off for diminished value"), default=None, help=N_("Only for use beyond trying, never automatic, never when the customer was not told of the right (UPK art. 34(4))."))
    diminished_reasons: str = long_text(N_("How it was estimated"), default="")
    delivery_paid: Decimal | None = money(N_("Delivery paid"), default=None, section=N_("Money"))
    delivery_cheapest: Decimal | None = money(N_("Cheapest ordinary delivery offered"), default=None, help=N_("The surplus for a dearer way does not go back (UPK art. 33)."))
    services_due: Decimal | None = money(N_("Due for services already performed"), default=None)

    def check(self) -> Iterable[Problem]:
        """What can't be true together."""
        if self.informed is Informed.LATER and self.informed_on is None:
            yield Problem("informed_on", _("Write when the customer was told of the right to withdraw."))
        if self.exclusion is not None and not self.exclusion_evidence.strip():
            yield Problem("exclusion_evidence", _("Write the evidence: without it the right to withdraw stands."))
        if self.diminished and not self.diminished_reasons.strip():
            yield Problem("diminished_reasons", _("Write how the diminished value was estimated and what went beyond trying."))
        if self.diminished and self.informed is Informed.NO:
            yield Problem("diminished", _("Nothing may be taken off when the customer was not told of the right to withdraw (UPK art. 34(4))."))
        if self.delivery_cheapest is not None and self.delivery_paid is not None and self.delivery_cheapest > self.delivery_paid:
            yield Problem("delivery_cheapest", _("The cheapest delivery can't cost more than the one that was paid."))
