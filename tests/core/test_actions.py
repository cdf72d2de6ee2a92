"""Actions without a window: their gates, what is asked for when, what stands, and how one that did not help is opened again."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from qmdesk import register
from qmdesk.errors import Conflict, Known, Problems
from qmdesk.operations import action_reading, actions
from qmdesk.records.action_steps import ActionStep, next_step, steps
from qmdesk.records.audit import Finding, Grade
from qmdesk.records.improvement import Action, ActionKind, ActionSource, ActionState, Evidence, Idea
from qmdesk.records.party import Person
from qmdesk.records.process import Process, ProcessStep
from tests.clock import Clock, clock
from tests.shop import Shop, day, shop
from tests.shop_actions import PLAN
from tests.shop_audits import photo

__all__ = ["clock", "shop"]


def refused(shop: Shop, action: Action, step: ActionStep) -> str:
    """Why a step can't be taken now; "" when it can."""
    now = shop.action(action)
    return steps(now, action_reading.open_tasks(shop.register, now), register.clock().date())[step]


def coming(shop: Shop, action: Action) -> ActionStep | None:
    """The step that comes next."""
    now = shop.action(action)
    return next_step(now, action_reading.open_tasks(shop.register, now), register.clock().date())


# -- beginning


def test_an_action_gets_its_number_and_day(shop: Shop, clock: Clock) -> None:
    action = shop.begins_action("Parcels come back", kind=ActionKind.IMPROVEMENT)
    assert (action.number, action.name, action.state, action.opened_on, action.waiting_days) == ("N/2026/0001", "Parcels come back", ActionState.OPEN, day("2026-12-10"), 60)
    assert shop.begins_action("Mend it", kind=ActionKind.CORRECTION).waiting_days == 0
    with pytest.raises(Problems, match="What it is about"):
        shop.begins_action("  ")


def test_what_an_action_comes_from_says_what_it_is_about(shop: Shop) -> None:
    jan = shop.add(Person(name="Jan Kos"))
    process = shop.add(Process(name="Dispatch"))
    packing = shop.add(ProcessStep(process=process, name="Packing", weaknesses="No scale at hand", owner=jan))
    audit = shop.begins_audit(shop.checklist())
    finding = shop.add(Finding(audit=audit.id, grade=Grade.MAJOR, statement="3 of 10 parcels too heavy\nof courier A", requirement="At most 25 kg", evidence="Weighed", owner=jan, process_step=packing, due_on=day("2026-12-31")))
    found = shop.begins_action("", ActionSource.FINDING, finding=finding)
    assert (found.name, found.requirement, found.owner, found.process_step, found.due_on) == ("3 of 10 parcels too heavy", "At most 25 kg", jan, packing, day("2026-12-31"))
    assert found.description == "3 of 10 parcels too heavy\nof courier A\nWeighed"
    case = shop.complains("The sole came off. " * 20)
    complained = shop.begins_action("", ActionSource.CASE, case=case.id)
    assert complained.name.startswith("The sole came off.")
    assert len(complained.name) <= 120
    assert complained.name.endswith("…")
    idea = shop.add(Idea(what="Print the labels in the morning", on=day("2026-12-01"), gain="An hour a day"))
    assert shop.begins_action("", ActionSource.IDEA, idea=idea, kind=ActionKind.IMPROVEMENT).description == "Print the labels in the morning\nAn hour a day"
    assert shop.begins_action("", ActionSource.PROCESS, process_step=packing).name == "No scale at hand"
    assert shop.begins_action("Own words", ActionSource.FINDING, finding=finding, description="Own").description == "Own"


# -- the gates


