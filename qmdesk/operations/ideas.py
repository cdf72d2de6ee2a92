"""The ideas box: written down in one line, and answered: taken up as an action or an experiment, later, or declined with a reason."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from qmdesk.errors import Known, Problem, Problems
from qmdesk.i18n import N_, _
from qmdesk.operations import actions
from qmdesk.records.improvement import Action, ActionKind, ActionSource, Experiment, Idea, IdeaState
from qmdesk.register import Reading, Transaction, clock
from qmdesk.schema import types
from qmdesk.schema.query import Condition, Order, Query
from qmdesk.values import dataclass

WRITE_DOWN = N_("Write down an idea")
LATER = N_("Put an idea off")
DECLINE = N_("Decline an idea")
RECONSIDER = N_("Take an idea into thought again")
AS_ACTION = N_("Take an idea up as an action")
AS_EXPERIMENT = N_("Try an idea out")

OF_ACTION, OF_EXPERIMENT = 200, 120
"""Letters of the name of an action and of an experiment: the first of the idea's."""


def write_down(tx: Transaction, what: str, by: str = "", gain: str = "") -> Idea:
    """Keep an idea, brought in today and not answered yet. Raises Problems when it says nothing."""
    if not what.strip():
        raise Problems([Problem("what", _("Write the idea in a line: what could be better, and how."))])
    id_ = tx.add(Idea(what=what.strip(), by=by.strip(), on=clock().date(), gain=gain.strip()))
    return _told(tx, id_)


def put_off(tx: Transaction, idea_id: int, answer: str = "") -> Idea:
    """Answer an idea with "later"; an answer given before stays where this one is empty."""
    idea = _told(tx, idea_id)
    return tx.change(idea, state=IdeaState.LATER, answer=answer.strip() or idea.answer)


def decline(tx: Transaction, idea_id: int, reason: str) -> Idea:
    """Decline an idea. Raises Problems without a reason, Known when something came of it already."""
    idea = _told(tx, idea_id)
    if found := came_of(tx, idea_id).said:
        raise Known(_("Something came of this idea already ({what}); drop that, then the idea need not be declined.").format(what=found))
    return tx.change(idea, state=IdeaState.DECLINED, answer=reason.strip())


def reconsider(tx: Transaction, idea_id: int) -> Idea:
    """Open an idea that was put off or declined again: it waits for its answer; the old one stays to be read."""
    return tx.change(_told(tx, idea_id), state=IdeaState.NEW)


def take_up(tx: Transaction, idea_id: int, answer: str = "") -> Action:
    """Make an action of an idea."""
    idea = _told(tx, idea_id)
    action = actions.begin(tx, short(idea.what, OF_ACTION), ActionSource.IDEA, idea=idea.id, kind=ActionKind.IMPROVEMENT, description=idea.what)
    tx.change(idea, state=IdeaState.TAKEN_UP, answer=answer.strip() or idea.answer)
    return action


def try_out(tx: Transaction, idea_id: int, values: Mapping[str, Any] | None = None) -> Experiment:
    """Make an experiment of an idea, begun today where ``values`` say nothing else. Raises Problems."""
    idea = _told(tx, idea_id)
    known = {"name": short(idea.what, OF_EXPERIMENT), "hypothesis": idea.what, "since": clock().date(), **(values or {})}
    id_ = tx.add(Experiment(**{**known, "idea": idea.id}))
    tx.change(idea, state=IdeaState.TAKEN_UP)
    return tx.get(Experiment, id_)


def _told(tx: Transaction, idea_id: int) -> Idea:
    idea = tx.get(Idea, idea_id)
    tx.about(short(idea.what, 80))
    return idea


def short(text: str, letters: int) -> str:
    """The first line of a text, cut to so many letters."""
    line = text.strip().partition("\n")[0].strip()
    return line if len(line) <= letters else f"{line[: letters - 1].rstrip()}…"


# ----------------------------------------------------------------------------------------- looking


@dataclass(frozen=True)
class CameOf:
    """What became of an idea: the actions and experiments made of it, oldest first."""

    actions: Sequence[Action]
    experiments: Sequence[Experiment]

    @property
    def said(self) -> str:
        """Their numbers and names."""
        return ", ".join((*(one.number for one in self.actions), *(one.name for one in self.experiments)))


def came_of(reading: Reading, idea_id: int) -> CameOf:
    """What was made of an idea."""
    of_it = (Condition("idea", types.IS, (idea_id,)),)
    return CameOf(reading.records(Query(Action, of_it).by(Order("id"))), reading.records(Query(Experiment, of_it).by(Order("id"))))


def in_state(state: IdeaState) -> Query:
    """The ideas in a state, the newest first."""
    return Query(Idea, (Condition("state", types.ONE_OF, (state,)),)).by(Order("on", True))
