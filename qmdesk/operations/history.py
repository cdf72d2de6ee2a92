"""The history in words: what a step changed, field by field, as a person reads it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from qmdesk.errors import Altered
from qmdesk.i18n import _, n_
from qmdesk.law import conformity
from qmdesk.operations.deadlines import rulebook
from qmdesk.operations.due import rule_title
from qmdesk.operations.letter_texts import place_of
from qmdesk.operations.registers import the_shop
from qmdesk.records.assessment import CheckAnswer
from qmdesk.records.catalog import BY_TABLE
from qmdesk.records.deadline import IN_HISTORY, Deadline, RuleSwitch
from qmdesk.records.paper import TextBlock
from qmdesk.register import Entry, Reading, stored_defaults
from qmdesk.schema import types
from qmdesk.schema.record import Field, Record, empty

_BLANKS = re.compile(r"[^\S\u00a0\u202f]+")  # those that hold an amount together stay
LONGEST = 160
LONGEST_NAME = 60

Row = Mapping[str, Any]


def sentences(reading: Reading, entry: Entry, within: Record | None = None) -> list[str]:
    """What one change did: a heading, and for each field that differs what it was and what it became.

    The heading of a part names what it is a part of, unless it is told ``within`` that record.
    """
    kind = BY_TABLE.get(entry.kind)
    if kind is None:
        return [entry.kind]
    label = _(kind.spec.label)
    if entry.last:
        count = entry.last - entry.row + 1
        if entry.after is None:
            return [n_("{n} record taken away", "{n} records taken away", count) + f" ({_(kind.spec.plural)})"]
        return [n_("{n} record added", "{n} records added", count) + f" ({_(kind.spec.plural)})"]
    now = _as_it_is(reading, kind, entry.row)
    title = _heading(reading, kind, entry, now, within)
    if entry.before is None:
        return [_("{record} {title} added").format(record=label, title=title), *_added(reading, kind, entry.after or {})]
    if entry.after is None:
        return [_("{record} {title} taken away").format(record=label, title=title)]
    return [_("{record} {title} changed").format(record=label, title=title), *_changed(reading, kind, entry.before, entry.after, now)]


def _as_it_is(reading: Reading, kind: type[Record], id_: int) -> Row:
    """The record's fields as they are kept now, each reference as its title; nothing when it is gone."""
    names = tuple(kind.spec.fields)
    return next((dict(zip(names, row, strict=True)) for row in reading.values(kind, names, [id_])), {})


# ------------------------------------------------------------------------------------------ headings


def _heading(reading: Reading, kind: type[Record], entry: Entry, now: Row, within: Record | None) -> str:
    """What a changed record is called: its name, and whose part it is."""
    image = entry.after or entry.before or {}
    name = kind.spec.title.name
    called = _name(reading, kind, str(now.get(name) or image.get(name) or ""))
    owner = kind.spec.owner
    if owner is None or (within is not None and kind.spec.refs[owner.name] is type(within)):
        return called
    whose = now.get(owner.name) or (reading.title(kind.spec.refs[owner.name], image[owner.name]) if owner.name in image else "")
    return f"{called} ({_told(whose, LONGEST_NAME)})" if whose else called


def _name(reading: Reading, kind: type[Record], title: str) -> str:
    """A record's title for a reader: what is kept under a sign is called as it is on the screen."""
    if kind in (Deadline, RuleSwitch):
        return _("“{name}”").format(name=rule_title(rulebook(reading), title))
    if kind is CheckAnswer:
        return _("“{name}”").format(name=next((one.name.to() for one in conformity.questions() if one.id == title), title))
    if kind is TextBlock:
        return _("“{name}”").format(name=place_of(title))
    return _told(title, LONGEST_NAME)


# ------------------------------------------------------------------------------------------- fields


def _told_of(kind: type[Record]) -> Sequence[str]:
    """The fields the history tells, in the record's order."""
    return IN_HISTORY if kind is Deadline else tuple(kind.spec.fields)


def _added(reading: Reading, kind: type[Record], image: Row) -> Iterator[str]:
    """What a new record says beyond its heading: what is filled in, and of yes and no only what is not as usual."""
    title, owner, usual = kind.spec.title, kind.spec.owner, stored_defaults(kind)
    for name in _told_of(kind):
        field, raw = kind.spec.fields[name], image.get(name)
        in_heading = field is owner or (field is title and len(str(raw)) <= LONGEST_NAME)
        if empty(raw) or in_heading or (isinstance(field.type, types.Flag) and raw == usual.get(name)):
            continue
        yield _("{field}: {value}").format(field=field.labelled(), value=_value(reading, field, raw, image))


def _changed(reading: Reading, kind: type[Record], before: Row, after: Row, now: Row) -> Iterator[str]:
    for name in _told_of(kind):
        if name in after:
            field = kind.spec.fields[name]
            was = _value(reading, field, before.get(name), {**now, **before})
            yield _("{field}: {before} → {after}").format(field=field.labelled(), before=was, after=_value(reading, field, after[name], {**now, **after}))


def _value(reading: Reading, field: Field, raw: Any, beside: Row) -> str:
    """A stored value for a reader; ``beside`` are the values of its record, where money finds its currency."""
    if empty(raw):
        return _("(empty)")
    if isinstance(field.type, types.Ref):
        return reading.title(field.type.target, raw) or f"#{raw}"
    if isinstance(field.type, types.File):
        return str(raw)[:12]
    currency = ""
    if isinstance(field.type, types.Money):
        currency = str(beside.get(field.type.currency) or "") or the_shop(reading).currency
    try:
        return _told(field.type.show(field.type.load(raw), currency=currency))
    except Altered:
        return _told(raw)  # the history tells what stands in it; whether that is right, a check says


def _told(value: object, longest: int = LONGEST) -> str:
    line = _BLANKS.sub(" ", str(value or "")).strip()
    return line if len(line) <= longest else f"{line[: longest - 1]}…"
