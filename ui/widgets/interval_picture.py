"""Values with their intervals one under the other on one scale, so that one sees whether they overlap."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import floor, log10

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from qmdesk.values import dataclass
from ui import theme
from ui.theme import Role


@dataclass(frozen=True)
class Stretch:
    """One line: its words at the left, the value with its interval, how both are said at the right."""

    words: str
    value: float
    low: float
    high: float
    said: str
    role: Role = "accent"


class IntervalPicture(QWidget):
    """Painted, so that it follows light, dark and the text's size; what it shows is said to a screen reader as text.

    ``tick`` says a place of the scale in words.
    """

    def __init__(self, tick: Callable[[float], str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.stretches: tuple[Stretch, ...] = ()
        self._tick = tick
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_stretches(self, stretches: Sequence[Stretch], tick: Callable[[float], str] | None = None) -> None:
        """Show other values, on a scale of their own."""
        self.stretches = tuple(stretches)
        self._tick = tick or self._tick
        self.setAccessibleName("; ".join(f"{one.words}: {one.said}" for one in stretches))
        self.setVisible(bool(stretches))
        self.updateGeometry()
        self.update()

    @property
    def _row(self) -> int:
        return round(QFontMetrics(theme.font("body")).height() * 2)

    def sizeHint(self) -> QSize:
        return QSize(theme.em(30), self._row * len(self.stretches) + theme.em(2))

    def minimumSizeHint(self) -> QSize:
        return QSize(theme.em(16), self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self.stretches:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        metrics = QFontMetrics(theme.font("strong"))
        left = max(metrics.horizontalAdvance(one.words) for one in self.stretches) + theme.em(1)
        right = max(metrics.horizontalAdvance(one.said) for one in self.stretches) + theme.em(1)
        if self.width() - left - right < theme.em(10):  # narrow: what is said stands in the sentence below as well
            right = theme.em(0.8)
        scale = QRect(left, 0, max(theme.em(4), self.width() - left - right), self._row * len(self.stretches))
        step, most = ticks(max(one.high for one in self.stretches), max(2, scale.width() // theme.em(5)))
        self._axis(painter, scale, step, most)
        for at, one in enumerate(self.stretches):
            line = QRect(0, at * self._row, self.width(), self._row)
            painter.setFont(theme.font("strong"))
            painter.setPen(theme.colour("text"))
            painter.drawText(line, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, one.words)
            if right > theme.em(1):
                painter.setFont(theme.font("body"))
                painter.drawText(line, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, one.said)
            self._stretch(painter, scale, line.center().y(), one, most)

    def _axis(self, painter: QPainter, scale: QRect, step: float, most: float) -> None:
        painter.setFont(theme.font("small"))
        place = 0.0
        while place <= most * 1.0001:
            x = scale.left() + scale.width() * place / most
            painter.setPen(QPen(theme.colour("border"), 1))
            painter.drawLine(QPointF(x, scale.top()), QPointF(x, scale.bottom()))
            painter.setPen(theme.colour("muted"))
            words = QRectF(x - theme.em(3), scale.bottom() + theme.em(0.2), theme.em(6), theme.em(1.6))
            painter.drawText(words, Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop, self._tick(place))
            place += step

    def _stretch(self, painter: QPainter, scale: QRect, y: int, one: Stretch, most: float) -> None:
        ink, soft = theme.pill(one.role)
        first, last, dot = (scale.left() + scale.width() * value / most for value in (one.low, one.high, one.value))
        high = theme.em(0.7)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(soft)
        painter.drawRoundedRect(QRectF(first, y - high / 2, max(last - first, 2.0), high), high / 3, high / 3)
        painter.setPen(QPen(ink, max(1.5, theme.em(0.12))))
        painter.drawLine(QPointF(first, y), QPointF(last, y))
        for end in (first, last):
            painter.drawLine(QPointF(end, y - high / 2), QPointF(end, y + high / 2))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ink)
        painter.drawEllipse(QPointF(dot, y), theme.em(0.4), theme.em(0.4))


def ticks(highest: float, many: int) -> tuple[float, float]:
    """The step of a scale from 0 (1, 2 or 5 times a power of ten) with about so many parts, and its last tick."""
    if highest <= 0:
        return 1.0, 1.0
    rough = highest / many
    power = 10.0 ** floor(log10(rough))
    step = next(factor * power for factor in (1, 2, 5, 10) if factor * power >= rough * 0.9999)
    count = floor(highest / step + 0.9999)
    return step, step * count
