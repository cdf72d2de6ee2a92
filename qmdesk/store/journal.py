"""The journal: steps and the changes they made, chained by digests; it is the audit trail, and undo reads it backwards."""

from __future__ import annotations

import base64
import hashlib
import json
import zlib
from collections.abc import Collection, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass  # the standard one: entries are made by the thousand
from datetime import UTC, datetime
from typing import Any

from qmdesk.errors import Altered
from qmdesk.store.driver import Connection

Image = dict[str, Any]

FIRST = 1  # the step that made the register, with its shop and the lists it starts with
ITSELF = "(QMDesk)"  # who did what nobody asked for; no system lets a user be called so


@dataclass(frozen=True)
class Entry:
    """One change of one row, or of a range of rows added or removed at once.

    ``before`` and ``after`` hold the fields that differ; None where the row did not exist. Of a range (``last`` > 0)
    they hold the number of rows and a digest of their content, and, where the rows are gone, the rows themselves, packed.
    """

    kind: str
    row: int
    before: Image | None
    after: Image | None
    last: int = 0

    @property
    def images(self) -> tuple[str | None, str | None]:
        """``before`` and ``after`` as they are kept."""
        return _image(self.before), _image(self.after)


@dataclass(frozen=True)
class Step:
    """One thing that was done: what, to what, when, by whom, with which program."""

    id: int
    at: datetime
    who: str
    label: str
    subject: str
    program: str
    schema: int
    undoes: int | None
    sealed: str

    @property
    def by_itself(self) -> bool:
        """Whether the program did it without being asked."""
        return self.who == ITSELF


