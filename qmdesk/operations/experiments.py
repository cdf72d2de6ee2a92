"""Experiments: what the register counts before and after a change, what that shows in a sentence, and what is decided (S16).

Two things are counted by the register. **Complaints about what was sold in the time**: of the order lines of the time, how
many were complained about within ``follow_days`` of their order; lines younger than that are left out, so that both times
had as long to be complained about. It is a share, k of n. **Complaints received in the time, per line sold** is the complaint
rate of quality.md: cases received in the time for order lines sold in it, whichever line they are about; a rate on an
exposure, for shops whose complaints know their product but not their order. Complaints are those under the law and under
guarantee; returns are none. A line or a case belongs to a product by its reference to it, to a category by that of its product.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import TypeVar

from qmdesk.analysis.comparison import FEWEST, FEWEST_EVENTS, Comparison, Counts, Judgement, compare
from qmdesk.errors import Known, Problem, Problems
from qmdesk.i18n import N_, _, show_day, show_number
from qmdesk.operations import actions
from qmdesk.operations.situation import parts_by_case
from qmdesk.records.case import Case, CaseItem, CaseKind
from qmdesk.records.improvement import (
    COUNTED,
    SHARES,
    Action,
    ActionKind,
    ActionSource,
    Experiment,
    Measure,
    Verdict,
    Wanted,
)
from qmdesk.records.product import Order, OrderLine, Product
from qmdesk.register import Reading, Transaction, clock
from qmdesk.schema import types
from qmdesk.schema.query import Condition, Query
from qmdesk.schema.query import Order as By
from qmdesk.values import dataclass

COUNT = N_("Count what an experiment shows")
KEEP = N_("Keep what was tried")
DROP = N_("Give up what was tried")
LEAVE_OPEN = N_("End an experiment without a verdict")
GO_ON = N_("Go on with an experiment")
AS_ACTION = N_("Make an action of what was kept")

COMPLAINTS = (CaseKind.COMPLAINT, CaseKind.GUARANTEE)
AT_ONCE = 5000
"""Ids asked for in one statement."""
T = TypeVar("T")


# -------------------------------------------------------------------------------------- verbs


def count(tx: Transaction, experiment_id: int) -> Experiment:
    """Count before and after anew and keep both. Raises Known, by what is missing, when the register can't count it."""
    experiment = _told(tx, experiment_id)
    before, after = counted(tx, experiment)
    return tx.change(experiment, before_hits=before.hits, before_of=before.of, after_hits=after.hits, after_of=after.of)


def keep(tx: Transaction, experiment_id: int, learned: str) -> Experiment:
    """End an experiment: the change stays. Raises Problems when nothing is said of what was learned."""
    return _end(tx, experiment_id, Verdict.KEPT, learned)


def drop(tx: Transaction, experiment_id: int, learned: str) -> Experiment:
    """End an experiment: the change is taken back. Raises Problems when nothing is said of what was learned."""
    return _end(tx, experiment_id, Verdict.DROPPED, learned)


def leave_open(tx: Transaction, experiment_id: int, learned: str = "") -> Experiment:
    """End an experiment that was too small to judge."""
    return _end(tx, experiment_id, Verdict.UNDECIDED, learned)


def go_on(tx: Transaction, experiment_id: int) -> Experiment:
    """Go on with an experiment that was ended; what was learned stays to be read."""
    experiment = _told(tx, experiment_id)
    return tx.change(experiment, verdict=Verdict.RUNNING, until=None)


def make_action(tx: Transaction, experiment_id: int) -> Action:
    """Make an action of what was kept, so that it becomes the rule. Raises Known when it was not kept, or has one."""
    experiment = _told(tx, experiment_id)
    if experiment.verdict is not Verdict.KEPT:
        raise Known(_("Decide first to keep what was tried; then it can become an action."))
    if experiment.action is not None:
        raise Known(_("It has become action {number} already.").format(number=tx.title(Action, experiment.action)))
    source = ActionSource.IDEA if experiment.idea else ActionSource.OWN
    description = "\n".join(part for part in (experiment.change, experiment.conclusion) if part)
    action = actions.begin(tx, experiment.name, source, idea=experiment.idea, kind=ActionKind.IMPROVEMENT, description=description)
    tx.change(experiment, action=action.id)
    return action


