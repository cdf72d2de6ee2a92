"""What the register notices by itself: bad batches, months, serial numbers, actions that did not help; told once, settled, acted on."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest

from qmdesk.errors import Known, Problems
from qmdesk.operations import affected, alerts
from qmdesk.operations.figures import targets
from qmdesk.operations.registers import open_register
from qmdesk.records.action_steps import ActionStep
from qmdesk.records.alert import AlertKind
from qmdesk.records.case import CaseItem, CaseKind
from qmdesk.records.improvement import Action, ActionSource, ActionState, Topic
from qmdesk.records.measures import Indicator
from qmdesk.records.product import Batch, Product
from tests.clock import Clock, clock
from tests.core.golden import is_paper_as_before
from tests.core.test_render import inflated
from tests.shop import PROGRAM, Shop, begun, day, open_shop
from tests.shop_alerts import every

__all__ = ["clock"]

LAST_YEAR, FIXED = day("2025-12-01"), day("2026-09-01")


@cache
def a_year() -> bytes:
    """Of mugs and plates, of which one in fifty is complained of."""

    def furnish(shop: Shop, _clock: Clock) -> None:
        mugs, plates = shop.add_product("KUB", "Mug"), shop.add_product("TAL", "Plate")
        for product in (mugs, plates):
            sold = shop.sells(product, every(2, LAST_YEAR, 150))
            shop.is_complained_to(sold[::50])

    return begun(furnish, now="2026-12-10")[0]


@pytest.fixture
def shop(tmp_path: Path, clock: Clock) -> Iterator[Shop]:
    """On 10 December 2026: a shop that sold for a year."""
    with open_shop(tmp_path / "shop.qmd", begun=a_year()) as opened:
        yield opened


def mugs(shop: Shop) -> int:
    return shop.register.by_value(Product, "sku", ["KUB"])["KUB"]


def bad_batch(shop: Shop, many: int = 5, of: int = 38) -> int:
    """A batch of mugs came on 1 October; so many of those sold since are complained of."""
    shop.add(Batch(product=mugs(shop), code="L-0300", received_on=day("2025-11-20")))
    batch = shop.add(Batch(product=mugs(shop), code="L-0412", received_on=day("2026-10-01"), quantity=60))
    buyers = [shop.add_customer(f"Buyer {n:02}", email=f"b{n}@example.com") for n in range(4)]
    sold = shop.sells(mugs(shop), every(1, day("2026-10-01"), of), [*buyers, None])
    shop.is_complained_to(sold[:many], batch=batch)
    return batch


# ---------------------------------------------------------------------------------------- what is found


def test_a_bad_batch_is_told_with_what_was_to_be_expected(shop: Shop) -> None:
    batch = bad_batch(shop)
    (found,) = shop.suspected()
    assert (found.batch, found.complaints, found.sold) == (batch, 5, 38)
    assert found.sentence == "Batch L-0412 (Mug): 5 of 38 complained of, 0.8 expected"
    assert found.expected == pytest.approx(38 * (3 + 1) / (150 + 338 / 11))  # 3 of 150 outside, and one lent at the shop's rate
    assert found.q <= 0.05


def test_the_same_share_everywhere_is_no_news(shop: Shop) -> None:
    bad_batch(shop, many=1)
    assert shop.suspected() == []
    assert shop.suspects()[0].bad is False


def test_two_complaints_are_never_enough(shop: Shop) -> None:
    bad_batch(shop, many=2, of=2)
    assert shop.suspected() == []


def test_a_complaint_names_its_batch_whenever_it_was_sold(shop: Shop) -> None:
    """A piece of the old batch that was sold late is the old batch's."""
    bad_batch(shop, many=4)
    old = shop.register.by_value(Batch, "code", ["L-0300"])["L-0300"]
    late = shop.sells(mugs(shop), every(1, day("2026-11-20"), 1))
    shop.is_complained_to(late, batch=old)
    assert [(one.batch_code, one.complaints, one.sold) for one in shop.suspects() if one.batch] == [("L-0412", 4, 39), ("L-0300", 4, 150)]


def test_without_batches_a_month_of_sale_stands_for_one(shop: Shop) -> None:
    sold = shop.sells(mugs(shop), every(1, day("2026-10-02"), 29))
    shop.is_complained_to(sold[:6])
    (found,) = shop.suspected()
    assert found.group == "Mug, sold in October 2026"
    assert (found.since, found.until, found.complaints, found.sold) == (day("2026-10-01"), day("2026-10-31"), 6, 29)


