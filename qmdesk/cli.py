"""qmdesk-cli: the same operations without a window; data as JSON, errors as one sentence."""

from __future__ import annotations

import errno
import json
import logging
import os
import sys
import traceback
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import MISSING
from datetime import timedelta
from decimal import Decimal
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

import click

from qmdesk import __version__, cli_checklists, i18n, places
from qmdesk.errors import Altered, Known, Problem, Problems
from qmdesk.i18n import N_, _
from qmdesk.operations import keeping
from qmdesk.operations.finding import by_number, must_find
from qmdesk.operations.registers import new_register, open_register
from qmdesk.records import catalog
from qmdesk.records.audit import Checklist, Question
from qmdesk.records.books import MistakeEntry, MonthLock, RefundEntry
from qmdesk.records.case import Case, CaseItem
from qmdesk.records.imports import ImportBatch, Imported, ImportProfile
from qmdesk.records.lists import Channel
from qmdesk.records.paper import Attachment, DocumentKind, IssuedDocument
from qmdesk.records.returns import ReturnDetails
from qmdesk.records.shop import THE_SHOP, Shop
from qmdesk.records.steps import WAYS, Step
from qmdesk.register import Change, Entry, Reading, Register, Transaction, clock
from qmdesk.register import Step as JournalStep
from qmdesk.schema import types
from qmdesk.schema.query import Condition, Query, condition, parse_condition, parse_order, split_condition
from qmdesk.schema.record import Record, draft, empty, not_understood

if TYPE_CHECKING:  # importing files loads what nothing else needs
    from qmdesk.exchange.mapping import Mapping as ColumnMapping
    from qmdesk.law.packs import Pack, Rule
    from qmdesk.operations.due import Due
    from qmdesk.records.month import Month, OpenItem

R = TypeVar("R", bound=Record)

PROGRAM = "qmdesk-cli"
BACKUP_NOT_WITHIN = timedelta(minutes=30)  # a script that calls us a hundred times makes one copy, not a hundred
MOST_NAMED = 1000  # records a part of a name may mean in a question

# what only the program makes; the shop is made with its register, and there is one
MADE_BY_PROGRAM = (Shop, Attachment, IssuedDocument, ImportBatch, Imported, ImportProfile, MonthLock)

_NUMBER = click.IntRange(min=1, max=(1 << 63) - 1)  # of a step or an import: what a register can hold
_KINDS = f"RECORD is one of: {', '.join(catalog.BY_TABLE)}."

_register = click.argument("register", type=click.Path(path_type=Path))
_json = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
_where = click.option("--where", "wheres", multiple=True, metavar='"FIELD OP VALUE"', help="Only records of which this is true, such as \"state in new,assessing\", \"received_at >= 2026-11-01\", \"customer contains kowal\"; may be repeated.")


class Opened(AbstractContextManager[Register]):
    """A register open for one command: for reading it asks nobody, for writing it needs the file for itself."""

    def __init__(self, path: Path, *, write: bool = False) -> None:
        self.register = open_register(path, program=PROGRAM, read_only=not write)
        if write and self.register.read_only:
            sentence = self.register.why_read_only
            self.register.close()
            raise Known(sentence)

    def __enter__(self) -> Register:
        return self.register

    def __exit__(self, *_error: object) -> None:
        note = self.register.close(backup_not_within=BACKUP_NOT_WITHIN)
        if note:
            _complain(note)


@contextmanager
def _for_trial(path: Path) -> Iterator[Register]:
    """A register to try something out on: the file itself, or a copy of it while it can't be written."""
    with open_register(path, program=PROGRAM) as opened:
        if not opened.read_only:
            yield opened
            return
        from tempfile import TemporaryDirectory  # only a trial on a register in use needs it

        with TemporaryDirectory(ignore_cleanup_errors=True) as folder:
            copy = Path(folder) / "trial.qmd"
            opened.backup(copy)
            with open_register(copy, program=PROGRAM) as tried:
                yield tried


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110}, epilog=_KINDS)
@click.version_option(__version__, prog_name=PROGRAM)
@click.option("--lang", type=click.Choice(list(i18n.LANGUAGES)), default=None, help="Language of messages (or the variable QMDESK_LANG).")
def cli(lang: str | None) -> None:
    """Work with a QMDesk register: complaints, returns and audits of a small shop."""
    i18n.use(lang or os.environ.get("QMDESK_LANG", i18n.SOURCE_LANGUAGE))


for _command in cli_checklists.COMMANDS:
    cli.add_command(_command)


# ----------------------------------------------------------------------------------------- the file


@cli.command()
@_register
@click.option("--demo", is_flag=True, help="Fill it with an invented shop.")
@click.option("--lang", type=click.Choice(list(i18n.LANGUAGES)), default=None, help="Language of its lists and letters.")
@_json
def new(register: Path, demo: bool, lang: str | None, as_json: bool) -> None:
    """Make a new register; an existing file is never overwritten."""
    lang = lang or i18n.language()
    if demo:
        from qmdesk.operations.demo import new_demo  # only a demo needs it

        opened = new_demo(register, program=PROGRAM, lang=lang)
    else:
        opened = new_register(register, program=PROGRAM, lang=lang)
    with opened:
        counts = {kind.spec.table: opened.count(Query(kind)) for kind in catalog.RECORDS}
    _say({"register": str(register), "records": counts}, as_json, _("{file} is ready.").format(file=register))


@cli.command()
@_register
@_json
def verify(register: Path, as_json: bool) -> None:
    """Check the file, its references, its history and its kept files; exit 1 when something is wrong."""
    with Opened(register) as opened:
        flaws = opened.verify()
        result = {"ok": not flaws, "steps": _last_step(opened), "flaws": flaws}
    _say(result, as_json, "\n".join(flaws) or _("The register is whole; its history has {steps} steps.").format(steps=result["steps"]))
    if flaws:
        sys.exit(1)


def _last_step(opened: Register) -> int:
    try:
        return next((step.id for step, _stands in opened.steps(1)), 0)
    except Known:  # the damage that verify tells of
        return 0


@cli.command()
@_register
@click.argument("out", type=click.Path(path_type=Path))
@_json
def backup(register: Path, out: Path, as_json: bool) -> None:
    """Write a sound copy of a register, in use or not."""
    with Opened(register) as opened:
        opened.backup(out)
    _say({"backup": str(out), "size": out.stat().st_size}, as_json, _("The copy {file} is whole.").format(file=out))


