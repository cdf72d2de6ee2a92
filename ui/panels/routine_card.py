"""On Today: quarter-hour quality when it is due, the checklists that wait, each begun by one click, and what else comes round."""

from __future__ import annotations

from functools import partial

from PySide6.QtWidgets import QFrame, QVBoxLayout

from qmdesk.i18n import _, n_
from qmdesk.operations import claim_lists, experiments, opinions, programme, review_reading, trainings
from qmdesk.operations.due import days_words
from qmdesk.operations.programme import Occurrence
from qmdesk.register import clock
from ui import theme
from ui.desk import Desk
from ui.panels.routine import Routine
from ui.widgets.button import Button
from ui.widgets.flow import FlowLayout

COUNTED = 1000
MOST = 3
"""So many checklists are offered here; all of them stand in the programme."""


class RoutineCard(QFrame):
    """Buttons that begin what is due, and links to what else waits; gone while nothing does."""

    def __init__(self, desk: Desk, routine: Routine) -> None:
        super().__init__()
        self.desk, self._begin = desk, routine.begin
        theme.mark(self, "note")
        rows = QVBoxLayout(self)
        rows.setContentsMargins(theme.em(0.8), theme.em(0.4), theme.em(0.8), theme.em(0.4))
        line = FlowLayout(gap=theme.em(0.5))
        self.weekly_button = Button("", "clock", on_click=routine.hold_weekly)
        self.begin_buttons = [Button("", "play", on_click=partial(self._start, place)) for place in range(MOST)]
        self.all_link = Button("", "audits", "link", routine.programme)
        self.trainings_link = Button("", "training", "link", routine.trainings)
        self.experiments_link = Button("", "target", "link", routine.experiments)
        self.claims_link = Button("", "suppliers", "link", routine.claims)
        self.opinions_link = Button("", "star", "link", routine.opinions)
        for button in (self.weekly_button, *self.begin_buttons, self.all_link, self.trainings_link, self.experiments_link, self.claims_link, self.opinions_link):
            line.addWidget(button)
        rows.addLayout(line)
        self.waiting: list[Occurrence] = []

    def refresh(self) -> None:
        """Ask the register what waits now."""
        register, today = self.desk.register, clock().date()
        offer = review_reading.weekly_offer(register, today)
        self.waiting = programme.waiting(register, today)
        if offer is not None and offer.begun is not None:
            self.weekly_button.setText(_("Go on with quarter-hour quality ({decided} of {all})").format(decided=offer.decided, all=offer.points))
        else:
            self.weekly_button.setText(_("Quarter-hour quality"))
        self.weekly_button.setVisible(offer is not None)
        if offer is not None and offer.last_on is not None:
            self.weekly_button.setToolTip(n_("Held last {n} day ago.", "Held last {n} days ago.", (today - offer.last_on).days))
        for place, button in enumerate(self.begin_buttons):
            button.setVisible(place < len(self.waiting))
            if place < len(self.waiting):
                one = self.waiting[place]
                name = " · ".join(part for part in (one.name, one.plan.place) if part)
                button.setText(_("Start: {checklist} ({when})").format(checklist=name.replace("&", "&&"), when=days_words(one.day, today)))
        links = [
            (self.all_link, len(self.waiting), n_("{n} planned audit waits", "{n} planned audits wait", len(self.waiting))),
            (self.trainings_link, untrained := len(trainings.waiting(register, today)), n_("{n} training waits", "{n} trainings wait", untrained)),
            (self.experiments_link, tried := len(experiments.waiting(register, today)), n_("{n} experiment can be decided", "{n} experiments can be decided", tried)),
            (
                self.claims_link,
                late := register.count(claim_lists.overdue(today), COUNTED),
                n_("{n} reply to a list of claims is overdue", "{n} replies to lists of claims are overdue", late),
            ),
            (
                self.opinions_link,
                bad := register.count(opinions.bad_unanswered(), COUNTED),
                n_("{n} bad opinion waits for an answer", "{n} bad opinions wait for an answer", bad),
            ),
        ]
        for link, some, words in links:
            link.setText(words)
            link.setVisible(bool(some))
        for button in (self.weekly_button, *self.begin_buttons):
            button.setEnabled(not register.read_only)
        self.setVisible(offer is not None or any(some for _link, some, _words in links))

    def _start(self, place: int) -> None:
        if place < len(self.waiting):
            self._begin(self.waiting[place])
