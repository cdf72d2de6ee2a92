"""The label for data: whatever a customer wrote is shown as it stands, never read as rich text."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QWidget

from ui import theme


class PlainLabel(QLabel):
    """Plain text in a part of the style sheet (title, heading, strong, muted, small, problem).

    With ``elide`` it keeps to one line, gives way to its neighbours and shows the whole text as its tooltip when cut.
    """

    def __init__(
        self,
        text: str = "",
        part: str = "",
        *,
        wrap: bool = False,
        elide: Qt.TextElideMode = Qt.TextElideMode.ElideNone,
        selectable: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(wrap)
        self._elide = elide
        if selectable:
            self.setTextInteractionFlags(
                Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
            )
        if part:
            theme.mark(self, part)
        self.setText(text)

    def is_cut(self) -> bool:
        """Whether the text is wider than its place."""
        room = self.contentsRect().width()
        return self._elide != Qt.TextElideMode.ElideNone and self.fontMetrics().horizontalAdvance(self._line()) > room

    def sizeHint(self) -> QSize:
        return super().sizeHint() if self.text() else QSize(0, 0)  # words still to come take no room

    def heightForWidth(self, width: int) -> int:
        return super().heightForWidth(width) if self.text() else 0

    def minimumSizeHint(self) -> QSize:
        if not self.text():
            return QSize(0, 0)
        hint = super().minimumSizeHint()
        if self._elide != Qt.TextElideMode.ElideNone:
            hint.setWidth(min(hint.width(), self.fontMetrics().averageCharWidth() * 4))
        return hint

    def paintEvent(self, event: QPaintEvent) -> None:
        cut = self.is_cut()
        if self._elide != Qt.TextElideMode.ElideNone:
            self.setToolTip(harmless_tooltip(self.text()) if cut else "")
        if not cut:
            super().paintEvent(event)
            return
        metrics = QFontMetrics(self.font())
        shown = metrics.elidedText(self._line(), self._elide, self.contentsRect().width())
        painter = QPainter(self)
        painter.setPen(self.palette().color(self.foregroundRole()))
        painter.drawText(self.contentsRect(), int(self.alignment()) | int(Qt.TextFlag.TextSingleLine), shown)

    def _line(self) -> str:
        return " ".join(self.text().split())


class _Beside(PlainLabel):
    """A label as high as the input that it stands before."""

    def __init__(self, box: QWidget, words: str) -> None:
        super().__init__(words, "muted")
        self._box = box
        self.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)

    def minimumSizeHint(self) -> QSize:
        return super().minimumSizeHint().expandedTo(QSize(0, self._box.sizeHint().height()))

    def sizeHint(self) -> QSize:
        return super().sizeHint().expandedTo(QSize(0, self._box.sizeHint().height()))


def label_of(box: QWidget, words: str) -> PlainLabel:
    """The words before an input in a form, at the height of what stands in it; Qt would set them a little too high."""
    return _Beside(box, words)


def harmless_tooltip(text: str) -> str:
    """``text`` for setToolTip, which takes what looks like markup for rich text: always as rich text that says it literally."""
    import html  # not needed at a start

    return f"<span>{html.escape(text)}</span>".replace("\n", "<br>") if "<" in text else text
