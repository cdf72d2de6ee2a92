"""Checklists that come round: each with the strip of its last weeks, and one key to begin what waits."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from qmdesk.i18n import _, n_
from qmdesk.operations import rounds
from qmdesk.operations.programme import Occurrence
from qmdesk.operations.rounds import Kept, Round
from qmdesk.records.audit import PlannedAudit, Rhythm
from qmdesk.register import clock
from ui import theme
from ui.ask import ran
from ui.desk import Desk
from ui.forms.dialog import RecordDialog
from ui.panels.rounds_strip import Legend, RoundsModel, RoundsTable
from ui.widgets.button import Button
from ui.widgets.empty_state import EmptyState
from ui.widgets.flow import FlowLayout
from ui.widgets.plain_label import PlainLabel


class RoundsPanel(QWidget):
    """``begin`` begins the run of a day at once; ``open_audit`` shows one that goes on."""

    def __init__(self, desk: Desk, begin: Callable[[Occurrence], object], open_audit: Callable[[int], object]) -> None:
        super().__init__()
        self.desk, self._begin, self._open_audit = desk, begin, open_audit
        rows = QVBoxLayout(self)
        edge = theme.em(1)
        rows.setContentsMargins(edge, edge, edge, edge)
        rows.setSpacing(theme.em(0.6))
        head = FlowLayout(gap=theme.em(0.5))
        self.start_button = Button(_("Start now (S)"), "play", on_click=self.act)
        self.change_button = Button(_("Change the plan…"), "edit", on_click=self.change)
        self.add_button = Button(_("New recurring checklist…"), "add", "primary", self.add)
        for part in (PlainLabel(_("Checklists that come round"), "title"), self.start_button, self.change_button, self.add_button):
            head.addWidget(part)
        head.push(self.start_button)
        rows.addLayout(head)
        self.summary = PlainLabel("", "muted", wrap=True)
        rows.addWidget(self.summary)
        self.model = RoundsModel()
        self.table = RoundsTable(self.model)
        self.table.on_open = self.act
        self.table.selectionModel().currentChanged.connect(lambda _now, _before: self._name_buttons())
        full = QWidget()
        inner = QVBoxLayout(full)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.addWidget(self.table, 1)
        inner.addWidget(Legend())
        self.nothing = EmptyState(
            "checklist", _("Nothing comes round yet."), _("Plan a checklist for every day, week or month; what is missed stays in sight."), _("New recurring checklist…")
        )
        self.nothing.chosen.connect(self.add)
        self.stack = QStackedWidget()
        self.stack.addWidget(full)
        self.stack.addWidget(self.nothing)
        rows.addWidget(self.stack, 1)
        QShortcut(QKeySequence("S"), self, self.act, context=Qt.ShortcutContext.WidgetWithChildrenShortcut)

    # -- what it shows

    def refresh(self) -> None:
        """Ask the register again; the chosen line stays chosen."""
        before = self.chosen
        found = rounds.rounds(self.desk.register)
        self.model.show_rounds(found)
        same = [row for row, one in enumerate(found) if before is not None and one.plan.id == before.plan.id]
        waits = [row for row, one in enumerate(found) if one.waits is not None]
        if found:
            self.table.setCurrentIndex(self.model.index((same or waits or [0])[0], 0))
        self.stack.setCurrentIndex(0 if found else 1)
        waiting = sum(one.waits is not None for one in found)
        missed = sum(one.many(Kept.MISSED) for one in found)
        said = [n_("{n} waits now", "{n} wait now", waiting)] if waiting else []
        said += [n_("{n} not done", "{n} not done", missed)] if missed else []
        self.summary.setText(" · ".join(said) or _("Everything that came round was done."))
        for part in (self.summary, self.start_button, self.change_button):
            part.setVisible(bool(found))
        self._name_buttons()

    @property
    def chosen(self) -> Round | None:
        """The line the table is on."""
        row = self.table.currentIndex().row()
        return self.model.rounds[row] if 0 <= row < len(self.model.rounds) else None

    def _running(self) -> int | None:
        """The run of the chosen checklist that goes on."""
        times = self.chosen.times if self.chosen else ()
        return next((time.occurrence.audit.id for time in reversed(times) if time.kept is Kept.RUNNING and time.occurrence.audit), None)

    def _name_buttons(self) -> None:
        writable = not self.desk.register.read_only
        running = self._running()
        self.start_button.setText(_("Go on (S)") if running else _("Start now (S)"))
        self.start_button.setEnabled(writable and (running is not None or (self.chosen is not None and self.chosen.waits is not None)))
        self.change_button.setEnabled(writable and self.chosen is not None)
        self.add_button.setEnabled(writable)
        self.nothing.button.setEnabled(writable)

    # -- what it does

    def act(self) -> None:
        """Begin what waits of the chosen checklist, or go on with its run."""
        if not self.start_button.isEnabled():
            return
        if (running := self._running()) is not None:
            self._open_audit(running)
        elif self.chosen is not None and self.chosen.waits is not None:
            self._begin(self.chosen.waits)

    def add(self) -> None:
        """Plan a checklist that comes round."""
        ran(RecordDialog(self.desk, PlannedAudit, preset={"first_on": clock().date(), "rhythm": Rhythm.DAILY}, parent=self))

    def change(self) -> None:
        """Change the plan of the chosen checklist."""
        if self.chosen is not None:
            ran(RecordDialog(self.desk, PlannedAudit, self.desk.register.get(PlannedAudit, self.chosen.plan.id), parent=self))
