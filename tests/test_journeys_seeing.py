"""A bad batch from the alert on Today to the falling rate: the owner's way through what the register sees (issue: seeing)."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from qmdesk.analysis.control import ChartKind
from qmdesk.operations import affected
from qmdesk.operations.figures import indicators
from qmdesk.operations.figures.control import charted
from qmdesk.operations.figures.facts import gather
from qmdesk.operations.figures.scope import By, Scope
from qmdesk.records.action_steps import ActionStep
from qmdesk.records.alert import AlertKind
from qmdesk.records.improvement import ActionSource, ActionState
from qmdesk.records.measures import Event, EventKind, Indicator
from qmdesk.records.product import Batch
from tests.clock import Clock, clock
from tests.shop import day, open_shop
from tests.shop_alerts import every

__all__ = ["clock"]


def test_a_bad_batch_is_seen_its_buyers_are_written_to_an_action_mends_it_and_the_rate_falls(tmp_path: Path, clock: Clock) -> None:
    clock.set("2026-12-10")
    with open_shop(tmp_path / "shop.qmd") as shop:
        shop.fills_in_letterhead()
        mug, plate = shop.add_product("KUB", "Mug"), shop.add_product("TAL", "Plate")
        buyer = shop.add_customer("Łucja Żak", email="lucja@example.com", street="ul. Ptasia 3", postcode="90-001", city="Łódź")
        for product in (mug, plate):
            shop.is_complained_to(shop.sells(product, every(1, day("2025-10-01"), 365))[::60])
        bad = shop.add(Batch(product=mug, code="L-0412", received_on=day("2026-10-01"), quantity=60))
        sold = shop.sells(mug, every(1, day("2026-10-01"), 60), [buyer, None])
        broken = shop.is_complained_to(sold[:14], batch=bad)

        # Today says it, with what was to be expected, and leads to exactly these complaints
        (alert,) = [one for one in shop.notices() if one.kind is AlertKind.BATCH]
        assert (alert.batch, alert.product) == (bad, mug)
        assert "14 of 60 complained of" in alert.what
        found = affected.affected(shop.register, alert)
        assert sorted(found.cases) == sorted(broken)
        assert shop.notices() == [], "told once"

        # whoever bought of it and has not complained gets a letter; what is left is set aside
        assert [one.customer.id for one in found.buyers] == [buyer]
        assert affected.letter(shop.register, alert.id, "pl").pdf().startswith(b"%PDF")
        shop.stops_sale(alert)
        assert shop.get(Batch, bad).stopped_on == day("2026-12-10")

        # it becomes an action, which is carried out and watched by the rate itself
        action = shop.acts_on_alert(alert)
        assert (action.source, action.watched, action.product) == (ActionSource.ALERT, Indicator.COMPLAINT_RATE, mug)
        assert shop.waiting_alerts() == []
        shop.plans_action(action, due_on=day("2026-12-15"))
        clock.set("2026-12-15")
        action = shop.carries_out(action)
        shop.add(Event(on=day("2026-12-15"), what="Handles glued by another method", kind=EventKind.PROCESS, product=mug))

        # four months on: the rate fell, the chart says since when, nothing is told again, and the check may be passed
        shop.add(Batch(product=mug, code="L-0500", received_on=day("2026-12-16")))
        shop.is_complained_to(shop.sells(mug, every(1, day("2026-12-16"), 107))[::60])
        shop.sells(plate, every(1, day("2026-10-01"), 183))
        clock.set("2027-04-10")
        facts = gather(shop.register)
        scope = Scope(day("2025-11-01"), day("2027-03-31"), ((By.PRODUCT, mug),))
        shown = charted(facts, Indicator.COMPLAINT_RATE, scope, kind=ChartKind.U)
        rates = dict(zip(shown.keys, shown.chart.values, strict=True))
        upper = dict(zip(shown.keys, shown.chart.upper, strict=True))
        assert rates["2026-10"] > upper["2026-10"]
        assert all(rates[month] <= upper[month] for month in ("2027-01", "2027-02", "2027-03"))
        before = indicators.measure(facts, Indicator.COMPLAINT_RATE, Scope(day("2026-10-01"), day("2026-12-14"), scope.only))
        after = indicators.measure(facts, Indicator.COMPLAINT_RATE, Scope(day("2026-12-16"), day("2027-03-31"), scope.only))
        assert after.high is not None
        assert before.low is not None
        assert after.high < before.low, "by more than chance"
        assert [one.kind for one in shop.notices() if one.kind in (AlertKind.BATCH, AlertKind.RELAPSE)] == []
        shop.judges(action, ActionStep.EFFECTIVE)
        assert shop.action(action).state is ActionState.EFFECTIVE
        clock.set(f"{day('2027-04-10') + timedelta(days=30):%Y-%m-%d}")
        assert [one.kind for one in shop.notices() if one.kind is AlertKind.RELAPSE] == []
