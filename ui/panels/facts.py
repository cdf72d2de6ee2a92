"""The facts of one record as a form that is always open; what was changed is saved with one key."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from qmdesk.i18n import _
from qmdesk.register import Transaction
from qmdesk.schema.record import Record
from ui import theme
from ui.desk import Desk
from ui.forms.dialog import adding, shortcuts_to_save
from ui.forms.form import RecordForm
from ui.widgets.button import Button
from ui.widgets.plain_label import PlainLabel

Edit = Callable[..., Any]


class Facts(QWidget):
    """A form over some fields of a record, with a bar to save or to throw the changes away while there are any."""

    def __init__(
        self,
        desk: Desk,
        kind: type[Record],
        fields: Sequence[str],
        label: str,
        edit: Edit,
        parent: QWidget | None = None,
        *,
        above: QWidget | None = None,
        named: Callable[[Record], str] = lambda record: record.title,
    ) -> None:
        """``edit(tx, id, values)`` is the operation that saves; ``label`` names the step.

        ``above`` stands over the form and scrolls with it; ``named`` says what the record is called in questions.
        """
        super().__init__(parent)
        self.desk, self.kind = desk, kind
        self._label, self._edit, self._named = label, edit, named
        self.record: Record | None = None
        self.may_save: Callable[[Mapping[str, Any]], bool] = lambda _changes: True
        """Asked with what is changed before it is saved: what follows from it may be more than the user meant."""
        self.form = RecordForm(desk, kind, fields=fields, add_new=adding(desk))
        self.form.changed.connect(self._show_bar)
        self.area = QScrollArea()
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the fields scroll it; Tab need not stop twice
        self.area.setWidgetResizable(True)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.addWidget(self.area, 1)
        inner = QWidget()
        theme.mark(inner, "page")
        self.area.setWidget(inner)  # still empty: it is measured, and what is measured is styled anew at each move
        around = QVBoxLayout(inner)
        around.setContentsMargins(0, theme.em(0.9), theme.em(0.6), theme.em(0.9))
        if above is not None:
            around.addWidget(above)
        around.addWidget(self.form)
        self.bar = QWidget()
        line = QHBoxLayout(self.bar)
        line.addWidget(PlainLabel(_("Not saved yet"), "muted"), 1)
        line.addWidget(Button(_("Discard"), on_click=self.discard))
        line.addWidget(Button(_("Save"), "save", "primary", self.save))
        rows.addWidget(self.bar)
        self.bar.hide()
        shortcuts_to_save(self, self.save)

    def show_case(self, record: Record) -> None:
        """Show a record; where the user is writing in the same one, what was typed stays."""
        if self.record is not None and self.record.id == record.id and self.form.dirty:
            return
        self.record = record
        self.form.load(record)
        self.form.set_read_only(self.desk.register.read_only)
        self._show_bar()

    def _show_bar(self) -> None:
        self.bar.setVisible(self.form.dirty)

    def discard(self) -> None:
        """Throw the changes away."""
        if self.record is not None:
            self.form.load(self.record)
        self._show_bar()

    def save(self) -> bool:
        """Save the changes; False when they can't be, with the problems beside the fields."""
        if self.record is None or not self.form.dirty:
            return True
        if self.form.check() is None or not self.may_save(self.form.changes()):
            return False
        with self.form.telling():
            self.record = self.desk.do(self._label, self._keep, self.record.id, self.form.changes(), self.form.contents())
            self.form.load(self.record)
            self._show_bar()
        return not self.form.dirty

    def _keep(self, tx: Transaction, id_: int, values: Mapping[str, Any], contents: Sequence[bytes]) -> Record:
        for content in contents:
            tx.keep(content)
        return self._edit(tx, id_, values)

    def may_leave(self) -> bool:
        """Whether another record may be shown now: changes are saved or thrown away first, as the user says."""
        if self.record is None or not self.form.dirty:
            return True
        question = _("The changes to {record} are not saved. Save them?").format(record=self._named(self.record))
        # throwing away is what must be chosen on purpose: Enter and Escape save, and a save can be undone
        if not self.desk.ask.confirm(question, _("Throw away"), _("Save"), danger=True, parent=self.window()):
            return self.save()
        self.discard()
        return True

    def forget(self) -> None:
        """The record is gone: nothing of it is shown or asked about any more."""
        self.discard()
        self.record = None
