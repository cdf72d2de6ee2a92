"""How the shop works, step by step: the map on which cases and findings are counted where they arose (S3)."""

from __future__ import annotations

from collections.abc import Iterable

from qmdesk.errors import Problem
from qmdesk.i18n import N_, _
from qmdesk.records.party import Person
from qmdesk.schema.record import Record, choice, count, flag, long_text, record, ref, text
from qmdesk.schema.types import Labelled


class Risk(Labelled):
    """How much can go wrong here: how often it does and how much it costs."""

    LOW = "low", N_("Low")
    MEDIUM = "medium", N_("Medium")
    HIGH = "high", N_("High")


class StepKind(Labelled):
    """What a step is on the drawing."""

    START = "start", N_("Beginning")
    ACTIVITY = "activity", N_("Step")
    DECISION = "decision", N_("Fork")
    END = "end", N_("End")


@record("process", N_("Process"), N_("Processes"))
class Process(Record):
    """One way of working from end to end: from order to delivery, the way of a return."""

    name: str = text(N_("Name"), most=120, title=True, searched=True, unique=True, listed=True)
    purpose: str = long_text(N_("What it is for"), default="", listed=True)
    owner: int | None = ref(Person, N_("Owner"), default=None, listed=True)
    active: bool = flag(N_("In use"), default=True, offers=True, listed=True)


@record("process_step", N_("Process step"), N_("Process steps"))
class ProcessStep(Record):
    """One thing somebody does, with what goes in, what comes out, and what is good and bad about it."""

    process: int = ref(Process, N_("Process"), owner=True, listed=True)
    position: int = count(N_("Place in the order"), default=0, automatic=True)
    name: str = text(N_("Step"), most=120, title=True, listed=True)
    kind: StepKind = choice(StepKind, N_("Kind"), default=StepKind.ACTIVITY, listed=True)
    lane: str = text(N_("Who does it"), default="", most=60, listed=True, help=N_("Shop, warehouse, courier, customer: each has its lane on the drawing."))
    owner: int | None = ref(Person, N_("Owner"), default=None)
    input: str = text(N_("What goes in"), default="")
    output: str = text(N_("What comes out"), default="")
    strengths: str = long_text(N_("Strengths"), default="", listed=True)
    weaknesses: str = long_text(N_("Weaknesses"), default="", listed=True)
    indicator: str = text(N_("Measured by"), default="", listed=True)
    risk: Risk = choice(Risk, N_("Risk"), default=Risk.LOW, listed=True)


@record("process_link", N_("Arrow"), N_("Arrows"), together=(("start", "end"),))
class ProcessLink(Record):
    """An arrow from one step to another; steps without arrows of their own follow one another in their order."""

    start: int = ref(ProcessStep, N_("From"), owner=True, listed=True)
    end: int = ref(ProcessStep, N_("To"), listed=True)
    label: str = text(N_("When"), default="", most=60, title=True, listed=True, help=N_("What leads this way from a question: yes, no, too heavy."))

    def check(self) -> Iterable[Problem]:
        """What can't be true together."""
        if self.start == self.end:
            yield Problem("end", _("An arrow must lead to another step."))
