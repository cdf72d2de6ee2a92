"""What a letter says: the facts of a case put into the sentences of its language, with a mark where a fact is missing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from qmdesk.documents import complaints, forms, returns, supplier
from qmdesk.documents.letterhead import frame
from qmdesk.documents.matter import Matter, Reckoned, about, nothing
from qmdesk.documents.render import Content
from qmdesk.documents.writer import Facts, Gap, Writer, section
from qmdesk.i18n import _
from qmdesk.records.assessment import SupplierClaim
from qmdesk.records.case import Case, CaseKind, CaseState, Decision, Demand, LegalBasis
from qmdesk.records.paper import DocumentKind
from qmdesk.records.party import BuyerType, Supplier
from qmdesk.register import Reading

__all__ = ["BILINGUAL", "BLANK", "Gap", "Letter", "answering", "compose", "compose_blank", "fitting", "gap_sentence", "offered"]

BILINGUAL = "pl+en"  # Polish first, the same letter in English after it
BLANK = (DocumentKind.WITHDRAWAL_FORM, DocumentKind.WITHDRAWAL_INFORMATION)  # made without any case too

_BUILDERS: Mapping[DocumentKind, Callable[[Writer, Matter], Facts]] = {
    DocumentKind.RECEIPT_CONFIRMATION: complaints.confirmation,
    DocumentKind.ANSWER_ACCEPTED: complaints.accepted,
    DocumentKind.ANSWER_REJECTED: complaints.rejected,
    DocumentKind.ADR_STATEMENT: complaints.adr_statement,
    DocumentKind.WITHDRAWAL_CONFIRMATION: returns.withdrawal_confirmation,
    DocumentKind.PROTOCOL: returns.protocol,
    DocumentKind.REFUND_NOTE: returns.refund_note,
    DocumentKind.WITHDRAWAL_FORM: forms.withdrawal_form,
    DocumentKind.WITHDRAWAL_INFORMATION: forms.withdrawal_information,
    DocumentKind.REQUEST: complaints.request,
    DocumentKind.REMEDY_ORDER: complaints.remedy_order,
    DocumentKind.SOLE_TRADER_STATEMENT: complaints.sole_trader_statement,
    DocumentKind.SUPPLIER_CLAIM: supplier.supplier_claim,
}
_PLACED = (DocumentKind.REQUEST, DocumentKind.PROTOCOL, DocumentKind.REFUND_NOTE, DocumentKind.REMEDY_ORDER, DocumentKind.SUPPLIER_CLAIM)
"""Letters that have their own place for the shop's words; in the others these stand before the closing."""


@dataclass(frozen=True)
class Letter:
    """A letter ready to be drawn; with gaps it can be looked at, not issued."""

    content: Content
    gaps: tuple[Gap, ...]
    recipient: str


def compose(
    reading: Reading,
    case: Case,
    kind: DocumentKind,
    lang: str,
    *,
    number: str = "",
    on: date,
    draft: bool = False,
    words: str = "",
    claim: SupplierClaim | None = None,
    money: Reckoned | None = None,
) -> Letter:
    """The letter of ``kind`` about a case, dated ``on``; without a number it is a draft to look at.

    ``lang``: "pl", "en" or BILINGUAL. ``words``: what the shop adds in its own words. ``claim``: which claim a letter to
    a supplier is about, by default the newest that was not sent. ``money``: what goes back, as it was reckoned.
    """
    return _drawn(about(reading, case, on, number=number, words=words, claim=claim, money=money), kind, lang, draft)


def compose_blank(reading: Reading, kind: DocumentKind, lang: str, *, on: date) -> Letter:
    """A form of BLANK about no case, for the shop's website and parcels."""
    return _drawn(nothing(reading, on), kind, lang, draft=False)


def _drawn(matter: Matter, kind: DocumentKind, lang: str, draft: bool) -> Letter:
    logo = matter.reading.content(matter.shop.logo) if matter.shop.logo else None
    sheets: list[Content] = []
    gaps: list[Gap] = []
    for one in ("pl", "en") if lang == BILINGUAL else (lang,):
        writer = Writer(matter.reading, one, matter.shop.currency)
        facts: Facts = {**frame(writer, matter, kind), **_BUILDERS[kind](writer, matter), "draft": draft}
        if matter.words and kind not in _PLACED:
            facts["sections"] = [*(facts.get("sections") or ()), section("", *matter.words.split("\n\n"))]  # type: ignore[misc]
        facts["sections"] = [part for part in facts.get("sections") or () if part]  # type: ignore[attr-defined]
        sheets.append(Content(str(kind.value), one, {name: value for name, value in facts.items() if value is not None}, logo))
        gaps += [gap for gap in writer.gaps if gap.field not in {known.field for known in gaps}]
    content = replace(sheets[0], also=sheets[1]) if len(sheets) > 1 else sheets[0]
    return Letter(content, tuple(gaps), _recipient(matter, kind))


