"""Parts of the management report that are told from the register itself: what to do first, what is overdue, audits, opinions, costs.

Everything is said in the language spoken now.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from decimal import ROUND_HALF_UP, Decimal

import numpy as np

from qmdesk.documents.management_report import Cell, Point, Sheet
from qmdesk.i18n import _, n_, show_day, show_money, show_number
from qmdesk.operations.action_reading import UNDER_WAY, overdue
from qmdesk.operations.figures import early_warning, relapses
from qmdesk.operations.figures.columns import Taken
from qmdesk.operations.figures.facts import Facts
from qmdesk.operations.figures.indicators import received, taken
from qmdesk.operations.figures.pareto import behind_bar, pareto
from qmdesk.operations.figures.scope import By, Scope
from qmdesk.operations.figures.spending import LINES, group_of
from qmdesk.operations.review_inputs import audits_finished, findings_of_audits, followed, is_routine
from qmdesk.records.alert import Alert
from qmdesk.records.audit import Audit, Checklist, Grade
from qmdesk.records.case import Case
from qmdesk.records.improvement import RUNNING_STATES, Action
from qmdesk.records.measures import CostGroup
from qmdesk.records.party import Person
from qmdesk.records.satisfaction import Opinion
from qmdesk.register import Reading
from qmdesk.schema import types
from qmdesk.schema.query import Condition, Order, Query
from qmdesk.schema.record import Record
from qmdesk.values import dataclass

FIRST = 3
"""So many causes are advised on."""
LISTED = 12
"""So many rows of a list stand on paper; how many more there are is said."""


@dataclass(frozen=True, eq=False, repr=False)
class Counted:
    """A figure of a report in words, with the records behind it."""

    name: str
    value: str
    kind: type[Record]
    ids: Sequence[int]


def counted_parts(reading: Reading, facts: Facts, scope: Scope, currency: str) -> Iterator[Counted]:
    """The figures of these parts one by one."""
    for bar in pareto(facts, scope, By.CAUSE).bars:
        kind, ids = behind_bar(facts, scope, By.CAUSE, bar)
        yield Counted(_("{what}: {which}").format(what=_(By.CAUSE.label), which=bar.name), _count(bar.value), kind, ids)
    for suspect in early_warning.told_of(early_warning.suspects(reading, facts, min(scope.until, facts.on))):
        yield Counted(suspect.group, _count(suspect.complaints), Case, suspect.cases)
    for name, asked in (
        (_("Overdue actions"), overdue(facts.on)),
        (_(Alert.spec.plural), Query(Alert, scope.within("noticed_on"))),
        (_("Public opinions"), Query(Opinion, scope.within("written_on"))),
    ):
        if found := reading.ids(asked):
            yield Counted(name, _count(len(found)), asked.kind, found)
    if audits := audits_finished(reading, scope):
        yield Counted(_("Audits and findings"), _count(len(audits)), Audit, [one.id for one in audits])
    spent = taken(facts, facts.costs, scope)
    line, amount, ids = spent["line"][spent.mask], spent["amount"][spent.mask], spent.rows.id[spent.window][spent.mask]
    for at in np.unique(line).tolist():
        of = list(dict.fromkeys(one for one in ids[line == at].tolist() if one))
        yield Counted(_("{what}: {which}").format(what=_("Cost of quality"), which=_(LINES[at].label)), money(float(amount[line == at].sum()) / 100, currency), Case, of)


# --------------------------------------------------------------------------------------- what to do first


def advice(reading: Reading, facts: Facts, scope: Scope, currency: str) -> Iterator[Point]:
    """What to look at first: the vital few causes, each with its product, its cost, and whether an action runs on it."""
    found, costs = pareto(facts, scope, By.CAUSE, most=None), pareto(facts, scope, By.CAUSE, cost=True, most=None)
    spent = {bar.keys: bar.value for bar in costs.bars}
    if found.bars and not found.vital:
        unnamed = round(sum(bar.value for bar in found.bars if bar.last))
        what = n_("First give the cases a cause: {n} of {all} has none that tells anything.", "First give the cases a cause: {n} of {all} have none that tells anything.", unnamed, all=_count(found.total))
        yield Point(what, _("Without causes nobody can tell what to mend first."), "warn")
    for bar in found.vital[:FIRST]:
        cause = bar.keys[0]
        what = n_("“{cause}”: {n} case, {share} of all.", "“{cause}”: {n} cases, {share} of all.", round(bar.value), cause=bar.name, share=percent(100 * bar.share))
        told = [_("In the period before: {n}.").format(n=show_number(Decimal(round(bar.before))))]
        products = pareto(facts, scope.narrowed(By.CAUSE, cause), By.PRODUCT, most=None)
        if products.bars and not products.bars[0].last and products.bars[0].value > 1:
            first = products.bars[0]
            told.append(n_("Most often of {product} ({n} case).", "Most often of {product} ({n} cases).", round(first.value), product=first.name))
        if spent.get(bar.keys, 0) > 0:
            told.append(_("Its failures cost {amount}.").format(amount=money(spent[bar.keys], currency)))
        running = actions_on(reading, int(cause))
        told.append(_on_it(running) if running else _("No action runs on it: begin one, with its root cause, and write down first how you will see that it helped."))
        yield Point(what, " ".join(told), "" if running else "warn")


def actions_on(reading: Reading, cause: int) -> list[Action]:
    """The actions that run on a cause."""
    asked = (Condition("cause", types.IS, (cause,)), Condition("state", types.ONE_OF, RUNNING_STATES))
    return reading.records(Query(Action, asked).by(Order("opened_on")))


def _on_it(running: Sequence[Action]) -> str:
    listed = "; ".join(
        _("{number} “{name}” until {day}").format(number=one.number, name=one.name, day=show_day(one.due_on))
        if one.due_on and one.state in UNDER_WAY
        else _("{number} “{name}”: {state}").format(number=one.number, name=one.name, state=_(one.state.label))
        for one in running
    )
    return n_("An action runs on it: {listed}.", "Actions run on it: {listed}.", len(running), listed=listed)


def causes_sheet(facts: Facts, scope: Scope, currency: str) -> Sheet:
    """The causes of the period with their products and what failing cost."""
    found, costs = pareto(facts, scope, By.CAUSE), {bar.keys: bar.value for bar in pareto(facts, scope, By.CAUSE, cost=True, most=None).bars}
    heads = [(_("Cause"), "left", 2.0), (_("Cases"), "right", 0.0), (_("Share"), "right", 0.0), (_("Together"), "right", 0.0), (_("Period before"), "right", 0.0), (_("Cost of failure"), "right", 0.0)]
    rows = [
        [_bold(bar.name, bar.vital), _count(bar.value), percent(100 * bar.share), percent(100 * bar.cumulative), _count(bar.before), money(costs[bar.keys], currency) if bar.keys in costs else "–"]
        for bar in found.bars
    ]
    return Sheet(_("Causes"), heads, rows, note=_("In bold: the few causes that make 80 % of all cases.") if found.vital else "", slot="first")


def _bold(text: str, strong: bool) -> Cell:
    return {"text": text, "tone": "strong"} if strong else text


# -------------------------------------------------------------------------------------- what was noticed


def warnings(reading: Reading, facts: Facts, scope: Scope) -> Iterator[Point]:
    """Batches and products that were complained of too often by the end of the period, and actions that did not help."""
    on = min(scope.until, facts.on)
    for one in early_warning.told_of(early_warning.suspects(reading, facts, on)):
        yield Point(f"{one.sentence}.", _("Early warning: more than chance explains. Those who bought it and have not complained yet stand in the program, with a letter to them."), "bad")
    for back in relapses.relapses(reading, facts, on):
        yield Point(back.sentence, " ".join(back.facts.split()), "bad")


def noticed(reading: Reading, scope: Scope) -> Iterator[Point]:
    """How much the program noticed by itself in the period, and what of it nobody has settled."""
    found = reading.records(Query(Alert, scope.within("noticed_on")))
    if found:
        left = sum(one.settled_on is None for one in found)
        what = n_("{n} alert was raised in the period.", "{n} alerts were raised in the period.", len(found))
        yield Point(what, n_("{n} of them is not settled yet.", "{n} of them are not settled yet.", left) if left else _("All of them are settled."), "warn" if left else "")


# ---------------------------------------------------------------------------------------- overdue, audits


def overdue_sheet(reading: Reading, facts: Facts) -> Sheet:
    """The actions whose day has passed; without any action at all it says that too."""
    late: list[Action] = reading.records(overdue(facts.on))
    owners = reading.titles(Person, {one.owner for one in late if one.owner})
    heads = [(_("Number"), "left", 0.0), (_("What it is about"), "left", 3.0), (_("Owner"), "left", 1.3), (_("Until"), "right", 0.0), (_("Days late"), "right", 0.0)]
    rows: list[list[Cell]] = [
        [one.number, one.name, owners.get(one.owner or 0, "–"), show_day(one.due_on), {"text": str((facts.on - one.due_on).days), "tone": "bad"}] for one in late if one.due_on
    ]
    empty = _("No action is overdue.") if reading.count(Query(Action), 1) else _("No action was begun yet.")
    return Sheet(_("Overdue actions"), heads, rows[:LISTED], empty, _more(rows))


def _more(rows: Sequence[object]) -> str:
    return n_("and {n} more", "and {n} more", len(rows) - LISTED) if len(rows) > LISTED else ""


def audits_sheet(reading: Reading, scope: Scope) -> Sheet:
    """The audits finished in the period with their findings; checklists that come round every day or week are counted only."""
    found = audits_finished(reading, scope)
    own = [one for one in found if not is_routine(reading, one)]
    findings = findings_of_audits(reading, own)
    grades = Counter((one.audit, one.grade) for one in findings)
    heads = [
        (_("Number"), "left", 0.0), (_("Checklist"), "left", 2.6), (_("Finished"), "right", 0.0), (_("Score"), "right", 0.0),
        (_("Verdict of the audit"), "left", 0.0), (_("Major"), "right", 0.0), (_("Minor"), "right", 0.0),
    ]  # fmt: skip
    rows: list[list[Cell]] = [
        [
            one.number, reading.title(Checklist, one.checklist), show_day(one.finished_at.astimezone().date()) if one.finished_at else "", types.Percent().show(one.score) or "–",
            {"text": _("passed") if one.passed else _("not passed"), "tone": "good" if one.passed else "bad"}, str(grades[one.id, Grade.MAJOR]), str(grades[one.id, Grade.MINOR]),
        ]
        for one in own
    ]  # fmt: skip
    faults = [one for one in findings if one.grade in (Grade.MAJOR, Grade.MINOR)]
    with_action = followed(reading, faults)
    left = [one for one in faults if one.id not in with_action]
    notes = [_more(rows)] if _more(rows) else []
    if left:
        notes.append(n_("{n} nonconformity has no action yet.", "{n} nonconformities have no action yet.", len(left)))
    if routine := len(found) - len(own):
        notes.append(n_("{n} recurring checklist was filled in as well.", "{n} recurring checklists were filled in as well.", routine))
    return Sheet(_("Audits and findings"), heads, rows[:LISTED], _("No audit was finished in the period."), " ".join(notes))


# ----------------------------------------------------------------------------------------------- opinions


def opinions_sheet(reading: Reading, scope: Scope) -> Sheet:
    """The public opinions of the period by place."""
    found: list[Opinion] = reading.records(Query(Opinion, scope.within("written_on")))
    heads = [(_("Place"), "left", 2.0), (_("Opinions"), "right", 0.0), (_("Stars on average"), "right", 0.0), (_("1 or 2 stars"), "right", 0.0), (_("Answered"), "right", 0.0), (_("Won back"), "right", 0.0)]
    rows: list[list[Cell]] = []
    for place in sorted({one.place for one in found}, key=str.casefold):
        here = [one for one in found if one.place == place]
        stars = [one.stars for one in here if one.stars is not None]
        average = _digits(Decimal(sum(stars)) / len(stars), 1) if stars else "–"
        rows.append([place, str(len(here)), average, str(sum(star <= 2 for star in stars)), str(sum(one.answered_on is not None for one in here)), str(sum(one.won_back_on is not None for one in here))])
    return Sheet(_("Public opinions"), heads, rows)


# -------------------------------------------------------------------------------------------------- costs


def costs_sheet(facts: Facts, scope: Scope, currency: str) -> Sheet:
    """What quality cost in the period, line by line: booked and estimated kept apart; to fail, to look and to prevent too."""
    found = taken(facts, facts.costs, scope)
    heads = [(_("Cost"), "left", 2.0), (_("Booked"), "right", 0.8), (_("Estimated"), "right", 0.8), (_("Together"), "right", 0.8)]
    lines = _by_line(found)
    rows: list[list[Cell]] = []
    for group in CostGroup:
        of_group = [(line, lines[at]) for at, line in enumerate(LINES) if at in lines and group_of(line) is group]
        if of_group:
            rows += [[_(line.label), *_amounts(sums, currency)] for line, sums in of_group]
            total = (sum(sums[0] for _line, sums in of_group), sum(sums[1] for _line, sums in of_group))
            rows.append([{"text": text, "tone": "strong"} for text in (_(group.label), *_amounts(total, currency))])
    guessed = sum(sums[1] for sums in lines.values())
    note = _("Estimated by the usual figures of the shop where nobody wrote a cost down.") if guessed else ""
    return Sheet(_("Cost of quality"), heads, rows, _("No cost of quality was booked in the period."), note)


def _by_line(found: Taken) -> dict[int, tuple[float, float]]:
    """Place of a line -> booked and estimated, in grosze."""
    line, amount, estimated = (found[name][found.mask] for name in ("line", "amount", "estimated"))
    return {
        int(at): (float(amount[(line == at) & ~estimated].sum()), float(amount[(line == at) & estimated].sum())) for at in np.unique(line)
    }  # fmt: skip


def _amounts(sums: tuple[float, float], currency: str) -> tuple[str, str, str]:
    booked, guessed = sums
    return money(booked / 100, currency), money(guessed / 100, currency) if guessed else "–", money((booked + guessed) / 100, currency)


# ------------------------------------------------------------------------------------- what is not known


def gaps(reading: Reading, facts: Facts, scope: Scope) -> Iterator[str]:
    """What the register does not know and the figures would need."""
    cases = received(facts, scope)
    every = int(cases.mask.sum())
    if every and (unknown := int((cases.codes(By.CAUSE)[cases.mask] == 0).sum())):
        yield n_("{n} of {all} cases has no cause: it is missing from the Pareto.", "{n} of {all} cases have no cause: they are missing from the Pareto.", unknown, all=str(every))
    if late := reading.count(Query(Action, (Condition("state", types.ONE_OF, UNDER_WAY), Condition("due_on", types.EMPTY)))):
        yield n_("{n} action has no day until which it is to be done.", "{n} actions have no day until which they are to be done.", late)


# ------------------------------------------------------------------------------------------------- words


def money(amount: float, currency: str) -> str:
    """An amount in the shop's currency, to the grosz."""
    return show_money(Decimal(str(round(amount, 2))).quantize(Decimal("0.01")), currency)


def percent(share: float) -> str:
    """A share of 0..100 as a whole number."""
    return f"{round(share)}\u00a0%"


def _count(value: float) -> str:
    return show_number(Decimal(round(value)))


def _digits(value: Decimal, digits: int) -> str:
    return show_number(value.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP))


