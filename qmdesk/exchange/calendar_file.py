"""A calendar file (iCalendar, RFC 5545): days with their reminders, as every calendar program opens them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from qmdesk import __version__
from qmdesk.exchange.writer import whole_file

MORNING = timedelta(hours=9)  # reminders come when the shop opens, not at midnight


@dataclass(frozen=True)
class Entry:
    """A whole day in a calendar. ``uid`` stays the same in every file, so that a newer file mends what an older one brought.

    ``remind``: so many days before there is a reminder at nine in the morning. ``cancelled``: calendars cross it out.
    """

    uid: str
    day: date
    title: str
    text: str
    remind: Sequence[int] = ()
    cancelled: bool = False


def write_calendar(path: Path, name: str, entries: Iterable[Entry], made_at: datetime) -> None:
    """Write the days to a file, whole or not at all. Raises Known when it can't be written."""
    import icalendar  # 0.1 s that only this file needs

    calendar = icalendar.Calendar()
    calendar.add("prodid", f"-//QMDesk//{__version__}//")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", name)
    for entry in entries:
        event = icalendar.Event()
        event.add("uid", entry.uid)
        event.add("dtstamp", made_at)
        event.add("dtstart", entry.day)
        event.add("dtend", entry.day + timedelta(days=1))
        event.add("summary", entry.title)
        event.add("description", entry.text)
        event.add("transp", "TRANSPARENT")  # a deadline keeps nobody from being free that day
        event.add("status", "CANCELLED" if entry.cancelled else "CONFIRMED")
        for days in entry.remind:
            alarm = icalendar.Alarm()
            alarm.add("action", "DISPLAY")
            alarm.add("description", entry.title)
            alarm.add("trigger", MORNING - timedelta(days=days))
            event.add_component(alarm)
        calendar.add_component(event)
    with whole_file(path) as raw:
        raw.write(calendar.to_ical())
