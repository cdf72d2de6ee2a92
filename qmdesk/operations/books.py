"""The accountant's registers: refunds of cases booked line by line, entries by hand, stornos, what is noted on them later."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, TypeVar

from qmdesk.errors import Known, Problem, Problems
from qmdesk.i18n import N_, _, show_money, translator
from qmdesk.law import vat
from qmdesk.operations.closed_books import (
    BOTH_OTHER,
    Entry,
    corrections_of,
    month_of,
    month_of_effect,
    see_that_open,
    standing,
    storno_of,
)
from qmdesk.operations.refund_split import (
    Group,
    correction_way,
    currency_of,
    grosze,
    is_due,
    shares,
    split_refund,
    zloty,
)
from qmdesk.operations.registers import the_shop
from qmdesk.records.books import Extent, InvoiceCorrection, MistakeEntry, RefundEntry, ReturnReason
from qmdesk.records.case import (
    Case,
    CaseItem,
    CaseKind,
    CorrectedBy,
    Demand,
    LegalBasis,
    SaleDocument,
)
from qmdesk.records.paper import DocumentKind, IssuedDocument
from qmdesk.records.party import Customer
from qmdesk.records.returns import ReturnDetails
from qmdesk.records.shop import Shop, VatPeriod
from qmdesk.register import Reading, Transaction
from qmdesk.schema.parsing import parse_number
from qmdesk.schema.query import parts_of
from qmdesk.schema.record import replace

E = TypeVar("E", RefundEntry, MistakeEntry)

BOOK = N_("Book a refund")
ENTER = N_("Enter in the register of returns")
ENTER_MISTAKE = N_("Enter in the register of mistakes")
STORNO = N_("Take an entry off the register")
FILL_IN = N_("Note on an entry")

OF_PROTOCOL = ("protocol", "protocol_number", "seller_signed_on", "buyer_signed_on", "signature_form", "substitute_evidence")
HOME = "PLN"  # the registers are kept in it, whatever the sale was paid in


@dataclass(frozen=True)
class ExchangeRate:
    """What a sum in another currency is booked with: PLN for one unit, as typed, the day of the rate, the number of the NBP table."""

    rate: str
    day: date
    table: str

    @property
    def number(self) -> Decimal:
        """The rate as a number. Raises Problems for what is none, and without the table's number."""
        try:
            found = parse_number(self.rate)
        except ValueError:
            found = Decimal()
        problems = []
        if not 0 < found < 100_000 or len(self.rate.strip()) > 20:
            problems.append(Problem("exchange_rate", _("“{rate}” is no exchange rate; write it as in the NBP table, like 4,2512.").format(rate=self.rate[:20])))
        if not self.table.strip():
            problems.append(Problem("rate_table", _("The number of the NBP table is missing.")))
        if problems:
            raise Problems(problems)
        return found


# ------------------------------------------------------------------------------------ booking a case


def book_returned(tx: Transaction, case: Case) -> Case:
    """Book a refund in the step in which the money went back; returns the case as it is then.

    A fact that is still missing, such as a VAT rate or an exchange rate, does not keep the money's return from being
    noted: the refund then stands among the gaps of its month until it is booked. Raises Known when that month is closed.
    """
    shop = the_shop(tx)
    if shop.country.upper() != vat.COUNTRY or not is_due(case) or case.refunded_on is None:
        return case
    if correction_way(case) is CorrectedBy.REGISTER and shop.vat_period is VatPeriod.REFUND_MONTH:
        see_that_open(tx, month_of(case.refunded_on))
    if standing(tx, case.id) or corrections_of(tx, case.id) or why_not_booked(tx, case) is not None:
        return case  # somebody entered it by hand before, or something is missing still
    book_refund(tx, case)
    return tx.get(Case, case.id)


def why_not_booked(reading: Reading, case: Case, rate: ExchangeRate | None = None) -> Problems | None:
    """What is missing before the refund of a case can be booked; None when nothing is."""
    try:
        groups = split_refund(reading, case)
    except Problems as problems:
        return problems
    if correction_way(case) is CorrectedBy.INVOICE:
        if all(group.document for group in groups):
            return None
        return Problems([Problem("sale_document_number", _("The number of the invoice that must be corrected is missing."))])
    if rate is None and waits_for_rate(reading, case):
        sentence = _("The sale was in {currency}. Type the exchange rate, its day and the number of the NBP table; the register is kept in PLN.")
        return Problems([Problem("exchange_rate", sentence.format(currency=currency_of(reading, case)))])
    return None


def waits_for_rate(reading: Reading, case: Case) -> bool:
    """Whether a refund goes into the register and was paid in a currency that is not the register's."""
    return correction_way(case) is CorrectedBy.REGISTER and currency_of(reading, case) != HOME


