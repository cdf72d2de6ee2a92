"""Tabs whose bar is one stop for the keyboard: the arrows at its end, where it is too narrow, are for the mouse."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QTabBar, QTabWidget, QToolButton


class Tabs(QTabWidget):
    """Pages behind tabs, without a frame around them."""

    def __init__(self) -> None:
        super().__init__()
        self.setDocumentMode(True)
        one_stop(self.tabBar())


def one_stop(bar: QTabBar) -> None:
    """Let Tab pass over the arrows of a bar of tabs: the arrow keys lead to every tab."""
    for arrow in bar.findChildren(QToolButton):
        arrow.setFocusPolicy(Qt.FocusPolicy.NoFocus)