# ------------------------------------------------------------------------------------- records


@cli.command(epilog=_KINDS)
@_register
@click.argument("record")
@click.argument("source")
def add(register: Path, record: str, source: str) -> None:
    """Add one RECORD given as a JSON object in the file SOURCE (- for standard input); prints its id and number as JSON.

    A reference is the id of what it refers to (a number) or its title (a text: a customer's name, an order's number).
    A case may have "items".
    """
    kind = catalog.named(record)
    if kind in MADE_BY_PROGRAM:
        raise Known(_("{record} can't be added by hand; the program itself makes it.").format(record=_(kind.spec.label)))
    values = _json_object(source)
    with Opened(register, write=True) as opened:
        if kind is Case:
            added: Record = _take_in(opened, values)
        else:
            item, problems = _drafted(opened, kind, values)
            if item is None:
                raise Problems(problems)
            added = _booked(opened, item) or _asked(opened, item) or opened.get(kind, opened.do(keeping.NEW, keeping.add, item).result)
    _print(json.dumps({"id": added.id, "number": added.title}, ensure_ascii=False))


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


def _json_object(source: str) -> dict[str, Any]:
    """The JSON object in a file or in standard input. Raises Known."""
    try:
        raw = sys.stdin.buffer.read() if source == "-" else Path(source).read_bytes()
    except (OSError, ValueError):
        raise Known(_("{file} can't be read. Check that it is there and that you may read it.").format(file=source)) from None
    try:
        values = json.loads(raw.decode("utf-8-sig"))
    except json.JSONDecodeError as error:
        raise Known(_("The input is no JSON: look at line {line}, column {column}.").format(line=error.lineno, column=error.colno)) from None
    except UnicodeDecodeError:
        raise Known(_("The input is no JSON: it is not written in UTF-8.")) from None
    except (ValueError, RecursionError):  # numbers of thousands of digits, lists of lists of lists
        raise Known(_("The input holds more than any record does: a number too long, or lists too deep.")) from None
    if not isinstance(values, dict):
        raise Known(_("The input must be one JSON object."))
    return values


def _take_in(opened: Register, values: dict[str, Any]) -> Case:
    """A new case with its items, every problem of them told at once. Raises Problems."""
    from qmdesk.operations import cases  # only this branch needs it

    parts = values.pop("items", None) or []
    case, problems = _drafted(opened, Case, values)
    items: list[CaseItem] = []
    if not isinstance(parts, list) or not all(isinstance(part, dict) for part in parts):
        problems.append(Problem("items", _("The items must be a list of JSON objects.")))
        parts = []
    for at, part in enumerate(parts):
        item, found = _drafted(opened, CaseItem, {**part, "case": 1}, owned=True)  # its case has no id yet
        problems += [Problem(f"items[{at}].{problem.field}", problem.sentence) for problem in found]
        items += [item] if item else []
    if case is None or problems:
        raise Problems(problems)
    return opened.do(cases.TAKE_IN, cases.take_in, case, items).result


def _drafted(reading: Reading, kind: type[R], values: Mapping[str, Any], *, owned: bool = False) -> tuple[R | None, list[Problem]]:
    """A draft out of JSON, its references found, or None with all its problems; one that is ``owned`` has its owner later."""
    problems: list[Problem] = []
    plain = dict(values)
    for name, target in kind.spec.refs.items():
        if not empty(given := plain.get(name)) and not (owned and kind.spec.fields[name].owner):
            try:
                plain[name] = _referred(reading, kind, name, target, given)
            except Known as error:
                problems.append(Problem(name, error.sentence))
                plain[name] = 1  # so that it isn't missing too
    made, found = draft(kind, plain)
    if made is not None:
        for field in kind.spec.fields.values():
            if field.automatic and getattr(made, field.name) != kind.__dataclass_fields__[field.name].default:
                problems.append(Problem(field.name, _("{field} is filled in by the program; leave it out.").format(field=field.labelled())))
    problems += found
    return (None if problems else made), problems


def _referred(reading: Reading, kind: type[Record], name: str, target: type[Record], given: Any) -> int:
    """The id of what a reference names: a whole number is an id, a text a title. Raises Known."""
    field = kind.spec.fields[name]
    if isinstance(given, int) and not isinstance(given, bool):
        if not 0 < given < 1 << 63 or reading.find(target, given) is None:
            raise Known(_("{field}: there is no {record} with id {id}.").format(field=field.labelled(), record=_(target.spec.label), id=str(given)[:20]))
        return given
    if not isinstance(given, str):
        raise Known(not_understood(field, given))
    found = _titled(reading, target, "=", given, 2)
    if len(found) > 1:
        sentence = _("{field}: several records are called “{value}”. Give the id of one of them.")
        raise Known(sentence.format(field=field.labelled(), value=given[:80]))
    if not found:
        raise Known(_("{field}: there is no {record} “{value}”.").format(field=field.labelled(), record=_(target.spec.label), value=given[:80]))
    return found[0]


def _titled(reading: Reading, kind: type[Record], operator: str, words: str, limit: int) -> list[int]:
    """The ids of the records whose title is, or contains, these words."""
    title = kind.spec.title
    meant = title.type.parse(words)
    return reading.ids(Query(kind, (condition(kind, title.name, operator, (meant,)),)), limit) if meant else []


@cli.command("list", epilog=_KINDS)
@_register
@click.argument("record")
@_where
@click.option("--search", default="", help="Words, as in the search field.")
@click.option("--order", "orders", multiple=True, metavar="[-]FIELD", help="Order by a field, - for the largest first.")
@click.option("--limit", type=click.IntRange(min=0), default=None, help="At most so many.")
@_json
def list_(register: Path, record: str, wheres: tuple[str, ...], search: str, orders: tuple[str, ...], limit: int | None, as_json: bool) -> None:
    """List the records of a kind."""
    with Opened(register) as opened:
        query = _query(opened, record, wheres, search, orders)
        ids = opened.ids(query, limit)
        pages = (opened.rows(query.kind, ids[start : start + 1000]) for start in range(0, len(ids), 1000))
        found = (_plain(item, titles) for page in pages for item, titles in page)
        if as_json:
            _print(json.dumps(list(found), ensure_ascii=False))
            return
        names = [field.name for field in query.kind.spec.fields.values() if field.listed]
        _print("\t".join(query.kind.spec.fields[name].labelled() for name in names))
        for plain in found:
            shown = (plain.get(f"{name}_title", plain[name]) for name in names)
            _print("\t".join("" if value is None else str(value).replace("\n", " ").replace("\t", " ") for value in shown))


