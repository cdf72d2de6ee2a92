"""Suppliers without a window: the week's claims in one list, its reply and credit; ratings by weight, and what is measured."""

from __future__ import annotations

import zipfile
from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qmdesk.errors import Known, Problems
from qmdesk.operations import claim_list_papers, claim_lists, ratings
from qmdesk.operations.claim_lists import ListState
from qmdesk.records.assessment import ClaimOutcome, SupplierClaim
from qmdesk.records.case import Case, CaseItem, Demand
from qmdesk.records.party import PartnerKind, Supplier
from qmdesk.records.product import Batch
from qmdesk.records.rating import CRITERIA, ClaimList, SupplierRating
from qmdesk.records.shop import THE_SHOP
from qmdesk.records.shop import Shop as ShopRecord
from qmdesk.register import clock as now
from tests.clock import Clock, clock
from tests.core.golden import is_paper_as_before, words
from tests.shop import Shop, day, open_shop, shop
from tests.shop_audits import photo

__all__ = ["clock", "shop"]



def supplied(shop: Shop, name: str = "Hurt-But", sku: str = "BUT-42") -> tuple[int, int]:
    """A supplier with a product."""
    supplier = shop.add(Supplier(name=name, street="Składowa 1", postcode="60-001", city="Poznań"))
    return supplier, shop.add_product(sku, supplier=supplier)


def complained(shop: Shop, product: int, quantity: int = 1, **values: object) -> Case:
    case = shop.complains(**values)  # type: ignore[arg-type]
    shop.add(CaseItem(case=case.id, product=product, name="Buty trekkingowe 42", sku="BUT-42", quantity=quantity, defect="Sole"))
    return shop.case(case)


def claimed(shop: Shop, supplier: int, product: int, amount: str = "100", **values: object) -> SupplierClaim:
    return shop.claims_from(supplier, complained(shop, product), amount=Decimal(amount), demand=Demand.REFUND, basis="The sole came off.", **values)


# -- the list of the week


def test_claims_wait_and_are_gathered_into_one_list_for_each_supplier(shop: Shop, clock: Clock) -> None:
    (first, boots), (second, mugs) = supplied(shop), supplied(shop, "Ceramika", "KUB-1")
    one, two, other = claimed(shop, first, boots), claimed(shop, first, boots), claimed(shop, second, mugs)
    sent = claimed(shop, first, boots, sent_on=day("2026-12-01"))
    answered = claimed(shop, first, boots, outcome=ClaimOutcome.REJECTED)
    assert {key: [claim.id for claim in found] for key, found in claim_lists.waiting(shop.register).items()} == {first: [one.id, two.id], second: [other.id]}
    listed = shop.gathers(first)
    assert (listed.number, listed.made_on, listed.reply_by) == ("L/2026/0001", day("2026-12-10"), day("2026-12-24"))
    assert [claim.id for claim in shop.claims_on(listed)] == [one.id, two.id]
    later = claimed(shop, first, boots)
    assert shop.gathers(first).id == listed.id, "what is claimed later in the week joins the unsent list"
    assert [claim.id for claim in shop.claims_on(listed)] == [one.id, two.id, later.id]
    with pytest.raises(Known, match="No claim to “Hurt-But” waits for a list"):
        shop.gathers(first)
    shop.do(claim_lists.TAKE_OUT, claim_lists.take_out, two.id)
    assert [claim.id for claim in claim_lists.waiting(shop.register)[first]] == [two.id]
    shop.do(claim_lists.DISSOLVE, claim_lists.dissolve, listed.id)
    assert len(claim_lists.waiting(shop.register)[first]) == 3
    assert shop.gathers(first).number == "L/2026/0002", "a number is never given twice"
    assert {sent.claim_list, answered.claim_list} == {None}


