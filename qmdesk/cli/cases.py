"""The way of a case: which steps it can take, and taking one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import click

from qmdesk.cli import actions, arguments
from qmdesk.cli.fields import fact, referred, settings_of
from qmdesk.cli.files import json_object
from qmdesk.cli.naming import called, document_kind
from qmdesk.cli.opening import Opened
from qmdesk.cli.speaking import say
from qmdesk.errors import Known, Problem, Problems
from qmdesk.i18n import _
from qmdesk.records.case import Case
from qmdesk.records.improvement import Action
from qmdesk.records.paper import IssuedDocument
from qmdesk.records.returns import ReturnDetails
from qmdesk.records.steps import WAYS, Step, steps
from qmdesk.register import Reading
from qmdesk.schema.record import empty, not_understood

STEPS = {str(step.value).replace("_", "-"): step for step in Step}


WORDS = tuple(dict.fromkeys((*STEPS, *actions.STEPS)))


@click.command("do", epilog=f"STEP of a case is one of: {', '.join(STEPS)}. STEP of an action is one of: {', '.join(actions.STEPS)}.")
@arguments.register
@click.argument("number")
@click.argument("step", metavar="STEP", type=click.Choice(WORDS))
@click.option("--set", "settings", multiple=True, metavar="FIELD=VALUE", help="A field to fill in with the step; may be repeated.")
@click.option("--json", "source", is_flag=False, flag_value="", metavar="[FILE]", help="Answer in JSON; with a FILE (- for standard input) its JSON object holds the fields to fill in.")
def do_step(register: Path, number: str, step: str, settings: tuple[str, ...], source: str | None) -> None:
    """Do the next STEP with case or action NUMBER.

    A step that is not allowed says why; “steps” lists those that are, and which facts they ask for.
    """
    from qmdesk.operations import steps  # only these commands need it

    told = json_object(source) if source else {}
    with Opened(register, write=True) as opened:
        kind, id_ = called(opened, number)
        if kind is Action:
            actions.do(opened, id_, step, settings, told, source is not None)
            return
        if kind is not Case:
            raise Known(_("{number} is no case or action.").format(number=number))
        if step not in STEPS:
            raise Known(_("“{word}” is not a step of a case; its steps are: {listed}.").format(word=step, listed=", ".join(STEPS)))
        wanted = STEPS[step]
        if WAYS[wanted].by_letter:
            values = _fields_of_letter(opened, {**told, **_pairs(settings)})
        else:
            of_return = [setting for setting in settings if setting.partition("=")[0] in WAYS[wanted].asks_return]
            of_case = [setting for setting in settings if setting not in of_return]
            values = {**_fields_of_step(opened, wanted, told), **settings_of(opened, Case, of_case), **settings_of(opened, ReturnDetails, of_return)}
        case = opened.do(wanted.label, steps.take_step, id_, wanted, values).result
    say({"number": case.number, "state": str(case.state.value)}, source is not None, f"{case.number}: {_(case.state.label)}")


def _fields_of_step(reading: Reading, step: Step, told: Mapping[str, Any]) -> dict[str, Any]:
    """The facts of a step out of JSON: those it asks for, and any other field of the case. Raises Problems."""
    of_return = {name: value for name, value in told.items() if name in WAYS[step].asks_return}
    found: dict[str, Any] = {}
    problems: list[Problem] = []
    for kind, given in ((Case, {name: value for name, value in told.items() if name not in of_return}), (ReturnDetails, of_return)):
        for name, value in given.items():
            field = kind.spec.fields.get(name)
            if field is None or field.automatic:
                problems.append(Problem(name, _("The step “{step}” has no field “{name}”; it asks for: {listed}.").format(step=_(step.label), name=name, listed=", ".join((*WAYS[step].asks, *WAYS[step].asks_return)) or "–")))
                continue
            try:
                found[name] = fact(reading, kind, name, value)
            except Known as error:
                problems.append(Problem(name, error.sentence))
    if problems:
        raise Problems(problems)
    return found


def _pairs(settings: Iterable[str]) -> dict[str, str]:
    """FIELD=VALUE as plain texts; what has no value is left out."""
    found = {}
    for setting in settings:
        name, equals, text = setting.partition("=")
        if not equals:
            raise click.UsageError(_("--set wants FIELD=VALUE, not “{written}”.").format(written=setting))
        if text.strip():
            found[name] = text
    return found


def _fields_of_letter(reading: Reading, told: Mapping[str, Any]) -> dict[str, Any]:
    """The facts of a step that is done by a letter: how and when it went, in which language, which letter. Raises Problems."""
    found: dict[str, Any] = {}
    problems: list[Problem] = []
    for told_as, value in told.items():
        field = IssuedDocument.spec.fields.get({"letter": "kind", "lang": "language"}.get(told_as, told_as))
        if empty(value):
            continue
        if field is None or told_as == "lang":  # an unknown name, or a language: the operation says what there is
            found[told_as] = value
            continue
        try:
            if target := IssuedDocument.spec.refs.get(told_as):
                found[told_as] = referred(reading, IssuedDocument, told_as, target, int(value) if str(value).isdecimal() and len(str(value)) < 19 else value)
            elif told_as == "letter":
                found[told_as] = document_kind(str(value))
            else:
                found[told_as] = field.type.from_cell(value)
        except Known as error:
            problems.append(Problem(told_as, error.sentence))
        except (ValueError, OverflowError, TypeError, AttributeError):
            problems.append(Problem(told_as, not_understood(field, value)))
    if problems:
        raise Problems(problems)
    return found


@click.command("steps")
@arguments.register
@click.argument("number")
@arguments.as_json
def steps_(register: Path, number: str, as_json: bool) -> None:
    """List the steps of case or action NUMBER.

    Which can be taken now, which facts they ask for, and why others can't.
    """
    with Opened(register) as opened:
        kind, id_ = called(opened, number)
        if kind is Action:
            listed = actions.listed_steps(opened, id_)
        elif kind is Case:
            listed = [
                {"step": str(step.value).replace("_", "-"), "allowed": not why, "why_not": why, "asks": _asked_by(step), "needs": list(WAYS[step].needs)}
                for step, why in steps(opened.get(Case, id_)).items()
            ]
        else:
            raise Known(_("{number} is no case or action.").format(number=number))
    say(listed, as_json, "\n".join(f"{one['step']}: {_told_of(one)}" for one in listed))


def _told_of(step: Mapping[str, Any]) -> str:
    if step["why_not"]:
        return str(step["why_not"])
    return _("can be done now; asks for: {listed}").format(listed=", ".join(step["asks"])) if step["asks"] else _("can be done now")


def _asked_by(step: Step) -> list[str]:
    from qmdesk.operations.letters import LETTER_FIELDS  # only this command needs it

    return list(LETTER_FIELDS) if WAYS[step].by_letter else [*WAYS[step].asks, *WAYS[step].asks_return]
