"""The arguments and options that several commands have."""

from __future__ import annotations

from pathlib import Path

import click

from qmdesk.records import catalog

KINDS = f"RECORD is one of: {', '.join(catalog.BY_TABLE)}."
ID = click.IntRange(min=1, max=(1 << 63) - 1)  # of a step or an import: what a register can hold

register = click.argument("register", type=click.Path(path_type=Path))
as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
where = click.option("--where", "wheres", multiple=True, metavar='"FIELD OP VALUE"', help="Only records of which this is true, such as \"state in new,assessing\", \"received_at >= 2026-11-01\", \"customer contains kowal\"; may be repeated.")
search = click.option("--search", default="", help="Words, as in the search field.")
order = click.option("--order", "orders", multiple=True, metavar="[-]FIELD", help="Order by a field, - for the largest first.")
