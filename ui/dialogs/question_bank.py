"""The bank of questions: several are chosen at once and go into a survey."""

from __future__ import annotations

from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QListView,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from qmdesk.i18n import _
from qmdesk.operations import survey_library
from ui import theme
from ui.forms.checklist_rows import ID, SECOND, Rows
from ui.widgets.button import Button
from ui.widgets.dialog import Dialog
from ui.widgets.plain_label import PlainLabel
from ui.widgets.within_screen import resize_within


class QuestionBank(Dialog):
    """``chosen`` are the keys of the questions taken, in the bank's order."""

    def __init__(self, lang: str, parent: QWidget | None = None, *, ready: bool = False) -> None:
        """``ready``: whole surveys are offered instead, of which one is chosen."""
        super().__init__(parent)
        self.chosen: list[str] = []
        self.setWindowTitle(_("Ready surveys") if ready else _("Bank of questions"))
        self.list = QListWidget()
        self.list.setAccessibleName(self.windowTitle())
        self.list.setItemDelegate(Rows(self.list, lines=2))
        self.list.setResizeMode(QListView.ResizeMode.Adjust)
        if not ready:
            self.list.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        for entry in survey_library.entries(lang) if ready else survey_library.bank(lang):
            item = QListWidgetItem(entry.name)
            item.setData(ID, entry.key)
            item.setData(SECOND, entry.purpose)
            self.list.addItem(item)
        self.list.itemActivated.connect(lambda _item: self.take())
        self.list.itemSelectionChanged.connect(self._look)
        hint = _("The survey is in the language of the customers; change its questions afterwards as your shop needs them.") if ready else _("Shift and Ctrl choose several.")
        line = QHBoxLayout()
        line.addWidget(PlainLabel(hint, "small", wrap=True), 1)
        close = Button(_("Cancel"), on_click=self.reject)
        close.setAutoDefault(False)
        self.take_button = Button(_("Take it"), "add", "primary", self.take)
        self.take_button.setDefault(True)
        line.addWidget(close)
        line.addWidget(self.take_button)
        rows = QVBoxLayout(self)
        edge = theme.em(1)
        rows.setContentsMargins(edge, edge, edge, edge)
        rows.addWidget(self.list, 1)
        rows.addLayout(line)
        resize_within(self, theme.em(60), theme.em(40))
        self.list.setCurrentRow(0)
        self.list.setFocus()

    def _look(self) -> None:
        self.take_button.setEnabled(bool(self.list.selectedItems()))

    def take(self) -> None:
        """Take what is chosen."""
        rows = sorted(self.list.row(item) for item in self.list.selectedItems())
        self.chosen = [self.list.item(row).data(ID) for row in rows]
        if self.chosen:
            self.accept()
