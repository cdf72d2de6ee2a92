"""What the register says is going wrong now: days that have passed, a cause or a product that repeats, checklists nobody does."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta

from qmdesk.i18n import _, n_
from qmdesk.operations.action_reading import overdue
from qmdesk.operations.deadlines import rulebook
from qmdesk.operations.due import days_words, of_shop, rule_title
from qmdesk.operations.rounds import FEWEST, Kept, rounds
from qmdesk.operations.situation import parts_by_case
from qmdesk.records.case import Case, CaseItem
from qmdesk.records.improvement import Action
from qmdesk.records.lists import Cause
from qmdesk.register import Reading
from qmdesk.schema import types
from qmdesk.schema.query import Condition, Order, Query
from qmdesk.values import dataclass

REPEATED = 3
"""So many cases with one cause or one product are more than bad luck may explain away."""
CAUSE_DAYS, PRODUCT_DAYS = 30, 90
LISTED = 8


@dataclass(frozen=True)
class Trouble:
    """Something that goes wrong: what in a line, and the facts behind it."""

    what: str
    facts: str


def troubles(reading: Reading, on: date) -> Iterator[Trouble]:
    """Everything that goes wrong now, the gravest first."""
    yield from _overdue(reading, on)
    yield from _causes(reading, on)
    yield from _products(reading, on)
    yield from _actions(reading, on)
    yield from _checklists(reading, on)


def _overdue(reading: Reading, on: date) -> Iterator[Trouble]:
    late = reading.records(of_shop(on).also(Condition("legal", types.BEFORE, (on,))))
    longest = {one.case: one for one in reversed(late)}  # of each case the day that passed first
    if longest:
        book, numbers = rulebook(reading), reading.titles(Case, longest)
        lines = [
            _("{number}: {what}, {when}").format(number=numbers[one.case], what=rule_title(book, one.rule), when=days_words(one.legal, on))
            for one in sorted(longest.values(), key=lambda one: (one.legal, one.id))
        ]
        yield Trouble(n_("{n} case has an overdue deadline", "{n} cases have an overdue deadline", len(longest)), _listed(lines))


def received(reading: Reading, since: date, until: date, *also: Condition) -> list[Case]:
    """The cases received from one day to another, both included, oldest first."""
    first, after = (datetime.combine(day, time()).astimezone() for day in (since, until + timedelta(days=1)))
    asked = (Condition("received_at", types.SINCE, (first,)), Condition("received_at", types.BEFORE, (after,)))
    return reading.records(Query(Case, (*asked, *also)).by(Order("received_at")))


def _causes(reading: Reading, on: date) -> Iterator[Trouble]:
    first = on - timedelta(days=CAUSE_DAYS - 1)
    now, before = received(reading, first, on), received(reading, first - timedelta(days=CAUSE_DAYS), first - timedelta(days=1))
    earlier, names = Counter(case.cause for case in before), reading.titles(Cause, {case.cause for case in now if case.cause})
    for cause, many in Counter(case.cause for case in now if case.cause).most_common():
        if many >= REPEATED and many > earlier[cause]:
            what = n_("“{cause}”: {n} case in {days} days", "“{cause}”: {n} cases in {days} days", many, cause=names[cause or 0], days=str(CAUSE_DAYS))
            compared = _("In the {days} days before there were {n}.").format(days=CAUSE_DAYS, n=earlier[cause])
            yield Trouble(what, "\n".join((compared, _listed([case.number for case in now if case.cause == cause], ", "))))


def _products(reading: Reading, on: date) -> Iterator[Trouble]:
    cases = received(reading, on - timedelta(days=PRODUCT_DAYS - 1), on)
    touched: dict[int, tuple[str, list[str]]] = {}
    items = parts_by_case(reading, CaseItem, [case.id for case in cases])
    for case in cases:
        for product, name in {item.product: item.name for item in items[case.id] if item.product}.items():
            touched.setdefault(product or 0, (name, []))[1].append(case.number)
    for name, numbers in sorted(touched.values(), key=lambda one: -len(one[1])):
        if len(numbers) >= REPEATED:
            what = n_("{product}: {n} case in {days} days", "{product}: {n} cases in {days} days", len(numbers), product=name[:120], days=str(PRODUCT_DAYS))
            yield Trouble(what, _listed(numbers, ", "))


def _actions(reading: Reading, on: date) -> Iterator[Trouble]:
    late: list[Action] = reading.records(overdue(on))
    if late:
        lines = [_("{number}: {what}, {when}").format(number=one.number, what=one.name, when=days_words(one.due_on, on)) for one in late if one.due_on]
        yield Trouble(n_("{n} action is overdue", "{n} actions are overdue", len(late)), _listed(lines))


def _checklists(reading: Reading, on: date) -> Iterator[Trouble]:
    for one in rounds(reading, on):
        if one.settled >= FEWEST and one.many(Kept.MISSED) * 2 >= one.settled:
            yield Trouble(_("“{name}” is missed more often than not").format(name=one.name), one.sentence())


def _listed(parts: Sequence[str], between: str = "\n") -> str:
    """The first of many, and how many more there are."""
    more = [n_("and {n} more", "and {n} more", len(parts) - LISTED)] if len(parts) > LISTED else []
    return between.join([*parts[:LISTED], *more])
