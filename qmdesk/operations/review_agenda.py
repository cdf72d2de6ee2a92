"""What a quarter of an hour a week looks at: the three oldest open cases, one alert, one verification, one checklist that is due."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from qmdesk.i18n import _, n_, show_day
from qmdesk.law.packs import Pack
from qmdesk.operations import alerts, programme, troubles
from qmdesk.operations.action_reading import to_verify
from qmdesk.operations.deadlines import rulebook
from qmdesk.operations.due import days_words, rule_title
from qmdesk.operations.rounds import rounds
from qmdesk.records.case import OPEN_STATES, Case
from qmdesk.records.deadline import STANDING, Deadline, Whose
from qmdesk.records.improvement import ReviewPoint, Topic
from qmdesk.register import Reading
from qmdesk.schema import types
from qmdesk.schema.query import Condition, Order, Query

CASES = 3
LONGEST_TITLE, LONGEST_STORY, SHORTEST_STORY = 300, 400, 120


def agenda(reading: Reading, on: date) -> list[ReviewPoint]:
    """The points of a weekly review held on this day, in their order, of no review yet."""
    return [*_cases(reading, on), *_alert(reading, on), *_verification(reading, on), *_checklist(reading, on)]


def _point(topic: Topic, what: str, facts: str, *, case: int | None = None, action: int | None = None, plan: int | None = None) -> ReviewPoint:
    return ReviewPoint(review=0, topic=topic, what=what[:LONGEST_TITLE], facts=facts, case=case, action=action, plan=plan)


def _cases(reading: Reading, on: date) -> Iterator[ReviewPoint]:
    oldest = Query(Case, (Condition("state", types.ONE_OF, OPEN_STATES),)).by(Order("received_at"))
    book = rulebook(reading)
    for case, titles in reading.rows(Case, reading.ids(oldest, CASES)):
        told = _short(" ".join(case.description.split()), SHORTEST_STORY)
        what = " · ".join(part for part in (case.number, titles.get("customer", ""), told) if part)
        yield _point(Topic.CASE, what, "\n".join(_case_facts(reading, case, titles.get("responsible", ""), book, on)), case=case.id)


def _case_facts(reading: Reading, case: Case, responsible: str, book: Pack, on: date) -> Iterator[str]:
    received = case.received_at.astimezone().date()
    ago = _("today") if on <= received else n_("{n} day ago", "{n} days ago", (on - received).days)
    yield _("Received on {day}, {ago}. State: {state}.").format(day=show_day(received), ago=ago, state=_(case.state.label))
    asked = (Condition("case", types.IS, (case.id,)), Condition("state", types.ONE_OF, STANDING), Condition("whose", types.ONE_OF, (Whose.SHOP,)))
    for one in reading.records(Query(Deadline, asked).by(Order("legal"))):
        yield _("{what}: {day}, {when}").format(what=rule_title(book, one.rule), day=show_day(one.legal), when=days_words(one.legal, on))
    if responsible:
        yield _("Responsible: {person}").format(person=responsible)
    if len(told := case.description.strip()) > SHORTEST_STORY:
        yield _short(told, LONGEST_STORY)


def _short(told: str, most: int) -> str:
    return told if len(told) <= most else told[:most].rstrip() + " …"


def _alert(reading: Reading, on: date) -> Iterator[ReviewPoint]:
    """The newest alert nobody has settled; where there is none, the gravest of what goes wrong."""
    for alert in reading.records(alerts.waiting(), 1):
        yield _point(Topic.ALERT, alert.what, alert.facts)
        return
    for one in troubles.troubles(reading, on):
        yield _point(Topic.ALERT, one.what, one.facts)
        return


def _verification(reading: Reading, on: date) -> Iterator[ReviewPoint]:
    for one in reading.records(to_verify(on), 1):
        lines = [_("It is effective when: {criterion}").format(criterion=one.criterion)] if one.criterion else []
        lines += [_("Carried out on {day}.").format(day=show_day(one.done_on))] if one.done_on else []
        lines += [_("To be checked since {day}.").format(day=show_day(one.verify_on))] if one.verify_on else []
        yield _point(Topic.VERIFICATION, f"{one.number} · {one.name}", "\n".join(lines), action=one.id)


def _checklist(reading: Reading, on: date) -> Iterator[ReviewPoint]:
    for one in programme.waiting(reading, on)[:1]:
        what = " · ".join(part for part in (one.name, one.plan.place) if part)
        due = _("Due on {day}, {when}.").format(day=show_day(one.day), when=days_words(one.day, on))
        kept = [found.sentence() for found in rounds(reading, on) if found.plan.id == one.plan.id]
        yield _point(Topic.CHECKLIST, what, "\n".join([due, *kept]), plan=one.plan.id)
