"""Words that grow in what customers complain of: those of one time against those of the year before it."""

from __future__ import annotations

from datetime import date, timedelta

from qmdesk.analysis.words import MOST, Growing, growing
from qmdesk.i18n import _, n_, show_day
from qmdesk.operations.figures.scope import Period
from qmdesk.records.case import Case, CaseItem
from qmdesk.register import Reading
from qmdesk.schema import types
from qmdesk.schema.query import Condition, Order, Query
from qmdesk.values import dataclass

YEAR = timedelta(days=365)
CHUNK = 500


@dataclass(frozen=True)
class Word:
    """A word that grows, with the cases that say it now, the newest first."""

    word: str
    now: int
    before: int
    z: float
    cases: tuple[int, ...]

    @property
    def sentence(self) -> str:
        """How often it is said now and was before."""
        return n_("“{word}” in {n} case, {before} before", "“{word}” in {n} cases, {before} before", self.now, word=self.word, before=str(self.before))


@dataclass(frozen=True)
class Words:
    """The words that grow in a time against the year before it, the surest first; ``why`` says why there are none."""

    period: Period
    before: Period
    texts: int
    texts_before: int
    words: tuple[Word, ...]
    why: str = ""


def words(reading: Reading, period: Period, most: int = MOST) -> Words:
    """What complaints of a time say more than those of the year before it did, in their descriptions and the defects of their pieces."""
    before = Period(period.since - YEAR, period.since - timedelta(days=1))
    now, then = _texts(reading, period), _texts(reading, before)
    ids = list(now)
    found = growing(list(now.values()), list(then.values()), most)
    why = ""
    if not now:
        why = _("No case of this time has a text.")
    elif not then:
        why = _("There is no text of the year before {day} to compare with.").format(day=show_day(period.since))
    elif not found:
        why = _("No word is said more than in the year before, beyond what chance explains.")
    return Words(period, before, len(now), len(then), tuple(_word(one, ids) for one in found), why)


def _word(one: Growing, ids: list[int]) -> Word:
    return Word(one.word, one.now, one.before, one.z, tuple(ids[place] for place in one.texts))


def _texts(reading: Reading, period: Period) -> dict[int, str]:
    """Case -> what it says, the newest first; a case without a text is left out."""
    asked = Query(Case, period.moments("received_at")).by(Order("received_at", True), Order("id", True))
    said = {case.id: case.description for case in reading.records(asked)}
    ids = list(said)
    for at in range(0, len(ids), CHUNK):  # SQLite takes only so many at once
        for item in reading.records(Query(CaseItem, (Condition("case", types.ONE_OF, tuple(ids[at : at + CHUNK])),))):
            said[item.case] += f"\n{item.defect}"
    return {id_: text for id_, text in said.items() if text.strip()}


def month_of(day: date) -> Period:
    """This month, as far as it is gone."""
    return Period(day.replace(day=1), day)
