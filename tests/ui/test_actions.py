"""The tab of actions with keys and buttons: begun, led on step by step, its tasks and files, judged and opened again."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt

from qmdesk.operations import action_reading
from qmdesk.records.action_steps import ActionStep
from qmdesk.records.case import Case
from qmdesk.records.improvement import Action, ActionKind, ActionState
from qmdesk.records.lists import Cause
from qmdesk.schema.query import Query
from tests.clock import Clock, clock
from tests.shop import Shop, day
from tests.shop_audits import photo
from tests.ui.front import Dialogs, Front, dialogs, front, look, press, shop, write
from ui.dialogs.action_step import ActionStepDialog
from ui.forms.dialog import RecordDialog
from ui.pages import today
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
    assert page.panel.tabs.tabText(2) == "Tasks (2)"
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
    assert [one.name for one in lines.shown] == ["Late", "Soon"]
    assert "Late, 10 days overdue" in lines.accessibleDescription()
    lines.setFocus()
    press(Qt.Key.Key_Down)
    assert "Soon, 9 days left" in lines.accessibleDescription()
    press(Qt.Key.Key_Return)
    assert (page.ways.currentIndex(), page.panel.action and page.panel.action.name) == (LIST, "Soon")


# -- causes, written on their drawing


def causes_of(front: Front, action: Action) -> list[tuple[str, str]]:
    """Each cause with the words of what it explains, or its branch."""
    found = {one.id: one for one in action_reading.whys_of(front.shop.register, action)}
    return [(one.because, found[one.parent].because if one.parent else str(one.branch.value) if one.branch else "") for one in sorted(found.values(), key=lambda one: one.id)]


def open_causes(front: Front, action: Action) -> ActionsPanel:
    page = tab(front)
    page.open(Action, action.id)
    page.panel.tabs.setCurrentWidget(page.panel.causes)
    page.panel.causes.view.setFocus()
    return page


def test_five_whys_are_written_with_keys_alone(front: Front) -> None:
    action = front.shop.begins_action("Parcels come back")
    page = open_causes(front, action)
    write("Za ciężkie")
    press(Qt.Key.Key_Tab)
    write("Nikt nie waży")
    press(Qt.Key.Key_Tab)
    write("Nie ma wagi")
    press(Qt.Key.Key_Return, held=Qt.KeyboardModifier.ShiftModifier)
    write("Nikt nie zna limitu")
    press(Qt.Key.Key_Return, Qt.Key.Key_Space)
    assert causes_of(front, action) == [("Za ciężkie", ""), ("Nikt nie waży", "Za ciężkie"), ("Nie ma wagi", "Nikt nie waży"), ("Nikt nie zna limitu", "Nikt nie waży")]
    view = page.panel.causes.view
    assert page.panel.causes.root.isChecked()
    press(Qt.Key.Key_Left)
    assert view.words(view.current) == "Nie ma wagi"
    press(Qt.Key.Key_F2)
    write("Nie ma wagi przy stole")
    press(Qt.Key.Key_Return)
    assert view.words(view.current) == "Nie ma wagi przy stole"
    press(Qt.Key.Key_Right, held=Qt.KeyboardModifier.AltModifier)
    below = [one.because for one in action_reading.whys_of(front.shop.register, action) if one.parent == 2]
    assert below == ["Nikt nie zna limitu", "Nie ma wagi przy stole"]
    press(Qt.Key.Key_Delete)
    assert ("Nie ma wagi przy stole", "Nikt nie waży") not in causes_of(front, action)
    press(Qt.Key.Key_Insert)
    write("Pomyłka")
    press(Qt.Key.Key_Escape)
    assert len(causes_of(front, action)) == 3
    front.window.undo()
    assert len(causes_of(front, action)) == 4


def test_the_fishbone_is_written_on_its_bones_and_saved(front: Front, dialogs: Dialogs, tmp_path: Path) -> None:
    action = front.shop.begins_action("Parcels come back")
    category = front.shop.add(Cause(name="Missing information"))
    page = open_causes(front, action)
    causes = page.panel.causes
    causes.methods.setCurrentIndex(1)
    causes.view.choose("measurement")
    causes.view.setFocus()
    write("Nobody weighs")
    press(Qt.Key.Key_Tab)
    write("No scale")
    press(Qt.Key.Key_Return)
    assert causes_of(front, action) == [("Nobody weighs", "measurement"), ("No scale", "Nobody weighs")]
    causes.category.setCurrentIndex(causes.category.findData(category))
    causes.category.activated.emit(causes.category.currentIndex())
    causes.root.click()
    (root,) = (one for one in action_reading.whys_of(front.shop.register, action) if one.root)
    assert (root.because, root.cause) == ("No scale", category)
    press(Qt.Key.Key_F11)
    assert not page.listing.isVisible()
    causes.view.choose("1")
    assert causes.view.current == "1"
    front.asker.will("choose_file_to_save", tmp_path / "bones.svg")
    causes.svg_button.click()
    written = (tmp_path / "bones.svg").read_text("utf-8")
    assert ">No scale</text>" in written
    assert ">Missing information</text>" in written
    page.panel.tabs.setCurrentWidget(page.panel.facts)
    assert page.listing.isVisible(), "the drawing gives the page back"
    page.panel.tabs.setCurrentWidget(causes)
    assert causes.methods.currentIndex() == 1
    front.shop.acts(action, ActionStep.CONTAIN, containment="All weighed again")
    page.panel.refresh()
    dialogs.will(lambda dialog: (dialog.do(ActionStep.ANALYSE)))
    page.panel.main_button.click()
    assert front.shop.action(action).cause_text == "No scale"


def test_the_causes_of_an_action_that_is_over_are_only_read(front: Front) -> None:
    action = front.shop.begins_action("Parcels come back")
    front.shop.asks_why(action, "Too heavy")
    front.shop.acts(action, ActionStep.DROP, dropped_because="Not sold any more")
    page = open_causes(front, action)
    press(Qt.Key.Key_Down)
    press(Qt.Key.Key_Delete, Qt.Key.Key_F2)
    write("x")
    assert causes_of(front, action) == [("Too heavy", "")]
    assert not page.panel.causes.add_button.isEnabled()


# -- from elsewhere, and on Today


def test_an_action_is_begun_from_a_case(front: Front, dialogs: Dialogs) -> None:
    case = front.shop.complains("The sole came off.")
    page = front.page("cases")
    page.open(Case, case.id)
    (begin,) = (act for act in page.panel.steps_menu().actions() if act.text() == "Begin an action…")

    def fill_in(dialog: RecordDialog) -> None:
        assert dialog.form.editors["name"].value() == "The sole came off."
        fill(dialog, name="Soles come off")
        dialog.save_button.click()

    dialogs.will(fill_in)
    begin.trigger()
    assert front.window.page_name() == "improvement"
    panel = tab(front).panel
    assert (panel.name.text(), panel.origin.text(), panel.action and panel.action.case) == ("Soles come off", "Complaint", case.id)
    panel.origin.click()
    assert front.window.page_name() == "cases"


def test_today_tells_what_is_overdue_and_what_is_to_be_checked(front: Front, clock: Clock) -> None:
    late, waiting = front.shop.begins_action("Late", kind=ActionKind.IMPROVEMENT), front.shop.begins_action("Waiting", kind=ActionKind.IMPROVEMENT)
    front.shop.plans_action(late, due_on=day("2026-12-11"))
    front.shop.plans_action(waiting, due_on=day("2026-12-11"), waiting_days=10)
    front.shop.carries_out(waiting)
    page = front.page("today")
    assert not page.tabs.isTabVisible(today.ACTIONS)
    clock.set("2026-12-21")
    front.window._turn_day()
    assert [page.tabs.tabText(at) for at in (today.ACTIONS, today.CHECKS)] == ["Overdue actions (1)", "Did it help? (1)"]
    page.tabs.setCurrentIndex(today.CHECKS)
    assert [page.action_list.table_model.record_at(row).name for row in range(page.action_list.table_model.total)] == ["Waiting"]
    page.action_list.stand_on(0)
    page.do_next()
    assert front.window.page_name() == "improvement"
    assert tab(front).panel.main_button.text() == "Check whether it helped…"


def test_a_report_is_looked_at_and_saved(front: Front, dialogs: Dialogs, tmp_path: Path) -> None:
    action = front.shop.begins_action()
    page = tab(front)
    page.open(Action, action.id)
    front.asker.will("choose_file_to_save", tmp_path / "8d.pdf")
    dialogs.will(lambda dialog: dialog.save())
    page.panel.report_menu().actions()[0].trigger()
    assert (tmp_path / "8d.pdf").read_bytes().startswith(b"%PDF")
