"""Charts over time: a trend with its target and the year before, a control chart with its limits and rules, a line in a tile."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from qmdesk.analysis.charts import NOTHING
from qmdesk.analysis.drawing import (
    LEADING,
    SMALL,
    About,
    Drawn,
    Look,
    Mark,
    Pin,
    Said,
    Table,
    beside,
    blank,
    empty,
    pinned,
    scale,
    set_in,
    spaced,
    widest,
)
from qmdesk.i18n import N_, _
from qmdesk.values import dataclass

if TYPE_CHECKING:
    from matplotlib.axes import Axes

PROVISIONAL = N_("provisional: fewer than 12 periods")


@dataclass(frozen=True)
class TimePoint:
    """The value of a period: its name in full and as it stands on the axis, n behind it, its interval, the value a year before."""

    name: str
    tick: str
    value: float | None
    n: int
    low: float | None = None
    high: float | None = None
    before: float | None = None
    firm: bool = True
    """Whether there are enough to judge."""


@dataclass(frozen=True)
class TrendChart:
    """A value period by period with intervals, its target, the year before as a thin line, events pinned."""

    about: About
    points: tuple[TimePoint, ...]
    said: Said
    measure: str
    target: float | None = None
    bound: float | None = None
    pins: tuple[Pin, ...] = ()
    from_zero: bool = True

    def draw(self, look: Look) -> Drawn:
        """Points are joined only where periods follow each other; where there are too few to judge they are hollow."""
        if not any(point.value is not None for point in self.points):
            return empty(look, self.about, look.tr(NOTHING))
        figure, axes = blank(look, self.about, self.measure)
        palette, points = look.palette, self.points
        if any(point.before is not None for point in points):
            axes.plot(*_line([point.before for point in points]), color=palette.muted, linewidth=1.1, linestyle=(0, (1, 1.5)), gid="before")
        with_interval = [
            (place, point.low, point.high) for place, point in enumerate(points) if not (point.value is None or point.low is None or point.high is None)
        ]
        values = [value for point in points for value in (point.value, point.before) if value is not None]
        values += [value for value in (self.target, self.bound) if value is not None]
        values += [value for point in points if point.firm for value in (point.low, point.high) if value is not None]
        _room(axes, values, self.from_zero)
        if with_interval:
            bottoms, tops = [low for _at, low, _high in with_interval], [high for _at, _low, high in with_interval]
            axes.vlines([at for at, _low, _high in with_interval], bottoms, tops, color=palette.border_strong, linewidth=1, gid="intervals", clip_on=True)
        axes.plot(*_line([point.value for point in points]), color=palette.accent, linewidth=1.8, gid="values", zorder=3)
        for firm, name in ((True, "marks"), (False, "few")):
            at = [(place, point.value) for place, point in enumerate(points) if point.firm is firm and point.value is not None]
            face = palette.accent if firm else palette.surface
            axes.plot([place for place, _value in at], [value for _place, value in at], marker="o", markersize=look.points * 0.55, color=palette.accent, markerfacecolor=face, linestyle="none", gid=name, zorder=4)
        levels = []
        for value, name, ink, style in ((self.target, N_("target\n{value}"), palette.good, (0, (5, 3))), (self.bound, N_("alert bound\n{value}"), palette.bad, (0, (2, 2)))):
            if value is not None:
                axes.axhline(value, color=ink, linewidth=1.1, linestyle=style, zorder=2, gid=name.partition("\n")[0])
                levels.append((value, look.tr(name).format(value=self.said(value)), ink))
        if points[-1].before is not None:
            levels.append((points[-1].before, look.tr(N_("a year\nbefore")), palette.muted))
        _time_axis(axes, look, self.said, [point.tick for point in points], levels)
        pinned(axes, look, self.pins)
        return Drawn(figure, tuple(Mark(self._words(look, point), axes, place - 0.5, place + 0.5) for place, point in enumerate(points)))

    def _words(self, look: Look, point: TimePoint) -> str:
        if point.value is None:
            return look.tr(N_("{name}: not known")).format(name=point.name)
        words = look.tr(N_("{name}: {value}, n = {n}") if point.firm else N_("{name}: {value}, n = {n}, too few to judge"))
        return words.format(name=point.name, value=self.said(point.value), n=point.n)

    def table(self) -> Table:
        """A row a period."""
        headings = (_("Period"), self.measure, _("Low, 95 %"), _("High, 95 %"), "n", _("A year before"))
        return Table(headings, tuple((point.name, point.value, point.low, point.high, point.n, point.before) for point in self.points))


@dataclass(frozen=True)
class ControlPoint:
    """A point of a control chart: its value, n behind it, the centre and limits at its place, the rules it breaks in words."""

    name: str
    tick: str
    value: float
    n: float
    centre: float
    low: float
    high: float
    rules: tuple[str, ...] = ()


@dataclass(frozen=True)
class ControlChart:
    """A Shewhart chart (quality.md, Control charts): limits stepped with n, zones at 1 and 2 sigma, points that break a rule marked."""

    about: About
    points: tuple[ControlPoint, ...]
    said: Said
    measure: str
    provisional: bool = False
    zones: bool = False
    pins: tuple[Pin, ...] = ()

    def draw(self, look: Look) -> Drawn:
        """Limits are steps around each point; a point that breaks a rule is a square, so that the colour does not speak alone."""
        if not self.points:
            return empty(look, self.about, look.tr(NOTHING))
        figure, axes = blank(look, self.about, self.measure)
        palette, points = look.palette, self.points
        edges = [place - 0.5 for place in range(len(points) + 1)]
        _room(axes, [value for point in points for value in (point.value, point.high, point.low)], from_zero=True)
        if self.zones:
            for sigmas in (2, 1):
                low = [point.centre - (point.centre - point.low) * sigmas / 3 for point in points]
                high = [point.centre + (point.high - point.centre) * sigmas / 3 for point in points]
                axes.stairs(high, edges, baseline=low, fill=True, color=palette.accent_soft, alpha=0.45, linewidth=0, gid=f"zone-{sigmas}")
        for name, values, style, ink in (
            ("centre", [point.centre for point in points], "-", palette.good),
            ("upper", [point.high for point in points], (0, (4, 2)), palette.bad),
            ("lower", [point.low for point in points], (0, (4, 2)), palette.bad),
        ):
            axes.stairs(values, edges, baseline=None, color=ink, linestyle=style, linewidth=1.2, gid=name)
        axes.plot(range(len(points)), [point.value for point in points], color=palette.text, linewidth=1.1, marker="o", markersize=look.points * 0.4, gid="marks", zorder=3)
        hits = [place for place, point in enumerate(points) if point.rules]
        axes.plot(hits, [points[place].value for place in hits], marker="s", markersize=look.points * 0.85, color=palette.bad, linestyle="none", gid="hits", zorder=4)
        if self.provisional:
            axes.patch.set(facecolor=palette.neutral_soft, alpha=0.5)
            axes.annotate(
                look.tr(PROVISIONAL), (0, 1), xycoords="axes fraction", xytext=(4, -3), textcoords="offset points", va="top",
                fontsize=look.points * SMALL, fontstyle="italic", color=palette.muted, gid="provisional",
            )  # fmt: skip
        last = points[-1]
        levels = [
            (last.high, look.tr(N_("upper limit\n{value}")).format(value=self.said(last.high)), palette.bad),
            (last.centre, look.tr(N_("centre\n{value}")).format(value=self.said(last.centre)), palette.good),
        ]
        if last.low > 0:
            levels.append((last.low, look.tr(N_("lower limit\n{value}")).format(value=self.said(last.low)), palette.bad))
        _time_axis(axes, look, self.said, [point.tick for point in points], levels)
        pinned(axes, look, self.pins)
        return Drawn(figure, tuple(Mark(self._words(look, point), axes, place - 0.5, place + 0.5) for place, point in enumerate(points)))

    def _words(self, look: Look, point: ControlPoint) -> str:
        words = look.tr(N_("{name}: {value}, n = {n}, limits {low} and {high}"))
        said = words.format(name=point.name, value=self.said(point.value), n=f"{point.n:g}", low=self.said(point.low), high=self.said(point.high))
        return "; ".join((said, *point.rules))

    def table(self) -> Table:
        """A row a point, with its limits and the rules it breaks."""
        headings = (_("Period"), self.measure, "n", _("Centre"), _("Lower limit"), _("Upper limit"), _("Rules broken"))
        return Table(headings, tuple((point.name, point.value, point.n, point.centre, point.low, point.high, "; ".join(point.rules)) for point in self.points))


@dataclass(frozen=True)
class Spark:
    """The line of a tile: values of periods that follow each other, None where nothing is known, and the target."""

    values: tuple[float | None, ...]
    target: float | None = None
    from_zero: bool = True

    def reach(self) -> tuple[float, float]:
        """The lowest and the highest value the line's height must hold, never the same."""
        known = [value for value in (*self.values, self.target) if value is not None]
        low, high = min(known, default=0.0), max(known, default=0.0)
        low = min(0.0, low) if self.from_zero else low
        return (low, high) if high > low else (low, low + 1)

    def draw(self, look: Look) -> Drawn:
        """A line without axes, its last point marked."""
        from matplotlib.figure import Figure  # half a second that only a chart needs

        figure = Figure(figsize=(look.width, look.height), dpi=96, facecolor="none")
        axes = figure.add_axes((0.02, 0.08, 0.95, 0.84))
        axes.set_axis_off()
        axes.plot(*_line(self.values), color=look.palette.accent, linewidth=1.3, gid="values")
        known = [(place, value) for place, value in enumerate(self.values) if value is not None]
        if known:
            axes.plot([known[-1][0]], [known[-1][1]], marker="o", markersize=look.points * 0.4, color=look.palette.accent, gid="last")
        if self.target is not None:
            axes.axhline(self.target, color=look.palette.good, linewidth=0.8, linestyle=(0, (4, 3)), gid="target")
        low, high = self.reach()
        axes.set_xlim(-0.5, len(self.values) - 0.5)
        axes.set_ylim(low - 0.05 * (high - low), high + 0.08 * (high - low))
        return Drawn(figure)


