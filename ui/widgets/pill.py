"""A state as a pill: one word on a soft ground, with an icon so that the colour never speaks alone."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui import theme
from ui.theme import Role


def pill_size(word: str, font: QFont, icon: str = "") -> QSize:
    """The pixels a pill takes: for widgets and for the delegates of tables."""
    metrics = QFontMetrics(font)
    high = round(metrics.height() * 1.3)
    wide = metrics.horizontalAdvance(word) + round(high * 0.85) + (_icon_side(metrics) + high // 5 if icon else 0)
    return QSize(wide, high)


def paint_pill(painter: QPainter, rect: QRect, word: str, role: Role, font: QFont, icon: str = "") -> None:
    """Draw a pill at the left middle of ``rect``, the word cut with … if there is not room for it."""
    size = pill_size(word, font, icon)
    metrics = QFontMetrics(font)
    high = min(size.height(), rect.height())
    ground = QRectF(rect.left(), rect.center().y() + 0.5 - high / 2, min(size.width(), rect.width()), high)
    ink, soft = theme.pill(role)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(soft)
    painter.drawRoundedRect(ground, high / 2, high / 2)
    inner = ground.adjusted(high * 0.42, 0, -high * 0.42, 0)
    if icon:
        side = _icon_side(metrics)
        theme.paint_icon(painter, QRectF(inner.left(), ground.center().y() - side / 2, side, side), icon, ink)
        inner.setLeft(inner.left() + side + high // 5)
    painter.setPen(ink)
    painter.setFont(font)
    shown = metrics.elidedText(word, Qt.TextElideMode.ElideRight, round(inner.width()) + 1)
    painter.drawText(inner, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine, shown)
    painter.restore()


def _icon_side(metrics: QFontMetrics) -> int:
    return round(metrics.ascent() * 1.05)


class Pill(QWidget):
    """A pill in a form or a heading."""

    def __init__(self, word: str = "", role: Role = "neutral", icon: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._word, self._role, self._icon = "", role, icon
        self.show_state(word, role, icon)

    @property
    def word(self) -> str:
        return self._word

    def show_state(self, word: str, role: Role, icon: str = "") -> None:
        """Show another state."""
        self._word, self._role, self._icon = word, role, icon
        self.setAccessibleName(word)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return pill_size(self._word, theme.font("small"), self._icon)

    def minimumSizeHint(self) -> QSize:
        return QSize(min(self.sizeHint().width(), theme.em(3)), self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        paint_pill(QPainter(self), self.rect(), self._word, self._role, theme.font("small"), self._icon)
