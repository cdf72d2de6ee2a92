"""What a letter says: the facts of a case put into the sentences of its language, with a mark where a fact is missing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from qmdesk.documents.render import Content, fill, texts
from qmdesk.i18n import _, show_day, show_moment, show_money, show_number, translator
from qmdesk.records.case import (
    AdrStatement,
    Case,
    CaseItem,
    CaseKind,
    Decision,
    Demand,
    LegalBasis,
    Outcome,
)
from qmdesk.records.lists import Channel
from qmdesk.records.paper import DocumentKind
from qmdesk.records.party import BuyerType, Customer, Person
from qmdesk.records.product import Order as ShopOrder
from qmdesk.records.shop import THE_SHOP, Shop
from qmdesk.register import Reading
from qmdesk.schema import types
from qmdesk.schema.query import Condition, Order, Query
from qmdesk.schema.record import Record

Said = str | dict[str, object]

_BASES = {
    LegalBasis.NON_CONFORMITY: "conformity",
    LegalBasis.GUARANTEE: "guarantee",
    LegalBasis.WARRANTY: "warranty_b2b",
    LegalBasis.WITHDRAWAL: "withdrawal",
    LegalBasis.VOLUNTARY: "voluntary_return",
    LegalBasis.OTHER: "other",
}
_DEMANDS = {
    Demand.REPAIR: "repair",
    Demand.REPLACEMENT: "replacement",
    Demand.REDUCTION: "reduction",
    Demand.REFUND: "withdrawal",
    Demand.OTHER: "other",
}
_OUTCOMES = {Outcome.REJECTED: "rejected", Outcome.SENT_BACK: "rejected"}


@dataclass(frozen=True)
class Gap:
    """A fact a letter needs and the register does not have: the sentence's place and the field to fill in."""

    field: str  # "case.decision_reasons"
    label: str  # in the letter's language


@dataclass(frozen=True)
class Letter:
    """A letter ready to be drawn; with gaps it can be looked at, not issued."""

    content: Content
    gaps: tuple[Gap, ...]
    recipient: str


class _Writer:
    """Collects the gaps of one letter while its sentences are made."""

    def __init__(self, lang: str, currency: str) -> None:
        self.lang = lang
        self.currency = currency  # of the shop, for amounts that name none
        self.blocks = texts(lang)
        self.tr = translator(lang)
        self.gaps: list[Gap] = []

    def say(self, key: str, **values: object) -> Said:
        return fill(self.blocks[key], **values)

    def word(self, key: str) -> str:
        return self.blocks[key]

    def need(self, value: str, record: type[Record], name: str) -> Said:
        """The value, or a gap for the field when there is none."""
        if value:
            return value
        spec = record.spec
        gap = Gap(f"{spec.table}.{name}", self.tr(spec.fields[name].label))
        if gap not in self.gaps:
            self.gaps.append(gap)
        return {"gap": gap.label, "field": gap.field}

    def day(self, day: date | None) -> str:
        return show_day(day, self.lang) if day else ""

    def money(self, amount: Decimal | None, currency: str) -> str:
        return show_money(amount, currency or self.currency, self.lang) if amount is not None else ""


def compose(
    reading: Reading, case: Case, kind: DocumentKind, lang: str, *, number: str = "", on: date, draft: bool = False
) -> Letter:
    """The letter of ``kind`` about a case, in ``lang``, dated ``on``; without a number it is a draft to look at."""
    shop = reading.get(Shop, THE_SHOP)
    customer = reading.find(Customer, case.customer) if case.customer else None
    writer = _Writer(lang, shop.currency)
    facts: dict[str, object] = {
        "date": on.isoformat(),
        "draft": draft,
        "shop": _shop(writer, shop),
        "recipient": _recipient(writer, customer),
        "place_and_date": writer.say("layout.place_and_date", place=shop.city, date=writer.day(on)) if shop.city else writer.day(on),
        "document_number": number,
        "case_number": case.number,
        "salutation": writer.word("salutation.neutral"),
        "particulars": _particulars(writer, reading, case, kind),
        "items": _items(writer, reading, case, kind),
    }
    body = _confirmation(writer, reading, case, shop, customer) if kind is DocumentKind.RECEIPT_CONFIRMATION else _answer(writer, reading, case, shop, kind)
    facts.update(body)
    logo = reading.content(shop.logo) if shop.logo else None
    return Letter(Content(str(kind.value), lang, facts, logo), tuple(writer.gaps), customer.name if customer else "")


