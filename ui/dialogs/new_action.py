"""A new action in few moves: what it is about, its kind, who, until when; where it comes from is known already."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtWidgets import QWidget

from qmdesk.i18n import _
from qmdesk.operations import actions, alerts
from qmdesk.records.alert import Alert
from qmdesk.records.improvement import Action, ActionSource
from qmdesk.register import clock
from qmdesk.schema.record import Record, empty
from ui.desk import Desk
from ui.forms.dialog import RecordDialog
from ui.forms.form import RecordForm

ASKED = ("name", "kind", "owner", "due_on", "description", "requirement", "process_step")
FROM = ("finding", "case", "review", "idea")


def new_action_dialog(desk: Desk, source: ActionSource = ActionSource.OWN, preset: Mapping[str, Any] | None = None, parent: QWidget | None = None) -> RecordDialog:
    """Asks for a new action; ``saved_id`` of the dialog says which it became. ``preset`` names what it comes from and what is known."""
    known = {"opened_on": clock().date(), "source": source, **(preset or {})}
    dialog = RecordDialog(desk, Action, preset=known, fields=ASKED, save=_begin, parent=parent)
    dialog.setWindowTitle(_("New action"))
    return dialog


def _begin(desk: Desk, form: RecordForm, draft: Record) -> int:
    assert isinstance(draft, Action)
    values = {name: value for name in (*ASKED, *FROM) if not empty(value := getattr(draft, name))}
    return desk.do(actions.BEGIN, actions.begin_with, draft.source, values).id


WATCHED = ("watched", "product", "supplier", "cause", "indicator", "criterion")


def alert_action_dialog(desk: Desk, alert: Alert, parent: QWidget | None = None) -> RecordDialog:
    """Asks for the action that comes of an alert, with what the alert knows of it; saving settles the alert."""

    def begin(desk: Desk, _form: RecordForm, draft: Record) -> int:
        values = {name: value for name in (*ASKED, *WATCHED) if not empty(value := getattr(draft, name))}
        return desk.do(alerts.MAKE_ACTION, alerts.make_action, alert.id, values).id

    known = {"opened_on": clock().date(), "source": ActionSource.ALERT, **alerts.proposed(desk.register, alert)}
    dialog = RecordDialog(desk, Action, preset=known, fields=(*ASKED, *WATCHED), save=begin, parent=parent)
    dialog.setWindowTitle(_("Action about an alert"))
    return dialog
