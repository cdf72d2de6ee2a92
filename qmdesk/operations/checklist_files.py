"""Checklists that leave a register as a file and come into another: workbooks for spreadsheets, .qmcheck with the photos."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from qmdesk.errors import Known
from qmdesk.exchange import checklist_file, checklist_workbook
from qmdesk.i18n import _
from qmdesk.operations import checklists
from qmdesk.operations.attachments import prepare_picture
from qmdesk.records.audit import Checklist, Question
from qmdesk.records.checklist import Draft
from qmdesk.register import Reading, Transaction
from qmdesk.schema.query import Query, condition
from qmdesk.schema.record import replace
from qmdesk.values import dataclass

TABLES = (".xlsx", ".xlsm", ".xls", ".ods", ".csv", ".tsv", ".txt")


@dataclass(frozen=True)
class Incoming:
    """A list as a file holds it: what it says of itself, its questions, its new photos, and the columns that meant nothing."""

    name: str
    own: Mapping[str, Any]
    questions: tuple[Question, ...]
    contents: tuple[bytes, ...] = ()
    left_out: tuple[str, ...] = ()


def export(reading: Reading, id_: int, path: Path, lang: str | None = None) -> None:
    """Write a list to a .xlsx (in ``lang``, by default the list's own) or .qmcheck file. Raises Known."""
    found = checklists.draft(reading, id_)
    ending = path.suffix.lower()
    if ending == checklist_file.SUFFIX:
        checklist_file.write(path, found, reading.content)
    elif ending == ".xlsx":
        checklist_workbook.write(path, found, lang or str(found.checklist.language.value))
    else:
        raise Known(_("A checklist can be written as .xlsx or .qmcheck; give {file} one of these endings.").format(file=path.name))


def read(path: Path, progress: Callable[[int, int], None] | None = None) -> Incoming:
    """The list in a file. Raises Known for what can't be read, Problems for what is wrong in it, with row and column."""
    ending = path.suffix.lower()
    if ending != checklist_file.SUFFIX:
        if ending not in TABLES:
            raise Known(_("{file} is neither a workbook nor a .qmcheck file. Choose one of these.").format(file=path.name))
        own, questions, left_out = checklist_workbook.read(path, progress)
        return Incoming(_name(path, own), own, questions, left_out=tuple(left_out))
    own, questions, pictures = checklist_file.read(path)
    prepared = {id_: _prepared(-id_, content) for id_, content in pictures.items()}
    digests = {id_: hashlib.sha256(content).hexdigest() for id_, content in prepared.items()}
    return Incoming(_name(path, own), own, tuple(replace(question, picture=digests.get(question.id, "")) for question in questions), tuple(prepared.values()))


def _prepared(place: int, content: bytes) -> bytes:
    try:
        return prepare_picture(content)[0]
    except Known as error:
        raise Known(_("Question {place}: {problem}").format(place=place, problem=error.sentence)) from error


def _name(path: Path, own: Mapping[str, Any]) -> str:
    return str(own.get("name") or path.stem)[:110]


def called(reading: Reading, name: str) -> int:
    """The id of the list of this name; 0 when there is none."""
    found = reading.ids(Query(Checklist, (condition(Checklist, "name", "=", (name,)),)), 1)
    return found[0] if found else 0


def add(tx: Transaction, incoming: Incoming) -> int:
    """Keep what a file holds as a list of its own, under another name where its own is taken; returns its id. Raises Problems."""
    checklist = Checklist(**{**incoming.own, "name": checklists.free_name(tx, incoming.name)})
    return checklists.keep(tx, Draft(checklist).inserted(incoming.questions), incoming.contents)


def replace_with(tx: Transaction, id_: int, incoming: Incoming) -> int:
    """Let a list ask what a file holds, as its next version where it was asked before; returns its id. Raises Problems."""
    own = {name: incoming.own[name] for name in Checklist.spec.asked("name", "active") if name in incoming.own}
    wanted = checklists.draft(tx, id_).headed(**own).taking(incoming.questions)
    return checklists.keep(tx, wanted, incoming.contents)