def test_a_corrective_action_goes_through_its_gates_in_their_order(shop: Shop, clock: Clock) -> None:
    action = shop.begins_action()
    assert coming(shop, action) is ActionStep.CONTAIN
    assert refused(shop, action, ActionStep.ANALYSE) == "First write what was done at once, so that it does no more harm."
    with pytest.raises(Known, match="First write what was done at once"):
        shop.acts(action, ActionStep.ANALYSE, cause_text="The scale")
    shop.acts(action, ActionStep.CONTAIN, containment="All parcels are weighed again.")
    assert shop.action(action).contained_on == day("2026-12-10")
    with pytest.raises(Known, match="First find the cause"):
        shop.acts(action, ActionStep.PLAN, **PLAN)
    with pytest.raises(Problems, match="Root cause is missing"):
        shop.acts(action, ActionStep.ANALYSE)
    assert shop.acts(action, ActionStep.ANALYSE, cause_text="Nobody knows the limit").state is ActionState.ANALYSED
    assert coming(shop, action) is ActionStep.PLAN
    with pytest.raises(Problems) as missing:
        shop.acts(action, ActionStep.PLAN, plan="Weigh")
    assert [problem.sentence for problem in missing.value.problems] == [
        "Say who answers for it.", "Until is missing.", "Write when it counts as effective, before it is done.",
    ]  # fmt: skip
    with pytest.raises(Known, match="First plan it"):
        shop.carries_out(action)
    planned = shop.acts(action, ActionStep.PLAN, **PLAN, owner=shop.person("Jan Kos"), due_on=day("2026-12-20"))
    assert (planned.state, planned.criterion_on) == (ActionState.PLANNED, day("2026-12-10"))
    clock.set("2026-12-18")
    done = shop.carries_out(action, cost=Decimal("120.00"))
    assert (done.state, done.done_on, done.verify_on, done.cost) == (ActionState.DONE, day("2026-12-18"), day("2027-02-16"), Decimal("120.00"))
    assert coming(shop, action) is None
    assert refused(shop, action, ActionStep.EFFECTIVE) == "It is too early to say that it helped: wait until 16 Feb 2027."
    clock.set("2027-02-16")
    assert coming(shop, action) is ActionStep.EFFECTIVE
    with pytest.raises(Known, match="First somebody has to check"):
        shop.acts(action, ActionStep.CLOSE, standardised="The rule hangs at the desk")
    judged = shop.judges(action)
    assert (judged.state, judged.verified_on, judged.verified_by) == (ActionState.EFFECTIVE, day("2027-02-16"), shop.person("Anna Wróbel"))
    with pytest.raises(Problems, match="What was made the rule is missing"):
        shop.acts(action, ActionStep.CLOSE)
    closed = shop.acts(action, ActionStep.CLOSE, standardised="Packing checklist, question 4", risks_updated=True)
    assert (closed.state, closed.closed_on) == (ActionState.CLOSED, day("2027-02-16"))
    assert coming(shop, action) is None


@pytest.mark.parametrize(
    ("kind", "first"),
    [
        (ActionKind.CONTAINMENT, ActionStep.PLAN), (ActionKind.CORRECTION, ActionStep.PLAN), (ActionKind.IMPROVEMENT, ActionStep.PLAN),
        (ActionKind.PREVENTIVE, ActionStep.ANALYSE), (ActionKind.CORRECTIVE, ActionStep.CONTAIN),
    ],
)  # fmt: skip
def test_each_kind_asks_only_for_what_it_needs(shop: Shop, clock: Clock, kind: ActionKind, first: ActionStep) -> None:
    action = shop.begins_action(kind=kind)
    assert coming(shop, action) is first
    shop.plans_action(action)
    shop.carries_out(action)
    clock.set("2027-02-08")
    assert shop.judges(action).state is ActionState.EFFECTIVE


def test_an_action_with_open_tasks_goes_no_further(shop: Shop, clock: Clock) -> None:
    action = shop.begins_action()
    first, second = shop.adds_task(action, "Buy a scale", due_on=day("2026-12-12")), shop.adds_task(action, "Hang up the rule")
    assert [task.position for task in shop.tasks(action)] == [1, 2]
    shop.plans_action(action)
    shop.ticks_off(first)
    with pytest.raises(Known, match="1 task is not done yet"):
        shop.carries_out(action)
    assert coming(shop, action) is None
    assert shop.ticks_off(second).done_on == day("2026-12-10")
    shop.carries_out(action)
    shop.ticks_off(first, done=False)
    clock.set("2027-02-20")
    with pytest.raises(Known, match="1 task is not done yet"):
        shop.judges(action)
    shop.ticks_off(first)
    shop.judges(action)
    late = shop.adds_task(action, "Show the newcomers")
    with pytest.raises(Known, match="1 task is not done yet"):
        shop.acts(action, ActionStep.CLOSE, standardised="The rule")
    shop.do(actions.REMOVE_TASK, actions.remove_task, late.id)
    assert shop.acts(action, ActionStep.CLOSE, standardised="The rule").state is ActionState.CLOSED
    with pytest.raises(Problems, match="What is missing"):
        shop.adds_task(shop.begins_action(), "  ")


