"""What a person does to the steps and arrows of a process, the same from the drawing, the table and the buttons."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from qmdesk.operations import processes
from qmdesk.records.flow import Flow
from qmdesk.records.process import Process, ProcessStep
from qmdesk.schema.record import replace
from ui.desk import Desk

NOTHING = Flow(Process(name=""))


class ProcessEdit:
    """Performs each change as one step and answers whether it was done; what can't be done is said."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.flow = NOTHING

    @property
    def writable(self) -> bool:
        """Whether anything may be changed."""
        return bool(self.flow.process.id) and not self.desk.register.read_only

    def add(self, name: str, after: int = 0) -> int:
        """Add a step after another; returns its id, 0 where it was not added."""
        if not self.writable or not name.strip():
            return 0
        made = self.desk.attempt(processes.ADD_STEP, processes.add_step, self.flow.process.id, name.strip(), after)
        return made.id if made else 0

    def change(self, step_id: int, values: Mapping[str, Any]) -> bool:
        """Change a step."""
        step = self.flow.step(step_id)
        if not self.writable or replace(step, **values) == step:
            return True
        return self.desk.attempt(processes.CHANGE_STEP, processes.change_step, step_id, values) is not None

    def rename(self, step_id: int, name: str) -> bool:
        """Call a step by another name; nothing typed leaves it as it is."""
        return not name.strip() or self.change(step_id, {"name": name.strip()})

    def move(self, step_id: int, by: int) -> None:
        """Move a step in the order."""
        if self.writable:
            self.desk.attempt(processes.MOVE_STEP, processes.move_step, step_id, by)

    def to_lane(self, step_id: int, by: int) -> None:
        """Hand a step over to the lane beside its own."""
        lanes = self.flow.lanes
        at = lanes.index(self.flow.step(step_id).lane) + by
        if 0 <= at < len(lanes):
            self.change(step_id, {"lane": lanes[at]})

    def remove(self, step_id: int) -> int:
        """Take a step away; returns the one that is at its place then, 0 for none."""
        place = [step.id for step in self.flow.steps].index(step_id)
        if self.writable:
            self.desk.attempt(processes.REMOVE_STEP, processes.remove_step, step_id)
        left: tuple[ProcessStep, ...] = processes.flow_of(self.desk.register, self.flow.process.id).steps
        return left[min(place, len(left) - 1)].id if left else 0

    def connect(self, start: int, end: int) -> None:
        """Draw an arrow."""
        if self.writable and start != end:
            self.desk.attempt(processes.CONNECT, processes.connect, start, end)

    def label(self, start: int, end: int, label: str) -> None:
        """Say when a way is taken; the way by the order alone is drawn for it."""
        if not self.writable:
            return
        link = next((link for link in self.flow.drawn_from(start) if link.end == end), None)
        if link is None:
            if label.strip():
                self.desk.attempt(processes.CONNECT, processes.connect, start, end, label.strip())
        elif link.label != label.strip():
            self.desk.attempt(processes.RELABEL, processes.relabel, link.id, label.strip())

    def disconnect(self, link_id: int) -> None:
        """Take an arrow away that somebody drew."""
        if self.writable and link_id:
            self.desk.attempt(processes.DISCONNECT, processes.disconnect, link_id)
