"""A list of records of one kind as Qt's table model: ids first, rows when they are painted, whatever the list's length."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from qmdesk.i18n import _
from qmdesk.register import Change, Reading
from qmdesk.schema import types
from qmdesk.schema.query import Query
from qmdesk.schema.record import Field, Record
from qmdesk.values import dataclass
from ui.tables import paint
from ui.tables.paint import BLANK, Cell, Look
from ui.widgets.plain_label import harmless_tooltip

Index = QModelIndex | QPersistentModelIndex
Titles = Mapping[str, str]

PAGE = 200
COUNTED = 5000
"""A filtered list is counted so far, and further when somebody scrolls there: counting a million hits takes seconds."""
SORTED = 50_000
"""The longest list that may be ordered by a column without an index."""
KEPT_PAGES = 200
KEPT_ROWS = 2000
LONGEST_LINE = 300

ID_ROLE = Qt.ItemDataRole.UserRole
_TOP = QModelIndex()


@dataclass(frozen=True)
class Column:
    """A column: a field of the record, or something told about it (``tell`` gets the record and its references' titles)."""

    key: str
    label: str
    look: Look
    field: Field | None = None
    tell: Callable[[Any, Titles], Cell] | None = None
    letters: int = 10
    """About how many letters a told value has."""
    whole: bool = False
    """It must be read whole: other columns give way."""

    @property
    def heading(self) -> str:
        return self.field.labelled() if self.field else _(self.label)

    def cell(self, item: Record, titles: Titles, currency: str) -> Cell:
        """What the column shows of a record; money without a currency of its own is in ``currency``."""
        if self.tell is not None:
            return self.tell(item, titles)
        assert self.field is not None
        value = getattr(item, self.field.name)
        if value is None:
            return BLANK
        if isinstance(value, types.Labelled):
            role, icon = paint.state(value)
            return Cell(self.field.show(item), role, icon)
        shown = titles.get(self.key, "") if isinstance(self.field.type, types.Ref) else self.field.show(item, currency=currency)
        line = shown.partition("\n")[0][:LONGEST_LINE]
        return Cell(line, whole="" if line == shown else shown)


def told(key: str, label: str, tell: Callable[[Any, Titles], Cell], letters: int = 10, *, whole: bool = False) -> Column:
    """A computed column, such as the age of a case in words; it can be neither ordered by nor exported."""
    return Column(key, label, "words", tell=tell, letters=letters, whole=whole)


def field_columns(kind: type[Record]) -> list[Column]:
    """A column for each field a list can show."""
    return [Column(one.name, one.label, _look(one), one) for one in kind.spec.fields.values() if not isinstance(one.type, types.File)]


def _look(one: Field) -> Look:
    kind = one.type
    if isinstance(kind, types.Choice) and kind.words in paint.STATES:
        return "pill"
    if kind.numeric:
        return "number"
    return "day" if isinstance(kind, types.Day | types.Moment) else "text"


def indexed(one: Field) -> bool:
    """Whether lists can be ordered by the field at once: the register has an index, or (of parts) few rows."""
    kind = one.type
    return (one.title and not one.unique) or (one.listed and isinstance(kind, types.Day | types.Moment | types.Choice))


class _Row:
    """A record in the cache, with the cells made of it so far; no record where it is gone."""

    __slots__ = ("cells", "item", "titles")

    def __init__(self, item: Record | None = None, titles: Titles | None = None) -> None:
        self.item = item
        self.titles: Titles = titles or {}
        self.cells: dict[int, Cell] = {}


class TableModel(QAbstractTableModel):
    """Asks the register for a page of ids and for the rows in sight, each in one query, and remembers the latest of both."""

    def __init__(self, register: Reading, kind: type[Record], told_columns: Sequence[Column] = (), *, currency: str = "", parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.register = register
        self.kind = kind
        self.columns = (*field_columns(kind), *told_columns)
        self.currency = currency
        self.on_read: Callable[[Sequence[Any]], object] = lambda _records: None
        """Rows are about to be told of: what their told columns need besides can be read at once."""
        self.query = Query(kind)
        self.total = 0
        """Rows there are, as far as they are counted."""
        self.exact = True
        """Whether there are no more than ``total``."""
        self._places = {column.key: place for place, column in enumerate(self.columns)}
        self._pages: OrderedDict[int, list[int]] = OrderedDict()
        self._rows: OrderedDict[int, _Row] = OrderedDict()

    # -- asking

    def ask(self, query: Query) -> None:
        """Show what another query finds."""
        self.beginResetModel()
        self.query = query
        self._pages.clear()
        self.total, self.exact = 0, True
        try:
            self.total, self.exact = self._count(COUNTED)
        finally:
            self.endResetModel()

    def forget(self, change: Change) -> None:
        """Drop the rows a change touched, their references' titles included; ``refresh`` must follow before they are seen."""
        touched = change.ids.get(self.kind, frozenset())
        referred = {name: change.ids[target] for name, target in self.kind.spec.refs.items() if target in change.ids}
        if touched is None or None in referred.values():
            self._rows.clear()
            return
        for id_ in touched:
            self._rows.pop(id_, None)
        if referred:
            stale = [id_ for id_, row in self._rows.items() if any(getattr(row.item, name, None) in (ids or ()) for name, ids in referred.items())]
            for id_ in stale:
                del self._rows[id_]

    def refresh(self) -> None:
        """Ask the same question again: other records may be found, in another order."""
        self._pages.clear()
        total, self.exact = self._count(max(COUNTED, self.total))
        self._grow(total)
        if self.total:
            self.dataChanged.emit(self.index(0, 0), self.index(self.total - 1, len(self.columns) - 1))

    def forget_all(self) -> None:
        """Drop every row: something they are shown with has changed, such as the shop's currency."""
        self._rows.clear()

    def count_all(self) -> None:
        """Count to the end, however far that is."""
        if not self.exact:
            self.exact = True
            self._grow(self.register.count(self.query))

    def _count(self, most: int) -> tuple[int, bool]:
        if self.query.plain:
            return self.register.count(self.query), True
        first = self.register.ids(self.query, PAGE)
        self._pages[0] = first
        if len(first) < PAGE:  # no need to search a second time for counting
            return len(first), True
        found = self.register.count(self.query, most + 1)
        return min(found, most), found <= most

    def _grow(self, total: int) -> None:
        if total > self.total:
            self.beginInsertRows(_TOP, self.total, total - 1)
            self.total = total
            self.endInsertRows()
        elif total < self.total:
            self.beginRemoveRows(_TOP, total, self.total - 1)
            self.total = total
            self.endRemoveRows()

    def canFetchMore(self, parent: Index = _TOP) -> bool:
        return not self.exact

    def fetchMore(self, parent: Index = _TOP) -> None:
        most = self.total + COUNTED
        found = self.register.count(self.query, most + 1)
        self.exact = found <= most
        self._grow(min(found, most))

    # -- ids

    def id_at(self, row: int) -> int | None:
        """The id of the record in a row; None when it has gone meanwhile."""
        if not 0 <= row < self.total:
            return None
        page = self._pages.get(row // PAGE)
        if page is None:
            self._load(row // PAGE, row // PAGE)
            page = self._pages[row // PAGE]
        place = row % PAGE
        return page[place] if place < len(page) else None

    def ids_between(self, first: int, last: int) -> list[int]:
        """The ids in a range of rows, both ends included."""
        first, last = max(0, first), min(last, self.total - 1)
        if last < first:
            return []
        if last - first > PAGE * KEPT_PAGES // 4:  # a selection of everything must not sweep the pages away
            return self.register.ids(self.query, last - first + 1, first)
        self._load(first // PAGE, last // PAGE)
        found = [id_ for page in range(first // PAGE, last // PAGE + 1) for id_ in self._pages[page]]
        return found[first % PAGE : first % PAGE + last - first + 1]

    def row_of(self, id_: int, near: int | None = None) -> int | None:
        """The row of a record: among the rows known and the first ones, then near ``near`` and at the end; None if not there."""
        last = max(0, self.total - 1) // PAGE
        around = [] if near is None else [near // PAGE, near // PAGE - 1, near // PAGE + 1, last]
        for page in (*self._pages, *around, 0):
            if 0 <= page <= last and self.total:
                self._load(page, page)
                if id_ in self._pages[page]:
                    return page * PAGE + self._pages[page].index(id_)
        return None

    def _load(self, first: int, last: int) -> None:
        """Have the pages of a range, those missing by one query; from the end when that is nearer."""
        missing = [page for page in range(first, last + 1) if page not in self._pages]
        if not missing:
            for page in range(first, last + 1):
                self._pages.move_to_end(page)
            return
        start, stop = missing[0] * PAGE, min((missing[-1] + 1) * PAGE, self.total)
        if self.exact and self.total - stop < start:
            found = self.register.ids(self.query, stop - start, self.total - stop, backwards=True)
        else:
            found = self.register.ids(self.query, stop - start, start)
        for page in range(missing[0], missing[-1] + 1):
            self._pages[page] = found[page * PAGE - start : (page + 1) * PAGE - start]
            self._pages.move_to_end(page)
        while len(self._pages) > max(KEPT_PAGES, last - first + 1):
            self._pages.popitem(last=False)

    # -- rows

    def prepare(self, first: int, last: int) -> None:
        """Have the rows of a range, and some around it, ready for painting: at most one query for ids and one for rows."""
        rows = self._rows
        seen = self.ids_between(first, last)
        missing = False
        for id_ in seen:
            if id_ in rows:
                rows.move_to_end(id_)
            else:
                missing = True
        if not missing:
            return
        room = (last - first + 1) // 2
        wanted = [id_ for id_ in self.ids_between(first - room, last + room) if id_ not in rows]
        read = self.register.rows(self.kind, wanted)
        self.on_read([item for item, _titles in read])
        for item, titles in read:
            rows[item.id] = _Row(item, titles)
        for id_ in wanted:
            rows.setdefault(id_, _Row())
        while len(rows) > max(KEPT_ROWS, 2 * len(wanted)):
            rows.popitem(last=False)

    def record_at(self, row: int) -> Record | None:
        """The record in a row; None when it has gone meanwhile."""
        return self._row(row).item

    def _row(self, row: int) -> _Row:
        id_ = self.id_at(row)
        if id_ is None:
            return _Row()
        if id_ not in self._rows:
            self.prepare(row, row)
        return self._rows.get(id_) or _Row()

    def cell(self, row: int, column: int) -> Cell:
        """What one cell shows."""
        kept = self._row(row)
        if kept.item is None:
            return BLANK
        found = kept.cells.get(column)
        if found is None:
            found = kept.cells[column] = self.columns[column].cell(kept.item, kept.titles, self.currency)
        return found

    # -- columns

    def look(self, column: int) -> Look:
        """How the cells of a column look."""
        return self.columns[column].look

    def place(self, key: str) -> int | None:
        """Where the column with this key stands in the model."""
        return self._places.get(key)

    def sortable(self, column: int) -> bool:
        """Whether the list can be ordered by a column in a moment. What words found comes newest first."""
        one = self.columns[column].field
        if one is None or self.query.search.strip() or isinstance(one.type, types.LongText | types.Ref):
            return False
        return indexed(one) or (self.exact and self.total <= SORTED)

    # -- what Qt asks

    def rowCount(self, parent: Index = _TOP) -> int:
        return 0 if parent.isValid() else self.total

    def columnCount(self, parent: Index = _TOP) -> int:
        return 0 if parent.isValid() else len(self.columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return self.cell(index.row(), index.column()).text
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return self._alignment(index.column())
        return self.id_at(index.row()) if role == ID_ROLE else None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation == Qt.Orientation.Vertical:
            return None
        column = self.columns[section]
        if role == Qt.ItemDataRole.DisplayRole:
            return column.heading
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return self._alignment(section)
        if role == Qt.ItemDataRole.ToolTipRole:  # the heading may be cut
            help_ = _(column.field.help) if column.field and column.field.help else ""
            return harmless_tooltip(f"{column.heading}\n{help_}".strip())
        return None

    def _alignment(self, column: int) -> Qt.AlignmentFlag:
        right = self.columns[column].look == "number"
        return Qt.AlignmentFlag.AlignVCenter | (Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft)
