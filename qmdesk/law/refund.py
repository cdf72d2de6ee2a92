"""What goes back after a withdrawal: goods, delivery, less diminished value, each with its basis."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from qmdesk.errors import Problem, Problems
from qmdesk.i18n import N_, _, show_money, translator
from qmdesk.law.packs import load
from qmdesk.law.words import Words

GROSZ = Decimal("0.01")
NOTHING = Decimal("0.00")


class PartialDelivery(StrEnum):
    """How much of the delivery goes back when only some goods do; the statute is silent, so the shop chooses."""

    NONE = "none"
    PROPORTIONAL = "proportional"
    FULL = "full"


GOODS = N_("For the goods returned the customer paid {goods}; all of it goes back.")
DELIVERY = N_("Delivery cost {delivery}; all of it goes back.")
DELIVERY_DEARER = N_("Delivery cost {delivery}, but the cheapest ordinary way offered cost {cheapest}; what the dearer way cost more does not go back.")
DELIVERY_NOT = N_("Only some of the goods come back and the others had to be delivered anyway, so by the shop's policy nothing of the delivery ({owed}) goes back.")
DELIVERY_SHARE = N_("Only some of the goods come back, {goods} of {all_goods}; by the shop's policy the same share of the delivery ({owed}) goes back.")
DIMINISHED = N_("The goods lost {lost} of their value by more use than was needed to try them: {why}")
DIMINISHED_NOT = N_("Nothing may be taken off for lost value ({lost}), because the customer was not informed of the right to withdraw.")
ALL_VALUE = N_("The whole price is taken off for lost value. Make sure that the goods are really worth nothing; a missing box alone is no reason.")


@dataclass(frozen=True)
class Diminished:
    """Lost value as somebody at the shop assessed it, in the contract's currency, and why; never estimated by the program."""

    amount: Decimal
    why: str


@dataclass(frozen=True)
class Component:
    """One part of the sum: ``amount`` to two places, below zero when it is taken off, and what it rests on."""

    code: str
    amount: Decimal
    basis: Words
    template: str
    money: Mapping[str, Decimal]
    currency: str
    why: str = ""

    def sentence(self, lang: str | None = None) -> str:
        """How the amount came about."""
        shown = {name: show_money(amount, self.currency, lang) for name, amount in self.money.items()}
        return (translator(lang) if lang else _)(self.template).format(why=self.why, **shown)


@dataclass(frozen=True)
class Refund:
    """The sum that goes back with its components; ``total`` is never below zero."""

    components: tuple[Component, ...]
    currency: str

    @property
    def total(self) -> Decimal:
        """What goes back, to two places."""
        return max(NOTHING, sum((component.amount for component in self.components), NOTHING))

    def cautions(self, lang: str | None = None) -> list[str]:
        """What somebody should look at once more, as sentences."""
        amounts = {component.code: component.amount for component in self.components}
        everything = amounts.get("diminished", NOTHING) < 0 and -amounts["diminished"] >= amounts["goods"]
        return [(translator(lang) if lang else _)(ALL_VALUE)] if everything else []


def refund(
    goods: Decimal,
    *,
    all_goods: Decimal | None = None,
    delivery_paid: Decimal = NOTHING,
    cheapest_ordinary: Decimal | None = None,
    policy: PartialDelivery = PartialDelivery.NONE,
    diminished: Diminished | None = None,
    informed: bool = True,
    currency: str = "PLN",
    country: str = "PL",
) -> Refund:
    """What goes back after a withdrawal, every component with its basis (UPK art. 32-34, law.md 2.5, 2.6). Raises Problems.

    Amounts are gross, in the contract's currency, rounded half up to two places. ``goods``: paid for what comes back;
    ``all_goods``: for the whole order, None when all of it comes back. ``cheapest_ordinary``: the cheapest ordinary
    delivery offered, None when the customer chose no dearer one. ``informed``: of the right to withdraw; if not,
    nothing is taken off for lost value.
    """
    whole = goods if all_goods is None else all_goods
    _check(goods, whole, {"delivery_paid": delivery_paid, "cheapest_ordinary": cheapest_ordinary or NOTHING}, diminished)
    bases = load(country).bases

    def part(code: str, amount: Decimal, basis: str, template: str, why: str = "", **money: Decimal) -> Component:
        return Component(code, _rounded(amount), bases[basis], template, money, currency, why)

    def parts() -> Iterator[Component]:
        yield part("goods", goods, "refund_goods", GOODS, goods=goods)
        if delivery_paid:
            owed = delivery_paid if cheapest_ordinary is None else min(delivery_paid, cheapest_ordinary)
            if goods == whole or policy is PartialDelivery.FULL:
                template = DELIVERY if owed == delivery_paid else DELIVERY_DEARER
                yield part("delivery", owed, "refund_delivery", template, delivery=delivery_paid, cheapest=owed)
            elif policy is PartialDelivery.PROPORTIONAL:
                yield part("delivery", owed * goods / whole, "refund_delivery", DELIVERY_SHARE, goods=goods, all_goods=whole, owed=owed)
            else:
                yield part("delivery", NOTHING, "refund_delivery", DELIVERY_NOT, owed=owed)
        if diminished and diminished.amount:
            if informed:
                yield part("diminished", -diminished.amount, "diminished", DIMINISHED, diminished.why.strip(), lost=diminished.amount)
            else:
                yield part("diminished", NOTHING, "diminished", DIMINISHED_NOT, lost=diminished.amount)

    return Refund(tuple(parts()), currency)


def _rounded(amount: Decimal) -> Decimal:
    return amount.quantize(GROSZ, ROUND_HALF_UP)


def _check(goods: Decimal, whole: Decimal, others: Mapping[str, Decimal], diminished: Diminished | None) -> None:
    """Refuse amounts that can't be. Raises Problems with every one of them."""
    problems = [Problem(name, _("An amount can't be below zero.")) for name, amount in {"goods": goods, **others}.items() if amount < 0]
    if goods > whole:
        problems.append(Problem("goods", _("The goods returned can't have cost more than everything that was bought.")))
    if diminished:
        if diminished.amount < 0:
            problems.append(Problem("diminished", _("An amount can't be below zero.")))
        if diminished.amount > goods:
            problems.append(Problem("diminished", _("The goods can't have lost more value than was paid for them.")))
        if diminished.amount and not diminished.why.strip():
            problems.append(Problem("diminished", _("Write why the goods lost value: what use went beyond trying them.")))
    if problems:
        raise Problems(problems)
