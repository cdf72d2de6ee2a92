"""The open register: it performs operations, keeps the journal, takes steps back, and says in one value what changed."""

from __future__ import annotations

import getpass
import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Any, Concatenate, Generic, ParamSpec, Self, TypeVar

from qmdesk import __version__
from qmdesk.errors import Conflict, Known, NotFound, Problem, Problems
from qmdesk.i18n import _
from qmdesk.schema.query import Query
from qmdesk.schema.record import Record, check_all, empty, replace, stored
from qmdesk.schema.types import File, SqlValue, clean
from qmdesk.store import backup, driver, file, journal, migrations, rows, search
from qmdesk.store.driver import Connection
from qmdesk.store.journal import Entry, Notes, Standing, Step
from qmdesk.store.rows import MISSING, Columns
from qmdesk.values import dataclass

# a step and its changes are the journal's; whoever reads the history meets them here
__all__ = ["MISSING", "Change", "Columns", "Done", "Entry", "Guard", "Guards", "Image", "Reading", "Register", "Step", "Transaction", "clock", "stored_defaults"]

R = TypeVar("R", bound=Record)
T = TypeVar("T")
P = ParamSpec("P")
Kinds = Sequence[type[Record]]
Image = Mapping[str, Any] | None
Guard = Callable[["Transaction", int, Image, Image], None]
"""Asked before a row goes from one image to another (of a change: the fields that differ), undo and redo included. Raises Known."""
Guards = Mapping[type[Record], Guard]
Progress = Callable[[int, int], None]
"""Told how much is done of how much; it raises Cancelled when the work is to end."""


@dataclass(frozen=True)
class Change:
    """What a step changed: the register's new revision, the kinds touched, the ids where they are few."""

    revision: int
    step: int
    label: str
    ids: Mapping[type[Record], frozenset[int] | None]  # None: many, a whole range

    def touches(self, kind: type[Record]) -> bool:
        return kind in self.ids


@dataclass(frozen=True)
class Done(Generic[T]):
    """The result of an operation and what it changed."""

    result: T
    change: Change


class Reading:
    """What can be asked of a register, by whoever holds a connection: a transaction or the register itself."""

    kinds: Kinds

    def _asking(self) -> AbstractContextManager[Connection]:
        """The connection to ask, its errors told as sentences: a page of the file may be damaged at any time."""
        raise NotImplementedError

    def find(self, kind: type[R], id_: int) -> R | None:
        """The record, or None."""
        with self._asking() as connection:
            return rows.get(connection, kind, id_)

    def get(self, kind: type[R], id_: int) -> R:
        """The record. Raises NotFound."""
        found = self.find(kind, id_)
        if found is None:
            raise NotFound(_("{record} no. {id} is not in this register.").format(record=_(kind.spec.label), id=id_))
        return found

    def ids(self, query: Query, limit: int | None = None, offset: int = 0, *, backwards: bool = False) -> list[int]:
        """The ids a query finds, in its order; ``backwards`` counts limit and offset from the end."""
        with self._asking() as connection:
            return rows.ids(connection, query, limit, offset, backwards=backwards)

    def count(self, query: Query, at_most: int | None = None) -> int:
        """How many records a query finds; counting stops at ``at_most``."""
        with self._asking() as connection:
            return rows.count(connection, query, at_most)

    def rows(self, kind: type[R], ids: Sequence[int]) -> list[tuple[R, dict[str, str]]]:
        """The records with these ids, each with the titles of what it refers to, in one statement."""
        with self._asking() as connection:
            return rows.fetch(connection, kind, ids)

    def values(self, kind: type[Record], names: Sequence[str], ids: Sequence[int]) -> list[tuple[SqlValue, ...]]:
        """These fields of the records with these ids, as stored, each reference as its title: for exports of many."""
        with self._asking() as connection:
            return rows.values(connection, kind, names, ids)

    def whole(self, kind: type[Record], names: Sequence[str]) -> Columns:
        """Whole columns of a kind ("id" too), as numbers: for counting over all of it."""
        with self._asking() as connection:
            return rows.whole(connection, kind, names)

    def records(self, query: Query, limit: int | None = None) -> list[Any]:
        """The records a query finds."""
        with self._asking() as connection:
            return rows.records(connection, query, limit)

    def titles(self, kind: type[Record], ids: Iterable[int]) -> dict[int, str]:
        """Id -> title."""
        with self._asking() as connection:
            return rows.titles(connection, kind, ids)

    def title(self, kind: type[Record], id_: int) -> str:
        """What stands for one record; "" when it is not there."""
        return self.titles(kind, [id_]).get(id_, "")

    def by_value(self, kind: type[Record], field: str, values: Iterable[SqlValue]) -> dict[SqlValue, int]:
        """Stored value of one field -> id of the newest record that holds it."""
        with self._asking() as connection:
            return rows.by_value(connection, kind, field, values)

    def holding(self, kind: type[Record], field: str, value: str) -> int | None:
        """The id of the newest record whose field holds exactly this text, or None; in a transaction as it was before it."""
        with self._asking() as connection:
            return rows.holding(connection, kind, field, value)

    def once_added(self, kind: type[Record], **values: SqlValue) -> list[Mapping[str, SqlValue]]:
        """The records that were ever added with these stored values, as they were then; also those that are gone."""
        with self._asking() as connection:
            return list(journal.added(connection, kind.spec.table, values))

    @property
    def origin(self) -> str:
        """What this register and its copies have in common and no other has: the digest of the step that made it."""
        with self._asking() as connection:
            return str(connection.execute("SELECT digest FROM step ORDER BY id LIMIT 1").fetchone()[0])

    def content(self, sha256: str) -> bytes:
        """The bytes of a kept file. Raises NotFound."""
        with self._asking() as connection:
            row = connection.execute("SELECT bytes FROM content WHERE sha256 = ?", [sha256]).fetchone()
        if row is None:
            raise NotFound(_("The content of this file is missing from the register; restore it from a backup."))
        return bytes(row[0])


