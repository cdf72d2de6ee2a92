"""A layout that sets its items one after the other and breaks into lines, as words in a paragraph."""

from __future__ import annotations

from PySide6.QtCore import QMargins, QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import QLayout, QLayoutItem, QWidget


class FlowLayout(QLayout):
    """Rows of items of their own width; as many rows as the width asks for."""

    def __init__(self, parent: QWidget | None = None, gap: int = 6) -> None:
        super().__init__(parent)
        self._items: list[QLayoutItem] = []
        self._pushed: QWidget | None = None
        self.setSpacing(gap)
        self.setContentsMargins(QMargins())

    def addItem(self, item: QLayoutItem) -> None:
        self._items.append(item)

    def insert(self, place: int, widget: QWidget) -> None:
        """Put ``widget`` before the item that is at ``place`` now."""
        self.addWidget(widget)
        self._items.insert(place, self._items.pop())

    def push(self, widget: QWidget) -> None:
        """Set ``widget`` and what follows it at the right; where there is not room for all, they have a row of their own.

        While ``widget`` is hidden, the next one that is shown takes its part.
        """
        self._pushed = widget

    def count(self) -> int:
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return self._flow(QRect(0, 0, width, 0), move=False)

    def setGeometry(self, rect: QRect) -> None:
        super().setGeometry(rect)
        self._flow(rect, move=True)

    def sizeHint(self) -> QSize:
        shown = [item.sizeHint() for item in self._items if not item.isEmpty()]
        wide = sum(size.width() for size in shown) + self.spacing() * max(0, len(shown) - 1)
        return QSize(wide, max((size.height() for size in shown), default=0))

    def minimumSize(self) -> QSize:
        size = QSize()
        for item in self._items:
            if not item.isEmpty():
                size = size.expandedTo(item.minimumSize())
        return size

    def _flow(self, rect: QRect, *, move: bool) -> int:
        """The height the items take in ``rect``; with ``move`` they are set there."""
        y = rect.y()
        rows = self._rows(rect.width())
        for row in rows:
            high = max(size.height() for _item, size in row)
            if move:
                self._set_row(row, QRect(rect.x(), y, rect.width(), high), whole=len(rows) == 1)
            y += high + self.spacing()
        return max(0, y - self.spacing() - rect.y())

    def _rows(self, width: int) -> list[list[tuple[QLayoutItem, QSize]]]:
        """The items with their sizes, row by row; what is pushed begins a row of its own unless all stand in one."""
        rows: list[list[tuple[QLayoutItem, QSize]]] = []
        left, one, first = 0, self.sizeHint().width() <= width, self._first_pushed()
        for item in self._items:
            if item.isEmpty():
                continue
            size = item.sizeHint()
            size.setWidth(min(size.width(), max(width, item.minimumSize().width())))
            if not rows or (item is first and not one) or left + size.width() > width:
                rows.append([])
                left = 0
            rows[-1].append((item, size))
            left += size.width() + self.spacing()
        return rows

    def _first_pushed(self) -> QLayoutItem | None:
        """The item that begins what stands at the right."""
        widgets = [item.widget() for item in self._items]
        if self._pushed not in widgets:
            return None
        return next((item for item in self._items[widgets.index(self._pushed) :] if not item.isEmpty()), None)

    def _set_row(self, row: list[tuple[QLayoutItem, QSize]], place: QRect, *, whole: bool) -> None:
        """Set the items side by side, in the middle of the row's height."""
        x = place.x()
        spare = place.width() - sum(size.width() for _item, size in row) - self.spacing() * (len(row) - 1)
        first = self._first_pushed()
        for item, size in row:
            if whole and item is first:
                x += max(0, spare)
            item.setGeometry(QRect(QPoint(x, place.y() + (place.height() - size.height()) // 2), size))
            x += size.width() + self.spacing()
