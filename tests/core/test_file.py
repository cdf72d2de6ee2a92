"""The register as a file: made, refused, migrated, shared between programs, killed, filled up and closed."""

from __future__ import annotations

import errno
import json
import os
import socket
import stat
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlite_utils

from qmdesk import places
from qmdesk.errors import Cancelled, Known
from qmdesk.store import backup, driver, file, lock
from qmdesk.store.driver import Connection
from qmdesk.store.file import APPLICATION_ID, RegisterFile, create, open_file

ROOT = Path(__file__).resolve().parents[2]
TABLES = ("shelf", "book")


def build(connection: Connection) -> None:
    connection.execute("CREATE TABLE shelf (id INTEGER PRIMARY KEY, name TEXT NOT NULL) STRICT")
    connection.execute(
        "CREATE TABLE book (id INTEGER PRIMARY KEY, shelf INTEGER NOT NULL REFERENCES shelf(id), title TEXT) STRICT"
    )
    connection.execute("INSERT INTO shelf VALUES (1, 'first')")


def no_migration(connection: Connection, version: int) -> None:
    raise AssertionError("nothing to migrate")


def make(path: Path, version: int = 1) -> RegisterFile:
    return create(path, program="QMDesk", build=build, version=version)


def reopen(
    path: Path,
    *,
    version: int = 1,
    migrate: Callable[[Connection, int], None] = no_migration,
    read_only: bool = False,
    program: str = "QMDesk",
) -> RegisterFile:
    return open_file(
        path, program=program, version=version, migrate=migrate, read_only=read_only, expected_tables=TABLES
    )


def add_books(register: RegisterFile, titles: list[str]) -> None:
    with register.write_lock:
        register.writer.execute("BEGIN IMMEDIATE")
        register.writer.executemany("INSERT INTO book (shelf, title) VALUES (1, ?)", [(title,) for title in titles])
        register.writer.execute("COMMIT")


def titles(register: RegisterFile) -> list[str]:
    return [title for (title,) in register.reader().execute("SELECT title FROM book ORDER BY id")]


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


# What a child process knows: little, so that it starts quickly.
PRELUDE = """
import os, sys
from pathlib import Path
from qmdesk.store import driver, file
path = Path(sys.argv[1])
def reopen(program="QMDesk"):
    return file.open_file(path, program=program, version=1, migrate=lambda connection, version: None, expected_tables=())
def tell(text):
    print(text, flush=True)
def wait():
    sys.stdin.readline()
"""


