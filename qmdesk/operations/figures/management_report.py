"""The management report of a period: its figures, what stands out, what to do first, what is overdue, what was spent, what is not known.

Everything is said in the language spoken now (``i18n.speaking``). Each figure of it keeps the records it was counted from.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from functools import cached_property

from qmdesk.analysis.charts import ParetoChart
from qmdesk.analysis.drawing import Chart
from qmdesk.analysis.measured import Measured, Unit
from qmdesk.analysis.said import figure, interval
from qmdesk.analysis.time_charts import ControlChart
from qmdesk.documents import management_report as paper
from qmdesk.documents.management_report import Matter, Picture, Point, Sheet, Tile
from qmdesk.i18n import N_, _, language, n_, show_day, show_number
from qmdesk.operations.audit_papers import Paper
from qmdesk.operations.figures import chart_files, chart_series
from qmdesk.operations.figures.chart_series import Told
from qmdesk.operations.figures.compared import Figure, figures
from qmdesk.operations.figures.facts import Facts
from qmdesk.operations.figures.pareto import pareto
from qmdesk.operations.figures.periods import period_words
from qmdesk.operations.figures.report_parts import (
    Counted,
    advice,
    audits_sheet,
    causes_sheet,
    costs_sheet,
    counted_parts,
    gaps,
    money,
    noticed,
    opinions_sheet,
    overdue_sheet,
    warnings,
)
from qmdesk.operations.figures.scope import By, Scope, keys_within, word
from qmdesk.operations.registers import the_shop
from qmdesk.records.measures import HIGHER_IS_BETTER, Indicator
from qmdesk.records.shop import Shop
from qmdesk.register import Reading, clock
from qmdesk.values import dataclass

WIDE, TALL = 6.45, 2.75
"""Inches of a chart on paper: the width of the text, and low enough for two on a page beside a table."""
BAR = 0.27
LETTERS = 7.6
"""Points of a chart's letters on paper."""


@dataclass(frozen=True, eq=False, repr=False)
class Made:
    """A report: its name, its paper, and its figures one by one."""

    name: str
    paper: Paper
    counted: Sequence[Counted]


def report(reading: Reading, facts: Facts, scope: Scope) -> Made:
    """The report of a period in the language spoken now."""
    return _Report(reading, facts, scope).made()


def counted(reading: Reading, facts: Facts, scope: Scope) -> list[Counted]:
    """The figures of the report of a period one by one, without drawing it."""
    return list(_Report(reading, facts, scope).counted())


