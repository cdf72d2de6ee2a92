"""Looking back in the window: checklists that come round, quarter-hour quality by keys, the management review on its tab."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QHelpEvent
from PySide6.QtWidgets import QApplication, QPushButton, QToolTip

from qmdesk.operations import review_reading
from qmdesk.records.audit import Audit, AuditState, PlannedAudit, Rhythm
from qmdesk.records.improvement import Action, ActionState, Review, ReviewKind, Topic
from qmdesk.records.party import Person
from qmdesk.schema.query import Query
from tests.clock import WARSAW, Clock, clock
from tests.ui.front import Dialogs, Front, dialogs, front, look, press, shop, write
from ui.dialogs.paper import PaperDialog
from ui.dialogs.weekly_review import WeeklyReview
from ui.forms.dialog import RecordDialog

__all__ = ["Dialogs", "clock", "dialogs", "front", "look", "shop"]
Key = Qt.Key


def furnished(front: Front) -> PlannedAudit:
    """Two old cases, an action to be checked, a checklist of every week that is due."""
    for n in (3, 12):
        front.shop.complains(f"Complaint {n}", received_at=datetime(2026, 11, n, 9, 0, tzinfo=WARSAW))
    done = {"plan": "Boxes", "owner": front.shop.add(Person(name="Anna")), "criterion": "No broken mug", "done_on": date(2026, 10, 1), "verify_on": date(2026, 11, 30)}
    front.shop.add(Action(number="N/2025/0009", name="Double wall boxes", opened_on=date(2026, 9, 1), state=ActionState.DONE, **done))
    return weekly_list(front)


def weekly_list(front: Front, **values: Any) -> PlannedAudit:
    checklist = front.shop.checklist(questions=({"wording": "So?"},))
    return front.shop.plans(checklist, **{"place": "Storeroom", "rhythm": Rhythm.WEEKLY, "first_on": date(2026, 11, 12), **values})


def run_well(_window: Any) -> None:
    """Answer the one question of a run and finish it."""
    press(Key.Key_1)
    press(Key.Key_F10)


# ------------------------------------------------------------------------------------ checklists that come round


def test_what_is_due_today_is_begun_by_one_click(clock: Clock, front: Front) -> None:
    plan = weekly_list(front)
    today = front.page("today")
    card = today.routine
    assert [button.text() for button in card.begin_buttons if button.isVisible()] == ["Start: Packing · Storeroom (today)"]

    front.dialogs.will(run_well, lambda finish: finish.finish_button.click())
    card.begin_buttons[0].click()
    (audit,) = front.shop.register.records(Query(Audit))
    assert (audit.plan, audit.planned_for, audit.state) == (plan.id, date(2026, 12, 10), AuditState.FINISHED)
    page = front.window.go("audits")
    page.tabs.setCurrentWidget(page.rounds)
    assert page.rounds.model.index(0, 3).data() == "1 of 5 done, 20\u00a0% · 4 not done"
    front.page("today")
    assert not card.begin_buttons[0].isVisible()


def test_strips_tell_how_lists_were_kept_and_begin_what_waits(clock: Clock, front: Front) -> None:
    page = front.page("audits")
    panel = page.rounds
    page.tabs.setCurrentWidget(panel)
    front.shop.checklist()
    assert panel.stack.currentWidget() is panel.nothing

    def plan(dialog: RecordDialog) -> None:
        dialog.form.editors["checklist"].set_value(1)
        assert dialog.form.editors["rhythm"].value() is Rhythm.DAILY
        dialog.save_button.click()

    front.dialogs.will(plan)
    panel.nothing.button.click()
    assert [panel.model.index(0, column).data() for column in range(4)] == ["Packing", "Daily, last 4 weeks", "10 Dec 2026 · Waits", "not due yet"]
    clock.set("2026-12-12")
    page.turn_day()
    assert panel.model.index(0, 2).data() == "10 Dec 2026 · Not done; 11 Dec 2026 · Not done; 12 Dec 2026 · Waits"
    assert panel.summary.text() == "1 waits now · 2 not done"
    panel.table.setFocus()
    front.dialogs.will(lambda run: press(Key.Key_Escape))
    press(Key.Key_S)
    assert panel.model.index(0, 2).data().endswith("12 Dec 2026 · In progress · A/2026/0001")
    assert panel.start_button.text() == "Go on (S)"
    front.dialogs.will(lambda run: press(Key.Key_Escape))
    press(Key.Key_Return)
    assert front.shop.register.count(Query(Audit)) == 1, "the run goes on, no other begins"


def test_a_square_tells_of_itself(clock: Clock, front: Front) -> None:
    weekly_list(front)
    page = front.page("audits")
    page.tabs.setCurrentWidget(page.rounds)
    table = page.rounds.table
    QApplication.processEvents()
    rect = table.visualRect(page.rounds.model.index(0, 2))
    at = QPoint(rect.left() + 10, rect.center().y())
    event = QHelpEvent(QHelpEvent.Type.ToolTip, at, table.viewport().mapToGlobal(at))
    QApplication.sendEvent(table.viewport(), event)
    assert QToolTip.text() == "12 Nov 2026 · Not done"
    QToolTip.hideText()


# --------------------------------------------------------------------------------------------- quarter-hour quality


def test_a_weekly_review_is_held_by_keys_alone_and_ends_as_a_page(clock: Clock, front: Front) -> None:
    furnished(front)
    front.page("today")
    assert front.window._shown["today"].routine.weekly_button.text() == "Quarter-hour quality"

    def hold(dialog: WeeklyReview) -> None:
        assert [one.topic for one in dialog.points] == [Topic.CASE, Topic.CASE, Topic.ALERT, Topic.VERIFICATION, Topic.CHECKLIST]
        press(Key.Key_Return)
        assert dialog.hint.text() == "Write what is decided, if only that nothing is to be done."
        write("Answer it today.")
        press(Key.Key_F8)
        assert dialog.action_button.text() == "Action N/2026/0001"
        press(Key.Key_Return)
        press(Key.Key_1, held=Qt.KeyboardModifier.AltModifier)
        assert dialog.decision.text() == "It is answered today."
        press(Key.Key_PageUp)
        assert dialog.decision.text() == "Answer it today."
        press(Key.Key_PageDown, Key.Key_PageDown)
        for _point in range(2):
            press(Key.Key_2, held=Qt.KeyboardModifier.AltModifier)
            press(Key.Key_Return)
        front.dialogs.will(run_well, lambda finish: finish.finish_button.click())
        press(Key.Key_F4)
        assert dialog.decision.text() == "Done: A/2026/0001, passed."
        front.dialogs.will(lambda paper: seen.append(paper.paper.content.facts))
        press(Key.Key_Return)
        assert dialog.said.text() == "Everything is decided. Finish, and it becomes a page to keep."
        dialog.participants.setText("Anna")
        press(Key.Key_F10)

    seen: list[Any] = []
    front.dialogs.will(hold)
    front.choose("Quarter-hour quality")
    (facts,) = seen
    assert [row["decision"] for row in facts["points"]["rows"]] == [
        "Answer it today.", "It is answered today.", "It is known, and an action runs.", "Checked: it did not help; begin again.", "Done: A/2026/0001, passed.",
    ]  # fmt: skip
    (review,) = front.shop.register.records(Query(Review))
    assert (review.number, review.participants, review.finished_at is not None) == ("K/2026/0001", "Anna", True)
    assert not front.window._shown["today"].routine.weekly_button.isVisible()


def test_it_is_put_off_in_the_middle_and_gone_on_with_from_today(clock: Clock, front: Front) -> None:
    furnished(front)
    button = front.page("today").routine.weekly_button

    def begin(dialog: WeeklyReview) -> None:
        write("Wait.")
        press(Key.Key_Escape)

    front.dialogs.will(begin)
    button.click()
    assert button.text() == "Go on with quarter-hour quality (1 of 5)"

    def go_on(dialog: WeeklyReview) -> None:
        assert dialog.at == 1, "at the first that has no decision"
        press(Key.Key_F10)
        assert dialog.hint.text() == "This point has no decision yet; write one, if only that nothing is to be done."
        assert dialog.points[0].decision == "Wait.", "coming back takes nothing away"
        press(Key.Key_F4)

    front.dialogs.will(go_on)
    button.click()
    assert front.window.page_name() == "cases"
    assert front.window._shown["cases"].panel.case.number == "R/2026/0002", "F4 leads to the case; the review waits"
    assert front.shop.register.count(Query(Review)) == 1


def test_a_quiet_week_is_finished_at_once(clock: Clock, front: Front) -> None:
    def hold(dialog: WeeklyReview) -> None:
        assert dialog.said.text() == "Nothing waits. Well done."
        front.dialogs.will(lambda paper: None)
        press(Key.Key_F10)

    page = front.page("improvement").turn_to(Review)
    assert page.beside.currentWidget() is page.nothing
    front.dialogs.will(hold)
    page.nothing.button.click()
    assert page.number.text() == "K/2026/0001"
    assert page.state.word == "Finished"


# ------------------------------------------------------------------------------------------------ management review


def begin_management(front: Front) -> Any:
    page = front.page("improvement").turn_to(Review)

    def ask(dialog: RecordDialog) -> None:
        assert dialog.form.editors["until"].value() == date(2026, 12, 10)
        dialog.form.editors["since"].set_value(date(2026, 11, 1))
        dialog.save_button.click()

    front.dialogs.will(ask)
    page.management_button.click()
    return page


def buttons(widget: Any) -> dict[str, QPushButton]:
    QApplication.processEvents()  # what was drawn anew is laid out
    return {button.text(): button for button in reversed(widget.findChildren(QPushButton)) if button.isVisible()}


def test_a_management_review_is_written_decided_and_printed(clock: Clock, front: Front) -> None:
    furnished(front)
    page = begin_management(front)
    part = page.management
    assert page.about.text() == "Management review · 10 Dec 2026 · 1 Nov 2026 – 10 Dec 2026"
    part.topics.setCurrentRow(2)
    assert part.facts.toPlainText().startswith("Complaints and guarantee claims: 2 (the period before: 0)")
    part.facts.setPlainText("Two complaints.")
    part.facts.setFocus()
    press(Key.Key_PageDown)
    assert part.topic is Topic.GOALS
    press(Key.Key_PageUp)
    assert part.facts.toPlainText() == "Two complaints."
    part.decision.setFocus()
    write("Train the warehouse")
    press(Key.Key_Return)
    write("Buy stronger boxes")
    press(Key.Key_Return)
    assert part.topics.item(2).text() == "Complaints and returns (2)"
    buttons(part)["Make it an action"].click()
    assert "Action N/2026/0001" in buttons(part)
    action = max(front.shop.register.records(Query(Action)), key=lambda one: one.id)
    assert action.name == "Train the warehouse"
    part.topics.setCurrentRow(part.topics.count() - 1)
    part.conclusion.setFocus()
    write("All in all well.")
    papers: list[Any] = []
    front.dialogs.will(lambda paper: papers.append(paper))
    part.finish_button.click()
    review = front.shop.get(Review, page.review.id)
    assert (review.conclusion, review.finished_at is not None) == ("All in all well.", True)
    assert isinstance(papers[0], PaperDialog)
    told = {one["title"]: one for one in papers[0].paper.content.facts["topics"]}
    assert told["Complaints and returns"]["facts"] == ["Two complaints."]
    assert [one["text"] for one in told["Complaints and returns"]["decisions"]] == ["Train the warehouse", "Buy stronger boxes"]
    part.topics.setCurrentRow(2)
    assert part.facts.isReadOnly()
    page.reopen_button.click()
    assert not part.facts.isReadOnly()


def test_a_decision_is_changed_and_removed_and_the_facts_gathered_again(clock: Clock, front: Front) -> None:
    page = begin_management(front)
    part = page.management
    part.topics.setCurrentRow(2)
    front.shop.adds_decision(page.review, Topic.COMPLAINTS, "Wait")
    (point,) = [one for one in front.shop.points(page.review) if one.decision]
    front.asker.will("ask_text", "Act")
    part.change(point)
    assert [one.decision for one in front.shop.points(page.review) if one.decision] == ["Act"]
    part.remove(point.id)
    assert [one.decision for one in front.shop.points(page.review) if one.decision] == []
    front.shop.complains(received_at=datetime(2026, 11, 5, 9, 0, tzinfo=WARSAW))
    part.gather_button.click()
    assert part.facts.toPlainText().startswith("Complaints and guarantee claims: 1")


def test_what_is_typed_is_kept_when_another_review_or_page_is_shown(clock: Clock, front: Front) -> None:
    weekly = front.shop.begins_weekly()
    page = begin_management(front)
    review = page.review
    page.management.topics.setCurrentRow(1)
    page.management.facts.setFocus()
    write("A new law.")
    page.open(Review, weekly.id)
    assert front.shop.topic(review, Topic.CHANGES).facts == "A new law."
    page.open(Review, review.id)
    page.management.topics.setCurrentRow(1)
    page.management.decision.setFocus()
    write("Read it.")
    front.page("today")
    assert front.shop.topic(review, Topic.CHANGES).decision == "Read it."
    assert review_reading.unfinished(front.shop.register, ReviewKind.MANAGEMENT) is not None


def test_a_second_management_review_leads_to_the_one_that_goes_on(clock: Clock, front: Front) -> None:
    page = begin_management(front)
    first = page.review.id
    front.shop.begins_weekly()
    page.management_button.click()
    assert page.review.id == first


def test_a_review_taken_back_leaves_the_tab_whole(clock: Clock, front: Front) -> None:
    page = begin_management(front)
    front.window.undo()
    assert page.review is None
    assert page.beside.currentWidget() is page.nothing
