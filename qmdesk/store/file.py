"""The register as a file: made, recognised, brought up to date, opened for one writer and many readers, closed."""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Callable, Collection, Iterator
from contextlib import ExitStack, closing, contextmanager, nullcontext
from pathlib import Path
from types import TracebackType
from typing import Self

from qmdesk import places
from qmdesk.errors import Known
from qmdesk.i18n import _
from qmdesk.store import backup, driver, lock
from qmdesk.store.driver import Connection

log = logging.getLogger(__name__)

APPLICATION_ID = 0x514D4431  # "QMD1" at byte 68 of the file: what file managers recognise a register by
BUSY_MS = 5_000  # a reader waits 70 ms for the commit of 300,000 rows; another program may be slower
_FIRST_BYTES = 16


class RegisterFile:
    """An open register. ``why_read_only`` is the sentence for the user, "" when it can be written.

    ``after_unclean_end``: the last program died with the register open; it has been checked and is whole.
    Whoever writes holds ``write_lock`` from BEGIN to COMMIT.
    """

    def __init__(
        self,
        path: Path,
        held: lock.Lock | None,
        writer: Connection | None,
        why_read_only: str,
        *,
        after_unclean_end: bool = False,
    ) -> None:
        self.path = path
        self.read_only = writer is None
        self.why_read_only = why_read_only
        self.after_unclean_end = after_unclean_end
        self.write_lock = threading.RLock()
        self.closed = False
        self._held = held
        self._writer = writer
        self._readers: dict[threading.Thread, Connection] = {}
        self._readers_lock = threading.Lock()
        self._backed_up = 0  # changes of rows by the writer, at the last backup
        if writer is not None:
            driver.keep_journal(writer)

    @property
    def writer(self) -> Connection:
        """The one connection that writes; use it while holding ``write_lock``.

        :raises Known: the register can only be read here.
        """
        if self._writer is None:
            self._must_be_open()
            raise Known(self.why_read_only)
        return self._writer

    def reader(self) -> Connection:
        """The calling thread's own connection for reading: it sees what is committed, and can't write."""
        self._must_be_open()
        me = threading.current_thread()
        with self._readers_lock:
            for thread in [thread for thread in self._readers if not thread.is_alive()]:
                self._readers.pop(thread).close()
            if me not in self._readers:
                with driver.speaking(self.path):
                    self._readers[me] = driver.connect(self.path, read_only=True, busy_ms=BUSY_MS)
            return self._readers[me]

    def renew_lock(self) -> None:
        """Tell other computers that this one still has the register open; call it at least once a day."""
        if self._held:
            self._held.renew()

    def changed_since_backup(self) -> bool:
        """Whether rows were written since ``note_backup``, or since the register was opened."""
        return self._writer is not None and self._writer.total_changes != self._backed_up

    def note_backup(self) -> None:
        """A backup holds everything written so far."""
        if self._writer is not None:
            self._backed_up = self._writer.total_changes

    def close(self) -> None:
        """Close all connections and let others write; waits for a running write, undoes one of this thread's own.

        A second call does nothing. A reader that another thread is using is interrupted and closes when dropped there.
        """
        with self.write_lock:
            if self.closed:
                return
            self.closed = True
            with self._readers_lock:
                for thread, connection in self._readers.items():
                    if thread is threading.current_thread():
                        connection.close()
                    else:
                        connection.interrupt()
                self._readers.clear()
            try:
                if self._writer is not None:
                    driver.drop_journal(self._writer)
                    self._writer.close()
            finally:
                self._writer = None
                if self._held:
                    self._held.release()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _must_be_open(self) -> None:
        if self.closed:
            raise RuntimeError("the register is closed")


