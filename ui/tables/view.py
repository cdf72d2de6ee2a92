"""The list as a person handles it: keys, mouse, columns shown, moved and resized, copying, and a selection kept by record."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from PySide6.QtCore import QEvent, QMimeData, QModelIndex, QPoint, QRect, Qt
from PySide6.QtGui import (
    QAction,
    QContextMenuEvent,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QMenu, QTableView, QWidget

from qmdesk.i18n import _, language, show_number
from qmdesk.register import Change
from qmdesk.schema import types
from qmdesk.schema.query import Order, Query
from ui import theme
from ui.tables.model import Column, TableModel
from ui.tables.paint import Cell, CellPainter, Place, RowPlace

COPIED = 10_000
"""More rows than this are exported, not copied."""
REMEMBERED = 500
"""A larger selection is not looked for again after a change."""


def _nothing(*_about: Any) -> None:
    """What a list does about news nobody asked for."""


class TableView(QTableView):
    """Shows a ``TableModel``; what happens in it is told to the callables below, which its owner sets."""

    def __init__(self, model: TableModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._take_sheet()
        self.on_open: Callable[[int], object] = _nothing
        """A record is to be opened: Enter, double click."""
        self.on_current: Callable[[int | None], object] = _nothing
        """Another record is the current one, or none."""
        self.on_order: Callable[[Order], object] = _nothing
        self.on_layout: Callable[[], object] = _nothing
        """The user has moved, resized, shown or hidden a column."""
        self.on_type: Callable[[str], object] = _nothing
        """Letters typed into the list: they are meant for the search."""
        self.on_menu: Callable[[QMenu, list[int]], object] = _nothing
        """A context menu is about to be shown for these records; more can be added to it."""
        self.on_columns: Callable[[QPoint], object] = _nothing
        """The user wants to choose columns, at this place of the screen."""
        self.warn: Callable[[str], object] = _nothing

        self.table_model = model
        self.painter = CellPainter(self)
        self._order = Order("id", True)
        self._arranging = False
        self._quiet = False
        self._current: int | None = None
        self._own_widths: dict[str, int] = {}
        self._usual: dict[int, int] = {}  # by the column's place: its width where there is room
        self._least: dict[int, int] = {}  # and, where it may be cut, the width below which it says nothing
        self._fitted: tuple[str, int] | None = None
        self._empty = ""
        self.setModel(model)
        for place in range(len(model.columns)):
            self.setColumnHidden(place, True)  # until it is said which are shown: a width is measured for each
        self.setItemDelegate(self.painter)
        self._behave()
        header = self.horizontalHeader()
        header.setSectionsMovable(True)
        header.setSectionsClickable(True)
        header.setHighlightSections(False)
        header.setStretchLastSection(True)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setTextElideMode(Qt.TextElideMode.ElideRight)
        header.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        header.customContextMenuRequested.connect(self._header_menu)
        header.sectionClicked.connect(self._order_by)
        header.sectionMoved.connect(lambda *_about: self._laid_out())
        header.sectionResized.connect(self._resized)
        self.doubleClicked.connect(lambda index: self._open(index))
        self.selectionModel().currentRowChanged.connect(lambda *_about: self._moved())
        self.selectionModel().selectionChanged.connect(lambda *_about: self._moved())
        copy = QAction(_("Copy as a table"), self)
        copy.setShortcut(QKeySequence(QKeySequence.StandardKey.Copy))
        copy.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        copy.triggered.connect(self.copy)
        self.copy_action = copy
        self.addAction(copy)
        self.refit()

    def _take_sheet(self) -> None:
        """A viewport of our own, as Qt makes it: to name the class of Qt's, PySide would load every widget there is (11 ms)."""
        sheet = QWidget()
        sheet.setObjectName("qt_scrollarea_viewport")
        sheet.setBackgroundRole(QPalette.ColorRole.Base)
        sheet.setAutoFillBackground(True)
        self.setViewport(sheet)

    def _behave(self) -> None:
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerItem)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setCornerButtonEnabled(False)
        self.setCornerWidget(QWidget(self))  # Qt would draw a box between the scroll bars
        self.setTabKeyNavigation(False)
        self.setMouseTracking(True)
        self.setAccessibleName(_(self.table_model.kind.spec.plural))
        rows = self.verticalHeader()
        rows.hide()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)

    # -- what is shown

    def ask(self, query: Query) -> None:
        """Show what another query finds, the current record with it if it is found near the beginning."""
        self._keeping(lambda: self.table_model.ask(query), anew=True)
        self._show_order()

    def refresh(self, change: Change | None = None) -> None:
        """Ask again; rows stay where they are in sight, and the selection stays with its records."""
        if change is not None:
            self.table_model.forget(change)
        self._keeping(self.table_model.refresh)

    def _keeping(self, work: Callable[[], None], *, anew: bool = False) -> None:
        """Do what may move the rows, and put the current record and the selection back.

        ``anew``: other records are asked for; the list begins at its top unless the current one is near it.
        """
        model, near, current = self.table_model, self.currentIndex().row(), self._current
        many = sum(part.height() for part in self.selectionModel().selection())  # type: ignore[attr-defined]  # it is a list
        selected = self.selected_ids() if many <= REMEMBERED else []
        flag = self.selectionModel().SelectionFlag
        self._quiet = True
        try:
            work()
            self.selectionModel().clear()
            rows = {id_: model.row_of(id_, None if anew else near) for id_ in dict.fromkeys([*selected, *([current] if current else [])])}
            for id_ in selected:
                if (row := rows[id_]) is not None:
                    self.selectionModel().select(model.index(row, 0), flag.Select | flag.Rows)
            row = rows.get(current) if current else None
            if row is not None:
                self.selectionModel().setCurrentIndex(self._index(row), flag.NoUpdate)
                if anew:
                    self.scrollTo(self._index(row), QAbstractItemView.ScrollHint.EnsureVisible)
            elif anew:
                self.scrollToTop()
            elif near >= 0 and model.total:  # the record has gone; the keyboard's place stays
                self.selectionModel().setCurrentIndex(self._index(min(near, model.total - 1)), flag.NoUpdate)
        finally:
            self._quiet = False
        self._tell(current if row is not None else None)

    def _index(self, row: int) -> QModelIndex:
        header = self.horizontalHeader()
        shown = next((place for at in range(header.count()) if not header.isSectionHidden(place := header.logicalIndex(at))), 0)
        return self.table_model.index(row, shown)

    # -- the current record and the selection

    @property
    def current_id(self) -> int | None:
        """The record the list is on."""
        return self._current

    def selected_ids(self) -> list[int]:
        """The selected records, in the list's order."""
        parts = sorted({(part.top(), part.bottom()) for part in self.selectionModel().selection()})  # type: ignore[attr-defined]  # it is a list
        return list(dict.fromkeys(id_ for top, bottom in parts for id_ in self.table_model.ids_between(top, bottom)))

    def go_to(self, id_: int) -> bool:
        """Make a record the current one; False when it is not found near the beginning, the end or what was seen."""
        row = self.table_model.row_of(id_, max(0, self.currentIndex().row()))
        if row is None:
            return False
        self.stand_on(row)
        return True

    def stand_on(self, row: int) -> None:
        """Make a row the current one and the only one selected, whatever keys are held: Qt's own way minds Ctrl of Ctrl+Enter."""
        flag = self.selectionModel().SelectionFlag
        self.selectionModel().setCurrentIndex(self._index(row), flag.ClearAndSelect | flag.Rows)
        self.scrollTo(self._index(row))

    def _moved(self) -> None:
        if not self._quiet:
            index = self.currentIndex()
            self._tell(self.table_model.id_at(index.row()) if index.isValid() else None)

    def _tell(self, id_: int | None) -> None:
        if id_ != self._current:
            self._current = id_
            self.on_current(id_)

    # -- columns

    @property
    def shown(self) -> list[Column]:
        """The columns shown, from left to right."""
        header = self.horizontalHeader()
        places = (header.logicalIndex(at) for at in range(header.count()))
        return [self.table_model.columns[place] for place in places if not header.isSectionHidden(place)]

    @property
    def own_widths(self) -> dict[str, int]:
        """The widths the user gave to columns, in pixels."""
        return dict(self._own_widths)

    def arrange(self, keys: Sequence[str], widths: Mapping[str, int] | None = None) -> None:
        """Show these columns in this order; ``widths`` in pixels replace the usual ones. Unknown columns are passed over."""
        model, header = self.table_model, self.horizontalHeader()
        places = list(dict.fromkeys(place for key in keys if (place := model.place(key)) is not None))
        if widths is not None:
            self._own_widths = {key: wide for key, wide in widths.items() if model.place(key) is not None}
        self._arranging = True
        try:
            for at, place in enumerate(places):
                header.moveSection(header.visualIndex(place), at)
            for place in range(header.count()):
                header.setSectionHidden(place, place not in places)
            self._set_widths()
        finally:
            self._arranging = False
        self._show_order()

    def show_columns(self, keys: Sequence[str]) -> None:
        """Show these columns as the user's own choice."""
        self.arrange(keys)
        self.on_layout()

    def _set_widths(self) -> None:
        self._usual = {place: self._usual_width(self.table_model.columns[place]) for place in self._places()}
        self._fit_widths()

    def _places(self) -> list[int]:
        return [place for place in range(len(self.table_model.columns)) if not self.isColumnHidden(place)]

    def _fit_widths(self) -> None:
        """Give each column its usual width, or less or more as there is room; a width the user gave is kept."""
        columns, own = self.table_model.columns, self._own_widths
        widths = {place: own.get(columns[place].key) or usual for place, usual in self._usual.items()}
        free = {place for place in widths if columns[place].key not in own}
        room = self.viewport().width() - sum(widths.values())
        if room < 0:
            self._give_way(widths, free, -room)
        elif room > 0:
            self._spread(widths, free, room)
        for place, wide in widths.items():
            if self.columnWidth(place) != wide:
                self.setColumnWidth(place, wide)

    def _give_way(self, widths: dict[int, int], free: set[int], short: int) -> None:
        """Take what is missing from what can be read cut; a state says most and gives way last."""
        least = {place: min(widths[place], self._least[place]) for place in free & self._least.keys()}
        states = {place for place in least if self.table_model.columns[place].look == "pill"}
        for giving in (least.keys() - states, states):
            give = sum(widths[place] - least[place] for place in giving)
            taken = min(short, give)
            for place in giving if taken > 0 else ():
                cut = -(-(widths[place] - least[place]) * taken // give)
                widths[place] -= cut
                short -= cut

    def _spread(self, widths: dict[int, int], free: set[int], room: int) -> None:
        """What is left goes to the longest text, else to the texts, up to twice their width, and (by Qt) to the last column."""
        columns = self.table_model.columns
        long = next((place for place in widths if place in free and _long(columns[place])), None)
        if long is not None:
            widths[long] += room
            return
        texts = [place for place in free & self._least.keys() if _text(columns[place])]
        for place in texts:
            widths[place] += min(widths[place], room // len(texts))

    def _usual_width(self, column: Column) -> int:
        """A width in which most values can be read, in pixels."""
        head = self.horizontalHeader().fontMetrics().horizontalAdvance(column.heading) + theme.em(2.4)
        kind = column.field.type if column.field else None
        if isinstance(kind, types.Choice):
            cells = [Cell(_(word.label), icon="done" if column.look == "pill" else "") for word in kind.words]
            values = min(theme.letters(34), max(self.painter.width_of(cell, column.look) for cell in cells))
        else:
            values = self.painter.width_of(Cell(_sample(column)), column.look)
        part = _part_that_says_enough(column)
        if part or head > values:  # a heading may be cut (its tooltip says it), what it heads may not unless it is text
            least = round(values * part) if part else max(values, round(head * 0.6))
            self._least[self.table_model.columns.index(column)] = max(theme.letters(9), least)
        return max(head, values)

    def _resized(self, place: int, _old: int, new: int) -> None:
        if self._arranging or not new:
            return
        header = self.horizontalHeader()
        last = max((at for at in range(header.count()) if not header.isSectionHidden(header.logicalIndex(at))), default=-1)
        if header.visualIndex(place) != last:  # the last one only fills what is left
            self._own_widths[self.table_model.columns[place].key] = new
            self.on_layout()

    def _laid_out(self) -> None:
        if not self._arranging:
            self.on_layout()

    def _order_by(self, place: int) -> None:
        if not self.table_model.sortable(place):
            self._show_order()
            self.warn(self._why_not(place))
            return
        key = self.table_model.columns[place].key
        now = self._order
        column = self.table_model.columns[place]
        later_first = column.look in ("day", "number")
        self.on_order(Order(key, not now.descending if now.field == key else later_first))

    def _why_not(self, place: int) -> str:
        column = self.table_model.columns[place]
        if self.table_model.query.search.strip():
            return _("What a search found stands with the newest first; clear the search to order the list.")
        if column.field is None or isinstance(column.field.type, types.LongText | types.Ref):
            return _("The list can't be ordered by “{column}”.").format(column=column.heading)
        return _("The list is too long to be ordered by “{column}”; filter it first.").format(column=column.heading)

    def _show_order(self) -> None:
        """The arrow in the header says by what the list is ordered now."""
        query, header = self.table_model.query, self.horizontalHeader()
        self._order = query.order[0] if query.order else Order("id", True)
        place = self.table_model.place(self._order.field)
        shown = place is not None and not query.search.strip()
        header.setSortIndicatorShown(shown)
        if shown and place is not None:
            down = Qt.SortOrder.DescendingOrder if self._order.descending else Qt.SortOrder.AscendingOrder
            header.setSortIndicator(place, down)

    def _header_menu(self, at: QPoint) -> None:
        header = self.horizontalHeader()
        place = header.logicalIndexAt(at)
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        if place >= 0:
            key = self.table_model.columns[place].key
            for words, icon, descending in ((_("Order upwards"), "sort-up", False), (_("Order downwards"), "sort-down", True)):
                action = menu.addAction(theme.icon(icon), words)
                action.setEnabled(self.table_model.sortable(place))
                action.triggered.connect(lambda _on, down=descending: self.on_order(Order(key, down)))
            hide = menu.addAction(theme.icon("hide"), _("Hide this column"))
            hide.setEnabled(len(self.shown) > 1)
            hide.triggered.connect(lambda: self.show_columns([column.key for column in self.shown if column.key != key]))
            menu.addSeparator()
        where = header.mapToGlobal(at)
        menu.addAction(theme.icon("columns"), _("Choose columns…")).triggered.connect(lambda: self.on_columns(where))
        menu.popup(where)

    # -- keys and mouse

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            self._open(self.currentIndex())
        else:
            super().keyPressEvent(event)

    def keyboardSearch(self, search: str) -> None:
        """Qt would look for a row that begins so; the search line finds more."""
        if search.strip():
            self.on_type(search)

    def moveCursor(self, action: QAbstractItemView.CursorAction, modifiers: Qt.KeyboardModifier) -> QModelIndex:
        """Home and End go to the first and the last row."""
        moves = QAbstractItemView.CursorAction
        if action == moves.MoveHome and self.table_model.total:
            return self._index(0)
        if action == moves.MoveEnd and self.table_model.total:
            self.table_model.count_all()
            return self._index(self.table_model.total - 1)
        return super().moveCursor(action, modifiers)

    def focusInEvent(self, event: Any) -> None:
        stood = self.currentIndex().isValid()
        super().focusInEvent(event)
        by_key = event.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason, Qt.FocusReason.ShortcutFocusReason)
        if not stood and self.table_model.total and (by_key or self.currentIndex().isValid()):
            self.stand_on(max(0, self.currentIndex().row()))  # Qt makes the first row the current one and leaves it unmarked
        self.viewport().update()

    def focusOutEvent(self, event: Any) -> None:
        super().focusOutEvent(event)
        self.viewport().update()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        selected = self.selected_ids()
        if not selected:
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        if len(selected) == 1:
            opening = menu.addAction(theme.icon("open"), _("Open"))
            opening.setShortcut(QKeySequence(Qt.Key.Key_Return))
            opening.triggered.connect(lambda: self.on_open(selected[0]))
            menu.setDefaultAction(opening)
        self.copy_action.setIcon(theme.icon("copy"))
        menu.addAction(self.copy_action)
        self.on_menu(menu, selected)
        at = event.globalPos()
        if event.reason() == QContextMenuEvent.Reason.Keyboard:
            at = self.viewport().mapToGlobal(self.visualRect(self.currentIndex()).bottomLeft())
        menu.popup(at)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        self._hover(self.rowAt(event.position().toPoint().y()))

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._hover(-1)

    def _hover(self, row: int) -> None:
        if row != self.painter.hovered:
            rows = (row, self.painter.hovered)
            self.painter.hovered = row
            for changed in rows:
                if changed >= 0:
                    self.viewport().update(0, self.rowViewportPosition(changed), self.viewport().width(), self.rowHeight(changed))

    def _open(self, index: QModelIndex) -> None:
        id_ = self.table_model.id_at(index.row()) if index.isValid() else None
        if id_ is not None:
            self.on_open(id_)

    def copy(self) -> None:
        """Put the selected rows on the clipboard, as text with tabs and as a table."""
        ids = self.selected_ids()
        fields = [column.field.name for column in self.shown if column.field]
        if not ids or not fields:
            return
        if len(ids) > COPIED:
            sentence = _("At most {most} rows can be copied at once; export the list instead.")
            self.warn(sentence.format(most=show_number(COPIED)))
            return
        from qmdesk.exchange.writer import (
            as_clipboard,  # with the libraries that write workbooks: only when copied
        )

        model = self.table_model
        tsv, html = as_clipboard(model.register, Query(model.kind), ids, fields=fields, lang=language())
        data = QMimeData()
        data.setText(tsv)
        data.setHtml(html)
        QGuiApplication.clipboard().setMimeData(data)

    # -- drawing

    def paintEvent(self, event: QPaintEvent) -> None:
        model, seen, height = self.table_model, event.rect(), self.painter.row_height()
        top, bottom = self.rowAt(max(0, seen.top())), self.rowAt(seen.bottom())
        if top < 0:
            self._paint_empty()
            return
        last = bottom if bottom >= 0 else model.total - 1
        model.prepare(top, last)
        start, chosen = self.rowViewportPosition(top), self.selectionModel()
        rows = [RowPlace(row, start + (row - top) * height, chosen.isRowSelected(row, QModelIndex())) for row in range(top, last + 1)]
        painter = QPainter(self.viewport())
        self.painter.draw(painter, model, self._columns_in(seen), rows, height)
        painter.end()

    def say_empty(self, sentence: str) -> None:
        """What stands in the table while it has no rows."""
        self._empty = sentence

    def _paint_empty(self) -> None:
        if self._empty and not self.table_model.total:
            edge = theme.em(1)
            painter = QPainter(self.viewport())
            painter.setPen(theme.colour("muted"))
            painter.drawText(self.viewport().rect().adjusted(edge, edge, -edge, -edge), Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop, self._empty)
            painter.end()

    def _columns_in(self, seen: QRect) -> list[Place]:
        header, found = self.horizontalHeader(), []
        for at in range(header.count()):
            place = header.logicalIndex(at)
            if not header.isSectionHidden(place):
                left, width = header.sectionViewportPosition(place), header.sectionSize(place)
                if left + width > seen.left() and left <= seen.right():
                    found.append(Place(place, left, width))
        return found

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange) and hasattr(self, "painter"):
            self.refit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._arranging = True
            try:
                self._fit_widths()
            finally:
                self._arranging = False

    def refit(self) -> None:
        """Take the sizes of the text of now; Qt tells of a new font several times while a window is built."""
        now = (self.font().key(), theme.em())
        if now == self._fitted:
            return
        self._fitted = now
        self.painter.refit()
        self.verticalHeader().setDefaultSectionSize(self.painter.row_height())
        self.horizontalHeader().setMinimumSectionSize(theme.letters(5))
        self._arranging = True
        try:
            self._set_widths()
        finally:
            self._arranging = False


