"""A process as it is drawn, in the window and on paper alike: boxes with their words, lanes, arrows, and where it hurts.

Sizes are units of a drawing whose letters are 12 units high; whoever draws it scales it. ``svg`` is the drawing as a file
of its own; ``paper`` puts it on a page with the steps in a table under it. Facts of ``process_map.typ`` beside those of
every letter: drawing (file, width, height), alone (bool: nothing but the drawing), table (as a letter's), legend.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from html import escape

from qmdesk.documents import process_layout
from qmdesk.documents.process_layout import Box, Edge, Point
from qmdesk.documents.render import Content
from qmdesk.i18n import N_, n_, show_day, translator
from qmdesk.records.flow import Flow, Pain, Pains, hurts_most
from qmdesk.records.process import ProcessStep, Risk, StepKind
from qmdesk.records.shop import Shop
from qmdesk.values import dataclass

KIND = "process_map"
DRAWING = "drawing.svg"

LETTERS, SMALL, LINE, NOTE_LINE = 12.0, 10.5, 15.5, 14.0
WIDE, INSET, SLANT = 176.0, 11.0, 16.0
MOST_LINES = 4
MARGIN, LANE_HEAD = 14.0, 30.0


@dataclass(frozen=True)
class Note:
    """A line under a step's name, in the colour of its meaning."""

    words: str
    tone: str


@dataclass(frozen=True)
class Node:
    """A step as it is drawn; ``tone`` is "bad" where it hurts most, "warn" where something was counted, else ""."""

    step: int
    kind: StepKind
    x: float
    y: float
    width: float
    height: float
    lines: tuple[str, ...]
    notes: tuple[Note, ...]
    tone: str
    row: int
    lane: int


@dataclass(frozen=True)
class Line:
    """An arrow as it is drawn, from its first corner to its head; ``link`` is 0 where the order alone says so."""

    link: int
    start: int
    end: int
    points: tuple[Point, ...]
    label: str
    label_at: Point


@dataclass(frozen=True)
class Lane:
    """A lane as it is drawn, over the whole height."""

    name: str
    x: float
    width: float


@dataclass(frozen=True)
class Drawing:
    """A whole map at its size."""

    width: float
    height: float
    lanes: tuple[Lane, ...]
    nodes: tuple[Node, ...]
    lines: tuple[Line, ...]

    def node(self, step: int) -> Node | None:
        """A step's box."""
        return next((node for node in self.nodes if node.step == step), None)


# ---------------------------------------------------------------------------------------------- words

_NARROW, _WIDE = frozenset("iljIftr.,:;'|!()[] -"), frozenset("mwMWQOGD@%ŁŻŹ")


def width_of(words: str, high: float = LETTERS) -> float:
    """How wide words are about, in letters ``high`` units high: as DejaVu Sans has them, which is wider than most."""
    return high * sum(0.36 if letter in _NARROW else 0.88 if letter in _WIDE else 0.68 if letter.isupper() else 0.61 for letter in words)


def wrapped(words: str, room: float, most: int = MOST_LINES) -> tuple[str, ...]:
    """Words in lines that fit into the room; a word too long is parted, and what is too much ends with "…"."""
    lines: list[str] = []
    for word in words.split():
        while width_of(word) > room:
            fits = next(at for at in range(len(word), 0, -1) if at == 1 or width_of(word[:at] + "-") <= room)
            if lines and width_of(f"{lines[-1]} {word[:2]}") < room * 0.6:
                lines.append("")
            lines.append(word[:fits] + "-")
            word = word[fits:]
        if lines and not lines[-1].endswith("-") and width_of(f"{lines[-1]} {word}".strip()) <= room:
            lines[-1] = f"{lines[-1]} {word}".strip()
        else:
            lines.append(word)
    lines = [line for line in lines if line] or ["–"]
    if len(lines) > most:
        lines = [*lines[: most - 1], lines[most - 1].rstrip("-.,") + "…"]
    return tuple(lines)


