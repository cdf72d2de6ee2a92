"""A paper that is no letter, before it is saved or printed: its pages, in either language."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from qmdesk import i18n
from qmdesk.errors import Known
from qmdesk.i18n import _, n_
from qmdesk.operations.audit_papers import Paper, write
from ui import theme
from ui.desk import Desk
from ui.dialogs.print_pdf import DOTS as PRINTED
from ui.dialogs.print_pdf import print_pages
from ui.widgets.button import Button
from ui.widgets.dialog import Dialog
from ui.widgets.plain_label import PlainLabel
from ui.widgets.sheets import Sheets
from ui.widgets.within_screen import resize_within

DOTS = 80
WIDE = 18
"""Of what stands beside the pages, in ems."""


class PaperDialog(Dialog):
    """``make`` draws the paper in a language; ``name`` is what its file is called until somebody says otherwise."""

    def __init__(self, desk: Desk, title: str, name: str, make: Callable[[str], Paper], lang: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.desk, self._name, self._make = desk, name, make
        self.paper: Paper | None = None
        self.setWindowTitle(title)
        self.sheets = Sheets(title)
        columns = QHBoxLayout(self)
        columns.addWidget(self.sheets, 1)
        columns.addLayout(self._side(title, lang))
        resize_within(self, theme.em(WIDE) + 760, 1000)
        self.refresh()

    def _side(self, title: str, lang: str) -> QVBoxLayout:
        side = QVBoxLayout()
        side.setSpacing(theme.em(0.6))
        heading = PlainLabel(title, "heading", wrap=True)
        heading.setFixedWidth(theme.em(WIDE))
        side.addWidget(heading)
        side.addWidget(PlainLabel(_("Language"), "muted"))
        self.lang = QComboBox()
        self.lang.setAccessibleName(_("Language"))
        for key, words in i18n.LANGUAGES.items():
            self.lang.addItem(words, key)
        self.lang.setCurrentIndex(max(0, self.lang.findData(lang)))
        self.lang.currentIndexChanged.connect(lambda _at: self.refresh())
        side.addWidget(self.lang)
        self.count = PlainLabel("", "muted")
        side.addWidget(self.count)
        self.problem = PlainLabel("", "problem", wrap=True)
        side.addWidget(self.problem)
        side.addStretch()
        self.save_button = Button(_("Save as PDF…"), "save", "primary", self.save)
        self.print_button = Button(_("Print…"), "print", on_click=self.print_out)
        for button in (self.save_button, self.print_button, Button(_("Close"), on_click=self.reject)):
            side.addWidget(button)
        for button in self.findChildren(QPushButton):
            button.setAutoDefault(False)
        self.save_button.setDefault(True)
        return side

    def refresh(self) -> None:
        """Draw the paper anew."""
        self.sheets.clear()
        try:
            self.paper = self._make(self.lang.currentData())
            drawn = self.paper.pages(DOTS)
        except Known as error:
            self.paper, drawn = None, []
            self.problem.setText(error.sentence)
        else:
            self.problem.setText("")
        self.sheets.show_pages(drawn)
        self.count.setText(n_("{n} page", "{n} pages", len(drawn)) if drawn else "")
        for button in (self.save_button, self.print_button):
            button.setEnabled(self.paper is not None)

    def save(self) -> None:
        """Write the paper to a file the user names."""
        paper = self.paper
        path = self.desk.ask.choose_file_to_save(self.windowTitle(), self._name, [(_("PDF"), "*.pdf")], parent=self)
        if path is None or paper is None:
            return

        def done(_written: None) -> None:
            self.desk.ask.tell(_("{file} was written.").format(file=path.name), parent=self)

        self.desk.jobs.run(_("Writing {file}").format(file=path.name), lambda _progress: write(paper, path, replace=True), done, parent=self)

    def print_out(self) -> None:
        """Print the paper."""
        if (paper := self.paper) is not None:
            print_pages(self.desk, self._name, lambda: paper.pages(PRINTED), self)
