"""Actions: begin one, do its steps, list them, print its report."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from qmdesk import i18n
from qmdesk.cli import arguments
from qmdesk.cli.fields import fact, settings_of
from qmdesk.cli.files import json_object, must_be_new
from qmdesk.cli.naming import called, case_called, meant
from qmdesk.cli.opening import Opened
from qmdesk.cli.speaking import say
from qmdesk.errors import Known, Problem, Problems
from qmdesk.i18n import _
from qmdesk.records.action_steps import WAYS, ActionStep, steps
from qmdesk.records.audit import Finding
from qmdesk.records.improvement import Action, ActionKind, ActionSource, Idea, Review
from qmdesk.register import Reading, Register, clock

STEPS = {str(step.value).replace("_", "-"): step for step in ActionStep}
KINDS = {str(kind.value): kind for kind in ActionKind}


@click.command("action-add")
@arguments.register
@click.argument("name", required=False, default="")
@click.option("--kind", type=click.Choice(list(KINDS)), default="corrective", show_default=True, help="What the action does.")
@click.option("--case", "case", default="", metavar="NUMBER", help="The case it comes from.")
@click.option("--finding", type=arguments.ID, default=None, help="The id of the finding it comes from.")
@click.option("--idea", type=arguments.ID, default=None, help="The id of the idea it comes from.")
@click.option("--review", default="", metavar="NUMBER", help="The review it comes from.")
@click.option("--set", "settings", multiple=True, metavar="FIELD=VALUE", help="A field to fill in; may be repeated.")
@click.option("--json", "source", is_flag=False, flag_value="", metavar="[FILE]", help="Answer in JSON; with a FILE (- for standard input) its JSON object holds the fields to fill in.")
def add(register: Path, name: str, kind: str, case: str, finding: int | None, idea: int | None, review: str, settings: tuple[str, ...], source: str | None) -> None:
    """Begin an action about NAME.

    Without a NAME the case, finding or idea it comes from says what it is about.
    """
    from qmdesk.operations import actions  # only these commands need it

    told = json_object(source) if source else {}
    with Opened(register, write=True) as opened:
        values: dict[str, Any] = {"kind": KINDS[kind], **_facts(opened, told), **settings_of(opened, Action, settings)}
        if name:
            values["name"] = name
        origin, values = _origin(opened, values, case=case, finding=finding, idea=idea, review=review)
        begun = opened.do(actions.BEGIN, actions.begin_with, origin, values).result
    say({"id": begun.id, "number": begun.number, "state": str(begun.state.value)}, source is not None, f"{begun.number}: {begun.name}")


def _origin(reading: Reading, values: dict[str, Any], *, case: str, finding: int | None, idea: int | None, review: str) -> tuple[ActionSource, dict[str, Any]]:
    """What an action comes from, and its fields with that. Raises Known."""
    found: dict[ActionSource, dict[str, Any]] = {}
    if case:
        found[ActionSource.CASE] = {"case": case_called(reading, case)}
    if finding:
        found[ActionSource.FINDING] = {"finding": reading.get(Finding, finding).id}
    if idea:
        found[ActionSource.IDEA] = {"idea": reading.get(Idea, idea).id}
    if review:
        found[ActionSource.REVIEW] = {"review": meant(reading, Review, review)}
    if len(found) > 1:
        raise click.UsageError(_("An action comes from one thing: name a case, a finding, an idea or a review."))
    source, known = next(iter(found.items()), (ActionSource.OWN, {}))
    return source, {**values, **known}


def _facts(reading: Reading, told: Mapping[str, Any], step: ActionStep | None = None) -> dict[str, Any]:
    """Fields out of JSON: what a person fills in, and what the step asks for. Raises Problems."""
    found: dict[str, Any] = {}
    problems: list[Problem] = []
    asked = WAYS[step].asks if step else ()
    for name, value in told.items():
        field = Action.spec.fields.get(name)
        if field is None or (field.automatic and name not in asked):
            listed = ", ".join(asked or (() if step else Action.spec.asked())) or "–"
            sentence = _("The step “{step}” has no field “{name}”; it asks for: {listed}.") if step else _("An action has no field “{name}” to fill in; it has: {listed}.")
            problems.append(Problem(name, sentence.format(step=_(step.label) if step else "", name=name, listed=listed)))
            continue
        try:
            found[name] = fact(reading, Action, name, value)
        except Known as error:
            problems.append(Problem(name, error.sentence))
    if problems:
        raise Problems(problems)
    return found


def do(opened: Register, action_id: int, word: str, settings: tuple[str, ...], told: Mapping[str, Any], as_json: bool) -> None:
    """Do a step of an action and say what came of it. Raises Known, Problems."""
    from qmdesk.operations import actions  # only these commands need it

    step = STEPS.get(word)
    if step is None:
        raise Known(_("“{word}” is not a step of an action; its steps are: {listed}.").format(word=word, listed=", ".join(STEPS)))
    values = {**_facts(opened, told, step), **settings_of(opened, Action, settings, also=WAYS[step].asks)}
    led_to = opened.do(step.label, actions.take_step, action_id, step, values).result
    action = opened.get(Action, action_id)
    again = led_to.number if led_to.id != action_id else ""
    answer = {"number": action.number, "state": str(action.state.value), **({"opened_again": again} if again else {})}
    said = f"{action.number}: {_(action.state.label)}"
    say(answer, as_json, _("{said}; it goes on in {number}").format(said=said, number=again) if again else said)


def listed_steps(reading: Reading, action_id: int) -> list[dict[str, Any]]:
    """The steps of an action: which can be taken now, what they ask for, why others can't."""
    from qmdesk.operations.action_reading import open_tasks  # only these commands need it

    action = reading.get(Action, action_id)
    found = steps(action, open_tasks(reading, action), clock().date())
    return [{"step": word, "allowed": not found[step], "why_not": found[step], "asks": list(WAYS[step].asks), "needs": list(WAYS[step].needs)} for word, step in STEPS.items()]


@click.command("action-report")
@arguments.register
@click.argument("number")
@click.argument("out", type=arguments.FILE)
@click.option("--form", type=click.Choice(["8d", "capa"]), default="8d", show_default=True, help="How the record is printed.")
@click.option("--lang", type=click.Choice(list(i18n.LANGUAGES)), default=None, help="Language of the report; that of the shop's letters without it.")
@arguments.as_json
def report(register: Path, number: str, out: Path, form: str, lang: str | None, as_json: bool) -> None:
    """Write an action's report to OUT.pdf, as 8D or CAPA."""
    from qmdesk.documents.action_report import ReportForm  # only this command needs these
    from qmdesk.operations import action_papers, audit_papers
    from qmdesk.operations.registers import the_shop

    must_be_new(out)
    with Opened(register) as opened:
        wanted = next(one for one in ReportForm if one.value == form)
        paper = action_papers.report(opened, action_called(opened, number), wanted, lang or str(the_shop(opened).language.value))
        audit_papers.write(paper, out)
    say({"file": str(out)}, as_json, _("{file} was written.").format(file=out))


def action_called(reading: Reading, number: str) -> int:
    """The id of the action with this number. Raises Known."""
    kind, id_ = called(reading, number)
    if kind is not Action:
        raise Known(_("{number} is no action.").format(number=number))
    return id_
