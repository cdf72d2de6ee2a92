"""Today: what is due in the order of the law, what silence costs, putting off, the next step, and days that turn."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication

from qmdesk import i18n
from qmdesk.errors import Cancelled
from qmdesk.operations import deadlines, due
from qmdesk.operations.registers import open_register
from qmdesk.records.assessment import SupplierClaim
from qmdesk.records.case import Case, CaseKind, CaseState, Decision, Demand, RefundMethod
from qmdesk.records.deadline import Deadline
from qmdesk.records.paper import DocumentKind
from qmdesk.records.party import BuyerType, Supplier
from qmdesk.records.returns import ReturnDetails
from qmdesk.records.steps import Step
from qmdesk.register import Transaction
from qmdesk.schema.query import Query
from tests.clock import Clock, clock
from tests.shop import Shop, day
from tests.ui.front import Dialogs, Front, Opener, dialogs, front, look, press, shop, write
from tests.ui.test_pages import labels, words
from ui import daybreak
from ui.ask import ScriptedAsker
from ui.daybreak import Daybreak
from ui.desk import Desk
from ui.jobs import Jobs
from ui.main_window import MainWindow
from ui.pages import today as today_page

__all__ = ["clock", "dialogs", "front", "look", "shop"]


@pytest.fixture
def at_desk(clock: Clock, shop: Shop, dialogs: Dialogs) -> Iterator[Front]:
    """A window on 10 December 2026."""
    made = Front(shop, dialogs)
    shop.fills_in_letterhead()
    yield made
    made.leave()


def complaint(shop: Shop, clock: Clock, **values: Any) -> Case:
    buyer = shop.add_customer(f"Klient {shop.register.count(Query(Case)) + 1}", street="ul. Polna 1", postcode="00-001", city="Warszawa")
    return shop.complains(customer=buyer, **{"received_at": clock(), "demand": Demand.REFUND, **values})


def withdrawal(shop: Shop, clock: Clock, **values: Any) -> Case:
    def keep(tx: Transaction) -> None:
        found = next(iter(tx.records(deadlines.parts_of(tx.get(Case, case.id), ReturnDetails))), None)
        if found is None:
            tx.add(ReturnDetails(case=case.id, **values))
        else:
            tx.change(found, **values)
        deadlines.refresh(tx, case.id)

    case = shop.complains(kind=CaseKind.RETURN, received_at=clock(), demand=None, delivered_on=day("2026-12-05"), contract_on=day("2026-12-01"))
    shop.do("Terms", keep)
    return case


def tab(page: Any, at: int) -> str:
    return page.tabs.tabText(at) if page.tabs.isTabVisible(at) else ""


def test_an_empty_register_says_what_to_do_first(front: Front) -> None:
    page = front.page("today")
    assert page.stack.currentWidget() is page.nothing
    assert "Import your orders first" in labels(page.nothing)
    assert not page.calendar_button.isVisible()
    front.dialogs.will(lambda dialog: dialog.reject())
    page.nothing.button.click()
    front.dialogs.will(lambda dialog: dialog.reject())
    page.nothing.other.click()
    assert front.dialogs.seen == ["ImportWizard", "NewCase"]
    front.shop.add_order("1001", None, [front.shop.add_product()])
    page = front.page("today")
    assert "The orders are there" in labels(page.nothing)
    assert not page.nothing.other.isVisible()
    front.dialogs.will(lambda dialog: dialog.reject())
    page.nothing.button.click()
    assert front.dialogs.seen[-1] == "NewCase"


def test_what_is_due_stands_by_the_last_day_in_law(at_desk: Front, clock: Clock) -> None:
    shop = at_desk.shop
    page = at_desk.page("today")
    late = complaint(shop, clock, received_at=clock() - timedelta(days=16))
    soon = complaint(shop, clock, received_at=clock() - timedelta(days=12), claimed=Decimal("1240"))
    today = complaint(shop, clock, marketplace_due=day("2026-12-10"))
    assert words(page.due, "left", "case", "customer", "what", "legal", "stake") == [
        ("overdue since Wednesday", late.number, "Klient 1", "Answer to the complaint", "8 Dec 2026", ""),
        ("today", today.number, "Klient 3", "Answer to the marketplace", "10 Dec 2026", ""),
        ("4 days left", soon.number, "Klient 2", "Answer to the complaint", "14 Dec 2026", "PLN\u00a01,240.00"),
        ("18 days left", today.number, "Klient 3", "Answer to the complaint", "28 Dec 2026", ""),
    ]
    cells = [page.due.table_model.cell(row, page.due.table_model.place("left")) for row in range(4)]
    assert [(cell.role, bool(cell.icon)) for cell in cells] == [("bad", True), ("bad", True), ("info", True), ("good", True)]
    assert tab(page, today_page.DUE) == "Due (4)"
    assert tab(page, today_page.WITHHELD) == ""


@pytest.mark.parametrize(
    ("legal", "english", "polish"),
    [
        ("2026-12-12", "2 days left", "zostały 2 dni"),
        ("2026-12-11", "tomorrow", "jutro"),
        ("2026-12-10", "today", "dzisiaj"),
        ("2026-12-09", "overdue since today", "po terminie od dzisiaj"),
        ("2026-12-06", "overdue since Monday", "po terminie od poniedziałku"),
        ("2026-12-03", "7 days overdue", "7 dni po terminie"),
        ("2026-12-15", "5 days left", "zostało 5 dni"),
    ],
)
def test_days_are_told_in_words(legal: str, english: str, polish: str) -> None:
    assert due.days_words(day(legal), day("2026-12-10")) == english
    i18n.use("pl")
    assert due.days_words(day(legal), day("2026-12-10")) == polish


def test_the_reasoning_of_the_chosen_day_stands_below(at_desk: Front, clock: Clock) -> None:
    shop, page = at_desk.shop, at_desk.page("today")
    first = complaint(shop, clock)
    post = complaint(shop, clock, channel=shop.channel("Post"))
    assert page.why.isVisible(), "the first one is explained at once"
    assert page.why_title.text() == f"{first.number}: Answer to the complaint"
    assert "so it moves and ends on Monday 28 December 2026 (KC art. 115)" in page.reasoning.text()
    assert "does not say that sending the answer is enough" in page.doubt.text()
    page.due.go_to(shop.deadline(post, "PL-CMP-ANSWER").id)
    assert "send the letter by Wednesday 23 Dec 2026" in page.reasoning.text()
    clock.set("2026-12-20")
    page.turn_day()
    assert ("3 days left to post it",) in words(page.due, "left")


def test_what_doing_nothing_costs_is_said_loudly(at_desk: Front, clock: Clock) -> None:
    shop, page = at_desk.shop, at_desk.page("today")
    assert not page.silence_card.isVisible()
    for claimed in ("500", "440.50", "299.50"):
        complaint(shop, clock, claimed=Decimal(claimed))
    assert page.silence.text() == "If you do nothing by Monday 28 Dec 2026, you owe PLN\u00a01,240.00 in 3 cases."
    i18n.use("pl")
    page.refresh()
    assert page.silence.text() == "Jeśli nic nie zrobisz do poniedziałku 28.12.2026, sklep będzie winien 1\u00a0240,00\u00a0zł w 3 sprawach."
    i18n.use("en")
    page.refresh()
    assert not page.accepted.isVisible()
    clock.set("2026-12-29")
    page.turn_day()
    assert page.accepted.text() == "3 unanswered complaints count as accepted by silence."
    assert not page.silence.isVisible()


def test_enter_opens_the_case_and_d_does_its_next_step(at_desk: Front, clock: Clock) -> None:
    shop, page = at_desk.shop, at_desk.page("today")
    case = complaint(shop, clock)
    page.due.setFocus()
    press(Qt.Key.Key_Return)
    assert at_desk.window.page_name() == "cases"
    assert at_desk.page("cases").panel.case.id == case.id
    page = at_desk.page("today")
    page.due.setFocus()
    at_desk.dialogs.will(lambda dialog: dialog.reject())
    press(Qt.Key.Key_D)
    assert at_desk.dialogs.seen == ["Decide"]
    assert at_desk.page("cases").panel.case.id == case.id


def test_s_puts_off_with_a_reason_never_past_the_law_and_takes_up_again(at_desk: Front, clock: Clock) -> None:
    shop, page = at_desk.shop, at_desk.page("today")
    case = complaint(shop, clock)
    page.due.setFocus()

    def put_off(dialog: Any) -> None:
        assert "28 Dec 2026" in labels(dialog)
        dialog.save()
        assert "Choose the day" in dialog.form.rows["snoozed_until"].problem
        assert dialog.form.height() >= dialog.form.heightForWidth(dialog.form.width()), "the sentence takes its room from no field"
        dialog.form.editors["snoozed_until"].set_value(day("2026-12-29"))
        dialog.form.editors["snooze_reason"].input.setFocus()
        write("I wait for the expert.")
        dialog.save()
        assert dialog.result() == 0, "it can't be past the law"
        dialog.form.editors["snoozed_until"].set_value(day("2026-12-14"))
        dialog.save()

    at_desk.dialogs.will(put_off)
    press(Qt.Key.Key_S)
    assert shop.deadline(case, "PL-CMP-ANSWER").snooze_reason == "I wait for the expert."
    assert page.due.table_model.total == 0
    assert page.put_off_link.text() == "1 put off"
    page.put_off_link.click()
    assert words(page.due, "snoozed_until", "snooze_reason", "case") == [("14 Dec 2026", "I wait for the expert.", case.number)]
    page.due.setFocus()
    press(Qt.Key.Key_S)
    assert shop.deadline(case, "PL-CMP-ANSWER").snoozed_until is None
    assert page.due.table_model.total == 1
    assert not page.put_off_link.isVisible()
    at_desk.window.undo()
    assert shop.deadline(case, "PL-CMP-ANSWER").snoozed_until == day("2026-12-14")


def test_a_problem_has_room_and_is_typed_over(at_desk: Front, clock: Clock) -> None:
    complaint(at_desk.shop, clock)
    at_desk.page("today").due.setFocus()

    def put_off(dialog: Any) -> None:
        write("t")
        press(Qt.Key.Key_Return)
        rows = dialog.form.rows
        assert rows["snoozed_until"].problem == "Choose a later day than today." or rows["snooze_reason"].problem
        rows["snooze_reason"].editor.set_value("The customer is away.")
        press(Qt.Key.Key_Return)
        assert rows["snoozed_until"].problem == "Choose a later day than today."
        last = rows["snooze_reason"]
        assert last.mapTo(dialog.form, last.rect().bottomLeft()).y() <= dialog.form.height(), "the reason is cut off"
        write("+")  # what is wrong is selected, so a day later
        press(Qt.Key.Key_Return)

    at_desk.dialogs.will(put_off)
    press(Qt.Key.Key_S)
    (found,) = [one for one in at_desk.shop.register.records(Query(Deadline)) if one.rule == "PL-CMP-ANSWER"]
    assert found.snoozed_until == day("2026-12-11")


def test_a_last_day_that_passed_is_not_asked_about(at_desk: Front, clock: Clock) -> None:
    page = at_desk.page("today")
    complaint(at_desk.shop, clock, received_at=clock() - timedelta(days=20))
    page.due.setFocus()
    press(Qt.Key.Key_S)
    assert at_desk.asker.warning() == "The last day, 4 Dec 2026, has passed; it can't be put off any more. The next step is what helps."
    assert at_desk.dialogs.seen == []


def test_what_is_put_off_leaves_the_list_at_its_place(at_desk: Front, clock: Clock) -> None:
    shop, page = at_desk.shop, at_desk.page("today")
    cases = [complaint(shop, clock, received_at=clock() - timedelta(days=ago)) for ago in (5, 4, 3, 2)]
    page.due.setFocus()
    press(Qt.Key.Key_Down, Qt.Key.Key_Down)
    here = shop.deadline(cases[2], "PL-CMP-ANSWER")
    assert page.due.current_id == here.id
    shop.puts_off(here, day("2026-12-15"), "The customer is away.")
    assert page.due.current_id == shop.deadline(cases[3], "PL-CMP-ANSWER").id
    assert page.due.selected_ids() == [page.due.current_id]


def test_refunds_withheld_money_suppliers_and_what_is_to_be_closed_have_their_lists(at_desk: Front, clock: Clock) -> None:
    shop, page = at_desk.shop, at_desk.page("today")
    due = withdrawal(shop, clock, collection_offered=True)
    held = withdrawal(shop, clock, collection_offered=False)
    answered = complaint(shop, clock)
    shop.decides(answered, refund=Decimal("10.00"), refund_method=RefundMethod.SAME)
    shop.sends(answered, DocumentKind.ANSWER_ACCEPTED, "E-mail", clock())
    asked = complaint(shop, clock)
    supplier = shop.add(Supplier(name="Buty S.A."))

    def claim(tx: Transaction) -> None:
        tx.add(SupplierClaim(case=asked.id, supplier=supplier, sent_on=day("2026-12-10"), reply_by=day("2026-12-17")))
        deadlines.refresh(tx, asked.id)

    shop.do("Claim", claim)
    shown = {}
    for at in (today_page.REFUNDS, today_page.WITHHELD, today_page.CLOSING, today_page.SUPPLIERS):
        assert tab(page, at).endswith("(1)")
        page.tabs.setCurrentIndex(at)
        view = page.lists.currentWidget()
        shown[at] = words(view, "case" if view is page.due else "number", "what" if view is page.due else "next")
    assert shown == {
        today_page.REFUNDS: [(due.number, "Money back after withdrawal")],
        today_page.WITHHELD: [(held.number, "Money back after withdrawal")],
        today_page.CLOSING: [(answered.number, "Carry it out, then close")],
        today_page.SUPPLIERS: [(asked.number, "Reply of the supplier")],
    }
    shop.edits(due, refund=Decimal("149.00"), refund_method=RefundMethod.SAME)
    page.tabs.setCurrentIndex(today_page.REFUNDS)
    assert words(page.due, "case", "stake") == [(due.number, "PLN\u00a0149.00")], "how much goes back is seen where it is asked for"
    page.tabs.setCurrentIndex(today_page.WITHHELD)
    assert words(page.due, "left") == [("may wait for the goods",)]
    assert "the shop may withhold the money" in page.reasoning.text()
    page.tabs.setCurrentIndex(today_page.UNANSWERED)
    assert len(words(page.cases, "number")) == 3


def test_a_complaint_without_a_day_in_law_does_not_vanish(at_desk: Front, clock: Clock) -> None:
    shop, page = at_desk.shop, at_desk.page("today")
    firm = complaint(shop, clock, buyer_type=BuyerType.BUSINESS)
    assert tab(page, today_page.DUE) == "Due (0)"
    assert tab(page, today_page.UNANSWERED) == "Unanswered (1)"
    page.tabs.setCurrentIndex(today_page.UNANSWERED)
    assert words(page.cases, "number") == [(firm.number,)]


def test_waiting_for_information_near_the_end_is_no_advice(at_desk: Front, clock: Clock) -> None:
    shop, page = at_desk.shop, at_desk.page("today")
    case = complaint(shop, clock)
    shop.steps(case, Step.ASK)
    assert words(page.due, "next") == [("Wait for the customer's information",)]
    clock.set("2026-12-26")
    page.turn_day()
    assert words(page.due, "next") == [("Answer: waiting stops no clock",)]


def test_a_posted_answer_waits_for_its_arrival(at_desk: Front, clock: Clock) -> None:
    shop, page = at_desk.shop, at_desk.page("today")
    case = complaint(shop, clock)
    shop.decides(case, Decision.REJECTED)
    shop.sends(case, DocumentKind.ANSWER_REJECTED, "Post", clock())
    assert shop.case(case).state is CaseState.ANSWERED
    assert words(page.due, "next") == [("Note when the letter arrived",)]


def test_when_all_is_done_today_is_empty(at_desk: Front, clock: Clock) -> None:
    shop, page = at_desk.shop, at_desk.page("today")
    case = complaint(shop, clock)
    shop.steps(case, Step.WITHDRAW)
    assert page.stack.currentWidget() is page.nothing
    assert "Nothing waits. Well done." in labels(page.nothing)


def test_the_calendar_is_saved_where_the_user_says(at_desk: Front, clock: Clock, tmp_path: Path) -> None:
    page = at_desk.page("today")
    complaint(at_desk.shop, clock)
    at_desk.asker.will("choose_file_to_save", tmp_path / "terms.ics").will("choose_file_to_save", None)
    page.calendar_button.click()
    assert (tmp_path / "terms.ics").read_bytes().startswith(b"BEGIN:VCALENDAR")
    assert at_desk.said == "1 day was saved as terms.ics. Open it with your calendar."
    at_desk.choose("Save deadlines for your calendar")


# -- the turn of the day


def test_the_day_turns_while_the_window_is_open(at_desk: Front, clock: Clock) -> None:
    shop, window = at_desk.shop, at_desk.window
    case, other = complaint(shop, clock), complaint(shop, clock)
    page = at_desk.page("today")
    window.daybreak.begin()
    assert 0 < window.daybreak._next.interval() <= 15 * 60 * 1000
    clock.set("2026-12-28 23:59")
    window.daybreak.look()
    assert words(page.due, "left") == [("today",), ("today",)]
    assert 0 < window.daybreak._next.interval() <= 61_000, "midnight is near"
    clock.set("2026-12-29 00:00")
    window.daybreak.look()
    assert at_desk.said == "2 complaints count as accepted by silence since 29 Dec 2026."
    assert words(page.due, "left") == [("overdue since today",), ("overdue since today",)]
    assert shop.case(case).deemed_accepted_on == shop.case(other).deemed_accepted_on == day("2026-12-29")
    at_desk.window.go("customers")
    window.toast.button.click()
    assert window.page_name() == "today"


def test_after_sleep_the_program_asks_what_day_it_is(at_desk: Front, clock: Clock) -> None:
    case = complaint(at_desk.shop, clock)
    at_desk.window.daybreak.begin()
    clock.set("2027-01-15")
    app = QGuiApplication.instance()
    assert isinstance(app, QGuiApplication)
    app.applicationStateChanged.emit(Qt.ApplicationState.ApplicationActive)
    assert at_desk.shop.case(case).deemed_accepted_on == day("2026-12-29")


def test_an_older_register_gets_its_deadlines_once_the_window_is_there(at_desk: Front, clock: Clock) -> None:
    shop = at_desk.shop
    page = at_desk.page("today")
    shop.register.do("Older", lambda tx: tx.add(Case(number="R/2026/91", received_at=clock(), description="It broke.")))
    assert shop.register.count(Query(Deadline)) == 0
    at_desk.window.daybreak.catch_up()
    assert words(page.due, "case", "left") == [("R/2026/91", "18 days left")]
    assert "Work out the deadlines" in at_desk.said


def test_a_register_that_is_only_read_shows_the_day_and_stays_as_it_is(shop: Shop, clock: Clock, look: Any) -> None:
    case = complaint(shop, clock, claimed=Decimal("100"))
    clock.set("2026-12-30")
    shop.register.close()
    register = open_register(shop.path, program="tests", read_only=True)
    asker = ScriptedAsker()
    window = MainWindow(Desk(register, asker, Jobs(asker, synchronous=True)), Opener())
    window.show()
    page = window.go("today")
    assert isinstance(page, today_page.TodayPage)
    window.daybreak.catch_up()
    assert words(page.due, "left", "case") == [("overdue since Tuesday", case.number)]
    assert page.accepted.text() == "1 unanswered complaint counts as accepted by silence."
    assert not page.put_off_button.isEnabled()
    window.open_record(Case, case.id)
    panel = window.go("cases").panel  # type: ignore[union-attr]
    assert "Accepted by silence since 29 Dec 2026" in panel.silence.text()
    assert register.get(Case, case.id).deemed_accepted_on is None
    window.leave()
    register.close()
    shop.reopens()


def test_a_catch_up_that_is_cancelled_shows_what_was_done(at_desk: Front, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    shop, page = at_desk.shop, at_desk.page("today")
    shop.register.do("Older", lambda tx: tx.add(Case(number="R/2026/91", received_at=clock(), description="It broke.")))

    def half(register: Any, _progress: Any) -> None:
        deadlines.catch_up(register)
        raise Cancelled

    monkeypatch.setattr(daybreak, "catch_up", half)
    Daybreak(at_desk.desk, at_desk.window._turn_day, lambda _said: None, lambda _made: None, at_desk.window).catch_up()
    assert words(page.due, "case") == [("R/2026/91",)]


# -- the case


def test_the_head_of_a_case_tells_its_nearest_day(at_desk: Front, clock: Clock) -> None:
    shop = at_desk.shop
    case = complaint(shop, clock)
    at_desk.window.open_record(Case, case.id)
    panel = at_desk.page("cases").panel
    assert panel.waiting.word == "18 days left"
    assert not panel.silence.isVisible()
    shop.edits(case, marketplace_due=day("2026-12-11"))
    assert panel.waiting.word == "tomorrow"
    clock.set("2026-12-29")
    at_desk.window.daybreak.look()
    assert "Accepted by silence since 29 Dec 2026" in panel.silence.text()
    assert panel.silence.isVisible()


def test_the_deadlines_of_a_case_are_told_with_reason_doubt_and_source(at_desk: Front, clock: Clock) -> None:
    shop = at_desk.shop
    case = complaint(shop, clock, delivered_on=day("2026-11-05"))
    at_desk.window.open_record(Case, case.id)
    panel = at_desk.page("cases").panel
    panel.tabs.setCurrentWidget(panel.deadlines)
    said = labels(panel.deadlines)
    for part in (
        "Answer to the complaint",
        "Counted from 10 Dec 2026; by the count until 24 Dec 2026, in law until 28 Dec 2026.",
        "KC art. 115",
        "Without an answer by then the complaint counts as accepted from the next day.",
        "Doubtful: The text does not say",
        "Read in the text of the law. Source: Ustawa",
        "The shop answers for defects that show until",
        "Rules of Poland as of 22 Nov 2026",
    ):
        assert part in said, part
    i18n.use("pl")
    panel.deadlines.refresh()
    said = labels(panel.deadlines)
    assert "w poniedziałek 28 grudnia 2026" in said
    assert "art. 115 KC" in said
    i18n.use("en")


def test_complaints_accepted_by_silence_are_a_view(at_desk: Front, clock: Clock) -> None:
    shop = at_desk.shop
    case = complaint(shop, clock)
    clock.set("2026-12-29")
    complaint(shop, clock)
    at_desk.window.daybreak.look()
    page = at_desk.page("cases")
    next(act for act in page.listing.views_menu().actions() if act.text() == "Accepted by silence").trigger()
    assert words(page.listing.table, "number") == [(case.number,)]