class Transaction(Reading):
    """An open transaction: the only way to change a register. Operations receive it, nobody keeps it."""

    def __init__(self, connection: Connection, kinds: Kinds, who: str = "", guards: Guards | None = None) -> None:
        self.kinds = kinds
        self.who = who  # who does it, as the history will say
        self.taking_back = False  # whether this is an undo or a redo
        self.notes = Notes()
        self._guards = guards or {}
        self.touched: dict[type[Record], set[int] | None] = {}
        self._added: set[tuple[type[Record], int]] = set()  # and not taken away since
        self._writer = connection
        self._stale = search.Stale(connection, kinds)
        self._by_table = {kind.spec.table: kind for kind in kinds}

    def _asking(self) -> AbstractContextManager[Connection]:
        return nullcontext(self._writer)  # whoever performs the operation tells its errors

    # -- what operations call

    def about(self, subject: str) -> None:
        """Name what this step is about (a number, a name); it stands beside the step's label in the history."""
        self.notes.subject = clean(subject)[:200]

    def seal(self, reason: str) -> None:
        """Say why this step can't be undone: a sentence marked for translation."""
        self.notes.sealed = reason

    def add(self, item: Record) -> int:
        """Keep a new record; returns its id. Raises Problems."""
        self._check(item)
        with self._telling_what_is_taken(item):
            id_ = self._apply(type(item), 0, None, stored(item))
        self._added.add((type(item), id_))
        return id_

    def change(self, item: R, **values: Any) -> R:
        """Keep the record with these fields changed; returns it as it is now. Raises Problems, NotFound."""
        changed = replace(item, **values)
        before = rows.raw(self._writer, type(item), item.id)
        if before is None:
            self.get(type(item), item.id)
            raise AssertionError
        self._check(changed)
        after = stored(changed)
        differing = [name for name in after if after[name] != before[name]]
        if differing:
            with self._telling_what_is_taken(changed):
                self._apply(type(item), item.id, {name: before[name] for name in differing}, {name: after[name] for name in differing})
        return changed

    def remove(self, item: Record) -> None:
        """Take a record away; the journal keeps it. What refers to it must be gone by the end of the transaction."""
        before = rows.raw(self._writer, type(item), item.id)
        if before is not None:
            self._apply(type(item), item.id, before, None)
            self._added.discard((type(item), item.id))

    def add_many(self, kind: type[Record], names: Sequence[str], values: Sequence[Sequence[SqlValue]]) -> range:
        """Keep many records at once, given as stored values that were checked already; returns their ids."""
        if not values:
            return range(0)
        wanted = list(kind.spec.fields)
        default = stored_defaults(kind)
        positions = {name: at for at, name in enumerate(names)}
        if list(names) != wanted:
            sources = [(positions.get(name), default.get(name)) for name in wanted]
            values = [[other if at is None else row[at] for at, other in sources] for row in values]
        return self._apply_many(kind, wanted, values, None)

    def untouched(self, item: Record) -> bool:
        """Whether a record is still as the register was made with it: what nobody edited, though nobody wrote it either."""
        return journal.last_step_of(self._writer, item.spec.table, item.id) == journal.FIRST

    def number(self, series: str, year: int) -> str:
        """The next number of a series and year, such as R/2026/0001; a number is never given twice, undone or not."""
        counted = "INSERT INTO series(series, year, last) VALUES (?, ?, 1) ON CONFLICT(series, year) DO UPDATE SET last = last + 1 RETURNING last"
        last = self._writer.execute(counted, [series, year]).fetchone()[0]
        return f"{series}/{year}/{last:04}"

    def numbers(self, series: str, year: int, many: int) -> list[str]:
        """The next ``many`` numbers of a series and year."""
        if many < 1:
            return []
        first = self.number(series, year)
        start = int(first.rpartition("/")[2])
        self._writer.execute("UPDATE series SET last = ? WHERE series = ? AND year = ?", [start + many - 1, series, year])
        return [f"{series}/{year}/{n:04}" for n in range(start, start + many)]

    def keep(self, content: bytes) -> str:
        """Keep the bytes of a file; returns their SHA-256. The same bytes are kept once."""
        sha256 = hashlib.sha256(content).hexdigest()
        self._writer.execute("INSERT OR IGNORE INTO content(sha256, size, bytes) VALUES (?, ?, ?)", [sha256, len(content), content])
        return sha256

    # -- how a change is made, noted and indexed

    def _check(self, item: Record) -> None:
        """Raise Problems for what is wrong with a record; whether its number is free the table's own index says, when all else is right."""
        if problems := [*check_all(item), *self._pointing_nowhere(item)]:
            raise Problems(problems + self._taken(item))

    @contextmanager
    def _telling_what_is_taken(self, item: Record) -> Iterator[None]:
        try:
            yield
        except driver.IntegrityError:
            if taken := self._taken(item):
                raise Problems(taken) from None
            raise

    def _taken(self, item: Record) -> list[Problem]:
        """What must be unique and belongs to another record."""
        problems = []
        for field in item.spec.fields.values():
            value = getattr(item, field.name)
            if field.unique and not empty(value):
                other = rows.by_value(self._writer, type(item), field.name, [field.type.store(value)]).get(field.type.store(value))
                if other and other != item.id:
                    sentence = _("{field}: “{value}” is taken already; it must be unique.")
                    problems.append(Problem(field.name, sentence.format(field=field.labelled(), value=str(value)[:80])))
        for group in item.spec.together:
            problems += self._taken_together(item, group)
        return problems

    def _pointing_nowhere(self, item: Record) -> list[Problem]:
        found = []
        for name, target in item.spec.refs.items():
            id_ = getattr(item, name)
            if isinstance(id_, int) and 0 < id_ < 1 << 63 and (target, id_) not in self._added and not rows.exists(self._writer, target, id_):
                sentence = _("{field}: {record} no. {id} is not in this register.")
                found.append(Problem(name, sentence.format(field=item.spec.fields[name].labelled(), record=_(target.spec.label), id=id_)))
        return found

    def _taken_together(self, item: Record, group: Sequence[str]) -> list[Problem]:
        fields = [item.spec.fields[name] for name in group]
        values = [field.type.store(getattr(item, field.name)) for field in fields]
        asked = " AND ".join(f"{field.column} = ?" for field in fields)
        row = self._writer.execute(f'SELECT "id" FROM "{item.spec.table}" WHERE {asked} AND "id" <> ?', [*values, item.id]).fetchone()
        if row is None:
            return []
        sentence = _("{record}: “{value}” is there already.")
        return [Problem(group[-1], sentence.format(record=_(item.spec.label), value=str(getattr(item, group[-1]))[:80]))]

    def _touch(self, kind: type[Record], id_: int, images: Iterable[Mapping[str, Any] | None]) -> None:
        known = self.touched.setdefault(kind, set())
        if known is not None:
            known.add(id_)
        owner, fields, owners = kind.spec.owner, None, set()
        whole = False
        for image in images:
            if image is None:
                whole = True
            elif owner and owner.name in image:
                owners.add(image[owner.name])
        if not whole:
            fields = {name for image in images if image for name in image}
        if owner and not owners:
            now = rows.raw(self._writer, kind, id_)
            owners = {now[owner.name]} if now else set()
        self._stale.touch(kind, [id_], [id_ for id_ in owners if isinstance(id_, int)], fields)

    def _apply(self, kind: type[Record], id_: int, before: Mapping[str, Any] | None, after: Mapping[str, Any] | None) -> int:
        """Bring one row from ``before`` to ``after`` (None: not there), note it, and mark its words stale."""
        if guard := self._guards.get(kind):
            guard(self, id_, before, after)
        if after is None:
            rows.delete(self._writer, kind, id_)
        elif before is None:
            id_ = rows.insert(self._writer, kind, after, id_ or None)
        else:
            rows.update(self._writer, kind, id_, after)
        self.notes.entries.append(Entry(kind.spec.table, id_, None if before is None else dict(before), None if after is None else dict(after)))
        self._touch(kind, id_, (before, after))
        return id_

    def _apply_many(self, kind: type[Record], names: Sequence[str], values: Sequence[Sequence[SqlValue]], first: int | None) -> range:
        if guard := self._guards.get(kind):
            for row in values:
                guard(self, 0, None, dict(zip(names, row, strict=True)))
        first, last = rows.insert_many(self._writer, kind, names, values, first)
        content = journal.content_digest([[id_, *row] for id_, row in enumerate(values, first)])
        self.notes.entries.append(Entry(kind.spec.table, first, None, {"rows": len(values), "digest": content}, last))
        self._touch_range(kind, range(first, last + 1), names, values)
        return range(first, last + 1)

    def _touch_range(self, kind: type[Record], ids: range, names: Sequence[str], values: Sequence[Sequence[SqlValue]]) -> None:
        self.touched[kind] = None
        owners = set[int]()
        if owner := kind.spec.owner:
            at = names.index(owner.name)
            owners = {id_ for row in values if isinstance(id_ := row[at], int)}
        self._stale.touch(kind, ids, owners)

    # -- taking back

    def inverse(self, step: Step, progress: Progress | None = None) -> None:
        """Write back what was before a step, newest change first. Raises Conflict naming what has changed since, Altered."""
        self.taking_back = True
        entries = journal.proven(self._writer, step.id)
        for done, entry in enumerate(reversed(entries)):
            if progress:
                progress(done, len(entries))
            kind = self._by_table[entry.kind]
            if entry.last:
                self._inverse_range(kind, entry, step)
            else:
                now = rows.raw(self._writer, kind, entry.row)
                if (now is None) != (entry.after is None) or (now and any(now[name] != value for name, value in (entry.after or {}).items())):
                    raise Conflict(self._changed_since(kind, entry.row, step))
                try:
                    self._apply(kind, entry.row, entry.after, entry.before)
                except driver.IntegrityError as error:
                    raise Conflict(self._taken_since(kind, entry, step)) from error

    def _inverse_range(self, kind: type[Record], entry: Entry, step: Step) -> None:
        if entry.after is None:  # the range was taken away: bring it back
            names, values = journal.unpacked(entry.before or {})
            self._apply_many(kind, names, [row[1:] for row in values], entry.row)
            return
        found = rows.range_of(self._writer, kind, entry.row, entry.last)
        if journal.content_digest(found) != entry.after["digest"]:
            changed = journal.touched_in_range(self._writer, kind.spec.table, entry.row, entry.last, step.id)
            raise Conflict(self._changed_since(kind, changed or entry.row, step))
        if guard := self._guards.get(kind):
            for row in found:
                guard(self, row[0], dict(zip(kind.spec.fields, row[1:], strict=True)), None)
        self._touch_range(kind, range(entry.row, entry.last + 1), ["id", *kind.spec.fields], found)
        rows.delete(self._writer, kind, entry.row, entry.last)
        self.notes.entries.append(Entry(kind.spec.table, entry.row, journal.packed(list(kind.spec.fields), found), None, entry.last))

    def _taken_since(self, kind: type[Record], entry: Entry, step: Step) -> str:
        """The sentence for a value that must be unique and belongs to another record by now."""
        title = str((entry.before or {}).get(kind.spec.title.name) or entry.row)
        sentence = _("“{step}” can't be undone: {record} {title} would have the same name or number as another one by now.")
        return sentence.format(step=_(step.label), record=_(kind.spec.label), title=title)

    def _changed_since(self, kind: type[Record], id_: int, step: Step) -> str:
        title = rows.titles(self._writer, kind, [id_]).get(id_, str(id_))
        sentence = _("“{step}” can't be undone: {record} {title} has been changed since. Undo the later change first.")
        return sentence.format(step=_(step.label), record=_(kind.spec.label), title=title)

    def finish(self) -> None:
        """Bring the index up to date."""
        self._stale.refresh()

    def broken(self) -> Conflict | None:
        """Why COMMIT refused: what refers to a record that is not there (any more). It looks through all references."""
        found = self._writer.execute("PRAGMA foreign_key_check").fetchone()
        if found is None:
            return None
        kind, target = self._by_table[found[0]], self._by_table[found[2]]
        title = rows.titles(self._writer, kind, [found[1]]).get(found[1], str(found[1]))
        if any(entry.kind == found[2] and entry.after is None for entry in self.notes.entries):
            sentence = _("This can't be taken away: {other} {title} refers to it ({record}).")
        else:
            sentence = _("{other} {title} can't be kept so: what it refers to ({record}) is not there any more.")
        return Conflict(sentence.format(record=_(target.spec.label), other=_(kind.spec.label), title=title))


