"""Letters: what is missing is said before, what was issued stays as it was sent, and the case knows it."""

from __future__ import annotations

import hashlib
import re
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from qmdesk import documents, i18n, places
from qmdesk.documents.compose import compose, compose_blank, fitting, gap_sentence
from qmdesk.documents.render import texts
from qmdesk.errors import Conflict, Known, Problems
from qmdesk.operations import deadlines, letter_texts, letters, steps
from qmdesk.operations.keeping import add as keep
from qmdesk.records.assessment import SupplierClaim
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
from qmdesk.records.deadline import DeadlineState
from qmdesk.records.paper import DocumentKind, TextBlock
from qmdesk.records.party import BuyerType, Supplier
from qmdesk.records.shop import THE_SHOP
from qmdesk.records.shop import Shop as ShopRecord
from qmdesk.records.steps import Step
from qmdesk.schema.query import Query
from qmdesk.schema.record import replace
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
# ----------------------------------------------------------------------------- letters for every moment


@pytest.mark.parametrize(
    ("demand", "values", "said"),
    [
        (Demand.REPAIR, {}, "art. 43d(2)"),
        (Demand.REFUND, {}, "art. 43e(1)"),
        (Demand.REDUCTION, {"buyer_type": BuyerType.SOLE_TRADER}, "art. 43e(1)"),
        (Demand.REPAIR, {"buyer_type": BuyerType.BUSINESS}, "we chose the one set out above"),
        (Demand.REPAIR, {"kind": CaseKind.GUARANTEE}, "we chose the one set out above"),
    ],
)
def test_another_remedy_is_explained_by_the_law_that_applies(ready: Shop, demand: Demand, values: dict[str, object], said: str) -> None:
    case = complaint(ready, demand=demand, **values)
    ready.decides(case, Decision.OTHER_REMEDY, remedy_kind=Demand.REPLACEMENT)
    facts = str(letters.preview(ready.register, case.id, ACCEPTED, "en").content.facts)
    assert said in facts
    assert sum(words in facts for words in ("art. 43d(2)", "art. 43e(1)", "we chose the one set out above")) == 1


def test_an_answer_that_promises_a_repair_tells_of_the_longer_liability_once_it_is_law(ready: Shop) -> None:
    def told(**values: object) -> str:
        order = ready.add_order(f"{2000 + ready.register.count(Query(Case))}", None, [], delivered_on=day("2026-11-05"))
        case = ready.complains(**{"order": order, "demand": Demand.REPAIR, **values})
        ready.decides(case, remedy_kind=Demand.REPAIR)
        return str(letters.preview(ready.register, case.id, DocumentKind.ANSWER_ACCEPTED, "en").content.facts)

    assert "is extended" not in told()
    ready.do(deadlines.SWITCH, deadlines.switch, "PL-REPAIR-EXT", True, day("2026-11-01"), "Dz.U.")
    assert "is extended once by 12 months, until 5 Nov 2029" in told()
    assert "is extended" not in told(contract_on=day("2026-10-31")), "the contract is older"
    assert "is extended" not in told(kind=CaseKind.GUARANTEE)


def test_what_is_offered_fits_the_moment(ready: Shop) -> None:
    case = complaint(ready)
    assert letters.offered(ready.register, case)[0] is CONFIRMATION
    rejected = ready.decides(case, Decision.REJECTED)
    kinds = letters.offered(ready.register, rejected)
    assert kinds[0] is REJECTED
    assert {DocumentKind.ADR_STATEMENT, DocumentKind.REQUEST} <= set(kinds)
    assert not {DocumentKind.SUPPLIER_CLAIM, DocumentKind.PROTOCOL, DocumentKind.REMEDY_ORDER} & set(kinds)
    back = ready.complains(kind=CaseKind.RETURN, customer=case.customer, demand=None)
    assert letters.offered(ready.register, back)[0] is DocumentKind.WITHDRAWAL_CONFIRMATION
    voluntary = ready.edits(back, legal_basis=LegalBasis.VOLUNTARY)
    assert DocumentKind.WITHDRAWAL_CONFIRMATION not in letters.offered(ready.register, voluntary)