def pain_words(pain: Pain, lang: str) -> str:
    """How much was counted, in words: "5 cases, 2 findings"; "" for nothing."""
    cases = n_("{n} case", "{n} cases", pain.cases, lang) if pain.cases else ""
    findings = n_("{n} finding", "{n} findings", pain.findings, lang) if pain.findings else ""
    if cases and findings:
        return translator(lang)(N_("{cases}, {findings}")).format(cases=cases, findings=findings)
    return cases or findings


def pain_tone(pain: Pain, pains: Pains) -> str:
    """The colour of a step: "bad" where it hurts most, "warn" where something was counted, else ""."""
    return "bad" if hurts_most(pain, pains) else "warn" if pain.counted else ""


def _notes(step: ProcessStep, pain: Pain, pains: Pains, lang: str) -> tuple[Note, ...]:
    tr = translator(lang)
    notes = []
    if counted := pain_words(pain, lang):
        if hurts_most(pain, pains):
            notes.append(Note(tr(N_("hurts most")), "bad"))
        notes.append(Note(counted, pain_tone(pain, pains)))
    if step.risk is not Risk.LOW:
        notes.append(Note(tr(N_("high risk") if step.risk is Risk.HIGH else N_("medium risk")), "bad" if step.risk is Risk.HIGH else "warn"))
    if step.weaknesses.strip():
        notes.append(Note(tr(N_("weakness noted")), "warn"))
    if step.strengths.strip():
        notes.append(Note(tr(N_("strength noted")), "good"))
    if pain.actions:
        notes.append(Note(n_("{n} action runs", "{n} actions run", pain.actions, lang), "info"))
    return tuple(notes)


# -------------------------------------------------------------------------------------------- drawing


def draw(flow: Flow, pains: Pains, lang: str) -> Drawing:
    """The map of a process, in the words of ``lang``."""
    lanes = flow.lanes
    sized = {step.id: _sized(step, pains.get(step.id, Pain()), pains, lang) for step in flow.steps}
    boxes = [Box(step.id, lanes.index(step.lane), WIDE, sized[step.id][2]) for step in flow.steps]
    arrows = flow.arrows
    edges = [Edge((arrow.start, arrow.end), arrow.start, arrow.end, width_of(arrow.label, SMALL) if arrow.label else 0.0) for arrow in arrows]
    placed = process_layout.place(boxes, edges, len(lanes))
    left, top = MARGIN, MARGIN + LANE_HEAD
    nodes = []
    for step, box in zip(flow.steps, boxes, strict=True):
        x, y = placed.boxes[step.id]
        lines, notes, _height = sized[step.id]
        tone = pain_tone(pains.get(step.id, Pain()), pains)
        nodes.append(Node(step.id, step.kind, left + x, top + y, box.width, box.height, lines, notes, tone, placed.rows[step.id], box.lane))
    lines_ = []
    for arrow in arrows:
        key = (arrow.start, arrow.end)
        if key in placed.arrows:
            at = placed.labels.get(key, (0.0, 0.0))
            points = tuple((left + x, top + y) for x, y in placed.arrows[key])
            lines_.append(Line(arrow.link, arrow.start, arrow.end, points, arrow.label, (left + at[0], top + at[1])))
    spans = [Lane(name, left + start, end - start) for name, (start, end) in zip(lanes, placed.lanes, strict=False)]
    return Drawing(placed.width + 2 * left, placed.height + top + 2 * MARGIN, tuple(spans), tuple(nodes), tuple(lines_))


def _sized(step: ProcessStep, pain: Pain, pains: Pains, lang: str) -> tuple[tuple[str, ...], tuple[Note, ...], float]:
    """A step's lines and notes, and the height they need."""
    room = WIDE - 2 * INSET - (2 * SLANT if step.kind is StepKind.DECISION else 0)
    lines, notes = wrapped(step.name, room), _notes(step, pain, pains, lang)
    return lines, notes, 2 * INSET - 4 + LINE * len(lines) + (NOTE_LINE * len(notes) + 2 if notes else 0)


