"""The verdict of the reading child on a file it can't read: a sentence and its facts, put into words by the parent."""

from __future__ import annotations

from typing import TypeAlias

Facts: TypeAlias = dict[str, str | int]
Note: TypeAlias = tuple[str, Facts]  # an English msgid and the facts its placeholders ask for


class Refused(Exception):  # noqa: N818 - a verdict on the file, not a bug
    """The file can't be read; ``text`` is a msgid. The parent adds the fact ``file``, the file's name."""

    def __init__(self, text: str, **facts: str | int) -> None:
        super().__init__(text)
        self.text = text
        self.facts: Facts = facts
