"""Checklists on the command line: which there are, one from the library, one out of a file, one into a file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from qmdesk import i18n
from qmdesk.cli import arguments
from qmdesk.cli.files import must_be_new
from qmdesk.cli.naming import meant
from qmdesk.cli.opening import Opened
from qmdesk.cli.speaking import say
from qmdesk.errors import Known
from qmdesk.i18n import _
from qmdesk.operations import checklist_library, checklists
from qmdesk.records.audit import Checklist
from qmdesk.register import Reading

_lang = click.option("--lang", type=click.Choice(list(i18n.LANGUAGES)), default=None, help="Language of the list; that of messages without it.")


@click.command("checklists")
@arguments.register
@click.option("--library", is_flag=True, help="Those of the program's library instead, which checklist-add takes from.")
@_lang
@arguments.as_json
def list_(register: Path, library: bool, lang: str | None, as_json: bool) -> None:
    """List the checklists of a register.

    Each with its version and how many questions it asks.
    """

    if library:
        offered = [{"key": one.key, "kind": str(one.kind.value), "name": one.name, "purpose": one.purpose, "criteria": one.criteria, "as_of": one.as_of.isoformat(), "questions": len(checklist_library.draft(one.key, lang).questions)} for one in checklist_library.entries(lang)]
        say(offered, as_json, "\n".join(f"{one['key']}\t{one['name']}\t{one['questions']}" for one in offered))
        return
    with Opened(register) as opened:
        found = [_told(opened, one) for one in opened.records(checklists.checklists_query())]
    say(found, as_json, "\n".join(f"{one['name']}\t{one['version']}\t{one['questions']}" for one in found) or _("There are no checklists yet."))


def _told(reading: Reading, one: Checklist) -> dict[str, Any]:
    fields = {name: field.type.json(value) for name, field in one.spec.fields.items() if (value := getattr(one, name)) is not None}
    return {"id": one.id, "pass_mark": None, **fields, "questions": checklists.questions_in(reading, one.id), "audits": checklists.audits_of(reading, one.id)}


@click.command("checklist-add")
@arguments.register
@click.argument("key")
@_lang
@arguments.as_json
def add(register: Path, key: str, lang: str | None, as_json: bool) -> None:
    """Take the checklist KEY out of the library.

    "checklists --library" lists the keys.
    """

    with Opened(register, write=True) as opened:
        id_ = opened.do(checklists.FROM_LIBRARY, checklists.add_from_library, key, lang or i18n.language()).result
        _tell(opened, id_, (), as_json)


@click.command("checklist-import")
@arguments.register
@click.argument("file", type=arguments.FILE)
@click.option("--replace", is_flag=True, help="Let the list of the same name ask these questions from now on, as its next version.")
@arguments.as_json
def import_(register: Path, file: Path, replace: bool, as_json: bool) -> None:
    """Take in a checklist from FILE.

    FILE is .xlsx, .ods, .csv or .qmcheck; it becomes a list of its own.
    """
    from qmdesk.operations import checklist_files  # spreadsheets load what nothing else needs

    incoming = checklist_files.read(file)
    with Opened(register, write=True) as opened:
        if replace:
            known = checklist_files.called(opened, incoming.name)
            if not known:
                raise Known(_("There is no checklist “{name}” to replace. Leave --replace out to add it.").format(name=incoming.name))
            id_ = opened.do(checklists.IMPORT, checklist_files.replace_with, known, incoming).result
        else:
            id_ = opened.do(checklists.IMPORT, checklist_files.add, incoming).result
        _tell(opened, id_, incoming.left_out, as_json)


def _tell(reading: Reading, id_: int, left_out: tuple[str, ...], as_json: bool) -> None:

    one = reading.get(Checklist, id_)
    asked = checklists.questions_in(reading, id_)
    told = {"id": id_, "name": one.name, "version": one.version, "questions": asked, "left_out": list(left_out)}
    say(told, as_json, _("“{name}” is among the checklists; questions: {count}.").format(name=one.name, count=asked))


@click.command("checklist-export")
@arguments.register
@click.argument("name")
@click.argument("out", type=arguments.FILE)
@click.option("--lang", type=click.Choice(list(i18n.LANGUAGES)), default=None, help="Language of headings and words; the list's own without it.")
@arguments.as_json
def export(register: Path, name: str, out: Path, lang: str | None, as_json: bool) -> None:
    """Write the checklist NAME to OUT.

    OUT is .xlsx, .qmcheck with its reference photos, or .pdf to fill in by hand.
    """
    from qmdesk.operations import audit_papers, checklist_files  # papers load what nothing else needs

    must_be_new(out)
    with Opened(register) as opened:
        id_ = meant(opened, Checklist, name)
        if out.suffix.lower() == ".pdf":
            audit_papers.write(audit_papers.blank_form(opened, id_, lang or ""), out)
        else:
            checklist_files.export(opened, id_, out, lang)
        asked = checklists.questions_in(opened, id_)
    say({"file": str(out), "questions": asked}, as_json, _("{file} was written.").format(file=out))
