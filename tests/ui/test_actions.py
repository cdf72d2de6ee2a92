"""The tab of actions with keys and buttons: begun, led on step by step, its tasks and files, judged and opened again."""

from __future__ import annotations

from PySide6.QtCore import Qt

from qmdesk.operations import action_reading
from qmdesk.records.action_steps import ActionStep
from qmdesk.records.improvement import Action, ActionKind, ActionState
from qmdesk.schema.query import Query
from tests.clock import Clock, clock
from tests.shop import Shop, day
from tests.shop_audits import photo
from tests.ui.front import Dialogs, Front, dialogs, front, look, press, shop, write
from ui.dialogs.action_step import ActionStepDialog
from ui.forms.dialog import RecordDialog
from ui.panels.actions import BOARD, LIST, TIMELINE, ActionsPanel

__all__ = ["clock", "dialogs", "front", "look", "shop"]


def tab(front: Front) -> ActionsPanel:
    """The tab of actions."""
    return front.page("improvement").turn_to(Action)


def fill(dialog: ActionStepDialog | RecordDialog, **values: object) -> None:
    """Fill fields of a dialog in."""
    for name, value in values.items():
        dialog.form.editors[name].set_value(value)


def do(step: ActionStep, **values: object):  # type: ignore[no-untyped-def]
    """A driver that fills a step in and does it."""

    def drive(dialog: ActionStepDialog) -> None:
        fill(dialog, **values)
        dialog.do(step)
        assert dialog.result(), dialog.notice.text or [row.problem for row in dialog.form.rows.values()]

    return drive


def test_an_action_is_begun_and_led_to_its_verdict(front: Front, dialogs: Dialogs, clock: Clock) -> None:
    jan, anna = front.shop.person("Jan Kos"), front.shop.person("Anna Wróbel")
    page = tab(front)

    def begin(dialog: RecordDialog) -> None:
        fill(dialog, name="Parcels come back", owner=jan)
        dialog.save_button.click()

    dialogs.will(begin)
    page.new_button.click()
    panel = page.panel
    assert panel.action is not None
    assert (panel.number.text(), panel.main_button.text(), panel.state.word) == ("N/2026/0001", "Contain it…", "Just begun")
    dialogs.will(
        do(ActionStep.CONTAIN, containment="Weigh all of today's parcels"),
        do(ActionStep.ANALYSE, cause_text="Nobody knows the limit"),
        do(ActionStep.PLAN, plan="Put a scale on the desk", due_on=day("2026-12-20"), criterion="No parcel comes back in 60 days", waiting_days=60),
        do(ActionStep.CARRY_OUT),
    )
    for words in ("Contain it…", "Name the cause…", "Plan it…", "It was carried out…"):
        assert panel.main_button.text() == words
        panel.main_button.click()
    assert not panel.main_button.isVisible()
    assert panel.next.text() == "It is too early to say that it helped: wait until 8 Feb 2027."
    assert panel.days.word == "check on 8 Feb 2027"
    assert not panel.facts.form.editors["team"].input.isReadOnly()
    clock.set("2027-02-08")
    front.window._turn_day()
    page.refresh()
    assert panel.main_button.text() == "Check whether it helped…"

    def judge(dialog: ActionStepDialog) -> None:
        dialog.buttons[ActionStep.INEFFECTIVE].click()
        assert dialog.form.rows["verified_by"].problem == "Say who checked it: a verdict has a name."
        fill(dialog, verified_by=anna, verdict_reasons="4 parcels came back")
        dialog.buttons[ActionStep.INEFFECTIVE].click()

    dialogs.will(judge)
    panel.main_button.click()
    assert panel.number.text() == "N/2027/0001"
    assert panel.before.text() == "Opened again after N/2026/0001"
    panel.before.click()
    assert (panel.number.text(), panel.state.word, panel.after.text()) == ("N/2026/0001", "Not effective", "Goes on in N/2027/0001")
    assert "Checked on 8 Feb 2027 by Anna Wróbel: not effective." in panel.facts.settled.text()


def test_a_verdict_that_is_too_early_can_only_be_no(front: Front, dialogs: Dialogs, clock: Clock) -> None:
    action = front.shop.begins_action()
    front.shop.plans_action(action)
    front.shop.carries_out(action)
    page = tab(front)
    page.open(Action, action.id)
    offered = {act.text(): act for act in page.panel.steps_menu().actions()}
    assert offered["It helped – It is too early to say that it helped: wait until 8 Feb 2027."].isEnabled() is False

    def look_on(dialog: ActionStepDialog) -> None:
        assert not dialog.buttons[ActionStep.EFFECTIVE].isEnabled()
        assert dialog.buttons[ActionStep.INEFFECTIVE].isEnabled()

    dialogs.will(look_on)
    offered["It did not help…"].trigger()


def test_tasks_are_written_and_ticked_off_with_keys(front: Front, clock: Clock) -> None:
    action = front.shop.begins_action()
    page = tab(front)
    page.open(Action, action.id)
    page.panel.tabs.setCurrentWidget(page.panel.tasks)
    page.panel.tasks.what.setFocus()
    write("Kup wagę")
    press(Qt.Key.Key_Return)
    write("Zawieś zasadę")
    press(Qt.Key.Key_Return)
    assert [task.what for task in front.shop.tasks(action)] == ["Kup wagę", "Zawieś zasadę"]
    assert page.panel.tabs.tabText(1) == "Tasks (2)"
    page.panel.tasks.table.setFocus()
    page.panel.tasks.table.go_to(front.shop.tasks(action)[0].id)
    press(Qt.Key.Key_Space)
    assert [task.done_on for task in front.shop.tasks(action)] == [day("2026-12-10"), None]
    press(Qt.Key.Key_Space, Qt.Key.Key_Delete)
    assert [(task.what, task.done_on) for task in front.shop.tasks(action)] == [("Zawieś zasadę", None)]


