"""A tile: a figure with its name, what it rests on, the line of its months, and whether it is as it should be."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from qmdesk.analysis.time_charts import Spark
from qmdesk.values import dataclass
from ui import theme
from ui.theme import Role
from ui.widgets.button import pressed_by_enter
from ui.widgets.plain_label import harmless_tooltip


@dataclass(frozen=True)
class Face:
    """What a tile says: its name, the value, small lines below it, the last of them in a colour of its own; and its line."""

    name: str
    value: str
    lines: tuple[str, ...] = ()
    turn: str = ""
    role: Role = "neutral"
    spark: Spark | None = None
    icon: str = ""
    """Beside the value, so that the colour never speaks alone."""


class Tile(QAbstractButton):
    """Painted, so that a page of them follows a filter at once; a click or Enter opens it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.face = Face("", "")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_face(self, face: Face) -> None:
        """Say something else."""
        if face == self.face:
            return
        self.face = face
        self.setAccessibleName(face.name)
        told = [part for part in (face.value, *face.lines, face.turn) if part]
        self.setAccessibleDescription(" ".join(told))
        self.setToolTip(harmless_tooltip("\n".join(told)))
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down):
            event.ignore()  # Qt's buttons go to any neighbour; the tiles know their order
        elif not pressed_by_enter(self, event):
            super().keyPressEvent(event)

    def sizeHint(self) -> QSize:
        small = QFontMetrics(theme.font("small")).lineSpacing()
        high = QFontMetrics(theme.font("strong")).lineSpacing() + QFontMetrics(theme.font("title")).lineSpacing() + 6 * small + theme.em(1.4)
        return QSize(theme.em(20), high)

    def minimumSizeHint(self) -> QSize:
        return QSize(theme.em(17), self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        card = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        painter.setPen(QPen(theme.colour("accent" if self.hasFocus() else "border"), 2 if self.hasFocus() else 1))
        painter.setBrush(theme.colour("hover" if self.underMouse() else "raised"))
        painter.drawRoundedRect(card, theme.em(0.6), theme.em(0.6))
        edge = theme.em(0.8)
        inner = self.rect().adjusted(edge, theme.em(0.6), -edge, -theme.em(0.6))
        y = self._lines(painter, inner, inner.top(), self.face.name, "strong", "text")
        y = self._value(painter, inner, y)
        for line in self.face.lines:
            y = self._lines(painter, inner, y, line, "small", "muted")
        self._lines(painter, inner, y, self.face.turn, "small", self.face.role)

    def _lines(self, painter: QPainter, inner: QRect, y: int, words: str, font: theme.FontName, ink: str) -> int:
        """Words broken into lines as far as there is room below; returns where they end."""
        painter.setFont(theme.font(font))
        painter.setPen(theme.colour(ink))
        flags = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop) | int(Qt.TextFlag.TextWordWrap)
        place = QRect(inner.left(), y, inner.width(), max(0, inner.bottom() + 1 - y))
        drawn: QRect = painter.drawText(place, flags, words)  # type: ignore[assignment, func-returns-value, call-overload, unused-ignore]
        return y + (drawn.height() if words else 0)

    def _value(self, painter: QPainter, inner: QRect, y: int) -> int:
        """The value at the left, the line of its months beside it."""
        painter.setFont(theme.font("title"))
        metrics = painter.fontMetrics()
        high, x = metrics.lineSpacing(), inner.left()
        if self.face.icon:
            side = round(high * 0.7)
            theme.paint_icon(painter, QRect(x, y + (high - side) // 2, side, side), self.face.icon, theme.colour(self.face.role))
            x += side + theme.em(0.3)
        painter.setPen(theme.colour("text"))
        wide = min(metrics.horizontalAdvance(self.face.value), inner.right() - x)
        shown = metrics.elidedText(self.face.value, Qt.TextElideMode.ElideRight, inner.right() - x)
        painter.drawText(QRect(x, y, inner.right() - x, high), Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, shown)
        left = x + wide + theme.em(0.8)
        if self.face.spark is not None and inner.right() - left > theme.em(3):
            paint_spark(painter, QRectF(left, y + high * 0.1, inner.right() - left, high * 0.8), self.face.spark)
        return y + high


def paint_spark(painter: QPainter, place: QRectF, spark: Spark) -> None:
    """The line of a tile: broken where nothing is known, its last value marked, the target as a dashed line."""
    low, high = spark.reach()
    many = max(1, len(spark.values) - 1)

    def at(which: int, value: float) -> QPointF:
        return QPointF(place.left() + place.width() * which / many, place.bottom() - place.height() * (value - low) / (high - low))

    if spark.target is not None:
        painter.setPen(QPen(theme.colour("good"), 1, Qt.PenStyle.DashLine))
        painter.drawLine(at(0, spark.target), at(many, spark.target))
    path, drawn, last = QPainterPath(), False, None
    for which, value in enumerate(spark.values):
        if value is None:
            drawn = False
            continue
        last = at(which, value)
        if drawn:
            path.lineTo(last)
        else:
            path.moveTo(last)
        drawn = True
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(theme.colour("accent"), max(1.5, theme.em(0.12))))
    painter.drawPath(path)
    if last is not None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("accent"))
        painter.drawEllipse(last, theme.em(0.25), theme.em(0.25))
