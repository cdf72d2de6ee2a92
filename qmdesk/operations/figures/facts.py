"""What figures are counted from: whole columns of the register, read once, as numbers in the order of their days.

A million order lines are read in about two seconds; after that every figure is a slice, a mask and a bincount of numpy.
Whatever is here is as it stood when it was read: ``renewed`` reads again only what a change has touched.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from datetime import date
from functools import cached_property

import numpy as np

from qmdesk.analysis.measured import Measured
from qmdesk.operations.deadlines import rulebook
from qmdesk.operations.due import rules_with
from qmdesk.operations.figures import columns, spending
from qmdesk.operations.figures.columns import (
    Mask,
    Numbers,
    Parts,
    Rows,
    Words,
    as_number,
    chosen,
    coded,
    in_order,
    local,
    places,
    through,
)
from qmdesk.operations.figures.open_hours import OpenHours, open_hours
from qmdesk.operations.figures.scope import (
    CHOICES_BY,
    ITEM_WISE,
    RECORDS_BY,
    By,
    Scope,
    month_key,
    span_of,
)
from qmdesk.operations.registers import the_shop
from qmdesk.records import audit_result
from qmdesk.records.audit import Audit, AuditAnswer, AuditState
from qmdesk.records.case import (
    CLOSED_STATES,
    Case,
    CaseItem,
    CaseKind,
    CaseState,
    Demand,
    Direction,
    Message,
    Outcome,
)
from qmdesk.records.deadline import Deadline, DeadlineState, RuleSwitch
from qmdesk.records.improvement import JUDGED_STATES, Action, ActionState
from qmdesk.records.lists import Cause
from qmdesk.records.measures import Indicator, QualityCost, SalesCount
from qmdesk.records.party import BuyerType, Customer
from qmdesk.records.product import Batch, Order, OrderLine, Product
from qmdesk.records.returns import ReturnDetails
from qmdesk.records.satisfaction import QuestionKind, SurveyAnswer, SurveyQuestion, SurveyResponse
from qmdesk.records.shop import Shop
from qmdesk.register import MISSING, Columns, Reading, clock
from qmdesk.schema import types
from qmdesk.schema.query import Condition, Query
from qmdesk.schema.query import Order as In
from qmdesk.schema.record import Record
from qmdesk.values import dataclass

_HOUR = 3600
ANSWERING = ("answer_delivered", "settled_and_informed")
"""The events by which a complaint is answered."""
_MONTHS = 10_000 * 12  # months since the year 0: no day lies beyond the year 9999
OTHER_CAUSES = ("OTHER_FLAW", "NONE")
"""The codes of the causes that gather the rest: Other, No reason given."""


@dataclass(frozen=True, eq=False, repr=False)
class Sales:
    """What was sold, and what the shop's lists are called."""

    orders: Rows
    """Orders: ``value`` of their lines in grosze where they are in the shop's currency."""
    lines: Rows
    """Order lines of at least one piece: ``order`` (its row), ``quantity``, ``value`` in grosze."""
    typed: Rows
    """A row for each day of the months whose sales were typed in and of which no order is there: its part of them."""
    products: Columns
    category: Numbers  # of each product
    batches: Columns
    customers: Columns
    buyers: Numbers  # the type of each customer
    words: Words

    @cached_property
    def months(self) -> Mask:
        """Of each month, by its code, whether there is any order of it."""
        found = np.zeros(_MONTHS, dtype=np.bool_)
        found[self.orders.months] = True
        return found


