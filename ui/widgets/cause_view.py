"""A drawing of causes that is written into: arrows choose a box, typing fills it, Tab asks why again."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFont, QKeyEvent, QMouseEvent, QPainter, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QGraphicsItem,
    QGraphicsScene,
    QGraphicsView,
    QLineEdit,
    QStyleOptionGraphicsItem,
    QWidget,
)

from qmdesk.documents.cause_drawing import SIZE, Box, Drawing, placed
from ui import theme

ROLES = {"problem": ("bad_soft", "bad", "text"), "branch": ("accent_soft", "accent", "text"), "why": ("surface", "border_strong", "text"), "root": ("warn_soft", "warn", "text")}
"""Ground, edge and letters of a box, as roles of the theme."""
SMALLEST = 0.75
"""A wide drawing is shown smaller, down to this; then it scrolls."""
ARROWS = {Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0), Qt.Key.Key_Up: (0, -1), Qt.Key.Key_Down: (0, 1)}


class CauseView(QGraphicsView):
    """Shows a drawing; what the user does with a box is told with its key.

    ``on_write(key, words)`` changes a box, ``on_add(key, words)`` adds below it and returns the key of what was added ("" for
    nothing), ``on_beside(key, words)`` adds after it, ``on_remove``, ``on_mark`` (the root) and ``on_move(key, step)`` likewise.
    """

    def __init__(self) -> None:
        super().__init__()
        self.setScene(QGraphicsScene(self))
        self.drawing = Drawing(1, 1, (), ())
        self.current = ""
        self.writable: Callable[[str], bool] = lambda _key: False
        self.words: Callable[[str], str] = lambda _key: ""
        self.on_write: Callable[[str, str], object] = lambda _key, _words: None
        self.on_add: Callable[[str, str], str] = lambda _key, _words: ""
        self.on_beside: Callable[[str, str], str] = lambda _key, _words: ""
        self.on_remove: Callable[[str], object] = lambda _key: None
        self.on_mark: Callable[[str], object] = lambda _key: None
        self.on_move: Callable[[str, int], object] = lambda _key, _step: None
        self.on_current: Callable[[str], object] = lambda _key: None
        self.read_only = False
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setRenderHint(QPainter.RenderHint.Antialiasing)
        self.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.line = _Line(self)

    # -- what it shows

    def show_drawing(self, drawing: Drawing) -> None:
        """Show another drawing; the chosen box stays chosen while it is there."""
        self.drawing = drawing
        scene = self.scene()
        scene.clear()
        scene.addItem(_Lines(drawing))
        for box in drawing.boxes:
            scene.addItem(_BoxItem(box, self))
        scene.setSceneRect(0, 0, drawing.width, drawing.height)
        self._fit()
        self.choose(self.current)

    def box(self, key: str) -> Box | None:
        """The box with a key."""
        return next((one for one in self.drawing.boxes if one.key == key), None)

    def choose(self, key: str) -> None:
        """Choose a box and bring it to sight; the first where there is none with this key."""
        self.current = key = key if self.box(key) or not self.drawing.boxes else self.drawing.boxes[0].key
        if (box := self.box(key)) is not None:
            self.setAccessibleDescription(" ".join(box.lines))
            self.ensureVisible(QRectF(box.x, box.y, box.width, box.height), theme.em(1), theme.em(1))
        self.viewport().update()
        self.on_current(key)

    def _fit(self) -> None:
        wide = max(SMALLEST, min(1.0, (self.viewport().width() - 4) / max(1.0, self.drawing.width))) * theme.em(1) / SIZE
        self.resetTransform()
        self.scale(wide, wide)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange and hasattr(self, "line"):
            self._fit()

    def drawBackground(self, painter: QPainter, rect: QRectF | QRect) -> None:
        painter.fillRect(rect, theme.colour("surface"))

    # -- keys

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, held = Qt.Key(event.key()), event.modifiers()
        if key in ARROWS and not held & ~Qt.KeyboardModifier.KeypadModifier:
            self._go(*ARROWS[key])
        elif key in (Qt.Key.Key_Up, Qt.Key.Key_Left, Qt.Key.Key_Down, Qt.Key.Key_Right) and held & Qt.KeyboardModifier.AltModifier:
            self.change(lambda: self.on_move(self.current, -1 if key in (Qt.Key.Key_Up, Qt.Key.Key_Left) else 1))
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_F2):
            self.write() if self.writable(self.current) else self.add()
        elif key == Qt.Key.Key_Insert:
            self.add(beside=bool(held & Qt.KeyboardModifier.ShiftModifier))
        elif key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.change(lambda: self.on_remove(self.current))
        elif key == Qt.Key.Key_Space:
            self.change(lambda: self.on_mark(self.current))
        elif event.text().strip() and not held & (Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier):
            self.write(event.text()) if self.writable(self.current) else self.add(event.text())
        else:
            super().keyPressEvent(event)

    def change(self, change: Callable[[], object]) -> None:
        """Do something with the chosen box, where it may be changed."""
        if not self.read_only and self.writable(self.current):
            change()

    def _go(self, right: int, down: int) -> None:
        """Choose the nearest box in a direction."""
        here = self.box(self.current)
        if here is None:
            return
        x, y = here.x + here.width / 2, here.y + here.height / 2

        def far(one: Box) -> float | None:
            dx, dy = one.x + one.width / 2 - x, one.y + one.height / 2 - y
            ahead, aside = (dx * right, abs(dy)) if right else (dy * down, abs(dx))
            return ahead + 2.5 * aside if ahead > 1 and one.key != here.key else None

        reached = [(distance, one.key) for one in self.drawing.boxes if (distance := far(one)) is not None]
        if reached:
            self.choose(min(reached)[1])

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.line.keep()
        item = self.itemAt(event.position().toPoint())
        if isinstance(item, _BoxItem):
            self.choose(item.box.key)
        super().mousePressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if isinstance(self.itemAt(event.position().toPoint()), _BoxItem):
            self.write() if self.writable(self.current) else self.add()

    # -- writing

    def write(self, begun: str = "") -> None:
        """Write the chosen box anew, begun with what was typed."""
        box = self.box(self.current)
        if box is not None and not self.read_only and self.writable(self.current):
            self.line.open(self._place(box, below=False), begun or self.words(box.key), selected=not begun, keep=lambda words: self.on_write(box.key, words))

    def add(self, begun: str = "", *, beside: bool = False) -> None:
        """Write an answer to why of the chosen box, or another answer beside it; nothing is there until it is written."""
        box = self.box(self.current)
        if box is None or self.read_only:
            return
        do = self.on_beside if beside and self.writable(box.key) else self.on_add

        def keep(words: str) -> None:
            if added := do(box.key, words):
                self.choose(added)

        self.line.open(self._place(box, below=True), begun, selected=False, keep=keep)

    def _place(self, box: Box, *, below: bool) -> QRect:
        """Where the line stands: over a box, or under it."""
        rect = self.mapFromScene(QRectF(box.x, box.y, box.width, box.height)).boundingRect()
        if below:
            rect.translate(0, rect.height() + theme.em(0.3))
        rect.setWidth(max(rect.width(), theme.em(20)))
        rect.setHeight(self.line.sizeHint().height())
        port = self.viewport().rect()
        rect.moveLeft(max(port.left(), min(rect.left(), port.right() - rect.width())))
        rect.moveTop(max(port.top(), min(rect.top(), port.bottom() - rect.height())))
        return rect


class _Line(QLineEdit):
    """The line that lies over the drawing while one writes: Enter keeps, Tab keeps and asks why again, Escape lets go."""

    def __init__(self, view: CauseView) -> None:
        super().__init__(view.viewport())
        self._view = view
        self._keep: Callable[[str], object] | None = None
        self.setMaxLength(500)
        self.hide()
        self.installEventFilter(self)

    def open(self, place: QRect, words: str, *, selected: bool, keep: Callable[[str], object]) -> None:
        """Take words; ``keep`` gets them when they are kept."""
        self._keep = keep
        self.setText(words)
        self.setGeometry(place)
        self.show()
        self.setFocus()
        if selected:
            self.selectAll()

    def keep(self) -> bool:
        """Keep what is written; False where nothing is."""
        do, self._keep = self._keep, None
        words = self.text().strip()
        if do is None:
            return False
        had = self.hasFocus()
        self.hide()
        if had:
            self._view.setFocus()
        if words:
            do(words)
        return bool(words)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            if event.key() == Qt.Key.Key_Tab:
                if self.keep():
                    self._view.add()
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                if self.keep() and event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
                    self._view.add(beside=True)
                return True
            if event.key() == Qt.Key.Key_Escape:
                self._keep = None
                self.hide()
                self._view.setFocus()
                return True
        elif event.type() == QEvent.Type.FocusOut and self.isVisible():
            self.keep()  # what was written is not lost by looking elsewhere
        return super().eventFilter(watched, event)


class _Lines(QGraphicsItem):
    """All lines of a drawing."""

    def __init__(self, drawing: Drawing) -> None:
        super().__init__()
        self._drawing = drawing

    def boundingRect(self) -> QRectF:
        return QRectF(0, 0, self._drawing.width, self._drawing.height)

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        for line in self._drawing.lines:
            pen = QPen(theme.colour("muted" if line.strong else "border_strong"), 2.4 if line.strong else 1.2)
            pen.setCapStyle(Qt.PenCapStyle.RoundCap)
            painter.setPen(pen)
            painter.drawLine(QPointF(line.x1, line.y1), QPointF(line.x2, line.y2))


class _BoxItem(QGraphicsItem):
    """One box with its words, in the colours of now."""

    def __init__(self, box: Box, view: CauseView) -> None:
        super().__init__()
        self.box, self._view = box, view

    def boundingRect(self) -> QRectF:
        return QRectF(self.box.x, self.box.y, self.box.width, self.box.height).adjusted(-3, -3, 3, 3)

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        box, chosen = self.box, self._view.current == self.box.key
        ground, edge, ink = (theme.colour(name) for name in ROLES[box.role])
        rect = QRectF(box.x, box.y, box.width, box.height)
        if box.framed or box.role == "root":
            painter.setBrush(QBrush(ground))
            painter.setPen(QPen(edge if box.framed else ground, 1))
            painter.drawRoundedRect(rect, 5, 5)
        if chosen:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(theme.colour("accent") if self._view.hasFocus() or self._view.line.isVisible() else theme.colour("border_strong"), 2.4))
            painter.drawRoundedRect(rect.adjusted(-1.5, -1.5, 1.5, 1.5), 6, 6)
        painter.setPen(QColor(ink))
        for x, y, text, size in placed(box):
            font = QFont("DejaVu Sans")
            font.setPixelSize(size)
            font.setBold(box.role in ("problem", "branch"))
            painter.setFont(font)
            painter.drawText(QPointF(x, y), text)
