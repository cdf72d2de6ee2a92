"""What customers think: surveys, their responses, opinions in public, and what the answers show, each on its tab."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from qmdesk.i18n import N_, _, language
from qmdesk.operations import opinions, surveys
from qmdesk.operations.registers import the_shop
from qmdesk.records.case import Case
from qmdesk.records.party import Customer
from qmdesk.records.product import Order, Product
from qmdesk.records.satisfaction import Opinion, Survey, SurveyAnswer, SurveyQuestion, SurveyResponse
from qmdesk.records.shop import Language
from qmdesk.register import clock
from qmdesk.schema import types
from qmdesk.schema.query import Condition
from qmdesk.schema.record import Record
from ui.ask import ran
from ui.desk import Desk
from ui.dialogs.question_bank import QuestionBank
from ui.forms.dialog import RecordDialog
from ui.forms.form import RecordForm
from ui.pages.beside import BesidePage, ListAndCard
from ui.pages.listing import Empty, Listing
from ui.pages.tabbed import TabbedPage
from ui.panels.opinion import OpinionCard
from ui.panels.response import ResponseCard
from ui.panels.survey import SurveyCard
from ui.panels.survey_results import ShowThese, SurveyResults
from ui.tables.filters import Filter, View
from ui.widgets.button import Button
from ui.widgets.plain_label import PlainLabel
from ui.widgets.tabs import Part

OpenRecord = Callable[[type[Record], int], None]
BEGINNING = ("name", "occasion", "language", "introduction", "thanks")
OPINION = ("place", "written_on", "stars", "said", "author", "product", "order", "customer")
TABS: tuple[type[Record] | None, ...] = (Survey, SurveyResponse, Opinion, None)
"""The kind of record on each tab; None: the results."""


class SatisfactionPage(TabbedPage):
    """Each tab is a page of its own; ``take_in`` takes in files that customers sent back, ``import_file`` opinions of a marketplace."""

    surveys = Part(N_("Surveys"), lambda page: page._surveys(), "checklist")
    responses = Part(N_("Responses"), lambda page: page._responses(), "message")
    opinions = Part(N_("Opinions"), lambda page: page._opinions(), "star")
    results = Part(N_("Results"), lambda page: SurveyResults(page.desk, page._open, page.show_these), "analysis")

    def __init__(
        self,
        desk: Desk,
        open_record: OpenRecord,
        new_case: Callable[..., object],
        show_these: ShowThese,
        take_in: Callable[[], object],
        import_file: Callable[[str], object],
    ) -> None:
        super().__init__(desk)
        self._open_other, self._take_in, self._import_file = open_record, take_in, import_file
        self.new_case, self.show_these = new_case, show_these

    # -- the tabs

    def _surveys(self) -> BesidePage:
        desk = self.desk
        card = SurveyCard(desk, self._open)
        card.on_responses, card.on_results = self.show_responses, self.show_results
        ready = Button(_("Ready survey…"), "checklist", "primary", self.take_ready)
        new = Button(_("Survey of your own…"), "add", on_click=self.new_survey)
        for button in (ready, new):
            button.setEnabled(not desk.register.read_only)
        empty = Empty(N_("No surveys yet."), N_("Take a ready one, look it over, and begin to ask. Its file needs no server: it goes out by e-mail and comes back the same way."), N_("Ready survey…"), self.take_ready, "satisfaction")
        listing = Listing(desk, Survey, columns=("name", "state", "made_on"), order="-made_on", empty=empty)
        pair = ListAndCard(_("Surveys"), listing, card, "satisfaction", N_("Choose a survey in the list."), (ready, new))
        return BesidePage(pair, (Survey, SurveyQuestion, SurveyResponse), card.keys)

    def _responses(self) -> BesidePage:
        card = ResponseCard(self.desk, self._open)
        come = Button(_("Answers of forms…"), "import", "primary", self._take_in)
        come.setToolTip(_("Files or mails that customers sent back; they can be dropped on the window too."))
        come.setEnabled(not self.desk.register.read_only)
        empty = Empty(N_("No responses yet."), N_("Drop what customers sent back on the window, or type, paste and import responses on the survey."), N_("Answers of forms…"), self._take_in, "message")
        listing = Listing(self.desk, SurveyResponse, columns=("answered_at", "survey", "customer", "way"), order="-answered_at", empty=empty)
        pair = ListAndCard(_("Responses"), listing, card, "message", N_("Choose a response in the list."), (come,))
        return BesidePage(pair, (SurveyResponse, SurveyAnswer, Survey, Customer, Order, Case))

    def _opinions(self) -> BesidePage:
        desk = self.desk
        card = OpinionCard(desk, self._open, self.new_case)
        new = Button(_("New opinion…"), "add", "primary", self.new_opinion)
        fetch = Button(_("Import opinions…"), "import", on_click=self.import_opinions)
        for button in (new, fetch):
            button.setEnabled(not desk.register.read_only)
        empty = Empty(N_("No opinions yet."), N_("Write one down, or import a table of opinions: place, day, stars, text, author."), N_("New opinion…"), self.new_opinion, "star")
        waiting = View((Filter(opinions.bad_unanswered().where[0]), Filter(opinions.bad_unanswered().where[1])))
        listing = Listing(desk, Opinion, columns=("written_on", "place", "stars", "said", "answered_on"), order="-written_on", presets=((_("Bad and unanswered"), waiting),), empty=empty)
        return _Opinions(listing, card, (new, fetch))

    # -- what is begun here

    def take_ready(self) -> None:
        """Take a ready survey in the language of the shop's letters."""
        lang = str(the_shop(self.desk.register).language.value)
        dialog = QuestionBank(lang, self, ready=True)
        if ran(dialog) and (id_ := self.desk.attempt(surveys.FROM_LIBRARY, surveys.add_from_library, dialog.chosen[0], lang)) is not None:
            self.open(Survey, id_)

    def new_survey(self) -> None:
        """Write a survey of one's own."""
        preset = {"language": Language.POLISH if language() == "pl" else Language.ENGLISH, "made_on": clock().date()}
        dialog = RecordDialog(self.desk, Survey, preset=preset, fields=BEGINNING, save=_save_survey, parent=self)
        if ran(dialog) and dialog.saved_id:
            self.open(Survey, dialog.saved_id)
            self.surveys.pair.card.show_questions()

    def new_opinion(self) -> None:
        """Write an opinion down."""
        dialog = RecordDialog(self.desk, Opinion, preset={"written_on": clock().date()}, fields=OPINION, save=_save_opinion, parent=self)
        if ran(dialog) and dialog.saved_id:
            self.open(Opinion, dialog.saved_id)

    def import_opinions(self) -> None:
        """Import a table of opinions."""
        self._import_file(Opinion.spec.table)

    # -- where things lead

    def _open(self, kind: type[Record], id_: int) -> None:
        if kind in TABS:
            self.open(kind, id_)
        else:
            self._open_other(kind, id_)

    def open(self, kind: type[Record], id_: int) -> None:
        """Show a record on the tab of its kind."""
        self.tabs.setCurrentIndex(TABS.index(kind))
        self.current().open(kind, id_)

    def show_responses(self, survey: Survey) -> None:
        """Show the responses of a survey."""
        self.tabs.setCurrentIndex(TABS.index(SurveyResponse))
        self.responses.pair.listing.filter_by(Filter(Condition("survey", types.IS, (survey.id,))))

    def show_results(self, survey: Survey) -> None:
        """Show what a survey shows."""
        self.tabs.setCurrentIndex(TABS.index(None))
        self.results.show_survey(survey)

    def show_bad(self) -> None:
        """Show the bad opinions that wait for an answer, on the oldest."""
        self.tabs.setCurrentIndex(TABS.index(Opinion))
        waiting = self.desk.register.ids(opinions.bad_unanswered(), 1)
        self.opinions.pair.listing.filter_by(*(Filter(condition) for condition in opinions.bad_unanswered().where))
        if waiting:
            self.opinions.pair.open(waiting[0])


class _Opinions(BesidePage):
    """The list of opinions under what they show together, with the card that answers them."""

    def __init__(self, listing: Listing, card: OpinionCard, buttons: Sequence[Button]) -> None:
        self.figures = PlainLabel("", "muted", wrap=True, selectable=True)
        pair = ListAndCard(_("Opinions"), listing, card, "star", N_("Choose an opinion in the list, and answer it."), buttons, self.figures)
        super().__init__(pair, (Opinion, Case, Customer, Order, Product), card.keys)

    def refresh(self) -> None:
        self.figures.setText(opinions.told(opinions.figures(self.desk.register)))
        self.figures.setVisible(bool(self.figures.text()))
        super().refresh()


def _save_survey(desk: Desk, _form: RecordForm, draft: Record) -> int:
    assert isinstance(draft, Survey)
    return desk.do(surveys.NEW, surveys.add, draft)


def _save_opinion(desk: Desk, _form: RecordForm, draft: Record) -> int:
    assert isinstance(draft, Opinion)
    return desk.do(opinions.ADD, opinions.add, draft)
