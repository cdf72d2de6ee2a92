"""What a finished audit refuses, whoever asks, undo and redo included: its answers stand until it is opened again with a reason."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from qmdesk.errors import Conflict, Known
from qmdesk.i18n import _
from qmdesk.operations.audit_reading import result_of
from qmdesk.records.audit import AnswerPhoto, Audit, AuditAnswer, AuditState
from qmdesk.register import Guards, Image, Transaction

FILLED_LATER = ("conclusion", "distribution")
"""What may be written about an audit after it was finished; findings too, they have rules of their own."""


def _guard_audit(tx: Transaction, id_: int, before: Image, after: Image) -> None:
    if before is None:
        if not (after or {})["number"]:
            raise Known(_("An audit gets its number and its questions when it is begun: begin it on the page Audits."))
        return
    now = tx.get(Audit, id_)
    if after is None:
        if not tx.taking_back:
            raise Known(_("Audit {number} can't be taken away. Abandon it, with a reason, and it stays on record.").format(number=now.number))
    elif now.state is not AuditState.RUNNING:
        _see_that_may_change(tx, now, after)
    elif tx.taking_back and after.get("state") == AuditState.FINISHED:
        _see_that_as_finished(tx, now, after)


def _see_that_may_change(tx: Transaction, now: Audit, after: Mapping[str, Any]) -> None:
    """An audit that is over is written on only in its conclusion, or opened again."""
    opened = after.get("state") == AuditState.RUNNING
    if set(after) <= set(FILLED_LATER) or (opened and (tx.taking_back or after.get("reopened_because", now.reopened_because))):
        return
    raise Known(standing_sentence(now))


def _see_that_as_finished(tx: Transaction, now: Audit, after: Mapping[str, Any]) -> None:
    """Only an audit whose answers are those it was finished with goes back to being finished."""
    fields, found = Audit.spec.fields, result_of(tx, now)
    score = fields["score"].type.store(found.points.share)
    finished_at = str(after.get("finished_at") or "")
    answered = [str(fields["finished_at"].type.store(one.answered_at)) for one in found.asked if one.answered_at]
    if found.missing or score != after.get("score", score) or any(at > finished_at for at in answered):
        raise Conflict(_("Audit {number} has been answered otherwise since; finish it anew.").format(number=now.number))


def standing_sentence(audit: Audit) -> str:
    """Why nothing in an audit that is over can be changed."""
    if audit.state is AuditState.ABANDONED:
        return _("Audit {number} was abandoned. Open it again, with a reason, to go on with it.").format(number=audit.number)
    return _("Audit {number} is finished. Open it again, with a reason, to change its answers.").format(number=audit.number)


def _guard_answer(tx: Transaction, id_: int, before: Image, after: Image) -> None:
    audit_id = (after or {})["audit"] if before is None else tx.get(AuditAnswer, id_).audit
    _see_that_running(tx, audit_id)


def _guard_photo(tx: Transaction, id_: int, before: Image, after: Image) -> None:
    answer_id = (after or {})["answer"] if before is None else tx.get(AnswerPhoto, id_).answer
    _see_that_running(tx, tx.get(AuditAnswer, answer_id).audit)


def _see_that_running(tx: Transaction, audit_id: int) -> None:
    audit = tx.get(Audit, audit_id)
    if audit.state is not AuditState.RUNNING:
        raise Known(standing_sentence(audit))


GUARDS: Guards = {Audit: _guard_audit, AuditAnswer: _guard_answer, AnswerPhoto: _guard_photo}
