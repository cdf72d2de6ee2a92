"""Early warning: which batches, serial numbers or months of sale of a product are complained of too often, and who bought them.

What counts is a sale, an order line: it is complained of or it is not, however many pieces and letters (quality.md, Early
warning of a bad batch or product). The register rarely knows which piece went to whom, so:

- a **batch** (a delivery is one) is what was sold of its product from the day it came until the next batch of it came; a
  complaint that names its batch counts there whenever it was sold. Where no orders are known its pieces are its sales;
- a **range of serial numbers** is each hundred of them that complaints name: no more than a hundred can have been sold;
- a **month of sale** stands for a batch where a product has none.

Looked at is what was sold in the last LIVE_DAYS: nobody can stop the sale of what is long gone, and each group that is looked
at in vain makes the others harder to see.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta

import numpy as np

from qmdesk.analysis.early_warning import Group, judge
from qmdesk.i18n import _, decimal_sign, show_month
from qmdesk.operations.figures.columns import (
    DAY,
    Numbers,
    are,
    as_day,
    as_number,
    chosen,
    local,
    through,
)
from qmdesk.operations.figures.facts import Facts
from qmdesk.operations.figures.indicators import COMPLAINTS
from qmdesk.operations.figures.scope import By, span_of
from qmdesk.records.case import Case, CaseItem, CaseKind, CaseState
from qmdesk.records.product import Batch, Product
from qmdesk.register import MISSING, Reading
from qmdesk.values import dataclass

LIVE_DAYS = 120
SERIALS = 100
"""So many serial numbers make a range."""
_SERIAL = re.compile(r"(.*?)(\d+)\D*")


@dataclass(frozen=True)
class Suspect:
    """A group of sales and how it stands; ``bad`` when it is told of. Of batch, month and serials one says which group it is."""

    product: int
    product_name: str
    batch: int | None
    batch_code: str
    month: str
    serials: str
    since: date
    until: date
    complaints: int
    sold: int
    expected: float
    p: float
    q: float
    bad: bool
    cases: tuple[int, ...]
    """The cases behind it, the newest first."""

    @property
    def crossing(self) -> str:
        """What names the group for ever: it is told of once."""
        if self.batch:
            return f"batch:{self.batch}"
        return f"serials:{self.product}:{self.serials}" if self.serials else f"sold:{self.product}:{self.month}"

    @property
    def group(self) -> str:
        """The group in words."""
        if self.batch:
            return _("Batch {batch} ({product})").format(batch=self.batch_code, product=self.product_name)
        if self.serials:
            return _("{product}, serial numbers {serials}").format(serials=self.serials, product=self.product_name)
        return _("{product}, sold in {month}").format(month=show_month(self.month), product=self.product_name)

    @property
    def sentence(self) -> str:
        """Batch L-0412: 5 of 38 complained of, 0.9 expected."""
        expected = f"{self.expected:.1f}".replace(".", decimal_sign())
        return _("{group}: {complaints} of {sold} complained of, {expected} expected").format(group=self.group, complaints=self.complaints, sold=self.sold, expected=expected)


@dataclass(frozen=True, eq=False, repr=False)
class _Complaint:
    """A sale that was complained of: its key (an order line, or else a case), its day where it is known, and what the complaints name."""

    key: int
    case: int
    received: int
    sold: int
    batch: int
    serial: str


@dataclass(frozen=True, eq=False, repr=False)
class _Stock:
    """A batch as it was on sale: from the day it came until the next one came."""

    id: int
    came: int
    until: int
    pieces: int


@dataclass(frozen=True, eq=False, repr=False)
class _Lot:
    """A group before it is judged."""

    batch: int | None
    month: str
    serials: str
    since: int
    until: int
    sold: int
    complaints: Sequence[_Complaint]


def suspects(reading: Reading, facts: Facts, on: date) -> list[Suspect]:
    """Every group that was on sale lately and is complained of, the gravest first, judged among all groups on sale lately."""
    today = as_number(on)
    complaints = _complaints(reading, facts, today)
    batches = _batches(reading, today)
    sold = _sold_days(facts, today)
    found: list[tuple[int, _Lot, Group]] = []
    all_complaints = all_sold = 0
    for product in sorted({*sold, *batches, *complaints} - {0}):
        days, known, stock = sold.get(product, np.zeros(0, np.int64)), complaints.get(product, []), batches.get(product, [])
        of = len(days) or sum(batch.pieces for batch in stock)
        counted = [one for one in known if one.sold == MISSING or not len(days) or one.sold >= days[0]]  # sales before the first that is known have no denominator
        hits = len({one.key for one in counted})
        all_complaints, all_sold = all_complaints + hits, all_sold + of
        for lot in _lots(days, stock, counted, today):
            inside = len({one.key for one in lot.complaints})
            group = Group(inside, max(lot.sold, inside), max(0, hits - inside), max(0, of - lot.sold))
            found.append((product, lot, group))
    judged = judge([group for _product, _lot, group in found], all_complaints / all_sold if all_sold else 0.0)
    names = reading.titles(Product, {product for product, _lot, group in found if group.complaints})
    codes = reading.titles(Batch, {lot.batch for _product, lot, group in found if lot.batch and group.complaints})
    told = [
        Suspect(
            product, names.get(product, ""), lot.batch, codes.get(lot.batch or 0, ""), lot.month, lot.serials, as_day(lot.since), as_day(min(lot.until, today)),
            group.complaints, group.sold, one.expected, one.p, one.q, one.bad, tuple(_cases(lot.complaints)),
        )
        for (product, lot, group), one in zip(found, judged, strict=True)
        if group.complaints
    ]  # fmt: skip
    return sorted(told, key=lambda one: (not one.bad, one.p, one.product_name, one.since))


def told_of(found: Sequence[Suspect]) -> list[Suspect]:
    """Those that are bad, each trouble once: of groups of a product that share most of their cases the one that stands out most."""
    told: list[Suspect] = []
    for one in found:
        if one.bad and not any(other.product == one.product and 2 * len({*one.cases} & {*other.cases}) >= len(one.cases) for other in told):
            told.append(one)
    return told


def _cases(complaints: Sequence[_Complaint]) -> list[int]:
    return list(dict.fromkeys(one.case for one in sorted(complaints, key=lambda one: (-one.received, -one.case))))


# ------------------------------------------------------------------------------------ what is in the register


def _sold_days(facts: Facts, today: int) -> dict[int, Numbers]:
    """Product -> the days of its sales, ascending."""
    lines = facts.sales.lines
    past = slice(0, int(np.searchsorted(lines.day, today, "right")))
    products, days = lines.groups[By.PRODUCT][past], lines.day[past]
    order = np.argsort(products, kind="stable")
    which, first = np.unique(products[order], return_index=True)
    return dict(zip(which.tolist(), np.split(days[order], first[1:]), strict=True)) if len(which) else {}


def _batches(reading: Reading, today: int) -> dict[int, list[_Stock]]:
    """Product -> its batches that had come by then, in order."""
    got = reading.whole(Batch, ("id", "product", "received_on", "quantity")).numbers
    came: dict[int, list[tuple[int, int, int]]] = defaultdict(list)
    for id_, product, day, pieces in zip(*(got[name].tolist() for name in ("id", "product", "received_on", "quantity")), strict=True):
        if day != MISSING and day <= today:
            came[product].append((day, id_, 0 if pieces == MISSING else pieces))
    found: dict[int, list[_Stock]] = {}
    for product, rows in came.items():
        rows.sort()
        next_days = [day for day, _id, _pieces in rows[1:]] + [today + 1]
        found[product] = [_Stock(id_, day, max(day, following - 1), pieces) for (day, id_, pieces), following in zip(rows, next_days, strict=True)]
    return found


def _complaints(reading: Reading, facts: Facts, today: int) -> dict[int, list[_Complaint]]:
    """Product -> its sales that were complained of by then."""
    cases = reading.whole(Case, ("id", "kind", "state", "received_at", "sold_on", "order"))
    items = reading.whole(CaseItem, ("case", "product", "batch", "order_line", "serial", "sold_on"))
    of, ids = cases.numbers, cases.numbers["id"]
    received = local(of["received_at"]) // DAY
    counts = are(CaseKind, chosen(CaseKind, cases, "kind"), *COMPLAINTS) & ~are(CaseState, chosen(CaseState, cases, "state"), CaseState.WITHDRAWN) & (received <= today)
    got = items.numbers
    taken = np.flatnonzero((through(got["case"], ids, counts.astype(np.int64)) > 0) & (got["product"] > 0))
    case, line, serial = got["case"][taken], got["order_line"][taken], got["serial"][taken]
    lines, orders = facts.sales.lines, facts.sales.orders
    known = (
        got["sold_on"][taken],
        through(line, lines.id, lines.day, MISSING),
        through(case, ids, of["sold_on"], MISSING),
        through(through(case, ids, of["order"]), orders.id, orders.day, MISSING),
    )
    sold = known[0]
    for day in known[1:]:
        sold = np.where(sold == MISSING, day, sold)
    columns = (got["product"][taken], np.where(line > 0, line, -case), case, through(case, ids, received), sold, got["batch"][taken], serial)
    found: dict[int, list[_Complaint]] = defaultdict(list)
    for product, key, case_id, day, sold_on, batch, word in zip(*(column.tolist() for column in columns), strict=True):
        found[product].append(_Complaint(key, case_id, day, sold_on, batch, items.words["serial"][word]))
    return found


# --------------------------------------------------------------------------------------------------- the groups


def _lots(days: Numbers, stock: Sequence[_Stock], complaints: Sequence[_Complaint], today: int) -> Iterator[_Lot]:
    """The groups of one product that were on sale lately."""
    live = today - LIVE_DAYS + 1
    if stock:
        yield from _by_batch(days, stock, complaints, live)
    elif len(days):
        yield from _by_month(days, complaints, live)
    yield from _by_serial(days, complaints, live)


def _between(days: Numbers, since: int, until: int) -> Numbers:
    return days[np.searchsorted(days, since) : np.searchsorted(days, until, "right")]


def _by_batch(days: Numbers, stock: Sequence[_Stock], complaints: Sequence[_Complaint], live: int) -> Iterator[_Lot]:
    inside: Mapping[int, list[_Complaint]] = defaultdict(list)
    for one in complaints:
        batch = one.batch or next((batch.id for batch in reversed(stock) if one.sold != MISSING and batch.came <= one.sold <= batch.until), 0)
        inside[batch].append(one)
    for batch in stock:
        sold = _between(days, batch.came, batch.until)
        last = int(sold[-1]) if len(sold) else batch.came
        if last >= live and (len(sold) or (not len(days) and batch.pieces)):
            yield _Lot(batch.id, "", "", batch.came, batch.until, len(sold) or batch.pieces, inside[batch.id])


def _by_month(days: Numbers, complaints: Sequence[_Complaint], live: int) -> Iterator[_Lot]:
    first = as_day(int(_between(days, live, int(days[-1]))[0])) if days[-1] >= live else None
    while first is not None and as_number(first) <= days[-1]:
        key = f"{first:%Y-%m}"
        span = span_of(By.MONTH, key)
        since, until = as_number(span.since), as_number(span.until)
        if sold := len(_between(days, since, until)):
            yield _Lot(None, key, "", since, until, sold, [one for one in complaints if since <= one.sold <= until])
        first = span.until + timedelta(days=1)


def _by_serial(days: Numbers, complaints: Sequence[_Complaint], live: int) -> Iterator[_Lot]:
    """Ranges that complaints name, of pieces that were sold lately as far as anybody knows."""
    ranges: dict[tuple[str, int, int], list[_Complaint]] = defaultdict(list)
    for one in complaints:
        if (match := _SERIAL.fullmatch(one.serial.strip())) and (one.sold if one.sold != MISSING else one.received) >= live:
            prefix, digits = match.groups()
            ranges[prefix, len(digits), int(digits) // SERIALS].append(one)
    for (prefix, width, hundred), inside in ranges.items():
        named = f"{prefix}{hundred * SERIALS:0{width}}–{prefix}{hundred * SERIALS + SERIALS - 1:0{width}}"
        known = [one.sold for one in inside if one.sold != MISSING] or [one.received for one in inside]
        yield _Lot(None, "", named, min(known), max(known), min(SERIALS, len(days)) or SERIALS, inside)
