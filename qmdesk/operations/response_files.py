"""Responses out of a sheet: an export of Google Forms, Ankietka or another program, or rows copied from one, columns matched by wording."""

from __future__ import annotations

import csv
import hashlib
import io
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta, timezone
from pathlib import Path

from qmdesk.errors import Known, Problems
from qmdesk.exchange.reader import Cell, read_table
from qmdesk.i18n import N_, _, n_
from qmdesk.operations import responses, surveys
from qmdesk.records.party import Customer
from qmdesk.records.product import Order
from qmdesk.records.satisfaction import ResponseWay, Survey, SurveyQuestion
from qmdesk.register import Reading, Transaction, clock
from qmdesk.schema import types
from qmdesk.schema.folding import fold
from qmdesk.schema.query import Condition, Query
from qmdesk.values import dataclass

PASTE = N_("Paste responses")
IMPORT = N_("Import responses")

LONGEST_CELL = 100_000
"""A longer cell is a quotation mark that is not closed."""
LONGEST_PASTE = 2_000_000  # letters
ALIKE = 85  # of 100, rapidfuzz's ratio: the same question with a slip, an added word or other marks
TOLD = 20  # rejected rows said in words; who has more begins with these

MOMENT, EMAIL, ORDER = "moment", "email", "order"
_HEADS: Mapping[str, tuple[str, ...]] = {
    MOMENT: ("timestamp", "sygnatura czasowa", "completion time", "czas ukonczenia", "czas zakonczenia", "data wypelnienia", "data odpowiedzi", "submitted at", "data dodania", "data", "date", "data i czas"),
    EMAIL: ("email address", "adres e-mail", "adres email", "e-mail", "email", "username", "nazwa uzytkownika"),
    ORDER: ("order number", "numer zamowienia", "nr zamowienia", "zamowienie", "order"),
}  # fmt: skip
_NUMBERED = re.compile(r"^\s*\d{1,3}\s*[.)]\s*")
_GOOGLE = re.compile(r"(\d{4})/(\d\d?)/(\d\d?) (\d\d?):(\d\d):(\d\d) ([AP]M)(?: (?:GMT|UTC)([+-]\d{1,2})?)?")


@dataclass(frozen=True)
class Sheet:
    """Rows with their headings and their numbers in the file; ``way`` is how they come in."""

    name: str
    headers: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    numbers: tuple[int, ...]
    way: ResponseWay


@dataclass(frozen=True)
class Matching:
    """Which column answers which question (by its id), and which tell when, by whom and about which order."""

    columns: Mapping[int, int]
    moment: int | None = None
    email: int | None = None
    order: int | None = None


@dataclass(frozen=True)
class Refused:
    """A row that did not come in: its number in the file, and why."""

    row: int
    why: str


@dataclass(frozen=True)
class Report:
    """What became of a sheet: new responses, those that were there already, rows refused."""

    added: tuple[int, ...]
    known: int
    refused: tuple[Refused, ...]

    def sentences(self) -> list[str]:
        """The report, a sentence for each row that was refused."""
        told = [_("New responses: {added}, there already: {known}, refused rows: {refused}.").format(added=len(self.added), known=self.known, refused=len(self.refused))]
        told += [_("Row {row}: {why}").format(row=one.row, why=one.why) for one in self.refused[:TOLD]]
        if more := len(self.refused) - TOLD:
            told += [n_("And {n} more row.", "And {n} more rows.", more)] if more > 0 else []
        return told


def read(path: Path, progress: Callable[[int, int], None] | None = None) -> Sheet:
    """The rows of a csv, xlsx or ods file. Raises Known, Cancelled when ``progress`` does."""
    known = {word for words in _HEADS.values() for word in words}
    table = read_table(path, known_headers=known, footer=False, progress=progress)
    return Sheet(path.name, table.headers, tuple(tuple(row) for row in table.rows), tuple(table.numbers), ResponseWay.IMPORTED)


def pasted(text: str, asked: Sequence[SurveyQuestion]) -> Sheet:
    """Rows copied from a spreadsheet: under headings where the first row has any, else the answers in the questions' order.

    Raises Known.
    """
    if len(text) > LONGEST_PASTE:
        raise Known(_("More was copied than can be taken in at once. Copy fewer rows, or save the sheet and import the file."))
    try:
        rows = [row for row in csv.reader(io.StringIO(text.replace("\r\n", "\n").replace("\r", "\n")), delimiter="\t") if any(cell.strip() for cell in row)]
    except csv.Error:  # a cell beyond the module's limit, which belongs to the whole process
        rows = [[text]]
    if any(len(cell) > LONGEST_CELL for row in rows for cell in row):
        raise Known(_("What was copied can't be read as a table. Copy the rows again, or fewer of them."))
    if not rows:
        raise Known(_("Nothing that can be pasted was copied. Copy the rows of a spreadsheet, one response in each row."))
    width = max(map(len, rows))
    heads = tuple(rows[0])
    if not match(asked, heads).columns:
        heads = tuple(question.wording for question in asked[:width])
        if width > len(asked):
            raise Known(_("A row has {width} cells, and the survey has {many} questions. Copy the row of headings too, then the columns are found by them.").format(width=width, many=len(asked)))
        first = 0
    else:
        first = 1
    whole = tuple((*row, *[""] * (len(heads) - len(row)))[: len(heads)] for row in rows[first:])
    return Sheet("", heads, whole, tuple(range(first + 1, len(rows) + 1)), ResponseWay.PASTED)


