"""The fourteen cases without a right to withdraw, and which of them may be offered on the evidence there is (UPK art. 38)."""

from __future__ import annotations

from collections.abc import Collection
from functools import cache

from qmdesk.errors import Known
from qmdesk.i18n import N_, _, translator
from qmdesk.law.words import Words, rule_file, words
from qmdesk.values import dataclass

NOT_FOR_THIS_CONTRACT = N_("This exclusion does not apply to contracts from an unsolicited visit or an excursion ({basis}).")
NO_CONSENT = N_("This exclusion can't be used without: {missing} ({basis}).")
TO_BE_SHOWN = N_("This exclusion may be used; the shop must still be able to show: {missing} ({basis}).")
SHOWN = N_("This exclusion may be used; all the evidence it needs is there ({basis}).")


@dataclass(frozen=True)
class Exclusion:
    """One case of the list: what it says, which evidence it needs, which of that is consent, which contracts it is not for."""

    code: str
    name: Words
    evidence: tuple[str, ...]
    consent: tuple[str, ...]
    not_for: tuple[str, ...]


@dataclass(frozen=True)
class Verdict:
    """Whether an exclusion ``may_be_offered`` and already ``stands`` on the evidence; ``missing`` is what lacks."""

    exclusion: Exclusion
    may_be_offered: bool
    stands: bool
    missing: tuple[str, ...]
    template: str

    def sentence(self, lang: str | None = None) -> str:
        """Why it may or may not be used."""
        told = rule_file("exclusions")
        tr = translator(lang) if lang else _
        basis = words(told, "not_for_basis" if self.template == NOT_FOR_THIS_CONTRACT else "basis")
        missing = "; ".join(evidence_name(name).to(lang) for name in self.missing)
        return tr(self.template).format(missing=missing, basis=basis.to(lang))


@cache
def all_exclusions() -> tuple[Exclusion, ...]:
    """E01 to E14."""
    return tuple(
        Exclusion(told["code"], words(told, "name"), tuple(told["evidence"]), tuple(told.get("consent", ())), tuple(told.get("not_for", ())))
        for told in rule_file("exclusions")["exclusion"]
    )


def evidence_name(name: str) -> Words:
    """What a piece of evidence is called."""
    return words(rule_file("exclusions")["evidence"][name], "name")


def basis() -> Words:
    """The article all of them stand in."""
    return words(rule_file("exclusions"), "basis")


def exclusion(code: str) -> Exclusion:
    """The exclusion with this code. Raises Known."""
    for found in all_exclusions():
        if found.code == code.strip().upper():
            return found
    raise Known(_("There is no exclusion “{code}”; they are numbered E01 to E14.").format(code=code[:20]))


def exclusions(contract: str, evidence: Collection[str] = ()) -> tuple[Verdict, ...]:
    """Every exclusion with whether it may be offered for a contract made in this way on the evidence there is.

    Those that rest on the customer's consent are not offered without it; the others may be chosen first and shown later.
    """
    return tuple(verdict(found, contract, evidence) for found in all_exclusions())


def verdict(found: Exclusion, contract: str, evidence: Collection[str] = ()) -> Verdict:
    """Whether one exclusion may be offered."""
    missing = tuple(name for name in found.evidence if name not in evidence)
    if contract in found.not_for:
        return Verdict(found, False, False, missing, NOT_FOR_THIS_CONTRACT)
    if lacking := tuple(name for name in found.consent if name not in evidence):
        return Verdict(found, False, False, lacking, NO_CONSENT)
    return Verdict(found, True, not missing, missing, TO_BE_SHOWN if missing else SHOWN)