def outline(node: Node) -> tuple[Point, ...]:
    """The corners of a fork, which is pointed at both sides."""
    x, y, right, bottom, middle = node.x, node.y, node.x + node.width, node.y + node.height, node.y + node.height / 2
    return ((x + SLANT, y), (right - SLANT, y), (right, middle), (right - SLANT, bottom), (x + SLANT, bottom), (x, middle))


def rounding(node: Node) -> float:
    """The radius of a box's corners: a beginning and an end are round at their sides."""
    return min(node.height / 2, 22.0) if node.kind in (StepKind.START, StepKind.END) else 5.0


def texts(node: Node) -> Iterator[tuple[str, float, str | None]]:
    """The lines in a box with the height of their base line and, of a note, its tone."""
    y = node.y + INSET - 6
    for words in node.lines:
        y += LINE
        yield words, y, None
    y += 2
    for note in node.notes:
        y += NOTE_LINE
        yield note.words, y, note.tone


def inner(node: Node) -> float:
    """How wide a line in a box may be."""
    return node.width - 2 * INSET + 6 - (2 * SLANT - 10 if node.kind is StepKind.DECISION else 0)


# ------------------------------------------------------------------------------------------------ SVG

_INK, _QUIET, _EDGE, _LANE, _PAPER = "#23211d", "#645f57", "#8a8377", "#f5f2ec", "#ffffff"
_TONES: Mapping[str, tuple[str, str]] = {
    "": (_EDGE, _PAPER), "good": ("#2a683b", "#e0efe0"), "warn": ("#80500a", "#f9ebcc"), "bad": ("#a12f28", "#f8e1dd"), "info": ("#1f5e7c", "#dcebf2"),
}  # fmt: skip
_FONT = "DejaVu Sans, Verdana, sans-serif"


def svg(drawing: Drawing, title: str) -> str:
    """The drawing as an SVG file; every text in it is text, and nothing in it is evaluated."""
    wide, high = _n(drawing.width), _n(drawing.height)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{wide}" height="{high}" viewBox="0 0 {wide} {high}" font-family="{_FONT}">',
        f"<title>{escape(title)}</title>",
        f'<rect width="{wide}" height="{high}" fill="{_PAPER}"/>',
    ]
    named = any(lane.name for lane in drawing.lanes)
    for at, lane in enumerate(drawing.lanes):
        shade = _LANE if at % 2 == 0 else "#faf8f4"
        parts.append(f'<rect x="{_n(lane.x - 7)}" y="{_n(MARGIN / 2)}" width="{_n(lane.width + 14)}" height="{_n(drawing.height - MARGIN)}" rx="6" fill="{shade}"/>')
        if named:
            parts.append(_text(lane.x + lane.width / 2, MARGIN + 13, lane.name or "–", LETTERS, _QUIET, weight="bold", anchor="middle", room=lane.width))
    for line in drawing.lines:
        path = " ".join(f"{_n(x)},{_n(y)}" for x, y in (*line.points[:-1], (line.points[-1][0], line.points[-1][1] - 4)))
        parts.append(f'<polyline points="{path}" fill="none" stroke="{_QUIET}" stroke-width="1.4" stroke-linejoin="round"/>')
        (x, y) = line.points[-1]
        parts.append(f'<polygon points="{_n(x)},{_n(y)} {_n(x - 4)},{_n(y - 8)} {_n(x + 4)},{_n(y - 8)}" fill="{_QUIET}"/>')
    for line in drawing.lines:
        if line.label:
            x, y = line.label_at
            parts.append(_text(x, y, line.label, SMALL, _INK, halo=True))
    for node in drawing.nodes:
        parts += _node(node)
    parts.append("</svg>")
    return "\n".join(parts) + "\n"


