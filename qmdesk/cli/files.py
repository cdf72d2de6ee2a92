"""The files beside a register: the JSON a command is given, and the place for what it writes."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

from qmdesk.errors import Known
from qmdesk.i18n import _


def json_object(source: str) -> dict[str, Any]:
    """The JSON object in a file or in standard input. Raises Known."""
    if source.lstrip().startswith("{"):
        raise Known(_("The JSON itself can't be given as an argument. Give the name of a file that holds it, or - and the JSON on standard input."))
    try:
        raw = (sys.stdin.buffer.read() if sys.stdin else b"") if source == "-" else Path(source).read_bytes()
    except (OSError, ValueError):
        raise Known(_("{file} can't be read. Check that it is there and that you may read it.").format(file=source)) from None
    try:
        values = json.loads(raw.decode("utf-8-sig"))
    except json.JSONDecodeError as error:
        raise Known(_("The input is no JSON: look at line {line}, column {column}.").format(line=error.lineno, column=error.colno)) from None
    except UnicodeDecodeError:
        raise Known(_("The input is no JSON: it is not written in UTF-8.")) from None
    except (ValueError, RecursionError):  # numbers of thousands of digits, lists of lists of lists
        raise Known(_("The input holds more than any record does: a number too long, or lists too deep.")) from None
    if not isinstance(values, dict):
        raise Known(_("The input must be one JSON object."))
    return values


def must_be_new(out: Path, *endings: str) -> None:
    """See that a file, with one of these endings, can be made here, before anything is done that would be told in it. Raises Known."""
    if endings and out.suffix.lower() not in endings:
        raise Known(_("{file} must have another ending: {listed}.").format(file=out.name, listed=", ".join(endings)))
    if os.path.lexists(out):
        raise Known(_("{file} exists already. Choose another name.").format(file=out))
    if not out.absolute().parent.is_dir():
        sentence = _("{file} was not written: the folder {folder} is not there. Choose another folder.")
        raise Known(sentence.format(file=out.name, folder=out.absolute().parent))