def test_a_sent_list_starts_the_clock_of_every_claim_and_stays_as_it_was(shop: Shop, clock: Clock) -> None:
    supplier, boots = supplied(shop)
    one, two = claimed(shop, supplier, boots), claimed(shop, supplier, boots, "250.50")
    listed = shop.gathers(supplier)
    with pytest.raises(Problems, match="can't be expected before the list is sent"):
        shop.sends_list(listed, day("2026-12-10"), day("2026-12-09"))
    sent = shop.sends_list(listed, day("2026-12-10"), day("2026-12-24"))
    assert shop.register.content(sent.letter).startswith(b"%PDF")
    for claim in shop.claims_on(sent):
        assert (claim.sent_on, claim.reply_by) == (day("2026-12-10"), day("2026-12-24"))
        assert shop.deadline(shop.get(Case, claim.case), f"SUPPLIER-CLAIM-{claim.id}").legal == day("2026-12-24")
    with pytest.raises(Known, match="was sent; what stands on it stays there"):
        shop.do(claim_lists.TAKE_OUT, claim_lists.take_out, one.id)
    with pytest.raises(Known, match="was sent"):
        shop.do(claim_lists.DISSOLVE, claim_lists.dissolve, listed.id)
    with pytest.raises(Known, match="was sent"):
        shop.sends_list(listed, day("2026-12-10"), day("2026-12-24"))
    with pytest.raises(Known, match="can't be made unsent"):
        shop.register.undo()
    assert claim_lists.state_of(sent, day("2026-12-24")) is ListState.WAITING
    assert claim_lists.state_of(sent, day("2026-12-25")) is ListState.OVERDUE
    assert shop.register.ids(claim_lists.overdue(day("2026-12-24"))) == []
    assert shop.register.ids(claim_lists.overdue(day("2026-12-25"))) == [sent.id]
    assert two.id in [claim.id for claim in shop.claims_on(sent)]


def test_the_reply_is_noted_claim_by_claim_and_credit_is_set_against_it(shop: Shop, clock: Clock) -> None:
    supplier, boots = supplied(shop)
    one, two, three = (claimed(shop, supplier, boots, amount) for amount in ("100", "250.50", "80"))
    listed = shop.gathers(supplier)
    with pytest.raises(Known, match="has not been sent"):
        shop.hears_from_supplier(listed, day("2026-12-12"), {})
    sent = shop.sends_list(listed, day("2026-12-10"), day("2026-12-24"))
    with pytest.raises(Problems, match="can't have replied before"):
        shop.hears_from_supplier(sent, day("2026-12-09"), {})
    heard = shop.hears_from_supplier(sent, day("2026-12-15"), {one.id: (ClaimOutcome.ACCEPTED, None), two.id: (ClaimOutcome.PARTLY, Decimal("200"))}, "The rest after inspection.")
    assert (heard.replied_on, heard.reply) == (None, "The rest after inspection.")
    standing = claim_lists.standing(shop.claims_on(sent))
    assert (standing.claims, standing.answered, standing.accepted) == (3, 2, 2)
    assert (standing.claimed, standing.expected, standing.received) == (Decimal("430.50"), Decimal("300"), Decimal("200"))
    assert shop.get(SupplierClaim, two.id).replied_on == day("2026-12-15")
    with pytest.raises(Problems, match=rf"{one.number}: .*More can't be got back than was claimed"):
        shop.hears_from_supplier(sent, day("2026-12-16"), {one.id: (ClaimOutcome.ACCEPTED, Decimal("100.01"))})
    heard = shop.hears_from_supplier(sent, day("2026-12-18"), {one.id: (ClaimOutcome.ACCEPTED, Decimal("100")), three.id: (ClaimOutcome.REJECTED, None)})
    assert heard.replied_on == day("2026-12-18")
    assert shop.get(SupplierClaim, one.id).replied_on == day("2026-12-15"), "money that comes later does not move the reply"
    assert claim_lists.standing(shop.claims_on(sent)).received == Decimal("300")
    assert shop.deadline(shop.get(Case, one.case), f"SUPPLIER-CLAIM-{one.id}").satisfied_at is not None


