"""Processes as the shop keeps them: their steps in order, the arrows between them, copies, and what may be taken away."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from qmdesk.errors import Known
from qmdesk.i18n import N_, _
from qmdesk.records.audit import Audit, Finding, PlannedAudit
from qmdesk.records.case import Case
from qmdesk.records.flow import Flow
from qmdesk.records.improvement import Action
from qmdesk.records.process import Process, ProcessLink, ProcessStep, StepKind
from qmdesk.register import Reading, Transaction
from qmdesk.schema import types
from qmdesk.schema.query import Condition, Order, Query, parts_of
from qmdesk.schema.record import Record, replace

NEW = N_("New process")
READY = N_("Take a ready process map")
CHANGE = N_("Change a process")
COPY = N_("Copy a process")
REMOVE = N_("Take a process away")
ADD_STEP = N_("Add a process step")
CHANGE_STEP = N_("Change a process step")
MOVE_STEP = N_("Move a process step")
REMOVE_STEP = N_("Take a process step away")
CONNECT = N_("Draw an arrow")
RELABEL = N_("Name an arrow")
DISCONNECT = N_("Take an arrow away")

MOST_STEPS = 200
"""Of one process: beyond, a drawing says nothing to anybody."""


# ---------------------------------------------------------------------------------------------- looking


def all_processes() -> Query:
    """The processes, those in use first, then by name."""
    return Query(Process).by(Order("active", True), Order("name"))


def flow_of(reading: Reading, process_id: int) -> Flow:
    """A process with its steps in order and the arrows drawn between them. Raises NotFound."""
    process = reading.get(Process, process_id)
    steps: list[ProcessStep] = reading.records(parts_of(process, ProcessStep).by(Order("position"), Order("id")))
    links: list[ProcessLink] = []
    if steps:
        links = reading.records(Query(ProcessLink, (Condition("start", types.ONE_OF, tuple(step.id for step in steps)),)).by(Order("id")))
    return Flow(process, tuple(steps), tuple(links))


def flow_around(reading: Reading, step_id: int) -> Flow:
    """The process a step belongs to. Raises NotFound."""
    return flow_of(reading, reading.get(ProcessStep, step_id).process)


def free_name(reading: Reading, name: str) -> str:
    """The name, or with a number where a process has it already."""
    taken = {process.name.casefold() for process in reading.records(Query(Process))}
    offered, at = name, 1
    while offered.casefold() in taken:
        at += 1
        offered = f"{name[:110]} ({at})"
    return offered


# ------------------------------------------------------------------------------------------- whole ones


def add(tx: Transaction, process: Process, first: str = "") -> int:
    """Keep a new process; ``first`` names its first step, so that there is something to go on from. Raises Problems."""
    tx.about(process.name)
    id_ = tx.add(process)
    if first:
        tx.add(ProcessStep(process=id_, position=1, name=first, kind=StepKind.START))
    return id_


def keep(tx: Transaction, flow: Flow) -> int:
    """Keep a process with its steps and arrows, which name one another by the ids they have in ``flow``. Raises Problems."""
    tx.about(flow.process.name)
    id_ = tx.add(replace(flow.process, id=0))
    ids = {step.id: tx.add(replace(step, id=0, process=id_, position=place)) for place, step in enumerate(flow.steps, 1)}
    for link in flow.links:
        tx.add(replace(link, id=0, start=ids[link.start], end=ids[link.end]))
    return id_


def copy(tx: Transaction, process_id: int, name: str) -> int:
    """A second process with the same steps and arrows, under another name; what was counted stays with the first."""
    flow = flow_of(tx, process_id)
    return keep(tx, Flow(replace(flow.process, name=name, active=True), flow.steps, flow.links))


def change(tx: Transaction, process_id: int, values: Mapping[str, Any]) -> Process:
    """Change what is said of a process: its name, what it is for, its owner, whether it is in use. Raises Problems."""
    changed = tx.change(tx.get(Process, process_id), **values)
    tx.about(changed.name)
    return changed


def remove(tx: Transaction, process_id: int) -> None:
    """Take a process away with its steps. Raises Known while something is counted at one of them or looks at it."""
    flow = flow_of(tx, process_id)
    tx.about(flow.process.name)
    audited = any(tx.count(Query(kind, (Condition("process", types.IS, (process_id,)),)), 1) for kind in (PlannedAudit, Audit))
    if audited or any(_counted(tx, step) for step in flow.steps):
        raise Known(_("“{name}” has cases, findings, actions or audits, which would lose their place. Take it out of use instead.").format(name=flow.process.name))
    for link in flow.links:
        tx.remove(link)
    for step in reversed(flow.steps):
        tx.remove(step)
    tx.remove(flow.process)


def _counted(reading: Reading, step: ProcessStep) -> bool:
    """Whether records stand at a step: they would lose their place with it."""
    kinds: tuple[type[Record], ...] = (Case, Finding, Action)
    return any(reading.count(Query(kind, (Condition("process_step", types.IS, (step.id,)),)), 1) for kind in kinds)


# ------------------------------------------------------------------------------------------------ steps


def add_step(tx: Transaction, process_id: int, name: str, after: int = 0, values: Mapping[str, Any] | None = None) -> ProcessStep:
    """Add a step after another (0: at the end), done by whom that one is done by, and going on where that one went.

    After a fork it is one more way out of it; after the end it is the end. Raises Problems, and Known for a full process.
    """
    flow = flow_of(tx, process_id)
    tx.about(flow.process.name)
    if len(flow.steps) >= MOST_STEPS:
        raise Known(_("A process has at most {most} steps. Make a second process of a part of it.").format(most=MOST_STEPS))
    before = flow.step(after) if after else (flow.steps[-1] if flow.steps else None)
    if before is None:
        return tx.get(ProcessStep, tx.add(ProcessStep(**{"process": process_id, "name": name, "position": 1, "kind": StepKind.START, **(values or {})})))
    place = flow.steps.index(before) + 1
    kind = StepKind.END if before.kind is StepKind.END else StepKind.ACTIVITY
    made = ProcessStep(**{"process": process_id, "name": name, "position": place + 1, "kind": kind, "lane": before.lane, **(values or {})})
    made = tx.get(ProcessStep, tx.add(made))
    if before.kind is StepKind.END:
        tx.change(before, kind=StepKind.ACTIVITY)
    if before.kind is StepKind.DECISION:
        _spell_out(tx, flow, before)
        tx.add(ProcessLink(start=before.id, end=made.id))
    else:  # without arrows of its own the step before leads to this one, which stands next to it
        for link in flow.drawn_from(before.id):
            tx.change(link, start=made.id)
    _renumber(tx, (*flow.steps[:place], made, *flow.steps[place:]))
    return tx.get(ProcessStep, made.id)


def change_step(tx: Transaction, step_id: int, values: Mapping[str, Any]) -> ProcessStep:
    """Change what is said of a step. Raises Problems."""
    changed = tx.change(tx.get(ProcessStep, step_id), **values)
    tx.about(changed.name)
    return changed


def move_step(tx: Transaction, step_id: int, by: int) -> ProcessStep:
    """Move a step ``by`` places in the order (negative: towards the beginning), as far as there are places."""
    flow = flow_around(tx, step_id)
    step = flow.step(step_id)
    tx.about(step.name)
    others = [other for other in flow.steps if other.id != step_id]
    place = min(len(others), max(0, flow.steps.index(step) + by))
    _renumber(tx, (*others[:place], step, *others[place:]))
    return tx.get(ProcessStep, step_id)


def remove_step(tx: Transaction, step_id: int) -> None:
    """Take a step away; what led to it leads to where it led. Raises Known while something is counted at it."""
    flow = flow_around(tx, step_id)
    step = flow.step(step_id)
    tx.about(step.name)
    if _counted(tx, step):
        raise Known(_("At “{name}” cases, findings or actions are counted, which would lose their place. Give them another step first.").format(name=step.name))
    ways = flow.ways_from(step)
    onward = ways[0].end if len(ways) == 1 else 0
    place = flow.steps.index(step)
    before = flow.steps[place - 1] if place and flow.next_in_order(flow.steps[place - 1]) == step else None
    for link in flow.links:
        if step_id in (link.start, link.end):
            tx.remove(link)
    for link in flow.links:
        if link.end == step_id and onward not in (0, link.start) and not any(other.end == onward for other in flow.drawn_from(link.start)):
            tx.add(ProcessLink(start=link.start, end=onward, label=link.label))
    if before is not None and not flow.drawn_from(before.id):
        if step.kind is StepKind.END and before.kind is StepKind.ACTIVITY:
            tx.change(before, kind=StepKind.END)
        elif onward not in (0, before.id) and flow.steps[place + 1 : place + 2] != (flow.step(onward),):
            tx.add(ProcessLink(start=before.id, end=onward))
    tx.remove(step)
    _renumber(tx, [other for other in flow.steps if other.id != step_id])


def _renumber(tx: Transaction, steps: Sequence[ProcessStep]) -> None:
    for place, step in enumerate(steps, 1):
        tx.change(tx.get(ProcessStep, step.id), position=place)


# ----------------------------------------------------------------------------------------------- arrows


def connect(tx: Transaction, start: int, end: int, label: str = "") -> int:
    """Draw an arrow; the way a step had by the order alone stays beside it. Returns the arrow's id. Raises Problems, Known."""
    flow = flow_around(tx, start)
    step = flow.step(start)
    tx.about(step.name)
    if end not in [other.id for other in flow.steps]:
        raise Known(_("An arrow leads to a step of the same process."))
    if not any(link.end == end for link in flow.drawn_from(start)):
        _spell_out(tx, flow, step, but=end)
    if step.kind is StepKind.END:
        tx.change(step, kind=StepKind.ACTIVITY)
    return tx.add(ProcessLink(start=start, end=end, label=label))


def _spell_out(tx: Transaction, flow: Flow, step: ProcessStep, but: int = 0) -> None:
    """Draw the arrow that a step has by the order alone, before it gets one of its own."""
    for way in flow.ways_from(step):
        if not way.link and way.end != but:
            tx.add(ProcessLink(start=way.start, end=way.end))


def relabel(tx: Transaction, link_id: int, label: str) -> ProcessLink:
    """Say when this way is taken. Raises Problems."""
    link = tx.get(ProcessLink, link_id)
    tx.about(tx.title(ProcessStep, link.start))
    return tx.change(link, label=label)


def disconnect(tx: Transaction, link_id: int) -> None:
    """Take an arrow away; a step left without any leads to the next in the order again."""
    link = tx.get(ProcessLink, link_id)
    tx.about(tx.title(ProcessStep, link.start))
    tx.remove(link)
