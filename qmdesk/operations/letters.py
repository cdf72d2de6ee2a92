"""Letters of a case: looked at before, issued once, kept with proof of what was sent, when and how."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import PurePath
from typing import Any

from qmdesk.documents import compose as composing
from qmdesk.documents import render
from qmdesk.documents.compose import (
    BILINGUAL,
    BLANK,
    Letter,
    answering,
    compose,
    compose_blank,
    fitting,
    gap_sentence,
)
from qmdesk.documents.forms import DOUBTS
from qmdesk.documents.matter import Reckoned
from qmdesk.documents.render import Content
from qmdesk.errors import Known, Problem, Problems
from qmdesk.i18n import LANGUAGES, N_, _, show_day, translator
from qmdesk.operations import deadlines, refund_split, returns
from qmdesk.operations.attachments import LARGEST_FILE, safe_name
from qmdesk.operations.decisions import silence_before
from qmdesk.operations.registers import the_shop
from qmdesk.records.assessment import SupplierClaim
from qmdesk.records.case import Case, CaseKind, CaseState, Direction, Message
from qmdesk.records.deadline import Deadline
from qmdesk.records.lists import Channel
from qmdesk.records.paper import Attachment, DocumentKind, IssuedDocument
from qmdesk.records.party import BuyerType, Customer
from qmdesk.records.shop import Language, Shop
from qmdesk.records.steps import Step, steps
from qmdesk.register import Reading, Transaction, clock
from qmdesk.schema import types
from qmdesk.schema.query import Condition, Query, parts_of
from qmdesk.schema.record import replace

ISSUE = N_("Issue a letter")
SENT_ELSEWHERE = N_("Note a letter sent elsewhere")
DELIVERED = N_("Note the delivery of a letter")

PROOFS = (*deadlines.ANSWERS, DocumentKind.WITHDRAWAL_CONFIRMATION)  # what must reach the customer on a durable medium
PROOF_FILES = {".pdf": b"%PDF", ".png": b"\x89PNG", ".jpg": b"\xff\xd8\xff", ".jpeg": b"\xff\xd8\xff", ".eml": b"", ".txt": b""}
LETTER_FIELDS = ("channel", "lang", "sent_at", "delivered_at", "letter")  # what a step that is done by a letter asks for


# ------------------------------------------------------------------------------------------ choosing


def language_for(reading: Reading, case: Case) -> str:
    """The language a letter is written in: Polish for consumers of a Polish shop, whatever the screen speaks."""
    shop = the_shop(reading)
    if shop.country.upper() == "PL" and case.buyer_type is not BuyerType.BUSINESS and not _abroad(reading, case):
        return "pl"
    return str(shop.language.value)


def _abroad(reading: Reading, case: Case) -> bool:
    customer = reading.find(Customer, case.customer) if case.customer else None
    return bool(customer and customer.country and customer.country.strip().lower() not in ("pl", "polska", "poland"))


def languages() -> tuple[str, ...]:
    """What a letter can be written in: each language, and Polish with English after it."""
    return (*LANGUAGES, BILINGUAL)


def offered(reading: Reading, case: Case) -> tuple[DocumentKind, ...]:
    """The letters that make sense for a case, the fitting one first."""
    return composing.offered(case, claims=bool(reading.ids(parts_of(case, SupplierClaim), 1)))


def doubt(kind: DocumentKind) -> str:
    """What is not certain about a document of this kind, as a sentence; "" where nothing is."""
    return _(DOUBTS.get(kind, ""))


def own_channel(reading: Reading, case: Case) -> int | None:
    """The channel a case came by, where what is sent that way stays with the customer; else None."""
    way = reading.find(Channel, case.channel) if case.channel else None
    return way.id if way is not None and way.durable else None


def leave_by(reading: Reading, case: Case, kind: DocumentKind, channel: int | None) -> tuple[int, date] | None:
    """How many days a letter sent this way takes and by when it must leave to arrive in time; None when it is there at once."""
    way = reading.find(Channel, channel) if channel else None
    if kind not in deadlines.ANSWERS or way is None or not way.delivery_days:
        return None
    last = min((one.legal for one in _waiting_for_answer(reading, case)), default=None)
    return (way.delivery_days, last - timedelta(days=way.delivery_days)) if last else None


def _waiting_for_answer(reading: Reading, case: Case) -> list[Deadline]:
    """The deadlines only an answer stops that has reached the customer."""
    stopped = {rule.id for rule in deadlines.rulebook(reading).rules if "answer_delivered" in rule.satisfied_by}
    return [one for one in deadlines.of_case(reading, case) if one.rule in stopped and one.satisfied_at is None]


def on_its_way(reading: Reading, case: Case) -> IssuedDocument | None:
    """The answer that was sent while its arrival is not noted: until then it stops no clock, and closing the case would hide that."""
    if case.state is not CaseState.ANSWERED or not _waiting_for_answer(reading, case):
        return None
    answers = [one for one in reading.records(parts_of(case, IssuedDocument)) if one.kind in deadlines.ANSWERS and one.delivered_at is None]
    return max(answers, key=lambda one: one.sent_at or one.issued_at, default=None)


def reckoned(reading: Reading, case: Case) -> Reckoned:
    """What goes back for a case, part by part as the calculation has it and by VAT rate as the books split it."""
    parts: tuple[returns.Part, ...] = ()
    if case.kind is CaseKind.RETURN:
        try:
            found = returns.calculate(reading, case)
        except Problems:
            return Reckoned()
        parts = found.parts if found.total is not None else ()
    total = case.refund if case.refund is not None else sum((part.amount for part in parts), Decimal()) if parts else None
    if total is None or case.id == 0:
        return Reckoned(parts)
    rates: dict[str, int] = {}
    try:
        for group in refund_split.split_refund(reading, replace(case, refund=total)):
            rates[group.rate] = rates.get(group.rate, 0) + group.goods + group.delivery
    except Problems:
        return Reckoned(parts)
    return Reckoned(parts, rates)


# ----------------------------------------------------------------------------------------- looking at


def preview(reading: Reading, case_id: int, kind: DocumentKind, lang: str, words: str = "") -> Letter:
    """The letter as it would be issued now, marked as a draft; ``lang`` is one of ``languages()``."""
    case = reading.get(Case, case_id)
    return compose(reading, case, kind, lang, on=clock().date(), draft=True, words=words, money=reckoned(reading, case))


def blank(reading: Reading, kind: DocumentKind, lang: str) -> Letter:
    """A form about no case, for the shop's website and parcels. Raises Known for other letters."""
    if kind not in BLANK:
        raise Known(_("“{kind}” is about a case; say which.").format(kind=_(kind.label)))
    return compose_blank(reading, kind, lang, on=clock().date())