class Notes:
    """What a running transaction will write into the journal."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []
        self.subject = ""
        self.sealed = ""


_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode


def _image(image: Image | None) -> str | None:
    return None if image is None else _json(image)


def _body(kind: str, row: int, last: int, before: str | None, after: str | None) -> str:
    """What the digest of an entry is made of: the JSON of its kind, row, last row, and its images as they are kept."""
    return f"[{_json(kind)},{row},{last},{'null' if before is None else before},{'null' if after is None else after}]"


def _sha(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def content_digest(rows: list[list[Any]]) -> str:
    """The digest of the content of a range of rows."""
    return _sha(_json(rows))


def packed(names: list[str], rows: list[list[Any]]) -> Image:
    """The image of a range whose rows are about to go: everything needed to bring them back."""
    body = base64.b64encode(zlib.compress(_json(rows).encode("utf-8", "surrogatepass"), 6)).decode("ascii")
    return {"rows": len(rows), "digest": content_digest(rows), "fields": names, "packed": body}


def unpacked(image: Mapping[str, Any]) -> tuple[list[str], list[list[Any]]]:
    """The fields and rows of a packed range."""
    return image["fields"], json.loads(zlib.decompress(base64.b64decode(image["packed"])).decode("utf-8", "surrogatepass"))


# ------------------------------------------------------------------------------------------ writing


def write(connection: Connection, notes: Notes, *, at: datetime, who: str, label: str, program: str, schema: int, undoes: int | None) -> int:
    """Append a step with its changes, in the caller's transaction; ``at`` is when it is done. Returns the step's number."""
    last = connection.execute("SELECT id, digest FROM step ORDER BY id DESC LIMIT 1").fetchone() or (0, "")
    id_ = max(int(last[0]), _highest(connection)) + 1
    moment = at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
    images = [entry.images for entry in notes.entries]
    bodies = [_sha(_body(entry.kind, entry.row, entry.last, *told)) for entry, told in zip(notes.entries, images, strict=True)]
    head = [id_, moment, who, label, notes.subject, program, schema, undoes, notes.sealed, last[1]]
    connection.execute(
        "INSERT INTO step(id, at, who, label, subject, program, schema, undoes, sealed, prev_digest, digest) VALUES (?,?,?,?,?,?,?,?,?,?,?)",
        [*head, _sha(_json([head, bodies]))],
    )
    connection.executemany(
        'INSERT INTO change(step, kind, "row", last, before, after, body_digest) VALUES (?,?,?,?,?,?,?)',
        (
            (id_, entry.kind, entry.row, entry.last, *told, body)
            for entry, told, body in zip(notes.entries, images, bodies, strict=True)
        ),
    )
    return id_


def _highest(connection: Connection) -> int:
    row = connection.execute("SELECT seq FROM sqlite_sequence WHERE name = 'step'").fetchone()
    return int(row[0]) if row else 0


# ------------------------------------------------------------------------------------------ reading

_STEP = "id, at, who, label, subject, program, schema, undoes, sealed"


def _step(row: Any) -> Step:
    try:
        return Step(row[0], datetime.fromisoformat(row[1]), *row[2:9])
    except ValueError:
        raise Altered(row[1]) from None


def step(connection: Connection, id_: int) -> Step | None:
    """One step, or None."""
    row = connection.execute(f"SELECT {_STEP} FROM step WHERE id = ?", [id_]).fetchone()
    return None if row is None else _step(row)


def steps(connection: Connection, limit: int, before: int | None = None) -> list[Step]:
    """The newest steps, at most ``limit``, older than ``before`` where given."""
    rows = connection.execute(f"SELECT {_STEP} FROM step WHERE id < ? ORDER BY id DESC LIMIT ?", [before or 1 << 62, limit])
    return [_step(row) for row in rows]


def entries(connection: Connection, step_id: int) -> list[Entry]:
    """The changes of a step, in the order they were made."""
    rows = connection.execute('SELECT kind, "row", before, after, last FROM change WHERE step = ? ORDER BY id', [step_id])
    return [_entry(row) for row in rows]


def _entry(row: Any) -> Entry:
    try:
        before, after = (None if image is None else json.loads(image) for image in row[2:4])
        return Entry(row[0], row[1], before, after, row[4])
    except ValueError:
        raise Altered(row[2] or row[3]) from None


def proven(connection: Connection, step_id: int) -> list[Entry]:
    """The changes of a step, as ``entries``, once each is what was written. Raises Altered."""
    rows = connection.execute('SELECT kind, "row", before, after, last, body_digest FROM change WHERE step = ? ORDER BY id', [step_id])
    found = []
    for row in rows:
        kind, id_, before, after, last, digest = row
        if _sha(_body(kind, id_, last, before, after)) != digest:
            raise Altered(after or before)
        found.append(_entry(row))
    return found


def of_row(connection: Connection, kind: str, row: int) -> list[tuple[Step, Entry]]:
    """Everything that happened to one row, oldest first."""
    listed = ", ".join(f"s.{name}" for name in _STEP.split(", "))
    rows = connection.execute(
        f'SELECT {listed}, c.kind, c."row", c.before, c.after, c.last FROM change c JOIN step s ON s.id = c.step '
        'WHERE c.kind = :kind AND (c."row" = :row OR (c.last > 0 AND c."row" <= :row AND c.last >= :row)) ORDER BY c.id',
        {"kind": kind, "row": row},
    )
    return [(_step(found), _entry(found[9:])) for found in rows]


def last_step_of(connection: Connection, kind: str, row: int) -> int | None:
    """The last step that changed a row by itself; None when only ranges did, or nothing."""
    found: int | None = connection.execute('SELECT max("step") FROM "change" WHERE "kind" = ? AND "row" = ? AND "last" = 0', [kind, row]).fetchone()[0]
    return found


def gone(connection: Connection, kind: str, owner: str, owner_id: int) -> set[int]:
    """The rows of a kind that were once parts of an owner and were taken away."""
    rows = connection.execute(
        f'SELECT "row" FROM change WHERE kind = ? AND after IS NULL AND last = 0 AND {_held("before")} = ?', [kind, f"$.{owner}", owner_id]
    )
    return {row[0] for row in rows}


def added(connection: Connection, kind: str, values: Mapping[str, Any]) -> list[Image]:
    """The rows of a kind that were once added with these values, one by one, whether they are there now or not."""
    alike = f" AND {_held('after')} = ?" * len(values)
    asked = [part for name, value in values.items() for part in (f"$.{name}", value)]
    found = connection.execute(f"SELECT after FROM change WHERE kind = ? AND before IS NULL AND after IS NOT NULL AND last = 0{alike}", [kind, *asked])
    return [json.loads(row[0]) for row in found]


def _held(image: str) -> str:
    """What an image holds of a field; NULL of one that was spoilt from outside: ``verify`` tells of it, a question passes over it."""
    return f"CASE WHEN json_valid({image}) THEN {image} ->> ? END"


def touched_in_range(connection: Connection, kind: str, first: int, last: int, after_step: int) -> int | None:
    """A row of the range that a later step changed, or None."""
    found = connection.execute(
        'SELECT "row" FROM change WHERE kind = ? AND "row" BETWEEN ? AND ? AND step > ? ORDER BY id DESC LIMIT 1', [kind, first, last, after_step]
    ).fetchone()
    return int(found[0]) if found else None


class Standing:
    """Which steps stand: a step is withdrawn by a standing step that undoes it."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._undoers: dict[int, list[int]] = {}
        for id_, undoes in connection.execute("SELECT id, undoes FROM step WHERE undoes IS NOT NULL ORDER BY id"):
            self._undoers.setdefault(undoes, []).append(id_)

    def _chain(self, step_id: int) -> list[int]:
        """The step, what undid it, what undid that..."""
        chain = [step_id]
        while undoers := self._undoers.get(chain[-1]):
            chain.append(undoers[-1])
        return chain

    def stands(self, step_id: int) -> bool:
        return len(self._chain(step_id)) % 2 == 1

    def bearer(self, step_id: int) -> int:
        """The step whose changes hold now for a standing step: itself, or the redo that brought it back."""
        return self._chain(step_id)[-1]

    def depth(self, step_: Step) -> int:
        """0 for a thing done, 1 for an undo, 2 for a redo..."""
        count, undoes = 0, step_.undoes
        while undoes is not None:
            count += 1
            undone = step(self._connection, undoes)
            undoes = undone.undoes if undone else None
        return count

    def newest(self, *, undo: bool) -> Step | None:
        """The step an undo (or a redo) would take back: the newest standing doing, or the newest undo no doing came after.

        What the program did by itself is passed over: a person takes back what a person did.
        """
        before: int | None = None
        while page := steps(self._connection, 8, before):  # nearly always it is the first or the second
            for found in page:
                if found.by_itself or not self.stands(found.id):
                    continue
                is_undo = self.depth(found) % 2 == 1
                if undo and not is_undo:
                    return found
                if not undo:
                    if is_undo:
                        return found
                    if found.undoes is None:
                        return None
            before = page[-1].id
        return None


