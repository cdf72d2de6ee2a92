"""A sample of a delivery on the command line: how many pieces to look at, which ones, and why."""

from __future__ import annotations

import click

from qmdesk.cli import arguments
from qmdesk.cli.speaking import say


@click.command()
@click.option("--lot", type=int, required=True, metavar="N", help="Pieces in the delivery.")
@click.option("--aql", required=True, metavar="P", help="Acceptable share of defective pieces, in percent: 2.5, 0.65.")
@click.option("--risk", required=True, metavar="R", help="How likely a worse delivery may pass: 0.05, 5 or 5%.")
@click.option("--seed", default="", metavar="S", help="The same seed draws the same pieces again; a new one by default.")
@click.option("--accept", "accepts", type=int, default=0, show_default=True, metavar="C", help="Accept the delivery with up to C defective pieces in the sample.")
@arguments.as_json
def sample(lot: int, aql: str, risk: str, seed: str, accepts: int, as_json: bool) -> None:
    """Draw the sample of a delivery that is looked at.

    By the hypergeometric distribution. Nothing is read or written.
    """
    from qmdesk.operations import sampling  # only this command needs it

    drawn = sampling.draw(lot, sampling.share(aql, "AQL"), sampling.share(risk, "R", fraction_below_one=True), seed, accepts)
    plan = drawn.plan
    answer = {
        "lot": plan.lot,
        "aql": float(plan.aql),
        "risk": float(plan.risk),
        "seed": drawn.seed,
        "n": plan.size,
        "c": plan.accepts,
        "bad_from": plan.bad_from,
        "accepts_bad": float(plan.missed),
        "refuses_good": float(plan.refused),
        "picks": list(drawn.picks),
        "sentence": sampling.told(drawn),
        "reasons": list(sampling.reasons(drawn)),
    }
    say(answer, as_json, "\n".join((sampling.told(drawn), ", ".join(map(str, drawn.picks)), *sampling.reasons(drawn), f"seed {drawn.seed}")))
