"""Remedies for a defect: the price reduced, the grounds for the second step, what may be decided on which demand, liability's end."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from functools import cache

from qmdesk.errors import Known, Problem, Problems
from qmdesk.i18n import N_, _, show_money, show_number, translator
from qmdesk.law.packs import load
from qmdesk.law.rules import BUSINESS, CONSUMER, SOLE_TRADER, Situation, Switch, Term, terms
from qmdesk.law.words import Words, rule_file, words

GROSZ = Decimal("0.01")

BY_PERCENT = N_("The defect takes {percent} of the value: the price {price} × {left} = {reduced}.")
BY_AGREEMENT = N_("The shop and the customer agreed to reduce the price {price} by {refund}, to {reduced}.")
GOES_BACK = N_("{price} − {reduced} = {refund} goes back.")


# ------------------------------------------------------------------------------------- price reduction


@dataclass(frozen=True)
class Reduction:
    """A reduced price in the contract's currency, to two places; ``loss``: the percent of the value the defect takes, None where both agreed."""

    price: Decimal
    reduced: Decimal
    loss: Decimal | None
    basis: Words
    currency: str

    @property
    def refund(self) -> Decimal:
        """What goes back to the customer."""
        return self.price - self.reduced

    def sentence(self, lang: str | None = None) -> str:
        """The arithmetic in sentences with its basis."""
        tr = translator(lang) if lang else _
        told = {"price": self.price, "reduced": self.reduced, "refund": self.refund}
        filled = {name: show_money(amount, self.currency, lang) for name, amount in told.items()}
        if self.loss is not None:
            filled |= {name: f"{show_number(number, lang)}\u00a0%" for name, number in (("percent", self.loss), ("left", 100 - self.loss))}
        how = BY_AGREEMENT if self.loss is None else BY_PERCENT
        return " ".join([tr(how).format(**filled), tr(GOES_BACK).format(**filled), tr(N_("Basis: {basis}.")).format(basis=self.basis.to(lang))])


def reduction_by_percent(price: Decimal, loss: Decimal, *, currency: str = "PLN", country: str = "PL") -> Reduction:
    """The price in the proportion of the values with and without the defect: less the percent (0 to 100) it takes. Raises Problems.

    ``price``: agreed for the goods after discounts. Rounded half up to two places (UPK art. 43e(2)).
    """
    problems = _wrong_price(price)
    if not 0 <= loss <= 100:
        problems.append(Problem("percent", _("The loss of value must lie between 0 and 100 %.")))
    if problems:
        raise Problems(problems)
    return Reduction(price, _rounded(price * (100 - loss) / 100), loss, load(country).bases["reduction"], currency)


def agreed_reduction(price: Decimal, by: Decimal, *, currency: str = "PLN", country: str = "PL") -> Reduction:
    """The price reduced by an amount both agreed to. Raises Problems."""
    problems = _wrong_price(price)
    if not 0 <= by <= price:
        problems.append(Problem("agreed", _("The price can't be reduced by more than itself or by less than nothing.")))
    if problems:
        raise Problems(problems)
    return Reduction(price, _rounded(price - by), None, load(country).bases["reduction"], currency)


def _wrong_price(price: Decimal) -> list[Problem]:
    return [Problem("price", _("An amount can't be below zero."))] if price < 0 else []


def _rounded(amount: Decimal) -> Decimal:
    return amount.quantize(GROSZ, ROUND_HALF_UP)


# --------------------------------------------------------------------------- grounds of the second step


@dataclass(frozen=True)
class Ground:
    """Why a customer may go on to a price reduction or withdrawal (UPK art. 43e(1))."""

    code: str
    name: Words
    said: Words


@cache
def grounds() -> tuple[Ground, ...]:
    """REFUSED, NOT_DONE, STILL_DEFECTIVE, SERIOUS, WONT_DO."""
    return tuple(Ground(told["code"], words(told, "name"), words(told, "said")) for told in rule_file("grounds")["ground"])


def ground(code: str) -> Ground:
    """The ground with this code. Raises Known."""
    found = next((one for one in grounds() if one.code == code.strip().upper()), None)
    if found is None:
        raise Known(_("There is no ground “{code}”; the grounds are: {listed}.").format(code=code[:20], listed=", ".join(one.code for one in grounds())))
    return found


# ----------------------------------------------------------------------------------- demand × decision


class Needs(StrEnum):
    """What an answer must say for a decision to stand (law.md 5, D2-D4)."""

    HOW_AND_WHEN = "how_and_when"  # how the remedy is done, when, at the shop's cost
    WHY_OTHER = "why_other"  # why the remedy demanded is impossible or costs too much (UPK art. 43d(2))
    AMOUNT = "amount"
    REFUND_METHOD = "refund_method"
    GROUND = "ground"
    REASONS = "reasons"
    ADR = "adr_statement"


@dataclass(frozen=True)
class Cell:
    """Whether a decision is ``allowed`` on a demand, what its answer ``needs``, and a sentence that says why or what to mind."""

    demand: str
    decision: str
    allowed: bool
    needs: tuple[Needs, ...]
    template: str = ""

    def sentence(self, lang: str | None = None) -> str:
        """Why it is not allowed, or what to mind; "" when there is nothing to say."""
        return (translator(lang) if lang else _)(self.template)


FIRST_STEP = ("repair", "replacement")
SECOND_STEP = ("reduction", "refund")

