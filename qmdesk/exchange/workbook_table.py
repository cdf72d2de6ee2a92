"""Reading xlsx, xlsm, xlsb, xls and ods with calamine, and with openpyxl where calamine gives up."""

from __future__ import annotations

import hashlib
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from qmdesk.exchange.refused import PASSWORD, UNREADABLE, Refused
from qmdesk.exchange.table_layout import Numbered
from qmdesk.i18n import N_

PIECE = 1 << 20

SPREAD = N_(
    "{file} spreads its values over more rows and columns than any table has. Copy the table into a new sheet and save that."
)
NO_SHEET = N_("{file} has no sheet named “{sheet}”. Its sheets: {sheets}.")
EMPTY_SHEETS = N_("{file} holds no table: all its sheets are blank. Check that the export was saved with its rows.")
EMPTY_SHEET = N_("The sheet “{sheet}” of {file} is blank. Choose another sheet.")

_LIMIT = "Cell limit"  # of calamine's own message; there is no type for it


class WorkbookTable(NamedTuple):
    """One sheet of a workbook; ``rows`` gives its rows from the first one of the sheet, blank ones too."""

    digest: str
    sheet: str
    sheets: tuple[str, ...]
    rows: Iterator[Numbered]
    first_column: int  # of the first cell of each row; A is 0
    encoding: None = None
    delimiter: None = None


def open_workbook(
    path: Path, sheet: str | None, with_openpyxl: bool, progress: Callable[[float], None]
) -> WorkbookTable:
    """The chosen sheet, else the first visible one that holds a table.

    ``with_openpyxl`` allows the second try, which exists for xlsx only. Both libraries fail on foreign files with
    whatever their parsers raise, calamine also with a panic, which is no Exception: all of it means a bad file.
    """
    digest = _digest(path)
    try:
        return _with_calamine(path, digest, sheet, progress)
    except (Refused, MemoryError, KeyboardInterrupt, SystemExit, BrokenPipeError):
        raise
    except BaseException as error:
        if type(error).__name__ == "PasswordError":
            raise Refused(PASSWORD) from None
        if _LIMIT in str(error):
            raise Refused(SPREAD) from None
        if not with_openpyxl:
            raise Refused(UNREADABLE) from None
    try:
        return _with_openpyxl(path, digest, sheet)
    except (Refused, MemoryError, BrokenPipeError):
        raise
    except Exception:
        raise Refused(UNREADABLE) from None


def _digest(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as raw:
        while piece := raw.read(PIECE):
            digest.update(piece)
    return digest.hexdigest()


def _with_calamine(path: Path, digest: str, wanted: str | None, progress: Callable[[float], None]) -> WorkbookTable:
    # a native library: only in the child process
    from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

    try:
        book = CalamineWorkbook.from_path(path)  # by the name's ending, with errors that tell something
    except CalamineError as error:
        if type(error).__name__ == "PasswordError" or _LIMIT in str(error):
            raise
        with path.open("rb") as raw:
            book = CalamineWorkbook.from_filelike(raw)  # the ending may lie: by content
    known = [meta for meta in book.sheets_metadata if meta.typ is SheetTypeEnum.WorkSheet]
    sheets = tuple(meta.name for meta in known)
    visible = [meta.name for meta in known if meta.visible is SheetVisibleEnum.Visible]
    for name in _candidates(wanted, sheets, visible or list(sheets)):
        table = book.get_sheet_by_name(name)
        if table.start is not None and (wanted or table.height > 1):
            progress(0.7)
            return WorkbookTable(digest, name, sheets, _calamine_rows(table, progress), table.start[1])
    raise _blank(wanted)


def _calamine_rows(table: Any, progress: Callable[[float], None]) -> Iterator[Numbered]:
    # iter_rows also gives the blank rows above the table, so that the count is the sheet's own row number
    height = table.total_height or 1
    for number, row in enumerate(table.iter_rows(), 1):
        if number % 2000 == 0:
            progress(0.7 + 0.3 * min(1.0, number / height))
        yield number, row


def _with_openpyxl(path: Path, digest: str, wanted: str | None) -> WorkbookTable:
    import openpyxl  # slow, and only for what calamine gives up

    if not openpyxl.DEFUSEDXML:
        raise Refused(UNREADABLE)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of missing styles and extensions, which don't matter for values
        book = openpyxl.load_workbook(path, read_only=True, data_only=True, keep_links=False)
    sheets = tuple(sheet.title for sheet in book.worksheets)
    visible = [sheet.title for sheet in book.worksheets if sheet.sheet_state == "visible"]
    for name in _candidates(wanted, sheets, visible or list(sheets)):
        sheet = book[name]
        sheet.reset_dimensions()  # what the file says of its size may be a lie
        if any(any(cell is not None for cell in row) for row in sheet.iter_rows(values_only=True)):
            return WorkbookTable(digest, name, sheets, _openpyxl_rows(sheet), 0)
    raise _blank(wanted)


def _openpyxl_rows(sheet: Any) -> Iterator[Numbered]:
    rows = enumerate(sheet.iter_rows(values_only=True), 1)
    while True:
        try:
            number, row = next(rows)
        except StopIteration:
            return
        except (MemoryError, BrokenPipeError):
            raise
        except Exception:  # whatever a foreign sheet makes the parser raise
            raise Refused(UNREADABLE) from None
        yield number, ["" if cell is None else cell for cell in row]


def _candidates(wanted: str | None, sheets: tuple[str, ...], visible: list[str]) -> list[str]:
    if wanted is None:
        return visible
    if wanted not in sheets:
        raise Refused(NO_SHEET, sheet=wanted, sheets=", ".join(sheets))
    return [wanted]


def _blank(wanted: str | None) -> Refused:
    return Refused(EMPTY_SHEET, sheet=wanted) if wanted else Refused(EMPTY_SHEETS)
