"""The report of an action, as 8D or as CAPA: two printouts of one record (quality.md), in the words of a language.

Facts of ``action_report.typ`` beside those of every letter: parts[] of code, title, rows[] (label, value), nothing, table (as in
a letter, or none), drawings[] (file, name, width in mm) and files[] (file, name); hands[] (what is signed by hand).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from qmdesk.documents.audit_report import Facts, PaperWords
from qmdesk.documents.render import Content
from qmdesk.i18n import N_, show_day, show_money
from qmdesk.records.improvement import JUDGED_STATES, Action, ActionKind, ActionState, Task
from qmdesk.records.shop import Shop
from qmdesk.schema import types
from qmdesk.schema.types import Labelled

REPORT = "action_report"


class ReportForm(Labelled):
    """How the record of an action is printed."""

    EIGHT_D = "8d", N_("8D report")
    CAPA = "capa", N_("CAPA report")


@dataclass(frozen=True)
class ActionMatter:
    """All that the report of an action says. ``drawings`` and ``files``: the file each is drawn from, and what it is called."""

    shop: Shop
    action: Action
    tasks: Sequence[Task]
    names: Mapping[str, str] = field(default_factory=dict)  # field of the action that refers to something -> what it is called
    people: Mapping[int, str] = field(default_factory=dict)  # id of a person -> name
    drawings: Sequence[tuple[str, str, int]] = ()  # file, name, how wide it is drawn, in millimetres
    files: Sequence[tuple[str, str]] = ()
    others: Sequence[str] = ()  # names of files that are no pictures
    later: str = ""  # the number of the action that goes on with this one
    logo: bytes | None = None


def report(matter: ActionMatter, form: ReportForm, lang: str, on: date) -> Content:
    """The report in "pl" or "en", dated ``on``; of an action without a verdict it is a draft."""
    return Content(REPORT, lang, _Report(matter, form, lang).facts(on), matter.logo)


PARTS: Mapping[ReportForm, Sequence[tuple[str, str, tuple[str, ...]]]] = {
    ReportForm.EIGHT_D: (
        ("D1", N_("Team"), ("team", "owner")),
        ("D2", N_("What goes wrong"), ("name", "origin", "requirement", "description", "extent")),
        ("D3", N_("Containment: what was done at once"), ("containment", "contained_on", "correction", "corrected_on")),
        ("D4", N_("Root cause"), ("cause_method", "cause_text", "cause", "*drawings")),
        ("D5", N_("Chosen corrective action"), ("plan", "due_on", "indicator", "criterion", "criterion_on", "waiting_days")),
        ("D6", N_("Carried out and checked"), ("*tasks", "done_on", "cost", "*evidence", "verify_on", "verified_on", "verified_by", "verdict", "verdict_reasons", "later")),
        ("D7", N_("So that it does not come back"), ("standardised", "risks_updated")),
        ("D8", N_("Recognition and closing"), ("recognition", "gain", "closed_on", "dropped_because")),
    ),
    ReportForm.CAPA: (
        ("1", N_("Identification"), ("name", "kind", "origin", "opened_on", "owner", "team")),
        ("2", N_("Nonconformity"), ("description", "requirement", "extent")),
        ("3", N_("Containment and correction"), ("containment", "contained_on", "correction", "corrected_on")),
        ("4", N_("Cause analysis"), ("cause_method", "cause_text", "cause", "*drawings")),
        ("5", N_("Plan"), ("plan", "due_on", "*tasks")),
        ("6", N_("Criterion, written before"), ("indicator", "criterion", "criterion_on", "waiting_days")),
        ("7", N_("Carried out"), ("done_on", "cost", "*evidence")),
        ("8", N_("Verification of effectiveness"), ("verify_on", "verified_on", "verified_by", "verdict", "verdict_reasons", "later")),
        ("9", N_("Standardisation and closing"), ("standardised", "risks_updated", "recognition", "gain", "closed_on", "dropped_because")),
    ),
}  # fmt: skip
"""The parts of each form: code, title, and what stands in it; a star is a table, drawings or files."""


class _Report(PaperWords):
    """The report of one action in the words of one language."""

    def __init__(self, matter: ActionMatter, form: ReportForm, lang: str) -> None:
        super().__init__(lang)
        self.matter, self.action, self.form = matter, matter.action, form

    def facts(self, on: date) -> Facts:
        action, said = self.action, N_("8D report {number}") if self.form is ReportForm.EIGHT_D else N_("CAPA report {number}")
        made: Facts = {
            **self.head(self.matter.shop, on, self.tr(said).format(number=action.number), action.number, N_("Action")),
            "draft": action.state not in (*JUDGED_STATES, ActionState.DROPPED),
            "highlight": self.standing(),
            "parts": [self.part(code, title, names) for code, title, names in PARTS[self.form]],
            "hands": [self.tr(N_("Owner of the action")), self.tr(N_("Who checked it"))],
        }
        return made

    def standing(self) -> Facts:
        """How far it is, and how it was judged."""
        action = self.action
        tone = {ActionState.EFFECTIVE: "good", ActionState.CLOSED: "good", ActionState.INEFFECTIVE: "bad"}.get(action.state, "info")
        note = action.name
        if action.state is ActionState.DONE and action.verify_on:
            note = self.tr(N_("To be checked from {day}.")).format(day=show_day(action.verify_on, self.lang))
        return {"label": self.choice(action.kind), "value": self.choice(action.state), "note": note, "tone": tone}

    def part(self, code: str, title: str, names: Sequence[str]) -> Facts:
        rows = [{"label": label, "value": value} for name in names if not name.startswith("*") for label, value in self.row(name) if value]
        drawings = [{"file": file, "name": name, "width": width} for file, name, width in self.matter.drawings] if "*drawings" in names else []
        files = [{"file": file, "name": name} for file, name in self.matter.files] if "*evidence" in names else []
        table = self.tasks() if "*tasks" in names and self.matter.tasks else None
        if "*evidence" in names and self.matter.others:
            rows.append({"label": self.tr(N_("Further evidence")), "value": ", ".join(self.matter.others)})
        nothing = "" if rows or drawings or files or table else self.nothing(names)
        return {"code": code, "title": self.tr(title), "rows": rows, "nothing": nothing, "drawings": drawings, "files": files, "table": table or ""}

    def nothing(self, names: Sequence[str]) -> str:
        """What an empty part says: that it is not needed for this kind, or not written yet."""
        mending = self.action.kind in (ActionKind.CONTAINMENT, ActionKind.CORRECTION, ActionKind.IMPROVEMENT)
        unneeded = mending and bool({"cause_text", "containment"} & set(names))
        return self.tr(N_("Not needed for this kind of action.")) if unneeded else self.tr(N_("Nothing written yet."))

    def row(self, name: str) -> Iterator[tuple[str, str]]:
        """A field with its words; some are told of several fields together."""
        told = {
            "origin": self._origin, "later": self._later, "verdict": self._verdict, "risks_updated": self._risks, "waiting_days": self._waiting,
        }.get(name)  # fmt: skip
        if told is not None:
            yield from told()
            return
        spec, value = Action.spec.fields[name], getattr(self.action, name)
        known = self.matter.names.get(name) if name in Action.spec.refs else self.shown(value) or spec.type.show(value, self.lang)
        yield self.tr(spec.label), known or ""

    def _origin(self) -> Iterator[tuple[str, str]]:
        names = self.matter.names
        yield self.tr(N_("Comes from")), " · ".join(part for part in (self.choice(self.action.source), names.get("origin", "")) if part)
        yield self.tr(N_("Opened again after")), names.get("reopens", "")

    def _later(self) -> Iterator[tuple[str, str]]:
        yield self.tr(N_("Goes on in")), self.matter.later

    def _verdict(self) -> Iterator[tuple[str, str]]:
        if self.action.state in JUDGED_STATES:
            said = N_("Not effective") if self.action.state is ActionState.INEFFECTIVE else N_("Effective")
            yield self.tr(N_("How it was judged")), self.tr(said)

    def _risks(self) -> Iterator[tuple[str, str]]:
        field = Action.spec.fields["risks_updated"]
        if self.action.risks_updated:
            yield self.tr(field.label), types.Flag().show(True, self.lang)

    def _waiting(self) -> Iterator[tuple[str, str]]:
        field = Action.spec.fields["waiting_days"]
        if self.action.criterion:
            yield self.tr(field.label), str(self.action.waiting_days)

    def shown(self, value: object) -> str:
        """An amount of money in the shop's currency; "" for what shows itself."""
        return show_money(value, self.matter.shop.currency or "PLN", self.lang) if isinstance(value, Decimal) else ""

    def tasks(self) -> Facts:
        heads = [self.tr(head) for head in (N_("What"), N_("Who"), N_("Until"), N_("Done on"), N_("What shows it"))]
        days = [[show_day(day, self.lang) if day else "" for day in (one.due_on, one.done_on)] for one in self.matter.tasks]
        rows = [[one.what, self.matter.people.get(one.owner or 0, ""), *told, one.evidence] for one, told in zip(self.matter.tasks, days, strict=True)]
        return {"columns": heads, "rows": rows}