def create(path: Path, *, program: str, build: Callable[[Connection], None], version: int) -> RegisterFile:
    """Make a new register and open it; a file with this name appears only when it is whole.

    :param program: the name that others see in the lock.
    :param build: makes the tables, within the transaction it is called in.
    :param version: the schema version that ``build`` makes.
    :raises Known: the name is taken, the folder is missing or can't be written, the disk is full.
    """
    path = _real(path)
    if not path.parent.is_dir():
        raise Known(_("The folder {folder} does not exist. Choose another place for the register.").format(folder=path.parent))
    with driver.speaking(path):
        _must_be_free(path)
        held = lock.take(path, program)
        part = path.with_name(f"{path.name}.part")
        try:
            driver.remove_with_journal(part)
            part.touch(exist_ok=False)
            with closing(driver.connect(part, read_only=False, busy_ms=BUSY_MS)) as connection:
                _in_one_transaction(connection, build, version)
            driver.sync_file(part)
            _must_be_free(path)
            driver.journal_of(path).unlink(missing_ok=True)  # of a deleted register: it would be rolled back into this one
            part.rename(path)
            driver.sync_folder(path.parent)
            writer = driver.connect(path, read_only=False, busy_ms=BUSY_MS)
        except BaseException:
            driver.remove_with_journal(part)
            held.release()
            raise
    return RegisterFile(path, held, writer, "")


def open_file(
    path: Path,
    *,
    program: str,
    version: int,
    migrate: Callable[[Connection, int], None],
    read_only: bool = False,
    expected_tables: Collection[str],
) -> RegisterFile:
    """Open a register for writing, or for reading when writing is not wished or not possible.

    :param migrate: brings the tables from the given version to ``version``, within the transaction it is called in.
    :param expected_tables: tables without which the file is taken to be damaged.
    :raises Known: the file is no register, damaged, newer than this program... each with its own sentence.
    """
    path = _real(path)
    _must_be_a_file(path)
    with driver.speaking(path), _damage_known(path), ExitStack() as undo:
        found = _recognise(path)
        unclean = found is None
        if found is None:
            found = _put_right(path, program)
        if found > version:
            raise Known(_too_new(path))
        held, writer, why = (None, None, _as_wished(path)) if read_only else _start_writing(path, program, undo)
        unclean = unclean or (held is not None and held.after_unclean_end)
        schema = _schema(path, writer)
        if unclean:
            log.warning("the register was not closed properly; checking all of it")
            _must_be_whole(path)
        if found < version:
            if writer is None:
                raise Known(_too_old(path, why))
            _bring_up_to_date(writer, path, found, version, migrate)
            schema = _schema(path, writer)
        _must_have(expected_tables, path, schema)
        undo.pop_all()
    return RegisterFile(path, held, writer, why, after_unclean_end=unclean)


# Looking before touching


def _real(path: Path) -> Path:
    """The file itself, not a link to it: the lock and the journal lie beside the file."""
    return Path(os.path.realpath(path))


def _must_be_free(path: Path) -> None:
    if os.path.lexists(path):
        raise Known(_("{file} exists already and was left as it is. Choose another name, or open it.").format(file=path.name))


def _must_be_a_file(path: Path) -> None:
    with driver.speaking(path):
        if path.is_dir():
            raise Known(_("{file} is a folder, not a register. Choose a file inside it.").format(file=path.name))
        if not path.exists():
            raise Known(
                _("{file} is not in the folder {folder}. It may have been moved or renamed, or the disk is not connected.").format(
                    file=path.name, folder=path.parent
                )
            )
        if path.stat().st_size == 0:
            raise Known(
                _("{file} is empty: it holds 0 bytes. If it should hold a register, copying or synchronising it was interrupted; take a backup or copy it again.").format(
                    file=path.name
                )
            )


def _recognise(path: Path) -> int | None:
    """The schema version of a register, read without changing anything; None when a crash left it half written.

    The file is not read by ourselves while it may be a database: closing it would drop SQLite's locks on it (POSIX).
    """
    try:
        with closing(driver.connect(path, read_only=True, busy_ms=BUSY_MS)) as connection:
            application = connection.execute("PRAGMA application_id").fetchone()[0]
            found: int = connection.execute("PRAGMA user_version").fetchone()[0]
    except driver.DatabaseError as error:
        if driver.is_write_protected(error) and driver.journal_of(path).exists():
            return None
        if driver.is_no_database(error):
            raise _something_else(path) from error
        raise
    if application != APPLICATION_ID:
        raise Known(_("{file} is a database of another program, not a QMDesk register. Choose another file.").format(file=path.name))
    return found


