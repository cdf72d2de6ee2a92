"""What became of pieces of an item: how many, and their outcome."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QComboBox,
    QDialogButtonBox,
    QFormLayout,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from qmdesk.i18n import _
from qmdesk.records.case import CaseItem, Outcome
from ui import theme
from ui.widgets.button import Button
from ui.widgets.dialog import Dialog
from ui.widgets.plain_label import PlainLabel, label_of


class Split(Dialog):
    """Asks for pieces and outcome; fewer pieces than there are make a row of their own."""

    def __init__(self, item: CaseItem, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("Outcome"))
        rows = QVBoxLayout(self)
        edge = theme.em(1.2)
        rows.setContentsMargins(edge, edge, edge, edge)
        rows.setSpacing(theme.em(0.6))
        rows.addWidget(PlainLabel(item.name, "heading", wrap=True))
        form = QFormLayout()
        self._quantity = QSpinBox()
        self._quantity.setRange(1, item.quantity)
        self._quantity.setValue(item.quantity)
        self._quantity.lineEdit().setTextMargins(theme.em(0.4), 0, 0, 0)
        self._outcome = QComboBox()
        for word in Outcome:
            self._outcome.addItem(_(word.label))
        form.setLabelAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        for box, words in ((self._quantity, _("Pieces")), (self._outcome, _("Outcome"))):
            box.setAccessibleName(words)
            form.addRow(label_of(box, words), box)
        self._outcome.setCurrentIndex(list(Outcome).index(item.outcome))
        rows.addLayout(form)
        rows.addWidget(PlainLabel(_("Fewer pieces than there are get a row of their own."), "small", wrap=True))
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        save = Button(_("Save"), "save", "primary")
        buttons.addButton(save, QDialogButtonBox.ButtonRole.AcceptRole)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        rows.addWidget(buttons)
        buttons.button(QDialogButtonBox.StandardButton.Cancel).setAutoDefault(False)
        save.setDefault(True)
        self.setMinimumWidth(theme.em(30))
        self._outcome.setFocus()

    def quantity(self) -> int:
        return self._quantity.value()

    def outcome(self) -> Outcome:
        return list(Outcome)[self._outcome.currentIndex()]
