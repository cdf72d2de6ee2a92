"""Rows of lists of checklists and of their questions: headings, a number, up to two lines of words, a second line, a sign."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QTextLayout
from PySide6.QtWidgets import QAbstractItemView, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from ui import theme

ID = Qt.ItemDataRole.UserRole
SECOND = Qt.ItemDataRole.UserRole + 1
NUMBER = Qt.ItemDataRole.UserRole + 2
SIGN = Qt.ItemDataRole.UserRole + 3
"""A picture and the role of its colour, at the right."""
HEADING = Qt.ItemDataRole.UserRole + 4
FAINT = Qt.ItemDataRole.UserRole + 5

Index = QModelIndex | QPersistentModelIndex


def broken(text: str, font: QFont, width: int, most: int) -> list[str]:
    """A text in at most so many lines of this width, the last one cut with … where there is more."""
    line = " ".join(text.split())
    layout = QTextLayout(line, font)
    layout.beginLayout()
    found: list[str] = []
    while (piece := layout.createLine()).isValid():
        piece.setLineWidth(max(1, width))
        start = piece.textStart()
        if len(found) == most - 1:
            found.append(QFontMetrics(font).elidedText(line[start:], Qt.TextElideMode.ElideRight, width))
            break
        found.append(line[start : start + piece.textLength()].rstrip())
    layout.endLayout()
    return found or [""]


class Rows(QStyledItemDelegate):
    """Paints the rows; ``lines`` is how many a title may take."""

    def __init__(self, view: QAbstractItemView, lines: int = 1, numbered: bool = False) -> None:
        super().__init__(view)
        self._view, self._lines, self._numbered = view, lines, numbered
        if isinstance(view, QListView):
            view.setWordWrap(True)  # else Qt would not lay the rows out anew when only the width has changed

    def _room(self) -> int:
        """Pixels for the words of a row."""
        return max(theme.em(6), self._view.viewport().width() - 2 * theme.em(0.6) - self._before() - theme.em(1.6))

    def _before(self) -> int:
        return theme.em(2.2) if self._numbered else 0

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        if index.data(HEADING):
            return QSize(theme.em(6), QFontMetrics(theme.font("small")).height() + theme.em(1))
        lines = len(broken(index.data(Qt.ItemDataRole.DisplayRole) or "", theme.font("body"), self._room(), self._lines))
        high = lines * QFontMetrics(theme.font("body")).lineSpacing() + theme.em(0.8)
        if index.data(SECOND):
            high += QFontMetrics(theme.font("small")).lineSpacing()
        return QSize(theme.em(6), high)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        heading = bool(index.data(HEADING))
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.save()
        if chosen:
            active = bool(option.state & QStyle.StateFlag.State_Active)
            painter.fillRect(option.rect, theme.colour("selection" if active else "selection_idle"))
        elif option.state & QStyle.StateFlag.State_MouseOver and not heading:
            painter.fillRect(option.rect, theme.colour("hover"))
        if option.state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(theme.colour("accent"))
            painter.drawRect(option.rect.adjusted(0, 0, -1, -1))
        inner = option.rect.adjusted(theme.em(0.6), theme.em(0.4), -theme.em(0.6), -theme.em(0.4))
        if heading:
            self._heading(painter, inner, index)
        else:
            self._row(painter, inner, index)
        painter.restore()

    def _heading(self, painter: QPainter, inner: QRect, index: Index) -> None:
        font = theme.font("small")
        font.setWeight(QFont.Weight.DemiBold)
        painter.setFont(font)
        painter.setPen(theme.colour("muted"))
        said = QFontMetrics(font).elidedText(index.data(Qt.ItemDataRole.DisplayRole), Qt.TextElideMode.ElideRight, inner.width())
        painter.drawText(inner, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignBottom | Qt.TextFlag.TextSingleLine), said)

    def _row(self, painter: QPainter, inner: QRect, index: Index) -> None:
        ink = "faint" if index.data(FAINT) else "text"
        body, small = QFontMetrics(theme.font("body")), QFontMetrics(theme.font("small"))
        if number := index.data(NUMBER):
            painter.setFont(theme.font("numbers"))
            painter.setPen(theme.colour("muted"))
            box = QRect(inner.left(), inner.top(), self._before() - theme.em(0.6), body.lineSpacing())
            painter.drawText(box, int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter), str(number))
        if sign := index.data(SIGN):
            side = theme.em(1.1)
            corner = QPoint(inner.right() - side, inner.top() + (body.lineSpacing() - side) // 2)
            theme.paint_icon(painter, QRect(corner, QSize(side, side)), sign[0], theme.colour(sign[1]))
        left, top = inner.left() + self._before(), inner.top()
        painter.setFont(theme.font("body"))
        painter.setPen(theme.colour(ink))
        for line in broken(index.data(Qt.ItemDataRole.DisplayRole) or "", theme.font("body"), self._room(), self._lines):
            painter.drawText(QPoint(left, top + body.ascent()), line)
            top += body.lineSpacing()
        if second := index.data(SECOND):
            painter.setFont(theme.font("small"))
            painter.setPen(theme.colour("faint" if index.data(FAINT) else "muted"))
            painter.drawText(QPoint(left, top + small.ascent()), small.elidedText(second, Qt.TextElideMode.ElideRight, self._room()))
