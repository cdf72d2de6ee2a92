"""Figures in words by their unit: "2.4 %", "3 days", "12 points", money in the shop's currency."""

from __future__ import annotations

from decimal import Decimal

from qmdesk.analysis.measured import Measured, Unit
from qmdesk.i18n import N_, _, language, n_, show_money, show_number, translator


def figure(value: float, unit: Unit, currency: str = "PLN", lang: str | None = None) -> str:
    """A value with its unit, to as many digits as are worth reading."""
    if unit is Unit.MONEY:
        return _whole_money(value, currency, lang or language()) if abs(value) >= 100 or value == round(value) else show_money(Decimal(str(round(value, 2))), currency, lang)
    lang, told = lang or language(), _rounded(value)
    number = show_number(told, lang)
    if unit is Unit.PERCENT:
        return f"{number}\u00a0%"
    if unit is Unit.DAYS and told == int(told):
        return n_("{n} day", "{n} days", int(told), lang)
    words = {Unit.HOURS: N_("{value}\u00a0h"), Unit.DAYS: N_("{value}\u00a0days")}  # a fraction takes another case in Polish
    return translator(lang)(words[unit]).format(value=number) if unit in words else number


def _whole_money(value: float, currency: str, lang: str) -> str:
    """Money without its hundredths: 1 012 zł."""
    from babel.numbers import format_currency  # 40 ms that only money needs

    pattern = "#,##0\u00a0¤" if lang == "pl" else "¤\u00a0#,##0"
    return format_currency(round(value), currency, pattern, locale=lang, currency_digits=False)


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
