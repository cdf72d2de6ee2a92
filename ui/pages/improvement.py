"""What the shop makes better: actions, ideas, experiments, trainings and reviews, each on its tab."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from qmdesk.i18n import N_, _
from qmdesk.operations import ideas
from qmdesk.records.improvement import Action, Experiment, Idea, Review, Training, TrainingSession
from qmdesk.records.lists import Cause
from qmdesk.records.party import Person
from qmdesk.records.product import Product
from qmdesk.schema.record import Record
from ui.desk import Desk
from ui.pages.beside import BesidePage, ListAndCard
from ui.pages.listing import Empty, Listing
from ui.pages.tabbed import TabbedPage
from ui.panels.action_words import columns
from ui.panels.actions import COLUMNS, PRESETS, ActionsPanel
from ui.panels.experiments import ExperimentCard, begin, shown_word
from ui.panels.ideas import IdeaCard, StateBar, write_down
from ui.panels.reviews import ReviewsPanel
from ui.panels.trainings import TrainingCard, TrainingsPanel, next_words
from ui.tables.model import told
from ui.widgets.button import Button
from ui.widgets.tabs import Part

OpenRecord = Callable[[type[Record], int], None]


TABS: tuple[type[Record], ...] = (Action, Idea, Experiment, Training, Review)
"""The kind of record on each tab."""


class ImprovementPage(TabbedPage):
    """Each tab is a page of its own."""

    actions = Part(Action.spec.plural, lambda page: page._actions(), "improvement")
    ideas = Part(Idea.spec.plural, lambda page: _Ideas(page.desk, page._open), "star")
    experiments = Part(Experiment.spec.plural, lambda page: _Experiments(page.desk, page._open), "target")
    trainings = Part(Training.spec.plural, lambda page: _trainings(page.desk), "training")
    reviews = Part(Review.spec.plural, lambda page: ReviewsPanel(page.desk, page._open), "calendar")

    def __init__(self, desk: Desk, open_record: OpenRecord, show_watched: Callable[[Action], object]) -> None:
        """``show_watched`` shows how the indicator goes that watches an action."""
        super().__init__(desk)
        self._open, self._show_watched = open_record, show_watched

    # -- the tabs

    def _new_action(self) -> None:
        self.turn_to(Action).new_action()

    def _actions(self) -> ActionsPanel:
        empty = Empty(N_("No actions yet."), N_("Begin one from a case, a finding, or from what you saw yourself."), N_("New action"), self._new_action, "improvement")
        listing = Listing(self.desk, Action, columns=COLUMNS, order="-opened_on", told=columns(self.desk.register), presets=PRESETS, empty=empty)
        return ActionsPanel(self.desk, listing, self._open, self._show_watched)

    def turn_to(self, kind: type[Record]) -> Any:
        """Show the tab of a kind; answers its page."""
        self.tabs.setCurrentIndex(TABS.index(kind))
        return self.current()

    def open(self, kind: type[Record], id_: int) -> None:
        """Show a record on the tab of its kind."""
        self.turn_to(kind).open(kind, id_)


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
