"""The questions of a checklist as rows of a table, in a workbook or on the clipboard: the columns, and reading them."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from qmdesk.errors import Known, Problem, Problems
from qmdesk.exchange.table_layout import Cell
from qmdesk.i18n import LANGUAGES, N_, _, translator
from qmdesk.records.audit import Checklist, Question, QuestionType
from qmdesk.records.checklist import (
    FAILS,
    MOST_QUESTIONS,
    SEPARATOR,
    YES_FAILS,
    Draft,
    answers,
    awaited,
    flaws,
)
from qmdesk.schema import types
from qmdesk.schema.folding import fold
from qmdesk.schema.record import Field, empty, not_understood, replace
from qmdesk.values import dataclass

LONGEST_PASTE = 2_000_000  # letters
MOST_SAID = 20  # sentences about one file: who has more starts with these


@dataclass(frozen=True)
class Column:
    """A column of the table: the field it feeds ("" for the question's own number), its heading, what it means."""

    field: str
    label: str
    meaning: str
    aka: tuple[str, ...] = ()
    width: int = 14


COLUMNS = (
    Column("", N_("No."), N_("The number by which another row names this question. Without it the rows are counted from the top."), ("no", "nr", "lp", "lp.", "#", "number", "numer"), 6),
    Column("section", N_("Section"), N_("The heading under which the question stands; the score is also worked out for each section."), ("group", "grupa", "sekcja", "rozdział"), 20),
    Column("wording", N_("What is asked"), N_("The question itself. It is the only column that is needed."), ("question", "wording", "treść", "treść pytania", "pytania"), 60),
    Column("type", N_("Answered by"), N_("How the question is answered, in one of the words beside. Empty: a verdict."), ("type", "typ", "rodzaj", "typ odpowiedzi"), 18),
    Column("weight", N_("Weight"), N_("How many points it is worth, a whole number; 0 leaves it out of the score. Empty: 1."), ("points", "punkty"), 8),
    Column("critical", N_("Critical"), N_("Yes: when it fails, the audit is not passed, whatever its score. Empty: no."), ("kluczowe",), 10),
    Column("clause", N_("Clause"), N_("The article of a law or the clause of a standard the question comes from."), ("basis", "podstawa", "paragraf"), 20),
    Column("guidance", N_("How to check it"), N_("What to look at, how large a sample to take, and when it counts as failed."), ("guidance", "help", "wskazówki", "wskazówka", "pomoc"), 60),
    Column("options", N_("Answers to choose from"), N_("For one of several: each answer in its own line of the cell, with an exclamation mark before those that fail. For yes or no: “!yes” when yes is the bad answer."), ("options", "answers", "opcje", "odpowiedzi"), 34),
    Column("least", N_("At least"), N_("The lower bound of a number; below it the question fails."), ("min", "minimum"), 10),
    Column("most", N_("At most"), N_("The upper bound of a number; above it the question fails."), ("max", "maximum", "maksimum"), 10),
    Column("unit", N_("Unit"), N_("What the number counts: °C, %, pieces."), ("jednostka",), 10),
    Column("shown_by", N_("Asked only when no."), N_("The number of an earlier question; this one is asked only after certain answers to it. Empty: always asked."), ("depends on", "zależy od"), 12),
    Column("shown_for", N_("has the answer"), N_("Those answers, divided by semicolons."), ("when answer", "gdy odpowiedź"), 22),
    Column("note_when_failed", N_("A failure needs a note"), N_("Whether a failed question needs a note before the audit can be finished. Empty: yes."), ("note", "notatka"), 14),
    Column("photo_when_failed", N_("A failure needs a photo"), N_("Whether a failed question needs a photo before the audit can be finished. Empty: no."), ("photo", "zdjęcie"), 14),
)  # fmt: skip
_TYPED: Mapping[str, QuestionType] = {
    "yes/no": QuestionType.YES_NO, "tak/nie": QuestionType.YES_NO, "yes no": QuestionType.YES_NO, "tak nie": QuestionType.YES_NO,
    "0-5": QuestionType.SCALE, "0–5": QuestionType.SCALE, "1-5": QuestionType.SCALE, "skala": QuestionType.SCALE,
    "liczba": QuestionType.NUMBER, "number": QuestionType.NUMBER, "tekst": QuestionType.TEXT, "text": QuestionType.TEXT, "wybor": QuestionType.CHOICE, "lista": QuestionType.CHOICE, "list": QuestionType.CHOICE, "ocena": QuestionType.VERDICT,
}  # fmt: skip
_BULLET = re.compile(r"^\s*(?:[-–•*▪]|\d{1,3}[.)])\s+")
_WORDING = next(at for at, column in enumerate(COLUMNS) if column.field == Question.spec.title.name)


def known_headers() -> frozenset[str]:
    """Every heading a column may have, folded: for the reader, which finds the row of headings by them."""
    return frozenset(_named())


def type_words(lang: str) -> list[str]:
    """The words for the ways to answer a question."""
    return [translator(lang)(word.label) for word in QuestionType]


def _named() -> dict[str, Column]:
    found: dict[str, Column] = {}
    for column in COLUMNS:
        for name in (column.label, *(translator(lang)(column.label) for lang in LANGUAGES), *column.aka, column.field):
            if name:
                found.setdefault(fold(name), column)
    return found


# ----------------------------------------------------------------------------------------- reading


@dataclass(frozen=True)
class _Place:
    """Where a cell stands: the row as the file counts it, and the heading over it."""

    row: int
    heading: str

    def problem(self, sentence: str) -> Problem:
        return Problem(self.heading, _("Row {row}, column “{column}”: {problem}").format(row=self.row, column=self.heading, problem=sentence))


def questions_in(headers: Sequence[str], rows: Sequence[Sequence[Cell]], numbers: Sequence[int]) -> tuple[Question, ...]:
    """The questions in a table with its headings; ``numbers`` are the rows' numbers in the file.

    Raises Known for a table without the column of the questions, Problems with row and column of all that is wrong.
    """
    named = _named()
    columns: dict[str, int] = {}
    for at, header in enumerate(headers):
        if (column := named.get(fold(header))) is not None:
            columns.setdefault(column.label, at)
    wording = COLUMNS[_WORDING]
    if wording.label not in columns:
        sentence = _("No column is called “{column}”, so the questions can't be found. The columns are: {listed}.")
        raise Known(sentence.format(column=_(wording.label), listed=", ".join(header[:40] for header in headers[:20])))
    return _Reader({column: columns[column.label] for column in COLUMNS if column.label in columns}, headers).read(rows, numbers)


def unknown_headers(headers: Sequence[str]) -> list[str]:
    """The headings that mean nothing here; their cells are left out."""
    named = _named()
    return [header for header in headers if fold(header) not in named]


class _Reader:
    """Reads rows whose columns are known, and keeps all that is wrong with where it stands."""

    def __init__(self, columns: Mapping[Column, int], headers: Sequence[str]) -> None:
        self._columns, self._headers = columns, headers
        self._problems: list[Problem] = []

    def read(self, rows: Sequence[Sequence[Cell]], numbers: Sequence[int]) -> tuple[Question, ...]:
        if len(rows) > MOST_QUESTIONS:
            raise Known(_("The table has more than {most} rows. A checklist holds at most {most} questions; divide it into several.").format(most=MOST_QUESTIONS))
        found: list[Question] = []
        own: dict[str, int] = {}
        waiting: list[tuple[int, str, str]] = []
        rows_of: dict[int, int] = {}
        section = ""
        for number, row in zip(numbers, rows, strict=True):
            cells = {column: row[at] if at < len(row) else "" for column, at in self._columns.items()}
            told = {column.field or column.label: cell for column, cell in cells.items() if not _blank(cell)}
            if set(told) == {"section"}:  # a row that is a heading
                section = self._text("section", told["section"], number)
                continue
            id_ = -1 - len(found)
            rows_of[id_] = number
            own.setdefault(str(told.pop(COLUMNS[0].label, len(found) + 1)).strip(), id_)
            other, meant = str(told.pop("shown_by", "")).strip(), str(told.pop("shown_for", "")).strip()
            if other or meant:
                waiting.append((len(found), other, meant))
            found.append(self._question(id_, told, number, section))
        for at, other, meant in waiting:
            found[at] = self._waits(found, at, own.get(other), other, meant, rows_of)
        self._find_flaws(found, rows_of)
        if self._problems:
            more = len(self._problems) - MOST_SAID
            told_of = self._problems[:MOST_SAID]
            if more > 0:
                told_of.append(Problem("", _("… and {n} more. Mend these first.").format(n=more)))
            raise Problems(told_of)
        return tuple(found)

    def _place(self, field: str, row: int) -> _Place:
        column = next(column for column in COLUMNS if column.field == field)
        at = self._columns.get(column)
        return _Place(row, self._headers[at] if at is not None else _(column.label))

    def _text(self, field: str, cell: Any, row: int) -> str:
        return str(self._value(Question.spec.fields[field], cell, row))

    def _value(self, field: Field, cell: Any, row: int) -> Any:
        try:
            return _type(cell) if field.type is Question.spec.fields["type"].type else field.type.from_cell(cell)
        except (ValueError, OverflowError):
            self._problems.append(self._place(field.name, row).problem(_unread(field, cell)))
            return Question.blank[field.name] if not field.required else str(cell)

    def _question(self, id_: int, told: Mapping[str, Any], row: int, section: str) -> Question:
        values = {"section": section, "wording": "", **{name: self._value(Question.spec.fields[name], cell, row) for name, cell in told.items()}}
        if values.get("type") is QuestionType.YES_NO:
            values["options"] = _bad_yes(values.get("options", ""))
        return Question(id=id_, checklist=1, **values)

    def _waits(self, found: Sequence[Question], at: int, other: int | None, told: str, meant: str, rows_of: Mapping[int, int]) -> Question:
        """The question at a place with what it waits for."""
        question = found[at]
        if other is None:
            if told:
                self._problems.append(self._place("shown_by", rows_of[question.id]).problem(_("No row has the number “{number}”.").format(number=told[:20])))
            else:
                self._problems.append(self._place("shown_by", rows_of[question.id]).problem(_("The number of the question it waits for is missing.")))
            return question
        by_words = _answers(found[-1 - other])
        values = [by_words.get(fold(word.strip()), word.strip()) for word in meant.split(SEPARATOR) if word.strip()]
        return replace(question, shown_by=other, shown_for=f"{SEPARATOR} ".join(values))

    def _find_flaws(self, found: Sequence[Question], rows_of: Mapping[int, int]) -> None:
        name = Checklist(name="?")  # the list's own name is looked at when it is kept
        for flaw in flaws(Draft(name, tuple(found))):
            if flaw.question:
                self._problems.append(self._place(flaw.field, rows_of[flaw.question]).problem(flaw.sentence))
            else:
                self._problems.append(Problem(flaw.field, flaw.sentence))


def _blank(cell: Cell) -> bool:
    return cell is None or (isinstance(cell, str) and not cell.strip())


def _type(cell: Any) -> QuestionType:
    found = _TYPED.get(fold(str(cell).strip()))
    return found or next(word for word in QuestionType if word is types.Choice(QuestionType).parse(str(cell)))


def _unread(field: Field, cell: Any) -> str:
    if field.type is not Question.spec.fields["type"].type:
        return not_understood(field, cell)
    words = ", ".join(_(word.label) for word in QuestionType)
    return _("“{value}” is no way to answer a question. Write one of: {words}.").format(value=str(cell)[:60], words=words)


def _answers(question: Question) -> dict[str, str]:
    """Folded words of an answer, in any language -> the answer as a run keeps it."""
    found: dict[str, str] = {}
    for lang in LANGUAGES:
        for value, words in answers(question, lang):
            found |= {fold(words): value, fold(value): value}
    if question.type is QuestionType.YES_NO:
        found |= {fold(word): value for value, words in (("yes", ("true", "prawda")), ("no", ("false", "fałsz"))) for word in words}
    return found


def _bad_yes(told: str) -> str:
    """What stands in the options of a yes or no question: “!yes”, in any language, or nothing."""
    word = told.strip()
    try:
        return YES_FAILS if word.startswith(FAILS) and types.Flag().parse(word.removeprefix(FAILS)) else ""
    except ValueError:
        return told


# ------------------------------------------------------------------------------------------ pasting


def pasted(text: str) -> tuple[Question, ...]:
    """The questions in what was copied from a spreadsheet or a document.

    With a row of headings the columns are found by these. Without: one column holds questions; several are section,
    question, type, weight and so on, as in the workbook, with the number before them where all rows have one; or
    question, type and so on where the second column holds types. Raises Known, Problems.
    """
    if len(text) > LONGEST_PASTE:
        raise Known(_("More was copied than a checklist holds. Copy fewer rows."))
    rows = [row for row in _rows(text) if any(cell.strip() for cell in row)]
    if not rows:
        raise Known(_("Nothing that can be pasted was copied. Copy rows of a spreadsheet, or lines of text, one question in a line."))
    named = _named()
    heads = [named.get(fold(" ".join(cell.split()))) for cell in rows[0]]
    if COLUMNS[_WORDING] in heads and sum(head is not None for head in heads) * 2 > len(heads):
        return questions_in([" ".join(cell.split()) for cell in rows[0]], rows[1:], range(2, len(rows) + 1))
    width = max(map(len, rows))
    columns = _columns_without_heads(rows, width)
    if width == 1:
        rows = [[_BULLET.sub("", row[0])] for row in rows]
    return questions_in([_(column.label) for column in columns], [[*row, *[""] * (width - len(row))] for row in rows], range(1, len(rows) + 1))


def _rows(text: str) -> Iterator[list[str]]:
    try:
        yield from csv.reader(io.StringIO(text.replace("\r\n", "\n").replace("\r", "\n")), delimiter="\t")
    except csv.Error:
        raise Known(_("What was copied can't be read as a table. Copy the rows again, or fewer of them.")) from None


def _columns_without_heads(rows: Sequence[Sequence[str]], width: int) -> Sequence[Column]:
    wording = COLUMNS[_WORDING]
    if width == 1:
        return [wording]
    second = [row[1].strip() for row in rows if len(row) > 1 and row[1].strip()]
    if second and all(map(_is_type, second)):
        return COLUMNS[_WORDING:]
    numbered = all(row[0].strip().rstrip(".").isdecimal() for row in rows)
    return COLUMNS[0 if numbered and width > 2 else 1 :]


def _is_type(word: str) -> bool:
    try:
        _type(word)
    except ValueError:
        return False
    return True


# ------------------------------------------------------------------------------------------ writing


def row_of(draft: Draft, question: Question, lang: str) -> list[Any]:
    """The cells of a question, in the order of the columns: text, numbers, None; words in ``lang``."""
    told: dict[str, Any] = {}
    for column in COLUMNS[1:]:
        field = Question.spec.fields[column.field]
        value = getattr(question, column.field)
        told[column.field] = None if empty(value) else field.type.cell(value, lang)
    if question.type is QuestionType.YES_NO and question.options:
        told["options"] = FAILS + types.Flag().show(True, lang)
    other = draft.find(question.shown_by) if question.shown_by is not None else None
    if other is not None:
        words = dict(answers(other, lang))
        told["shown_by"] = draft.place(other.id)
        told["shown_for"] = f"{SEPARATOR} ".join(words.get(value, value) for value in awaited(question))
    return [draft.place(question.id), *told.values()]
