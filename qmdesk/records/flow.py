"""A process with its steps and arrows as one value, and what was counted at its steps: where each way leads, where it hurts."""

from __future__ import annotations

from collections.abc import Mapping

from qmdesk.records.process import Process, ProcessLink, ProcessStep, StepKind
from qmdesk.values import dataclass

MUCH = 3
"""From so many cases and findings on, a step may be the one that hurts most; fewer may be chance."""


@dataclass(frozen=True)
class Arrow:
    """A way from one step to another; ``link`` is 0 where nobody drew it and the order alone says so."""

    link: int
    start: int
    end: int
    label: str = ""


@dataclass(frozen=True)
class Flow:
    """A process, its steps in order, and the arrows drawn between them."""

    process: Process
    steps: tuple[ProcessStep, ...] = ()
    links: tuple[ProcessLink, ...] = ()

    def step(self, id_: int) -> ProcessStep:
        """The step with this id. Raises KeyError."""
        for step in self.steps:
            if step.id == id_:
                return step
        raise KeyError(id_)

    def drawn_from(self, id_: int) -> tuple[ProcessLink, ...]:
        """The arrows somebody drew from a step."""
        return tuple(link for link in self.links if link.start == id_)

    def next_in_order(self, step: ProcessStep) -> ProcessStep | None:
        """Where a step leads without an arrow of its own: the next one, unless the way ends here or another begins there."""
        place = self.steps.index(step) + 1
        if step.kind is StepKind.END or place >= len(self.steps) or self.steps[place].kind is StepKind.START:
            return None
        return self.steps[place]

    def ways_from(self, step: ProcessStep) -> tuple[Arrow, ...]:
        """Every way out of a step, drawn or by the order."""
        if drawn := self.drawn_from(step.id):
            return tuple(Arrow(link.id, link.start, link.end, link.label) for link in drawn)
        following = self.next_in_order(step)
        return (Arrow(0, step.id, following.id),) if following else ()

    @property
    def arrows(self) -> tuple[Arrow, ...]:
        """Every way there is, by the order of the steps they begin at."""
        return tuple(arrow for step in self.steps for arrow in self.ways_from(step))

    @property
    def lanes(self) -> tuple[str, ...]:
        """Who does something here, in the order of their first step."""
        return tuple(dict.fromkeys(step.lane for step in self.steps))


@dataclass(frozen=True)
class Pain:
    """What was counted at a step within a window of time; ``actions`` are those that run now."""

    cases: int = 0
    findings: int = 0
    actions: int = 0

    @property
    def counted(self) -> int:
        """Cases and findings together: what the map is coloured by."""
        return self.cases + self.findings


Pains = Mapping[int, Pain]
"""Id of a step -> what was counted there; a step without an entry has nothing."""


def hurts_most(pain: Pain, pains: Pains) -> bool:
    """Whether this is (one of) the worst steps of its map."""
    return pain.counted >= MUCH and pain.counted == max(other.counted for other in pains.values())
