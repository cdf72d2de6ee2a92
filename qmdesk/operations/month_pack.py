"""The pack for the accountant: workbook, csv and PDF of a month with the papers of its entries, written whole or not at all."""

from __future__ import annotations

import io
import os
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePath

from qmdesk.documents import month as paper
from qmdesk.documents import render
from qmdesk.errors import Known
from qmdesk.exchange import month_end
from qmdesk.exchange.writer import whole_file
from qmdesk.i18n import N_, _, translator
from qmdesk.operations.month import collect, documents
from qmdesk.operations.registers import the_shop
from qmdesk.records.month import Month
from qmdesk.register import Reading, clock

Progress = Callable[[int, int], None]

RETURNS, MISTAKES = N_("register-of-returns"), N_("register-of-mistakes")  # of file names: plain letters without blanks
SUMMARY, DOCUMENTS = N_("summary"), N_("documents")


@dataclass(frozen=True)
class Pack:
    """The files of a month by their names, and the papers of its entries as one ZIP (None when there are none)."""

    month: Month
    files: Mapping[str, bytes]
    papers: tuple[str, bytes] | None

    @property
    def names(self) -> tuple[str, ...]:
        """Every file that is written."""
        return (*self.files, *([self.papers[0]] if self.papers else []))

    @property
    def archive(self) -> bytes:
        """The files as one ZIP, without the papers, which the register keeps anyway: what a closing keeps."""
        return _zipped(self.files)


def compose(reading: Reading, month: str, at: datetime | None = None, progress: Progress | None = None) -> Pack:
    """The pack of a month in the shop's language; ``at`` is when it is made. Raises Known for what is no month."""
    lang = str(the_shop(reading).language.value)
    tell = progress or (lambda _done, _total: None)
    at = at or clock()
    told = collect(reading, month, lang)
    tr = translator(lang)
    makers: dict[str, Callable[[], bytes]] = {
        f"{told.month}-{tr(SUMMARY)}.xlsx": lambda: month_end.workbook(told, lang, made=paper.made_line(at, lang)),
        f"{told.month}-{tr(RETURNS)}.csv": lambda: month_end.as_csv(told, "returns", lang),
        f"{told.month}-{tr(MISTAKES)}.csv": lambda: month_end.as_csv(told, "mistakes", lang),
        f"{told.month}-{tr(RETURNS)}.pdf": lambda: render.to_pdf(paper.returns(told, lang, at)),
        f"{told.month}-{tr(MISTAKES)}.pdf": lambda: render.to_pdf(paper.mistakes(told, lang, at)),
    }
    files = {}
    for done, (name, make) in enumerate(makers.items()):
        tell(done, len(makers) + 1)
        files[name] = make()
    tell(len(makers), len(makers) + 1)
    papers = _papers(reading, told)
    tell(len(makers) + 1, len(makers) + 1)
    return Pack(told, files, (f"{told.month}-{tr(DOCUMENTS)}.zip", _zipped(papers)) if papers else None)


def _papers(reading: Reading, month: Month) -> dict[str, bytes]:
    """The papers by the numbers of their entries: E-2026-0001.pdf, E-2026-0001-2.jpg."""
    found: dict[str, bytes] = {}
    counted: dict[str, int] = {}
    for number, name, content in documents(reading, month):
        counted[number] = counted.get(number, 0) + 1
        stem = number.replace("/", "-") + (f"-{counted[number]}" if counted[number] > 1 else "")
        found[f"{stem}{PurePath(name).suffix.lower()}"] = content
    return found


def _zipped(files: Mapping[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name, (2000, 1, 1, 0, 0, 0)), content, zipfile.ZIP_DEFLATED)
    return made.getvalue()


def see_that_free(folder: Path, month: str, lang: str) -> None:
    """See that the pack can be written here, before anything is done. Raises Known with the file or folder at fault."""
    tr = translator(lang)
    names = [f"{month}-{tr(stem)}{ending}" for stem, ending in ((SUMMARY, ".xlsx"), (RETURNS, ".csv"), (MISTAKES, ".csv"), (RETURNS, ".pdf"), (MISTAKES, ".pdf"), (DOCUMENTS, ".zip"))]
    if os.path.lexists(folder) and not folder.is_dir():
        raise Known(_("{folder} is no folder. Choose a folder for the pack.").format(folder=folder))
    if not folder.is_dir() and not folder.absolute().parent.is_dir():
        raise Known(_("The folder {folder} is not there. Choose another folder for the pack.").format(folder=folder.absolute().parent))
    for name in names:
        if os.path.lexists(folder / name):
            raise Known(_("{file} exists already in {folder}. Move it away, or choose another folder.").format(file=name, folder=folder))
    if not os.access(folder if folder.is_dir() else folder.absolute().parent, os.W_OK):
        raise Known(_("Nothing may be written in the folder {folder}. Choose another folder for the pack.").format(folder=folder))


@contextmanager
def written(pack: Pack, folder: Path) -> Iterator[list[Path]]:
    """Write the files of a pack; whatever goes wrong, here or in what is done with them, none of them stays. Raises Known."""
    see_that_free(folder, pack.month.month, str(pack.month.shop.language.value))
    made: list[Path] = []
    new_folder = not folder.is_dir()
    try:
        if new_folder:
            _make(folder)
        for name, content in (*pack.files.items(), *([pack.papers] if pack.papers else [])):
            with whole_file(folder / name) as file:
                file.write(content)
            made.append(folder / name)
        yield made
    except BaseException:
        for path in made:
            path.unlink(missing_ok=True)
        if new_folder and folder.is_dir() and not any(folder.iterdir()):
            folder.rmdir()
        raise


def _make(folder: Path) -> None:
    try:
        folder.mkdir()
    except OSError as error:
        raise Known(_("The folder {folder} can't be made. Choose another folder for the pack.").format(folder=folder)) from error
