"""Trainings: who has had what as a table, the card of a topic, and the key that writes one down as held."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QMenu, QTableView, QVBoxLayout, QWidget

from qmdesk.i18n import N_, _, n_, show_day
from qmdesk.operations import trainings
from qmdesk.operations.trainings import LACKING, Cell, Standing, Table
from qmdesk.records.improvement import Training, TrainingSession
from qmdesk.records.party import Person
from qmdesk.register import clock
from qmdesk.schema.record import Record
from ui import theme
from ui.ask import ran
from ui.desk import Desk, Page
from ui.dialogs.training_held import TrainingHeld
from ui.forms.dialog import RecordDialog
from ui.panels.card import Belongings, Card
from ui.tables import paint
from ui.tables.model import Titles
from ui.theme import Role
from ui.widgets.button import Button
from ui.widgets.empty_state import EmptyState
from ui.widgets.flow import FlowLayout
from ui.widgets.plain_label import PlainLabel, harmless_tooltip
from ui.widgets.tabs import Tabs

Index = QModelIndex | QPersistentModelIndex
HELD = Belongings(N_("Trainings held"), TrainingSession, "training", ("held_on", "person", "passed", "result"))
SIGNS: dict[Standing, tuple[str, Role]] = {
    Standing.FRESH: ("good", "good"),
    Standing.SOON: ("clock", "warn"),
    Standing.DUE: ("overdue", "bad"),
    Standing.FAILED: ("close", "bad"),
    Standing.NEVER: ("warn", "warn"),
    Standing.NOT_MEANT: ("", "neutral"),
}


def cell_words(cell: Cell) -> str:
    """A cell of the table in a word or two: until when it holds, else how it stands."""
    if cell.standing is Standing.NOT_MEANT:
        return show_day(cell.held_on) if cell.held_on else "–"
    if cell.standing in (Standing.FRESH, Standing.SOON) and cell.until is not None:
        return _("until {day}").format(day=show_day(cell.until))
    if cell.standing is Standing.DUE and cell.until is not None:
        return _("since {day}").format(day=show_day(cell.until))
    return show_day(cell.held_on) if cell.standing is Standing.FRESH and cell.held_on else _(cell.standing.label)


def cell_told(cell: Cell) -> str:
    """A cell of the table in full."""
    held = _("last held {day}").format(day=show_day(cell.held_on)) if cell.held_on else ""
    return " · ".join(part for part in (_(cell.standing.label), cell_words(cell), held, cell.result) if part)


class WhoHasWhat(QAbstractTableModel):
    """Persons down, trainings across."""

    def __init__(self) -> None:
        super().__init__()
        self.table = Table((), (), {})

    def show_table(self, table: Table) -> None:
        """Show how things stand now."""
        self.beginResetModel()
        self.table = table
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own way
        return 0 if parent.isValid() else len(self.table.people)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.table.trainings)

    def cell(self, row: int, column: int) -> Cell:
        """How one person stands with one training."""
        return self.table.cells[self.table.people[row].id, self.table.trainings[column].id]

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return None
        said = self.table.trainings[section].topic if orientation == Qt.Orientation.Horizontal else self.table.people[section].name
        return said if role == Qt.ItemDataRole.DisplayRole else harmless_tooltip(said)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        cell = self.cell(index.row(), index.column())
        icon, ink = SIGNS[cell.standing]
        if role == Qt.ItemDataRole.DisplayRole:
            return cell_words(cell)
        if role == Qt.ItemDataRole.DecorationRole:
            return theme.icon(icon, ink) if icon else None
        if role == Qt.ItemDataRole.ForegroundRole:
            return theme.colour("muted" if ink == "neutral" else "text" if ink == "good" else ink)
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
            told = cell_told(cell)
            return harmless_tooltip(told) if role == Qt.ItemDataRole.ToolTipRole else told
        return None


class WhoTable(QTableView):
    """The table of persons and trainings; Enter or a double click is ``on_open``."""

    def __init__(self, model: WhoHasWhat) -> None:
        super().__init__()
        self.on_open: Callable[[], object] = lambda: None
        self.setModel(model)
        self.setAccessibleName(_("Who has had what"))
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setCornerButtonEnabled(False)
        for header in (self.horizontalHeader(), self.verticalHeader()):
            header.setHighlightSections(False)
            header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.doubleClicked.connect(lambda _index: self.on_open())
        model.modelReset.connect(self.fit)
        self.fit()

    def fit(self) -> None:
        """Give rows and columns their size by the text's size."""
        self.verticalHeader().setDefaultSectionSize(theme.em(2.4))
        header = self.horizontalHeader()
        header.setMinimumSectionSize(theme.em(11))
        header.setMaximumSectionSize(theme.em(20))
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.on_open()
        else:
            super().keyPressEvent(event)


