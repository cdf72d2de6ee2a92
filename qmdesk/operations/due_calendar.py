"""The deadlines as a calendar file: what the shop must do and whom it waits for, with reminders days before."""

from __future__ import annotations

import uuid
from datetime import date
from pathlib import Path

from qmdesk.exchange.calendar_file import Entry, write_calendar
from qmdesk.i18n import _
from qmdesk.operations.deadlines import rule_of, rulebook
from qmdesk.operations.due import days_by_post, reasoning, rule_title
from qmdesk.operations.registers import the_shop
from qmdesk.records.case import Case
from qmdesk.records.deadline import Deadline, DeadlineState, Whose
from qmdesk.records.lists import Channel
from qmdesk.register import Reading, clock
from qmdesk.schema import types
from qmdesk.schema.query import Condition, Order, Query

REMIND = (3, 1, 0)  # days before; a letter that goes by post is reminded of so much earlier
_TOLD = (DeadlineState.RUNNING, DeadlineState.OVERDUE)
_OVER = (DeadlineState.MET, DeadlineState.DROPPED)


def save_calendar(reading: Reading, path: Path, on: date | None = None) -> int:
    """Write what is due to an .ics file; returns how many days are in it.

    Days still to come that were met or dropped meanwhile stand in it as cancelled, so that a calendar that has them
    crosses them out. A calendar may lie on other people's computers: it names the case, never the customer.
    """
    on = on or clock().date()
    shop = the_shop(reading)
    found = _asked(reading, _TOLD) + _asked(reading, _OVER, Condition("legal", types.SINCE, (on,)))
    cases = {case.id: case for case, _titles in reading.rows(Case, [one.case for one in found])}
    channels = {one.id: one for one in reading.records(Query(Channel))}
    book = rulebook(reading, shop)
    entries = []
    for one in found:
        case, rule = cases[one.case], rule_of(book, one.rule)
        over = one.state in _OVER
        earlier = days_by_post(book, one, channels.get(case.channel or 0))
        title = _("{number}: {what}").format(number=case.number, what=rule_title(book, one.rule))
        told = [reasoning(one), rule.doubt.to() if rule else ""]
        days = () if over or one.legal < on else tuple(dict.fromkeys((*(earlier + before for before in REMIND), 0)))
        entries.append(Entry(_uid(reading.origin, case.number, one.rule), one.legal, title, "\n\n".join(filter(None, told)), days, over))
    write_calendar(path, _("Deadlines: {shop}").format(shop=shop.name), entries, clock())
    return len(_living(entries))


def _living(entries: list[Entry]) -> list[Entry]:
    return [entry for entry in entries if not entry.cancelled]


def _asked(reading: Reading, states: tuple[DeadlineState, ...], *also: Condition) -> list[Deadline]:
    whose = Condition("whose", types.ONE_OF, (Whose.SHOP, Whose.SUPPLIER))
    return reading.records(Query(Deadline, (Condition("state", types.ONE_OF, states), whose, *also)).by(Order("legal")))


def _uid(origin: str, number: str, rule: str) -> str:
    """The same for the same deadline of the same case, whenever and wherever the file is made, and whatever the shop is called by then."""
    return f"{uuid.uuid5(uuid.NAMESPACE_OID, f'{origin}|{number}|{rule}')}@qmdesk"
