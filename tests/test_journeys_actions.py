"""The officer's long way: a finding becomes an action, its fishbone is drawn, 60 days later it did not help and is opened again."""

from __future__ import annotations

from qmdesk.documents.action_report import ReportForm
from qmdesk.operations import action_papers, action_reading, actions, whys
from qmdesk.operations.history import sentences
from qmdesk.records.action_steps import ActionStep, next_step
from qmdesk.records.improvement import ActionSource, ActionState, Branch, CauseMethod
from qmdesk.records.lists import Cause
from tests.clock import Clock, clock
from tests.core.golden import words
from tests.shop import Shop, day, shop
from tests.shop_audits import photo

__all__ = ["clock", "shop"]


def test_a_finding_becomes_an_action_that_is_opened_again(shop: Shop, clock: Clock) -> None:
    shop.fills_in_letterhead()
    jan, anna = shop.person("Jan Kos"), shop.person("Anna Wróbel")

    # the audit finds that parcels are too heavy
    clock.set("2026-09-07 09:00")
    audit = shop.begins_audit(shop.checklist(), place="Storeroom", auditor=anna)
    for place, value in ((1, "yes"), (3, "4"), (4, "conform"), (5, "31"), (6, "tape")):
        shop.answers_question(audit, place, value, "Parcel 1187 weighed 31 kg" if place == 5 else None)
    shop.finishes_audit(audit)
    (finding,) = shop.findings(audit)

    # the finding becomes an action; the harm is stopped before anybody asks why
    action = shop.begins_action("", ActionSource.FINDING, finding=finding.id)
    assert "Weight of the heaviest parcel" in action.name
    assert "Parcel 1187 weighed 31 kg" in action.description
    shop.acts(action, ActionStep.CONTAIN, containment="All parcels of the day were weighed again.")

    # the fishbone: people and machine, the root is marked with its kind
    people = shop.asks_why(action, "New people don't know the limit", branch=Branch.PEOPLE)
    root = shop.asks_why(action, "Nobody shows it to them", parent=people.id)
    shop.asks_why(action, "The scale stands in the office", branch=Branch.MACHINE)
    missing = shop.add(Cause(name="Missing information"))
    shop.do(whys.CHANGE, whys.change, root.id, {"root": True, "cause": missing})
    drawn = action_papers.drawing_file(shop.register, shop.action(action), CauseMethod.ISHIKAWA, "en")
    for text in ("People", "Nobody shows it to them", "Missing information", "The scale stands in"):
        assert text in drawn
    analysed = shop.acts(action, ActionStep.ANALYSE)
    assert (analysed.cause_text, analysed.cause, analysed.cause_method) == ("Nobody shows it to them", missing, CauseMethod.ISHIKAWA)

    # the plan, with its criterion; two tasks; carried out with a photo as evidence
    shop.acts(action, ActionStep.PLAN, plan="Show the scale to everybody", owner=jan, due_on=day("2026-09-14"), criterion="No parcel above 25 kg in 60 days", indicator="Parcels above 25 kg")
    for what in ("Move the scale to the desk", "Show it to the second shift"):
        shop.ticks_off(shop.adds_task(action, what, owner=jan, due_on=day("2026-09-14")))
    shop.shows(action, ("scale.jpg", photo()))
    clock.set("2026-09-15 16:00")
    assert shop.register.ids(action_reading.overdue(clock().date())) == [action.id]
    done = shop.carries_out(action)
    assert done.verify_on == day("2026-11-14")

    # 60 days later Anna looks: it did not help, so it goes on in another action
    clock.set("2026-11-13 10:00")
    assert shop.register.ids(action_reading.to_verify(clock().date())) == []
    clock.set("2026-11-14 10:00")
    assert shop.register.ids(action_reading.to_verify(clock().date())) == [action.id]
    assert next_step(shop.action(action), 0, clock().date()) is ActionStep.EFFECTIVE
    again = shop.judges(action, ActionStep.INEFFECTIVE, why="4 of 212 parcels were above 25 kg.")
    assert (again.reopens, again.finding, again.state, again.opened_on) == (action.id, finding.id, ActionState.OPEN, day("2026-11-14"))
    assert shop.register.ids(action_reading.to_verify(clock().date())) == []

    # the report says so, and so does the history, after the register was closed and opened
    shop.reopens()
    for form in ReportForm:
        told = words(action_papers.report(shop.register, action.id, form, "en").content.facts).replace("\u00a0", " ")
        for part in ("Not effective", again.number, "4 of 212 parcels", "No parcel above 25 kg in 60 days", audit.number, "scale.jpg"):
            assert part in told
    history = [line for _step, entry in shop.register.history(shop.action(action)) for line in sentences(shop.register, entry)]
    assert any("Nobody shows it to them" in line for line in history)
    assert any("Anna Wróbel" in line for line in history)

    # the second time round it holds, and becomes the rule
    shop.plans_action(again)
    shop.carries_out(again)
    clock.set("2027-01-13 10:00")
    shop.judges(again, why="None of 230 parcels.")
    shop.do(actions.EDIT, actions.edit, again.id, {"recognition": "The second shift"})
    closed = shop.acts(again, ActionStep.CLOSE, standardised="Packing checklist, question 5", risks_updated=True)
    assert closed.state is ActionState.CLOSED
    assert action_reading.roots_by_cause(shop.register) == {missing: 1}
