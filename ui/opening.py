"""Opening files and folders with the programs of the system."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices

from qmdesk.i18n import _
from ui.ask import Asker


def opened(path: Path) -> bool:
    """Open a file, or show a folder; False when no program here does it."""
    return QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))


def open_path(asker: Asker, path: Path) -> None:
    """Open a file, or show a folder; say so when it is gone or no program here opens it."""
    if not path.exists():
        asker.warn(_("{file} is not there any more.").format(file=path.name))
    elif not opened(path):
        asker.warn(_("No program on this computer opens {file}. It lies in {folder}.").format(file=path.name, folder=path.parent))