def test_serial_numbers_of_a_hundred_are_a_range(shop: Shop) -> None:
    """Pieces of one production, sold over months: no month stands out, the numbers do."""
    sold = shop.sells(mugs(shop), every(4, day("2026-08-15"), 26))
    for at, line in enumerate(sold[::5]):
        shop.is_complained_to([line], serial=f"SN-{10412 + at}")
    found = [one for one in shop.suspects() if one.serials]
    assert [(one.serials, one.complaints, one.sold) for one in found] == [("SN-10400–SN-10499", 6, 100)]


def test_returns_and_what_was_withdrawn_do_not_count(shop: Shop) -> None:
    bad_batch(shop, many=0)
    sold = shop.sells(mugs(shop), every(1, day("2026-10-05"), 6))
    shop.is_complained_to(sold, kind=CaseKind.RETURN)
    assert shop.suspected() == []


def test_what_was_sold_long_ago_is_not_looked_at(shop: Shop) -> None:
    bad_batch(shop)
    assert shop.suspected(day("2027-03-06")) != []
    assert shop.suspected(day("2027-03-08")) == []


def test_where_no_orders_are_known_a_batch_is_its_pieces(tmp_path: Path, clock: Clock) -> None:
    with open_shop(tmp_path / "stall.qmd") as stall:
        product = stall.add_product()
        stall.add(Batch(product=product, code="A", received_on=day("2026-02-01"), quantity=400))
        bad = stall.add(Batch(product=product, code="B", received_on=day("2026-10-01"), quantity=40))
        for n in range(6):
            case = stall.complains(f"Broken {n}", customer=stall.add_customer(f"C {n}"))
            stall.add(CaseItem(case=case.id, product=product, batch=bad, name="Shoes"))
        (found,) = stall.suspected()
        assert (found.batch_code, found.complaints, found.sold) == ("B", 6, 40)


def test_an_empty_register_has_nothing_to_tell(tmp_path: Path, clock: Clock) -> None:
    with open_shop(tmp_path / "new.qmd") as new:
        assert new.suspects() == []
        assert alerts.notice(new.register).alerts == ()


# --------------------------------------------------------------------------------------- once, and by whom


def test_what_is_noticed_is_kept_once(shop: Shop) -> None:
    batch = bad_batch(shop)
    (alert,) = shop.notices()
    assert (alert.kind, alert.batch, alert.product, alert.noticed_on) == (AlertKind.BATCH, batch, mugs(shop), day("2026-12-10"))
    assert "5 cases: " in alert.facts
    assert shop.notices() == []
    step = shop.register.revision
    assert alerts.notice(shop.register).change is None
    assert shop.register.revision == step, "nothing new is no step"


def test_a_second_program_notices_nothing_and_says_why(shop: Shop) -> None:
    bad_batch(shop)
    with open_register(shop.path, program=PROGRAM) as second:
        assert second.read_only
        with pytest.raises(Known):
            alerts.notice(second)
    (alert,) = alerts.notice(shop.register).alerts
    assert alert.what.startswith("Batch L-0412")


def test_an_alert_is_settled_with_a_reason_and_not_told_again(shop: Shop) -> None:
    bad_batch(shop)
    (alert,) = shop.notices()
    with pytest.raises(Problems, match="Say why nothing more"):
        shop.settles(alert, "  ")
    settled = shop.settles(alert, "One customer who bought for an office.")
    assert settled.settled_on == day("2026-12-10")
    assert shop.waiting_alerts() == []
    assert shop.notices() == []
    with pytest.raises(Known, match=r"settled on 10 Dec 2026: One customer"):
        shop.settles(alert)


def test_an_alert_becomes_an_action_that_is_watched(shop: Shop) -> None:
    bad_batch(shop)
    (alert,) = shop.notices()
    action = shop.acts_on_alert(alert)
    assert (action.source, action.watched, action.product) == (ActionSource.ALERT, Indicator.COMPLAINT_RATE, mugs(shop))
    assert action.name == "Batch L-0412 (Mug): 5 of 38 complained of, 0.8 expected"
    assert (action.criterion, action.criterion_on) == ("In 60 days after it no more complaints of Mug than of the shop's other products.", day("2026-12-10"))
    assert shop.waiting_alerts() == []
    assert shop.get(type(alert), alert.id).action == action.id


