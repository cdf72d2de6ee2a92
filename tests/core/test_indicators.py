"""The indicators of quality.md, on small shops counted by hand; what is read again is as what is read anew."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qmdesk.errors import Known
from qmdesk.operations.figures import facts
from qmdesk.operations.figures.columns import Parts, Rows, in_order, local
from qmdesk.operations.figures.facts import Facts, gather
from qmdesk.operations.figures.indicators import DEFINITIONS, behind, measure, split
from qmdesk.operations.figures.scope import By, Scope
from qmdesk.records.audit import QuestionType
from qmdesk.records.case import Case, CaseItem, CaseKind, CaseState, Direction, Message, Outcome
from qmdesk.records.deadline import Deadline, DeadlineState
from qmdesk.records.improvement import Action, ActionState
from qmdesk.records.measures import CostKind, Indicator, QualityCost, SalesCount
from qmdesk.records.party import Person, Supplier
from qmdesk.records.product import Order, OrderLine, Product
from qmdesk.records.returns import Condition, ReturnDetails
from qmdesk.records.satisfaction import (
    Opinion,
    QuestionKind,
    Survey,
    SurveyAnswer,
    SurveyQuestion,
    SurveyResponse,
)
from qmdesk.records.shop import THE_SHOP
from qmdesk.records.shop import Shop as ShopRecord
from qmdesk.records.steps import Step
from qmdesk.register import MISSING, Change
from tests.clock import Clock, clock
from tests.shop import Shop, begun, open_shop, shop

__all__ = ["clock", "shop"]

NOVEMBER = Scope(date(2026, 11, 1), date(2026, 11, 30))
NUMBERS = iter(range(1, 100_000))


def at(text: str) -> datetime:
    """A moment on the clock of a shop in Poland, in winter."""
    return datetime.fromisoformat(f"{text}+01:00").astimezone(UTC)


def a_case(received: str = "2026-11-10 10:00", **values: Any) -> Case:
    return Case(**{"number": f"R/{next(NUMBERS)}", "received_at": at(received), "description": "Pękło.", **values})


def told(shop: Shop, indicator: Indicator, scope: Scope = NOVEMBER) -> Any:
    return measure(gather(shop.register), indicator, scope)


def by(shop: Shop, indicator: Indicator, how: By, scope: Scope = NOVEMBER) -> dict[str, Any]:
    return {one.name: one for one in split(gather(shop.register), indicator, scope, how)}


def rounded(*values: float | None) -> list[float | None]:
    return [None if value is None else round(value, 2) for value in values]


# ------------------------------------------------------------------------------------------ rates


def sell(shop: Shop, _clock: Clock) -> None:
    maker = shop.add(Supplier(name="Szewc"))
    shoes = shop.add_product(category="Buty", supplier=maker)
    socks = shop.add_product("SKA-1", "Skarpety", category="Skarpety")
    for number in range(25):
        order = ordered(shop, number, *((shoes, 2, "InPost") if number < 15 else (socks, 1, "DPD")))
        if number in (1, 2, 3):
            shop.complains(order=order)
        if number == 4:
            shop.returns(order=order)


@cache
def autumn() -> bytes:
    return begun(sell)[0]


@pytest.fixture
def sold(tmp_path: Path) -> Iterator[Shop]:
    """It sold 30 pieces of shoes in 15 orders and 10 of socks in 10; of the shoes three were complained about, two pieces came back."""
    with open_shop(tmp_path / "sold.qmd", begun=autumn()) as opened:
        yield opened


def ordered(shop: Shop, number: int, product: int, pieces: int, courier: str) -> int:
    def add(tx: Any) -> int:
        order = tx.add(Order(number=f"A{number}", ordered_at=at("2026-11-02 10:30"), courier=courier, currency="PLN"))
        tx.add(OrderLine(order=order, product=product, name="Towar", quantity=pieces, unit_price=Decimal("299.90"), currency="PLN"))
        return int(order)

    return shop.register.do("Order", add).result


def test_the_complaint_rate_is_complaints_for_orders(sold: Shop) -> None:
    found = told(sold, Indicator.COMPLAINT_RATE)
    assert (found.numerator, found.denominator, found.n, found.value, found.judged) == (3, 25, 25, 12.0, True)
    assert rounded(found.low, found.high) == [4.08, 35.28]  # the score interval of a Poisson count of 3, for 25
    kind, ids = behind(gather(sold.register), Indicator.COMPLAINT_RATE, NOVEMBER)
    assert (kind, len(ids)) == (Case, 3)
    assert {sold.register.get(Case, id_).kind for id_ in ids} == {CaseKind.COMPLAINT}


def test_by_product_it_is_for_order_lines(sold: Shop) -> None:
    found = by(sold, Indicator.COMPLAINT_RATE, By.PRODUCT)
    assert [(name, one.numerator, one.denominator) for name, one in found.items()] == [("Buty trekkingowe 42", 3, 15), ("Skarpety", 0, 10)]
    assert found["Skarpety"].why == "Too few to judge: 10, it takes at least 20."


def test_the_return_rate_is_pieces_for_pieces(sold: Shop) -> None:
    found = told(sold, Indicator.RETURN_RATE)
    assert (found.numerator, found.denominator, found.value) == (2, 40, 5.0)
    (case,) = sold.register.rows(Case, behind(gather(sold.register), Indicator.RETURN_RATE, NOVEMBER)[1])
    assert case[0].kind is CaseKind.RETURN
    sold.steps(case[0], Step.WITHDRAW)
    assert told(sold, Indicator.RETURN_RATE).numerator == 0


@pytest.mark.parametrize(
    ("how", "groups"),
    [
        (By.CATEGORY, ["Buty", "Skarpety"]), (By.SUPPLIER, ["Szewc", "not known"]), (By.COURIER, ["DPD", "InPost"]), (By.MONTH, ["November 2026"]),
        (By.WEEK, ["week 45 (2 Nov 2026 to 8 Nov 2026)", "week 47 (16 Nov 2026 to 22 Nov 2026)"]), (By.BUYER_TYPE, ["Consumer", "not known"]),
        (By.KIND, ["Return"]), (By.CAUSE, ["not known"]), (By.CHANNEL, ["not known"]),
    ],
)  # fmt: skip
def test_the_groups_have_names(sold: Shop, how: By, groups: list[str]) -> None:
    assert list(by(sold, Indicator.RETURN_RATE, how)) == groups


def test_a_rate_narrowed_to_a_group_is_that_of_the_group(sold: Shop) -> None:
    found = gather(sold.register)
    for how in (By.PRODUCT, By.CATEGORY, By.SUPPLIER, By.COURIER, By.MONTH, By.CAUSE):
        for indicator in (Indicator.COMPLAINT_RATE, Indicator.RETURN_RATE):
            for one in split(found, indicator, NOVEMBER, how):
                assert one.group is not None
                alone = measure(found, indicator, NOVEMBER.narrowed(how, one.group))
                assert (alone.numerator, alone.denominator, alone.value) == (one.numerator, one.denominator, one.value)


def test_without_sales_there_is_no_rate_and_a_sentence_why(shop: Shop) -> None:
    shop.add(a_case())
    found = told(shop, Indicator.COMPLAINT_RATE)
    assert (found.value, found.numerator, found.judged) == (None, 1, False)
    assert found.why == "No sales of this are known, so there is no rate: import the orders, or type in how much was sold."


def test_sales_typed_by_hand_count_where_no_order_is_there(sold: Shop) -> None:
    sold.add(SalesCount(month=date(2026, 10, 1), orders=62, pieces=93, sales=Decimal("3100.00")), SalesCount(month=date(2026, 11, 1), orders=999))
    sold.add(a_case("2026-10-20 12:00"))
    autumn = Scope(date(2026, 10, 16), date(2026, 11, 30))
    found = told(sold, Indicator.COMPLAINT_RATE, autumn)
    assert (found.numerator, found.denominator) == (4, 25 + 32)  # half of October, day by day; November has orders
    months = by(sold, Indicator.COMPLAINT_RATE, By.MONTH, autumn)
    assert [(name, one.numerator, round(one.denominator)) for name, one in months.items()] == [("October 2026", 1, 32), ("November 2026", 3, 25)]
    assert told(sold, Indicator.COMPLAINT_RATE, autumn.narrowed(By.COURIER, "InPost")).denominator == 15  # which courier nobody typed


def test_months_without_sales_are_left_out_and_named(sold: Shop) -> None:
    sold.add(a_case("2026-08-03 12:00"))
    year = Scope(date(2026, 1, 1), date(2026, 12, 31))
    found = told(sold, Indicator.COMPLAINT_RATE, year)
    assert (found.numerator, found.denominator, found.why) == (3, 25, "Without August 2026: no sales of that time are known.")
    assert by(sold, Indicator.COMPLAINT_RATE, By.MONTH, year)["August 2026"].value is None


def test_complaints_are_told_by_the_channel_the_goods_were_sold_by(shop: Shop) -> None:
    order = shop.add_order(products=[shop.add_product()], channel=shop.channel("Allegro"))
    shop.complains(order=order)  # by e-mail
    assert {name: one.numerator for name, one in by(shop, Indicator.COMPLAINT_RATE, By.CHANNEL).items()} == {"Allegro": 1}
    assert list(by(shop, Indicator.SETTLE, By.CHANNEL)) == ["E-mail"]


# ------------------------------------------------------------------------------------------ times


def test_the_time_to_settle_counts_what_is_still_open(shop: Shop, clock: Any) -> None:
    clock.set("2026-11-30")
    closed = [a_case(f"2026-11-{day:02} 09:00", state=CaseState.CLOSED, closed_on=date(2026, 11, day + took)) for day, took in ((1, 2), (2, 4), (3, 6), (4, 20))]
    shop.add(*closed)
    assert rounded(told(shop, Indicator.SETTLE).value, told(shop, Indicator.SETTLE).most) == [5, 20]  # the middle of 4 and 6
    shop.add(a_case("2026-11-05 09:00"), a_case("2026-11-06 09:00"))
    found = told(shop, Indicator.SETTLE)
    assert (found.value, found.most, found.still_open, found.n) == (13, None, 2, 6)  # half were over between 6 and 20 days
    assert (found.numerator, found.denominator, found.judged) == (32, 4, False)
    shop.add(*(a_case("2026-11-07 09:00") for _n in range(6)))
    assert told(shop, Indicator.SETTLE).why.startswith("Half of them or more are still open")


def test_the_first_answer_is_told_in_hours_and_in_hours_of_the_shop(shop: Shop, clock: Any) -> None:
    clock.set("2026-11-30")
    case = shop.add(a_case("2026-11-13 16:00"))  # a Friday
    shop.add(Message(case=case, at=at("2026-11-13 15:00"), direction=Direction.OUTGOING, text="Wcześniej"))
    shop.add(Message(case=case, at=at("2026-11-16 11:00"), direction=Direction.OUTGOING, text="Dzień dobry"))
    shop.add(Message(case=case, at=at("2026-11-14 11:00"), direction=Direction.INTERNAL, text="Sami dla siebie"))
    found = told(shop, Indicator.FIRST_ANSWER)
    assert (found.value, found.working) == (67, 3)  # open from 9 to 17: one hour on Friday, two on Monday
    shop.changes(ShopRecord, THE_SHOP, open_saturdays=True)
    assert told(shop, Indicator.FIRST_ANSWER).working == 11
    holiday = shop.add(a_case("2026-11-10 17:30"))
    shop.add(Message(case=holiday, at=at("2026-11-12 09:30"), direction=Direction.OUTGOING, text="Dzień dobry"))
    assert measure(gather(shop.register), Indicator.FIRST_ANSWER, Scope(date(2026, 11, 10), date(2026, 11, 10))).working == 0.5  # the 11th is a day off


def test_the_shop_is_on_summer_time_in_summer() -> None:
    told = local(np.array([int(datetime(2026, 7, 1, 10, tzinfo=UTC).timestamp()), MISSING, int(datetime(2026, 10, 25, 0, 30, tzinfo=UTC).timestamp()), int(datetime(2026, 10, 25, 1, 30, tzinfo=UTC).timestamp())]))
    assert (told[1], [datetime.fromtimestamp(int(one), UTC).hour for one in told[[0, 2, 3]]]) == (MISSING, [12, 2, 2])


# ----------------------------------------------------------------------------------------- shares


def test_answered_in_the_statutory_time_counts_silence_as_failure(shop: Shop, clock: Any) -> None:
    clock.set("2026-11-20")
    states = {"2026-11-05": DeadlineState.MET, "2026-11-06": DeadlineState.MISSED, "2026-11-07": DeadlineState.OVERDUE, "2026-11-08": DeadlineState.DROPPED, "2026-11-25": DeadlineState.MET}
    for legal, state in states.items():
        case, day = shop.add(a_case("2026-10-25 09:00")), date.fromisoformat(legal)
        shop.add(Deadline(case=case, rule="PL-CMP-ANSWER", legal=day, nominal=day, start=date(2026, 10, 25), state=state))
        shop.add(Deadline(case=case, rule="PL-WDR-REFUND", legal=day, nominal=day, start=date(2026, 10, 25), state=DeadlineState.MISSED))
    found = told(shop, Indicator.IN_TIME)
    assert (found.numerator, found.denominator) == (1, 3)
    assert rounded(found.value, found.low, found.high) == [33.33, 6.15, 79.23]  # Wilson
    assert len(behind(gather(shop.register), Indicator.IN_TIME, NOVEMBER)[1]) == 3


def test_a_case_settled_at_once_and_one_opened_again(shop: Shop) -> None:
    shop.fills_in_letterhead()
    who = shop.add_customer()
    first, second = (shop.complains(received_at=at("2026-11-20 10:00"), customer=who) for _n in range(2))
    for case in (first, second):
        shop.decides(case)
        shop.answers(case)
        shop.steps(shop.register.get(Case, case.id), Step.CLOSE)
    assert told(shop, Indicator.FIRST_CONTACT).value == 100
    shop.steps(shop.register.get(Case, second.id), Step.REOPEN)
    assert shop.register.get(Case, second.id).reopened_on == date(2026, 11, 22)
    assert rounded(told(shop, Indicator.FIRST_CONTACT).value, told(shop, Indicator.REOPENED).value) == [100, 50]
    shop.decides(second)
    shop.answers(second)
    shop.steps(second, Step.CLOSE)
    again = told(shop, Indicator.REOPENED)
    assert (again.numerator, again.denominator, told(shop, Indicator.FIRST_CONTACT).value) == (1, 3, 50)
    assert behind(gather(shop.register), Indicator.REOPENED, NOVEMBER) == (Case, [second.id])


def test_actions_that_helped(shop: Shop) -> None:
    who = shop.add(Person(name="Ola"))
    done = {"owner": who, "plan": "p", "criterion": "c", "done_on": date(2026, 9, 1), "verified_by": who, "verdict_reasons": "v", "opened_on": date(2026, 8, 1), "verified_on": date(2026, 11, 3)}
    states = (ActionState.EFFECTIVE, ActionState.CLOSED, ActionState.INEFFECTIVE, ActionState.DONE)
    shop.add(*(Action(number=f"D/{at}", name="Karton", state=state, **done) for at, state in enumerate(states)))
    found = told(shop, Indicator.EFFECTIVENESS)
    assert (found.numerator, found.denominator) == (2, 3)
    with pytest.raises(Known, match="can't be told by “Courier”"):
        split(gather(shop.register), Indicator.EFFECTIVENESS, NOVEMBER, By.COURIER)
    assert measure(gather(shop.register), Indicator.EFFECTIVENESS, NOVEMBER.narrowed(By.COURIER, "DPD")).value is None


def test_the_conformity_of_audits_is_points_of_points(shop: Shop) -> None:
    for weight, value in ((3, "yes"), (1, "no")):
        asked = [{"wording": "Czy?", "type": QuestionType.YES_NO, "weight": weight, "critical": True}, {"wording": "A to?", "type": QuestionType.YES_NO, "weight": 5}]
        audit = shop.begins_audit(shop.checklist(f"Pakowanie {weight}", asked))
        shop.answers_question(audit, 1, value, "Widziane.")
        shop.answers_question(audit, 2, "not_applicable")
        shop.finishes_audit(audit)
    found = told(shop, Indicator.CONFORMITY)
    assert (found.numerator, found.denominator, found.value, found.n, found.why) == (3, 4, 75, 2, "1 of them was not passed, whatever its points.")


# ----------------------------------------------------------------------------------- satisfaction


def test_satisfaction_reads_the_answers_to_its_own_questions(shop: Shop) -> None:
    survey = shop.add(Survey(name="Po zakupie", made_on=date(2026, 11, 1)))
    asked = {kind: shop.add(SurveyQuestion(survey=survey, kind=kind, wording=kind.value)) for kind in (QuestionKind.NPS, QuestionKind.CSAT, QuestionKind.CES)}
    order = shop.add_order(products=[shop.add_product()], courier="DPD")
    for number, points in enumerate(((10, 5, 7), (9, 4, 6), (7, 3, 5), (3, 1, 2))):
        response = shop.add(SurveyResponse(survey=survey, token=str(number), answered_at=at("2026-11-10 10:00"), order=order if number < 2 else None))
        shop.add(*(SurveyAnswer(response=response, question=question, points=given) for question, given in zip(asked.values(), points, strict=True)))
    shop.add(Opinion(place="Ceneo", written_on=date(2026, 11, 10), stars=1))
    nps, csat, ces = (told(shop, one) for one in (Indicator.NPS, Indicator.CSAT, Indicator.CES))
    assert (nps.value, nps.numerator, nps.denominator) == (25, 1, 4)
    assert rounded(nps.low, nps.high) == [-56.26, 100]  # 25 ± 1.96 · √((0.75 - 0.25²) / 4) · 100
    assert (csat.value, csat.numerator, csat.n, csat.why) == (50, 2, 4, "Too few to judge: 4, it takes at least 10.")
    assert (ces.value, ces.numerator) == (5, 20)
    assert {name: one.value for name, one in by(shop, Indicator.NPS, By.COURIER).items()} == {"DPD": 100, "not known": -50}
    assert {name: one.n for name, one in by(shop, Indicator.CSAT, By.PRODUCT).items()} == {"Buty trekkingowe 42": 2, "not known": 2}
    assert behind(gather(shop.register), Indicator.CSAT, NOVEMBER)[0] is SurveyResponse


# ----------------------------------------------------------------------------------------- costs


def test_the_cost_of_poor_quality_is_what_failing_cost(shop: Shop) -> None:
    cup, plate = shop.add_product("KUB", "Kubek", category="Kubki"), shop.add_product("TAL", "Talerz", category="Talerze")
    shop.add_order(products=[cup], quantity=10)  # for 2999.00
    case = shop.add(a_case(refund=Decimal("40.00"), refunded_on=date(2026, 11, 15), currency="PLN"))
    shop.add(CaseItem(case=case, product=cup, name="Kubek"), CaseItem(case=case, product=plate, name="Talerz"))
    shop.add(QualityCost(on=date(2026, 11, 12), kind=CostKind.POSTAGE_FROM_CUSTOMER, amount=Decimal("19.98"), case=case))
    shop.add(QualityCost(on=date(2026, 11, 12), kind=CostKind.TRAINING, amount=Decimal("500.00")))
    found, share = told(shop, Indicator.QUALITY_COST), told(shop, Indicator.QUALITY_COST_SHARE)
    assert (found.value, found.n, found.why) == (59.98, 2, "")
    assert (share.numerator, share.denominator, rounded(share.value)) == (59.98, 2999, [2.0])
    assert {name: one.value for name, one in by(shop, Indicator.QUALITY_COST, By.PRODUCT).items()} == {"Kubek": 29.99, "Talerz": 29.99}
    assert told(shop, Indicator.QUALITY_COST, NOVEMBER.narrowed(By.CATEGORY, "Kubki")).value == 29.99
    shop.changes(ShopRecord, THE_SHOP, hourly_rate=Decimal("60.00"), usual_minutes=20)
    found = told(shop, Indicator.QUALITY_COST)
    assert (found.value, found.why) == (79.98, "25\u00a0% of it is estimated.")
    shop.add(QualityCost(on=date(2026, 11, 13), kind=CostKind.WORK, minutes=6, case=case))
    assert (told(shop, Indicator.QUALITY_COST).value, told(shop, Indicator.QUALITY_COST).why) == (65.98, "")


def test_goods_that_came_back_as_new_are_no_loss(shop: Shop) -> None:
    case = shop.add(a_case(kind=CaseKind.RETURN, refund=Decimal("54.99"), refunded_on=date(2026, 11, 15)))
    shop.add(CaseItem(case=case, name="Kubek", quantity=2, unit_price=Decimal("20.00"), outcome=Outcome.REFUNDED))
    assert told(shop, Indicator.QUALITY_COST).value == 54.99
    terms = shop.add(ReturnDetails(case=case, condition=Condition.AS_NEW, inspected_on=date(2026, 11, 14)))
    assert told(shop, Indicator.QUALITY_COST).value == 14.99  # the delivery that was paid back
    shop.changes(ReturnDetails, terms, condition=Condition.DAMAGED)
    assert told(shop, Indicator.QUALITY_COST).value == 54.99


def test_where_nothing_is_known_of_costs_it_says_how_to_tell_them(shop: Shop) -> None:
    found = told(shop, Indicator.QUALITY_COST)
    assert (found.value, found.judged, found.why[:31]) == (0, False, "No cost is known in the period:")


# --------------------------------------------------------------------------------- all of them


def test_every_indicator_tells_an_empty_shop_that_there_is_nothing(shop: Shop) -> None:
    found = gather(shop.register)
    for indicator, definition in DEFINITIONS.items():
        one = measure(found, indicator, NOVEMBER)
        assert (bool(one.value), one.n, one.judged, bool(one.why)) == (False, 0, False, True), indicator
        assert behind(found, indicator, NOVEMBER)[1] == []
        assert [split(found, indicator, NOVEMBER, how) for how in definition.splits] == [[]] * len(definition.splits)
    assert set(DEFINITIONS) == set(Indicator)


def rows_of(found: Facts) -> Iterator[tuple[str, Rows]]:
    for name in ("cases", "items", "deadlines", "answers", "actions", "audits", "costs"):
        yield name, getattr(found, name)
    for name in ("orders", "lines", "typed"):
        yield name, getattr(found.sales, name)


def same(one: Facts, other: Facts) -> None:
    for (name, ours), (_name, theirs) in zip(rows_of(one), rows_of(other), strict=True):
        pairs = [(ours.id, theirs.id), (ours.day, theirs.day)]
        for mine, its in ((ours.groups, theirs.groups), (ours.columns, theirs.columns), (_groups(ours), _groups(theirs))):
            assert set(mine) == set(its), name
            pairs += [(mine[key], its[key]) for key in mine]
        assert all(np.array_equal(mine, its) for mine, its in pairs), name
    assert (one.on, one.shop) == (other.on, other.shop)
    assert all(getattr(one.words, name) == getattr(other.words, name) for name in ("titles", "texts", "choices", "last"))


def _groups(rows: Rows) -> dict[Any, Any]:
    return {} if rows.parts is None else {None: rows.parts.row, **rows.parts.groups}


def test_facts_read_again_after_any_verb_are_as_read_anew(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    shop.fills_in_letterhead()
    now = gather(shop.register)
    done, checked = shop.register.do, []

    def do(label: str, operation: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        nonlocal now
        result = done(label, operation, *args, **kwargs)
        change: Change = result.change
        now = now.renewed(shop.register, change.ids)
        same(now, gather(shop.register))
        checked.append(label)
        return result

    monkeypatch.setattr(shop.register, "do", do)
    order = shop.add_order(products=[shop.add_product(cost=Decimal("12.00")), shop.add_product("SKA", "Skarpety")], courier="DPD", customer=shop.add_customer())
    case = shop.complains(order=order)
    shop.says(case, "Proszę o zdjęcie", Direction.OUTGOING)
    shop.decides(case)
    shop.answers(case)
    shop.steps(shop.register.get(Case, case.id), Step.CLOSE)
    shop.steps(shop.register.get(Case, case.id), Step.REOPEN)
    shop.returns(order=order)
    shop.add(QualityCost(on=date(2026, 11, 12), kind=CostKind.WORK, minutes=5, case=case.id), SalesCount(month=date(2026, 10, 1), orders=10))
    shop.changes(Product, 1, category="Buty")
    shop.changes(ShopRecord, THE_SHOP, hourly_rate=Decimal("60.00"), usual_minutes=20)
    shop.add(Supplier(name="Szewc"))
    assert len(checked) > 12


def test_what_does_not_count_is_not_read_again(shop: Shop) -> None:
    found = gather(shop.register)
    assert found.renewed(shop.register, {Opinion}) is found
    assert found.renewed(shop.register, {Case}).sales is found.sales
    assert {kind.spec.table for kind in facts.READ} >= {"case", "case_item", "order_line", "deadline", "survey_answer"}


# ----------------------------------------------------------------------------- the arithmetic of rows


@st.composite
def tables(draw: st.DrawFn) -> tuple[Rows, Any]:
    """Rows of some days with a group each, and with parts that have two sorts of groups."""
    many = draw(st.integers(1, 30))
    day = np.array(draw(st.lists(st.integers(0, 60), min_size=many, max_size=many)))
    group = np.array(draw(st.lists(st.integers(0, 3), min_size=many, max_size=many)))
    row = np.sort(np.concatenate((np.arange(many), np.array(draw(st.lists(st.integers(0, many - 1), max_size=30)), dtype=np.int64))))
    product, supplier = (np.array(draw(st.lists(st.integers(0, 4), min_size=len(row), max_size=len(row)))) for _n in range(2))
    rows = in_order(Case, np.arange(1, many + 1), day, {By.CAUSE: group}, Parts(row, {By.PRODUCT: product, By.SUPPLIER: supplier}), weight=day + 1.0)
    return rows, draw(st.lists(st.tuples(st.sampled_from((By.CAUSE, By.PRODUCT, By.SUPPLIER)), st.integers(0, 4)), max_size=3))


@settings(derandomize=True, max_examples=150, deadline=None)
@given(tables(), st.integers(0, 60), st.integers(0, 60))
def test_a_split_adds_up_to_the_whole_and_narrowing_takes_away(made: tuple[Rows, Any], first: int, more: int) -> None:
    rows, only = made
    scope = Scope(date(1970, 1, 1) + timedelta(days=first), date(1970, 1, 1) + timedelta(days=first + more))
    taken = rows.taken(scope, only)
    whole = taken.sums(None, {"w": taken["weight"]})[None]["w"]
    for how in (By.CAUSE, By.MONTH, By.WEEK):
        assert sum(one["w"] for one in taken.sums(how, {"w": taken["weight"]}).values()) == pytest.approx(whole)
    shared = taken.shared(None, {"w": taken["weight"]})[None]["w"]
    assert shared <= whole + 1e-9
    for how in (By.CAUSE, By.PRODUCT, By.SUPPLIER, By.MONTH):
        assert sum(one["w"] for one in taken.shared(how, {"w": taken["weight"]}).values()) == pytest.approx(shared)
    for how in (By.PRODUCT, By.SUPPLIER):
        assert sum(one["w"] for one in taken.sums(how, {"w": taken["weight"]}).values()) >= whole - 1e-9
    wider = rows.taken(scope, only[:-1])
    assert only == [] or only[-1][0] in {one for one, _code in only[:-1]} or set(taken.ids) <= set(wider.ids)
    assert set(taken.ids) <= set(rows.taken(scope).ids)


@settings(derandomize=True, max_examples=150, deadline=None)
@given(tables())
def test_narrowing_by_what_a_row_consists_of_wants_one_part_that_is_all_of_it(made: tuple[Rows, Any]) -> None:
    rows, only = made
    assert rows.parts is not None
    parts: dict[int, list[tuple[int, int]]] = {}
    for row, product, supplier in zip(rows.parts.row, rows.parts.groups[By.PRODUCT], rows.parts.groups[By.SUPPLIER], strict=True):
        parts.setdefault(int(row), []).append((int(product), int(supplier)))
    wanted = {how: {code for one, code in only if one is how} for how in (By.CAUSE, By.PRODUCT, By.SUPPLIER)}

    def fits(row: int) -> bool:
        own = not wanted[By.CAUSE] or int(rows.groups[By.CAUSE][row]) in wanted[By.CAUSE]
        return own and any((not wanted[By.PRODUCT] or product in wanted[By.PRODUCT]) and (not wanted[By.SUPPLIER] or supplier in wanted[By.SUPPLIER]) for product, supplier in parts[row])

    everything = Scope(date(1969, 1, 1), date(1971, 1, 1))
    assert set(rows.taken(everything, only).ids) == {int(rows.id[row]) for row in range(len(rows)) if fits(row)}
