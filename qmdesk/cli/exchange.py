"""Files of other programs: take one in as a batch, withdraw it, export a list."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from qmdesk import i18n
from qmdesk.cli import arguments
from qmdesk.cli.files import must_be_new
from qmdesk.cli.naming import asked
from qmdesk.cli.opening import Opened, for_trial
from qmdesk.cli.speaking import say
from qmdesk.errors import Known
from qmdesk.i18n import N_, _

if TYPE_CHECKING:  # importing files loads what nothing else needs
    from qmdesk.exchange.mapping import Mapping as ColumnMapping


@click.command("import")
@arguments.register
@click.argument("file", type=arguments.FILE)
@click.option("--as", "target", required=True, metavar="KIND", help="orders (with their lines), cases (with their items), messages, customers, products, batches, suppliers, persons, channels, causes, payments or opinions.")
@click.option("--source", default=None, metavar="NAME", help="Which program wrote the file; recognised by its headers without this.")
@click.option("--map", "maps", multiple=True, metavar='"COLUMN=FIELD"', help="Let a column feed a field; may be repeated.")
@click.option("--profile", "profile_name", default=None, metavar="NAME", help="Use the mapping kept under this name.")
@click.option("--save-profile", default=None, metavar="NAME", help="Keep the mapping under this name.")
@click.option("--rejected", "rejected_out", type=arguments.FILE, default=None, help="Save rejected rows to this workbook, to mend and import again.")
@click.option("--dry-run", is_flag=True, help="Only tell what would happen.")
@arguments.as_json
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
    """Take in FILE (csv, tsv, xlsx, xls, ods).

    All of it is one batch, which can be withdrawn.
    """
    from qmdesk.exchange import mapping as mappings  # importing loads what nothing else needs
    from qmdesk.exchange.reader import read_table
    from qmdesk.exchange.writer import kind_of
    from qmdesk.operations import imports

    if profile_name and source:
        raise click.UsageError(_("A profile knows its source: give --profile or --source, not both."))
    target = mappings.target_named(target).name
    if rejected_out:  # before anything is taken in
        kind_of(rejected_out)
        must_be_new(rejected_out)
    table = read_table(file, known_headers=mappings.known_headers())
    with for_trial(register) if dry_run else Opened(register, write=True) as opened:
        mapping = imports.profile(opened, profile_name) if profile_name else mappings.mapping_for(table.headers, target, source)
        if mapping.target != target:
            sentence = _("The import profile “{name}” is for {right}, not for {target}.")
            raise Known(sentence.format(name=profile_name, right=mapping.target, target=target))
        mapping = _mapped_by_hand(mapping, table.headers, maps, moved=not profile_name)
        if not mapping.columns:
            sentence = _("No column of {file} is named like a field of {target}. Say with --map which column feeds which field; its columns are: {listed}.")
            raise Known(sentence.format(file=file.name, target=_(mappings.target_named(target).main.spec.plural), listed=", ".join(table.headers)))
        if save_profile is not None and not dry_run:  # first, so that the newest step, which an undo takes back, is the import
            opened.do(N_("Keep an import profile"), imports.keep_profile, save_profile, mapping)
        report = imports.dry_run(opened, table, mapping) if dry_run else imports.run(opened, table, mapping).result
    say(report.as_json(), as_json, report.sentence())
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


@click.command()
@arguments.register
@click.argument("batch", type=arguments.ID)
@arguments.as_json
def withdraw(register: Path, batch: int, as_json: bool) -> None:
    """Take the import BATCH back whole."""
    from qmdesk.operations import imports  # importing loads what nothing else needs

    with Opened(register, write=True) as opened:
        change = imports.withdraw(opened, batch)
    say({"batch": batch, "step": change.step}, as_json, _("Import {batch} was withdrawn.").format(batch=batch))


@click.command(epilog=arguments.KINDS)
@arguments.register
@click.argument("out", type=arguments.FILE)
@click.option("--of", "record", required=True, metavar="RECORD", help="The kind of record.")
@arguments.where
@arguments.search
@arguments.order
@click.option("--lang", type=click.Choice(list(i18n.LANGUAGES)), default=None, help="Language of the headings.")
@arguments.as_json
def export(register: Path, out: Path, record: str, wheres: tuple[str, ...], search: str, orders: tuple[str, ...], lang: str | None, as_json: bool) -> None:
    """Export the records of a kind to OUT.xlsx or OUT.csv."""
    from qmdesk.exchange import writer  # slow to import, and only exports need it

    if os.path.realpath(out) == os.path.realpath(register):
        raise Known(_("{file} is the register itself. Choose another name.").format(file=out))
    with Opened(register) as opened:
        rows = writer.export(opened, asked(opened, record, wheres, search, orders), out, lang=lang)
    say({"file": str(out), "rows": rows}, as_json, _("{rows} rows were written to {file}.").format(rows=rows, file=out))
