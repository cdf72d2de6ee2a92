"""A form for one kind of record, laid out from its sections: editors by type, problems beside the fields they are about."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import MISSING
from typing import Any

from PySide6.QtCore import QEvent, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QFontMetrics,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from qmdesk.errors import Known, Problem, Problems
from qmdesk.i18n import _
from qmdesk.operations.registers import the_shop
from qmdesk.schema import types
from qmdesk.schema.record import Field, Record, check_all, empty, replace
from ui import theme
from ui.desk import Desk
from ui.forms.dates import DateLine
from ui.forms.editors import Editor, MoneyEditor, PictureEditor, RefEditor, editor_for
from ui.forms.lookup import AddNew, Narrow
from ui.widgets.plain_label import PlainLabel

Sections = Sequence[tuple[str, Sequence[str]]]
"""Headings (marked for translation, "" for none) with the names of the fields below them."""


class Sign(QWidget):
    """A small picture at the first line of a text, in the colour of a role."""

    def __init__(self, icon: str, role: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icon, self._role = icon, role

    def sizeHint(self) -> QSize:
        return QSize(theme.em(1.2), QFontMetrics(theme.font("body")).height())

    def paintEvent(self, event: QPaintEvent) -> None:
        side = theme.em(1.1)
        box = self.rect()
        box.setHeight(min(box.height(), QFontMetrics(theme.font("body")).height()))
        box.setTop(box.top() + max(0, (box.height() - side) // 2))
        box.setSize(QSize(side, side))
        theme.paint_icon(QPainter(self), box, self._icon, theme.colour(self._role))


class Notice(QFrame):
    """A bar for what is wrong with the whole, or could not be done; hidden while there is nothing to say."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        theme.mark(self, "bad")
        self._words = PlainLabel(wrap=True, selectable=True)
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.em(0.75), theme.em(0.6), theme.em(0.75), theme.em(0.6))
        row.setSpacing(theme.em(0.5))
        row.addWidget(Sign("bad", "bad"), 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self._words, 1)
        self.hide()

    @property
    def text(self) -> str:
        """What it says; "" while hidden."""
        return self._words.text()

    def say(self, sentence: str) -> None:
        """Show a sentence; "" hides the bar."""
        self._words.setText(sentence)
        self.setVisible(bool(sentence))
        if sentence:
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, sentence))


class _Trouble(QWidget):
    """A sentence in red with its sign."""

    def __init__(self) -> None:
        super().__init__()
        self.words = PlainLabel("", "problem", wrap=True)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.em(0.25))
        row.addWidget(Sign("warn", "bad"), 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self.words, 1)


class FieldRow(QWidget):
    """An editor with its help and its problem below it, and the label that stands left of it."""

    def __init__(self, field: Field, editor: Editor) -> None:
        super().__init__()
        self.field, self.editor = field, editor
        label = "" if editor.labelled else field.labelled()
        self.label = PlainLabel(_("{label} *").format(label=label) if label and field.required else label, "muted", wrap=True)
        self.label.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop)
        if label:
            self.label.setText(self.label.text().replace("&", "&&"))  # a buddy makes & a mnemonic
            self.label.setBuddy(editor.input)
        self._trouble: _Trouble | None = None
        line = QHBoxLayout()
        line.setContentsMargins(0, 0, 0, 0)
        line.addWidget(editor, 1000)
        line.addStretch(1)  # takes what the editor, at its widest, leaves
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(theme.em(0.15))
        rows.addLayout(line)
        if field.help:
            rows.addWidget(PlainLabel(_(field.help), "small", wrap=True))
        editor.changed.connect(self._mend)
        editor.left.connect(self._look)
        self.say("")

    @property
    def problem(self) -> str:
        """The sentence that stands beside the field."""
        return self._trouble.words.text() if self._trouble is not None else ""

    def say(self, problem: str) -> None:
        """Put a sentence beside the field; "" takes it away."""
        if problem and self._trouble is None:
            self._trouble = _Trouble()
            self.layout().addWidget(self._trouble)
        if self._trouble is not None:
            self._trouble.words.setText(problem)
            self._trouble.setVisible(bool(problem))
        self.editor.set_wrong(bool(problem))
        self.editor.describe(_(self.field.help), problem)

    def measure(self, label_width: int) -> None:
        """Take sizes from the font of now; ``label_width`` is that of the widest label of the form."""
        self.label.setFixedWidth(label_width)
        input_height = theme.em(1.4) + 2 * theme.em(0.3) + 2  # as the style sheet has it
        first_line = (input_height - QFontMetrics(theme.font("body")).height()) // 2
        self.label.setContentsMargins(0, max(0, first_line), 0, 0)
        wide = self.editor.letters()
        self.editor.setMaximumWidth(theme.letters(wide) if wide else 16_777_215)

    def _mend(self) -> None:
        if self.problem and not self.editor.problem():
            self.say("")

    def _look(self) -> None:
        if (found := self.editor.problem()) or not self.problem:
            self.say(found)


