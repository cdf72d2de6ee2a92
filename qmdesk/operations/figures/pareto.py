"""What goes wrong most, by cause, product, supplier, courier: by count of cases or by what failing cost (quality.md, Pareto)."""

from __future__ import annotations

from qmdesk.analysis.pareto import Bar, Heap, Pareto
from qmdesk.analysis.pareto import pareto as in_order
from qmdesk.i18n import _, n_
from qmdesk.operations.figures.columns import Taken
from qmdesk.operations.figures.facts import Facts
from qmdesk.operations.figures.indicators import failures, received
from qmdesk.operations.figures.scope import By, Scope
from qmdesk.schema.record import Record

MOST = 12
"""So many bars are told by their name."""


def pareto(facts: Facts, scope: Scope, by: By, *, cost: bool = False, most: int | None = MOST) -> Pareto:
    """The bars of a scope with those of the period before: cases received, or what failing cost in the shop's currency.

    A case of two products counts for both; its cost is shared among its items.
    """
    now, before = (_sums(facts, one, by, cost=cost) for one in (scope, scope.before))
    words = facts.words
    heaps = [
        Heap(words.key(by, code), words.name(by, code), now.get(code, 0.0), before.get(code, 0.0), not words.key(by, code) or code in words.last.get(by, ()))
        for code in dict.fromkeys((*now, *before))
    ]
    return in_order(heaps, most, _("all the others"))


def _sums(facts: Facts, scope: Scope, by: By, *, cost: bool) -> dict[int, float]:
    taken = _taken(facts, scope, cost=cost)
    if cost:
        found = taken.shared(by, {"value": taken["amount"]})
    else:
        found = taken.sums(by, {"value": taken.ones})
    return {code: sums["value"] / (100 if cost else 1) for code, sums in found.items() if code is not None}


def _taken(facts: Facts, scope: Scope, *, cost: bool) -> Taken:
    return failures(facts, scope) if cost else received(facts, scope)


def behind_bar(facts: Facts, scope: Scope, by: By, bar: Bar, *, cost: bool = False) -> tuple[type[Record], list[int]]:
    """The cases behind a bar, the newest first."""
    for key in bar.keys:
        scope = scope.narrowed(by, key)
    taken = _taken(facts, scope, cost=cost)
    return taken.rows.kind, taken.ids


def sentence(found: Pareto) -> str:
    """What the bars show, in a sentence."""
    few = found.vital
    if not found.bars:
        return _("There is nothing to count in the period.")
    if not few:
        return _("Too much of it has no name of its own to tell the vital few from the rest.")
    names = ", ".join(bar.name for bar in few)
    share = round(100 * few[-1].cumulative)
    return n_("{names}: this one of {all} makes {share} % of all.", "{names}: these {n} of {all} make {share} % of all.", len(few), names=names, all=str(len(found.bars)), share=str(share))
