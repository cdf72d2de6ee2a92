"""The map of a process as it is drawn in the window: walked with the arrow keys, edited by typing, by keys and by the mouse."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetricsF,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPainterPathStroker,
    QPen,
    QPolygonF,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import (
    QFrame,
    QGraphicsItem,
    QGraphicsScene,
    QGraphicsView,
    QLineEdit,
    QStyleOptionGraphicsItem,
    QWidget,
)

from qmdesk.documents import process_map
from qmdesk.documents.process_map import Drawing, Lane, Line, Node
from qmdesk.i18n import _
from qmdesk.records.process import StepKind
from ui import theme
from ui.panels.process_edit import ProcessEdit

LEAST, MOST = 0.35, 2.5
FITTED = (0.8, 1.15)
"""How small and how large the drawing is made by itself; beyond, it is scrolled."""


def _font(high: float, *, bold: bool = False) -> QFont:
    font = theme.font("strong" if bold else "body")
    font.setPixelSize(round(high))
    return font


def _write(painter: QPainter, middle: float, base: float, words: str, font: QFont, ink: QColor, room: float) -> None:
    """A line of text, its letters narrower where it would not fit."""
    wide = QFontMetricsF(font).horizontalAdvance(words)
    painter.save()
    painter.setFont(font)
    painter.setPen(ink)
    painter.translate(middle, base)
    if wide > room:
        painter.scale(room / wide, 1)
    painter.drawText(QPointF(-wide / 2, 0), words)
    painter.restore()


def _lane_ground(at: int) -> QColor:
    return theme.colour("sunken" if at % 2 == 0 else "background")


class _LaneItem(QGraphicsItem):
    """The ground of a lane."""

    def __init__(self, lane: Lane, at: int, high: float) -> None:
        super().__init__()
        self._lane, self._at, self._high = lane, at, high
        self.setZValue(-2)

    def boundingRect(self) -> QRectF:
        return QRectF(self._lane.x - 7, process_map.MARGIN / 2, self._lane.width + 14, self._high - process_map.MARGIN)

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(_lane_ground(self._at))
        painter.drawRoundedRect(self.boundingRect(), 6, 6)


class LineItem(QGraphicsItem):
    """An arrow; a click chooses it."""

    def __init__(self, line: Line) -> None:
        super().__init__()
        self.line = line
        self._path = QPainterPath(QPointF(*line.points[0]))
        for x, y in line.points[1:]:
            self._path.lineTo(x, y)
        self.setZValue(-1)
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemIsSelectable)

    def boundingRect(self) -> QRectF:
        room = process_map.width_of(self.line.label, process_map.SMALL) + 8 if self.line.label else 0.0
        x, y = self.line.label_at
        return self._path.boundingRect().adjusted(-6, -6, 6, 6).united(QRectF(x - 2, y - 14, room, 20) if room else QRectF())

    def shape(self) -> QPainterPath:
        stroker = QPainterPathStroker()
        stroker.setWidth(9)
        return stroker.createStroke(self._path)

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ink = theme.colour("accent" if self.isSelected() else "muted")
        painter.setPen(QPen(ink, 2.4 if self.isSelected() else 1.4, Qt.PenStyle.SolidLine))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPath(self._path)
        x, y = self.line.points[-1]
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ink)
        painter.drawPolygon(QPolygonF([QPointF(x, y), QPointF(x - 4, y - 8), QPointF(x + 4, y - 8)]))
        if self.line.label:
            painter.setFont(_font(process_map.SMALL))
            painter.setPen(theme.colour("accent" if self.isSelected() else "text"))
            painter.drawText(QPointF(*self.line.label_at), self.line.label)


class NodeItem(QGraphicsItem):
    """A step's box."""

    def __init__(self, node: Node) -> None:
        super().__init__()
        self.node = node
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemIsSelectable)
        self.setToolTip("\n".join((" ".join(node.lines), *(note.words for note in node.notes))))

    def boundingRect(self) -> QRectF:
        return QRectF(self.node.x, self.node.y, self.node.width, self.node.height).adjusted(-4, -4, 4, 4)

    def shape(self) -> QPainterPath:
        path = QPainterPath()
        if self.node.kind is StepKind.DECISION:
            path.addPolygon(QPolygonF([QPointF(x, y) for x, y in process_map.outline(self.node)]))
            path.closeSubpath()
        else:
            around = process_map.rounding(self.node)
            path.addRoundedRect(QRectF(self.node.x, self.node.y, self.node.width, self.node.height), around, around)
        return path

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        node = self.node
        edge, ground = (theme.colour(node.tone), theme.colour(f"{node.tone}_soft")) if node.tone else (theme.colour("border_strong"), theme.colour("raised"))
        painter.setPen(QPen(edge, 2.2 if node.tone == "bad" else 1.3))
        painter.setBrush(ground)
        painter.drawPath(self.shape())
        if self.isSelected():
            painter.setPen(QPen(theme.colour("accent"), 3.2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawPath(self.shape())
        room = process_map.inner(node)
        for words, y, tone in process_map.texts(node):
            font = _font(process_map.LETTERS if tone is None else process_map.SMALL, bold=tone is not None)
            _write(painter, node.x + node.width / 2, y, words, font, theme.colour(tone or "text"), room)


class _NameLine(QLineEdit):
    """Typed into where the name stands; Enter keeps it, Escape and leaving an empty one do not."""

    def __init__(self, parent: QWidget, done: Callable[[str], object], given_up: Callable[[], object]) -> None:
        super().__init__(parent)
        self._done, self._given_up, self._over = done, given_up, False
        self.setMaxLength(120)
        self.installEventFilter(self)

    def _keep(self) -> None:
        if not self._over:
            self._over = True
            self.hide()
            self._done(self.text())
            self.deleteLater()

    def give_up(self) -> None:
        """Go away without keeping anything or telling anybody."""
        self._over = True
        self.hide()
        self.deleteLater()

    def _leave(self) -> None:
        if not self._over:
            self._over = True
            self.hide()
            self._given_up()
            self.deleteLater()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.FocusOut:
            self._keep() if self.text().strip() else self._leave()
        elif event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape:
            event.accept()
        elif event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape:
            self._leave()
            return True
        elif event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._keep()  # here, because a line hands Enter on to the drawing, which would open the next one
            return True
        return False


class ProcessDrawing(QGraphicsView):
    """Shows a drawing; the chosen step is told to ``on_current``, what it is asked to be opened to ``on_open``."""

    def __init__(self, edit: ProcessEdit, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.edit = edit
        self.on_current: Callable[[int], object] = lambda _step: None
        self.on_open: Callable[[int], object] = lambda _step: None
        self.on_say: Callable[[str], object] = lambda _sentence: None
        """Takes a sentence about what is going on: where an arrow may lead to."""
        self.drawing = Drawing(0, 0, (), (), ())
        self.line: _NameLine | None = None
        self._zoom: float | None = None  # None: as it fits
        self._from = 0  # the step an arrow is being drawn from
        self._pressed: QPointF | None = None
        self.setScene(QGraphicsScene(self))
        self.setViewportUpdateMode(QGraphicsView.ViewportUpdateMode.FullViewportUpdate)  # the lanes' names stand still
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(_("Map of the process"))
        self.scene().selectionChanged.connect(self._chosen)

    # -- what it shows

    def show_drawing(self, drawing: Drawing, current: int = 0) -> None:
        """Show a drawing with this step chosen."""
        scene = self.scene()
        scene.blockSignals(True)
        self.drawing, self._from = drawing, 0
        scene.clear()
        for at, lane in enumerate(drawing.lanes):
            scene.addItem(_LaneItem(lane, at, drawing.height))
        for line in drawing.lines:
            scene.addItem(LineItem(line))
        for node in drawing.nodes:
            scene.addItem(NodeItem(node))
        scene.setSceneRect(0, 0, drawing.width, drawing.height)
        scene.setBackgroundBrush(theme.colour("surface"))
        scene.blockSignals(False)
        self._fit()
        self.choose(current if drawing.node(current) else drawing.nodes[0].step if drawing.nodes else 0)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.ApplicationPaletteChange and self.scene() is not None:
            self.scene().setBackgroundBrush(theme.colour("surface"))

    def drawForeground(self, painter: QPainter, rect: QRectF | QRect) -> None:
        """The names of the lanes, which stay in sight while the map is scrolled."""
        if not any(lane.name for lane in self.drawing.lanes):
            return
        top = max(process_map.MARGIN / 2, self.mapToScene(0, 0).y())
        font, ink = _font(process_map.LETTERS, bold=True), theme.colour("muted")
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for at, lane in enumerate(self.drawing.lanes):
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(_lane_ground(at))
            painter.drawRect(QRectF(lane.x - 7, top, lane.width + 14, 26) if top > process_map.MARGIN else QRectF())
            _write(painter, lane.x + lane.width / 2, top + 19, lane.name or "–", font, ink, lane.width)

    @property
    def current(self) -> int:
        """The chosen step, 0 for none."""
        return next((item.node.step for item in self.scene().selectedItems() if isinstance(item, NodeItem)), 0)

    @property
    def current_line(self) -> Line | None:
        """The chosen arrow."""
        return next((item.line for item in self.scene().selectedItems() if isinstance(item, LineItem)), None)

    def _item(self, step: int) -> NodeItem | None:
        return next((item for item in self.scene().items() if isinstance(item, NodeItem) and item.node.step == step), None)

    def choose(self, step: int) -> None:
        """Choose a step and bring it into sight."""
        item = self._item(step)
        if item is None:
            return
        if step != self.current:
            self.scene().clearSelection()
            item.setSelected(True)
        self.ensureVisible(item, 20, 40)  # below the lanes' names
        self.setAccessibleDescription(item.toolTip())

    def _chosen(self) -> None:
        if (step := self.current) and not self._from:
            self.on_current(step)

    # -- zoom

    def _fit(self) -> None:
        wide = self.viewport().width() - 4
        base = theme.em(1) / process_map.LETTERS
        fitting = min(FITTED[1] * base, max(FITTED[0] * base, wide / self.drawing.width if self.drawing.width else 1.0))
        scale = fitting if self._zoom is None else self._zoom
        self.resetTransform()
        self.scale(scale, scale)

    def zoom(self, factor: float) -> None:
        """Make the drawing larger or smaller; 0 lets it fit again."""
        now = self.transform().m11()
        self._zoom = min(MOST, max(LEAST, now * factor)) if factor else None
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def wheelEvent(self, event: QWheelEvent) -> None:
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.zoom(1.15 if event.angleDelta().y() > 0 else 1 / 1.15)
        else:
            super().wheelEvent(event)

    # -- keys

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, ctrl = event.key(), bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        line, step = self.current_line, self.current
        ways = {Qt.Key.Key_Up: (0, -1), Qt.Key.Key_Down: (0, 1), Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0)}
        if key in ways and ctrl and step:
            across, along = ways[Qt.Key(key)]
            self.edit.move(step, along) if along else self.edit.to_lane(step, across)
        elif key in ways:
            self._walk(*ways[Qt.Key(key)])
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._from:
            self.end_arrow(step)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and ctrl and step:
            self.on_open(step)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_F2):
            self.name_line(line) if line else self.rename(step)
        elif key == Qt.Key.Key_Insert:
            self.insert()
        elif key == Qt.Key.Key_Delete:
            self.remove()
        elif key == Qt.Key.Key_A and not ctrl:
            self.begin_arrow()
        elif key == Qt.Key.Key_Escape and self._from:
            self._stop_arrow()
        elif event.text() in ("+", "-", "0"):
            self.zoom({"+": 1.15, "-": 1 / 1.15, "0": 0.0}[event.text()])
        else:
            super().keyPressEvent(event)

    def _walk(self, across: int, along: int) -> None:
        """Choose the nearest step in a direction."""
        here = self.drawing.node(self.current)
        if here is None:
            self.choose(self.drawing.nodes[0].step if self.drawing.nodes else 0)
            return
        middle = here.x + here.width / 2
        if along:
            ahead = [node for node in self.drawing.nodes if (node.row - here.row) * along > 0]
            best = min(ahead, key=lambda node: (abs(node.row - here.row), abs(node.x + node.width / 2 - middle)), default=None)
        else:
            ahead = [node for node in self.drawing.nodes if (node.x + node.width / 2 - middle) * across > 1]
            best = min(ahead, key=lambda node: (abs(node.row - here.row), abs(node.x - here.x)), default=None)
        if best is not None:
            self.choose(best.step)

    # -- names

    def rename(self, step: int) -> None:
        """Type another name where it stands."""
        node = self.drawing.node(step)
        if node is not None and self.edit.writable:
            self._type(QRectF(node.x, node.y, node.width, 30), self.edit.flow.step(step).name, lambda name: self.edit.rename(step, name))

    def insert(self) -> None:
        """Type the name of a step that comes after the chosen one."""
        if not self.edit.writable:
            return
        node, after = self.drawing.node(self.current), self.current
        place = QRectF(node.x, node.y + node.height + 4, node.width, 30) if node else QRectF(20, 20, 180, 30)

        def add(name: str) -> None:
            if made := self.edit.add(name, after):
                self.choose(made)

        self._type(place, "", add)

    def name_line(self, line: Line) -> None:
        """Type when this way is taken."""
        x, y = line.points[len(line.points) // 2]
        self._type(QRectF(x - 60, y - 15, 120, 30), line.label, lambda words: self.edit.label(line.start, line.end, words), empty=True)

    def _type(self, place: QRectF, words: str, done: Callable[[str], object], *, empty: bool = False) -> None:
        self.ensureVisible(place, 10, 10)
        spot = self.mapFromScene(place).boundingRect()

        def finish(text: str) -> None:
            self.line = None
            self.setFocus()
            if text.strip() or empty:
                done(text)

        self.line = _NameLine(self.viewport(), finish, lambda: finish(words) if empty else finish(""))
        self.line.setAccessibleName(_("Name"))
        self.line.setPlaceholderText(_("Name"))
        self.line.setText(words)
        self.line.selectAll()
        high = self.line.sizeHint().height()
        self.line.setGeometry(spot.left(), spot.top(), max(spot.width(), theme.em(13)), high)
        self.line.show()
        self.line.setFocus()

    def stop_typing(self) -> None:
        """Another map is shown: what was being typed about this one is not kept."""
        if self.line is not None:
            line, self.line = self.line, None
            line.give_up()

    def remove(self) -> None:
        """Take the chosen step or arrow away."""
        if (line := self.current_line) is not None:
            if line.link:
                self.edit.disconnect(line.link)
            else:
                self.on_say(_("This arrow follows the order of the steps. Draw another one from its beginning (A), and it is an arrow like any other."))
        elif step := self.current:
            left = self.edit.remove(step)
            self.choose(left)

    # -- arrows

    def begin_arrow(self) -> None:
        """Draw an arrow from the chosen step: the next step chosen with Enter or a click is where it leads."""
        if self.current and self.edit.writable:
            self._from = self.current
            name = self.edit.flow.step(self._from).name
            self.on_say(_("Where does the way from “{step}” lead? Choose a step with the arrow keys and press Enter, or click it. Escape leaves it.").format(step=name))

    def end_arrow(self, step: int) -> None:
        """Let the arrow that is being drawn lead to this step."""
        start = self._from
        self._stop_arrow()
        if step and start:
            self.edit.connect(start, step)
            self.choose(start)

    def _stop_arrow(self) -> None:
        self._from = 0
        self.on_say("")

    # -- the mouse

    def _node_at(self, event: QMouseEvent) -> NodeItem | None:
        return next((item for item in self.items(event.position().toPoint()) if isinstance(item, NodeItem)), None)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        item = self._node_at(event)
        if self._from and item is not None:
            self.end_arrow(item.node.step)
            return
        super().mousePressEvent(event)
        self._pressed = event.position() if item is not None and event.button() == Qt.MouseButton.LeftButton else None

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A step dragged onto another one draws an arrow between them."""
        start, item = self.current, self._node_at(event)
        super().mouseReleaseEvent(event)
        if self._pressed is not None and item is not None and start and item.node.step != start:
            self.edit.connect(start, item.node.step)
            self.choose(start)
        self._pressed = None
        self.viewport().unsetCursor()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        if self._pressed is not None and (event.position() - self._pressed).manhattanLength() > theme.em(1):
            self.viewport().setCursor(Qt.CursorShape.DragLinkCursor)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        item = self._node_at(event)
        if item is not None:
            self.choose(item.node.step)
            self.rename(item.node.step)
        elif (line := self.current_line) is not None:
            self.name_line(line)
