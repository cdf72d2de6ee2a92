"""Copies of a register: made while it is in use, proved by a test restore, thinned out with age."""

from __future__ import annotations

import hashlib
import json
import logging
import os
import re
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qmdesk import places
from qmdesk.errors import Known
from qmdesk.i18n import _
from qmdesk.store import driver, lock
from qmdesk.store.driver import Connection
from qmdesk.values import dataclass

if TYPE_CHECKING:  # file.py makes a copy before it migrates
    from qmdesk.store.file import RegisterFile

log = logging.getLogger(__name__)

MANIFEST = "manifest.jsonl"
BUSY_MS = 10_000
KEEP_ALL = timedelta(days=2)
KEEP_DAILY, KEEP_WEEKLY, KEEP_MONTHLY = 12, 10, 9
KEEP_BEFORE_UPDATE = timedelta(days=30)
# "Shop-20261122-134501Z.qmd", "Shop-version-3-20261122-134501Z.qmd": UTC, so that the names sort as they were made
_NAME = re.compile(r"^(?P<stem>.+?)(?:-version-(?P<version>\d+))?-(?P<made>\d{8}-\d{6})Z(?:-\d+)?\.\w+$")


class Damaged(Known):
    """A register or a copy is damaged; ``backup`` is the newest copy to go on with, None when there is none."""

    def __init__(self, sentence: str, backup: Path | None) -> None:
        self.backup = backup
        super().__init__(sentence)


@dataclass(frozen=True)
class BackupProof:
    """What was checked of a copy: it opens, is whole, and holds as many rows in each table as its source."""

    path: Path
    sha256: str
    size: int  # bytes
    schema: int
    made: datetime
    counts: dict[str, int] = field(default_factory=dict)


def copy(source: Connection | RegisterFile, target: Path) -> BackupProof:
    """Copy what is committed in a register that may be in use; the target appears whole and proved, or not at all.

    :param source: a connection must be outside a transaction, or it would copy what may still be rolled back.
    :raises Known: the target exists, there is no room, the source is damaged...
    """
    target = target.absolute()
    if os.path.lexists(target):
        raise Known(_("{file} exists already. Choose another name for the copy.").format(file=target))
    if not target.parent.is_dir():
        raise Known(_("The folder {folder} does not exist. Choose another place for the copy.").format(folder=target.parent))
    part = target.with_name(f"{target.name}.part")
    with driver.speaking(target):
        try:
            _fill(source, part, target)
            proof = _inspect(part)
            driver.sync_file(part)
            part.replace(target)
            driver.sync_folder(target.parent)
        except BaseException:
            driver.remove_with_journal(part)
            raise
    return BackupProof(target, proof.sha256, proof.size, proof.schema, proof.made, proof.counts)


def _fill(source: Connection | RegisterFile, part: Path, target: Path) -> None:
    """Write the copy under its temporary name and compare it with what the source held at that moment."""
    if isinstance(source, Connection):
        _copy_pages(source, part, target)
    else:
        with closing(driver.connect(source.path, read_only=True, busy_ms=BUSY_MS)) as own:
            _copy_pages(own, part, target)


def _copy_pages(source: Connection, part: Path, target: Path) -> None:
    if source.in_transaction:
        raise RuntimeError("a copy would hold what is not committed")
    import shutil  # it loads every kind of archive, and a start makes no copy

    driver.remove_with_journal(part)
    part.touch(exist_ok=False)
    with _one_moment(source):
        before = _state(source)
        bytes_needed = _number(source, "PRAGMA page_count") * _number(source, "PRAGMA page_size")
        if shutil.disk_usage(part.parent).free < bytes_needed:
            raise driver.disk_full(target)
        with closing(driver.connect(part, read_only=False, busy_ms=0)) as copied:
            copied.execute("PRAGMA journal_mode=OFF")  # nobody else sees this file, and it is synced once at the end
            copied.execute("PRAGMA synchronous=OFF")
            source.backup(copied)
    with closing(driver.connect(part, read_only=True, busy_ms=0)) as copied:
        if first_fault(copied) == "" and _state(copied) == before:
            return
    if first_fault(source):
        raise damaged(_file_of(source))
    raise Known(_("The copy {file} came out damaged and was thrown away: check the disk, or choose another one.").format(file=target))


