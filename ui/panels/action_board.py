"""The actions under way as cards in four columns: plan, do, check, act (PDCA); moved by dragging or with keys, step by step."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import (
    QDragEnterEvent,
    QDragMoveEvent,
    QDropEvent,
    QFontMetrics,
    QKeyEvent,
    QPainter,
    QTextOption,
)
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from qmdesk.i18n import N_, _
from qmdesk.operations.action_reading import open_tasks
from qmdesk.records.action_steps import ActionStep, next_step
from qmdesk.records.improvement import RUNNING_STATES, Action, ActionState
from qmdesk.register import clock
from qmdesk.schema import types
from qmdesk.schema.query import Condition, Order, Query
from ui import theme
from ui.desk import Desk
from ui.dialogs.action_step import do_step
from ui.panels.action_words import days, what_next
from ui.tables.paint import Cell
from ui.widgets.pill import paint_pill, pill_size
from ui.widgets.plain_label import PlainLabel, harmless_tooltip

COLUMNS: tuple[tuple[str, str, tuple[ActionState, ...]], ...] = (
    (N_("Plan"), N_("cause and goal"), (ActionState.OPEN, ActionState.ANALYSED)),
    (N_("Do"), N_("tasks"), (ActionState.PLANNED,)),
    (N_("Check"), N_("did it help?"), (ActionState.DONE,)),
    (N_("Act"), N_("make it the rule"), (ActionState.EFFECTIVE,)),
)
_ID = Qt.ItemDataRole.UserRole
_CARD = _ID + 1
Index = QModelIndex | QPersistentModelIndex


def running() -> Query:
    """The actions that are not over, the nearest day first."""
    return Query(Action, (Condition("state", types.ONE_OF, RUNNING_STATES),)).by(Order("due_on"))


def column_of(state: ActionState) -> int:
    """The column a state stands in; beyond the last when it is over."""
    return next((place for place, (_words, _hint, states) in enumerate(COLUMNS) if state in states), len(COLUMNS))


class Board(QWidget):
    """Shows the cards; ``on_open`` is called with the id of the one the user opens."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.on_open: Callable[[int], object] = lambda _id: None
        self.columns: list[_Column] = []
        self._heads: list[PlainLabel] = []
        sides = QHBoxLayout(self)
        edge = theme.em(1)
        sides.setContentsMargins(edge, 0, edge, edge)
        sides.setSpacing(theme.em(0.8))
        for place, (_words, hint, _states) in enumerate(COLUMNS):
            frame = QFrame()
            theme.mark(frame, "card")
            rows = QVBoxLayout(frame)
            rows.setContentsMargins(*[theme.em(0.6)] * 4)
            rows.setSpacing(theme.em(0.2))
            head, column = PlainLabel("", "heading"), _Column(self, place)
            rows.addWidget(head)
            rows.addWidget(PlainLabel(_(hint), "small"))
            rows.addWidget(column, 1)
            self._heads.append(head)
            self.columns.append(column)
            sides.addWidget(frame, 1)

    def refresh(self) -> None:
        """Ask the register again; the chosen card stays chosen, in whatever column it stands now."""
        chosen = self.current_id
        cards: list[list[tuple[Action, str]]] = [[] for _column in COLUMNS]
        found = self.desk.register.rows(Action, self.desk.register.ids(running()))
        for action, titles in found:
            cards[column_of(action.state)].append((action, titles["owner"]))
        for column, head, own, (words, _hint, _states) in zip(self.columns, self._heads, cards, COLUMNS, strict=True):
            head.setText(_("{words} ({count})").format(words=_(words), count=len(own)))
            column.show_cards(own)
        if chosen is not None:
            self.go_to(chosen)

    @property
    def current_id(self) -> int | None:
        """The card that is chosen, in the column that had the keyboard last."""
        chosen = [column for column in self.columns if column.currentItem()]
        column = next((one for one in chosen if one.hasFocus()), chosen[0] if chosen else None)
        return column.currentItem().data(_ID) if column else None

    def go_to(self, action_id: int) -> None:
        """Choose a card, in whatever column it stands."""
        for column in self.columns:
            column.setCurrentRow(-1)
            for row in range(column.count()):
                if column.item(row).data(_ID) == action_id:
                    column.setCurrentRow(row)

    def _follow(self) -> None:
        """Give the keyboard to the column of the chosen card."""
        for column in self.columns:
            if column.currentItem():
                column.setFocus(Qt.FocusReason.OtherFocusReason)

    def turn(self, place: int, step: int) -> None:
        """Give the keyboard to the next column that has cards, to the right or to the left."""
        while 0 <= (place := place + step) < len(self.columns):
            column = self.columns[place]
            if column.count():
                for other in self.columns:
                    other.setCurrentRow(-1)
                column.setCurrentRow(0)
                column.setFocus(Qt.FocusReason.OtherFocusReason)
                return

    def lead(self, action_id: int, place: int) -> None:
        """Lead an action on to a column, asking for what each step on the way needs; no step back and none left out."""
        action = self.desk.register.get(Action, action_id)
        if place < column_of(action.state):
            self.desk.ask.tell(_("An action does not go back. Where it did not help, say so when you check it: another one goes on with it."), parent=self)
            return
        while column_of(action.state) < place:
            step = self._next(action)
            if step is None:
                self.desk.ask.tell(_("{number}: {why}").format(number=action.number, why=what_next(self.desk.register, action)), parent=self)
                return
            led_to = do_step(self.desk, action, step, self)
            self._follow()
            if led_to is None or led_to.id != action.id:
                return
            action = led_to

    def _next(self, action: Action) -> ActionStep | None:
        return next_step(action, open_tasks(self.desk.register, action), clock().date())

    def go_on(self, action_id: int) -> None:
        """Do the next step of an action."""
        action = self.desk.register.get(Action, action_id)
        if step := self._next(action):
            do_step(self.desk, action, step, self)
            self._follow()
        else:
            self.desk.ask.tell(_("{number}: {why}").format(number=action.number, why=what_next(self.desk.register, action)), parent=self)

    def stops(self) -> Sequence[QWidget]:
        """Where F6 leads the keyboard: the first column with cards."""
        return (next((column for column in self.columns if column.count()), self.columns[0]),)


