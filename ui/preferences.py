"""The preferences of this machine: one frozen value, kept in one small file that may be lost without harm."""

from __future__ import annotations

import json
import math
import os
from collections.abc import Mapping
from dataclasses import asdict, field, fields, replace
from pathlib import Path
from typing import Any, TypeVar

from PySide6.QtCore import QLocale

from qmdesk import places
from qmdesk.errors import Known
from qmdesk.i18n import LANGUAGES, SOURCE_LANGUAGE, _
from qmdesk.values import dataclass

T = TypeVar("T", "Preferences", "Scanner")

MOST_RECENT = 10
TEXT_SCALES = (0.8, 2.5)
"""The smallest and the largest text: outside of it no window can be used to set it back."""


@dataclass(frozen=True)
class TableSettings:
    """How the user keeps one list: shown columns in their order, widths in pixels, order ("-received_on"), views by name.

    A view is the JSON of a query, as the list itself writes and reads it.
    """

    columns: tuple[str, ...] = ()
    widths: Mapping[str, int] = field(default_factory=dict)
    order: str = ""
    views: Mapping[str, dict[str, Any]] = field(default_factory=dict)


@dataclass(frozen=True)
class Scanner:
    """How keys from a scanner are told from a person's: at least so many, each so many milliseconds after the last."""

    min_chars: int = 6
    max_ms_per_char: int = 35


@dataclass(frozen=True)
class Preferences:
    """What one user prefers on one machine; what belongs to the shop lies in its register."""

    language: str = "system"  # or one of i18n.LANGUAGES
    theme: str = "system"  # or light, dark
    text_scale: float = 1.0
    recent: tuple[Path, ...] = ()  # registers, the latest first
    last: Path | None = None  # opened again at the next start
    geometry: str = ""  # of the main window: QWidget.saveGeometry as hexadecimal text
    photo_folder: Path | None = None  # into which a phone drops its photos
    rail_width: int = 0  # pixels, 0 as wide as its words
    tables: Mapping[str, TableSettings] = field(default_factory=dict)  # by the list's name
    scanner: Scanner = Scanner()

    def opened(self, register: Path) -> Preferences:
        """These preferences after ``register`` was opened: it is the last and the most recent one."""
        path = register.absolute()
        others = (known for known in self.recent if known != path)
        return replace(self, last=path, recent=(path, *others)[:MOST_RECENT])

    def forgotten(self, register: Path) -> Preferences:
        """These preferences without ``register`` among the recent ones: it is gone, or the user took it off the list."""
        path = register.absolute()
        return replace(
            self,
            recent=tuple(known for known in self.recent if known != path),
            last=None if self.last == path else self.last,
        )

    def with_photo_folder(self, folder: Path) -> Preferences:
        """These preferences with another folder in which photos are looked for."""
        return replace(self, photo_folder=folder.absolute())

    def table(self, name: str) -> TableSettings:
        """The settings of one list; those of a list never touched are empty."""
        return self.tables.get(name, TableSettings())

    def with_table(self, name: str, settings: TableSettings) -> Preferences:
        """These preferences with other settings of one list."""
        return replace(self, tables={**self.tables, name: settings})

    def spoken(self) -> str:
        """The language to speak: the chosen one, else the system's if we know it, else English."""
        if self.language in LANGUAGES:
            return self.language
        system = QLocale.system().name()[:2]
        return system if system in LANGUAGES else SOURCE_LANGUAGE


def path() -> Path:
    """Where the preferences are kept."""
    return places.config() / "preferences.json"


def load() -> tuple[Preferences, str | None]:
    """The kept preferences, and a sentence for the user if the file was damaged (it is set aside) or can't be read."""
    file = path()
    try:
        kept = json.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return Preferences(), None
    except OSError:
        return Preferences(), _("The preferences file {file} can't be read; the program starts with its defaults.").format(
            file=file
        )
    except ValueError:
        kept = None
    if isinstance(kept, dict):
        return _preferences(kept), None
    aside = file.with_suffix(".damaged.json")
    try:
        os.replace(file, aside)
    except OSError:
        aside = file  # a read-only folder: it stays where it is and is written over by nobody
    return Preferences(), _(
        "The preferences file was damaged; it is kept as {file}, and the program starts with its defaults."
    ).format(file=aside)


def save(preferences: Preferences) -> None:
    """Keep the preferences: the file is the old one or the new one, never half of it. Known if it can't be written."""
    file = path()
    fresh = file.with_suffix(f".{os.getpid()}.new")
    text = json.dumps(asdict(preferences), ensure_ascii=False, indent=1, default=str)
    try:
        with fresh.open("w", encoding="utf-8") as out:
            out.write(text)
            out.flush()
            os.fsync(out.fileno())
        os.replace(fresh, file)
    except OSError as error:
        fresh.unlink(missing_ok=True)
        raise Known(
            _("The preferences could not be saved in {folder}: check that the disk is not full or read-only.").format(
                folder=file.parent
            )
        ) from error


# -- reading: what is missing, unknown or of the wrong kind falls back to its default ---------------------------------


def _preferences(kept: dict[str, Any]) -> Preferences:
    plain = _plain(Preferences(), kept)
    low, high = TEXT_SCALES
    tables = kept.get("tables")
    recent = kept.get("recent")
    last, photos = kept.get("last"), kept.get("photo_folder")
    scale = plain.text_scale if math.isfinite(plain.text_scale) else 1.0
    return replace(
        plain,
        language=plain.language if plain.language in LANGUAGES else "system",
        theme=plain.theme if plain.theme in ("light", "dark") else "system",
        text_scale=min(high, max(low, scale)),
        recent=tuple(Path(text) for text in _texts(recent))[:MOST_RECENT],
        last=Path(last) if isinstance(last, str) else None,
        photo_folder=Path(photos) if isinstance(photos, str) else None,
        tables={name: _table(one) for name, one in tables.items() if isinstance(one, dict)} if isinstance(tables, dict) else {},
        scanner=_plain(Scanner(), kept.get("scanner")),
    )


def _table(kept: dict[str, Any]) -> TableSettings:
    widths, views, order = kept.get("widths"), kept.get("views"), kept.get("order")
    return TableSettings(
        columns=tuple(_texts(kept.get("columns"))),
        widths={name: wide for name, wide in widths.items() if type(wide) is int and wide > 0} if isinstance(widths, dict) else {},
        order=order if isinstance(order, str) else "",
        views={name: view for name, view in views.items() if isinstance(view, dict)} if isinstance(views, dict) else {},
    )


def _plain(default: T, kept: object) -> T:
    """``default`` with those kept values that are texts or numbers like the ones they replace."""
    if not isinstance(kept, dict):
        return default
    found: dict[str, Any] = {}
    for one in fields(default):
        usual, value = getattr(default, one.name), kept.get(one.name)
        if isinstance(usual, float) and type(value) is int:
            value = float(value)
        if isinstance(usual, str | int | float) and type(value) is type(usual):
            found[one.name] = value
    return replace(default, **found)


def _texts(kept: object) -> list[str]:
    return [text for text in kept if isinstance(text, str)] if isinstance(kept, list) else []
