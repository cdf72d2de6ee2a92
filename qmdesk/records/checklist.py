"""A checklist with its questions as one value: what can be done to it, and what is wrong with it, before anything is kept."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

from qmdesk.errors import Problem
from qmdesk.i18n import _, translator
from qmdesk.records.audit import Checklist, Question, QuestionType, Verdict
from qmdesk.schema.record import check_all, replace
from qmdesk.schema.types import YES_NO
from qmdesk.values import dataclass

MOST_QUESTIONS = 500  # a list nobody finishes is no list
SCORED = (QuestionType.VERDICT, QuestionType.YES_NO, QuestionType.SCALE, QuestionType.NUMBER, QuestionType.CHOICE)
"""Types whose answer can be good or bad; a text, a day, a photo and a signature are only there or missing."""
AWAITED = (QuestionType.VERDICT, QuestionType.YES_NO, QuestionType.SCALE, QuestionType.CHOICE)
"""Types with a few answers, of which another question can wait for some."""
FAILS, SEPARATOR = "!", ";"
YES_FAILS = "!yes"
"""What stands in the options of a yes or no question when yes is the bad answer: without it no is."""

_OF_TYPE: Mapping[str, Collection[QuestionType]] = {
    "options": (QuestionType.CHOICE, QuestionType.YES_NO),
    "least": (QuestionType.NUMBER,),
    "most": (QuestionType.NUMBER,),
    "unit": (QuestionType.NUMBER,),
    "weight": SCORED,
    "critical": SCORED,
    "note_when_failed": SCORED,
    "photo_when_failed": SCORED,
}
_NOTHING: Mapping[str, Any] = {"weight": 0}  # what stands in a field that means nothing, where that is not its default


@dataclass(frozen=True)
class Option:
    """One answer to choose from, and whether choosing it is a failure."""

    text: str
    fails: bool


@dataclass(frozen=True)
class Flaw:
    """What is wrong with a question (its id; 0 is the list itself) and with which of its fields."""

    question: int
    field: str
    sentence: str


def options(question: Question) -> tuple[Option, ...]:
    """The answers of a question of choice, in order."""
    lines = (line.strip() for line in question.options.splitlines())
    found = (Option(line.removeprefix(FAILS).strip(), line.startswith(FAILS)) for line in lines)
    return tuple(option for option in found if option.text)


def answers(question: Question, lang: str | None = None) -> tuple[tuple[str, str], ...]:
    """The answers another question can wait for: the value as a run keeps it, and its words; none where there are too many."""
    tr = translator(lang) if lang else _
    if question.type is QuestionType.VERDICT:
        return tuple((str(word.value), tr(word.label)) for word in Verdict)
    if question.type is QuestionType.YES_NO:
        return tuple((value, tr(value)) for value in YES_NO)
    if question.type is QuestionType.SCALE:
        return tuple((str(points), str(points)) for points in range(6))
    if question.type is QuestionType.CHOICE:
        return tuple((option.text, option.text) for option in options(question))
    return ()


def awaited(question: Question) -> tuple[str, ...]:
    """The answers for which a question is asked, as a run keeps them; none for one that is always asked."""
    return tuple(value.strip() for value in question.shown_for.split(SEPARATOR) if value.strip())


def can_fail(question: Question) -> bool:
    """Whether an answer can be bad: a number within no bounds is only noted down, and so is a choice without a bad one."""
    if question.type is QuestionType.NUMBER:
        return question.least is not None or question.most is not None
    if question.type is QuestionType.CHOICE:
        return any(option.fails for option in options(question))
    return question.type in SCORED


def fields_of(type_: QuestionType) -> frozenset[str]:
    """The fields that mean something for a question of this type."""
    return frozenset(name for name in Question.spec.fields if name not in _OF_TYPE or type_ in _OF_TYPE[name])


def fitting(question: Question) -> Question:
    """The question without what its type does not ask for: bounds of what is no number any more, points of a photo."""
    told = fields_of(question.type)
    idle = {name: _NOTHING.get(name, Question.blank[name]) for name in Question.spec.fields if name not in told}
    if question.type is QuestionType.YES_NO:
        idle["options"] = YES_FAILS if question.options.strip().lower() == YES_FAILS else ""
    return replace(question, **idle)


def counts_for(question: Question) -> int:
    """The points a question is worth: none where no answer to it can be bad."""
    return fitting(question).weight if can_fail(question) else 0


@dataclass(frozen=True)
class Draft:
    """A checklist and its questions in order. Questions that are not kept yet have ids below zero."""

    checklist: Checklist
    questions: tuple[Question, ...] = ()

    # -- looking

    def find(self, id_: int) -> Question | None:
        """The question with this id."""
        return next((question for question in self.questions if question.id == id_), None)

    def place(self, id_: int) -> int:
        """The number a question has in the list, from 1; 0 when it is not there."""
        return next((at for at, question in enumerate(self.questions, 1) if question.id == id_), 0)

    def sections(self) -> list[tuple[str, tuple[Question, ...]]]:
        """The questions that follow one another in a section, with its name."""
        return [(name, tuple(found)) for name, found in groupby(self.questions, key=lambda question: question.section)]

    def section_of(self, id_: int) -> tuple[Question, ...]:
        """The questions that stand together with this one under one heading."""
        return next((found for _name, found in self.sections() if any(question.id == id_ for question in found)), ())

    def before(self, id_: int) -> tuple[Question, ...]:
        """The questions asked before this one whose answers it can wait for."""
        return tuple(question for question in self.questions[: max(0, self.place(id_) - 1)] if question.type in AWAITED)

    # -- changing: each gives another draft

    def _with(self, questions: Iterable[Question]) -> Draft:
        return Draft(self.checklist, tuple(questions))

    def headed(self, **values: Any) -> Draft:
        """The list with fields of its own changed."""
        return Draft(replace(self.checklist, **values), self.questions)

    def changed(self, id_: int, **values: Any) -> Draft:
        """One question changed."""
        return self._with(replace(question, **values) if question.id == id_ else question for question in self.questions)

    def inserted(self, new: Sequence[Question], at: int | None = None) -> Draft:
        """More questions, before the one at this place (from 0), by default at the end; they get ids of their own."""
        free = min([0, *(question.id for question in self.questions)]) - 1
        ids = {question.id: free - n for n, question in enumerate(new)}
        fresh = []
        for n, question in enumerate(new):
            waits = question.shown_by if question.shown_by is None else ids.get(question.shown_by, question.shown_by)
            fresh.append(replace(question, id=free - n, checklist=max(1, self.checklist.id), shown_by=waits))
        place = len(self.questions) if at is None else at
        return self._with((*self.questions[:place], *fresh, *self.questions[place:]))

    def without(self, ids: Collection[int]) -> Draft:
        """Fewer questions; what waited for one of them is always asked."""
        kept = (question for question in self.questions if question.id not in ids)
        return self._with(replace(question, shown_by=None, shown_for="") if question.shown_by in ids else question for question in kept)

    def duplicated(self, ids: Collection[int]) -> Draft:
        """These questions once more, after the last of them."""
        meant = [question for question in self.questions if question.id in ids]
        return self.inserted(meant, self.place(meant[-1].id)) if meant else self

    def moved(self, ids: Collection[int], up: bool) -> Draft:
        """These questions one place up or down; at the edge of a section they go over into the next one first."""
        row = list(self.questions)[:: 1 if up else -1]
        stuck = True  # those at the end, and what follows them
        for at, question in enumerate(row):
            if question.id not in ids:
                stuck = False
            elif not stuck:
                neighbour = row[at - 1]
                if neighbour.section != question.section:
                    row[at] = replace(question, section=neighbour.section)
                else:
                    row[at - 1], row[at] = question, neighbour
        return self._with(row[:: 1 if up else -1])

    def placed(self, ids: Collection[int], before: int, section: str) -> Draft:
        """These questions before another one (0: at the end), in this section."""
        meant = [replace(question, section=section) for question in self.questions if question.id in ids]
        if before in ids:  # dropped on one of those that are moved: before the next that stays
            rest = self.questions[self.place(before) :]
            before = next((question.id for question in rest if question.id not in ids), 0)
        kept = [question for question in self.questions if question.id not in ids]
        at = next((n for n, question in enumerate(kept) if question.id == before), len(kept))
        return self._with((*kept[:at], *meant, *kept[at:]))

    def parted(self, id_: int, name: str) -> Draft:
        """A section of this name that begins with this question and goes on to the end of its old one."""
        together = self.section_of(id_)
        first = next((at for at, question in enumerate(together) if question.id == id_), len(together))
        return self._renamed({question.id for question in together[first:]}, name)

    def renamed(self, id_: int, name: str) -> Draft:
        """Another name for the section a question stands in."""
        return self._renamed({question.id for question in self.section_of(id_)}, name)

    def _renamed(self, ids: Collection[int], name: str) -> Draft:
        return self._with(replace(question, section=name) if question.id in ids else question for question in self.questions)

    def moved_section(self, id_: int, up: bool) -> Draft:
        """The section a question stands in, before the one above it or after the one below."""
        parts = [found for _name, found in self.sections()]
        at = next((n for n, found in enumerate(parts) if any(question.id == id_ for question in found)), 0)
        other = at - 1 if up else at + 1
        if not 0 <= other < len(parts):
            return self
        parts[at], parts[other] = parts[other], parts[at]
        return self._with(question for part in parts for question in part)

    def taking(self, questions: Sequence[Question]) -> Draft:
        """This list with other questions, as they come back from a workbook.

        A question with the same words stays the one it was, with its reference photo where the other brings none.
        """
        known = {_words(question): question for question in reversed(self.questions)}
        free = min([0, *(question.id for question in questions)]) - 1
        ids: dict[int, int] = {}
        pictures: dict[int, str] = {}
        for n, question in enumerate(questions):
            old = known.pop(_words(question), None)
            ids[question.id] = old.id if old else free - n
            pictures[question.id] = question.picture or (old.picture if old else "")
        return self._with(
            replace(
                question,
                id=ids[question.id],
                checklist=max(1, self.checklist.id),
                picture=pictures[question.id],
                shown_by=None if question.shown_by is None else ids.get(question.shown_by, question.shown_by),
            )
            for question in questions
        )


def _words(question: Question) -> str:
    return " ".join(question.wording.split())


# ----------------------------------------------------------------------------------- what is wrong


def flaws(draft: Draft) -> list[Flaw]:
    """Everything that keeps a list from being kept, question by question, what concerns the whole of it first."""
    found = [Flaw(0, problem.field, problem.sentence) for problem in check_all(draft.checklist)]
    found += _of_all(draft)
    circles = _circles(draft)
    for question in map(fitting, draft.questions):
        waits = None if question.shown_by is None else 1  # whom it waits for has no id yet, perhaps
        sound = replace(question, checklist=max(1, question.checklist), wording=question.wording.strip(), shown_by=waits)
        found += [Flaw(question.id, problem.field, problem.sentence) for problem in check_all(sound)]
        found += _of_answers(question)
        found += _of_waiting(draft, question, circles.get(question.id, ()))
    return found


def problems(draft: Draft) -> list[Problem]:
    """The flaws as sentences that name the question they are about."""
    told = []
    for flaw in flaws(draft):
        sentence = _("Question {place}: {problem}").format(place=draft.place(flaw.question), problem=flaw.sentence) if flaw.question else flaw.sentence
        told.append(Problem(flaw.field, sentence))
    return told


def _of_all(draft: Draft) -> Iterator[Flaw]:
    if len(draft.questions) > MOST_QUESTIONS:
        sentence = _("The list has {count} questions; at most {most} fit. Divide it into several lists.")
        yield Flaw(0, "questions", sentence.format(count=len(draft.questions), most=MOST_QUESTIONS))
    if draft.questions and not any(map(counts_for, draft.questions)):
        sentence = _("No question counts for the score. Give a weight above 0 to at least one whose answer can be bad: a verdict, yes or no, 0 to 5, a number within bounds, a choice with an answer that fails.")
        yield Flaw(0, "weight", sentence)


def _of_answers(question: Question) -> Iterator[Flaw]:
    """What is wrong with the answers a question can have."""
    texts = [option.text for option in options(question)] if question.type is QuestionType.CHOICE else []
    for text in dict.fromkeys(text for text in texts if texts.count(text) > 1):
        yield Flaw(question.id, "options", _("The answer “{answer}” stands there twice.").format(answer=text[:60]))
    if any(SEPARATOR in text for text in texts):
        yield Flaw(question.id, "options", _("An answer can't hold a semicolon: it divides answers where another question waits for them."))
    if question.critical and not can_fail(question):
        if question.type is QuestionType.NUMBER:
            sentence = _("It is critical, but no number is bad without bounds. Give a lower or an upper one.")
        else:
            sentence = _("It is critical, but none of its answers fails. Put an exclamation mark before those that do.")
        yield Flaw(question.id, "critical", sentence)


def _of_waiting(draft: Draft, question: Question, circle: Sequence[int]) -> Iterator[Flaw]:
    """What is wrong with the answer a question waits for."""
    if question.shown_by is None:
        return
    other = draft.find(question.shown_by)
    if other is None:
        yield Flaw(question.id, "shown_by", _("The question it waits for is not in this list. Choose another one, or ask it always."))
    elif circle:
        listed = ", ".join(map(str, circle))
        sentence = _("It waits for itself, so that it would never be asked.") if len(circle) == 1 else _("The questions {listed} wait for one another in a circle, so that none of them would ever be asked. Let one of them be asked always.").format(listed=listed)
        yield Flaw(question.id, "shown_by", sentence)
    elif draft.place(other.id) > draft.place(question.id):
        sentence = _("It waits for question {place}, which is asked later. Move it below that one, or choose an earlier question.")
        yield Flaw(question.id, "shown_by", sentence.format(place=draft.place(other.id)))
    elif other.type not in AWAITED:
        sentence = _("It waits for question {place}, which has no fixed answers. Choose one that is answered with a verdict, yes or no, 0 to 5 or a choice.")
        yield Flaw(question.id, "shown_by", sentence.format(place=draft.place(other.id)))
    else:
        known = {value for value, _words in answers(other)}
        for value in awaited(question):
            if value not in known:
                sentence = _("It waits for the answer “{answer}”, which question {place} does not have.")
                yield Flaw(question.id, "shown_for", sentence.format(answer=value[:60], place=draft.place(other.id)))


def _circles(draft: Draft) -> dict[int, tuple[int, ...]]:
    """Id of each question in a circle of waiting -> the numbers of all questions in it."""
    waits = {question.id: question.shown_by for question in draft.questions if question.shown_by is not None}
    found: dict[int, tuple[int, ...]] = {}
    for start in waits:
        path: list[int] = []
        here: int | None = start
        while here is not None and here not in path and here not in found:
            path.append(here)
            here = waits.get(here)
        if here in path:
            circle = path[path.index(here) :]
            numbers = tuple(sorted(map(draft.place, circle)))
            found |= dict.fromkeys(circle, numbers)
    return found