def test_the_sale_is_stopped_of_the_batch_or_of_the_product(shop: Shop) -> None:
    batch = bad_batch(shop)
    (alert,) = shop.notices()
    assert alerts.stopped(shop.register, alert) == ""
    shop.stops_sale(alert)
    assert shop.get(Batch, batch).stopped_on == day("2026-12-10")
    assert alerts.stopped(shop.register, alert) == "The sale of batch L-0412 was stopped on 10 Dec 2026."
    with pytest.raises(Known, match="was stopped"):
        shop.stops_sale(alert)
    plates = shop.register.by_value(Product, "sku", ["TAL"])["TAL"]
    shop.is_complained_to(shop.sells(plates, every(1, day("2026-11-03"), 20))[:6])
    (month,) = shop.notices()
    shop.stops_sale(month)
    assert not shop.get(Product, plates).active
    assert alerts.stopped(shop.register, month) == "Plate is not on sale."


def test_the_quarter_hour_looks_at_the_newest_alert(shop: Shop) -> None:
    bad_batch(shop)
    (alert,) = shop.notices()
    point = next(one for one in shop.points(shop.begins_weekly()) if one.topic is Topic.ALERT)
    assert (point.what, point.facts) == (alert.what, alert.facts)


def test_an_indicator_beyond_its_bound_is_an_alert_too(shop: Shop) -> None:
    shop.do(targets.SET, targets.set_target, Indicator.COMPLAINT_RATE, Decimal(2), Decimal(3))
    bad_batch(shop)
    kinds = {alert.kind: alert for alert in shop.notices()}
    assert set(kinds) == {AlertKind.BOUND, AlertKind.BATCH}
    kind, ids = alerts.behind(shop.register, kinds[AlertKind.BOUND])
    assert kind.spec.table == "case"
    assert ids
    assert shop.notices() == []


# ------------------------------------------------------------------------------------- whom it concerns


def test_the_buyers_who_have_not_complained(shop: Shop) -> None:
    bad_batch(shop)
    (alert,) = shop.notices()
    found = affected.affected(shop.register, alert)
    assert len(found.cases) == 5
    assert [buyer.customer.name for buyer in found.buyers] == [f"Buyer {n:02}" for n in range(4)]
    assert sum(buyer.pieces for buyer in found.buyers) + found.unnamed == 33, "the other 33 of 38"
    assert found.unnamed == 6
    assert affected.addresses(found.buyers) == "b0@example.com; b1@example.com; b2@example.com; b3@example.com"
    assert not found.dangerous


def test_who_buys_after_it_was_noticed_is_concerned_too(shop: Shop, clock: Clock) -> None:
    bad_batch(shop)
    (alert,) = shop.notices()
    shop.sells(mugs(shop), every(1, day("2026-12-12"), 4), [shop.add_customer("Late Buyer")])
    shop.add(Batch(product=mugs(shop), code="L-0500", received_on=day("2026-12-14")))
    clock.set("2026-12-20")
    late = next(buyer for buyer in affected.affected(shop.register, alert).buyers if buyer.customer.name == "Late Buyer")
    assert [one.day for one in late.purchases] == [day("2026-12-12"), day("2026-12-13")], "those of the next batch are not"


def test_each_buyer_gets_a_letter_in_one_file(shop: Shop) -> None:
    shop.fills_in_letterhead()
    bad_batch(shop)
    (alert,) = shop.notices()
    paper = affected.letter(shop.register, alert.id, "en")
    assert len(paper.pages(20)) == 4
    assert b"pdfaid:part" in inflated(paper.pdf())
    assert affected.letter_name(alert, "L-0412") == "Letter to buyers L-0412.pdf"


def test_there_may_be_nobody_left_to_write_to(shop: Shop) -> None:
    bad_batch(shop, many=38)
    (alert,) = shop.notices()
    with pytest.raises(Known, match="there is nobody to write to"):
        affected.letter(shop.register, alert.id)


