"""Where things lie: resources beside the source, in the wheel or in the frozen program; data, backups and log of the user."""

from __future__ import annotations

import os
import sys
from pathlib import Path

APP = "QMDesk"


def resources() -> Path:
    """The folder of data files: rules, document templates, sources, catalogues, icons."""
    frozen = getattr(sys, "_MEIPASS", None)
    if frozen:
        return Path(frozen) / "resources"
    package = Path(__file__).resolve().parent
    beside = package.parent / "resources"
    return beside if beside.is_dir() else package / "_resources"


def _user(kind: str) -> Path:
    home = os.environ.get("QMDESK_HOME")  # one folder for everything: portable installations and tests
    if home:
        folder = Path(home) / kind
    else:
        from platformdirs import PlatformDirs  # slow to import, and not needed when the folder is given

        dirs = PlatformDirs(APP, appauthor=False)
        folder = {"data": dirs.user_data_path, "config": dirs.user_config_path, "log": dirs.user_log_path}[kind]
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def documents() -> Path:
    """The folder offered first when a register is made or opened."""
    home = os.environ.get("QMDESK_HOME")
    if home:
        return Path(home)
    from platformdirs import user_documents_path  # slow to import

    return user_documents_path()


def data() -> Path:
    """Profiles of imports and other things the program keeps for the user."""
    return _user("data")


def config() -> Path:
    """The folder of the preferences file."""
    return _user("config")


def log() -> Path:
    """The folder of the log and of crash reports; neither holds names, letters or money."""
    return _user("log")


def backups(register: Path) -> Path:
    """The folder of the copies of one register, beside it, so that it travels with the file."""
    return register.parent / f"{register.stem} backups"
