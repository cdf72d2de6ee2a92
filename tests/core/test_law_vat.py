"""VAT on grosze: the checks of law.md 4.4, once per rate and document, zw and np, the fields of the JPK; how long records are kept."""

from __future__ import annotations

from datetime import date
from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qmdesk.errors import Known, Problems
from qmdesk.law import vat
from qmdesk.law.words import rule_file

RATES = ("23", "8", "5", "0", "zw", "np")
GROSS = st.integers(-10**12, 10**12)


@pytest.mark.parametrize(
    ("gross", "rate", "tax", "net"),
    [
        (12300, "23", 2300, 10000), (19999, "23", 3740, 16259), (6000, "23", 1122, 4878), (10800, "8", 800, 10000), (4999, "8", 370, 4629), (2100, "5", 100, 2000),
        (1234, "5", 59, 1175), (3, "23", 1, 2), (1, "23", 0, 1), (0, "23", 0, 0), (-6000, "23", -1122, -4878), (500, "0", 0, 500),
    ],
)  # fmt: skip
def test_the_checks(gross: int, rate: str, tax: int, net: int) -> None:
    assert vat.split(gross, rate) == (net, tax)


@pytest.mark.parametrize("rate", ["zw", "np"])
def test_no_vat_is_not_zero(rate: str) -> None:
    assert vat.split(999, rate) == (999, None)
    assert vat.split(999, "0") == (999, 0)


@given(GROSS, st.sampled_from(RATES))
def test_net_and_vat_are_gross(gross: int, rate: str) -> None:
    net, tax = vat.split(gross, rate)
    assert net + (tax or 0) == gross
    percent = vat.rate(rate).percent
    if percent is not None:
        exact = Decimal(gross) * percent / (100 + percent)
        assert tax == int(exact.quantize(Decimal(1), ROUND_HALF_UP))
        assert vat.split(-gross, rate) == (-net, -tax)


def test_rounded_once_per_rate() -> None:
    assert sum(vat.split(999, "23")[1] or 0 for _line in range(3)) == 561
    (one,) = vat.per_rate([(999, "23")] * 3)
    assert (one.gross, one.vat, one.net) == (2997, 560, 2437)
    found = vat.per_rate([(100, "np"), (105, "5"), (123, "23"), (200, "zw"), (123, "23")])
    assert [(one.rate, one.gross, one.vat) for one in found] == [("23", 246, 46), ("5", 105, 5), ("zw", 200, None), ("np", 100, None)]


@given(st.lists(st.tuples(GROSS, st.sampled_from(RATES)), max_size=20))
def test_a_document_agrees_with_its_lines(lines: list[tuple[int, str]]) -> None:
    found = vat.per_rate(lines)
    assert sum(one.gross for one in found) == sum(gross for gross, _rate in lines)
    assert all(one.net + (one.vat or 0) == one.gross for one in found)
    assert {one.rate for one in found} == {rate for _gross, rate in lines}


def test_a_printed_amount_may_be_a_grosz_off_with_a_reason() -> None:
    assert vat.as_printed(2997, "23", 561, "As on the receipt") == vat.Amounts("23", 2997, 2436, 561)
    assert vat.as_printed(2997, "23", 560).net == 2437
    assert vat.as_printed(999, "zw", None).vat is None
    for rate, tax, reason in (("23", 561, " "), ("23", 562, "x"), ("23", None, "x"), ("zw", 0, "x")):
        with pytest.raises(Problems):
            vat.as_printed(2997, rate, tax, reason)


def test_an_unknown_rate_is_a_sentence() -> None:
    for wrong in ("22", "", "23%", "oo"):
        with pytest.raises(Known, match="There is no VAT rate"):
            vat.split(100, wrong)
        with pytest.raises(Known):
            vat.per_rate([(100, wrong)])


def test_rates_are_data_with_their_days(monkeypatch: pytest.MonkeyPatch) -> None:
    assert tuple(rate.id for rate in vat.rates()) == RATES
    assert [(rate.letter, rate.jpk_net, rate.jpk_vat) for rate in vat.rates()] == [
        ("A", "K_19", "K_20"), ("B", "K_17", "K_18"), ("C", "K_15", "K_16"), ("D", "K_13", ""), ("E", "K_10", ""), ("", "K_11", ""),
    ]  # fmt: skip
    old = {"id": "22", "percent": 22, "letter": "A", "jpk_net": "K_19", "jpk_vat": "K_20", "name_en": "22 %", "valid_to": date(2010, 12, 31)}
    monkeypatch.setattr(vat, "rule_file", lambda _name: {"rate": [*rule_file("vat")["rate"], old]})
    vat._all_rates.cache_clear()
    try:
        assert vat.split(12200, "22", date(2010, 6, 1)) == (10000, 2200)
        with pytest.raises(Known):
            vat.split(12200, "22", date(2026, 6, 1))
    finally:
        vat._all_rates.cache_clear()


def test_the_fields_of_the_jpk() -> None:
    totals = vat.per_rate([(-12300, "23"), (-10800, "8"), (-500, "zw"), (-100, "0")])
    assert dict(vat.jpk(totals)) == {"K_19": -10000, "K_20": -2300, "K_17": -10000, "K_18": -800, "K_13": -100, "K_10": -500}


def test_every_class_of_records_has_its_time() -> None:
    found = rule_file("retention")["class"]
    assert len({told["id"] for told in found}) == len(found) == 9
    for told in found:
        assert told["months"] > 0
        assert told["from"]
        assert told["confidence"] in "VSKI"
        assert all(told[f"{key}_{lang}"] for key in ("name", "basis") for lang in ("en", "pl"))
    assert [told["id"] for told in found if not told.get("enabled", True)] == ["complaint_short"]
    assert [period["id"] for period in rule_file("vat")["period"] if period["default"]] == ["refund_month"]
