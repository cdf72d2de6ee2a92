"""What the answers of an audit come to: points by section and in all, what failed, what was left out, what is still missing."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from decimal import ROUND_HALF_UP, Decimal

from qmdesk.i18n import N_, translator
from qmdesk.i18n import _ as in_interface
from qmdesk.records import answers as judging
from qmdesk.records.audit import AuditAnswer, QuestionType, Verdict
from qmdesk.schema.types import Labelled
from qmdesk.values import dataclass


class Standing(Labelled):
    """How one question stands in a run."""

    OPEN = "open", N_("Not answered yet")
    MISSING = "missing", N_("Evidence is missing")
    MET = "met", N_("Fulfilled")
    REMARKED = "remarked", N_("Met, with a remark")
    FAILED = "failed", N_("Not met")
    RECORDED = "recorded", N_("Answer recorded")
    LEFT_OUT = "left_out", N_("Does not apply")
    NOT_CHECKED = "not_checked", N_("Not checked")


class Lacking(Labelled):
    """What a question still needs before an audit can be finished."""

    ANSWER = "answer", N_("Question {place}, “{question}”: it is not answered.")
    NOTE = "note", N_("Question {place}, “{question}”: a failure needs a note that says what was seen.")
    PHOTO = "photo", N_("Question {place}, “{question}”: a failure needs a photo.")
    ASKED_PHOTO = "asked_photo", N_("Question {place}, “{question}”: its photo is missing.")


@dataclass(frozen=True)
class Missing:
    """Something an audit can't be finished without."""

    answer: AuditAnswer
    what: Lacking

    def sentence(self, lang: str | None = None) -> str:
        text = (translator(lang) if lang else in_interface)(self.what.label)
        return text.format(place=self.answer.position, question=_shortened(self.answer.wording))


@dataclass(frozen=True)
class Points:
    """Points reached of those that could be; hidden questions and those that do not apply or were not checked are in neither."""

    reached: Decimal = Decimal(0)
    reachable: int = 0

    @property
    def share(self) -> Decimal | None:
        """Per cent to the hundredth; None where no point could be reached."""
        return (self.reached * 100 / self.reachable).quantize(Decimal("0.01"), ROUND_HALF_UP) if self.reachable else None


@dataclass(frozen=True)
class Section:
    """The score of one section, "" for questions without one."""

    name: str
    points: Points
    asked: int
    failed: int


@dataclass(frozen=True)
class Result:
    """The state of a run, from its answers alone."""

    asked: tuple[AuditAnswer, ...]
    sections: tuple[Section, ...]
    points: Points
    failed: tuple[AuditAnswer, ...]
    missing: tuple[Missing, ...]

    @property
    def critical(self) -> tuple[AuditAnswer, ...]:
        """The critical questions that failed; one is enough for the audit not to be passed."""
        return tuple(one for one in self.failed if one.critical)

    @property
    def not_checked(self) -> tuple[AuditAnswer, ...]:
        return tuple(one for one in self.asked if one.value == Verdict.NOT_CHECKED)

    @property
    def open(self) -> tuple[AuditAnswer, ...]:
        """The questions without an answer."""
        return tuple(one.answer for one in self.missing if one.what in (Lacking.ANSWER, Lacking.ASKED_PHOTO))

    @property
    def answered(self) -> int:
        return len(self.asked) - len(self.open)

    def passed(self, mark: Decimal | None) -> bool:
        """Whether the audit is passed from this share of points on; without a mark only critical questions decide."""
        share = self.points.share
        return not self.critical and (mark is None or share is None or share >= mark)


def result(answers: Sequence[AuditAnswer], photographed: Collection[int] = ()) -> Result:
    """What the answers of a run come to; ``photographed`` are the ids of those with a photo."""
    asked = judging.shown(answers)
    missing = tuple(Missing(one, what) for one in asked for what in lacking(one, photo=one.id in photographed))
    names = list(dict.fromkeys(one.section for one in asked))
    sections = tuple(_section(name, [one for one in asked if one.section == name]) for name in names)
    return Result(tuple(asked), sections, _points(asked), tuple(one for one in asked if judging.failed(one)), missing)


def _section(name: str, asked: Sequence[AuditAnswer]) -> Section:
    return Section(name, _points(asked), len(asked), sum(map(judging.failed, asked)))


def _points(asked: Iterable[AuditAnswer]) -> Points:
    counted = [(reached, one.weight) for one in asked if (reached := judging.points(one)) is not None]
    return Points(sum((reached for reached, _weight in counted), Decimal(0)), sum(weight for _reached, weight in counted))


def lacking(one: AuditAnswer, *, photo: bool) -> list[Lacking]:
    """What a question that is asked still needs; ``photo``: it has one."""
    if not one.value and one.type is QuestionType.PHOTO:
        return [] if photo else [Lacking.ASKED_PHOTO]
    if not one.value:
        return [Lacking.ANSWER]
    if not judging.failed(one):
        return []
    needed = ((Lacking.NOTE, one.note_when_failed and not one.note.strip()), (Lacking.PHOTO, one.photo_when_failed and not photo))
    return [what for what, lacks in needed if lacks]


def standing(one: AuditAnswer, *, photo: bool) -> Standing:
    """How a question that is asked stands."""
    if one.value in (Verdict.NOT_APPLICABLE, Verdict.NOT_CHECKED):
        return Standing.LEFT_OUT if one.value == Verdict.NOT_APPLICABLE else Standing.NOT_CHECKED
    lacks = lacking(one, photo=photo)
    if lacks:
        return Standing.OPEN if lacks[0] in (Lacking.ANSWER, Lacking.ASKED_PHOTO) else Standing.MISSING
    if judging.failed(one):
        return Standing.FAILED
    if one.value in (Verdict.OBSERVATION, Verdict.OPPORTUNITY) and one.type is QuestionType.VERDICT:
        return Standing.REMARKED
    return Standing.MET if judging.judged(one) else Standing.RECORDED


def _shortened(wording: str) -> str:
    line = " ".join(wording.split())
    return line if len(line) <= 90 else f"{line[:89].rstrip()}…"
