"""The steps of a process as a table that is typed into like a spreadsheet, and the arrows between them as another."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import (
    QAbstractItemModel,
    QAbstractTableModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
)
from PySide6.QtGui import QBrush, QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QPlainTextEdit,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from qmdesk.documents.process_map import pain_tone, pain_words
from qmdesk.i18n import N_, _, language
from qmdesk.records.flow import Arrow, Flow, Pain, Pains
from qmdesk.records.party import Person
from qmdesk.records.process import ProcessStep
from qmdesk.schema import types
from qmdesk.schema.query import Order, Query, offered
from qmdesk.schema.record import Field
from ui import theme
from ui.desk import Desk
from ui.panels.process_edit import NOTHING, ProcessEdit
from ui.widgets.plain_label import harmless_tooltip

Index = QModelIndex | QPersistentModelIndex
_TOP = QModelIndex()
STEP_FIELDS = ("name", "lane", "weaknesses", "strengths", "risk", "input", "output", "indicator", "owner", "kind")
COUNTED = 1
"""The column of what was counted stands after the name."""


class StepsModel(QAbstractTableModel):
    """A row for each step; every field of it can be typed into, what was counted only read."""

    def __init__(self, desk: Desk, edit: ProcessEdit) -> None:
        super().__init__()
        self.desk, self._edit = desk, edit
        self.flow: Flow = NOTHING
        self.pains: Pains = {}
        fields = [ProcessStep.spec.fields[name] for name in STEP_FIELDS]
        self.fields: tuple[Field | None, ...] = (*fields[:COUNTED], None, *fields[COUNTED:])

    def show_flow(self, flow: Flow, pains: Pains) -> None:
        """Show the steps of a process."""
        same = [step.id for step in flow.steps] == [step.id for step in self.flow.steps]
        if not same:
            self.beginResetModel()
        self.flow, self.pains = flow, pains
        if same:
            if flow.steps:
                self.dataChanged.emit(self.index(0, 0), self.index(len(flow.steps) - 1, len(self.fields) - 1))
        else:
            self.endResetModel()

    def rowCount(self, parent: Index = _TOP) -> int:
        return 0 if parent.isValid() else len(self.flow.steps)

    def columnCount(self, parent: Index = _TOP) -> int:
        return 0 if parent.isValid() else len(self.fields)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        if orientation == Qt.Orientation.Vertical:
            return str(section + 1)
        field = self.fields[section]
        return field.labelled() if field else _("Counted")

    def flags(self, index: Index) -> Qt.ItemFlag:
        usual = super().flags(index)
        return usual | Qt.ItemFlag.ItemIsEditable if self._edit.writable and self.fields[index.column()] else usual

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        step, field = self.flow.steps[index.row()], self.fields[index.column()]
        pain = self.pains.get(step.id, Pain())
        if field is None:
            if role == Qt.ItemDataRole.DisplayRole:
                return pain_words(pain, language())
            tone = pain_tone(pain, self.pains)
            return QBrush(theme.colour(tone)) if role == Qt.ItemDataRole.ForegroundRole and tone else None
        value = getattr(step, field.name)
        if role == Qt.ItemDataRole.EditRole:
            return value
        if role == Qt.ItemDataRole.DisplayRole:
            if isinstance(field.type, types.Ref):
                return self.desk.register.title(field.type.target, value) if value else ""
            return field.show(step).replace("\n", " · ")
        if role == Qt.ItemDataRole.ToolTipRole and isinstance(value, str) and value:
            return harmless_tooltip(value)
        return None

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        field = self.fields[index.column()]
        if role != Qt.ItemDataRole.EditRole or field is None:
            return False
        if isinstance(field.type, types.Choice):  # Qt may have made a text of the word
            value = next(word for word in field.type.words if word == value)
        elif isinstance(value, str):
            value = types.clean(value)
        return self._edit.change(self.flow.steps[index.row()].id, {field.name: value})


class _Cells(QStyledItemDelegate):
    """The editor of a cell by its field's type; Enter keeps what was typed, also in texts of many lines (Shift+Enter: a new one)."""

    def __init__(self, model: StepsModel, parent: QObject) -> None:
        super().__init__(parent)
        self._model = model

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        field = self._model.fields[index.column()]
        assert field is not None
        if isinstance(field.type, types.LongText):
            text = QPlainTextEdit(parent)
            text.setTabChangesFocus(True)
            text.setMinimumHeight(theme.em(5))
            return text
        if isinstance(field.type, types.Choice | types.Ref):
            combo = QComboBox(parent)
            for _value, words in self._choices(field):
                combo.addItem(words)
            combo.activated.connect(lambda _at: self._keep(combo))
            return combo
        line = super().createEditor(parent, option, index)
        if hasattr(line, "setMaxLength") and isinstance(field.type, types.Text) and field.type.most:
            line.setMaxLength(field.type.most)
        return line

    def _choices(self, field: Field) -> list[tuple[Any, str]]:
        """What may be chosen for a field, and how it is called."""
        if isinstance(field.type, types.Choice):
            return [(word, _(word.label)) for word in field.type.words]
        people = self._model.desk.register.records(Query(Person, offered(Person)).by(Order("name")))
        return [(None, "–"), *((person.id, person.name) for person in people)]

    def _chosen(self, index: Index) -> list[Any]:
        field = self._model.fields[index.column()]
        assert field is not None
        return [value for value, _words in self._choices(field)]

    def _keep(self, editor: QWidget) -> None:
        self.commitData.emit(editor)
        self.closeEditor.emit(editor)

    def setEditorData(self, editor: QWidget, index: Index) -> None:
        value = index.data(Qt.ItemDataRole.EditRole)
        if isinstance(editor, QPlainTextEdit):
            if not editor.document().isModified():
                editor.setPlainText(value or "")
                editor.selectAll()
                editor.document().setModified(False)
        elif isinstance(editor, QComboBox):
            among = self._chosen(index)  # as data of the items Qt would make texts of the words
            editor.setCurrentIndex(among.index(value) if value in among else 0)
        else:
            super().setEditorData(editor, index)

    def setModelData(self, editor: QWidget, model: QAbstractItemModel, index: Index) -> None:
        if isinstance(editor, QPlainTextEdit):
            model.setData(index, editor.toPlainText())
        elif isinstance(editor, QComboBox):
            model.setData(index, self._chosen(index)[editor.currentIndex()])
        else:
            super().setModelData(editor, model, index)

    def eventFilter(self, editor: QObject, event: QEvent) -> bool:
        if isinstance(editor, QPlainTextEdit) and event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if event.modifiers() & (Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.AltModifier):
                editor.insertPlainText("\n")
            else:
                self._keep(editor)
            return True
        return super().eventFilter(editor, event)