def test_the_files_hold_the_letter_the_table_and_the_photos_by_number(shop: Shop, tmp_path: Path, clock: Clock) -> None:
    supplier, boots = supplied(shop)
    one, two = claimed(shop, supplier, boots), claimed(shop, supplier, boots)
    shop.attaches(shop.get(Case, one.case), ("sole.jpg", photo()), ("heel.jpg", photo("blue")), ("receipt.pdf", b"%PDF-1.4 x"))
    shop.attaches(shop.get(Case, two.case), ("lace.jpg", photo("green")))
    listed = shop.gathers(supplier)
    out = tmp_path / "claims.zip"
    names = claim_list_papers.write_zip(shop.register, listed.id, out)
    assert names == ["Claims L-2026-0001.pdf", "Claims L-2026-0001.xlsx", "photos/S-2026-0001-1.jpg", "photos/S-2026-0001-2.jpg", "photos/S-2026-0002-1.jpg"]
    with zipfile.ZipFile(out) as archive:
        assert archive.namelist() == names
        assert archive.testzip() is None
        sheet = openpyxl.load_workbook(BytesIO(archive.read(names[1]))).active
        assert sheet is not None
        rows = list(sheet.iter_rows(values_only=True))
    assert rows[0][:2] == ("Claim", "Goods")
    assert [row[0] for row in rows[1:]] == ["S/2026/0001", "S/2026/0002"]
    with pytest.raises(Known, match="exists already"):
        claim_list_papers.write_zip(shop.register, listed.id, out)
    with pytest.raises(Known, match=r"written as \.zip"):
        claim_list_papers.write_zip(shop.register, listed.id, tmp_path / "claims.rar")


@pytest.mark.parametrize("lang", ["pl", "en"])
def test_the_letter_says_and_looks_as_it_did(lang: str, tmp_path: Path, clock: Clock) -> None:
    with open_shop(tmp_path / "sklep.qmd", "pl") as shop:
        shop.fills_in_letterhead()
        supplier, boots = supplied(shop)
        batch = shop.add(Batch(product=boots, code="L-0412", supplier=supplier))
        shop.add_customer("Tajna Klientka")
        for at, (amount, basis) in enumerate((("299.90", "Podeszwa odkleiła się po tygodniu."), ("120", "Pęknięta klamra.\n\nDruga sztuka w tym miesiącu."), ("0", ""))):
            case = shop.complains(customer=1)
            shop.add(CaseItem(case=case.id, product=boots, batch=batch if at == 0 else None, name="Buty trekkingowe 42", sku="BUT-42", quantity=at + 1, defect="x"))
            shop.claims_from(supplier, case, amount=Decimal(amount) if amount != "0" else None, demand=Demand.REFUND if at < 2 else Demand.REPLACEMENT, basis=basis, noticed_on=day("2026-11-20"))
        listed = shop.gathers(supplier)
        shop.attaches(shop.get(Case, 1), ("sole.jpg", photo()))
        paper = claim_list_papers.letter(shop.register, listed.id, lang)
        assert "Tajna" not in words(paper.content.facts), "who our customers are is not the supplier's business"
        is_paper_as_before(f"claims/letter_{lang}", paper)


# -- ratings


def test_points_are_weighted_as_the_shop_says_and_what_is_not_judged_is_left_out(shop: Shop) -> None:
    supplier, _boots = supplied(shop)
    rating = shop.rates(supplier, day("2026-10-01"), lead_time=5, accuracy=2)
    own = shop.get(ShopRecord, THE_SHOP)
    assert ratings.score(rating, own) == Decimal("3.5")
    shop.changes(ShopRecord, THE_SHOP, weight_accuracy=3)
    assert ratings.score(rating, shop.get(ShopRecord, THE_SHOP)) == Decimal("2.75")
    shop.changes(ShopRecord, THE_SHOP, weight_accuracy=0, weight_lead_time=0)
    assert ratings.score(rating, shop.get(ShopRecord, THE_SHOP)) is None


@settings(derandomize=True, max_examples=100, deadline=None)
@given(st.lists(st.tuples(st.none() | st.integers(0, 5), st.integers(0, 9)), min_size=6, max_size=6))
def test_a_score_lies_between_its_worst_and_its_best_point(given: list[tuple[int | None, int]]) -> None:
    rating = SupplierRating(supplier=1, on=date(2026, 1, 1), **{name: points for name, (points, _weight) in zip(CRITERIA, given, strict=True)})
    own = ShopRecord(name="x", **{f"weight_{name}": weight for name, (_points, weight) in zip(CRITERIA, given, strict=True)})
    counted = [points for points, weight in given if points is not None and weight]
    found = ratings.score(rating, own)
    assert (found is None) == (not counted)
    assert found is None or min(counted) <= found <= max(counted)


