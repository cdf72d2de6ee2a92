"""The windows that a test leaves behind."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from shiboken6 import delete, isValid


def delete_windows() -> None:
    """Delete every window that belongs to no other; what pops up (the offers of a completer) goes with its line."""
    for window in QApplication.topLevelWidgets():
        if isValid(window) and window.parent() is None and window.windowType() != Qt.WindowType.Popup:
            delete(window)
