"""The Polish catalogue: what the source marks for translation, what is still missing, and making the .mo anew.

``python -m tests.catalogue`` writes new texts into the .po and compiles it.
"""

from __future__ import annotations

import ast
import io
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "resources" / "locale" / "pl" / "LC_MESSAGES"
PO, MO = FOLDER / "qmdesk.po", FOLDER / "qmdesk.mo"
KEYWORDS = {"_": None, "N_": None, "n_": (1, 2), "tr": None}


def source() -> Catalog:
    """Every text the source marks."""
    found = Catalog(project="QMDesk", charset="utf-8")
    for package in ("qmdesk", "ui"):
        for name, line, message, _comments, _context in extract_from_dir(
            str(ROOT / package), method_map=[("**.py", "python")], keywords=KEYWORDS, comment_tags=()
        ):
            found.add(message, locations=[(f"{package}/{name}", line)])
    return found


def unseen() -> list[str]:
    """Texts marked inside f-strings, where the extraction does not look on Python 3.11: they would never get their Polish."""
    found = []
    for path in sorted(path for package in ("qmdesk", "ui") for path in (ROOT / package).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.JoinedStr):
                calls = (call for call in ast.walk(node) if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in KEYWORDS)
                found += [str(call.args[0].value) for call in calls if call.args and isinstance(call.args[0], ast.Constant)]
    return found


def kept() -> Catalog:
    """The catalogue as it is kept."""
    with PO.open("rb") as file:
        return read_po(file, locale="pl")


def missing() -> list[str]:
    """Texts of the source that have no Polish, or whose Polish lacks a placeholder."""
    polish = kept()
    found = []
    for message in source():
        if not message.id:
            continue
        translated = polish.get(message.id if isinstance(message.id, str) else message.id[0])
        said = translated.string if translated else ""
        forms = said if isinstance(said, tuple | list) else (said,)
        if not translated or translated.fuzzy or not all(forms):
            found.append(str(message.id))
    return found


def compiled(catalogue: Catalog) -> bytes:
    """The catalogue as gettext reads it."""
    buffer = io.BytesIO()
    write_mo(buffer, catalogue)
    return buffer.getvalue()


def main() -> None:
    """Bring the kept catalogue up to date with the source; what is new stands at its place with an empty text."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    polish = kept() if PO.exists() else Catalog(locale="pl", project="QMDesk", charset="utf-8")
    polish.update(source(), no_fuzzy_matching=True)
    polish.obsolete.clear()
    with PO.open("wb") as file:
        write_po(file, polish, width=120, sort_output=True, no_location=True, omit_header=False)
    MO.write_bytes(compiled(kept()))
    print(f"{len(polish)} texts, {len(missing())} without Polish")  # noqa: T201 - a tool for the terminal


if __name__ == "__main__":
    main()
