"""Rows and records: reading pages of them, writing single ones and many, counting, and the schema the records expect."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from qmdesk.errors import Known
from qmdesk.i18n import _
from qmdesk.schema import types
from qmdesk.schema.query import Query
from qmdesk.schema.record import Field, Record, loaded
from qmdesk.schema.types import SqlValue
from qmdesk.store import search
from qmdesk.store.driver import Connection
from qmdesk.values import dataclass

if TYPE_CHECKING:  # what opens the window needs no whole columns
    import numpy as np
    import numpy.typing as npt

R = TypeVar("R", bound=Record)

# With so many hits it is faster to walk the order's index and look at each row than to sort all hits (0.3 s at a million).
WALK_FROM = 2000
# What an index tells alone, a choice and the day beside it, is sorted faster: 5 ms for so many.
WALK_FROM_COVERED = 30_000
Values = Mapping[str, SqlValue]


# ------------------------------------------------------------------------- the schema the records expect


def columns(kind: type[Record]) -> dict[str, str]:
    """Column name -> its definition, as the records ask for it."""
    found = {"id": "INTEGER PRIMARY KEY AUTOINCREMENT"}
    for field in kind.spec.fields.values():
        if field.required:
            wanted = " NOT NULL"
        elif isinstance(field.type, types.Text | types.File):
            wanted = " NOT NULL DEFAULT ''"
        elif isinstance(field.type, types.Flag):
            wanted = f" NOT NULL DEFAULT {int(kind.blank[field.name])}"
        else:
            wanted = ""
        found[field.name] = field.type.sql + wanted
        if isinstance(field.type, types.Ref):
            found[field.name] += f' REFERENCES "{field.type.target.spec.table}"("id") DEFERRABLE INITIALLY DEFERRED'
        if field.name in kind.spec.alphabetical:
            found[f"{field.name}_key"] = "TEXT NOT NULL"
    return found


def indexes(kind: type[Record]) -> dict[str, str]:
    """Index name -> its statement: what lists are ordered by, what refers elsewhere, what is unique.

    A part is found by its owner, among few: only a number of ours is its name everywhere, and only one day orders them all.
    """
    table, found = kind.spec.table, {}
    begun = {group[0] for group in kind.spec.together}  # the index of a group finds its first field alone too
    for field in kind.spec.fields.values():
        name = f"{table}_{field.name}"
        if field.unique:
            found[name] = f'CREATE UNIQUE INDEX "{name}" ON "{table}"({field.column}) WHERE {field.filled}'
        elif isinstance(field.type, types.LongText):
            continue  # a title too may be a whole letter: nobody looks it up or orders by it
        elif isinstance(field.type, types.Ref) and field.name in begun:
            continue
        elif isinstance(field.type, types.Ref) and not field.required:  # what refers to nothing is not looked for
            found[name] = f'CREATE INDEX "{name}" ON "{table}"({field.column}) WHERE {field.column} IS NOT NULL'
        elif isinstance(field.type, types.Ref) or _names(kind, field) or _orders(kind, field):
            found[name] = f'CREATE INDEX "{name}" ON "{table}"({field.order_column})'
        elif field.listed and isinstance(field.type, types.Choice):
            found[name] = f'CREATE INDEX "{name}" ON "{table}"({", ".join(_with_day(kind, field))})'
    for group in kind.spec.together:
        name = f"{table}_{'_'.join(group)}"
        listed = ", ".join(f'"{column}"' for column in group)
        found[name] = f'CREATE UNIQUE INDEX "{name}" ON "{table}"({listed})'
    return found


def _names(kind: type[Record], field: Field) -> bool:
    """Whether lists are ordered by a field because it is the records' name."""
    return field.title and (kind.spec.owner is None or field.automatic)


def _orders(kind: type[Record], field: Field) -> bool:
    """Whether lists are ordered by a field because it is a day; of a part's days the first is."""
    return field.listed and isinstance(field.type, types.Day | types.Moment) and (kind.spec.owner is None or field is _day(kind))


def _day(kind: type[Record]) -> Field | None:
    """The day that lists of a kind are ordered by."""
    return next((field for field in kind.spec.fields.values() if field.listed and isinstance(field.type, types.Day | types.Moment)), None)


