"""What the owner does to learn what customers think: surveys, responses, opinions; each verb is undone and redone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from typing import Any

from qmdesk.exchange import form_text
from qmdesk.operations import forms, opinions, responses, surveys
from qmdesk.records.satisfaction import Opinion, QuestionKind, Survey, SurveyQuestion
from qmdesk.register import Register

AT = datetime(2026, 11, 18, 10, 0, tzinfo=UTC)


class Listening:
    """The verbs of satisfaction, for ``tests.shop.Shop``."""

    register: Register
    do: Callable[..., Any]

    def takes_survey(self, key: str = "after_purchase", lang: str = "en") -> Survey:
        """A ready survey that is being asked."""
        return self.asks(self.do(surveys.FROM_LIBRARY, surveys.add_from_library, key, lang))

    def prepares_survey(self, *asked: SurveyQuestion, name: str = "Our own", **values: Any) -> Survey:
        """A survey of one's own, in preparation."""
        draft = Survey(**{"name": name, "made_on": AT.date(), **values})
        return self.survey(self.do(surveys.NEW, surveys.add, draft, asked))

    def asks(self, survey: Survey | int) -> Survey:
        return self.do(surveys.OPEN, surveys.open_, survey if isinstance(survey, int) else survey.id)

    def closes_survey(self, survey: Survey) -> Survey:
        return self.do(surveys.CLOSE, surveys.close, survey.id)

    def adds_survey_question(self, survey: Survey, wording: str, kind: QuestionKind = QuestionKind.CSAT, after: int | None = None, **values: Any) -> int:
        return self.do(surveys.ADD_QUESTION, surveys.add_question, SurveyQuestion(survey=survey.id, wording=wording, kind=kind, **values), after)

    def changes_survey(self, survey: Survey, **values: Any) -> Survey:
        return self.do(surveys.CHANGE, surveys.change, survey.id, values)

    def types_response(self, survey: Survey, *said: int | str | None, at: datetime = AT, **also: Any) -> int:
        """A response with these answers to the questions in order; None leaves one out."""
        answers = {question.id: one for question, one in zip(self.survey_questions(survey), said, strict=False) if one is not None}
        return self.do(responses.TYPE_IN, responses.type_in, survey.id, answers, at, also)

    def gets_form(self, text: str) -> forms.TakenIn:
        """Responses that customers sent back."""
        return self.do(responses.TAKE_IN, forms.take_in, forms.incoming(self.register, text))

    def hears(self, stars: int | None, said: str = "The bird came without a beak.", **values: Any) -> Opinion:
        """An opinion that somebody wrote in public."""
        draft = Opinion(**{"place": "Ceneo", "written_on": date(2026, 11, 10), "stars": stars, "said": said, **values})
        return self.opinion(self.do(opinions.ADD, opinions.add, draft))

    def answers_opinion(self, opinion: Opinion, text: str, on: date | None = None) -> Opinion:
        return self.do(opinions.ANSWER, opinions.answer, opinion.id, text, on)

    # -- looking

    def opinion(self, opinion: Opinion | int) -> Opinion:
        return self.register.get(Opinion, opinion if isinstance(opinion, int) else opinion.id)

    def survey(self, survey: Survey | int) -> Survey:
        return self.register.get(Survey, survey if isinstance(survey, int) else survey.id)

    def survey_questions(self, survey: Survey) -> list[SurveyQuestion]:
        return surveys.questions(self.register, survey)

    def wordings_of(self, survey: Survey) -> list[str]:
        return [one.wording for one in self.survey_questions(survey)]


def sent_back(survey: Survey, answers: Mapping[str, Any], token: str = "0123456789abcdef0123456789abcdef", at: str = "2026-11-18T10:00:00.000Z") -> str:
    """The text that a customer's browser makes of these answers."""
    said = {"v": 1, "kind": "survey", "form": surveys.fingerprint(survey.key), "token": token, "at": at, "answers": answers}
    return form_text.packed(survey.key, said)