def _recipient(matter: Matter, kind: DocumentKind) -> str:
    if kind is DocumentKind.SUPPLIER_CLAIM and matter.claim:
        return matter.reading.title(Supplier, matter.claim.supplier)
    return matter.customer.name if matter.customer else ""


# ------------------------------------------------------------------------------- which letter when


def answering(case: Case) -> DocumentKind:
    """The letter that answers a case as it was decided."""
    return DocumentKind.ANSWER_ACCEPTED if case.decision in (Decision.ACCEPTED, Decision.OTHER_REMEDY) else DocumentKind.ANSWER_REJECTED


def fitting(case: Case) -> DocumentKind:
    """The letter a case asks for next."""
    if case.state is CaseState.DECIDED:
        return answering(case)
    if case.kind is CaseKind.RETURN:
        return _fitting_return(case)
    if case.decision is None:
        return DocumentKind.REQUEST if case.state is CaseState.NEEDS_INFO else DocumentKind.RECEIPT_CONFIRMATION
    if case.state in (CaseState.REMEDY_RUNNING, CaseState.REMEDY_DONE):
        return DocumentKind.REMEDY_ORDER
    if case.state is CaseState.ANSWERED and case.refund and case.decision is not Decision.REJECTED:
        return DocumentKind.PROTOCOL if case.refunded_on is None else DocumentKind.REFUND_NOTE
    if case.refunded_on is not None:
        return DocumentKind.REFUND_NOTE
    return answering(case)


def _fitting_return(case: Case) -> DocumentKind:
    if case.refunded_on is not None:
        return DocumentKind.REFUND_NOTE
    if case.decision is Decision.REJECTED:
        return DocumentKind.ANSWER_REJECTED
    if case.state in (CaseState.GOODS_RECEIVED, CaseState.INSPECTED, CaseState.REFUND_DUE):
        return DocumentKind.PROTOCOL
    return DocumentKind.RECEIPT_CONFIRMATION if case.legal_basis is LegalBasis.VOLUNTARY else DocumentKind.WITHDRAWAL_CONFIRMATION


def offered(case: Case, *, claims: bool = False) -> tuple[DocumentKind, ...]:
    """The letters that make sense for a case, the fitting one first; ``claims``: it was passed on to a supplier."""
    found = [fitting(case), *(_of_return(case) if case.kind is CaseKind.RETURN else _of_complaint(case))]
    if claims:
        found.append(DocumentKind.SUPPLIER_CLAIM)
    if case.buyer_type is BuyerType.SOLE_TRADER:
        found.append(DocumentKind.SOLE_TRADER_STATEMENT)
    return tuple(dict.fromkeys(found))


def _of_complaint(case: Case) -> list[DocumentKind]:
    found = [DocumentKind.RECEIPT_CONFIRMATION, DocumentKind.REQUEST]
    if case.decision is not None:
        found.append(answering(case))
    if case.decision in (Decision.REJECTED, Decision.PARTIAL) and complaints.speaks_of_adr(case):
        found.append(DocumentKind.ADR_STATEMENT)
    if case.decision is not None and case.decision is not Decision.REJECTED:
        if (case.remedy_kind or case.demand) in (Demand.REPAIR, Demand.REPLACEMENT):
            found.append(DocumentKind.REMEDY_ORDER)
        if case.refund is not None:
            found += [DocumentKind.PROTOCOL, DocumentKind.REFUND_NOTE]
    return found


def _of_return(case: Case) -> list[DocumentKind]:
    confirmation = DocumentKind.RECEIPT_CONFIRMATION if case.legal_basis is LegalBasis.VOLUNTARY else DocumentKind.WITHDRAWAL_CONFIRMATION
    found = [confirmation, DocumentKind.REQUEST]
    if case.decision is not Decision.REJECTED:
        found += [DocumentKind.PROTOCOL, DocumentKind.REFUND_NOTE]
    if case.decision is not None:
        found.append(answering(case))
    if case.decision in (Decision.REJECTED, Decision.PARTIAL) and complaints.speaks_of_adr(case):
        found.append(DocumentKind.ADR_STATEMENT)
    return [*found, DocumentKind.WITHDRAWAL_FORM, DocumentKind.WITHDRAWAL_INFORMATION]


def gap_sentence(letter: Letter) -> str:
    """What is missing, for whoever wants to issue the letter; "" when nothing is."""
    if not letter.gaps:
        return ""
    return _("The letter can't be issued yet; fill in: {fields}.").format(fields=", ".join(gap.label for gap in letter.gaps))