class _Section(QWidget):
    """Rows under a heading."""

    def __init__(self, heading: str, rows: Sequence[FieldRow], form: QWidget) -> None:
        super().__init__(form)
        self.rows = rows
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(theme.em(0.75))
        grid.setVerticalSpacing(theme.em(0.5))
        grid.setColumnStretch(1, 1)
        if heading:
            title = PlainLabel(_(heading), "heading")
            title.setContentsMargins(0, 0, 0, theme.em(0.15))
            grid.addWidget(title, 0, 0, 1, 2)
        for place, row in enumerate(rows, 1):
            grid.addWidget(row.label, place, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(row, place, 1)

    @property
    def weight(self) -> int:
        """About how high it is, in lines; what is written does not count, or sections would jump while one writes."""
        return 2 + sum(3 if type(row.field.type) is types.LongText else 1 for row in self.rows)


class RecordForm(QWidget):
    """Asks for the fields of one kind of record, in one column or, where there is room, in two.

    ``fields`` names those to ask for, in the record's own sections; ``sections`` lays them out otherwise. What is not
    asked for keeps its value. ``notice`` is where problems are said that belong to no field; without one the form has
    its own, above the fields.
    """

    changed = Signal()
    """The user changed something."""

    def __init__(
        self,
        desk: Desk,
        kind: type[Record],
        *,
        fields: Sequence[str] | None = None,
        sections: Sections | None = None,
        add_new: AddNew | None = None,
        notice: Notice | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.desk, self.kind = desk, kind
        self.rows: dict[str, FieldRow] = {}
        self._record: Record | None = None
        self._kept: dict[str, Any] = {}  # values of fields not asked for
        self._before: dict[str, Any] = {}
        self._sections = [self._section(heading, names, add_new) for heading, names in sections or _own_sections(kind, fields)]
        self.notice = notice or Notice(self)
        self._own_notice = notice is None
        self._label_width = 0
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self._measure()
        self.begin()

    # -- what stands in the form

    @property
    def editors(self) -> Mapping[str, Editor]:
        """The editors by the names of their fields."""
        return {name: row.editor for name, row in self.rows.items()}

    def begin(self, **preset: Any) -> None:
        """Ask for a new record, begun with these values."""
        self._record, self._kept = None, {name: value for name, value in preset.items() if name not in self.rows}
        for name, row in self.rows.items():
            row.editor.set_value(preset.get(name, row.editor.start_value()))
        self._settle()

    def load(self, record: Record) -> None:
        """Ask for the changes of a record."""
        self._record, self._kept = record, {}
        for name, row in self.rows.items():
            row.editor.set_value(getattr(record, name))
        self._settle()

    def propose(self, **values: Any) -> None:
        """Put values into fields for the user to take or mend; what is proposed is nothing the user has typed."""
        for name, value in values.items():
            self.rows[name].editor.set_value(value)
            self._before[name] = self.rows[name].editor.state()
        self._show_currencies()

    def ask_only(self, names: Collection[str]) -> None:
        """Show only these of the form's fields; the others keep what stands in them."""
        for name, row in self.rows.items():
            row.setVisible(name in names)
            row.label.setVisible(name in names)
        for section in self._sections:
            section.setVisible(any(row.field.name in names for row in section.rows))
        self._place(self.width(), move=True)
        self.updateGeometry()

    def _settle(self) -> None:
        self.clear_problems()
        self._show_currencies()
        self._before = self._states()

    def _states(self) -> dict[str, Any]:
        return {name: row.editor.state() for name, row in self.rows.items()}

    @property
    def record(self) -> Record | None:
        """The record that was loaded."""
        return self._record

    @property
    def dirty(self) -> bool:
        """Whether anything stands here that did not when the form was begun or loaded."""
        return self._states() != self._before

    def values(self) -> tuple[Any, list[Problem]]:
        """The record as it stands here, or None with every problem that prevents it."""
        problems, taken = [], dict(self._kept)
        for name, row in self.rows.items():
            taken[name] = self._value(row)
            if sentence := row.editor.problem():
                problems.append(Problem(name, sentence))
        draft = replace(self._record, **taken) if self._record is not None else self.kind(**taken)
        told = {problem.field for problem in problems}
        problems += [problem for problem in check_all(draft) if problem.field not in told]
        order = list(self.rows)
        problems.sort(key=lambda problem: order.index(problem.field) if problem.field in order else len(order))
        return (None if problems else draft), problems

    def _value(self, row: FieldRow) -> Any:
        value = row.editor.value()
        if value is None and row.editor.default is not None:
            return row.editor.default
        return value

    def touched(self) -> set[str]:
        """The fields where something stands that did not when the form was begun or loaded."""
        return {name for name, row in self.rows.items() if row.editor.state() != self._before[name]}

    def changes(self) -> dict[str, Any]:
        """The fields of the loaded record that stand otherwise here, with their values here."""
        assert self._record is not None
        found = {name: self._value(row) for name, row in self.rows.items()}
        return {name: value for name, value in found.items() if value != getattr(self._record, name)}

    def contents(self) -> list[bytes]:
        """The bytes of new pictures, to be kept (Transaction.keep) with the record."""
        editors = (row.editor for row in self.rows.values())
        return [editor.content for editor in editors if isinstance(editor, PictureEditor) and editor.content]

    # -- problems

    def check(self) -> Any:
        """The record as it stands here; where it can't be one, the problems are shown, and the answer is None."""
        draft, problems = self.values()
        self.show_problems(problems)
        return draft

    def show_problems(self, problems: Sequence[Problem]) -> None:
        """Put each problem beside its field, the others in the notice, and the keyboard into the first wrong field."""
        beside: dict[str, list[str]] = {}
        others = []
        for problem in problems:
            if problem.field in self.rows:
                beside.setdefault(problem.field, []).append(problem.sentence)
            else:
                others.append(problem.sentence)
        for name, row in self.rows.items():
            row.say(" ".join(beside.get(name, ())))
        self.notice.say(" ".join(others))
        first = next((row for name, row in self.rows.items() if name in beside), None)
        if first is not None:
            wrong = first.editor.input
            wrong.setFocus(Qt.FocusReason.TabFocusReason)  # selects what is wrong: typing replaces it
            if isinstance(wrong, DateLine):
                wrong.selectAll()  # also where the keyboard was there already: + and - go on
        if problems:
            QTimer.singleShot(0, self, lambda: self._bring_to_sight(first or self.notice))  # once the sentences have their room

    @contextmanager
    def telling(self) -> Iterator[None]:
        """What can't be saved inside is said: problems beside their fields, any other sentence in the notice."""
        try:
            yield
        except Problems as error:
            self.show_problems(error.problems)
        except Known as error:
            self.say(error.sentence)

    def say(self, sentence: str) -> None:
        """Say in the notice why something could not be done."""
        self.show_problems([Problem("", sentence)])

    def clear_problems(self) -> None:
        """Take every sentence away."""
        self.show_problems([])

    def _bring_to_sight(self, widget: QWidget) -> None:
        area = self.parentWidget()
        while area is not None and not isinstance(area, QScrollArea):
            area = area.parentWidget()
        if isinstance(area, QScrollArea) and area.widget() is not None and area.widget().isAncestorOf(widget):
            area.ensureWidgetVisible(widget, 0, theme.em(3))

    # -- how it behaves

    def focus_first(self) -> None:
        """Put the keyboard into the first field that is empty, else into the first."""
        rows = list(self.rows.values())
        first = next((row for row in rows if row.field.required and empty(row.editor.value())), None)
        first = first or next((row for row in rows if empty(row.editor.value())), rows[0])
        first.editor.input.setFocus(Qt.FocusReason.OtherFocusReason)

    def set_read_only(self, read_only: bool) -> None:
        """Only show the record."""
        for row in self.rows.values():
            row.editor.set_read_only(read_only)

    def narrow(self, field: str, where: Narrow) -> None:
        """Offer in a field only the records that fulfil ``where``, asked at each search."""
        editor = self.rows[field].editor
        assert isinstance(editor, RefEditor)
        editor.lookup.narrow = where

    def _section(self, heading: str, names: Sequence[str], add_new: AddNew | None) -> _Section:
        made = []
        for name in names:
            field = self.kind.spec.fields[name]
            default = self.kind.blank[name]
            editor = editor_for(field, self.desk, None if default is MISSING else default)
            if isinstance(editor, RefEditor):
                editor.lookup.add_new = add_new
            editor.changed.connect(self._changed)
            self.rows[name] = FieldRow(field, editor)
            made.append(self.rows[name])
        return _Section(heading, made, self)

    def _changed(self) -> None:
        self._show_currencies()
        self.changed.emit()

    def _show_currencies(self) -> None:
        """Amounts are in the currency their field names; where that says nothing, in the shop's."""
        for row in self.rows.values():
            kind = row.field.type
            if isinstance(kind, types.Money) and isinstance(row.editor, MoneyEditor):
                row.editor.set_currency(self._told(kind.currency) or the_shop(self.desk.register).currency)

    def _told(self, name: str) -> Any:
        if not name:
            return ""
        if name in self.rows:
            return self.rows[name].editor.value()
        return self._kept.get(name, "") if self._record is None else getattr(self._record, name)

    # -- how it is laid out
    # By hand: nested layouts of labels that wrap believe in old heights after a section has moved or grown.

    def minimumSizeHint(self) -> QSize:
        # of one column, or a scroll area would never let two columns become one again
        return QSize(self._label_width + theme.letters(24), theme.em(4))

    def sizeHint(self) -> QSize:
        wide = self._label_width + theme.letters(60)
        return QSize(wide, self.heightForWidth(wide))

    def heightForWidth(self, width: int) -> int:
        return self._place(width, move=False)

    def event(self, event: QEvent) -> bool:
        done = super().event(event)
        if event.type() in (QEvent.Type.LayoutRequest, QEvent.Type.Show) and hasattr(self, "_own_notice"):
            self._place(self.width(), move=True)
            self.updateGeometry()
        return done

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place(self.width(), move=True)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange and hasattr(self, "_own_notice"):
            self._measure()
            self.updateGeometry()

    def columns(self, width: int) -> int:
        """How many columns stand in ``width`` pixels."""
        comfortable = self._label_width + theme.letters(46)
        return 2 if len(self._sections) > 1 and width >= 2 * comfortable + theme.em(2) else 1

    def _place(self, width: int, *, move: bool) -> int:
        """The height all takes in ``width`` pixels; with ``move`` each section is set in its place."""
        top = 0
        if self._own_notice and not self.notice.isHidden():
            top = self.notice.heightForWidth(width)
            if move:
                self.notice.setGeometry(0, 0, width, top)
            top += theme.em()
        columns, between = self.columns(width), theme.em(2)
        wide = (width - between * (columns - 1)) // columns
        shown = [section for section in self._sections if not section.isHidden()]
        heights = [section.heightForWidth(wide) for section in shown]
        split = len(heights) if columns == 1 or len(shown) < 2 else _even_split([section.weight for section in shown])
        lowest = 0
        for first, last, left in ((0, split, 0), (split, len(heights), wide + between)):
            y = top
            for section, high in zip(shown[first:last], heights[first:last], strict=True):
                if move:
                    section.setGeometry(left, y, wide, high)
                y += high + theme.em(1.4)
            lowest = max(lowest, y - theme.em(1.4))
        return lowest

    def _measure(self) -> None:
        metrics = QFontMetrics(theme.font("body"))
        labels = [metrics.horizontalAdvance(row.label.text()) for row in self.rows.values()]
        self._label_width = min(max(labels, default=0) + 2, theme.letters(23))
        for row in self.rows.values():
            row.measure(self._label_width)


def show_beside(forms: Sequence[RecordForm], problems: Sequence[Problem]) -> None:
    """Put each problem beside its field, whichever form asks for it; the others where the first form says such things."""
    known = {name for form in forms for name in form.rows}
    others = [problem for problem in problems if problem.field not in known]
    for form in reversed(forms):  # the keyboard goes to the first wrong field of all
        form.show_problems([problem for problem in problems if problem.field in form.rows])
    if others:
        forms[0].notice.say(" ".join(problem.sentence for problem in others))


def _own_sections(kind: type[Record], wanted: Sequence[str] | None) -> list[tuple[str, list[str]]]:
    """The sections of a record with those of its fields that are asked for, by default all a person fills."""
    found: list[tuple[str, list[str]]] = [("", [])]
    for name, field in kind.spec.fields.items():
        if field.section:
            found.append((field.section, []))
        if name in wanted if wanted is not None else not field.automatic:
            found[-1][1].append(name)
    if wanted is not None:
        for _heading, names in found:
            names.sort(key=list(wanted).index)
    return [(heading, names) for heading, names in found if names]


def _even_split(weights: Sequence[int]) -> int:
    """How many of the first go left, so that the higher side is as low as can be."""
    return min(range(1, len(weights)), key=lambda place: max(sum(weights[:place]), sum(weights[place:])))
