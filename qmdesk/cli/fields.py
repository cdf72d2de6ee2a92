"""Fields with their values, out of JSON and out of FIELD=VALUE."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import MISSING
from typing import Any, TypeVar

import click

from qmdesk.cli.naming import meant, titled
from qmdesk.errors import Known, Problem
from qmdesk.i18n import _
from qmdesk.register import Reading
from qmdesk.schema import types
from qmdesk.schema.record import Record, draft, empty, not_understood, unknown_field

R = TypeVar("R", bound=Record)


def drafted(reading: Reading, kind: type[R], values: Mapping[str, Any], *, owned: bool = False) -> tuple[R | None, list[Problem]]:
    """A draft out of JSON, its references found, or None with all its problems; one that is ``owned`` has its owner later."""
    problems: list[Problem] = []
    plain = dict(values)
    for name, target in kind.spec.refs.items():
        if not empty(given := plain.get(name)) and not (owned and kind.spec.fields[name].owner):
            try:
                plain[name] = referred(reading, kind, name, target, given)
            except Known as error:
                problems.append(Problem(name, error.sentence))
                plain[name] = 1  # so that it isn't missing too
    made, found = draft(kind, plain)
    if made is not None:
        for field in kind.spec.fields.values():
            if field.automatic and getattr(made, field.name) != kind.blank[field.name]:
                problems.append(Problem(field.name, _("{field} is filled in by the program; leave it out.").format(field=field.labelled())))
    problems += found
    return (None if problems else made), problems


def referred(reading: Reading, kind: type[Record], name: str, target: type[Record], given: Any) -> int:
    """The id of what a reference names: a whole number is an id, a text a title. Raises Known."""
    field = kind.spec.fields[name]
    if isinstance(given, int) and not isinstance(given, bool):
        if not 0 < given < 1 << 63 or reading.find(target, given) is None:
            raise Known(_("{field}: there is no {record} with id {id}.").format(field=field.labelled(), record=_(target.spec.label), id=str(given)[:20]))
        return given
    if not isinstance(given, str):
        raise Known(not_understood(field, given))
    found = titled(reading, target, "=", given, 2)
    if len(found) > 1:
        sentence = _("{field}: several records are called “{value}”. Give the id of one of them.")
        raise Known(sentence.format(field=field.labelled(), value=given[:80]))
    if not found:
        raise Known(_("{field}: there is no {record} “{value}”.").format(field=field.labelled(), record=_(target.spec.label), value=given[:80]))
    return found[0]


def fact(reading: Reading, kind: type[Record], name: str, value: Any) -> Any:
    """The value of one field out of JSON; a reference is found, nothing empties the field. Raises Known."""
    field, target = kind.spec.fields[name], kind.spec.refs.get(name)
    if empty(value):
        return kind.blank[name]
    try:
        return referred(reading, kind, name, target, value) if target else field.type.from_cell(value)
    except (ValueError, OverflowError, TypeError, AttributeError):
        raise Known(not_understood(field, value)) from None


def settings_of(reading: Reading, kind: type[Record], settings: Iterable[str], also: Collection[str] = ()) -> dict[str, Any]:
    """Fields of a kind with their values, out of FIELD=VALUE; nothing after the sign empties the field. Raises Known.

    ``also`` names fields that may be set although the program fills them in: those a step asks for.
    """
    values: dict[str, Any] = {}
    for setting in settings:
        name, equals, text = setting.partition("=")
        if not equals:
            raise click.UsageError(_("A field is set as FIELD=VALUE, not as “{written}”.").format(written=setting))
        field = kind.spec.fields.get(name)
        if field is None:
            raise Known(unknown_field(kind, name, kind.spec.asked()))
        if (field.automatic and name not in also) or isinstance(field.type, types.File):
            raise Known(_("{field} is filled in by the program; leave it out.").format(field=field.labelled()))
        target = kind.spec.refs.get(name)
        if not text.strip():
            default = kind.blank[name]
            values[name] = None if default is MISSING else default
        elif target:
            values[name] = meant(reading, target, text)
        else:
            try:
                values[name] = field.type.parse(text)
            except (ValueError, OverflowError):
                raise Known(not_understood(field, text)) from None
    return values
