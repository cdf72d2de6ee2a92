"""Records as whole columns of numbers in the order of their days, with the groups they are split by."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import cached_property
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from qmdesk.i18n import _
from qmdesk.operations.figures.scope import By, Key, Period, week_key, word
from qmdesk.register import MISSING, Columns
from qmdesk.schema.record import Record
from qmdesk.schema.types import Labelled
from qmdesk.values import dataclass

Numbers: TypeAlias = npt.NDArray[np.int64]
Floats: TypeAlias = npt.NDArray[np.float64]
Mask: TypeAlias = npt.NDArray[np.bool_]
Spans: TypeAlias = tuple[Period, ...]
Split: TypeAlias = By | Spans | None
"""How records are told apart: by their groups; by periods, of which the place stands for the group, and which may overlap, so
that a record counts in each; or not at all."""
EPOCH = date(1970, 1, 1).toordinal()
DAY = 86400
KEPT = 16
"""So many of what was taken from a table are kept."""
_HOUR = 3600
_FIRST_MONDAY = 3  # 1970-01-01 was a Thursday: weeks are counted from the Monday before


def as_number(day: date) -> int:
    """A day as days since 1970."""
    return day.toordinal() - EPOCH


def as_day(number: int) -> date:
    """Days since 1970 as a day."""
    return date.fromordinal(EPOCH + int(number))


def local(moments: Numbers) -> Numbers:
    """Seconds since 1970 as the shop's clock shows them, summer time included; MISSING stays."""
    known = moments != MISSING
    told = moments[known]
    day, place = np.unique(told // DAY, return_inverse=True)
    ahead, after = _ahead(day * DAY), _ahead((day + 1) * DAY)
    seconds = ahead[place]
    changing = np.flatnonzero((ahead != after)[place])  # of days on which the clock changes each hour is asked
    hour, of = np.unique(told[changing] // _HOUR, return_inverse=True)
    seconds[changing] = _ahead(hour * _HOUR)[of]
    found = moments.copy()
    found[known] = told + seconds
    return found


def _ahead(moments: Numbers) -> Numbers:
    """How many seconds the shop's clock is ahead of UTC."""
    offsets = (datetime.fromtimestamp(moment, UTC).astimezone().utcoffset() for moment in moments.tolist())
    return np.array([0 if one is None else int(one.total_seconds()) for one in offsets], dtype=np.int64)


def days(moments: Numbers) -> Numbers:
    return np.where(moments == MISSING, MISSING, local(moments) // DAY)


# ------------------------------------------------------------------------------------------ tables


@dataclass(frozen=True, eq=False, repr=False)
class Parts:
    """What rows consist of, such as the items of a case: each part with its groups. Every row has one at least."""

    row: Numbers  # ascending
    groups: Mapping[By, Numbers]

    def of(self, refs: Numbers) -> tuple[Numbers, Numbers]:
        """The parts of what each of ``refs`` refers to by its row (-1: nothing): which of the refs, and which part, ascending."""
        first, after = np.searchsorted(self.row, refs), np.searchsorted(self.row, refs, side="right")
        many = np.where(refs >= 0, after - first, 0)
        which = np.repeat(np.arange(len(refs)), many)
        return which, np.repeat(first - (np.cumsum(many) - many), many) + np.arange(int(many.sum()))

    def window(self, rows: slice) -> slice:
        """The parts of these rows."""
        first, after = np.searchsorted(self.row, (rows.start, rows.stop))
        return slice(int(first), int(after))

    @cached_property
    def shares(self) -> Floats:
        """Which part of its row each part is."""
        many = np.bincount(self.row)
        found: Floats = 1 / many[self.row]
        return found


@dataclass(frozen=True, eq=False, repr=False)
class Rows:
    """Records of one kind in the order of their days, each with its groups."""

    kind: type[Record]
    """Which records are shown when somebody wants to see them."""
    id: Numbers
    """Their ids; 0 where there is none to show."""
    day: Numbers
    """Days since 1970, ascending; what has no day comes first, as MISSING."""
    groups: Mapping[By, Numbers]
    """The code of the group of each row."""
    parts: Parts | None
    """What has groups of its own within the rows."""
    columns: Mapping[str, npt.NDArray[Any]]

    def __getitem__(self, name: str) -> npt.NDArray[Any]:
        return self.columns[name]

    def __len__(self) -> int:
        return len(self.id)

    def window(self, period: Period) -> slice:
        """The rows of a period."""
        first, after = np.searchsorted(self.day, (as_number(period.since), as_number(period.until) + 1))
        return slice(int(first), int(after))

    def codes(self, by: By) -> Numbers:
        """The code of each row's group."""
        if by is By.MONTH:
            return self.months
        return (self.day + _FIRST_MONDAY) // 7 if by is By.WEEK else self.groups[by]

    def totals(self, name: str, spans: Spans) -> list[float]:
        """Of each period the sum of a column of whole numbers; "": how many rows. However many there are, it takes no longer."""
        edges = _edges(self, spans)
        if name and name not in self._running:
            self._running[name] = np.concatenate((np.zeros(1, np.int64), np.cumsum(self.columns[name])))
        reached = self._running[name][edges] if name else edges
        found: list[float] = (reached[:, 1] - reached[:, 0]).astype(np.float64).tolist()
        return found

    @cached_property
    def _running(self) -> dict[str, Numbers]:
        """Column -> its sum before each row, and at the end that of all; of those that were asked for."""
        return {}

    @cached_property
    def months(self) -> Numbers:
        """Months since the year 0 of each row."""
        found: Numbers = self.day.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64) + 1970 * 12
        return found

    def taken(self, period: Period, only: Collection[tuple[By, int]] = ()) -> Taken:
        """The rows of a period that are of these groups; of several of one sort any will do."""
        asked = (period.since, period.until, tuple(only))
        found = self._taken.get(asked)
        if found is None:
            if len(self._taken) >= KEPT:
                self._taken.clear()
            found = self._taken[asked] = self._take(period, only)
        return found

    @cached_property
    def _taken(self) -> dict[tuple[date, date, tuple[tuple[By, int], ...]], Taken]:
        """What was taken lately: of one scope several figures are asked, many of the same rows."""
        return {}

    def _take(self, period: Period, only: Collection[tuple[By, int]]) -> Taken:
        window = self.window(period)
        mask = np.ones(window.stop - window.start, dtype=np.bool_)
        within, inside = None, self.parts.window(window) if self.parts is not None else slice(0)
        for by in dict.fromkeys(by for by, _code in only):
            wanted = [code for one, code in only if one is by]
            if self.parts is not None and by in self.parts.groups:
                hit = _any_of(self.parts.groups[by][inside], wanted)
                within = hit if within is None else within & hit
            else:
                mask &= _any_of(self.codes(by)[window], wanted)
        if within is not None and self.parts is not None:
            there = np.zeros(len(mask), dtype=np.bool_)
            there[self.parts.row[inside][within] - window.start] = True
            mask &= there
        return Taken(self, window, mask, within)


def _edges(rows: Rows, spans: Spans) -> Numbers:
    """From which row to which each period reaches."""
    found: Numbers = rows.day.searchsorted([(as_number(one.since), as_number(one.until) + 1) for one in spans])
    return found


def _any_of(codes: Numbers, wanted: Sequence[int]) -> Mask:
    found: Mask = codes == wanted[0] if len(wanted) == 1 else np.isin(codes, wanted)
    return found


@dataclass(frozen=True, eq=False, repr=False)
class Taken:
    """The records a figure counts: rows, the window of its period, which of them, and which of their parts."""

    rows: Rows
    window: slice
    mask: Mask
    within: Mask | None = None
    """Which parts of the rows of the window are meant; None: all."""

    def __getitem__(self, name: str) -> npt.NDArray[Any]:
        return self.rows[name][self.window]

    @property
    def ones(self) -> Floats:
        """One for each row of the window."""
        return np.ones(self.window.stop - self.window.start)

    def codes(self, by: By) -> Numbers:
        """The code of the group of each row of the window."""
        return self.rows.codes(by)[self.window]

    def only(self, mask: Mask) -> Taken:
        """Those of them that are so too."""
        return replace(self, mask=self.mask & mask)

    @property
    def ids(self) -> list[int]:
        """The ids of the records to show, the newest first, each once."""
        return [id_ for id_ in dict.fromkeys(self.rows.id[self.window][self.mask][::-1].tolist()) if id_]

    def reached(self, spans: Spans) -> Numbers:
        """From which row of the window to which each period reaches."""
        found: Numbers = np.minimum(np.maximum(_edges(self.rows, spans) - self.window.start, 0), len(self.mask))
        return found

    def sums(self, by: Split, weights: Mapping[str, Floats]) -> dict[int | None, dict[str, float]]:
        """Group -> name -> sum of the weights of its rows; a row whose parts are of two groups counts whole in both."""
        whole = bool(self.mask.all())  # a million rows need not be picked out of themselves
        if not isinstance(by, By):
            row = None if whole else np.flatnonzero(self.mask)
            return self._over(by, row, weights if row is None else {name: values[row] for name, values in weights.items()})
        if whole and (self.rows.parts is None or by not in self.rows.parts.groups):
            return _added(self.codes(by), weights)
        row, code = self._pairs(by)
        return _added(code, {name: values[row] for name, values in weights.items()})

    def shared(self, by: Split, weights: Mapping[str, Floats]) -> dict[int | None, dict[str, float]]:
        """Group -> name -> sum of the weights of its rows, of which each part takes an equal share."""
        parts = self.rows.parts
        if parts is None or (self.within is None and not (isinstance(by, By) and by in parts.groups)):
            return self.sums(by, weights)
        row, at = self._parts(parts)
        each = {name: values[row] * parts.shares[at] for name, values in weights.items()}
        if not isinstance(by, By):
            return self._over(by, row, each)
        return _added(parts.groups[by][at] if by in parts.groups else self.codes(by)[row], each)

    def _over(self, spans: Spans | None, row: Numbers | None, each: Mapping[str, Floats]) -> dict[int | None, dict[str, float]]:
        """Of each period the sums of what belongs to rows of the window, ascending; ``row`` None: one of each."""
        if spans is None:
            return {None: {name: float(values.sum()) for name, values in each.items()}}
        reached = self.reached(spans)
        reached = reached if row is None else np.searchsorted(row, reached)
        sums = {name: _between(values, reached) for name, values in each.items()}
        return {place: {name: found[place] for name, found in sums.items()} for place in range(len(spans))}

    def split(self, by: Split) -> Iterator[tuple[int | None, Numbers]]:
        """Group -> its rows, counted from the first of the window; each period has some, if only none."""
        if by is None:
            yield None, np.flatnonzero(self.mask)
        elif isinstance(by, tuple):
            row = np.flatnonzero(self.mask)
            for place, (first, after) in enumerate(np.searchsorted(row, self.reached(by)).tolist()):
                yield place, row[first:after]
        else:
            row, code = self._pairs(by)
            order = np.argsort(code, kind="stable")
            codes, first = np.unique(code[order], return_index=True)
            if len(codes):
                yield from zip(codes.tolist(), np.split(row[order], first[1:]), strict=True)

    def _pairs(self, by: By) -> tuple[Numbers, Numbers]:
        """The rows, counted from the first of the window, with the code of their group, each pair once."""
        parts = self.rows.parts
        if parts is None or by not in parts.groups:
            return np.flatnonzero(self.mask), self.codes(by)[self.mask]
        row, at = self._parts(parts)
        code = parts.groups[by][at]
        most = int(code.max(initial=0)) + 1
        both = np.unique(row * most + code)
        return both // most, both % most

    def _parts(self, parts: Parts) -> tuple[Numbers, Numbers]:
        """The parts that are meant: the row of each, counted from the first of the window, and its place among all parts."""
        inside = parts.window(self.window)
        row = parts.row[inside] - self.window.start
        meant = self.mask[row] if self.within is None else self.mask[row] & self.within
        at = np.flatnonzero(meant)
        return row[at], at + inside.start


def _between(values: Floats, reached: Numbers) -> list[float]:
    """The sum of the values of each stretch, from its first to before its last."""
    sums = np.add.reduceat(np.concatenate((values, (0.0,))), reached.ravel())[::2]
    found: list[float] = np.where(reached[:, 0] < reached[:, 1], sums, 0.0).tolist()
    return found


def _added(code: Numbers, weights: Mapping[str, Floats]) -> dict[int | None, dict[str, float]]:
    if not len(code):
        return {}
    least = int(code.min())
    there = np.flatnonzero(np.bincount(code - least))
    sums = {name: np.bincount(code - least, values)[there].tolist() for name, values in weights.items()}
    return {int(at) + least: {name: found[place] for name, found in sums.items()} for place, at in enumerate(there)}


def in_order(
    kind: type[Record], ids: Numbers, day: Numbers, groups: Mapping[By, Numbers], parts: Parts | None = None, **columns: npt.NDArray[Any]
) -> Rows:
    """Rows in the order of their days; everything is given in the order that was read."""
    order = np.argsort(day, kind="stable")
    if parts is not None:
        place = np.empty_like(order)
        place[order] = np.arange(len(order))
        row = place[parts.row]
        again = np.argsort(row, kind="stable")
        parts = Parts(row[again], {by: codes[again] for by, codes in parts.groups.items()})
    found = {name: values[order] for name, values in columns.items()}
    return Rows(kind, ids[order], day[order], {by: values[order] for by, values in groups.items()}, parts, found)


def places(ids: Numbers) -> Numbers:
    """Id -> place in a column of ids; -1 for an id that is not there."""
    found = np.full(int(ids.max(initial=0)) + 1, -1, dtype=np.int64)
    found[ids] = np.arange(len(ids))
    return found


def through(refs: Numbers, ids: Numbers, values: Numbers, nothing: int = 0) -> Numbers:
    """Of each reference the value of what it refers to; ``nothing`` where it refers to nothing."""
    if not len(ids):
        return np.full(len(refs), nothing, dtype=np.int64)
    known = places(ids)
    at = np.where(refs < len(known), known[np.minimum(refs, len(known) - 1)], -1)
    return np.where((refs > 0) & (at >= 0), values[at], nothing)


# ------------------------------------------------------------------------------------------- words


@dataclass(frozen=True, eq=False, repr=False)
class Words:
    """What the codes of groups stand for."""

    titles: Mapping[By, Mapping[int, str]]  # of records: id -> title
    texts: Mapping[By, tuple[str, ...]]  # of texts: code -> text; "" is 0
    choices: Mapping[By, tuple[Labelled, ...]]
    last: Mapping[By, frozenset[int]]
    """The groups that gather the rest, such as the cause "Other"."""

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
            title = self.titles[by].get(code)
            return _("not known") if title is None else title
        return word(by, self.key(by, code))


def coded(read: Columns, name: str, texts: list[str]) -> Numbers:
    """A column of words as codes of a shared list, which grows by those that are new."""
    known = {text: at for at, text in enumerate(texts)}
    here = [known.setdefault(" ".join(text.split()), len(known)) for text in read.words[name]]
    texts[:] = known
    return np.array(here, dtype=np.int64)[read.numbers[name]] if here else read.numbers[name]


def titles(words: Columns, name: str) -> dict[int, str]:
    """Id -> title, of the records whose ids and titles were read."""
    told = words.words[name]
    return {id_: told[at] for id_, at in zip(words.numbers["id"].tolist(), words.numbers[name].tolist(), strict=True)}


def chosen(words: type[Labelled], read: Columns, name: str) -> Numbers:
    """A column of choices as places in the order of the choice; -1 where nothing is chosen."""
    known = {str(one.value): at for at, one in enumerate(words)}
    here = np.array([known.get(text, -1) for text in read.words[name]], dtype=np.int64)
    return here[read.numbers[name]] if len(here) else read.numbers[name]


def are(words: type[Labelled], codes: Numbers, *wanted: Labelled) -> Mask:
    """Where a column of choices is one of these; -1, nothing chosen, is none of them."""
    known = np.array([one in wanted for one in words] + [False], dtype=np.bool_)
    found: Mask = known[codes]
    return found


def numbers(values: Iterable[int]) -> Numbers:
    """A column of these numbers."""
    return np.array(list(values), dtype=np.int64)


def ours(read: Columns, currency: str) -> Mask:
    """Where an amount is in the shop's currency: others can't be added to it."""
    told = np.array([not one or one == currency for one in read.words["currency"]], dtype=np.bool_)
    return told[read.numbers["currency"]] if len(told) else np.zeros(0, dtype=np.bool_)
