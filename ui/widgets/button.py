"""The button with an icon and room between it and the word, in one line of code."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QSize, Qt, SignalInstance
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractButton, QPushButton, QToolButton, QWidget

from ui import theme

_INK = {"primary": "accent_text", "danger": "bad_text", "link": "accent", "add-chip": "muted"}


def pressed_by_enter(button: QAbstractButton, event: QKeyEvent) -> bool:
    """Enter presses the button that has the keyboard; Qt knows only Space, and in a dialog Enter would press the main one."""
    if event.key() not in (Qt.Key.Key_Return, Qt.Key.Key_Enter) or event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
        return False
    if not event.isAutoRepeat():
        button.click()
    return True


class Button(QPushButton):
    """A push button that plays a part of the style sheet: primary, danger, link; its icon takes the part's colour."""

    def __init__(
        self,
        text: str,
        icon: str = "",
        part: str = "",
        on_click: Callable[[], object] | SignalInstance | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(text, parent)
        if part:
            theme.mark(self, part)
        if icon:
            self.setIcon(theme.icon(icon, _INK.get(part, "text")))
            self._fit()
        if on_click is not None:
            self.clicked.connect(on_click)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not pressed_by_enter(self, event):
            super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange and not self.icon().isNull():
            self._fit()

    def _fit(self) -> None:
        # the icon is drawn at the left of its box; the rest of the box is the gap, which Qt fixes at 4 pixels
        self.setIconSize(QSize(theme.em(1.5), theme.em(1.2)))


class IconButton(QToolButton):
    """A button that shows only an icon; its words are the tooltip and what a screen reader says."""

    def __init__(
        self,
        icon: str,
        words: str,
        on_click: Callable[[], object] | SignalInstance | None = None,
        ink: str = "text",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setIcon(theme.icon(icon, ink))
        self.setAccessibleName(words)
        self.setToolTip(words)
        if on_click is not None:
            self.clicked.connect(on_click)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not pressed_by_enter(self, event):
            super().keyPressEvent(event)
