"""Checklists and what comes of them: the programme, the audits with their questions as asked, the findings (ISO 19011)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation

from qmdesk.errors import Problem
from qmdesk.i18n import N_, _
from qmdesk.records.party import Person, Supplier
from qmdesk.records.process import Process, ProcessStep, Risk
from qmdesk.records.product import Batch
from qmdesk.records.shop import Language
from qmdesk.schema import types
from qmdesk.schema.record import (
    Record,
    choice,
    count,
    day,
    file,
    flag,
    long_text,
    moment,
    number,
    own,
    percent,
    record,
    ref,
    text,
)
from qmdesk.schema.types import Labelled


class ChecklistKind(Labelled):
    """What a checklist looks at (S11, S12)."""

    SERVICE = "service", N_("Customer service")
    MYSTERY = "mystery", N_("Mystery shopping")
    PRODUCT_PAGE = "product_page", N_("Product pages")
    WAREHOUSE = "warehouse", N_("Packing, goods and warehouse")
    COMPLAINTS = "complaints", N_("Complaints and returns")
    PRIVACY = "privacy", N_("Personal data")
    SUPPLIER = "supplier", N_("Supplier")
    SYSTEM = "system", N_("Quality system")
    ROUTINE = "routine", N_("Daily routine")
    OTHER = "other", N_("Something else")


class QuestionType(Labelled):
    """How a question is answered (quality.md, Audits)."""

    VERDICT = "verdict", N_("Verdict")
    YES_NO = "yes_no", N_("Yes or no")
    SCALE = "scale", N_("From 0 to 5")
    NUMBER = "number", N_("A number")
    CHOICE = "choice", N_("One of several")
    TEXT = "text", N_("Free text")
    DAY = "day", N_("Date")
    PHOTO = "photo", N_("Photo")
    SIGNATURE = "signature", N_("Signature")


class Verdict(Labelled):
    """What an auditor finds against a criterion (ISO 19011; law.md 8.4)."""

    CONFORM = "conform", N_("Conforms")
    OPPORTUNITY = "opportunity", N_("Could be better")
    OBSERVATION = "observation", N_("Observation")
    MINOR = "minor", N_("Minor nonconformity")
    MAJOR = "major", N_("Major nonconformity")
    NOT_APPLICABLE = "not_applicable", N_("Does not apply")
    NOT_CHECKED = "not_checked", N_("Not checked")


@record("checklist", N_("Checklist"), N_("Checklists"))
class Checklist(Record):
    """Questions to ask again and again. Its version grows with each change, so that a run says which one was asked."""

    name: str = text(N_("Name"), most=120, title=True, searched=True, unique=True, listed=True)
    kind: ChecklistKind = choice(ChecklistKind, N_("What it looks at"), default=ChecklistKind.OTHER, listed=True)
    language: Language = choice(Language, N_("Language"), default=Language.POLISH, listed=True)
    purpose: str = long_text(N_("What it is for"), default="", listed=True)
    criteria: str = text(N_("Measured against"), default="", help=N_("The law, standard, promise or procedure the questions come from."))
    pass_mark: Decimal | None = percent(N_("Passed from"), default=None, listed=True, help=N_("The share of points from which an audit is passed; empty means that only critical questions decide."))
    version: int = count(N_("Version"), default=1, least=1, listed=True, automatic=True)
    key: str = text(N_("Place in the library"), default="", most=60, automatic=True)
    active: bool = flag(N_("In use"), default=True, offers=True, listed=True)


@record("question", N_("Checklist question"), N_("Checklist questions"))
class Question(Record):
    """One question of a checklist."""

    checklist: int = ref(Checklist, N_("Checklist"), owner=True)
    position: int = count(N_("Place in the order"), default=0, listed=True, automatic=True)
    section: str = text(N_("Section"), default="", most=120, listed=True)
    wording: str = long_text(N_("What is asked"), title=True, listed=True)
    type: QuestionType = choice(QuestionType, N_("Answered by"), default=QuestionType.VERDICT, listed=True)
    options: str = long_text(N_("Answers to choose from"), default="", help=N_("One in a line; an exclamation mark before it means it fails."))
    least: Decimal | None = number(N_("At least"), default=None)
    most: Decimal | None = number(N_("At most"), default=None)
    unit: str = text(N_("Unit"), default="", most=20)
    weight: int = count(N_("Weight"), default=1, listed=True, help=N_("How many points it is worth; 0 leaves it out of the score."))
    critical: bool = flag(N_("Critical"), default=False, listed=True, help=N_("When it fails, the audit is not passed, whatever its score."))
    clause: str = text(N_("Clause"), default="", most=80, listed=True)
    guidance: str = long_text(N_("How to check it"), default="")
    picture: str = file(N_("Reference photo"), default="", picture=True)
    shown_by: int | None = own(N_("Asked only when"), default=None)
    shown_for: str = text(N_("is answered"), default="", most=200, help=N_("Answers divided by semicolons."))
    note_when_failed: bool = flag(N_("A failure needs a note"), default=True)
    photo_when_failed: bool = flag(N_("A failure needs a photo"), default=False)

    def check(self) -> Iterable[Problem]:
        """What can't be true together."""
        if self.type is QuestionType.CHOICE and len([line for line in self.options.splitlines() if line.strip()]) < 2:
            yield Problem("options", _("Write at least two answers to choose from, one in a line."))
        if self.least is not None and self.most is not None and self.least > self.most:
            yield Problem("most", _("The upper bound lies below the lower one."))
        if (self.shown_by is None) != (not self.shown_for.strip()):
            yield Problem("shown_for", _("Say which question and which answers of it this one waits for, or neither."))


