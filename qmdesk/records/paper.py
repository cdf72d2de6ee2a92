"""What is kept as a file: attachments of a case, and documents the shop issued, with proof of what was sent."""

from __future__ import annotations

from datetime import datetime

from qmdesk.i18n import N_
from qmdesk.records.case import Case
from qmdesk.records.lists import Channel
from qmdesk.records.shop import Language
from qmdesk.schema.record import Record, choice, count, file, moment, record, ref, text
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
    """The letters a shop issues (law.md 5, D1-D3)."""

    RECEIPT_CONFIRMATION = "receipt_confirmation", N_("Confirmation of receipt")
    ANSWER_ACCEPTED = "answer_accepted", N_("Answer: accepted")
    ANSWER_REJECTED = "answer_rejected", N_("Answer: rejected or accepted in part")


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
