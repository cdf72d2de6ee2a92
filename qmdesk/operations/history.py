"""The history in words: what a step changed, field by field, as a person reads it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from qmdesk.errors import Altered
from qmdesk.i18n import _, n_
from qmdesk.operations.deadlines import rulebook
from qmdesk.operations.due import rule_title
from qmdesk.records.case import Case
from qmdesk.records.catalog import BY_TABLE
from qmdesk.records.deadline import IN_HISTORY, Deadline
from qmdesk.register import Entry, Reading
from qmdesk.schema import types
from qmdesk.schema.record import Field, empty

LONGEST = 160


def sentences(reading: Reading, entry: Entry) -> list[str]:
    """What one change did: a heading, and for each field that differs what it was and what it became."""
    kind = BY_TABLE.get(entry.kind)
    if kind is None:
        return [entry.kind]
    label = _(kind.spec.label)
    if entry.last:
        count = entry.last - entry.row + 1
        if entry.after is None:
            return [n_("{n} record taken away", "{n} records taken away", count) + f" ({_(kind.spec.plural)})"]
        return [n_("{n} record added", "{n} records added", count) + f" ({_(kind.spec.plural)})"]
    title = reading.title(kind, entry.row) or _told((entry.after or entry.before or {}).get(kind.spec.title.name))
    fields: Mapping[str, Field] = kind.spec.fields
    if kind is Deadline:
        named = _("{number}, “{what}”")
        title, fields = named.format(number=_case_of(reading, entry), what=rule_title(rulebook(reading), title)), {name: fields[name] for name in IN_HISTORY}
    if entry.before is None:
        return [_("{record} {title} added").format(record=label, title=title), *_fields(reading, entry.after or {}, fields)]
    if entry.after is None:
        return [_("{record} {title} taken away").format(record=label, title=title)]
    said = [_("{record} {title} changed").format(record=label, title=title)]
    for name, field in fields.items():
        if name in entry.after:
            after = entry.after[name]
            before = _value(reading, field, entry.before.get(name))
            said.append(_("{field}: {before} → {after}").format(field=field.labelled(), before=before, after=_value(reading, field, after)))
    return said


def _case_of(reading: Reading, entry: Entry) -> str:
    """The number of the case a part belongs or belonged to."""
    known = reading.find(Deadline, entry.row)
    case = known.case if known is not None else (entry.after or entry.before or {}).get("case")
    return reading.title(Case, case) if case else ""


def _fields(reading: Reading, image: Mapping[str, Any], fields: Mapping[str, Field]) -> list[str]:
    return [
        _("{field}: {value}").format(field=field.labelled(), value=_value(reading, field, image[name]))
        for name, field in fields.items()  # in the order of the form, not of the journal
        if not empty(image.get(name))
    ]


def _value(reading: Reading, field: Field, raw: Any) -> str:
    if empty(raw):
        return _("(empty)")
    if isinstance(field.type, types.Ref):
        return reading.title(field.type.target, raw) or f"#{raw}"
    if isinstance(field.type, types.File):
        return str(raw)[:12]
    try:
        return _told(field.type.show(field.type.load(raw)))
    except Altered:
        return _told(raw)  # the history tells what stands in it; whether that is right, a check says


def _told(value: object) -> str:
    line = " ".join(str(value or "").split())
    return line if len(line) <= LONGEST else f"{line[: LONGEST - 1]}…"
