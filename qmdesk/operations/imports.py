"""Taking a file in: one undoable batch with its report, a dry run, withdrawing, the rows to mend, and named profiles."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from qmdesk.errors import Known, NotFound
from qmdesk.exchange import sources
from qmdesk.exchange.frame import framed, sales_and_returns, unmapped
from qmdesk.exchange.mapping import Mapping, places_of, returns_mapping, target_named
from qmdesk.exchange.reader import Table
from qmdesk.exchange.writer import write_rows
from qmdesk.i18n import N_, _, n_
from qmdesk.operations import deadlines, opinions
from qmdesk.operations.import_intake import Intake
from qmdesk.operations.import_rows import NAMED_BY, Rejected, Rows
from qmdesk.operations.import_updates import update_known
from qmdesk.records.case import OPEN_STATES, Case
from qmdesk.records.deadline import Deadline
from qmdesk.records.imports import ImportBatch, ImportProfile
from qmdesk.records.satisfaction import Opinion
from qmdesk.register import Change, Done, Reading, Register, Transaction, clock
from qmdesk.schema import types
from qmdesk.schema.query import Condition, Query, condition
from qmdesk.schema.query import Order as By
from qmdesk.schema.types import clean

Progress = Callable[[int, int], None]

IMPORT = N_("Import")
STEPS = 1000  # the whole of a progress


@dataclass(frozen=True)
class Report:
    """What became of a file. The counts are of the target's records; ``returns`` are cases made of its cancelled sales."""

    source: str
    rows_read: int
    added: int
    changed: int
    same: int
    rejected: tuple[Rejected, ...]
    batch: int | None
    returns: int = 0

    def as_json(self) -> dict[str, Any]:
        """The report as the command line prints it."""
        told = {name: getattr(self, name) for name in ("source", "rows_read", "added", "changed", "same")}
        return {**told, "rejected": [asdict(one) for one in self.rejected], "batch": self.batch}

    def sentence(self) -> str:
        """The report in a line."""
        told = _("New: {added}, changed: {changed}, as before: {same}, rejected rows: {rejected}.").format(
            added=self.added, changed=self.changed, same=self.same, rejected=len(self.rejected)
        )
        if not self.returns:
            return told
        return told + " " + n_("{n} return came in as a case.", "{n} returns came in as cases.", self.returns)


def run(register: Register, table: Table, mapping: Mapping, progress: Progress | None = None) -> Done[Report]:
    """Take a table in as one step. Raises Known, and Cancelled when ``progress`` does; nothing is changed then."""
    with _no_collecting():
        return register.do(IMPORT, take_in, table, mapping, progress)


def dry_run(register: Register, table: Table, mapping: Mapping, progress: Progress | None = None) -> Report:
    """What an import would do; the register is left as it is. Raises as ``run`` does."""
    with _no_collecting():
        return replace(register.try_out(take_in, table, mapping, progress), batch=None)


