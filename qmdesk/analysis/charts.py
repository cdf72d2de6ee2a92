"""Charts of groups: Pareto, values by group with their intervals, stacked columns; bars begin at zero and say how many are behind them."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from qmdesk.analysis.drawing import (
    LEADING,
    LETTER,
    SMALL,
    About,
    Chart,
    Drawn,
    Look,
    Mark,
    Said,
    Table,
    blank,
    dress,
    empty,
    ground,
    lined,
    noted,
    scale,
    set_in,
    spaced,
    widest,
)
from qmdesk.i18n import N_, _, show_number
from qmdesk.values import dataclass

if TYPE_CHECKING:
    from matplotlib.axes import Axes

NOTHING = N_("Nothing was counted in this time.")
BEFORE = N_("│ the period before")
THICK = 0.62  # of a bar, of its row
SPARSE = 4  # fewer bars are not drawn thicker
ROW = 2.7  # the height of a row, of its letters' size
VITAL = 80.0  # per cent: quality.md, Pareto


@dataclass(frozen=True)
class ParetoBar:
    """A bar: its count or cost, the share of all bars up to it in per cent, whether it is of the vital few or "other"."""

    name: str
    value: float
    cumulative: float
    vital: bool
    other: bool = False
    before: float | None = None


@dataclass(frozen=True)
class ParetoChart:
    """Causes by count or cost in falling order with the cumulative share (quality.md, Pareto); the previous period as a mark at each."""

    about: About
    bars: tuple[ParetoBar, ...]
    said: Said
    measure: str

    def draw(self, look: Look) -> Drawn:
        """One row a bar, the largest above: long names stay legible, and the line of shares crosses 80 % where the vital few end."""
        if not self.bars:
            return empty(look, self.about, look.tr(NOTHING))
        shown = self.bars[: _fitting(look)]
        figure, axes = blank(look, self.about)
        palette, places = look.palette, range(len(shown))
        inks = [palette.neutral_soft if bar.other else palette.accent if bar.vital else palette.accent_soft for bar in shown]
        edges = [palette.accent if bar.vital and not bar.other else palette.border_strong for bar in shown]
        axes.barh(places, [bar.value for bar in shown], height=THICK, color=inks, edgecolor=edges, linewidth=0.8, gid="marks")
        notes = _before(axes, look, [bar.before for bar in shown]) + more(look, len(self.bars) - len(shown))
        ends = [max(bar.value, bar.before or 0.0) for bar in shown]
        names = [lined(bar.name, look.letters(0.28)) for bar in shown]
        _at_ends(axes, look, [(end, self.said(bar.value), palette.text) for end, bar in zip(ends, shown, strict=True)], max(ends))
        left = _rows(axes, look, names)
        below = _foot(axes, look, self.said, self.measure, notes)
        set_in(axes, look, left=left, below=below, share=(0.0, 0.74))
        self._shares(axes, look, shown, left, below)
        words = look.tr(N_("{name}: {value}, with those above {share}"))
        marks = (Mark(words.format(name=bar.name, value=self.said(bar.value), share=per_cent(bar.cumulative)), axes, 0, axes.get_xlim()[1], place - 0.5, place + 0.5) for place, bar in enumerate(shown))
        return Drawn(figure, tuple(marks))

    def _shares(self, axes: Axes, look: Look, shown: tuple[ParetoBar, ...], left: float, below: float) -> None:
        """The cumulative share beside the bars, so that neither hides the other."""
        palette = look.palette
        beside = axes.figure.add_subplot(facecolor=palette.surface)
        dress(beside, look)
        beside.set_position(axes.get_position())  # for its height
        set_in(beside, look, left=left, below=below, share=(0.78, 1.0))
        wide = beside.get_position()
        room = (widest([per_cent(100)], look.points * SMALL) + 6) / (look.width * 72)
        beside.set_position((wide.x0, wide.y0, max(0.03, wide.width - room), wide.height))
        shares = [bar.cumulative for bar in shown]
        beside.plot(shares, range(len(shown)), color=palette.series[1], linewidth=1.4, marker="o", markersize=look.points * 0.45, gid="cumulative")
        beside.axvline(VITAL, color=palette.series[1], linewidth=1, linestyle=(0, (4, 3)), gid="vital")
        for place, share in enumerate(shares):
            beside.annotate(per_cent(share), (1, place), xycoords=("axes fraction", "data"), xytext=(6, 0), textcoords="offset points", va="center", fontsize=look.points * SMALL, color=palette.text)
        beside.set_xlim(0, 103)
        beside.set_ylim(axes.get_ylim())
        beside.set_yticks([])
        beside.set_xticks([VITAL], labels=[per_cent(VITAL)])
        beside.set_xlabel(look.tr(N_("Together")), fontsize=look.points * SMALL, color=palette.muted)

    def table(self) -> Table:
        """The bars with their shares, all of them."""
        headings = (_("Group"), self.measure, _("Cumulative share, %"), _("Of the vital few"), _("Period before"))
        return Table(headings, tuple((bar.name, bar.value, round(bar.cumulative, 2), bar.vital, bar.before) for bar in self.bars))


@dataclasses.dataclass(frozen=True)  # the standard one: there is one for each product
class Bar:
    """The value of a group (None where it can't be told), how many records are behind it, its interval, the value before."""

    name: str
    value: float | None
    n: int
    low: float | None = None
    high: float | None = None
    before: float | None = None
    firm: bool = True
    """Whether there are enough to judge."""


@dataclass(frozen=True)
class BarChart:
    """Values by group with their intervals as whiskers; a group of too few is hollow; the target and the whole as lines."""

    about: About
    bars: tuple[Bar, ...]
    said: Said
    measure: str
    target: float | None = None
    whole: float | None = None
    note: str = BEFORE
    """What the mark in a bar is."""
    nothing: str = NOTHING
    """What is said where there is no bar."""

    def draw(self, look: Look) -> Drawn:
        """One row a group, n in its label."""
        if not self.bars:
            return empty(look, self.about, look.tr(self.nothing))
        shown = self.bars[: _fitting(look)]
        figure, axes = blank(look, self.about)
        palette, places = look.palette, range(len(shown))
        drawn = axes.barh(places, [bar.value or 0.0 for bar in shown], height=THICK, linewidth=0.9, gid="marks")
        for bar, patch in zip(shown, drawn.patches, strict=True):
            patch.set(facecolor=palette.accent_soft if bar.firm else palette.surface, edgecolor=palette.accent if bar.firm else palette.border_strong, hatch=None if bar.firm else "////")
        values = [bar.value for bar in shown] + [bar.before for bar in shown] + [self.target, self.whole]
        firm = [value for bar in shown if bar.firm for value in (bar.low, bar.high)]
        known = [0.0, *(value for value in (*values, *firm) if value is not None)]
        least, most = min(known), max(known) or 1.0
        ends = [self._interval(axes, look, place, bar, most) for place, bar in enumerate(shown)]
        notes = _before(axes, look, [bar.before for bar in shown], self.note) + more(look, len(self.bars) - len(shown))
        said = [look.tr(N_("not known")) if bar.value is None else self.said(bar.value) for bar in shown]
        _at_ends(axes, look, [(end, words, palette.text if bar.firm else palette.muted) for end, words, bar in zip(ends, said, shown, strict=True)], most, least)
        with_n = look.tr(N_("{name} (n\u00a0=\u00a0{n})"))
        above = -0.95 if self.target is not None else -0.6
        left = _rows(axes, look, [lined(with_n.format(name=bar.name, n=show_number(bar.n, look.lang)), look.letters(0.3)) for bar in shown], above)
        below = _foot(axes, look, self.said, self.measure, notes)
        set_in(axes, look, left=left, below=below)
        self._levels(axes, look)
        first, last = axes.get_xlim()
        return Drawn(figure, tuple(Mark(self._words(look, bar), axes, first, last, place - 0.5, place + 0.5) for place, bar in enumerate(shown)))

    def _interval(self, axes: Axes, look: Look, place: int, bar: Bar, most: float) -> float:
        """The whiskers of a bar; one of too few may be so wide that it would press the others flat: it is cut, with an arrow. Returns its end."""
        end = max(value for value in (0.0, bar.value, bar.before) if value is not None)
        if bar.value is None or bar.low is None or bar.high is None:
            return end
        ink, cut = look.palette.text if bar.firm else look.palette.muted, min(bar.high, most)
        axes.plot([bar.low, cut], [place, place], color=ink, linewidth=1.1, marker="|", markersize=look.points * 0.7, markevery=[0] if cut < bar.high else [0, 1], gid=f"interval-{place}")
        if cut < bar.high:
            axes.plot([cut], [place], color=ink, marker=">", markersize=look.points * 0.5, linestyle="none")
        return max(end, cut)

    def _levels(self, axes: Axes, look: Look) -> None:
        """The target and the whole as lines; each has its name at another end."""
        for value, name, style, ink, top in (
            (self.target, N_("target {value}"), (0, (5, 3)), look.palette.good, 1),
            (self.whole, N_("all {value}"), (0, (1, 2)), look.palette.neutral, 0),
        ):
            if value is None:
                continue
            axes.axvline(value, color=ink, linewidth=1.2, linestyle=style, gid="target" if top else "whole")
            right = value > sum(axes.get_xlim()) / 2
            axes.annotate(
                look.tr(name).format(value=self.said(value)), (value, top), xycoords=("data", "axes fraction"), ha="right" if right else "left",
                va="top" if top else "bottom", xytext=(-3 if right else 3, -1 if top else 2), textcoords="offset points",
                fontsize=look.points * 0.85, color=ink, bbox=ground(look),
            )  # fmt: skip

    def _words(self, look: Look, bar: Bar) -> str:
        if bar.value is None:
            return look.tr(N_("{name}: not known")).format(name=bar.name)
        if bar.low is None or bar.high is None:
            return look.tr(N_("{name}: {value}, n = {n}")).format(name=bar.name, value=self.said(bar.value), n=bar.n)
        words = look.tr(N_("{name}: {value} ({low} to {high}), n = {n}"))
        return words.format(name=bar.name, value=self.said(bar.value), low=self.said(bar.low), high=self.said(bar.high), n=bar.n)

    def table(self) -> Table:
        """The groups with their intervals, all of them."""
        headings = (_("Group"), self.measure, _("Low, 95 %"), _("High, 95 %"), "n", _("Period before"))
        return Table(headings, tuple((bar.name, bar.value, bar.low, bar.high, bar.n, bar.before) for bar in self.bars))


@dataclass(frozen=True)
class Part:
    """One part of all columns: its name, its value in each."""

    name: str
    values: tuple[float, ...]


@dataclass(frozen=True)
class ColumnChart:
    """Columns beside each other, made of parts one on the other: ages of open cases, costs by month."""

    about: About
    names: tuple[str, ...]
    parts: tuple[Part, ...]
    said: Said
    measure: str

    HATCHES = ("", "///", "...", "xx")

    @property
    def totals(self) -> tuple[float, ...]:
        """The height of each column."""
        return tuple(sum(part.values[place] for part in self.parts) for place in range(len(self.names)))

    def draw(self, look: Look) -> Drawn:
        """The whole of each column above it; parts are told apart by hatching too."""
        if not any(self.totals):
            return empty(look, self.about, look.tr(NOTHING))
        figure, axes = blank(look, self.about, self.measure)
        palette, many = look.palette, range(len(self.names))
        floor = [0.0] * len(self.names)
        for turn, part in enumerate(self.parts):
            colour = palette.series[turn % len(palette.series)]
            axes.bar(many, part.values, width=THICK, bottom=floor, color=colour if turn == 0 else palette.surface, edgecolor=colour, hatch=self.HATCHES[turn % 4], linewidth=0.9, label=part.name, gid=f"part-{turn}")
            floor = [below + value for below, value in zip(floor, part.values, strict=True)]
        axes.set_xlim(-0.6, len(self.names) - 0.4)
        beside = max(1, int(look.width * 72 / (widest((part.name for part in self.parts), look.points * SMALL) + 4.5 * look.points)))
        legend = 0.0 if len(self.parts) == 1 else -(-len(self.parts) // beside) * look.points * 2.4 / (look.height * 72 * 0.6)
        axes.set_ylim(0, max(floor) * (1.15 + legend))
        left = widest(scale(axes.yaxis, look, self.said, int(look.height * 1.4)), look.points * SMALL) + look.points * 0.5
        room = look.width * 72 - left
        letters = int(room / len(self.names) / (look.points * SMALL * LETTER)) - 1
        labels = [lined(name, letters, 3) for name in self.names]
        at = spaced(labels, look, room)
        axes.set_xticks(at, labels=[labels[place] for place in at])
        set_in(axes, look, left=left, below=(max(label.count("\n") for label in labels) + 1) * look.points * LEADING)
        for place in spaced([self.said(total) for total in floor], look, room):
            axes.annotate(self.said(floor[place]), (place, floor[place]), xytext=(0, 2), textcoords="offset points", ha="center", fontsize=look.points * SMALL, color=palette.text)
        if len(self.parts) > 1:
            axes.legend(loc="upper left", ncols=min(beside, len(self.parts)), fontsize=look.points * SMALL, labelcolor=palette.text, facecolor=palette.surface, edgecolor="none", borderaxespad=0)
        words = look.tr(N_("{name}: {value}"))
        return Drawn(figure, tuple(Mark(words.format(name=name, value=self.said(floor[place])), axes, place - 0.5, place + 0.5) for place, name in enumerate(self.names)))

    def table(self) -> Table:
        """A row a column, its parts beside each other."""
        rows = tuple((name, *(part.values[place] for part in self.parts), self.totals[place]) for place, name in enumerate(self.names))
        return Table((_("Group"), *(part.name for part in self.parts), _("Together")), rows)


@dataclass(frozen=True)
class Retold:
    """A chart whose numbers are told by another table."""

    chart: Chart
    told: Table

    @property
    def about(self) -> About:
        return self.chart.about

    def draw(self, look: Look) -> Drawn:
        """As the chart itself."""
        return self.chart.draw(look)

    def table(self) -> Table:
        """The other table."""
        return self.told


def _fitting(look: Look) -> int:
    """How many rows of bars go into the height, under the heading and over the scale."""
    return max(2, int((look.height * 72 - look.points * LEADING * 5.8) / (look.points * ROW)))


def _rows(axes: Axes, look: Look, names: list[str], above: float = -0.6) -> float:
    """Names at the left, the first above. Returns the points they take."""
    axes.set_yticks(range(len(names)), labels=names)
    axes.tick_params(axis="y", labelcolor=look.palette.text)
    axes.set_ylim(max(len(names), SPARSE) - 0.4, above)
    return widest(names, look.points * SMALL) + look.points * 0.5


def more(look: Look, hidden: int) -> list[str]:
    """The note of how many rows found no room."""
    return [look.tr(N_("and {n} more, in the table")).format(n=hidden)] if hidden else []


def _foot(axes: Axes, look: Look, said: Said, measure: str, notes: list[str]) -> float:
    """The scale of the values, what they are, and notes, below each other. Returns the points they take."""
    parts = max(2, int(look.width * 0.9))
    while (labels := scale(axes.xaxis, look, said, parts)) and parts > 1 and (widest(labels, look.points * SMALL) + look.points) * len(labels) > look.width * 72 * 0.62:
        parts -= 1
    left, right = axes.get_xlim()
    if len(labels) > 1 and axes.get_xticks()[-1] > left + 0.93 * (right - left):  # its label would be cut by the edge
        axes.set_xticks(axes.get_xticks()[:-1], labels=labels[:-1])
    axes.set_xlabel(measure, fontsize=look.points * SMALL, color=look.palette.muted, labelpad=look.points * 0.2)
    noted(axes, look, notes)
    return look.points * SMALL * LEADING * (2 + bool(notes)) + look.points * 0.5


def _at_ends(axes: Axes, look: Look, ends: list[tuple[float, str, str]], most: float, least: float = 0.0) -> None:
    """What the bars say, behind their ends (place on the scale, words, colour), with room for it on the scale."""
    size = look.points * SMALL
    for place, (end, words, ink) in enumerate(ends):
        axes.annotate(words, (end, place), xytext=(6, 0), textcoords="offset points", va="center", fontsize=size, color=ink)
    room = (widest((words for _end, words, _ink in ends), size) + 10) / (look.width * 72 * 0.5)
    axes.set_xlim(least * 1.08, most + (most - least) * min(0.6, room))


def _before(axes: Axes, look: Look, values: list[float | None], note: str = BEFORE) -> list[str]:
    """A mark in each bar, where it ended in the period before, and the note that says so."""
    known = [(place, value) for place, value in enumerate(values) if value is not None]
    if known:
        half = THICK / 2 + 0.06
        axes.vlines([value for _place, value in known], [place - half for place, _value in known], [place + half for place, _value in known], color=look.palette.text, linewidth=1.8, gid="before")
        return [look.tr(note)]
    return []


def per_cent(share: float) -> str:
    """A share of a hundred, rounded."""
    return f"{round(share)}\u00a0%"
