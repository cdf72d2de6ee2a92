"""What a shop does with its processes and its suppliers; each verb is undone and redone as all are."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from qmdesk.operations import (
    claim_list_papers,
    claim_lists,
    process_library,
    processes,
    ratings,
    supplier_claims,
)
from qmdesk.records.assessment import SupplierClaim
from qmdesk.records.case import Case
from qmdesk.records.flow import Flow
from qmdesk.records.process import Process, ProcessStep
from qmdesk.records.rating import ClaimList, SupplierRating
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


class Supplying:
    """The verbs of suppliers, for ``tests.shop.Shop``."""

    register: Register
    do: Callable[..., Any]
    add: Callable[..., int]

    def claims_from(self, supplier: int, case: Case, **values: Any) -> SupplierClaim:
        return self.do(supplier_claims.CLAIM, supplier_claims.claim, SupplierClaim(case=case.id, supplier=supplier, **values))

    def gathers(self, supplier: int, claims: Sequence[int] | None = None) -> ClaimList:
        return self.do(claim_lists.GATHER, claim_lists.gather, supplier, claims)

    def sends_list(self, listed: ClaimList, sent_on: date, reply_by: date) -> ClaimList:
        return self.do(claim_lists.SEND, claim_list_papers.send, listed.id, sent_on, reply_by)

    def hears_from_supplier(self, listed: ClaimList, on: date, answers: dict[int, claim_lists.Answer], words: str = "") -> ClaimList:
        return self.do(claim_lists.REPLY, claim_lists.note_reply, listed.id, on, words, answers)

    def rates(self, supplier: int, on: date, **points: Any) -> SupplierRating:
        return self.do(ratings.RATE, ratings.rate, SupplierRating(supplier=supplier, on=on, **points))

    def claims_on(self, listed: ClaimList) -> list[SupplierClaim]:
        return claim_lists.claims_of(self.register, listed.id)
