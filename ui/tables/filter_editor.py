"""The popover in which a filter is made or changed: field, question, value, each kind of value with its own input."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from itertools import pairwise
from typing import Any, Protocol

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from qmdesk.i18n import _
from qmdesk.schema import parsing, types
from qmdesk.schema.query import Condition
from qmdesk.schema.record import Field, Record, example, not_understood
from qmdesk.schema.types import Operator
from ui import theme
from ui.desk import Desk
from ui.forms import lookup
from ui.tables.filters import PERIODS, Filter, filterable, over
from ui.tables.popover import Popover
from ui.widgets.button import Button
from ui.widgets.flow import FlowLayout
from ui.widgets.plain_label import PlainLabel
from ui.widgets.search_field import SearchField

OFFERED = 8
"""Rows of the list of records offered while typing."""


class _Refused(ValueError):  # noqa: N818 - no failure: it is shown below the line
    """What was typed is no value; its text is the sentence."""


class ValueInput(Protocol):
    """An input for the values of a condition."""

    def values(self) -> tuple[Any, ...]:
        """The values asked for. Raises _Refused."""
        ...

    def fill(self, values: Sequence[Any]) -> None:
        """Show the values of a condition that is to be changed."""
        ...


class _Lines(QWidget):
    """One line for a value, two for a range."""

    def __init__(self, field: Field, many: int, today: date, apply: Callable[[], object]) -> None:
        super().__init__()
        self._field, self._today = field, today
        kind = field.type
        self._day = isinstance(kind, types.Day | types.Moment)
        self.lines = [QLineEdit() for _unused in range(many)]
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        for place, line in enumerate(self.lines):
            if many == 2:
                row.addWidget(PlainLabel(_("to") if place else _("from"), "muted"))
            line.setAccessibleName(field.labelled())
            if kind.numeric:
                line.setAlignment(Qt.AlignmentFlag.AlignRight)
            if self._day or kind.numeric:
                line.setPlaceholderText(example(types.Day() if self._day else kind))
                line.setMinimumWidth(theme.letters(15))
            line.returnPressed.connect(apply)
            row.addWidget(line)
        self.setFocusProxy(self.lines[0])

    def values(self) -> tuple[Any, ...]:
        return tuple(self._value(line.text().strip()) for line in self.lines)

    def _value(self, text: str) -> Any:
        field = self._field
        if not text:
            raise _Refused(_("{field} is missing.").format(field=field.labelled()))
        try:
            if self._day:
                return parsing.typed_day(text, self._today)
            return field.type.parse(text)
        except (ValueError, OverflowError):
            raise _Refused(not_understood(field, text)) from None

    def fill(self, values: Sequence[Any]) -> None:
        kind = types.Day() if self._day else self._field.type
        for line, value in zip(self.lines, values, strict=True):
            line.setText(str(value) if kind.numeric else kind.show(value))  # a number without its currency or unit


class _OneOf(QComboBox):
    """One word out of a list."""

    def __init__(self, words: Sequence[tuple[str, Any]]) -> None:
        super().__init__()
        self._values = [value for _word, value in words]
        self.addItems([word for word, _value in words])

    def values(self) -> tuple[Any, ...]:
        return (self._values[self.currentIndex()],)

    def fill(self, values: Sequence[Any]) -> None:
        self.setCurrentIndex(self._values.index(values[0]))


class _AsHigh(QListWidget):
    """A list as high as so many rows, ten at most; it measures them again in the clothes of where it is put."""

    def __init__(self, many: int) -> None:
        super().__init__()
        self._many = min(many, 10)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def measure(self) -> None:
        """Take the height from the rows of now."""
        self.ensurePolished()
        row = self.sizeHintForRow(0) if self.count() else round(self.fontMetrics().height() + theme.em(0.7))
        self.setFixedHeight(row * self._many + 2 * self.frameWidth() + theme.em(0.35))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and hasattr(self, "_many"):
            self.measure()


class _SomeOf(_AsHigh):
    """Any of a list of words, each with a check box; Space ticks, Enter applies."""

    def __init__(self, words: Sequence[tuple[str, Any]], apply: Callable[[], object]) -> None:
        super().__init__(len(words))
        self.setAccessibleName(_("Value"))
        self._values = [value for _word, value in words]
        self._apply = apply
        for word, _value in words:
            item = QListWidgetItem(word, self)
            item.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsUserCheckable)
            item.setCheckState(Qt.CheckState.Unchecked)
        self.setCurrentRow(0)
        self.measure()
        self.itemClicked.connect(self._toggle_word)

    def _toggle_word(self, item: QListWidgetItem) -> None:
        """A click on the word counts as one on its box, which Qt has ticked by then itself."""
        if item.data(Qt.ItemDataRole.UserRole) == item.checkState().value:
            checked = item.checkState() == Qt.CheckState.Checked
            item.setCheckState(Qt.CheckState.Unchecked if checked else Qt.CheckState.Checked)
        self._remember()

    def _remember(self) -> None:
        for place in range(self.count()):
            self.item(place).setData(Qt.ItemDataRole.UserRole, self.item(place).checkState().value)

    def mousePressEvent(self, event: Any) -> None:
        self._remember()
        super().mousePressEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._apply()
        else:
            super().keyPressEvent(event)

    def tick(self, *values: Any) -> None:
        """Tick these words and no others."""
        for place, value in enumerate(self._values):
            self.item(place).setCheckState(Qt.CheckState.Checked if value in values else Qt.CheckState.Unchecked)

    def values(self) -> tuple[Any, ...]:
        found = tuple(value for place, value in enumerate(self._values) if self.item(place).checkState() == Qt.CheckState.Checked)
        if not found:
            raise _Refused(_("Tick at least one of them."))
        return found

    def fill(self, values: Sequence[Any]) -> None:
        self.tick(*values)


class _Lookup(QWidget):
    """A record of another kind, found by typing; Down goes to what is offered, Enter takes the first."""

    def __init__(self, desk: Desk, target: type[Record], apply: Callable[[], object]) -> None:
        super().__init__()
        self._desk, self._target = desk, target
        self.line = SearchField(_("Search"))
        self.offered = _AsHigh(OFFERED)
        self.offered.setAccessibleName(_(target.spec.plural))
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(theme.em(0.35))
        rows.addWidget(self.line)
        rows.addWidget(self.offered)
        self.line.searched.connect(self.search)
        self.line.returnPressed.connect(apply)
        self.offered.itemActivated.connect(lambda _item: apply())
        self.line.installEventFilter(self)
        self.setFocusProxy(self.line)
        self.search("")
        self.offered.measure()

    def search(self, text: str) -> None:
        """Offer what is found by these words; for no words the newest, of short lists all."""
        self._offer([(hit.id, hit.title, hit.second) for hit in lookup.search(self._desk, self._target, text)])

    def _offer(self, hits: Sequence[tuple[int, str, str]]) -> None:
        self.offered.clear()
        for id_, title, second in hits:
            words = f"{title} · {second}" if second else title
            QListWidgetItem(" ".join(words.split()), self.offered).setData(Qt.ItemDataRole.UserRole, id_)
        self.offered.setCurrentRow(0)

    def eventFilter(self, watched: Any, event: Any) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QKeyEvent.Type.KeyPress and event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            step = 1 if event.key() == Qt.Key.Key_Down else -1
            self.offered.setCurrentRow(max(0, min(self.offered.count() - 1, self.offered.currentRow() + step)))
            return True
        return False

    def values(self) -> tuple[Any, ...]:
        chosen = self.offered.currentItem()
        if chosen is None:
            raise _Refused(_("Nothing was found; write another part of the name."))
        return (chosen.data(Qt.ItemDataRole.UserRole),)

    def fill(self, values: Sequence[Any]) -> None:
        rows = self._desk.register.rows(self._target, list(values))
        self._offer([(item.id, item.title, lookup.second_line(item, titles)) for item, titles in rows])


def value_input(desk: Desk, field: Field, operator: Operator, today: date, apply: Callable[[], object]) -> QWidget | None:
    """The input for what ``operator`` asks of ``field``; None when it takes no value."""
    kind = field.type
    if operator.values == 0:
        return None
    if isinstance(kind, types.Choice):
        words = [(_(word.label), word) for word in kind.words]
        return _SomeOf(words, apply) if operator.values < 0 else _OneOf(words)
    if isinstance(kind, types.Flag):
        return _OneOf([(kind.show(value), value) for value in (True, False)])
    if isinstance(kind, types.Ref):
        return _Lookup(desk, kind.target, apply)
    return _Lines(field, operator.values, today, apply)


class FilterEditor(Popover):
    """Makes a filter, or changes one, and hands it to ``done``."""

    def __init__(self, desk: Desk, kind: type[Record], today: date, done: Callable[[Filter], object], parent: QWidget, start: Filter | None = None) -> None:
        super().__init__(_("Filter"), parent)
        self._desk, self._today, self._done = desk, today, done
        self._fields = filterable(kind)
        self.field = QComboBox()
        self.field.setAccessibleName(_("Field"))
        self.field.setMaxVisibleItems(18)
        self.field.addItems([field.labelled() for field in self._fields])
        self.operator = QComboBox()
        self.operator.setAccessibleName(_("Question"))
        self.periods = QWidget()
        flow = FlowLayout(self.periods, gap=theme.em(0.25))
        for key, period in PERIODS.items():
            flow.addWidget(Button(_(period.label), part="add-chip", on_click=lambda key=key: self._take(over(self._asked.name, key))))
        self._place = QVBoxLayout()
        self._place.setContentsMargins(0, 0, 0, 0)
        self.input: QWidget | None = None
        self.problem = PlainLabel(part="problem", wrap=True)
        self.apply_button = Button(_("Apply"), part="primary", on_click=self.apply)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(self.apply_button)
        for part in (self.field, self.periods, self.operator):
            self.rows.addWidget(part)
        self.rows.addLayout(self._place)
        self.rows.addWidget(self.problem)
        self.rows.addLayout(buttons)
        self.setFixedWidth(theme.letters(58))
        self.field.currentIndexChanged.connect(lambda _place: self._ask_field())
        self.operator.currentIndexChanged.connect(lambda _place: self._ask_value())
        self._start(start)

    def _start(self, start: Filter | None) -> None:
        names = [field.name for field in self._fields]
        first = next((place for place, field in enumerate(self._fields) if field.listed and not field.title), 0)
        place = names.index(start.condition.field) if start else first
        self.field.setCurrentIndex(place)
        self._ask_field()
        if start:
            self.operator.setCurrentIndex(list(self._asked.type.operators).index(start.condition.operator))
            days = start.at(self._today)
            if self.input is not None:
                self.input.fill(days.values)  # type: ignore[attr-defined]
        self.setFocusProxy((self.input or self.operator) if start else self.field)

    @property
    def _asked(self) -> Field:
        return self._fields[self.field.currentIndex()]

    @property
    def _operator(self) -> Operator:
        return self._asked.type.operators[self.operator.currentIndex()]

    def _ask_field(self) -> None:
        field = self._asked
        self.operator.blockSignals(True)
        self.operator.clear()
        for known in field.type.operators:
            self.operator.addItem(_(known.sentence).format(field=field.labelled(), value="…", other="…"))
        self.operator.blockSignals(False)
        day = isinstance(field.type, types.Day | types.Moment)
        if day:
            self.operator.setCurrentIndex(list(field.type.operators).index(types.BETWEEN))
        self.periods.setVisible(day)
        self.operator.setVisible(len(field.type.operators) > 1)
        self._ask_value()

    def _ask_value(self) -> None:
        if self.input is not None:
            self._place.removeWidget(self.input)
            self.input.hide()
            self.input.deleteLater()
        self.input = value_input(self._desk, self._asked, self._operator, self._today, self.apply)
        if self.input is not None:
            self._place.addWidget(self.input)
        self._order_tabs()
        self._say("")

    def _order_tabs(self) -> None:
        """Tab goes from top to bottom; an input made anew would come after the button."""
        stops: list[QWidget] = [self.field, *self.periods.findChildren(Button), self.operator]
        if self.input is not None:
            inputs = (self.input, *self.input.findChildren(QWidget))
            stops += [part for part in inputs if part.window() is self and part.focusPolicy() & Qt.FocusPolicy.TabFocus and part.focusProxy() is None]
        stops.append(self.apply_button)
        for before, after in pairwise(stops):
            QWidget.setTabOrder(before, after)

    def _say(self, sentence: str) -> None:
        self.problem.setText(sentence)
        self.problem.setVisible(bool(sentence))
        self.periods.setFixedHeight(self.periods.layout().heightForWidth(self.width() - 2 * theme.em(0.9)))
        self.fit()

    def apply(self) -> None:
        """Hand the filter over, or say what is wrong with the value."""
        try:
            values = self.input.values() if self.input is not None else ()  # type: ignore[attr-defined]
        except _Refused as refused:
            self._say(str(refused))
            return
        self._take(Filter(Condition(self._asked.name, self._operator, values)))

    def _take(self, made: Filter) -> None:
        self._done(made)
        self.close()
