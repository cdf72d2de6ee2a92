"""The photos of a case side by side, as small pictures."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QFontMetrics, QIcon, QPixmap
from PySide6.QtWidgets import QListView, QListWidget, QListWidgetItem

from qmdesk.i18n import _
from ui import theme
from ui.forms.photos import thumbnail
from ui.widgets.plain_label import harmless_tooltip


class Pictures(QListWidget):
    """Shows pictures by the ids of their files; hidden while there are none."""

    def __init__(self) -> None:
        super().__init__()
        self.on_choose: Callable[[int], object] = lambda _id: None
        self.on_open: Callable[[int], object] = lambda _id: None
        self._shown: list[tuple[int, str]] = []
        self.setAccessibleName(_("Photos"))
        self.setViewMode(QListView.ViewMode.IconMode)
        self.setMovement(QListView.Movement.Static)
        self.setWrapping(False)
        self.setUniformItemSizes(True)
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setDragDropMode(QListView.DragDropMode.NoDragDrop)
        self.currentItemChanged.connect(lambda item, _before: item and self.on_choose(item.data(Qt.ItemDataRole.UserRole)))
        self.itemActivated.connect(lambda item: self.on_open(item.data(Qt.ItemDataRole.UserRole)))
        self.hide()
        self._fit()

    def show_files(self, files: Sequence[tuple[int, str, bytes]]) -> None:
        """Show these: id, name and content of each. Nothing is drawn anew while they stay the same."""
        shown = [(id_, name) for id_, name, _content in files]
        if shown == self._shown:
            return
        self._shown = shown
        self.clear()
        for id_, name, content in files:
            picture = QPixmap.fromImage(thumbnail(content))
            icon = QIcon(picture)
            icon.addPixmap(picture, QIcon.Mode.Selected)  # or Qt would tint the one that is current
            item = QListWidgetItem(icon, name)
            item.setData(Qt.ItemDataRole.UserRole, id_)
            item.setToolTip(harmless_tooltip(name))
            item.setSizeHint(self.gridSize())
            self.addItem(item)
        self.setVisible(bool(files))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._fit()

    def _fit(self) -> None:
        wide, high = theme.em(11), theme.em(8)
        self.setIconSize(QSize(wide, high))
        self.setGridSize(QSize(wide + theme.em(1.4), high + QFontMetrics(self.font()).height() + theme.em(1.2)))
        self.setFixedHeight(self.gridSize().height() + theme.em(1.4))
