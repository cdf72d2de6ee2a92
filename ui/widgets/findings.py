"""A list of sentences about what was found: each with its sign, and Enter does what the sentence asks for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QWidget

from ui import theme
from ui.theme import Role

_LOOK = Qt.TextFlag.TextWordWrap


@dataclass(frozen=True)
class Finding:
    """One sentence; ``do`` is what Enter or a double click does."""

    sentence: str
    icon: str
    role: Role
    do: Callable[[], object]


class Findings(QListWidget):
    """Shows sentences of any length, broken into lines; plain text whatever stands in it."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.found: tuple[Finding, ...] = ()
        self.setWordWrap(True)
        self.setAccessibleName(name)
        self.setIconSize(QSize(theme.em(1.4), theme.em(1.4)))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAlternatingRowColors(False)
        self.itemDoubleClicked.connect(lambda _item: self.act())

    def say(self, found: Sequence[Finding]) -> None:
        """Show other sentences; the place in the list stays."""
        place = self.currentRow()
        self.found = tuple(found)
        self.clear()
        for one in found:
            item = QListWidgetItem(theme.icon(one.icon, one.role), one.sentence)
            item.setToolTip(one.sentence)
            self.addItem(item)
        self._fit()
        if found:
            self.setCurrentRow(min(max(0, place), len(found) - 1))

    def sentences(self) -> list[str]:
        """What is shown."""
        return [one.sentence for one in self.found]

    @property
    def current(self) -> Finding | None:
        """The sentence the list is on."""
        return self.found[self.currentRow()] if 0 <= self.currentRow() < len(self.found) else None

    def act(self) -> None:
        """Do what the current sentence asks for."""
        if self.current is not None:
            self.current.do()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.act()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange and hasattr(self, "found"):
            self._fit()

    def _fit(self) -> None:
        """Give each item the height its lines take: a list view keeps the height of one line otherwise."""
        metrics, wide = self.fontMetrics(), self.viewport().width() - theme.em(3.6)
        for row in range(self.count()):
            item = self.item(row)
            high = metrics.boundingRect(0, 0, max(wide, theme.em(8)), 10_000, _LOOK, item.text()).height()
            item.setSizeHint(QSize(wide, high + theme.em(0.8)))
