"""A place to sign with the mouse, a pen or a finger, or by typing a name where none of them is at hand."""

from __future__ import annotations

from PySide6.QtCore import QBuffer, QIODevice, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QImage, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui import theme

SIZE = QSize(900, 300)
"""Pixels of the picture that is kept: sharp on paper at 6 cm."""
INK = QColor(20, 30, 70)


class SignaturePad(QWidget):
    """Holds the strokes in parts of its own size, so that they keep their shape when it becomes larger. Tablets speak as mice."""

    drawn = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._strokes: list[list[QPointF]] = []
        self._typed = ""
        self._kept = QImage()  # what was signed before
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.CrossCursor)

    @property
    def is_empty(self) -> bool:
        return not self._typed and not any(len(stroke) > 1 for stroke in self._strokes)

    def clear(self) -> None:
        """Take everything off."""
        self._strokes, self._typed = [], ""
        self.update()

    def show_picture(self, content: bytes) -> None:
        """Show a signature that was kept; without one what is being drawn stays."""
        kept = QImage.fromData(content) if content else QImage()
        if kept.isNull() != self._kept.isNull():
            self._strokes, self._typed = [], ""
        self._kept = kept
        self.update()

    def write(self, name: str) -> None:
        """Sign with a typed name instead of strokes."""
        self._strokes, self._typed = [], name.strip()
        self.update()
        self.drawn.emit()

    def picture(self) -> bytes:
        """The signature as a PNG on white; b"" while there is none."""
        if self.is_empty:
            return b""
        image = QImage(SIZE, QImage.Format.Format_RGB32)
        image.fill(Qt.GlobalColor.white)
        painter = QPainter(image)
        self._draw(painter, QRectF(image.rect()), INK)
        painter.end()
        written = QBuffer()
        written.open(QIODevice.OpenModeFlag.WriteOnly)
        image.save(written, "PNG")  # type: ignore[call-overload]  # as bytes, which the stub wants, it crashes
        return bytes(written.data().data())

    def sizeHint(self) -> QSize:
        return QSize(theme.em(36), theme.em(12))

    def minimumSizeHint(self) -> QSize:
        return QSize(theme.em(18), theme.em(9))

    # -- drawing

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self._kept.isNull():
            self._typed = ""
            self._strokes.append([self._part(event.position())])

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton and self._strokes:
            self._strokes[-1].append(self._part(event.position()))
            self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and not self.is_empty:
            self.drawn.emit()

    def _part(self, at: QPointF) -> QPointF:
        return QPointF(min(1.0, max(0.0, at.x() / max(1, self.width()))), min(1.0, max(0.0, at.y() / max(1, self.height()))))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        place = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        painter.setPen(QPen(theme.colour("border_strong"), 1))
        painter.setBrush(Qt.GlobalColor.white)  # paper, in the dark too: what is kept is black on white
        painter.drawRoundedRect(place, theme.em(0.45), theme.em(0.45))
        painter.setPen(QPen(QColor(170, 175, 185), 1, Qt.PenStyle.DashLine))
        line = place.bottom() - place.height() * 0.24
        painter.drawLine(QPointF(place.left() + theme.em(1), line), QPointF(place.right() - theme.em(1), line))
        if self._kept.isNull():
            self._draw(painter, place, INK)
            return
        shown = self._kept.size().scaled(place.size().toSize(), Qt.AspectRatioMode.KeepAspectRatio)
        corner = place.center() - QPointF(shown.width() / 2, shown.height() / 2)
        painter.drawImage(QRectF(corner, shown.toSizeF()), self._kept)

    def _draw(self, painter: QPainter, place: QRectF, ink: QColor) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(ink, max(2.0, place.height() / 80), Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin))
        for stroke in self._strokes:
            painter.drawPolyline([QPointF(place.left() + at.x() * place.width(), place.top() + at.y() * place.height()) for at in stroke])
        if self._typed:
            font = QFont(theme.font("body"))
            font.setItalic(True)
            font.setPixelSize(max(8, round(place.height() * 0.3)))
            painter.setFont(font)
            painter.drawText(place.adjusted(place.width() * 0.04, 0, -place.width() * 0.04, 0), Qt.AlignmentFlag.AlignCenter, self._typed)