SAY_WHY_OTHER = N_("Say why the remedy the customer chose is impossible or costs too much (UPK art. 43d(2)).")
OFFER_FIRST = N_("The customer named no ground for going on to a price reduction or withdrawal, so repair or replacement may be offered first (UPK art. 43d, 43e(1)).")
HAS_GROUND = N_("The customer has a ground for a price reduction or withdrawal, so they can't be sent back to repair or replacement (UPK art. 43e(1)).")
NO_GROUND_NEEDED = N_("No ground is named for going on to a price reduction or withdrawal; the shop may agree all the same, or offer repair or replacement first (UPK art. 43e(1)).")
MATERIAL = N_("A withdrawal may be refused when the defect is immaterial, but the shop has to prove that (UPK art. 43e(4)).")
REJECT_ADR = N_("A rejection needs the statement on out-of-court settlement; without it the shop counts as agreeing to it (ADR act art. 32).")
NO_ADR = N_("The statement on out-of-court settlement is owed to consumers; the act does not name sole traders. Leave it empty, or state it if the shop wants to.")
# among businesses the Civil Code rules, not the consumer-rights act
WHY_OTHER_B2B = N_("Say why the remedy the buyer chose is impossible or costs too much, more than the price for instance (KC art. 561).")
ONCE_B2B = N_("Among businesses the seller may repair or replace at once instead of a price reduction or withdrawal, but only the first time (KC art. 560 § 1).")
MATERIAL_B2B = N_("Because of an immaterial defect a business can't withdraw (KC art. 560 § 4).")
_B2B = {SAY_WHY_OTHER: WHY_OTHER_B2B, OFFER_FIRST: ONCE_B2B, HAS_GROUND: ONCE_B2B, NO_GROUND_NEEDED: ONCE_B2B, MATERIAL: MATERIAL_B2B}
NOT_A_REMEDY = N_("The customer demanded neither repair nor replacement, so there is no other one to choose; accept in part and say what is offered.")


def owes_adr(buyer: str) -> bool:
    """Whether who turns a complaint down must say if it takes part in out-of-court settlement (ADR act art. 32).

    The act speaks of consumers, and UPK art. 7aa gives sole traders chapters 4, 5a and 5b of another act: an inference.
    """
    return buyer == CONSUMER


def cell(demand: str, decision: str, *, has_ground: bool = False, buyer: str = CONSUMER) -> Cell:
    """Whether this may be decided on this demand (law.md 5).

    ``demand``: repair, replacement, reduction, refund, other. ``decision``: accepted, other_remedy, partial, rejected.
    ``has_ground``: the customer has a ground of the second step. Raises ValueError for other words.
    """
    found = _cell(demand, decision, has_ground, buyer)
    return replace(found, template=_B2B.get(found.template, found.template)) if buyer == BUSINESS else found


def _cell(demand: str, decision: str, has_ground: bool, buyer: str) -> Cell:
    if demand not in (*FIRST_STEP, *SECOND_STEP, "other"):
        raise ValueError(demand)
    if decision == "accepted":
        return _accepted(demand, has_ground)
    if decision == "other_remedy":
        return _other_remedy(demand, has_ground)
    if decision not in ("partial", "rejected"):
        raise ValueError(decision)
    adr = (Needs.ADR,) if owes_adr(buyer) else ()
    of_settlement = REJECT_ADR if adr else NO_ADR if buyer == SOLE_TRADER else ""
    template = MATERIAL if demand == "refund" and has_ground else OFFER_FIRST if demand in SECOND_STEP and not has_ground else of_settlement
    return Cell(demand, decision, True, (*((Needs.HOW_AND_WHEN,) if decision == "partial" else ()), Needs.REASONS, *adr), template)


def _accepted(demand: str, has_ground: bool) -> Cell:
    if demand not in SECOND_STEP:
        return Cell(demand, "accepted", True, (Needs.HOW_AND_WHEN,))
    needs = (Needs.AMOUNT, Needs.REFUND_METHOD, *((Needs.GROUND,) if has_ground else ()))
    return Cell(demand, "accepted", True, needs, "" if has_ground else NO_GROUND_NEEDED)


def _other_remedy(demand: str, has_ground: bool) -> Cell:
    if demand in FIRST_STEP:
        return Cell(demand, "other_remedy", True, (Needs.HOW_AND_WHEN, Needs.WHY_OTHER), SAY_WHY_OTHER)
    if demand == "other":
        return Cell(demand, "other_remedy", False, (), NOT_A_REMEDY)
    if has_ground:
        return Cell(demand, "other_remedy", False, (), HAS_GROUND)
    return Cell(demand, "other_remedy", True, (Needs.HOW_AND_WHEN, Needs.REASONS), OFFER_FIRST)


# ------------------------------------------------------------------------------------- liability's end


def liability_end(
    delivered_on: date,
    *,
    contract_on: date | None = None,
    repaired: bool = False,
    concealed: bool = False,
    buyer: str = CONSUMER,
    country: str = "PL",
    switches: Iterable[Switch] = (),
) -> Term | None:
    """Until when a defect must show for the seller to answer for it (UPK art. 43c(1)); None when there is no such limit.

    ``repaired``: a first repair was done, which makes it longer where the rule on repairs is switched on. ``concealed``:
    deceitfully, then no time limit helps the seller. A business has the statutory warranty's two years (KC art. 568 § 1).
    """
    circumstances = frozenset(name for name, holds in (("first_repair_done", repaired), ("defect_concealed", concealed)) if holds)
    events = {"goods_delivered": delivered_on, "goods_handed_over": delivered_on}
    found = terms(load(country), Situation(buyer, "", "", contract_on, events, circumstances, country), switches)
    return next((term for term in found if term.rule.on_expiry == "liability_ends"), None)


def revealed_in_time(noticed_on: date, end: Term | None) -> bool:
    """Whether a defect that showed on this day falls within the liability; the day of the complaint does not count."""
    return end is None or noticed_on <= end.legal
