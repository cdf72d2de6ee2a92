"""Reports made of the figures: for the management, about a supplier, as a workbook; written to a file or kept in the register."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from qmdesk.errors import Known
from qmdesk.exchange import indicator_workbook
from qmdesk.exchange.writer import whole_file
from qmdesk.i18n import N_, _, speaking
from qmdesk.operations import indicator_table, management_report, supplier_report
from qmdesk.operations.facts import Facts
from qmdesk.operations.management_report import Counted
from qmdesk.operations.registers import the_shop
from qmdesk.operations.scope import Scope
from qmdesk.records.alert import ReportKind
from qmdesk.register import Reading
from qmdesk.values import dataclass

MAKE = N_("Make a report")


@dataclass(frozen=True, eq=False, repr=False)
class Made:
    """A report: how its file is made, its pages where it has any, and its figures with the records behind them."""

    name: str
    content: Callable[[], bytes]
    pages: Callable[[int], list[bytes]] | None
    counted: Sequence[Counted]


def made(reading: Reading, facts: Facts, kind: ReportKind, scope: Scope, lang: str, supplier: int | None = None) -> Made:
    """A report of a period in "pl" or "en". Raises Known for a supplier report without its supplier."""
    with speaking(lang):
        if kind is ReportKind.WORKBOOK:
            told = indicator_table.content(reading, facts, scope)
            return Made(told.title, lambda: _workbook(told, lang), None, ())
        if kind is ReportKind.SUPPLIER:
            if supplier is None:
                raise Known(_("Choose the supplier the report is about."))
            report = supplier_report.report(reading, facts, scope, supplier)
        else:
            report = management_report.report(reading, facts, scope)
    return Made(report.name, report.paper.pdf, report.paper.pages, report.counted)


def _workbook(told: indicator_workbook.Content, lang: str) -> bytes:
    with speaking(lang):
        return indicator_workbook.workbook(told, lang)


def letters_language(reading: Reading) -> str:
    """The language reports are made in: that of the shop's letters."""
    return str(the_shop(reading).language.value)


def write(content: bytes, out: Path) -> None:
    """Write a report to a file: whole, or not at all. Raises Known."""
    with whole_file(out) as file:
        file.write(content)