class TrainingCard(Card):
    """One topic: who is still without it, and every time it was held."""

    def __init__(self, desk: Desk, hold: Callable[[Training], object]) -> None:
        self.hold_button = Button(_("Write down as held… (H)"), "training", "primary", self.hold)
        self._hold = hold
        super().__init__(desk, Training, (HELD,), lambda _kind, id_: self.correct(id_), self.hold_button, edit=(trainings.EDIT, trainings.edit))
        self.keys = (("H", self.hold_button.click),)
        self.without, self.strange = PlainLabel("", wrap=True), PlainLabel("", "problem", wrap=True)
        rows = self.layout()
        assert isinstance(rows, QVBoxLayout)
        for at, part in enumerate((self.without, self.strange), 1):
            rows.insertWidget(at, part)
        ((_part, self.held),) = self._lists
        self.held.on_menu = self._menu
        QShortcut(QKeySequence(Qt.Key.Key_Delete), self.held, self.take_back, context=Qt.ShortcutContext.WidgetShortcut)

    def refresh(self) -> None:
        super().refresh()
        training = self.record
        if not isinstance(training, Training):
            return
        found = trainings.table(self.desk.register)
        lacking = found.lacking(training) if training.active else []
        names = ", ".join(one.name for one in lacking)
        self.without.setText(_("Still without it: {names}").format(names=names) if names else _("Everybody it is for has had it."))
        strange = ", ".join(trainings.strangers(training, found.people))
        self.strange.setText(_("Nobody who works here has this role or name: {words}").format(words=strange) if strange else "")
        self.strange.setVisible(bool(strange))
        self.without.setVisible(training.active and bool(found.people))
        self.hold_button.setEnabled(training.active and not self.desk.register.read_only)

    def hold(self) -> None:
        """Write it down as held."""
        if isinstance(self.record, Training) and self.may_leave():
            self._hold(self.record)

    def correct(self, session_id: int) -> None:
        """Correct what was written down for one person."""

        def save(desk: Desk, form: Any, _draft: Record) -> int:
            return desk.do(trainings.CORRECT, trainings.correct, session_id, form.changes()).id

        if not self.desk.register.read_only:
            session = self.desk.register.get(TrainingSession, session_id)
            ran(RecordDialog(self.desk, TrainingSession, session, fields=("held_on", "passed", "result", "note"), save=save, parent=self))

    def take_back(self) -> None:
        """Take the chosen training held off."""
        if self.held.current_id is not None and not self.desk.register.read_only:
            self.desk.attempt(trainings.REMOVE, trainings.take_back, self.held.current_id)

    def _menu(self, menu: QMenu, ids: list[int]) -> None:
        if len(ids) == 1 and not self.desk.register.read_only:
            menu.addAction(theme.icon("remove"), _("Take off (Delete)")).triggered.connect(lambda _on: self.take_back())


def next_words(training: Training, _titles: Titles) -> paint.Cell:
    """When a training comes round, with a sign when that day has come."""
    if training.next_on is None or not training.active:
        return paint.Cell("–" if training.active else _("not in force"))
    late = training.next_on < clock().date()
    today = training.next_on == clock().date()
    return paint.Cell(show_day(training.next_on), "bad" if late else "warn" if today else "neutral", "overdue" if late else "bell" if today else "")


