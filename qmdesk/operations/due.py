"""What is due: the days a shop must keep in the order of the law, and what its silence would cost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal

from qmdesk.i18n import N_, _, language, n_
from qmdesk.law.packs import Pack
from qmdesk.operations.deadlines import GUARANTEE, MARKETPLACE, SUPPLIER, rule_of, rulebook
from qmdesk.operations.situation import parts_by_case
from qmdesk.records.case import Case, CaseItem, Demand, paid_for
from qmdesk.records.deadline import STANDING, Deadline, DeadlineState, Whose
from qmdesk.records.lists import Channel
from qmdesk.register import Reading, clock
from qmdesk.schema import types
from qmdesk.schema.query import Condition, Order, Query
from qmdesk.values import dataclass

SEEN = types.Operator("seen", N_("{field} is {value} or earlier, or not set"), "({column} IS NULL OR {column} <= ?)")
RUNS = (DeadlineState.RUNNING, DeadlineState.OVERDUE)


def _standing(states: Sequence[DeadlineState], whose: Whose, *also: Condition) -> Query:
    where = (Condition("state", types.ONE_OF, tuple(states)), Condition("whose", types.ONE_OF, (whose,)), *also)
    return Query(Deadline, where).by(Order("legal"))


def of_shop(on: date) -> Query:
    """What the shop must do and has not put off, the nearest legal day first."""
    return _standing(RUNS, Whose.SHOP, Condition("snoozed_until", SEEN, (on,)))


def refunds(book: Pack, on: date) -> Query:
    """The money that must go back to customers."""
    return of_shop(on).also(Condition("rule", types.ONE_OF, rules_with(book, "money_returned")))


def withheld() -> Query:
    """The money the shop may keep back until the goods or proof of sending come."""
    return _standing((DeadlineState.HELD,), Whose.SHOP)


def of_suppliers() -> Query:
    """The replies of suppliers that are waited for."""
    return _standing(RUNS, Whose.SUPPLIER)


def put_off(on: date) -> Query:
    """What the shop has put off to a later day than this."""
    return _standing(STANDING, Whose.SHOP, Condition("snoozed_until", types.AFTER, (on,)))


def rules_with(book: Pack, event: str) -> tuple[str, ...]:
    """The rules whose deadlines an event satisfies."""
    return tuple(rule.id for rule in book.rules if event in rule.satisfied_by)


def _silent(book: Pack) -> tuple[Condition, ...]:
    """Unanswered complaints of buyers to whom silence surely means acceptance."""
    ids = tuple(rule.id for rule in book.rules if rule.on_expiry == "deemed_accepted")
    return Condition("rule", types.ONE_OF, ids), Condition("soft", types.IS, (False,)), Condition("state", types.ONE_OF, RUNS)


def accepted_by_silence(book: Pack, on: date) -> Query:
    """The unanswered complaints that count as accepted already."""
    return Query(Deadline, (*_silent(book), Condition("legal", types.BEFORE, (on,)))).by(Order("legal"))


# ---------------------------------------------------------------------------- the price of silence


@dataclass(frozen=True)
class Silence:
    """What the shop owes when it keeps silent until the end of ``day``: sums by currency, and in how many cases.

    ``cases`` counts those where the sum is known, ``others`` those where a repair, a replacement or an unknown sum is.
    """

    day: date
    sums: Mapping[str, Decimal]
    cases: int
    others: int


def price_of_silence(reading: Reading, on: date, book: Pack | None = None) -> Silence | None:
    """What doing nothing until the nearest day costs on which complaints begin to count as accepted; None when none does."""
    asked = Query(Deadline, (*_silent(book or rulebook(reading)), Condition("legal", types.SINCE, (on,)))).by(Order("legal"))
    nearest = reading.records(asked, 1)
    if not nearest:
        return None
    day: date = nearest[0].legal
    return _owed(reading, day, [one.case for one in reading.records(asked.also(Condition("legal", types.UNTIL, (day,))))])


def _owed(reading: Reading, day: date, case_ids: Sequence[int]) -> Silence:
    cases = [case for case, _titles in reading.rows(Case, list(dict.fromkeys(case_ids)))]
    sums: dict[str, Decimal] = {}
    known = demanded(reading, cases)
    for case in cases:
        if (amount := known.get(case.id)) is not None:
            sums[case.currency] = sums.get(case.currency, Decimal()) + amount
    return Silence(day, sums, len(known), len(cases) - len(known))


def demanded(reading: Reading, cases: Sequence[Case]) -> dict[int, Decimal]:
    """Case -> the money its silent shop would owe: the amount demanded, else the price where the customer wants it back."""
    found = {case.id: case.claimed for case in cases if case.claimed is not None}
    asked = [case.id for case in cases if case.claimed is None and case.demand is Demand.REFUND]
    for id_, items in parts_by_case(reading, CaseItem, asked).items():
        if (paid := paid_for(items)) is not None:
            found[id_] = paid
    return found


# ------------------------------------------------------------------------------------- one by one


@dataclass(frozen=True)
class Due:
    """A day the shop must keep: whose case, how many days are left (negative: overdue), and the money silence would cost."""

    deadline: Deadline
    case: Case
    title: str
    days_left: int
    at_risk: Decimal | None
    warn_on: date
    """The day from which it is urgent: an answer that goes by post must leave some days earlier."""

    @property
    def reasoning(self) -> str:
        """How the day came about, in the interface's language."""
        return reasoning(self.deadline)


