"""The one import of the SQLite driver: connections with the register's settings, and its errors as sentences."""

from __future__ import annotations

import errno
import logging
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from qmdesk import places
from qmdesk.errors import Cancelled, Known
from qmdesk.i18n import N_, _

if TYPE_CHECKING:  # the driver has no stubs; it is a fork of the standard module and has the same shape
    import sqlite3 as _sqlite
else:
    from sqlcipher3 import dbapi2 as _sqlite

log = logging.getLogger(__name__)

Connection = _sqlite.Connection
Cursor = _sqlite.Cursor
Row = _sqlite.Row
Error = _sqlite.Error
DatabaseError = _sqlite.DatabaseError
IntegrityError = _sqlite.IntegrityError
OperationalError = _sqlite.OperationalError
sqlite_version = _sqlite.sqlite_version

# Every connection. trusted_schema and cell_size_check: a register may come from a stranger.
_SETTINGS = (
    "PRAGMA cipher_log_level=NONE",  # the driver writes to stderr about every file that is no database
    "PRAGMA foreign_keys=ON",
    "PRAGMA trusted_schema=OFF",
    "PRAGMA cell_size_check=ON",
    "PRAGMA mmap_size=0",
)
STATEMENTS_KEPT = 1000
"""So many statements a connection keeps compiled. A day's work asks several hundred different ones; of the driver's 128 each was gone
before it was asked again, and compiling them took half the time of asking."""
JOURNAL_KEPT = 1 << 20
"""So many bytes of the journal's file stay between commits."""
LOOKS = 20
"""So often a file is looked at before a journal beside it is taken for that of a crash."""
# A register at work keeps its journal's file instead (keep_journal). synchronous=EXTRA: with FULL the unlink of the journal, which is the commit, is not itself on the disk, and 8 of 100
# power cuts lost the last acknowledged save. cache_spill=OFF: a long transaction leaves the file to the readers.
_WRITER_SETTINGS = (
    "PRAGMA journal_mode=DELETE",
    "PRAGMA synchronous=EXTRA",
    "PRAGMA secure_delete=ON",
    "PRAGMA cache_spill=OFF",
)


class _Reader(Connection):
    """A connection that can't write, and looks again before it takes a journal beside the file for that of a crash.

    A writer that has just begun makes the journal that stays between its commits look so, and who can't write may not
    roll it back (SQLITE_READONLY_ROLLBACK). Of a crash it is true at every look.
    """

    def execute(self, *asked: Any) -> Cursor:
        """As the driver's own."""
        for _look in range(LOOKS - 1):
            try:
                return super().execute(*asked)
            except DatabaseError as error:
                if not is_write_protected(error):
                    raise
            time.sleep(0.001)
        return super().execute(*asked)


def connect(path: Path, *, read_only: bool, busy_ms: int) -> Connection:
    """Open the database in an existing file; transactions are explicit (``BEGIN``), threads must take turns.

    A file of 0 bytes is a new, empty database. ``busy_ms`` is how long a statement waits for another connection.
    A file that can't be written gives a connection that can't write either: the first change tells, not ``BEGIN``.

    :raises Error: the file is missing, no database, damaged, or can't be used.
    """
    uri = _uri(path, "ro" if read_only else "rw")
    connection: Connection = _sqlite.connect(
        uri, uri=True, timeout=busy_ms / 1000, isolation_level=None, check_same_thread=False, cached_statements=STATEMENTS_KEPT,
        factory=_Reader if read_only else Connection,
    )  # fmt: skip
    try:
        for pragma in _SETTINGS:
            connection.execute(pragma)
        if read_only:
            connection.execute("PRAGMA query_only=ON")
        else:
            for pragma in _WRITER_SETTINGS:
                connection.execute(pragma)
            if sys.platform == "darwin":  # fsync on macOS leaves the data in the drive's own cache
                connection.execute("PRAGMA fullfsync=ON")
    except BaseException:
        connection.close()
        raise
    return connection


def keep_journal(writer: Connection) -> None:
    """Let the journal's file stay between commits, which end by an fsynced zero in its head: half the time of a save.

    To make a file and to take it away for each save is what takes the time: of seven milliseconds, three. In 40 simulated
    power cuts no acknowledged save was lost. A large step leaves no large file.
    """
    writer.execute("PRAGMA journal_mode=PERSIST")
    writer.execute(f"PRAGMA journal_size_limit={JOURNAL_KEPT}")


def drop_journal(writer: Connection) -> None:
    """Undo what is not committed and take the journal's file away: a closed register is one file."""
    try:
        writer.rollback()
        writer.execute("PRAGMA journal_mode=DELETE")
    except DatabaseError as error:  # the disk is gone, or another program reads: then the next one who opens it takes it away
        log.info("the journal stays: %s", type(error).__name__)


def _uri(path: Path, mode: str) -> str:
    """The path as SQLite's file: URI; a network path (//server/share) keeps an empty authority before it."""
    plain = path.absolute().as_posix()
    if not plain.startswith("/"):  # C:/Users...
        plain = f"/{plain}"
    return f"file://{quote(os.fsencode(plain), safe='/:')}?mode={mode}"


def journal_of(path: Path) -> Path:
    """SQLite's rollback journal of a database; it lies there while a register is open for writing or after a crash."""
    return path.with_name(f"{path.name}-journal")


def remove_with_journal(path: Path) -> None:
    """Take away an unfinished database, and the journal that would be rolled back into its successor."""
    for leftover in (path, journal_of(path)):
        leftover.unlink(missing_ok=True)


