"""Trainings: when each comes round, who has had it and who has not, and one held for several persons at once.

Who it is for is written as roles or names with commas between them; nothing written means everybody who works here. A person
has had it when the last one they took and passed is not older than the rhythm; once is enough for what is held once. Who
never passed it, or failed since, is due with the training itself, at once where that was held already. A training comes
round by its rhythm after the day it was held last, whatever was planned before.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from qmdesk.errors import Known, Problem, Problems
from qmdesk.i18n import N_, _
from qmdesk.law.calendar import later
from qmdesk.operations.programme import DAYS, MONTHS
from qmdesk.records.audit import Rhythm
from qmdesk.records.improvement import Training, TrainingSession
from qmdesk.records.party import Person
from qmdesk.register import Reading, Transaction, clock
from qmdesk.schema import types
from qmdesk.schema.folding import fold
from qmdesk.schema.query import Condition, Order, Query, offered
from qmdesk.schema.types import Labelled
from qmdesk.values import dataclass

HOLD = N_("Write down a training held")
CORRECT = N_("Correct a training held")
EDIT = N_("Change a training")
REMOVE = N_("Take a training held back")
ADD = N_("Add a training")

NOT_YET = N_("This day is still to come; a training is written down when it was held.")


class Standing(Labelled):
    """How a person stands with a training."""

    FRESH = "fresh", N_("Has had it")
    SOON = "soon", N_("Due soon")
    DUE = "due", N_("Is due")
    FAILED = "failed", N_("Has not passed")
    NEVER = "never", N_("Not yet")
    NOT_MEANT = "not_meant", N_("Not for them")


SOON = timedelta(days=30)
"""How long before its day a training of at least a quarter's rhythm is said to be due soon."""
LACKING = (Standing.DUE, Standing.FAILED, Standing.NEVER)
"""Where somebody has not got what they need."""


@dataclass(frozen=True)
class Attendance:
    """What came of a training for one person."""

    person: int
    passed: bool = True
    result: str = ""


# ------------------------------------------------------------------------------------------ verbs


def add(tx: Transaction, draft: Training) -> Training:
    """Keep a new training; one without a day is due today. Raises Problems."""
    tx.about(draft.topic)
    id_ = tx.add(draft)
    made = tx.get(Training, id_)
    return made if made.next_on is not None else tx.change(made, next_on=clock().date())


def edit(tx: Transaction, training_id: int, values: Mapping[str, Any]) -> Training:
    """Change a training; with another rhythm its next day is worked out anew, unless a day is given. Raises Problems."""
    training = tx.get(Training, training_id)
    tx.about(training.topic)
    changed = tx.change(training, **values)
    if changed.rhythm is training.rhythm or changed.next_on != training.next_on:
        return changed
    return _planned(tx, changed)


def hold(tx: Transaction, training_id: int, held_on: date, attended: Sequence[Attendance], note: str = "") -> Training:
    """Write down a training held, for everybody who was there, and plan the next. Raises Problems, Known."""
    training = tx.get(Training, training_id)
    tx.about(training.topic)
    if held_on > clock().date():
        raise Problems([Problem("held_on", _(NOT_YET))])
    if not attended:
        raise Known(_("Tick at least one person who was there."))
    for one in attended:
        tx.add(TrainingSession(training=training_id, held_on=held_on, person=one.person, passed=one.passed, result=one.result.strip(), note=note.strip()))
    return _planned(tx, training)


def correct(tx: Transaction, session_id: int, values: Mapping[str, Any]) -> TrainingSession:
    """Correct what was written down of a training held for one person. Raises Problems."""
    changed = tx.change(tx.get(TrainingSession, session_id), **values)
    if changed.held_on > clock().date():
        raise Problems([Problem("held_on", _(NOT_YET))])
    training = tx.get(Training, changed.training)
    tx.about(training.topic)
    _planned(tx, training)
    return changed


def take_back(tx: Transaction, session_id: int) -> None:
    """Take one person's training off again, where it was written down by mistake."""
    session = tx.get(TrainingSession, session_id)
    training = tx.get(Training, session.training)
    tx.about(training.topic)
    tx.remove(session)
    _planned(tx, training)


def _planned(tx: Transaction, training: Training) -> Training:
    held = held_of(tx, training.id)
    last = max((one.held_on for one in held), default=None)
    return tx.change(training, next_on=after(training.rhythm, last) if last is not None else training.next_on or clock().date())