@dataclass(frozen=True, eq=False, repr=False)
class Facts:
    """Everything that is counted, as it stood at one moment."""

    on: date
    """The day it was read: what is open is open then."""
    now: int
    """The moment it was read, in seconds on the shop's clock."""
    shop: Shop
    sales: Sales
    cases: Rows
    """Cases on the day they were received: ``received`` and ``first_answer`` (seconds on the shop's clock, MISSING while there is
    none), ``answers`` (messages sent), ``state``, ``closed_on``, ``reopened_on``, ``refund`` and so on, as the record has them."""
    items: Rows
    """Pieces of cases on the day these were received: ``row`` (of the case), ``quantity``, ``outcome``, ``paid`` for them in grosze."""
    deadlines: Rows
    """Days by which complaints had to be answered: ``met``, and ``decided`` where it is known whether they were."""
    answers: Rows
    """Points customers gave: ``points``, ``kind`` of the question."""
    actions: Rows
    """Actions on the day they were verified: ``effective``."""
    audits: Rows
    """Finished audits: ``reached`` and ``reachable`` points, ``passed``."""
    costs: Rows
    """What quality cost, as the register keeps it."""

    @property
    def words(self) -> Words:
        """What the codes of groups stand for."""
        return self.sales.words

    @cached_property
    def glanced(self) -> dict[tuple[Indicator, Scope, str], tuple[Measured, Measured, tuple[float | None, ...]]]:
        """What tiles were told lately, in which language: of these facts it stays true."""
        return {}

    @cached_property
    def sold_cases(self) -> Rows:
        """The cases with the channel the goods were sold by, not the one they were complained by: sales know no other."""
        return _as_sold(self.cases)

    @cached_property
    def sold_items(self) -> Rows:
        """The items with the channel they were sold by."""
        return _as_sold(self.items)

    @cached_property
    def first_answers(self) -> Rows:
        """The cases with the ``hours`` until their first answer, or until now where it ``waits``, and those within the shop's hours
        (``working``). Of one that was closed without a message nobody knows whether it was answered: it is not ``known``."""
        answered, begun = self.cases["first_answer"] != MISSING, self.cases["received"]
        ended = np.where(answered, self.cases["first_answer"], np.maximum(self.now, begun))
        open_until = self.open_hours.until
        known = answered | ~columns.are(CaseState, self.cases["state"], *CLOSED_STATES)
        return replace(self.cases, columns={"hours": (ended - begun) / _HOUR, "working": open_until(ended) - open_until(begun), "waits": ~answered, "known": known})

    @cached_property
    def closed(self) -> Rows:
        """The closed cases on the day they were closed; ``at_once``: with one message and never opened again."""
        at = np.flatnonzero(self.cases["closed_on"] != MISSING)
        at_once = (self.cases["answers"][at] == 1) & (self.cases["reopened_on"][at] == MISSING)
        return _on_another_day(self.cases, at, self.cases["closed_on"][at], at_once=at_once)

    @cached_property
    def closings(self) -> Rows:
        """Each closing of a case: on its day, and where it was opened again, ``reopened``, on the day of that."""
        closed, again = (np.flatnonzero(self.cases[name] != MISSING) for name in ("closed_on", "reopened_on"))
        days = np.concatenate((self.cases["closed_on"][closed], self.cases["reopened_on"][again]))
        return _on_another_day(self.cases, np.concatenate((closed, again)), days, reopened=np.arange(len(days)) >= len(closed))

    @cached_property
    def first_day(self) -> date:
        """The first day of which anything is known."""
        tables = (self.cases, self.sales.orders, self.sales.typed, self.deadlines, self.answers, self.actions, self.audits, self.costs)
        known = [int(rows.day[at]) for rows in tables if (at := int(np.searchsorted(rows.day, MISSING, side="right"))) < len(rows)]
        return columns.as_day(min(known)) if known else self.on

    @cached_property
    def open_hours(self) -> OpenHours:
        """When the shop is open, over all the time that is counted."""
        first = min(int(self.cases.day[0]) if len(self.cases) else as_number(self.on), as_number(self.on))
        return open_hours(self.shop, first, as_number(self.on) + 1)

    def codes(self, scope: Scope) -> list[tuple[By, int]]:
        """What a scope is narrowed to, in codes."""
        return [(by, self.words.code(by, key)) for by, key in scope.only]

    def renewed(self, reading: Reading, kinds: Collection[type[Record]]) -> Facts:
        """The facts as they are after a change of these kinds; what was sold is read again only where that was touched."""
        touched = set(kinds)
        if touched & OF_SALES:
            return gather(reading)
        return _gather(reading, self.sales) if touched & READ or clock().date() != self.on else self


