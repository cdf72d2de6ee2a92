"""What the shop does about what goes wrong: actions with their causes and tasks, ideas, experiments, trainings, reviews."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal

from qmdesk.errors import Problem
from qmdesk.i18n import N_, _, show_day
from qmdesk.records.audit import Finding, PlannedAudit, Rhythm
from qmdesk.records.case import Case
from qmdesk.records.lists import Cause
from qmdesk.records.measures import Indicator
from qmdesk.records.party import Person, Supplier
from qmdesk.records.process import ProcessStep
from qmdesk.records.product import Product
from qmdesk.schema.record import (
    Record,
    choice,
    count,
    day,
    file,
    flag,
    long_text,
    moment,
    money,
    own,
    record,
    ref,
    text,
)
from qmdesk.schema.types import Labelled


class ReviewKind(Labelled):
    """Which review it is."""

    WEEKLY = "weekly", N_("Quarter-hour quality")
    MANAGEMENT = "management", N_("Management review")


@record("review", N_("Review"), N_("Reviews"))
class Review(Record):
    """A look back with decisions: a quarter of an hour a week, or the management's once a year (ISO 9001 9.3)."""

    number: str = text(N_("Number"), default="", most=40, title=True, searched=True, listed=True, unique=True, automatic=True)
    kind: ReviewKind = choice(ReviewKind, N_("Kind"), default=ReviewKind.WEEKLY, listed=True)
    held_on: date = day(N_("Held on"), listed=True)
    since: date | None = day(N_("From"), default=None, listed=True)
    until: date | None = day(N_("Until"), default=None, listed=True)
    participants: str = text(N_("Who took part"), default="", listed=True)
    conclusion: str = long_text(N_("Conclusion"), default="", listed=True)
    finished_at: datetime | None = moment(N_("Finished at"), default=None, listed=True, automatic=True)

    def check(self) -> Iterable[Problem]:
        """What can't be true together."""
        if self.since and self.until and self.until < self.since:
            yield Problem("until", _("The period ends before it begins."))


class IdeaState(Labelled):
    """What became of an idea."""

    NEW = "new", N_("Not answered yet")
    LATER = "later", N_("Later")
    TAKEN_UP = "taken_up", N_("Taken up")
    DECLINED = "declined", N_("Declined")


@record("idea", N_("Idea"), N_("Ideas"))
class Idea(Record):
    """Something that could be better, from anybody; each gets an answer."""

    what: str = long_text(N_("Idea"), title=True, searched=True, listed=True)
    by: str = text(N_("From whom"), default="", most=120, listed=True)
    on: date = day(N_("Brought in on"), listed=True)
    gain: str = text(N_("What it would bring"), default="", listed=True)
    state: IdeaState = choice(IdeaState, N_("State"), default=IdeaState.NEW, listed=True, automatic=True)
    answer: str = long_text(N_("Answer"), default="", listed=True)

    def check(self) -> Iterable[Problem]:
        """What can't be true together."""
        if self.state is IdeaState.DECLINED and not self.answer.strip():
            yield Problem("answer", _("Say why, so that the next idea comes too."))


class ActionKind(Labelled):
    """What an action does (ISO 9001 10.2; law.md 8.1)."""

    CONTAINMENT = "containment", N_("Containment")
    CORRECTION = "correction", N_("Correction")
    CORRECTIVE = "corrective", N_("Corrective action")
    PREVENTIVE = "preventive", N_("Preventive action")
    IMPROVEMENT = "improvement", N_("Improvement")


class ActionSource(Labelled):
    """What an action comes from."""

    OWN = "own", N_("Own observation")
    FINDING = "finding", N_("Audit finding")
    CASE = "case", N_("Complaint")
    CHART = "chart", N_("Chart")
    ALERT = "alert", N_("Alert of an indicator")
    REVIEW = "review", N_("Review")
    IDEA = "idea", N_("Idea")
    PROCESS = "process", N_("Weakness of a process")


class ActionState(Labelled):
    """How far an action is."""

    OPEN = "open", N_("Just begun")
    ANALYSED = "analysed", N_("Cause known")
    PLANNED = "planned", N_("Planned")
    DONE = "done", N_("Carried out, waiting for the check")
    EFFECTIVE = "effective", N_("Effective")
    INEFFECTIVE = "ineffective", N_("Not effective")
    CLOSED = "closed", N_("Finished and kept")
    DROPPED = "dropped", N_("Dropped")


