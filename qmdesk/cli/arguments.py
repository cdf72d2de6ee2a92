"""The arguments and options that several commands have."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from qmdesk.i18n import _
from qmdesk.records import catalog


class _File(click.Path):
    """The path of a file or folder; an empty text, which a shell makes of a variable that is not set, is none."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        if value == "":
            self.fail(_("an empty text names no file."), param, ctx)
        return super().convert(value, param, ctx)


FILE = _File(path_type=Path)
KINDS = f"RECORD is one of: {', '.join(catalog.BY_TABLE)}."
ID = click.IntRange(min=1, max=(1 << 63) - 1)  # of a step or an import: what a register can hold

register = click.argument("register", type=FILE)
as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
where = click.option(
    "--where", "wheres", multiple=True, metavar='"FIELD OP VALUE"',
    help='Only records of which this is true, such as "state in new,assessing", "received_at >= 2026-11-01", "customer contains kowal", "claimed filled"; '
    "may be repeated. OP is one of =, !=, <, <=, >, >=, between, in, contains, empty, filled, as the field's kind has them.",
)  # fmt: skip
search = click.option("--search", default="", help="Words, as in the search field.")
order = click.option("--order", "orders", multiple=True, metavar="[-]FIELD", help="Order by a field, - for the largest first.")