def book_refund(tx: Transaction, case: Case, rate: ExchangeRate | None = None) -> list[RefundEntry] | list[InvoiceCorrection]:
    """Book the refund of a case: entries in the register of returns, or the invoices that must be corrected, never both.

    Raises Problems with what is missing, Known when it is booked already, when no money went back or when the month is closed.
    """
    tx.about(case.number)
    if not is_due(case):
        raise Known(_("Case {number}: no money went back, so there is nothing to book. A repair or a replacement is not booked.").format(number=case.number))
    if standing(tx, case.id) or corrections_of(tx, case.id):
        raise Known(_("The refund of case {number} is booked already.").format(number=case.number))
    if missing := why_not_booked(tx, case, rate):
        raise missing
    way = correction_way(case)
    if case.corrected_by is None:
        tx.change(case, corrected_by=way)
    groups = split_refund(tx, case)
    return _correct_invoices(tx, case, groups) if way is CorrectedBy.INVOICE else _book_entries(tx, case, groups, rate)


def book_case(tx: Transaction, case_id: int, rate: ExchangeRate | None = None) -> list[RefundEntry] | list[InvoiceCorrection]:
    """Book a refund that stands among the gaps of its month. Raises as ``book_refund``."""
    return book_refund(tx, tx.get(Case, case_id), rate)


def _book_entries(tx: Transaction, case: Case, groups: Sequence[Group], rate: ExchangeRate | None) -> list[RefundEntry]:
    shop = the_shop(tx)
    lang = str(shop.language.value)
    assert case.refunded_on is not None  # money went back
    protocol = protocol_of(tx, case.id)
    shared: dict[str, Any] = {
        "case": case.id,
        "returned_on": returned_on(case),
        "refunded_on": case.refunded_on,
        "reason": reason_of(case),
        "sale_document": case.sale_document,
        "cash_register_number": case.cash_register_number or (shop.cash_register_number if case.sale_document is SaleDocument.RECEIPT else ""),
        "refund_method": case.refund_method,
        "protocol": protocol.id if protocol else None,
        "protocol_number": protocol.number if protocol else "",
    }
    drafts = []
    for group, home, foreign in _in_pln(groups, rate):
        whole = group.price == group.goods if group.price is not None else case.kind is CaseKind.RETURN
        goods = RefundEntry(
            sold_on=group.sold_on,
            item_name=_named(group.items),
            item_description=_described(group.items),
            extent=Extent.FULL if whole else Extent.PART,
            vat_rate=group.rate,
            gross=zloty(home[0]),
            sale_document_number=group.document,
            **shared,
            **_foreign(tx, case, foreign[0], rate),
        )
        paid = _delivery_paid(tx, case, group, groups)
        delivery = replace(
            goods,
            item_name=translator(lang)(N_("Delivery cost")),
            item_description="",
            extent=Extent.FULL if group.delivery == paid else Extent.PART,
            gross=zloty(home[1]),
            **_foreign(tx, case, foreign[1], rate),
        )
        # rounded once per rate and document: the delivery's VAT is what the goods' leaves of the whole
        whole_vat, of_goods = vat.split(home[0] + home[1], group.rate, group.sold_on)[1], vat.split(home[0], group.rate, group.sold_on)[1]
        taxes = (None, None) if whole_vat is None or of_goods is None else (zloty(of_goods), zloty(whole_vat - of_goods))
        drafts += [replace(one, vat=tax) for one, tax in zip((goods, delivery), taxes, strict=True) if one.gross]
    return [_add_entry(tx, draft, month_of_effect(shop, draft.sold_on, case.refunded_on), shop.refund_series) for draft in drafts]


def _in_pln(groups: Sequence[Group], rate: ExchangeRate | None) -> list[tuple[Group, tuple[int, int], tuple[int, int]]]:
    """Each group with its goods and delivery in grosze of PLN, and in the currency they were paid in; both add up exactly."""
    paid = [part for group in groups for part in (group.goods, group.delivery)]
    home = paid
    if rate is not None:
        total = int((Decimal(sum(paid)) * rate.number).to_integral_value(ROUND_HALF_UP))
        home = shares(total, paid)
    return [(group, (home[2 * at], home[2 * at + 1]), (group.goods, group.delivery)) for at, group in enumerate(groups)]


def _foreign(reading: Reading, case: Case, amount: int, rate: ExchangeRate | None) -> dict[str, Any]:
    if rate is None:
        return {}
    return {
        "currency": currency_of(reading, case),
        "amount_paid": zloty(amount),
        "exchange_rate": rate.rate.strip(),
        "rate_on": rate.day,
        "rate_table": rate.table.strip(),
    }


def _delivery_paid(reading: Reading, case: Case, group: Group, groups: Sequence[Group]) -> int:
    """What of the delivery cost paid falls on a group."""
    terms = next(iter(reading.records(parts_of(case, ReturnDetails))), None)
    paid = grosze(terms.delivery_paid) if terms and terms.delivery_paid else 0
    return shares(paid, [one.price or 0 for one in groups])[list(groups).index(group)]


