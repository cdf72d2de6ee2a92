"""The causes of an action, as a tree of whys or as a fishbone, written on the drawing itself."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtGui import QHideEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QCheckBox, QComboBox, QTabBar

from qmdesk.errors import Known
from qmdesk.exchange.writer import whole_file
from qmdesk.i18n import _, language
from qmdesk.operations import action_papers, whys
from qmdesk.operations.action_reading import whys_of
from qmdesk.records.improvement import ENDED_STATES, Action, Branch, CauseMethod, Why
from qmdesk.records.lists import Cause
from qmdesk.schema.query import Order, Query, offered
from ui import theme
from ui.desk import Desk
from ui.panels.case_parts import Part
from ui.widgets.button import Button
from ui.widgets.cause_view import CauseView
from ui.widgets.flow import FlowLayout
from ui.widgets.plain_label import PlainLabel
from ui.widgets.tabs import one_stop

METHODS = (CauseMethod.FIVE_WHYS, CauseMethod.ISHIKAWA)
_BRANCHES = {str(branch.value): branch for branch in Branch}


class Causes(Part):
    """Two drawings of the same causes' kinds; below them what is said of the chosen one."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.on_large: Callable[[bool], object] = lambda _large: None
        """Told whether the drawing is to have the whole page."""
        self._shown = 0  # the action whose causes are drawn
        self.methods = QTabBar()
        self.methods.setDrawBase(False)
        one_stop(self.methods)
        for method in METHODS:
            self.methods.addTab(_(method.label))
        self.methods.currentChanged.connect(lambda _at: self._draw())
        self.view = CauseView()
        self.view.setMinimumHeight(theme.em(4))
        self.view.setAccessibleName(_("Causes"))
        self.view.writable = lambda key: key.isdecimal()
        self.view.words = lambda key: self._why(key).because
        self.view.on_write = lambda key, words: self.desk.attempt(whys.CHANGE, whys.change, int(key), {"because": words})
        self.view.on_add, self.view.on_beside = self._add, self._add_beside
        self.view.on_remove = self._remove
        self.view.on_mark = lambda key: self._mark(not self._why(key).root)
        self.view.on_move = lambda key, step: self.desk.attempt(whys.MOVE, whys.move, int(key), step)
        self.view.on_current = lambda _key: self._tell()
        head = FlowLayout(gap=theme.em(0.5))
        head.addWidget(self.methods)
        self.add_button = Button(_("Why?"), "add", on_click=lambda: self.view.add())
        self.add_button.setToolTip(_("Insert; beside it Shift+Insert; while writing, Tab asks why again"))
        self.remove_button = Button(_("Remove"), "remove", on_click=lambda: self.view.change(lambda: self._remove(self.view.current)))
        self.svg_button = Button(_("Save the drawing…"), "save", on_click=self.save_svg)
        self.large_button = Button(_("Large"), "zoom-in", on_click=lambda: self.on_large(self.large_button.isChecked()))
        self.large_button.setCheckable(True)
        self.large_button.setToolTip(_("Give the drawing the whole page (F11)"))
        QShortcut(QKeySequence("F11"), self, self.large_button.click)
        for button in (self.add_button, self.remove_button, self.svg_button, self.large_button):
            head.addWidget(button)
        for button in (self.add_button, self.remove_button):
            button.setEnabled(False)  # until an action is shown
        head.push(self.add_button)
        below = FlowLayout(gap=theme.em(0.6))
        self.root = QCheckBox(_("This is the root cause"))
        self.root.setToolTip(_("Space"))
        self.root.clicked.connect(self._mark)
        self.category = QComboBox()
        self.category.setAccessibleName(_("Kind of cause"))
        self.category.activated.connect(self._categorise)
        self.category_label = PlainLabel(_("Kind of cause:"), "muted")
        for part in (self.root, self.category_label, self.category):
            below.addWidget(part)
        self.hint = PlainLabel(_("Choose a box and type why it is so. Tab asks why again, Enter ends, Delete removes, Space marks the root cause."), "small", wrap=True)
        self.rows.addLayout(head)
        self.rows.addWidget(self.view, 1)
        self.rows.addLayout(below)
        self.rows.addWidget(self.hint)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        if self.large_button.isChecked() and not event.spontaneous():
            self.large_button.click()

    @property
    def method(self) -> CauseMethod:
        """Which drawing is shown."""
        return METHODS[self.methods.currentIndex()]

    # -- what it shows

    def refresh(self) -> None:
        assert isinstance(self.case, Action)
        if self._shown != self.case.id:
            self._shown = self.case.id
            self.view.line.keep()
            self.view.current = ""
            self.methods.setCurrentIndex(METHODS.index(self._usual()))
        self.view.read_only = self.desk.register.read_only or self.case.state in ENDED_STATES
        for part in (self.add_button, self.remove_button):
            part.setEnabled(not self.view.read_only)
        self._offer()
        self._draw()

    def _usual(self) -> CauseMethod:
        """The method that was used already; the whys while none was."""
        assert isinstance(self.case, Action)
        found = whys_of(self.desk.register, self.case)
        return CauseMethod.ISHIKAWA if found and all(one.branch for one in found) else CauseMethod.FIVE_WHYS

    def _offer(self) -> None:
        """The kinds of causes there are by now."""
        self.category.clear()
        self.category.addItem("–", None)
        for cause in self.desk.register.records(Query(Cause, offered(Cause)).by(Order("name"))):
            self.category.addItem(cause.name, cause.id)

    def _draw(self) -> None:
        if isinstance(self.case, Action):
            self.hint.setVisible(not self.view.read_only and not whys_of(self.desk.register, self.case))
            self.view.show_drawing(action_papers.drawing(self.desk.register, self.case, self.method, language()))
            self._tell()

    def _tell(self) -> None:
        """What is said of the chosen cause."""
        one = self._chosen()
        for part in (self.root, self.category, self.category_label):
            part.setVisible(one is not None)
            part.setEnabled(not self.view.read_only)
        if one is not None:
            self.root.setChecked(one.root)
            self.category.setCurrentIndex(max(0, self.category.findData(one.cause)))

    def _chosen(self) -> Why | None:
        key = self.view.current
        return self.desk.register.find(Why, int(key)) if key.isdecimal() else None

    def _why(self, key: str) -> Why:
        return self.desk.register.get(Why, int(key))

    # -- what it does

    def _add(self, key: str, words: str) -> str:
        """Add an answer below a box: of the problem, on a bone, or of another cause."""
        assert self.case is not None
        parent = int(key) if key.isdecimal() else None
        branch = _BRANCHES.get(key) or (Branch.PEOPLE if self.method is CauseMethod.ISHIKAWA and parent is None else None)
        added = self.desk.attempt(whys.ADD, lambda tx: whys.add(tx, self.case.id, words, parent=parent, branch=branch))
        return str(added.id) if added else ""

    def _add_beside(self, key: str, words: str) -> str:
        """Add another answer to the same why."""
        one = self._why(key)
        added = self.desk.attempt(whys.ADD, lambda tx: whys.add(tx, one.action, words, parent=one.parent, branch=one.branch, after=one.id))
        return str(added.id) if added else ""

    def _remove(self, key: str) -> None:
        one = self._why(key)
        above = str(one.parent) if one.parent else str(one.branch.value) if one.branch else ""
        if self.desk.attempt(whys.REMOVE, whys.remove, one.id) is not None:
            self.view.choose(above if self.view.box(above) else self.view.current)

    def _mark(self, root: bool) -> None:
        if (one := self._chosen()) is not None:
            self.desk.attempt(whys.CHANGE, whys.change, one.id, {"root": root})

    def _categorise(self, _at: int) -> None:
        if (one := self._chosen()) is not None:
            self.desk.attempt(whys.CHANGE, whys.change, one.id, {"cause": self.category.currentData()})

    def save_svg(self) -> None:
        """Save the drawing that is shown as an SVG file where the user says."""
        assert isinstance(self.case, Action)
        out = self.desk.ask.choose_file_to_save(_("Where shall the drawing go?"), action_papers.drawing_name(self.case, self.method), [("SVG", "*.svg")], parent=self)
        if out is None:
            return
        try:
            _write(out, action_papers.drawing_file(self.desk.register, self.case, self.method, language()))
        except Known as error:
            self.desk.ask.warn(error.sentence, parent=self)
            return
        self.desk.on_saved(_("{file} was written.").format(file=out.name), out)


def _write(out: Path, text: str) -> None:
    with whole_file(out) as file:
        file.write(text.encode("utf-8"))
