"""What every chart is made of: colours handed in, sizes by the text, marks that can be found again, the numbers behind it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from textwrap import wrap
from threading import RLock
from typing import TYPE_CHECKING, Any, Protocol

from qmdesk.i18n import translator
from qmdesk.values import dataclass

if TYPE_CHECKING:  # matplotlib takes half a second: it is loaded when a chart is drawn, not when one is spoken of
    from matplotlib.axes import Axes
    from matplotlib.axis import Axis
    from matplotlib.figure import Figure

Said = Callable[[float], str]
"""A value in words: "2.4 %", "3 days", "120,00 zł"."""

DPI = 96
LETTER = 0.62
"""The width of an average letter of DejaVu Sans, of its size: a little too wide, so that labels keep apart."""
LEADING = 1.35
"""The height of a line, of its letters' size."""
HEADING, SMALL = 1.15, 0.92
"""The sizes of a heading and of what stands beside the marks, of the text's."""
EDGE = 7.0
"""What is left free around a figure, in points."""
DRAWING = RLock()
"""Held by whoever draws: the fonts and settings of matplotlib are shared by all threads, and made for one."""


@dataclass(frozen=True)
class Palette:
    """The colours of a chart, as "#rrggbb": those of the window's scheme, or of paper."""

    surface: str
    text: str
    muted: str
    border: str
    border_strong: str
    accent: str
    accent_text: str
    accent_soft: str
    good: str
    warn: str
    bad: str
    neutral: str
    neutral_soft: str
    series: list[str]


@dataclass(frozen=True)
class Look:
    """How a chart is to look: its colours, the size of its letters in points, its size in inches, its language."""

    palette: Palette
    points: float
    width: float
    height: float
    lang: str

    def letters(self, share: float = 1.0) -> int:
        """How many letters go beside each other into this share of the width; never fewer than four."""
        return max(4, int(self.width * share * 72 / (self.points * LETTER)))

    def lines(self, share: float = 1.0, leading: float = LEADING) -> int:
        """How many lines of text go below each other into this share of the height."""
        return max(1, int(self.height * share * 72 / (self.points * leading)))

    def tr(self, text: str) -> str:
        """The text in the chart's language."""
        return translator(self.lang)(text)


@dataclass(frozen=True)
class About:
    """What a chart says of itself: its heading, of which days and what else it tells, and what it shows in one sentence."""

    title: str
    scope: str = ""
    sentence: str = ""


@dataclass(frozen=True)
class Pin:
    """Something that happened, pinned on the time axis; ``at`` counts in places of the axis, between two where it lies between."""

    at: float
    name: str


@dataclass(frozen=True)
class Table:
    """The numbers of a chart, for a worksheet; row after row is that of the mark of the same place, or of those in ``marks``."""

    headings: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    marks: tuple[int, ...] | None = None

    def mark(self, row: int) -> int:
        """The mark a row tells of."""
        return row if self.marks is None else self.marks[row]


@dataclass(frozen=True, eq=False, repr=False)
class Mark:
    """A bar, a point, a cell: where it is, in the axes' own units, and what it says; its index is its place among the marks.

    Where ``low`` and ``high`` are None it reaches over the whole height: a point is as easily hit above as below.
    """

    words: str
    axes: Axes
    left: float
    right: float
    low: float | None = None
    high: float | None = None

    def box(self) -> tuple[float, float, float, float]:
        """Left, bottom, right and top in pixels of the figure, its origin at the bottom left."""
        low, high = self.axes.get_ylim()
        low, high = low if self.low is None else self.low, high if self.high is None else self.high
        (x0, y0), (x1, y1) = self.axes.transData.transform([(self.left, low), (self.right, high)])
        return min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)

    def holds(self, x: float, y: float) -> bool:
        """Whether a pixel of the figure is its."""
        left, bottom, right, top = self.box()
        return left <= x <= right and bottom <= y <= top


@dataclass(frozen=True, eq=False, repr=False)
class Drawn:
    """A drawn chart with its marks, in the order in which one steps through them."""

    figure: Figure
    marks: tuple[Mark, ...] = ()

    def at(self, x: float, y: float) -> int | None:
        """The mark at a pixel of the figure."""
        return next((place for place, mark in enumerate(self.marks) if mark.holds(x, y)), None)