def test_evidence_is_kept_with_the_action(front: Front) -> None:
    action = front.shop.begins_action()
    page = tab(front)
    page.open(Action, action.id)
    page.panel.tabs.setCurrentWidget(page.panel.files)
    page.panel.files.strip.add([("scale.jpg", photo())])
    assert [one.name for one in action_reading.evidence_of(front.shop.register, action)] == ["scale.jpg"]


def test_an_action_that_is_over_can_only_get_its_lessons(front: Front) -> None:
    action = front.shop.begins_action()
    front.shop.acts(action, ActionStep.DROP, dropped_because="Not sold any more")
    page = tab(front)
    page.open(Action, action.id)
    form = page.panel.facts.form
    assert "Dropped: Not sold any more" in page.panel.facts.settled.text()
    assert form.editors["plan"].input.isReadOnly()
    assert not form.editors["recognition"].input.isReadOnly()
    assert [act.text() for act in page.panel.steps_menu().actions() if act.isEnabled()] == ["It came back…"]
    page.panel.do(ActionStep.REOPEN)
    assert page.panel.number.text().endswith("/0002")
    assert page.panel.action is not None
    assert page.panel.action.state is ActionState.OPEN


def test_an_empty_tab_says_what_to_do_first(front: Front, dialogs: Dialogs, shop: Shop) -> None:
    page = tab(front)
    assert page.listing.empty_state.isVisibleTo(page)
    dialogs.will(lambda dialog: (fill(dialog, name="Labels come off"), dialog.save_button.click()))
    page.listing.empty_state.chosen.emit()
    assert shop.register.count(Query(Action)) == 1


# -- the board and the line of time


def cards(page: ActionsPanel) -> list[list[str]]:
    """What the columns of the board show."""
    return [[column.item(row).text() for row in range(column.count())] for column in page.board.columns]


def test_the_board_leads_an_action_from_column_to_column_with_keys(front: Front, dialogs: Dialogs, clock: Clock) -> None:
    begun, other = front.shop.begins_action("Parcels come back"), front.shop.begins_action("Labels come off", kind=ActionKind.IMPROVEMENT)
    front.shop.plans_action(other, due_on=day("2026-12-09"))
    task = front.shop.adds_task(other, "Buy labels")
    page = tab(front)
    page.ways.setCurrentIndex(BOARD)
    assert cards(page) == [["Parcels come back"], ["Labels come off"], [], []]
    page.board.go_to(begun.id)
    page.board.columns[0].setFocus()
    dialogs.will(
        do(ActionStep.CONTAIN, containment="Weigh all of today's parcels"),
        do(ActionStep.ANALYSE, cause_text="Nobody knows the limit"),
        do(ActionStep.PLAN, plan="Put a scale on the desk", owner=front.shop.person("Jan Kos"), due_on=day("2026-12-20"), criterion="No parcel in 60 days"),
    )
    press(Qt.Key.Key_Right, held=Qt.KeyboardModifier.ControlModifier)
    assert cards(page) == [[], ["Labels come off", "Parcels come back"], [], []]
    assert page.board.current_id == begun.id
    dialogs.will(do(ActionStep.CARRY_OUT))
    press(Qt.Key.Key_D)
    assert cards(page) == [[], ["Labels come off"], ["Parcels come back"], []]
    press(Qt.Key.Key_Left, held=Qt.KeyboardModifier.ControlModifier)
    assert front.asker.asked[-1].text.startswith("An action does not go back.")
    assert cards(page)[2] == ["Parcels come back"], "no way back"
    press(Qt.Key.Key_Left)
    assert page.board.current_id == other.id
    press(Qt.Key.Key_Right, held=Qt.KeyboardModifier.ControlModifier)
    assert front.asker.asked[-1].text == f"{other.number}: 1 task is not done yet."
    assert front.shop.action(other).state is ActionState.PLANNED
    front.shop.ticks_off(task)
    press(Qt.Key.Key_Return)
    assert page.ways.currentIndex() == LIST
    assert page.panel.action is not None
    assert page.panel.action.id == other.id


def test_a_card_is_dragged_to_the_next_column(front: Front, dialogs: Dialogs, clock: Clock) -> None:
    action = front.shop.begins_action("Labels come off", kind=ActionKind.IMPROVEMENT)
    front.shop.plans_action(action)
    page = tab(front)
    page.ways.setCurrentIndex(BOARD)
    source, target = page.board.columns[1], page.board.columns[2]
    source.setCurrentRow(0)
    dialogs.will(do(ActionStep.CARRY_OUT))
    page.board.lead(action.id, page.board.columns.index(target))
    assert cards(page) == [[], [], ["Labels come off"], []]
    assert source.dragEnabled()
    assert target.acceptDrops()


def test_the_line_of_time_shows_what_is_late_and_opens_it(front: Front, clock: Clock) -> None:
    for name, due in (("Late", "2026-12-01"), ("Soon", "2026-12-20")):
        front.shop.plans_action(front.shop.begins_action(name, kind=ActionKind.IMPROVEMENT), due_on=day(due))
    clock.set("2026-12-11")
    page = tab(front)
    page.ways.setCurrentIndex(TIMELINE)
    lines = page.timeline.lines
    assert [one.name for one in lines.actions] == ["Late", "Soon"]
    assert "Late, 10 days overdue" in lines.accessibleDescription()
    lines.setFocus()
    press(Qt.Key.Key_Down)
    assert "Soon, 9 days left" in lines.accessibleDescription()
    press(Qt.Key.Key_Return)
    assert (page.ways.currentIndex(), page.panel.action and page.panel.action.name) == (LIST, "Soon")
