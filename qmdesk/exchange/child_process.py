"""Running the reading child: how it is started, kept within memory and time, listened to, and ended."""

from __future__ import annotations

import marshal
import queue
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Generator
from pathlib import Path
from typing import IO, Any

from qmdesk.exchange.child import ARGUMENT, STEPS

TICK = 0.05  # seconds between two looks at the clock and the wish to cancel
WEIGHING = 0.3  # seconds between two looks at the child's memory
_HEAD = struct.Struct(">cI")


class Died(Exception):  # noqa: N818 - what happened, not our error
    """The child ended without an answer: killed for its time or memory, or crashed inside a library."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why  # "time", "memory" or "crash"


def command() -> list[str]:
    """How the child is started: this Python, or the frozen program itself with a special first argument."""
    if getattr(sys, "frozen", False):
        return [sys.executable, ARGUMENT]
    return [sys.executable, "-m", "qmdesk.exchange.child"]


def frames(
    request: dict[str, Any], seconds: float, memory: int, received: int, progress: Callable[[int, int], None] | None
) -> Generator[tuple[bytes, bytes]]:
    """The child's frames, except progress, which goes to ``progress``; the child is ended with this generator.

    ``seconds`` bound the clock, ``memory`` the bytes of the child, ``received`` the bytes taken from it.
    """
    package_root = Path(__file__).resolve().parents[2]
    child = subprocess.Popen(
        command(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        # python -m looks into the current folder first: that must not be a folder of downloads
        cwd=package_root if not getattr(sys, "frozen", False) else None,
        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
    )
    assert child.stdin is not None
    assert child.stdout is not None
    arrived: queue.SimpleQueue[tuple[bytes, bytes] | None] = queue.SimpleQueue()
    listener = threading.Thread(target=_listen, args=(child.stdout, arrived, received), daemon=True)
    listener.start()
    try:
        try:
            child.stdin.write(marshal.dumps({**request, "memory": memory, "seconds": int(seconds) + 5}))
            child.stdin.close()
        except BrokenPipeError:
            raise Died("crash") from None
        ends = time.monotonic() + seconds
        share = 0, STEPS
        told = weighed = 0.0
        while True:
            try:
                frame = arrived.get(timeout=TICK)
            except queue.Empty:
                frame = (b"", b"")
            now = time.monotonic()
            if frame is None:
                raise Died("crash")
            if frame[0] == b"P":
                share = struct.unpack(">II", frame[1])
            elif frame[0] == b"!":
                raise Died("memory")
            elif frame[0]:
                yield frame
            if progress is not None and now - told >= TICK:
                told = now
                progress(*share)
            if now > ends:
                raise Died("time")
            if now - weighed >= WEIGHING:
                weighed = now
                if _memory_of(child) > memory:
                    raise Died("memory")
    finally:
        if child.poll() is None:
            child.kill()
        child.wait()
        listener.join()
        child.stdout.close()
        if not child.stdin.closed:
            child.stdin.close()


def _listen(stream: IO[bytes], arrived: queue.SimpleQueue[tuple[bytes, bytes] | None], received: int) -> None:
    """Queue the child's frames until it ends (None) or has sent more than ``received`` bytes (b"!")."""
    total = 0
    while True:
        head = stream.read(_HEAD.size)
        if len(head) < _HEAD.size:
            break
        kind, length = _HEAD.unpack(head)
        total += length
        if total > received:
            arrived.put((b"!", b""))
            break
        payload = stream.read(length)
        if len(payload) < length:
            break
        arrived.put((kind, payload))
    arrived.put(None)


def _memory_of(child: subprocess.Popen[bytes]) -> int:
    """Bytes the child holds, where the system doesn't bound them itself; 0 where it does or can't tell."""
    if sys.platform == "win32":
        import ctypes
        from ctypes import wintypes

        class Counters(ctypes.Structure):
            """PROCESS_MEMORY_COUNTERS of the Windows API."""

            _fields_ = [("cb", wintypes.DWORD), ("PageFaultCount", wintypes.DWORD)] + [
                (name, ctypes.c_size_t)
                for name in (
                    "PeakWorkingSetSize", "WorkingSetSize", "QuotaPeakPagedPoolUsage", "QuotaPagedPoolUsage",
                    "QuotaPeakNonPagedPoolUsage", "QuotaNonPagedPoolUsage", "PagefileUsage", "PeakPagefileUsage",
                )
            ]

        counters = Counters()
        counters.cb = ctypes.sizeof(Counters)
        handle = wintypes.HANDLE(int(child._handle))
        ask = ctypes.windll.kernel32.K32GetProcessMemoryInfo
        return int(counters.PagefileUsage) if ask(handle, ctypes.byref(counters), counters.cb) else 0
    if sys.platform == "darwin":
        told = subprocess.run(["ps", "-o", "rss=", "-p", str(child.pid)], capture_output=True, text=True, check=False)
        return int(told.stdout.strip() or 0) * 1024
    return 0