def _node(node: Node) -> list[str]:
    edge, ground = _TONES[node.tone]
    thick = "2.2" if node.tone == "bad" else "1.3"
    look = f'fill="{ground}" stroke="{edge}" stroke-width="{thick}"'
    if node.kind is StepKind.DECISION:
        corners = " ".join(f"{_n(x)},{_n(y)}" for x, y in outline(node))
        shape = f'<polygon points="{corners}" {look}/>'
    else:
        shape = f'<rect x="{_n(node.x)}" y="{_n(node.y)}" width="{_n(node.width)}" height="{_n(node.height)}" rx="{_n(rounding(node))}" {look}/>'
    parts, room = [shape], inner(node)
    for words, y, tone in texts(node):
        ink, high = (_INK, LETTERS) if tone is None else (_TONES[tone][0], SMALL)
        parts.append(_text(node.x + node.width / 2, y, words, high, ink, weight="" if tone is None else "bold", anchor="middle", room=room))
    return parts


def _text(x: float, y: float, words: str, high: float, ink: str, *, weight: str = "", anchor: str = "", halo: bool = False, room: float = 0.0) -> str:
    also = f' font-weight="{weight}"' if weight else ""
    also += f' text-anchor="{anchor}"' if anchor else ""
    also += f' stroke="{_PAPER}" stroke-width="3" paint-order="stroke"' if halo else ""
    if room and (wide := width_of(words, high) * (1.08 if weight else 1.0)) > room:
        high *= room / wide
    return f'<text x="{_n(x)}" y="{_n(y)}" font-size="{_n(high)}" fill="{ink}"{also}>{escape(words)}</text>'


def _n(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")


# ---------------------------------------------------------------------------------------------- paper


def picture(drawing: Drawing, lang: str, on: date) -> Content:
    """Nothing but the drawing, on a page of its size."""
    return Content(KIND, lang, {"date": on.isoformat(), "alone": True, "drawing": _file(drawing)})


def paper(shop: Shop, flow: Flow, pains: Pains, drawing: Drawing, lang: str, on: date, counted: str, owners: Mapping[int, str], logo: bytes | None = None) -> Content:
    """The map on a page with its steps in a table after it; ``counted`` says what the numbers are counted over."""
    tr = translator(lang)
    process = flow.process
    facts = {
        "date": on.isoformat(),
        "alone": False,
        "labels": {"layout.case_number": tr(N_("Process"))},
        "shop": {"name": shop.name, "address_lines": [line for line in (shop.street, f"{shop.postcode} {shop.city}".strip()) if line], "nip": shop.nip},
        "place_and_date": show_day(on, lang),
        "subject": process.name,
        "case_number": process.name,
        "purpose": process.purpose,
        "owner": tr(N_("Owner: {name}")).format(name=owners[process.owner]) if process.owner is not None and process.owner in owners else "",
        "legend": tr(N_("Counted at the steps: {counted}")).format(counted=counted),
        "drawing": _file(drawing),
        "steps": {"title": tr(N_("The steps one by one")), **_table(flow.steps, pains, lang, owners)},
    }
    return Content(KIND, lang, facts, logo)


def _file(drawing: Drawing) -> dict[str, object]:
    return {"file": DRAWING, "width": _n(drawing.width), "height": _n(drawing.height)}


def _table(steps: Sequence[ProcessStep], pains: Pains, lang: str, owners: Mapping[int, str]) -> dict[str, object]:
    tr = translator(lang)
    heads = (N_("No."), N_("Step"), N_("Who does it"), N_("Goes in"), N_("Comes out"), N_("Strengths"), N_("Weaknesses"), N_("Measured by"), N_("Risk"), N_("Counted"))
    rows = []
    for at, step in enumerate(steps, 1):
        who = "\n".join(part for part in (step.lane, owners.get(step.owner or 0, "")) if part)
        pain = pains.get(step.id, Pain())
        cells = [str(at), step.name, who, step.input, step.output, step.strengths, step.weaknesses, step.indicator, tr(step.risk.label), pain_words(pain, lang)]
        rows.append({"tone": pain_tone(pain, pains), "cells": cells})
    return {"heads": [tr(head) for head in heads], "rows": rows}