# -------------------------------------------------------------------------------------------- sending


def issue(
    tx: Transaction,
    case_id: int,
    kind: DocumentKind,
    lang: str,
    channel: int | None,
    sent_at: datetime | None = None,
    *,
    delivered_at: datetime | None = None,
    words: str = "",
    claim_id: int | None = None,
) -> IssuedDocument:
    """Issue a letter: it gets its number, its PDF is kept with its SHA-256, and an answer stops the case's waiting.

    ``words``: what the shop adds in its own words. ``claim_id``: which claim a letter to a supplier is about.
    Raises Known while facts are missing, or when the case does not allow the letter; Problems for times that can't be.
    """
    case = tx.get(Case, case_id)
    sent_at = sent_at or clock()
    day = sent_at.astimezone().date()
    way = _way(tx, case, kind, channel, sent_at, delivered_at)
    if kind in deadlines.ANSWERS and (since := silence_before(tx, case, day)):
        sentence = _("Nobody answered in time, so the complaint counts as accepted since {day} (UPK art. 7a(2)); a rejection sent now changes nothing. Accept it, or keep the letter that left in time with “It was sent elsewhere”.")
        raise Known(sentence.format(day=show_day(since)))
    shop = the_shop(tx)
    claim = _numbered_claim(tx, case, shop, claim_id, day) if kind is DocumentKind.SUPPLIER_CLAIM else None
    number = tx.number(shop.document_series, day.year)
    letter = compose(tx, case, kind, lang, number=number, on=day, words=words.strip(), claim=claim, money=reckoned(tx, case))
    if missing := gap_sentence(letter):
        raise Known(missing)
    document = IssuedDocument(
        number=number,
        case=case.id,
        kind=kind,
        language=Language.ENGLISH if lang == "en" else Language.POLISH,
        content=tx.keep(render.to_pdf(letter.content)),
        facts=tx.keep(_facts(letter.content, shop.logo)),
        issued_at=sent_at,
        channel=channel,
        sent_at=sent_at,
        delivered_at=delivered_at or _arrived(way, sent_at),
        recipient=letter.recipient,
    )
    document_id = tx.add(document)
    if claim is not None:
        tx.change(claim, document=document_id, sent_on=claim.sent_on or day)
    said = translator(str(shop.language.value))(N_("Letter {number} was sent: {kind}."))
    _note(tx, case, document, shop, said)
    tx.seal(N_("A letter that was sent can't be made unsent. Send another one that corrects it."))
    return tx.get(IssuedDocument, document_id)


