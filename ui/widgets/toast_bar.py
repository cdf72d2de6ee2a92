"""The bar after each save: what happened in a sentence, with Undo, over the foot of its parent; gone after a while."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QWidget

from qmdesk.i18n import _
from ui import theme
from ui.widgets.button import IconButton
from ui.widgets.plain_label import PlainLabel

STAYS_MS = 8000


class ToastBar(QFrame):
    """Lies over its parent, near its lower edge. Stays while the mouse or the keyboard is on it; Escape closes it."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._over = parent
        theme.mark(self, "toast")
        self._do: Callable[[], object] | None = None
        self._label = PlainLabel(elide=Qt.TextElideMode.ElideRight)
        self.button = QPushButton()
        self.button.clicked.connect(self._act)
        self.close_button = IconButton("close", _("Close"), self.hide, ink="toast_text")
        self.close_button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.em(), theme.em(0.35), theme.em(0.5), theme.em(0.35))
        row.setSpacing(theme.em(0.75))
        row.addWidget(self._label, 1)
        row.addWidget(self.button)
        row.addWidget(self.close_button)
        self._timer = QTimer(self, singleShot=True, interval=STAYS_MS)
        self._timer.timeout.connect(self._leave)
        parent.installEventFilter(self)
        self.hide()

    @property
    def message(self) -> str:
        return self._label.text()

    def say(self, message: str, action: str = "", do: Callable[[], object] | None = None) -> None:
        """Show what happened; ``action`` (Undo) calls ``do`` once and closes the bar. A new message replaces the old one."""
        self._do = do
        self._label.setText(message)
        self.button.setText(action)
        self.button.setAccessibleDescription(message)
        self.button.setVisible(do is not None and bool(action))
        self._place()
        self.show()
        self.raise_()
        self._timer.start()
        # they bring 150 constants along, which nothing needs at the start
        from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent

        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, message))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and watched is self._over and not self.isHidden():
            self._place()
        return False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.hide()
        else:
            super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange) and hasattr(self, "_timer"):
            self._place()

    def _act(self) -> None:
        do, self._do = self._do, None
        self.hide()
        if do is not None:
            do()

    def _leave(self) -> None:
        if self.underMouse() or self.button.hasFocus() or self.close_button.hasFocus():
            self._timer.start()  # being read or about to be used
        else:
            self.hide()

    def _place(self) -> None:
        parent = self._over
        wide = min(self.sizeHint().width(), parent.width() - theme.em(2))
        high = self.sizeHint().height()
        self.setGeometry((parent.width() - wide) // 2, parent.height() - high - theme.em(1.4), wide, high)
