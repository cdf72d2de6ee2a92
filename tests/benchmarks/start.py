"""From the start of the process to the painted list of what waits in a large register (the page it opens with), against
a bare PySide6 main window."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

BARE = """
import sys
from PySide6.QtWidgets import QApplication, QMainWindow
app = QApplication(sys.argv)
window = QMainWindow()
window.resize(1366, 768)
window.show()
app.processEvents()
window.grab()
"""

OURS = """
import os, sys
from ui import app

def painted(application):
    application.processEvents()
    [window] = [widget for widget in application.topLevelWidgets() if widget.inherits("QMainWindow")]
    window.grab()
    assert window.stack.currentWidget().due.table_model.rowCount() > 0
    os._exit(0)  # only the start is measured

def start():
    app.loaded()
    from PySide6.QtWidgets import QApplication
    QApplication.exec = painted  # where the program would begin to wait for its user
    app.main()

sys.argv = ["qmdesk", sys.argv[1]]
start()
sys.exit("the program ended without a window")
"""


def _seconds(code: str, *arguments: str) -> float:
    began = time.perf_counter()
    # the offscreen screen warns of what it lacks, which would be written to the log: no real screen does
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "QT_LOGGING_RULES": "default.warning=false"}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # as a user has it: compiled once, not at each start
    subprocess.run([sys.executable, "-c", code, *arguments], check=True, env=environment, capture_output=True, timeout=60)
    return time.perf_counter() - began


def start_ratio(register: Path, rounds: int = 7) -> tuple[float, float, float]:
    """Median seconds of the bare window and of ours, and the median of their ratios, measured in turns."""
    pairs = []
    for _round in range(rounds + 1):
        bare = _seconds(BARE)
        ours = _seconds(OURS, str(register))
        for lock in register.parent.glob("*.lock"):
            lock.unlink()  # ours ended without closing
        pairs.append((bare, ours))
    pairs = pairs[1:]  # the first round fills the disk's cache
    return statistics.median(pair[0] for pair in pairs), statistics.median(pair[1] for pair in pairs), statistics.median(pair[1] / pair[0] for pair in pairs)