@contextmanager
def _one_moment(source: Connection) -> Iterator[None]:
    """Read within one transaction, so that all that is read was committed at the same moment."""
    source.execute("BEGIN")
    try:
        yield
    except driver.DatabaseError as error:
        if driver.is_damaged(error):
            raise damaged(_file_of(source)) from error
        raise
    finally:
        if source.in_transaction:
            source.execute("ROLLBACK")


def _state(connection: Connection) -> tuple[int, int, dict[str, int]]:
    """What a copy must have in common with its source: application, schema version, rows per table."""
    tables = connection.execute(
        "SELECT name FROM pragma_table_list WHERE schema='main' AND type='table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name"
    ).fetchall()
    counts = {name: _number(connection, f'SELECT count(*) FROM "{name.replace(chr(34), chr(34) * 2)}"') for (name,) in tables}
    return _number(connection, "PRAGMA application_id"), _number(connection, "PRAGMA user_version"), counts


def _number(connection: Connection, sql: str) -> int:
    return int(connection.execute(sql).fetchone()[0])


def _file_of(connection: Connection) -> Path:
    return Path(connection.execute("SELECT file FROM pragma_database_list WHERE name='main'").fetchone()[0])


def first_fault(connection: Connection) -> str:
    """The first thing SQLite's whole check finds wrong with a database, "" when it is whole (about 1 s for 90 MB)."""
    try:
        (answer,) = connection.execute("PRAGMA integrity_check(1)").fetchone()
    except driver.DatabaseError as error:
        if driver.is_damaged(error) or driver.is_no_database(error) or driver.is_spoilt_index(error):
            return str(error)
        raise
    return "" if answer == "ok" else str(answer)


def _inspect(path: Path) -> BackupProof:
    """The facts of a copy that nobody has open."""
    with closing(driver.connect(path, read_only=True, busy_ms=BUSY_MS)) as connection:
        _application, schema, counts = _state(connection)
    with path.open("rb") as stream:
        sha256 = hashlib.file_digest(stream, "sha256").hexdigest()
    return BackupProof(path, sha256, path.stat().st_size, schema, datetime.now(UTC).replace(microsecond=0), counts)


def damaged(path: Path) -> Damaged:
    """The sentence for a damaged register or copy, with the newest backup to go on with."""
    folder = path.parent if _NAME.match(path.name) else places.backups(path)
    good = newest(folder, but=path)
    if good:
        return Damaged(
            _("{file} is damaged. It was left as it is; the newest backup is {backup}.").format(file=path.name, backup=good), good
        )
    return Damaged(
        _("{file} is damaged and no backup of it was found. It was left as it is; look for a copy on other disks.").format(
            file=path.name
        ),
        None,
    )


# The folder of automatic copies


def back_up(register: RegisterFile) -> BackupProof:
    """Make a copy in the register's own folder of backups, note it in the manifest and thin out the older ones."""
    proof = _copy_into_folder(register, register.path, "")
    rotate(proof.path.parent)
    return proof


def before_update(writer: Connection, path: Path, version: int) -> Path:
    """The copy of a register of an older version, made before it is migrated; one from a failed attempt serves again."""
    mark = f"-version-{version}"
    earlier = _unchanged_since(path)
    if earlier and mark in earlier.name:
        return earlier
    return _copy_into_folder(writer, path, mark).path


