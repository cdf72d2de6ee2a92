"""A checklist as a workbook: its questions, a sheet that explains the columns and their words, and what the list is for."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qmdesk.errors import Known
from qmdesk.exchange.checklist_table import (
    COLUMNS,
    known_headers,
    questions_in,
    row_of,
    type_words,
    unknown_headers,
)
from qmdesk.exchange.export_columns import TRIGGERS, UNWRITABLE
from qmdesk.exchange.reader import Table, read_table
from qmdesk.exchange.writer import whole_file
from qmdesk.i18n import LANGUAGES, N_, _, translator
from qmdesk.records.audit import Checklist, Question, QuestionType
from qmdesk.records.checklist import MOST_QUESTIONS, Draft, answers
from qmdesk.schema import types
from qmdesk.schema.folding import fold
from qmdesk.schema.record import empty, not_understood

if TYPE_CHECKING:  # slow to import, and only writing needs it
    from openpyxl.worksheet.worksheet import Worksheet

QUESTIONS, EXPLAINED, ABOUT = N_("Questions"), N_("Columns"), N_("Checklist")
PHOTOS = N_("Reference photos are not in this workbook; a .qmcheck file takes them along.")
OWN = (*Checklist.spec.asked("active"), "key")
"""What the third sheet says of the list itself."""
LINES_SHOWN = 12


# ----------------------------------------------------------------------------------------- writing


def write(path: Path, draft: Draft, lang: str) -> None:
    """Write a list to an .xlsx file, its headings and words in ``lang``; the file appears whole or not at all. Raises Known."""
    import openpyxl  # slow to import

    tr = translator(lang)
    book = openpyxl.Workbook()
    book.properties.creator = "QMDesk"
    book.properties.title = UNWRITABLE.sub("", draft.checklist.name)
    book.properties.description = tr(PHOTOS)
    asked = book.active
    assert asked is not None  # a new workbook has a sheet
    asked.title = tr(QUESTIONS)
    rows = [row_of(draft, question, lang) for question in draft.questions]
    _fill(asked, [tr(column.label) for column in COLUMNS], rows, [column.width for column in COLUMNS])
    _offer_words(asked, lang)
    _fill(book.create_sheet(tr(EXPLAINED)), [tr(N_("Column")), tr(N_("What it means")), *LANGUAGES.values()], _explained(lang), [24, 70, 34, 34])
    _fill(book.create_sheet(tr(ABOUT)), [tr(N_("Field")), tr(N_("Value"))], _about(draft.checklist, lang), [24, 90])
    with whole_file(path) as raw:
        book.save(raw)


def _explained(lang: str) -> list[list[Any]]:
    """Each column with what it means, and the words allowed in it in every language."""
    tr = translator(lang)
    rows: list[list[Any]] = [[tr(column.label), tr(column.meaning), *(_words(column.field, other) for other in LANGUAGES)] for column in COLUMNS]
    return [*rows, ["", tr(PHOTOS)], ["", tr(N_("A row in which only the section is filled in is a heading for the rows below it."))]]


def _words(name: str, lang: str) -> str | None:
    """The words allowed in a column; None where anything is."""
    field = Question.spec.fields.get(name)
    if field is None:
        return None
    if isinstance(field.type, types.Flag):
        return "\n".join(field.type.show(value, lang) for value in (True, False))
    if isinstance(field.type, types.Choice):
        return "\n".join(type_words(lang))
    if name in _ANSWERED:
        return "\n".join(f"{translator(lang)(kind.label)}: {'; '.join(words for _value, words in answers(Question(checklist=1, wording='', type=kind), lang))}" for kind in (QuestionType.VERDICT, QuestionType.YES_NO, QuestionType.SCALE))
    return None


_ANSWERED = ("shown_for",)


def _about(checklist: Checklist, lang: str) -> list[list[Any]]:
    fields = [Checklist.spec.fields[name] for name in OWN]
    return [[field.labelled(lang), None if empty(value := getattr(checklist, field.name)) else field.type.cell(value, lang)] for field in fields]


def _fill(sheet: Worksheet, headings: Sequence[str], rows: Sequence[Sequence[Any]], widths: Sequence[int]) -> None:
    """Write a table whose text is text whatever it looks like, with its lines broken to the widths of the columns."""
    from openpyxl.styles import (  # slow to import, as all of openpyxl
        Alignment,
        Border,
        Font,
        PatternFill,
        Side,
    )
    from openpyxl.utils import get_column_letter

    line = Border(bottom=Side(style="thin", color="D0D4D8"))
    for at, width in enumerate(widths, 1):
        sheet.column_dimensions[get_column_letter(at)].width = width
    for number, row in enumerate((headings, *rows), 1):
        lines = 1
        for at, value in enumerate(row, 1):
            cell = sheet.cell(number, at)
            if isinstance(value, str):
                cell.value = UNWRITABLE.sub("", value)
                cell.data_type = "s"
                cell.quotePrefix = value.startswith(TRIGGERS)
                lines = max(lines, sum(1 + len(part) // widths[at - 1] for part in value.split("\n")))
            elif value is not None:
                cell.value = value
            cell.alignment = Alignment(vertical="top", wrap_text=True)
            cell.border = line
            if number == 1:
                cell.font, cell.fill = Font(bold=True), PatternFill("solid", fgColor="E8ECF0")
        sheet.row_dimensions[number].height = 15.0 * min(lines, LINES_SHOWN)
    sheet.freeze_panes = "A2"
    sheet.print_title_rows = "1:1"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True


def _offer_words(sheet: Worksheet, lang: str) -> None:
    """Let the spreadsheet program offer the words of a column; others can be typed, and are told of when it is read."""
    from openpyxl.utils import get_column_letter  # slow to import, as all of openpyxl
    from openpyxl.worksheet.datavalidation import DataValidation

    for at, column in enumerate(COLUMNS, 1):
        kind = Question.spec.fields[column.field].type if column.field else None
        if isinstance(kind, types.Flag | types.Choice):
            words = ",".join((_words(column.field, lang) or "").split("\n"))
            offered = DataValidation("list", formula1=f'"{words}"', allow_blank=True, errorStyle="warning")
            letter = get_column_letter(at)
            offered.add(f"{letter}2:{letter}{MOST_QUESTIONS + 1}")
            sheet.add_data_validation(offered)


# ----------------------------------------------------------------------------------------- reading


def read(path: Path, progress: Callable[[int, int], None] | None = None) -> tuple[dict[str, Any], tuple[Question, ...], list[str]]:
    """What a workbook (or a csv file) says of the list itself, its questions, and the headings that mean nothing here.

    Raises Known for a file that can't be read, Problems with row and column of all that is wrong in it.
    """
    table = read_table(path, known_headers=known_headers(), at_most=MOST_QUESTIONS + 1, footer=False, progress=progress)
    questions = questions_in(table.headers, [*table.rows], table.numbers)
    return _own(path, table), questions, unknown_headers(table.headers)


def _own(path: Path, table: Table) -> dict[str, Any]:
    """The fields of the list on its own sheet; none where there is no such sheet. Raises Known."""
    names = {fold(translator(lang)(ABOUT)) for lang in LANGUAGES}
    sheet = next((name for name in table.sheets if fold(name) in names and name != table.sheet), None)
    if sheet is None:
        return {}
    found: dict[str, Any] = {}
    fields = _labelled()
    for row in read_table(path, sheet=sheet, header_row=1, at_most=100, footer=False).rows:
        field = fields.get(fold(str(row[0]).strip()))
        if field is None or len(row) < 2 or empty(row[1]):
            continue
        try:
            found[field.name] = field.type.from_cell(row[1])
        except (ValueError, OverflowError):
            raise Known(_("Sheet “{sheet}”: {problem}").format(sheet=sheet, problem=not_understood(field, row[1]))) from None
    return found


def _labelled() -> Mapping[str, Any]:
    fields = [Checklist.spec.fields[name] for name in OWN]
    return {fold(field.labelled(lang)): field for field in fields for lang in LANGUAGES}
