"""What customers think: surveys with their questions and responses, and opinions written in public (S4, S12)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from qmdesk.errors import Problem
from qmdesk.i18n import N_, _
from qmdesk.records.case import Case
from qmdesk.records.party import Customer
from qmdesk.records.product import Order, Product
from qmdesk.records.shop import Language
from qmdesk.schema.record import Record, choice, count, day, flag, long_text, moment, record, ref, text
from qmdesk.schema.types import Labelled

MOST_STARS = 5


class Occasion(Labelled):
    """When customers are asked."""

    PURCHASE = "purchase", N_("After a purchase")
    SERVICE = "service", N_("After a complaint or return")
    OTHER = "other", N_("At another moment")


class SurveyState(Labelled):
    """Whether a survey still changes: once customers answer, its questions stay as they were asked."""

    DRAFT = "draft", N_("In preparation")
    OPEN = "open", N_("Asking")
    CLOSED = "closed", N_("Closed")


@record("survey", N_("Survey"), N_("Surveys"))
class Survey(Record):
    """A set of questions put to customers in one language."""

    name: str = text(N_("Name"), most=120, title=True, searched=True, listed=True)
    occasion: Occasion = choice(Occasion, N_("When customers are asked"), default=Occasion.PURCHASE, listed=True)
    language: Language = choice(Language, N_("Language"), default=Language.POLISH, listed=True)
    state: SurveyState = choice(SurveyState, N_("State"), default=SurveyState.DRAFT, listed=True, automatic=True)
    made_on: date = day(N_("Made on"), listed=True, automatic=True)
    introduction: str = long_text(N_("Introduction"), default="")
    thanks: str = long_text(N_("Thanks"), default="")
    invited: int = count(N_("Customers asked"), default=0, listed=True, help=N_("How many were sent the survey; without it no response rate can be told."))
    key: str = text(N_("Key of its files"), default="", most=64, automatic=True)


class QuestionKind(Labelled):
    """How a question is answered; the first three make the indicators of quality.md."""

    NPS = "nps", N_("How likely to recommend, 0 to 10 (NPS)")
    CSAT = "csat", N_("How satisfied, 1 to 5 (CSAT)")
    CES = "ces", N_("How easy it was, 1 to 7 (CES)")
    YES_NO = "yes_no", N_("Yes or no")
    CHOICE = "choice", N_("One of a list")
    TEXT = "text", N_("In own words")


SCALES = {QuestionKind.NPS: (0, 10), QuestionKind.CSAT: (1, 5), QuestionKind.CES: (1, 7), QuestionKind.YES_NO: (0, 1)}
"""The least and the most points of a kind that is answered with a number; of yes or no, yes is 1."""


class Pillar(Labelled):
    """The six pillars of customer experience (S12)."""

    PERSONALISATION = "personalisation", N_("Personalisation")
    INTEGRITY = "integrity", N_("Integrity")
    EXPECTATIONS = "expectations", N_("Expectations")
    RESOLUTION = "resolution", N_("Resolution")
    TIME_AND_EFFORT = "time_and_effort", N_("Time and effort")
    EMPATHY = "empathy", N_("Empathy")


@record("survey_question", N_("Question of a survey"), N_("Questions of surveys"))
class SurveyQuestion(Record):
    """One question as customers read it."""

    survey: int = ref(Survey, N_("Survey"), owner=True)
    position: int = count(N_("Place in the order"), default=0, automatic=True)
    kind: QuestionKind = choice(QuestionKind, N_("How it is answered"), default=QuestionKind.CSAT, listed=True)
    wording: str = text(N_("Question"), most=300, title=True, listed=True)
    options: str = long_text(N_("Choices"), default="", help=N_("One on each line."))
    required: bool = flag(N_("Must be answered"), default=False, listed=True)
    pillar: Pillar | None = choice(Pillar, N_("Pillar"), default=None, listed=True)

    checks = ("kind",)

    def check(self) -> Iterable[Problem]:
        """What can't be true together."""
        if self.kind is QuestionKind.CHOICE and len(self.choices) < 2:
            yield Problem("options", _("Write at least two choices, one on each line."))

    @property
    def choices(self) -> list[str]:
        """The choices, in order."""
        return [line.strip() for line in self.options.splitlines() if line.strip()]


