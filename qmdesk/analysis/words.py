"""Words that grow: what texts of one time speak of more than those of another, by log-odds with an informative prior.

B. L. Monroe, M. P. Colaresi and K. M. Quinn, Fightin' words: lexical feature selection and evaluation for identifying the content
of political conflict, Political Analysis 16 (2008), 372-403: the log-odds of a word in the one and in the other time, each with a
Dirichlet prior from both together (equations 15, 16), over its standard deviation (18, 22), is a z-score. What is counted is
texts that have a word, not how often one of them repeats it. The prior weighs as much as the texts of the time looked at.

Words are folded to stems: Snowball's stemmers know Polish and English, are plain Python and free to ship (BSD). Which of them
a text needs is told by its little words, which speak of nothing and are left out.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from math import log, sqrt

import snowballstemmer

from qmdesk import places
from qmdesk.values import dataclass

SURE = 1.959963984540054
"""A word is told of from this z on: chance does it once in forty words."""
FEWEST = 3
"""So many texts must have it."""
MOST = 20
STEMMERS = {"pl": "polish", "en": "english"}
_WORD = re.compile(r"[^\W\d_]{3,}")
_PLAIN = str.maketrans("łŁ", "lL")


@dataclass(frozen=True)
class Growing:
    """A word that grows: as it is mostly written, in how many texts now and before, its z-score, and which of the texts now have it."""

    word: str
    now: int
    before: int
    z: float
    texts: tuple[int, ...]


def growing(now: Sequence[str], before: Sequence[str], most: int = MOST) -> list[Growing]:
    """The words that texts of now speak of more than those of before, the surest first; ``texts`` are places in ``now``."""
    spelled: dict[str, Counter[str]] = defaultdict(Counter)
    here, there = _having(now, spelled), _having(before, spelled)
    all_now, all_before = (sum(len(texts) for texts in having.values()) for having in (here, there))
    if not all_now or not all_before:
        return []
    found = []
    for stem, texts in here.items():
        many, earlier = len(texts), len(there.get(stem, ()))
        z = score(many, all_now, earlier, all_before)
        if many >= FEWEST and z >= SURE:
            found.append(Growing(_common(spelled[stem]), many, earlier, z, tuple(texts)))
    return sorted(found, key=lambda one: (-one.z, one.word))[:most]


def score(now: int, all_now: int, before: int, all_before: int) -> float:
    """The z-score of a word with ``now`` of ``all_now`` and ``before`` of ``all_before``."""
    share = (now + before) / (all_now + all_before)
    prior, weight = all_now * share, float(all_now)
    odds = [log((many + prior) / (of + weight - many - prior)) for many, of in ((now, all_now), (before, all_before))]
    return (odds[0] - odds[1]) / sqrt(1 / (now + prior) + 1 / (before + prior))


def _having(texts: Sequence[str], spelled: Mapping[str, Counter[str]]) -> dict[str, list[int]]:
    """Stem -> the texts that have it, each once; ``spelled`` learns how it was written."""
    found: dict[str, list[int]] = defaultdict(list)
    for place, text in enumerate(texts):
        for stem, word in stems(text).items():
            found[stem].append(place)
            spelled[stem][word] += 1
    return found


def stems(text: str) -> dict[str, str]:
    """The words of a text that speak of something: stem -> the word as it was first written, in small letters."""
    words = _WORD.findall(unicodedata.normalize("NFC", text).lower())
    plain = [_folded(word) for word in words]
    lang = max(STEMMERS, key=lambda lang: sum(word in _little(lang) for word in plain))  # the first of them where neither is told
    found: dict[str, str] = {}
    for word, bare in zip(words, plain, strict=True):
        if not any(bare in _little(one) for one in STEMMERS):
            found.setdefault(_stem(word, lang), word)
    return found


@cache
def _stem(word: str, lang: str) -> str:
    return _folded(_stemmer(lang).stemWord(word))


@cache
def _stemmer(lang: str) -> snowballstemmer.stemmer:
    return snowballstemmer.stemmer(STEMMERS[lang])


@cache
def _little(lang: str) -> frozenset[str]:
    return frozenset(_listed(lang))


def _listed(lang: str) -> Iterator[str]:
    for line in (places.resources() / "words" / f"{lang}.txt").read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            yield from map(_folded, line.split())


def _folded(word: str) -> str:
    """Without the marks that people leave out when they write in a hurry."""
    return "".join(letter for letter in unicodedata.normalize("NFD", word.translate(_PLAIN)) if not unicodedata.combining(letter))


def _common(spelled: Counter[str]) -> str:
    """The way it is written most, of several the shortest."""
    return min(spelled, key=lambda word: (-spelled[word], len(word), word))
