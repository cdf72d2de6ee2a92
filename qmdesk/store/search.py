"""The full-text index: one table of words a searched kind, Polish folding both ways, digits with and without spaces."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Sequence

from qmdesk.schema import types
from qmdesk.schema.folding import fold
from qmdesk.schema.record import Field, Record
from qmdesk.store.driver import Connection

_GROUPED_DIGITS = re.compile(r"\d[\d\s()./-]{4,}\d")
_DIGITS = re.compile(r"\d+")
_WORD = re.compile(r"[^\W_]+")
_APART = " | "  # between texts: neither a word nor a part of a number
_ONE_PIECE = 15  # digits: a telephone number with its country fits
_SUBSCRIBER = 9  # digits of a Polish telephone number without its country
_MOST_WORDS = 24  # of a question; nobody types more, and a pasted letter must not take seconds
_CHUNK = 2000


def words(texts: Iterable[str]) -> str:
    """What the index holds of some texts: folded, and each grouped number also in one piece, from each of its groups on.

    Every text counts its own groups: a tax number and the telephone number after it are two numbers.
    """
    folded = fold(_APART.join(texts))
    found = [folded]
    for grouped in _GROUPED_DIGITS.findall(folded):
        groups = _DIGITS.findall(grouped)
        pieces = {"".join(groups[at:])[:_ONE_PIECE] for at in range(len(groups) - 1)}
        whole = "".join(groups)
        if _SUBSCRIBER < len(whole) <= _ONE_PIECE:
            pieces.add(whole[-_SUBSCRIBER:])
        found += sorted(pieces)
    return " ".join(found)


def match(asked: str) -> str:
    """The index's question for what a person typed: every word as a beginning; "" when there is none.

    Digits typed in groups also find the number in one piece, and a number with its country the one without.
    """
    parts, run = [], list[str]()
    for word in dict.fromkeys(_WORD.findall(fold(asked))) if len(asked) > 200 else _WORD.findall(fold(asked)):
        if word.isdecimal():
            run.append(word)
            continue
        parts += _digits(run)
        run = []
        parts.append(f'"{word}"*')
    return " AND ".join((parts + _digits(run))[:_MOST_WORDS])


def match_whole(value: str) -> str:
    """The index's question for the records that may hold this very value: its words, each whole.

    "" when it has none, or is of letters that the index might part into words in another way than we do.
    """
    folded = fold(value)
    return " AND ".join(f'"{word}"' for word in _WORD.findall(folded)[:_MOST_WORDS]) if folded.isascii() else ""


def _digits(run: Sequence[str]) -> list[str]:
    """The question for numbers typed one after another."""
    if not run:
        return []
    whole = "".join(run)
    each = " AND ".join(f'"{word}"*' for word in run[:_MOST_WORDS])
    others = []
    if len(run) > 1:
        others.append(f'"{whole[:_ONE_PIECE]}"*')
    if _SUBSCRIBER < len(whole) <= _ONE_PIECE:
        others.append(f'"{whole[-_SUBSCRIBER:]}"*')
    return [f"(({each}) OR {' OR '.join(others)})"] if others else [each]


_POLISH = {letter: f"{base}{'~' * step}" for letter, base, step in zip("ąćęłńóśźż", "acelnoszz", (1, 1, 1, 1, 1, 1, 1, 1, 2), strict=True)}


def sort_key(text: str) -> str:
    """A key that orders names as a Polish dictionary does: ą after every a, ź and ż after every z."""
    small = text.casefold()
    if small.isascii():
        return small
    return "".join(_POLISH.get(letter) or fold(letter) for letter in unicodedata.normalize("NFC", small))


# --------------------------------------------------------------------------------------- the tables


def table(kind: type[Record]) -> str:
    """The name of a kind's index."""
    return f"search_{kind.spec.table}"


def statement(kind: type[Record]) -> str:
    """How a kind's index is made: it keeps no text (contentless) and no positions, only which record has which word.

    Beginnings of up to five letters are kept ready: that much of a surname is typed when a list of a million is narrowed,
    and putting its hits together from all the words they begin takes 15 ms.
    """
    return (
        f"CREATE VIRTUAL TABLE \"{table(kind)}\" USING fts5(words, content='', contentless_delete=1, detail=none, "
        "prefix='1 2 3 4 5', tokenize='unicode61 remove_diacritics 2')"
    )