@contextmanager
def _damage_known(path: Path) -> Iterator[None]:
    """Whatever step of opening meets damage first: it leaves as Damaged, with the backup to go on with."""
    try:
        yield
    except driver.DatabaseError as error:
        if driver.is_damaged(error):
            raise backup.damaged(path) from error
        raise


def _something_else(path: Path) -> Known:
    """What a file is that does not begin as a register does."""
    with path.open("rb") as stream:
        first = stream.read(_FIRST_BYTES)
    if first.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        return Known(
            _("{file} is a workbook, a document or an archive, not a register. To take its rows over, open a register and import the file there.").format(
                file=path.name
            )
        )
    if all(byte >= 0x20 or byte in b"\t\r\n" for byte in first):
        return Known(
            _("{file} is a text, a table or a web page, not a register. If it holds a table, open a register and import the file there.").format(
                file=path.name
            )
        )
    last = backup.newest(places.backups(path))
    if last:
        return backup.Damaged(
            _("{file} does not begin as a register does: it is damaged, protected with a password, or something else. It was left as it is; the newest backup is {backup}.").format(
                file=path.name, backup=last
            ),
            last,
        )
    return Known(
        _("{file} does not begin as a register does: it is protected with a password, damaged, or something else. Choose another file.").format(
            file=path.name
        )
    )


def _must_be_whole(path: Path) -> None:
    """Check every page and index; only after a crash: it takes 0.9 s for 90 MB, and even quick_check 0.4 s."""
    with closing(driver.connect(path, read_only=True, busy_ms=BUSY_MS)) as connection:
        fault = backup.first_fault(connection)
    if fault:
        log.error("integrity check: %s", fault)
        raise backup.damaged(path)


def _schema(path: Path, writer: Connection | None) -> list[tuple[str, str]]:
    """Kind and name of what the file holds, read by the connection that will work with it, where there is one: it takes its time."""
    with nullcontext(writer) if writer else closing(driver.connect(path, read_only=True, busy_ms=BUSY_MS)) as connection:
        return connection.execute("SELECT type, name FROM sqlite_master").fetchall()


def _must_have(tables: Collection[str], path: Path, found: Collection[tuple[str, str]]) -> None:
    """Look through the schema for what is missing, and for what may not be there."""
    missing = sorted(set(tables) - {name for kind, name in found if kind == "table"})
    if missing:
        log.error("missing tables: %s", ", ".join(missing))
        raise backup.damaged(path)
    if any(kind in ("trigger", "view") for kind, _name in found):  # a trigger could change anything with the next save
        raise Known(
            _("{file} holds commands that this program never writes: it was changed from outside, and was left as it is. Go on with a backup.").format(
                file=path.name
            )
        )


# The right to write


def _start_writing(
    path: Path, program: str, undo: ExitStack
) -> tuple[lock.Lock | None, Connection | None, str]:
    """The lock and a connection that can write, or the sentence why there are none."""
    try:
        held = lock.take(path, program)
    except lock.Held as error:
        return None, None, error.sentence
    except OSError as error:
        log.info("no lock file: %s", type(error).__name__)
        return None, None, _no_room_for_lock(path)
    with ExitStack() as own:
        own.callback(held.release)
        try:
            writer = _open_writer(path)
        except driver.DatabaseError as error:
            if driver.is_write_protected(error):
                return None, None, _write_protected(path)
            if driver.is_busy(error):
                return None, None, str(driver.sentence_for(error, path))
            raise
        own.callback(writer.close)
        undo.push(own.pop_all())
    return held, writer, ""


