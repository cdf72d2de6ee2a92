"""Two customers made one: which stays, which goes into it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialogButtonBox, QFormLayout, QVBoxLayout, QWidget

from qmdesk.i18n import _
from qmdesk.records.case import Case
from ui import theme
from ui.desk import Desk
from ui.forms.editors import editor_for
from ui.widgets.button import Button
from ui.widgets.dialog import Dialog
from ui.widgets.plain_label import PlainLabel, label_of


class Merge(Dialog):
    """``kept`` and ``other`` are the customers' ids after it was agreed to."""

    def __init__(self, desk: Desk, kept: int, other: int | None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("Merge customers"))
        self.desk = desk
        rows = QVBoxLayout(self)
        edge = theme.em(1.2)
        rows.setContentsMargins(edge, edge, edge, edge)
        rows.setSpacing(theme.em(0.6))
        rows.addWidget(PlainLabel(_("Merge customers"), "title"))
        rows.addWidget(PlainLabel(_("Cases and orders of the second customer move to the first; what the first lacks is taken over, what differs is noted. It can be undone."), "muted", wrap=True))
        form = QFormLayout()
        form.setLabelAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        field = Case.spec.fields["customer"]
        self._kept, self._other = editor_for(field, desk), editor_for(field, desk)
        self._kept.set_value(kept)
        self._other.set_value(other)
        for words, editor in ((_("Stays"), self._kept), (_("Goes into it"), self._other)):
            editor.input.setAccessibleName(words)
            form.addRow(label_of(editor, words), editor)
        rows.addLayout(form)
        self._swap = Button(_("The other way round"), "refresh", "link", self._exchange)
        self._swap.setAutoDefault(False)
        rows.addWidget(self._swap, 0, Qt.AlignmentFlag.AlignRight)
        self._problem = PlainLabel("", "problem", wrap=True)
        rows.addWidget(self._problem)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        merge = Button(_("Merge"), "merge", "primary")
        buttons.addButton(merge, QDialogButtonBox.ButtonRole.AcceptRole)
        buttons.button(QDialogButtonBox.StandardButton.Cancel).setAutoDefault(False)
        buttons.accepted.connect(self._agree)
        buttons.rejected.connect(self.reject)
        rows.addWidget(buttons)
        merge.setDefault(True)
        self.setMinimumWidth(theme.em(40))

    @property
    def kept(self) -> int:
        return self._kept.value() or 0

    @property
    def other(self) -> int | None:
        return self._other.value()

    def _exchange(self) -> None:
        kept, other = self._kept.value(), self._other.value()
        self._kept.set_value(other)
        self._other.set_value(kept)

    def _agree(self) -> None:
        if not self.kept or not self.other or self.kept == self.other:
            self._problem.setText(_("Choose two different customers to merge."))
            return
        self.accept()
