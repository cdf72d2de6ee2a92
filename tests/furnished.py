"""What takes long to make is made once for all processes of a run; such as the demo shop, of which copies are handed out."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from qmdesk import i18n
from qmdesk.operations.demo import new_demo
from tests.clock import standing

DemoShop = Callable[[Path, str], Path]
"""Puts a demo shop of one's own at a path, in "pl" or "en"."""


def of_all_workers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that is the same for all processes of a run."""
    own = tmp_path_factory.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own


def once(tmp_path_factory: pytest.TempPathFactory, name: str, make: Callable[[Path], None]) -> Path:
    """What ``make`` puts at a path, made by the first who asks; who comes meanwhile waits, as SQLite knows how to, even for a killed process."""
    folder = of_all_workers(tmp_path_factory)
    made = folder / name
    if not made.exists():
        with closing(sqlite3.connect(folder / f"{name}.making", timeout=300)) as waiting:
            waiting.execute("BEGIN EXCLUSIVE")
            if not made.exists():
                i18n.use("en")
                make(made)
    return made


@pytest.fixture(scope="session")
def demo_shop(tmp_path_factory: pytest.TempPathFactory) -> DemoShop:
    """Demo shops to do with what one likes; what shows how they are made makes its own."""

    def put(path: Path, lang: str) -> Path:
        def make(made: Path) -> None:
            with standing():
                new_demo(made, program="tests", lang=lang)._file.close()  # no backup of what is only copied

        return shutil.copy(once(tmp_path_factory, f"demo-{lang}.qmd", make), path)

    return put
