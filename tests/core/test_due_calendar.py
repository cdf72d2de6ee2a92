"""The calendar file: the days of the law with reminders, the same days known again, what was met crossed out."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import icalendar
import pytest

from qmdesk import i18n
from qmdesk.errors import Known
from qmdesk.operations import cases
from qmdesk.operations.due_calendar import save_calendar
from qmdesk.operations.registers import new_register
from qmdesk.records.case import Case, Decision, Demand
from qmdesk.records.paper import DocumentKind
from qmdesk.records.shop import THE_SHOP
from qmdesk.records.shop import Shop as ShopRecord
from qmdesk.schema.query import Query
from tests.clock import Clock, clock
from tests.shop import Shop, day, shop

__all__ = ["clock", "shop"]


def events(path: Path) -> dict[str, icalendar.Event]:
    """Uid -> event of a calendar file."""
    return {str(event["uid"]): event for event in icalendar.Calendar.from_ical(path.read_bytes()).walk("VEVENT")}


@pytest.fixture
def made(clock: Clock, shop: Shop, tmp_path: Path) -> Path:
    """The calendar of a shop with one complaint by e-mail, made in Polish."""
    shop.fills_in_letterhead()
    buyer = shop.add_customer("Łucja Żak; ul. Polna 1, Warszawa", street="ul. Polna 1", postcode="00-001", city="Warszawa")
    shop.complains("Schodzi żółta farba.", customer=buyer, received_at=clock(), demand=Demand.OTHER)
    i18n.use("pl")
    path = tmp_path / "terminy.ics"
    assert save_calendar(shop.register, path) == 1
    return path


def test_a_deadline_is_a_whole_day_with_reminders_before_it(made: Path) -> None:
    (event,) = events(made).values()
    assert event["dtstart"].dt == day("2026-12-28")
    assert isinstance(event["dtstart"].dt, date)
    assert event["dtend"].dt == day("2026-12-29")
    assert str(event["summary"]) == "R/2026/0001: Odpowiedź na reklamację"
    assert "w poniedziałek 28 grudnia 2026" in str(event["description"])
    assert "art. 115 KC" in str(event["description"])
    assert [alarm["trigger"].dt for alarm in event.walk("VALARM")] == [timedelta(days=-n, hours=9) for n in (3, 1, 0)]
    assert "Żak" not in made.read_text("utf-8"), "a calendar tells no names"


def test_the_file_is_written_as_the_standard_wants(made: Path) -> None:
    raw = made.read_bytes()
    assert raw.startswith(b"BEGIN:VCALENDAR\r\n")
    assert raw.endswith(b"END:VCALENDAR\r\n")
    assert raw.count(b"\n") == raw.count(b"\r\n")
    assert all(len(line) <= 75 for line in raw.split(b"\r\n"))
    assert b"METHOD:PUBLISH" in raw
    assert b"\\, " in raw, "commas are escaped"
    raw.decode("utf-8")


def test_a_newer_file_knows_the_days_of_an_older_one_and_crosses_out_what_was_met(made: Path, shop: Shop, clock: Clock, tmp_path: Path) -> None:
    before = events(made)
    (case,) = shop.register.records(Query(Case))
    shop.decides(case, Decision.REJECTED)
    shop.sends(case, DocumentKind.ANSWER_REJECTED, "E-mail", clock())
    again = tmp_path / "again.ics"
    assert save_calendar(shop.register, again) == 0
    after = events(again)
    assert set(before) == set(after)
    (uid,) = before
    assert str(after[uid]["status"]) == "CANCELLED"
    assert not after[uid].walk("VALARM")
    clock.set("2027-01-20")
    later = tmp_path / "later.ics"
    save_calendar(shop.register, later)
    assert uid not in events(later)


def test_a_shop_that_gets_another_name_and_nip_keeps_its_days(made: Path, shop: Shop, clock: Clock, tmp_path: Path) -> None:
    shop.changes(ShopRecord, THE_SHOP, nip="", name="Karmnik i syn")
    save_calendar(shop.register, tmp_path / "renamed.ics")
    assert set(events(tmp_path / "renamed.ics")) == set(events(made))
    clock.set("2026-11-23")  # no two registers are made in the same instant
    with new_register(tmp_path / "another.qmd", program="tests", lang="en") as other:
        other.do(cases.TAKE_IN, cases.take_in, Case(received_at=clock(), description="The same number in another register."))
        save_calendar(other, tmp_path / "another.ics")
        assert not set(events(tmp_path / "another.ics")) & set(events(made))


def test_a_letter_by_post_is_reminded_of_earlier(shop: Shop, clock: Clock, tmp_path: Path) -> None:
    shop.complains(received_at=clock(), demand=Demand.OTHER, channel=shop.channel("Post"))
    path = tmp_path / "a.ics"
    save_calendar(shop.register, path)
    (event,) = events(path).values()
    assert [alarm["trigger"].dt for alarm in event.walk("VALARM")] == [timedelta(days=-n, hours=9) for n in (8, 6, 5, 0)]


def test_what_can_t_be_written_is_said_and_nothing_is_left(shop: Shop, clock: Clock, tmp_path: Path) -> None:
    shop.complains(received_at=clock())
    with pytest.raises(Known, match=r"a\.ics was not written"):
        save_calendar(shop.register, tmp_path / "nowhere" / "a.ics")
    assert list(tmp_path.glob("*.part")) == []