def _shop(writer: _Writer, shop: Shop) -> dict[str, object]:
    lines: list[Said] = [writer.need(shop.street, Shop, "street"), writer.need(f"{shop.postcode} {shop.city}".strip(), Shop, "city")]
    if shop.legal_name and shop.legal_name != shop.name:
        lines.insert(0, shop.legal_name)
    return {
        "name": writer.need(shop.name, Shop, "name"),
        "address_lines": lines,
        "nip": shop.nip,
        "phone": shop.phone,
        "email": shop.email,
        "website": shop.website,
    }


def _recipient(writer: _Writer, customer: Customer | None) -> dict[str, object]:
    if customer is None:
        return {"name": writer.need("", Case, "customer"), "address_lines": []}
    lines = [line for line in (customer.company, customer.street, f"{customer.postcode} {customer.city}".strip(), customer.country) if line]
    return {"name": customer.name, "address_lines": lines or ([customer.email] if customer.email else [])}


def _shop_address(writer: _Writer, shop: Shop) -> Said:
    return ", ".join(line for line in (shop.street, f"{shop.postcode} {shop.city}".strip()) if line) or writer.need("", Shop, "street")


def _contact(writer: _Writer, shop: Shop) -> Said:
    return ", ".join(way for way in (shop.email, shop.phone) if way) or writer.need("", Shop, "email")


def _suffix(case: Case) -> str:
    return {CaseKind.COMPLAINT: "", CaseKind.GUARANTEE: "_guarantee", CaseKind.RETURN: "_return"}[case.kind]


def _particulars(writer: _Writer, reading: Reading, case: Case, kind: DocumentKind) -> list[dict[str, object]]:
    tr = writer.tr
    rows: list[dict[str, object]] = []

    def row(label: str, value: Said) -> None:
        if value:
            rows.append({"label": writer.word(f"label.{label}"), "value": value})

    confirming = kind is DocumentKind.RECEIPT_CONFIRMATION
    row("case_number", case.number)
    row("received_at" if confirming else "received_on", show_moment(case.received_at, writer.lang) if confirming else writer.day(_local(case.received_at)))
    if confirming and case.channel:
        row("channel", reading.title(Channel, case.channel))
    if confirming and case.responsible:
        row("accepted_by", reading.title(Person, case.responsible))
    if case.order:
        row("order_number", reading.title(ShopOrder, case.order))
    row("sale_date", writer.day(case.sold_on))
    row("delivered_on", writer.day(case.delivered_on))
    if case.sale_document:
        row("proof_of_purchase", f"{tr(case.sale_document.label)} {case.sale_document_number}".strip())
    row("noticed_on", writer.day(case.noticed_on))
    if case.demand:
        row("demand", writer.word(f"demand.{_DEMANDS[case.demand]}"))
    elif confirming and case.kind is CaseKind.COMPLAINT:
        row("demand", writer.word("demand.undecided"))
    row("demand_amount", writer.money(case.claimed, case.currency))
    if case.legal_basis:
        row("legal_basis", writer.word(f"basis.{_BASES[case.legal_basis]}"))
    if confirming:
        row("description", writer.need(case.description, Case, "description"))
    return rows


def _local(moment: datetime) -> date:
    return moment.astimezone().date()


def _items(writer: _Writer, reading: Reading, case: Case, kind: DocumentKind) -> dict[str, object] | None:
    items = reading.records(Query(CaseItem, (Condition("case", types.IS, (case.id,)),)).by(Order("id")))
    if not items:
        return None
    answering = kind is not DocumentKind.RECEIPT_CONFIRMATION
    columns = ["item", "sku", "quantity", "unit_price", "item_decision" if answering else "item_defect"]
    rows: list[list[str]] = []
    for item in items:
        said = writer.word(f"item_decision.{_item_decision(case, item)}") if answering else item.defect
        price = writer.money(item.unit_price, item.currency or case.currency)
        name = f"{item.name} ({writer.word('label.serial')} {item.serial})" if item.serial else item.name
        rows.append([name, item.sku, show_number(item.quantity, writer.lang), price, said])
    keep = [at for at in range(len(columns)) if at in (0, 2) or any(row[at] for row in rows)]
    alignment = ["left", "left", "right", "right", "left"]
    return {
        "columns": [writer.word(f"label.{columns[at]}") for at in keep],
        "rows": [[row[at] for at in keep] for row in rows],
        "align": [alignment[at] for at in keep],
    }


