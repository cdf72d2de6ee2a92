"""The page of processes and the suppliers' side with an invented shop, for the gallery."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QWidget

from qmdesk.operations import cases, process_library, processes
from qmdesk.operations.registers import new_register
from qmdesk.records.case import Case
from qmdesk.records.party import Person
from qmdesk.records.process import Process, ProcessStep
from qmdesk.register import Register, clock
from ui.ask import ScriptedAsker
from ui.desk import Desk
from ui.forms.dialog import RecordDialog
from ui.jobs import Jobs
from ui.main_window import MainWindow
from ui.pages.processes import STEP_FIELDS, ProcessesPage
from ui.preferences import Preferences

SIZE = QSize(1366, 768)
WEAK = {"pl": "Kubki jadą w za dużych kartonach.\nNikt nie mówi, który karton do czego.", "en": "Mugs travel in boxes that are too large.\nNobody says which box is for what."}
STRONG = {"pl": "Etykiety drukują się same.", "en": "Labels print themselves."}


def furnished(folder: Path, lang: str) -> tuple[Register, int, int]:
    """A register with the ready maps and cases at their steps: the map of orders and its worst step."""
    register = new_register(folder / f"processes-{lang}-{len(list(folder.iterdir()))}.qmd", program="gallery", lang=lang, shop_name="Karmnik")
    anna = register.do("x", lambda tx: tx.add(Person(name="Anna Wróbel"))).result
    ids = [register.do(processes.READY, process_library.take, ready.key, lang).result for ready in process_library.offered(lang)]
    flow = processes.flow_of(register, ids[0])
    pack, carry, pick = flow.steps[6], flow.steps[8], flow.steps[4]
    register.do(processes.CHANGE_STEP, processes.change_step, pack.id, {"weaknesses": WEAK[lang], "strengths": STRONG[lang], "owner": anna})
    for step, count in ((pack, 7), (carry, 3), (pick, 1)):
        for at in range(count):
            draft = Case(received_at=clock() - timedelta(days=3 + 5 * at), description=WEAK[lang].partition("\n")[0], process_step=step.id)
            register.do(cases.TAKE_IN, cases.take_in, draft, ())
    return register, ids[0], pack.id


def pictures(folder: Path, lang: str, program: Any) -> Iterator[tuple[str, QWidget]]:
    """The page empty and full, its tabs, a step's dialog."""
    empty = new_register(folder / f"no-processes-{lang}-{len(list(folder.iterdir()))}.qmd", program="gallery", lang=lang)
    for register, name in ((empty, "processes-empty"), (None, "processes")):
        register, process, step = (register, 0, 0) if register else furnished(folder, lang)
        asker = ScriptedAsker()
        desk = Desk(register, asker, Jobs(asker, synchronous=True), Preferences())
        window = MainWindow(desk, program)
        window.resize(SIZE)
        page = window.go("processes")
        assert isinstance(page, ProcessesPage)
        if process:
            page.open(ProcessStep, step)
        yield name, window
        if process:
            page.tabs.setCurrentIndex(1)
            page.drawing.begin_arrow()
            yield "processes-arrows", window
            page.tabs.setCurrentIndex(2)
            page.drawing.insert()
            yield "processes-insert", window
            page.open(Process, process + 1)
            page.tabs.setCurrentIndex(0)
            yield "processes-return", window
            yield "processes-step", RecordDialog(desk, ProcessStep, register.get(ProcessStep, step), fields=STEP_FIELDS, parent=window)
        window.leave()
        window.hide()
        register.close()