def test_history_trend_and_a_second_rating_of_a_day(shop: Shop) -> None:
    supplier, _boots = supplied(shop)
    shop.rates(supplier, day("2026-04-01"), lead_time=2)
    shop.rates(supplier, day("2026-07-01"), lead_time=3)
    shop.rates(supplier, day("2026-07-01"), lead_time=4, note="After the talk")
    found = ratings.history(shop.register, supplier)
    assert [(one.on, one.lead_time, one.note) for one in found] == [(day("2026-07-01"), 4, "After the talk"), (day("2026-04-01"), 2, "")]
    own = shop.get(ShopRecord, THE_SHOP)
    assert ratings.trend(found, own) == Decimal(2)
    assert ratings.trend(found[1:], own) is None
    assert ratings.newest(shop.register, [supplier])[supplier].on == day("2026-07-01")
    assert ratings.quarter(day("2026-07-01")) == "3rd quarter 2026"
    shop.do(ratings.REMOVE, ratings.remove, found[0].id)
    assert [one.on for one in ratings.history(shop.register, supplier)] == [day("2026-04-01")]


@pytest.mark.parametrize(("points", "said"), [({"lead_time": 6}, "Points go from 0 to 5"), ({}, "at least one criterion")])
def test_points_that_can_not_be_are_said(shop: Shop, points: dict[str, int], said: str) -> None:
    supplier, _boots = supplied(shop)
    with pytest.raises(Problems, match=said):
        shop.rates(supplier, day("2026-07-01"), **points)


def test_what_is_measured_counts_only_this_suppliers_pieces_of_the_year(shop: Shop, clock: Clock) -> None:
    (ours, boots), (theirs, _mugs) = supplied(shop), supplied(shop, "Ceramika", "KUB-1")
    other_batch = shop.add(Batch(product=boots, code="X", supplier=theirs))
    our_batch = shop.add(Batch(product=boots, code="L", supplier=ours))
    shop.add_order("1", products=[boots], quantity=40, ordered_at=datetime(2026, 11, 2, tzinfo=UTC))
    shop.add_order("2", products=[boots], quantity=10, ordered_at=datetime(2025, 11, 2, tzinfo=UTC))
    complained(shop, boots, 2, received_at=now())
    old = complained(shop, boots, 5, received_at=datetime(2025, 1, 2, tzinfo=UTC))
    for batch in (other_batch, our_batch):
        case = shop.complains(received_at=now())
        shop.add(CaseItem(case=case.id, product=boots, batch=batch, name="Buty", quantity=1))
    one = claimed(shop, ours, boots)
    claimed(shop, ours, boots)
    sent = shop.sends_list(shop.gathers(ours), day("2026-12-10"), day("2026-12-24"))
    shop.hears_from_supplier(sent, day("2026-12-16"), {one.id: (ClaimOutcome.ACCEPTED, Decimal(90))})
    clock.set("2026-12-20")
    found = ratings.measured(shop.register, ours, day("2026-12-20"))
    assert (found.complained, found.sold) == (2 + 1 + 2, 40), f"not those of case {old.number}, which is old"
    assert found.per_hundred == Decimal("12.50")
    assert (found.claims.claims, found.claims.answered, found.outstanding, found.days_to_credit) == (2, 1, 1, Decimal(6))
    assert (found.acknowledged, found.claims.expected, found.claims.received) == (Decimal(100), Decimal(100), Decimal(90))
    nothing = ratings.measured(shop.register, shop.add(Supplier(name="Fast", kind=PartnerKind.FULFILMENT)), day("2026-12-20"))
    assert (nothing.per_hundred, nothing.acknowledged, nothing.days_to_credit) == (None, None, None)
    assert isinstance(shop.get(ClaimList, sent.id), ClaimList)
