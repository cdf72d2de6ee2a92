"""Checklists: made, taken from the library, copied, changed as a whole or by one edit, taken out of use; each is one step."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from qmdesk.errors import Known, Problems
from qmdesk.i18n import N_, _, n_
from qmdesk.operations import checklist_library
from qmdesk.records.audit import Audit, Checklist, PlannedAudit, Question
from qmdesk.records.checklist import Draft, fitting, problems
from qmdesk.register import Reading, Register, Transaction
from qmdesk.schema import types
from qmdesk.schema.query import Condition, Order, Query
from qmdesk.schema.record import replace
from qmdesk.values import dataclass

NEW = N_("New checklist")
FROM_LIBRARY = N_("Checklist from the library")
IMPORT = N_("Import a checklist")
COPY = N_("Copy a checklist")
CHANGE = N_("Change a checklist")
NAME = N_("Change what a checklist is called and for")
RETIRE = N_("Take a checklist out of use")
REVIVE = N_("Take a checklist into use again")
REMOVE = N_("Remove a checklist")
ADD_QUESTION = N_("Add a question")
CHANGE_QUESTION = N_("Change a question")
REMOVE_QUESTIONS = N_("Remove questions")
MOVE_QUESTIONS = N_("Move questions")
DUPLICATE_QUESTIONS = N_("Duplicate questions")
PASTE_QUESTIONS = N_("Paste questions")
CHANGE_SECTION = N_("Change a section")

Edit = Callable[[Draft], Draft]


@dataclass(frozen=True)
class Version:
    """A version of a checklist, since when it is there, and in how many audits it was asked."""

    number: int
    since: datetime
    audits: int


def checklists_query() -> Query:
    """Every checklist by its name."""
    return Query(Checklist).by(Order("name"))


def draft(reading: Reading, id_: int) -> Draft:
    """A checklist with its questions in order. Raises NotFound."""
    query = Query(Question, _of(id_)).by(Order("position"))
    return Draft(reading.get(Checklist, id_), tuple(reading.records(query)))


def _of(id_: int) -> tuple[Condition, ...]:
    return (Condition("checklist", types.IS, (id_,)),)


# ------------------------------------------------------------------------------------------- making


def keep(tx: Transaction, wanted: Draft, contents: Sequence[bytes] = ()) -> int:
    """Keep a whole list, new or changed, with the bytes of new reference photos; returns its id.

    A list that was asked in an audit gets its next version, once, when what it asks or when it is passed changes.
    Raises Problems with a sentence for everything that is wrong, nothing kept; NotFound for a list that is gone.
    """
    tx.about(wanted.checklist.name)
    if found := problems(wanted):
        raise Problems(found)
    for content in contents:
        tx.keep(content)
    if not wanted.checklist.id:
        return _added(tx, wanted)
    before = draft(tx, wanted.checklist.id)
    kept = {question.id: question for question in before.questions}
    staying = {question.id for question in wanted.questions if question.id > 0}
    for gone in kept.keys() - staying:
        tx.remove(kept[gone])
    changed = _write(tx, wanted, kept) or bool(kept.keys() - staying)
    own: dict[str, Any] = {name: getattr(wanted.checklist, name) for name in Checklist.spec.asked()}
    if changed or before.checklist.pass_mark != wanted.checklist.pass_mark:
        own["version"] = _next_version(tx, before.checklist)
    tx.change(before.checklist, **own)
    return before.checklist.id


def _added(tx: Transaction, wanted: Draft) -> int:
    id_ = tx.add(replace(wanted.checklist, id=0, version=1))
    _write(tx, Draft(replace(wanted.checklist, id=id_), wanted.questions), {})
    return id_


def _write(tx: Transaction, wanted: Draft, kept: dict[int, Question]) -> bool:
    """Write the questions in order; whether any is new or not as it was."""
    ids: dict[int, int] = {}
    changed = False
    for position, question in enumerate(map(fitting, wanted.questions), 1):
        waits = None if question.shown_by is None else ids[question.shown_by]  # asked before, which was checked
        placed = replace(question, checklist=wanted.checklist.id, position=position, shown_by=waits)
        if question.id > 0:
            changed = changed or placed != kept.get(question.id)
            tx.change(tx.get(Question, question.id), **{name: getattr(placed, name) for name in Question.spec.fields})
            ids[question.id] = question.id
        else:
            changed = True
            ids[question.id] = tx.add(replace(placed, id=0))
    return changed


def _next_version(tx: Transaction, checklist: Checklist) -> int:
    """The version of a changed list: another one once the present one was asked."""
    asked = tx.count(Query(Audit, (*_of(checklist.id), Condition("version", types.IS, (checklist.version,)))), 1)
    return checklist.version + 1 if asked else checklist.version


def rewrite(tx: Transaction, id_: int, edit: Edit) -> Checklist:
    """One edit of a list (see Draft: questions inserted, changed, moved, sections renamed). Raises Problems, NotFound."""
    keep(tx, edit(draft(tx, id_)))
    return tx.get(Checklist, id_)


def add_question(tx: Transaction, question: Question) -> int:
    """One more question at the end of its list; returns its id. Raises Problems, NotFound."""
    rewrite(tx, question.checklist, lambda found: found.inserted([question]))
    return draft(tx, question.checklist).questions[-1].id


def change_question(tx: Transaction, id_: int, values: Mapping[str, Any]) -> Question:
    """Other words, another weight: these fields of one question. Raises Problems, NotFound."""
    rewrite(tx, tx.get(Question, id_).checklist, lambda found: found.changed(id_, **values))
    return tx.get(Question, id_)


def change(tx: Transaction, id_: int, values: Mapping[str, Any]) -> Checklist:
    """These fields of a list itself: its name, its pass mark. Raises Problems, NotFound."""
    return rewrite(tx, id_, lambda found: found.headed(**values))


def add_from_library(tx: Transaction, key: str, lang: str) -> int:
    """A list of the library in a language; returns its id. Raises Known when the register has it already."""
    wanted = checklist_library.draft(key, lang)
    for other in tx.records(Query(Checklist, (Condition("key", types.IS, (key,)), Condition("language", types.IS, (wanted.checklist.language,))))):
        raise Known(_("“{name}” is among your checklists already. Copy it there if you want a second one.").format(name=other.name))
    return keep(tx, wanted.headed(name=free_name(tx, wanted.checklist.name)))


def copy(tx: Transaction, id_: int, name: str = "") -> int:
    """A second list with the same questions; returns its id. Raises Problems when the name is taken, NotFound."""
    found = draft(tx, id_)
    blank = Draft(replace(found.checklist, id=0, key="", active=True, name=name.strip() or free_name(tx, found.checklist.name)))
    return keep(tx, blank.inserted(found.questions))


def free_name(reading: Reading, wanted: str) -> str:
    """The name, or the first of “name (2)”, “name (3)”… that no list has."""
    most = 110  # of 120 letters
    name, n = wanted, 1
    while reading.by_value(Checklist, "name", [name]):
        n += 1
        name = f"{wanted[:most].rstrip()} ({n})"
    return name


# ----------------------------------------------------------------------------------------- use, removal


def set_active(tx: Transaction, id_: int, active: bool) -> Checklist:
    """Offer a list for audits, or offer it no more; what was asked by it stays. Raises NotFound."""
    found = tx.get(Checklist, id_)
    tx.about(found.name)
    return tx.change(found, active=active)


def remove(tx: Transaction, id_: int) -> None:
    """Take a list away with its questions. Raises Known when an audit or the programme refers to it, NotFound."""
    found = draft(tx, id_)
    tx.about(found.checklist.name)
    name = found.checklist.name
    if audits := tx.count(Query(Audit, _of(id_))):
        raise Known(n_("“{name}” was asked in an audit, so it can't be removed. Take it out of use instead.", "“{name}” was asked in {n} audits, so it can't be removed. Take it out of use instead.", audits, name=name))
    if tx.count(Query(PlannedAudit, _of(id_)), 1):
        raise Known(_("“{name}” stands in the programme of audits. Take it off there first, or take it out of use here.").format(name=name))
    for part in (*found.questions, found.checklist):
        tx.remove(part)


# ---------------------------------------------------------------------------------------------- looking


def audits_of(reading: Reading, id_: int) -> int:
    """In how many audits a list was asked, whatever its version."""
    return reading.count(Query(Audit, _of(id_)))


def questions_in(reading: Reading, id_: int) -> int:
    """How many questions a list has."""
    return reading.count(Query(Question, _of(id_)))


def versions(register: Register, id_: int) -> list[Version]:
    """The versions of a list, the present one first. Raises NotFound."""
    item = register.get(Checklist, id_)
    since: dict[int, datetime] = {}
    for step, entry in register.history(item):
        if entry.kind != Checklist.spec.table or not entry.after or "version" not in entry.after:
            continue
        before, after = (entry.before or {}).get("version", 0), entry.after["version"]
        if after > before:
            since[after] = step.at
        else:  # taken back
            since.pop(before, None)
    return [
        Version(number, since[number], register.count(Query(Audit, (*_of(id_), Condition("version", types.IS, (number,))))))
        for number in sorted(since, reverse=True)
    ]
