"""Go to anything by typing: cases, customers, orders and products in one list."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from qmdesk.i18n import _
from qmdesk.operations.finding import by_number
from qmdesk.records.case import Case
from qmdesk.records.improvement import Action
from qmdesk.records.party import Customer, Supplier
from qmdesk.records.product import Order, Product
from qmdesk.schema.query import Query
from qmdesk.schema.record import Record
from ui import theme
from ui.desk import Desk
from ui.forms.lookup import second_line
from ui.widgets.dialog import Dialog
from ui.widgets.plain_label import PlainLabel
from ui.widgets.search_field import SearchField
from ui.widgets.within_screen import resize_within

KINDS: tuple[tuple[type[Record], str], ...] = (
    (Case, "complaints"),
    (Customer, "customers"),
    (Order, "orders"),
    (Product, "products"),
    (Supplier, "suppliers"),
    (Action, "improvement"),
)
EACH = 6


class GoTo(Dialog):
    """``chosen`` is the kind and id of what was picked."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.desk = desk
        self.chosen: tuple[type[Record], int] | None = None
        self.setWindowTitle(_("Go to…"))
        rows = QVBoxLayout(self)
        self.words = SearchField(_("Number, name, phone, e-mail, product, words of the conversation"))
        self.words.setAccessibleName(_("Go to…"))
        self.words.searched.connect(self._find)
        self.words.installEventFilter(self)
        self.hits = QListWidget()
        self.hits.setAccessibleName(_("Found"))
        self.hits.itemActivated.connect(lambda _item: self._take())
        self.hits.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.hits.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.note = PlainLabel("", "muted")
        rows.addWidget(self.words)
        rows.addWidget(self.note)
        rows.addWidget(self.hits, 1)
        rows.addStretch()
        resize_within(self, theme.em(50), theme.em(36))
        self._find("")

    def _find(self, words: str) -> None:
        self.hits.clear()
        register = self.desk.register
        exact = by_number(register, words) if words.strip() else None
        for kind, icon in KINDS:
            ids = register.ids(Query(kind, search=words), EACH) if words.strip() or kind is Case else []
            if exact and exact[0] is kind:
                ids = list(dict.fromkeys([exact[1], *ids]))
            for item, titles in register.rows(kind, ids):
                row = QListWidgetItem(theme.icon(icon, "muted"), f"{item.title}\n{_(kind.spec.label)} · {second_line(item, titles)}")
                row.setData(Qt.ItemDataRole.UserRole, (kind, item.id))
                self.hits.addItem(row)
                if exact == (kind, item.id):
                    self.hits.setCurrentItem(row)
        if self.hits.currentRow() < 0:
            self.hits.setCurrentRow(0)
        self.note.setVisible(not self.hits.count())
        self.hits.setVisible(bool(self.hits.count()))
        self.note.setText("" if self.hits.count() else _("Nothing found. Try the beginning of a word or a number."))

    def _take(self) -> None:
        item = self.hits.currentItem()
        if item is not None:
            self.chosen = item.data(Qt.ItemDataRole.UserRole)
            self.accept()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            if event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
                row = self.hits.currentRow() + (1 if event.key() == Qt.Key.Key_Down else -1)
                self.hits.setCurrentRow(max(0, min(self.hits.count() - 1, row)))
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self.words.flush()
                self._take()
                return True
        return super().eventFilter(watched, event)
