"""The actions of an invented shop at every stage: list, board, time, the open one with its parts, its windows, for the gallery."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QApplication, QWidget

from qmdesk.documents.action_report import ReportForm
from qmdesk.operations import action_papers, actions, whys
from qmdesk.operations.registers import new_register
from qmdesk.records.action_steps import ActionStep
from qmdesk.records.improvement import Action, ActionKind, ActionSource, Branch
from qmdesk.records.lists import Cause
from qmdesk.records.party import Person
from qmdesk.register import Register, clock
from qmdesk.schema.query import Query
from tests.gallery_audits import parcel
from ui.ask import ScriptedAsker
from ui.desk import Desk
from ui.dialogs.action_step import VERDICTS, ActionStepDialog
from ui.dialogs.new_action import new_action_dialog
from ui.dialogs.paper import PaperDialog
from ui.jobs import Jobs
from ui.main_window import MainWindow
from ui.pages import today
from ui.panels.actions import BOARD, LIST, TIMELINE, ActionsPanel
from ui.preferences import Preferences

SIZE = QSize(1366, 768)
NAMES = {
    "pl": ("Paczki wracają od kuriera, bo są za ciężkie", "Zły rozmiar w paczce", "Etykiety odklejają się w deszczu", "Odpowiedzi na maile po trzech dniach", "Naklejka „szkło” na kartonach"),
    "en": ("Parcels come back from the courier for their weight", "Wrong size in the parcel", "Labels come off in the rain", "Mails answered after three days", "A glass sticker on the boxes"),
}
TOLD = {
    "pl": {
        "containment": "Wszystkie dzisiejsze paczki zważono ponownie.", "cause": "Nikt przy stole do pakowania nie zna limitu wagi kuriera.",
        "plan": "Waga na stole, limit na ścianie, punkt na liście kontrolnej pakowania.", "criterion": "Przez 60 dni żadna paczka nie wraca z powodu wagi.",
        "indicator": "Paczki zwrócone przez kuriera", "verdict": "Z 212 paczek nie wróciła żadna.", "standard": "Lista kontrolna pakowania, pytanie 5.",
        "tasks": ("Kupić wagę", "Zawiesić limit wagi przy stole", "Pokazać nowym osobom, jak się waży"), "description": "W październiku kurier zwrócił 7 paczek ważących ponad 25 kg.",
    },
    "en": {
        "containment": "All of today's parcels were weighed again.", "cause": "Nobody at the packing desk knows the courier's limit of weight.",
        "plan": "A scale on the desk, the limit on the wall, a question in the packing checklist.", "criterion": "No parcel comes back for its weight in 60 days.",
        "indicator": "Parcels sent back by the courier", "verdict": "None of 212 parcels came back.", "standard": "Packing checklist, question 5.",
        "tasks": ("Buy a scale", "Hang the limit up at the desk", "Show newcomers how to weigh"), "description": "In October the courier sent back 7 parcels above 25 kg.",
    },
}  # fmt: skip


def furnished(folder: Path, lang: str) -> tuple[Register, list[Action]]:
    """A register with an action at each stage: waiting for its verdict, overdue, being looked into, effective, opened again."""
    register = new_register(folder / f"actions-{lang}-{len(list(folder.iterdir()))}.qmd", program="gallery", lang=lang, shop_name="Karmnik")
    told, today = TOLD[lang], clock().date()
    jan, anna = (register.do("x", lambda tx, name=name: tx.add(Person(name=name))).result for name in ("Jan Kos", "Anna Wróbel"))
    begun: list[Action] = []
    for name, kind, days in zip(NAMES[lang], (*[ActionKind.CORRECTIVE] * 4, ActionKind.IMPROVEMENT), (100, 30, 12, 80, 90), strict=True):
        action = register.do(actions.BEGIN, actions.begin, name, ActionSource.OWN, kind=kind, description=told["description"]).result
        register.do("x", lambda tx, id_=action.id, days=days: tx.change(tx.get(Action, id_), opened_on=today - timedelta(days=days), owner=jan))
        begun.append(action)

    def step(action: Action, step: ActionStep, **values: Any) -> None:
        register.do("x", actions.take_step, action.id, step, values)

    def plan(action: Action, due: date) -> None:
        if action.kind is ActionKind.CORRECTIVE:
            step(action, ActionStep.CONTAIN, containment=told["containment"])
            step(action, ActionStep.ANALYSE, cause_text=told["cause"])
        step(action, ActionStep.PLAN, plan=told["plan"], owner=jan, due_on=due, indicator=told["indicator"], criterion=told["criterion"])

    def carry_out(action: Action, days: int) -> None:
        done = today - timedelta(days=days)
        register.do("x", lambda tx: tx.change(tx.get(Action, action.id), criterion_on=done - timedelta(days=5)))
        step(action, ActionStep.CARRY_OUT, done_on=done)

    waiting, late, new, again, good = begun
    for at, what in enumerate(told["tasks"]):
        task = register.do("x", actions.add_task, waiting.id, {"what": what, "owner": (jan, anna)[at % 2], "due_on": today + timedelta(days=3 * at - 4)}).result
        register.do("x", actions.finish_task, task.id)
    register.do("x", actions.add_evidence, waiting.id, [("IMG_2041.jpg", parcel())])
    plan(waiting, today - timedelta(days=70))
    carry_out(waiting, 61)
    plan(late, today - timedelta(days=4))
    register.do("x", actions.add_task, late.id, {"what": told["tasks"][0], "owner": jan, "due_on": today - timedelta(days=4)})
    register.do("x", actions.add_task, late.id, {"what": told["tasks"][1], "owner": anna, "due_on": today + timedelta(days=4)})
    step(new, ActionStep.CONTAIN, containment=told["containment"])
    _find_causes(register, waiting, lang)
    for action in (again, good):
        plan(action, today - timedelta(days=72))
        carry_out(action, 70)
    step(again, ActionStep.INEFFECTIVE, verified_by=anna, verdict_reasons=told["description"])
    step(good, ActionStep.EFFECTIVE, verified_by=anna, verdict_reasons=told["verdict"])
    return register, begun


CAUSES = {
    "pl": {
        "tree": (("Paczki ważą ponad 25 kg", None), ("Nikt nie waży ich przed zaklejeniem", 0), ("Przy stole nie ma wagi", 1), ("Nikt nie zna limitu kuriera, bo nigdzie nie jest zapisany", 1), ("Kurier zmienił limit we wrześniu i nikt tego nie zauważył", None)),
        "bones": (("people", "Nowe osoby nie znają limitu", None), ("people", "Nie ma wdrożenia do pakowania", 0), ("method", "Pakujemy całe zamówienie do jednego kartonu", None), ("machine", "Waga stoi w biurze", None), ("material", "Kartony mieszczą za dużo", None), ("measurement", "Wagi paczki nikt nie zapisuje, choć jest na to miejsce w zamówieniu", None), ("environment", "Pośpiech przed odbiorem o 15:00", None)),
    },
    "en": {
        "tree": (("The parcels weigh more than 25 kg", None), ("Nobody weighs them before they are closed", 0), ("There is no scale at the desk", 1), ("Nobody knows the courier's limit: it is written nowhere", 1), ("The courier changed it in September and nobody noticed", None)),
        "bones": (("people", "New people don't know the limit", None), ("people", "No introduction to packing", 0), ("method", "A whole order goes into one box", None), ("machine", "The scale is in the office", None), ("material", "The boxes hold too much", None), ("measurement", "Nobody writes the weight down, though there is room for it", None), ("environment", "Hurry before the pick-up at 3 pm", None)),
    },
}  # fmt: skip


def _find_causes(register: Register, action: Action, lang: str) -> None:
    """A tree of whys and a fishbone, with their roots."""
    found: list[int] = []
    for because, parent in CAUSES[lang]["tree"]:
        found.append(register.do("x", whys.add, action.id, because, parent=None if parent is None else found[parent]).result.id)
    bones: list[int] = []
    for branch, because, parent in CAUSES[lang]["bones"]:
        bones.append(register.do("x", whys.add, action.id, because, branch=Branch(branch), parent=None if parent is None else bones[parent]).result.id)
    cause = min(register.ids(Query(Cause)))
    for root in (found[3], bones[1]):
        register.do("x", whys.change, root, {"root": True, "cause": cause})


def pictures(folder: Path, lang: str, program: Any) -> Iterator[tuple[str, QWidget]]:
    """The tab with each of its views and parts, and the windows of its steps."""
    register, begun = furnished(folder, lang)
    asker = ScriptedAsker()
    desk = Desk(register, asker, Jobs(asker, synchronous=True), Preferences())
    window = MainWindow(desk, program)
    window.resize(SIZE)
    window.show()  # what is opened before a list is first shown would not stay chosen
    page = window.go("improvement").turn_to(Action)
    assert isinstance(page, ActionsPanel)
    for place in (BOARD, TIMELINE, LIST):
        page.ways.setCurrentIndex(place)
        if place == BOARD:
            page.board.go_to(begun[0].id)
        yield f"actions-{('list', 'board', 'time')[place]}", window
    page.open(Action, begun[0].id)
    for place in range(page.panel.tabs.count()):
        page.panel.tabs.setCurrentIndex(place)
        yield f"action-tab{place + 1}", window
    page.panel.tabs.setCurrentWidget(page.panel.causes)
    page.panel.causes.methods.setCurrentIndex(1)
    page.panel.causes.view.choose("measurement")
    yield "action-fishbone", window
    page.panel.causes.large_button.click()
    QApplication.processEvents()
    page.panel.causes.view.choose("7")
    page.panel.causes.view.write()
    yield "action-fishbone-large", window
    page.panel.causes.view.line.keep()
    page.panel.tabs.setCurrentIndex(0)
    page.open(Action, begun[3].id)
    yield "action-ineffective", window
    page.open(Action, begun[1].id)
    page.panel.tabs.setCurrentWidget(page.panel.tasks)
    yield "action-overdue", window
    yield "action-new", new_action_dialog(desk, parent=window)
    now = {one.id: one for one in (register.get(Action, action.id) for action in begun)}
    yield "action-verdict", ActionStepDialog(desk, now[begun[0].id], VERDICTS, window)
    yield "action-analyse", ActionStepDialog(desk, now[begun[2].id], (ActionStep.ANALYSE,), window)
    yield "action-plan", ActionStepDialog(desk, now[begun[2].id], (ActionStep.PLAN,), window)
    yield "action-8d", PaperDialog(desk, "8D", "8d.pdf", partial(action_papers.report, register, begun[0].id, ReportForm.EIGHT_D), lang, window)
    page = window.go("today")
    page.show_section(today.CHECKS)
    yield "today-actions", window
    window.leave()
    window.hide()
    register.close()