def _line(values: Sequence[float | None]) -> tuple[list[int], list[float]]:
    """Places and values for a line; where nothing is known it is broken."""
    return list(range(len(values))), [float("nan") if value is None else value for value in values]


def _time_axis(axes: Axes, look: Look, said: Said, ticks: Sequence[str], levels: Sequence[tuple[float, str, str]]) -> None:
    """The scale at the left, the periods below, the names of the levels at the right; the heights of the scale are set before."""
    axes.set_xlim(-0.6, len(ticks) - 0.4)
    left = widest(scale(axes.yaxis, look, said, int(look.height * 1.4)), look.points * SMALL) + look.points * 0.5
    below = look.points * LEADING * (max(tick.count("\n") for tick in ticks) + 1)
    set_in(axes, look, left=left, below=below)
    right = beside(axes, look, levels)
    set_in(axes, look, left=left, below=below, right=right)
    at = spaced(ticks, look, look.width * 72 - left - right)
    axes.set_xticks(at, labels=[ticks[place] for place in at])


def _room(axes: Axes, values: Sequence[float], from_zero: bool) -> None:
    """A scale that holds the values with room above for names; rates begin at zero."""
    low, high = min(values), max(values)
    low = min(0.0, low) if from_zero else low
    spread = (high - low) or abs(high) or 1.0
    axes.set_ylim(low - (0 if low == 0 else 0.08 * spread), high + 0.16 * spread)
