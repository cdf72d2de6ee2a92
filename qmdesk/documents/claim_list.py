"""The letter with a week's claims to one supplier: what is wrong with which goods, in one table, and what is asked for each.

Between businesses notice is given at once (KC art. 563), so the list goes every week; nothing in it says who our customers are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from qmdesk.documents.letterhead import DEMANDS, abroad
from qmdesk.documents.render import Content
from qmdesk.documents.writer import Facts, Writer, section, table
from qmdesk.i18n import N_, n_
from qmdesk.records.assessment import SupplierClaim
from qmdesk.records.case import CaseItem
from qmdesk.records.party import Supplier
from qmdesk.records.rating import ClaimList
from qmdesk.records.shop import Shop
from qmdesk.register import Reading
from qmdesk.values import dataclass

KIND = "claim_list"


@dataclass(frozen=True)
class ClaimMatter:
    """All that a list says; ``items`` by the id of the claim, ``photos`` how many go with it."""

    shop: Shop
    listed: ClaimList
    supplier: Supplier
    claims: Sequence[SupplierClaim]
    items: Mapping[int, Sequence[CaseItem]]
    batches: Mapping[int, str]
    photos: int = 0
    logo: bytes | None = None


def letter(reading: Reading, matter: ClaimMatter, lang: str, on: date) -> Content:
    """The letter in "pl" or "en", dated ``on``; of a list that was not sent it is a draft."""
    writer, shop, listed = Writer(reading, lang, matter.shop.currency), matter.shop, matter.listed
    tr, day = writer.tr, writer.day(on)
    lines = [line for line in (shop.legal_name if shop.legal_name != shop.name else "", shop.street, f"{shop.postcode} {shop.city}".strip()) if line]
    firm = matter.supplier
    address = [line for line in (firm.contact, firm.street, f"{firm.postcode} {firm.city}".strip(), abroad(firm.country)) if line]
    asked = n_("We give notice of {n} defect of goods bought from you and ask for what stands beside it.", "We give notice of {n} defects of goods bought from you and ask for what stands beside each.", len(matter.claims), lang)
    pictures = n_("{n} photo, named by the number of its claim", "{n} photos, named by the numbers of the claims", matter.photos, lang)
    facts: Facts = {
        "date": on.isoformat(),
        "draft": listed.sent_on is None,
        "labels": {**{key: text for key, text in writer.blocks.items() if key.startswith("layout.")}, "layout.case_number": tr(N_("List of claims"))},
        "shop": {"name": shop.name, "address_lines": lines, "nip": shop.nip, "phone": shop.phone, "email": shop.email, "website": shop.website},
        "recipient": {"name": firm.name, "address_lines": address or ([firm.email] if firm.email else [])},
        "place_and_date": writer.say("layout.place_and_date", place=shop.city, date=day) if shop.city else day,
        "case_number": listed.number,
        "subject": tr(N_("Claims of the week: list {number}")).format(number=listed.number),
        "salutation": writer.word("salutation.neutral"),
        "paragraphs": [asked],
        "highlight": {"label": writer.word("label.reply_by"), "value": writer.day(listed.reply_by), "note": writer.word("supplier_claim.reply")} if listed.reply_by else None,
        "items": _table(writer, matter),
        "sections": [
            section(writer.word("supplier_claim.description_title"), [_described(writer, claim) for claim in matter.claims]),
            section(writer.word("answer.basis_title"), writer.word("supplier_claim.basis")),
        ],
        "closing": [tr(N_("Please answer each claim by its number: accepted, accepted in part or rejected, and the amount of the credit."))],
        "signature": {"sign_off": writer.word("answer.sign_off"), "name": shop.legal_name or shop.name, "role": "", "place_for_customer": False},
        "enclosures": [pictures] if matter.photos else [],
    }
    return Content(KIND, lang, {name: value for name, value in facts.items() if value is not None}, matter.logo)


def heads(writer: Writer) -> list[tuple[str, str, bool]]:
    """The headings of the table: words, side, whether the column stays when it is empty."""
    tr = writer.tr
    return [
        (tr(N_("Claim")), "left", True), (writer.word("label.item"), "left", True), (writer.word("label.sku"), "left", False), (writer.word("label.batch"), "left", False),
        (writer.word("label.serial"), "left", False), (writer.word("label.quantity"), "right", True), (writer.word("label.noticed_by_us"), "left", False),
        (writer.word("label.demand"), "left", False), (writer.word("label.demand_amount"), "right", False),
    ]  # fmt: skip


def rows(writer: Writer, matter: ClaimMatter) -> list[list[str]]:
    """A row for each item of each claim; what is asked stands in the first row of a claim."""
    found = []
    for claim in matter.claims:
        items: Sequence[CaseItem | None] = matter.items.get(claim.id) or (None,)
        for at, item in enumerate(items):
            first = at == 0
            goods = [item.name, item.sku, matter.batches.get(item.batch or 0, ""), item.serial, writer.number(item.quantity)] if item else ["–", "", "", "", ""]
            demand = writer.word(f"demand.{DEMANDS[claim.demand]}") if claim.demand and first else ""
            found.append([claim.number, *goods, writer.day(claim.noticed_on) if first else "", demand, writer.money(claim.amount) if first else ""])
    return found


def _table(writer: Writer, matter: ClaimMatter) -> Facts | None:
    total = sum((claim.amount for claim in matter.claims if claim.amount is not None), Decimal())
    foot = [[writer.tr(N_("In all")), "", "", "", "", "", "", "", writer.money(total)]] if total else []
    return table(heads(writer), [list(row) for row in rows(writer, matter)], foot=foot)


def _described(writer: Writer, claim: SupplierClaim) -> str:
    said = " ".join(claim.basis.split())
    return writer.tr(N_("{number}: {description}")).format(number=claim.number, description=said or "–")
