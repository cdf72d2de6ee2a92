"""What a survey shows: each question's figure with its interval and spread, months, pillars, the response rate, and who said it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date

from qmdesk.analysis.comparison import Counts, share_interval
from qmdesk.analysis.satisfaction import FEWEST, Score, ces_of, csat, csat_of, nps_of
from qmdesk.i18n import N_, _, n_
from qmdesk.operations import surveys
from qmdesk.records.satisfaction import (
    SCALES,
    Pillar,
    QuestionKind,
    Survey,
    SurveyAnswer,
    SurveyQuestion,
    SurveyResponse,
)
from qmdesk.register import Reading
from qmdesk.schema import types
from qmdesk.schema.query import Condition, Order, Query, parts_of
from qmdesk.values import dataclass

MOST_WORDS = 10
"""So many words of answers in own words are told."""
FIGURES = {QuestionKind.NPS: N_("NPS"), QuestionKind.CSAT: N_("CSAT"), QuestionKind.CES: N_("CES"), QuestionKind.YES_NO: N_("Yes")}
"""What the figure of a kind of question is called."""


@dataclass(frozen=True)
class Said:
    """Something said in own words, and by which response."""

    response: int
    words: str


@dataclass(frozen=True)
class Part:
    """One answer of a question's spread: its points (None: a choice), its words, and the responses that gave it."""

    points: int | None
    words: str
    responses: tuple[int, ...]


@dataclass(frozen=True)
class Month:
    """The figure of the answers of one month ("2026-10"), and the responses behind it."""

    key: str
    score: Score
    responses: tuple[int, ...]


@dataclass(frozen=True)
class OfQuestion:
    """What was answered to a question: its figure where its kind has one, spread in order, words, and figures by month."""

    question: SurveyQuestion
    score: Score | None
    spread: tuple[Part, ...]
    said: tuple[Said, ...]
    months: tuple[Month, ...]

    @property
    def answered(self) -> int:
        """How many answered it."""
        return sum(len(part.responses) for part in self.spread) + len(self.said)


@dataclass(frozen=True)
class OfPillar:
    """A pillar's share of satisfied answers, and who answered."""

    pillar: Pillar
    score: Score
    responses: tuple[int, ...]


@dataclass(frozen=True)
class Results:
    """A survey's results in a period (None: since ever, until now). ``rate`` is responses / customers asked, None when that is not known."""

    survey: Survey
    since: date | None
    until: date | None
    responses: tuple[int, ...]
    rate: Score | None
    questions: tuple[OfQuestion, ...]
    pillars: tuple[OfPillar, ...]

    def sentence(self) -> str:
        """How many answered, of how many; why no rate can be told where it can't."""
        answered = n_("{n} response", "{n} responses", len(self.responses))
        if self.rate is None or self.rate.value is None:
            if self.since or self.until:
                return _("{responses} in this period. The response rate is told for the whole time only.").format(responses=answered)
            if not self.survey.invited:
                return _("{responses}. How many customers were asked is not written down, so no response rate can be told.").format(responses=answered)
            return _("{responses}, more than customers were asked ({invited}): correct that number, then the response rate can be told.").format(responses=answered, invited=self.survey.invited)
        return _("{responses} of {invited} customers asked: {percent} % answered.").format(
            responses=answered, invited=self.survey.invited, percent=shown(self.rate.value * 100)
        )


def results(reading: Reading, survey_id: int, since: date | None = None, until: date | None = None) -> Results:
    """What a survey shows, of the responses answered in the days from ``since`` to ``until``. Raises NotFound."""
    survey = reading.get(Survey, survey_id)
    asked = surveys.questions(reading, survey)
    query = parts_of(survey, SurveyResponse).by(Order("answered_at"), Order("id"))
    found = [one for one in reading.records(query) if (since is None or since <= _day(one)) and (until is None or _day(one) <= until)]
    month = {one.id: f"{_day(one):%Y-%m}" for one in found}
    answers: dict[int, list[SurveyAnswer]] = {}
    if asked:
        for one in reading.records(Query(SurveyAnswer, (Condition("question", types.ONE_OF, tuple(question.id for question in asked)),)).by(Order("id"))):
            if one.response in month:
                answers.setdefault(one.question, []).append(one)
    told = tuple(_of_question(question, answers.get(question.id, ()), month) for question in asked)
    whole = since is None and until is None
    rate = rate_of(len(found), survey.invited) if whole and len(found) <= survey.invited else None
    return Results(survey, since, until, tuple(month), rate, told, _pillars(asked, answers))


def rate_of(responses: int, invited: int) -> Score | None:
    """The share of customers asked who answered, with Wilson's interval; None when nobody knows how many were asked."""
    if not invited:
        return None
    counts = Counts(responses, invited)
    interval = share_interval(counts)
    return Score(counts.value, responses, invited, interval.low, interval.high)


