"""The papers of an action: its drawings of causes, its 8D and CAPA reports; looked at or written to a file."""

from __future__ import annotations

from qmdesk.documents import action_report, cause_drawing
from qmdesk.documents.action_report import ActionMatter, ReportForm
from qmdesk.documents.cause_drawing import Drawing
from qmdesk.i18n import _, translator
from qmdesk.operations.action_reading import evidence_of, opened_again_by, tasks_of, whys_of
from qmdesk.operations.attachments import safe_name
from qmdesk.operations.audit_papers import Paper, drawable
from qmdesk.operations.registers import the_shop
from qmdesk.records.audit import Audit, Finding
from qmdesk.records.case import Case
from qmdesk.records.improvement import Action, CauseMethod, Idea, Review
from qmdesk.records.lists import Cause
from qmdesk.records.party import Person
from qmdesk.register import Reading, clock

PAGE = (165, 190)
"""The most millimetres a drawing takes on paper: its width and its height."""
PIXEL = 0.2
"""Millimetres of a pixel where there is room: the words of a drawing are a little smaller than those of the report."""


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


def report(reading: Reading, action_id: int, form: ReportForm, lang: str) -> Paper:
    """The 8D or CAPA report of an action, with its drawings and photos."""
    action, shop = reading.get(Action, action_id), the_shop(reading)
    tasks, tr = tasks_of(reading, action), translator(lang)
    pictures: dict[str, bytes] = {}
    drawings = []
    whys = whys_of(reading, action)
    for method, there in ((CauseMethod.FIVE_WHYS, any(one.branch is None for one in whys)), (CauseMethod.ISHIKAWA, any(one.branch for one in whys))):
        if there:
            drawn, file = drawing(reading, action, method, lang), f"drawing-{method.value}.svg"
            pictures[file] = cause_drawing.svg(drawn, tr(method.label)).encode("utf-8")
            drawings.append((file, tr(method.label), int(drawn.width * min(PIXEL, PAGE[0] / drawn.width, PAGE[1] / drawn.height))))
    files, others = [], []
    for place, one in enumerate(evidence_of(reading, action), 1):
        if photo := drawable(reading, one.content) if one.media_type.startswith("image/") else b"":
            pictures[f"photo-{place}.jpg"] = photo
            files.append((f"photo-{place}.jpg", one.name))
        else:
            others.append(one.name)
    later = opened_again_by(reading, action)
    matter = ActionMatter(
        shop=shop,
        action=action,
        tasks=tasks,
        names={**{name: reading.title(target, getattr(action, name)) for name, target in Action.spec.refs.items() if getattr(action, name)}, "origin": _origin(reading, action)},
        people=reading.titles(Person, {one.owner for one in tasks if one.owner}),
        drawings=drawings,
        files=files,
        others=others,
        later=later.number if later else "",
        logo=reading.content(shop.logo) if shop.logo else None,
    )
    return Paper(action_report.report(matter, form, lang, clock().date()), pictures)


def _origin(reading: Reading, action: Action) -> str:
    """The name of what an action comes from."""
    if action.finding:
        finding = reading.get(Finding, action.finding)
        return f"{reading.get(Audit, finding.audit).number}: {finding.statement}"
    return next((reading.title(kind, id_) for kind, id_ in ((Case, action.case), (Review, action.review), (Idea, action.idea)) if id_), "")


def report_name(action: Action, form: ReportForm) -> str:
    """What the file of a report is called until somebody says otherwise."""
    return safe_name(f"{'8D' if form is ReportForm.EIGHT_D else 'CAPA'} {action.number.replace('/', '-')}.pdf")
