"""Polish VAT on whole grosze: gross into net and VAT, once per rate and document; rates and JPK fields from the data."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache

from qmdesk.errors import Known, Problem, Problems
from qmdesk.i18n import N_, _
from qmdesk.law.words import Words, rule_file, words
from qmdesk.values import dataclass

COUNTRY = "PL"  # whose rates and books these are; no other country's are known
MOST_OFF = 1  # grosz: how far a printed receipt may round otherwise
UNKNOWN_RATE = N_("There is no VAT rate “{rate}”; the rates are: {listed}.")


@dataclass(frozen=True)
class Rate:
    """A rate as books name it ("23", "zw"): ``percent`` is None where there is no VAT at all, which is not 0 %.

    ``letter`` is the cash register's; ``jpk_net`` and ``jpk_vat`` the fields of JPK_V7, "" where there is none.
    """

    id: str
    percent: int | None
    letter: str
    jpk_net: str
    jpk_vat: str
    name: Words
    valid_from: date | None = None
    valid_to: date | None = None

    def valid_on(self, day: date | None) -> bool:
        """Whether the rate was in force; every rate is when no day is asked about."""
        return day is None or ((not self.valid_from or self.valid_from <= day) and (not self.valid_to or day <= self.valid_to))


@dataclass(frozen=True)
class Amounts:
    """Gross, net and VAT of one rate in grosze; ``vat`` is None where there is none, net + VAT is always gross."""

    rate: str
    gross: int
    net: int
    vat: int | None


@cache
def _all_rates() -> tuple[Rate, ...]:
    return tuple(
        Rate(
            told["id"], told.get("percent"), told["letter"], told["jpk_net"], told["jpk_vat"], words(told, "name"), told.get("valid_from"), told.get("valid_to")
        )
        for told in rule_file("vat")["rate"]
    )  # fmt: skip


def rates(on: date | None = None) -> tuple[Rate, ...]:
    """The rates in force on a day, or all of them, the highest first."""
    return tuple(rate for rate in _all_rates() if rate.valid_on(on))


def rate(name: str, on: date | None = None) -> Rate:
    """The rate of this name on a day. Raises Known for one there is not."""
    for found in rates(on):
        if found.id == name:
            return found
    raise Known(_(UNKNOWN_RATE).format(rate=name[:20], listed=", ".join(found.id for found in rates(on))))


def split(gross: int, name: str, on: date | None = None) -> tuple[int, int | None]:
    """Net and VAT of a gross amount in grosze: VAT = gross × r / (100 + r), half a grosz up; net is the rest. Raises Known.

    VAT is None for zw and np. Amounts below zero (corrections) are split like their opposite. VAT Act art. 106e(7), (11).
    """
    percent = rate(name, on).percent
    if percent is None:
        return gross, None
    whole = 100 + percent
    vat = (2 * abs(gross) * percent + whole) // (2 * whole)
    vat = vat if gross >= 0 else -vat
    return gross - vat, vat


def per_rate(lines: Iterable[tuple[int, str]], on: date | None = None) -> tuple[Amounts, ...]:
    """The totals of one document by rate, in the order of the rates: its lines (gross in grosze, rate) are summed first.

    Rounded once per rate, so three lines of 9.99 at 23 % have 5.60 VAT, not 5.61. Raises Known for an unknown rate.
    """
    sums: dict[str, int] = {}
    for gross, name in lines:
        sums[rate(name, on).id] = sums.get(name, 0) + gross
    return tuple(Amounts(found.id, sums[found.id], *split(sums[found.id], found.id, on)) for found in rates(on) if found.id in sums)


def as_printed(gross: int, name: str, vat: int | None, reason: str = "", on: date | None = None) -> Amounts:
    """Amounts with the VAT as a receipt prints it, in grosze: at most one grosz off, and then only with a reason. Raises Problems."""
    net, computed = split(gross, name, on)
    if computed is None or vat is None:
        if computed is not None or vat is not None:
            raise Problems([Problem("vat", _("A sale at the rate {rate} has VAT, or it has none; the amount printed does not agree with that.").format(rate=name))])
        return Amounts(name, gross, net, None)
    if abs(vat - computed) > MOST_OFF:
        raise Problems([Problem("vat", _("The VAT printed differs from the computed one by more than 0.01."))])
    if vat != computed and not reason.strip():
        raise Problems([Problem("vat", _("The VAT printed differs from the computed one by 0.01; write why it is kept."))])
    return Amounts(name, gross, gross - vat, vat)


def jpk(totals: Iterable[Amounts]) -> Mapping[str, int]:
    """The fields of the register part of JPK_V7 with their sums in grosze, such as K_19 and K_20 for 23 %."""
    fields: dict[str, int] = {}
    for amounts in totals:
        found = rate(amounts.rate)
        fields[found.jpk_net] = fields.get(found.jpk_net, 0) + amounts.net
        if found.jpk_vat:
            fields[found.jpk_vat] = fields.get(found.jpk_vat, 0) + (amounts.vat or 0)
    return fields

