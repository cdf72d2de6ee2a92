"""The card of a survey: what can be done with it now, its questions, and how customers see them."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QVBoxLayout, QWidget

from qmdesk.errors import Known
from qmdesk.i18n import _, n_
from qmdesk.operations import forms, response_files, surveys
from qmdesk.records.satisfaction import Survey, SurveyState
from qmdesk.schema.record import Record
from ui import theme
from ui.ask import ran
from ui.desk import Desk
from ui.dialogs.import_wizard import FILES
from ui.dialogs.responses_import import ResponsesImport
from ui.dialogs.type_response import TypeResponse
from ui.forms.answer_form import AnswerForm
from ui.panels.card import Card
from ui.panels.form_in import save_page
from ui.panels.survey_questions import QuestionsPart
from ui.tables import paint
from ui.widgets.button import Button
from ui.widgets.flow import FlowLayout
from ui.widgets.pill import Pill
from ui.widgets.plain_label import PlainLabel

OpenRecord = Callable[[type[Record], int], None]


class SurveyCard(Card):
    """One survey; ``on_responses`` and ``on_results`` lead to what customers answered."""

    def __init__(self, desk: Desk, open_record: OpenRecord) -> None:
        super().__init__(desk, Survey, (), open_record, edit=(surveys.CHANGE, surveys.change))
        self._open = open_record
        self.on_responses: Callable[[Survey], object] = lambda _survey: None
        self.on_results: Callable[[Survey], object] = lambda _survey: None
        self.state, self.stands = Pill(), PlainLabel("", "muted")
        self.ask_button = Button(_("Begin to ask (B)"), "play", "primary", self.begin_asking)
        self.file_button = Button(_("Save the file for customers… (F)"), "save", "primary", self.save_file)
        self.mail_button = Button(_("Copy the text of the mail (M)"), "letter", on_click=self.copy_mail)
        self.type_button = Button(_("Type in a response (T)"), "edit", on_click=self.type_in)
        self.paste_button = Button(_("Paste responses (V)"), "note", on_click=self.paste)
        self.import_button = Button(_("Import responses… (I)"), "import", on_click=self.import_file)
        self.close_button = Button(_("Close it (Z)"), "stop", on_click=self.close_survey)
        self.copy_button = Button(_("Copy it (C)"), "copy", on_click=self.copy)
        self.remove_button = Button(_("Remove it"), "remove", on_click=self.remove)
        self.responses_link = Button("", "message", "link", lambda: self._lead(self.on_responses))
        self.results_link = Button(_("Results"), "analysis", "link", lambda: self._lead(self.on_results))
        self.keys = (
            ("B", self.ask_button.click), ("F", self.file_button.click), ("M", self.mail_button.click), ("T", self.type_button.click),
            ("V", self.paste_button.click), ("I", self.import_button.click), ("Z", self.close_button.click), ("C", self.copy_button.click),
        )  # fmt: skip
        self.questions = QuestionsPart(desk)
        self.preview = AnswerForm()
        self._previewed: tuple[object, ...] = ()
        self.tabs.insertTab(0, self.questions, _("Questions"))
        self.tabs.addTab(self._trying(), _("Try it out"))
        self.tabs.setCurrentIndex(0)
        self._lay_out()

    def _trying(self) -> QWidget:
        page = QWidget()
        rows = QVBoxLayout(page)
        rows.setContentsMargins(0, theme.em(0.8), 0, 0)
        rows.addWidget(PlainLabel(_("As customers are asked; what you answer here is kept nowhere."), "small", wrap=True))
        rows.addWidget(self.preview, 1)
        return page

    def _lay_out(self) -> None:
        head, buttons = FlowLayout(gap=theme.em(0.6)), FlowLayout(gap=theme.em(0.5))
        for part in (self.state, self.stands, self.responses_link, self.results_link):
            head.addWidget(part)
        self.buttons = (
            self.ask_button, self.file_button, self.mail_button, self.type_button, self.paste_button, self.import_button, self.close_button, self.copy_button, self.remove_button,
        )  # fmt: skip
        for button in self.buttons:
            buttons.addWidget(button)
        between = QVBoxLayout()
        between.setSpacing(theme.em(0.6))
        between.addLayout(head)
        between.addLayout(buttons)
        rows = self.layout()
        assert isinstance(rows, QVBoxLayout)
        rows.insertLayout(1, between)

    def refresh(self) -> None:
        super().refresh()
        survey = self.record
        if not isinstance(survey, Survey):
            return
        register = self.desk.register
        role, icon = paint.state(survey.state)
        self.state.show_state(_(survey.state.label), role or "neutral", icon)
        self.stands.setText(_(survey.occasion.label))
        answered = surveys.responses_in(register, survey)
        self.responses_link.setText(n_("{n} response", "{n} responses", answered))
        self.questions.show_survey(survey)
        asked = surveys.questions(register, survey)
        if (now := (survey.id, survey.introduction, survey.language, *asked)) != self._previewed:  # what is being tried stays while others change
            self._previewed = now
            self.preview.ask(asked, str(survey.language.value), survey.introduction)
        draft, asking = survey.state is SurveyState.DRAFT, survey.state is SurveyState.OPEN
        self.ask_button.setText(_("Begin to ask (B)") if draft else _("Ask again (B)"))
        shown = {
            self.ask_button: not asking, self.file_button: asking, self.mail_button: asking, self.type_button: asking, self.paste_button: asking,
            self.import_button: asking, self.close_button: asking, self.copy_button: True, self.remove_button: not answered,
        }  # fmt: skip
        for button, offered in shown.items():
            button.setVisible(offered)
            button.setEnabled(offered and (not register.read_only or button in (self.file_button, self.mail_button)))
        for link in (self.responses_link, self.results_link):
            link.setVisible(bool(answered))

    # -- what is done with it

    @property
    def survey(self) -> Survey:
        """The survey shown; asked for only by its buttons."""
        assert isinstance(self.record, Survey)
        return self.record

    def _lead(self, where: Callable[[Survey], object]) -> None:
        if isinstance(self.record, Survey):
            where(self.record)

    def show_questions(self) -> None:
        """Lead to the questions, and to where they are taken from."""
        self.tabs.setCurrentWidget(self.questions)
        self.questions.bank_button.setFocus()

    def begin_asking(self) -> None:
        """From now on its questions stay as they are."""
        if self.may_leave():
            self.desk.attempt(surveys.OPEN, surveys.open_, self.survey.id)

    def save_file(self) -> None:
        """Save the page for customers."""
        survey = self.survey
        path = self.desk.ask.choose_file_to_save(_("Save the file for customers"), forms.file_name(survey.name, ".html"), [(_("Web page"), "*.html")], parent=self)
        if path is not None:
            save_page(self.desk, path, lambda: forms.survey_form(self.desk.register, survey.id), self)

    def copy_mail(self) -> None:
        """Put what is written to customers on the clipboard."""
        QGuiApplication.clipboard().setText(forms.mail_text(self.desk.register, self.survey.id))
        self.desk.ask.tell(_("The text of the mail is on the clipboard. Paste it into a mail and attach the saved file."), parent=self)

    def type_in(self) -> None:
        """Type responses in."""
        ran(TypeResponse(self.desk, self.survey, self))

    def paste(self) -> None:
        """Take in rows copied from a spreadsheet."""
        asked = surveys.questions(self.desk.register, self.survey)
        try:
            sheet = response_files.pasted(QGuiApplication.clipboard().text(), asked)
        except Known as error:
            self.desk.ask.warn(error.sentence, parent=self)
        else:
            self._match(sheet)

    def import_file(self) -> None:
        """Take in a file of another survey program."""
        path = self.desk.ask.choose_file_to_open(_("Import responses"), [(_("Tables"), FILES)], parent=self)
        if path is not None:
            self.desk.jobs.run(_("Reading {file}").format(file=path.name), lambda progress: response_files.read(path, progress), self._match, self._failed, self)

    def _match(self, sheet: response_files.Sheet) -> None:
        ran(ResponsesImport(self.desk, self.survey, sheet, self))

    def _failed(self, error: Exception) -> None:
        if isinstance(error, Known):
            self.desk.ask.warn(error.sentence, parent=self)

    def close_survey(self) -> None:
        """Take no more responses."""
        self.desk.attempt(surveys.CLOSE, surveys.close, self.survey.id)

    def copy(self) -> None:
        """Ask something else with a copy."""
        if self.may_leave() and (id_ := self.desk.attempt(surveys.COPY, surveys.copy, self.survey.id)) is not None:
            self._open(Survey, id_)

    def remove(self) -> None:
        """Take it away; the history can bring it back."""
        if self.may_leave():
            self.desk.attempt(surveys.REMOVE, surveys.remove, self.survey.id)
