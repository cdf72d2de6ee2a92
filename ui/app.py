"""The program's entry: sees that Qt can start here, and says in one sentence what is missing where it can't."""

from __future__ import annotations

import ctypes
import gc
import os
import sys
from collections.abc import Callable, Mapping

# library -> Debian's and Ubuntu's package; what Qt loads at once, and what its plugin for X11 loads and aborts without
_OFFSCREEN = {
    "libglib-2.0.so.0": "libglib2.0-0",
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libfontconfig.so.1": "libfontconfig1",
    "libdbus-1.so.3": "libdbus-1-3",
}
_X11 = {
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
}


def missing_packages(environment: Mapping[str, str], platform: str = sys.platform) -> list[str]:
    """The packages Qt needs on this Linux and does not find; empty elsewhere."""
    if not platform.startswith("linux"):
        return []
    wanted = dict(_OFFSCREEN)
    chosen = environment.get("QT_QPA_PLATFORM", "")
    if chosen.startswith("xcb") or (not chosen and environment.get("DISPLAY") and not environment.get("WAYLAND_DISPLAY")):
        wanted |= _X11
    return [package for library, package in wanted.items() if not _loads(library)]


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def why_not(environment: Mapping[str, str], platform: str = sys.platform) -> str:
    """The sentence for what keeps a window from opening here; "" when nothing does."""
    missing = missing_packages(environment, platform)
    if missing:
        return f"QMDesk needs system libraries that are not installed. Install them with: sudo apt-get install {' '.join(missing)}"
    screens = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    if platform.startswith("linux") and not any(environment.get(name) for name in screens):
        return "QMDesk found no screen (neither DISPLAY nor WAYLAND_DISPLAY is set). Start it from the desktop, or use qmdesk-cli."
    return ""


def main() -> int:
    """Start the window, or say why it can't be."""
    if sys.argv[1:2] == ["--read-table"]:  # the frozen program is its own reader of foreign workbooks
        from qmdesk.exchange import child  # the child process needs nothing of the window

        return child.main(sys.argv[2:])
    sentence = why_not(os.environ)
    if sentence:
        print(sentence, file=sys.stderr)  # noqa: T201 - there is no window to say it in
        return 1
    gc.disable()  # until the window is there: nothing of what is loaded is garbage, and looking for it takes 20 ms
    return loaded()(sys.argv)


def loaded() -> Callable[[list[str]], int]:
    """The program, loaded only after it was seen that Qt can be."""
    import PySide6.QtCore  # noqa: F401 - the first of Qt, then the rest of it

    _spare_the_sources()
    from ui.program import run  # all else

    return run


def _spare_the_sources() -> None:
    """Let PySide not read the source of every module that is imported after it: a twentieth of the start, and half of loading matplotlib.

    It looks there for itself, so that ``from __feature__ import`` may rename its methods in that module. Nothing here
    asks for that; and for a module without a source, as in the built program, it takes the same answer.
    """
    features = sys.modules.get("shibokensupport.feature")
    if hasattr(features, "_mod_uses_pyside"):  # PYSIDE-2029; another version may do without
        features._mod_uses_pyside = lambda _module: False


if __name__ == "__main__":
    sys.exit(main())