class TrainingsPanel(Page):
    """The tab of trainings: the table of who has had what, and the topics as a list with their card (``topics``)."""

    shows = (Training, TrainingSession, Person)

    def __init__(self, desk: Desk, topics: Page) -> None:
        super().__init__(desk)
        self.topics = topics
        self.model = WhoHasWhat()
        self.who = WhoTable(self.model)
        self.who.on_open = self.hold_here
        self.summary = PlainLabel("", "muted", wrap=True)
        self.hold_button = Button(_("Write down as held… (H)"), "training", "primary", self.hold_here)
        self.new_button = Button(_("New training"), "add", on_click=self.add)
        QShortcut(QKeySequence("H"), self.who, self.hold_here, context=Qt.ShortcutContext.WidgetShortcut)
        self.nothing = EmptyState("training", _("No trainings yet."), _("Write down what people must know and how often; the table shows who is without it."), _("New training"))
        self.nothing.chosen.connect(self.add)
        self.tabs = Tabs()
        self.tabs.addTab(self._table(), theme.icon("person"), _("Who has had what"))
        self.tabs.addTab(topics, theme.icon("menu"), _("Topics"))
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.addWidget(self.tabs)

    def _table(self) -> QWidget:
        part = QWidget()
        rows = QVBoxLayout(part)
        edge = theme.em(1)
        rows.setContentsMargins(edge, edge, edge, edge)
        rows.setSpacing(theme.em(0.6))
        head = FlowLayout(gap=theme.em(0.5))
        for one in (PlainLabel(_(Training.spec.plural), "title"), self.hold_button, self.new_button):
            head.addWidget(one)
        head.push(self.hold_button)
        rows.addLayout(head)
        rows.addWidget(self.summary)
        rows.addWidget(self.who, 1)
        rows.addWidget(self.nothing, 1)
        return part

    # -- what it shows

    def refresh(self) -> None:
        at = self.who.currentIndex()
        found = trainings.table(self.desk.register)
        self.model.show_table(found)
        some, writable = bool(found.trainings), not self.desk.register.read_only
        self.who.setVisible(some)
        self.nothing.setVisible(not some)
        self.summary.setVisible(some)
        self.hold_button.setVisible(some)
        for button in (self.hold_button, self.new_button, self.nothing.button):
            button.setEnabled(writable)
        self.summary.setText(self._said(found))
        if some and found.people:
            row, column = max(0, at.row()), max(0, at.column())
            self.who.setCurrentIndex(self.model.index(min(row, len(found.people) - 1), min(column, len(found.trainings) - 1)))

    def _said(self, found: Table) -> str:
        if not found.people:
            return _("Nobody is written down as working here yet; add the people in the settings first.")
        without = sum(any(found.cells[one.id, training.id].standing in LACKING for training in found.trainings) for one in found.people)
        due = len(trainings.waiting(self.desk.register))
        people = n_("{n} person is without something", "{n} people are without something", without) if without else _("Everybody has had what they need")
        return _("{people} · {trainings}").format(people=people, trainings=n_("{n} training waits", "{n} trainings wait", due)) if due else people

    @property
    def chosen(self) -> tuple[Training | None, Person | None]:
        """The training and the person the table is on."""
        at, found = self.who.currentIndex(), self.model.table
        training = found.trainings[max(0, at.column())] if found.trainings else None
        return training, found.people[at.row()] if 0 <= at.row() < len(found.people) else None

    # -- what it does

    def hold_here(self) -> None:
        """Write down as held what the table is on; ticked are those who need it, else the person the table is on."""
        training, person = self.chosen
        if training is None or self.desk.register.read_only:
            return
        lacking = self.model.table.lacking(training)
        self.hold(training, [person.id] if person is not None and not lacking else ())

    def hold(self, training: Training, people: Collection[int] = ()) -> None:
        """Ask who was there, and keep it."""
        ran(TrainingHeld(self.desk, training, people, self))

    def add(self) -> None:
        """Ask for a new training."""

        def save(desk: Desk, _form: Any, draft: Record) -> int:
            assert isinstance(draft, Training)
            return desk.do(trainings.ADD, trainings.add, draft).id

        ran(RecordDialog(self.desk, Training, save=save, parent=self))

    def go_to_waiting(self) -> None:
        """Show the table, on the first training that waits and somebody without it."""
        self.tabs.setCurrentIndex(0)
        self.refresh()
        if found := trainings.waiting(self.desk.register):
            ids = [one.id for one in self.model.table.trainings]
            lacking = self.model.table.lacking(found[0])
            row = self.model.table.people.index(lacking[0]) if lacking else 0
            self.who.setCurrentIndex(self.model.index(row, ids.index(found[0].id)))
        self.who.setFocus()

    # -- as a page

    def open(self, kind: type[Record], id_: int) -> None:
        """Show a topic."""
        self.tabs.setCurrentWidget(self.topics)
        self.topics.open(kind, id_)  # type: ignore[attr-defined]

    def stops(self) -> Sequence[QWidget]:
        return self.who, self.nothing.button, *self.topics.stops(), self.tabs

    def may_leave(self) -> bool:
        return self.topics.may_leave()

    def turn_day(self) -> None:
        super().turn_day()
        self.topics.turn_day()

    def place(self) -> Any:
        return self.tabs.currentIndex(), self.topics.place()

    def return_to(self, place: Any) -> None:
        at, shown = place
        self.topics.return_to(shown)
        self.tabs.setCurrentIndex(at)
