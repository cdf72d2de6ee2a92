"""Copies of a register: whole while it is written to, proved, thinned out, and never in the way."""

from __future__ import annotations

import errno
import json
import os
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import pytest

from qmdesk import places
from qmdesk.errors import Known
from qmdesk.store import backup, driver, lock
from qmdesk.store.driver import Connection
from qmdesk.store.file import RegisterFile, create, open_file


def build(connection: Connection) -> None:
    connection.execute("CREATE TABLE giver (id INTEGER PRIMARY KEY, sum INTEGER NOT NULL) STRICT")
    connection.execute('CREATE TABLE "taker ""B""" (id INTEGER PRIMARY KEY, sum INTEGER, note TEXT) STRICT')
    connection.execute("CREATE VIRTUAL TABLE words USING fts5(note)")


def transfer(register: RegisterFile, count: int = 1, note: str = "note") -> None:
    """As many rows here as there, in one transaction each."""
    for _unused in range(count):
        with register.write_lock:
            register.writer.execute("BEGIN IMMEDIATE")
            register.writer.execute("INSERT INTO giver (sum) VALUES (-1)")
            register.writer.execute('INSERT INTO "taker ""B""" (sum, note) VALUES (1, ?)', (note,))
            register.writer.execute("INSERT INTO words VALUES (?)", (note,))
            register.writer.execute("COMMIT")


def balance(path: Path) -> tuple[int, int]:
    with closing(driver.connect(path, read_only=True, busy_ms=0)) as connection:
        here, there = connection.execute(
            'SELECT (SELECT sum(sum) FROM giver), (SELECT sum(sum) FROM "taker ""B""")'
        ).fetchone()
    return here, there


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def reopen(path: Path, **options: bool) -> RegisterFile:
    def no_migration(connection: Connection, version: int) -> None:
        raise AssertionError

    return open_file(
        path, program="QMDesk", version=4, migrate=no_migration, expected_tables=["giver", "words"], **options
    )


@pytest.fixture
def register(tmp_path: Path) -> Iterator[RegisterFile]:
    with create(tmp_path / "Sklep Łódź.qmd", program="QMDesk", build=build, version=4) as opened:
        transfer(opened, 3)
        yield opened


@pytest.fixture
def folder(register: RegisterFile) -> Path:
    return places.backups(register.path)


# One copy


def test_a_copy_holds_what_was_committed_and_says_so(register: RegisterFile, tmp_path: Path) -> None:
    register.writer.execute("BEGIN IMMEDIATE")
    register.writer.execute("DELETE FROM giver")
    target = tmp_path / "stick" / "copy #1.qmd"
    target.parent.mkdir()
    proof = backup.copy(register, target)
    register.writer.execute("ROLLBACK")
    assert proof.path == target
    assert proof.schema == 4
    assert proof.counts["giver"] == proof.counts['taker "B"'] == 3
    assert proof.size == target.stat().st_size
    assert balance(target) == (-3, 3)
    assert names(target.parent) == {"copy #1.qmd"}
    with reopen(target) as copied:
        assert not copied.read_only


def test_a_connection_in_the_middle_of_a_change_is_not_copied(register: RegisterFile, tmp_path: Path) -> None:
    register.writer.execute("BEGIN IMMEDIATE")
    with pytest.raises(RuntimeError):
        backup.copy(register.writer, tmp_path / "copy.qmd")
    register.writer.execute("ROLLBACK")
    assert backup.copy(register.writer, tmp_path / "copy.qmd").counts["giver"] == 3
    assert not register.writer.in_transaction


def test_copies_made_during_writing_are_all_of_one_moment(register: RegisterFile, tmp_path: Path) -> None:
    stop, busy = threading.Event(), threading.Event()

    def write() -> None:
        while not stop.is_set():
            transfer(register, note="x" * 2000)
            busy.set()
            stop.wait(0.002)  # a writer without any pause keeps readers waiting

    writer = threading.Thread(target=write)
    writer.start()
    try:
        seen = []
        for number in range(8):
            busy.clear()
            busy.wait(10)
            target = tmp_path / f"{number}.qmd"
            proof = backup.copy(register, target)
            here, there = balance(target)
            assert -here == there == proof.counts["giver"]
            seen.append(there)
    finally:
        stop.set()
        writer.join()
    assert seen == sorted(set(seen)), "the writer went on all the time"


