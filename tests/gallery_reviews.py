"""Looking back with an invented storeroom: checklists that come round, quarter-hour quality, both reviews, for the gallery."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QWidget

from qmdesk.operations import demo, programme, review_papers, reviews
from qmdesk.operations.registers import new_register
from qmdesk.records.audit import Audit, AuditState, Checklist, PlannedAudit, Rhythm
from qmdesk.records.improvement import Action, ActionState, Review, Topic
from qmdesk.register import Register, clock
from qmdesk.schema import types
from qmdesk.schema.query import Condition, Query
from qmdesk.schema.record import Record
from tests.shop_audits import keep_checklist
from ui.ask import ScriptedAsker
from ui.desk import Desk
from ui.dialogs.paper import PaperDialog
from ui.dialogs.weekly_review import WeeklyReview
from ui.jobs import Jobs
from ui.main_window import MainWindow
from ui.pages.audits import AuditsPage
from ui.preferences import Preferences

SIZE = QSize(1366, 768)
WORDS = {
    "pl": {
        "open": "Otwarcie sklepu", "close": "Zamknięcie kasy", "week": "Porządek w magazynie", "place": "Magazyn",
        "what": "Podwójne kartony na kubki", "criterion": "W 60 dni ani jednego stłuczonego kubka.",
        "decisions": ("Odpowiadamy dziś, z przeprosinami i nową figurką.", "Pytamy dziś klienta o zdjęcia."),
        "management": ("Znaleźć drugiego dostawcę ceramiki przed sezonem", "Raz w tygodniu wysyłać zestawienie reklamacji"),
        "new": "Od stycznia obowiązują nowe wzory pouczeń. Na rynku pojawił się tańszy kurier.",
        "conclusion": "Sklep działa dobrze; najwięcej kosztują stłuczenia w transporcie.", "people": "Anna Wróbel, Jan Kos",
    },
    "en": {
        "open": "Opening the shop", "close": "Closing the till", "week": "Order in the storeroom", "place": "Storeroom",
        "what": "Double wall boxes for mugs", "criterion": "Not one broken mug in 60 days.",
        "decisions": ("It is answered today, with an apology and a new figure.", "The customer is asked for photos today."),
        "management": ("Find a second potter before the season", "Send claim lists once a week"),
        "new": "New model notices hold from January. A cheaper courier has come to town.",
        "conclusion": "The shop does well; breakage in transport costs most.", "people": "Anna Wróbel, Jan Kos",
    },
}  # fmt: skip
"""What is written in the pictures."""


def furnished(folder: Path, lang: str) -> Register:
    """The demo shop with three checklists that come round, kept more or less, and an action to be checked."""
    register = new_register(folder / f"reviews-{lang}-{len(list(folder.iterdir()))}.qmd", program="gallery", lang=lang)
    register.do("x", demo.furnish, lang)
    said, today = WORDS[lang], clock().date()
    packing = register.records(Query(Checklist, (Condition("key", types.IS, ("packing_dispatch",)),)))[0].id
    for name, rhythm, days, place in (
        (said["open"], Rhythm.DAILY, 26, ""), (said["close"], Rhythm.DAILY, 40, ""), (said["week"], Rhythm.WEEKLY, 150, said["place"]),
    ):  # fmt: skip
        listed = register.do("x", keep_checklist, Checklist(name=str(name)), ({"wording": "OK?"},)).result
        _plan(register, PlannedAudit(checklist=listed, rhythm=rhythm, place=str(place), first_on=today - timedelta(days=days)))
    _plan(register, PlannedAudit(checklist=packing, rhythm=Rhythm.QUARTERLY, place=str(said["place"]), first_on=today - timedelta(days=500)))
    for at, one in enumerate(programme.occurrences(register, today - timedelta(days=500), today)):
        if at % 9 and not (one.plan.id == 2 and at % 2) and one.day < today:
            _run(register, one, late=at % 7 == 0)
    number = register.do("x", lambda tx: tx.number("N", today.year)).result
    _add(register, Action(number=number, name=str(said["what"]), opened_on=today - timedelta(days=100), state=ActionState.DONE, plan=str(said["what"]), owner=1, criterion=str(said["criterion"]), done_on=today - timedelta(days=70), verify_on=today - timedelta(days=9)))
    return register


def _add(register: Register, item: Record) -> int:
    return register.do("x", lambda tx: tx.add(item)).result


def _plan(register: Register, plan: PlannedAudit) -> None:
    _add(register, plan)


def _run(register: Register, one: programme.Occurrence, *, late: bool) -> None:
    """A finished run of a day."""
    at = clock().replace(year=one.day.year, month=one.day.month, day=one.day.day, hour=9)
    audit = Audit(number=f"X/{one.plan.id}/{one.day}", checklist=one.plan.checklist, plan=one.plan.id, planned_for=one.day, place=one.plan.place, started_at=at, finished_at=at + timedelta(days=late), state=AuditState.FINISHED, passed=True)
    _add(register, audit)


def pictures(folder: Path, lang: str, program: Any) -> Iterator[tuple[str, QWidget]]:
    """Today, the strips, the weekly dialog from its first point to its end, both reviews on their tab and on paper."""
    register, said = furnished(folder, lang), WORDS[lang]
    asker = ScriptedAsker()
    desk = Desk(register, asker, Jobs(asker, synchronous=True), Preferences())
    window = MainWindow(desk, program)
    window.resize(SIZE)
    window.go("today")
    yield "review-today", window
    page = window.go("audits")
    assert isinstance(page, AuditsPage)
    page.tabs.setCurrentWidget(page.rounds)
    yield "review-rounds", window
    panel: Any = window.go("improvement")
    panel = panel.turn_to(Review)
    yield "review-empty", window
    weekly = register.do(reviews.BEGIN_WEEKLY, reviews.begin_weekly).result
    dialog = WeeklyReview(desk, weekly.id, window)
    yield "review-weekly", dialog
    dialog.decision.setText(said["decisions"][0])
    dialog.raise_action()
    dialog.go_to(1)
    dialog.decision.setText(said["decisions"][1])
    for at in range(2, len(dialog.points) + 1):
        dialog.go_to(at)
        if at == 3:
            yield "review-weekly-alert", dialog
        dialog.prepare(0)
    yield "review-weekly-end", dialog
    dialog.settle()
    dialog.hide()
    register.do(reviews.FINISH, reviews.finish, weekly.id, said["conclusion"])
    desk.tell(register.do(reviews.REOPEN, reviews.reopen, weekly.id).change)
    desk.tell(register.do(reviews.FINISH, reviews.finish, weekly.id).change)
    panel.open(Review, weekly.id)
    yield "review-weekly-kept", window
    yield "review-weekly-paper", PaperDialog(desk, weekly.number, "x.pdf", partial(review_papers.report, register, weekly.id), lang, window)
    year = clock().date()
    done = register.do(reviews.BEGIN_MANAGEMENT, reviews.begin_management, year - timedelta(days=364), year, said["people"])
    review = done.result
    for topic, decision in ((Topic.SUPPLIERS, said["management"][0]), (Topic.SUPPLIERS, said["management"][1]), (Topic.CHANGES, said["management"][1])):
        point = register.do(reviews.ADD_DECISION, reviews.add_decision, review.id, topic, decision).result
    register.do(reviews.RAISE, reviews.raise_action, point.id)
    register.do(reviews.NOTE, reviews.note, point.id, said["new"])
    desk.tell(done.change)
    panel.open(Review, review.id)
    for row, name in ((2, "complaints"), (7, "suppliers"), (1, "changes"), (panel.management.topics.count() - 1, "end")):
        panel.management.topics.setCurrentRow(row)
        yield f"review-management-{name}", window
    register.do(reviews.FINISH, reviews.finish, review.id, said["conclusion"])
    yield "review-management-paper", PaperDialog(desk, review.number, "x.pdf", partial(review_papers.report, register, review.id), lang, window)
    window.leave()
    window.hide()
    register.close()