ENDED_STATES = (ActionState.INEFFECTIVE, ActionState.CLOSED, ActionState.DROPPED)
RUNNING_STATES = tuple(state for state in ActionState if state not in ENDED_STATES)
JUDGED_STATES = (ActionState.EFFECTIVE, ActionState.INEFFECTIVE, ActionState.CLOSED)
DONE_STATES = (ActionState.DONE, *JUDGED_STATES)
PLANNED_STATES = (ActionState.PLANNED, *DONE_STATES)


class CauseMethod(Labelled):
    """How a cause was found."""

    FIVE_WHYS = "five_whys", N_("Five whys")
    ISHIKAWA = "ishikawa", N_("Ishikawa diagram")
    OTHER = "other", N_("Another way")


@record("action", N_("Action"), N_("Actions"))
class Action(Record):
    """Something done about a cause, from the first containment to the verdict whether it helped (ISO 9001 10.2)."""

    number: str = text(N_("Number"), default="", most=40, title=True, searched=True, listed=True, unique=True, automatic=True)
    name: str = text(N_("What it is about"), most=200, searched=True, listed=True, section=N_("What"))
    kind: ActionKind = choice(ActionKind, N_("Kind"), default=ActionKind.CORRECTIVE, listed=True)
    opened_on: date = day(N_("Opened on"), listed=True)
    owner: int | None = ref(Person, N_("Owner"), default=None, listed=True)
    due_on: date | None = day(N_("Until"), default=None, listed=True)
    state: ActionState = choice(ActionState, N_("State"), default=ActionState.OPEN, listed=True, automatic=True)
    source: ActionSource = choice(ActionSource, N_("Comes from"), default=ActionSource.OWN, listed=True, automatic=True)
    finding: int | None = ref(Finding, N_("Finding"), default=None, automatic=True)
    case: int | None = ref(Case, N_("Case"), default=None, automatic=True)
    review: int | None = ref(Review, N_("Review"), default=None, automatic=True)
    idea: int | None = ref(Idea, N_("Idea"), default=None, automatic=True)
    process_step: int | None = ref(ProcessStep, N_("Process step"), default=None)
    reopens: int | None = own(N_("Opened again after"), default=None, automatic=True)
    description: str = long_text(N_("What goes wrong"), default="", searched=True)
    requirement: str = text(N_("Requirement not met"), default="")
    extent: str = long_text(N_("Where else it may be so"), default="", help=N_("Similar products, orders, places; how many are touched."))
    team: str = text(N_("Team"), default="")

    containment: str = long_text(N_("What was done at once"), default="", section=N_("At once"))
    contained_on: date | None = day(N_("Contained on"), default=None)
    correction: str = long_text(N_("Correction"), default="", help=N_("What mends this one case; the cause is another matter."))
    corrected_on: date | None = day(N_("Corrected on"), default=None)

    cause_method: CauseMethod | None = choice(CauseMethod, N_("How the cause was found"), default=None, section=N_("Cause"))
    cause_text: str = long_text(N_("Root cause"), default="")
    cause: int | None = ref(Cause, N_("Cause"), default=None, listed=True)

    plan: str = long_text(N_("What will be done"), default="", section=N_("Plan"))
    indicator: str = text(N_("Measured by"), default="", help=N_("The indicator that must change."))
    watched: Indicator | None = choice(Indicator, N_("Watched by the program"), default=None, help=N_("The program compares it before and after; when it does not improve, the action is opened again."))
    product: int | None = ref(Product, N_("Product"), default=None, help=N_("What the indicator is watched for; empty means the whole shop."))
    supplier: int | None = ref(Supplier, N_("Supplier"), default=None)
    criterion: str = long_text(N_("It is effective when"), default="", help=N_("Written before it is done, so that the verdict is not made to fit."))
    criterion_on: date | None = day(N_("Written on"), default=None, automatic=True)
    waiting_days: int = count(N_("Days to wait before the check"), default=60)
    done_on: date | None = day(N_("Carried out on"), default=None, automatic=True, section=N_("Check"))
    verify_on: date | None = day(N_("Check on"), default=None, listed=True, automatic=True)
    verified_on: date | None = day(N_("Checked on"), default=None, automatic=True)
    verified_by: int | None = ref(Person, N_("Checked by"), default=None, automatic=True)
    verdict_reasons: str = long_text(N_("What the check showed"), default="", automatic=True)

    standardised: str = long_text(N_("What was made the rule"), default="", section=N_("Lessons"), help=N_("The checklist, procedure or process that was changed, so that it stays."))
    risks_updated: bool = flag(N_("Risks looked at again"), default=False)
    recognition: str = text(N_("Thanks to"), default="")
    cost: Decimal | None = money(N_("What it cost"), default=None)
    gain: Decimal | None = money(N_("What it brings in a year"), default=None)
    dropped_because: str = text(N_("Why it was dropped"), default="", automatic=True)
    closed_on: date | None = day(N_("Closed on"), default=None, automatic=True)

    def check(self) -> Iterable[Problem]:
        """What can't be true together: an action is only as far as it has what this takes (quality.md, the gates)."""
        if self.state in PLANNED_STATES:
            if not self.plan.strip():
                yield Problem("plan", _("Say what will be done."))
            if self.owner is None:
                yield Problem("owner", _("Say who answers for it."))
            if not self.criterion.strip():
                yield Problem("criterion", _("Write when it counts as effective, before it is done."))
        if self.state in DONE_STATES and self.done_on is None:
            yield Problem("done_on", _("Say when it was carried out."))
        if self.done_on and self.criterion_on and self.done_on < self.criterion_on:
            yield Problem("done_on", _("It can't have been carried out before its criterion was written, on {day}.").format(day=show_day(self.criterion_on)))
        if self.state in JUDGED_STATES:
            yield from self._judged()

    def _judged(self) -> Iterable[Problem]:
        if self.verified_by is None:
            yield Problem("verified_by", _("Say who checked it: a verdict has a name."))
        if not self.verdict_reasons.strip():
            yield Problem("verdict_reasons", _("Write what the check showed, measured by the criterion."))
        if self.verified_on is None:
            yield Problem("verified_on", _("Say when it was checked."))
        elif self.done_on and self.verified_on < self.done_on:
            yield Problem("verified_on", _("It can't have been checked before it was carried out."))