def _with_day(kind: type[Record], field: Field) -> list[str]:
    """The columns that order by a field: a choice is ordered by the day within, so one index finds a state's rows in their order."""
    day = _day(kind) if isinstance(field.type, types.Choice) else None
    return [field.order_column, day.column] if day else [field.order_column]


def expected_schema(kinds: Iterable[type[Record]]) -> dict[str, str]:
    """Name -> statement of every table, index and search table of these records. Migrations are tested equal to it."""
    found = {}
    for kind in kinds:
        table = kind.spec.table
        defined = ",\n    ".join(f'"{name}" {what}' for name, what in columns(kind).items())
        found[table] = f'CREATE TABLE "{table}" (\n    {defined}\n) STRICT'
        found.update(indexes(kind))
        if kind.spec.own_searched:
            found[search.table(kind)] = search.statement(kind)
    return found


# ------------------------------------------------------------------------------------------ reading


def _select(query: Query, what: str, *, backwards: bool = False, by_index: bool = True) -> tuple[str, list[SqlValue]]:
    """The statement that finds a query's rows. Found words come newest first, by rowid, so that hits need no sorting.

    Where only words are asked the index answers alone: a look at each hit's row takes ten times as long as finding it.
    Without ``by_index`` the conditions find nothing by themselves: the rows are walked in their order.
    """
    table = query.kind.spec.table
    source, hits = f'"{table}" AS t', ""
    clauses: list[str] = []
    parameters: list[SqlValue] = []
    words = search.match(query.search)
    if words:
        if not query.kind.spec.own_searched:
            raise Known(_("{records} can't be searched by words; ask about a field instead.").format(records=_(query.kind.spec.plural)))
        name = search.table(query.kind)
        if query.where:
            source, hits = f'"{name}" AS s CROSS JOIN "{table}" AS t ON t."id" = s.rowid', "s"
        else:
            source, hits = f'"{name}" AS t', "t"
        clauses.append(f'"{name}" MATCH ?')
        parameters.append(words)
    for condition in query.where:
        clause, values = condition.sql(query.kind, by_index=by_index)
        clauses.append(clause)
        parameters += values
    statement = f"SELECT {what} FROM {source}" + (f" WHERE {' AND '.join(clauses)}" if clauses else "")
    if what.startswith("count"):
        return statement, parameters
    return f"{statement} ORDER BY {_ordered(query, hits, backwards)}", parameters


def _ordered(query: Query, hits: str, backwards: bool) -> str:
    """The order of a query; ``hits`` is the name under which the index takes part, "" where no words are asked."""
    down = {False: "ASC", True: "DESC"}
    if hits:
        return f"{hits}.rowid {down[not backwards]}"
    parts = [(column, order.descending) for order in query.order for column in _order_columns(query.kind, order.field)]
    last = query.order[-1].descending if query.order else True
    parts.append(('t."id"', last))
    return ", ".join(f"{column} {down[descending != backwards]}" for column, descending in parts)


def _order_columns(kind: type[Record], name: str) -> list[str]:
    return ['t."id"'] if name == "id" else [f"t.{column}" for column in _with_day(kind, kind.spec.fields[name])]


def ids(connection: Connection, query: Query, limit: int | None = None, offset: int = 0, *, backwards: bool = False) -> list[int]:
    """The ids a query finds, a slice of them; ``backwards`` counts from the end, so that a jump there costs nothing."""
    walk_from = WALK_FROM_COVERED if _covered(query) else WALK_FROM
    many = limit is not None and bool(query.where) and count(connection, query, walk_from) == walk_from
    statement, parameters = _select(query, "t.rowid", backwards=backwards, by_index=not many)
    if limit is not None:
        statement += f" LIMIT {int(limit)} OFFSET {int(offset)}"
    found = [row[0] for row in connection.execute(statement, parameters)]
    return found[::-1] if backwards else found


def _covered(query: Query) -> bool:
    """Whether a choice's index alone answers: it is all that is asked, its day aside, and the day orders the list."""
    day = _day(query.kind)
    if day is None or query.search.strip() or [order.field for order in query.order] != [day.name]:
        return False
    asked = {condition.field for condition in query.where} - {day.name}
    return len(asked) == 1 and (field := query.kind.spec.fields.get(asked.pop())) is not None and isinstance(field.type, types.Choice)