def sync_file(path: Path) -> None:
    """Return when the content of the file is on the disk itself."""
    descriptor = os.open(path, os.O_RDWR)
    try:
        if sys.platform == "darwin":
            import fcntl  # not on Windows

            fcntl.fcntl(descriptor, fcntl.F_FULLFSYNC)
        else:
            os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sync_folder(folder: Path) -> None:
    """Return when the names in the folder are on the disk; Windows keeps that by itself and can't be asked."""
    if sys.platform != "win32":
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


# The driver gives the primary result code, or, from its backup call, only the text of it.
_FULL, _READONLY, _IOERR, _CORRUPT, _NOTADB, _CANTOPEN, _BUSY, _PERM, _NOMEM = 13, 8, 10, 11, 26, 14, 5, 3, 7
_INTERRUPT = 9
_SAME = {2: _IOERR, 6: _BUSY, 15: _BUSY, 22: _IOERR, 23: _PERM}  # INTERNAL, LOCKED, PROTOCOL, NOLFS, AUTH
_TEXTS = {
    "database or disk is full": _FULL,
    "attempt to write a readonly database": _READONLY,
    "disk I/O error": _IOERR,
    "database disk image is malformed": _CORRUPT,
    "file is not a database": _NOTADB,
    "unable to open database file": _CANTOPEN,
    "database is locked": _BUSY,
    "database table is locked": _BUSY,
    "access permission denied": _PERM,
    "out of memory": _NOMEM,
    "interrupted": _INTERRUPT,
}
_OF_DAMAGE = ("Could not decode to UTF-8", "fts5: corrupt")  # said with the code of a wrong statement, details follow
_SENTENCES = {
    _FULL: N_("The disk is full: {file} could not be written. Free some space, or save a copy to another disk, and try again; what was saved before is safe."),
    _READONLY: N_("{file} is write-protected and was not changed. Take the protection off, or save a copy in a folder where you may write."),
    _IOERR: N_("{file} could not be read or written: its disk, stick or network drive reported a fault. Check that the drive is connected and open the register again."),
    _CORRUPT: N_("{file} is damaged. Close it and open its newest backup from the folder {backups}."),
    _NOTADB: N_("{file} is not a QMDesk register, or it is protected with a password, or its beginning is damaged. Choose another file."),
    _CANTOPEN: N_("{file} could not be opened. Check that the file is still there and that you may use its folder."),
    _BUSY: N_("Another program is working on {file}. Wait a moment, or close that program, and try again."),
    _PERM: N_("{file} may not be used: you have no permission for it or for its folder, or another program keeps it to itself."),
    _NOMEM: N_("There is not enough free memory to work on {file}. Close other programs and try again."),
}  # fmt: skip
_OF_SYSTEM = {
    errno.ENOSPC: _FULL,
    errno.EDQUOT: _FULL,
    errno.EFBIG: _FULL,
    errno.EROFS: _READONLY,
    errno.EACCES: _PERM,
    errno.EPERM: _PERM,
    errno.ENOENT: _CANTOPEN,
    errno.ENOTDIR: _CANTOPEN,
    errno.EISDIR: _CANTOPEN,
    errno.ENAMETOOLONG: _CANTOPEN,
}


def code_of(error: Error | OSError) -> int:
    """The primary SQLite result code of an error of the driver or of the system; 1 (SQLITE_ERROR) when it has none."""
    if isinstance(error, OSError):
        return _OF_SYSTEM.get(error.errno or 0, _IOERR)
    code = getattr(error, "sqlite_errorcode", None)
    if code is None:
        code = _CORRUPT if str(error).startswith(_OF_DAMAGE) else _TEXTS.get(str(error), 1)
    code &= 0xFF  # extended codes, should the driver ever give them
    return _SAME.get(code, code)


def is_write_protected(error: Error) -> bool:
    """Whether the driver refused to write; so it also refuses to read a file whose journal must be rolled back."""
    return code_of(error) == _READONLY


def is_busy(error: Error) -> bool:
    """Whether another connection held the file for longer than ``busy_ms``."""
    return code_of(error) == _BUSY


def is_damaged(error: Error) -> bool:
    """Whether SQLite found the inside of the file to be wrong."""
    return code_of(error) == _CORRUPT


def is_no_database(error: Error) -> bool:
    """Whether the file does not begin as a database does."""
    return code_of(error) == _NOTADB


def is_spoilt_index(error: Error) -> bool:
    """Whether the full-text index can't be understood; it says so with the code of a wrong statement."""
    return code_of(error) == 1 and "fts5" in str(error)


def sentence_for(error: Error | OSError, path: Path) -> Known | None:
    """What an error of the driver or the system means for the user; None when it is a bug (wrong SQL, a constraint)."""
    sentence = _SENTENCES.get(code_of(error))
    return Known(_(sentence).format(file=path.name, backups=places.backups(path))) if sentence else None


def disk_full(path: Path) -> Known:
    """The sentence for a disk that has no room for this file."""
    return Known(_(_SENTENCES[_FULL]).format(file=path.name))


@contextmanager
def speaking(path: Path) -> Iterator[None]:
    """Errors of the driver and the system about this file leave as sentences, an interruption as Cancelled, bugs as they are."""
    try:
        yield
    except (Error, OSError) as error:
        if not isinstance(error, OSError) and code_of(error) == _INTERRUPT:
            raise Cancelled from error
        known = sentence_for(error, path)
        if known is None:
            raise
        raise known from error
