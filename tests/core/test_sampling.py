"""The sample of a delivery: exact arithmetic, the same pieces from the same seed, and what is kept with the batch."""

from __future__ import annotations

import math
from fractions import Fraction
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qmdesk.analysis import sampling as arithmetic
from qmdesk.errors import Known, Problems
from qmdesk.operations import sampling
from qmdesk.operations.sampling import Verdict
from qmdesk.records.product import Batch
from tests.core.test_cli import run
from tests.shop import Shop, day, shop

__all__ = ["shop"]

PERCENT = Fraction(1, 100)


@pytest.mark.parametrize(
    ("lot", "aql", "risk", "accepts", "size", "bad_from"),
    [
        (100, "1", "5", 0, 78, 2),
        (200, "2.5", "10", 0, 63, 6),
        (500, "1", "10", 0, 159, 6),
        (500, "2.5", "10", 1, 133, 13),
        (1, "1", "10", 0, 1, 1),
        (50, "0", "5", 0, 48, 1),
        (1_000_000, "0.1", "0.1%", 0, 6874, 1001),
    ],
)
def test_sizes_worked_out_apart(lot: int, aql: str, risk: str, accepts: int, size: int, bad_from: int) -> None:
    plan = arithmetic.plan(lot, sampling.share(aql, "AQL"), sampling.share(risk, "R"), accepts)
    assert (plan.size, plan.bad_from) == (size, bad_from)


def test_the_probability_is_that_of_drawing_by_hand() -> None:
    drawn = list(combinations(range(8), 4))  # the first three of eight pieces are defective
    for accepts in range(4):
        by_hand = sum(sum(piece < 3 for piece in one) <= accepts for one in drawn)
        assert arithmetic.accepted(8, 3, 4, accepts) == Fraction(by_hand, len(drawn))


@settings(derandomize=True, max_examples=200, deadline=None)
@given(st.integers(1, 400), st.integers(0, 400), st.integers(1, 60), st.integers(0, 3))
def test_no_smaller_sample_would_do(lot: int, aql: int, risk: int, accepts: int) -> None:
    share, likely = Fraction(aql, 1000), Fraction(risk, 100)
    if accepts > math.floor(lot * share):
        with pytest.raises(Known, match="Accept fewer"):
            arithmetic.plan(lot, share, likely, accepts)
        return
    plan = arithmetic.plan(lot, share, likely, accepts)
    assert accepts < plan.size <= lot
    assert plan.missed == arithmetic.accepted(lot, plan.bad_from, plan.size, accepts) <= likely
    assert plan.size == accepts + 1 or arithmetic.accepted(lot, plan.bad_from, plan.size - 1, accepts) > likely
    assert 0 <= plan.refused < 1


@settings(derandomize=True, max_examples=100, deadline=None)
@given(st.integers(1, 5000), st.data(), st.text(max_size=10))
def test_pieces_are_in_the_lot_never_twice_and_the_same_from_the_same_seed(lot: int, data: st.DataObject, seed: str) -> None:
    size = data.draw(st.integers(1, min(lot, 300)))
    found = arithmetic.picks(lot, size, seed)
    assert len(set(found)) == size
    assert list(found) == sorted(found)
    assert found[0] >= 1
    assert found[-1] <= lot
    assert arithmetic.picks(lot, size, seed) == found


def test_the_draw_is_the_same_on_every_computer_and_another_seed_draws_others() -> None:
    assert arithmetic.picks(100, 10, "7") == (4, 10, 40, 48, 51, 67, 86, 88, 89, 96)
    assert arithmetic.picks(100, 10, "8") != arithmetic.picks(100, 10, "7")
    counted = [0] * 10
    for seed in range(1000):
        for piece in arithmetic.picks(10, 3, str(seed)):
            counted[piece - 1] += 1
    assert all(240 < count < 360 for count in counted), "every piece is as likely as any other"


@pytest.mark.parametrize(("written", "share"), [("2.5", "0.025"), ("2,5 %", "0.025"), ("0.65", "0.0065"), ("10%", "0.1")])
def test_shares_are_written_in_percent(written: str, share: str) -> None:
    assert sampling.share(written, "AQL") == Fraction(share)


def test_a_risk_may_be_written_as_a_likelihood() -> None:
    assert sampling.share("0.05", "R", fraction_below_one=True) == sampling.share("5", "R", fraction_below_one=True) == sampling.share("5%", "R") == 5 * PERCENT
    assert sampling.share("0.05%", "R", fraction_below_one=True) == Fraction(5, 10_000)


