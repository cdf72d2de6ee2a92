"""The lock file beside an open register: who writes to it, and whether that program is still alive."""

from __future__ import annotations

import json
import logging
import os
import sys
import time
from contextlib import suppress
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path

from qmdesk.errors import Known
from qmdesk.i18n import _, show_moment
from qmdesk.values import dataclass

log = logging.getLogger(__name__)

# A lock of another computer can't be checked: it holds until nobody has renewed it for so long. Then that computer
# was most likely switched off or taken away, and the lock travelled here with a synchronised folder.
FOREIGN_LIFE = timedelta(days=14)
# A lock without content is one being written this moment; an older one is what a crash left.
_WRITING = 10.0  # seconds


@dataclass(frozen=True)
class Holder:
    """Who has a register open for writing: ``started`` tells the process from a later one with the same number."""

    program: str
    host: str
    pid: int
    since: datetime
    started: str = ""
    token: str = ""


class Held(Known):
    """Another window or program has the register open for writing."""

    def __init__(self, register: Path, holder: Holder) -> None:
        self.holder = holder
        since = show_moment(holder.since)
        if holder.host.casefold() == _host().casefold():
            sentence = _("{file} is open in {program} on this computer since {since}, so here it can only be read.").format(
                file=register.name, program=holder.program, since=since
            )
        else:
            sentence = _(
                "{file} is open in {program} on the computer {host} since {since}, so here it can only be read. If that program is no longer running, delete the file {lock}."
            ).format(
                file=register.name,
                program=holder.program,
                host=holder.host,
                since=since,
                lock=lock_of(register).name,
            )
        super().__init__(sentence)


class Lock:
    """The right to write to a register, until released. ``after_unclean_end``: the last holder died with it."""

    def __init__(self, register: Path, holder: Holder, after_unclean_end: bool) -> None:
        self.register = register
        self.holder = holder
        self.after_unclean_end = after_unclean_end

    def renew(self) -> None:
        """Tell other computers that this program still lives; call it at least once a day."""
        with suppress(OSError):
            os.utime(lock_of(self.register))

    def release(self) -> None:
        """Give the right back; a second call, and a lock that somebody else has taken since, do no harm."""
        file = lock_of(self.register)
        with suppress(OSError):
            if _read(file)[1] == self.holder:
                file.unlink()


def lock_of(register: Path) -> Path:
    """The lock file: in plain sight, so that a person can delete one that another computer left."""
    return register.with_name(f"{register.name}.lock")


def take(register: Path, program: str) -> Lock:
    """Become the one who writes to the register.

    :raises Held: somebody else is, in this process too.
    :raises OSError: no file can be made in that folder.
    """
    file = lock_of(register)
    holder = Holder(
        program=program,
        host=_host(),
        pid=os.getpid(),
        since=datetime.now(UTC).replace(microsecond=0),
        started=_started(os.getpid()) or "",
        token=os.urandom(8).hex(),
    )
    content = json.dumps({**asdict(holder), "since": holder.since.isoformat()}, ensure_ascii=False).encode()
    after_unclean_end = False
    while not _create(file, content):
        try:
            found, other = _read(file)
            age = time.time() - file.stat().st_mtime
        except FileNotFoundError:
            continue  # released this moment
        if other is None and age < _WRITING:
            raise Held(register, Holder(_("another program"), _host(), 0, datetime.now(UTC)))
        if other is not None and _holds(other, age):
            raise Held(register, other)
        log.warning("the last program did not give its lock back (process %s)", other and other.pid)
        after_unclean_end = True
        _remove_stale(file, found)
    return Lock(register, holder, after_unclean_end)


def _create(file: Path, content: bytes) -> bool:
    """Make the lock file, if there is none: of two who try at once, one succeeds."""
    try:
        descriptor = os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o666)
    except FileExistsError:
        return False
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(content)
    except OSError:  # a full disk
        with suppress(OSError):
            file.unlink()
        raise
    return True


