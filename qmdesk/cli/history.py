"""What was done, taking it back, and doing it again."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from itertools import groupby
from pathlib import Path
from typing import Any

import click

from qmdesk.cli import arguments
from qmdesk.cli.naming import called
from qmdesk.cli.opening import Opened
from qmdesk.cli.speaking import say, write
from qmdesk.errors import Altered
from qmdesk.i18n import N_, _, show_moment
from qmdesk.records import catalog
from qmdesk.register import Change, Entry, Register, Step
from qmdesk.schema import types


@click.command()
@arguments.register
@click.argument("number", required=False)
@arguments.as_json
def history(register: Path, number: str | None, as_json: bool) -> None:
    """List what was done, newest last.

    With NUMBER what was done to one record.
    """
    with Opened(register) as opened:
        if number:
            kind, id_ = called(opened, number)
            stands = {step.id: standing for step, standing in opened.steps(1 << 40)}
            by_step = groupby(opened.history(opened.get(kind, id_)), lambda pair: pair[0])
            found = [_told(step, stands[step.id], [entry for _step, entry in pairs]) for step, pairs in by_step]
        else:
            found = [_told(step, standing, opened.entries(step.id)) for step, standing in reversed(opened.steps(1 << 40))]
    if as_json:
        write(json.dumps(found, ensure_ascii=False))
        return
    for step in found:
        write(f"{step['step']}\t{show_moment(datetime.fromisoformat(step['at']))}\t{step['who']}\t{_(step['label'])}\t{step['subject']}")


def _told(step: Step, stands: bool, entries: Iterable[Entry]) -> dict[str, Any]:
    changes = [
        {"record": entry.kind, "id": entry.row, "last": entry.last or entry.row, "before": _image(entry, entry.before), "after": _image(entry, entry.after)}
        for entry in entries
    ]
    return {
        "step": step.id,
        "at": step.at.isoformat(),
        "who": step.who,
        "label": step.label,
        "subject": step.subject,
        "program": step.program,
        "undoes": step.undoes,
        "stands": stands,
        "sealed": bool(step.sealed),
        "changes": changes,
    }


def _image(entry: Entry, image: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """What a change found or left, its values written as ``list`` writes them; of a range only how much it was."""
    if image is None:
        return None
    if entry.last:
        return {name: value for name, value in image.items() if name != "packed"}
    kind = catalog.BY_TABLE.get(entry.kind)
    fields = kind.spec.fields if kind else {}
    return {name: _as_listed(fields[name].type, raw) if raw is not None and name in fields else raw for name, raw in image.items()}


def _as_listed(kind: types.Type[Any], raw: Any) -> Any:
    try:
        return kind.json(kind.load(raw))
    except Altered:
        return raw  # the history tells what stands in it; whether that is right, verify says


@click.command()
@arguments.register
@click.option("--step", type=arguments.ID, default=None, help="The step to take back; the newest by default.")
@arguments.as_json
def undo(register: Path, step: int | None, as_json: bool) -> None:
    """Take back a step."""
    with Opened(register, write=True) as opened:
        _tell_change(opened, opened.undo(step), as_json, N_("Undone: {step}"))


@click.command()
@arguments.register
@arguments.as_json
def redo(register: Path, as_json: bool) -> None:
    """Do again what was undone last."""
    with Opened(register, write=True) as opened:
        _tell_change(opened, opened.redo(), as_json, N_("Done again: {step}"))


def _tell_change(register: Register, change: Change, as_json: bool, sentence: str) -> None:
    say({"step": change.step, "label": change.label}, as_json, _(sentence).format(step=_(change.label)))
