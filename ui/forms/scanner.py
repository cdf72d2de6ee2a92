"""The hand scanner that types: its keys are told from a person's by their speed and never reach what has the keyboard."""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QGuiApplication, QKeyEvent, QWindow
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import isValid

from ui import preferences

_SILENT = {Qt.Key.Key_Shift, Qt.Key.Key_CapsLock, Qt.Key.Key_AltGr, Qt.Key.Key_NumLock}
_ENDS = {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Tab}


class Scanner(QObject):
    """Listens to the program's windows until ``stop``; each code read goes to ``on_scan``.

    A typed letter is held back until it is clear that no other follows as fast as a scanner's (35 ms, which no one
    sees), then handed on in order. A code goes first to the widget with the keyboard and those around it: where one has
    ``take_scan(code) -> bool`` and answers True, ``on_scan`` is not called. Keys held back come as key events, not as
    shortcuts: commands of a single letter belong into keyPressEvent.
    """

    def __init__(self, settings: preferences.Scanner, on_scan: Callable[[str], object], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.settings = settings
        self._on_scan = on_scan
        self._held: list[QKeyEvent] = []  # presses and releases, in order
        self._typed = ""
        self._last = 0  # of the last letter, on the clock of key events, in ms
        self._window: QWindow | None = None
        self._handing_on = False
        self._armed = 0.0
        self._pause = QTimer(self, singleShot=True)
        self._pause.setTimerType(Qt.TimerType.PreciseTimer)
        self._pause.timeout.connect(self._paused)
        application = QGuiApplication.instance()
        assert isinstance(application, QGuiApplication)
        self._news = application.focusWindowChanged.connect(self._moved)
        self._moved(QGuiApplication.focusWindow())

    def stop(self) -> None:
        """Listen no longer."""
        QObject.disconnect(self._news)
        self._moved(None)

    def _moved(self, window: QWindow | None) -> None:
        """Only the window with the keyboard is watched: a filter of the whole program would see every event there is."""
        self._hand_on()
        if self._window is not None and isValid(self._window):
            self._window.removeEventFilter(self)
        self._window = window
        if window is not None:
            window.installEventFilter(self)

    # -- keys

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if self._handing_on or not isinstance(event, QKeyEvent):
            if kind in (QEvent.Type.MouseButtonPress, QEvent.Type.FocusOut, QEvent.Type.Close, QEvent.Type.Hide):
                self._hand_on()
            return False
        if kind == QEvent.Type.KeyPress:
            return self._pressed(event)
        if kind == QEvent.Type.KeyRelease and self._held:
            self._held.append(event.clone())
            return True
        return False

    def _pressed(self, event: QKeyEvent) -> bool:
        if _is_letter(event) and not event.isAutoRepeat():
            now = event.timestamp() or round(time.monotonic() * 1000)
            if self._typed and now - self._last > self._patience():
                self._hand_on()  # the program was busy, and the clock of the keys knows better
            self._held.append(event.clone())
            self._typed += event.text()
            self._last = now
            self._armed = time.monotonic()
            self._pause.start(self._patience())
            return True
        if Qt.Key(event.key()) in _SILENT:
            return False
        if Qt.Key(event.key()) in _ENDS and len(self._typed) >= self.settings.min_chars:
            code = self._typed
            self._forget()
            # after this event, because what is done with the code may open a dialog
            QTimer.singleShot(0, self, lambda: self._scanned(code))
            return True
        self._hand_on()
        return False

    def _patience(self) -> int:
        """Milliseconds until the next key of a code: what is this long already was not typed by hand, and may take its time."""
        return self.settings.max_ms_per_char * (3 if len(self._typed) >= self.settings.min_chars else 1)

    def _paused(self) -> None:
        late = time.monotonic() - self._armed > 2 * self._patience() / 1000
        if late and self._held:  # the program was busy: keys that came in time may wait in the queue behind this timer
            self._armed = time.monotonic()
            self._pause.start(self._patience())
            return
        self._hand_on()

    def _forget(self) -> None:
        self._pause.stop()
        self._held, self._typed = [], ""

    def _hand_on(self) -> None:
        """They were a person's keys: give them to whom they were meant for."""
        held, window = self._held, self._window
        self._forget()
        if window is None or not held or not isValid(window):
            return
        self._handing_on = True
        try:
            for event in held:
                QCoreApplication.sendEvent(window, event)
        finally:
            self._handing_on = False

    # -- codes

    def _scanned(self, code: str) -> None:
        widget: QWidget | None = QApplication.focusWidget()
        while widget is not None:
            take = getattr(widget, "take_scan", None)
            if take is not None and take(code.strip()):
                return
            widget = widget.parentWidget()
        self._on_scan(code.strip())


def _is_letter(event: QKeyEvent) -> bool:
    """A key that writes something; a blank pushes buttons too, and no code begins with one, so it is never held back."""
    modifiers = event.modifiers() & (
        Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier
    )
    right_alt = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier  # how Windows tells AltGr
    text = event.text()
    return bool(text) and text.isprintable() and text != " " and modifiers in (Qt.KeyboardModifier.NoModifier, right_alt)
