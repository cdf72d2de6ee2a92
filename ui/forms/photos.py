"""Photos and files on their way into a record: dropped, pasted or chosen, made small at once, kept when it is saved."""

from __future__ import annotations

import mimetypes
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QEvent, QIODevice, QMimeData, QSize, Qt, Signal
from PySide6.QtGui import (
    QDragEnterEvent,
    QDragMoveEvent,
    QDropEvent,
    QFontMetrics,
    QGuiApplication,
    QIcon,
    QImage,
    QImageReader,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPixmap,
)
from PySide6.QtWidgets import QListView, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from qmdesk.errors import Known
from qmdesk.i18n import _, n_
from qmdesk.operations.attachments import LARGEST_FILE, Staged, prepare_picture
from ui import theme
from ui.desk import Desk
from ui.forms.editors import PICTURES, picture_of
from ui.jobs import Progress
from ui.widgets.button import Button
from ui.widgets.flow import FlowLayout
from ui.widgets.plain_label import PlainLabel, harmless_tooltip

_THUMBNAIL = 240  # pixels: sharp on a screen of double density too
_ICONS = {"application/pdf": "pdf", "text/csv": "workbook", "application/vnd.ms-excel": "workbook"}


def is_picture(name: str) -> bool:
    """Whether a file of this name is shown and prepared as a picture; a drawing is kept as it is."""
    media = mimetypes.guess_type(name)[0] or ""
    return media.startswith("image/") and media != "image/svg+xml"


@dataclass
class _File:
    """One file of the strip. ``refused`` says why it can't be kept."""

    name: str
    content: bytes
    waiting: bool
    thumbnail: QImage | None = None
    refused: str = ""


def _prepare(files: Sequence[_File], progress: Progress) -> list[_File]:
    """The pictures made small and upright, with their thumbnails; done by the worker."""
    done = []
    for place, file in enumerate(files):
        progress(place, len(files))
        try:
            content, _media = prepare_picture(file.content)
        except Known as error:
            done.append(_File(file.name, b"", False, refused=f"{file.name}: {error.sentence}"))
        else:
            done.append(_File(file.name, content, False, thumbnail(content)))
    return done


def thumbnail(content: bytes) -> QImage:
    """A small picture of a photo; an empty one where it can't be read."""
    buffer = QBuffer()
    buffer.setData(QByteArray(content))
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    reader = QImageReader(buffer)
    reader.setScaledSize(reader.size().scaled(_THUMBNAIL, _THUMBNAIL, Qt.AspectRatioMode.KeepAspectRatio))  # a JPEG is read small
    return reader.read()


class _Thumbnails(QListWidget):
    """The files side by side; Delete takes the current one away."""

    def __init__(self, strip: PhotoStrip) -> None:
        super().__init__(strip)
        self._strip = strip
        self.setAccessibleName(_("Photos and files"))
        self.setViewMode(QListView.ViewMode.IconMode)
        self.setMovement(QListView.Movement.Static)
        self.setFlow(QListView.Flow.LeftToRight)
        self.setWrapping(False)
        self.setUniformItemSizes(True)
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setDragDropMode(QListView.DragDropMode.NoDragDrop)  # the strip takes what is dropped
        self.viewport().setAcceptDrops(False)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self._strip.remove_current()
        elif event.matches(QKeySequence.StandardKey.Paste) or event.text():
            event.ignore()  # the strip's, not a search for a name
        else:
            super().keyPressEvent(event)