def _end(tx: Transaction, experiment_id: int, verdict: Verdict, learned: str) -> Experiment:
    experiment = _told(tx, experiment_id)
    today = clock().date()
    until = max(experiment.since, min(experiment.until or today, today))
    return tx.change(experiment, verdict=verdict, conclusion=learned.strip() or experiment.conclusion, until=until)


def _told(tx: Transaction, experiment_id: int) -> Experiment:
    experiment = tx.get(Experiment, experiment_id)
    tx.about(experiment.name)
    return experiment


def ready_on(experiment: Experiment) -> date | None:
    """The day from which an experiment can be decided: after its time, and after that of the complaints about what was sold in it."""
    if experiment.until is None:
        return None
    return experiment.until + timedelta(days=1 + (experiment.follow_days if experiment.measure is Measure.COMPLAINED else 0))


def waiting(reading: Reading, on: date) -> list[Experiment]:
    """The experiments that can be decided and have no verdict yet, the one that is over longest first."""
    asked = Query(Experiment, (Condition("verdict", types.ONE_OF, (Verdict.RUNNING,)), Condition("until", types.BEFORE, (on,))))
    found: list[tuple[date, Experiment]] = [(ready, one) for one in reading.records(asked) if (ready := ready_on(one)) is not None and ready <= on]
    return [one for _ready, one in sorted(found, key=lambda pair: (pair[0], pair[1].id))]


# ----------------------------------------------------------------------------------- counting


@dataclass(frozen=True)
class Times:
    """The first and the last day of the time before and of the trial."""

    before: tuple[date, date]
    after: tuple[date, date]


def times(experiment: Experiment, on: date) -> Times:
    """The days whose sales are counted, seen from a day. Raises Problems when the time before is not said, Known when it is too early."""
    if experiment.before_since is None:
        raise Problems([Problem("before_since", _("Say from which day on the time before is counted; it ends when the trial begins."))])
    last = min(experiment.until or on, on)
    if experiment.measure is Measure.COMPLAINED:
        last = min(last, on - timedelta(days=experiment.follow_days))
    if last < experiment.since:
        ready = experiment.since + timedelta(days=experiment.follow_days if experiment.measure is Measure.COMPLAINED else 0)
        raise Known(_("It is too early to count: what was sold since {since} can be judged from {ready} on.").format(since=show_day(experiment.since), ready=show_day(ready)))
    return Times((experiment.before_since, experiment.since - timedelta(days=1)), (experiment.since, last))


def counted(reading: Reading, experiment: Experiment, on: date | None = None) -> tuple[Counts, Counts]:
    """Before and after as the register counts them. Raises Problems, Known."""
    if experiment.measure not in COUNTED:
        raise Known(_("This is counted by hand: write the four numbers into the facts."))
    spans = times(experiment, on or clock().date())
    found = []
    for first, last in (spans.before, spans.after):
        lines = sold(reading, experiment, first, last)
        if not lines:
            sentence = _("Nothing is known to be sold from {first} to {last}. Import the orders of that time, or count by hand.")
            raise Known(sentence.format(first=show_day(first), last=show_day(last)))
        hits = _complained(reading, experiment, first, lines) if experiment.measure is Measure.COMPLAINED else _received(reading, experiment, first, last)
        found.append(Counts(hits, len(lines)))
    return found[0], found[1]


def sold(reading: Reading, experiment: Experiment, first: date, last: date) -> frozenset[int]:
    """The ids of the order lines of these days that the experiment is about; a line of no pieces is none."""
    products = _products(reading, experiment)
    about = () if products is None else (Condition("product", types.ONE_OF, tuple(products)),)
    orders = reading.ids(Query(Order, (Condition("ordered_at", types.SINCE, (first,)), Condition("ordered_at", types.UNTIL, (last,)))))
    asked = Query(OrderLine, (Condition("quantity", types.ABOVE, (0,)), *about))
    return frozenset(id_ for some in _slices(orders) for id_ in reading.ids(asked.also(Condition("order", types.ONE_OF, some))))


