"""The evidence for an exclusion of withdrawal, kept as the lines of one text: what is shown, then where it can be seen."""

from __future__ import annotations

from collections.abc import Mapping

from qmdesk.law.exclusions import Verdict, all_exclusions, evidence_name, exclusion, verdict
from qmdesk.records.case import Case
from qmdesk.records.returns import ReturnDetails


def shown(text: str) -> dict[str, str]:
    """Which pieces of evidence a text names at the beginning of its lines, each with the note behind it.

    "The customer opened the seal: photo 2" and "opened: photo 2" both show ``opened``; other lines show nothing.
    """
    named = {_folded(words): name for name in _known() for words in (name, evidence_name(name).en, evidence_name(name).pl)}
    found = {}
    for line in text.splitlines():
        words, _colon, note = line.partition(":")
        name = named.get(_folded(words))
        if name is not None:
            found[name] = note.strip()
    return found


def written(notes: Mapping[str, str], lang: str) -> str:
    """The text that shows these pieces of evidence with their notes."""
    lines = ((evidence_name(name).to(lang), " ".join(note.split())) for name, note in notes.items())
    return "\n".join(f"{words}: {note}" if note else words for words, note in lines)


def of_return(case: Case, terms: ReturnDetails | None) -> Verdict | None:
    """Whether the exclusion a return names may be used and stands on its evidence; None when it names none."""
    if terms is None or terms.exclusion is None:
        return None
    return verdict(exclusion(str(terms.exclusion.value)), str(case.contract_type.value), shown(terms.exclusion_evidence))


def _known() -> set[str]:
    return {name for found in all_exclusions() for name in found.evidence}


def _folded(words: str) -> str:
    return " ".join(words.split()).rstrip(".").casefold()
