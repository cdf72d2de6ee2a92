"""The desk: the one door between the register and Qt, and the one signal that carries news of data."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QWidget

from qmdesk.errors import Known
from qmdesk.i18n import _
from qmdesk.register import Change, Register, Transaction
from qmdesk.schema.record import Record
from ui import preferences
from ui.ask import Asker
from ui.jobs import Jobs
from ui.preferences import Preferences

P = ParamSpec("P")
T = TypeVar("T")


class Desk(QObject):
    """Holds the open register, performs operations and tells what changed; keeps the preferences of this machine."""

    changed = Signal(object)  # qmdesk.register.Change

    def __init__(
        self, register: Register, asker: Asker, jobs: Jobs, preferred: Preferences | None = None, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self.register = register
        self.ask = asker
        self.jobs = jobs
        self.preferences = preferred or Preferences()
        self.on_saved: Callable[[str, Path], object] = lambda sentence, _path: asker.tell(sentence)
        """Takes the sentence that says what was written outside the register, and where it lies."""

    def prefer(self, preferred: Preferences) -> None:
        """Keep other preferences; a disk that refuses them is told, not fatal."""
        self.preferences = preferred
        try:
            preferences.save(preferred)
        except Known as error:
            self.ask.warn(error.sentence)

    def do(self, label: str, operation: Callable[Concatenate[Transaction, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Perform an operation and tell the pages. Raises Known (also Problems) with nothing changed."""
        done = self.register.do(label, operation, *args, **kwargs)
        self.tell(done.change)
        return done.result

    def attempt(self, label: str, operation: Callable[Concatenate[Transaction, P], T], *args: P.args, **kwargs: P.kwargs) -> T | None:
        """Perform an operation; where it can't be done, say why and return None."""
        try:
            return self.do(label, operation, *args, **kwargs)
        except Known as error:
            self.ask.warn(error.sentence)
            return None

    def undo(self, step: int | None = None) -> None:
        """Take back a step (the newest by default), or say why not."""
        register = self.register
        self.jobs.run(_("Taking back"), lambda progress: register.undo(step, progress), self.tell)  # an import may be long

    def redo(self) -> None:
        """Do again what was undone last, or say why not."""
        self.jobs.run(_("Doing again"), self.register.redo, self.tell)

    def tell(self, change: Change) -> None:
        """Let the pages know; a step that changed nothing is no news."""
        if change.step:
            self.changed.emit(change)


class Page(QWidget):
    """A page: it refreshes at once when it is seen and something it shows changed, else when it is shown next."""

    shows: tuple[type[Record], ...] = ()

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.desk = desk
        self._stale = True
        desk.changed.connect(self._hear)

    def refresh(self) -> None:
        """Ask the register again for what the page shows."""
        raise NotImplementedError

    def may_leave(self) -> bool:
        """Whether the user may go elsewhere now: a page where something is typed asks what becomes of it."""
        return True

    def stops(self) -> Sequence[QWidget]:
        """Where F6 leads the keyboard one after the other; at the first of them that can be seen it begins."""
        return ()

    def begin(self) -> None:
        """Give the keyboard to what is done here first, so that a page needs no way there by Tab."""
        first = next((stop for stop in self.stops() if stop.isVisibleTo(self)), None)
        if first is not None:
            first.setFocus(Qt.FocusReason.OtherFocusReason)

    def place(self) -> Any:
        """What the page shows, for ``return_to`` of the page that takes its place in another language or size."""

    def return_to(self, place: Any) -> None:
        """Show what another page of this kind showed."""

    def turn_day(self) -> None:
        """Another day has begun: what is said of days left is to be said anew."""
        self._stale = True
        if self.isVisible():
            self._refresh_now()

    def _hear(self, change: Change) -> None:
        if not any(change.touches(kind) for kind in self.shows):
            return
        self._stale = True
        if self.isVisible():
            self._refresh_now()

    def _refresh_now(self) -> None:
        self._stale = False
        self.refresh()

    def showEvent(self, event: QShowEvent) -> None:
        if self._stale:
            self._refresh_now()
        super().showEvent(event)
