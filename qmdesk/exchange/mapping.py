"""Which column of a file feeds which field: the targets of an import, recognising a file, guessing by the words of the records."""

from __future__ import annotations

import json
import re
from collections import abc
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache
from typing import Any

from rapidfuzz import fuzz

from qmdesk.errors import Known
from qmdesk.exchange import sources
from qmdesk.exchange.sources import OWN, Guess, Recipe, plain, unique_headers
from qmdesk.i18n import LANGUAGES, N_, _, translator
from qmdesk.records.books import Payment
from qmdesk.records.case import Case, CaseItem, Message
from qmdesk.records.lists import Cause, Channel
from qmdesk.records.party import Customer, Person, Supplier
from qmdesk.records.product import Batch, Order, OrderLine, Product
from qmdesk.records.satisfaction import Opinion
from qmdesk.schema import types
from qmdesk.schema.folding import fold, nearest
from qmdesk.schema.record import Field, Record

NEAR = 88  # likeness of two headers, of 100, from which one may be a slip of the other
NEAR_LENGTH = 5  # shorter words are too often alike by chance
OURS = 0.8  # of a file's headers are the labels of one record: this program wrote it, or somebody filled its form

TOGETHER = " + "  # in a heading of a record: "first name + surname" are two columns
_BRACKETS = re.compile(r"[(\[].*?[)\]]")

WHY_OWN = N_("{found} of {all} columns are named like fields of {target}.")


@dataclass(frozen=True)
class Target:
    """What a file can be taken in as: the record that is counted, its parts, and the records a row may also tell of.

    ``may_lack``: a name of another record that is not in the register is left out, and the row comes in without it.
    """

    name: str
    main: type[Record]
    part: type[Record] | None = None
    linked: tuple[type[Record], ...] = ()
    may_lack: bool = False

    @property
    def kinds(self) -> tuple[type[Record], ...]:
        return (self.main, *([self.part] if self.part else []), *self.linked)


TARGETS: abc.Mapping[str, Target] = {
    target.name: target
    for target in (
        Target("orders", Order, OrderLine, (Customer, Product)),
        Target("cases", Case, CaseItem, (Customer, Order, Product)),
        Target("customers", Customer),
        Target("products", Product),
        Target("suppliers", Supplier),
        Target("persons", Person),
        Target("batches", Batch),
        Target("payments", Payment),
        Target("channels", Channel),
        Target("causes", Cause),
        Target("messages", Message),
        Target("opinions", Opinion, may_lack=True),
    )
}


def target_named(name: str) -> Target:
    """The target of this name. Raises Known."""
    if name not in TARGETS:
        if found := next((target for target in TARGETS.values() if target.main.spec.table == name), None):
            return found
        raise Known(_("A file can't be taken in as “{name}”; choose one of: {listed}.").format(name=name, listed=", ".join(TARGETS)))
    return TARGETS[name]


# ------------------------------------------------------------------------------------ fields to feed


@dataclass(frozen=True)
class Place:
    """A field of ours that columns can feed; ``path`` is written as "customer.email"."""

    path: str
    kind: type[Record]
    field: Field

    def label(self, target: Target) -> str:
        """The field's label; of a part or a linked record also whose it is."""
        if self.kind is target.main:
            return self.field.labelled()
        return _("{record}: {field}").format(record=_(self.kind.spec.label), field=self.field.labelled())


@cache
def places_of(target: Target) -> abc.Mapping[str, Place]:
    """Path -> field, in the order of the mapping screen. A reference to a linked record is fed as that record's title."""
    found = {}
    for kind in target.kinds:
        for item in kind.spec.fields.values():
            path = f"{kind.spec.table}.{item.name}"
            if not isinstance(item.type, types.File) and not _to_a_part(item) and _settled(target, kind, item) == path:
                found[path] = Place(path, kind, item)
    return found