def test_a_step_done_by_a_letter_issues_it(ready: Shop) -> None:
    case = complaint(ready)
    ready.decides(case)
    before = [one.satisfied_at for one in deadlines.of_case(ready.register, case) if one.rule == "PL-CMP-ANSWER"]
    assert before == [None]
    done = ready.steps(case, Step.ANSWER, sent_at=NOON, delivered_at=NOON + timedelta(hours=3))
    assert done.state is CaseState.ANSWERED
    (document,) = ready.documents(case)
    assert (document.kind, document.channel, document.delivered_at) == (ACCEPTED, ready.channel(), NOON + timedelta(hours=3))
    (answer,) = [one for one in deadlines.of_case(ready.register, case) if one.rule == "PL-CMP-ANSWER"]
    assert (answer.state, answer.satisfied_at) == (DeadlineState.MET, document.delivered_at)


def test_a_withdrawal_is_confirmed_by_its_letter(ready: Shop) -> None:
    buyer = ready.add_customer()
    case = ready.complains("Odstępuję od umowy.", kind=CaseKind.RETURN, customer=buyer, demand=None)
    assert ready.steps(case, Step.ACKNOWLEDGE, sent_at=NOON).state is CaseState.ACKNOWLEDGED
    assert [one.kind for one in ready.documents(case)] == [DocumentKind.WITHDRAWAL_CONFIRMATION]


def test_a_step_by_letter_says_what_it_wants(ready: Shop) -> None:
    case = complaint(ready, channel=ready.channel("Phone"))
    ready.decides(case)
    wrong = [
        ({}, "channel", "Say how the letter is sent"),
        ({"channel": ready.channel(), "lang": "de"}, "lang", "no language"),
        ({"channel": ready.channel(), "letter": CONFIRMATION}, "letter", "not done by this letter"),
        ({"channel": ready.channel(), "remedy": "x"}, "remedy", "has no field"),
        ({"channel": ready.channel(), "sent_at": NOON - timedelta(days=3)}, "sent_at", "before the case was received"),
        ({"channel": ready.channel(), "sent_at": NOON + timedelta(days=999)}, "sent_at", "future"),
        ({"channel": ready.channel(), "sent_at": NOON, "delivered_at": NOON - timedelta(hours=1)}, "delivered_at", "before it was sent"),
    ]
    for values, field, sentence in wrong:
        with pytest.raises(Problems, match=sentence) as refused:
            ready.register.do("Step", steps.take_step, case.id, Step.ANSWER, values)
        assert refused.value.problems[0].field == field
    with pytest.raises(Known, match="durable medium"):
        ready.register.do("Step", steps.take_step, case.id, Step.ANSWER, {"channel": ready.channel("Phone")})
    assert ready.documents(case) == []
    assert ready.case(case).state is CaseState.DECIDED


def test_an_answer_sent_elsewhere_is_proved_by_its_file_and_stops_the_clock(ready: Shop) -> None:
    case = complaint(ready)
    ready.decides(case)
    mail = b"Subject: Reklamacja\r\n\r\nUznajemy."
    document = ready.do(letters.SENT_ELSEWHERE, letters.sent_elsewhere, case.id, ACCEPTED, mail, "odpowiedź.eml", ready.channel("Allegro"), NOON, None)
    assert document.content == hashlib.sha256(mail).hexdigest()
    assert ready.register.content(document.content) == mail
    assert ready.case(case).state is CaseState.ANSWERED
    (answer,) = [one for one in deadlines.of_case(ready.register, case) if one.rule == "PL-CMP-ANSWER"]
    assert answer.state is DeadlineState.MET
    assert letters.file_name(ready.register, document) == "D-2026-0001.eml"
    assert [file.name for file in ready.files(case)] == ["odpowiedź.eml"]
    with pytest.raises(Known, match="sent elsewhere"):
        letters.as_issued(ready.register, document)


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("answer.docx", b"PK", "give a PDF"), ("answer.pdf", b"", "empty"), ("answer.pdf", b"MZ", "not what its name says"), ("answer.png", b"%PDF", "not what its name says"),
        ("answer.txt", b"a\x00b", "not what its name says"), ("answer", b"x", "give a PDF"), ("answer.pdf", b"%PDF" + bytes(20_000_001), "larger than"),
    ],
)  # fmt: skip
def test_what_proves_nothing_is_refused(ready: Shop, name: str, content: bytes, sentence: str) -> None:
    case = complaint(ready)
    ready.decides(case)
    with pytest.raises(Known, match=sentence):
        ready.register.do("Sent", letters.sent_elsewhere, case.id, ACCEPTED, content, name, ready.channel(), NOON)
    assert ready.case(case).state is CaseState.DECIDED


