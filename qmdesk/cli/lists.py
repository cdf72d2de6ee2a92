"""Looking: records as a list, how many there are, and one with all its parts."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from qmdesk.cli import arguments
from qmdesk.cli.naming import asked, called
from qmdesk.cli.opening import Opened
from qmdesk.cli.speaking import say, write
from qmdesk.records import catalog
from qmdesk.register import Reading
from qmdesk.schema import types
from qmdesk.schema.query import Condition, Query, parse_order
from qmdesk.schema.record import Record


@click.command("list", epilog=arguments.KINDS)
@arguments.register
@click.argument("record")
@arguments.where
@arguments.search
@arguments.order
@click.option("--limit", type=click.IntRange(min=0), default=None, help="At most so many.")
@arguments.as_json
def list_(register: Path, record: str, wheres: tuple[str, ...], search: str, orders: tuple[str, ...], limit: int | None, as_json: bool) -> None:
    """List the records of a kind."""
    with Opened(register) as opened:
        query = asked(opened, record, wheres, search, orders)
        ids = opened.ids(query, limit)
        pages = (opened.rows(query.kind, ids[start : start + 1000]) for start in range(0, len(ids), 1000))
        found = (_plain(item, titles) for page in pages for item, titles in page)
        if as_json:
            write(json.dumps(list(found), ensure_ascii=False))
            return
        names = [field.name for field in query.kind.spec.fields.values() if field.listed]
        write("\t".join(query.kind.spec.fields[name].labelled() for name in names))
        for plain in found:
            shown = (plain.get(f"{name}_title", plain[name]) for name in names)
            write("\t".join("" if value is None else str(value).replace("\n", " ").replace("\t", " ") for value in shown))


@click.command(epilog=arguments.KINDS)
@arguments.register
@click.argument("record")
@arguments.where
@arguments.search
@arguments.as_json
def count(register: Path, record: str, wheres: tuple[str, ...], search: str, as_json: bool) -> None:
    """Count the records of a kind."""
    with Opened(register) as opened:
        number = opened.count(asked(opened, record, wheres, search, ()))
    say({"count": number}, as_json, str(number))


@click.command()
@arguments.register
@click.argument("number")
@arguments.as_json
def show(register: Path, number: str, as_json: bool) -> None:
    """Show one record with all its parts.

    NUMBER is that of a case, letter, order, parcel or product, or the name of a customer or supplier.
    """
    with Opened(register) as opened:
        kind, id_ = called(opened, number)
        whole = _whole(opened, kind, id_)
    if as_json:
        write(json.dumps(whole, ensure_ascii=False))
        return
    _write_out(whole)


def _write_out(plain: Mapping[str, Any], margin: str = "") -> None:
    """What is filled in, a line each; each part under its kind, a little to the right."""
    for name, value in plain.items():
        if isinstance(value, list):
            for part in value:
                write(f"{margin}{name}:")
                _write_out(part, f"{margin}  ")
        elif value not in (None, ""):
            text = str(value).replace("\n", f"\n{margin}  ")
            write(f"{margin}{name}: {text}")


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
