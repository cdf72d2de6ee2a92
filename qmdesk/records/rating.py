"""How well suppliers and partners do: ratings with their history, and the lists of claims sent to them (S10, S18)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from qmdesk.errors import Problem
from qmdesk.i18n import N_, _
from qmdesk.records.party import Person, Supplier
from qmdesk.schema.record import Record, count, day, file, long_text, record, ref, text

MOST_POINTS = 5


@record("supplier_rating", N_("Rating"), N_("Ratings"), together=(("supplier", "on"),))
class SupplierRating(Record):
    """What the shop thinks of a supplier in one quarter, each criterion from 0 to 5 (quality.md); empty means not judged."""

    supplier: int = ref(Supplier, N_("Supplier"), owner=True, listed=True)
    on: date = day(N_("Rated on"), listed=True)
    by: int | None = ref(Person, N_("Rated by"), default=None, listed=True)
    lead_time: int | None = count(N_("Lead time"), default=None, listed=True)
    accuracy: int | None = count(N_("Accuracy of deliveries"), default=None, listed=True)
    returns: int | None = count(N_("Flexibility with returns"), default=None, listed=True)
    service: int | None = count(N_("Service"), default=None, listed=True)
    price_clarity: int | None = count(N_("Clarity of prices"), default=None, listed=True)
    references: int | None = count(N_("References"), default=None, listed=True)
    note: str = long_text(N_("Note"), default="", title=True, listed=True)

    def check(self) -> Iterable[Problem]:
        """What can't be true together."""
        for name in CRITERIA:
            points = getattr(self, name)
            if points is not None and points > MOST_POINTS:
                yield Problem(name, _("Points go from 0 to 5."))
        if all(getattr(self, name) is None for name in CRITERIA):
            yield Problem("lead_time", _("Give points for at least one criterion."))


CRITERIA = ("lead_time", "accuracy", "returns", "service", "price_clarity", "references")
WEIGHTS = {name: f"weight_{name}" for name in CRITERIA}  # the fields of the shop that say how much each counts


@record("claim_list", N_("List of claims"), N_("Lists of claims"))
class ClaimList(Record):
    """The claims of one week to one supplier, sent in one letter with one table."""

    number: str = text(N_("Number"), default="", most=40, title=True, searched=True, listed=True, unique=True, automatic=True)
    supplier: int = ref(Supplier, N_("Supplier"), listed=True)
    made_on: date = day(N_("Made on"), listed=True, automatic=True)
    sent_on: date | None = day(N_("Sent on"), default=None, listed=True)
    reply_by: date | None = day(N_("Reply expected by"), default=None, listed=True)
    replied_on: date | None = day(N_("Replied on"), default=None, listed=True)
    reply: str = long_text(N_("What the supplier replied"), default="", listed=True)
    letter: str = file(N_("PDF"), default="", automatic=True)

    def check(self) -> Iterable[Problem]:
        """What can't be true together."""
        if self.replied_on and self.sent_on and self.replied_on < self.sent_on:
            yield Problem("replied_on", _("The supplier can't have replied before the list was sent."))
