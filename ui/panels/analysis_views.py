"""The views of the Analysis page: one indicator, control chart, where two things meet, how long cases take."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QSpinBox

from qmdesk.analysis.control import RULE_WORDS, USUAL_RULES, ChartKind, Rule
from qmdesk.i18n import N_, _
from qmdesk.operations.figures import chart_series, early_warning, growing_words, quality_cost
from qmdesk.operations.figures.chart_series import Looked, Shown
from qmdesk.operations.figures.control import CHARTED
from qmdesk.operations.figures.early_warning import Suspect
from qmdesk.operations.figures.facts import Facts
from qmdesk.operations.figures.growing_words import Words
from qmdesk.operations.figures.indicators import DEFINITIONS
from qmdesk.operations.figures.scope import TIMES, By, Period
from qmdesk.operations.figures.turns import SHARES
from qmdesk.records.measures import Indicator
from ui.desk import Desk
from ui.panels.chart_panel import ChartPanel, Choice, JobPanel, Show
from ui.widgets.button import Button
from ui.widgets.plain_label import PlainLabel, label_of

OVER_TIME = {By.MONTH: N_("Month by month"), By.WEEK: N_("Week by week")}
CHART_WORDS = {
    None: N_("The chart that suits"),
    ChartKind.U: N_("u: events per order"),
    ChartKind.P: N_("p: shares"),
    ChartKind.LANEY_U: N_("Laney u′: where much is sold"),
    ChartKind.LANEY_P: N_("Laney p′: where much is counted"),
    ChartKind.G: N_("g: gaps between rare events"),
}
CROSSINGS: tuple[tuple[tuple[By, By] | None, str], ...] = (
    ((By.PRODUCT, By.CAUSE), N_("Product × cause")),
    ((By.CATEGORY, By.COURIER), N_("Category × courier: damage on the way")),
    ((By.PRODUCT, By.COURIER), N_("Product × courier")),
    ((By.SUPPLIER, By.CAUSE), N_("Supplier × cause")),
    ((By.CHANNEL, By.CAUSE), N_("Channel × cause")),
    ((By.CAUSE, By.MONTH), N_("Cause × month")),
    (None, N_("Day of the week × hour")),
)


class IndicatorView(ChartPanel):
    """One indicator over time or by group; its target is set here, and all records behind it are shown."""

    def __init__(self, desk: Desk, show_behind: Show, set_target: Callable[[Indicator], object]) -> None:
        super().__init__(desk, show_behind)
        self.indicator = Choice(_("Indicator"), [(one, _(one.label)) for one in Indicator], self._another)
        self.by = Choice(_("Split by"), self._splits(), self.redraw)
        self.records_button = Button(_("Show the records"), "show", on_click=self._open_all)
        self.target_button = Button(_("Target and alert bound…"), "target", on_click=lambda: set_target(self.indicator.chosen))
        self.target_button.setEnabled(not desk.register.read_only)
        for part in (self.indicator, self.by, self.records_button, self.target_button):
            self.choices.addWidget(part)
        self.choices.push(self.records_button)

    def _splits(self) -> list[tuple[By, str]]:
        offered = DEFINITIONS[self.indicator.chosen].splits
        return [(by, _(OVER_TIME[by])) for by in TIMES] + [(by, _("By: {group}").format(group=_(by.label))) for by in offered if by not in TIMES]

    def _another(self) -> None:
        self.by.offer(self._splits())
        self.redraw()

    def choose(self, indicator: Indicator, by: By = By.MONTH) -> None:
        """Show an indicator, split so."""
        self.indicator.choose(indicator)
        self.by.offer(self._splits())
        self.by.choose(by)
        self.redraw()

    def draw(self, looked: Looked) -> Shown:
        indicator, by = self.indicator.chosen, self.by.chosen
        if by in TIMES:
            return chart_series.trend(looked.facts, indicator, looked.scope, looked.told, by)
        return chart_series.by_group(looked.facts, indicator, looked.scope, by, looked.told)

    def _open_all(self) -> None:
        if self.looked is not None:
            self._show_behind(chart_series.behind(self.looked.facts, self.indicator.chosen, self.looked.scope, self.looked.told.scope))


class ParetoView(ChartPanel):
    """What goes wrong most, by count or by cost."""

    def __init__(self, desk: Desk, show_behind: Show) -> None:
        super().__init__(desk, show_behind)
        grouped = (By.CAUSE, By.PRODUCT, By.SUPPLIER, By.COURIER, By.CATEGORY, By.CHANNEL)
        self.by = Choice(_("Split by"), [(by, _("By: {group}").format(group=_(by.label))) for by in grouped], self.redraw)
        self.cost = Choice(_("What is counted"), [(False, _("Number of cases")), (True, _("What their failing cost"))], self.redraw)
        for part in (self.by, self.cost):
            self.choices.addWidget(part)

    def draw(self, looked: Looked) -> Shown:
        return chart_series.pareto_chart(looked.facts, looked.scope, self.by.chosen, looked.told, cost=self.cost.chosen)


class ControlView(ChartPanel):
    """A control chart of an indicator that is counted, with the rules one wants."""

    def __init__(self, desk: Desk, show_behind: Show) -> None:
        super().__init__(desk, show_behind)
        self.indicator = Choice(_("Indicator"), [(one, _(one.label)) for one in CHARTED], self._another)
        self.by = Choice(_("A point is"), [(By.MONTH, _("a month")), (By.WEEK, _("a week"))], self.redraw)
        self.kind = Choice(_("Kind of chart"), self._kinds(), self.redraw)
        for part in (self.indicator, self.by, self.kind):
            self.choices.addWidget(part)
        self.rules: dict[Rule, QAction] = {}
        menu = QMenu(self)
        for rule, words in RULE_WORDS.items():
            action = menu.addAction(_(words))
            action.setCheckable(True)
            action.setChecked(rule in USUAL_RULES)
            action.toggled.connect(lambda _on: self.redraw())
            self.rules[rule] = action
        self.rules_button = Button(_("Rules"), "checklist")
        self.rules_button.setToolTip(_("What is marked; each rule more finds more, and cries wolf more often"))
        self.rules_button.setMenu(menu)
        self.choices.addWidget(self.rules_button)

    def _kinds(self) -> list[tuple[ChartKind | None, str]]:
        other = (ChartKind.U, ChartKind.LANEY_U) if self.indicator.chosen in SHARES else (ChartKind.P, ChartKind.LANEY_P)
        return [(kind, _(words)) for kind, words in CHART_WORDS.items() if kind not in other]

    def _another(self) -> None:
        self.kind.offer(self._kinds())
        self.redraw()

    def choose(self, indicator: Indicator) -> None:
        """Show the control chart of an indicator."""
        self.indicator.choose(indicator)
        self._another()

    def draw(self, looked: Looked) -> Shown:
        rules = [rule for rule, action in self.rules.items() if action.isChecked()]
        return chart_series.control_chart(looked.facts, self.indicator.chosen, looked.scope, looked.told, self.by.chosen, self.kind.chosen, rules)


class CrossingView(ChartPanel):
    """Where two groupings meet, and when cases come."""

    def __init__(self, desk: Desk, show_behind: Show) -> None:
        super().__init__(desk, show_behind)
        self.which = Choice(_("What meets"), [(pair, _(words)) for pair, words in CROSSINGS], self.redraw)
        self.choices.addWidget(self.which)

    def draw(self, looked: Looked) -> Shown:
        if self.which.chosen is None:
            return chart_series.clock_chart(looked.facts, looked.scope, looked.told)
        down, across = self.which.chosen
        if (down, across) == (By.CATEGORY, By.COURIER):
            return chart_series.damage(looked.facts, looked.scope, looked.told)
        return chart_series.crossing(looked.facts, looked.scope, down, across, looked.told)


class WaitingView(ChartPanel):
    """How old the open cases are, and how long cases take."""

    def __init__(self, desk: Desk, show_behind: Show) -> None:
        super().__init__(desk, show_behind)
        self.which = Choice(_("What is counted"), [(chart_series.ages, _("How old the open cases are")), (chart_series.settling, _("How long cases take"))], self.redraw)
        self.choices.addWidget(self.which)

    def draw(self, looked: Looked) -> Shown:
        shown: Shown = self.which.chosen(looked.facts, looked.scope, looked.told)
        return shown


class CostView(ChartPanel):
    """What poor quality costs, month by month and by what it was spent on."""

    def __init__(self, desk: Desk, show_behind: Show) -> None:
        super().__init__(desk, show_behind)
        offered = [(True, _("Month by month, to fail, to look, to prevent")), (False, _("By what it was spent on"))]
        self.over_time = Choice(_("Costs"), offered, self.redraw)
        self.fix_cost, self.fix_share = QSpinBox(), QSpinBox()
        self.fix_cost.setRange(0, 10_000_000)
        self.fix_cost.setSingleStep(50)
        self.fix_cost.setAccessibleName(_("What a fix costs"))
        self.fix_share.setRange(1, 100)
        self.fix_share.setValue(100)
        self.fix_share.setSuffix("\u00a0%")
        self.fix_share.setAccessibleName(_("How much of the failing it ends"))
        self.pays = PlainLabel("", "muted", wrap=True)
        for box in (self.fix_cost, self.fix_share):
            box.valueChanged.connect(lambda _value: self._tell_when_it_pays())
        costs, ends = label_of(self.fix_cost, _("A fix that costs")), label_of(self.fix_share, _("and ends"))
        for part in (self.over_time, costs, self.fix_cost, ends, self.fix_share):
            self.choices.addWidget(part)
        self.layout().insertWidget(1, self.pays)

    def show_looked(self, looked: Looked) -> None:
        super().show_looked(looked)
        self.fix_cost.setSuffix(f"\u00a0{looked.told.currency}")
        self._tell_when_it_pays()

    def _tell_when_it_pays(self) -> None:
        """When a fix of this cost, which ends so much of the failing in the scope, has earned itself back."""
        if self.looked is None or not self.fix_cost.value():
            self.pays.setText(_("Type what a fix costs, and this says when it has earned itself back."))
            return
        found = quality_cost.break_even(self.looked.facts, self.looked.scope, Decimal(self.fix_cost.value()), Decimal(self.fix_share.value()) / 100)
        self.pays.setText(found.sentence(self.looked.told.currency))

    def draw(self, looked: Looked) -> Shown:
        make = chart_series.cost_by_month if self.over_time.chosen else chart_series.cost_by_line
        return make(looked.facts, looked.scope, looked.told)


class WarningView(JobPanel[list[Suspect]]):
    """Batches and products that are complained of too often, whatever the period of the bar: what was sold lately is looked at."""

    def __init__(self, desk: Desk, show_behind: Show) -> None:
        super().__init__(desk, show_behind)
        self.choices.addWidget(PlainLabel(_("What was sold in the last {days} days is looked at, whatever the bar above says.").format(days=early_warning.LIVE_DAYS), "muted"))

    def asked(self, looked: Looked) -> Facts:
        return looked.facts

    def count(self, looked: Looked) -> list[Suspect]:
        return early_warning.suspects(self.desk.register, looked.facts, looked.facts.on)

    def draw_found(self, looked: Looked, found: list[Suspect]) -> Shown:
        return chart_series.warnings(found, looked.told)


class WordsView(JobPanel[Words]):
    """Words that complaints of the period say more than those of the year before it did."""

    title = N_("Reading what customers wrote")

    def __init__(self, desk: Desk, show_behind: Show) -> None:
        super().__init__(desk, show_behind)
        self.choices.addWidget(PlainLabel(_("All cases of the period are read, of whatever product or channel."), "muted"))

    def asked(self, looked: Looked) -> tuple[Facts, Period]:
        return looked.facts, Period(looked.scope.since, looked.scope.until)

    def count(self, looked: Looked) -> Words:
        return growing_words.words(self.desk.register, Period(looked.scope.since, looked.scope.until))

    def draw_found(self, looked: Looked, found: Words) -> Shown:
        return chart_series.growing(found, looked.told)
