"""What quality cost, entry by entry (quality.md, Indicators): what is booked, and what is estimated where nobody wrote it down.

Booked are the costs that were typed in, the refunds that were paid, the repairs a case tells of, the actions with their cost.
Estimated, from the shop's usual figures and only where a case has no entry of the kind: the work on a case; the parcel from
the customer when goods came back at the shop's expense; the parcel and the packaging to the customer when something was
mended or replaced; the purchase cost of what was replaced. Of a return whose goods came back as new the price of these is set
against the refund: they can be sold again.
"""

from __future__ import annotations

from decimal import Decimal

import numpy as np

from qmdesk.i18n import N_
from qmdesk.operations.figures.columns import (
    Floats,
    Mask,
    Numbers,
    Parts,
    Rows,
    are,
    chosen,
    in_order,
    places,
    through,
)
from qmdesk.operations.figures.scope import ITEM_WISE, By
from qmdesk.records.case import Case, CaseKind, Demand, Outcome
from qmdesk.records.measures import CostGroup, CostKind, QualityCost, cost_group
from qmdesk.records.returns import Condition, ReturnDetails
from qmdesk.records.shop import Shop
from qmdesk.register import MISSING, Reading
from qmdesk.schema.types import Labelled


class Known(Labelled):
    """What the register knows of costs without anybody typing them in."""

    REFUND = "refund", N_("Refunds")
    RESOLD = "resold", N_("Goods that can be sold again, off the refunds")
    ACTION = "action", N_("Actions carried out")


Line = CostKind | Known
LINES: tuple[Line, ...] = (Known.REFUND, Known.RESOLD, *CostKind, Known.ACTION)
"""The lines the costs are told by, in their order; a code is a place in here."""


def group_of(line: Line) -> CostGroup:
    """To fail, to look, or to prevent."""
    if isinstance(line, CostKind):
        return cost_group(line)
    return CostGroup.PREVENTION if line is Known.ACTION else CostGroup.FAILURE


class _Entries:
    """Entries as they are gathered: day, line, grosze, whether estimated, the row of the case (-1: of none)."""

    def __init__(self) -> None:
        self.parts: list[tuple[Numbers, Numbers, Floats, Mask, Numbers]] = []

    def add(self, line: Line | Numbers, day: Numbers, amount: Floats | Numbers, row: Numbers, *, estimated: bool = False) -> None:
        codes = line if isinstance(line, np.ndarray) else np.full(len(day), LINES.index(line))
        self.parts.append((day, codes, np.asarray(amount, dtype=np.float64), np.full(len(day), estimated), row))

    def columns(self) -> tuple[Numbers, Numbers, Floats, Mask, Numbers]:
        day, line, amount, estimated, row = (np.concatenate(column) for column in zip(*self.parts, strict=True))
        return day, line, amount, estimated, row


def spending(reading: Reading, shop: Shop, cases: Rows, items: Rows, actions: Rows) -> Rows:
    """Everything quality cost: ``line`` (its place in LINES), ``failure`` (not to look or to prevent), ``amount`` in grosze, ``estimated``."""
    found = _Entries()
    booked = _typed(reading, shop, cases, found)
    _refunds(reading, shop, cases, items, found)
    _estimates(reading, shop, cases, items, booked, found)
    done = np.flatnonzero((actions["cost"] != MISSING) & (actions["done_on"] != MISSING))
    day, line, amount, estimated, row = found.columns()
    from_actions = np.full(len(done), -1)
    groups = {by: np.concatenate((_of(codes, row, by), _own(actions, by, done))) for by, codes in cases.groups.items()}
    parts = _parts(cases, row, actions, done)
    ids = np.concatenate((np.where(row >= 0, cases.id[np.maximum(row, 0)] if len(cases) else 0, 0), np.zeros(len(done), dtype=np.int64)))
    lines = np.concatenate((line, np.full(len(done), LINES.index(Known.ACTION))))
    failures = np.array([group_of(one) is CostGroup.FAILURE for one in LINES], dtype=np.bool_)
    return in_order(
        Case, ids, np.concatenate((day, actions["done_on"][done])), groups, parts,
        line=lines, failure=failures[lines],
        amount=np.concatenate((amount, actions["cost"][done].astype(np.float64))),
        estimated=np.concatenate((estimated, np.zeros(len(done), dtype=np.bool_))), row=np.concatenate((row, from_actions)),
    )  # fmt: skip


def _of(codes: Numbers, row: Numbers, by: By) -> Numbers:
    nothing = -1 if by in (By.BUYER_TYPE, By.KIND) else 0
    return np.where(row >= 0, codes[np.maximum(row, 0)], nothing) if len(codes) else np.full(len(row), nothing)


def _own(actions: Rows, by: By, done: Numbers) -> Numbers:
    return actions.groups[by][done] if by in actions.groups else np.full(len(done), -1 if by in (By.BUYER_TYPE, By.KIND) else 0)


