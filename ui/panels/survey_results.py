"""What the surveys show: the questions with their figures on the left; the chosen one's spread, months and words on the right."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QListView,
    QListWidget,
    QListWidgetItem,
    QScrollArea,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from qmdesk.i18n import N_, _, n_, show_month
from qmdesk.operations import surveys
from qmdesk.operations.figures import survey_results
from qmdesk.operations.figures.survey_results import OfQuestion, Part, Results
from qmdesk.records.satisfaction import Survey, SurveyAnswer, SurveyQuestion, SurveyResponse
from qmdesk.register import clock
from qmdesk.schema.record import Record
from ui import theme
from ui.desk import Desk, Page
from ui.forms.checklist_rows import ID, SECOND, Rows
from ui.widgets.empty_state import EmptyState
from ui.widgets.flow import FlowLayout
from ui.widgets.plain_label import PlainLabel, label_of
from ui.widgets.score_bars import Bar, ScoreBars

if TYPE_CHECKING:
    from ui.panels.chart_view import ChartView

PILLARS = 0
"""What stands in the list for the six pillars, which are no question."""
PERIODS = ((0, N_("All the time")), (30, N_("Last 30 days")), (90, N_("Last 90 days")), (365, N_("Last 365 days")))

ShowThese = Callable[[type[Record], Sequence[int], str], object]


class SurveyResults(Page):
    """Every figure with how many are behind it; a bar, a point of the trend and a text open the responses."""

    shows = (Survey, SurveyQuestion, SurveyResponse, SurveyAnswer)

    def __init__(self, desk: Desk, open_record: Callable[[type[Record], int], None], show_these: ShowThese) -> None:
        super().__init__(desk)
        self._open, self._show_these = open_record, show_these
        self.results: Results | None = None
        self.survey = QComboBox()
        self.survey.setAccessibleName(_("Survey"))
        self.survey.setMinimumContentsLength(24)
        self.survey.currentIndexChanged.connect(lambda _at: self._count())
        self.period = QComboBox()
        self.period.setAccessibleName(_("Period"))
        for days, words in PERIODS:
            self.period.addItem(_(words), days)
        self.period.currentIndexChanged.connect(lambda _at: self._count())
        self.sentence = PlainLabel("", "strong", wrap=True, selectable=True)
        self.list = QListWidget()
        self.list.setAccessibleName(_("Questions"))
        self.list.setItemDelegate(Rows(self.list, lines=2))
        self.list.setResizeMode(QListView.ResizeMode.Adjust)
        self.list.currentRowChanged.connect(lambda _row: self._show())
        self.heading = PlainLabel("", "title", wrap=True, selectable=True)
        self.figure = PlainLabel("", "strong", wrap=True, selectable=True)
        self.bars = ScoreBars()
        self.bars.openable(self._open_bar)
        self.said = QListWidget()
        self.said.setAccessibleName(_("In own words"))
        self.said.setWordWrap(True)
        self.said.itemActivated.connect(lambda item: self._open(SurveyResponse, item.data(ID)))
        self.nothing = EmptyState("satisfaction", _("Nobody has answered a survey yet."), _("Begin to ask a survey, send its file to customers, and take in what comes back."))
        self._lay_out()

    def _lay_out(self) -> None:
        head = FlowLayout(gap=theme.em(0.6))
        for box, words in ((self.survey, _("Survey")), (self.period, _("Period"))):
            head.addWidget(label_of(box, words))
            head.addWidget(box)
        right = QWidget()
        theme.mark(right, "page")
        column = self._column = QVBoxLayout(right)
        column.setContentsMargins(theme.em(1), 0, theme.em(0.4), 0)
        column.setSpacing(theme.em(0.7))
        for part in (self.heading, self.figure, self.bars, self.said):
            column.addWidget(part)
        column.addStretch(1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setWidget(right)
        split = QSplitter()
        split.addWidget(self.list)
        split.addWidget(area)
        split.setChildrenCollapsible(False)
        split.setSizes([theme.em(34), theme.em(58)])
        whole = QWidget()
        rows = QVBoxLayout(whole)
        edge = theme.em(1)
        rows.setContentsMargins(edge, edge, edge, edge)
        rows.addLayout(head)
        rows.addWidget(self.sentence)
        rows.addWidget(split, 1)
        self.stack = QStackedWidget()
        self.stack.addWidget(self.nothing)
        self.stack.addWidget(whole)
        page = QHBoxLayout(self)
        page.setContentsMargins(0, 0, 0, 0)
        page.addWidget(self.stack)

    # -- as a page

    def refresh(self) -> None:
        register = self.desk.register
        answered = [one for one in register.records(surveys.surveys_query()) if surveys.responses_in(register, one)]
        chosen = self.survey.currentData()
        self.survey.blockSignals(True)
        self.survey.clear()
        for one in answered:
            self.survey.addItem(one.name, one.id)
        self.survey.setCurrentIndex(max(0, self.survey.findData(chosen)) if answered else -1)
        self.survey.blockSignals(False)
        self.stack.setCurrentIndex(1 if answered else 0)
        self._count()

    def show_survey(self, survey: Survey) -> None:
        """Show the results of a survey."""
        if (at := self.survey.findData(survey.id)) >= 0:
            self.survey.setCurrentIndex(at)

    def stops(self) -> Sequence[QWidget]:
        return self.list, self.survey

    # -- what it shows

    def _count(self) -> None:
        """Count again for the survey and period that are chosen; the same question stays chosen."""
        id_ = self.survey.currentData()
        if id_ is None:
            self.results = None
            return
        days = self.period.currentData()
        today = clock().date()
        since: date | None = today - timedelta(days=days - 1) if days else None
        self.results = survey_results.results(self.desk.register, id_, since, today if days else None)
        self.sentence.setText(self.results.sentence())
        row = self.list.currentRow()
        self.list.blockSignals(True)
        self.list.clear()
        for of in self.results.questions:
            self._row(of.question.wording, self._short(of), of.question.id)
        if self.results.pillars:
            self._row(_("Six pillars of customer experience"), n_("{n} pillar asked", "{n} pillars asked", len(self.results.pillars)), PILLARS)
        self.list.setCurrentRow(min(max(0, row), self.list.count() - 1))
        self.list.blockSignals(False)
        self._show()

    def _row(self, words: str, second: str, id_: int) -> None:
        item = QListWidgetItem(words)
        item.setData(SECOND, second)
        item.setData(ID, id_)
        self.list.addItem(item)

    @staticmethod
    def _short(of: OfQuestion) -> str:
        """A question's figure in a few words."""
        answered = n_("{n} answer", "{n} answers", of.answered)
        if of.score is None or of.score.value is None:
            return answered
        name, value = _(survey_results.FIGURES[of.question.kind]), survey_results.in_unit(of.question.kind, of.score.value)
        if of.score.too_few:
            return _("{figure} {value}, {answers}: too few to judge").format(figure=name, value=value, answers=answered)
        return _("{figure} {value}, {answers}").format(figure=name, value=value, answers=answered)

    @cached_property
    def chart(self) -> ChartView:
        """The chart under the bars, made when there is one to show."""
        from ui.panels.chart_view import (
            ChartView,  # matplotlib, half a second that the other tabs need not wait for
        )

        made = ChartView(self.desk)
        self._column.insertWidget(self._column.indexOf(self.said), made)
        return made

    @property
    def current(self) -> OfQuestion | None:
        """The chosen question; None for the pillars."""
        item = self.list.currentItem()
        if self.results is None or item is None:
            return None
        return next((of for of in self.results.questions if of.question.id == item.data(ID)), None)

    def _show(self) -> None:
        if self.results is None:
            return
        of = self.current
        self.said.clear()
        if of is None:
            self.heading.setText("")  # the chart has its own
            self.figure.setText("")
            self.bars.show_bars(())
            self.chart.show_chart(_charts().pillars(self.results), partial(self._open_pillar, self.results))
        else:
            self._show_question(self.results, of)
        self.heading.setVisible(bool(self.heading.text()))
        self.figure.setVisible(bool(self.figure.text()))
        self.bars.setVisible(bool(self.bars.bars))
        self.chart.setVisible(of is None or bool(of.months))
        self.said.setVisible(bool(self.said.count()))

    def _show_question(self, results: Results, of: OfQuestion) -> None:
        kind = of.question.kind
        self.heading.setText(of.question.wording)
        answered = n_("{n} answer", "{n} answers", of.answered)
        self.figure.setText(survey_results.figure(kind, of.score) if of.score is not None else _("{answers}. The words said most:").format(answers=answered) if of.said else answered)
        whole = of.answered
        self.bars.show_bars([_bar(part, whole) for part in _in_order(of)])
        if of.months:
            self.chart.show_chart(_charts().trend(results, of), partial(self._open_month, of))
        for said in reversed(of.said):
            item = QListWidgetItem(said.words)
            item.setData(ID, said.response)
            self.said.addItem(item)
        self.said.setMinimumHeight(theme.em(20) if of.said else 0)

    # -- behind the figures

    def _open_bar(self, place: int) -> None:
        of = self.current
        if of is None:
            return
        part = _in_order(of)[place]
        if part.responses:
            self._show_these(SurveyResponse, part.responses, _("{question} – {answer}").format(question=of.question.wording, answer=part.words))

    def _open_pillar(self, results: Results, mark: int) -> None:
        pillar = results.pillars[mark]
        self._show_these(SurveyResponse, pillar.responses, _(pillar.pillar.label))

    def _open_month(self, of: OfQuestion, mark: int) -> None:
        key = _charts().months(of)[mark]
        found = next((month for month in of.months if month.key == key), None)
        if found is not None:
            self._show_these(SurveyResponse, found.responses, _("{question} – {answer}").format(question=of.question.wording, answer=show_month(key)))


def _in_order(of: OfQuestion) -> Sequence[Part]:
    """The answers as their bars stand: of a scale the best on top, choices as they are asked, of own words those said most."""
    if of.said:
        return survey_results.frequent(of.said)
    return of.spread[::-1] if of.question.kind in survey_results.FIGURES else of.spread


def _bar(part: Part, whole: int) -> Bar:
    many = len(part.responses)
    share = many * 100 / whole if whole else 0.0
    return Bar(part.words, Decimal(round(share)), _("{count} ({percent} %)").format(count=many, percent=survey_results.shown(share)))


def _charts() -> Any:
    """What draws the figures, loaded with the first of them."""
    from qmdesk.operations.figures import survey_charts  # matplotlib, as above

    return survey_charts