def backup_if_changed(register: RegisterFile, *, not_within: timedelta = timedelta(0)) -> str:
    """Make a backup if the register has changed since the newest one; for closing and for a timer.

    :param not_within: nothing happens while the newest backup is younger than this.
    :return: "" when all is well, else the sentence saying why there is no new backup. It never raises.
    """
    try:
        if register.read_only or register.closed:
            return ""
        register.renew_lock()
        folder = places.backups(register.path)
        last = newest(folder)
        if last and datetime.now(UTC) - _made(last) < not_within:
            return ""
        if _unchanged_since(register.path) and not register.changed_since_backup():
            return ""
        back_up(register)
        register.note_backup()
    except Exception as error:  # a register must close even if its backup can't be made
        log.warning("no backup was made: %s", type(error).__name__, exc_info=not isinstance(error, Known))
        reason = str(error) if isinstance(error, Known) else _("an unexpected error happened; see the log")
        return _("No backup of {file} was made: {reason}").format(file=register.path.name, reason=reason)
    return ""


def newest(folder: Path, *, but: Path | None = None) -> Path | None:
    """The newest copy in a folder of backups."""
    copies = [path for path in _copies(folder) if path != but]
    return copies[0] if copies else None


def rotate(folder: Path, *, now: datetime | None = None) -> list[Path]:
    """Thin out: all of the last 2 days stay, then one a day for 12 days, a week for 10, a month for 9.

    :return: what was deleted. Copies made before an update stay at least 30 days.
    """
    now = now or datetime.now(UTC)
    copies = _copies(folder)
    kept = {path for path in copies if now - _made(path) <= KEEP_ALL}
    kept |= {path for path in copies if _version(path) and now - _made(path) <= KEEP_BEFORE_UPDATE}
    for limit, period in ((KEEP_DAILY, "%Y-%j"), (KEEP_WEEKLY, "%G-%V"), (KEEP_MONTHLY, "%Y-%m")):
        kept |= _newest_of_each(period, limit, [path for path in copies if path not in kept], kept)
    kept |= {path for path in copies if lock.lock_of(path).exists()}  # somebody has opened the copy itself
    gone = [path for path in copies if path not in kept]
    for path in gone:
        path.unlink(missing_ok=True)
    for leftover in folder.glob("*.part*"):  # only the holder of the lock writes here, so nobody is at work on it
        leftover.unlink(missing_ok=True)
    if gone:
        present = {path.name for path in kept}
        _write_manifest(folder, [line for line in _manifest(folder) if line["file"] in present])
    return gone


def _newest_of_each(period: str, limit: int, copies: Iterable[Path], kept: Iterable[Path]) -> set[Path]:
    """The newest copy of each of the ``limit`` newest periods that have none yet; copies come newest first."""
    have = {_made(path).strftime(period) for path in kept}
    chosen: dict[str, Path] = {}
    for path in copies:
        name = _made(path).strftime(period)
        if name not in have and len(chosen) < limit:
            chosen.setdefault(name, path)
    return set(chosen.values())


def prove(path: Path) -> BackupProof:
    """Restore a copy for a test: it opens, is whole, and is to the bit what was written.

    :raises Damaged: it is not; a copy that no manifest knows is only opened and checked.
    """
    with driver.speaking(path):
        if not path.is_file():
            raise Known(_("The backup {file} is missing. Choose another one.").format(file=path))
        try:
            proof = _inspect(path)
            with closing(driver.connect(path, read_only=True, busy_ms=BUSY_MS)) as connection:
                whole = first_fault(connection) == ""
        except driver.DatabaseError as error:
            if not driver.is_damaged(error) and not driver.is_no_database(error):
                raise
            raise damaged(path) from error
        known = next((line for line in reversed(_manifest(path.parent)) if line["file"] == path.name), None)
        if not whole or (known and known["sha256"] != proof.sha256):
            raise damaged(path)
        return proof


