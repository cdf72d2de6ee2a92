"""What the demo shop notices, for the gallery: Today with its alerts, the buyers of the bad batch, the letter, the action about it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QWidget

from qmdesk.i18n import language
from qmdesk.operations import affected, alerts, demo
from qmdesk.operations.registers import new_register
from qmdesk.records.alert import Alert, AlertKind
from qmdesk.records.measures import Indicator
from qmdesk.register import Register, clock
from ui.ask import ScriptedAsker
from ui.desk import Desk
from ui.dialogs.buyers import Buyers
from ui.dialogs.new_action import alert_action_dialog
from ui.dialogs.paper import PaperDialog
from ui.dialogs.settle_alert import SettleAlert
from ui.jobs import Jobs
from ui.main_window import MainWindow
from ui.pages.today import TodayPage
from ui.preferences import Preferences

SIZE = QSize(1366, 768)
BOUND = {
    "pl": ("Zwroty: 6,1 % w październiku 2026, powyżej granicy 5 %.", "6,1 %: 21 z 344 (95 %: 4,0 % do 9,1 %)."),
    "en": ("Return rate: 6.1 % in October 2026, above the bound of 5 %.", "6.1 %: 21 of 344 (95 %: 4.0 % to 9.1 %)."),
}


def noticed(folder: Path, lang: str) -> Register:
    """The demo shop with what it notices, and an indicator beyond its bound."""
    register = new_register(folder / f"alerts-{lang}-{len(list(folder.iterdir()))}.qmd", program="gallery", lang=lang)
    register.do("x", demo.furnish, lang)
    today = clock().date()
    what, facts = BOUND[lang]
    draft = Alert(
        crossing="bound:return_rate:2026-10", noticed_on=today - timedelta(days=20), kind=AlertKind.BOUND, what=what, facts=facts, indicator=Indicator.RETURN_RATE,
        since=today - timedelta(days=50), until=today - timedelta(days=20),
    )  # fmt: skip
    register.do("x", alerts.keep, [draft])
    alerts.notice(register)
    return register


def pictures(folder: Path, lang: str, program: Any) -> Iterator[tuple[str, QWidget]]:
    """Today and the dialogs."""
    register = noticed(folder, lang)
    asker = ScriptedAsker()
    desk = Desk(register, asker, Jobs(asker, synchronous=True), Preferences())
    window = MainWindow(desk, program)
    window.resize(SIZE)
    page = window.go("today")
    assert isinstance(page, TodayPage)
    page.refresh()
    page.alerts.refresh()
    yield "alerts-today", window
    alert = next(one for one in register.records(alerts.waiting()) if one.kind is AlertKind.BATCH)
    yield "alerts-buyers", Buyers(desk, alert.id)
    yield "alerts-settle", SettleAlert(desk, alert)
    yield "alerts-action", alert_action_dialog(desk, alert)
    yield "alerts-letter", PaperDialog(desk, "…", affected.letter_name(alert, "P-0927"), partial(affected.letter, register, alert.id), language())
    window.leave()
    window.hide()
    register.close()