@pytest.mark.parametrize("written", ["", "x", "nan", "inf", "1e999999999", "5%%"])
def test_what_is_no_share_is_said(written: str) -> None:
    with pytest.raises(Known, match="is no share"):
        sampling.share(written, "AQL")


@pytest.mark.parametrize(
    ("lot", "aql", "risk", "accepts", "said"),
    [(0, 1, 10, 0, "from 1 to 1000000"), (2_000_000, 1, 10, 0, "from 1 to"), (10, 100, 10, 0, "below 100 %"), (10, -1, 10, 0, "below 100 %"), (10, 1, 0, 0, "risk lies"), (10, 1, 100, 0, "risk lies"), (10, 1, 10, -1, "at most 20")],
)
def test_what_can_not_be_is_said(lot: int, aql: int, risk: int, accepts: int, said: str) -> None:
    with pytest.raises(Known, match=said):
        arithmetic.plan(lot, aql * PERCENT, risk * PERCENT, accepts)


# -- with the batch


def batch_of(shop: Shop, **values: object) -> int:
    return shop.add(Batch(product=shop.add_product(), code="L-0412", **values))  # type: ignore[arg-type]


def test_a_sample_and_what_was_found_are_kept_with_the_batch(shop: Shop) -> None:
    id_ = batch_of(shop)
    sample = sampling.draw(200, sampling.share("2.5", "AQL"), sampling.share("10", "R"), "7")
    batch = shop.do(sampling.INSPECT, sampling.inspect, id_, sample)
    assert (batch.quantity, batch.sample_size, batch.sample_accepts, batch.inspected_on) == (200, 63, 0, None)
    assert batch.sample_picks.startswith("4, 18, 21")
    assert batch.sample_plan == "200 pieces, AQL 2.5 %, risk 10 %, seed 7"
    assert sampling.verdict(batch) is None
    batch = shop.do(sampling.INSPECT, sampling.inspect, id_, None, day("2026-11-20"), 0)
    assert (sampling.verdict(batch), batch.sample_size) == (Verdict.PASSED, 63)
    batch = shop.do(sampling.INSPECT, sampling.inspect, id_, None, day("2026-11-21"), 2)
    assert sampling.verdict(batch) is Verdict.REFUSED


def test_what_was_found_must_be_possible(shop: Shop) -> None:
    id_ = batch_of(shop, quantity=200)
    with pytest.raises(Problems, match="More pieces can't be defective than were looked at"):
        shop.do(sampling.INSPECT, sampling.inspect, id_, None, day("2026-11-20"), 1)
    sample = sampling.draw(10, sampling.share("2.5", "AQL"), sampling.share("10", "R"))
    with pytest.raises(Problems, match="More pieces"):
        shop.do(sampling.INSPECT, sampling.inspect, id_, sample, day("2026-11-20"), 11)
    with pytest.raises(Problems, match="Say both"):
        shop.do(sampling.INSPECT, sampling.inspect, id_, sample, day("2026-11-20"))
    assert shop.get(Batch, id_).sample_size is None


# -- on the command line


def test_the_command_line_draws_the_same_sample() -> None:
    told = run("sample", "--lot", 200, "--aql", "2.5", "--risk", "0.1", "--seed", 7, "--json").json
    assert {name: told[name] for name in ("lot", "aql", "risk", "seed", "n", "c", "bad_from")} == {"lot": 200, "aql": 0.025, "risk": 0.1, "seed": "7", "n": 63, "c": 0, "bad_from": 6}
    assert (len(told["picks"]), told["picks"][:3]) == (63, [4, 18, 21])
    assert told["accepts_bad"] <= 0.1
    assert told["sentence"] == "Look at 63 of 200 pieces. Accept the delivery if none of them is defective."
    assert run("sample", "--lot", 200, "--aql", "2.5", "--risk", "10%", "--seed", 7, "--json").json == told
    fresh = run("sample", "--lot", 200, "--aql", "2.5", "--risk", "10", "--json").json
    assert run("sample", "--lot", 200, "--aql", "2.5", "--risk", "10", "--seed", fresh["seed"], "--json").json == fresh
    assert run("sample", "--lot", 0, "--aql", "1", "--risk", "5").refusal == "A lot has from 1 to 1000000 pieces."
    assert run("sample", "--lot", 10, "--aql", "x", "--risk", "5").refusal == "AQL: “x” is no share; write it in percent, like 2.5."
