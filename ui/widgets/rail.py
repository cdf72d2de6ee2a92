"""The rail of pages at the left: icon and word; where large text leaves little room, the icon stands over its word."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QWidget

from qmdesk.i18n import _
from ui import theme

NARROW = 90
"""A window with less than so many ems leaves too little for a list with its record."""

_EDGE = 6  # pixels at each side of a word: the edge of the focus, and what Qt leaves free


def page_key(place: int) -> str:
    """The key of the page at a place, from 1: Ctrl with 1 to 9 and 0, then with Shift."""
    return f"Ctrl+{place % 10}" if place <= 10 else f"Ctrl+Shift+{place - 10}"


class Rail(QListWidget):
    """One entry for each page, as word and icon; the key of the page stands in its tooltip."""

    def __init__(self, pages: Sequence[tuple[str, str]], window: QWidget) -> None:
        super().__init__(window)  # it is measured at once, in the window's clothes
        theme.mark(self, "rail")
        self.setAccessibleName(_("Pages"))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWordWrap(True)
        for place, (word, icon) in enumerate(pages, 1):
            item = QListWidgetItem(theme.icon(icon), word)
            item.setToolTip(f"{word} ({page_key(place)})")
            self.addItem(item)
        self.narrow: bool | None = None  # not known yet
        self.fit(theme.em(NARROW))

    def fit(self, window: int) -> None:
        """Take the shape that suits a window so many pixels wide."""
        narrow = window < theme.em(NARROW)
        if narrow == self.narrow:
            return
        self.narrow = narrow
        theme.tell(self, "narrow", narrow)  # less room beside the words
        self.ensurePolished()
        self.setViewMode(QListWidget.ViewMode.IconMode if narrow else QListWidget.ViewMode.ListMode)
        self.setMovement(QListWidget.Movement.Static)
        self.setFlow(QListWidget.Flow.TopToBottom)
        self.setWrapping(False)
        self.setFont(theme.font("small" if narrow else "body"))
        beside = 2 * theme.em(0.15) + 2 * _EDGE
        wide = max(theme.em(7), self._longest_word() + beside)
        for at in range(self.count()):
            lines = 2 if self.fontMetrics().horizontalAdvance(self.item(at).text()) > wide - beside else 1
            self.item(at).setSizeHint(QSize(wide, theme.em(3.2) + lines * self.fontMetrics().lineSpacing()) if narrow else QSize())
        around = theme.em(2)  # the rail's own edges, and the bar to scroll it by on a low screen
        self.setFixedWidth(wide + around if narrow else max(theme.em(10), self.sizeHintForColumn(0) + around))

    def _longest_word(self) -> int:
        """The width of the longest word of all, in pixels: a line can't break within it."""
        words = (word for at in range(self.count()) for word in self.item(at).text().split())
        return max(map(self.fontMetrics().horizontalAdvance, words))