@pytest.mark.parametrize(("lang", "dangerous"), [("pl", False), ("en", True)])
def test_the_letter_says_and_looks_as_it_did(shop: Shop, lang: str, dangerous: bool) -> None:
    shop.fills_in_letterhead()
    shop.add(Batch(product=mugs(shop), code="L-0412", received_on=day("2026-10-01"), quantity=60))
    lucja = shop.add_customer("Łucja Żak", street="ul. Ptasia 3", postcode="90-001", city="Łódź")
    sold = shop.sells(mugs(shop), every(1, day("2026-10-03"), 16), [lucja, *[None] * 7])
    shop.is_complained_to([*sold[1:4], *sold[5:8]], safety=dangerous)
    (alert,) = shop.notices()
    is_paper_as_before(f"alerts/buyers_{lang}", affected.letter(shop.register, alert.id, lang))


# ------------------------------------------------------------------------------------------ repeat after fix


def fixed(shop: Shop, clock: Clock, on: str = "2026-09-01") -> Action:
    """An action about mugs that was carried out on a day."""
    clock.set(on)
    action = shop.begins_action("Mugs lose their handles")
    action = shop.changes(Action, action.id, watched=Indicator.COMPLAINT_RATE, product=mugs(shop))
    shop.plans_action(action, due_on=day(on))
    return shop.carries_out(action)


def busy(shop: Shop, before: int, after: int, on: date = FIXED) -> None:
    """For 90 days before and after a day two mugs were sold daily, and so many complained of each time."""
    for since, bad in ((on - timedelta(days=100), before), (on + timedelta(days=1), after)):
        sold = shop.sells(mugs(shop), every(1, since, 90)) + shop.sells(mugs(shop), every(1, since, 90), [None, None])
        shop.is_complained_to(sold[:bad], after=1)


def test_an_action_that_did_not_help_is_told_while_it_waits_for_its_check(shop: Shop, clock: Clock) -> None:
    busy(shop, 12, 12)
    action = fixed(shop, clock)
    clock.set("2026-10-01")
    assert AlertKind.RELAPSE not in [one.kind for one in shop.notices()], "too early"
    clock.set("2026-12-05")
    (alert,) = [one for one in shop.notices() if one.kind is AlertKind.RELAPSE]
    assert alert.what.startswith(f"Action {action.number} did not help. Complaint rate: ")
    assert "It still waits for its check" in alert.facts
    assert (alert.watched, alert.action) == (action.id, None)
    assert shop.action(action).state is ActionState.DONE


def test_an_action_found_effective_is_opened_again_when_the_rate_did_not_fall(shop: Shop, clock: Clock) -> None:
    busy(shop, 12, 14)
    action = fixed(shop, clock)
    clock.set("2026-12-05")
    shop.judges(action)
    (alert,) = [one for one in shop.notices() if one.kind is AlertKind.RELAPSE]
    again = shop.get(Action, alert.action or 0)
    assert (again.reopens, again.state, again.watched, again.product) == (action.id, ActionState.OPEN, Indicator.COMPLAINT_RATE, mugs(shop))
    assert "It has a verdict" in alert.facts
    assert [one for one in shop.notices() if one.kind is AlertKind.RELAPSE] == []


def test_an_action_that_helped_is_left_in_peace(shop: Shop, clock: Clock) -> None:
    busy(shop, 30, 4)
    fixed(shop, clock)
    clock.set("2026-12-05")
    assert [one for one in shop.notices() if one.kind is AlertKind.RELAPSE] == []


def test_too_few_are_not_judged(shop: Shop, clock: Clock) -> None:
    busy(shop, 1, 1)
    fixed(shop, clock)
    clock.set("2026-12-05")
    assert [one for one in shop.notices() if one.kind is AlertKind.RELAPSE] == []


def test_by_what_an_action_is_watched_stands_once_it_is_carried_out(shop: Shop, clock: Clock) -> None:
    action = fixed(shop, clock)
    with pytest.raises(Known, match="by what it is judged was written before"):
        shop.changes(Action, action.id, watched=None)


def test_a_dropped_one_is_not_watched(shop: Shop, clock: Clock) -> None:
    busy(shop, 12, 12)
    action = fixed(shop, clock)
    clock.set("2026-12-05")
    again = shop.judges(action, ActionStep.INEFFECTIVE, why="It was as before.")
    assert again.watched is Indicator.COMPLAINT_RATE
    assert [one for one in shop.notices() if one.kind is AlertKind.RELAPSE] == []
