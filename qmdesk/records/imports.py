"""What came in from files: batches that can be withdrawn, what each row said, and how a file was mapped."""

from __future__ import annotations

from datetime import datetime

from qmdesk.i18n import N_
from qmdesk.schema.record import Record, count, long_text, moment, record, text


@record("import_batch", N_("Import"), N_("Imports"))
class ImportBatch(Record):
    """One file taken in at once."""

    file: str = text(N_("File"), most=255, title=True, listed=True)
    digest: str = text(N_("SHA-256 of the file"), most=64)
    source: str = text(N_("Source"), default="", most=60, listed=True)
    taken_at: datetime = moment(N_("Taken in at"), listed=True)
    target: str = text(N_("What came in"), most=40, listed=True)
    rows_read: int = count(N_("Rows read"), default=0, listed=True)
    added: int = count(N_("Added rows"), default=0, listed=True)
    changed: int = count(N_("Changed rows"), default=0, listed=True)
    rejected: int = count(N_("Rejected rows"), default=0, listed=True)


@record("imported", N_("Imported row"), N_("Imported rows"), together=(("target", "source", "key"),))
class Imported(Record):
    """What a file said last about one record: a field that still says so was edited by nobody and may be updated."""

    target: str = text(N_("Kind of record"), most=40)
    row: int = count(N_("Record"))
    source: str = text(N_("Source"), most=60)
    key: str = text(N_("Key in the source"), most=300, title=True)
    said: str = long_text(N_("Values as imported"))
    batch: int = count(N_("Import"))


@record("import_profile", N_("Import profile"), N_("Import profiles"))
class ImportProfile(Record):
    """A mapping of columns to fields, kept under a name for the next file of the same kind."""

    name: str = text(N_("Name"), most=80, title=True, unique=True, listed=True)
    target: str = text(N_("What comes in"), most=40, listed=True)
    mapping: str = long_text(N_("Mapping"))