@dataclass(frozen=True, eq=False, repr=False)
class Painted:
    """A chart as pixels: four bytes each (red, green, blue, opacity), row after row from the top."""

    drawn: Drawn
    pixels: bytes
    width: int
    height: int


class Chart(Protocol):
    """A series that can be drawn, and written down as a table."""

    @property
    def about(self) -> About: ...
    def draw(self, look: Look) -> Drawn: ...
    def table(self) -> Table: ...


def painted(chart: Chart, look: Look, sharp: float = 1.0) -> Painted:
    """Draw a chart for a screen with ``sharp`` pixels where others have one; in whatever thread."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg  # half a second that only a chart needs

    with DRAWING:
        drawn = chart.draw(look)
        drawn.figure.set_dpi(DPI * sharp)
        canvas = FigureCanvasAgg(drawn.figure)
        canvas.draw()  # type: ignore[no-untyped-call]
        width, height = canvas.get_width_height(physical=True)
        return Painted(drawn, bytes(canvas.buffer_rgba()), width, height)  # type: ignore[no-untyped-call]


def blank(look: Look, about: About, measure: str = "") -> tuple[Figure, Axes]:
    """A figure with one plot, dressed in the look; ``about`` and what is measured stand above it."""
    from matplotlib.figure import Figure  # half a second that only a chart needs

    figure = Figure(figsize=(look.width, look.height), dpi=DPI, facecolor=look.palette.surface)
    axes = figure.add_subplot(facecolor=look.palette.surface)
    dress(axes, look)
    inset, down = EDGE / (look.width * 72), EDGE
    for text, size, ink, weight in ((about.title, HEADING, look.palette.text, "bold"), (about.scope, SMALL, look.palette.muted, "normal"), (measure, SMALL, look.palette.text, "normal")):
        if text:
            written = "\n".join(wrap(text, int(look.letters(0.96) / size), max_lines=2, placeholder="…"))
            figure.text(inset, 1 - down / (look.height * 72), written, ha="left", va="top", fontsize=look.points * size, color=ink, fontweight=weight)
            down += (written.count("\n") + 1) * look.points * size * LEADING
    set_in(axes, look, above=down)
    return figure, axes


def set_in(axes: Axes, look: Look, *, left: float = 0.0, right: float = 0.0, below: float = 0.0, above: float = 0.0, share: tuple[float, float] = (0.0, 1.0)) -> None:
    """Leave so many points free around a plot, its edges kept; ``above`` 0 keeps the top; ``share`` is its part of the width that remains.

    A layout engine of matplotlib would find out the same by drawing everything twice.
    """
    wide, high = look.width * 72, look.height * 72
    top = 1 - (above + EDGE) / high if above else axes.get_position().y1
    x0, x1 = (EDGE + left) / wide, 1 - (EDGE + right) / wide
    x0, x1 = x0 + (x1 - x0) * share[0], x0 + (x1 - x0) * share[1]
    y0 = (EDGE + below) / high
    axes.set_position((x0, y0, max(0.05, x1 - x0), max(0.05, top - y0)))


@lru_cache(2000)
def breadth(text: str, size: float) -> float:
    """How wide a text of one line or several is, in points."""
    from matplotlib.font_manager import FontProperties  # loaded with the figure
    from matplotlib.textpath import text_to_path

    font = FontProperties(size=size)
    return 1.04 * max((text_to_path.get_text_width_height_descent(line, font, False)[0] for line in text.split("\n") if line), default=0.0)  # drawn on pixels it is a little wider


def widest(texts: Iterable[str], size: float) -> float:
    """How wide the widest of these texts is, in points."""
    return max((breadth(text, size) for text in texts), default=0.0)


def dress(axes: Axes, look: Look) -> None:
    """Thin axes: a line where the values begin, hair lines for the scale, letters in the text's size."""
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.spines["bottom"].set_color(look.palette.border_strong)
    axes.tick_params(labelsize=look.points * SMALL, colors=look.palette.muted, length=0, pad=look.points * 0.4)
    axes.set_axisbelow(True)


