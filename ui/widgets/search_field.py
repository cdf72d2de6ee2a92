"""The search line: a glass, a cross, Ctrl+F, and one signal when the typing pauses."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRect, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QPainter, QPaintEvent, QShortcut
from PySide6.QtWidgets import QLineEdit, QWidget

from qmdesk.i18n import _
from ui import theme

PAUSE_MS = 120


class SearchField(QLineEdit):
    """Emits ``searched`` 120 ms after the last key, at once on Enter and when cleared; never twice for the same text."""

    searched = Signal(str)

    def __init__(self, hint: str = "", parent: QWidget | None = None, *, find_in: QWidget | None = None) -> None:
        """``find_in``: the page or window in which Ctrl+F comes here."""
        super().__init__(parent)
        self._told = ""  # the text last searched for
        self.setPlaceholderText(hint or _("Search"))
        self.setAccessibleName(hint or _("Search"))
        self._clear = self.addAction(theme.icon("close", "muted"), QLineEdit.ActionPosition.TrailingPosition)
        self._clear.setText(_("Clear the search"))
        self._clear.setVisible(False)
        self._clear.triggered.connect(self.clear)
        self._fit()
        self._pause = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._pause.timeout.connect(self.flush)
        self.textChanged.connect(self._typed)
        self.returnPressed.connect(self.flush)
        if find_in is not None:
            find = QShortcut(QKeySequence(QKeySequence.StandardKey.Find), find_in)
            find.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            find.activated.connect(self.come)

    def come(self) -> None:
        """Put the keyboard here, with the old text ready to be typed over."""
        self.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.selectAll()

    def flush(self) -> None:
        """Tell now what is typed, without waiting for the pause."""
        self._pause.stop()
        text = self.text().strip()
        if text != self._told:
            self._told = text
            self.searched.emit(text)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange and hasattr(self, "_told"):
            self._fit()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)  # painted, because the icons of a line's actions do not grow with the text
        side = theme.em(1.3)
        glass = QRect(theme.em(0.6), (self.height() - side) // 2, side, side)
        theme.paint_icon(QPainter(self), glass, "search", theme.colour("muted"))

    def _fit(self) -> None:
        self.setTextMargins(theme.em(1.6), 0, 0, 0)
        self.setMinimumWidth(theme.letters(24))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.text():
            self.clear()
        else:
            super().keyPressEvent(event)

    def _typed(self, text: str) -> None:
        self._clear.setVisible(bool(text))
        if text:
            self._pause.start()
        else:
            self.flush()