def test_the_criterion_is_written_before_and_stays(shop: Shop, clock: Clock) -> None:
    action = shop.begins_action()
    shop.plans_action(action)
    clock.set("2026-12-15")
    edited = shop.do(actions.EDIT, actions.edit, action.id, {"criterion": "At most one parcel in 60 days."})
    assert edited.criterion_on == day("2026-12-15")
    with pytest.raises(Problems, match="before its criterion was written, on 15 Dec 2026"):
        shop.carries_out(action, done_on=day("2026-12-14"))
    with pytest.raises(Problems, match="can't lie in the future"):
        shop.carries_out(action, done_on=day("2026-12-16"))
    with pytest.raises(Problems, match="Write when it counts as effective"):
        shop.do(actions.EDIT, actions.edit, action.id, {"criterion": ""})
    shop.carries_out(action)
    for change in ({"criterion": "Any"}, {"waiting_days": 1}, {"indicator": "Another"}):
        with pytest.raises(Known, match="was written before and stays"):
            shop.do(actions.EDIT, actions.edit, action.id, change)
    assert shop.do(actions.EDIT, actions.edit, action.id, {"team": "Jan, Ola"}).team == "Jan, Ola"


def test_a_verdict_has_a_name_and_it_is_not_the_doers(shop: Shop, clock: Clock) -> None:
    action = shop.begins_action()
    shop.plans_action(action)
    shop.ticks_off(shop.adds_task(action, "Buy a scale", owner=shop.person("Ola Maj")))
    shop.carries_out(action)
    clock.set("2027-02-08")
    with pytest.raises(Problems) as nobody:
        shop.acts(action, ActionStep.EFFECTIVE)
    assert [problem.sentence for problem in nobody.value.problems] == ["Say who checked it: a verdict has a name.", "Write what the check showed, measured by the criterion."]
    assert shop.judges(shop.action(action), by="Jan Kos").state is ActionState.EFFECTIVE, "both did it, and nobody else works here"
    shop.register.undo()
    shop.person("Anna Wróbel")
    for doer in ("Jan Kos", "Ola Maj"):
        with pytest.raises(Problems, match="Who carried it out does not judge it where there is somebody else: Anna Wróbel"):
            shop.judges(action, by=doer)
    with pytest.raises(Problems, match="can't have been checked before it was carried out"):
        shop.acts(action, ActionStep.INEFFECTIVE, verified_on=day("2026-12-09"), verified_by=shop.person("Anna Wróbel"), verdict_reasons="No")
    with pytest.raises(Problems, match="too early"):
        shop.acts(action, ActionStep.EFFECTIVE, verified_on=day("2027-02-07"), verified_by=shop.person("Anna Wróbel"), verdict_reasons="Yes")
    assert shop.judges(action).state is ActionState.EFFECTIVE


def test_an_action_that_did_not_help_is_opened_again(shop: Shop, clock: Clock) -> None:
    action = shop.begins_action()
    shop.plans_action(action, indicator="Parcels that come back")
    shop.carries_out(action)
    clock.set("2026-12-20")
    again = shop.judges(action, ActionStep.INEFFECTIVE, why="4 parcels came back in ten days.")
    before = shop.action(action)
    assert (before.state, before.closed_on, before.verified_on) == (ActionState.INEFFECTIVE, day("2026-12-20"), day("2026-12-20"))
    assert (again.number, again.reopens, again.state, again.name, again.indicator) == ("N/2026/0002", action.id, ActionState.OPEN, action.name, "Parcels that come back")
    assert (again.containment, again.cause_text, again.plan, again.criterion, again.due_on) == ("", "", "", "", None), "found anew"
    opened = action_reading.opened_again_by(shop.register, before)
    assert opened is not None
    assert opened.id == again.id
    with pytest.raises(Known, match="opened again when it did not help"):
        shop.acts(action, ActionStep.REOPEN)


def test_an_action_that_came_back_goes_on_in_another(shop: Shop, clock: Clock) -> None:
    action = shop.begins_action()
    with pytest.raises(Known, match="It has no verdict yet"):
        shop.acts(action, ActionStep.REOPEN)
    shop.plans_action(action)
    shop.carries_out(action)
    clock.set("2027-02-08")
    shop.judges(action)
    shop.acts(action, ActionStep.CLOSE, standardised="The rule")
    clock.set("2027-05-01")
    again = shop.acts(action, ActionStep.REOPEN)
    assert (again.reopens, again.opened_on, again.number) == (action.id, day("2027-05-01"), "N/2027/0001")
    assert shop.action(action).state is ActionState.CLOSED


