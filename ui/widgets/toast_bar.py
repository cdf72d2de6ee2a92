"""The bar after each save: what happened in a sentence, with Undo, over the foot of its parent; gone after a while."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QPushButton, QWidget
from shiboken6 import isValid

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
        self._do: list[Callable[[], object]] = []
        self._before: QWidget | None = None
        """What had the keyboard before the bar got it."""
        self._label = PlainLabel(elide=Qt.TextElideMode.ElideRight)
        self.button, self.other = QPushButton(), QPushButton()
        for place, choice in enumerate((self.button, self.other)):
            choice.clicked.connect(lambda _checked=False, place=place: self._act(place))
        self.close_button = IconButton("close", _("Close"), self._go, ink="toast_text")
        for button in (self.button, self.other, self.close_button):
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click leaves the keyboard where it is
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.em(), theme.em(0.35), theme.em(0.5), theme.em(0.35))
        row.setSpacing(theme.em(0.75))
        row.addWidget(self._label, 1)
        for button in (self.button, self.other, self.close_button):
            row.addWidget(button)
        self._timer = QTimer(self, singleShot=True, interval=STAYS_MS)
        self._timer.timeout.connect(self._leave)
        parent.installEventFilter(self)
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        application.focusChanged.connect(self._keyboard_moved)
        self.hide()

    @property
    def message(self) -> str:
        return self._label.text()

    def say(self, message: str, *actions: tuple[str, Callable[[], object]]) -> None:
        """Show what happened, and what can be done about it: two ``actions`` at most, words and what they do.

        Doing one closes the bar; a new message replaces the old one.
        """
        self._give_back()
        self._do = [do for _words, do in actions]
        self._label.setText(message)
        for place, button in enumerate((self.button, self.other)):
            button.setText(actions[place][0] if place < len(actions) else "")
            button.setAccessibleDescription(message)
            button.setVisible(place < len(actions))
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
            self._go()
        else:
            super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange) and hasattr(self, "_timer"):
            self._place()

    def _act(self, place: int) -> None:
        do, self._do = self._do, []
        self._go()
        if do:
            do[place]()

    def _leave(self) -> None:
        if self.underMouse() or self._has_keyboard():
            self._timer.start()  # being read or about to be used
        else:
            self.hide()

    def _has_keyboard(self) -> bool:
        here = QApplication.focusWidget()
        return here is not None and self.isAncestorOf(here)

    def _keyboard_moved(self, old: QWidget | None, new: QWidget | None) -> None:
        if new is not None and self.isAncestorOf(new) and (old is None or not self.isAncestorOf(old)):
            self._before = old

    def _give_back(self) -> None:
        """Give the keyboard back to where it came from: Qt would give it to whatever comes next."""
        if self._has_keyboard() and self._before is not None and isValid(self._before) and self._before.isVisible():
            self._before.setFocus()
        self._before = None

    def _go(self) -> None:
        self._give_back()
        self.hide()

    def _place(self) -> None:
        parent = self._over
        wide = min(self.sizeHint().width(), parent.width() - theme.em(2))
        high = self.sizeHint().height()
        self.setGeometry((parent.width() - wide) // 2, parent.height() - high - theme.em(1.4), wide, high)
