"""The letter to those who bought from a batch that others complained of and who have not complained themselves, one for each.

It asks them to look and promises what the law gives anyway; it is no recall. Where somebody could be hurt it says first that the
thing is not to be used; a recall under Regulation (EU) 2023/988 (GPSR) is a step of its own, which this letter does not replace.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from qmdesk.documents import letterhead
from qmdesk.documents.render import Content
from qmdesk.documents.writer import Facts, Writer, table
from qmdesk.i18n import N_
from qmdesk.records.party import Customer
from qmdesk.records.product import Product
from qmdesk.records.shop import Shop
from qmdesk.register import Reading
from qmdesk.values import dataclass

KIND = "buyers_letter"


@dataclass(frozen=True)
class Recipient:
    """Whom a letter is for, and what was bought: number of the order, its day, pieces."""

    customer: Customer
    orders: Sequence[tuple[str, date, int]]


@dataclass(frozen=True)
class BuyersMatter:
    """All that the letters say."""

    shop: Shop
    product: Product
    batch: str
    dangerous: bool
    recipients: Sequence[Recipient]
    logo: bytes | None = None


def letters(reading: Reading, matter: BuyersMatter, lang: str, on: date) -> Content:
    """The letters in "pl" or "en", dated ``on``, one after the other; there is one recipient at least."""
    writer = Writer(reading, lang, matter.shop.currency)
    made: Content | None = None
    for recipient in reversed(matter.recipients):
        one = Content(KIND, lang, _facts(writer, matter, recipient, on), matter.logo)
        made = replace(one, also=made)
    assert made is not None
    return made


def _facts(writer: Writer, matter: BuyersMatter, recipient: Recipient, on: date) -> Facts:
    shop, tr, day = matter.shop, writer.tr, writer.day(on)
    name = matter.product.name
    warning = {"label": tr(N_("Important")), "value": tr(N_("Please do not use it until we have written to you again.")), "note": tr(N_("It was reported to us that somebody could be hurt by it."))}
    of_batch = tr(N_("You bought “{product}” from us. Other customers told us of a defect in pieces of the same delivery, {batch}.")).format(product=name, batch=matter.batch)
    of_time = tr(N_("You bought “{product}” from us. Other customers told us of a defect in pieces sold at the same time.")).format(product=name)
    return {
        "date": on.isoformat(),
        "labels": {key: text for key, text in writer.blocks.items() if key.startswith("layout.")},
        "shop": letterhead.of_shop(writer, shop),
        "recipient": letterhead.recipient(writer, recipient.customer),
        "place_and_date": writer.say("layout.place_and_date", place=shop.city, date=day) if shop.city else writer.say("layout.only_date", date=day),
        "subject": tr(N_("Please look at what you bought: {product}")).format(product=name),
        "salutation": writer.word("salutation.neutral"),
        **({"highlight": warning} if matter.dangerous else {}),
        "paragraphs": [
            of_batch if matter.batch else of_time,
            tr(N_("Please look whether your piece is as it should be. If it is not, or if you are not sure, write or call us: we shall settle it at our cost. You need not wait until the defect shows.")),
            tr(N_("If all is well you need do nothing. Your rights under the law stay as they are, whether you answer or not.")),
        ],
        "items": _table(writer, recipient, name),
        "closing": [tr(N_("You reach us here: {contact}.")).format(contact=", ".join(part for part in (shop.email, letterhead.in_one_line(shop.phone)) if part) or shop.name)],
        "signature": {"sign_off": writer.word("answer.sign_off"), "name": shop.legal_name or shop.name, "role": "", "place_for_customer": False},
    }  # fmt: skip


def _table(writer: Writer, recipient: Recipient, product: str) -> Facts | None:
    heads = [(writer.word(f"label.{name}"), side, True) for name, side in (("order_number", "left"), ("sale_date", "left"), ("item", "left"), ("quantity", "right"))]
    return table(heads, [[number, writer.day(day), product, writer.number(pieces)] for number, day, pieces in recipient.orders])
