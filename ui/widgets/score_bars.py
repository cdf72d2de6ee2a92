"""Shares of a hundred as bars one under the other, each with a mark where it stood the last time."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from qmdesk.values import dataclass
from ui import theme
from ui.theme import Role


@dataclass(frozen=True)
class Bar:
    """One bar: its words at the left, its share (None: nothing counted), how it is said at the right, the share before."""

    words: str
    share: Decimal | None
    said: str
    before: Decimal | None = None
    role: Role = "accent"
    strong: bool = False


class ScoreBars(QWidget):
    """Painted, so that it follows light, dark and the text's size; what it shows is said to a screen reader as text."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.bars: tuple[Bar, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_bars(self, bars: Sequence[Bar]) -> None:
        """Show other bars."""
        self.bars = tuple(bars)
        self.setAccessibleName("; ".join(f"{bar.words}: {bar.said}" for bar in bars))
        self.updateGeometry()
        self.update()

    @property
    def _row(self) -> int:
        return round(QFontMetrics(theme.font("body")).height() * 1.7)

    def sizeHint(self) -> QSize:
        return QSize(theme.em(30), self._row * len(self.bars))

    def minimumSizeHint(self) -> QSize:
        return QSize(theme.em(16), self._row * len(self.bars))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        strong = QFontMetrics(theme.font("strong"))
        said = max((strong.horizontalAdvance(bar.said) for bar in self.bars), default=0) + theme.em(0.4)
        words = min(round(self.width() * 0.42), max((strong.horizontalAdvance(bar.words) for bar in self.bars), default=0) + theme.em(0.8))
        for at, bar in enumerate(self.bars):
            line = QRect(0, at * self._row, self.width(), self._row)
            painter.setFont(theme.font("strong" if bar.strong else "body"))
            painter.setPen(theme.colour("text"))
            shown = painter.fontMetrics().elidedText(bar.words, Qt.TextElideMode.ElideRight, words - theme.em(0.6))
            painter.drawText(line, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, shown)
            painter.drawText(line, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, bar.said)
            self._bar(painter, QRect(words, line.top(), max(theme.em(3), self.width() - words - said - theme.em(0.6)), line.height()), bar)

    def _bar(self, painter: QPainter, place: QRect, bar: Bar) -> None:
        high = theme.em(0.7)
        ground = QRect(place.left(), place.center().y() - high // 2, place.width(), high)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("neutral_soft"))
        painter.drawRoundedRect(ground, high / 2, high / 2)
        if bar.share:
            painter.setBrush(theme.colour(bar.role))
            painter.drawRoundedRect(ground.adjusted(0, 0, -round(place.width() * (100 - int(bar.share)) / 100), 0), high / 2, high / 2)
        if bar.before is not None:
            x = place.left() + round(place.width() * int(bar.before) / 100)
            painter.setPen(QPen(theme.colour("text"), 2))
            painter.drawLine(x, ground.top() - theme.em(0.3), x, ground.bottom() + theme.em(0.3))