@cli.command(epilog=_KINDS)
@_register
@click.argument("record")
@_where
@click.option("--search", default="", help="Words, as in the search field.")
@_json
def count(register: Path, record: str, wheres: tuple[str, ...], search: str, as_json: bool) -> None:
    """Count the records of a kind."""
    with Opened(register) as opened:
        number = opened.count(_query(opened, record, wheres, search, ()))
    _say({"count": number}, as_json, str(number))


@cli.command()
@_register
@click.argument("number")
@_json
def show(register: Path, number: str, as_json: bool) -> None:
    """Show the case, letter, order or product with NUMBER, or the customer or supplier of that name, with all its parts."""
    with Opened(register) as opened:
        kind, id_ = _called(opened, number)
        whole = _whole(opened, kind, id_)
    if as_json:
        _print(json.dumps(whole, ensure_ascii=False))
        return
    for name, value in whole.items():
        if value not in (None, "", []):
            _print(f"{name}: {json.dumps(value, ensure_ascii=False) if isinstance(value, list) else value}")


def _called(reading: Reading, number: str) -> tuple[type[Record], int]:
    """The record with this number, else the one of this name, so that what ``add`` printed is found. Raises Known."""
    if found := by_number(reading, number):
        return found
    for kind in catalog.RECORDS:
        if kind.spec.owner is None and (ids := _titled(reading, kind, "=", number, 2)):
            if len(ids) > 1:
                raise Known(_("Several records are called “{name}”; use their number.").format(name=number[:80]))
            return kind, ids[0]
    return must_find(reading, number)  # says that nothing has it


def _case_called(reading: Reading, number: str) -> int:
    """The id of the case with this number. Raises Known."""
    kind, id_ = _called(reading, number)
    if kind is not Case:
        raise Known(_("{number} is no case.").format(number=number))
    return id_


def _query(reading: Reading, record: str, wheres: Iterable[str], search: str, orders: Iterable[str]) -> Query:
    kind = catalog.named(record)
    conditions = tuple(_condition(reading, kind, where) for where in wheres)
    return Query(kind, conditions, search, tuple(parse_order(kind, order) for order in orders))


def _condition(reading: Reading, kind: type[Record], written: str) -> Condition:
    """A condition; a reference may be asked for by its title or a part of it, and several records may be meant. Raises Known."""
    name, operator, value = split_condition(written)
    target = kind.spec.refs.get(name)
    if target is None or operator not in ("=", "contains") or not value:
        return parse_condition(kind, written)
    found = _titled(reading, target, operator, value, MOST_NAMED + 1)
    if len(found) > MOST_NAMED:
        raise Known(_("“{value}” is in more than {most} names. Ask for a longer part of the name.").format(value=value[:80], most=MOST_NAMED))
    if not found and operator == "=":
        if value.isdecimal():
            return parse_condition(kind, f"{name} = {value}")  # an id
        raise Known(_("There is no {record} “{value}”.").format(record=_(target.spec.label), value=value[:80]))
    return Condition(name, types.IS, tuple(found)) if len(found) == 1 else Condition(name, types.ONE_OF, tuple(found))


def _plain(item: Record, titles: Mapping[str, str]) -> dict[str, Any]:
    """A record as JSON: every field, and for a reference also what it is called."""
    found: dict[str, Any] = {"id": item.id, "record": item.spec.table}
    for name, field in item.spec.fields.items():
        value = getattr(item, name)
        found[name] = None if value is None else field.type.json(value)
        if name in titles and value is not None:
            found[f"{name}_title"] = titles[name]
    return found


def _whole(reading: Reading, kind: type[Record], id_: int) -> dict[str, Any]:
    """A record as JSON with its parts, each kind under its plural table name."""
    ((item, titles),) = reading.rows(kind, [id_])
    found = _plain(item, titles)
    for part in catalog.RECORDS:
        owner = part.spec.owner
        if owner and part.spec.refs[owner.name] is kind:
            ids = reading.ids(Query(part, (Condition(owner.name, types.IS, (id_,)),)).by(parse_order(part, "id")))
            found[f"{part.spec.table}s"] = [_plain(*row) for row in reading.rows(part, ids)]
    return found


# --------------------------------------------------------------------------------------- files


@cli.command(epilog=_KINDS)
@_register
@click.argument("out", type=click.Path(path_type=Path))
@click.option("--of", "record", required=True, metavar="RECORD", help="The kind of record.")
@_where
@click.option("--search", default="", help="Words, as in the search field.")
@click.option("--order", "orders", multiple=True, metavar="[-]FIELD", help="Order by a field, - for the largest first.")
@click.option("--lang", type=click.Choice(list(i18n.LANGUAGES)), default=None, help="Language of the headings.")
@_json
def export(register: Path, out: Path, record: str, wheres: tuple[str, ...], search: str, orders: tuple[str, ...], lang: str | None, as_json: bool) -> None:
    """Export the records of a kind to OUT.xlsx or OUT.csv."""
    from qmdesk.exchange import writer  # slow to import, and only exports need it

    if os.path.realpath(out) == os.path.realpath(register):
        raise Known(_("{file} is the register itself. Choose another name.").format(file=out))
    with Opened(register) as opened:
        rows = writer.export(opened, _query(opened, record, wheres, search, orders), out, lang=lang)
    _say({"file": str(out), "rows": rows}, as_json, _("{rows} rows were written to {file}.").format(rows=rows, file=out))


_letter_lang = click.Choice([*i18n.LANGUAGES, "pl+en"])


