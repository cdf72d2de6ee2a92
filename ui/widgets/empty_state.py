"""What an empty page shows: a picture, what this place is for, what to do first, and the button that does it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui import theme
from ui.widgets.button import Button
from ui.widgets.plain_label import PlainLabel


class _Picture(QWidget):
    """The icon on a soft disc; painted, so that it follows light, dark and the text's size."""

    def __init__(self, icon: str) -> None:
        super().__init__()
        self.icon = icon

    def sizeHint(self) -> QSize:
        return QSize(theme.em(6), theme.em(6))

    def paintEvent(self, event: QPaintEvent) -> None:
        side = min(self.width(), self.height(), theme.em(6))
        disc = self.rect()
        disc.setSize(QSize(side, side))
        disc.moveCenter(self.rect().center())
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("accent_soft"))
        painter.drawEllipse(disc)
        edge = side // 4
        theme.paint_icon(painter, disc.adjusted(edge, edge, -edge, -edge), self.icon, theme.colour("accent"))


class EmptyState(QWidget):
    """Centred in its place; ``chosen`` is emitted by its button, ``other_chosen`` by the second one, where there are two."""

    chosen = Signal()
    other_chosen = Signal()

    def __init__(
        self, icon: str, sentence: str, what_to_do: str = "", action: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._picture = _Picture(icon)
        self._sentence = PlainLabel(sentence, "heading", wrap=True)
        self._advice = PlainLabel(what_to_do, "muted", wrap=True)
        self.button = Button(action, part="primary", on_click=self.chosen)
        self.other = Button("", on_click=self.other_chosen)
        rows = QVBoxLayout(self)
        rows.setSpacing(theme.em(0.6))
        rows.addStretch(2)
        for part in (self._picture, self._sentence, self._advice, self.button, self.other):
            rows.addWidget(part, 0, Qt.AlignmentFlag.AlignHCenter)
        rows.addStretch(3)
        for label in (self._sentence, self._advice):
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        self.say(sentence, what_to_do, action)

    def say(self, sentence: str, what_to_do: str = "", action: str = "", other: str = "") -> None:
        """Show other words: nothing here yet, or nothing that fits the filter. Without an action there is no button."""
        self._sentence.setText(sentence)
        self._advice.setText(what_to_do)
        self._advice.setVisible(bool(what_to_do))
        self.button.setText(action)
        self.button.setVisible(bool(action))
        self.other.setText(other)
        self.other.setVisible(bool(other))
        self._fit()

    def minimumSizeHint(self) -> QSize:
        return QSize(theme.em(12), super().minimumSizeHint().height())  # its lines break anew when it becomes narrow

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange and hasattr(self, "button"):
            self._fit()

    def _fit(self) -> None:
        wide = min(theme.em(30), max(theme.em(10), self.width() - theme.em(2)))  # some 60 letters in a line read best
        for label in (self._sentence, self._advice):
            label.ensurePolished()
            label.setFixedSize(wide, max(0, label.heightForWidth(wide)))  # a centred item is given no height for its width
        self._picture.setFixedSize(theme.em(6), theme.em(6))
