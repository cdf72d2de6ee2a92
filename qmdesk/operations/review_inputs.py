"""What a management review begins with: what the register says of each topic in a period, against the period before (ISO 9001 9.3).

Every figure tells what it counts and of how many; the period before has as many days and ends the day before. Two topics,
what has changed around the shop and the goals, the register knows nothing of: they are written by hand.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal

from qmdesk.analysis.measured import Measured
from qmdesk.i18n import N_, _, n_, show_day, show_money, show_number
from qmdesk.operations import programme
from qmdesk.operations.audit_reading import previous
from qmdesk.operations.figures.scope import Period, Scope
from qmdesk.operations.registers import the_shop
from qmdesk.operations.review_reading import points_of
from qmdesk.operations.rounds import FEWEST, Kept, kept
from qmdesk.operations.situation import parts_by_case
from qmdesk.operations.troubles import received
from qmdesk.records.assessment import ClaimOutcome, SupplierClaim
from qmdesk.records.audit import Audit, AuditState, Checklist, Finding, Grade, PlannedAudit
from qmdesk.records.case import OPEN_STATES, Case, CaseItem, CaseKind
from qmdesk.records.improvement import (
    ENDED_STATES,
    MANAGEMENT_TOPICS,
    RUNNING_STATES,
    Action,
    ActionState,
    Experiment,
    Idea,
    IdeaState,
    Review,
    ReviewKind,
    ReviewPoint,
    Topic,
    Training,
    TrainingSession,
    Verdict,
)
from qmdesk.records.lists import Cause
from qmdesk.records.measures import Indicator
from qmdesk.records.party import Person, Supplier
from qmdesk.records.process import ProcessStep, Risk
from qmdesk.records.rating import SupplierRating
from qmdesk.register import Reading, clock
from qmdesk.schema import types
from qmdesk.schema.query import Condition, Order, Query

MOST = 10
"""So many of a list are told one by one."""
TOP = 3
MANY = 400
"""Of so many a rate is told without its interval."""


def inputs(reading: Reading, period: Period) -> list[ReviewPoint]:
    """A point for each topic with what the register says of it, of no review yet."""
    return [ReviewPoint(review=0, topic=topic, what=_(topic.label), facts=gather(reading, topic, period)) for topic in MANAGEMENT_TOPICS]


def gather(reading: Reading, topic: Topic, period: Period) -> str:
    """What the register says of a topic in a period; "" for what it knows nothing of."""
    tell = _TELLERS.get(topic)
    return "\n".join(tell(reading, period)) if tell else ""


def _compared(label: str, now: object, before: object) -> str:
    return _("{what}: {now} (the period before: {before})").format(what=label, now=now, before=before)


def _share(part: int, of: int) -> str:
    """A share with what it is of; of few no percentage is told, it would say more than they know."""
    if not of:
        return _("none")
    if of < FEWEST:
        return _("{part} of {of}").format(part=part, of=of)
    share = (Decimal(part * 100) / of).quantize(Decimal("0.1"), ROUND_HALF_UP)
    return _("{part} of {of} ({share})").format(part=part, of=of, share=types.Percent().show(share))


def _rate(one: Measured) -> str:
    """A rate that chance moves from period to period: of few with the interval it may as well lie in (quality.md)."""
    part, of = round(one.numerator), round(one.denominator)
    if one.value is None or one.low is None or one.high is None or not FEWEST <= of < MANY:
        return _share(part, of)
    share, low, high = (types.Percent().show(Decimal(str(value)).quantize(Decimal("0.1"), ROUND_HALF_UP)) for value in (one.value, one.low, one.high))
    return _("{part} of {of} ({share}, by chance {low} to {high})").format(part=part, of=of, share=share, low=low, high=high)


def _counted(counts: Iterable[tuple[str, int]]) -> str:
    return "; ".join(_("{name}: {n}").format(name=name, n=n) for name, n in counts)


def _first(lines: Sequence[str]) -> Iterator[str]:
    yield from (f"– {line}" for line in lines[:MOST])
    if len(lines) > MOST:
        yield n_("and {n} more", "and {n} more", len(lines) - MOST)


# ------------------------------------------------------------------------------------ what was decided before


def _earlier(reading: Reading, period: Period) -> Iterator[str]:
    asked = (Condition("kind", types.ONE_OF, (ReviewKind.MANAGEMENT,)), Condition("finished_at", types.FILLED), Condition("held_on", types.UNTIL, (period.until,)))
    found: list[Review] = reading.records(Query(Review, asked).by(Order("held_on", True)), 1)
    if not found:
        yield _("There was no management review before this one.")
        return
    points = [one for one in points_of(reading, found[0]) if one.decision]
    actions = {one.id: one for one, _titles in reading.rows(Action, [one.raised for one in points if one.raised])}
    yield _("Decided at {number} on {day}:").format(number=found[0].number, day=show_day(found[0].held_on))
    for one in points:
        yield "– " + _("{decision} ({state})").format(decision=" ".join(one.decision.split()), state=_state(actions.get(one.raised or 0)))
    if not points:
        yield _("Nothing was decided.")


def _state(action: Action | None) -> str:
    if action is None:
        return _("no action was made of it")
    until = _("until {day}").format(day=show_day(action.due_on)) if action.due_on and action.state in RUNNING_STATES else ""
    return ", ".join(part for part in (action.number, _(action.state.label), until) if part)


# ---------------------------------------------------------------------------------------------- complaints


def _complaints(reading: Reading, period: Period) -> Iterator[str]:
    now, before = received(reading, period.since, period.until), received(reading, period.before.since, period.before.until)
    returned, returned_before = (sum(case.kind is CaseKind.RETURN for case in cases) for cases in (now, before))
    claimed, claimed_before = len(now) - returned, len(before) - returned_before
    yield _compared(_("Complaints and guarantee claims"), claimed, claimed_before)
    yield _compared(_("Returns"), returned, returned_before)
    yield from _figures(reading, period)
    yield _("Open now: {n}").format(n=reading.count(Query(Case, (Condition("state", types.ONE_OF, OPEN_STATES),))))
    yield from _why(reading, now)


def _figures(reading: Reading, period: Period) -> Iterator[str]:
    """The indicators of quality.md, as they are told everywhere else."""
    from qmdesk.operations.figures.facts import gather as gathered  # numpy, which only figures need
    from qmdesk.operations.figures.indicators import measure

    facts, now = gathered(reading), Scope(period.since, period.until)
    orders, orders_before = (measure(facts, Indicator.COMPLAINT_RATE, one) for one in (now, now.before))
    if orders.denominator or orders_before.denominator:
        yield _compared(_("Orders"), round(orders.denominator), round(orders_before.denominator))
        rates = (
            (N_("Complaint rate, received against orders"), Indicator.COMPLAINT_RATE),
            (N_("Return rate, pieces taken back against pieces sold"), Indicator.RETURN_RATE),
        )
        for words, indicator in rates:
            yield _compared(_(words), *(_rate(measure(facts, indicator, one)) for one in (now, now.before)))
    else:
        yield _("No order of the period is in the register, so no rate can be told.")
    in_time = [measure(facts, Indicator.IN_TIME, one) for one in (now, now.before)]
    yield _compared(_("Answered in the time the law gives"), *(_share(round(one.numerator), round(one.denominator)) for one in in_time))
    yield _compared(_("Days until a case received in the period was closed, half of them sooner"), *(_days(measure(facts, Indicator.SETTLE, one)) for one in (now, now.before)))


def _days(one: Measured) -> str:
    if one.value is None:
        return _("none") if not one.n else _("not known yet ({n} still open)").format(n=one.still_open)
    return _("{days} ({n} closed, {open} still open)").format(days=show_number(Decimal(str(one.value)).normalize()), n=round(one.denominator), open=one.still_open)


def _why(reading: Reading, cases: Sequence[Case]) -> Iterator[str]:
    """The causes and the products that come most often."""
    causes = Counter(case.cause for case in cases if case.cause)
    names = reading.titles(Cause, causes)
    if causes:
        yield _("Most frequent causes: {listed}").format(listed=_counted((names[id_], n) for id_, n in causes.most_common(TOP)))
    if unknown := sum(case.cause is None for case in cases):
        yield _("Without a cause: {share}").format(share=_share(unknown, len(cases)))
    items = parts_by_case(reading, CaseItem, [case.id for case in cases])
    products = Counter(name for case in cases for name in {item.name for item in items[case.id]})
    if products:
        yield _("Most frequent products: {listed}").format(listed=_counted(products.most_common(TOP)))


# ------------------------------------------------------------------------------------ processes and actions


def _processes(reading: Reading, period: Period) -> Iterator[str]:
    steps = {one.id: one.name for one in reading.records(Query(ProcessStep))}
    if not steps:
        yield _("No process is described yet.")
        return
    cases = received(reading, period.since, period.until, Condition("process_step", types.FILLED))
    found = findings_of_audits(reading, audits_finished(reading, period))
    for words, counts in (
        (N_("Cases by the step where they arose: {listed}"), Counter(case.process_step for case in cases)),
        (N_("Findings by the step: {listed}"), Counter(one.process_step for one in found if one.process_step)),
    ):
        if counts:
            yield _(words).format(listed=_counted((steps[id_ or 0], n) for id_, n in counts.most_common(MOST)))
    if not cases and not found:
        yield _("No case and no finding of the period is marked with a step.")


def _actions(reading: Reading, period: Period) -> Iterator[str]:
    begun, begun_before = (reading.count(Query(Action, one.within("opened_on"))) for one in (period, period.before))
    ended, ended_before = (reading.count(Query(Action, one.within("closed_on"))) for one in (period, period.before))
    yield _compared(_("Actions begun"), begun, begun_before)
    yield _compared(_("Actions finished"), ended, ended_before)
    checked: list[Action] = reading.records(Query(Action, period.within("verified_on")))
    effective = sum(one.state in (ActionState.EFFECTIVE, ActionState.CLOSED) for one in checked)
    yield _("Checked whether they helped; they did: {share}").format(share=_share(effective, len(checked)))
    running: list[Action] = reading.records(Query(Action, (Condition("state", types.ONE_OF, RUNNING_STATES),)).by(Order("due_on")))
    late = [one for one in running if not one.done_on and one.due_on and one.due_on < period.until]
    yield _("Running now: {n}, of them overdue: {late}").format(n=len(running), late=len(late))
    yield from _first([_("{number}: {what}, {when}").format(number=one.number, what=one.name, when=_("until {day}").format(day=show_day(one.due_on))) for one in late if one.due_on])
    found = [one for one in findings_of_audits(reading, audits_finished(reading, period)) if one.grade in (Grade.MAJOR, Grade.MINOR)]
    with_action = followed(reading, found)
    yield _("Nonconformities found in audits: {n}, of them without an action: {left}").format(n=len(found), left=sum(one.id not in with_action for one in found))


def followed(reading: Reading, found: Sequence[Finding]) -> Collection[int | None]:
    """The findings from which an action came."""
    if not found:
        return ()
    asked = Condition("finding", types.FILLED)
    return {one.finding for one in reading.records(Query(Action, (asked,)))}


# ------------------------------------------------------------------------------------------------ audits


def audits_finished(reading: Reading, period: Period) -> list[Audit]:
    """The audits finished in a period, the oldest first."""
    asked = (*period.moments("finished_at"), Condition("state", types.ONE_OF, (AuditState.FINISHED,)))
    return reading.records(Query(Audit, asked).by(Order("finished_at")))


def findings_of_audits(reading: Reading, audits: Sequence[Audit]) -> list[Finding]:
    """What was found in audits."""
    if not audits:
        return []
    return reading.records(Query(Finding, (Condition("audit", types.ONE_OF, tuple(one.id for one in audits)),)).by(Order("id")))


def _of_audits(reading: Reading, period: Period) -> Iterator[str]:
    audits = audits_finished(reading, period)
    own = [one for one in audits if not is_routine(reading, one)]
    yield _("Audits passed: {share}").format(share=_share(sum(one.passed for one in own), len(own)))
    yield from _first([_audit(reading, one) for one in own])
    grades = Counter(one.grade for one in findings_of_audits(reading, own))
    if grades:
        yield _("Findings: {listed}").format(listed=_counted((_(grade.label), grades[grade]) for grade in Grade if grades[grade]))
    yield from _kept(reading, period)


def is_routine(reading: Reading, audit: Audit) -> bool:
    """Whether a run belongs to a checklist that comes round every day or week, which is told in one line."""
    plan = reading.find(PlannedAudit, audit.plan) if audit.plan else None
    return plan is not None and plan.rhythm in programme.DAYS


def _audit(reading: Reading, audit: Audit) -> str:
    name = " · ".join(part for part in (audit.number, reading.title(Checklist, audit.checklist), audit.place) if part)
    verdict = _("passed") if audit.passed else _("not passed")
    score, before = types.Percent().show(audit.score), previous(reading, audit)
    said = ", ".join(part for part in (score, verdict) if part)
    if before is not None and before.score is not None:
        return _("{audit}: {result} (the time before: {score})").format(audit=name, result=said, score=types.Percent().show(before.score))
    return _("{audit}: {result}").format(audit=name, result=said)


def _kept(reading: Reading, period: Period) -> Iterator[str]:
    """How the programme was kept: of each line how often it was run, of those that came round."""
    lines: dict[int, tuple[str, list[Kept]]] = {}
    for one in programme.occurrences(reading, period.since, min(period.until, clock().date())):
        lines.setdefault(one.plan.id, (" · ".join(part for part in (one.name, one.plan.place) if part), []))[1].append(kept(one))
    for name, times in lines.values():
        done, missed = sum(one in (Kept.IN_TIME, Kept.LATE) for one in times), times.count(Kept.MISSED)
        if done + missed:
            yield _("{name}: done {share}, late: {late}, missed: {missed}").format(name=name, share=_share(done, done + missed), late=times.count(Kept.LATE), missed=missed)


# ----------------------------------------------------------------------------------- suppliers, people, risks, ideas


def _suppliers(reading: Reading, period: Period) -> Iterator[str]:
    claims: list[SupplierClaim] = reading.records(Query(SupplierClaim, period.within("sent_on")))
    names, currency = reading.titles(Supplier, {one.supplier for one in claims}), the_shop(reading).currency
    if not claims:
        yield _("Nothing was claimed from a supplier in the period.")
    for supplier, many in Counter(one.supplier for one in claims).most_common(MOST):
        theirs = [one for one in claims if one.supplier == supplier]
        accepted = sum(one.outcome in (ClaimOutcome.ACCEPTED, ClaimOutcome.PARTLY) for one in theirs)
        claimed, got = (sum((getattr(one, name) or Decimal() for one in theirs), Decimal()) for name in ("amount", "recovered"))
        yield _("{supplier}: claims accepted {share}, waiting: {waiting}; claimed {claimed}, got back {got}").format(
            supplier=names[supplier], share=_share(accepted, many), waiting=sum(one.outcome is ClaimOutcome.WAITING for one in theirs),
            claimed=show_money(claimed, currency), got=show_money(got, currency),
        )  # fmt: skip
    rated: list[SupplierRating] = reading.records(Query(SupplierRating, period.within("on")).by(Order("on")))
    if rated:
        titles = reading.titles(Supplier, {one.supplier for one in rated})
        yield _("Rated in the period: {listed}").format(listed=", ".join(dict.fromkeys(titles[one.supplier] for one in rated)))


def _resources(reading: Reading, period: Period) -> Iterator[str]:
    people: list[Person] = reading.records(Query(Person, (Condition("active", types.IS, (True,)),)))
    yield _("People who work here: {n}").format(n=len(people))
    open_cases: list[Case] = reading.records(Query(Case, (Condition("state", types.ONE_OF, OPEN_STATES),)))
    if open_cases:
        names = reading.titles(Person, {case.responsible for case in open_cases if case.responsible})
        counts = Counter(names.get(case.responsible or 0, _("nobody")) for case in open_cases)
        yield _("Open cases by who is responsible: {listed}").format(listed=_counted(counts.most_common()))
    held: list[TrainingSession] = reading.records(Query(TrainingSession, period.within("held_on")))
    yield _("Trainings held: {n} (people in them: {people})").format(n=len({(one.training, one.held_on) for one in held}), people=len({one.person for one in held if one.person}))
    late: list[Training] = reading.records(Query(Training, (Condition("active", types.IS, (True,)), Condition("next_on", types.BEFORE, (clock().date(),)))))
    if late:
        yield _("Trainings that are due: {listed}").format(listed=", ".join(one.topic for one in late))


def _risks(reading: Reading, period: Period) -> Iterator[str]:
    risky: list[ProcessStep] = reading.records(Query(ProcessStep, (Condition("risk", types.ONE_OF, (Risk.HIGH,)),)))
    yield _("Steps of high risk: {listed}").format(listed=", ".join(one.name for one in risky) or _("none"))
    hurt, hurt_before = (len(received(reading, one.since, one.until, Condition("safety", types.IS, (True,)))) for one in (period, period.before))
    yield _compared(_("Cases in which somebody could be hurt"), hurt, hurt_before)
    silent, silent_before = (reading.count(Query(Case, one.within("deemed_accepted_on"))) for one in (period, period.before))
    yield _compared(_("Complaints accepted by silence"), silent, silent_before)
    ended: list[Action] = reading.records(Query(Action, (*period.within("closed_on"), Condition("state", types.ONE_OF, ENDED_STATES))))
    yield _("Actions after which the risks were looked at again: {share}").format(share=_share(sum(one.risks_updated for one in ended), len(ended)))


def _ideas(reading: Reading, period: Period) -> Iterator[str]:
    ideas: list[Idea] = reading.records(Query(Idea, period.within("on")).by(Order("on")))
    taken = sum(one.state is IdeaState.TAKEN_UP for one in ideas)
    yield _("Ideas taken up: {share}").format(share=_share(taken, len(ideas)))
    waiting: list[Idea] = reading.records(Query(Idea, (Condition("state", types.ONE_OF, (IdeaState.NEW, IdeaState.LATER)),)).by(Order("on")))
    yield from _first([" ".join(one.what.split())[:160] for one in waiting])
    tried: list[Experiment] = reading.records(Query(Experiment, period.within("since")).by(Order("since")))
    for verdict in Verdict:
        if named := [one.name for one in tried if one.verdict is verdict]:
            yield _("Experiments, {verdict}: {listed}").format(verdict=_(verdict.label), listed=", ".join(named))


_TELLERS: Mapping[Topic, Callable[[Reading, Period], Iterator[str]]] = {
    Topic.EARLIER: _earlier,
    Topic.COMPLAINTS: _complaints,
    Topic.PROCESSES: _processes,
    Topic.ACTIONS: _actions,
    Topic.AUDITS: _of_audits,
    Topic.SUPPLIERS: _suppliers,
    Topic.RESOURCES: _resources,
    Topic.RISKS: _risks,
    Topic.IDEAS: _ideas,
}
