"""The books of the demo shop: protocols signed, months handed to the accountant, mistakes of the till, what the bank says."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import partial
from typing import Any

from qmdesk.law.calendar import is_day_off, moved
from qmdesk.law.vat import COUNTRY
from qmdesk.operations import books, payments
from qmdesk.operations import month as months
from qmdesk.operations.closed_books import corrections_of, month_of, standing
from qmdesk.records.books import MistakeEntry, Payment, PaymentSource, RefundEntry, SignatureForm
from qmdesk.records.case import Case, CaseKind
from qmdesk.records.party import Customer
from qmdesk.records.product import Order, Product
from qmdesk.register import Transaction
from qmdesk.schema import types
from qmdesk.schema.query import Condition, Query
from qmdesk.values import dataclass

Beat = tuple[datetime, Callable[[], None]]

MONTHS = 12
HANDED_OVER_ON = 6  # day of the next month
UNSIGNED = 0.4  # share of the young refunds whose protocol waits for a signature
STATEMENT_DAYS = 45
NOT_MATCHED = 2  # payments at the end of the statement that nobody has looked at
COMMISSION = Decimal("0.12")


@dataclass(frozen=True)
class Books:
    """What keeps the books while the shop lives: ``sign`` after each refund, ``beats`` at their days.

    ``words``: the texts of the demo's language; ``mistakes``: days ago, cause, SKU and pieces of each.
    """

    tx: Transaction
    dice: random.Random
    words: Mapping[str, Any]
    mistakes: tuple[tuple[int, str, str, int], ...]
    products: Mapping[str, Product]
    clerk: int
    now: datetime

    @property
    def _open_since(self) -> str:
        """The older of the two months that are not handed over yet."""
        return months.next_to(month_of(self.now.date()), -1)

    # -- after a refund

    def sign(self, case_id: int, on: date, *, at_counter: bool) -> None:
        """Have the protocol of a refund signed, or its invoice corrected; of what is young not everything is done yet."""
        if month_of(on) >= self._open_since and self.dice.random() < UNSIGNED:
            return
        for one in corrections_of(self.tx, case_id):
            self.tx.change(one, correction_number=f"FK/{on.year}/{one.id:03}", issued_on=on)
        entry = next(iter(standing(self.tx, case_id)), None)
        if entry is not None:
            buyer: dict[str, Any] = {"buyer_signed_on": on, "signature_form": SignatureForm.PAPER} if at_counter else {"substitute_evidence": self.words["evidence"]}
            books.fill_in(self.tx, RefundEntry, entry.id, {"seller_signed_on": on, **buyer})

    # -- what has its day

    def beats(self) -> list[Beat]:
        """Mistakes found at the till, months handed over, and yesterday's statement of the bank."""
        days = [(self._open_day(ago), cause, sku, pieces) for ago, cause, sku, pieces in self.mistakes]
        mistaken = [(self._at(day, 18), partial(self._mistake, day, cause, sku, pieces)) for day, cause, sku, pieces in days]
        first = months.next_to(self._open_since, -MONTHS)
        closed = [months.next_to(first, step) for step in range(MONTHS)]
        handed = [(at, partial(self._close, month, at)) for month in closed for at in [self._handed_over(month)]]
        return [*mistaken, *handed, (self.now, self._bank)]

    def _day(self, ago: int) -> date:
        return self.now.date() - timedelta(days=ago)

    def _open_day(self, ago: int) -> date:
        """A day so long ago, or the last one before it on which the shop was open."""
        day = self._day(ago)
        while is_day_off(COUNTRY, day):
            day -= timedelta(days=1)
        return day

    def _at(self, day: date, hour: int) -> datetime:
        return min(datetime.combine(day, time(hour)).astimezone(), self.now)

    def _handed_over(self, month: str) -> datetime:
        year, number = map(int, months.next_to(month, 1).split("-"))
        return self._at(moved(COUNTRY, date(year, number, HANDED_OVER_ON)), 9)

    def _mistake(self, day: date, cause: str, sku: str, pieces: int) -> None:
        product = self.products[sku]
        receipt = self.dice.randrange(300, 900)
        draft = MistakeEntry(
            sold_on=day,
            found_on=day,
            receipt_number=f"KS/{day.year}/{receipt:05}",
            quantity=pieces,
            vat_rate=product.vat_rate,
            gross=(product.price or Decimal()) * pieces,
            cause=self.words["mistakes"][cause],
            correct_receipt="" if month_of(day) >= self._open_since else f"KS/{day.year}/{receipt + 1:05}",
            who=self.clerk,
        )
        books.enter_mistake(self.tx, draft)

    def _close(self, month: str, at: datetime) -> None:
        told = months.collect(self.tx, month)
        if not told.empty:
            months.close(self.tx, month, told.digest, at=at)

    # -- the bank and the marketplace

    def _bank(self) -> None:
        """The refunds of the last weeks as the bank's statement has them, the newest not matched, and one that fits nowhere."""
        since = Condition("refunded_on", types.SINCE, (self._day(STATEMENT_DAYS),))
        refunded = sorted(self.tx.records(Query(Case, (since,))), key=lambda case: (case.refunded_on, case.id))
        paid = [(case, payment) for case in refunded if (payment := self._transfer(case)) is not None]
        for place, (case, payment) in enumerate(paid):
            id_ = self.tx.add(payment)
            if place < len(paid) - NOT_MATCHED:
                payments.match(self.tx, id_, case.id)
        stranger, title = self.words["stranger"]
        self.tx.add(Payment(booked_on=self._day(6), amount=Decimal("-15.00"), counterparty=stranger, description=title))
        for payment in self._commissions(refunded):
            self.tx.add(payment)

    def _transfer(self, case: Case) -> Payment | None:
        booked = (case.refunded_on or date.max) + timedelta(days=1)
        if booked > self.now.date() or not case.refund:
            return None
        number = self.tx.title(Order, case.order) if case.order else case.number
        title = self.words["transfer"].format(number=number if case.kind is CaseKind.RETURN else case.number)
        return Payment(booked_on=booked, amount=-case.refund, counterparty=self.tx.title(Customer, case.customer or 0), description=title)

    def _commissions(self, refunded: list[Case]) -> Iterator[Payment]:
        """What Allegro kept of the sales that were taken back; of the oldest it was given back already."""
        sold = [(case, self.tx.get(Order, case.order)) for case in refunded if case.kind is CaseKind.RETURN and case.order]
        of_allegro = [(case, order) for case, order in sold if order.source == self.words["allegro"]]
        for place, (case, order) in enumerate(of_allegro):
            fee = ((case.refund or Decimal()) * COMMISSION).quantize(Decimal("0.01"), ROUND_HALF_UP)
            told = {"reference": order.number, "operation": self.words["commission"], "source": PaymentSource.ALLEGRO}
            yield Payment(booked_on=order.ordered_at.astimezone().date(), amount=-fee, **told)
            if place == 0 and len(of_allegro) > 1 and case.refunded_on:
                yield Payment(booked_on=min(case.refunded_on + timedelta(days=2), self.now.date()), amount=fee, **told)
