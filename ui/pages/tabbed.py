"""A page whose parts stand behind tabs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui import theme
from ui.desk import Desk, Page
from ui.widgets.tabs import Tabs


class TabbedPage(Page):
    """Holds the parts its class names, each made when it is first shown; those that are pages hear by themselves what changes."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.tabs = Tabs(self)
        theme.mark(self.tabs, "pages")
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, theme.em(0.4), 0, 0)
        rows.addWidget(self.tabs)

    def current(self) -> Any:
        """The part that is shown."""
        return self.tabs.currentWidget()

    def refresh(self) -> None:
        """The parts hear by themselves what changes."""

    def stops(self) -> Sequence[QWidget]:
        return *self.current().stops(), self.tabs

    def may_leave(self) -> bool:
        return all(part.may_leave() for part in self.tabs.pages().values())

    def turn_day(self) -> None:
        super().turn_day()
        for part in self.tabs.pages().values():
            if isinstance(part, Page):
                part.turn_day()

    def place(self) -> Any:
        return self.tabs.currentIndex(), {name: part.place() for name, part in self.tabs.pages().items()}

    def return_to(self, place: Any) -> None:
        at, places = place
        for name, there in places.items():
            if there is not None:
                self.tabs.page(name).return_to(there)
        self.tabs.setCurrentIndex(at)
