"""The management report of a period on paper: figures as tiles, what stands out, charts, what to do first, and what is not known.

Facts of ``management_report.typ`` beside those of every letter: period, compared (what with); tiles[] of name, value, tone, of,
change, sign, target, target_tone, judged; points and advice (title, nothing, items[] of tone, what, more); drawings[] of file, title,
sentence, slot; tables[] of title, note, empty, heads[], align[], weights[], rows[][] (a cell is a text, or {text, tone}), foot[][],
keep; told[] (title, items[]); words (figures, how).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from qmdesk.documents.audit_report import PaperWords
from qmdesk.documents.render import Content
from qmdesk.records.shop import Shop
from qmdesk.values import dataclass

MANAGEMENT = "management_report"
Facts = dict[str, object]
Cell = str | Mapping[str, str]


@dataclass(frozen=True)
class Tile:
    """One figure: what it is, its value, of how much, how it changed and whether its target is met. ``tone``: good, warn, bad or ""."""

    name: str
    value: str
    of: str
    change: str = ""
    sign: str = ""
    """▲ ▼ or "", so that the colour does not speak alone."""
    tone: str = ""
    change_tone: str = ""
    target: str = ""
    target_tone: str = ""
    judged: bool = True

    def told(self) -> Facts:
        return {name: getattr(self, name) for name in ("name", "value", "of", "change", "sign", "change_tone", "tone", "target", "target_tone", "judged")}


@dataclass(frozen=True)
class Point:
    """Something that stands out, in a sentence, with what is known of it."""

    what: str
    more: str = ""
    tone: str = ""

    def told(self) -> Facts:
        return {"what": self.what, "more": self.more, "tone": self.tone}


@dataclass(frozen=True)
class Picture:
    """A chart: the name of its file beside the template, what it shows in words, and the part of the report it stands in."""

    file: str
    title: str
    sentence: str
    slot: str = "trends"

    def told(self) -> Facts:
        return {"file": self.file, "title": self.title, "sentence": self.sentence, "slot": self.slot}


@dataclass(frozen=True)
class Sheet:
    """A table under its heading; without rows the sentence ``empty`` stands in its place, and without that nothing."""

    title: str
    heads: Sequence[tuple[str, str, float]]
    """Heading, "left" or "right", how wide against the others; 0 takes what it needs."""
    rows: Sequence[Sequence[Cell]]
    empty: str = ""
    note: str = ""
    foot: Sequence[Sequence[str]] = ()
    lead: Sequence[str] = ()
    """Sentences above it."""
    slot: str = "tables"

    def told(self) -> Facts:
        return {
            "title": self.title, "heads": [head for head, _side, _wide in self.heads], "align": [side for _head, side, _wide in self.heads],
            "weights": [str(wide) for _head, _side, wide in self.heads], "rows": [list(row) for row in self.rows], "foot": [list(row) for row in self.foot],
            "empty": self.empty, "note": self.note, "lead": list(self.lead), "slot": self.slot,
        }  # fmt: skip


@dataclass(frozen=True)
class Matter:
    """All that a report says, in its language."""

    shop: Shop
    title: str
    period: str
    about: Sequence[str]
    summary: Point
    tiles: Sequence[Tile]
    points_title: str
    points: Sequence[Point]
    nothing: str
    pictures: Sequence[Picture]
    sheets: Sequence[Sheet]
    notes_title: str
    notes: Sequence[str]
    tiles_title: str
    logo: bytes | None = None
    recipient: Sequence[str] = ()
    """Name and lines of the address, of a report that is a letter."""
    salutation: str = ""
    sign_off: str = ""
    advice_title: str = ""
    advice: Sequence[Point] = ()


def report(matter: Matter, lang: str, on: date) -> Content:
    """The report in "pl" or "en", dated ``on``; what ``matter`` says is in that language already."""
    facts: Facts = {
        **PaperWords(lang).head(matter.shop, on, matter.title, ""),
        "period": matter.period,
        "about": list(matter.about),
        "summary": matter.summary.told(),
        "tiles_title": matter.tiles_title,
        "tiles": [one.told() for one in matter.tiles],
        "points": {"title": matter.points_title, "nothing": matter.nothing, "items": [one.told() for one in matter.points]},
        "advice": {"title": matter.advice_title, "nothing": "", "items": [one.told() for one in matter.advice]},
        "drawings": [one.told() for one in matter.pictures],
        "sheets": [one.told() for one in matter.sheets if one.rows or one.empty or one.lead],
        "notes": {"title": matter.notes_title, "items": list(matter.notes)},
    }
    if matter.recipient:
        facts |= {"recipient": {"name": matter.recipient[0], "address_lines": list(matter.recipient[1:])}, "greeting": matter.salutation}
        facts["signature"] = {"sign_off": matter.sign_off, "name": matter.shop.legal_name or matter.shop.name, "role": "", "place_for_customer": False}
    return Content(MANAGEMENT, lang, facts, matter.logo)
