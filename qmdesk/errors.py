"""The errors a user can meet: each carries a whole sentence that says what happened and what to do."""

from __future__ import annotations

from collections.abc import Sequence

from qmdesk.i18n import _
from qmdesk.values import dataclass


class Known(Exception):
    """Something of the user's world: a full disk, a wrong file, a locked register. Its text is the sentence shown.

    Whatever is not ``Known`` is a bug: roll back, tell, log, go on.
    """

    @property
    def sentence(self) -> str:
        return str(self)


@dataclass(frozen=True)
class Problem:
    """One thing wrong with one field of a draft; ``field`` is empty when it concerns the whole record."""

    field: str
    sentence: str


class Problems(Known):
    """A draft was refused: every problem at once, so that the user mends them in one go."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(" ".join(problem.sentence for problem in self.problems))


class Conflict(Known):
    """A step can't be undone, because something it touched has changed since or is used elsewhere."""


class NotFound(Known):
    """The record asked for is not in the register."""


class Altered(Known):
    """The register holds what this program never writes there: it was damaged, or changed from outside."""

    def __init__(self, found: object) -> None:
        sentence = _("The register holds “{found}” where it can't stand: the file was damaged, or changed from outside. Go on with its newest backup.")
        super().__init__(sentence.format(found=str(found)[:60]))


class Cancelled(Exception):
    """The user cancelled a long operation; it rolls back whole."""
