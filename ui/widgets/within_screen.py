"""The size a window begins with: what it wants, but never more than the screen has."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from ui import theme


def resize_within(window: QWidget, wide: int, high: int) -> None:
    """Give a window this size in pixels, or as much of it as fits on its screen with its frame around."""
    room = window.screen().availableGeometry()
    window.resize(min(wide, room.width() - theme.em(2)), min(high, room.height() - theme.em(4)))
