"""What customers think, for the gallery: each tab of the page, its dialogs, a survey of the six pillars, the empty page."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QWidget

from qmdesk.i18n import _
from qmdesk.operations import demo, forms, opinions, response_files, responses, survey_library, surveys
from qmdesk.operations.registers import new_register
from qmdesk.records.party import Customer
from qmdesk.records.satisfaction import Opinion, ResponseWay, Survey, SurveyResponse
from qmdesk.register import Register, clock
from qmdesk.schema import types
from qmdesk.schema.query import Condition, Order, Query
from ui.ask import ScriptedAsker
from ui.desk import Desk
from ui.dialogs.new_case import NewCase
from ui.dialogs.question_bank import QuestionBank
from ui.dialogs.responses_import import ResponsesImport
from ui.dialogs.type_response import TypeResponse
from ui.jobs import Jobs
from ui.main_window import MainWindow
from ui.pages.satisfaction import SatisfactionPage
from ui.preferences import Preferences

SIZE = QSize(1366, 768)


def furnished(folder: Path, lang: str) -> tuple[Register, int]:
    """The demo shop with a survey of the six pillars that was answered too; that survey's id."""
    register = new_register(folder / f"satisfaction-{lang}-{len(list(folder.iterdir()))}.qmd", program="gallery", lang=lang)
    register.do("x", demo.furnish, lang)
    id_ = register.do("x", surveys.add_from_library, "six_pillars", lang).result
    survey = register.do("x", surveys.open_, id_).result
    dice = random.Random("pillars")
    asked = surveys.questions(register, survey)
    for place in range(24):
        told: dict[int, int | str] = {question.id: max(1, min(5, round(dice.gauss(4.6 - 0.35 * question.position, 0.8)))) for question in asked[: 6 - place % 2]}
        told[asked[6].id] = min(10, 5 + place % 7)
        register.do("x", responses.type_in, id_, told, clock() - timedelta(days=place * 6))
    return register, id_


def pictures(folder: Path, lang: str, program: Any) -> Iterator[tuple[str, QWidget]]:
    """The tabs with something on them, then the dialogs, then the page of a new shop."""
    register, pillars = furnished(folder, lang)
    asker = ScriptedAsker()
    desk = Desk(register, asker, Jobs(asker, synchronous=True), Preferences())
    window = MainWindow(desk, program)
    window.resize(SIZE)
    window.go("today")
    yield "satisfaction-today", window
    page = window.go("satisfaction")
    assert isinstance(page, SatisfactionPage)
    first = register.ids(Query(Survey).by(Order("id")), 1)[0]
    page.open(Survey, first)
    yield "satisfaction-survey", window
    card: Any = page.surveys.pair.card
    for tab in (1, 2):
        card.tabs.setCurrentIndex(tab)
        yield f"satisfaction-survey-tab{tab + 1}", window
    card.tabs.setCurrentIndex(0)
    copied = register.do(surveys.COPY, surveys.copy, first)
    desk.tell(copied.change)
    page.open(Survey, copied.result)
    yield "satisfaction-survey-draft", window
    page.open(SurveyResponse, register.ids(Query(SurveyResponse, (Condition("way", types.ONE_OF, (ResponseWay.FILE,)),)), 1)[0])
    yield "satisfaction-responses", window
    page.show_bad()
    shown: Any = page.opinions.pair.card
    shown.propose()
    yield "satisfaction-opinion-bad", window
    shown.answer.document().setModified(False)
    linked = register.records(Query(Opinion, (Condition("case", types.FILLED),)).by(Order("id", True)), 1)[0]
    page.opinions.pair.listing.clear()
    page.open(Opinion, linked.id)
    yield "satisfaction-opinion-case", window
    page.show_results(register.get(Survey, first))
    yield "satisfaction-results", window
    page.results.list.setCurrentRow(5)
    yield "satisfaction-results-words", window
    page.show_results(register.get(Survey, pillars))
    page.results.list.setCurrentRow(page.results.list.count() - 1)
    yield "satisfaction-results-pillars", window
    window.open_record(Customer, next(one.customer for one in register.records(opinions.opinions_query()) if one.customer))
    customers: Any = window._shown["customers"]
    customers.pair.card.tabs.setCurrentIndex(3)
    yield "satisfaction-customer", window
    yield from _dialogs(desk, register, first, lang)
    window.leave()
    window.hide()
    register.close()
    yield from _empty(folder, lang, program)


def _dialogs(desk: Desk, register: Register, survey: int, lang: str) -> Iterator[tuple[str, QWidget]]:
    asked = register.get(Survey, survey)
    yield "satisfaction-ready", QuestionBank(lang, ready=True)
    yield "satisfaction-bank", QuestionBank(lang)
    typing = TypeResponse(desk, asked)
    for question, digits in zip(typing.answers._inputs[:3], ("9", "4", "5"), strict=False):
        question[1].press(int(digits))  # type: ignore[attr-defined]
    yield "satisfaction-typing", typing
    sheet = response_files.pasted("9\t5\t4\n12\t5\t4\n8\t4\t3\n", surveys.questions(register, asked))
    yield "satisfaction-import", ResponsesImport(desk, asked, sheet)
    newcomer = Customer(name="Ewa Gil", email="ewa@example.com", phone="601 202 303")
    notes = (_(forms.WHAT_IT_CANNOT_KNOW),)
    yield "satisfaction-complaint", NewCase(desk, {"description": survey_library.question("better", lang).wording}, newcomer=newcomer, notes=notes)


def _empty(folder: Path, lang: str, program: Any) -> Iterator[tuple[str, QWidget]]:
    register = new_register(folder / f"satisfaction-empty-{lang}-{len(list(folder.iterdir()))}.qmd", program="gallery", lang=lang)
    asker = ScriptedAsker()
    window = MainWindow(Desk(register, asker, Jobs(asker, synchronous=True), Preferences()), program)
    window.resize(SIZE)
    page = window.go("satisfaction")
    assert isinstance(page, SatisfactionPage)
    for at in range(page.tabs.count()):
        page.tabs.setCurrentIndex(at)
        yield f"satisfaction-empty{at + 1}", window
    window.leave()
    window.hide()
    register.close()
