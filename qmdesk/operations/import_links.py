"""Finding the customers, products, orders and names a file speaks of, in the register and in the file itself."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from qmdesk.i18n import LANGUAGES, translator
from qmdesk.records.books import Payment
from qmdesk.records.case import Case, Message
from qmdesk.records.lists import Cause, Channel
from qmdesk.records.party import Customer, Person, Supplier
from qmdesk.records.product import Batch, Order, Product
from qmdesk.records.satisfaction import Opinion
from qmdesk.register import Transaction
from qmdesk.schema import types
from qmdesk.schema.folding import fold
from qmdesk.schema.query import Condition, Query
from qmdesk.schema.record import Record, stored
from qmdesk.schema.types import SqlValue

CHUNK = 10_000  # values in one question: SQLite takes 32,766 parameters
SMALL = 5_000  # records of a kind that are read whole, to compare names without case

Identity = tuple[SqlValue, ...]

# By which fields a record is known, the surest first; the last group of several decides only where nothing speaks against it.
KNOWN_BY: Mapping[type[Record], tuple[tuple[str, ...], ...]] = {
    Customer: (("external_id",), ("email",), ("login",), ("phone", "name"), ("name",)),
    Product: (("sku",), ("ean",), ("name",)),
    Order: (("source", "number"), ("number",)),
    Case: (("number",), ("external_id",)),
    Supplier: (("nip",), ("name",)),
    Person: (("name",),),
    Batch: (("product", "code"),),
    Channel: (("name",),),
    Cause: (("name",),),
    Message: (("at", "direction", "text", "case"),),
    Opinion: (("place", "external_id"), ("place", "written_on", "author", "said")),
    Payment: (),  # two payments may say the same: only what was imported before is known
}
REFERRED_BY: Mapping[type[Record], tuple[str, ...]] = {Cause: ("name", "code"), Product: ("sku", "name", "ean"), Case: ("number", "external_id")}


def chunks(values: Sequence[Any]) -> Iterable[Sequence[Any]]:
    """The values in portions that fit one question."""
    return (values[at : at + CHUNK] for at in range(0, len(values), CHUNK))


def where_in(tx: Transaction, kind: type[Record], field: str, values: Iterable[SqlValue], *also: Condition) -> list[Any]:
    """The records whose field holds one of these stored values."""
    load, found = kind.spec.fields[field].type.load, []
    for portion in chunks(list(values)):
        asked = Condition(field, types.ONE_OF, tuple(load(value) for value in portion))
        found += tx.records(Query(kind, (*also, asked)))
    return found


def by_ids(tx: Transaction, kind: type[Record], ids: Iterable[int]) -> dict[int, Any]:
    """Id -> record, of those that are there."""
    return {item.id: item for portion in chunks(list(ids)) for item, _titles in tx.rows(kind, portion)}


class Finder:
    """Which record some values mean: one of the register, or one that this import makes (a negative number until then)."""

    def __init__(self, tx: Transaction, kind: type[Record]) -> None:
        self.kind = kind
        self.fields = tuple(dict.fromkeys(name for group in KNOWN_BY[kind] for name in group))
        self._tx = tx
        self._groups = [tuple(self.fields.index(name) for name in group) for group in KNOWN_BY[kind]]
        self._weak = len(self._groups) - 1 if len(self._groups) > 1 and kind is not Case else -1
        self._maps: list[dict[Identity, list[int]]] = [{} for _group in self._groups]
        self._identities: dict[int, Identity] = {}
        self._digits = self.fields.index("phone") if "phone" in self.fields else -1

    def load(self, columns: Mapping[str, Iterable[SqlValue]]) -> None:
        """Fetch the records of the register that the values of these columns may mean."""
        if not self._tx.count(Query(self.kind)):
            return
        asked = {group[-1] for group in KNOWN_BY[self.kind]} | {group[0] for group in KNOWN_BY[self.kind] if len(group) == 1}
        for field in asked & set(columns):
            values = {value for value in columns[field] if value not in (None, "")}
            for item in where_in(self._tx, self.kind, field, values):
                if item.id not in self._identities:
                    row = stored(item)
                    self.learn(item.id, self.identity([row[name] for name in self.fields]))

    @property
    def knows_nobody(self) -> bool:
        """Whether nothing was found or learned that could be meant."""
        return not self._identities

    def identity(self, values: Sequence[SqlValue]) -> Identity:
        """The values as they are compared: blanks as None, telephone numbers by their digits."""
        found: list[SqlValue] = [value if value != "" else None for value in values]
        if self._digits >= 0 and found[self._digits]:
            found[self._digits] = "".join(filter(str.isdigit, str(found[self._digits])))[-9:]
        return tuple(found)

    def learn(self, id_: int, identity: Identity) -> None:
        """A record with these values is there from now on."""
        self._identities[id_] = identity
        for group, known in zip(self._groups, self._maps, strict=True):
            key = tuple(identity[place] for place in group)
            if None not in key:
                known.setdefault(key, []).append(id_)

    def find(self, identity: Identity, claimed: frozenset[int] | set[int] = frozenset(), *, strict: bool = False) -> int | None:
        """The record meant, or None; ``claimed`` ones are taken already, ``strict`` minds what surer fields say against it."""
        for level, (group, known) in enumerate(zip(self._groups, self._maps, strict=True)):
            candidates = known.get(tuple(identity[place] for place in group))
            if not candidates:
                continue
            fit = [id_ for id_ in candidates if id_ not in claimed and self._fits(identity, self._identities[id_], level, strict)]
            if fit:
                return fit[0] if len(fit) == 1 else max(fit, key=lambda id_: self._likeness(identity, self._identities[id_]))
        return None

    def adds(self, id_: int, identity: Identity) -> bool:
        """Whether these values tell more of a record that was known by its name alone; then it is known by them from now on."""
        known = self._identities[id_]
        named = {place for place, value in enumerate(known) if value is not None}
        if self._weak < 0 or named != set(self._groups[self._weak]) or named == {place for place, value in enumerate(identity) if value is not None}:
            return False
        self.learn(id_, identity)
        return True

    def _fits(self, one: Identity, other: Identity, level: int, strict: bool) -> bool:
        if level != self._weak and not strict:
            return True
        group = self._groups[level]
        mine = [(a, b) for place, (a, b) in enumerate(zip(one, other, strict=True)) if place not in group]
        if level == self._weak:
            bare = all(a is None for a, _b in mine) or all(b is None for _a, b in mine)
            return bare and all(a is None or b is None or a == b for a, b in mine)
        surer = {place for earlier in self._groups[:level] for place in earlier}
        return all(one[place] is None or other[place] is None or one[place] == other[place] for place in surer)

    def _likeness(self, one: Identity, other: Identity) -> int:
        return sum(a == b for a, b in zip(one, other, strict=True))


class Names:
    """What a file calls a channel, a cause, a supplier, a person: looked up by name or code, made where a name is all it takes."""

    def __init__(self, tx: Transaction, kind: type[Record]) -> None:
        self._tx = tx
        self._kind = kind
        self._title = kind.spec.title.name
        self._fields = REFERRED_BY.get(kind, (self._title,))
        self._ids: dict[str, int | None] = {}
        self._folded: dict[str, int] | None = None

    def find(self, texts: Iterable[str]) -> None:
        """Look up many names at once."""
        wanted = [text for text in dict.fromkeys(texts) if text not in self._ids]
        for field in reversed(self._fields):
            found = self._tx.by_value(self._kind, field, wanted) if wanted else {}
            self._ids.update({str(value): id_ for value, id_ in found.items()})
        for text in wanted:
            if text not in self._ids:
                self._ids[text] = self._alike(text)

    def id(self, text: str) -> int | None:
        """The record of this name, made where that is possible; None when it is not there."""
        if text not in self._ids:
            self.find([text])
        if self._ids[text] is None and self.makeable:
            self._ids[text] = self._tx.add(self._made(text))
        return self._ids[text]

    def known(self, text: str) -> int | None:
        """The record of this name, once looked up; None when it is not there."""
        return self._ids.get(text)

    @property
    def makeable(self) -> bool:
        return set(self._needed()) <= {self._title, *self._fields[:1]}

    def _made(self, text: str) -> Record:
        make: Callable[..., Record] = self._kind
        return make(**dict.fromkeys(self._needed(), text))

    def _needed(self) -> list[str]:
        return [field.name for field in self._kind.spec.fields.values() if field.required] + [self._fields[0]] * (self._fields[0] != self._title)

    def _alike(self, text: str) -> int | None:
        """The record of that name in other letters, or in the other language (the lists a register starts with)."""
        if self._folded is None:
            self._folded = {}
            if self._tx.count(Query(self._kind)) <= SMALL:
                for item in self._tx.records(Query(self._kind)):
                    for field in self._fields:
                        if value := str(getattr(item, field)):
                            self._folded.setdefault(fold(value), item.id)
        spellings = [fold(text), *(fold(translator(lang)(text)) for lang in LANGUAGES)]
        return next((self._folded[spelling] for spelling in spellings if spelling in self._folded), None)
