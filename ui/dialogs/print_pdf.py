"""A kept letter on the printer: its own pages as pictures, so that paper and PDF are the same."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import QWidget

from qmdesk.documents import render
from qmdesk.errors import Known
from qmdesk.i18n import _
from qmdesk.operations.letters import as_issued
from qmdesk.records.paper import IssuedDocument
from ui.desk import Desk

DOTS = 200


def print_pdf(desk: Desk, document: IssuedDocument, parent: QWidget) -> None:
    """Ask for the printer and print the letter."""
    print_pages(desk, document.number, lambda: render.to_pages(as_issued(desk.register, document), dots_per_inch=DOTS), parent)


def print_pages(desk: Desk, name: str, draw: Callable[[], list[bytes]], parent: QWidget) -> None:
    """Ask for the printer and print the pages that ``draw`` gives as PNG pictures."""
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setDocName(name)
    printer.setFullPage(True)
    dialog = QPrintDialog(printer, parent)
    if not dialog.exec():
        return
    try:
        pages = draw()
    except Known as error:
        desk.ask.warn(error.sentence, parent=parent)
        return
    painter = QPainter()
    if not painter.begin(printer):
        desk.ask.warn(_("The printer does not answer. Save the letter and print the file."), parent=parent)
        return
    for place, png in enumerate(pages):
        if place:
            printer.newPage()
        painter.drawImage(QRectF(painter.viewport()), QImage.fromData(png))
    painter.end()
