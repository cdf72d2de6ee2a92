"""One record: add it, change its fields."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from qmdesk.cli import arguments
from qmdesk.cli.fields import drafted, settings_of
from qmdesk.cli.files import json_object
from qmdesk.cli.naming import meant
from qmdesk.cli.opening import Opened
from qmdesk.cli.speaking import say, write
from qmdesk.errors import Known, Problem, Problems
from qmdesk.i18n import _
from qmdesk.operations import keeping
from qmdesk.records import catalog
from qmdesk.records.alert import Alert, Report
from qmdesk.records.audit import Checklist, Question
from qmdesk.records.books import MistakeEntry, MonthLock, RefundEntry
from qmdesk.records.case import Case, CaseItem
from qmdesk.records.imports import ImportBatch, Imported, ImportProfile
from qmdesk.records.improvement import Action, ActionSource, Task
from qmdesk.records.paper import Attachment, IssuedDocument
from qmdesk.records.shop import Shop
from qmdesk.register import Register
from qmdesk.schema.record import Record

# what only the program makes; the shop is made with its register, and there is one
MADE_BY_PROGRAM = (Shop, Alert, Report, Attachment, IssuedDocument, ImportBatch, Imported, ImportProfile, MonthLock)


@click.command(epilog=arguments.KINDS)
@arguments.register
@click.argument("record")
@click.argument("source")
def add(register: Path, record: str, source: str) -> None:
    """Add one RECORD out of JSON.

    SOURCE is the file with its JSON object (- for standard input); its id and number are printed as JSON. A reference is the id of what it refers to (a number) or its title (a text: a customer's name, an order's number).
    A case may have "items".
    """
    kind = catalog.named(record)
    if kind in MADE_BY_PROGRAM:
        raise Known(_("{record} can't be added by hand; the program itself makes it.").format(record=_(kind.spec.label)))
    values = json_object(source)
    with Opened(register, write=True) as opened:
        if kind is Case:
            added: Record = _take_in(opened, values)
        else:
            item, problems = drafted(opened, kind, values)
            if item is None:
                raise Problems(problems)
            added = _booked(opened, item) or _asked(opened, item) or _acted(opened, item) or opened.get(kind, opened.do(keeping.NEW, keeping.add, item).result)
    write(json.dumps({"id": added.id, "number": added.title}, ensure_ascii=False))


def _booked(opened: Register, item: Record) -> Record | None:
    """An entry of the accountant's registers is booked, with its number; None for any other record."""
    from qmdesk.operations import books  # only entries need it

    if isinstance(item, RefundEntry):
        return opened.do(books.ENTER, books.enter, item).result
    if isinstance(item, MistakeEntry):
        return opened.do(books.ENTER_MISTAKE, books.enter_mistake, item).result
    return None


def _asked(opened: Register, item: Record) -> Record | None:
    """A question goes to the end of its checklist, whose version grows where it was asked; None for any other record."""
    if not isinstance(item, Question):
        return None
    from qmdesk.operations import checklists  # only questions need it

    return opened.get(Question, opened.do(checklists.ADD_QUESTION, checklists.add_question, item).result)


def _acted(opened: Register, item: Record) -> Record | None:
    """An action is begun, with its number, and a task goes to the end of its plan; None for any other record."""
    from qmdesk.operations import actions  # only these need it

    if isinstance(item, Action):
        given = {name: value for name in Action.spec.asked() if (value := getattr(item, name)) != Action.blank[name]}
        return opened.do(actions.BEGIN, actions.begin_with, ActionSource.OWN, given).result
    if isinstance(item, Task):
        given = {name: value for name in Task.spec.asked() if (value := getattr(item, name)) != Task.blank[name]}
        return opened.do(actions.ADD_TASK, actions.add_task, item.action, given).result
    return None


def _take_in(opened: Register, values: dict[str, Any]) -> Case:
    """A new case with its items, every problem of them told at once. Raises Problems."""
    from qmdesk.operations import cases  # only this branch needs it

    parts = values.pop("items", None) or []
    case, problems = drafted(opened, Case, values)
    items: list[CaseItem] = []
    if not isinstance(parts, list) or not all(isinstance(part, dict) for part in parts):
        problems.append(Problem("items", _("The items must be a list of JSON objects.")))
        parts = []
    for at, part in enumerate(parts):
        item, found = drafted(opened, CaseItem, {**part, "case": 1}, owned=True)  # its case has no id yet
        problems += [Problem(f"items[{at}].{problem.field}", problem.sentence) for problem in found]
        items += [item] if item else []
    if case is None or problems:
        raise Problems(problems)
    return opened.do(cases.TAKE_IN, cases.take_in, case, items).result


@click.command("set", epilog=arguments.KINDS)
@arguments.register
@click.argument("record")
@click.argument("number")
@click.argument("settings", metavar="FIELD=VALUE...", nargs=-1, required=True)
@arguments.as_json
def set_(register: Path, record: str, number: str, settings: tuple[str, ...], as_json: bool) -> None:
    """Change fields of a RECORD.

    NUMBER is its number, its name, or its id. Nothing after the sign empties a field. The state of a case is changed by its steps: see do.
    """
    kind = catalog.named(record)
    if kind in MADE_BY_PROGRAM and kind is not Shop:
        raise Known(_("{record} can't be changed by hand; the program itself makes it.").format(record=_(kind.spec.label)))
    with Opened(register, write=True) as opened:
        id_ = meant(opened, kind, number)
        values = settings_of(opened, kind, settings)
        if kind is Case:
            from qmdesk.operations import cases  # only this branch needs it

            changed: Record = opened.do(cases.EDIT, cases.edit, id_, values).result
        elif kind in (Action, Task):
            from qmdesk.operations import actions  # only these branches need it

            said, edit = (actions.EDIT, actions.edit) if kind is Action else (actions.CHANGE_TASK, actions.change_task)
            changed = opened.do(said, edit, id_, values).result
        elif kind in (Checklist, Question):
            from qmdesk.operations import checklists  # only these branches need it

            label, change = (checklists.CHANGE, checklists.change) if kind is Checklist else (checklists.CHANGE_QUESTION, checklists.change_question)
            changed = opened.do(label, change, id_, values).result
        else:
            changed = opened.do(keeping.CHANGE, keeping.change, kind, id_, values).result
    say({"id": changed.id, "number": changed.title}, as_json, _("{record} {title} changed").format(record=_(kind.spec.label), title=changed.title))
