"""The popover in which the columns of a list are chosen and put in order, by mouse and by keyboard."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QHBoxLayout, QListWidget, QListWidgetItem, QWidget

from qmdesk.i18n import _
from ui import theme
from ui.tables.model import Column
from ui.tables.popover import Popover
from ui.widgets.button import Button, IconButton
from ui.widgets.plain_label import PlainLabel

_KEY = Qt.ItemDataRole.UserRole


class ColumnChooser(Popover):
    """Shows each change at once in the list behind it: ``show`` gets the keys of the ticked columns in their order."""

    def __init__(
        self, columns: Sequence[Column], shown: Sequence[str], usual: Sequence[str], show: Callable[[Sequence[str]], object], parent: QWidget
    ) -> None:
        super().__init__(_("Columns"), parent)
        self._columns = {column.key: column for column in columns}
        self._usual, self._show = usual, show
        self.listed = QListWidget()
        self.listed.setAccessibleName(_("Columns"))
        self.listed.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self.listed.setDefaultDropAction(Qt.DropAction.MoveAction)
        self.listed.setFixedSize(theme.letters(40), round(theme.em(2) * 12))
        self.listed.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.listed.installEventFilter(self)
        self.rows.addWidget(PlainLabel(_("Tick the columns to show; drag them, or press Alt and an arrow, to put them in order."), "small", wrap=True))
        self.rows.addWidget(self.listed)
        buttons = QHBoxLayout()
        buttons.addWidget(IconButton("up", _("Move up"), lambda: self.move_column(-1)))
        buttons.addWidget(IconButton("down", _("Move down"), lambda: self.move_column(1)))
        buttons.addStretch(1)
        buttons.addWidget(Button(_("The usual columns"), part="link", on_click=lambda: self._usual_again()))
        self.rows.addLayout(buttons)
        self._fill(shown)
        self.setFocusProxy(self.listed)
        self.listed.itemChanged.connect(lambda _item: self._tell())
        self.listed.model().rowsMoved.connect(lambda *_about: self._tell())

    def _fill(self, shown: Sequence[str]) -> None:
        self.listed.blockSignals(True)
        self.listed.clear()
        rest = sorted((key for key in self._columns if key not in shown), key=lambda key: self._columns[key].heading.casefold())
        for key in (*shown, *rest):
            item = QListWidgetItem(self._columns[key].heading, self.listed)
            item.setData(_KEY, key)
            flag = Qt.ItemFlag
            item.setFlags(flag.ItemIsEnabled | flag.ItemIsSelectable | flag.ItemIsUserCheckable | flag.ItemIsDragEnabled)
            item.setCheckState(Qt.CheckState.Checked if key in shown else Qt.CheckState.Unchecked)
        self.listed.setCurrentRow(0)
        self.listed.blockSignals(False)

    @property
    def ticked(self) -> list[str]:
        """The keys of the columns to show, in their order."""
        items = (self.listed.item(place) for place in range(self.listed.count()))
        return [item.data(_KEY) for item in items if item.checkState() == Qt.CheckState.Checked]

    def move_column(self, step: int) -> None:
        """Move the column under the cursor up (-1) or down (1)."""
        place = self.listed.currentRow()
        if 0 <= place + step < self.listed.count():
            self.listed.blockSignals(True)
            item = self.listed.takeItem(place)
            self.listed.insertItem(place + step, item)
            self.listed.setCurrentRow(place + step)
            self.listed.blockSignals(False)
            self._tell()

    def _usual_again(self) -> None:
        self._fill(self._usual)
        self._tell()

    def _tell(self) -> None:
        if ticked := self.ticked:  # a list without columns is of no use
            self._show(ticked)

    def eventFilter(self, watched: Any, event: Any) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QKeyEvent.Type.KeyPress:
            if event.modifiers() & Qt.KeyboardModifier.AltModifier and event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
                self.move_column(-1 if event.key() == Qt.Key.Key_Up else 1)
                return True
            if event.key() == Qt.Key.Key_Escape:
                self.close()
                return True
        return False
