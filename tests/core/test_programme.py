"""The programme of audits: the days each planned one comes round, by rhythm, risk and last result, and how each stands."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import islice, pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qmdesk.operations import programme
from qmdesk.operations.programme import Coming
from qmdesk.records.audit import Audit, AuditState, OpenDays, PlannedAudit, Rhythm
from qmdesk.records.process import Risk
from tests.clock import Clock, clock
from tests.shop import Shop, day, shop

__all__ = ["clock", "shop"]


def plan(rhythm: Rhythm, first: str = "2026-01-31", **values: Any) -> PlannedAudit:
    return PlannedAudit(id=1, checklist=1, rhythm=rhythm, first_on=day(first), **values)


def first(of: PlannedAudit, many: int = 4, runs: dict[date, Audit] | None = None) -> list[str]:
    return [one.isoformat() for one in islice(programme.days(of, runs or {}), many)]


@pytest.mark.parametrize(
    ("rhythm", "found"),
    [
        (Rhythm.ONCE, ["2026-01-31"]),
        (Rhythm.DAILY, ["2026-01-31", "2026-02-01", "2026-02-02", "2026-02-03"]),
        (Rhythm.WEEKLY, ["2026-01-31", "2026-02-07", "2026-02-14", "2026-02-21"]),
        (Rhythm.MONTHLY, ["2026-01-31", "2026-02-28", "2026-03-31", "2026-04-30"]),
        (Rhythm.QUARTERLY, ["2026-01-31", "2026-04-30", "2026-07-31", "2026-10-31"]),
        (Rhythm.HALF_YEARLY, ["2026-01-31", "2026-07-31", "2027-01-31", "2027-07-31"]),
        (Rhythm.YEARLY, ["2026-01-31", "2027-01-31", "2028-01-31", "2029-01-31"]),
        (Rhythm.BY_RISK, ["2026-01-31", "2026-07-31", "2027-01-31", "2027-07-31"]),
    ],
)
def test_a_rhythm_comes_round_on_its_days(rhythm: Rhythm, found: list[str]) -> None:
    assert first(plan(rhythm)) == found


def test_nothing_comes_round_after_the_last_day() -> None:
    assert first(plan(Rhythm.MONTHLY, last_on=day("2026-03-30")), 9) == ["2026-01-31", "2026-02-28"]


@pytest.mark.parametrize(
    ("on_days", "found"),
    [
        (OpenDays.EVERY, ["2026-11-10", "2026-11-11", "2026-11-12", "2026-11-13", "2026-11-14", "2026-11-15", "2026-11-16"]),
        (OpenDays.NOT_SUNDAYS, ["2026-11-10", "2026-11-12", "2026-11-13", "2026-11-14", "2026-11-16"]),
        (OpenDays.WORKDAYS, ["2026-11-10", "2026-11-12", "2026-11-13", "2026-11-16"]),
    ],
)
def test_what_comes_round_daily_passes_over_the_days_the_shop_is_closed(on_days: OpenDays, found: list[str]) -> None:
    """11 November is a public holiday in Poland, the 15th a Sunday; nothing is missed on them."""
    assert first(plan(Rhythm.DAILY, "2026-11-10", on_days=on_days), len(found)) == found
    weekly = plan(Rhythm.WEEKLY, "2026-11-15", on_days=on_days)
    assert first(weekly, 2) == ["2026-11-15", "2026-11-22"], "what comes round once a week has its day"


def test_a_run_on_a_closed_day_counts_all_the_same() -> None:
    runs = run("2026-11-15", "2026-11-15", passed=True)
    assert first(plan(Rhythm.DAILY, "2026-11-14", on_days=OpenDays.WORKDAYS), 3, runs) == ["2026-11-15", "2026-11-16", "2026-11-17"]


def run(planned: str, held: str, *, passed: bool, state: AuditState = AuditState.FINISHED) -> dict[date, Audit]:
    moment = datetime.fromisoformat(f"{held} 12:00").astimezone()
    finished = moment if state is AuditState.FINISHED else None
    return {day(planned): Audit(checklist=1, started_at=moment, finished_at=finished, passed=passed, state=state, plan=1, planned_for=day(planned))}


@pytest.mark.parametrize(
    ("risk", "passed", "again"),
    [
        (Risk.HIGH, True, "2026-05-10"), (Risk.HIGH, False, "2026-03-10"),
        (Risk.MEDIUM, True, "2026-08-10"), (Risk.MEDIUM, False, "2026-05-10"),
        (Risk.LOW, True, "2027-02-10"), (Risk.LOW, False, "2026-08-10"),
    ],
)  # fmt: skip
def test_what_went_badly_comes_round_in_half_the_time_counted_from_the_run(risk: Risk, passed: bool, again: str) -> None:
    runs = run("2026-01-31", "2026-02-10", passed=passed)
    assert first(plan(Rhythm.BY_RISK, risk=risk), 2, runs) == ["2026-01-31", again]


def test_a_run_that_goes_on_counts_as_none_yet() -> None:
    runs = run("2026-01-31", "2026-02-10", passed=False, state=AuditState.RUNNING)
    assert first(plan(Rhythm.BY_RISK, risk=Risk.HIGH), 2, runs) == ["2026-01-31", "2026-04-30"]


def test_runs_of_an_earlier_rhythm_stay_in_sight() -> None:
    runs = run("2026-02-28", "2026-03-01", passed=True)
    assert first(plan(Rhythm.QUARTERLY), 3, runs) == ["2026-01-31", "2026-02-28", "2026-04-30"]
    assert first(plan(Rhythm.ONCE), 3, runs) == ["2026-01-31", "2026-02-28"]


@given(
    st.sampled_from(list(Rhythm)), st.sampled_from(list(Risk)), st.dates(date(2020, 1, 1), date(2030, 12, 31)),
    st.lists(st.tuples(st.integers(0, 900), st.integers(0, 60), st.booleans()), max_size=6),
)  # fmt: skip
def test_days_are_in_order_and_hold_every_run(rhythm: Rhythm, risk: Risk, begun: date, held: list[tuple[int, int, bool]]) -> None:
    one = PlannedAudit(id=1, checklist=1, rhythm=rhythm, risk=risk, first_on=begun)
    runs: dict[date, Audit] = {}
    for after, late, passed in held:
        planned = begun + timedelta(days=after)
        runs |= run(planned.isoformat(), (planned + timedelta(days=late)).isoformat(), passed=passed)
    found = list(islice(programme.days(one, runs), 1200))
    assert all(earlier < later for earlier, later in pairwise(found))
    assert {planned for planned in runs if not found or planned <= found[-1]} <= set(found)


@given(st.sampled_from(list(Rhythm)), st.sampled_from(list(OpenDays)), st.dates(date(2024, 1, 1), date(2026, 12, 31)), st.integers(-40, 700))
def test_leaving_out_the_days_before_changes_none_after(rhythm: Rhythm, on_days: OpenDays, begun: date, after: int) -> None:
    one, since = PlannedAudit(id=1, checklist=1, rhythm=rhythm, on_days=on_days, first_on=begun), begun + timedelta(days=after)
    whole = [found for found in islice(programme.days(one, {}), 900) if found >= since][:20]
    assert [found for found in islice(programme.days(one, {}, since=since), 60) if found >= since][:20] == whole


def test_what_waits_is_the_last_day_of_each_plan_however_long_it_runs(shop: Shop, clock: Clock) -> None:
    checklist = shop.checklist(questions=({"wording": "So?"},))
    for rhythm, begun in ((Rhythm.DAILY, "2020-01-01"), (Rhythm.WEEKLY, "2020-01-02"), (Rhythm.MONTHLY, "2020-01-31"), (Rhythm.YEARLY, "2020-12-24"), (Rhythm.BY_RISK, "2026-01-10")):
        shop.plans(checklist, rhythm=rhythm, first_on=day(begun), on_days=OpenDays.WORKDAYS)
    ended = shop.plans(checklist, rhythm=Rhythm.DAILY, first_on=day("2026-01-01"), last_on=day("2026-06-30"))
    clock.set("2026-12-13")  # a Sunday
    found = {one.plan.id: (one.day.isoformat(), str(one.state.value)) for one in programme.waiting(shop.register)}
    assert found == {
        1: ("2026-12-11", "overdue"), 2: ("2026-12-10", "overdue"), 3: ("2026-11-30", "overdue"), 4: ("2025-12-24", "overdue"), 5: ("2026-07-10", "overdue"), ended.id: ("2026-06-30", "overdue"),
    }  # fmt: skip
    audit = shop.begins_audit(checklist, plan=1, planned_for=day("2026-12-11"))
    assert 1 not in {one.plan.id for one in programme.waiting(shop.register)}
    shop.abandons_audit(audit, "Nobody came")
    assert 1 in {one.plan.id for one in programme.waiting(shop.register)}


def states(shop: Shop, since: str, until: str, on: str) -> list[tuple[str, str]]:
    return [(one.day.isoformat(), str(one.state.value)) for one in programme.occurrences(shop.register, day(since), day(until), day(on))]


def test_each_day_says_how_it_stands_and_a_missed_one_stays(shop: Shop, clock: Clock) -> None:
    checklist = shop.checklist(questions=({"wording": "So?"},))
    made = shop.plans(checklist, rhythm=Rhythm.MONTHLY, first_on=day("2026-09-15"), place="Storeroom")
    clock.set("2026-09-20")
    audit = shop.begins_audit(checklist, plan=made.id, planned_for=day("2026-09-15"))
    assert states(shop, "2026-09-01", "2026-09-30", "2026-09-20") == [("2026-09-15", "running")]
    shop.answers_question(audit, 1, "conform")
    shop.finishes_audit(audit)
    clock.set("2026-12-10")
    assert states(shop, "2026-01-01", "2026-12-31", "2026-12-10") == [
        ("2026-09-15", "done"), ("2026-10-15", "missed"), ("2026-11-15", "overdue"), ("2026-12-15", "upcoming"),
    ]  # fmt: skip
    assert states(shop, "2026-11-01", "2026-12-31", "2026-12-15") == [("2026-11-15", "missed"), ("2026-12-15", "due")]
    assert [(one.name, one.day.isoformat(), one.state) for one in programme.waiting(shop.register)] == [("Packing", "2026-11-15", Coming.OVERDUE)]
    late = shop.begins_audit(checklist, plan=made.id, planned_for=day("2026-11-15"))
    assert programme.waiting(shop.register) == []
    shop.abandons_audit(late, "Nobody was there")
    assert [one.state for one in programme.waiting(shop.register)] == [Coming.OVERDUE], "an abandoned run is none"
    shop.changes(PlannedAudit, made.id, active=False)
    assert states(shop, "2026-01-01", "2026-12-31", "2026-12-10") == [("2026-09-15", "done")]
    assert programme.waiting(shop.register) == []


def test_a_plan_once_waits_until_it_is_run(shop: Shop) -> None:
    checklist = shop.checklist()
    shop.plans(checklist, rhythm=Rhythm.ONCE, first_on=day("2024-03-01"), name="Before the move")
    (found,) = programme.waiting(shop.register, day("2026-12-10"))
    assert (found.name, found.state) == ("Before the move", Coming.OVERDUE)


def test_a_bad_result_brings_the_next_audit_sooner_through_the_register(shop: Shop, clock: Clock) -> None:
    checklist = shop.checklist(questions=({"wording": "So?", "critical": True},))
    made = shop.plans(checklist, rhythm=Rhythm.BY_RISK, risk=Risk.MEDIUM, first_on=day("2026-12-01"))
    audit = shop.begins_audit(checklist, plan=made.id, planned_for=day("2026-12-01"))
    shop.answers_question(audit, 1, "major", "All of it")
    shop.finishes_audit(audit)
    assert states(shop, "2026-12-01", "2027-12-31", "2026-12-10") == [("2026-12-01", "done"), ("2027-03-10", "upcoming"), ("2027-09-10", "upcoming")]
