"""The complaint passed on to the supplier (D13): what is wrong with which goods, what is claimed, by when a reply is expected."""

from __future__ import annotations

from qmdesk.documents.letterhead import DEMANDS, claimed_items, contact, signature
from qmdesk.documents.matter import Matter
from qmdesk.documents.writer import Facts, Writer, paragraphs, section
from qmdesk.records.assessment import SupplierClaim


def supplier_claim(writer: Writer, matter: Matter) -> Facts:
    """D13: between businesses notice is given at once (KC art. 563); nothing in it says who our customer is."""
    case, claim = matter.case, matter.claim
    number = (claim.number if claim else "") or case.number
    reply_by = writer.need(writer.day(claim.reply_by) if claim else "", SupplierClaim, "reply_by")
    demand = writer.word(f"demand.{DEMANDS[claim.demand]}") if claim and claim.demand else writer.need("", SupplierClaim, "demand")
    said = claim.basis if claim and claim.basis else case.description
    return {
        "subject": writer.say("supplier_claim.subject", number=number),
        "paragraphs": [writer.word("supplier_claim.opening")],
        "highlight": {"label": writer.word("label.reply_by"), "value": reply_by, "note": writer.word("supplier_claim.reply")},
        "particulars": writer.rows(
            ("claim_number", number),
            ("noticed_by_us", writer.day(claim.noticed_on if claim and claim.noticed_on else matter.received_on)),
            ("demand", demand),
            ("demand_amount", writer.money(claim.amount if claim else None)),
        ),
        "items": claimed_items(writer, matter),
        "sections": [
            section(writer.word("supplier_claim.description_title"), *paragraphs(writer.need(said, SupplierClaim, "basis"))),
            section(writer.word("answer.basis_title"), writer.word("supplier_claim.basis")),
            section("", *paragraphs(matter.words)) if matter.words else None,
        ],
        "enclosures": [file.name for file in matter.files if file.media_type.startswith("image/")],
        "closing": [writer.say("supplier_claim.closing", contact=contact(writer, matter.shop), number=number)],
        "signature": signature(writer, matter, case.responsible),
    }
