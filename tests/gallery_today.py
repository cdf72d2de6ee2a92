"""Pictures of the clock: the lists of Today, the deadlines of a case, putting off, who the buyer is, the rules."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QDialog, QScrollArea, QWidget

from qmdesk.i18n import language
from qmdesk.operations import deadlines
from qmdesk.operations.due import of_shop
from qmdesk.records.case import Case
from qmdesk.records.deadline import Deadline, DeadlineState, RuleSwitch
from qmdesk.register import Register, clock
from qmdesk.schema import types
from qmdesk.schema.query import Condition, Order, Query
from ui.desk import Desk
from ui.dialogs.buyer import WhoIsTheBuyer
from ui.dialogs.new_case import NewCase
from ui.dialogs.put_off import PutOff
from ui.forms.dialog import RecordDialog
from ui.main_window import MainWindow
from ui.pages.cases import CasesPage
from ui.pages.settings import SettingsPage
from ui.pages.today import PUT_OFF, TodayPage
from ui.panels.rules_panel import SWITCHED

Picture = tuple[str, QWidget]


def _answer(register: Register, state: DeadlineState) -> Deadline:
    where = (Condition("rule", types.IS, ("PL-CMP-ANSWER",)), Condition("state", types.IS, (state,)))
    found: Deadline = register.records(Query(Deadline, where).by(Order("legal")), 1)[0]
    return found


def pictures(window: MainWindow, register: Register) -> Iterator[Picture]:
    """The pages; one deadline of the demo shop is put off while they are drawn."""
    last = register.records(of_shop(clock().date()))[-1]
    register.do(deadlines.SNOOZE, deadlines.snooze, last.id, last.legal, {"pl": "Czekam na opinię rzeczoznawcy.", "en": "I wait for the expert."}[language()])
    today = window.go("today")
    assert isinstance(today, TodayPage)
    today.refresh()
    for at in range(today.tabs.count()):
        if today.tabs.isTabVisible(at):
            today.tabs.setCurrentIndex(at)
            yield f"today-list{at + 1}", window
    today.show_section(PUT_OFF)
    yield "today-put-off", window
    register.undo()
    page = window.go("cases")
    assert isinstance(page, CasesPage)
    for name, state in (("running", DeadlineState.RUNNING), ("overdue", DeadlineState.OVERDUE)):
        page.open(Case, _answer(register, state).case)
        page.panel.tabs.setCurrentWidget(page.panel.deadlines)
        yield f"case-deadlines-{name}", window
    settings = window.go("settings")
    assert isinstance(settings, SettingsPage)
    settings.tabs.setCurrentWidget(settings.rules)
    QApplication.processEvents()
    area = settings.rules.findChild(QScrollArea)
    assert area is not None
    area.verticalScrollBar().setValue(area.verticalScrollBar().maximum())
    yield "settings-rules-end", window


def dialogs(desk: Desk) -> list[tuple[str, Callable[[], QDialog]]]:
    """The dialogs."""
    register = desk.register
    running = _answer(register, DeadlineState.RUNNING)

    def refused() -> PutOff:
        dialog = PutOff(desk, running)
        dialog.save()
        return dialog

    def told(dialog: WhoIsTheBuyer) -> WhoIsTheBuyer:
        dialog.questions.give({"who": "sole_trader", "professional": "no"})
        dialog._tell()
        return dialog

    def asked() -> NewCase:
        dialog = NewCase(desk, {"description": "…"})
        dialog.buyer.give({"who": "sole_trader", "professional": "unclear"})
        dialog._tell_buyer()
        dialog.setWindowState(Qt.WindowState.WindowNoState)
        return dialog

    return [
        ("put-off", lambda: PutOff(desk, running)),
        ("put-off-problems", refused),
        ("buyer", lambda: WhoIsTheBuyer(desk, register.get(Case, running.case))),
        ("buyer-sole-trader", lambda: told(WhoIsTheBuyer(desk, register.get(Case, running.case)))),
        ("new-case-buyer", asked),
        ("switch-rule", lambda: RecordDialog(desk, RuleSwitch, preset={"rule": "PL-REPAIR-EXT"}, fields=SWITCHED)),
    ]