def _now() -> int:
    return int(local(columns.numbers([int(clock().timestamp())]))[0])


def _on_another_day(cases: Rows, at: Numbers, day: Numbers, **more: Mask) -> Rows:
    """Some of the cases on the day something became of them."""
    assert cases.parts is not None
    which, part = cases.parts.of(at)
    parts = Parts(which, {by: codes[part] for by, codes in cases.parts.groups.items()})
    return in_order(Case, cases.id[at], day, {by: codes[at] for by, codes in cases.groups.items()}, parts, **more)


def _as_sold(rows: Rows) -> Rows:
    return replace(rows, groups={**rows.groups, By.CHANNEL: rows["sold_by"]})


OF_SALES: frozenset[type[Record]] = frozenset({Order, OrderLine, Product, Customer, Batch, SalesCount, Shop, *RECORDS_BY.values()})
"""The kinds that tell what was sold."""
READ: frozenset[type[Record]] = OF_SALES | {
    Case, CaseItem, Message, Deadline, RuleSwitch, ReturnDetails, QualityCost, Action, Audit, AuditAnswer, SurveyAnswer, SurveyQuestion, SurveyResponse,
}  # fmt: skip
"""The kinds the facts are read from."""
Progress = Callable[[int, int], None]


def gather(reading: Reading, progress: Progress | None = None) -> Facts:
    """Read the facts of a register. Takes about two seconds for a million order lines: for a worker, not for the window."""
    return _gather(reading, _sales(reading, progress))


def _gather(reading: Reading, sales: Sales) -> Facts:
    shop = the_shop(reading)
    cases = _cases(reading, sales, shop)
    items, parts = _items(reading, cases, sales)
    cases = replace(cases, parts=parts)
    actions = _actions(reading, sales)
    items = items
    return Facts(
        clock().date(), _now(), shop, sales, cases, items, _deadlines(reading, cases, shop), _answers(reading, cases, sales), actions,
        _audits(reading), spending.spending(reading, shop, cases, items, actions),
    )  # fmt: skip


# ----------------------------------------------------------------------------------------- what was sold


def _sales(reading: Reading, progress: Progress | None) -> Sales:
    categories, couriers = [""], [""]
    products = reading.whole(Product, ("id", "category", "supplier", "cost"))
    customers = reading.whole(Customer, ("id", "buyer_type"))
    category, buyers = coded(products, "category", categories), chosen(BuyerType, customers, "buyer_type")
    titles = {by: columns.titles(reading.whole(kind, ("id", kind.spec.title.name)), kind.spec.title.name) for by, kind in RECORDS_BY.items()}
    if progress:
        progress(1, 3)
    currency = the_shop(reading).currency
    orders = _orders(reading, customers.numbers["id"], buyers, couriers)
    if progress:
        progress(2, 3)
    lines = _lines(reading, orders, products, category, currency)
    words = Words(titles, {By.CATEGORY: tuple(categories), By.COURIER: tuple(couriers)}, {by: tuple(choices) for by, choices in CHOICES_BY.items()}, {By.CAUSE: _other_causes(reading)})
    return Sales(orders, lines, _typed(reading, orders), products, category, reading.whole(Batch, ("id", "supplier")), customers, buyers, words)


def _other_causes(reading: Reading) -> frozenset[int]:
    return frozenset(one.id for one in reading.records(Query(Cause, (Condition("code", types.ONE_OF, OTHER_CAUSES),))))


def _orders(reading: Reading, customers: Numbers, buyers: Numbers, couriers: list[str]) -> Rows:
    read = reading.whole(Order, ("id", "ordered_at", "customer", "channel", "courier"))
    got = read.numbers
    groups = {By.CHANNEL: got["channel"], By.COURIER: coded(read, "courier", couriers), By.BUYER_TYPE: through(got["customer"], customers, buyers, -1)}
    return in_order(Order, got["id"], columns.days(got["ordered_at"]), groups, customer=got["customer"])


