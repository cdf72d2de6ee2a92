"""The officer's side of the demo shop: its checklists and programme, two audits, actions at every stage, ideas, a trial, trainings, a map."""

from __future__ import annotations

import random
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from qmdesk.operations import audits, checklists, process_library, processes
from qmdesk.operations.audit_reading import answers_of, result_of
from qmdesk.operations.registers import the_shop
from qmdesk.records.audit import Audit, AuditAnswer, AuditState, Finding, PlannedAudit, QuestionType, Rhythm
from qmdesk.records.audit import Verdict as Found
from qmdesk.records.case import Case
from qmdesk.records.improvement import (
    Action,
    ActionKind,
    ActionSource,
    ActionState,
    Branch,
    CauseMethod,
    Experiment,
    Idea,
    IdeaState,
    Task,
    Training,
    TrainingSession,
    Why,
)
from qmdesk.records.party import Supplier
from qmdesk.records.process import Risk
from qmdesk.records.rating import SupplierRating
from qmdesk.register import Transaction
from qmdesk.schema import types
from qmdesk.schema.query import Condition, Query
from qmdesk.values import dataclass

TAKEN = ("packing_dispatch", "returns_desk", "product_page", "incoming_goods", "floor_5s", "orders_morning")
PACKING = TAKEN[0]
PROGRAMME = (  # checklist, rhythm, risk, days ago of the first
    (PACKING, Rhythm.QUARTERLY, Risk.HIGH, 79),
    ("returns_desk", Rhythm.HALF_YEARLY, Risk.MEDIUM, -10),
    ("floor_5s", Rhythm.MONTHLY, Risk.LOW, 2),
    ("orders_morning", Rhythm.DAILY, Risk.LOW, 6),
)
WHERE_IT_AROSE = {"TRANSPORT": "carry", "DAMAGED": "carry", "DIFFERENT": "check", "INCOMPLETE": "pick", "OVERDUE_DELIVERY": "hand_over"}
"""Code of a cause -> the step of the map on which such cases are counted."""


