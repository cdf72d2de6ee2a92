"""Heat maps: how much where two things meet, as a number in each cell on a ground of one hue."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qmdesk.analysis.charts import NOTHING, more
from qmdesk.analysis.drawing import (
    EDGE,
    LEADING,
    LETTER,
    SMALL,
    About,
    Drawn,
    Look,
    Mark,
    Said,
    Table,
    blank,
    breadth,
    empty,
    lined,
    noted,
    set_in,
    spaced,
    widest,
)
from qmdesk.values import dataclass

if TYPE_CHECKING:
    from matplotlib.axes import Axes

DARK = 0.55  # from this share of the strongest ground on, its number is written in the ink for dark grounds
FEW = 4  # so many rows always have room
SLOPE = 0.64  # the sine of 40 degrees
SHORT = 3  # letters: hours, which are thinned where they find no room, not broken


@dataclass(frozen=True)
class Cell:
    """What is where a row and a column meet: a value (None: nothing there), of how many, and what it says in full."""

    value: float | None
    n: int
    words: str
    firm: bool = True


@dataclass(frozen=True)
class HeatChart:
    """Rows and columns with a cell at each crossing; ``rows_name`` and ``columns_name`` say what they are."""

    about: About
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    cells: tuple[tuple[Cell, ...], ...]
    said: Said
    rows_name: str
    columns_name: str
    crossing: str
    """What is counted in the cells, below the columns."""

    def draw(self, look: Look) -> Drawn:
        """One hue from the ground to the accent, so that it reads without colours; the numbers stand in the cells.

        A value of too few has no ground, and its number stands on a slope: it must not draw the eye.
        """
        from matplotlib.colors import LinearSegmentedColormap  # loaded with the figure

        values = [[cell.value for cell in row] for row in self.cells]
        known = [value for row in values for value in row if value is not None]
        if not known or not max(known):
            return empty(look, self.about, look.tr(NOTHING))
        figure, axes = blank(look, self.about)
        many, room = self._names(axes, look)
        rows, cells = self.rows[:many], self.cells[:many]
        firm = [cell.value or 0.0 for row in self.cells for cell in row if cell.firm]
        palette, most = look.palette, max(firm, default=0.0) or 1.0
        shades = LinearSegmentedColormap.from_list("shades", [palette.surface, palette.accent])
        ground = [[cell.value if cell.value is not None and cell.firm else float("nan") for cell in row] for row in cells]
        axes.pcolormesh(range(len(self.columns) + 1), range(len(rows) + 1), ground, cmap=shades, vmin=0, vmax=most, edgecolors=palette.surface, linewidth=1.5, gid="cells")
        size = look.points * SMALL
        for down, row in enumerate(cells):
            for across, cell in enumerate(row):
                written = "" if cell.value is None or not (cell.value or cell.n) else self.said(cell.value)
                if written and breadth(written, size) < room:
                    ink = palette.muted if not cell.firm else palette.accent_text if (cell.value or 0) / most >= DARK else palette.text
                    axes.text(across + 0.5, down + 0.5, written, ha="center", va="center", fontsize=size, color=ink, style="normal" if cell.firm else "italic")
        marks = (Mark(cell.words, axes, across, across + 1, down, down + 1) for down, row in enumerate(cells) for across, cell in enumerate(row))
        return Drawn(figure, tuple(marks))

    def _names(self, axes: Axes, look: Look) -> tuple[int, float]:
        """Names at the left and below, what they are beside them. Returns how many rows have room, and the points of width of a cell."""
        size = look.points * SMALL
        names = [lined(name, look.letters(0.24)) for name in self.rows]
        left = widest(names, size) + look.points * 0.5
        room = (look.width * 72 - left - 2 * EDGE) / len(self.columns)
        short = max(map(len, self.columns)) <= SHORT
        letters = int(room / (size * LETTER)) - 1
        slanted = not short and max(len(word) for name in self.columns for word in name.split()) > letters
        columns = list(self.columns) if short else [lined(name, 20, 1) if slanted else lined(name, letters, 3) for name in self.columns]
        high = widest(columns, size) * SLOPE + size if slanted else (max(name.count("\n") for name in columns) + 1) * size * LEADING
        below = high + size * LEADING * (2.4 if len(self.rows) > FEW else 1.4)
        rest = axes.get_position().y1 * look.height * 72 - EDGE - below
        many = min(len(names), max(2, int(rest / (size * LEADING * 1.3))))
        if rest / many < 2 * size * LEADING:
            names = [lined(name, look.letters(0.24), 1) for name in self.rows]
            left = max(left, widest(names, size) + look.points * 0.5)
        at = spaced(columns, look, room * len(columns)) if short else range(len(columns))
        axes.set_xticks([place + 0.5 for place in at], labels=[columns[place] for place in at])
        axes.set_yticks([place + 0.5 for place in range(many)], labels=names[:many])
        if slanted:  # a word broken in the middle is harder to read than one on a slope
            for label in axes.get_xticklabels():
                label.set(rotation=40, ha="right", rotation_mode="anchor")
        axes.tick_params(labelcolor=look.palette.text)
        axes.spines["bottom"].set_visible(False)
        axes.set_ylim(many, 0)
        axes.set_xlabel(self.crossing, fontsize=size, color=look.palette.muted)
        noted(axes, look, more(look, len(self.rows) - many))
        set_in(axes, look, left=left, below=below)
        return many, room

    def table(self) -> Table:
        """A row a crossing where there is anything: it can be turned into a pivot table."""
        met = [(name, column, cell) for name, row in zip(self.rows, self.cells, strict=True) for column, cell in zip(self.columns, row, strict=True)]
        kept = tuple(place for place, (_row, _column, cell) in enumerate(met) if cell.value or cell.n)
        rows = tuple((name, column, cell.value, cell.n) for name, column, cell in (met[place] for place in kept))
        return Table((self.rows_name, self.columns_name, self.crossing, "n"), rows, kept)
