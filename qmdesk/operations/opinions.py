"""Opinions written in public: kept and linked to who wrote them, answered by a template, made a complaint, won back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from statistics import median
from typing import Any

from qmdesk.documents.render import fill
from qmdesk.errors import Known, Problem, Problems
from qmdesk.i18n import N_, _, n_
from qmdesk.operations import letter_texts
from qmdesk.operations.registers import the_shop
from qmdesk.records.case import CLOSED_STATES, Case
from qmdesk.records.party import Customer
from qmdesk.records.product import Order
from qmdesk.records.satisfaction import MOST_STARS, Opinion
from qmdesk.register import Reading, Transaction, clock
from qmdesk.schema import types
from qmdesk.schema.query import Condition, Query
from qmdesk.schema.query import Order as By
from qmdesk.schema.record import empty, replace
from qmdesk.values import dataclass

ADD = N_("New opinion")
CHANGE = N_("Change an opinion")
ANSWER = N_("Answer an opinion")
TO_CASE = N_("Link an opinion to a case")  # a step of its own in registers of an earlier program
WON_BACK = N_("Note a customer won back")
REMOVE = N_("Remove an opinion")

BAD = 2
"""Up to so many stars an opinion is bad and should be answered."""
GOOD = 4
SINCE_ORDER = timedelta(days=180)
"""So long after an order an opinion is still taken to be about it; opinions on marketplaces are written within months."""
SAID = 80  # letters of an opinion that name it


def opinions_query() -> Query:
    """Every opinion, the newest first."""
    return Query(Opinion).by(By("written_on", True), By("id", True))


def bad_unanswered() -> Query:
    """The bad opinions nobody has answered, the oldest first: what Today tells."""
    return Query(Opinion, (Condition("stars", types.AT_MOST, (BAD,)), Condition("answered_on", types.EMPTY))).by(By("written_on"), By("id"))


# ------------------------------------------------------------------------------------------ keeping


def add(tx: Transaction, draft: Opinion) -> int:
    """A new opinion, linked to the customer, order and case it may be about; returns its id. Raises Problems."""
    tx.about(named(draft))
    if draft.answer and draft.answered_on is None:
        draft = replace(draft, answered_on=clock().date())
    return tx.add(replace(draft, **links(tx, draft)))


def change(tx: Transaction, id_: int, values: Mapping[str, Any]) -> Opinion:
    """Change these fields of an opinion; an answer written without its day was given today. Raises Problems."""
    opinion = tx.get(Opinion, id_)
    tx.about(named(opinion))
    told = dict(values)
    if told.get("answer") and not opinion.answer and told.get("answered_on", opinion.answered_on) is None:
        told["answered_on"] = clock().date()
    return tx.change(opinion, **told)


def remove(tx: Transaction, id_: int) -> None:
    """Take an opinion away; the history keeps it. Raises NotFound."""
    opinion = tx.get(Opinion, id_)
    tx.about(named(opinion))
    tx.remove(opinion)


def named(opinion: Opinion) -> str:
    """What names an opinion in the history and in lists."""
    words = " ".join(opinion.said.split())
    return words if len(words) <= SAID else f"{words[: SAID - 1].rstrip()}…"


# ------------------------------------------------------------------------------------------- linking


def links(reading: Reading, opinion: Opinion) -> dict[str, int]:
    """The customer, order and case an opinion without them is surely about: of each exactly one fits."""
    found: dict[str, int] = {}
    order = reading.find(Order, opinion.order) if opinion.order else None
    customer = opinion.customer or (order.customer if order else None) or _author(reading, opinion.author)
    if customer and not opinion.customer:
        found["customer"] = customer
    if order is None and customer and (orders := _orders_before(reading, customer, opinion.written_on)) and len(orders) == 1:
        order = orders[0]
        found["order"] = order.id
    if opinion.case is None and (order or customer):
        about = Condition("order", types.IS, (order.id,)) if order else Condition("customer", types.IS, (customer,))
        cases = [one for one in reading.records(Query(Case, (about,)), 20) if opinion.written_on - one.received_at.astimezone().date() <= SINCE_ORDER]
        if len(cases) == 1:
            found["case"] = cases[0].id
    return found


def _author(reading: Reading, author: str) -> int | None:
    """The one customer who has this login or exactly this name."""
    if not author.strip():
        return None
    for field in ("login", "name"):
        found = reading.records(Query(Customer, (Condition(field, types.IS, (author.strip(),)),)), 2)
        if len(found) == 1:
            return found[0].id  # type: ignore[no-any-return]
    return None


def _orders_before(reading: Reading, customer: int, written_on: date) -> list[Order]:
    bought = reading.records(Query(Order, (Condition("customer", types.IS, (customer,)),)), 100)
    return [one for one in bought if timedelta() <= written_on - one.ordered_at.astimezone().date() <= SINCE_ORDER]


def link(tx: Transaction, ids: Sequence[int]) -> int:
    """Link these opinions to whom they may be about, where nobody has; returns how many were linked."""
    linked = 0
    for opinion, _titles in tx.rows(Opinion, ids):
        if found := links(tx, opinion):
            tx.change(opinion, **found)
            linked += 1
    return linked


def to_case(tx: Transaction, id_: int, case_id: int) -> Opinion:
    """Say about which case an opinion is; the customer and order come from there where they are not known. Raises NotFound."""
    opinion, case = tx.get(Opinion, id_), tx.get(Case, case_id)
    tx.about(f"{case.number}: {named(opinion)}")
    more = {name: getattr(case, name) for name in ("customer", "order") if empty(getattr(opinion, name))}
    return tx.change(opinion, case=case_id, **more)


def case_preset(reading: Reading, opinion: Opinion) -> dict[str, Any]:
    """What a case made of an opinion begins with. Raises Known when it has a case already."""
    if opinion.case is not None:
        raise Known(_("This opinion belongs to case {number} already.").format(number=reading.title(Case, opinion.case)))
    said = _("Opinion on {place}: {said}").format(place=opinion.place, said=opinion.said)
    preset = {"description": said, "customer": opinion.customer, "order": opinion.order}
    return {name: value for name, value in preset.items() if value}


# ----------------------------------------------------------------------------------------- answering


def answer_template(reading: Reading, opinion: Opinion, lang: str = "") -> str:
    """The answer the shop usually gives to such an opinion, from the texts of letters, in the shop's language by default."""
    shop = the_shop(reading)
    stars = opinion.stars
    kind = "good" if stars is not None and stars >= GOOD else "bad_case" if opinion.case is not None else "bad" if stars is not None and stars <= BAD else "middling"
    text = letter_texts.current(reading, f"opinion.{kind}", lang or str(shop.language.value))
    number = reading.title(Case, opinion.case) if opinion.case is not None else ""
    filled = fill(text, shop=shop.name, contact=shop.email or shop.phone or shop.website or shop.name, case_number=number)
    assert isinstance(filled, str)  # nothing in it is a gap
    return filled


