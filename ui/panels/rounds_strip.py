"""How a checklist was kept, as a strip of squares: each its own shape, so that the colour never speaks alone; and the table of strips."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import (
    QAbstractItemModel,
    QAbstractTableModel,
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
)
from PySide6.QtGui import QHelpEvent, QKeyEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QSizePolicy,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QToolTip,
    QWidget,
)

from qmdesk.i18n import N_, _, show_day
from qmdesk.operations.rounds import SPANS, Kept, Round, Time
from ui import theme
from ui.theme import Role
from ui.widgets.plain_label import harmless_tooltip

Index = QModelIndex | QPersistentModelIndex
INKS: dict[Kept, Role] = {Kept.IN_TIME: "good", Kept.LATE: "warn", Kept.MISSED: "bad", Kept.RUNNING: "accent", Kept.WAITING: "neutral"}
STRIP = 2
"""The column of the strips."""


def told(time: Time) -> str:
    """One time in words: the day it came round, how it was kept, by which run."""
    audit = time.occurrence.audit
    return " · ".join(part for part in (show_day(time.occurrence.day), _(time.kept.label), audit.number if audit else "") if part)


def paint_time(painter: QPainter, place: QRectF, kept: Kept) -> None:
    """Draw one square: full when done, half full when late, crossed out when missed, a dot while it goes on, empty while it waits."""
    ink = theme.colour(INKS[kept])
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(ink, 1.2, Qt.PenStyle.DotLine if kept is Kept.WAITING else Qt.PenStyle.SolidLine))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    square = place.adjusted(0.6, 0.6, -0.6, -0.6)
    painter.drawRoundedRect(square, 2, 2)
    painter.setBrush(ink)
    if kept is Kept.IN_TIME:
        painter.drawRoundedRect(square, 2, 2)
    elif kept is Kept.LATE:
        painter.drawRect(square.adjusted(0, square.height() / 2, 0, 0))
    elif kept is Kept.MISSED:
        inner = square.adjusted(square.width() * 0.25, square.height() * 0.25, -square.width() * 0.25, -square.height() * 0.25)
        painter.setPen(QPen(ink, 1.6))
        painter.drawLine(inner.topLeft(), inner.bottomRight())
        painter.drawLine(inner.topRight(), inner.bottomLeft())
    elif kept is Kept.RUNNING:
        painter.drawEllipse(square.center(), square.width() * 0.2, square.height() * 0.2)
    painter.restore()


class RoundsModel(QAbstractTableModel):
    """A row for each checklist that comes round."""

    heads = (N_("Checklist"), N_("How often"), N_("How it was kept"), N_("In sum"))

    def __init__(self) -> None:
        super().__init__()
        self.rounds: list[Round] = []

    def show_rounds(self, found: Sequence[Round]) -> None:
        """Show these."""
        self.beginResetModel()
        self.rounds = list(found)
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own way
        return 0 if parent.isValid() else len(self.rounds)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.heads)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        return _(self.heads[section]) if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole else None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        one = self.rounds[index.row()]
        name = " · ".join(part for part in (one.name, one.plan.place) if part)
        if role == Qt.ItemDataRole.DisplayRole:
            span = _("{rhythm}, {span}").format(rhythm=_(one.plan.rhythm.label), span=_(SPANS[one.plan.rhythm].words))
            return (name, span, "; ".join(map(told, one.times)), one.sentence())[index.column()]
        if role == Qt.ItemDataRole.DecorationRole and not index.column():
            return theme.icon(*(("bell", "warn") if one.waits else ("good", "good")))
        if role == Qt.ItemDataRole.ToolTipRole and index.column() != STRIP:
            waits = [_("Waits since {day}").format(day=show_day(one.waits.day))] if one.waits else []
            return harmless_tooltip("\n".join([name, one.sentence(), *waits]))
        return None


class _Strips(QStyledItemDelegate):
    """Draws the times of a row side by side, oldest first, the newest at the right end; a square tells of itself."""

    def _squares(self, place: QRect, times: Sequence[Time]) -> list[tuple[QRectF, Time]]:
        gap = max(1.0, theme.em(0.18))
        side = min(theme.em(0.95), (place.width() - theme.em(1)) / max(1, len(times)) - gap)
        top = place.center().y() - side / 2
        left = place.left() + theme.em(0.5)
        return [(QRectF(left + at * (side + gap), top, side, side), one) for at, one in enumerate(times)]

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        ground = QStyleOptionViewItem(option)
        self.initStyleOption(ground, index)
        ground.text = ""
        ground.widget.style().drawControl(QStyle.ControlElement.CE_ItemViewItem, ground, painter, ground.widget)
        model = index.model()
        assert isinstance(model, RoundsModel)
        for square, one in self._squares(option.rect, model.rounds[index.row()].times):
            paint_time(painter, square, one.kept)

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(theme.em(10), theme.em(2))  # of the squares, not of the words that stand for them

    def helpEvent(self, event: QHelpEvent, view: QAbstractItemView, option: QStyleOptionViewItem, index: Index) -> bool:
        model = index.model()
        if event.type() != QEvent.Type.ToolTip or not isinstance(model, RoundsModel):
            return super().helpEvent(event, view, option, index)
        found = [one for square, one in self._squares(option.rect, model.rounds[index.row()].times) if square.adjusted(-1, -4, 1, 4).contains(event.pos())]
        QToolTip.showText(event.globalPos(), harmless_tooltip(told(found[0])) if found else "", view)
        return True


class RoundsTable(QTableView):
    """The strips one under the other; Enter or a double click is ``on_open``."""

    def __init__(self, model: QAbstractItemModel) -> None:
        super().__init__()
        self.on_open: Callable[[], object] = lambda: None
        self.setModel(model)
        self.setAccessibleName(_("Checklists that come round"))
        self.setShowGrid(False)
        self.verticalHeader().hide()
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setTabKeyNavigation(False)
        self.horizontalHeader().setHighlightSections(False)
        self.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.setItemDelegateForColumn(STRIP, _Strips(self))
        self.doubleClicked.connect(lambda _index: self.on_open())
        self.fit()

    def fit(self) -> None:
        """Give rows and columns their size by the text's size and the room there is."""
        header, room = self.horizontalHeader(), self.width() - theme.em(1.4)
        self.verticalHeader().setMinimumSectionSize(theme.em(2.8))
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)  # at a large text words take more lines
        header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        wanted = (18, 14, 32, 22)
        scale = min(1.0, room / max(1, theme.em(sum(wanted))))
        for place, wide in enumerate(wanted):
            header.resizeSection(place, round(theme.em(wide) * scale))
        header.setStretchLastSection(True)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.fit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.on_open()
        else:
            super().keyPressEvent(event)


class Legend(QWidget):
    """What the shapes of the squares mean."""

    def __init__(self) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(", ".join(_(kept.label) for kept in Kept))

    def sizeHint(self) -> QSize:
        return QSize(theme.em(30), theme.em(1.8))

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setFont(theme.font("small"))
        side, x = theme.em(0.95), 0
        for kept in Kept:
            paint_time(painter, QRectF(x, (self.height() - side) / 2, side, side), kept)
            painter.setPen(theme.colour("muted"))
            words = _(kept.label)
            wide = painter.fontMetrics().horizontalAdvance(words)
            painter.drawText(QRect(x + side + theme.em(0.35), 0, wide + 4, self.height()), Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, words)
            x += side + theme.em(0.35) + wide + theme.em(1.4)
        painter.end()
