"""From a register to charts: each mark tells what was counted, and the records behind it are exactly those."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from qmdesk.analysis.control import ChartKind
from qmdesk.analysis.measured import Measured, Unit
from qmdesk.analysis.said import figure, interval
from qmdesk.errors import Known
from qmdesk.operations import cases, keeping
from qmdesk.operations.figures import chart_files, chart_series, early_warning
from qmdesk.operations.figures.chart_series import Shown, told_of
from qmdesk.operations.figures.facts import Facts, gather
from qmdesk.operations.figures.periods import FIRST, LAST, Stretch, around, period_words, stepped
from qmdesk.operations.figures.scope import By, Period, Scope
from qmdesk.operations.figures.turns import turn
from qmdesk.records.case import Case, CaseItem, CaseState
from qmdesk.records.lists import Cause
from qmdesk.records.measures import CostKind, Event, Indicator, IndicatorTarget, QualityCost, SalesCount
from qmdesk.records.product import Batch, Order, OrderLine, Product
from qmdesk.register import Transaction
from qmdesk.schema.query import Query, these
from qmdesk.schema.record import Record
from tests.clock import standing
from tests.shop import Shop, open_shop

TODAY = date(2026, 11, 22)
OCTOBER = Scope(date(2026, 10, 1), date(2026, 10, 31))
YEAR = Scope(date(2025, 12, 1), date(2026, 11, 30))


def noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    with standing("2026-11-22"), open_shop(tmp_path / "shop.qmd") as opened:
        yield opened


class Counted:
    """A shop that sold 60 mugs and 40 bowls in each of September, October and November, by two couriers."""

    def __init__(self, shop: Shop) -> None:
        self.shop, self.register = shop, shop.register
        self.mug, self.bowl = (self.add(Product(name=name, category=name)) for name in ("Mug", "Bowl"))
        causes = {one.code: one.id for one in self.register.records(Query(Cause))}
        self.damage = causes.pop("TRANSPORT")
        self.other = max(causes.values())
        self.orders: dict[tuple[str, int], list[int]] = {}
        self.register.do("Sell", self._sell)

    def add(self, draft: Record) -> int:
        return self.register.do(keeping.NEW, keeping.add, draft).result

    def _sell(self, tx: Transaction) -> None:
        for month in (9, 10, 11):
            for number in range(100):
                product, name = (self.mug, "Mug") if number < 60 else (self.bowl, "Bowl")
                order = tx.add(Order(number=f"{month}-{number}", ordered_at=noon(date(2026, month, 1 + number % 20)), courier="Bike" if number % 2 else "Van"))
                tx.add(OrderLine(order=order, product=product, name=name, quantity=1, unit_price=Decimal(20)))
                self.orders.setdefault((name, month), []).append(order)

    def complaint(self, day: date, product: int | None = None, cause: int | None = None, order: int | None = None, hour: int = 12) -> int:
        received = datetime(day.year, day.month, day.day, hour, tzinfo=UTC)
        items = (CaseItem(case=1, product=product, name="x", quantity=1),) if product else ()
        return self.register.do(cases.TAKE_IN, cases.take_in, Case(received_at=received, description="Broken", cause=cause, order=order), items).result.id

    def closes(self, case: int, on: date) -> None:
        self.register.do("Close", lambda tx: tx.change(tx.get(Case, case), closed_on=on, state=CaseState.CLOSED))

    @property
    def facts(self) -> Facts:
        return gather(self.register)

    def told(self, scope: Scope = YEAR) -> chart_series.Told:
        return told_of(self.register, scope)


@pytest.fixture
def counted(shop: Shop) -> Counted:
    return Counted(shop)


def table(shown: Shown) -> dict[str, tuple[object, ...]]:
    return {str(row[0]): row[1:] for row in shown.chart.table().rows}


def test_trend_tells_each_month_and_opens_its_complaints(counted: Counted) -> None:
    september = [counted.complaint(date(2026, 9, 3), counted.mug), counted.complaint(date(2026, 9, 30), counted.bowl)]
    october = [counted.complaint(date(2026, 10, day), counted.mug) for day in (1, 9, 31)]
    shown = chart_series.trend(counted.facts, Indicator.COMPLAINT_RATE, YEAR, counted.told())
    rows = table(shown)
    assert len(rows) == 12
    assert rows["September 2026"][0] == 2.0
    assert rows["October 2026"][0] == 3.0
    assert rows["October 2026"][3] == 100
    assert rows["August 2026"][0] is None, "nothing was sold and nothing complained of: no rate, not a rate of nothing"
    assert sorted(shown.behind(9).ids) == september
    assert shown.behind(10).kind is Case
    assert sorted(shown.behind(10).ids) == october
    assert shown.behind(10).words == "Complaint rate: October 2026"


def test_trend_holds_its_target_and_the_events_on_their_days(counted: Counted) -> None:
    counted.complaint(date(2026, 10, 9), counted.mug)
    counted.add(IndicatorTarget(indicator=Indicator.COMPLAINT_RATE, target=Decimal(2), bound=Decimal(4)))
    counted.add(Event(on=date(2026, 10, 16), what="New supplier"))
    counted.add(Event(on=date(2019, 1, 1), what="Long ago"))
    chart = chart_series.trend(counted.facts, Indicator.COMPLAINT_RATE, YEAR, counted.told()).chart
    assert (chart.target, chart.bound) == (2.0, 4.0)  # type: ignore[attr-defined]
    (pin,) = chart.pins  # type: ignore[attr-defined]
    assert pin.name == "New supplier"
    assert pin.at == pytest.approx(10, abs=0.02), "the middle of October is the middle of its place"


def test_weeks_are_compared_with_the_same_weeks_a_year_before(counted: Counted) -> None:
    counted.complaint(date(2026, 11, 17), counted.mug)
    counted.add(Order(number="old", ordered_at=noon(date(2025, 11, 18))))
    counted.complaint(date(2025, 11, 19), counted.mug)
    rows = chart_series.trend(counted.facts, Indicator.COMPLAINT_RATE, YEAR, counted.told(), By.WEEK).chart.table().rows
    week = next(row for row in rows if "16 Nov 2026" in str(row[0]))
    assert week[1] == 4.0, "one complaint on the 25 orders of Monday to Friday"
    assert week[5] == 100.0, "one order and one complaint in the same week of last year"


def test_groups_come_worst_first_with_their_records(counted: Counted) -> None:
    bowls = [counted.complaint(date(2026, 10, day), counted.bowl) for day in range(1, 9)]
    counted.complaint(date(2026, 10, 3), counted.mug)
    shown = chart_series.by_group(counted.facts, Indicator.COMPLAINT_RATE, OCTOBER, By.PRODUCT, counted.told(OCTOBER))
    assert [row[0] for row in shown.chart.table().rows] == ["Bowl", "Mug"]
    assert table(shown)["Bowl"][0] == 20.0
    assert sorted(shown.behind(0).ids) == bowls
    assert "Worst: Bowl, 20\u00a0%" in shown.chart.about.sentence


def test_one_group_being_worst_is_not_called_more_than_chance(counted: Counted) -> None:
    counted.complaint(date(2026, 10, 3), counted.bowl)
    counted.complaint(date(2026, 10, 3), counted.mug)
    sentence = chart_series.by_group(counted.facts, Indicator.COMPLAINT_RATE, OCTOBER, By.PRODUCT, counted.told(OCTOBER)).chart.about.sentence
    assert "may be chance" in sentence


def test_pareto_by_cause_opens_the_cases_of_its_bar(counted: Counted) -> None:
    damaged = [counted.complaint(date(2026, 10, day), counted.mug, counted.damage) for day in (1, 2, 3, 4)]
    counted.complaint(date(2026, 10, 5), counted.mug, counted.other)
    shown = chart_series.pareto_chart(counted.facts, OCTOBER, By.CAUSE, counted.told(OCTOBER))
    assert shown.chart.table().rows[0] == ("Damaged in transport", 4, 80.0, True, 0)
    assert sorted(shown.behind(0).ids) == damaged


def test_control_chart_finds_the_bad_month_and_opens_it(counted: Counted) -> None:
    bad = []
    for month, many in ((9, 3), (10, 3), (11, 30)):
        cases = [counted.complaint(date(2026, month, 1 + number % 20), counted.mug) for number in range(many)]
        bad = cases
    shown = chart_series.control_chart(counted.facts, Indicator.COMPLAINT_RATE, YEAR, counted.told(), By.MONTH, ChartKind.U)
    rows = table(shown)
    assert rows["November 2026"][0] == 30.0
    assert rows["November 2026"][2] == pytest.approx(12.0), "centre: 36 complaints on 300 orders"
    assert rows["November 2026"][4] == pytest.approx(100 * (0.12 + 3 * (0.12 / 100) ** 0.5))
    assert "A point beyond a limit" in str(rows["November 2026"][5])
    assert sorted(shown.behind(2).ids) == bad
    assert shown.chart.provisional, "three months are no baseline"  # type: ignore[attr-defined]


def test_rare_complaints_go_on_a_chart_of_gaps_in_orders(counted: Counted) -> None:
    cases = [counted.complaint(date(2026, 9, 10)), counted.complaint(date(2026, 10, 10)), counted.complaint(date(2026, 11, 10))]
    shown = chart_series.control_chart(counted.facts, Indicator.COMPLAINT_RATE, YEAR, counted.told())
    assert [row[1] for row in shown.chart.table().rows] == [100.0, 100.0], "half a month of orders after the first, half before the second"
    assert shown.behind(1).ids == [cases[2]]


def test_crossing_counts_where_product_and_cause_meet(counted: Counted) -> None:
    both = [counted.complaint(date(2026, 10, day), counted.mug, counted.damage) for day in (1, 2, 3)]
    counted.complaint(date(2026, 10, 5), counted.bowl, counted.other)
    shown = chart_series.crossing(counted.facts, OCTOBER, By.PRODUCT, By.CAUSE, counted.told(OCTOBER))
    chart = shown.chart.table()
    assert chart.rows[0] == ("Mug", "Damaged in transport", 3.0, 3)
    assert len(chart.rows) == 2, "where nothing is there is no row"
    assert sorted(shown.behind(chart.mark(0)).ids) == both
    assert "Mug, Damaged in transport: 3 complaints" in shown.chart.about.sentence


def test_of_many_products_the_rare_ones_share_a_row_that_opens_all_of_them(counted: Counted, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chart_series, "ROWS_APART", 1)
    for day in (1, 2, 3):
        counted.complaint(date(2026, 10, day), counted.mug, counted.damage)
    rare = [counted.complaint(date(2026, 10, 5), counted.bowl, counted.damage), counted.complaint(date(2026, 10, 6), counted.add(Product(name="Vase")), counted.damage)]
    shown = chart_series.crossing(counted.facts, OCTOBER, By.PRODUCT, By.CAUSE, counted.told(OCTOBER))
    assert [row[:3] for row in shown.chart.table().rows] == [("Mug", "Damaged in transport", 3.0), ("all the others", "Damaged in transport", 2.0)]
    assert sorted(shown.behind(shown.chart.table().mark(1)).ids) == rare


def test_case_of_two_products_is_where_both_are(counted: Counted) -> None:
    items = tuple(CaseItem(case=1, product=product, name="x", quantity=1) for product in (counted.mug, counted.bowl))
    case = counted.register.do(cases.TAKE_IN, cases.take_in, Case(received_at=noon(date(2026, 10, 7)), description="Broken", cause=counted.damage), items).result.id
    shown = chart_series.crossing(counted.facts, OCTOBER, By.PRODUCT, By.CAUSE, counted.told(OCTOBER))
    assert [row[:3] for row in shown.chart.table().rows] == [("Bowl", "Damaged in transport", 1.0), ("Mug", "Damaged in transport", 1.0)]
    assert [shown.behind(place).ids for place in (0, 1)] == [[case], [case]]


def test_damage_on_the_way_is_a_rate_by_category_and_courier(counted: Counted) -> None:
    vans = counted.orders["Bowl", 10][0::2]
    hit = [counted.complaint(date(2026, 10, 21), counted.bowl, counted.damage, order) for order in vans[:4]]
    counted.complaint(date(2026, 10, 21), counted.bowl, counted.other, vans[5])
    shown = chart_series.damage(counted.facts, OCTOBER, counted.told(OCTOBER))
    rows = {(row[0], row[1]): row for row in shown.chart.table().rows}
    assert rows["Bowl", "Van"][2:] == (20.0, 20)
    place = next(at for at, row in enumerate(shown.chart.table().rows) if row[:2] == ("Bowl", "Van"))
    assert sorted(shown.behind(shown.chart.table().mark(place)).ids) == hit


def test_damage_needs_a_cause_with_its_code(counted: Counted) -> None:
    counted.register.do(keeping.CHANGE, keeping.change, Cause, counted.damage, {"code": ""})
    with pytest.raises(Known, match="TRANSPORT"):
        chart_series.damage(counted.facts, OCTOBER, counted.told(OCTOBER))


def test_clock_counts_by_weekday_and_hour_of_the_shop(counted: Counted) -> None:
    case = counted.complaint(date(2026, 10, 7), hour=9)  # a Wednesday
    local = datetime(2026, 10, 7, 9, tzinfo=UTC).astimezone()
    shown = chart_series.clock_chart(counted.facts, OCTOBER, counted.told(OCTOBER))
    (row,) = shown.chart.table().rows
    assert row == ("Wednesday", str(local.hour), 1.0, 1)
    assert shown.behind(shown.chart.table().mark(0)).ids == [case]


def test_open_cases_by_their_age_whenever_they_came(counted: Counted) -> None:
    old, fresh = counted.complaint(date(2026, 9, 1)), counted.complaint(date(2026, 11, 21))
    shown = chart_series.ages(counted.facts, OCTOBER, counted.told(OCTOBER))
    rows = table(shown)
    assert rows["0–3 days"][-1] == 1
    assert rows["over 30 days"][-1] == 1
    assert shown.behind(4).ids == [old]
    assert shown.behind(0).ids == [fresh]


def test_settling_counts_the_open_ones_and_opens_those_of_a_step(counted: Counted) -> None:
    case = counted.complaint(date(2026, 11, 10))
    counted.complaint(date(2026, 11, 12))
    counted.closes(case, date(2026, 11, 20))
    shown = chart_series.settling(counted.facts, YEAR, counted.told())
    ((days, share, *_rest),) = shown.chart.table().rows
    assert (days, share) == (10.0, 50.0)
    assert shown.behind(0).ids == [case]
    assert len(shown.chart.still_open) == 1  # type: ignore[attr-defined]


def test_costs_are_kept_apart_by_what_they_were_for(counted: Counted) -> None:
    for kind, amount in ((CostKind.GOODS_LOST, 50), (CostKind.INSPECTION, 20), (CostKind.TRAINING, 10)):
        counted.add(QualityCost(on=date(2026, 10, 5), kind=kind, amount=Decimal(amount)))
    shown = chart_series.cost_by_month(counted.facts, YEAR, counted.told())
    rows = table(shown)
    assert rows["Oct 26"] == (50.0, 20.0, 10.0, 80.0)
    assert shown.behind(10).kind is QualityCost or shown.behind(10).ids == []
    by_line = chart_series.cost_by_line(counted.facts, OCTOBER, counted.told(OCTOBER)).chart.table().rows
    assert [(row[0], row[3], row[4]) for row in by_line] == [("Goods lost", 50.0, "Cost of failure"), ("Inspection of goods", 20.0, "Cost of appraisal"), ("Training", 10.0, "Cost of prevention")]


def test_a_chart_over_time_says_what_it_shows_and_not_the_short_scope(counted: Counted) -> None:
    mugs = OCTOBER.narrowed(By.PRODUCT, counted.mug)
    counted.complaint(date(2026, 10, 9), counted.mug)
    told, facts = counted.told(mugs), counted.facts
    assert told.scope == "1 Oct 2026 to 31 Oct 2026, Product: Mug"
    for shown in (chart_series.trend(facts, Indicator.COMPLAINT_RATE, mugs, told), chart_series.cost_by_month(facts, mugs, told)):
        assert shown.chart.about.scope == "1 Nov 2025 to 31 Oct 2026, Product: Mug"
    assert chart_series.control_chart(facts, Indicator.COMPLAINT_RATE, mugs, told).chart.about.scope.endswith("to 31 Oct 2026, Product: Mug")
    year = counted.told()
    assert chart_series.trend(facts, Indicator.COMPLAINT_RATE, YEAR, year).chart.about.scope == year.scope


def test_bad_batch_is_warned_of_and_opens_its_cases(counted: Counted) -> None:
    batch = counted.add(Batch(product=counted.mug, code="L-0412", received_on=date(2026, 11, 1), quantity=60))
    counted.add(Batch(product=counted.mug, code="L-0301", received_on=date(2026, 8, 1), quantity=500))
    bad = [counted.complaint(date(2026, 11, 20), counted.mug, order=counted.orders["Mug", 11][at]) for at in range(8)]
    counted.complaint(date(2026, 10, 10), counted.mug, order=counted.orders["Mug", 10][0])
    found = early_warning.suspects(counted.register, counted.facts, TODAY)
    shown = chart_series.warnings(found, counted.told())
    first = shown.chart.table().rows[0]
    assert first[:3] == ("Batch L-0412 (Mug)", 8, 60)
    assert first[6] is True
    bar = shown.chart.chart.bars[0]
    assert 0 < bar.low < bar.value < bar.high < 100, "a share of the pieces sold, never more than all of them"
    assert sorted(shown.behind(0).ids) == bad
    assert "Batch L-0412 (Mug): 8 of 60 complained of" in shown.chart.about.sentence
    assert batch


def test_nothing_to_warn_of_is_said(counted: Counted) -> None:
    counted.complaint(date(2026, 11, 10), counted.mug, order=counted.orders["Mug", 11][0])
    shown = chart_series.warnings(early_warning.suspects(counted.register, counted.facts, TODAY), counted.told())
    assert shown.chart.about.sentence == "No batch and no product is complained of more than chance explains."


def test_typed_sales_are_enough_for_a_trend(shop: Shop) -> None:
    shop.register.do(keeping.NEW, keeping.add, SalesCount(month=date(2026, 10, 1), orders=200))
    shop.register.do(cases.TAKE_IN, cases.take_in, Case(received_at=noon(date(2026, 10, 5)), description="Broken"), ())
    shown = chart_series.trend(gather(shop.register), Indicator.COMPLAINT_RATE, YEAR, told_of(shop.register, YEAR))
    assert table(shown)["October 2026"][0] == pytest.approx(0.5)


# -------------------------------------------------------------------------------- periods, words, files


@pytest.mark.parametrize(
    ("stretch", "since", "until"),
    [
        (Stretch.MONTH, date(2026, 11, 1), date(2026, 11, 30)), (Stretch.QUARTER, date(2026, 10, 1), date(2026, 12, 31)),
        (Stretch.YEAR, date(2026, 1, 1), date(2026, 12, 31)), (Stretch.TWELVE, date(2025, 12, 1), date(2026, 11, 30)),
    ],
)  # fmt: skip
def test_stretches_lie_around_a_day(stretch: Stretch, since: date, until: date) -> None:
    assert around(stretch, TODAY) == Period(since, until)


def test_steps_lead_there_and_back() -> None:
    for stretch in (Stretch.MONTH, Stretch.QUARTER, Stretch.YEAR, Stretch.TWELVE):
        here = around(stretch, TODAY)
        assert stepped(stretch, stepped(stretch, here, -1), 1) == here
        assert stepped(stretch, here, -1).until < here.until
    own = Period(date(2026, 3, 5), date(2026, 3, 14))
    assert stepped(Stretch.OWN, own, -1) == Period(date(2026, 2, 23), date(2026, 3, 4))
    assert stepped(Stretch.MONTH, around(Stretch.MONTH, date(2026, 3, 31)), -1) == Period(date(2026, 2, 1), date(2026, 2, 28))


@pytest.mark.parametrize("stretch", Stretch)
def test_a_period_stays_at_the_ends_of_time(stretch: Stretch) -> None:
    for end, steps in ((FIRST, -1), (LAST, 1)):
        period = Period(end, end) if stretch is Stretch.OWN else around(stretch, end)
        if stretch is Stretch.TWELVE and end == FIRST:
            period = stepped(stretch, period, 11)
        assert stepped(stretch, period, steps) == period
        assert period.before.until < period.since
    long = Period(FIRST, LAST)
    assert stepped(Stretch.OWN, long, 1) == stepped(Stretch.OWN, long, -1) == long


def test_periods_are_named_as_a_person_would() -> None:
    assert period_words(around(Stretch.MONTH, TODAY)) == "November 2026"
    assert period_words(around(Stretch.YEAR, TODAY)) == "2026"
    assert period_words(around(Stretch.TWELVE, TODAY)) == "1 Dec 2025 to 30 Nov 2026"


@pytest.mark.parametrize(
    ("value", "unit", "said"),
    [(2.44, Unit.PERCENT, "2.4\u00a0%"), (0.544, Unit.PERCENT, "0.54\u00a0%"), (100.0, Unit.PERCENT, "100\u00a0%"), (1, Unit.DAYS, "1 day"), (3.5, Unit.DAYS, "3.5\u00a0days"), (26.0, Unit.HOURS, "26\u00a0h"), (-12.0, Unit.POINTS, "-12"), (1012.4, Unit.MONEY, "PLN\u00a01,012"), (59.9, Unit.MONEY, "PLN\u00a059.90")],
)  # fmt: skip
def test_figures_are_said_to_as_many_digits_as_they_are_worth(value: float, unit: Unit, said: str) -> None:
    assert figure(value, unit) == said


def measured(hits: float, of: float, low: float | None = None, high: float | None = None) -> Measured:
    return Measured(None, "", 100 * hits / of, hits, of, round(of), low, high, Unit.PERCENT)


def test_turns_say_which_way_whether_it_is_good_and_whether_it_is_chance() -> None:
    assert turn(Indicator.COMPLAINT_RATE, measured(30, 1000), measured(80, 1000)).words == "↓ Lower than in the period before (8\u00a0%): better."
    assert turn(Indicator.COMPLAINT_RATE, measured(7, 100), measured(8, 100)).words == "↓ Lower than in the period before (8\u00a0%): better, or chance."
    worse = turn(Indicator.IN_TIME, measured(50, 100), measured(95, 100))
    assert (worse.better, worse.sure) == (False, True)
    assert turn(Indicator.COMPLAINT_RATE, measured(8, 100), measured(80, 1000)).words.startswith("→")
    nothing = Measured(None, "", None, 0, 0, 0, None, None, Unit.PERCENT, "why")
    assert turn(Indicator.COMPLAINT_RATE, measured(8, 100), nothing).better is None
    assert interval(measured(8, 100, 3.5, 15.2)) == "3.5\u00a0% to 15.2\u00a0%"


def test_a_chart_is_saved_as_picture_drawing_and_numbers(counted: Counted, tmp_path: Path) -> None:
    counted.complaint(date(2026, 10, 9), counted.mug)
    chart = chart_series.trend(counted.facts, Indicator.COMPLAINT_RATE, YEAR, counted.told()).chart
    chart_files.save_picture(chart, tmp_path / "a.png")
    chart_files.save_picture(chart, tmp_path / "a.svg")
    assert (tmp_path / "a.png").read_bytes().startswith(b"\x89PNG")
    assert "Complaint rate" in (tmp_path / "a.svg").read_text(encoding="utf-8")
    assert chart_files.save_numbers(chart, tmp_path / "a.xlsx") == 12
    assert chart_files.picture(chart, "svg") == chart_files.picture(chart, "svg"), "the same chart is the same file"
    with pytest.raises(Known, match=r"\.png or \.svg"):
        chart_files.save_picture(chart, tmp_path / "a.bmp")
    with pytest.raises(Known):
        chart_files.save_picture(chart, tmp_path / "nowhere" / "a.png")


def test_these_records_are_found_however_many(counted: Counted) -> None:
    cases = [counted.complaint(date(2026, 10, 9) + timedelta(days=day)) for day in range(5)]
    asked = Query(Case, (these((cases[1], cases[3], 10**6), "the two"),))
    assert sorted(counted.register.ids(asked)) == [cases[1], cases[3]]
    assert counted.register.count(asked) == 2
    assert counted.register.count(Query(Case, (these(range(1, 60_000), "all"),))) == 5
    assert asked.sentence() == "the two"
