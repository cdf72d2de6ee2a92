"""The pages of a paper under each other, to be read and scrolled through."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QLabel, QScrollArea, QVBoxLayout, QWidget

from qmdesk.i18n import _
from ui import theme


class Sheets(QScrollArea):
    """Shows pages drawn as PNG, or whatever else is put in their place; ``name`` is what it is called aloud."""

    def __init__(self, name: str) -> None:
        super().__init__()
        inside = QWidget()
        theme.mark(inside, "page")
        self.rows = QVBoxLayout(inside)
        self.rows.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        self.rows.setSpacing(theme.em(1))
        self.setWidgetResizable(True)
        self.setWidget(inside)
        self.setAccessibleName(name)

    def clear(self) -> None:
        """Take the pages away."""
        while item := self.rows.takeAt(0):
            if widget := item.widget():
                widget.deleteLater()

    def add(self, widget: QWidget) -> None:
        """Put one more below."""
        self.rows.addWidget(widget)

    def show_pages(self, pages: Sequence[bytes]) -> None:
        """Show these pages below what is there."""
        for place, png in enumerate(pages, 1):
            sheet = QLabel()
            picture = QPixmap()
            picture.loadFromData(png)
            sheet.setPixmap(picture)
            sheet.setAccessibleName(_("Page {page}").format(page=place))
            self.add(sheet)
