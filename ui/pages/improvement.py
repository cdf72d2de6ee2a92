"""What the shop makes better: actions, ideas, experiments, trainings and reviews, each on its tab."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtWidgets import QVBoxLayout, QWidget

from qmdesk.i18n import N_, _
from qmdesk.operations import ideas
from qmdesk.records.improvement import Action, Experiment, Idea, Review, Training, TrainingSession
from qmdesk.records.lists import Cause
from qmdesk.records.party import Person
from qmdesk.records.product import Product
from qmdesk.schema.record import Record
from ui import theme
from ui.desk import Desk, Page
from ui.pages.beside import BesidePage, ListAndCard
from ui.pages.listing import Empty, Listing
from ui.panels import actions
from ui.panels.action_words import columns
from ui.panels.experiments import ExperimentCard, begin, shown_word
from ui.panels.ideas import IdeaCard, StateBar, write_down
from ui.panels.reviews import ReviewsPanel
from ui.panels.trainings import TrainingCard, TrainingsPanel, next_words
from ui.tables.model import told
from ui.widgets.button import Button
from ui.widgets.tabs import Tabs

OpenRecord = Callable[[type[Record], int], None]


@dataclass(frozen=True)
class _Tab:
    """A tab: the kind of record that opens on it, and what makes its page, which has ``open(kind, id)``."""

    kind: type[Record]
    icon: str
    make: Callable[[], Page]


class ImprovementPage(Page):
    """Holds the tabs; each is a page of its own that hears what changes, made when it is first shown."""

    def __init__(self, desk: Desk, open_record: OpenRecord, show_watched: Callable[[Action], object]) -> None:
        """``show_watched`` shows how the indicator goes that watches an action."""
        super().__init__(desk)
        self._open, self._show_watched = open_record, show_watched
        self._all = (
            _Tab(Action, "improvement", self._actions),
            _Tab(Idea, "star", self._ideas),
            _Tab(Experiment, "target", self._experiments),
            _Tab(Training, "training", self._trainings),
            _Tab(Review, "calendar", self._reviews),
        )
        self._made: dict[type[Record], Page] = {}
        self.tabs = Tabs()
        theme.mark(self.tabs, "pages")
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, theme.em(0.4), 0, 0)
        rows.addWidget(self.tabs)
        for tab in self._all:
            holder = QWidget()
            QVBoxLayout(holder).setContentsMargins(0, 0, 0, 0)
            self.tabs.addTab(holder, theme.icon(tab.icon), _(tab.kind.spec.plural))
        self.tabs.currentChanged.connect(self._make)
        self._make(self.tabs.currentIndex())

    # -- the tabs

    def _new_action(self) -> None:
        page = self.turn_to(Action)
        assert isinstance(page, actions.ActionsPanel)
        page.new_action()

    def _actions(self) -> Page:
        empty = Empty(N_("No actions yet."), N_("Begin one from a case, a finding, or from what you saw yourself."), N_("New action"), self._new_action, "improvement")
        listing = Listing(self.desk, Action, columns=actions.COLUMNS, order="-opened_on", told=columns(self.desk.register), presets=actions.PRESETS, empty=empty)
        return actions.ActionsPanel(self.desk, listing, self._open, self._show_watched)

    def _ideas(self) -> Page:
        return _Ideas(self.desk, self._open)

    def _experiments(self) -> Page:
        return _Experiments(self.desk, self._open)

    def _trainings(self) -> Page:
        return _trainings(self.desk)

    def _reviews(self) -> Page:
        return ReviewsPanel(self.desk, self._open)

    def _make(self, at: int) -> None:
        tab = self._all[at]
        if tab.kind not in self._made:
            self._made[tab.kind] = tab.make()
            self.tabs.widget(at).layout().addWidget(self._made[tab.kind])
            self._made[tab.kind].show()  # at once: Qt would show it after the next events only

    def turn_to(self, kind: type[Record]) -> Page:
        """Show the tab of a kind."""
        self.tabs.setCurrentIndex([tab.kind for tab in self._all].index(kind))
        return self.current()

    def current(self) -> Page:
        """The tab that is shown."""
        return self._made[self._all[self.tabs.currentIndex()].kind]

    def open(self, kind: type[Record], id_: int) -> None:
        """Show a record on the tab of its kind."""
        self.turn_to(kind).open(kind, id_)  # type: ignore[attr-defined]

    # -- as a page

    def refresh(self) -> None:
        """The tabs hear by themselves what changes."""

    def stops(self) -> Sequence[QWidget]:
        return *self.current().stops(), self.tabs

    def may_leave(self) -> bool:
        return self.current().may_leave()

    def turn_day(self) -> None:
        for page in self._made.values():
            page.turn_day()

    def place(self) -> Any:
        return self.tabs.currentIndex(), {kind: page.place() for kind, page in self._made.items()}

    def return_to(self, place: Any) -> None:
        at, shown = place
        for kind, what in shown.items():
            self.turn_to(kind).return_to(what)
        self.tabs.setCurrentIndex(at)


class _Ideas(BesidePage):
    """The ideas box: the list by state, with the card that answers them."""

    def __init__(self, desk: Desk, open_record: OpenRecord) -> None:
        self.states = StateBar(desk)
        self.card = IdeaCard(desk, open_record)
        empty = Empty(N_("No ideas yet."), N_("Write one down in a line, whenever it comes: Ctrl+Shift+I works on every page."), N_("New idea"), self.add, "star")
        self.new_button = Button(_("New idea (Ctrl+Shift+I)"), "add", "primary", on_click=self.add)
        self.new_button.setEnabled(not desk.register.read_only)
        self.listing = Listing(desk, Idea, columns=("what", "on", "state"), order="-on", empty=empty)
        hint = N_("Choose an idea in the list, and answer it.")
        pair = ListAndCard(_(Idea.spec.plural), self.listing, self.card, "star", hint, (self.new_button,), self.states)
        super().__init__(pair, (Idea, Action, Experiment), self.card.keys)
        self.states.currentChanged.connect(lambda _at: self._narrow())

    def _narrow(self) -> None:
        state = self.states.state
        self.listing.narrow(ideas.in_state(state).where if state else ())

    def add(self) -> None:
        """Write an idea down."""
        if id_ := write_down(self.desk, self):
            self.open(Idea, id_)

    def open(self, kind: type[Record], id_: int) -> None:
        if self.states.state not in (None, self.desk.register.get(Idea, id_).state):
            self.states.show_all()
        super().open(kind, id_)

    def refresh(self) -> None:
        self.states.refresh()
        super().refresh()

    def place(self) -> Any:
        return self.states.currentIndex(), super().place()

    def return_to(self, place: Any) -> None:
        at, shown = place
        self.states.setCurrentIndex(at)
        super().return_to(shown)


class _Experiments(BesidePage):
    """The experiments with what each shows."""

    def __init__(self, desk: Desk, open_record: OpenRecord) -> None:
        self.card = ExperimentCard(desk, open_record)
        empty = Empty(N_("No experiments yet."), N_("Change one thing, and see by the numbers whether it helped."), N_("New experiment"), self.add, "target")
        self.new_button = Button(_("New experiment"), "add", "primary", on_click=self.add)
        self.new_button.setEnabled(not desk.register.read_only)
        shows = told("shows", N_("It shows"), shown_word, 17, whole=True)
        self.listing = Listing(desk, Experiment, columns=("name", "shows", "verdict"), order="-since", told=(shows,), empty=empty)
        hint = N_("Choose an experiment in the list.")
        pair = ListAndCard(_(Experiment.spec.plural), self.listing, self.card, "target", hint, (self.new_button,))
        super().__init__(pair, (Experiment, Action, Product, Cause), self.card.keys)

    def add(self) -> None:
        """Begin an experiment."""
        if id_ := begin(self.desk, self):
            self.open(Experiment, id_)


def _trainings(desk: Desk) -> TrainingsPanel:
    """The tab of trainings, with the list of topics that it shows beside the table of who has had what."""
    card = TrainingCard(desk, lambda training: panel.hold(training))
    columns = ("topic", "who", "rhythm", "comes")
    comes = told("comes", N_("Next on"), next_words, 12, whole=True)
    empty = Empty(N_("No trainings yet."), N_("Write down what people must know and how often; the table shows who is without it."), N_("New training"), lambda: panel.add(), "training")
    new = Button(_("New training"), "add", "primary", on_click=lambda: panel.add())
    new.setEnabled(not desk.register.read_only)
    listing = Listing(desk, Training, columns=columns, order="next_on", told=(comes,), empty=empty)
    pair = ListAndCard(_("Topics"), listing, card, "training", N_("Choose a topic in the list."), (new,))
    panel = TrainingsPanel(desk, BesidePage(pair, (Training, TrainingSession, Person), card.keys))
    return panel
