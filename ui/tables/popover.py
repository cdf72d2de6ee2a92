"""The small window below a button: it closes on Escape and on a click elsewhere, and gives the keyboard back."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from ui import theme


class Popover(QFrame):
    """Its parts stand below each other in ``rows``; ``open_below`` shows it, and it is deleted when closed."""

    def __init__(self, name: str, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setAccessibleName(name)
        theme.mark(self, "card")
        self.rows = QVBoxLayout(self)
        self.rows.setContentsMargins(*[theme.em(0.9)] * 4)
        self.rows.setSpacing(theme.em(0.6))
        self._corner = QPoint()

    def open_below(self, anchor: QWidget | QPoint) -> None:
        """Show it with its upper left corner below a widget, or at a place of the screen."""
        self._corner = anchor if isinstance(anchor, QPoint) else anchor.mapToGlobal(QPoint(0, anchor.height() + theme.em(0.25)))
        self.fit()
        self.show()
        self.setFocus()

    def fit(self) -> None:
        """Take the size its parts ask for now, and stay on the screen."""
        self.rows.activate()
        self.resize(self.sizeHint())
        room: QRect = self.screen().availableGeometry()
        x = max(room.left(), min(self._corner.x(), room.right() - self.width()))
        y = max(room.top(), min(self._corner.y(), room.bottom() - self.height()))
        self.move(x, y)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close()
        else:
            super().keyPressEvent(event)