def _parts(cases: Rows, row: Numbers, actions: Rows, done: Numbers) -> Parts:
    """What each entry is about: the items of its case, what its action is for, else something not known."""
    assert cases.parts is not None
    which, at = cases.parts.of(row)
    without = np.flatnonzero(row < 0)
    last = len(row) + np.arange(len(done))
    every = np.concatenate((which, without, last))
    order = np.argsort(every, kind="stable")
    nothing = np.zeros(len(without), dtype=np.int64)
    codes = {by: np.concatenate((cases.parts.groups[by][at], nothing, actions.groups[by][done]))[order] for by in ITEM_WISE}
    return Parts(every[order], codes)


def _typed(reading: Reading, shop: Shop, cases: Rows, found: _Entries) -> set[tuple[int, int]]:
    """What was typed in; returns which lines are written down of which cases' rows."""
    read = reading.whole(QualityCost, ("on", "kind", "amount", "minutes", "case"))
    got = read.numbers
    kind = chosen(CostKind, read, "kind") + LINES.index(next(iter(CostKind)))
    work = np.where(got["minutes"] == MISSING, 0, got["minutes"]) * _grosze(shop.hourly_rate) / 60
    row = through(got["case"], cases.id, np.arange(len(cases)), -1)
    found.add(kind, got["on"], np.where(got["amount"] == MISSING, 0, got["amount"]) + work, row)
    return set(zip(row.tolist(), kind.tolist(), strict=True))


def _grosze(amount: Decimal | None) -> float:
    return float(amount or 0) * 100


def _refunds(reading: Reading, shop: Shop, cases: Rows, items: Rows, found: _Entries) -> None:
    paid = (cases["refunded_on"] != MISSING) & (cases["refund"] != MISSING) & cases["ours"]
    row = np.flatnonzero(paid)
    found.add(Known.REFUND, cases["refunded_on"][row], cases["refund"][row], row)
    read = reading.whole(ReturnDetails, ("case", "condition"))
    fine = are(Condition, chosen(Condition, read, "condition"), Condition.AS_NEW, Condition.TRIED)
    back = places(cases.id)[read.numbers["case"][fine]]
    back = back[are(CaseKind, cases.groups[By.KIND][back], CaseKind.RETURN) & paid[back]]
    taken = ~are(Outcome, items["outcome"], Outcome.REJECTED, Outcome.SENT_BACK)
    goods = np.bincount(items["row"][taken], items["paid"][taken], minlength=len(cases))
    found.add(Known.RESOLD, cases["refunded_on"][back], -np.minimum(goods[back], cases["refund"][back]), back)


def _estimates(reading: Reading, shop: Shop, cases: Rows, items: Rows, booked: set[tuple[int, int]], found: _Entries) -> None:
    def guess(line: CostKind, row: Numbers, day: Numbers, amount: Floats | float) -> None:
        code = LINES.index(line)
        free = np.array([(one, code) not in booked for one in row.tolist()], dtype=np.bool_) & (day != MISSING)
        amounts = np.broadcast_to(np.asarray(amount, dtype=np.float64), row.shape)
        free &= amounts > 0
        found.add(line, day[free], amounts[free], row[free], estimated=True)

    every = np.arange(len(cases))
    guess(CostKind.WORK, every, cases.day, (shop.usual_minutes or 0) * _grosze(shop.hourly_rate) / 60)
    returned = are(CaseKind, cases.groups[By.KIND], CaseKind.RETURN)
    read = reading.whole(ReturnDetails, ("case", "shop_pays_return"))
    ours = np.zeros(len(cases), dtype=np.bool_)
    ours[places(cases.id)[read.numbers["case"][read.numbers["shop_pays_return"] == 1]]] = True
    guess(CostKind.POSTAGE_FROM_CUSTOMER, every[~returned | ours], cases["goods_received_on"][~returned | ours], _grosze(shop.usual_postage))
    mended = np.flatnonzero(are(Demand, cases["remedy_kind"], Demand.REPAIR, Demand.REPLACEMENT))
    guess(CostKind.POSTAGE_TO_CUSTOMER, mended, cases["remedy_done_on"][mended], _grosze(shop.usual_postage))
    guess(CostKind.PACKAGING, mended, cases["remedy_done_on"][mended], _grosze(shop.usual_packaging))
    replaced = are(Outcome, items["outcome"], Outcome.REPLACED) & (items["cost"] != MISSING)
    lost = np.bincount(items["row"][replaced], items["cost"][replaced], minlength=len(cases)).astype(np.float64)
    over = np.where(cases["remedy_done_on"] == MISSING, cases.day, cases["remedy_done_on"])
    guess(CostKind.GOODS_LOST, every, over, lost)
    repaired = np.flatnonzero((cases["remedy_cost"] != MISSING) & (cases["remedy_cost"] > 0))
    taken = np.array([(one, LINES.index(CostKind.REPAIR)) not in booked for one in repaired.tolist()], dtype=np.bool_)
    repaired = repaired[taken]
    found.add(CostKind.REPAIR, over[repaired], cases["remedy_cost"][repaired], repaired)