def _long(column: Column) -> bool:
    return column.field is not None and isinstance(column.field.type, types.LongText)


def _text(column: Column) -> bool:
    kind = column.field.type if column.field else None
    return isinstance(kind, types.Text | types.Ref) and not isinstance(kind, types.Phone)


def _part_that_says_enough(column: Column) -> float:
    """To which part of its usual width a column may be cut; 0 for what must be read whole: numbers, days, short texts."""
    kind = column.field.type if column.field else None
    if isinstance(kind, types.Ref):
        kind = kind.target.spec.title.type
    if isinstance(kind, types.LongText):
        return 0.3
    if isinstance(kind, types.Choice):
        return 0.45
    if isinstance(kind, types.Phone):
        return 0
    if isinstance(kind, types.Text):
        return 0.5 if kind.most > 40 else 0
    return 0.5 if kind is None and column.letters > 10 and not column.whole else 0


def _sample(column: Column) -> str:
    """A text about as wide as most values of a column; written out, for making one would load babel at the start."""
    kind = column.field.type if column.field else None
    if isinstance(kind, types.Ref):
        kind = kind.target.spec.title.type
    if isinstance(kind, types.Moment):
        return kind.show(datetime(2028, 11, 28, 20, 58).astimezone())
    if isinstance(kind, types.Day):
        return kind.show(date(2028, 11, 28))
    for type_, sample in ((types.Phone, "+48 888 888 888"), (types.Money, "PLN 88,888.88"), (types.Percent, "88.88 %"), (types.Number, "-88.88"), (types.Count, "88,888"), (types.Email, "n" * 22)):
        if isinstance(kind, type_):
            return sample
    if isinstance(kind, types.LongText):
        return "n" * 36
    if isinstance(kind, types.Text):
        return "n" * (11 if kind.most <= 40 else 15 if kind.most <= 120 else 20)
    return "n" * column.letters
