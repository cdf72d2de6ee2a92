"""On Today: what the register noticed by itself, each alert with what is behind it and what can be done about it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QVBoxLayout

from qmdesk.i18n import _, n_
from qmdesk.operations import affected, alerts
from qmdesk.records.alert import Alert, AlertKind
from qmdesk.records.case import Case
from qmdesk.records.improvement import Action
from qmdesk.records.party import Customer
from qmdesk.schema.record import Record
from ui import theme
from ui.ask import ran
from ui.desk import Desk
from ui.widgets.button import Button
from ui.widgets.findings import Finding, Findings
from ui.widgets.flow import FlowLayout
from ui.widgets.plain_label import PlainLabel, harmless_tooltip

ROWS_SHOWN = 3
"""So many alerts are seen at once; the others by scrolling. In a low window, or with large letters, only one."""
ICONS = {AlertKind.BOUND: "target", AlertKind.SEASON: "calendar", AlertKind.BATCH: "warn", AlertKind.RELAPSE: "undo"}


class AlertsCard(QFrame):
    """The alerts nobody has settled; gone while there are none. ``show_these`` shows records, ``open_record`` one of them."""

    def __init__(self, desk: Desk, open_record: Callable[[type[Record], int], None], show_these: Callable[[type[Record], Sequence[int], str], None], low: float) -> None:
        """In a window lower than ``low`` ems there is room for one alert, and none for what is behind it."""
        super().__init__()
        self.desk, self._open, self._show_these, self._low = desk, open_record, show_these, low
        self.alerts: list[Alert] = []
        theme.mark(self, "warn")
        rows = QVBoxLayout(self)
        edge = theme.em(0.8)
        rows.setContentsMargins(edge, theme.em(0.5), edge, theme.em(0.5))
        rows.setSpacing(theme.em(0.3))
        self.title = PlainLabel("", "strong")
        rows.addWidget(self.title)
        self.list = Findings(_("Alerts"))
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        self.list.currentRowChanged.connect(lambda _row: self._tell())
        rows.addWidget(self.list)
        self.facts = PlainLabel("", "small", wrap=True, selectable=True)
        rows.addWidget(self.facts)
        line = FlowLayout(gap=theme.em(0.5))
        self.show_button = Button("", "show", on_click=self.show_behind)
        self.action_button = Button(_("Make it an action…"), "play", on_click=self.make_action)
        self.buyers_button = Button(_("Buyers and letter…"), "letter", on_click=self.show_buyers)
        self.stop_button = Button(_("Stop the sale"), "stop", on_click=self.stop_sale)
        self.settle_button = Button(_("Settle…"), "done", on_click=self.settle)
        for button in (self.show_button, self.action_button, self.buyers_button, self.stop_button, self.settle_button):
            line.addWidget(button)
        rows.addLayout(line)

    def refresh(self) -> None:
        """Ask the register again; the alert that was looked at stays."""
        before = self.current.id if self.current else 0
        self.alerts = self.desk.register.records(alerts.waiting())
        self.setVisible(bool(self.alerts))
        self.title.setText(n_("{n} thing was noticed", "{n} things were noticed", len(self.alerts)))
        self.list.say([Finding(one.what, ICONS[one.kind], "warn", self.show_behind) for one in self.alerts])
        self.list.setCurrentRow(next((row for row, one in enumerate(self.alerts) if one.id == before), 0))
        for row, one in enumerate(self.alerts):
            self.list.item(row).setToolTip(harmless_tooltip("\n".join((one.what, one.facts))))
        self._tell()

    @property
    def current(self) -> Alert | None:
        """The alert the list is on."""
        row = self.list.currentRow()
        return self.alerts[row] if 0 <= row < len(self.alerts) else None

    def _tell(self) -> None:
        """What is behind the alert the list is on, and what can be done about it."""
        alert = self.current
        if alert is None:
            return
        stopped = alerts.stopped(self.desk.register, alert)
        self.facts.setText(" ".join(part for part in (alert.facts.partition("\n")[0], stopped) if part))
        self._fit()
        self.show_button.setText(_("Open the action") if alert.kind is AlertKind.RELAPSE else _("Show what is behind it"))
        about_goods = alert.kind is AlertKind.BATCH
        self.buyers_button.setVisible(about_goods)
        self.stop_button.setVisible(about_goods and not stopped)
        self.action_button.setVisible(alert.action is None)
        for button in (self.action_button, self.stop_button, self.settle_button):
            button.setEnabled(not self.desk.register.read_only)

    def _fit(self) -> None:
        """Take no more of the page than it can spare."""
        room = self.window().height() >= theme.em(self._low)
        rows = min(ROWS_SHOWN if room else 1, len(self.alerts))
        self.list.setFixedHeight(sum(self.list.sizeHintForRow(row) for row in range(rows)) + 2 * self.list.frameWidth())
        self.title.setVisible(room)
        self.facts.setVisible(room)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    # -- what can be done

    def show_behind(self) -> None:
        """Show the cases behind an alert, or the action it is about."""
        alert = self.current
        if alert is None:
            return
        if alert.kind is AlertKind.RELAPSE:
            self._open(Action, alert.action or alert.watched or 0)
        elif alert.kind is AlertKind.BATCH:
            self._show_these(Case, affected.affected(self.desk.register, alert).cases, alert.what)
        else:
            register = self.desk.register
            self.desk.jobs.run(_("Looking up what is behind it"), lambda progress: alerts.behind(register, alert, progress), partial(self._show, alert.what), parent=self)

    def _show(self, words: str, found: tuple[type[Record], list[int]]) -> None:
        self._show_these(*found, words)

    def make_action(self) -> None:
        """Begin an action about it."""
        from ui.dialogs.new_action import alert_action_dialog  # loaded when first asked for

        if (alert := self.current) is not None and ran(dialog := alert_action_dialog(self.desk, alert, self)):
            self._open(Action, dialog.saved_id)

    def settle(self) -> None:
        """Settle it, with the reason."""
        from ui.dialogs.settle_alert import SettleAlert  # loaded when first asked for

        if (alert := self.current) is not None:
            ran(SettleAlert(self.desk, alert, self))

    def show_buyers(self) -> None:
        """Show who bought and has not complained."""
        from ui.dialogs.buyers import Buyers  # loaded when first asked for

        if (alert := self.current) is not None:
            dialog = Buyers(self.desk, alert.id, self)
            ran(dialog)
            if dialog.chosen:
                self._open(Customer, dialog.chosen)

    def stop_sale(self) -> None:
        """Stop the sale of what is left."""
        if (alert := self.current) is not None:
            self.desk.attempt(alerts.STOP_SALE, alerts.stop_sale, alert.id)
