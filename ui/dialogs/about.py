"""What the program is, and which keys it knows."""

from __future__ import annotations

from PySide6.QtWidgets import QDialog, QDialogButtonBox, QFormLayout, QScrollArea, QVBoxLayout, QWidget

from qmdesk import __version__, places
from qmdesk.i18n import N_, _
from ui import theme
from ui.widgets.dialog import Dialog
from ui.widgets.plain_label import PlainLabel
from ui.widgets.within_screen import resize_within

KEYS = (
    ("Ctrl+N", N_("New complaint")),
    ("Ctrl+Shift+N", N_("New return")),
    ("Ctrl+K", N_("Go to a case, customer, order or product")),
    ("Ctrl+F", N_("Search in the list")),
    ("Ctrl+1 … Ctrl+0, Ctrl+Shift+1 …", N_("Pages")),
    ("F6", N_("On to the list, the open record, the bar after a step, the pages; Shift+F6 goes back")),
    ("Ctrl+I", N_("Import a file")),
    ("Ctrl+D, Ctrl+E, Ctrl+L", N_("On a case: the next step, all steps, a letter")),
    ("Ctrl+G", N_("On an action: how its indicator goes")),
    ("D, S, W", N_("Today: do the next step, put off, why this day")),
    (N_("Y, N, U"), N_("In the checklist: yes, no, unknown; the arrow keys go from question to question")),
    ("Ctrl+Shift+Q", N_("Quarter-hour quality; in it Alt+1 to Alt+3 write a sentence, F4 opens, F8 makes it an action, F10 finishes")),
    ("Alt+←, Alt+→", N_("Accountant: an earlier or a later month")),
    ("Ctrl+Tab", N_("The next tab")),
    ("Ctrl+S, Ctrl+Enter", N_("Save")),
    ("Ctrl+Z, Ctrl+Y", N_("Undo, redo")),
    ("Ctrl+H", N_("History")),
    ("Ctrl+C", N_("Copy the chosen rows as a table")),
    ("Ctrl++, Ctrl+-", N_("Larger or smaller text")),
    ("Ctrl+Shift+D", N_("Light or dark")),
    ("Enter", N_("Open the chosen row")),
    ("Esc", N_("Close without saving")),
    ("T, +, -, 5", N_("In a day field: today, a day later, a day earlier, the fifth of this month")),
    ("Alt+↓", N_("In a field: the calendar, the list")),
    ("F1, Ctrl+Q", N_("These keys; quit")),
)


def _closing(dialog: QDialog, rows: QVBoxLayout) -> None:
    buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
    buttons.rejected.connect(dialog.reject)
    rows.addWidget(buttons)


def _edges(rows: QVBoxLayout) -> None:
    edge = theme.em(1.2)
    rows.setContentsMargins(edge, edge, edge, edge)
    rows.setSpacing(theme.em(0.7))


class Keys(Dialog):
    """Every key on one card."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("Keys"))
        rows = QVBoxLayout(self)
        _edges(rows)
        rows.addWidget(PlainLabel(_("Keys"), "title"))
        listed = QWidget()
        theme.mark(listed, "page")
        form = QFormLayout(listed)
        form.setContentsMargins(0, 0, theme.em(1), 0)
        form.setHorizontalSpacing(theme.em(2))
        for key, words in KEYS:
            form.addRow(PlainLabel(_(key), "strong"), PlainLabel(_(words)))
        area = QScrollArea()  # with large text the card is higher than a small screen
        area.setWidgetResizable(True)
        area.setAccessibleName(_("Keys"))
        area.setWidget(listed)
        rows.addWidget(area, 1)
        rows.addWidget(PlainLabel(_("A scanner that ends with Enter finds the order, product or case from anywhere."), "muted", wrap=True))
        _closing(self, rows)
        wanted = listed.sizeHint()
        resize_within(self, wanted.width() + theme.em(4), wanted.height() + theme.em(13))


class About(Dialog):
    """Name, version, where things lie, what it stands on."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("About QMDesk"))
        rows = QVBoxLayout(self)
        _edges(rows)
        rows.addWidget(PlainLabel("QMDesk", "title"))
        rows.addWidget(PlainLabel(_("Version {version}").format(version=__version__), "muted"))
        rows.addWidget(PlainLabel(_("Complaints, returns and guarantee claims of your shop, in one file on this computer."), wrap=True))
        rows.addWidget(PlainLabel(_("It sends nothing anywhere. The letters' texts are no legal advice."), wrap=True))
        rows.addWidget(PlainLabel(_("The log lies in {folder}; it holds no names, letters or money.").format(folder=places.log()), "muted", wrap=True, selectable=True))
        rows.addWidget(
            PlainLabel(
                _("Made with Qt for Python, SQLite, sqlite-utils, matplotlib, openpyxl, XlsxWriter, calamine, Typst, Babel, Pillow, RapidFuzz and others, under their licences."),
                "small",
                wrap=True,
            )
        )
        self.setMinimumWidth(theme.em(40))
        _closing(self, rows)