def restore(copied: Path, register: Path, *, program: str) -> Path | None:
    """Put a proved copy in the place of a register that nobody has open.

    :return: the register as it was, moved aside with its journal; None when there was none.
    """
    prove(copied)
    register = register.resolve()
    with driver.speaking(register):
        held = lock.take(register, program)
        try:
            part = register.with_name(f"{register.name}.part")
            driver.remove_with_journal(part)
            with closing(driver.connect(copied, read_only=True, busy_ms=BUSY_MS)) as source:
                copy(source, part)
            aside = None
            if register.exists():
                aside = _free(register.with_name(f"{register.stem}-replaced-{_stamp(datetime.now(UTC))}{register.suffix}"))
                # the journal first: left behind, it would be rolled back into the restored file
                with suppress(FileNotFoundError):
                    driver.journal_of(register).replace(driver.journal_of(aside))
                register.replace(aside)
            driver.journal_of(register).unlink(missing_ok=True)
            part.replace(register)
            driver.sync_folder(register.parent)
        finally:
            held.release()
    return aside


def _copy_into_folder(source: Connection | RegisterFile, path: Path, mark: str) -> BackupProof:
    folder = places.backups(path)
    with driver.speaking(folder):
        folder.mkdir(exist_ok=True)
        source_state = _stat(path)  # before the copy: a change during it must count as one after it
    made = datetime.now(UTC)
    proof = copy(source, _free(folder / f"{path.stem}{mark}-{_stamp(made)}{path.suffix or '.qmd'}"))
    line = {
        "file": proof.path.name,
        "sha256": proof.sha256,
        "size": proof.size,
        "schema": proof.schema,
        "counts": proof.counts,
        "made": proof.made.isoformat(),
        "source": source_state,
    }
    with driver.speaking(folder / MANIFEST):
        _write_manifest(folder, [*_manifest(folder), line])
    return proof


def _unchanged_since(path: Path) -> Path | None:
    """The newest copy if the register has not been written since, by its size and time of change."""
    last = newest(places.backups(path))
    if last is None:
        return None
    line = next((line for line in reversed(_manifest(last.parent)) if line["file"] == last.name), None)
    return last if line and line.get("source") == _stat(path) else None


def _stat(path: Path) -> list[int]:
    """Size and time of change. Not a hash: closing a file of our own would drop SQLite's locks on it (POSIX)."""
    facts = path.stat()
    return [facts.st_size, facts.st_mtime_ns]


def _copies(folder: Path) -> list[Path]:
    """The copies in a folder that bear our names, newest first."""
    found = [path for path in folder.iterdir() if _NAME.match(path.name)] if folder.is_dir() else []
    return sorted(found, key=lambda path: (_made(path), path.stat().st_mtime_ns, path.name), reverse=True)


def _made(path: Path) -> datetime:
    match = _NAME.match(path.name)
    assert match, path.name
    return datetime.fromisoformat(f"{match['made'].replace('-', 'T')}Z")


def _version(path: Path) -> str | None:
    match = _NAME.match(path.name)
    return match["version"] if match else None


def _stamp(moment: datetime) -> str:
    return f"{moment:%Y%m%d-%H%M%S}Z"


def _free(path: Path) -> Path:
    """The path itself, or with a number when there is one of the same second."""
    number, free = 2, path
    while os.path.lexists(free):
        free = path.with_name(f"{path.stem}-{number}{path.suffix}")
        number += 1
    return free


def _manifest(folder: Path) -> list[dict[str, Any]]:
    """The lines about the copies, oldest first; a line that can't be read is passed over."""
    lines: list[dict[str, Any]] = []
    with suppress(FileNotFoundError):
        for text in (folder / MANIFEST).read_text(encoding="utf-8", errors="surrogateescape").splitlines():
            with suppress(ValueError):
                line = json.loads(text)
                if isinstance(line, dict) and {"file", "sha256"} <= line.keys():
                    lines.append(line)
    return lines


def _write_manifest(folder: Path, lines: Iterable[dict[str, Any]]) -> None:
    part = folder / f"{MANIFEST}.part"
    try:
        part.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines), encoding="utf-8", errors="surrogateescape")
        driver.sync_file(part)
        part.replace(folder / MANIFEST)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    driver.sync_folder(folder)