def child(code: str, *arguments: object) -> subprocess.Popen[str]:
    """Another program at work on a register; it goes on when something comes through its standard input."""
    return subprocess.Popen(
        [sys.executable, "-c", PRELUDE + code, *map(str, arguments)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        cwd=ROOT,
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
    )


def line_of(process: subprocess.Popen[str]) -> str:
    assert process.stdout
    return process.stdout.readline().strip()


def kill(process: subprocess.Popen[str]) -> None:
    process.kill()
    process.communicate()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "shop.qmd"


# Making one


def test_a_new_register_is_recognised_by_its_mark_and_holds_what_was_built(path: Path) -> None:
    with make(path, version=7) as register:
        assert not register.read_only
        assert register.why_read_only == ""
        add_books(register, ["Ferdydurke"])
        assert titles(register) == ["Ferdydurke"]
    content = path.read_bytes()
    assert int.from_bytes(content[68:72], "big") == APPLICATION_ID
    assert int.from_bytes(content[60:64], "big") == 7
    assert names(path.parent) == {"shop.qmd"}, "one file, and nothing beside it once it is closed"


ODD_NAMES = ["Sklep Żółta Łódź.qmd", "100% #1.qmd", "a b&c=d;e+f.qmd", "%41.qmd", "~ 'quoted'.qmd"]
if sys.platform != "win32":  # where names may not hold these
    ODD_NAMES += ["which?mode=memory.qmd", 'a:"b"<c>|*\\.qmd']


@pytest.mark.parametrize("name", ODD_NAMES)
def test_any_name_that_the_system_allows_will_do(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "Dane & #1 100% ąę"
    folder.mkdir()
    with make(folder / name) as register:
        add_books(register, ["Solaris"])
    with reopen(folder / name) as register:
        assert titles(register) == ["Solaris"]
        assert register.path.name == name
    assert names(folder) == {name}


def test_an_existing_file_is_never_overwritten(path: Path) -> None:
    path.write_text("my only copy")
    with pytest.raises(Known, match=r"shop\.qmd exists already"):
        make(path)
    assert path.read_text() == "my only copy"
    assert names(path.parent) == {"shop.qmd"}


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(Known, match="no-such does not exist"):
        make(tmp_path / "no-such" / "shop.qmd")


def test_a_failed_build_leaves_nothing(path: Path) -> None:
    def fail(connection: Connection) -> None:
        build(connection)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        create(path, program="QMDesk", build=fail, version=1)
    assert names(path.parent) == set()


def test_a_program_killed_while_making_a_register_leaves_no_half_of_one(path: Path) -> None:
    stuck = child(
        "def slow(connection):\n"
        "    connection.execute('CREATE TABLE shelf (id INTEGER PRIMARY KEY)')\n"
        "    tell('building')\n"
        "    wait()\n"
        "file.create(path, program='QMDesk', build=slow, version=1)",
        path,
    )
    assert line_of(stuck) == "building"
    assert not path.exists()
    kill(stuck)
    assert not path.exists()
    with make(path) as register:
        add_books(register, ["again"])
    assert names(path.parent) == {"shop.qmd"}


# The connections


def pragma(connection: Connection, name: str) -> object:
    return connection.execute(f"PRAGMA {name}").fetchone()[0]


def test_both_connections_have_the_safe_settings(path: Path) -> None:
    with make(path) as register:
        writer, reader = register.writer, register.reader()
        assert (pragma(writer, "journal_mode"), pragma(writer, "synchronous")) == ("persist", 3)
        assert (pragma(writer, "secure_delete"), pragma(writer, "cache_spill")) == (1, 0)
        assert (pragma(writer, "query_only"), pragma(reader, "query_only")) == (0, 1)
        for connection in (writer, reader):
            assert [
                pragma(connection, name)
                for name in ("foreign_keys", "trusted_schema", "cell_size_check", "mmap_size")
            ] == [1, 0, 1, 0]
        with pytest.raises(driver.OperationalError, match="readonly"):
            reader.execute("DELETE FROM book")


def test_readers_belong_to_threads_and_see_only_what_is_committed(path: Path) -> None:
    with make(path) as register:
        add_books(register, ["one"])
        mine = register.reader()
        assert register.reader() is mine
        seen: list[object] = []

        def read() -> None:
            seen.extend([register.reader() is not mine, titles(register)])

        with register.write_lock:
            register.writer.execute("BEGIN IMMEDIATE")
            register.writer.executemany("INSERT INTO book (shelf, title) VALUES (1, ?)", [("x" * 900,)] * 5000)
            thread = threading.Thread(target=read)
            thread.start()
            thread.join()
            assert titles(register) == ["one"], "a long transaction doesn't stop the readers"
            register.writer.execute("ROLLBACK")
        assert seen == [True, ["one"]]


def test_closing_undoes_what_is_not_committed_and_may_be_repeated(path: Path) -> None:
    register = make(path)
    add_books(register, ["kept"])
    register.writer.execute("BEGIN IMMEDIATE")
    register.writer.execute("DELETE FROM book")
    register.close()
    register.close()
    with pytest.raises(RuntimeError):
        register.reader()
    with reopen(path) as register:
        assert titles(register) == ["kept"]
        assert not register.after_unclean_end


def test_closing_interrupts_a_reader_at_work_in_another_thread(path: Path) -> None:
    register = make(path)
    started, ended = threading.Event(), []

    def count_for_ever() -> None:
        reader = register.reader()
        reader.set_progress_handler(started.set, 1000)
        try:
            with driver.speaking(path):
                reader.execute(
                    "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT count(*) FROM n"
                ).fetchall()
        except Cancelled as error:
            ended.append(error)

    thread = threading.Thread(target=count_for_ever)
    thread.start()
    started.wait(10)
    register.close()
    thread.join(10)
    assert len(ended) == 1


def test_sqlite_utils_works_on_the_connections(path: Path) -> None:
    def by_migrations(connection: Connection) -> None:
        steps = sqlite_utils.Migrations("qmdesk")

        @steps()
        def first(db: sqlite_utils.Database) -> None:
            build(db.conn)
            db["shelf"].insert({"id": 2, "name": "second"})

        steps.apply(sqlite_utils.Database(connection, execute_plugins=False))

    with create(path, program="QMDesk", build=by_migrations, version=1) as register:
        db = sqlite_utils.Database(register.writer, execute_plugins=False)
        with db.atomic():
            db["book"].insert_all({"shelf": 2, "title": str(number)} for number in range(300))
        with pytest.raises(driver.IntegrityError), db.atomic():
            db["book"].insert({"shelf": 99, "title": "nowhere"})
        read = sqlite_utils.Database(register.reader(), execute_plugins=False)
        assert read["book"].count == 300
        assert {"shelf", "book"} <= set(read.table_names())


# Files that are no register


def half(content: bytes) -> bytes:
    return content[: len(content) // 2 // 4096 * 4096]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "0 bytes"),
        (b"Order;Date;Sum\r\n1;2026-11-01;12,50\r\n", "a text, a table or a web page"),
        (b"<!DOCTYPE html><html><body>Sign in</body></html>", "a text, a table or a web page"),
        (b"PK\x03\x04\x14\x00\x06\x00" + b"\x00" * 600, "import the file there"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, "import the file there"),
        (bytes(range(7, 256)) * 40, "protected with a password"),
    ],
)
def test_a_file_of_another_kind_gets_its_own_sentence_and_is_left_alone(path: Path, content: bytes, words: str) -> None:
    path.write_bytes(content)
    with pytest.raises(Known, match=words) as caught:
        reopen(path)
    assert "shop.qmd" in caught.value.sentence
    assert path.read_bytes() == content
    assert names(path.parent) == {"shop.qmd"}


def test_a_folder_and_a_missing_file_are_told_apart(tmp_path: Path) -> None:
    with pytest.raises(Known, match="is a folder"):
        reopen(tmp_path)
    with pytest.raises(Known, match="is not in the folder"):
        reopen(tmp_path / "gone.qmd")
    assert names(tmp_path) == set()


def test_half_a_register_is_damaged_and_the_newest_backup_is_named(path: Path) -> None:
    with make(path) as register:
        add_books(register, ["x" * 500] * 400)
        good = backup.back_up(register).path
    content = path.read_bytes()
    for torn in (half(content), content[len(half(content)) :]):
        path.write_bytes(torn)
        with pytest.raises(backup.Damaged, match="damaged") as caught:
            reopen(path)
        assert caught.value.backup == good
        assert str(good) in caught.value.sentence
        assert path.read_bytes() == torn


def test_a_damaged_register_without_a_backup_says_so(path: Path) -> None:
    with make(path) as register:
        add_books(register, ["x" * 500] * 400)
    path.write_bytes(half(path.read_bytes()))
    with pytest.raises(backup.Damaged, match="no backup") as caught:
        reopen(path)
    assert caught.value.backup is None


@pytest.mark.parametrize("read_only", [False, True])
def test_a_spoilt_beginning_is_damage_however_it_is_opened(path: Path, read_only: bool) -> None:
    """The names of all tables stand on the first page: whoever reads them first must tell."""
    make(path).close()
    content = bytearray(path.read_bytes())
    content[108:124] = b"\xff" * 16
    path.write_bytes(content)
    with pytest.raises(backup.Damaged, match="is damaged"):
        reopen(path, read_only=read_only)
    assert path.read_bytes() == content
    assert not lock.lock_of(path).exists()


def test_a_database_of_another_program_is_refused(path: Path) -> None:
    path.touch()
    with closing(driver.connect(path, read_only=False, busy_ms=0)) as connection:
        build(connection)
    before = path.read_bytes()
    with pytest.raises(Known, match="of another program"):
        reopen(path)
    assert path.read_bytes() == before


def test_a_register_that_lost_a_table_is_damaged(path: Path) -> None:
    with make(path) as register:
        register.writer.execute("DROP TABLE book")
    with pytest.raises(backup.Damaged):
        reopen(path)
    assert names(path.parent) == {"shop.qmd"}


def test_a_register_of_a_newer_program_is_refused_unchanged(path: Path) -> None:
    make(path, version=9).close()
    before = path.read_bytes()
    for read_only in (False, True):
        with pytest.raises(Known, match="newer version"):
            reopen(path, version=8, read_only=read_only)
    assert path.read_bytes() == before
    assert names(path.parent) == {"shop.qmd"}


# Bringing an older one up to date


def add_year(connection: Connection, version: int) -> None:
    assert version == 3
    connection.execute("ALTER TABLE book ADD COLUMN year INTEGER")


@pytest.fixture
def old(path: Path) -> Path:
    with make(path, version=3) as register:
        add_books(register, ["Lalka", "Chłopi"])
    return path


def test_an_older_register_is_copied_and_then_brought_up_to_date(old: Path) -> None:
    with reopen(old, version=5, migrate=add_year) as register:
        assert register.reader().execute("SELECT title, year FROM book").fetchall() == [("Lalka", None), ("Chłopi", None)]
        assert pragma(register.reader(), "user_version") == 5
        assert pragma(register.writer, "foreign_keys") == 1
    reopen(old, version=5).close()
    copied = backup.newest(places.backups(old))
    assert copied is not None
    assert "-version-3-" in copied.name
    assert backup.prove(copied).schema == 3
    with reopen(copied, version=3, read_only=True) as before:
        assert titles(before) == ["Lalka", "Chłopi"]


def spoil(connection: Connection, version: int) -> None:
    connection.execute("DELETE FROM book")
    raise ZeroDivisionError


def orphan(connection: Connection, version: int) -> None:
    connection.execute("DELETE FROM shelf")


def fill_up(connection: Connection, version: int) -> None:
    connection.execute(f"PRAGMA max_page_count={pragma(connection, 'page_count')}")
    connection.executemany("INSERT INTO book (shelf, title) VALUES (1, ?)", [("x" * 4000,)] * 50)


def misspell(connection: Connection, version: int) -> None:
    connection.execute("ALTER TABEL book")


@pytest.mark.parametrize(
    ("migrate", "words"),
    [(spoil, "unexpected error"), (orphan, "unexpected error"), (fill_up, "disk is full"), (misspell, "unexpected")],
)
def test_a_failed_update_changes_nothing_and_names_the_copy(
    old: Path, migrate: Callable[[Connection, int], None], words: str
) -> None:
    before = old.read_bytes()
    for _attempt in range(2):
        with pytest.raises(Known, match=words) as caught:
            reopen(old, version=4, migrate=migrate)
        assert old.read_bytes() == before
    copies = [path for path in places.backups(old).iterdir() if path.suffix == ".qmd"]
    assert len(copies) == 1, "a second failure needs no second copy"
    assert str(copies[0]) in caught.value.sentence
    with reopen(old, version=3) as register:
        assert titles(register) == ["Lalka", "Chłopi"]


def test_without_a_copy_there_is_no_update(old: Path) -> None:
    places.backups(old).write_text("a file where the folder of copies should be")
    before = old.read_bytes()
    with pytest.raises(Known):
        reopen(old, version=5, migrate=add_year)
    assert old.read_bytes() == before


def test_an_older_register_that_may_only_be_read_asks_to_be_updated_first(old: Path) -> None:
    with pytest.raises(Known, match="brought up to date first"):
        reopen(old, version=5, migrate=add_year, read_only=True)
    with reopen(old, version=3), pytest.raises(Known, match="is open in QMDesk"):
        reopen(old, version=5, migrate=add_year)
    assert not places.backups(old).exists()


# Two programs, one register


def write_lock_file(path: Path, *, age: timedelta = timedelta(0), **changes: object) -> None:
    moment = datetime.now(UTC) - age
    fields = {"program": "QMDesk", "host": socket.gethostname(), "pid": os.getpid(), "since": moment.isoformat()}
    lock_file = lock.lock_of(path)
    lock_file.write_text(json.dumps({**fields, **changes}))
    os.utime(lock_file, (moment.timestamp(), moment.timestamp()))


def test_a_second_program_reads_and_says_who_holds_the_register(path: Path) -> None:
    make(path).close()
    other = child(
        "with reopen('QMDesk-CLI') as register:\n"
        "    register.writer.execute(\"INSERT INTO book VALUES (1, 1, 'theirs')\")\n"
        "    tell('open')\n"
        "    wait()",
        path,
    )
    assert line_of(other) == "open"
    with reopen(path) as register:
        assert register.read_only
        assert titles(register) == ["theirs"]
        assert "shop.qmd is open in QMDesk-CLI on this computer since" in register.why_read_only
        with pytest.raises(Known, match="QMDesk-CLI"):
            _ = register.writer
    with pytest.raises(lock.Held) as held:
        lock.take(path, "QMDesk")
    assert (held.value.holder.pid, held.value.holder.program) == (other.pid, "QMDesk-CLI")
    other.communicate("go on\n")
    assert other.returncode == 0
    with reopen(path) as register:
        assert not register.read_only
        assert not register.after_unclean_end


def test_the_same_program_gets_it_for_writing_only_once(path: Path) -> None:
    with make(path) as first:
        with reopen(path) as second:
            assert second.read_only
            add_books(first, ["seen at once"])
            assert titles(second) == ["seen at once"]
        add_books(first, ["and the lock is still there"])
        assert lock.lock_of(path).exists()
    assert names(path.parent) == {"shop.qmd"}


def test_the_lock_of_a_killed_program_frees_itself_and_the_register_is_checked(path: Path) -> None:
    make(path).close()
    other = child("register = reopen()\ntell('open')\nwait()", path)
    assert line_of(other) == "open"
    kill(other)
    assert lock.lock_of(path).exists()
    with reopen(path) as register:
        assert not register.read_only
        assert register.after_unclean_end


def test_a_later_process_with_the_number_of_a_dead_one_does_not_hold_the_lock(path: Path) -> None:
    make(path).close()
    write_lock_file(path, started="long ago")
    with reopen(path) as register:
        assert not register.read_only


@pytest.mark.parametrize(("days", "holds"), [(1, True), (13, True), (15, False)])
def test_the_lock_of_another_computer_holds_for_two_weeks(path: Path, days: int, holds: bool) -> None:
    make(path).close()
    write_lock_file(path, host="storeroom", age=timedelta(days=days))
    with reopen(path) as register:
        assert register.read_only is holds
        if holds:
            assert "on the computer storeroom" in register.why_read_only
            assert "delete the file shop.qmd.lock" in register.why_read_only


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"{}", b'{"pid": "x"}', b"\xff\x00"])
def test_a_lock_file_without_sense_counts_while_it_may_be_being_written(path: Path, content: bytes) -> None:
    make(path).close()
    lock_file = lock.lock_of(path)
    lock_file.write_bytes(content)
    with reopen(path) as register:
        assert register.read_only
    os.utime(lock_file, (time.time() - 60, time.time() - 60))
    with reopen(path) as register:
        assert not register.read_only


