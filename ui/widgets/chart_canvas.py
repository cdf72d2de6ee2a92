"""A chart in the window, drawn by matplotlib: its marks can be clicked, stepped through by keys and are spoken."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QEvent, QPoint, QRectF, QSize, Qt
from PySide6.QtGui import (
    QContextMenuEvent,
    QFocusEvent,
    QFontInfo,
    QHelpEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import QApplication, QSizePolicy, QToolTip, QWidget

from qmdesk.analysis.drawing import DPI, Chart, Drawn, Look, Painted, Palette, painted
from qmdesk.i18n import _, language
from qmdesk.values import dataclass
from ui import theme
from ui.pictures import Pictures
from ui.widgets.plain_label import harmless_tooltip


def palette() -> Palette:
    """The colours of charts in the window's scheme."""
    now = theme.tokens()
    return Palette(**{name: getattr(now, name) for name in Palette.__annotations__})


@dataclass(frozen=True, eq=False, repr=False)
class _Order:
    """What is to be drawn, how, and who is told which of its marks was opened."""

    chart: Chart
    look: Look
    sharp: float
    on_open: Callable[[int], object]

    def same(self, other: _Order | None) -> bool:
        """Whether the other's picture is this one's too."""
        return other is not None and self.chart is other.chart and (self.look, self.sharp) == (other.look, other.sharp)


