"""The dialog that every dialog of the program is: dressed from its beginning, also where no window is under it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QWidget

from ui import theme


class Dialog(QDialog):
    """An empty dialog; what is put into it can be measured at once."""

    def __init__(self, parent: QWidget | None = None, kind: Qt.WindowType = Qt.WindowType.Dialog) -> None:
        super().__init__(parent, kind)
        theme.dress(self)