def _named(items: Sequence[CaseItem]) -> str:
    return "; ".join(item.name if item.quantity == 1 else f"{item.quantity} × {item.name}" for item in items)[:500]


def _described(items: Sequence[CaseItem]) -> str:
    return "; ".join(filter(None, (" ".join(filter(None, (item.sku, item.serial))) for item in items)))[:500]


def returned_on(case: Case) -> date:
    """The day of the return or complaint, as the register asks for it."""
    received = case.received_at.astimezone().date()
    if case.kind is CaseKind.RETURN:
        return case.goods_received_on or case.goods_sent_on or received
    return case.second_tier_on or received


def reason_of(case: Case) -> ReturnReason:
    """Why the money of a case went back."""
    if case.kind is CaseKind.RETURN:
        voluntary = case.legal_basis is LegalBasis.VOLUNTARY
        return ReturnReason.VOLUNTARY if voluntary else ReturnReason.WITHDRAWAL if case.legal_basis in (None, LegalBasis.WITHDRAWAL) else ReturnReason.RETURN
    return ReturnReason.REDUCTION if (case.remedy_kind or case.demand) is Demand.REDUCTION else ReturnReason.COMPLAINT


def protocol_of(reading: Reading, case_id: int) -> IssuedDocument | None:
    """The newest protocol of acceptance of a case."""
    letters: list[IssuedDocument] = reading.records(parts_of(reading.get(Case, case_id), IssuedDocument))
    return next((letter for letter in reversed(letters) if letter.kind is DocumentKind.PROTOCOL), None)


def known_since(reading: Reading, entry: RefundEntry) -> dict[str, Any]:
    """What the case of an entry tells by now and the entry lacks: its protocol, the document of the sale."""
    case = reading.get(Case, entry.case) if entry.case else None
    if case is None:
        return {}
    protocol = protocol_of(reading, case.id)
    told: dict[str, Any] = {
        "protocol": protocol.id if protocol else None,
        "protocol_number": protocol.number if protocol else "",
        "sale_document": case.sale_document,
        "sale_document_number": case.sale_document_number,
        "cash_register_number": case.cash_register_number,
    }
    return {name: value for name, value in told.items() if value and not getattr(entry, name)}


def _correct_invoices(tx: Transaction, case: Case, groups: Sequence[Group]) -> list[InvoiceCorrection]:
    customer = tx.find(Customer, case.customer) if case.customer else None
    tr = translator(str(the_shop(tx).language.value))
    found = []
    for group in groups:
        back = group.goods + group.delivery
        before = max(back, (group.price or 0) + group.delivery)
        correction = InvoiceCorrection(
            case=case.id,
            invoice_number=group.document,
            invoice_on=group.sold_on,
            buyer=(customer.company or customer.name) if customer else "",
            buyer_nip=customer.nip if customer else "",
            reason=tr(reason_of(case).label),
            vat_rate=group.rate,
            gross_before=zloty(before),
            gross_after=zloty(before - back),
            currency=currency_of(tx, case),
        )
        found.append(replace(correction, id=tx.add(correction)))
    return found


# -------------------------------------------------------------------------------------- entries by hand


def _add_entry(tx: Transaction, draft: E, month: str, series: str) -> E:
    see_that_open(tx, month)
    entry = replace(draft, id=0, number=tx.number(series, int(month[:4])), month=month)
    return replace(entry, id=tx.add(entry))


def enter(tx: Transaction, draft: RefundEntry) -> RefundEntry:
    """Enter a refund by hand, with or without a case. VAT that is not given is computed.

    Raises Problems for amounts that can't be, an unknown rate or a currency without its rate, Known when the month is closed.
    """
    shop = the_shop(tx)
    problems = [*_wrong_amount(draft), *_wrong_rate(shop, draft), *_wrong_currency(draft)]
    if problems:
        raise Problems(problems)
    if draft.case is not None and corrections_of(tx, draft.case):
        raise Known(_(BOTH_OTHER).format(case=tx.title(Case, draft.case)))
    draft = replace(draft, vat=_vat_of(draft, draft.remarks), currency="" if draft.currency.upper() == HOME else draft.currency.upper(), storno_of="", storno_reason="")
    entry = _add_entry(tx, draft, month_of_effect(shop, draft.sold_on, draft.refunded_on or draft.returned_on), shop.refund_series)
    tx.about(entry.number)
    return entry


