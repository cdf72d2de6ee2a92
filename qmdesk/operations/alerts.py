"""Alerts: what the register notices by itself is kept once for each crossing, until somebody settles it or makes it an action."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from qmdesk.errors import Known, Problem, Problems
from qmdesk.i18n import N_, _, n_, show_day
from qmdesk.operations import actions
from qmdesk.operations.action_reading import open_tasks
from qmdesk.records.action_steps import ActionStep, steps
from qmdesk.records.alert import Alert, AlertKind
from qmdesk.records.case import Case
from qmdesk.records.improvement import Action, ActionSource
from qmdesk.records.measures import Indicator
from qmdesk.records.product import Batch, Product
from qmdesk.register import Change, Reading, Register, Transaction, clock
from qmdesk.schema import types
from qmdesk.schema.query import Condition, Order, Query
from qmdesk.schema.record import Record, replace
from qmdesk.values import dataclass

if TYPE_CHECKING:  # numpy comes with them: what is on Today is shown without
    from qmdesk.operations.figures.early_warning import Suspect
    from qmdesk.operations.figures.facts import Facts
    from qmdesk.operations.figures.relapses import Relapse
    from qmdesk.operations.figures.targets import Crossing

NOTICE = N_("Notice what goes wrong")
SETTLE = N_("Settle an alert")
MAKE_ACTION = N_("Make an alert an action")
STOP_SALE = N_("Stop the sale")
Progress = Callable[[int, int], None]
LISTED = 20
"""So many cases are named in an alert; all of them are shown by a click."""


@dataclass(frozen=True)
class Noticed:
    """What was noticed anew, and the step it was kept in; no step where there was nothing new."""

    alerts: tuple[Alert, ...] = ()
    change: Change | None = None


def waiting() -> Query:
    """The alerts nobody has settled, the newest first."""
    return Query(Alert, (Condition("settled_on", types.EMPTY),)).by(Order("noticed_on", True), Order("id", True))


# ------------------------------------------------------------------------------------------------- noticing


def notice(register: Register, progress: Progress | None = None, *, by_itself: bool = False) -> Noticed:
    """Look through the register and keep what was not noticed before; the reading is done before the step, which is short.

    ``by_itself``: nobody asked for it, so undo passes over it.

    :raises Known: the register is only read.
    :raises Cancelled: by ``progress``.
    """
    from qmdesk.operations.figures.facts import (
        gather,  # numpy: 100 ms that the start need not wait for
    )

    facts = gather(register, progress)
    found = drafts(register, facts, facts.on)
    if not set(_new(register, found)):
        return Noticed()
    done = (register.do_by_itself if by_itself else register.do)(NOTICE, keep, found)
    return Noticed(tuple(done.result), done.change)


def drafts(reading: Reading, facts: Facts, on: date) -> list[Alert]:
    """The alerts there would be by now, those that are kept already among them."""
    from qmdesk.operations.figures import early_warning, relapses, targets  # as above

    found = [_of_crossing(one, on) for one in targets.crossings(facts, targets.targets(reading), on)]
    found += [_of_suspect(reading, one, on) for one in early_warning.told_of(early_warning.suspects(reading, facts, on))]
    found += [_of_relapse(one, on) for one in relapses.relapses(reading, facts, on)]
    return found


def _of_crossing(one: Crossing, on: date) -> Alert:
    return Alert(
        crossing=one.key, noticed_on=on, kind=one.kind, what=one.what[:300], facts=one.facts, indicator=one.indicator, since=one.scope.since, until=one.scope.until,
    )  # fmt: skip


def _of_suspect(reading: Reading, one: Suspect, on: date) -> Alert:
    numbers = list(reading.titles(Case, one.cases[:LISTED]).values())
    product = reading.get(Product, one.product)
    batch = reading.get(Batch, one.batch) if one.batch else None
    told = [
        _("Sold from {since} to {until}. That chance alone does it is less likely than 1 in {odds}.").format(since=show_day(one.since), until=show_day(one.until), odds=_odds(one.p)),
        n_("{n} case: {numbers}", "{n} cases: {numbers}", len(one.cases), numbers=", ".join(numbers) + ("…" if len(one.cases) > LISTED else "")),
    ]
    return Alert(
        crossing=one.crossing, noticed_on=on, kind=AlertKind.BATCH, what=one.sentence[:300], facts="\n".join(told), indicator=Indicator.COMPLAINT_RATE,
        since=one.since, until=one.until, product=one.product, batch=one.batch, supplier=(batch.supplier if batch else None) or product.supplier,
    )  # fmt: skip


def _odds(p: float) -> str:
    """One in how many, to one digit: more would say more than is known."""
    most = 1_000_000_000
    if p <= 1 / most:
        return f"{most:,}".replace(",", "\u00a0")
    whole = int(1 / p)
    scale = 10 ** (len(str(whole)) - 1)
    return f"{whole // scale * scale:,}".replace(",", "\u00a0")


def _of_relapse(one: Relapse, on: date) -> Alert:
    action = one.action
    return Alert(
        crossing=one.crossing, noticed_on=on, kind=AlertKind.RELAPSE, what=one.sentence[:300], facts=one.facts, indicator=action.watched, since=one.scope.since, until=one.scope.until,
        product=action.product, supplier=action.supplier, cause=action.cause, watched=action.id,
    )  # fmt: skip


def _new(reading: Reading, found: Sequence[Alert]) -> set[str]:
    crossings = [one.crossing for one in found]
    return set(crossings) - {str(known) for known in reading.by_value(Alert, "crossing", crossings)}


def keep(tx: Transaction, found: Sequence[Alert]) -> list[Alert]:
    """Keep the alerts whose crossing is not kept yet; an action that was found effective and relapsed is opened again."""
    new = _new(tx, found)
    kept = []
    for one in found:
        if one.crossing not in new:
            continue
        new.discard(one.crossing)
        again = _open_again(tx, one.watched) if one.watched else None
        kept.append(tx.get(Alert, tx.add(replace(one, action=again.id if again else None))))
    tx.about(", ".join(one.what for one in kept))
    return kept


def _open_again(tx: Transaction, action_id: int) -> Action | None:
    """The action that goes on with one whose verdict was that it helped; None while it waits for its verdict, or goes on already."""
    action = tx.get(Action, action_id)
    refused = steps(action, open_tasks(tx, action), clock().date())[ActionStep.REOPEN]
    if refused or tx.count(Query(Action, (Condition("reopens", types.IS, (action.id,)),)), 1):
        return None
    return actions.take_step(tx, action.id, ActionStep.REOPEN)


def behind(reading: Reading, alert: Alert, progress: Progress | None = None) -> tuple[type[Record], list[int]]:
    """The records behind an alert about an indicator, counted as it was when it was noticed. Raises Cancelled from ``progress``."""
    from qmdesk.operations.figures import indicators  # as above
    from qmdesk.operations.figures.facts import gather
    from qmdesk.operations.figures.scope import By, Scope

    assert alert.indicator is not None
    assert alert.since is not None
    assert alert.until is not None
    only = tuple((by, key) for by, key in ((By.PRODUCT, alert.product), (By.SUPPLIER, alert.supplier), (By.CAUSE, alert.cause)) if key)
    return indicators.behind(gather(reading, progress), alert.indicator, Scope(alert.since, alert.until, only))


# ---------------------------------------------------------------------------------------- what becomes of one


def settle(tx: Transaction, alert_id: int, because: str) -> Alert:
    """Settle an alert, with the reason. Raises Problems without one, Known when it is settled already."""
    alert = _waiting(tx, alert_id)
    if not because.strip():
        raise Problems([Problem("settled_because", _("Say why nothing more is to be done about it."))])
    return tx.change(alert, settled_on=clock().date(), settled_because=because.strip())


def make_action(tx: Transaction, alert_id: int, values: Mapping[str, Any] | None = None) -> Action:
    """Begin an action about an alert, watched by its indicator, and settle the alert with it. Raises Problems, Known."""
    alert = _waiting(tx, alert_id)
    begun = actions.begin_with(tx, ActionSource.ALERT, {**proposed(tx, alert), **(values or {})})
    tx.change(alert, action=begun.id, settled_on=clock().date(), settled_because=_("Action {number} was begun about it.").format(number=begun.number))
    return begun


def proposed(reading: Reading, alert: Alert) -> dict[str, Any]:
    """What an alert fills in of an action about it: what it is about, and by what it is watched."""
    values: dict[str, Any] = {
        "name": alert.what[: actions.LONGEST_NAME], "description": "\n".join(part for part in (alert.what, alert.facts) if part), "watched": alert.indicator, "product": alert.product,
        "supplier": None if alert.product else alert.supplier, "cause": alert.cause, "indicator": _(alert.indicator.label) if alert.indicator else "", "criterion": criterion(reading, alert),
    }  # fmt: skip
    return {name: value for name, value in values.items() if value not in (None, "")}


def criterion(reading: Reading, alert: Alert) -> str:
    """A proposal when the action counts as effective; whoever plans it writes it as it should be."""
    if alert.kind is AlertKind.BATCH and alert.product:
        return _("In 60 days after it no more complaints of {product} than of the shop's other products.").format(product=reading.title(Product, alert.product))
    if alert.indicator:
        return _("{indicator}: in 60 days after it back within its bound.").format(indicator=_(alert.indicator.label))
    return ""


def stop_sale(tx: Transaction, alert_id: int) -> Record:
    """Set aside what is left of an alert's batch, or take its product off sale; returns which. Raises Known when that is done already."""
    alert = tx.get(Alert, alert_id)
    if alert.batch:
        batch = tx.get(Batch, alert.batch)
        tx.about(batch.code)
        if batch.stopped_on:
            raise Known(_("The sale of batch {batch} was stopped on {day}.").format(batch=batch.code, day=show_day(batch.stopped_on)))
        return tx.change(batch, stopped_on=clock().date())
    if alert.product is None:
        raise Known(_("This alert is about no product whose sale could be stopped."))
    product = tx.get(Product, alert.product)
    tx.about(product.name)
    if not product.active:
        raise Known(_("{product} is not on sale.").format(product=product.name))
    return tx.change(product, active=False)


def stopped(reading: Reading, alert: Alert) -> str:
    """Whether the sale is stopped, in a sentence; "" while it goes on, or where an alert is not about goods."""
    if alert.kind is not AlertKind.BATCH:
        return ""
    batch = reading.find(Batch, alert.batch) if alert.batch else None
    if batch is not None:
        return _("The sale of batch {batch} was stopped on {day}.").format(batch=batch.code, day=show_day(batch.stopped_on)) if batch.stopped_on else ""
    product = reading.find(Product, alert.product) if alert.product else None
    return _("{product} is not on sale.").format(product=product.name) if product is not None and not product.active else ""


def _waiting(tx: Transaction, alert_id: int) -> Alert:
    alert = tx.get(Alert, alert_id)
    tx.about(alert.what)
    if alert.settled_on:
        raise Known(_("This alert was settled on {day}: {why}").format(day=show_day(alert.settled_on), why=alert.settled_because))
    return alert