class Topic(Labelled):
    """What a point of a review is about: of a weekly one what waits, of the management's what ISO 9001 9.3 asks for."""

    CASE = "case", N_("An old case")
    ALERT = "alert", N_("An alert")
    VERIFICATION = "verification", N_("Did it help?")
    CHECKLIST = "checklist", N_("A checklist that is due")
    EARLIER = "earlier", N_("Earlier decisions")
    CHANGES = "changes", N_("What has changed around us")
    COMPLAINTS = "complaints", N_("Complaints and returns")
    GOALS = "goals", N_("Goals")
    PROCESSES = "processes", N_("How the work goes")
    ACTIONS = "actions", N_("What went wrong and what was done about it")
    AUDITS = "audits", N_("Audits and checklists")
    SUPPLIERS = "suppliers", N_("Suppliers and partners")
    RESOURCES = "resources", N_("People and means")
    RISKS = "risks", N_("Risks")
    IDEAS = "ideas", N_("What could be better")


WEEKLY_TOPICS = (Topic.CASE, Topic.ALERT, Topic.VERIFICATION, Topic.CHECKLIST)
MANAGEMENT_TOPICS = tuple(topic for topic in Topic if topic not in WEEKLY_TOPICS)


@record("review_point", N_("Point of a review"), N_("Points of reviews"))
class ReviewPoint(Record):
    """One thing a review looked at, what the register said of it then, and what was decided; more decisions are points of the same topic."""

    review: int = ref(Review, N_("Review"), owner=True, listed=True)
    position: int = count(N_("Place in the order"), default=0, automatic=True)
    topic: Topic = choice(Topic, N_("Topic"), listed=True)
    what: str = text(N_("What was looked at"), default="", most=300, title=True, listed=True)
    facts: str = long_text(N_("What was seen"), default="")
    decision: str = long_text(N_("Decision"), default="", listed=True)
    decided_at: datetime | None = moment(N_("Decided at"), default=None, automatic=True)
    case: int | None = ref(Case, N_("Case"), default=None, automatic=True)
    action: int | None = ref(Action, N_("Action looked at"), default=None, automatic=True)
    plan: int | None = ref(PlannedAudit, N_("Planned audit"), default=None, automatic=True)
    raised: int | None = ref(Action, N_("Action that came of it"), default=None, automatic=True)