class PhotoStrip(QWidget):
    """Takes photos and files and shows them until they are saved with ``staged``.

    Pictures are made small, upright and free of position data by the worker; ``staged`` has the original while that
    goes on, so that nothing is lost by saving early.
    """

    changed = Signal()
    """What is staged changed, and all of it is ready."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.desk = desk
        self._files: list[_File] = []
        self._pasted = 0
        self.add_button = Button(_("Add photos or files…"), "photo", on_click=self.choose)
        self.add_button.setAutoDefault(False)
        self.remove_button = Button(_("Remove"), "remove", "link", self.remove_current)
        self.remove_button.setAutoDefault(False)
        self._hint = PlainLabel(_("or drop them here, or paste with Ctrl+V"), "small")
        self.list = _Thumbnails(self)
        self._problem = PlainLabel("", "problem", wrap=True)
        line = FlowLayout(gap=theme.em(0.5))
        for part in (self.add_button, self._hint, self.remove_button):
            line.addWidget(part)
        line.push(self.remove_button)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(theme.em(0.5))
        rows.addLayout(line)
        rows.addWidget(self.list)
        rows.addWidget(self._problem)
        self.setAcceptDrops(True)
        self._show()

    # -- what is staged

    def staged(self) -> list[Staged]:
        """Name and content of each file, as ``operations.attachments.attach`` takes them."""
        return [(file.name, file.content) for file in self._files]

    def clear(self) -> None:
        """Forget all files: they were saved."""
        self._files = []
        self._say([])
        self._show()

    @property
    def problem(self) -> str:
        """Why files were refused last."""
        return self._problem.text()

    def add(self, files: Sequence[Staged]) -> None:
        """Stage these files; what can't be kept is said in a sentence, the others are taken."""
        known = {file.content for file in self._files}
        refused, fresh = [], []
        for name, content in files:
            if not content:
                refused.append(_("{file} is empty.").format(file=name))
            elif len(content) > LARGEST_FILE:
                refused.append(_too_large(name))
            elif content not in known:
                fresh.append(_File(name, content, is_picture(name)))
        self._say(refused)
        self._files += fresh
        self._show()
        pictures = [file for file in fresh if file.waiting]
        if pictures:
            title = n_("Preparing a picture", "Preparing {n} pictures", len(pictures))
            self.desk.jobs.run(
                title,
                lambda progress: _prepare(pictures, progress),
                lambda done: self._prepared(pictures, done),
                lambda _error: self._given_up(pictures),
                self,
                modal=False,
            )
        elif fresh:
            self.changed.emit()

    def add_files(self, paths: Sequence[Path]) -> None:
        """Stage the files at these paths."""
        files, refused = [], []
        for path in paths:
            try:
                if path.stat().st_size > LARGEST_FILE:
                    refused.append(_too_large(path.name))
                else:
                    files.append((path.name, path.read_bytes()))
            except OSError:
                refused.append(
                    _("{file} is a folder; drop the files in it.").format(file=path.name) if path.is_dir()
                    else _("{file} can't be read.").format(file=path.name)
                )  # fmt: skip
        self.add(files)
        self._say([self.problem, *refused])

    def choose(self) -> None:
        """Let the user choose files."""
        kinds = [(_("Photos and files"), "*"), (_("Pictures"), PICTURES)]
        self.add_files(self.desk.ask.choose_files_to_open(_("Add photos or files"), kinds, parent=self))

    def paste(self) -> bool:
        """Stage what is on the clipboard; False when it holds neither files nor a picture."""
        return self._take(QGuiApplication.clipboard().mimeData())

    def remove_current(self) -> None:
        """Take the current file away."""
        row = self.list.currentRow()
        if 0 <= row < len(self._files):
            del self._files[row]
            self._show()
            self.list.setCurrentRow(min(row, len(self._files) - 1))
            self._tell()

    # -- how they come

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Paste):
            self.paste()
        elif event.text().lower() == "p" and not event.modifiers() & ~Qt.KeyboardModifier.ShiftModifier:
            self.choose()
        else:
            super().keyPressEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasUrls() or event.mimeData().hasImage():
            event.acceptProposedAction()

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        if self._take(event.mimeData()):
            event.acceptProposedAction()

    def _take(self, data: QMimeData) -> bool:
        paths = [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]
        if paths:
            self.add_files(paths)
        elif content := picture_of(data):
            self._pasted += 1
            self.add([(_("Pasted picture {n}.png").format(n=self._pasted), content)])
        else:
            return False
        return True

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.FontChange) and hasattr(self, "_problem"):
            self._show()

    # -- the worker's answer

    def _prepared(self, asked: Sequence[_File], done: Sequence[_File]) -> None:
        refused = []
        for file, ready in zip(asked, done, strict=True):
            place = next((at for at, known in enumerate(self._files) if known is file), None)
            if place is None:
                continue  # taken away, or saved, meanwhile
            if ready.refused:
                refused.append(ready.refused)
                del self._files[place]
            else:
                self._files[place] = ready
        self._say([self.problem, *refused])
        self._show()
        self._tell()

    def _given_up(self, asked: Sequence[_File]) -> None:
        self._files = [file for file in self._files if not any(file is one for one in asked)]
        self._show()

    def _tell(self) -> None:
        if not any(file.waiting for file in self._files):
            self.changed.emit()

    # -- how they look

    def _say(self, sentences: Sequence[str]) -> None:
        self._problem.setText("\n".join(sentence for sentence in sentences if sentence))
        self._problem.setVisible(bool(self._problem.text()))

    def _show(self) -> None:
        side = theme.em(7)
        letters = QFontMetrics(theme.font("small")).height()
        self.list.setFont(theme.font("small"))
        self.list.setIconSize(QSize(side, round(side * 0.75)))
        self.list.setGridSize(QSize(side + theme.em(4), round(side * 0.75) + letters + theme.em(1.6)))
        self.list.setFixedHeight(self.list.gridSize().height() + theme.em(1.2))
        row = self.list.currentRow()
        self.list.clear()
        for file in self._files:
            item = QListWidgetItem(_icon(file), file.name)
            item.setToolTip(harmless_tooltip(file.name))
            item.setSizeHint(self.list.gridSize())
            self.list.addItem(item)
        self.list.setCurrentRow(min(max(row, 0), len(self._files) - 1))
        self.list.setVisible(bool(self._files))
        self.remove_button.setVisible(bool(self._files))
        self._hint.setVisible(not self._files)


def _too_large(name: str) -> str:
    sentence = _("{file} is larger than {megabytes} MB. Make it smaller or keep it outside.")
    return sentence.format(file=name, megabytes=LARGEST_FILE // 1_000_000)


def _icon(file: _File) -> QIcon:
    if file.thumbnail is not None and not file.thumbnail.isNull():
        picture = QPixmap.fromImage(file.thumbnail)
    else:
        glyph = "hourglass" if file.waiting else _ICONS.get(mimetypes.guess_type(file.name)[0] or "", "document")
        picture = QPixmap(_THUMBNAIL, _THUMBNAIL * 3 // 4)
        picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(picture)
        edge = _THUMBNAIL // 5
        theme.paint_icon(painter, picture.rect().adjusted(edge, edge, -edge, -edge), glyph, theme.colour("muted"))
        painter.end()
    icon = QIcon(picture)
    icon.addPixmap(picture, QIcon.Mode.Selected)  # or Qt would tint the photo that is current
    return icon
