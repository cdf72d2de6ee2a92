"""The Analysis page of the demo shop, view by view, and of an empty register, for the gallery."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QWidget

from qmdesk.i18n import N_
from qmdesk.operations import demo, keeping
from qmdesk.operations.figures.scope import By
from qmdesk.operations.registers import new_register
from qmdesk.records.measures import Event, EventKind, Indicator, IndicatorTarget
from qmdesk.register import Register, clock
from ui.ask import ScriptedAsker
from ui.desk import Desk
from ui.jobs import Jobs
from ui.main_window import MainWindow
from ui.pages.analysis import AnalysisPage
from ui.preferences import Preferences

SIZE = QSize(1366, 768)
HAPPENED = {"pl": ("Nowy dostawca kubków", "Grubsze kartony"), "en": ("New supplier of mugs", "Thicker boxes")}


def furnished(folder: Path, lang: str) -> Register:
    """The demo shop with targets and two events."""
    register = new_register(folder / f"analysis-{lang}-{len(list(folder.iterdir()))}.qmd", program="gallery", lang=lang)
    register.do(N_("Furnish the demo shop"), demo.furnish, lang)
    today = clock().date()
    for indicator, target, bound in ((Indicator.COMPLAINT_RATE, "2", "4"), (Indicator.SETTLE, "7", "14"), (Indicator.IN_TIME, "98", "90"), (Indicator.RETURN_RATE, "5", None)):
        register.do(keeping.NEW, keeping.add, IndicatorTarget(indicator=indicator, target=Decimal(target), bound=Decimal(bound) if bound else None))
    for days, what, kind in ((140, HAPPENED[lang][0], EventKind.SUPPLIER), (50, HAPPENED[lang][1], EventKind.PACKAGING)):
        register.do(keeping.NEW, keeping.add, Event(on=today - timedelta(days=days), what=what, kind=kind))
    return register


def window_around(register: Register, program: Any) -> tuple[MainWindow, AnalysisPage]:
    """The page in its window."""
    asker = ScriptedAsker()
    window = MainWindow(Desk(register, asker, Jobs(asker, synchronous=True), Preferences()), program)
    window.resize(SIZE)
    window.show()
    page = window.go("analysis")
    assert isinstance(page, AnalysisPage)
    return window, page


def pictures(folder: Path, lang: str, program: Any) -> Iterator[tuple[str, QWidget]]:
    """The page empty, then each view of the demo shop."""
    empty = new_register(folder / f"no-analysis-{lang}-{len(list(folder.iterdir()))}.qmd", program="gallery", lang=lang)
    window, page = window_around(empty, program)
    yield "analysis-empty", window
    page.turn_to("sources")
    yield "analysis-empty-sources", window
    window.leave()
    window.hide()
    empty.close()
    register = furnished(folder, lang)
    window, page = window_around(register, program)
    yield "analysis-overview", window
    page.open_indicator(Indicator.COMPLAINT_RATE)
    yield "analysis-trend", window
    view = page.view("indicator")
    view.choose(Indicator.COMPLAINT_RATE, By.PRODUCT)
    view.view.canvas.go_to(0)
    yield "analysis-by-product", window
    view.choose(Indicator.COMPLAINT_RATE, By.COURIER)
    yield "analysis-by-courier", window
    pareto = page.turn_to("pareto")
    yield "analysis-pareto", window
    pareto.by.choose(By.PRODUCT)
    pareto.cost.choose(True)
    pareto.redraw()
    yield "analysis-pareto-cost", window
    control = page.turn_to("control")
    yield "analysis-control", window
    control.by.choose(By.WEEK)
    control.redraw()
    yield "analysis-control-weeks", window
    crossing = page.turn_to("crossing")
    for at, name in ((0, "cause"), (1, "courier"), (6, "clock")):
        crossing.which.setCurrentIndex(at)
        crossing.redraw()
        yield f"analysis-crossing-{name}", window
    for name in ("waiting", "warning", "words", "cost", "sources"):
        view = page.turn_to(name)
        if name == "cost":
            view.over_time.choose(False)
            view.fix_cost.setValue(500)
            view.redraw()
        yield f"analysis-{name}", window
        if name == "waiting":
            view.which.setCurrentIndex(1)
            view.redraw()
            yield "analysis-settling", window
    page.turn_to("overview")
    page.bar.narrow(By.COURIER, page.facts.words.texts[By.COURIER][1] if page.facts else "")
    page.bar.show_scope(page.bar.stretch, page.bar.scope)
    yield "analysis-narrowed", window
    chooser = page.bar.choose_group(By.PRODUCT)
    assert chooser is not None
    yield "analysis-chooser", chooser
    chooser.close()
    window.leave()
    window.hide()
    register.close()
