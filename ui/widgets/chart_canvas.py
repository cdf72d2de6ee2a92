"""A chart in the window, drawn by matplotlib: its marks can be clicked, stepped through by keys and are spoken."""

from __future__ import annotations

from collections.abc import Callable

from matplotlib.backends.backend_qtagg import FigureCanvasQTAgg
from PySide6.QtCore import QEvent, QPoint, QRectF, QSize, Qt, QTimer
from PySide6.QtGui import (
    QContextMenuEvent,
    QFocusEvent,
    QFontInfo,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QApplication, QSizePolicy, QToolTip, QWidget

from qmdesk.analysis.drawing import DPI, Chart, Drawn, Look, Palette
from qmdesk.i18n import _, language
from ui import theme
from ui.widgets.plain_label import harmless_tooltip

REDRAW_MS = 40
"""While a window is drawn larger its charts are drawn once it pauses."""


def palette() -> Palette:
    """The colours of charts in the window's scheme."""
    now = theme.tokens()
    return Palette(**{name: getattr(now, name) for name in Palette.__annotations__})


class _Plate(FigureCanvasQTAgg):
    """matplotlib's own canvas with one figure; the keyboard, the mouse and the chosen mark are its owner's."""

    def __init__(self, drawn: Drawn, owner: ChartCanvas) -> None:
        super().__init__(drawn.figure)  # type: ignore[no-untyped-call]
        self._owner = owner
        self.setParent(owner)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)  # type: ignore[no-untyped-call]
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._owner.paint_over(painter)
        painter.end()


class ChartCanvas(QWidget):
    """Shows one chart, drawn anew for its size, the text's size and the scheme.

    ``on_open`` is told which mark was clicked or chosen by Enter; Left and Right, Home and End step through the marks.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.on_open: Callable[[int], object] = lambda _mark: None
        self.on_menu: Callable[[QPoint], object] = lambda _at: None
        self.chart: Chart | None = None
        self.drawn: Drawn | None = None
        self.current: int | None = None
        self._plate: _Plate | None = None
        self._hovered: int | None = None
        self._soon = QTimer(self, singleShot=True, interval=REDRAW_MS)
        self._soon.timeout.connect(self.redraw)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def sizeHint(self) -> QSize:
        return QSize(theme.em(50), theme.em(26))

    def minimumSizeHint(self) -> QSize:
        return QSize(theme.em(22), theme.em(14))

    # -- drawing

    def show_chart(self, chart: Chart) -> None:
        """Show another chart; the chosen mark stays where there are as many."""
        self.chart = chart
        self.redraw()

    @property
    def look(self) -> Look:
        """How a chart is drawn for this place."""
        points = QFontInfo(QApplication.font()).pixelSize() * 72 / DPI
        return Look(palette(), points, max(2.0, self.width() / DPI), max(1.5, self.height() / DPI), language())

    def redraw(self) -> None:
        """Draw the chart for the size and the colours of now."""
        self._soon.stop()
        if self.chart is None:
            return
        if self._plate is not None:
            self._plate.hide()
            self._plate.deleteLater()
        self.drawn = self.chart.draw(self.look)
        if self.current is not None and self.current >= len(self.drawn.marks):
            self.current = None
        self._hovered = None
        self._plate = _Plate(self.drawn, self)
        self._plate.setGeometry(self.rect())
        self._plate.show()
        about = self.chart.about
        self.setAccessibleName(" ".join(part for part in (about.title, about.scope, about.sentence) if part))
        self._speak()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self.chart is None:
            return
        if self.isVisible() and self._plate is not None and self._plate.size() != QSize(0, 0) and event.oldSize().isValid():
            self._soon.start()
        else:
            self.redraw()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.FontChange) and self.chart is not None:
            self._soon.start()

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
        left, bottom, right, top = (value * DPI / self.drawn.figure.dpi for value in self.drawn.marks[mark].box())
        return QRectF(left, self.height() - top, right - left, top - bottom)

    def mark_at(self, at: QPoint) -> int | None:
        """The mark at a pixel of the widget."""
        if self.drawn is None:
            return None
        factor = self.drawn.figure.dpi / DPI
        return self.drawn.at(at.x() * factor, (self.height() - at.y()) * factor)

    def go_to(self, mark: int | None) -> None:
        """Choose a mark and say it."""
        self.current = mark
        self._speak()
        if self._plate is not None:
            self._plate.update()

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
            if self._plate is not None:
                self._plate.update()

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._hovered = None
        if self._plate is not None:
            self._plate.update()

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
        if self._plate is not None:
            self._plate.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if self._plate is not None:
            self._plate.update()
