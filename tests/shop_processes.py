"""What a shop does with its processes and its suppliers; each verb is undone and redone as all are."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from qmdesk.operations import process_library, processes
from qmdesk.records.flow import Flow
from qmdesk.records.process import Process, ProcessStep
from qmdesk.register import Register


class Processing:
    """The verbs of processes, for ``tests.shop.Shop``."""

    register: Register
    do: Callable[..., Any]

    def takes_ready_map(self, key: str = "order_to_delivery", lang: str = "en") -> Flow:
        return self.flow(self.do(processes.READY, process_library.take, key, lang))

    def begins_process(self, name: str = "Packing", first: str = "Begin") -> Flow:
        return self.flow(self.do(processes.NEW, processes.add, Process(name=name), first))

    def adds_step(self, flow: Flow, name: str, after: int = 0, **values: Any) -> ProcessStep:
        return self.do(processes.ADD_STEP, processes.add_step, flow.process.id, name, after, values)

    def changes_step(self, step: ProcessStep | int, **values: Any) -> ProcessStep:
        return self.do(processes.CHANGE_STEP, processes.change_step, step if isinstance(step, int) else step.id, values)

    def moves_step(self, step: ProcessStep, by: int) -> ProcessStep:
        return self.do(processes.MOVE_STEP, processes.move_step, step.id, by)

    def removes_step(self, step: ProcessStep) -> None:
        self.do(processes.REMOVE_STEP, processes.remove_step, step.id)

    def draws_arrow(self, start: ProcessStep, end: ProcessStep, label: str = "") -> int:
        return self.do(processes.CONNECT, processes.connect, start.id, end.id, label)

    # -- looking

    def flow(self, process_id: int) -> Flow:
        return processes.flow_of(self.register, process_id)
