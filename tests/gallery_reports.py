"""The reports of the demo shop: none yet, the management's beside its figures, the supplier's, a workbook, the question for the period."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QDialog, QWidget

from qmdesk.operations import reports
from qmdesk.operations.figures import facts
from qmdesk.operations.figures.scope import Scope
from qmdesk.records.alert import Report, ReportKind
from qmdesk.register import clock
from tests.gallery_analysis import furnished, window_around
from ui.forms.dialog import RecordDialog


def pictures(folder: Path, lang: str, program: Any) -> Iterator[tuple[str, QWidget]]:
    """The view of reports on the Analysis page."""
    register = furnished(folder, lang)
    window, page = window_around(register, program)
    page.turn_to("reports")
    yield "reports-none", window
    counted, last = facts.gather(register), clock().date()
    scope = Scope(last - timedelta(days=90), last)
    kept = {}
    for kind, supplier in ((ReportKind.SUPPLIER, 1), (ReportKind.WORKBOOK, None), (ReportKind.MANAGEMENT, None)):
        made = reports.made(register, counted, kind, scope, lang, supplier)
        kept[kind] = window.desk.do(reports.KEEP, reports.keep, kind, scope, supplier, made.name, made.content()).id
    for kind, id_ in kept.items():
        page.open(Report, id_)
        yield f"reports-{kind.value}", window
    dialog: QDialog = RecordDialog(window.desk, Report, preset={"kind": ReportKind.SUPPLIER, "since": scope.since, "until": scope.until}, fields=("since", "until", "supplier"))
    yield "reports-new-dialog", dialog
    dialog.deleteLater()
    window.leave()
    window.hide()
    register.close()
