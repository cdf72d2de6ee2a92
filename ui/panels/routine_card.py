"""On Today: quarter-hour quality when it is due, the checklists that wait, each begun by one click, and what else comes round."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtWidgets import QFrame, QVBoxLayout

from qmdesk.i18n import _, n_
from qmdesk.operations import experiments, programme, review_reading, trainings
from qmdesk.operations.due import days_words
from qmdesk.operations.programme import Occurrence
from qmdesk.register import clock
from ui import theme
from ui.desk import Desk
from ui.widgets.button import Button
from ui.widgets.flow import FlowLayout

MOST = 3
"""So many checklists are offered here; all of them stand in the programme."""


class RoutineCard(QFrame):
    """``hold_weekly`` holds quarter-hour quality, ``begin`` begins a checklist, the others show all that wait."""

    def __init__(
        self, desk: Desk, hold_weekly: Callable[[], object], begin: Callable[[Occurrence], object], open_programme: Callable[[], object],
        open_trainings: Callable[[], object], open_experiments: Callable[[], object],
    ) -> None:  # fmt: skip
        super().__init__()
        self.desk, self._begin = desk, begin
        theme.mark(self, "note")
        rows = QVBoxLayout(self)
        rows.setContentsMargins(theme.em(0.8), theme.em(0.4), theme.em(0.8), theme.em(0.4))
        line = FlowLayout(gap=theme.em(0.5))
        self.weekly_button = Button("", "clock", on_click=hold_weekly)
        self.begin_buttons = [Button("", "play", on_click=partial(self._start, place)) for place in range(MOST)]
        self.all_link = Button("", "audits", "link", open_programme)
        self.trainings_link = Button("", "training", "link", open_trainings)
        self.experiments_link = Button("", "target", "link", open_experiments)
        for button in (self.weekly_button, *self.begin_buttons, self.all_link, self.trainings_link, self.experiments_link):
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
        self.all_link.setText(n_("{n} planned audit waits", "{n} planned audits wait", len(self.waiting)))
        untrained, tried = len(trainings.waiting(register, today)), len(experiments.waiting(register, today))
        self.trainings_link.setText(n_("{n} training waits", "{n} trainings wait", untrained))
        self.experiments_link.setText(n_("{n} experiment can be decided", "{n} experiments can be decided", tried))
        for link, some in ((self.all_link, self.waiting), (self.trainings_link, untrained), (self.experiments_link, tried)):
            link.setVisible(bool(some))
        for button in (self.weekly_button, *self.begin_buttons):
            button.setEnabled(not register.read_only)
        self.setVisible(bool(offer is not None or self.waiting or untrained or tried))

    def _start(self, place: int) -> None:
        if place < len(self.waiting):
            self._begin(self.waiting[place])
