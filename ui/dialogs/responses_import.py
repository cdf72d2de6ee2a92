"""Responses of a sheet before they come in: which column answers which question, what would become of the rows, then the report."""

from __future__ import annotations

from PySide6.QtWidgets import QComboBox, QFormLayout, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from qmdesk.errors import Known
from qmdesk.i18n import _, n_
from qmdesk.operations import response_files, surveys
from qmdesk.operations.response_files import Matching, Report, Sheet
from qmdesk.records.satisfaction import Survey
from ui import theme
from ui.desk import Desk
from ui.widgets.button import Button
from ui.widgets.dialog import Dialog
from ui.widgets.plain_label import PlainLabel
from ui.widgets.within_screen import resize_within

LONGEST = 60  # letters of a heading in the list of columns


class ResponsesImport(Dialog):
    """``report`` says what became of the sheet once it was taken in."""

    def __init__(self, desk: Desk, survey: Survey, sheet: Sheet, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.desk, self.survey, self.sheet = desk, survey, sheet
        self.report: Report | None = None
        self.setWindowTitle(_("Responses: {survey}").format(survey=survey.name))
        self.asked = surveys.questions(desk.register, survey)
        found = response_files.match(self.asked, sheet.headers)
        self.columns = {question.id: self._column(found.columns.get(question.id)) for question in self.asked}
        self.moment, self.email, self.order = (self._column(at) for at in (found.moment, found.email, found.order))
        self.said = PlainLabel("", wrap=True, selectable=True)
        self.take_button = Button(_("Take them in"), "import", "primary", self.take)
        self.take_button.setDefault(True)
        self._lay_out()
        resize_within(self, theme.em(76), theme.em(46))
        self._look()

    def _column(self, at: int | None) -> QComboBox:
        box = QComboBox()
        box.addItem(_("(in no column)"))
        for place, header in enumerate(self.sheet.headers):
            sample = next((str(row[place]) for row in self.sheet.rows if row[place] not in ("", None)), "")
            words = header if not sample or self.sheet.way is not self.sheet.way.IMPORTED else _("{header} – {sample}").format(header=header, sample=sample)
            box.addItem(" ".join(words.split())[:LONGEST])
        box.setCurrentIndex(0 if at is None else at + 1)
        box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        box.setMinimumContentsLength(30)
        box.currentIndexChanged.connect(lambda _at: self._look())
        return box

    def _lay_out(self) -> None:
        inner = QWidget()
        theme.mark(inner, "page")
        form = QFormLayout(inner)
        form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
        for question in self.asked:
            self._row(form, question.wording, self.columns[question.id])
        for words, box in ((_("Answered at"), self.moment), (_("E-mail of the customer"), self.email), (_("Order number"), self.order)):
            self._row(form, words, box)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setWidget(inner)
        line = QHBoxLayout()
        line.addStretch(1)
        self.close_button = Button(_("Cancel"), on_click=self.reject)
        self.close_button.setAutoDefault(False)
        line.addWidget(self.close_button)
        line.addWidget(self.take_button)
        rows = QVBoxLayout(self)
        edge = theme.em(1)
        rows.setContentsMargins(edge, edge, edge, edge)
        rows.addWidget(PlainLabel(n_("{n} row. Which column answers which question?", "{n} rows. Which column answers which question?", len(self.sheet.rows)), "heading", wrap=True))
        rows.addWidget(area, 1)
        rows.addWidget(self.said)
        rows.addLayout(line)

    def _row(self, form: QFormLayout, words: str, box: QComboBox) -> None:
        label = PlainLabel(words.replace("&", "&&"), wrap=True)
        label.setMaximumWidth(theme.letters(44))
        label.setBuddy(box)
        box.setAccessibleName(words)
        form.addRow(label, box)

    @property
    def matching(self) -> Matching:
        """What is chosen."""
        at = {id_: box.currentIndex() - 1 for id_, box in self.columns.items() if box.currentIndex()}
        moment, email, order = (box.currentIndex() - 1 if box.currentIndex() else None for box in (self.moment, self.email, self.order))
        return Matching(at, moment, email, order)

    def _look(self) -> None:
        """Say what would become of the rows."""
        try:
            found = self.desk.register.try_out(response_files.take_in, self.survey.id, self.sheet, self.matching)
        except Known as error:
            self.said.setText(error.sentence)
            self.take_button.setEnabled(False)
        else:
            self.said.setText("\n".join(found.sentences()[:4]))
            self.take_button.setEnabled(bool(found.added) and not self.desk.register.read_only)

    def take(self) -> None:
        """Take the rows in; where some were refused, say which before closing."""
        label = response_files.PASTE if self.sheet.way is self.sheet.way.PASTED else response_files.IMPORT
        self.report = self.desk.attempt(label, response_files.take_in, self.survey.id, self.sheet, self.matching)
        if self.report is None:
            return
        if self.report.refused:
            self.desk.ask.tell("\n".join(self.report.sentences()), parent=self)
        self.accept()
