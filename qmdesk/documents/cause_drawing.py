"""The drawings of causes, laid out once for the screen, for SVG files and for reports: the tree of whys and the fishbone.

Lengths are pixels at 96 to the inch, y downwards. Text is measured in DejaVu Sans, which is wider than most fonts, so that
what fits here fits anywhere.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Literal
from xml.sax.saxutils import escape, quoteattr

from qmdesk.documents.render import font_file
from qmdesk.i18n import translator
from qmdesk.records.improvement import Branch, Why
from qmdesk.values import dataclass

if TYPE_CHECKING:
    from PIL.ImageFont import FreeTypeFont

Role = Literal["problem", "branch", "why", "root"]
PROBLEM = "problem"
"""The key of the box that holds what goes wrong; a branch's key is its word, a cause's its id."""

SIZE, LEADING = 13, 17
PAD = 8
BOX, TWIG = 200, 190
"""The widest text of a box and of a twig."""
GAP, STEP = 24, 44
"""Between boxes side by side, and from one row of the tree to the next."""
MARGIN = 10
TOP = (Branch.PEOPLE, Branch.METHOD, Branch.MACHINE)
BOTTOM = (Branch.MATERIAL, Branch.MEASUREMENT, Branch.ENVIRONMENT)


@dataclass(frozen=True)
class Box:
    """A text with its place: the left top corner, width and height; ``note`` is small print under it."""

    key: str
    x: float
    y: float
    width: float
    height: float
    lines: tuple[str, ...]
    role: Role
    note: str = ""
    framed: bool = True


@dataclass(frozen=True)
class Line:
    """A line; a strong one is the spine, or a bone that leads to it."""

    x1: float
    y1: float
    x2: float
    y2: float
    strong: bool = False


@dataclass(frozen=True)
class Drawing:
    """What is drawn, lines first."""

    width: float
    height: float
    boxes: tuple[Box, ...]
    lines: tuple[Line, ...]


# -------------------------------------------------------------------------------------------------- text


@cache
def _font(size: int, bold: bool) -> FreeTypeFont:
    from PIL import ImageFont  # slow to import, and only drawings need it

    return ImageFont.truetype(str(font_file("DejaVuSans-Bold.ttf" if bold else "DejaVuSans.ttf")), size)


@lru_cache(4000)
def width_of(text: str, size: int = SIZE, *, bold: bool = False) -> float:
    """The pixels a text takes in a line."""
    return float(_font(size, bold).getlength(text))


def wrapped(text: str, most: float, *, bold: bool = False) -> tuple[str, ...]:
    """A text in lines of at most ``most`` pixels; a word that is longer is cut."""
    lines: list[str] = []
    for word in text.split():
        while width_of(word, bold=bold) > most:
            cut = next(n for n in range(len(word) - 1, 0, -1) if n == 1 or width_of(word[:n], bold=bold) <= most)
            lines.append(word[:cut])
            word = word[cut:]
        if lines and width_of(f"{lines[-1]} {word}", bold=bold) <= most:
            lines[-1] = f"{lines[-1]} {word}"
        else:
            lines.append(word)
    return tuple(lines) or ("",)


Made = tuple[tuple[str, ...], float, float]


def _measured(text: str, note: str, most: float, *, bold: bool = False) -> Made:
    """Lines, width and height of a box."""
    lines = wrapped(text, most, bold=bold)
    wide = max([width_of(line, bold=bold) for line in lines] + ([width_of(note, SIZE - 2)] if note else []))
    return lines, wide + 2 * PAD, len(lines) * LEADING + (LEADING if note else 0) + 2 * PAD


# -------------------------------------------------------------------------------------------------- the tree


def tree(problem: str, whys: Sequence[Why], causes: Mapping[int, str]) -> Drawing:
    """The five whys: what goes wrong on top, below each answer the answers to why; ``causes``: id of a category -> its name."""
    below: dict[int, list[Why]] = {}
    for one in whys:
        if one.branch is None:
            below.setdefault(one.parent or 0, []).append(one)
    made = {0: _measured(problem, "", 1.6 * BOX, bold=True), **{one.id: _measured(one.because, causes.get(one.cause or 0, ""), BOX) for row in below.values() for one in row}}
    tops = _row_tops(below, made)
    boxes: list[Box] = []
    lines: list[Line] = []

    def extent(id_: int) -> float:
        """How wide a box is with all below it."""
        return max(made[id_][1], _side_by_side([extent(child.id) for child in below.get(id_, ())]))

    def place(one: Why | None, left: float, level: int) -> None:
        """Set a box with all below it, from ``left`` on."""
        id_ = one.id if one else 0
        texts, wide, high = made[id_]
        whole, middle, top = extent(id_), left + extent(id_) / 2, tops[level]
        role: Role = "problem" if one is None else "root" if one.root else "why"
        boxes.append(Box(str(id_) if one else PROBLEM, middle - wide / 2, top, wide, high, texts, role, causes.get(one.cause or 0, "") if one else ""))
        children = below.get(id_, ())
        if not children:
            return
        extents = [extent(child.id) for child in children]
        at, bend, middles = left + (whole - _side_by_side(extents)) / 2, tops[level + 1] - STEP / 2, []
        for child, took in zip(children, extents, strict=True):
            middles.append(at + took / 2)
            place(child, at, level + 1)
            at += took + GAP
        lines.append(Line(middle, top + high, middle, bend))
        lines.append(Line(min([middle, *middles]), bend, max([middle, *middles]), bend))
        lines.extend(Line(x, bend, x, tops[level + 1]) for x in middles)

    place(None, MARGIN, 0)
    lowest = max(box.y + box.height for box in boxes)
    return Drawing(extent(0) + 2 * MARGIN, lowest + MARGIN, tuple(boxes), tuple(lines))


def _side_by_side(extents: Sequence[float]) -> float:
    return sum(extents) + GAP * max(0, len(extents) - 1)


def _row_tops(below: Mapping[int, Sequence[Why]], made: Mapping[int, Made]) -> list[float]:
    """Where each row of the tree begins, and the one after the last."""
    tops, row = [float(MARGIN)], [0]
    while row:
        tops.append(tops[-1] + max(made[id_][2] for id_ in row) + STEP)
        row = [child.id for id_ in row for child in below.get(id_, ())]
    return tops


# ------------------------------------------------------------------------------------------------ the fishbone

SLANT = 46
"""How far a bone leans over its height."""
INDENT = 14


def fishbone(problem: str, whys: Sequence[Why], causes: Mapping[int, str], lang: str) -> Drawing:
    """The Ishikawa diagram: six bones on a spine that leads to what goes wrong; a cause of a cause stands indented under it."""
    tr = translator(lang)
    halves = [[(branch, _twigs(branch, whys, causes)) for branch in row] for row in (TOP, BOTTOM)]
    columns = [max([_twigs_width(halves[half][at][1]) for half in (0, 1)] + [width_of(tr(halves[half][at][0].label), bold=True) + 2 * PAD for half in (0, 1)]) + SLANT + GAP for at in range(3)]
    label = LEADING + 2 * PAD
    highs = [max([sum(twig[2] for twig in twigs) for _branch, twigs in row] + [2 * LEADING]) + STEP / 2 for row in halves]
    spine = MARGIN + label + highs[0]
    boxes: list[Box] = []
    lines: list[Line] = []
    x = float(MARGIN)
    for at in range(3):
        x += columns[at]
        for half, sign in ((0, -1), (1, 1)):
            branch, twigs = halves[half][at]
            edge = spine + sign * highs[half]
            lines.append(Line(x - SLANT, edge, x, spine, True))
            words = tr(branch.label)
            wide = width_of(words, bold=True) + 2 * PAD
            boxes.append(Box(str(branch.value), x - SLANT - wide / 2, edge - label if half == 0 else edge, wide, label, (words,), "branch"))
            _hang(boxes, lines, twigs, x, spine, edge, half)
    texts, wide, high = _measured(problem, "", BOX, bold=True)
    head = x + GAP
    lines.append(Line(MARGIN, spine, head, spine, True))
    boxes.append(Box(PROBLEM, head, spine - high / 2, wide, high, texts, "problem"))
    lowest = max(spine + highs[1] + label, spine + high / 2)
    drawn = Drawing(head + wide + MARGIN, lowest + MARGIN, tuple(boxes), tuple(lines))
    return _lowered(drawn, max(0.0, MARGIN + high / 2 - spine))  # a long problem over short bones


Twig = tuple[Why, tuple[str, ...], float, int, str]
"""A cause with its lines, its height, how deep it stands, and its category."""


def _twigs(branch: Branch, whys: Sequence[Why], causes: Mapping[int, str]) -> list[Twig]:
    """The causes on a bone in their order, each followed by its own."""
    found: list[Twig] = []

    def hang(parent: int | None, deep: int) -> None:
        for one in whys:
            if one.branch is branch and one.parent == parent:
                note = causes.get(one.cause or 0, "")
                lines = wrapped(one.because, TWIG - deep * INDENT)
                found.append((one, lines, len(lines) * LEADING + (LEADING if note else 0) + 8.0, deep, note))
                hang(one.id, deep + 1)

    hang(None, 0)
    return found


def _twigs_width(twigs: Sequence[Twig]) -> float:
    return max((max(width_of(line) for line in lines) + deep * INDENT + 2 * PAD for _one, lines, _high, deep, _note in twigs), default=90.0)


def _hang(boxes: list[Box], lines: list[Line], twigs: Sequence[Twig], foot: float, spine: float, edge: float, half: int) -> None:
    """Hang the causes on the left of a bone, from its label towards the spine (above) or from the spine (below)."""
    y = edge + PAD if half == 0 else spine + PAD
    hung: dict[int, tuple[float, float]] = {}  # cause -> where its line meets the bone
    for one, texts, high, deep, note in twigs:
        line_y = y + high - 4
        bone = foot - SLANT * abs(line_y - spine) / max(1.0, abs(edge - spine))
        hung[one.id] = bone, line_y
        reach = bone - INDENT * deep
        wide = max([width_of(text) for text in texts] + ([width_of(note, SIZE - 2)] if note else [])) + PAD
        boxes.append(Box(str(one.id), reach - wide - PAD, y, wide, high - 4, texts, "root" if one.root else "why", note, framed=False))
        lines.append(Line(reach - wide - PAD, line_y, reach, line_y))
        if deep and one.parent in hung:
            above, above_y = hung[one.parent]
            lines.append(Line(reach, line_y, above - INDENT * deep, above_y))
        y += high


def _lowered(drawing: Drawing, by: float) -> Drawing:
    boxes = tuple(Box(one.key, one.x, one.y + by, one.width, one.height, one.lines, one.role, one.note, one.framed) for one in drawing.boxes)
    lines = tuple(Line(one.x1, one.y1 + by, one.x2, one.y2 + by, one.strong) for one in drawing.lines)
    return Drawing(drawing.width, drawing.height + by, boxes, lines)


# --------------------------------------------------------------------------------------------------- as SVG

INKS: Mapping[Role, tuple[str, str, str]] = {
    "problem": ("#f6dedb", "#a3352b", "#5c1d17"),
    "branch": ("#e3e9f5", "#38529b", "#1f2f5c"),
    "why": ("#fffdf8", "#8a857b", "#262421"),
    "root": ("#fdeccb", "#9a6a00", "#4d3500"),
}
"""Ground, edge and letters of a box on paper."""


def svg(drawing: Drawing, title: str) -> str:
    """The drawing as an SVG file on white paper."""
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{_n(drawing.width)}" height="{_n(drawing.height)}" '
        f'viewBox="0 0 {_n(drawing.width)} {_n(drawing.height)}" role="img" aria-label={quoteattr(title)}>',
        f"<title>{escape(title)}</title>",
        '<rect width="100%" height="100%" fill="#ffffff"/>',
    ]
    for line in drawing.lines:
        stroke = 'stroke="#4a4742" stroke-width="2.4"' if line.strong else 'stroke="#8a857b" stroke-width="1.2"'
        parts.append(f'<line x1="{_n(line.x1)}" y1="{_n(line.y1)}" x2="{_n(line.x2)}" y2="{_n(line.y2)}" {stroke} stroke-linecap="round"/>')
    for box in drawing.boxes:
        parts += _box(box)
    return "\n".join([*parts, "</svg>", ""])


def _box(box: Box) -> list[str]:
    ground, edge, ink = INKS[box.role]
    parts = []
    if box.framed or box.role == "root":
        parts.append(
            f'<rect x="{_n(box.x)}" y="{_n(box.y)}" width="{_n(box.width)}" height="{_n(box.height)}" rx="5" fill="{ground}" stroke="{edge if box.framed else ground}"/>'
        )
    weight = ' font-weight="bold"' if box.role in ("problem", "branch") else ""
    for x, y, text, size in placed(box):
        parts.append(f'<text x="{_n(x)}" y="{_n(y)}" font-family="DejaVu Sans, sans-serif" font-size="{size}" fill="{ink}"{weight}>{escape(text)}</text>')
    return parts


def placed(box: Box) -> list[tuple[float, float, str, int]]:
    """The lines of a box: where each begins (its base line), its text and its size."""
    pad = PAD if box.framed else PAD / 2
    top = box.y + (PAD if box.framed else 0)
    found = [(box.x + pad, top + (at + 1) * LEADING - 4.0, line, SIZE) for at, line in enumerate(box.lines)]
    if box.note:
        found.append((box.x + pad, top + (len(box.lines) + 1) * LEADING - 4.0, box.note, SIZE - 2))
    return found


def _n(number: float) -> str:
    return f"{number:.1f}".rstrip("0").rstrip(".")