def enter_mistake(tx: Transaction, draft: MistakeEntry) -> MistakeEntry:
    """Enter an obvious mistake of the cash register; it belongs to the month of the sale. Raises as ``enter``."""
    shop = the_shop(tx)
    if problems := [*_wrong_amount(draft), *_wrong_rate(shop, draft)]:
        raise Problems(problems)
    entry = _add_entry(tx, replace(draft, vat=_vat_of(draft, draft.cause), storno_of="", storno_reason=""), month_of(draft.sold_on), shop.mistake_series)
    tx.about(entry.number)
    return entry


def _wrong_amount(draft: Entry) -> list[Problem]:
    if draft.gross > 0:
        return []
    return [Problem("gross", _("Write the amount above zero; what was entered wrongly is taken off by a storno."))]


def _wrong_rate(shop: Shop, draft: Entry) -> list[Problem]:
    try:
        found = vat.rate(draft.vat_rate, draft.sold_on)
    except Known as error:
        return [Problem("vat_rate", error.sentence)]
    if shop.vat_exempt and found.percent is not None:
        return [Problem("vat_rate", _("The shop is exempt from VAT, so the rate is zw."))]
    return []


def _vat_of(draft: Entry, reason: str) -> Decimal | None:
    """The VAT of an entry: computed, or as the receipt prints it, at most 0.01 off and then with a reason. Raises Problems."""
    if draft.vat is None:
        found = vat.split(grosze(draft.gross), draft.vat_rate, draft.sold_on)[1]
    else:
        found = vat.as_printed(grosze(draft.gross), draft.vat_rate, grosze(draft.vat), reason, draft.sold_on).vat
    return None if found is None else zloty(found)


def _wrong_currency(draft: RefundEntry) -> list[Problem]:
    """A sale in another currency is booked in PLN, with the rate, its day and the NBP table's number."""
    if draft.currency.upper() in ("", HOME):
        return []
    missing = [name for name in ("amount_paid", "exchange_rate", "rate_on", "rate_table") if not getattr(draft, name)]
    if missing:
        return [Problem(name, _("{field} is missing.").format(field=RefundEntry.spec.fields[name].labelled())) for name in missing]
    assert draft.amount_paid is not None  # just looked at
    assert draft.rate_on is not None
    try:
        rate = ExchangeRate(draft.exchange_rate, draft.rate_on, draft.rate_table).number
    except Problems as error:
        return list(error.problems)
    in_pln = zloty(int((draft.amount_paid * 100 * rate).to_integral_value(ROUND_HALF_UP)))
    if in_pln == draft.gross:
        return []
    sentence = _("{paid} at the rate {rate} is {pln}; the gross amount says something else.")
    shown = sentence.format(paid=show_money(draft.amount_paid, draft.currency.upper()), rate=draft.exchange_rate, pln=show_money(in_pln, HOME))
    return [Problem("gross", shown)]


# ---------------------------------------------------------------------------------- after the booking


def storno(tx: Transaction, kind: type[E], entry_id: int, reason: str) -> E:
    """Take an entry off by one with the opposite sign, in the same month, with the reason; the entry itself stays as it is.

    Raises Known for a storno of a storno, a second one, a closed month; Problems without a reason.
    """
    entry = tx.get(kind, entry_id)
    tx.about(entry.number)
    reason = " ".join(reason.split())
    if not reason:
        raise Problems([Problem("storno_reason", _("Write why the entry is taken off."))])
    if len(reason) > 500:
        raise Problems([Problem("storno_reason", _("The reason is too long; at most 500 letters fit."))])
    if entry.storno_of:
        raise Known(_("{number} is a storno itself. Enter what is right anew instead.").format(number=entry.number))
    if other := storno_of(tx, kind, entry.number):
        raise Known(_("Entry {number} was taken off by {storno} already.").format(number=entry.number, storno=other))
    opposite: dict[str, Any] = {"gross": -entry.gross, "vat": None if entry.vat is None else -entry.vat, "storno_of": entry.number, "storno_reason": reason}
    if isinstance(entry, RefundEntry) and entry.amount_paid is not None:
        opposite["amount_paid"] = -entry.amount_paid
    shop = the_shop(tx)
    return _add_entry(tx, replace(entry, **opposite), entry.month, shop.refund_series if kind is RefundEntry else shop.mistake_series)


def fill_in(tx: Transaction, kind: type[E], entry_id: int, values: Mapping[str, Any]) -> E:
    """Note signatures, the protocol, evidence or remarks on an entry; what was booked stays. Raises Known, Problems.

    One protocol covers the refund of a case: what is noted of it stands on all lines of the case in that month.
    """
    entry = tx.get(kind, entry_id)
    tx.about(entry.number)
    changed = tx.change(entry, **values)
    if isinstance(entry, RefundEntry) and entry.case is not None:
        shared = {name: value for name, value in values.items() if name in OF_PROTOCOL}
        for other in standing(tx, entry.case):
            if shared and other.id != entry.id and other.month == entry.month:
                tx.change(other, **shared)
    return changed