class _Column(QListWidget):
    """One column: the cards of its states, dropped on by those of other columns."""

    def __init__(self, board: Board, place: int) -> None:
        super().__init__()
        self._board, self._place = board, place
        self.setAccessibleName(_(COLUMNS[place][0]))
        theme.mark(self, "plain")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setVerticalScrollMode(QListWidget.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSpacing(theme.em(0.25))
        self.setItemDelegate(_Card(self))
        self.setDragEnabled(not board.desk.register.read_only)
        self.setAcceptDrops(True)
        self.setDefaultDropAction(Qt.DropAction.MoveAction)
        self.itemActivated.connect(lambda item: board.on_open(item.data(_ID)))

    def show_cards(self, cards: Sequence[tuple[Action, str]]) -> None:
        """Show these actions with the names of their owners."""
        self.clear()
        for action, owner in cards:
            left = days(action)
            item = QListWidgetItem(action.name)
            item.setData(_ID, action.id)
            item.setData(_CARD, (action.number, owner, left))
            item.setData(Qt.ItemDataRole.AccessibleTextRole, ", ".join(part for part in (action.number, action.name, owner, left.text) if part))
            item.setToolTip(harmless_tooltip(action.name))
            self.addItem(item)

    # -- keys

    def keyPressEvent(self, event: QKeyEvent) -> None:
        item, key = self.currentItem(), event.key()
        held = event.modifiers() & Qt.KeyboardModifier.ControlModifier
        if key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            step = 1 if key == Qt.Key.Key_Right else -1
            if held and item is not None:
                self._board.lead(item.data(_ID), self._place + step)
            else:
                self._board.turn(self._place, step)
        elif key == Qt.Key.Key_D and item is not None:
            self._board.go_on(item.data(_ID))
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and item is not None:
            self._board.on_open(item.data(_ID))
        else:
            super().keyPressEvent(event)

    # -- dragging

    def _dragged(self, event: QDropEvent) -> int | None:
        source = event.source()
        item = source.currentItem() if isinstance(source, _Column) and source is not self and source._board is self._board else None
        return item.data(_ID) if item else None

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        self._take(event)

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        self._take(event)

    def _take(self, event: QDropEvent) -> None:
        if self._dragged(event) is not None:
            event.setDropAction(Qt.DropAction.CopyAction)  # the card moves when its step is done, not before
            event.accept()
        else:
            event.ignore()

    def dropEvent(self, event: QDropEvent) -> None:
        action_id = self._dragged(event)
        self._take(event)
        if action_id is not None:
            self._board.lead(action_id, self._place)


class _Card(QStyledItemDelegate):
    """Draws an action: what it is about in two lines, its number and owner, how its days stand."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        column = self.parent()
        wide = column.viewport().width() - 2 * theme.em(0.25) - 2
        return QSize(wide, self._lines(index, wide) * QFontMetrics(theme.font("strong")).lineSpacing() + QFontMetrics(theme.font("small")).height() + self._pill(index) + theme.em(1.4))

    def _lines(self, index: Index, wide: int) -> int:
        metrics = QFontMetrics(theme.font("strong"))
        needed = metrics.boundingRect(QRect(0, 0, wide - theme.em(1.4), 10_000), Qt.TextFlag.TextWordWrap, str(index.data())).height()
        return min(3, max(1, round(needed / metrics.lineSpacing())))

    def _pill(self, index: Index) -> int:
        left: Cell = index.data(_CARD)[2]
        return pill_size(left.text, theme.font("small"), left.icon).height() + theme.em(0.3) if left.text else 0

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        number, owner, left = index.data(_CARD)
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        focused = chosen and bool(option.state & QStyle.StateFlag.State_HasFocus)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(theme.colour("accent" if focused else "border_strong" if chosen else "border"))
        painter.setBrush(theme.colour("selection" if focused else "surface"))
        ground = QRectF(option.rect).adjusted(1, 1, -1, -1)
        painter.drawRoundedRect(ground, theme.em(0.4), theme.em(0.4))
        inner = ground.adjusted(theme.em(0.7), theme.em(0.5), -theme.em(0.7), -theme.em(0.5))
        painter.setFont(theme.font("strong"))
        painter.setPen(theme.colour("text"))
        wrap = QTextOption()
        wrap.setWrapMode(QTextOption.WrapMode.WordWrap)
        high = self._lines(index, round(ground.width())) * QFontMetrics(theme.font("strong")).lineSpacing()
        painter.drawText(QRectF(inner.left(), inner.top(), inner.width(), high + 1), str(index.data()), wrap)
        painter.setFont(theme.font("small"))
        painter.setPen(theme.colour("muted"))
        metrics = QFontMetrics(theme.font("small"))
        below = QRectF(inner.left(), inner.top() + high + theme.em(0.15), inner.width(), metrics.height())
        told = " · ".join(part for part in (number, owner) if part)
        painter.drawText(below, Qt.AlignmentFlag.AlignVCenter, metrics.elidedText(told, Qt.TextElideMode.ElideRight, round(inner.width())))
        painter.restore()
        if left.text:
            place = QRect(round(inner.left()), round(below.bottom() + theme.em(0.25)), round(inner.width()), self._pill(index) - theme.em(0.3))
            paint_pill(painter, place, left.text, left.role or "neutral", theme.font("small"), left.icon)