class Rhythm(Labelled):
    """How often something comes round."""

    ONCE = "once", N_("Once")
    DAILY = "daily", N_("Daily")
    WEEKLY = "weekly", N_("Weekly")
    MONTHLY = "monthly", N_("Monthly")
    QUARTERLY = "quarterly", N_("Quarterly")
    HALF_YEARLY = "half_yearly", N_("Half-yearly")
    YEARLY = "yearly", N_("Yearly")
    BY_RISK = "by_risk", N_("By risk and last result")


class OpenDays(Labelled):
    """On which days a daily checklist comes round: a shop that is closed misses nothing."""

    EVERY = "every", N_("Every day of the week")
    NOT_SUNDAYS = "not_sundays", N_("Monday to Saturday, not on public holidays")
    WORKDAYS = "workdays", N_("Monday to Friday, not on public holidays")


@record("planned_audit", N_("Planned audit"), N_("Programme"))
class PlannedAudit(Record):
    """What is looked at, how often, where and by whom: a line of the year's programme, or a checklist of every day."""

    checklist: int = ref(Checklist, N_("Checklist"), listed=True, section=N_("What"))
    name: str = text(N_("Name"), default="", most=120, title=True, listed=True, help=N_("Empty means the checklist's."))
    place: str = text(N_("Where"), default="", most=120, listed=True)
    auditor: int | None = ref(Person, N_("Who"), default=None, listed=True)
    process: int | None = ref(Process, N_("Process"), default=None)
    supplier: int | None = ref(Supplier, N_("Supplier"), default=None)
    rhythm: Rhythm = choice(Rhythm, N_("How often"), default=Rhythm.YEARLY, listed=True, section=N_("When"))
    risk: Risk = choice(Risk, N_("Risk"), default=Risk.MEDIUM, listed=True, help=N_("What is risky, and what went badly the last time, comes round more often."))
    on_days: OpenDays = choice(OpenDays, N_("On which days"), default=OpenDays.EVERY, help=N_("Of what comes round daily: on days when the shop is closed it does not, and nothing is missed."))
    first_on: date = day(N_("First on"), listed=True)
    last_on: date | None = day(N_("Not after"), default=None)
    objective: str = long_text(N_("Objective"), default="", section=N_("Scope"))
    scope: str = long_text(N_("Scope"), default="")
    active: bool = flag(N_("In force"), default=True, listed=True)

    def check(self) -> Iterable[Problem]:
        """What can't be true together."""
        if self.last_on is not None and self.last_on < self.first_on:
            yield Problem("last_on", _("The last day lies before the first."))


class AuditState(Labelled):
    """How far an audit is."""

    RUNNING = "running", N_("In progress")
    FINISHED = "finished", N_("Finished")
    ABANDONED = "abandoned", N_("Abandoned")


