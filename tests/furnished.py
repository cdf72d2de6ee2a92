"""The demo shop as it stands on the day of the tests: made once in each language for the whole run, and handed out as copies."""

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


@pytest.fixture(scope="session")
def demo_shop(tmp_path_factory: pytest.TempPathFactory) -> DemoShop:
    """Demo shops to do with what one likes; what shows how they are made makes its own."""
    folder = of_all_workers(tmp_path_factory)

    def put(path: Path, lang: str) -> Path:
        return shutil.copy(_made(folder, lang), path)

    return put


def _made(folder: Path, lang: str) -> Path:
    """The one that is copied. Who comes while it is made waits for it: SQLite knows how, and lets go what a killed process held."""
    made = folder / f"demo-{lang}.qmd"
    if not made.exists():
        with closing(sqlite3.connect(folder / f"demo-{lang}.lock", timeout=300)) as waiting:
            waiting.execute("BEGIN EXCLUSIVE")
            if not made.exists():
                i18n.use("en")
                with standing():
                    new_demo(made, program="tests", lang=lang)._file.close()  # no backup of what is only copied
    return made