def test_what_is_over_stays_as_it_is(shop: Shop, clock: Clock) -> None:
    action = shop.begins_action()
    task = shop.adds_task(action, "Buy a scale")
    with pytest.raises(Problems, match="Why it was dropped is missing"):
        shop.acts(action, ActionStep.DROP)
    assert shop.acts(action, ActionStep.DROP, dropped_because="The product is not sold any more").state is ActionState.DROPPED
    for change in (
        lambda: shop.do(actions.EDIT, actions.edit, action.id, {"plan": "Something"}),
        lambda: shop.changes(Action, action.id, state=ActionState.OPEN),
        lambda: shop.ticks_off(task),
        lambda: shop.adds_task(action, "Another"),
        lambda: shop.shows(action, ("scale.jpg", photo())),
    ):
        with pytest.raises(Known, match="was dropped"):
            change()
    with pytest.raises(Known, match="Drop it, with a reason"):
        shop.removes(Action, shop.begins_action().id)
    assert shop.do(actions.EDIT, actions.edit, action.id, {"recognition": "Ola"}).recognition == "Ola"
    assert shop.acts(action, ActionStep.REOPEN).reopens == action.id


def test_no_way_around_the_gates(shop: Shop) -> None:
    with pytest.raises(Known, match="gets its number when it is begun"):
        shop.add(Action(name="By hand", opened_on=day("2026-12-10")))
    action = shop.begins_action()
    with pytest.raises(Problems, match="a verdict has a name"):
        shop.changes(Action, action.id, state=ActionState.CLOSED)


def test_undo_takes_a_verdict_back_with_what_it_opened(shop: Shop, clock: Clock) -> None:
    action = shop.begins_action()
    shop.plans_action(action)
    shop.carries_out(action)
    verdict = shop.judges(action, ActionStep.INEFFECTIVE)
    step = shop.register.steps(1)[0][0].id
    shop.do(actions.EDIT, actions.edit, verdict.id, {"team": "All"})
    with pytest.raises(Conflict):
        shop.register.undo(step)
    shop.register.undo()
    assert shop.action(action).state is ActionState.INEFFECTIVE


def test_undo_keeps_to_the_same_rules(shop: Shop) -> None:
    action = shop.begins_action()
    task = shop.adds_task(action, "Buy a scale")
    shop.register.do(actions.FINISH_TASK, actions.finish_task, task.id)
    ticking = shop.register.steps(1)[0][0].id
    shop.register.do(actions.EDIT, actions.edit, action.id, {"team": "Jan"})
    editing = shop.register.steps(1)[0][0].id
    shop.acts(action, ActionStep.DROP, dropped_because="Not needed")
    for step in (ticking, editing):
        with pytest.raises(Known, match="was dropped"):
            shop.register.undo(step)
    shop.register.undo()
    shop.register.undo(ticking)
    assert shop.tasks(action)[0].done_on is None


# -- what waits, and files


def test_what_is_overdue_and_what_waits_for_its_verdict(shop: Shop, clock: Clock) -> None:
    late, waiting, early = shop.begins_action("Late"), shop.begins_action("Waiting"), shop.begins_action("Early")
    shop.plans_action(late, due_on=day("2026-12-12"))
    shop.plans_action(waiting, due_on=day("2026-12-11"), waiting_days=5)
    shop.plans_action(early, due_on=day("2026-12-31"))
    shop.adds_task(early, "Buy a scale", due_on=day("2026-12-11"))
    shop.carries_out(waiting)
    on = day("2026-12-15")
    assert shop.register.ids(action_reading.overdue(on)) == [late.id]
    assert shop.register.ids(action_reading.to_verify(on)) == [waiting.id]
    assert shop.register.ids(action_reading.to_verify(on - timedelta(days=1))) == []
    assert [task.what for task in shop.register.records(action_reading.overdue_tasks(on))] == ["Buy a scale"]


def test_evidence_is_kept_small_and_refused_in_words(shop: Shop) -> None:
    action = shop.begins_action()
    ids = shop.shows(action, ("scale.jpg", photo(size=(3000, 1000))), ("invoice.pdf", b"%PDF-1.7 paid"))
    kept = action_reading.evidence_of(shop.register, action)
    assert [(one.id, one.name, one.media_type) for one in kept] == [(ids[0], "scale.jpg", "image/jpeg"), (ids[1], "invoice.pdf", "application/pdf")]
    assert kept[0].size == len(shop.register.content(kept[0].content))
    with pytest.raises(Known, match="can't be opened"):
        shop.shows(action, ("scale.jpg", b"no photo"))
    shop.do(actions.REMOVE_EVIDENCE, actions.remove_evidence, ids[1])
    assert [one.name for one in action_reading.evidence_of(shop.register, action)] == ["scale.jpg"]
    assert shop.get(Evidence, ids[0]).action == action.id