def score(kind: QuestionKind, points: Sequence[int]) -> Score | None:
    """The figure of answers to a kind of question (quality.md, Indicators); of yes or no the share of yes; None where it has none."""
    match kind:
        case QuestionKind.NPS:
            return nps_of(points)
        case QuestionKind.CSAT:
            return csat_of(points)
        case QuestionKind.CES:
            return ces_of(points)
        case QuestionKind.YES_NO:
            return csat(sum(points), len(points))
    return None


def _of_question(question: SurveyQuestion, answers: Sequence[SurveyAnswer], month: Mapping[int, str]) -> OfQuestion:
    points = [(one.response, one.points) for one in answers if one.points is not None]
    by_month: dict[str, dict[int, int]] = {}
    for response, many in points:
        by_month.setdefault(month[response], {})[response] = many
    months = tuple(Month(key, found, tuple(by_month[key])) for key in sorted(by_month) if (found := score(question.kind, list(by_month[key].values()))) is not None)
    said = tuple(Said(one.response, one.words) for one in answers if one.words) if question.kind is QuestionKind.TEXT else ()
    return OfQuestion(question, score(question.kind, [many for _response, many in points]), _spread(question, answers), said, months)


def _spread(question: SurveyQuestion, answers: Sequence[SurveyAnswer]) -> tuple[Part, ...]:
    """How often each answer was given, those nobody gave too."""
    if question.kind in SCALES:
        least, most = SCALES[question.kind]
        words = {0: _("No"), 1: _("Yes")} if question.kind is QuestionKind.YES_NO else {}
        given: dict[int, list[int]] = {}
        for one in answers:
            if one.points is not None:
                given.setdefault(one.points, []).append(one.response)
        return tuple(Part(many, words.get(many, str(many)), tuple(given.get(many, ()))) for many in range(least, most + 1))
    if question.kind is QuestionKind.CHOICE:
        chosen: dict[str, list[int]] = {choice: [] for choice in question.choices}
        for one in answers:
            chosen.setdefault(one.words, []).append(one.response)
        return tuple(Part(None, words, tuple(responses)) for words, responses in chosen.items())
    return ()


def frequent(said: Sequence[Said], most: int = MOST_WORDS) -> tuple[Part, ...]:
    """The words that at least two answers in own words have, most said first, each as it is mostly written."""
    from qmdesk.analysis.words import stems  # stemmers that only words need

    spelled: dict[str, Counter[str]] = {}
    having: dict[str, list[int]] = {}
    for one in said:
        for stem, word in stems(one.words).items():
            spelled.setdefault(stem, Counter())[word] += 1
            having.setdefault(stem, []).append(one.response)
    found = [Part(None, spelled[stem].most_common(1)[0][0], tuple(responses)) for stem, responses in having.items() if len(responses) > 1]
    return tuple(sorted(found, key=lambda part: (-len(part.responses), part.words))[:most])


def _pillars(asked: Sequence[SurveyQuestion], answers: Mapping[int, Sequence[SurveyAnswer]]) -> tuple[OfPillar, ...]:
    """The pillars that questions of satisfaction ask for, in their own order."""
    found = []
    for pillar in Pillar:
        ids = [question.id for question in asked if question.pillar is pillar and question.kind is QuestionKind.CSAT]
        given = [one for id_ in ids for one in answers.get(id_, ()) if one.points is not None]
        if ids:
            points = [one.points for one in given if one.points is not None]
            found.append(OfPillar(pillar, csat_of(points), tuple(dict.fromkeys(one.response for one in given))))
    return tuple(found)


def _day(response: SurveyResponse) -> date:
    return response.answered_at.astimezone().date()


# --------------------------------------------------------------------------------------------- in words


def shown(value: float, places: int = 0) -> str:
    """A figure as a reader of the interface's language writes it."""
    return types.Number().show(types.Number().from_cell(round(value, places) if places else round(value)))


def figure(kind: QuestionKind, found: Score | None) -> str:
    """A figure in words: its value and how sure it is, or why there is none (quality.md: too few to judge below 10)."""
    if found is None or found.value is None:
        return _("Nobody answered it yet.")
    value, low, high = (None if one is None else in_unit(kind, one) for one in (found.value, found.low, found.high))
    told = {"figure": _(FIGURES[kind]), "value": str(value)}
    if found.too_few:
        return n_("{figure} {value} ({n} answer): too few to judge (below {fewest}).", "{figure} {value} ({n} answers): too few to judge (below {fewest}).", found.n, fewest=str(FEWEST), **told)
    return n_("{figure} {value} ({n} answer); with 95 % certainty between {low} and {high}.", "{figure} {value} ({n} answers); with 95 % certainty between {low} and {high}.", found.n, low=str(low), high=str(high), **told)


def in_unit(kind: QuestionKind, value: float) -> str:
    """A value in the unit of a kind, with its sign: a share as per cent."""
    match kind:
        case QuestionKind.NPS:
            return shown(value)
        case QuestionKind.CES:
            return shown(value, 1)
    return _("{percent} %").format(percent=shown(value * 100))


