"""Shares of a hundred as bars one under the other, each with a mark where it stood the last time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
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
        self.on_open: Callable[[int], object] | None = None
        """Opens what is behind a bar; with it the bars take the keyboard, and each can be clicked."""
        self.current = 0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_bars(self, bars: Sequence[Bar]) -> None:
        """Show other bars."""
        self.bars = tuple(bars)
        self.setAccessibleName("; ".join(f"{bar.words}: {bar.said}" for bar in bars))
        self.updateGeometry()
        self.update()

    def openable(self, on_open: Callable[[int], object]) -> None:
        """Let a click, and Enter, open what is behind a bar."""
        self.on_open = on_open
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        place = int(event.position().y()) // self._row
        if self.on_open is not None and event.button() == Qt.MouseButton.LeftButton and place < len(self.bars):
            self.current = place
            self.on_open(place)
        else:
            super().mousePressEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if self.on_open is not None and key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.current = max(0, min(len(self.bars) - 1, self.current + (1 if key == Qt.Key.Key_Down else -1)))
            self.update()
        elif self.on_open is not None and self.bars and key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.on_open(self.current)
        else:
            super().keyPressEvent(event)

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
            if self.hasFocus() and at == self.current:
                painter.setPen(QPen(theme.colour("accent"), 2))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawRect(line.adjusted(1, 1, -1, -1))
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
