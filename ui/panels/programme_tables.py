"""The year of the programme as two tables: plans against months with a sign for each day, and the days one under the other."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
)

from qmdesk.i18n import N_, _, n_, show_day, show_month
from qmdesk.operations.programme import Coming, Occurrence
from qmdesk.records.audit import Audit, AuditState
from qmdesk.schema import types
from ui import theme
from ui.theme import Role
from ui.widgets.plain_label import harmless_tooltip

Index = QModelIndex | QPersistentModelIndex
SIGNS: dict[Coming, tuple[str, Role]] = {
    Coming.DONE: ("good", "good"),
    Coming.RUNNING: ("play", "accent"),
    Coming.MISSED: ("close", "bad"),
    Coming.OVERDUE: ("overdue", "bad"),
    Coming.DUE: ("bell", "warn"),
    Coming.UPCOMING: ("neutral", "neutral"),
}
EACH = 3
"""So many days of a month are drawn one by one; more are counted by how they stand."""


def sign(one: Occurrence) -> tuple[str, Role]:
    """The picture of a day and its colour: what was done and not passed is no good."""
    if one.state is Coming.DONE and one.audit is not None and not one.audit.passed:
        return "warn", "warn"
    return SIGNS[one.state]


def result_words(audit: Audit | None) -> str:
    """What a run came to, in a word or two; "" before its end."""
    if audit is None or audit.state is not AuditState.FINISHED:
        return ""
    said = _("passed") if audit.passed else _("not passed")
    return _("{share}, {verdict}").format(share=types.Percent().show(audit.score), verdict=said) if audit.score is not None else said


def told(one: Occurrence) -> str:
    """A day of the programme in words."""
    parts = (show_day(one.day), one.name, one.plan.place, _(one.state.label), result_words(one.audit))
    return " · ".join(part for part in parts if part)


class YearModel(QAbstractTableModel):
    """A row for each plan, a column for each month; the first column names the plan."""

    def __init__(self) -> None:
        super().__init__()
        self.year = 2000
        self.rows: list[tuple[int, str, list[list[Occurrence]]]] = []

    def show_year(self, year: int, plans: Sequence[tuple[int, str]], found: Sequence[Occurrence]) -> None:
        """Show these plans (id and name) with their days in a year."""
        self.beginResetModel()
        self.year = year
        self.rows = [(id_, name, [[one for one in found if one.plan.id == id_ and one.day.month == month] for month in range(1, 13)]) for id_, name in plans]
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own way
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else 13

    def within(self, index: Index) -> list[Occurrence]:
        """The days of a cell; of the name all of the plan's."""
        if not index.isValid():
            return []
        _id, _name, months = self.rows[index.row()]
        return months[index.column() - 1] if index.column() else [one for month in months for one in month]

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        _id, name, _months = self.rows[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return name if not index.column() else "; ".join(map(told, self.within(index)))
        if role == Qt.ItemDataRole.ToolTipRole:
            return harmless_tooltip("\n".join(map(told, self.within(index)[:30]))) or None
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return show_month(f"{self.year}-{section:02}").split(" ")[0][:3] if section else _("What is audited")
        if role == Qt.ItemDataRole.TextAlignmentRole and not section:
            return Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        return None


class _Signs(QStyledItemDelegate):
    """Draws the days of a month side by side: the picture, and the day's number beside it."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        model = index.model()
        if not index.column() or not isinstance(model, YearModel):
            super().paint(painter, option, index)
            return
        ground = QStyleOptionViewItem(option)
        self.initStyleOption(ground, index)
        ground.text = ""
        ground.widget.style().drawControl(QStyle.ControlElement.CE_ItemViewItem, ground, painter, ground.widget)
        found = model.within(index)
        shown = [(sign(one), str(one.day.day)) for one in found]
        if len(found) > EACH:
            kinds = list(dict.fromkeys(sign(one) for one in found))
            shown = [(kind, str(sum(sign(one) == kind for one in found))) for kind in kinds]
        self._draw(painter, option.rect, shown)

    def _draw(self, painter: QPainter, place: QRect, shown: Sequence[tuple[tuple[str, Role], str]]) -> None:
        font, side = theme.font("small"), theme.em(1.05)
        metrics = QFontMetrics(font)
        each = [side + theme.em(0.2) + metrics.horizontalAdvance(words) for _kind, words in shown]
        x = place.left() + max(theme.em(0.2), (place.width() - sum(each) - theme.em(0.4) * (len(each) - 1)) // 2)
        painter.save()
        painter.setFont(font)
        for ((icon, role), words), wide in zip(shown, each, strict=True):
            theme.paint_icon(painter, QRect(x, place.center().y() - side // 2, side, side), icon, theme.colour(role))
            painter.setPen(theme.colour("text"))
            painter.drawText(QRect(x + side + theme.em(0.2), place.top(), wide, place.height()), Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, words)
            x += wide + theme.em(0.4)
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(super().sizeHint(option, index).width(), theme.em(2.2))


class DaysModel(QAbstractTableModel):
    """The days of a year one under the other."""

    heads = (N_("Day"), N_("What is audited"), N_("Where"), N_("Who"), N_("How it stands"), N_("Result"))

    def __init__(self, who: Callable[[int | None], str]) -> None:
        super().__init__()
        self._who = who
        self.found: list[Occurrence] = []

    def show_days(self, found: Sequence[Occurrence]) -> None:
        """Show these days."""
        self.beginResetModel()
        self.found = list(found)
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own way
        return 0 if parent.isValid() else len(self.found)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.heads)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        return _(self.heads[section]) if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole else None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        one = self.found[index.row()]
        icon, ink = sign(one)
        if role == Qt.ItemDataRole.DisplayRole:
            place = one.audit.place if one.audit else one.plan.place
            who = self._who(one.audit.auditor if one.audit else one.plan.auditor)
            return (show_day(one.day), one.name, place, who, _(one.state.label), result_words(one.audit))[index.column()]
        if role == Qt.ItemDataRole.DecorationRole and index.column() == 4:
            return theme.icon(icon, ink)
        if role == Qt.ItemDataRole.ForegroundRole and index.column() == 4:
            return theme.colour("text" if ink == "neutral" else ink)
        if role == Qt.ItemDataRole.ToolTipRole:
            return harmless_tooltip(told(one))
        return None


class ProgrammeTable(QTableView):
    """A table of the programme; Enter or a double click is ``on_open``."""

    def __init__(self, model: QAbstractTableModel, name: str) -> None:
        super().__init__()
        self.on_open: Callable[[], object] = lambda: None
        self._fitted = 0
        self.setModel(model)
        self.setAccessibleName(name)
        self.setShowGrid(False)
        self.verticalHeader().hide()
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.horizontalHeader().setHighlightSections(False)
        self.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.doubleClicked.connect(lambda _index: self.on_open())
        if isinstance(model, YearModel):
            self.setItemDelegate(_Signs(self))
            self.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignCenter)
        else:
            self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.fit()

    def fit(self) -> None:
        """Give rows and columns their size by the text's size."""
        self._fitted = self.width()
        room = self.width() - theme.em(1.4)  # beside a scroll bar
        self.verticalHeader().setDefaultSectionSize(theme.em(2.2))
        header = self.horizontalHeader()
        if isinstance(self.model(), YearModel):
            header.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
            header.setSectionResizeMode(0, QHeaderView.ResizeMode.Fixed)
            header.setMinimumSectionSize(theme.em(3.2))
            header.resizeSection(0, min(theme.em(22), max(theme.em(10), room - 12 * theme.em(4))))
        else:
            header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
            wanted = (8, 20, 14, 14, 11, 14)
            scale = min(1.0, room / max(1, theme.em(sum(wanted))))
            for place, wide in enumerate(wanted):
                header.resizeSection(place, round(theme.em(wide) * scale))
            header.setStretchLastSection(True)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self.width() != self._fitted:  # the view's own width, which its scroll bars do not change
            self.fit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.on_open()
        else:
            super().keyPressEvent(event)


def counted(found: Sequence[Occurrence]) -> str:
    """How many days of a year stand how, in words."""
    missed = sum(one.state is Coming.MISSED for one in found)
    done = sum(one.state is Coming.DONE for one in found)
    said = [_("{done} of {all} done").format(done=done, all=len(found))]
    if missed:
        said.append(n_("{n} missed", "{n} missed", missed))
    if late := sum(one.state in (Coming.OVERDUE, Coming.DUE) for one in found):
        said.append(n_("{n} waits now", "{n} wait now", late))
    return " · ".join(said)