def test_a_copy_never_replaces_a_file_nor_the_register_itself(register: RegisterFile, tmp_path: Path) -> None:
    other = tmp_path / "letters.qmd"
    other.write_text("precious")
    for target in (other, register.path):
        with pytest.raises(Known, match="exists already"):
            backup.copy(register, target)
    with pytest.raises(Known, match="does not exist"):
        backup.copy(register, tmp_path / "no-such" / "copy.qmd")
    assert other.read_text() == "precious"
    assert balance(register.path) == (-3, 3)


def small_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """The new file finds no room for its third page."""
    real = driver.connect

    def connect(path: Path, *, read_only: bool, busy_ms: int) -> Connection:
        connection = real(path, read_only=read_only, busy_ms=busy_ms)
        if path.suffix == ".part" and not read_only:
            connection.execute("PRAGMA max_page_count=2")
        return connection

    monkeypatch.setattr(driver, "connect", connect)


def disk_without_room(monkeypatch: pytest.MonkeyPatch) -> None:
    class Usage(NamedTuple):
        total: int
        used: int
        free: int

    monkeypatch.setattr(shutil, "disk_usage", lambda folder: Usage(10_000, 9_000, 1_000))


def disk_full_at_the_last_moment(monkeypatch: pytest.MonkeyPatch) -> None:
    def sync_file(path: Path) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(driver, "sync_file", sync_file)


@pytest.mark.parametrize("disk", [small_disk, disk_without_room, disk_full_at_the_last_moment])
def test_a_full_disk_leaves_no_copy_and_no_temporary_file(
    register: RegisterFile,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    disk: Callable[[pytest.MonkeyPatch], None],
) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    disk(monkeypatch)
    with pytest.raises(Known, match=r"disk is full: copy\.qmd"):
        backup.copy(register, stick / "copy.qmd")
    assert names(stick) == set()
    monkeypatch.undo()
    backup.copy(register, stick / "copy.qmd")


