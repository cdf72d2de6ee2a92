"""How a cell of a list looks: words, numbers, days, pills and coloured words, drawn in the theme's colours at any text size."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Protocol

from PySide6.QtCore import QAbstractItemModel, QEvent, QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QHelpEvent, QPainter
from PySide6.QtWidgets import QAbstractItemView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QToolTip

from qmdesk.records.case import CaseState, Decision, Outcome
from qmdesk.schema.types import Labelled
from ui import theme
from ui.theme import Role
from ui.widgets.pill import paint_pill, pill_size
from ui.widgets.plain_label import harmless_tooltip

Index = QModelIndex | QPersistentModelIndex
Look = Literal["text", "number", "day", "pill", "words"]
"""text: as it stands; number: to the right, digits of one width; day: digits of one width; pill; words: in a role's colour."""

LONGEST_TOOLTIP = 1500


@dataclass(frozen=True, slots=True)
class Cell:
    """What one cell shows. ``whole`` is the full text where ``text`` is only its first line; ``role`` colours pills and words."""

    text: str = ""
    role: Role | None = None
    icon: str = ""
    whole: str = ""


BLANK = Cell()

STATES: dict[type[Labelled], dict[Labelled, tuple[Role, str]]] = {
    CaseState: {
        CaseState.NEW: ("info", ""),
        CaseState.NEEDS_INFO: ("warn", "waiting"),
        CaseState.AWAITING_GOODS: ("warn", "waiting"),
        CaseState.ASSESSING: ("accent", ""),
        CaseState.DECIDED: ("accent", "done"),
        CaseState.ANSWERED: ("good", "done"),
        CaseState.CLOSED: ("neutral", "done"),
        CaseState.WITHDRAWN: ("neutral", "close"),
    },
    Decision: {
        Decision.ACCEPTED: ("good", "done"),
        Decision.OTHER_REMEDY: ("good", "done"),
        Decision.PARTIAL: ("warn", "done"),
        Decision.REJECTED: ("bad", "close"),
    },
    Outcome: {
        Outcome.PENDING: ("neutral", "waiting"),
        Outcome.REPAIRED: ("good", "done"),
        Outcome.REPLACED: ("good", "done"),
        Outcome.REDUCED: ("good", "done"),
        Outcome.REFUNDED: ("good", "done"),
        Outcome.REJECTED: ("bad", "close"),
        Outcome.SENT_BACK: ("neutral", "done"),
    },
}
"""The words that are states and so are drawn as pills, each with its meaning; other choices are plain words."""


class Cells(Protocol):
    """What the delegate asks of a model."""

    def cell(self, row: int, column: int) -> Cell:
        """What one cell shows."""
        ...

    def look(self, column: int) -> Look:
        """How the cells of a column look."""
        ...


class CellPainter(QStyledItemDelegate):
    """Draws every cell of a list."""

    def __init__(self, view: QAbstractItemView) -> None:
        super().__init__(view)
        self._view = view
        self.hovered = -1
        """The row under the mouse."""
        self.refit()

    def refit(self) -> None:
        """Take fonts and sizes from the text size of now."""
        numbers = theme.font("numbers")
        self._fonts = {"text": theme.font(), "number": numbers, "day": numbers, "words": numbers, "pill": theme.font("small")}
        self._metrics = {look: QFontMetrics(font) for look, font in self._fonts.items()}
        self.pad = theme.em(0.6)
        self._bar = max(2, theme.em(0.2))

    def row_height(self) -> int:
        """A row with room for a pill and air around it, in pixels."""
        return round(self._metrics["text"].height() * 1.85)

    def width_of(self, cell: Cell, look: Look) -> int:
        """The pixels a cell takes to be read whole."""
        if look == "pill":
            wide = pill_size(cell.text, self._fonts["pill"], cell.icon).width()
        else:
            wide = self._metrics[look].horizontalAdvance(cell.text) + (self._icon_room(look) if cell.icon else 0)
        return wide + 2 * self.pad + 2

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        cells = _cells(index)
        look = cells.look(index.column())
        return QSize(self.width_of(cells.cell(index.row(), index.column()), look), self.row_height())

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        cells = _cells(index)
        rect: QRect = option.rect  # type: ignore[attr-defined]  # the stubs leave out what a style option inherits
        selected = bool(option.state & QStyle.StateFlag.State_Selected)  # type: ignore[attr-defined]
        self._ground(painter, rect, index, selected)
        cell = cells.cell(index.row(), index.column())
        if not cell.text:
            return
        look = cells.look(index.column())
        inner = rect.adjusted(self.pad, 0, -self.pad, -1)
        if look == "pill" and cell.role is not None:
            paint_pill(painter, inner, cell.text, cell.role, self._fonts["pill"], cell.icon)
        else:
            self._words(painter, inner, cell, look, selected)

    def _ground(self, painter: QPainter, rect: QRect, index: Index, selected: bool) -> None:
        focused = self._view.hasFocus()
        if selected:
            painter.fillRect(rect, theme.colour("selection" if focused else "selection_idle"))
        elif index.row() == self.hovered:
            painter.fillRect(rect, theme.colour("hover"))
        painter.fillRect(QRect(rect.left(), rect.bottom(), rect.width(), 1), theme.colour("sunken" if not theme.is_dark() else "border"))
        if rect.left() <= 0 and index.row() == self._view.currentIndex().row() and (focused or selected):
            bar = QRect(rect.left(), rect.top(), self._bar, rect.height() - 1)
            painter.fillRect(bar, theme.colour("accent" if focused else "border_strong"))

    def _words(self, painter: QPainter, inner: QRect, cell: Cell, look: Look, selected: bool) -> None:
        ink = theme.colour(cell.role or ("selection_text" if selected else "text"))
        metrics = self._metrics[look]
        if cell.icon:
            side = metrics.ascent()
            picture = QRect(inner.left(), inner.center().y() - side // 2, side, side)
            theme.paint_icon(painter, picture, cell.icon, ink)
            inner = inner.adjusted(self._icon_room(look), 0, 0, 0)
        side_of = Qt.AlignmentFlag.AlignRight if look == "number" else Qt.AlignmentFlag.AlignLeft
        painter.setPen(ink)
        painter.setFont(self._fonts[look])
        shown = metrics.elidedText(cell.text, Qt.TextElideMode.ElideRight, inner.width())
        painter.drawText(inner, side_of | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine, shown)

    def _icon_room(self, look: Look) -> int:
        return round(self._metrics[look].ascent() * 1.4)

    def helpEvent(self, event: QHelpEvent, view: QAbstractItemView, option: QStyleOptionViewItem, index: Index) -> bool:
        """The whole text of a cell that is cut, as plain text whatever it holds."""
        if event.type() != QEvent.Type.ToolTip or not index.isValid():
            return False
        QToolTip.showText(event.globalPos(), harmless_tooltip(self.tooltip(index)), view)
        return True

    def tooltip(self, index: Index) -> str:
        """What the cell's tooltip says: nothing when all of it can be read."""
        cells = _cells(index)
        cell = cells.cell(index.row(), index.column())
        width = self._view.visualRect(index).width()
        if cell.whole or self.width_of(cell, cells.look(index.column())) > width:
            return (cell.whole or cell.text)[:LONGEST_TOOLTIP]
        return ""


def state(value: Labelled) -> tuple[Role | None, str]:
    """The meaning and the icon of a word that is a state."""
    return STATES.get(type(value), {}).get(value, (None, ""))


def _cells(index: Index) -> Cells:
    model: QAbstractItemModel = index.model()
    return model  # type: ignore[return-value]  # this delegate is set on tables of this folder only