def _step(
    writer: Connection, kinds: Kinds, work: Callable[[Transaction], T], *, guards: Guards | None, label: str, who: str, program: str, undoes: int | None = None
) -> tuple[Transaction, T, int]:
    """Do one step within the caller's transaction; returns what it touched, its result, and its number (0: nothing was changed)."""
    tx = Transaction(writer, kinds, who, guards)
    result = work(tx)
    tx.finish()
    if not tx.notes.entries:
        return tx, result, 0
    version = f"{program} {__version__}"
    return tx, result, journal.write(writer, tx.notes, at=clock(), who=who, label=label, program=version, schema=migrations.VERSION, undoes=undoes)


def stored_defaults(kind: type[Record]) -> dict[str, SqlValue]:
    """Stored values of a kind's fields that have a default."""
    return {name: field.type.store(kind.blank[name]) for name, field in kind.spec.fields.items() if not field.required}


Beginning = tuple[str, Callable[[Transaction], object]]  # the label of a step, marked for translation, and what it does


class Register(Reading):
    """The open file. Reads are answered from the calling thread's own connection; one operation runs at a time."""

    def __init__(self, opened: file.RegisterFile, kinds: Kinds, program: str, guards: Guards | None = None) -> None:
        self.kinds = kinds
        self._guards = guards or {}
        self.revision = 0
        self.program = program
        self.who = _who()
        self._file = opened
        self._changed_here = False

    @classmethod
    def create(cls, path: Path, kinds: Kinds, program: str, *begin: Beginning, guards: Guards | None = None) -> Self:
        """A new register in which ``begin`` was done, a step each: the file is there with all of it or not at all.

        Raises Known when a file is there already or can't be made.
        """

        def build(connection: Connection) -> None:
            migrations.apply(connection)
            for label, operation in begin:
                _step(connection, kinds, operation, guards=guards, label=label, who=_who(), program=program)

        made = cls(file.create(path, program=program, build=build, version=migrations.VERSION), kinds, program, guards)
        made._changed_here = bool(begin)
        return made

    @classmethod
    def open(cls, path: Path, kinds: Kinds, program: str, *, guards: Guards | None = None, read_only: bool = False) -> Self:
        """An existing register; see ``why_read_only`` for whether and why it can only be read. Raises Known."""
        opened = file.open_file(
            path,
            program=program,
            version=migrations.VERSION,
            migrate=lambda connection, _old: migrations.apply(connection),
            read_only=read_only,
            expected_tables=[kind.spec.table for kind in kinds],
        )
        return cls(opened, kinds, program, guards)

    @property
    def path(self) -> Path:
        return self._file.path

    @property
    def closed(self) -> bool:
        """Whether it was let go."""
        return self._file.closed

    @property
    def read_only(self) -> bool:
        return self._file.read_only

    @property
    def why_read_only(self) -> str:
        return self._file.why_read_only

    @contextmanager
    def _asking(self) -> Iterator[Connection]:
        with driver.speaking(self.path):
            yield self._file.reader()

    def safeguard(self) -> str:
        """Copy the register to its backups if it changed since the last copy; a sentence when that failed.

        Other computers are told that it is still open here: a lock that is not renewed for days counts as forgotten.
        """
        self._file.renew_lock()
        return backup.backup_if_changed(self._file) if self._changed_here else ""

    def close(self, *, backup_not_within: timedelta = timedelta(0)) -> str:
        """Copy what changed to the backups, unless the newest copy is younger than that, and let the file go.

        Returns a sentence when the copy failed; that never keeps a register from closing.
        """
        note = backup.backup_if_changed(self._file, not_within=backup_not_within) if self._changed_here and not self._file.closed else ""
        self._file.close()
        return note

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    # -- changing

    def do(self, label: str, operation: Callable[Concatenate[Transaction, P], T], *args: P.args, **kwargs: P.kwargs) -> Done[T]:
        """Perform one operation as one step, named by ``label`` (marked for translation). All of it happens, or nothing.

        Raises Known (also Problems, Conflict) with nothing changed.
        """
        return self._perform(label, None, lambda tx: operation(tx, *args, **kwargs), self.who)

    def do_by_itself(self, label: str, operation: Callable[Concatenate[Transaction, P], T], *args: P.args, **kwargs: P.kwargs) -> Done[T]:
        """Perform what nobody asked for, as ``do`` does: undo passes over it, and the history says that the program did it."""
        return self._perform(label, None, lambda tx: operation(tx, *args, **kwargs), journal.ITSELF)

    def try_out(self, operation: Callable[Concatenate[Transaction, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Perform an operation and take everything back: the dry run of an import. Raises Known."""
        with self._file.write_lock, driver.speaking(self.path):
            writer = self._file.writer
            writer.execute("BEGIN IMMEDIATE")
            try:
                return operation(Transaction(writer, self.kinds, self.who, self._guards), *args, **kwargs)
            finally:
                if writer.in_transaction:  # a full disk ends it by itself
                    writer.execute("ROLLBACK")

    def undo(self, step: int | None = None, progress: Progress | None = None) -> Change:
        """Take back a step (the newest that stands by default). Raises Known, Conflict, and Cancelled when ``progress`` does."""
        return self._take_back(step, progress, undo=True)

    def redo(self, progress: Progress | None = None) -> Change:
        """Do again what the newest undo took back. Raises as ``undo`` does."""
        return self._take_back(None, progress, undo=False)

    def _take_back(self, step: int | None, progress: Progress | None, *, undo: bool) -> Change:
        with self._file.write_lock:
            found = self._candidate(step, undo=undo)
            if found is None:
                raise Known(_("There is nothing to undo.") if undo else _("There is nothing to redo."))
            if found.sealed:
                raise Known(_(found.sealed))
            if found.schema != migrations.VERSION:
                raise Known(_("“{step}” was done by an older version of the program and can't be undone.").format(step=_(found.label)))
            return self._perform(found.label, found.id, lambda tx: self._inverse(tx, found, progress), self.who).change

    def _inverse(self, tx: Transaction, step: Step, progress: Progress | None) -> None:
        tx.about(step.subject)
        tx.inverse(step, progress)

    def _candidate(self, step: int | None, *, undo: bool) -> Step | None:
        with self._asking() as connection:
            standing = Standing(connection)
            if step is None:
                return standing.newest(undo=undo)
            if journal.step(connection, step) is None:
                raise NotFound(_("There is no step {step} in the history.").format(step=step))
            if not standing.stands(step):
                raise Known(_("Step {step} has been undone already.").format(step=step))
            return journal.step(connection, standing.bearer(step))

    def _perform(self, label: str, undoes: int | None, work: Callable[[Transaction], T], who: str) -> Done[T]:
        with self._file.write_lock, driver.speaking(self.path):
            writer = self._file.writer
            writer.execute("BEGIN IMMEDIATE")
            try:
                tx, result, step = _step(writer, self.kinds, work, guards=self._guards, label=label, who=who, program=self.program, undoes=undoes)
                self._commit(writer, tx)
            except BaseException:
                if writer.in_transaction:
                    writer.execute("ROLLBACK")
                raise
            if step:
                self.revision += 1
                self._changed_here = True
            ids = {kind: None if found is None else frozenset(found) for kind, found in tx.touched.items()}
            return Done(result, Change(self.revision, step, label, ids))

    def _commit(self, writer: Connection, tx: Transaction) -> None:
        try:
            writer.execute("COMMIT")
        except driver.IntegrityError as error:  # SQLite counts broken references and leaves the transaction open
            if conflict := tx.broken():
                raise conflict from error
            raise

    # -- history

    def undoable(self) -> Step | None:
        """The step an undo would take back now."""
        return self._candidate(None, undo=True)

    def redoable(self) -> Step | None:
        """The undo a redo would take back now."""
        return self._candidate(None, undo=False)

    def steps(self, limit: int = 200, before: int | None = None) -> list[tuple[Step, bool]]:
        """The newest steps and whether each stands, at most ``limit``, older than ``before`` where given."""
        with self._asking() as connection:
            standing = Standing(connection)
            return [(step, standing.stands(step.id)) for step in journal.steps(connection, limit, before)]

    def entries(self, step: int) -> list[Entry]:
        """The changes a step made."""
        with self._asking() as connection:
            return journal.entries(connection, step)

    def history(self, item: Record) -> list[tuple[Step, Entry]]:
        """Everything that happened to a record and to its parts, oldest first."""
        with self._asking() as connection:
            found = journal.of_row(connection, item.spec.table, item.id)
            for part in self.kinds:
                owner = part.spec.owner
                if owner and part.spec.refs[owner.name] is type(item):
                    now = connection.execute(f'SELECT "id" FROM "{part.spec.table}" WHERE {owner.column} = ?', [item.id])
                    ids = {row[0] for row in now} | journal.gone(connection, part.spec.table, owner.name, item.id)
                    for id_ in sorted(ids):
                        found += journal.of_row(connection, part.spec.table, id_)
        return sorted(found, key=lambda pair: pair[0].id)

    def verify(self) -> list[str]:
        """What is wrong with the register: the file, references, the journal's chain, rows changed behind its back."""
        found: list[str] = []
        with self._asking() as connection:
            for look in (self._file_flaws, self._history_flaws, self._row_flaws, self._content_flaws):
                try:
                    found.extend(look(connection))
                except driver.DatabaseError as error:
                    flaw = driver.sentence_for(error, self.path)
                    if flaw is None:
                        raise
                    found += [flaw.sentence] if flaw.sentence not in found else []
        return found

    def _file_flaws(self, connection: Connection) -> Iterator[str]:
        for row in connection.execute("PRAGMA integrity_check(20)"):
            if row[0] != "ok":
                yield _("The file is damaged: {detail}").format(detail=row[0])
        for row in connection.execute("PRAGMA foreign_key_check"):
            yield _("Row {row} of {table} refers to something that is not there.").format(row=row[1], table=row[0])

    def _history_flaws(self, connection: Connection) -> Iterator[str]:
        for step in journal.verify(connection):
            yield _("The history does not fit at step {step}: it was changed from outside.").format(step=step)

    def _row_flaws(self, connection: Connection) -> Iterator[str]:
        counted = rows.counted(connection, self.kinds)
        kept = rows.tallied(connection)
        for table, many in counted.items():
            if many != kept.get(table, 0):
                yield _("{table} has {found} rows where {expected} were kept.").format(table=table, found=many, expected=kept.get(table, 0))
        tables = {kind.spec.table: list(kind.spec.fields) for kind in self.kinds}
        for table, row in journal.strays(connection, tables, [table for table, many in counted.items() if not many]):
            yield _("Row {row} of {table} is not as the history left it: it was changed from outside.").format(row=row, table=table)

    def _content_flaws(self, connection: Connection) -> Iterator[str]:
        yield from self._lost_files(connection)
        for row in connection.execute("SELECT sha256, bytes FROM content"):
            if hashlib.sha256(row[1]).hexdigest() != row[0]:
                yield _("The kept file {sha256} is not what was kept.").format(sha256=row[0][:12])

    def _lost_files(self, connection: Connection) -> Iterator[str]:
        for kind in self.kinds:
            for field in kind.spec.fields.values():
                if isinstance(field.type, File):
                    statement = (
                        f'SELECT "id" FROM "{kind.spec.table}" WHERE {field.column} <> \'\' AND {field.column} NOT IN (SELECT sha256 FROM content)'
                    )
                    for row in connection.execute(statement):
                        yield _("The kept file of row {row} of {table} is missing.").format(row=row[0], table=kind.spec.table)

    def backup(self, target: Path) -> None:
        """Write a sound copy of the register to ``target``. Raises Known."""
        backup.copy(self._file, target)


def _who() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return ""


def clock() -> datetime:
    """Now, on the user's clock with its zone: the one place where the program asks what day it is."""
    return datetime.now().astimezone()
