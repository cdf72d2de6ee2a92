"""Questions to the register: conditions that know their SQL and their sentence, an order, search words."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import field, replace
from typing import Any

from qmdesk.errors import Known
from qmdesk.i18n import _, translator
from qmdesk.schema import types
from qmdesk.schema.record import Field, Record, not_understood, unknown_field
from qmdesk.schema.types import Operator, SqlValue
from qmdesk.values import dataclass

Titles = Callable[[type[Record], int], str]


@dataclass(frozen=True)
class Condition:
    """One question about one field, such as *received on 1 Nov 2026 or after*."""

    field: str
    operator: Operator
    values: tuple[Any, ...] = ()

    def sql(self, kind: type[Record], *, by_index: bool = True) -> tuple[str, list[SqlValue]]:
        """The clause for a table called ``t`` and its parameters; without ``by_index`` it is only looked at row by row."""
        asked = _field(kind, self.field)
        clause, values = asked.type.clause(self.operator, f"{'' if by_index else '+'}t.{asked.column}", self.values)
        if asked.unique and by_index and self.operator in (types.IS, types.ONE_OF) and all(values):
            clause += f" AND t.{asked.filled}"
        return clause, values

    def sentence(self, kind: type[Record], lang: str | None = None, title: Titles | None = None) -> str:
        """What is asked, in words; ``title`` names records that are referred to."""
        tr = translator(lang) if lang else _
        asked = _field(kind, self.field)

        def show(value: Any) -> str:
            if isinstance(asked.type, types.Ref) and title:
                return title(asked.type.target, value)
            if isinstance(asked.type, types.Moment) and not hasattr(value, "hour"):
                return types.Day().show(value, lang)
            return asked.type.show(value, lang)

        shown = [show(value) for value in self.values]
        listed = ", ".join(shown) if self.operator.values < 0 else (shown[0] if shown else "")
        return tr(self.operator.sentence).format(field=asked.labelled(lang), value=listed, other=shown[-1] if shown else "")


@dataclass(frozen=True)
class These(Condition):
    """Exactly these records, whatever they hold: those behind a figure; ``words`` says which they are."""

    words: str = ""

    def sql(self, kind: type[Record], *, by_index: bool = True) -> tuple[str, list[SqlValue]]:
        """As one parameter, because a statement takes only so many."""
        return f"{'' if by_index else '+'}t.\"id\" IN (SELECT value FROM json_each(?))", [json.dumps(self.values)]

    def sentence(self, kind: type[Record], lang: str | None = None, title: Titles | None = None) -> str:
        """What they are, as whoever chose them said it."""
        return self.words


def these(ids: Iterable[int], words: str) -> These:
    """The condition of being one of these records."""
    return These("id", types.ONE_OF, tuple(ids), words)


@dataclass(frozen=True)
class Order:
    """By which field a list is ordered."""

    field: str
    descending: bool = False


@dataclass(frozen=True)
class Query:
    """Which records of one kind, in which order. Every condition must hold; ``search`` asks the full text."""

    kind: type[Record]
    where: tuple[Condition, ...] = ()
    search: str = ""
    order: tuple[Order, ...] = field(default=())

    def also(self, *conditions: Condition) -> Query:
        """The same question, narrowed."""
        return replace(self, where=self.where + conditions)

    def by(self, *order: Order) -> Query:
        """The same question in another order."""
        return replace(self, order=order)

    @property
    def plain(self) -> bool:
        """Whether all records of the kind are asked for."""
        return not self.where and not self.search.strip()

    def sentence(self, lang: str | None = None, title: Titles | None = None) -> str:
        """The whole question in words, for a heading or an export."""
        tr = translator(lang) if lang else _
        parts = [condition.sentence(self.kind, lang, title) for condition in self.where]
        if self.search.strip():
            parts.append(tr("search: “{words}”").format(words=self.search.strip()))
        return "; ".join(parts) or tr("all of them")


def _field(kind: type[Record], name: str) -> Field:
    found = kind.spec.fields.get(name)
    if found is None:
        raise Known(unknown_field(kind, name))
    return found


def condition(kind: type[Record], name: str, operator: str, values: Sequence[Any] = ()) -> Condition:
    """A condition by the operator's key, its values given as Python values. Raises Known for a wrong field or operator."""
    asked = _field(kind, name)
    for known in asked.type.operators:
        if known.key == operator:
            return Condition(name, known, tuple(values))
    raise Known(
        _("“{operator}” can't be asked of {field}; use one of: {listed}.").format(
            operator=operator, field=asked.labelled(), listed=", ".join(known.key for known in asked.type.operators)
        )
    )


