"""Incoming goods of a batch: the sample that is looked at, and what was found, kept with the batch."""

from __future__ import annotations

import secrets
from datetime import date
from decimal import Decimal, InvalidOperation
from fractions import Fraction

from qmdesk.analysis import sampling
from qmdesk.analysis.sampling import Plan
from qmdesk.errors import Known, Problem, Problems
from qmdesk.i18n import N_, _, n_, show_number
from qmdesk.records.product import Batch, Product
from qmdesk.register import Transaction
from qmdesk.schema.types import Labelled, clean
from qmdesk.values import dataclass

INSPECT = N_("Incoming inspection of a batch")

USUAL_AQL = ("0.65", "1", "1.5", "2.5", "4", "6.5")
"""Percent; of the preferred series of ISO 2859-1, those a shop meets."""
USUAL_RISK = ("5", "10", "20")
LONGEST_SEED = 40


@dataclass(frozen=True)
class Sample:
    """A plan with the pieces that are looked at, which the seed gives again."""

    plan: Plan
    seed: str
    picks: tuple[int, ...]


class Verdict(Labelled):
    """What a sample says of its batch."""

    PASSED = "passed", N_("Passed")
    REFUSED = "refused", N_("Refused")


def new_seed() -> str:
    """A seed nobody could have chosen: six digits."""
    return str(100_000 + secrets.randbelow(900_000))


def draw(lot: int, aql: Fraction, risk: Fraction, seed: str = "", accepts: int = 0) -> Sample:
    """The sample for a lot, its pieces drawn by the seed (a new one where none is given). Raises Known."""
    made = sampling.plan(lot, aql, risk, accepts)
    seed = clean(seed)[:LONGEST_SEED] or new_seed()
    return Sample(made, seed, sampling.picks(lot, made.size, seed))


def share(written: str, name: str, *, fraction_below_one: bool = False) -> Fraction:
    """A share as a person writes it: "2.5", "2,5 %"; with ``fraction_below_one`` also 0.05 for 5 %. Raises Known.

    AQL is percent by the habit of its standards (0.65 is 0.65 %), a risk is written both ways.
    """
    bare = written.strip().replace(",", ".")
    percent = bare.endswith("%")
    try:
        value = Decimal(bare.removesuffix("%").strip())
    except InvalidOperation:
        value = Decimal("NaN")
    if not value.is_finite() or abs(value.adjusted()) > 12 or abs(value) > 1000:
        raise Known(_("{name}: “{value}” is no share; write it in percent, like 2.5.").format(name=name, value=written[:40]))
    whole = fraction_below_one and not percent and 0 < value < 1
    return Fraction(value) if whole else Fraction(value) / 100


def in_percent(value: Fraction, lang: str | None = None) -> str:
    """A share in percent to two digits after the point: "4.67 %"."""
    rounded = Decimal(round(value * 10_000)) / 100
    return _("{number} %").format(number=show_number(rounded.normalize() if rounded else Decimal(0), lang))


def told(sample: Sample) -> str:
    """What to do, in a sentence."""
    plan = sample.plan
    first = n_("Look at {n} of {lot} pieces.", "Look at {n} of {lot} pieces.", plan.size, lot=str(plan.lot))
    then = n_("Accept the delivery with at most {n} defective piece among them.", "Accept the delivery with at most {n} defective pieces among them.", plan.accepts) if plan.accepts else _("Accept the delivery if none of them is defective.")
    return f"{first} {then}"


def reasons(sample: Sample) -> tuple[str, ...]:
    """Why so many, in sentences: what passes unseen, and what a good delivery risks."""
    plan = sample.plan
    bad = n_(
        "A delivery with {n} defective piece or more is worse than is acceptable; one like this passes with a likelihood of {missed} at most.",
        "A delivery with {n} defective pieces or more is worse than is acceptable; one like this passes with a likelihood of {missed} at most.",
        plan.bad_from, missed=in_percent(plan.missed),
    )  # fmt: skip
    if not plan.refused:
        return (bad,)
    good = _("A delivery just as good as is acceptable is refused with a likelihood of {refused}; accept more defective pieces in a larger sample to be milder.")
    return bad, good.format(refused=in_percent(plan.refused))


def inspect(tx: Transaction, batch_id: int, sample: Sample | None, on: date | None = None, defects: int | None = None) -> Batch:
    """Keep with a batch the sample (None: the one it has) and what was found in it. Raises Problems."""
    batch = tx.get(Batch, batch_id)
    tx.about(f"{tx.title(Product, batch.product)}, {batch.code}")
    values: dict[str, object] = {"inspected_on": on, "defects_found": defects}
    size = batch.sample_size
    if sample is not None:
        plan, size = sample.plan, sample.plan.size
        said = _("{lot} pieces, AQL {aql}, risk {risk}, seed {seed}")
        values |= {
            "sample_size": size,
            "sample_accepts": plan.accepts,
            "sample_picks": ", ".join(map(str, sample.picks)),
            "sample_plan": said.format(lot=plan.lot, aql=in_percent(plan.aql), risk=in_percent(plan.risk), seed=sample.seed),
            "quantity": plan.lot if batch.quantity is None else batch.quantity,
        }
    if defects is not None and (size is None or defects > size):
        raise Problems([Problem("defects_found", _("More pieces can't be defective than were looked at."))])
    if (on is None) != (defects is None):
        raise Problems([Problem("inspected_on" if on is None else "defects_found", _("Say both: on which day the pieces were looked at and how many were defective."))])
    return tx.change(batch, **values)


def verdict(batch: Batch) -> Verdict | None:
    """What the sample of a batch says; None while it is not looked at."""
    if batch.defects_found is None or batch.sample_accepts is None:
        return None
    return Verdict.PASSED if batch.defects_found <= batch.sample_accepts else Verdict.REFUSED