# ------------------------------------------------------------------------------------------ proof


def verify(connection: Connection) -> Iterator[str]:
    """Walk the whole chain and yield what does not fit: a missing or altered step, an altered change."""
    expected, prev = 1, ""
    bodies: dict[int, list[str]] = {}
    changed = connection.execute('SELECT step, kind, "row", last, before, after, body_digest FROM change ORDER BY id')
    altered: set[int] = set()
    for step_id, kind, row, last, before, after, digest in changed:
        bodies.setdefault(step_id, []).append(digest)
        if _sha(_body(kind, row, last, before, after)) != digest:
            altered.add(step_id)
    for row in connection.execute(f"SELECT {_STEP}, prev_digest, digest FROM step ORDER BY id"):
        head = [*row[:9], row[9]]
        if row[0] != expected:
            yield f"{expected}-{row[0] - 1}"
        if row[9] != prev or row[0] in altered or _sha(_json([head, bodies.get(row[0], [])])) != row[10]:
            yield str(row[0])
        expected, prev = row[0] + 1, row[10]
    if _highest(connection) >= expected:
        yield f"{expected}-{_highest(connection)}"


class _Kept:
    """What the journal knows of one table: each row as it was left, and what a batch's rows were before they were edited."""

    def __init__(self) -> None:
        self.now: dict[int, Image | None] = {}
        self.as_added: dict[int, Image] = {}
        self.ranges: dict[tuple[int, int], str] = {}

    def note(self, entry: Entry) -> None:
        if not entry.last:
            for name, value in (entry.before or {}).items():
                self.as_added.setdefault(entry.row, {}).setdefault(name, value)
            self.now[entry.row] = None if entry.after is None else {**(self.now.get(entry.row) or {}), **entry.after}
            return
        self.ranges.pop((entry.row, entry.last), None)
        for row in [row for row in self.now if entry.row <= row <= entry.last]:
            del self.now[row]
            self.as_added.pop(row, None)
        if entry.after is not None:
            self.ranges[entry.row, entry.last] = entry.after["digest"]

    def in_range(self, row: int) -> bool:
        return any(first <= row <= last for first, last in self.ranges)


def strays(connection: Connection, tables: Mapping[str, list[str]], empty: Collection[str]) -> Iterator[tuple[str, int]]:
    """Rows that are not as the journal left them, as (table, id): changed, added or removed behind its back.

    ``tables`` names each table's fields in the order ranges are written, ``empty`` those tables in which there are no rows.
    Changes that ``verify`` finds altered are left out.
    """
    kept = {table: _Kept() for table in tables}
    for row in connection.execute('SELECT kind, "row", before, after, last FROM change ORDER BY id'):
        if row[0] not in tables:
            continue
        with suppress(Altered, TypeError, KeyError):
            kept[row[0]].note(_entry(row))
    for table, names in tables.items():
        if kept[table].now or kept[table].ranges or table not in empty:  # a statement of forty columns takes its time also where nothing is
            yield from ((table, id_) for id_ in _stray_rows(connection, table, names, kept[table]))


def _stray_rows(connection: Connection, table: str, names: list[str], kept: _Kept) -> Iterator[int]:
    listed = ", ".join(f'"{name}"' for name in ("id", *names))
    at = {name: position for position, name in enumerate(names, 1)}
    unseen = {id_ for id_, image in kept.now.items() if image is not None}
    for row in connection.execute(f'SELECT {listed} FROM "{table}"'):
        image = kept.now.get(row[0])
        unseen.discard(row[0])
        if image is None:
            if row[0] in kept.now or not kept.in_range(row[0]):
                yield row[0]
        elif any(value != row[at[name]] for name, value in image.items() if name in at):
            yield row[0]
    yield from sorted(unseen)
    for (first, last), digest in kept.ranges.items():
        if content_digest(_as_added(connection, f'SELECT {listed} FROM "{table}"', names, (first, last), kept)) != digest:
            yield first


def _as_added(connection: Connection, select: str, names: list[str], span: tuple[int, int], kept: _Kept) -> list[list[Any]]:
    """The rows of a batch as they came in: those there now with what was edited put back, and those taken away since."""
    content = {row[0]: list(row) for row in connection.execute(f'{select} WHERE "id" BETWEEN ? AND ?', span)}
    for id_, before in kept.as_added.items():
        if span[0] <= id_ <= span[1]:
            now = content.get(id_) or [id_, *(None for _name in names)]
            content[id_] = [id_, *(before.get(name, value) for name, value in zip(names, now[1:], strict=True))]
    return [content[id_] for id_ in sorted(content)]
