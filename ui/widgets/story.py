"""What happened, step by step: a heading with its moment, and under it what changed; text only, never markup."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtGui import QTextBlockFormat, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QTextEdit, QWidget

from ui import theme


class Story(QTextEdit):
    """Read-only; its owner writes headings and sentences to it, from the top."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setReadOnly(True)
        self.setTabChangesFocus(True)
        self.document().setDocumentMargin(theme.em(0.6))

    def head(self, words: str, beside: str = "") -> None:
        """Begin a step."""
        strong, muted = QTextCharFormat(), QTextCharFormat()
        strong.setFont(theme.font("strong"))
        muted.setForeground(theme.colour("muted"))
        self._line(words, strong, above=0.9)
        if beside:
            self._line(beside, muted)

    def tell(self, sentences: Sequence[str]) -> None:
        """What happened to one record: the first sentence names it, the others stand under it."""
        for place, sentence in enumerate(sentences):
            self._line(sentence.strip(), QTextCharFormat(), indent=1.2 if place else 0, above=0 if place else 0.4)

    def _line(self, words: str, shape: QTextCharFormat, *, indent: float = 0, above: float = 0) -> None:
        block = QTextBlockFormat()
        block.setLeftMargin(theme.em(indent) if indent else 0)
        cursor = QTextCursor(self.document())
        cursor.movePosition(QTextCursor.MoveOperation.End)
        if self.document().isEmpty():
            cursor.setBlockFormat(block)
        else:
            block.setTopMargin(theme.em(above) if above else 0)
            cursor.insertBlock(block)
        cursor.setCharFormat(shape)
        cursor.insertText(words.replace("\n", "\u2028"), shape)
