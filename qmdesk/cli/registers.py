"""The register itself: make one, prove it whole, copy it."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from qmdesk import i18n
from qmdesk.cli import arguments
from qmdesk.cli.opening import PROGRAM, Opened
from qmdesk.cli.speaking import say
from qmdesk.errors import Known
from qmdesk.i18n import _
from qmdesk.operations.registers import new_register
from qmdesk.records import catalog
from qmdesk.register import Register
from qmdesk.schema.query import Query


@click.command()
@arguments.register
@click.option("--demo", is_flag=True, help="Fill it with an invented shop.")
@click.option("--lang", type=click.Choice(list(i18n.LANGUAGES)), default=None, help="Language of its lists and letters.")
@arguments.as_json
def new(register: Path, demo: bool, lang: str | None, as_json: bool) -> None:
    """Make a new register.

    An existing file is never overwritten.
    """
    lang = lang or i18n.language()
    if demo:
        from qmdesk.operations.demo import new_demo  # only a demo needs it

        opened = new_demo(register, program=PROGRAM, lang=lang)
    else:
        opened = new_register(register, program=PROGRAM, lang=lang)
    with opened:
        counts = {kind.spec.table: opened.count(Query(kind)) for kind in catalog.RECORDS}
    say({"register": str(register), "records": counts}, as_json, _("{file} is ready.").format(file=register))


@click.command()
@arguments.register
@arguments.as_json
def verify(register: Path, as_json: bool) -> None:
    """Check that the register is whole.

    The file, its references, its history and its kept files; exit 1 when something is wrong.
    """
    with Opened(register) as opened:
        flaws = opened.verify()
        result = {"ok": not flaws, "steps": _last_step(opened), "flaws": flaws}
    say(result, as_json, "\n".join(flaws) or _("The register is whole; its history has {steps} steps.").format(steps=result["steps"]))
    if flaws:
        sys.exit(1)


def _last_step(opened: Register) -> int:
    try:
        return next((step.id for step, _stands in opened.steps(1)), 0)
    except Known:  # the damage that verify tells of
        return 0


@click.command()
@arguments.register
@click.argument("out", type=arguments.FILE)
@arguments.as_json
def backup(register: Path, out: Path, as_json: bool) -> None:
    """Write a sound copy of a register, in use or not."""
    with Opened(register) as opened:
        opened.backup(out)
    say({"backup": str(out), "size": out.stat().st_size}, as_json, _("The copy {file} is whole.").format(file=out))