def _lines(reading: Reading, orders: Rows, products: Columns, category: Numbers, currency: str) -> Rows:
    read = reading.whole(OrderLine, ("id", "order", "product", "quantity", "unit_price", "discount", "currency"))
    taken = np.flatnonzero(read.numbers["quantity"] > 0)
    got = {name: values[taken] for name, values in read.numbers.items()}
    known = (got["unit_price"] != MISSING) & columns.ours(read, currency)[taken]
    value = np.where(known, got["unit_price"] * got["quantity"] - np.where(got["discount"] == MISSING, 0, got["discount"]), 0)
    at = places(orders.id)[got["order"]]
    groups = {by: codes[at] for by, codes in orders.groups.items()}
    groups |= {
        By.PRODUCT: got["product"],
        By.CATEGORY: through(got["product"], products.numbers["id"], category),
        By.SUPPLIER: through(got["product"], products.numbers["id"], products.numbers["supplier"]),
    }
    return in_order(OrderLine, got["id"], orders.day[at], groups, order=at, quantity=got["quantity"], value=value)


def _typed(reading: Reading, orders: Rows) -> Rows:
    """What was typed in, in equal parts for each day of its month; imported orders of a month go before it."""
    imported = set(np.unique(orders.months).tolist())
    day: list[int] = []
    found: list[tuple[float, ...]] = []
    for one in reading.records(Query(SalesCount).by(In("month"))):
        span = span_of(By.MONTH, month_key(one.month))
        if one.month.year * 12 + one.month.month - 1 not in imported:
            told = tuple(float(value) / span.days for value in (one.orders, one.pieces or 0, (one.sales or 0) * 100))
            day += range(as_number(span.since), as_number(span.until) + 1)
            found += [(one.id, *told)] * span.days
    table = np.array(found, dtype=np.float64).reshape(len(found), 4)
    named = {name: table[:, at] for at, name in enumerate(("orders", "pieces", "sales"), 1)}
    return Rows(SalesCount, table[:, 0].astype(np.int64), np.array(day, dtype=np.int64), {}, None, named)


# ------------------------------------------------------------------------------------------------ cases

_CASE = (
    "id", "kind", "received_at", "channel", "buyer_type", "order", "cause", "state", "closed_on", "reopened_on", "process_step", "refund", "refunded_on",
    "currency", "remedy_kind", "remedy_done_on", "remedy_cost", "goods_received_on", "decision",
)  # fmt: skip
_AS_READ = ("order", "closed_on", "reopened_on", "process_step", "refund", "refunded_on", "remedy_done_on", "remedy_cost", "goods_received_on")


