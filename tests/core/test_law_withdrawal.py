"""Withdrawal: the window and its ends, when money and goods go back, the fourteen exclusions, and the refund to the grosz."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qmdesk import i18n
from qmdesk.errors import Known, Problems
from qmdesk.law import calendar
from qmdesk.law.exclusions import all_exclusions, evidence_name, exclusion, exclusions
from qmdesk.law.refund import Diminished, PartialDelivery, refund
from qmdesk.law.withdrawal import (
    Delivery,
    RefundState,
    in_time,
    refund_due,
    send_back_by,
    window,
    window_start,
)
from qmdesk.law.words import rule_file

D = Decimal
SOLE = "sole_trader_consumer_rights"
DAYS = st.dates(date(2023, 1, 1), date(2100, 12, 31))


def day(text: str) -> date:
    return date.fromisoformat(text)


# -------------------------------------------------------------------------------------------- window


@pytest.mark.parametrize(
    ("delivery", "start"),
    [(Delivery.GOODS, "2026-11-02"), (Delivery.PARTS, "2026-11-20"), (Delivery.REGULAR, "2026-11-02"), (Delivery.OTHER, "2026-10-30")],
)
def test_from_which_day_it_runs(delivery: Delivery, start: str) -> None:
    taken = [day("2026-11-20"), day("2026-11-02")]
    assert window_start(delivery, day("2026-10-30"), taken) == day(start)
    found = window("distance", delivery, contract_on=day("2026-10-30"), possession=taken)
    assert found is not None
    assert found.base.start == day(start)
    assert found.reasoning("pl").startswith("Termin na odstąpienie biegnie od dnia")


@pytest.mark.parametrize(
    ("contract", "taken", "informed", "told_on", "end"),
    [
        ("distance", "2026-11-02", True, None, "2026-11-16"),
        ("off_premises", "2026-11-22", True, None, "2026-12-07"),
        ("off_premises_visit", "2026-11-06", True, None, "2026-12-07"),
        ("excursion", "2026-11-02", True, None, "2026-12-02"),
        ("distance", "2026-11-02", False, None, "2027-11-16"),
        ("distance", "2026-10-18", False, None, "2027-11-02"),
        ("distance", "2026-10-18", None, None, "2027-11-02"),
        ("excursion", "2026-11-02", False, None, "2027-12-02"),
        ("distance", "2026-11-02", False, "2027-03-01", "2027-03-15"),
        ("excursion", "2026-11-02", False, "2027-03-01", "2027-03-31"),
        ("distance", "2026-11-02", False, "2026-10-20", "2026-11-16"),
        ("distance", "2026-11-02", False, "2027-11-16", "2027-11-16"),
        ("distance", "2026-11-02", False, "2027-12-24", "2027-11-16"),
    ],
)
def test_when_the_window_closes(contract: str, taken: str, informed: bool | None, told_on: str | None, end: str) -> None:
    found = window(contract, possession=[day(taken)], informed=informed, info_given_on=day(told_on) if told_on else None)
    assert found is not None
    assert found.last_day == day(end)
    assert in_time(day(end), found)
    assert not in_time(day(end) + timedelta(days=1), found)
    assert found.proved is (informed is not None)
    for lang in i18n.LANGUAGES:
        assert end[:4] in found.reasoning(lang)
        assert "{" not in found.reasoning(lang)


def test_nobody_knows_whether_the_customer_was_informed() -> None:
    found = window("distance", possession=[day("2026-11-02")], informed=None)
    assert found is not None
    assert "the shop has to prove it" in found.reasoning("en")
    assert found.base.legal == day("2026-11-16")


def test_who_has_no_such_right() -> None:
    taken = [day("2026-11-02")]
    assert window("shop", possession=taken) is None
    assert window("distance", possession=taken, buyer="business") is None
    assert window("distance", possession=taken, buyer=SOLE) is not None
    assert window("distance") is None  # the goods have not come: it has not begun
    assert window("distance", Delivery.OTHER) is None
    german = window("distance", possession=[day("2026-09-19")], country="DE")
    assert german is not None
    assert german.last_day == day("2026-10-05")


@given(DAYS, st.dates(date(2022, 1, 1), date(2102, 1, 1)), st.sampled_from(["distance", "off_premises", "off_premises_visit", "excursion"]))
def test_information_never_shortens_below_the_ordinary_time(taken: date, told_on: date, contract: str) -> None:
    base, never, later = (window(contract, possession=[taken], informed=informed, info_given_on=told) for informed, told in ((True, None), (False, None), (False, told_on)))
    assert base is not None
    assert never is not None
    assert later is not None
    assert base.last_day <= later.last_day <= never.last_day


# ------------------------------------------------------------------------------------ money goes back


@pytest.mark.parametrize(
    ("goods", "proof", "collect", "paid", "due", "states"),
    [
        (None, None, True, None, "2026-11-16", {"2026-11-16": "running", "2026-11-17": "overdue"}),
        (None, None, False, None, "2026-11-16", {"2026-11-16": "running", "2026-11-17": "withheld", "2027-06-01": "withheld"}),
        ("2026-11-10", None, False, None, "2026-11-16", {"2026-11-12": "running", "2026-11-17": "overdue"}),
        ("2026-11-16", None, False, None, "2026-11-16", {"2026-11-16": "running", "2026-11-17": "overdue"}),
        ("2026-12-01", "2026-11-12", False, None, "2026-11-16", {"2026-11-17": "overdue"}),
        ("2026-11-19", None, False, None, "2026-11-19", {"2026-11-17": "withheld", "2026-11-19": "at_once", "2026-11-20": "overdue"}),
        ("2026-11-21", None, False, None, "2026-11-21", {"2026-11-21": "at_once", "2026-11-22": "at_once", "2026-11-23": "at_once", "2026-11-24": "overdue"}),
        ("2026-11-19", None, True, None, "2026-11-16", {"2026-11-17": "overdue"}),
        ("2026-11-10", None, False, "2026-11-12", "2026-11-16", {"2026-11-11": "running", "2026-11-12": "paid", "2027-01-01": "paid"}),
    ],
)
def test_the_refund_engine(goods: str | None, proof: str | None, collect: bool, paid: str | None, due: str, states: dict[str, str]) -> None:
    goods_on, proof_on, paid_on = (day(text) if text else None for text in (goods, proof, paid))
    found = refund_due(day("2026-11-02"), goods_received_on=goods_on, proof_of_sending_on=proof_on, collect_offered=collect, paid_on=paid_on)
    assert found is not None
    assert found.due == day(due)
    assert {on: found.state(day(on)) for on in states} == {on: RefundState(state) for on, state in states.items()}
    said = found.withholding("en")
    assert ("offered to collect" in said) is collect
    assert ("may withhold" in said) is (not collect and not goods and not proof)
    assert found.withholding("pl") != said


def test_a_refund_needs_a_right() -> None:
    assert refund_due(day("2026-11-02"), contract="shop") is None
    assert refund_due(day("2026-11-02"), buyer="business") is None


@given(DAYS, st.none() | DAYS, st.booleans())
def test_money_is_never_due_before_fourteen_days_nor_on_a_day_off(received: date, came: date | None, collect: bool) -> None:
    found = refund_due(received, goods_received_on=came, collect_offered=collect)
    assert found is not None
    assert found.term.legal >= received + timedelta(days=14)
    assert not calendar.passes_over("PL", found.term.legal)
    assert found.overdue_from > found.due


def test_when_the_customer_sends_back() -> None:
    found = send_back_by(day("2026-11-22"))
    assert found is not None
    assert (found.nominal, found.legal) == (day("2026-12-06"), day("2026-12-07"))
    assert "art. 34 ust. 1 UPK" in found.reasoning("pl")
    assert send_back_by(day("2026-11-22"), collect_offered=True) is None


# ----------------------------------------------------------------------------------------- exclusions


def test_there_are_fourteen_exclusions() -> None:
    found = all_exclusions()
    assert [one.code for one in found] == [f"E{n:02}" for n in range(1, 15)]
    assert all(one.name.en and one.name.pl and one.name.en != one.name.pl and one.evidence for one in found)
    assert {name for one in found for name in one.evidence} == set(rule_file("exclusions")["evidence"])
    assert all(evidence_name(name).pl for one in found for name in one.evidence)
    assert all(set(one.consent) <= set(one.evidence) for one in found)
    assert {one.code for one in found if one.consent} == {"E01", "E13", "E14"}
    assert {one.code for one in found if one.not_for} == {"E01", "E02", "E03", "E05"}
    assert exclusion(" e05 ").code == "E05"
    with pytest.raises(Known, match="E01 to E14"):
        exclusion("E15")


def test_without_consent_an_exclusion_is_not_offered() -> None:
    offered = {found.exclusion.code for found in exclusions("distance") if found.may_be_offered}
    assert offered == {f"E{n:02}" for n in range(1, 15)} - {"E01", "E13", "E14"}
    found = {one.exclusion.code: one for one in exclusions("distance", {"express_consent", "informed_of_loss", "sealed", "hygiene", "opened"})}
    assert found["E01"].may_be_offered
    assert not found["E01"].stands
    assert found["E01"].missing == ("fully_performed",)
    assert not found["E13"].may_be_offered
    assert found["E13"].missing == ("confirmation_given",)
    assert found["E05"].stands
    assert found["E09"].stands
    assert "without: The shop confirmed that agreement" in found["E13"].sentence("en")
    assert "sklep musi jeszcze móc wykazać" in found["E01"].sentence("pl")


@pytest.mark.parametrize("contract", ["off_premises_visit", "excursion"])
def test_visits_and_excursions_keep_the_right(contract: str) -> None:
    everything = set(rule_file("exclusions")["evidence"])
    found = {one.exclusion.code: one for one in exclusions(contract, everything)}
    assert {code for code, one in found.items() if not one.may_be_offered} == {"E01", "E02", "E03", "E05"}
    assert "art. 38 ust. 2 UPK" in found["E03"].sentence("pl")
    assert all(one.stands for one in exclusions("off_premises", everything))


# --------------------------------------------------------------------------------------------- refund


def amounts(found: object) -> dict[str, str]:
    return {component.code: str(component.amount) for component in found.components}  # type: ignore[attr-defined]


def test_everything_goes_back() -> None:
    found = refund(D("300.00"), delivery_paid=D("12.99"))
    assert amounts(found) == {"goods": "300.00", "delivery": "12.99"}
    assert found.total == D("312.99")
    assert found.cautions() == []


@pytest.mark.parametrize(
    ("policy", "delivery", "total"),
    [(PartialDelivery.NONE, "0.00", "100.00"), (PartialDelivery.PROPORTIONAL, "4.33", "104.33"), (PartialDelivery.FULL, "12.99", "112.99")],
)
def test_one_of_three_pairs_with_dearer_delivery(policy: PartialDelivery, delivery: str, total: str) -> None:
    found = refund(D(100), all_goods=D(300), delivery_paid=D("24.99"), cheapest_ordinary=D("12.99"), policy=policy)
    assert amounts(found) == {"goods": "100.00", "delivery": delivery}
    assert str(found.total) == total


def test_the_cheapest_ordinary_delivery_is_the_most() -> None:
    dearer = refund(D("50"), delivery_paid=D("24.99"), cheapest_ordinary=D("12.99"))
    assert amounts(dearer)["delivery"] == "12.99"
    said = dearer.components[1].sentence("pl").replace("\u00a0", " ")
    assert said == "Dostawa kosztowała 24,99 zł, ale najtańszy zwykły sposób dostarczenia oferowany przez sklep kosztował 12,99 zł; nadwyżki za droższy sposób się nie zwraca."
    assert dearer.components[1].basis.to("pl") == "art. 32 i 33 UPK"
    assert amounts(refund(D("50"), delivery_paid=D("9.99"), cheapest_ordinary=D("12.99")))["delivery"] == "9.99"
    assert "delivery" not in amounts(refund(D("50")))


def test_lost_value_is_taken_off_only_from_the_informed() -> None:
    worn = Diminished(D("40"), "The soles are worn after a run outdoors.")
    found = refund(D("100"), diminished=worn)
    assert (amounts(found)["diminished"], found.total) == ("-40.00", D("60.00"))
    assert found.components[1].sentence("en").endswith("The soles are worn after a run outdoors.")
    not_informed = refund(D("100"), diminished=worn, informed=False)
    assert (amounts(not_informed)["diminished"], not_informed.total) == ("0.00", D("100.00"))
    assert "not informed" in not_informed.components[1].sentence("en")
    all_gone = refund(D("100"), delivery_paid=D("10"), diminished=Diminished(D("100"), "Burnt."))
    assert all_gone.total == D("10.00")
    assert "missing box" in all_gone.cautions("en")[0]


@pytest.mark.parametrize(
    ("call", "fields"),
    [
        ({"goods": D("-1")}, {"goods"}),
        ({"goods": D("101"), "all_goods": D("100")}, {"goods"}),
        ({"goods": D("10"), "delivery_paid": D("-1"), "cheapest_ordinary": D("-2")}, {"delivery_paid", "cheapest_ordinary"}),
        ({"goods": D("10"), "diminished": Diminished(D("11"), "Broken.")}, {"diminished"}),
        ({"goods": D("10"), "diminished": Diminished(D("5"), " ")}, {"diminished"}),
        ({"goods": D("10"), "diminished": Diminished(D("-5"), "x")}, {"diminished"}),
    ],
)
def test_what_can_not_be_is_refused(call: dict[str, object], fields: set[str]) -> None:
    with pytest.raises(Problems) as refused:
        refund(**call)  # type: ignore[arg-type]
    assert {problem.field for problem in refused.value.problems} == fields


MONEY = st.integers(0, 10_000_000).map(lambda grosze: D(grosze) / 100)


@given(MONEY, MONEY, MONEY, MONEY, st.none() | MONEY, st.sampled_from(PartialDelivery), st.booleans())
def test_a_refund_lies_between_nothing_and_all_that_was_paid(
    goods: Decimal, others: Decimal, lost: Decimal, paid: Decimal, cheapest: Decimal | None, policy: PartialDelivery, informed: bool
) -> None:
    diminished = Diminished(min(lost, goods), "Worn.")
    found = refund(goods, all_goods=goods + others, delivery_paid=paid, cheapest_ordinary=cheapest, policy=policy, diminished=diminished, informed=informed)
    assert 0 <= found.total <= goods + paid
    assert found.total == sum(component.amount for component in found.components)
    for lang in i18n.LANGUAGES:
        assert all("{" not in component.sentence(lang) and component.basis.to(lang) for component in found.components)
