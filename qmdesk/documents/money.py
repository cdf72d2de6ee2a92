"""The money of a case in a letter: what goes back part by part, each with its basis, and its VAT by rate."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from qmdesk.documents.matter import Matter
from qmdesk.documents.writer import Facts, Said, Writer, table
from qmdesk.law import remedy, vat
from qmdesk.law.packs import load
from qmdesk.records.case import (
    Case,
    CaseItem,
    Demand,
    LegalBasis,
    ReductionMethod,
    RefundMethod,
    paid_for,
)
from qmdesk.schema.types import VatRate

METHODS = {
    RefundMethod.SAME: "same",
    RefundMethod.TRANSFER: "transfer",
    RefundMethod.CARD: "card",
    RefundMethod.CASH: "cash",
    RefundMethod.BLIK: "blik",
}


@dataclass(frozen=True)
class Part:
    """One component of a refund; ``amount`` is below zero when it is taken off.

    ``goods``: an item that stands in the table of items; ``reckoned``: ``what`` is the sentence that tells its arithmetic.
    """

    what: Said
    basis: str
    amount: Decimal
    goods: bool = False
    reckoned: bool = False


@dataclass(frozen=True)
class Sum:
    """What goes back and out of which parts; without a ``total`` nobody knows yet."""

    parts: tuple[Part, ...]
    total: Decimal | None


def reckon(writer: Writer, matter: Matter) -> Sum:
    """The parts of the refund and their sum; another sum that was decided stands as a part of its own, with its reason."""
    case, found = matter.case, _parts(writer, matter)
    reckoned = sum((part.amount for part in found), Decimal()) if found else None
    if case.refund is None or reckoned is None or case.refund == reckoned:
        return Sum(tuple(found), case.refund if case.refund is not None else reckoned)
    why = writer.need(case.refund_reason, Case, "refund_reason")
    found.append(Part(writer.say("refund_note.other_sum", reason=why), "", case.refund - reckoned))
    return Sum(tuple(found), case.refund)


def _parts(writer: Writer, matter: Matter) -> list[Part]:
    if not matter.returned:
        return _of_complaint(writer, matter, paid_for(matter.given_back))
    lang = writer.lang
    return [
        Part(part.label(lang) if part.name else f"{part.label(lang)}\n{writer.acts(part.sentence(lang))}", part.basis(lang), part.amount, bool(part.name))
        for part in matter.money.parts
    ]


def _of_complaint(writer: Writer, matter: Matter, goods: Decimal | None) -> list[Part]:
    case = matter.case
    if case.refund is None:
        return []
    known = matter.deadline("money_returned")
    basis = known[1].basis.to(writer.lang) if known else ""
    bases = load(matter.shop.country.upper()).bases
    if (case.remedy_kind or case.demand) is not Demand.REDUCTION:
        given_up = bases.get("withdrawal_for_defect") if matter.basis is LegalBasis.NON_CONFORMITY and not matter.business else None
        return [Part(writer.word("refund_note.goods"), basis or (given_up.to(writer.lang) if given_up else ""), case.refund)]
    if goods is not None and case.value_loss is not None and case.reduction_method is not ReductionMethod.AGREED:
        reduced = remedy.reduction_by_percent(goods, case.value_loss, currency=case.currency or matter.shop.currency, country=matter.shop.country.upper())
        return [Part(writer.acts(reduced.sentence(writer.lang)), basis or reduced.basis.to(writer.lang), reduced.refund, reckoned=True)]
    rest = bases["reduction"].to(writer.lang)
    return [Part(writer.word("refund_note.reduction"), basis or rest, case.refund)]


def listed(writer: Writer, matter: Matter, reckoned: Sum) -> list[Said]:
    """The parts besides the goods as a list, each with its amount."""
    parts = [part for part in reckoned.parts if part.amount and not part.goods]
    return [writer.say("answer_accepted.component", component=part.what, amount=writer.money(part.amount, matter.case.currency)) for part in parts]


def components(writer: Writer, matter: Matter, reckoned: Sum) -> Facts | None:
    """The table of the parts with the sum below."""
    currency = matter.case.currency
    rows: list[list[Said]] = [[part.what, writer.acts(part.basis), writer.money(part.amount, currency)] for part in reckoned.parts]
    columns = (("component", "left", True), ("basis_of", "left", False), ("sum", "right", True))
    foot = [[writer.word("label.total"), "", writer.money(reckoned.total, currency)]]
    return table([(writer.word(f"label.{name}"), side, stays) for name, side, stays in columns], rows, foot=foot)


def method(writer: Writer, matter: Matter) -> str:
    """How the money goes back; another way than it came by with the day of the consent."""
    case = matter.case
    if case.refund_method is None:
        return ""
    how = writer.word(f"refund_method.{METHODS[case.refund_method]}") if case.refund_method in METHODS else writer.choice(case.refund_method)
    if case.refund_consent_on is None or case.refund_method is RefundMethod.SAME:
        return how
    return str(writer.say("refund_method.agreed", method=how, consent_on=writer.day(case.refund_consent_on)))


# ------------------------------------------------------------------------------------------------- VAT


def by_rate(writer: Writer, matter: Matter, total: Decimal | None) -> Facts | None:
    """The VAT inside what goes back, by rate, as the books split it; what that lacks is a gap."""
    if total is None or matter.shop.country.upper() != vat.COUNTRY:
        return None
    if matter.money.rates is None:
        _mark_missing(writer, matter)
        return None
    split = vat.per_rate([(grosze, rate) for rate, grosze in matter.money.rates.items()])
    currency = matter.case.currency

    def shown(grosze: int | None) -> str:
        return "–" if grosze is None else writer.money(Decimal(grosze) / 100, currency)

    rows: list[list[Said]] = [[VatRate().show(one.rate, writer.lang), shown(one.net), shown(one.vat), shown(one.gross)] for one in split]
    net, tax = sum(one.net for one in split), sum(one.vat or 0 for one in split)
    foot = [[writer.word("label.total"), shown(net), shown(tax), shown(net + tax)]] if len(split) > 1 else []
    columns = (("vat_rate", "left"), ("net", "right"), ("vat", "right"), ("amount", "right"))
    return table([(writer.word(f"label.{name}"), side, True) for name, side in columns], rows, foot=foot, title=writer.word("refund_note.vat_title"))


def _mark_missing(writer: Writer, matter: Matter) -> None:
    """Mark the prices and rates without which a refund can't be split."""
    for item in matter.given_back:
        if not item.vat_rate and not matter.shop.vat_exempt:
            _gap_of(writer, item, "vat_rate")
        if item.unit_price is None:
            _gap_of(writer, item, "unit_price")


def _gap_of(writer: Writer, item: CaseItem, name: str) -> Said:
    """A gap that says which of several items lacks something."""
    return writer.miss(f"{CaseItem.spec.table}.{name}#{item.id}", f"{writer.tr(CaseItem.spec.fields[name].label)} ({item.name})")
