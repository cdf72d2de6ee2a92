"""One answer of an audit: read from what was typed, told in words, and judged (quality.md, Audits).

What counts is decided here once. A question is worth its weight when it is met and nothing when it fails; a scale is worth
its fifths. It fails when the verdict is a nonconformity, when yes is wanted and no is answered, below 3 on the scale, outside
the bounds of a number, or by an answer marked with "!". What can't fail (a text, a date, a photo, a signature, a number
without bounds, a choice without marks) is asked for the record and gives no points.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from qmdesk.i18n import N_, _, show_day, show_number, translator
from qmdesk.records.audit import LARGEST_ON_SCALE, LEFT_OUT, AuditAnswer, QuestionType, Verdict
from qmdesk.schema import types
from qmdesk.schema.folding import fold

LEAST_ON_SCALE = 3
NONCONFORMITIES = (Verdict.MINOR, Verdict.MAJOR)


# ------------------------------------------------------------------------------------------------ read


def read(answer: AuditAnswer, text: str) -> str:
    """The answer in a text that was typed, as the register keeps it; what can't be read stays as it is, and is refused later."""
    text = types.LongText().parse(text)
    if not text:
        return ""
    if answer.type is not QuestionType.TEXT and (left_out := _left_out(text)):
        return left_out
    try:
        return _read(answer, text)
    except (ValueError, OverflowError):
        return text


def _left_out(text: str) -> str:
    for verdict in (Verdict.NOT_APPLICABLE, Verdict.NOT_CHECKED):
        if fold(text) in {fold(word) for word in (str(verdict.value), verdict.label, translator("pl")(verdict.label))}:
            return str(verdict.value)
    return ""


def _read(answer: AuditAnswer, text: str) -> str:
    if answer.type is QuestionType.VERDICT:
        return str(types.Choice(Verdict).parse(text).value)
    if answer.type is QuestionType.YES_NO:
        return "yes" if types.Flag().parse(text) else "no"
    if answer.type is QuestionType.SCALE:
        return str(types.Count().parse(text))
    if answer.type is QuestionType.NUMBER:
        return f"{types.Number().parse(text).normalize():f}"
    if answer.type is QuestionType.DAY:
        return types.Day().parse(text).isoformat()
    if answer.type is QuestionType.CHOICE:
        return next((line for line in answer.offered if fold(line) == fold(text)), text)
    return text


# ------------------------------------------------------------------------------------------------ told


def told(answer: AuditAnswer, lang: str | None = None) -> str:
    """The answer as a person reads it in ``lang`` (the interface's by default); "" while there is none."""
    value = answer.value
    if value in LEFT_OUT or (answer.type is QuestionType.VERDICT and value):
        words = types.Choice(Verdict)
        return words.show(words.load(value), lang)
    if not value:
        return ""
    if answer.type is QuestionType.YES_NO:
        return types.Flag().show(value == "yes", lang)
    if answer.type is QuestionType.SCALE:
        return _said(N_("{points} of {most}"), lang, points=value, most=str(LARGEST_ON_SCALE))
    if answer.type is QuestionType.NUMBER:
        return _with_unit(Decimal(value), answer.unit, lang)
    if answer.type is QuestionType.DAY:
        return show_day(types.Day().load(value), lang)
    if answer.type is QuestionType.SIGNATURE:
        return _said(N_("signed"), lang)
    return value


def bounds(answer: AuditAnswer, lang: str | None = None) -> str:
    """Between what a number must lie, in words; "" where anything is allowed."""
    least, most, unit = answer.least, answer.most, answer.unit
    if least is not None and least == most:
        return _said(N_("exactly {value}"), lang, value=_with_unit(least, unit, lang))
    if least is not None and most is not None:
        return _said(N_("from {least} to {most}"), lang, least=show_number(least.normalize(), lang), most=_with_unit(most, unit, lang))
    if least is not None:
        return _said(N_("at least {least}"), lang, least=_with_unit(least, unit, lang))
    return _said(N_("at most {most}"), lang, most=_with_unit(most, unit, lang)) if most is not None else ""


def _with_unit(number: Decimal, unit: str, lang: str | None) -> str:
    shown = show_number(number.normalize(), lang)
    return f"{shown}\u00a0{unit}" if unit else shown


def _said(text: str, lang: str | None, **values: str) -> str:
    return (translator(lang) if lang else _)(text).format(**values)


# ---------------------------------------------------------------------------------------------- judged


def judged(answer: AuditAnswer) -> bool:
    """Whether the question can fail, and so counts for the score once it is answered."""
    if answer.type is QuestionType.NUMBER:
        return answer.least is not None or answer.most is not None
    if answer.type is QuestionType.CHOICE:
        return bool(answer.failing)
    return answer.type in (QuestionType.VERDICT, QuestionType.YES_NO, QuestionType.SCALE)


def failed(answer: AuditAnswer) -> bool:
    """Whether the answer means that what was asked for is not so."""
    value = answer.value
    if not value or value in LEFT_OUT or not judged(answer):
        return False
    if answer.type is QuestionType.VERDICT:
        return value in NONCONFORMITIES
    if answer.type is QuestionType.SCALE:
        return int(value) < LEAST_ON_SCALE
    if answer.type is QuestionType.NUMBER:
        number = Decimal(value)
        return (answer.least is not None and number < answer.least) or (answer.most is not None and number > answer.most)
    return value in answer.failing


def points(answer: AuditAnswer) -> Decimal | None:
    """The points an answer reaches of its weight; None for one that leaves the score alone."""
    if not answer.value or answer.value in LEFT_OUT or not judged(answer):
        return None
    if answer.type is QuestionType.SCALE:
        return Decimal(int(answer.value) * answer.weight) / LARGEST_ON_SCALE
    return Decimal(0 if failed(answer) else answer.weight)


# ----------------------------------------------------------------------------------------------- shown


def shown(answers: Sequence[AuditAnswer]) -> list[AuditAnswer]:
    """The questions that are asked, in their order: those that wait for nothing, and those whose answer waited for was given.

    A question that is hidden shows no other, whatever was answered to it before.
    """
    by_place = {one.position: one for one in answers}
    return [one for one in sorted(answers, key=lambda one: one.position) if all(_lets(above, one) for above, one in _chain(one, by_place))]


def circles(answers: Sequence[AuditAnswer]) -> list[AuditAnswer]:
    """The questions that would never be asked, because they wait for themselves."""
    by_place = {one.position: one for one in answers}
    return [one for one in answers if any(above.position == one.position for above, _below in _chain(one, by_place))]


def _chain(one: AuditAnswer, by_place: dict[int, AuditAnswer]) -> list[tuple[AuditAnswer, AuditAnswer]]:
    """What a question waits for, what that waits for in turn, and so on: each with the one that waits for it."""
    found: list[tuple[AuditAnswer, AuditAnswer]] = []
    seen = set[int]()
    while one.shown_by in by_place and one.position not in seen:
        seen.add(one.position)
        above = by_place[one.shown_by]
        found.append((above, one))
        one = above
    return found


def _lets(above: AuditAnswer, one: AuditAnswer) -> bool:
    return bool(above.value) and above.value in {read(above, part) for part in one.shown_for.split(";")}
