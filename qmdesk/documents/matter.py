"""What a letter is about: a case with all that hangs on it, read once before a sentence is written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from typing import Protocol, TypeVar

from qmdesk.law import remedy, rules
from qmdesk.law.rules import Kind, Rule, Switch, Term
from qmdesk.records.assessment import CheckAnswer, SupplierClaim
from qmdesk.records.case import Case, CaseItem, CaseKind, LegalBasis, given_back
from qmdesk.records.deadline import Deadline, DeadlineState, RuleSwitch
from qmdesk.records.lists import Channel
from qmdesk.records.paper import Attachment
from qmdesk.records.party import BuyerType, Customer, Person
from qmdesk.records.product import Order
from qmdesk.records.returns import ReturnDetails
from qmdesk.records.shop import THE_SHOP, Shop
from qmdesk.register import Reading
from qmdesk.schema.query import Query, parts_of
from qmdesk.schema.record import Record

R = TypeVar("R", bound=Record)


class Told(Protocol):
    """One part of a refund as it was reckoned: what it is for, how it came about, on what it rests; goods by their ``name``."""

    @property
    def name(self) -> str: ...

    @property
    def amount(self) -> Decimal: ...

    def label(self, lang: str | None = None) -> str: ...

    def sentence(self, lang: str | None = None) -> str: ...

    def basis(self, lang: str | None = None) -> str: ...


@dataclass(frozen=True)
class Reckoned:
    """The money of a case as the shop's books have it, which letters only repeat: its parts, and its grosze by VAT rate.

    ``rates`` is None while something is missing that splitting takes.
    """

    parts: tuple[Told, ...] = ()
    rates: Mapping[str, int] | None = None


@dataclass(frozen=True)
class Matter:
    """A case, its people, its parts and its days; a form for the website is about no case at all (``blank``)."""

    reading: Reading
    shop: Shop
    case: Case
    on: date
    number: str = ""
    words: str = ""
    """What the shop adds in its own words."""
    customer: Customer | None = None
    order: Order | None = None
    items: tuple[CaseItem, ...] = ()
    terms: ReturnDetails | None = None
    claim: SupplierClaim | None = None
    deadlines: Mapping[str, Deadline] = field(default_factory=dict)
    money: Reckoned = Reckoned()
    blank: bool = False

    @property
    def returned(self) -> bool:
        return self.case.kind is CaseKind.RETURN

    @property
    def business(self) -> bool:
        return self.case.buyer_type is BuyerType.BUSINESS

    @property
    def consumer(self) -> bool:
        return self.case.buyer_type is BuyerType.CONSUMER

    @property
    def received_on(self) -> date:
        """The day the case was received, on the shop's clock."""
        return local(self.case.received_at)

    @property
    def basis(self) -> LegalBasis | None:
        """What the case rests on, as it was written down; a return is a withdrawal unless something else was."""
        return self.case.legal_basis or (LegalBasis.WITHDRAWAL if self.returned else None)

    @property
    def files(self) -> list[Attachment]:
        return self.parts(Attachment)

    @property
    def answers(self) -> dict[str, str]:
        """The checklist: question -> answer."""
        return {one.question: str(one.answer.value) for one in self.parts(CheckAnswer)}

    @property
    def given_back(self) -> list[CaseItem]:
        """The items money goes back for."""
        return given_back(self.items)

    def parts(self, kind: type[R]) -> list[R]:
        """The case's parts of one kind, oldest first."""
        return [] if self.blank else self.reading.records(parts_of(self.case, kind))

    def person(self, id_: int | None) -> Person | None:
        return self.reading.find(Person, id_) if id_ else None

    @property
    def channel(self) -> Channel | None:
        return self.reading.find(Channel, self.case.channel) if self.case.channel else None

    def deadline(self, *events: str) -> tuple[Deadline, Rule] | None:
        """The day the case must keep until one of these events, and the rule it comes from; the law's own before targets."""
        for rule in self.rules:
            if rule.id in self.deadlines and set(events) & set(rule.satisfied_by):
                return self.deadlines[rule.id], rule
        return None

    @property
    def switches(self) -> list[Switch]:
        """The rules the shop switched."""
        return [Switch(one.rule, one.enabled, one.valid_from) for one in self.reading.records(Query(RuleSwitch))]

    @property
    def rules(self) -> tuple[Rule, ...]:
        """The rules of the shop's country, as the shop switched them."""
        return rules.load(self.shop.country.upper()).switched(self.switches).rules

    @property
    def longer_liability(self) -> Term | None:
        """How long the shop answers for goods it repairs, where a rule that makes it longer is switched on for the contract; else None."""
        case = self.case
        if case.delivered_on is None or case.kind is not CaseKind.COMPLAINT or self.basis not in (None, LegalBasis.NON_CONFORMITY):
            return None
        end = remedy.liability_end(
            case.delivered_on, contract_on=case.contract_on or case.sold_on, repaired=True,
            buyer=str(case.buyer_type.value), country=self.shop.country.upper(), switches=self.switches,
        )  # fmt: skip
        return end if end is not None and end.rule.kind is Kind.EXTENSION else None


def local(moment: datetime) -> date:
    """The day of a moment, on the shop's clock."""
    return moment.astimezone().date()


def about(reading: Reading, case: Case, on: date, *, number: str = "", words: str = "", claim: SupplierClaim | None = None, money: Reckoned | None = None) -> Matter:
    """All that a letter about this case may say."""
    known = Matter(reading, reading.get(Shop, THE_SHOP), case, on, number, words)
    deadlines = {one.rule: one for one in known.parts(Deadline) if one.state is not DeadlineState.DROPPED}
    claims = known.parts(SupplierClaim)
    return Matter(
        reading,
        known.shop,
        case,
        on,
        number,
        words,
        customer=reading.find(Customer, case.customer) if case.customer else None,
        order=reading.find(Order, case.order) if case.order else None,
        items=tuple(known.parts(CaseItem)),
        terms=next(iter(known.parts(ReturnDetails)), None),
        claim=claim or next((one for one in reversed(claims) if one.document is None), claims[-1] if claims else None),
        deadlines=deadlines,
        money=money or Reckoned(),
    )


def nothing(reading: Reading, on: date) -> Matter:
    """The matter of a form that is about no case: for the website, for a parcel."""
    stand_in = Case(kind=CaseKind.RETURN, received_at=datetime.combine(on, time(12)).astimezone())
    return Matter(reading, reading.get(Shop, THE_SHOP), stand_in, on, blank=True)
