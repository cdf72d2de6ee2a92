"""The tabs of an action besides its causes: its facts with the verdict above them, and its tasks."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QLineEdit

from qmdesk.i18n import N_, _, show_day
from qmdesk.operations import actions
from qmdesk.operations.closed_actions import LESSONS, MEASURE
from qmdesk.operations.due import days_words
from qmdesk.records.improvement import DONE_STATES, ENDED_STATES, Action, ActionState, Evidence, Task
from qmdesk.records.party import Person
from qmdesk.register import clock
from qmdesk.schema.query import Order, parts_of
from qmdesk.schema.record import Record
from ui import theme
from ui.ask import ran
from ui.desk import Desk
from ui.forms.dialog import RecordDialog
from ui.forms.form import RecordForm
from ui.panels.case_parts import Keeping, Part
from ui.panels.facts import Facts
from ui.tables.model import TableModel, Titles, told
from ui.tables.paint import Cell
from ui.tables.view import TableView
from ui.widgets.button import Button
from ui.widgets.flow import FlowLayout
from ui.widgets.plain_label import PlainLabel

FACTS = tuple(field.name for field in Action.spec.fields.values() if not field.automatic)
OF_ACTIONS = Keeping(
    Evidence, (actions.ADD_EVIDENCE, actions.add_evidence), (actions.REMOVE_EVIDENCE, actions.remove_evidence),
    N_("No evidence yet. Photos and papers that show what was found and done belong here."),
)  # fmt: skip


class ActionFacts(Facts):
    """What is known of an action, by section; what its steps settled stands above."""

    def __init__(self, desk: Desk) -> None:
        self.settled = PlainLabel("", "", wrap=True, selectable=True)
        super().__init__(desk, Action, FACTS, actions.EDIT, actions.edit, above=self.settled, named=lambda action: action.title)

    def show_case(self, record: Record) -> None:
        """Show the facts of an action; what stands can't be written."""
        super().show_case(record)
        assert isinstance(record, Action)
        self.settled.setText("\n".join(self._settled(record)))
        self.settled.setVisible(bool(self.settled.text()))
        over, done = record.state in ENDED_STATES, record.state in DONE_STATES
        for name, editor in self.form.editors.items():
            stands = (over and name not in LESSONS) or (done and name in MEASURE)
            editor.set_read_only(self.desk.register.read_only or stands)

    def _settled(self, action: Action) -> list[str]:
        """What came of it so far, in sentences."""
        lines = []
        if action.criterion_on and action.state not in DONE_STATES:
            lines.append(_("The criterion was written on {day}.").format(day=show_day(action.criterion_on)))
        if action.done_on and action.verify_on:
            lines.append(_("Carried out on {day}; to be checked from {other}.").format(day=show_day(action.done_on), other=show_day(action.verify_on)))
        if action.verified_on and action.verified_by:
            said = _("Checked on {day} by {name}: not effective.") if action.state is ActionState.INEFFECTIVE else _("Checked on {day} by {name}: effective.")
            lines.append(said.format(day=show_day(action.verified_on), name=self.desk.register.title(Person, action.verified_by)))
            lines.append(action.verdict_reasons)
        if action.dropped_because:
            lines.append(_("Dropped: {reason}").format(reason=action.dropped_because))
        return lines


class Tasks(Part):
    """The plan piece by piece: written in a line, ticked off with the space bar."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        line = QHBoxLayout()
        self.what = QLineEdit()
        self.what.setPlaceholderText(_("What is to be done? Enter adds it"))
        self.what.setAccessibleName(_("New task"))
        self.what.returnPressed.connect(self._add)
        line.addWidget(self.what, 1)
        self.rows.addLayout(line)
        buttons = FlowLayout(gap=theme.em(0.5))
        self.tick_button = Button(_("Done"), "done", on_click=self.tick)
        self.tick_button.setToolTip(_("Space"))
        self.change_button = Button(_("Who, until when…"), "edit", on_click=self._change)
        self.remove_button = Button(_("Remove"), "remove", on_click=self._remove)
        for button in (self.tick_button, self.change_button, self.remove_button):
            button.setEnabled(False)  # until an action is shown
            buttons.addWidget(button)
        self.rows.addLayout(buttons)
        self.table = _TaskTable(TableModel(desk.register, Task, (told("left", N_("State"), _standing, 16, whole=True),)), self)
        self.table.warn = desk.ask.warn
        self.table.arrange(("what", "owner", "left", "evidence"))
        self.table.say_empty(_("No tasks yet. Write the first one above."))
        self.table.on_open = lambda _id: self._change()
        self.rows.addWidget(self.table, 1)

    def refresh(self) -> None:
        assert isinstance(self.case, Action)
        writable = not self.desk.register.read_only and self.case.state not in ENDED_STATES
        for part in (self.what, self.tick_button, self.change_button, self.remove_button):
            part.setEnabled(writable)
        self.table.table_model.forget_all()
        self.table.ask(parts_of(self.case, Task).by(Order("position")))

    def _add(self) -> None:
        assert self.case is not None
        if self.what.text().strip() and self.desk.attempt(actions.ADD_TASK, actions.add_task, self.case.id, {"what": self.what.text()}) is not None:
            self.what.clear()

    def _chosen(self) -> Task | None:
        if self.table.current_id is None:
            self.desk.ask.tell(_("Choose a task in the table first."), parent=self)
            return None
        return self.desk.register.get(Task, self.table.current_id)

    def tick(self) -> None:
        """Tick the chosen task off, or open it again."""
        if self.tick_button.isEnabled() and (task := self._chosen()):
            self.desk.attempt(actions.FINISH_TASK, lambda tx: actions.finish_task(tx, task.id, done=task.done_on is None))

    def _change(self) -> None:
        if self.change_button.isEnabled() and (task := self._chosen()):
            ran(RecordDialog(self.desk, Task, task, fields=("what", "owner", "due_on", "done_on", "evidence"), save=_save_task, parent=self))

    def _remove(self) -> None:
        if self.remove_button.isEnabled() and (task := self._chosen()):
            self.desk.attempt(actions.REMOVE_TASK, actions.remove_task, task.id)


class _TaskTable(TableView):
    """The tasks; the space bar ticks one off, Delete takes it away."""

    def __init__(self, model: TableModel, part: Tasks) -> None:
        super().__init__(model)
        for key, do in ((Qt.Key.Key_Space, part.tick), (QKeySequence.StandardKey.Delete, part._remove)):
            QShortcut(QKeySequence(key), self, do, context=Qt.ShortcutContext.WidgetShortcut)


def _standing(task: Task, _titles: Titles) -> Cell:
    """How far a task is."""
    if task.done_on:
        return Cell(_("done on {day}").format(day=show_day(task.done_on)), "good", "done")
    if task.due_on is None:
        return Cell(_("open"), "neutral", "neutral")
    today = clock().date()
    late = task.due_on < today
    return Cell(days_words(task.due_on, today), "bad" if late else "neutral", "overdue" if late else "clock")


def _save_task(desk: Desk, form: RecordForm, _draft: Record) -> int:
    assert form.record is not None
    return desk.do(actions.CHANGE_TASK, actions.change_task, form.record.id, form.changes()).id