class ResponseWay(Labelled):
    """How a response came into the register."""

    TYPED = "typed", N_("Typed in")
    PASTED = "pasted", N_("Pasted")
    IMPORTED = "imported", N_("Imported")
    FILE = "file", N_("Sent back by the customer")


class Seal(Labelled):
    """Whether a response that was sent back is as the form made it; who filled it in the program can't know."""

    NONE = "none", N_("Without a seal")
    WHOLE = "whole", N_("Seal unbroken")
    BROKEN = "broken", N_("Seal broken: the text was changed")


@record("survey_response", N_("Response"), N_("Responses"), together=(("survey", "token"),))
class SurveyResponse(Record):
    """What one customer answered to a survey."""

    survey: int = ref(Survey, N_("Survey"), owner=True, listed=True)
    token: str = text(N_("Number of the response"), most=80, title=True, listed=True, automatic=True)
    answered_at: datetime = moment(N_("Answered at"), listed=True)
    way: ResponseWay = choice(ResponseWay, N_("How it came"), default=ResponseWay.TYPED, listed=True, automatic=True)
    seal: Seal = choice(Seal, N_("Seal"), default=Seal.NONE, listed=True, automatic=True)
    customer: int | None = ref(Customer, N_("Customer"), default=None, listed=True)
    order: int | None = ref(Order, N_("Order"), default=None, listed=True)
    case: int | None = ref(Case, N_("Case"), default=None, listed=True)
    note: str = long_text(N_("Note"), default="")


@record("survey_answer", N_("Answer of a customer"), N_("Answers of customers"), together=(("response", "question"),))
class SurveyAnswer(Record):
    """One customer's answer to one question: points where the kind has them, else words."""

    response: int = ref(SurveyResponse, N_("Response"), owner=True)
    question: int = ref(SurveyQuestion, N_("Question"), listed=True)
    points: int | None = count(N_("Points"), default=None, listed=True)
    words: str = long_text(N_("Answer"), default="", title=True, listed=True)


@record("opinion", N_("Opinion"), N_("Opinions"))
class Opinion(Record):
    """What a customer wrote in public: on the shop's page, a marketplace, a map, a social network."""

    place: str = text(N_("Place"), most=60, listed=True, aka=("miejsce", "source", "źródło", "serwis", "platform"))
    written_on: date = day(N_("Written on"), listed=True, aka=("date", "data", "data opinii", "data wystawienia", "data dodania", "created at"))
    stars: int | None = count(N_("Stars"), default=None, listed=True, aka=("rating", "ocena", "gwiazdki", "score", "liczba gwiazdek"))
    said: str = long_text(N_("Opinion"), default="", title=True, searched=True, listed=True, aka=("review", "opinia", "treść", "treść opinii", "komentarz", "comment", "body"))
    author: str = text(N_("Author"), default="", most=120, searched=True, listed=True, aka=("autor", "name", "nick", "użytkownik", "login", "kupujący"))
    product: int | None = ref(Product, N_("Product"), default=None, listed=True, aka=("produkt", "towar"))
    customer: int | None = ref(Customer, N_("Customer"), default=None, listed=True, aka=("klient",))
    order: int | None = ref(Order, N_("Order"), default=None, listed=True, aka=("zamówienie", "nr zamówienia", "numer zamówienia", "order id"))
    case: int | None = ref(Case, N_("Case"), default=None, listed=True)
    external_id: str = text(N_("Number in the source"), default="", most=80, automatic=True, aka=("id", "review id", "id opinii", "nr opinii"))
    answer: str = long_text(N_("Our answer"), default="", aka=("odpowiedź", "reply", "odpowiedź sprzedawcy"))
    answered_on: date | None = day(N_("Answered on"), default=None, listed=True, aka=("data odpowiedzi", "reply date"))
    stars_later: int | None = count(N_("Stars later"), default=None, help=N_("When the customer changed the rating."))
    won_back_on: date | None = day(N_("Won back on"), default=None, listed=True, help=N_("The customer changed the opinion or bought again after it."))

    def check(self) -> Iterable[Problem]:
        """What can't be true together."""
        for name in ("stars", "stars_later"):
            given = getattr(self, name)
            if given is not None and not 1 <= given <= MOST_STARS:
                yield Problem(name, _("Stars go from 1 to 5."))
        for name in ("answered_on", "won_back_on"):
            later = getattr(self, name)
            if later is not None and later < self.written_on:
                yield Problem(name, _("{field} can't be before the opinion was written.").format(field=self.spec.fields[name].labelled()))
