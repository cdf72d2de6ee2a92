"""The writer of one letter: it fills the sentences of the letter's language and marks what is missing."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from qmdesk.documents.render import fill, texts
from qmdesk.i18n import show_day, show_moment, show_money, show_number, translator
from qmdesk.records.paper import TextBlock
from qmdesk.records.shop import Language
from qmdesk.register import Reading
from qmdesk.schema import types
from qmdesk.schema.query import Condition, Query
from qmdesk.schema.record import Record

Said = str | dict[str, object]
Facts = dict[str, object]
_ACTS = re.compile(r"\b(?:UPK|KC)\b")
WORDS = "letter.words"  # the field of a gap that the letter's own words fill


@dataclass(frozen=True)
class Gap:
    """A fact a letter needs and the register does not have: the sentence's place and the field to fill in."""

    field: str  # "case.decision_reasons", "case_item.vat_rate#12" where the record's id is not told by the case
    label: str  # in the letter's language


def blocks(reading: Reading, lang: str) -> Mapping[str, str]:
    """The text blocks of the letters in a language, with the shop's own where it changed them."""
    changed = reading.records(Query(TextBlock, (Condition("language", types.IS, (Language.POLISH if lang == "pl" else Language.ENGLISH,)),)))
    return {**texts(lang), **{one.key: one.text for one in changed}}


class Writer:
    """Collects the gaps of one letter while its sentences are made."""

    def __init__(self, reading: Reading, lang: str, currency: str) -> None:
        self.lang = lang
        self.currency = currency  # of the shop, for amounts that name none
        self.blocks = blocks(reading, lang)
        self.tr = translator(lang)
        self.gaps: list[Gap] = []

    def say(self, key: str, **values: object) -> Said:
        """A text block with its placeholders filled in."""
        return fill(self.blocks[key], **values)

    def word(self, key: str) -> str:
        """A text block without placeholders."""
        return self.blocks[key]

    def need(self, value: str, record: type[Record], name: str, id_: int = 0) -> Said:
        """The value, or a gap for the field when there is none; with an id, of that very record."""
        if value:
            return value
        spec = record.spec
        return self.miss(f"{spec.table}.{name}" + (f"#{id_}" if id_ else ""), self.tr(spec.fields[name].label))

    def miss(self, field: str, label: str) -> Said:
        """A gap."""
        gap = Gap(field, label)
        if gap not in self.gaps:
            self.gaps.append(gap)
        return {"gap": label, "field": field}

    def day(self, day: date | None) -> str:
        """A day as the letter writes it; "" for none."""
        return show_day(day, self.lang) if day else ""

    def moment(self, moment: datetime) -> str:
        """A moment to the minute."""
        return show_moment(moment, self.lang)

    def second(self, moment: datetime) -> str:
        """A moment to the second, as a proof of receipt needs it."""
        return f"{show_moment(moment, self.lang)}:{moment.astimezone():%S}"

    def money(self, amount: Decimal | None, currency: str = "") -> str:
        """An amount; "" for none."""
        return show_money(amount, currency or self.currency, self.lang) if amount is not None else ""

    def number(self, value: Decimal | int) -> str:
        return show_number(value, self.lang)

    def acts(self, text: str) -> str:
        """A text out of the rules with the acts by their names, which a customer reads: UPK, KC."""
        return _ACTS.sub(lambda act: self.word(f"act.{act[0].lower()}"), text)

    def choice(self, value: types.Labelled | None) -> str:
        """A word of a fixed list; "" for none."""
        return self.tr(value.label) if value is not None else ""

    def rows(self, *pairs: tuple[str, Said | None]) -> list[Facts]:
        """Particulars: the label of each text block ``label.…`` with its value; empty ones are left out."""
        return [{"label": self.word(f"label.{label}"), "value": value} for label, value in pairs if value]


def section(title: str, *paragraphs: object, framed: bool = False) -> Facts:
    """A part of a letter under a heading."""
    return {"title": title, "paragraphs": [one for one in paragraphs if one], "framed": framed}


def paragraphs(text: Said) -> list[Said]:
    """A text of many lines as paragraphs; a gap is one."""
    if not isinstance(text, str):
        return [text]
    return [part.strip() for part in text.split("\n\n") if part.strip()]


def listed(points: Iterable[Said]) -> list[Said]:
    """The points of a list, each ended by a semicolon and the last by a full stop, whichever of them stand there."""
    found = list(points)
    return [_ended(point, "." if at == len(found) else ";") for at, point in enumerate(found, 1)]


def _ended(point: Said, end: str) -> Said:
    return f"{point.rstrip(' ;.')}{end}" if isinstance(point, str) else point


def table(columns: Iterable[tuple[str, str, bool]], rows: list[list[Said]], *, foot: Iterable[list[str]] = (), title: str = "") -> Facts | None:
    """A table; columns are heading, alignment and whether they stay when every cell of theirs is empty."""
    if not rows:
        return None
    shown = [(at, heading, side) for at, (heading, side, stays) in enumerate(columns) if stays or any(row[at] for row in rows)]
    return {
        "columns": [heading for _at, heading, _side in shown],
        "align": [side for _at, _heading, side in shown],
        "rows": [[row[at] for at, _heading, _side in shown] for row in rows],
        "foot": [[row[at] for at, _heading, _side in shown] for row in foot],
        "title": title,
    }
