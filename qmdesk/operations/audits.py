"""An audit from its first question to its end: begun, answered, finished, abandoned, opened again, copied; and its findings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from qmdesk.errors import Known, Problem, Problems
from qmdesk.i18n import N_, _, translator
from qmdesk.operations import actions
from qmdesk.operations.attachments import Staged, prepare_photo
from qmdesk.operations.audit_reading import actions_of, answers_of, findings_of, photos_of, result_of
from qmdesk.operations.registers import the_shop
from qmdesk.records import answers as judging
from qmdesk.records.audit import (
    AnswerPhoto,
    Audit,
    AuditAnswer,
    AuditState,
    Checklist,
    Finding,
    Grade,
    PlannedAudit,
    Question,
    QuestionType,
    Verdict,
)
from qmdesk.records.improvement import Action, ActionKind, ActionSource, ActionState
from qmdesk.records.process import Process
from qmdesk.register import Reading, Transaction, clock
from qmdesk.schema.query import parts_of
from qmdesk.schema.record import replace

START = N_("Begin an audit")
ANSWER = N_("Answer a question of an audit")
PHOTO = N_("Add a photo to an answer")
REMOVE_PHOTO = N_("Remove a photo from an answer")
LEAVE_REST = N_("Leave the rest of an audit unchecked")
FINISH = N_("Finish an audit")
ABANDON = N_("Abandon an audit")
REOPEN = N_("Open an audit again")
COPY = N_("Copy an audit without its answers")
EDIT = N_("Change the facts of an audit")
ADD_FINDING = N_("Add a finding")
CHANGE_FINDING = N_("Change a finding")
REMOVE_FINDING = N_("Remove a finding")
MAKE_ACTION = N_("Make a finding an action")

ASKED = ("section", "wording", "type", "options", "least", "most", "unit", "weight", "critical", "clause", "guidance", "picture", "shown_for", "note_when_failed", "photo_when_failed")
"""What of a question is kept with its audit as it was asked."""
FROM_PLAN = ("place", "auditor", "process", "supplier", "objective", "scope")
COPIED = ("checklist", "version", "place", "auditor", "team", "auditee", "independent", "process", "supplier", "batch", "objective", "scope", "criteria", "pass_mark", "distribution")


# ------------------------------------------------------------------------------------------ begin and end


def start(tx: Transaction, checklist_id: int, values: Mapping[str, Any] | None = None) -> Audit:
    """Begin an audit: it gets its number and the questions of its checklist as they are asked today.

    ``values`` are the facts known so far; of an audit of the programme ``plan`` and ``planned_for``, and what the plan says
    where they are silent. Raises Known for a checklist that can't be run, Problems.
    """
    checklist = tx.get(Checklist, checklist_id)
    known = dict(values or {})
    if plan_id := known.get("plan"):
        plan = tx.get(PlannedAudit, plan_id)
        known = {**{name: getattr(plan, name) for name in FROM_PLAN if getattr(plan, name)}, **{name: value for name, value in known.items() if value not in (None, "")}}
    known.setdefault("criteria", checklist.criteria)
    questions = questions_of(tx, checklist)
    _see_that_runnable(checklist, questions)
    draft = Audit(**{**known, "checklist": checklist.id, "version": checklist.version, "pass_mark": checklist.pass_mark, "started_at": clock()})
    asked = as_asked(questions)
    if waiting := judging.circles(asked):
        sentence = _("The checklist “{name}” can't be run: question {place} is asked only after an answer that waits for it. Mend “asked only when” there.")
        raise Known(sentence.format(name=checklist.name, place=waiting[0].position))
    return _begun(tx, draft, asked)


def questions_of(reading: Reading, checklist: Checklist) -> list[Question]:
    """The questions of a checklist in their order."""
    return sorted(reading.records(parts_of(checklist, Question)), key=lambda one: (one.position, one.id))


def as_asked(questions: Sequence[Question]) -> list[AuditAnswer]:
    """Questions as an audit keeps them: numbered from 1, and waiting for one another by these numbers."""
    places = {one.id: place for place, one in enumerate(questions, 1)}
    return [AuditAnswer(audit=0, position=places[one.id], shown_by=places.get(one.shown_by or 0), **{name: getattr(one, name) for name in ASKED}) for one in questions]


def _see_that_runnable(checklist: Checklist, questions: Sequence[Question]) -> None:
    if not checklist.active:
        raise Known(_("The checklist “{name}” is not in use any more; choose another, or take it into use again.").format(name=checklist.name))
    if not questions:
        raise Known(_("The checklist “{name}” has no questions yet. Write some, then begin.").format(name=checklist.name))


def _begun(tx: Transaction, draft: Audit, asked: Sequence[AuditAnswer]) -> Audit:
    number = tx.number(the_shop(tx).audit_series or "A", draft.started_at.astimezone().year)
    tx.about(number)
    id_ = tx.add(replace(draft, number=number))
    for one in asked:
        tx.add(replace(one, audit=id_))
    return tx.get(Audit, id_)


def copy(tx: Transaction, audit_id: int) -> Audit:
    """Begin an audit with the questions of another as they were asked there, without its answers."""
    old = tx.get(Audit, audit_id)
    draft = Audit(started_at=clock(), **{name: getattr(old, name) for name in COPIED})
    asked = [AuditAnswer(audit=0, position=one.position, shown_by=one.shown_by, **{name: getattr(one, name) for name in ASKED}) for one in answers_of(tx, old)]
    return _begun(tx, draft, asked)


def edit(tx: Transaction, audit_id: int, values: Mapping[str, Any]) -> Audit:
    """Change the facts of an audit; of a finished one only its conclusion and whom the report goes to. Raises Known, Problems."""
    audit = tx.get(Audit, audit_id)
    tx.about(audit.number)
    return tx.change(audit, **values)


def finish(tx: Transaction, audit_id: int, conclusion: str | None = None) -> Audit:
    """Finish an audit: its score stands, and a finding is proposed for each answer that failed or was remarked on.

    Raises Known when it is over already, Problems (by the place of the question) when answers or evidence are missing.
    """
    audit = _in_step(tx, audit_id)
    if audit.state is AuditState.FINISHED:
        raise Known(_("Audit {number} is finished already.").format(number=audit.number))
    found = result_of(tx, audit)
    if found.missing:
        raise Problems([Problem(str(one.answer.position), one.sentence()) for one in found.missing])
    for finding in proposed(tx, audit):
        tx.add(finding)
    said = audit.conclusion if conclusion is None else conclusion.strip()
    return tx.change(audit, state=AuditState.FINISHED, finished_at=clock(), score=found.points.share, passed=found.passed(audit.pass_mark), conclusion=said)


def abandon(tx: Transaction, audit_id: int, reason: str) -> Audit:
    """Stop an audit for good; what was answered stays. Raises Known when it is over, Problems without a reason."""
    audit = _in_step(tx, audit_id)
    _see_that_running(audit)
    _demand(reason, "abandoned_because", _("Say why the audit is abandoned; it stands in the list beside it."))
    return tx.change(audit, state=AuditState.ABANDONED, finished_at=clock(), abandoned_because=reason.strip())


def reopen(tx: Transaction, audit_id: int, reason: str) -> Audit:
    """Go on with an audit that was finished or abandoned; its findings stay. Raises Known, Problems without a reason."""
    audit = _in_step(tx, audit_id)
    if audit.state is AuditState.RUNNING:
        raise Known(_("Audit {number} is in progress; it need not be opened again.").format(number=audit.number))
    _demand(reason, "reopened_because", _("Say why the audit is opened again; the report says it too."))
    return tx.change(audit, state=AuditState.RUNNING, finished_at=None, score=None, passed=False, abandoned_because="", reopened_because=reason.strip())


def _demand(reason: str, field: str, sentence: str) -> None:
    if not reason.strip():
        raise Problems([Problem(field, sentence)])


def _in_step(tx: Transaction, audit_id: int) -> Audit:
    """The audit this step is about."""
    audit = tx.get(Audit, audit_id)
    tx.about(audit.number)
    return audit


def _see_that_running(audit: Audit) -> None:
    if audit.state is not AuditState.RUNNING:
        raise Known(_("Audit {number} is over already.").format(number=audit.number))


# -------------------------------------------------------------------------------------------- answering


def answer(tx: Transaction, answer_id: int, value: str | None = None, note: str | None = None, photos: Sequence[Staged] = ()) -> AuditAnswer:
    """Answer a question, write its note, add photos as evidence; what is None stays as it is, "" takes the answer back.

    ``value`` as a person types it, in any language of the program. Raises Known for a question that is not asked now or a
    photo that is none, Problems for an answer the question can't have.
    """
    one = _about(tx, answer_id)
    _see_that_asked(tx, one)
    changes: dict[str, Any] = {}
    if value is not None:
        given = judging.read(one, value)
        changes = {"value": given, "answered_at": clock() if given else None} if given != one.value else {}
    if note is not None:
        changes["note"] = note.strip()
    changed = tx.change(one, **changes) if changes else one
    for name, content in photos:
        _keep_photo(tx, changed, name, content)
    return tx.get(AuditAnswer, answer_id)


def sign(tx: Transaction, answer_id: int, drawing: bytes, name: str) -> AuditAnswer:
    """Answer by a signature: its picture, and who signed. Raises Known for what is no picture, Problems without a name."""
    one = _about(tx, answer_id)
    _see_that_asked(tx, one)
    if one.type is not QuestionType.SIGNATURE:
        raise Known(_("Question {place} is not answered by a signature.").format(place=one.position))
    _demand(name, "note", _("Write the name of who signs."))
    _file, content = prepare_photo(_("Signature.png"), drawing)
    return tx.change(one, value=tx.keep(content), note=name.strip(), answered_at=clock())


def add_photos(tx: Transaction, answer_id: int, photos: Sequence[Staged]) -> list[int]:
    """Add photos to an answer; returns their ids. Raises Known."""
    one = _about(tx, answer_id)
    _see_that_asked(tx, one)
    return [_keep_photo(tx, one, name, content) for name, content in photos]


def remove_photo(tx: Transaction, photo_id: int) -> None:
    """Take a photo out of its answer; the history keeps it."""
    photo = tx.get(AnswerPhoto, photo_id)
    _about(tx, photo.answer)
    tx.remove(photo)


def leave_rest(tx: Transaction, audit_id: int) -> int:
    """Answer every question that is open with "not checked"; the report lists them. Returns how many. Raises Known."""
    audit = _in_step(tx, audit_id)
    _see_that_running(audit)
    left = 0
    while open_ := result_of(tx, audit).open:  # each answer may show further questions, never twice the same
        for one in open_:
            tx.change(one, value=str(Verdict.NOT_CHECKED.value), answered_at=clock())
        left += len(open_)
    return left


def _about(tx: Transaction, answer_id: int) -> AuditAnswer:
    one = tx.get(AuditAnswer, answer_id)
    tx.about(_("{number}, question {place}").format(number=tx.get(Audit, one.audit).number, place=one.position))
    return one


def _see_that_asked(tx: Transaction, one: AuditAnswer) -> None:
    audit = tx.get(Audit, one.audit)
    if one.id not in {asked.id for asked in judging.shown(answers_of(tx, audit))}:
        sentence = _("Question {place} is not asked: it waits for another answer to question {other}.")
        raise Known(sentence.format(place=one.position, other=one.shown_by))


def _keep_photo(tx: Transaction, one: AuditAnswer, name: str, content: bytes) -> int:
    kept, prepared = prepare_photo(name, content)
    return tx.add(AnswerPhoto(answer=one.id, name=kept, content=tx.keep(prepared), size=len(prepared), added_at=clock()))


# --------------------------------------------------------------------------------------------- findings


def proposed(reading: Reading, audit: Audit) -> list[Finding]:
    """A finding for each answer that failed or was remarked on and has none yet, in the language of the checklist."""
    lang = str(reading.get(Checklist, audit.checklist).language.value)
    photos, known = photos_of(reading, audit), {one.answer for one in findings_of(reading, audit)}
    owner = reading.get(Process, audit.process).owner if audit.process else None
    return [
        Finding(
            audit=audit.id,
            answer=one.id,
            grade=grade,
            statement=_statement(one, grade, lang),
            requirement=_requirement(one, lang),
            evidence=_evidence(one, [photo.name for photo in photos.get(one.id, ())], lang),
            owner=owner,
        )
        for one in judging.shown(answers_of(reading, audit))
        if one.id not in known and (grade := graded(one)) is not None
    ]


def graded(one: AuditAnswer) -> Grade | None:
    """How much an answer weighs as a finding; None for one that is none. A critical failure is a major nonconformity."""
    if judging.failed(one):
        return Grade.MAJOR if one.critical or one.value == Verdict.MAJOR else Grade.MINOR
    if one.type is not QuestionType.VERDICT:
        return None
    return {str(Verdict.OBSERVATION.value): Grade.OBSERVATION, str(Verdict.OPPORTUNITY.value): Grade.OPPORTUNITY}.get(one.value)


def _statement(one: AuditAnswer, grade: Grade, lang: str) -> str:
    if grade in (Grade.OBSERVATION, Grade.OPPORTUNITY):
        return one.note or one.wording
    return translator(lang)(N_("Not met: {question}")).format(question=one.wording)


def _requirement(one: AuditAnswer, lang: str) -> str:
    return translator(lang)(N_("{question} ({clause})")).format(question=one.wording, clause=one.clause) if one.clause else one.wording


def _evidence(one: AuditAnswer, photos: Sequence[str], lang: str) -> str:
    tr = translator(lang)
    lines = [one.note] if one.note else []
    if bounds := judging.bounds(one, lang):
        lines.append(tr(N_("Measured: {value}; wanted: {bounds}.")).format(value=judging.told(one, lang), bounds=bounds))
    elif one.type is not QuestionType.VERDICT:
        lines.append(tr(N_("Answer: {answer}.")).format(answer=judging.told(one, lang)))
    if photos:
        lines.append(tr(N_("Photos: {names}.")).format(names=", ".join(photos)))
    return "\n".join(lines)


def add_finding(tx: Transaction, finding: Finding) -> Finding:
    """Add a finding of one's own: a good practice, something seen beside the questions. Raises Problems."""
    _in_step(tx, finding.audit)
    return tx.get(Finding, tx.add(finding))