@record("task", N_("Task"), N_("Tasks"))
class Task(Record):
    """A piece of an action's plan: what, who, until when, and what shows that it was done."""

    action: int = ref(Action, N_("Action"), owner=True, listed=True)
    position: int = count(N_("Place in the order"), default=0, automatic=True)
    what: str = text(N_("What"), title=True, listed=True)
    owner: int | None = ref(Person, N_("Who"), default=None, listed=True)
    due_on: date | None = day(N_("Until"), default=None, listed=True)
    done_on: date | None = day(N_("Done on"), default=None, listed=True)
    evidence: str = text(N_("What shows it"), default="", listed=True)


@record("evidence", N_("Evidence"), N_("Evidence"))
class Evidence(Record):
    """A photo or another file that shows what an action found or did."""

    action: int = ref(Action, N_("Action"), owner=True, listed=True)
    name: str = text(N_("File name"), most=255, title=True, listed=True)
    content: str = file(N_("Content"), automatic=True)
    media_type: str = text(N_("Kind of file"), default="", most=100, automatic=True)
    size: int = count(N_("Bytes"), default=0, automatic=True)
    added_at: datetime = moment(N_("Added at"), listed=True, automatic=True)


class Branch(Labelled):
    """The six branches of an Ishikawa diagram (quality.md)."""

    PEOPLE = "people", N_("People")
    METHOD = "method", N_("Method")
    MACHINE = "machine", N_("Equipment")
    MATERIAL = "material", N_("Material")
    MEASUREMENT = "measurement", N_("Measurement")
    ENVIRONMENT = "environment", N_("Environment")


@record("found_cause", N_("Why"), N_("Causes found"))
class Why(Record):
    """An answer to "why": of the tree of whys (no branch), or a twig of a branch of the Ishikawa diagram."""

    action: int = ref(Action, N_("Action"), owner=True)
    branch: Branch | None = choice(Branch, N_("Branch"), default=None, listed=True)
    parent: int | None = own(N_("Why of"), default=None)
    position: int = count(N_("Place in the order"), default=0, automatic=True)
    because: str = text(N_("Because"), title=True, listed=True)
    root: bool = flag(N_("Root cause"), default=False, listed=True)
    cause: int | None = ref(Cause, N_("Cause"), default=None, listed=True)


class Verdict(Labelled):
    """What becomes of an experiment."""

    RUNNING = "running", N_("In progress")
    KEPT = "kept", N_("Kept")
    DROPPED = "dropped", N_("Not kept")
    UNDECIDED = "undecided", N_("Too few to judge")


class Measure(Labelled):
    """How an experiment is measured, and whether the register counts it by itself (quality.md, Indicators)."""

    COMPLAINED = "complained", N_("Complaints about what was sold in the time")
    RECEIVED = "received", N_("Complaints received in the time, per line sold")
    SHARE = "share", N_("Counted by hand: so many of so many")
    RATE = "rate", N_("Counted by hand: so many for so many")


COUNTED = (Measure.COMPLAINED, Measure.RECEIVED)
"""What the register counts by itself."""
SHARES = (Measure.COMPLAINED, Measure.SHARE)
"""Where there can't be more than all of them."""


class Wanted(Labelled):
    """Which way an indicator should move."""

    FEWER = "fewer", N_("Fewer is better")
    MORE = "more", N_("More is better")