def count(connection: Connection, query: Query, at_most: int | None = None) -> int:
    """How many records a query finds; counting stops at ``at_most``. Counting all of a kind reads one kept number."""
    if query.plain:
        row = connection.execute("SELECT n FROM tally WHERE kind = ?", [query.kind.spec.table]).fetchone()
        return int(row[0]) if row else 0
    if at_most is None:
        statement, parameters = _select(query, "count(*)")
    else:
        inner, parameters = _select(query, "1")
        inner = inner.rpartition(" ORDER BY ")[0]
        statement = f"SELECT count(*) FROM ({inner} LIMIT {int(at_most)})"
    return int(connection.execute(statement, parameters).fetchone()[0])


def tallied(connection: Connection) -> dict[str, int]:
    """Table -> how many records it should hold, as the register keeps count."""
    return dict(connection.execute("SELECT kind, n FROM tally"))


def counted(connection: Connection, kinds: Iterable[type[Record]]) -> dict[str, int]:
    """Table -> how many rows it holds, counted one by one."""
    each = (f"SELECT '{kind.spec.table}', count(*) FROM \"{kind.spec.table}\"" for kind in kinds)
    return dict(connection.execute(" UNION ALL ".join(each)))  # one statement: to compile one for each table takes longer than to count a small shop


def fetch(connection: Connection, kind: type[R], wanted: Sequence[int]) -> list[tuple[R, dict[str, str]]]:
    """The records with these ids, in this order, each with the titles of what it refers to, in one statement.

    Ids that are not there are left out.
    """
    table, joins, titles = kind.spec.table, "", ""
    for name, target in kind.spec.refs.items():
        joins += f' LEFT JOIN "{target.spec.table}" AS "r_{name}" ON "r_{name}"."id" = t."{name}"'
        titles += f', "r_{name}".{target.spec.title.column}'
    names, listed = kind.spec.columns, kind.spec.whole_row
    statement = f'SELECT {listed}{titles} FROM "{table}" AS t{joins} WHERE t."id" IN (SELECT value FROM json_each(?))'
    found = {}
    for row in connection.execute(statement, [json.dumps(list(wanted))]):
        referred = dict(zip(kind.spec.refs, ("" if title is None else str(title) for title in row[len(names) :]), strict=True))
        found[row[0]] = (loaded(kind, dict(zip(names, row, strict=False))), referred)
    return [found[id_] for id_ in wanted if id_ in found]


def records(connection: Connection, query: Query, limit: int | None = None) -> list[Any]:
    """The records a query finds, without the titles of what they refer to."""
    kind = query.kind
    names, listed = kind.spec.columns, kind.spec.whole_row
    if limit is None and not query.search.strip():
        statement, parameters = _select(query, listed)
        return [loaded(kind, dict(zip(names, row, strict=True))) for row in connection.execute(statement, parameters)]
    wanted = ids(connection, query, limit)
    statement = f'SELECT {listed} FROM "{kind.spec.table}" AS t WHERE t."id" IN (SELECT value FROM json_each(?))'
    found = {row[0]: loaded(kind, dict(zip(names, row, strict=True))) for row in connection.execute(statement, [json.dumps(wanted)])}
    return [found[id_] for id_ in wanted if id_ in found]


def values(connection: Connection, kind: type[Record], names: Sequence[str], wanted: Sequence[int]) -> list[tuple[SqlValue, ...]]:
    """Fields of the records with these ids, in this order, as stored, a reference as its title: for exports of many.

    Ids that are not there are left out.
    """
    listed, joins = "", ""
    for at, name in enumerate(names):
        target = kind.spec.refs.get(name)
        if target is None:
            listed += f', t."{name}"'
        else:
            listed += f', "r{at}".{target.spec.title.column}'
            joins += f' LEFT JOIN "{target.spec.table}" AS "r{at}" ON "r{at}"."id" = t."{name}"'
    statement = f'SELECT t."id"{listed} FROM "{kind.spec.table}" AS t{joins} WHERE t."id" IN (SELECT value FROM json_each(?))'
    found = {row[0]: row[1:] for row in connection.execute(statement, [json.dumps(list(wanted))])}
    return [found[id_] for id_ in wanted if id_ in found]


MISSING = -(10**15)
"""What stands for a number, a day or a moment that is not there, in a whole column; no field can hold it."""
_BETWEEN = "\x1f"


