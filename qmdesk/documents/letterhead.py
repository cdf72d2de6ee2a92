"""What every letter has: the shop at the top, whom it is for, the numbers, the signature, and facts that several letters repeat."""

from __future__ import annotations

from qmdesk.documents.matter import Matter
from qmdesk.documents.writer import Facts, Said, Writer, table
from qmdesk.records.case import Case, CaseItem, Demand, LegalBasis, Outcome
from qmdesk.records.paper import DocumentKind
from qmdesk.records.party import BuyerType, Customer, Supplier
from qmdesk.records.product import Batch, Product
from qmdesk.records.shop import Shop

FORMS = (DocumentKind.WITHDRAWAL_FORM, DocumentKind.SOLE_TRADER_STATEMENT)  # what the customer fills in and sends back
NO_SALUTATION = (*FORMS, DocumentKind.PROTOCOL, DocumentKind.REMEDY_ORDER, DocumentKind.ADR_STATEMENT, DocumentKind.WITHDRAWAL_INFORMATION)

BASES = {
    LegalBasis.NON_CONFORMITY: "conformity",
    LegalBasis.GUARANTEE: "guarantee",
    LegalBasis.WARRANTY: "warranty_b2b",
    LegalBasis.WITHDRAWAL: "withdrawal",
    LegalBasis.VOLUNTARY: "voluntary_return",
    LegalBasis.OTHER: "other",
}
DEMANDS = {
    Demand.REPAIR: "repair",
    Demand.REPLACEMENT: "replacement",
    Demand.REDUCTION: "reduction",
    Demand.REFUND: "withdrawal",
    Demand.OTHER: "other",
}
HOME = ("pl", "polska", "poland")
OUTCOMES = {Outcome.REJECTED: "rejected", Outcome.SENT_BACK: "rejected"}


def frame(writer: Writer, matter: Matter, kind: DocumentKind) -> Facts:
    """The letter's frame: everything that does not depend on what it says."""
    shop, to_supplier = matter.shop, kind is DocumentKind.SUPPLIER_CLAIM
    day = writer.day(matter.on)
    return {
        "date": matter.on.isoformat(),
        "labels": {key: text for key, text in writer.blocks.items() if key.startswith("layout.")},
        "shop": of_shop(writer, shop),
        "recipient": {} if matter.blank else supplier(writer, matter) if to_supplier else recipient(writer, matter.customer),
        "place_and_date": writer.say("layout.place_and_date", place=shop.city, date=day) if shop.city else writer.say("layout.only_date", date=day),
        "document_number": matter.number,
        "case_number": matter.claim.number if to_supplier and matter.claim and matter.claim.number else matter.case.number,
        "salutation": "" if kind in NO_SALUTATION else writer.word("salutation.neutral"),
    }


def of_shop(writer: Writer, shop: Shop) -> Facts:
    """The shop as it stands at the top."""
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


def recipient(writer: Writer, customer: Customer | None) -> Facts:
    """The customer a letter is for."""
    if customer is None:
        return {"name": writer.need("", Case, "customer"), "address_lines": []}
    firm = bool(customer.company) and customer.buyer_type is BuyerType.BUSINESS  # the firm is the party, the person speaks for it
    first, second = (customer.company, customer.name) if firm else (customer.name, customer.company)
    lines = [line for line in (second, customer.street, f"{customer.postcode} {customer.city}".strip(), abroad(customer.country)) if line and line != first]
    return {"name": first, "address_lines": lines or ([customer.email] if customer.email else [])}


def abroad(country: str) -> str:
    """The country as the last line of an address; "" for Poland, which a letter sent in Poland does not name."""
    return "" if country.strip().lower() in HOME else country


def supplier(writer: Writer, matter: Matter) -> Facts:
    """The supplier a claim is passed on to."""
    found = matter.reading.find(Supplier, matter.claim.supplier) if matter.claim else None
    if found is None:
        return {"name": writer.miss("supplier_claim.supplier", writer.tr(Supplier.spec.label)), "address_lines": []}
    lines: list[Said] = [line for line in (found.contact, found.street, f"{found.postcode} {found.city}".strip(), abroad(found.country)) if line]
    return {"name": found.name, "address_lines": lines if found.street or found.email else [*lines, writer.need("", Supplier, "email")]}


def shop_address(writer: Writer, shop: Shop) -> Said:
    """The shop's street and town in one line."""
    return ", ".join(line for line in (shop.street, f"{shop.postcode} {shop.city}".strip()) if line) or writer.need("", Shop, "street")


