"""The law: when a term ends and why, which rules there are, and what the shop must do by when."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from qmdesk import i18n
from qmdesk.cli import arguments
from qmdesk.cli.files import must_be_new
from qmdesk.cli.naming import a_day
from qmdesk.cli.opening import Opened, for_trial
from qmdesk.cli.speaking import say, write
from qmdesk.errors import Known
from qmdesk.i18n import _
from qmdesk.records.deadline import DeadlineState
from qmdesk.register import Reading, Transaction, clock
from qmdesk.schema import types

if TYPE_CHECKING:  # the law loads what nothing else needs
    from qmdesk.law.packs import Pack, Rule
    from qmdesk.operations.due import Due

_country = click.option("--country", default="PL", show_default=True, metavar="CODE", help="Two letters; a country without rules of its own gets those of the European Union.")
_told_in = click.option("--lang", type=click.Choice(list(i18n.LANGUAGES)), default=None, help="Language of the sentences; that of messages without it.")


@click.command()
@click.option("--rule", "rule_id", required=True, metavar="ID", help="Which rule, such as PL-CMP-ANSWER; \"rules\" lists them.")
@click.option("--start", required=True, metavar="DATE", help="The day of the event the term is counted from.")
@_country
@_told_in
@arguments.as_json
def deadline(rule_id: str, start: str, country: str, lang: str | None, as_json: bool) -> None:
    """Tell when the term of a rule ends and why.

    Nothing is read or written.
    """
    from qmdesk.law import rules as law  # only these commands need it

    term = law.deadline(rule_id, a_day(start), country)
    reasoning = term.reasoning(lang)
    days = {"start": term.start.isoformat(), "nominal": term.nominal.isoformat(), "legal": term.legal.isoformat()}
    say({"rule": term.rule.id, "version": term.rule.version, **days, "reasoning": reasoning}, as_json, reasoning)
    _note_on(law.load(country), lang)


@click.command("rules")
@_country
@_told_in
@arguments.as_json
def rules_(country: str, lang: str | None, as_json: bool) -> None:
    """List the rules of a country.

    With what they rest on; as JSON also since when they hold and what is doubtful.
    """
    from qmdesk.law import rules as law  # only these commands need it

    pack = law.load(country)
    if as_json:
        write(json.dumps([_rule_told(pack, rule, lang) for rule in pack.rules], ensure_ascii=False))
    else:
        for rule in pack.rules:
            write("\t".join((rule.id, rule.title.to(lang), _length(rule, lang), rule.basis.to(lang), "" if rule.enabled else _("switched off"))))
    _note_on(pack, lang)


def _length(rule: Rule, lang: str | None) -> str:
    """So many days or months; "" for a rule that acts at once or names no number."""
    if not rule.amount:
        return ""
    if rule.unit == "months":
        return i18n.n_("{n} month", "{n} months", rule.amount, lang)
    return i18n.n_("{n} day", "{n} days", rule.amount, lang)


def _note_on(pack: Pack, lang: str | None) -> None:
    """Say on standard error that the rules are not the country's own."""
    if pack.generic:
        click.echo(pack.note.to(lang), err=True)


def _rule_told(pack: Pack, rule: Rule, lang: str | None) -> dict[str, Any]:
    return {
        "rule": rule.id,
        "version": rule.version,
        "country": pack.country,
        "as_of": pack.as_of.isoformat(),
        "title": rule.title.to(lang),
        "kind": str(rule.kind),
        "trigger": list(rule.trigger),
        "amount": rule.amount,
        "amount_for": dict(rule.amount_for),
        "unit": rule.unit,
        "shift": str(rule.shift),
        "applies": list(rule.applies),
        "soft_applies": list(rule.soft_applies),
        "contract": list(rule.contract),
        "basis_kinds": list(rule.basis_kinds),
        "condition": list(rule.condition),
        "unless": list(rule.unless),
        "satisfied_by": list(rule.satisfied_by),
        "on_expiry": rule.on_expiry,
        "who": rule.who,
        "basis": rule.basis.to(lang),
        "valid_from": rule.valid_from.isoformat() if rule.valid_from else None,
        "valid_to": rule.valid_to.isoformat() if rule.valid_to else None,
        "selected_by": rule.selected_by,
        "enabled": rule.enabled,
        "switchable": rule.switchable,
        "confidence": rule.confidence,
        "doubt": rule.doubt.to(lang),
        "source": [{"title": source.title, "address": source.address, "confidence": source.confidence} for source in rule.sources],
        "note": pack.note.to(lang),
    }


@click.command()
@arguments.register
@click.option("--on", "on", default=None, metavar="DATE", help="As things will stand on that day; today by default.")
@click.option("--ics", "calendar", type=arguments.FILE, default=None, metavar="OUT.ics", help="Save the days to a calendar file with reminders.")
@arguments.as_json
def due(register: Path, on: str | None, calendar: Path | None, as_json: bool) -> None:
    """List what the shop must do, by the last day in law.

    As JSON with the reasoning of each day.
    """
    from qmdesk.operations import deadlines  # only this command needs them
    from qmdesk.operations.due import days_words
    from qmdesk.operations.due import due as due_by
    from qmdesk.operations.due_calendar import save_calendar

    day = None
    if on is not None:
        try:
            day = types.Day().parse(on)
        except ValueError:
            raise Known(_("“{date}” is no day; write it as 2026-11-22.").format(date=on[:40])) from None
    if calendar is not None:
        must_be_new(calendar, ".ics")

    def tell(reading: Reading) -> list[dict[str, Any]]:
        if calendar is not None:
            save_calendar(reading, calendar, day)
        return [_told_due(one) for one in due_by(reading, day)]

    def reckoned(tx: Transaction, waiting: Sequence[int]) -> list[dict[str, Any]]:
        deadlines.reckon(tx, waiting, day)
        deadlines.turn_day(tx, day)
        return tell(tx)

    with Opened(register) as opened:
        waiting = deadlines.without(opened)
        behind = bool(waiting) or opened.count(deadlines.overtaken(day or clock().date()), 1) > 0
        found = [] if behind else tell(opened)
    if behind:  # no window has opened the register since these days passed: they are worked out and not kept
        with for_trial(register) as tried:
            found = tried.try_out(reckoned, waiting)
    today = day or clock().date()

    def left(one: dict[str, Any]) -> str:
        return _("may wait for the goods") if one["state"] == DeadlineState.HELD.value else days_words(date.fromisoformat(one["legal"]), today)

    say(found, as_json, "\n".join(f"{one['legal']}  {one['number']}  {one['title']} ({left(one)})" for one in found) or _("Nothing is due."))


def _told_due(one: Due) -> dict[str, Any]:
    deadline = one.deadline
    return {
        "number": one.case.number, "kind": str(one.case.kind.value), "rule": deadline.rule, "title": one.title, "state": str(deadline.state.value),
        "nominal": deadline.nominal.isoformat(), "legal": deadline.legal.isoformat(), "days_left": one.days_left,
        "money_at_risk": None if one.at_risk is None else str(one.at_risk), "reasoning": one.reasoning,
    }  # fmt: skip