def _put_right(path: Path, program: str) -> int:
    """Roll back what a crash left half done, even for one who only wants to read; return the schema version."""
    with ExitStack() as undo:
        _start_writing(path, program, undo)
    found = _recognise(path)
    if found is None:
        raise Known(
            _("{file} was not closed properly, and what was left half done can't be put back because nothing can be written here. Copy {file} together with {journal} to another folder and open it there.").format(
                file=path.name, journal=driver.journal_of(path).name
            )
        )
    return found


def _open_writer(path: Path) -> Connection:
    """A connection that has proved that it can write, after rolling back what a crash left.

    :raises DatabaseError: the file is write-protected, or another program is at work on it without our lock.
    """
    writer = driver.connect(path, read_only=False, busy_ms=BUSY_MS)
    try:
        writer.execute("BEGIN IMMEDIATE")  # succeeds on a protected file too
        writer.execute(f"PRAGMA user_version={writer.execute('PRAGMA user_version').fetchone()[0]:d}")
        writer.execute("ROLLBACK")
    except driver.DatabaseError:
        writer.close()
        raise
    return writer


def _write_protected(path: Path) -> str:
    return _("{file} is write-protected, so it can only be read. Take the protection off, or copy it to another folder, to work on it.").format(
        file=path.name
    )


def _as_wished(path: Path) -> str:
    return _("{file} was opened for reading only.").format(file=path.name)


def _no_room_for_lock(path: Path) -> str:
    return _("{file} lies where nothing can be written (a read-only or full disk, or a folder you may not change), so it can only be read. To work on it, copy it to another folder.").format(
        file=path.name
    )


def _too_new(path: Path) -> str:
    return _("{file} was made by a newer version of this program, and this one would not understand it. Install the newer version; nothing was changed in the file.").format(
        file=path.name
    )


def _too_old(path: Path, why: str) -> str:
    return _("{file} was made by an older version of this program and must be brought up to date first, but nothing can be written now. {why}").format(
        file=path.name, why=why
    )


# Building and migrating


def _bring_up_to_date(
    writer: Connection, path: Path, found: int, version: int, migrate: Callable[[Connection, int], None]
) -> None:
    copied = backup.before_update(writer, path, found)
    try:
        _in_one_transaction(writer, lambda connection: migrate(connection, found), version)
    except Exception as error:
        log.exception("the migration from version %s to %s failed", found, version)
        known = error if isinstance(error, Known) else _sentence(error, path)
        if known:
            reason = known.sentence
        else:
            reason = _("an unexpected error happened; see the log.")
        raise Known(
            _("{file} could not be brought up to date and was left as it was. A copy of it is {copy}. Reason: {reason}").format(
                file=path.name, copy=copied, reason=reason
            )
        ) from error


def _sentence(error: Exception, path: Path) -> Known | None:
    return driver.sentence_for(error, path) if isinstance(error, driver.Error | OSError) else None


def _in_one_transaction(connection: Connection, change: Callable[[Connection], None], version: int) -> None:
    """All of a change of the schema, checked, or nothing of it."""
    connection.execute("PRAGMA foreign_keys=OFF")  # tables are rebuilt; all keys are checked before the COMMIT
    connection.execute("PRAGMA cache_spill=ON")  # nobody reads meanwhile, and a big table need not fit the memory
    try:
        connection.execute("BEGIN IMMEDIATE")
        try:
            change(connection)
            if not connection.in_transaction:
                raise RuntimeError("a step of the schema ended the transaction it runs in")
            connection.execute(f"PRAGMA application_id={APPLICATION_ID:d}")
            connection.execute(f"PRAGMA user_version={version:d}")
            broken = connection.execute("PRAGMA foreign_key_check").fetchone()
            if broken:
                raise RuntimeError(f"a row of {broken[0]} points to a missing row of {broken[2]}")
            fault = backup.first_fault(connection)
            if fault:
                raise RuntimeError(f"integrity check: {fault}")
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise
    finally:
        connection.execute("PRAGMA cache_spill=OFF")
        connection.execute("PRAGMA foreign_keys=ON")