class _Report:
    """One report while it is put together."""

    def __init__(self, reading: Reading, facts: Facts, scope: Scope) -> None:
        self.reading, self.facts, self.scope = reading, facts, scope
        self.shop: Shop = the_shop(reading)
        self.currency = self.shop.currency
        self.told = chart_series.told_of(reading, scope)
        self.all = tuple(figures(reading, facts, scope))
        self.figures = tuple(one for one in self.all if one.told)
        self.charts: dict[str, Chart] = {}

    def made(self) -> Made:
        pictures = tuple(self.pictures())
        matter = Matter(
            shop=self.shop,
            title=_("Management report"),
            period=period_words(self.scope),
            about=tuple(self.about()),
            summary=self.summary(),
            tiles_title=_("Figures"),
            tiles=tuple(tile(one, self.currency) for one in self.figures),
            points_title=_("What stands out"),
            points=tuple(self.points()),
            advice_title=_("What to do first"),
            advice=tuple(advice(self.reading, self.facts, self.scope, self.currency)),
            nothing=_("Nothing differs from the period before by more than chance explains."),
            pictures=pictures,
            sheets=tuple(self.sheets()),
            notes_title=_("What is not known, and how it was counted"),
            notes=tuple(self.notes()),
            logo=self.reading.content(self.shop.logo) if self.shop.logo else None,
        )
        return Made(f"{matter.title}, {matter.period}", Paper(paper.report(matter, language(), clock().date()), drawn(self.charts)), tuple(self.counted()))

    # -- what it is about

    def about(self) -> Iterator[str]:
        before = self.scope.before
        yield _("From {since} to {until}, compared with {before_since} to {before_until} (as many days).").format(
            since=show_day(self.scope.since), until=show_day(self.scope.until), before_since=show_day(before.since), before_until=show_day(before.until)
        )
        yield _("As the register stood on {day}.").format(day=show_day(self.facts.on))

    def summary(self) -> Point:
        """The one thing to see at a glance."""
        if not self.figures:
            return Point(_("Nothing was counted in this period."), _("No order, no case and no answer of it is in the register."), "")
        worse, better = ([one for one in self.figures if (turn := one.turned(self.currency)).sure and turn.better is good] for good in (False, True))
        missed = [one for one in self.figures if one.reached is False]
        told = [(point.what, "bad") for point in self.alarms[:1]]
        if worse:
            told.append((_("Clearly worse than in the period before: {listed}.").format(listed=_listed(worse)), "bad"))
        elif self.unusual:
            told.append((f"{self.control.about.title}: {self.control.about.sentence}", "warn"))
        if missed:
            told.append((n_("{n} target was missed: {listed}.", "{n} targets were missed: {listed}.", len(missed), listed=_listed(missed)), "warn"))
        if better:
            told.append((_("Clearly better than in the period before: {listed}.").format(listed=_listed(better)), "good"))
        if not told:
            return Point(_("Nothing differs from the period before by more than chance explains."))
        return Point(told[0][0], " ".join(what for what, _tone in told[1:]), told[0][1])

    @cached_property
    def alarms(self) -> tuple[Point, ...]:
        """Bad batches, and actions that did not help."""
        return tuple(warnings(self.reading, self.facts, self.scope))

    @cached_property
    def unusual(self) -> bool:
        """Whether the control chart of complaints finds something within the period."""
        here = {word(By.MONTH, key) for key in keys_within(By.MONTH, self.scope)}
        return any(point.rules and point.name in here for point in self.control.points)

    # -- what stands out

    def points(self) -> Iterator[Point]:
        """What changed by more than chance, what the control chart shows, what the program noticed."""
        for one in self.figures:
            turned, season = one.turned(self.currency), one.season(self.currency)
            what = _("{name}: {value}.").format(name=_(one.indicator.label), value=shown(one.now, self.currency))
            if turned.sure and turned.better is not None:
                yield Point(what, _plain(turned.words), "good" if turned.better else "bad")
            if season.sure and season.better is not None:
                words = N_("In the same weeks of last year it was {then}: clearly better now.") if season.better else N_("In the same weeks of last year it was {then}: clearly worse now.")
                yield Point(what, _(words).format(then=shown(one.year_ago, self.currency)), "good" if season.better else "bad")
        if self.unusual:
            yield Point(self.control.about.title + ".", self.control.about.sentence, "warn")
        yield from self.alarms
        yield from noticed(self.reading, self.scope)

    # -- charts

    @cached_property
    def longer(self) -> Told:
        """What charts over time are told with: they show more than the period."""
        return replace(self.told, scope=chart_series.window(self.scope, By.MONTH).sentence(self.reading))

    @cached_property
    def control(self) -> ControlChart:
        """The complaints on their control chart."""
        chart = chart_series.control_chart(self.facts, Indicator.COMPLAINT_RATE, self.scope, self.longer).chart
        assert isinstance(chart, ControlChart)
        return chart

    def pictures(self) -> Iterator[Picture]:
        facts, scope, told = self.facts, self.scope, self.told
        if not len(facts.cases):
            return
        if pareto(facts, scope, By.CAUSE).bars:
            yield self._drawn("pareto", chart_series.pareto_chart(facts, scope, By.CAUSE, told).chart, "first")
        yield self._drawn("trend", chart_series.trend(facts, Indicator.COMPLAINT_RATE, scope, self.longer).chart)
        if self.control.points:
            yield self._drawn("control", self.control)
        if self.has(Indicator.SETTLE):
            yield self._drawn("settle", chart_series.settling(facts, scope, told).chart)

    def has(self, indicator: Indicator) -> bool:
        """Whether an indicator has a value."""
        return any(one.indicator is indicator for one in self.figures)

    def _drawn(self, name: str, chart: Chart, slot: str = "trends") -> Picture:
        file = f"{name}.svg"
        self.charts[file] = chart
        return Picture(file, chart.about.title, chart.about.sentence, slot)

    # -- tables and notes

    def sheets(self) -> Iterator[Sheet]:
        yield causes_sheet(self.facts, self.scope, self.currency)
        yield overdue_sheet(self.reading, self.facts)
        yield audits_sheet(self.reading, self.scope)
        yield opinions_sheet(self.reading, self.scope)
        yield costs_sheet(self.facts, self.scope, self.currency)

    def notes(self) -> Iterator[str]:
        yield from gaps(self.reading, self.facts, self.scope)
        for one in self.all:
            if not one.told and one.now.why:
                yield _("{name}: {value}.").format(name=_(one.indicator.label), value=one.now.why.rstrip("."))
        if self.figures:
            yield _("95 %: the interval in which the true value lies with that certainty. “Chance” means that the intervals of both periods explain the difference.")
            yield _("A case belongs to the day it came, an order to the day it was placed. Open cases count as lasting until today.")

    def counted(self) -> Iterator[Counted]:
        for one in self.figures:
            kind, ids = one.records(self.facts)
            yield Counted(_(one.indicator.label), shown(one.now, self.currency), kind, ids)
        yield from counted_parts(self.reading, self.facts, self.scope, self.currency)