@record("experiment", N_("Experiment"), N_("Experiments"))
class Experiment(Record):
    """A change tried out: an indicator before and after, as counts, so that chance can be told from effect (S16).

    The time before ends on the day before ``since``. ``follow_days`` is how long after its order a complaint still counts
    where complaints about what was sold are counted: the same for both times, or the older one would have had longer.
    """

    name: str = text(N_("Name"), most=120, title=True, searched=True, listed=True)
    hypothesis: str = long_text(N_("What is believed"), listed=True, help=N_("If we do this, then that will change, because…"))
    change: str = long_text(N_("What is changed"), default="")
    idea: int | None = ref(Idea, N_("Idea"), default=None, automatic=True)
    measure: Measure = choice(Measure, N_("What is counted"), default=Measure.COMPLAINED, section=N_("How it is measured"), help=N_("Complaints are counted by the program; anything else you count and type."))
    indicator: str = text(N_("Measured by"), default="", listed=True, help=N_("In your own words; needed where you count by hand."))
    wanted: Wanted = choice(Wanted, N_("Wanted"), default=Wanted.FEWER)
    product: int | None = ref(Product, N_("Product"), default=None, help=N_("Empty: all of them."))
    category: str = text(N_("Category"), default="", most=120, help=N_("Empty: all of them."))
    cause: int | None = ref(Cause, N_("Cause"), default=None, help=N_("Empty: complaints of any cause."))
    follow_days: int = count(N_("Days after the order a complaint counts"), default=30, least=1)
    before_since: date | None = day(N_("Before: from"), default=None, section=N_("Before and after"))
    since: date = day(N_("Tried from"), listed=True)
    until: date | None = day(N_("Tried until"), default=None, listed=True)
    before_hits: int | None = count(N_("Before: how many"), default=None)
    before_of: int | None = count(N_("Before: of how many"), default=None)
    after_hits: int | None = count(N_("After: how many"), default=None)
    after_of: int | None = count(N_("After: of how many"), default=None)
    verdict: Verdict = choice(Verdict, N_("What becomes of it"), default=Verdict.RUNNING, listed=True, automatic=True, section=N_("What becomes of it"))
    conclusion: str = long_text(N_("What was learned"), default="", listed=True)
    action: int | None = ref(Action, N_("Action"), default=None, automatic=True)

    def check(self) -> Iterable[Problem]:
        """What can't be true together."""
        if self.until and self.until < self.since:
            yield Problem("until", _("The trial ends before it begins."))
        if self.before_since and self.before_since >= self.since:
            yield Problem("before_since", _("The time before must begin before the trial."))
        for hits, of in (("before_hits", "before_of"), ("after_hits", "after_of")):
            found, all_ = getattr(self, hits), getattr(self, of)
            if self.measure in SHARES and found is not None and all_ is not None and found > all_:
                yield Problem(hits, _("There can't be more than all of them."))
        if self.measure not in COUNTED and not self.indicator.strip():
            yield Problem("indicator", _("Say in your words what is counted; the register can't."))
        if self.verdict in (Verdict.KEPT, Verdict.DROPPED) and not self.conclusion.strip():
            yield Problem("conclusion", _("Say what was learned."))


@record("training", N_("Training"), N_("Trainings"))
class Training(Record):
    """A topic people are trained in, and how often (S5)."""

    topic: str = text(N_("Topic"), most=120, title=True, searched=True, unique=True, listed=True)
    content: str = long_text(N_("What it covers"), default="")
    who: str = text(N_("For whom"), default="", listed=True, help=N_("Roles or names, with commas between them; empty: everybody who works here."))
    trainer: str = text(N_("Trainer"), default="", listed=True)
    rhythm: Rhythm = choice(Rhythm, N_("How often"), default=Rhythm.YEARLY, listed=True)
    next_on: date | None = day(N_("Next on"), default=None, listed=True, help=N_("Worked out from the last one held; write a day here to plan another."))
    active: bool = flag(N_("In force"), default=True, offers=True, listed=True)

    def check(self) -> Iterable[Problem]:
        """What can't be true together."""
        if self.rhythm is Rhythm.BY_RISK:
            yield Problem("rhythm", _("A training has a rhythm of its own; choose how often it is held."))


@record("training_session", N_("Training held"), N_("Trainings held"))
class TrainingSession(Record):
    """One training as it was held, for one person: when, and what came of it."""

    training: int = ref(Training, N_("Training"), owner=True, listed=True)
    held_on: date = day(N_("Held on"), listed=True)
    person: int | None = ref(Person, N_("Who"), default=None, listed=True)
    passed: bool = flag(N_("Has passed"), default=True, listed=True)
    result: str = text(N_("Result"), default="", title=True, listed=True, help=N_("A mark, what can be done now."))
    note: str = long_text(N_("Note"), default="", listed=True)
