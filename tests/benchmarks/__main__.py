"""Every figure the program promises, as ratios within one run: ``python -m tests.benchmarks [NAME...]``."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
FOLDER = Path(os.environ.get("QMDESK_BENCHMARKS", Path(tempfile.gettempdir()) / "qmdesk-benchmarks"))
os.environ.setdefault("QMDESK_HOME", str(FOLDER / "home"))

from tests.benchmarks import analysis, exports, imports, lists, saves, start, volume


def _line(name: str, base: float, ours: float, ratio: float, promised: str) -> None:
    print(f"{name:<62} {base * 1000:>10.1f} ms {ours * 1000:>10.1f} ms   {ratio:>6.2f}   ({promised})", flush=True)  # noqa: T201


def _start() -> None:
    _line("start, 100,000 cases ÷ bare window", *start.start_ratio(volume.cases(FOLDER, 100_000)), "at most 2.5")


def _lists() -> None:
    ratios = lists.list_ratios(volume.cases(FOLDER, 10_000), volume.cases(FOLDER, 1_000_000))
    for move, (few, many, ratio) in ratios.items():
        _line(f"{move}, 1,000,000 ÷ 10,000 cases", few, many, ratio, "at most 1.5")


def _imports() -> None:
    _line("import of 100,000 order rows ÷ calamine", *imports.import_ratio(), "at most 5")


def _exports() -> None:
    found = exports.export_ratio()
    _line("export of 100,000 rows, openpyxl ÷ ours", found["openpyxl"], found["export"], found["ratio"], "at least 2")


def _saves() -> None:
    _line("one saved case ÷ bare row", *saves.save_ratio(), "at most 3")


def _analysis() -> None:
    path = volume.shop(FOLDER, 100_000, 1_000_000)
    _line("all figures, 1,000,000 lines ÷ one group by", *analysis.page_ratio(path), "at most 4")
    for what, seconds in analysis.filter_seconds(path).items():
        promised = "drawn beside the window" if what.endswith("pareto painted") else "not counted ahead" if "afar" in what else "at most 1"
        _line(f"filter: {what} ÷ one frame", analysis.FRAME, seconds, seconds / analysis.FRAME, promised)


ALL: dict[str, Callable[[], None]] = {"start": _start, "lists": _lists, "imports": _imports, "exports": _exports, "saves": _saves, "analysis": _analysis}


def main(names: list[str]) -> int:
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name in names or list(ALL):
        ALL[name]()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
