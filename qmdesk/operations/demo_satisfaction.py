"""What the demo shop's customers think: two surveys with their responses, and opinions in public, some bad and not answered yet."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from qmdesk.operations import opinions, responses, survey_library, surveys
from qmdesk.records.case import CLOSED_STATES, Case
from qmdesk.records.product import Order
from qmdesk.records.satisfaction import (
    SCALES,
    Opinion,
    QuestionKind,
    ResponseWay,
    Seal,
    SurveyQuestion,
    SurveyState,
)
from qmdesk.register import Transaction
from qmdesk.schema import types
from qmdesk.schema.query import Condition, Query
from qmdesk.schema.query import Order as By
from qmdesk.schema.record import replace
from qmdesk.values import dataclass

SURVEYS = (("after_purchase", 210, 160, 58, "better"), ("after_service", 180, 62, 27, "easier"))
"""Ready survey, made so many days ago, customers asked, responses, the words of its question in own words."""
STARS = (5, 4, 1, 5, 5, 3, 5, 2, 4, 5, 5, 1, 5, 4, 5, 3, 2, 5, 4, 5, 1, 5, 4, 5, 3, 5, 2, 4, 5, 1)
"""The stars of the opinions, the oldest first: the last two bad ones wait for their answers."""
FIRST, APART = 290, 10
"""How many days ago the first opinion was written, and how many lie between two."""
SPEAKS = 0.45
"""So many of those who answer write something in their own words too."""


@dataclass(frozen=True)
class Listener:
    """Who asked customers and read what they wrote; dice of its own, so that the rest of the shop stays as it is."""

    tx: Transaction
    lang: str
    words: Mapping[str, Any]
    today: date

    def furnish(self) -> None:
        """Write it all down; orders and cases are there already."""
        dice = random.Random(f"demo opinions {self.lang}")
        for key, ago, invited, answered, said in SURVEYS:
            self._survey(dice, key, ago, invited, answered, self.words[said])
        self._opinions(dice)

    def _survey(self, dice: random.Random, key: str, ago: int, invited: int, answered: int, words: Sequence[str]) -> None:
        ready = survey_library.ready(key, self.lang)
        secret = hashlib.sha256(f"demo {key} {self.lang}".encode()).hexdigest()
        made = self.today - timedelta(days=ago)
        survey = replace(ready.survey, state=SurveyState.OPEN, made_on=made, invited=invited, key=secret)
        survey = replace(survey, id=self.tx.add(survey))
        for position, question in enumerate(ready.questions, 1):
            self.tx.add(replace(question, survey=survey.id, position=position))
        asked = surveys.questions(self.tx, survey)
        about = self._cases(made) if key == "after_service" else self._orders(made)
        for place, (day, links) in enumerate(sorted(dice.sample(about, min(answered, len(about))), key=lambda one: one[0])):
            at = datetime.combine(day, time(9 + place % 11, dice.randrange(60))).astimezone()
            sealed = place % 5 != 4
            token = hashlib.sha256(f"{secret} {place}".encode()).hexdigest()[:32]
            way, seal = (ResponseWay.FILE, Seal.WHOLE) if sealed else (ResponseWay.TYPED, Seal.NONE)
            responses.keep(self.tx, survey, self._answers(dice, asked, words), at, way, token=token, seal=seal, **links)

    def _answers(self, dice: random.Random, asked: Sequence[SurveyQuestion], words: Sequence[str]) -> dict[int, int | str]:
        """What one customer answers: somebody content, in between or not, in all questions alike."""
        mood = dice.choices((0.97, 0.75, 0.3), (66, 22, 12))[0]
        told: dict[int, int | str] = {}
        for question in asked:
            if question.kind is QuestionKind.YES_NO:
                told[question.id] = int(dice.random() < mood)
            elif question.kind in SCALES:
                least, most = SCALES[question.kind]
                told[question.id] = max(least, min(most, round(least + (most - least) * dice.gauss(mood, 0.09))))
            elif dice.random() < SPEAKS:
                told[question.id] = dice.choice(words)
        return told

    def _orders(self, since: date) -> list[tuple[date, dict[str, int | None]]]:
        """The orders that came to customers since a day, each answered some days later."""
        found = []
        for order in self.tx.records(Query(Order, (Condition("delivered_on", types.SINCE, (since,)),)).by(By("id"))):
            day = order.delivered_on + timedelta(days=4 + order.id % 6)
            if day < self.today:
                found.append((day, {"order": order.id, "customer": order.customer}))
        return found

    def _cases(self, since: date) -> list[tuple[date, dict[str, int | None]]]:
        """The cases closed since a day, each answered some days later."""
        found = []
        for case in self.tx.records(Query(Case, (Condition("closed_on", types.SINCE, (since,)),)).by(By("id"))):
            day = case.closed_on + timedelta(days=2 + case.id % 4)
            if day < self.today:
                found.append((day, {"case": case.id, "order": case.order, "customer": case.customer}))
        return found

    # -- in public

    def _opinions(self, dice: random.Random) -> None:
        decks = {kind: self._deck(dice, kind) for kind in ("good", "middling", "bad")}
        bad = [place for place, stars in enumerate(STARS) if stars <= opinions.BAD]
        cases = self._settled()
        for place, stars in enumerate(STARS):
            written = self.today - timedelta(days=max(2, FIRST - APART * place))
            kind = "good" if stars >= opinions.GOOD else "bad" if stars <= opinions.BAD else "middling"
            if not decks[kind]:
                decks[kind] = self._deck(dice, kind)
            opinion = Opinion(place=self.words["places"][(place * 7) % 4], written_on=written, stars=stars, said=decks[kind].pop(), external_id=f"{48_000 + place * 13}")
            if place in bad and (case := next((one for one in cases if one.received_at.astimezone().date() < written), None)):
                cases.remove(case)
                opinion = replace(opinion, customer=case.customer, order=case.order, case=case.id)
            if (kind == "good" and place % 3 != 1) or place in bad[:-2]:
                answered = min(self.today, written + timedelta(days=1 + place % 4))
                opinion = replace(opinion, answer=self.words[f"answer_{kind}"], answered_on=answered)
            id_ = self.tx.add(opinion)
            if place == bad[0]:
                opinions.won_back(self.tx, id_, written + timedelta(days=20), 4)

    def _deck(self, dice: random.Random, kind: str) -> list[str]:
        texts: list[str] = self.words[kind]
        return dice.sample(texts, len(texts))

    def _settled(self) -> list[Case]:
        """The closed cases of customers, the newest first."""
        asked = (Condition("state", types.ONE_OF, CLOSED_STATES), Condition("customer", types.FILLED))
        return self.tx.records(Query(Case, asked).by(By("received_at", True)))


