"""Figures in words by their unit: "2.4 %", "3 days", "12 points", money in the shop's currency."""

from __future__ import annotations

from decimal import Decimal

from qmdesk.analysis.measured import Measured, Unit
from qmdesk.i18n import N_, _, show_money, show_number, translator

NARROW = "\u00a0"
SCALE_WORDS = {Unit.HOURS: N_("{value}\u00a0h"), Unit.DAYS: N_("{value}\u00a0d")}
"""What stands at a scale, short."""


def figure(value: float, unit: Unit, currency: str = "PLN", lang: str | None = None) -> str:
    """A value with its unit, to as many digits as are worth reading."""
    if unit is Unit.MONEY:
        return show_money(Decimal(round(value)) if abs(value) >= 1000 else Decimal(str(round(value, 2))), currency, lang)
    number = show_number(_rounded(value), lang)
    if unit is Unit.PERCENT:
        return f"{number}{NARROW}%"
    if unit in SCALE_WORDS:
        return translator(lang)(SCALE_WORDS[unit]).format(value=number) if lang else _(SCALE_WORDS[unit]).format(value=number)
    return number


def _rounded(value: float) -> Decimal:
    """Two digits after the sign below 1, one below 100, none above: no figure of a shop is more exact."""
    digits = 2 if abs(value) < 1 else 1 if abs(value) < 100 else 0
    return Decimal(str(round(value, digits))).normalize() + Decimal(0)


def interval(one: Measured, currency: str = "PLN") -> str:
    """The 95 % interval in words, "" where there is none."""
    if one.low is None:
        return ""
    low = figure(one.low, one.unit, currency)
    if one.high is None:
        return _("{low} or more").format(low=low)
    return _("{low} to {high}").format(low=low, high=figure(one.high, one.unit, currency))
