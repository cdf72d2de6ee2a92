"""The numbers of a chart as a table below it: a row a mark, opened by Enter or a double click."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QFontMetrics, QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView

from qmdesk.analysis.drawing import Table
from qmdesk.i18n import _, show_number
from qmdesk.schema import types
from ui import theme
from ui.widgets.plain_label import harmless_tooltip

Index = QModelIndex | QPersistentModelIndex
_TOP = QModelIndex()
_TOLD = {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.TextAlignmentRole, Qt.ItemDataRole.FontRole, Qt.ItemDataRole.ToolTipRole}
MEASURED = 60
"""By so many rows a column finds its width: a table of thousands must not keep the window."""


class FigureModel(QAbstractTableModel):
    """The rows of a ``Table``, numbers with at most two digits after the sign."""

    def __init__(self) -> None:
        super().__init__()
        self.table = Table((), ())
        self._numbers = theme.font("numbers")

    def show_table(self, table: Table) -> None:
        """Show another table."""
        self.beginResetModel()
        self.table = table
        self._numbers = theme.font("numbers")
        self.endResetModel()

    def widths(self, metrics: QFontMetrics) -> list[int]:
        """How wide the words of each column are; Qt would ask for ten things about each cell to find out."""
        return [
            max(metrics.horizontalAdvance(words) for words in (heading, *(said(row[column]) for row in self.table.rows[:MEASURED])))
            for column, heading in enumerate(self.table.headings)
        ]

    def rowCount(self, parent: Index = _TOP) -> int:
        return 0 if parent.isValid() else len(self.table.rows)

    def columnCount(self, parent: Index = _TOP) -> int:
        return 0 if parent.isValid() else len(self.table.headings)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self.table.headings[section]
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.TextAlignmentRole:
            number = any(isinstance(row[section], int | float) and not isinstance(row[section], bool) for row in self.table.rows)
            return (Qt.AlignmentFlag.AlignRight if number else Qt.AlignmentFlag.AlignLeft) | Qt.AlignmentFlag.AlignVCenter
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role not in _TOLD or not index.isValid():
            return None
        value = self.table.rows[index.row()][index.column()]
        if role == Qt.ItemDataRole.DisplayRole:
            return said(value)
        if role == Qt.ItemDataRole.TextAlignmentRole and isinstance(value, int | float) and not isinstance(value, bool):
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        if role == Qt.ItemDataRole.FontRole and index.column():
            return self._numbers
        if role == Qt.ItemDataRole.ToolTipRole and isinstance(value, str) and value:
            return harmless_tooltip(value)
        return None


def said(value: Any) -> str:
    """A value of a table in words."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return types.Flag().show(value)
    if isinstance(value, float):
        return show_number(Decimal(str(round(value, 2))).normalize() + Decimal(0))
    return show_number(value) if isinstance(value, int) else str(value)


class FigureTable(QTableView):
    """``on_open`` is told which mark's row was opened."""

    def __init__(self) -> None:
        super().__init__()
        self.on_open: Callable[[int], object] = lambda _row: None
        self.figures = FigureModel()
        self.setModel(self.figures)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setAlternatingRowColors(True)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setAccessibleName(_("Numbers of the chart"))
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(theme.em(2))
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        self.doubleClicked.connect(lambda index: self._open(index.row()))

    def _open(self, row: int) -> None:
        self.on_open(self.figures.table.mark(row))

    def show_table(self, table: Table) -> None:
        """Show another table; the chosen row is kept by its place."""
        here = self.currentIndex().row()
        self.figures.show_table(table)
        for column, wide in enumerate(self.figures.widths(self.fontMetrics())):
            self.setColumnWidth(column, min(max(wide + theme.em(2), theme.letters(18 if not column else 6)), theme.letters(44)))
        if 0 <= here < len(table.rows):
            self.setCurrentIndex(self.figures.index(here, 0))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self._open(self.currentIndex().row())
        else:
            super().keyPressEvent(event)