# ------------------------------------------------------------------------------------------ reckoning


def after(rhythm: Rhythm, held_on: date) -> date | None:
    """The day on which what was held on a day comes round again; None for what is held once."""
    if rhythm in DAYS:
        return held_on + timedelta(days=DAYS[rhythm])
    return later(held_on, MONTHS[rhythm], "months") if rhythm in MONTHS else None


def meant(training: Training, person: Person) -> bool:
    """Whether a training is for a person: by name or role, or for everybody."""
    wanted = words(training)
    return not wanted or fold(person.name) in wanted or (bool(person.role) and fold(person.role) in wanted)


def words(training: Training) -> frozenset[str]:
    """The roles and names a training is for, folded."""
    return frozenset(fold(word.strip()) for word in training.who.replace(";", ",").split(",") if word.strip())


def strangers(training: Training, people: Sequence[Person]) -> list[str]:
    """The words of "for whom" that are nobody's role or name: a slip of the hand, or somebody who has left."""
    known = {fold(one.name) for one in people} | {fold(one.role) for one in people if one.role}
    return [word.strip() for word in training.who.replace(";", ",").split(",") if word.strip() and fold(word.strip()) not in known]


@dataclass(frozen=True)
class Cell:
    """How a person stands with a training: since when they have had it, until when that holds, and the last result."""

    standing: Standing
    held_on: date | None = None
    until: date | None = None
    result: str = ""


def cell(training: Training, person: Person, held: Sequence[TrainingSession], on: date) -> Cell:
    """How a person stands; ``held`` are the trainings held of this topic for them, in any order."""
    taken = sorted(held, key=lambda one: (one.held_on, one.id))
    last = taken[-1] if taken else None
    passed = next((one for one in reversed(taken) if one.passed), None)
    held_on, result = (last.held_on, last.result) if last else (None, "")
    if not meant(training, person):
        return Cell(Standing.NOT_MEANT, held_on, None, result)
    if last is None:
        return Cell(Standing.NEVER, until=training.next_on)
    if passed is None or not last.passed:
        return Cell(Standing.FAILED, held_on, None, result)
    until = after(training.rhythm, passed.held_on)
    notice = SOON if MONTHS.get(training.rhythm, 0) >= MONTHS[Rhythm.QUARTERLY] else timedelta()
    if until is None or until > on + notice:
        return Cell(Standing.FRESH, held_on, until, result)
    return Cell(Standing.DUE if until <= on else Standing.SOON, held_on, until, result)


# ------------------------------------------------------------------------------------------ looking


@dataclass(frozen=True)
class Table:
    """Who has and who has not had what: persons down, trainings across."""

    people: Sequence[Person]
    trainings: Sequence[Training]
    cells: Mapping[tuple[int, int], Cell]
    """By the id of the person and of the training."""

    def lacking(self, training: Training) -> list[Person]:
        """Who needs a training and has not got it."""
        return [one for one in self.people if self.cells[one.id, training.id].standing in LACKING]


def table(reading: Reading, on: date | None = None) -> Table:
    """How everybody who works here stands with every training in force."""
    on = on or clock().date()
    people: list[Person] = reading.records(Query(Person, offered(Person)).by(Order("name")))
    trainings: list[Training] = reading.records(Query(Training, offered(Training)).by(Order("topic")))
    by_both: dict[tuple[int | None, int], list[TrainingSession]] = {}
    for one in reading.records(Query(TrainingSession)):
        by_both.setdefault((one.person, one.training), []).append(one)
    cells = {(person.id, training.id): cell(training, person, by_both.get((person.id, training.id), ()), on) for person in people for training in trainings}
    return Table(people, trainings, cells)


def waiting(reading: Reading, on: date | None = None) -> list[Training]:
    """The trainings to be held now, the oldest first: their day has come, or somebody has been without since they were last held."""
    if not reading.count(Query(Training, offered(Training)), 1):
        return []
    on = on or clock().date()
    found = table(reading, on)
    held = {one.training for one in reading.records(Query(TrainingSession))}
    due = [one for one in found.trainings if (one.next_on is not None and one.next_on <= on) or (one.id in held and found.lacking(one))]
    return sorted(due, key=lambda one: (one.next_on or on, one.id))


def held_of(reading: Reading, training_id: int) -> list[TrainingSession]:
    """The trainings held of a topic, the newest first."""
    return reading.records(Query(TrainingSession, (Condition("training", types.IS, (training_id,)),)).by(Order("held_on", True)))
