"""The map of a process as a file: SVG and PNG are the drawing alone, the PDF has the steps one by one after it."""

from __future__ import annotations

from pathlib import Path

from qmdesk.documents import process_map
from qmdesk.documents.process_map import DRAWING, Drawing
from qmdesk.errors import Known
from qmdesk.exchange.writer import whole_file
from qmdesk.i18n import _, language, translator
from qmdesk.operations import processes
from qmdesk.operations.attachments import safe_name
from qmdesk.operations.audit_papers import Paper
from qmdesk.operations.process_pain import Window, pains
from qmdesk.operations.registers import the_shop
from qmdesk.records.flow import Flow, Pains
from qmdesk.records.party import Person
from qmdesk.records.process import Process
from qmdesk.register import Reading, clock

ENDINGS = (".svg", ".png", ".pdf")
DOTS = 160


def name_of(process: Process) -> str:
    """What the file of a map is called until somebody says otherwise."""
    return safe_name(f"{process.name}.pdf")


def paper(reading: Reading, process_id: int, window: Window = Window.QUARTER, lang: str = "") -> Paper:
    """The map with its steps in a table, to be looked at, printed or kept. Raises Known for a process without steps."""
    lang, shop, today = lang or language(), the_shop(reading), clock().date()
    flow, counted, drawing = _drawn(reading, process_id, window, lang)
    owners = reading.titles(Person, {id_ for id_ in (flow.process.owner, *(step.owner for step in flow.steps)) if id_})
    logo = reading.content(shop.logo) if shop.logo else None
    content = process_map.paper(shop, flow, counted, drawing, lang, today, translator(lang)(window.label), owners, logo)
    return Paper(content, {DRAWING: process_map.svg(drawing, flow.process.name).encode("utf-8")})


def made(reading: Reading, process_id: int, ending: str, window: Window = Window.QUARTER, lang: str = "") -> bytes:
    """The bytes of the file with this ending. Raises Known for another ending and for a process without steps."""
    lang = lang or language()
    if ending not in ENDINGS:
        raise Known(_("A process map is written as .svg, .png or .pdf; give the file one of these endings."))
    if ending == ".pdf":
        return paper(reading, process_id, window, lang).pdf()
    flow, _counted, drawing = _drawn(reading, process_id, window, lang)
    drawn = process_map.svg(drawing, flow.process.name).encode("utf-8")
    if ending == ".svg":
        return drawn
    return Paper(process_map.picture(drawing, lang, clock().date()), {DRAWING: drawn}).pages(DOTS)[0]


def _drawn(reading: Reading, process_id: int, window: Window, lang: str) -> tuple[Flow, Pains, Drawing]:
    flow = processes.flow_of(reading, process_id)
    if not flow.steps:
        raise Known(_("“{name}” has no steps yet. Add some, then save the drawing.").format(name=flow.process.name))
    counted = pains(reading, flow, window.since(clock().date()))
    return flow, counted, process_map.draw(flow, counted, lang)


def write(reading: Reading, process_id: int, out: Path, window: Window = Window.QUARTER, *, replace: bool = False) -> None:
    """Write a map to OUT.svg, OUT.png or OUT.pdf: whole, or not at all.

    :raises Known: another ending, a process without steps, a file that is there (without ``replace``) or can't be written.
    """
    if out.exists() and not replace:
        raise Known(_("{file} exists already. Choose another name.").format(file=out))
    content = made(reading, process_id, out.suffix.lower(), window)
    with whole_file(out) as file:
        file.write(content)
