"""The programme of a year: what is audited when, as a calendar and as a list, and one key to begin what is due."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QSplitter, QStackedWidget, QVBoxLayout, QWidget

from qmdesk.i18n import _
from qmdesk.operations import keeping, programme
from qmdesk.operations.programme import Occurrence
from qmdesk.records.audit import Audit, Checklist, PlannedAudit
from qmdesk.records.party import Person
from qmdesk.register import clock
from qmdesk.schema import types
from qmdesk.schema.query import Condition, Order, Query
from ui import theme
from ui.ask import ran
from ui.desk import Desk
from ui.forms.dialog import RecordDialog
from ui.panels.programme_tables import DaysModel, ProgrammeTable, YearModel, counted
from ui.widgets.button import Button, IconButton
from ui.widgets.empty_state import EmptyState
from ui.widgets.flow import FlowLayout
from ui.widgets.plain_label import PlainLabel

Begin = Callable[[dict[str, Any]], object]


class ProgrammePanel(QWidget):
    """``begin`` asks for an audit with what the plan says; ``open_audit`` shows one that was run."""

    def __init__(self, desk: Desk, begin: Begin, open_audit: Callable[[int], object]) -> None:
        super().__init__()
        self.desk, self._begin, self._open_audit = desk, begin, open_audit
        self.year = clock().date().year
        rows = QVBoxLayout(self)
        edge = theme.em(1)
        rows.setContentsMargins(edge, edge, edge, edge)
        rows.setSpacing(theme.em(0.6))
        rows.addLayout(self._head())
        self.summary = PlainLabel("", "muted", wrap=True)
        rows.addWidget(self.summary)
        self.years, self.days = YearModel(), DaysModel(lambda id_: desk.register.title(Person, id_) if id_ else "")
        self.calendar = ProgrammeTable(self.years, _("Calendar of the year"))
        self.list = ProgrammeTable(self.days, _("Days of the programme"))
        self.calendar.on_open = self.act
        self.list.on_open = self.act
        self.calendar.selectionModel().currentChanged.connect(lambda index, _before: self._point(index))
        self.list.selectionModel().currentChanged.connect(lambda _index, _before: self._name_buttons())
        self.split = QSplitter(Qt.Orientation.Vertical)
        self.split.addWidget(self.calendar)
        self.split.addWidget(self.list)
        self.split.setChildrenCollapsible(False)
        self.split.setSizes([theme.em(16), theme.em(22)])
        self.nothing = EmptyState(
            "calendar", _("Nothing is planned yet."), _("Plan what is audited, how often, where and by whom; what is missed stays in sight."), _("Plan an audit")
        )
        self.nothing.chosen.connect(self.plan)
        self.stack = QStackedWidget()
        self.stack.addWidget(self.split)
        self.stack.addWidget(self.nothing)
        rows.addWidget(self.stack, 1)

    def _head(self) -> FlowLayout:
        head = FlowLayout(gap=theme.em(0.5))
        self.title = PlainLabel("", "title")
        self.start_button = Button(_("Start now"), "play", on_click=self.act)
        self.change_button = Button(_("Change the plan…"), "edit", on_click=self.change)
        self.remove_button = Button(_("Remove the plan"), "remove", on_click=self.remove)
        self.plan_button = Button(_("Plan an audit…"), "add", "primary", self.plan)
        for part in (
            self.title,
            IconButton("left", _("The year before"), lambda: self.show_year(self.year - 1)),
            IconButton("right", _("The year after"), lambda: self.show_year(self.year + 1)),
            self.start_button,
            self.change_button,
            self.remove_button,
            self.plan_button,
        ):
            head.addWidget(part)
        head.push(self.start_button)
        QShortcut(QKeySequence("S"), self, self.act, context=Qt.ShortcutContext.WidgetWithChildrenShortcut)
        return head

    # -- what it shows

    def show_year(self, year: int) -> None:
        """Show another year."""
        self.year = min(2100, max(2000, year))
        self.refresh()

    def refresh(self) -> None:
        """Ask the register again; the day that is chosen stays so."""
        register, chosen = self.desk.register, self.chosen
        self.title.setText(_("Programme {year}").format(year=self.year))
        found = programme.occurrences(register, date(self.year, 1, 1), date(self.year, 12, 31))
        plans: list[PlannedAudit] = register.records(Query(PlannedAudit).by(Order("first_on")))
        names = register.titles(Checklist, {plan.checklist for plan in plans})
        shown = [plan for plan in plans if plan.active or any(one.plan.id == plan.id for one in found)]
        self.years.show_year(self.year, [(plan.id, _named(plan, names)) for plan in shown], found)
        self.days.show_days(found)
        self.summary.setText(counted(found) if found else _("Nothing is planned for this year."))
        self.stack.setCurrentWidget(self.split if plans else self.nothing)
        self.summary.setVisible(bool(plans))
        for part in (self.start_button, self.change_button, self.remove_button):
            part.setVisible(bool(plans))
        self._choose(chosen, found)

    def _choose(self, before: Occurrence | None, found: list[Occurrence]) -> None:
        """Go back to the day that was chosen, else to the first that waits, else to the next one."""
        same = [row for row, one in enumerate(found) if before is not None and (one.plan.id, one.day) == (before.plan.id, before.day)]
        waits = [row for row, one in enumerate(found) if one.state in programme.WAITING]
        coming = [row for row, one in enumerate(found) if one.state is programme.Coming.UPCOMING]
        if rows := same or waits or coming:
            self.list.setCurrentIndex(self.days.index(rows[0], 0))
        self._name_buttons()

    def _point(self, index: Any) -> None:
        """Choose in the list what the calendar is on."""
        found = self.years.within(index)
        if found:
            self.list.setCurrentIndex(self.days.index(self.days.found.index(found[0]), 0))

    @property
    def chosen(self) -> Occurrence | None:
        """The day the list is on."""
        row = self.list.currentIndex().row()
        return self.days.found[row] if 0 <= row < len(self.days.found) else None

    @property
    def chosen_plan(self) -> PlannedAudit | None:
        """The plan of the chosen day, or the one the calendar is on."""
        at = self.calendar.currentIndex()
        if at.isValid() and self.calendar.hasFocus():
            return self.desk.register.find(PlannedAudit, self.years.rows[at.row()][0])
        return self.chosen.plan if self.chosen else None

    def _name_buttons(self) -> None:
        one, writable = self.chosen, not self.desk.register.read_only
        run = one is not None and one.audit is not None
        self.start_button.setText(_("Open the audit (S)") if run else _("Start now (S)"))
        self.start_button.setEnabled(one is not None and (run or writable))
        for button in (self.change_button, self.remove_button):
            button.setEnabled(writable and bool(self.years.rows))
        self.plan_button.setEnabled(writable)

    def go_to_waiting(self) -> None:
        """Show what waits now."""
        self.year = clock().date().year
        self.list.clearSelection()
        self.list.setCurrentIndex(self.list.model().index(-1, 0))
        self.refresh()
        self.list.setFocus()

    # -- what it does

    def act(self) -> None:
        """Begin the audit of the chosen day, or open the one that was run for it."""
        one = self.chosen
        if one is None:
            return
        if one.audit is not None:
            self._open_audit(one.audit.id)
        elif not self.desk.register.read_only:
            plan = one.plan
            names = ("checklist", "place", "auditor", "process", "supplier", "objective", "scope")
            self._begin({**{name: getattr(plan, name) for name in names if getattr(plan, name)}, "plan": plan.id, "planned_for": one.day})

    def plan(self) -> None:
        """Plan an audit."""
        ran(RecordDialog(self.desk, PlannedAudit, preset={"first_on": clock().date()}, parent=self))

    def change(self) -> None:
        """Change the chosen plan."""
        if (plan := self._asked_for()) is not None:
            ran(RecordDialog(self.desk, PlannedAudit, plan, parent=self))

    def remove(self) -> None:
        """Take the chosen plan away; one that was run is taken out of force instead."""
        plan = self._asked_for()
        if plan is None:
            return
        if self.desk.register.count(Query(Audit, (Condition("plan", types.IS, (plan.id,)),)), 1):
            name = programme.title(self.desk.register, plan)
            question = _("“{name}” has been run, so it stays in the programme of those years. Shall it come round no more?").format(name=name)
            if self.desk.ask.confirm(question, _("No more"), parent=self):
                self.desk.attempt(keeping.CHANGE, keeping.change, PlannedAudit, plan.id, {"active": False})
        else:
            self.desk.attempt(keeping.REMOVE, keeping.remove, PlannedAudit, plan.id)

    def _asked_for(self) -> PlannedAudit | None:
        if self.chosen_plan is None:
            self.desk.ask.tell(_("Choose a plan in the calendar or the list first."), parent=self)
        return self.chosen_plan


def _named(plan: PlannedAudit, names: dict[int, str]) -> str:
    """A plan and its place in a row's head."""
    return " · ".join(part for part in (plan.name or names.get(plan.checklist, ""), plan.place) if part)