def sent_elsewhere(
    tx: Transaction,
    case_id: int,
    kind: DocumentKind,
    content: bytes,
    name: str,
    channel: int | None,
    sent_at: datetime,
    delivered_at: datetime | None = None,
) -> IssuedDocument:
    """Keep a letter that left by another window (a marketplace, the shop's own mail); its file is the proof.

    It stops the clock as one issued here does. Raises Known for a file that proves nothing, or when the case does not
    allow the letter; Problems for times that can't be.
    """
    case = tx.get(Case, case_id)
    way = _way(tx, case, kind, channel, sent_at, delivered_at)
    _must_prove(content, name)
    shop = the_shop(tx)
    document = IssuedDocument(
        number=tx.number(shop.document_series, sent_at.astimezone().year),
        case=case.id,
        kind=kind,
        language=Language.ENGLISH if language_for(tx, case) == "en" else Language.POLISH,
        content=tx.keep(content),
        issued_at=sent_at,
        channel=channel,
        sent_at=sent_at,
        delivered_at=delivered_at or _arrived(way, sent_at),
        recipient=tx.title(Customer, case.customer) if case.customer else "",
    )
    document_id = tx.add(document)
    ending = PurePath(name).suffix.lower()
    media = {".pdf": "application/pdf", ".png": "image/png", ".eml": "message/rfc822", ".txt": "text/plain"}.get(ending, "image/jpeg")
    # as it is: a picture made smaller would be another file than the one the document's SHA-256 names
    tx.add(Attachment(case=case.id, name=safe_name(name), content=document.content, media_type=media, size=len(content), added_at=clock()))
    _note(tx, case, document, shop, translator(str(shop.language.value))(N_("Letter {number} was sent elsewhere: {kind}.")))
    return tx.get(IssuedDocument, document_id)


