"""Letters: what is missing is said before, what was issued stays as it was sent, and the case knows it."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from decimal import Decimal

import pytest

from qmdesk import i18n
from qmdesk.documents.compose import compose, fitting, gap_sentence
from qmdesk.documents.render import texts
from qmdesk.errors import Conflict, Known
from qmdesk.operations import letters
from qmdesk.records.case import (
    AdrStatement,
    Case,
    CaseKind,
    CaseState,
    Decision,
    Demand,
    Direction,
    LegalBasis,
    Outcome,
    RefundMethod,
)
from qmdesk.records.paper import DocumentKind
from qmdesk.records.party import BuyerType
from qmdesk.records.shop import THE_SHOP
from qmdesk.records.shop import Shop as ShopRecord
from tests.shop import NOON, Shop, day, shop

__all__ = ["shop"]

CONFIRMATION, ACCEPTED, REJECTED = list(DocumentKind)[:3]


@pytest.fixture
def ready(shop: Shop) -> Shop:
    """A shop whose letterhead is filled in."""
    shop.fills_in_letterhead()
    return shop


def complaint(shop: Shop, **values: object) -> Case:
    buyer = shop.add_customer(street="ul. Polna 1", postcode="00-001", city="Warszawa")
    return shop.complains(order=shop.add_order(customer=buyer, products=[shop.add_product()]), **values)


def test_a_letter_with_gaps_is_not_issued_and_uses_up_no_number(shop: Shop) -> None:
    case = complaint(shop)
    letter = letters.preview(shop.register, case.id, CONFIRMATION, "en")
    assert {gap.field for gap in letter.gaps} >= {"shop.street", "shop.city"}
    assert "Street" in gap_sentence(letter)
    with pytest.raises(Known, match="can't be issued yet"):
        shop.confirms(case)
    shop.fills_in_letterhead()
    assert shop.confirms(case).number == "D/2026/0001"


def test_a_letter_is_kept_with_its_proof(ready: Shop) -> None:
    case = complaint(ready)
    document = ready.confirms(case)
    pdf = ready.register.content(document.content)
    assert pdf.startswith(b"%PDF")
    assert hashlib.sha256(pdf).hexdigest() == document.content
    assert (document.kind, document.recipient, document.channel, document.sent_at) == (CONFIRMATION, "Łucja Żak", ready.channel(), NOON)
    (said,) = ready.conversation(case)
    assert (said.direction, document.number in said.text) == (Direction.OUTGOING, True)
    assert ready.case(case).state is CaseState.NEW
    assert ready.finds(document.number) == [case.id]


def test_a_sent_letter_cannot_be_taken_back(ready: Shop) -> None:
    case = complaint(ready)
    taken_in = ready.register.steps(1)[0][0].id
    ready.confirms(case)
    with pytest.raises(Known, match="can't be made unsent"):
        ready.register.undo()
    with pytest.raises(Conflict):
        ready.register.undo(taken_in)


def test_an_answer_waits_for_the_decision_and_ends_the_waiting(ready: Shop) -> None:
    case = complaint(ready)
    with pytest.raises(Known, match="Decide first"):
        ready.answers(case)
    ready.decides(case)
    ready.answers(case)
    assert ready.case(case).state is CaseState.ANSWERED
    with pytest.raises(Known, match="already sent"):
        ready.decides(case, Decision.REJECTED)


def test_the_letter_must_say_what_was_decided(ready: Shop) -> None:
    case = complaint(ready)
    ready.decides(case, Decision.REJECTED)
    with pytest.raises(Known, match="Answer: rejected"):
        ready.do(letters.ISSUE, letters.issue, case.id, ACCEPTED, "pl", None, NOON)
    assert ready.answers(case).kind is REJECTED


@pytest.mark.parametrize("kind", list(CaseKind))
@pytest.mark.parametrize("decision", [None, *Decision])
@pytest.mark.parametrize("lang", ["pl", "en"])
def test_every_letter_can_be_composed(ready: Shop, kind: CaseKind, decision: Decision | None, lang: str) -> None:
    """Every kind of case and decision has its sentences, with few facts and with many."""
    buyer = ready.add_customer()
    plain = Case(id=1, number="R/2026/0001", kind=kind, received_at=NOON, decision=decision)
    for case in (plain, *(_full(plain, buyer, n) for n in range(max(map(len, (LegalBasis, RefundMethod, Demand, BuyerType)))))):
        for document in {CONFIRMATION, fitting(case)}:
            letter = compose(ready.register, case, document, lang, number="D/2026/0001", on=day("2026-11-22"))
            facts = str(letter.content.facts)
            assert "{" not in str(letter.content.facts["subject"])
            assert case.number in facts
            if case is not plain and document is CONFIRMATION:
                assert letter.gaps == ()


def _full(plain: Case, buyer: int, n: int) -> Case:
    """A case with every fact, whose choices turn with ``n``."""

    def turn(words: type) -> object:
        listed = list(words)
        return listed[n % len(listed)]

    from dataclasses import replace

    return replace(
        plain, customer=buyer, description="The sole came off.", demand=turn(Demand), legal_basis=turn(LegalBasis), buyer_type=turn(BuyerType), refund=Decimal("12.5"),
        refund_method=turn(RefundMethod), claimed=Decimal(20), decision_reasons="One.\n\nTwo.", remedy="We repair.", adr=turn(AdrStatement), sold_on=day("2026-11-01"),
        delivered_on=day("2026-11-02"), noticed_on=day("2026-11-03"), goods_received_on=day("2026-11-04"), goods_condition="worn", currency="",
    )  # fmt: skip


def test_an_amount_without_a_currency_is_in_the_shops(ready: Shop) -> None:
    case = complaint(ready, claimed=Decimal("1234.50"))
    ready.edits(case, currency="")
    facts = str(letters.preview(ready.register, case.id, CONFIRMATION, "pl").content.facts)
    assert "1\u00a0234,50\u00a0zł" in facts or "1\\xa0234,50\\xa0zł" in facts


def test_split_items_say_their_own_outcome(ready: Shop) -> None:
    buyer = ready.add_customer()
    case = ready.complains(order=ready.add_order(customer=buyer, products=[ready.add_product()], quantity=3))
    ready.decides(case, Decision.PARTIAL)
    ready.splits(ready.items(case)[0], 1, Outcome.REJECTED)
    letter = letters.preview(ready.register, case.id, REJECTED, "en")
    said = {row[-1] for row in letter.content.facts["items"]["rows"]}  # type: ignore[index,call-overload]
    assert len(said) == 2


def test_letters_to_polish_consumers_are_polish(ready: Shop) -> None:
    ready.changes(ShopRecord, THE_SHOP, language=ready.get(ShopRecord, THE_SHOP).language.__class__.ENGLISH)
    i18n.use("en")
    here = ready.complains(customer=ready.add_customer("Ewa", country="Polska"))
    abroad = ready.complains(customer=ready.add_customer("Eva", country="Germany"))
    firm = ready.complains(customer=ready.add_customer("Firma", buyer_type=BuyerType.BUSINESS))
    assert [letters.language_for(ready.register, ready.case(case)) for case in (here, abroad, firm)] == ["pl", "en", "en"]


def test_the_delivery_of_a_letter_is_noted(ready: Shop) -> None:
    document = ready.confirms(complaint(ready))
    with pytest.raises(Known, match="before it was sent"):
        ready.do(letters.DELIVERED, letters.delivered, document.id, NOON - timedelta(minutes=1))
    assert ready.do(letters.DELIVERED, letters.delivered, document.id, NOON + timedelta(days=2)).delivered_at == NOON + timedelta(days=2)


@pytest.mark.parametrize("lang", ["pl", "en"])
def test_an_answer_says_how_the_money_goes_back(ready: Shop, lang: str) -> None:
    buyer = ready.add_customer()
    plain = Case(id=1, number="R/2026/0001", received_at=NOON, decision=Decision.ACCEPTED)
    told = set()
    for n, _method in enumerate(RefundMethod):
        facts = compose(ready.register, _full(plain, buyer, n), ACCEPTED, lang, number="D/2026/0001", on=day("2026-11-22")).content.facts
        opening = texts(lang)["answer_accepted.refund_method"].partition("{")[0]
        told |= {said for section in facts["sections"] for said in section["paragraphs"] if str(said).startswith(opening)}
    assert len(told) == len(RefundMethod)
