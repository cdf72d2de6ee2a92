"""Surveys and opinions on the command line: a survey from the ready ones, its page, what came back, what it shows, the opinions."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from qmdesk import i18n
from qmdesk.cli import arguments
from qmdesk.cli.files import must_be_new
from qmdesk.cli.naming import a_day, meant
from qmdesk.cli.opening import Opened, for_trial
from qmdesk.cli.speaking import say
from qmdesk.exchange import form_text
from qmdesk.i18n import _
from qmdesk.operations import forms, opinions, response_files, responses, survey_library, surveys
from qmdesk.operations.figures import survey_results
from qmdesk.operations.registers import the_shop
from qmdesk.records.satisfaction import Opinion, Survey, SurveyState
from qmdesk.register import Reading
from qmdesk.schema.query import Query

_lang = click.option("--lang", type=click.Choice(list(i18n.LANGUAGES)), default=None, help="Language of the customers; that of messages without it.")


@click.command("surveys")
@arguments.register
@click.option("--library", is_flag=True, help="The ready ones instead, which survey-add takes from.")
@_lang
@arguments.as_json
def list_(register: Path, library: bool, lang: str | None, as_json: bool) -> None:
    """List the surveys of a register.

    Each with its state, how many questions it asks and how many responded.
    """

    if library:
        offered = [{"key": one.key, "name": one.name, "purpose": one.purpose, "questions": len(survey_library.ready(one.key, lang).questions)} for one in survey_library.entries(lang)]
        say(offered, as_json, "\n".join(f"{one['key']}\t{one['name']}\t{one['questions']}" for one in offered))
        return
    with Opened(register) as opened:
        found = [_told(opened, one) for one in opened.records(surveys.surveys_query())]
    say(found, as_json, "\n".join(f"{one['name']}\t{one['state']}\t{one['responses']}" for one in found) or _("No surveys yet."))


def _told(reading: Reading, one: Survey) -> dict[str, Any]:
    fields = {name: one.spec.fields[name].type.json(getattr(one, name)) for name in (*one.spec.asked(), "state", "made_on")}  # its key stays out of lists
    return {"id": one.id, **fields, "questions": len(surveys.questions(reading, one)), "responses": surveys.responses_in(reading, one)}


@click.command("survey-add")
@arguments.register
@click.argument("key")
@_lang
@click.option("--open", "ask", is_flag=True, help="Begin to ask it at once; from then on its questions stay as they are.")
@arguments.as_json
def add(register: Path, key: str, lang: str | None, ask: bool, as_json: bool) -> None:
    """Take the ready survey KEY.

    "surveys --library" lists the keys.
    """

    with Opened(register, write=True) as opened:
        id_ = opened.do(surveys.FROM_LIBRARY, surveys.add_from_library, key, lang or i18n.language()).result
        if ask:
            opened.do(surveys.OPEN, surveys.open_, id_)
        told = _told(opened, opened.get(Survey, id_))
    say(told, as_json, _("“{name}” is among the surveys; questions: {count}.").format(name=told["name"], count=told["questions"]))


@click.command("survey-form")
@arguments.register
@click.argument("name")
@click.argument("out", type=arguments.FILE)
@arguments.as_json
def form(register: Path, name: str, out: Path, as_json: bool) -> None:
    """Write the page of the survey NAME to OUT.

    OUT is one .html file that works without a server; a survey in preparation is opened by it.
    """
    must_be_new(out)
    with Opened(register, write=True) as opened:
        id_ = meant(opened, Survey, name)
        survey = opened.get(Survey, id_)
        if survey.state is SurveyState.DRAFT:
            survey = opened.do(surveys.OPEN, surveys.open_, id_).result
        forms.save(out, forms.survey_form(opened, id_))
        told = {"file": str(out), "survey": id_, "form": surveys.fingerprint(survey.key), "questions": len(surveys.questions(opened, survey))}
    say(told, as_json, _("{file} was written.").format(file=out))


@click.command("complaint-form")
@arguments.register
@click.argument("out", type=arguments.FILE)
@_lang
@arguments.as_json
def complaint_form(register: Path, out: Path, lang: str | None, as_json: bool) -> None:
    """Write the page on which customers complain to OUT.

    What they send back becomes a draft in the window.
    """
    must_be_new(out)
    with Opened(register, write=True) as opened:
        if not the_shop(opened).form_key:
            opened.do(forms.MAKE_KEY, forms.make_key)
        forms.save(out, forms.complaint_form(opened, lang or i18n.language()))
        told = {"file": str(out), "form": surveys.fingerprint(the_shop(opened).form_key)}
    say(told, as_json, _("{file} was written.").format(file=out))


@click.command("form-in")
@arguments.register
@click.argument("files", nargs=-1, required=True, type=arguments.FILE)
@arguments.as_json
def form_in(register: Path, files: tuple[Path, ...], as_json: bool) -> None:
    """Take in answers of forms from FILES.

    FILES are .qmform, .eml or .txt. Responses are kept; complaints are only told, because the window asks before it keeps one.
    """
    with Opened(register, write=True) as opened:
        found = forms.incoming(opened, "\n".join(form_text.read_file(path) for path in files))
        taken = opened.do(responses.TAKE_IN, forms.take_in, found).result
        drafts = [_draft(opened, one) for one in found if one.survey is None]
        told = {"added": list(taken.added), "known": taken.known, "broken_seals": taken.broken, "complaints": drafts, "caution": _(forms.WHAT_IT_CANNOT_KNOW)}
    said = _("New responses: {added}, there already: {known}, broken seals: {broken}, complaints to take in by the window: {complaints}.")
    say(told, as_json, said.format(added=len(taken.added), known=taken.known, broken=taken.broken, complaints=len(drafts)))


def _draft(reading: Reading, one: forms.Incoming) -> dict[str, Any]:
    draft = forms.draft_case(reading, one)
    preset = {name: value if isinstance(value, int | str) else str(value) for name, value in draft.preset.items()}
    return {**preset, "seal": str(one.seal.value), "case": one.known, "new_customer": draft.customer.name if draft.customer else None}


@click.command("survey-import")
@arguments.register
@click.argument("name")
@click.argument("file", type=arguments.FILE)
@click.option("--dry-run", is_flag=True, help="Say what would become of the rows, and change nothing.")
@arguments.as_json
def import_(register: Path, name: str, file: Path, dry_run: bool, as_json: bool) -> None:
    """Take in responses to the survey NAME from FILE.

    FILE is .csv, .xlsx or .ods, as Google Forms and other programs write them; columns are found by the questions' words.
    """
    sheet = response_files.read(file)
    with for_trial(register) if dry_run else Opened(register, write=True) as opened:
        id_ = meant(opened, Survey, name)
        matching = response_files.match(surveys.questions(opened, opened.get(Survey, id_)), sheet.headers)
        if dry_run:
            report = opened.try_out(response_files.take_in, id_, sheet, matching)
        else:
            report = opened.do(response_files.IMPORT, response_files.take_in, id_, sheet, matching).result
    told = {"added": len(report.added), "known": report.known, "rejected": [{"row": one.row, "reason": one.why} for one in report.refused]}
    say(told, as_json, "\n".join(report.sentences()))


@click.command("survey-results")
@arguments.register
@click.argument("name")
@click.option("--from", "since", default=None, metavar="DATE", help="The first day of the period; the whole time without it.")
@click.option("--to", "until", default=None, metavar="DATE", help="The last day of the period.")
@arguments.as_json
def results(register: Path, name: str, since: str | None, until: str | None, as_json: bool) -> None:
    """What the survey NAME shows.

    Every figure with its numerator, denominator, n and interval.
    """
    first, last = (a_day(day) if day else None for day in (since, until))
    with Opened(register) as opened:
        found = survey_results.results(opened, meant(opened, Survey, name), first, last)
    asked = [_asked(of) for of in found.questions]
    rate = None if found.rate is None else {"value": found.rate.value, "numerator": found.rate.numerator, "denominator": found.rate.denominator, "low": found.rate.low, "high": found.rate.high}
    told = {"survey": found.survey.id, "responses": len(found.responses), "response_rate": rate, "questions": asked}
    lines = [found.sentence(), *(f"{of.question.wording} {survey_results.figure(of.question.kind, of.score)}" for of in found.questions if of.score is not None)]
    say(told, as_json, "\n".join(lines))


def _asked(of: survey_results.OfQuestion) -> dict[str, Any]:
    told: dict[str, Any] = {"question": of.question.wording, "kind": str(of.question.kind.value), "answered": of.answered}
    if of.score is not None:
        told |= {"value": of.score.value, "numerator": of.score.numerator, "denominator": of.score.denominator, "n": of.score.n, "low": of.score.low, "high": of.score.high, "too_few": of.score.too_few}
    told["spread"] = [{"answer": part.points if part.points is not None else part.words, "count": len(part.responses)} for part in of.spread]
    if of.said:
        told["said"] = [said.words for said in of.said]
    return told


@click.command("opinions")
@arguments.register
@click.option("--waiting", is_flag=True, help="Only bad ones (1 or 2 stars) nobody has answered, the oldest first.")
@arguments.as_json
def opinions_(register: Path, waiting: bool, as_json: bool) -> None:
    """List the opinions of a register, the newest first."""
    with Opened(register) as opened:
        query: Query = opinions.bad_unanswered() if waiting else opinions.opinions_query()
        found = [_opinion(one) for one in opened.records(query)]
    say(found, as_json, "\n".join(f"{one['written_on']}\t{one['place']}\t{one.get('stars', '')}\t{one['said'][:60]}" for one in found) or _("No opinions yet."))


def _opinion(one: Opinion) -> dict[str, Any]:
    return {"id": one.id, **{name: field.type.json(value) for name, field in one.spec.fields.items() if (value := getattr(one, name)) not in (None, "")}}