def _to_a_part(item: Field) -> bool:
    return isinstance(item.type, types.Ref) and item.type.target.spec.owner is not None


def _settled(target: Target, kind: type[Record], item: Field) -> str:
    """The path that is fed when a column speaks of this field: of "case.customer" it is the customer's name."""
    referred = item.type.target if isinstance(item.type, types.Ref) else None
    if referred is not None and (referred is target.main or referred in target.linked):
        return f"{referred.spec.table}.{referred.spec.title.name}"
    return f"{kind.spec.table}.{item.name}"


def path_named(target: Target, word: str) -> str:
    """The path a user means by "customer.email", "email" or "E-mail". Raises Known."""
    table, dot, name = word.strip().partition(".")
    wanted = plain(word)
    for kind in target.kinds:
        for item in kind.spec.fields.values():
            named = dot and (table, name) == (kind.spec.table, item.name)
            if (named or plain(item.name) == wanted or wanted in map(plain, _labels(item))) and not _to_a_part(item):
                return _settled(target, kind, item)
    for kind in target.kinds:
        if plain(kind.spec.table) == wanted:
            return f"{kind.spec.table}.{kind.spec.title.name}"
    spelled = {spelling: path for path, place in places_of(target).items() for spelling in (*_labels(place.field), place.field.name, path)}
    if near := nearest(word, spelled):
        sentence = _("{target} have no field “{name}”. Perhaps you mean {near}.")
        raise Known(sentence.format(target=_(target.main.spec.plural), name=word, near=spelled[near]))
    sentence = _("{target} have no field “{name}”; the fields are: {listed}.")
    raise Known(sentence.format(target=_(target.main.spec.plural), name=word, listed=", ".join(places_of(target))))


def _labels(item: Field) -> tuple[str, ...]:
    return tuple(translator(lang)(item.label) for lang in LANGUAGES)


# ------------------------------------------------------------------------------------------ mappings