def return_address(writer: Writer, shop: Shop) -> Said:
    """Where goods are sent: the address for returns where there is another one."""
    own = ", ".join(line.strip() for line in shop.return_address.splitlines() if line.strip())
    if own:
        return own
    address = shop_address(writer, shop)
    return f"{shop.name}, {address}" if isinstance(address, str) else address


def contact(writer: Writer, shop: Shop) -> Said:
    """How the shop is reached."""
    return ", ".join(way for way in (shop.email, in_one_line(shop.phone)) if way) or writer.need("", Shop, "email")


def in_one_line(phone: str) -> str:
    """A telephone number that is not broken at the end of a line."""
    return phone.replace(" ", "\u00a0")


def signature(writer: Writer, matter: Matter, person: int | None, *, both: bool = False, alone: bool = False, parties: bool = False) -> Facts:
    """Who signs for the shop, and with ``both`` a place for the customer beside it; with ``alone`` only the customer signs.

    ``parties``: seller and buyer are named as such under their lines, as a protocol of the register of returns needs them.
    """
    who = matter.person(person)
    signs = {"customer": writer.word("protocol.buyer_signature"), "shop": writer.word("protocol.seller_signature")} if parties else {}
    if alone:
        return {"name": writer.word("layout.customer_signature")}
    return {
        "sign_off": "" if both or parties else writer.word("answer.sign_off"),
        "name": who.name if who else matter.shop.legal_name or matter.shop.name,
        "role": who.role if who else "",
        "place_for_customer": both or parties,
        **signs,
    }


# ------------------------------------------------------------------------------------- facts of the case


def sale(writer: Writer, matter: Matter) -> list[tuple[str, Said | None]]:
    """What is known of the sale, for the particulars."""
    case = matter.case
    proof = f"{writer.choice(case.sale_document)} {case.sale_document_number}".strip()
    return [
        ("order_number", matter.order.number if matter.order else ""),
        ("sale_date", writer.day(case.sold_on)),
        ("delivered_on", writer.day(case.delivered_on)),
        ("proof_of_purchase", proof),
    ]


def demanded(writer: Writer, matter: Matter) -> list[tuple[str, Said | None]]:
    """What the customer wants and on what it rests, for the particulars."""
    case = matter.case
    return [
        ("demand", writer.word(f"demand.{DEMANDS[case.demand]}") if case.demand else ""),
        ("demand_amount", writer.money(case.claimed, case.currency)),
        ("tier2_ground", writer.choice(case.second_tier)),
        ("legal_basis", writer.word(f"basis.{BASES[matter.basis]}") if matter.basis else ""),
    ]


def item_name(writer: Writer, item: CaseItem) -> str:
    """A product with its serial number."""
    return f"{item.name} ({writer.word('label.serial')} {item.serial})" if item.serial else item.name


def items(writer: Writer, matter: Matter, last: str = "") -> Facts | None:
    """What the case is about; ``last`` is one more column: item_defect, item_decision or none."""

    def extra(item: CaseItem) -> str:
        if last == "item_decision":
            return writer.word(f"item_decision.{_decision(matter.case, item)}")
        return item.defect if last else ""

    rows: list[list[Said]] = [
        [item_name(writer, item), item.sku, writer.number(item.quantity), writer.money(item.unit_price, item.currency or matter.case.currency), extra(item)]
        for item in matter.items
    ]
    columns = (("item", "left", True), ("sku", "left", False), ("quantity", "right", True), ("unit_price", "right", False), (last or "item_defect", "left", False))
    return table([(writer.word(f"label.{name}"), side, stays) for name, side, stays in columns], rows)


def _decision(case: Case, item: CaseItem) -> str:
    if item.outcome is not Outcome.PENDING:
        return OUTCOMES.get(item.outcome, "accepted")
    return str(case.decision.value) if case.decision else "accepted"


def claimed_items(writer: Writer, matter: Matter) -> Facts | None:
    """What is passed on to a supplier: product, batch, serial number, defect; of several suppliers' goods only theirs."""
    theirs = [item for item in matter.items if matter.claim and item.product and matter.reading.get(Product, item.product).supplier == matter.claim.supplier]
    rows: list[list[Said]] = [
        [item.name, item.sku, matter.reading.title(Batch, item.batch) if item.batch else "", item.serial, writer.number(item.quantity), item.defect]
        for item in theirs or matter.items
    ]
    columns = (("item", "left", True), ("sku", "left", False), ("batch", "left", False), ("serial", "left", False), ("quantity", "right", True), ("item_defect", "left", False))
    return table([(writer.word(f"label.{name}"), side, stays) for name, side, stays in columns], rows)


def customer_contact(customer: Customer | None) -> str:
    """How the customer is reached."""
    return ", ".join(way for way in (customer.email, in_one_line(customer.phone)) if way) if customer else ""