def _must_prove(content: bytes, name: str) -> None:
    """See that a file can stand as proof: of a known kind, what it says it is, not empty, not too large. Raises Known."""
    beginning = PROOF_FILES.get(PurePath(name).suffix.lower())
    if beginning is None:
        raise Known(_("{file} can't be kept as proof; give a PDF, a picture, an .eml or a .txt file.").format(file=name))
    if not content.strip():
        raise Known(_("{file} is empty.").format(file=name))
    if len(content) > LARGEST_FILE:
        raise Known(_("{file} is larger than {megabytes} MB. Make it smaller or keep it outside.").format(file=name, megabytes=LARGEST_FILE // 1_000_000))
    if not content.startswith(beginning) or (not beginning and b"\x00" in content):
        raise Known(_("{file} is not what its name says; it may be damaged.").format(file=name))


def _way(tx: Transaction, case: Case, kind: DocumentKind, channel: int | None, sent_at: datetime, delivered_at: datetime | None) -> Channel | None:
    """The channel of a letter, when the case allows the letter to go this way at this time. Raises Known, Problems."""
    if kind in deadlines.ANSWERS:
        if refusal := steps(case)[Step.ANSWER]:
            raise Known(refusal)
        if kind is not answering(case):
            raise Known(_("This letter says something else than the decision; choose the letter “{kind}”.").format(kind=_(answering(case).label)))
    way = tx.find(Channel, channel) if channel else None
    if kind in PROOFS and not (way and way.durable):
        raise Known(_("Send it on a durable medium: e-mail, letter, message. A phone call stops nothing (UPK art. 7a)."))
    if found := _impossible(case, kind, sent_at, delivered_at):
        raise Problems(found)
    return way


def _impossible(case: Case, kind: DocumentKind, sent_at: datetime, delivered_at: datetime | None) -> list[Problem]:
    soon = clock() + timedelta(days=1)  # a clock may be wrong, not by more
    ahead = case.received_at > clock()  # the whole case lies ahead of this clock
    found = []
    for name, moment in (("sent_at", sent_at), ("delivered_at", delivered_at)):
        if moment is not None and moment > soon and not ahead:
            sentence = _("{field} can't lie in the future.")
            found.append(Problem(name, sentence.format(field=IssuedDocument.spec.fields[name].labelled())))
    if kind in PROOFS and sent_at.astimezone().date() < case.received_at.astimezone().date():
        found.append(Problem("sent_at", _("A letter can't have been sent before the case was received.")))
    if delivered_at is not None and delivered_at < sent_at:
        found.append(Problem("delivered_at", _("The letter can't have arrived before it was sent.")))
    return found


def _arrived(way: Channel | None, sent_at: datetime) -> datetime | None:
    """When a letter is there, where it is there at once."""
    return sent_at if way and way.durable and not way.delivery_days else None


def _numbered_claim(tx: Transaction, case: Case, shop: Shop, claim_id: int | None, day: date) -> SupplierClaim:
    """The claim a letter to a supplier is about, with its number. Raises Known when there is none."""
    claims = tx.records(parts_of(case, SupplierClaim))
    waiting = [one for one in claims if one.document is None] or claims
    claim = tx.get(SupplierClaim, claim_id) if claim_id else waiting[-1] if waiting else None
    if claim is None or claim.case != case.id:
        raise Known(_("Note the claim to the supplier first: whom it is made to, what is claimed, by when a reply is expected."))
    return claim if claim.number else tx.change(claim, number=tx.number(shop.supplier_series, day.year))


def _note(tx: Transaction, case: Case, document: IssuedDocument, shop: Shop, said: str) -> None:
    """Note in the conversation that a letter went, move the case on, and let its deadlines know."""
    kind = document.kind
    kind_word = translator(str(shop.language.value))(kind.label)
    tx.add(
        Message(
            case=case.id, at=document.sent_at or document.issued_at, direction=Direction.INTERNAL if kind is DocumentKind.SUPPLIER_CLAIM else Direction.OUTGOING,
            channel=document.channel, author=tx.who, text=said.format(number=document.number, kind=kind_word),
        )
    )  # fmt: skip
    if kind in deadlines.ANSWERS and case.state is not CaseState.ANSWERED:
        tx.change(case, state=CaseState.ANSWERED)
    if kind is DocumentKind.WITHDRAWAL_CONFIRMATION and case.state in (CaseState.NEW, CaseState.NEEDS_INFO):
        tx.change(case, state=CaseState.ACKNOWLEDGED)
    deadlines.refresh(tx, case.id)
    tx.about(f"{case.number}, {document.number}")


def by_step(tx: Transaction, case_id: int, step: Step, values: Mapping[str, Any]) -> Case:
    """Do a step that is done by a letter: confirm a withdrawal, answer. ``values``: those of LETTER_FIELDS that are known.

    Raises Known with what else must be told, Problems for values that can't be.
    """
    case = tx.get(Case, case_id)
    if unknown := [name for name in values if name not in LETTER_FIELDS]:
        sentence = _("The step “{step}” has no field “{name}”; it asks for: {listed}.")
        raise Problems([Problem(name, sentence.format(step=_(step.label), name=name, listed=", ".join(LETTER_FIELDS))) for name in unknown])
    kind = values.get("letter") or (DocumentKind.WITHDRAWAL_CONFIRMATION if step is Step.ACKNOWLEDGE else answering(case))
    lang = values.get("lang") or language_for(tx, case)
    if lang not in languages():
        raise Problems([Problem("lang", _("There is no language “{lang}”; the languages are: {listed}.").format(lang=lang, listed=", ".join(languages())))])
    fits = (DocumentKind.WITHDRAWAL_CONFIRMATION, DocumentKind.RECEIPT_CONFIRMATION) if step is Step.ACKNOWLEDGE else deadlines.ANSWERS
    if kind not in fits:
        sentence = _("The step “{step}” is not done by this letter; it is done by: {listed}.")
        raise Problems([Problem("letter", sentence.format(step=_(step.label), listed=", ".join(_(one.label) for one in fits)))])
    channel = values.get("channel") or own_channel(tx, case)
    if channel is None:
        raise Problems([Problem("channel", _("Say how the letter is sent: the case came by a channel that keeps nothing with the customer."))])
    issue(tx, case_id, kind, lang, channel, values.get("sent_at"), delivered_at=values.get("delivered_at"))
    done = tx.get(Case, case_id)
    if step is Step.ACKNOWLEDGE and done.state in (CaseState.NEW, CaseState.NEEDS_INFO):
        done = tx.change(done, state=CaseState.ACKNOWLEDGED)  # a voluntary return is confirmed by D1
    return done


# ---------------------------------------------------------------------------------- what was sent before


def _facts(content: Content, logo: str) -> bytes:
    """What a letter was drawn from, as JSON; the logo by its SHA-256."""
    kept: dict[str, object] = {"kind": content.kind, "lang": content.lang, "facts": content.facts, "logo": logo}
    if content.also is not None:
        kept["also"] = {"lang": content.also.lang, "facts": content.also.facts}
    return json.dumps(kept, ensure_ascii=False).encode("utf-8")


def as_issued(reading: Reading, document: IssuedDocument) -> Content:
    """What an issued letter was drawn from, for printing it again.

    Raises Known when this version of the program would draw another letter than the one that was sent.
    """
    if not document.facts:
        raise Known(_("This letter was sent elsewhere. Open its file and print it from there."))
    kept = json.loads(reading.content(document.facts))
    logo = reading.content(kept["logo"]) if kept["logo"] else None
    also = Content(kept["kind"], kept["also"]["lang"], kept["also"]["facts"], logo) if "also" in kept else None
    content = Content(kept["kind"], kept["lang"], kept["facts"], logo, also)
    if hashlib.sha256(render.to_pdf(content)).hexdigest() != document.content:
        raise Known(_("This letter was drawn by another version of the program. Open its PDF and print it from there."))
    return content


def file_name(reading: Reading, document: IssuedDocument) -> str:
    """The name a letter's file is saved under: its number, with the ending of the file it is."""
    ending = ".pdf"
    if not document.facts:
        same = (Condition("case", types.IS, (document.case,)), Condition("content", types.IS, (document.content,)))
        ending = next((PurePath(file.name).suffix for file in reading.records(Query(Attachment, same), 1)), ending)
    return safe_name(f"{document.number.replace('/', '-')}{ending}")


def delivered(tx: Transaction, document_id: int, at: datetime) -> IssuedDocument:
    """Note when a letter reached the customer. Raises Problems when that was before it was sent or is still to come."""
    document = tx.get(IssuedDocument, document_id)
    if found := _impossible(tx.get(Case, document.case), document.kind, document.sent_at or at, at):
        raise Problems(found)
    tx.about(document.number)
    changed = tx.change(document, delivered_at=at)
    deadlines.refresh(tx, document.case)
    return changed


__all__ = [
    "BILINGUAL", "DELIVERED", "ISSUE", "LETTER_FIELDS", "PROOFS", "PROOF_FILES", "SENT_ELSEWHERE", "answering", "as_issued", "blank", "by_step", "delivered", "doubt",
    "file_name", "fitting", "issue", "language_for", "languages", "leave_by", "offered", "on_its_way", "own_channel", "preview", "reckoned", "sent_elsewhere",
]  # fmt: skip
