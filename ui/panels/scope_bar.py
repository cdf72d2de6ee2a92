"""The one bar everything on the Analysis page follows: which days, and of which product, supplier, channel and so on only."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from PySide6.QtCore import QDate, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QComboBox, QDateEdit, QHBoxLayout, QSizePolicy, QSlider, QVBoxLayout, QWidget

from qmdesk.i18n import N_, _
from qmdesk.operations.figures.columns import as_day
from qmdesk.operations.figures.facts import Facts
from qmdesk.operations.figures.periods import FIRST, LAST, Stretch, around, moved, period_words, stepped
from qmdesk.operations.figures.scope import By, Key, Period, Scope, key_name
from qmdesk.register import Reading
from ui import theme
from ui.panels.group_chooser import GroupChooser
from ui.widgets.button import IconButton
from ui.widgets.chips import Chips
from ui.widgets.flow import FlowLayout
from ui.widgets.plain_label import PlainLabel

CHOICES: tuple[tuple[str, Stretch, int], ...] = (
    (N_("This month"), Stretch.MONTH, 0),
    (N_("Last month"), Stretch.MONTH, -1),
    (N_("This quarter"), Stretch.QUARTER, 0),
    (N_("This year"), Stretch.YEAR, 0),
    (N_("Last 12 months"), Stretch.TWELVE, 0),
    (N_("Own period"), Stretch.OWN, 0),
)
"""What is offered: its name, how long it is, how many steps from now."""
USUAL = 4
FURTHEST = 60
"""Months the slider leads back at most."""


class _Steps(QComboBox):
    """The choice of a period; Left and Right step through periods of its length, as ``on_step`` does."""

    def __init__(self, on_step: Callable[[int], object]) -> None:
        super().__init__()
        self._on_step = on_step

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            self._on_step(1 if event.key() == Qt.Key.Key_Right else -1)
        else:
            super().keyPressEvent(event)


class ScopeBar(QWidget):
    """``scope`` is what is shown; ``changed`` says that it is another. ``on_look`` is told to which scopes a choice leads that the
    user looks at, the likeliest first. ``facts`` are needed to offer groups."""

    changed = Signal()

    def __init__(self, reading: Reading, today: date) -> None:
        super().__init__()
        self._reading, self._today = reading, today
        self.on_look: Callable[[Sequence[Scope]], object] = lambda _scopes: None
        self.stretch = CHOICES[USUAL][1]
        self.period = around(self.stretch, today)
        self.only: tuple[tuple[By, Key], ...] = ()
        self._facts: Facts | None = None
        self.choice = _Steps(self.step)
        self.choice.setAccessibleName(_("Period"))
        for words, _stretch, _steps in CHOICES:
            self.choice.addItem(_(words))
        self.choice.setCurrentIndex(USUAL)
        self.choice.activated.connect(self._choose)
        self.back = IconButton("left", _("The period before (Alt+Left, or Left here)"), lambda: self.step(-1))
        self.on = IconButton("right", _("The next period (Alt+Right, or Right here)"), lambda: self.step(1))
        self.name = PlainLabel("", "heading")
        self.since, self.until = self._day(_("From")), self._day(_("Until"))
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setAccessibleName(_("Month the period ends with"))
        self.slider.setToolTip(_("Walk through the months"))
        self.slider.setPageStep(12)
        self.slider.setFixedWidth(theme.em(14))
        self.slider.valueChanged.connect(self._slide)
        self.chips = Chips()
        self.chips.added.connect(lambda: self.choose_group())
        self.chips.clicked.connect(self._edit)
        self.chips.removed.connect(self._remove)
        self.against = PlainLabel("", "muted")
        self._lay_out()
        self._show()

    def _day(self, words: str) -> QDateEdit:
        edit = QDateEdit()
        edit.setCalendarPopup(True)
        edit.setDateRange(_shown(FIRST), _shown(LAST))
        edit.setAccessibleName(words)
        edit.setToolTip(words)
        edit.dateChanged.connect(lambda _day: self._type())
        return edit

    def _lay_out(self) -> None:
        steps = QHBoxLayout()
        steps.setSpacing(0)
        for part in (self.back, self.choice, self.on):
            steps.addWidget(part)
        stepper = QWidget()
        steps.setContentsMargins(0, 0, 0, 0)
        stepper.setLayout(steps)
        line = FlowLayout(gap=theme.em(0.6))
        for part in (stepper, self.since, self.until, self.name, self.slider, self.against):
            line.addWidget(part)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(theme.em(0.4))
        rows.addLayout(line)
        rows.addWidget(self.chips)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    # -- what is chosen

    @property
    def scope(self) -> Scope:
        """What figures are asked of."""
        return Scope(self.period.since, self.period.until, self.only)

    def near(self) -> list[Scope]:
        """What one move leads to: the steps, the periods that are offered, all groups of one sort."""
        periods = (stepped(self.stretch, self.period, -1), stepped(self.stretch, self.period, 1), *self._offered().values())
        return [*(Scope(one.since, one.until, self.only) for one in periods), *(self._without(place) for place in range(len(self.only)))]

    def set_facts(self, facts: Facts) -> None:
        """Know from when on there is anything, and which groups there are."""
        self._facts = facts
        days = [int(rows.day[0]) for rows in (facts.sales.orders, facts.cases, facts.sales.typed) if len(rows) and int(rows.day[0]) > 0]
        first = as_day(min(days)) if days else self._today
        months = (self._today.year - first.year) * 12 + self._today.month - first.month
        with QSignalBlocker(self.slider):
            self.slider.setRange(-min(FURTHEST, max(1, months)), 0)
        self._show()

    def turn_day(self, today: date) -> None:
        """Another day has begun: "this month" may be another one."""
        at = self.choice.currentIndex()
        self._today = today
        if at >= 0 and CHOICES[at][1] is not Stretch.OWN:
            self._choose(at)

    def show_scope(self, stretch: Stretch, scope: Scope) -> None:
        """Show another scope."""
        self.stretch, self.period, self.only = stretch, Period(scope.since, scope.until), scope.only
        self._tell()

    def step(self, steps: int) -> None:
        """Show the period so many on, or back."""
        self.period = stepped(self.stretch, self.period, steps)
        self._tell()

    def narrow(self, by: By, key: Key) -> None:
        """Show one group only."""
        self.only = self.scope.widened(by).narrowed(by, key).only
        self._tell()

    def widen(self) -> None:
        """Show all groups."""
        self.only = ()
        self._tell()

    def choose_group(self, by: By | None = None, anchor: QWidget | None = None, instead: int | None = None) -> GroupChooser | None:
        """Ask for a group to narrow to; with ``instead`` it takes the place of that one."""
        if self._facts is None:
            return None

        kept = self.scope if instead is None else self._without(instead)

        def narrowed(chosen: By, key: Key) -> Scope:
            return kept.widened(chosen).narrowed(chosen, key)

        def take(chosen: By, key: Key) -> None:
            self.only = kept.only
            self.narrow(chosen, key)

        def look(chosen: By, keys: Sequence[Key]) -> None:
            self.on_look([narrowed(chosen, key) for key in keys])

        chooser = GroupChooser(self._facts, take, look, self, by)
        chooser.open_below(anchor or self.chips.add_button)
        return chooser

    # -- what the user does

    def _choose(self, at: int) -> None:
        self.stretch = CHOICES[at][1]
        self.period = self._offered().get(at, self.period)
        self._tell()
        if self.stretch is Stretch.OWN:
            self.since.setFocus()

    def _slide(self, months: int) -> None:
        end = moved(self._today.replace(day=1), months)
        if self.stretch is Stretch.OWN:
            self.stretch = Stretch.MONTH
        self.period = around(self.stretch, end)
        self._tell()

    def _type(self) -> None:
        since, until = (date(edit.date().year(), edit.date().month(), edit.date().day()) for edit in (self.since, self.until))
        self.period = Period(min(since, until), max(since, until))
        self._tell()

    def _edit(self, place: int) -> None:
        self.choose_group(self.only[place][0], self.chips.chip_buttons(place)[0], place)

    def _remove(self, place: int) -> None:
        self.only = self._without(place).only
        self._tell()

    def _without(self, place: int) -> Scope:
        """What is shown, but for the group at a place."""
        return Scope(self.period.since, self.period.until, (*self.only[:place], *self.only[place + 1 :]))

    def _tell(self) -> None:
        self._show()
        self.changed.emit()

    def _offered(self) -> dict[int, Period]:
        """The periods that are offered by their names, by their places."""
        return {place: stepped(stretch, around(stretch, self._today), steps) for place, (_words, stretch, steps) in enumerate(CHOICES) if stretch is not Stretch.OWN}

    def _show(self) -> None:
        own = self.stretch is Stretch.OWN
        offered = self._offered()
        at = next((place for place, (_words, stretch, _steps) in enumerate(CHOICES) if stretch is self.stretch and (own or self.period == offered[place])), -1)
        self.choice.setPlaceholderText(period_words(self.period))
        self.choice.setCurrentIndex(at)
        self.name.setText("" if own else period_words(self.period))
        for edit, day in ((self.since, self.period.since), (self.until, self.period.until)):
            edit.setVisible(own)
            with QSignalBlocker(edit):
                edit.setDate(_shown(day))
        with QSignalBlocker(self.slider):
            self.slider.setValue((self.period.until.year - self._today.year) * 12 + self.period.until.month - self._today.month)
        self.against.setText(_("against {period}").format(period=period_words(self.period.before)))
        self.chips.show_filters([self._chip(by, key) for by, key in self.only])

    def _chip(self, by: By, key: Key) -> str:
        return _("{what}: {which}").format(what=_(by.label), which=key_name(self._reading, by, key))


def _shown(day: date) -> QDate:
    return QDate(day.year, day.month, day.day)
