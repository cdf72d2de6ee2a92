"""Reports made of the figures: for the management, about a supplier, as a workbook; written to a file or kept in the register."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from qmdesk.documents import render
from qmdesk.errors import Known, Problem, Problems
from qmdesk.exchange import indicator_workbook
from qmdesk.exchange.writer import whole_file
from qmdesk.i18n import N_, _, speaking
from qmdesk.operations.attachments import safe_name
from qmdesk.operations.figures import indicator_table, management_report, supplier_report
from qmdesk.operations.figures.compared import figures
from qmdesk.operations.figures.facts import Facts
from qmdesk.operations.figures.report_parts import Counted
from qmdesk.operations.figures.scope import Period, Scope
from qmdesk.operations.registers import the_shop
from qmdesk.records.alert import Report, ReportKind
from qmdesk.register import Reading, Transaction, clock
from qmdesk.values import dataclass

KEEP = N_("Make a report")
REMOVE = N_("Remove a report")
ENDINGS = {ReportKind.MANAGEMENT: ".pdf", ReportKind.SUPPLIER: ".pdf", ReportKind.WORKBOOK: ".xlsx"}


@dataclass(frozen=True, eq=False, repr=False)
class Made:
    """A report: what it is called, how its file is made, its pages where it has any, and its figures with the records behind them."""

    name: str
    content: Callable[[], bytes]
    pages: Callable[[int], list[bytes]] | None
    counted: Sequence[Counted]


# ----------------------------------------------------------------------------------------------- making


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


def counted(reading: Reading, facts: Facts, report: Report) -> list[Counted]:
    """The figures of a kept report as the register stands now, in the language of the window."""
    scope = Scope(report.since, report.until)
    if report.kind is ReportKind.SUPPLIER and report.supplier is not None:
        return supplier_report.counted(reading, facts, scope, report.supplier)
    return management_report.counted(reading, facts, scope)


def anything(reading: Reading, facts: Facts, scope: Scope) -> bool:
    """Whether there is anything to tell of a period."""
    return any(one.told for one in figures(reading, facts, scope))


def letters_language(reading: Reading) -> str:
    """The language reports are made in unless another is chosen: that of the shop's letters."""
    return str(the_shop(reading).language.value)


def see_that_told(draft: Report) -> None:
    """Raises Problems for a period that ends before it begins, and for a supplier report without its supplier."""
    wrong = [Problem("until", _("The period ends before it begins."))] if draft.until < draft.since else []
    if draft.kind is ReportKind.SUPPLIER and draft.supplier is None:
        wrong.append(Problem("supplier", _("Choose the supplier the report is about.")))
    if wrong:
        raise Problems(wrong)


# ---------------------------------------------------------------------------------------------- keeping


def keep(tx: Transaction, kind: ReportKind, period: Period, supplier: int | None, name: str, content: bytes, *, by_itself: bool = False) -> Report:
    """Keep a report as it was made."""
    tx.about(name)
    made_of = Report(
        name=name[:200], kind=kind, since=period.since, until=period.until, supplier=supplier, made_at=clock(), by_itself=by_itself, content=tx.keep(content)
    )  # fmt: skip
    return tx.get(Report, tx.add(made_of))


def remove(tx: Transaction, report_id: int) -> None:
    """Take a kept report away."""
    report = tx.get(Report, report_id)
    tx.about(report.name)
    tx.remove(report)


def pages(reading: Reading, report: Report, dots_per_inch: int) -> list[bytes]:
    """The pages of a kept report as PNG pictures; a workbook has none. Raises Known."""
    if report.kind is ReportKind.WORKBOOK:
        return []
    return render.pages_of(reading.content(report.content), dots_per_inch=dots_per_inch)


def file_name(report: Report) -> str:
    """What the file of a report is called until somebody says otherwise."""
    return safe_name(report.name + ENDINGS[report.kind])


def write(content: bytes, out: Path) -> None:
    """Write a report to a file: whole, or not at all. Raises Known."""
    with whole_file(out) as file:
        file.write(content)
