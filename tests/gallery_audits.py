"""The officer's pages with an invented storeroom: the list, a run with its windows, the programme, for the gallery."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw
from PySide6.QtCore import QSize
from PySide6.QtWidgets import QWidget

from qmdesk.operations import audit_papers, audit_reading, audits, checklists, programme
from qmdesk.operations.registers import new_register
from qmdesk.records.audit import Audit, Finding, Grade, PlannedAudit, Question, QuestionType, Rhythm
from qmdesk.records.party import Person
from qmdesk.records.process import Risk
from qmdesk.register import Register, clock
from qmdesk.schema.query import Query
from ui.ask import ScriptedAsker
from ui.desk import Desk
from ui.dialogs.audit_finish import FinishAudit
from ui.dialogs.audit_run import AuditRun
from ui.dialogs.new_audit import NewAudit
from ui.dialogs.paper import PaperDialog
from ui.jobs import Jobs
from ui.main_window import MainWindow
from ui.pages.audits import AuditsPage
from ui.preferences import Preferences

SIZE = QSize(1366, 768)
PLACE = {"pl": "Magazyn", "en": "Storeroom"}
SHOP, DESK = {"pl": "Sklep stacjonarny", "en": "Shop floor"}, {"pl": "Stanowisko zwrotów", "en": "Returns desk"}
NOTES = {
    "pl": ("W 2 z 10 paczek był zły rozmiar, zamówienia 1187 i 1190.", "Etykiety odklejają się przy drzwiach."),
    "en": ("2 of 10 parcels held the wrong size, orders 1187 and 1190.", "Labels come off near the door."),
}


def parcel(colour: str = "#b98a5a") -> bytes:
    """A photo of a parcel, more or less."""
    image = Image.new("RGB", (900, 640), "#d7d3c8")
    draw = ImageDraw.Draw(image)
    draw.rectangle((150, 180, 750, 560), fill=colour)
    draw.rectangle((410, 180, 490, 560), fill="#d9c6a0")
    draw.rectangle((520, 220, 710, 340), fill="white")
    draw.text((540, 250), "LABEL 1187", fill="black")
    written = io.BytesIO()
    image.save(written, "JPEG", quality=80)
    return written.getvalue()


def _answer(register: Register, audit: Audit, failing: int) -> None:
    """Answer every question well, and the first ``failing`` that can fail badly."""
    left = failing
    while open_ := audit_reading.result_of(register, audit).open:
        one = open_[0]
        good, bad = {
            QuestionType.VERDICT: ("conform", "minor"), QuestionType.YES_NO: ("yes", "no"), QuestionType.SCALE: ("4", "2"), QuestionType.TEXT: ("–", "–"),
            QuestionType.NUMBER: (str(one.least or one.most or 1), str((one.least or Decimal(1)) - 2)), QuestionType.DAY: ("2026-11-20", "2026-11-20"),
            QuestionType.CHOICE: (next((line for line in one.offered if line not in one.failing), ""), next(iter(one.failing), one.offered[0] if one.offered else "")),
        }.get(one.type, ("not_checked", "not_checked"))  # fmt: skip
        fails = left > 0 and one.type in (QuestionType.VERDICT, QuestionType.YES_NO, QuestionType.NUMBER)
        left -= fails
        photos = [("IMG_2041.jpg", parcel())] if fails else ()
        register.do(audits.ANSWER, audits.answer, one.id, bad if fails else good, NOTES["pl"][0] if fails else None, photos)


def furnished(folder: Path, lang: str) -> tuple[Register, Audit, Audit]:
    """A register with a finished audit, the run before it, and one in progress: the newest finished one and the running one."""
    register = new_register(folder / f"audits-{lang}-{len(list(folder.iterdir()))}.qmd", program="gallery", lang=lang, shop_name="Karmnik")
    anna = register.do("x", lambda tx: tx.add(Person(name="Anna Wróbel"))).result
    packing = register.do(checklists.FROM_LIBRARY, checklists.add_from_library, "packing_dispatch", lang).result
    _put_picture(register)
    first = clock().date() - timedelta(days=320)
    for place, on, rhythm, risk in (
        (PLACE[lang], first, Rhythm.QUARTERLY, Risk.HIGH), (SHOP[lang], first + timedelta(days=120), Rhythm.MONTHLY, Risk.LOW),
        (DESK[lang], clock().date() + timedelta(days=20), Rhythm.BY_RISK, Risk.MEDIUM),
    ):  # fmt: skip
        plan = PlannedAudit(checklist=packing, place=place, auditor=anna, rhythm=rhythm, risk=risk, first_on=on)
        register.do("x", lambda tx, plan=plan: tx.add(plan))
    stored = programme.occurrences(register, first, clock().date(), plans=[register.get(PlannedAudit, 1)])
    for failing, days, planned in ((3, 190, stored[1]), (1, 20, stored[-1])):
        audit = register.do(audits.START, audits.start, packing, {"plan": 1, "planned_for": planned.day}).result
        _move(register, audit, days)
        _answer(register, audit, failing)
        audit = register.do(audits.FINISH, audits.finish, audit.id, NOTES[lang][1]).result
    register.do(audits.ADD_FINDING, audits.add_finding, Finding(audit=audit.id, grade=Grade.GOOD_PRACTICE, statement=NOTES[lang][1], owner=anna))
    running = register.do(audits.START, audits.start, packing, {"place": PLACE[lang], "auditor": anna}).result
    return register, audit, running


def _put_picture(register: Register) -> None:
    """A reference photo for the first question."""
    first = min(register.ids(Query(Question)))
    register.do("x", lambda tx: tx.change(tx.get(Question, first), picture=tx.keep(parcel("#8fae6b"))))


def _move(register: Register, audit: Audit, days: int) -> None:
    """Let an audit have begun so many days ago."""
    register.do("x", lambda tx: tx.change(tx.get(Audit, audit.id), started_at=clock() - timedelta(days=days)))


def pictures(folder: Path, lang: str, program: Any) -> Iterator[tuple[str, QWidget]]:
    """The page empty and full, each of its tabs, and the windows of a run."""
    register, finished, running = furnished(folder, lang)
    asker = ScriptedAsker()
    desk = Desk(register, asker, Jobs(asker, synchronous=True), Preferences())
    window = MainWindow(desk, program)
    window.resize(SIZE)
    page = window.go("audits")
    assert isinstance(page, AuditsPage)
    yield "audits", window
    page.open(Audit, finished.id)
    register.do(audits.MAKE_ACTION, audits.make_action, audit_reading.findings_of(register, finished)[0].id)
    for place in range(page.panel.tabs.count()):
        page.panel.tabs.setCurrentIndex(place)
        yield f"audit-tab{place + 1}", window
    page.panel.tabs.setCurrentIndex(0)
    for place in range(1, page.tabs.count()):
        page.tabs.setCurrentIndex(place)
        yield f"audits-page{place + 1}", window
    page.tabs.setCurrentIndex(0)
    yield "audit-report", PaperDialog(desk, finished.number, "x.pdf", partial(audit_papers.report, register, finished.id), lang, window)
    yield "audit-new", NewAudit(desk, {}, window)
    run = AuditRun(desk, running.id, window)
    yield "audit-run-number", run
    run.answer("8")
    run.card.write_note()
    yield "audit-run-critical", run
    run.keep_note(NOTES[lang][0])
    register.do(audits.PHOTO, audits.add_photos, run.current.id, [("IMG_2041.jpg", parcel())])
    run.refresh()
    run.go_next()
    yield "audit-run-yes-no", run
    run.answer("no")
    run.go_next()
    yield "audit-run-choice", run
    run.go_next()
    run.answer("conform")
    run.go_back()
    yield "audit-run-verdict", run
    asked = run.outcome.asked
    for kind in (QuestionType.SCALE, QuestionType.PHOTO, QuestionType.SIGNATURE, QuestionType.DAY, QuestionType.TEXT):
        if found := next((one for one in asked if one.type is kind), None):
            run.go_to(found.id)
            yield f"audit-run-{kind.value}", run
    finish = FinishAudit(desk, run.audit, run)
    yield "audit-finish-missing", finish
    finish.hide()
    _answer(register, run.audit, 0)
    for missing in audit_reading.result_of(register, run.audit).missing:
        register.do(audits.ANSWER, audits.answer, missing.answer.id, None, NOTES[lang][0], [("IMG_2042.jpg", parcel())])
    yield "audit-finish", FinishAudit(desk, run.audit, run)
    run.hide()
    page.open(Audit, running.id)
    yield "audit-running", window
    window.leave()
    window.hide()
    register.close()


