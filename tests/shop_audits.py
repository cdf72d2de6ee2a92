"""What the officer does in a shop: checklists, audits and their findings; each verb is undone and redone as all are."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any, TypeVar

from PIL import Image

from qmdesk.operations import audit_reading, audits
from qmdesk.operations.attachments import Staged
from qmdesk.records.audit import Audit, AuditAnswer, Checklist, Finding, PlannedAudit, Question, QuestionType
from qmdesk.records.audit_result import Result
from qmdesk.records.improvement import Action
from qmdesk.register import Register, Transaction

T = TypeVar("T")


def keep_checklist(tx: Transaction, checklist: Checklist, questions: Sequence[dict[str, Any]]) -> int:
    """A checklist with its questions; ``after`` of a question is the place of the one it waits for."""
    id_ = tx.add(checklist)
    ids: list[int] = []
    for place, told in enumerate(questions, 1):
        after = told.get("after")
        values = {name: value for name, value in told.items() if name != "after"}
        ids.append(tx.add(Question(checklist=id_, position=place, shown_by=ids[after - 1] if after else None, **values)))
    return id_


def photo(colour: str = "red", size: tuple[int, int] = (60, 40), form: str = "JPEG") -> bytes:
    """A picture of one colour."""
    written = io.BytesIO()
    Image.new("RGB", size, colour).save(written, form)
    return written.getvalue()


PACKING: tuple[dict[str, Any], ...] = (
    {"section": "Desk", "wording": "Is the packing desk clear?", "type": QuestionType.YES_NO},
    {"section": "Desk", "wording": "What lies on it?", "type": QuestionType.TEXT, "after": 1, "shown_for": "no", "weight": 0},
    {"section": "Desk", "wording": "How tidy is it?", "type": QuestionType.SCALE, "weight": 2},
    {"section": "Parcels", "wording": "Is a list of contents in each parcel?", "critical": True, "weight": 3, "clause": "ISO 9001 8.5.4", "photo_when_failed": True},
    {"section": "Parcels", "wording": "Weight of the heaviest parcel", "type": QuestionType.NUMBER, "most": Decimal(25), "unit": "kg"},
    {"section": "Parcels", "wording": "What closes it?", "type": QuestionType.CHOICE, "options": "tape\nglue\n!string"},
)
"""Six questions of most types: one waits for another, one is critical and needs a photo when it fails."""


class Auditing:
    """The verbs of audits, for ``tests.shop.Shop``."""

    register: Register
    do: Callable[..., Any]

    def checklist(self, name: str = "Packing", questions: Sequence[dict[str, Any]] = PACKING, **values: Any) -> int:
        return self.do("Checklist", keep_checklist, Checklist(name=name, **values), questions)

    def plans(self, checklist: int, **values: Any) -> PlannedAudit:
        id_ = self.do("Plan", lambda tx: tx.add(PlannedAudit(checklist=checklist, **values)))
        return self.register.get(PlannedAudit, id_)

    def begins_audit(self, checklist: int, **values: Any) -> Audit:
        return self.do(audits.START, audits.start, checklist, values)

    def answers_question(self, audit: Audit, place: int, value: str | None = None, note: str | None = None, photos: Sequence[Staged] = ()) -> AuditAnswer:
        return self.do(audits.ANSWER, audits.answer, self.question(audit, place).id, value, note, photos)

    def finishes_audit(self, audit: Audit, **values: Any) -> Audit:
        return self.do(audits.FINISH, audits.finish, audit.id, **values)

    def abandons_audit(self, audit: Audit, reason: str) -> Audit:
        return self.do(audits.ABANDON, audits.abandon, audit.id, reason)

    def reopens_audit(self, audit: Audit, reason: str) -> Audit:
        return self.do(audits.REOPEN, audits.reopen, audit.id, reason)

    def makes_action(self, finding: Finding) -> Action:
        return self.do(audits.MAKE_ACTION, audits.make_action, finding.id)

    # -- looking

    def question(self, audit: Audit, place: int) -> AuditAnswer:
        """The question at a place of an audit."""
        (found,) = (one for one in audit_reading.answers_of(self.register, audit) if one.position == place)
        return found

    def result(self, audit: Audit) -> Result:
        return audit_reading.result_of(self.register, audit)

    def findings(self, audit: Audit) -> list[Finding]:
        return audit_reading.findings_of(self.register, audit)
