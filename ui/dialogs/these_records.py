"""The records behind a figure as a list, where no page has a list of their kind; one of them can be opened."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QDialogButtonBox, QVBoxLayout, QWidget

from qmdesk.i18n import _
from qmdesk.operations.registers import the_shop
from qmdesk.schema.query import Query, these
from qmdesk.schema.record import Record
from ui import theme
from ui.desk import Desk
from ui.tables.model import TableModel
from ui.tables.view import TableView
from ui.widgets.dialog import Dialog
from ui.widgets.plain_label import PlainLabel
from ui.widgets.within_screen import resize_within


class TheseRecords(Dialog):
    """``chosen`` is the id of what was picked; where such a record can't be opened anywhere, it only shows them."""

    def __init__(self, desk: Desk, kind: type[Record], ids: Sequence[int], words: str, *, opens: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.chosen = 0
        self._opens = opens
        self.setWindowTitle(_(kind.spec.plural))
        self.table = TableView(TableModel(desk.register, kind, currency=the_shop(desk.register).currency))
        self.table.arrange([field.name for field in kind.spec.fields.values() if field.listed] or [kind.spec.title.name])
        self.table.setAccessibleName(words)
        self.table.on_open = self._take
        self.table.warn = desk.ask.warn
        self.table.ask(Query(kind, (these(ids, words),)))
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        rows = QVBoxLayout(self)
        rows.setSpacing(theme.em(0.6))
        rows.addWidget(PlainLabel(words, "heading", wrap=True))
        if opens:
            rows.addWidget(PlainLabel(_("Enter or a double click opens one."), "muted"))
        rows.addWidget(self.table, 1)
        rows.addWidget(buttons)
        resize_within(self, theme.em(60), theme.em(34))
        self.table.setFocus()

    def _take(self, id_: int) -> None:
        if self._opens:
            self.chosen = id_
            self.accept()