def _products(reading: Reading, experiment: Experiment) -> frozenset[int] | None:
    """The products an experiment is about; None: all of them."""
    if experiment.product is not None:
        return frozenset([experiment.product])
    if experiment.category:
        return frozenset(reading.ids(Query(Product, (Condition("category", types.IS, (experiment.category,)),))))
    return None


def _complained(reading: Reading, experiment: Experiment, first: date, lines: frozenset[int]) -> int:
    """How many of these lines, sold since ``first``, were complained about in time."""
    complaints = reading.records(_complaints(experiment).also(Condition("order", types.FILLED), Condition("received_at", types.SINCE, (first,))))
    hit: set[int] = set()
    for some in _slices(complaints):
        orders = tuple({case.order for case in some})
        ordered = {order.id: order.ordered_at for order, _titles in reading.rows(Order, orders)}
        of_order: dict[int, list[OrderLine]] = {}
        for line in reading.records(Query(OrderLine, (Condition("order", types.ONE_OF, orders),)).by(By("id"))):
            of_order.setdefault(line.order, []).append(line)
        prompt = [case for case in some if case.received_at <= ordered[case.order] + timedelta(days=experiment.follow_days)]
        items = parts_by_case(reading, CaseItem, [case.id for case in prompt])
        hit.update(id_ for case in prompt for id_ in _lines_of(items[case.id], of_order.get(case.order, ())))
    return len(hit & lines)


def _lines_of(items: Sequence[CaseItem], of_order: Sequence[OrderLine]) -> Iterator[int]:
    """Which lines of its order a complaint is about: those it names, else those of the same product or stock number, else the only one."""
    if not items and len(of_order) == 1:
        yield of_order[0].id
    for item in items:
        if item.order_line is not None:
            yield item.order_line
        else:
            yield from [line.id for line in of_order if (item.product and line.product == item.product) or (item.sku and line.sku == item.sku)][:1]


def _received(reading: Reading, experiment: Experiment, first: date, last: date) -> int:
    """How many complaints came in these days."""
    asked = _complaints(experiment).also(Condition("received_at", types.SINCE, (first,)), Condition("received_at", types.UNTIL, (last,)))
    products = _products(reading, experiment)
    if products is None:
        return reading.count(asked)
    found = 0
    for some in _slices(reading.ids(asked)):
        items = parts_by_case(reading, CaseItem, some)
        found += sum(any(item.product in products for item in of_case) for of_case in items.values())
    return found


def _complaints(experiment: Experiment) -> Query:
    asked = Query(Case, (Condition("kind", types.ONE_OF, COMPLAINTS),)).by(By("id"))
    return asked.also(Condition("cause", types.IS, (experiment.cause,))) if experiment.cause is not None else asked


def _slices(every: Sequence[T]) -> Iterator[tuple[T, ...]]:
    return (tuple(every[at : at + AT_ONCE]) for at in range(0, len(every), AT_ONCE))


# ------------------------------------------------------------------------------ what it shows


def comparison(experiment: Experiment) -> Comparison | None:
    """Before and after compared; None while a number is missing or nothing was counted on one side."""
    numbers = (experiment.before_hits, experiment.before_of, experiment.after_hits, experiment.after_of)
    before_hits, before_of, after_hits, after_of = numbers
    if before_hits is None or after_hits is None or not before_of or not after_of:
        return None
    return compare(Counts(before_hits, before_of), Counts(after_hits, after_of), shares=experiment.measure in SHARES)


def what(reading: Reading, experiment: Experiment) -> str:
    """What is measured, in words: the shop's own, else what is counted and of which product or category."""
    if experiment.indicator:
        return experiment.indicator
    of = reading.title(Product, experiment.product) if experiment.product else experiment.category
    label = _(experiment.measure.label)
    return _("{measure} ({of})").format(measure=label, of=of) if of else label


def value_words(value: float, *, shares: bool) -> str:
    """A share as percent, a rate for a hundred."""
    number = _rounded(value)
    return f"{number}\u00a0%" if shares else _("{number} per 100").format(number=number)


