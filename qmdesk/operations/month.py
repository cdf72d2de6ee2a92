"""A month of the accountant: what is in it, what is missing, closing it by its digest and opening it again with a reason."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from qmdesk.errors import Known, Problem, Problems
from qmdesk.i18n import N_, _, language, show_day, show_money, show_month, translator
from qmdesk.law import vat
from qmdesk.operations import books, refund_split, returns
from qmdesk.operations.closed_books import closing, corrections_of, month_of, see_that_open, standing
from qmdesk.operations.deadlines import rulebook
from qmdesk.operations.due import rules_with
from qmdesk.operations.registers import the_shop
from qmdesk.records.assessment import ClaimOutcome, SupplierClaim
from qmdesk.records.books import (
    InvoiceCorrection,
    MistakeEntry,
    MonthLock,
    Payment,
    RefundEntry,
)
from qmdesk.records.case import OPEN_STATES, Case, CaseKind, CorrectedBy, Decision
from qmdesk.records.deadline import STANDING, Deadline, DeadlineState
from qmdesk.records.month import Month, Opened, OpenItem
from qmdesk.records.paper import Attachment, DocumentKind, IssuedDocument
from qmdesk.records.party import Person, Supplier
from qmdesk.records.shop import Shop, VatPeriod
from qmdesk.register import Reading, Transaction, clock
from qmdesk.schema import types
from qmdesk.schema.query import Condition, Order, Query, parts_of
from qmdesk.schema.record import Record

CLOSE = N_("Close a month")
REOPEN = N_("Open a closed month again")
SEALED = N_("A closed month is not opened by undo. Open it again on the page Accountant, with a reason.")

LONGEST_REASON = 500


def checked(month: str) -> str:
    """A month as it is kept. Raises Known for what is none."""
    if not re.fullmatch(r"(19|20|21)\d\d-(0[1-9]|1[0-2])", month):
        raise Known(_("“{month}” is no month; write it as 2026-10.").format(month=month[:20]))
    return month


def next_to(month: str, step: int) -> str:
    """The month so many months later, or earlier for a negative number."""
    at = int(month[:4]) * 12 + int(month[5:]) - 1 + step
    return f"{at // 12:04}-{at % 12 + 1:02}"


def current() -> str:
    """The month of today."""
    return month_of(clock().date())


def at_hand(reading: Reading) -> str:
    """The month that is worked on: the last one until it is closed, if anything happened in it, else this one."""
    last = next_to(current(), -1)
    told = collect(reading, last)
    return last if closing(reading, last) is None and (told.gaps or not told.empty) else current()


# ------------------------------------------------------------------------------------ what is in it


def collect(reading: Reading, month: str, lang: str | None = None) -> Month:
    """Everything of a month; the sentences of its open items in ``lang`` (the interface's by default). Raises Known."""
    month = checked(month)
    shop = the_shop(reading)
    refunds = _entries(reading, RefundEntry, month)
    mistakes = _entries(reading, MistakeEntry, month)
    corrections = list(_corrections(reading, month))
    cases = {one.case for one in (*refunds, *corrections) if one.case}
    return Month(
        month=month,
        shop=shop,
        refunds=tuple(refunds),
        mistakes=tuple(mistakes),
        corrections=tuple(corrections),
        open_items=tuple(_Looking(reading, shop, month, lang or language()).items(refunds, mistakes, corrections)),
        cases=reading.titles(Case, cases),
        protocols={case: found.number for case in cases if (found := books.protocol_of(reading, case))},
        people=reading.titles(Person, {entry.who for entry in mistakes if entry.who}),
        left_out=(*_left_out(reading, RefundEntry, month, refunds), *_left_out(reading, MistakeEntry, month, mistakes)),
    )


def _entries(reading: Reading, kind: type[Any], month: str) -> list[Any]:
    found = reading.records(Query(kind, (Condition("month", types.IS, (month,)),)).by(Order("id")))
    return sorted(found, key=lambda entry: _place(entry.number))


def _place(number: str) -> tuple[str, int]:
    """The order of numbers: E/2026/10000 comes after E/2026/9999."""
    series, _slash, last = number.rpartition("/")
    return series, int(last)


def _corrections(reading: Reading, month: str) -> Iterator[InvoiceCorrection]:
    """Those issued in the month, and those that waited for it when the month ended."""
    for one in reading.records(Query(InvoiceCorrection).by(Order("id"))):
        if one.issued_on is not None:
            wanted = month_of(one.issued_on) == month
        else:
            case = reading.find(Case, one.case) if one.case else None
            since = (case.refunded_on if case else None) or one.invoice_on
            wanted = since is None or month_of(since) <= month
        if wanted:
            yield one


def _left_out(reading: Reading, kind: type[RefundEntry] | type[MistakeEntry], month: str, entries: Iterable[Any]) -> list[str]:
    """The numbers between the last one of earlier months and the last one of this month that no entry has."""
    listed = [_place(entry.number) for entry in entries]
    if not listed:
        return []
    series, last = max(listed)
    known = [(item.month, _place(item.number)) for item in reading.records(Query(kind))]
    used = {place for found, (name, place) in known if name == series}
    first = max((place for found, (name, place) in known if name == series and found < month), default=0)
    return [f"{series}/{place:04}" for place in range(first + 1, last) if place not in used]


# ------------------------------------------------------------------------------------- what is missing


class _Looking:
    """Looks through one month for what is missing, differs or is still expected."""

    def __init__(self, reading: Reading, shop: Shop, month: str, lang: str) -> None:
        self.reading = reading
        self.shop = shop
        self.month = month
        self.lang = lang
        self.tr: Callable[[str], str] = translator(lang)
        self.polish = shop.country.upper() == vat.COUNTRY

    def items(self, refunds: list[RefundEntry], mistakes: list[MistakeEntry], corrections: list[InvoiceCorrection]) -> Iterator[OpenItem]:
        """The gaps first, then what is only to be known."""
        taken_off = {entry.storno_of for entry in refunds if entry.storno_of}
        stand = [entry for entry in refunds if not entry.storno_of and entry.number not in taken_off]
        wrong = {entry.storno_of for entry in mistakes if entry.storno_of}
        if self.polish:
            yield from self._unbooked()
        yield from self._of_cases(stand)
        for together in _together(stand, lambda entry: entry.case or -entry.id):
            yield from self._signatures(together)
        for entry in stand:
            if entry.case is None and entry.refunded_on is None:
                yield self._item(Opened.NO_REFUND, entry, N_("{number}: the day the money went back is not known."))
        for together in _together([one for one in stand if one.sale_document is None or not one.sale_document_number], lambda entry: entry.case or -entry.id):
            yield self._item(Opened.NO_DOCUMENT, together[0], N_("{number}: the document of the sale or its number is not noted."), number=_numbers(together))
        for mistake in mistakes:
            if not mistake.correct_receipt and not mistake.storno_of and mistake.number not in wrong:
                yield self._item(Opened.NO_RIGHT_RECEIPT, mistake, N_("{number}: note the receipt on which the sale was rung up rightly."))
        for one in corrections:
            if not one.correction_number:
                sentence = N_("Invoice {number}: issue the corrective invoice and note its number and day.")
                yield self._item(Opened.NO_CORRECTION, one, sentence, number=one.invoice_number)
        yield from self._different_months(stand)
        yield from self._expected()

    def _item(self, what: Opened, record: Record, sentence: str, **values: object) -> OpenItem:
        number = str(values.pop("number", record.title))
        return OpenItem(what, number, self.tr(sentence).format(number=number, **values), type(record), record.id)

    def _day(self, day: date) -> str:
        return show_day(day, self.lang)

    def _unbooked(self) -> Iterator[OpenItem]:
        """Cases whose money went back in the month, and nothing says so in the books."""
        for case in refunded(self.reading):
            if effect_of(self.shop, case) != self.month or standing(self.reading, case.id) or corrections_of(self.reading, case.id):
                continue
            missing = books.why_not_booked(self.reading, case)
            paid = show_money(case.refund or Decimal(), refund_split.currency_of(self.reading, case), self.lang)
            day = self._day(case.refunded_on or date.min)
            if missing is None:
                yield self._item(Opened.NO_ENTRY, case, N_("{number}: {paid} went back on {day}, but it is not booked."), paid=paid, day=day)
            elif books.waits_for_rate(self.reading, case) and refund_split.is_split(self.reading, case):
                sentence = N_("{number}: {paid} went back on {day}; type the exchange rate to book it in PLN.")
                yield self._item(Opened.NO_RATE, case, sentence, paid=paid, day=day)
            else:
                sentence = N_("{number}: {paid} went back on {day}, but it could not be booked. {why}")
                yield self._item(Opened.NO_ENTRY, case, sentence, paid=paid, day=day, why=missing.sentence)

    def _of_cases(self, stand: list[RefundEntry]) -> Iterator[OpenItem]:
        """Entries that say something else than their case does now."""
        for case_id in dict.fromkeys(entry.case for entry in stand if entry.case):
            case = self.reading.get(Case, case_id)
            entries = standing(self.reading, case_id)
            booked = sum(entry.gross if entry.amount_paid is None else entry.amount_paid for entry in entries)
            days = {entry.refunded_on for entry in entries}
            if case.refunded_on is None:
                yield self._item(Opened.NO_REFUND, entries[0], N_("{number}: the refund of case {case} is booked, but the case does not say that the money went back."), case=case.number)
            elif case.refund != booked or days != {case.refunded_on}:
                currency = refund_split.currency_of(self.reading, case)
                sentence = N_("{number}: case {case} says {refund} on {day}; the register says {booked}. Take the entry off with a storno and book it anew.")
                told = {"refund": show_money(case.refund or Decimal(), currency, self.lang), "booked": show_money(Decimal(booked), currency, self.lang)}
                yield self._item(Opened.DIFFERENT, entries[0], sentence, case=case.number, day=self._day(case.refunded_on), **told)

    def _signatures(self, together: list[RefundEntry]) -> Iterator[OpenItem]:
        """Whether the protocol behind these entries, one for them all, is signed."""
        if not self.shop.cash_register:
            return  # the protocol is a duty of shops with a cash register (law.md 4.1)
        sentence = ""
        if any(entry.seller_signed_on is None for entry in together):
            sentence = N_("{number}: the seller has not signed the protocol.")
        elif any(entry.buyer_signed_on is None and not entry.substitute_evidence for entry in together):
            sentence = N_("{number}: the buyer has not signed the protocol, and nothing is noted that stands for it.")
        if sentence:
            yield self._item(Opened.UNSIGNED, together[0], sentence, number=_numbers(together))

    def _different_months(self, stand: list[RefundEntry]) -> Iterator[OpenItem]:
        """All three dates are told; which month counts is the accountant's to say (law.md 4.3)."""
        for together in _together(stand, lambda entry: (entry.case or -entry.id, entry.sold_on)):
            entry = together[0]
            days = [day for day in (entry.sold_on, entry.returned_on, entry.refunded_on) if day is not None]
            if {month_of(day) for day in days} != {self.month}:
                sentence = N_("{number}: sold {sold}, returned {returned}, money returned {refunded}. It counts in {month}, as set in Settings; the accountant may see it otherwise.")
                told = {"sold": self._day(entry.sold_on), "returned": self._day(entry.returned_on), "refunded": self._day(entry.refunded_on) if entry.refunded_on else "–"}
                yield self._item(Opened.MONTHS, entry, sentence, number=_numbers(together), month=show_month(self.month, self.lang), **told)

    def _expected(self) -> Iterator[OpenItem]:
        """Refunds of cases up to this month that are due or withheld, and what suppliers still owe."""
        for case, held in self._unpaid():
            owed = self._to_return(case)
            if owed is None:
                sentence = N_("{number}: the refund may be withheld until the goods or proof of sending come; its sum is not set yet.") if held else N_("{number}: a refund is due; its sum is not set yet.")
                yield self._item(Opened.WITHHELD if held else Opened.NOT_PAID, case, sentence)
                continue
            refund = show_money(owed, refund_split.currency_of(self.reading, case), self.lang)
            sentence = N_("{number}: {refund} is withheld until the goods or proof of sending come.") if held else N_("{number}: {refund} is to be returned.")
            yield self._item(Opened.WITHHELD if held else Opened.NOT_PAID, case, sentence, refund=refund)
        for claim in self.reading.records(Query(SupplierClaim).by(Order("id"))):
            if claim.sent_on is not None and month_of(claim.sent_on) > self.month:
                continue
            if claim.outcome is ClaimOutcome.WAITING or (claim.outcome in (ClaimOutcome.ACCEPTED, ClaimOutcome.PARTLY) and claim.recovered is None):
                amount = "–" if claim.amount is None else show_money(claim.amount, self.shop.currency, self.lang)
                sentence = N_("{number}: {amount} expected from {supplier}.")
                yield OpenItem(
                    Opened.SUPPLIER,
                    claim.number,
                    self.tr(sentence).format(number=claim.number or self.reading.title(Case, claim.case), amount=amount, supplier=self.reading.title(Supplier, claim.supplier)),
                    Case,
                    claim.case,
                )

    def _unpaid(self) -> Iterator[tuple[Case, bool]]:
        """The open cases whose money is still to go back, and whether it may be withheld: promised sums, and returns whose term runs."""
        promised = Query(Case, (Condition("refund", types.ABOVE, (Decimal(),)), Condition("refunded_on", types.EMPTY), Condition("state", types.ONE_OF, OPEN_STATES)))
        found: dict[int, Case] = {case.id: case for case in self.reading.records(promised) if case.decision is not Decision.REJECTED}
        terms = Query(Deadline, (Condition("rule", types.ONE_OF, rules_with(rulebook(self.reading, self.shop), "money_returned")), Condition("state", types.ONE_OF, STANDING)))
        standing_terms = {one.case: one.state for one in self.reading.records(terms)}
        found.update((case.id, case) for case, _titles in self.reading.rows(Case, list(standing_terms)) if case.kind is CaseKind.RETURN)
        of_month = [case for case in found.values() if month_of(case.received_at.astimezone().date()) <= self.month]
        for case in sorted(of_month, key=lambda one: (one.received_at, one.id)):
            yield case, standing_terms.get(case.id) is DeadlineState.HELD

    def _to_return(self, case: Case) -> Decimal | None:
        """The sum that was set, else what the calculation of a return gives; None where nobody knows it yet."""
        if case.refund is not None or case.kind is not CaseKind.RETURN:
            return case.refund
        try:
            return returns.calculate(self.reading, case).total
        except Problems:
            return None


def _together(entries: Iterable[RefundEntry], key: Callable[[RefundEntry], Any]) -> list[list[RefundEntry]]:
    """The entries in groups of the same key, in the order of their first ones."""
    groups: dict[Any, list[RefundEntry]] = {}
    for entry in entries:
        groups.setdefault(key(entry), []).append(entry)
    return list(groups.values())


def _numbers(entries: list[RefundEntry]) -> str:
    """The numbers of some entries, the first and the last of many."""
    numbers = [entry.number for entry in entries]
    return ", ".join(numbers) if len(numbers) <= 3 else f"{numbers[0]} … {numbers[-1]}"


def refunded(reading: Reading) -> list[Case]:
    """The cases whose money went back, oldest first."""
    asked = Query(Case, (Condition("refunded_on", types.FILLED), Condition("refund", types.ABOVE, (Decimal(),))))
    return sorted(reading.records(asked), key=lambda case: (case.refunded_on, case.id))


def effect_of(shop: Shop, case: Case) -> str:
    """The month a refund of a case belongs to; one that goes through an invoice waits from the day the money went back."""
    assert case.refunded_on is not None  # asked of refunded cases
    by_sale = shop.vat_period is VatPeriod.SALE_MONTH and case.sold_on is not None and refund_split.correction_way(case) is CorrectedBy.REGISTER
    return month_of(case.sold_on if by_sale and case.sold_on else case.refunded_on)


def begun(reading: Reading) -> bool:
    """Whether there is anything for the accountant at all."""
    kinds = (RefundEntry, MistakeEntry, InvoiceCorrection, MonthLock, Payment)
    return any(reading.count(Query(kind), 1) for kind in kinds) or bool(refunded(reading))


# ------------------------------------------------------------------------------- closing and opening


def close(tx: Transaction, month: str, digest: str, pack: bytes = b"", at: datetime | None = None) -> MonthLock:
    """Close a month by the digest of what was handed to the accountant (``at``: now by default); the pack's files are kept with it.

    Raises Known when it is closed already, has not begun, or has changed since the pack was made.
    """
    month = checked(month)
    tx.about(month)
    see_that_open(tx, month)
    if month > current():
        raise Known(_("{month} has not begun yet; it can't be closed.").format(month=show_month(month)))
    if collect(tx, month).digest != digest:
        raise Known(_("{month} has changed since the pack was made. Make the pack anew.").format(month=show_month(month)))
    lock = MonthLock(month=month, locked_at=at or clock(), digest=digest, pack=tx.keep(pack) if pack else "")
    tx.seal(SEALED)
    return tx.get(MonthLock, tx.add(lock))


def reopen(tx: Transaction, month: str, reason: str) -> MonthLock:
    """Open a closed month again. Raises Problems without a reason, Known when it is open."""
    month = checked(month)
    tx.about(month)
    reason = " ".join(reason.split())
    lock = closing(tx, month)
    if lock is None:
        raise Known(_("{month} is open.").format(month=show_month(month)))
    if not reason:
        raise Problems([Problem("reopened_why", _("Write why the month is opened again; the reason stays on record."))])
    if len(reason) > LONGEST_REASON:
        raise Problems([Problem("reopened_why", _("The reason is too long; at most 500 letters fit."))])
    tx.seal(N_("That a month was opened again stays on record. Close it again when it is right."))
    return tx.change(lock, reopened_at=clock(), reopened_why=reason)


def history(reading: Reading, month: str) -> list[MonthLock]:
    """Every closing of a month, oldest first."""
    return reading.records(Query(MonthLock, (Condition("month", types.IS, (month,)),)).by(Order("id")))


def documents(reading: Reading, month: Month) -> Iterator[tuple[str, str, bytes]]:
    """The papers of the entries: entry number, file name, bytes; protocols, and what the customer gave as proof of the sale."""
    for entry in month.refunds:
        if entry.case is None or entry.storno_of:
            continue
        case = reading.get(Case, entry.case)
        letters: list[IssuedDocument] = reading.records(parts_of(case, IssuedDocument))
        for letter in letters:
            if letter.id == entry.protocol or (entry.protocol is None and letter.kind is DocumentKind.PROTOCOL):
                yield entry.number, f"{letter.number}.pdf", reading.content(letter.content)
        for file in reading.records(parts_of(case, Attachment)):
            if proves_sale(file.name, entry.sale_document_number):
                yield entry.number, file.name, reading.content(file.content)


_PROOFS = re.compile(r"paragon|faktur|rachun|dow[oó]d|receipt|invoice", re.IGNORECASE)


def proves_sale(name: str, number: str) -> bool:
    """Whether a file of a case is named like the proof of the sale: by what it is called, or by the document's number."""
    bare = re.sub(r"\W", "", number).casefold()
    return bool(_PROOFS.search(name)) or (len(bare) >= 4 and bare in re.sub(r"\W", "", name).casefold())