def parts_of(owner: Record, kind: type[Record]) -> Query:
    """The parts of a record of one kind, oldest first."""
    field = kind.spec.owner
    assert field is not None, f"{kind.spec.table} is no part of anything"
    return Query(kind, (Condition(field.name, types.IS, (owner.id,)),)).by(Order("id"))


def offered(kind: type[Record]) -> tuple[Condition, ...]:
    """What a record must fulfil to be offered where another refers to it; those not in use any more keep their place."""
    flag = kind.spec.offers
    return (Condition(flag.name, types.IS, (True,)),) if flag else ()


_SIGNED = re.compile(r"\s*(\w+)\s*([<>!]=|[=<>])\s*(.*?)\s*", re.DOTALL)
_WORDED = re.compile(r"\s*(\S+)(?:\s+(\S+)(?:\s+(.*?))?)?\s*", re.DOTALL)


def split_condition(written: str) -> tuple[str, str, str]:
    """Field, operator and value of a condition as written: ``state = new``, ``state=new``, ``note contains a b``; "" for what isn't there."""
    found = _SIGNED.fullmatch(written) or _WORDED.fullmatch(written)
    name, operator, value = found.groups(default="") if found else ("", "", "")
    return name, operator.lower(), value


def _texts(value: str, count: int) -> list[str]:
    """The values in a text: of two, blanks or a comma stand between them; of any number, commas."""
    if count == 2 and len(parts := value.split()) == 2:  # first, because 12,50 holds a comma too
        return [part.strip(",") for part in parts]
    return [part.strip() for part in value.split(",")] if count in (2, -1) else [value] if value else []


def parse_condition(kind: type[Record], written: str) -> Condition:
    """A condition as written on the command line: ``state = new``, ``received_at between 2026-01-01 2026-01-31``.

    Raises Known with what is wrong.
    """
    name, operator, value = split_condition(written)
    if not name or (not operator and name in kind.spec.fields):
        raise Known(_("“{written}” is no condition; write a field, an operator and a value, as in: state = new.").format(written=written))
    asked = condition(kind, name, operator)
    field_, count = _field(kind, name), asked.operator.values
    texts = _texts(value, count)
    if (len(texts) != count and count >= 0) or any(types.clean(text) == "" for text in texts):
        sentence = {0: _("“{written}” needs no value after {operator}."), 2: _("“{written}” needs two values after {operator}.")}
        raise Known(sentence.get(count, _("“{written}” needs a value after {operator}.")).format(written=written, operator=operator))
    reader = types.Day() if isinstance(field_.type, types.Moment) and not any(":" in text for text in texts) else field_.type
    try:
        found = replace(asked, values=tuple(reader.parse(text) for text in texts))
    except (ValueError, OverflowError):
        raise Known(not_understood(field_, value)) from None
    if any(isinstance(stored, int) and abs(stored) >= 1 << 63 for stored in found.sql(kind)[1]):
        raise Known(not_understood(field_, value))  # more than a column can hold
    return found


def parse_order(kind: type[Record], written: str) -> Order:
    """An order as written on the command line: ``received_at`` or ``-received_at``."""
    name = written.removeprefix("-")
    return Order("id" if name == "id" else _field(kind, name).name, written.startswith("-"))