@record("audit", N_("Audit"), N_("Audits"))
class Audit(Record):
    """One run of a checklist, from its first question to its conclusion."""

    number: str = text(N_("Number"), default="", most=40, title=True, searched=True, listed=True, unique=True, automatic=True)
    checklist: int = ref(Checklist, N_("Checklist"), listed=True, section=N_("What"))
    version: int = count(N_("Version of the checklist"), default=1, least=1, automatic=True)
    plan: int | None = ref(PlannedAudit, N_("Planned audit"), default=None, automatic=True)
    planned_for: date | None = day(N_("Planned for"), default=None, automatic=True)
    place: str = text(N_("Place"), default="", most=120, searched=True, listed=True)
    auditor: int | None = ref(Person, N_("Auditor"), default=None, listed=True)
    team: str = text(N_("Others of the team"), default="")
    auditee: str = text(N_("Who was audited"), default="")
    independent: bool = flag(N_("The auditor does not check their own work"), default=True)
    process: int | None = ref(Process, N_("Process"), default=None)
    supplier: int | None = ref(Supplier, N_("Supplier"), default=None)
    batch: int | None = ref(Batch, N_("Batch"), default=None)
    objective: str = long_text(N_("Objective"), default="", section=N_("Scope"))
    scope: str = long_text(N_("Scope"), default="")
    criteria: str = text(N_("Criteria"), default="")
    pass_mark: Decimal | None = percent(N_("Passed from"), default=None, automatic=True, help=N_("As the checklist had it when the audit began."))
    state: AuditState = choice(AuditState, N_("State"), default=AuditState.RUNNING, listed=True, automatic=True, section=N_("Course"))
    started_at: datetime = moment(N_("Begun at"), listed=True, automatic=True)
    finished_at: datetime | None = moment(N_("Finished at"), default=None, listed=True, automatic=True)
    score: Decimal | None = percent(N_("Score"), default=None, listed=True, automatic=True)
    passed: bool = flag(N_("Passed"), default=False, listed=True, automatic=True)
    conclusion: str = long_text(N_("Conclusion"), default="", section=N_("Conclusion"))
    abandoned_because: str = text(N_("Why it was abandoned"), default="", automatic=True)
    reopened_because: str = text(N_("Why it was opened again"), default="", automatic=True)
    distribution: str = text(N_("The report goes to"), default="")


@record("audit_answer", N_("Audit answer"), N_("Audit answers"), together=(("audit", "position"),))
class AuditAnswer(Record):
    """A question as it was asked, and what was answered. ``value`` is empty until it is answered.

    ``value`` holds the word of a Verdict, "yes" or "no", "0" to "5", a number as "12.5", a day as "2026-11-22", the chosen
    line, the text, or the content of a signature, whose name stands in the note; photos are parts of their own. A question of
    any type may be answered by the verdicts "not_applicable" and "not_checked" (LEFT_OUT).
    """

    audit: int = ref(Audit, N_("Audit"), owner=True)
    position: int = count(N_("Place in the order"), default=0, listed=True, automatic=True)
    section: str = text(N_("Section"), default="", most=120, listed=True, automatic=True)
    wording: str = long_text(N_("What is asked"), title=True, listed=True, automatic=True)
    type: QuestionType = choice(QuestionType, N_("Answered by"), default=QuestionType.VERDICT, automatic=True)
    options: str = long_text(N_("Answers to choose from"), default="", automatic=True)
    least: Decimal | None = number(N_("At least"), default=None, automatic=True)
    most: Decimal | None = number(N_("At most"), default=None, automatic=True)
    unit: str = text(N_("Unit"), default="", most=20, automatic=True)
    weight: int = count(N_("Weight"), default=1, automatic=True)
    critical: bool = flag(N_("Critical"), default=False, listed=True, automatic=True)
    clause: str = text(N_("Clause"), default="", most=80, listed=True, automatic=True)
    guidance: str = long_text(N_("How to check it"), default="", automatic=True)
    picture: str = file(N_("Reference photo"), default="", picture=True, automatic=True)
    shown_by: int | None = count(N_("Asked only when"), default=None, automatic=True, help=N_("The place in the order of the question it waits for."))
    shown_for: str = text(N_("is answered"), default="", most=200, automatic=True)
    note_when_failed: bool = flag(N_("A failure needs a note"), default=True, automatic=True)
    photo_when_failed: bool = flag(N_("A failure needs a photo"), default=False, automatic=True)
    value: str = long_text(N_("Answer given"), default="", listed=True)
    note: str = long_text(N_("Note"), default="", listed=True)
    answered_at: datetime | None = moment(N_("Answered at"), default=None, listed=True, automatic=True)

    @property
    def offered(self) -> tuple[str, ...]:
        """The answers to choose from, without the marks of those that fail."""
        bare = (line.strip().removeprefix("!").strip() for line in self.options.splitlines())
        return tuple(line for line in bare if line)

    @property
    def failing(self) -> tuple[str, ...]:
        """The answers that fail: those marked with "!"; of a yes or no question without marks, the no."""
        marked = tuple(line.strip()[1:].strip() for line in self.options.splitlines() if line.strip().startswith("!"))
        return marked or (("no",) if self.type is QuestionType.YES_NO else ())

    def check(self) -> Iterable[Problem]:
        """The answer must be one that its question can have."""
        if self.value and self.value not in LEFT_OUT and (sentence := _WRONG[self.type](self)):
            yield Problem("value", sentence)