class Stale:
    """The records whose words may have changed in a transaction; ``refresh`` writes their index once, at its end."""

    def __init__(self, connection: Connection, kinds: Sequence[type[Record]]) -> None:
        self._connection = connection
        self._kinds = tuple(kinds)
        self._ids: dict[type[Record], set[int]] = {}
        self._bare: dict[type[Record], set[int]] = {}  # came or went as a whole, and no part of it did
        self._with_parts: dict[type[Record], set[int]] = {}

    def touch(self, kind: type[Record], ids: Iterable[int], owners: Iterable[int] = (), fields: Iterable[str] | None = None) -> None:
        """These records changed (in ``fields`` only, where given); ``owners`` are the records they are a part of."""
        if fields is not None and not any(kind.spec.fields[name].searched or kind.spec.fields[name].owner for name in fields):
            return  # a part that moved to another owner took its words along
        if kind.spec.own_searched:
            self._ids.setdefault(kind, set()).update(ids)
            if fields is not None:
                self._touch_referring(kind, ids)
            else:
                self._bare.setdefault(kind, set()).update(set(ids) - self._with_parts.get(kind, set()))
        elif kind.spec.searched and (owner := _owner(kind)):
            self._ids.setdefault(owner, set()).update(owners)
            self._with_parts.setdefault(owner, set()).update(owners)
            self._bare.get(owner, set()).difference_update(owners)

    def _touch_referring(self, kind: type[Record], ids: Iterable[int]) -> None:
        """A record's words also find what refers to it: a renamed customer's cases."""
        listed = json.dumps(list(ids))
        for other in self._kinds:
            for field in other.spec.searched if other.spec.own_searched else ():
                if isinstance(field.type, types.Ref) and field.type.target is kind:
                    rows = self._connection.execute(
                        f'SELECT "id" FROM "{other.spec.table}" WHERE {field.column} IN (SELECT value FROM json_each(?))', [listed]
                    )
                    self._ids.setdefault(other, set()).update(row[0] for row in rows)

    def refresh(self) -> None:
        """Write the index of every touched record from its rows."""
        for kind, touched in self._ids.items():
            ordered = sorted(touched)
            for start in range(0, len(ordered), _CHUNK):
                self._write(kind, ordered[start : start + _CHUNK])
        for known in (self._ids, self._bare, self._with_parts):
            known.clear()

    def _write(self, kind: type[Record], ids: Sequence[int]) -> None:
        found = self._words(kind, ids)
        name = table(kind)
        gone = [[id_] for id_ in ids if id_ not in found]
        self._connection.executemany(f'DELETE FROM "{name}" WHERE rowid = ?', gone)
        self._connection.executemany(
            f'INSERT OR REPLACE INTO "{name}"(rowid, words) VALUES (?, ?)', ((id_, words(texts)) for id_, texts in found.items())
        )

    def _words(self, kind: type[Record], ids: Sequence[int]) -> dict[int, list[str]]:
        """Id -> the texts that find the record: its own, those of what it refers to, those of its parts."""
        listed, parameters = _own_and_referred(kind), [json.dumps(list(ids))]
        found = {row[0]: list(map(str, filter(None, row[1:]))) for row in self._connection.execute(listed, parameters)}
        parts = () if self._bare.get(kind, set()).issuperset(ids) else _of_parts(kind, self._kinds)
        for statement in parts:
            for row in self._connection.execute(statement, parameters):
                if row[0] in found:
                    found[row[0]] += map(str, filter(None, row[1:]))
        return found


def _owner(kind: type[Record]) -> type[Record] | None:
    field = kind.spec.owner
    return field.type.target if field and isinstance(field.type, types.Ref) else None


def _own(kind: type[Record]) -> list[Field]:
    return [field for field in kind.spec.searched if not isinstance(field.type, types.Ref)]


def _of_parts(kind: type[Record], kinds: tuple[type[Record], ...]) -> list[str]:
    """For each kind of parts that lend their words to ``kind``: the statement that finds their owners and texts."""
    found = []
    for part in kinds:
        if part.spec.owner and part.spec.searched and _owner(part) is kind:
            owner, texts = part.spec.owner.column, ", ".join(field.column for field in _own(part))
            found.append(f'SELECT {owner}, {texts} FROM "{part.spec.table}" WHERE {owner} IN (SELECT value FROM json_each(?))')
    return found


def _own_and_referred(kind: type[Record]) -> str:
    """The statement that finds the texts of records and of what they refer to."""
    texts, joins = [f"t.{field.column}" for field in _own(kind)], ""
    for field in kind.spec.searched:
        if isinstance(field.type, types.Ref):
            target = field.type.target.spec
            joins += f' LEFT JOIN "{target.table}" AS "r_{field.name}" ON "r_{field.name}"."id" = t.{field.column}'
            texts += [f'"r_{field.name}".{other.column}' for other in _own(field.type.target)]
    return f'SELECT t."id", {", ".join(texts)} FROM "{kind.spec.table}" AS t{joins} WHERE t."id" IN (SELECT value FROM json_each(?))'
