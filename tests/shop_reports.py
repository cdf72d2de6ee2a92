"""What the owner does with reports: made, kept, taken away; each verb is undone and redone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from qmdesk.operations import reports
from qmdesk.operations.figures import facts
from qmdesk.operations.figures.scope import Scope
from qmdesk.records.alert import Report, ReportKind
from qmdesk.register import Register


class Reporting:
    """The verbs of reports, for ``tests.shop.Shop``."""

    register: Register
    do: Callable[..., Any]

    def makes_report(self, kind: ReportKind, scope: Scope, lang: str = "en", supplier: int | None = None) -> Report:
        made = reports.made(self.register, facts.gather(self.register), kind, scope, lang, supplier)
        return self.do(reports.KEEP, reports.keep, kind, scope, supplier, made.name, made.content())

    def takes_report_away(self, report: Report) -> None:
        self.do(reports.REMOVE, reports.remove, report.id)
