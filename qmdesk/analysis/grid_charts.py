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
        many = max(3, look.lines(1.0, 2.0) - 5)
        rows, cells = self.rows[:many], self.cells[:many]
        figure, axes = blank(look, self.about)
        firm = [cell.value or 0.0 for row in self.cells for cell in row if cell.firm]
        palette, most = look.palette, max(firm, default=0.0) or 1.0
        shades = LinearSegmentedColormap.from_list("shades", [palette.surface, palette.accent])
        ground = [[cell.value if cell.value is not None and cell.firm else float("nan") for cell in row] for row in cells]
        axes.pcolormesh(range(len(self.columns) + 1), range(len(rows) + 1), ground, cmap=shades, vmin=0, vmax=most, edgecolors=palette.surface, linewidth=1.5, gid="cells")
        room = self._names(axes, look, rows)
        size = look.points * SMALL
        for down, row in enumerate(cells):
            for across, cell in enumerate(row):
                written = "" if cell.value is None or not (cell.value or cell.n) else self.said(cell.value)
                if written and breadth(written, size) < room:
                    ink = palette.muted if not cell.firm else palette.accent_text if (cell.value or 0) / most >= DARK else palette.text
                    axes.text(across + 0.5, down + 0.5, written, ha="center", va="center", fontsize=size, color=ink, style="normal" if cell.firm else "italic")
        marks = (Mark(cell.words, axes, across, across + 1, down, down + 1) for down, row in enumerate(cells) for across, cell in enumerate(row))
        return Drawn(figure, tuple(marks))

    def _names(self, axes: Axes, look: Look, rows: tuple[str, ...]) -> float:
        """Names at the left and below, what they are beside them. Returns how many points of width a cell has."""
        size = look.points * SMALL
        names = [lined(name, look.letters(0.24), 1 if look.lines(0.75, LEADING * SMALL) < 2 * len(rows) else 2) for name in rows]
        left = widest(names, size) + look.points * 0.5
        room = (look.width * 72 - left - 2 * EDGE) / len(self.columns)
        short = max(map(len, self.columns)) <= SHORT
        letters = int(room / (size * LETTER)) - 1
        slanted = not short and max(len(word) for name in self.columns for word in name.split()) > letters
        columns = list(self.columns) if short else [lined(name, 20, 1) if slanted else lined(name, letters, 3) for name in self.columns]
        at = spaced(columns, look, room * len(columns)) if short else range(len(columns))
        axes.set_xticks([place + 0.5 for place in at], labels=[columns[place] for place in at])
        lines = (widest(columns, size) * 0.7 / size if slanted else max(name.count("\n") for name in columns) * LEADING) / LEADING
        if slanted:  # a word broken in the middle is harder to read than one on a slope
            for label in axes.get_xticklabels():
                label.set(rotation=40, ha="right", rotation_mode="anchor")
        axes.set_yticks([place + 0.5 for place in range(len(rows))], labels=names)
        axes.tick_params(labelcolor=look.palette.text)
        axes.spines["bottom"].set_visible(False)
        axes.set_ylim(len(rows), 0)
        axes.set_xlabel(self.crossing, fontsize=size, color=look.palette.muted)
        notes = more(look, len(self.rows) - len(rows))
        noted(axes, look, notes)
        set_in(axes, look, left=left, below=size * LEADING * (lines + 2.5 + len(notes)))
        return room

    def table(self) -> Table:
        """A row a crossing where there is anything: it can be turned into a pivot table."""
        met = [(name, column, cell) for name, row in zip(self.rows, self.cells, strict=True) for column, cell in zip(self.columns, row, strict=True)]
        kept = tuple(place for place, (_row, _column, cell) in enumerate(met) if cell.value or cell.n)
        rows = tuple((name, column, cell.value, cell.n) for name, column, cell in (met[place] for place in kept))
        return Table((self.rows_name, self.columns_name, self.crossing, "n"), rows, kept)