class ChartCanvas(QWidget):
    """Shows one chart, drawn anew for its size, the text's size and the scheme.

    The drawing takes longer than the window may stand still, so it is done beside it. Until a picture is there the one before
    stays, with its own marks, its own words and its own ``on_open``: what is seen is what is opened. Left and Right, Home and
    End step through the marks, a click or Enter opens one.
    """

    def __init__(self, pictures: Pictures, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.on_open: Callable[[int], object] = lambda _mark: None
        self.on_menu: Callable[[QPoint], object] = lambda _at: None
        self.chart: Chart | None = None
        """What is to be seen, and is as soon as it is drawn."""
        self.drawn: Drawn | None = None
        """What is seen."""
        self.current: int | None = None
        self._pictures = pictures
        self._on_open: Callable[[int], object] = self.on_open
        self._ordered: _Order | None = None
        self._image = QImage()
        self._hovered: int | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def sizeHint(self) -> QSize:
        return QSize(theme.em(50), theme.em(26))

    def minimumSizeHint(self) -> QSize:
        return QSize(theme.em(22), theme.em(14))

    # -- drawing

    def show_chart(self, chart: Chart, on_open: Callable[[int], object]) -> None:
        """Show another chart, whose opened marks ``on_open`` is told of; the chosen mark stays where there are as many."""
        self.chart, self._on_open = chart, on_open
        self.redraw()

    @property
    def look(self) -> Look:
        """How a chart is drawn for this place."""
        points = QFontInfo(QApplication.font()).pixelSize() * 72 / DPI
        return Look(palette(), points, max(2.0, self.width() / DPI), max(1.5, self.height() / DPI), language())

    def redraw(self) -> None:
        """Have the chart drawn for the size and the colours of now, unless it is; what nobody sees is drawn when it is shown."""
        if self.chart is None or not self.isVisible():
            return
        order = _Order(self.chart, self.look, self.devicePixelRatioF(), self._on_open)
        if order.same(self._ordered):
            return
        self._ordered = order
        self._pictures.order(self, partial(painted, order.chart, order.look, order.sharp), partial(self._take, order))

    def _take(self, order: _Order, picture: Painted) -> None:
        """Show what was drawn."""
        image = QImage(picture.pixels, picture.width, picture.height, QImage.Format.Format_RGBA8888).copy()
        image.setDevicePixelRatio(order.sharp)
        self._image, self.drawn, self.on_open = image, picture.drawn, order.on_open
        if self.current is not None and self.current >= len(self.drawn.marks):
            self.current = None
        self._hovered = None
        about = order.chart.about
        self.setAccessibleName(" ".join(part for part in (about.title, about.scope, about.sentence) if part))
        self._speak()
        self.update()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.redraw()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.redraw()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.FontChange):
            self.redraw()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.drawImage(0, 0, self._image)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self.paint_over(painter)
        painter.end()

    def paint_over(self, painter: QPainter) -> None:
        """The chosen mark and the one under the pointer, over the chart."""
        for mark, role in ((self._hovered, "border_strong"), (self.current if self.hasFocus() else None, "accent")):
            if mark is not None and self.drawn is not None and mark < len(self.drawn.marks):
                painter.setPen(QPen(theme.colour(role), 1 if role == "border_strong" else 2))
                painter.drawRoundedRect(self.place_of(mark), 3, 3)
        if self.hasFocus() and self.current is None:
            painter.setPen(QPen(theme.colour("accent"), 2))
            painter.drawRect(QRectF(self.rect()).adjusted(1, 1, -1, -1))

    # -- marks

    def place_of(self, mark: int) -> QRectF:
        """Where a mark is, in pixels of the widget."""
        assert self.drawn is not None
        left, bottom, right, top = (value / self._image.devicePixelRatio() for value in self.drawn.marks[mark].box())
        return QRectF(left, self._image.deviceIndependentSize().height() - top, right - left, top - bottom)

    def mark_at(self, at: QPoint) -> int | None:
        """The mark at a pixel of the widget."""
        if self.drawn is None:
            return None
        sharp = self._image.devicePixelRatio()
        return self.drawn.at(at.x() * sharp, self._image.height() - at.y() * sharp)

    def go_to(self, mark: int | None) -> None:
        """Choose a mark and say it."""
        self.current = mark
        self._speak()
        self.update()

    def _speak(self) -> None:
        marks = self.drawn.marks if self.drawn else ()
        if self.current is not None and self.current < len(marks):
            self.setAccessibleDescription(marks[self.current].words)
        else:
            self.setAccessibleDescription(_("Left and Right step through the marks, Enter opens what is behind one.") if marks else "")

    # -- keyboard and mouse

    def keyPressEvent(self, event: QKeyEvent) -> None:
        many = len(self.drawn.marks) if self.drawn else 0
        here = self.current
        places = {
            Qt.Key.Key_Right: 0 if here is None else min(many - 1, here + 1),
            Qt.Key.Key_Left: many - 1 if here is None else max(0, here - 1),
            Qt.Key.Key_Down: 0 if here is None else min(many - 1, here + 1),
            Qt.Key.Key_Up: many - 1 if here is None else max(0, here - 1),
            Qt.Key.Key_Home: 0,
            Qt.Key.Key_End: many - 1,
        }
        plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if many and plain and (key := Qt.Key(event.key())) in places:
            self.go_to(places[key])
            assert self.drawn is not None
            self._tip(places[key])
        elif plain and here is not None and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.on_open(here)
        else:
            super().keyPressEvent(event)

    def _tip(self, mark: int) -> None:
        assert self.drawn is not None
        words = self.drawn.marks[mark].words
        QToolTip.showText(self.mapToGlobal(self.place_of(mark).center().toPoint()), harmless_tooltip(words), self)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        hovered = self.mark_at(event.position().toPoint())
        if hovered != self._hovered:
            self._hovered = hovered
            self.setCursor(Qt.CursorShape.ArrowCursor if hovered is None else Qt.CursorShape.PointingHandCursor)
            self.update()

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._hovered = None
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        mark = self.mark_at(event.position().toPoint())
        if event.button() == Qt.MouseButton.LeftButton and mark is not None:
            self.go_to(mark)
            self.on_open(mark)
        else:
            super().mousePressEvent(event)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            mark = self.mark_at(event.pos())
            if mark is not None and self.drawn is not None:
                QToolTip.showText(event.globalPos(), harmless_tooltip(self.drawn.marks[mark].words), self)
            else:
                QToolTip.hideText()
            return True
        return super().event(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self.on_menu(event.globalPos())

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()
