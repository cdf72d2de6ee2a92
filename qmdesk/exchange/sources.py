"""The programs whose exports are known by their headers: each is a recipe in resources/sources, and is recognised by signature."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from qmdesk import places
from qmdesk.errors import Known
from qmdesk.i18n import N_, _
from qmdesk.schema.folding import fold

OWN = "own"  # any workbook, read by the words of the records; also what this program exported itself
ENOUGH = 0.7  # of the required headers: the tail of a format changes, its core rarely

WHY = N_("{found} of the {required} columns that {source} files have are there.")
WHY_ALL = N_("All {required} columns that {source} files have are there.")

_MARKS = re.compile(r"[._-]")
_IN_FULL = {"nr": "numer", "tel": "telefon", "no": "number", "#": "number"}

Columns = Mapping[str, tuple[str, ...]]  # field path -> the headers that feed it, the first filled one of a row counts


@dataclass(frozen=True)
class Split:
    """A cell that packs several values: the named splitter that takes it apart, and the columns that come of it."""

    how: str
    column: tuple[str, ...]
    gives: tuple[str, ...]


@dataclass(frozen=True)
class Returns:
    """Which rows of a file of orders are goods coming back, and what they say of a case.

    ``when`` is "prefix" (the row is a return when ``column`` begins with ``prefix``, and no sale then) or "refunded"
    (a sale with fewer pieces in ``kept`` than in ``sold``, or money in ``refunded``, is a return too; its pieces are in
    the column "returned"). ``find_order`` looks for the customer's last earlier order of the same product.
    """

    when: str
    columns: Columns
    defaults: Mapping[str, str]
    column: str = ""
    prefix: str = ""
    sold: str = ""
    kept: str = ""
    refunded: str = ""
    find_order: bool = False


@dataclass(frozen=True)
class Recipe:
    """How one program's export is read.

    ``required``: the signature, each header with its spellings. ``key``: the columns that name the record where no
    field does. ``skip_without``: a row is left out when one of these fields is blank; ``skip_values``: when a column
    says so. ``choose``: fields of a whole record of which the "earliest" of its rows counts, not the first.
    ``need``: a row is a line of an order only when one of these fields is filled. ``join``: fields made of several
    columns with this between them. ``empty``: what stands for nothing. ``whole_numbers``: numbers written as 16353.0.
    """

    name: str
    label: str
    target: str
    required: tuple[tuple[str, ...], ...]
    columns: Columns
    day_order: str = ""
    decimal: str = ""
    defaults: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    key: tuple[str, ...] = ()
    join: Mapping[str, str] = field(default_factory=dict)
    choose: Mapping[str, str] = field(default_factory=dict)
    need: tuple[str, ...] = ()
    skip_without: tuple[str, ...] = ()
    skip_values: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    empty: tuple[str, ...] = ()
    whole_numbers: tuple[str, ...] = ()
    split: Split | None = None
    returns: Returns | None = None


@dataclass(frozen=True)
class Guess:
    """What a file may be: the recipe's name, the share of its signature that is there, and the sentence that says why."""

    source: str
    target: str
    share: float
    why: str


def plain(header: str) -> str:
    """A header for comparing: small letters without diacritics, marks and underscores, the usual short words in full."""
    words = _MARKS.sub(" ", fold(header)).strip(" *:").split()
    return " ".join(_IN_FULL.get(word, word) for word in words)


def unique_headers(headers: Sequence[str]) -> tuple[str, ...]:
    """The headers, a repeated one with its number, so that each names one column."""
    seen: dict[str, int] = {}
    found = []
    for header in headers:
        seen[header] = seen.get(header, 0) + 1
        found.append(header if seen[header] == 1 else f"{header} ({seen[header]})")
    return tuple(found)


@cache
def recipes() -> Mapping[str, Recipe]:
    """Every recipe by its name."""
    folder = places.resources() / "sources"
    return {path.stem: _recipe(path.stem, tomllib.loads(path.read_text("utf-8"))) for path in sorted(folder.glob("*.toml"))}


def recipe(name: str) -> Recipe | None:
    """The recipe of this name; None for a workbook of one's own. Raises Known for a name nobody knows."""
    if name == OWN:
        return None
    found = next((item for item in recipes().values() if plain(name) in (plain(item.name), plain(item.label))), None)
    if found is None:
        raise Known(_("There is no source “{name}”; the sources are: {listed}.").format(name=name, listed=", ".join([*recipes(), OWN])))
    return found


def source_label(name: str) -> str:
    """What a source is called on the screen; a name nobody knows any more stands for itself."""
    if name == OWN:
        return _("Own workbook")
    found = recipes().get(name)
    return found.label if found else name


def share_of(item: Recipe, headers: Collection[str]) -> tuple[float, int]:
    """How much of a recipe's signature stands in ``headers`` (in plain writing): as a share and as a number."""
    found = sum(any(plain(spelling) in headers for spelling in spellings) for spellings in item.required)
    return found / len(item.required), found


def recognised(headers: Sequence[str], target: str | None = None) -> list[Guess]:
    """The programs that may have written a file with these headers, the likeliest first."""
    there = {plain(header) for header in headers}
    found = []
    for item in recipes().values():
        if target not in (None, item.target):
            continue
        share, count = share_of(item, there)
        if share >= ENOUGH:
            sentence = WHY_ALL if count == len(item.required) else WHY
            why = _(sentence).format(found=count, required=len(item.required), source=item.label)
            found.append((share, count, Guess(item.name, item.target, share, why)))
    return [guess for _share, _count, guess in sorted(found, key=lambda one: one[:2], reverse=True)]


# ------------------------------------------------------------------------------------- reading recipes


def _recipe(name: str, told: Mapping[str, Any]) -> Recipe:
    key, parts, skip = told.get("key", {}), told.get("parts", {}), told.get("skip", {})
    split, returns = told.get("split"), told.get("returns")
    return Recipe(
        name=name,
        label=told["label"],
        target=told["target"],
        required=tuple((header,) if isinstance(header, str) else tuple(header) for header in told["required"]),
        columns=_columns(told["columns"]),
        day_order=told.get("day_order", ""),
        decimal=told.get("decimal", ""),
        defaults=told.get("defaults", {}),
        values=told.get("values", {}),
        key=tuple(key.get("columns", ())),
        join=told.get("join", {}),
        choose=told.get("choose", {}),
        need=tuple(parts.get("need", ())),
        skip_without=tuple(skip.get("without", ())),
        skip_values=_columns(skip.get("values", {})),
        empty=tuple(told.get("empty", ())),
        whole_numbers=tuple(told.get("whole_numbers", ())),
        split=Split(split["how"], tuple(split["column"]), tuple(split["gives"])) if split else None,
        returns=Returns(**{**returns, "columns": _columns(returns["columns"])}) if returns else None,
    )


def _columns(told: Mapping[str, Sequence[str]]) -> Columns:
    return {path: tuple(headers) for path, headers in told.items()}
