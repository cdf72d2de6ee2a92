"""Experiments: what the register counts before and after, what that shows in words, and what is decided."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from qmdesk.errors import Known, Problems
from qmdesk.operations import experiments
from qmdesk.records.case import Case, CaseItem, CaseKind
from qmdesk.records.improvement import ActionKind, ActionSource, Experiment, Measure, Verdict, Wanted
from qmdesk.records.lists import Cause
from qmdesk.records.product import Order, OrderLine, Product
from qmdesk.register import Transaction
from tests.clock import Clock, clock
from tests.shop import Shop, shop

__all__ = ["clock", "shop"]
BEFORE, SINCE = date(2026, 6, 1), date(2026, 9, 1)
MUG, PLATE, SHOE = 1, 2, 3
BROKEN, LATE = 1, 2


def furnish(tx: Transaction) -> None:
    """Three products, two causes."""
    for sku, category in (("MUG", "China"), ("PLATE", "China"), ("SHOE", "Shoes")):
        tx.add(Product(sku=sku, name=sku.title(), category=category))
    for name in ("Broken on the way (test)", "Too late (test)"):
        tx.add(Cause(name=name))


def sell(tx: Transaction, first: date, many: int, complaints: int = 0, product: int | None = MUG, cause: str = "Broken on the way (test)", days: int = 5, **case: Any) -> None:
    """So many orders of one line, a day apart of ten hours, of which the first are complained about ``days`` later."""
    (cause_id,) = (one.id for one in tx.records(experiments.Query(Cause)) if one.name == cause)
    for at in range(many):
        ordered = datetime(first.year, first.month, first.day, 10, tzinfo=UTC) + timedelta(hours=10 * at)
        order = tx.add(Order(number=f"{first}-{product}-{at}-{cause}", ordered_at=ordered))
        line = tx.add(OrderLine(order=order, product=product, name="x", sku="Q"))
        if at < complaints:
            values = {"kind": CaseKind.COMPLAINT, "description": "x", "cause": cause_id, **case}
            made = tx.add(Case(number=f"{first}-{product}-{at}-{cause}", received_at=ordered + timedelta(days=days), order=order, **values))
            tx.add(CaseItem(case=made, name="x", order_line=line, product=product))


def trial(shop: Shop, **values: Any) -> Experiment:
    return shop.begins_experiment(before_since=BEFORE, since=SINCE, **values)


@pytest.fixture
def stocked(clock: Clock, shop: Shop) -> Shop:
    """Mugs before and after, 12 of 120 and 1 of 100 complained about, and plates and shoes that nothing happened to."""
    shop.register.do("Furnish", furnish)
    shop.register.do("Before", sell, BEFORE, 120, 12)
    shop.register.do("After", sell, SINCE, 100, 1)
    shop.register.do("Plates", sell, BEFORE, 30, 3, PLATE)
    shop.register.do("Plates after", sell, SINCE, 30, 3, PLATE)
    return shop


def counts(experiment: Experiment) -> tuple[int | None, ...]:
    return experiment.before_hits, experiment.before_of, experiment.after_hits, experiment.after_of


def test_the_register_counts_what_was_sold_and_complained_about(stocked: Shop) -> None:
    found = stocked.counts(trial(stocked, product=MUG))
    assert counts(found) == (12, 120, 1, 100)
    assert experiments.told(found) == (
        "12 of 120 (10\xa0%) before, 1 of 100 (1\xa0%) after: lower by 9 percentage points, with 95 % confidence by 2.9 to 15.7 percentage points. "
        "That is more than chance, and what was wanted."
    )
    assert experiments.is_better(found) is True
    assert counts(stocked.counts(trial(stocked, name="China", category="China"))) == (15, 150, 4, 130)
    assert counts(stocked.counts(trial(stocked, name="All"))) == (15, 150, 4, 130)


def test_only_complaints_of_the_cause_count(stocked: Shop) -> None:
    (late,) = (one.id for one in stocked.register.records(experiments.Query(Cause)) if one.name == "Too late (test)")
    stocked.register.do("Late", sell, SINCE + timedelta(days=1), 10, 4, MUG, "Too late (test)")
    found = stocked.counts(trial(stocked, product=MUG, cause=late))
    assert counts(found) == (0, 120, 4, 110)
    assert experiments.told(found).startswith("Too few to judge: 0 of 120 (0\xa0%) before, 4 of 110 (3.6\xa0%) after.")
    assert experiments.is_better(found) is None


def test_both_times_have_as_long_to_be_complained_about(stocked: Shop, clock: Clock) -> None:
    stocked.register.do("Late complaints", sell, BEFORE + timedelta(days=40), 20, 20, MUG, "Broken on the way (test)", 31)
    stocked.register.do("Young sales", sell, date(2026, 11, 20), 15, 5, MUG)
    found = stocked.counts(trial(stocked, product=MUG))
    assert counts(found) == (12, 140, 1, 100), "a complaint after 31 days and a line younger than 30 are left out"
    more = stocked.counts(trial(stocked, name="Longer", product=MUG, follow_days=31))
    assert counts(more) == (32, 140, 1, 100)
    clock.set("2027-01-10")
    assert counts(stocked.counts(trial(stocked, name="Later", product=MUG))) == (12, 140, 6, 115)


def test_returns_and_other_orders_are_no_complaints_about_the_line(stocked: Shop) -> None:
    stocked.register.do("Returns", sell, SINCE + timedelta(days=1), 10, 10, SHOE, "Too late (test)", 5, kind=CaseKind.RETURN)
    stocked.register.do("Shoes before", sell, BEFORE, 10, 0, SHOE)
    assert counts(stocked.counts(trial(stocked, product=SHOE))) == (0, 10, 0, 10)


def test_a_complaint_that_names_no_line_is_about_the_only_one_or_the_same_product(stocked: Shop) -> None:
    def complain(tx: Transaction) -> None:
        order = tx.add(Order(number="X", ordered_at=datetime(2026, 9, 2, tzinfo=UTC)))
        for product in (MUG, PLATE):
            tx.add(OrderLine(order=order, product=product, name="x"))
        lone = tx.add(Order(number="Y", ordered_at=datetime(2026, 9, 3, tzinfo=UTC)))
        tx.add(OrderLine(order=lone, product=MUG, name="x"))
        first = tx.add(Case(number="X", received_at=datetime(2026, 9, 5, tzinfo=UTC), order=order, description="x"))
        tx.add(CaseItem(case=first, product=PLATE, name="x"))
        tx.add(Case(number="Y", received_at=datetime(2026, 9, 5, tzinfo=UTC), order=lone, description="x"))

    stocked.register.do("Complaints", complain)
    assert counts(stocked.counts(trial(stocked, product=MUG))) == (12, 120, 2, 102)
    assert counts(stocked.counts(trial(stocked, name="Plates", product=PLATE))) == (3, 30, 4, 31)


def test_complaints_received_for_lines_sold_is_a_rate_that_may_pass_one(stocked: Shop) -> None:
    def complain(tx: Transaction) -> None:
        for at in range(150):
            case = tx.add(Case(number=f"O{at}", received_at=datetime(2026, 9, 20, tzinfo=UTC), description="x"))
            tx.add(CaseItem(case=case, product=MUG, name="x"))

    stocked.register.do("Without an order", complain)
    found = stocked.counts(trial(stocked, product=MUG, measure=Measure.RECEIVED))
    assert counts(found) == (12, 120, 151, 100)
    assert "151 for 100 (151 per 100) after: higher by 141 per 100" in experiments.told(found)
    assert "the wrong way" in experiments.told(found)
    assert experiments.is_better(found) is False
    assert counts(stocked.counts(trial(stocked, name="All", measure=Measure.RECEIVED))) == (15, 150, 154, 130)


def test_what_cannot_be_counted_is_said(clock: Clock, shop: Shop) -> None:
    shop.register.do("Furnish", furnish)
    with pytest.raises(Problems) as error:
        shop.counts(shop.begins_experiment(since=SINCE))
    assert error.value.problems[0].field == "before_since"
    with pytest.raises(Known, match="Nothing is known to be sold from 1 Jun 2026 to 31 Aug 2026"):
        shop.counts(trial(shop, name="Empty"))
    with pytest.raises(Known, match="too early to count: what was sold since 1 Dec 2026 can be judged from 31 Dec 2026 on"):
        shop.counts(shop.begins_experiment("Young", before_since=BEFORE, since=date(2026, 12, 1)))
    with pytest.raises(Known, match="by hand"):
        shop.counts(trial(shop, name="Hand", measure=Measure.SHARE, indicator="Answered in a day"))
    with pytest.raises(Problems, match="Say in your words what is counted"):
        trial(shop, name="What?", measure=Measure.SHARE)
    with pytest.raises(Problems, match="more than all"):
        trial(shop, name="Too many", before_hits=3, before_of=2)
    assert trial(shop, name="A rate", measure=Measure.RATE, indicator="Calls per day", before_hits=30, before_of=20).before_hits == 30


def test_counts_by_hand_are_judged_the_way_that_is_wanted(clock: Clock, shop: Shop) -> None:
    known = {"measure": Measure.SHARE, "indicator": "Answered within a day", "wanted": Wanted.MORE}
    found = trial(shop, **known, before_hits=40, before_of=80, after_hits=70, after_of=85)
    assert experiments.is_better(found) is True
    assert "higher by 32.4 percentage points" in experiments.told(found)
    same = trial(shop, name="Same", **known, before_hits=40, before_of=80, after_hits=44, after_of=85)
    assert experiments.told(same) == (
        "40 of 80 (50\xa0%) before, 44 of 85 (51.8\xa0%) after: that may be chance. With 95 % confidence it changed by anything from −13.2 to +16.6 percentage points."
    )
    assert experiments.told(trial(shop, name="Half", **known, before_hits=0, before_of=0, after_hits=2, after_of=3)).startswith("Nothing to compare")
    assert experiments.told(trial(shop, name="None", **known)) == "Nothing to compare yet: before and after are not both counted."


def test_an_experiment_ends_with_what_was_learned_and_what_is_kept_becomes_an_action(stocked: Shop) -> None:
    idea = stocked.has_an_idea("Thicker boxes")
    tried = stocked.tries_out(idea, before_since=BEFORE, since=SINCE, change="Boxes of 5 mm")
    with pytest.raises(Problems, match="Say what was learned"):
        stocked.keeps_change(tried, " ")
    with pytest.raises(Known, match="Decide first to keep"):
        stocked.makes_it_an_action(tried)
    assert stocked.leaves_open(tried).verdict is Verdict.UNDECIDED
    assert stocked.goes_on(tried).verdict is Verdict.RUNNING
    dropped = stocked.gives_change_up(tried, "Too dear")
    assert (dropped.verdict, dropped.conclusion, dropped.until) == (Verdict.DROPPED, "Too dear", date(2026, 12, 10))
    stocked.goes_on(tried)
    stocked.keeps_change(tried, "They hold")
    action = stocked.makes_it_an_action(tried)
    assert (action.name, action.source, action.idea, action.kind) == ("Thicker boxes", ActionSource.IDEA, idea.id, ActionKind.IMPROVEMENT)
    assert action.description == "Boxes of 5 mm\nThey hold"
    with pytest.raises(Known, match=action.number):
        stocked.makes_it_an_action(tried)


def test_an_experiment_waits_for_its_verdict_once_all_complaints_are_in(clock: Clock, shop: Shop) -> None:
    tried = trial(shop, until=date(2026, 12, 9))
    typed = trial(shop, name="Typed", measure=Measure.SHARE, indicator="x", until=date(2026, 12, 9))
    trial(shop, name="Open end")
    for day, waits in ((date(2026, 12, 9), []), (date(2026, 12, 10), [typed.id]), (date(2027, 1, 8), [typed.id]), (date(2027, 1, 9), [typed.id, tried.id])):
        assert [one.id for one in experiments.waiting(shop.register, day)] == waits, day
    assert experiments.until_words(typed, date(2026, 12, 10)) == "Its time was over on 9 Dec 2026; decide what becomes of it."
    assert experiments.until_words(tried, date(2026, 12, 10)) == "Tried until 9 Dec 2026; complaints about it still count, decide from 9 Jan 2027 on."
    assert experiments.until_words(trial(shop, name="New"), date(2026, 12, 10)) == "Tried since 1 Sep 2026"
    ended = shop.leaves_open(typed)
    assert experiments.until_words(ended, date(2026, 12, 10)) == "Tried from 1 Sep 2026 to 9 Dec 2026"
    assert experiments.waiting(shop.register, date(2026, 12, 10)) == []