@cli.command()
@_register
@click.argument("number")
@click.argument("kind", metavar="KIND")
@click.argument("out", type=click.Path(path_type=Path))
@click.option("--lang", type=_letter_lang, default=None, help="Language of the letter; pl+en is Polish with English after it.")
@click.option("--words", default="", help="What the letter adds in your own words.")
@click.option("--issue", is_flag=True, help="Issue it: number it and keep it with the case. Without this it is a draft.")
@click.option("--channel", default="", help="How it is sent, by the channel's name (with --issue).")
@_json
def document(register: Path, number: str, kind: str, out: Path, lang: str | None, words: str, issue: bool, channel: str, as_json: bool) -> None:
    """Write a letter about case NUMBER to OUT.pdf.

    KIND is one of D1 to D13 or its name: receipt_confirmation, answer_accepted, answer_rejected, adr_statement,
    withdrawal_confirmation, protocol, refund_note, withdrawal_form, withdrawal_information, request, remedy_order,
    sole_trader_statement, supplier_claim. With - for NUMBER the withdrawal form and information are about no case.
    """
    if channel and not issue:
        raise click.UsageError(_("--channel says how a letter is sent; it goes with --issue."))
    if issue and number == "-":
        raise click.UsageError(_("A letter is issued in a case; name its number."))
    from qmdesk.documents import render  # letters load what nothing else needs
    from qmdesk.exchange.writer import whole_file
    from qmdesk.operations import letters

    _must_be_new(out)
    wanted = _document_kind(kind)
    with Opened(register, write=issue) as opened:
        id_ = 0 if number == "-" else _case_called(opened, number)
        lang = lang or (letters.language_for(opened, opened.get(Case, id_)) if id_ else "pl")
        if issue:
            sent_by = opened.by_value(Channel, "name", [channel]).get(channel) if channel else None
            if channel and sent_by is None:
                raise Known(_("There is no channel “{name}”.").format(name=channel))
            with whole_file(out) as file:  # before the letter is issued, which can't be undone
                issued = opened.do(letters.ISSUE, letters.issue, id_, wanted, lang, sent_by, words=words).result
                file.write(opened.content(issued.content))
            result = {"number": issued.number, "sha256": issued.content, "gaps": []}
        else:
            letter = letters.preview(opened, id_, wanted, lang, words) if id_ else letters.blank(opened, wanted, lang)
            with whole_file(out) as file:
                file.write(render.to_pdf(letter.content))
            result = {"number": "", "sha256": "", "gaps": [gap.field for gap in letter.gaps]}
    _say({"file": str(out), "kind": str(wanted.value), "lang": lang, **result}, as_json, _("{file} was written.").format(file=out))


@cli.command()
@_register
@click.argument("number")
@click.argument("out", type=click.Path(path_type=Path))
@_json
def evidence(register: Path, number: str, out: Path, as_json: bool) -> None:
    """Write all that proves case NUMBER to OUT.pdf, or to OUT.zip with its letters and files."""
    from qmdesk.operations import evidence_pack  # letters load what nothing else needs

    _must_be_new(out)
    with Opened(register) as opened:
        names = evidence_pack.write(opened, _case_called(opened, number), out)
    _say({"file": str(out), "contents": names}, as_json, _("{file} was written.").format(file=out))


def _must_be_new(out: Path) -> None:
    """See that a file can be made here, before anything is done that would be told in it. Raises Known."""
    if os.path.lexists(out):
        raise Known(_("{file} exists already. Choose another name.").format(file=out))
    if not out.absolute().parent.is_dir():
        sentence = _("{file} was not written: the folder {folder} is not there. Choose another folder.")
        raise Known(sentence.format(file=out.name, folder=out.absolute().parent))


def _document_kind(word: str) -> DocumentKind:
    numbered = {f"d{n}": kind for n, kind in enumerate(DocumentKind, 1)}
    found = numbered.get(word.lower()) or {str(kind.value): kind for kind in DocumentKind}.get(word.lower().replace("-", "_"))
    if found is None:
        listed = ", ".join(str(kind.value) for kind in DocumentKind)
        raise Known(_("There is no letter “{word}”; the kinds are: {listed}.").format(word=word, listed=listed))
    return found