def reasoning(deadline: Deadline) -> str:
    """How a deadline came about, in the interface's language."""
    return deadline.reasoning_pl if language() == "pl" else deadline.reasoning_en


_SINCE = (
    N_("overdue since Monday"),
    N_("overdue since Tuesday"),
    N_("overdue since Wednesday"),
    N_("overdue since Thursday"),
    N_("overdue since Friday"),
    N_("overdue since Saturday"),
    N_("overdue since Sunday"),
)


def days_words(legal: date, today: date) -> str:
    """How far a legal day is, in words."""
    left = (legal - today).days
    if left == 0:
        return _("today")
    if left == 1:
        return _("tomorrow")
    if left > 0:
        return n_("{n} day left", "{n} days left", left)
    since = legal + timedelta(days=1)
    if since == today:
        return _("overdue since today")
    return _(_SINCE[since.weekday()]) if left >= -6 else n_("{n} day overdue", "{n} days overdue", -left)


def rule_title(book: Pack, rule: str) -> str:
    """What a deadline is called on the screen."""
    if rule == MARKETPLACE:
        return _("Answer to the marketplace")
    if rule == GUARANTEE:
        return _("Duties under the guarantee, by its own terms")
    if rule.startswith(SUPPLIER):
        return _("Reply of the supplier")
    known = rule_of(book, rule)
    return known.title.to() if known else rule


def days_by_post(book: Pack, deadline: Deadline, channel: Channel | None) -> int:
    """How many days before its legal day what satisfies a deadline must leave the shop, when it goes by this channel."""
    rule = rule_of(book, deadline.rule)
    if rule is None or channel is None or not {"answer_delivered", "settled_and_informed"} & set(rule.satisfied_by):
        return 0
    return min(channel.delivery_days, max(0, (deadline.legal - deadline.start).days))


def due(reading: Reading, on: date | None = None, *, snoozed: bool = False, limit: int | None = None) -> list[Due]:
    """What is due by the last day in law: the shop's own, withheld money, suppliers' replies; without what is put off unless ``snoozed``."""
    on, book = on or clock().date(), rulebook(reading)
    states = Condition("state", types.ONE_OF, STANDING)
    query = Query(Deadline, (states, Condition("whose", types.ONE_OF, (Whose.SHOP, Whose.SUPPLIER)))).by(Order("legal"))
    if not snoozed:
        query = query.also(Condition("snoozed_until", SEEN, (on,)))
    deadlines = reading.records(query, limit)
    cases = {case.id: case for case, _titles in reading.rows(Case, [one.case for one in deadlines])}
    channels = {one.id: one for one in reading.records(Query(Channel))}
    owed = demanded(reading, list(cases.values()))
    found = []
    for one in deadlines:
        case, rule = cases[one.case], rule_of(book, one.rule)
        at_stake = rule is not None and rule.on_expiry == "deemed_accepted" and not one.soft
        earlier = days_by_post(book, one, channels.get(case.channel or 0))
        found.append(
            Due(
                deadline=one,
                case=case,
                title=rule_title(book, one.rule),
                days_left=(one.legal - on).days,
                at_risk=owed.get(case.id) if at_stake else None,
                warn_on=one.legal - timedelta(days=earlier),
            )
        )
    return found