def change_finding(tx: Transaction, finding_id: int, values: Mapping[str, Any]) -> Finding:
    """Change a finding, at any time. Raises Problems."""
    finding = tx.get(Finding, finding_id)
    _in_step(tx, finding.audit)
    return tx.change(finding, **values)


def remove_finding(tx: Transaction, finding_id: int) -> None:
    """Take a finding away; the history keeps it. Raises Conflict when an action rests on it."""
    finding = tx.get(Finding, finding_id)
    _in_step(tx, finding.audit)
    tx.remove(finding)


KIND_OF_ACTION = {
    Grade.MAJOR: ActionKind.CORRECTIVE, Grade.MINOR: ActionKind.CORRECTIVE, Grade.OBSERVATION: ActionKind.PREVENTIVE,
    Grade.OPPORTUNITY: ActionKind.IMPROVEMENT, Grade.GOOD_PRACTICE: ActionKind.IMPROVEMENT,
}  # fmt: skip
"""What is done about a finding of each grade: what went wrong is corrected at its cause, what may go wrong prevented."""


def make_action(tx: Transaction, finding_id: int) -> Action:
    """Begin an action about a finding, with what it says. Raises Known when one is under way already."""
    finding = tx.get(Finding, finding_id)
    begun = actions_of(tx, [finding]).get(finding.id)
    if begun is not None and begun.state is not ActionState.DROPPED:
        raise Known(_("Action {number} has come of this finding already.").format(number=begun.number))
    return actions.begin(tx, "", ActionSource.FINDING, finding=finding.id, kind=KIND_OF_ACTION[finding.grade])
