"""What figures are counted from: whole columns of the register, read once, as numbers in the order of their days.

A million order lines are read in about two seconds; after that every figure is a slice, a mask and a bincount of numpy.
Whatever is here is as it stood when it was read: ``renewed`` reads again only what a change has touched.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import cached_property
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from qmdesk.i18n import _
from qmdesk.operations.scope import (
    CHOICES_BY,
    ITEM_WISE,
    RECORDS_BY,
    By,
    Key,
    Period,
    Scope,
    month_key,
    span_of,
    week_key,
    word,
)
from qmdesk.records.case import Case, CaseItem
from qmdesk.records.measures import SalesCount
from qmdesk.records.party import Customer
from qmdesk.records.product import Batch, Order, OrderLine, Product
from qmdesk.register import MISSING, Columns, Reading, clock
from qmdesk.schema import types
from qmdesk.schema.query import Order as In
from qmdesk.schema.query import Query
from qmdesk.schema.record import Record
from qmdesk.schema.types import Labelled
from qmdesk.values import dataclass

Numbers: TypeAlias = npt.NDArray[np.int64]
Floats: TypeAlias = npt.NDArray[np.float64]
Mask: TypeAlias = npt.NDArray[np.bool_]
EPOCH = date(1970, 1, 1)
DAY = 86400
_HOUR = 3600
_FIRST_MONDAY = 3  # 1970-01-01 was a Thursday: weeks are counted from the Monday before


def as_number(day: date) -> int:
    """A day as days since 1970."""
    return (day - EPOCH).days


def as_day(number: int) -> date:
    """Days since 1970 as a day."""
    return date.fromordinal(EPOCH.toordinal() + int(number))


def local(moments: Numbers) -> Numbers:
    """Seconds since 1970 as the shop's clock shows them, summer time included; MISSING stays."""
    hours, place = np.unique(moments[moments != MISSING] // _HOUR, return_inverse=True)
    ahead = [datetime.fromtimestamp(hour * _HOUR, UTC).astimezone().utcoffset() for hour in hours.tolist()]
    seconds = np.array([0 if one is None else int(one.total_seconds()) for one in ahead], dtype=np.int64)
    told = moments.copy()
    if len(hours):
        told[moments != MISSING] += seconds[place]
    return told


def _days(moments: Numbers) -> Numbers:
    return np.where(moments == MISSING, MISSING, local(moments) // DAY)


# ------------------------------------------------------------------------------------------ tables


@dataclass(frozen=True, eq=False, repr=False)
class Rows:
    """Records of one kind in the order of their days, each with its groups."""

    kind: type[Record]
    id: Numbers
    day: Numbers  # days since 1970, ascending; what has no day comes first, as MISSING
    groups: Mapping[By, Numbers]  # the code of each row's group, where it has one at most
    pieces: Mapping[By, tuple[Numbers, Numbers]]  # of the rows that have many: row and code, each pair once
    columns: Mapping[str, npt.NDArray[Any]]

    def __getitem__(self, name: str) -> npt.NDArray[Any]:
        return self.columns[name]

    def __len__(self) -> int:
        return len(self.id)

    def window(self, period: Period) -> slice:
        """The rows of a period."""
        first, after = np.searchsorted(self.day, (as_number(period.since), as_number(period.until) + 1))
        return slice(int(first), int(after))

    def known(self, by: By) -> bool:
        """Whether the rows have groups of this sort."""
        return by in self.groups or by in self.pieces or by in (By.MONTH, By.WEEK)

    def codes(self, by: By) -> Numbers:
        """The code of each row's group, of a sort of which it has one."""
        if by is By.MONTH:
            return self.months
        if by is By.WEEK:
            return (self.day + _FIRST_MONDAY) // 7
        return self.groups[by]

    @cached_property
    def months(self) -> Numbers:
        """Months since the year 0 of each row."""
        found: Numbers = self.day.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64) + 1970 * 12
        return found

    def mask(self, window: slice, only: Collection[tuple[By, int]]) -> Mask:
        """Which rows of a window are of these groups; of several of one sort any will do."""
        found = np.ones(window.stop - window.start, dtype=np.bool_)
        for by in {by for by, _code in only}:
            wanted = [code for one, code in only if one is by]
            if by in self.pieces:
                row, code = self.pieces[by]
                hit = np.zeros(len(self), dtype=np.bool_)
                hit[row[np.isin(code, wanted)]] = True
                found &= hit[window]
            else:
                found &= np.isin(self.codes(by)[window], wanted) if len(wanted) > 1 else self.codes(by)[window] == wanted[0]
        return found

    def pairs(self, window: slice, mask: Mask, by: By) -> tuple[Numbers, Numbers]:
        """The rows of a window, counted from its first, with the code of their group; a row of many groups is there for each."""
        if by not in self.pieces:
            return np.flatnonzero(mask), self.codes(by)[window][mask]
        row, code = self.pieces[by]
        first, after = np.searchsorted(row, (window.start, window.stop))
        row, code = row[first:after] - window.start, code[first:after]
        inside = mask[row]
        return row[inside], code[inside]

    def counted(self, window: slice, mask: Mask, by: By, weights: Mapping[str, Floats]) -> dict[int, dict[str, float]]:
        """Code of a group -> name -> sum of the weights (one for each row of the window) over its rows."""
        row, code = self.pairs(window, mask, by)
        if not len(code):
            return {}
        least = int(code.min())
        there = np.flatnonzero(np.bincount(code - least))
        sums = {name: np.bincount(code - least, values[row])[there].tolist() for name, values in weights.items()}
        return {int(at) + least: {name: found[place] for name, found in sums.items()} for place, at in enumerate(there)}


def _sorted(kind: type[Record], read: Columns, day: Numbers, groups: Mapping[By, Numbers], **more: Numbers) -> Rows:
    """Rows in the order of their days. ``groups`` and ``more`` are in the order that was read, as ``read`` is."""
    order = np.argsort(day, kind="stable")
    columns = {name: values[order] for name, values in {**read.numbers, **more}.items()}
    return Rows(kind, columns["id"], day[order], {by: values[order] for by, values in groups.items()}, {}, columns)


def _places(ids: Numbers) -> Numbers:
    """Id -> place in a column of ids; -1 for an id that is not there."""
    found = np.full(int(ids.max(initial=0)) + 1, -1, dtype=np.int64)
    found[ids] = np.arange(len(ids))
    return found


def _through(refs: Numbers, ids: Numbers, values: Numbers, nothing: int = 0) -> Numbers:
    """Of each reference the value of what it refers to; ``nothing`` where it refers to nothing."""
    if not len(ids):
        return np.full(len(refs), nothing, dtype=np.int64)
    places = _places(ids)
    at = np.where(refs < len(places), places[np.minimum(refs, len(places) - 1)], -1)
    return np.where((refs > 0) & (at >= 0), values[at], nothing)


# ------------------------------------------------------------------------------------------- words


@dataclass(frozen=True, eq=False, repr=False)
class Words:
    """What the codes of groups stand for."""

    titles: Mapping[By, Mapping[int, str]]  # of records: id -> title
    texts: Mapping[By, tuple[str, ...]]  # of texts: code -> text; "" is 0
    choices: Mapping[By, tuple[Labelled, ...]]

    def key(self, by: By, code: int) -> Key:
        """The key of a group."""
        if by in self.texts:
            return self.texts[by][code]
        if by in self.choices:
            return str(self.choices[by][code].value) if code >= 0 else ""
        if by is By.MONTH:
            return f"{code // 12}-{code % 12 + 1:02}"
        if by is By.WEEK:
            return week_key(as_day(code * 7 - _FIRST_MONDAY))
        return code

    def code(self, by: By, key: Key) -> int:
        """The code of a group; one that no row has for what is not there."""
        if by in self.texts:
            return self.texts[by].index(str(key)) if key in self.texts[by] else -1
        if by in self.choices:
            return next((at for at, one in enumerate(self.choices[by]) if one.value == key), -1)
        if by is By.MONTH:
            return int(str(key)[:4]) * 12 + int(str(key)[5:7]) - 1
        if by is By.WEEK:
            year, _w, week = str(key).partition("-W")
            return (as_number(date.fromisocalendar(int(year), int(week), 1)) + _FIRST_MONDAY) // 7
        return int(key)

    def name(self, by: By, code: int) -> str:
        """A group in words."""
        if by in self.titles:
            return self.titles[by].get(code, _("not known"))
        return word(by, self.key(by, code))


def _coded(read: Columns, name: str, texts: list[str]) -> Numbers:
    """A column of words as codes of a shared list, which grows by those that are new."""
    places = {text: at for at, text in enumerate(texts)}
    here = [places.setdefault(" ".join(text.split()), len(places)) for text in read.words[name]]
    texts[:] = places
    return np.array(here, dtype=np.int64)[read.numbers[name]] if here else read.numbers[name]


# ------------------------------------------------------------------------------------------- facts


@dataclass(frozen=True, eq=False, repr=False)
class Facts:
    """Everything that is counted, as it stood at one moment."""

    on: date
    """The day it was read: what is open is open then."""
    words: Words
    orders: Rows
    lines: Rows
    """Order lines of at least one piece: ``quantity``, ``value`` in grosze."""
    cases: Rows
    items: Rows
    """Pieces of cases, on the day the case was received: ``row`` is that of it in ``cases``."""
    typed: Rows
    """A row for each day of the months whose sales were typed in and of which no order is there: its part of them."""

    @cached_property
    def months_imported(self) -> frozenset[int]:
        """The months of which there is any order."""
        return frozenset(np.unique(self.orders.months).tolist())

    @cached_property
    def sold_cases(self) -> Rows:
        """The cases with the channel the goods were sold by, not the one they were complained by: sales know no other."""
        return _as_sold(self.cases)

    @cached_property
    def sold_items(self) -> Rows:
        """The items with the channel they were sold by."""
        return _as_sold(self.items)

    def codes(self, scope: Scope) -> list[tuple[By, int]]:
        """What a scope is narrowed to, in codes."""
        return [(by, self.words.code(by, key)) for by, key in scope.only]

    def renewed(self, reading: Reading, kinds: Collection[type[Record]]) -> Facts:
        """The facts as they are after a change of these kinds."""
        return gather(reading) if READ & set(kinds) else self


def _as_sold(rows: Rows) -> Rows:
    return replace(rows, groups={**rows.groups, By.CHANNEL: rows["sold_by"]})


READ: frozenset[type[Record]] = frozenset({Case, CaseItem, Order, OrderLine, Product, Customer, Batch, SalesCount, *RECORDS_BY.values()})
"""The kinds the facts are read from."""
_CASE = ("id", "kind", "received_at", "channel", "buyer_type", "order", "cause", "state", "closed_on", "reopened_on", "process_step")
_ITEM = ("id", "case", "product", "batch", "quantity", "outcome", "unit_price", "discount")
Progress = Callable[[int, int], None]


def gather(reading: Reading, progress: Progress | None = None) -> Facts:
    """Read the facts of a register. Takes about two seconds for a million order lines: for a worker, not for the window."""
    choices = {by: tuple(words) for by, words in CHOICES_BY.items()}
    categories, couriers = [""], [""]
    titles = {by: _titles(reading, kind) for by, kind in RECORDS_BY.items()}
    products = reading.whole(Product, ("id", "category", "supplier"))
    batches = reading.whole(Batch, ("id", "supplier"))
    customers = reading.whole(Customer, ("id", "buyer_type"))
    category = _coded(products, "category", categories)
    buyers = _chosen(Customer, customers, "buyer_type")
    orders = _orders(reading, customers.numbers["id"], buyers, couriers)
    lines = _lines(reading, orders, products.numbers["id"], category, products.numbers["supplier"])
    cases = _cases(reading, orders)
    items, pieces = _items(reading, cases, products, category, batches)
    cases = replace(cases, pieces=pieces)
    texts = {By.CATEGORY: tuple(categories), By.COURIER: tuple(couriers)}
    return Facts(clock().date(), Words(titles, texts, choices), orders, lines, cases, items, _typed(reading, orders))


def _typed(reading: Reading, orders: Rows) -> Rows:
    """What was typed in, in equal parts for each day of its month; imported orders of a month go before it."""
    imported = set(np.unique(orders.months).tolist())
    day, found = [], []
    for one in reading.records(Query(SalesCount).by(In("month"))):
        span = span_of(By.MONTH, month_key(one.month))
        if one.month.year * 12 + one.month.month - 1 not in imported:
            told = (one.orders, one.pieces or 0, (one.sales or 0) * 100)
            for number in range(as_number(span.since), as_number(span.until) + 1):
                day.append(number)
                found.append((one.id, *(float(value) / span.days for value in told)))
    columns = np.array(found, dtype=np.float64).reshape(len(found), 4)
    named = {name: columns[:, at] for at, name in enumerate(("id", "orders", "pieces", "sales"))}
    return Rows(SalesCount, columns[:, 0].astype(np.int64), np.array(day, dtype=np.int64), {}, {}, named)


def _titles(reading: Reading, kind: type[Record]) -> dict[int, str]:
    read = reading.whole(kind, ("id", kind.spec.title.name))
    words = read.words[kind.spec.title.name]
    return {id_: words[at] for id_, at in zip(read.numbers["id"].tolist(), read.numbers[kind.spec.title.name].tolist(), strict=True)}


def _chosen(kind: type[Record], read: Columns, name: str) -> Numbers:
    """A column of choices as places in the order of the choice; -1 where nothing is chosen."""
    field = kind.spec.fields[name].type
    assert isinstance(field, types.Choice)
    places = {str(one.value): at for at, one in enumerate(field.words)}
    here = np.array([places.get(text, -1) for text in read.words[name]], dtype=np.int64)
    return here[read.numbers[name]] if len(here) else read.numbers[name]


def _orders(reading: Reading, customers: Numbers, buyers: Numbers, couriers: list[str]) -> Rows:
    read = reading.whole(Order, ("id", "ordered_at", "customer", "channel", "courier"))
    groups = {
        By.CHANNEL: read.numbers["channel"],
        By.COURIER: _coded(read, "courier", couriers),
        By.BUYER_TYPE: _through(read.numbers["customer"], customers, buyers, -1),
    }
    return _sorted(Order, read, _days(read.numbers["ordered_at"]), groups)


def _lines(reading: Reading, orders: Rows, products: Numbers, category: Numbers, supplier: Numbers) -> Rows:
    read = reading.whole(OrderLine, ("id", "order", "product", "quantity", "unit_price", "discount"))
    taken = read.numbers["quantity"] > 0
    read = replace(read, numbers={name: values[taken] for name, values in read.numbers.items()})
    got = read.numbers
    value = np.where(got["unit_price"] == MISSING, 0, got["unit_price"] * got["quantity"]) - np.where(got["discount"] == MISSING, 0, got["discount"])
    at = _places(orders.id)[got["order"]]
    groups = {by: codes[at] for by, codes in orders.groups.items()}
    groups |= {By.PRODUCT: got["product"], By.CATEGORY: _through(got["product"], products, category), By.SUPPLIER: _through(got["product"], products, supplier)}
    kept = replace(read, numbers={name: got[name] for name in ("id", "quantity")})
    return _sorted(OrderLine, kept, orders.day[at], groups, value=value)


def _cases(reading: Reading, orders: Rows) -> Rows:
    read = reading.whole(Case, _CASE)
    got = read.numbers
    groups = {
        By.CHANNEL: got["channel"],
        By.COURIER: _through(got["order"], orders.id, orders.groups[By.COURIER]),
        By.CAUSE: got["cause"],
        By.BUYER_TYPE: _chosen(Case, read, "buyer_type"),
        By.KIND: _chosen(Case, read, "kind"),
    }
    chosen = {"state": _chosen(Case, read, "state")}
    more = {**chosen, "sold_by": _through(got["order"], orders.id, orders.groups[By.CHANNEL])}
    return _sorted(Case, read, _days(got["received_at"]), groups, **more)


def _items(reading: Reading, cases: Rows, products: Columns, category: Numbers, batches: Columns) -> tuple[Rows, dict[By, tuple[Numbers, Numbers]]]:
    read = reading.whole(CaseItem, _ITEM)
    got = read.numbers
    row = _places(cases.id)[got["case"]]
    product = got["product"]
    supplier = _through(product, products.numbers["id"], products.numbers["supplier"])
    supplier = np.where(supplier > 0, supplier, _through(got["batch"], batches.numbers["id"], batches.numbers["supplier"]))
    own = {By.PRODUCT: product, By.CATEGORY: _through(product, products.numbers["id"], category), By.SUPPLIER: supplier}
    groups = {by: codes[row] for by, codes in cases.groups.items()} | own
    without = np.setdiff1d(np.arange(len(cases)), row)  # a case that names nothing is about a product not known
    pieces = {by: _pairs(np.concatenate((row, without)), np.concatenate((own[by], np.zeros(len(without), dtype=np.int64)))) for by in ITEM_WISE}
    chosen = _chosen(CaseItem, read, "outcome")
    return _sorted(CaseItem, read, cases.day[row], groups, row=row, outcome=chosen, sold_by=cases["sold_by"][row], state=cases["state"][row]), pieces


def _pairs(row: Numbers, code: Numbers) -> tuple[Numbers, Numbers]:
    """Each pair of row and code once."""
    most = int(code.max(initial=0)) + 1
    both = np.unique(row * most + code)
    return both // most, both % most
