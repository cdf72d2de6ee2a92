"""Texts as they are compared when capitals and marks don't matter: by the search, by import headers, by what is typed."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

_LETTERS = str.maketrans({"ł": "l", "ß": "ss", "ø": "o", "đ": "d", "æ": "ae", "œ": "oe", "ı": "i"})
_POLISH_LETTERS = tuple(zip("ąćęłńóśźż", "acelnoszz", strict=True))


def fold(text: str) -> str:
    """Small letters without marks: Żółć and zolc become one. SQLite's own folding leaves ł as it is."""
    if text.isascii():
        return text.lower()
    small = text.casefold()
    for letter, plain in _POLISH_LETTERS:  # nearly every text is plain now; looking at each letter takes eight times as long
        small = small.replace(letter, plain)
    if small.isascii():
        return small
    return "".join(letter for letter in unicodedata.normalize("NFKD", small) if not unicodedata.combining(letter)).translate(_LETTERS)


def nearest(typed: str, known: Iterable[str]) -> str:
    """The known word that a mistyped one most likely is; "" when none is near."""
    from difflib import get_close_matches  # only a slip needs it

    words = {fold(word): word for word in known}
    found = get_close_matches(fold(typed)[:60], words, 1, 0.75)
    return words[found[0]] if found else ""