@dataclass(frozen=True, eq=False, repr=False)
class Columns:
    """Whole columns of a kind, all in the same order: numbers as they are stored, and words as places in a list of them."""

    numbers: Mapping[str, npt.NDArray[np.int64]]
    words: Mapping[str, tuple[str, ...]]  # of a column of words: the different ones; its numbers are the places in here


def whole(connection: Connection, kind: type[Record], names: Sequence[str]) -> Columns:
    """Whole columns ("id" too): days as days and moments as seconds since 1970, no reference as 0, else MISSING where nothing stands.

    One statement joins each column to one text, which numpy reads at once: a third of the time that a million rows take.
    """
    import numpy as np  # what opens the window needs no whole columns

    asked = [_joined(kind, name) for name in names]
    found = connection.execute(f'SELECT {", ".join(asked)} FROM "{kind.spec.table}"').fetchone()
    numbers: dict[str, npt.NDArray[np.int64]] = {}
    words: dict[str, tuple[str, ...]] = {}
    for name, text in zip(names, found, strict=True):
        if name == "id" or kind.spec.fields[name].type.counted:
            numbers[name] = np.fromstring(text or "", dtype=np.int64, sep=",")
        else:
            parts = [] if text is None else text.split(_BETWEEN)
            places = {part: at for at, part in enumerate(dict.fromkeys(parts))}
            numbers[name] = np.fromiter(map(places.__getitem__, parts), dtype=np.int64, count=len(parts))
            words[name] = tuple(places)
    return Columns(numbers, words)


def _joined(kind: type[Record], name: str) -> str:
    if name == "id":
        return 'group_concat("id")'
    field = kind.spec.fields[name]
    if field.type.counted:
        return f"group_concat(coalesce({field.type.counted.format(column=field.column)}, {MISSING}))"
    return f"group_concat(replace(coalesce({field.column}, ''), '{_BETWEEN}', ' '), '{_BETWEEN}')"


def get(connection: Connection, kind: type[R], id_: int) -> R | None:
    """One record, or None."""
    row = _whole_row(connection, kind, id_)
    return None if row is None else loaded(kind, row)


def raw(connection: Connection, kind: type[Record], id_: int) -> dict[str, SqlValue] | None:
    """One row as stored, without its id, or None."""
    row = _whole_row(connection, kind, id_)
    if row is not None:
        del row["id"]
    return row


def _whole_row(connection: Connection, kind: type[Record], id_: int) -> dict[str, SqlValue] | None:
    row = connection.execute(f'SELECT {kind.spec.whole_row} FROM "{kind.spec.table}" AS t WHERE t."id" = ?', [id_]).fetchone()
    return None if row is None else dict(zip(kind.spec.columns, row, strict=True))


def exists(connection: Connection, kind: type[Record], id_: int) -> bool:
    """Whether there is a record with this id."""
    return connection.execute(f'SELECT 1 FROM "{kind.spec.table}" WHERE "id" = ?', [id_]).fetchone() is not None


def titles(connection: Connection, kind: type[Record], wanted: Iterable[int]) -> dict[int, str]:
    """Id -> title."""
    statement = f'SELECT "id", {kind.spec.title.column} FROM "{kind.spec.table}" WHERE "id" IN (SELECT value FROM json_each(?))'
    return {row[0]: str(row[1]) for row in connection.execute(statement, [json.dumps(sorted(set(wanted)))])}


def by_value(connection: Connection, kind: type[Record], field: str, values: Iterable[SqlValue]) -> dict[SqlValue, int]:
    """Value of one field -> id of the newest record that holds it; for matching many rows of an import at once."""
    asked = kind.spec.fields[field]
    column, filled = asked.column, f" AND {asked.filled}" if asked.unique else ""
    statement = f'SELECT {column}, max("id") FROM "{kind.spec.table}" WHERE {column} IN (SELECT value FROM json_each(?)){filled} GROUP BY {column}'
    return {row[0]: row[1] for row in connection.execute(statement, [json.dumps(list(values))])}


