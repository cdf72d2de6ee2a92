"""Withdrawal from distance and off-premises contracts: how long it is possible, when money and goods go back (UPK art. 27-34)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from qmdesk.i18n import N_, _, translator
from qmdesk.law import calendar
from qmdesk.law.exclusions import exclusions
from qmdesk.law.refund import Component, Diminished, PartialDelivery, Refund, refund
from qmdesk.law.rules import CONSUMER, Situation, Switch, Term, load, terms

__all__ = [
    "Component", "Delivery", "Diminished", "PartialDelivery", "Refund", "RefundDue", "RefundState", "Window", "exclusions", "in_time", "refund", "refund_due", "send_back_by",
    "window", "window_start",
]  # fmt: skip


class Delivery(StrEnum):
    """What is delivered how; it decides from which day the time to withdraw runs (UPK art. 28)."""

    GOODS = "goods"
    PARTS = "parts"  # several goods, lots or parts delivered separately: the last counts
    REGULAR = "regular"  # regular deliveries over a fixed time: the first counts
    OTHER = "other"  # services, digital content not on a carrier: the contract counts


STARTS = {
    Delivery.GOODS: N_("The time to withdraw runs from the day on which the customer, or somebody the customer named other than the carrier, took the goods."),
    Delivery.PARTS: N_("The time to withdraw runs from the day on which the customer took the last item, lot or part."),
    Delivery.REGULAR: N_("The time to withdraw runs from the day on which the customer took the first of the regular deliveries."),
    Delivery.OTHER: N_("The time to withdraw runs from the day the contract was made."),
}
UNKNOWN_INFORMATION = N_("Nothing shows that the customer was informed of the right to withdraw, and the shop has to prove it; so the longer time is taken.")


def window_start(delivery: Delivery, contract_on: date | None, possession: Sequence[date] = ()) -> date | None:
    """The day the time to withdraw runs from (UPK art. 28); None while the goods are not with the customer.

    ``possession``: when the customer took what was delivered. A parcel left in a locker is taken when it is taken out.
    """
    if delivery is Delivery.OTHER:
        return contract_on
    if not possession:
        return None
    return max(possession) if delivery is Delivery.PARTS else min(possession)


@dataclass(frozen=True)
class Window:
    """How long a contract can be withdrawn from: ``base`` when informed, ``end`` as things stand.

    ``proved`` is False when nobody knows whether the customer was informed.
    """

    delivery: Delivery
    base: Term
    end: Term
    proved: bool

    @property
    def last_day(self) -> date:
        """The last day on which a statement may be sent."""
        return self.end.legal

    def reasoning(self, lang: str | None = None) -> str:
        """From which day it runs and how its end came about, in sentences."""
        tr = translator(lang) if lang else _
        unsure = [] if self.proved else [tr(UNKNOWN_INFORMATION)]
        before = [] if self.end is self.base else [self.base.reasoning(lang)]
        return " ".join([tr(STARTS[self.delivery]), *before, *unsure, self.end.reasoning(lang)])


def window(
    contract: str,
    delivery: Delivery = Delivery.GOODS,
    *,
    contract_on: date | None = None,
    possession: Sequence[date] = (),
    informed: bool | None = True,
    info_given_on: date | None = None,
    buyer: str = CONSUMER,
    country: str = "PL",
    switches: Iterable[Switch] = (),
) -> Window | None:
    """The time to withdraw (UPK art. 27-29), or None when there is no such right or it has not begun.

    ``informed``: of the right to withdraw, in time; None when nobody knows, which counts as no, because the shop has to
    prove it (UPK art. 24). ``info_given_on``: when the customer was informed later. A shop sale has no such right.
    """
    start = window_start(delivery, contract_on, possession)
    if start is None:
        return None
    events = {"withdrawal_start": start}
    base = _window_term(Situation(buyer, contract, "withdrawal", contract_on, events, frozenset(), country), switches)
    if base is None:
        return None
    if informed:
        return Window(delivery, base, base, True)
    if info_given_on:
        events["info_given"] = info_given_on
    end = _window_term(Situation(buyer, contract, "withdrawal", contract_on, events, frozenset({"not_informed"}), country), switches)
    return Window(delivery, base, end or base, informed is not None or info_given_on is not None)


def in_time(sent_on: date, found: Window) -> bool:
    """Whether a statement sent on this day is in time: sending counts, not arrival (UPK art. 30(2))."""
    return sent_on <= found.last_day


def _window_term(situation: Situation, switches: Iterable[Switch]) -> Term | None:
    return _term_stopped_by("withdrawal_statement_sent", situation, switches)


def _term_stopped_by(event: str, situation: Situation, switches: Iterable[Switch]) -> Term | None:
    return next((term for term in terms(load(situation.country), situation, switches) if event in term.rule.satisfied_by), None)


# ------------------------------------------------------------------------------ when the money goes back


class RefundState(StrEnum):
    """Where paying back stands on a day."""

    RUNNING = "running"  # within the ordinary term
    WITHHELD = "withheld"  # the term is over, and the shop may wait for the goods
    AT_ONCE = "at_once"  # the goods came after the term: due immediately
    OVERDUE = "overdue"
    PAID = "paid"


MAY_WITHHOLD = N_("The goods have not come back and there is no proof that they were sent, so the shop may withhold the money ({basis}).")
MAY_NOT_WITHHOLD = N_("The shop offered to collect the goods, so it may not withhold the money ({basis}).")
NOTHING_TO_WAIT_FOR = N_("The goods or proof of sending have come, so the shop may not withhold the money any longer ({basis}).")


@dataclass(frozen=True)
class RefundDue:
    """When the money goes back after a withdrawal; ``term`` has the days and the reasoning (law.md 2.5)."""

    term: Term
    collect_offered: bool = False

    @property
    def due(self) -> date:
        """The day the money is due: the end of the term, or the day the goods came when that was later."""
        return self.term.released or self.term.legal

    @property
    def overdue_from(self) -> date:
        """The first day it is overdue; for money due at once the next working day (meaningless while withheld)."""
        following = date.fromordinal(min(self.term.legal.toordinal() + 1, date.max.toordinal()))
        return calendar.moved(self.term.country, following) if self.term.released else following

    def state(self, on: date) -> RefundState:
        """Where it stands on this day."""
        if self.term.satisfied_on is not None and self.term.satisfied_on <= on:
            return RefundState.PAID
        if self.term.released and on >= self.term.released:
            return RefundState.AT_ONCE if on < self.overdue_from else RefundState.OVERDUE
        ordinary = calendar.moved(self.term.country, self.term.nominal)
        if on <= ordinary:
            return RefundState.RUNNING
        return RefundState.WITHHELD if self.term.held or self.term.released else RefundState.OVERDUE

    def withholding(self, lang: str | None = None) -> str:
        """Whether the money may be withheld and why, as a sentence."""
        template = MAY_NOT_WITHHOLD if self.collect_offered else MAY_WITHHOLD if self.term.held else NOTHING_TO_WAIT_FOR
        return (translator(lang) if lang else _)(template).format(basis=self.term.rule.basis.to(lang))


def refund_due(
    statement_received_on: date,
    *,
    goods_received_on: date | None = None,
    proof_of_sending_on: date | None = None,
    collect_offered: bool = False,
    paid_on: date | None = None,
    contract: str = "distance",
    buyer: str = CONSUMER,
    country: str = "PL",
) -> RefundDue | None:
    """When money goes back after a withdrawal statement (UPK art. 32); None when there is no right to withdraw."""
    happened = {
        "withdrawal_statement_received": statement_received_on,
        "goods_received": goods_received_on,
        "proof_of_sending": proof_of_sending_on,
        "money_returned": paid_on,
    }
    events = {name: day for name, day in happened.items() if day is not None}
    circumstances = frozenset({"collect_offered"} if collect_offered else ())
    term = _term_stopped_by("money_returned", Situation(buyer, contract, "withdrawal", None, events, circumstances, country), ())
    return RefundDue(term, collect_offered) if term else None


def send_back_by(
    statement_sent_on: date, *, collect_offered: bool = False, contract: str = "distance", buyer: str = CONSUMER, country: str = "PL"
) -> Term | None:
    """By when the customer sends the goods back (UPK art. 34(1)); None when the shop offered to collect them."""
    circumstances = frozenset({"collect_offered"} if collect_offered else ())
    return _term_stopped_by("goods_sent", Situation(buyer, contract, "withdrawal", None, {"withdrawal_statement_sent": statement_sent_on}, circumstances, country), ())
