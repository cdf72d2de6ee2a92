"""The money of a case in a letter: what goes back part by part, each with its basis, and its VAT by rate."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal

from qmdesk.documents.matter import Matter
from qmdesk.documents.writer import Facts, Said, Writer, table
from qmdesk.errors import Known
from qmdesk.law import remedy, vat
from qmdesk.law.packs import load
from qmdesk.records.case import (
    Case,
    CaseItem,
    Demand,
    ReductionMethod,
    RefundMethod,
)
from qmdesk.schema.types import VatRate

METHODS = {
    RefundMethod.SAME: "same",
    RefundMethod.TRANSFER: "transfer",
    RefundMethod.CARD: "card",
    RefundMethod.CASH: "cash",
    RefundMethod.BLIK: "blik",
}
POLISH_RATES = "PL"  # law/vat.py knows the rates of no other country


@dataclass(frozen=True)
class Part:
    """One component of a refund; ``amount`` is below zero when it is taken off."""

    what: Said
    basis: str
    amount: Decimal


@dataclass(frozen=True)
class Sum:
    """What goes back and out of which parts; without a ``total`` nobody knows yet."""

    parts: tuple[Part, ...]
    total: Decimal | None


def price(item: CaseItem) -> Decimal | None:
    """What was paid for the pieces of an item."""
    return None if item.unit_price is None else (item.unit_price - (item.discount or 0)) * item.quantity


def paid(items: list[CaseItem]) -> Decimal | None:
    """What was paid for these items; None where a price is not known."""
    prices = [price(item) for item in items]
    return None if not prices or None in prices else sum((one for one in prices if one is not None), Decimal())


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
    goods = paid(matter.given_back)
    if not matter.returned:
        return _of_complaint(writer, matter, goods)
    return [Part(one.sentence(writer.lang), one.basis.to(writer.lang), one.amount) for one in matter.components]


def _of_complaint(writer: Writer, matter: Matter, goods: Decimal | None) -> list[Part]:
    case = matter.case
    if case.refund is None:
        return []
    known = matter.deadline("money_returned")
    basis = known[1].basis.to(writer.lang) if known else ""
    if (case.remedy_kind or case.demand) is not Demand.REDUCTION:
        return [Part(writer.word("refund_note.goods"), basis, case.refund)]
    if goods is not None and case.value_loss is not None and case.reduction_method is not ReductionMethod.AGREED:
        reduced = remedy.reduction_by_percent(goods, case.value_loss, currency=case.currency or matter.shop.currency, country=matter.shop.country.upper())
        return [Part(writer.acts(reduced.sentence(writer.lang)), basis or reduced.basis.to(writer.lang), reduced.refund)]
    rest = load(matter.shop.country.upper()).bases["reduction"].to(writer.lang)
    return [Part(writer.word("refund_note.reduction"), basis or rest, case.refund)]


def listed(writer: Writer, matter: Matter, reckoned: Sum) -> list[Said]:
    """The parts as a list, each with its amount."""
    parts = [part for part in reckoned.parts if part.amount]
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
    """The VAT inside what goes back, by rate; a sum other than the price is spread over the rates in proportion."""
    if total is None or matter.shop.country.upper() != POLISH_RATES or not (split := vat_of(writer, matter, total)):
        return None
    currency = matter.case.currency

    def shown(grosze: int | None) -> str:
        return "–" if grosze is None else writer.money(Decimal(grosze) / 100, currency)

    rows: list[list[Said]] = [[VatRate().show(one.rate, writer.lang), shown(one.net), shown(one.vat), shown(one.gross)] for one in split]
    net, tax = sum(one.net for one in split), sum(one.vat or 0 for one in split)
    foot = [[writer.word("label.total"), shown(net), shown(tax), shown(net + tax)]] if len(split) > 1 else []
    columns = (("vat_rate", "left"), ("net", "right"), ("vat", "right"), ("amount", "right"))
    return table([(writer.word(f"label.{name}"), side, True) for name, side in columns], rows, foot=foot, title=writer.word("refund_note.vat_title"))


def vat_of(writer: Writer, matter: Matter, total: Decimal) -> tuple[vat.Amounts, ...]:
    """Net and VAT of what goes back, once per rate; none while the rate or the price of an item is not known, which is a gap."""
    weights: dict[str, int] = {}
    unknown = False
    for item in matter.given_back:
        rate, worth = "zw" if matter.shop.vat_exempt else item.vat_rate, price(item)
        try:
            weights[vat.rate(rate).id] = weights.get(rate, 0) + int((worth or 0) * 100)
        except Known:
            unknown = bool(_gap_of(writer, item, "vat_rate"))
        if worth is None:
            unknown = bool(_gap_of(writer, item, "unit_price"))
    if unknown or not sum(weights.values()):
        return ()
    return vat.per_rate([(share, rate) for rate, share in spread(int(total * 100), weights).items()])


def _gap_of(writer: Writer, item: CaseItem, name: str) -> Said:
    """A gap that says which of several items lacks something."""
    return writer.miss(f"{CaseItem.spec.table}.{name}#{item.id}", f"{writer.tr(CaseItem.spec.fields[name].label)} ({item.name})")


def spread(grosze: int, weights: dict[str, int]) -> dict[str, int]:
    """An amount in whole grosze shared out in proportion to the weights; what rounding leaves goes to the largest remainders."""
    whole = sum(weights.values())
    exact = {name: Decimal(grosze) * weight / whole for name, weight in weights.items()}
    shares = {name: int(part.to_integral_value(ROUND_DOWN)) for name, part in exact.items()}
    left = grosze - sum(shares.values())
    for name in sorted(exact, key=lambda name: exact[name] - shares[name], reverse=True)[:left]:
        shares[name] += 1
    return shares
