"""The verdict of the reading child on a file it can't read: a sentence and its facts, put into words by the parent."""

from __future__ import annotations

from typing import TypeAlias

from qmdesk.i18n import N_

Facts: TypeAlias = dict[str, str | int]
Note: TypeAlias = tuple[str, Facts]  # an English msgid and the facts its placeholders ask for

PASSWORD = N_(
    "{file} is protected by a password. Open it in a spreadsheet program, take the password off, save it and "
    "choose it again."
)
UNREADABLE = N_(
    "{file} can't be read: it is damaged, or no spreadsheet program wrote it. Open it in a spreadsheet program and save "
    "it anew as .xlsx or .csv."
)


class Refused(Exception):  # noqa: N818 - a verdict on the file, not a bug
    """The file can't be read; ``text`` is a msgid. The parent adds the fact ``file``, the file's name."""

    def __init__(self, text: str, **facts: str | int) -> None:
        super().__init__(text)
        self.text = text
        self.facts: Facts = facts