def holding(connection: Connection, kind: type[Record], field: str, value: str) -> int | None:
    """The newest record whose field holds exactly this text, found by the field's index, else by the words of the search.

    Of records that this transaction changed the words are not known before its end.
    """
    asked = kind.spec.fields[field]
    by_words = asked.searched and kind.spec.own_searched and not (asked.unique or _names(kind, asked))
    words = search.match_whole(value) if by_words else ""
    if not words:
        return by_value(connection, kind, field, [value]).get(value)
    name = search.table(kind)
    statement = (
        f'SELECT t."id" FROM "{name}" AS s CROSS JOIN "{kind.spec.table}" AS t ON t."id" = s.rowid '
        f'WHERE "{name}" MATCH ? AND t.{asked.column} = ? ORDER BY s.rowid DESC LIMIT 1'
    )
    row = connection.execute(statement, [words, value]).fetchone()
    return None if row is None else int(row[0])


# ------------------------------------------------------------------------------------------ writing


def _with_keys(kind: type[Record], values: Values) -> dict[str, SqlValue]:
    """The values with the sort keys of alphabetical fields beside them."""
    return {**values, **{f"{name}_key": search.sort_key(str(values[name])) for name in kind.spec.alphabetical if name in values}}


def _tally(connection: Connection, kind: type[Record], more: int) -> None:
    connection.execute(
        "INSERT INTO tally(kind, n) VALUES (?, ?) ON CONFLICT(kind) DO UPDATE SET n = n + excluded.n", [kind.spec.table, more]
    )


def insert(connection: Connection, kind: type[Record], values: Values, id_: int | None = None) -> int:
    """Write a new row; its id is given, or the next never used one."""
    full = _with_keys(kind, values)
    if id_ is not None:
        full["id"] = id_
    names, marks = ", ".join(f'"{name}"' for name in full), ", ".join("?" * len(full))
    cursor = connection.execute(f'INSERT INTO "{kind.spec.table}"({names}) VALUES ({marks})', list(full.values()))
    _tally(connection, kind, 1)
    return int(cursor.lastrowid or 0)


def insert_many(connection: Connection, kind: type[Record], names: Sequence[str], rows: Sequence[Sequence[SqlValue]], first: int | None = None) -> tuple[int, int]:
    """Write many rows with consecutive ids; returns the first and last id. ``names`` are fields, without the id."""
    if first is None:
        first = next_id(connection, kind)
    keyed = [(position, f"{name}_key") for position, name in enumerate(names) if name in kind.spec.alphabetical]
    listed = ", ".join(f'"{name}"' for name in ("id", *names, *(key for _at, key in keyed)))
    marks = ", ".join("?" * (1 + len(names) + len(keyed)))
    numbered = enumerate(rows, first)
    full = ((id_, *row, *[search.sort_key(str(row[at])) for at, _name in keyed]) for id_, row in numbered) if keyed else ((id_, *row) for id_, row in numbered)
    connection.executemany(f'INSERT INTO "{kind.spec.table}"({listed}) VALUES ({marks})', full)
    _tally(connection, kind, len(rows))
    return first, first + len(rows) - 1


def next_id(connection: Connection, kind: type[Record]) -> int:
    """An id no record of the kind ever had."""
    row = connection.execute("SELECT seq FROM sqlite_sequence WHERE name = ?", [kind.spec.table]).fetchone()
    return int(row[0]) + 1 if row else 1


def update(connection: Connection, kind: type[Record], id_: int, values: Values) -> None:
    """Overwrite some fields of a row."""
    full = _with_keys(kind, values)
    assigned = ", ".join(f'"{name}" = ?' for name in full)
    connection.execute(f'UPDATE "{kind.spec.table}" SET {assigned} WHERE "id" = ?', [*full.values(), id_])


def delete(connection: Connection, kind: type[Record], first: int, last: int | None = None) -> None:
    """Take a row, or a range of them, away."""
    cursor = connection.execute(f'DELETE FROM "{kind.spec.table}" WHERE "id" BETWEEN ? AND ?', [first, last or first])
    _tally(connection, kind, -cursor.rowcount)


def range_of(connection: Connection, kind: type[Record], first: int, last: int) -> list[list[Any]]:
    """The rows of a range as stored: id and every field."""
    listed = ", ".join(f'"{name}"' for name in ("id", *kind.spec.fields))
    return [list(row) for row in connection.execute(f'SELECT {listed} FROM "{kind.spec.table}" WHERE "id" BETWEEN ? AND ? ORDER BY "id"', [first, last])]
