"""The papers of an action: its drawings of causes, its 8D and CAPA reports; looked at or written to a file."""

from __future__ import annotations

from qmdesk.documents import cause_drawing
from qmdesk.documents.cause_drawing import Drawing
from qmdesk.i18n import _
from qmdesk.operations.action_reading import whys_of
from qmdesk.operations.attachments import safe_name
from qmdesk.records.improvement import Action, CauseMethod
from qmdesk.records.lists import Cause
from qmdesk.register import Reading


def drawing(reading: Reading, action: Action, method: CauseMethod, lang: str) -> Drawing:
    """The causes of an action as a tree of whys or as a fishbone."""
    found = whys_of(reading, action)
    names = reading.titles(Cause, {one.cause for one in found if one.cause})
    if method is CauseMethod.ISHIKAWA:
        return cause_drawing.fishbone(action.name, found, names, lang)
    return cause_drawing.tree(action.name, found, names)


def drawing_file(reading: Reading, action: Action, method: CauseMethod, lang: str) -> str:
    """The drawing as the text of an SVG file."""
    return cause_drawing.svg(drawing(reading, action, method, lang), f"{action.number} {action.name}")


def drawing_name(action: Action, method: CauseMethod) -> str:
    """What the file of a drawing is called until somebody says otherwise."""
    return safe_name(f"{_(method.label)} {action.number.replace('/', '-')}.svg")