@dataclass(frozen=True)
class Mapping:
    """How one file is read: field paths with the columns that feed them, and how its cells are written.

    ``source`` names a recipe, or is "own". Of several columns the first filled one of a row counts, unless ``joined`` says
    what stands between them: a first name and a surname are one name. ``defaults`` fill
    what a row leaves blank; ``values`` translate words of the file into ours; ``day_order`` and ``decimal`` decide what
    the values themselves leave open; ``zone`` names the time zone of its clock ("" is this machine's). ``guessed`` are
    the paths whose column is only nearly named like the field.
    """

    source: str
    target: str
    columns: abc.Mapping[str, tuple[str, ...]]
    joined: abc.Mapping[str, str] = field(default_factory=dict)
    defaults: abc.Mapping[str, str] = field(default_factory=dict)
    values: abc.Mapping[str, abc.Mapping[str, str]] = field(default_factory=dict)
    day_order: str = ""
    decimal: str = ""
    zone: str = ""
    guessed: tuple[str, ...] = ()

    def feeding(self, path: str, *headers: str) -> Mapping:
        """The same mapping with these columns feeding a field; none takes the field out."""
        columns = {name: fed for name, fed in self.columns.items() if name != path}
        if headers:
            columns[path] = headers
        return replace(self, columns=columns, guessed=tuple(name for name in self.guessed if name != path))

    def feeds(self, path: str) -> bool:
        """Whether a column or a default fills this field."""
        return path in self.columns or path in self.defaults

    def to_json(self) -> str:
        """The mapping as a named profile keeps it."""
        told = {name: value for name, value in vars(self).items() if value}
        return json.dumps({**told, "columns": {path: list(fed) for path, fed in self.columns.items()}}, ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> Mapping:
        """The mapping a profile kept. Raises Known when it isn't one, or names fields that are no more."""
        try:
            told = json.loads(text)
            columns = {path: tuple(fed) for path, fed in told.pop("columns").items()}
            made = cls(columns=columns, guessed=tuple(told.pop("guessed", ())), **told)
        except (ValueError, KeyError, TypeError, AttributeError):
            raise Known(_("This import profile can't be read. Map the columns anew and keep them under the same name.")) from None
        known = places_of(target_named(made.target))
        if gone := sorted((set(made.columns) | set(made.defaults)) - set(known)):
            raise Known(_("The import profile feeds fields that are no more: {listed}. Map the columns anew.").format(listed=", ".join(gone)))
        return made


def mapping_by(item: Recipe, headers: Sequence[str]) -> Mapping:
    """A recipe's mapping for a file with these headers: of each field the spellings that are there."""
    there = {plain(header): header for header in reversed(unique_headers(headers))}
    given = item.split.gives if item.split else ()
    return Mapping(
        source=item.name,
        target=item.target,
        columns=_present(item.columns, there, given),
        joined=item.join,
        defaults=dict(item.defaults),
        values={path: dict(told) for path, told in item.values.items()},
        day_order=item.day_order,
        decimal=item.decimal,
    )


def returns_mapping(item: Recipe, sales: Mapping, headers: Sequence[str]) -> Mapping:
    """How the rows of a file of orders that are goods coming back become cases."""
    assert item.returns is not None  # only asked of recipes that know returns
    there = {plain(header): header for header in reversed(unique_headers(headers))}
    columns = _present(item.returns.columns, there, ())
    return replace(sales, target="cases", columns=columns, defaults=dict(item.returns.defaults), values={}, guessed=())


def _present(columns: sources.Columns, there: abc.Mapping[str, str], given: Sequence[str]) -> dict[str, tuple[str, ...]]:
    found = {path: tuple(name if name in given else there.get(plain(name), "") for name in names) for path, names in columns.items()}
    return {path: tuple(dict.fromkeys(filter(None, names))) for path, names in found.items() if any(names)}


def guess(headers: Sequence[str], target: Target) -> Mapping:
    """A mapping for a workbook of one's own by the labels and synonyms of the records; near misses are marked as guessed.

    A column feeds one field; a field is fed by one column, or by several that say it together. The counted record and its
    parts come before linked ones.
    """
    return _guessed(tuple(headers), target)


@lru_cache(maxsize=32)  # a file is asked about several times: what it may be, and how it is read
def _guessed(headers: tuple[str, ...], target: Target) -> Mapping:
    named = _named(headers)
    wishes = sorted(
        (is_linked, -score, place, path, together)
        for place, (path, is_linked, scored) in enumerate(_words(target))
        for word, score in scored.items()
        if named.keys() >= set(together := tuple(word.split(TOGETHER)))
    )
    columns: dict[str, tuple[str, ...]] = {}
    taken: set[str] = set()
    for _linked, _score, _place, path, together in wishes:
        meant = tuple(named[word] for word in together)
        if path not in columns and taken.isdisjoint(meant):
            columns[path] = meant
            taken.update(meant)
    joined = {path: " " for path, meant in columns.items() if len(meant) > 1}
    guessed = _near_misses(target, {word: header for word, header in named.items() if header not in taken}, columns)
    columns.update(guessed)
    return Mapping(source=OWN, target=target.name, columns=columns, joined=joined, guessed=tuple(guessed))


def _named(headers: Sequence[str]) -> dict[str, str]:
    """Headers by their words, and by those without what stands in brackets where no other header is called so: Price (PLN)."""
    unique = list(reversed(unique_headers(headers)))
    named = {plain(_BRACKETS.sub(" ", header)): header for header in unique} | {plain(header): header for header in unique}
    named.pop("", None)
    return named


@cache
def _words(target: Target) -> Sequence[tuple[str, bool, dict[str, int]]]:
    """For each field: the path it feeds, whether it is a linked record's, and the words that mean it with their weight."""
    found = []
    for kind in target.kinds:
        whose = {plain(kind.spec.table), *(plain(translator(lang)(kind.spec.label)) for lang in LANGUAGES)}
        for item in kind.spec.fields.values():
            if isinstance(item.type, types.File) or _to_a_part(item):
                continue
            own = {plain(label) for label in _labels(item)} | ({plain(item.name)} if kind is target.main else set())
            words = {TOGETHER.join(map(plain, word.split(TOGETHER))): 2 + word.count(TOGETHER) for word in item.aka} | dict.fromkeys(own, 3)
            words |= {f"{owner}{mark} {word}": 4 for owner in whose for mark in ("", ":") for word in (*own, plain(item.name))}
            words |= {f"{kind.spec.table}.{item.name}".replace("_", " "): 4}
            found.append((_settled(target, kind, item), kind in target.linked, words))
    return found


def _near_misses(target: Target, free: abc.Mapping[str, str], fed: abc.Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    scored = sorted(
        (
            (-likeness, is_linked, place, path, word)
            for place, (path, is_linked, words) in enumerate(_words(target))
            if path not in fed
            for known in words
            if len(known) >= NEAR_LENGTH
            for word in free
            if len(word) >= NEAR_LENGTH and (likeness := fuzz.ratio(word, known, score_cutoff=NEAR))
        )
    )
    found: dict[str, tuple[str, ...]] = {}
    for _ratio, _linked, _place, path, word in scored:
        if path not in found and (free[word],) not in found.values():
            found[path] = (free[word],)
    return found


# ---------------------------------------------------------------------------------------- recognising


def recognise(headers: Sequence[str], target: str | None = None) -> list[Guess]:
    """What a file with these headers may be, the likeliest first; a workbook of one's own is always among the answers."""
    known = sources.recognised(headers, target)
    wanted = [target_named(target)] if target else list(TARGETS.values())
    own = max((_own(headers, one) for one in wanted), key=lambda found: found.share)
    ours = any(_labelled(headers, kind) >= OURS for one in wanted if one.name == own.target for kind in one.kinds[:2])
    return [own, *known] if ours or not known else [*known, own]


def _own(headers: Sequence[str], target: Target) -> Guess:
    found = sum(map(len, guess(headers, target).columns.values()))
    why = _(WHY_OWN).format(found=found, all=len(headers), target=_(target.main.spec.plural))
    return Guess(OWN, target.name, found / max(1, len(headers)), why)


def _labelled(headers: Sequence[str], kind: type[Record]) -> float:
    labels = {plain(label) for item in kind.spec.fields.values() for label in _labels(item)}
    return sum(plain(header) in labels for header in headers) / max(1, len(headers))


def mapping_for(headers: Sequence[str], target: str, source: str | None = None) -> Mapping:
    """The mapping to begin with: by the named source, else by the likeliest. Raises Known for a source that doesn't fit."""
    wanted = target_named(target)
    named = source or recognise(headers, target)[0].source
    item = sources.recipe(named)
    if item is None:
        return guess(headers, wanted)
    if item.target != target:
        sentence = _("{source} files are taken in as {right}, not as {target}.")
        raise Known(sentence.format(source=item.label, right=item.target, target=target))
    return mapping_by(item, headers)


@cache
def known_headers() -> frozenset[str]:
    """Every header that means something to an import, as the reader wants them to find the header row."""
    words = {spelling for item in sources.recipes().values() for spellings in item.required for spelling in spellings}
    for target in TARGETS.values():
        for kind in target.kinds:
            for item in kind.spec.fields.values():
                words |= {*_labels(item), *(part for word in item.aka for part in word.split(TOGETHER))}
    return frozenset(fold(word) for word in words)


def column_named(headers: Sequence[str], word: str) -> str:
    """The header a user means by ``word``, whatever its capitals and marks. Raises Known."""
    found = next((header for header in sources.unique_headers(headers) if plain(header) == plain(word)), None)
    if found is None:
        raise Known(_("The file has no column “{column}”; its columns are: {listed}.").format(column=word, listed=", ".join(headers)))
    return found