def answer(tx: Transaction, id_: int, text: str, on: date | None = None) -> Opinion:
    """Keep what was answered in public, today or on a day. Raises Problems for nothing, and for a day before the opinion."""
    opinion = tx.get(Opinion, id_)
    tx.about(named(opinion))
    text = types.LongText().parse(text)
    if not text:
        raise Problems([Problem("answer", _("Write what was answered."))])
    return tx.change(opinion, answer=text, answered_on=on or clock().date())


# ----------------------------------------------------------------------------------------- winning back


def won_back(tx: Transaction, id_: int, on: date, stars_later: int | None = None) -> Opinion:
    """Note that the customer of a bad opinion came back, or changed the stars. Raises Problems."""
    opinion = tx.get(Opinion, id_)
    tx.about(named(opinion))
    return tx.change(opinion, won_back_on=on, **({} if stars_later is None else {"stars_later": stars_later}))


def bought_again(reading: Reading, opinion: Opinion) -> date | None:
    """The day on which the customer of a bad opinion bought again after its case was closed; None when that did not happen."""
    if opinion.won_back_on or opinion.stars is None or opinion.stars > BAD or opinion.case is None or opinion.customer is None:
        return None
    case = reading.get(Case, opinion.case)
    if case.state not in CLOSED_STATES or case.closed_on is None:
        return None
    after = max(case.closed_on, opinion.written_on)
    bought = reading.records(Query(Order, (Condition("customer", types.IS, (opinion.customer,)),)), 200)
    return min((day for one in bought if (day := one.ordered_at.astimezone().date()) > after), default=None)


# ------------------------------------------------------------------------------------------- figures


@dataclass(frozen=True)
class Figures:
    """What the opinions of a period show; ``stars`` counts those of 1 to 5 stars, ``days`` is the median time to answer."""

    opinions: int
    stars: tuple[int, ...]
    mean: float | None
    answered: int
    days: float | None
    bad: int
    bad_answered: int
    won_back: int


def figures(reading: Reading, since: date | None = None, until: date | None = None) -> Figures:
    """Stars, answers, days until they were given, customers won back; of the opinions written from ``since`` to ``until``."""
    where = [Condition("written_on", types.SINCE, (since,))] if since else []
    where += [Condition("written_on", types.UNTIL, (until,))] if until else []
    found: list[Opinion] = reading.records(Query(Opinion, tuple(where)))
    given = [one.stars for one in found if one.stars is not None]
    bad = [one for one in found if one.stars is not None and one.stars <= BAD]
    waited = [(one.answered_on - one.written_on).days for one in found if one.answered_on]
    return Figures(
        len(found),
        tuple(given.count(stars) for stars in range(1, MOST_STARS + 1)),
        sum(given) / len(given) if given else None,
        len(waited),
        median(waited) if waited else None,
        len(bad),
        sum(one.answered_on is not None for one in bad),
        sum(one.won_back_on is not None for one in found),
    )


def told(found: Figures) -> str:
    """The figures in words; nothing where there is no opinion."""
    if not found.opinions:
        return ""
    sentences = [n_("{n} opinion.", "{n} opinions.", found.opinions)]
    if found.mean is not None:
        sentences.append(_("{mean} stars on average.").format(mean=_shown(found.mean)))
    if found.days is not None:
        sentences.append(_("Answered: {answered}, half of them within {days} days.").format(answered=found.answered, days=_shown(found.days)))
    if found.bad:
        sentences.append(_("Bad: {bad}, answered {answered}, won back {back}.").format(bad=found.bad, answered=found.bad_answered, back=found.won_back))
    return " ".join(sentences)


def _shown(value: float) -> str:
    return types.Number().show(types.Number().from_cell(round(value, 1)))
