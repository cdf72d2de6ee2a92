"""A register open for one command."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import timedelta
from pathlib import Path

from qmdesk.cli.speaking import complain
from qmdesk.errors import Known
from qmdesk.operations.registers import open_register
from qmdesk.register import Register

PROGRAM = "qmdesk-cli"
BACKUP_NOT_WITHIN = timedelta(minutes=30)  # a script that calls us a hundred times makes one copy, not a hundred


class Opened(AbstractContextManager[Register]):
    """A register open for one command: for reading it asks nobody, for writing it needs the file for itself."""

    def __init__(self, path: Path, *, write: bool = False) -> None:
        self.register = open_register(path, program=PROGRAM, read_only=not write)
        if write and self.register.read_only:
            sentence = self.register.why_read_only
            self.register.close()
            raise Known(sentence)

    def __enter__(self) -> Register:
        return self.register

    def __exit__(self, *_error: object) -> None:
        note = self.register.close(backup_not_within=BACKUP_NOT_WITHIN)
        if note:
            complain(note)


@contextmanager
def for_trial(path: Path) -> Iterator[Register]:
    """A register to try something out on: the file itself, or a copy of it while it can't be written."""
    with open_register(path, program=PROGRAM) as opened:
        if not opened.read_only:
            yield opened
            return
        from tempfile import TemporaryDirectory  # only a trial on a register in use needs it

        with TemporaryDirectory(ignore_cleanup_errors=True) as folder:
            copy = Path(folder) / "trial.qmd"
            opened.backup(copy)
            with open_register(copy, program=PROGRAM) as tried:
                yield tried