def counts_words(counts: Counts, *, shares: bool) -> str:
    """One side in words: 8 of 120 (6.7 %)."""
    words = _("{hits} of {of} ({value})") if shares else _("{hits} for {of} ({value})")
    return words.format(hits=show_number(counts.hits), of=show_number(counts.of), value=value_words(counts.value, shares=shares))


def _rounded(value: float) -> str:
    exact = Decimal(str(value * 100))
    return show_number(exact.quantize(Decimal("0.1") if abs(exact) >= 1 else Decimal("0.01")))


_SHOWN = {
    (Judgement.LOWER, Wanted.FEWER): N_("{before} before, {after} after: lower by {change}, with 95 % confidence by {least} to {most}. That is more than chance, and what was wanted."),
    (Judgement.LOWER, Wanted.MORE): N_("{before} before, {after} after: lower by {change}, with 95 % confidence by {least} to {most}. That is more than chance, and the wrong way."),
    (Judgement.HIGHER, Wanted.FEWER): N_("{before} before, {after} after: higher by {change}, with 95 % confidence by {least} to {most}. That is more than chance, and the wrong way."),
    (Judgement.HIGHER, Wanted.MORE): N_("{before} before, {after} after: higher by {change}, with 95 % confidence by {least} to {most}. That is more than chance, and what was wanted."),
}
CAUTION = N_("What else changed meanwhile, such as the season, an offer or a price, may have done it too.")


def told(experiment: Experiment) -> str:
    """What an experiment shows, in a sentence."""
    found = comparison(experiment)
    if found is None:
        return _("Nothing to compare yet: before and after are not both counted.")
    shares = experiment.measure in SHARES
    before, after = counts_words(found.before, shares=shares), counts_words(found.after, shares=shares)
    if found.judgement is Judgement.TOO_FEW:
        sentence = _("Too few to judge: {before} before, {after} after. It takes at least {fewest} on each side, and {events} events in all.")
        return sentence.format(before=before, after=after, fewest=FEWEST, events=FEWEST_EVENTS)
    apart = found.difference
    if found.judgement is Judgement.CHANCE:
        sentence = _("{before} before, {after} after: that may be chance. With 95 % confidence it changed by anything from {low} to {high}.")
        return sentence.format(before=before, after=after, low=_signed(apart.low), high=_points(apart.high, shares=shares, signed=True))
    least, most = sorted((abs(apart.low), abs(apart.high)))
    return _(_SHOWN[found.judgement, experiment.wanted]).format(
        before=before, after=after, change=_points(abs(found.change), shares=shares), least=_rounded(least), most=_points(most, shares=shares)
    )


def is_better(experiment: Experiment) -> bool | None:
    """Whether what was wanted happened, more than by chance; None when that can't be said."""
    found = comparison(experiment)
    if found is None or found.judgement in (Judgement.TOO_FEW, Judgement.CHANCE):
        return None
    return (found.judgement is Judgement.LOWER) == (experiment.wanted is Wanted.FEWER)


def _signed(value: float) -> str:
    return f"{'+' if value > 0 else '−' if value < 0 else ''}{_rounded(abs(value))}"


def _points(value: float, *, shares: bool, signed: bool = False) -> str:
    number = _signed(value) if signed else _rounded(value)
    return _("{number} percentage points").format(number=number) if shares else _("{number} per 100").format(number=number)


def until_words(experiment: Experiment, on: date) -> str:
    """How long it is tried: from when, and until when where that is said."""
    if experiment.until is None:
        return _("Tried since {day}").format(day=show_day(experiment.since))
    ready = ready_on(experiment)
    if experiment.verdict is Verdict.RUNNING and ready is not None and experiment.until < on:
        if ready > on:
            return _("Tried until {day}; complaints about it still count, decide from {ready} on.").format(day=show_day(experiment.until), ready=show_day(ready))
        return _("Its time was over on {day}; decide what becomes of it.").format(day=show_day(experiment.until))
    return _("Tried from {since} to {until}").format(since=show_day(experiment.since), until=show_day(experiment.until))
