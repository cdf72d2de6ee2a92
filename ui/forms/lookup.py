"""Another record chosen by typing: hits while the user types, keys to take one, and a way to add what is missing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from PySide6.QtCore import (
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QSize,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QColor, QFocusEvent, QFontMetrics, QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import (
    QGraphicsDropShadowEffect,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from qmdesk.i18n import _
from qmdesk.register import Change
from qmdesk.schema import types
from qmdesk.schema.folding import fold
from qmdesk.schema.query import Condition, Order, Query, offered
from qmdesk.schema.record import Record
from ui import theme
from ui.desk import Desk

PAUSE_MS = 120
MOST_HITS = 12
FEW = 500  # so many records are read and compared here; more are asked of the full-text index

AddNew = Callable[[type[Record], str, QWidget], int | None]
"""Lets the user add a record of a kind, begun with what was typed; its id, or None when they thought better of it."""
Narrow = Callable[[], tuple[Condition, ...]]
"""What the records offered must fulfil, asked anew at each search: the orders of the customer chosen above."""

_TITLE, _SECOND, _ID = Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.UserRole, Qt.ItemDataRole.UserRole + 1
_ADD = -1


@dataclass(frozen=True)
class Hit:
    """One record offered: what stands for it, and a second line that tells it from its namesakes."""

    id: int
    title: str
    second: str
    words: tuple[str, ...]  # folded values; the typed text is an exact match when it equals one of them


def _folded(text: str) -> str:
    """Small letters without marks, blanks made one: as the index compares."""
    return fold(" ".join(text.split()))


def second_line(item: Record, titles: dict[str, str]) -> str:
    """What tells a record from its namesakes: the first three filled columns of its list; words many share and bare counts are left out."""
    shown = []
    for field in item.spec.fields.values():
        if field.listed and not field.title and not isinstance(field.type, types.Choice | types.Flag | types.File | types.Count):
            shown.append(titles.get(field.name, "") if isinstance(field.type, types.Ref) else field.show(item))
    return " · ".join([text for text in shown if text][:3])


def search(desk: Desk, kind: type[Record], typed: str, where: tuple[Condition, ...] = ()) -> list[Hit]:
    """At most 12 records that fit what was typed, exact ones first; the newest (of lists of words: all) for nothing typed."""
    register, spec = desk.register, kind.spec
    query = Query(kind, where)
    indexed = spec.own_searched
    few = (where or not indexed) and register.count(query, FEW + 1) <= FEW
    if not typed.strip():
        limit = MOST_HITS if indexed else FEW
        return _hits(desk, kind, register.ids(query if indexed else query.by(Order(spec.title.name)), limit))
    if few:
        wanted = _folded(typed).split()
        found = _hits(desk, kind, register.ids(query.by(Order(spec.title.name))))
        found = [hit for hit in found if all(any(word in known for known in (*hit.words, _folded(hit.second))) for word in wanted)]
    else:
        title = Condition(spec.title.name, types.IS, (typed.strip(),))
        ids = register.ids(query.also(title), 3)
        if indexed:
            ids += register.ids(replace(query, search=typed), MOST_HITS)
        else:
            ids += register.ids(query.also(replace(title, operator=types.CONTAINS)), MOST_HITS)
        found = _hits(desk, kind, list(dict.fromkeys(ids)))
    exact = _folded(typed)
    return sorted(found, key=lambda hit: exact not in hit.words)[:MOST_HITS]


def _hits(desk: Desk, kind: type[Record], ids: list[int]) -> list[Hit]:
    fields = [field for field in kind.spec.fields.values() if isinstance(field.type, types.Text) and (field.searched or field.title)]
    return [
        Hit(item.id, item.title, second_line(item, titles), tuple(_folded(str(getattr(item, field.name))) for field in fields))
        for item, titles in desk.register.rows(kind, ids)
    ]


class _TwoLines(QStyledItemDelegate):
    """A hit: its title, and below it, small and muted, what tells it from others."""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        high = QFontMetrics(theme.font("body")).height() + theme.em(0.7)
        if index.data(_SECOND):
            high += QFontMetrics(theme.font("small")).height()
        return QSize(theme.letters(20), high)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> None:
        ground = QStyleOptionViewItem(option)
        self.initStyleOption(ground, index)
        ground.text = ""
        ground.widget.style().drawControl(QStyle.ControlElement.CE_ItemViewItem, ground, painter, ground.widget)
        inner = option.rect.adjusted(theme.em(0.6), theme.em(0.35), -theme.em(0.6), -theme.em(0.35))
        adding = index.data(_ID) == _ADD
        painter.save()
        if adding:
            side = theme.em(1.1)
            theme.paint_icon(painter, QRect(inner.left(), inner.center().y() - side // 2, side, side), "add", theme.colour("accent"))
            inner.setLeft(inner.left() + theme.em(1.6))
        top = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop
        for text, font, role in (
            (index.data(_TITLE), theme.font("body"), "accent" if adding else "text"),
            (index.data(_SECOND) or "", theme.font("small"), "muted"),
        ):
            metrics = QFontMetrics(font)
            painter.setFont(font)
            painter.setPen(theme.colour(role))
            painter.drawText(inner, top | Qt.TextFlag.TextSingleLine, metrics.elidedText(text, Qt.TextElideMode.ElideRight, inner.width()))
            inner.setTop(inner.top() + metrics.height())
        painter.restore()


class _HitList(QListWidget):
    """The hits, over the window below the line; it never takes the keyboard, so that typing goes on."""

    taken = Signal(int)

    def __init__(self, window: QWidget, name: str) -> None:
        super().__init__(window)
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setItemDelegate(_TwoLines(self))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.itemClicked.connect(lambda item: self.taken.emit(item.data(_ID)))
        shadow = QGraphicsDropShadowEffect(self)
        shadow.setBlurRadius(theme.em(1.6))
        shadow.setOffset(0, theme.em(0.25))
        shadow.setColor(QColor(0, 0, 0, 90))
        self.setGraphicsEffect(shadow)
        self.hide()

    def fill(self, hits: list[Hit], add: str) -> None:
        """Show these hits and, where ``add`` is given, the entry that adds a record; the first hit is current."""
        self.clear()
        for hit in hits:
            self._entry(hit.title or hit.second, hit.second if hit.title else "", hit.id)
        if add:
            self._entry(add, "", _ADD)
        if hits:
            self.setCurrentRow(0)

    def _entry(self, title: str, second: str, id_: int) -> None:
        item = QListWidgetItem(title)
        item.setData(_SECOND, second)
        item.setData(_ID, id_)
        item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{title}, {second}" if second else title)
        self.addItem(item)

    def place(self, line: QWidget) -> None:
        """Lie below the line, or above it where there is more room."""
        window = self.parentWidget()
        assert window is not None
        corner = line.mapTo(window, QPoint(0, 0))
        below, above = window.height() - corner.y() - line.height() - theme.em(0.5), corner.y() - theme.em(0.5)
        wanted = sum(self.sizeHintForRow(row) for row in range(self.count())) + 4
        wide = min(max(line.width(), theme.letters(44)), window.width() - theme.em())
        under = below >= min(wanted, theme.em(12)) or below >= above
        high = max(theme.em(2), min(wanted, below if under else above, theme.em(28)))
        left = max(0, min(corner.x(), window.width() - wide - theme.em(0.5)))
        self.setGeometry(left, corner.y() + line.height() + 2 if under else corner.y() - high - 2, wide, high)

    def step(self, by: int) -> None:
        """Make another entry current, round the ends."""
        if self.count():
            row = self.currentRow()
            self.setCurrentRow((row + by) % self.count() if row >= 0 else (0 if by > 0 else self.count() - 1))

    def current(self) -> int:
        """The id of the current entry, -1 for adding, 0 for none."""
        item = self.currentItem()
        return item.data(_ID) if item is not None else 0


class _Line(QLineEdit):
    """The line of a lookup, which offers its keys to the lookup first."""

    def __init__(self, lookup: Lookup) -> None:
        super().__init__(lookup)
        self._lookup = lookup

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Tab:
            self._lookup.take_current()  # and then move on as Tab does
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self._lookup.pressed(event):
            event.accept()
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        if not self.text() and not self.isReadOnly():
            self._lookup.open_list()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._lookup.leave(event.reason())


class Lookup(QWidget):
    """A line that stands for one record of ``target``: type, choose from the hits, or add a new one.

    ``add_new`` and ``narrow`` may be set at any time; without ``add_new`` nothing is offered to be added.
    """

    changed = Signal()
    """The user chose, cleared or typed."""
    left = Signal()
    """The keyboard has gone elsewhere."""

    def __init__(self, desk: Desk, target: type[Record], label: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk, self._target, self._label = desk, target, label
        self._chosen: int | None = None
        self._list: _HitList | None = None
        self._watched: list[QWidget] = []
        self.add_new: AddNew | None = None
        self.narrow: Narrow | None = None
        self.line = _Line(self)
        self.line.setAccessibleName(label)
        self.line.setPlaceholderText(_("Type to search") if target.spec.own_searched else "")
        self.line.textEdited.connect(self._typed)
        self._clear = self.line.addAction(theme.icon("close", "muted"), QLineEdit.ActionPosition.TrailingPosition)
        self._clear.setText(_("Clear"))
        self._clear.setToolTip(_("Clear"))
        self._clear.triggered.connect(self._cleared)
        self._open = self.line.addAction(
            theme.icon("search" if target.spec.own_searched else "down", "muted"), QLineEdit.ActionPosition.TrailingPosition
        )
        self._open.setText(_("Show what can be chosen"))
        self._open.setToolTip(_("Show what can be chosen (Down)"))
        self._open.triggered.connect(self._asked_for_list)
        self._pause = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._pause.timeout.connect(self.open_list)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.line)
        self.setFocusProxy(self.line)
        desk.changed.connect(self._heard)
        self._dress()

    # -- what was chosen

    def chosen(self) -> int | None:
        """The id of the record chosen, or None."""
        return self._chosen

    def choose(self, id_: int | None) -> None:
        """Show this record as the one chosen, or nothing."""
        title = self._desk.register.title(self._target, id_) if id_ else ""
        self._chosen = id_ if id_ and title else None
        self.line.setText(title)
        self.line.setCursorPosition(0)
        self._close()
        self._dress()

    def text(self) -> str:
        """What stands in the line."""
        return self.line.text()

    def problem(self) -> str:
        """A sentence when something is typed that stands for no record."""
        if self._chosen is not None or not self.line.text().strip():
            return ""
        sentence = _("{field}: choose “{value}” from the list of what is known, or add it.")
        if self.add_new is None:
            sentence = _("{field}: “{value}” is not known; choose one from the list.")
        return sentence.format(field=self._label, value=self.line.text().strip()[:60])

    def set_read_only(self, read_only: bool) -> None:
        """Only show what is chosen."""
        self.line.setReadOnly(read_only)
        self._dress()

    def take_scan(self, code: str) -> bool:
        """Choose the one record a scanned code stands for, while nothing is chosen; False when there is none."""
        found = [] if self.line.isReadOnly() or self._chosen is not None else self._exact(code)
        if len(found) != 1:
            return False
        self._take(found[0])
        return True

    # -- keys

    def pressed(self, event: QKeyEvent) -> bool:
        """Use a key pressed in the line; False leaves it to the line."""
        if self.line.isReadOnly():
            return False
        key = event.key()
        opened = self._list is not None and self._list.isVisible()
        if key in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            if opened and self._list is not None:
                self._list.step(1 if key == Qt.Key.Key_Down else -1)
            else:
                self.open_list()
            return True
        if key == Qt.Key.Key_Escape and opened:
            self._close()
            return True
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            return self._entered(opened)
        return False

    def _entered(self, opened: bool) -> bool:
        if self._chosen is not None or not self.line.text().strip():
            current = self._list.current() if opened and self._list is not None else 0
            self._close()
            self._take(current)
            return bool(current)
        exact = self._exact(self.line.text())
        if self._pause.isActive() or not opened:  # typed faster than the list came
            if len(exact) == 1:
                self._take(exact[0])
            else:
                self.open_list()
        elif self._list is not None:
            self._take(self._list.current())
        return True

    def take_current(self) -> None:
        """Tab: take the exact match or the current hit; never begins to add one."""
        if self.line.isReadOnly() or self._chosen is not None or not self.line.text().strip():
            return
        if self._pause.isActive():
            self.open_list()
        if self._list is not None and self._list.isVisible() and self._list.current() > 0:
            self._take(self._list.current())

    def leave(self, reason: Qt.FocusReason) -> None:
        """The keyboard goes: close the list, and take what was typed in full."""
        if reason == Qt.FocusReason.PopupFocusReason:
            return
        self._close()
        if reason == Qt.FocusReason.ActiveWindowFocusReason:
            return
        if self._chosen is None and self.line.text().strip():
            exact = self._exact(self.line.text())
            if len(exact) == 1:
                self._take(exact[0])
        self.left.emit()

    # -- the list

    def _where(self) -> tuple[Condition, ...]:
        return (*(self.narrow() if self.narrow else ()), *offered(self._target))

    def _exact(self, typed: str) -> list[int]:
        wanted = _folded(typed)
        hits = search(self._desk, self._target, typed, self._where())
        titled = [hit.id for hit in hits if _folded(hit.title) == wanted]
        return titled or [hit.id for hit in hits if wanted in hit.words]

    def _asked_for_list(self) -> None:
        if self._list is not None and self._list.isVisible():
            self._close()
        else:
            self.line.setFocus()
            self.open_list()

    def open_list(self) -> None:
        """Show what fits the text; a text that stands for the record chosen asks for all there is."""
        self._pause.stop()
        if self.line.isReadOnly():
            return
        typed = "" if self._chosen is not None else self.line.text()
        hits = search(self._desk, self._target, typed, self._where())
        add = ""
        if self.add_new is not None:
            add = _("Add new “{typed}”…").format(typed=typed.strip()[:60]) if typed.strip() else _("Add new…")
        if not hits and not add:
            self._close()
            return
        window = self.window()
        if self._list is None or self._list.parentWidget() is not window:
            self._forget_list()
            self._list = _HitList(window, self._label)
            self._list.taken.connect(self._take)
            self.destroyed.connect(self._list.deleteLater)
        self._list.fill(hits, add)
        self._list.place(self.line)
        self._list.show()
        self._list.raise_()
        self._watch()

    def _watch(self) -> None:
        """See when the line moves under its list, by scrolling or with the window."""
        if not self._watched:
            above: QWidget | None = self
            while above is not None:
                above.installEventFilter(self)
                self._watched.append(above)
                above = None if above.isWindow() else above.parentWidget()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.Move, QEvent.Type.Resize, QEvent.Type.Hide) and self._list is not None:
            if event.type() == QEvent.Type.Hide:
                self._close()
            else:
                self._list.place(self.line)
        return False

    def _close(self) -> None:
        self._pause.stop()
        if self._list is not None:
            self._list.hide()
        for widget in self._watched:
            widget.removeEventFilter(self)
        self._watched = []

    def _forget_list(self) -> None:
        if self._list is not None:
            self._close()
            self._list.deleteLater()
            self._list = None

    # -- changes

    def _take(self, id_: int) -> None:
        if id_ == _ADD:
            self._add()
        elif id_ > 0:
            self.choose(id_)
            self.changed.emit()

    def _add(self) -> None:
        typed = "" if self._chosen is not None else self.line.text().strip()
        self._close()
        if self.add_new is not None and (made := self.add_new(self._target, typed, self)):
            self.choose(made)
            self.changed.emit()
        self.line.setFocus()

    def _typed(self, text: str) -> None:
        self._chosen = None
        self._dress()
        if text.strip():
            self._pause.start()
        else:
            self._close()
        self.changed.emit()

    def _cleared(self) -> None:
        self.choose(None)
        self.line.setFocus()
        self.changed.emit()

    def _heard(self, change: Change) -> None:
        if self._chosen is not None and change.touches(self._target):
            known = self._chosen
            self.choose(known)  # renamed; or gone
            if self._chosen != known:
                self.changed.emit()

    def _dress(self) -> None:
        writable = not self.line.isReadOnly()
        self._clear.setVisible(writable and bool(self.line.text()))
        self._open.setVisible(writable and not self.line.text())
