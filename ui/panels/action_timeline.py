"""The actions under way on a line of time: from their beginning to their day, the waiting until the check, what is late."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QScrollArea, QToolTip, QVBoxLayout, QWidget

from qmdesk.i18n import _, show_day, show_month
from qmdesk.operations.action_reading import UNDER_WAY
from qmdesk.records.improvement import Action, ActionState
from qmdesk.register import clock
from ui import theme
from ui.desk import Desk
from ui.panels.action_board import running
from ui.panels.action_words import days
from ui.widgets.plain_label import PlainLabel, harmless_tooltip


class Timeline(QWidget):
    """The lines with their legend; ``on_open`` is called with the id of the action the user opens."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.lines = _Lines()
        area = QScrollArea()
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidgetResizable(True)
        area.setWidget(self.lines)
        self.lines.area = area
        rows = QVBoxLayout(self)
        edge = theme.em(1)
        rows.setContentsMargins(edge, 0, edge, edge)
        rows.addWidget(PlainLabel(_("Solid: being done. Light: waiting for the check. Red: late. Enter opens an action."), "small", wrap=True))
        rows.addWidget(area, 1)

    @property
    def on_open(self) -> Callable[[int], object]:
        return self.lines.on_open

    @on_open.setter
    def on_open(self, do: Callable[[int], object]) -> None:
        self.lines.on_open = do

    def refresh(self) -> None:
        """Ask the register again."""
        self.lines.show_actions(self.desk.register.records(running()), clock().date())

    def stops(self) -> Sequence[QWidget]:
        """Where F6 leads the keyboard."""
        return (self.lines,)


def end_of(action: Action, today: date) -> date:
    """The last day an action reaches on the line."""
    if action.state in UNDER_WAY:
        return max(action.due_on or today, today)
    return max(action.verify_on or today, today if action.state is ActionState.DONE else action.verified_on or today)