def test_of_many_who_find_a_dead_lock_one_gets_it(path: Path) -> None:
    for _round in range(10):
        write_lock_file(path, started="long ago")
        barrier, taken, held = threading.Barrier(6), [], []

        def take(barrier: threading.Barrier, taken: list[lock.Lock], held: list[lock.Held]) -> None:
            barrier.wait()
            try:
                taken.append(lock.take(path, "QMDesk"))
            except lock.Held as error:
                held.append(error)

        threads = [threading.Thread(target=take, args=(barrier, taken, held)) for _unused in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert (len(taken), len(held)) == (1, 5)
        taken[0].release()
        taken[0].release()
    assert names(path.parent) == set()


def test_a_lock_that_somebody_else_has_taken_since_is_not_released(path: Path) -> None:
    mine = lock.take(path, "QMDesk")
    lock.lock_of(path).unlink()  # a person did
    theirs = lock.take(path, "QMDesk")
    mine.release()
    assert lock.lock_of(path).exists()
    theirs.release()
    assert not lock.lock_of(path).exists()


# Where nothing can be written


def test_a_folder_that_takes_no_lock_file_gives_a_register_to_read(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with make(path) as register:
        add_books(register, ["on a CD"])
    real = os.open

    def read_only_medium(name: str, flags: int, mode: int = 0o777) -> int:
        if flags & os.O_CREAT:
            raise OSError(errno.EROFS, "read-only")
        return real(name, flags, mode)

    monkeypatch.setattr(os, "open", read_only_medium)
    with reopen(path) as register:
        assert register.read_only
        assert "nothing can be written" in register.why_read_only
        assert titles(register) == ["on a CD"]


@pytest.fixture
def anyones_folder() -> Iterator[Path]:
    """A folder that a user without rights can get at; pytest's own are for one user only."""
    with tempfile.TemporaryDirectory() as name:
        os.chmod(name, 0o777)
        yield Path(name)


def test_a_write_protected_file_opens_for_reading(anyones_folder: Path) -> None:
    path = anyones_folder / "shop.qmd"
    with make(path) as register:
        add_books(register, ["protected"])
    os.chmod(path, stat.S_IREAD | stat.S_IRGRP | stat.S_IROTH)
    before = path.read_bytes()
    other = child(
        "if hasattr(os, 'geteuid') and os.geteuid() == 0:\n"
        "    os.setuid(65534)  # nothing is protected from root\n"
        "with reopen() as register:\n"
        "    tell([register.reader().execute('SELECT title FROM book').fetchall(), register.why_read_only])",
        path,
    )
    said = other.communicate()[0]
    assert "[('protected',)], 'shop.qmd is write-protected" in said
    os.chmod(path, stat.S_IREAD | stat.S_IWRITE)
    assert path.read_bytes() == before
    assert names(anyones_folder) == {"shop.qmd"}


def test_opened_for_reading_on_purpose_takes_no_lock(path: Path) -> None:
    make(path).close()
    with reopen(path, read_only=True) as register, reopen(path) as writing:
        assert "reading only" in register.why_read_only
        assert not writing.read_only


def test_a_program_that_knows_nothing_of_our_lock_leaves_the_register_to_read(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make(path).close()
    monkeypatch.setattr(file, "BUSY_MS", 0)
    with closing(driver.connect(path, read_only=False, busy_ms=0)) as stranger:
        stranger.execute("BEGIN IMMEDIATE")
        with reopen(path) as register:
            assert register.read_only
            assert "Another program is working on shop.qmd" in register.why_read_only
        assert not lock.lock_of(path).exists()


# Crashes

HALFWAY = (
    "connection = driver.connect(path, read_only=False, busy_ms=0)\n"
    "connection.execute('PRAGMA cache_spill=ON')\n"
    "connection.execute('PRAGMA cache_size=5')\n"
    "connection.execute('PRAGMA journal_mode=' + sys.argv[2])\n"
    "connection.execute('BEGIN IMMEDIATE')\n"
    "connection.execute(\"UPDATE book SET title = 'y' || title\")\n"
    "tell('halfway')\n"
    "wait()"
)


def killed_halfway(path: Path, journal: str) -> None:
    """A register whose program was killed when half of a change was in the file."""
    with make(path) as register:
        add_books(register, ["x" * 500] * 500)
    before = path.read_bytes()
    other = child(HALFWAY, path, journal)
    assert line_of(other) == "halfway"
    kill(other)
    assert path.read_bytes() != before


@pytest.mark.parametrize("read_only", [False, True])
@pytest.mark.parametrize("journal", ["DELETE", "PERSIST"])
def test_a_change_that_a_crash_left_half_done_is_put_back(path: Path, read_only: bool, journal: str) -> None:
    killed_halfway(path, journal)
    assert driver.journal_of(path).exists()
    with reopen(path, read_only=read_only) as register:
        assert register.read_only is read_only
        assert register.after_unclean_end
        assert titles(register) == ["x" * 500] * 500
    assert names(path.parent) == {"shop.qmd"}


BETWEEN_SAVES = (
    "connection = driver.connect(path, read_only=False, busy_ms=0)\n"
    "driver.keep_journal(connection)\n"
    "connection.execute('BEGIN IMMEDIATE')\n"
    "connection.execute(\"UPDATE book SET title = 'y' || title\")\n"
    "connection.execute('COMMIT')\n"
    "tell('saved')\n"
    "wait()"
)


@pytest.mark.parametrize("read_only", [False, True])
def test_what_was_saved_is_there_though_the_journal_of_the_killed_program_still_lies_beside_it(path: Path, read_only: bool) -> None:
    with make(path) as register:
        add_books(register, ["x" * 500] * 500)
    other = child(BETWEEN_SAVES, path)
    assert line_of(other) == "saved"
    kill(other)
    assert driver.journal_of(path).stat().st_size > 0
    with reopen(path, read_only=read_only) as register:
        assert titles(register) == ["y" + "x" * 500] * 500
    if not read_only:
        assert names(path.parent) == {"shop.qmd"}


def test_the_journal_stays_small_while_the_register_is_open_and_goes_when_it_is_closed(path: Path) -> None:
    with make(path) as register:
        add_books(register, ["x" * 500] * 20_000)
        with register.write_lock:
            register.writer.execute("UPDATE book SET title = 'y' || title")
        assert 0 < driver.journal_of(path).stat().st_size <= driver.JOURNAL_KEPT
    assert names(path.parent) == {"shop.qmd"}


def test_without_a_journal_the_same_crash_spoils_the_register(path: Path) -> None:
    """The control: it shows that the test above would notice."""
    killed_halfway(path, "OFF")
    try:
        with reopen(path) as register:
            assert titles(register) != ["x" * 500] * 500
    except backup.Damaged:
        pass


def test_what_a_crash_left_where_nothing_can_be_written_asks_to_be_copied_with_its_journal(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    killed_halfway(path, "DELETE")
    before = path.read_bytes()

    def no_lock(register: Path, program: str) -> lock.Lock:
        raise PermissionError(errno.EACCES, "no")

    monkeypatch.setattr(lock, "take", no_lock)
    with pytest.raises(Known, match=r"together with shop\.qmd-journal"):
        reopen(path)
    assert path.read_bytes() == before


def test_damage_is_found_at_the_next_start_after_a_crash(path: Path) -> None:
    with make(path) as register:
        add_books(register, [f"{number:06}" * 90 for number in range(400)])
        good = backup.back_up(register).path
    with path.open("r+b") as stream:
        stream.seek(path.stat().st_size // 2 // 4096 * 4096)
        stream.write(b"\x00" * 4096)
    write_lock_file(path, started="long ago")
    with pytest.raises(backup.Damaged) as caught:
        reopen(path)
    assert caught.value.backup == good


WRITE_ON = (
    "register = reopen()\n"
    "number = register.reader().execute('SELECT coalesce(max(id), 0) FROM book').fetchone()[0]\n"
    "while True:\n"
    "    number += 1\n"
    "    register.writer.execute('BEGIN IMMEDIATE')\n"
    "    register.writer.execute('INSERT INTO shelf VALUES (?, ?)', (number + 1, 'x' * (number * 97 % 6000)))\n"
    "    register.writer.execute('INSERT INTO book VALUES (?, ?, ?)', (number, number + 1, 'x' * (number * 89 % 9000)))\n"
    "    register.writer.execute('COMMIT')\n"
    "    tell(number)\n"
)


def test_nothing_saved_is_lost_however_often_the_program_is_killed(path: Path) -> None:
    make(path).close()
    for round_ in range(15):
        other = child(WRITE_ON, path)
        saved = [int(line_of(other)) for _line in range(2 + round_ * 5 % 13)][-1]
        kill(other)
        with reopen(path) as register:
            assert register.after_unclean_end
            books, shelves = register.reader().execute(
                "SELECT (SELECT max(id) FROM book), (SELECT max(id) - 1 FROM shelf)"
            ).fetchone()
            assert books == shelves >= saved, "a pair is saved whole"


# The disk is full, and other misfortunes of the disk


def test_a_full_disk_refuses_the_save_in_a_sentence_and_keeps_what_was_saved(path: Path) -> None:
    with make(path) as register:
        add_books(register, ["kept"])
        register.writer.execute(f"PRAGMA max_page_count={pragma(register.writer, 'page_count')}")
        with pytest.raises(Known, match=r"disk is full: shop\.qmd"), driver.speaking(path):
            add_books(register, ["x" * 4000] * 50)
        assert not register.writer.in_transaction
        register.writer.execute("PRAGMA max_page_count=1000000")
        add_books(register, ["after some space was freed"])
        assert titles(register) == ["kept", "after some space was freed"]


def test_a_disk_that_fills_up_while_a_register_is_made_leaves_nothing(path: Path) -> None:
    def too_much(connection: Connection) -> None:
        build(connection)
        connection.execute("PRAGMA max_page_count=5")
        connection.executemany("INSERT INTO book (shelf, title) VALUES (1, ?)", [("x" * 4000,)] * 50)

    with pytest.raises(Known, match="disk is full"):
        create(path, program="QMDesk", build=too_much, version=1)
    assert names(path.parent) == set()


def test_another_connection_at_work_is_told_as_such(path: Path) -> None:
    with make(path) as register:
        register.writer.execute("BEGIN EXCLUSIVE")
        with (
            closing(driver.connect(path, read_only=True, busy_ms=0)) as other,
            pytest.raises(Known, match=r"Another program is working on shop\.qmd"),
            driver.speaking(path),
        ):
            other.execute("SELECT * FROM book")


def test_an_attempt_to_write_to_what_is_read_only_is_told_as_such(path: Path) -> None:
    make(path).close()
    with (
        closing(driver.connect(path, read_only=True, busy_ms=0)) as reader,
        pytest.raises(Known, match=r"shop\.qmd is write-protected"),
        driver.speaking(path),
    ):
        reader.execute("DELETE FROM book")


def test_connecting_to_what_is_missing_or_no_database_is_told_as_such(path: Path) -> None:
    with pytest.raises(Known, match="could not be opened"), driver.speaking(path):
        driver.connect(path, read_only=True, busy_ms=0)
    assert not path.exists()
    path.write_bytes(b"nonsense" * 200)
    with pytest.raises(Known, match="is not a QMDesk register"), driver.speaking(path):
        driver.connect(path, read_only=False, busy_ms=0)


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (errno.ENOSPC, "disk is full"),
        (errno.EROFS, "write-protected"),
        (errno.EACCES, "no permission"),
        (errno.ENOENT, "could not be opened"),
        (errno.EIO, "reported a fault"),
    ],
)
def test_errors_of_the_system_have_sentences_too(path: Path, number: int, words: str) -> None:
    known = driver.sentence_for(OSError(number, "x"), path)
    assert known is not None
    assert words in known.sentence
    assert "shop.qmd" in known.sentence


def test_mistakes_of_ours_get_no_sentence(path: Path) -> None:
    with make(path) as register:
        for sql in ("SELEC 1", "SELECT * FROM nothing", "INSERT INTO shelf VALUES (1, 'twice')"):
            with pytest.raises(driver.DatabaseError), driver.speaking(path):
                register.writer.execute(sql)
