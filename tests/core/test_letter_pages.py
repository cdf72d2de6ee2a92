"""The thirteen documents as a customer gets them: what each says, in both languages, and how its pages look.

The golden pages and texts lie in tests/golden/documents; after a wanted change run this file with QMDESK_GOLDEN=write
and look at every picture.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

from qmdesk.documents.compose import BILINGUAL, compose
from qmdesk.documents.letterhead import recipient
from qmdesk.documents.render import to_pages, to_pdf
from qmdesk.documents.writer import Writer
from qmdesk.operations import letters
from qmdesk.records.case import Case, Decision, Demand, ReductionMethod, RefundMethod
from qmdesk.records.paper import DocumentKind
from qmdesk.records.party import BuyerType, Customer
from qmdesk.schema.record import replace
from tests.core.golden import looks_as_before, says_as_before, words
from tests.core.letter_cases import WRITTEN, Cases, furnish
from tests.core.test_render import inflated
from tests.shop import open_shop

EVERY = [(kind, lang) for kind in DocumentKind for lang in ("pl", "en")]
NAMES = [f"{kind.value}-{lang}" for kind, lang in EVERY]


@pytest.fixture(scope="module")
def cases(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cases]:
    """One furnished shop for all of these tests: they only read it."""
    with open_shop(tmp_path_factory.mktemp("letters") / "shop.qmd", "pl") as shop:
        yield furnish(shop)


@pytest.mark.parametrize(("kind", "lang"), EVERY, ids=NAMES)
def test_a_document_says_what_it_did(cases: Cases, kind: DocumentKind, lang: str) -> None:
    letter = cases.letter(kind, lang)
    assert letter.gaps == ()
    says_as_before(f"documents/{kind.value}_{lang}", words(letter.content.facts))


@pytest.mark.parametrize(("kind", "lang"), EVERY, ids=NAMES)
def test_a_document_looks_as_it_did(cases: Cases, kind: DocumentKind, lang: str) -> None:
    looks_as_before(f"documents/{kind.value}_{lang}", to_pages(cases.letter(kind, lang).content, dots_per_inch=50))


@pytest.mark.parametrize("kind", list(DocumentKind))
def test_every_document_is_an_archive_pdf_in_one_language_and_in_two(cases: Cases, kind: DocumentKind) -> None:
    polish, both = cases.letter(kind, "pl"), cases.letter(kind, BILINGUAL)
    for letter in (polish, both):
        assert b"pdfaid:part" in inflated(to_pdf(letter.content))
    one, two = len(to_pages(polish.content, dots_per_inch=20)), len(to_pages(both.content, dots_per_inch=20))
    assert two > one
    assert both.content.also is not None
    assert words(both.content.facts) == words(polish.content.facts)
    assert words(both.content.also.facts) == words(cases.letter(kind, "en").content.facts)


# what law.md 5 demands, sentence by sentence
MUST_SAY: list[tuple[DocumentKind, str]] = [
    (DocumentKind.RECEIPT_CONFIRMATION, "najpóźniej 04.12.2026 r."),  # answer by, out of the running deadline
    (DocumentKind.RECEIPT_CONFIRMATION, "art. 7a ustawy o prawach konsumenta"),
    (DocumentKind.RECEIPT_CONFIRMATION, "m.dabrowska@poczta.example, 600 100 200"),
    (DocumentKind.ANSWER_ACCEPTED, "179,94 zł niezwłocznie, najpóźniej 04.12.2026 r."),
    (DocumentKind.ANSWER_ACCEPTED, "599,80 zł × 70 %"),  # the arithmetic
    (DocumentKind.ANSWER_REJECTED, "wyrażamy zgodę na udział w postępowaniu"),
    (DocumentKind.ANSWER_REJECTED, "rzecznika konsumentów"),
    (DocumentKind.ANSWER_REJECTED, "Towar czeka na odbiór"),
    (DocumentKind.ANSWER_REJECTED, "powstała dopiero po dostarczeniu"),  # a finding of the checklist
    (DocumentKind.ADR_STATEMENT, "www.wiih.example"),
    (DocumentKind.WITHDRAWAL_CONFIRMATION, ":42"),  # to the second
    (DocumentKind.WITHDRAWAL_CONFIRMATION, "Odstępuję od umowy w części"),
    (DocumentKind.PROTOCOL, "DOKUMENT NIEFISKALNY"),
    (DocumentKind.PROTOCOL, "EAZ 2501234567"),
    (DocumentKind.PROTOCOL, "zwrot części zapłaty"),
    (DocumentKind.REFUND_NOTE, "art. 34 ust. 4 ustawy o prawach konsumenta"),
    (DocumentKind.REFUND_NOTE, "329,89 zł"),
    (DocumentKind.WITHDRAWAL_FORM, "(formularz ten należy wypełnić i odesłać tylko w przypadku chęci odstąpienia od umowy)"),
    (DocumentKind.WITHDRAWAL_FORM, "(*) Niepotrzebne skreślić."),
    (DocumentKind.WITHDRAWAL_INFORMATION, "termin wynosi 30 dni"),
    (DocumentKind.REQUEST, "nie wydłuża terminu"),
    (DocumentKind.REQUEST, "kodem partii"),  # in the shop's own words
    (DocumentKind.REMEDY_ORDER, "24.11.2026"),
    (DocumentKind.SOLE_TRADER_STATEMENT, "Wpis w CEIDG sprawdzono 24.11.2026 r."),
    (DocumentKind.SUPPLIER_CLAIM, "04.12.2026"),
    (DocumentKind.SUPPLIER_CLAIM, "art. 563 Kodeksu cywilnego"),
]


@pytest.mark.parametrize(("kind", "sentence"), MUST_SAY)
def test_a_document_contains_what_it_must(cases: Cases, kind: DocumentKind, sentence: str) -> None:
    told = words(cases.letter(kind, "pl").content.facts).replace("\u00a0", " ")
    assert sentence in told


def test_the_supplier_does_not_learn_who_the_customer_is(cases: Cases) -> None:
    told = words(cases.letter(DocumentKind.SUPPLIER_CLAIM, "pl").content.facts)
    assert "Dąbrowska" not in told
    assert "Hurtownia" in told
    assert "Atlas" not in told, "goods of another supplier are none of theirs"


def test_the_protocol_has_places_for_two_signatures(cases: Cases) -> None:
    facts: Any = cases.letter(DocumentKind.PROTOCOL, "pl").content.facts
    assert facts["signature"]["place_for_customer"] is True
    (rate23, rate5, total) = (*facts["further"]["rows"], *facts["further"]["foot"])
    assert [row[-1].replace("\u00a0", " ") for row in (rate23, rate5, total)] == ["282,76 zł", "47,13 zł", "329,89 zł"]


def test_a_business_gets_no_statement_on_consumer_settlement(cases: Cases) -> None:
    told = words(cases.letter(DocumentKind.ANSWER_REJECTED, "pl", buyer_type=BuyerType.BUSINESS, adr=None).content.facts)
    assert "sporów konsumenckich" not in told
    assert cases.letter(DocumentKind.ANSWER_REJECTED, "pl", adr=None).gaps[0].field == "case.adr"


def test_the_other_remedy_is_explained(cases: Cases) -> None:
    told = words(cases.letter(DocumentKind.ANSWER_ACCEPTED, "pl", demand=Demand.REPAIR, decision=Decision.OTHER_REMEDY, decision_reasons="Tego modelu już się nie szyje.").content.facts)
    assert "niemożliwy albo wymagałby nadmiernych kosztów" in told
    assert "Tego modelu już się nie szyje." in told


def test_another_sum_than_the_reckoned_one_needs_its_reason(cases: Cases) -> None:
    case = cases.shop.get(Case, cases.cases["return"])
    letter = cases.letter(DocumentKind.REFUND_NOTE, "pl", refund=case.refund or Decimal(300))
    assert [gap.field for gap in letter.gaps] == ["case.refund_reason"]


def test_gaps_lead_to_the_parts_of_a_case(cases: Cases) -> None:
    """A protocol without rates names the very items; a claim without a day names its field."""
    shop = cases.shop
    bare = Case(id=cases.cases["trader"], number="R/2026/0005", received_at=shop.get(Case, cases.cases["trader"]).received_at)
    wanted = {
        DocumentKind.PROTOCOL: {"case.customer", "case.refund", "case.sold_on", "case.sale_document_number", "case.refund_method"},
        DocumentKind.WITHDRAWAL_CONFIRMATION: {"case.customer", "return_details.statement"},
        DocumentKind.SUPPLIER_CLAIM: {"supplier_claim.supplier", "supplier_claim.reply_by", "supplier_claim.demand", "supplier_claim.basis"},
    }
    for kind, fields in wanted.items():
        letter = compose(shop.register, bare, kind, "pl", on=WRITTEN)
        assert {gap.field for gap in letter.gaps} == fields


def test_the_points_of_a_list_end_with_a_full_stop_whichever_come_last(cases: Cases) -> None:
    facts: Any = cases.letter(DocumentKind.ANSWER_REJECTED, "pl", goods_received_on=None).content.facts
    evidence = next(part["paragraphs"][0] for part in facts["sections"] if part["title"] == "Materiały, na których oparliśmy ocenę")
    assert [point[-1] for point in evidence] == [";"] * (len(evidence) - 1) + ["."]
    assert len(evidence) > 1


def test_a_sum_that_was_agreed_is_no_sentence_of_its_own(cases: Cases) -> None:
    agreed = {"value_loss": None, "reduction_method": ReductionMethod.AGREED, "refund": Decimal(50)}
    facts: Any = cases.letter(DocumentKind.ANSWER_ACCEPTED, "pl", **agreed).content.facts
    assert "Obniżenie ceny" not in facts["sections"][0]["paragraphs"]


def test_money_after_a_defect_rests_on_the_act(cases: Cases) -> None:
    price = {"demand": Demand.REFUND, "remedy_kind": None, "second_tier_on": None, "value_loss": None, "reduction_method": None, "refund": Decimal("599.80"), "refund_method": RefundMethod.SAME}
    case = replace(cases.shop.get(Case, cases.cases["repaired"]), **price)
    facts: Any = compose(cases.shop.register, case, DocumentKind.REFUND_NOTE, "pl", on=WRITTEN, money=letters.reckoned(cases.shop.register, case)).content.facts
    assert "art. 43e ust. 6 ustawy o prawach konsumenta" in words(facts)


def test_a_firm_is_addressed_before_who_speaks_for_it(cases: Cases) -> None:
    def lines(**values: Any) -> list[object]:
        told: Any = recipient(Writer(cases.shop.register, "pl", "PLN"), Customer(name="Ewa Lis", company="Pensjonat Pod Bukiem sp. z o.o.", city="Gdańsk", **values))
        return [told["name"], *told["address_lines"]]

    assert lines(buyer_type=BuyerType.BUSINESS, country="Polska") == ["Pensjonat Pod Bukiem sp. z o.o.", "Ewa Lis", "Gdańsk"]
    assert lines(buyer_type=BuyerType.SOLE_TRADER, country="Niemcy") == ["Ewa Lis", "Pensjonat Pod Bukiem sp. z o.o.", "Gdańsk", "Niemcy"]


def test_the_sole_trader_signs_what_he_states_and_not_what_the_shop_notes(cases: Cases) -> None:
    facts: Any = cases.letter(DocumentKind.SOLE_TRADER_STATEMENT, "pl").content.facts
    assert facts["blanks"][-1] == {"label": "Data"}
    assert [part["title"] for part in facts["after"]] == ["Wypełnia sklep"]
    assert [part["title"] for part in facts["sections"]] == [""]