def _item_decision(case: Case, item: CaseItem) -> str:
    if item.outcome is not Outcome.PENDING:
        return _OUTCOMES.get(item.outcome, "accepted")
    return str(case.decision.value) if case.decision else "accepted"


def _answer_channel(writer: _Writer, customer: Customer | None) -> Said:
    """How the answer will come: by e-mail where there is an address, else by post."""
    if customer is not None and customer.email:
        return writer.say("answer_channel.email", email=customer.email)
    return writer.word("answer_channel.letter")


def _confirmation(writer: _Writer, reading: Reading, case: Case, shop: Shop, customer: Customer | None) -> dict[str, object]:
    suffix = _suffix(case)
    received = show_moment(case.received_at, writer.lang)
    sections: list[dict[str, object]] = [
        {
            "title": writer.word("receipt_confirmation.answer_title"),
            "paragraphs": [
                writer.say("receipt_confirmation.answer_form", answer_channel=_answer_channel(writer, customer)),
                writer.word("receipt_confirmation.not_acceptance"),
                writer.say("receipt_confirmation.contact", contact=_contact(writer, shop)),
            ],
        }
    ]
    if case.goods_received_on:
        paragraph = writer.say(
            "receipt_confirmation.goods_left", goods_condition=writer.need(case.goods_condition, Case, "goods_condition"), accessories="–"
        )
        sections.append({"title": writer.word("receipt_confirmation.goods_left_title"), "paragraphs": [paragraph]})
    privacy: Said = shop.privacy_note or writer.say(
        "receipt_confirmation.privacy",
        shop=shop.legal_name or shop.name,
        shop_address=_shop_address(writer, shop),
        retention=writer.word("receipt_confirmation.retention"),
        privacy_contact=_contact(writer, shop),
    )
    sections.append({"title": writer.word("receipt_confirmation.privacy_title"), "paragraphs": [privacy]})
    return {
        "subject": writer.say(f"receipt_confirmation.subject{suffix}", case_number=case.number),
        "paragraphs": [
            writer.say(f"receipt_confirmation.opening{suffix}", received_on=received, case_number=case.number),
            writer.word("receipt_confirmation.check"),
        ],
        "sections": sections,
        "closing": [writer.word("receipt_confirmation.closing")],
        "signature": _signature(writer, reading, shop, case.responsible),
    }


def _signature(writer: _Writer, reading: Reading, shop: Shop, person: int | None) -> dict[str, object]:
    who = reading.find(Person, person) if person else None
    return {
        "sign_off": writer.word("answer.sign_off"),
        "name": who.name if who else shop.legal_name or shop.name,
        "role": who.role if who else "",
        "place_for_customer": False,
    }