@cli.command("import")
@_register
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--as", "target", required=True, metavar="KIND", help="orders, cases, customers, products, suppliers, persons, batches or payments.")
@click.option("--source", default=None, metavar="NAME", help="Which program wrote the file; recognised by its headers without this.")
@click.option("--map", "maps", multiple=True, metavar='"COLUMN=FIELD"', help="Let a column feed a field; may be repeated.")
@click.option("--profile", "profile_name", default=None, metavar="NAME", help="Use the mapping kept under this name.")
@click.option("--save-profile", default=None, metavar="NAME", help="Keep the mapping under this name.")
@click.option("--rejected", "rejected_out", type=click.Path(path_type=Path), default=None, help="Save rejected rows to this workbook, to mend and import again.")
@click.option("--dry-run", is_flag=True, help="Only tell what would happen.")
@_json
def import_(
    register: Path,
    file: Path,
    target: str,
    source: str | None,
    maps: tuple[str, ...],
    profile_name: str | None,
    save_profile: str | None,
    rejected_out: Path | None,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Take in FILE (csv, tsv, xlsx, xls, ods) as one batch that can be withdrawn."""
    from qmdesk.exchange import mapping as mappings  # importing loads what nothing else needs
    from qmdesk.exchange.reader import read_table
    from qmdesk.exchange.writer import kind_of
    from qmdesk.operations import imports

    if profile_name and source:
        raise click.UsageError(_("A profile knows its source: give --profile or --source, not both."))
    mappings.target_named(target)
    if rejected_out:  # before anything is taken in
        kind_of(rejected_out)
        _must_be_new(rejected_out)
    table = read_table(file, known_headers=mappings.known_headers())
    with _for_trial(register) if dry_run else Opened(register, write=True) as opened:
        mapping = imports.profile(opened, profile_name) if profile_name else mappings.mapping_for(table.headers, target, source)
        if mapping.target != target:
            sentence = _("The import profile “{name}” is for {right}, not for {target}.")
            raise Known(sentence.format(name=profile_name, right=mapping.target, target=target))
        mapping = _mapped_by_hand(mapping, table.headers, maps, moved=not profile_name)
        if save_profile is not None and not dry_run:  # first, so that the newest step, which an undo takes back, is the import
            opened.do(N_("Keep an import profile"), imports.keep_profile, save_profile, mapping)
        report = imports.dry_run(opened, table, mapping) if dry_run else imports.run(opened, table, mapping).result
    _say(report.as_json(), as_json, report.sentence())
    if rejected_out and report.rejected:
        imports.rejected_workbook(report, table, rejected_out)


def _mapped_by_hand(mapping: ColumnMapping, headers: Sequence[str], maps: Iterable[str], *, moved: bool) -> ColumnMapping:
    """A mapping with what --map says; a column that was ``moved`` feeds no more the field it was guessed for. Raises Known."""
    from qmdesk.exchange import mapping as mappings  # importing loads what nothing else needs
    from qmdesk.exchange.sources import OWN

    told: list[tuple[str, str]] = []
    for written in maps:
        column, equals, field = written.rpartition("=")
        if not equals:
            raise click.UsageError(_("--map wants COLUMN=FIELD, not “{written}”.").format(written=written))
        told.append((mappings.path_named(mappings.target_named(mapping.target), field), mappings.column_named(headers, column)))
    if moved and mapping.source == OWN:
        taken = {column for _path, column in told}
        for path in [path for path, fed in mapping.columns.items() if taken & set(fed)]:
            mapping = mapping.feeding(path)
    for path, column in told:
        mapping = mapping.feeding(path, column)
    return mapping


@cli.command()
@_register
@click.argument("batch", type=_NUMBER)
@_json
def withdraw(register: Path, batch: int, as_json: bool) -> None:
    """Take the import BATCH back whole."""
    from qmdesk.operations import imports  # importing loads what nothing else needs

    with Opened(register, write=True) as opened:
        change = imports.withdraw(opened, batch)
    _say({"batch": batch, "step": change.step}, as_json, _("Import {batch} was withdrawn.").format(batch=batch))


# ------------------------------------------------------------------------------------- the accountant


@cli.command("month")
@_register
@click.argument("month", metavar="YYYY-MM")
@click.argument("outdir", type=click.Path(path_type=Path))
@click.option("--lock", is_flag=True, help="Close the month by what was written.")
@click.option("--reopen", "reason", default=None, metavar="REASON", help="Open the closed month again first; the reason stays on record.")
@_json
def month_(register: Path, month: str, outdir: Path, lock: bool, reason: str | None, as_json: bool) -> None:
    """Write the accountant's pack of a month into the folder OUTDIR; with --lock the month is closed."""
    from qmdesk.operations import month as months  # only this command needs them
    from qmdesk.operations import month_pack
    from qmdesk.operations.closed_books import closing, see_that_open

    with Opened(register, write=lock or reason is not None) as opened:
        months.checked(month)
        month_pack.see_that_free(outdir, month, str(opened.get(Shop, THE_SHOP).language.value))  # before anything is done
        if reason is not None:
            opened.do(months.REOPEN, months.reopen, month, reason)
        elif lock:
            see_that_open(opened, month)
        pack = month_pack.compose(opened, month)
        with month_pack.written(pack, outdir) as files:
            if lock:
                opened.do(months.CLOSE, months.close, month, pack.month.digest, pack.archive)
        told = {**_told_month(pack.month), "files": [str(file) for file in files], "locked": closing(opened, month) is not None}
    gaps = [str(gap["sentence"]) for gap in told["gaps"] if gap["must_mend"]]
    _say(told, as_json, "\n".join([*told["files"], *gaps]))


def _told_month(month: Month) -> dict[str, Any]:
    """A month as JSON: the totals of each register per rate, the JPK fields, the gaps with the record to open, the digest."""
    from qmdesk.records.month import Opened, totals  # only this command needs it

    def per_rate(entries: Iterable[RefundEntry | MistakeEntry]) -> dict[str, Any]:
        return {one.rate: {"gross": _amount(one.gross), "net": _amount(one.net), "vat": None if one.vat is None else _amount(one.vat)} for one in totals(entries)}

    def told(item: OpenItem) -> dict[str, Any]:
        return {"what": str(item.what.value), "number": item.number, "record": item.kind.spec.table, "id": item.id, "sentence": item.sentence, "must_mend": item.is_gap}

    gaps = [item for item in month.open_items if item.is_gap or item.what is Opened.MONTHS]
    return {
        "month": month.month, "totals": per_rate(month.refunds), "mistakes": per_rate(month.mistakes), "earlier": per_rate(month.earlier),
        "jpk": {name: str(amount) for name, amount in month.jpk.items()}, "gaps": [told(item) for item in gaps], "open": [told(item) for item in month.open_items if item not in gaps], "digest": month.digest,
    }  # fmt: skip


def _amount(grosze: int) -> str:
    return str(Decimal(grosze).scaleb(-2))


# --------------------------------------------------------------------------------------- history


@cli.command("do")
@_register
@click.argument("number")
@click.argument("step", type=click.Choice([str(step.value).replace("_", "-") for step in Step]))
@click.option("--set", "settings", multiple=True, metavar="FIELD=VALUE", help="A field to fill in with the step; may be repeated.")
@click.option("--json", "source", is_flag=False, flag_value="", metavar="[FILE]", help="Answer in JSON; with a FILE (- for standard input) its JSON object holds the fields to fill in.")
def do_step(register: Path, number: str, step: str, settings: tuple[str, ...], source: str | None) -> None:
    """Do the next STEP with case NUMBER; a step that is not allowed says why."""
    from qmdesk.operations import steps  # only these commands need it

    wanted = next(found for found in Step if str(found.value).replace("_", "-") == step)
    told = _json_object(source) if source else {}
    with Opened(register, write=True) as opened:
        id_ = _case_called(opened, number)
        if WAYS[wanted].by_letter:
            values = _fields_of_letter(opened, {**told, **_pairs(settings)})
        else:
            values = {**_fields_of_step(opened, wanted, told), **_settings(opened, Case, settings)}
        case = opened.do(wanted.label, steps.take_step, id_, wanted, values).result
    _say({"number": case.number, "state": str(case.state.value)}, source is not None, f"{case.number}: {_(case.state.label)}")


def _fields_of_step(reading: Reading, step: Step, told: Mapping[str, Any]) -> dict[str, Any]:
    """The facts of a step out of JSON: those it asks for, and any other field of the case. Raises Problems."""
    of_return = {name: value for name, value in told.items() if name in WAYS[step].asks_return}
    found: dict[str, Any] = {}
    problems: list[Problem] = []
    for kind, given in ((Case, {name: value for name, value in told.items() if name not in of_return}), (ReturnDetails, of_return)):
        for name, value in given.items():
            field = kind.spec.fields.get(name)
            if field is None or field.automatic:
                problems.append(Problem(name, _("The step “{step}” has no field “{name}”; it asks for: {listed}.").format(step=_(step.label), name=name, listed=", ".join((*WAYS[step].asks, *WAYS[step].asks_return)) or "–")))
                continue
            try:
                target = kind.spec.refs.get(name)
                found[name] = kind.blank[name] if empty(value) else _referred(reading, kind, name, target, value) if target else field.type.from_cell(value)
            except Known as error:
                problems.append(Problem(name, error.sentence))
            except (ValueError, OverflowError, TypeError, AttributeError):
                problems.append(Problem(name, not_understood(field, value)))
    if problems:
        raise Problems(problems)
    return found


def _pairs(settings: Iterable[str]) -> dict[str, str]:
    """FIELD=VALUE as plain texts; what has no value is left out."""
    found = {}
    for setting in settings:
        name, equals, text = setting.partition("=")
        if not equals:
            raise click.UsageError(_("--set wants FIELD=VALUE, not “{written}”.").format(written=setting))
        if text.strip():
            found[name] = text
    return found


def _fields_of_letter(reading: Reading, told: Mapping[str, Any]) -> dict[str, Any]:
    """The facts of a step that is done by a letter: how and when it went, in which language, which letter. Raises Problems."""
    found: dict[str, Any] = {}
    problems: list[Problem] = []
    for told_as, value in told.items():
        field = IssuedDocument.spec.fields.get({"letter": "kind", "lang": "language"}.get(told_as, told_as))
        if empty(value):
            continue
        if field is None or told_as == "lang":  # an unknown name, or a language: the operation says what there is
            found[told_as] = value
            continue
        try:
            if target := IssuedDocument.spec.refs.get(told_as):
                found[told_as] = _referred(reading, IssuedDocument, told_as, target, int(value) if str(value).isdecimal() and len(str(value)) < 19 else value)
            elif told_as == "letter":
                found[told_as] = _document_kind(str(value))
            else:
                found[told_as] = field.type.from_cell(value)
        except Known as error:
            problems.append(Problem(told_as, error.sentence))
        except (ValueError, OverflowError, TypeError, AttributeError):
            problems.append(Problem(told_as, not_understood(field, value)))
    if problems:
        raise Problems(problems)
    return found


@cli.command("steps")
@_register
@click.argument("number")
@_json
def steps_(register: Path, number: str, as_json: bool) -> None:
    """The steps of case NUMBER: which can be taken now, which facts they ask for, and why others can't."""
    from qmdesk.operations import steps  # only these commands need it

    with Opened(register) as opened:
        found = steps.why_not(opened, opened.get(Case, _case_called(opened, number)))
    listed = [
        {"step": str(step.value).replace("_", "-"), "allowed": not why, "why_not": why, "asks": _asked_by(step), "needs": list(WAYS[step].needs)}
        for step, why in found.items()
    ]
    _say(listed, as_json, "\n".join(f"{one['step']}: {one['why_not'] or _('can be done now')}" for one in listed))


def _asked_by(step: Step) -> list[str]:
    from qmdesk.operations.letters import LETTER_FIELDS  # only this command needs it

    return list(LETTER_FIELDS) if WAYS[step].by_letter else [*WAYS[step].asks, *WAYS[step].asks_return]


@cli.command()
@_register
@click.option("--on", "on", default=None, metavar="DATE", help="As things will stand on that day; today by default.")
@click.option("--ics", "calendar", type=click.Path(path_type=Path), default=None, metavar="OUT.ics", help="Save the days to a calendar file with reminders.")
@_json
def due(register: Path, on: str | None, calendar: Path | None, as_json: bool) -> None:
    """What the shop must do, by the last day in law; the reasoning of each day beside it."""
    from qmdesk.operations import deadlines  # only this command needs them
    from qmdesk.operations.due import due as due_by
    from qmdesk.operations.due_calendar import save_calendar

    day = None
    if on is not None:
        try:
            day = types.Day().parse(on)
        except ValueError:
            raise Known(_("“{date}” is no day; write it as 2026-11-22.").format(date=on[:40])) from None
    if calendar is not None:
        _must_be_new(calendar)

    def tell(reading: Reading) -> list[dict[str, Any]]:
        if calendar is not None:
            save_calendar(reading, calendar, day)
        return [_told_due(one) for one in due_by(reading, day)]

    def reckoned(tx: Transaction, waiting: Sequence[int]) -> list[dict[str, Any]]:
        deadlines.reckon(tx, waiting, day)
        return tell(tx)

    with Opened(register) as opened:
        waiting = deadlines.without(opened)
        found = [] if waiting else tell(opened)
    if waiting:  # an older register that no window has opened since: the days are worked out and not kept
        with _for_trial(register) as tried:
            found = tried.try_out(reckoned, waiting)
    _say(found, as_json, "\n".join(f"{one['legal']}  {one['number']}  {one['title']} ({one['days_left']})" for one in found) or _("Nothing is due."))


def _told_due(one: Due) -> dict[str, Any]:
    deadline = one.deadline
    return {
        "number": one.case.number, "kind": str(one.case.kind.value), "rule": deadline.rule, "title": one.title, "state": str(deadline.state.value),
        "nominal": deadline.nominal.isoformat(), "legal": deadline.legal.isoformat(), "days_left": one.days_left,
        "money_at_risk": None if one.at_risk is None else str(one.at_risk), "reasoning": one.reasoning,
    }  # fmt: skip


@cli.command("set", epilog=_KINDS)
@_register
@click.argument("record")
@click.argument("number")
@click.argument("settings", metavar="FIELD=VALUE...", nargs=-1, required=True)
@_json
def set_(register: Path, record: str, number: str, settings: tuple[str, ...], as_json: bool) -> None:
    """Change fields of the RECORD called NUMBER: its number, its name, or its id.

    Nothing after the sign empties a field. The state of a case is changed by its steps: see do.
    """
    kind = catalog.named(record)
    if kind in MADE_BY_PROGRAM and kind is not Shop:
        raise Known(_("{record} can't be changed by hand; the program itself makes it.").format(record=_(kind.spec.label)))
    with Opened(register, write=True) as opened:
        id_ = _meant(opened, kind, number)
        values = _settings(opened, kind, settings)
        if kind is Case:
            from qmdesk.operations import cases  # only this branch needs it

            changed: Record = opened.do(cases.EDIT, cases.edit, id_, values).result
        elif kind is Checklist:
            from qmdesk.operations import checklists  # only these branches need it

            changed = opened.do(checklists.CHANGE, checklists.change, id_, values).result
        elif kind is Question:
            from qmdesk.operations import checklists  # only these branches need it

            changed = opened.do(checklists.CHANGE_QUESTION, checklists.change_question, id_, values).result
        else:
            changed = opened.do(keeping.CHANGE, keeping.change, kind, id_, values).result
    _say({"id": changed.id, "number": changed.title}, as_json, _("{record} {title} changed").format(record=_(kind.spec.label), title=changed.title))


def _meant(reading: Reading, kind: type[Record], word: str) -> int:
    """The id of the record of a kind that is called so: by its title, another number of its own, or its id. Raises Known."""
    titled = _titled(reading, kind, "=", word, 2)
    if len(titled) > 1:
        raise Known(_("Several records are called “{name}”; use their number.").format(name=word[:80]))
    numbered = by_number(reading, word)
    found = titled or ([numbered[1]] if numbered and numbered[0] is kind else [])
    if not found and word.isdecimal() and len(word) < 19 and reading.find(kind, int(word)):
        found = [int(word)]
    if not found:
        raise Known(_("There is no {record} “{value}”.").format(record=_(kind.spec.label), value=word[:80]))
    return found[0]


def _settings(reading: Reading, kind: type[Record], settings: Iterable[str]) -> dict[str, Any]:
    """Fields of a kind with their values, out of FIELD=VALUE; nothing after the sign empties the field. Raises Known."""
    values: dict[str, Any] = {}
    for setting in settings:
        name, equals, text = setting.partition("=")
        if not equals:
            raise click.UsageError(_("A field is set as FIELD=VALUE, not as “{written}”.").format(written=setting))
        field = kind.spec.fields.get(name)
        if field is None:
            raise Known(_("There is no field “{name}”; the fields are: {listed}.").format(name=name, listed=", ".join(kind.spec.asked())))
        if field.automatic or isinstance(field.type, types.File):
            raise Known(_("{field} is filled in by the program; leave it out.").format(field=field.labelled()))
        target = kind.spec.refs.get(name)
        if not text.strip():
            default = kind.blank[name]
            values[name] = None if default is MISSING else default
        elif target:
            values[name] = _meant(reading, target, text)
        else:
            try:
                values[name] = field.type.parse(text)
            except (ValueError, OverflowError):
                raise Known(not_understood(field, text)) from None
    return values


@cli.command()
@_register
@click.argument("number", required=False)
@_json
def history(register: Path, number: str | None, as_json: bool) -> None:
    """Everything that was done, newest last; with NUMBER what happened to one record."""
    with Opened(register) as opened:
        if number:
            kind, id_ = _called(opened, number)
            stands = {step.id: standing for step, standing in opened.steps(1 << 40)}
            by_step = groupby(opened.history(opened.get(kind, id_)), lambda pair: pair[0])
            found = [_told(step, stands[step.id], [entry for _step, entry in pairs]) for step, pairs in by_step]
        else:
            found = [_told(step, standing, opened.entries(step.id)) for step, standing in reversed(opened.steps(1 << 40))]
    if as_json:
        _print(json.dumps(found, ensure_ascii=False))
        return
    for step in found:
        _print(f"{step['step']}\t{step['at']}\t{step['who']}\t{_(step['label'])}\t{step['subject']}")


def _told(step: JournalStep, stands: bool, entries: Iterable[Entry]) -> dict[str, Any]:
    changes = [
        {"record": entry.kind, "id": entry.row, "last": entry.last or entry.row, "before": _image(entry, entry.before), "after": _image(entry, entry.after)}
        for entry in entries
    ]
    return {
        "step": step.id,
        "at": step.at.isoformat(),
        "who": step.who,
        "label": step.label,
        "subject": step.subject,
        "program": step.program,
        "undoes": step.undoes,
        "stands": stands,
        "sealed": bool(step.sealed),
        "changes": changes,
    }


def _image(entry: Entry, image: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """What a change found or left, its values written as ``list`` writes them; of a range only how much it was."""
    if image is None:
        return None
    if entry.last:
        return {name: value for name, value in image.items() if name != "packed"}
    kind = catalog.BY_TABLE.get(entry.kind)
    fields = kind.spec.fields if kind else {}
    return {name: _as_listed(fields[name].type, raw) if raw is not None and name in fields else raw for name, raw in image.items()}


def _as_listed(kind: types.Type[Any], raw: Any) -> Any:
    try:
        return kind.json(kind.load(raw))
    except Altered:
        return raw  # the history tells what stands in it; whether that is right, verify says


@cli.command()
@_register
@click.option("--step", type=_NUMBER, default=None, help="The step to take back; the newest by default.")
@_json
def undo(register: Path, step: int | None, as_json: bool) -> None:
    """Take back a step."""
    with Opened(register, write=True) as opened:
        _tell_change(opened, opened.undo(step), as_json, N_("Undone: {step}"))


@cli.command()
@_register
@_json
def redo(register: Path, as_json: bool) -> None:
    """Do again what was undone last."""
    with Opened(register, write=True) as opened:
        _tell_change(opened, opened.redo(), as_json, N_("Done again: {step}"))


def _tell_change(register: Register, change: Change, as_json: bool, sentence: str) -> None:
    _say({"step": change.step, "label": change.label}, as_json, _(sentence).format(step=_(change.label)))


# -------------------------------------------------------------------------------------- the law

_country = click.option("--country", default="PL", show_default=True, metavar="CODE", help="Two letters; a country without rules of its own gets those of the European Union.")
_told_in = click.option("--lang", type=click.Choice(list(i18n.LANGUAGES)), default=None, help="Language of the sentences; that of messages without it.")


@cli.command()
@click.option("--rule", "rule_id", required=True, metavar="ID", help="Which rule, such as PL-CMP-ANSWER; \"rules\" lists them.")
@click.option("--start", required=True, metavar="DATE", help="The day of the event the term is counted from.")
@_country
@_told_in
@_json
def deadline(rule_id: str, start: str, country: str, lang: str | None, as_json: bool) -> None:
    """Tell when the term of a rule ends and why; nothing is read or written."""
    from qmdesk.law import rules as law  # only these commands need it
    from qmdesk.schema.parsing import parse_day

    try:
        day = parse_day(start)
    except ValueError:
        raise Known(_("“{date}” is no date: write it like 2026-11-22.").format(date=start[:40])) from None
    term = law.deadline(rule_id, day, country)
    reasoning = term.reasoning(lang)
    days = {"start": term.start.isoformat(), "nominal": term.nominal.isoformat(), "legal": term.legal.isoformat()}
    _say({"rule": term.rule.id, "version": term.rule.version, **days, "reasoning": reasoning}, as_json, reasoning)
    _note_on(law.load(country), lang)


@cli.command("rules")
@_country
@_told_in
@_json
def rules_(country: str, lang: str | None, as_json: bool) -> None:
    """List the rules of a country with what they rest on, since when they hold and what is doubtful."""
    from qmdesk.law import rules as law  # only these commands need it

    pack = law.load(country)
    if as_json:
        _print(json.dumps([_rule_told(pack, rule, lang) for rule in pack.rules], ensure_ascii=False))
    else:
        for rule in pack.rules:
            _print("\t".join((rule.id, rule.title.to(lang), _length(rule, lang), rule.basis.to(lang), "" if rule.enabled else _("switched off"))))
    _note_on(pack, lang)


def _length(rule: Rule, lang: str | None) -> str:
    """So many days or months; "" for a rule that acts at once or names no number."""
    if not rule.amount:
        return ""
    if rule.unit == "months":
        return i18n.n_("{n} month", "{n} months", rule.amount, lang)
    return i18n.n_("{n} day", "{n} days", rule.amount, lang)


def _note_on(pack: Pack, lang: str | None) -> None:
    """Say on standard error that the rules are not the country's own."""
    if pack.generic:
        click.echo(pack.note.to(lang), err=True)


def _rule_told(pack: Pack, rule: Rule, lang: str | None) -> dict[str, Any]:
    return {
        "rule": rule.id,
        "version": rule.version,
        "country": pack.country,
        "as_of": pack.as_of.isoformat(),
        "title": rule.title.to(lang),
        "kind": str(rule.kind),
        "trigger": list(rule.trigger),
        "amount": rule.amount,
        "amount_for": dict(rule.amount_for),
        "unit": rule.unit,
        "shift": str(rule.shift),
        "applies": list(rule.applies),
        "soft_applies": list(rule.soft_applies),
        "contract": list(rule.contract),
        "basis_kinds": list(rule.basis_kinds),
        "condition": list(rule.condition),
        "unless": list(rule.unless),
        "satisfied_by": list(rule.satisfied_by),
        "on_expiry": rule.on_expiry,
        "who": rule.who,
        "basis": rule.basis.to(lang),
        "valid_from": rule.valid_from.isoformat() if rule.valid_from else None,
        "valid_to": rule.valid_to.isoformat() if rule.valid_to else None,
        "selected_by": rule.selected_by,
        "enabled": rule.enabled,
        "switchable": rule.switchable,
        "confidence": rule.confidence,
        "doubt": rule.doubt.to(lang),
        "source": [{"title": source.title, "address": source.address, "confidence": source.confidence} for source in rule.sources],
        "note": pack.note.to(lang),
    }


# ------------------------------------------------------------------------------------- speaking


def _say(result: Mapping[str, Any] | Sequence[Mapping[str, Any]], as_json: bool, sentence: str) -> None:
    _print(json.dumps(result, ensure_ascii=False) if as_json else sentence)


def _print(text: str) -> None:
    """Write a line to standard output. Raises Known when it can't take it."""
    try:
        click.echo(text)
    except OSError as error:
        if error.errno in (errno.EPIPE, errno.EINVAL):  # "| head" has read enough (EINVAL: so says Windows)
            raise BrokenPipeError from None
        raise Known(_("The answer can't be written: the disk is full, or it is not there any more.")) from None


def main() -> NoReturn:
    """The entry point: exit 0 done, 1 a Known error (its sentence, or problems as JSON), 2 wrong usage."""
    if sys.argv[1:2] == ["--read-table"]:  # the frozen program is its own reader of foreign files
        from qmdesk.exchange import child  # nothing else is needed in that process

        sys.exit(child.main(sys.argv[2:]))
    own = logging.getLogger("qmdesk")
    if not own.handlers:
        own.addHandler(_Log())
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    try:
        sys.exit(_run())
    except BrokenPipeError:
        _let_go_of_output()
        sys.exit(1)


def _run() -> int:
    try:
        cli(prog_name=PROGRAM, standalone_mode=False)
    except click.ClickException as error:
        error.show()
        return 2
    except click.Abort:
        return 130
    except Problems as error:
        problems = [{"field": problem.field, "problem": problem.sentence} for problem in error.problems]
        _complain(error.sentence)
        _print(json.dumps({"problems": problems}, ensure_ascii=False))
        return 1
    except Known as error:
        _complain(error.sentence)
        return 1
    return 0


def _complain(sentence: str) -> None:
    """A sentence in one line of standard error, whatever stood in the file or the argument that it quotes."""
    click.echo(types.clean(" ".join(sentence.splitlines())), err=True)


class _Log(logging.Handler):
    """What the store has to tell a developer goes to the log file; standard error is for the one sentence."""

    def emit(self, record: logging.LogRecord) -> None:
        told = f"{clock():%Y-%m-%d %H:%M:%S} {record.levelname} {record.name}: {record.getMessage()}\n"
        if record.exc_info and record.exc_info[0]:  # where and of what kind; its message may quote names
            told += "".join(traceback.format_tb(record.exc_info[2])) + f"{record.exc_info[0].__name__}\n"
        with suppress(OSError), (places.log() / "qmdesk-cli.log").open("a", encoding="utf-8") as file:
            file.write(told)


def _let_go_of_output() -> None:
    """Nobody reads standard output any more: what is left in it goes nowhere, so that closing it says nothing either."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)


if __name__ == "__main__":
    main()