def _read(file: Path) -> tuple[bytes, Holder | None]:
    """The lock's bytes and who it names, None when that can't be read."""
    content = file.read_bytes()
    try:
        fields = json.loads(content)
        since = datetime.fromisoformat(fields["since"])
        holder = Holder(
            program=str(fields["program"]),
            host=str(fields["host"]),
            pid=int(fields["pid"]),
            since=since if since.tzinfo else since.replace(tzinfo=UTC),
            started=str(fields.get("started", "")),
            token=str(fields.get("token", "")),
        )
    except (ValueError, KeyError, TypeError, AttributeError):
        return content, None
    return content, holder


def _remove_stale(file: Path, found: bytes) -> None:
    """Take a dead lock away, unless somebody was quicker and the lock is theirs by now."""
    guard = file.with_name(f"{file.name}.check")
    if not _create(guard, b""):
        with suppress(FileNotFoundError):
            if time.time() - guard.stat().st_mtime > _WRITING:
                guard.unlink()
        time.sleep(0.01)
        return
    try:
        with suppress(FileNotFoundError):
            if file.read_bytes() == found:
                file.unlink()
    finally:
        guard.unlink()


def _holds(holder: Holder, age: float) -> bool:
    """Whether the one named in the lock, renewed ``age`` seconds ago, must be taken to be writing still."""
    if holder.host.casefold() != _host().casefold():
        return age < FOREIGN_LIFE.total_seconds()
    started = _started(holder.pid)
    if started is None:
        return False
    return not (started and holder.started) or started == holder.started


def _host() -> str:
    if hasattr(os, "uname"):
        return os.uname().nodename
    return os.environ.get("COMPUTERNAME", "")  # Windows; socket.gethostname says the same and takes 4 ms to load


if sys.platform == "win32":

    def _started(pid: int) -> str | None:
        """When the process began, None when there is none, "" when that can't be learned."""
        import ctypes
        from ctypes import wintypes

        # never os.kill here: on Windows it ends the process whatever the signal
        kernel = ctypes.WinDLL("kernel32", use_last_error=True)
        kernel.OpenProcess.restype = wintypes.HANDLE
        kernel.OpenProcess.argtypes = (wintypes.DWORD, wintypes.BOOL, wintypes.DWORD)
        query_limited_information, access_denied, still_active = 0x1000, 5, 259
        handle = kernel.OpenProcess(query_limited_information, False, pid)
        if not handle:
            return "" if ctypes.get_last_error() == access_denied else None
        try:
            process = wintypes.HANDLE(handle)
            code = wintypes.DWORD()
            if kernel.GetExitCodeProcess(process, ctypes.byref(code)) and code.value != still_active:
                return None  # ended, but somebody keeps its handle
            times = [wintypes.FILETIME() for _unused in range(4)]
            if not kernel.GetProcessTimes(process, *(ctypes.byref(moment) for moment in times)):
                return ""
            return str(times[0].dwHighDateTime << 32 | times[0].dwLowDateTime)
        finally:
            kernel.CloseHandle(wintypes.HANDLE(handle))

else:

    def _asked_of_ps(pid: int) -> str:
        """State and start of a process, where there is no /proc. Raises OSError."""
        import subprocess  # only macOS needs it

        try:
            command = ["/bin/ps", "-o", "stat=,lstart=", "-p", str(pid)]
            return subprocess.run(command, capture_output=True, text=True, check=True, timeout=5, env={"LC_ALL": "C", "TZ": "UTC"}).stdout
        except subprocess.SubprocessError as error:
            raise OSError(str(error)) from error

    def _started(pid: int) -> str | None:
        """When the process began, None when there is none, "" when that can't be learned."""
        if pid <= 0:  # kill() would ask a whole group
            return None
        try:
            os.kill(pid, 0)
        except (ProcessLookupError, OverflowError):
            return None
        except PermissionError:
            pass  # it lives, and belongs to another user
        try:
            if sys.platform == "linux":
                # proc(5): state and start (ticks since boot) are the 3rd and 22nd field; the name before may hold anything
                after_name = Path(f"/proc/{pid}/stat").read_bytes().rpartition(b")")[2].split()
                state, began = after_name[0].decode(), after_name[19].decode()
                began = f"{began} {Path('/proc/sys/kernel/random/boot_id').read_text().strip()}"
            else:
                state, _space, began = _asked_of_ps(pid).strip().partition(" ")
        except (OSError, ValueError, IndexError):
            return ""
        return None if state.startswith("Z") else began.strip()
