"""The report of an audit and the blank form of a checklist, put into the words of a language (ISO 19011: what a report holds).

Facts of ``audit_report.typ`` beside those of every letter: chart (title, rows[] of name, share, said, before, tone, strong;
note), found (title, nothing, items[] of number, grade, tone, statement, parts[] of label and value, files[] of file and name),
asked (title, heads[], groups[] of name and rows[] of place, question, answer, tone, note), seen (title, files[]), signed[]
(file, name, day), hands[] (what is signed by hand). Facts of ``audit_form.typ``: about[] (label, value), groups[] of name and
questions[] (place, wording, clause, critical, how, when, boxes[], line, lines), note.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from qmdesk.documents.render import Content, texts
from qmdesk.i18n import N_, n_, show_day, show_moment, translator
from qmdesk.records import answers as judging
from qmdesk.records.audit import (
    LARGEST_ON_SCALE,
    LEFT_OUT,
    AnswerPhoto,
    Audit,
    AuditAnswer,
    AuditState,
    Checklist,
    Finding,
    Grade,
    QuestionType,
    Verdict,
)
from qmdesk.records.audit_result import Points, Result, Standing, standing
from qmdesk.records.improvement import Action
from qmdesk.records.shop import Shop
from qmdesk.schema import types

REPORT, FORM = "audit_report", "audit_form"
Facts = dict[str, object]

TONES = {Grade.MAJOR: "bad", Grade.MINOR: "warn", Grade.OBSERVATION: "info", Grade.OPPORTUNITY: "info", Grade.GOOD_PRACTICE: "good"}
STANDS = {Standing.FAILED: "bad", Standing.MISSING: "bad", Standing.REMARKED: "info"}


@dataclass(frozen=True)
class AuditMatter:
    """All that the report of an audit says. ``files``: id of a photo, or SHA-256 of a signature, -> the file it is drawn from."""

    shop: Shop
    audit: Audit
    checklist: Checklist
    result: Result
    photos: Mapping[int, Sequence[AnswerPhoto]]
    findings: Sequence[Finding]
    before: tuple[Audit, Result] | None = None
    names: Mapping[str, str] = field(default_factory=dict)  # field of the audit that refers to something -> what it is called
    actions: Mapping[int, Action] = field(default_factory=dict)  # id of a finding -> what came of it
    owners: Mapping[int, str] = field(default_factory=dict)  # id of a person -> name
    files: Mapping[int | str, str] = field(default_factory=dict)
    logo: bytes | None = None


def report(matter: AuditMatter, lang: str, on: date) -> Content:
    """The report in "pl" or "en", dated ``on``; of an audit that goes on it is a draft."""
    return Content(REPORT, lang, _Report(matter, lang).facts(on), matter.logo)


class PaperWords:
    """The words of one language, for papers that are no letters."""

    def __init__(self, lang: str) -> None:
        self.lang = lang
        self.tr = translator(lang)

    def head(self, shop: Shop, on: date, title: str, number: str, label: str = N_("Audit")) -> Facts:
        """What stands at the top of every page of a shop; ``label`` says what the number is of."""
        blocks = texts(self.lang)
        day = show_day(on, self.lang)
        lines = [line for line in (shop.legal_name if shop.legal_name != shop.name else "", shop.street, f"{shop.postcode} {shop.city}".strip()) if line]
        placed = blocks["layout.place_and_date"].format(place=shop.city, date=day) if shop.city else day
        return {
            "date": on.isoformat(),
            "labels": {"layout.case_number": self.tr(label)},
            "shop": {"name": shop.name, "address_lines": lines, "nip": shop.nip, "phone": shop.phone, "email": shop.email, "website": shop.website},
            "place_and_date": placed,
            "case_number": number,
            "subject": title,
        }

    def percent(self, share: Decimal | None) -> str:
        return types.Percent().show(share, self.lang) or "–"

    def choice(self, word: types.Labelled) -> str:
        return self.tr(word.label)


class _Report(PaperWords):
    """The report of one audit in the words of one language."""

    def __init__(self, matter: AuditMatter, lang: str) -> None:
        super().__init__(lang)
        self.matter, self.audit, self.result = matter, matter.audit, matter.result

    def facts(self, on: date) -> Facts:
        audit = self.audit
        made: Facts = {
            **self.head(self.matter.shop, on, self.tr(N_("Audit report {number}")).format(number=audit.number), audit.number),
            "draft": audit.state is AuditState.RUNNING,
            "highlight": self.verdict(),
            "particulars": [{"label": label, "value": value} for label, value in self.particulars() if value],
            "chart": self.chart(),
            "found": self.found(),
            "sections": [part for part in self.sections() if part["paragraphs"]],
            "asked": self.asked(),
            "seen": self.seen(),
            "signed": self.signed(),
            "hands": [self.tr(N_("Auditor")), self.tr(N_("For those who were audited"))],
        }
        return {name: value for name, value in made.items() if value is not None}

    # -- what it came to

    def verdict(self) -> Facts:
        """Passed or not, with the score and why."""
        audit, result = self.audit, self.result
        share, mark = self.percent(result.points.share), self.percent(audit.pass_mark) if audit.pass_mark is not None else ""
        passed = audit.passed if audit.state is AuditState.FINISHED else result.passed(audit.pass_mark)
        note, tone = "", "good" if passed else "bad"
        if result.critical:
            places = ", ".join(str(one.position) for one in result.critical)
            note = n_("A critical question failed: no. {places}.", "Critical questions failed: no. {places}.", len(result.critical), self.lang, places=places)
        elif mark:
            note = self.tr(N_("Passed from {mark}.")).format(mark=mark)
        if audit.state is AuditState.RUNNING:
            said = self.tr(N_("In progress: {answered} of {all} answered"))
            value, tone = said.format(answered=result.answered, all=len(result.asked)), "info"
        elif audit.state is AuditState.ABANDONED:
            value, note, tone = self.tr(N_("Abandoned")), audit.abandoned_because, "info"
        elif result.points.share is None:
            value, tone = self.tr(N_("No score: nothing was asked that counts")), "info"
        else:
            value = self.tr(N_("Passed: {score}") if passed else N_("Not passed: {score}")).format(score=share)
        return {"label": self.tr(N_("Result")), "value": value, "note": note, "tone": tone}

    def particulars(self) -> Iterator[tuple[str, str]]:
        audit, names, tr = self.audit, self.matter.names, self.tr
        listed = tr(N_("{name}, version {version}")).format(name=self.matter.checklist.name, version=audit.version)
        end = show_moment(audit.finished_at, self.lang) if audit.finished_at else ""
        begun = show_moment(audit.started_at, self.lang)
        yield tr(N_("Checklist")), listed
        yield tr(N_("Place")), audit.place
        yield tr(N_("Begun and finished")), tr(N_("{begun} – {end}")).format(begun=begun, end=end) if end else begun
        yield tr(N_("Auditor")), names.get("auditor", "")
        yield tr(N_("Others of the team")), audit.team
        yield tr(N_("Who was audited")), audit.auditee
        yield tr(N_("Independence")), tr(N_("The auditor does not check their own work.")) if audit.independent else tr(N_("The auditor checks their own work; read the result with that in mind."))
        for name in ("process", "supplier", "batch"):
            yield tr(Audit.spec.fields[name].label), names.get(name, "")
        yield tr(N_("Objective")), audit.objective
        yield tr(N_("Scope")), audit.scope
        yield tr(N_("Criteria")), audit.criteria
        yield tr(N_("Opened again because")), audit.reopened_because
        yield tr(N_("The report goes to")), audit.distribution

    def chart(self) -> Facts | None:
        """A bar for each section, with the mark of the run before."""
        if self.result.points.share is None:
            return None
        earlier = {section.name: section.points for section in self.matter.before[1].sections} if self.matter.before else {}
        tone = "bad" if self.result.critical else "good"
        rows = [self._bar(self.tr(N_("In all")), self.result.points, self.matter.before[1].points if self.matter.before else None, tone, strong=True)]
        for section in self.result.sections:
            if section.points.reachable:
                name = section.name or self.tr(N_("Without a section"))
                rows.append(self._bar(name, section.points, earlier.get(section.name), "warn" if section.failed else "good"))
        note = ""
        if self.matter.before:
            before = self.matter.before[0]
            said = self.tr(N_("The mark on a bar is the run before: {number}, {day}, {score}."))
            note = said.format(number=before.number, day=show_day(before.started_at.astimezone().date(), self.lang), score=self.percent(before.score))
        return {"title": self.tr(N_("Score by section")), "rows": rows, "note": note}

    def _bar(self, name: str, points: Points, before: Points | None, tone: str, *, strong: bool = False) -> Facts:
        reached = types.Number().show(points.reached, self.lang)
        said = self.tr(N_("{share} ({reached} of {reachable})")).format(share=self.percent(points.share), reached=reached, reachable=points.reachable)
        shares = {"share": str(points.share or 0), "before": str(before.share) if before and before.share is not None else ""}
        return {"name": name, **shares, "said": said if points.reachable else "–", "tone": tone, "strong": strong}

    # -- findings and conclusion

    def found(self) -> Facts:
        items = []
        for place, one in enumerate(self.matter.findings, 1):
            owner = self.matter.owners.get(one.owner or 0, "")
            parts = (
                (N_("Requirement"), one.requirement), (N_("Evidence"), one.evidence), (N_("Who answers for it"), owner),
                (N_("Until"), show_day(one.due_on, self.lang) if one.due_on else ""), (N_("What was decided"), one.decision),
                (N_("Action"), self.action(one.id)),
            )  # fmt: skip
            items.append(
                {
                    "number": str(place), "grade": self.choice(one.grade), "tone": TONES[one.grade], "statement": one.statement,
                    "parts": [{"label": self.tr(label), "value": value} for label, value in parts if value], "files": self.files_of(one.answer or 0),
                }
            )  # fmt: skip
        nothing = N_("Findings are proposed when the audit is finished.") if self.audit.state is AuditState.RUNNING else N_("Nothing was found that must be mended.")
        return {"title": self.tr(N_("Findings")), "nothing": self.tr(nothing), "items": items}

    def action(self, finding: int) -> str:
        """The number of the action that came of a finding and how far it is."""
        begun = self.matter.actions.get(finding)
        return self.tr(N_("{number}: {state}")).format(number=begun.number, state=self.choice(begun.state)) if begun else ""

    def sections(self) -> Iterator[Facts]:
        yield {"title": self.tr(N_("Conclusion")), "paragraphs": [part for part in self.audit.conclusion.split("\n\n") if part.strip()]}
        left = [f"{one.position}. {one.wording}" for one in self.result.not_checked]
        yield {"title": self.tr(N_("Not checked")), "paragraphs": [left] if left else []}

    # -- what was asked

    def asked(self) -> Facts:
        groups: list[Facts] = []
        for section in self.result.sections:
            rows = [self._row(one) for one in self.result.asked if one.section == section.name]
            groups.append({"name": section.name, "rows": rows})
        heads = [self.tr(head) for head in (N_("No."), N_("Question asked"), N_("Answer"), N_("Note"))]
        return {"title": self.tr(N_("Questions and answers")), "heads": heads, "groups": groups}

    def _row(self, one: AuditAnswer) -> Facts:
        photos = self.matter.photos.get(one.id, ())
        stands = standing(one, photo=bool(photos))
        counted = n_("{n} photo", "{n} photos", len(photos), self.lang) if photos else ""
        answer = judging.told(one, self.lang) or (counted if one.type is QuestionType.PHOTO else "") or self.choice(stands)
        notes = [part for part in (one.note, counted if answer != counted else "") if part]
        question = self.tr(N_("{question} ({clause})")).format(question=one.wording, clause=one.clause) if one.clause else one.wording
        wanted = judging.bounds(one, self.lang)
        said = self.tr(N_("{answer} (wanted: {bounds})")).format(answer=answer, bounds=wanted) if wanted and one.value and one.value not in LEFT_OUT else answer
        return {"place": str(one.position), "question": question, "answer": said, "tone": STANDS.get(stands, ""), "note": "\n".join(notes), "critical": self.tr(N_("Critical")) if one.critical else ""}

    def files_of(self, answer: int) -> list[Facts]:
        """The photos of one answer, as far as they can be drawn."""
        return [{"file": self.matter.files[photo.id], "name": photo.name} for photo in self.matter.photos.get(answer, ()) if photo.id in self.matter.files]

    def seen(self) -> Facts | None:
        """The photos of answers that became no finding."""
        told = {one.answer for one in self.matter.findings}
        files = []
        for one in self.result.asked:
            if one.id not in told:
                caption = self.tr(N_("Question {place}: {name}"))
                files += [{**file, "name": caption.format(place=one.position, name=file["name"])} for file in self.files_of(one.id)]
        return {"title": self.tr(N_("Photos")), "files": files} if files else None

    def signed(self) -> list[Facts]:
        """The signatures given in the run."""
        given = [one for one in self.result.asked if one.type is QuestionType.SIGNATURE and one.value in self.matter.files]
        return [
            {"file": self.matter.files[one.value], "name": one.note, "day": show_moment(one.answered_at, self.lang) if one.answered_at else "", "what": one.wording} for one in given
        ]


# ----------------------------------------------------------------------------------------------- the blank form


def form(shop: Shop, checklist: Checklist, asked: Sequence[AuditAnswer], lang: str, on: date, logo: bytes | None = None) -> Content:
    """A checklist on paper, to be filled in by hand; its own words stay in its own language."""
    return Content(FORM, lang, _Form(lang).facts(shop, checklist, asked, on), logo)


class _Form(PaperWords):
    """The blank form in the words of one language."""

    def facts(self, shop: Shop, checklist: Checklist, asked: Sequence[AuditAnswer], on: date) -> Facts:
        names = list(dict.fromkeys(one.section for one in asked))
        version = self.tr(N_("version {version}")).format(version=checklist.version)
        return {
            **self.head(shop, on, checklist.name, version),
            "labels": {"layout.case_number": self.tr(N_("Checklist"))},
            "place_and_date": "",
            "purpose": checklist.purpose,
            "criteria": self.tr(N_("Measured against: {criteria}")).format(criteria=checklist.criteria) if checklist.criteria else "",
            "about": [self.tr(words) for words in (N_("Place"), N_("Date"), N_("Auditor: name and signature"), N_("Audited: name and signature"))],
            "groups": [{"name": name, "questions": [self._question(one) for one in asked if one.section == name]} for name in names],
            "words": {"note": self.tr(N_("Note")), "critical": self.tr(N_("Critical"))},
            "note": self.tr(N_("Tick one box of each question; write what was seen beside every failure.")),
        }

    def _question(self, one: AuditAnswer) -> Facts:
        when = ""
        if one.shown_by is not None:
            answers = "; ".join(self._waited(part) for part in one.shown_for.split(";") if part.strip())
            when = self.tr(N_("Only when question {place} is answered: {answers}")).format(place=one.shown_by, answers=answers)
        evidence = [self.tr(words) for words, wanted in ((N_("a failure needs a note"), one.note_when_failed), (N_("a failure needs a photo"), one.photo_when_failed)) if wanted and judging.judged(one)]
        return {
            "place": str(one.position),
            "wording": one.wording,
            "clause": one.clause,
            "critical": one.critical,
            "how": one.guidance,
            "when": when,
            "boxes": [*self._boxes(one), *(self.choice(verdict) for verdict in (Verdict.NOT_APPLICABLE, Verdict.NOT_CHECKED))],
            "line": self._line(one),
            "lines": 3 if one.type is QuestionType.TEXT else 1,
            "evidence": "; ".join(evidence),
        }

    def _waited(self, value: str) -> str:
        """An answer waited for, in words."""
        bare = value.strip()
        if bare in ("yes", "no"):
            return types.Flag().show(bare == "yes", self.lang)
        return next((self.choice(verdict) for verdict in Verdict if verdict.value == bare), bare)

    def _boxes(self, one: AuditAnswer) -> list[str]:
        if one.type is QuestionType.VERDICT:
            return [self.choice(verdict) for verdict in Verdict if str(verdict.value) not in LEFT_OUT]
        if one.type is QuestionType.YES_NO:
            return [types.Flag().show(value, self.lang) for value in (True, False)]
        if one.type is QuestionType.SCALE:
            return [str(points) for points in range(LARGEST_ON_SCALE + 1)]
        return list(one.offered) if one.type is QuestionType.CHOICE else []

    def _line(self, one: AuditAnswer) -> str:
        """What is written on a line, "" where boxes are ticked."""
        if one.type is QuestionType.NUMBER:
            wanted = judging.bounds(one, self.lang)
            return self.tr(N_("{unit} (wanted: {bounds})")).format(unit=one.unit or self.tr(N_("Number")), bounds=wanted) if wanted else one.unit or self.tr(N_("Number"))
        return {
            QuestionType.TEXT: self.tr(N_("Text")),
            QuestionType.DAY: self.tr(N_("Date")),
            QuestionType.PHOTO: self.tr(N_("Name or number of the photo")),
            QuestionType.SIGNATURE: self.tr(N_("Signature and full name")),
        }.get(one.type, "")