def drawn(charts: Mapping[str, Chart]) -> dict[str, bytes]:
    """The files of charts as they stand on paper; a Pareto is as high as it has bars."""
    found = {}
    for file, chart in charts.items():
        tall = max(TALL, 1.3 + BAR * len(chart.bars)) if isinstance(chart, ParetoChart) else TALL
        found[file] = chart_files.outlines(chart, chart_files.paper(language(), width=WIDE, height=tall, points=LETTERS))
    return found


def _listed(found: Sequence[Figure]) -> str:
    return ", ".join(_(one.indicator.label) for one in found)


def _plain(words: str) -> str:
    """A change in words without the arrow a window puts before it."""
    return words.lstrip("↑↓→ ")


def shown(one: Measured, currency: str) -> str:
    """A value in words; "–" where there is none."""
    return "–" if one.value is None else figure(one.value, one.unit, currency)


def tile(one: Figure, currency: str) -> Tile:
    """A figure as a tile."""
    turned = one.turned(currency)
    tone = "" if not turned.sure or turned.better is None else "good" if turned.better else "bad"
    sign = {"↑": "▲", "↓": "▼"}.get(turned.words[:1], "")
    reached = one.reached
    return Tile(
        _(one.indicator.label), shown(one.now, currency), made_of(one, currency), _plain(turned.words), sign, tone or ("warn" if reached is False else ""), tone,
        _target(one, currency), "" if reached is None else "good" if reached else "bad", one.now.judged,
    )  # fmt: skip


def _target(one: Figure, currency: str) -> str:
    if one.target is None or one.target.target is None:
        return ""
    line = figure(float(one.target.target), one.now.unit, currency)
    least = one.indicator in HIGHER_IS_BETTER
    words = {
        (True, True): N_("Target at least {line}: reached"), (True, False): N_("Target at least {line}: missed"), (True, None): N_("Target at least {line}"),
        (False, True): N_("Target at most {line}: reached"), (False, False): N_("Target at most {line}: missed"), (False, None): N_("Target at most {line}"),
    }  # fmt: skip
    return _(words[least, one.reached]).format(line=line)


def made_of(told: Figure, currency: str) -> str:
    """What a figure is made of: its numerator and denominator or how many it rests on, its interval, what was left out."""
    one = told.now
    if one.unit in (Unit.DAYS, Unit.HOURS):
        parts = [n_("median of {n} case", "median of {n} cases", one.n)]
        parts += [_("{n} still open").format(n=one.still_open)] if one.still_open else []
        parts += [_("nine of ten within {value}").format(value=figure(one.most, one.unit, currency))] if one.most is not None else []
    elif told.indicator is Indicator.QUALITY_COST_SHARE:
        parts = [_("{part} of {of}").format(part=money(one.numerator, currency), of=money(one.denominator, currency))]
    elif one.unit is Unit.PERCENT:
        parts = [_("{part} of {of}").format(part=_number(one.numerator), of=_number(one.denominator))]
    elif one.unit is Unit.MONEY:
        parts = [n_("from {n} entry", "from {n} entries", one.n)]
    else:
        parts = [n_("{n} answer", "{n} answers", one.n)]
    parts += [_("95 %: {interval}").format(interval=likely)] if (likely := interval(one, currency)) else []
    return "; ".join(parts) + (f". {one.why}" if one.why else "")


def _number(value: float) -> str:
    return show_number(Decimal(str(round(value, 2))).normalize() + Decimal(0))
