"""The folder into which a phone drops its photos: the newest one that came in is offered while somebody works."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from PySide6.QtCore import QFileSystemWatcher, QObject

from ui.forms.photos import is_picture


class PhotoFolder(QObject):
    """Watches one folder. ``on_news`` is called when there is a photo to take, or none any more."""

    def __init__(self, folder: Path | None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.on_news: Callable[[], object] = lambda: None
        self.folder: Path | None = None
        self._known: set[Path] = set()
        self._watcher = QFileSystemWatcher(self)
        self._watcher.directoryChanged.connect(lambda _path: self.on_news())
        self.watch(folder)

    def watch(self, folder: Path | None) -> None:
        """Watch another folder, or none; what lies in it already is not news."""
        if watched := self._watcher.directories():
            self._watcher.removePaths(watched)
        self.folder = folder if folder is not None and folder.is_dir() else None
        self._known = set(self._photos())
        if self.folder is not None:
            self._watcher.addPath(str(self.folder))
        self.on_news()

    def newest(self) -> Path | None:
        """The photo that came in last and was not taken yet."""
        fresh = [path for path in self._photos() if path not in self._known]
        return max(fresh, key=_age, default=None)

    def forget(self, path: Path) -> None:
        """Offer a photo no more: it was taken. One that could not be read yet, because it was still coming, stays offered."""
        self._known.add(path)
        self.on_news()

    def _photos(self) -> Iterable[Path]:
        try:
            return [path for path in self.folder.iterdir() if is_picture(path.name) and path.is_file()] if self.folder else []
        except OSError:  # the stick was pulled out
            return []


def _age(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0