def _answer(writer: _Writer, reading: Reading, case: Case, shop: Shop, kind: DocumentKind) -> dict[str, object]:
    accepted = kind is DocumentKind.ANSWER_ACCEPTED
    received = writer.day(_local(case.received_at))
    guarantee = "_guarantee" if case.kind is CaseKind.GUARANTEE else ""
    sections: list[dict[str, object]] = []
    if accepted:
        variant = "_other_remedy" if case.decision is Decision.OTHER_REMEDY else guarantee
        sections.append({"title": writer.word("answer_accepted.remedy_title"), "paragraphs": _remedy(writer, case)})
        if case.decision_reasons:
            sections.append({"title": writer.word("answer.reasons_title"), "paragraphs": _lines(case.decision_reasons)})
    else:
        variant = "_partial" if case.decision is Decision.PARTIAL else guarantee
        if case.decision is Decision.PARTIAL:
            sections.append({"title": writer.word("answer_rejected.accepted_part_title"), "paragraphs": _remedy(writer, case)})
        reasons = writer.need(case.decision_reasons, Case, "decision_reasons")
        sections.append({"title": writer.word("answer.reasons_title"), "paragraphs": _lines(reasons)})
        if case.legal_basis in (LegalBasis.NON_CONFORMITY, LegalBasis.GUARANTEE, LegalBasis.WARRANTY):
            basis = writer.word(f"answer.basis_{_BASES[case.legal_basis]}")
            sections.append({"title": writer.word("answer.basis_title"), "paragraphs": [basis]})
        if case.buyer_type is not BuyerType.BUSINESS:
            sections.append({"title": writer.word("answer.adr_title"), "framed": True, "paragraphs": [_adr(writer, case, shop)]})
        sections.append({"title": writer.word("answer.rights_title"), "paragraphs": _rights(writer, case)})
    prefix = str(kind.value)
    subject = {"_other_remedy": ""}.get(variant, variant)
    decision: Said = writer.word(f"decision.{case.decision.value}") if case.decision else writer.need("", Case, "decision")
    return {
        "subject": writer.say(f"{prefix}.subject{subject}", case_number=case.number),
        "highlight": {"label": writer.word("label.decision"), "value": decision},
        "paragraphs": [writer.say(f"{prefix}.opening{variant}", received_on=received)],
        "sections": sections,
        "closing": [
            writer.say("answer.contact", contact=_contact(writer, shop), case_number=case.number),
            writer.word(f"{prefix}.closing{'_partial' if variant == '_partial' else ''}"),
        ],
        "signature": _signature(writer, reading, shop, case.decided_by or case.responsible),
    }


def _lines(text: Said) -> list[Said]:
    if not isinstance(text, str):
        return [text]
    return [part.strip() for part in text.split("\n\n") if part.strip()]


def _remedy(writer: _Writer, case: Case) -> list[Said]:
    """What the shop will do: its own words, the money and how it goes back, and who bears the cost."""
    said: list[Said] = _lines(writer.need(case.remedy, Case, "remedy"))
    if case.refund is not None:
        label, amount = writer.word("label.refund_amount"), writer.money(case.refund, case.currency)
        said.append(f"{label}: {amount}")
        if case.refund_method is not None:
            said.append(writer.say("answer_accepted.refund_method", refund_method=writer.word(f"refund_method.{case.refund_method.value}")))
    elif case.demand is Demand.REFUND or case.refund_method is not None:
        said.append(writer.need("", Case, "refund"))
    said.append(writer.word("answer_accepted.cost_guarantee" if case.kind is CaseKind.GUARANTEE else "answer_accepted.cost"))
    return said


def _adr(writer: _Writer, case: Case, shop: Shop) -> Said:
    if case.adr is None:
        return writer.need("", Case, "adr")
    if case.adr is AdrStatement.REFUSAL:
        return writer.word("answer.adr_refusal")
    entity, comma, website = shop.adr_entity.rpartition(",")
    if not comma:
        entity, website = shop.adr_entity, ""
    return writer.say("answer.adr_consent", adr_entity=writer.need(entity.strip(), Shop, "adr_entity"), adr_website=website.strip() or "–")


def _rights(writer: _Writer, case: Case) -> list[object]:
    if case.buyer_type is BuyerType.BUSINESS:
        return [writer.word("answer.rights_business")]
    said: list[object] = [writer.word("answer.rights_opening")]
    said.append([writer.word(f"answer.rights_{way}") for way in ("talk", "ombudsman", "inspection", "court")])
    if case.kind is CaseKind.GUARANTEE:
        said.append(writer.word("answer.guarantee_note"))
    return said


def fitting(case: Case) -> DocumentKind:
    """The letter a case asks for next."""
    if case.decision is None:
        return DocumentKind.RECEIPT_CONFIRMATION
    return DocumentKind.ANSWER_ACCEPTED if case.decision in (Decision.ACCEPTED, Decision.OTHER_REMEDY) else DocumentKind.ANSWER_REJECTED


def gap_sentence(letter: Letter) -> str:
    """What is missing, for whoever wants to issue the letter; "" when nothing is."""
    if not letter.gaps:
        return ""
    return _("The letter can't be issued yet; fill in: {fields}.").format(fields=", ".join(gap.label for gap in letter.gaps))