class _Table(QTableView):
    """A small table of a process, its columns as wide as their words, one row chosen."""

    def __init__(self, model: QAbstractTableModel, name: str, widths: tuple[float, ...]) -> None:
        super().__init__()
        self.setModel(model)
        self.setAccessibleName(name)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectItems)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.AnyKeyPressed | QAbstractItemView.EditTrigger.DoubleClicked | QAbstractItemView.EditTrigger.EditKeyPressed)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setAlternatingRowColors(True)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        self.setCornerButtonEnabled(False)
        self.setCornerWidget(QWidget(self))  # Qt would draw a box between the scroll bars
        self.horizontalHeader().setHighlightSections(False)
        self.horizontalHeader().setStretchLastSection(True)
        self.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        for at, width in enumerate(widths):
            self.setColumnWidth(at, theme.em(width))

    def type_into(self, index: Index) -> None:
        """Begin to type into a cell, where it can be typed into."""
        if index.flags() & Qt.ItemFlag.ItemIsEditable:
            self.edit(index)

    def _edited(self) -> bool:
        return self.state() == QAbstractItemView.State.EditingState


class StepsTable(_Table):
    """The steps; Insert adds one after the chosen one and types its name at once."""

    def __init__(self, desk: Desk, edit: ProcessEdit) -> None:
        self.steps = StepsModel(desk, edit)
        super().__init__(self.steps, _("Steps of the process"), (13, 8, 8, 13, 13, 7, 10, 10, 12, 9, 7))
        self._edit, self._quiet = edit, False
        self.on_current: Callable[[int], object] = lambda _step: None
        self.on_open: Callable[[int], object] = lambda _step: None
        self.setItemDelegate(_Cells(self.steps, self))
        self.selectionModel().currentChanged.connect(lambda _now, _before: self._moved())

    def show_flow(self, flow: Flow, pains: Pains, current: int) -> None:
        """Show the steps of a process with this one chosen."""
        column = max(0, self.currentIndex().column())
        self._quiet = True
        self.steps.show_flow(flow, pains)
        self.choose(current, column)
        self._quiet = False

    def choose(self, step: int, column: int = -1) -> None:
        """Choose a step, in the column the keyboard is on unless another is named."""
        rows = [one.id for one in self.steps.flow.steps]
        if step in rows:
            column = column if column >= 0 else max(0, self.currentIndex().column())
            at = self.steps.index(rows.index(step), column)
            if at != self.currentIndex():
                self.setCurrentIndex(at)

    @property
    def current(self) -> int:
        """The chosen step, 0 for none."""
        row = self.currentIndex().row()
        return self.steps.flow.steps[row].id if 0 <= row < len(self.steps.flow.steps) else 0

    def _moved(self) -> None:
        if not self._quiet and self.current:
            self.on_current(self.current)

    def insert(self) -> None:
        """Add a step after the chosen one and type its name."""
        if made := self._edit.add(_("New step"), self.current):
            self.choose(made, 0)
            self.type_into(self.currentIndex())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, ctrl, step = event.key(), bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier), self.current
        if self._edited():
            super().keyPressEvent(event)
        elif key == Qt.Key.Key_Insert:
            self.insert()
        elif key == Qt.Key.Key_Delete and step:
            self.choose(self._edit.remove(step))
        elif ctrl and key in (Qt.Key.Key_Up, Qt.Key.Key_Down) and step:
            self._edit.move(step, -1 if key == Qt.Key.Key_Up else 1)
        elif ctrl and key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and step:
            self.on_open(step)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self.type_into(self.currentIndex())
        else:
            super().keyPressEvent(event)


