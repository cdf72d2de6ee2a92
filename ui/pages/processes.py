"""Processes: the maps of how the shop works, drawn and typed, with what was counted at each step: where it hurts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from PySide6.QtCore import QPoint, QSignalBlocker, Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QComboBox, QFrame, QMenu, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from qmdesk.documents import process_map
from qmdesk.i18n import N_, _, language, n_
from qmdesk.operations import actions, process_library, process_pain, process_papers, processes
from qmdesk.operations.process_pain import Window
from qmdesk.records.audit import Audit, Finding
from qmdesk.records.case import Case
from qmdesk.records.flow import Pain, Pains
from qmdesk.records.improvement import Action, ActionSource
from qmdesk.records.party import Person
from qmdesk.records.process import Process, ProcessLink, ProcessStep, Risk
from qmdesk.register import clock
from qmdesk.schema import types
from qmdesk.schema.query import Condition, Order, Query
from qmdesk.schema.record import Record
from ui import theme
from ui.ask import ran
from ui.desk import Desk, Page
from ui.forms.dialog import RecordDialog
from ui.forms.form import RecordForm
from ui.panels.facts import Facts
from ui.panels.process_drawing import ProcessDrawing
from ui.panels.process_edit import NOTHING, ProcessEdit
from ui.panels.process_tables import ArrowsTable, StepsTable
from ui.tables.model import TableModel, told
from ui.tables.paint import Cell
from ui.tables.view import TableView
from ui.theme import Role
from ui.widgets.button import Button, IconButton
from ui.widgets.empty_state import EmptyState
from ui.widgets.flow import FlowLayout
from ui.widgets.pill import Pill
from ui.widgets.plain_label import PlainLabel
from ui.widgets.tabs import Tabs

STEP_FIELDS = tuple(ProcessStep.spec.asked("process"))
RISKS: dict[Risk, tuple[str, Role]] = {Risk.LOW: (N_("low risk"), "good"), Risk.MEDIUM: (N_("medium risk"), "warn"), Risk.HIGH: (N_("high risk"), "bad")}
Open = Callable[[type[Record], int], None]
ShowCases = Callable[[Sequence[Condition]], object]


class ProcessesPage(Page):
    """The list of processes over the steps of the chosen one, its map beside them, what is known of the chosen step under it."""

    shows = (Process, ProcessStep, ProcessLink, Case, Finding, Audit, Action, Person)

    def __init__(self, desk: Desk, open_record: Open, show_cases: ShowCases) -> None:
        super().__init__(desk)
        self._open, self._show_cases = open_record, show_cases
        self.edit = ProcessEdit(desk)
        self.window_of_time = Window.QUARTER
        self.pains: Pains = {}
        self._step = 0
        self.split = QSplitter()
        self.split.addWidget(self._left())
        self.split.addWidget(self._right())
        self.split.setChildrenCollapsible(False)
        self.split.setStretchFactor(1, 1)
        self.split.setSizes([theme.em(29), theme.em(60)])
        self.nothing = EmptyState("process", "")
        self.nothing.chosen.connect(lambda: self.take(process_library.offered()[0].key))
        self.nothing.other_chosen.connect(self.new)
        self.stack = QStackedWidget()
        self.stack.addWidget(self.split)
        self.stack.addWidget(self.nothing)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.addWidget(self.stack)
        for keys, do in (("Ctrl+E", self.export), ("M", self.make_action), ("C", self.show_cases_here)):
            QShortcut(QKeySequence(keys), self.drawing if len(keys) == 1 else self, do, context=Qt.ShortcutContext.WidgetWithChildrenShortcut)

    # -- what it is made of

    def _left(self) -> QWidget:
        left = QWidget()
        rows = QVBoxLayout(left)
        edge = theme.em(1)
        rows.setContentsMargins(edge, edge, theme.em(0.6), edge)
        rows.setSpacing(theme.em(0.5))
        head = FlowLayout(gap=theme.em(0.4))
        head.addWidget(PlainLabel(_("Processes"), "title"))
        self.new_button = Button(_("New"), "add", "primary", self._show_new_menu)
        head.addWidget(self.new_button)
        head.push(self.new_button)
        rows.addLayout(head)
        counted = told("counted", N_("Counted"), self._counted_of, 14)
        self.list = TableView(TableModel(self.desk.register, Process, (counted,)))
        self.list.arrange(("name", "counted"))
        self.list.setFixedHeight(theme.em(10))
        self.list.setAccessibleName(_("Processes"))
        self.list.on_current = self._turn_to
        self.list.on_open = lambda _id: self.drawing.setFocus()
        self.list.on_menu = self._menu
        self.list.warn = self.desk.ask.warn
        rows.addWidget(self.list)
        self.steps = StepsTable(self.desk, self.edit)
        self.steps.on_current = self._choose
        self.steps.on_open = self.open_step
        self.arrows = ArrowsTable(self.edit)
        self.facts = Facts(self.desk, Process, ("name", "purpose", "owner", "active"), processes.CHANGE, processes.change)
        self.tabs = Tabs()
        for part, words in ((self._steps_tab(), _("Steps")), (self._arrows_tab(), _("Arrows")), (self.facts, _("Process"))):
            self.tabs.addTab(part, words)
        rows.addWidget(self.tabs, 1)
        return left

    def _with_buttons(self, table: QWidget, *buttons: QWidget) -> QWidget:
        tab = QWidget()
        rows = QVBoxLayout(tab)
        rows.setContentsMargins(0, theme.em(0.5), 0, 0)
        line = FlowLayout(gap=theme.em(0.4))
        for button in buttons:
            line.addWidget(button)
        rows.addLayout(line)
        rows.addWidget(table, 1)
        return tab

    def _steps_tab(self) -> QWidget:
        self.step_button = Button(_("Add (Ins)"), "add", on_click=self.steps.insert)
        self.all_button = Button(_("Open"), "open", on_click=lambda: self.open_step(self._step))
        self.all_button.setToolTip(_("All about the chosen step (Ctrl+Enter)"))
        self.up_button = IconButton("up", _("Earlier in the order (Ctrl+Up)"), lambda: self.edit.move(self._step, -1))
        self.down_button = IconButton("down", _("Later in the order (Ctrl+Down)"), lambda: self.edit.move(self._step, 1))
        self.drop_button = IconButton("remove", _("Take the step away (Del)"), lambda: self._choose(self.edit.remove(self._step)))
        return self._with_buttons(self.steps, self.step_button, self.all_button, self.up_button, self.down_button, self.drop_button)

    def _arrows_tab(self) -> QWidget:
        self.arrow_button = Button(_("Draw one (A)"), "add", on_click=self._begin_arrow)
        self.drop_arrow_button = Button(_("Remove"), "remove", on_click=self.arrows.remove)
        return self._with_buttons(self.arrows, self.arrow_button, self.drop_arrow_button)

    def _begin_arrow(self) -> None:
        self.drawing.setFocus()
        self.drawing.begin_arrow()

    def _right(self) -> QWidget:
        right = QWidget()
        rows = QVBoxLayout(right)
        edge = theme.em(1)
        rows.setContentsMargins(theme.em(0.6), edge, edge, edge)
        rows.setSpacing(theme.em(0.5))
        head = FlowLayout(gap=theme.em(0.5))
        self.title = PlainLabel("", "heading", selectable=True)
        self.since = QComboBox()
        self.since.setAccessibleName(_("What is counted"))
        for window in Window:
            self.since.addItem(_(window.label))
        self.since.setCurrentIndex(list(Window).index(self.window_of_time))
        self.since.currentIndexChanged.connect(lambda at: self._count_since(list(Window)[at]))
        self.export_button = Button(_("Save the drawing…"), "save", on_click=self.export)
        self.export_button.setToolTip(_("As PDF, SVG or PNG (Ctrl+E)"))
        for part in (self.title, self.since, self.export_button):
            head.addWidget(part)
        head.push(self.since)
        rows.addLayout(head)
        self.said = PlainLabel("", "muted", wrap=True)
        rows.addWidget(self.said)
        self.drawing = ProcessDrawing(self.edit)
        self.drawing.on_current = self._choose
        self.drawing.on_open = self.open_step
        self.drawing.on_say = self._say
        rows.addWidget(self.drawing, 1)
        rows.addWidget(self._foot())
        return right

    def _foot(self) -> QFrame:
        """What is known of the chosen step, and where it leads."""
        self.foot = QFrame()
        theme.mark(self.foot, "card")
        rows = QVBoxLayout(self.foot)
        edge = theme.em(0.9)
        rows.setContentsMargins(edge, theme.em(0.6), edge, theme.em(0.6))
        rows.setSpacing(theme.em(0.3))
        line = FlowLayout(gap=theme.em(0.5))
        self.step_name = PlainLabel("", "strong")
        self.risk = Pill()
        self.pain = Pill()
        self.cases_button = Button("", "complaints", "link", self.show_cases_here)
        self.findings_button = Button("", "audits", "link", self.show_findings)
        self.actions_button = Button("", "improvement", "link", self.show_actions)
        self.action_button = Button(_("Make it an action (M)"), "improvement", on_click=self.make_action)
        for part in (self.step_name, self.risk, self.pain, self.cases_button, self.findings_button, self.actions_button, self.action_button):
            line.addWidget(part)
        line.push(self.action_button)
        rows.addLayout(line)
        self.strong = PlainLabel("", wrap=True, selectable=True)
        self.weak = PlainLabel("", wrap=True, selectable=True)
        rows.addWidget(self.strong)
        rows.addWidget(self.weak)
        return self.foot

    # -- what it shows

    @property
    def process_id(self) -> int:
        """The process that is shown, 0 for none."""
        return self.edit.flow.process.id

    @property
    def _since(self) -> date | None:
        return self.window_of_time.since(clock().date())

    def refresh(self) -> None:
        register = self.desk.register
        some = bool(register.count(Query(Process), 1))
        writable = not register.read_only
        first = process_library.offered()[0].name
        self.nothing.say(
            _("No processes yet."),
            _("A map shows each step from order to delivery: who does it, what is strong and weak about it, and how many complaints arose there."),
            _("Begin with “{name}”").format(name=first) if writable else "",
            _("Begin with an empty map…") if writable else "",
        )
        self.stack.setCurrentWidget(self.split if some else self.nothing)
        self.new_button.setEnabled(writable)
        self.list.table_model.forget_all()
        if self.list.table_model.query != processes.all_processes():
            self.list.ask(processes.all_processes())
        else:
            self.list.refresh()
        chosen = register.find(Process, self.process_id) if self.process_id else None
        if chosen is None and some:
            chosen = register.records(processes.all_processes(), 1)[0]
            self.list.go_to(chosen.id)
        self._show(chosen.id if chosen else 0)

    def _counted_of(self, process: Process, _titles: Any) -> Cell:
        """How much was counted in a whole process."""
        if not process.active:
            return Cell(_("not in use"), "neutral", "hide")
        found = process_pain.pains(self.desk.register, processes.flow_of(self.desk.register, process.id), self._since)
        pain = Pain(sum(one.cases for one in found.values()), sum(one.findings for one in found.values()))
        return Cell(process_map.pain_words(pain, language()), "warn", "warn") if pain.counted else Cell(_("nothing"))

    def _turn_to(self, process_id: int | None) -> None:
        if not process_id or process_id == self.process_id:
            return
        if not self.facts.may_leave():
            self.list.go_to(self.process_id)
            return
        self._step = 0
        self.drawing.stop_typing()
        self._show(process_id)

    def _show(self, process_id: int) -> None:
        """Show a process, with the step that was chosen."""
        register = self.desk.register
        self.edit.flow = processes.flow_of(register, process_id) if process_id else NOTHING
        flow = self.edit.flow
        if self._step not in [step.id for step in flow.steps]:
            self._step = flow.steps[0].id if flow.steps else 0
        self.pains = process_pain.pains(register, flow, self._since)
        self.title.setText(flow.process.name)
        step = self._step
        self.drawing.show_drawing(process_map.draw(flow, self.pains, language()), step)
        self.steps.show_flow(flow, self.pains, step)
        self.arrows.ways.show_flow(flow)
        if process_id:
            self.facts.show_case(flow.process)
        else:
            self.facts.forget()
        self._say("")
        self._name_buttons()
        self._tell_step()

    def _name_buttons(self) -> None:
        writable, chosen = self.edit.writable, bool(self._step)
        for button in (self.step_button, self.arrow_button, self.drop_arrow_button):
            button.setEnabled(writable)
        for about_step in (self.all_button, self.up_button, self.down_button, self.drop_button):
            about_step.setEnabled(writable and chosen)
        self.export_button.setEnabled(bool(self.edit.flow.steps))
        self.action_button.setEnabled(writable and chosen)

    def _say(self, sentence: str) -> None:
        """A sentence over the drawing: what goes on, else what hurts most."""
        self.said.setText(sentence or self._what_hurts())

    def _what_hurts(self) -> str:
        if not self.edit.flow.steps:
            return _("This map is empty. Press Insert and type its first step.")
        counted = sum(pain.counted for pain in self.pains.values())
        if not counted:
            return _("No case and no finding was put to a step in this time. A case names its step among its facts.")
        worst = max(self.edit.flow.steps, key=lambda step: self.pains[step.id].counted)
        told = process_map.pain_words(self.pains[worst.id], language())
        return n_("{n} counted on this map, most at “{step}”: {told}.", "{n} counted on this map, most at “{step}”: {told}.", counted, step=worst.name, told=told)

    def _count_since(self, window: Window) -> None:
        self.window_of_time = window
        self.refresh()

    def _choose(self, step: int) -> None:
        """Choose a step, in the drawing and in the table."""
        if not step:
            return
        self._step = step
        with QSignalBlocker(self.drawing.scene()):
            self.drawing.choose(step)
        self.drawing.scene().update()
        self.steps.choose(step)
        self._name_buttons()
        self._tell_step()

    def _tell_step(self) -> None:
        self.foot.setVisible(bool(self._step))
        if not self._step:
            return
        step, pain = self.edit.flow.step(self._step), self.pains.get(self._step, Pain())
        self.step_name.setText(step.name)
        words, role = RISKS[step.risk]
        self.risk.show_state(_(words), role, "flag")
        tone = process_map.pain_tone(pain, self.pains)
        self.pain.setVisible(tone == "bad")
        self.pain.show_state(_("hurts most"), "bad", "warn")
        for button, count, words in (
            (self.cases_button, pain.cases, n_("{n} case", "{n} cases", pain.cases)),
            (self.findings_button, pain.findings, n_("{n} finding", "{n} findings", pain.findings)),
            (self.actions_button, pain.actions, n_("{n} action runs", "{n} actions run", pain.actions)),
        ):
            button.setText(words)
            button.setVisible(bool(count))
        self.strong.setText(_("Strengths: {words}").format(words=step.strengths.strip()))
        self.strong.setVisible(bool(step.strengths.strip()))
        self.weak.setText(_("Weaknesses: {words}").format(words=step.weaknesses.strip()))
        self.weak.setVisible(bool(step.weaknesses.strip()))

    # -- what is done with whole processes

    def new_menu(self) -> QMenu:
        """A new map: one that is ready, or an empty one."""
        menu = QMenu(self)
        for ready in process_library.offered():
            words = n_("{name} ({n} step)", "{name} ({n} steps)", ready.steps, name=ready.name)
            menu.addAction(theme.icon("process"), words).triggered.connect(lambda _on, key=ready.key: self.take(key))
        menu.addSeparator()
        menu.addAction(theme.icon("add"), _("Empty map…")).triggered.connect(lambda _on: self.new())
        return menu

    def _show_new_menu(self) -> None:
        menu = self.new_menu()
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self.new_button.mapToGlobal(QPoint(0, self.new_button.height())))

    def take(self, key: str) -> None:
        """Begin with a ready map."""
        self._go_to(self.desk.attempt(processes.READY, process_library.take, key, language()))

    def new(self) -> None:
        """Begin with an empty map."""
        name = self.desk.ask.ask_text(_("New process"), _("What is it called?"), parent=self)
        if name:
            self._go_to(self.desk.attempt(processes.NEW, processes.add, Process(name=name), _("Beginning")))

    def copy(self, process_id: int) -> None:
        """A second process with the same steps."""
        offered = processes.free_name(self.desk.register, self.desk.register.title(Process, process_id))
        name = self.desk.ask.ask_text(_("Copy a process"), _("Name of the copy"), offered, parent=self)
        if name:
            self._go_to(self.desk.attempt(processes.COPY, processes.copy, process_id, name))

    def remove(self, process_id: int) -> None:
        """Take a process away."""
        self.desk.attempt(processes.REMOVE, processes.remove, process_id)

    def _menu(self, menu: QMenu, ids: list[int]) -> None:
        if len(ids) == 1 and not self.desk.register.read_only:
            active = self.desk.register.get(Process, ids[0]).active
            menu.addAction(theme.icon("copy"), _("Copy…")).triggered.connect(lambda _on: self.copy(ids[0]))
            words = _("Take out of use") if active else _("Take into use")
            menu.addAction(theme.icon("hide" if active else "show"), words).triggered.connect(
                lambda _on: self.desk.attempt(processes.CHANGE, processes.change, ids[0], {"active": not active})
            )
            menu.addAction(theme.icon("remove"), _("Remove")).triggered.connect(lambda _on: self.remove(ids[0]))

    def _go_to(self, process_id: int | None) -> None:
        if process_id:
            self.open(Process, process_id)
            self.drawing.setFocus()

    def export(self) -> None:
        """Write the map to a file, as its ending says."""
        process = self.edit.flow.process
        if not self.edit.flow.steps:
            return
        filters = ((_("PDF"), "*.pdf"), (_("Drawing (SVG)"), "*.svg"), (_("Picture (PNG)"), "*.png"))
        path = self.desk.ask.choose_file_to_save(_("Save the drawing"), process_papers.name_of(process), filters, parent=self)
        if path is None:
            return
        register, window = self.desk.register, self.window_of_time

        def done(_written: None) -> None:
            self.desk.on_saved(_("The map was saved as {file}.").format(file=path.name), path)

        self.desk.jobs.run(_("Writing {file}").format(file=path.name), lambda _progress: process_papers.write(register, process.id, path, window, replace=True), done, parent=self)

    # -- what is done with a step

    def open_step(self, step: int) -> None:
        """Ask all that is known of a step."""
        if step and self.edit.writable:
            ran(RecordDialog(self.desk, ProcessStep, self.desk.register.get(ProcessStep, step), fields=STEP_FIELDS, save=_save_step, parent=self))

    def show_cases_here(self) -> None:
        """Show the cases that are counted at the chosen step."""
        if self._step:
            self._show_cases(process_pain.of_cases(self._step, self._since))

    def show_findings(self) -> None:
        """Show the newest finding at the chosen step; where there are more, ask which."""
        found = process_pain.findings_at(self.desk.register, self._step, self._since)
        self._show_one(Finding, [(one.id, one.statement.partition("\n")[0]) for one in found], self.findings_button)

    def show_actions(self) -> None:
        """Show the action about the chosen step that runs; where there are more, ask which."""
        running = self.desk.register.records(Query(Action, (Condition("process_step", types.IS, (self._step,)),)).by(Order("opened_on", True)))
        self._show_one(Action, [(one.id, f"{one.number} {one.name}") for one in running], self.actions_button)

    def _show_one(self, kind: type[Record], named: list[tuple[int, str]], at: QWidget) -> None:
        if len(named) == 1:
            self._open(kind, named[0][0])
        elif named:
            menu = QMenu(self)
            for id_, words in named[:20]:
                menu.addAction(words[:80].replace("&", "&&")).triggered.connect(lambda _on, id_=id_: self._open(kind, id_))
            menu.aboutToHide.connect(menu.deleteLater)
            menu.popup(at.mapToGlobal(QPoint(0, at.height())))

    def make_action(self) -> None:
        """Begin an action about the weakness of the chosen step; without one written down, ask what is weak first."""
        if not self._step or not self.edit.writable:
            return
        step = self.edit.flow.step(self._step)
        if not step.weaknesses.strip():
            words = self.desk.ask.ask_text(_("Make it an action"), _("What is weak about “{step}”?").format(step=step.name), parent=self)
            if not words or not self.edit.change(step.id, {"weaknesses": words}):
                return
        begun = self.desk.attempt(actions.BEGIN, actions.begin, "", ActionSource.PROCESS, process_step=step.id)
        if begun is not None:
            self._open(Action, begun.id)

    # -- as a page

    def open(self, kind: type[Record], id_: int) -> None:
        """Show a process, or the process a step belongs to with the step chosen."""
        if self._stale:
            self._refresh_now()
        process_id = self.desk.register.get(ProcessStep, id_).process if kind is ProcessStep else id_
        self.list.go_to(process_id)
        self._turn_to(process_id)
        if kind is ProcessStep:
            self._choose(id_)

    def stops(self) -> Sequence[QWidget]:
        return self.drawing, self.list, self.steps, self.nothing.button

    def may_leave(self) -> bool:
        return self.facts.may_leave()

    def place(self) -> tuple[int, int, int]:
        return self.process_id, self._step, self.tabs.currentIndex()

    def return_to(self, place: tuple[int, int, int]) -> None:
        process_id, step, tab = place
        if process_id:
            self.open(Process, process_id)
            self._choose(step)
        self.tabs.setCurrentIndex(tab)


def _save_step(desk: Desk, form: RecordForm, _draft: Record) -> int:
    assert form.record is not None
    return desk.do(processes.CHANGE_STEP, processes.change_step, form.record.id, form.changes()).id
