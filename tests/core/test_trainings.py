"""Trainings: when each comes round, who has had what, and one held for several at once."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qmdesk.errors import Known, Problems
from qmdesk.operations import trainings
from qmdesk.operations.trainings import Standing
from qmdesk.records.audit import Rhythm
from qmdesk.records.improvement import Training, TrainingSession
from tests.clock import Clock, clock
from tests.shop import Shop, shop

__all__ = ["clock", "shop"]
TODAY = date(2026, 12, 10)


def standing(shop: Shop, person: int, training: Training) -> Standing:
    return trainings.table(shop.register).cells[person, training.id].standing


def test_a_training_held_for_several_plans_the_next_by_its_rhythm(clock: Clock, shop: Shop) -> None:
    anna, ewa = shop.person("Anna Wróbel"), shop.person("Ewa Żak")
    made = shop.plans_training(rhythm=Rhythm.HALF_YEARLY)
    assert made.next_on == TODAY, "what was never held is due at once"
    held = shop.trains(made, date(2026, 8, 31), anna, failed=(ewa,), results={anna: "18 of 20", ewa: "7 of 20"}, note="With a test")
    assert held.next_on == date(2027, 2, 28)
    told = {one.person: (one.passed, one.result, one.note) for one in trainings.held_of(shop.register, made.id)}
    assert told == {anna: (True, "18 of 20", "With a test"), ewa: (False, "7 of 20", "With a test")}
    assert (standing(shop, anna, made), standing(shop, ewa, made)) == (Standing.FRESH, Standing.FAILED)
    assert [one.id for one in trainings.waiting(shop.register)] == [made.id], "somebody is without it"
    shop.trains(made, TODAY, ewa)
    assert trainings.waiting(shop.register) == []
    assert standing(shop, ewa, made) is Standing.FRESH


def test_how_a_person_stands_as_time_goes_by(clock: Clock, shop: Shop) -> None:
    anna = shop.person("Anna")
    made = shop.plans_training(next_on=date(2026, 12, 20))
    assert standing(shop, anna, made) is Standing.NEVER
    assert trainings.waiting(shop.register) == [], "it is planned, and not yet"
    made = shop.trains(made, date(2026, 1, 15), anna)
    for day, expected, waits in (("2026-12-15", Standing.FRESH, 0), ("2026-12-16", Standing.SOON, 0), ("2027-01-14", Standing.SOON, 0), ("2027-01-15", Standing.DUE, 1), ("2027-03-01", Standing.DUE, 1)):
        clock.set(day)
        assert (standing(shop, anna, made), len(trainings.waiting(shop.register))) == (expected, waits), day
    found = trainings.table(shop.register).cells[anna, made.id]
    assert (found.held_on, found.until) == (date(2026, 1, 15), date(2027, 1, 15))


def test_what_is_held_once_is_enough_but_not_for_who_comes_later(clock: Clock, shop: Shop) -> None:
    anna = shop.person("Anna")
    made = shop.trains(shop.plans_training("Fire drill", rhythm=Rhythm.ONCE), date(2020, 1, 2), anna)
    assert (made.next_on, standing(shop, anna, made)) == (None, Standing.FRESH)
    assert trainings.waiting(shop.register) == []
    new = shop.person("Piotr")
    assert standing(shop, new, made) is Standing.NEVER
    assert [one.topic for one in trainings.waiting(shop.register)] == ["Fire drill"]
    shop.trains(made, TODAY, new)
    assert trainings.waiting(shop.register) == []


def test_it_is_for_those_whose_role_or_name_is_written(clock: Clock, shop: Shop) -> None:
    anna, ewa, olaf = shop.person("Anna Wróbel", "Office"), shop.person("Ewa Żak", "Packing"), shop.person("Olaf Łoś", "packing")
    made = shop.plans_training(who="packing; ANNA WRÓBEL, storeroom")
    assert [standing(shop, one, made) for one in (anna, ewa, olaf)] == [Standing.NEVER] * 3
    found = trainings.table(shop.register)
    assert trainings.strangers(made, found.people) == ["storeroom"]
    other = shop.plans_training("Accounts", who="office")
    assert [standing(shop, one, other) for one in (anna, ewa, olaf)] == [Standing.NEVER, Standing.NOT_MEANT, Standing.NOT_MEANT]
    shop.trains(other, TODAY, olaf)
    assert standing(shop, olaf, other) is Standing.NOT_MEANT, "who learns more than needed is not asked to again"
    assert [one.name for one in trainings.table(shop.register).lacking(other)] == ["Anna Wróbel"]
    shop.changes(type(found.people[0]), anna, active=False)
    assert trainings.table(shop.register).lacking(other) == []


def test_another_rhythm_plans_anew_and_a_day_that_is_written_stands(clock: Clock, shop: Shop) -> None:
    anna = shop.person("Anna")
    made = shop.trains(shop.plans_training(), date(2026, 11, 30), anna)
    assert made.next_on == date(2027, 11, 30)
    assert shop.edits_training(made, rhythm=Rhythm.QUARTERLY).next_on == date(2027, 2, 28)
    assert shop.edits_training(made, rhythm=Rhythm.MONTHLY, next_on=date(2027, 1, 11)).next_on == date(2027, 1, 11)
    assert shop.edits_training(made, topic="RODO").next_on == date(2027, 1, 11)
    with pytest.raises(Problems, match="rhythm of its own"):
        shop.edits_training(made, rhythm=Rhythm.BY_RISK)


def test_a_slip_is_corrected_or_taken_back_and_the_plan_follows(clock: Clock, shop: Shop) -> None:
    anna, ewa = shop.person("Anna"), shop.person("Ewa")
    made = shop.trains(shop.plans_training(), date(2026, 11, 30), anna, ewa)
    first, second = trainings.held_of(shop.register, made.id)
    shop.corrects_training(first, held_on=date(2026, 12, 1))
    assert shop.get(Training, made.id).next_on == date(2027, 12, 1)
    with pytest.raises(Problems, match="still to come"):
        shop.corrects_training(first, held_on=date(2026, 12, 11))
    shop.takes_training_back(first)
    assert shop.get(Training, made.id).next_on == date(2027, 11, 30)
    assert shop.register.find(TrainingSession, second.id) is not None


def test_nobody_and_tomorrow_are_refused(clock: Clock, shop: Shop) -> None:
    made = shop.plans_training()
    with pytest.raises(Known, match="Tick at least one person"):
        shop.trains(made, TODAY)
    with pytest.raises(Problems, match="still to come"):
        shop.trains(made, date(2026, 12, 11), shop.person("Anna"))


@settings(derandomize=True, max_examples=60, deadline=None)
@given(st.dates(date(2000, 1, 1), date(2090, 1, 1)), st.sampled_from([one for one in Rhythm if one not in (Rhythm.ONCE, Rhythm.BY_RISK)]))
def test_what_comes_round_comes_later_and_never_past_its_rhythm(day: date, rhythm: Rhythm) -> None:
    found = trainings.after(rhythm, day)
    assert found is not None
    most = {Rhythm.DAILY: 1, Rhythm.WEEKLY: 7, Rhythm.MONTHLY: 31, Rhythm.QUARTERLY: 92, Rhythm.HALF_YEARLY: 184, Rhythm.YEARLY: 366}
    assert 0 < (found - day).days <= most[rhythm]
