"""Early warning, control charts and noticing on the command line: JSON as documented, a table for people."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
import scipy.stats

from tests.clock import Clock, standing
from tests.core.test_alerts import LAST_YEAR, bad_batch
from tests.core.test_cli import run
from tests.shop import Shop, begun
from tests.shop_alerts import every


def furnish(shop: Shop, _clock: Clock) -> None:
    sold = shop.sells(shop.add_product("KUB", "Mug"), every(2, LAST_YEAR, 150))
    shop.is_complained_to(sold[::25])
    bad_batch(shop)


@cache
def a_year() -> bytes:
    return begun(furnish, now="2026-12-10")[0]


@pytest.fixture
def register(tmp_path: Path) -> Iterator[Path]:
    """A shop with a year of mugs and a bad batch of them."""
    with standing("2026-12-10"):
        (tmp_path / "shop.qmd").write_bytes(a_year())
        yield tmp_path / "shop.qmd"


def test_the_bad_batch_is_told(register: Path) -> None:
    (found,) = run("warn", register, "--json").json
    assert {name: found[name] for name in ("product", "batch", "complaints", "sold")} == {"product": "Mug", "batch": "L-0412", "complaints": 5, "sold": 38}
    assert found["expected"] == pytest.approx(38 * 6 / 150)  # the product's own history outside the batch
    assert found["p"] == pytest.approx(scipy.stats.binom.sf(4, 38, 6 / 150))
    assert found["p"] <= found["q"] <= 0.05
    assert "Batch L-0412 (Mug): 5 of 38 complained of, 1.5 expected" in run("warn", register).out
    assert len(run("warn", register, "--all", "--json").json) > 1


def test_as_it_was_known_on_a_day(register: Path) -> None:
    assert run("warn", register, "--on", "2026-10-12", "--json").json == []
    assert "No batch and no product" in run("warn", register, "--on", "2026-10-12").out


def test_a_control_chart_has_centre_limits_points_and_hits(register: Path) -> None:
    found = run("control", register, "complaint_rate", "--chart", "u", "--from", "2025-12-01", "--to", "2026-11-30", "--json").json
    assert (found["chart"], found["unit"], found["provisional"]) == ("u", "percent", False)
    assert [point["period"] for point in found["points"]] == [f"2025-{12}", *(f"2026-{month:02}" for month in range(1, 12))]
    counts, sizes = ([point[name] for point in found["points"]] for name in ("count", "size"))
    assert (sum(counts), sum(sizes)) == (11, 188)
    centre = sum(counts) / sum(sizes)
    assert found["centre"] == pytest.approx(100 * centre, abs=1e-5)
    assert found["limits"]["upper"] == pytest.approx([100 * (centre + 3 * (centre / size) ** 0.5) for size in sizes], abs=1e-5)
    assert found["hits"] == []
    table = run("control", register, "complaint_rate", "--chart", "u").out
    assert "October 2026\t" in table
    assert table.strip().endswith(".")


def test_the_rare_have_gaps_and_what_is_no_count_has_no_chart(register: Path) -> None:
    found = run("control", register, "complaint_rate", "--json").json
    assert (found["chart"], found["unit"]) == ("g", "orders"), "fewer than two a month"
    assert [point["value"] for point in found["points"]][:4] == [25, 25, 25, 25]
    assert "is no count of something" in run("control", register, "settle").refusal


def test_noticing_keeps_each_thing_once(register: Path) -> None:
    (alert,) = run("notice", register, "--json").json
    assert (alert["kind"], alert["noticed_on"]) == ("batch", "2026-12-10")
    assert run("notice", register).out.strip() == "Nothing new was noticed."
