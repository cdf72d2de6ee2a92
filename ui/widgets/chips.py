"""The filters of a list as a row of chips: each can be edited and taken off, and one button adds another."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QToolButton, QWidget

from qmdesk.i18n import _
from ui import theme
from ui.widgets.button import Button, IconButton, pressed_by_enter
from ui.widgets.flow import FlowLayout
from ui.widgets.plain_label import harmless_tooltip


class _Words(QToolButton):
    """The sentence of a filter; where it is longer than the row it is cut, so that the cross stays in sight."""

    def __init__(self) -> None:
        super().__init__()
        self._sentence = ""
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)

    def say(self, sentence: str) -> None:
        """Say another sentence."""
        self._sentence = sentence
        self._show(sentence)
        if self.isVisible():  # else it has no place yet
            self._fit(self.width())

    def _show(self, words: str) -> None:
        self.setText(words.replace("&", "&&"))  # no mnemonic: it is a name out of the data

    def sizeHint(self) -> QSize:
        self.ensurePolished()
        edges = super().sizeHint().width() - self.fontMetrics().horizontalAdvance(self.text().replace("&&", "&"))
        return QSize(self.fontMetrics().horizontalAdvance(self._sentence) + edges, super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        return QSize(theme.em(6), super().sizeHint().height())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not pressed_by_enter(self, event):
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit(event.size().width())

    def _fit(self, width: int) -> None:
        room = width - 2 * theme.em(0.3) - theme.em(0.5)
        cut = self.fontMetrics().elidedText(self._sentence, Qt.TextElideMode.ElideRight, room)
        self._show(self._sentence if width >= self.sizeHint().width() else cut)
        self.setToolTip(harmless_tooltip(self._sentence) if cut != self._sentence else "")


class _Chip(QFrame):
    """One filter: its sentence as a button, and a cross. Delete and Backspace take it off as well."""

    clicked = Signal()
    removed = Signal()

    def __init__(self, sentence: str) -> None:
        super().__init__()
        theme.mark(self, "chip")
        self.words = _Words()
        self.words.clicked.connect(self.clicked)
        self.cross = IconButton("close", _("Remove the filter"), self.removed, ink="accent")
        self.say(sentence)
        for button in (self.words, self.cross):  # a QToolButton is passed over by Tab unless told
            button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.em(0.35), 0, theme.em(0.25), 0)
        row.setSpacing(0)
        row.addWidget(self.words)
        row.addWidget(self.cross)

    def say(self, sentence: str) -> None:
        """Stand for another filter."""
        self.sentence = sentence
        self.words.say(sentence)
        self.words.setAccessibleName(_("Filter: {filter}").format(filter=sentence))
        self.cross.setAccessibleName(_("Remove the filter: {filter}").format(filter=sentence))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.removed.emit()
        else:
            super().keyPressEvent(event)


class Chips(QWidget):
    """Shows the sentences of the filters it is given; the owner changes the filters and calls ``show_filters`` again."""

    clicked = Signal(int)
    """The chip at this place is to be edited."""
    removed = Signal(int)
    """The filter at this place is to be taken off."""
    added = Signal()
    """Another filter is wanted."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._chips: list[_Chip] = []
        self._flow = FlowLayout(self, gap=theme.em(0.5))
        self.add_button = Button(_("Add filter"), "add", "add-chip", self.added)
        self._flow.addWidget(self.add_button)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    @property
    def sentences(self) -> list[str]:
        """What the chips say, from left to right."""
        return [chip.sentence for chip in self._chips]

    def show_filters(self, sentences: Sequence[str]) -> None:
        """Show these filters, in this order; the keyboard stays in the row when its chip has gone."""
        if list(sentences) == self.sentences:
            return
        focused = next((place for place, chip in enumerate(self._chips) if chip.isAncestorOf(self.focusWidget())), None)
        for chip in self._chips[len(sentences) :]:
            self._flow.removeWidget(chip)
            chip.hide()
            chip.deleteLater()  # it may be the sender of the signal that led here
        del self._chips[len(sentences) :]
        for chip, sentence in zip(self._chips, sentences, strict=False):  # a new one would take the window a quarter of a frame
            chip.say(sentence)
        for place in range(len(self._chips), len(sentences)):
            self._add(place, sentences[place])
        if focused is not None:
            place = min(focused, len(self._chips) - 1)
            (self._chips[place].words if self._chips else self.add_button).setFocus()
        self.updateGeometry()

    def _add(self, place: int, sentence: str) -> None:
        chip = _Chip(sentence)
        chip.clicked.connect(lambda: self.clicked.emit(place))
        chip.removed.connect(lambda: self.removed.emit(place))
        self._flow.insert(place, chip)
        if self._chips:
            QWidget.setTabOrder(self._chips[-1].cross, chip.words)
        QWidget.setTabOrder(chip.words, chip.cross)
        QWidget.setTabOrder(chip.cross, self.add_button)
        self._chips.append(chip)
        chip.show()

    def chip_buttons(self, place: int) -> tuple[QToolButton, QToolButton]:
        """The two buttons of a chip, words and cross: to hang a menu below it."""
        return self._chips[place].words, self._chips[place].cross
