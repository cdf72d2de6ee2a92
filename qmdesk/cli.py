"""qmdesk-cli: the same operations without a window; data as JSON, errors as one sentence."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager
from datetime import timedelta
from pathlib import Path
from typing import Any, NoReturn

import click

from qmdesk import __version__, i18n
from qmdesk.errors import Known, Problem, Problems
from qmdesk.i18n import N_, _
from qmdesk.operations.finding import must_find
from qmdesk.operations.registers import new_register, open_register
from qmdesk.records import catalog
from qmdesk.records.case import Case, CaseItem, Step
from qmdesk.records.paper import DocumentKind
from qmdesk.register import Change, Entry, Reading, Register
from qmdesk.register import Step as JournalStep
from qmdesk.schema import types
from qmdesk.schema.query import Condition, Query, parse_condition, parse_order
from qmdesk.schema.record import Record, draft

PROGRAM = "qmdesk-cli"
BACKUP_NOT_WITHIN = timedelta(minutes=30)  # a script that calls us a hundred times makes one copy, not a hundred

_register = click.argument("register", type=click.Path(path_type=Path))
_json = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
_where = click.option("--where", "wheres", multiple=True, metavar='"FIELD OP VALUE"', help="Only records of which this is true; may be repeated.")


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
            click.echo(note, err=True)


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(__version__, prog_name=PROGRAM)
@click.option("--lang", type=click.Choice(list(i18n.LANGUAGES)), default=None, help="Language of messages (or the variable QMDESK_LANG).")
def cli(lang: str | None) -> None:
    """Work with a QMDesk register: complaints, returns and audits of a small shop."""
    i18n.use(lang or os.environ.get("QMDESK_LANG", i18n.SOURCE_LANGUAGE))


# ----------------------------------------------------------------------------------------- the file


@cli.command()
@_register
@click.option("--demo", is_flag=True, help="Fill it with an invented shop.")
@click.option("--lang", type=click.Choice(list(i18n.LANGUAGES)), default=None, help="Language of its lists and letters.")
@_json
def new(register: Path, demo: bool, lang: str | None, as_json: bool) -> None:
    """Make a new register; an existing file is never overwritten."""
    lang = lang or i18n.language()
    made = new_register(register, program=PROGRAM, lang=lang)
    with made:
        if demo:
            from qmdesk.operations.demo import furnish  # only a demo needs it

            made.do(N_("Furnish the demo shop"), furnish, lang)
        counts = {kind.spec.table: made.count(Query(kind)) for kind in catalog.RECORDS}
    _say({"register": str(register), "records": counts}, as_json, _("{file} is ready.").format(file=register))


@cli.command()
@_register
@_json
def verify(register: Path, as_json: bool) -> None:
    """Check the file, its references, its history and its kept files; exit 1 when something is wrong."""
    with Opened(register) as opened:
        flaws = opened.verify()
        newest = opened.steps(1)
        result = {"ok": not flaws, "steps": newest[0][0].id if newest else 0, "flaws": flaws}
    _say(result, as_json, "\n".join(flaws) or _("The register is whole; its history has {steps} steps.").format(steps=result["steps"]))
    if flaws:
        sys.exit(1)


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


@cli.command()
@_register
@click.argument("record")
@click.argument("source", type=click.File(encoding="utf-8"))
def add(register: Path, record: str, source: Any) -> None:
    """Add one RECORD given as a JSON object in SOURCE (- for standard input); prints its id and number as JSON.

    References may be ids or titles (a customer's name, an order's number). A case may have "items".
    """
    kind = catalog.named(record)
    try:
        values = json.load(source)
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise Known(_("The input is no JSON: {detail}").format(detail=error)) from error
    if not isinstance(values, dict):
        raise Known(_("The input must be one JSON object."))
    with Opened(register, write=True) as opened:
        parts = values.pop("items", []) if kind is Case else []
        item = _drafted(opened, kind, values)
        if isinstance(item, Case):
            from qmdesk.operations import cases  # only this branch needs it

            items = [_drafted(opened, CaseItem, {**part, "case": 1}) for part in parts]
            added: Record = opened.do(cases.TAKE_IN, cases.take_in, item, items).result  # type: ignore[arg-type]
        else:
            id_ = opened.do(N_("Add a record"), lambda tx: tx.add(item)).result
            added = opened.get(kind, id_)
    click.echo(json.dumps({"id": added.id, "number": added.title}, ensure_ascii=False))


def _drafted(reading: Reading, kind: type[Record], values: Mapping[str, Any]) -> Record:
    """A draft out of JSON, its references resolved. Raises Problems."""
    problems: list[Problem] = []
    plain = dict(values)
    for name, target in kind.spec.refs.items():
        given = plain.get(name)
        if not isinstance(given, str) or not given:
            continue
        title = target.spec.title
        found = reading.by_value(target, title.name, [title.type.store(given)]).get(given)
        if found is None and not given.strip().isdigit():
            sentence = _("{field}: there is no {record} “{value}”.")
            problems.append(Problem(name, sentence.format(field=kind.spec.fields[name].labelled(), record=_(target.spec.label), value=given[:80])))
            del plain[name]
        else:
            plain[name] = found or int(given)
    for name, target in kind.spec.refs.items():
        id_ = plain.get(name)
        if isinstance(id_, int) and kind.spec.owner is not kind.spec.fields[name] and reading.find(target, id_) is None:
            sentence = _("{field}: there is no {record} with id {id}.")
            problems.append(Problem(name, sentence.format(field=kind.spec.fields[name].labelled(), record=_(target.spec.label), id=id_)))
    made, found_problems = draft(kind, plain)
    if made is None or problems:
        raise Problems([*problems, *found_problems])
    return made


@cli.command("list")
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
            click.echo(json.dumps(list(found), ensure_ascii=False))
            return
        names = [field.name for field in query.kind.spec.fields.values() if field.listed]
        click.echo("\t".join(query.kind.spec.fields[name].labelled() for name in names))
        for plain in found:
            shown = (plain.get(f"{name}_title", plain[name]) for name in names)
            click.echo("\t".join("" if value is None else str(value).replace("\n", " ").replace("\t", " ") for value in shown))


@cli.command()
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
    """Show the case, letter, order or product with NUMBER, with all its parts."""
    with Opened(register) as opened:
        kind, id_ = must_find(opened, number)
        whole = _whole(opened, kind, id_)
    if as_json:
        click.echo(json.dumps(whole, ensure_ascii=False))
        return
    for name, value in whole.items():
        if value not in (None, "", []):
            click.echo(f"{name}: {json.dumps(value, ensure_ascii=False) if isinstance(value, list) else value}")


def _query(reading: Reading, record: str, wheres: Iterable[str], search: str, orders: Iterable[str]) -> Query:
    kind = catalog.named(record)
    conditions = tuple(_condition(reading, kind, where) for where in wheres)
    return Query(kind, conditions, search, tuple(parse_order(kind, order) for order in orders))


def _condition(reading: Reading, kind: type[Record], written: str) -> Condition:
    """A condition; a reference may be asked for by its title."""
    name, _blank, rest = written.strip().partition(" ")
    operator, _blank, value = rest.strip().partition(" ")
    target = kind.spec.refs.get(name)
    if target and value.strip() and not value.strip().isdigit():
        found = reading.by_value(target, target.spec.title.name, [value.strip()]).get(value.strip())
        if found is None:
            raise Known(_("There is no {record} “{value}”.").format(record=_(target.spec.label), value=value.strip()[:80]))
        written = f"{name} {operator} {found}"
    return parse_condition(kind, written)


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


@cli.command()
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

    with Opened(register) as opened:
        rows = writer.export(opened, _query(opened, record, wheres, search, orders), out, lang=lang)
    _say({"file": str(out), "rows": rows}, as_json, _("{rows} rows were written to {file}.").format(rows=rows, file=out))


@cli.command()
@_register
@click.argument("number")
@click.argument("kind", metavar="KIND")
@click.argument("out", type=click.Path(path_type=Path))
@click.option("--lang", type=click.Choice(list(i18n.LANGUAGES)), default=None, help="Language of the letter.")
@click.option("--issue", is_flag=True, help="Issue it: number it and keep it with the case. Without this it is a draft.")
@click.option("--channel", default="", help="How it is sent, by the channel's name (with --issue).")
@_json
def document(register: Path, number: str, kind: str, out: Path, lang: str | None, issue: bool, channel: str, as_json: bool) -> None:
    """Write a letter about case NUMBER to OUT.pdf.

    KIND is receipt_confirmation (D1), answer_accepted (D2) or answer_rejected (D3).
    """
    from qmdesk.documents import render  # letters load what nothing else needs
    from qmdesk.operations import letters
    from qmdesk.records.lists import Channel

    if out.exists():
        raise Known(_("{file} exists already. Choose another name.").format(file=out))
    wanted = _document_kind(kind)
    with Opened(register, write=issue) as opened:
        found, id_ = must_find(opened, number)
        if found is not Case:
            raise Known(_("{number} is no case: letters belong to cases.").format(number=number))
        lang = lang or letters.language_for(opened, opened.get(Case, id_))
        if issue:
            sent_by = opened.by_value(Channel, "name", [channel]).get(channel) if channel else None
            if channel and sent_by is None:
                raise Known(_("There is no channel “{name}”.").format(name=channel))
            issued = opened.do(letters.ISSUE, letters.issue, id_, wanted, lang, sent_by).result
            pdf, result = opened.content(issued.content), {"number": issued.number, "sha256": issued.content, "gaps": []}
        else:
            letter = letters.preview(opened, id_, wanted, lang)
            pdf, result = render.to_pdf(letter.content), {"number": "", "sha256": "", "gaps": [gap.field for gap in letter.gaps]}
    try:
        out.write_bytes(pdf)
    except OSError as error:
        raise Known(_("{file} can't be written: {detail}").format(file=out, detail=error.strerror)) from error
    _say({"file": str(out), "kind": str(wanted.value), "lang": lang, **result}, as_json, _("{file} was written.").format(file=out))


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
@click.option("--as", "target", required=True, metavar="KIND", help="orders, customers, products, suppliers, cases...")
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
    from qmdesk.operations import imports

    table = read_table(file, known_headers=mappings.known_headers())
    with Opened(register, write=not dry_run) as opened:
        if profile_name:
            mapping = imports.profile(opened, profile_name)
        else:
            mapping = mappings.mapping_for(table.headers, target, source)
        for written in maps:
            column, equals, field = written.rpartition("=")
            if not equals:
                raise click.UsageError(_("--map wants COLUMN=FIELD, not “{written}”.").format(written=written))
            path = mappings.path_named(mappings.target_named(target), field)
            mapping = mapping.feeding(path, mappings.column_named(table.headers, column))
        report = imports.dry_run(opened, table, mapping) if dry_run else imports.run(opened, table, mapping).result
        if save_profile and not dry_run:
            opened.do(N_("Keep an import profile"), imports.keep_profile, save_profile, mapping)
        if rejected_out and report.rejected:
            imports.rejected_workbook(report, table, rejected_out)
    _say(report.as_json(), as_json, report.sentence())


@cli.command()
@_register
@click.argument("batch", type=int)
@_json
def withdraw(register: Path, batch: int, as_json: bool) -> None:
    """Take the import BATCH back whole."""
    from qmdesk.operations import imports  # importing loads what nothing else needs

    with Opened(register, write=True) as opened:
        change = imports.withdraw(opened, batch)
    _say({"batch": batch, "step": change.step}, as_json, _("Import {batch} was withdrawn.").format(batch=batch))


# --------------------------------------------------------------------------------------- history


@cli.command("do")
@_register
@click.argument("number")
@click.argument("step", type=click.Choice([str(step.value) for step in Step]))
@click.option("--set", "settings", multiple=True, metavar="FIELD=VALUE", help="A field to fill in with the step; may be repeated.")
@_json
def do_step(register: Path, number: str, step: str, settings: tuple[str, ...], as_json: bool) -> None:
    """Do the next STEP with case NUMBER; a step that is not allowed says why."""
    from qmdesk.operations import cases  # only this command needs it

    wanted = next(found for found in Step if str(found.value) == step)
    with Opened(register, write=True) as opened:
        kind, id_ = must_find(opened, number)
        if kind is not Case:
            raise Known(_("{number} is no case.").format(number=number))
        values = _settings(settings)
        if wanted is Step.DECIDE:
            case = opened.do(cases.DECIDE, cases.decide, id_, values).result
        else:
            case = opened.do(wanted.label, cases.take_step, id_, wanted).result
    _say({"number": case.number, "state": str(case.state.value)}, as_json, f"{case.number}: {_(case.state.label)}")


def _settings(settings: Iterable[str]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for setting in settings:
        name, _equals, text = setting.partition("=")
        field = Case.spec.fields.get(name)
        if field is None:
            raise Known(_("There is no field “{name}”; the fields are: {listed}.").format(name=name, listed=", ".join(Case.spec.fields)))
        try:
            values[name] = field.type.parse(text)
        except (ValueError, OverflowError):
            raise Known(_("{field}: “{value}” can't be read.").format(field=field.labelled(), value=text[:60])) from None
    return values


@cli.command()
@_register
@click.argument("number", required=False)
@_json
def history(register: Path, number: str | None, as_json: bool) -> None:
    """Everything that was done, newest last; with NUMBER what happened to one record."""
    with Opened(register) as opened:
        if number:
            kind, id_ = must_find(opened, number)
            pairs = opened.history(opened.get(kind, id_))
            stands = {step.id: standing for step, standing in opened.steps(1 << 40)}
            found = [_told(step, stands[step.id], [entry]) for step, entry in pairs]
        else:
            found = [_told(step, standing, opened.entries(step.id)) for step, standing in reversed(opened.steps(1 << 40))]
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False))
        return
    for step in found:
        click.echo(f"{step['step']}\t{step['at']}\t{step['who']}\t{_(step['label'])}\t{step['subject']}")


def _told(step: JournalStep, stands: bool, entries: Iterable[Entry]) -> dict[str, Any]:
    changes = [
        {"record": entry.kind, "id": entry.row, "last": entry.last or entry.row, "before": _short(entry.before), "after": _short(entry.after)}
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


def _short(image: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """An image without the packed rows of a range."""
    return None if image is None else {name: value for name, value in image.items() if name != "packed"}


@cli.command()
@_register
@click.option("--step", type=int, default=None, help="The step to take back; the newest by default.")
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


# ------------------------------------------------------------------------------------- speaking


def _say(result: Mapping[str, Any], as_json: bool, sentence: str) -> None:
    click.echo(json.dumps(result, ensure_ascii=False) if as_json else sentence)


def main() -> NoReturn:
    """The entry point: exit 0 done, 1 a Known error (its sentence, or problems as JSON), 2 wrong usage."""
    if sys.argv[1:2] == ["--read-table"]:  # the frozen program is its own reader of foreign files
        from qmdesk.exchange import child  # nothing else is needed in that process

        sys.exit(child.main(sys.argv[2:]))
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    try:
        cli(standalone_mode=False)
    except click.ClickException as error:
        error.show()
        sys.exit(2)
    except click.Abort:
        sys.exit(130)
    except Problems as error:
        problems = [{"field": problem.field, "problem": problem.sentence} for problem in error.problems]
        click.echo(json.dumps({"problems": problems}, ensure_ascii=False))
        click.echo(error.sentence, err=True)
        sys.exit(1)
    except Known as error:
        click.echo(error.sentence, err=True)
        sys.exit(1)
    sys.exit(0)


if __name__ == "__main__":
    main()