def test_a_call_proves_no_answer(ready: Shop) -> None:
    case = complaint(ready)
    with pytest.raises(Known, match="Decide first"):
        ready.register.do("Sent", letters.sent_elsewhere, case.id, ACCEPTED, b"x", "x.txt", ready.channel(), NOON)
    ready.decides(case)
    with pytest.raises(Known, match="durable medium"):
        ready.register.do("Sent", letters.sent_elsewhere, case.id, ACCEPTED, b"x", "x.txt", ready.channel("Phone"), NOON)


def test_an_answer_by_post_must_leave_earlier(ready: Shop) -> None:
    case = complaint(ready)
    ready.decides(case)
    case = ready.case(case)
    assert letters.leave_by(ready.register, case, ACCEPTED, ready.channel()) is None
    assert letters.leave_by(ready.register, case, ACCEPTED, ready.channel("Post")) == (5, day("2026-11-29"))
    assert letters.leave_by(ready.register, case, CONFIRMATION, ready.channel("Post")) is None


def test_the_complaint_to_the_supplier_is_tied_to_its_claim(ready: Shop) -> None:
    case = complaint(ready)
    with pytest.raises(Known, match="Note the claim"):
        ready.register.do(letters.ISSUE, letters.issue, case.id, DocumentKind.SUPPLIER_CLAIM, "pl", ready.channel(), NOON)
    supplier = ready.add(Supplier(name="Hurtownia", email="h@example.com"))
    claim = ready.do("Claim", keep, SupplierClaim(case=case.id, supplier=supplier, demand=Demand.REPLACEMENT, reply_by=day("2026-12-04")))
    assert DocumentKind.SUPPLIER_CLAIM in letters.offered(ready.register, case)
    document = ready.do(letters.ISSUE, letters.issue, case.id, DocumentKind.SUPPLIER_CLAIM, "pl", ready.channel(), NOON)
    kept = ready.get(SupplierClaim, claim)
    assert (kept.document, kept.sent_on, kept.number, document.recipient) == (document.id, NOON.date(), "S/2026/0001", "Hurtownia")
    assert any(one.rule.startswith(deadlines.SUPPLIER) for one in deadlines.of_case(ready.register, case))


def test_a_form_is_made_without_any_case(ready: Shop) -> None:
    for kind in (DocumentKind.WITHDRAWAL_FORM, DocumentKind.WITHDRAWAL_INFORMATION):
        letter = compose_blank(ready.register, kind, "pl", on=day("2026-11-22"))
        assert letter.gaps == ()
        assert "Karmnik" in str(letter.content.facts)
        assert letters.doubt(kind), "what was not compared with the act is said"
    with pytest.raises(Known, match="is about a case"):
        letters.blank(ready.register, CONFIRMATION, "pl")


def test_a_bilingual_letter_is_kept_and_printed_again(ready: Shop) -> None:
    case = complaint(ready)
    document = ready.do(letters.ISSUE, letters.issue, case.id, CONFIRMATION, letters.BILINGUAL, ready.channel(), NOON)
    again = letters.as_issued(ready.register, document)
    assert (again.lang, again.also and again.also.lang) == ("pl", "en")


