"""Settling an alert: why nothing more is to be done about it."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from qmdesk.i18n import _
from qmdesk.operations import alerts
from qmdesk.records.alert import Alert
from ui.desk import Desk
from ui.forms.small_form import SmallForm
from ui.widgets.button import Button
from ui.widgets.plain_label import PlainLabel


class SettleAlert(SmallForm):
    """Asks for the reason."""

    def __init__(self, desk: Desk, alert: Alert, parent: QWidget | None = None) -> None:
        self.alert = alert
        super().__init__(
            desk, alert, ("settled_because",), title=_("Settle an alert"), heading=PlainLabel(alert.what, "heading", wrap=True),
            said=_("It will not be told again. Write why, for whoever asks later."), button=Button(_("Settle it"), "done", "primary"), parent=parent,
        )  # fmt: skip

    def keep(self, draft: Alert) -> None:
        self.desk.do(alerts.SETTLE, alerts.settle, self.alert.id, draft.settled_because)
