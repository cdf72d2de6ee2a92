"""A dialog of a few fields about one record, under a sentence that says what will come of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from qmdesk.i18n import _
from qmdesk.schema.record import Record
from ui import theme
from ui.desk import Desk
from ui.forms.dialog import shortcuts_to_save
from ui.forms.form import RecordForm
from ui.widgets.button import Button
from ui.widgets.dialog import Dialog
from ui.widgets.plain_label import PlainLabel
from ui.widgets.within_screen import fit_within

WIDE = 40  # ems


class SmallForm(Dialog):
    """Asks for some fields of a record; ``keep`` does what they are asked for. Problems stand beside their fields."""

    def __init__(self, desk: Desk, record: Record, fields: Sequence[str], *, title: str, heading: PlainLabel, said: str, button: Button, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.desk = desk
        self.setWindowTitle(title)
        rows = QVBoxLayout(self)
        edge = theme.em(1.2)
        rows.setContentsMargins(edge, edge, edge, edge)
        rows.setSpacing(theme.em(0.7))
        rows.addWidget(heading)
        rows.addWidget(PlainLabel(said, "muted", wrap=True))
        self.form = RecordForm(desk, type(record), sections=[("", fields)])
        self.form.load(record)
        rows.addWidget(self.form)
        line = QHBoxLayout()
        line.addStretch()
        line.addWidget(Button(_("Cancel"), on_click=self.reject))
        self.save_button = button
        self.save_button.clicked.connect(lambda _on: self.save())
        self.save_button.setDefault(True)
        line.addWidget(self.save_button)
        rows.addLayout(line)
        shortcuts_to_save(self, self.save)
        fit_within(self, theme.em(WIDE))
        self.form.focus_first()

    def keep(self, draft: Any) -> None:
        """Do what the fields were asked for, with what they hold (checked). Raises Problems, Known."""
        raise NotImplementedError

    def save(self) -> None:
        """Keep it and close; what is wrong is said, and everything typed stays."""
        draft = self.form.check()
        if draft is not None:
            with self.form.telling():
                self.keep(draft)
                self.accept()
                return
        fit_within(self, theme.em(WIDE))
