"""Who the buyer is in law: three answers, their reasons kept with the case, and the deadlines that follow."""

from __future__ import annotations

from typing import Any

import pytest

from qmdesk.operations import buyers
from qmdesk.operations.registers import the_shop
from qmdesk.records.case import Case, CaseKind, ContractType, LegalBasis
from qmdesk.records.deadline import DeadlineState
from qmdesk.records.party import BuyerType
from qmdesk.records.shop import THE_SHOP, Language
from qmdesk.records.shop import Shop as ShopRecord
from tests.clock import Clock, clock
from tests.shop import Shop, day, shop

__all__ = ["clock", "shop"]


def judged(shop: Shop, case: Case, ceidg: Any = None, **answers: str) -> Case:
    return shop.do(buyers.JUDGE, buyers.judge, case.id, answers, ceidg)


def test_the_answers_become_the_buyer_the_basis_and_their_reasons(shop: Shop, clock: Clock) -> None:
    shop.changes(ShopRecord, THE_SHOP, language=Language.POLISH)
    case = judged(shop, shop.complains(received_at=clock()), who="private", wants="defect")
    assert (case.buyer_type, case.legal_basis) == (BuyerType.CONSUMER, LegalBasis.NON_CONFORMITY)
    assert "konsument (art. 22¹ KC)" in case.buyer_reasons
    assert "wadę" not in case.buyer_reasons
    assert "niezgodności z umową" in case.basis_reasons, "in the language of the shop's letters"


def test_a_sole_trader_has_consumer_rights_for_what_is_not_the_trade(shop: Shop, clock: Clock) -> None:
    case = shop.complains(received_at=clock())
    judged(shop, case, day("2026-12-09"), who="sole_trader", professional="no", wants="defect")
    found = shop.case(case)
    assert (found.buyer_type, found.ceidg_checked_on) == (BuyerType.SOLE_TRADER, day("2026-12-09"))
    assert "7aa" in found.buyer_reasons
    assert shop.deadline(case, "PL-CMP-ANSWER").soft
    judged(shop, case, day("2026-12-09"), who="sole_trader", professional="yes", wants="defect")
    found = shop.case(case)
    assert (found.buyer_type, found.legal_basis) == (BuyerType.BUSINESS, LegalBasis.WARRANTY)
    assert shop.deadline(case, "PL-CMP-ANSWER").state is DeadlineState.DROPPED
    judged(shop, case, day("2026-12-09"), who="private", wants="guarantee")
    found = shop.case(case)
    assert (found.buyer_type, found.legal_basis, found.ceidg_checked_on) == (BuyerType.CONSUMER, LegalBasis.GUARANTEE, None)
    assert shop.deadline(case, "PL-CMP-ANSWER").soft, "what silence means for a guarantee was not checked"


@pytest.mark.parametrize(
    ("kind", "contract", "who", "basis"),
    [
        (CaseKind.RETURN, ContractType.DISTANCE, "private", LegalBasis.WITHDRAWAL),
        (CaseKind.RETURN, ContractType.SHOP, "private", LegalBasis.VOLUNTARY),
        (CaseKind.RETURN, ContractType.DISTANCE, "firm", LegalBasis.VOLUNTARY),
        (CaseKind.COMPLAINT, ContractType.SHOP, "firm", LegalBasis.WARRANTY),
        (CaseKind.GUARANTEE, ContractType.DISTANCE, "private", LegalBasis.GUARANTEE),
    ],
)
def test_what_a_case_rests_on_follows_from_its_kind_and_contract(kind: CaseKind, contract: ContractType, who: str, basis: LegalBasis) -> None:
    case = Case(received_at=Clock("2026-12-10")(), kind=kind, contract_type=contract)
    answers = {"who": who, buyers.WANTS: buyers.comes_with(kind)}
    assert buyers.judged(answers, case).basis == basis.value
    assert buyers.kind_of(buyers.comes_with(kind)) is kind


def test_a_contract_of_2022_stays_under_the_old_law(shop: Shop, clock: Clock) -> None:
    case = shop.complains(received_at=clock(), contract_on=day("2022-12-31"))
    assert judged(shop, case, who="private", wants="defect").legal_basis is LegalBasis.WARRANTY


def test_what_was_said_of_the_purchase_counts_more_than_what_the_customer_usually_is(shop: Shop, clock: Clock) -> None:
    firm = shop.add_customer("Nitka sp. z o.o.", buyer_type=BuyerType.BUSINESS)
    assert shop.complains(received_at=clock(), customer=firm).buyer_type is BuyerType.BUSINESS
    answers = {"who": "private", "wants": "defect"}
    said = buyers.values(answers, Case(received_at=clock(), description="x"), the_shop(shop.register))
    assert shop.complains(received_at=clock(), customer=firm, **said).buyer_type is BuyerType.CONSUMER


def test_the_questions_know_what_was_answered_before(shop: Shop, clock: Clock) -> None:
    case = shop.complains(received_at=clock())
    assert buyers.known(case) == {"wants": "defect"}, "nobody asked yet"
    assert buyers.known(judged(shop, case, who="firm", wants="other")) == {"who": "firm", "wants": "other"}
    assert buyers.known(judged(shop, case, who="private", wants="guarantee")) == {"who": "private", "wants": "guarantee"}
