"""Payments matched with refunds: what a bank statement or a marketplace's billing says, beside what the cases say."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from qmdesk.errors import Known
from qmdesk.i18n import N_, _, show_money
from qmdesk.operations import books, refund_split
from qmdesk.records.books import Payment, PaymentSource, PaymentState
from qmdesk.records.case import Case, RefundMethod
from qmdesk.records.party import Customer
from qmdesk.records.product import Order
from qmdesk.register import Reading, Transaction
from qmdesk.schema import types
from qmdesk.schema.folding import fold
from qmdesk.schema.query import Condition, Query
from qmdesk.schema.query import Order as By

MATCH = N_("Match a payment with a case")
IGNORE = N_("Set a payment aside")
RELEASE = N_("Take a payment from its case")

WITHIN = timedelta(days=30)
LATE = timedelta(days=5)  # a transfer of Friday evening stands in the statement of Wednesday
SHORTEST = 4  # letters of a number or a name that is looked for in a title

# stems as statements and billings write them, folded: Polish and English
_REFUND = ("zwrot", "refund", "reklamac", "odstapien", "korekt")
_COMMISSION = ("prowizj", "commission")

BY_CASE = N_("The case number stands in the title, and the amount agrees.")
BY_CASE_ONLY = N_("The case number stands in the title, but the amount is another one.")
BY_ORDER = N_("The order number stands in the payment, and the amount agrees.")
BY_ORDER_ONLY = N_("The order number stands in the payment, but the amount is another one.")
BY_NAME = N_("The customer's name and the amount agree.")
BY_AMOUNT = N_("The amount agrees, and no other refund of these days has it.")
_STRENGTH = (BY_CASE, BY_ORDER, BY_NAME, BY_CASE_ONLY, BY_ORDER_ONLY, BY_AMOUNT)


@dataclass(frozen=True)
class Suggestion:
    """A payment that seems to be the refund of a case, and why."""

    payment: Payment
    case: Case
    why: str  # marked for translation


@dataclass(frozen=True)
class Unclaimed:
    """A commission a marketplace kept although the sale was taken back."""

    case: Case
    order: str
    amount: Decimal
    currency: str


@dataclass(frozen=True)
class _Refund:
    """What is known of a refund that could be found among payments."""

    case: Case
    day: date
    amount: Decimal
    currency: str
    number: str
    order: str
    names: tuple[frozenset[str], ...]


# ----------------------------------------------------------------------------------------- matching


def suggest(reading: Reading) -> list[Suggestion]:
    """For every payment that is not matched yet, the refund it seems to be; the surest for each, none twice."""
    payments = _paid_out(reading)
    taken = _matched_cases(reading)
    refunds = sorted((one for one in _refunds(reading) if one.case.id not in taken), key=lambda one: (one.day, one.case.id))
    days = [one.day for one in refunds]
    found = []
    for payment in payments:
        near = refunds[bisect_left(days, payment.booked_on - WITHIN) : bisect_right(days, payment.booked_on + WITHIN)]
        found += [(_STRENGTH.index(why), payment, one) for one, why in _reasons(payment, near)]
    chosen: list[Suggestion] = []
    used: set[tuple[str, int]] = set()
    for place, payment, one in sorted(found, key=lambda it: (it[0], abs(it[1].booked_on - it[2].day), it[1].id)):
        if not used & {("payment", payment.id), ("case", one.case.id)}:
            used |= {("payment", payment.id), ("case", one.case.id)}
            chosen.append(Suggestion(payment, one.case, _STRENGTH[place]))
    return sorted(chosen, key=lambda one: (one.payment.booked_on, one.payment.id))


def _reasons(payment: Payment, near: Sequence[_Refund]) -> Iterator[tuple[_Refund, str]]:
    text = " ".join((payment.description, payment.reference, payment.operation))
    bare, words = _bare(text), _words(f"{payment.counterparty} {payment.description}")
    alike = [one for one in near if one.amount == -payment.amount and one.currency == (payment.currency.upper() or books.HOME)]
    for one in near:
        agrees = one in alike
        if _holds(bare, one.number):
            yield one, BY_CASE if agrees else BY_CASE_ONLY
        elif one.order and _holds(bare, one.order):
            yield one, BY_ORDER if agrees else BY_ORDER_ONLY
        elif agrees and any(name <= words for name in one.names):
            yield one, BY_NAME
        elif agrees and len(alike) == 1 and _is_refund(text):
            yield one, BY_AMOUNT


def _bare(text: str) -> str:
    """Small letters and digits only: banks drop the strokes of Z/2026/0003."""
    return re.sub(r"[^0-9a-z]", "", fold(text))


def _words(text: str) -> frozenset[str]:
    return frozenset(word for word in re.split(r"[^0-9a-z]+", fold(text)) if len(word) > 1)


def _holds(bare: str, number: str) -> bool:
    """Whether a number stands in a text, and not as a piece of a longer one."""
    if len(number) < SHORTEST:
        return False
    before = r"(?<![0-9])" if number[0].isdigit() else ""
    return re.search(rf"{before}{number}(?![0-9])", bare) is not None


def _is_refund(text: str) -> bool:
    folded = fold(text)
    return any(stem in folded for stem in _REFUND)


def _refunds(reading: Reading) -> Iterator[_Refund]:
    cases: list[Case] = reading.records(Query(Case, (Condition("refund", types.ABOVE, (Decimal(),)),)))
    orders = reading.titles(Order, {case.order for case in cases if case.order})
    people = {item.id: item for item, _titles in reading.rows(Customer, [case.customer for case in cases if case.customer])}
    for case in cases:
        customer = people.get(case.customer or 0)
        names = [_words(name) for name in (customer.name, customer.company) if name] if customer else []
        day = case.refunded_on or case.decided_on or case.second_tier_on or case.received_at.astimezone().date()
        assert case.refund is not None  # asked so
        yield _Refund(
            case, day, case.refund, refund_split.currency_of(reading, case), _bare(case.number), _bare(orders.get(case.order or 0, "")),
            tuple(name for name in names if sum(map(len, name)) >= SHORTEST),
        )  # fmt: skip


def _paid_out(reading: Reading) -> list[Payment]:
    """What left the bank account and belongs to nothing yet."""
    asked = (Condition("state", types.IS, (PaymentState.OPEN,)), Condition("source", types.IS, (PaymentSource.BANK,)), Condition("amount", types.BELOW, (Decimal(),)))
    return reading.records(Query(Payment, asked))


def _matched_cases(reading: Reading) -> set[int]:
    matched: list[Payment] = reading.records(Query(Payment, (Condition("state", types.IS, (PaymentState.MATCHED,)),)))
    return {payment.case for payment in matched if payment.case}


def match(tx: Transaction, payment_id: int, case_id: int) -> Payment:
    """Say that a payment is the refund of a case. Raises Known when it belongs to another one."""
    payment, case = tx.get(Payment, payment_id), tx.get(Case, case_id)
    tx.about(f"{case.number}, {show_money(payment.amount, payment.currency or books.HOME)}")
    if payment.state is PaymentState.MATCHED:
        raise Known(_("This payment belongs to case {number} already. Take it from there first.").format(number=tx.title(Case, payment.case or 0)))
    return tx.change(payment, case=case_id, state=PaymentState.MATCHED)


def ignore(tx: Transaction, payment_ids: Iterable[int]) -> int:
    """Set payments aside that are about no case; returns how many."""
    changed = 0
    for payment_id in payment_ids:
        payment = tx.get(Payment, payment_id)
        if payment.state is PaymentState.OPEN:
            tx.about(payment.description)
            tx.change(payment, state=PaymentState.IGNORED)
            changed += 1
    return changed


def release(tx: Transaction, payment_id: int) -> Payment:
    """Let a payment be open again."""
    payment = tx.get(Payment, payment_id)
    tx.about(payment.description)
    return tx.change(payment, case=None, state=PaymentState.OPEN)


# ---------------------------------------------------------------------------- what does not fit together


def without_case(reading: Reading) -> list[Payment]:
    """Payments out that speak of a refund and belong to no case: money that went back without one."""
    found = [payment for payment in _paid_out(reading) if _is_refund(f"{payment.description} {payment.operation}")]
    return sorted(found, key=lambda payment: (payment.booked_on, payment.id))


def without_payment(reading: Reading) -> list[Case]:
    """Cases that say their money went back, in days a statement covers, while no payment of it is matched. Cash is none."""
    statements = Query(Payment, (Condition("source", types.IS, (PaymentSource.BANK,)),))
    first, last = (reading.records(statements.by(By("booked_on", newest)), 1) for newest in (False, True))
    if not first:
        return []
    taken = _matched_cases(reading)
    asked = Query(Case, (Condition("refunded_on", types.BETWEEN, (first[0].booked_on, last[0].booked_on - LATE)), Condition("refund", types.ABOVE, (Decimal(),))))
    found: list[Case] = reading.records(asked)
    return sorted(
        (case for case in found if case.id not in taken and case.refund_method is not RefundMethod.CASH),
        key=lambda case: (case.refunded_on or date.min, case.id),
    )


def unclaimed(reading: Reading) -> list[Unclaimed]:
    """Commissions of sales that were taken back, which the marketplace has not returned (fees less what came back)."""
    kept: dict[str, list[Payment]] = {}
    for payment in reading.records(Query(Payment, (Condition("source", types.IS, (PaymentSource.ALLEGRO,)),))):
        if payment.reference and payment.state is not PaymentState.IGNORED and any(stem in fold(payment.operation) for stem in _COMMISSION):
            kept.setdefault(payment.reference, []).append(payment)
    found = []
    for case in reading.records(Query(Case, (Condition("refunded_on", types.FILLED), Condition("refund", types.ABOVE, (Decimal(),)), Condition("order", types.FILLED)))):
        number = reading.title(Order, case.order)
        listed = kept.pop(number, [])
        owed = sum((payment.amount for payment in listed), Decimal())
        if owed < 0:
            found.append(Unclaimed(case, number, -owed, listed[0].currency or books.HOME))
    return sorted(found, key=lambda one: (one.case.refunded_on or date.min, one.case.id))