class ArrowsModel(QAbstractTableModel):
    """A row for each way, drawn or by the order; when it is taken can be typed."""

    HEADS = (N_("From"), N_("To"), N_("When"))

    def __init__(self, edit: ProcessEdit) -> None:
        super().__init__()
        self._edit = edit
        self.flow: Flow = NOTHING
        self.arrows: tuple[Arrow, ...] = ()

    def show_flow(self, flow: Flow) -> None:
        """Show the ways of a process."""
        arrows = flow.arrows
        same = len(arrows) == len(self.arrows)  # the keyboard stays where it is
        if not same:
            self.beginResetModel()
        self.flow, self.arrows = flow, arrows
        if not same:
            self.endResetModel()
        elif arrows:
            self.dataChanged.emit(self.index(0, 0), self.index(len(arrows) - 1, len(self.HEADS) - 1))

    def rowCount(self, parent: Index = _TOP) -> int:
        return 0 if parent.isValid() else len(self.arrows)

    def columnCount(self, parent: Index = _TOP) -> int:
        return 0 if parent.isValid() else len(self.HEADS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        return _(self.HEADS[section]) if orientation == Qt.Orientation.Horizontal else str(section + 1)

    def flags(self, index: Index) -> Qt.ItemFlag:
        usual = super().flags(index)
        return usual | Qt.ItemFlag.ItemIsEditable if self._edit.writable and index.column() == 2 else usual

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        arrow = self.arrows[index.row()]
        if role == Qt.ItemDataRole.ForegroundRole and not arrow.link:
            return QBrush(theme.colour("muted"))
        if role == Qt.ItemDataRole.EditRole and index.column() == 2:
            return arrow.label
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        if index.column() == 2:
            return arrow.label or ("" if arrow.link else _("in their order"))
        return self.flow.step(arrow.start if index.column() == 0 else arrow.end).name

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        arrow = self.arrows[index.row()]
        if role == Qt.ItemDataRole.EditRole:
            self._edit.label(arrow.start, arrow.end, str(value))
        return True


class ArrowsTable(_Table):
    """The ways between the steps; Delete takes one away that somebody drew."""

    def __init__(self, edit: ProcessEdit) -> None:
        self.ways = ArrowsModel(edit)
        super().__init__(self.ways, _("Arrows of the process"), (11, 11, 7))
        self._edit = edit

    def remove(self) -> None:
        """Take the chosen arrow away."""
        row = self.currentIndex().row()
        if 0 <= row < len(self.ways.arrows):
            self._edit.disconnect(self.ways.arrows[row].link)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Delete and not self._edited():
            self.remove()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not self._edited() and self.currentIndex().isValid():
            self.type_into(self.currentIndex().siblingAtColumn(2))
        else:
            super().keyPressEvent(event)
