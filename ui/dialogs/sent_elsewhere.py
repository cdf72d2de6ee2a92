"""A letter that went by another window or by the shop's own mail: its file, how and when it went, when it arrived."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from PySide6.QtWidgets import QComboBox, QFormLayout, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from qmdesk.errors import Known, Problems
from qmdesk.i18n import N_, _, show_moment
from qmdesk.operations import letters
from qmdesk.records.lists import Channel
from qmdesk.records.paper import DocumentKind, IssuedDocument
from qmdesk.register import clock
from qmdesk.schema import types
from qmdesk.schema.query import Order, Query, offered
from ui import theme
from ui.desk import Desk
from ui.forms.dialog import shortcuts_to_save
from ui.widgets.button import Button
from ui.widgets.dialog import Dialog
from ui.widgets.plain_label import PlainLabel
from ui.widgets.within_screen import fit_within

PROOFS = ((N_("Letters, mails and pictures of them"), " ".join(f"*{ending}" for ending in letters.PROOF_FILES)),)


class SentElsewhere(Dialog):
    """Asks for the file that proves a letter; ``noted`` is the letter once it is kept."""

    def __init__(self, desk: Desk, case_id: int, kind: DocumentKind, channel: int | None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.desk, self.case_id, self.document_kind = desk, case_id, kind
        self.noted: IssuedDocument | None = None
        self.path: Path | None = None
        title = _("Sent elsewhere: {kind}").format(kind=_(kind.label))
        self.setWindowTitle(title)
        rows = QVBoxLayout(self)
        edge = theme.em(1.2)
        rows.setContentsMargins(edge, edge, edge, edge)
        rows.setSpacing(theme.em(0.6))
        rows.addWidget(PlainLabel(title, "title", wrap=True))
        rows.addWidget(PlainLabel(_("Keep the letter itself as it was sent: a PDF, a picture of the screen, the mail as a file, a text. It is the proof."), "muted", wrap=True))
        self.file = PlainLabel(_("No file yet"), "muted", wrap=True)
        choose = Button(_("Choose the file…"), "attachment", on_click=self.choose)
        line = QHBoxLayout()
        line.addWidget(self.file, 1)
        line.addWidget(choose)
        rows.addLayout(line)
        form = QFormLayout()
        form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapAllRows)
        self.channel = QComboBox()
        for one in desk.register.records(Query(Channel, offered(Channel)).by(Order("id"))):
            if one.durable:
                self.channel.addItem(one.name, one.id)
        self.channel.setCurrentIndex(max(0, self.channel.findData(channel)))
        self.sent, self.arrived = QLineEdit(show_moment(clock())), QLineEdit()
        self.arrived.setPlaceholderText(_("when it was sent, if it is there at once"))
        for words, box in ((_("Sent by"), self.channel), (_("Sent at"), self.sent), (_("Delivered at"), self.arrived)):
            box.setAccessibleName(words)
            form.addRow(PlainLabel(words, "muted"), box)
        rows.addLayout(form)
        self.note = PlainLabel("", "problem", wrap=True)
        rows.addWidget(self.note)
        buttons = QHBoxLayout()
        buttons.addStretch()
        self.keep_button = Button(_("Keep as proof"), "done", "primary", self.keep)
        close = Button(_("Cancel"), on_click=self.reject)
        for button in (close, self.keep_button):
            buttons.addWidget(button)
        for button in (choose, close, self.keep_button):
            button.setAutoDefault(False)
        rows.addLayout(buttons)
        shortcuts_to_save(self, lambda: self.keep_button.click())
        fit_within(self, theme.em(40))

    def choose(self) -> None:
        """Ask for the file."""
        filters = [(_(words), patterns) for words, patterns in PROOFS]
        path = self.desk.ask.choose_file_to_open(_("The letter as it was sent"), filters, parent=self)
        if path is not None:
            self.path = path
            self.file.setText(path.name)

    def keep(self) -> None:
        """Keep the letter, or say beside the fields what is wrong."""
        self.note.setText("")
        try:
            if self.path is None:
                raise Known(_("Choose the file that proves the letter first."))
            sent, arrived = self._moment(self.sent), self._moment(self.arrived)
            if sent is None:
                raise Known(_("Write when the letter was sent."))
            content = self.path.read_bytes()
            args = (self.case_id, self.document_kind, content, self.path.name, self.channel.currentData(), sent, arrived)
            self.noted = self.desk.do(letters.SENT_ELSEWHERE, letters.sent_elsewhere, *args)
        except Problems as error:
            self.note.setText("\n".join(problem.sentence for problem in error.problems))
        except Known as error:
            self.note.setText(error.sentence)
        except OSError:
            self.note.setText(_("{file} can't be read. Check that it is there and that you may read it.").format(file=self.path.name if self.path else ""))
        else:
            self.accept()

    def _moment(self, line: QLineEdit) -> datetime | None:
        text = line.text().strip()
        if not text:
            return None
        try:
            return types.Moment().parse(text)
        except ValueError:
            raise Known(_("“{text}” is no day. Write it like 22.11.2026 14:30.").format(text=text)) from None
