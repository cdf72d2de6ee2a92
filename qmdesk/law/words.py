"""The rule files of resources/rules: reading them, and texts that stand in them in both languages."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from typing import Any

from qmdesk import i18n, places
from qmdesk.values import dataclass


@dataclass(frozen=True)
class Words:
    """One text in English and in Polish; a Polish text that is missing is the English one."""

    en: str = ""
    pl: str = ""

    def to(self, lang: str | None = None) -> str:
        """The text in ``lang``, or in the interface's language."""
        return (self.pl or self.en) if (lang or i18n.language()) == "pl" else self.en

    def __bool__(self) -> bool:
        return bool(self.en)


NO_WORDS = Words()


def words(told: Mapping[str, Any], key: str) -> Words:
    """The text that stands in a table as key_en and key_pl, or as key alone when both languages say the same."""
    return Words(told.get(f"{key}_en", told.get(key, "")), told.get(f"{key}_pl", told.get(key, "")))


@cache
def rule_file(name: str) -> Mapping[str, Any]:
    """What resources/rules/NAME.toml says."""
    return tomllib.loads((places.resources() / "rules" / f"{name}.toml").read_text("utf-8"))


def rule_files() -> tuple[str, ...]:
    """The names of the files of resources/rules, without their endings."""
    return tuple(sorted(path.stem for path in (places.resources() / "rules").glob("*.toml")))