class _Lines(QWidget):
    """A row for each action: its name, and its days."""

    def __init__(self) -> None:
        super().__init__()
        theme.mark(self, "page")
        self.area: QScrollArea | None = None
        self.on_open: Callable[[int], object] = lambda _id: None
        self.shown: list[Action] = []
        self.current = 0
        self._today = self._first = self._last = date.min
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(_("Timeline"))

    def show_actions(self, actions: Sequence[Action], today: date) -> None:
        """Show these, the earliest begun first."""
        chosen = self.shown[self.current].id if self.current < len(self.shown) else 0
        self.shown = sorted(actions, key=lambda one: (one.opened_on, one.id))
        ids = [one.id for one in self.shown]
        self.current = ids.index(chosen) if chosen in ids else 0
        self._today = today
        self._first = min([today, *(one.opened_on for one in self.shown)]) - timedelta(days=3)
        self._last = max([today, *(end_of(one, today) for one in self.shown)]) + timedelta(days=10)
        self.updateGeometry()
        self.setMinimumHeight(self._head() + len(self.shown) * self._row())
        self.setAccessibleDescription(self._told())
        self.update()

    # -- measures

    def _row(self) -> int:
        return theme.em(2.4)

    def _head(self) -> int:
        return theme.em(2)

    def _names(self) -> int:
        return min(theme.em(22), self.width() // 3)

    def sizeHint(self) -> QSize:
        return QSize(theme.em(60), self._head() + len(self.shown) * self._row())

    def _x(self, day: date) -> float:
        """Where a day begins."""
        left = self._names() + theme.em(1)
        return left + (day - self._first).days * (self.width() - left - theme.em(1)) / max(1, (self._last - self._first).days)

    # -- drawing

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_months(painter)
        for place, action in enumerate(self.shown):
            row = QRect(0, self._head() + place * self._row(), self.width(), self._row())
            if place == self.current:
                painter.fillRect(row, theme.colour("selection" if self.hasFocus() else "selection_idle"))
            self._paint_action(painter, action, row)
        painter.setPen(QPen(theme.colour("accent"), 1.5))
        x = self._x(self._today)
        painter.drawLine(QPointF(x, self._head() - theme.em(0.3)), QPointF(x, self.height()))

    def _paint_months(self, painter: QPainter) -> None:
        painter.setFont(theme.font("small"))
        metrics, free = QFontMetrics(theme.font("small")), 0.0
        day = self._first.replace(day=1)
        while day <= self._last:
            x = self._x(day)
            if day >= self._first:
                painter.setPen(theme.colour("border"))
                painter.drawLine(QPointF(x, self._head()), QPointF(x, self.height()))
            words = show_month(f"{day:%Y-%m}")
            x = max(x, self._x(self._first))
            if x >= free and x + metrics.horizontalAdvance(words) < self.width():
                painter.setPen(theme.colour("muted"))
                painter.drawText(QPointF(x + theme.em(0.2), self._head() - theme.em(0.6)), words)
                free = x + metrics.horizontalAdvance(words) + theme.em(1)
            day = (day.replace(day=28) + timedelta(days=4)).replace(day=1)

    def _paint_action(self, painter: QPainter, action: Action, row: QRect) -> None:
        painter.setFont(theme.font("body"))
        painter.setPen(theme.colour("text"))
        metrics = QFontMetrics(theme.font("body"))
        name = QRect(theme.em(0.5), row.top(), self._names() - theme.em(0.5), row.height())
        painter.drawText(name, Qt.AlignmentFlag.AlignVCenter, metrics.elidedText(action.name, Qt.TextElideMode.ElideRight, name.width()))
        high = theme.em(0.9)
        top = row.center().y() - high / 2
        painter.setPen(Qt.PenStyle.NoPen)
        until = action.done_on or (max(action.due_on, action.opened_on) if action.due_on else self._today)
        self._bar(painter, action.opened_on, until, top, high, "accent")
        if action.done_on:
            self._bar(painter, action.done_on, action.verified_on or action.verify_on or action.done_on, top, high, "good" if action.verified_on else "accent_soft")
            if action.state is ActionState.DONE and action.verify_on and action.verify_on < self._today:
                self._bar(painter, action.verify_on, self._today, top, high, "warn")
        elif action.due_on and action.due_on < self._today:
            self._bar(painter, action.due_on, self._today, top, high, "bad")

    def _bar(self, painter: QPainter, since: date, until: date, top: float, high: float, role: str) -> None:
        left, right = self._x(since), max(self._x(until), self._x(since) + theme.em(0.3))
        painter.setBrush(theme.colour(role))
        painter.setPen(QPen(theme.colour("accent"), 1) if role == "accent_soft" else QPen(Qt.PenStyle.NoPen))
        painter.drawRoundedRect(QRectF(left, top, right - left, high), high / 5, high / 5)

    # -- choosing

    def _told(self) -> str:
        """The chosen action in words, for a screen reader."""
        if not self.shown:
            return ""
        action = self.shown[self.current]
        return ", ".join(part for part in (action.number, action.name, days(action).text) if part)

    def choose(self, place: int) -> None:
        """Choose the action in a row."""
        self.current = max(0, min(place, len(self.shown) - 1))
        self.setAccessibleDescription(self._told())
        if self.area is not None:
            self.area.ensureVisible(0, self._head() + self.current * self._row() + self._row() // 2, 0, self._row())
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        moves = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1, Qt.Key.Key_Home: -len(self.shown), Qt.Key.Key_End: len(self.shown)}
        if event.key() in moves:
            self.choose(self.current + moves[Qt.Key(event.key())])
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.shown:
            self.on_open(self.shown[self.current].id)
        else:
            super().keyPressEvent(event)

    def _at(self, y: float) -> int | None:
        place = int((y - self._head()) // self._row())
        return place if 0 <= place < len(self.shown) else None

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if (place := self._at(event.position().y())) is not None:
            self.choose(place)
        super().mousePressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if (place := self._at(event.position().y())) is not None:
            self.on_open(self.shown[place].id)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            place = self._at(event.pos().y())
            QToolTip.showText(event.globalPos(), harmless_tooltip(_days_of(self.shown[place])) if place is not None else "", self)
            return True
        return super().event(event)


def _days_of(action: Action) -> str:
    """The days of an action, each in a line."""
    fields = (name for name in ("opened_on", "due_on", "done_on", "verify_on", "verified_on") if getattr(action, name))
    return "\n".join([f"{action.number} {action.name}", *(_("{label}: {value}").format(label=action.spec.fields[name].labelled(), value=show_day(getattr(action, name))) for name in fields)])
