"""Charts of a survey's results: a question month by month, and the six pillars; nothing of matplotlib until they are drawn."""

from __future__ import annotations

from collections.abc import Iterator

from qmdesk.analysis.charts import Bar, BarChart
from qmdesk.analysis.drawing import About
from qmdesk.analysis.satisfaction import Score
from qmdesk.analysis.time_charts import TimePoint, TrendChart
from qmdesk.i18n import _, show_month
from qmdesk.operations.figures.chart_series import tick
from qmdesk.operations.figures.scope import By
from qmdesk.operations.figures.survey_results import (
    FIGURES,
    OfQuestion,
    Results,
    figure,
    in_unit,
    shown,
)
from qmdesk.records.satisfaction import QuestionKind

PER_CENT = (QuestionKind.CSAT, QuestionKind.YES_NO)


def trend(results: Results, of: OfQuestion) -> TrendChart:
    """A question's figure in every month from the first to the last; a month without answers is a gap."""
    kind = of.question.kind
    by_key = {month.key: month.score for month in of.months}
    points = tuple(_point(kind, key, by_key.get(key)) for key in months(of))
    about = About(_("{figure} month by month").format(figure=_(FIGURES[kind])), of.question.wording, figure(kind, of.score))
    return TrendChart(about, points, lambda value: in_unit(kind, value / 100 if kind in PER_CENT else value), _(FIGURES[kind]), from_zero=kind is not QuestionKind.NPS)


def months(of: OfQuestion) -> tuple[str, ...]:
    """The months of a question's trend, from the first answer to the last, those without one too."""
    return tuple(_months(of.months[0].key, of.months[-1].key)) if of.months else ()


def _point(kind: QuestionKind, key: str, score: Score | None) -> TimePoint:
    if score is None:
        return TimePoint(show_month(key), tick(By.MONTH, key), None, 0)
    value, low, high = (_drawn(kind, one) for one in (score.value, score.low, score.high))
    return TimePoint(show_month(key), tick(By.MONTH, key), value, score.n, low, high, firm=not score.too_few)


def _drawn(kind: QuestionKind, value: float | None) -> float | None:
    return value * 100 if value is not None and kind in PER_CENT else value


def pillars(results: Results) -> BarChart:
    """The share of satisfied answers of each pillar, with its interval."""
    bars = tuple(
        Bar(_(one.pillar.label), _drawn(QuestionKind.CSAT, one.score.value), one.score.n, _drawn(QuestionKind.CSAT, one.score.low), _drawn(QuestionKind.CSAT, one.score.high), firm=not one.score.too_few)
        for one in results.pillars
    )
    judged = [one for one in results.pillars if not one.score.too_few and one.score.value is not None]
    sentence = _("Too few answers to judge the pillars (below 10 each).")
    if judged:
        weakest = min(judged, key=lambda one: one.score.value or 0.0)
        sentence = _("The weakest pillar is {pillar}: {percent} % of the answers are satisfied.").format(pillar=_(weakest.pillar.label), percent=shown((weakest.score.value or 0.0) * 100))
    return BarChart(About(_("Six pillars of customer experience"), results.survey.name, sentence), bars, lambda value: in_unit(QuestionKind.CSAT, value / 100), _("CSAT"))


def _months(first: str, last: str) -> Iterator[str]:
    year, month = (int(part) for part in first.split("-"))
    while (key := f"{year:04}-{month:02}") <= last:
        yield key
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)
