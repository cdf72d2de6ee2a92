"""What the words of a command mean in a register: a number, a name, an id, a condition, a letter."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from qmdesk.errors import Known
from qmdesk.i18n import _
from qmdesk.operations.finding import by_number, must_find
from qmdesk.records import catalog
from qmdesk.records.case import Case
from qmdesk.records.paper import DocumentKind
from qmdesk.register import Reading
from qmdesk.schema import types
from qmdesk.schema.query import Condition, Query, condition, parse_condition, parse_order, split_condition
from qmdesk.schema.record import Record

MOST_NAMED = 1000  # records a part of a name may mean in a question


def titled(reading: Reading, kind: type[Record], operator: str, words: str, limit: int) -> list[int]:
    """The ids of the records whose title is, or contains, these words."""
    title = kind.spec.title
    meant = title.type.parse(words)
    return reading.ids(Query(kind, (condition(kind, title.name, operator, (meant,)),)), limit) if meant else []


def called(reading: Reading, number: str) -> tuple[type[Record], int]:
    """The record with this number, else the one of this name, so that what ``add`` printed is found. Raises Known."""
    if found := by_number(reading, number):
        return found
    for kind in catalog.RECORDS:
        if kind.spec.owner is None and (ids := titled(reading, kind, "=", number, 2)):
            if len(ids) > 1:
                raise Known(_("Several records are called “{name}”; use their number.").format(name=number[:80]))
            return kind, ids[0]
    return must_find(reading, number)  # says that nothing has it


def case_called(reading: Reading, number: str) -> int:
    """The id of the case with this number. Raises Known."""
    kind, id_ = called(reading, number)
    if kind is not Case:
        raise Known(_("{number} is no case.").format(number=number))
    return id_


def meant(reading: Reading, kind: type[Record], word: str) -> int:
    """The id of the record of a kind that is called so: by its title, another number of its own, or its id. Raises Known."""
    by_title = titled(reading, kind, "=", word, 2)
    if len(by_title) > 1:
        raise Known(_("Several records are called “{name}”; use their number.").format(name=word[:80]))
    numbered = by_number(reading, word)
    found = by_title or ([numbered[1]] if numbered and numbered[0] is kind else [])
    if not found and word.isdecimal() and len(word) < 19 and reading.find(kind, int(word)):
        found = [int(word)]
    if not found:
        raise Known(_("There is no {record} “{value}”.").format(record=_(kind.spec.label), value=word[:80]))
    return found[0]


def asked(reading: Reading, record: str, wheres: Iterable[str], search: str, orders: Iterable[str]) -> Query:
    """The query that a command asks by its words. Raises Known."""
    kind = catalog.named(record)
    conditions = tuple(_condition(reading, kind, where) for where in wheres)
    return Query(kind, conditions, search, tuple(parse_order(kind, order) for order in orders))


def _condition(reading: Reading, kind: type[Record], written: str) -> Condition:
    """A condition; a reference may be asked for by its title or a part of it, and several records may be meant. Raises Known."""
    name, operator, value = split_condition(written)
    target = kind.spec.refs.get(name)
    if target is None or operator not in ("=", "contains") or not value:
        return parse_condition(kind, written)
    found = titled(reading, target, operator, value, MOST_NAMED + 1)
    if len(found) > MOST_NAMED:
        raise Known(_("“{value}” is in more than {most} names. Ask for a longer part of the name.").format(value=value[:80], most=MOST_NAMED))
    if not found and operator == "=":
        if value.isdecimal():
            return parse_condition(kind, f"{name} = {value}")  # an id
        raise Known(_("There is no {record} “{value}”.").format(record=_(target.spec.label), value=value[:80]))
    return Condition(name, types.IS, tuple(found)) if len(found) == 1 else Condition(name, types.ONE_OF, tuple(found))


def document_kind(word: str) -> DocumentKind:
    """The kind of letter that a word means: D1, or its name. Raises Known."""
    numbered = {f"d{n}": kind for n, kind in enumerate(DocumentKind, 1)}
    found = numbered.get(word.lower()) or {str(kind.value): kind for kind in DocumentKind}.get(word.lower().replace("-", "_"))
    if found is None:
        listed = ", ".join(f"{number.upper()} {kind.value}" for number, kind in numbered.items())
        raise Known(_("There is no letter “{word}”; the kinds are: {listed}.").format(word=word, listed=listed))
    return found


def a_day(text: str) -> date:
    """The day somebody wrote. Raises Known."""
    try:
        return types.Day().parse(text)
    except ValueError:
        raise Known(_("“{date}” is no date: write it like 2026-11-22.").format(date=text[:40])) from None
