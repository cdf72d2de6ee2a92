"""What the books refuse, whoever asks, undo and redo included: a change in a closed month, and an entry made another."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from qmdesk.errors import Conflict, Known, Problem, Problems
from qmdesk.i18n import N_, _, show_month
from qmdesk.law import vat
from qmdesk.records.books import InvoiceCorrection, MistakeEntry, MonthLock, RefundEntry
from qmdesk.records.case import Case
from qmdesk.records.shop import THE_SHOP, Shop, VatPeriod
from qmdesk.register import Guard, Guards, Image, Reading, Transaction
from qmdesk.schema import types
from qmdesk.schema.query import Condition, Query

Entry = RefundEntry | MistakeEntry

CLOSED = N_("The month {month} is closed. Open it again on the page Accountant, with a reason, if this must be changed.")
BOTH = N_("The books of case {case} are corrected in the register of returns already; a corrective invoice would take the sum off twice.")
BOTH_OTHER = N_("The books of case {case} are corrected by a corrective invoice already; an entry in the register would take the sum off twice.")

FILLED_LATER: Mapping[type[Entry], tuple[str, ...]] = {
    RefundEntry: ("protocol", "protocol_number", "seller_signed_on", "buyer_signed_on", "signature_form", "substitute_evidence", "remarks"),
    MistakeEntry: ("original_attached", "why_not_attached", "who"),
}
"""What may be noted on an entry after it was booked: signatures, protocol, evidence, remarks."""
FILLED_ONCE: Mapping[type[Entry], tuple[str, ...]] = {
    RefundEntry: ("refunded_on", "sale_document", "sale_document_number", "cash_register_number"),
    MistakeEntry: ("correct_receipt", "cash_register_number"),
}
"""What may be added where nothing was noted, and stands from then on: the day of the money, and evidence."""


def month_of(day: date) -> str:
    """The month of a day, as entries keep it: 2026-10."""
    return day.isoformat()[:7]


def month_of_effect(shop: Shop, sold_on: date, back_on: date) -> str:
    """The month whose output VAT a refund lowers, as the shop counts (law.md 4.3)."""
    return month_of(sold_on if shop.vat_period is VatPeriod.SALE_MONTH else back_on)


def closing(reading: Reading, month: str) -> MonthLock | None:
    """The lock of a month that is closed now; None for an open one."""
    found = reading.records(Query(MonthLock, (Condition("month", types.IS, (month,)), Condition("reopened_at", types.EMPTY))), 1)
    return found[0] if found else None


def see_that_open(reading: Reading, month: str) -> None:
    """Raises Known when a month is closed."""
    if closing(reading, month) is not None:
        raise Known(_(CLOSED).format(month=show_month(month)))


def standing(reading: Reading, case_id: int) -> list[RefundEntry]:
    """The entries of a case in the register of returns that no storno took off."""
    entries: list[RefundEntry] = reading.records(Query(RefundEntry, (Condition("case", types.IS, (case_id,)),)))
    taken_off = {entry.storno_of for entry in entries if entry.storno_of}
    return [entry for entry in entries if not entry.storno_of and entry.number not in taken_off]


def corrections_of(reading: Reading, case_id: int) -> list[InvoiceCorrection]:
    """The corrective invoices of a case."""
    return reading.records(Query(InvoiceCorrection, (Condition("case", types.IS, (case_id,)),)))


def storno_of(reading: Reading, kind: type[Entry], number: str) -> str:
    """The number of the entry that takes off the one with this number; "" when none does."""
    found = reading.records(Query(kind, (Condition("storno_of", types.IS, (number,)),)), 1)
    return str(found[0].number) if found else ""


def _guard_of(kind: type[Entry]) -> Guard:
    """Entries are added and never changed or taken away; only an undo while the month is open takes one back."""

    def guard(tx: Transaction, id_: int, before: Image, after: Image) -> None:
        if before is None:
            _see_that_booked(tx, kind, after or {})
            return
        now: Entry = tx.get(kind, id_)
        see_that_open(tx, now.month)
        if after is not None:
            _see_that_filled_in(tx, kind, now, before, after)
            _see_that_month_stays(tx, now, after)
        elif not tx.taking_back:
            raise Known(_("Entry {number} can't be taken away. Take it off with a storno, which keeps both.").format(number=now.number))
        elif other := storno_of(tx, kind, now.number):
            raise Conflict(_("Entry {number} was taken off by the storno {storno}. Undo the storno first.").format(number=now.number, storno=other))

    return guard


def _see_that_booked(tx: Transaction, kind: type[Entry], after: Mapping[str, Any]) -> None:
    if not after["number"] or not after["month"]:
        raise Known(_("An entry of the register gets its number when it is booked: enter it on the page Accountant."))
    see_that_open(tx, after["month"])
    case = after.get("case")
    if kind is RefundEntry and case and not after["storno_of"] and corrections_of(tx, case):
        raise Known(_(BOTH_OTHER).format(case=tx.title(Case, case)))


def _see_that_filled_in(tx: Transaction, kind: type[Entry], now: Entry, before: Mapping[str, Any], after: Mapping[str, Any]) -> None:
    for name in after:
        if name in FILLED_LATER[kind] or (name in FILLED_ONCE[kind] and (tx.taking_back or before[name] in (None, ""))):
            continue
        sentence = _("Entry {number} is booked: “{field}” can't be changed any more. Take the entry off with a storno and enter it anew.")
        raise Known(sentence.format(number=now.number, field=kind.spec.fields[name].labelled()))


def _see_that_month_stays(tx: Transaction, now: Entry, after: Mapping[str, Any]) -> None:
    """The day the money went back may follow later, when the entry counts in its month with that day too."""
    if isinstance(now, RefundEntry) and (paid := after.get("refunded_on")):
        counts = month_of_effect(tx.get(Shop, THE_SHOP), now.sold_on, date.fromisoformat(paid))
        if counts != now.month:
            sentence = _("With that day the entry counts in {other}, and it is booked in {month}. Take it off with a storno and enter it anew.")
            raise Problems([Problem("refunded_on", sentence.format(other=show_month(counts), month=show_month(now.month)))])


def _guard_correction(tx: Transaction, id_: int, before: Image, after: Image) -> None:
    """A correction issued in a closed month stays as it is; none at a rate there is not, or beside entries of the register about the same case."""
    now = tx.find(InvoiceCorrection, id_) if id_ and before is not None else None
    days = [now.issued_on.isoformat()] if now and now.issued_on else []
    days += [image["issued_on"] for image in (before, after) if image and image.get("issued_on")]
    for issued_on in days:
        see_that_open(tx, issued_on[:7])
    if after and "vat_rate" in after and not tx.taking_back:
        try:
            vat.rate(after["vat_rate"])
        except Known as error:
            raise Problems([Problem("vat_rate", error.sentence)]) from None
    if before is None and after and after["case"] and standing(tx, after["case"]):
        raise Known(_(BOTH).format(case=tx.title(Case, after["case"])))


def _guard_lock(tx: Transaction, id_: int, before: Image, after: Image) -> None:
    """A month is closed once at a time; its lock stays, and only says later that it was opened again."""
    if before is None and after is not None:
        see_that_open(tx, after["month"])
    elif after is None or set(after) - {"reopened_at", "reopened_why"} or tx.get(MonthLock, id_).reopened_at is not None:
        raise Known(_("That a month was closed stays on record. Open the month again, with a reason."))


GUARDS: Guards = {
    RefundEntry: _guard_of(RefundEntry),
    MistakeEntry: _guard_of(MistakeEntry),
    InvoiceCorrection: _guard_correction,
    MonthLock: _guard_lock,
}
