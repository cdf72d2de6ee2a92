"""A chart with its choices above it and its numbers below: what every view of the Analysis page but the overview is made of."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from typing import Any, Generic, TypeVar

from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtWidgets import QComboBox, QScrollArea, QSplitter, QVBoxLayout, QWidget

from qmdesk.errors import Known
from qmdesk.i18n import N_, _
from qmdesk.operations.figures.chart_series import Behind, Looked, Shown
from ui import theme
from ui.desk import Desk
from ui.panels.chart_view import ChartView
from ui.panels.figure_table import FigureTable
from ui.widgets.flow import FlowLayout
from ui.widgets.plain_label import PlainLabel

Show = Callable[[Behind], object]
T = TypeVar("T")


class Choice(QComboBox):
    """A choice among things with their words; ``on_change`` is called when the user takes another."""

    def __init__(self, name: str, offered: Sequence[tuple[Any, str]], on_change: Callable[[], object]) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setToolTip(name)
        self._offered: list[Any] = []
        self.offer(offered)
        self.activated.connect(lambda _at: on_change())

    def offer(self, offered: Sequence[tuple[Any, str]]) -> None:
        """Offer other things; the chosen one stays where it is still among them."""
        here = self.chosen if self._offered else None
        with QSignalBlocker(self):
            self.clear()
            self._offered = [thing for thing, _words in offered]
            self.addItems([words for _thing, words in offered])
            self.setCurrentIndex(self._offered.index(here) if here in self._offered else 0)

    @property
    def chosen(self) -> Any:
        """The chosen thing."""
        return self._offered[self.currentIndex()]

    def choose(self, thing: Any) -> None:
        """Choose something, without calling ``on_change``."""
        if thing in self._offered:
            self.setCurrentIndex(self._offered.index(thing))


class ChartPanel(QWidget):
    """``draw`` makes the chart of what is looked at; ``show_behind`` is told of the records behind a mark that was opened."""

    def __init__(self, desk: Desk, show_behind: Show) -> None:
        super().__init__()
        self.desk, self._show_behind = desk, show_behind
        self.looked: Looked | None = None
        self.shown: Shown | None = None
        self.choices = FlowLayout(gap=theme.em(0.5))
        self.view = ChartView(desk)
        self.table = FigureTable()
        self.table.on_open = self.open_mark
        self.refused = PlainLabel("", "warn", wrap=True)
        self.refused.hide()
        self.split = QSplitter(Qt.Orientation.Vertical)
        self.split.addWidget(self.view)
        self.split.addWidget(self.table)
        self.split.setChildrenCollapsible(False)
        self.split.setStretchFactor(0, 3)
        self.split.setStretchFactor(1, 1)
        self.split.setSizes([theme.em(30), theme.em(10)])
        self.view.setMinimumHeight(theme.em(21))
        self.table.setMinimumHeight(theme.em(8))
        self.area = QScrollArea()
        self.area.setWidgetResizable(True)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.setWidget(self.split)
        theme.mark(self.split, "page")
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(theme.em(0.5))
        rows.addLayout(self.choices)
        rows.addWidget(self.refused)
        rows.addWidget(self.area, 1)
        self.setFocusProxy(self.view.canvas)

    def draw(self, looked: Looked) -> Shown:
        """The chart of what is looked at. Raises Known for what can't be told."""
        raise NotImplementedError

    def show_looked(self, looked: Looked) -> None:
        """Show the chart of a scope."""
        self.looked = looked
        self.redraw()

    def redraw(self) -> None:
        """Show the chart anew, after another choice."""
        if self.looked is None:
            return
        try:
            self.shown = shown = self.draw(self.looked)
        except Known as error:
            self.shown = None
            self.refused.setText(error.sentence)
        else:
            self.view.show_chart(shown.chart, lambda mark: self._show_behind(shown.behind(mark)))
            self.table.show_table(shown.chart.table())
        self.refused.setVisible(self.shown is None)
        self.area.setVisible(self.shown is not None)

    def open_mark(self, mark: int) -> None:
        """Show the records behind a mark."""
        if self.shown is not None:
            self._show_behind(self.shown.behind(mark))


class JobPanel(ChartPanel, Generic[T]):
    """A chart whose numbers are read from the register first, beside the user's work; they are kept until ``asked`` is another.

    ``asked`` says what the numbers depend on, ``count`` reads them in the worker, ``draw_found`` makes the chart.
    """

    title = N_("Counting")

    def __init__(self, desk: Desk, show_behind: Show) -> None:
        super().__init__(desk, show_behind)
        self._found: tuple[Hashable, T] | None = None
        self._wanted: Hashable = None

    def asked(self, looked: Looked) -> Hashable:
        """What the numbers depend on."""
        raise NotImplementedError

    def count(self, looked: Looked) -> T:
        """Read the numbers; in the worker."""
        raise NotImplementedError

    def draw_found(self, looked: Looked, found: T) -> Shown:
        """The chart of the numbers."""
        raise NotImplementedError

    def draw(self, looked: Looked) -> Shown:
        assert self._found is not None
        return self.draw_found(looked, self._found[1])

    def redraw(self) -> None:
        """Show the chart where its numbers are known, else when they are."""
        looked = self.looked
        if looked is None:
            return
        asked = self.asked(looked)
        if self._found is not None and self._found[0] == asked:
            super().redraw()
        elif self._wanted != asked:
            self._wanted = asked
            self.desk.jobs.run(_(self.title), lambda _progress: self.count(looked), lambda found: self._take(asked, found), self._fail, self, modal=False)

    def _take(self, asked: Hashable, found: T) -> None:
        self._found = (asked, found)
        if self._wanted == asked:
            self._wanted = None
        self.redraw()

    def _fail(self, error: Exception) -> None:
        """Cancelled, or the file can't be read: said, and tried again when something else is chosen."""
        self._wanted = None
        self.refused.setText(str(error) or _("The counting was stopped."))
        self.refused.show()