def spoil(path: Path) -> None:
    """One page in the middle lost, as a failing disk does it."""
    with path.open("r+b") as stream:
        stream.seek(path.stat().st_size // 2 // 4096 * 4096)
        stream.write(b"\x00" * 4096)


def test_a_damaged_register_does_not_become_a_backup(register: RegisterFile, folder: Path) -> None:
    transfer(register, 60, note="x" * 2000)
    good = backup.back_up(register).path
    register.close()
    spoil(register.path)
    with reopen(register.path, read_only=True) as damaged:
        with pytest.raises(backup.Damaged) as caught:
            backup.back_up(damaged)
        assert caught.value.backup == good
    assert names(folder) == {good.name, backup.MANIFEST}


# Proving


def test_a_backup_is_noted_with_its_checksum_and_proves_itself(register: RegisterFile, folder: Path) -> None:
    made = backup.back_up(register)
    (line,) = [json.loads(text) for text in (folder / backup.MANIFEST).read_text(encoding="utf-8").splitlines()]
    assert line["file"] == made.path.name
    assert line["file"].startswith("Sklep Łódź-")
    assert (line["sha256"], line["size"], line["schema"]) == (made.sha256, made.size, 4)
    assert line["counts"]["giver"] == 3
    assert datetime.fromisoformat(line["made"]) == made.made
    assert backup.prove(made.path).sha256 == made.sha256
    assert backup.newest(folder) == made.path


def one_letter_changed(path: Path) -> None:
    content = path.read_bytes()
    at = content.rindex(b"a note of some length")
    path.write_bytes(content[:at] + b"A" + content[at + 1 :])


def cut_off(path: Path) -> None:
    os.truncate(path, path.stat().st_size - 1)


def page_lost(path: Path) -> None:
    spoil(path)


def emptied(path: Path) -> None:
    path.write_bytes(b"")


def overwritten(path: Path) -> None:
    path.write_bytes(b"\x9c" * 20_000)


@pytest.mark.parametrize("harm", [one_letter_changed, cut_off, page_lost, emptied, overwritten])
def test_a_copy_that_is_not_what_was_written_is_found_out(register: RegisterFile, harm: Callable[[Path], None]) -> None:
    transfer(register, 40, note="a note of some length " * 30)
    earlier, later = backup.back_up(register).path, backup.back_up(register).path
    harm(later)
    with pytest.raises(backup.Damaged, match="is damaged") as caught:
        backup.prove(later)
    assert caught.value.backup == earlier, "another one to go on with"
    backup.prove(earlier)


def test_sqlite_alone_would_not_notice_a_changed_letter(register: RegisterFile) -> None:
    """The control: why there is a checksum at all."""
    transfer(register, 40, note="a note of some length " * 30)
    later = backup.back_up(register).path
    one_letter_changed(later)
    with closing(driver.connect(later, read_only=True, busy_ms=0)) as connection:
        assert connection.execute("PRAGMA quick_check").fetchone() == ("ok",)


def test_a_missing_backup_and_one_without_a_note_are_told_apart(register: RegisterFile, folder: Path) -> None:
    with pytest.raises(Known, match="is missing"):
        backup.prove(folder / "gone.qmd")
    made = backup.back_up(register).path
    (folder / backup.MANIFEST).write_bytes(b"torn {\xff\n[1]\n")
    assert backup.prove(made).counts["giver"] == 3
    backup.back_up(register)
    assert backup.backup_if_changed(register) == ""


# The folder


def pretend(folder: Path, moment: datetime, mark: str = "") -> Path:
    path = folder / f"shop{mark}-{moment:%Y%m%d-%H%M%S}Z.qmd"
    path.write_text("")
    return path


def test_rotation_keeps_two_days_then_days_weeks_and_months(tmp_path: Path) -> None:
    now = datetime(2026, 11, 22, 12, tzinfo=UTC)
    every_six_hours = [pretend(tmp_path, now - timedelta(hours=6 * number)) for number in range(4 * 430)]
    strangers = {"my notes.txt", "shop.qmd", "shop-20261101.qmd"}
    for name in strangers:
        (tmp_path / name).write_text("not ours")
    gone = backup.rotate(tmp_path, now=now)
    kept = [path for path in every_six_hours if path.exists()]
    assert kept[:9] == every_six_hours[:9], "all of the last two days"
    assert len(kept) == 9 + 12 + 10 + 9
    assert set(gone) == set(every_six_hours) - set(kept)
    assert strangers <= names(tmp_path)
    assert backup.rotate(tmp_path, now=now) == []


def test_rotation_day_by_day_keeps_a_long_memory(tmp_path: Path) -> None:
    start = datetime(2025, 1, 1, 17, tzinfo=UTC)
    for day in range(400):
        now = start + timedelta(days=day)
        pretend(tmp_path, now)
        backup.rotate(tmp_path, now=now)
    ages = sorted((now - backup._made(path)).days for path in tmp_path.glob("*.qmd"))
    assert len(ages) == 3 + 12 + 10 + 9
    assert ages[:15] == list(range(15))
    assert ages[-1] > 300
    assert max(later - earlier for earlier, later in pairwise(ages)) <= 62


def test_a_copy_made_before_an_update_stays_a_month(tmp_path: Path) -> None:
    now = datetime(2026, 11, 22, 12, tzinfo=UTC)
    young = [pretend(tmp_path, now - timedelta(days=20, minutes=n), "-version-3") for n in range(5)]
    old = [pretend(tmp_path, now - timedelta(days=31, minutes=n), "-version-2") for n in range(5)]
    backup.rotate(tmp_path, now=now)
    assert [path.exists() for path in young] == [True] * 5
    assert [path.exists() for path in old].count(True) <= 1


def test_a_copy_that_somebody_has_opened_stays(tmp_path: Path) -> None:
    now = datetime(2026, 11, 22, 12, tzinfo=UTC)
    same_day = [pretend(tmp_path, now - timedelta(days=5, minutes=n)) for n in range(3)]
    lock.lock_of(same_day[2]).write_text("{}")
    backup.rotate(tmp_path, now=now)
    assert [path.exists() for path in same_day] == [True, False, True]


def test_the_manifest_forgets_what_rotation_deletes(register: RegisterFile, folder: Path) -> None:
    made = backup.back_up(register).path
    backup.rotate(folder, now=datetime.now(UTC) + timedelta(days=1))
    assert made.name in (folder / backup.MANIFEST).read_text(encoding="utf-8")
    later = [backup.back_up(register).path for _unused in range(2)]
    backup.rotate(folder, now=datetime.now(UTC) + timedelta(days=10))
    noted = [json.loads(line)["file"] for line in (folder / backup.MANIFEST).read_text(encoding="utf-8").splitlines()]
    assert sorted(noted) == sorted(path.name for path in [made, *later] if path.exists())
    assert len(noted) < 3
    assert backup.newest(folder) is not None


# At closing


def test_closing_backs_up_what_has_changed_and_only_that(register: RegisterFile, folder: Path) -> None:
    path = register.path
    assert backup.backup_if_changed(register) == ""
    assert len(list(folder.glob("*.qmd"))) == 1
    assert backup.backup_if_changed(register) == ""
    assert len(list(folder.glob("*.qmd"))) == 1, "nothing has changed since"
    transfer(register)
    assert backup.backup_if_changed(register, not_within=timedelta(minutes=30)) == ""
    assert len(list(folder.glob("*.qmd"))) == 1, "the last one is young enough"
    register.close()
    with reopen(path) as later:  # the change of the last time is not forgotten
        assert backup.backup_if_changed(later) == ""
        assert len(list(folder.glob("*.qmd"))) == 2
        newest = backup.newest(folder)
        assert newest is not None
        assert balance(newest) == (-4, 4)
    with reopen(path) as later:
        assert backup.backup_if_changed(later) == ""
        assert len(list(folder.glob("*.qmd"))) == 2


def test_a_backup_that_fails_is_told_and_does_not_stop_the_closing(register: RegisterFile, folder: Path) -> None:
    folder.write_text("a file where the folder should be")
    note = backup.backup_if_changed(register)
    assert note.startswith("No backup of Sklep Łódź.qmd was made:")
    register.close()
    assert names(folder.parent) == {"Sklep Łódź.qmd", folder.name}


def test_a_bug_in_making_a_backup_does_not_stop_the_closing_either(
    register: RegisterFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(folder: Path) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(backup, "rotate", broken)
    assert "see the log" in backup.backup_if_changed(register)


def test_a_full_disk_at_closing_leaves_no_half_backup(
    register: RegisterFile, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    small_disk(monkeypatch)
    assert "The disk is full" in backup.backup_if_changed(register)
    assert names(folder) == set()


def test_one_who_only_reads_makes_no_backups(register: RegisterFile, folder: Path) -> None:
    with reopen(register.path) as second:
        assert second.read_only
        assert backup.backup_if_changed(second) == ""
    register.close()
    assert backup.backup_if_changed(register) == ""
    assert not folder.exists()


# Going back


def test_a_backup_takes_the_place_of_a_damaged_register_which_is_kept(register: RegisterFile) -> None:
    transfer(register, 60, note="x" * 2000)
    made = backup.back_up(register)
    register.close()
    spoil(register.path)
    harmed = register.path.read_bytes()
    driver.journal_of(register.path).write_bytes(b"left by a crash")
    aside = backup.restore(made.path, register.path, program="QMDesk")
    assert aside is not None
    assert aside.read_bytes() == harmed
    assert driver.journal_of(aside).read_bytes() == b"left by a crash"
    assert not driver.journal_of(register.path).exists()
    with reopen(register.path) as restored:
        assert not restored.read_only
        assert balance(restored.path) == (-63, 63)
    assert made.path.exists()


def test_a_missing_register_is_restored_too(register: RegisterFile) -> None:
    made = backup.back_up(register)
    register.close()
    register.path.unlink()
    assert backup.restore(made.path, register.path, program="QMDesk") is None
    assert balance(register.path) == (-3, 3)


def test_nothing_is_restored_over_an_open_register_or_from_a_bad_copy(register: RegisterFile) -> None:
    made = backup.back_up(register).path
    with pytest.raises(lock.Held):
        backup.restore(made, register.path, program="QMDesk")
    transfer(register)
    register.close()
    cut_off(made)
    with pytest.raises(backup.Damaged):
        backup.restore(made, register.path, program="QMDesk")
    assert balance(register.path) == (-4, 4)
    assert names(register.path.parent) == {"Sklep Łódź.qmd", "Sklep Łódź backups"}
