"""Checklists that come round: how each was kept over the last weeks, and which share of its times was done."""

from __future__ import annotations

from decimal import Decimal

import pytest

from qmdesk.operations import rounds
from qmdesk.operations.rounds import Kept, Round
from qmdesk.records.audit import OpenDays, PlannedAudit, Rhythm
from tests.clock import Clock, clock
from tests.shop import Shop, day, shop

__all__ = ["clock", "shop"]


def daily(shop: Shop, first: str = "2026-12-01", name: str = "Opening", rhythm: Rhythm = Rhythm.DAILY) -> PlannedAudit:
    checklist = shop.checklist(f"List {name}", ({"wording": "Is the till counted?"},))
    return shop.plans(checklist, rhythm=rhythm, first_on=day(first), name=name)


def run(shop: Shop, clock: Clock, plan: PlannedAudit, planned: str, held: str = "") -> None:
    clock.set(held or planned)
    audit = shop.begins_audit(plan.checklist, plan=plan.id, planned_for=day(planned))
    shop.answers_question(audit, 1, "conform")
    shop.finishes_audit(audit)


def told(round_: Round) -> str:
    """The strip in letters: i done, l late, m missed, r running, w waiting."""
    return "".join(str(time.kept.value)[0] for time in round_.times)


def test_the_strip_tells_done_late_missed_running_and_what_waits(shop: Shop, clock: Clock) -> None:
    plan = daily(shop)
    for planned, held in (("2026-12-01", ""), ("2026-12-02", ""), ("2026-12-03", "2026-12-04"), ("2026-12-06", ""), ("2026-12-07", "")):
        run(shop, clock, plan, planned, held)
    clock.set("2026-12-09")
    (found,) = rounds.rounds(shop.register)
    assert told(found) == "iilmmiimw", "of the 9th nothing was run yet"
    assert (found.settled, found.share) == (8, Decimal(63))
    assert found.sentence() == "5 of 8 done, 63\u00a0% · 1 of them late · 3 not done"
    assert found.waits is not None
    assert found.waits.day == day("2026-12-09")
    shop.begins_audit(plan.checklist, plan=plan.id, planned_for=day("2026-12-09"))
    assert [one.waits for one in rounds.rounds(shop.register)] == [None]
    assert told(rounds.rounds(shop.register)[0])[-1] == "r"


def test_of_few_times_no_share_is_told(shop: Shop, clock: Clock) -> None:
    plan = daily(shop)
    clock.set("2026-12-01")
    (found,) = rounds.rounds(shop.register)
    assert (found.share, found.sentence()) == (None, "not due yet")
    run(shop, clock, plan, "2026-12-01")
    clock.set("2026-12-03")
    (found,) = rounds.rounds(shop.register)
    assert (told(found), found.share, found.sentence()) == ("imw", None, "1 of 2 done · 1 not done")


@pytest.mark.parametrize(
    ("rhythm", "times", "oldest"),
    [
        (Rhythm.DAILY, 28, "2026-11-13"), (Rhythm.WEEKLY, 26, "2026-06-18"), (Rhythm.MONTHLY, 12, "2026-01-10"),
        (Rhythm.QUARTERLY, 12, "2024-01-10"), (Rhythm.HALF_YEARLY, 10, "2022-01-10"), (Rhythm.YEARLY, 5, "2022-01-10"),
    ],
)  # fmt: skip
def test_each_rhythm_shows_its_own_span(shop: Shop, clock: Clock, rhythm: Rhythm, times: int, oldest: str) -> None:
    daily(shop, "2020-01-10" if rhythm is not Rhythm.WEEKLY else "2020-01-09", rhythm=rhythm)
    (found,) = rounds.rounds(shop.register)
    assert len(found.times) == times
    assert rounds.SPANS[rhythm].since(day("2026-12-10")) <= found.times[0].occurrence.day == day(oldest)


def test_what_comes_round_by_risk_once_or_no_more_is_no_round(shop: Shop, clock: Clock) -> None:
    daily(shop, name="A", rhythm=Rhythm.BY_RISK)
    daily(shop, name="B", rhythm=Rhythm.ONCE)
    ended = daily(shop, name="C")
    shop.changes(PlannedAudit, ended.id, active=False)
    weekly, every_day = daily(shop, name="D", rhythm=Rhythm.WEEKLY), daily(shop, name="E")
    assert [one.plan.id for one in rounds.rounds(shop.register)] == [every_day.id, weekly.id], "the daily ones first"
    assert rounds.rounds(shop.register)[0].many(Kept.MISSED) == 9


def test_a_closed_sunday_is_no_miss(shop: Shop, clock: Clock) -> None:
    plan = daily(shop, "2026-12-03")
    shop.changes(PlannedAudit, plan.id, on_days=OpenDays.NOT_SUNDAYS)
    for planned in ("2026-12-03", "2026-12-04", "2026-12-05", "2026-12-07"):
        run(shop, clock, plan, planned)
    clock.set("2026-12-08")
    (found,) = rounds.rounds(shop.register)
    assert (told(found), found.sentence()) == ("iiiiw", "4 of 4 done")
