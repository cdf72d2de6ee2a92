"""Letters of a case: looked at before, issued once, kept with proof of what was sent, when and how."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime

from qmdesk.documents import render
from qmdesk.documents.compose import Letter, compose, fitting, gap_sentence
from qmdesk.documents.render import Content
from qmdesk.errors import Known
from qmdesk.i18n import N_, _, translator
from qmdesk.operations import deadlines
from qmdesk.operations.registers import the_shop
from qmdesk.records.case import Case, CaseState, Direction, Message
from qmdesk.records.lists import Channel
from qmdesk.records.paper import DocumentKind, IssuedDocument
from qmdesk.records.party import BuyerType, Customer
from qmdesk.records.shop import Language
from qmdesk.records.steps import Step, steps
from qmdesk.register import Reading, Transaction, clock

ISSUE = N_("Issue a letter")
DELIVERED = N_("Note the delivery of a letter")

PROOFS = (*deadlines.ANSWERS, DocumentKind.WITHDRAWAL_CONFIRMATION)  # what must reach the customer on a durable medium


def language_for(reading: Reading, case: Case) -> str:
    """The language a letter is written in: Polish for consumers of a Polish shop, whatever the screen speaks."""
    shop = the_shop(reading)
    if shop.country.upper() == "PL" and case.buyer_type is not BuyerType.BUSINESS and not _abroad(reading, case):
        return "pl"
    return str(shop.language.value)


def _abroad(reading: Reading, case: Case) -> bool:
    customer = reading.find(Customer, case.customer) if case.customer else None
    return bool(customer and customer.country and customer.country.strip().lower() not in ("pl", "polska", "poland"))


def preview(reading: Reading, case_id: int, kind: DocumentKind, lang: str) -> Letter:
    """The letter as it would be issued now, marked as a draft."""
    return compose(reading, reading.get(Case, case_id), kind, lang, on=clock().date(), draft=True)


def issue(tx: Transaction, case_id: int, kind: DocumentKind, lang: str, channel: int | None, sent_at: datetime | None = None) -> IssuedDocument:
    """Issue a letter: it gets its number, its PDF is kept with its SHA-256, and an answer stops the case's waiting.

    Raises Known while facts are missing, or when the case does not allow an answer.
    """
    case = tx.get(Case, case_id)
    answer = kind in deadlines.ANSWERS
    if answer and (refusal := steps(case)[Step.ANSWER]):
        raise Known(refusal)
    if answer and kind is not fitting(case):
        raise Known(_("This letter says something else than the decision; choose the letter “{kind}”.").format(kind=_(fitting(case).label)))
    sent_at = sent_at or clock()
    way = tx.find(Channel, channel) if channel else None
    if kind in PROOFS and not (way and way.durable):
        raise Known(_("Send it on a durable medium: e-mail, letter, message. A phone call stops nothing (UPK art. 7a)."))
    shop = the_shop(tx)
    day = sent_at.astimezone().date()
    letter = compose(tx, case, kind, lang, number=tx.number(shop.document_series, day.year), on=day)
    if missing := gap_sentence(letter):
        raise Known(missing)
    number = str(letter.content.facts["document_number"])
    document = IssuedDocument(
        number=number,
        case=case.id,
        kind=kind,
        language=Language.POLISH if lang == "pl" else Language.ENGLISH,
        content=tx.keep(render.to_pdf(letter.content)),
        facts=tx.keep(_facts(letter.content, shop.logo)),
        issued_at=sent_at,
        channel=channel,
        sent_at=sent_at,
        delivered_at=sent_at if way and way.durable and not way.delivery_days else None,
        recipient=letter.recipient,
    )
    document_id = tx.add(document)
    said = translator(str(shop.language.value))(N_("Letter {number} was sent: {kind}."))
    kind_word = translator(str(shop.language.value))(kind.label)
    tx.add(Message(case=case.id, at=sent_at, direction=Direction.OUTGOING, channel=channel, author=tx.who, text=said.format(number=number, kind=kind_word)))
    if answer and case.state is not CaseState.ANSWERED:
        tx.change(case, state=CaseState.ANSWERED)
    if kind is DocumentKind.WITHDRAWAL_CONFIRMATION and case.state in (CaseState.NEW, CaseState.NEEDS_INFO):
        tx.change(case, state=CaseState.ACKNOWLEDGED)
    deadlines.refresh(tx, case.id)
    tx.about(f"{case.number}, {number}")
    tx.seal(N_("A letter that was sent can't be made unsent. Send another one that corrects it."))
    return tx.get(IssuedDocument, document_id)


def _facts(content: Content, logo: str) -> bytes:
    """What a letter was drawn from, as JSON; the logo by its SHA-256."""
    return json.dumps({"kind": content.kind, "lang": content.lang, "facts": content.facts, "logo": logo}, ensure_ascii=False).encode("utf-8")


def as_issued(reading: Reading, document: IssuedDocument) -> Content:
    """What an issued letter was drawn from, for printing it again.

    Raises Known when this version of the program would draw another letter than the one that was sent.
    """
    kept = json.loads(reading.content(document.facts))
    content = Content(kept["kind"], kept["lang"], kept["facts"], reading.content(kept["logo"]) if kept["logo"] else None)
    if hashlib.sha256(render.to_pdf(content)).hexdigest() != document.content:
        raise Known(_("This letter was drawn by another version of the program. Open its PDF and print it from there."))
    return content


def delivered(tx: Transaction, document_id: int, at: datetime) -> IssuedDocument:
    """Note when a letter reached the customer. Raises Known when that was before it was sent."""
    document = tx.get(IssuedDocument, document_id)
    if document.sent_at and at < document.sent_at:
        raise Known(_("The letter can't have arrived before it was sent."))
    tx.about(document.number)
    changed = tx.change(document, delivered_at=at)
    deadlines.refresh(tx, document.case)
    return changed
