"""Reports on the command line, for a period."""

from __future__ import annotations

from pathlib import Path

import click

from qmdesk import i18n
from qmdesk.cli import arguments
from qmdesk.cli.analysis import period_options, scope_of
from qmdesk.cli.files import must_be_new
from qmdesk.cli.naming import meant
from qmdesk.cli.opening import Opened
from qmdesk.cli.speaking import say
from qmdesk.errors import Known
from qmdesk.i18n import _
from qmdesk.records.alert import ReportKind
from qmdesk.records.party import Supplier

_told_in = click.option("--lang", type=click.Choice(list(i18n.LANGUAGES)), default=None, help="Language of what is written; that of the shop's letters without it.")


@click.command()
@arguments.register
@click.argument("kind", type=click.Choice([str(one.value) for one in ReportKind]))
@click.argument("out", type=arguments.FILE)
@period_options
@click.option("--supplier", default="", help="Which supplier a supplier report is about: the name or the id.")
@_told_in
@arguments.as_json
def report(register: Path, kind: str, out: Path, since: str, until: str, supplier: str, lang: str | None, as_json: bool) -> None:
    """Write a report of a period to OUT.

    KIND is management or supplier (OUT.pdf), or workbook (OUT.xlsx).
    """
    from qmdesk.operations import reports  # only these commands need them
    from qmdesk.operations.figures import facts  # only these commands need them

    asked, wanted = scope_of(since, until), next(one for one in ReportKind if one.value == kind)
    must_be_new(out, reports.ENDINGS[wanted])
    if bool(supplier) is not (wanted is ReportKind.SUPPLIER):
        raise Known(_("Name the supplier with --supplier; a supplier report is about one.") if not supplier else _("Only a supplier report is about one supplier; leave --supplier out."))
    with Opened(register) as opened:
        whom = meant(opened, Supplier, supplier) if supplier else None
        content = reports.made(opened, facts.gather(opened), wanted, asked, lang or reports.letters_language(opened), whom).content()
        reports.write(content, out)
    say({"file": str(out), "report": kind, "from": asked.since.isoformat(), "to": asked.until.isoformat()}, as_json, _("{file} was written.").format(file=out))