@dataclass(frozen=True)
class Officer:
    """What somebody who cares for quality has kept so far: ``words`` of the demo's language, ids of people and causes."""

    tx: Transaction
    lang: str
    dice: random.Random
    words: Mapping[str, Any]
    people: Mapping[str, int]
    causes: Mapping[Any, int]
    today: date

    def furnish(self) -> None:
        """Write it all down; the cases are there already."""
        self._map()
        lists = {key: checklists.add_from_library(self.tx, key, self.lang) for key in TAKEN}
        plans = {key: self._plan(lists[key], rhythm, risk, ago) for key, rhythm, risk, ago in PROGRAMME}
        self._audit(lists[PACKING], None, 170, 4, self.words["conclusion_before"])
        newest = self._audit(lists[PACKING], plans[PACKING], 79, 2, self.words["conclusion"])
        finding = next(iter(self.tx.records(Query(Finding, (Condition("audit", types.IS, (newest.id,)),)), 1)), None)
        self._damage(finding)
        self._act("late", ActionState.OPEN, 12, "owner", kind=ActionKind.CORRECTION, due_on=self._day(-2))
        self._act(
            "photos", ActionState.CLOSED, 190, "service", done_on=self._day(150), criterion_on=self._day(185), waiting_days=60, verify_on=self._day(90), verified_on=self._day(88),
            verified_by=self.people["owner"], risks_updated=True, closed_on=self._day(87), due_on=self._day(150),
        )  # fmt: skip
        self._ideas()
        self._trial()
        self._trainings()
        self._ratings()

    def _day(self, ago: int) -> date:
        return self.today - timedelta(days=ago)

    def _moment(self, ago: int, hour: int) -> datetime:
        return datetime.combine(self._day(ago), time(hour)).astimezone()

    # -- the map

    def _map(self) -> None:
        flow = process_library.flow("order_to_delivery", self.lang)
        place = {step: at for at, step in enumerate(process_library.ids("order_to_delivery"))}
        made = processes.flow_of(self.tx, processes.keep(self.tx, flow))
        for code, step in WHERE_IT_AROSE.items():
            if cause := self.causes.get(code):
                for case in self.tx.records(Query(Case, (Condition("cause", types.IS, (cause,)),))):
                    self.tx.change(case, process_step=made.steps[place[step]].id)

    # -- audits

    def _plan(self, checklist: int, rhythm: Rhythm, risk: Risk, ago: int) -> int:
        return self.tx.add(PlannedAudit(checklist=checklist, place=self.words["place"], auditor=self.people["owner"], rhythm=rhythm, risk=risk, first_on=self._day(ago)))

    def _audit(self, checklist: int, plan: int | None, ago: int, faults: int, conclusion: str) -> Audit:
        """An audit of so many days ago with so many faults, and findings for them."""
        tx, at = self.tx, self._moment(ago, 11)
        audit = tx.change(audits.start(tx, checklist, {"plan": plan, "planned_for": self._day(ago)} if plan else {"place": self.words["place"], "auditor": self.people["owner"]}), started_at=at)
        plain = [one.id for one in answers_of(tx, audit) if one.type is QuestionType.VERDICT and not (one.critical or one.photo_when_failed)]
        failing = set(self.dice.sample(plain, faults))
        while left := [one for one in result_of(tx, audit).asked if not one.value]:
            for one in left:
                tx.change(one, value="minor" if one.id in failing else _fine(one, self._day(ago)), note=self.words["note"] if one.id in failing else "", answered_at=at)
        found = result_of(tx, audit)
        for finding in audits.proposed(tx, audit):
            tx.add(finding)
        ended = at + timedelta(minutes=48)
        return tx.change(audit, state=AuditState.FINISHED, finished_at=ended, score=found.points.share, passed=found.passed(audit.pass_mark), conclusion=conclusion)

    # -- actions

    def _act(self, key: str, state: ActionState, ago: int, owner: str, **values: Any) -> Action:
        told: dict[str, Any] = {name: said for name, said in self.words[key].items() if isinstance(said, str)}
        opened = self._day(ago)
        if told.get("containment"):
            told["contained_on"] = opened
        number = self.tx.number(the_shop(self.tx).action_series or "N", opened.year)
        source = ActionSource.FINDING if values.get("finding") else ActionSource.OWN
        return self.tx.get(Action, self.tx.add(Action(**{"source": source, **told, **values, "number": number, "opened_on": opened, "state": state, "owner": self.people[owner]})))

    def _damage(self, finding: Finding | None) -> None:
        """The action that is in full swing: its cause found by both drawings, one of its tasks still open."""
        tx, words = self.tx, self.words["damage"]
        action = self._act(
            "damage", ActionState.PLANNED, 40, "store", kind=ActionKind.CORRECTIVE, finding=finding.id if finding else None, due_on=self._day(-9),
            cause_method=CauseMethod.FIVE_WHYS, cause=self.causes.get("TRANSPORT"), criterion_on=self._day(36), cost=Decimal("420.00"), gain=Decimal("3100.00"),
        )  # fmt: skip
        above = None
        for at, because in enumerate(words["whys"], 1):
            above = tx.add(Why(action=action.id, parent=above, position=1, because=because, root=at == len(words["whys"])))
        for at, (branch, because) in enumerate(words["branches"].items(), 1):
            tx.add(Why(action=action.id, branch=next(one for one in Branch if one.value == branch), position=at, because=because))
        for at, what in enumerate(words["tasks"], 1):
            done = self._day(30 - 10 * at) if at < len(words["tasks"]) else None
            tx.add(Task(action=action.id, position=at, what=what, owner=self.people["store"], due_on=self._day(18 - 10 * at), done_on=done))

    # -- ideas, a trial, trainings, ratings

    def _ideas(self) -> None:
        told = {IdeaState.NEW: "asked", IdeaState.LATER: "later", IdeaState.DECLINED: "declined"}
        answers = {IdeaState.LATER: self.words["ideas"]["later_answer"], IdeaState.DECLINED: self.words["ideas"]["declined_because"]}
        for ago, (state, key) in zip((3, 24, 60), told.items(), strict=True):
            what, by, gain = self.words["ideas"][key]
            self.tx.add(Idea(what=what, by=by, gain=gain, on=self._day(ago), state=state, answer=answers.get(state, "")))

    def _trial(self) -> None:
        words = self.words["experiment"]
        self.tx.add(
            Experiment(
                name=words["name"], hypothesis=words["hypothesis"], change=words["change"], cause=self.causes.get("TRANSPORT"),
                before_since=self._day(140), since=self._day(70), until=self._day(-5),
            )
        )

    def _trainings(self) -> None:
        for key, rhythm, ago, trained in (("packing", Rhythm.HALF_YEARLY, 130, ("store",)), ("privacy", Rhythm.YEARLY, 200, tuple(self.people))):
            topic, who, trainer = self.words["trainings"][key]
            held = self._day(ago)
            due = held + timedelta(days=182 if rhythm is Rhythm.HALF_YEARLY else 365)
            training = self.tx.add(Training(topic=topic, who=who, trainer=trainer, rhythm=rhythm, next_on=due))
            for person in trained:
                self.tx.add(TrainingSession(training=training, held_on=held, person=self.people[person], passed=True))

    def _ratings(self) -> None:
        for supplier in self.tx.ids(Query(Supplier)):
            for ago in (185, 95, 4):
                points: dict[str, Any] = {name: self.dice.randint(3, 5) for name in ("lead_time", "accuracy", "returns", "service", "price_clarity")}
                self.tx.add(SupplierRating(supplier=supplier, on=self._day(ago), by=self.people["owner"], **points))


def _fine(one: AuditAnswer, on: date) -> str:
    """An answer that nothing is wrong with."""
    if one.type is QuestionType.VERDICT:
        return str(Found.CONFORM.value)
    if one.type is QuestionType.CHOICE:
        return next(line.strip() for line in one.options.splitlines() if line.strip() and not line.strip().startswith("!"))
    if one.type is QuestionType.NUMBER:
        return str(one.least if one.least is not None else one.most if one.most is not None else 10)
    return {QuestionType.YES_NO: "yes", QuestionType.SCALE: "4", QuestionType.TEXT: "–", QuestionType.DAY: on.isoformat()}.get(one.type, str(Found.NOT_CHECKED.value))
