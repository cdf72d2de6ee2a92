"""What the register holds of an audit: its questions as asked, its photos, what they come to, and the run before it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import pairwise

from qmdesk.records.audit import NEEDS_ACTION, AnswerPhoto, Audit, AuditAnswer, AuditState, Finding, Grade
from qmdesk.records.audit_result import Result, result
from qmdesk.records.improvement import Action, ActionState
from qmdesk.register import Reading
from qmdesk.schema import types
from qmdesk.schema.query import Condition, Order, Query, parts_of


def answers_of(reading: Reading, audit: Audit) -> list[AuditAnswer]:
    """The questions of an audit with their answers, in their order, hidden ones too."""
    found: list[AuditAnswer] = reading.records(parts_of(audit, AuditAnswer))
    return sorted(found, key=lambda one: one.position)


def photos_of(reading: Reading, audit: Audit) -> dict[int, list[AnswerPhoto]]:
    """Id of an answer -> its photos, oldest first."""
    ids = tuple(one.id for one in answers_of(reading, audit))
    found: dict[int, list[AnswerPhoto]] = {}
    if ids:
        for photo in reading.records(Query(AnswerPhoto, (Condition("answer", types.ONE_OF, ids),)).by(Order("id"))):
            found.setdefault(photo.answer, []).append(photo)
    return found


def result_of(reading: Reading, audit: Audit, photos: Mapping[int, list[AnswerPhoto]] | None = None) -> Result:
    """What the answers of an audit come to now."""
    return result(answers_of(reading, audit), photos_of(reading, audit) if photos is None else photos)


def findings_of(reading: Reading, audit: Audit) -> list[Finding]:
    """The findings of an audit, the gravest first."""
    grades = list(Grade)
    return sorted(reading.records(parts_of(audit, Finding)), key=lambda one: (grades.index(one.grade), one.id))


def actions_of(reading: Reading, findings: Iterable[Finding]) -> dict[int, Action]:
    """Id of a finding -> the action that came of it, the last one where it was opened again."""
    ids = tuple(one.id for one in findings)
    found: list[Action] = reading.records(Query(Action, (Condition("finding", types.ONE_OF, ids),)).by(Order("id"))) if ids else []
    return {one.finding: one for one in found if one.finding}


def needs_action(finding: Finding, action: Action | None) -> bool:
    """Whether nothing has followed a nonconformity yet: neither an action that was not dropped, nor a word why none is needed."""
    return finding.grade in NEEDS_ACTION and not finding.decision.strip() and (action is None or action.state is ActionState.DROPPED)


def previous(reading: Reading, audit: Audit) -> Audit | None:
    """The last finished audit before this one with the same checklist in the same place."""
    same = (
        Condition("checklist", types.IS, (audit.checklist,)),
        Condition("place", types.IS, (audit.place,)),
        Condition("state", types.ONE_OF, (AuditState.FINISHED,)),
    )
    before = [one for one in reading.records(Query(Audit, same)) if one.id != audit.id and (one.started_at, one.id) < (audit.started_at, audit.id)]
    return max(before, key=lambda one: (one.started_at, one.id), default=None)


LONGEST_PAUSE = timedelta(minutes=10)


def time_spent(audit: Audit, answers: Sequence[AuditAnswer], until: datetime) -> timedelta:
    """How long a run has taken: from answer to answer, each pause counted with ten minutes at most, so that a night is no work."""
    moments = sorted([audit.started_at, *(one.answered_at for one in answers if one.answered_at), until])
    return sum((min(later - earlier, LONGEST_PAUSE) for earlier, later in pairwise(moments)), timedelta())
