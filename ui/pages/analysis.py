"""Analysis: the shop's indicators as tiles and charts, all following one bar of period and groups; every mark leads to its records."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QListWidget, QListWidgetItem, QStackedWidget, QVBoxLayout, QWidget

from qmdesk.i18n import N_, _
from qmdesk.operations.figures import facts as counting
from qmdesk.operations.figures.chart_series import Behind, Looked, told_of
from qmdesk.operations.figures.control import CHARTED
from qmdesk.operations.figures.facts import Facts
from qmdesk.operations.figures.relapses import watched_groups
from qmdesk.operations.figures.scope import Scope
from qmdesk.records.alert import Report
from qmdesk.records.improvement import Action
from qmdesk.records.measures import Event, Indicator, IndicatorTarget
from qmdesk.register import Change, clock
from qmdesk.schema import types
from qmdesk.schema.query import Condition, Query
from qmdesk.schema.record import Record
from ui import theme
from ui.ask import ran
from ui.desk import Desk, Page
from ui.forms.dialog import RecordDialog
from ui.panels.count_ahead import CountAhead
from ui.panels.figure_tiles import FigureTiles
from ui.panels.scope_bar import ScopeBar
from ui.widgets.button import Button
from ui.widgets.empty_state import EmptyState
from ui.widgets.flow import FlowLayout
from ui.widgets.plain_label import PlainLabel

VIEWS: tuple[tuple[str, str, str], ...] = (
    ("overview", N_("Overview"), "views"),
    ("indicator", N_("One indicator"), "analysis"),
    ("pareto", N_("What goes wrong most"), "sort-down"),
    ("control", N_("Control chart"), "rising"),
    ("crossing", N_("Where things meet"), "columns"),
    ("waiting", N_("Waiting and settling"), "hourglass"),
    ("warning", N_("Early warning"), "bell"),
    ("words", N_("Words that grow"), "message"),
    ("cost", N_("Cost of poor quality"), "money"),
    ("reports", N_("Reports"), "pdf"),
    ("sources", N_("Sales, events, targets"), "edit"),
)
"""The views: name, words, icon."""


class AnalysisPage(Page):
    """The bar above, the list of views at the left, the chosen view beside it."""

    shows = tuple(dict.fromkeys((*counting.READ, Event, IndicatorTarget, Report)))

    def __init__(
        self,
        desk: Desk,
        show_these: Callable[[type[Record], Sequence[int], str], object],
        import_file: Callable[[], object],
        show_processes: Callable[[], object],
    ) -> None:
        super().__init__(desk)
        self._show_these = show_these
        self.facts: Facts | None = None
        self._touched: set[type[Record]] = set()
        self._counting = False
        self.bar = ScopeBar(desk.register, clock().date())
        self.bar.changed.connect(self.show_now)
        self.bar.on_look = self._count_ahead
        self.ahead = CountAhead(self)
        self.listed = QListWidget()
        self.listed.setAccessibleName(_("Views"))
        theme.mark(self.listed, "views")
        for _name, words, icon in VIEWS:
            self.listed.addItem(QListWidgetItem(theme.icon(icon), _(words)))
        self.listed.currentRowChanged.connect(lambda _row: self.show_now())
        self.stack = QStackedWidget()
        self.made: dict[str, Any] = {}
        self.note = PlainLabel("", "warn", wrap=True)
        self.note_button = Button(_("Type what was sold…"), "edit", "link", lambda: self.turn_to("sources"))
        self.process_button = Button(_("Where it hurts on the map"), "process", "link", show_processes)
        self.nothing = EmptyState("analysis", "")
        self.nothing.chosen.connect(import_file)
        self.nothing.other_chosen.connect(lambda: self.turn_to("sources"))
        self.waiting = EmptyState("analysis", _("Counting…"), _("A large register takes a few seconds; then everything here follows at once."))
        self._lay_out()
        for keys, step in (("Alt+Left", -1), ("Alt+Right", 1)):
            QShortcut(QKeySequence(keys), self, lambda step=step: self.bar.step(step), context=Qt.ShortcutContext.WidgetWithChildrenShortcut)

    # -- what it is made of

    def _lay_out(self) -> None:
        edge = theme.em(1)
        head = FlowLayout(gap=theme.em(0.5))
        for part in (PlainLabel(_("Analysis"), "title"), self.process_button):
            head.addWidget(part)
        head.push(self.process_button)
        noted = FlowLayout(gap=theme.em(0.5))
        noted.addWidget(self.note)
        noted.addWidget(self.note_button)
        wide = max(self.listed.fontMetrics().horizontalAdvance(_(words)) for _name, words, _icon in VIEWS)
        self.listed.setFixedWidth(wide + theme.em(4.5))
        inner = QHBoxLayout()
        inner.setSpacing(theme.em(0.8))
        inner.addWidget(self.listed)
        inner.addWidget(self.stack, 1)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(edge, edge, edge, edge)
        rows.setSpacing(theme.em(0.6))
        rows.addLayout(head)
        rows.addWidget(self.bar)
        rows.addLayout(noted)
        rows.addLayout(inner, 1)
        for part in (self.nothing, self.waiting):
            self.stack.addWidget(part)

    def view(self, which: str) -> Any:
        """A view, made when it is first shown: charts load matplotlib, which takes half a second."""
        if which not in self.made:
            self.made[which] = self._make(which)
            self.stack.addWidget(self.made[which])
        return self.made[which]

    def _make(self, which: str) -> QWidget:
        if which == "overview":
            tiles = FigureTiles()
            tiles.on_open, tiles.on_target = self.open_indicator, self.set_target
            return tiles
        if which == "sources":
            from ui.pages.listing import Empty, Listing  # loaded when first shown
            from ui.panels.figure_sources import FigureSources

            return FigureSources(self.desk, lambda kind, **usual: Listing(self.desk, kind, **usual), Empty)
        if which == "reports":
            from ui.panels.reports import ReportsView  # loaded when first shown

            return ReportsView(self.desk, self.open_behind)
        from ui.panels import analysis_views as views  # loaded when first shown

        if which == "indicator":
            return views.IndicatorView(self.desk, self.open_behind, self.set_target)
        made = {"pareto": views.ParetoView, "control": views.ControlView, "crossing": views.CrossingView, "waiting": views.WaitingView, "warning": views.WarningView, "words": views.WordsView, "cost": views.CostView}
        return made[which](self.desk, self.open_behind)

    # -- what it shows

    @property
    def name(self) -> str:
        """Which view is shown."""
        return VIEWS[max(0, self.listed.currentRow())][0]

    def turn_to(self, name: str) -> Any:
        """Show a view."""
        self.listed.setCurrentRow([one for one, _words, _icon in VIEWS].index(name))
        return self.view(name)

    def refresh(self) -> None:
        """Count again what was changed, beside the user's work; else show what is counted."""
        if self.listed.currentRow() < 0:
            self.listed.setCurrentRow(0)
        if self._counting:
            return
        if self.facts is not None and not self._touched and self.facts.on == clock().date():
            self.show_now()
            return
        register, facts, touched = self.desk.register, self.facts, frozenset(self._touched)
        self._touched.clear()
        self._counting = True
        if facts is None:
            self.stack.setCurrentWidget(self.waiting)
            self.desk.jobs.run(_("Counting"), lambda progress: counting.gather(register, progress), self._take, self._fail, self, modal=False)
        else:
            self.desk.jobs.run(_("Counting"), lambda _progress: facts.renewed(register, touched), self._take, self._fail, self, modal=False)

    def _take(self, facts: Facts) -> None:
        self._counting = False
        self.facts = facts
        self.bar.set_facts(facts)
        if self._touched:  # meanwhile something was saved
            self.refresh()
        else:
            self.show_now()

    def _fail(self, error: Exception) -> None:
        self._counting = False
        self._stale = True
        self.waiting.say(_("The counting was stopped."), str(error))

    def show_now(self) -> None:
        """Show the view of now for the scope of now: no reading of the register beyond names, so it follows at once."""
        facts = self.facts
        if facts is None:
            return
        some_cases, some_sales = bool(len(facts.cases)), bool(len(facts.sales.orders) or len(facts.sales.typed))
        self.note.setText(_("No sales are known, so there are no rates yet: import the orders, or type in how many there were each month.") if some_cases and not some_sales else "")
        self.note_button.setVisible(bool(self.note.text()))
        if not (some_cases or some_sales) and self.name not in ("sources", "reports"):
            writable = not self.desk.register.read_only
            self.nothing.say(
                _("Nothing to count yet."),
                _("Indicators come from complaints and from what was sold. Import orders, or type in how many there were each month; complaints are written down as they come."),
                _("Import…") if writable else "",
                _("Type what was sold…") if writable else "",
            )
            self.stack.setCurrentWidget(self.nothing)
            return
        view = self.view(self.name)
        self._count_ahead(self.bar.near())
        if self.name != "sources":
            view.show_looked(Looked(facts, self.bar.scope, told_of(self.desk.register, self.bar.scope)))
        self.stack.setCurrentWidget(view)

    def _count_ahead(self, scopes: Sequence[Scope]) -> None:
        """Only the tiles are told so fast that the counting is what one waits for."""
        if self.facts is not None:
            self.ahead.begin(self.facts, scopes if self.name == "overview" else ())

    def _hear(self, change: Change) -> None:
        self._touched |= {kind for kind in change.ids if kind in counting.READ}
        super()._hear(change)

    def turn_day(self) -> None:
        self.bar.turn_day(clock().date())
        super().turn_day()

    def stops(self) -> Sequence[QWidget]:
        return self.listed, self.stack.currentWidget() or self, self.bar.choice

    def place(self) -> Any:
        indicator = self.made.get("indicator")
        return self.name, self.bar.stretch, self.bar.scope, (indicator.indicator.chosen, indicator.by.chosen) if indicator else None

    def return_to(self, place: Any) -> None:
        name, stretch, scope, indicator = place
        self.bar.show_scope(stretch, scope)
        if indicator:
            self.view("indicator").choose(*indicator)
        self.turn_to(name)

    # -- what is done here

    def open(self, _kind: type[Record], id_: int) -> None:
        """Show a report; while the figures are still being counted, as soon as they are."""
        reports = self.turn_to("reports")
        if self.facts is not None:
            reports.open(id_)
        else:
            reports.report = self.desk.register.find(Report, id_)

    def open_indicator(self, indicator: Indicator) -> None:
        """Show the chart of an indicator."""
        self.view("indicator").choose(indicator)
        self.turn_to("indicator").setFocus()

    def show_watched(self, action: Action) -> None:
        """Show how the indicator that watches an action goes, of what the action is about: on a control chart where it has one."""
        assert action.watched is not None
        period = self.bar.period
        self.bar.show_scope(self.bar.stretch, Scope(period.since, period.until, watched_groups(action)))
        which = "control" if action.watched in CHARTED else "indicator"
        self.view(which).choose(action.watched)
        self.turn_to(which).setFocus()

    def open_behind(self, behind: Behind) -> None:
        """Show the records behind a figure."""
        if behind.ids:
            self._show_these(behind.kind, behind.ids, behind.words)
        else:
            self.desk.ask.tell(_("There is no record behind this figure."), parent=self)

    def set_target(self, indicator: Indicator) -> None:
        """Ask for the target and the alert bound of an indicator."""
        if self.desk.register.read_only:
            self.desk.ask.warn(self.desk.register.why_read_only, parent=self)
            return
        found = self.desk.register.records(Query(IndicatorTarget, (Condition("indicator", types.IS, (indicator,)),)), 1)
        ran(RecordDialog(self.desk, IndicatorTarget, found[0] if found else None, {"indicator": indicator}, parent=self.window()))