# ------------------------------------------------------------------------------------------ matching


def match(asked: Sequence[SurveyQuestion], headers: Sequence[str]) -> Matching:
    """The columns whose headings are the questions' wordings, exactly or nearly; each column answers one question."""
    from rapidfuzz import fuzz  # not needed until a sheet is taken in

    bare = [_bare(header) for header in headers]
    columns: dict[int, int] = {}
    free = dict(enumerate(bare))
    for question in asked:
        if (at := next((at for at, head in free.items() if head and head == _bare(question.wording)), None)) is not None:
            columns[question.id] = at
            del free[at]
    near = sorted(
        ((-likeness, place, at) for place, question in enumerate(asked) if question.id not in columns for at, head in free.items() if (likeness := fuzz.ratio(head, _bare(question.wording))) >= ALIKE)
    )
    for _likeness, place, at in near:
        if asked[place].id not in columns and at in free:
            columns[asked[place].id] = at
            del free[at]
    about = {what: next((at for word in words for at, head in free.items() if head == word), None) for what, words in _HEADS.items()}
    return Matching(columns, about[MOMENT], about[EMAIL], about[ORDER])


def _bare(words: str) -> str:
    """Words for comparing: without numbering, marks at the ends, diacritics and large letters."""
    return " ".join(fold(_NUMBERED.sub("", words)).split()).strip(" ?!.:;*")


# ----------------------------------------------------------------------------------------- taking in


def take_in(tx: Transaction, survey_id: int, sheet: Sheet, matching: Matching) -> Report:
    """Keep each row as a response; rows taken in before add nothing, rows that can't be are reported. Raises Known without a column."""
    survey = tx.get(Survey, survey_id)
    tx.about(" – ".join(filter(None, (survey.name, sheet.name))))
    asked = {question.id: question for question in surveys.questions(tx, survey)}
    if not matching.columns:
        raise Known(_("No column is chosen for any question. Choose at least one."))
    seen: dict[str, int] = {}
    added, known, refused = list[int](), 0, list[Refused]()
    for number, row in zip(sheet.numbers, sheet.rows, strict=True):
        try:
            at = _moment(row[matching.moment]) if matching.moment is not None else None
            answers = {id_: said for id_, column in matching.columns.items() if (said := responses.read_answer(asked[id_], row[column])) is not None}
            email = str(row[matching.email]).strip().lower() if matching.email is not None else ""
            order = str(row[matching.order]).strip() if matching.order is not None else ""
            token = _token(at, answers, email, order, seen)
            if responses.of_token(tx, survey, token) is not None:
                known += 1
                continue
            added.append(responses.keep(tx, survey, answers, at or clock(), sheet.way, token=token, customer=_customer(tx, email), order=_order(tx, order)))
        except Problems as problems:
            refused.append(Refused(number, problems.problems[0].sentence))
        except Known as error:
            if survey.state is not survey.state.OPEN:
                raise
            refused.append(Refused(number, error.sentence))
    return Report(tuple(added), known, tuple(refused))


def _token(at: datetime | None, answers: responses.Answers, email: str, order: str, seen: dict[str, int]) -> str:
    """The number of a row that names itself by what it says: the same row of the same sheet has it again, a repeated one counts."""
    told = repr((types.Moment().store(at) if at else "", sorted(answers.items()), email, order))
    digest = "row:" + hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()[:32]
    seen[digest] = seen.get(digest, 0) + 1
    return digest if seen[digest] == 1 else f"{digest}#{seen[digest]}"


def _moment(cell: Cell) -> datetime | None:
    """When a row was answered; also as Google writes it: 2026/11/18 10:02:33 AM GMT+1."""
    written = str(cell).strip()
    if cell in ("", None) or not written:
        return None
    if found := _GOOGLE.fullmatch(written):
        year, month, day, hour, minute, second = (int(found[place]) for place in range(1, 7))
        moment = datetime(year, month, day, hour % 12 + 12 * (found[7] == "PM"), minute, second)  # noqa: DTZ001 - its zone follows
        return moment.replace(tzinfo=timezone(timedelta(hours=int(found[8])))) if found[8] else moment.astimezone()
    try:
        return types.Moment().from_cell(cell)
    except (ValueError, OverflowError):
        raise Known(_("“{said}” is no day and hour.").format(said=written[:60])) from None


def _customer(reading: Reading, email: str) -> int | None:
    found = reading.records(Query(Customer, (Condition("email", types.IS, (email,)),)), 1) if email else []
    return found[0].id if found else None


def _order(reading: Reading, number: str) -> int | None:
    found = reading.records(Query(Order, (Condition("number", types.IS, (number.lstrip("#"),)),)), 2) if number else []
    return found[0].id if len(found) == 1 else None
