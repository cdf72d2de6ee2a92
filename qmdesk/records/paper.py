"""What is kept as a file: attachments of a case, and documents the shop issued, with proof of what was sent."""

from __future__ import annotations

from datetime import datetime

from qmdesk.i18n import N_
from qmdesk.records.case import Case
from qmdesk.records.lists import Channel
from qmdesk.records.shop import Language
from qmdesk.schema.record import Record, choice, count, file, long_text, moment, record, ref, text
from qmdesk.schema.types import Labelled


@record("attachment", N_("File"), N_("Files"))
class Attachment(Record):
    """A photo or another file of a case."""

    case: int = ref(Case, N_("Case"), owner=True, listed=True)
    name: str = text(N_("File name"), most=255, title=True, searched=True, listed=True)
    content: str = file(N_("Content"), automatic=True)
    media_type: str = text(N_("Kind of file"), default="", most=100, listed=True, automatic=True)
    size: int = count(N_("Bytes"), default=0, listed=True, automatic=True)
    added_at: datetime = moment(N_("Added at"), listed=True, automatic=True)


class DocumentKind(Labelled):
    """The documents a shop issues (law.md 5, D1-D13)."""

    RECEIPT_CONFIRMATION = "receipt_confirmation", N_("Confirmation of receipt")
    ANSWER_ACCEPTED = "answer_accepted", N_("Answer: accepted")
    ANSWER_REJECTED = "answer_rejected", N_("Answer: rejected or accepted in part")
    ADR_STATEMENT = "adr_statement", N_("Statement on out-of-court settlement")
    WITHDRAWAL_CONFIRMATION = "withdrawal_confirmation", N_("Confirmation of withdrawal")
    PROTOCOL = "protocol", N_("Protocol of acceptance")
    REFUND_NOTE = "refund_note", N_("Refund note")
    WITHDRAWAL_FORM = "withdrawal_form", N_("Withdrawal form")
    WITHDRAWAL_INFORMATION = "withdrawal_information", N_("Information on withdrawal")
    REQUEST = "request", N_("Request for information")
    REMEDY_ORDER = "remedy_order", N_("Confirmation of repair or replacement")
    SOLE_TRADER_STATEMENT = "sole_trader_statement", N_("Statement of a sole trader")
    SUPPLIER_CLAIM = "supplier_claim", N_("Complaint to the supplier")


@record("document", N_("Letter"), N_("Letters"))
class IssuedDocument(Record):
    """A letter as it left the shop: its PDF, the PDF's SHA-256, when and how it was sent."""

    number: str = text(N_("Number"), most=40, title=True, searched=True, listed=True, automatic=True)
    case: int = ref(Case, N_("Case"), owner=True, listed=True)
    kind: DocumentKind = choice(DocumentKind, N_("Kind"), listed=True)
    language: Language = choice(Language, N_("Language"), default=Language.POLISH, listed=True)
    content: str = file(N_("PDF"), automatic=True)
    facts: str = file(N_("Facts of the letter"), default="", automatic=True, help=N_("What the PDF was drawn from, to print it again."))
    issued_at: datetime = moment(N_("Issued at"), listed=True)
    channel: int | None = ref(Channel, N_("Sent by"), default=None, listed=True)
    sent_at: datetime | None = moment(N_("Sent at"), default=None, listed=True)
    delivered_at: datetime | None = moment(N_("Delivered at"), default=None, listed=True)
    recipient: str = text(N_("Recipient"), default="", searched=True, listed=True)


@record("text_block", N_("Text of letters"), N_("Texts of letters"), together=(("key", "language"),))
class TextBlock(Record):
    """A sentence of the letters as the shop changed it; without one the program's own stands."""

    key: str = text(N_("Place"), most=80, title=True, listed=True)
    language: Language = choice(Language, N_("Language"), default=Language.POLISH, listed=True)
    text: str = long_text(N_("Text"), listed=True)
