"""Audits on the command line: begun, answered question by question, finished, and their report."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import click

from qmdesk import i18n
from qmdesk.cli import arguments
from qmdesk.cli.fields import referred, settings_of
from qmdesk.cli.files import must_be_new
from qmdesk.cli.naming import meant
from qmdesk.cli.opening import Opened
from qmdesk.cli.speaking import say
from qmdesk.errors import Known, Problems
from qmdesk.i18n import _
from qmdesk.operations import audit_reading, audits
from qmdesk.records.audit import Audit, AuditAnswer, AuditState, Checklist, Finding, QuestionType
from qmdesk.records.audit_result import Result, standing
from qmdesk.records.party import Person
from qmdesk.register import Reading, Transaction
from qmdesk.schema import types


@click.command("audit-start")
@arguments.register
@click.argument("checklist")
@click.option("--place", default="", help="Where it is held.")
@click.option("--auditor", default="", help="Who holds it: the name or id of a person of the register.")
@click.option("--set", "settings", multiple=True, metavar="FIELD=VALUE", help="Another fact of the audit, such as scope=… or supplier=…; may be repeated.")
@arguments.as_json
def start(register: Path, checklist: str, place: str, auditor: str, settings: tuple[str, ...], as_json: bool) -> None:
    """Begin an audit by CHECKLIST and print its number.

    With --json also its questions as they are asked now.
    """
    with Opened(register, write=True) as opened:
        values = settings_of(opened, Audit, settings)
        values |= {"place": place} if place else {}
        if auditor:
            values["auditor"] = referred(opened, Audit, "auditor", Person, int(auditor) if auditor.isdecimal() and len(auditor) < 19 else auditor)
        audit = opened.do(audits.START, audits.start, meant(opened, Checklist, checklist), values).result
        asked = [_question(one) for one in audit_reading.answers_of(opened, audit)]
        told = {"id": audit.id, "number": audit.number, "checklist": opened.title(Checklist, audit.checklist), "version": audit.version, "questions": asked}
    say(told, as_json, audit.number)


def _question(one: AuditAnswer) -> dict[str, Any]:
    """A question as it is asked."""
    number = types.Number()
    return {
        "question": one.position, "section": one.section, "wording": one.wording, "type": str(one.type.value), "options": list(one.offered),
        "least": number.json(one.least), "most": number.json(one.most), "unit": one.unit, "weight": one.weight, "critical": one.critical, "clause": one.clause,
        "shown_by": one.shown_by, "shown_for": one.shown_for, "note_when_failed": one.note_when_failed, "photo_when_failed": one.photo_when_failed,
    }  # fmt: skip


@click.command("audit-answer", context_settings={"ignore_unknown_options": True})  # or -18 °C would be taken for options
@arguments.register
@click.argument("number")
@click.argument("question", type=click.IntRange(min=1))
@click.argument("value", required=False)
@click.option("--note", default=None, help="What was seen; of a signature, who signs.")
@click.option("--photo", "photos", multiple=True, type=arguments.FILE, help="A photo that shows it; may be repeated. Of a signature, its picture.")
@arguments.as_json
def answer(register: Path, number: str, question: int, value: str | None, note: str | None, photos: tuple[Path, ...], as_json: bool) -> None:
    """Answer QUESTION of audit NUMBER.

    QUESTION is its place in the list. VALUE is a verdict (conform, opportunity, observation, minor, major), yes or no, 0 to 5, a number, a day, one of the answers
    offered or a text; not_applicable and not_checked answer any question, "" takes the answer back. Without VALUE only the note
    and the photos are kept.
    """
    if value is not None and value.startswith("--"):
        raise click.NoSuchOption(value)
    if value is None and note is None and not photos:
        raise click.UsageError(_("Give an answer, a note or a photo."))
    files = [(path.name, _content(path)) for path in photos]
    with Opened(register, write=True) as opened:
        audit = opened.get(Audit, meant(opened, Audit, number))
        one = _asked(opened, audit, question)
        if one.type is QuestionType.SIGNATURE and files:
            if len(files) > 1:
                raise Known(_("A signature is one picture; give one --photo."))
            changed = opened.do(audits.ANSWER, audits.sign, one.id, files[0][1], note or value or one.note).result
        else:
            changed = opened.do(audits.ANSWER, audits.answer, one.id, value, note, files).result
        photographed = audit_reading.photos_of(opened, audit)
        found = audit_reading.result_of(opened, audit, photographed)
    stands = standing(changed, photo=changed.id in photographed)
    missing = [one.sentence() for one in found.missing if one.answer.id == changed.id]
    told = {
        "number": audit.number, "question": question, "value": changed.value, "note": changed.note, "standing": str(stands.value),
        "photos": [photo.name for photo in photographed.get(changed.id, ())],
        "missing": missing,
        "critical": [failed.position for failed in found.critical], "answered": found.answered, "asked": len(found.asked), "open": [left.position for left in found.open],
    }  # fmt: skip
    sentences = [_("{number}, question {place}: {standing}").format(number=audit.number, place=question, standing=_(stands.label)), *missing]
    if changed in found.critical:
        sentences.append(_("A critical question failed: “{question}”. The audit can't be passed, whatever its score.").format(question=" ".join(changed.wording.split())))
    say(told, as_json, "\n".join(sentences))


def _asked(reading: Reading, audit: Audit, place: int) -> AuditAnswer:
    """The question at a place. Raises Known."""
    found = {one.position: one for one in audit_reading.answers_of(reading, audit)}
    if place not in found:
        raise Known(_("Audit {number} has no question {place}; they are numbered from 1 to {last}.").format(number=audit.number, place=place, last=len(found)))
    return found[place]


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except (OSError, ValueError):
        raise Known(_("{file} can't be read. Check that it is there and that you may read it.").format(file=path)) from None


@click.command("audit-finish")
@arguments.register
@click.argument("number")
@click.option("--conclusion", default=None, help="The conclusion that stands in the report.")
@click.option("--leave-rest", is_flag=True, help='Answer what is still open with "not checked"; the report lists it.')
@click.option("--check", is_flag=True, help="Change nothing: only tell how the audit stands, what it would find and what is missing.")
@arguments.as_json
def finish(register: Path, number: str, conclusion: str | None, leave_rest: bool, check: bool, as_json: bool) -> None:
    """Finish audit NUMBER: its score by section, its findings.

    Where answers, notes or photos are missing, it says which, and the audit goes on.
    """
    with Opened(register, write=not check) as opened:
        id_ = meant(opened, Audit, number)
        missing: Problems | None = None
        if not check:
            try:
                opened.do(audits.FINISH, _finish, id_, conclusion, leave_rest)
            except Problems as error:
                missing = error
        told, sentence = _standing(opened, opened.get(Audit, id_))
    if missing is not None and not as_json:
        raise missing
    say(told, as_json, sentence)
    if missing is not None:
        raise Known(missing.sentence)


def _finish(tx: Transaction, audit_id: int, conclusion: str | None, leave_rest: bool) -> Audit:
    if leave_rest:
        audits.leave_rest(tx, audit_id)
    return audits.finish(tx, audit_id, conclusion)


def _standing(reading: Reading, audit: Audit) -> tuple[dict[str, Any], str]:
    """How an audit stands, for a program and for a person."""
    running = audit.state is AuditState.RUNNING
    found = audit_reading.result_of(reading, audit)
    findings = audit_reading.findings_of(reading, audit) + (audits.proposed(reading, audit) if running else [])
    passed = found.passed(audit.pass_mark) if running else audit.passed
    places = {one.id: one.position for one in found.asked}
    actions = {id_: action.number for id_, action in audit_reading.actions_of(reading, findings).items()}
    told = {
        "number": audit.number, "state": str(audit.state.value), "score": _share(found.points.share), "passed": passed,
        "sections": [{"section": one.name, "score": _share(one.points.share), "reached": types.Number().json(one.points.reached), "reachable": one.points.reachable, "asked": one.asked, "failed": one.failed} for one in found.sections],
        "critical": [one.position for one in found.critical],
        "findings": [_finding(one, places, actions) for one in findings],
        "not_checked": [one.position for one in found.not_checked],
        "missing": [{"question": one.answer.position, "what": str(one.what.value), "problem": one.sentence()} for one in found.missing],
    }  # fmt: skip
    return told, "\n".join(_lines(audit, found, findings, passed))


def _share(share: Decimal | None) -> str | None:
    return None if share is None else str(share)


def _finding(one: Finding, places: dict[int, int], actions: dict[int, str]) -> dict[str, Any]:
    """A finding; one that is only proposed has no id."""
    return {
        "id": one.id or None, "question": places.get(one.answer or 0), "grade": str(one.grade.value), "statement": one.statement,
        "requirement": one.requirement, "evidence": one.evidence, "action": actions.get(one.id),
    }  # fmt: skip


def _lines(audit: Audit, found: Result, findings: list[Finding], passed: bool) -> list[str]:
    said = _(audit.state.label) if audit.state is not AuditState.FINISHED else _("Passed") if passed else _("Not passed")
    lines = ["\t".join((audit.number, said, _told(found.points.share)))]
    lines += ["\t".join((section.name or _("Without a section"), _told(section.points.share))) for section in found.sections]
    lines += ["\t".join((_(one.grade.label), " ".join(one.statement.split()))) for one in findings]
    return lines + [one.sentence() for one in found.missing]


def _told(share: Decimal | None) -> str:
    return types.Percent().show(share) or "–"


@click.command("audit-report")
@arguments.register
@click.argument("number")
@click.argument("out", type=arguments.FILE)
@click.option("--lang", type=click.Choice(list(i18n.LANGUAGES)), default=None, help="Language of the report; that of the checklist without it.")
@arguments.as_json
def report(register: Path, number: str, out: Path, lang: str | None, as_json: bool) -> None:
    """Write the report of audit NUMBER to OUT.pdf.

    Of an audit in progress it is a draft.
    """
    from qmdesk.operations import audit_papers  # papers load what nothing else needs

    must_be_new(out, ".pdf")
    with Opened(register) as opened:
        audit = opened.get(Audit, meant(opened, Audit, number))
        audit_papers.write(audit_papers.report(opened, audit.id, lang or ""), out)
    say({"file": str(out), "number": audit.number, "state": str(audit.state.value)}, as_json, _("{file} was written.").format(file=out))