@contextmanager
def _no_collecting() -> Iterator[None]:
    """Rows are plain values without cycles: looking for cycles among millions of them takes a third of the time."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def take_in(tx: Transaction, table: Table, mapping: Mapping, progress: Progress | None = None) -> Report:
    """Take a table in: what is new is added, what nobody edited is updated, rows that can't come in are reported.

    Raises Known when a field that names the records has no column at all.
    """
    target, recipe = target_named(mapping.target), sources.recipe(mapping.source)
    _see_that_it_is_mapped(mapping)
    tx.about(table.path.name)
    batch_id = tx.add(
        ImportBatch(
            file=clean(table.path.name)[-255:] or "?", digest=table.digest, source=mapping.source, taken_at=clock(), target=target.name, rows_read=len(table.rows)
        )
    )
    advance = _pace(progress, mapping)
    sales, back = sales_and_returns(framed(table, recipe, mapping), recipe)
    done = _one_intake(tx, Rows(sales, mapping, recipe, advance), batch_id, mapping.source, advance)
    rejected, returned = dict(done.rows.rejected_by_number()), 0
    if back is not None and recipe is not None and recipe.returns is not None:
        cases = returns_mapping(recipe, mapping, back.headers)
        rows = Rows(back, cases, recipe, advance, returned=True)
        taken = _one_intake(tx, rows, batch_id, mapping.source, advance, find_order=recipe.returns.find_order)
        rejected = {**rows.rejected_by_number(), **rejected}
        returned = taken.counts.added
    counts = done.counts
    listed = tuple(rejected[number] for number in sorted(rejected))
    tx.change(tx.get(ImportBatch, batch_id), added=counts.added, changed=counts.changed, rejected=len(listed))
    if progress:
        progress(STEPS, STEPS)
    return Report(mapping.source, len(table.rows), counts.added, counts.changed, counts.same, listed, batch_id, returned)


def _one_intake(tx: Transaction, rows: Rows, batch: int, source: str, advance: Callable[[], None], *, find_order: bool = False) -> Intake:
    intake = Intake(tx, rows, batch, source, advance, find_order=find_order)
    intake.run()
    update_known(intake)
    rows.refuse_members()
    if intake.kind is Case:
        _keep_deadlines(tx, intake.counts.ids)
    if intake.kind is Opinion:
        opinions.link(tx, intake.counts.ids)
    return intake


def _keep_deadlines(tx: Transaction, ids: Sequence[int]) -> None:
    """Work out the deadlines of cases taken in or changed; a case that came closed never had any."""
    standing = {*tx.ids(Query(Case, (Condition("state", types.ONE_OF, OPEN_STATES),))), *tx.by_value(Deadline, "case", ids).keys()}
    deadlines.reckon(tx, [id_ for id_ in ids if id_ in standing])


def _see_that_it_is_mapped(mapping: Mapping) -> None:
    """Without a name, or without anything at all, no row could come in: better one sentence than a thousand."""
    target = target_named(mapping.target)
    known = places_of(target)
    if strange := [path for path in (*mapping.columns, *mapping.defaults) if path not in known]:
        raise Known(_("{target} have no field “{name}”; the fields are: {listed}.").format(target=_(target.main.spec.plural), name=strange[0], listed=", ".join(known)))
    if not mapping.columns:
        raise Known(_("No column is mapped to a field of {target}. Choose at least one.").format(target=_(target.main.spec.plural)))
    named = [f"{target.main.spec.table}.{name}" for group in NAMED_BY.get(target.main, ()) for name in group]
    for path in named[:1]:
        if known[path].field.required and not mapping.feeds(path) and (missing := unmapped(mapping)):
            raise Known(" ".join(missing))


def _pace(progress: Progress | None, mapping: Mapping) -> Callable[[], None]:
    """A callable for every piece of work done: it tells the share, which nears the whole and never passes it."""
    if progress is None:
        return lambda: None
    pieces, done = 2 * (len(mapping.columns) + len(mapping.defaults)) + 20, 0

    def advance() -> None:
        nonlocal done
        done += 1
        progress(int(STEPS * done / (done + pieces / 2)), STEPS)

    return advance


# ------------------------------------------------------------------------------------------ withdraw


def withdraw(register: Register, batch_id: int) -> Change:
    """Take a whole import back, whatever was done since. Raises Conflict naming what was changed since, NotFound."""
    if register.find(ImportBatch, batch_id) is None:
        raise NotFound(_("There is no import no. {batch}, or it was withdrawn already.").format(batch=batch_id))
    return register.undo(step_of(register, batch_id))


# -------------------------------------------------------------------------------------- rows to mend


def rejected_workbook(report: Report, table: Table, path: Path) -> None:
    """Save the rejected rows with their reasons as a workbook, to be mended and imported again. Raises Known."""
    wanted = {one.row: one for one in report.rejected}
    rows = [
        [*(None if cell == "" else cell for cell in row), number, wanted[number].reason]
        for number, row in zip(table.numbers, table.rows, strict=True)
        if number in wanted
    ]
    write_rows(path, [*table.headers, _("Row"), _("Why it was rejected")], rows, name=_("Rejected rows"), about=table.path.name)


# ------------------------------------------------------------------------------------------ profiles


def keep_profile(tx: Transaction, name: str, mapping: Mapping) -> int:
    """Keep a mapping under a name, over an older one of that name; returns the profile's id. Raises Problems."""
    tx.about(name)
    old = _profile(tx, name)
    if old is None:
        return tx.add(ImportProfile(name=name, target=mapping.target, mapping=mapping.to_json()))
    tx.change(old, target=mapping.target, mapping=mapping.to_json())
    return old.id


def profile(reading: Reading, name: str) -> Mapping:
    """The mapping kept under a name. Raises NotFound, and Known when it can't be used any more."""
    found = _profile(reading, name)
    if found is None:
        names = ", ".join(item.name for item in reading.records(Query(ImportProfile)))
        raise NotFound(_("There is no import profile “{name}”; there are: {listed}.").format(name=name, listed=names or _("none")))
    return Mapping.from_json(found.mapping)


def _profile(reading: Reading, name: str) -> ImportProfile | None:
    found = reading.records(Query(ImportProfile, (condition(ImportProfile, "name", "=", (name,)),)), 1)
    return found[0] if found else None


def profiles_query() -> Query:
    """The kept mappings by their names."""
    return Query(ImportProfile).by(By("name"))


def step_of(register: Register, batch_id: int) -> int:
    """The step that took a batch in. Raises NotFound."""
    batch = register.get(ImportBatch, batch_id)
    return next(step.id for step, entry in register.history(batch) if entry.before is None)
