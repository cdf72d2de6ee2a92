"""How the rows of a list look: words, numbers, days, pills and coloured words, drawn in the theme's colours at any text size."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple, Protocol

from PySide6.QtCore import QAbstractItemModel, QEvent, QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QHelpEvent, QPainter, QPixmap
from PySide6.QtWidgets import QAbstractItemView, QStyledItemDelegate, QStyleOptionViewItem, QToolTip

from qmdesk.records.audit import AuditState, Grade
from qmdesk.records.case import CaseState, Decision, Outcome
from qmdesk.records.deadline import DeadlineState
from qmdesk.records.improvement import ActionState, IdeaState
from qmdesk.records.improvement import Verdict as Tried
from qmdesk.records.satisfaction import Seal, SurveyState
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
    SurveyState: {SurveyState.DRAFT: ("neutral", "edit"), SurveyState.OPEN: ("accent", "waiting"), SurveyState.CLOSED: ("good", "done")},
    Seal: {Seal.WHOLE: ("good", "done"), Seal.BROKEN: ("warn", "warn")},
    CaseState: {
        CaseState.NEW: ("info", ""),
        CaseState.NEEDS_INFO: ("warn", "waiting"),
        CaseState.AWAITING_GOODS: ("warn", "waiting"),
        CaseState.ASSESSING: ("accent", ""),
        CaseState.DECIDED: ("accent", "done"),
        CaseState.ANSWERED: ("good", "done"),
        CaseState.REMEDY_RUNNING: ("accent", "waiting"),
        CaseState.REMEDY_DONE: ("good", "done"),
        CaseState.ACKNOWLEDGED: ("info", "done"),
        CaseState.GOODS_RECEIVED: ("accent", ""),
        CaseState.INSPECTED: ("accent", "done"),
        CaseState.REFUND_DUE: ("warn", "waiting"),
        CaseState.REFUNDED: ("good", "done"),
        CaseState.CLOSED: ("neutral", "done"),
        CaseState.WITHDRAWN: ("neutral", "close"),
    },
    DeadlineState: {
        DeadlineState.RUNNING: ("info", "clock"),
        DeadlineState.HELD: ("neutral", "waiting"),
        DeadlineState.OVERDUE: ("bad", "overdue"),
        DeadlineState.MET: ("good", "done"),
        DeadlineState.MISSED: ("bad", "close"),
        DeadlineState.ENDED: ("neutral", "done"),
        DeadlineState.DROPPED: ("neutral", "close"),
    },
    Decision: {
        Decision.ACCEPTED: ("good", "done"),
        Decision.OTHER_REMEDY: ("good", "done"),
        Decision.PARTIAL: ("warn", "done"),
        Decision.REJECTED: ("bad", "close"),
    },
    AuditState: {
        AuditState.RUNNING: ("accent", "play"),
        AuditState.FINISHED: ("good", "done"),
        AuditState.ABANDONED: ("neutral", "close"),
    },
    ActionState: {
        ActionState.OPEN: ("info", ""),
        ActionState.ANALYSED: ("accent", "search"),
        ActionState.PLANNED: ("accent", "play"),
        ActionState.DONE: ("warn", "waiting"),
        ActionState.EFFECTIVE: ("good", "done"),
        ActionState.INEFFECTIVE: ("bad", "close"),
        ActionState.CLOSED: ("neutral", "done"),
        ActionState.DROPPED: ("neutral", "close"),
    },
    Grade: {
        Grade.MAJOR: ("bad", "bad"),
        Grade.MINOR: ("warn", "warn"),
        Grade.OBSERVATION: ("info", "info"),
        Grade.OPPORTUNITY: ("info", "rising"),
        Grade.GOOD_PRACTICE: ("good", "star"),
    },
    IdeaState: {
        IdeaState.NEW: ("info", "waiting"),
        IdeaState.LATER: ("neutral", "clock"),
        IdeaState.TAKEN_UP: ("good", "done"),
        IdeaState.DECLINED: ("neutral", "close"),
    },
    Tried: {
        Tried.RUNNING: ("accent", "play"),
        Tried.KEPT: ("good", "done"),
        Tried.DROPPED: ("neutral", "close"),
        Tried.UNDECIDED: ("warn", "help"),
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


class Place(NamedTuple):
    """Where a column stands in sight: its number in the model and its pixels."""

    column: int
    left: int
    width: int


class RowPlace(NamedTuple):
    """Where a row stands in sight, in pixels, and whether it is selected."""

    row: int
    top: int
    selected: bool


class CellPainter(QStyledItemDelegate):
    """Draws the rows of a list in one go, column by column: Qt's way of a call per cell takes four times as long in Python."""

    def __init__(self, view: QAbstractItemView) -> None:
        super().__init__(view)
        self._view = view
        self.hovered = -1
        """The row under the mouse."""
        self._cut: dict[tuple[str, str, int], tuple[str, int]] = {}
        self._pills: dict[tuple[Cell, int, float], QPixmap] = {}
        self.refit()

    def refit(self) -> None:
        """Take fonts, sizes and colours of now."""
        numbers = theme.font("numbers")
        self._fonts = {"text": theme.font(), "number": numbers, "day": numbers, "words": numbers, "pill": theme.font("small")}
        self._metrics = {look: QFontMetrics(font) for look, font in self._fonts.items()}
        self.pad = theme.em(0.7)  # where the style sheet puts the words of the header
        self._bar = max(2, theme.em(0.2))
        self._cut.clear()
        self._pills.clear()

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

    # -- drawing

    def draw(self, painter: QPainter, cells: Cells, places: Sequence[Place], rows: Sequence[RowPlace], height: int) -> None:
        """Draw these rows, each ``height`` pixels high, in these columns."""
        self._grounds(painter, rows, height)
        if len(self._cut) > 5000:
            self._cut.clear()
        for place in places:
            look = cells.look(place.column)
            if look == "pill":
                self._draw_pills(painter, cells, place, rows, height)
            else:
                self._draw_words(painter, cells, place, rows, height, look)

    def _grounds(self, painter: QPainter, rows: Sequence[RowPlace], height: int) -> None:
        focused, current = self._view.hasFocus(), self._view.currentIndex().row()
        wide = self._view.viewport().width()
        ground, hover = theme.colour("selection" if focused else "selection_idle"), theme.colour("hover")

        def fill(left: int, top: int, width: int, height: int, colour: QColor) -> None:
            painter.setBrush(colour)  # fillRect makes PySide load the names of 169 gradients
            painter.drawRect(left, top, width, height)

        painter.setPen(Qt.PenStyle.NoPen)
        for row, top, selected in rows:
            if selected or row == self.hovered:
                fill(0, top, wide, height, ground if selected else hover)
            fill(0, top + height - 1, wide, 1, hover)
            if row == current and (selected or focused):
                fill(0, top, self._bar, height - 1, theme.colour("accent" if focused else "border_strong"))

    def _draw_words(self, painter: QPainter, cells: Cells, place: Place, rows: Sequence[RowPlace], height: int, look: Look) -> None:
        metrics = self._metrics[look]
        plain, chosen = theme.colour("text"), theme.colour("selection_text")
        left, right = place.left + self.pad, place.left + place.width - self.pad
        base = (height - 1 - metrics.height()) // 2 + metrics.ascent()
        painter.setFont(self._fonts[look])
        painter.setPen(plain)
        for row, top, selected in rows:
            cell = cells.cell(row, place.column)
            if not cell.text:
                continue
            x = left
            coloured = selected or cell.role is not None
            ink = theme.colour(cell.role) if cell.role else chosen if selected else plain
            if cell.icon:
                side = metrics.ascent()
                theme.paint_icon(painter, QRect(x, top + (height - side) // 2, side, side), cell.icon, ink)
                x += self._icon_room(look)
            shown, wide = self._fitted(cell.text, look, right - x)
            if coloured:
                painter.setPen(ink)
            painter.drawText(right - wide if look == "number" else x, top + base, shown)
            if coloured:
                painter.setPen(plain)

    def _fitted(self, text: str, look: Look, room: int) -> tuple[str, int]:
        """The text cut to the room there is, and its width; measured once, for it is drawn at every move of the mouse."""
        key = (text, look, room)
        found = self._cut.get(key)
        if found is None:
            metrics = self._metrics[look]
            shown, wide = text, metrics.horizontalAdvance(text)
            if wide > room:
                shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, room)
                wide = metrics.horizontalAdvance(shown)
            found = self._cut[key] = (shown, wide)
        return found

    def _draw_pills(self, painter: QPainter, cells: Cells, place: Place, rows: Sequence[RowPlace], height: int) -> None:
        room = place.width - 2 * self.pad
        for row, top, _selected in rows:
            cell = cells.cell(row, place.column)
            if cell.text and room > 0:
                painter.drawPixmap(place.left + self.pad, top, self._pill(cell, room, height - 1))

    def _pill(self, cell: Cell, room: int, height: int) -> QPixmap:
        """A pill, drawn once for all rows in the same state."""
        sharp = self._view.devicePixelRatioF()
        key = (cell, room, sharp)
        found = self._pills.get(key)
        if found is None:
            found = QPixmap(QSize(round(room * sharp), round(height * sharp)))
            found.setDevicePixelRatio(sharp)
            found.fill(Qt.GlobalColor.transparent)
            painter = QPainter(found)
            paint_pill(painter, QRect(0, 0, room, height), cell.text, cell.role or "neutral", self._fonts["pill"], cell.icon)
            painter.end()
            if len(self._pills) > 200:  # while a column is being resized
                self._pills.clear()
            self._pills[key] = found
        return found

    def _icon_room(self, look: Look) -> int:
        return round(self._metrics[look].ascent() * 1.4)

    # -- reading what is cut

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
