"""An import over records that are there: only fields nobody edited since the last import are touched, new parts are added."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from qmdesk.operations.import_intake import Intake
from qmdesk.operations.import_links import where_in
from qmdesk.operations.import_said import digest, packed, unpacked
from qmdesk.records.imports import Imported
from qmdesk.register import stored_defaults
from qmdesk.schema.record import Record, empty, stored
from qmdesk.schema.types import SqlValue


@dataclass
class Part:
    """A part of a known record: the record, its values as stored, and the digest of what was imported (None: not imported)."""

    item: Record
    values: dict[str, SqlValue]
    number: int
    said: str | None
    used: bool = False


def update_known(intake: Intake) -> None:
    """Bring the known records up to what the file says, and count them."""
    known, imported = intake.known, intake.imported
    groups = [group for group, item in enumerate(known) if item is not None and group not in intake.rows.dead]
    if not groups:
        return
    parts = _parts(intake, [known[group] for group in groups])
    told = _told(intake, set(groups))
    for count, group in enumerate(groups):
        item, before = known[group], imported[group]
        said = unpacked(before.said) if before else {}
        main = {name: value for name in intake.main_fields() if not empty(value := intake.main_value(name, group))}
        if _keeps_number(item):
            main.pop("number", None)
        changed = _update(intake, item, main, said.get("main", {}), group)
        lines: dict[str, Any] = {}
        if group in told:
            more, lines = _update_parts(intake, item, group, parts.get(item.id, []), told[group], said)
            changed = changed or more
        if group in intake.rows.dead:
            continue
        if changed:
            intake.counts.changed += 1
            intake.counts.ids.append(item.id)
        else:
            intake.counts.same += 1
        _remember(intake, group, item, before, {"main": {**said.get("main", {}), **main}, **(lines or {name: said[name] for name in ("of", "lines") if name in said})})
        if count % 200 == 0:
            intake.tick()


def _keeps_number(item: Record) -> bool:
    """Whether the program numbers such records itself: a number once given is never changed by a file."""
    number = item.spec.fields.get("number")
    return number is not None and number.automatic


def _update(intake: Intake, item: Record, told: dict[str, SqlValue], said: dict[str, SqlValue], group: int) -> bool:
    """Change the fields that are blank or still as they were imported; True when something changed."""
    now = stored(item)
    differing = {name: value for name, value in told.items() if now[name] != value}
    values = {name: value for name, value in differing.items() if empty(now[name]) or (name in said and now[name] == said[name])}
    if len(values) < len(differing) and intake.tx.untouched(item):
        values = differing
    return bool(values) and intake.change(item, values, group)


def _parts(intake: Intake, items: Sequence[Record]) -> dict[int, list[tuple[Record, dict[str, SqlValue]]]]:
    """The parts of known records, by the record."""
    kind = intake.target.part
    if kind is None or not intake.rows.parts:
        return {}
    owner = kind.spec.owner
    assert owner is not None  # a part belongs to something
    found: dict[int, list[tuple[Record, dict[str, SqlValue]]]] = {}
    for part in sorted(where_in(intake.tx, kind, owner.name, [item.id for item in items]), key=lambda part: part.id):
        found.setdefault(getattr(part, owner.name), []).append((part, stored(part)))
    return found


def _told(intake: Intake, groups: set[int]) -> dict[int, list[tuple[int, dict[str, SqlValue]]]]:
    """What the file says of the parts of known records: their numbers and values."""
    rows = intake.rows
    if intake.target.part is None or not rows.parts:
        return {}
    columns, numbers = intake.part_columns(), intake.line_numbers()
    found: dict[int, list[tuple[int, dict[str, SqlValue]]]] = {}
    for at, row in enumerate(rows.parts):
        if (group := rows.of_row[row]) in groups:
            found.setdefault(group, []).append((numbers[at], {name: column[at] for name, column in columns.items()}))
    return found


def _update_parts(
    intake: Intake, owner: Record, group: int, there: list[tuple[Record, dict[str, SqlValue]]], told: list[tuple[int, dict[str, SqlValue]]], said: dict[str, Any]
) -> tuple[bool, dict[str, Any]]:
    """Match the file's parts with the register's, change the untouched ones, add the new; and what is to be remembered."""
    kind = intake.target.part
    assert kind is not None  # only asked where there are parts
    fed, before = intake.part_fields(), said.get("of", [])
    remembered = dict(entry.split(":") for entry in said.get("lines", "").split())
    parts = []
    for place, (item, values) in enumerate(there, 1):
        number = int(values.get("line") or place)
        parts.append(Part(item, values, number, remembered.get(str(number))))
    defaults = stored_defaults(kind)

    def full(values: dict[str, SqlValue]) -> list[SqlValue]:
        return [defaults.get(name) if values[name] is None else values[name] for name in fed]

    changed = False
    lines = {str(part.number): part.said for part in parts if part.said}
    waiting = []
    for number, values in told:  # first what the file says as before, or what stands there in these words
        said_now = digest(full(values))
        part = next((part for part in parts if not part.used and ((part.said == said_now and fed == before) or digest([part.values[name] for name in fed]) == said_now)), None)
        if part:
            part.used = True
            lines[str(part.number)] = said_now
        else:
            waiting.append((number, values, said_now))
    for number, values, said_now in waiting:
        part = next((part for part in parts if not part.used and _alike(part.values, values)), None)
        if part is None:
            number = number if all(part.number != number for part in parts) else max(part.number for part in parts) + 1
            intake.add_part(owner, number, values)
            parts.append(Part(owner, {}, number, said_now, used=True))
            changed = True
        else:
            part.used = True
            untouched = part.said is not None and digest([part.values[name] for name in before]) == part.said
            different = {name: value for name, value in values.items() if value is not None and name in (*fed, "product") and part.values[name] != value}
            if untouched and different:
                changed = intake.change(part.item, different, group) or changed
            number = part.number
        lines[str(number)] = said_now
    return changed, {"of": fed, "lines": " ".join(f"{number}:{digested}" for number, digested in lines.items())}


def _alike(one: dict[str, SqlValue], other: dict[str, SqlValue]) -> bool:
    """Whether two parts are about the same thing: the same SKU, or the same name where one has none."""
    if one.get("sku") and other.get("sku"):
        return one["sku"] == other["sku"]
    return bool(one.get("name")) and one.get("name") == other.get("name")


def _remember(intake: Intake, group: int, item: Record, before: Imported | None, said: dict[str, Any]) -> None:
    """Keep what the file said last, as far as it is news."""
    text = packed(said)
    if before is None:
        source = intake.sources()[group]
        intake.tx.add(
            Imported(target=item.spec.table, row=item.id, source=source, key=intake.rows.keys[group], said=text, batch=intake.batch)
        )
    elif before.said != text or before.row != item.id:
        intake.tx.change(before, said=text, row=item.id)
