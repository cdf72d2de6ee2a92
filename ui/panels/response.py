"""The card of a response: what was answered, how it came, and whose it is."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QVBoxLayout, QWidget

from qmdesk.i18n import _
from qmdesk.operations import forms, responses, surveys
from qmdesk.records.satisfaction import SCALES, QuestionKind, ResponseWay, Seal, Survey, SurveyResponse
from qmdesk.schema.record import Record
from ui import theme
from ui.desk import Desk
from ui.panels.card import Card
from ui.tables import paint
from ui.widgets.button import Button
from ui.widgets.flow import FlowLayout
from ui.widgets.pill import Pill
from ui.widgets.plain_label import PlainLabel
from ui.widgets.story import Story


class ResponseCard(Card):
    """One response; its answers stand as they were given."""

    def __init__(self, desk: Desk, open_record: Callable[[type[Record], int], None]) -> None:
        super().__init__(desk, SurveyResponse, (), open_record, called="{title}", edit=(responses.CHANGE, responses.link))
        self._open = open_record
        self.way, self.seal, self.caution = PlainLabel("", "muted"), Pill(), PlainLabel(_(forms.WHAT_IT_CANNOT_KNOW), "small", wrap=True)
        self.survey_link = Button("", "satisfaction", "link", self.open_survey)
        self.remove_button = Button(_("Remove it"), "remove", on_click=self.remove)
        self.said = Story()
        self.said.setAccessibleName(_("Answers"))
        self.tabs.insertTab(0, self.said, _("Answers"))
        self.tabs.setTabText(1, _("Whose it is"))
        self.tabs.setCurrentIndex(0)
        head = FlowLayout(gap=theme.em(0.6))
        for part in (self.survey_link, self.way, self.seal, self.remove_button):
            head.addWidget(part)
        holder = QWidget()
        between = QVBoxLayout(holder)
        between.setContentsMargins(0, 0, 0, 0)
        between.addLayout(head)
        between.addWidget(self.caution)
        rows = self.layout()
        assert isinstance(rows, QVBoxLayout)
        rows.insertWidget(1, holder)

    def refresh(self) -> None:
        super().refresh()
        response = self.record
        if not isinstance(response, SurveyResponse):
            return
        register = self.desk.register
        survey = register.get(Survey, response.survey)
        self.name.setText(SurveyResponse.spec.fields["answered_at"].type.show(response.answered_at))
        self.survey_link.setText(survey.name.replace("&", "&&"))
        self.way.setText(_(response.way.label))
        role, icon = paint.state(response.seal)
        self.seal.show_state(_(response.seal.label), role or "neutral", icon)
        came = response.way is ResponseWay.FILE
        self.seal.setVisible(came or response.seal is not Seal.NONE)
        self.caution.setVisible(came)
        self.remove_button.setEnabled(not register.read_only)
        told = responses.answers_of(register, response)
        self.said.clear()
        for question in surveys.questions(register, survey):
            self.said.head(question.wording)
            self.said.tell([self._words(question.kind, told.get(question.id))])

    @staticmethod
    def _words(kind: QuestionKind, said: int | str | None) -> str:
        if said is None:
            return _("(not answered)")
        if kind is QuestionKind.YES_NO:
            return _("Yes") if said else _("No")
        if kind in SCALES:
            return _("{points} of {most}").format(points=said, most=SCALES[kind][1])
        return str(said)

    def open_survey(self) -> None:
        """Show the survey it belongs to."""
        if isinstance(self.record, SurveyResponse):
            self._open(Survey, self.record.survey)

    def remove(self) -> None:
        """Take it away; the history can bring it back."""
        if self.record is not None and self.may_leave():
            self.desk.attempt(responses.REMOVE, responses.remove, self.record.id)