LEFT_OUT = (Verdict.NOT_APPLICABLE.value, Verdict.NOT_CHECKED.value)
"""Answers that any question may have, and that leave it out of the score."""
YES_OR_NO = ("yes", "no")
LARGEST_ON_SCALE = 5


def _no_verdict(answer: AuditAnswer) -> str:
    words = [str(verdict.value) for verdict in Verdict]
    return "" if answer.value in words else _("“{value}” is no verdict; answer one of: {listed}.").format(value=answer.value[:60], listed=", ".join(words))


def _no_yes_or_no(answer: AuditAnswer) -> str:
    return "" if answer.value in YES_OR_NO else _("“{value}” is neither yes nor no.").format(value=answer.value[:60])


def _off_scale(answer: AuditAnswer) -> str:
    on_it = [str(points) for points in range(LARGEST_ON_SCALE + 1)]
    return "" if answer.value in on_it else _("“{value}” is not on the scale; answer a whole number from 0 to 5.").format(value=answer.value[:60])


def _no_number(answer: AuditAnswer) -> str:
    try:
        number = Decimal(answer.value)
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite():
        return _("“{value}” is no number.").format(value=answer.value[:60])
    return types.Number().problem(number, _("Answer given"))


def _not_offered(answer: AuditAnswer) -> str:
    if answer.value in answer.offered:
        return ""
    return _("“{value}” is not among the answers to choose from: {listed}.").format(value=answer.value[:60], listed="; ".join(answer.offered))


def _no_day(answer: AuditAnswer) -> str:
    try:
        day_given = date.fromisoformat(answer.value)
    except ValueError:
        return _("“{value}” is no day; write it as 2026-11-22.").format(value=answer.value[:60])
    return types.Day().problem(day_given, _("Answer given"))


def _no_photo(answer: AuditAnswer) -> str:
    return _("This question is answered by a photo; add one to it.")


def _no_signature(answer: AuditAnswer) -> str:
    return "" if re.fullmatch(r"[0-9a-f]{64}", answer.value) else _("This question is answered by a signature; draw it.")


_WRONG: Mapping[QuestionType, Callable[[AuditAnswer], str]] = {
    QuestionType.VERDICT: _no_verdict,
    QuestionType.YES_NO: _no_yes_or_no,
    QuestionType.SCALE: _off_scale,
    QuestionType.NUMBER: _no_number,
    QuestionType.CHOICE: _not_offered,
    QuestionType.TEXT: lambda _answer: "",
    QuestionType.DAY: _no_day,
    QuestionType.PHOTO: _no_photo,
    QuestionType.SIGNATURE: _no_signature,
}


@record("answer_photo", N_("Photo"), N_("Photos"))
class AnswerPhoto(Record):
    """A photo taken as evidence for one answer."""

    answer: int = ref(AuditAnswer, N_("Audit answer"), owner=True)
    name: str = text(N_("File name"), most=255, title=True, listed=True)
    content: str = file(N_("Content"), picture=True, automatic=True)
    size: int = count(N_("Bytes"), default=0, automatic=True)
    added_at: datetime = moment(N_("Added at"), listed=True, automatic=True)


class Grade(Labelled):
    """How much a finding weighs (law.md 8.4); of nonconformities an action must come, of the others a decision."""

    MAJOR = "major", N_("Major nonconformity")
    MINOR = "minor", N_("Minor nonconformity")
    OBSERVATION = "observation", N_("Observation")
    OPPORTUNITY = "opportunity", N_("Could be better")
    GOOD_PRACTICE = "good_practice", N_("Good practice")


NEEDS_ACTION = (Grade.MAJOR, Grade.MINOR)


@record("finding", N_("Finding"), N_("Findings"))
class Finding(Record):
    """What an audit found: the requirement, the evidence, and what it means."""

    audit: int = ref(Audit, N_("Audit"), owner=True, listed=True)
    answer: int | None = ref(AuditAnswer, N_("What was asked"), default=None, automatic=True)
    grade: Grade = choice(Grade, N_("Grade"), default=Grade.MINOR, listed=True)
    statement: str = long_text(N_("Finding"), title=True, searched=True, listed=True)
    requirement: str = long_text(N_("Requirement"), default="", listed=True)
    evidence: str = long_text(N_("Evidence"), default="", listed=True)
    process_step: int | None = ref(ProcessStep, N_("Process step"), default=None, listed=True)
    owner: int | None = ref(Person, N_("Who answers for it"), default=None, listed=True)
    due_on: date | None = day(N_("Until"), default=None, listed=True)
    decision: str = long_text(N_("What was decided"), default="", help=N_("Where no action follows: why none is needed."))
