"""The size a window begins with: what it wants, but never more than the screen has."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from ui import theme


def fit_within(window: QWidget, wide: int) -> None:
    """Give a window this width and the height its lines then need; Qt itself would stop at two thirds of the screen."""
    layout = window.layout()
    assert layout is not None
    window.ensurePolished()
    for part in window.findChildren(QWidget):  # a sentence said this moment: the layouts around it would hear of it later
        part.updateGeometry()
    layout.activate()
    wide = max(wide, layout.totalMinimumSize().width())
    high = layout.totalHeightForWidth(wide) if layout.hasHeightForWidth() else layout.totalSizeHint().height()
    resize_within(window, wide, high)


def resize_within(window: QWidget, wide: int, high: int) -> None:
    """Give a window this size in pixels, or as much of it as fits on its screen with its frame around."""
    room = window.screen().availableGeometry()
    window.resize(min(wide, room.width() - theme.em(2)), min(high, room.height() - theme.em(4)))