def _cases(reading: Reading, sales: Sales, shop: Shop) -> Rows:
    read = reading.whole(Case, _CASE)
    got, orders = read.numbers, sales.orders
    groups = {
        By.CHANNEL: got["channel"],
        By.COURIER: through(got["order"], orders.id, orders.groups[By.COURIER]),
        By.CAUSE: got["cause"],
        By.BUYER_TYPE: chosen(BuyerType, read, "buyer_type"),
        By.KIND: chosen(CaseKind, read, "kind"),
    }
    ours = columns.ours(read, shop.currency)
    first, many = _answered(reading, got["id"], got["received_at"])
    received = local(got["received_at"])
    more = {
        "received": received, "first_answer": local(first), "answers": many, "state": chosen(CaseState, read, "state"),
        "remedy_kind": chosen(Demand, read, "remedy_kind"), "ours": ours, "sold_by": through(got["order"], orders.id, orders.groups[By.CHANNEL]),
    }  # fmt: skip
    return in_order(Case, got["id"], received // columns.DAY, groups, None, **more, **{name: got[name] for name in _AS_READ})


def _answered(reading: Reading, ids: Numbers, received: Numbers) -> tuple[Numbers, Numbers]:
    """Of each case when the first message went out after it was received, and how many went."""
    read = reading.whole(Message, ("case", "at", "direction"))
    row, at = places(ids)[read.numbers["case"]], read.numbers["at"]
    went = (chosen(Direction, read, "direction") == list(Direction).index(Direction.OUTGOING)) & (at >= received[row])
    row, at = row[went], at[went]
    first = np.full(len(ids), np.iinfo(np.int64).max)
    np.minimum.at(first, row, at)
    many = np.bincount(row, minlength=len(ids))
    return np.where(many > 0, first, MISSING), many


def _items(reading: Reading, cases: Rows, sales: Sales) -> tuple[Rows, Parts]:
    """The items, and the cases as they consist of them."""
    read = reading.whole(CaseItem, ("id", "case", "product", "batch", "quantity", "outcome", "unit_price", "discount"))
    got, products = read.numbers, sales.products.numbers
    row, product = places(cases.id)[got["case"]], got["product"]
    supplier = through(product, products["id"], products["supplier"])
    supplier = np.where(supplier > 0, supplier, through(got["batch"], sales.batches.numbers["id"], sales.batches.numbers["supplier"]))
    own = {By.PRODUCT: product, By.CATEGORY: through(product, products["id"], sales.category), By.SUPPLIER: supplier}
    groups = {by: codes[row] for by, codes in cases.groups.items()} | own
    each = np.where(got["unit_price"] == MISSING, 0, got["unit_price"]) - np.where(got["discount"] == MISSING, 0, got["discount"])
    cost = through(product, products["id"], products["cost"], MISSING)
    items = in_order(
        CaseItem, got["id"], cases.day[row], groups, row=row, batch=got["batch"], quantity=got["quantity"], outcome=chosen(Outcome, read, "outcome"),
        paid=each * got["quantity"], cost=np.where(cost == MISSING, MISSING, cost * got["quantity"]), sold_by=cases["sold_by"][row], state=cases["state"][row],
    )  # fmt: skip
    return replace(items, kind=Case, id=cases.id[items["row"]]), _parts(len(cases), row, own)


def _parts(rows: int, row: Numbers, groups: Mapping[By, Numbers]) -> Parts:
    """Parts in the order of their rows; a row that has none is about something not known."""
    without = np.setdiff1d(np.arange(rows), row)
    every = np.concatenate((row, without))
    order = np.argsort(every, kind="stable")
    nothing = np.zeros(len(without), dtype=np.int64)
    return Parts(every[order], {by: np.concatenate((codes, nothing))[order] for by, codes in groups.items()})


def of_cases(cases: Rows, row: Numbers) -> tuple[dict[By, Numbers], Parts]:
    """The groups of what belongs to cases, by the rows of these; -1 belongs to none."""
    assert cases.parts is not None
    which, at = cases.parts.of(row)
    parts = _parts(len(row), which, {by: codes[at] for by, codes in cases.parts.groups.items()})
    return {by: _of(codes, row, -1 if by in CHOICES_BY else 0) for by, codes in cases.groups.items()}, parts


def _of(codes: Numbers, row: Numbers, nothing: int) -> Numbers:
    return np.where(row >= 0, codes[np.maximum(row, 0)], nothing) if len(codes) else np.full(len(row), nothing)


def _deadlines(reading: Reading, cases: Rows, shop: Shop) -> Rows:
    read = reading.whole(Deadline, ("id", "case", "rule", "legal", "state"))
    book = rulebook(reading, shop)
    answering = {rule for event in ANSWERING for rule in rules_with(book, event)}
    asked = np.array([rule in answering for rule in read.words["rule"]], dtype=np.bool_)
    taken = np.flatnonzero(asked[read.numbers["rule"]]) if len(asked) else np.zeros(0, dtype=np.int64)
    row, state = places(cases.id)[read.numbers["case"][taken]], chosen(DeadlineState, read, "state")[taken]
    met = columns.are(DeadlineState, state, DeadlineState.MET)
    decided = met | columns.are(DeadlineState, state, DeadlineState.MISSED, DeadlineState.OVERDUE)
    groups, parts = of_cases(cases, row)
    return in_order(Case, cases.id[row], read.numbers["legal"][taken], groups, parts, met=met, decided=decided)


# ------------------------------------------------------------------------- answers, actions, audits, costs


def _answers(reading: Reading, cases: Rows, sales: Sales) -> Rows:
    read = reading.whole(SurveyAnswer, ("response", "question", "points"))
    taken = np.flatnonzero(read.numbers["points"] != MISSING)
    got = {name: values[taken] for name, values in read.numbers.items()}
    questions, responses = reading.whole(SurveyQuestion, ("id", "kind")), reading.whole(SurveyResponse, ("id", "answered_at", "customer", "order", "case"))
    kind = through(got["question"], questions.numbers["id"], chosen(QuestionKind, questions, "kind"), -1)
    told = {name: through(got["response"], responses.numbers["id"], values, MISSING) for name, values in responses.numbers.items() if name != "id"}
    case, order = _rows_of(told["case"], cases), _rows_of(told["order"], sales.orders)
    groups, parts = of_cases(cases, case)
    for by in (By.CHANNEL, By.COURIER):  # who answered after a purchase has no case
        groups[by] = np.where(case >= 0, groups[by], _of(sales.orders.groups[by], order, 0))
    asked = through(told["customer"], sales.customers.numbers["id"], sales.buyers, -1)
    groups[By.BUYER_TYPE] = np.where(groups[By.BUYER_TYPE] >= 0, groups[By.BUYER_TYPE], asked)
    bought = _bought(sales, np.where(case >= 0, -1, order))
    known = np.isin(parts.row, bought.row, invert=True)  # of the others what was bought is known, and no case
    both = Parts(np.concatenate((parts.row[known], bought.row)), {by: np.concatenate((codes[known], bought.groups[by])) for by, codes in parts.groups.items()})
    return in_order(SurveyResponse, got["response"], columns.days(told["answered_at"]), groups, both, points=got["points"], question=kind)


def _rows_of(refs: Numbers, rows: Rows) -> Numbers:
    return through(refs, rows.id, np.arange(len(rows)), -1)


def _bought(sales: Sales, orders: Numbers) -> Parts:
    """What was in orders, by their rows; of -1 nothing is known."""
    lines = sales.lines
    inside = np.flatnonzero(np.isin(lines["order"], orders[orders >= 0]))
    inside = inside[np.argsort(lines["order"][inside], kind="stable")]
    own = {by: lines.groups[by][inside] for by in ITEM_WISE}
    which, at = Parts(lines["order"][inside], own).of(orders)
    return Parts(which, {by: codes[at] for by, codes in own.items()})


def _actions(reading: Reading, sales: Sales) -> Rows:
    read = reading.whole(Action, ("id", "verified_on", "state", "cause", "product", "supplier", "done_on", "cost"))
    got, products = read.numbers, sales.products.numbers
    state = chosen(ActionState, read, "state")
    supplier = through(got["product"], products["id"], products["supplier"])
    groups = {
        By.CAUSE: got["cause"],
        By.PRODUCT: got["product"],
        By.CATEGORY: through(got["product"], products["id"], sales.category),
        By.SUPPLIER: np.where(got["supplier"] > 0, got["supplier"], supplier),
    }
    day = np.where(columns.are(ActionState, state, *JUDGED_STATES), got["verified_on"], MISSING)
    return in_order(Action, got["id"], day, groups, effective=columns.are(ActionState, state, ActionState.EFFECTIVE, ActionState.CLOSED), done_on=got["done_on"], cost=got["cost"])


def _audits(reading: Reading) -> Rows:
    audits: list[Audit] = reading.records(Query(Audit, (Condition("state", types.ONE_OF, (AuditState.FINISHED,)),)))
    answers: dict[int, list[AuditAnswer]] = {}
    if audits:
        for one in reading.records(Query(AuditAnswer).by(In("id"))):
            answers.setdefault(one.audit, []).append(one)
    points = [audit_result.result(answers.get(one.id, [])).points for one in audits]
    day = [as_number(one.finished_at.astimezone().date()) if one.finished_at else MISSING for one in audits]
    return in_order(
        Audit, columns.numbers(one.id for one in audits), columns.numbers(day), {By.SUPPLIER: columns.numbers(one.supplier or 0 for one in audits)},
        reached=np.array([float(one.reached) for one in points]), reachable=np.array([float(one.reachable) for one in points]),
        passed=np.array([one.passed for one in audits], dtype=np.bool_),
    )  # fmt: skip