def scale(axis: Axis, look: Look, said: Said, parts: int) -> list[str]:
    """A scale of at most so many parts with a hair line at each; returns what stands at its values."""
    from matplotlib.ticker import MaxNLocator  # loaded with the figure

    low, high = sorted(axis.get_view_interval())
    at = [value for value in MaxNLocator(max(1, parts), steps=[1, 2, 5, 10]).tick_values(low, high) if low <= value <= high]
    labels = [said(float(value)) for value in at]
    axis.set_ticks(at, labels=labels)
    axis.grid(True, color=look.palette.border, linewidth=0.7)
    return labels


def beside(axes: Axes, look: Look, levels: Sequence[tuple[float, str, str]]) -> float:
    """The names of levels (value, words, colour) at the right of the plot, moved apart where they lie close.

    Returns how many points of width they take; the plot's place must be final in height.
    """
    size = look.points * SMALL
    low, high = axes.get_ylim()
    unit = (high - low) / (axes.get_position().height * look.height * 72)  # of the scale, of a point
    reached = float("-inf")
    for value, words, ink in sorted(levels, key=lambda one: one[0]):
        lines = words.count("\n") + 1
        half = lines * size * LEADING * unit / 2
        middle = max(value, reached + half)
        reached = middle + half
        axes.annotate(words, (1, middle), xycoords=("axes fraction", "data"), xytext=(5, 0), textcoords="offset points", ha="left", va="center", fontsize=size, color=ink, annotation_clip=False)
    return widest((words for _value, words, _ink in levels), size) + 6 if levels else 0.0


def empty(look: Look, about: About, sentence: str) -> Drawn:
    """A chart of nothing: the sentence that says why."""
    figure, axes = blank(look, about)
    axes.set_axis_off()
    written = "\n".join(wrap(sentence, look.letters(0.7)))
    axes.text(0.5, 0.5, written, transform=axes.transAxes, ha="center", va="center", fontsize=look.points, color=look.palette.muted)
    return Drawn(figure)


def lined(text: str, letters: int, lines: int = 2) -> str:
    """A label broken into lines, cut with … where it is longer than they."""
    if lines == 1:
        return text if len(text) <= letters else f"{text[: max(3, letters - 1)].rstrip()}…"
    broken = wrap(text.replace("\u00a0", "\x00"), max(4, letters), max_lines=lines, placeholder="…")
    return "\n".join(broken).replace("\x00", "\u00a0")


def spaced(labels: Sequence[str], look: Look, room: float) -> list[int]:
    """The places of those labels of an axis that can stand beside each other in ``room`` points; the last is always among them."""
    if not labels:
        return []
    fits = max(1, int(room / (widest(labels, look.points * SMALL) + look.points)))
    return list(range(len(labels) - 1, -1, -max(1, -(-len(labels) // fits))))[::-1]


def pinned(axes: Axes, look: Look, pins: Sequence[Pin]) -> None:
    """The pinned events: a line at each, its name beside the line's top; names that would run into each other take turns in height."""
    for turn, pin in enumerate(pins):
        axes.axvline(pin.at, color=look.palette.neutral, linewidth=1, linestyle=(0, (2, 2)), zorder=1.5, gid=f"pin-{turn}")
        right = pin.at > sum(axes.get_xlim()) / 2
        axes.annotate(
            lined(pin.name, look.letters(0.25), 1), (pin.at, 1), xycoords=("data", "axes fraction"), textcoords="offset points",
            xytext=(-4 if right else 4, -look.points * (0.2 + LEADING * (turn % 3))), ha="right" if right else "left", va="top",
            fontsize=look.points * 0.85, color=look.palette.neutral, bbox=ground(look),
        )  # fmt: skip


def length(value: Any) -> float:
    """A count or an amount as it is drawn, as a length: nothing is worked out with it any more, so it need not be exact."""
    return float(value)


def ground(look: Look) -> dict[str, Any]:
    """The ground of words that stand on lines, so that both stay legible."""
    return {"boxstyle": "square,pad=0.1", "facecolor": look.palette.surface, "edgecolor": "none", "alpha": 0.85}


def noted(axes: Axes, look: Look, notes: Sequence[str]) -> None:
    """Notes at the foot of the figure, beside each other."""
    if notes:
        axes.figure.text(EDGE / (look.width * 72), EDGE / (look.height * 72), "      ".join(notes), ha="left", va="bottom", fontsize=look.points * SMALL, color=look.palette.muted)