def test_own_words_stand_in_the_letter(ready: Shop) -> None:
    case = complaint(ready)
    document = ready.do(letters.ISSUE, letters.issue, case.id, CONFIRMATION, "pl", ready.channel(), NOON, words="Pozdrawiamy z Łodzi.")
    assert "Pozdrawiamy z Łodzi." in str(letters.as_issued(ready.register, document).facts)


# ----------------------------------------------------------------------------------- texts of the shop's own


def test_a_changed_text_stands_in_new_letters_and_old_ones_stay(ready: Shop) -> None:
    case = complaint(ready)
    before = ready.confirms(case)
    ready.do(letter_texts.CHANGE, letter_texts.change, "receipt_confirmation.closing", "pl", "Do zobaczenia w sklepie!")
    assert "Do zobaczenia w sklepie!" in str(letters.preview(ready.register, case.id, CONFIRMATION, "pl").content.facts)
    assert "Do zobaczenia w sklepie!" not in str(letters.preview(ready.register, case.id, CONFIRMATION, "en").content.facts)
    assert "Do zobaczenia" not in str(letters.as_issued(ready.register, before).facts)
    ready.do(letter_texts.RESTORE, letter_texts.restore, "receipt_confirmation.closing", "pl")
    assert "Do zobaczenia" not in str(letters.preview(ready.register, case.id, CONFIRMATION, "pl").content.facts)
    assert ready.register.count(Query(TextBlock)) == 0


def test_the_programs_own_text_restores_it(ready: Shop) -> None:
    key = "receipt_confirmation.closing"
    ready.do(letter_texts.CHANGE, letter_texts.change, key, "pl", "Dziękujemy.")
    ready.do(letter_texts.CHANGE, letter_texts.change, key, "pl", letter_texts.own(key, "pl"))
    assert ready.register.count(Query(TextBlock)) == 0


@pytest.mark.parametrize(
    ("text", "sentence"),
    [("Kwota {kwota}.", r"asks for \{kwota\}.*\{case_number\}"), ("Nr {case_number", "brace"), ("Nr { case_number }", "brace"), ("  ", "empty")],
)
def test_a_text_that_could_not_be_filled_in_is_refused(ready: Shop, text: str, sentence: str) -> None:
    with pytest.raises(Problems, match=sentence):
        ready.register.do(letter_texts.CHANGE, letter_texts.change, "receipt_confirmation.subject", "pl", text)


def test_every_text_can_be_changed_to_itself_with_more_words(ready: Shop) -> None:
    """Every text is offered once, and each may keep what it asks for."""
    keys = [key for group in letter_texts.groups() for key in group.keys]
    assert len(keys) == len(set(keys))
    for key in keys:
        for lang in ("pl", "en"):
            assert not list(letter_texts._wrong(key, letter_texts.own(key, lang) + " +"))


def test_no_text_is_there_for_nothing() -> None:
    """Every text is asked for somewhere: what can be changed in Settings changes something."""
    folder = Path(documents.__file__).parent
    source = "\n".join(path.read_text("utf-8") for path in folder.glob("*.py"))
    layout = (places.resources() / "documents" / "letter.typ").read_text("utf-8")
    literals = re.findall(r'f?"([\w{}\'\[\]().: ]+)"', source)
    asked = [re.compile(".*".join(map(re.escape, re.split(r"\{.*?\}", one)))) for one in literals if "." in one]
    for key in (key for group in letter_texts.groups() for key in group.keys):
        table, _dot, name = key.partition(".")
        if table == "layout":
            used = f'label("{name}")' in layout or f'labelled("{name}")' in layout or f'"{name}"' in layout or key in source or name in ("draft", "page")
        elif table == "label":
            used = f'"{name}"' in source or f'"label.{name}"' in source
        else:
            used = any(one.fullmatch(key) for one in asked)
        assert used, key
